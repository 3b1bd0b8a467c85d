//! Waits on the command line.

use super::compare::{Test, gray, log_rank};
use super::cox::{Fit, Ties, cox};
use super::curve::{Curve, Kind, curve};
use super::ends::{self, ends};
use super::fine_gray::fine_gray;
use super::{Spell, list_command};
use crate::error::InsightError;
use crate::figure::{Answer, Figure};
use crate::linalg::{DMatrix, z_of};
use crate::method::{Method, Options};
use crate::table::Table;

const LEVEL: (&str, &str) = ("level", "level of the interval; 0.95");
const BY: (&str, &str) = ("by", "column of the groups; none, everybody together");
const DAYS: (&str, &str) = ("days", "column of days waited, to the end or until today; days");
const EVENT: (&str, &str) =
    ("event", "column of how it ended: empty, 0, still or censored while it goes on; event");
const ENTRY: (&str, &str) = ("entry", "column of days already waited when it came into view; none");
const AT: (&str, &str) = ("at", "days to tell the share of; 28,84,126,364");
const WAY: (&str, &str) = ("way", "the way of ending to look at, as in the event column; seen");

/// The methods of waits.
pub const METHODS: &[Method] = &[
    Method {
        name: "wait-curve",
        about: "The share still waiting, percentiles and the mean wait within a horizon (Kaplan-Meier)",
        columns: "days, event",
        options: &[
            BY,
            LEVEL,
            DAYS,
            EVENT,
            ENTRY,
            AT,
            ("percentiles", "0.5,0.9,0.92"),
            ("interval", "log-log, log or plain; log-log"),
            ("horizon", "days of the mean wait; 84"),
        ],
        run: still_waiting,
    },
    Method {
        name: "wait-ends",
        about: "The share that has ended in each way by each day (Aalen-Johansen)",
        columns: "days, event",
        options: &[BY, LEVEL, DAYS, EVENT, ENTRY, AT],
        run: ways,
    },
    Method {
        name: "wait-compare",
        about: "Whether groups wait alike: log-rank, Peto, and Gray for each way of ending",
        columns: "days, event, and the column of the option by",
        options: &[BY, DAYS, EVENT, ENTRY],
        run: compare,
    },
    Method {
        name: "wait-cox",
        about: "How waits go with what is known, all else alike (Cox)",
        columns: "days, event, and the columns of the option on",
        options: &[
            LEVEL,
            DAYS,
            EVENT,
            ENTRY,
            (
                "on",
                "columns of the model, with commas; a column of words, or one written factor:NAME, is taken in groups",
            ),
            (
                "reference",
                "the group to compare with in each such column: NAME=GROUP, with commas; the first in order",
            ),
            ("ties", "efron or breslow; efron"),
        ],
        run: model,
    },
    Method {
        name: "wait-fine-gray",
        about: "How the share that ends in one way goes with what is known, others competing (Fine-Gray)",
        columns: "days, event, and the columns of the option on",
        options: &[
            LEVEL,
            DAYS,
            EVENT,
            WAY,
            (
                "on",
                "columns of the model, with commas; a column of words, or one written factor:NAME, is taken in groups",
            ),
            (
                "reference",
                "the group to compare with in each such column: NAME=GROUP, with commas; the first in order",
            ),
        ],
        run: competing,
    },
    list_command::CLOCK,
    list_command::PUBLISHED,
    list_command::LIST,
    list_command::QUEUE,
];

/// Spells of the input with the names of the ways they ended, in order of first coming, and
/// the rows that were left out because their days are not known.
struct Input {
    rows: Vec<usize>,
    spells: Vec<Spell>,
    names: Vec<String>,
    missing: u64,
}

