//! An honest range for a wait, from real people's waits for the same service. Only the
//! range leaves: nothing of anybody in it, and nothing at all when they are too few.

use crate::error::CareError;
use crate::kith::Kith;
use kith_access::{Action, Batch, PersonWorld};
use kith_domain::clock::{HonestWait, WaitsOfPeople, honest_wait};
use kith_domain::id::ServiceId;
use kith_domain::link;
use kith_domain::referral::Referral;
use kith_domain::settings::Settings;
use kith_domain::time::Instant;
use kith_store::Tx;

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
        let mut waits = WaitsOfPeople::default();
        for guarded in tx.list_linked::<Referral>(link::SERVICE, service, false, MOST).await? {
            let Some(person) = guarded.item().person else { continue };
            let Ok((saved, _)) = batch.open(&PersonWorld::of(person), guarded, &ask) else { continue };
            if !saved.meta.entered_in_error {
                waits.add(person, &saved.value, now, self.calendar());
            }
        }
        Ok(honest_wait(&waits.waits(), settings))
    }
}
