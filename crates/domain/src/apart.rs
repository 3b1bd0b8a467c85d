//! People who must not meet. Whoever works with one of them writes down that they do not; from
//! then on no service can hold a time for one on a day on which the other has a time in the same place.
//! A whole day, and not the hours around it, so that nobody finds the hour, and with it the other, by
//! trying. Nothing else refuses a day in these words: a service that knows this rule learns that
//! somebody who has a time on that day must not be met, and not who, nor why.
//!
//! It stands on one of the two records, and is found from the other by its link.

use crate::id::{OrganisationId, PersonId, WorkerId};
use crate::moves::Move;
use crate::person::Person;
use crate::referral::{Offer, Referral};
use crate::time::{Calendar, Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Somebody this person must not meet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Apart {
    /// Who.
    pub other: PersonId,
    /// Who wrote it down.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// When it ended.
    pub ended: Option<Instant>,
}

/// How many people one person may have to be kept apart from.
pub const MOST_APART: usize = 50;

/// Why it is not written down, or a time not held, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotApart {
    /// The same person.
    #[error("Choose somebody else")]
    Themselves,
    /// Written down already.
    #[error("This is written down already")]
    Already,
    /// As many as one record holds.
    #[error("They are kept apart from {MOST_APART} people already. Say first who may meet them again")]
    Many,
    /// Nothing to end.
    #[error("This ended already")]
    Nothing,
    /// The time. It says nothing of why.
    #[error("This day cannot be held for them. Choose another day")]
    Time,
}

/// The people this person must not meet, as their own record has it.
pub fn others(person: &Person) -> impl Iterator<Item = PersonId> + '_ {
    person.apart.iter().filter(|a| a.ended.is_none()).map(|a| a.other)
}

/// They must not meet.
///
/// # Errors
/// The same person, written down already, or as many as one record holds.
pub fn keep_apart(
    (id, person): (PersonId, &Person),
    other: PersonId,
    by: WorkerId,
    at: Instant,
) -> Result<Person, NotApart> {
    if other == id {
        return Err(NotApart::Themselves);
    }
    if others(person).any(|o| o == other) {
        return Err(NotApart::Already);
    }
    if others(person).count() >= MOST_APART {
        return Err(NotApart::Many);
    }
    let mut after = person.clone();
    after.apart.push(Apart { other, by, at, ended: None });
    Ok(after)
}

/// They may meet.
///
/// # Errors
/// Nothing is written down.
pub fn may_meet(person: &Person, other: PersonId, at: Instant) -> Result<Person, NotApart> {
    let mut after = person.clone();
    let open = after.apart.iter_mut().find(|a| a.other == other && a.ended.is_none());
    open.ok_or(NotApart::Nothing)?.ended = Some(at);
    Ok(after)
}

/// The times that a move would hold for somebody.
pub fn times_of(step: &Move) -> Vec<Instant> {
    match step {
        Move::OfferDates { dates, .. } => dates.iter().map(|o| o.at).collect(),
        Move::AgreeDate(offer) => vec![offer.at],
        _ => Vec::new(),
    }
}

/// The times that are held for somebody at this organisation.
pub fn times_held(referral: &Referral, at: OrganisationId) -> Vec<Instant> {
    if referral.receiver.organisation != at || referral.status.terminal() {
        return Vec::new();
    }
    let of = |o: &Offer| o.at;
    referral.offered.iter().chain(&referral.agreed).map(of).collect()
}

/// The days from today on which both already have a time in the same place.
pub fn days_of_both(
    mine: &[Referral],
    theirs: &[Referral],
    calendar: &Calendar,
    today: Day,
) -> BTreeSet<Day> {
    let held = |r: &Referral, at| times_held(r, at).into_iter().map(|t| calendar.day(t)).collect::<Vec<_>>();
    let mut days = BTreeSet::new();
    for one in mine {
        let at = one.receiver.organisation;
        let taken: BTreeSet<Day> = theirs.iter().flat_map(|r| held(r, at)).collect();
        days.extend(held(one, at).into_iter().filter(|day| *day >= today && taken.contains(day)));
    }
    days
}

/// Can these times be held, beside those of people whom they must not meet?
///
/// # Errors
/// One is on the same day.
pub fn fits(wanted: &[Instant], theirs: &[Instant], calendar: &Calendar) -> Result<(), NotApart> {
    let same = |a: Instant, b: Instant| calendar.day(a) == calendar.day(b);
    match wanted.iter().any(|w| theirs.iter().any(|t| same(*w, *t))) {
        true => Err(NotApart::Time),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use crate::next_date::NextDate;
    use crate::organisation::Holder;
    use crate::person::CameBy;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id<I: From<RecordId>>(n: u128) -> I {
        RecordId(Uuid::from_u128(n)).into()
    }

    fn person() -> Person {
        let holder = Holder { organisation: id(1), team: id(2), lead: Some(id(3)) };
        Person::new("Badger".into(), holder, NextDate::new("Ring", date(2026, 12, 1)), CameBy::Met)
    }

    #[test]
    fn it_is_written_once_and_can_end() {
        let (me, other): (PersonId, PersonId) = (id(7), id(8));
        let keep = |p: &Person, o| keep_apart((me, p), o, id(3), Instant(1));
        assert_eq!(keep(&person(), me), Err(NotApart::Themselves));
        let apart = keep(&person(), other).unwrap();
        assert_eq!(others(&apart).collect::<Vec<_>>(), [other]);
        assert_eq!(keep(&apart, other), Err(NotApart::Already));
        let over = may_meet(&apart, other, Instant(2)).unwrap();
        assert_eq!(others(&over).count(), 0);
        assert_eq!(may_meet(&over, other, Instant(3)), Err(NotApart::Nothing));
        assert_eq!(others(&keep(&over, other).unwrap()).count(), 1, "it can be written down again");
        let many = (8..8 + MOST_APART as u128).fold(person(), |p, n| keep(&p, id(n)).unwrap());
        assert_eq!(keep(&many, id(99)), Err(NotApart::Many));
    }

    proptest! {
        /// Whoever's time was held first, the answer is the same; it is no for every hour of a day on
        /// which the other has a time, and for no other day: the hour cannot be found by trying.
        #[test]
        fn it_holds_both_ways_and_for_the_whole_day(
            a in proptest::collection::vec(0i64..900_000, 0..4),
            b in proptest::collection::vec(0i64..900_000, 0..4),
            hour in 0i64..24,
        ) {
            let calendar = Calendar::england();
            let at = |v: &[i64]| v.iter().map(|s| Instant(s * 1_000_000)).collect::<Vec<_>>();
            let (x, y) = (at(&a), at(&b));
            let fits = |x: &[Instant], y: &[Instant]| fits(x, y, &calendar);
            prop_assert_eq!(fits(&x, &y), fits(&y, &x));
            let days: Vec<_> = y.iter().map(|t| calendar.day(*t)).collect();
            prop_assert_eq!(fits(&x, &y).is_err(), x.iter().any(|t| days.contains(&calendar.day(*t))));
            if let Some(day) = days.first() {
                let at = day.at(hour as i8, 30, 0, 0).to_zoned(calendar.zone().clone()).unwrap();
                let tried = Instant(at.timestamp().as_microsecond());
                prop_assert_eq!(fits(&[tried], &y), Err(NotApart::Time));
            }
        }
    }
}
