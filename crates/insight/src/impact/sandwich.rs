//! Standard errors that hold when points are of unequal spread, or lean on one another.

use crate::linalg::{DMatrix, DVector};

/// What is assumed of the points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Errors {
    /// They are of one spread and none leans on another.
    Plain,
    /// Their spread may differ (HC3: MacKinnon and White, J Econometrics 29, 1985).
    Unequal,
    /// Each leans on those up to so many before it (Newey and West, Econometrica 55, 1987:
    /// Bartlett's weights, no prewhitening, no adjustment for small samples).
    Leaning(usize),
}

/// The covariance of least-squares coefficients. `starts` are the rows where a new series
/// begins: a point does not lean on another series.
pub fn covariance(
    x: &DMatrix<f64>,
    residuals: &DVector<f64>,
    bread: &DMatrix<f64>,
    errors: Errors,
    starts: &[usize],
) -> DMatrix<f64> {
    let (n, k) = x.shape();
    let meat = match errors {
        Errors::Plain => return bread * (residuals.norm_squared() / (n as f64 - k as f64)),
        Errors::Unequal => {
            let scaled = |i: usize| {
                let row = x.row(i);
                let leverage = (row * bread * row.transpose())[(0, 0)];
                residuals[i] / (1.0 - leverage)
            };
            let scores = DMatrix::from_fn(n, k, |i, j| x[(i, j)] * scaled(i));
            scores.transpose() * scores
        }
        Errors::Leaning(lag) => {
            let scores = DMatrix::from_fn(n, k, |i, j| x[(i, j)] * residuals[i]);
            let mut meat = scores.transpose() * &scores;
            let series = |i: usize| starts.iter().filter(|s| **s <= i).count();
            for back in 1..=lag.min(n.saturating_sub(1)) {
                let weight = 1.0 - back as f64 / (lag as f64 + 1.0);
                let mut cross = DMatrix::zeros(k, k);
                for i in (back..n).filter(|&i| series(i) == series(i - back)) {
                    cross += scores.row(i).transpose() * scores.row(i - back);
                }
                meat += (&cross + cross.transpose()) * weight;
            }
            meat
        }
    };
    bread * meat * bread
}

/// Of residuals, how much neighbours lean on one another: near 2 not at all, near 0 much,
/// near 4 against one another.
///
/// Source: Durbin and Watson, Biometrika 38 (1951).
pub fn durbin_watson(residuals: &DVector<f64>) -> f64 {
    let steps: f64 = (1..residuals.len()).map(|i| (residuals[i] - residuals[i - 1]).powi(2)).sum();
    steps / residuals.norm_squared()
}
