//! The share that has ended in each way by each day, when there are several ways (Aalen
//! and Johansen). A curve that treats those who lost touch as if they still waited says
//! that more will be seen than will.
//!
//! Source: Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978); the variance of
//! Gray, Annals of Statistics 16 (1988), as in R cmprsk 2.2-11; interval on the log(-log)
//! scale (Choudhury, Statistics in Medicine 21, 2002).

use super::{Spell, steps};
use crate::linalg::z_of;

/// A point of the curve of one way of ending.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The day.
    pub day: f64,
    /// Waiting just before it.
    pub at_risk: f64,
    /// The share that has ended in this way by it.
    pub share: f64,
    /// The variance of that share.
    pub variance: f64,
}

/// The curves of all ways of ending: for each way its points.
pub fn ends(spells: &[Spell], ways: usize) -> Vec<Vec<Point>> {
    let steps = steps(spells, ways);
    (0..ways)
        .map(|way| {
            let mut sums = Sums::default();
            let mut left = 1.0;
            let mut share = 0.0;
            let mut points = Vec::new();
            for step in &steps {
                let (n, this, all) = (step.at_risk, step.ended[way], step.all_ended());
                if all == 0.0 {
                    continue;
                }
                let after = left * (n - all) / n;
                share += left * this / n;
                // An end in this way moves the share itself as well as who is left.
                sums.add(left, n, all - this, after, 0.0, share);
                sums.add(left, n, this, after, 1.0, share);
                points.push(Point { day: step.day, at_risk: n, share, variance: sums.variance(share) });
                left = after;
            }
            points
        })
        .collect()
}

/// The variance of F(t) is the sum over days of (own - (F(t) - F(day)) / S(day))² times the
/// variance of a day's ends; opened up, so that it is one pass.
#[derive(Default)]
struct Sums {
    constant: f64,
    linear: f64,
    square: f64,
}

impl Sums {
    fn add(&mut self, left: f64, n: f64, ended: f64, after: f64, own: f64, share: f64) {
        if ended == 0.0 || (own == 0.0 && after == 0.0) {
            return;
        }
        // Ends on one day are drawn without putting back.
        let ties = if ended > 1.0 { 1.0 - (ended - 1.0) / (n - 1.0) } else { 1.0 };
        let day = left * left * ties * ended / (n * n);
        let per = if after > 0.0 { 1.0 / after } else { 0.0 };
        let at = own + per * share;
        self.constant += at * at * day;
        self.linear += per * at * day;
        self.square += per * per * day;
    }

    fn variance(&self, share: f64) -> f64 {
        self.constant + share * share * self.square - 2.0 * share * self.linear
    }
}

/// The point that holds on a day.
pub fn at(points: &[Point], day: f64) -> Option<&Point> {
    points[..points.partition_point(|p| p.day <= day)].last()
}

impl Point {
    /// The interval of the share.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        if self.share <= 0.0 || self.share >= 1.0 {
            return (self.share, self.share);
        }
        let half = z_of(level) * self.variance.sqrt() / (self.share * self.share.ln());
        let end = |h: f64| self.share.powf(h.exp());
        (end(-half), end(half))
    }
}
