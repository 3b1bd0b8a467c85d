//! Who is there to hold it: from the holder a record names to a named lead who works
//! here today.
//!
//! A worker who is away passes to their cover; one who is away without cover, or gone,
//! to the team lead, then the organisation's lead. A team that stopped and an
//! organisation that shut, was suspended or has no agreement in date pass to their
//! successor, else to the net. The net is the last: its own agreement
//! goes on until it is renewed, and if nobody is there, nobody is, and `lost` says so.

use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::organisation::Holder;
use crate::time::Day;

use super::facts::PartnershipFacts;

/// Who covers, from when until when.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cover {
    /// Who.
    pub worker: WorkerId,
    /// The first day.
    pub from: Day,
    /// The last day, if it is known.
    pub until: Option<Day>,
}

/// Why a thing is not with the one its record names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Passed {
    /// The record names an organisation nobody knows. A breach.
    UnknownOrganisation(OrganisationId),
    /// The record names a team that is not that organisation's. A breach.
    UnknownTeam(TeamId),
    /// The record names a worker nobody knows. A breach.
    UnknownWorker(WorkerId),
    /// The worker never was a member of that organisation. A breach.
    NotAMember(WorkerId),
    /// The organisation does not work here any more.
    OrganisationOut(OrganisationId),
    /// The team stopped.
    TeamClosed(TeamId),
    /// A plan is held by navigators, and the successor is none.
    NotNavigators(TeamId),
    /// The worker left, is suspended, or changed teams.
    Gone(WorkerId),
    /// The worker is away without cover.
    Away(WorkerId),
    /// Nobody is named, so it is the team lead's.
    NobodyNamed(TeamId),
    /// The net itself does not work. A breach.
    NetOut,
}

/// Where a thing is, and with whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The team.
    pub team: TeamId,
    /// The named lead.
    pub lead: Option<WorkerId>,
    /// Who covers for them today.
    pub cover: Option<Cover>,
    /// Every step from the record to here.
    pub passed: Vec<Passed>,
}

/// Is a worker there today?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Yes.
    Here,
    /// Away, and this is who covers.
    Covered(Cover),
    /// Not there.
    Not(Passed),
}

impl PartnershipFacts {
    /// Where this holder's things are today, and with whom.
    pub fn resolve(&self, holder: &Holder, today: Day, needs_navigator: bool) -> Resolved {
        let mut passed = Vec::new();
        let (organisation, team) = self.locate(holder, today, needs_navigator, &mut passed);
        let named = (team == holder.team).then_some(holder.lead).flatten();
        if named.is_none() && passed.is_empty() {
            passed.push(Passed::NobodyNamed(team));
        }
        let net = (self.place.net_organisation, self.place.net_team);
        let found = self.first_present(organisation, team, named, today, &mut passed);
        let (place, lead, cover) = match found {
            Some((lead, cover)) => ((organisation, team), Some(lead), cover),
            None if (organisation, team) == net => (net, None, None),
            None => match self.first_present(net.0, net.1, None, today, &mut passed) {
                Some((lead, cover)) => (net, Some(lead), cover),
                None => (net, None, None),
            },
        };
        Resolved { organisation: place.0, team: place.1, lead, cover, passed }
    }

    /// The organisation and team, passing from those that stopped to their successors.
    fn locate(
        &self,
        holder: &Holder,
        today: Day,
        needs_navigator: bool,
        passed: &mut Vec<Passed>,
    ) -> (OrganisationId, TeamId) {
        let net = (self.place.net_organisation, self.place.net_team);
        let mut at = (holder.organisation, holder.team);
        // Each round leaves an organisation or a team behind; a circle ends at the net.
        for _ in 0..=self.teams.len() + self.organisations.len() {
            if at == net {
                if !self.net_works(today) {
                    passed.push(Passed::NetOut);
                }
                return net;
            }
            let moved = !passed.is_empty();
            match self.next_place(at, today, needs_navigator && moved) {
                None => return at,
                Some((why, next)) => {
                    passed.push(why);
                    at = next.unwrap_or(net);
                }
            }
        }
        net
    }

