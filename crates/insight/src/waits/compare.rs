//! Whether groups wait alike: the log-rank test and Peto's weighting of early days over all
//! ends together, and Gray's test for one way of ending among several.
//!
//! Source: Mantel, Cancer Chemotherapy Reports 50 (1966); Harrington and Fleming,
//! Biometrika 69 (1982), with rho 1 for Peto; Gray, Annals of Statistics 16 (1988).

use super::{Spell, Step, steps};
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector, chi2_above};

/// What a test says.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Chi-squared.
    pub statistic: f64,
    /// Degrees of freedom.
    pub freedom: f64,
    /// The chance of groups at least so unlike if they were alike.
    pub chance: f64,
    /// Ends seen in each group.
    pub seen: Vec<f64>,
    /// Ends each group would have had if all were alike.
    pub expected: Vec<f64>,
}

/// The steps of each group, laid over the same days.
struct Aligned {
    days: Vec<f64>,
    /// By day, then by group.
    at_risk: Vec<Vec<f64>>,
    /// By day, then by group, then by way of ending.
    ended: Vec<Vec<Vec<f64>>>,
}

fn aligned(groups: &[Vec<Spell>], ways: usize) -> Aligned {
    let each: Vec<Vec<Step>> = groups.iter().map(|g| steps(g, ways)).collect();
    let mut days: Vec<f64> = each.iter().flatten().filter(|s| s.all_ended() > 0.0).map(|s| s.day).collect();
    days.sort_by(f64::total_cmp);
    days.dedup();
    let mut all = Aligned { at_risk: Vec::new(), ended: Vec::new(), days };
    for &day in &all.days {
        let mut at_risk = Vec::new();
        let mut ended = Vec::new();
        for (spells, steps) in groups.iter().zip(&each) {
            let next = steps.partition_point(|s| s.day < day);
            let step = steps.get(next);
            let today = step.filter(|s| s.day == day);
            at_risk.push(match (today, spells.iter().any(|s| s.entry.is_some())) {
                (Some(step), _) => step.at_risk,
                (None, false) => step.map_or(0.0, |s| s.at_risk),
                (None, true) => {
                    spells.iter().filter(|s| s.entry.is_none_or(|e| e < day) && s.days >= day).count() as f64
                }
            });
            ended.push(today.map_or(vec![0.0; ways], |s| s.ended.clone()));
        }
        all.at_risk.push(at_risk);
        all.ended.push(ended);
    }
    all
}

/// Compares the waits of groups until any end; `rho` 0 for the log-rank test, 1 for Peto's.
///
/// # Errors
/// Fewer than two groups, or nothing ended.
pub fn log_rank(groups: &[Vec<Spell>], rho: f64) -> Result<Test, InsightError> {
    needs_two(groups)?;
    let any: Vec<Vec<Spell>> =
        groups.iter().map(|g| g.iter().map(|s| Spell { end: s.end.min(1), ..*s }).collect()).collect();
    let all = aligned(&any, 1);
    let g = groups.len();
    let (mut seen, mut expected) = (vec![0.0; g], vec![0.0; g]);
    let mut variance = DMatrix::zeros(g, g);
    let mut left: f64 = 1.0;
    for (at_risk, ended) in all.at_risk.iter().zip(&all.ended) {
        let n: f64 = at_risk.iter().sum();
        let d: f64 = ended.iter().map(|e| e[0]).sum();
        let weight = left.powf(rho);
        let spread = if n > 1.0 { weight * weight * d * (n - d) / (n * n * (n - 1.0)) } else { 0.0 };
        for i in 0..g {
            seen[i] += weight * ended[i][0];
            expected[i] += weight * d * at_risk[i] / n;
            for j in 0..g {
                let own = if i == j { n * at_risk[i] } else { 0.0 };
                variance[(i, j)] += spread * (own - at_risk[i] * at_risk[j]);
            }
        }
        left *= 1.0 - d / n;
    }
    let score = DVector::from_fn(g - 1, |i, _| seen[i] - expected[i]);
    test(&score, &variance.view((0, 0), (g - 1, g - 1)).into_owned(), seen, expected)
}

fn needs_two(groups: &[Vec<Spell>]) -> Result<(), InsightError> {
    match groups.len() {
        0 | 1 => Err(InsightError::TooFew { what: "Groups to compare", has: groups.len(), needs: 2 }),
        _ => Ok(()),
    }
}

fn test(
    score: &DVector<f64>,
    variance: &DMatrix<f64>,
    seen: Vec<f64>,
    expected: Vec<f64>,
) -> Result<Test, InsightError> {
    let inverse =
        variance.clone().try_inverse().ok_or(InsightError::NotSettled("The comparison of groups"))?;
    let statistic = (score.transpose() * inverse * score)[(0, 0)];
    let freedom = score.len() as f64;
    Ok(Test { statistic, freedom, chance: chi2_above(statistic, freedom), seen, expected })
}

