//! What happens in a life: dying, leaving, stopping, hospital, prison, moving, being
//! reached and not being reached. Each is a fact about the person alone; what is open
//! follows from it in `holding`, so that taking a mistake back takes all of it back.

use crate::contact::Channel;
use crate::message::{Message, MessageTo};
use crate::need::Need;
use crate::next_date::{BadNextDate, NextDate, check_next_date, words_of};
use crate::organisation::Holder;
use crate::person::{Person, Standing, Stay, Try, Whereabouts};
use crate::plan::{Step, Telling};
use crate::record::{Author, Record, Saved};
use crate::referral::{End, Referral};
use crate::settings::Settings;
use crate::time::{Day, Instant, plus_days};

use crate::holding::PersonFacts;
use std::collections::BTreeSet;

/// Why it is not written down, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotSo {
    /// The person died, as far as is recorded.
    #[error("It is recorded that they have died. If that is a mistake, take it back first")]
    Died,
    /// No death is recorded.
    #[error("No death is recorded")]
    NotDied,
    /// A day in the future.
    #[error("That day has not come yet")]
    Future,
    /// Not now, but until when?
    #[error("Choose a day from tomorrow up to {}", words_of(*.latest))]
    Until {
        /// The last day that can be chosen.
        latest: Day,
    },
    /// No more tries than they agreed to.
    #[error(
        "They agreed to {agreed} tries, and those were made. Write a letter if that is safe, or ask whoever introduced them"
    )]
    TriesUsed {
        /// How many they agreed to.
        agreed: u8,
    },
    /// Not yet tried as often as they agreed to.
    #[error(
        "They agreed to {agreed} tries. Make those first, each on another day: their own ways, a letter if that is safe, and whoever introduced them"
    )]
    TriesLeft {
        /// How many they agreed to.
        agreed: u8,
    },
    /// The next date cannot be taken.
    #[error("{0}")]
    NextDate(#[from] BadNextDate),
}

/// The person died. Nothing else changes.
///
/// # Errors
/// Recorded already, or a day in the future.
pub fn died(person: &Person, on: Option<Day>, by: Author, now: Instant, today: Day) -> Result<Person, NotSo> {
    alive(person)?;
    if on.is_some_and(|day| day > today) {
        return Err(NotSo::Future);
    }
    let before = Box::new(person.standing.clone());
    let standing = Standing::Died { on, recorded_at: now, recorded_by: by, before, everyone_told: None };
    Ok(Person { standing, ..person.clone() })
}

/// The death was recorded by mistake: everything is as it was.
///
/// # Errors
/// No death is recorded.
pub fn not_died(person: &Person) -> Result<Person, NotSo> {
    match &person.standing {
        Standing::Died { before, .. } => Ok(Person { standing: (**before).clone(), ..person.clone() }),
        _ => Err(NotSo::NotDied),
    }
}

/// Everybody who was helping was told, and those close to them were spoken to.
///
/// # Errors
/// No death is recorded.
pub fn everyone_told(person: &Person, now: Instant) -> Result<Person, NotSo> {
    let mut after = person.clone();
    match &mut after.standing {
        Standing::Died { everyone_told, .. } => *everyone_told = Some(everyone_told.unwrap_or(now)),
        _ => return Err(NotSo::NotDied),
    }
    Ok(after)
}

/// The person stopped everything. No reason, and nobody chases.
///
/// # Errors
/// The person died.
pub fn stop(person: &Person, today: Day) -> Result<Person, NotSo> {
    stand(person, Standing::Stopped { on: today })
}

/// The person left Kith.
///
/// # Errors
/// The person died.
pub fn leave(person: &Person, today: Day) -> Result<Person, NotSo> {
    stand(person, Standing::Left { on: today })
}

/// The person has finished.
///
/// # Errors
/// The person died.
pub fn finish(person: &Person, words: Option<String>, today: Day) -> Result<Person, NotSo> {
    stand(person, Standing::Finished { on: today, words })
}

