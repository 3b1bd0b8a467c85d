//! Truth by use: what came of asking a service in the last year. How many people were asked for,
//! how many were taken on, why others were not, whether it helped; how long people really waited;
//! and how often somebody said that it is not there any more. Shown beside what the owner says, with
//! its dates, through the disclosure gate. It counts services' answers and never rates anybody.
//!
//! Worked out from every referral, kept for some hours, and worked out anew in the background.

use crate::error::CareError;
use crate::kith::Kith;
use kith_domain::find::MeasuredWait;
use kith_domain::id::{PersonId, ServiceId};
use kith_domain::referral::{DeclineReason, Helped, Referral, Status};
use kith_domain::settings::Settings;
use kith_domain::time::{Day, Instant, plus_days};
use kith_insight::disclosure::{Policy, Shown, one_way};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Days that are looked back on.
pub const PERIOD_DAYS: i32 = 365;
/// Seconds after which it is worked out again.
const OLD_SECONDS: i64 = 6 * 60 * 60;

type ByService = Arc<BTreeMap<ServiceId, Used>>;

/// What was worked out last, and whether somebody is at it.
#[derive(Default)]
pub(crate) struct Measured {
    kept: RwLock<Option<(Instant, ByService)>>,
    working: AtomicBool,
}

/// What came of asking one service. Counts are of people, each once, under the last time they were
/// asked for.
#[derive(Clone, Debug)]
pub struct Used {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// All who were asked for.
    pub asked: Shown,
    /// Taken on.
    pub taken: Shown,
    /// The service said no.
    pub said_no: Shown,
    /// No answer, still open, or taken back before there was one.
    pub neither: Shown,
    /// Why it said no, in the order of the reasons; only those that were given.
    pub reasons: Vec<(DeclineReason, Shown)>,
    /// Whether it helped, as the people said: yes, a bit, no, not said. Empty while it ended for
    /// nobody.
    pub helped: Vec<(Helped, Shown)>,
    /// How long people really waited.
    pub wait: Option<MeasuredWait>,
}

/// How it went for one person.
#[derive(Clone, Copy)]
struct Went {
    at: Instant,
    taken: bool,
    no: Option<DeclineReason>,
    helped: Option<Helped>,
}

impl Went {
    fn of(r: &Referral, at: Instant) -> Went {
        Went {
            at,
            taken: r.accepted_at.is_some(),
            no: r.decline.as_ref().filter(|_| r.accepted_at.is_none()).map(|d| d.reason),
            helped: r.outcome.as_ref().filter(|_| r.accepted_at.is_some()).map(|o| o.helped),
        }
    }
}

const HELPED: [Helped; 4] = [Helped::Yes, Helped::ABit, Helped::No, Helped::NotSaid];

impl Kith {
    /// What came of asking this service, as last worked out. None while nobody was asked for. When
    /// it is old it is worked out anew in the background: no page waits for it.
    pub fn listing_used(&self, id: ServiceId, now: Instant) -> Option<Used> {
        let kept = self.measured().kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        let old = kept.as_ref().is_none_or(|(at, _)| now.seconds_since(*at) > OLD_SECONDS);
        if old && !self.measured().working.swap(true, Ordering::AcqRel) {
            let kith = self.clone();
            tokio::spawn(async move {
                if kith.work_out_used(now).await.is_err() {
                    tracing::warn!("what came of asking services could not be worked out");
                }
                kith.measured().working.store(false, Ordering::Release);
            });
        }
        let wait = self.measured_waits(now).get(&id).copied();
        let used = kept.and_then(|(_, all)| all.get(&id).cloned())?;
        Some(Used { wait, ..used })
    }

    /// Works out what came of asking every service, and keeps it.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn work_out_used(&self, now: Instant) -> Result<(), CareError> {
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        let directory = self.directory(&mut tx).await?;
        let to = self.calendar().day(now);
        let from = plus_days(to, -PERIOD_DAYS);
        let since = self.calendar().start(from);
        let mut all: BTreeMap<ServiceId, BTreeMap<PersonId, Went>> = BTreeMap::new();
        self.for_every::<Referral>(&mut tx, now, |r| {
            let sent =
                r.value.requested_at.filter(|at| *at >= since && r.value.status != Status::EnteredInError);
            let (Some(person), Some(at)) = (r.meta.person, sent) else { return };
            // What was asked of one that leads to another counts for the one that stands.
            let service = directory.stands_for(r.value.service).unwrap_or(r.value.service);
            let went = Went::of(&r.value, at);
            let known = all.entry(service).or_default().entry(person).or_insert(went);
            if went.at >= known.at {
                *known = went;
            }
        })
        .await?;
        drop(tx);
        let settings = partnership.settings();
        let fresh = all.into_iter().map(|(id, people)| (id, used(&people, (from, to), settings)));
        let fresh: ByService = Arc::new(fresh.collect());
        *self.measured().kept.write().unwrap_or_else(PoisonError::into_inner) = Some((now, fresh));
        Ok(())
    }
}