fn read(table: &Table, options: &Options) -> Result<Input, InsightError> {
    let days = table.maybe_numbers(options.text("days").unwrap_or("days"))?;
    let events = table.texts(options.text("event").unwrap_or("event"))?;
    let entries = options.text("entry").map(|column| table.maybe_numbers(column)).transpose()?;
    let mut input = Input { rows: Vec::new(), spells: Vec::new(), names: Vec::new(), missing: 0 };
    for (row, (days, event)) in days.iter().zip(&events).enumerate() {
        let Some(days) = *days else {
            input.missing += 1;
            continue;
        };
        if days < 0.0 {
            return Err(InsightError::numbers(format!(
                "Row {}: nobody waits {days} days. Correct the days.",
                row + 1
            )));
        }
        let end = match event.unwrap_or("still") {
            "0" | "still" | "censored" => 0,
            name => {
                1 + input.names.iter().position(|n| n == name).unwrap_or_else(|| {
                    input.names.push(name.to_owned());
                    input.names.len() - 1
                })
            }
        };
        let entry = entries.as_ref().and_then(|e| e[row]);
        input.rows.push(row);
        input.spells.push(Spell { entry, days, end });
    }
    Ok(input)
}

impl Input {
    /// The spells of each group, with the rows of it that were left out.
    fn groups(
        &self,
        table: &Table,
        by: Option<&str>,
    ) -> Result<Vec<(String, Vec<Spell>, u64)>, InsightError> {
        let groups = table.groups(by)?;
        let of = |(name, rows): (String, Vec<usize>)| {
            let spells: Vec<Spell> = rows
                .iter()
                .filter_map(|row| self.rows.binary_search(row).ok())
                .map(|i| self.spells[i])
                .collect();
            let missing = (rows.len() - spells.len()) as u64;
            (name, spells, missing)
        };
        Ok(groups.into_iter().map(of).collect())
    }
}

fn named(figure: Figure, options: &Options, group: &str, n: usize, missing: u64) -> Figure {
    let figure = figure.n(n as u64).missing(missing);
    match options.text("by") {
        Some(by) => figure.of(by, group),
        None => figure,
    }
}

fn numbers(options: &Options, name: &str, default: &str) -> Result<Vec<f64>, InsightError> {
    let text = options.text(name).unwrap_or(default);
    let read =
        |t: &str| t.trim().parse().map_err(|_| InsightError::option(name, text, "it is numbers with commas"));
    text.split(',').map(read).collect()
}

const KM: &str = "Kaplan and Meier (1958); R survival 3.5-3";

fn still_waiting(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let level = options.level()?;
    let kind = match options.one_of("interval", &["log-log", "log", "plain"])? {
        "log" => Kind::Log,
        "plain" => Kind::Plain,
        _ => Kind::LogLog,
    };
    let (at, percentiles) =
        (numbers(options, "at", "28,84,126,364")?, numbers(options, "percentiles", "0.5,0.9,0.92")?);
    let horizon = options.number("horizon", 84.0)?;
    let input = read(table, options)?;
    let mut answer = Answer::default();
    for (group, spells, missing) in input.groups(table, options.text("by"))? {
        let made = curve(&spells);
        let of = |f: Figure| named(f, options, &group, spells.len(), missing);
        for &day in &at {
            answer.figures.push(of(share(&made, day, level, kind)));
        }
        for &p in &percentiles {
            answer.figures.push(of(percentile(&made, p, level, kind)));
        }
        let (mean, error) = made.mean_within(horizon);
        let z = z_of(level);
        let what = format!("mean wait within {horizon} days");
        let figure = Figure::new("wait-curve", KM, what, mean).unit("days");
        answer.figures.push(of(figure
            .interval(mean - z * error, mean + z * error, level, "normal")
            .more("error", error)));
    }
    answer
        .notes
        .push("Every way of ending counts as an end here. For the share that is seen, use wait-ends.".into());
    Ok(answer)
}

