//! What is written beside a death, and when it was a mistake.

use kith_domain::area::{Area, Sensitivity};
use kith_domain::death::{self, Around};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::record::Author;

use super::Town;
use crate::world::*;

impl Town {
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
        self.told(i, follows);
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
