//! When a group meets: a rhythm, and the sessions that come of it once cancellations and
//! special sessions are laid over it. Everything is computed from the values given; no
//! session has to be entered by hand for the next one to be known.

use super::hours::{Weekday, clock};
use super::{Location, Session, SessionChange};
use crate::time::{Calendar, Day, days_between, plus_days};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// When a group meets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rhythm {
    /// How often, and on which day.
    pub every: Every,
    /// When a session starts, by the clock on the wall.
    pub starts: Time,
    /// How long it lasts, in minutes.
    pub minutes: u16,
    /// The first day on which there may be a session.
    pub from: Day,
    /// The last day on which there may be one.
    pub until: Option<Day>,
    /// No session on public holidays.
    pub closed_on_holidays: bool,
    /// The rest, in words: "term time only".
    pub note: String,
}

/// How often, and on which day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "every")]
pub enum Every {
    /// Each week.
    Week {
        /// On this day.
        on: Weekday,
    },
    /// Every second week, counted from the first such day on or after `Rhythm::from`.
    TwoWeeks {
        /// On this day.
        on: Weekday,
    },
    /// Once a month.
    Month {
        /// The first, second, third, fourth or last.
        which: Nth,
        /// Of this day.
        on: Weekday,
    },
    /// No rhythm: only the special sessions.
    Irregular,
}

/// Which of the days of a month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nth {
    /// The first.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last.
    Last,
}

impl Nth {
    fn words(self) -> &'static str {
        match self {
            Nth::First => "first",
            Nth::Second => "second",
            Nth::Third => "third",
            Nth::Fourth => "fourth",
            Nth::Last => "last",
        }
    }
    fn is(self, day: Day) -> bool {
        let nth = (day.day() - 1) / 7;
        match self {
            Nth::First => nth == 0,
            Nth::Second => nth == 1,
            Nth::Third => nth == 2,
            Nth::Fourth => nth == 3,
            Nth::Last => day.day() + 7 > day.days_in_month(),
        }
    }
}

/// One session that will be, or would have been.
#[derive(Clone, PartialEq, Debug)]
pub struct Meeting {
    /// The day.
    pub day: Day,
    /// When it starts.
    pub starts: Time,
    /// How long it lasts, in minutes.
    pub minutes: u16,
    /// Whether it is on.
    pub state: MeetingState,
    /// Where, when not at the usual place.
    pub elsewhere: Option<Location>,
}

/// Whether a session is on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MeetingState {
    /// As usual.
    Usual,
    /// Special, and what about it.
    Special(String),
    /// Not happening, and why.
    Cancelled(String),
}

impl Meeting {
    /// Will it happen?
    pub fn is_on(&self) -> bool {
        !matches!(self.state, MeetingState::Cancelled(_))
    }
    /// One line for a page, without the year: `Tuesday 24 November, 10am to 11:30am`.
    pub fn words(&self) -> String {
        let day = self.day.strftime("%A %-d %B");
        let start = self.day.to_datetime(self.starts);
        let end = start.saturating_add(jiff::Span::new().minutes(i64::from(self.minutes)));
        let when = format!("{day}, {} to {}", clock(self.starts), clock(end.time()));
        match &self.state {
            MeetingState::Usual => when,
            MeetingState::Special(note) if note.is_empty() => when,
            MeetingState::Special(note) => format!("{when}: {note}"),
            MeetingState::Cancelled(why) if why.is_empty() => format!("{day}: not on"),
            MeetingState::Cancelled(why) => format!("{day}: not on ({why})"),
        }
    }
}

/// How far ahead sessions are looked for, in days: a little over a year, so that a
/// monthly group closed for the summer still shows its next session.
const HORIZON_DAYS: i32 = 400;

impl Rhythm {
    /// Every week on one day.
    pub fn weekly(on: Weekday, starts: Time, minutes: u16, from: Day) -> Rhythm {
        Rhythm {
            every: Every::Week { on },
            starts,
            minutes,
            from,
            until: None,
            closed_on_holidays: true,
            note: String::new(),
        }
    }

    /// Does the rhythm alone put a session on this day?
    pub fn falls_on(&self, day: Day) -> bool {
        if day < self.from || self.until.is_some_and(|until| day > until) {
            return false;
        }
        match self.every {
            Every::Week { on } => Weekday::of(day) == on,
            Every::TwoWeeks { on } => Weekday::of(day) == on && (days_between(self.from, day) / 7) % 2 == 0,
            Every::Month { which, on } => Weekday::of(day) == on && which.is(day),
            Every::Irregular => false,
        }
    }

    /// The next `count` sessions on or after `from`, with what `sessions` says about
    /// single days laid over the rhythm. Cancelled ones stay in the list and are marked,
    /// so that nobody stands before a closed door; they do not use up the count.
    pub fn next(&self, sessions: &[Session], from: Day, count: usize, calendar: &Calendar) -> Vec<Meeting> {
        let mut found = Vec::new();
        let mut on = 0;
        for ahead in 0..HORIZON_DAYS {
            if on >= count {
                break;
            }
            if let Some(meeting) = self.on(plus_days(from, ahead), sessions, calendar) {
                on += usize::from(meeting.is_on());
                found.push(meeting);
            }
        }
        while found.last().is_some_and(|last| !last.is_on()) {
            found.pop();
        }
        found
    }

