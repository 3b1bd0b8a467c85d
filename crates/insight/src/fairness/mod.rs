//! Who gets help, who waits, and who it helps: a funnel of people by groups.
//!
//! Everybody counted has a need. Some were asked for at a service, some of these were told
//! yes, came, and ended well. Each step is a count of people and a share of the step before.
//! Beside the steps stands who was told about a peer group, and how long people waited from
//! being asked for to coming. [`table`] puts all of it through the gate as one table; every
//! share, interval and gap ([`compare`]) is made of the counts that are shown and of nothing
//! else, so that a reader can make them again. [`found`] says which gaps are more than
//! chance, however many were looked at.

pub mod compare;
pub mod found;
pub mod table;
pub mod wait;

pub use compare::{Gap, Share};
pub use found::{Finding, Measure};
pub use table::{Funnel, Row, funnel};
pub use wait::Waited;

use crate::waits::Spell;
use serde::{Deserialize, Serialize};

/// A step of the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Has a need.
    Need,
    /// A service was asked.
    Asked,
    /// A service said yes.
    Yes,
    /// The person came.
    Came,
    /// The help ended, and the person says it helped.
    Helped,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Step; 5] = [Step::Need, Step::Asked, Step::Yes, Step::Came, Step::Helped];

    /// Its name in a file.
    pub fn code(self) -> &'static str {
        match self {
            Step::Need => "need",
            Step::Asked => "asked",
            Step::Yes => "yes",
            Step::Came => "came",
            Step::Helped => "helped",
        }
    }
}

/// How a wait that is over ended, as in [`Spell::end`].
pub mod end {
    /// The person came.
    pub const CAME: usize = 1;
    /// Every service that was asked said no.
    pub const SAID_NO: usize = 2;
    /// It was taken back or ended without the person coming.
    pub const WITHOUT: usize = 3;
    /// The person died.
    pub const DIED: usize = 4;
    /// How many ways there are.
    pub const WAYS: usize = 4;
}

/// One person's way: counted once, with the furthest that any need of the period took them.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Which group, as a position in the groups of the question.
    pub group: usize,
    /// The furthest step.
    pub furthest: Step,
    /// Told about a peer group for one of the needs.
    pub told: bool,
    /// From being asked for to coming, in days, where a service was asked.
    pub wait: Option<Spell>,
}

/// A group of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its code.
    pub code: String,
    /// Its name.
    pub title: String,
    /// Whether it is known to be a group. "Not known" and "would rather not say" are shown
    /// like any other row and compared with nothing.
    pub known: bool,
    /// Kept back by the ledger, with the reason in words.
    pub kept_back: Option<String>,
}

impl Group {
    /// A group.
    pub fn new(code: impl Into<String>, title: impl Into<String>, known: bool) -> Group {
        Group { code: code.into(), title: title.into(), known, kept_back: None }
    }
}
