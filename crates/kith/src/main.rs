//! `kith`: one program for a partnership. Makes a place, serves it, checks it, proves
//! that nothing in it was altered, backs it up and brings it back.
//!
//! Only this crate reads the environment, the command line and the machine's clock.

mod check;
mod common;
mod demo;
mod serve;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// One plan, one closed loop, nobody lost.
#[derive(Parser)]
#[command(name = "kith", version, about, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the made-up place Brackenford in an empty database, and stop
    Demo(demo::Args),
    /// Serve a partnership's pages
    Serve(serve::Args),
    /// Look whether anything is lost. Exits with 1 when something is
    Check(check::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    common::start_log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return common::fail(&format!("Kith could not start its threads: {error}")),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Check(args) => check::run(args).await,
        }
    });
    match done {
        Ok(code) => code,
        Err(problem) => common::fail(&problem.to_string()),
    }
}
