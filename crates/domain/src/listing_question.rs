//! A question about an entry of the directory: somebody says that something is not right, two
//! entries may be one service, nobody has checked it for long, or a list says other than people
//! here do.
//!
//! Each is held by whoever keeps the directory, with a next date, and rises when it is late, like
//! anything else ([`crate::holding`]). Nothing is changed by a question: somebody settles it, and
//! says how. What was settled stays, so that nobody is asked twice whether two entries are one.

use crate::area::{Area, Sensitivity};
use crate::directory::one::Took;
use crate::id::{GroupId, ServiceId};
use crate::link;
use crate::next_date::{BadNextDate, NextDate, move_next_date};
use crate::record::{Author, Kind, Label, Link, Record};
use crate::settings::Settings;
use crate::text::fold;
use crate::time::{Day, Instant, plus_days};
use serde::{Deserialize, Serialize};

/// Days within which whoever keeps the directory looks at what somebody said.
pub const LOOK_DAYS: i32 = 7;
/// Days after which somebody is asked whether an entry is still right: before three months are over.
pub const REMIND_AFTER_DAYS: i32 = 80;
/// Days for which the link in such a reminder works.
pub const LINK_DAYS: i64 = 21;

/// An entry of the directory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "entry", content = "id")]
pub enum Listed {
    /// A service.
    Service(ServiceId),
    /// A group.
    Group(GroupId),
}

impl Listed {
    /// The path of its page.
    pub fn path(self) -> String {
        match self {
            Listed::Service(id) => format!("/services/{id}"),
            Listed::Group(id) => format!("/groups/{id}"),
        }
    }
}

/// What somebody says is not right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// They say that it is not there any more.
    Gone,
    /// Phone, e-mail or web address is wrong.
    Contact,
    /// The times are wrong.
    Times,
    /// The place is wrong.
    Place,
    /// It is for other people than it says.
    WhoFor,
    /// Something else.
    Other,
}

impl Doubt {
    /// Every doubt, once.
    pub const ALL: [Doubt; 6] =
        [Doubt::Gone, Doubt::Contact, Doubt::Times, Doubt::Place, Doubt::WhoFor, Doubt::Other];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Doubt::Gone => "gone",
            Doubt::Contact => "contact",
            Doubt::Times => "times",
            Doubt::Place => "place",
            Doubt::WhoFor => "who_for",
            Doubt::Other => "other",
        }
    }
    /// The words on pages.
    pub fn words(self) -> &'static str {
        match self {
            Doubt::Gone => "It is not there any more",
            Doubt::Contact => "The phone, email or website is wrong",
            Doubt::Times => "The times are wrong",
            Doubt::Place => "The place is wrong",
            Doubt::WhoFor => "It is for other people than it says",
            Doubt::Other => "Something else is wrong",
        }
    }
    /// The doubt with this stored form.
    pub fn from_code(code: &str) -> Option<Doubt> {
        Doubt::ALL.into_iter().find(|d| d.code() == code)
    }
}

/// One reason why two entries may be one, as it was seen then.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Weighed {
    /// The reason, in words.
    pub words: String,
    /// Its weight in tenths of a bit: plus speaks for one service, minus for two.
    pub tenths: i32,
}

/// Why it is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum ListingCause {
    /// Somebody says that something is not right.
    Said {
        /// What.
        what: Doubt,
    },
    /// Two entries may be one service.
    MayBeOne {
        /// The other one.
        other: ServiceId,
        /// Its name then.
        other_name: String,
        /// Why, the weightiest first.
        why: Vec<Weighed>,
    },
    /// Nobody has checked it for long. Its contact was sent a link.
    Unchecked {
        /// SHA-256 of the secret in the link, in hexadecimal digits.
        code: String,
        /// The link works until then.
        until: Instant,
    },
}

/// How a question was settled.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum ListingOutcome {
    /// It was put right.
    PutRight,
    /// It was right as it stood.
    WasRight,
    /// It has ended: the entry says so.
    Ended,
    /// They are one service.
    One {
        /// The entry that stands.
        stands: ServiceId,
        /// What it took over from the other.
        took: Took,
    },
    /// They are two services.
    Two,
    /// It is one service at two places: both entries stand.
    TwoPlaces,
    /// Whoever runs it went through it.
    Checked {
        /// What they put right, in words; empty: all of it was right.
        corrected: Vec<String>,
    },
}

