//! What those who run a group say of one day: it is not on, it is on after all, or how many came.
//! Never who came.

use super::{Group, Session, SessionChange, WrittenDown};
use crate::id::GroupId;
use crate::text::{BadText, LINE, line};
use crate::time::{Calendar, Day, plus_days};

/// How far ahead a day can be called off, in days.
pub const AHEAD_DAYS: i32 = 120;
/// For how many days after it a head count can be written down.
pub const BACK_DAYS: i32 = 35;
/// More than so many did not come to one session of a group: somebody's finger slipped.
pub const MOST_PEOPLE: u16 = 500;

/// What is said of a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OfDay {
    /// It is not on, and why, for those who come.
    Off(String),
    /// It is on after all.
    On,
    /// How many people came.
    Came(u16),
}

/// Why it cannot be said.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotSaid {
    /// The group does not meet then.
    #[error("The group does not meet on that day")]
    NoMeeting,
    /// It is over, or too far away.
    #[error("Choose a day from today, at most four months ahead")]
    NotAhead,
    /// It has not been yet, or was too long ago.
    #[error("Count the people on the day, or in the five weeks after it")]
    NotOver,
    /// It was called off.
    #[error("It was not on that day")]
    WasOff,
    /// The group writes nothing down.
    #[error("This group has said that it writes nothing down")]
    NothingWritten,
    /// That many cannot have come.
    #[error("Enter how many people came, up to 500")]
    TooMany,
    /// Why it is not on cannot be shown, or is missing.
    #[error("{0}")]
    Words(BadText),
}

/// The session of a day after this was said. `own` are the group's sessions that differ from its
/// rhythm, or have a count.
///
/// # Errors
/// It cannot be said of that day.
pub fn say_of_day(
    (id, group): (GroupId, &Group),
    own: &[Session],
    day: Day,
    what: &OfDay,
    today: Day,
    calendar: &Calendar,
) -> Result<Session, NotSaid> {
    let meeting = group.rhythm.on(day, own, calendar).ok_or(NotSaid::NoMeeting)?;
    let before = own.iter().rev().find(|s| s.day == day).cloned();
    let mut session = before.unwrap_or(Session {
        group: id,
        area: group.main_area(),
        day,
        change: SessionChange::AsUsual,
        came: None,
    });
    let ahead = day >= today && day <= plus_days(today, AHEAD_DAYS);
    match what {
        OfDay::Off(_) | OfDay::On if !ahead => return Err(NotSaid::NotAhead),
        OfDay::Off(why) => {
            let why = line(why, LINE).map_err(NotSaid::Words)?;
            session.change = SessionChange::Cancelled { why };
        }
        // A special session stays one: only a day that was called off is put back.
        OfDay::On => {
            if matches!(session.change, SessionChange::Cancelled { .. }) {
                session.change = SessionChange::AsUsual;
            }
        }
        OfDay::Came(_) if day > today || day < plus_days(today, -BACK_DAYS) => return Err(NotSaid::NotOver),
        OfDay::Came(_) if !meeting.is_on() => return Err(NotSaid::WasOff),
        OfDay::Came(_) if group.written_down == WrittenDown::Nothing => return Err(NotSaid::NothingWritten),
        OfDay::Came(n) if *n > MOST_PEOPLE => return Err(NotSaid::TooMany),
        OfDay::Came(n) => session.came = Some(*n),
    }
    Ok(session)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Location, Rhythm, Weekday};
    use crate::id::OrganisationId;
    use jiff::civil::{Time, date};
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 24);
    const ID: GroupId = GroupId(Uuid::from_u128(1));

    /// Every Tuesday; today is one.
    fn group() -> Group {
        let rhythm = Rhythm::weekly(Weekday::Tuesday, Time::constant(10, 0, 0, 0), 60, date(2026, 1, 6));
        Group::new("Tea", OrganisationId(Uuid::from_u128(2)), Location::at("The hall", None), rhythm)
    }

    fn say(g: &Group, own: &[Session], day: Day, what: OfDay) -> Result<Session, NotSaid> {
        say_of_day((ID, g), own, day, &what, TODAY, &Calendar::england())
    }

    #[test]
    fn a_day_is_called_off_ahead_with_a_reason_and_put_back() {
        let (g, next) = (group(), plus_days(TODAY, 7));
        let off = say(&g, &[], next, OfDay::Off("The hall is shut".into())).unwrap();
        assert_eq!(off.change, SessionChange::Cancelled { why: "The hall is shut".into() });
        let on = say(&g, std::slice::from_ref(&off), next, OfDay::On).unwrap();
        assert_eq!(on.change, SessionChange::AsUsual);
        assert!(matches!(say(&g, &[], next, OfDay::Off(String::new())), Err(NotSaid::Words(_))));
        assert_eq!(say(&g, &[], plus_days(TODAY, -7), OfDay::Off("x".into())), Err(NotSaid::NotAhead));
        assert_eq!(say(&g, &[], plus_days(TODAY, 7 * 20), OfDay::Off("x".into())), Err(NotSaid::NotAhead));
        assert_eq!(say(&g, &[], plus_days(TODAY, 1), OfDay::Off("x".into())), Err(NotSaid::NoMeeting));
    }

    #[test]
    fn people_are_counted_when_it_was_on_and_only_how_many() {
        let g = group();
        assert_eq!(say(&g, &[], TODAY, OfDay::Came(12)).unwrap().came, Some(12));
        let off = say(&g, &[], TODAY, OfDay::Off("Snow".into())).unwrap();
        assert_eq!(say(&g, &[off], TODAY, OfDay::Came(3)), Err(NotSaid::WasOff));
        assert_eq!(say(&g, &[], plus_days(TODAY, 7), OfDay::Came(3)), Err(NotSaid::NotOver));
        assert_eq!(say(&g, &[], plus_days(TODAY, -42), OfDay::Came(3)), Err(NotSaid::NotOver));
        assert_eq!(say(&g, &[], TODAY, OfDay::Came(501)), Err(NotSaid::TooMany));
        let silent = Group { written_down: WrittenDown::Nothing, ..g };
        assert_eq!(say(&silent, &[], TODAY, OfDay::Came(3)), Err(NotSaid::NothingWritten));
    }
}
