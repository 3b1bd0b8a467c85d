//! Schedules of a feed, as opening hours or as the rhythm of a group. What cannot be kept as
//! times is kept in words.

use super::clean::{Remarks, list, time};
use crate::oruk::schedules::{CLOSED, NOT_ON, SPECIAL, byday};
use jiff::civil::Time;
use kith_domain::directory::{DayHours, Every, Nth, Opening, Rhythm, SessionChange, Span, Weekday};
use kith_domain::text;
use kith_domain::time::Day;
use serde_json::Value;

/// A session that differs from the rhythm.
#[derive(Clone, PartialEq, Debug)]
pub struct OneDay {
    /// The day.
    pub day: Day,
    /// What is different.
    pub change: SessionChange,
}

/// One schedule, taken apart.
struct Line {
    days: Vec<(Option<i8>, Weekday)>,
    weekly: bool,
    first: Option<Day>,
    last: Option<Day>,
    interval: f64,
    span: Option<Span>,
    description: String,
    notes: String,
    plain: bool,
}

fn line(value: &Value, remarks: &mut Remarks) -> Line {
    let mut days = Vec::new();
    let mut odd = false;
    for part in list(&value["byday"]).iter().filter_map(Value::as_str).flat_map(|t| t.split([',', ' '])) {
        let part = part.trim();
        let at = part.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(part.len());
        let (number, name) = part.split_at(at);
        let upper = name.to_ascii_uppercase();
        let day = Weekday::ALL.into_iter().find(|d| byday(*d) == upper).or_else(|| Weekday::parse(name));
        match (day, number.parse::<i8>()) {
            (Some(day), Ok(nth)) => days.push((Some(nth), day)),
            (Some(day), Err(_)) => days.push((None, day)),
            (None, _) => odd |= !part.is_empty(),
        }
    }
    let freq = value["freq"].as_str().unwrap_or_default().to_ascii_uppercase();
    let interval = if value["interval"].is_null() {
        1.0
    } else {
        remarks.number("interval", &value["interval"]).unwrap_or(1.0)
    };
    let span = match (time(&value["opens_at"]), time(&value["closes_at"])) {
        (Some(from), Some(to)) => Some(Span { from, to }),
        _ => None,
    };
    let bymonth = value["bymonthday"].as_str().is_some_and(|t| !t.trim().is_empty());
    if odd {
        remarks.say("byday", "Some of it is no day of the week. The schedule is kept in words.");
    }
    Line {
        weekly: freq == "WEEKLY" || (freq.is_empty() && !days.is_empty()),
        plain: !odd && !bymonth,
        days,
        first: remarks
            .day("dtstart", &value["dtstart"])
            .or_else(|| remarks.day("valid_from", &value["valid_from"])),
        last: remarks.day("valid_to", &value["valid_to"]).or_else(|| remarks.day("until", &value["until"])),
        interval,
        span,
        description: remarks
            .text("description", &value["description"], text::LINE * 5, true)
            .unwrap_or_default(),
        notes: remarks.text("notes", &value["notes"], text::LINE * 5, true).unwrap_or_default(),
    }
}

impl Line {
    /// Hours of every week, as far as they go.
    fn is_weekly(&self) -> bool {
        self.plain && self.weekly && self.interval == 1.0 && self.days.iter().all(|(nth, _)| nth.is_none())
    }

