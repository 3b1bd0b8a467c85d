//! Rules about Rust code.

use super::{Finding, Source};

/// Crates that take everything as an argument and only give results.
const PURE: &[&str] = &["domain", "access", "exchange", "insight", "linkage"];

/// Only `store` contains SQL. Tests may reach under the store to plant damage; the floor server
/// of the measurements is one statement on purpose.
pub fn sql(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let Some(rust) = &source.rust else { continue };
        if matches!(source.krate(), "store" | "floor" | "xtask" | "") {
            continue;
        }
        for (line, text) in rust.product_strings() {
            if let Some(words) = statement(text) {
                findings.push(Finding::new(&source.path, line, format!("SQL ({words}) outside `store`")));
            }
        }
        for (line, code) in rust.product_code() {
            if has_word(code, "sqlx") {
                findings.push(Finding::new(&source.path, line, "`sqlx` outside `store`"));
            }
        }
    }
    findings
}

/// The words that make this text an SQL statement, if it is one.
fn statement(text: &str) -> Option<&'static str> {
    const STATEMENTS: &[&[&str]] = &[
        &["SELECT ", " FROM "],
        &["INSERT INTO "],
        &["UPDATE ", " SET "],
        &["DELETE FROM "],
        &["CREATE TABLE"],
        &["CREATE INDEX"],
        &["ALTER TABLE"],
        &["PRAGMA "],
        &["BEGIN IMMEDIATE"],
    ];
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    STATEMENTS.iter().find(|words| words.iter().all(|word| flat.contains(word))).map(|words| words[0].trim())
}

/// Time is an argument.
pub fn clock(sources: &[Source]) -> Vec<Finding> {
    let calls = [
        "Timestamp::now",
        "SystemTime::now",
        "Instant::now",
        "Zoned::now",
        "DateTime::now",
        "Uuid::now_v7",
        "TimeZone::system",
    ];
    calls_in(sources, PURE, &calls, "reads a clock; take `now` as an argument")
}

/// Chance is an argument.
pub fn chance(sources: &[Source]) -> Vec<Finding> {
    let calls =
        ["rand::rng", "thread_rng", "rand::random", "getrandom", "Uuid::new_v4", "Uuid::now_v7", "OsRng"];
    calls_in(sources, PURE, &calls, "draws a random number; take it as an argument")
}

/// No files, no network, no other programs.
pub fn io(sources: &[Source]) -> Vec<Finding> {
    let calls = ["std::fs", "std::net", "std::process", "tokio", "println!", "eprintln!", "std::thread"];
    calls_in(sources, PURE, &calls, "does input or output in a pure crate")
}

fn calls_in(sources: &[Source], crates: &[&str], calls: &[&str], what: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| crates.contains(&source.krate()) && !source.is_test()) {
        let Some(rust) = &source.rust else { continue };
        for (line, code) in rust.product_code() {
            for call in calls.iter().filter(|call| has_word(code, call)) {
                findings.push(Finding::new(&source.path, line, format!("`{call}` {what}")));
            }
        }
    }
    findings
}

/// Whether the code holds this path or name as a whole, not as part of a longer name.
fn has_word(code: &str, word: &str) -> bool {
    let name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(name) && !after.is_some_and(|c| name(c) && !word.ends_with('!'))
    })
}

/// Settings are passed in; a test may look for the databases and data it is given.
pub fn environment(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let Some(rust) = &source.rust else { continue };
        if matches!(source.krate(), "kith" | "xtask" | "") {
            continue;
        }
        for (line, code) in rust.product_code() {
            for call in ["env::var", "env::vars", "env::var_os", "env::args", "env::set_var", "dotenv"] {
                if has_word(code, call) {
                    let what = format!("`{call}` reads the environment; pass the setting in");
                    findings.push(Finding::new(&source.path, line, what));
                }
            }
        }
    }
    findings
}

