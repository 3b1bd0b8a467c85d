//! The XmR chart with the rules of Making Data Count.
//!
//! Not for rare events (most points nought; see [`super::rare`]), nor for series that have
//! been rounded or suppressed: rounding makes ties and steps that the rules take for
//! signals.
//!
//! Source: Shewhart (1931); Wheeler, Understanding variation (2000); NHS England, Making
//! Data Count (2019); the rules and their order as in NHSRplotthedots 0.2 (050b07d, MIT).

use crate::error::InsightError;

/// 3 over the d2 of two points: limits in mean moving ranges.
const LIMIT: f64 = 2.66;
/// D4 of two points: a moving range from here on is not the usual.
const RANGE_LIMIT: f64 = 3.267;
/// How many points make a run.
const RUN: usize = 7;
/// Limits need so many points to be fixed.
pub const FIX_LEAST: usize = 12;
/// Below so many points the limits are only a hint.
pub const FEW: usize = 13;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// Neither; changes are shown without judging them.
    Neither,
}

/// Why a point stands out. The order is the order of precedence: each point says the first
/// that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Above the upper limit.
    AboveLimit,
    /// Below the lower limit.
    BelowLimit,
    /// In seven points each above the one before.
    Rising,
    /// In seven points each below the one before.
    Falling,
    /// One of two among three near the upper limit, all three above the mean.
    NearUpper,
    /// One of two among three near the lower limit, all three below the mean.
    NearLower,
    /// In seven points above the mean.
    AboveMean,
    /// In seven points below the mean.
    BelowMean,
    /// The usual up and down.
    Common,
}

impl Cause {
    /// Which way it points: up, down or neither.
    pub fn direction(self) -> i8 {
        match self {
            Cause::AboveLimit | Cause::Rising | Cause::NearUpper | Cause::AboveMean => 1,
            Cause::BelowLimit | Cause::Falling | Cause::NearLower | Cause::BelowMean => -1,
            Cause::Common => 0,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Cause::AboveLimit => "above the upper limit",
            Cause::BelowLimit => "below the lower limit",
            Cause::Rising => "seven points rising",
            Cause::Falling => "seven points falling",
            Cause::NearUpper => "two of three near the upper limit",
            Cause::NearLower => "two of three near the lower limit",
            Cause::AboveMean => "seven points above the mean",
            Cause::BelowMean => "seven points below the mean",
            Cause::Common => "usual",
        }
    }
}

/// The icon of variation, of a point and (its last point's) of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    /// The usual up and down.
    Common,
    /// A change for the better.
    Improvement,
    /// A change for the worse.
    Concern,
    /// Higher, neither better nor worse.
    Higher,
    /// Lower, neither better nor worse.
    Lower,
}

impl Variation {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Variation::Common => "usual variation",
            Variation::Improvement => "change for the better",
            Variation::Concern => "change for the worse",
            Variation::Higher => "change upwards",
            Variation::Lower => "change downwards",
        }
    }
}

/// The icon of assurance: what the process does to its target if nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// Meets it every time.
    Passes,
    /// Misses it every time.
    Fails,
    /// Hits and misses it by chance. A target on a limit counts here.
    HitsAndMisses,
}

impl Assurance {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Assurance::Passes => "meets the target every time",
            Assurance::Fails => "misses the target every time",
            Assurance::HitsAndMisses => "hits and misses the target by chance",
        }
    }
}

/// What a chart is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Which way is better.
    pub better: Better,
    /// The target.
    pub target: Option<f64>,
    /// Positions at which something known changed and new limits begin. Runs begin anew.
    pub rebase: Vec<usize>,
    /// The limits of each phase come from its first so many points.
    pub fix_after: Option<usize>,
    /// Whether moving ranges beyond their own limit are left out once. On, as in Making Data
    /// Count.
    pub screen: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { better: Better::Neither, target: None, rebase: Vec::new(), fix_after: None, screen: true }
    }
}

/// A point of the chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Its value.
    pub value: f64,
    /// The mean of its phase.
    pub mean: f64,
    /// The lower and upper limit of its phase; nothing with a single point.
    pub limits: Option<(f64, f64)>,
    /// Why it stands out.
    pub cause: Cause,
    /// What that means.
    pub variation: Variation,
}

/// The chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its points.
    pub points: Vec<Point>,
    /// The icon of variation: that of the last point.
    pub variation: Variation,
    /// The icon of assurance; nothing without a target, a better way, or limits.
    pub assurance: Option<Assurance>,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// The chart of a series in order of time.
