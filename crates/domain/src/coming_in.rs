//! Someone coming in: one page, no account. It asks only what is needed to make contact
//! safely, is held by the navigator team, and is answered by a day.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Sensitivity};
use crate::contact::SafeContact;
use crate::id::PersonId;
use crate::link;
use crate::organisation::Holder;
use crate::person::CameBy;
use crate::record::{Kind, Label, Link, Record};
use crate::text::fold;
use crate::time::{Day, Instant};

/// Does the person know that somebody asks for them?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKnows {
    /// They ask for themselves.
    Themselves,
    /// They know.
    Yes,
    /// They do not know.
    No,
    /// The sender is not sure.
    NotSure,
}

/// Who sends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sender {
    /// What sort of sender.
    pub by: CameBy,
    /// Their name, when they ask for somebody else.
    pub name: Option<String>,
    /// Where they work.
    pub organisation: Option<String>,
    /// Where the answer goes.
    pub contact: Option<String>,
    /// Does the person know?
    pub knows: PersonKnows,
    /// The person agreed that the sender is told what happened.
    pub may_be_told: bool,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// A navigator met them and made a person.
    BecamePerson {
        /// When.
        at: Instant,
        /// Who.
        person: PersonId,
    },
    /// Nothing more is wanted or possible, in words for the sender.
    Closed {
        /// When.
        at: Instant,
        /// The words.
        words: String,
    },
}

/// A request for contact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ComingIn {
    /// Who sends.
    pub sender: Sender,
    /// The name the person likes to be called.
    pub called: String,
    /// What helps to make contact safely.
    pub safe_contact: SafeContact,
    /// What would help, in words.
    pub words: String,
    /// When it arrived.
    pub arrived_at: Instant,
    /// The navigator team.
    pub holder: Holder,
    /// Answered by this day.
    pub reply_by: Day,
    /// The same for the same words from the same sender on the same day: sent twice, it
    /// makes one request. Computed by [`ComingIn::fingerprint_of`].
    pub fingerprint: String,
    /// When the sender was told that it arrived.
    pub sender_told_at: Option<Instant>,
    /// When the sender was told what happened.
    pub outcome_told_at: Option<Instant>,
    /// What came of it.
    pub answered: Option<Answered>,
    /// When it was settled that the sender is told nothing, because the person said no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_told_at: Option<Instant>,
}

impl ComingIn {
    /// Has it been answered, and is whoever asked still to be told? Somebody who asked for
    /// themselves and was taken up has been answered by that.
    pub fn sender_waits(&self) -> bool {
        let somebody = match &self.answered {
            None => false,
            Some(Answered::BecamePerson { .. }) => self.sender.by != CameBy::Themselves,
            Some(Answered::Closed { .. }) => true,
        };
        somebody && self.outcome_told_at.is_none() && self.not_told_at.is_none()
    }

    /// When it was answered.
    pub fn answered_at(&self) -> Option<Instant> {
        self.answered.as_ref().map(|a| match a {
            Answered::BecamePerson { at, .. } | Answered::Closed { at, .. } => *at,
        })
    }

    /// What makes two requests the same one: name, ways, words and sender, folded. The
    /// caller hashes it before it is stored or indexed, because it is personal.
    pub fn fingerprint_of(
        called: &str,
        ways: &[String],
        words: &str,
        sender: Option<&str>,
        on: Day,
    ) -> String {
        let ways: Vec<String> = ways.iter().map(|w| fold(w)).collect();
        [fold(called), ways.join("\u{1e}"), fold(words), fold(sender.unwrap_or("")), on.to_string()]
            .join("\u{1f}")
    }
}

impl Record for ComingIn {
    const KIND: Kind = Kind::ComingIn;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S2)
    }
    fn state(&self) -> &'static str {
        match self.answered {
            None => "new",
            Some(Answered::BecamePerson { .. }) => "became_person",
            Some(Answered::Closed { .. }) => "closed",
        }
    }
    fn open(&self) -> bool {
        self.answered.is_none() || self.sender_waits()
    }
    fn due(&self) -> Option<Day> {
        // Whoever asked is told by the working day after the answer: looked for from that day on.
        let answered = self.answered_at().map(|at| at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
        self.open().then(|| answered.unwrap_or(self.reply_by))
    }
    fn links(&self) -> Vec<Link> {
        let person = match self.answered {
            Some(Answered::BecamePerson { person, .. }) => Some(Link::to(link::PERSON, person)),
            _ => None,
        };
        self.holder.links().into_iter().chain(person).collect()
    }
    fn sort_key(&self) -> String {
        fold(&self.called)
    }
}
