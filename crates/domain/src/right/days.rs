//! The days of each right, and where each comes from. A partnership may be quicker than the
//! law, never slower: the bounds are in [`crate::settings`].

use super::RightKind;
use crate::settings::Settings;
use crate::time::{Calendar, Day, plus_days};
use jiff::Span;

/// How long something may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Within {
    /// Working days.
    Working(u16),
    /// Days.
    Days(u16),
    /// Calendar months: the same day of a later month, or its last.
    Months(u16),
}

impl Within {
    /// The last day, counted from this one. A month that ends on a day that is not worked
    /// ends on the next that is (the Information Commissioner's guidance on time limits).
    pub fn last_day(self, from: Day, calendar: &Calendar) -> Day {
        match self {
            Within::Working(n) => calendar.plus_working(from, n.into()),
            Within::Days(n) => plus_days(from, n.into()),
            Within::Months(n) => {
                let day = from.checked_add(Span::new().months(i64::from(n))).unwrap_or(Day::MAX);
                std::iter::successors(Some(day), |d| d.tomorrow().ok())
                    .find(|d| calendar.is_working(*d))
                    .unwrap_or(day)
            }
        }
    }
    /// In words, for pages: "1 month", "3 working days".
    pub fn words(self) -> String {
        let of = |n: u16, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        match self {
            Within::Working(n) => of(n, "working day", "working days"),
            Within::Days(n) => of(n, "day", "days"),
            Within::Months(n) => of(n, "month", "months"),
        }
    }
}

/// The days of a right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RightRule {
    /// How soon the person is told that it is there.
    pub say: Option<Within>,
    /// How soon it is answered.
    pub answer: Within,
    /// Where the days come from.
    pub source: &'static str,
    /// May there be more time, once, and how many months?
    pub more_months: Option<u16>,
    /// Whom to ask next when the answer is not good.
    pub next: &'static str,
}

/// The days of this right in this place.
pub fn rule(kind: RightKind, settings: &Settings) -> RightRule {
    const ICO: &str = "The Information Commissioner's Office: 0303 123 1113, ico.org.uk";
    const PHSO: &str = "The Parliamentary and Health Service Ombudsman: 0345 015 4033, ombudsman.org.uk. For help \
                        from a council: the Local Government and Social Care Ombudsman, 0300 061 0614";
    let data = Some(Within::Days(settings.data_complaint_days));
    match kind {
        RightKind::Copy => RightRule {
            say: Some(Within::Working(settings.right_say_working_days)),
            answer: Within::Months(settings.right_months),
            source: "UK GDPR, articles 12(3) and 15: without delay, and within one month",
            more_months: Some(2),
            next: ICO,
        },
        RightKind::Wrong => RightRule {
            say: Some(Within::Working(settings.right_say_working_days)),
            answer: Within::Months(settings.right_months),
            source: "UK GDPR, articles 12(3) and 16: without delay, and within one month",
            more_months: Some(2),
            next: ICO,
        },
        RightKind::CareComplaint => RightRule {
            say: Some(Within::Working(settings.care_complaint_working_days)),
            answer: Within::Months(settings.care_complaint_months),
            source: "Local Authority Social Services and National Health Service Complaints (England) \
                     Regulations 2009, regulations 13(3) and 14(3): told within 3 working days, answered within 6 months",
            more_months: None,
            next: PHSO,
        },
        RightKind::DataComplaint => RightRule {
            say: data,
            answer: Within::Months(settings.data_complaint_months),
            source: "Data Protection Act 2018, section 164A (Data (Use and Access) Act 2025, section 103): told \
                     within 30 days, answered without undue delay. The day of the answer is this place's own promise",
            more_months: None,
            next: ICO,
        },
        RightKind::Advocate | RightKind::Question => RightRule {
            say: None,
            answer: Within::Working(settings.right_answer_working_days),
            source: "This place's own promise",
            more_months: None,
            next: ICO,
        },
    }
}

/// The last day to say that it is there, and the last day to answer.
pub fn answer_day(
    kind: RightKind,
    asked_on: Day,
    settings: &Settings,
    calendar: &Calendar,
) -> (Option<Day>, Day) {
    let rule = rule(kind, settings);
    (rule.say.map(|w| w.last_day(asked_on, calendar)), rule.answer.last_day(asked_on, calendar))
}

/// A legal day is a last day. Its holder is reminded a week before, or half-way when there is
/// less time than two weeks.
pub fn remind_on(last: Day, asked_on: Day) -> Day {
    let all = crate::time::days_between(asked_on, last).max(0);
    plus_days(last, -(all / 2).min(7))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_month_is_the_same_day_of_the_next() {
        let c = Calendar::england();
        let month = |d| Within::Months(1).last_day(d, &c);
        assert_eq!(month(date(2026, 10, 27)), date(2026, 11, 27));
        assert_eq!(month(date(2027, 1, 31)), date(2027, 3, 1), "28 February 2027 is a Sunday");
        assert_eq!(
            month(date(2026, 11, 25)),
            date(2026, 12, 29),
            "Christmas, its weekend, Boxing Day's Monday"
        );
    }

    #[test]
    fn the_days_of_the_law_are_the_defaults() {
        let (c, s) = (Calendar::england(), Settings::default());
        let days = |kind| answer_day(kind, date(2026, 11, 2), &s, &c);
        assert_eq!(days(RightKind::CareComplaint).0, Some(date(2026, 11, 5)));
        assert_eq!(days(RightKind::CareComplaint).1, date(2027, 5, 4), "3 May 2027 is a holiday");
        assert_eq!(days(RightKind::DataComplaint).0, Some(date(2026, 12, 2)));
        assert_eq!(days(RightKind::Copy).1, date(2026, 12, 2));
        assert_eq!(rule(RightKind::Copy, &s).answer.words(), "1 month");
        assert_eq!(rule(RightKind::CareComplaint, &s).say.unwrap().words(), "3 working days");
    }

    proptest! {
        /// A reminder is never after the last day and never before it was asked.
        #[test]
        fn a_reminder_is_in_between(from in 0i32..3000, kind in 0usize..6) {
            let (c, s) = (Calendar::england(), Settings::default());
            let asked = plus_days(date(2024, 1, 1), from);
            let (say, answer) = answer_day(RightKind::ALL[kind], asked, &s, &c);
            for last in say.into_iter().chain([answer]) {
                prop_assert!(last > asked && c.is_working(answer));
                let on = remind_on(last, asked);
                prop_assert!(asked <= on && on <= last);
            }
        }
    }
}
