//! Seasons by moving means, and the theta method.
//!
//! Source: Assimakopoulos and Nikolopoulos, Int J Forecasting 16 (2000); Hyndman and Billah,
//! Int J Forecasting 19 (2003), who show that it is smoothing with a drift; R forecast 8.20.

use super::baseline::Forecast;
use super::ets::{self, Kind};
use crate::error::InsightError;

/// The moving mean over a cycle about each point; nothing near the ends.
fn moving_mean(y: &[f64], cycle: usize) -> Vec<Option<f64>> {
    let half = cycle / 2;
    let at = |t: usize| {
        let (from, to) = (t.checked_sub(half)?, t + half);
        if to >= y.len() {
            return None;
        }
        // Of an even cycle the two ends count half.
        let inner: f64 = y[from..=to].iter().sum();
        let ends = if cycle.is_multiple_of(2) { (y[from] + y[to]) / 2.0 } else { 0.0 };
        Some((inner - ends) / cycle as f64)
    };
    (0..y.len()).map(at).collect()
}

/// The seasons by place in the cycle of the first point: differences from the moving mean
/// that add up to nought, or factors whose mean is one.
///
/// Source: R `decompose`.
pub fn seasons(y: &[f64], cycle: usize, factors: bool) -> Vec<f64> {
    let trend = moving_mean(y, cycle);
    let part = |place: usize| {
        let apart: Vec<f64> = (place..y.len())
            .step_by(cycle)
            .filter_map(|t| trend[t].map(|m| if factors { y[t] / m } else { y[t] - m }))
            .collect();
        apart.iter().sum::<f64>() / apart.len().max(1) as f64
    };
    let raw: Vec<f64> = (0..cycle).map(part).collect();
    let mean = raw.iter().sum::<f64>() / cycle as f64;
    raw.into_iter().map(|s| if factors { s / mean } else { s - mean }).collect()
}

/// Whether points one cycle apart go together by more than chance (90 % test), as R's
/// `thetaf` asks.
pub fn is_seasonal(y: &[f64], cycle: usize) -> bool {
    let n = y.len();
    if cycle < 2 || n < 2 * cycle + 1 {
        return false;
    }
    let mean = y.iter().sum::<f64>() / n as f64;
    let square: f64 = y.iter().map(|v| (v - mean).powi(2)).sum();
    let together = |lag: usize| (lag..n).map(|t| (y[t] - mean) * (y[t - lag] - mean)).sum::<f64>() / square;
    let before: f64 = (1..cycle).map(|lag| together(lag).powi(2)).sum();
    let error = ((1.0 + 2.0 * before) / n as f64).sqrt();
    together(cycle).abs() / error > crate::linalg::normal_quantile(0.95)
}

/// The theta method: seasons taken out where there are any, a level smoothed, half the slope
/// of the whole line added, seasons put back.
///
/// # Errors
/// There are too few points.
pub fn theta(y: &[f64], cycle: usize, ahead: usize) -> Result<Forecast, InsightError> {
    let factors = is_seasonal(y, cycle) && y.iter().all(|v| *v > 0.0);
    let season = if factors { seasons(y, cycle, true) } else { vec![1.0] };
    let at = |t: usize| season[t % season.len()];
    let plain: Vec<f64> = y.iter().enumerate().map(|(t, v)| v / at(t)).collect();
    let fitted = ets::fit(&plain, Kind::LEVEL, 1)?;
    let level = fitted.forecast(1, 0, 0).mean[0];
    let (n, alpha) = (y.len() as f64, fitted.weights.alpha);
    let (mt, my) = ((n - 1.0) / 2.0, plain.iter().sum::<f64>() / n);
    let top: f64 = plain.iter().enumerate().map(|(t, v)| (t as f64 - mt) * (v - my)).sum();
    let below: f64 = (0..y.len()).map(|t| (t as f64 - mt).powi(2)).sum();
    let slope = top / below / 2.0;
    let lead = (1.0 - (1.0 - alpha).powf(n)) / alpha;
    let mean = |h: usize| (level + slope * (h as f64 + lead)) * at(y.len() + h);
    let deviation = |h: usize| (fitted.variance * (h as f64 * alpha * alpha + 1.0)).sqrt();
    let inside = fitted.forecast(1, 0, 0).fitted;
    Ok(Forecast {
        mean: (0..ahead).map(mean).collect(),
        deviation: (0..ahead).map(deviation).collect(),
        model: if factors { "theta with seasons".into() } else { "theta".into() },
        aicc: None,
        fitted: inside.into_iter().enumerate().map(|(t, f)| f.map(|f| f * at(t))).collect(),
    })
}
