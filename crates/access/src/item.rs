//! What is asked about: one stored item, something about to be made, a person as a
//! whole, or nobody at all.

use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::record::{Author, Kind, Label, Meta, Record, Saved};
use kith_domain::time::Instant;

/// A worker or a team of an organisation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Party {
    /// One worker.
    Worker(WorkerId),
    /// Everybody in a team.
    Team(TeamId),
}

/// What the rules need to know of one stored item; nothing of what is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The person it is about; none for directory and partnership records.
    pub person: Option<PersonId>,
    /// Which record.
    pub id: RecordId,
    /// Which version of it.
    pub version: u32,
    /// Its kind.
    pub kind: Kind,
    /// The organisation whose part of the record it is.
    pub owner: OrganisationId,
    /// Area, sensitivity and the rest.
    pub label: Label,
    /// Who wrote the first version.
    pub created_by: Author,
    /// When the first version was written.
    pub created: Instant,
    /// Workers and teams it is addressed to: a hand-over, a request that came in before
    /// there was a person. Empty for most kinds.
    pub addressed: Vec<Party>,
}

impl Item {
    /// The item of a record as it is stored.
    pub fn of(kind: Kind, meta: &Meta, label: Label) -> Item {
        Item {
            person: meta.person,
            id: meta.id,
            version: meta.version,
            kind,
            owner: meta.owner,
            label,
            created_by: meta.created_by,
            created: meta.created,
            addressed: Vec::new(),
        }
    }

    /// The item of a typed value.
    pub fn of_saved<T: Record>(saved: &Saved<T>) -> Item {
        Item::of(T::KIND, &saved.meta, saved.value.label())
    }

    /// One line of a referral's packet, so that each line is decided by its own area and
    /// sensitivity and not by the referral's.
    pub fn of_line(referral: &Item, id: RecordId, version: u32, kind: Kind, label: Label) -> Item {
        Item { id, version, kind, label, addressed: Vec::new(), ..referral.clone() }
    }

    /// The same, addressed to these.
    pub fn addressed_to(mut self, parties: impl IntoIterator<Item = Party>) -> Item {
        self.addressed.extend(parties);
        self
    }

    /// Anyone with a current relationship may make a new version of it, if they may
    /// contribute in its area. Notes are not living: they are their author's.
    pub fn is_living(&self) -> bool {
        is_living(self.kind)
    }
}

/// Living kinds (design, Access): the plan and the work around it. Agreements are changed
/// only through consent actions, notes only by their author.
pub fn is_living(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Note
            | Kind::Consent
            | Kind::PossibleMatch
            | Kind::Glass
            | Kind::LookQuestion
            | Kind::Right
            | Kind::Equality
    ) && !is_place(kind)
}

/// Kinds that are about the place and never about a person.
pub fn is_place(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Place
            | Kind::Organisation
            | Kind::Team
            | Kind::Worker
            | Kind::Proposal
            | Kind::Service
            | Kind::Group
            | Kind::Session
            | Kind::ListingQuestion
    )
}

/// Something about to be made, so that the permit says what it covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// The kind it will be.
    pub kind: Kind,
    /// The organisation whose part it will be in.
    pub owner: OrganisationId,
    /// Its label.
    pub label: Label,
}

impl Draft {
    /// Something of this kind, with an ordinary label, in this organisation's part.
    pub fn new(kind: Kind, owner: OrganisationId, area: Area, sensitivity: Sensitivity) -> Draft {
        Draft { kind, owner, label: Label::of(area, sensitivity) }
    }

    /// The draft of a typed value.
    pub fn of<T: Record>(value: &T, owner: OrganisationId) -> Draft {
        Draft { kind: T::KIND, owner, label: value.label() }
    }
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// One stored item.
    Item(&'a Item),
    /// Something about to be made about a person.
    New(&'a Draft),
    /// A person as a whole.
    Person,
    /// Nobody: the directory, figures, settings, adding somebody new.
    Nobody,
}
