//! The disclosure register: what a court, a coroner or a law requires, or what life at risk or
//! safeguarding justifies, is decided by a named person, is the least that is needed, leaves by
//! hand and never by Kith, and is written down: who asked, by what power, who decided, what went,
//! and when the person is told (design, "Never").
//!
//! It is written as a note of its own kind, so that the person reads it on their pages like any
//! other. Where telling them would put somebody in danger it is hidden like any note: with a
//! reason, and a day on which somebody looks again.

use crate::area::{Area, Sensitivity};
use crate::marks::{HIDDEN_DAYS, HiddenReview};
use crate::next_date::words_of;
use crate::organisation::Holder;
use crate::plan::{Note, NoteKind};
use crate::time::{Day, plus_days};

/// By what power somebody asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Power {
    /// A court's order.
    Court,
    /// A coroner (Coroners and Justice Act 2009, schedule 5).
    Coroner,
    /// A law that requires it.
    Law,
    /// Somebody's life is in danger (Data Protection Act 2018, schedule 1, paragraph 18; UK GDPR,
    /// article 6(1)(d)).
    LifeInDanger,
    /// Safeguarding (Care Act 2014, section 45; Children Act 1989, section 47).
    Safeguarding,
}

impl Power {
    /// Every one, once.
    pub const ALL: [Power; 5] =
        [Power::Court, Power::Coroner, Power::Law, Power::LifeInDanger, Power::Safeguarding];
    /// The code on forms.
    pub fn code(self) -> &'static str {
        match self {
            Power::Court => "court",
            Power::Coroner => "coroner",
            Power::Law => "law",
            Power::LifeInDanger => "life",
            Power::Safeguarding => "safeguarding",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Power::Court => "A court ordered it",
            Power::Coroner => "A coroner asked for it",
            Power::Law => "A law says it has to be given",
            Power::LifeInDanger => "Somebody’s life was in danger",
            Power::Safeguarding => "To keep somebody safe from harm (safeguarding)",
        }
    }
    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Power> {
        Power::ALL.into_iter().find(|p| p.code() == code)
    }
}

/// Does the person know?
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// They were told, or read it on their pages.
    Yes,
    /// Not now: why, and the day on which somebody looks again.
    NotNow {
        /// Why.
        why: String,
        /// When somebody looks again.
        again: Day,
    },
}

/// What was given to somebody outside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disclosure {
    /// Who asked.
    pub asked_by: String,
    /// By what power.
    pub power: Power,
    /// Its reference: the order, the section of the law.
    pub reference: String,
    /// Who decided, by name.
    pub decided_by: String,
    /// What went: the least that was needed.
    pub went: String,
    /// On which day.
    pub on: Day,
    /// Does the person know?
    pub told: Told,
}

/// Why it is not written down, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDisclosed {
    /// Who asked is missing.
    #[error("Write who asked: a name, and where they work")]
    NobodyAsked,
    /// The reference is missing.
    #[error("Write the reference: the order, or the section of the law")]
    NoReference,
    /// Who decided is missing.
    #[error("Name the person who decided")]
    NobodyDecided,
    /// What went is missing.
    #[error("Write what was given: the least that was needed")]
    NothingWent,
    /// A day in the future.
    #[error("That day has not come yet")]
    Future,
    /// Not told, and no reason.
    #[error("Write why they are not told")]
    NoWhy,
    /// Not told for too long.
    #[error("Choose a day from tomorrow up to {}, when somebody looks again whether they can be told", words_of(*.latest))]
    Again {
        /// The last day that can be chosen.
        latest: Day,
    },
}

