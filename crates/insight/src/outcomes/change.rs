//! The first reading beside the latest, and whether the difference is more than an
//! instrument wobbles by.

use super::tools::{Better, Tool};
use crate::error::InsightError;
use crate::linalg::z_of;

/// How somebody's readings went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// Better by at least the threshold.
    Better,
    /// Worse by at least the threshold.
    Worse,
    /// Neither.
    Alike,
    /// There are not two readings: nothing is known of a change. This is not "alike".
    Unpaired,
}

/// The first and the latest valid reading, when there are two; `readings` are (when,
/// reading) in any order. Of two on one day the one given first stays first.
///
/// Source: NHS England's dashboards (nhsengland/MHSDS dc7bf10): the first valid and the
/// latest valid reading of a referral.
pub fn first_and_latest<T: Ord + Clone>(
    readings: &[(T, Option<f64>)],
    valid: impl Fn(f64) -> Option<f64>,
) -> (Option<f64>, Option<f64>) {
    let mut known: Vec<(T, f64)> =
        readings.iter().filter_map(|(at, x)| Some((at.clone(), valid((*x)?)?))).collect();
    known.sort_by(|a, b| a.0.cmp(&b.0));
    let first = known.first().map(|r| r.1);
    let latest = known.last().filter(|_| known.len() > 1).map(|r| r.1);
    (first, latest)
}

/// How somebody's readings went by a threshold.
pub fn went(first: Option<f64>, latest: Option<f64>, least: f64, better: Better) -> Went {
    let (Some(first), Some(latest)) = (first, latest) else { return Went::Unpaired };
    let gain = match better {
        Better::Higher => latest - first,
        Better::Lower => first - latest,
    };
    // Readings are written with a few decimals; 7.6 - 1 must count as 6.6.
    let reached = |x: f64| x >= least - 1e-9;
    match gain {
        g if reached(g) => Went::Better,
        g if reached(-g) => Went::Worse,
        _ => Went::Alike,
    }
}

/// How somebody's readings went by a national threshold.
pub fn went_by(tool: &Tool, first: Option<f64>, latest: Option<f64>) -> Went {
    went(first.and_then(|x| tool.valid(x)), latest.and_then(|x| tool.valid(x)), tool.least, tool.better)
}

/// The reliable change of an instrument, from its spread and its reliability.
///
/// Source: Jacobson and Truax, J Consult Clin Psychol 59 (1991).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliable {
    /// The standard error of one reading.
    pub error: f64,
    /// The standard error of a difference of two.
    pub difference: f64,
    /// A difference beyond this is more than chance makes; itself it is not.
    pub threshold: f64,
}

impl Reliable {
    /// From the standard deviation of first readings and the reliability (test again, or
    /// Cronbach's alpha), at a level.
    ///
    /// # Errors
    /// The deviation is not above nought, or the reliability not between nought and one.
    pub fn new(deviation: f64, reliability: f64, level: f64) -> Result<Reliable, InsightError> {
        if deviation.is_nan() || deviation <= 0.0 {
            return Err(InsightError::numbers("The standard deviation must be above nought."));
        }
        if !(0.0..1.0).contains(&reliability) {
            return Err(InsightError::numbers("A reliability is from nought to under one."));
        }
        let error = deviation * (1.0 - reliability).sqrt();
        let difference = std::f64::consts::SQRT_2 * error;
        Ok(Reliable { error, difference, threshold: z_of(level) * difference })
    }

    /// The index of a change: how many standard errors it is.
    pub fn index(&self, first: f64, latest: f64) -> f64 {
        (latest - first) / self.difference
    }

    /// How somebody's readings went: a change counts only beyond the threshold.
    pub fn went(&self, first: Option<f64>, latest: Option<f64>, better: Better) -> Went {
        let (Some(first), Some(latest)) = (first, latest) else { return Went::Unpaired };
        let way = if better == Better::Higher { 1.0 } else { -1.0 };
        match way * (latest - first) {
            gain if gain > self.threshold => Went::Better,
            gain if gain < -self.threshold => Went::Worse,
            _ => Went::Alike,
        }
    }
}

/// Whether a reading lies on the well side of a cut-off, itself included when higher is
/// better, and not when lower is (as published: ReQoL-10 from 25, PHQ-9 under 10).
pub fn well(reading: f64, cut_off: f64, better: Better) -> bool {
    match better {
        Better::Higher => reading >= cut_off,
        Better::Lower => reading < cut_off,
    }
}

/// How many went each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Better.
    pub better: u64,
    /// Worse.
    pub worse: u64,
    /// Neither.
    pub alike: u64,
    /// Without two readings.
    pub unpaired: u64,
}

impl Tally {
    /// Counts.
    pub fn of(all: impl IntoIterator<Item = Went>) -> Tally {
        all.into_iter().fold(Tally::default(), |mut tally, went| {
            match went {
                Went::Better => tally.better += 1,
                Went::Worse => tally.worse += 1,
                Went::Alike => tally.alike += 1,
                Went::Unpaired => tally.unpaired += 1,
            }
            tally
        })
    }

    /// Those with two readings.
    pub fn paired(&self) -> u64 {
        self.better + self.worse + self.alike
    }

    /// Everybody.
    pub fn all(&self) -> u64 {
        self.paired() + self.unpaired
    }
}
