//! What the person themselves says of a referral: stop, this date is good, none of these is
//! good. They are on neither side of the machine. A stop and a date are made as moves of the
//! side that asks for them; that no date is good is read by the one who was asked, who offers
//! another. None of it is ever a reason to end help.

use super::{MoveKind, Mover, Refused, Surroundings, apply, last_stamp, who_may};
use crate::next_date::NextDate;
use crate::referral::{Business, NoneGood, Party, Referral};
use crate::time::Instant;

/// Working days within which the receiver offers another date, once none was good.
const OFFER_AGAIN_DAYS: u32 = 3;

/// The person stops a referral: it is taken back on the asking side, and nothing is left
/// to settle, because they decided it themselves.
///
/// # Errors
/// It has ended already, or was never sent.
pub fn stopped_by_person(referral: &Referral, around: Surroundings<'_>) -> Result<Referral, Refused> {
    let by = Mover { party: Party::Requester, worker: None };
    let step = super::Move::Cancel { why: "The person stopped it".into() };
    let mut r = apply(referral, &step, by, around)?;
    r.ended_by = Some(Party::Person);
    if r.person_may_see() {
        r.told_person = r.ended_at;
    }
    Ok(r)
}

/// The person says which of the offered dates is good: the one at this moment. It is agreed
/// with that, and they know of it.
///
/// # Errors
/// That date is not offered any more, has passed, or nothing can be agreed now.
pub fn date_agreed_by_person(
    referral: &Referral,
    at: Instant,
    around: Surroundings<'_>,
) -> Result<Referral, Refused> {
    let date = offered(referral)?.iter().find(|o| o.at == at).cloned();
    let date = date.ok_or(Refused::Missing("That date is not offered any more"))?;
    let by = Mover { party: Party::Requester, worker: None };
    let mut r = apply(referral, &super::Move::AgreeDate(date), by, around)?;
    r.told_person = r.spoken_at;
    Ok(r)
}

/// The person says that none of the offered dates is good, with what would suit them if they
/// like. The dates are gone, the receiver offers another within three working days, and the
/// place is kept.
///
/// # Errors
/// No dates are offered now.
pub fn no_date_good(
    referral: &Referral,
    words: Option<&str>,
    around: Surroundings<'_>,
) -> Result<Referral, Refused> {
    offered(referral)?;
    let stamp = around.now.max(last_stamp(referral));
    let today = around.calendar.day(around.now);
    let by = around.calendar.plus_working(today, OFFER_AGAIN_DAYS);
    let words = words.map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned);
    let mut r = referral.clone();
    r.offered.clear();
    r.none_good = Some(NoneGood { words, at: stamp });
    // As after a date they could not keep: on with the help that began, or a first date.
    r.business = if r.first_came_at.is_some() { Business::Started } else { Business::Seen };
    r.held_next = NextDate::new("Offer other dates", by);
    r.spoken_at = Some(stamp);
    r.told_person = Some(stamp);
    Ok(r)
}

/// The dates that wait for an answer.
fn offered(referral: &Referral) -> Result<&[crate::referral::Offer], Refused> {
    if who_may(referral.status, MoveKind::AgreeDate).is_empty() {
        return Err(Refused::Illegal { kind: MoveKind::AgreeDate, status: referral.status });
    }
    match referral.business {
        Business::DateOffered if !referral.offered.is_empty() => Ok(&referral.offered),
        _ => Err(Refused::Missing("No date waits for an answer now")),
    }
}
