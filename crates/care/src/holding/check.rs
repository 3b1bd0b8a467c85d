//! The check: is anything lost? Run nightly, by `kith check`, and on the manager's page.
//! It names records and organisations, never a person.

use crate::error::CareError;
use crate::kith::Kith;
use kith_access::{Actor, Standing};
use kith_domain::holding::{Held, RecordRef, holding, holding_loose, holding_place};
use kith_domain::id::{OrganisationId, PersonId};
use kith_domain::lost::{Breach, Wrong, breaches, kept_moving, lost_among};
use kith_domain::record::Record;
use kith_domain::time::Instant;
use kith_store::stray::{How, Stray};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the check found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Checked {
    /// At what moment, microseconds UTC.
    pub at: i64,
    /// People looked at.
    pub people: u64,
    /// Open things with a holder and a date, or without.
    pub open: u64,
    /// Open things past their date.
    pub overdue: u64,
    /// Open things whose date was moved twice or more without contact.
    pub kept_moving: u64,
    /// What is lost: reference, what is wrong, and who has to put it right.
    pub lost: Vec<LostThing>,
    /// People with an open plan.
    #[serde(skip)]
    pub open_people: u64,
    /// Open things past their date, by the organisation that holds them.
    #[serde(skip)]
    pub overdue_by: BTreeMap<OrganisationId, u64>,
}

/// One lost thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostThing {
    /// The record's id: a reference, opaque.
    pub reference: String,
    /// What kind of record.
    pub kind: &'static str,
    /// What is wrong, as a code.
    pub wrong: &'static str,
    /// The same in words.
    pub words: &'static str,
    /// The organisation that has to put it right.
    pub organisation: String,
    /// Its id.
    #[serde(skip)]
    pub organisation_id: Option<OrganisationId>,
    /// About whom, for the organisation's own leads: it leaves in no file and no list of references.
    #[serde(skip)]
    pub person: Option<PersonId>,
}

/// How far a check looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// At what the lists show: for a page, which cannot wait until everything is read.
    Listed,
    /// At every record, to see that the lists show what is open.
    Lists,
}

fn breach_of(stray: Stray) -> Breach {
    Breach {
        wrong: match stray.how {
            How::Unreadable => Wrong::Unreadable,
            How::NotListed => Wrong::NotListed,
        },
        what: RecordRef { kind: stray.kind, id: stray.id },
        person: None,
        organisation: stray.owner,
    }
}

impl Kith {
    /// Looks at everything that is open, and whether every list would show it.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn check(&self, now: Instant) -> Result<Checked, CareError> {
        self.check_and(Depth::Lists, now, |_| {}).await
    }

    /// The same as far as `depth`, and hands every open thing to `visit` on the way.
    /// Everybody is gone through once, in batches, and nothing is kept but the counts and
    /// what is lost: however many people there are, it takes no more memory.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn check_and(
        &self,
        depth: Depth,
        now: Instant,
        mut visit: impl FnMut(&Held) + Send,
    ) -> Result<Checked, CareError> {
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let facts = &partnership.facts;
        let today = self.calendar().day(now);
        let mut done = Checked { at: now.0, ..Checked::default() };
        let mut found: Vec<Breach> = Vec::new();
        let mut count = |done: &mut Checked, held: &[Held]| {
            done.open += held.len() as u64;
            done.kept_moving += kept_moving(held).len() as u64;
            for held in held {
                if held.overdue(now, today) {
                    done.overdue += 1;
                    *done.overdue_by.entry(held.holder.organisation).or_default() += 1;
                }
                visit(held);
            }
        };
        let mut strays = Vec::new();
        let loose = holding_loose(facts, &self.loose_facts(&mut tx, now, &mut strays).await?, now);
        found.extend(breaches(facts, &loose, now));
        count(&mut done, &loose);
        let place = holding_place(facts, now);
        found.extend(breaches(facts, &place, now));
        count(&mut done, &place);
        let everybody = self.for_everybody(&mut tx, now, |person| {
            let held = holding(facts, person, now);
            found.extend(lost_among(facts, person, &held, now));
            done.people += 1;
            done.open_people += u64::from(person.person.value.open());
            count(&mut done, &held);
        });
        strays.extend(everybody.await?);
        if depth == Depth::Lists {
            strays.extend(tx.list_strays().await?);
        }
        // What is named already needs no second line for the list that misses it.
        let named: BTreeSet<_> = found.iter().map(|b| b.what.id).collect();
        found.extend(strays.into_iter().filter(|s| !named.contains(&s.id)).map(breach_of));
        found.sort();
        found.dedup();
        done.lost = found.into_iter().map(|b| self.named(&partnership, b)).collect();
        Ok(done)
    }

    fn named(&self, partnership: &crate::Partnership, breach: Breach) -> LostThing {
        let RecordRef { kind, id } = breach.what;
        LostThing {
            reference: id.to_string(),
            kind: kind.code(),
            wrong: breach.wrong.code(),
            words: breach.wrong.title(),
            organisation: partnership
                .organisation_name(breach.organisation)
                .unwrap_or_else(|| "an organisation that does not exist".into()),
            organisation_id: Some(breach.organisation),
            person: breach.person,
        }
    }

    /// The actor and standing of the program's own jobs.
    pub(crate) fn job(now: Instant) -> (Actor, Standing) {
        (Actor::job(now), Standing::default())
    }
}
