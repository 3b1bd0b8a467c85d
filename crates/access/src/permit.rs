//! The proof that something was decided.
//!
//! Only [`crate::Batch`] makes permits, and their fields are private, so a
//! function that takes one cannot be called without a decision. A permit is for one
//! request: it is not cloned, not stored and not read back.

use crate::action::Action;
use crate::actor::{Actor, Who};
use crate::ask::Ask;
use crate::decide::{Basis, Decision, Obligation};
use crate::item::{Draft, Item};
use crate::role::{Purpose, Role};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::record::{Author, Kind, Label};
use kith_domain::time::Instant;

/// What was granted, to whom and why: what a look and a journal entry write down.
#[derive(PartialEq, Eq, Debug)]
pub struct Granted {
    who: Who,
    author: Author,
    organisation: Option<OrganisationId>,
    role: Role,
    person: Option<PersonId>,
    action: Action,
    purpose: Purpose,
    basis: Basis,
    at: Instant,
    obligations: Vec<Obligation>,
}

impl Granted {
    fn of(actor: &Actor, person: Option<PersonId>, ask: &Ask, decision: &Decision) -> Option<Granted> {
        let basis = decision.basis?;
        decision.allow.then(|| Granted {
            who: actor.who,
            author: actor.author(),
            organisation: actor.organisation,
            role: actor.role,
            person,
            action: ask.action,
            purpose: ask.purpose,
            basis,
            at: ask.now,
            obligations: decision.obligations.clone(),
        })
    }

    /// To whom.
    pub fn who(&self) -> Who {
        self.who
    }
    /// The same, as the author of a record.
    pub fn author(&self) -> Author {
        self.author
    }
    /// For which organisation they act.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.organisation
    }
    /// In what role.
    pub fn role(&self) -> Role {
        self.role
    }
    /// About which person; none for the directory, figures and settings.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }
    /// To do what.
    pub fn action(&self) -> Action {
        self.action
    }
    /// Why.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
    /// On what basis.
    pub fn basis(&self) -> Basis {
        self.basis
    }
    /// Decided for this moment.
    pub fn at(&self) -> Instant {
        self.at
    }
    /// What must be done because of it: who is told, who reviews.
    pub fn obligations(&self) -> &[Obligation] {
        &self.obligations
    }
}

/// Any permit. Storage takes this where it only needs to know that something was decided.
pub trait Proof: sealed::Sealed {
    /// What was granted.
    fn granted(&self) -> &Granted;
}

mod sealed {
    pub trait Sealed {}
}

/// A permit for one action on one item, in one version.
#[derive(PartialEq, Eq, Debug)]
pub struct Permit {
    granted: Granted,
    id: RecordId,
    version: u32,
    kind: Kind,
    owner: OrganisationId,
}

impl Permit {
    /// A permit, if the decision allows it. The only way to one.
    pub(crate) fn of(actor: &Actor, item: &Item, ask: &Ask, decision: &Decision) -> Option<Permit> {
        Some(Permit {
            granted: Granted::of(actor, item.person, ask, decision)?,
            id: item.id,
            version: item.version,
            kind: item.kind,
            owner: item.owner,
        })
    }

    /// Is it for this item, in this version?
    pub fn is_for(&self, item: &Item) -> bool {
        self.id == item.id
            && self.version == item.version
            && self.kind == item.kind
            && self.granted.person == item.person
    }
    /// Which record.
    pub fn id(&self) -> RecordId {
        self.id
    }
    /// Which version of it.
    pub fn version(&self) -> u32 {
        self.version
    }
    /// Of which kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }
    /// In whose part of the record.
    pub fn owner(&self) -> OrganisationId {
        self.owner
    }
}

/// A permit for one action on a person as a whole, or for making one new thing about them.
#[derive(PartialEq, Eq, Debug)]
pub struct PersonPermit {
    granted: Granted,
    person: PersonId,
    draft: Option<Draft>,
}

impl PersonPermit {
    /// A permit, if the decision allows it. The only way to one.
    pub(crate) fn of(
        actor: &Actor,
        person: PersonId,
        draft: Option<&Draft>,
        ask: &Ask,
        decision: &Decision,
    ) -> Option<PersonPermit> {
        let granted = Granted::of(actor, Some(person), ask, decision)?;
        Some(PersonPermit { granted, person, draft: draft.cloned() })
    }

    /// The person.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// May this new record be written with it? A permit for something new covers that kind,
    /// in that part, with that label; a permit for the person as a whole covers what its
    /// action writes and says nothing about labels.
    pub fn covers(&self, kind: Kind, owner: OrganisationId, label: &Label) -> bool {
        match &self.draft {
            Some(draft) => draft.kind == kind && draft.owner == owner && draft.label == *label,
            None => self.granted.action != Action::Create,
        }
    }
}

/// A permit for something that is about nobody: directory, figures, settings, somebody new.
#[derive(PartialEq, Eq, Debug)]
pub struct PlacePermit {
    granted: Granted,
    draft: Option<Draft>,
}

impl PlacePermit {
    /// A permit, if the decision allows it. The only way to one.
    pub(crate) fn of(
        actor: &Actor,
        draft: Option<&Draft>,
        ask: &Ask,
        decision: &Decision,
    ) -> Option<PlacePermit> {
        Some(PlacePermit { granted: Granted::of(actor, None, ask, decision)?, draft: draft.cloned() })
    }

    /// Is it for making this new record of the directory or the partnership?
    pub fn covers(&self, kind: Kind, owner: OrganisationId) -> bool {
        self.draft.as_ref().is_some_and(|draft| draft.kind == kind && draft.owner == owner)
    }
}

impl sealed::Sealed for Permit {}
impl sealed::Sealed for PersonPermit {}
impl sealed::Sealed for PlacePermit {}

impl Proof for Permit {
    fn granted(&self) -> &Granted {
        &self.granted
    }
}
impl Proof for PersonPermit {
    fn granted(&self) -> &Granted {
        &self.granted
    }
}
impl Proof for PlacePermit {
    fn granted(&self) -> &Granted {
        &self.granted
    }
}
