//! A place that was changed, against a mixture of places that were not: synthetic control,
//! and synthetic difference in differences, which also weighs the times before.
//!
//! Source: Abadie, Diamond and Hainmueller, J Am Stat Assoc 105 (2010); Arkhangelsky, Athey,
//! Hirshberg, Imbens and Wager, Am Econ Rev 111 (2021), with the penalties, starting point
//! and sparing of weights of R `synthdid` 0.0.9.

use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector};

/// How the comparison is mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mix {
    /// Weights on places and on times, differences taken.
    SyntheticDid,
    /// Weights on places only, levels compared.
    SyntheticControl,
    /// All places and all times alike: plain difference in differences.
    Did,
}

/// A panel: a row for each place, those never changed first; a column for each time.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The values.
    pub values: DMatrix<f64>,
    /// How many rows are places that were never changed.
    pub controls: usize,
    /// How many columns are times before the change.
    pub before: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The average difference over the changed places and the times since.
    pub effect: f64,
    /// The weight of each control.
    pub places: DVector<f64>,
    /// The weight of each time before.
    pub times: DVector<f64>,
    /// The root mean square of the difference before the change, after its own mean was
    /// taken away: how well the mixture follows the place.
    pub misfit: f64,
}

const ROUNDS_BEFORE_SPARING: usize = 100;
const ROUNDS: usize = 10_000;

impl Panel {
    /// A panel.
    ///
    /// # Errors
    /// There are fewer than two controls or two times before, no place changed, no time
    /// after, or a value is not known.
    pub fn new(values: DMatrix<f64>, controls: usize, before: usize) -> Result<Panel, InsightError> {
        if controls < 2 || before < 2 {
            let has = controls.min(before);
            return Err(InsightError::TooFew {
                what: "Places never changed, and times before",
                has,
                needs: 2,
            });
        }
        if controls >= values.nrows() || before >= values.ncols() {
            return Err(InsightError::numbers("There must be a place that was changed, and a time since."));
        }
        if values.iter().any(|v| !v.is_finite()) {
            return Err(InsightError::numbers("Every place needs a value at every time."));
        }
        Ok(Panel { values, controls, before })
    }

    /// The standard deviation of the controls' steps from one time to the next, before.
    fn noise(&self) -> f64 {
        let step = |i: usize, t: usize| self.values[(i, t + 1)] - self.values[(i, t)];
        let steps: Vec<f64> =
            (0..self.controls).flat_map(|i| (0..self.before - 1).map(move |t| step(i, t))).collect();
        let mean = steps.iter().sum::<f64>() / steps.len() as f64;
        let squares: f64 = steps.iter().map(|s| (s - mean).powi(2)).sum();
        (squares / (steps.len() as f64 - 1.0)).sqrt()
    }

    /// The mean over the changed places at each time.
    fn changed(&self, time: usize) -> f64 {
        let rows = self.controls..self.values.nrows();
        rows.clone().map(|i| self.values[(i, time)]).sum::<f64>() / rows.len() as f64
    }

    /// The mean of a place over the times since.
    fn since(&self, place: usize) -> f64 {
        let columns = self.before..self.values.ncols();
        columns.clone().map(|t| self.values[(place, t)]).sum::<f64>() / columns.len() as f64
    }

    /// The effect by a mix.
    pub fn effect(&self, mix: Mix) -> Found {
        let (n, t) = (self.controls, self.before);
        let noise = self.noise();
        let changed = (self.values.nrows() - n) as f64 * (self.values.ncols() - t) as f64;
        let stop = 1e-5 * noise;
        let times = match mix {
            Mix::Did => DVector::from_element(t, 1.0 / t as f64),
            Mix::SyntheticControl => DVector::zeros(t),
            Mix::SyntheticDid => {
                let a = DMatrix::from_fn(n, t, |i, j| self.values[(i, j)]);
                let b = DVector::from_fn(n, |i, _| self.since(i));
                weights(a, b, 1e-6 * noise, true, stop)
            }
        };
        let places = match mix {
            Mix::Did => DVector::from_element(n, 1.0 / n as f64),
            _ => {
                let a = DMatrix::from_fn(t, n, |j, i| self.values[(i, j)]);
                let b = DVector::from_fn(t, |j, _| self.changed(j));
                let penalty = if mix == Mix::SyntheticDid { changed.powf(0.25) } else { 1e-6 };
                weights(a, b, penalty * noise, mix == Mix::SyntheticDid, stop)
            }
        };
        self.with(places, times)
    }

