//! The check: is anything lost? Run nightly, by `kith check`, and on the manager's page.
//! It names records and organisations, never a person.

use crate::error::CareError;
use crate::kith::Kith;
use kith_access::{Actor, Standing};
use kith_domain::holding::{Held, RecordRef, holding, holding_loose};
use kith_domain::id::OrganisationId;
use kith_domain::lost::{Breach, breaches, kept_moving, lost_among};
use kith_domain::record::Record;
use kith_domain::time::Instant;
use serde::Serialize;
use std::collections::BTreeMap;

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
}

impl Kith {
    /// Looks at everything that is open.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn check(&self, now: Instant) -> Result<Checked, CareError> {
        self.check_and(now, |_| {}).await
    }

    /// The same, and hands every open thing to `visit` on the way. Everybody is gone
    /// through once, in batches, and nothing is kept but the counts and what is lost:
    /// however many people there are, it takes no more memory.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn check_and(
        &self,
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
        let loose = holding_loose(facts, &self.loose_facts(&mut tx, now).await?, now);
        found.extend(breaches(facts, &loose, now));
        count(&mut done, &loose);
        self.for_everybody(&mut tx, now, |person| {
            let held = holding(facts, person, now);
            found.extend(lost_among(facts, person, &held, now));
            done.people += 1;
            done.open_people += u64::from(person.person.value.open());
            count(&mut done, &held);
        })
        .await?;
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
        }
    }

    /// The actor and standing of the program's own jobs.
    pub(crate) fn job(now: Instant) -> (Actor, Standing) {
        (Actor::job(now), Standing::default())
    }
}
