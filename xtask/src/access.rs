//! `cargo xtask access`: the access rules on trial, on both engines. With a file, its scenarios at
//! rule level and over HTTP; without one, the exhaustive matrix and random worlds whose facts come
//! through the store. What does it is the program `trial`, which nothing that people run contains.

use crate::postgres::Postgres;
use crate::{components, repo, run};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

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
    #[arg(long, default_value_t = 5_000)]
    town: usize,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Take every so manieth world of the matrix; 0 leaves the matrix out
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

    fn engines(&self) -> Vec<&'static str> {
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
    // A copy, so that what is on trial stays the same when somebody builds meanwhile.
    let folder = tempfile::tempdir().map_err(|cause| format!("no folder: {cause}"))?;
    let program = folder.path().join("trial");
    std::fs::copy(repo::root().join("target/debug/trial"), &program)
        .map_err(|cause| format!("the trial is not there: {cause}"))?;
    let began = Instant::now();
    // Each engine in a process of its own at a time, both at once.
    let (many, program) = (engines.len(), program.as_path());
    let trial = |engine: &'static str| {
        let postgres = postgres.as_ref().filter(|_| engine == "postgres");
        Trial { program, postgres, engine }
    };
    let held: Vec<Result<Held, String>> = std::thread::scope(|scope| {
        let running: Vec<_> = engines
            .iter()
            .map(|engine| {
                let trial = trial(engine);
                scope.spawn(move || trial.all(options, many))
            })
            .collect();
        running.into_iter().map(|one| one.join().expect("a trial reports failures")).collect()
    });
    let mut all = Held::nothing();
    for one in held {
        all.add(one?);
    }
    println!("{} in {:.0} s, {}", all.counts(), began.elapsed().as_secs_f64(), all.verdict());
    Ok(all.same)
}

/// What came of it.
struct Held {
    same: bool,
    worlds: u64,
    decisions: u64,
}

impl Held {
    fn nothing() -> Held {
        Held { same: true, worlds: 0, decisions: 0 }
    }

    fn add(&mut self, other: Held) {
        self.same &= other.same;
        self.worlds += other.worlds;
        self.decisions += other.decisions;
    }

    fn counts(&self) -> String {
        format!("{} worlds, {} decisions", self.worlds, self.decisions)
    }

    fn verdict(&self) -> &'static str {
        if self.same { "no differences" } else { "there are differences" }
    }

    /// What a trial said in its line of numbers: "2000 worlds, 5870 decisions compared".
    fn counted(same: bool, said: &str) -> Held {
        let before = |word: &str| {
            let numbers = said.split(word).next()?.trim_end();
            numbers.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        let counted = |word| if said.contains(word) { before(word).unwrap_or(0) } else { 0 };
        Held { same, worlds: counted(" worlds, "), decisions: counted(" decisions compared") }
    }
}

/// A file as it was named where the command was typed, or in the repository.
fn path(file: &Path) -> String {
    let here = if file.exists() { file.to_owned() } else { repo::root().join(file) };
    here.display().to_string()
}

struct Trial<'a> {
    program: &'a Path,
    postgres: Option<&'a Postgres>,
    engine: &'static str,
}

impl Trial<'_> {
    fn all(&self, options: &Options, engines: usize) -> Result<Held, String> {
        match &options.scenarios {
            Some(file) => self.once("scenarios", &["scenarios", &path(file)]),
            None => {
                let mut held = self.matrix(options)?;
                held.add(self.worlds(options, engines)?);
                println!("{}: {}, {}", self.engine, held.counts(), held.verdict());
                Ok(held)
            }
        }
    }

    fn matrix(&self, options: &Options) -> Result<Held, String> {
        let step = options.step.to_string();
        let mut held = Held::nothing();
        for role in (0..ROLES).filter(|_| options.step > 0) {
            let number = role.to_string();
            let arguments = ["matrix", "--town", &number, "--step", &step];
            held.add(self.once(&format!("matrix_{role}"), &arguments)?);
        }
        Ok(held)
    }

    /// Each engine has its share, from seeds of its own.
    fn worlds(&self, options: &Options, engines: usize) -> Result<Held, String> {
        let mut left = options.worlds.div_ceil(engines);
        let mut seed = options.seed + if self.engine == "postgres" { 1_000_000 } else { 0 };
        let mut held = Held::nothing();
        while left > 0 {
            let some = left.min(options.town);
            let (seed_text, worlds) = (seed.to_string(), some.to_string());
            let arguments = ["worlds", "--seed", &seed_text, "--worlds", &worlds];
            held.add(self.once(&format!("worlds_{seed}"), &arguments)?);
            left -= some;
            seed += 1;
        }
        Ok(held)
    }

    /// One trial over a database of its own.
    fn once(&self, name: &str, arguments: &[&str]) -> Result<Held, String> {
        let mut command = Command::new(self.program);
        command.args(arguments).stderr(Stdio::inherit());
        let database = format!("trial_{name}");
        if let Some(server) = self.postgres {
            command.args(["--postgres", &server.new_database(&database)?]);
        }
        let done = command.output().map_err(|cause| format!("the trial did not start: {cause}"))?;
        if let Some(server) = self.postgres {
            server.drop_database(&database)?;
        }
        let said = String::from_utf8_lossy(&done.stdout);
        print!("{}: {said}", self.engine);
        match done.status.code() {
            Some(0) => Ok(Held::counted(true, &said)),
            Some(1) => Ok(Held::counted(false, &said)),
            _ => Err(format!("the trial {name} on {} could not be held", self.engine)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_trial_are_read_from_its_line() {
        let held = Held::counted(true, "seed 1: 2000 worlds, 5870 decisions compared, 130 without a word");
        assert_eq!((held.worlds, held.decisions), (2_000, 5_870));
        let none = Held::counted(false, "42 scenarios at rule level and over HTTP, 1 differences");
        assert_eq!((none.same, none.worlds, none.decisions), (false, 0, 0));
    }
}
