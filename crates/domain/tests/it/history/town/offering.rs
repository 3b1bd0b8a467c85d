//! People offered to a colleague: answered, taken back, and answered when the one who offered
//! them has long gone, each by the rules that the program asks.

use kith_domain::hand_over::{
    HandOver, HandedPerson, NotHandedOver, PlanWith, Taken, answer, take_back, taker,
};
use kith_domain::holding::{PersonFacts, may_hold};
use kith_domain::id::{TeamId, WorkerId};
use kith_domain::life;
use kith_domain::message::{MessageKind, MessageTo};
use kith_domain::organisation::Holder;
use kith_domain::record::{Record, Saved};

use super::Town;
use crate::world::*;

impl Town {
    /// Who has it today.
    fn with_today(&self, record: Holder) -> Holder {
        let found = self.p.resolve(&record, self.today(), true);
        Holder { organisation: found.organisation, team: found.team, lead: found.lead }
    }

    /// Whoever has a plan today offers it, and now and then others that they have, to a colleague of
    /// their organisation.
    pub(super) fn offers(&mut self, a: usize, b: usize) {
        let i = self.person_index(a);
        let has = |f: &PersonFacts| self.with_today(f.person.value.holder);
        let Holder { organisation, lead: Some(me), .. } = has(&self.people[i]) else { return };
        let mine = self.p.workers[&me].memberships.iter().find(|m| m.organisation == organisation);
        let Some(team) = mine.map(|m| m.team) else { return };
        let from = Holder { organisation, team, lead: Some(me) };
        let holds = |team: &TeamId| self.p.teams.get(team).is_some_and(|t| t.navigators || t.net);
        let colleagues: Vec<Holder> = self
            .p
            .workers
            .iter()
            .filter(|(id, _)| **id != me)
            .flat_map(|(id, w)| w.memberships.iter().map(|m| (*id, m)))
            .filter(|(_, m)| m.organisation == organisation && holds(&m.team))
            .map(|(id, m): (WorkerId, _)| Holder { organisation, team: m.team, lead: Some(id) })
            .filter(|to| may_hold(&self.p, to, true, self.today()).is_ok())
            .collect();
        let Some(to) = colleagues.get(b % colleagues.len().max(1)).copied() else { return };
        let others = self.people.iter().filter(|f| f.id() != self.people[i].id() && has(f).lead == Some(me));
        let whom = std::iter::once(&self.people[i]).chain(others.take(b / 2 % 3));
        let people: Vec<_> = whom
            .map(|f| HandedPerson {
                person: f.id(),
                words: String::new(),
                person_told: true,
                taken: Taken::NotYet,
            })
            .collect();
        if people.len() > 1 {
            self.reach("offered several");
        }
        let days = self.p.settings().hand_over_working_days.into();
        let accept_by = self.p.calendar.plus_working(self.today(), days);
        let value = HandOver { from, to, people, offered_at: self.now, accept_by, taken_back_at: None };
        let n = self.fresh();
        self.loose.hand_overs.push(saved(n, None, self.now, value));
    }

    fn open_offer(&self, a: usize) -> Option<usize> {
        let all = &self.loose.hand_overs;
        let open: Vec<usize> = (0..all.len()).filter(|&n| all[n].value.open()).collect();
        open.get(a % open.len().max(1)).copied()
    }

    pub(super) fn offer_taken_back(&mut self, a: usize) {
        let Some(n) = self.open_offer(a) else { return };
        let offer = &mut self.loose.hand_overs[n].value;
        *offer = take_back(offer, self.now).expect("what is open can be taken back");
        self.reach("offer taken back");
    }

    /// The colleague, or the lead to whom it has risen, answers for one person.
    pub(super) fn answers_offer(&mut self, a: usize, b: usize, yes: bool) {
        let Some(n) = self.open_offer(a) else { return };
        let (now, today) = (self.now, self.today());
        let offer = self.loose.hand_overs[n].value.clone();
        let waiting: Vec<_> = offer.waiting().map(|p| p.person).collect();
        let who = waiting[b % waiting.len()];
        let Some(i) = self.people.iter().position(|f| f.id() == who) else { return };
        let risen_to = self.with_today(Holder { lead: None, ..offer.from });
        let by_lead = today > offer.accept_by && b.is_multiple_of(2);
        let me = if by_lead { risen_to.lead } else { offer.to.lead };
        let to =
            taker(&offer, me.expect("somebody is named"), &risen_to, today).expect("it is theirs to say");
        let record = self.people[i].person.value.holder;
        let with = PlanWith { record, today: self.with_today(record) };
        let taken = match yes {
            true if may_hold(&self.p, &to, true, today).is_err() => return,
            true => Taken::Accepted { at: now },
            false => Taken::Declined { at: now, words: "Full".into() },
        };
        match answer(&offer, who, with, taken) {
            Ok(after) => self.loose.hand_overs[n].value = after,
            Err(NotHandedOver::HeldElsewhere) => {
                assert_ne!(record, offer.from, "an offer stands while nobody else has taken them on");
                return self.reach("offer held elsewhere");
            }
            Err(other) => panic!("it is open: {other}"),
        }
        if !yes {
            return self.reach("offer declined");
        }
        let facts = &mut self.people[i];
        let taken = life::take_on(facts, to, with.today);
        facts.person = taken.person;
        replace(&mut facts.needs, taken.needs);
        replace(&mut facts.steps, taken.steps);
        replace(&mut facts.tellings, taken.tellings);
        replace(&mut facts.messages, taken.messages);
        replace(&mut facts.referrals, taken.referrals);
        if to != record {
            nothing_stays_behind(&self.people[i], record);
        }
        self.reach("offer accepted");
        if by_lead {
            self.reach("offer taken by the lead");
        }
        if record.lead != with.today.lead {
            self.reach("accepted after they had gone");
        }
        if record.team != to.team {
            self.reach("taken on by another team");
        }
    }
}

/// The one before has nothing of the person any more that was theirs by name, and what their team
/// asked for is with whoever has the plan.
fn nothing_stays_behind(facts: &PersonFacts, before: Holder) {
    let holder = facts.person.value.holder;
    assert_ne!(holder, before);
    assert!(!facts.needs.iter().any(|n| n.value.open() && n.value.holder == before), "needs");
    assert!(!facts.steps.iter().any(|s| s.value.open() && s.value.holder == before), "steps");
    assert!(!facts.tellings.iter().any(|t| t.value.open() && t.value.holder == before), "tellings");
    let words = facts.messages.iter().filter(|m| m.value.kind == MessageKind::OwnWords);
    let unread = words.filter(|m| m.value.read_at.is_none());
    let left = |to: &MessageTo| matches!(to, MessageTo::Reader { holder, .. } if *holder == before);
    assert!(!unread.into_iter().any(|m| left(&m.value.to)), "their own words");
    let asked = facts.referrals.iter().filter(|r| r.value.open() && r.value.sender.team == before.team);
    assert!(asked.count() == 0 || holder.team == before.team, "what was asked for");
}

/// Saves new versions over the old ones.
fn replace<T>(kept: &mut [Saved<T>], new: Vec<Saved<T>>) {
    for version in new {
        let old = kept.iter_mut().find(|k| k.meta.id == version.meta.id);
        *old.expect("it was there before") = version;
    }
}