impl ListingOutcome {
    /// The words on pages.
    pub fn words(&self) -> &'static str {
        match self {
            ListingOutcome::PutRight => "It was put right",
            ListingOutcome::WasRight => "It was right",
            ListingOutcome::Ended => "It has ended",
            ListingOutcome::One { .. } => "They are one service",
            ListingOutcome::Two => "They are two services",
            ListingOutcome::TwoPlaces => "One service at two places",
            ListingOutcome::Checked { corrected } if corrected.is_empty() => {
                "They say that all of it is right"
            }
            ListingOutcome::Checked { .. } => "They put it right",
        }
    }
}

/// How, by whom and when.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListingSettled {
    /// By whom.
    pub by: Author,
    /// When.
    pub at: Instant,
    /// How.
    #[serde(flatten)]
    pub outcome: ListingOutcome,
    /// In words; may be empty.
    pub words: String,
}

/// A decision that was taken back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListingUndone {
    /// By whom.
    pub by: Author,
    /// When.
    pub at: Instant,
    /// Why.
    pub words: String,
}

/// A question about an entry of the directory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ListingQuestion {
    /// Which entry.
    pub about: Listed,
    /// Its name when the question was asked.
    pub name: String,
    /// Why it is asked.
    #[serde(flatten)]
    pub cause: ListingCause,
    /// In words; may be empty.
    pub words: String,
    /// Who asks.
    pub raised_by: Author,
    /// Since when.
    pub raised_at: Instant,
    /// What happens next.
    pub next: NextDate,
    /// How it was settled.
    pub settled: Option<ListingSettled>,
    /// That two are one was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<ListingUndone>,
}

impl ListingQuestion {
    /// What somebody says about an entry.
    pub fn said(
        (about, name): (Listed, &str),
        (what, words): (Doubt, &str),
        by: Author,
        now: Instant,
        today: Day,
    ) -> ListingQuestion {
        ListingQuestion {
            about,
            name: name.to_owned(),
            cause: ListingCause::Said { what },
            words: words.to_owned(),
            raised_by: by,
            raised_at: now,
            next: NextDate::new("Look whether it is right", plus_days(today, LOOK_DAYS)),
            settled: None,
            undone: None,
        }
    }

    /// What whoever keeps the directory has to do about it, in one line.
    pub fn to_do(&self) -> String {
        match &self.cause {
            ListingCause::Said { what } => format!("{}: look at {}", what.words(), self.name),
            ListingCause::MayBeOne { other_name, .. } => {
                format!("May {} and {other_name} be one service?", self.name)
            }
            ListingCause::Unchecked { .. } => format!("Find out whether {} is still right", self.name),
        }
    }

    /// The same question with another day, and the reason.
    ///
    /// # Errors
    /// The day cannot be a next date, or no reason is given.
    pub fn moved(
        &self,
        on: Day,
        reason: &str,
        now: Instant,
        today: Day,
        settings: &Settings,
    ) -> Result<ListingQuestion, BadNextDate> {
        let next = move_next_date(&self.next, (&self.next.what, on), reason, None, now, today, settings)?;
        Ok(ListingQuestion { next, ..self.clone() })
    }

    /// The same question, settled.
    pub fn settled(&self, by: Author, outcome: ListingOutcome, words: &str, now: Instant) -> ListingQuestion {
        let settled = Some(ListingSettled { by, at: now, outcome, words: words.to_owned() });
        ListingQuestion { settled, ..self.clone() }
    }

    /// The two services of a decision that they are one, where it still holds: the one that stands
    /// and the one that leads there, and what moved along.
    pub fn one(&self) -> Option<(ServiceId, ServiceId, &Took)> {
        let (Listed::Service(a), ListingCause::MayBeOne { other, .. }) = (self.about, &self.cause) else {
            return None;
        };
        let settled = self.settled.as_ref().filter(|_| self.undone.is_none())?;
        let ListingOutcome::One { stands, took } = &settled.outcome else { return None };
        let gone = if *stands == a { *other } else { a };
        Some((*stands, gone, took))
    }

    /// Does it wait for whoever was sent a link, at this moment?
    pub fn waits_for_link(&self, now: Instant) -> bool {
        matches!(&self.cause, ListingCause::Unchecked { until, .. } if self.settled.is_none() && now < *until)
    }

