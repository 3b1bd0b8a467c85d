//! Who works here: the list that administrators see, invitations, and stopping somebody.
//!
//! An organisation's administrator keeps its own workers; the partnership's manager and
//! the administrator of the system keep all. Nothing here opens anything about a person.

pub mod back_in;
pub mod invite;
pub mod place;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::{Identity, Principal};
use crate::sign_in::join::KIND;
use kith_access::{Action, Draft, Item, PersonWorld};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::joining::may_give;
use kith_domain::organisation::{WorkRole, Worker};
use kith_domain::record::{Kind, Saved};
use kith_domain::time::{Day, Instant};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How somebody gets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayIn {
    /// With this sign-in name.
    SignsIn(String),
    /// Invited; until when the invitation works.
    Invited(Day),
    /// Not at all yet.
    NotYet,
    /// Stopped.
    Stopped,
    /// Their organisation answers by links.
    ByLinks,
}

/// One worker in one team.
#[derive(Clone, Debug)]
pub struct WorkerLine {
    /// The worker.
    pub worker: WorkerId,
    /// In which organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// Their name.
    pub name: String,
    /// Their team.
    pub team: String,
    /// Their role.
    pub role: WorkRole,
    /// Their e-mail address at work.
    pub email: Option<String>,
    /// How they get in.
    pub way_in: WayIn,
    /// An invitation is open, beside whatever they have.
    pub open_invitation: bool,
    /// It is the one who looks.
    pub oneself: bool,
    /// May this administrator give that role: invite again?
    pub may_invite: bool,
}

/// What can be chosen when somebody is invited.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Teams with the names of their organisations.
    pub teams: Vec<(TeamId, String)>,
    /// Roles.
    pub roles: Vec<WorkRole>,
}

impl Kith {
    /// The workers that this administrator keeps, by organisation and name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn workers(&self, who: &Principal) -> Result<Vec<WorkerLine>, CareError> {
        let mut look = self.look(who).await?;
        let result = lines(&mut look).await;
        look.finish_with(result).await
    }

    /// What this administrator can choose when inviting somebody.
    ///
    /// # Errors
    /// The access log could not be written.
    pub async fn invite_choices(&self, who: &Principal) -> Result<Choices, CareError> {
        let mut look = self.look(who).await?;
        let choices = choices(&mut look);
        look.finish_with(Ok(choices)).await
    }
}

/// The role in which an administrator acts.
fn giver(who: &Principal) -> Option<WorkRole> {
    match who.identity {
        Identity::Worker { role, .. } => Some(role),
        // Whoever runs the program begins the place, and helps when nobody can get in.
        Identity::Operator => Some(WorkRole::SystemAdmin),
        _ => None,
    }
}

fn choices(look: &mut Looking<'_>) -> Choices {
    let today = look.kith.calendar().day(look.who.now);
    let facts = &look.who.partnership.facts;
    let ask = look.batch.ask(Action::Administer);
    let mut teams = Vec::new();
    for (id, o) in facts.organisations.iter().filter(|(id, o)| facts.works(**id, today) && o.has_accounts) {
        let draft = Draft::new(Kind::Worker, *id, Area::Identity, Sensitivity::S0);
        if look.batch.permit_place_new(&draft, &ask).is_err() {
            continue;
        }
        let its = facts.teams.iter().filter(|(_, t)| t.organisation == *id && t.active(today));
        teams.extend(its.map(|(team, t)| (*team, format!("{}, {}", o.name, t.name))));
    }
    teams.sort_by(|a, b| a.1.cmp(&b.1));
    let role = giver(look.who);
    let may = |r: &&WorkRole| role.is_some_and(|giver| may_give(giver, **r));
    Choices { teams, roles: WorkRole::ALL.iter().filter(may).copied().collect() }
}

async fn lines(look: &mut Looking<'_>) -> Result<Vec<WorkerLine>, CareError> {
    let workers = look.tx.list_common::<Worker>().await?;
    let logins: BTreeMap<String, String> =
        look.tx.list_accounts().await?.into_iter().map(|a| (a.who, a.login)).collect();
    let open: BTreeMap<Uuid, Instant> = look
        .tx
        .list_open_codes(KIND, look.who.now)
        .await?
        .into_iter()
        .map(|c| (c.subject, Instant(c.expires)))
        .collect();
    let ask = look.batch.ask(Action::Administer);
    let mut found = Vec::new();
    for saved in workers {
        if look.batch.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask).is_ok() {
            found.extend(of_worker(look, &saved, &logins, &open));
        }
    }
    found.sort_by(|a: &WorkerLine, b| {
        let key = |l: &WorkerLine| (l.organisation_name.clone(), l.name.clone(), l.role);
        key(a).cmp(&key(b))
    });
    Ok(found)
}

/// A line for each place they have now.
fn of_worker(
    look: &Looking<'_>,
    saved: &Saved<Worker>,
    logins: &BTreeMap<String, String>,
    open: &BTreeMap<Uuid, Instant>,
) -> Vec<WorkerLine> {
    let (who, calendar) = (look.who, look.kith.calendar());
    let today = calendar.day(who.now);
    let w = &saved.value;
    if w.left.is_some_and(|day| day <= today) {
        return Vec::new();
    }
    let worker: WorkerId = saved.id();
    let role = giver(who);
    let here = w.memberships.iter().filter(|m| m.in_date(today));
    here.map(|m| {
        let organisation = who.partnership.organisation(m.organisation);
        let identity = Identity::Worker { worker, organisation: m.organisation, role: m.role };
        let login = serde_json::to_string(&identity).ok().and_then(|key| logins.get(&key).cloned());
        let invited = open.get(&worker.0).map(|at| calendar.day(*at));
        let way_in = match (w.suspended, login, invited) {
            (Some(_), _, _) => WayIn::Stopped,
            _ if organisation.is_some_and(|o| !o.has_accounts) => WayIn::ByLinks,
            (None, Some(login), _) => WayIn::SignsIn(login),
            (None, None, Some(until)) => WayIn::Invited(until),
            (None, None, None) => WayIn::NotYet,
        };
        WorkerLine {
            worker,
            organisation: m.organisation,
            organisation_name: organisation.map_or_else(String::new, |o| o.name.clone()),
            name: w.name.clone(),
            team: who.partnership.team_name(m.team),
            role: m.role,
            email: w.email.clone(),
            may_invite: !look.kith.is_made_up()
                && way_in != WayIn::ByLinks
                && w.suspended.is_none()
                && who.actor.worker_id() != Some(worker)
                && role.is_some_and(|giver| may_give(giver, m.role)),
            way_in,
            open_invitation: invited.is_some(),
            oneself: who.actor.worker_id() == Some(worker),
        }
    })
    .collect()
}
