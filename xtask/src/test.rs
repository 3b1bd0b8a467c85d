//! `cargo xtask test`: every check, in the order in which a mistake is cheapest to find.
//!
//! Each stage says how long it took and how many checks passed and failed. The run stops at
//! the first stage that fails, unless told to keep going; what a stage started is gone when
//! the stage ends, whichever way it ends.

use crate::{access, components, pages, postgres, prove, repo, run, tidy, tools};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How many checks a stage made. A stage that cannot even start is one failed check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Checks that hold.
    pub passed: u32,
    /// Checks that do not.
    pub failed: u32,
    /// What to show beside the numbers.
    pub note: String,
}

impl Count {
    fn one() -> Count {
        Count { passed: 1, ..Count::default() }
    }
}

/// One stage.
struct Stage {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<Count, String>,
}

const STAGES: &[Stage] = &[
    Stage { name: "tools", about: "the programs that the checks need, installed where allowed", run: tools },
    Stage { name: "format", about: "cargo fmt --check", run: format },
    Stage { name: "tidy", about: "habits of this source tree that no other tool knows", run: tidy },
    Stage { name: "components", about: "page components, fetched once and checked by hash", run: fetch },
    Stage { name: "lints", about: "clippy on everything, warnings are errors", run: lints },
    Stage {
        name: "tests",
        about: "unit, property, contract and journey tests; contract and journeys on SQLite and PostgreSQL",
        run: tests,
    },
    Stage {
        name: "crash",
        about: "kill -9 at random moments under load: Kith 200 times on each engine, PostgreSQL 200 times",
        run: crash,
    },
    Stage {
        name: "access",
        about: "published scenarios over HTTP, and worlds through the store by both readings, on both engines",
        run: access,
    },
    Stage { name: "docs", about: "examples in doc comments", run: docs },
    Stage { name: "pages", about: "every page in a browser: axe, themes, 320 px, no scripts", run: pages },
];

/// What to run and how.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only this stage; may be given several times
    #[arg(long, value_name = "STAGE")]
    only: Vec<String>,
    /// Run the later stages even when one fails
    #[arg(long)]
    keep_going: bool,
    /// Name the stages and stop
    #[arg(long)]
    list: bool,
}

/// Runs the stages; true when all of them hold.
pub fn run(options: &Options) -> Result<bool, String> {
    if options.list {
        for stage in STAGES {
            println!("{:<11} {}", stage.name, stage.about);
        }
        return Ok(true);
    }
    if let Some(unknown) = options.only.iter().find(|name| STAGES.iter().all(|stage| stage.name != *name)) {
        return Err(format!("there is no stage {unknown:?}; `cargo xtask test --list` names them"));
    }
    let wanted = |stage: &&Stage| options.only.is_empty() || options.only.iter().any(|n| n == stage.name);
    let mut results: Vec<(&Stage, Duration, Count)> = Vec::new();
    for stage in STAGES.iter().filter(wanted) {
        println!("\n== {}: {}", stage.name, stage.about);
        let began = Instant::now();
        let count = (stage.run)().unwrap_or_else(|cause| {
            eprintln!("{cause}");
            Count { passed: 0, failed: 1, note: first_line(&cause) }
        });
        let failed = count.failed > 0;
        println!(
            "-- {} {} in {:.1} s",
            stage.name,
            if failed { "FAILED" } else { "ok" },
            began.elapsed().as_secs_f64()
        );
        results.push((stage, began.elapsed(), count));
        if failed && !options.keep_going {
            break;
        }
    }
    Ok(summary(&results))
}

