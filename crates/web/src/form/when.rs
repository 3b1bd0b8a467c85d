//! Days and times as people type them. Whether a day is acceptable (not too far
//! ahead, not a holiday) is for the domain; here it only has to exist.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Why three fields are not a day: which of them, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotADay {
    /// `day`, `month` or `year`.
    pub part: &'static str,
    pub text: String,
}

/// Reads day, month and year. The month may be a number or an English name.
/// `what` completes "Enter ...": "the day you will meet".
pub(super) fn day(day: &str, month: &str, year: &str, what: &str) -> Result<Option<Date>, NotADay> {
    let [day, month, year] = [day.trim(), month.trim(), year.trim()];
    let problem = |part, text: String| Err(NotADay { part, text });
    match [day.is_empty(), month.is_empty(), year.is_empty()] {
        [true, true, true] => return Ok(None),
        [true, _, _] => return problem("day", format!("Enter a day for {what}, like 24.")),
        [_, true, _] => return problem("month", format!("Enter a month for {what}, like 11.")),
        [_, _, true] => return problem("year", format!("Enter a year for {what}: 4 numbers.")),
        [false, false, false] => {}
    }
    let Some(month_number) = month_number(month) else {
        return problem("month", format!("The month for {what} is a number from 1 to 12, or its name."));
    };
    let Some(year_number) = number::<i16>(year).filter(|_| year.chars().count() == 4) else {
        return problem("year", format!("The year for {what} has 4 numbers."));
    };
    if !(1880..=2199).contains(&year_number) {
        return problem("year", format!("Check the year for {what}. {year_number} is too far away."));
    }
    let Some(day_number) = number::<i8>(day).filter(|d| (1..=31).contains(d)) else {
        return problem("day", format!("The day for {what} is a number from 1 to 31."));
    };
    match Date::new(year_number, month_number, day_number) {
        Ok(date) => Ok(Some(date)),
        Err(_) => {
            let last =
                Date::new(year_number, month_number, 1).map(|first| first.days_in_month()).unwrap_or(31);
            let name = MONTHS[usize::from(month_number.unsigned_abs()) - 1];
            problem(
                "day",
                format!("{name} {year_number} has {last} days. Enter a day for {what} from 1 to {last}."),
            )
        }
    }
}

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_number(text: &str) -> Option<i8> {
    if let Some(number) = number::<i8>(text) {
        return (1..=12).contains(&number).then_some(number);
    }
    let lower = text.to_lowercase();
    let long_enough = lower.chars().count() >= 3;
    let at = MONTHS.iter().position(|name| long_enough && name.to_lowercase().starts_with(&lower))?;
    i8::try_from(at + 1).ok()
}

/// Plain digits only: no sign, no spaces, no digits of other scripts.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits_only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits_only { text.parse().ok() } else { None }
}

/// Reads `14:30`, `14.30`, `1430`, `2:30pm`, `2 pm`, `9`, `noon` or `midday`. Bare
/// hours from 1 to 6 are refused as unclear: is it morning or afternoon?
pub(super) fn time(text: &str) -> Result<Option<Time>, String> {
    let lower = text.trim().to_lowercase().replace([' ', '\u{a0}'], "");
    if lower.is_empty() {
        return Ok(None);
    }
    if lower == "noon" || lower == "midday" {
        return Ok(Some(Time::constant(12, 0, 0, 0)));
    }
    let (clock, half) = match lower.strip_suffix("am").or_else(|| lower.strip_suffix("a.m.")) {
        Some(clock) => (clock, Some(0)),
        None => match lower.strip_suffix("pm").or_else(|| lower.strip_suffix("p.m.")) {
            Some(clock) => (clock, Some(12)),
            None => (lower.as_str(), None),
        },
    };
    let unreadable = || "Enter a time like 2:30pm or 14:30.".to_owned();
    let (hour, minute, bare) = split_clock(clock).ok_or_else(unreadable)?;
    let hour = match half {
        Some(add) if (1..=12).contains(&hour) => hour % 12 + add,
        Some(_) => return Err(unreadable()),
        None if bare && (1..=6).contains(&hour) => {
            return Err(format!("Is that {hour}am or {hour}pm? Enter it like {hour}pm."));
        }
        None => hour,
    };
    Time::new(hour, minute, 0, 0).map(Some).map_err(|_| unreadable())
}

