//! An honest range for a wait, from real people's waits for the same service. Only the
//! range leaves: nothing of anybody in it, and nothing at all when they are too few.

use crate::error::CareError;
use crate::kith::Kith;
use kith_access::{Action, Batch, PersonWorld};
use kith_domain::clock::{HonestWait, Wait, honest_wait, partner_wait};
use kith_domain::id::{PersonId, ServiceId};
use kith_domain::link;
use kith_domain::referral::Referral;
use kith_domain::settings::Settings;
use kith_domain::time::Instant;
use kith_store::Tx;
use std::collections::BTreeMap;

/// Waits that began longer ago say little about today.
const DAYS_BACK: i64 = 548;
/// Referrals of one service that are read at most.
const MOST: u32 = 4_000;

impl Kith {
    /// How long people really wait for this service, from sent to first coming. Each
    /// person counts once, with their latest request. None below ten people.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn honest_wait_of(
        &self,
        tx: &mut Tx,
        service: ServiceId,
        settings: &Settings,
        now: Instant,
    ) -> Result<Option<HonestWait>, CareError> {
        let (actor, standing) = Kith::job(now);
        let mut batch = Batch::new(self.decider(), &actor, &standing, now);
        let ask = batch.ask(Action::Check);
        let mut waits: BTreeMap<PersonId, (Instant, Wait)> = BTreeMap::new();
        for guarded in tx.list_linked::<Referral>(link::SERVICE, service, false, MOST).await? {
            let Some(person) = guarded.item().person else { continue };
            let Ok((saved, _)) = batch.open(&PersonWorld::of(person), guarded, &ask) else { continue };
            let Some(sent) = saved.value.requested_at.filter(|at| *at >= now.plus_days(-DAYS_BACK)) else {
                continue;
            };
            let wait = partner_wait(&saved.value, now, self.calendar()).to_first;
            let known = waits.entry(person).or_insert((sent, wait));
            if sent >= known.0 {
                *known = (sent, wait);
            }
        }
        let waits: Vec<Wait> = waits.into_values().map(|(_, wait)| wait).collect();
        Ok(honest_wait(&waits, settings))
    }
}
