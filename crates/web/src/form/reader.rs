//! Reading a form field by field, collecting what is wrong.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::clean::{SHOWN_MAX_CHARS, TextRule, Unfit, clean};
use super::data::FormData;
use super::errors::FormErrors;
use super::{SUBMISSION_FIELD, when};
use crate::text;

/// Reads one form. A value comes back as `None` when it is absent or wrong; what is
/// wrong is in [`Reader::errors`]. Ask [`Reader::is_ok`] before acting.
///
/// `what` always completes "Enter ..." or "Choose ...": "the day you will meet".
#[derive(Debug)]
pub struct Reader<'a> {
    form: &'a FormData,
    errors: FormErrors,
}

impl<'a> Reader<'a> {
    /// Begins to read.
    pub fn new(form: &'a FormData) -> Reader<'a> {
        Reader { form, errors: FormErrors::new() }
    }

    /// True when nothing was wrong so far.
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// What was wrong so far.
    pub fn errors(&self) -> &FormErrors {
        &self.errors
    }

    /// The problems, when done.
    pub fn into_errors(self) -> FormErrors {
        self.errors
    }

    /// Adds a problem found elsewhere, such as a refusal of a use case.
    pub fn problem(&mut self, name: &str, text: impl Into<String>) {
        self.errors.add(name, text);
    }

    /// A text that must be there.
    pub fn required_text(&mut self, name: &str, rule: TextRule) -> Option<String> {
        let text = self.optional_text(name, rule);
        if text.is_none() {
            let missing = rule.missing.map_or_else(|| format!("Enter {}.", rule.what), str::to_owned);
            self.errors.add(name, missing);
        }
        text
    }

    /// A text that may be empty.
    pub fn optional_text(&mut self, name: &str, rule: TextRule) -> Option<String> {
        match clean(self.raw(name), rule) {
            Ok(text) => Some(text).filter(|text| !text.is_empty()),
            Err(unfit) => {
                self.errors.add(name, unfit_message(unfit, rule));
                None
            }
        }
    }

    /// A day from `name-day`, `name-month` and `name-year` that must be there.
    pub fn required_day(&mut self, name: &str, what: &str) -> Option<Date> {
        let day = self.optional_day(name, what);
        if day.is_none() {
            self.errors.add_at(
                name,
                &format!("{name}-day"),
                format!("Enter {what}: the day, the month and the year."),
            );
        }
        day
    }

    /// A day that may be empty.
    pub fn optional_day(&mut self, name: &str, what: &str) -> Option<Date> {
        let part = |part: &str| self.raw(&format!("{name}-{part}"));
        match when::day(part("day"), part("month"), part("year"), what) {
            Ok(day) => day,
            Err(problem) => {
                self.errors.add_at(name, &format!("{name}-{}", problem.part), problem.text);
                None
            }
        }
    }

    /// A problem with a day, found by a rule: its link leads to the first of the
    /// three fields.
    pub fn day_problem(&mut self, name: &str, text: impl Into<String>) {
        self.errors.add_at(name, &format!("{name}-day"), text);
    }

    /// A time of day that must be there.
    pub fn required_time(&mut self, name: &str, what: &str) -> Option<Time> {
        let time = self.optional_time(name);
        if time.is_none() {
            self.errors.add(name, format!("Enter {what}, like 2:30pm."));
        }
        time
    }

    /// A time of day that may be empty.
    pub fn optional_time(&mut self, name: &str) -> Option<Time> {
        match when::time(self.raw(name)) {
            Ok(time) => time,
            Err(problem) => {
                self.errors.add(name, problem);
                None
            }
        }
    }

    /// The instant of a day and a time in `zone`, both required. A time that the
    /// clocks skip is a problem of the time field; of one that happens twice, the
    /// first is meant.
    pub fn required_moment(
        &mut self,
        day_name: &str,
        time_name: &str,
        what: &str,
        zone: &TimeZone,
    ) -> Option<jiff::Timestamp> {
        let day = self.required_day(day_name, what);
        let time = self.required_time(time_name, "a time");
        match when::moment(day?, time?, zone) {
            Ok(instant) => Some(instant),
            Err(problem) => {
                self.errors.add(time_name, problem);
                None
            }
        }
    }

    /// One of several (radios, a select) that must be chosen. `parse` knows the codes.
    pub fn required_choice<T>(
        &mut self,
        name: &str,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let choice = self.optional_choice(name, what, parse);
        if choice.is_none() {
            self.errors.add(name, format!("Choose {what}."));
        }
        choice
    }

    /// One of several, or none.
    pub fn optional_choice<T>(
        &mut self,
        name: &str,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        match self.raw(name).trim() {
            "" => None,
            code => {
                let choice = parse(code);
                if choice.is_none() {
                    self.errors
                        .add(name, format!("Choose {what} again. That answer is not one of the list."));
                }
                choice
            }
        }
    }

    /// Any number of several (checkboxes), in the order they came, each once.
    pub fn many<T: PartialEq>(
        &mut self,
        name: &str,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut chosen = Vec::new();
        for code in self.form.values(name).map(str::trim).filter(|code| !code.is_empty()) {
            match parse(code) {
                Some(value) if chosen.contains(&value) => {}
                Some(value) => chosen.push(value),
                None => {
                    self.errors.add(name, format!("Choose {what} again. One answer is not in the list."));
                }
            }
        }
        chosen
    }

    /// Whether a single checkbox was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.raw(name).trim().is_empty()
    }

