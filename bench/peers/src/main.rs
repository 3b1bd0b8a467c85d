//! `peers`: Kith's finder beside tantivy, SQLite (FTS5 and R*Tree) and PostgreSQL (full text and PostGIS),
//! on the same services and the same questions, each in a process of its own. The answers are compared,
//! number by number, before anything is said about speed.

mod made;
mod measure;
mod other_index;
mod own;
mod postgis;
mod sqlite;

use clap::Parser;
use measure::{Done, percentile};
use std::process::{Command, ExitCode, Stdio};

/// How to measure.
#[derive(Parser, Clone)]
struct Options {
    /// How many services, one run each
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000])]
    services: Vec<u64>,
    /// How many questions of each sort
    #[arg(long, default_value_t = 2_000)]
    questions: u64,
    /// How many changes
    #[arg(long, default_value_t = 200)]
    changes: u64,
    /// A PostgreSQL server with PostGIS; left out, and said so, without
    #[arg(long)]
    postgres: Option<String>,
    /// The process of that server, to count its CPU
    #[arg(long)]
    server: Option<u32>,
    /// Only this engine: kith, tantivy, box, words or postgis
    #[arg(long)]
    engine: Option<String>,
    /// Measure one engine and print what came as JSON
    #[arg(long, hide = true)]
    alone: bool,
}

const ENGINES: [&str; 5] = ["kith", "tantivy", "box", "words", "postgis"];

type Failed = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(cause) => {
            eprintln!("{cause}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<bool, Failed> {
    if options.alone {
        let done = alone(options)?;
        println!("{}", serde_json::to_string(&done)?);
        return Ok(true);
    }
    let mut right = true;
    for services in &options.services {
        right &= beside(options, *services)?;
    }
    Ok(right)
}

/// One engine, in this process.
fn alone(options: &Options) -> Result<Done, Failed> {
    let (services, questions, changes) = (options.services[0], options.questions, options.changes);
    match options.engine.as_deref() {
        Some("kith") => Ok(own::measure(services, questions, changes)),
        Some("tantivy") => other_index::measure(services, questions, changes),
        Some("box") => sqlite::measure(services, questions, changes, sqlite::Plan::Box),
        Some("words") => sqlite::measure(services, questions, changes, sqlite::Plan::Words),
        Some("postgis") => {
            let url = options.postgres.as_deref().ok_or("which server? --postgres URL")?;
            postgis::measure(url, options.server, services, questions, changes)
        }
        other => Err(format!("no engine {other:?}; there are {ENGINES:?}").into()),
    }
}

/// Every engine, each in a process of its own. False when an answer differs from Kith's.
fn beside(options: &Options, services: u64) -> Result<bool, Failed> {
    println!("\n{services} services, {} questions; load {}", options.questions, load());
    println!(
        "{:<22} {:>8} {:>8} {:>8} {:>9} {:>9} {:>9} {:>10} {:>9}  answers as Kith's",
        "engine", "p50 ms", "p95 ms", "p99 ms", "CPU us", "build s", "MB", "change ms", "p95"
    );
    let (mut own, mut right) = (None, true);
    let wanted = |engine: &&&str| options.engine.as_ref().is_none_or(|only| only == **engine);
    for engine in ENGINES.iter().filter(wanted) {
        if *engine == "postgis" && options.postgres.is_none() {
            println!("PostgreSQL + PostGIS is left out: say which server with --postgres URL");
            continue;
        }
        let done = in_another_process(options, engine, services)?;
        let same = own.as_ref().map(|own: &Done| alike(own, &done));
        right &= same.as_ref().is_none_or(|(same, of)| same == of);
        row(&done, &done.common_us, done.common_cpu_us, same);
        if !done.full_us.is_empty() {
            let full = Done { engine: "Kith, everything on".into(), ..Done::default() };
            row(&full, &done.full_us, done.full_cpu_us, None);
        }
        println!("    {}", done.note);
        if *engine == "kith" {
            own = Some(done);
        }
    }
    println!("load {}", load());
    Ok(right)
}

fn in_another_process(options: &Options, engine: &str, services: u64) -> Result<Done, Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--alone", "--engine", engine, "--services", &services.to_string()]);
    command.args(["--questions", &options.questions.to_string(), "--changes", &options.changes.to_string()]);
    if let Some(url) = &options.postgres {
        command.args(["--postgres", url]);
    }
    if let Some(server) = options.server {
        command.args(["--server", &server.to_string()]);
    }
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{engine} did not end well").into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// How many answers are the same services in the same order, of how many. Services that are equally far to
/// a millimetre may change places: engines round differently.
fn alike(own: &Done, other: &Done) -> (usize, usize) {
    let set = |all: &Vec<u64>| {
        let mut all = all.clone();
        all.sort_unstable();
        all
    };
    let pairs = own.answers.iter().zip(&other.answers);
    (pairs.filter(|(a, b)| a == b || set(a) == set(b)).count(), own.answers.len())
}

fn row(done: &Done, took: &[f64], cpu_us: f64, same: Option<(usize, usize)>) {
    let ms = |all: &[f64], share| percentile(all, share) / 1000.0;
    let own =
        |value: f64, digits: usize| if value == 0.0 { String::new() } else { format!("{value:.digits$}") };
    let change = |share| if done.change_us.is_empty() { 0.0 } else { ms(&done.change_us, share) };
    println!(
        "{:<22} {:>8.3} {:>8.3} {:>8.3} {:>9.0} {:>9} {:>9} {:>10} {:>9}  {}",
        done.engine,
        ms(took, 0.5),
        ms(took, 0.95),
        ms(took, 0.99),
        cpu_us,
        own(done.build_s, 1),
        own(done.memory_mb, 0),
        own(change(0.5), 2),
        own(change(0.95), 2),
        same.map_or_else(String::new, |(same, of)| format!("{same} of {of}"))
    );
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg")
        .unwrap_or_default()
        .split(' ')
        .take(3)
        .collect::<Vec<_>>()
        .join(", ")
}
