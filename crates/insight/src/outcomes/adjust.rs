//! How far groups are apart at the end, had they begun alike: latest on first reading and
//! group, by least squares.
//!
//! A group that begins lower gains more by chance alone, for readings fall back towards
//! the middle. Changes of groups that began apart must therefore not be compared as they
//! are; this compares people of different groups who began at the same reading.
//!
//! Source: Vickers and Altman, BMJ 323 (2001), analysis of covariance.

use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector, LeastSquares, least_squares, t_quantile};
use statrs::function::beta::beta_reg;

/// One person with two readings, in one of the groups (counted from nought).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Which group.
    pub group: usize,
    /// The first reading.
    pub first: f64,
    /// The latest reading.
    pub latest: f64,
}

/// A difference with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Which group is compared with the reference.
    pub group: usize,
    /// How much higher its latest reading is, among people who began alike.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// The lower end of its interval (Student's t).
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What the model says.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// Each other group against the reference.
    pub differences: Vec<Difference>,
    /// How much of a point of the first reading is left in the latest; under 1 is falling
    /// back towards the middle.
    pub slope: f64,
    /// Residual degrees of freedom.
    pub freedom: f64,
    /// The chance of slopes as different as those seen if they are alike in all groups; one
    /// difference for everybody is a fair summary only where this is not small. Nothing
    /// where a group is too small for a slope of its own.
    pub slopes_alike: Option<f64>,
}

/// Fits the model for `groups` groups.
///
/// # Errors
/// A group has nobody, everybody began alike, or there are too few people.
pub fn adjust(pairs: &[Pair], groups: usize, reference: usize, level: f64) -> Result<Adjusted, InsightError> {
    if reference >= groups {
        return Err(InsightError::numbers("The reference is one of the groups."));
    }
    let others: Vec<usize> = (0..groups).filter(|&g| g != reference).collect();
    for g in 0..groups {
        let has = pairs.iter().filter(|p| p.group == g).count();
        if has < 2 {
            return Err(InsightError::TooFew { what: "People of a group with two readings", has, needs: 2 });
        }
    }
    let middle = pairs.iter().map(|p| p.first).sum::<f64>() / pairs.len() as f64;
    let fit = fit(pairs, middle, &others, false)?;
    let freedom = pairs.len() as f64 - (2 + others.len()) as f64;
    if freedom < 1.0 {
        return Err(InsightError::TooFew {
            what: "People with two readings",
            has: pairs.len(),
            needs: others.len() + 3,
        });
    }
    let left = fit.residuals.norm_squared();
    let t = t_quantile(0.5 + level / 2.0, freedom);
    let difference = |(i, &group): (usize, &usize)| {
        let (value, error) = (fit.beta[2 + i], (left / freedom * fit.bread[(2 + i, 2 + i)]).sqrt());
        Difference { group, value, error, low: value - t * error, high: value + t * error }
    };
    let differences = others.iter().enumerate().map(difference).collect();
    let slopes_alike = slopes_alike(pairs, middle, &others, left);
    Ok(Adjusted { differences, slope: fit.beta[1], freedom, slopes_alike })
}

/// Columns: one, the first reading about its middle, each other group, and with `apart`
/// each other group's own slope.
fn fit(pairs: &[Pair], middle: f64, others: &[usize], apart: bool) -> Result<LeastSquares, InsightError> {
    let columns = 2 + others.len() * if apart { 2 } else { 1 };
    let x = DMatrix::from_fn(pairs.len(), columns, |row, column| {
        let (pair, first) = (&pairs[row], pairs[row].first - middle);
        let of = |group: usize| if pair.group == group { 1.0 } else { 0.0 };
        match column {
            0 => 1.0,
            1 => first,
            c if c < 2 + others.len() => of(others[c - 2]),
            c => of(others[c - 2 - others.len()]) * first,
        }
    });
    let y = DVector::from_iterator(pairs.len(), pairs.iter().map(|p| p.latest));
    least_squares(&x, &y, None)
}

/// The F test of one slope for all against one for each.
fn slopes_alike(pairs: &[Pair], middle: f64, others: &[usize], left: f64) -> Option<f64> {
    let own = fit(pairs, middle, others, true).ok()?.residuals.norm_squared();
    let (more, freedom) = (others.len() as f64, pairs.len() as f64 - 2.0 * (others.len() as f64 + 1.0));
    if more < 1.0 || freedom < 1.0 || own <= 0.0 {
        return None;
    }
    let f = ((left - own) / more / (own / freedom)).max(0.0);
    Some(beta_reg(freedom / 2.0, more / 2.0, freedom / (freedom + more * f)))
}
