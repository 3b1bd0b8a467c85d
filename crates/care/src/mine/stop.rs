//! Stop everything, finished, or not now: one page, one confirm, no reason asked, and the
//! door stays open.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::consent::Consent;
use kith_domain::letting_go::let_go;
use kith_domain::life;
use kith_domain::moves::Surroundings;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::time::Day;
use uuid::Uuid;

/// What the person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Stop everything: all sharing and all requests.
    Everything,
    /// They have finished, in their words if they like.
    Finished(Option<String>),
    /// Not now: nobody asks before this day, and every place in a queue is kept.
    NotNow(Day),
}

impl Kith {
    /// Does what the person chose, all of it at once. Sharing ends, what is open is taken
    /// back, and every message that has not left stays here. With "not now" nothing ends.
    ///
    /// # Errors
    /// A day that cannot be.
    pub async fn stop_mine(
        &self,
        who: &Principal,
        stop: Stop,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let today = who.partnership.today(who.now);
        let saved = change.open_person(Action::StopSharing)?;
        let after = match &stop {
            Stop::Everything => life::stop(&saved.value, today),
            Stop::Finished(words) => life::finish(&saved.value, words.clone(), today),
            Stop::NotNow(until) => life::not_now(&saved.value, *until, today, who.partnership.settings()),
        };
        let after = after.map_err(|why| CareError::field("until", format!("{why}.")))?;
        if !matches!(stop, Stop::NotNow(_)) {
            end_everything(&mut change, &saved).await?;
        }
        let word = match stop {
            Stop::Everything => "stopped everything",
            Stop::Finished(_) => "finished",
            Stop::NotNow(_) => "said not now",
        };
        change.save(word, &saved, &after, None).await?;
        change.finish(answer).await
    }
}

/// What follows from stopping, leaving and finishing, whoever wrote it down: what is open is
/// taken back, every agreement ends, and nothing that waits to be sent leaves. Coming back
/// later begins with new agreements.
pub(crate) async fn end_everything(
    change: &mut Changing<'_>,
    person: &Saved<Person>,
) -> Result<(), CareError> {
    let referrals = change.all::<Referral>(Action::StopSharing)?;
    let consents = change.all::<Consent>(Action::StopSharing)?;
    let who = change.who;
    let around = Surroundings {
        now: who.now,
        calendar: change.kith.calendar(),
        settings: who.partnership.settings(),
        person: &person.value,
    };
    let gone = let_go(&referrals, &consents, around);
    for (old, after) in &gone.referrals {
        change.save("stopped by the person", old, after, None).await?;
    }
    for (old, after) in &gone.consents {
        change.save("stopped by the person", old, after, None).await?;
    }
    change.tx.stop_messages(person.id(), "the person stopped").await?;
    Ok(())
}
