//! Rates and inequality on the command line.

use super::compare::Two;
use super::interval::{Estimate, mean, rate, wilson};
use super::quantile::quantiles;
use super::slope::{Group, Scale, slope};
use super::standard::{Band, DIRECT_LEAST, ESP2013, direct, direct_repeats, expected, ratio};
use crate::error::InsightError;
use crate::figure::{Answer, Figure};
use crate::method::{Method, Options};
use crate::table::Table;

const PHE: &str = "PHEindicatormethods 2.0 (UKHSA)";
const LEVEL: (&str, &str) = ("level", "level of the interval; 0.95");
const BY: (&str, &str) = ("by", "column of the groups; group");
const TIMES: (&str, &str) = ("times", "values are per this many; 100,000");

/// The methods of rates and inequality.
pub const METHODS: &[Method] = &[
    Method {
        name: "share",
        about: "Shares with Wilson's interval",
        columns: "group, count, of",
        options: &[BY, LEVEL],
        run: share,
    },
    Method {
        name: "rate",
        about: "Crude rates with exact (under 10 events) or Byar's interval",
        columns: "group, count, population",
        options: &[BY, LEVEL, TIMES],
        run: crude,
    },
    Method {
        name: "mean",
        about: "Means with the interval of Student's t",
        columns: "group, value (one row for each)",
        options: &[BY, LEVEL],
        run: means,
    },
    Method {
        name: "dsr",
        about: "Directly standardised rates with Dobson's interval, also for repeated events",
        columns: "group, count, population, weight (without it the 19 bands of the European Standard Population of 2013); for repeats: times (how often these people had it) with count as people",
        options: &[BY, LEVEL, TIMES],
        run: standardised,
    },
    Method {
        name: "isr",
        about: "Indirectly standardised ratios and rates against a reference",
        columns: "group, count, population, reference_count, reference_population",
        options: &[BY, LEVEL, TIMES],
        run: indirect,
    },
    Method {
        name: "quantile",
        about: "Ranks values into deciles or other quantiles",
        columns: "group, value",
        options: &[
            BY,
            ("quantiles", "how many; 10"),
            ("first", "which end is quantile 1: highest or lowest; highest"),
        ],
        run: ranked,
    },
    Method {
        name: "sii",
        about: "Slope and relative index of inequality",
        columns: "quantile, population, value, and low and high (95 %) or error; group for several lines",
        options: &[
            BY,
            LEVEL,
            ("scale", "plain (means), log (rates) or logit (shares); plain"),
            ("fit", "values or scale: where the line is straight; values"),
            ("times", "multiplies the slope; negative reads it from the other end; 1"),
        ],
        run: inequality,
    },
    Method {
        name: "gap",
        about: "How far groups are from a reference group: differences and ratios of shares",
        columns: "group, count, of",
        options: &[BY, LEVEL, ("reference", "the group to compare with; everybody else together")],
        run: gap,
    },
    Method {
        name: "rate-gap",
        about: "How far groups are from a reference group: differences and ratios of rates",
        columns: "group, count, population",
        options: &[BY, LEVEL, TIMES, ("reference", "the group to compare with; everybody else together")],
        run: rate_gap,
    },
];

fn by(table: &Table, options: &Options) -> Result<Vec<(String, Vec<usize>)>, InsightError> {
    match options.text("by") {
        Some(column) => table.groups(Some(column)),
        None => table.groups(table.has("group").then_some("group")),
    }
}

/// The sums of columns over a group's rows, leaving out rows in which one is not known.
fn sums<const N: usize>(columns: &[Vec<Option<f64>>; N], rows: &[usize]) -> ([f64; N], u64) {
    let (mut sums, mut missing) = ([0.0; N], 0);
    for &row in rows {
        let values = std::array::from_fn::<Option<f64>, N, _>(|c| columns[c][row]);
        if values.iter().any(Option::is_none) {
            missing += 1;
            continue;
        }
        (0..N).for_each(|c| sums[c] += values[c].unwrap_or_default());
    }
    (sums, missing)
}

fn figure(method: &'static str, source: &'static str, what: &str, e: Estimate, level: f64) -> Figure {
    Figure::new(method, source, what, e.value).interval(e.low, e.high, level, e.method)
}