/// The person said not now.
///
/// # Errors
/// The person died, or the day is not from tomorrow up to the partnership's number of days.
pub fn not_now(person: &Person, until: Day, today: Day, settings: &Settings) -> Result<Person, NotSo> {
    later(until, today, settings)?;
    stand(person, Standing::NotNow { until })
}

/// Tried as often as they agreed: the door stays open, and there is a date.
///
/// # Errors
/// The person died, tries are left, or the day cannot be.
pub fn open_door(person: &Person, again: Day, today: Day, settings: &Settings) -> Result<Person, NotSo> {
    let agreed = tries_agreed(person, settings);
    if days_tried(&person.tries, None) < usize::from(agreed) {
        return Err(NotSo::TriesLeft { agreed });
    }
    later(again, today, settings)?;
    stand(person, Standing::DoorOpen { since: today, again })
}

/// The person is open to help (again).
///
/// # Errors
/// The person died, or the next date cannot be taken.
pub fn reopen(
    person: &Person,
    what: &str,
    on: Day,
    today: Day,
    settings: &Settings,
) -> Result<Person, NotSo> {
    let next = check_next_date(what, on, today, settings)?;
    Ok(Person { next, ..stand(person, Standing::Open)? })
}

/// Somebody spoke to the person, or the person to somebody: tries and moves start again.
///
/// # Errors
/// The person died.
pub fn spoken_to(person: &Person, now: Instant) -> Result<Person, NotSo> {
    alive(person)?;
    let next = NextDate { moves_without_contact: 0, ..person.next.clone() };
    let heard_at = Some(person.heard_at.map_or(now, |before| before.max(now)));
    Ok(Person { heard_at, tries: Vec::new(), next, ..person.clone() })
}

/// A try to reach them.
///
/// # Errors
/// The person died, or no more tries were agreed.
pub fn tried(
    person: &Person,
    channel: Channel,
    reached: bool,
    now: Instant,
    settings: &Settings,
) -> Result<Person, NotSo> {
    alive(person)?;
    if reached {
        return spoken_to(person, now);
    }
    let agreed = tries_agreed(person, settings);
    if days_tried(&person.tries, Some(now)) >= usize::from(agreed) {
        return Err(NotSo::TriesUsed { agreed });
    }
    let mut after = person.clone();
    after.tries.push(Try { at: now, channel, reached });
    Ok(after)
}

/// Where the person is: hospital, prison, moved, home again.
///
/// # Errors
/// The person died, or it would have begun in the future.
pub fn is_at(person: &Person, whereabouts: Whereabouts, today: Day) -> Result<Person, NotSo> {
    alive(person)?;
    let since = match &whereabouts {
        Whereabouts::MovedAway { on, .. } => Some(*on),
        other => other.away_since(),
    };
    if since.is_some_and(|day| day > today) {
        return Err(NotSo::Future);
    }
    let mut after = Person { whereabouts, ..person.clone() };
    // Days in hospital or prison stay known when it is over. From one into the other, or a
    // first day put right, nothing between is lost either.
    if let Some(from) = person.whereabouts.away_since() {
        let next = after.whereabouts.away_since();
        if next.is_none_or(|day| day > from) {
            after.stays.push(Stay { from, until: next.unwrap_or(today).max(from) });
        }
    }
    Ok(after)
}

/// On how many days they were tried, this one left out. Three calls in one afternoon are one try: what
/// somebody agreed to is days on which they could have answered.
fn days_tried(tries: &[Try], without: Option<Instant>) -> usize {
    let day = |at: Instant| at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    let days: BTreeSet<Day> = tries.iter().map(|one| day(one.at)).collect();
    days.iter().filter(|on| without.map(day) != Some(**on)).count()
}

/// How many tries the person agreed to.
pub fn tries_agreed(person: &Person, settings: &Settings) -> u8 {
    person.tries_agreed.unwrap_or(settings.tries)
}

