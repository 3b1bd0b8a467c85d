//! `cargo xtask bench`: what a page costs, as CPU of the server alone, and how long people wait for it at
//! a fixed rate, beside a bare server that reads one row. A table, with how busy the machine was.

use crate::kith::{self, Serving};
use crate::load::{Doing, Filling, Job, Outcome};
use crate::run::{self, Running};
use crate::{components, repo};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many people the made-up place has
    #[arg(long, default_value_t = 600)]
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
    /// Only the floor
    #[arg(long)]
    floor_only: bool,
    /// Use the quick build; its figures are only good for trying this command out
    #[arg(long)]
    quick_build: bool,
    /// Measure a place that is already there, instead of making one
    #[arg(long)]
    data: Option<PathBuf>,
    /// The PostgreSQL database of that place
    #[arg(long)]
    database: Option<String>,
}

/// One row of the table.
struct Row {
    name: String,
    outcome: Outcome,
    /// CPU of the server for each doing, in microseconds.
    cpu_us: f64,
}

/// Measures and prints.
pub fn run(options: &Options) -> Result<bool, String> {
    println!("{}", machine());
    let before = Busy::now();
    let mut rows = vec![floor(options)?];
    let mut about = Vec::new();
    if !options.floor_only {
        components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
        rows.extend(place(options, &mut about)?);
    }
    print_table(&rows, options);
    for line in about {
        println!("{line}");
    }
    if let (Some(before), Some(after)) = (before, Busy::now()) {
        println!(
            "the machine as a whole was {:.0} % busy during these measurements",
            before.share_until(&after) * 100.0
        );
    }
    println!("{}", machine());
    Ok(rows.iter().all(|row| row.outcome.wrong == 0 && row.outcome.failed == 0))
}

fn print_table(rows: &[Row], options: &Options) {
    println!(
        "\nat {} a second over {} connections for {} s each; the load generator's CPU is apart, every answer was read",
        options.rate, options.connections, options.seconds
    );
    println!(
        "{:<22} {:>7} {:>6} {:>6} {:>12} {:>7} {:>9} {:>9} {:>9} {:>9}",
        "what", "right", "wrong", "failed", "CPU us each", "floors", "p50 ms", "p95 ms", "p99 ms", "worst ms"
    );
    let floor = rows.first().map_or(1.0, |row| row.cpu_us);
    for row in rows {
        let ms = |share: f64| row.outcome.percentile(share) as f64 / 1000.0;
        println!(
            "{:<22} {:>7} {:>6} {:>6} {:>12.1} {:>7.1} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
            row.name,
            row.outcome.right,
            row.outcome.wrong,
            row.outcome.failed,
            row.cpu_us,
            row.cpu_us / floor,
            ms(0.5),
            ms(0.95),
            ms(0.99),
            ms(1.0)
        );
        if !row.outcome.example.is_empty() {
            println!("    {}", row.outcome.example);
        }
    }
}

