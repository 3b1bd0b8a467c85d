//! The place, its organisations, teams and workers, as they are in one snapshot.

use crate::error::CareError;
use kith_access::{Agreement, PersonWorld, Span, Standing};
use kith_domain::holding::PartnershipFacts;
use kith_domain::id::{OrganisationId, RecordId, TeamId, WorkerId};
use kith_domain::organisation::{Organisation, OrganisationStatus, Place, Team, WorkRole, Worker};
use kith_domain::record::{Meta, Saved};
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Day, Instant, plus_days};
use kith_store::Tx;
use std::collections::BTreeMap;

/// Who there is. Nothing here is about a person with a plan.
pub struct Partnership {
    /// The place as it is stored.
    pub place: Saved<Place>,
    /// Place, organisations, teams, workers and calendar, as the rules take them.
    pub facts: PartnershipFacts,
    /// The versions of the stored records, for whoever changes one.
    pub metas: BTreeMap<RecordId, Meta>,
}

impl Partnership {
    pub(crate) async fn load(
        tx: &mut Tx,
        place: Saved<Place>,
        calendar: &Calendar,
    ) -> Result<Partnership, CareError> {
        let organisations = tx.list_common::<Organisation>().await?;
        let teams = tx.list_common::<Team>().await?;
        let workers = tx.list_common::<Worker>().await?;
        let mut metas = BTreeMap::from([(place.meta.id, place.meta.clone())]);
        metas.extend(organisations.iter().map(|o| (o.meta.id, o.meta.clone())));
        metas.extend(teams.iter().map(|t| (t.meta.id, t.meta.clone())));
        metas.extend(workers.iter().map(|w| (w.meta.id, w.meta.clone())));
        let facts = PartnershipFacts {
            place: place.value.clone(),
            organisations: organisations.into_iter().map(|o| (o.id(), o.value)).collect(),
            teams: teams.into_iter().map(|t| (t.id(), t.value)).collect(),
            workers: workers.into_iter().map(|w| (w.id(), w.value)).collect(),
            calendar: calendar.clone(),
        };
        Ok(Partnership { place, facts, metas })
    }

    /// The numbers of the place.
    pub fn settings(&self) -> &Settings {
        self.facts.settings()
    }

    /// The day it is here.
    pub fn today(&self, now: Instant) -> Day {
        self.facts.calendar.day(now)
    }

    /// An organisation.
    pub fn organisation(&self, id: OrganisationId) -> Option<&Organisation> {
        self.facts.organisations.get(&id)
    }

    /// A team.
    pub fn team(&self, id: TeamId) -> Option<&Team> {
        self.facts.teams.get(&id)
    }

    /// A worker.
    pub fn worker(&self, id: WorkerId) -> Option<&Worker> {
        self.facts.workers.get(&id)
    }

    /// An organisation's name.
    pub fn organisation_name(&self, id: OrganisationId) -> Option<String> {
        self.organisation(id).map(|o| o.name.clone())
    }

    /// A team's name, or "a team" for one that is unknown here.
    pub fn team_name(&self, id: TeamId) -> String {
        self.team(id).map_or_else(|| "a team".into(), |t| t.name.clone())
    }

    /// A worker's name, or "a worker" for one that is unknown here.
    pub fn worker_name(&self, id: WorkerId) -> String {
        self.worker(id).map_or_else(|| "a worker".into(), |w| w.name.clone())
    }

    /// The teams of one organisation that a worker is in now.
    pub fn teams_of(&self, worker: WorkerId, organisation: OrganisationId, now: Instant) -> Vec<TeamId> {
        let day = self.today(now);
        let Some(w) = self.worker(worker) else { return Vec::new() };
        let here = w.memberships.iter().filter(|m| m.organisation == organisation && m.in_date(day));
        let mut teams: Vec<TeamId> = here.map(|m| m.team).collect();
        teams.sort_unstable();
        teams.dedup();
        teams
    }

    /// May this worker act for this organisation in this role now?
    pub fn may_act(
        &self,
        worker: WorkerId,
        organisation: OrganisationId,
        role: WorkRole,
        now: Instant,
    ) -> bool {
        let day = self.today(now);
        self.worker(worker).is_some_and(|w| w.active(day) && w.roles(organisation, day).contains(&role))
    }

    /// The team of this worker that holds plans, if they are in one.
    pub fn navigating_team(&self, who: &crate::Principal, day: Day) -> Option<TeamId> {
        let holds = |id: &TeamId| self.team(*id).is_some_and(|t| (t.navigators || t.net) && t.active(day));
        who.actor.teams.iter().copied().find(holds)
    }

    /// The workers of a team on a day, by name.
    pub fn members(&self, team: TeamId, day: Day) -> Vec<(WorkerId, &Worker)> {
        let mut found: Vec<_> = self
            .facts
            .workers
            .iter()
            .map(|(id, w)| (*id, w))
            .filter(|(_, w)| w.active(day) && w.member_of(team, day))
            .collect();
        found.sort_by(|a, b| a.1.name.cmp(&b.1.name));
        found
    }

    /// What stands behind an organisation's actors: its agreement, and whether it is
    /// stopped.
    pub fn standing(&self, organisation: Option<OrganisationId>, now: Instant) -> Standing {
        let Some(o) = organisation.and_then(|id| self.organisation(id)) else { return Standing::default() };
        let day = self.today(now);
        let stopped = match o.status {
            OrganisationStatus::Active => false,
            OrganisationStatus::Suspended { on } | OrganisationStatus::Closed { on } => on <= day,
        };
        let agreement = o.agreement.as_ref().map(|a| Agreement {
            areas: a.areas.iter().copied().collect(),
            from: self.facts.calendar.start(a.from),
            until: Some(self.facts.calendar.start(plus_days(a.until, 1))),
        });
        Standing { agreement, organisation_suspended: stopped, ..Standing::default() }
    }

    /// Adds to a person's world who covers for the one who holds the plan: a record about
    /// a worker, which the person's own records do not say.
    pub fn add_cover(&self, world: &mut PersonWorld) {
        let Some(holder) = &mut world.holder else { return };
        let Some(lead) = holder.lead.and_then(|w| self.worker(w)) else { return };
        for absence in &lead.absences {
            if let Some(cover) = absence.cover {
                let until = absence.until.map(|day| self.facts.calendar.start(plus_days(day, 1)));
                holder.cover.push((cover, Span { from: self.facts.calendar.start(absence.from), until }));
            }
        }
    }
}