/// What changes when a colleague takes a person on.
#[derive(Clone, Debug)]
pub struct TakenOn {
    /// The person, with the new holder.
    pub person: Saved<Person>,
    /// The needs that move too.
    pub needs: Vec<Saved<Need>>,
    /// The steps that move too.
    pub steps: Vec<Saved<Step>>,
    /// The "did you get there?" that move too.
    pub tellings: Vec<Saved<Telling>>,
    /// Unread words that move too.
    pub messages: Vec<Saved<Message>>,
    /// The referrals whose asking side moves too.
    pub referrals: Vec<Saved<Referral>>,
}

/// A colleague takes a person on, with everything open that the one before held, and what they
/// wrote to whoever has the plan `today`. What others hold stays with them. Referrals follow the
/// plan inside a team by themselves; to another team they are written over, so that answers,
/// and what comes back, reach whoever has the person.
pub fn take_on(facts: &PersonFacts, to: Holder, today: Holder) -> TakenOn {
    let from = facts.person.value.holder;
    let theirs = |h: Holder| h == from || (h.team == from.team && h.lead.is_none());
    let mut person = facts.person.clone();
    person.value.holder = to;
    let mut needs: Vec<_> = moving(&facts.needs, |n| theirs(n.holder)).collect();
    needs.iter_mut().for_each(|n| n.value.holder = to);
    let mut steps: Vec<_> = moving(&facts.steps, |s| theirs(s.holder)).collect();
    steps.iter_mut().for_each(|s| s.value.holder = to);
    let mut tellings: Vec<_> = moving(&facts.tellings, |t| theirs(t.holder)).collect();
    tellings.iter_mut().for_each(|t| t.value.holder = to);
    TakenOn { person, needs, steps, tellings, messages: words(facts, to, today), referrals: asked(facts, to) }
}

/// The words that nobody has read, with their new reader.
fn words(facts: &PersonFacts, to: Holder, today: Holder) -> Vec<Saved<Message>> {
    let from = facts.person.value.holder;
    let theirs = |m: &Message, h: Holder| {
        let own = matches!(m.from, Author::Person { .. });
        h == from || (own && h == today) || (h.team == from.team && h.lead.is_none())
    };
    let moves = |m: &Message| match m.to {
        MessageTo::Reader { holder, .. } => holder != to && theirs(m, holder),
        _ => false,
    };
    let mut words: Vec<_> = moving(&facts.messages, moves).collect();
    for m in &mut words {
        if let MessageTo::Reader { holder, .. } = &mut m.value.to {
            *holder = to;
        }
    }
    words
}

/// What the plan's team asked for, with the other team that the plan goes to.
fn asked(facts: &PersonFacts, to: Holder) -> Vec<Saved<Referral>> {
    let from = facts.person.value.holder;
    if (from.organisation, from.team) == (to.organisation, to.team) {
        return Vec::new();
    }
    let theirs = |r: &Referral| (r.sender.organisation, r.sender.team) == (from.organisation, from.team);
    let news = |r: &Referral| r.open() || r.ended_as_news();
    let all = facts.referrals.iter().filter(|r| !r.meta.entered_in_error && news(&r.value));
    let mut asked: Vec<_> = all.filter(|r| theirs(&r.value)).cloned().collect();
    let end = End { organisation: to.organisation, team: to.team, worker: to.lead };
    asked.iter_mut().for_each(|r| r.value.sender = end);
    asked
}

fn moving<'a, T: Record>(
    saved: &'a [Saved<T>],
    theirs: impl Fn(&T) -> bool + 'a,
) -> impl Iterator<Item = Saved<T>> + 'a {
    saved.iter().filter(move |s| !s.meta.entered_in_error && s.value.open() && theirs(&s.value)).cloned()
}

fn alive(person: &Person) -> Result<(), NotSo> {
    if person.died() { Err(NotSo::Died) } else { Ok(()) }
}

fn stand(person: &Person, standing: Standing) -> Result<Person, NotSo> {
    alive(person)?;
    Ok(Person { standing, ..person.clone() })
}

fn later(day: Day, today: Day, settings: &Settings) -> Result<(), NotSo> {
    let latest = plus_days(today, i32::from(settings.not_now_days));
    if day <= today || day > latest { Err(NotSo::Until { latest }) } else { Ok(()) }
}
