//! Forecasts on the command line.

use super::arima;
use super::baseline::{Forecast, drift, naive};
use super::ets::{self, Kind, Part};
use super::need_command;
use super::smoothing::theta;
use super::tried::{Tried, rolling};
use crate::error::InsightError;
use crate::figure::{Answer, Figure};
use crate::linalg::z_of;
use crate::method::{Method, Options};
use crate::table::Table;

const LEVEL: (&str, &str) = ("level", "level of the interval; 0.95");

/// The methods of forecasts.
pub const METHODS: &[Method] = &[
    Method {
        name: "forecast",
        about: "How many will come if things go on as they have, with what the same forecast would have said before",
        columns: "value, in order of time or with a column when; one row each time",
        options: &[
            (
                "model",
                "auto, naive, cycle (as one cycle ago), drift, level, slope, damped, seasons, factors, theta, ets or arima; auto",
            ),
            ("cycle", "times in a cycle of seasons, such as 12 months; 1 (none)"),
            ("ahead", "how many times ahead; 12"),
            ("origins", "from how many moments it is tried; 12"),
            ("seed", "of the draws of a model with factors; 1"),
            LEVEL,
        ],
        run: forecast,
    },
    Method {
        name: "need",
        about: "How many people come to need help, by who is exposed to what, with ranges and overlap",
        columns: "people (exposed), share; and people_low, people_high, low, high if known; condition",
        options: &[
            ("population", "all people of the place, for overlap by chance; none"),
            ("draws", "how many draws; 2000"),
            ("seed", "of the draws; 1"),
            LEVEL,
        ],
        run: need_command::need,
    },
    Method {
        name: "need-flow",
        about: "How many people come to services month by month, by who is exposed to what",
        columns: "group, people, open (share open to harm), curve (share becoming at risk in each month, spaces between), condition, share, service, split, success, months, left, taken",
        options: &[("months", "how many months; 24"), ("step", "length of a step in months; 0.2")],
        run: need_command::need_flow,
    },
];

const MODELS: &[&str] = &[
    "auto", "naive", "cycle", "drift", "level", "slope", "damped", "seasons", "factors", "theta", "ets",
    "arima",
];

/// Below so many points nothing but "as one cycle ago" and a level is tried.
const ENOUGH: usize = 24;

/// The models that `auto` tries, simple ones first; of two that did as well the simpler stays.
fn candidates(n: usize, cycle: usize) -> Vec<&'static str> {
    let mut all = vec!["naive", "level"];
    if cycle > 1 && n > cycle {
        all.push("cycle");
    }
    if n >= ENOUGH {
        all.extend(["damped", "theta"]);
    }
    if n >= ENOUGH.max(3 * cycle) && cycle > 1 {
        all.push("level-seasons");
    }
    all
}

fn make(model: &str, y: &[f64], cycle: usize, ahead: usize, seed: u64) -> Result<Forecast, InsightError> {
    let smooth = |kind: Kind| Ok(ets::fit(y, kind, cycle)?.forecast(ahead, 2000, seed));
    match model {
        "naive" => naive(y, 1, ahead),
        "cycle" => naive(y, cycle, ahead),
        "drift" => drift(y, ahead),
        "level" => smooth(Kind::LEVEL),
        "slope" => smooth(Kind::SLOPE),
        "damped" => smooth(Kind::DAMPED),
        "seasons" => smooth(Kind::SEASONS),
        "level-seasons" => smooth(Kind { season: Part::Added, ..Kind::LEVEL }),
        "factors" => smooth(Kind::FACTORS),
        "theta" => theta(y, cycle, ahead),
        "ets" => Ok(ets::choose(y, cycle)?.forecast(ahead, 2000, seed)),
        _ => Ok(arima::choose(y, cycle)?.forecast(ahead)),
    }
}

/// How a model did when tried. Those that choose among kinds choose once, on the points known
/// at the first moment, so that nothing later helps them.
fn try_it(model: &str, y: &[f64], asked: &Asked) -> Result<Tried, InsightError> {
    let least = (asked.cycle + 1).max(y.len().saturating_sub(asked.origins)).max(8.min(y.len() - 1));
    let start = &y[..least.min(y.len())];
    let span = (least, asked.origins);
    match model {
        "ets" => {
            let kind = ets::choose(start, asked.cycle)?.kind;
            let one = |known: &[f64]| {
                Ok(ets::fit(known, kind, asked.cycle)?.forecast(asked.ahead, 500, asked.seed))
            };
            rolling(y, asked.cycle, asked.ahead, span, asked.level, &one)
        }
        "arima" => {
            let orders = arima::choose(start, asked.cycle)?.orders;
            let one = |known: &[f64]| Ok(arima::fit(known, orders)?.forecast(asked.ahead));
            rolling(y, asked.cycle, asked.ahead, span, asked.level, &one)
        }
        _ => {
            let one = |known: &[f64]| make(model, known, asked.cycle, asked.ahead, asked.seed);
            rolling(y, asked.cycle, asked.ahead, span, asked.level, &one)
        }
    }
}

