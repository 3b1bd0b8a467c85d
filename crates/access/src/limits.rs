//! The numbers of the rule book. A place may change them, inside bounds that keep every
//! rule meaning something and never beyond the rule book's own; people with lived experience
//! decide them, not this code.

use serde::{Deserialize, Serialize};

/// The numbers, checked. Only [`Limits::checked`] and reading a stored form make one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Numbers", into = "Numbers")]
pub struct Limits(Numbers);

/// The numbers as written in a place's settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Numbers {
    /// Days for which own items may still be read after a relationship ended (B3). 0 to 90.
    pub after_close_days: i64,
    /// Days for which a packet may still be read after the referral was completed (B5). 0 to 30.
    pub packet_after_days: i64,
    /// Seconds for which a sign-in is fresh (R03). 30 to 300.
    pub fresh_seconds: i64,
    /// Hours in which an author may edit a note (W1). 1 to 24.
    pub edit_hours: i64,
    /// Hours that emergency access lasts (B7). 1 to 4.
    pub glass_hours: i64,
    /// Letters that the reason for emergency access needs (B7). 10 to 200.
    pub glass_letters: u32,
    /// Exact-match searches an hour (B9). 1 to 10.
    pub lookups_an_hour: u32,
    /// People in one export without a second approver (W2). 1 to 50.
    pub export_people: u32,
    /// Days that a link without an account lives. 1 to 14.
    pub link_days: i64,
    /// Days that a paper code lives. 1 to 7.
    pub paper_code_days: i64,
}

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers {
            after_close_days: 90,
            packet_after_days: 30,
            fresh_seconds: 300,
            edit_hours: 24,
            glass_hours: 4,
            glass_letters: 20,
            lookups_an_hour: 10,
            export_people: 50,
            link_days: 14,
            paper_code_days: 7,
        }
    }
}

/// A number is outside its safe bounds.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{name} is {given}; it may be {low} to {high}")]
pub struct OutOfBounds {
    /// The setting.
    pub name: &'static str,
    /// What was given.
    pub given: i64,
    /// The least it may be.
    pub low: i64,
    /// The most it may be.
    pub high: i64,
}

impl Limits {
    /// These numbers, if each is inside its bounds.
    ///
    /// # Errors
    /// The first number that is not.
    pub fn checked(n: Numbers) -> Result<Limits, OutOfBounds> {
        let rows = [
            ("after_close_days", n.after_close_days, 0, 90),
            ("packet_after_days", n.packet_after_days, 0, 30),
            ("fresh_seconds", n.fresh_seconds, 30, 300),
            ("edit_hours", n.edit_hours, 1, 24),
            ("glass_hours", n.glass_hours, 1, 4),
            ("glass_letters", i64::from(n.glass_letters), 10, 200),
            ("lookups_an_hour", i64::from(n.lookups_an_hour), 1, 10),
            ("export_people", i64::from(n.export_people), 1, 50),
            ("link_days", n.link_days, 1, 14),
            ("paper_code_days", n.paper_code_days, 1, 7),
        ];
        for (name, given, low, high) in rows {
            if !(low..=high).contains(&given) {
                return Err(OutOfBounds { name, given, low, high });
            }
        }
        Ok(Limits(n))
    }

    /// The numbers.
    pub fn numbers(&self) -> &Numbers {
        &self.0
    }
}

impl TryFrom<Numbers> for Limits {
    type Error = OutOfBounds;
    fn try_from(n: Numbers) -> Result<Limits, OutOfBounds> {
        Limits::checked(n)
    }
}

impl From<Limits> for Numbers {
    fn from(l: Limits) -> Numbers {
        l.0
    }
}
