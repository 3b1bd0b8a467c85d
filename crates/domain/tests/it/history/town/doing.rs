//! What happens, each through the same functions the program uses.

use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::coming_in::{Answered, ComingIn, PersonKnows, Sender};
use kith_domain::consent::{Basis, Consent, Decided};
use kith_domain::contact::Channel;
use kith_domain::holding::may_hold;
use kith_domain::life;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::moves::{Move, MoveKind, Mover, Refused, Surroundings, apply, who_may};
use kith_domain::need::{Need, NeedStatus, Unmet, UnmetReason};
use kith_domain::next_date::{NextDate, move_next_date};
use kith_domain::organisation::*;
use kith_domain::person::{CameBy, Whereabouts};
use kith_domain::plan::{Asks, Step, StepOwner, StepStatus, Telling, TellingOutcome, ToldAbout};
use kith_domain::record::{Author, Record};
use kith_domain::referral::*;
use kith_domain::sending::{Sending, check_sending};
use kith_domain::time::plus_days;
use kith_domain::worry::{Check, Spoken, Worry, close, pass_on};

use super::watch::Made;
use super::{Entry, Rested, Town};
use crate::history::commands::Event;
use crate::world::*;

impl Town {
    pub(super) fn new_person(&mut self) {
        let n = self.fresh();
        let mut person = badger(n, self.now);
        // Whoever of the navigators is there; nobody named yet if nobody is.
        let today = self.today();
        let mut holders = vec![aisha(), holder(NAVIGATORS, Some(12)), holder(NET, Some(2))];
        if n.is_multiple_of(3) {
            holders.insert(0, second(Some(15)));
        }
        let free = holders.into_iter().find(|h| may_hold(&self.p, h, true, today).is_ok());
        person.person.value.holder = free.unwrap_or(holder(NET, None));
        self.people.push(person);
        if self.people.len() > 6 {
            self.people.remove(0);
        }
    }

    pub(super) fn new_need(&mut self, a: usize) {
        let i = self.person_index(a);
        let (n, who, now) = (self.fresh(), self.person_id(i), self.now);
        let value = Need { holder: self.people[i].person.value.holder, ..need(now) };
        self.people[i].needs.push(saved(n, Some(who), now, value));
    }

    pub(super) fn each_need(&mut self, a: usize, b: usize, change: impl FnOnce(&mut Need)) -> bool {
        let i = self.person_index(a);
        let needs = &mut self.people[i].needs;
        let count = needs.len().max(1);
        let one = needs.get_mut(b % count).filter(|n| n.value.status == NeedStatus::Open);
        let found = one.is_some();
        if let Some(n) = one {
            change(&mut n.value);
        }
        found
    }

    pub(super) fn need_unmet(&mut self, a: usize, b: usize) {
        let review_on = plus_days(self.today(), self.p.settings().unmet_review_days.into());
        let unmet = Unmet { since: self.now, reason: UnmetReason::NoService, review_on, place: None };
        if self.each_need(a, b, |need| need.unmet = Some(unmet)) {
            self.reach("unmet");
        }
    }

