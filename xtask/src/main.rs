//! `cargo xtask`: the everyday commands and the longer checks. `docs/development.md` says when
//! to use which.

#![expect(
    clippy::disallowed_methods,
    reason = "an outermost program: it measures time, reads its surroundings and starts others"
)]

mod access;
mod bench;
mod components;
mod crash;
mod demo;
mod http;
mod kith;
mod load;
mod pages;
mod policies;
mod postgres;
mod prove;
mod repo;
mod run;
mod test;
mod tidy;
mod tools;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Everyday commands and checks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the made-up place and serve it on this machine
    Demo(demo::Options),
    /// Run every check, in stages
    Test(test::Options),
    /// Run a command beside a PostgreSQL of its own, such as `cargo nextest run -p kith-store`
    WithPostgres {
        /// The command and its arguments
        #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Fetch the pinned page components
    Components(components::Args),
    /// Take the pictures that the documents show, and the printed pages
    Screenshots(pages::Pictures),
    /// Run a longer proof
    #[command(subcommand)]
    Prove(prove::Proof),
    /// Try the access rules: the matrix and random worlds through the store, or a file of scenarios
    Access(access::Options),
    /// Measure what pages cost and how long people wait for them
    Bench(bench::Options),
    /// Send the load that `bench` describes on the standard input
    #[command(hide = true)]
    Load,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo(options) => demo::run(&options).map(|()| true),
        Command::Test(options) => test::run(&options),
        Command::WithPostgres { command } => test::with_postgres(&command).map(|()| true),
        Command::Components(args) => components::run(&args).map(|()| true).map_err(|cause| cause.to_string()),
        Command::Screenshots(options) => pages::pictures(&options).map(|()| true),
        Command::Prove(proof) => prove::run(&proof),
        Command::Access(options) => access::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Load => load::run().map(|()| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(cause) => {
            eprintln!("{cause}");
            ExitCode::FAILURE
        }
    }
}