fn share(made: &Curve, day: f64, level: f64, kind: Kind) -> Figure {
    let what = format!("still waiting after {day} days");
    let last = made.points.last().map_or(0.0, |p| p.day);
    let (low, high) = made.interval(day, level, kind);
    let figure = Figure::new("wait-curve", KM, what.clone(), made.share(day)).unit("share");
    match day > last {
        true => Figure::none(
            "wait-curve",
            KM,
            what,
            format!("Nobody has been followed so long; the longest is {last} days."),
        ),
        false => figure
            .interval(low, high, level, kind.name())
            .more("known to wait", made.at_risk(day))
            .more("error", made.error(day)),
    }
}

fn percentile(made: &Curve, p: f64, level: f64, kind: Kind) -> Figure {
    let [value, low, high] = made.percentile(p, level, kind);
    let what = if p == 0.5 {
        "median wait".to_owned()
    } else {
        format!("{}th percentile wait", crate::figure::plain(p * 100.0))
    };
    let figure = Figure::new("wait-curve", KM, what, value.unwrap_or(f64::NAN)).unit("days");
    let figure = figure.interval(low.unwrap_or(f64::NAN), high.unwrap_or(f64::NAN), level, kind.name());
    match value {
        Some(_) => figure,
        None => figure.note("Not reached: too many still wait to know it."),
    }
}

fn ways(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let source = "Aalen and Johansen (1978), Gray (1988); R cmprsk 2.2-11";
    let (level, at) = (options.level()?, numbers(options, "at", "28,84,126,364")?);
    let input = read(table, options)?;
    let mut answer = Answer::default();
    for (group, spells, missing) in input.groups(table, options.text("by"))? {
        for (name, points) in input.names.iter().zip(ends(&spells, input.names.len())) {
            for &day in &at {
                let point = ends::at(&points, day);
                let (share, variance) = point.map_or((0.0, 0.0), |p| (p.share, p.variance));
                let (low, high) = point.map_or((0.0, 0.0), |p| p.interval(level));
                let figure = Figure::new("wait-ends", source, format!("{name} within {day} days"), share)
                    .unit("share");
                let figure =
                    figure.interval(low, high, level, "Gray, log-log").more("error", variance.sqrt());
                answer.figures.push(named(figure, options, &group, spells.len(), missing));
            }
        }
    }
    Ok(answer)
}

fn compare(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = options
        .text("by")
        .ok_or_else(|| InsightError::option("by", "", "it names the column of the groups"))?;
    let input = read(table, options)?;
    let groups = input.groups(table, Some(by))?;
    let spells: Vec<Vec<Spell>> = groups.iter().map(|g| g.1.clone()).collect();
    let n: usize = spells.iter().map(Vec::len).sum();
    let mut answer = Answer::default();
    let mut push = |what: String, source: &'static str, test: Test| {
        let figure = Figure::new("wait-compare", source, what, test.statistic)
            .unit("chi-squared")
            .n(n as u64)
            .missing(input.missing);
        answer
            .figures
            .push(figure.more("degrees of freedom", test.freedom).more("chance if alike", test.chance));
    };
    push("all ends, log-rank".into(), "Mantel (1966)", log_rank(&spells, 0.0)?);
    push("all ends, Peto".into(), "Harrington and Fleming (1982)", log_rank(&spells, 1.0)?);
    if options.text("entry").is_none() && input.names.len() > 1 {
        for (way, name) in input.names.iter().enumerate() {
            push(format!("{name}, Gray"), "Gray (1988)", gray(&spells, way + 1)?);
        }
    }
    answer.notes.push(format!(
        "Groups of {by}: {}.",
        groups.iter().map(|g| format!("{} ({})", g.0, g.1.len())).collect::<Vec<_>>().join(", ")
    ));
    Ok(answer)
}

/// For each row of the input its numbers in a model; nothing where one is not known.
type ModelRows = Vec<Option<Vec<f64>>>;

