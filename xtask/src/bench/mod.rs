//! `cargo xtask bench`: what a page costs, as CPU of the server alone, and how long people wait for it at
//! a fixed rate, beside a bare server that reads one row; what a permit costs, how many statements a page
//! runs, how much memory is held, what making the place and checking it took. Tables, with how busy the
//! machine was. `docs/speed.md` keeps what came of it. `cargo xtask bench find` measures finding ([`find`]).

mod candidates;
mod find;
mod imported;
pub mod machine;
mod place;
mod rows;
mod statements;
mod table;
mod unseen;

use crate::kith::Serving;
use crate::load::{Doing, Job, Outcome};
use crate::postgres::Postgres;
use crate::run::{self, Running};
use crate::{components, repo};
use machine::Cost;
use rows::Row;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How to measure.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    of: Option<Of>,
    /// How many people the made-up place has; 50000 have about two million journal entries
    #[arg(long, default_value_t = 5_000)]
    people: u32,
    /// Requests a second
    #[arg(long, default_value_t = 100.0)]
    rate: f64,
    /// Seconds for each row of the table
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Connections that share the work
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// How many referrals to send and to accept
    #[arg(long, default_value_t = 120)]
    referrals: usize,
    /// On PostgreSQL too, in a cluster of its own
    #[arg(long)]
    postgres: bool,
    /// On PostgreSQL and not on SQLite
    #[arg(long, conflicts_with = "postgres")]
    postgres_only: bool,
    /// Only rows whose name contains this
    #[arg(long)]
    only: Option<String>,
    /// Only the floor
    #[arg(long)]
    floor_only: bool,
    /// Leave out `kith check`
    #[arg(long)]
    no_check: bool,
    /// Make the place again
    #[arg(long)]
    again: bool,
    /// Measure the kept place itself and not a copy: for one that fills the disk. What is sent stays sent
    #[arg(long)]
    no_copy: bool,
    /// Measure the programs in this folder (kith, floor, permit) instead of building them
    #[arg(long)]
    built: Option<PathBuf>,
    /// Use the quick build; its figures are only good for trying this command out
    #[arg(long)]
    quick_build: bool,
}

/// What else can be measured.
#[derive(Debug, clap::Subcommand)]
enum Of {
    /// How well and how fast support is found, and what bringing in a long list costs
    Find(find::Options),
}

/// What the statistic of refusals is called in `--only`.
const UNSEEN: &str = "not found";

/// One measured row.
struct Measured {
    name: String,
    rate: f64,
    outcome: Outcome,
    statements: Option<usize>,
    /// What the floor cost just before and just after, in microseconds of CPU.
    floor_us: f64,
}

/// One engine, measured.
struct Engine {
    rows: Vec<Measured>,
    notes: Vec<String>,
}

/// A database to measure.
struct Target {
    data: PathBuf,
    database: Option<String>,
    /// The process of the PostgreSQL server.
    server: Option<u32>,
}

/// Measures and prints.
pub fn run(options: &Options) -> Result<bool, String> {
    if let Some(Of::Find(options)) = &options.of {
        return find::run(options);
    }
    println!("{}", machine::in_a_line());
    let built = build(options)?;
    let before = machine::Busy::now();
    let floor = Floor::start(&built.floor)?;
    let alone = floor.measure(options, options.seconds)?;
    let mut right = is_right(&alone);
    table::print("the floor", &[alone], &[]);
    if options.floor_only {
        return Ok(right);
    }
    components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    permits(&built.permit)?;
    let kept = place::kept(&built.kith, options.people, options.again)?;
    table::print_made(&kept);
    let mut engine = |name: &str, target: &Target, options: &Options| -> Result<(), String> {
        let found = measure_engine(&built.kith, target, &floor, options)?;
        right &= found.rows.iter().all(is_right);
        table::print(name, &found.rows, &found.notes);
        Ok(())
    };
    if !options.postgres_only {
        let scratch = scratch()?;
        let data = if options.no_copy { kept.data() } else { kept.copy_to(scratch.path())? };
        engine("SQLite", &Target { data, database: None, server: None }, options)?;
    }
    if options.postgres || options.postgres_only {
        let scratch = scratch()?;
        let postgres = Postgres::start()?;
        let (url, cost) = kept.restore_to(&built.kith, &postgres)?;
        println!("restored to PostgreSQL: {}", table::cost(&cost));
        postgres.tidy_up("bench")?;
        let target = Target { data: scratch.path().join("data"), database: Some(url), server: postgres.id() };
        engine("PostgreSQL", &target, options)?;
    }
    if let (Some(before), Some(after)) = (before, machine::Busy::now()) {
        println!("\nthe machine was {:.0} % busy from beginning to end", before.share_until(&after) * 100.0);
    }
    println!("{}", machine::in_a_line());
    Ok(right)
}

