//! `cargo xtask prove`: the longer proofs, too slow for every change, run before a release and whenever
//! their subject changed.

use crate::crash::{self, KithTarget, Trial, Victim, Work};
use crate::pages::{self, Depth};
use crate::postgres::Postgres;
use crate::{components, kith};
use std::time::Duration;

/// Which proof.
#[derive(Debug, clap::Subcommand)]
pub enum Proof {
    /// Kill the server, and PostgreSQL, at random moments under load; nothing acknowledged may be lost or doubled
    Crash(Crash),
    /// Every page in every theme, many of each kind
    Axe,
}

/// How to kill.
#[derive(Debug, clap::Args)]
pub struct Crash {
    /// Kills on each engine
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// Writers at once
    #[arg(long, default_value_t = 6)]
    writers: usize,
    /// Where chance begins
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Only this engine: sqlite or postgres
    #[arg(long)]
    engine: Option<String>,
    /// The longest life between two kills, in milliseconds
    #[arg(long, default_value_t = 400)]
    life: u64,
}

impl Crash {
    /// 200 kills on each engine with short lives: a few minutes.
    pub fn short() -> Crash {
        Crash { kills: 200, writers: 4, seed: 7, engine: None, life: 250 }
    }
}

/// Runs the proof; true when it holds.
pub fn run(proof: &Proof) -> Result<bool, String> {
    match proof {
        Proof::Crash(options) => crash_both(options),
        Proof::Axe => pages::check(Depth::Long).map(|count| {
            println!("{}: {} passed, {} failed", count.note, count.passed, count.failed);
            count.failed == 0
        }),
    }
}

/// Both engines in turn; true when nothing acknowledged was lost or doubled on either.
pub fn crash_both(options: &Crash) -> Result<bool, String> {
    components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    let program = kith::build()?;
    let mut holds = true;
    for engine in ["sqlite", "postgres"] {
        if options.engine.as_deref().is_some_and(|only| only != engine) {
            continue;
        }
        let folder = tempfile::Builder::new()
            .prefix("kith-crash-")
            .tempdir()
            .map_err(|cause| format!("no folder: {cause}"))?;
        let data = folder.path().join("data");
        let (postgres, victims) = if engine == "postgres" {
            let postgres = Postgres::start()?;
            let url = postgres.new_database("kith")?;
            (Some((postgres, url)), vec![Victim::Program, Victim::Database])
        } else {
            (None, vec![Victim::Program])
        };
        kith::make_demo(&program, &data, postgres.as_ref().map(|(_, url)| url.as_str()), 30, options.seed)?;
        let mut target = KithTarget::new(program.clone(), data, folder.path().to_owned(), postgres)?;
        let trial = Trial {
            kills: options.kills,
            seed: options.seed,
            longest_life: Duration::from_millis(options.life),
            victims,
        };
        println!("{engine}: {} kills of {:?} in turn, seed {}", trial.kills, trial.victims, trial.seed);
        let verdict = crash::run(&mut target, works(options.writers), &trial)?;
        print!("{engine}: {verdict}");
        holds &= verdict.holds();
    }
    Ok(holds)
}

/// What the writers do: each a navigator of their own who adds people, shown once each under the people
/// that navigator supports.
fn works(writers: usize) -> Vec<Work> {
    let work = |number: usize| {
        let user = NAVIGATORS[number % NAVIGATORS.len()].to_owned();
        // Several writers may be one navigator: one of them reads back for all.
        let reads = number < NAVIGATORS.len();
        Work {
            page: "/people/add".to_owned(),
            action: "/people/add".to_owned(),
            mark: "called".to_owned(),
            fill: Vec::new(),
            user: Some(user.clone()),
            reader: Some(user),
            shown_on: if reads { vec!["/people".to_owned()] } else { Vec::new() },
        }
    };
    (0..writers).map(work).collect()
}

/// Navigators of the made-up place, by the beginning of their names.
const NAVIGATORS: [&str; 4] = ["Aisha", "Dominic", "Halina", "Marcus"];