///
/// # Errors
/// There is no point, a phase begins beyond the series, or limits are to be fixed on fewer
/// than twelve points.
pub fn chart(values: &[f64], settings: &Settings) -> Result<Chart, InsightError> {
    if values.is_empty() {
        return Err(InsightError::TooFew { what: "Points of the chart", has: 0, needs: 1 });
    }
    if let Some(n) = settings.fix_after.filter(|n| *n < FIX_LEAST) {
        return Err(InsightError::option("fix", n, format!("limits need at least {FIX_LEAST} points")));
    }
    let mut starts: Vec<usize> = settings.rebase.iter().copied().filter(|&s| s > 0).collect();
    if let Some(beyond) = starts.iter().find(|&&s| s >= values.len()) {
        return Err(InsightError::option("rebase", beyond + 1, "it lies within the series"));
    }
    starts.push(0);
    starts.sort_unstable();
    starts.dedup();
    let mut points = Vec::with_capacity(values.len());
    for (i, &start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).copied().unwrap_or(values.len());
        points.extend(phase(&values[start..end], settings));
    }
    let last = points[points.len() - 1];
    let shortest = starts.iter().zip(starts.iter().skip(1).chain([&values.len()])).map(|(a, b)| b - a).min();
    let mut notes = Vec::new();
    if shortest.is_some_and(|n| n < FEW) {
        notes.push(format!("A phase has fewer than {FEW} points: its limits are only a hint."));
    }
    if last.limits.is_none() {
        notes.push("Too few points for limits.".into());
    }
    Ok(Chart { variation: last.variation, assurance: assurance(&last, settings), points, notes })
}

fn assurance(last: &Point, settings: &Settings) -> Option<Assurance> {
    let (target, (low, high)) = (settings.target?, last.limits?);
    let above = match settings.better {
        Better::Neither => return None,
        Better::Higher => Assurance::Fails,
        Better::Lower => Assurance::Passes,
    };
    let below = if above == Assurance::Fails { Assurance::Passes } else { Assurance::Fails };
    Some(match target {
        t if t > high => above,
        t if t < low => below,
        _ => Assurance::HitsAndMisses,
    })
}

/// The mean and, with at least two points, the mean moving range.
fn centre(values: &[f64], screen: bool) -> (f64, Option<f64>) {
    let average = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let ranges: Vec<f64> = values.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    if ranges.is_empty() {
        return (average(values), None);
    }
    let all = average(&ranges);
    let usual: Vec<f64> = ranges.into_iter().filter(|r| !screen || *r < RANGE_LIMIT * all).collect();
    // A series that never moves has nothing to screen: its limits are its mean.
    (average(values), Some(if usual.is_empty() { all } else { average(&usual) }))
}

fn phase(values: &[f64], settings: &Settings) -> Vec<Point> {
    let fixed = settings.fix_after.map_or(values.len(), |n| n.min(values.len()));
    let (mean, range) = centre(&values[..fixed], settings.screen);
    let limits = range.map(|r| (mean - LIMIT * r, mean + LIMIT * r));
    let near = range.map(|r| (mean - LIMIT * r * 2.0 / 3.0, mean + LIMIT * r * 2.0 / 3.0));
    let causes = causes(values, mean, limits, near);
    let point = |(&value, cause): (&f64, Cause)| {
        let variation = match (cause.direction(), settings.better) {
            (0, _) => Variation::Common,
            (1, Better::Neither) => Variation::Higher,
            (_, Better::Neither) => Variation::Lower,
            (1, Better::Higher) | (-1, Better::Lower) => Variation::Improvement,
            _ => Variation::Concern,
        };
        Point { value, mean, limits, cause, variation }
    };
    values.iter().zip(causes).map(point).collect()
}

type Limits = Option<(f64, f64)>;

fn causes(values: &[f64], mean: f64, limits: Limits, near: Limits) -> Vec<Cause> {
    let mut causes = vec![Cause::Common; values.len()];
    let mut say = |range: std::ops::Range<usize>, cause: Cause| {
        causes[range].iter_mut().for_each(|c| *c = cause.min(*c));
    };
    let side: Vec<i8> = values.iter().map(|v| (*v > mean) as i8 - (*v < mean) as i8).collect();
    for (i, &v) in values.iter().enumerate() {
        match limits {
            Some((_, high)) if v > high => say(i..i + 1, Cause::AboveLimit),
            Some((low, _)) if v < low => say(i..i + 1, Cause::BelowLimit),
            _ => {}
        }
    }
    for start in 0..(values.len() + 1).saturating_sub(RUN) {
        let run = &values[start..start + RUN];
        let range = start..start + RUN;
        if run.windows(2).all(|w| w[1] > w[0]) {
            say(range.clone(), Cause::Rising);
        }
        if run.windows(2).all(|w| w[1] < w[0]) {
            say(range.clone(), Cause::Falling);
        }
        // A point on the mean breaks the run.
        if side[range.clone()].iter().all(|s| *s == 1) {
            say(range.clone(), Cause::AboveMean);
        }
        if side[range.clone()].iter().all(|s| *s == -1) {
            say(range, Cause::BelowMean);
        }
    }
    let Some(((low, high), (near_low, near_high))) = limits.zip(near) else { return causes };
    // Points outside the limits are not "near" them.
    let close = |i: usize| {
        let v = values[i];
        v <= high && v >= low && (v < near_low || v > near_high)
    };
    for start in 0..(values.len() + 1).saturating_sub(3) {
        let three = start..start + 3;
        let same = side[start] != 0 && side[three.clone()].iter().all(|s| *s == side[start]);
        if same && three.clone().filter(|&i| close(i)).count() >= 2 {
            let cause = if side[start] == 1 { Cause::NearUpper } else { Cause::NearLower };
            three.filter(|&i| close(i)).for_each(|i| say(i..i + 1, cause));
        }
    }
    causes
}
