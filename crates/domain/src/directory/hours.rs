//! Opening hours: read from the text that councils and the NHS publish, kept beside it.
//!
//! The words of the publisher are always kept, because they are what people need to see
//! when they say something a table cannot.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// A day of the week.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// The week, from Monday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// 0 for Monday to 6 for Sunday.
    pub fn index(self) -> usize {
        self as usize
    }
    /// The stored form.
    pub fn code(self) -> &'static str {
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][self.index()]
    }
    /// The name on a page.
    pub fn title(self) -> &'static str {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][self.index()]
    }
    /// The day with this name, or its first three letters, in any case.
    pub fn parse(text: &str) -> Option<Weekday> {
        let text = text.trim().to_lowercase();
        Weekday::ALL.into_iter().find(|d| text == d.code() || text == d.code()[..3])
    }
    /// The weekday of a day.
    pub fn of(day: crate::time::Day) -> Weekday {
        Weekday::ALL[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs()) % 7]
    }
}

/// A stretch of one day. An end at or before the start means that it goes past midnight;
/// equal ends mean all day and night.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Span {
    /// From.
    pub from: Time,
    /// To.
    pub to: Time,
}

impl Span {
    /// Does it hold this time of the day on which it starts?
    pub fn contains(self, at: Time) -> bool {
        if self.to > self.from { self.from <= at && at < self.to } else { self.from <= at }
    }
    /// Does any of it fall between `from` and `to` of the day on which it starts?
    pub fn overlaps(self, from: Time, to: Time) -> bool {
        let ends_after = self.to <= self.from || self.to > from;
        self.from < to && ends_after
    }
    fn words(self) -> String {
        if self.from == self.to {
            "all day and night".to_owned()
        } else {
            format!("{} to {}", clock(self.from), clock(self.to))
        }
    }
}

/// One day of a week of opening hours.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "day", content = "spans")]
pub enum DayHours {
    /// Nobody said.
    #[default]
    NotSaid,
    /// Closed.
    Closed,
    /// Open.
    Open(Vec<Span>),
}

/// Why a day's text could not be read as hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A part is not two times with a dash between.
    #[error("{0:?} is not two times with a dash between, such as 09:00-17:30")]
    NotASpan(String),
    /// Two stretches of one day overlap.
    #[error("two times of the day overlap")]
    Overlap,
    /// More than a day can hold.
    #[error("more than 12 stretches in one day")]
    TooMany,
}

impl DayHours {
    /// Reads `09:00-13:00,14:00-17:30`, `9am to 5pm`, `CLOSED`, `24 hours` or nothing.
    ///
    /// # Errors
    /// A part is not a pair of times, or two parts overlap.
    pub fn parse(text: &str) -> Result<DayHours, HoursError> {
        let text = text
            .trim()
            .to_lowercase()
            .replace(['–', '—', '−'], "-")
            .replace(" to ", "-")
            .replace(" and ", ",");
        match text.as_str() {
            "" => return Ok(DayHours::NotSaid),
            "closed" | "shut" | "not open" => return Ok(DayHours::Closed),
            "24 hours" | "24hrs" | "24/7" | "open 24 hours" | "all day" => {
                return Ok(DayHours::Open(vec![Span { from: Time::midnight(), to: Time::midnight() }]));
            }
            _ => {}
        }
        let parts: Vec<&str> =
            text.split([',', ';', '&', '/']).map(str::trim).filter(|p| !p.is_empty()).collect();
        if parts.len() > 12 {
            return Err(HoursError::TooMany);
        }
        let mut spans = parts.into_iter().map(parse_span).collect::<Result<Vec<Span>, HoursError>>()?;
        spans.sort_unstable();
        let overlap = |w: &[Span]| w[0].to <= w[0].from || w[1].from < w[0].to;
        if spans.windows(2).any(overlap) {
            return Err(HoursError::Overlap);
        }
        Ok(if spans.is_empty() { DayHours::NotSaid } else { DayHours::Open(spans) })
    }

    /// The words on a page.
    pub fn words(&self) -> String {
        match self {
            DayHours::NotSaid => "not said".to_owned(),
            DayHours::Closed => "closed".to_owned(),
            DayHours::Open(spans) => spans.iter().map(|s| s.words()).collect::<Vec<_>>().join(", then "),
        }
    }
}

fn parse_span(text: &str) -> Result<Span, HoursError> {
    let wrong = || HoursError::NotASpan(text.chars().take(40).collect());
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let to_time = parse_clock(to).ok_or_else(wrong)?;
    let from_time = clock_before(from, to, to_time).or_else(|| parse_clock(from)).ok_or_else(wrong)?;
    Ok(Span { from: from_time, to: to_time })
}

