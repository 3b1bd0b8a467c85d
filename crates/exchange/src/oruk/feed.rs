//! A whole feed, read: every entry stands once in the report, as one that can be imported
//! or as refused with the reason. And the small file that says whose feed it is.

use super::older;
use super::read::{Around, Imported, Read, Refused, read};
use crate::directory_csv::{Draft, SourceMap};
use kith_domain::directory::Group;
use kith_domain::id::OrganisationId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The file that says whose feed it is and how it is fetched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedMap {
    /// Who publishes it.
    pub source: FeedSource,
    /// How it is fetched.
    pub feed: FeedOptions,
}

/// Who publishes a feed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedSource {
    /// A name for the list, which stays the same.
    pub name: String,
    /// The publisher.
    pub publisher: String,
    /// The licence. Without one the entries are shown and found, and not published again.
    #[serde(default)]
    pub licence: String,
    /// The words that the licence asks for.
    #[serde(default)]
    pub attribution: String,
    /// Where people can read about it.
    #[serde(default)]
    pub url: Option<String>,
}

/// How a feed is fetched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedOptions {
    /// Entries asked for at once.
    pub at_once: usize,
    /// Entries a page is asked to have.
    pub per_page: u32,
    /// Pages after which it stops.
    pub pages_max: u64,
    /// Seconds a request may take.
    pub timeout_seconds: u64,
    /// Tries for each request.
    pub tries: u32,
    /// Where it is fetched from when a server brings it in by itself (`kith serve --feeds`).
    pub from: Option<String>,
    /// Hours between two such times.
    pub every_hours: u32,
}

impl Default for FeedOptions {
    fn default() -> FeedOptions {
        FeedOptions {
            at_once: 4,
            per_page: 50,
            pages_max: 10_000,
            timeout_seconds: 30,
            tries: 4,
            from: None,
            every_hours: 24,
        }
    }
}

impl FeedMap {
    /// Reads the file. Nothing when it is the map of a spreadsheet: it has no `[feed]`.
    ///
    /// # Errors
    /// It is a feed's and cannot be read.
    pub fn parse(text: &str) -> Option<Result<FeedMap, toml::de::Error>> {
        let table: toml::Table = text.parse().ok()?;
        table.contains_key("feed").then(|| toml::from_str(text))
    }

    /// Whose entries they are.
    pub fn source(&self) -> SourceMap {
        let s = self.source.clone();
        SourceMap {
            name: s.name,
            publisher: s.publisher,
            licence: s.licence,
            attribution: s.attribution,
            url: s.url,
            published: None,
        }
    }
}

/// What became of the entries of a feed.
#[derive(Clone, Debug, Default)]
pub struct FeedReport {
    /// The name of the list.
    pub source: String,
    /// What was noticed about the feed as a whole.
    pub notes: Vec<String>,
    /// Entries that can be imported.
    pub read: Vec<Read>,
    /// Entries that cannot.
    pub refused: Vec<Refused>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FeedCounts {
    /// Entries in all.
    pub entries: usize,
    /// Services that can be imported.
    pub services: usize,
    /// Groups that can be imported.
    pub groups: usize,
    /// Refused.
    pub refused: usize,
    /// Imported with remarks.
    pub with_remarks: usize,
}

/// A group ready to be imported, before its organisation is known here.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupDraft {
    /// Its number in the feed.
    pub row: u32,
    /// The organisation, by name.
    pub organisation: String,
    group: Group,
}

impl GroupDraft {
    /// The group as it would be.
    pub fn preview(&self) -> &Group {
        &self.group
    }
    /// The group of an organisation.
    pub fn into_group(self, organisation: OrganisationId) -> Group {
        Group { organisation, ..self.group }
    }
}

/// Reads every entry, of whatever shape.
pub fn read_all(entries: &[Value], around: &Around<'_>) -> FeedReport {
    let mut report = FeedReport { source: around.source.name.clone(), ..FeedReport::default() };
    if around.source.licence.trim().is_empty() {
        report.notes.push(
            "No licence is declared. The entries can be found here and are not published again: write the licence into the map when the publisher has said it."
                .to_owned(),
        );
    }
    let mut there: BTreeSet<String> = BTreeSet::new();
    for entry in entries {
        match read(&older::to_v3(entry, around.today), around) {
            Ok(read) if there.insert(read.identifier.clone()) => report.read.push(read),
            Ok(read) => report.refused.push(Refused {
                name: Some(read.what.name().to_owned()),
                why: "Its identifier comes twice.".to_owned(),
                what_to_do: "The first one is taken. Ask the publisher which is right.".to_owned(),
                identifier: Some(read.identifier),
            }),
            Err(refused) => report.refused.push(refused),
        }
    }
    report
}

impl FeedReport {
    /// How many of each.
    pub fn counts(&self) -> FeedCounts {
        let groups = self.read.iter().filter(|r| matches!(r.what, Imported::Group(..))).count();
        FeedCounts {
            entries: self.read.len() + self.refused.len(),
            services: self.read.len() - groups,
            groups,
            refused: self.refused.len(),
            with_remarks: self.read.iter().filter(|r| !r.remarks.is_empty()).count(),
        }
    }

    /// The entries that can be imported, to keep.
    pub fn drafts(&self) -> (Vec<Draft>, Vec<GroupDraft>) {
        let (mut services, mut groups) = (Vec::new(), Vec::new());
        for (read, row) in self.read.iter().zip(1_u32..) {
            let organisation = read.organisation.clone();
            match &read.what {
                Imported::Service(s) => {
                    services.push(Draft::new(row, organisation, read.identifier.clone(), s.as_ref().clone()));
                }
                Imported::Group(g, _) => {
                    groups.push(GroupDraft { row, organisation, group: g.as_ref().clone() });
                }
            }
        }
        (services, groups)
    }

    /// The report in plain text: counts, refusals with what to do, then remarks, alike ones
    /// together.
    pub fn text(&self) -> String {
        let c = self.counts();
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{}: {} entries. {} services and {} groups can be imported, {} are refused.",
            self.source, c.entries, c.services, c.groups, c.refused
        );
        for note in &self.notes {
            let _ = writeln!(out, "  {note}");
        }
        for r in &self.refused {
            let which = r.name.clone().or_else(|| r.identifier.clone());
            let which = which.unwrap_or_else(|| "An entry without a name".to_owned());
            let _ = writeln!(out, "{which}: refused. {} {}", r.why, r.what_to_do);
        }
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        for remark in self.read.iter().flat_map(|r| &r.remarks) {
            *alike.entry(format!("{}: {}", remark.field, remark.words)).or_default() += 1;
        }
        for (words, n) in alike {
            let _ = writeln!(out, "{n} {}: {words}", if n == 1 { "entry" } else { "entries" });
        }
        out
    }

    /// The report as JSON.
    pub fn json(&self) -> Value {
        let read: Vec<Value> = self
            .read
            .iter()
            .map(|r| {
                serde_json::json!({
                    "identifier": r.identifier,
                    "name": r.what.name(),
                    "organisation": r.organisation,
                    "remarks": r.remarks,
                })
            })
            .collect();
        serde_json::json!({
            "source": self.source,
            "notes": self.notes,
            "counts": self.counts(),
            "entries": read,
            "refused": self.refused,
        })
    }
}
