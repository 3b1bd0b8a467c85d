//! What a waiting list needs: how long a list may be for nearly all to be seen within a
//! target, how much capacity brings it there, and how hard it is pressed.
//!
//! Source: Fong, Mushtaq, House, Gordon, Chen, Griffiths, Ahmad and Walton, Understanding
//! waiting lists pressures (medRxiv 2022); the formulas of NHSRwaitinglist 0.1 (0d85b69).
//! That package's `wl_stats` has defects which we do not copy (see
//! docs/measures/defects.md); [`Compat::Nhsr`] reproduces them for comparison.

use crate::error::InsightError;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Arrivals over capacity: at one or above the list grows.
pub fn load(demand: f64, capacity: f64) -> f64 {
    demand / capacity
}

/// The mean wait at which nearly all are seen within the target: a quarter of it, for then
/// e^-4, under 2 %, wait longer.
pub fn target_mean_wait(target: f64, factor: f64) -> f64 {
    target / factor
}

/// How many wait when the mean wait is the target's: Little's law.
pub fn target_queue(demand: f64, target: f64, factor: f64) -> f64 {
    demand * target / factor
}

/// The capacity that brings a list from its size to the target's within `weeks`.
pub fn relief_capacity(demand: f64, queue: f64, target_queue: f64, weeks: f64) -> f64 {
    demand + (queue - target_queue) / weeks
}

/// The upper end of demand when it is known from `referrals` that vary by `variation`
/// (the deviation of the gaps between them over their mean), or the demand itself where
/// there are too few for that to mean anything. With [`Compat::Nhsr`] the uncertainty is
/// taken times the demand, so that it depends on the unit of time.
pub fn surest_demand(demand: f64, referrals: f64, variation: f64, compat: Compat) -> f64 {
    let unit = if compat == Compat::Nhsr { demand } else { 1.0 };
    let share = 2.0 * unit * variation / referrals.sqrt();
    if share < 1.0 { demand / (1.0 - share) } else { demand }
}

/// The capacity that keeps a list at its target when arrivals and removals vary.
pub fn target_capacity(demand: f64, target: f64, factor: f64, varies_in: f64, varies_out: f64) -> f64 {
    demand + (varies_in.powi(2) + varies_out.powi(2)) / 2.0 * factor / target
}

/// How hard a list is pressed: over one, the target is out of reach for many. Both in weeks.
pub fn pressure(mean_wait: f64, target: f64) -> f64 {
    2.0 * mean_wait / target
}

/// How long the list may be for the share `p` of those removed to have waited within
/// `weeks`: the England standard of 92 % within 18 weeks is -ln(0.08)/18.
pub fn standard_queue(demand: f64, p: f64, weeks: f64) -> f64 {
    demand * weeks / -(1.0 - p).ln()
}

/// Whether to reproduce the defects of another package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compat {
    /// Ours.
    No,
    /// As NHSRwaitinglist 0d85b69 answers.
    Nhsr,
}

/// One person on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The day of referral.
    pub referral: Date,
    /// The day of removal, if there was one.
    pub removal: Option<Date>,
}

/// Everything about a list in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    /// The window, both days in it.
    pub window: (Date, Date),
    /// Referrals in it.
    pub referrals: usize,
    /// Referrals a week.
    pub demand: f64,
    /// How gaps between referrals vary.
    pub varies_in: f64,
    /// Removals in it.
    pub removals: usize,
    /// Removals a week while somebody was waiting.
    pub capacity: f64,
    /// How gaps between removals vary.
    pub varies_out: f64,
    /// Demand over capacity.
    pub load: f64,
    /// How many wait at the end.
    pub queue: usize,
    /// How many wait at the end of each day.
    pub by_day: Vec<usize>,
    /// How many may wait.
    pub target_queue: f64,
    /// Whether it is more than twice that.
    pub too_big: bool,
    /// The mean wait so far of those waiting at the end, in weeks (in days with
    /// [`Compat::Nhsr`]).
    pub mean_wait: f64,
    /// The capacity that keeps it at its target; not for a list that is too big.
    pub target_capacity: Option<f64>,
    /// The capacity that brings it to its target in half a year; for a list that is too big.
    pub relief_capacity: Option<f64>,
    /// How hard it is pressed.
    pub pressure: f64,
}

