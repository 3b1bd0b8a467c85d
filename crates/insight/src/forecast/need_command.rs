//! The need model on the command line.

use super::need::{Exposed, Range, Service, Source, Way, follow, sum};
use crate::error::InsightError;
use crate::figure::{Answer, Figure, plain};
use crate::method::Options;
use crate::table::Table;

/// Groups by condition, added up with ranges and overlap.
pub(super) fn need(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) = ("need", "Centre for Mental Health (2020), with ranges (PERT) and overlap");
    let level = options.level()?;
    let (draws, seed) = (options.count("draws", 2000)?, options.count("seed", 1)? as u64);
    let population = options.maybe_number("population")?;
    let column = |name: &str| if table.has(name) { table.maybe_numbers(name).map(Some) } else { Ok(None) };
    let (people, likely) = (table.numbers("people")?, table.numbers("share")?);
    let [pl, ph, sl, sh] = ["people_low", "people_high", "low", "high"].map(column);
    let (pl, ph, sl, sh) = (pl?, ph?, sl?, sh?);
    let end = |ends: &Option<Vec<Option<f64>>>, row: usize, middle: f64| {
        ends.as_ref().and_then(|e| e[row]).unwrap_or(middle)
    };
    let exposed = |row: usize| -> Result<Exposed, InsightError> {
        Ok(Exposed {
            people: Range::new(end(&pl, row, people[row]), people[row], end(&ph, row, people[row]))?,
            share: Range::new(end(&sl, row, likely[row]), likely[row], end(&sh, row, likely[row]))?,
        })
    };
    let mut answer = Answer::default();
    for (name, rows) in table.groups(table.has("condition").then_some("condition"))? {
        let groups = rows.iter().map(|&r| exposed(r)).collect::<Result<Vec<_>, _>>()?;
        let made = sum(&groups, population, level, draws, seed)?;
        let figure = Figure::new(BY.0, BY.1, "people who come to need help", made.likely)
            .interval(made.ends.0, made.ends.1, level, "draws of the ranges")
            .unit("people")
            .more("groups", groups.len() as f64)
            .more("if groups overlap by chance", made.by_chance.unwrap_or(f64::NAN))
            .more("if small groups lie in large", made.nested);
        answer.figures.push(if name.is_empty() { figure } else { figure.of("condition", name) });
    }
    answer.notes.push(format!("{draws} draws, seed {seed}."));
    answer.notes.push("The sum counts somebody once for each group they are in.".into());
    Ok(answer)
}

/// Groups through services over time.
pub(super) fn need_flow(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) = ("need-flow", "The Strategy Unit, 723_mh_covid_surge_modelling (MIT)");
    let months = options.count("months", 24)?.max(2);
    let step = options.number("step", 0.2)?;
    let (groups, conditions) = (table.texts("group")?, table.texts("condition")?);
    let [people, percent, share, split] = ["people", "open", "share", "split"].map(|c| table.numbers(c));
    let (people, open, share, split) = (people?, percent?, share?, split?);
    let [success, months_of, left, taken] = ["success", "months", "left", "taken"].map(|c| table.numbers(c));
    let (success, months_of, left, taken) = (success?, months_of?, left?, taken?);
    let curves = table.texts("curve")?;
    let mut sources = Vec::new();
    let mut group_of = vec![0; table.len()];
    for (g, (_, rows)) in table.groups(Some("group"))?.iter().enumerate() {
        let curve = curves[rows[0]].unwrap_or_default();
        let read: Option<Vec<f64>> = curve.split_whitespace().map(|t| t.parse().ok()).collect();
        let read = read.filter(|c| !c.is_empty()).ok_or_else(|| {
            InsightError::numbers(
                "A curve is the share that becomes at risk in each month, with spaces between.",
            )
        })?;
        sources.push(Source { people: people[rows[0]] * open[rows[0]], curve: read });
        rows.iter().for_each(|&r| group_of[r] = g);
    }
    let (mut services, mut service_names, mut ways) = (Vec::new(), Vec::new(), Vec::new());
    for (s, (name, rows)) in table.groups(Some("service"))?.iter().enumerate() {
        let r = rows[0];
        services.push(Service { success: success[r], months: months_of[r], left: left[r], taken: taken[r] });
        service_names.push(name.clone());
        for &r in rows {
            let same = (0..table.len()).filter(|&o| groups[o] == groups[r] && conditions[o] == conditions[r]);
            let all: f64 = same.map(|o| split[o]).sum();
            ways.push(Way { group: group_of[r], service: s, share: share[r] * split[r] / all });
        }
    }
    let moments = follow(&sources, &services, &ways, months, step)?;
    let mut answer = Answer::default();
    for m in moments.iter().filter(|m| (m.time - m.time.round()).abs() < step / 2.0 && m.time.round() > 0.0) {
        let month = plain(m.time.round());
        let new = Figure::new(BY.0, BY.1, "referrals a month", m.referrals).unit("people");
        answer.figures.push(new.of("month", month.clone()).of("service", "all"));
        for (name, here) in service_names.iter().zip(&m.helped) {
            let figure = Figure::new(BY.0, BY.1, "people in the service", *here).unit("people");
            answer.figures.push(figure.of("month", month.clone()).of("service", name.clone()));
        }
    }
    answer
        .notes
        .push(format!("Steps of {} months (Euler). Shares are likely values; try others.", plain(step)));
    Ok(answer)
}
