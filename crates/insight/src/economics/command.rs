//! Economics on the command line.

use super::chance::Draws;
use super::consequences::{Line, totals};
use super::frontier::{Choice, Standing, frontier};
use super::money::{First, Index, Price, present_value};
use super::ratio::{Means, Ratio};
use super::wellby::Change;
use crate::error::InsightError;
use crate::figure::{Answer, Figure, plain};
use crate::method::{Method, Options};
use crate::table::Table;

const LEVEL: (&str, &str) = ("level", "level of the interval; 0.95");
const YEAR: (&str, &str) = ("year", "the year of these prices; needed");
const SOURCE: (&str, &str) = ("source", "where these prices were found; needed");

/// The methods of economics.
pub const METHODS: &[Method] = &[
    Method {
        name: "cost-consequences",
        about: "What each payer spends on each way of helping, beside everything that changed",
        columns: "kind (cost or outcome), option, what; of a cost: payer, quantity, price, year, source; of an outcome: quantity, and low, high, unit if known",
        options: &[
            ("year", "the year in whose prices costs are added; the latest of the input"),
            ("index", "level of a price index by year, as 2019=100,2025=128.4; none"),
            LEVEL,
        ],
        run: run_consequences,
    },
    Method {
        name: "cost-per-improved",
        about: "What it costs until one more person is reliably better",
        columns: "cost, improved (1 or 0; empty where not known), one row for each person; group",
        options: &[
            ("by", "column of the groups; group"),
            ("reference", "a group to compare with: cost of one more, against it; none"),
            YEAR,
            SOURCE,
            LEVEL,
        ],
        run: run_per_improved,
    },
    Method {
        name: "cost-frontier",
        about: "Which ways of helping no other beats, and what one more of the effect costs at each step",
        columns: "option, cost, effect",
        options: &[YEAR, SOURCE],
        run: run_frontier,
    },
    Method {
        name: "cost-chance",
        about: "Net benefit, how likely each way is the best, what is lost by choosing it, and what it is worth to know more",
        columns: "draw, option, cost, effect",
        options: &[
            ("worth", "what one more of the effect is worth; several with commas; needed"),
            ("worth-source", "who says so, and for which year; needed"),
            YEAR,
            SOURCE,
        ],
        run: run_chance,
    },
    Method {
        name: "wellby",
        about: "A change of life satisfaction in wellbeing-adjusted life years, and what they are worth",
        columns: "what, points, people, years",
        options: &[
            ("price", "of one; needed"),
            ("low", "the lowest price that is defended; none"),
            ("high", "the highest; none"),
            ("rate", "yearly rate at which later years count for less, such as 0.015; 0"),
            YEAR,
            SOURCE,
        ],
        run: run_wellby,
    },
    Method {
        name: "present-value",
        about: "What yearly amounts are worth today",
        columns: "amount, one row for each year in their order; option",
        options: &[
            ("rate", "yearly rate, such as 0.035; needed"),
            ("first", "when the first falls: now or next-year; now"),
            YEAR,
            SOURCE,
        ],
        run: run_present_value,
    },
];

fn needed<'a>(options: &'a Options, name: &str, must: &str) -> Result<&'a str, InsightError> {
    options.text(name).filter(|t| !t.trim().is_empty()).ok_or_else(|| InsightError::option(name, "", must))
}

/// The note that says whose prices these are. Without year and source there is no answer.
fn prices(options: &Options) -> Result<String, InsightError> {
    let year = needed(options, "year", "it is the year of the prices; none is built in")?;
    let year = year.parse().map_err(|_| InsightError::option("year", year, "it is a year, such as 2025"))?;
    let source = needed(options, "source", "it says where the prices were found; none is built in")?;
    let price = Price::new(0.0, year, source)?;
    Ok(format!("Prices of {}, from {}.", price.year, price.source))
}

