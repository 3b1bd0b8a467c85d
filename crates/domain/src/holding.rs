//! Who holds an open thing, and by when something happens next (design, "The closed
//! loop").
//!
//! [`holding`] is computed from facts alone. Nothing has to run for a thing to come
//! back to the one who asked, to pass from an absent worker to their cover, or to rise
//! to a lead: the same facts at a later moment simply have another answer. Jobs only
//! tell people.
//!
//! What belongs to a thing itself is in [`due`]; who is there to hold it, in
//! [`resolve`]; how what is late rises, in [`rise`]; who may be given something, in
//! [`assign`]; what the place itself owes, in [`place`].

pub mod assign;
pub mod due;
pub mod facts;
pub mod place;
pub mod resolve;
mod rights;
pub mod rise;
mod worries;

pub use assign::{CannotHold, NetFalls, may_hold, net_stands};
pub use due::{About, HeldNext, asking_side};
pub use facts::{LooseFacts, PartnershipFacts, PersonFacts};
pub use place::{directory_keeper, holding_place};
pub use resolve::{Cover, Passed, Resolved};
pub use rise::{Level, Risen};

use crate::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use crate::record::Kind;
use crate::time::{Day, Instant};
use due::{Due, loose_dues, person_dues};

/// A record, whatever its kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RecordRef {
    /// What kind.
    pub kind: Kind,
    /// Which one.
    pub id: RecordId,
}

/// Who holds it now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeldBy {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The team inside it.
    pub team: TeamId,
    /// The named lead. None is a breach.
    pub lead: Option<WorkerId>,
    /// Who covers for the lead today.
    pub cover: Option<Cover>,
}

impl HeldBy {
    /// The worker who acts today: the cover, or else the lead.
    pub fn acts(&self) -> Option<WorkerId> {
        self.cover.map(|c| c.worker).or(self.lead)
    }
}

/// An open thing and who holds it.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// What is held.
    pub what: RecordRef,
    /// About whom, if about a person.
    pub person: Option<PersonId>,
    /// What about it.
    pub about: About,
    /// Who holds it.
    pub holder: HeldBy,
    /// Why it is not with the one named in the record, each step of the way.
    pub passed: Vec<Passed>,
    /// What happens next.
    pub next: HeldNext,
    /// Since when it has been so.
    pub since: Instant,
    /// How often its date was moved without contact.
    pub moves_without_contact: u8,
    /// Whether a navigator has to hold it.
    pub needs_navigator: bool,
    /// How far ahead its date can be at most.
    pub farthest_days: i32,
    /// To whom it has risen, if it is late.
    pub risen: Option<Risen>,
}

impl Held {
    /// Is its day (or its hour) over?
    pub fn overdue(&self, now: Instant, today: Day) -> bool {
        self.next.on < today || self.next.at.is_some_and(|at| at < now)
    }
    /// Is it this worker's today: as lead, as cover, or because it rose to them?
    pub fn is_with(&self, worker: WorkerId) -> bool {
        self.holder.acts() == Some(worker)
            || self.holder.lead == Some(worker)
            || self.risen.as_ref().is_some_and(|r| r.worker == Some(worker))
    }
}

/// Every open thing of one person, and who holds it at `now`.
pub fn holding(partnership: &PartnershipFacts, facts: &PersonFacts, now: Instant) -> Vec<Held> {
    let today = partnership.calendar.day(now);
    let dues = person_dues(partnership, facts, now, today);
    dues.into_iter().map(|due| held(partnership, due, now, today)).collect()
}

/// Every open thing that belongs to no person yet: people coming in, hand-overs,
/// worries about somebody Kith does not know.
pub fn holding_loose(partnership: &PartnershipFacts, facts: &LooseFacts, now: Instant) -> Vec<Held> {
    let today = partnership.calendar.day(now);
    let dues = loose_dues(partnership, facts, today);
    dues.into_iter().map(|due| held(partnership, due, now, today)).collect()
}

fn held(partnership: &PartnershipFacts, due: Due, now: Instant, today: Day) -> Held {
    let resolved = partnership.resolve(&due.holder, today, due.needs_navigator || due.with_plan);
    let holder = HeldBy {
        organisation: resolved.organisation,
        team: resolved.team,
        lead: resolved.lead,
        cover: resolved.cover,
    };
    let risen = rise::risen(partnership, &holder, &due, now, today);
    Held {
        what: due.what,
        person: due.person,
        about: due.about,
        holder,
        passed: resolved.passed,
        next: due.next,
        since: due.since,
        moves_without_contact: due.moves,
        needs_navigator: due.needs_navigator,
        farthest_days: due.farthest_days,
        risen,
    }
}
