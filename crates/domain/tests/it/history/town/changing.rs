//! Changes to the partnership: each is made only while the net still stands.

use kith_domain::keeping::team_closed;
use kith_domain::organisation::*;
use kith_domain::time::plus_days;

use super::Town;
use crate::history::commands::Event;
use crate::world::*;

impl Town {
    pub(super) fn organisation(&mut self, a: usize, b: usize, event: &Event) {
        let o = organisation_id(a as u128 % ORGANISATIONS);
        let to = b as u128 % ORGANISATIONS;
        let today = self.today();
        let is_net = o == self.p.place.net_organisation;
        let done = match event {
            Event::OrganisationCloses { successor } => self.change(|p| {
                let it = p.organisations.get_mut(&o).unwrap();
                it.status = if b.is_multiple_of(5) {
                    OrganisationStatus::Suspended { on: today }
                } else {
                    OrganisationStatus::Closed { on: today }
                };
                it.successors.clear();
                if *successor {
                    it.successors.push(Succession {
                        organisation: organisation_id(to),
                        team: team_id(to),
                        from: today,
                    });
                }
            }),
            Event::OrganisationOpens => {
                self.change(|p| p.organisations.get_mut(&o).unwrap().status = OrganisationStatus::Active);
                false
            }
            Event::AgreementLapses => {
                self.change(|p| {
                    let until = if b.is_multiple_of(4) && !is_net {
                        None
                    } else {
                        Some(agreement(plus_days(today, (b % 9) as i32 - 3)))
                    };
                    p.organisations.get_mut(&o).unwrap().agreement = until;
                });
                self.reach("agreement lapsed");
                false
            }
            Event::AgreementRenewed => {
                self.change(|p| {
                    p.organisations.get_mut(&o).unwrap().agreement = Some(agreement(plus_days(today, 5_000)));
                });
                false
            }
            _ => false,
        };
        if done {
            self.reach("organisation closed");
        }
    }

    pub(super) fn worker(&mut self, a: usize, b: usize, event: &Event) {
        let today = self.today();
        let all: Vec<_> = self.p.workers.keys().copied().collect();
        let who = all[a % all.len()];
        // Half of the covers are colleagues, half are whoever somebody typed.
        let other =
            if b.is_multiple_of(2) { all[a % all.len() / 4 * 4 + b / 2 % 4] } else { all[b % all.len()] };
        let done = self.change(|p| {
            let w = p.workers.get_mut(&who).unwrap();
            match event {
                Event::WorkerAway { days, cover } => w.absences.push(Absence {
                    from: plus_days(today, (b % 5) as i32),
                    until: days.map(|d| plus_days(today, d)),
                    cover: cover.then_some(other),
                }),
                Event::WorkerBack => w.absences.clear(),
                Event::WorkerLeaves => w.left = Some(plus_days(today, (b % 5) as i32)),
                Event::WorkerReturns => {
                    w.left = None;
                    w.suspended = None;
                }
                Event::WorkerSuspended => w.suspended = Some(today),
                _ => {}
            }
        });
        let name = match event {
            Event::WorkerAway { cover: true, .. } => "away with cover",
            Event::WorkerAway { cover: false, .. } => "away without cover",
            Event::WorkerLeaves => "worker left",
            Event::WorkerSuspended => "worker suspended",
            _ => return,
        };
        if done {
            self.reach(name);
        }
    }

    pub(super) fn team(&mut self, a: usize, b: usize, event: &Event) {
        let teams: Vec<_> = self.p.teams.keys().copied().collect();
        let t = teams[a % teams.len()];
        let today = self.today();
        let organisation = self.p.teams[&t].organisation;
        let theirs: Vec<_> =
            self.p.workers.iter().filter(|(_, w)| w.works_for(organisation, today)).collect();
        let lead = theirs.get(b % theirs.len().max(1)).map(|(id, _)| **id);
        // Another team of the same organisation, where there is one.
        let others = self.p.teams.iter().filter(|(id, one)| **id != t && one.organisation == organisation);
        let others: Vec<_> = others.map(|(id, _)| *id).collect();
        let next = others.get(b % others.len().max(1)).copied();
        let closed = match event {
            Event::TeamCloses { successor } => {
                let on = plus_days(today, (b % 4) as i32);
                match team_closed(&self.p, t, on, next.filter(|_| *successor), today) {
                    Ok(team) => Some(team),
                    Err(_) => return,
                }
            }
            _ => None,
        };
        let done = self.change(|p| {
            let team = p.teams.get_mut(&t).unwrap();
            match (event, closed) {
                (_, Some(closed)) => *team = closed,
                (Event::TeamOpens, None) => team.closed = None,
                (_, None) => team.lead = lead.filter(|_| !b.is_multiple_of(4)),
            }
        });
        if done && matches!(event, Event::TeamCloses { .. }) {
            self.reach("team closed");
        }
    }
}