    pub(super) fn send(
        &mut self,
        a: usize,
        b: usize,
        areas: Vec<Area>,
        agreed: Vec<Area>,
        most: Sensitivity,
        receiver: u128,
    ) {
        let i = self.person_index(a);
        if self.people[i].needs.is_empty() {
            self.new_need(a);
        }
        let (now, today, who) = (self.now, self.today(), self.person_id(i));
        let facts = &self.people[i];
        let facts_needs = facts.needs.len();
        let need = facts.needs[b % facts_needs].clone();
        let (rid, cid) = (self.fresh(), self.fresh());
        let lines: Vec<PacketLine> = areas
            .iter()
            .zip(0u128..)
            .map(|(area, n)| {
                let level = Sensitivity::from_level(1 + (b as i64 / 2 + n as i64) % 3).unwrap();
                // What is very private names what it is about, mostly.
                let named = if level == Sensitivity::S3 { named(b / 6) } else { Vec::new() };
                line(0x9000 + n, *area, level, named)
            })
            .collect();
        let mut given = consent(id(rid), receiver, agreed, now);
        given.max_sensitivity = most;
        given.categories = named(b / 30);
        let sender = self.people[i].person.value.holder;
        let mut r = draft(need.meta.id.into(), receiver, id(cid), lines, today);
        r.sender = End { organisation: sender.organisation, team: sender.team, worker: sender.lead };
        if let Some(basis) = decided(b / 5, today) {
            r.basis = basis;
        }
        let sent = self.sent(&r, rid, cid, &given, i, &need.value);
        self.reach(if sent.is_some() { "requested" } else { "packet refused" });
        self.reach("draft");
        let kept = sent.unwrap_or(r);
        if kept.status == Status::Requested {
            if kept.basis.decided().is_some() {
                self.reach("sent without agreement");
            }
            if kept.packet.lines.iter().any(|l| l.sensitivity == Sensitivity::S3) {
                self.reach("very private sent");
            }
            // As the page does it: what comes next about the need is what comes of this.
            let latest = kith_domain::next_date::latest(today, self.p.settings());
            let asked = &mut self.people[i].needs[b % facts_needs].value;
            asked.next = NextDate::new("Look for the reply", kept.reply_by.min(latest));
            (asked.unmet, asked.follows_help) = (None, true);
            let agreement = self.p.organisations[&organisation_id(receiver)].agreement.clone().unwrap();
            let rested = Rested { referral: kept.clone(), consent: given.clone(), agreement };
            self.rested.insert(id(rid), rested);
            self.journal.push(Entry {
                referral: id(rid),
                at: now,
                kind: MoveKind::Send,
                party: Party::Requester,
                from: Status::Draft,
                to: Status::Requested,
                said: None,
            });
        }
        // Now and then they agree to more than this one packet, and that ends some day.
        if b.is_multiple_of(3) {
            let mut standing = given.clone();
            standing.kind = kith_domain::consent::ConsentKind::Standing;
            standing.until = plus_days(today, 20 + i32::try_from(b % 50).unwrap());
            let standing = saved(self.fresh(), Some(who), now, standing);
            self.people[i].consents.push(standing);
        }
        self.consents.insert(id(cid), given);
        let mut made = saved(rid, Some(who), now, kept);
        made.meta.owner = sender.organisation;
        self.people[i].referrals.push(made);
    }

    fn sent(
        &self,
        r: &Referral,
        rid: u128,
        cid: u128,
        given: &Consent,
        i: usize,
        need: &Need,
    ) -> Option<Referral> {
        let versions: Vec<_> = r.packet.lines.iter().map(|l| (l.item, l.version)).collect();
        let sending = Sending {
            id: id(rid),
            referral: r,
            person: &self.people[i].person.value,
            need: Some(need),
            service_shut: None,
            receiver: &self.p.organisations[&r.receiver.organisation],
            receiver_team: &self.p.teams[&r.receiver.team],
            role_ceiling: None,
            consent: Some((id(cid), given)),
            versions: &versions,
        };
        let checked = check_sending(&sending, self.now, &self.p.calendar, self.p.settings()).ok()?;
        let by = Mover { party: Party::Requester, worker: r.sender.worker };
        let around = Surroundings {
            now: self.now,
            calendar: &self.p.calendar,
            settings: self.p.settings(),
            person: &self.people[i].person.value,
        };
        Some(apply(r, &Move::Send(Box::new(checked)), by, around).expect("a checked draft can be sent"))
    }

