//! A safeguarding concern: about the person, or about a child in the home.
//!
//! It grows out of a worry, because that is where somebody first writes down what they saw, and
//! it is read by the same few people. What the person wants stands in it from the start (Care
//! Act 2014, section 42, and its guidance: making safeguarding personal); a named person decides
//! and says why; it is made through the council's own route, never through Kith; and it is held,
//! with the council's day, until the council has answered.
//!
//! No detail of a child is kept: "a child at home" is all that stands here.

use crate::id::WorkerId;
use crate::next_date::words_of;
use crate::settings::Settings;
use crate::time::{Day, Instant, plus_days};
use crate::worry::Worry;
use serde::{Deserialize, Serialize};

/// About whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConcernAbout {
    /// The person (Care Act 2014, section 42).
    Adult,
    /// A child in the home (Children Act 1989, section 47).
    ChildAtHome,
}

impl ConcernAbout {
    /// Both.
    pub const ALL: [ConcernAbout; 2] = [ConcernAbout::Adult, ConcernAbout::ChildAtHome];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            ConcernAbout::Adult => "adult",
            ConcernAbout::ChildAtHome => "child_at_home",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            ConcernAbout::Adult => "The person themselves",
            ConcernAbout::ChildAtHome => "A child at home",
        }
    }
    /// The one with this stored form.
    pub fn from_code(code: &str) -> Option<ConcernAbout> {
        ConcernAbout::ALL.into_iter().find(|a| a.code() == code)
    }
}

/// What the person wants, or why they were not asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// In their words.
    Said(String),
    /// They were not asked yet, and why.
    NotAsked(String),
}

/// Are they safe now?
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SafeNow {
    /// Yes, and what makes it so.
    Safe(String),
    /// No: 999 was rung, and what was said.
    Rang999(String),
}

/// How it reached the council.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Made {
    /// When.
    pub at: Instant,
    /// By which route of the council's: its line, its form.
    pub route: String,
    /// The council's reference, when it has given one.
    pub reference: Option<String>,
    /// The day by which it said it would answer.
    pub reply_by: Day,
    /// By whom.
    pub by: WorkerId,
}

/// What the council answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// When it was written down here.
    pub at: Instant,
    /// What it said.
    pub words: String,
    /// By whom.
    pub by: WorkerId,
}

/// A concern.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Concern {
    /// About whom.
    pub about: ConcernAbout,
    /// What the person wants.
    pub wants: Wants,
    /// Are they safe now?
    pub safe_now: SafeNow,
    /// Who decided to raise it, by name: a person, never a rule.
    pub decided_by: String,
    /// Why, where the person does not agree or was not asked.
    pub why: String,
    /// Why the person is not told, where that would put somebody in danger. None: they were told,
    /// or will be.
    pub not_told: Option<String>,
    /// When it was decided.
    pub decided_at: Instant,
    /// How it reached the council.
    pub made: Option<Made>,
    /// What the council answered.
    pub answered: Option<Answered>,
}

/// Why it is not so, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotRaised {
    /// The worry is closed.
    #[error("This is closed already")]
    Closed,
    /// There is one.
    #[error("A concern has been raised already. It stands on this page")]
    Already,
    /// There is none.
    #[error("No concern has been raised")]
    None,
    /// What the person wants is missing.
    #[error("Write what they want, or why they were not asked")]
    NoWants,
    /// Whether they are safe is missing.
    #[error("Write what keeps them safe now, or that you rang 999 and what was said")]
    NoSafety,
    /// Nobody decided.
    #[error("Name the person who decided, and say why")]
    NobodyDecided,
    /// No route.
    #[error("Write how it was made: the council's line, its form, or its email")]
    NoRoute,
    /// A day that cannot be.
    #[error("Choose a day from tomorrow up to {}. If the council gave none, choose when you ask", words_of(*.latest))]
    Day {
        /// The last day that can be chosen.
        latest: Day,
    },
    /// It has not reached the council.
    #[error("First make it with the council, by its own route")]
    NotMade,
    /// Answered already.
    #[error("The council has answered this already")]
    Answered,
    /// No words.
    #[error("Write what the council said")]
    NoWords,
}

fn said(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

impl Concern {
    /// Is the council's answer still to come?
    pub fn open(&self) -> bool {
        self.answered.is_none()
    }
}

/// Raises it. Everything that has to be thought of beforehand is there, or it is not raised.
///
/// # Errors
/// What is missing.
pub fn raise(worry: &Worry, concern: Concern) -> Result<Worry, NotRaised> {
    let words = match (&concern.wants, &concern.safe_now) {
        (Wants::Said(w) | Wants::NotAsked(w), _) if said(w).is_none() => Err(NotRaised::NoWants),
        (_, SafeNow::Safe(w) | SafeNow::Rang999(w)) if said(w).is_none() => Err(NotRaised::NoSafety),
        _ if said(&concern.decided_by).is_none() || said(&concern.why).is_none() => {
            Err(NotRaised::NobodyDecided)
        }
        _ => Ok(()),
    };
    match () {
        () if worry.closed.is_some() => Err(NotRaised::Closed),
        () if worry.concern.is_some() => Err(NotRaised::Already),
        () => words,
    }?;
    Ok(Worry { concern: Some(concern), ..worry.clone() })
}

/// It was made with the council, or the council was asked again: the day of its answer. What the
/// council gave before stays: its reference, where none is given now, and when it was first asked.
///
/// # Errors
/// What is missing.
pub fn made(worry: &Worry, made: Made, today: Day, settings: &Settings) -> Result<Worry, NotRaised> {
    let concern = still_open(worry)?;
    let latest = plus_days(today, settings.next_date_days.into());
    match () {
        () if said(&made.route).is_none() => Err(NotRaised::NoRoute),
        () if made.reply_by <= today || made.reply_by > latest => Err(NotRaised::Day { latest }),
        () => {
            let made = match &concern.made {
                Some(first) => {
                    Made { at: first.at, reference: made.reference.or(first.reference.clone()), ..made }
                }
                None => made,
            };
            Ok(Worry { concern: Some(Concern { made: Some(made), ..concern.clone() }), ..worry.clone() })
        }
    }
}

/// The council answered.
///
/// # Errors
/// It was never made, or there are no words.
pub fn answered(worry: &Worry, words: &str, by: WorkerId, now: Instant) -> Result<Worry, NotRaised> {
    let concern = still_open(worry)?;
    if concern.made.is_none() {
        return Err(NotRaised::NotMade);
    }
    let words = said(words).ok_or(NotRaised::NoWords)?;
    let answered = Some(Answered { at: now, words, by });
    Ok(Worry { concern: Some(Concern { answered, ..concern.clone() }), ..worry.clone() })
}

fn still_open(worry: &Worry) -> Result<&Concern, NotRaised> {
    let concern = worry.concern.as_ref().ok_or(NotRaised::None)?;
    match () {
        () if worry.closed.is_some() => Err(NotRaised::Closed),
        () if !concern.open() => Err(NotRaised::Answered),
        () => Ok(concern),
    }
}
