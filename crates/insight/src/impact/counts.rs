//! A series of counts: Poisson with a logarithm, each count measured against its population,
//! the spread estimated (quasi-Poisson).
//!
//! Source: McCullagh and Nelder, Generalized linear models (1989), chapters 6 and 9; tested
//! against R `glm` with family quasipoisson.

use super::segments::Fitted;
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector, inverse};

/// What the model says beside its line, which is on the scale of logarithms.
#[derive(Debug, Clone)]
pub struct Counts {
    /// The line.
    pub line: Fitted,
    /// How many times the spread of Poisson's counts there is.
    pub dispersion: f64,
    /// The deviance.
    pub deviance: f64,
}

/// Fits; `offset` is the logarithm of the population (nought where there is none).
///
/// # Errors
/// A count is below nought, a column repeats others, or the model does not settle.
pub fn quasi_poisson(
    x: &DMatrix<f64>,
    y: &DVector<f64>,
    offset: &DVector<f64>,
) -> Result<Counts, InsightError> {
    const WHAT: &str = "The model of counts";
    let (n, k) = x.shape();
    if n <= k {
        return Err(InsightError::TooFew { what: "Points of the series", has: n, needs: k + 1 });
    }
    if y.iter().any(|v| *v < 0.0) || y.iter().all(|v| *v == 0.0) {
        return Err(InsightError::numbers("Counts cannot be below nought, nor all nought."));
    }
    let mut eta = DVector::from_fn(n, |i, _| (y[i] + 0.1).ln());
    let mut beta = DVector::zeros(k);
    for round in 0..100 {
        let mu = eta.map(f64::exp);
        // Working weights mu and working values eta + (y − mu)/mu.
        let weighted = DMatrix::from_fn(n, k, |i, j| x[(i, j)] * mu[i]);
        let target = DVector::from_fn(n, |i, _| eta[i] - offset[i] + (y[i] - mu[i]) / mu[i]);
        let information = x.transpose() * &weighted;
        let next = crate::linalg::least_squares(x, &target, Some(mu.as_slice()))?.beta;
        let settled = round > 0 && (&next - &beta).amax() < 1e-11 * (1.0 + next.amax());
        beta = next;
        eta = x * &beta + offset;
        if !eta.iter().all(|e| e.abs() < 700.0) {
            return Err(InsightError::NotSettled(WHAT));
        }
        if settled {
            return finish(x, y, beta, &eta, &information);
        }
    }
    Err(InsightError::NotSettled(WHAT))
}

fn finish(
    x: &DMatrix<f64>,
    y: &DVector<f64>,
    beta: DVector<f64>,
    eta: &DVector<f64>,
    information: &DMatrix<f64>,
) -> Result<Counts, InsightError> {
    let (n, k) = x.shape();
    let freedom = (n - k) as f64;
    let mu = eta.map(f64::exp);
    let pearson: f64 = (0..n).map(|i| (y[i] - mu[i]).powi(2) / mu[i]).sum();
    let part = |i: usize| {
        let log = if y[i] > 0.0 { y[i] * (y[i] / mu[i]).ln() } else { 0.0 };
        log - (y[i] - mu[i])
    };
    let deviance = 2.0 * (0..n).map(part).sum::<f64>();
    let dispersion = pearson / freedom;
    let residuals = DVector::from_fn(n, |i, _| (y[i] - mu[i]) / mu[i].sqrt());
    let mean = y.mean();
    let all: f64 = y.iter().map(|v| (v - mean).powi(2)).sum();
    let line = Fitted {
        beta,
        covariance: inverse(information, "The model of counts")? * dispersion,
        freedom,
        explained: 1.0 - (y - &mu).norm_squared() / all,
        fitted: mu,
        sigma: dispersion.sqrt(),
        neighbours: super::sandwich::durbin_watson(&residuals),
    };
    Ok(Counts { line, dispersion, deviance })
}