/// Prints the table; the last line is the one that programs read.
fn summary(results: &[(&Stage, Duration, Count)]) -> bool {
    println!("\n{:<11} {:>8} {:>7} {:>7}  note", "stage", "seconds", "passed", "failed");
    let (mut passed, mut failed) = (0, 0);
    for (stage, time, count) in results {
        println!(
            "{:<11} {:>8.1} {:>7} {:>7}  {}",
            stage.name,
            time.as_secs_f64(),
            count.passed,
            count.failed,
            count.note
        );
        passed += count.passed;
        failed += count.failed;
    }
    let total: Duration = results.iter().map(|(_, time, _)| *time).sum();
    println!("{:<11} {:>8.1}", "total", total.as_secs_f64());
    println!("\n{passed} passed, {failed} failed");
    failed == 0
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn tools() -> Result<Count, String> {
    tools::check(tools::For::Test).map(|()| Count::one())
}

fn format() -> Result<Count, String> {
    run::show(run::cargo().args(["fmt", "--all", "--check"]))
        .map(|()| Count::one())
        .map_err(|_| "some files are not formatted: run `cargo fmt --all`".to_owned())
}

fn tidy() -> Result<Count, String> {
    tidy::run()
}

fn fetch() -> Result<Count, String> {
    let note = if components::present() { "were here already" } else { "fetched" };
    components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    Ok(Count { passed: 1, failed: 0, note: note.to_owned() })
}

fn lints() -> Result<Count, String> {
    let mut command = run::cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"]);
    run::show(&mut command).map(|()| Count::one())
}

/// Everything that `cargo nextest` finds, with a PostgreSQL beside it.
fn tests() -> Result<Count, String> {
    let mut build = run::cargo();
    if tools::has_nextest() {
        build.args(["nextest", "run", "--workspace", "--locked", "--no-run", "--cargo-quiet"]);
    } else {
        build.args(["test", "--workspace", "--locked", "--no-run", "--lib", "--bins", "--tests", "--quiet"]);
    }
    run::show(&mut build)?;
    let skipped = repo::scratch("tests").map_err(|cause| cause.to_string())?.join("skipped");
    std::fs::write(&skipped, "").map_err(|cause| format!("{}: {cause}", skipped.display()))?;
    let postgres = postgres::Postgres::start()?;
    println!("PostgreSQL started for these tests");
    let mut counted = on_both_engines(&postgres.url(), &skipped);
    // A test that passes is not shown: whatever it had nothing to read for is said here.
    let lines = std::fs::read_to_string(&skipped).map_err(|c| format!("{}: {c}", skipped.display()))?;
    for said in nothing_to_read(&lines) {
        println!("{said}");
        if let Ok(count) = &mut counted {
            count.note = format!("{}; {said}", count.note);
        }
    }
    if !matches!(&counted, Ok(count) if count.failed == 0) {
        eprintln!("the end of PostgreSQL's log:\n{}", postgres.last_words());
    }
    counted
}

/// The variable that names the file in which tests over open data write a line when they have nothing to read.
const SKIPPED: &str = "KITH_SKIPPED";

/// How many tests over open data had nothing to read, for each reason. A line is the test, a tab, and why;
/// a test that looked twice is one test.
fn nothing_to_read(lines: &str) -> Vec<String> {
    let mut tests: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (test, why) in lines.lines().filter_map(|line| line.split_once('\t')) {
        tests.entry(why).or_default().insert(test);
    }
    let said = tests.into_iter().map(|(why, tests)| match tests.len() {
        1 => format!("1 test over open data had nothing to read: {why}"),
        n => format!("{n} tests over open data had nothing to read: {why}"),
    });
    said.collect()
}

/// The variable under which the store's tests look for a PostgreSQL.
const TEST_POSTGRES: &str = "KITH_TEST_POSTGRES";
/// The variable that says on which engine the journeys run.
const JOURNEYS_ON: &str = "KITH_JOURNEYS_ON";
/// Tests of pages that need a database: the others are the same on any engine.
const JOURNEYS: &str =
    "package(kith-web) & binary(it) & not test(/^(components|every_page|shell|situations)::/)";

/// Everything, with the journeys on SQLite, and then the journeys on PostgreSQL.
fn on_both_engines(url: &str, skipped: &Path) -> Result<Count, String> {
    let skipped = (SKIPPED, skipped.to_str().ok_or("the folder of the build has a name that is no text")?);
    let (all, again) = if tools::has_nextest() {
        let all = nextest(url, &[], &[skipped])?;
        println!("the journeys again, on PostgreSQL");
        (all, nextest(url, &["-E", JOURNEYS], &[(JOURNEYS_ON, "postgres")])?)
    } else {
        let all = cargo_test(url, &["--workspace", "--lib", "--bins", "--tests"], &[skipped])?;
        println!("the journeys again, on PostgreSQL");
        (all, cargo_test(url, &["--package", "kith-web", "--test", "it"], &[(JOURNEYS_ON, "postgres")])?)
    };
    Ok(Count {
        passed: all.passed + again.passed,
        failed: all.failed + again.failed,
        note: format!(
            "{}; on PostgreSQL {} journeys passed, {} failed",
            all.note, again.passed, again.failed
        ),
    })
}

/// Set where a proof by `strace` has to run: on Linux, where [`tools`] has seen to it.
const MUST_TRACE: &str = "KITH_MUST_TRACE";

/// Where the property tests' chance begins, as proptest reads it.
const SEED: &str = "PROPTEST_RNG_SEED";
/// The same each time, so that the same tree gives the same answer. `cargo xtask prove search` begins
/// elsewhere each time.
const SAME_SEED: &str = "20261123";

/// The environment of the tests.
fn proving<'a>(command: &'a mut Command, url: &str) -> &'a mut Command {
    command.env(TEST_POSTGRES, url);
    let chosen = command.get_envs().any(|(name, _)| name == SEED) || std::env::var_os(SEED).is_some();
    if !chosen {
        command.env(SEED, SAME_SEED);
    }
    if cfg!(target_os = "linux") {
        command.env(MUST_TRACE, "1");
    }
    command
}

