//! Many places over time, some of which were changed: difference in differences with an
//! effect for each place and each time, and errors that let a place lean on itself.
//!
//! With places changed at different times and effects that grow, this one number can be
//! wrong even in its sign, for places already changed serve as controls (Goodman-Bacon, J
//! Econometrics 225, 2021); [`super::groups`] does not do that.
//!
//! Source: Angrist and Pischke, Mostly harmless econometrics (2009), chapter 5; Liang and
//! Zeger, Biometrika 73 (1986).

use crate::error::InsightError;
use crate::linalg::t_quantile;
use std::collections::BTreeMap;

/// One place at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Which place, counted from nought.
    pub place: usize,
    /// Which time, counted from nought.
    pub time: usize,
    /// Its cluster, as a rule the place.
    pub cluster: usize,
    /// Whether the change was in force (or how much of it).
    pub changed: f64,
    /// What was measured.
    pub value: f64,
}

/// The difference the change makes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// Its standard error, every place and time counted as a coefficient (R `lm` with
    /// `sandwich::vcovCL`, HC1).
    pub error: f64,
    /// The same, places not counted because they lie within clusters (`fixest`, Stata
    /// `reghdfe`).
    pub error_within: f64,
    /// How many clusters there are; Student's t has one degree of freedom fewer.
    pub clusters: usize,
}

impl Difference {
    /// The ends of its interval.
    pub fn ends(&self, level: f64) -> (f64, f64) {
        let t = t_quantile(0.5 + level / 2.0, self.clusters as f64 - 1.0);
        (self.value - t * self.error, self.value + t * self.error)
    }
}

/// Fits by taking the mean of each place and each time away until nothing is left of them.
///
/// # Errors
/// Nothing changed anywhere, or everywhere at once; fewer than two clusters.
pub fn two_way(points: &[Point]) -> Result<Difference, InsightError> {
    let count = |of: fn(&Point) -> usize| points.iter().map(of).max().map_or(0, |m| m + 1);
    let (places, times) = (count(|p| p.place), count(|p| p.time));
    let demean = |values: Vec<f64>| without_means(points, values, places, times);
    let y = demean(points.iter().map(|p| p.value).collect())?;
    let d = demean(points.iter().map(|p| p.changed).collect())?;
    let square: f64 = d.iter().map(|v| v * v).sum();
    if square < 1e-9 {
        return Err(InsightError::numbers(
            "The change came nowhere, or everywhere at once: there is nothing to compare with.",
        ));
    }
    let value = d.iter().zip(&y).map(|(d, y)| d * y).sum::<f64>() / square;
    let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
    for (i, p) in points.iter().enumerate() {
        *scores.entry(p.cluster).or_default() += d[i] * (y[i] - value * d[i]);
    }
    let clusters = scores.len();
    if clusters < 2 {
        return Err(InsightError::TooFew { what: "Clusters of places", has: clusters, needs: 2 });
    }
    let raw = scores.values().map(|s| s * s).sum::<f64>().sqrt() / square;
    let (n, g) = (points.len() as f64, clusters as f64);
    let with = |columns: f64| raw * (g / (g - 1.0) * (n - 1.0) / (n - columns)).sqrt();
    let all = (places + times) as f64;
    if n <= all {
        return Err(InsightError::TooFew { what: "Points", has: points.len(), needs: places + times + 1 });
    }
    Ok(Difference { value, error: with(all), error_within: with(times as f64), clusters })
}

/// Where a point stands: its place, or its time.
type Position = fn(&Point) -> usize;

/// Values with the means of places and times taken out in turn until they stay the same.
fn without_means(
    points: &[Point],
    mut values: Vec<f64>,
    places: usize,
    times: usize,
) -> Result<Vec<f64>, InsightError> {
    let scale = values.iter().fold(1.0f64, |m, v| m.max(v.abs()));
    let groups: [(Position, usize); 2] = [(|p| p.place, places), (|p| p.time, times)];
    for _ in 0..10_000 {
        let mut moved = 0.0f64;
        for (of, size) in groups {
            let (mut sums, mut counts) = (vec![0.0; size], vec![0.0; size]);
            for (p, v) in points.iter().zip(&values) {
                sums[of(p)] += v;
                counts[of(p)] += 1.0;
            }
            for (p, v) in points.iter().zip(&mut values) {
                let mean = sums[of(p)] / counts[of(p)];
                *v -= mean;
                moved = moved.max(mean.abs());
            }
        }
        if moved < 1e-13 * scale {
            return Ok(values);
        }
    }
    Err(InsightError::NotSettled("Places and times"))
}
