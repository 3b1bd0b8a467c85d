//! Plain words for days, times, numbers, distances and lists. Pure functions; "today"
//! is always an argument.

mod contact;

use jiff::civil::{Date, Time, Weekday};

pub use contact::{phone, phone_grouped, postcode};
pub use kith_domain::text::{capitalised, lower};

use crate::form::MONTHS;

/// "Tuesday 24 November", with the year when it is not that of `today`.
pub fn day(day: Date, today: Date) -> String {
    let year = if day.year() == today.year() { String::new() } else { format!(" {}", day.year()) };
    format!("{} {} {}{year}", weekday(day.weekday()), day.day(), month(day))
}

/// "Tuesday 24 November 2026": the full date, for letters and records. The day of the week is what most
/// people go by.
pub fn full_day(day: Date) -> String {
    format!("{} {} {} {}", weekday(day.weekday()), day.day(), month(day), day.year())
}

/// "today", "tomorrow", "yesterday", "in 3 days", "3 days ago", "in 5 weeks",
/// "4 months ago". Weeks from 14 days on, months from 60, years from 2.
pub fn relative_day(day: Date, today: Date) -> String {
    let days = days_between(today, day);
    match days {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        ahead if ahead > 0 => format!("in {}", duration_days(ahead)),
        ago => format!("{} ago", duration_days(-ago)),
    }
}

/// "tomorrow, Tuesday 24 November": both, for the one date that matters on a page.
pub fn day_and_relative(date: Date, today: Date) -> String {
    format!("{}, {}", relative_day(date, today), day(date, today))
}

/// "3 days", "2 weeks", "5 months", "2 years".
pub fn duration_days(days: i64) -> String {
    match days {
        0..=13 => plural(days, "day", "days"),
        14..=59 => plural(days / 7, "week", "weeks"),
        60..=729 => plural(days * 12 / 365, "month", "months"),
        _ => plural(days / 365, "year", "years"),
    }
}

/// Days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// "2:30pm", "9am", "midday", "midnight".
pub fn clock(time: Time) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    match (hour, minute) {
        (0, 0) => return "midnight".into(),
        (12, 0) => return "midday".into(),
        _ => {}
    }
    let half = if hour < 12 { "am" } else { "pm" };
    let shown = if hour % 12 == 0 { 12 } else { hour % 12 };
    if minute == 0 { format!("{shown}{half}") } else { format!("{shown}:{minute:02}{half}") }
}

/// "1 person", "3 people", "no people".
pub fn plural(count: i64, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        n => format!("{} {many}", thousands(n)),
    }
}

/// "1,200".
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

/// "a", "a and b", "a, b and c".
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// "less than half a mile", "about 1 mile", "about 3 miles", from metres in a
/// straight line. Whole miles: people with low confidence in numbers read these.
pub fn distance(metres: f64) -> String {
    let miles = metres / 1_609.344;
    if miles < 0.5 {
        "less than half a mile".into()
    } else if miles < 1.5 {
        "about 1 mile".into()
    } else {
        format!("about {miles:.0} miles")
    }
}

/// The text escaped for HTML.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            other => out.push(other),
        }
    }
    out
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn month(day: Date) -> &'static str {
    MONTHS[usize::from(day.month().unsigned_abs()) - 1]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 23);

    #[test]
    fn days_in_words() {
        assert_eq!(day(Date::constant(2026, 11, 24), TODAY), "Tuesday 24 November");
        assert_eq!(day(Date::constant(2027, 1, 1), TODAY), "Friday 1 January 2027");
        assert_eq!(full_day(TODAY), "Monday 23 November 2026");
        assert_eq!(day_and_relative(Date::constant(2026, 11, 24), TODAY), "tomorrow, Tuesday 24 November");
    }

    #[test]
    fn days_from_today() {
        for (days, words) in [
            (0, "today"),
            (1, "tomorrow"),
            (-1, "yesterday"),
            (3, "in 3 days"),
            (-3, "3 days ago"),
            (14, "in 2 weeks"),
            (-59, "8 weeks ago"),
            (90, "in 2 months"),
            (-365, "12 months ago"),
            (-800, "2 years ago"),
        ] {
            let other = TODAY.saturating_add(jiff::Span::new().days(days));
            assert_eq!(relative_day(other, TODAY), words);
        }
    }

    #[test]
    fn clocks() {
        for (hour, minute, words) in [
            (0, 0, "midnight"),
            (0, 5, "12:05am"),
            (9, 0, "9am"),
            (12, 0, "midday"),
            (12, 30, "12:30pm"),
            (14, 30, "2:30pm"),
        ] {
            assert_eq!(clock(Time::constant(hour, minute, 0, 0)), words);
        }
    }

    #[test]
    fn numbers_and_lists() {
        assert_eq!(plural(0, "reply", "replies"), "no replies");
        assert_eq!(plural(1, "reply", "replies"), "1 reply");
        assert_eq!(plural(1200, "reply", "replies"), "1,200 replies");
        assert_eq!(thousands(-1234567), "-1,234,567");
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn distances() {
        for (metres, words) in [
            (0.0, "less than half a mile"),
            (804.0, "less than half a mile"),
            (1600.0, "about 1 mile"),
            (4830.0, "about 3 miles"),
        ] {
            assert_eq!(distance(metres), words);
        }
    }

    proptest! {
        #[test]
        fn thousands_can_be_read_back(number: i64) {
            prop_assert_eq!(thousands(number).replace(',', "").parse::<i64>(), Ok(number));
        }

        #[test]
        fn escaped_text_holds_no_markup(text: String) {
            let escaped = escape_html(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
        }
    }
}
