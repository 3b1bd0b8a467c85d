//! Forecasts that cost nothing, which every other has to beat: as last time, as last year,
//! along the line from the first to the last.
//!
//! Source: Hyndman and Athanasopoulos, Forecasting: principles and practice (3rd edition,
//! 2021), chapter 5; R forecast 8.20.

use crate::error::InsightError;

/// A forecast: for each step ahead a value and the standard deviation of its error.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The value at each step ahead.
    pub mean: Vec<f64>,
    /// The standard deviation of the error at each step.
    pub deviation: Vec<f64>,
    /// Which model, in letters: `ETS(A,A,N)`, `ARIMA(1,1,0)`.
    pub model: String,
    /// Akaike's criterion corrected for few points; nothing for a baseline.
    pub aicc: Option<f64>,
    /// What the model would have said of each known point one step ahead; nothing for the
    /// first, where it cannot.
    pub fitted: Vec<Option<f64>>,
}

fn needs(y: &[f64], least: usize) -> Result<(), InsightError> {
    match y.len() < least {
        true => Err(InsightError::TooFew { what: "Points of the series", has: y.len(), needs: least }),
        false => Ok(()),
    }
}

/// As the last value; with a cycle, as the value one cycle before.
///
/// # Errors
/// The series is not longer than the cycle.
pub fn naive(y: &[f64], cycle: usize, ahead: usize) -> Result<Forecast, InsightError> {
    let cycle = cycle.max(1);
    needs(y, cycle + 1)?;
    let n = y.len();
    let steps: Vec<f64> = (cycle..n).map(|t| y[t] - y[t - cycle]).collect();
    let deviation = (steps.iter().map(|s| s * s).sum::<f64>() / steps.len() as f64).sqrt();
    let rounds = |h: usize| (h / cycle + 1) as f64;
    Ok(Forecast {
        mean: (0..ahead).map(|h| y[n - cycle + h % cycle]).collect(),
        deviation: (0..ahead).map(|h| deviation * rounds(h).sqrt()).collect(),
        model: if cycle == 1 { "as last time".into() } else { "as one cycle ago".into() },
        aicc: None,
        fitted: (0..n).map(|t| t.checked_sub(cycle).map(|b| y[b])).collect(),
    })
}

/// Along the line from the first value to the last.
///
/// # Errors
/// There are fewer than three points.
pub fn drift(y: &[f64], ahead: usize) -> Result<Forecast, InsightError> {
    needs(y, 3)?;
    let (n, steps) = (y.len(), y.len() as f64 - 1.0);
    let slope = (y[n - 1] - y[0]) / steps;
    let left: f64 = y.windows(2).map(|w| (w[1] - w[0] - slope).powi(2)).sum();
    let sigma2 = left / (steps - 1.0);
    Ok(Forecast {
        mean: (1..=ahead).map(|h| y[n - 1] + slope * h as f64).collect(),
        deviation: (1..=ahead).map(|h| (sigma2 * (h as f64) * (1.0 + h as f64 / steps)).sqrt()).collect(),
        model: "along the line".into(),
        aicc: None,
        fitted: (0..n).map(|t| t.checked_sub(1).map(|b| y[b] + slope)).collect(),
    })
}