    /// Whether anything was typed into a field, for parts of a form that may be left out.
    pub fn typed(&self, name: &str) -> bool {
        !self.raw(name).trim().is_empty()
    }

    /// A whole number within a range, that must be there.
    pub fn required_number(
        &mut self,
        name: &str,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let number = self.optional_number(name, what, range);
        if number.is_none() {
            self.errors.add(name, format!("Enter {what} as a number."));
        }
        number
    }

    /// A whole number within a range, that may be empty. `1,200` is read as 1200.
    pub fn optional_number(
        &mut self,
        name: &str,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let typed = self.raw(name).trim().replace([',', ' '], "");
        if typed.is_empty() {
            return None;
        }
        match typed.parse::<i64>() {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                let [low, high] = [*range.start(), *range.end()].map(text::thousands);
                let cut = cut_words(typed.chars().count());
                self.errors.add(name, format!("Enter {what} as a number from {low} to {high}.{cut}"));
                None
            }
        }
    }

    /// A record id from a hidden field or a choice. A wrong one means the page was
    /// changed or is very old.
    pub fn required_id(&mut self, name: &str, what: &str) -> Option<Uuid> {
        let id = Uuid::try_parse(self.raw(name).trim()).ok();
        if id.is_none() {
            self.errors.add(name, format!("Choose {what}."));
        }
        id
    }

    /// The submission id that makes the form do its work once.
    pub fn submission(&mut self) -> Option<Uuid> {
        let id = Uuid::try_parse(self.raw(SUBMISSION_FIELD).trim()).ok();
        if id.is_none() {
            self.errors.add_at(
                SUBMISSION_FIELD,
                "maincontent",
                "This page was open for too long or did not load fully. Check what you wrote and send it again.",
            );
        }
        id
    }

    /// A postcode of the United Kingdom as `SK13 8AB`, that may be empty. Only its
    /// shape is checked; whether it exists is for the place's own list.
    pub fn optional_postcode(&mut self, name: &str) -> Option<String> {
        let typed = self.raw(name).trim();
        if typed.is_empty() {
            return None;
        }
        let postcode = text::postcode(typed);
        if postcode.is_none() {
            self.errors.add(name, "Enter a full postcode, like SK13 8AB.");
        }
        postcode
    }

    /// A postcode that must be there.
    pub fn required_postcode(&mut self, name: &str) -> Option<String> {
        let postcode = self.optional_postcode(name);
        if postcode.is_none() {
            self.errors.add(name, "Enter a postcode, like SK13 8AB.");
        }
        postcode
    }

    /// A phone number that may be empty: digits with a leading 0 or +, spaces as
    /// people group them taken out. No guess about who owns it.
    pub fn optional_phone(&mut self, name: &str) -> Option<String> {
        let typed = self.raw(name).trim();
        if typed.is_empty() {
            return None;
        }
        let phone = text::phone(typed);
        if phone.is_none() {
            self.errors
                .add(name, "Enter a phone number with its area code, like 01457 852 000 or 07700 900 982.");
        }
        phone
    }

    /// An e-mail address that may be empty. One `@`, a dot after it, no spaces.
    pub fn optional_email(&mut self, name: &str) -> Option<String> {
        let typed = self.optional_text(name, TextRule::line("an email address").max(254))?;
        let looks_right = typed.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
        });
        if looks_right && !typed.contains(char::is_whitespace) {
            return Some(typed);
        }
        self.errors.add(name, "Enter an email address like name@example.org.");
        None
    }

    fn raw(&self, name: &str) -> &'a str {
        // The form outlives the reader, so this borrow does not hold the reader.
        self.form.pairs().iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }
}

/// What is said when a page shows only the beginning of what was typed.
fn cut_words(chars: usize) -> &'static str {
    match chars > SHOWN_MAX_CHARS {
        true => " Only the beginning is here: the first 60,000 characters. Keep your own copy.",
        false => "",
    }
}

