//! What every stored fact has in common.
//!
//! A record is a plain typed value. Beside it stands [`Meta`]: who wrote it, when, for
//! whom, under which organisation, and how sensitive it is. Storage keeps every version
//! and a journal entry for each; nothing is deleted, a mistake is *entered in error*.

use crate::area::{Area, Category, Sensitivity};
use crate::id::{OrganisationId, PersonId, RecordId, SupporterId, WorkerId};
use crate::time::{Day, Instant};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kinds of record. The stored form is the snake-case name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The place itself: one a database.
    Place,
    /// An organisation.
    Organisation,
    /// A team.
    Team,
    /// A worker, with memberships and absences.
    Worker,
    /// A person: names, contact, safe contact, who holds the plan.
    Person,
    /// A supporter, representative or advocate.
    Supporter,
    /// A worker's or team's relationship with a person.
    Involvement,
    /// A section of the plan: about me, one of the areas, staying well, safety.
    PlanSection,
    /// A need.
    Need,
    /// A goal.
    Goal,
    /// A step.
    Step,
    /// A referral.
    Referral,
    /// Tell and go along.
    Telling,
    /// The person's agreement to share.
    Consent,
    /// A note in the story: authored, never edited by others.
    Note,
    /// Someone coming in.
    ComingIn,
    /// "I am worried about someone".
    Worry,
    /// A hand-over of people.
    HandOver,
    /// Words to or from somebody, held until read.
    Message,
    /// A possible match between two people, quietly held.
    PossibleMatch,
    /// Emergency access that was opened.
    Glass,
    /// A question about looks at somebody's plan: asked, to be reviewed, or found.
    LookQuestion,
    /// Something put to the lived-experience panel.
    Proposal,
    /// Something the person asked for by right: a copy, a correction, a complaint.
    Right,
    /// The person's own answers about equality.
    Equality,
    /// A service in the directory.
    Service,
    /// A group in the directory.
    Group,
    /// A session of a group.
    Session,
    /// A question about an entry of the directory.
    ListingQuestion,
}

impl Kind {
    /// Every kind, once.
    pub const ALL: [Kind; 29] = [
        Kind::Place,
        Kind::Organisation,
        Kind::Team,
        Kind::Worker,
        Kind::Person,
        Kind::Supporter,
        Kind::Involvement,
        Kind::PlanSection,
        Kind::Need,
        Kind::Goal,
        Kind::Step,
        Kind::Referral,
        Kind::Telling,
        Kind::Consent,
        Kind::Note,
        Kind::ComingIn,
        Kind::Worry,
        Kind::HandOver,
        Kind::Message,
        Kind::PossibleMatch,
        Kind::Glass,
        Kind::LookQuestion,
        Kind::Proposal,
        Kind::Right,
        Kind::Equality,
        Kind::Service,
        Kind::Group,
        Kind::Session,
        Kind::ListingQuestion,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Place => "place",
            Kind::Organisation => "organisation",
            Kind::Team => "team",
            Kind::Worker => "worker",
            Kind::Person => "person",
            Kind::Supporter => "supporter",
            Kind::Involvement => "involvement",
            Kind::PlanSection => "plan_section",
            Kind::Need => "need",
            Kind::Goal => "goal",
            Kind::Step => "step",
            Kind::Referral => "referral",
            Kind::Telling => "telling",
            Kind::Consent => "consent",
            Kind::Note => "note",
            Kind::ComingIn => "coming_in",
            Kind::Worry => "worry",
            Kind::HandOver => "hand_over",
            Kind::Message => "message",
            Kind::PossibleMatch => "possible_match",
            Kind::Glass => "glass",
            Kind::LookQuestion => "look_question",
            Kind::Proposal => "proposal",
            Kind::Right => "right",
            Kind::Equality => "equality",
            Kind::Service => "service",
            Kind::Group => "group",
            Kind::Session => "session",
            Kind::ListingQuestion => "listing_question",
        }
    }

    /// The kind with this stored form.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.code() == code)
    }
}

