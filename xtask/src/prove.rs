//! `cargo xtask prove`: the longer proofs, too slow for every change, run before a release and whenever
//! their subject changed.

use crate::crash::{self, Act, KithTarget, MARK, Trial, Victim, Work};
use crate::pages::{self, Depth};
use crate::postgres::Postgres;
use crate::{access, components, kith, policies};
use std::path::Path;
use std::time::Duration;

/// Which proof.
#[derive(Debug, clap::Subcommand)]
pub enum Proof {
    /// Kill the server, and PostgreSQL, at random moments under load; nothing acknowledged may be lost or doubled
    Crash(Crash),
    /// Every page in every theme, many of each kind
    Axe,
    /// The access rules: the whole matrix and a million random worlds through the store, on both engines
    Access(access::Options),
    /// The access policies: small changes to them, each of which a test ought to notice
    Policies(policies::Options),
    /// The property tests again and again, each time from another seed
    Search(Search),
    /// Planted unfairness is found, and none where none was planted: many towns of several sizes
    Fair(Fair),
}

/// In how many towns to look for unfairness.
#[derive(Debug, clap::Args)]
pub struct Fair {
    /// Towns of each size
    #[arg(long, default_value_t = 20)]
    towns: u32,
    /// How many people a town has; may be given several times
    #[arg(long, default_values_t = [600, 2_000, 5_000])]
    people: Vec<u32>,
}

/// How long to search.
#[derive(Debug, clap::Args)]
pub struct Search {
    /// How often all property tests run
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// The seed of the first round; by default the clock's
    #[arg(long)]
    seed: Option<u64>,
    /// Only these packages; may be given several times
    #[arg(long, short)]
    package: Vec<String>,
}

/// How to kill.
#[derive(Debug, clap::Args)]
pub struct Crash {
    /// Kills in each trial: of Kith on each engine, and of PostgreSQL
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
    /// 200 kills in each trial with short lives: a few minutes.
    pub fn short() -> Crash {
        Crash { kills: 200, writers: 4, seed: 7, engine: None, life: 250 }
    }
}

/// Runs the proof; true when it holds.
pub fn run(proof: &Proof) -> Result<bool, String> {
    match proof {
        Proof::Crash(options) => crash_both(options),
        Proof::Access(options) => access::run(options),
        Proof::Policies(options) => policies::run(options),
        Proof::Search(options) => search(options),
        Proof::Fair(options) => fair(options),
        Proof::Axe => pages::check(Depth::Long).map(|count| {
            println!("{}: {} passed, {} failed", count.note, count.passed, count.failed);
            count.failed == 0
        }),
    }
}

