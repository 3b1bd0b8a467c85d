//! Which kinds come out of the store plain, and which only sealed.
//!
//! *Common* kinds are about the place: organisations, teams, workers, services, groups.
//! They never belong to a person and are read plain. *Personal* kinds hold something about
//! somebody and come out as [`Guarded`](crate::Guarded) values, which only a permit opens.
//!
//! Three personal kinds may stand without a person's id: a request that came in before
//! anybody met the person, a worry about somebody whom Kith does not know, and a
//! hand-over, which is about several people at once. They are sealed like the others, and
//! the workers and teams that they are addressed to stand in the seal, because no
//! relationship with a person can be asked for. A caller that can mint a person's id for
//! them does better: the looks and the chain are then that person's from the start.

use crate::error::StoreError;
use crate::write::{Index, canonical, index_of};
use kith_access::Party;
use kith_domain::coming_in::ComingIn;
use kith_domain::consent::Consent;
use kith_domain::directory::{Group, Service, Session};
use kith_domain::equality::Equality;
use kith_domain::glass::Glass;
use kith_domain::hand_over::HandOver;
use kith_domain::id::{PersonId, TeamId, WorkerId};
use kith_domain::link;
use kith_domain::listing_question::ListingQuestion;
use kith_domain::look_question::LookQuestion;
use kith_domain::message::Message;
use kith_domain::need::Need;
use kith_domain::organisation::{Organisation, Place, Team, Worker};
use kith_domain::panel::Proposal;
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Note, PlanSection, Step, Telling};
use kith_domain::record::{Kind, Record};
use kith_domain::referral::Referral;
use kith_domain::right::Right;
use kith_domain::supporter::{Involvement, PossibleMatch, Supporter};
use kith_domain::worry::Worry;
use serde::de::DeserializeOwned;

/// A kind that holds something about somebody: read sealed.
pub trait Personal: Record {}

/// A kind about the place and never about a person: read plain.
pub trait Common: Record {}

macro_rules! kinds {
    (common: $($common:ident),+; personal: $($personal:ident),+ $(,)?) => {
        $(impl Common for $common {})+
        $(impl Personal for $personal {})+

        /// Is this kind about the place and never about a person?
        pub fn is_common(kind: Kind) -> bool {
            match kind {
                $(Kind::$common => true,)+
                $(Kind::$personal => false,)+
            }
        }

        /// The index columns and links that a stored value must have, whatever its kind
        /// and whichever schema it was written under.
        ///
        /// # Errors
        /// The value cannot be read as its kind.
        pub(crate) fn index_from_body(
            kind: Kind,
            schema: i64,
            body: &str,
            entered_in_error: bool,
        ) -> Result<Index, StoreError> {
            Ok(match kind {
                $(Kind::$common => index_of(&read::<$common>(schema, body)?, entered_in_error),)+
                $(Kind::$personal => index_of(&read::<$personal>(schema, body)?, entered_in_error),)+
            })
        }

        /// A stored value, read as its kind and written again under the newest schema.
        ///
        /// # Errors
        /// The value cannot be read as its kind.
        pub fn restate(kind: Kind, schema: u32, body: &str) -> Result<String, StoreError> {
            let schema = i64::from(schema);
            match kind {
                $(Kind::$common => canonical(&read::<$common>(schema, body)?),)+
                $(Kind::$personal => canonical(&read::<$personal>(schema, body)?),)+
            }
        }

        /// The newest schema number of each kind: the golden files must hold every one.
        pub fn newest_schema(kind: Kind) -> u32 {
            match kind {
                $(Kind::$common => $common::SCHEMA,)+
                $(Kind::$personal => $personal::SCHEMA,)+
            }
        }
    };
}

kinds! {
    common: Place, Organisation, Team, Worker, Proposal, Service, Group, Session, ListingQuestion;
    personal: Person, Supporter, Involvement, PlanSection, Need, Goal, Step, Referral, Telling, Consent, Note,
        ComingIn, Worry, HandOver, Message, PossibleMatch, Glass, LookQuestion, Right,
        Equality,
}

