//! Panels of places on the command line.

use super::groups::{Average, Control, Place, by_age, group_times, overall};
use super::panel::{Point, two_way};
use super::plan::Strength;
use super::synthetic::{Mix, Panel};
use crate::error::InsightError;
use crate::figure::{Answer, Figure, plain};
use crate::linalg::{DMatrix, z_of};
use crate::method::Options;
use crate::table::Table;

/// Positions of names in the order in which they first come.
fn positions(names: &[Option<&str>], column: &str) -> Result<(Vec<usize>, Vec<String>), InsightError> {
    let mut known: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let mut order = Vec::new();
    let mut place = Vec::new();
    for name in names {
        let name = name.ok_or_else(|| InsightError::numbers(format!("Every row needs a {column}.")))?;
        let at = *known.entry(name).or_insert_with(|| {
            order.push(name.to_owned());
            order.len() - 1
        });
        place.push(at);
    }
    Ok((place, order))
}

/// The different times in order, and each row's position among them.
fn times(table: &Table) -> Result<(Vec<f64>, Vec<usize>), InsightError> {
    let all = table.numbers("time")?;
    let mut sorted = all.clone();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let at = |t: &f64| sorted.binary_search_by(|s| s.total_cmp(t)).unwrap_or_else(|place| place);
    let positions = all.iter().map(at).collect();
    Ok((sorted, positions))
}

/// Difference in differences with an effect of each place and time.
pub(super) fn did(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) = ("did", "Angrist and Pischke (2009); Liang and Zeger (1986)");
    let level = options.level()?;
    let (place, names) = positions(&table.texts("place")?, "place")?;
    let (cluster, _) = match table.has("cluster") {
        true => positions(&table.texts("cluster")?, "cluster")?,
        false => (place.clone(), Vec::new()),
    };
    let (_, time) = times(table)?;
    let (changed, values) = (table.numbers("changed")?, table.maybe_numbers("value")?);
    let point = |r: usize| {
        let value = values[r]?;
        Some(Point { place: place[r], time: time[r], cluster: cluster[r], changed: changed[r], value })
    };
    let points: Vec<Point> = (0..table.len()).filter_map(point).collect();
    let made = two_way(&points)?;
    let ends = made.ends(level);
    let mut figure = Figure::new(BY.0, BY.1, "difference", made.value)
        .interval(ends.0, ends.1, level, "Student's t, by cluster")
        .n(points.len() as u64)
        .missing((table.len() - points.len()) as u64)
        .more("standard error", made.error)
        .more("standard error, places not counted", made.error_within)
        .more("places", names.len() as f64)
        .more("clusters", made.clusters as f64);
    if made.clusters < 30 {
        figure = figure.note("Fewer than 30 clusters: the interval is narrower than it says.");
    }
    let mut notes = vec![Strength::Compared.words().to_owned()];
    if begins(&points) > 1 {
        notes.push("Places were changed at different times: use did-groups, which does not compare with places already changed.".into());
    }
    Ok(Answer { figures: vec![figure], notes })
}

/// How many different times places began at.
fn begins(points: &[Point]) -> usize {
    let mut first: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for p in points.iter().filter(|p| p.changed > 0.0) {
        first.entry(p.place).and_modify(|t| *t = (*t).min(p.time)).or_insert(p.time);
    }
    first.into_values().collect::<std::collections::BTreeSet<_>>().len()
}

/// Groups of places that began at different times.
pub(super) fn did_groups(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) = ("did-groups", "Callaway and Sant'Anna (2021)");
    let level = options.level()?;
    let control = match options.one_of("control", &["never", "not-yet"])? {
        "never" => Control::Never,
        _ => Control::NotYet,
    };
    let (place, names) = positions(&table.texts("place")?, "place")?;
    let (all_times, time) = times(table)?;
    let (from, values) = (table.maybe_numbers("from")?, table.maybe_numbers("value")?);
    let blank = Place { from: None, values: vec![None; all_times.len()] };
    let mut places = vec![blank; names.len()];
    for r in 0..table.len() {
        // Nought stands for "never" in published panels; a time after the last is never, too.
        let begun = from[r].filter(|f| *f != 0.0).map(|f| all_times.partition_point(|t| *t < f));
        places[place[r]].from = begun.filter(|f| *f < all_times.len());
        places[place[r]].values[time[r]] = values[r];
    }
    let made = group_times(&places, control)?;
    let missing = places.iter().flat_map(|p| &p.values).filter(|v| v.is_none()).count() as u64;
    let z = z_of(level);
    let mut answer = Answer::default();
    let average = |what: &str, a: Average| {
        let (low, high) = a.ends(level);
        Figure::new(BY.0, BY.1, what, a.effect)
            .interval(low, high, level, "normal, by place")
            .n(names.len() as u64)
            .missing(missing)
            .more("standard error", a.error)
    };
    if let Some(a) = overall(&places, &made) {
        answer.figures.push(average("overall", a).of("group", "all").of("time", "since"));
    }
    for (age, a) in by_age(&places, &made) {
        let what = if age < 0 { "before, hoped to be near nought" } else { "effect" };
        answer.figures.push(average(what, a).of("group", "all").of("time", format!("{age:+}")));
    }
    for g in &made {
        let what = if g.time < g.group { "before, hoped to be near nought" } else { "effect" };
        let figure = Figure::new(BY.0, BY.1, what, g.effect)
            .interval(g.effect - z * g.error, g.effect + z * g.error, level, "normal, by place")
            .n(g.n.0 as u64)
            .more("standard error", g.error)
            .more("controls", g.n.1 as f64);
        answer
            .figures
            .push(figure.of("group", plain(all_times[g.group])).of("time", plain(all_times[g.time])));
    }
    let early = places.iter().filter(|p| p.from == Some(0)).count();
    if early > 0 {
        answer
            .notes
            .push(format!("Places changed from the first time on, which cannot be compared: {early}."));
    }
    answer.notes.push("Intervals hold one at a time, not all at once.".into());
    answer.notes.push(Strength::Compared.words().into());
    Ok(answer)
}

