//! How much quicker or slower waits end with what is known about a person or a place, all
//! else in the model alike (Cox).
//!
//! Source: Cox, JRSS B 34 (1972); Efron, JASA 72 (1977) for ties; Breslow (1974); tested
//! against R survival 3.5-3 `coxph`.

use super::Spell;
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector, inverse};

/// How ends on the same day are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// As if they had come one after the other, in any order.
    Efron,
    /// As if all had been waiting for each.
    Breslow,
}

/// What a model says.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The logarithm of the ratio for one more of each column.
    pub beta: DVector<f64>,
    /// Its covariance.
    pub covariance: DMatrix<f64>,
    /// Log likelihood with no columns, and with them.
    pub likelihood: (f64, f64),
}

impl Fit {
    /// The standard error of a coefficient.
    pub fn error(&self, column: usize) -> f64 {
        self.covariance[(column, column)].sqrt()
    }
}

/// Fits the model: any end is an end, `columns` has a row for each spell.
///
/// # Errors
/// Nothing ended, or the columns cannot be told apart.
pub fn cox(spells: &[Spell], columns: &DMatrix<f64>, ties: Ties) -> Result<Fit, InsightError> {
    if spells.len() != columns.nrows() {
        return Err(InsightError::numbers("Every wait needs a row of columns."));
    }
    if !spells.iter().any(|s| s.end > 0) {
        return Err(InsightError::TooFew { what: "Waits that have ended", has: 0, needs: 1 });
    }
    // Columns about their middle: the likelihood is the same and the exponents stay small.
    let centred = centre(columns);
    let order = Order::new(spells);
    let newton = |beta: &DVector<f64>| sums(spells, &centred, &order, beta, ties);
    maximise(columns.ncols(), newton, "The model")
}

/// Columns about their means.
pub(super) fn centre(columns: &DMatrix<f64>) -> DMatrix<f64> {
    let mut centred = columns.clone();
    for mut column in centred.column_iter_mut() {
        let mean = column.mean();
        column.add_scalar_mut(-mean);
    }
    centred
}

/// Log likelihood, its gradient, and the information.
pub(super) type Likelihood = (f64, DVector<f64>, DMatrix<f64>);

/// Newton's steps with halving, from nought.
pub(super) fn maximise(
    p: usize,
    at: impl Fn(&DVector<f64>) -> Likelihood,
    what: &'static str,
) -> Result<Fit, InsightError> {
    let mut beta = DVector::zeros(p);
    let (start, mut gradient, mut information) = at(&beta);
    let mut now = start;
    for _ in 0..60 {
        let covariance = inverse(&information, what)?;
        let mut step = &covariance * &gradient;
        if step.amax() < 1e-11 {
            return Ok(Fit { beta, covariance, likelihood: (start, now) });
        }
        let mut next = at(&(&beta + &step));
        while (next.0.is_nan() || next.0 < now - 1e-10 * now.abs()) && step.amax() > 1e-12 {
            step /= 2.0;
            next = at(&(&beta + &step));
        }
        beta += step;
        (now, gradient, information) = next;
    }
    Err(InsightError::NotSettled(what))
}

/// Spells by the day they end and by the day they enter, the latest first.
struct Order {
    by_end: Vec<usize>,
    by_entry: Vec<usize>,
}

impl Order {
    fn new(spells: &[Spell]) -> Order {
        let mut by_end: Vec<usize> = (0..spells.len()).collect();
        by_end.sort_by(|&a, &b| spells[b].days.total_cmp(&spells[a].days));
        let mut by_entry: Vec<usize> = (0..spells.len()).filter(|&i| spells[i].entry.is_some()).collect();
        by_entry.sort_by(|&a, &b| spells[b].entry.partial_cmp(&spells[a].entry).expect("days are numbers"));
        Order { by_end, by_entry }
    }
}

/// Sums of weights over those waiting.
#[derive(Clone)]
struct Risk {
    s0: f64,
    s1: DVector<f64>,
    s2: DMatrix<f64>,
}

impl Risk {
    fn new(p: usize) -> Risk {
        Risk { s0: 0.0, s1: DVector::zeros(p), s2: DMatrix::zeros(p, p) }
    }

    fn add(&mut self, z: &DVector<f64>, weight: f64) {
        self.s0 += weight;
        self.s1.axpy(weight, z, 1.0);
        self.s2.ger(weight, z, z, 1.0);
    }
}

fn sums(
    spells: &[Spell],
    columns: &DMatrix<f64>,
    order: &Order,
    beta: &DVector<f64>,
    ties: Ties,
) -> Likelihood {
    let p = columns.ncols();
    let row = |i: usize| columns.row(i).transpose();
    let weight: Vec<f64> = (columns * beta).iter().map(|x| x.exp()).collect();
    let (mut likelihood, mut gradient, mut information) = (0.0, DVector::zeros(p), DMatrix::zeros(p, p));
    let mut risk = Risk::new(p);
    let (mut i, mut left) = (0, 0);
    while i < order.by_end.len() {
        let day = spells[order.by_end[i]].days;
        let mut ended = Risk::new(p);
        let mut count = 0;
        while i < order.by_end.len() && spells[order.by_end[i]].days == day {
            let s = order.by_end[i];
            i += 1;
            if spells[s].entry.is_some_and(|e| e >= day) {
                continue;
            }
            let z = row(s);
            risk.add(&z, weight[s]);
            if spells[s].end > 0 {
                ended.add(&z, weight[s]);
                count += 1;
                likelihood += weight[s].ln();
                gradient += z;
            }
        }
        // Going back in time, those who entered on this day or later were not known yet.
        while left < order.by_entry.len() && spells[order.by_entry[left]].entry.is_some_and(|e| e >= day) {
            let s = order.by_entry[left];
            left += 1;
            if spells[s].entry.is_some_and(|e| e < spells[s].days) {
                risk.add(&row(s), -weight[s]);
            }
        }
        for k in 0..count {
            let part = if ties == Ties::Efron { k as f64 / count as f64 } else { 0.0 };
            let s0 = risk.s0 - part * ended.s0;
            let mean = (&risk.s1 - &ended.s1 * part) / s0;
            likelihood -= s0.ln();
            gradient -= &mean;
            information += (&risk.s2 - &ended.s2 * part) / s0 - &mean * mean.transpose();
        }
    }
    (likelihood, gradient, information)
}
