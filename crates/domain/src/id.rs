//! Identifiers. Each kind of thing has its own type, so that a person's id cannot be
//! passed where a referral's is expected. Ids are UUID version 7; they are opaque, may
//! stand in a URL, and are never used as an order.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The id of any record, when the kind is known from elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

/// The text was not an id. Carries nothing of the text, which may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is not an id")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<$name> for RecordId {
            fn from(id: $name) -> RecordId { RecordId(id.0) }
        }
        impl From<RecordId> for $name {
            fn from(id: RecordId) -> $name { $name(id.0) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<$name, NotAnId> {
                Uuid::parse_str(text).map($name).map_err(|_| NotAnId)
            }
        }
    )+};
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({})", self.0)
    }
}
impl FromStr for RecordId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<RecordId, NotAnId> {
        Uuid::parse_str(text).map(RecordId).map_err(|_| NotAnId)
    }
}

ids! {
    /// Whose plan it is.
    PersonId,
    /// An organisation of the partnership, or one that people come from.
    OrganisationId,
    /// A team inside an organisation; it receives referrals and holds people.
    TeamId,
    /// Someone who works or volunteers for one or more organisations.
    WorkerId,
    /// A supporter, representative or advocate of one person.
    SupporterId,
    /// Something a person needs that services can meet.
    NeedId,
    /// Something the person wants, in their words.
    GoalId,
    /// A small thing somebody will do by a day.
    StepId,
    /// A request to a service for a need.
    ReferralId,
    /// Support without a referral: tell, and go along.
    TellingId,
    /// The person's agreement to share.
    ConsentId,
    /// Someone coming in: the request that starts it.
    ComingInId,
    /// "I am worried about someone".
    WorryId,
    /// People offered from one worker to another.
    HandOverId,
    /// Words to or from somebody, held until read.
    MessageId,
    /// A place where support can be found.
    ServiceId,
    /// A group that meets in sessions.
    GroupId,
    /// Something put to the lived-experience panel.
    ProposalId,
    /// A question about an entry of the directory.
    ListingQuestionId,
    /// One look: a request in which records were listed or opened.
    LookId,
}
