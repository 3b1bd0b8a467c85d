//! Instants as the scenarios write them: UTC, to the minute or second, without a zone. Periods are
//! half-open: a period that ends at an instant no longer holds at that instant ("expired/withdrawn:
//! as none from that second", reliability 3.4).

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Seconds since 1970-01-01T00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// One minute, in seconds.
pub const MINUTE: i64 = 60;
/// One hour, in seconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day of 24 hours, in seconds.
pub const DAY: i64 = 24 * HOUR;

impl Time {
    /// Reads `2026-06-10T10:00`, the same with seconds, `2026-06-10`, or an instant with an offset.
    pub fn parse(text: &str) -> Option<Time> {
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Some(Time(instant.as_second()));
        }
        let civil = text.parse::<DateTime>().ok();
        let civil = civil.or_else(|| Some(text.parse::<Date>().ok()?.at(0, 0, 0, 0)))?;
        let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
        Some(Time(zoned.timestamp().as_second()))
    }

    /// This instant moved by so many seconds.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Time {
        Time(self.0.saturating_add(seconds))
    }

    /// Whether this instant is in `[from, to)`; a missing end is never reached.
    #[must_use]
    pub fn within(self, from: Time, to: Option<Time>) -> bool {
        from <= self && to.is_none_or(|to| self < to)
    }

    /// Whether this instant is in the `seconds` that begin at `from`.
    #[must_use]
    pub fn within_seconds_of(self, from: Time, seconds: i64) -> bool {
        self.within(from, Some(from.plus(seconds)))
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let instant = jiff::Timestamp::from_second(self.0).map_err(|_| std::fmt::Error)?;
        write!(out, "{}", instant.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        Time::parse(&text).ok_or_else(|| D::Error::custom(format!("not a time: {text}")))
    }
}