fn run_consequences(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const NAME: &str = "cost-consequences";
    const BOOK: &str = "Drummond and others (2015); NICE, Developing NICE guidelines: the manual (2014)";
    let level = options.level()?;
    let (kinds, option) = (table.texts("kind")?, table.texts("option")?);
    let (what, quantity) = (table.texts("what")?, table.maybe_numbers("quantity")?);
    let rows = |kind: &str| (0..table.len()).filter(|&r| kinds[r] == Some(kind)).collect::<Vec<_>>();
    let (costs, outcomes) = (rows("cost"), rows("outcome"));
    if costs.len() + outcomes.len() != table.len() {
        return Err(InsightError::numbers("The column kind says cost or outcome in every row."));
    }
    let name = |row: usize| option[row].unwrap_or("not known").to_owned();
    let mut answer = Answer::default();
    let lines = cost_lines(table, &costs, &name)?;
    let latest = lines.iter().map(|l| l.price.year).max().unwrap_or(0);
    let year = options.maybe_number("year")?.map_or(latest, |y| y as i32);
    let index = options.text("index").map(Index::parse).transpose()?.unwrap_or_default();
    for total in totals(&lines, year, &index)? {
        let payer = total.payer.as_deref().unwrap_or("all payers");
        let mut figure = match total.lines {
            0 if total.missing > 0 => Figure::none(NAME, BOOK, "cost", "No quantity is known."),
            _ => Figure::new(NAME, BOOK, "cost", total.cost),
        };
        if total.missing > 0 && total.lines > 0 {
            figure = figure.note("At least: the quantity of some lines is not known.");
        }
        let figure = figure.unit(format!("£ of {year}")).n(total.lines as u64).missing(total.missing as u64);
        answer.figures.push(figure.of("option", total.option).of("payer", payer));
    }
    let text = |column: &str| if table.has(column) { table.texts(column).map(Some) } else { Ok(None) };
    let number =
        |column: &str| if table.has(column) { table.maybe_numbers(column).map(Some) } else { Ok(None) };
    let (unit, low, high) = (text("unit")?, number("low")?, number("high")?);
    for row in outcomes {
        let what = what[row].unwrap_or("outcome");
        let mut figure = match quantity[row] {
            Some(value) => Figure::new(NAME, BOOK, what, value),
            None => Figure::none(NAME, BOOK, what, "It is not known.").missing(1),
        };
        let end = |ends: &Option<Vec<Option<f64>>>| ends.as_ref().and_then(|e| e[row]).unwrap_or(f64::NAN);
        if end(&low).is_finite() || end(&high).is_finite() {
            figure = figure.interval(end(&low), end(&high), level, "as entered");
        }
        let unit = unit.as_ref().and_then(|u| u[row]).unwrap_or_default();
        answer.figures.push(figure.unit(unit).of("option", name(row)).of("payer", ""));
    }
    let mut sources: Vec<&str> = lines.iter().map(|l| l.price.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    answer.notes.push(format!("Prices: {}.", sources.join("; ")));
    answer.notes.push(
        "Outcomes stand beside costs, each in its own unit. What they are worth is not for a sum to say."
            .into(),
    );
    Ok(answer)
}

fn cost_lines(
    table: &Table,
    rows: &[usize],
    name: &dyn Fn(usize) -> String,
) -> Result<Vec<Line>, InsightError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (payer, quantity) = (table.texts("payer")?, table.maybe_numbers("quantity")?);
    let (price, year) = (table.maybe_numbers("price")?, table.maybe_numbers("year")?);
    let source = table.texts("source")?;
    let bare = |row: usize| {
        InsightError::numbers(format!("Row {}: a price needs its amount, its year and its source.", row + 1))
    };
    let line = |&row: &usize| {
        let year = year[row].ok_or_else(|| bare(row))? as i32;
        let price = Price::new(price[row].ok_or_else(|| bare(row))?, year, source[row].unwrap_or(""));
        let price = price.map_err(|e| InsightError::numbers(format!("Row {}: {e}", row + 1)))?;
        let payer = payer[row].unwrap_or("not known").to_owned();
        Ok(Line { option: name(row), payer, quantity: quantity[row], price })
    };
    rows.iter().map(line).collect()
}

fn ratio_figure(what: String, ratio: Ratio, level: f64, none: &str) -> Figure {
    const BY: (&str, &str) = ("cost-per-improved", "Fieller (1954); Willan and O'Brien (1996)");
    let figure = match ratio.value.is_finite() {
        true => Figure::new(BY.0, BY.1, what, ratio.value),
        false => return Figure::none(BY.0, BY.1, what, none).unit("£"),
    };
    match ratio.interval {
        Some((low, high)) => figure.interval(low, high, level, "Fieller"),
        None => figure.note("No interval: the number helped may be nought."),
    }
    .unit("£")
}

