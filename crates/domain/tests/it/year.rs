//! A year of a place, at random: people join, move, take a second place, are stopped and let
//! back, leave and come back; teams and organisations close, pause and open; agreements are
//! renewed.
//!
//! Whatever the rules let through: every open thing has a holder who is there, on that day and
//! on every day after it that is known already; somebody looks after the place; and what the
//! place itself owes has a holder too.

use crate::world::*;
use kith_domain::holding::place::keeps;
use kith_domain::holding::{LooseFacts, PartnershipFacts, PersonFacts, holding, holding_place};
use kith_domain::id::WorkerId;
use kith_domain::joining::{joins, let_back, stopped};
use kith_domain::keeping::{closed, opened, paused, renewed, team_closed};
use kith_domain::lost::{breaches, lost, lost_loose};
use kith_domain::organisation::WorkRole;
use kith_domain::placing::{Giver, comes_back, ended, leaves, placed, stays};
use kith_domain::time::{Day, plus_days};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What somebody tries. The numbers choose among whom and what there is.
#[derive(Clone, Copy, Debug)]
enum Try {
    Join,
    Place { instead: bool },
    End,
    Leave,
    Stay,
    ComeBack,
    Stop,
    LetBack,
    Close { successor: bool },
    Pause,
    Open,
    CloseTeam { successor: bool },
    Renew,
}

fn any_try() -> impl Strategy<Value = (Try, usize, usize, i32, i32)> {
    let what = prop_oneof![
        3 => Just(Try::Join),
        4 => any::<bool>().prop_map(|instead| Try::Place { instead }),
        4 => Just(Try::End),
        5 => Just(Try::Leave),
        3 => Just(Try::Stay),
        2 => Just(Try::ComeBack),
        4 => Just(Try::Stop),
        2 => Just(Try::LetBack),
        2 => any::<bool>().prop_map(|successor| Try::Close { successor }),
        1 => Just(Try::Pause),
        2 => Just(Try::Open),
        2 => any::<bool>().prop_map(|successor| Try::CloseTeam { successor }),
        3 => Just(Try::Renew),
    ];
    (what, any::<usize>(), any::<usize>(), 0i32..40, 0i32..20)
}

struct Year {
    p: PartnershipFacts,
    people: Vec<PersonFacts>,
    today: Day,
    joined: u128,
    done: BTreeSet<&'static str>,
    refused: usize,
}

impl Year {
    /// The usual place, with two who look after it in two organisations, and somebody's plan
    /// and needs with everybody who can hold one.
    fn new() -> Year {
        let mut p = partnership();
        for (n, role) in [(2, WorkRole::SystemAdmin), (22, WorkRole::PartnershipManager)] {
            let w = p.workers.get_mut(&worker_id(n)).unwrap();
            w.memberships[0].role = role;
        }
        let mut people = Vec::new();
        for (n, (plan, need_holder)) in [
            (holder(NAVIGATORS, Some(11)), holder(CHARITY, Some(21))),
            (holder(NAVIGATORS, Some(12)), holder(TRUST, Some(31))),
            (holder(NAVIGATORS, None), holder(BY_LINK, None)),
            (holder(NET, Some(1)), holder(NET, None)),
        ]
        .into_iter()
        .enumerate()
        {
            let n = 0x900 + n as u128 * 10;
            let mut facts = badger(n, morning(TODAY));
            facts.person.value.holder = plan;
            let mut one = need(morning(TODAY));
            one.holder = need_holder;
            facts.needs.push(saved(n + 1, Some(id(n)), morning(TODAY), one));
            people.push(facts);
        }
        Year { p, people, today: TODAY, joined: 0x5000, done: BTreeSet::new(), refused: 0 }
    }

    fn giver(&self, b: usize) -> Giver {
        let keeping: Vec<WorkerId> =
            self.p.workers.keys().copied().filter(|w| keeps(&self.p, *w, self.today)).collect();
        Giver { worker: keeping.get(b % keeping.len().max(1)).copied(), role: WorkRole::SystemAdmin }
    }

