//! The check: is anything lost? Run nightly, by `kith check`, and on the manager's page.
//! It names records and organisations, never a person.

use crate::error::CareError;
use crate::kith::Kith;
use kith_access::{Actor, Standing};
use kith_domain::holding::{RecordRef, holding, holding_loose};
use kith_domain::id::OrganisationId;
use kith_domain::lost::{Breach, breaches, kept_moving, lost, overdue};
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
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let facts = &partnership.facts;
        let today = self.calendar().day(now);
        let mut done = Checked { at: now.0, ..Checked::default() };
        let mut found: Vec<Breach> = Vec::new();
        let loose = holding_loose(facts, &self.loose_facts(&mut tx, now).await?, now);
        found.extend(breaches(facts, &loose, now));
        let count = |held: &[kith_domain::holding::Held]| {
            (held.len() as u64, overdue(held, now, today).len() as u64, kept_moving(held).len() as u64)
        };
        let mut totals = count(&loose);
        let mut people = 0;
        self.for_everybody(&mut tx, now, |person| {
            people += 1;
            found.extend(lost(facts, person, now));
            let (open, late, moving) = count(&holding(facts, person, now));
            totals = (totals.0 + open, totals.1 + late, totals.2 + moving);
        })
        .await?;
        (done.people, done.open, done.overdue, done.kept_moving) = (people, totals.0, totals.1, totals.2);
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

    /// How many things each organisation is late with, for the partnership's page.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn overdue_by_organisation(
        &self,
        now: Instant,
    ) -> Result<BTreeMap<OrganisationId, u64>, CareError> {
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let today = self.calendar().day(now);
        let held = self.every_holding(&mut tx, &partnership, now).await?;
        let mut by = BTreeMap::new();
        for late in overdue(&held, now, today) {
            *by.entry(late.holder.organisation).or_insert(0) += 1;
        }
        Ok(by)
    }

    /// The actor and standing of the program's own jobs.
    pub(crate) fn job(now: Instant) -> (Actor, Standing) {
        (Actor::job(now), Standing::default())
    }
}
