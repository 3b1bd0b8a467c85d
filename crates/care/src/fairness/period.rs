//! Periods whose figures can stand beside each other: quarters of a year, and the four quarters
//! that ended last. Quarters share no days, and a year is made of whole ones: a period that
//! moved with every day would make two tables a day apart, and the few who came in between
//! could be worked out from them.

use kith_domain::time::{Day, plus_days};
use serde::{Deserialize, Serialize};

/// How many quarters are offered besides the year.
pub const QUARTERS: usize = 4;

/// A period, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Period {
    /// The periods to choose from on a day: the year up to the last whole quarter, then its
    /// quarters, the newest first.
    pub fn choices(today: Day) -> Vec<Period> {
        let first_of_quarter = |day: Day| {
            let month = (day.month() - 1) / 3 * 3 + 1;
            Day::new(day.year(), month, 1).unwrap_or(day)
        };
        let mut quarters = Vec::new();
        let mut to = plus_days(first_of_quarter(today), -1);
        for _ in 0..QUARTERS {
            let from = first_of_quarter(to);
            quarters.push(Period { from, to });
            to = plus_days(from, -1);
        }
        let year = quarters.last().zip(quarters.first());
        let year = year.map(|(first, last)| Period { from: first.from, to: last.to });
        year.into_iter().chain(quarters).collect()
    }

    /// The stored form, which may stand in an address: the first and the last month.
    pub fn code(&self) -> String {
        let month = |d: Day| format!("{:04}-{:02}", d.year(), d.month());
        format!("{}-to-{}", month(self.from), month(self.to))
    }

    /// The period with this code, if it may be chosen on a day.
    pub fn from_code(code: &str, today: Day) -> Option<Period> {
        Period::choices(today).into_iter().find(|p| p.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_is_made_of_its_quarters_and_ends_before_today() {
        let all = Period::choices(date(2026, 11, 23));
        assert_eq!(all[0], Period { from: date(2025, 10, 1), to: date(2026, 9, 30) });
        assert_eq!(all[1], Period { from: date(2026, 7, 1), to: date(2026, 9, 30) });
        assert_eq!(all.len(), 5);
        assert!(all[1..].windows(2).all(|w| plus_days(w[1].to, 1) == w[0].from), "no day twice or never");
        assert_eq!((all[4].from, all[1].to), (all[0].from, all[0].to));
        assert_eq!(Period::choices(date(2026, 10, 1))[0].to, date(2026, 9, 30));
        assert_eq!(Period::choices(date(2026, 9, 30))[0].to, date(2026, 6, 30), "today is not over");
        for p in &all {
            assert_eq!(Period::from_code(&p.code(), date(2026, 11, 23)), Some(*p));
        }
        assert_eq!(Period::from_code("2026-07-to-2026-12", date(2026, 11, 23)), None);
    }
}