/// The columns of a model: names and numbers, and the rows in which all are known.
fn columns(table: &Table, options: &Options) -> Result<(Vec<String>, ModelRows), InsightError> {
    let on = options
        .text("on")
        .ok_or_else(|| InsightError::option("on", "", "it names the columns of the model"))?;
    let references: Vec<(&str, &str)> =
        options.text("reference").unwrap_or("").split(',').filter_map(|r| r.split_once('=')).collect();
    let mut names = Vec::new();
    let mut rows: ModelRows = vec![Some(Vec::new()); table.len()];
    for name in on.split(',').map(str::trim) {
        let (name, in_groups) = name.strip_prefix("factor:").map_or((name, false), |n| (n, true));
        let numbers = if in_groups { None } else { table.maybe_numbers(name).ok() };
        if let Some(numbers) = numbers {
            names.push(name.to_owned());
            rows.iter_mut().zip(numbers).for_each(|(row, x)| {
                *row = row.take().zip(x).map(|(mut r, x)| {
                    r.push(x);
                    r
                })
            });
            continue;
        }
        let texts = table.texts(name)?;
        let mut groups: Vec<&str> = texts.iter().flatten().copied().collect();
        groups.sort_unstable();
        groups.dedup();
        if let Some((_, first)) = references.iter().find(|(column, _)| *column == name) {
            let at = groups.iter().position(|g| g == first).ok_or_else(|| {
                InsightError::option("reference", first, format!("{name} is one of {}", groups.join(", ")))
            })?;
            let first = groups.remove(at);
            groups.insert(0, first);
        }
        names.extend(groups.iter().skip(1).map(|g| format!("{name} {g}")));
        rows.iter_mut().zip(&texts).for_each(|(row, text)| {
            let marks =
                |t: &&str| groups.iter().skip(1).map(|g| f64::from(u8::from(g == t))).collect::<Vec<_>>();
            *row = row.take().zip(text.as_ref().map(marks)).map(|(mut r, m)| {
                r.extend(m);
                r
            });
        });
    }
    Ok((names, rows))
}

fn fit(
    table: &Table,
    options: &Options,
    (method, source): (&'static str, &'static str),
    make: impl Fn(&[Spell], &DMatrix<f64>, &Input) -> Result<Fit, InsightError>,
) -> Result<Answer, InsightError> {
    let level = options.level()?;
    let input = read(table, options)?;
    let (names, rows) = columns(table, options)?;
    let known: Vec<usize> = (0..input.rows.len()).filter(|&i| rows[input.rows[i]].is_some()).collect();
    let spells: Vec<Spell> = known.iter().map(|&i| input.spells[i]).collect();
    let matrix = DMatrix::from_fn(known.len(), names.len(), |r, c| {
        rows[input.rows[known[r]]].as_ref().map_or(f64::NAN, |row| row[c])
    });
    let fit = make(&spells, &matrix, &input)?;
    let missing = (table.len() - known.len()) as u64;
    let z = z_of(level);
    let figure = |(c, name): (usize, &String)| {
        let (beta, error) = (fit.beta[c], fit.error(c));
        Figure::new(method, source, name, beta.exp())
            .unit("ratio")
            .interval((beta - z * error).exp(), (beta + z * error).exp(), level, "Wald, log")
            .n(spells.len() as u64)
            .missing(missing)
            .more("logarithm", beta)
            .more("error", error)
    };
    Ok(Answer { figures: names.iter().enumerate().map(figure).collect(), notes: Vec::new() })
}

fn model(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let ties =
        if options.one_of("ties", &["efron", "breslow"])? == "efron" { Ties::Efron } else { Ties::Breslow };
    let of = ("wait-cox", "Cox (1972), Efron (1977); R survival 3.5-3");
    fit(table, options, of, |spells, columns, _| cox(spells, columns, ties))
}

fn competing(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let way = options.text("way").unwrap_or("seen");
    let of = ("wait-fine-gray", "Fine and Gray (1999); R cmprsk 2.2-11");
    fit(table, options, of, |spells, columns, input| {
        let names = || format!("it is one of {}", input.names.join(", "));
        let at = input
            .names
            .iter()
            .position(|n| n == way)
            .ok_or_else(|| InsightError::option("way", way, names()))?;
        fine_gray(spells, columns, at + 1)
    })
}
