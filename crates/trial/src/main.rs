//! `trial`: the access rules on trial, started by `cargo xtask access`. Prints what differs and
//! ends with 1 when anything does.

use clap::{Parser, Subcommand};
use kith_second::request::ScenarioFile;
use kith_store::{Database, Store};
use kith_trial::bulk::{self, Tally};
use kith_trial::{Failed, scenarios};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    trial: Trial,
    /// An empty PostgreSQL database; without one a new SQLite file is used
    #[arg(long, global = true)]
    postgres: Option<String>,
}

#[derive(Subcommand)]
enum Trial {
    /// Run a file of scenarios at rule level and over HTTP
    Scenarios {
        /// The file
        file: PathBuf,
    },
    /// One town of random worlds
    Worlds {
        /// Where chance begins
        #[arg(long)]
        seed: u64,
        /// How many worlds
        #[arg(long)]
        worlds: usize,
        /// Requests in each
        #[arg(long, default_value_t = 3)]
        each: usize,
    },
    /// One town of the matrix: everything about one role
    Matrix {
        /// Which role, from 0
        #[arg(long)]
        town: usize,
        /// Take every so manieth world
        #[arg(long, default_value_t = 1)]
        step: usize,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Result<bool, Failed> {
    let folder = tempfile::tempdir()?;
    let database = match arguments.postgres {
        Some(url) => Database::Postgres(url),
        None => Database::Folder(folder.path().to_owned()),
    };
    match arguments.trial {
        Trial::Scenarios { file } => {
            let text = std::fs::read_to_string(&file)?;
            let held = scenarios::run(Store::open(&database).await?, &ScenarioFile::parse(&text)?).await?;
            held.differences.iter().for_each(|d| println!("{d}"));
            println!(
                "{} scenarios at rule level and over HTTP, {} differences; {} allowed items met on an everyday page",
                held.scenarios,
                held.differences.len(),
                held.on_pages
            );
            Ok(held.differences.is_empty())
        }
        Trial::Worlds { seed, worlds, each } => {
            let made = bulk::random_town(seed, worlds, each);
            compare(&database, &made, &format!("seed {seed}")).await
        }
        Trial::Matrix { town, step } => {
            compare(&database, &bulk::matrix_town(town, step), &format!("role {town}")).await
        }
    }
}

async fn compare(database: &Database, worlds: &[bulk::Asked], named: &str) -> Result<bool, Failed> {
    #[expect(clippy::disallowed_methods, reason = "an outermost program measures time")]
    let began = Instant::now();
    let mut tally = Tally::default();
    bulk::compare(database, worlds, named, &mut tally).await?;
    let d = &tally.differences;
    println!(
        "{named}: {} worlds, {} decisions compared, {} without a word in Kith, by ambiguity {:?}, {:.1} s",
        tally.worlds,
        d.compared,
        tally.skipped,
        d.known,
        began.elapsed().as_secs_f64()
    );
    if !d.found.is_empty() {
        println!("{}", d.report());
    }
    Ok(d.found.is_empty())
}
