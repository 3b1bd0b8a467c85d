//! When it is: opening hours, and the rhythm of a group, as schedules of the standard
//! (RFC 5545 rules, spread over fields).

use super::publish::{Entry, Feed, What};
use super::{Object, part_id};
use jiff::civil::Time;
use kith_domain::directory::{
    DayHours, Every, Group, Nth, Opening, Rhythm, Session, SessionChange, Span, Weekday,
};
use kith_domain::time::Day;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The description of a day on which it is shut.
pub(crate) const CLOSED: &str = "Closed";
/// The description of a session that is not on.
pub(crate) const NOT_ON: &str = "Not on";
/// The description of a session at another time than usual.
pub(crate) const SPECIAL: &str = "Special";

/// A day of the week as RFC 5545 writes it.
pub(crate) fn byday(day: Weekday) -> &'static str {
    ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.index()]
}

pub(crate) fn time(at: Time) -> String {
    at.strftime("%H:%M").to_string()
}

/// The schedules of an entry.
pub(crate) fn of_entry(entry: &Entry<'_>, feed: &Feed<'_>) -> Vec<Value> {
    let lines = match &entry.what {
        What::Service(s) => of_opening(&s.opening),
        What::Group(g, sessions) => of_group(g, sessions, feed.today),
    };
    let number = |(n, line): (usize, Line)| line.json(entry.id, n);
    lines.into_iter().enumerate().map(number).collect()
}

/// One schedule before it has an id.
#[derive(Default)]
struct Line {
    days: Vec<Weekday>,
    /// The first, second and so on of the month; -1 for the last.
    nth: Option<i8>,
    interval: Option<u8>,
    first: Option<Day>,
    last: Option<Day>,
    once: bool,
    span: Option<Span>,
    description: String,
    notes: String,
}

impl Line {
    fn json(self, entry: Uuid, number: usize) -> Value {
        let nth = self.nth.map(|n| n.to_string()).unwrap_or_default();
        let days: Vec<String> = self.days.iter().map(|d| format!("{nth}{}", byday(*d))).collect();
        let freq = match (self.days.is_empty(), self.nth) {
            (true, _) => "",
            (false, None) => "WEEKLY",
            (false, Some(_)) => "MONTHLY",
        };
        let day = |day: Option<Day>| day.map_or(Value::Null, |d| d.to_string().into());
        let at = |time_of: Option<Time>| time_of.map_or(Value::Null, |t| time(t).into());
        Object::with_id(part_id(entry, "schedule", number))
            .set("service_id", entry.to_string())
            .set("dtstart", day(self.first))
            .set("valid_from", day(self.first))
            .set("valid_to", day(self.last))
            .set("until", day(self.last))
            .set("count", if self.once { 1.into() } else { Value::Null })
            .set("freq", freq)
            .set("interval", self.interval.map_or(Value::Null, Value::from))
            .set("byday", days.join(","))
            .set("opens_at", at(self.span.map(|s| s.from)))
            .set("closes_at", at(self.span.map(|s| s.to)))
            .set("description", self.description)
            .set("notes", self.notes)
            .json()
    }
}

fn of_opening(opening: &Opening) -> Vec<Line> {
    let mut open: BTreeMap<Span, Vec<Weekday>> = BTreeMap::new();
    let mut closed = Vec::new();
    for day in Weekday::ALL {
        match opening.week.day(day) {
            DayHours::NotSaid => {}
            DayHours::Closed => closed.push(day),
            DayHours::Open(spans) => spans.iter().for_each(|s| open.entry(*s).or_default().push(day)),
        }
    }
    let mut lines: Vec<Line> = open
        .into_iter()
        .map(|(span, days)| Line { days, interval: Some(1), span: Some(span), ..Line::default() })
        .collect();
    if !closed.is_empty() {
        lines.push(Line { days: closed, interval: Some(1), description: CLOSED.into(), ..Line::default() });
    }
    if !opening.text.trim().is_empty() {
        lines.push(Line { description: opening.text.clone(), ..Line::default() });
    }
    lines
}

fn of_group(group: &Group, sessions: &[&Session], today: Day) -> Vec<Line> {
    let r = &group.rhythm;
    let (days, nth, interval) = rule(r);
    let mut lines = vec![Line {
        days,
        nth,
        interval,
        first: Some(r.from),
        last: r.until,
        span: Some(span(r.starts, r.minutes)),
        description: r.words(),
        notes: r.note.clone(),
        ..Line::default()
    }];
    for session in sessions.iter().filter(|s| s.day >= today) {
        let one = Line { first: Some(session.day), last: Some(session.day), once: true, ..Line::default() };
        match &session.change {
            SessionChange::AsUsual => {}
            SessionChange::Cancelled { why } => {
                lines.push(Line { description: NOT_ON.into(), notes: why.clone(), ..one });
            }
            SessionChange::Special { starts, minutes, note, .. } => lines.push(Line {
                span: Some(span(*starts, *minutes)),
                description: SPECIAL.into(),
                notes: note.clone(),
                ..one
            }),
        }
    }
    lines
}

fn span(starts: Time, minutes: u16) -> Span {
    let end = jiff::civil::date(2026, 1, 1).to_datetime(starts);
    let end = end.saturating_add(jiff::Span::new().minutes(i64::from(minutes)));
    Span { from: starts, to: end.time() }
}

/// Days, which of the month, and the interval.
fn rule(rhythm: &Rhythm) -> (Vec<Weekday>, Option<i8>, Option<u8>) {
    match rhythm.every {
        Every::Week { on } => (vec![on], None, Some(1)),
        Every::TwoWeeks { on } => (vec![on], None, Some(2)),
        Every::Month { which, on } => (vec![on], Some(nth(which)), Some(1)),
        Every::Irregular => (Vec::new(), None, None),
    }
}

pub(crate) fn nth(which: Nth) -> i8 {
    match which {
        Nth::First => 1,
        Nth::Second => 2,
        Nth::Third => 3,
        Nth::Fourth => 4,
        Nth::Last => -1,
    }
}

/// The day of the week on which a group meets, and when.
pub(crate) fn meets_on(rhythm: &Rhythm) -> Option<(Weekday, Span)> {
    let on = match rhythm.every {
        Every::Week { on } | Every::TwoWeeks { on } | Every::Month { on, .. } => on,
        Every::Irregular => return None,
    };
    Some((on, span(rhythm.starts, rhythm.minutes)))
}