/// The test of planted unfairness over more towns than fit into a test; each size prints its rates.
fn fair(options: &Fair) -> Result<bool, String> {
    let test = "fairness_found::planted_unfairness_is_found_and_none_where_none_was_planted";
    for people in &options.people {
        let status = std::process::Command::new("cargo")
            .args([
                "test",
                "--locked",
                "--quiet",
                "-p",
                "kith-web",
                "--test",
                "it",
                test,
                "--",
                "--exact",
                "--nocapture",
            ])
            .env("KITH_FAIR_PEOPLE", people.to_string())
            .env("KITH_FAIR_TOWNS", options.towns.to_string())
            .status()
            .map_err(|cause| format!("cargo: {cause}"))?;
        if !status.success() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// All tests once a round, each round from its own seed; stops at the first that fails, and says how to
/// meet it again.
fn search(options: &Search) -> Result<bool, String> {
    let clock = || std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_secs());
    let first = options.seed.unwrap_or_else(clock);
    let packages = match options.package.as_slice() {
        [] => vec!["--workspace".to_owned()],
        some => some.iter().flat_map(|name| ["--package".to_owned(), name.clone()]).collect(),
    };
    let mut command: Vec<String> =
        ["cargo", "test", "--locked", "--lib", "--bins", "--tests", "--quiet"].map(str::to_owned).to_vec();
    command.extend(packages);
    for round in 0..u64::from(options.rounds) {
        let seed = first.wrapping_add(round);
        println!("round {} of {}, seed {seed}", round + 1, options.rounds);
        if let Err(cause) = crate::test::with_postgres_from(&command, Some(seed)) {
            eprintln!("{cause}");
            println!("to meet it again: cargo xtask prove search --rounds 1 --seed {seed}");
            return Ok(false);
        }
    }
    println!("{} rounds from seed {first}: every property held", options.rounds);
    Ok(true)
}

/// The trials, each over a place of its own: Kith is killed on each engine, and PostgreSQL under it.
const TRIALS: &[(&str, &str, Victim)] = &[
    ("sqlite, Kith killed", "sqlite", Victim::Program),
    ("postgres, Kith killed", "postgres", Victim::Program),
    ("postgres, PostgreSQL killed", "postgres", Victim::Database),
];

/// All trials at once; true when nothing acknowledged was lost or doubled in any.
pub fn crash_both(options: &Crash) -> Result<bool, String> {
    components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    let program = kith::build()?;
    let wanted = |engine: &str| options.engine.as_deref().is_none_or(|only| only == engine);
    let began = std::time::Instant::now();
    let verdicts: Vec<Result<bool, String>> = std::thread::scope(|scope| {
        let trials = TRIALS.iter().filter(|(_, engine, _)| wanted(engine));
        // A server ends with the thread that started it, so each trial is one thread's.
        let running: Vec<_> =
            trials.map(|trial| scope.spawn(|| crash_one(options, &program, trial))).collect();
        running.into_iter().map(|trial| trial.join().expect("a trial reports failures")).collect()
    });
    println!("all trials in {:.0} s", began.elapsed().as_secs_f64());
    verdicts.into_iter().try_fold(true, |holds, verdict| Ok(holds & verdict?))
}

fn crash_one(
    options: &Crash,
    program: &Path,
    &(name, engine, victim): &(&'static str, &str, Victim),
) -> Result<bool, String> {
    let folder = tempfile::Builder::new()
        .prefix("kith-crash-")
        .tempdir()
        .map_err(|cause| format!("no folder: {cause}"))?;
    let data = folder.path().join("data");
    let postgres = match engine {
        "postgres" => {
            let postgres = Postgres::start()?;
            let url = postgres.new_database("kith")?;
            Some((postgres, url))
        }
        _ => None,
    };
    kith::make_demo(program, &data, postgres.as_ref().map(|(_, url)| url.as_str()), 30, options.seed)?;
    let mut target = KithTarget::new(program.to_owned(), data, folder.path().to_owned(), postgres)?;
    let trial = Trial {
        name,
        kills: options.kills,
        seed: options.seed,
        longest_life: Duration::from_millis(options.life),
        victims: vec![victim],
    };
    println!("{name}: {} kills, seed {}", trial.kills, trial.seed);
    let verdict = crash::run(&mut target, works(options.writers), &trial)?;
    print!("{name}: {verdict}");
    target.whole()?;
    println!("{name}: kith verify and kith check find nothing wrong afterwards");
    Ok(verdict.holds())
}

/// What the writers do, in turn: half of them add people, shown once each under the people that a
/// navigator supports; a quarter write notes, shown once each in the person's story; a quarter hand a
/// person over to a colleague who says yes, and is then the only one who holds them.
fn works(writers: usize) -> Vec<Work> {
    let work = |number: usize| {
        let mut work = match number % 4 {
            0 => adding("Aisha"),
            1 => noting("Dominic"),
            2 => adding("Halina"),
            _ => handing_over("Marcus", "Rosaleen"),
        };
        // Several writers may be one navigator: one of them reads back for all.
        if number >= 4 {
            work.shown_on.clear();
        }
        work
    };
    (0..writers).map(work).collect()
}

/// Somebody is added, under this name.
fn added(user: &str, called: &str) -> Act {
    Act {
        user: Some(user.to_owned()),
        page: "/people/add".to_owned(),
        action: "/people/add".to_owned(),
        fill: vec![("called".to_owned(), called.to_owned())],
        ..Act::default()
    }
}

fn adding(user: &str) -> Work {
    Work {
        act: added(user, MARK),
        reader: Some(user.to_owned()),
        shown_on: list_of_people(),
        ..Work::default()
    }
}

/// What the people are called about whom notes are written.
const NOTED: &str = "Noted";

/// Notes about people who were added for it, several about each.
fn noting(user: &str) -> Work {
    Work {
        before: vec![(added(user, NOTED), "person")],
        each: 20,
        act: Act {
            user: Some(user.to_owned()),
            page: "/people/{person}/note".to_owned(),
            action: "/note".to_owned(),
            fill: vec![("words".to_owned(), MARK.to_owned())],
            ..Act::default()
        },
        reader: Some(user.to_owned()),
        shown_on: list_of_people(),
        behind: Some(NOTED.to_owned()),
        ..Work::default()
    }
}

/// Somebody is added and offered to a colleague; the write is the colleague's yes.
fn handing_over(from: &str, to: &str) -> Work {
    let offered = Act {
        user: Some(from.to_owned()),
        page: "/hand-over/new".to_owned(),
        action: "/hand-over/new".to_owned(),
        fill: vec![("people".to_owned(), "{person}".to_owned())],
        choose: vec![("to".to_owned(), to.to_owned())],
    };
    Work {
        before: vec![(added(from, MARK), "person"), (offered, "hand_over")],
        each: 1,
        act: Act {
            user: Some(to.to_owned()),
            page: "/hand-over/{hand_over}".to_owned(),
            action: "/accept".to_owned(),
            ..Act::default()
        },
        reader: Some(to.to_owned()),
        shown_on: list_of_people(),
        gone_from: Some(from.to_owned()),
        ..Work::default()
    }
}

/// The pages of the list of people, more of them than there are writes.
fn list_of_people() -> Vec<String> {
    (1..=50).map(|page| format!("/people?page={page}")).collect()
}
