//! What has to hold after every event, checked against the journal and the tables and
//! not against the code that made it so.

use std::collections::{BTreeMap, BTreeSet};

use kith_domain::clock::{Wait, partner_wait, whole_journey};
use kith_domain::holding::{About, Held, Level, Passed, holding, holding_loose};
use kith_domain::id::{RecordId, WorkerId};
use kith_domain::lost::{kept_moving, lost, lost_loose, overdue};
use kith_domain::moves::MoveKind;
use kith_domain::near::{Entry as IndexEntry, Search};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::organisation::OrganisationStatus;
use kith_domain::person::Standing;
use kith_domain::record::{Kind, Link, Record, Saved};
use kith_domain::referral::{Referral, Status};
use kith_domain::time::{Day, Instant, days_between};

use super::{Entry, Town};
use crate::tables::STATE_CHANGES;
use crate::world::*;

/// What storage keeps of a record for finding it, computed from the value as there.
struct Indexed {
    kind: Kind,
    open: bool,
    due: Option<Day>,
    links: Vec<Link>,
}

impl Indexed {
    fn entry(&self) -> IndexEntry<'_> {
        IndexEntry { kind: self.kind, open: self.open, due: self.due, links: &self.links }
    }
}

fn indexed<T: Record>(saved: &Saved<T>) -> Indexed {
    let mistake = saved.meta.entered_in_error;
    Indexed {
        kind: T::KIND,
        open: saved.value.open() && !mistake,
        due: saved.value.due(),
        links: if mistake { Vec::new() } else { saved.value.links() },
    }
}

fn index_of_person(facts: &kith_domain::holding::PersonFacts) -> Vec<Indexed> {
    let mut all = vec![indexed(&facts.person)];
    all.extend(facts.needs.iter().map(indexed));
    all.extend(facts.steps.iter().map(indexed));
    all.extend(facts.referrals.iter().map(indexed));
    all.extend(facts.tellings.iter().map(indexed));
    all.extend(facts.messages.iter().map(indexed));
    all.extend(facts.worries.iter().map(indexed));
    all.extend(facts.consents.iter().map(indexed));
    all
}

impl Town {
    pub fn check(&mut self) {
        let today = self.today();
        let mut all: Vec<Held> = holding_loose(&self.p, &self.loose, self.now);
        assert_eq!(lost_loose(&self.p, &self.loose, self.now), []);
        for facts in &self.people {
            assert_eq!(lost(&self.p, facts, self.now), []);
            let held = holding(&self.p, facts, self.now);
            self.every_open_thing_is_held(facts, &held);
            facts.referrals.iter().for_each(|r| self.referral_is_true(r));
            facts.needs.iter().for_each(|n| self.journey_is_true(facts, n));
            all.extend(held);
        }
        for h in &all {
            self.somebody_is_there(h);
        }
        // Dear to work out, and the same facts stand through many checks.
        self.checks += 1;
        if self.checks.is_multiple_of(16) {
            self.everything_is_found(&all);
        }
        self.journal.iter().for_each(state_change_is_published);
        self.rested.values().for_each(packet_is_within_its_basis);
        self.notice(&all, today);
    }

    /// Each record that says it is open stands in the holding, unless the person closed
    /// the whole of it themselves or died.
    fn every_open_thing_is_held(&self, facts: &kith_domain::holding::PersonFacts, held: &[Held]) {
        let ids: BTreeSet<_> = held.iter().map(|h| h.what.id).collect();
        let standing = &facts.person.value.standing;
        if facts.person.value.open() {
            assert!(ids.contains(&facts.person.meta.id), "the person is held");
        }
        if matches!(standing, Standing::Open | Standing::NotNow { .. } | Standing::DoorOpen { .. }) {
            all_in(&facts.needs, &ids);
            all_in(&facts.steps, &ids);
            all_in(&facts.tellings, &ids);
            all_in(&facts.referrals, &ids);
        } else if !facts.person.value.died() {
            let with_partners = facts.referrals.iter().filter(|r| !r.value.status.terminal());
            with_partners.for_each(|r| assert!(ids.contains(&r.meta.id), "it is taken back by somebody"));
        }
        all_in(&facts.messages, &ids);
        all_in(&facts.worries, &ids);
        let once: BTreeSet<_> = held.iter().map(|h| (h.what.id, h.about)).collect();
        assert_eq!(once.len(), held.len(), "nothing is held twice for one thing");
    }