/// The start of `7-9pm` is 7pm, and that of `10-1pm` is 10am: a start without am or pm
/// takes the half of the day of its end, unless it would come after it.
fn clock_before(from: &str, to: &str, to_time: Time) -> Option<Time> {
    let (from, to) = (from.trim(), to.trim());
    let marked = |text: &str| text.ends_with('m') || text.ends_with("noon");
    if marked(from) || !(to.ends_with("am") || to.ends_with("pm")) {
        return None;
    }
    let half = &to[to.len() - 2..];
    let same = parse_clock(&format!("{from}{half}")).filter(|t| *t < to_time);
    same.or_else(|| parse_clock(&format!("{from}am")).filter(|t| *t < to_time))
}

/// Reads `09:00`, `9.30`, `0930`, `9am`, `5:30 pm`, `noon` and `24:00`. An hour of one digit
/// under 7 without am or pm is not read: it might be either.
pub fn parse_clock(text: &str) -> Option<Time> {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "noon" | "midday" | "12 noon" => return Some(Time::constant(12, 0, 0, 0)),
        "midnight" | "24:00" | "2400" => return Some(Time::midnight()),
        _ => {}
    }
    let (digits, half) = if let Some(t) = text.strip_suffix("am") {
        (t, Some(0))
    } else if let Some(t) = text.strip_suffix("pm") {
        (t, Some(12))
    } else {
        (text.as_str(), None)
    };
    let digits = digits.trim();
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((h, m)) if m.len() == 2 => (number(h)?, number(m)?),
        Some((h, m)) if m.len() == 5 && m.ends_with(":00") => (number(h)?, number(&m[..2])?),
        Some(_) => return None,
        None if digits.len() == 4 && half.is_none() => (number(digits.get(..2)?)?, number(digits.get(2..)?)?),
        None if half.is_some() || digits.len() <= 2 => (number(digits)?, 0),
        None => return None,
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(add) => hour % 12 + add,
        None if hour < 7 && !digits.starts_with('0') => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn number(text: &str) -> Option<i8> {
    if text.is_empty() || text.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// A time in words: `9am`, `2:30pm`, `midday`, `midnight`.
pub fn clock(at: Time) -> String {
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (h, m) => {
            let half = if h < 12 { "am" } else { "pm" };
            let hour = if h % 12 == 0 { 12 } else { h % 12 };
            if m == 0 { format!("{hour}{half}") } else { format!("{hour}:{m:02}{half}") }
        }
    }
}

/// A week of opening hours, Monday first.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week(pub [DayHours; 7]);

impl Week {
    /// Reads a week in one text: `Mon-Fri 9am-5pm; Saturday 10:00-13:00; Sunday closed`,
    /// its parts set apart by semicolons or lines. Nothing, unless every part can be read:
    /// half a week would be believed. Days that are not named stay not said.
    pub fn parse(text: &str) -> Option<Week> {
        let mut week = Week::default();
        for part in text.split([';', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
            let (days, hours) = split_days(part)?;
            for day in days {
                let slot = &mut week.0[day.index()];
                if *slot != DayHours::NotSaid {
                    return None;
                }
                *slot = DayHours::parse(hours).ok().filter(|h| *h != DayHours::NotSaid)?;
            }
        }
        (!week.is_not_said()).then_some(week)
    }

    /// The hours of one day.
    pub fn day(&self, day: Weekday) -> &DayHours {
        &self.0[day.index()]
    }
    /// Has nobody said anything?
    pub fn is_not_said(&self) -> bool {
        self.0.iter().all(|d| *d == DayHours::NotSaid)
    }
    /// Open on that day between those times? `None`: not said.
    pub fn open_between(&self, day: Weekday, from: Time, to: Time) -> Option<bool> {
        match self.day(day) {
            DayHours::NotSaid => None,
            DayHours::Closed => Some(false),
            DayHours::Open(spans) => Some(spans.iter().any(|s| s.overlaps(from, to))),
        }
    }
    /// Lines for a page: equal days that follow each other share a line.
    pub fn lines(&self) -> Vec<(String, String)> {
        let mut lines: Vec<(Weekday, Weekday, &DayHours)> = Vec::new();
        for day in Weekday::ALL {
            let hours = self.day(day);
            match lines.last_mut() {
                Some((_, last, same)) if *same == hours => *last = day,
                _ => lines.push((day, day, hours)),
            }
        }
        let days = |a: Weekday, b: Weekday| {
            if a == b { a.title().to_owned() } else { format!("{} to {}", a.title(), b.title()) }
        };
        lines.into_iter().map(|(a, b, hours)| (days(a, b), hours.words())).collect()
    }
}

/// The days a part begins with, and the hours after them: `Mon-Fri 9-5`, `Tue, Thu: 9-5`.
fn split_days(part: &str) -> Option<(Vec<Weekday>, &str)> {
    let at = part.find(|c: char| c.is_ascii_digit()).or_else(|| part.to_lowercase().find("closed"))?;
    let (named, hours) = (part.get(..at)?, part.get(at..)?);
    let named = named
        .trim()
        .trim_end_matches([':', ',', '-'])
        .to_lowercase()
        .replace(['–', '—'], "-")
        .replace(" to ", "-");
    let named = named.trim().replace(" and ", ",").replace(['&', '/'], ",");
    match named.as_str() {
        "daily" | "every day" | "mon-sun" => return Some((Weekday::ALL.to_vec(), hours)),
        "weekdays" => return Some((Weekday::ALL[..5].to_vec(), hours)),
        "weekends" => return Some((Weekday::ALL[5..].to_vec(), hours)),
        _ => {}
    }
    let mut days = Vec::new();
    for piece in named.split(',').map(str::trim) {
        match piece.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (parse_day(from)?, parse_day(to)?);
                days.extend(Weekday::ALL.get(from.index()..=to.index())?);
            }
            None => days.push(parse_day(piece)?),
        }
    }
    Some((days, hours))
}