    /// Why it cannot stay here, and where it goes; none when it can stay.
    fn next_place(
        &self,
        (organisation, team): (OrganisationId, TeamId),
        today: Day,
        must_navigate: bool,
    ) -> Option<(Passed, Option<(OrganisationId, TeamId)>)> {
        let Some(org) = self.organisations.get(&organisation) else {
            return Some((Passed::UnknownOrganisation(organisation), None));
        };
        let Some(t) = self.teams.get(&team).filter(|t| t.organisation == organisation) else {
            return Some((Passed::UnknownTeam(team), None));
        };
        if !self.works(organisation, today) {
            let next = org.successors.iter().filter(|s| s.from <= today).max_by_key(|s| s.from);
            return Some((Passed::OrganisationOut(organisation), next.map(|s| (s.organisation, s.team))));
        }
        if !t.active(today) {
            let next = t.closed.and_then(|c| c.successor).map(|team| (organisation, team));
            return Some((Passed::TeamClosed(team), next));
        }
        if must_navigate && !(t.navigators || t.net) {
            return Some((Passed::NotNavigators(team), None));
        }
        None
    }

    /// The first of: the one named, the team lead, the organisation's lead (for the net:
    /// the second named person) who is there, themselves or by cover.
    fn first_present(
        &self,
        organisation: OrganisationId,
        team: TeamId,
        named: Option<WorkerId>,
        today: Day,
        passed: &mut Vec<Passed>,
    ) -> Option<(WorkerId, Option<Cover>)> {
        let candidates = named.into_iter().chain(self.leads(organisation, team));
        for worker in candidates {
            match self.presence(worker, organisation, today) {
                Presence::Here => return Some((worker, None)),
                Presence::Covered(cover) => return Some((worker, Some(cover))),
                Presence::Not(why) => passed.push(why),
            }
        }
        None
    }

    /// Team lead, organisation's lead, and at the net the second named person.
    fn leads(&self, organisation: OrganisationId, team: TeamId) -> impl Iterator<Item = WorkerId> + use<> {
        let team_lead = self.teams.get(&team).and_then(|t| t.lead);
        let second = (organisation == self.place.net_organisation).then_some(self.place.net_second);
        let org_lead = self.organisations.get(&organisation).and_then(|o| o.lead);
        [team_lead, second, org_lead].into_iter().flatten()
    }

    /// Is this worker there today for this organisation, themselves or by cover? A cover
    /// has to work there too, and be there.
    pub fn presence(&self, worker: WorkerId, organisation: OrganisationId, today: Day) -> Presence {
        let Some(w) = self.workers.get(&worker) else {
            return Presence::Not(Passed::UnknownWorker(worker));
        };
        if !w.memberships.iter().any(|m| m.organisation == organisation) {
            return Presence::Not(Passed::NotAMember(worker));
        }
        if !w.active(today) || !w.works_for(organisation, today) {
            return Presence::Not(Passed::Gone(worker));
        }
        let away: Vec<_> = w.absences.iter().filter(|a| a.on(today)).collect();
        if away.is_empty() {
            return Presence::Here;
        }
        let covers = away.iter().filter_map(|a| a.cover.map(|cover| (a, cover)));
        let there = covers.filter(|(_, cover)| *cover != worker && self.there(*cover, organisation, today));
        match there.map(|(a, cover)| Cover { worker: cover, from: a.from, until: a.until }).next() {
            Some(cover) => Presence::Covered(cover),
            None => Presence::Not(Passed::Away(worker)),
        }
    }

    /// There in person.
    pub(super) fn there(&self, worker: WorkerId, organisation: OrganisationId, today: Day) -> bool {
        self.workers.get(&worker).is_some_and(|w| {
            w.active(today) && w.works_for(organisation, today) && w.absence(today).is_none()
        })
    }

    /// The worker who acts for this one today: themselves, or their cover.
    pub fn acts_for(&self, worker: WorkerId, organisation: OrganisationId, today: Day) -> Option<WorkerId> {
        match self.presence(worker, organisation, today) {
            Presence::Here => Some(worker),
            Presence::Covered(cover) => Some(cover.worker),
            Presence::Not(_) => None,
        }
    }

    /// Does this organisation work here today, so that it may hold things? A member does while its
    /// agreement is in date. The net's goes on after its last day, late and for all to see, until it
    /// is renewed: it holds whatever others let go of, and nothing may be lost by a day that passed.
    pub fn works(&self, organisation: OrganisationId, day: Day) -> bool {
        let Some(o) = self.organisations.get(&organisation) else { return false };
        match organisation == self.place.net_organisation && o.agreement.is_some() {
            true => o.stopped_since(day).is_none(),
            false => o.active(day),
        }
    }

    /// Do organisation and team of the net work today?
    pub fn net_works(&self, today: Day) -> bool {
        let team = self.teams.get(&self.place.net_team);
        self.works(self.place.net_organisation, today)
            && team.is_some_and(|t| t.active(today) && t.organisation == self.place.net_organisation)
    }
}