    /// The effect with these weights.
    fn with(&self, places: DVector<f64>, times: DVector<f64>) -> Found {
        let columns = self.values.ncols();
        let gap: Vec<f64> = (0..columns)
            .map(|t| {
                self.changed(t) - (0..self.controls).map(|i| places[i] * self.values[(i, t)]).sum::<f64>()
            })
            .collect();
        let since = gap[self.before..].iter().sum::<f64>() / (columns - self.before) as f64;
        let earlier: f64 = (0..self.before).map(|t| times[t] * gap[t]).sum();
        let before = &gap[..self.before];
        let mean = before.iter().sum::<f64>() / before.len() as f64;
        let misfit = (before.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / before.len() as f64).sqrt();
        Found { effect: since - earlier, places, times, misfit }
    }

    /// The effect for each control as if it had been changed, the changed places left out:
    /// what comes of it where nothing happened.
    pub fn placebos(&self, mix: Mix) -> Vec<f64> {
        let others = |place: usize| (0..self.controls).filter(move |i| *i != place).chain([place]);
        let panel = |place: usize| {
            let order: Vec<usize> = others(place).collect();
            let values =
                DMatrix::from_fn(self.controls, self.values.ncols(), |i, t| self.values[(order[i], t)]);
            Panel { values, controls: self.controls - 1, before: self.before }
        };
        if self.controls < 3 {
            return Vec::new();
        }
        (0..self.controls).map(|place| panel(place).effect(mix).effect).collect()
    }
}

/// Weights that are not negative and add up to one, under which the columns of `a` come
/// nearest to `b`, large weights being held back by `zeta`: first a short search, then small
/// weights are spared, then the long one.
fn weights(mut a: DMatrix<f64>, mut b: DVector<f64>, zeta: f64, intercept: bool, stop: f64) -> DVector<f64> {
    if intercept {
        a.column_iter_mut().for_each(|mut c| {
            let mean = c.mean();
            c.add_scalar_mut(-mean);
        });
        let mean = b.mean();
        b.add_scalar_mut(-mean);
    }
    let start = DVector::from_element(a.ncols(), 1.0 / a.ncols() as f64);
    let found = frank_wolfe(&a, &b, zeta, start, stop, ROUNDS_BEFORE_SPARING);
    let most = found.max();
    let kept = found.map(|w| if w <= most / 4.0 { 0.0 } else { w });
    let total = kept.sum();
    frank_wolfe(&a, &b, zeta, kept / total, stop, ROUNDS)
}

/// Frank and Wolfe's steps towards the least mean square with a penalty on weights, until
/// a step gains less than the square of `stop`.
fn frank_wolfe(
    a: &DMatrix<f64>,
    b: &DVector<f64>,
    zeta: f64,
    mut x: DVector<f64>,
    stop: f64,
    rounds: usize,
) -> DVector<f64> {
    let rows = a.nrows() as f64;
    let eta = rows * zeta * zeta;
    let mut last = f64::INFINITY;
    for round in 0..rounds {
        let fitted = a * &x;
        let gradient = a.transpose() * (&fitted - b) + &x * eta;
        let (corner, _) = gradient.argmin();
        let mut way = -&x;
        way[corner] += 1.0;
        if way.amax() > 0.0 {
            let moved = a.column(corner) - &fitted;
            let step = -gradient.dot(&way) / (moved.norm_squared() + eta * way.norm_squared());
            x += way * step.clamp(0.0, 1.0);
        }
        let value = zeta * zeta * x.norm_squared() + (a * &x - b).norm_squared() / rows;
        if round >= 1 && last - value <= stop * stop {
            break;
        }
        last = value;
    }
    x
}
