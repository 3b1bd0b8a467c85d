//! Dates that a service offered, and the person's own answer: this one is good, or none of
//! them is. The receiver and the side that asked both see it. With a code alone nothing is
//! agreed: somebody else may have found it, and a date nobody comes to is the person's loss.

use super::referrals::{Detail, MyReferral, my_referrals};
use super::words::hold_notice;
use super::{reader, word_needed};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use crate::referral::link;
use crate::referral::words;
use kith_access::Action;
use kith_domain::holding::asking_side;
use kith_domain::id::ReferralId;
use kith_domain::moves::{MoveKind, Refused, Surroundings, date_agreed_by_person, no_date_good};
use kith_domain::organisation::Holder;
use kith_domain::record::{Record, Saved};
use kith_domain::referral::Referral;
use kith_domain::time::Instant;
use uuid::Uuid;

/// What the person says of the dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MyDate {
    /// The one at this moment is good.
    Good(Instant),
    /// None is good, with what would suit them if they like.
    NoneGood(Option<String>),
}

impl Kith {
    /// One request of theirs, with the dates that wait for an answer, if any do.
    ///
    /// # Errors
    /// It is not theirs, or a code alone does not reach this far.
    pub async fn my_dates(&self, who: &Principal, referral: ReferralId) -> Result<MyReferral, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = match look.person(&about) {
            Ok(_) => my_referrals(&mut look, &about, Detail::Short).await.and_then(|all| {
                let found = all.into_iter().find(|r| r.id == referral);
                found.ok_or(CareError::Missing)
            }),
            Err(error) => Err(error),
        };
        look.finish_with(word_needed(who, result)).await
    }

    /// The person answers the dates that were offered to them. Returns `answer`.
    ///
    /// # Errors
    /// It is not theirs, a code alone does not reach this far, or the dates have changed:
    /// [`CareError::OutOfDate`].
    pub async fn answer_dates(
        &self,
        who: &Principal,
        referral: ReferralId,
        said: MyDate,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut c = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = word_needed(who, c.open::<Referral>(referral, Action::Contribute))?;
        if !saved.value.person_may_see() {
            return Err(CareError::Missing);
        }
        let about = c.open_person(Action::Contribute)?;
        let around = Surroundings {
            now: who.now,
            calendar: self.calendar(),
            settings: who.partnership.settings(),
            person: &about.value,
        };
        let (after, word) = match &said {
            MyDate::Good(at) => {
                (date_agreed_by_person(&saved.value, *at, around), words::action_word(MoveKind::AgreeDate))
            }
            MyDate::NoneGood(words) => {
                (no_date_good(&saved.value, words.as_deref(), around), "referral no date good")
            }
        };
        let after = after.map_err(stale)?;
        let saved = c.save(word, &saved, &after, None).await?;
        tell_asking_side(&mut c, &saved, about.value.holder).await?;
        link::send_next(self, &mut c, &saved).await?;
        c.finish(answer).await
    }
}

/// Whatever no longer fits what is stored was changed by somebody since the page was read.
fn stale(no: Refused) -> CareError {
    match no {
        Refused::Missing(_) | Refused::Illegal { .. } => CareError::OutOfDate,
        other => CareError::refused(format!("{other}.")),
    }
}

/// Whoever asked for the help, or took the person on since, finds on their list what the person
/// answered.
async fn tell_asking_side(
    c: &mut Changing<'_>,
    saved: &Saved<Referral>,
    plan: Holder,
) -> Result<(), CareError> {
    let r = &saved.value;
    let (them, calendar) = (&r.service_name, c.kith.calendar());
    let words = match (&r.agreed, &r.none_good) {
        (Some(date), _) => format!("They said yes to {them}: {}.", words::offer(date, calendar)),
        (None, Some(none)) => {
            let wrote = none.words.as_ref().map(|w| format!(" They wrote: \u{201c}{w}\u{201d}."));
            format!("None of the dates of {them} is good for them.{}", wrote.unwrap_or_default())
        }
        (None, None) => return Ok(()),
    };
    let asking = asking_side(r.sender, plan);
    let holder = c.who.partnership.holder_today(&asking, true, c.who.now);
    let by = reader(c.who, &holder).by;
    let label = r.label();
    hold_notice(c, words, (saved.meta.id, r.area, label.sensitivity), (holder, by)).await
}
