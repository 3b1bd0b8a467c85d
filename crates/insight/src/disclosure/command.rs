//! The gate on the command line: `gate` passes a table through it, `gate-audit` attacks a
//! table that somebody else has suppressed.

use super::additive::{Additive, grid};
use super::policy::{Attacker, Policy, Zeros};
use super::{Shown, audit};
use crate::error::InsightError;
use crate::figure::{Answer, Figure};
use crate::method::{Method, Options};
use crate::table::Table;

const SOURCE: &str = "MHSDS suppression rules (NHS England, MIT); Kelly, Golden and Assad (1992); Fischetti and Salazar-González (2000)";

const OPTIONS: &[(&str, &str)] = &[
    ("row", "column of the rows' names; row"),
    ("column", "column of the columns' names; none, for a one-way table"),
    ("count", "column of the counts; count"),
    ("policy", "mhsds (under 5 hidden, rounded to 5), ten (under 10 hidden), or local; mhsds"),
    ("least", "with local: the smallest count shown; 5"),
    ("round", "with local: counts are rounded to this; 5"),
    ("zeros", "hidden or shown; hidden"),
    ("attacker", "rounded (sees what is shown) or exact (knows the shown counts); the policy's own"),
];

/// The methods of the gate.
pub const METHODS: &[Method] = &[
    Method {
        name: "gate",
        about: "Hides and rounds a table of counts of people so that nobody can be worked out",
        columns: "row, count, and column for a two-way table; totals are worked out",
        options: OPTIONS,
        run: gate,
    },
    Method {
        name: "gate-audit",
        about: "Attacks a table with suppressed cells by linear programs and tells what leaks",
        columns: "row, count (the true counts), hidden (yes or no), and column for a two-way table",
        options: OPTIONS,
        run: attack,
    },
];

/// The policy that the options name.
///
/// # Errors
/// An option is not one of its words, or a number is out of range.
pub fn policy(options: &Options) -> Result<Policy, InsightError> {
    let mut policy = match options.one_of("policy", &["mhsds", "ten", "local"])? {
        "ten" => Policy::ten(),
        "local" => Policy::local(options.count("least", 5)? as u64, options.count("round", 5)? as u64),
        _ => Policy::mhsds(),
    };
    if policy.least < 3 {
        return Err(InsightError::option("least", policy.least, "it is at least 3"));
    }
    if options.text("zeros").is_some() {
        let shown = options.one_of("zeros", &["hidden", "shown"])? == "shown";
        policy.zeros = if shown { Zeros::Shown } else { Zeros::Hidden };
    }
    if options.text("attacker").is_some() {
        let exact = options.one_of("attacker", &["rounded", "exact"])? == "exact";
        policy.attacker = if exact { Attacker::KnowsExact } else { Attacker::SeesRounded };
    }
    Ok(policy)
}

/// A table of the input: names of rows and columns, counts, and whether each is hidden.
struct Input {
    rows: Vec<String>,
    columns: Vec<String>,
    counts: Vec<Vec<u64>>,
    hidden: Vec<Vec<bool>>,
    two_way: bool,
}

fn read(table: &Table, options: &Options) -> Result<Input, InsightError> {
    let row = options.text("row").unwrap_or("row");
    let column = options.text("column").or(table.has("column").then_some("column"));
    let counts = table.numbers(options.text("count").unwrap_or("count"))?;
    if let Some(bad) = counts.iter().find(|n| **n < 0.0 || n.fract() != 0.0) {
        return Err(InsightError::numbers(format!("A count of people cannot be {bad}. Give whole numbers.")));
    }
    let marked = if table.has("hidden") { table.texts("hidden")? } else { vec![None; table.len()] };
    let rows = table.groups(Some(row))?;
    let columns = table.groups(column)?;
    let mut input = Input {
        counts: vec![vec![0; columns.len()]; rows.len()],
        hidden: vec![vec![false; columns.len()]; rows.len()],
        rows: rows.iter().map(|(name, _)| name.clone()).collect(),
        columns: columns.iter().map(|(name, _)| name.clone()).collect(),
        two_way: column.is_some(),
    };
    for (r, (_, of_row)) in rows.iter().enumerate() {
        for (c, (_, of_column)) in columns.iter().enumerate() {
            for &i in of_row.iter().filter(|i| of_column.binary_search(i).is_ok()) {
                input.counts[r][c] += counts[i] as u64;
                input.hidden[r][c] |=
                    marked[i].is_some_and(|text| matches!(text, "yes" | "true" | "1" | "*"));
            }
        }
    }
    Ok(input)
}

