//! Who asks, in one request: read from the session row, the partnership's facts and the
//! clock, never from what the request claims.

use crate::error::CareError;
use crate::partnership::Partnership;
use crate::sign_in::session::Here;
use kith_access::{Actor, Purpose, Role, Standing};
use kith_domain::id::{OrganisationId, PersonId, ReferralId, SupporterId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::time::Instant;
use kith_store::look::Look;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
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
    /// A supporter whom the person let in, with an account of their own.
    Supporter {
        /// The supporter.
        supporter: SupporterId,
        /// Whom they stand beside.
        person: PersonId,
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

impl Identity {
    /// The key of whoever this is, whatever their role: what belongs to them is kept under it.
    pub fn key(&self) -> String {
        match self {
            Identity::Worker { worker, .. } => format!("worker:{worker}"),
            Identity::Person { person, .. } => format!("person:{person}"),
            Identity::Supporter { supporter, .. } => format!("supporter:{supporter}"),
            Identity::LinkHolder { referral, .. } => format!("link:{referral}"),
            Identity::Public => "public".into(),
            Identity::Job => "job".into(),
            Identity::Operator => "operator".into(),
        }
    }
}

/// What was refused in one request, to be logged before its answer leaves. A change that is
/// refused is rolled back as a whole; that it was tried is not.
#[derive(Clone, Default)]
pub struct Refusals(Arc<Mutex<Refused>>);

#[derive(Default)]
struct Refused {
    looks: Vec<Look>,
    alert: bool,
}

impl Refusals {
    fn with<T>(&self, f: impl FnOnce(&mut Refused) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
    pub(crate) fn note(&self, looks: Vec<Look>) {
        self.with(|r| r.looks.extend(looks));
    }
    /// Information governance is to be told (rule R05).
    pub(crate) fn alert(&self) {
        self.with(|r| r.alert = true);
    }
    /// The change was made after all: what it only asked about on its way is no refusal.
    pub(crate) fn forget(&self) {
        self.with(|r| r.looks.clear());
    }
    /// What there is to log, and whether somebody is to be told. Nothing is left.
    pub(crate) fn take(&self) -> (Vec<Look>, bool) {
        let taken = self.with(std::mem::take);
        (taken.looks, taken.alert)
    }
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
    /// The session it comes from; none for a job or the command line.
    pub session: Option<Here>,
    /// What was refused in this request.
    pub refusals: Refusals,
    /// The same, where the partnership has changed since the session was read.
    fresh: OnceLock<Box<Principal>>,
}

impl Principal {
    /// Who asks, as the partnership is in a snapshot or transaction: teams, suspension and
    /// what stands behind them are those of the facts that a decision is about to read.
    pub(crate) fn as_of(&self, partnership: &Arc<Partnership>) -> &Principal {
        if Arc::ptr_eq(&self.partnership, partnership) {
            return self;
        }
        self.fresh.get_or_init(|| Box::new(self.rebuilt(partnership.clone()))).as_of(partnership)
    }

    fn rebuilt(&self, partnership: Arc<Partnership>) -> Principal {
        let mut actor = self.actor.clone();
        if let Identity::Worker { worker, organisation, role } = self.identity {
            actor.teams = partnership.teams_of(worker, organisation, self.now);
            actor.suspended = !partnership.may_act(worker, organisation, role, self.now);
        }
        let standing = partnership.standing(actor.organisation, self.now);
        Principal { actor, standing, partnership, fresh: OnceLock::new(), ..self.clone() }
    }

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
        let refusals = Refusals::default();
        let fresh = OnceLock::new();
        Principal {
            identity,
            actor,
            standing,
            name,
            organisation_name,
            csrf,
            request,
            now,
            partnership,
            session: None,
            refusals,
            fresh,
        }
    }

    /// The key under which this actor's drafts and submissions are kept.
    pub fn key(&self) -> String {
        self.identity.key()
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

    /// The supporter who asks, and whom they stand beside.
    ///
    /// # Errors
    /// It is not a supporter.
    pub fn supporter(&self) -> Result<(SupporterId, PersonId), CareError> {
        match self.identity {
            Identity::Supporter { supporter, person } => Ok((supporter, person)),
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
        Identity::Supporter { supporter, .. } => Actor::supporter(*supporter, aal, authenticated),
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
        WorkRole::PanelMember => Role::PanelMember,
    }
}
