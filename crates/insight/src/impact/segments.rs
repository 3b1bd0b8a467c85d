//! Interrupted time series: a line before, and at a known moment a step and a bend.
//!
//! y = b0 + b1 t + b2 D + b3 (t − t0) D, with D one from t0 on; with the seasons as sines
//! and cosines of twelve months. With a control series each column stands a second time for
//! the place where it happened, and the step and bend beyond the control's are the answer.
//!
//! Source: Wagner and others, J Clin Pharm Ther 27 (2002); Lopez Bernal, Cummins and
//! Gasparrini, Int J Epidemiol 46 (2017) and 47 (2018) for controls.

use super::sandwich::{Errors, covariance, durbin_watson};
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector, least_squares, t_quantile};

/// So many points before and after are the least that will do.
pub const LEAST_EACH_SIDE: usize = 8;

/// What is laid over the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// The first time with the change in force.
    pub from: f64,
    /// The length of the seasons' cycle in times, with how many pairs of sine and cosine.
    pub seasons: Option<(f64, usize)>,
    /// Times after `from` that are left out, while the change was coming in.
    pub settling: f64,
    /// Whether there is a bend as well as a step.
    pub bend: bool,
}

impl Shape {
    /// A step and a bend at a time, without seasons.
    pub fn at(from: f64) -> Shape {
        Shape { from, seasons: None, settling: 0.0, bend: true }
    }

    /// Whether a time counts: not in the settling window.
    pub fn counts(&self, t: f64) -> bool {
        t < self.from || t >= self.from + self.settling
    }

    /// The columns at a time: one, t, step, bend, and the seasons.
    pub fn columns(&self, t: f64) -> Vec<f64> {
        let after = t >= self.from;
        let mut row = vec![1.0, t, if after { 1.0 } else { 0.0 }];
        if self.bend {
            row.push(if after { t - self.from } else { 0.0 });
        }
        if let Some((cycle, pairs)) = self.seasons {
            for pair in 1..=pairs {
                let angle = 2.0 * std::f64::consts::PI * t * pair as f64 / cycle;
                row.extend([angle.sin(), angle.cos()]);
            }
        }
        row
    }

    /// Their names, with the bend's left out where there is none.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = ["level", "slope before", "step"].map(String::from).into();
        if self.bend {
            names.push("bend".into());
        }
        for pair in 1..=self.seasons.map_or(0, |s| s.1) {
            names.extend([format!("season sine {pair}"), format!("season cosine {pair}")]);
        }
        names
    }

    /// Checks that enough points stand on each side.
    ///
    /// # Errors
    /// They do not.
    pub fn check(&self, times: &[f64]) -> Result<(), InsightError> {
        let before = times.iter().filter(|t| **t < self.from).count();
        let after = times.iter().filter(|t| **t >= self.from + self.settling).count();
        let has = before.min(after);
        if has < LEAST_EACH_SIDE {
            return Err(InsightError::TooFew {
                what: "Points on the shorter side of the change",
                has,
                needs: LEAST_EACH_SIDE,
            });
        }
        Ok(())
    }

    /// The weights that turn coefficients into the difference the change makes at a time:
    /// nought everywhere but at the step and the bend.
    pub fn difference_at(&self, t: f64) -> DVector<f64> {
        let mut without = *self;
        without.from = f64::INFINITY;
        let (with, without) = (self.columns(t), without.columns(t));
        DVector::from_iterator(with.len(), with.iter().zip(&without).map(|(a, b)| a - b))
    }
}

/// A fitted line with its covariance.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The coefficients by the names of the shape.
    pub beta: DVector<f64>,
    /// Their covariance.
    pub covariance: DMatrix<f64>,
    /// Residual degrees of freedom; infinite where the normal distribution is used.
    pub freedom: f64,
    /// What was fitted at each point.
    pub fitted: DVector<f64>,
    /// The share of variance explained.
    pub explained: f64,
    /// The residual standard deviation.
    pub sigma: f64,
    /// Durbin and Watson's number.
    pub neighbours: f64,
}

/// A value with its standard error and interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The value.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// The ends of its interval.
    pub ends: (f64, f64),
}

impl Fitted {
    /// The standard error of a coefficient.
    pub fn error(&self, column: usize) -> f64 {
        self.covariance[(column, column)].sqrt()
    }

    /// A combination of coefficients.
    pub fn effect(&self, weights: &DVector<f64>, level: f64) -> Effect {
        let value = weights.dot(&self.beta);
        let error = (weights.transpose() * &self.covariance * weights)[(0, 0)].max(0.0).sqrt();
        let t = match self.freedom.is_finite() {
            true => t_quantile(0.5 + level / 2.0, self.freedom),
            false => crate::linalg::z_of(level),
        };
        Effect { value, error, ends: (value - t * error, value + t * error) }
    }