fn unfit_message(unfit: Unfit, rule: TextRule) -> String {
    match unfit {
        Unfit::Unreadable => format!(
            "There was a hidden character in {} that cannot be kept. We took it out. Check what is left and send it again.",
            rule.what
        ),
        Unfit::TooLong(chars) => {
            let [limit, over] = [rule.max_chars, chars.saturating_sub(rule.max_chars)]
                .map(|n| text::thousands(i64::try_from(n).unwrap_or(i64::MAX)));
            let what = text::capitalised(rule.what);
            let cut = cut_words(chars);
            format!("{what} can have at most {limit} characters. Take out at least {over}.{cut}")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn only_error(form: &str, read: impl Fn(&mut Reader)) -> (String, String) {
        let form = FormData::from_text(form);
        let mut reader = Reader::new(&form);
        read(&mut reader);
        let error = reader.errors().iter().next().expect("an error").clone();
        (error.href, error.text)
    }

    #[test]
    fn nothing_entered_says_what_to_enter() {
        let rule = TextRule::line("the name they like to be called");
        for form in ["", "name=", "name=+++", "name=%E2%80%8B"] {
            let (href, text) = only_error(form, |r| assert_eq!(r.required_text("name", rule), None));
            assert_eq!((href.as_str(), text.as_str()), ("#name", "Enter the name they like to be called."));
        }
    }

    #[test]
    fn ten_megabytes_say_the_limit() {
        let body = format!("note={}", "a".repeat(10 * 1024 * 1024));
        let (href, text) = only_error(&body, |r| {
            r.optional_text("note", TextRule::lines("your note"));
        });
        assert_eq!(href, "#note");
        assert_eq!(
            text,
            "Your note can have at most 4,000 characters. Take out at least 10,481,760. \
             Only the beginning is here: the first 60,000 characters. Keep your own copy."
        );
    }

    #[test]
    fn a_hidden_character_says_what_was_done_about_it() {
        let (_, text) = only_error("note=a%00b", |r| {
            r.optional_text("note", TextRule::lines("your note"));
        });
        assert!(text.contains("hidden character in your note"), "{text}");
    }

    #[test]
    fn a_day_problem_points_at_the_part_that_is_wrong() {
        let (href, _) = only_error("next-day=1&next-month=13&next-year=2026", |r| {
            r.required_day("next", "the next date");
        });
        assert_eq!(href, "#next-month");
        let (href, _) = only_error("", |r| {
            r.required_day("next", "the next date");
        });
        assert_eq!(href, "#next-day");
    }

    #[test]
    fn a_day_far_away_is_left_to_the_rules() {
        let form = FormData::from_text("next-day=1&next-month=1&next-year=2099");
        let mut reader = Reader::new(&form);
        assert_eq!(reader.required_day("next", "the next date"), Some(Date::constant(2099, 1, 1)));
        assert!(reader.is_ok());
    }

    #[test]
    fn choices_outside_the_list_are_refused() {
        let parse = |code: &str| (code == "yes").then_some(true);
        let form = FormData::from_text("a=yes&b=maybe&many=yes&many=yes&many=");
        let mut reader = Reader::new(&form);
        assert_eq!(reader.required_choice("a", "yes or no", parse), Some(true));
        assert_eq!(reader.many("many", "some", parse), [true]);
        assert!(reader.is_ok());
        assert_eq!(reader.optional_choice("b", "yes or no", parse), None);
        assert!(!reader.is_ok());
    }

    #[test]
    fn numbers_phones_postcodes_and_addresses() {
        let form = FormData::from_text("n=1,200&p=sk138ab&t=(01457)+852000&e=joan@example.org&x=9");
        let mut reader = Reader::new(&form);
        assert_eq!(reader.required_number("n", "a number", 0..=2000), Some(1200));
        assert_eq!(reader.optional_postcode("p").as_deref(), Some("SK13 8AB"));
        assert_eq!(reader.optional_phone("t").as_deref(), Some("01457852000"));
        assert_eq!(reader.optional_email("e").as_deref(), Some("joan@example.org"));
        assert!(reader.is_ok());
        assert_eq!(reader.optional_number("x", "a number", 1..=5), None);
        assert!(!reader.is_ok());
    }

    #[test]
    fn a_form_without_its_submission_id_is_asked_for_again() {
        let (href, _) = only_error("", |r| {
            r.submission();
        });
        assert_eq!(href, "#maincontent");
    }

    proptest! {
        #[test]
        fn whatever_is_posted_is_a_value_or_a_problem_but_never_both(value in any::<String>()) {
            let form = FormData::from_pairs([("f", value.as_str()), ("f-day", value.as_str())]);
            let mut r = Reader::new(&form);
            let got = r.required_text("f", TextRule::lines("it").max(50)).is_some();
            prop_assert_eq!(got, r.is_ok());
            let mut r = Reader::new(&form);
            let got = [
                r.optional_phone("f").is_some(),
                r.optional_postcode("f").is_some(),
                r.optional_time("f").is_some(),
                r.optional_day("f", "it").is_some(),
            ];
            prop_assert!(got.len() == 4);
        }
    }
}
