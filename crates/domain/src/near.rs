//! Where to look for what may be a worker's today.
//!
//! Who holds a thing, and to whom it has risen, is worked out by [`crate::holding()`] from
//! the thing and the partnership. To find everything that is one worker's without reading
//! everybody, this turns it round: which entries of the reverse index can lead to something
//! that `holding` gives to this worker today. It may find too much, and what it finds is
//! always worked out afterwards; it never finds too little, which random histories prove.

use crate::holding::{PartnershipFacts, Passed, Resolved};
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::link;
use crate::organisation::{Holder, Team};
use crate::person::HEARD_WITHIN_DAYS;
use crate::record::{Kind, Link};
use crate::time::{Day, plus_days};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The records that are linked to a target in a role, as far as the rest agrees.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Search {
    /// In what role.
    pub role: &'static str,
    /// To what.
    pub target: Uuid,
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only what is due before this day.
    pub before: Option<Day>,
    /// Only where nobody is named in this role.
    pub unless: Option<&'static str>,
    /// Not what is open, but the people who stopped, left or finished while something of
    /// theirs is still open.
    pub closed: bool,
    /// People of this team of whom an agreement ends before this day. An agreement knows the
    /// organisation that may see something and not who holds the plan: it is found from there,
    /// by a search of the same day for each organisation.
    pub agreement: Option<Day>,
}

/// What the reverse index knows of a record.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Of what kind it is.
    pub kind: Kind,
    /// Is it open?
    pub open: bool,
    /// When it is due.
    pub due: Option<Day>,
    /// From what it is found.
    pub links: &'a [Link],
}

impl Search {
    fn all(role: &'static str, target: Uuid) -> Search {
        Search { role, target, kind: None, before: None, unless: None, closed: false, agreement: None }
    }

    fn of(self, kind: Kind) -> Search {
        Search { kind: Some(kind), ..self }
    }

    /// Does it find this person, among whose records these are?
    pub fn finds_among(&self, entries: &[Entry<'_>]) -> bool {
        let open = entries.iter().any(|e| e.open);
        let ends = |day: Day| {
            let of = |e: &Entry<'_>| e.kind == Kind::Consent && e.open && e.due.is_some_and(|due| due < day);
            entries.iter().any(of)
        };
        let asked = |e: &&Entry<'_>| match self.agreement {
            Some(day) => e.kind == Kind::Person && e.open && ends(day) && self.names(e),
            None => (open || !self.closed) && self.finds(e),
        };
        entries.iter().any(|e| asked(&e))
    }

    fn names(&self, entry: &Entry<'_>) -> bool {
        entry.links.iter().any(|l| (l.role, l.target) == (self.role, self.target))
    }

    /// Does it find this record? Of a person who is closed it is asked only while something
    /// of theirs is open.
    pub fn finds(&self, entry: &Entry<'_>) -> bool {
        let named = |role| entry.links.iter().any(|l| l.role == role);
        let whether = match self.closed {
            true => !entry.open && entry.kind == Kind::Person,
            false => entry.open,
        };
        whether
            && self.names(entry)
            && self.kind.is_none_or(|kind| kind == entry.kind)
            && self.before.is_none_or(|before| entry.due.is_some_and(|due| due < before))
            && !self.unless.is_some_and(named)
    }
}

/// In which roles a team has something to do with a record, and in which a worker of it does.
const ROLES: [(&str, &str); 5] = [
    (link::HOLDER_TEAM, link::HOLDER_LEAD),
    (link::OWNER_TEAM, link::OWNER_WORKER),
    (link::RECEIVER_TEAM, link::RECEIVER_WORKER),
    (link::SENDER_TEAM, link::SENDER_WORKER),
    (link::FROM_TEAM, link::FROM_WORKER),
];

