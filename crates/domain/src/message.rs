//! Words to or from somebody, held until they are read. Every box a person can write in
//! says who will read it and by when; nothing scans or scores what they write.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Sensitivity};
use crate::id::{OrganisationId, RecordId, TeamId};
use crate::link;
use crate::organisation::Holder;
use crate::record::{Author, Kind, Label, Link, Record};
use crate::removal::OutAsked;
use crate::time::{Day, Instant};

/// What a message is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The person's own words.
    OwnWords,
    /// Something happened that somebody is told of.
    Notice,
    /// An answer to the person or to a sender.
    Answer,
}

/// Who it is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageTo {
    /// A reader among the workers: it is held until read.
    Reader {
        /// Who reads it.
        holder: Holder,
        /// Read by this day.
        read_by: Day,
    },
    /// The person; shown in their pages.
    Person,
    /// A team's list of news; nobody is chased.
    Team {
        /// Of which organisation.
        organisation: OrganisationId,
        /// Which team.
        team: TeamId,
    },
}

/// A message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
    /// What it is.
    pub kind: MessageKind,
    /// From whom.
    pub from: Author,
    /// For whom.
    pub to: MessageTo,
    /// The words.
    pub words: String,
    /// In which area of life.
    pub area: Area,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// What it is about.
    pub about: Option<RecordId>,
    /// When it was written.
    pub written_at: Instant,
    /// When it was read.
    pub read_at: Option<Instant>,
    /// Not for the person's own pages, nor for a supporter's: what a carer told in
    /// confidence, or what is looked at again quietly.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
    /// This is closed by looking at something again, not by reading.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub review: bool,
    /// This asks a second person whether words are taken out of what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_out: Option<OutAsked>,
}

impl Record for Message {
    const KIND: Kind = Kind::Message;
    fn label(&self) -> Label {
        Label { hidden: self.quiet, ..Label::of(self.area, self.sensitivity) }
    }
    fn state(&self) -> &'static str {
        if self.read_at.is_some() { "read" } else { "unread" }
    }
    fn open(&self) -> bool {
        self.read_at.is_none() && matches!(self.to, MessageTo::Reader { .. })
    }
    fn due(&self) -> Option<Day> {
        match self.to {
            MessageTo::Reader { read_by, .. } if self.read_at.is_none() => Some(read_by),
            _ => None,
        }
    }
    fn links(&self) -> Vec<Link> {
        let mut links = match self.to {
            MessageTo::Reader { holder, .. } => holder.links(),
            MessageTo::Person => Vec::new(),
            MessageTo::Team { organisation, team } => {
                vec![Link::to(link::ORGANISATION, organisation), Link::to(link::TEAM, team)]
            }
        };
        links.extend(self.about.map(|r| Link::to(link::ABOUT, r)));
        links
    }
}
