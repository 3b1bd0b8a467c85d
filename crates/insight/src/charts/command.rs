//! Control charts and funnels on the command line.

use super::funnel::{self, Compat, Kind, Place};
use super::rare::{days_between, occasions_between};
use super::xmr::{Better, Chart, Settings, chart};
use crate::error::InsightError;
use crate::figure::{Answer, Figure};
use crate::method::{Method, Options};
use crate::table::Table;

const BY: (&str, &str) = ("by", "column of the series; none, one series");
const BETTER: (&str, &str) = ("better", "higher, lower or neither; neither");
const MDC: &str = "NHS England, Making Data Count; NHSRplotthedots 0.2 (NHS-R, MIT)";

/// The methods of charts.
pub const METHODS: &[Method] = &[
    Method {
        name: "xmr",
        about: "Control chart with the rules and icons of Making Data Count",
        columns: "value, in order of time or with a column when (days or numbers); one row each time",
        options: &[
            BY,
            BETTER,
            ("target", "the target; none"),
            ("rebase", "values of the column when at which something known changed, with commas; none"),
            ("fix", "limits from the first so many points of each phase (at least 12); all"),
            ("screen", "yes or no: leave out moving ranges beyond their limit once; yes"),
        ],
        run: xmr,
    },
    Method {
        name: "t-chart",
        about: "Control chart of days between rare events",
        columns: "value (days between), or day (of each event, in any order)",
        options: &[BY, ("better", "higher (events nobody wants), lower or neither; higher")],
        run: t_chart,
    },
    Method {
        name: "g-chart",
        about: "Control chart of occasions between rare events",
        columns: "value (occasions between events)",
        options: &[BY, ("better", "higher (events nobody wants), lower or neither; higher")],
        run: g_chart,
    },
    Method {
        name: "funnel",
        about: "Which places differ from the whole by more than size, or places usually, explain",
        columns: "group, count, and of (shares), expected (ratios) or other (one count over another)",
        options: &[
            ("by", "column of the places; group"),
            ("kind", "share, ratio-log (SHMI), ratio-root (CQC) or counts; share"),
            ("adjust", "yes or no: limits with the variance between places where there is any; yes"),
            ("trim", "the share at each end that is tamed before the dispersion is estimated; 0.1"),
            ("compat", "funnelplotr answers as FunnelPlotR 9020d49 does"),
        ],
        run: run_funnel,
    },
];