    /// Whoever holds a thing, stands in for the one who does, or has it beside them because it
    /// has risen, finds the person or the loose thing by what `near` says.
    fn everything_is_found(&mut self, all: &[Held]) {
        let today = self.today();
        let mut near: BTreeMap<WorkerId, BTreeSet<Search>> = BTreeMap::new();
        let risen = |h: &Held| h.risen.and_then(|r| r.worker);
        for h in all {
            for worker in [h.holder.acts(), h.holder.lead, risen(h)].into_iter().flatten() {
                let searches =
                    near.entry(worker).or_insert_with(|| kith_domain::near::near(&self.p, worker, today));
                let found = |entries: &[Indexed]| {
                    let entries: Vec<IndexEntry<'_>> = entries.iter().map(Indexed::entry).collect();
                    searches.iter().any(|s| s.finds_among(&entries))
                };
                let there = match h.person {
                    Some(person) => {
                        self.people.iter().any(|f| f.id() == person && found(&index_of_person(f)))
                    }
                    None => self.index_loose(h.what.id).iter().any(|e| found(std::slice::from_ref(e))),
                };
                assert!(
                    there,
                    "{worker} finds {h:?}, with {:#?}",
                    self.people.iter().find(|f| Some(f.id()) == h.person)
                );
                if h.holder.acts() != Some(worker) && h.holder.lead != Some(worker) {
                    assert!(kith_domain::near::stands_in(&self.p, worker, today));
                }
            }
        }
    }

    fn index_loose(&self, id: RecordId) -> Vec<Indexed> {
        let loose = &self.loose;
        let all = loose.coming_ins.iter().map(|s| (s.meta.id, indexed(s)));
        let all = all.chain(loose.hand_overs.iter().map(|s| (s.meta.id, indexed(s))));
        let all = all.chain(loose.worries.iter().map(|s| (s.meta.id, indexed(s))));
        all.filter(|(of, _)| *of == id).map(|(_, entry)| entry).collect()
    }

    /// The one who acts is a real worker who is there today for that organisation.
    fn somebody_is_there(&self, h: &Held) {
        let today = self.today();
        let acts = h.holder.acts().expect("somebody named acts");
        let w = &self.p.workers[&acts];
        assert!(w.left.is_none_or(|d| today < d) && w.suspended.is_none_or(|d| today < d), "they work here");
        assert!(
            w.memberships.iter().any(|m| m.organisation == h.holder.organisation),
            "for that organisation"
        );
        let away =
            |a: &kith_domain::organisation::Absence| a.from <= today && a.until.is_none_or(|u| today <= u);
        assert!(!w.absences.iter().any(away), "and are not away");
        let organisation = &self.p.organisations[&h.holder.organisation];
        // A member while its agreement is in date; the net for as long as it is open.
        let is_net = h.holder.organisation == self.p.place.net_organisation;
        let open = organisation.status == OrganisationStatus::Active;
        let works = if is_net { open } else { organisation.active(today) };
        assert!(works && self.p.teams[&h.holder.team].active(today), "which works");
        assert_eq!(self.p.teams[&h.holder.team].organisation, h.holder.organisation);
        if let Some(risen) = h.risen {
            assert_ne!(risen.worker, Some(acts), "a second person is another person");
        }
    }

