//! The licence of every library, against the list in `deny.toml`.

use super::Finding;
use crate::run;
use serde::Deserialize;

const LIST: &str = "deny.toml";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// Libraries whose licence is not on the list, or that come from elsewhere than the registry.
pub fn check() -> Result<Vec<Finding>, String> {
    let list = std::fs::read_to_string(crate::repo::root().join(LIST))
        .map_err(|cause| format!("{LIST}: {cause}"))?;
    let allowed = allowed(&list).ok_or_else(|| format!("{LIST}: licenses.allow is missing"))?;
    let text = run::capture(run::cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Metadata =
        serde_json::from_str(&text).map_err(|cause| format!("cargo metadata: {cause}"))?;
    Ok(metadata.packages.iter().filter_map(|package| problem(package, &allowed)).collect())
}

fn problem(package: &Package, allowed: &[String]) -> Option<Finding> {
    let name = format!("{} {}", package.name, package.version);
    match &package.source {
        // Ours.
        None => return None,
        Some(source) if !source.starts_with("registry+") => {
            return Some(Finding::new(LIST, 0, format!("{name} comes from {source}, not from the registry")));
        }
        Some(_) => {}
    }
    let licence = package.license.clone().unwrap_or_default();
    let fits = permits(&licence, allowed);
    (!fits).then(|| Finding::new(LIST, 0, format!("{name} has the licence \"{licence}\"")))
}

fn allowed(list: &str) -> Option<Vec<String>> {
    let table: toml::Table = list.parse().ok()?;
    let names = table.get("licenses")?.get("allow")?.as_array()?;
    Some(names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

/// Whether an SPDX expression can be met with the allowed licences: any side of OR, every side of AND.
fn permits(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Expression { words: &words, at: 0, allowed };
    let fits = reader.any();
    fits && reader.at == words.len()
}

struct Expression<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a [String],
}

impl Expression<'_> {
    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> bool {
        let mut fits = self.all();
        while self.take("OR") {
            fits |= self.all();
        }
        fits
    }

    fn all(&mut self) -> bool {
        let mut fits = self.one();
        while self.take("AND") {
            fits &= self.one();
        }
        fits
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let fits = self.any();
            return self.take(")") && fits;
        }
        let Some(name) = self.words.get(self.at) else { return false };
        self.at += 1;
        let mut name = (*name).to_owned();
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.words.get(self.at).copied().unwrap_or_default());
            self.at += 1;
        }
        self.allowed.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_or_not() {
        let allowed: Vec<String> =
            ["MIT", "BSD-3-Clause", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).to_vec();
        let fits = |expression: &str| permits(expression, &allowed);
        assert!(fits("MIT"));
        assert!(fits("MIT/Apache-2.0"));
        assert!(fits("GPL-3.0 OR MIT"));
        assert!(fits("(GPL-3.0 OR MIT) AND BSD-3-Clause"));
        assert!(fits("Apache-2.0 WITH LLVM-exception"));
        assert!(!fits("GPL-3.0"));
        assert!(!fits("MIT AND GPL-3.0"));
        assert!(!fits("Apache-2.0 WITH other-exception"));
        assert!(!fits(""));
        assert!(!fits("MIT)"));
    }

    #[test]
    fn a_library_from_elsewhere_is_found() {
        let package = |source: Option<&str>| Package {
            name: "x".into(),
            version: "1.0.0".into(),
            license: Some("MIT".into()),
            source: source.map(str::to_owned),
        };
        let allowed = vec!["MIT".to_owned()];
        assert!(problem(&package(None), &allowed).is_none());
        assert!(problem(&package(Some("registry+somewhere")), &allowed).is_none());
        assert!(problem(&package(Some("git+somewhere")), &allowed).is_some());
    }
}