/// What is written down.
///
/// # Errors
/// What is missing.
pub fn written(d: &Disclosure, holder: Holder, today: Day) -> Result<Note, NotDisclosed> {
    let latest = plus_days(today, HIDDEN_DAYS);
    let empty = |text: &str| text.trim().is_empty();
    let hidden = match &d.told {
        _ if empty(&d.asked_by) => return Err(NotDisclosed::NobodyAsked),
        _ if empty(&d.reference) => return Err(NotDisclosed::NoReference),
        _ if empty(&d.decided_by) => return Err(NotDisclosed::NobodyDecided),
        _ if empty(&d.went) => return Err(NotDisclosed::NothingWent),
        _ if d.on > today => return Err(NotDisclosed::Future),
        Told::NotNow { why, .. } if empty(why) => return Err(NotDisclosed::NoWhy),
        Told::NotNow { again, .. } if *again <= today || *again > latest => {
            return Err(NotDisclosed::Again { latest });
        }
        Told::NotNow { why, again } => Some((why.trim().to_owned(), HiddenReview { on: *again, holder })),
        Told::Yes => None,
    };
    let words = format!(
        "{} asked. {} ({}). Decided by {}. What was given: {}",
        d.asked_by.trim(),
        d.power.title(),
        d.reference.trim(),
        d.decided_by.trim(),
        d.went.trim()
    );
    Ok(Note {
        area: Area::Identity,
        sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        hidden: hidden.is_some(),
        hidden_reason: hidden.as_ref().map(|(why, _)| why.clone()),
        hidden_review: hidden.map(|(_, review)| review),
        third_party: false,
        allow_list: Vec::new(),
        marked: Vec::new(),
        kind: NoteKind::Disclosed,
        words,
        on: d.on,
        contact_with: None,
        amends: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use jiff::civil::date;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 24);

    fn holder() -> Holder {
        let id = |n| RecordId(Uuid::from_u128(n));
        Holder { organisation: id(1).into(), team: id(2).into(), lead: Some(id(3).into()) }
    }

    fn given() -> Disclosure {
        Disclosure {
            asked_by: "Officer Vale".into(),
            power: Power::Court,
            reference: "Order 7".into(),
            decided_by: "Grace Mensah".into(),
            went: "Whether he lives in the town".into(),
            on: TODAY,
            told: Told::Yes,
        }
    }

    #[test]
    fn everything_is_written_down_and_the_person_reads_it() {
        let note = written(&given(), holder(), TODAY).unwrap();
        for words in ["Officer Vale", "A court ordered it", "Order 7", "Grace Mensah", "lives in the town"] {
            assert!(note.words.contains(words), "{words}");
        }
        assert!(!note.hidden && note.kind == NoteKind::Disclosed);
        for (without, why) in [
            (Disclosure { asked_by: " ".into(), ..given() }, NotDisclosed::NobodyAsked),
            (Disclosure { reference: " ".into(), ..given() }, NotDisclosed::NoReference),
            (Disclosure { decided_by: " ".into(), ..given() }, NotDisclosed::NobodyDecided),
            (Disclosure { went: " ".into(), ..given() }, NotDisclosed::NothingWent),
            (Disclosure { on: plus_days(TODAY, 1), ..given() }, NotDisclosed::Future),
        ] {
            assert_eq!(written(&without, holder(), TODAY), Err(why));
        }
    }

    #[test]
    fn not_telling_them_has_a_reason_and_comes_back() {
        let not_now = |why: &str, days| Disclosure {
            told: Told::NotNow { why: why.into(), again: plus_days(TODAY, days) },
            ..given()
        };
        assert_eq!(written(&not_now(" ", 9), holder(), TODAY), Err(NotDisclosed::NoWhy));
        for days in [-1, 0, HIDDEN_DAYS + 1] {
            let refused = written(&not_now("He would hurt her", days), holder(), TODAY);
            assert!(matches!(refused, Err(NotDisclosed::Again { .. })));
        }
        let note = written(&not_now("He would hurt her", 9), holder(), TODAY).unwrap();
        assert!(note.hidden && note.hidden_reason.is_some());
        assert_eq!(note.hidden_review.map(|r| r.on), Some(plus_days(TODAY, 9)));
    }
}