    /// Status and waits of a referral are what the journal says.
    fn referral_is_true(&self, saved: &Saved<Referral>) {
        let r = &saved.value;
        let entries: Vec<&Entry> = self.journal.iter().filter(|e| e.referral == saved.id()).collect();
        let last = entries.last().map_or(Status::Draft, |e| e.to);
        assert_eq!(r.status, last);
        for pair in entries.windows(2) {
            assert_eq!(pair[0].to, pair[1].from, "each move starts where the last one ended");
        }
        let untold = kith_domain::today::untold(r);
        assert_eq!(untold, self.watch.untold(saved.id()), "news is what the person was not told");
        if r.status == Status::EnteredInError {
            return;
        }
        let wait = partner_wait(r, self.now, &self.p.calendar);
        let Some(sent) = entries.iter().find(|e| e.kind == MoveKind::Send) else {
            assert_eq!(wait.to_first, Wait::NotStarted);
            return;
        };
        // A clock set back never shortens what was already written down.
        let days = |to: Instant| {
            let to = to.max(sent.at);
            u32::try_from(days_between(self.p.calendar.day(sent.at), self.p.calendar.day(to))).unwrap()
        };
        let latest_before = |n: usize| entries[..=n].iter().map(|e| e.at).max().unwrap();
        let end = entries.iter().position(|e| !e.from.terminal() && e.to.terminal());
        let ended = end.map(|n| days(latest_before(n)));
        let first = entries.iter().filter_map(|e| e.said).min().map(days);
        let expected = match (first, ended) {
            (Some(days), _) => Wait::Over(days),
            (None, Some(_)) => Wait::Without(wait.to_first.days().unwrap()),
            (None, None) => Wait::Still(days(self.now)),
        };
        assert_eq!(wait.to_first, expected);
        if let Some(upper) = ended {
            assert!(wait.to_end.days().unwrap() <= upper, "an end is never later than the latest clock");
            assert!(matches!(wait.to_end, Wait::Over(_)));
        }
    }

    /// The whole journey of a need is what the journal says of every door it went to.
    fn journey_is_true(&self, facts: &kith_domain::holding::PersonFacts, need: &Saved<Need>) {
        let calendar = &self.p.calendar;
        let asked: Vec<_> = facts.referrals.iter().filter(|r| r.value.need == need.id()).cloned().collect();
        let tellings: Vec<_> =
            facts.tellings.iter().filter(|t| t.value.need == Some(need.id())).cloned().collect();
        let wait = whole_journey(&need.value, None, &asked, &tellings, self.now, calendar);
        let real = asked.iter().filter(|r| r.value.status != Status::EnteredInError);
        let ids: BTreeSet<kith_domain::id::ReferralId> = real.map(|r| r.id()).collect();
        let came = self.journal.iter().filter(|e| ids.contains(&e.referral)).filter_map(|e| e.said).min();
        let days = |day| u32::try_from(days_between(calendar.day(need.value.raised_at), day)).unwrap_or(0);
        let expected = match (came, &need.value.status) {
            (Some(at), _) => Wait::Over(days(calendar.day(at))),
            (None, NeedStatus::Met { on, .. }) => Wait::Over(days(*on)),
            (None, NeedStatus::SaidNo { on } | NeedStatus::Finished { on }) => Wait::Without(days(*on)),
            (None, _) => Wait::Still(days(self.today())),
        };
        assert_eq!(wait, expected);
        let asked_before = need.value.raised_at.plus_days(-20);
        let whole = whole_journey(&need.value, Some(asked_before), &asked, &tellings, self.now, calendar);
        assert!(whole.days() >= wait.days(), "asking before the need was written down counts");
    }

    /// Sixty days in which no job runs and nobody does anything.
    pub fn sixty_days_without_jobs(&mut self) {
        for _ in 0..12 {
            self.now = self.now.plus_days(5);
            self.check();
        }
        let today = self.today();
        for facts in &self.people {
            let held = holding(&self.p, facts, self.now);
            if facts.person.value.standing == Standing::Open {
                assert!(
                    !overdue(&held, self.now, today).is_empty(),
                    "who waits for somebody shows as overdue"
                );
                let plan = held.iter().find(|h| h.is_plan()).expect("a plan");
                let risen = plan.risen.expect("a plan that nobody touched for sixty days has risen");
                assert!(risen.level >= Level::Organisation);
                assert!(risen.worker.is_some(), "to somebody");
            }
        }
        let loose = holding_loose(&self.p, &self.loose, self.now);
        assert_eq!(overdue(&loose, self.now, today).len(), loose.len());
    }