    /// The line in words, for what a table of hours cannot say.
    fn words(&self) -> String {
        let days = self.days.iter().map(|(_, d)| d.title()).collect::<Vec<_>>().join(", ");
        let often = match (self.weekly, self.interval) {
            (_, n) if n == 2.0 && self.weekly => "every second week",
            (false, _) if !self.days.is_empty() => "some of them in the month",
            _ => "",
        };
        let hours = self.span.map(|s| {
            let clock = kith_domain::directory::hours::clock;
            format!("{} to {}", clock(s.from), clock(s.to))
        });
        let parts =
            [days, often.to_owned(), hours.unwrap_or_default(), self.description.clone(), self.notes.clone()];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// Opening hours. Times that are over are left out.
pub(super) fn opening(value: &Value, today: Option<Day>, remarks: &mut Remarks) -> Opening {
    let mut opening = Opening::default();
    let mut words: Vec<String> = Vec::new();
    for one in list(value).iter().filter(|v| v.is_object()) {
        let line = line(one, remarks);
        if let (Some(last), Some(today)) = (line.last, today)
            && last < today
        {
            remarks.say("schedules", "Hours that ended before today are left out.");
            continue;
        }
        let shut = line.span.is_none() && line.description.eq_ignore_ascii_case(CLOSED);
        if line.is_weekly() && !line.days.is_empty() && (line.span.is_some() || shut) {
            for (_, day) in &line.days {
                add(&mut opening.week.0[day.index()], line.span);
            }
            if !shut {
                words.extend([line.description, line.notes].into_iter().filter(|t| !t.is_empty()));
            }
        } else {
            words.extend(Some(line.words()).filter(|t| !t.is_empty()));
        }
    }
    let mut kept: Vec<String> = Vec::new();
    for text in words {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    opening.text = kept.join("\n");
    opening
}

/// Adds a stretch to a day; stretches that overlap become one.
fn add(day: &mut DayHours, span: Option<Span>) {
    let Some(span) = span else {
        if *day == DayHours::NotSaid {
            *day = DayHours::Closed;
        }
        return;
    };
    let mut spans = match std::mem::take(day) {
        DayHours::Open(spans) => spans,
        DayHours::NotSaid | DayHours::Closed => Vec::new(),
    };
    spans.push(span);
    spans.sort_unstable();
    spans.dedup();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(before) if before.from < before.to && span.from < span.to && span.from < before.to => {
                before.to = before.to.max(span.to);
            }
            _ => joined.push(span),
        }
    }
    *day = DayHours::Open(joined);
}

/// The rhythm of a group, and single days that differ from it. None when no schedule says
/// when it starts.
pub(super) fn rhythm(value: &Value, holidays: bool, remarks: &mut Remarks) -> Option<(Rhythm, Vec<OneDay>)> {
    let mut lines =
        list(value).iter().filter(|v| v.is_object()).map(|v| line(v, remarks)).collect::<Vec<_>>();
    let at = lines.iter().position(|l| l.span.is_some() && l.description != SPECIAL)?;
    let main = lines.remove(at);
    let span = main.span?;
    let every = match (main.days.first(), main.weekly, main.interval) {
        (Some((None, on)), true, 2.0) => Every::TwoWeeks { on: *on },
        (Some((None, on)), true, _) => Every::Week { on: *on },
        (Some((Some(n), on)), _, _) => Every::Month { which: which(*n)?, on: *on },
        _ => Every::Irregular,
    };
    let rhythm = Rhythm {
        every,
        starts: span.from,
        minutes: minutes(span),
        from: main.first?,
        until: main.last,
        closed_on_holidays: holidays,
        note: main.notes,
    };
    let days = lines.into_iter().filter_map(|l| {
        let day = l.first?;
        let change = match l.span {
            Some(span) if l.description == SPECIAL => SessionChange::Special {
                starts: span.from,
                minutes: minutes(span),
                location: None,
                note: l.notes,
            },
            None if l.description == NOT_ON => SessionChange::Cancelled { why: l.notes },
            _ => return None,
        };
        Some(OneDay { day, change })
    });
    Some((rhythm, days.collect()))
}

fn which(nth: i8) -> Option<Nth> {
    Some(match nth {
        1 => Nth::First,
        2 => Nth::Second,
        3 => Nth::Third,
        4 => Nth::Fourth,
        -1 | 5 => Nth::Last,
        _ => return None,
    })
}

fn minutes(span: Span) -> u16 {
    let of = |t: Time| u16::from(t.hour().unsigned_abs()) * 60 + u16::from(t.minute().unsigned_abs());
    (of(span.to) + 24 * 60 - of(span.from)) % (24 * 60)
}
