//! Impact on the command line: single series. Panels are in [`super::panel_command`].

use super::ar::autoregression;
use super::counts::quasi_poisson;
use super::panel_command;
use super::sandwich::Errors;
use super::segments::{self, Effect, Fitted, Shape};
use crate::error::InsightError;
use crate::figure::{Answer, Figure, plain};
use crate::linalg::DVector;
use crate::method::{Method, Options};
use crate::table::Table;

const LEVEL: (&str, &str) = ("level", "level of the interval; 0.95");
const FROM: (&str, &str) = ("from", "the first time with the change in force; needed");
const SEASONS: (&str, &str) = ("seasons", "pairs of sine and cosine; 0");
const CYCLE: (&str, &str) = ("cycle", "times in a cycle of seasons; 12");
const SETTLING: (&str, &str) = ("settling", "times after the change that are left out; 0");
const BEND: (&str, &str) = ("bend", "yes or no: a change of slope as well as of level; yes");
const ERRORS: (&str, &str) = ("errors", "leaning (Newey and West), unequal (HC3) or plain; leaning");
const LAG: (&str, &str) = ("lag", "how far back points lean on others, for leaning; the fourth root rule");
const AHEAD: (&str, &str) = ("ahead", "so many times after the change the difference is told; 6,12");

/// The methods of impact.
pub const METHODS: &[Method] = &[
    Method {
        name: "its",
        about: "Interrupted time series: the step and bend of a series at a known time",
        columns: "time (a number, evenly spaced), value",
        options: &[
            FROM,
            SEASONS,
            CYCLE,
            SETTLING,
            BEND,
            (
                "errors",
                "leaning (Newey and West), unequal (HC3), plain, or carried (autoregression of order one); leaning",
            ),
            LAG,
            AHEAD,
            LEVEL,
        ],
        run: its,
    },
    Method {
        name: "its-counts",
        about: "Interrupted time series of counts, each against its population (quasi-Poisson)",
        columns: "time, value (counts), population",
        options: &[FROM, SEASONS, CYCLE, SETTLING, BEND, AHEAD, LEVEL],
        run: its_counts,
    },
    Method {
        name: "its-control",
        about: "Interrupted time series against a series that was not changed",
        columns: "time, value, where (here or control)",
        options: &[FROM, SEASONS, CYCLE, SETTLING, BEND, ERRORS, LAG, AHEAD, LEVEL],
        run: its_control,
    },
    Method {
        name: "its-placebo",
        about: "The same step tried at each time before the change, when nothing had happened",
        columns: "time, value",
        options: &[FROM, SEASONS, CYCLE, BEND, ERRORS, LAG, LEVEL],
        run: its_placebo,
    },
    Method {
        name: "did",
        about: "Difference in differences over places and times, errors by cluster",
        columns: "place, time, changed (1 when in force, else 0), value; cluster",
        options: &[LEVEL],
        run: panel_command::did,
    },
    Method {
        name: "did-groups",
        about: "Difference in differences of places changed at different times (Callaway and Sant'Anna)",
        columns: "place, time, from (the place's first time with the change; empty where it never came), value",
        options: &[
            ("control", "never (places never changed) or not-yet (also those not changed yet); never"),
            LEVEL,
        ],
        run: panel_command::did_groups,
    },
    Method {
        name: "synthetic",
        about: "A changed place against a mixture of places that were not: synthetic control and difference in differences",
        columns: "place, time, changed (1 when in force, else 0), value",
        options: &[
            ("mix", "sdid (places and times weighed), sc (places weighed) or did (all alike); sdid"),
            LEVEL,
        ],
        run: panel_command::synthetic,
    },
    Method {
        name: "impact-plan",
        about: "Writes an analysis down before it is run, seals it, and compares it with what was done",
        columns: "part (question, outcome, population, change, from, method, option NAME, control, untouched, expected, author, written, seen until), planned; done",
        options: &[
            ("seal", "the seal that was kept when the plan was written; for done"),
            ("looked", "the day on which data since the change were first looked at; for done"),
        ],
        run: super::plan_command::run,
    },
];

/// Points of the series in order of time, those not known and those of the settling window
/// left out; how many are not known.
type Points = (Vec<f64>, Vec<f64>, u64);

fn points(table: &Table, shape: &Shape, rows: &[usize]) -> Result<Points, InsightError> {
    let (times, values) = (table.numbers("time")?, table.maybe_numbers("value")?);
    let mut all: Vec<(f64, f64)> = rows.iter().filter_map(|&r| Some((times[r], values[r]?))).collect();
    let missing = (rows.len() - all.len()) as u64;
    all.retain(|(t, _)| shape.counts(*t));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    if all.windows(2).any(|w| w[0].0 == w[1].0) {
        return Err(InsightError::numbers("A time stands twice in one series. Add the two up first."));
    }
    let (t, v) = all.into_iter().unzip();
    Ok((t, v, missing))
}