fn better(options: &Options, order: &[&'static str]) -> Result<Better, InsightError> {
    Ok(match options.one_of("better", order)? {
        "higher" => Better::Higher,
        "lower" => Better::Lower,
        _ => Better::Neither,
    })
}

/// The rows of each series in order of time, and how many have no value.
type Series = (String, Vec<(String, f64)>, u64);

fn series(table: &Table, options: &Options) -> Result<Vec<Series>, InsightError> {
    let values = table.maybe_numbers("value")?;
    let when = if table.has("when") { Some(table.texts("when")?) } else { None };
    let mut all = Vec::new();
    for (name, mut rows) in table.groups(options.text("by"))? {
        if let Some(when) = &when {
            rows.sort_by(|&a, &b| {
                moment(when[a]).partial_cmp(&moment(when[b])).unwrap_or(std::cmp::Ordering::Equal)
            });
        }
        let label =
            |row: usize| when.as_ref().and_then(|w| w[row]).map_or((row + 1).to_string(), str::to_owned);
        let known: Vec<(String, f64)> =
            rows.iter().filter_map(|&row| values[row].map(|v| (label(row), v))).collect();
        let missing = (rows.len() - known.len()) as u64;
        all.push((name, known, missing));
    }
    Ok(all)
}

/// Numbers in their order, days and other words in theirs.
fn moment(text: Option<&str>) -> (f64, &str) {
    let text = text.unwrap_or("");
    (text.parse().unwrap_or(f64::INFINITY), text)
}

fn answer(
    method: &'static str,
    source: &'static str,
    options: &Options,
    series: Vec<Series>,
    make: impl Fn(&[(String, f64)]) -> Result<Chart, InsightError>,
) -> Result<Answer, InsightError> {
    let mut answer = Answer::default();
    for (name, points, missing) in series {
        let made = make(&points)?;
        let of = |f: Figure| options.text("by").map_or(f.clone(), |by| f.of(by, name.clone()));
        for ((label, _), point) in points.iter().zip(&made.points) {
            let (low, high) = point.limits.unwrap_or((f64::NAN, f64::NAN));
            let figure = Figure::new(method, source, "point", point.value).of("when", label.clone());
            let figure = figure.of("seen as", point.cause.words());
            let figure = figure.more("centre", point.mean).more("lower limit", low).more("upper limit", high);
            answer.figures.push(of(figure));
        }
        let label = if name.is_empty() { String::new() } else { format!("{name}: ") };
        answer.notes.push(format!("{label}{}.", made.variation.words()));
        answer.notes.extend(made.assurance.map(|a| format!("{label}{}.", a.words())));
        answer.notes.extend(made.notes.iter().map(|n| format!("{label}{n}")));
        if missing > 0 {
            answer.notes.push(format!(
                "{label}{missing} points have no value and are left out: runs go on across the gap."
            ));
        }
    }
    Ok(answer)
}

fn xmr(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let settings = Settings {
        better: better(options, &["neither", "higher", "lower"])?,
        target: options.maybe_number("target")?,
        rebase: Vec::new(),
        fix_after: options.maybe_number("fix")?.map(|n| n as usize),
        screen: options.one_of("screen", &["yes", "no"])? == "yes",
    };
    let rebase: Vec<&str> =
        options.text("rebase").map(|t| t.split(',').map(str::trim).collect()).unwrap_or_default();
    answer("xmr", MDC, options, series(table, options)?, |points| {
        let at = |when: &&str| {
            let found = points.iter().position(|(label, _)| label == when);
            found.ok_or_else(|| {
                InsightError::option("rebase", when, "it is one of the values of the column when")
            })
        };
        let rebase = rebase.iter().map(at).collect::<Result<Vec<usize>, _>>()?;
        let values: Vec<f64> = points.iter().map(|p| p.1).collect();
        chart(&values, &Settings { rebase, ..settings.clone() })
    })
}

fn t_chart(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let better = better(options, &["higher", "lower", "neither"])?;
    let source = "Nelson (1994)";
    let all = if table.has("day") { between(table, options)? } else { series(table, options)? };
    answer("t-chart", source, options, all, |points| {
        days_between(&points.iter().map(|p| p.1).collect::<Vec<f64>>(), better)
    })
}

/// Days between the events of each series.
fn between(table: &Table, options: &Options) -> Result<Vec<Series>, InsightError> {
    let days = table.maybe_days("day")?;
    let mut all = Vec::new();
    for (name, rows) in table.groups(options.text("by"))? {
        let mut known: Vec<jiff::civil::Date> = rows.iter().filter_map(|&row| days[row]).collect();
        known.sort();
        let gap =
            |w: &[jiff::civil::Date]| (w[1].to_string(), w[0].duration_until(w[1]).as_hours() as f64 / 24.0);
        let missing = (rows.len() - known.len()) as u64;
        all.push((name, known.windows(2).map(gap).collect(), missing));
    }
    Ok(all)
}

fn g_chart(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let better = better(options, &["higher", "lower", "neither"])?;
    let source = "Benneyan (2001); Provost and Murray (2011)";
    answer("g-chart", source, options, series(table, options)?, |points| {
        occasions_between(&points.iter().map(|p| p.1).collect::<Vec<f64>>(), better)
    })
}

fn run_funnel(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let source = "Spiegelhalter (2005); FunnelPlotR 0.5 (NHS-R, MIT)";
    let (kind, column) = match options.one_of("kind", &["share", "ratio-log", "ratio-root", "counts"])? {
        "ratio-log" => (Kind::RatioLog, "expected"),
        "ratio-root" => (Kind::RatioRoot, "expected"),
        "counts" => (Kind::Counts, "other"),
        _ => (Kind::Share, "of"),
    };
    let compat = match options.text("compat") {
        None => Compat::No,
        Some(_) => options.one_of("compat", &["funnelplotr"]).map(|_| Compat::FunnelPlotR)?,
    };
    let (x, n) = (table.maybe_numbers("count")?, table.maybe_numbers(column)?);
    let mut places = Vec::new();
    let mut missing = 0;
    for (name, rows) in table.groups(Some(options.text("by").unwrap_or("group")))? {
        let known: Vec<(f64, f64)> = rows.iter().filter_map(|&row| x[row].zip(n[row])).collect();
        missing += (rows.len() - known.len()) as u64;
        if !known.is_empty() {
            let sum = known.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
            places.push(Place { name, x: sum.0, n: sum.1 });
        }
    }
    let adjust = options.one_of("adjust", &["yes", "no"])? == "yes";
    let made = funnel::funnel(&places, kind, options.number("trim", 0.1)?, adjust, compat)?;
    let figure =
        |s: &funnel::Standing| {
            let limits = if made.adjusted { s.dispersed } else { s.chance };
            let figure = Figure::new("funnel", source, "value", s.value)
                .of("group", s.place.name.clone())
                .n(s.place.n.round() as u64);
            let figure = figure
                .more("lower 95 %", limits.usual.0)
                .more("upper 95 %", limits.usual.1)
                .more("lower 99.8 %", limits.far.0)
                .more("upper 99.8 %", limits.far.1);
            if s.outside { figure.note("Outside the funnel (99.8 %).") } else { figure }
        };
    let mut notes = vec![format!("Centre {}.", crate::figure::plain(made.centre))];
    notes.push(match made.adjusted {
        true => format!(
            "Places differ more than chance (dispersion {}): the limits allow for it.",
            crate::figure::plain((made.dispersion.phi * 100.0).round() / 100.0)
        ),
        false => "Limits by chance alone.".into(),
    });
    if missing > 0 {
        notes.push(format!("{missing} rows are not known and left out."));
    }
    Ok(Answer { figures: made.places.iter().map(figure).collect(), notes })
}
