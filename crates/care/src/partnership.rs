//! The place, its organisations, teams and workers, as they are in one snapshot.

use crate::error::CareError;
use kith_access::{Agreement, Limits, Numbers, PassedOn, PersonWorld, ReferralFacts, Side, Span, Standing};
use kith_domain::holding::{PartnershipFacts, Passed};
use kith_domain::id::{ListingQuestionId, OrganisationId, RecordId, TeamId, WorkerId};
use kith_domain::listing_question::ListingQuestion;
use kith_domain::organisation::{Holder, Organisation, OrganisationStatus, Place, Team, WorkRole, Worker};
use kith_domain::panel::Proposal;
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

/// What is open about entries of the directory.
async fn open_questions(tx: &mut Tx) -> Result<BTreeMap<ListingQuestionId, ListingQuestion>, CareError> {
    let all = tx.list_common::<ListingQuestion>().await?;
    Ok(all.into_iter().filter(|q| q.value.settled.is_none()).map(|q| (q.id(), q.value)).collect())
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
        let proposals = tx.list_common::<Proposal>().await?;
        let questions = open_questions(tx).await?;
        let mut metas = BTreeMap::from([(place.meta.id, place.meta.clone())]);
        metas.extend(organisations.iter().map(|o| (o.meta.id, o.meta.clone())));
        metas.extend(teams.iter().map(|t| (t.meta.id, t.meta.clone())));
        metas.extend(proposals.iter().map(|p| (p.meta.id, p.meta.clone())));
        metas.extend(workers.iter().map(|w| (w.meta.id, w.meta.clone())));
        let facts = PartnershipFacts {
            place: place.value.clone(),
            organisations: organisations.into_iter().map(|o| (o.id(), o.value)).collect(),
            teams: teams.into_iter().map(|t| (t.id(), t.value)).collect(),
            workers: workers.into_iter().map(|w| (w.id(), w.value)).collect(),
            proposals: proposals.into_iter().map(|p| (p.id(), p.value)).collect(),
            listing_questions: questions,
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
        let is_net = organisation == Some(self.facts.place.net_organisation);
        let agreement = o.agreement.as_ref().map(|a| Agreement {
            areas: a.areas.iter().copied().collect(),
            from: self.facts.calendar.start(a.from),
            // The net's goes on until it is renewed, as in `PartnershipFacts::works`.
            until: (!is_net).then(|| self.facts.calendar.start(plus_days(a.until, 1))),
        });
        let is_out = |id: OrganisationId, o: &Organisation| !o.listed_only() && !self.facts.works(id, day);
        let out = self.facts.organisations.iter();
        let out = out.filter(|(id, o)| is_out(**id, o)).map(|(id, _)| *id).collect();
        let passed_teams = organisation.map(|o| self.teams_passed_into(o, day)).unwrap_or_default();
        let limits = self.limits();
        Standing {
            agreement,
            organisation_suspended: stopped,
            out,
            passed_teams,
            limits,
            ..Standing::default()
        }
    }

    /// The numbers of the access rules that the partnership chose. Their bounds are those of the
    /// settings, or narrower.
    fn limits(&self) -> Limits {
        let s = self.settings();
        let numbers = Numbers {
            glass_hours: s.glass_hours.into(),
            glass_letters: s.glass_letters.into(),
            after_close_days: s.after_close_days.into(),
            packet_after_days: s.packet_after_days.into(),
            edit_hours: s.edit_hours.into(),
            fresh_seconds: s.fresh_seconds.into(),
            link_days: s.link_days.into(),
            paper_code_days: s.paper_code_days.into(),
            ..Numbers::default()
        };
        Limits::checked(numbers).unwrap_or_default()
    }

    /// Who holds today what a record says this one holds. `plan`: a plan, or what stays with it.
    pub fn holder_today(&self, holder: &Holder, plan: bool, now: Instant) -> Holder {
        let found = self.facts.resolve(holder, self.today(now), plan);
        Holder { organisation: found.organisation, team: found.team, lead: found.lead }
    }

    /// Whom to speak to about what this holder has: the worker who has it now, or else the team.
    pub fn holder_name(&self, holder: &Holder, now: Instant) -> String {
        let holder = self.holder_today(holder, true, now);
        holder.lead.map_or_else(|| self.team_name(holder.team), |lead| self.worker_name(lead))
    }

    /// Adds to a person's world what the person's own records do not say and the partnership
    /// does: to whom the plan has passed on and who covers, as `holding` has it; and who took
    /// over from a receiver that stopped.
    pub fn add_holders(&self, world: &mut PersonWorld, now: Instant) {
        let today = self.today(now);
        if let Some(named) = &world.holder {
            world.passed_on = self.passed_on(named, today);
        }
        // Nobody of a team that stopped holds anything any more.
        let stopped = |h: &kith_access::Holder| {
            h.team.is_some_and(|t| !self.team(t).is_some_and(|t| t.active(today)))
                || !self.facts.works(h.organisation, today)
        };
        if world.passed_on.is_some() && world.holder.as_ref().is_some_and(stopped) {
            world.holder = None;
        }
        for holder in world.holder.iter_mut().chain(world.passed_on.iter_mut().map(|p| &mut p.to)) {
            self.add_cover(holder);
        }
        for referral in &mut world.referrals {
            self.pass_receiver_on(referral, today);
        }
    }

    /// To whom the plan has passed, when that is not the team that the record names, or a
    /// lead outside it.
    fn passed_on(&self, named: &kith_access::Holder, today: Day) -> Option<PassedOn> {
        let before = Holder { organisation: named.organisation, team: named.team?, lead: named.lead };
        let found = self.facts.resolve(&before, today, true);
        let moved = (found.organisation, found.team) != (before.organisation, before.team);
        if !moved && found.lead == before.lead {
            return None;
        }
        let to = kith_access::Holder {
            organisation: found.organisation,
            team: Some(found.team),
            lead: found.lead,
            cover: Vec::new(),
        };
        let through = found.passed.iter().filter_map(|p| match p {
            Passed::OrganisationOut(organisation) => Some(*organisation),
            _ => None,
        });
        let from = through.chain(moved.then_some(before.organisation));
        Some(PassedOn { from: from.filter(|o| *o != found.organisation).collect(), to })
    }

    fn add_cover(&self, holder: &mut kith_access::Holder) {
        let Some(lead) = holder.lead.and_then(|w| self.worker(w)) else { return };
        for absence in &lead.absences {
            if let Some(cover) = absence.cover {
                let until = absence.until.map(|day| self.facts.calendar.start(plus_days(day, 1)));
                holder.cover.push((cover, Span { from: self.facts.calendar.start(absence.from), until }));
            }
        }
    }

    /// A receiver that stopped and has a successor: the successor answers. The person agreed
    /// that the first one reads the packet, not another organisation, so that it sees the
    /// place in the queue and asks.
    fn pass_receiver_on(&self, referral: &mut ReferralFacts, today: Day) {
        let Some((organisation, team)) = self.receives_today(referral.receiver, today) else { return };
        if organisation != referral.receiver.organisation && referral.agreed {
            referral.stopped = Some(referral.stopped.unwrap_or(Instant(i64::MIN)));
        }
        referral.receiver = Side { organisation, team: Some(team) };
    }

    fn receives_today(&self, side: Side, today: Day) -> Option<(OrganisationId, TeamId)> {
        let before = Holder { organisation: side.organisation, team: side.team?, lead: None };
        let net = (self.facts.place.net_organisation, self.facts.place.net_team);
        let found = self.facts.resolve(&before, today, false);
        let there = (found.organisation, found.team);
        (there != net && there != (before.organisation, before.team)).then_some(there)
    }

    /// Teams that stopped, or whose organisation did, each with the team of this organisation that
    /// has their people and requests today.
    fn teams_passed_into(&self, organisation: OrganisationId, day: Day) -> BTreeMap<TeamId, TeamId> {
        let comes_here = |(id, team): (&TeamId, &Team)| {
            let stopped = !team.active(day) || !self.facts.works(team.organisation, day);
            let named = Holder { organisation: team.organisation, team: *id, lead: None };
            let found = stopped.then(|| self.facts.resolve(&named, day, true))?;
            (found.organisation == organisation && found.team != *id).then_some((*id, found.team))
        };
        self.facts.teams.iter().filter_map(comes_here).collect()
    }

    /// Teams that stopped, or whose organisation did, and whose plans are this worker's by that.
    pub fn teams_passed_to(&self, worker: WorkerId, now: Instant) -> Vec<TeamId> {
        let today = self.today(now);
        let mine = |(id, team): (&TeamId, &Team)| {
            let named = Holder { organisation: team.organisation, team: *id, lead: None };
            let found = self.facts.resolve(&named, today, true);
            let acts = found.cover.map(|c| c.worker).or(found.lead);
            (found.team != *id && (acts == Some(worker) || found.lead == Some(worker))).then_some(*id)
        };
        self.facts.teams.iter().filter_map(mine).collect()
    }

    /// Teams that stopped, and whose requests come to this team now.
    pub fn teams_answered_by(&self, team: TeamId, now: Instant) -> Vec<TeamId> {
        let today = self.today(now);
        let comes_here = |(id, t): (&TeamId, &Team)| {
            let side = Side { organisation: t.organisation, team: Some(*id) };
            self.receives_today(side, today).is_some_and(|(_, to)| to == team).then_some(*id)
        };
        self.facts.teams.iter().filter_map(comes_here).collect()
    }
}
