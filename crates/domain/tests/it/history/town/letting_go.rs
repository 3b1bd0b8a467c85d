//! Leaving, and telling the person how things stand.

use kith_domain::consent::Basis;
use kith_domain::holding::{About, holding};
use kith_domain::id::ReferralId;
use kith_domain::letting_go::let_go;
use kith_domain::moves::{MoveKind, Surroundings};
use kith_domain::referral::{Party, Referral, Status};

use super::{Entry, Town};
use crate::world::*;

impl Town {
    /// As the program does it, whoever writes down that the person leaves.
    pub(super) fn everything_ends(&mut self, i: usize) {
        let (now, today) = (self.now, self.today());
        let facts = &self.people[i];
        let theirs: Vec<_> = facts.referrals.iter().filter_map(|r| self.rested.get(&r.id())).collect();
        let consents: Vec<_> =
            theirs.iter().zip(1..).map(|(r, n)| saved(n, Some(facts.id()), now, r.consent.clone())).collect();
        let around = Surroundings {
            now,
            calendar: &self.p.calendar,
            settings: self.p.settings(),
            person: &facts.person.value,
        };
        let gone = let_go(&facts.referrals, &consents, around);
        let ended: Vec<_> = gone
            .referrals
            .into_iter()
            .map(|(r, after)| (r.id::<ReferralId>(), r.value.status, after))
            .collect();
        assert!(gone.consents.iter().all(|(_, c)| !c.holds(now, today)));
        assert_eq!(gone.consents.len(), consents.iter().filter(|c| c.value.withdrawn.is_none()).count());
        for (id, from, after) in ended {
            let (kind, party) = (MoveKind::Cancel, Party::Requester);
            let to = after.status;
            self.journal.push(Entry { referral: id, at: now, kind, party, from, to, said: None });
            // What they may not see they are not told of by this either.
            if after.person_may_see() {
                self.watch.told(id);
            }
            let kept = self.people[i].referrals.iter_mut().find(|r| r.id::<ReferralId>() == id);
            kept.expect("it was there before").value = after;
        }
        let open = |s: Status| s != Status::Draft && !s.terminal();
        let theirs = |r: &Referral| !matches!(r.basis, Basis::Safeguarding(_) | Basis::LifeAtRisk(_));
        assert!(
            !self.people[i].referrals.iter().any(|r| theirs(&r.value) && open(r.value.status)),
            "nothing is left with anybody"
        );
    }

    /// As the program does it where the person stops and keeps their places: what goes on goes on,
    /// and nobody takes it back.
    pub(super) fn help_is_kept(&mut self, i: usize) {
        let (now, today) = (self.now, self.today());
        let mut kept = Vec::new();
        for r in &mut self.people[i].referrals {
            if r.value.goes_on() && r.value.theirs_to_stop() {
                r.value.kept_on = Some(today);
                kept.push(r.meta.id);
            }
        }
        let held = holding(&self.p, &self.people[i], now);
        let back = held.iter().filter(|h| h.about == About::TakeBack && kept.contains(&h.what.id));
        assert_eq!(back.count(), 0, "what they kept is not taken back");
        for id in &kept {
            assert!(held.iter().any(|h| h.what.id == *id), "and it is held");
        }
        if !kept.is_empty() {
            self.reach("kept on");
        }
    }

    /// The person is told how a referral stands.
    pub(super) fn tells_how_it_stands(&mut self, a: usize, b: usize) {
        let i = self.person_index(a);
        let now = self.now;
        let referrals = &mut self.people[i].referrals;
        let count = referrals.len().max(1);
        if let Some(r) = referrals.get_mut(b % count) {
            r.value = kith_domain::coming_back::told_the_person(&r.value, now);
            self.watch.told(r.id());
        }
    }
}