    /// What is on this day, if anything. Of several records about one day the last counts.
    pub fn on(&self, day: Day, sessions: &[Session], calendar: &Calendar) -> Option<Meeting> {
        let usual =
            |state| Meeting { day, starts: self.starts, minutes: self.minutes, state, elsewhere: None };
        let said = sessions.iter().rev().find(|s| s.day == day && s.change != SessionChange::AsUsual);
        match said.map(|s| &s.change) {
            Some(SessionChange::Special { starts, minutes, location, note }) => Some(Meeting {
                day,
                starts: *starts,
                minutes: *minutes,
                state: MeetingState::Special(note.clone()),
                elsewhere: location.clone(),
            }),
            Some(SessionChange::Cancelled { why }) => Some(usual(MeetingState::Cancelled(why.clone()))),
            _ if !self.falls_on(day) => None,
            _ if self.closed_on_holidays && is_holiday(day, calendar) => {
                Some(usual(MeetingState::Cancelled("public holiday".to_owned())))
            }
            _ => Some(usual(MeetingState::Usual)),
        }
    }

    /// One line for a page: `Every Tuesday, 10am to 11:30am`.
    pub fn words(&self) -> String {
        let day = match self.every {
            Every::Week { on } => format!("Every {}", on.title()),
            Every::TwoWeeks { on } => format!("Every second {}", on.title()),
            Every::Month { which, on } => format!("The {} {} of the month", which.words(), on.title()),
            Every::Irregular => return join_note("On days that are told here", &self.note),
        };
        let end = self
            .from
            .to_datetime(self.starts)
            .saturating_add(jiff::Span::new().minutes(i64::from(self.minutes)));
        join_note(&format!("{day}, {} to {}", clock(self.starts), clock(end.time())), &self.note)
    }
}

fn join_note(words: &str, note: &str) -> String {
    if note.is_empty() { words.to_owned() } else { format!("{words} ({note})") }
}

/// A weekday on which nobody works. Public holidays at weekends have a substitute day.
fn is_holiday(day: Day, calendar: &Calendar) -> bool {
    !matches!(Weekday::of(day), Weekday::Saturday | Weekday::Sunday) && !calendar.is_working(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::Area;
    use crate::id::GroupId;
    use jiff::civil::date;
    use uuid::Uuid;

    fn tuesdays() -> Rhythm {
        Rhythm::weekly(Weekday::Tuesday, Time::constant(10, 0, 0, 0), 90, date(2026, 11, 1))
    }
    fn session(day: Day, change: SessionChange) -> Session {
        Session { group: GroupId(Uuid::nil()), area: Area::Connection, day, change, came: None }
    }

    #[test]
    fn weekly_with_a_cancellation_and_a_special() {
        let sessions = [
            session(
                date(2026, 12, 1),
                SessionChange::Cancelled { why: "the hall is being painted".to_owned() },
            ),
            session(
                date(2026, 12, 3),
                SessionChange::Special {
                    starts: Time::constant(14, 0, 0, 0),
                    minutes: 60,
                    location: None,
                    note: "winter walk".to_owned(),
                },
            ),
        ];
        let next = tuesdays().next(&sessions, date(2026, 11, 23), 3, &Calendar::england());
        let words: Vec<String> = next.iter().map(Meeting::words).collect();
        assert_eq!(
            words,
            [
                "Tuesday 24 November, 10am to 11:30am",
                "Tuesday 1 December: not on (the hall is being painted)",
                "Thursday 3 December, 2pm to 3pm: winter walk",
                "Tuesday 8 December, 10am to 11:30am",
            ]
        );
    }

    #[test]
    fn public_holidays() {
        let mut fridays = tuesdays();
        fridays.every = Every::Week { on: Weekday::Friday };
        let christmas = fridays.on(date(2026, 12, 25), &[], &Calendar::england()).unwrap();
        assert_eq!(christmas.state, MeetingState::Cancelled("public holiday".to_owned()));
        fridays.closed_on_holidays = false;
        assert!(fridays.on(date(2026, 12, 25), &[], &Calendar::england()).unwrap().is_on());
    }

    #[test]
    fn fortnights_are_counted_from_the_first_session() {
        let mut rhythm = tuesdays();
        rhythm.every = Every::TwoWeeks { on: Weekday::Tuesday };
        let days: Vec<Day> =
            rhythm.next(&[], date(2026, 11, 4), 3, &Calendar::england()).iter().map(|m| m.day).collect();
        assert_eq!(days, [date(2026, 11, 17), date(2026, 12, 1), date(2026, 12, 15)]);
        assert!(rhythm.falls_on(date(2026, 11, 3)));
    }

    #[test]
    fn months() {
        let mut rhythm = tuesdays();
        rhythm.every = Every::Month { which: Nth::Last, on: Weekday::Tuesday };
        let days: Vec<Day> =
            rhythm.next(&[], date(2026, 11, 23), 3, &Calendar::england()).iter().map(|m| m.day).collect();
        assert_eq!(days, [date(2026, 11, 24), date(2026, 12, 29), date(2027, 1, 26)]);
        assert_eq!(rhythm.words(), "The last Tuesday of the month, 10am to 11:30am");
    }

    #[test]
    fn an_ended_group_has_no_next_session() {
        let mut rhythm = tuesdays();
        rhythm.until = Some(date(2026, 11, 24));
        assert_eq!(rhythm.next(&[], date(2026, 11, 23), 5, &Calendar::england()).len(), 1);
        assert!(rhythm.next(&[], date(2026, 11, 25), 5, &Calendar::england()).is_empty());
    }

    #[test]
    fn a_head_count_alone_changes_nothing() {
        let mut counted = session(date(2026, 11, 24), SessionChange::AsUsual);
        counted.came = Some(7);
        let on = tuesdays().on(date(2026, 11, 24), &[counted], &Calendar::england()).unwrap();
        assert_eq!(on.state, MeetingState::Usual);
    }
}
