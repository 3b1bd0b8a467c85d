//! The policy files themselves: readable, named, and in the words of the program.

use crate::cases::DECIDER;
use kith_access::{Action, Decider, Purpose, Role, decide_cost};
use kith_domain::area::Area;
use kith_domain::record::Kind;
use std::collections::BTreeSet;

/// The ids in all files, in order.
fn ids() -> Vec<String> {
    let lines = Decider::texts().iter().flat_map(|(_, text)| text.lines());
    lines.filter_map(|line| line.strip_prefix("@id(\"")?.split('"').next().map(str::to_owned)).collect()
}

#[test]
fn the_policies_pass_strict_validation_and_decide() {
    assert_eq!(decide_cost(&DECIDER, 12), 12);
}

/// Rust files of a folder and its folders.
fn sources(folder: &std::path::Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        match entry.is_dir() {
            true => sources(&entry, into),
            false if entry.extension().is_some_and(|end| end == "rs") => into.push(entry),
            false => {}
        }
    }
}

#[test]
fn no_program_decides_by_other_policies_than_its_own() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for one in std::fs::read_dir(crates).unwrap().map(|e| e.unwrap().path()) {
        if one.join("src").is_dir() {
            sources(&one.join("src"), &mut files);
        }
    }
    assert!(files.len() > 100, "{} files", files.len());
    for file in files.iter().filter(|f| !f.ends_with("access/src/decide.rs")) {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(!text.contains("Decider::of_texts"), "{}", file.display());
    }
}

#[test]
fn every_policy_has_a_sentence_before_it() {
    for (file, text) in Decider::texts() {
        let mut last = "";
        for line in text.lines() {
            if line.starts_with("@id") {
                assert!(last.starts_with("// ") && last.len() > 25, "{file}: nothing is said before {line}");
                assert!(last.ends_with('.'), "{file}: the words before {line} are no sentence");
            }
            last = line;
        }
    }
}

#[test]
fn no_two_policies_share_an_id_and_the_rule_book_is_there() {
    let all = ids();
    let once: BTreeSet<&String> = all.iter().collect();
    assert_eq!(all.len(), once.len());
    let rules = ["R02", "R03a", "R04", "R05", "R06a", "R06b", "R07", "R08", "R09", "W1d", "W2", "W3"];
    let bases = ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "W1"];
    for rule in rules.iter().chain(&bases) {
        assert!(all.iter().any(|id| id == rule), "{rule} is not in the policies");
    }
}

/// The words in quotes after a fact, such as the roles in `["a", "b"].contains(context.role)`.
fn words_of(fact: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (_, text) in Decider::texts() {
        let listed = format!("].contains(context.{fact})");
        for (end, _) in text.match_indices(&listed) {
            let start = text[..end].rfind('[').expect("a list opens before it closes");
            words.extend(text[start + 1..end].split(',').map(|w| w.trim().trim_matches('"').to_owned()));
        }
        for (at, found) in text.match_indices(&format!("context.{fact} == \"")) {
            let rest = &text[at + found.len()..];
            words.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    words
}

#[test]
fn the_policies_name_only_roles_purposes_kinds_and_areas_that_exist() {
    // Strict validation knows these only as text, so a misspelt one would never match.
    for word in words_of("role") {
        assert!(Role::from_code(&word).is_some(), "no role {word}");
    }
    for word in words_of("purpose") {
        assert!(Purpose::from_code(&word).is_some(), "no purpose {word}");
    }
    for word in words_of("kind") {
        assert!(Kind::from_code(&word).is_some(), "no kind {word}");
    }
    for word in words_of("area") {
        assert!(Area::from_code(&word).is_some(), "no area {word}");
    }
    assert!(words_of("role").len() > 10 && words_of("kind").len() > 5);
}

#[test]
fn the_schema_lists_the_actions_of_the_program_and_no_others() {
    let schema = Decider::schema_text();
    let listed: BTreeSet<&str> = schema
        .lines()
        .filter(|line| line.contains("appliesTo"))
        .filter_map(|line| line.strip_prefix("action \"")?.split('"').next())
        .collect();
    let ours: BTreeSet<&str> = Action::ALL.iter().map(|a| a.code()).collect();
    assert_eq!(listed, ours);
}

#[test]
fn every_fact_of_the_schema_is_used_by_some_policy() {
    let text: String = Decider::texts().iter().map(|(_, text)| *text).collect();
    // Whom to tell, and how a refusal looks, are not what is allowed.
    let elsewhere = ["suppress_notice", "supporter_current"];
    let unused: Vec<&str> = Decider::schema_text()
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(':').next())
        .filter(|fact| !text.contains(&format!("context.{fact}")) && !elsewhere.contains(fact))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}
