//! - Given `docs/security.md`, then each test that it names exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|n| n != "target") {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Names that follow `fn ` in the tests of all crates.
fn tests() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), &mut files);
    let mut names = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let after = text.split("fn ").skip(1);
        let name =
            |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned);
        names.extend(after.filter_map(name));
    }
    names
}

/// What stands in backticks and looks like the name of a test: several words.
fn named(text: &str) -> BTreeSet<&str> {
    let inside = text.split('`').skip(1).step_by(2);
    inside
        .filter(|w| w.matches('_').count() >= 3 && w.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        .collect()
}

#[test]
fn every_test_that_the_safety_page_names_exists() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/security.md");
    let text = std::fs::read_to_string(page).unwrap();
    let (named, tests) = (named(&text), tests());
    assert!(named.len() > 40, "{} tests are named", named.len());
    let missing: Vec<&&str> = named.iter().filter(|name| !tests.contains(**name)).collect();
    assert!(missing.is_empty(), "named and not there: {missing:?}");
    assert!(!tests.contains("a_test_that_nobody_wrote_at_all"), "the reader of tests is blind");
}