    /// One coefficient.
    pub fn coefficient(&self, column: usize, level: f64) -> Effect {
        let mut weights = DVector::zeros(self.beta.len());
        weights[column] = 1.0;
        self.effect(&weights, level)
    }
}

/// Least squares on any columns.
///
/// # Errors
/// A column repeats others, or there are too few points.
pub fn fit(
    x: &DMatrix<f64>,
    y: &DVector<f64>,
    errors: Errors,
    starts: &[usize],
) -> Result<Fitted, InsightError> {
    let (n, k) = x.shape();
    if n <= k {
        return Err(InsightError::TooFew { what: "Points of the series", has: n, needs: k + 1 });
    }
    let fit = least_squares(x, y, None)?;
    let freedom = (n - k) as f64;
    let covariance = covariance(x, &fit.residuals, &fit.bread, errors, starts);
    let mean = y.mean();
    let all: f64 = y.iter().map(|v| (v - mean).powi(2)).sum();
    let left = fit.residuals.norm_squared();
    Ok(Fitted {
        beta: fit.beta,
        covariance,
        freedom,
        fitted: fit.fitted,
        explained: 1.0 - left / all,
        sigma: (left / freedom).sqrt(),
        neighbours: durbin_watson(&fit.residuals),
    })
}

/// The columns of a series.
pub fn design(times: &[f64], shape: &Shape) -> DMatrix<f64> {
    let rows: Vec<Vec<f64>> = times.iter().map(|t| shape.columns(*t)).collect();
    DMatrix::from_fn(rows.len(), shape.names().len(), |i, j| rows[i][j])
}

/// An interrupted series by least squares; points in order of time, in one series.
///
/// # Errors
/// Too few points on a side, or a column repeats others.
pub fn interrupted(times: &[f64], y: &[f64], shape: &Shape, errors: Errors) -> Result<Fitted, InsightError> {
    shape.check(times)?;
    fit(&design(times, shape), &DVector::from_column_slice(y), errors, &[0])
}

/// The columns of a series and its control: the control's columns, and those of the place
/// where it happened once more. The step and bend of the second half are the answer.
pub fn controlled_design(here: &[f64], control: &[f64], shape: &Shape) -> DMatrix<f64> {
    let k = shape.names().len();
    let all: Vec<(f64, bool)> =
        here.iter().map(|t| (*t, true)).chain(control.iter().map(|t| (*t, false))).collect();
    let rows: Vec<Vec<f64>> = all.iter().map(|(t, _)| shape.columns(*t)).collect();
    DMatrix::from_fn(all.len(), 2 * k, |i, j| match (j < k, all[i].1) {
        (true, _) => rows[i][j],
        (false, true) => rows[i][j - k],
        (false, false) => 0.0,
    })
}

/// A series with a control, each (times, values) in order of time. The coefficients of the
/// second half of the columns are differences from the control.
///
/// # Errors
/// Too few points on a side of either, or a column repeats others.
pub fn controlled(
    here: (&[f64], &[f64]),
    control: (&[f64], &[f64]),
    shape: &Shape,
    errors: Errors,
) -> Result<Fitted, InsightError> {
    shape.check(here.0)?;
    shape.check(control.0)?;
    let x = controlled_design(here.0, control.0, shape);
    let y = DVector::from_iterator(x.nrows(), here.1.iter().chain(control.1).copied());
    fit(&x, &y, errors, &[0, here.0.len()])
}

/// The same model at each time before the change at which nothing happened, on the points
/// before the change alone: (time, step with its interval).
pub fn placebo_dates(
    times: &[f64],
    y: &[f64],
    shape: &Shape,
    errors: Errors,
    level: f64,
) -> Vec<(f64, Effect)> {
    let before: Vec<usize> = (0..times.len()).filter(|&i| times[i] < shape.from).collect();
    let (t, v): (Vec<f64>, Vec<f64>) = before.iter().map(|&i| (times[i], y[i])).unzip();
    let at = |from: f64| {
        let moved = Shape { from, ..*shape };
        let keep: Vec<usize> = (0..t.len()).filter(|&i| moved.counts(t[i])).collect();
        let (t, v): (Vec<f64>, Vec<f64>) = keep.iter().map(|&i| (t[i], v[i])).unzip();
        let fitted = interrupted(&t, &v, &moved, errors).ok()?;
        Some((from, fitted.coefficient(2, level)))
    };
    t.iter().filter_map(|from| at(*from)).collect()
}
