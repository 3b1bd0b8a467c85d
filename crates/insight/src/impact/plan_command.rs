//! A plan and what came of it, on the command line.

use super::plan::{Done, Plan, Standing, compare};
use crate::error::InsightError;
use crate::figure::{Answer, Figure};
use crate::method::Options;
use crate::table::Table;
use jiff::civil::Date;
use std::collections::BTreeMap;

const BY: (&str, &str) = ("impact-plan", "after Munafò and others (2017)");

/// One column of the table (planned or done) as a plan.
fn read(table: &Table, column: &str) -> Result<Plan, InsightError> {
    let (parts, values) = (table.texts("part")?, table.texts(column)?);
    let find = |name: &str| {
        let row = parts.iter().position(|p| *p == Some(name));
        row.and_then(|row| values[row]).map(str::to_owned)
    };
    let text = |name: &str| {
        find(name).ok_or_else(|| InsightError::numbers(format!("The column {column} needs a row {name}.")))
    };
    let maybe_day = |name: &str| {
        let read = |t: String| {
            t.parse::<Date>()
                .map_err(|_| InsightError::numbers(format!("{name}: \"{t}\" is no day such as 2026-04-01.")))
        };
        find(name).map(read).transpose()
    };
    let day = |name: &str| {
        maybe_day(name)?
            .ok_or_else(|| InsightError::numbers(format!("The column {column} needs a row {name}.")))
    };
    let option = |(part, value): (&Option<&str>, &Option<&str>)| {
        Some((part.as_ref()?.strip_prefix("option ")?.to_owned(), value.as_ref()?.to_string()))
    };
    let options: BTreeMap<String, String> = parts.iter().zip(&values).filter_map(option).collect();
    Ok(Plan {
        question: text("question")?,
        outcome: text("outcome")?,
        population: text("population")?,
        change: text("change")?,
        from: day("from")?,
        method: text("method")?,
        options,
        control: find("control"),
        untouched: find("untouched"),
        expected: text("expected")?,
        author: text("author")?,
        written: day("written")?,
        seen_until: maybe_day("seen until")?,
    })
}

/// Checks a plan and seals it; with a column done, compares.
pub(super) fn run(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let plan = read(table, "planned")?;
    plan.check()?;
    let mut answer = Answer::default();
    answer.notes.push(format!("Seal: {}", plan.seal()));
    if !table.has("done") {
        answer.figures.push(Figure::new(BY.0, BY.1, "parts of the plan said", 1.0));
        answer
            .notes
            .push("Keep the plan and its seal where they cannot be changed, before anybody looks.".into());
        return Ok(answer);
    }
    let seal = options.text("seal").unwrap_or_default().to_owned();
    let looked = options.text("looked").and_then(|t| t.parse().ok());
    let looked = looked.ok_or_else(|| {
        InsightError::option(
            "looked",
            "",
            "it is the day on which data since the change were first looked at",
        )
    })?;
    let done = Done { as_done: read(table, "done")?, seal, looked };
    let (standing, deviations) = compare(&plan, &done);
    answer.figures.push(Figure::new(BY.0, BY.1, "parts done otherwise", deviations.len() as f64));
    for d in deviations {
        let figure = Figure::none(BY.0, BY.1, d.part, format!("planned: {}; done: {}.", d.planned, d.done));
        answer.figures.push(figure);
    }
    answer.notes.push(format!("This is {}.", standing.words()));
    if standing == Standing::Exploring {
        answer
            .notes
            .push("The seal does not fit the plan, or data since the change had been looked at.".into());
    }
    Ok(answer)
}
