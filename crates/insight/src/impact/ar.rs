//! A series whose errors lean on the one before (autoregression of order one), by exact
//! maximum likelihood.
//!
//! Source: Beach and MacKinnon, Econometrica 46 (1978); tested against R `arima` with
//! outside columns, method ML.

use super::sandwich::durbin_watson;
use super::segments::Fitted;
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector, LeastSquares, inverse, least_squares};

/// What the model says beside its line.
#[derive(Debug, Clone)]
pub struct Autoregression {
    /// The line; its covariance is that of the coefficients when the leaning is estimated too.
    pub line: Fitted,
    /// How much of an error is carried over to the next.
    pub phi: f64,
    /// Its standard error.
    pub phi_error: f64,
    /// The variance of what is new each time.
    pub variance: f64,
    /// The log likelihood.
    pub likelihood: f64,
}

/// Fits by maximum likelihood; points in order and evenly spaced.
///
/// # Errors
/// A column repeats others, there are too few points, or the errors wander without end.
pub fn autoregression(x: &DMatrix<f64>, y: &DVector<f64>) -> Result<Autoregression, InsightError> {
    let (n, k) = x.shape();
    if n <= k + 2 {
        return Err(InsightError::TooFew { what: "Points of the series", has: n, needs: k + 3 });
    }
    let minus = |phi: f64| at(x, y, phi).map(|(l, _)| -l).unwrap_or(f64::INFINITY);
    let phi = least(minus, -0.9999, 0.9999);
    if phi.abs() > 0.999 {
        return Err(InsightError::NotSettled("The leaning of errors on one another"));
    }
    let (likelihood, fit) = at(x, y, phi)?;
    let variance = left(x, y, &fit.beta, phi) / n as f64;
    let covariance = information(x, y, &fit, phi, variance)?;
    let residuals = y - x * &fit.beta;
    let mean = y.mean();
    let all: f64 = y.iter().map(|v| (v - mean).powi(2)).sum();
    let line = Fitted {
        fitted: x * &fit.beta,
        covariance: covariance.view((1, 1), (k, k)).into_owned(),
        beta: fit.beta,
        freedom: f64::INFINITY,
        explained: 1.0 - residuals.norm_squared() / all,
        sigma: (variance / (1.0 - phi * phi)).sqrt(),
        neighbours: durbin_watson(&residuals),
    };
    Ok(Autoregression { line, phi, phi_error: covariance[(0, 0)].sqrt(), variance, likelihood })
}

/// The series with the leaning taken out: the first point scaled, each other less phi times
/// the one before.
fn whitened(x: &DMatrix<f64>, y: &DVector<f64>, phi: f64) -> (DMatrix<f64>, DVector<f64>) {
    let first = (1.0 - phi * phi).sqrt();
    let wx = DMatrix::from_fn(x.nrows(), x.ncols(), |i, j| match i {
        0 => first * x[(0, j)],
        _ => x[(i, j)] - phi * x[(i - 1, j)],
    });
    let wy = DVector::from_fn(y.len(), |i, _| if i == 0 { first * y[0] } else { y[i] - phi * y[i - 1] });
    (wx, wy)
}

/// The log likelihood at its best coefficients and variance for a phi.
fn at(x: &DMatrix<f64>, y: &DVector<f64>, phi: f64) -> Result<(f64, LeastSquares), InsightError> {
    let (wx, wy) = whitened(x, y, phi);
    let fit = least_squares(&wx, &wy, None)?;
    let n = y.len() as f64;
    let variance = fit.residuals.norm_squared() / n;
    let likelihood =
        -0.5 * n * ((2.0 * std::f64::consts::PI * variance).ln() + 1.0) + 0.5 * (1.0 - phi * phi).ln();
    Ok((likelihood, fit))
}

fn left(x: &DMatrix<f64>, y: &DVector<f64>, beta: &DVector<f64>, phi: f64) -> f64 {
    let (wx, wy) = whitened(x, y, phi);
    (wy - wx * beta).norm_squared()
}

/// The covariance of (phi, coefficients): the inverse of the second derivatives of the log
/// likelihood with the variance at its best, by differences of steps fitted to each one's
/// own scale.
fn information(
    x: &DMatrix<f64>,
    y: &DVector<f64>,
    fit: &LeastSquares,
    phi: f64,
    variance: f64,
) -> Result<DMatrix<f64>, InsightError> {
    let (n, k) = (y.len() as f64, x.ncols());
    let minus = |point: &DVector<f64>| {
        let beta = point.rows(1, k).into_owned();
        0.5 * n * (left(x, y, &beta, point[0]) / n).ln() - 0.5 * (1.0 - point[0] * point[0]).ln()
    };
    let mut middle = DVector::zeros(k + 1);
    middle[0] = phi;
    middle.rows_mut(1, k).copy_from(&fit.beta);
    let scale = |i: usize| match i {
        0 => ((1.0 - phi * phi) / n).sqrt(),
        i => (variance * fit.bread[(i - 1, i - 1)]).sqrt(),
    };
    let step: Vec<f64> = (0..=k).map(|i| 1e-2 * scale(i)).collect();
    let moved = |i: usize, a: f64, j: usize, b: f64| {
        let mut point = middle.clone();
        point[i] += a * step[i];
        point[j] += b * step[j];
        minus(&point)
    };
    let second = DMatrix::from_fn(k + 1, k + 1, |i, j| {
        let around =
            moved(i, 1.0, j, 1.0) - moved(i, 1.0, j, -1.0) - moved(i, -1.0, j, 1.0) + moved(i, -1.0, j, -1.0);
        around / (4.0 * step[i] * step[j])
    });
    inverse(&((&second + second.transpose()) * 0.5), "The autoregression")
}

/// The least of a smooth function between two ends: a look at a grid, then golden section.
fn least(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let grid = 60;
    let place = |i: usize| low + (high - low) * i as f64 / grid as f64;
    let best = (0..=grid).min_by(|&a, &b| f(place(a)).total_cmp(&f(place(b)))).unwrap_or(grid / 2);
    let (mut a, mut b) = (place(best.saturating_sub(1)), place((best + 1).min(grid)));
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut c, mut d) = (b - golden * (b - a), a + golden * (b - a));
    let (mut fc, mut fd) = (f(c), f(d));
    for _ in 0..45 {
        if fc < fd {
            (b, d, fd) = (d, c, fc);
            c = b - golden * (b - a);
            fc = f(c);
        } else {
            (a, c, fc) = (c, d, fd);
            d = a + golden * (b - a);
            fd = f(d);
        }
    }
    (a + b) / 2.0
}
