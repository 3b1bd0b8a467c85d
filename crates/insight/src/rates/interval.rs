//! Intervals of a share, a count and a mean.

use crate::error::InsightError;
use crate::linalg::{chi2_quantile, t_quantile, z_of};

/// Below so many events the exact interval is used, from it on Byar's.
pub const EXACT_UNDER: f64 = 10.0;

/// A value with the ends of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How the interval was made.
    pub method: &'static str,
}

impl Estimate {
    /// The same in another unit.
    #[must_use]
    pub fn times(self, k: f64) -> Estimate {
        Estimate { value: self.value * k, low: self.low * k, high: self.high * k, ..self }
    }
}

/// Wilson's interval of the share `x` of `n`.
///
/// Source: Wilson, Probable inference, the law of succession, and statistical inference,
/// JASA 22 (1927).
///
/// # Errors
/// `n` is not positive, or `x` is not between nought and `n`.
pub fn wilson(x: f64, n: f64, level: f64) -> Result<Estimate, InsightError> {
    if n <= 0.0 {
        return Err(InsightError::numbers(
            "A share needs somebody to be a share of: the denominator must be above nought.",
        ));
    }
    if !(0.0..=n).contains(&x) {
        return Err(InsightError::numbers(format!(
            "{x} of {n} is no share: the numerator must be between nought and the denominator."
        )));
    }
    let z = z_of(level);
    let middle = 2.0 * x + z * z;
    let half = z * (z * z + 4.0 * x * (1.0 - x / n)).sqrt();
    let below = 2.0 * (n + z * z);
    // At the ends the root cancels; rounding must not carry the limit past nought or one.
    let low = if x == 0.0 { 0.0 } else { (middle - half) / below };
    let high = if x == n { 1.0 } else { (middle + half) / below };
    Ok(Estimate { value: x / n, low, high, method: "Wilson" })
}

/// Byar's lower limit of a count, nothing where the approximation falls below nought.
///
/// Source: Breslow and Day, Statistical methods in cancer research II (IARC, 1987), p. 69.
pub fn byar_low(x: f64, level: f64) -> Option<f64> {
    let z = z_of(level);
    Some(x * (1.0 - 1.0 / (9.0 * x) - z / (3.0 * x.sqrt())).powi(3)).filter(|low| *low >= 0.0)
}

/// Byar's upper limit of a count.
pub fn byar_high(x: f64, level: f64) -> f64 {
    let (y, z) = (x + 1.0, z_of(level));
    y * (1.0 - 1.0 / (9.0 * y) + z / (3.0 * y.sqrt())).powi(3)
}

/// The exact Poisson interval of a count, from the chi-squared distribution.
///
/// Source: Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936).
pub fn exact_count(x: f64, level: f64) -> (f64, f64) {
    let tail = (1.0 - level) / 2.0;
    (chi2_quantile(tail, 2.0 * x) / 2.0, chi2_quantile(1.0 - tail, 2.0 * x + 2.0) / 2.0)
}

/// A count with its interval: exact under ten, Byar's from ten on.
pub fn count(x: f64, level: f64) -> Estimate {
    if x < EXACT_UNDER {
        let (low, high) = exact_count(x, level);
        return Estimate { value: x, low, high, method: "exact Poisson" };
    }
    let low = byar_low(x, level).unwrap_or(0.0);
    Estimate { value: x, low, high: byar_high(x, level), method: "Byar" }
}

/// A rate: `x` events among `n` people or person-years (or against `n` expected events).
///
/// # Errors
/// `n` is not positive, or `x` is negative.
pub fn rate(x: f64, n: f64, level: f64) -> Result<Estimate, InsightError> {
    if n <= 0.0 {
        return Err(InsightError::numbers(
            "A rate needs a population: the denominator must be above nought.",
        ));
    }
    if x < 0.0 {
        return Err(InsightError::numbers(format!("There cannot be {x} events.")));
    }
    Ok(count(x, level).times(1.0 / n))
}

/// The mean of values with the interval of Student's t.
///
/// # Errors
/// There are fewer than two.
pub fn mean(values: &[f64], level: f64) -> Result<(Estimate, f64), InsightError> {
    let n = values.len() as f64;
    if values.len() < 2 {
        return Err(InsightError::TooFew {
            what: "Values for a mean with an interval",
            has: values.len(),
            needs: 2,
        });
    }
    let mean = values.iter().sum::<f64>() / n;
    let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let half = t_quantile(0.5 + level / 2.0, n - 1.0) * deviation / n.sqrt();
    let estimate = Estimate { value: mean, low: mean - half, high: mean + half, method: "Student's t" };
    Ok((estimate, deviation))
}
