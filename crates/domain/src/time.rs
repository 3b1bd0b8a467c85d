//! Time as the rules see it: instants in whole microseconds, days in the place's own
//! zone, and a calendar of working days. The calendar is a value; nothing here reads a
//! clock.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A day in the place's own calendar.
pub type Day = jiff::civil::Date;

/// A moment, in microseconds since 1970-01-01 UTC. The same number on both databases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// One second, in the unit of this type.
    pub const SECOND: i64 = 1_000_000;
    /// One hour, in the unit of this type.
    pub const HOUR: i64 = 3_600 * Self::SECOND;
    /// Twenty-four hours, in the unit of this type. A calendar day may be 23 or 25.
    pub const DAY: i64 = 24 * Self::HOUR;

    /// This moment and `hours` more.
    pub fn plus_hours(self, hours: i64) -> Instant {
        Instant(self.0.saturating_add(hours.saturating_mul(Self::HOUR)))
    }
    /// This moment and `days` times 24 hours more.
    pub fn plus_days(self, days: i64) -> Instant {
        Instant(self.0.saturating_add(days.saturating_mul(Self::DAY)))
    }
    /// This moment and `seconds` more.
    pub fn plus_seconds(self, seconds: i64) -> Instant {
        Instant(self.0.saturating_add(seconds.saturating_mul(Self::SECOND)))
    }
    /// Whole seconds from `earlier` to this moment; negative when `earlier` is later.
    pub fn seconds_since(self, earlier: Instant) -> i64 {
        (self.0.saturating_sub(earlier.0)) / Self::SECOND
    }
    /// The same moment as a timestamp of the time library.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl From<Timestamp> for Instant {
    fn from(t: Timestamp) -> Instant {
        Instant(t.as_microsecond())
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

/// Which days are working days, and what day it is at a moment in this place.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    holidays: BTreeSet<Day>,
}

impl Calendar {
    /// A calendar for a zone of the IANA database and the public holidays given.
    ///
    /// # Errors
    /// The zone name is unknown.
    pub fn new(zone: &str, holidays: impl IntoIterator<Item = Day>) -> Result<Calendar, UnknownZone> {
        let zone = TimeZone::get(zone).map_err(|_| UnknownZone(zone.to_owned()))?;
        Ok(Calendar { zone, holidays: holidays.into_iter().collect() })
    }

    /// England: Europe/London, with the bank holidays of England and Wales that
    /// GOV.UK has published (<https://www.gov.uk/bank-holidays>, 2025 to 2028).
    pub fn england() -> Calendar {
        const HOLIDAYS: &[(i16, i8, i8)] = &[
            (2025, 1, 1),
            (2025, 4, 18),
            (2025, 4, 21),
            (2025, 5, 5),
            (2025, 5, 26),
            (2025, 8, 25),
            (2025, 12, 25),
            (2025, 12, 26),
            (2026, 1, 1),
            (2026, 4, 3),
            (2026, 4, 6),
            (2026, 5, 4),
            (2026, 5, 25),
            (2026, 8, 31),
            (2026, 12, 25),
            (2026, 12, 28),
            (2027, 1, 1),
            (2027, 3, 26),
            (2027, 3, 29),
            (2027, 5, 3),
            (2027, 5, 31),
            (2027, 8, 30),
            (2027, 12, 27),
            (2027, 12, 28),
            (2028, 1, 3),
            (2028, 4, 14),
            (2028, 4, 17),
            (2028, 5, 1),
            (2028, 5, 29),
            (2028, 8, 28),
            (2028, 12, 25),
            (2028, 12, 26),
        ];
        let holidays = HOLIDAYS.iter().map(|&(y, m, d)| jiff::civil::date(y, m, d));
        Calendar::new("Europe/London", holidays).expect("the zone database is bundled")
    }

    /// The same working days in another zone.
    ///
    /// # Errors
    /// The zone name is unknown.
    pub fn in_zone(&self, zone: &str) -> Result<Calendar, UnknownZone> {
        Calendar::new(zone, self.holidays.iter().copied())
    }

    /// The zone of the place.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The day it is here at `at`.
    pub fn day(&self, at: Instant) -> Day {
        at.timestamp().to_zoned(self.zone.clone()).date()
    }

    /// The hour of the day (0 to 23) it is here at `at`.
    pub fn hour(&self, at: Instant) -> i8 {
        at.timestamp().to_zoned(self.zone.clone()).hour()
    }

    /// The first moment of `day` here.
    pub fn start(&self, day: Day) -> Instant {
        self.moment(day, 0, 0)
    }

    /// The last moment of `day` here: one microsecond before the next day starts.
    pub fn end(&self, day: Day) -> Instant {
        Instant(self.start(plus_days(day, 1)).0 - 1)
    }

    /// The moment of a clock time here. A time that the clocks skip becomes the moment
    /// just as long after the change; a time that happens twice means the first.
    pub fn moment(&self, day: Day, hour: i8, minute: i8) -> Instant {
        let civil = day.at(hour, minute, 0, 0);
        civil.to_zoned(self.zone.clone()).map_or(Instant(i64::MAX), |z| z.timestamp().into())
    }

    /// Does the clock of this place never show this time on this day?
    pub fn skipped(&self, day: Day, hour: i8, minute: i8) -> bool {
        let civil = day.at(hour, minute, 0, 0);
        self.zone.to_ambiguous_zoned(civil).is_ambiguous()
            && matches!(
                self.zone.to_ambiguous_timestamp(civil).offset(),
                jiff::tz::AmbiguousOffset::Gap { .. }
            )
    }

    /// Monday to Friday and not a public holiday.
    pub fn is_working(&self, day: Day) -> bool {
        !matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday)
            && !self.holidays.contains(&day)
    }

    /// The day that is `n` working days after `day` (n = 0: `day` or the next working day).
    pub fn plus_working(&self, day: Day, n: u32) -> Day {
        let mut at = day;
        let mut left = n;
        if left == 0 {
            while !self.is_working(at) {
                at = plus_days(at, 1);
            }
            return at;
        }
        while left > 0 {
            at = plus_days(at, 1);
            if self.is_working(at) {
                left -= 1;
            }
        }
        at
    }

    /// Working days after `from` up to and including `to`; 0 when `to` is not later.
    pub fn working_between(&self, from: Day, to: Day) -> u32 {
        let mut n = 0;
        let mut at = from;
        while at < to {
            at = plus_days(at, 1);
            if self.is_working(at) {
                n += 1;
            }
        }
        n
    }
}

/// `day` and `n` calendar days more (or fewer).
pub fn plus_days(day: Day, n: i32) -> Day {
    day.saturating_add(n.days())
}

/// Calendar days from `from` to `to`.
pub fn days_between(from: Day, to: Day) -> i32 {
    let d: SignedDuration = to.duration_since(from);
    i32::try_from(d.as_hours() / 24).unwrap_or(i32::MAX)
}

/// The zone name is not in the IANA database.
#[derive(Debug, Clone, thiserror::Error)]
#[error("unknown time zone {0}: use a name such as Europe/London")]
pub struct UnknownZone(pub String);