/// A figure for each group from the sums of two columns.
fn each_group(
    table: &Table,
    options: &Options,
    columns: [&str; 2],
    (method, source): (&'static str, &'static str),
    make: impl Fn(f64, f64) -> Result<Figure, InsightError>,
) -> Result<Answer, InsightError> {
    let columns = [table.maybe_numbers(columns[0])?, table.maybe_numbers(columns[1])?];
    let mut answer = Answer::default();
    for (name, rows) in by(table, options)? {
        let ([x, n], missing) = sums(&columns, &rows);
        let figure = match missing as usize == rows.len() {
            true => Figure::none(method, source, method, "Nothing is known of this group."),
            false => make(x, n)?,
        };
        answer.figures.push(figure.of("group", name).missing(missing));
    }
    Ok(answer)
}

fn share(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let level = options.level()?;
    let source = "Wilson (1927); PHEindicatormethods 2.0 (UKHSA)";
    each_group(table, options, ["count", "of"], ("share", source), |x, n| {
        Ok(figure("share", source, "share", wilson(x, n, level)?, level).n(n as u64).more("count", x))
    })
}

fn crude(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let (level, times) = (options.level()?, options.number("times", 100_000.0)?);
    each_group(table, options, ["count", "population"], ("rate", PHE), |x, n| {
        let estimate = rate(x, n, level)?.times(times);
        let unit = format!("per {}", crate::figure::plain(times));
        Ok(figure("rate", PHE, "rate", estimate, level).unit(unit).n(x as u64).more("population", n))
    })
}

fn means(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let level = options.level()?;
    let values = table.maybe_numbers("value")?;
    let mut answer = Answer::default();
    for (name, rows) in by(table, options)? {
        let known: Vec<f64> = rows.iter().filter_map(|&row| values[row]).collect();
        let missing = (rows.len() - known.len()) as u64;
        let figure = match mean(&known, level) {
            Ok((estimate, deviation)) => {
                figure("mean", PHE, "mean", estimate, level).more("standard deviation", deviation)
            }
            Err(too_few) => Figure::none("mean", PHE, "mean", too_few.to_string()),
        };
        answer.figures.push(figure.of("group", name).n(known.len() as u64).missing(missing));
    }
    Ok(answer)
}

fn standardised(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let (level, times) = (options.level()?, options.number("times", 100_000.0)?);
    let (events, people) = (table.maybe_numbers("count")?, table.numbers("population")?);
    let weights = if table.has("weight") { Some(table.numbers("weight")?) } else { None };
    let repeats = if table.has("times") { Some(table.numbers("times")?) } else { None };
    let mut answer = Answer::default();
    for (name, rows) in by(table, options)? {
        let missing = rows.iter().filter(|&&row| events[row].is_none()).count() as u64;
        let mut bands: Vec<Vec<Band>> = Vec::new();
        for &row in &rows {
            let often = repeats.as_ref().map_or(1, |r| r[row] as usize).max(1);
            bands.resize(bands.len().max(often), Vec::new());
            let place = bands[often - 1].len();
            let weight = match &weights {
                Some(weights) => weights[row],
                None => *ESP2013.get(place).ok_or_else(nineteen)?,
            };
            let band = Band { events: events[row].unwrap_or(0.0), people: people[row], weight };
            bands[often - 1].push(band);
        }
        if weights.is_none() && bands.iter().any(|b| !b.is_empty() && b.len() != ESP2013.len()) {
            return Err(nineteen());
        }
        bands.retain(|b| !b.is_empty());
        let made = if repeats.is_some() { direct_repeats(&bands, level)? } else { direct(&bands[0], level)? };
        let source = "Dobson and others (1991); PHEindicatormethods 2.0 (UKHSA)";
        let figure = match made {
            _ if missing > 0 => Figure::none(
                "dsr",
                source,
                "rate",
                "The count of an age band is not known. Nought is not the same as not known.",
            ),
            Some(estimate) => figure("dsr", source, "rate", estimate.times(times), level),
            None => Figure::none("dsr", source, "rate", format!("Fewer than {DIRECT_LEAST} events.")),
        };
        let all: f64 = rows
            .iter()
            .map(|&row| events[row].unwrap_or(0.0) * repeats.as_ref().map_or(1.0, |r| r[row]))
            .sum();
        let unit = format!("per {}", crate::figure::plain(times));
        answer.figures.push(figure.of("group", name).unit(unit).n(all as u64).missing(missing));
    }
    Ok(answer)
}

fn nineteen() -> InsightError {
    InsightError::numbers(
        "Without a column weight each group needs the 19 age bands 0-4, 5-9, ... 90 and over, in this order.",
    )
}