fn run_per_improved(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let (level, note) = (options.level()?, prices(options)?);
    let (cost, improved) = (table.maybe_numbers("cost")?, table.maybe_numbers("improved")?);
    if improved.iter().flatten().any(|x| *x != 0.0 && *x != 1.0) {
        return Err(InsightError::numbers("The column improved is 1, 0 or empty."));
    }
    let column = options.text("by").or(table.has("group").then_some("group"));
    let mut groups = Vec::new();
    for (name, rows) in table.groups(column)? {
        let both: Vec<(f64, f64)> = rows.iter().filter_map(|&r| Some((cost[r]?, improved[r]?))).collect();
        groups.push((name, Means::of(&both)?, both, rows));
    }
    let mut answer = Answer { figures: Vec::new(), notes: vec![note] };
    for (name, means, both, rows) in &groups {
        let all: f64 = rows.iter().filter_map(|&r| cost[r]).sum();
        let better = both.iter().map(|p| p.1).sum::<f64>();
        let unknown = rows.len() - both.len();
        let figure = ratio_figure(
            "cost for each person improved".into(),
            means.ratio(level),
            level,
            "Nobody is known to be better.",
        )
        .n(both.len() as u64)
        .missing(unknown as u64)
        .more("improved", better)
        .more("mean cost", means.cost)
        .more("if no missing", all / better)
        .more("if all missing", all / (better + unknown as f64));
        answer.figures.push(if name.is_empty() { figure } else { figure.of("group", name.clone()) });
    }
    if let Some(reference) = options.text("reference") {
        let other = groups.iter().find(|g| g.0 == reference);
        let other =
            other.ok_or_else(|| InsightError::option("reference", reference, "it is one of the groups"))?;
        for (name, means, both, rows) in groups.iter().filter(|g| g.0 != reference) {
            let more = means.less(&other.1);
            let what = format!("cost of one more person improved, against {reference}");
            let none = "No more people are better, so there is no price for one more.";
            let mut figure = ratio_figure(what, more.ratio(level), level, none);
            if more.effect < 0.0 {
                figure = figure.note("Fewer people are better: read both differences, not their ratio.");
            }
            let figure = figure.n(both.len() as u64).missing((rows.len() - both.len()) as u64);
            let figure =
                figure.more("difference in cost", more.cost).more("difference in share", more.effect);
            answer.figures.push(figure.of("group", name.clone()));
        }
    }
    Ok(answer)
}

fn run_frontier(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) = ("cost-frontier", "Drummond and others (2015); R dampack 1.0");
    let note = prices(options)?;
    let names = table.texts("option")?;
    let (cost, effect) = (table.numbers("cost")?, table.numbers("effect")?);
    let choice = |row: usize| Choice {
        name: names[row].unwrap_or("not known").into(),
        cost: cost[row],
        effect: effect[row],
    };
    let choices: Vec<Choice> = (0..table.len()).map(choice).collect();
    let figure = |p: &super::frontier::Placed| {
        let what = "cost of one more of the effect";
        let figure = match (p.standing, p.ratio()) {
            (Standing::Kept, Some(ratio)) => Figure::new(BY.0, BY.1, what, ratio),
            (Standing::Kept, None) => {
                Figure::none(BY.0, BY.1, what, "The cheapest: the frontier begins here.")
            }
            (Standing::Dominated, _) => {
                Figure::none(BY.0, BY.1, what, "Beaten: another costs no more and helps no less.")
            }
            (Standing::ByMixture, _) => {
                Figure::none(BY.0, BY.1, what, "Beaten by a mixture of two others on the frontier.")
            }
        };
        let (more_cost, more_effect) = p.step.unwrap_or((f64::NAN, f64::NAN));
        let c = &choices[p.choice];
        figure
            .of("option", c.name.clone())
            .unit("£")
            .more("cost", c.cost)
            .more("effect", c.effect)
            .more("more cost", more_cost)
            .more("more effect", more_effect)
    };
    Ok(Answer { figures: frontier(&choices)?.iter().map(figure).collect(), notes: vec![note] })
}

fn draws(table: &Table) -> Result<(Vec<String>, Draws), InsightError> {
    let (cost, effect) = (table.numbers("cost")?, table.numbers("effect")?);
    let draw = table.texts("draw")?;
    let unequal = || InsightError::numbers("Every draw needs every option exactly once.");
    let (mut names, mut costs, mut effects) = (Vec::new(), Vec::new(), Vec::new());
    let mut first: Option<Vec<Option<&str>>> = None;
    for (name, mut rows) in table.groups(Some("option"))? {
        rows.sort_by(|&a, &b| draw[a].cmp(&draw[b]));
        let these: Vec<Option<&str>> = rows.iter().map(|&r| draw[r]).collect();
        let repeated = these.windows(2).any(|w| w[0] == w[1]);
        if repeated || first.as_ref().is_some_and(|f| *f != these) {
            return Err(unequal());
        }
        first.get_or_insert(these);
        costs.push(rows.iter().map(|&r| cost[r]).collect());
        effects.push(rows.iter().map(|&r| effect[r]).collect());
        names.push(name);
    }
    Ok((names, Draws::new(costs, effects)?))
}

