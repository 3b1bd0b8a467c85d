//! Emergency access ("break glass", rule B7): a clinician, social worker or crisis worker
//! opens the plan of somebody with whom they have nothing to do, for a few hours, with a
//! reason. It is told to the person and looked at by somebody outside the team, always.
//!
//! The record holds who, when and why as a code, so that the access rules can count with
//! it. The reason in words stands in the question that goes to the reviewer
//! ([`crate::look_question`]), which the person may read as well.

use crate::area::{Area, Sensitivity};
use crate::id::{OrganisationId, RecordId, WorkerId};
use crate::link;
use crate::record::{Kind, Label, Link, Record};
use crate::settings::Settings;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Why it was opened: the coded list of rule B7.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GlassReason {
    /// Somebody's life is at risk.
    LifeAtRisk,
    /// The person came in crisis.
    Crisis,
    /// The person cannot speak for themselves now.
    CannotSpeak,
}

impl GlassReason {
    /// Every reason, once.
    pub const ALL: [GlassReason; 3] =
        [GlassReason::LifeAtRisk, GlassReason::Crisis, GlassReason::CannotSpeak];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            GlassReason::LifeAtRisk => "life_at_risk",
            GlassReason::Crisis => "crisis",
            GlassReason::CannotSpeak => "cannot_speak",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            GlassReason::LifeAtRisk => "Somebody may die",
            GlassReason::Crisis => "They came to us in crisis",
            GlassReason::CannotSpeak => "They cannot speak for themselves now",
        }
    }
    /// The reason with this stored form.
    pub fn from_code(code: &str) -> Option<GlassReason> {
        GlassReason::ALL.into_iter().find(|r| r.code() == code)
    }
}

/// Emergency access that was opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Glass {
    /// By whom.
    pub worker: WorkerId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// Why.
    pub reason: GlassReason,
    /// How many letters the written reason has.
    pub letters: u32,
    /// When.
    pub opened_at: Instant,
    /// The moment from which it no longer counts.
    pub until: Instant,
    /// Closed before that.
    pub closed_at: Option<Instant>,
    /// The question about it, for the reviewer.
    pub review: RecordId,
}

impl Glass {
    /// Does it count at this moment?
    pub fn is_open(&self, now: Instant) -> bool {
        self.closed_at.is_none() && self.opened_at <= now && now < self.until
    }
}

impl Record for Glass {
    const KIND: Kind = Kind::Glass;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S1)
    }
    fn state(&self) -> &'static str {
        if self.closed_at.is_some() { "closed" } else { "opened" }
    }
    fn links(&self) -> Vec<Link> {
        vec![Link::to(link::WORKER, self.worker), Link::to(link::ABOUT, self.review)]
    }
}

/// Why it is not opened or closed, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotOpened {
    /// The reason is too short.
    #[error("Write a little more: at least {least} letters. The person will read it")]
    TooShort {
        /// How many letters it needs.
        least: u16,
    },
    /// The person said no, except when life is at risk.
    #[error("They have said no to emergency access, except when somebody may die. Nothing was opened")]
    SaidNo,
    /// It is over already.
    #[error("It is closed already")]
    Over,
}

/// The letters of a reason: what is not a space, so that nobody fills it up with those.
pub fn letters(words: &str) -> u32 {
    let letters = words.chars().filter(|c| c.is_alphanumeric()).count();
    u32::try_from(letters).unwrap_or(u32::MAX)
}

/// Is this reason enough, for somebody who said no to emergency access or did not?
///
/// # Errors
/// Why not.
pub fn check_reason(
    reason: GlassReason,
    words: &str,
    said_no: bool,
    settings: &Settings,
) -> Result<u32, NotOpened> {
    let (letters, least) = (letters(words), settings.glass_letters);
    if letters < u32::from(least) {
        return Err(NotOpened::TooShort { least });
    }
    if said_no && reason != GlassReason::LifeAtRisk {
        return Err(NotOpened::SaidNo);
    }
    Ok(letters)
}

/// Closes it before its time.
///
/// # Errors
/// It is over already.
pub fn close(glass: &Glass, now: Instant) -> Result<Glass, NotOpened> {
    if !glass.is_open(now) {
        return Err(NotOpened::Over);
    }
    Ok(Glass { closed_at: Some(now), ..glass.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn spaces_are_no_reason_and_a_no_holds_except_for_life() {
        let s = Settings::default();
        let blank = " a b c d e f g ".repeat(2) + &" ".repeat(40);
        let words = "Found on the bridge by the police";
        let of = |reason, words, no| check_reason(reason, words, no, &s);
        assert_eq!(of(GlassReason::Crisis, &blank, false), Err(NotOpened::TooShort { least: 20 }));
        assert_eq!(of(GlassReason::Crisis, words, true), Err(NotOpened::SaidNo));
        assert!(of(GlassReason::LifeAtRisk, words, true).is_ok());
        assert!(of(GlassReason::CannotSpeak, words, false).is_ok());
    }

    #[test]
    fn it_lasts_until_its_moment_or_until_it_is_closed() {
        let at = Instant(0);
        let glass = Glass {
            worker: WorkerId(Uuid::nil()),
            organisation: OrganisationId(Uuid::nil()),
            reason: GlassReason::Crisis,
            letters: 30,
            opened_at: at,
            until: at.plus_hours(4),
            closed_at: None,
            review: RecordId(Uuid::nil()),
        };
        assert!(glass.is_open(at) && glass.is_open(Instant(at.plus_hours(4).0 - 1)));
        assert!(!glass.is_open(at.plus_hours(4)) && !glass.is_open(Instant(-1)));
        let closed = close(&glass, at.plus_hours(1)).expect("it was open");
        assert!(!closed.is_open(at.plus_hours(1)));
        assert_eq!(close(&closed, at.plus_hours(2)), Err(NotOpened::Over));
    }
}
