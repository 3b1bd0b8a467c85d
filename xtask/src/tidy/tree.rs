//! Rules about the tree as a whole: which crate may know which, what depends on what, how long
//! files are, and files that must agree with each other.

use super::{Finding, Source, file_name};
use std::collections::{BTreeMap, BTreeSet};

/// Which of our crates each crate may name; arrows point inward. `kith` may name all of them.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("insight", &["domain"]),
    ("linkage", &[]),
    ("access", &["domain"]),
    ("exchange", &["domain"]),
    ("store", &["domain", "access"]),
    ("care", &["domain", "access", "store", "exchange", "insight", "linkage"]),
    ("web", &["domain", "access", "care", "exchange", "insight"]),
    ("brackenford", &["domain", "store"]),
    ("post", &["domain", "care"]),
    ("feeds", &["domain", "exchange"]),
    ("floor", &["access"]),
    // Tests and measurements only: two directories with questions whose answers were judged.
    ("judged", &["domain", "exchange", "store", "brackenford"]),
    // The second reading of the rule book sees none of the first; that is what it is for.
    ("second", &[]),
    // Tests only: whole worlds through the store and the pages, by both readings.
    ("trial", &["domain", "access", "store", "care", "insight", "web", "second"]),
];

/// Libraries that would let a pure crate reach outside.
const NOT_IN_PURE: &[&str] = &["tokio", "sqlx", "axum", "rand", "getrandom", "tracing", "tempfile"];
const PURE: &[&str] = &["domain", "access", "exchange", "insight", "linkage"];

/// Inner crates know nothing of outer ones. Tests may use anything.
pub fn arrows(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| is_crate_manifest(&source.path)) {
        let name = source.krate();
        let allowed = ARROWS.iter().find(|(krate, _)| *krate == name).map(|(_, allowed)| *allowed);
        if allowed.is_none() && name != "kith" {
            let what = format!("crate `{name}` has no place in the map of arrows; add it where it belongs");
            findings.push(Finding::new(&source.path, 0, what));
        }
        for dependency in tables(&source.text, &["dependencies"]) {
            let ours = dependency.strip_prefix("kith-");
            let outward = ours.is_some_and(|other| allowed.is_some_and(|allowed| !allowed.contains(&other)));
            let reaches = PURE.contains(&name) && NOT_IN_PURE.contains(&dependency.as_str());
            if outward || reaches {
                let what = format!("`{name}` must not depend on `{dependency}`");
                findings.push(Finding::new(&source.path, 0, what));
            }
        }
    }
    findings
}

fn is_crate_manifest(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts[..], ["crates", _, "Cargo.toml"])
}

/// The names in these tables of a manifest.
fn tables(manifest: &str, names: &[&str]) -> Vec<String> {
    let Ok(manifest) = manifest.parse::<toml::Table>() else { return Vec::new() };
    names
        .iter()
        .filter_map(|name| manifest.get(*name)?.as_table())
        .flat_map(|table| table.keys().cloned())
        .collect()
}

/// Long files are where rules, queries and output begin to mix.
pub fn length(sources: &[Source]) -> Vec<Finding> {
    const MOST: usize = 700;
    let endings = [".rs", ".jinja", ".html", ".css", ".js", ".mjs", ".py", ".sql", ".cedar"];
    sources
        .iter()
        .filter(|source| source.has_ending(&endings))
        .filter_map(|source| {
            let lines = source.text.lines().count();
            let what = format!("{lines} lines; split it where its parts have different reasons to change");
            (lines > MOST).then(|| Finding::new(&source.path, 0, what))
        })
        .collect()
}

/// Every file directly under `tests` is a program of its own, and linking is most of the time.
pub fn test_binaries(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| {
            let parts: Vec<&str> = source.path.split('/').collect();
            matches!(parts[..], ["crates", _, "tests", file] if file.ends_with(".rs"))
        })
        .map(|source| Finding::new(&source.path, 0, "move it into `tests/it/` and name it in its `main.rs`"))
        .collect()
}

