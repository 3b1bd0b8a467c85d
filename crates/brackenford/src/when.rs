//! Days and moments relative to today, by the clock of Brackenford.

use kith_domain::time::{Calendar, Day, Instant, plus_days};

/// How long ago the partnership began, in days: eighteen months of history and some
/// weeks of setting up before it.
pub const HISTORY: i32 = 600;

/// Today, and the calendar.
pub struct When {
    /// This moment.
    pub now: Instant,
    /// The calendar of the place.
    pub calendar: Calendar,
    today: Day,
}

impl When {
    /// Relative to this moment.
    pub fn new(now: Instant) -> When {
        let calendar = Calendar::england();
        let today = calendar.day(now);
        When { now, calendar, today }
    }
    /// Today.
    pub fn today(&self) -> Day {
        self.today
    }
    /// The day that is `n` days from today.
    pub fn day(&self, n: i32) -> Day {
        plus_days(self.today, n)
    }
    /// The working day on or after the day that is `n` days from today.
    pub fn working(&self, n: i32) -> Day {
        self.calendar.plus_working(self.day(n), 0)
    }
    /// The day that was `n` working days ago.
    pub fn working_ago(&self, n: u32) -> Day {
        let (mut day, mut left) = (self.today, n);
        while left > 0 {
            day = plus_days(day, -1);
            left -= u32::from(self.calendar.is_working(day));
        }
        day
    }
    /// The moment when everything began.
    pub fn start(&self) -> Instant {
        self.at_day(self.day(-HISTORY), 9)
    }
    /// An hour of a day.
    pub fn at_day(&self, day: Day, hour: i8) -> Instant {
        self.calendar.moment(day, hour, 0)
    }
    /// An hour of the day that was `n` days ago; never later than now.
    pub fn ago(&self, n: i32, hour: i8) -> Instant {
        self.at_day(self.day(-n), hour).min(self.now)
    }
    /// The last 1 April that has passed: when boards are replaced.
    pub fn last_first_of_april(&self) -> Day {
        let this = jiff::civil::date(self.today.year(), 4, 1);
        if this <= self.today { this } else { jiff::civil::date(self.today.year() - 1, 4, 1) }
    }
}