fn indirect(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let (level, times) = (options.level()?, options.number("times", 100_000.0)?);
    let (events, people) = (table.numbers("count")?, table.numbers("population")?);
    let (r, rn) = (table.numbers("reference_count")?, table.numbers("reference_population")?);
    let mut answer = Answer::default();
    for (name, rows) in by(table, options)? {
        let reference: Vec<(f64, f64)> = rows.iter().map(|&row| (r[row], rn[row])).collect();
        let here: Vec<f64> = rows.iter().map(|&row| people[row]).collect();
        let observed: f64 = rows.iter().map(|&row| events[row]).sum();
        let hoped = expected(&here, &reference)?;
        let estimate = ratio(observed, hoped, level)?;
        let reference_rate =
            reference.iter().map(|r| r.0).sum::<f64>() / reference.iter().map(|r| r.1).sum::<f64>() * times;
        let unit = format!("per {}", crate::figure::plain(times));
        let of = |f: Figure| f.of("group", name.clone()).n(observed as u64).more("expected", hoped);
        answer.figures.push(of(figure("isr", PHE, "observed over expected", estimate, level)));
        answer.figures.push(of(figure("isr", PHE, "rate", estimate.times(reference_rate), level).unit(unit)));
    }
    Ok(answer)
}

fn ranked(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let highest = options.one_of("first", &["highest", "lowest"])? == "highest";
    let how_many = options.count("quantiles", 10)?;
    let values = table.maybe_numbers("value")?;
    let names = table.texts(options.text("by").unwrap_or("group"))?;
    let ranked = quantiles(&values, how_many, highest);
    let figure = |((name, value), quantile): ((&Option<&str>, &Option<f64>), Option<usize>)| {
        let figure = match quantile {
            Some(quantile) => Figure::new("quantile", PHE, "quantile", quantile as f64),
            None if value.is_none() => {
                Figure::none("quantile", PHE, "quantile", "Its value is not known.").missing(1)
            }
            None => Figure::none("quantile", PHE, "quantile", "There are fewer values than quantiles."),
        };
        figure.of("group", name.unwrap_or("not known")).more("value of the group", value.unwrap_or(f64::NAN))
    };
    Ok(Answer { figures: names.iter().zip(&values).zip(ranked).map(figure).collect(), notes: Vec::new() })
}

fn inequality(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let level = options.level()?;
    let scale = match options.one_of("scale", &["plain", "log", "logit"])? {
        "log" => Scale::Log,
        "logit" => Scale::Logit,
        _ => Scale::Plain,
    };
    let on_scale = options.one_of("fit", &["values", "scale"])? == "scale";
    let times = options.number("times", 1.0)?;
    let (order, people) = (table.numbers("quantile")?, table.numbers("population")?);
    let values = table.maybe_numbers("value")?;
    let errors = if table.has("error") { Some(table.numbers("error")?) } else { None };
    let limits = match &errors {
        Some(_) => None,
        None => Some((table.numbers("low")?, table.numbers("high")?)),
    };
    let source = "Low and Low (2004); PHEindicatormethods 2.0 (UKHSA), its simulation replaced by moments";
    let mut answer = Answer::default();
    for (name, mut rows) in by(table, options)? {
        rows.sort_by(|&a, &b| order[a].total_cmp(&order[b]));
        let group = |row: usize, value: f64| match (&errors, &limits) {
            (Some(errors), _) => Group { people: people[row], value, error: errors[row] },
            (None, Some((low, high))) => Group::from_limits(people[row], value, low[row], high[row], scale),
            (None, None) => Group { people: people[row], value, error: f64::NAN },
        };
        let groups: Vec<Group> = rows.iter().filter_map(|&row| values[row].map(|v| group(row, v))).collect();
        let missing = (rows.len() - groups.len()) as u64;
        let of = |f: Figure| f.of("group", name.clone()).n(rows.len() as u64).missing(missing);
        if missing > 0 {
            let why = "A quantile has no value; a line through the others would not be of this place.";
            answer.figures.push(of(Figure::none("sii", source, "slope index of inequality", why)));
            continue;
        }
        let made = slope(&groups, scale, on_scale, level)?.times(times);
        let sii = Figure::new("sii", source, "slope index of inequality", made.sii);
        let rii = Figure::new("sii", source, "relative index of inequality", made.rii);
        let kind = "moments of the sum";
        answer.figures.push(of(sii
            .interval(made.sii_low, made.sii_high, level, kind)
            .more("intercept", made.intercept)));
        answer.figures.push(of(rii.interval(made.rii_low, made.rii_high, level, kind)));
    }
    if order.iter().any(|q| *q > 10.0) {
        answer.notes.push("More than ten quantiles: the line follows chance in small ones.".into());
    }
    Ok(answer)
}

