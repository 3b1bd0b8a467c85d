//! The report: what became of every row, for people and for programs.

use super::draft::Draft;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The name of the file in the map.
    pub source: String,
    /// What was noticed about the file as a whole.
    pub notes: Vec<String>,
    /// Every row after the heading, once, in order.
    pub rows: Vec<RowReport>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowReport {
    /// The row, as a spreadsheet counts: the heading is row 1.
    pub row: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// Values that were left out or changed.
    pub remarks: Vec<Remark>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It can be imported.
    Imported(Box<Draft>),
    /// It belongs to the entry of another row, and was put together with it.
    Joined {
        /// That row.
        into: u32,
    },
    /// The map says to leave it out, or it is empty.
    LeftOut {
        /// Why.
        why: String,
    },
    /// It cannot be imported. Every reason.
    Refused(Vec<RowRefusal>),
}

/// Why a row is refused, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowRefusal {
    /// The row.
    pub row: u32,
    /// The column, where one is to blame.
    pub column: Option<String>,
    /// Why.
    pub why: String,
    /// What to do.
    pub what_to_do: String,
}

/// A value that was left out or changed, in a row that can be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The column, where one is to blame.
    pub column: Option<String>,
    /// What was noticed and what became of it.
    pub words: String,
}

/// How many of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Rows after the heading.
    pub rows: usize,
    /// Entries that can be imported.
    pub imported: usize,
    /// Rows that belong to another row's entry.
    pub joined: usize,
    /// Rows left out by the map, or empty.
    pub left_out: usize,
    /// Rows refused.
    pub refused: usize,
    /// Rows that can be imported but of which something is remarked.
    pub with_remarks: usize,
}

impl Report {
    /// How many of each.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { rows: self.rows.len(), ..Counts::default() };
        for row in &self.rows {
            match &row.outcome {
                Outcome::Imported(_) => counts.imported += 1,
                Outcome::Joined { .. } => counts.joined += 1,
                Outcome::LeftOut { .. } => counts.left_out += 1,
                Outcome::Refused(_) => counts.refused += 1,
            }
            counts.with_remarks += usize::from(!row.remarks.is_empty());
        }
        counts
    }

    /// The entries that can be imported.
    pub fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Imported(draft) => Some(draft.as_ref()),
            _ => None,
        })
    }

    /// The entries that can be imported, to keep.
    pub fn into_drafts(self) -> impl Iterator<Item = Draft> {
        self.rows.into_iter().filter_map(|row| match row.outcome {
            Outcome::Imported(draft) => Some(*draft),
            _ => None,
        })
    }

    /// Every refusal, in order.
    pub fn refusals(&self) -> impl Iterator<Item = &RowRefusal> {
        self.rows.iter().flat_map(|row| match &row.outcome {
            Outcome::Refused(why) => why.as_slice(),
            _ => &[],
        })
    }

    /// The report in plain text: counts, then each refused row with what to do, then
    /// remarks, alike ones together.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let c = self.counts();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}: {} rows. {} can be imported.", self.source, c.rows, c.imported);
        for (n, words) in [
            (c.joined, "Part of another row's entry"),
            (c.left_out, "Left out by the map, or empty"),
            (c.refused, "Refused"),
        ] {
            if n > 0 {
                let _ = writeln!(out, "  {words}: {n}.");
            }
        }
        self.notes.iter().for_each(|note| {
            let _ = writeln!(out, "  {note}");
        });
        for refusal in self.refusals() {
            let column = refusal.column.as_ref().map_or(String::new(), |c| format!(", column \"{c}\""));
            let _ =
                writeln!(out, "Row {}{column}: refused. {} {}", refusal.row, refusal.why, refusal.what_to_do);
        }
        for (words, rows) in self.grouped(|row| match &row.outcome {
            Outcome::LeftOut { why } => vec![format!("Left out. {why}")],
            _ => Vec::new(),
        }) {
            let _ = writeln!(out, "{}: {words}", row_list(&rows));
        }
        for (words, rows) in self.grouped(|row| {
            row.remarks
                .iter()
                .map(|r| {
                    r.column.as_ref().map_or(r.words.clone(), |c| format!("column \"{c}\": {}", r.words))
                })
                .collect()
        }) {
            let _ = writeln!(out, "{}: {words}", row_list(&rows));
        }
        out
    }

    fn grouped(&self, words: impl Fn(&RowReport) -> Vec<String>) -> Vec<(String, Vec<u32>)> {
        let mut groups: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for row in &self.rows {
            for line in words(row) {
                groups.entry(line).or_default().push(row.row);
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, rows)| rows[0]);
        groups
    }

    /// The report as JSON, with every entry in full.
    pub fn json(&self) -> serde_json::Value {
        let rows: Vec<serde_json::Value> = self.rows.iter().map(row_json).collect();
        serde_json::json!({ "source": self.source, "notes": self.notes, "counts": self.counts(), "rows": rows })
    }
}

fn row_json(row: &RowReport) -> serde_json::Value {
    let mut value = match &row.outcome {
        Outcome::Imported(draft) => serde_json::json!({ "outcome": "imported", "entry": draft.json() }),
        Outcome::Joined { into } => serde_json::json!({ "outcome": "joined", "into": into }),
        Outcome::LeftOut { why } => serde_json::json!({ "outcome": "left_out", "why": why }),
        Outcome::Refused(why) => serde_json::json!({ "outcome": "refused", "why": why }),
    };
    value["row"] = row.row.into();
    if !row.remarks.is_empty() {
        value["remarks"] = serde_json::json!(row.remarks);
    }
    value
}

/// `Row 3`, `Rows 3, 4, 9`, `Rows 3, 4, 9 and 112 more`.
fn row_list(rows: &[u32]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = rows.iter().take(SHOWN).map(u32::to_string).collect();
    let more = rows.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("Row{} {}{more}", if rows.len() == 1 { "" } else { "s" }, shown.join(", "))
}
