//! When a message that could not leave is tried again, and when it is given up.
//!
//! A server that is restarted is back in minutes; one that lost its disk, in days. So the
//! waits grow, and after about three days somebody looks at it instead: a message that
//! nobody can deliver must not look as if it were on its way.

use crate::time::{Calendar, Day, Instant, plus_days};

/// Minutes to wait after the first, second, ... try that failed.
const WAITS: [i64; 9] = [1, 5, 15, 60, 180, 360, 720, 1440, 1440];
/// Days after which a message that still waits is of no use to anybody.
const USEFUL_DAYS: i64 = 14;

/// What happens to a message after a try that failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AfterTrouble {
    /// It is tried again, not before this moment.
    Again(Instant),
    /// It is given up, and shown to somebody.
    GiveUp,
}

/// What happens after a try that failed. `tries` counts the one that has just failed.
pub fn after_trouble(tries: u32, now: Instant) -> AfterTrouble {
    let wait = usize::try_from(tries.saturating_sub(1)).ok().and_then(|n| WAITS.get(n));
    wait.map_or(AfterTrouble::GiveUp, |minutes| AfterTrouble::Again(now.plus_seconds(minutes * 60)))
}

/// Has this message waited so long that it would only puzzle whoever gets it?
pub fn too_old(put_at: Instant, now: Instant) -> bool {
    now.0 > put_at.plus_days(USEFUL_DAYS).0
}

/// A reminder is about a day: later than the day after, it is about nothing.
pub fn reminder_over(about: Day, today: Day) -> bool {
    today > plus_days(about, 1)
}

/// Working days before the day to reply on which whoever answers by a link is reminded.
const REMIND_BEFORE: i64 = 2;

/// Is a reminder to somebody who answers by a link due? From two working days before the day
/// to reply until that day, once: a link made since then was the reminder, or was sent late
/// enough to need none.
pub fn link_reminder_due(reply_by: Day, link_made: Day, today: Day, calendar: &Calendar) -> bool {
    let mut from = reply_by;
    for _ in 0..REMIND_BEFORE {
        from = plus_days(from, -1);
        while !calendar.is_working(from) {
            from = plus_days(from, -1);
        }
    }
    from <= today && today <= reply_by && link_made < from
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn it_is_tried_ten_times_in_about_three_days() {
        let mut now = Instant(0);
        let mut tries = 0;
        loop {
            tries += 1;
            match after_trouble(tries, now) {
                AfterTrouble::Again(next) => now = next,
                AfterTrouble::GiveUp => break,
            }
        }
        assert_eq!(tries, 10);
        let hours = now.0 / Instant::SECOND / 3600;
        assert!((60..80).contains(&hours), "{hours}");
    }

    #[test]
    fn an_old_reminder_is_not_sent() {
        let day = date(2026, 11, 23);
        assert!(!reminder_over(day, date(2026, 11, 24)));
        assert!(reminder_over(day, date(2026, 11, 25)));
        assert!(!too_old(Instant(0), Instant(0).plus_days(14)));
        assert!(too_old(Instant(0), Instant(0).plus_days(15)));
    }

    proptest! {
        /// Whatever is counted, the next try lies ahead and at most a day.
        #[test]
        fn the_next_try_is_ahead_and_within_a_day(tries in 0u32..1000, now in 0i64..4_000_000_000_000_000) {
            if let AfterTrouble::Again(next) = after_trouble(tries, Instant(now)) {
                prop_assert!(next.0 > now && next.0 <= Instant(now).plus_days(1).0);
            } else {
                prop_assert!(tries >= 10);
            }
        }
    }

    #[test]
    fn who_answers_by_a_link_is_reminded_once_two_working_days_before() {
        use jiff::civil::date;
        let calendar = Calendar::england();
        let due = |made, today| link_reminder_due(date(2026, 12, 1), made, today, &calendar);
        let sent = date(2026, 11, 20);
        assert!(!due(sent, date(2026, 11, 26)), "too soon");
        assert!(due(sent, date(2026, 11, 27)), "on the Friday before a Tuesday");
        assert!(due(sent, date(2026, 12, 1)), "a day that was missed is made up for");
        assert!(!due(sent, date(2026, 12, 2)), "the day is over: it is with whoever asked again");
        assert!(!due(date(2026, 11, 27), date(2026, 11, 30)), "reminded already");
    }
}
