//! The one next thing that a person's own first page shows, big. Of everything that is
//! coming, the soonest; on one day a date with somebody goes before a step, and a step
//! before what the plan says in general. What is past its day and not done is shown only
//! when nothing is coming, so that the page is never a list of what went wrong.

use crate::time::{Day, Instant};

/// What kind of thing is coming, the most definite first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Coming {
    /// A date that was agreed with somebody.
    Date,
    /// A step of the plan.
    Step,
    /// What the plan says happens next.
    Plan,
}

/// Something that is coming.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thing<T> {
    /// On which day.
    pub on: Day,
    /// At which moment, when it has one.
    pub at: Option<Instant>,
    /// What kind.
    pub coming: Coming,
    /// The thing itself.
    pub what: T,
}

/// The one to show, and whether its day is over.
pub fn next_thing<T>(things: Vec<Thing<T>>, today: Day) -> Option<(Thing<T>, bool)> {
    let (mut ahead, mut past): (Vec<_>, Vec<_>) = things.into_iter().partition(|t| t.on >= today);
    ahead.sort_by_key(|t| (t.on, t.coming, t.at.is_none(), t.at));
    past.sort_by_key(|t| (std::cmp::Reverse(t.on), t.coming, t.at));
    let late = ahead.is_empty();
    ahead.into_iter().chain(past).next().map(|thing| (thing, late))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn thing(day: i8, coming: Coming, what: &'static str) -> Thing<&'static str> {
        Thing { on: date(2026, 11, day), at: None, coming, what }
    }

    fn shown(things: Vec<Thing<&'static str>>) -> Option<(&'static str, bool)> {
        next_thing(things, date(2026, 11, 24)).map(|(t, late)| (t.what, late))
    }

    #[test]
    fn the_soonest_is_shown() {
        let things = vec![thing(27, Coming::Date, "advice"), thing(25, Coming::Plan, "meet")];
        assert_eq!(shown(things), Some(("meet", false)));
    }

    #[test]
    fn on_one_day_a_date_goes_before_a_step_and_a_step_before_the_plan() {
        let things = vec![
            thing(25, Coming::Plan, "meet"),
            thing(25, Coming::Step, "ring"),
            thing(25, Coming::Date, "advice"),
        ];
        assert_eq!(shown(things), Some(("advice", false)));
    }

    #[test]
    fn what_is_late_is_shown_only_when_nothing_is_coming() {
        let late = vec![thing(20, Coming::Step, "ring"), thing(23, Coming::Plan, "meet")];
        assert_eq!(shown(late.clone()), Some(("meet", true)));
        let mut both = late;
        both.push(thing(24, Coming::Step, "today"));
        assert_eq!(shown(both), Some(("today", false)));
        assert_eq!(shown(Vec::new()), None);
    }
}
