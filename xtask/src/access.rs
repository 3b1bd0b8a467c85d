//! `cargo xtask access`: the access rules on trial, on both engines. With a file, its scenarios at
//! rule level and over HTTP; without one, the exhaustive matrix and random worlds whose facts come
//! through the store. What does it is the program `trial`, which nothing that people run contains.

use crate::postgres::Postgres;
use crate::{components, repo, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to try.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Run the scenarios of this file (the published ones when no file follows)
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = PUBLISHED)]
    scenarios: Option<PathBuf>,
    /// Random worlds, shared out between the engines
    #[arg(long, default_value_t = 1_000_000)]
    worlds: usize,
    /// Worlds in one database
    #[arg(long, default_value_t = 2_000)]
    town: usize,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Take every so manieth world of the matrix
    #[arg(long, default_value_t = 1)]
    step: usize,
    /// Only this engine: sqlite or postgres
    #[arg(long)]
    engine: Option<String>,
}

/// The repository's own copy.
const PUBLISHED: &str = "crates/access/tests/data/access_scenarios.json";
/// How many roles the matrix has.
const ROLES: usize = 19;

impl Options {
    /// Long enough to find what is broken, short enough for every change.
    pub fn short() -> Options {
        Options { scenarios: None, worlds: 1_000, town: 500, seed: 1, step: 61, engine: None }
    }

    /// The published scenarios.
    pub fn published() -> Options {
        Options { scenarios: Some(PUBLISHED.into()), ..Options::short() }
    }

    fn engines(&self) -> Vec<&str> {
        let both = ["sqlite", "postgres"];
        both.into_iter().filter(|e| self.engine.as_deref().is_none_or(|only| only == *e)).collect()
    }
}

/// Runs it; true when nothing differs.
pub fn run(options: &Options) -> Result<bool, String> {
    if !components::present() {
        components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    }
    run::show(run::cargo().args(["build", "--quiet", "--locked", "--package", "kith-trial"]))?;
    let engines = options.engines();
    let postgres = engines.contains(&"postgres").then(Postgres::start).transpose()?;
    let trial = Trial { program: repo::root().join("target/debug/trial"), postgres };
    let mut held = true;
    for engine in &engines {
        println!("== on {engine}");
        held &= match &options.scenarios {
            Some(file) => trial.on(engine, "scenarios", &["scenarios", &path(file)])?,
            None => trial.matrix(engine, options)? & trial.worlds(engine, options, engines.len())?,
        };
    }
    println!("{}", if held { "no differences" } else { "there are differences" });
    Ok(held)
}

/// A file as it was named where the command was typed, or in the repository.
fn path(file: &Path) -> String {
    let here = if file.exists() { file.to_owned() } else { repo::root().join(file) };
    here.display().to_string()
}

struct Trial {
    program: PathBuf,
    postgres: Option<Postgres>,
}

impl Trial {
    fn matrix(&self, engine: &str, options: &Options) -> Result<bool, String> {
        let step = options.step.to_string();
        let mut held = true;
        for role in 0..ROLES {
            let number = role.to_string();
            held &=
                self.on(engine, &format!("matrix_{role}"), &["matrix", "--town", &number, "--step", &step])?;
        }
        Ok(held)
    }

    /// Each engine has its share, from seeds of its own.
    fn worlds(&self, engine: &str, options: &Options, engines: usize) -> Result<bool, String> {
        let mut left = options.worlds.div_ceil(engines);
        let mut seed = options.seed + if engine == "postgres" { 1_000_000 } else { 0 };
        let mut held = true;
        while left > 0 {
            let some = left.min(options.town);
            let (seed_text, worlds) = (seed.to_string(), some.to_string());
            let name = format!("worlds_{seed}");
            held &= self.on(engine, &name, &["worlds", "--seed", &seed_text, "--worlds", &worlds])?;
            left -= some;
            seed += 1;
        }
        Ok(held)
    }

    /// One trial over a database of its own.
    fn on(&self, engine: &str, name: &str, arguments: &[&str]) -> Result<bool, String> {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        let database = format!("trial_{name}");
        let server = self.postgres.as_ref().filter(|_| engine == "postgres");
        if let Some(server) = server {
            command.args(["--postgres", &server.new_database(&database)?]);
        }
        let status = command.status().map_err(|cause| format!("the trial did not start: {cause}"))?;
        if let Some(server) = server {
            server.drop_database(&database)?;
        }
        match status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(format!("the trial {name} on {engine} could not be held")),
        }
    }
}
