//! What is written beside a death, and when it was a mistake.

use std::collections::BTreeSet;

use kith_domain::area::{Area, Sensitivity};
use kith_domain::death::{self, Around};
use kith_domain::id::ReferralId;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::moves::{MoveKind, Surroundings, ended_by_death};
use kith_domain::plan::StepOwner;
use kith_domain::record::{Author, Saved};
use kith_domain::referral::{Party, Referral, Status};

use super::watch::Watched;
use super::{Entry, Town};
use crate::world::*;

/// How everything stood when a death was written, kept beside the program.
pub(super) struct AtDeath {
    referrals: Vec<(Saved<Referral>, Option<Watched>)>,
    /// How many lines the journal had.
    journal: usize,
}

impl Town {
    /// Keeps how everything stood, before anything follows from the death.
    pub(super) fn keeps_how_it_stood(&mut self, i: usize) {
        let facts = &self.people[i];
        let each = |r: &Saved<Referral>| (r.clone(), self.watch.of(r.id()));
        let kept =
            AtDeath { referrals: facts.referrals.iter().map(each).collect(), journal: self.journal.len() };
        self.at_death.insert(facts.id(), kept);
    }

    /// As the program does it when everybody was told: what is open ends.
    pub(super) fn ends_what_is_open(&mut self, i: usize) {
        let (now, facts) = (self.now, &mut self.people[i]);
        let around = Surroundings {
            now,
            calendar: &self.p.calendar,
            settings: &self.p.place.settings,
            person: &facts.person.value,
        };
        let open = |r: &&mut Saved<Referral>| !r.value.status.terminal() && r.value.status != Status::Draft;
        let mut ended = false;
        for r in facts.referrals.iter_mut().filter(open) {
            let after = ended_by_death(&r.value, around).expect("what is open can be ended");
            let (from, to) = (r.value.status, after.status);
            let (kind, party) = (MoveKind::Cancel, Party::Requester);
            self.journal.push(Entry { referral: r.id(), at: now, kind, party, from, to, said: None });
            r.value = after;
            ended = true;
        }
        if ended {
            self.reach("ended after a death");
        }
    }

    /// As the program does it when the death was a mistake. Every place that was there is there
    /// again, whoever ended it, and however.
    pub(super) fn opens_what_was_ended(&mut self, i: usize) {
        let who = self.person_id(i);
        let Some(kept) = self.at_death.remove(&who) else { return };
        for (was, watched) in kept.referrals {
            let id: ReferralId = was.id();
            let Some(r) = self.people[i].referrals.iter_mut().find(|r| r.id::<ReferralId>() == id) else {
                continue;
            };
            if let Some(after) = death::as_it_stood(&r.value, &was.value) {
                let reopened = r.value.status != after.status;
                r.value = after;
                let mut n = 0;
                self.journal.retain(|e| {
                    n += 1;
                    n <= kept.journal || e.referral != id
                });
                self.watch.put_back(id, watched);
                if reopened {
                    self.reach("open again after a mistake");
                }
            }
            let r = self.people[i].referrals.iter().find(|r| r.id::<ReferralId>() == id);
            let r = &r.expect("it was there").value;
            if r.status != Status::EnteredInError && r.ended_by != Some(Party::Person) {
                let place = |r: &Referral| (r.status, r.business, r.agreed.clone(), r.settled.is_some());
                assert_eq!(place(r), place(&was.value), "every place is as it was");
                assert_eq!((&r.held_next, &r.decline), (&was.value.held_next, &was.value.decline));
            }
        }
    }

    /// What `care` writes beside a death: held words for whoever was helping.
    pub(super) fn tells_of_death(&mut self, i: usize) {
        let facts = &self.people[i];
        let around = Around {
            person: &facts.person.value,
            referrals: &facts.referrals,
            involved: &[],
            steps: &facts.steps,
            supporters: &[],
        };
        let follows = death::follows(&self.p, around, self.now);
        self.names_nobody_else(i, &follows);
        self.told(i, follows);
    }

    /// Each reads the names of those only whom a record of their own organisation names.
    fn names_nobody_else(&self, i: usize, follows: &[death::ToRead]) {
        let facts = &self.people[i];
        for read in follows.iter().filter(|r| r.words.starts_with("Tell them yourself")) {
            let reader = read.holder.organisation;
            let asked = facts.referrals.iter().filter(|r| r.meta.owner == reader);
            let asked = asked.flat_map(|r| [r.value.sender.organisation, r.value.receiver.organisation]);
            let steps = facts.steps.iter().filter(|s| s.meta.owner == reader);
            let steps = steps.filter_map(|s| match s.value.owner {
                StepOwner::Worker { organisation, .. } | StepOwner::Team { organisation, .. } => {
                    Some(organisation)
                }
                _ => None,
            });
            let theirs: BTreeSet<_> = asked.chain(steps).collect();
            for (id, o) in self.p.organisations.iter().filter(|(_, o)| read.words.contains(&o.name)) {
                assert!(theirs.contains(id), "{:?} reads that {} helps", read.holder, o.name);
            }
        }
    }

    pub(super) fn tells_of_mistake(&mut self, i: usize) {
        let now = self.now;
        let mut told = Vec::new();
        for m in self.people[i].messages.iter_mut().filter(|m| m.value.quiet) {
            if let MessageTo::Reader { holder, .. } = m.value.to {
                told.push(holder);
            }
            m.value.read_at = m.value.read_at.or(Some(now));
        }
        let again = death::was_a_mistake(&self.p, &told, now);
        self.told(i, again);
    }

    fn told(&mut self, i: usize, all: Vec<death::ToRead>) {
        let (who, now) = (self.person_id(i), self.now);
        for read in all {
            let value = Message {
                kind: MessageKind::Notice,
                from: Author::Public,
                to: MessageTo::Reader { holder: read.holder, read_by: read.by },
                words: read.words,
                area: Area::Identity,
                sensitivity: Sensitivity::S1,
                about: None,
                written_at: now,
                read_at: None,
                quiet: true,
                review: false,
                take_out: None,
            };
            let n = self.fresh();
            self.people[i].messages.push(saved(n, Some(who), now, value));
            self.reach("told of a death");
        }
    }
}