    fn attempt(&mut self, (what, a, b, ahead, pass): (Try, usize, usize, i32, i32)) {
        self.today = plus_days(self.today, pass);
        let (today, on) = (self.today, plus_days(self.today, ahead));
        let all: Vec<WorkerId> = self.p.workers.keys().copied().collect();
        let who = all[a % all.len()];
        let o = organisation_id(b as u128 % ORGANISATIONS);
        let t = team_id(b as u128 % ORGANISATIONS);
        let next = team_id((a as u128 + 1) % ORGANISATIONS);
        let role =
            [WorkRole::Navigator, WorkRole::VcseWorker, WorkRole::SystemAdmin, WorkRole::PartnershipManager]
                [a % 4];
        let giver = self.giver(b);
        let theirs = self.p.workers[&who].memberships.clone();
        let had = theirs[b % theirs.len()];
        let p = &self.p;
        let worker = match what {
            Try::Join => {
                self.joined += 1;
                let new = worker_id(self.joined);
                let made = joins(p, ("W".into(), None), (o, t, role), giver.role, today);
                Some((new, made.map_err(|e| e.to_string())))
            }
            Try::Place { instead } => {
                let instead = instead.then_some((had.team, had.role));
                Some((
                    who,
                    placed(p, who, instead, (o, t, role), on, giver, today).map_err(|e| e.to_string()),
                ))
            }
            Try::End => {
                let last = plus_days(on, -1);
                Some((
                    who,
                    ended(p, who, (had.team, had.role), last, giver, today).map_err(|e| e.to_string()),
                ))
            }
            Try::Leave => Some((who, leaves(p, who, on, giver, today).map_err(|e| e.to_string()))),
            Try::Stay => Some((who, stays(p, who, giver, today).map_err(|e| e.to_string()))),
            Try::ComeBack => {
                Some((who, comes_back(p, who, (o, t, role), giver, today).map_err(|e| e.to_string())))
            }
            Try::Stop | Try::LetBack => {
                let by = giver.worker.unwrap_or(who);
                let new = match what {
                    Try::Stop => stopped(p, who, by, today),
                    _ => let_back(p, who, by, today),
                };
                Some((who, new.map_err(|e| e.to_string())))
            }
            _ => None,
        };
        let name = match what {
            Try::Join => "joined",
            Try::Place { instead: true } => "moved",
            Try::Place { instead: false } => "second place",
            Try::End => "ended",
            Try::Leave => "left",
            Try::Stay => "stayed",
            Try::ComeBack => "came back",
            Try::Stop => "stopped",
            Try::LetBack => "let back",
            Try::Close { .. } => "closed",
            Try::Pause => "paused",
            Try::Open => "opened",
            Try::CloseTeam { .. } => "team closed",
            Try::Renew => "renewed",
        };
        let done = match worker {
            Some((id, new)) => new.map(|new| self.p.workers.insert(id, new)).is_ok(),
            None => self.members(what, (o, t, next), on),
        };
        match done {
            true => _ = self.done.insert(name),
            false => self.refused += 1,
        }
    }

    fn members(
        &mut self,
        what: Try,
        (o, t, next): (kith_domain::id::OrganisationId, kith_domain::id::TeamId, kith_domain::id::TeamId),
        on: Day,
    ) -> bool {
        let (p, today) = (&self.p, self.today);
        let to = p.teams.get(&next).map(|t| (t.organisation, next));
        let new = match what {
            Try::CloseTeam { successor } => {
                let done = team_closed(p, t, on, successor.then_some(next), today);
                return done.map(|new| self.p.teams.insert(t, new)).is_ok();
            }
            Try::Close { successor } => closed(p, o, on, to.filter(|_| successor), today),
            Try::Pause => paused(p, o, today),
            Try::Open => opened(p, o),
            _ => {
                // Renewed for weeks only, so that some end while the history goes on.
                let days = if o == p.place.net_organisation { 1_500 } else { 20 + (on.day() as i32) * 3 };
                let mut signed = agreement(plus_days(today, days));
                signed.from = today;
                renewed(p, o, signed, today)
            }
        };
        new.map(|new| self.p.organisations.insert(o, new)).is_ok()
    }

