//! A group: people who meet. What somebody wants to know before going for the first
//! time is data here, not small print; and what is written down about those who come is
//! stated, head count only unless said otherwise.

use super::{
    AdjustmentCode, Capacity, Contact, Cost, Eligibility, InterestCode, Known, Language, Location, NeedCode,
    Rhythm, ServiceStatus, Source, sort_words,
};
use crate::area::{Area, Sensitivity};
use crate::id::{GroupId, OrganisationId, TeamId};
use crate::record::{Kind, Label, Link, Record};
use crate::time::Day;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// A group in the directory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The organisation that runs it or stands behind it.
    pub organisation: OrganisationId,
    /// The team to tell that somebody is coming; none when nobody needs telling.
    pub team: Option<TeamId>,
    /// Who runs it, in words: "people who have been there, with Joan".
    pub run_by: String,
    /// What happens there.
    pub description: String,
    /// Areas of life, the main one first.
    pub areas: Vec<Area>,
    /// Needs it meets.
    pub needs: Vec<NeedCode>,
    /// What people do there.
    pub interests: Vec<InterestCode>,
    /// Whether it is running.
    pub status: ServiceStatus,
    /// Where it meets.
    pub location: Location,
    /// When it meets.
    pub rhythm: Rhythm,
    /// What a first visit is like.
    pub welcome: Welcome,
    /// Who it is for, and who not; women or men only with the stated policy.
    pub eligibility: Eligibility,
    /// Whether there is space.
    pub capacity: Capacity,
    /// Adjustments it promises.
    pub adjustments: Vec<AdjustmentCode>,
    /// Adjustments it has said it cannot make.
    pub cannot_adjust: Vec<AdjustmentCode>,
    /// Languages spoken, besides English.
    pub languages: Vec<Language>,
    /// What it costs.
    pub cost: Cost,
    /// What is written down about those who come.
    pub written_down: WrittenDown,
    /// How to join.
    pub joining: GroupJoining,
    /// How to reach it.
    pub contact: Contact,
    /// Where this entry comes from.
    pub source: Source,
    /// The day somebody last checked that it is right.
    pub checked: Option<Day>,
}

/// What a first visit is like.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Welcome {
    /// Will someone meet you at the door?
    pub someone_to_meet_you: Known,
    /// Who that is, in words.
    pub who_meets_you: String,
    /// About how many people come.
    pub usual_size: Option<u16>,
    /// Is it quiet?
    pub quiet: Known,
    /// Can you get in without steps?
    pub step_free: Known,
    /// May you bring someone?
    pub bring_someone: Known,
    /// May you just watch, without talking?
    pub just_watch: Known,
    /// May you leave at any time?
    pub leave_any_time: Known,
    /// The rest, in words: where the door is, what happens first.
    pub text: String,
}

impl Welcome {
    /// Small enough that nobody is lost in it: up to 10 people.
    pub fn small(&self) -> Known {
        Known::from_option(self.usual_size.map(|n| n <= 10))
    }
}

/// What a group writes down about those who come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenDown {
    /// How many came, and nothing else.
    #[default]
    HeadCount,
    /// Nothing at all.
    Nothing,
    /// First names, for tea and the fire list.
    FirstNames,
    /// Names of those who agree.
    NamesIfAgreed,
}

impl WrittenDown {
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            WrittenDown::HeadCount => "how many people came, no names",
            WrittenDown::Nothing => "nothing",
            WrittenDown::FirstNames => "first names only",
            WrittenDown::NamesIfAgreed => "your name, only if you agree",
        }
    }
}

/// How to join a group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupJoining {
    /// Just come.
    #[default]
    JustCome,
    /// Tell them first.
    TellUsFirst,
}

impl GroupJoining {
    /// The words on a page.
    pub fn words(self) -> &'static str {
        match self {
            GroupJoining::JustCome => "just come",
            GroupJoining::TellUsFirst => "tell them before you come",
        }
    }
}

impl Group {
    /// A group with a name, an organisation, a place and a rhythm, and nothing else said.
    pub fn new(
        name: impl Into<String>,
        organisation: OrganisationId,
        location: Location,
        rhythm: Rhythm,
    ) -> Group {
        Group {
            name: name.into(),
            organisation,
            team: None,
            run_by: String::new(),
            description: String::new(),
            areas: vec![Area::Connection],
            needs: Vec::new(),
            interests: Vec::new(),
            status: ServiceStatus::Active,
            location,
            rhythm,
            welcome: Welcome::default(),
            eligibility: Eligibility::default(),
            capacity: Capacity::default(),
            adjustments: Vec::new(),
            cannot_adjust: Vec::new(),
            languages: Vec::new(),
            cost: Cost::default(),
            written_down: WrittenDown::default(),
            joining: GroupJoining::default(),
            contact: Contact::default(),
            source: Source::default(),
            checked: None,
        }
    }

    /// The area it is filed under.
    pub fn main_area(&self) -> Area {
        self.areas.first().copied().unwrap_or(Area::Connection)
    }
}

impl Record for Group {
    const KIND: Kind = Kind::Group;

    fn label(&self) -> Label {
        Label::of(self.main_area(), Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        self.status.code()
    }
    fn links(&self) -> Vec<Link> {
        let mut links = vec![Link::to("organisation", self.organisation)];
        links.extend(self.team.map(|team| Link::to("receiver_team", team)));
        links
    }
    fn sort_key(&self) -> String {
        sort_words(&self.name)
    }
}

/// What one day of a group is, where it is not simply as usual or where something about
/// it is written down.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Session {
    /// The group.
    pub group: GroupId,
    /// The area of life of the group, so that the session is filed with it.
    pub area: Area,
    /// The day.
    pub day: Day,
    /// What is different.
    pub change: SessionChange,
    /// How many people came. Never who.
    pub came: Option<u16>,
}

/// How a session differs from the rhythm.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum SessionChange {
    /// Not at all; only the head count is written down.
    AsUsual,
    /// It will not happen.
    Cancelled {
        /// Why, in words for those who come.
        why: String,
    },
    /// A special session: another time or place instead of the usual session of that
    /// day, or on a day that has none.
    Special {
        /// When it starts.
        starts: Time,
        /// How long it lasts, in minutes.
        minutes: u16,
        /// Where, when not at the usual place.
        location: Option<Location>,
        /// What is special: "trip to the allotment".
        note: String,
    },
}

impl Record for Session {
    const KIND: Kind = Kind::Session;

    fn label(&self) -> Label {
        Label::of(self.area, Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        match self.change {
            SessionChange::AsUsual => "as_usual",
            SessionChange::Cancelled { .. } => "cancelled",
            SessionChange::Special { .. } => "special",
        }
    }
    fn links(&self) -> Vec<Link> {
        vec![Link::to("group", self.group)]
    }
    fn sort_key(&self) -> String {
        self.day.to_string()
    }
}