/// Who wrote or asked for something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Author {
    /// A worker, acting for one organisation.
    Worker {
        /// The worker.
        worker: WorkerId,
        /// For which organisation they acted.
        organisation: OrganisationId,
    },
    /// The person the record is about.
    Person {
        /// The person.
        person: PersonId,
    },
    /// A supporter whom the person let in.
    Supporter {
        /// The supporter.
        supporter: SupporterId,
    },
    /// A receiver without an account, by a link sent to the organisation.
    LinkHolder {
        /// The organisation the link was sent to.
        organisation: OrganisationId,
    },
    /// Someone with no account: a person or carer asking for help.
    Public,
    /// A job of the program itself. Jobs only tell people.
    Job,
    /// `kith` on the command line of the machine: set-up and import.
    Operator,
}

/// What stands beside every value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Meta {
    /// The record's id.
    pub id: RecordId,
    /// 1 for the first version, and one more for each change.
    pub version: u32,
    /// When this version was written.
    pub at: Instant,
    /// When the first version was written.
    pub created: Instant,
    /// Who wrote this version.
    pub author: Author,
    /// Who wrote the first version.
    pub created_by: Author,
    /// For whom it was written down, when the author wrote another's words.
    pub recorded_for: Option<Author>,
    /// The person it is about; none for directory and partnership records.
    pub person: Option<PersonId>,
    /// The organisation whose part of the record this is.
    pub owner: OrganisationId,
    /// Taken back as a mistake. The journal keeps it; pages do not show it.
    pub entered_in_error: bool,
}

/// A value as it is stored now.
#[derive(Clone, PartialEq, Debug)]
pub struct Saved<T> {
    /// What stands beside it.
    pub meta: Meta,
    /// The value.
    pub value: T,
}

impl<T> Saved<T> {
    /// The id, as the typed id of this kind of record.
    pub fn id<I: From<RecordId>>(&self) -> I {
        self.meta.id.into()
    }
}

/// What the access rules need to know of a record besides its owner and author.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Label {
    /// The area of life it belongs to.
    pub area: Area,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
    /// For S3: what it is about.
    pub categories: Vec<Category>,
    /// Not shown in the person's own pages (clinical safety, with a reason elsewhere).
    pub hidden: bool,
    /// About somebody other than the person.
    pub third_party: bool,
    /// For S4: the only workers who may open it.
    pub allow_list: Vec<WorkerId>,
}

impl Label {
    /// An ordinary label: nothing hidden, nobody else, no category.
    pub fn of(area: Area, sensitivity: Sensitivity) -> Label {
        Label {
            area,
            sensitivity,
            categories: Vec::new(),
            hidden: false,
            third_party: false,
            allow_list: Vec::new(),
        }
    }
}

/// One entry of the reverse index: this record can be found from `target` in `role`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Link {
    /// In what role, for example `holder_lead` or `receiver_team`.
    pub role: &'static str,
    /// From what.
    pub target: Uuid,
}

impl Link {
    /// A link from an id of any type.
    pub fn to(role: &'static str, target: impl Into<RecordId>) -> Link {
        Link { role, target: target.into().0 }
    }
}

/// A typed value that can be stored. Index fields are computed from the value alone, so
/// that `kith verify` can prove that every index row is what the value says.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Which kind it is.
    const KIND: Kind;
    /// The number of the stored form; raised when old payloads need an upcaster.
    const SCHEMA: u32 = 1;

    /// Area, sensitivity and the rest of what access needs.
    fn label(&self) -> Label;
    /// A short word for the state, for lists. Empty when the kind has none.
    fn state(&self) -> &'static str {
        ""
    }
    /// Is somebody still expected to do something about it?
    fn open(&self) -> bool {
        false
    }
    /// The next day on which something is due, for worklists.
    fn due(&self) -> Option<Day> {
        None
    }
    /// The reverse index.
    fn links(&self) -> Vec<Link> {
        Vec::new()
    }
    /// A key for people-facing order (already folded to lower case). Empty: none.
    fn sort_key(&self) -> String {
        String::new()
    }
}