/// Works out everything about a list. Without a window it is from the first referral to the
/// last thing that happened (to the last referral with [`Compat::Nhsr`]).
///
/// # Errors
/// Nobody was referred in the window, somebody was removed before they were referred, the
/// window ends before it starts, or the target is not positive.
pub fn stats(
    list: &[Entry],
    window: (Option<Date>, Option<Date>),
    target_weeks: f64,
    compat: Compat,
) -> Result<Stats, InsightError> {
    if target_weeks <= 0.0 {
        return Err(InsightError::option("target", target_weeks, "it is a number of weeks above nought"));
    }
    if let Some(row) = list.iter().position(|e| e.removal.is_some_and(|r| r < e.referral)) {
        return Err(InsightError::numbers(format!(
            "Row {}: removed before it was referred. Correct the days.",
            row + 1
        )));
    }
    let mut list = list.to_vec();
    list.sort_by_key(|e| (e.referral, e.removal));
    let last_referral = list.last().map(|e| e.referral);
    let last = match compat {
        Compat::Nhsr => last_referral,
        Compat::No => list.iter().filter_map(|e| e.removal).max().max(last_referral),
    };
    let (Some(start), Some(end)) = (window.0.or(list.first().map(|e| e.referral)), window.1.or(last)) else {
        return Err(InsightError::TooFew { what: "Referrals on the list", has: 0, needs: 2 });
    };
    if end < start {
        return Err(InsightError::numbers("The window ends before it starts."));
    }
    let inside = |day: Date| start <= day && day <= end;
    let referred: Vec<Date> = list.iter().map(|e| e.referral).filter(|d| inside(*d)).collect();
    if referred.len() < 2 {
        return Err(InsightError::TooFew { what: "Referrals in the window", has: referred.len(), needs: 2 });
    }
    let by_day = by_day(&list, start, end);
    let (gaps_in, gaps_out) = match compat {
        Compat::Nhsr => (nhsr_arrivals(&referred, start, end), nhsr_removals(&list, &by_day, start)),
        Compat::No => (gaps(&referred), removal_gaps(&list, &by_day, start, end)),
    };
    let days_in_window = days(start, end) + 1.0;
    let demand = match compat {
        Compat::Nhsr => 7.0 / mean(&gaps_in),
        Compat::No => 7.0 * referred.len() as f64 / days_in_window,
    };
    let capacity = 7.0 * gaps_out.len() as f64 / gaps_out.iter().sum::<f64>();
    let queue = by_day.last().copied().unwrap_or(0);
    let waiting: Vec<f64> =
        list.iter().filter(|e| e.waits(end, compat)).map(|e| days(e.referral, end)).collect();
    let in_days = if waiting.is_empty() { 0.0 } else { mean(&waiting) };
    let mean_wait = if compat == Compat::Nhsr { in_days } else { in_days / 7.0 };
    let (varies_in, varies_out) = (variation(&gaps_in), variation(&gaps_out));
    let target = target_queue(demand, target_weeks, 4.0);
    let too_big = queue as f64 > 2.0 * target;
    Ok(Stats {
        window: (start, end),
        referrals: if compat == Compat::Nhsr { gaps_in.len() } else { referred.len() },
        demand,
        varies_in,
        removals: gaps_out.len(),
        capacity,
        varies_out,
        load: load(demand, capacity),
        queue,
        by_day,
        target_queue: target,
        too_big,
        mean_wait,
        target_capacity: (!too_big)
            .then(|| target_capacity(demand, target_weeks, 4.0, varies_in, varies_out)),
        relief_capacity: too_big.then(|| relief_capacity(demand, queue as f64, target, 26.0)),
        pressure: pressure(mean_wait, target_weeks),
    })
}

impl Entry {
    fn waits(&self, end: Date, compat: Compat) -> bool {
        match compat {
            Compat::No => self.referral <= end && self.removal.is_none_or(|r| r > end),
            // "and" binds tighter than "or" there: people referred after the end count too.
            Compat::Nhsr => {
                self.removal.is_some_and(|r| r > end) || self.removal.is_none() && self.referral <= end
            }
        }
    }
}

/// Days from one day to another.
fn days(from: Date, to: Date) -> f64 {
    from.duration_until(to).as_hours() as f64 / 24.0
}

fn by_day(list: &[Entry], start: Date, end: Date) -> Vec<usize> {
    let all = days(start, end) as usize + 1;
    let mut change = vec![0i64; all];
    for entry in list {
        if entry.referral > end || entry.removal.is_some_and(|r| r < start) {
            continue;
        }
        change[days(start, entry.referral.max(start)) as usize] += 1;
        if let Some(removal) = entry.removal.filter(|r| *r <= end) {
            change[days(start, removal) as usize] -= 1;
        }
    }
    let mut now = 0;
    change
        .into_iter()
        .map(|c| {
            now += c;
            now.max(0) as usize
        })
        .collect()
}

fn gaps(sorted: &[Date]) -> Vec<f64> {
    sorted.windows(2).map(|w| days(w[0], w[1])).collect()
}

/// Days between removals of the window. While nobody waits nobody can be removed: such a
/// gap begins on the last day on which the list was empty.
fn removal_gaps(list: &[Entry], by_day: &[usize], start: Date, end: Date) -> Vec<f64> {
    let mut removed: Vec<Date> =
        list.iter().filter_map(|e| e.removal).filter(|r| start <= *r && *r <= end).collect();
    removed.sort();
    let mut last = 0.0f64;
    removed
        .into_iter()
        .map(|day| {
            let today = days(start, day);
            let empty = (0..today as usize).rev().find(|&d| by_day[d] == 0).map_or(0.0, |d| d as f64);
            let gap = today - last.max(empty);
            last = today;
            gap
        })
        .collect()
}

/// The window's start and end among the referrals, as the other package has it.
fn nhsr_arrivals(referred: &[Date], start: Date, end: Date) -> Vec<f64> {
    let mut all = vec![start];
    all.extend(referred);
    all.push(end);
    gaps(&all)
}

/// Every removal, whenever it was, each after the day before it on which the list was empty
/// or somebody was removed.
fn nhsr_removals(list: &[Entry], by_day: &[usize], start: Date) -> Vec<f64> {
    let mut marks: BTreeMap<(i64, bool), usize> = BTreeMap::new();
    for (day, queue) in by_day.iter().enumerate() {
        if *queue == 0 {
            marks.insert((day as i64, false), 1);
        }
    }
    for removal in list.iter().filter_map(|e| e.removal) {
        *marks.entry((days(start, removal) as i64, true)).or_default() += 1;
    }
    let mut gaps = Vec::new();
    // The window's start stands before all of them.
    let mut last = 0;
    for ((day, is_removal), count) in marks {
        for _ in 0..count {
            if is_removal {
                gaps.push((day - last) as f64);
            }
            last = day;
        }
    }
    gaps
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation over mean.
fn variation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    let m = mean(values);
    let variance = values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (values.len() - 1) as f64;
    variance.sqrt() / m
}