/// What was asked.
struct Asked {
    cycle: usize,
    ahead: usize,
    origins: usize,
    seed: u64,
    level: f64,
}

fn values(table: &Table) -> Result<Vec<f64>, InsightError> {
    let values = table.numbers("value").map_err(|e| match e {
        InsightError::BadCell { row, text, .. } if text.is_empty() => InsightError::numbers(format!(
            "Row {row} has no value. A forecast needs every time; say what is known of it, or begin after it."
        )),
        other => other,
    })?;
    if !table.has("when") {
        return Ok(values);
    }
    let when = table.texts("when")?;
    let mut order: Vec<usize> = (0..values.len()).collect();
    let key = |row: usize| (when[row].and_then(|t| t.parse::<f64>().ok()), when[row].unwrap_or(""));
    order.sort_by(|&a, &b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
    Ok(order.into_iter().map(|row| values[row]).collect())
}

fn forecast(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) =
        ("forecast", "Hyndman and Athanasopoulos (2021); Hyndman and others (2008); R forecast 8.20");
    let asked = Asked {
        cycle: options.count("cycle", 1)?.max(1),
        ahead: options.count("ahead", 12)?.max(1),
        origins: options.count("origins", 12)?.max(1),
        seed: options.count("seed", 1)? as u64,
        level: options.level()?,
    };
    let y = values(table)?;
    if y.len() < 6 {
        return Err(InsightError::TooFew { what: "Points of the series", has: y.len(), needs: 6 });
    }
    let wanted = options.one_of("model", MODELS)?;
    let mut notes = Vec::new();
    let (model, tried) = match wanted {
        "auto" => best(&y, &asked, &mut notes)?,
        model => (model, try_it(model, &y, &asked)?),
    };
    let made = make(model, &y, asked.cycle, asked.ahead, asked.seed)?;
    let z = z_of(asked.level);
    let mut answer = Answer::default();
    for (h, (mean, deviation)) in made.mean.iter().zip(&made.deviation).enumerate() {
        let figure = Figure::new(BY.0, BY.1, "expected", *mean)
            .interval(mean - z * deviation, mean + z * deviation, asked.level, "normal")
            .n(y.len() as u64);
        answer.figures.push(figure.of("ahead", (h + 1).to_string()));
    }
    let against = try_it(if asked.cycle > 1 { "cycle" } else { "naive" }, &y, &asked);
    let against = against.map_or(f64::NAN, |t| t.scaled);
    let figure = Figure::new(BY.0, BY.1, "error when tried, scaled", tried.scaled)
        .n(tried.values as u64)
        .more("of the plainest forecast", against)
        .more("mean error", tried.bias)
        .more("within the interval", tried.within);
    answer.figures.push(figure.of("ahead", format!("1 to {}", asked.ahead)));
    notes.push(format!("Model: {}.", made.model));
    notes.push(format!("Tried from {} moments on {} values it did not know.", tried.origins, tried.values));
    if y.len() < ENOUGH {
        notes.push(format!("Fewer than {ENOUGH} points: only the plainest forecasts are worth making."));
    }
    if tried.within < asked.level - 0.15 {
        notes.push("When tried, fewer values lay within the interval than it says: take it as wider.".into());
    }
    if tried.scaled > against {
        notes.push("When tried, the plainest forecast did better: take that.".into());
    }
    answer.notes = notes;
    Ok(answer)
}

fn best(y: &[f64], asked: &Asked, notes: &mut Vec<String>) -> Result<(&'static str, Tried), InsightError> {
    let mut best: Option<(&'static str, Tried)> = None;
    let mut said = Vec::new();
    for model in candidates(y.len().saturating_sub(asked.origins), asked.cycle) {
        let Ok(tried) = try_it(model, y, asked) else { continue };
        said.push(format!("{model} {:.3}", tried.scaled));
        // A plainer model is left for another only if that did better by one in fifty.
        if best.as_ref().is_none_or(|(_, b)| tried.scaled < 0.98 * b.scaled) {
            best = Some((model, tried));
        }
    }
    notes.push(format!("Scaled errors when tried: {}.", said.join(", ")));
    best.ok_or(InsightError::TooFew { what: "Points of the series", has: y.len(), needs: 8 })
}