    /// Today, and on later days, as far as is known today.
    fn check(&self) -> Result<(), TestCaseError> {
        for ahead in [0, 1, 8, 41, 60, 200] {
            let day = plus_days(self.today, ahead);
            let now = morning(day);
            let kept = self.p.workers.keys().any(|w| keeps(&self.p, *w, day));
            prop_assert!(kept, "nobody looks after the place on {day}");
            for facts in &self.people {
                for held in holding(&self.p, facts, now) {
                    let acts = held.holder.acts();
                    let there = acts.and_then(|w| self.p.workers.get(&w)).is_some_and(|w| w.active(day));
                    prop_assert!(there, "{held:?} on {day}");
                    let works = self.p.organisations[&held.holder.organisation].active(day);
                    prop_assert!(works, "{held:?} on {day} with one that does not work");
                }
                let lost = lost(&self.p, facts, now);
                prop_assert!(lost.is_empty(), "{lost:?} on {day}");
            }
            let place = holding_place(&self.p, now);
            prop_assert!(place.iter().all(|h| h.holder.acts().is_some()), "{place:?}");
            let lost = breaches(&self.p, &place, now);
            prop_assert!(lost.is_empty(), "{lost:?} on {day}");
            prop_assert!(lost_loose(&self.p, &LooseFacts::default(), now).is_empty());
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_comes_and_goes_nothing_is_left_with_nobody(tries in proptest::collection::vec(any_try(), 1..40)) {
        let mut year = Year::new();
        for one in tries {
            year.attempt(one);
            year.check()?;
        }
    }
}

/// The years are worth something only if each thing happens in them, and something is refused.
#[test]
fn the_years_get_everywhere() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut done, mut refused) = (BTreeSet::new(), 0);
    for _ in 0..40 {
        let mut year = Year::new();
        for one in proptest::collection::vec(any_try(), 40).new_tree(&mut runner).unwrap().current() {
            year.attempt(one);
        }
        done.extend(year.done);
        refused += year.refused;
    }
    let all = [
        "joined",
        "moved",
        "second place",
        "ended",
        "left",
        "stayed",
        "came back",
        "stopped",
        "let back",
        "closed",
        "paused",
        "opened",
        "team closed",
        "renewed",
    ];
    let missing: Vec<&str> = all.into_iter().filter(|name| !done.contains(name)).collect();
    assert!(missing.is_empty(), "never {missing:?}");
    assert!(refused > 50, "{refused} were refused");
}

/// Two who look after the place cannot each be let go because the other is still there.
#[test]
fn two_last_days_cannot_together_leave_the_place_to_nobody() {
    let mut year = Year::new();
    let (one, other) = (worker_id(2), worker_id(22));
    let giver = Giver { worker: None, role: WorkRole::SystemAdmin };
    let late = leaves(&year.p, one, plus_days(TODAY, 30), giver, TODAY).unwrap();
    year.p.workers.insert(one, late);
    assert!(leaves(&year.p, other, plus_days(TODAY, 5), giver, TODAY).is_err(), "sooner than the first");
    assert!(stopped(&year.p, other, worker_id(1), TODAY).is_err(), "nor stopped");
    let again = stays(&year.p, one, giver, TODAY).unwrap();
    year.p.workers.insert(one, again);
    assert!(leaves(&year.p, other, plus_days(TODAY, 5), giver, TODAY).is_ok());
}

/// A new agreement that begins later does not stop the one that holds now.
#[test]
fn a_renewal_leaves_no_gap() {
    let p = partnership();
    let mut later = agreement(plus_days(TODAY, 400));
    later.from = plus_days(TODAY, 20);
    let id = organisation_id(CHARITY);
    assert!(renewed(&p, id, later.clone(), TODAY).is_err());
    let mut lapsed = p.clone();
    lapsed.organisations.get_mut(&id).unwrap().agreement = Some(agreement(plus_days(TODAY, -1)));
    assert!(renewed(&lapsed, id, later, TODAY).is_ok(), "where none holds, it may begin later");
}