fn is_right(row: &Measured) -> bool {
    row.outcome.wrong == 0 && row.outcome.failed == 0
}

/// The bare server, there from beginning to end: how busy the machine is changes by the minute, so it
/// is measured before and after every row, and a row is told as a multiple of that.
struct Floor {
    server: Running,
    port: u16,
    _folder: tempfile::TempDir,
}

/// Seconds for which the floor is measured between two rows.
const FLOOR_SECONDS: f64 = 1.5;

impl Floor {
    fn start(program: &Path) -> Result<Floor, String> {
        let folder = scratch()?;
        let port = run::free_port()?;
        let mut command = run::tethered(program, "TERM");
        command.arg("--database").arg(folder.path().join("floor.db")).args(["--port", &port.to_string()]);
        let server = Running::start("floor", command.stdin(Stdio::null()))?;
        let began = Instant::now();
        while crate::http::Visitor::new(port, Duration::from_secs(1)).get("/").is_err() {
            if began.elapsed() > Duration::from_secs(30) {
                return Err("the floor server did not start".to_owned());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Floor { server, port, _folder: folder })
    }

    fn measure(&self, options: &Options, seconds: f64) -> Result<Measured, String> {
        let paths = (0..10_000).step_by(37).map(|id| format!("/row/{id}")).collect();
        let doing = Doing { paths, form: None, ready: false, expect: "words words".to_owned() };
        let row = Row { name: "floor: one row", user: None, doing };
        let at = At { port: self.port, server: self.server.id(), database: None };
        // Ten times the rate: at a hundred a second its few milliseconds of CPU would drown in ticks of ten.
        let mut found =
            measure(&row, &at, &Options { rate: options.rate * 10.0, seconds, ..clone_of(options) })?;
        found.floor_us = cost_of(&found.outcome);
        Ok(found)
    }

    /// Microseconds of CPU of one request now.
    fn now(&self, options: &Options) -> Result<f64, String> {
        Ok(self.measure(options, FLOOR_SECONDS)?.floor_us)
    }
}

/// Microseconds of the server's CPU for each request.
fn cost_of(outcome: &Outcome) -> f64 {
    outcome.server_us as f64 / outcome.requests.max(1) as f64
}

fn clone_of(options: &Options) -> Options {
    Options { of: None, only: options.only.clone(), built: options.built.clone(), ..*options }
}

/// What a permit costs.
fn permits(program: &Path) -> Result<(), String> {
    let said = run::capture(Command::new(program).arg("20000"))?;
    println!("\n{:<40} {:>8}", "decisions", "CPU us");
    for line in said.lines() {
        let mut parts = line.split('\t');
        let (what, us, right) = (parts.next(), parts.next(), parts.next());
        println!("{:<40} {:>8}   {}", what.unwrap_or(line), us.unwrap_or(""), right.unwrap_or(""));
    }
    Ok(())
}

/// Everything on one engine.
fn measure_engine(kith: &Path, target: &Target, floor: &Floor, options: &Options) -> Result<Engine, String> {
    let logs = scratch()?;
    let mut notes = Vec::new();
    if !options.no_check {
        notes.push(format!("kith check: {}", table::cost(&check(kith, target)?)));
    }
    let database = target.database.as_deref();
    let began = Instant::now();
    let serving = Serving::start(kith, &target.data, database, run::free_port()?, logs.path())?;
    notes.push(format!("from start to the first page: {:.2} s", began.elapsed().as_secs_f64()));
    let server = serving.running.id();
    let found = rows::all(serving.port, options.referrals)?;
    let wanted = |row: &&Row| options.only.as_ref().is_none_or(|only| row.name.contains(only.as_str()));
    let at = At { port: serving.port, server, database: target.server };
    let mut measured = Vec::new();
    let mut before = floor.now(options)?;
    for row in found.iter().filter(wanted) {
        let mut row = measure(row, &at, options)?;
        let after = floor.now(options)?;
        row.floor_us = (before + after) / 2.0;
        before = after;
        measured.push(row);
    }
    if options.only.as_ref().is_none_or(|only| UNSEEN.contains(only.as_str())) {
        let people = found.iter().find(|row| row.name == "a person's page").map(|row| &row.doing.paths);
        notes.push(unseen::measure(serving.port, people.map_or(&[], Vec::as_slice))?);
    }
    if let Some((now, most)) = machine::memory_mb(server) {
        notes.push(format!("kith serve: {now:.0} MB resident, {most:.0} MB at most"));
    }
    drop(serving);
    let tell = Some(statements::TELL);
    let telling = Serving::start_saying(kith, &target.data, database, run::free_port()?, logs.path(), tell)?;
    let rows: Vec<Row> = found.into_iter().filter(|row| wanted(&row)).collect();
    for (row, count) in measured.iter_mut().zip(statements::count(&telling, &rows)?) {
        row.statements = count;
    }
    Ok(Engine { rows: measured, notes })
}

/// `kith check` over everybody.
fn check(kith: &Path, target: &Target) -> Result<Cost, String> {
    let mut command = run::tethered(kith, "TERM");
    command.arg("check").arg("--data").arg(&target.data);
    if let Some(url) = &target.database {
        command.args(["--database", url]);
    }
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    let (ended, cost) = machine::watch(child.map_err(|cause| format!("kith check: {cause}"))?)?;
    if ended { Ok(cost) } else { Err("kith check did not end well".to_owned()) }
}

/// What is measured.
struct Built {
    kith: PathBuf,
    floor: PathBuf,
    permit: PathBuf,
}

/// All in one command: features of dependencies are those of everything that is built together, and two
/// commands would build the libraries twice.
fn build(options: &Options) -> Result<Built, String> {
    let of = |folder: &Path| Built {
        kith: folder.join("kith"),
        floor: folder.join("floor"),
        permit: folder.join("permit"),
    };
    if let Some(folder) = &options.built {
        return Ok(of(folder));
    }
    let mut cargo = run::cargo();
    cargo.args(["build", "--package", "kith", "--package", "kith-floor", "--locked", "--quiet"]);
    if !options.quick_build {
        cargo.arg("--release");
    }
    run::show(&mut cargo)?;
    Ok(of(&repo::target().join(if options.quick_build { "debug" } else { "release" })))
}

/// A folder beside what is built: a place of 50,000 people does not fit everywhere.
fn scratch() -> Result<tempfile::TempDir, String> {
    let below = repo::scratch("bench").map_err(|cause| cause.to_string())?;
    tempfile::Builder::new().prefix("run-").tempdir_in(below).map_err(|cause| format!("no folder: {cause}"))
}

/// What answers, and whose CPU is counted.
struct At {
    port: u16,
    server: u32,
    database: Option<u32>,
}

/// Sends the load from another process. What can be sent only once is sent for most of its pages, at the
/// rate that then lasts as long as the others.
fn measure(row: &Row, at: &At, options: &Options) -> Result<Measured, String> {
    let paths = &row.doing.paths;
    let (first, then, rate) = if row.doing.ready {
        // The last is kept for counting statements.
        let usable = paths.len() - 1;
        let first = (usable / 10).min(20);
        (&paths[..first], &paths[first..usable], options.rate.min((usable - first) as f64 / options.seconds))
    } else {
        (&paths[..], &paths[..], options.rate)
    };
    let job = |seconds: f64, paths: &[String]| Job {
        port: at.port,
        user: row.user.map(str::to_owned),
        rate,
        seconds,
        first: microseconds_now(),
        connections: options.connections,
        server: Some(at.server),
        database: at.database,
        doing: Doing { paths: paths.to_vec(), ..row.doing.clone() },
    };
    // The first second fills caches and opens connections; what stays is what people meet all day.
    in_another_process(&job(1.0, first))?;
    let outcome = in_another_process(&job(options.seconds, then))?;
    Ok(Measured { name: row.name.to_owned(), rate, outcome, statements: None, floor_us: 0.0 })
}

/// A number that no earlier run has: microseconds since 1970.
fn microseconds_now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| since.as_micros() as u64)
}

fn in_another_process(job: &Job) -> Result<Outcome, String> {
    let program = std::env::current_exe().map_err(|cause| cause.to_string())?;
    let mut child = Command::new(program)
        .arg("load")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|cause| format!("the load generator: {cause}"))?;
    let text = serde_json::to_vec(job).map_err(|cause| cause.to_string())?;
    let mut input = child.stdin.take().ok_or("the load generator has no input")?;
    input.write_all(&text).map_err(|cause| format!("the load generator: {cause}"))?;
    drop(input);
    let output = child.wait_with_output().map_err(|cause| format!("the load generator: {cause}"))?;
    serde_json::from_slice(&output.stdout).map_err(|cause| format!("the load generator ended early: {cause}"))
}