fn shape(options: &Options) -> Result<Shape, InsightError> {
    let from = options.maybe_number("from")?;
    let from = from
        .ok_or_else(|| InsightError::option("from", "", "it is the first time with the change in force"))?;
    let pairs = options.count("seasons", 0)?;
    let cycle = options.number("cycle", 12.0)?;
    let seasons = (pairs > 0).then_some((cycle, pairs));
    let bend = options.one_of("bend", &["yes", "no"])? == "yes";
    Ok(Shape { from, seasons, settling: options.number("settling", 0.0)?, bend })
}

/// How far back points are taken to lean: Newey and West's rule 4 (n/100)^(2/9) rounded
/// down, and at least one.
fn lag(options: &Options, n: usize) -> Result<usize, InsightError> {
    let rule = (4.0 * (n as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize;
    options.count("lag", rule.max(1))
}

fn errors(options: &Options, words: &[&str], n: usize) -> Result<Option<Errors>, InsightError> {
    Ok(match options.one_of("errors", words)? {
        "plain" => Some(Errors::Plain),
        "unequal" => Some(Errors::Unequal),
        "carried" => None,
        _ => Some(Errors::Leaning(lag(options, n)?)),
    })
}

fn kind(errors: Option<Errors>) -> &'static str {
    match errors {
        Some(Errors::Plain) => "Student's t",
        Some(Errors::Unequal) => "Student's t, HC3",
        Some(Errors::Leaning(_)) => "Student's t, Newey-West",
        None => "normal, first-order autoregression",
    }
}

fn ahead(options: &Options) -> Result<Vec<f64>, InsightError> {
    let text = options.text("ahead").unwrap_or("6,12");
    let all: Option<Vec<f64>> = text.split(',').map(|t| t.trim().parse().ok()).collect();
    all.ok_or_else(|| InsightError::option("ahead", text, "it is written as 6,12"))
}

fn figure(
    (method, source): (&'static str, &'static str),
    what: impl Into<String>,
    effect: Effect,
    level: f64,
    kind: &'static str,
) -> Figure {
    Figure::new(method, source, what, effect.value)
        .interval(effect.ends.0, effect.ends.1, level, kind)
        .more("standard error", effect.error)
}

const SERIES: &str = "Wagner and others (2002); Lopez Bernal and others (2017)";

fn its(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("its", SERIES);
    let (level, shape) = (options.level()?, shape(options)?);
    let (t, y, missing) = points(table, &shape, &(0..table.len()).collect::<Vec<_>>())?;
    let errors = errors(options, &["leaning", "unequal", "plain", "carried"], t.len())?;
    let mut notes = Vec::new();
    let fitted = match errors {
        Some(errors) => segments::interrupted(&t, &y, &shape, errors)?,
        None => {
            shape.check(&t)?;
            let made = autoregression(&segments::design(&t, &shape), &DVector::from_column_slice(&y))?;
            notes.push(format!(
                "Of each error {} is carried over to the next (standard error {}).",
                plain(made.phi),
                plain(made.phi_error)
            ));
            made.line
        }
    };
    let mut answer = line_figures(by, &fitted, &shape, level, kind(errors), (t.len(), missing));
    for h in ahead(options)? {
        let at = shape.from + h;
        let effect = fitted.effect(&shape.difference_at(at), level);
        let with = DVector::from_vec(shape.columns(at)).dot(&fitted.beta);
        let figure = figure(by, format!("difference {} after", plain(h)), effect, level, kind(errors))
            .n(t.len() as u64)
            .missing(missing)
            .more("with", with)
            .more("without", with - effect.value);
        answer.figures.push(figure);
    }
    answer.notes = notes;
    if let Some(Errors::Leaning(lag)) = errors {
        answer.notes.push(format!("Points lean on those up to {lag} before them."));
    }
    answer.notes.push(format!(
        "Durbin-Watson {}; near 2, neighbours do not lean on one another.",
        plain(fitted.neighbours)
    ));
    answer.notes.push(super::plan::Strength::Series.words().into());
    Ok(answer)
}

fn line_figures(
    by: (&'static str, &'static str),
    fitted: &Fitted,
    shape: &Shape,
    level: f64,
    kind: &'static str,
    (n, missing): (usize, u64),
) -> Answer {
    let each = |(i, name): (usize, String)| {
        figure(by, name, fitted.coefficient(i, level), level, kind).n(n as u64).missing(missing)
    };
    let figures = shape.names().into_iter().enumerate().map(each).collect();
    Answer { figures, notes: Vec::new() }
}

fn its_counts(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("its-counts", "Lopez Bernal and others (2017); McCullagh and Nelder (1989)");
    let (level, shape) = (options.level()?, shape(options)?);
    let population = if table.has("population") { Some(table.numbers("population")?) } else { None };
    if population.iter().flatten().any(|p| *p <= 0.0) {
        return Err(InsightError::numbers("A population is above nought."));
    }
    let (times, values) = (table.numbers("time")?, table.maybe_numbers("value")?);
    let known: Vec<usize> =
        (0..table.len()).filter(|&r| values[r].is_some() && shape.counts(times[r])).collect();
    let missing = values.iter().filter(|v| v.is_none()).count() as u64;
    let t: Vec<f64> = known.iter().map(|&r| times[r]).collect();
    shape.check(&t)?;
    let y = DVector::from_iterator(t.len(), known.iter().filter_map(|&r| values[r]));
    let offset = DVector::from_iterator(
        t.len(),
        known.iter().map(|&r| population.as_ref().map_or(0.0, |p| p[r].ln())),
    );
    let made = quasi_poisson(&segments::design(&t, &shape), &y, &offset)?;
    let ratio = |effect: Effect, what: String| {
        Figure::new(by.0, by.1, what, effect.value.exp())
            .interval(effect.ends.0.exp(), effect.ends.1.exp(), level, "Student's t, log")
            .unit("ratio")
            .n(t.len() as u64)
            .missing(missing)
            .more("logarithm", effect.value)
            .more("standard error", effect.error)
    };
    let mut answer = Answer::default();
    for (i, name) in shape.names().into_iter().enumerate().skip(1) {
        answer.figures.push(ratio(made.line.coefficient(i, level), name));
    }
    for h in ahead(options)? {
        let effect = made.line.effect(&shape.difference_at(shape.from + h), level);
        answer.figures.push(ratio(effect, format!("difference {} after", plain(h))));
    }
    answer.notes.push(format!("Spread is {} times that of Poisson's counts.", plain(made.dispersion)));
    answer.notes.push(super::plan::Strength::Series.words().into());
    Ok(answer)
}

fn its_control(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("its-control", "Lopez Bernal and others (2018)");
    let (level, shape) = (options.level()?, shape(options)?);
    let place = table.texts("where")?;
    let rows = |word: &str| (0..table.len()).filter(|&r| place[r] == Some(word)).collect::<Vec<_>>();
    let (ours, theirs) = (rows("here"), rows("control"));
    if ours.len() + theirs.len() != table.len() {
        return Err(InsightError::numbers("The column where says here or control in every row."));
    }
    let (t, y, missing) = points(table, &shape, &ours)?;
    let (ct, cy, control_missing) = points(table, &shape, &theirs)?;
    let errors = errors(options, &["leaning", "unequal", "plain"], t.len())?.unwrap_or(Errors::Plain);
    let fitted = segments::controlled((&t, &y), (&ct, &cy), &shape, errors)?;
    let k = shape.names().len();
    let mut answer = Answer::default();
    let n = (t.len() + ct.len()) as u64;
    for (i, name) in shape.names().into_iter().enumerate() {
        let figure = figure(
            by,
            format!("{name}, beyond the control"),
            fitted.coefficient(k + i, level),
            level,
            kind(Some(errors)),
        );
        answer.figures.push(figure.n(n).missing(missing + control_missing));
    }
    for h in ahead(options)? {
        let mut weights = DVector::zeros(2 * k);
        weights.rows_mut(k, k).copy_from(&shape.difference_at(shape.from + h));
        let what = format!("difference {} after, beyond the control", plain(h));
        let figure = figure(by, what, fitted.effect(&weights, level), level, kind(Some(errors)));
        answer.figures.push(figure.n(n).missing(missing + control_missing));
    }
    answer.notes.push(super::plan::Strength::Compared.words().into());
    Ok(answer)
}

fn its_placebo(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("its-placebo", "Lopez Bernal and others (2017), dates at which nothing happened");
    let (level, shape) = (options.level()?, shape(options)?);
    let (t, y, missing) = points(table, &shape, &(0..table.len()).collect::<Vec<_>>())?;
    let errors = errors(options, &["leaning", "unequal", "plain"], t.len())?.unwrap_or(Errors::Plain);
    let tried = segments::placebo_dates(&t, &y, &shape, errors, level);
    if tried.is_empty() {
        return Err(InsightError::TooFew {
            what: "Points before the change for a false date",
            has: t.iter().filter(|t| **t < shape.from).count(),
            needs: 2 * segments::LEAST_EACH_SIDE,
        });
    }
    let mut answer = Answer::default();
    let loud = tried.iter().filter(|(_, e)| e.ends.0 > 0.0 || e.ends.1 < 0.0).count();
    for (at, effect) in &tried {
        let figure = figure(by, "step where nothing happened", *effect, level, kind(Some(errors)));
        answer.figures.push(figure.of("time", plain(*at)).n(t.len() as u64).missing(missing));
    }
    answer.notes.push(format!(
        "Of {} false dates {loud} show a step. By chance alone about {} would; many more, and the method sees steps that are not there.",
        tried.len(),
        plain(((1.0 - level) * tried.len() as f64).round())
    ));
    Ok(answer)
}
