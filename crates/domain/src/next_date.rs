//! The next date: a day when a named thing will be done (design, "The closed loop").

use serde::{Deserialize, Serialize};

use crate::time::Day;

/// What happens next, and on which day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NextDate {
    /// What will be done, in words.
    pub what: String,
    /// The day.
    pub on: Day,
    /// How often the day has been moved since anybody last spoke to the person.
    pub moves_without_contact: u8,
    /// Why it was moved last.
    pub reason: Option<String>,
}

impl NextDate {
    /// A new next date that has not been moved.
    pub fn new(what: impl Into<String>, on: Day) -> NextDate {
        NextDate { what: what.into(), on, moves_without_contact: 0, reason: None }
    }
}