    pub(super) fn referral_move(&mut self, a: usize, b: usize, kind: MoveKind, party: Party) {
        let i = self.person_index(a);
        let referrals = &self.people[i].referrals;
        // Mostly what a page would offer, sometimes whatever somebody tries.
        let legal = |n: usize, k: MoveKind, p: Party| who_may(referrals[n].value.status, k).contains(&p);
        // Ending help is tried where somebody could not come.
        let fails = |n: &usize| {
            let missed = referrals[*n].value.could_not_come > 0 && legal(*n, kind, party);
            missed && (kind, party) == (MoveKind::Fail, Party::Target)
        };
        // Only a day that was agreed can be missed: one is agreed first, and comes.
        let expects = |n: &usize| kind == MoveKind::CouldNotCome && legal(*n, kind, Party::Target);
        let (n, kind, party) = if let Some(n) = (0..referrals.len()).find(fails) {
            (n, kind, party)
        } else if let Some(n) = (0..referrals.len()).find(expects).filter(|_| !b.is_multiple_of(7)) {
            let agreed = referrals[n].value.agreed.is_some();
            (n, if agreed { kind } else { MoveKind::AgreeDate }, Party::Target)
        } else if b.is_multiple_of(3) {
            let fitting: Vec<usize> = (0..referrals.len()).filter(|n| legal(*n, kind, party)).collect();
            let any = b / 3 % referrals.len().max(1);
            (
                fitting
                    .get(b / 3 % fitting.len().max(1))
                    .copied()
                    .filter(|_| b.is_multiple_of(2))
                    .unwrap_or(any),
                kind,
                party,
            )
        } else {
            let likely = |k: &MoveKind| match k {
                MoveKind::EnterInError => b.is_multiple_of(11),
                MoveKind::Cancel => b.is_multiple_of(7),
                MoveKind::Decline | MoveKind::Fail | MoveKind::End => b.is_multiple_of(4),
                _ => true,
            };
            let moves = || MoveKind::ALL.into_iter().filter(likely);
            let sides = [Party::Requester, Party::Target];
            let offers: Vec<_> = (0..referrals.len())
                .flat_map(|n| moves().flat_map(move |k| sides.map(|p| (n, k, p))))
                .filter(|(n, k, p)| legal(*n, *k, *p) && referrals[*n].value.status != Status::Draft)
                .collect();
            offers.get(b / 3 % offers.len().max(1)).copied().unwrap_or((0, kind, party))
        };
        if referrals.is_empty() || kind == MoveKind::Send {
            return;
        }
        let before = referrals[n].clone();
        let organisation = before.value.receiver.organisation;
        let theirs = self.p.workers.iter().filter(|(_, w)| w.memberships[0].organisation == organisation);
        let workers: Vec<_> = theirs.map(|(id, _)| *id).collect();
        if let (MoveKind::CouldNotCome, Some(date)) = (kind, &before.value.agreed) {
            self.now = self.now.max(date.at);
        }
        let mut step = self.step_of(kind, b, &workers);
        if let (Move::CouldNotCome { at, .. }, Some(date)) = (&mut step, &before.value.agreed) {
            *at = date.at;
        }
        let around = Surroundings {
            now: self.now,
            calendar: &self.p.calendar,
            settings: self.p.settings(),
            person: &self.people[i].person.value,
        };
        let worker =
            (party == Party::Target).then(|| self.p.teams[&before.value.receiver.team].lead).flatten();
        match apply(&before.value, &step, Mover { party, worker }, around) {
            Ok(after) => {
                let said = match step {
                    Move::Came { at, .. } | Move::Start { at, .. } => Some(at),
                    _ => None,
                };
                self.journal.push(Entry {
                    referral: before.id(),
                    at: self.now,
                    kind,
                    party,
                    from: before.value.status,
                    to: after.status,
                    said,
                });
                let on = match step {
                    Move::CouldNotCome { at, .. } => Some(self.p.calendar.day(at)),
                    _ => None,
                };
                let facts = &self.people[i];
                self.watch.made(&Made {
                    id: before.id(),
                    who: facts.id(),
                    before: &before.value,
                    after: &after,
                    step: &step,
                    party,
                    person: &facts.person.value,
                    now: self.now,
                    on,
                });
                self.reach(after.status.code());
                if after.could_not_come >= 2 {
                    self.reach("could not come twice");
                }
                let saved = &mut self.people[i].referrals[n];
                saved.value = after;
                saved.meta.version += 1;
                saved.meta.at = self.now;
            }
            Err(Refused::Illegal { .. }) => self.reach("illegal"),
            Err(Refused::WrongParty { .. }) => self.reach("wrong party"),
            Err(Refused::Away) => self.reach("away"),
            Err(Refused::NotComing) => self.reach("not coming"),
            Err(Refused::Died) => self.reach("asked after a death"),
            Err(Refused::Missing(_) | Refused::NextDate(_)) => {}
        }
    }

