//! Difference in differences where places were changed at different times: each group of
//! places that began together, at each time, against places that were not changed.
//!
//! The effect of a group at a time is its change since just before it began, less the change
//! of the controls over the same time. Before it began, the change since the time before: it
//! shows whether group and controls moved alike when nothing had happened.
//!
//! Source: Callaway and Sant'Anna, J Econometrics 225 (2021), without covariates.

use crate::error::InsightError;
use crate::linalg::z_of;

/// A place with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The time from which the change was in force (a position among the times); nothing
    /// where it never came.
    pub from: Option<usize>,
    /// A value at each time; nothing where it is not known.
    pub values: Vec<Option<f64>>,
}

/// Who serves as control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Places where the change never came.
    Never,
    /// Those, and places where it had not come yet.
    NotYet,
}

/// The effect on a group at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTime {
    /// The time at which the group began.
    pub group: usize,
    /// The time.
    pub time: usize,
    /// The effect (before the group began: a false effect, hoped to be near nought).
    pub effect: f64,
    /// Its standard error.
    pub error: f64,
    /// Places of the group, and controls, with both values.
    pub n: (usize, usize),
    /// Each place's part in the effect; the error is the root of the sum of squares.
    influence: Vec<f64>,
}

/// An average of effects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// The average.
    pub effect: f64,
    /// Its standard error, with that of the groups' sizes.
    pub error: f64,
}

impl Average {
    /// The ends of its interval, at each point by itself.
    pub fn ends(&self, level: f64) -> (f64, f64) {
        (self.effect - z_of(level) * self.error, self.effect + z_of(level) * self.error)
    }
}

/// Every group at every time, in order. Groups changed from the first time on cannot be
/// compared and are left out.
///
/// # Errors
/// There is no control, or no group.
pub fn group_times(places: &[Place], control: Control) -> Result<Vec<GroupTime>, InsightError> {
    let times = places.first().map_or(0, |p| p.values.len());
    if places.iter().any(|p| p.values.len() != times) {
        return Err(InsightError::numbers(
            "Every place needs the same times; leave a cell empty where a value is not known.",
        ));
    }
    let mut groups: Vec<usize> =
        places.iter().filter_map(|p| p.from).filter(|g| (1..times).contains(g)).collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.is_empty() {
        return Err(InsightError::numbers("No place was changed after the first time."));
    }
    let mut all = Vec::new();
    for &group in &groups {
        for time in 1..times {
            let base = if time >= group { group - 1 } else { time - 1 };
            all.extend(one(places, control, group, time, base));
        }
    }
    match all.is_empty() {
        true => Err(InsightError::numbers(
            "There is no place to compare with: leave from empty where the change never came.",
        )),
        false => Ok(all),
    }
}

fn one(places: &[Place], control: Control, group: usize, time: usize, base: usize) -> Option<GroupTime> {
    let free = |p: &Place| match (p.from, control) {
        (None, _) => true,
        (Some(_), Control::Never) => false,
        // Not changed yet at any of the two times, and not of this group.
        (Some(from), Control::NotYet) => from > time.max(base) && from != group,
    };
    let change = |p: &Place| Some(p.values[time]? - p.values[base]?);
    let side = |belongs: &dyn Fn(&Place) -> bool| {
        let changes: Vec<(usize, f64)> = (0..places.len())
            .filter(|&i| belongs(&places[i]))
            .filter_map(|i| Some((i, change(&places[i])?)))
            .collect();
        let n = changes.len();
        let mean = changes.iter().map(|c| c.1).sum::<f64>() / n as f64;
        (n > 0).then_some((changes, mean, n))
    };
    let (ours, mean, n) = side(&|p| p.from == Some(group))?;
    let (theirs, control_mean, m) = side(&free)?;
    let mut influence = vec![0.0; places.len()];
    ours.iter().for_each(|(i, c)| influence[*i] += (c - mean) / n as f64);
    theirs.iter().for_each(|(i, c)| influence[*i] -= (c - control_mean) / m as f64);
    let error = influence.iter().map(|v| v * v).sum::<f64>().sqrt();
    Some(GroupTime { group, time, effect: mean - control_mean, error, n: (n, m), influence })
}

/// The average over groups and times for which `belongs` holds, each weighted by the size
/// of its group. Nothing where there are none.
fn average(places: &[Place], all: &[GroupTime], belongs: impl Fn(&GroupTime) -> bool) -> Option<Average> {
    let chosen: Vec<&GroupTime> = all.iter().filter(|g| belongs(g)).collect();
    let size = |group: usize| places.iter().filter(|p| p.from == Some(group)).count() as f64;
    let total: f64 = chosen.iter().map(|g| size(g.group)).sum();
    if chosen.is_empty() {
        return None;
    }
    let effect = chosen.iter().map(|g| size(g.group) * g.effect).sum::<f64>() / total;
    // A place leans the average by its part in each effect, and by making its group larger.
    let part = |i: usize| {
        let own: f64 = chosen.iter().map(|g| size(g.group) / total * g.influence[i]).sum();
        let sizes: f64 = chosen
            .iter()
            .filter(|g| places[i].from == Some(g.group))
            .map(|g| (g.effect - effect) / total)
            .sum();
        own + sizes
    };
    let error = (0..places.len()).map(|i| part(i).powi(2)).sum::<f64>().sqrt();
    Some(Average { effect, error })
}

/// The average over all groups at times since they began.
pub fn overall(places: &[Place], all: &[GroupTime]) -> Option<Average> {
    average(places, all, |g| g.time >= g.group)
}

/// The average by how long ago the change was (below nought: how long until it came).
pub fn by_age(places: &[Place], all: &[GroupTime]) -> Vec<(i64, Average)> {
    let age = |g: &GroupTime| g.time as i64 - g.group as i64;
    let mut ages: Vec<i64> = all.iter().map(age).collect();
    ages.sort_unstable();
    ages.dedup();
    ages.into_iter().filter_map(|e| Some((e, average(places, all, |g| age(g) == e)?))).collect()
}
