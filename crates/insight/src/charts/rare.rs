//! Charts for events that seldom happen: days between them (T), and occasions between them
//! (G). A monthly count that is mostly nought tells nothing on an XmR chart; the time
//! between two events tells at once whether they come oftener.
//!
//! Source: Nelson, A control chart for parts-per-million nonconforming items, Journal of
//! Quality Technology 26 (1994), for T: the 3.6th root makes exponential times nearly
//! normal. Benneyan, Health Care Management Science 4 (2001), and Provost and Murray, The
//! health care data guide (2011), for G: limits at the chances of three deviations of the
//! geometric distribution.

use super::xmr::{Better, Cause, Chart, Point, Settings, Variation, chart};
use crate::error::InsightError;

const ROOT: f64 = 3.6;
/// The share below the lower limit of three standard deviations.
const TAIL: f64 = 0.00135;
/// How many points make a run.
const RUN: usize = 7;

/// The T chart of days between events, in order of time. Longer is better when the event is
/// one nobody wants.
///
/// # Errors
/// Fewer than two times, or one below nought.
pub fn days_between(times: &[f64], better: Better) -> Result<Chart, InsightError> {
    if times.len() < 2 {
        return Err(InsightError::TooFew { what: "Times between events", has: times.len(), needs: 2 });
    }
    if times.iter().any(|t| *t < 0.0) {
        return Err(InsightError::numbers("A time between events is below nought. Put the events in order."));
    }
    let roots: Vec<f64> = times.iter().map(|t| t.powf(1.0 / ROOT)).collect();
    let made = chart(&roots, &Settings { better, ..Settings::default() })?;
    let back = |y: f64| y.max(0.0).powf(ROOT);
    let point = |(point, time): (&Point, &f64)| Point {
        value: *time,
        mean: back(point.mean),
        limits: point.limits.map(|(low, high)| (back(low), back(high))),
        ..*point
    };
    Ok(Chart { points: made.points.iter().zip(times).map(point).collect(), assurance: None, ..made })
}

/// The G chart of occasions (visits, bed days) between events. The centre is the median.
///
/// # Errors
/// Fewer than two numbers, or one that is not a whole number from nought on.
pub fn occasions_between(numbers: &[f64], better: Better) -> Result<Chart, InsightError> {
    if numbers.len() < 2 {
        return Err(InsightError::TooFew { what: "Numbers between events", has: numbers.len(), needs: 2 });
    }
    if numbers.iter().any(|n| *n < 0.0 || n.fract() != 0.0) {
        return Err(InsightError::numbers("Occasions between events are whole numbers from nought on."));
    }
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let chance = 1.0 / (mean + 1.0);
    // The day by which the share q of geometric numbers has come, between whole numbers.
    let by = |q: f64| match mean > 0.0 {
        true => ((1.0 - q).ln() / (1.0 - chance).ln() - 1.0).max(0.0),
        false => 0.0,
    };
    let (centre, limits) = (by(0.5), (by(TAIL), by(1.0 - TAIL)));
    let side = |n: f64| (n > centre) as i8 - (n < centre) as i8;
    let runs = |i: usize| {
        let starts = (i + 1).saturating_sub(RUN)..=i.min(numbers.len().saturating_sub(RUN));
        let whole = |s: usize| {
            numbers.len() >= RUN && numbers[s..s + RUN].iter().all(|n| side(*n) == side(numbers[i]))
        };
        side(numbers[i]) != 0 && starts.into_iter().any(whole)
    };
    let points: Vec<Point> = numbers
        .iter()
        .enumerate()
        .map(|(i, &value)| {
            let cause = match value {
                v if v > limits.1 => Cause::AboveLimit,
                v if v < limits.0 => Cause::BelowLimit,
                v if runs(i) && v > centre => Cause::AboveMean,
                _ if runs(i) => Cause::BelowMean,
                _ => Cause::Common,
            };
            Point { value, mean: centre, limits: Some(limits), cause, variation: variation(cause, better) }
        })
        .collect();
    let last = points[points.len() - 1].variation;
    Ok(Chart { points, variation: last, assurance: None, notes: vec!["The centre is the median.".into()] })
}

fn variation(cause: Cause, better: Better) -> Variation {
    match (cause.direction(), better) {
        (0, _) => Variation::Common,
        (1, Better::Neither) => Variation::Higher,
        (_, Better::Neither) => Variation::Lower,
        (1, Better::Higher) | (-1, Better::Lower) => Variation::Improvement,
        _ => Variation::Concern,
    }
}
