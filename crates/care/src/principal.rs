//! Who asks, in one request: read from the session row, the partnership's facts and the
//! clock, never from what the request claims.

use crate::error::CareError;
use crate::partnership::Partnership;
use kith_access::{Actor, Purpose, Role, Standing};
use kith_domain::id::{OrganisationId, PersonId, ReferralId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Who a session belongs to, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Identity {
    /// A worker, acting for one organisation in one role.
    Worker {
        /// The worker.
        worker: WorkerId,
        /// For which organisation.
        organisation: OrganisationId,
        /// In which of their roles there.
        role: WorkRole,
    },
    /// The person.
    Person {
        /// The person.
        person: PersonId,
        /// Came in with a paper code and without the word they chose.
        paper_code: bool,
    },
    /// A receiver without an account.
    LinkHolder {
        /// The organisation the link was sent to.
        organisation: OrganisationId,
        /// The one referral it is for.
        referral: ReferralId,
        /// Their own name, once given together with the second code.
        name: Option<String>,
    },
    /// Anybody.
    Public,
    /// A job of the program.
    Job,
    /// `kith` on the command line.
    Operator,
}

/// Everything a use case knows of who asks.
#[derive(Clone)]
pub struct Principal {
    /// The identity of the session.
    pub identity: Identity,
    /// As the access rules see them.
    pub actor: Actor,
    /// What stands behind them.
    pub standing: Standing,
    /// Their own name, for the page's corner.
    pub name: String,
    /// The organisation's name, for the page's corner.
    pub organisation_name: Option<String>,
    /// The token that their forms carry. Empty for nobody.
    pub csrf: String,
    /// This request; shown as the reference when something breaks.
    pub request: Uuid,
    /// The moment of this request.
    pub now: Instant,
    /// The partnership as it is in this request.
    pub partnership: Arc<Partnership>,
}

impl Principal {
    /// Somebody as the access rules see them, with what stands behind them now.
    pub fn new(
        identity: Identity,
        aal: u8,
        authenticated: Instant,
        csrf: String,
        request: Uuid,
        now: Instant,
        partnership: Arc<Partnership>,
    ) -> Principal {
        let actor = actor_of(&identity, aal, authenticated, now, &partnership);
        let standing = partnership.standing(actor.organisation, now);
        let organisation_name = actor.organisation.and_then(|o| partnership.organisation_name(o));
        let name = match &identity {
            Identity::Worker { worker, .. } => partnership.worker_name(*worker),
            Identity::LinkHolder { name, .. } => name.clone().unwrap_or_default(),
            _ => String::new(),
        };
        Principal { identity, actor, standing, name, organisation_name, csrf, request, now, partnership }
    }

    /// The key under which this actor's drafts and submissions are kept.
    pub fn key(&self) -> String {
        match &self.identity {
            Identity::Worker { worker, .. } => format!("worker:{worker}"),
            Identity::Person { person, .. } => format!("person:{person}"),
            Identity::LinkHolder { referral, .. } => format!("link:{referral}"),
            Identity::Public => "public".into(),
            Identity::Job => "job".into(),
            Identity::Operator => "operator".into(),
        }
    }

    /// The worker who asks.
    ///
    /// # Errors
    /// It is not a worker.
    pub fn worker(&self) -> Result<(WorkerId, OrganisationId), CareError> {
        match self.identity {
            Identity::Worker { worker, organisation, .. } => Ok((worker, organisation)),
            _ => Err(CareError::SignIn),
        }
    }

    /// The person who asks.
    ///
    /// # Errors
    /// It is not a person.
    pub fn person(&self) -> Result<PersonId, CareError> {
        match self.identity {
            Identity::Person { person, .. } => Ok(person),
            _ => Err(CareError::SignIn),
        }
    }

    /// The purpose that this actor's role has for an action.
    pub fn purpose(&self, action: kith_access::Action) -> Purpose {
        self.actor.role.purpose_for(action)
    }
}

fn actor_of(
    identity: &Identity,
    aal: u8,
    authenticated: Instant,
    now: Instant,
    partnership: &Partnership,
) -> Actor {
    match identity {
        Identity::Worker { worker, organisation, role } => {
            let teams = partnership.teams_of(*worker, *organisation, now);
            let mut actor = Actor::worker(*worker, *organisation, access_role(*role), teams, authenticated);
            actor.aal = aal;
            actor.suspended = !partnership.may_act(*worker, *organisation, *role, now);
            actor
        }
        Identity::Person { person, paper_code } => {
            let mut actor = Actor::person(*person, aal, authenticated);
            actor.paper_code = *paper_code;
            actor
        }
        Identity::LinkHolder { organisation, referral, name } => {
            Actor::link_holder(*organisation, *referral, name.is_some(), authenticated)
        }
        Identity::Public => Actor::public(now),
        Identity::Job => Actor::job(now),
        Identity::Operator => Actor::operator(now),
    }
}

/// A working role as the access rules name it. A volunteer has the reach of a charity's
/// peer worker, the narrowest there is.
pub(crate) fn access_role(role: WorkRole) -> Role {
    match role {
        WorkRole::Navigator => Role::Navigator,
        WorkRole::Clinician => Role::Clinician,
        WorkRole::SocialWorker => Role::SocialWorker,
        WorkRole::CrisisWorker => Role::CrisisWorker,
        WorkRole::HousingOfficer => Role::HousingOfficer,
        WorkRole::DebtAdviser => Role::DebtAdviser,
        WorkRole::VcseWorker => Role::VcseWorker,
        WorkRole::PeerWorker | WorkRole::Volunteer => Role::PeerWorker,
        WorkRole::SportCoach => Role::SportCoach,
        WorkRole::ServiceLead => Role::ServiceLead,
        WorkRole::TeamLead => Role::TeamLead,
        WorkRole::SafeguardingLead => Role::SafeguardingLead,
        WorkRole::IgAuditor => Role::IgAuditor,
        WorkRole::Analyst => Role::Analyst,
        WorkRole::PartnershipManager => Role::PartnershipManager,
        WorkRole::OrgAdmin => Role::OrgAdmin,
        WorkRole::SystemAdmin => Role::SystemAdmin,
        WorkRole::RecordsOfficer => Role::RecordsOfficer,
    }
}