impl Input {
    /// The cells with the margins that the command shows.
    fn table(&self) -> Additive {
        if self.two_way {
            return grid(&self.counts);
        }
        let mut table = Additive::new();
        let cells = self.counts.iter().map(|row| table.cell(row[0])).collect();
        table.total(cells);
        table
    }

    /// The name of a cell of [`Input::table`].
    fn name(&self, cell: usize) -> Vec<(String, String)> {
        let (rows, columns) = (self.rows.len(), self.columns.len());
        let named =
            |r: &str, c: &str| vec![("row".to_owned(), r.to_owned()), ("column".to_owned(), c.to_owned())];
        if !self.two_way {
            let row = self.rows.get(cell).map_or("all", String::as_str);
            return vec![("row".to_owned(), row.to_owned())];
        }
        match cell {
            c if c < rows * columns => named(&self.rows[c / columns], &self.columns[c % columns]),
            c if c < rows * columns + rows => named(&self.rows[c - rows * columns], "all"),
            c if c < rows * columns + rows + columns => {
                named("all", &self.columns[c - rows * columns - rows])
            }
            _ => named("all", "all"),
        }
    }
}

fn gate(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let policy = policy(options)?;
    let input = read(table, options)?;
    let shown = input.table().gate(&policy);
    let figure = |(cell, shown): (usize, &Shown)| {
        let mut figure = match shown.number() {
            Some(n) => Figure::new("gate", SOURCE, "people", n as f64),
            None => Figure::none(
                "gate",
                SOURCE,
                "people",
                "Too few to show, or hidden so that another cannot be worked out.",
            ),
        };
        figure.of = input.name(cell);
        figure
    };
    let notes = vec![policy.words(), policy.proof()];
    Ok(Answer { figures: shown.iter().enumerate().map(figure).collect(), notes })
}

impl Policy {
    /// What the audit proves, in a sentence.
    pub fn proof(&self) -> String {
        let who = match self.attacker {
            Attacker::SeesRounded => "Someone who sees these numbers",
            Attacker::KnowsExact => "Even someone who knows every shown number exactly",
        };
        format!(
            "{who} cannot narrow a hidden one below {} whole numbers (audited by linear programs).",
            self.least + 1
        )
    }
}

fn attack(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    if !table.has("hidden") {
        return Err(InsightError::NoColumn { column: "hidden".into(), has: table.heading().join(", ") });
    }
    let policy = policy(options)?;
    let input = read(table, options)?;
    let cells = input.table();
    let mut hidden: Vec<bool> = input.hidden.iter().flatten().copied().collect();
    hidden.resize(cells.values().len(), false);
    let mut answer = Answer::default();
    for cell in (0..hidden.len()).filter(|&cell| hidden[cell]) {
        let (low, high) = audit::interval(&cells, &hidden, &policy, cell);
        let width = (high + 1e-6).floor() - (low - 1e-6).ceil();
        let mut figure = Figure::new("gate-audit", SOURCE, "hidden count can be narrowed to", width + 1.0)
            .unit("whole numbers")
            .more("least", low)
            .more("most", high);
        figure.of = input.name(cell);
        if width < policy.least as f64 {
            figure = figure.note("This leaks.");
        }
        answer.figures.push(figure);
    }
    if answer.figures.iter().all(|f| f.notes.is_empty()) {
        answer.notes.push("Nothing leaks.".into());
    }
    Ok(answer)
}