/// Runs any command beside a PostgreSQL of its own, as the stage does.
pub fn with_postgres(command: &[String]) -> Result<(), String> {
    with_postgres_from(command, None)
}

/// The same, with the property tests' chance beginning at a seed.
pub fn with_postgres_from(command: &[String], seed: Option<u64>) -> Result<(), String> {
    let postgres = postgres::Postgres::start()?;
    let (program, rest) = command.split_first().ok_or("no command was given")?;
    let mut command = Command::new(program);
    command.args(rest).current_dir(repo::root());
    if let Some(seed) = seed {
        command.env(SEED, seed.to_string());
    }
    run::show(proving(&mut command, &postgres.url()))
}

fn nextest(url: &str, which: &[&str], with: &[(&str, &str)]) -> Result<Count, String> {
    let mut closing = String::new();
    let mut command = run::cargo();
    command
        .args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "--no-tests=pass"])
        .args(["--cargo-quiet", "--status-level=slow", "--final-status-level=slow"])
        .args(which)
        .envs(with.iter().copied());
    proving(&mut command, url);
    let ok = run::tee_errors(&mut command, |line| {
        if line.trim_start().starts_with("Summary ") {
            closing = line.trim().to_owned();
        }
    })?;
    let mut count = read_nextest_summary(&closing)
        .ok_or_else(|| "cargo nextest ended without its closing summary".to_owned())?;
    if !ok && count.failed == 0 {
        count.failed = 1;
    }
    println!("{closing}");
    count.note = closing;
    Ok(count)
}

/// Reads `Summary [ 1.2s] 10 tests run: 9 passed (1 slow), 1 failed, 0 skipped`.
fn read_nextest_summary(line: &str) -> Option<Count> {
    let (_, counts) = line.split_once("run: ")?;
    let mut count = Count::default();
    for part in counts.split(", ") {
        let mut words = part.split_whitespace();
        let number: u32 = words.next()?.parse().ok()?;
        match words.next()? {
            "passed" => count.passed += number,
            "failed" | "timed" | "exec" => count.failed += number,
            _ => {}
        }
    }
    Some(count)
}

fn cargo_test(url: &str, which: &[&str], with: &[(&str, &str)]) -> Result<Count, String> {
    let mut command = run::cargo();
    command.args(["test", "--locked", "--no-fail-fast"]).args(which).envs(with.iter().copied());
    proving(&mut command, url);
    count_cargo_test(&mut command)
}

