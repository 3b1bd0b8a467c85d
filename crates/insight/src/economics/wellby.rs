//! Wellbeing-adjusted life years: one point of life satisfaction, on the scale from nought
//! to ten, of one person for one year.
//!
//! Source: HM Treasury, Wellbeing guidance for appraisal (2021). Its price is not built
//! in: whoever asks enters it with its year and source.

use crate::error::InsightError;

/// A change of life satisfaction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Points on the scale from nought to ten; below nought is worse.
    pub points: f64,
    /// Of how many people.
    pub people: f64,
    /// For how many years; a part of a year counts as that part.
    pub years: f64,
}

impl Change {
    /// A change.
    ///
    /// # Errors
    /// More than ten points, or people or years below nought.
    pub fn new(points: f64, people: f64, years: f64) -> Result<Change, InsightError> {
        if !(-10.0..=10.0).contains(&points) {
            return Err(InsightError::numbers(
                "Life satisfaction is on a scale from 0 to 10: nobody changes by more than 10 points.",
            ));
        }
        if people < 0.0 || years < 0.0 {
            return Err(InsightError::numbers("People and years cannot be below nought."));
        }
        Ok(Change { points, people, years })
    }

    /// How many wellbeing-adjusted life years that is; at a yearly rate, later years count
    /// for less (the first in full).
    pub fn wellbys(&self, rate: f64) -> f64 {
        let whole = self.years.floor();
        let full: f64 = (0..whole as i32).map(|year| (1.0 + rate).powi(-year)).sum();
        let rest = (self.years - whole) * (1.0 + rate).powi(-(whole as i32));
        self.points * self.people * (full + rest)
    }
}