/// The folders of migrations, one for each engine, hold the same names, and numbers are not used twice.
pub fn migrations(sources: &[Source]) -> Vec<Finding> {
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".sql")) {
        let Some(rest) = source.path.strip_prefix("crates/store/migrations/") else { continue };
        let Some((engine, name)) = rest.split_once('/') else { continue };
        folders.entry(engine.to_owned()).or_default().insert(name.to_owned());
    }
    let all: BTreeSet<String> = folders.values().flatten().cloned().collect();
    let mut findings = Vec::new();
    if folders.len() == 1 {
        findings.push(Finding::new("crates/store/migrations", 0, "there are migrations for one engine only"));
    }
    for (engine, names) in &folders {
        let folder = format!("crates/store/migrations/{engine}");
        for missing in all.difference(names) {
            findings.push(Finding::new(&folder, 0, format!("{missing} is missing here")));
        }
        let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
        for name in names {
            let number = name.split('_').next().unwrap_or_default();
            if let Some(other) = numbers.insert(number, name) {
                findings.push(Finding::new(&folder, 0, format!("{other} and {name} have the same number")));
            }
        }
    }
    findings
}

/// Every library named by us has a line that says why it is here, and no line outlives its library.
pub fn dependencies(sources: &[Source]) -> Vec<Finding> {
    const LIST: &str = "docs/dependencies.md";
    let text =
        |path: &str| sources.iter().find(|source| source.path == path).map(|source| source.text.as_str());
    let mut named: Vec<(String, &str)> = Vec::new();
    let workspace = text("Cargo.toml").and_then(|text| text.parse::<toml::Table>().ok());
    let workspace =
        workspace.as_ref().and_then(|table| table.get("workspace")?.get("dependencies")?.as_table());
    for name in workspace.into_iter().flat_map(|table| table.keys()).filter(|name| !name.starts_with("kith-"))
    {
        named.push((name.clone(), "Cargo.toml"));
    }
    let npm =
        text("tests-web/package.json").and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    for table in ["dependencies", "devDependencies"] {
        let table = npm.as_ref().and_then(|package| package.get(table)?.as_object());
        named.extend(
            table
                .into_iter()
                .flat_map(|table| table.keys())
                .map(|name| (name.clone(), "tests-web/package.json")),
        );
    }
    let lines: BTreeMap<&str, usize> =
        text(LIST).unwrap_or_default().lines().enumerate().filter_map(explained).collect();
    let mut findings: Vec<Finding> = named
        .iter()
        .filter(|(name, _)| !lines.contains_key(name.as_str()))
        .map(|(name, manifest)| Finding::new(manifest, 0, format!("`{name}` has no line of why in {LIST}")))
        .collect();
    for (name, line) in lines.iter().filter(|(name, _)| named.iter().all(|(known, _)| known != *name)) {
        findings.push(Finding::new(LIST, *line, format!("`{name}` is not used any more")));
    }
    for source in
        sources.iter().filter(|source| is_crate_manifest(&source.path) || source.path == "xtask/Cargo.toml")
    {
        findings.extend(own_versions(source));
    }
    findings
}

/// Reads `- name – why`, and nothing else.
fn explained((at, line): (usize, &str)) -> Option<(&str, usize)> {
    let (name, why) = line.strip_prefix("- ")?.split_once(" – ")?;
    (!why.trim().is_empty()).then(|| (name.trim().trim_matches('`'), at + 1))
}

/// Versions stand in one place, the workspace manifest.
fn own_versions(source: &Source) -> Vec<Finding> {
    let Ok(manifest) = source.text.parse::<toml::Table>() else {
        return vec![Finding::new(&source.path, 0, "cannot be read as TOML")];
    };
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|name| manifest.get(*name)?.as_table())
        .flatten()
        .filter(|(_, value)| value.get("workspace").and_then(toml::Value::as_bool) != Some(true))
        .map(|(name, _)| {
            Finding::new(&source.path, 0, format!("`{name}`: put the version into the root Cargo.toml"))
        })
        .collect()
}