/// May a record of this kind stand without a person?
fn may_stand_alone(kind: Kind) -> bool {
    is_common(kind) || matches!(kind, Kind::ComingIn | Kind::Worry | Kind::HandOver | Kind::LookQuestion)
}

/// A record about the place has no person; one about somebody has.
///
/// # Errors
/// It is the other way round.
pub(crate) fn check_person(kind: Kind, person: Option<PersonId>) -> Result<(), StoreError> {
    match person {
        Some(_) if is_common(kind) => {
            Err(StoreError::Refused(format!("a {} never belongs to a person", kind.code())))
        }
        None if !may_stand_alone(kind) => {
            Err(StoreError::Refused(format!("a {} belongs to a person", kind.code())))
        }
        _ => Ok(()),
    }
}

/// The workers and teams that a record is addressed to, from its links: who answers a
/// hand-over, who holds a request that came in, who holds or checks a worry, who reads a
/// message, who is asked to do a step.
pub(crate) fn addressed<T: Record>(value: &T) -> Vec<Party> {
    if is_common(T::KIND)
        || !(may_stand_alone(T::KIND)
            || matches!(T::KIND, Kind::Message | Kind::Step | Kind::Right | Kind::PossibleMatch))
    {
        return Vec::new();
    }
    // A step is addressed to whoever is asked to do it. Holding one is another matter.
    let asks = T::KIND == Kind::Step;
    let party = |l: kith_domain::record::Link| match l.role {
        link::HOLDER_LEAD | link::HOLDER_TEAM if asks => None,
        // A question about looks, what is asked by right and who somebody is: its named holder's, never a whole team's.
        link::HOLDER_TEAM | link::OWNER_TEAM
            if matches!(T::KIND, Kind::LookQuestion | Kind::Right | Kind::PossibleMatch) =>
        {
            None
        }
        link::HOLDER_LEAD | link::TO_WORKER | link::FROM_WORKER | link::OWNER_WORKER => {
            Some(Party::Worker(WorkerId(l.target)))
        }
        link::HOLDER_TEAM | link::OWNER_TEAM => Some(Party::Team(TeamId(l.target))),
        _ => None,
    };
    value.links().into_iter().filter_map(party).collect()
}

/// Reads a stored value, whichever schema it was written under. Stored text is never
/// rewritten: what changed since is put right here, purely, each time.
///
/// # Errors
/// The text is not a value of this kind, or its schema is newer than this program.
pub(crate) fn read<T: Record>(schema: i64, body: &str) -> Result<T, StoreError> {
    if schema == i64::from(T::SCHEMA) {
        return parse(T::KIND, body);
    }
    if !(1..i64::from(T::SCHEMA)).contains(&schema) {
        return Err(StoreError::Damaged(format!(
            "a {} was written under schema {schema}; this program knows 1 to {}",
            T::KIND.code(),
            T::SCHEMA
        )));
    }
    let mut value: serde_json::Value = parse(T::KIND, body)?;
    for from in schema..i64::from(T::SCHEMA) {
        value = raise(T::KIND, from, value)?;
    }
    serde_json::from_value(value).map_err(|cause| StoreError::Unreadable { kind: T::KIND.code(), cause })
}

/// One step of raising an old value: from schema `from` to the next. A kind that raises
/// its schema number adds its step here, and a golden file of the old form in
/// `tests/golden`, where a test reads it.
fn raise(kind: Kind, from: i64, _value: serde_json::Value) -> Result<serde_json::Value, StoreError> {
    Err(StoreError::Damaged(format!("nothing raises a {} from schema {from}", kind.code())))
}

pub(crate) fn parse<T: DeserializeOwned>(kind: Kind, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|cause| StoreError::Unreadable { kind: kind.code(), cause })
}
