//! What a figure could be if we knew what we do not know. No assumption is made about
//! those who are missing: the two ends are that all of them are one way, or the other.
//!
//! Source: Horowitz and Manski, J Am Stat Assoc 95 (2000).

use crate::error::InsightError;
use crate::rates::interval::wilson;

/// The least and the most a value can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// If the missing are all at the lowest.
    pub low: f64,
    /// If the missing are all at the highest.
    pub high: f64,
    /// The lower end of the interval of the lower bound.
    pub low_end: f64,
    /// The upper end of the interval of the upper bound.
    pub high_end: f64,
}

/// The bounds of a share: `x` of `n` known people had it, and `missing` are not known. The
/// outer ends are Wilson's of each bound, so that chance is in them too.
///
/// # Errors
/// There is nobody, or more had it than are known.
pub fn share(x: f64, n: f64, missing: f64, level: f64) -> Result<Bounds, InsightError> {
    if !(0.0..=n).contains(&x) || missing < 0.0 {
        return Err(InsightError::numbers(format!("{x} of {n} with {missing} missing is no share.")));
    }
    let low = wilson(x, n + missing, level)?;
    let high = wilson(x + missing, n + missing, level)?;
    Ok(Bounds { low: low.value, high: high.value, low_end: low.low, high_end: high.high })
}

/// The bounds of a mean of values that lie in a range, without chance.
///
/// # Errors
/// There is nobody.
pub fn mean(values: &[f64], missing: usize, range: (f64, f64)) -> Result<(f64, f64), InsightError> {
    let all = (values.len() + missing) as f64;
    if all == 0.0 {
        return Err(InsightError::TooFew { what: "People for a mean", has: 0, needs: 1 });
    }
    let known: f64 = values.iter().sum();
    let with = |each: f64| (known + missing as f64 * each) / all;
    Ok((with(range.0), with(range.1)))
}
