//! The next date: a day when a named thing will be done (design, "The closed loop").
//!
//! It is at most 28 days ahead, or the partnership's own number. Moving it needs a
//! reason; moved twice without anybody speaking to the person, it shows.

use serde::{Deserialize, Serialize};

use crate::settings::Settings;
use crate::text::{LINE, line};
use crate::time::{Day, Instant, plus_days};

/// Moves without contact from which a next date counts as *kept moving*.
pub const KEPT_MOVING: u8 = 2;

/// What happens next, and on which day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NextDate {
    /// What will be done, in words.
    pub what: String,
    /// The day.
    pub on: Day,
    /// How often the day has been moved since anybody last spoke to the person.
    pub moves_without_contact: u8,
    /// Why it was moved last.
    pub reason: Option<String>,
    /// When it was moved last.
    #[serde(default)]
    pub moved_at: Option<Instant>,
}

impl NextDate {
    /// A new next date that has not been moved.
    pub fn new(what: impl Into<String>, on: Day) -> NextDate {
        NextDate { what: what.into(), on, moves_without_contact: 0, reason: None, moved_at: None }
    }

    /// Moved twice without contact.
    pub fn kept_moving(&self) -> bool {
        self.moves_without_contact >= KEPT_MOVING
    }
}

/// Why a next date is not taken, in words for the one who set it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadNextDate {
    /// Nothing will be done.
    #[error("Say what will happen on that day")]
    NoWhat,
    /// Too long or not showable.
    #[error("{0}")]
    Words(crate::text::BadText),
    /// Before today.
    #[error("That day has passed. Choose today or a day up to {}", words_of(*.latest))]
    Past {
        /// The last day that can be chosen.
        latest: Day,
    },
    /// Too far away to be a next date.
    #[error(
        "That is too far away. A next date is a day soon when somebody does something. Choose a day up to {}",
        words_of(*.latest)
    )]
    TooFar {
        /// The last day that can be chosen.
        latest: Day,
    },
    /// Moved without a reason.
    #[error("Say why the day is moved")]
    NoReason,
}

/// A day as people say it: `Monday 21 December 2026`.
pub fn words_of(day: Day) -> String {
    day.strftime("%A %-d %B %Y").to_string()
}

/// The last day a next date can be, from today.
pub fn latest(today: Day, settings: &Settings) -> Day {
    plus_days(today, i32::from(settings.next_date_days))
}

/// Checks a day alone: from today up to the partnership's number of days ahead.
///
/// # Errors
/// The day has passed, or is too far away.
pub fn check_day(on: Day, today: Day, settings: &Settings) -> Result<(), BadNextDate> {
    let latest = latest(today, settings);
    if on < today {
        return Err(BadNextDate::Past { latest });
    }
    if on > latest {
        return Err(BadNextDate::TooFar { latest });
    }
    Ok(())
}

/// Checks what will be done and the day.
///
/// # Errors
/// Nothing named, or a day that cannot be a next date.
pub fn check_next_date(
    what: &str,
    on: Day,
    today: Day,
    settings: &Settings,
) -> Result<NextDate, BadNextDate> {
    let what = match line(what, LINE) {
        Ok(what) => what,
        Err(crate::text::BadText::Empty) => return Err(BadNextDate::NoWhat),
        Err(other) => return Err(BadNextDate::Words(other)),
    };
    check_day(on, today, settings)?;
    Ok(NextDate::new(what, on))
}

/// Moves a next date, with a reason. Counts how often it was moved since the person was
/// last spoken to; `heard_at` is when that was.
///
/// # Errors
/// As [`check_next_date`], or no reason.
pub fn move_next_date(
    old: &NextDate,
    new: (&str, Day),
    reason: &str,
    heard_at: Option<Instant>,
    now: Instant,
    today: Day,
    settings: &Settings,
) -> Result<NextDate, BadNextDate> {
    let checked = check_next_date(new.0, new.1, today, settings)?;
    let reason = match line(reason, LINE) {
        Ok(reason) => reason,
        Err(crate::text::BadText::Empty) => return Err(BadNextDate::NoReason),
        Err(other) => return Err(BadNextDate::Words(other)),
    };
    Ok(counted(old, checked, reason, heard_at, now))
}

/// The new date in place of the old one, with its count: one more when it is later and
/// nobody spoke to the person, and from the start again when somebody did since the last
/// move. A move made while speaking to them is none without contact.
pub(crate) fn counted(
    old: &NextDate,
    new: NextDate,
    reason: String,
    heard_at: Option<Instant>,
    now: Instant,
) -> NextDate {
    let spoken_since = old.moved_at.is_some_and(|moved| heard_at.is_some_and(|heard| heard > moved));
    let before = if spoken_since { 0 } else { old.moves_without_contact };
    let moves = match heard_at {
        Some(heard) if heard >= now => 0,
        _ => before.saturating_add(u8::from(new.on > old.on)),
    };
    NextDate { moves_without_contact: moves, reason: Some(reason), moved_at: Some(now), ..new }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Day = date(2026, 11, 23);

    #[test]
    fn the_year_2099_is_refused_in_plain_words() {
        let wrong =
            check_next_date("Ring Marlon", date(2099, 1, 1), TODAY, &Settings::default()).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "That is too far away. A next date is a day soon when somebody does something. \
             Choose a day up to Monday 21 December 2026"
        );
    }

    #[test]
    fn today_and_the_28th_day_are_next_dates() {
        let ok = |on| check_next_date("Ring", on, TODAY, &Settings::default()).is_ok();
        assert!(ok(TODAY) && ok(date(2026, 12, 21)));
        assert!(!ok(date(2026, 12, 22)) && !ok(date(2026, 11, 22)));
        assert_eq!(check_next_date("  ", TODAY, TODAY, &Settings::default()), Err(BadNextDate::NoWhat));
    }

    #[test]
    fn moved_twice_without_contact_shows_and_contact_clears_it() {
        let s = Settings::default();
        let day = |n| plus_days(TODAY, n);
        let at = |n: i64| Instant(0).plus_days(n);
        let first = NextDate::new("Ring", day(1));
        assert_eq!(
            move_next_date(&first, ("Ring", day(2)), " ", None, at(1), TODAY, &s),
            Err(BadNextDate::NoReason)
        );
        let once = move_next_date(&first, ("Ring", day(2)), "I was ill", None, at(1), TODAY, &s).unwrap();
        assert!(!once.kept_moving());
        let twice =
            move_next_date(&once, ("Ring", day(3)), "No answer", Some(at(0)), at(2), TODAY, &s).unwrap();
        assert!(twice.kept_moving());
        let spoken =
            move_next_date(&twice, ("Ring", day(4)), "They asked", Some(at(3)), at(4), TODAY, &s).unwrap();
        assert_eq!(spoken.moves_without_contact, 1);
        let speaking =
            move_next_date(&twice, ("Ring", day(5)), "They asked", Some(at(5)), at(5), TODAY, &s).unwrap();
        assert_eq!(speaking.moves_without_contact, 0);
        let sooner = move_next_date(&once, ("Ring", day(1)), "A gap", None, at(2), TODAY, &s).unwrap();
        assert!(!sooner.kept_moving());
    }
}
