//! Clocks: named rules that turn facts into a wait.
//!
//! *Partner wait*: from the day a referral was received to the day it was answered, and
//! to the day the person first came. *Whole journey*: from the day somebody first asked
//! for help with a need to the day help first happened, through whatever doors. Both
//! count calendar days in the place's own zone; neither ever pauses or starts again: not
//! for hospital, not for "could not come", not for an offer that did not suit. They are
//! not NHS England's published community mental health wait (`reference/standards.md` 9)
//! and are never mixed with it.

use std::collections::BTreeMap;

use crate::id::PersonId;
use crate::need::{Need, NeedStatus};
use crate::plan::{Telling, TellingOutcome};
use crate::record::Saved;
use crate::referral::{Referral, Status};
use crate::settings::Settings;
use crate::time::{Calendar, Day, Instant, days_between};

/// A wait, in calendar days.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Wait {
    /// The clock has not started.
    NotStarted,
    /// Still waiting, for so long.
    Still(u32),
    /// What was waited for happened after so long.
    Over(u32),
    /// The wait ended after so long without it.
    Without(u32),
}

impl Wait {
    /// Days so far.
    pub fn days(self) -> Option<u32> {
        match self {
            Wait::NotStarted => None,
            Wait::Still(days) | Wait::Over(days) | Wait::Without(days) => Some(days),
        }
    }
}

/// The clock of one referral.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartnerWait {
    /// From sent to answered, yes or no.
    pub to_answer: Wait,
    /// From sent to the day the person first came.
    pub to_first: Wait,
    /// From sent to the end.
    pub to_end: Wait,
}

/// The partner wait of a referral at `now`.
pub fn partner_wait(r: &Referral, now: Instant, calendar: &Calendar) -> PartnerWait {
    let Some(sent) = r.requested_at.filter(|_| r.status != Status::EnteredInError) else {
        let none = Wait::NotStarted;
        return PartnerWait { to_answer: none, to_first: none, to_end: none };
    };
    let days = |to: Instant| whole_days(sent, to, calendar);
    let wait = |happened: Option<Instant>| match (happened, r.ended_at) {
        (Some(at), _) => Wait::Over(days(at)),
        (None, Some(end)) => Wait::Without(days(end)),
        (None, None) => Wait::Still(days(now)),
    };
    let declined = r.ended_at.filter(|_| r.status == Status::Rejected);
    PartnerWait {
        to_answer: wait(r.accepted_at.or(declined)),
        to_first: wait(r.first_came_at),
        to_end: r.ended_at.map_or(Wait::Still(days(now)), |end| Wait::Over(days(end))),
    }
}

/// Waits that began longer ago say little about today. One period for every page that tells
/// a wait.
pub const WAITS_DAYS_BACK: i64 = 365;

/// The waits of real people for one service, from sent to the day they first came. Each
/// person counts once, with their latest request of the last year, wherever a wait is told.
#[derive(Clone, Debug, Default)]
pub struct WaitsOfPeople(BTreeMap<PersonId, (Instant, Wait)>);

impl WaitsOfPeople {
    /// Counts a referral of this person, if it was sent in the period.
    pub fn add(&mut self, person: PersonId, r: &Referral, now: Instant, calendar: &Calendar) {
        let Some(sent) = r.requested_at.filter(|at| *at >= now.plus_days(-WAITS_DAYS_BACK)) else { return };
        let wait = partner_wait(r, now, calendar).to_first;
        if wait == Wait::NotStarted {
            return;
        }
        let known = self.0.entry(person).or_insert((sent, wait));
        if sent >= known.0 {
            *known = (sent, wait);
        }
    }

    /// One wait a person.
    pub fn waits(&self) -> Vec<Wait> {
        self.0.values().map(|(_, wait)| *wait).collect()
    }
}

/// While somebody waits: the day by which somebody says something to them again. None
/// when the referral is not waiting for a first date. `heard_at` is when anybody last said
/// anything to the person.
pub fn check_in_due(
    r: &Referral,
    heard_at: Option<Instant>,
    calendar: &Calendar,
    settings: &Settings,
) -> Option<Day> {
    let waiting = matches!(r.status, Status::Requested | Status::Accepted | Status::OnHold)
        && r.first_came_at.is_none();
    let last =
        r.contact_at().max(r.accepted_at).max(r.requested_at)?.max(heard_at.unwrap_or(Instant(i64::MIN)));
    waiting.then(|| crate::time::plus_days(calendar.day(last), settings.check_in_days.into()))
}

/// When help first happened through a referral.
pub fn came_at(referral: &Saved<Referral>) -> Option<Instant> {
    let r = &referral.value;
    let mistake = referral.meta.entered_in_error || r.status == Status::EnteredInError;
    r.first_came_at.filter(|_| !mistake)
}

/// When somebody who was told about a place got there.
pub fn got_there_at(telling: &Saved<Telling>) -> Option<Instant> {
    let there = !telling.meta.entered_in_error && telling.value.outcome == Some(TellingOutcome::GotThere);
    there.then_some(telling.meta.at)
}

/// The whole journey for a need at `now`: `came_in` is when somebody first asked for the
/// person, if the need was written down within a next date's time of that; a need that
/// shows itself later starts its own clock.
pub fn whole_journey(
    need: &Need,
    came_in: Option<Instant>,
    referrals: &[Saved<Referral>],
    tellings: &[Saved<Telling>],
    now: Instant,
    calendar: &Calendar,
) -> Wait {
    let came = referrals.iter().filter_map(came_at);
    let first = came.chain(tellings.iter().filter_map(got_there_at)).min();
    journey(need, came_in, first, now, calendar)
}