/// A changed place against a mixture of others.
pub(super) fn synthetic(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const BY: (&str, &str) =
        ("synthetic", "Arkhangelsky and others (2021); Abadie and others (2010); R synthdid 0.0.9");
    let level = options.level()?;
    let mix = match options.one_of("mix", &["sdid", "sc", "did"])? {
        "sdid" => Mix::SyntheticDid,
        "sc" => Mix::SyntheticControl,
        _ => Mix::Did,
    };
    let (place, names) = positions(&table.texts("place")?, "place")?;
    let (all_times, time) = times(table)?;
    let (changed, values) = (table.numbers("changed")?, table.numbers("value")?);
    let ever = |p: usize| (0..table.len()).any(|r| place[r] == p && changed[r] > 0.0);
    let (treated, free): (Vec<usize>, Vec<usize>) = (0..names.len()).partition(|&p| ever(p));
    let before =
        (0..table.len()).filter(|&r| changed[r] > 0.0).map(|r| time[r]).min().unwrap_or(all_times.len());
    let all_since =
        (0..table.len()).all(|r| (changed[r] > 0.0) == (treated.contains(&place[r]) && time[r] >= before));
    if !all_since {
        return Err(InsightError::numbers(
            "All changed places must begin at one time and stay changed; use did-groups.",
        ));
    }
    let order: Vec<usize> = free.iter().chain(&treated).copied().collect();
    let mut panel = DMatrix::from_element(names.len(), all_times.len(), f64::NAN);
    for r in 0..table.len() {
        let row = order.iter().position(|p| *p == place[r]).unwrap_or_default();
        panel[(row, time[r])] = values[r];
    }
    let panel = Panel::new(panel, free.len(), before)?;
    let found = panel.effect(mix);
    let placebos = panel.placebos(mix);
    let n = placebos.len() as f64;
    let mean = placebos.iter().sum::<f64>() / n;
    let error = (placebos.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let error = error / (treated.len() as f64).sqrt();
    let z = z_of(level);
    let as_large = placebos.iter().filter(|e| e.abs() >= found.effect.abs()).count() as f64;
    let figure = Figure::new(BY.0, BY.1, "difference", found.effect)
        .interval(found.effect - z * error, found.effect + z * error, level, "normal, from placebos")
        .n(names.len() as u64)
        .more("standard error", error)
        .more("places where as much came of nothing", as_large)
        .more("share of places", (as_large + 1.0) / (n + 1.0))
        .more("misfit before", found.misfit);
    let mut answer =
        Answer { figures: vec![figure.of("place", names_of(&treated, &names))], notes: Vec::new() };
    for (i, weight) in found.places.iter().enumerate().filter(|(_, w)| **w > 0.0005) {
        answer
            .figures
            .push(Figure::new(BY.0, BY.1, "weight of a place", *weight).of("place", names[free[i]].clone()));
    }
    for (t, weight) in found.times.iter().enumerate().filter(|(_, w)| **w > 0.0005) {
        answer
            .figures
            .push(Figure::new(BY.0, BY.1, "weight of a time", *weight).of("place", plain(all_times[t])));
    }
    answer.notes.push(
        "The error comes from each other place taken as if it had been changed; with few places it is rough."
            .into(),
    );
    answer.notes.push(Strength::Compared.words().into());
    Ok(answer)
}

fn names_of(places: &[usize], names: &[String]) -> String {
    places.iter().map(|&p| names[p].as_str()).collect::<Vec<_>>().join(", ")
}
