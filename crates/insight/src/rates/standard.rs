//! Rates that can be compared between places of different ages.

use super::interval::{Estimate, byar_high, byar_low, rate};
use crate::error::InsightError;

/// The European Standard Population of 2013: 0-4, 5-9, ... 85-89, 90 and over.
///
/// Source: Eurostat, Revision of the European Standard Population (2013), table 2.
pub const ESP2013: [f64; 19] = [
    5000.0, 5500.0, 5500.0, 5500.0, 6000.0, 6000.0, 6500.0, 7000.0, 7000.0, 7000.0, 7000.0, 6500.0, 6000.0,
    5500.0, 5000.0, 4000.0, 2500.0, 1500.0, 1000.0,
];

/// Under so many events a directly standardised rate is not given.
pub const DIRECT_LEAST: f64 = 10.0;

/// An age band: its events, its people, and its weight in the standard population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Events (or, for repeats, people with this many events).
    pub events: f64,
    /// People.
    pub people: f64,
    /// Weight in the standard population.
    pub weight: f64,
}

/// The directly standardised rate per person, with Dobson's interval; nothing when there
/// are fewer than ten events.
///
/// Source: Dobson, Kuulasmaa, Eberle and Scherer, Confidence intervals for weighted sums of
/// Poisson parameters, Statistics in Medicine 10 (1991).
///
/// # Errors
/// A band has nobody in it, or the weights add up to nothing.
pub fn direct(bands: &[Band], level: f64) -> Result<Option<Estimate>, InsightError> {
    let (value, variance) = weighted(bands)?;
    let events: f64 = bands.iter().map(|b| b.events).sum();
    Ok((events >= DIRECT_LEAST).then(|| dobson(value, variance, events, level, "Dobson")))
}

/// The directly standardised rate of events that one person can have more than once.
/// `by_repeats[f]` holds the bands of the people who had f + 1 events. People, not events,
/// are independent, so the variance is that of people, each counting by the square of
/// their events.
///
/// Source: Association of Public Health Observatories, Technical briefing 3 (2008), annex
/// on non-independent events; PHEindicatormethods 2.0, `calculate_dsr(independent_events =
/// FALSE)`.
///
/// # Errors
/// As [`direct`]; or there is no band.
pub fn direct_repeats(by_repeats: &[Vec<Band>], level: f64) -> Result<Option<Estimate>, InsightError> {
    let (mut value, mut variance, mut events) = (0.0, 0.0, 0.0);
    for (i, bands) in by_repeats.iter().enumerate() {
        let times = (i + 1) as f64;
        let (of_people, variance_of_people) = weighted(bands)?;
        value += times * of_people;
        variance += times * times * variance_of_people;
        events += times * bands.iter().map(|b| b.events).sum::<f64>();
    }
    let named = "Dobson, for repeated events";
    Ok((events >= DIRECT_LEAST).then(|| dobson(value, variance, events, level, named)))
}

fn weighted(bands: &[Band]) -> Result<(f64, f64), InsightError> {
    if bands.iter().any(|b| b.people <= 0.0) {
        return Err(InsightError::numbers("An age band has nobody in it. Merge it with the one beside it."));
    }
    let all: f64 = bands.iter().map(|b| b.weight).sum();
    if all <= 0.0 {
        return Err(InsightError::numbers("The weights of the standard population add up to nothing."));
    }
    let value = bands.iter().map(|b| b.weight * b.events / b.people).sum::<f64>() / all;
    let variance =
        bands.iter().map(|b| b.weight.powi(2) * b.events / b.people.powi(2)).sum::<f64>() / all.powi(2);
    Ok((value, variance))
}

fn dobson(value: f64, variance: f64, events: f64, level: f64, method: &'static str) -> Estimate {
    let scale = (variance / events).sqrt();
    // From ten events on Byar's limits exist at every level people use.
    let low = value + scale * (byar_low(events, level).unwrap_or(0.0) - events);
    Estimate { value, low, high: value + scale * (byar_high(events, level) - events), method }
}

/// What an area would have if each age band had the reference's rate.
///
/// # Errors
/// The lists differ in length, or a reference band has nobody.
pub fn expected(people: &[f64], reference: &[(f64, f64)]) -> Result<f64, InsightError> {
    if people.len() != reference.len() {
        return Err(InsightError::numbers("The area and the reference need the same age bands."));
    }
    if reference.iter().any(|(_, n)| *n <= 0.0) {
        return Err(InsightError::numbers(
            "A band of the reference has nobody in it. Merge it with the one beside it.",
        ));
    }
    Ok(people.iter().zip(reference).map(|(people, (events, n))| people * events / n).sum())
}

/// The indirectly standardised ratio: observed against expected events.
///
/// # Errors
/// Nothing is expected.
pub fn ratio(observed: f64, expected: f64, level: f64) -> Result<Estimate, InsightError> {
    rate(observed, expected, level)
}