/// Gray's test: whether groups end alike in `way` (1, 2, ...), the others competing.
///
/// # Errors
/// Fewer than two groups, delayed entry (for which the test is not made), or nothing ended
/// in this way.
pub fn gray(groups: &[Vec<Spell>], way: usize) -> Result<Test, InsightError> {
    needs_two(groups)?;
    if groups.iter().flatten().any(|s| s.entry.is_some()) {
        return Err(InsightError::numbers(
            "Gray's test is not made for waits known only from half-way. Use the curves, or leave out those who entered late.",
        ));
    }
    let two: Vec<Vec<Spell>> = groups
        .iter()
        .map(|g| {
            g.iter().map(|s| Spell { end: if s.end == way { 1 } else { s.end.min(1) * 2 }, ..*s }).collect()
        })
        .collect();
    let all = aligned(&two, 2);
    let mut state = Gray::new(groups.len());
    (0..all.days.len()).for_each(|day| state.step(&all.at_risk[day], &all.ended[day]));
    let score = state.score.rows(0, groups.len() - 1).into_owned();
    let variance = state.variance();
    test(&score, &variance, state.seen, state.expected)
}

/// The sums of Gray's test with rho 0, in the letters of section 3 of the paper: `left` is
/// S of each group, `share` its F, `pooled` the F of all under the hypothesis, `c` the
/// integral of a against the hazard.
struct Gray {
    left: DVector<f64>,
    share: DVector<f64>,
    pooled: f64,
    score: DVector<f64>,
    c: DMatrix<f64>,
    v: DMatrix<f64>,
    v2: DMatrix<f64>,
    v3: DVector<f64>,
    seen: Vec<f64>,
    expected: Vec<f64>,
}

impl Gray {
    fn new(g: usize) -> Gray {
        Gray {
            left: DVector::from_element(g, 1.0),
            share: DVector::zeros(g),
            pooled: 0.0,
            score: DVector::zeros(g),
            c: DMatrix::zeros(g, g),
            v: DMatrix::zeros(g, g),
            v2: DMatrix::zeros(g, g),
            v3: DVector::zeros(g),
            seen: vec![0.0; g],
            expected: vec![0.0; g],
        }
    }

    fn step(&mut self, at_risk: &[f64], ended: &[Vec<f64>]) {
        let g = at_risk.len();
        let here: Vec<usize> = (0..g).filter(|&k| at_risk[k] > 0.0).collect();
        let d1: f64 = ended.iter().map(|e| e[0]).sum();
        // Each group's numbers as they would be had nobody been lost to the other ways.
        let whole =
            DVector::from_fn(g, |k, _| if at_risk[k] > 0.0 { at_risk[k] / self.left[k] } else { 0.0 });
        let all = whole.sum();
        let open = DVector::from_fn(g, |k, _| whole[k] * (1.0 - self.share[k]));
        let pooled = self.pooled + d1 / all;
        let a = DMatrix::from_diagonal(&whole) - &whole * whole.transpose() / all;
        self.c += &a * (d1 / (all * (1.0 - self.pooled)));
        let before = self.left.clone();
        for &k in &here {
            self.seen[k] += ended[k][0];
            let hoped = d1 * open[k] / open.sum();
            self.expected[k] += hoped;
            self.score[k] += ended[k][0] - hoped;
            self.share[k] += before[k] * ended[k][0] / at_risk[k];
            self.left[k] = before[k] * (at_risk[k] - ended[k][0] - ended[k][1]) / at_risk[k];
        }
        for &k in &here {
            let past = if self.left[k] > 0.0 { (1.0 - pooled) / self.left[k] } else { 0.0 };
            if d1 > 0.0 {
                let ties = if d1 > 1.0 { 1.0 - (d1 - 1.0) / (all * before[k] - 1.0) } else { 1.0 };
                let (t, day) = (1.0 - past, ties * before[k] * d1 / (all * at_risk[k]));
                let moved = a.column(k) - self.c.column(k) * t;
                self.add(k, &moved, t, day);
            }
            let d2 = ended[k][1];
            if d2 > 0.0 && self.left[k] > 0.0 {
                let ties = if d2 > 1.0 { 1.0 - (d2 - 1.0) / (at_risk[k] - 1.0) } else { 1.0 };
                let day = ties * (before[k] / at_risk[k]).powi(2) * d2;
                let moved = self.c.column(k) * past;
                self.add(k, &moved, -past, day);
            }
        }
        self.pooled = pooled;
    }

    fn add(&mut self, k: usize, moved: &DVector<f64>, t: f64, day: f64) {
        self.v += moved * moved.transpose() * day;
        let along = moved * (t * day);
        let mut column = self.v2.column_mut(k);
        column += along;
        self.v3[k] += t * t * day;
    }

    fn variance(&self) -> DMatrix<f64> {
        let cross = &self.c * self.v2.transpose();
        let all = &self.v
            + &self.c * DMatrix::from_diagonal(&self.v3) * self.c.transpose()
            + &cross
            + cross.transpose();
        let g = self.v3.len() - 1;
        all.view((0, 0), (g, g)).into_owned()
    }
}