    fn notice(&mut self, held: &[Held], today: kith_domain::time::Day) {
        let mut seen = Vec::new();
        for h in held {
            seen.extend(match h.about {
                About::NoReply => Some("no reply"),
                About::ReceiverOut => Some("receiver out"),
                About::Question => Some("question"),
                About::TakeBack => Some("took back"),
                About::HandOverNotTaken => Some("offer not taken"),
                About::Silence => Some("silence"),
                About::CheckIn => Some("check-in"),
                About::ToTell => Some("to tell"),
                About::LookAgain => Some("look again"),
                _ => None,
            });
            let passed =
                h.passed.iter().any(|p| matches!(p, Passed::OrganisationOut(_) | Passed::TeamClosed(_)));
            seen.extend(
                (passed && h.holder.organisation == organisation_id(NET)).then_some("held by the net"),
            );
            seen.extend(h.holder.cover.map(|_| "held by cover"));
            let successor = |p: &Passed| match p {
                Passed::TeamClosed(t) => self.p.teams[t].closed.and_then(|c| c.successor),
                _ => None,
            };
            let taken_over = h.passed.iter().filter_map(successor).any(|team| team == h.holder.team);
            seen.extend(taken_over.then_some("held by a team's successor"));
            let risen = h.risen.is_some_and(|r| r.level == Level::Partnership);
            seen.extend(risen.then_some("risen to the partnership"));
        }
        seen.extend((!kept_moving(held).is_empty()).then_some("kept moving"));
        seen.extend((!overdue(held, self.now, today).is_empty()).then_some("overdue"));
        seen.into_iter().for_each(|event| self.reach(event));
    }
}

fn all_in<T: Record>(saved: &[Saved<T>], ids: &BTreeSet<kith_domain::id::RecordId>) {
    for s in saved.iter().filter(|s| s.value.open()) {
        assert!(ids.contains(&s.meta.id), "{:?} {} is open and held by nobody", T::KIND, s.value.state());
    }
}

fn state_change_is_published(e: &Entry) {
    let change = (e.from, e.to, e.party);
    assert!(e.from == e.to || STATE_CHANGES.contains(&change), "{:?} by {:?}: {change:?}", e.kind, e.party);
}

fn packet_is_within_its_basis(rested: &super::Rested) {
    let need = rested.referral.need.into();
    let (consent, agreement) = (&rested.consent, &rested.agreement);
    for line in &rested.referral.packet.lines {
        assert!(
            agreement.areas.contains(&line.area) && line.sensitivity.level() <= agreement.ceiling.level()
        );
    }
    // Without the person's agreement somebody decided, with a reason, the least and a day.
    if let Some(d) = rested.referral.basis.decided() {
        assert!(![&d.decided_by, &d.why, &d.least].iter().any(|said| said.trim().is_empty()));
        let sent = rested.referral.requested_at.expect("it was sent");
        assert!(d.review_on >= kith_domain::time::Calendar::england().day(sent));
        return;
    }
    assert!(!consent.given.said_no_to.iter().any(|no| no.item == Some(need)), "nor for a need refused");
    for line in &rested.referral.packet.lines {
        assert!(consent.areas.contains(&line.area));
        assert!(line.sensitivity.level() <= consent.max_sensitivity.level());
        if line.sensitivity.level() >= 3 {
            assert!(!line.categories.is_empty(), "what is very private goes only by its name");
            assert!(line.categories.iter().all(|c| consent.categories.contains(c)), "to which they agreed");
        }
    }
    assert_eq!(consent.organisation, rested.referral.receiver.organisation);
}
