//! - Given `docs/security.md` and `docs/asvs.md`, then each test that they name exists.
//! - Given the table of ASVS 5.0, then each requirement of levels 1 and 2 stands in it once, with a
//!   status that is explained, and what is called tested names a test.

use std::collections::{BTreeMap, BTreeSet};
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
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    sources(crates, &mut files);
    sources(&crates.with_file_name("xtask"), &mut files);
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

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_test_that_the_safety_page_names_exists() {
    let tests = tests();
    for (name, least) in [("security.md", 40), ("asvs.md", 60)] {
        let text = page(name);
        let named = named(&text);
        assert!(named.len() > least, "{} tests are named in {name}", named.len());
        let missing: Vec<&&str> = named.iter().filter(|name| !tests.contains(**name)).collect();
        assert!(missing.is_empty(), "named in {name} and not there: {missing:?}");
    }
    assert!(!tests.contains("a_test_that_nobody_wrote_at_all"), "the reader of tests is blind");
}

/// The requirements of levels 1 and 2 in ASVS 5.0.0: each section with how many it has of them; they stand
/// before those of level 3 in every section.
const SECTIONS: &str = "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 \
    4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 \
    7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 \
    10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 \
    12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 \
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2";

/// "1.2.6 to 1.2.8, 1.3.1" is four requirements.
fn requirements(cell: &str) -> Vec<String> {
    let split = |id: &str| {
        let (section, number) = id.trim().rsplit_once('.').unwrap_or_else(|| panic!("{id:?} in {cell:?}"));
        (section.to_owned(), number.parse::<u32>().unwrap())
    };
    let each = cell.split(", ").flat_map(|part| {
        let (from, to) = part.split_once(" to ").unwrap_or((part, part));
        let ((section, from), (same, to)) = (split(from), split(to));
        assert_eq!(section, same, "a range stays in its section: {part}");
        (from..=to).map(move |n| format!("{section}.{n}"))
    });
    each.collect()
}

#[test]
fn each_requirement_of_two_levels_stands_in_the_table_once() {
    let text = page("asvs.md");
    let all = SECTIONS.split_whitespace().filter_map(|s| s.split_once(':'));
    let wanted: BTreeSet<String> = all
        .flat_map(|(s, most)| (1..=most.parse::<u32>().unwrap()).map(move |n| format!("{s}.{n}")))
        .collect();
    assert_eq!(wanted.len(), 253);
    let rows =
        text.lines().filter(|l| l.starts_with("| ") && l[2..].starts_with(|c: char| c.is_ascii_digit()));
    let (mut found, mut counts) = (BTreeSet::new(), BTreeMap::new());
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{row}");
        for id in requirements(cells[0]) {
            *counts.entry(cells[2]).or_insert(0) += 1;
            assert!(wanted.contains(&id), "{id} is no requirement of these levels");
            assert!(found.insert(id.clone()), "{id} stands there twice");
        }
        let explained = text.contains(&format!("\n| {} | ", cells[2]));
        assert!(explained, "{:?} is explained nowhere: {row}", cells[2]);
        assert!(cells[2] != "tested" || !named(cells[3]).is_empty(), "tested by what? {row}");
    }
    let missing: Vec<&String> = wanted.difference(&found).collect();
    assert!(missing.is_empty(), "not there: {missing:?}");
    let summary = page("security.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for (status, count) in counts {
        assert!(summary.contains(&format!("{count} {status}")), "security.md does not say: {count} {status}");
    }
}
