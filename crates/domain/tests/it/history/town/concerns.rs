//! What happens with safeguarding concerns, and with looking how somebody is meanwhile.

use kith_domain::concern::{Concern, ConcernAbout, Made, SafeNow, Wants, answered, made, raise};
use kith_domain::time::plus_days;
use kith_domain::worry::{NotPassedOn, checked, close};

use super::Town;
use crate::world::*;

impl Town {
    pub(super) fn concern(&mut self, a: usize, step: u8) {
        let i = self.person_index(a);
        let (now, today, settings) = (self.now, self.today(), self.p.settings().clone());
        let concern = Concern {
            about: ConcernAbout::ChildAtHome,
            wants: Wants::NotAsked("He was asleep".into()),
            safe_now: SafeNow::Safe("With his sister".into()),
            decided_by: "Grace".into(),
            why: "Somebody shouts at night".into(),
            not_told: None,
            decided_at: now,
            made: None,
            answered: None,
        };
        let told = Made {
            at: now,
            route: "The council\u{2019}s line".into(),
            reference: None,
            reply_by: plus_days(today, 5),
            by: worker_id(11),
        };
        let mut done = Vec::new();
        for w in self.people[i].worries.iter_mut().chain(&mut self.loose.worries) {
            // Mostly what a page would offer: what comes next with it.
            let (what, after) = match (&w.value.concern, step) {
                (None, 0 | 1) => ("concern raised", raise(&w.value, concern.clone())),
                (Some(c), 1 | 2) if c.made.is_some() => {
                    ("concern answered", answered(&w.value, "They visit", worker_id(11), now))
                }
                _ => ("concern made", made(&w.value, told.clone(), today, &settings)),
            };
            if let Ok(after) = after {
                w.value = after;
                done.push(what);
            }
        }
        done.into_iter().for_each(|what| self.reach(what));
    }

    pub(super) fn worry_checked(&mut self, a: usize) {
        let i = self.person_index(a);
        let now = self.now;
        let mut kept_open = false;
        for w in self.people[i].worries.iter_mut().chain(&mut self.loose.worries) {
            kept_open |= close(&w.value, "Well", worker_id(31), now) == Err(NotPassedOn::ConcernOpen);
            if let Ok(after) = checked(&w.value, "Tired and warm", worker_id(31), now) {
                w.value = after;
            }
        }
        if kept_open {
            self.reach("concern keeps it open");
        }
    }
}