/// Hour, minute, and whether the hour is one digit alone, which may be morning or afternoon.
fn split_clock(clock: &str) -> Option<(i8, i8, bool)> {
    if let Some((hour, minute)) = clock.split_once([':', '.']) {
        let two_digits = minute.len() == 2 && hour.len() <= 2;
        return Some((number(hour)?, number(minute)?, hour.len() == 1)).filter(|_| two_digits);
    }
    match clock.len() {
        1 | 2 => Some((number(clock)?, 0, true)),
        3 | 4 if clock.is_ascii() => {
            let (hour, minute) = clock.split_at(clock.len() - 2);
            Some((number(hour)?, number(minute)?, hour.len() == 1))
        }
        _ => None,
    }
}

/// The instant of a day and time in a place. A time that the clocks skip in spring
/// does not exist and is refused; one that happens twice in autumn is the first.
pub(super) fn moment(day: Date, time: Time, zone: &TimeZone) -> Result<jiff::Timestamp, String> {
    let ambiguous = zone.to_ambiguous_zoned(DateTime::from_parts(day, time));
    if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
        return Err(format!(
            "The clocks go forward on {} {} {}, so {} does not happen that day. Choose an hour earlier or later.",
            day.day(),
            MONTHS[usize::from(day.month().unsigned_abs()) - 1],
            day.year(),
            crate::text::clock(time),
        ));
    }
    ambiguous
        .earlier()
        .map(|zoned| zoned.timestamp())
        .map_err(|_| "That day is too far away. Choose a day nearer to today.".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part_of(d: &str, m: &str, y: &str) -> &'static str {
        day(d, m, y, "the visit").unwrap_err().part
    }

    #[test]
    fn days_are_read_as_typed() {
        let expected = Some(Date::constant(2026, 11, 24));
        for month in ["11", "Nov", "november", " NOVEMBER "] {
            assert_eq!(day(" 24", month, "2026", "it"), Ok(expected));
        }
        assert_eq!(day("", " ", "", "it"), Ok(None));
    }

    #[test]
    fn each_problem_points_at_its_part() {
        assert_eq!(part_of("", "11", "2026"), "day");
        assert_eq!(part_of("1", "", "2026"), "month");
        assert_eq!(part_of("1", "11", ""), "year");
        assert_eq!(part_of("1", "13", "2026"), "month");
        assert_eq!(part_of("1", "ma", "2026"), "month");
        assert_eq!(part_of("1", "1", "26"), "year");
        assert_eq!(part_of("1", "1", "9999"), "year");
        assert_eq!(part_of("32", "1", "2026"), "day");
        assert_eq!(part_of("-1", "1", "2026"), "day");
        assert_eq!(part_of("\u{661}", "1", "2026"), "day");
    }

    #[test]
    fn an_impossible_day_says_how_long_the_month_is() {
        let error = day("30", "2", "2027", "the visit").unwrap_err();
        assert_eq!(error.text, "February 2027 has 28 days. Enter a day for the visit from 1 to 28.");
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, hour, minute) in [
            ("14:30", 14, 30),
            ("14.30", 14, 30),
            ("1430", 14, 30),
            ("2:30pm", 14, 30),
            ("2.30 PM", 14, 30),
            ("2 pm", 14, 0),
            ("12am", 0, 0),
            ("12 pm", 12, 0),
            ("9", 9, 0),
            ("noon", 12, 0),
            ("00:05", 0, 5),
            ("930", 9, 30),
            ("11am", 11, 0),
        ] {
            assert_eq!(time(text), Ok(Some(Time::constant(hour, minute, 0, 0))), "{text}");
        }
        for text in
            ["25:00", "2.30", "230", "6:15", "13pm", "2:5", "now", "2", "12:60", "123456", "0pm", "\u{662}pm"]
        {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_the_clocks_skip_is_refused_and_one_that_repeats_is_the_first() {
        let london = TimeZone::get("Europe/London").unwrap();
        let skipped = moment(Date::constant(2026, 3, 29), Time::constant(1, 30, 0, 0), &london).unwrap_err();
        assert!(skipped.contains("29 March 2026, so 1:30am does not happen"), "{skipped}");
        let twice = moment(Date::constant(2026, 10, 25), Time::constant(1, 30, 0, 0), &london).unwrap();
        assert_eq!(twice.to_string(), "2026-10-25T00:30:00Z");
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_stumble(d: String, m: String, y: String) {
            let _ = day(&d, &m, &y, "it");
            let _ = time(&d);
        }

        #[test]
        fn every_day_can_be_typed(days in 0i64..80_000) {
            let date = Date::constant(1900, 1, 1).saturating_add(jiff::Span::new().days(days));
            let read = day(&date.day().to_string(), &date.month().to_string(), &date.year().to_string(), "it");
            prop_assert_eq!(read, Ok(Some(date)));
        }
    }
}
