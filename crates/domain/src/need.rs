//! A need: something a person needs that services can meet. A need that nothing meets
//! is placed, dated, counted, held, and looked at again.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Category, Sensitivity};
use crate::guarding::Guard;
use crate::id::ServiceId;
use crate::next_date::NextDate;
use crate::organisation::Holder;
use crate::record::{Kind, Label, Link, Record};
use crate::time::{Day, Instant};

/// How a need stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedStatus {
    /// Somebody is working on it.
    Open,
    /// It was met.
    Met {
        /// On this day.
        on: Day,
        /// In the person's words.
        words: Option<String>,
    },
    /// The person said not now.
    NotNow {
        /// The day to ask again.
        until: Day,
    },
    /// The person said no to help with it.
    SaidNo {
        /// On this day.
        on: Day,
    },
    /// It is over.
    Finished {
        /// On this day.
        on: Day,
    },
}

/// Why nothing meets a need.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnmetReason {
    /// Nothing like it exists here.
    NoService,
    /// What exists is full.
    Full,
    /// What exists is not for this person.
    NotEligible,
    /// Too far or too dear to get to.
    TooFar,
    /// What the person needs changed is not offered.
    NoAdjustment,
    /// Everybody asked said no.
    Declined,
}

impl UnmetReason {
    /// Every reason, once.
    pub const ALL: [UnmetReason; 6] = [
        UnmetReason::NoService,
        UnmetReason::Full,
        UnmetReason::NotEligible,
        UnmetReason::TooFar,
        UnmetReason::NoAdjustment,
        UnmetReason::Declined,
    ];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            UnmetReason::NoService => "no_service",
            UnmetReason::Full => "full",
            UnmetReason::NotEligible => "not_eligible",
            UnmetReason::TooFar => "too_far",
            UnmetReason::NoAdjustment => "no_adjustment",
            UnmetReason::Declined => "declined",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            UnmetReason::NoService => "Nothing like it exists here",
            UnmetReason::Full => "What exists is full",
            UnmetReason::NotEligible => "What exists is not open to them",
            UnmetReason::TooFar => "Too far, or costs too much to get to",
            UnmetReason::NoAdjustment => "The adjustments they need are not offered",
            UnmetReason::Declined => "Every service asked said no",
        }
    }
    /// The reason with this stored form.
    pub fn from_code(code: &str) -> Option<UnmetReason> {
        UnmetReason::ALL.into_iter().find(|r| r.code() == code)
    }
}

/// A need that nothing meets: placed, dated, counted, held, with a review date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unmet {
    /// Since when.
    pub since: Instant,
    /// Why.
    pub reason: UnmetReason,
    /// The day it is looked at again.
    pub review_on: Day,
    /// The neighbourhood it is counted in.
    pub place: Option<String>,
}

/// Something a person needs that services can meet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Need {
    /// In which area of life.
    pub area: Area,
    /// In the person's words.
    pub words: String,
    /// A code from the list of needs, to find services by.
    pub code: Option<String>,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// For restricted needs: what they are about.
    pub categories: Vec<Category>,
    /// When it was raised.
    pub raised_at: Instant,
    /// How it stands.
    pub status: NeedStatus,
    /// Who holds it.
    pub holder: Holder,
    /// What happens next.
    pub next: NextDate,
    /// Nothing meets it.
    pub unmet: Option<Unmet>,
    /// Services the person said no to, before anything was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said_no_to: Vec<SaidNoTo>,
    /// What happens next follows the help that was asked for, until somebody writes down
    /// something else: [`crate::need_next`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub follows_help: bool,
    /// Who may read it, beside how private it is.
    #[serde(default, skip_serializing_if = "Guard::is_plain")]
    pub guard: Guard,
}

/// The person said no to one service, for one need.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SaidNoTo {
    /// Which service.
    pub service: ServiceId,
    /// On which day.
    pub on: Day,
}

impl Record for Need {
    const KIND: Kind = Kind::Need;
    fn label(&self) -> Label {
        self.guard.label(self.area, self.sensitivity, &self.categories)
    }
    fn state(&self) -> &'static str {
        match (&self.status, &self.unmet) {
            (NeedStatus::Open, Some(_)) => "unmet",
            (NeedStatus::Open, None) => "open",
            (NeedStatus::Met { .. }, _) => "met",
            (NeedStatus::NotNow { .. }, _) => "not_now",
            (NeedStatus::SaidNo { .. }, _) => "said_no",
            (NeedStatus::Finished { .. }, _) => "finished",
        }
    }
    fn open(&self) -> bool {
        matches!(self.status, NeedStatus::Open | NeedStatus::NotNow { .. })
    }
    fn due(&self) -> Option<Day> {
        match self.status {
            NeedStatus::Open => Some(self.unmet.as_ref().map_or(self.next.on, |u| u.review_on)),
            NeedStatus::NotNow { until } => Some(until),
            _ => None,
        }
    }
    fn links(&self) -> Vec<Link> {
        self.holder.links()
    }
}