/// The lock file works behind any mirror: it names versions and hashes, no host.
pub fn npm(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| file_name(&source.path) == "package-lock.json") {
        for (at, line) in source.text.lines().enumerate().filter(|(_, line)| line.contains("\"resolved\"")) {
            let what = format!("names a host: {}", line.trim());
            findings.push(Finding::new(&source.path, at + 1, what));
        }
    }
    for source in sources.iter().filter(|source| file_name(&source.path) == "package.json") {
        let Ok(package) = serde_json::from_str::<serde_json::Value>(&source.text) else { continue };
        for table in ["dependencies", "devDependencies"] {
            for (name, version) in package.get(table).and_then(|t| t.as_object()).into_iter().flatten() {
                if !version.as_str().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit())) {
                    findings.push(Finding::new(
                        &source.path,
                        0,
                        format!("`{name}` is not pinned to one version"),
                    ));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.what.as_str()).collect()
    }

    #[test]
    fn an_arrow_outward_is_found() {
        let manifest = "[dependencies]\nkith-care.workspace = true\n";
        let findings = arrows(&[Source::new("crates/store/Cargo.toml", manifest)]);
        assert_eq!(whats(&findings), ["`store` must not depend on `kith-care`"]);
        assert!(arrows(&[Source::new("crates/web/Cargo.toml", manifest)]).is_empty());
        let rand = arrows(&[Source::new("crates/domain/Cargo.toml", "[dependencies]\nrand = \"1\"\n")]);
        assert_eq!(rand.len(), 1);
        let test = "[dev-dependencies]\nrand.workspace = true\n";
        assert!(arrows(&[Source::new("crates/domain/Cargo.toml", test)]).is_empty());
        assert_eq!(arrows(&[Source::new("crates/other/Cargo.toml", "")]).len(), 1);
    }

    #[test]
    fn engines_with_different_migrations_are_found() {
        let file = |path: &str| Source::new(&format!("crates/store/migrations/{path}"), "");
        assert!(migrations(&[file("sqlite/0001_a.sql"), file("postgres/0001_a.sql")]).is_empty());
        let one =
            migrations(&[file("sqlite/0001_a.sql"), file("sqlite/0002_b.sql"), file("postgres/0001_a.sql")]);
        assert_eq!(whats(&one), ["0002_b.sql is missing here"]);
        assert_eq!(migrations(&[file("sqlite/0001_a.sql")]).len(), 1);
        let twice = [file("sqlite/0001_a.sql"), file("sqlite/0001_b.sql")];
        assert!(whats(&migrations(&twice)).contains(&"0001_a.sql and 0001_b.sql have the same number"));
    }

    #[test]
    fn a_library_without_a_reason_is_found_and_a_reason_without_a_library() {
        let manifest = Source::new("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\nhex = \"1\"\n");
        let list = Source::new(
            "docs/dependencies.md",
            "# Why\n- serde – reads and writes values (its team)\n- gone – x\n",
        );
        let findings = dependencies(&[manifest, list]);
        assert_eq!(
            whats(&findings),
            ["`hex` has no line of why in docs/dependencies.md", "`gone` is not used any more"]
        );
        let own = dependencies(&[Source::new("crates/web/Cargo.toml", "[dependencies]\nhex = \"1\"\n")]);
        assert_eq!(own.len(), 1);
    }

    #[test]
    fn a_lock_file_with_a_host_and_a_loose_version_are_found() {
        let lock = Source::new("a/package-lock.json", "{\n \"resolved\": \"https://example.org/a.tgz\"\n}");
        let package =
            Source::new("a/package.json", "{\"dependencies\": {\"x\": \"^1.0.0\", \"y\": \"1.0.0\"}}");
        assert_eq!(npm(&[lock, package]).len(), 2);
    }

    #[test]
    fn long_files_and_stray_test_programs_are_found() {
        assert_eq!(length(&[Source::new("a.css", &"x\n".repeat(701))]).len(), 1);
        assert!(length(&[Source::new("a.css", &"x\n".repeat(700))]).is_empty());
        assert_eq!(test_binaries(&[Source::new("crates/web/tests/a.rs", "")]).len(), 1);
        assert!(test_binaries(&[Source::new("crates/web/tests/it/main.rs", "")]).is_empty());
    }
}