/// Where to look for what is this worker's today: as the one who holds it, as cover, in the
/// place of somebody who is not there, as the lead to whom it has risen, and as a member of a
/// team to which somebody is coming in or of whom something is asked.
pub fn near(facts: &PartnershipFacts, me: WorkerId, today: Day) -> BTreeSet<Search> {
    let mut gather = Gather { facts, me, today, leads: false, found: BTreeSet::new() };
    gather.leads = stands_in(facts, me, today);
    gather.worker(me);
    for (covered, worker) in &facts.workers {
        if worker.absences.iter().any(|a| a.on(today) && a.cover == Some(me)) {
            gather.worker(*covered);
        }
    }
    for (id, team) in &facts.teams {
        gather.team(*id, team);
    }
    gather.found
}

/// May anything that names somebody else be this worker's today? Everybody else finds what
/// is theirs under their own name.
pub fn stands_in(facts: &PartnershipFacts, me: WorkerId, today: Day) -> bool {
    let place = &facts.place;
    let leads = facts.teams.values().filter_map(|t| t.lead);
    let leads = leads.chain(facts.organisations.values().filter_map(|o| o.lead)).chain([place.net_second]);
    let leads: BTreeSet<WorkerId> = leads.collect();
    let covers = |(id, w): (&WorkerId, &crate::organisation::Worker)| {
        *id == me && leads.contains(id) || w.absences.iter().any(|a| a.on(today) && a.cover == Some(me))
    };
    facts.workers.iter().any(covers)
}

struct Gather<'a> {
    facts: &'a PartnershipFacts,
    me: WorkerId,
    today: Day,
    /// Whether anything can rise or pass to this worker at all.
    leads: bool,
    found: BTreeSet<Search>,
}