/// Adds up the closing lines of every test program: `test result: ok. 3 passed; 0 failed; ...`.
fn count_cargo_test(command: &mut Command) -> Result<Count, String> {
    let mut count = Count::default();
    let ok = run::tee_output(command, |line| {
        if let Some((passed, failed)) = read_test_result(line) {
            count.passed += passed;
            count.failed += failed;
        }
    })?;
    if !ok && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

fn read_test_result(line: &str) -> Option<(u32, u32)> {
    let rest = line.trim().strip_prefix("test result: ")?;
    let (_, counts) = rest.split_once(". ")?;
    let mut numbers = counts.split(';').map(|part| part.split_whitespace().next()?.parse::<u32>().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// The crash proof in the length that fits every change; `cargo xtask prove crash --kills N` makes it longer.
fn crash() -> Result<Count, String> {
    let held = prove::crash_both(&prove::Crash::short())?;
    Ok(Count {
        passed: u32::from(held),
        failed: u32::from(!held),
        note: "nothing acknowledged lost or doubled".into(),
    })
}

/// The access rules on trial, in the length that fits every change.
fn access() -> Result<Count, String> {
    let held = [access::run(&access::Options::published())?, access::run(&access::Options::short())?];
    let passed = held.iter().filter(|held| **held).count() as u32;
    Ok(Count { passed, failed: 2 - passed, note: "both readings, both engines".into() })
}

/// Doc comments with examples, only in the crates that have some: each costs a link.
fn docs() -> Result<Count, String> {
    let mut with_examples: Vec<String> = Vec::new();
    for path in repo::files()? {
        let Some(name) = path.to_string_lossy().strip_prefix("crates/").map(str::to_owned) else { continue };
        let Some((name, rest)) = name.split_once('/') else { continue };
        if !rest.starts_with("src/") || !rest.ends_with(".rs") {
            continue;
        }
        let text = std::fs::read_to_string(repo::root().join(&path)).unwrap_or_default();
        let has = text.lines().any(|line| {
            let line = line.trim_start();
            matches!(line.strip_prefix("///").or(line.strip_prefix("//!")), Some(doc) if doc.trim() == "```")
        });
        if has && !with_examples.iter().any(|known| known == name) && name != "kith" {
            with_examples.push(name.to_owned());
        }
    }
    if with_examples.is_empty() {
        return Ok(Count { note: "no doc comment has an example".to_owned(), ..Count::default() });
    }
    let mut command = run::cargo();
    command.args(["test", "--doc", "--locked", "--quiet", "--no-fail-fast"]);
    for name in &with_examples {
        command.args(["-p", &format!("kith-{name}")]);
    }
    count_cargo_test(&mut command)
}

fn pages() -> Result<Count, String> {
    pages::check(pages::Depth::Short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_summaries_are_read() {
        let line = "Summary [   1.204s] 12 tests run: 9 passed (1 slow), 2 failed, 1 timed out, 3 skipped";
        let count = read_nextest_summary(line).unwrap();
        assert_eq!((count.passed, count.failed), (9, 3));
        assert_eq!(read_nextest_summary("error: no tests to run"), None);
    }

    #[test]
    fn tests_that_had_nothing_to_read_are_counted_once_each() {
        assert!(nothing_to_read("").is_empty());
        let gone = "/open/shared is not there";
        let lines = format!(
            "kith-exchange trafford::a\t{gone}\nkith-exchange trafford::a\t{gone}\n\
             kith-care trafford::a\t{gone}\nkith passes\tthere is no python3 with jsonschema\n"
        );
        assert_eq!(
            nothing_to_read(&lines),
            [
                format!("2 tests over open data had nothing to read: {gone}"),
                "1 test over open data had nothing to read: there is no python3 with jsonschema".to_owned()
            ]
        );
    }

    #[test]
    fn cargo_test_results_are_read() {
        let line = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(read_test_result(line), Some((3, 2)));
        assert_eq!(read_test_result("running 3 tests"), None);
    }
}