/// A day as people shorten it: `Tues`, `Weds`, `Thurs`, or in the plural.
fn parse_day(text: &str) -> Option<Weekday> {
    let text = text.trim().trim_end_matches('.');
    Weekday::parse(text).or_else(|| match text {
        "tues" => Some(Weekday::Tuesday),
        "weds" => Some(Weekday::Wednesday),
        "thur" | "thurs" => Some(Weekday::Thursday),
        other => Weekday::parse(other.strip_suffix('s')?),
    })
}

/// When a service is open: the publisher's words, and a week where they could be read.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Opening {
    /// The publisher's words.
    pub text: String,
    /// The week, as far as it could be read.
    pub week: Week,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(h: i8, m: i8) -> Time {
        Time::constant(h, m, 0, 0)
    }

    #[test]
    fn published_hours_are_read() {
        let two = DayHours::Open(vec![
            Span { from: t(9, 0), to: t(13, 0) },
            Span { from: t(14, 0), to: t(17, 30) },
        ]);
        for text in [
            "09:00-13:00,14:00-17:30",
            "9am to 1pm, 2pm to 5.30pm",
            "14:00 – 17:30; 0900-1300",
            "9-13 and 14:00:00-17:30:00",
        ] {
            assert_eq!(DayHours::parse(text), Ok(two.clone()), "{text}");
        }
        assert_eq!(DayHours::parse(" CLOSED "), Ok(DayHours::Closed));
        assert_eq!(DayHours::parse(""), Ok(DayHours::NotSaid));
        assert_eq!(DayHours::parse("24 hours").unwrap().words(), "all day and night");
    }

    #[test]
    fn what_is_not_hours_is_said_to_be_so() {
        for text in [
            "by appointment",
            "09:00",
            "25:00-26:00",
            "9am-13pm",
            "09:00-12:00-15:00",
            "9:5-10:5",
            "-",
            "٩-١٠",
        ] {
            assert!(
                matches!(DayHours::parse(text), Err(HoursError::NotASpan(_))),
                "{text}: {:?}",
                DayHours::parse(text)
            );
        }
        assert_eq!(DayHours::parse("09:00-13:00,12:00-15:00"), Err(HoursError::Overlap));
        assert_eq!(DayHours::parse(&"08-09,".repeat(20)), Err(HoursError::TooMany));
    }

    #[test]
    fn past_midnight() {
        let span = Span { from: t(22, 0), to: t(2, 0) };
        assert!(span.contains(t(23, 0)) && !span.contains(t(21, 0)));
        assert!(span.overlaps(t(20, 0), t(23, 0)) && !span.overlaps(t(20, 0), t(22, 0)));
    }

    #[test]
    fn a_week_in_one_text() {
        let week = Week::parse("Mon-Fri 9am-5pm; Saturday: 10:00-13:00\nSun closed").unwrap();
        assert_eq!(week.lines().len(), 3);
        assert_eq!(week.day(Weekday::Sunday), &DayHours::Closed);
        let week = Week::parse("Tues, Thurs & Saturdays 10-1pm, 1.30-3.30pm").unwrap();
        assert_eq!(week.day(Weekday::Thursday).words(), "10am to 1pm, then 1:30pm to 3:30pm");
        for text in [
            "",
            "by appointment",
            "Mon-Fri 9am-5pm; ask about Saturday",
            "Fri-Mon 9-5",
            "Mon 9-5; Mon 6-7",
            "Funday 9-5",
            "9-5",
        ] {
            assert_eq!(Week::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_week_in_lines() {
        let mut week = Week::default();
        for day in &Weekday::ALL[..5] {
            week.0[day.index()] = DayHours::parse("9am-5:30pm").unwrap();
        }
        week.0[5] = DayHours::Closed;
        let lines = week.lines();
        assert_eq!(lines[0], ("Monday to Friday".to_owned(), "9am to 5:30pm".to_owned()));
        assert_eq!(lines[1], ("Saturday".to_owned(), "closed".to_owned()));
        assert_eq!(lines[2], ("Sunday".to_owned(), "not said".to_owned()));
        assert_eq!(week.open_between(Weekday::Monday, t(17, 0), t(20, 0)), Some(true));
        assert_eq!(week.open_between(Weekday::Saturday, t(10, 0), t(12, 0)), Some(false));
        assert_eq!(week.open_between(Weekday::Sunday, t(10, 0), t(12, 0)), None);
    }
}
