//! Days that cannot be right. Somebody types a day of birth where a day of this week is meant,
//! or 1990 for 2026: written down, it would move waits, stays and "last in touch" by years.
//!
//! A day that has not come is never when something happened. A day more than a year ago may
//! be right where something goes on for long, as a stay in hospital does: then it is asked
//! about. Where something is told as it happens, as a talk is, it is a slip.

use crate::time::{Day, days_between};

/// A day further back than this is asked about, in days.
const LONG_AGO_DAYS: i32 = 366;

/// Why something did not happen on that day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotThen {
    /// It has not come.
    #[error("That day has not come. Choose today or an earlier day")]
    Ahead,
    /// It is more than a year ago.
    #[error("That is more than a year ago. Check the year")]
    LongAgo,
}

/// Did it end before today by more than a year?
pub fn long_ago(on: Day, today: Day) -> bool {
    days_between(on, today) > LONG_AGO_DAYS
}

/// A day on which something happened that is told soon after: a talk, a visit, a try.
///
/// # Errors
/// The day has not come, or is more than a year ago.
pub fn happened_lately(on: Day, today: Day) -> Result<(), NotThen> {
    match on {
        on if on > today => Err(NotThen::Ahead),
        on if long_ago(on, today) => Err(NotThen::LongAgo),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_talk_was_within_the_year() {
        let today = date(2026, 11, 23);
        assert_eq!(happened_lately(today, today), Ok(()));
        assert_eq!(happened_lately(date(2025, 11, 23), today), Ok(()));
        assert_eq!(happened_lately(date(2025, 11, 20), today), Err(NotThen::LongAgo));
        assert_eq!(happened_lately(date(1990, 1, 1), today), Err(NotThen::LongAgo));
        assert_eq!(happened_lately(date(2026, 11, 24), today), Err(NotThen::Ahead));
    }

    proptest! {
        #[test]
        fn a_day_is_of_one_kind(days in -4_000..4_000i32) {
            let today = date(2026, 11, 23);
            let on = crate::time::plus_days(today, days);
            let told = happened_lately(on, today);
            prop_assert_eq!(told == Err(NotThen::Ahead), days > 0);
            prop_assert_eq!(told == Err(NotThen::LongAgo), long_ago(on, today));
            prop_assert_eq!(told.is_ok(), (-366..=0).contains(&days));
        }
    }
}
