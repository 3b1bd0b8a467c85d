//! Kith: the program. It reads the command line and the surroundings, the clock and
//! chance, and hands them to the crates that do the work.
//!
//! It ends with 0 when all is well, with 1 when a check found something, and with 2 when
//! it could not do what it was asked; then it says what to do.

#![expect(
    clippy::disallowed_methods,
    reason = "the outermost program: it reads the clock and the surroundings for everybody else"
)]

mod backup;
mod check;
mod cli;
mod demo;
mod elsewhere;
mod error;
mod feeds;
mod import;
mod init;
mod insight;
mod invite;
mod mail;
mod manual;
mod moving;
mod open;
mod reindex;
mod renew;
mod serve;
mod show;

use clap::Parser;
use cli::{Cli, Command};
use error::{Answer, CliError};
use kith_domain::time::Instant;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    log(&cli);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return end(Err(CliError::new(format!("The program could not start: {cause}.")))),
    };
    end(runtime.block_on(run(cli)))
}

async fn run(cli: Cli) -> Result<Answer, CliError> {
    let now = now();
    match cli.command {
        Command::Demo(options) => demo::run(&options, now).await,
        Command::Init(options) => init::run(&options, now).await,
        Command::Invite(options) => invite::run(&options, now).await,
        Command::Renew(options) => renew::run(&options, now).await,
        Command::Serve(options) => serve::run(options).await,
        Command::Check(options) => check::check(&options, now).await,
        Command::Verify(options) => check::verify(&options).await,
        Command::Checkpoint(options) => check::checkpoint(&options, now).await,
        Command::Backup(options) => backup::backup(&options, now).await,
        Command::Restore(options) => backup::restore(&options).await,
        Command::Move(options) => moving::run(&options, now).await,
        Command::Reindex(options) => reindex::run(&options).await,
        Command::Import(what) => import::run(what, now).await,
        Command::Insight(options) => insight::run(&options),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man => manual::man(),
    }
}

/// This moment, by the machine's clock. The only place that reads it.
pub(crate) fn now() -> Instant {
    jiff::Timestamp::now().into()
}

/// Events go to standard error, so that standard output stays for results.
fn log(cli: &Cli) {
    let filter =
        EnvFilter::try_from_env("KITH_LOG").unwrap_or_else(|_| EnvFilter::new("warn,sqlx=error,kith=info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if cli.log_json { log.json().init() } else { log.init() }
}

fn end(answer: Result<Answer, CliError>) -> ExitCode {
    match answer {
        Ok(Answer::Fine) => ExitCode::SUCCESS,
        Ok(Answer::Found) => ExitCode::from(1),
        Err(error) => {
            show::error(&error);
            ExitCode::from(2)
        }
    }
}
