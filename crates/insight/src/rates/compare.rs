//! How far two groups are apart, in shares and in rates, absolutely and relatively. Both
//! are always given: a small share can double without many people noticing, and a large one
//! can lose many without halving.

use super::interval::{Estimate, count, wilson};
use crate::error::InsightError;
use crate::linalg::{chi2_above, z_of};
use statrs::function::beta::beta_reg;
use statrs::function::factorial::ln_binomial;

/// Two groups: of `n1` people `x1` had it, of `n2` people `x2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Two {
    /// Those who had it in the first group.
    pub x1: f64,
    /// All of the first group.
    pub n1: f64,
    /// Those who had it in the second group.
    pub x2: f64,
    /// All of the second group.
    pub n2: f64,
}

impl Two {
    /// Two groups.
    ///
    /// # Errors
    /// A group is empty, or has more than all.
    pub fn new(x1: f64, n1: f64, x2: f64, n2: f64) -> Result<Two, InsightError> {
        wilson(x1, n1, 0.95)?;
        wilson(x2, n2, 0.95)?;
        Ok(Two { x1, n1, x2, n2 })
    }

    /// The ratio of shares with the interval on the log scale; nothing when nobody of
    /// either group had it, for then the log has no end.
    ///
    /// Source: Katz, Baptista, Azen and Pike, Biometrics 34 (1978).
    pub fn risk_ratio(&self, level: f64) -> Option<Estimate> {
        let error = (1.0 / self.x1 - 1.0 / self.n1 + 1.0 / self.x2 - 1.0 / self.n2).sqrt();
        let value = (self.x1 / self.n1) / (self.x2 / self.n2);
        log_interval(value, error, level, "Katz log")
    }

    /// The difference of shares.
    ///
    /// Source: Newcombe, Interval estimation for the difference between independent
    /// proportions, Statistics in Medicine 17 (1998), method 10.
    pub fn risk_difference(&self, level: f64) -> Result<Estimate, InsightError> {
        let (a, b) = (wilson(self.x1, self.n1, level)?, wilson(self.x2, self.n2, level)?);
        Ok(apart(a, b, "Newcombe hybrid score"))
    }

    /// The ratio of odds, by Woolf's logarithms; nothing when a cell is empty.
    pub fn odds_ratio(&self, level: f64) -> Option<Estimate> {
        let [a, b, c, d] = self.cells();
        let error = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
        log_interval(a * d / (b * c), error, level, "Woolf log")
    }

    fn cells(&self) -> [f64; 4] {
        [self.x1, self.n1 - self.x1, self.x2, self.n2 - self.x2]
    }

    /// Pearson's chi-squared test without correction: the chance of groups at least so
    /// far apart if they were alike.
    pub fn chi_squared(&self) -> f64 {
        let [a, b, c, d] = self.cells();
        let all = a + b + c + d;
        let below = (a + b) * (c + d) * (a + c) * (b + d);
        if below == 0.0 { 1.0 } else { chi2_above(all * (a * d - b * c).powi(2) / below, 1.0) }
    }

    /// Fisher's exact test, two-sided: all tables no likelier than this one.
    pub fn fisher(&self) -> f64 {
        let [a, b, c, d] = self.cells().map(|n| n as u64);
        let (row, column, all) = (a + b, a + c, a + b + c + d);
        let log_chance =
            |x: u64| ln_binomial(column, x) + ln_binomial(all - column, row - x) - ln_binomial(all, row);
        let this = log_chance(a);
        let possible = row.saturating_sub(all - column)..=row.min(column);
        // R's tolerance for "no likelier", so that mirrored tables count.
        let total: f64 = possible.map(log_chance).filter(|x| *x <= this + 1e-7).map(f64::exp).sum();
        total.min(1.0)
    }

    /// The ratio of two rates (x events in n person-years), exact given their sum.
    ///
    /// Source: Sahai and Khurshid, Statistics in epidemiology (1996), 6.2; R 4.2.2
    /// `poisson.test`.
    pub fn rate_ratio(&self, level: f64) -> Option<Estimate> {
        let tail = (1.0 - level) / 2.0;
        let (a, b) = (self.x1, self.x2);
        let odds = |p: f64| p / (1.0 - p) * self.n2 / self.n1;
        let low = if a == 0.0 { 0.0 } else { odds(beta_quantile(tail, a, b + 1.0)) };
        let high = if b == 0.0 { f64::INFINITY } else { odds(beta_quantile(1.0 - tail, a + 1.0, b)) };
        let value = (a / self.n1) / (b / self.n2);
        (a + b > 0.0).then_some(Estimate { value, low, high, method: "exact conditional" })
    }

    /// The difference of two rates, from the interval of each.
    ///
    /// Source: Zou and Donner, Construction of confidence limits about effect measures,
    /// Statistics in Medicine 27 (2008).
    pub fn rate_difference(&self, level: f64) -> Estimate {
        let a = count(self.x1, level).times(1.0 / self.n1);
        let b = count(self.x2, level).times(1.0 / self.n2);
        apart(a, b, "MOVER")
    }
}

/// The interval of a difference from the two intervals.
fn apart(a: Estimate, b: Estimate, method: &'static str) -> Estimate {
    let value = a.value - b.value;
    let low = value - ((a.value - a.low).powi(2) + (b.high - b.value).powi(2)).sqrt();
    let high = value + ((a.high - a.value).powi(2) + (b.value - b.low).powi(2)).sqrt();
    Estimate { value, low, high, method }
}

fn log_interval(value: f64, error: f64, level: f64, method: &'static str) -> Option<Estimate> {
    let far = (z_of(level) * error).exp();
    (value > 0.0 && far.is_finite()).then_some(Estimate {
        value,
        low: value / far,
        high: value * far,
        method,
    })
}

/// The quantile of the beta distribution, by halving.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0f64, 1.0f64);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if middle == low || middle == high {
            break;
        }
        if beta_reg(a, b, middle) < p { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}
