//! How long people really waited for each service, worked out from every referral of the
//! last year and kept for some hours. A range is told only from enough people, those who
//! still wait are counted too, and the number of people is rounded as every count is.

use crate::error::CareError;
use crate::kith::Kith;
use kith_domain::clock::{Wait, WaitsOfPeople, honest_wait};
use kith_domain::find::MeasuredWait;
use kith_domain::id::ServiceId;
use kith_domain::referral::Referral;
use kith_domain::settings::Settings;
use kith_domain::time::Instant;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Seconds after which they are worked out again.
const OLD_SECONDS: i64 = 6 * 60 * 60;

/// The wait of each service of which enough is known.
pub(crate) type ByService = Arc<BTreeMap<ServiceId, MeasuredWait>>;

/// What was worked out last, and whether somebody is at it.
#[derive(Default)]
pub(crate) struct Waits {
    kept: RwLock<Option<(Instant, ByService)>>,
    /// Until they are known; always the same, so that whoever keeps it sees that nothing changed.
    unknown: ByService,
    working: AtomicBool,
}

impl Kith {
    /// The waits as last worked out. When they are old they are worked out anew in the
    /// background: no page waits for it.
    pub(crate) fn measured_waits(&self, now: Instant) -> ByService {
        let kept = self.waits().kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        let old = kept.as_ref().is_none_or(|(at, _)| now.seconds_since(*at) > OLD_SECONDS);
        if old && !self.waits().working.swap(true, Ordering::AcqRel) {
            let kith = self.clone();
            tokio::spawn(async move {
                if kith.work_out_waits(now).await.is_err() {
                    tracing::warn!("the waits for services could not be worked out");
                }
                kith.waits().working.store(false, Ordering::Release);
            });
        }
        kept.map_or_else(|| self.waits().unknown.clone(), |(_, waits)| waits)
    }

    /// Works out the waits of every service and keeps them.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn work_out_waits(&self, now: Instant) -> Result<(), CareError> {
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let mut waits: BTreeMap<ServiceId, WaitsOfPeople> = BTreeMap::new();
        self.for_every::<Referral>(&mut tx, now, |r| {
            if let Some(person) = r.meta.person {
                waits.entry(r.value.service).or_default().add(person, &r.value, now, self.calendar());
            }
        })
        .await?;
        drop(tx);
        let settings = partnership.settings();
        let known = waits.iter().filter_map(|(id, w)| Some((*id, measured(&w.waits(), settings)?)));
        let fresh = Arc::new(known.collect());
        *self.waits().kept.write().unwrap_or_else(PoisonError::into_inner) = Some((now, fresh));
        Ok(())
    }
}

/// The range for a page: none under enough people, or while too many still wait to know
/// its end.
fn measured(waits: &[Wait], settings: &Settings) -> Option<MeasuredWait> {
    let honest = honest_wait(waits, settings)?;
    let people = u32::try_from(honest.people).unwrap_or(u32::MAX);
    let rounded = people - people % u32::from(settings.round_to);
    Some(MeasuredWait {
        days_low: honest.from,
        days_high: honest.to?,
        people: rounded.max(u32::from(settings.wait_people_least)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_told_from_enough_people_and_their_number_is_rounded() {
        let settings = Settings::default();
        let waits = |n: u32| (1..=n).map(|d| Wait::Over(d * 7)).collect::<Vec<_>>();
        assert_eq!(measured(&waits(9), &settings), None);
        let known = measured(&waits(13), &settings).unwrap();
        assert_eq!((known.days_low, known.days_high, known.people), (14, 84, 10));
    }

    #[test]
    fn while_most_still_wait_no_end_is_promised() {
        let mut waits: Vec<Wait> = (1..=10).map(Wait::Over).collect();
        waits.extend([Wait::Still(300); 10]);
        assert_eq!(measured(&waits, &Settings::default()), None);
    }
}
