//! Tidy: a fast test over the source tree for habits that no other tool knows.
//!
//! A rule is a function from the files to findings, with a sentence that says why it exists.
//! What breaks a rule with good reason stands in `xtask/tidy.toml` with that reason; an
//! exemption that nothing needs any more is itself a finding.

mod code;
mod licences;
mod reading;
mod text;
mod tree;
mod words;

use crate::repo;
use crate::test::Count;
use serde::Deserialize;
use std::path::Path;
use text::Rust;

/// One file of the source tree.
struct Source {
    /// Its path from the top, with `/`.
    path: String,
    text: String,
    /// Taken apart, for Rust files.
    rust: Option<Rust>,
}

impl Source {
    fn new(path: &str, text: &str) -> Source {
        let rust = path.ends_with(".rs").then(|| Rust::parse(text));
        Source { path: path.to_owned(), text: text.to_owned(), rust }
    }

    /// Whether it belongs to the tests of a crate.
    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.split('/').any(|part| ["tests", "benches", "examples"].contains(&part))
            || name == "tests.rs"
    }

    /// The crate it belongs to: the folder under `crates`, or `xtask`.
    fn krate(&self) -> &str {
        let mut parts = self.path.split('/');
        match parts.next() {
            Some("crates") => parts.next().unwrap_or_default(),
            Some("xtask") => "xtask",
            _ => "",
        }
    }

    /// Whether it ends in one of these.
    fn has_ending(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// A place where a rule does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    path: String,
    /// Counted from 1; 0 for the file as a whole.
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, what: what.into() }
    }
}

/// One habit.
struct Rule {
    name: &'static str,
    why: &'static str,
    check: fn(&[Source]) -> Vec<Finding>,
}

const RULES: &[Rule] = &[
    Rule { name: "sql", why: "only `store` contains SQL", check: code::sql },
    Rule { name: "clock", why: "time is an argument of the pure crates", check: code::clock },
    Rule { name: "chance", why: "chance is an argument of the pure crates", check: code::chance },
    Rule { name: "io", why: "the pure crates do no input or output", check: code::io },
    Rule {
        name: "environment",
        why: "only `kith` and `xtask` read the environment",
        check: code::environment,
    },
    Rule { name: "arrows", why: "inner crates know nothing of outer ones", check: tree::arrows },
    Rule { name: "unfinished", why: "what is on main is finished", check: code::unfinished },
    Rule { name: "opening", why: "each module opens with a paragraph", check: code::opening },
    Rule { name: "length", why: "people stop changing files of more than 700 lines", check: tree::length },
    Rule { name: "test-binaries", why: "one test program a crate links once", check: tree::test_binaries },
    Rule { name: "migrations", why: "both engines have the same migrations", check: tree::migrations },
    Rule { name: "dependencies", why: "a new dependency is a colleague", check: tree::dependencies },
    Rule { name: "npm", why: "the lock file names no host", check: tree::npm },
    Rule { name: "screen-words", why: "words on screens are plain and kind", check: words::screen },
    Rule {
        name: "sentences",
        why: "no sentence on a screen has more than 25 words",
        check: reading::sentences,
    },
    Rule {
        name: "nhs-identity",
        why: "logo and font belong to NHS organisations",
        check: words::nhs_identity,
    },
    Rule { name: "own-place", why: "the tree does not know whose machine it is on", check: words::own_place },
];

/// Something that may break a rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exemption {
    rule: String,
    path: String,
    /// Only findings whose line contains this, when given.
    #[serde(default)]
    line_contains: String,
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exemptions {
    #[serde(default)]
    exempt: Vec<Exemption>,
}

const EXEMPTIONS: &str = "xtask/tidy.toml";