fn run_chance(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) =
        ("cost-chance", "Briggs, Claxton and Sculpher (2006); Fenwick and others (2001); R dampack 1.0");
    let note = prices(options)?;
    let worth = needed(options, "worth", "it is a number, or several with commas; none is built in")?;
    let worth: Option<Vec<f64>> = worth.split(',').map(|w| w.trim().parse().ok()).collect();
    let worth =
        worth.ok_or_else(|| InsightError::option("worth", "", "it is a number, or several with commas"))?;
    let whose = needed(options, "worth-source", "it says who holds one more of the effect to be worth that")?;
    let (names, draws) = draws(table)?;
    let mut answer = Answer::default();
    for worth in worth {
        let at = draws.at(worth);
        for (way, name) in names.iter().enumerate() {
            let figure = Figure::new(BY.0, BY.1, "net benefit", at.benefit[way])
                .more("chance of being best", at.chance[way])
                .more("lost by choosing it", at.loss[way]);
            let figure = if way == at.best { figure.note("The best on average.") } else { figure };
            answer.figures.push(
                figure.of("worth", plain(worth)).of("option", name.clone()).unit("£").n(draws.len() as u64),
            );
        }
        let perfect = Figure::new(BY.0, BY.1, "worth of perfect knowledge", at.perfect);
        let perfect = perfect.more("standard error", at.error).unit("£").n(draws.len() as u64);
        answer.figures.push(perfect.of("worth", plain(worth)).of("option", "any"));
    }
    answer.notes = vec![note, format!("Worth of one more of the effect: {whose}.")];
    Ok(answer)
}

fn run_wellby(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) = ("wellby", "HM Treasury, Wellbeing guidance for appraisal (2021)");
    let note = prices(options)?;
    let price = options.maybe_number("price")?;
    let price = price.ok_or_else(|| InsightError::option("price", "", "it is a number; none is built in"))?;
    let (low, high) = (options.maybe_number("low")?, options.maybe_number("high")?);
    let rate = options.number("rate", 0.0)?;
    if rate < 0.0 {
        return Err(InsightError::option("rate", rate, "it is nought or more, such as 0.015"));
    }
    let what = table.texts("what")?;
    let [points, people, years] = ["points", "people", "years"].map(|c| table.numbers(c));
    let (points, people, years) = (points?, people?, years?);
    let mut answer = Answer { figures: Vec::new(), notes: vec![note] };
    for row in 0..table.len() {
        let wellbys = Change::new(points[row], people[row], years[row])?.wellbys(rate);
        let of = |f: Figure| f.of("what", what[row].unwrap_or("not known")).n(people[row] as u64);
        answer.figures.push(of(Figure::new(BY.0, BY.1, "wellbeing-adjusted life years", wellbys)));
        let mut worth = Figure::new(BY.0, BY.1, "worth", wellbys * price).unit("£");
        if let Some(low) = low {
            worth = worth.more("at the lowest price", wellbys * low);
        }
        if let Some(high) = high {
            worth = worth.more("at the highest price", wellbys * high);
        }
        answer.figures.push(of(worth));
    }
    Ok(answer)
}

fn run_present_value(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) = ("present-value", "HM Treasury, The Green Book (2022), annex 6");
    let note = prices(options)?;
    let rate = options.maybe_number("rate")?;
    let rate = rate.ok_or_else(|| InsightError::option("rate", "", "it is a number, such as 0.035"))?;
    let first =
        if options.one_of("first", &["now", "next-year"])? == "now" { First::Now } else { First::NextYear };
    let amounts = table.numbers("amount")?;
    let mut answer = Answer { figures: Vec::new(), notes: vec![note] };
    for (name, rows) in table.groups(table.has("option").then_some("option"))? {
        let theirs: Vec<f64> = rows.iter().map(|&r| amounts[r]).collect();
        let figure = Figure::new(BY.0, BY.1, "worth today", present_value(&theirs, rate, first)?)
            .unit("£")
            .more("years", theirs.len() as f64)
            .more("without a rate", theirs.iter().sum());
        answer.figures.push(if name.is_empty() { figure } else { figure.of("option", name) });
    }
    Ok(answer)
}