    fn step_of(&self, kind: MoveKind, b: usize, workers: &[kith_domain::id::WorkerId]) -> Move {
        let next = next(plus_days(self.today(), i32::try_from(b % 29).unwrap()));
        let why = "Because".to_owned();
        let date = Offer { at: self.now.plus_days(1 + (b % 50) as i64), place: "Library".into(), with: None };
        let at = self.now.plus_hours(-((b % 30) as i64));
        match kind {
            MoveKind::Send | MoveKind::See => Move::See,
            MoveKind::Ask => Move::Ask(why),
            MoveKind::Answer => Move::Answer(why),
            MoveKind::Accept => Move::Accept { worker: workers.get(b % workers.len().max(1)).copied(), next },
            MoveKind::Wait => Move::Wait { next },
            MoveKind::OfferDates => Move::OfferDates { dates: vec![date], next },
            MoveKind::AgreeDate => Move::AgreeDate(date),
            MoveKind::Came => Move::Came { at, next },
            MoveKind::CouldNotCome => Move::CouldNotCome { at, next },
            MoveKind::Start => Move::Start { at, next },
            MoveKind::Decline => Move::Decline(Decline {
                reason: DeclineReason::ALL[b % DeclineReason::ALL.len()],
                words: why,
                better_place: None,
            }),
            MoveKind::Cancel => Move::Cancel { why },
            MoveKind::Hold => Move::Hold { why, next },
            MoveKind::Resume => Move::Resume { next },
            MoveKind::End => Move::End { outcome: (b.is_multiple_of(2)).then(outcome) },
            MoveKind::Fail => Move::Fail { why },
            MoveKind::Tell => Move::Tell(outcome()),
            MoveKind::Settle => Move::Settle { next: why },
            MoveKind::GiveBack => Move::GiveBack { next },
            MoveKind::SetNext => Move::SetNext { next, why, spoken: b.is_multiple_of(5) },
            MoveKind::EnterInError => Move::EnterInError { why },
        }
    }

    pub(super) fn tell(&mut self, a: usize, b: usize, tells: bool) {
        let i = self.person_index(a);
        let (n, who, now) = (self.fresh(), self.person_id(i), self.now);
        let ask_on = plus_days(self.today(), 7);
        let facts = &mut self.people[i];
        if tells {
            let value = Telling {
                area: Area::Connection,
                need: None,
                about: ToldAbout::Other,
                name: "the breakfast group".into(),
                told_by: worker_id(11),
                told_at: now,
                goes_along: None,
                ask_on,
                holder: facts.person.value.holder,
                outcome: None,
                words: None,
            };
            facts.tellings.push(saved(n, Some(who), now, value));
        } else if let Some(t) = facts.tellings.last_mut() {
            let outcomes = [TellingOutcome::GotThere, TellingOutcome::NotYet, TellingOutcome::NoThanks];
            t.value.outcome = Some(outcomes[b % 3]);
            t.value.ask_on = ask_on;
        }
    }

    pub(super) fn new_step(&mut self, a: usize, b: usize) {
        let i = self.person_index(a);
        let (n, who, now, by) = (self.fresh(), self.person_id(i), self.now, plus_days(self.today(), 10));
        let (organisation, team) = (organisation_id(TRUST), team_id(TRUST));
        let owners = [
            StepOwner::Person,
            StepOwner::Team { organisation, team },
            StepOwner::Worker { organisation, team, worker: worker_id(31) },
        ];
        let holder = self.people[i].person.value.holder;
        let value = Step {
            area: Area::HealthAndCare,
            sensitivity: Sensitivity::S1,
            what: "Ring the surgery".into(),
            need: None,
            goal: None,
            owner: owners[b % 3],
            by,
            asks: Asks::Asks,
            accepted: None,
            said_no: None,
            holder,
            status: StepStatus::Open,
            moves_without_contact: 0,
            categories: Vec::new(),
            guard: Default::default(),
        };
        self.people[i].steps.push(saved(n, Some(who), now, value));
    }

    pub(super) fn step(&mut self, a: usize, b: usize, done: bool) {
        let i = self.person_index(a);
        let (now, on) = (self.now, self.today());
        let steps = &mut self.people[i].steps;
        let count = steps.len().max(1);
        let Some(step) = steps.get_mut(b % count) else { return };
        if done {
            step.value.status = StepStatus::Done { on, words: None };
        } else {
            step.value.accepted = Some(now);
        }
    }

    pub(super) fn writes(&mut self, a: usize) {
        let i = self.person_index(a);
        let (n, who, now) = (self.fresh(), self.person_id(i), self.now);
        let read_by = self.p.calendar.plus_working(self.today(), 1);
        let holder = self.people[i].person.value.holder;
        let value = Message {
            kind: MessageKind::OwnWords,
            from: Author::Person { person: who },
            to: MessageTo::Reader { holder, read_by },
            words: "Can we meet on Tuesday?".into(),
            area: Area::Connection,
            sensitivity: Sensitivity::S1,
            about: None,
            written_at: now,
            read_at: None,
            quiet: false,
            review: false,
            take_out: None,
        };
        self.people[i].messages.push(saved(n, Some(who), now, value));
    }