impl Gather<'_> {
    /// Everything that names this worker.
    fn worker(&mut self, worker: WorkerId) {
        let roles = ROLES.iter().map(|(_, role)| *role).chain([link::TO_WORKER, link::NEWS]);
        self.found.extend(roles.map(|role| Search::all(role, worker.0)));
        self.found
            .insert(Search { closed: true, ..Search::all(link::HOLDER_LEAD, worker.0) }.of(Kind::Person));
    }

    fn team(&mut self, id: TeamId, team: &Team) {
        let named = Holder { organisation: team.organisation, team: id, lead: None };
        let found = [false, true].map(|navigator| self.facts.resolve(&named, self.today, navigator));
        if found.iter().any(|f| self.member(f.team)) {
            self.found.insert(Search::all(link::HOLDER_TEAM, id.0).of(Kind::ComingIn));
            self.found.insert(Search::all(link::OWNER_TEAM, id.0).of(Kind::Step));
        }
        if !self.leads {
            return;
        }
        let mine = found.iter().any(|f| self.mine(f));
        if found[0].passed.iter().any(elsewhere) {
            if mine {
                self.found.extend(ROLES.iter().map(|(role, _)| Search::all(role, id.0)));
                self.closed(id);
            }
            // What another organisation's plan had with them comes back to that plan, and
            // rises from there.
            self.late(id, self.facts.settings().rise_team_days);
            self.found.insert(Search::all(link::RECEIVER_TEAM, id.0).of(Kind::Referral));
        } else {
            if mine {
                self.with_nobody(id);
                self.of_the_absent(team.organisation);
            }
            self.rises((team.organisation, id), id);
        }
        for f in &found {
            self.rises((f.organisation, f.team), id);
        }
    }

    fn member(&self, team: TeamId) -> bool {
        self.facts.workers.get(&self.me).is_some_and(|w| w.member_of(team, self.today))
    }

    fn mine(&self, found: &Resolved) -> bool {
        found.lead == Some(self.me) || found.cover.is_some_and(|c| c.worker == self.me)
    }

    /// What a team has with nobody named.
    fn with_nobody(&mut self, team: TeamId) {
        // A hand-over that nobody took is the team lead's, whoever offered it.
        let unnamed = |(role, worker): &(&'static str, &'static str)| Search {
            unless: (*role != link::FROM_TEAM).then_some(*worker),
            ..Search::all(role, team.0)
        };
        self.found.extend(ROLES.iter().map(unnamed));
        self.closed(team);
    }

    /// What names somebody who is not there, nor their cover.
    fn of_the_absent(&mut self, organisation: OrganisationId) {
        let facts = self.facts;
        let gone = |(id, w): &(&WorkerId, &crate::organisation::Worker)| {
            w.memberships.iter().any(|m| m.organisation == organisation)
                && facts.acts_for(**id, organisation, self.today).is_none()
        };
        let gone: Vec<WorkerId> = facts.workers.iter().filter(gone).map(|(id, _)| *id).collect();
        gone.into_iter().for_each(|worker| self.worker(worker));
    }

    fn closed(&mut self, team: TeamId) {
        self.found.insert(Search { closed: true, ..Search::all(link::HOLDER_TEAM, team.0) }.of(Kind::Person));
    }

    /// What is late with this team is with its leads too, where it is held, and a worry from
    /// the start.
    fn rises(&mut self, at: (OrganisationId, TeamId), team: TeamId) {
        let place = &self.facts.place;
        let lead = |team: TeamId| self.facts.teams.get(&team).and_then(|t| t.lead);
        let acts = |worker: Option<WorkerId>, organisation| {
            worker.and_then(|w| self.facts.acts_for(w, organisation, self.today))
        };
        let organisation_lead = self.facts.organisations.get(&at.0).and_then(|o| o.lead);
        let own = [acts(lead(at.1), at.0), acts(organisation_lead, at.0)];
        let net = [lead(place.net_team), Some(place.net_second)].map(|w| acts(w, place.net_organisation));
        let settings = self.facts.settings();
        let days = if own.contains(&Some(self.me)) {
            settings.rise_team_days
        } else if !net.contains(&Some(self.me)) {
            return;
        } else if own[0].is_some() && own[1].is_some() && own[0] != own[1] {
            // One of the two is not the holder, so that nothing comes here before it is past
            // the organisation's lead.
            settings.rise_organisation_days
        } else {
            settings.rise_team_days
        };
        self.late(team, days);
        for role in [link::HOLDER_TEAM, link::OWNER_TEAM] {
            self.found.insert(Search::all(role, team.0).of(Kind::Worry));
        }
    }

    /// What is late by so many working days, which are at least so many days.
    fn late(&mut self, team: TeamId, days: u16) {
        let before = plus_days(self.today, 1 - i32::from(days));
        let late = |(role, _): &(&'static str, &'static str)| Search {
            before: Some(before),
            ..Search::all(role, team.0)
        };
        self.found.extend(ROLES.iter().map(late));
        // A person's day counts with a silence of the usual length; a partnership may choose a
        // shorter one, or speak more often to those who wait.
        let settings = self.facts.settings();
        let sooner = HEARD_WITHIN_DAYS - i32::from(settings.silent_days.min(settings.check_in_days));
        if sooner > 0 {
            let before = Some(plus_days(before, sooner));
            let people = Search::all(link::HOLDER_TEAM, team.0).of(Kind::Person);
            let asked = Search::all(link::SENDER_TEAM, team.0).of(Kind::Referral);
            self.found.extend([people, asked].map(|search| Search { before, ..search }));
        }
        self.closed(team);
        let ends = plus_days(self.today, i32::from(settings.consent_reminder_days) + 1);
        let people = Search::all(link::HOLDER_TEAM, team.0).of(Kind::Person);
        self.found.insert(Search { agreement: Some(ends), ..people });
        let agreements = |id: &OrganisationId| Search {
            agreement: Some(ends),
            ..Search::all(link::ORGANISATION, id.0).of(Kind::Consent)
        };
        self.found.extend(self.facts.organisations.keys().map(agreements));
    }
}

/// It is not where the record says.
fn elsewhere(passed: &Passed) -> bool {
    matches!(
        passed,
        Passed::OrganisationOut(_)
            | Passed::TeamClosed(_)
            | Passed::UnknownOrganisation(_)
            | Passed::UnknownTeam(_)
            | Passed::NetOut
    )
}
