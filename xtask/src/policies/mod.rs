//! `cargo xtask prove policies`: are the access policies held by tests? Each of many small changes to
//! their text ([`change`]) is tried against the tests of `kith-access` that decide by them: the published
//! scenarios and the sentences of each rule first, then both readings over the matrix. A change that no
//! test notices is printed, unless it stands in [`ALIKE`] with the reason why it changes no decision.

mod change;

use crate::{repo, run};
use change::Change;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What to try.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only policies of files whose name holds this
    #[arg(long, default_value = "")]
    file: String,
    /// Take every so manieth change
    #[arg(long, default_value_t = 1)]
    step: usize,
    /// Changes that are tried at once
    #[arg(long, default_value_t = 2)]
    at_once: usize,
}

/// Changes that no test can notice, each with the reason.
const ALIKE: &[(&str, &str, &str)] = &[];

const FOLDER: &str = "crates/access/policies";
/// Where the tests of `kith-access` look for other policies.
const OTHER: &str = "KITH_POLICIES";
/// The tests that are asked, the quick ones first.
const ASKED: [&[&str]; 3] = [
    &["rules::", "rules_of_work::", "rules_of_passing_on::", "scenarios::", "parts::", "permits::"],
    &["invariants::", "second::both_readings_agree_on_the_matrix"],
    &["properties::", "second::both_readings_agree_in_random_worlds"],
];

/// How one change came out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    /// The program would not have started.
    Refused,
    /// A test failed, of the first, second or third group.
    Noticed(usize),
    /// Nothing failed.
    Missed,
}

/// Tries every change; true when each was noticed or changes nothing.
pub fn run(options: &Options) -> Result<bool, String> {
    let program = tests()?;
    let mut all = Vec::new();
    for file in files()? {
        let name = file.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(&file).map_err(|cause| format!("{}: {cause}", file.display()))?;
        if name.contains(&options.file) {
            all.extend(change::changes(&name, &text));
        }
    }
    let all: Vec<Change> = all.into_iter().step_by(options.step.max(1)).collect();
    println!("{} changes", all.len());
    let came = try_all(&program, &all, options.at_once.max(1))?;
    let count = |which: fn(&Came) -> bool| came.iter().filter(|c| which(c)).count();
    let refused = count(|c| *c == Came::Refused);
    let noticed = count(|c| matches!(c, Came::Noticed(_)));
    let mut unknown = 0;
    for (change, _) in all.iter().zip(&came).filter(|(_, came)| **came == Came::Missed) {
        let why = ALIKE.iter().find(|(policy, what, _)| *policy == change.policy && *what == change.what);
        unknown += usize::from(why.is_none());
        println!("not noticed: {}, {}: {}", change.policy, change.what, why.map_or("", |(_, _, why)| why));
    }
    println!(
        "{refused} would not start, {noticed} were noticed ({} by the sentences and scenarios alone), {} were not",
        count(|c| *c == Came::Noticed(0)),
        came.len() - refused - noticed
    );
    Ok(unknown == 0)
}

fn files() -> Result<Vec<PathBuf>, String> {
    let folder = repo::root().join(FOLDER);
    let list = std::fs::read_dir(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let mut files: Vec<PathBuf> = list
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "cedar"))
        .collect();
    files.sort();
    Ok(files)
}

/// The program with the tests of `kith-access`, built.
fn tests() -> Result<PathBuf, String> {
    let said = run::capture(run::cargo().args([
        "test",
        "--quiet",
        "--locked",
        "--package",
        "kith-access",
        "--test",
        "it",
        "--no-run",
        "--message-format",
        "json",
    ]))?;
    let programs = said.split("\"executable\":\"").skip(1).filter_map(|rest| rest.split('"').next());
    programs.last().map(PathBuf::from).ok_or_else(|| "cargo named no test program".to_owned())
}

fn try_all(program: &Path, all: &[Change], at_once: usize) -> Result<Vec<Came>, String> {
    let next = AtomicUsize::new(0);
    let came: Mutex<Vec<Option<Came>>> = Mutex::new(vec![None; all.len()]);
    let work = || -> Result<(), String> {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(change) = all.get(at) else { return Ok(()) };
            let one = try_one(program, change)?;
            came.lock().expect("no thread stops while it holds this")[at] = Some(one);
            if at % 50 == 49 {
                println!("{} tried", at + 1);
            }
        }
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        running.into_iter().try_for_each(|one| one.join().expect("a thread reports failures"))
    })?;
    let came = came.into_inner().expect("every thread has ended");
    Ok(came.into_iter().flatten().collect())
}

/// One change in a folder of its own, and the tests over it.
fn try_one(program: &Path, change: &Change) -> Result<Came, String> {
    let folder = tempfile::tempdir().map_err(|cause| format!("no folder: {cause}"))?;
    for file in files()? {
        let name = file.file_name().unwrap_or_default();
        let put = std::fs::copy(&file, folder.path().join(name));
        put.map_err(|cause| format!("{}: {cause}", file.display()))?;
    }
    std::fs::write(folder.path().join(format!("{}.cedar", change.file)), &change.text)
        .map_err(|cause| format!("{}: {cause}", change.file))?;
    let passes = |which: &[&str]| {
        let mut command = Command::new(program);
        // As cargo starts it: in the folder of its package.
        command.current_dir(repo::root().join("crates/access"));
        command.args(["--quiet", "--test-threads", "1"]).args(which).env(OTHER, folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().map(|s| s.success()).map_err(|cause| format!("the tests did not start: {cause}"))
    };
    if !passes(&["--exact", "policies::the_policies_pass_strict_validation_and_decide"])? {
        return Ok(Came::Refused);
    }
    for (n, which) in ASKED.iter().enumerate() {
        if !passes(which)? {
            return Ok(Came::Noticed(n));
        }
    }
    Ok(Came::Missed)
}