/// The bare server.
fn floor(options: &Options) -> Result<Row, String> {
    let program = build("kith-floor", "floor", options)?;
    let folder = scratch()?;
    let port = run::free_port()?;
    let mut command = run::tethered(&program, "TERM");
    command.arg("--database").arg(folder.path().join("floor.db")).args(["--port", &port.to_string()]);
    let server = Running::start("floor", command.stdin(Stdio::null()))?;
    let began = Instant::now();
    while crate::http::Visitor::new(port, Duration::from_secs(1)).get("/").is_err() {
        if began.elapsed() > Duration::from_secs(30) {
            return Err("the floor server did not start".to_owned());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let paths = (0..10_000).step_by(37).map(|id| format!("/row/{id}")).collect();
    let doing = Doing { paths, form: None, expect: "words words".to_owned() };
    measure("floor: one row", server.id(), options, port, None, doing)
}

/// The pages of Kith.
fn place(options: &Options, about: &mut Vec<String>) -> Result<Vec<Row>, String> {
    let program = build("kith", "kith", options)?;
    let folder = scratch()?;
    let data = match &options.data {
        Some(data) => data.clone(),
        None => {
            let began = Instant::now();
            let data = folder.path().join("data");
            kith::make_demo(&program, &data, options.database.as_deref(), options.people, 7)?;
            about.push(format!(
                "making {} people took {:.1} s",
                options.people,
                began.elapsed().as_secs_f64()
            ));
            data
        }
    };
    let serving =
        Serving::start(&program, &data, options.database.as_deref(), run::free_port()?, folder.path())?;
    let mut rows = Vec::new();
    for (name, user, doing) in doings(serving.port)? {
        rows.push(measure(name, serving.running.id(), options, serving.port, user, doing)?);
    }
    about.push(format!("kith serve: {}", memory(serving.running.id())));
    Ok(rows)
}

/// The navigator whose day is measured.
const NAVIGATOR: &str = "Aisha";

/// The name of a row, as whom it is done, and what is done.
type Measured = (&'static str, Option<&'static str>, Doing);

/// What is measured, and as whom.
fn doings(port: u16) -> Result<Vec<Measured>, String> {
    let page = |paths: Vec<String>, expect: &str| Doing { paths, form: None, expect: expect.to_owned() };
    let one = |path: &str, expect: &str| page(vec![path.to_owned()], expect);
    let people = people_of(port, NAVIGATOR)?;
    let note_pages = people.iter().map(|person| format!("{person}/note")).collect();
    let fields =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let find =
        Filling { action: "/find".into(), fields: fields(&[("words", "owe money"), ("need", "money-debt")]) };
    let add = Filling { action: "/people/add".into(), fields: fields(&[("called", "Measured {n}")]) };
    let note = Filling { action: "/note".into(), fields: fields(&[("words", "Met, and spoke about {n}.")]) };
    Ok(vec![
        ("home", None, one("/", "</html>")),
        ("crisis help", None, one("/help", "</html>")),
        ("Today", Some(NAVIGATOR), one("/today", "This week")),
        ("people I support", Some(NAVIGATOR), one("/people", "kith-worklist")),
        ("a person's page", Some(NAVIGATOR), page(people, "What happens next")),
        (
            "find support",
            None,
            Doing { paths: vec!["/find".into()], form: Some(find), expect: "</html>".into() },
        ),
        (
            "add a person",
            Some(NAVIGATOR),
            Doing { paths: vec!["/people/add".into()], form: Some(add), expect: String::new() },
        ),
        (
            "write a note",
            Some(NAVIGATOR),
            Doing { paths: note_pages, form: Some(note), expect: String::new() },
        ),
    ])
}

/// The pages of the people whom this worker supports.
fn people_of(port: u16, user: &str) -> Result<Vec<String>, String> {
    let mut visitor = crate::http::Visitor::new(port, Duration::from_secs(30));
    crate::load::sign_in(&mut visitor, user)?;
    let list = visitor.get("/people").map_err(|cause| cause.to_string())?.text();
    let links = list.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let people: Vec<String> = links
        .filter(|href| href.strip_prefix("/people/").is_some_and(|id| id.len() == 36))
        .map(str::to_owned)
        .collect();
    if people.is_empty() { Err(format!("{user} supports nobody in this place")) } else { Ok(people) }
}

fn build(package: &str, binary: &str, options: &Options) -> Result<PathBuf, String> {
    let mut cargo = run::cargo();
    cargo.args(["build", "--package", package, "--bin", binary, "--locked", "--quiet"]);
    if !options.quick_build {
        cargo.arg("--release");
    }
    run::show(&mut cargo)?;
    Ok(repo::target().join(if options.quick_build { "debug" } else { "release" }).join(binary))
}

fn scratch() -> Result<tempfile::TempDir, String> {
    tempfile::Builder::new().prefix("kith-bench-").tempdir().map_err(|cause| format!("no folder: {cause}"))
}

/// Sends the load from another process and takes the server's CPU before and after.
fn measure(
    name: &str,
    server: u32,
    options: &Options,
    port: u16,
    user: Option<&str>,
    doing: Doing,
) -> Result<Row, String> {
    let job = |seconds: f64| Job {
        port,
        user: user.map(str::to_owned),
        rate: options.rate,
        seconds,
        connections: options.connections,
        doing: doing.clone(),
    };
    // The first second fills caches and opens connections; what stays is what people meet all day.
    in_another_process(&job(1.0))?;
    let before = cpu_seconds(server)?;
    let outcome = in_another_process(&job(options.seconds))?;
    let used = cpu_seconds(server)? - before;
    let doings = (outcome.right + outcome.wrong + outcome.failed).max(1);
    Ok(Row { name: name.to_owned(), cpu_us: used * 1e6 / doings as f64, outcome })
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

/// CPU that a process and its threads have used, in seconds: user and system.
fn cpu_seconds(process: u32) -> Result<f64, String> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))
        .map_err(|cause| format!("this system does not tell the CPU of a process: {cause}"))?;
    parse_cpu_ticks(&stat)
        .map(|ticks| ticks as f64 / ticks_per_second())
        .ok_or_else(|| format!("/proc/{process}/stat cannot be read: {stat}"))
}

/// Fields 14 and 15 of `/proc/N/stat`; the second field, a name, may hold spaces.
fn parse_cpu_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn ticks_per_second() -> f64 {
    run::capture(Command::new("getconf").arg("CLK_TCK"))
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(100.0)
}

/// How much memory a process holds, now and at most.
fn memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let megabytes = |field: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(format!("{:.0} MB", kilobytes / 1024.0))
    };
    format!(
        "{} resident now, {} at most",
        megabytes("VmRSS:").unwrap_or_else(|| "unknown".to_owned()),
        megabytes("VmHWM:").unwrap_or_else(|| "unknown".to_owned())
    )
}

/// The machine, in a line.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    format!("{cores} cores; load over 1, 5 and 15 minutes: {}", load.join(", "))
}

/// The CPU time of the whole machine.
struct Busy {
    busy: u64,
    all: u64,
}

impl Busy {
    fn now() -> Option<Busy> {
        Busy::parse(&std::fs::read_to_string(Path::new("/proc/stat")).ok()?)
    }

    fn parse(stat: &str) -> Option<Busy> {
        let numbers: Vec<u64> = stat
            .lines()
            .next()?
            .split_whitespace()
            .skip(1)
            .take(8)
            .map_while(|text| text.parse().ok())
            .collect();
        let all = numbers.iter().sum();
        // Idle and waiting for a disk are not busy.
        Some(Busy { busy: all - numbers.get(3)? - numbers.get(4)?, all })
    }

    fn share_until(&self, later: &Busy) -> f64 {
        let all = later.all.saturating_sub(self.all).max(1);
        later.busy.saturating_sub(self.busy) as f64 / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_read_past_a_name_with_spaces() {
        let stat = "42 (a (odd) name) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 100 1 1";
        assert_eq!(parse_cpu_ticks(stat), Some(300));
        let began = cpu_seconds(std::process::id()).unwrap();
        assert!(began >= 0.0);
    }

    #[test]
    fn the_share_of_busy_time_is_without_idle_and_waiting() {
        let before = Busy::parse("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1").unwrap();
        let after = Busy::parse("cpu  150 0 150 850 50 0 0 0 0 0\ncpu0 1").unwrap();
        assert!((before.share_until(&after) - 0.5).abs() < 1e-9);
    }
}