/// Checks the tree and prints what it finds.
pub fn run() -> Result<Count, String> {
    let sources = load()?;
    let text = std::fs::read_to_string(repo::root().join(EXEMPTIONS)).unwrap_or_default();
    let exemptions: Exemptions = toml::from_str(&text).map_err(|cause| format!("{EXEMPTIONS}: {cause}"))?;
    let (mut count, mut used) = (Count::default(), vec![false; exemptions.exempt.len()]);
    for rule in RULES {
        let mut findings = (rule.check)(&sources);
        findings.retain(|finding| !exempted(rule.name, finding, &sources, &exemptions.exempt, &mut used));
        tell(&mut count, rule.name, rule.why, findings);
    }
    tell(&mut count, "licences", "anyone may run, change and pass on Kith", licences::check()?);
    let stale = stale(&exemptions.exempt, &used);
    for problem in &stale {
        println!("{EXEMPTIONS}: {problem}");
    }
    if stale.is_empty() {
        count.passed += 1
    } else {
        count.failed += 1
    }
    count.note = format!("{} files, {} rules", sources.len(), RULES.len() + 2);
    Ok(count)
}

/// Counts one rule and prints what breaks it.
fn tell(count: &mut Count, name: &str, why: &str, mut findings: Vec<Finding>) {
    findings.dedup();
    if findings.is_empty() {
        count.passed += 1;
        return;
    }
    count.failed += 1;
    println!("{name}: {why}");
    for finding in &findings {
        println!("  {}:{}: {}", finding.path, finding.line, finding.what);
    }
}

fn load() -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for path in repo::files()? {
        // Pictures and archives are not text; nothing here is about them.
        let Ok(text) = std::fs::read_to_string(repo::root().join(&path)) else { continue };
        sources.push(Source::new(&path.to_string_lossy(), &text));
    }
    Ok(sources)
}

fn exempted(
    rule: &str,
    finding: &Finding,
    sources: &[Source],
    list: &[Exemption],
    used: &mut [bool],
) -> bool {
    let line = || {
        let source = sources.iter().find(|source| source.path == finding.path)?;
        source.text.lines().nth(finding.line.checked_sub(1)?)
    };
    let found = list.iter().position(|exemption| {
        exemption.rule == rule
            && exemption.path == finding.path
            && (exemption.line_contains.is_empty()
                || line().is_some_and(|line| line.contains(&exemption.line_contains)))
    });
    if let Some(at) = found {
        used[at] = true;
    }
    found.is_some()
}

fn stale(list: &[Exemption], used: &[bool]) -> Vec<String> {
    let mut problems = Vec::new();
    for (exemption, used) in list.iter().zip(used) {
        if exemption.reason.trim().len() < 10 {
            problems.push(format!("{} for {} has no reason", exemption.rule, exemption.path));
        }
        if !used {
            problems.push(format!("nothing needs {} for {} any more", exemption.rule, exemption.path));
        }
    }
    problems
}

/// The last part of a path, for messages.
fn file_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exemption_needs_a_reason_and_a_use() {
        let exemption = |reason: &str| Exemption {
            rule: "sql".into(),
            path: "a.rs".into(),
            line_contains: String::new(),
            reason: reason.into(),
        };
        assert!(stale(&[exemption("the floor server measures SQLite")], &[true]).is_empty());
        assert_eq!(stale(&[exemption("")], &[true]).len(), 1);
        assert_eq!(stale(&[exemption("the floor server measures SQLite")], &[false]).len(), 1);
    }

    #[test]
    fn an_exemption_may_be_narrowed_to_a_line() {
        let sources = [Source::new("a.css", "one\ntwo\n")];
        let list = [Exemption {
            rule: "length".into(),
            path: "a.css".into(),
            line_contains: "two".into(),
            reason: String::new(),
        }];
        let mut used = [false];
        assert!(!exempted("length", &Finding::new("a.css", 1, ""), &sources, &list, &mut used));
        assert!(exempted("length", &Finding::new("a.css", 2, ""), &sources, &list, &mut used));
        assert!(!exempted("sql", &Finding::new("a.css", 2, ""), &sources, &list, &mut used));
    }
}