/// No notes to ourselves, no parts left out, no tests that are not run.
pub fn unfinished(sources: &[Source]) -> Vec<Finding> {
    // Put together here, so that this file does not find itself.
    let notes = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
    let calls = [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("#[ig", "nore")];
    let skips = [concat!("test.", "skip("), concat!("it.", "skip("), concat!("describe.", "skip(")];
    let endings = [".rs", ".mjs", ".js", ".css", ".jinja", ".html", ".sql", ".toml", ".py", ".sh", ".cedar"];
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.has_ending(&endings)) {
        for (at, line) in source.text.lines().enumerate() {
            for word in notes.iter().filter(|word| has_word(line, word)) {
                findings.push(Finding::new(
                    &source.path,
                    at + 1,
                    format!("{word}: finish it or open an issue"),
                ));
            }
            for word in calls.iter().chain(&skips).filter(|word| line.contains(*word)) {
                findings.push(Finding::new(&source.path, at + 1, format!("`{word}` is not finished work")));
            }
        }
    }
    findings
}

/// Each module opens with a paragraph that a newcomer can follow.
pub fn opening(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| source.rust.is_some() && !source.krate().is_empty())
        .filter(|source| !source.text.trim_start().starts_with("//!"))
        .map(|source| Finding::new(&source.path, 1, "does not open with a `//!` paragraph"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&[Source]) -> Vec<Finding>, path: &str, text: &str) -> usize {
        rule(&[Source::new(path, text)]).len()
    }

    #[test]
    fn sql_is_found_in_strings_outside_the_store_only() {
        let text = "const SQL: &str = \"SELECT id\n  FROM person\";";
        assert_eq!(found(sql, "crates/care/src/a.rs", text), 1);
        assert_eq!(found(sql, "crates/store/src/a.rs", text), 0);
        assert_eq!(found(sql, "crates/care/tests/it/a.rs", text), 0);
        assert_eq!(
            found(sql, "crates/care/src/a.rs", "// SELECT a FROM b\nlet x = \"Select from a list\";"),
            0
        );
        assert_eq!(found(sql, "crates/web/src/a.rs", "use sqlx::Row;"), 1);
    }

    #[test]
    fn clocks_are_found_in_pure_code_but_not_in_its_tests() {
        assert_eq!(found(clock, "crates/domain/src/a.rs", "let t = jiff::Timestamp::now();"), 1);
        assert_eq!(found(clock, "crates/care/src/a.rs", "let t = jiff::Timestamp::now();"), 0);
        let test = "#[cfg(test)]\nmod tests {\n fn a() { Timestamp::now(); }\n}\n";
        assert_eq!(found(clock, "crates/domain/src/a.rs", test), 0);
        assert_eq!(found(clock, "crates/domain/src/a.rs", "/// Not Timestamp::now().\nfn f() {}"), 0);
    }

    #[test]
    fn chance_and_io_are_found_in_pure_code() {
        assert_eq!(found(chance, "crates/exchange/src/a.rs", "let id = Uuid::new_v4();"), 1);
        assert_eq!(found(chance, "crates/exchange/src/a.rs", "let id = Uuid::new_v8(bytes);"), 0);
        assert_eq!(found(io, "crates/access/src/a.rs", "std::fs::read(path)"), 1);
        assert_eq!(found(io, "crates/access/src/a.rs", "std::fmt::Display"), 0);
    }

    #[test]
    fn the_environment_is_read_by_the_program_only() {
        assert_eq!(found(environment, "crates/store/src/a.rs", "std::env::var(\"HOME\")"), 1);
        assert_eq!(found(environment, "crates/kith/src/a.rs", "std::env::var(\"HOME\")"), 0);
        assert_eq!(found(environment, "crates/store/src/a.rs", "env!(\"CARGO_MANIFEST_DIR\")"), 0);
    }

    #[test]
    fn unfinished_work_is_found() {
        let note = concat!("// TO", "DO: later");
        assert_eq!(found(unfinished, "crates/web/src/a.rs", note), 1);
        assert_eq!(found(unfinished, "crates/web/src/a.rs", concat!("#[ig", "nore]\n#[test]")), 1);
        assert_eq!(found(unfinished, "crates/web/src/a.rs", "// what to do next"), 0);
    }

    #[test]
    fn a_module_without_a_paragraph_is_found() {
        assert_eq!(found(opening, "crates/web/src/a.rs", "use std::fmt;"), 1);
        assert_eq!(found(opening, "crates/web/src/a.rs", "//! Pages.\nuse std::fmt;"), 0);
    }
}