/// A group's name, it and the other, and how many of its rows are not known.
type Pair = (String, Two, u64);

/// Each group with the one it is compared with: (name, events, people, events and people of
/// the other).
fn pairs(table: &Table, options: &Options, columns: [&str; 2]) -> Result<(Vec<Pair>, String), InsightError> {
    let columns = [table.maybe_numbers(columns[0])?, table.maybe_numbers(columns[1])?];
    let groups: Vec<(String, [f64; 2], u64)> = by(table, options)?
        .into_iter()
        .map(|(name, rows)| {
            let (sums, missing) = sums(&columns, &rows);
            (name, sums, missing)
        })
        .collect();
    let whole = groups.iter().fold([0.0; 2], |all, (_, s, _)| [all[0] + s[0], all[1] + s[1]]);
    let reference = match options.text("reference") {
        Some(name) => Some(groups.iter().find(|g| g.0 == name).ok_or_else(|| {
            let names: Vec<&str> = groups.iter().map(|g| g.0.as_str()).collect();
            InsightError::option("reference", name, format!("it is one of {}", names.join(", ")))
        })?),
        None => None,
    };
    let pair = |(name, [x, n], missing): &(String, [f64; 2], u64)| {
        let [x2, n2] = reference.map_or([whole[0] - x, whole[1] - n], |r| r.1);
        (name.clone(), Two { x1: *x, n1: *n, x2, n2 }, *missing)
    };
    let others = groups.iter().filter(|g| reference.is_none_or(|r| r.0 != g.0));
    let against = reference.map_or("everybody else".to_owned(), |r| r.0.clone());
    Ok((others.map(pair).collect(), against))
}

fn gap(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let level = options.level()?;
    let (pairs, against) = pairs(table, options, ["count", "of"])?;
    let mut answer = Answer::default();
    answer.notes.push(format!("Compared with {against}."));
    for (name, two, missing) in pairs {
        let two = Two::new(two.x1, two.n1, two.x2, two.n2)?;
        let of = |f: Figure| {
            f.of("group", name.clone())
                .n(two.n1 as u64)
                .missing(missing)
                .more("share", two.x1 / two.n1)
                .more("share of the others", two.x2 / two.n2)
        };
        let difference = two.risk_difference(level)?;
        answer.figures.push(of(figure("gap", "Newcombe (1998)", "difference of shares", difference, level)));
        let ratio = match two.risk_ratio(level) {
            Some(estimate) => figure("gap", "Katz and others (1978)", "ratio of shares", estimate, level),
            None => Figure::none(
                "gap",
                "Katz and others (1978)",
                "ratio of shares",
                "Nobody of one of the groups had it, or all of both.",
            ),
        };
        answer.figures.push(of(ratio).more("chance if alike (Fisher)", two.fisher()));
    }
    Ok(answer)
}

fn rate_gap(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let (level, times) = (options.level()?, options.number("times", 100_000.0)?);
    let (pairs, against) = pairs(table, options, ["count", "population"])?;
    let mut answer = Answer::default();
    answer.notes.push(format!("Compared with {against}."));
    for (name, two, missing) in pairs {
        if two.n1 <= 0.0 || two.n2 <= 0.0 {
            return Err(InsightError::numbers(format!("{name}: a rate needs a population on both sides.")));
        }
        let of = |f: Figure| f.of("group", name.clone()).n(two.x1 as u64).missing(missing);
        let unit = format!("per {}", crate::figure::plain(times));
        let difference = two.rate_difference(level).times(times);
        answer.figures.push(
            of(figure("rate-gap", "Zou and Donner (2008)", "difference of rates", difference, level))
                .unit(unit),
        );
        let ratio = match two.rate_ratio(level) {
            Some(estimate) => {
                figure("rate-gap", "Sahai and Khurshid (1996)", "ratio of rates", estimate, level)
            }
            None => Figure::none(
                "rate-gap",
                "Sahai and Khurshid (1996)",
                "ratio of rates",
                "There were no events on either side.",
            ),
        };
        answer.figures.push(of(ratio));
    }
    Ok(answer)
}