/// As [`whole_journey`], when it is known already when help first happened.
pub fn journey(
    need: &Need,
    came_in: Option<Instant>,
    first: Option<Instant>,
    now: Instant,
    calendar: &Calendar,
) -> Wait {
    let soon = |asked: &Instant| need.raised_at <= asked.plus_days(CAME_IN_DAYS);
    let start = came_in.filter(soon).map_or(need.raised_at, |asked| asked.min(need.raised_at));
    let days = |to: Instant| whole_days(start, to, calendar);
    if let Some(first) = first {
        return Wait::Over(days(first));
    }
    let until = |on: Day| u32::try_from(days_between(calendar.day(start), on)).unwrap_or(0);
    match need.status {
        NeedStatus::Met { on, .. } => Wait::Over(until(on)),
        NeedStatus::SaidNo { on } | NeedStatus::Finished { on } => Wait::Without(until(on)),
        NeedStatus::Open | NeedStatus::NotNow { .. } => Wait::Still(days(now)),
    }
}

/// A need written down within so many days of coming in is what the person came with.
const CAME_IN_DAYS: i64 = 28;

/// Calendar days in the place's zone; never negative.
fn whole_days(from: Instant, to: Instant, calendar: &Calendar) -> u32 {
    u32::try_from(days_between(calendar.day(from), calendar.day(to))).unwrap_or(0)
}

/// An honest wait: of 10 people, 8 waited from `from` to `to` days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HonestWait {
    /// People who came, on whose waits it rests.
    pub people: usize,
    /// People who are still waiting, who are counted too.
    pub still_waiting: usize,
    /// One in ten waited at most so many days.
    pub from: u32,
    /// Nine in ten waited at most so many days; more than we can say when none.
    pub to: Option<u32>,
}

/// An honest range from real waits, or nothing when fewer people came than the
/// partnership's number (never below 10). Those still waiting, and those who gave up,
/// count for as long as they waited: leaving them out would make the wait look shorter.
/// The range is from the 10th to the 90th percentile of the product-limit estimate
/// (Kaplan and Meier, JASA 53 (1958) 457), waits that end on one day before those that
/// are cut off on it.
pub fn honest_wait(waits: &[Wait], settings: &Settings) -> Option<HonestWait> {
    let mut known: Vec<(u32, bool)> = waits
        .iter()
        .filter_map(|w| match *w {
            Wait::NotStarted => None,
            Wait::Over(days) => Some((days, true)),
            Wait::Still(days) | Wait::Without(days) => Some((days, false)),
        })
        .collect();
    let people = known.iter().filter(|(_, came)| *came).count();
    if people < usize::from(settings.wait_people_least) {
        return None;
    }
    known.sort_unstable_by_key(|&(days, came)| (days, !came));
    let from = quantile(&known, 1, 10)?;
    let still_waiting = waits.iter().filter(|w| matches!(w, Wait::Still(_))).count();
    Some(HonestWait { people, still_waiting, from, to: quantile(&known, 9, 10) })
}

/// The first day on which at least `numerator / denominator` of people have come, by the
/// product-limit estimate. None when that many never came.
fn quantile(sorted: &[(u32, bool)], numerator: u32, denominator: u32) -> Option<u32> {
    let still = 1.0 - f64::from(numerator) / f64::from(denominator);
    let mut surviving = 1.0_f64;
    let mut at_risk = sorted.len();
    for day in sorted.chunk_by(|a, b| a.0 == b.0) {
        let came = day.iter().filter(|(_, came)| *came).count();
        surviving *= 1.0 - came as f64 / at_risk as f64;
        if came > 0 && surviving <= still + 1e-9 {
            return Some(day[0].0);
        }
        at_risk -= day.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_ten_people_make_no_range() {
        let nine: Vec<Wait> = (1..=9).map(Wait::Over).chain((0..50).map(Wait::Still)).collect();
        assert_eq!(honest_wait(&nine, &Settings::default()), None);
    }

    #[test]
    fn ten_people_make_a_range_from_the_second_shortest_tenth_to_the_ninth() {
        let ten: Vec<Wait> = (1..=10).map(|n| Wait::Over(n * 7)).collect();
        let wait = honest_wait(&ten, &Settings::default()).unwrap();
        assert_eq!((wait.from, wait.to, wait.people), (7, Some(63), 10));
    }

    #[test]
    fn those_still_waiting_make_it_longer() {
        let mut waits: Vec<Wait> = (1..=10).map(|n| Wait::Over(n * 7)).collect();
        waits.extend([Wait::Still(200), Wait::Still(200), Wait::Without(200)]);
        let wait = honest_wait(&waits, &Settings::default()).unwrap();
        assert_eq!((wait.to, wait.still_waiting), (None, 2));
    }

    /// By hand: 6, 6, 6, 7, 10 came; 6, 9, 10, 11 cut off (the first of the 6-MP arm of
    /// Freireich et al. 1963): S(6) = 0.857, S(7) = 0.807, S(10) = 0.753 with 21 people.
    #[test]
    fn the_product_limit_estimate_is_the_published_one() {
        let came = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let cut = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let mut all: Vec<(u32, bool)> =
            came.iter().map(|&d| (d, true)).chain(cut.iter().map(|&d| (d, false))).collect();
        all.sort_unstable_by_key(|&(days, came)| (days, !came));
        // Published: S = 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448.
        let at = |percent| quantile(&all, percent, 1000);
        assert_eq!(at(142), Some(6));
        assert_eq!(at(144), Some(7));
        assert_eq!(at(194), Some(10));
        assert_eq!(at(248), Some(13));
        assert_eq!(at(311), Some(16));
        assert_eq!(at(374), Some(22));
        assert_eq!(at(463), Some(23));
        assert_eq!(at(553), None);
    }
}
