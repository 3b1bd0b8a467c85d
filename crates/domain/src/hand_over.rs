//! Handing people over to a colleague. Until the colleague accepts, they stay where
//! they are; what is not accepted by the day rises to the team lead.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Sensitivity};
use crate::id::PersonId;
use crate::link;
use crate::organisation::Holder;
use crate::record::{Kind, Label, Link, Record};
use crate::time::{Day, Instant};

/// What the colleague said about one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// Not answered.
    NotYet,
    /// Yes.
    Accepted {
        /// When.
        at: Instant,
    },
    /// No, in words.
    Declined {
        /// When.
        at: Instant,
        /// Why.
        words: String,
    },
}

/// One person handed over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HandedPerson {
    /// Who.
    pub person: PersonId,
    /// What to know, in words.
    pub words: String,
    /// The person was told about the change.
    pub person_told: bool,
    /// What the colleague said.
    pub taken: Taken,
}

/// A hand-over of people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HandOver {
    /// From whom.
    pub from: Holder,
    /// To whom.
    pub to: Holder,
    /// Who.
    pub people: Vec<HandedPerson>,
    /// When it was offered.
    pub offered_at: Instant,
    /// The colleague answers by this day.
    pub accept_by: Day,
    /// Taken back by the one who offered.
    pub taken_back_at: Option<Instant>,
}

impl HandOver {
    /// People of whom the colleague has not said anything.
    pub fn waiting(&self) -> impl Iterator<Item = &HandedPerson> {
        self.people.iter().filter(|p| p.taken == Taken::NotYet)
    }
}

impl Record for HandOver {
    const KIND: Kind = Kind::HandOver;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S1)
    }
    fn state(&self) -> &'static str {
        match (self.taken_back_at, self.waiting().next()) {
            (Some(_), _) => "taken_back",
            (None, Some(_)) => "offered",
            (None, None) => "answered",
        }
    }
    fn open(&self) -> bool {
        self.taken_back_at.is_none() && self.waiting().next().is_some()
    }
    fn due(&self) -> Option<Day> {
        self.open().then_some(self.accept_by)
    }
    fn links(&self) -> Vec<Link> {
        let mut links = vec![
            Link::to(link::HOLDER_TEAM, self.to.team),
            Link::to(link::HOLDER_ORGANISATION, self.to.organisation),
        ];
        links.extend(self.from.lead.map(|w| Link::to(link::FROM_WORKER, w)));
        links.extend(self.to.lead.map(|w| Link::to(link::TO_WORKER, w)));
        links.extend(self.people.iter().map(|p| Link::to(link::PERSON, p.person)));
        links
    }
}
