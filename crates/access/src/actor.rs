//! Who asks, and what stands behind them: how they signed in, for whom they act, and
//! whether their organisation's agreement is in date.

use crate::limits::Limits;
use crate::role::Role;
use kith_domain::area::Area;
use kith_domain::id::{OrganisationId, PersonId, ReferralId, SupporterId, TeamId, WorkerId};
use kith_domain::record::Author;
use kith_domain::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Who {
    /// A worker, signed in.
    Worker(WorkerId),
    /// The person, signed in or with a paper code.
    Person(PersonId),
    /// A supporter or representative, signed in.
    Supporter(SupporterId),
    /// A receiver without an account. The link is for one referral.
    LinkHolder {
        /// The organisation the link was sent to.
        organisation: OrganisationId,
        /// The one referral it is for.
        referral: ReferralId,
        /// Have they said "we can probably help", given their own name, and entered the
        /// second code that was sent another way?
        named: bool,
    },
    /// A program of a partner with no user behind it.
    Client,
    /// Anybody.
    Public,
    /// A job of the program.
    Job,
    /// `kith` on the command line.
    Operator,
}

/// Somebody who asks, as their session says. Never built from what a request claims.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// For which organisation they act; none for a person, a supporter, anybody.
    pub organisation: Option<OrganisationId>,
    /// The teams of that organisation they belong to now.
    pub teams: Vec<TeamId>,
    /// In what role.
    pub role: Role,
    /// How sure we are of who they are: 1 one factor, 2 two factors, 0 not signed in.
    pub aal: u8,
    /// When they last proved it.
    pub signed_in_at: Instant,
    /// Do others use this phone or computer?
    pub shared_device: bool,
    /// Came in with a paper code and without the word they chose: next thing, my
    /// referrals, help now and stop; nothing else.
    pub paper_code: bool,
    /// Is their account stopped?
    pub suspended: bool,
}

impl Actor {
    /// A worker with two factors, signed in now, on no shared device.
    pub fn worker(
        worker: WorkerId,
        organisation: OrganisationId,
        role: Role,
        teams: Vec<TeamId>,
        signed_in_at: Instant,
    ) -> Actor {
        Actor {
            who: Who::Worker(worker),
            organisation: Some(organisation),
            teams,
            role,
            aal: 2,
            signed_in_at,
            shared_device: false,
            paper_code: false,
            suspended: false,
        }
    }

    /// A person, signed in at this level.
    pub fn person(person: PersonId, aal: u8, signed_in_at: Instant) -> Actor {
        Actor::alone(Who::Person(person), Role::Person, aal, signed_in_at)
    }

    /// A supporter, signed in at this level.
    pub fn supporter(supporter: SupporterId, aal: u8, signed_in_at: Instant) -> Actor {
        Actor::alone(Who::Supporter(supporter), Role::Proxy, aal, signed_in_at)
    }

    /// A receiver without an account.
    pub fn link_holder(
        organisation: OrganisationId,
        referral: ReferralId,
        named: bool,
        opened_at: Instant,
    ) -> Actor {
        let who = Who::LinkHolder { organisation, referral, named };
        Actor { organisation: Some(organisation), ..Actor::alone(who, Role::LinkHolder, 1, opened_at) }
    }

    /// Anybody, not signed in.
    pub fn public(now: Instant) -> Actor {
        Actor::alone(Who::Public, Role::Public, 0, now)
    }

    /// A job of the program.
    pub fn job(now: Instant) -> Actor {
        Actor::alone(Who::Job, Role::Job, 2, now)
    }

    /// `kith` on the command line of the machine.
    pub fn operator(now: Instant) -> Actor {
        Actor::alone(Who::Operator, Role::Operator, 2, now)
    }

    fn alone(who: Who, role: Role, aal: u8, signed_in_at: Instant) -> Actor {
        Actor {
            who,
            organisation: None,
            teams: Vec::new(),
            role,
            aal,
            signed_in_at,
            shared_device: false,
            paper_code: false,
            suspended: false,
        }
    }

    /// How this actor stands as the author of a record.
    pub fn author(&self) -> Author {
        match (self.who, self.organisation) {
            (Who::Worker(worker), Some(organisation)) => Author::Worker { worker, organisation },
            (Who::Person(person), _) => Author::Person { person },
            (Who::Supporter(supporter), _) => Author::Supporter { supporter },
            (Who::LinkHolder { organisation, .. }, _) => Author::LinkHolder { organisation },
            (Who::Job, _) => Author::Job,
            (Who::Operator, _) => Author::Operator,
            _ => Author::Public,
        }
    }

    /// The worker, when a worker asks.
    pub fn worker_id(&self) -> Option<WorkerId> {
        match self.who {
            Who::Worker(worker) => Some(worker),
            _ => None,
        }
    }
}

/// An organisation's data-sharing agreement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// The areas it covers.
    pub areas: BTreeSet<Area>,
    /// From when.
    pub from: Instant,
    /// Until when; from that moment on it no longer counts.
    pub until: Option<Instant>,
}

/// What stands behind an actor, read once a request in the same snapshot as everything
/// else, so that a lapsed agreement or a stopped organisation counts at once (T1).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// The agreement of the organisation they act for.
    pub agreement: Option<Agreement>,
    /// Is that organisation stopped?
    pub organisation_suspended: bool,
    /// Organisations that do not work here today: shut, suspended, or without an agreement
    /// in date. Whoever holds a plan holds what they had to do in it.
    pub out: BTreeSet<OrganisationId>,
    /// Teams that stopped, each with the team that has taken its things over today.
    pub passed_teams: BTreeMap<TeamId, TeamId>,
    /// Roles that the lived-experience panel has enabled by a recorded decision.
    pub panel: BTreeSet<Role>,
    /// The place's numbers.
    pub limits: Limits,
}