    pub(super) fn reads(&mut self, a: usize) {
        let i = self.person_index(a);
        let now = self.now;
        if let Some(m) = self.people[i].messages.iter_mut().find(|m| m.value.read_at.is_none()) {
            m.value.read_at = Some(now);
        }
    }

    pub(super) fn worry(&mut self, a: usize, b: usize) {
        let i = self.person_index(a);
        let (n, who, now) = (self.fresh(), self.person_id(i), self.now);
        let charity = b.is_multiple_of(2);
        let value = Worry {
            about: None,
            words: "He did not open the door".into(),
            numbers_first_at: now,
            raised_at: now,
            holder: if charity { holder(CHARITY, Some(21)) } else { aisha() },
            raised_as: WorkRole::VcseWorker,
            spoken: None,
            check: None,
            closed: None,
            checked: None,
            concern: None,
        };
        if b.is_multiple_of(3) {
            self.loose.worries.push(saved(n, None, now, value));
        } else {
            self.people[i].worries.push(saved(n, Some(who), now, value));
        }
    }

    pub(super) fn worry_passed_on(&mut self, a: usize) {
        let i = self.person_index(a);
        let now = self.now;
        let spoken = Spoken {
            name: "Sam".into(),
            organisation: "Crisis team".into(),
            at: now,
            agreed: "Sam rings him".into(),
            took_it_on: true,
        };
        let check = Check {
            name: "Sam".into(),
            role: WorkRole::CrisisWorker,
            organisation: organisation_id(TRUST),
            team: team_id(TRUST),
            worker: Some(worker_id(31)),
            at: now.plus_hours(2),
        };
        let settings = self.p.settings().clone();
        let all = self.people[i].worries.iter_mut().chain(&mut self.loose.worries);
        let mut passed = 0;
        for w in all {
            if let Ok(after) = pass_on(&w.value, spoken.clone(), check.clone(), now, &settings) {
                w.value = after;
                passed += 1;
            }
        }
        if passed > 0 {
            self.reach("worry passed on");
        }
    }

    pub(super) fn worry_closes(&mut self, a: usize) {
        let i = self.person_index(a);
        let now = self.now;
        for w in self.people[i].worries.iter_mut().chain(&mut self.loose.worries) {
            if let Ok(after) = close(&w.value, "He is at his sister's", worker_id(31), now) {
                w.value = after;
            }
        }
    }

    pub(super) fn comes_in(&mut self) {
        let (n, now) = (self.fresh(), self.now);
        let reply_by =
            self.p.calendar.plus_working(self.today(), self.p.settings().answer_working_days.into());
        let sender = Sender {
            by: CameBy::GpPractice,
            name: Some("Priya".into()),
            organisation: Some("Mill Lane Surgery".into()),
            contact: None,
            knows: PersonKnows::Yes,
            may_be_told: true,
        };
        let value = ComingIn {
            sender,
            called: "Lee".into(),
            safe_contact: safe_contact(),
            words: "Help with rent".into(),
            arrived_at: now,
            holder: holder(NAVIGATORS, None),
            reply_by,
            fingerprint: n.to_string(),
            sender_told_at: None,
            outcome_told_at: None,
            not_told_at: None,
            answered: None,
        };
        self.loose.coming_ins.push(saved(n, None, now, value));
    }

    pub(super) fn coming_in_answered(&mut self, a: usize) {
        let (who, now) = (self.person_id(self.person_index(a)), self.now);
        if let Some(c) = self.loose.coming_ins.iter_mut().find(|c| c.value.open()) {
            c.value.answered = Some(Answered::BecamePerson { at: now, person: who });
        }
    }

    pub(super) fn moves_next_date(&mut self, a: usize, days: i32) {
        let i = self.person_index(a);
        let (now, today) = (self.now, self.today());
        let on = plus_days(today, days);
        let person = &self.people[i].person.value;
        let moved = move_next_date(
            &person.next,
            ("Ring", on),
            "Busy",
            person.heard_at,
            now,
            today,
            self.p.settings(),
        );
        match moved {
            Ok(next) => self.people[i].person.value.next = next,
            Err(_) => self.reach("next date refused"),
        }
    }

