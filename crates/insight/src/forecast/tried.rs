//! What a forecast would have said before, had it been asked again and again, and how wrong
//! it would have been. A forecast is never shown without this.
//!
//! Source: Hyndman and Koehler, Int J Forecasting 22 (2006) for the scaled error; Tashman,
//! Int J Forecasting 16 (2000) for asking again from a moving origin.

use super::baseline::Forecast;
use crate::error::InsightError;
use crate::linalg::z_of;

/// How a forecast did when it was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// From how many moments it was asked.
    pub origins: usize,
    /// How many values it was compared with.
    pub values: usize,
    /// The mean size of its errors beside that of "as one cycle ago" on the points it knew:
    /// under one is better than that.
    pub scaled: f64,
    /// Its mean error: above nought, too few came to be expected.
    pub bias: f64,
    /// The share of values that lay within its intervals.
    pub within: f64,
}

/// The mean size of steps over a cycle, by which errors are scaled.
pub fn scale(y: &[f64], cycle: usize) -> f64 {
    let cycle = cycle.max(1);
    if y.len() <= cycle {
        return f64::NAN;
    }
    (cycle..y.len()).map(|t| (y[t] - y[t - cycle]).abs()).sum::<f64>() / (y.len() - cycle) as f64
}

/// Asks `forecast` from up to `origins` moments, the last of which still has a value after
/// it; from the first, `least` points are known.
///
/// # Errors
/// The series leaves nothing to compare with, or the forecast cannot be made.
pub fn rolling(
    y: &[f64],
    cycle: usize,
    ahead: usize,
    (least, origins): (usize, usize),
    level: f64,
    forecast: &dyn Fn(&[f64]) -> Result<Forecast, InsightError>,
) -> Result<Tried, InsightError> {
    let last = y.len().saturating_sub(1);
    let first = least.max(last.saturating_sub(origins.max(1) - 1)).max(cycle + 1);
    if first > last {
        return Err(InsightError::TooFew {
            what: "Points to try a forecast on",
            has: y.len(),
            needs: first + 1,
        });
    }
    let z = z_of(level);
    let (mut scaled, mut bias, mut within, mut values) = (0.0, 0.0, 0usize, 0usize);
    for known in first..=last {
        let made = forecast(&y[..known])?;
        let unit = scale(&y[..known], cycle);
        for h in 0..ahead.min(y.len() - known) {
            let error = y[known + h] - made.mean[h];
            // Where nothing ever moved there is no unit; an error then counts as it is.
            scaled += error.abs() / if unit > 0.0 { unit } else { 1.0 };
            bias += error;
            within += usize::from(error.abs() <= z * made.deviation[h]);
            values += 1;
        }
    }
    let n = values as f64;
    let within = within as f64 / n;
    Ok(Tried { origins: last - first + 1, values, scaled: scaled / n, bias: bias / n, within })
}

/// The mean size of the one-step errors on known points, scaled alike.
pub fn inside(y: &[f64], cycle: usize, made: &Forecast) -> f64 {
    let errors: Vec<f64> = y.iter().zip(&made.fitted).filter_map(|(y, f)| Some((y - (*f)?).abs())).collect();
    errors.iter().sum::<f64>() / errors.len() as f64 / scale(y, cycle)
}