    /// Does this link, by the hash of its secret, open this question now?
    pub fn opens(&self, hash: &str, now: Instant) -> bool {
        match &self.cause {
            ListingCause::Unchecked { code, .. } => self.waits_for_link(now) && code == hash,
            ListingCause::Said { .. } | ListingCause::MayBeOne { .. } => false,
        }
    }
}

/// Is it time to ask whether an entry is still right? Running ones that nobody checked for
/// [`REMIND_AFTER_DAYS`] days, or ever.
pub fn to_remind(running: bool, checked: Option<Day>, today: Day) -> bool {
    running && checked.is_none_or(|day| plus_days(day, REMIND_AFTER_DAYS) <= today)
}

impl Record for ListingQuestion {
    const KIND: Kind = Kind::ListingQuestion;

    fn label(&self) -> Label {
        Label::of(Area::Connection, Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        match (&self.settled, &self.undone) {
            (None, _) => "open",
            (Some(_), None) => "settled",
            (Some(_), Some(_)) => "undone",
        }
    }
    fn open(&self) -> bool {
        self.settled.is_none()
    }
    fn due(&self) -> Option<Day> {
        self.open().then_some(self.next.on)
    }
    fn links(&self) -> Vec<Link> {
        let mut links = vec![match self.about {
            Listed::Service(id) => Link::to(link::SERVICE, id),
            Listed::Group(id) => Link::to(link::GROUP, id),
        }];
        if let ListingCause::MayBeOne { other, .. } = &self.cause {
            links.push(Link::to(link::SERVICE, *other));
        }
        links
    }
    fn sort_key(&self) -> String {
        fold(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    fn question() -> ListingQuestion {
        let about = (Listed::Service(ServiceId(Uuid::from_u128(1))), "Green Hands");
        ListingQuestion::said(
            about,
            (Doubt::Gone, "The door is shut"),
            Author::Public,
            Instant(5),
            date(2026, 11, 24),
        )
    }

    #[test]
    fn a_question_is_stored_and_read_alike_and_open_until_somebody_settles_it() {
        let q = question();
        let text = serde_json::to_string(&q).unwrap();
        assert_eq!(serde_json::from_str::<ListingQuestion>(&text).unwrap(), q, "{text}");
        assert_eq!((q.open(), q.due()), (true, Some(date(2026, 12, 1))));
        assert!(q.to_do().contains("Green Hands"));
        let done = q.settled(Author::Public, ListingOutcome::Ended, "", Instant(6));
        assert!(!done.open() && done.due().is_none());
        let text = serde_json::to_string(&done).unwrap();
        assert_eq!(serde_json::from_str::<ListingQuestion>(&text).unwrap(), done, "{text}");
        for doubt in Doubt::ALL {
            assert_eq!(Doubt::from_code(doubt.code()), Some(doubt));
        }
    }

    #[test]
    fn a_link_opens_its_own_open_question_in_time_and_nothing_else() {
        let cause = ListingCause::Unchecked { code: "ab".into(), until: Instant(100) };
        let q = ListingQuestion { cause, ..question() };
        assert!(q.opens("ab", Instant(99)));
        assert!(!q.opens("ab", Instant(100)) && !q.opens("cd", Instant(1)) && !q.opens("", Instant(1)));
        let done = q.settled(Author::Public, ListingOutcome::WasRight, "", Instant(6));
        assert!(!done.opens("ab", Instant(7)), "it works once");
        assert!(!question().opens("", Instant(1)));
    }

    #[test]
    fn somebody_is_asked_before_three_months_are_over() {
        let today = date(2026, 11, 24);
        assert!(to_remind(true, None, today) && to_remind(true, Some(plus_days(today, -80)), today));
        assert!(!to_remind(true, Some(plus_days(today, -79)), today) && !to_remind(false, None, today));
    }

    #[test]
    fn that_two_are_one_holds_until_it_is_taken_back() {
        let (a, b) = (ServiceId(Uuid::from_u128(1)), ServiceId(Uuid::from_u128(2)));
        let cause = ListingCause::MayBeOne { other: b, other_name: "B".into(), why: Vec::new() };
        let q = ListingQuestion { cause, ..question() };
        assert!(q.one().is_none());
        let one = ListingOutcome::One { stands: b, took: Took::default() };
        let mut done = q.settled(Author::Public, one, "", Instant(6));
        assert_eq!(done.one().map(|(stands, gone, _)| (stands, gone)), Some((b, a)));
        done.undone = Some(ListingUndone { by: Author::Public, at: Instant(7), words: "No".into() });
        assert!(done.one().is_none());
    }
}