/// Through the gate: what is shown together is protected together.
fn used(people: &BTreeMap<PersonId, Went>, (from, to): (Day, Day), settings: &Settings) -> Used {
    let policy = Policy::local(settings.suppress_under.into(), settings.round_to.into());
    let number = |f: &dyn Fn(&Went) -> bool| people.values().filter(|w| f(w)).count() as u64;
    let (taken, no) = (number(&|w| w.taken), number(&|w| w.no.is_some()));
    let answers = one_way(&[taken, no, people.len() as u64 - taken - no], &policy);
    let given: Vec<(DeclineReason, u64)> = DeclineReason::ALL
        .into_iter()
        .map(|reason| (reason, number(&|w| w.no == Some(reason))))
        .filter(|(_, n)| *n > 0)
        .collect();
    let counts: Vec<u64> = given.iter().map(|(_, n)| *n).collect();
    // The reasons add up to those who were told no: where that is not shown, neither are they.
    let reasons = match answers.cells[1] {
        Shown::Hidden => Vec::new(),
        _ => given.iter().map(|(r, _)| *r).zip(one_way(&counts, &policy).cells).collect(),
    };
    let counts: Vec<u64> = HELPED.into_iter().map(|h| number(&|w| w.helped == Some(h))).collect();
    // Whom it helped are some of those who were taken on, and hidden where they are.
    let helped = match (counts.iter().sum::<u64>(), answers.cells[0]) {
        (0, _) | (_, Shown::Hidden) => Vec::new(),
        _ => HELPED.into_iter().zip(one_way(&counts, &policy).cells).collect(),
    };
    Used {
        from,
        to,
        asked: answers.total,
        taken: answers.cells[0],
        said_no: answers.cells[1],
        neither: answers.cells[2],
        reasons,
        helped,
        wait: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    fn went(n: u128, taken: bool, no: Option<DeclineReason>, helped: Option<Helped>) -> (PersonId, Went) {
        (PersonId(Uuid::from_u128(n)), Went { at: Instant(1), taken, no, helped })
    }

    #[test]
    fn few_people_are_not_shown_and_many_are_counted() {
        let days = (date(2025, 11, 24), date(2026, 11, 24));
        let few: BTreeMap<_, _> = (0..3).map(|n| went(n, true, None, Some(Helped::Yes))).collect();
        let shown = used(&few, days, &Settings::default());
        assert_eq!((shown.asked, shown.taken), (Shown::Hidden, Shown::Hidden));
        assert!(shown.helped.is_empty());
        let many: BTreeMap<_, _> = (0..40)
            .map(|n| match n % 4 {
                0 | 1 => went(n, true, None, Some(Helped::Yes)),
                2 => went(n, false, Some(DeclineReason::Full), None),
                _ => went(n, false, None, None),
            })
            .collect();
        let shown = used(&many, days, &Settings::default());
        assert_eq!(
            (shown.asked.number(), shown.taken.number(), shown.said_no.number()),
            (Some(40), Some(20), Some(10))
        );
        assert_eq!(
            shown.reasons.iter().map(|(r, n)| (*r, n.number())).collect::<Vec<_>>(),
            [(DeclineReason::Full, Some(10))]
        );
    }

    #[test]
    fn where_the_noes_are_hidden_their_reasons_are_too() {
        let days = (date(2025, 11, 24), date(2026, 11, 24));
        let people: BTreeMap<_, _> = (0..30)
            .map(|n| match n {
                0..2 => went(n, false, Some(DeclineReason::TooComplex), None),
                _ => went(n, true, None, None),
            })
            .collect();
        let shown = used(&people, days, &Settings::default());
        assert_eq!((shown.said_no, shown.reasons.len()), (Shown::Hidden, 0));
    }
}
