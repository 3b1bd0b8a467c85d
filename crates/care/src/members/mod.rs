//! The members of the partnership: organisations, their agreements, their teams, and who has
//! which place there. For whoever keeps them; nothing here opens anything about a person.

pub mod keep;
pub mod passing;
pub mod review;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::{Action, Item, PersonWorld};
use kith_domain::holding::place::agreement_ends;
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::organisation::{Organisation, Team, WorkRole, Worker};
use kith_domain::record::Saved;
use kith_domain::reviewing;
use kith_domain::time::Day;

/// A member in the list.
#[derive(Clone, Debug)]
pub struct MemberLine {
    /// Which.
    pub id: OrganisationId,
    /// The organisation.
    pub organisation: Organisation,
    /// Its agreement ends within the notice, or has ended: on this day.
    pub ends: Option<Day>,
    /// What its agreement lacks before anything is shared.
    pub lacks: Vec<&'static str>,
    /// Workers with a place there today.
    pub workers: usize,
    /// Teams that are working.
    pub teams: usize,
    /// By when somebody looks at who has access.
    pub review: Option<Day>,
}

/// One member, with what can be chosen on its page.
#[derive(Clone, Debug)]
pub struct Member {
    /// The organisation as it is stored.
    pub saved: Saved<Organisation>,
    /// Its teams, by name; those that are closed too.
    pub teams: Vec<(TeamId, Team)>,
    /// Who works there today, by name.
    pub workers: Vec<(WorkerId, String)>,
    /// Teams of other organisations that could take over.
    pub successors: Vec<(TeamId, String)>,
    /// What its agreement lacks.
    pub lacks: Vec<&'static str>,
    /// May this administrator change the agreement and close it?
    pub keeps_agreement: bool,
}

/// One team, with what can be chosen on its page.
#[derive(Clone, Debug)]
pub struct TeamOf {
    /// The team as it is stored.
    pub saved: Saved<Team>,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub organisation_name: String,
    /// Who works in the organisation today, by name.
    pub workers: Vec<(WorkerId, String)>,
    /// Other teams there that could take over.
    pub others: Vec<(TeamId, String)>,
}

/// Who keeps agreements: the partnership's, not an organisation's own.
pub(crate) fn keeps_agreements(who: &Principal) -> bool {
    match who.identity {
        crate::principal::Identity::Worker { role, .. } => {
            matches!(role, WorkRole::PartnershipManager | WorkRole::SystemAdmin)
        }
        crate::principal::Identity::Operator => true,
        _ => false,
    }
}

/// Who works in an organisation on a day, by name.
pub(crate) fn workers_of(who: &Principal, id: OrganisationId, day: Day) -> Vec<(WorkerId, String)> {
    let here = |(id_, w): (&WorkerId, &Worker)| {
        (w.active(day) && w.works_for(id, day)).then(|| (*id_, w.name.clone()))
    };
    let mut found: Vec<_> = who.partnership.facts.workers.iter().filter_map(here).collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

impl Kith {
    /// The members that this administrator keeps, by name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn members(&self, who: &Principal) -> Result<Vec<MemberLine>, CareError> {
        let mut look = self.look(who).await?;
        let result = lines(&mut look).await;
        look.finish_with(result).await
    }

    /// One member.
    ///
    /// # Errors
    /// It is not this administrator's.
    pub async fn member(&self, who: &Principal, id: OrganisationId) -> Result<Member, CareError> {
        let mut look = self.look(who).await?;
        let result = member(&mut look, id).await;
        look.finish_with(result).await
    }

    /// One team.
    ///
    /// # Errors
    /// It is not this administrator's.
    pub async fn team_of(&self, who: &Principal, id: TeamId) -> Result<TeamOf, CareError> {
        let mut look = self.look(who).await?;
        let result = team_of(&mut look, id).await;
        look.finish_with(result).await
    }
}

async fn lines(look: &mut Looking<'_>) -> Result<Vec<MemberLine>, CareError> {
    let all = look.tx.list_common::<Organisation>().await?;
    let ask = look.batch.ask(Action::Administer);
    let mut found = Vec::new();
    for saved in all.into_iter().filter(|o| !o.value.listed_only()) {
        if look.batch.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask).is_ok() {
            found.push(line(look.who, saved.id(), saved.value));
        }
    }
    found.sort_by(|a, b| a.organisation.name.cmp(&b.organisation.name));
    Ok(found)
}

fn line(who: &Principal, id: OrganisationId, organisation: Organisation) -> MemberLine {
    let facts = &who.partnership.facts;
    let today = who.partnership.today(who.now);
    let reviews = [reviewing::Reviewer::Own, reviewing::Reviewer::Keeper];
    MemberLine {
        id,
        ends: agreement_ends(facts, &organisation, today),
        lacks: organisation.agreement.as_ref().map(|a| a.lacks()).unwrap_or_default(),
        workers: workers_of(who, id, today).len(),
        teams: facts.teams.values().filter(|t| t.organisation == id && t.active(today)).count(),
        review: reviews.into_iter().filter_map(|whose| reviewing::due(facts, id, whose, today)).min(),
        organisation,
    }
}

async fn member(look: &mut Looking<'_>, id: OrganisationId) -> Result<Member, CareError> {
    let saved = look.tx.find_common::<Organisation>(id).await?.ok_or(CareError::Missing)?;
    let ask = look.batch.ask(Action::Administer);
    look.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask).map_err(|_| CareError::Missing)?;
    let who = look.who;
    let facts = &who.partnership.facts;
    let today = who.partnership.today(who.now);
    let mut teams: Vec<_> =
        facts.teams.iter().filter(|(_, t)| t.organisation == id).map(|(id, t)| (*id, t.clone())).collect();
    teams.sort_by(|a, b| (!a.1.active(today), &a.1.name).cmp(&(!b.1.active(today), &b.1.name)));
    let mut successors = Vec::new();
    for (team, t) in facts.teams.iter().filter(|(_, t)| t.organisation != id && t.active(today)) {
        if let Some(o) =
            facts.organisations.get(&t.organisation).filter(|_| facts.works(t.organisation, today))
        {
            successors.push((*team, format!("{}, {}", o.name, t.name)));
        }
    }
    successors.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(Member {
        lacks: saved.value.agreement.as_ref().map(|a| a.lacks()).unwrap_or_default(),
        teams,
        workers: workers_of(who, id, today),
        successors,
        keeps_agreement: keeps_agreements(who),
        saved,
    })
}

async fn team_of(look: &mut Looking<'_>, id: TeamId) -> Result<TeamOf, CareError> {
    let saved = look.tx.find_common::<Team>(id).await?.ok_or(CareError::Missing)?;
    let ask = look.batch.ask(Action::Administer);
    look.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask).map_err(|_| CareError::Missing)?;
    let who = look.who;
    let organisation = saved.value.organisation;
    let today = who.partnership.today(who.now);
    let teams = who.partnership.facts.teams.iter();
    let others =
        teams.filter(|(other, t)| **other != id && t.organisation == organisation && t.active(today));
    Ok(TeamOf {
        organisation_name: who.partnership.organisation_name(organisation).unwrap_or_default(),
        workers: workers_of(who, organisation, today),
        others: others.map(|(id, t)| (*id, t.name.clone())).collect(),
        organisation,
        saved,
    })
}