    pub(super) fn life(&mut self, a: usize, b: usize, event: &Event) {
        let i = self.person_index(a);
        let (now, today) = (self.now, self.today());
        let settings = self.p.settings().clone();
        let person = &self.people[i].person.value;
        let (name, after) = match *event {
            Event::SpokenTo => ("spoken to", life::spoken_to(person, now)),
            Event::Tried => ("tries used", life::tried(person, Channel::Text, false, now, &settings)),
            Event::DoorOpen => ("door open", life::open_door(person, plus_days(today, 60), today, &settings)),
            Event::Dies => ("died", life::died(person, None, Author::Public, now, today)),
            Event::DiedByMistake => ("died by mistake", life::not_died(person)),
            Event::EveryoneTold => ("everyone told", life::everyone_told(person, now)),
            Event::Stops => ("stopped", life::stop(person, today)),
            Event::Leaves => ("left", life::leave(person, today)),
            Event::Finishes => ("finished", life::finish(person, None, today)),
            Event::NotNow { days } => {
                ("not now", life::not_now(person, plus_days(today, days), today, &settings))
            }
            Event::Reopens => {
                ("reopened", life::reopen(person, "Ring", plus_days(today, 3), today, &settings))
            }
            Event::IsAt { place } => {
                let (name, at) = whereabouts(place, today);
                (name, life::is_at(person, at, today))
            }
            _ => return,
        };
        match after {
            Ok(after) => {
                let stops = after.standing.stopped();
                if let Event::IsAt { .. } = event {
                    let who = self.person_id(i);
                    self.watch.is_at(who, &after.whereabouts, today);
                }
                if let Event::Dies = event {
                    self.keeps_how_it_stood(i);
                }
                self.people[i].person.value = after;
                match event {
                    Event::Dies => self.tells_of_death(i),
                    Event::EveryoneTold => self.ends_what_is_open(i),
                    Event::DiedByMistake => {
                        self.opens_what_was_ended(i);
                        self.tells_of_mistake(i);
                    }
                    _ => {}
                }
                match b % 3 {
                    0 if stops => self.everything_ends(i),
                    1 if stops => self.help_is_kept(i),
                    _ => {}
                }
                if name != "tries used" {
                    self.reach(name);
                }
            }
            Err(life::NotSo::TriesUsed { .. }) => self.reach("tries used"),
            Err(_) => {}
        }
    }

    pub(super) fn stops_consent(&mut self, a: usize) {
        let now = self.now;
        let count = self.consents.len().max(1);
        if let Some(consent) = self.consents.values_mut().nth(a % count) {
            consent.withdrawn = Some(now);
            self.reach("agreement stopped");
        }
    }
}

fn whereabouts(place: u8, today: kith_domain::time::Day) -> (&'static str, Whereabouts) {
    match place {
        0 => ("hospital", Whereabouts::Hospital { since: today, detained: true, out_of_area: true }),
        1 => ("prison", Whereabouts::Prison { since: today, release: Some(plus_days(today, 11)) }),
        2 => ("moved", Whereabouts::MovedAway { on: today, to: None }),
        _ => ("home again", Whereabouts::Home),
    }
}

/// What something very private is about; now and then nothing is named.
fn named(b: usize) -> Vec<Category> {
    match b % 5 {
        0 => vec![],
        1 => vec![Category::DomesticAbuse],
        2 => vec![Category::Suicide, Category::SubstanceUse],
        _ => vec![Category::Suicide],
    }
}

/// Now and then somebody decided without the person's agreement, and not always well.
fn decided(b: usize, today: kith_domain::time::Day) -> Option<Basis> {
    let said = |words: &str| if b.is_multiple_of(13) { String::new() } else { words.to_owned() };
    let decided = Decided {
        decided_by: "Dr Shah, GP".into(),
        worker: None,
        why: said("He cannot keep himself warm"),
        least: "Where he sleeps".into(),
        review_on: plus_days(today, (b % 40) as i32 - 1),
        confirmed: None,
        looked_again: Vec::new(),
    };
    match b % 8 {
        0 => Some(Basis::BestInterests(decided)),
        1 => Some(Basis::Safeguarding(decided)),
        2 => Some(Basis::LifeAtRisk(decided)),
        _ => None,
    }
}

fn outcome() -> Outcome {
    Outcome { happened: Happened::Partly, helped: Helped::ABit, words: None }
}
