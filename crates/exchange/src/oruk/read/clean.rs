//! Values of a feed, cleaned. Nothing in a feed is what it says it is: numbers come as text
//! and ids as numbers, text has markup in it, and nothing is written as null, as `""` or as
//! `"N/A"`. What is left out or changed is told once.

use super::Remark;
use jiff::civil::{Date, Time};
use kith_domain::directory::Known;
use kith_domain::directory::hours::parse_clock;
use kith_domain::text;
use kith_domain::time::Instant;
use serde_json::Value;

/// What was noticed while one entry is read.
#[derive(Default)]
pub(super) struct Remarks(pub(super) Vec<Remark>);

impl Remarks {
    pub(super) fn say(&mut self, field: &str, words: impl Into<String>) {
        let remark = Remark { field: field.to_owned(), words: words.into() };
        if !self.0.contains(&remark) {
            self.0.push(remark);
        }
    }

    /// A text, or nothing. Lines stay lines where `lines` says so.
    pub(super) fn text(&mut self, field: &str, value: &Value, max: usize, lines: bool) -> Option<String> {
        let raw = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null => return None,
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                self.say(field, "It is not text. It is left out.");
                return None;
            }
        };
        let mut plain: String = raw
            .replace("\r\n", "\n")
            .chars()
            .map(|c| if c == '\t' || c == '\r' || (c == '\n' && !lines) { ' ' } else { c })
            .filter(|c| *c == '\n' || !c.is_control())
            .collect();
        if plain.chars().count() > max {
            plain = plain.chars().take(max).collect();
            self.say(field, format!("It is longer than {max} characters. The rest is left out."));
        }
        let read = if lines { text::words_or_none(&plain, max) } else { text::line_or_none(&plain, max) };
        match read {
            Ok(found) => found.filter(|t| !is_nothing(t)),
            Err(why) => {
                self.say(field, format!("{why}. It is left out."));
                None
            }
        }
    }

    /// As [`Remarks::text`], with markup taken out.
    pub(super) fn unmarked(&mut self, field: &str, value: &Value, max: usize) -> Option<String> {
        let raw = value.as_str()?;
        let plain = without_markup(raw);
        if plain != raw {
            self.say(field, "It had markup in it, which was taken out.");
        }
        self.text(field, &Value::String(plain), max, true)
    }

    /// A number, also when it is written as text.
    pub(super) fn number(&mut self, field: &str, value: &Value) -> Option<f64> {
        let found = match value {
            Value::Number(n) => n.as_f64(),
            Value::String(s) if is_nothing(s.trim()) => return None,
            Value::String(s) => s.trim().parse().ok(),
            Value::Null => return None,
            _ => None,
        };
        let found = found.filter(|n: &f64| n.is_finite());
        if found.is_none() {
            self.say(field, "It is not a number. It is left out.");
        }
        found
    }

    /// An age in whole years.
    pub(super) fn age(&mut self, field: &str, value: &Value) -> Option<u8> {
        let years = self.number(field, value)?;
        if (0.0..=130.0).contains(&years) {
            // In range, so nothing is cut but the fraction.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 130"
            )]
            return Some(years.floor() as u8);
        }
        self.say(field, "Nobody has that age. It is left out.");
        None
    }

    /// A day, also out of a moment.
    pub(super) fn day(&mut self, field: &str, value: &Value) -> Option<Date> {
        let text = value.as_str().map(str::trim).filter(|t| !is_nothing(t))?;
        let day = text.get(..10).and_then(|t| t.parse().ok());
        if day.is_none() {
            self.say(field, "It is not a day such as 2026-11-23. It is left out.");
        }
        day
    }

    /// An address of the web.
    pub(super) fn url(&mut self, field: &str, value: &Value) -> Option<String> {
        let text = self.text(field, value, 2_000, false)?;
        let low = text.to_ascii_lowercase();
        let web = low.starts_with("https://") || low.starts_with("http://");
        if web && !text.contains(char::is_whitespace) {
            return Some(text);
        }
        if !text.contains(char::is_whitespace) && !text.contains(':') && text.contains('.') {
            return Some(format!("https://{text}"));
        }
        self.say(field, "It is not an address of the web. It is left out.");
        None
    }

    /// An e-mail address.
    pub(super) fn email(&mut self, field: &str, value: &Value) -> Option<String> {
        let text = self.text(field, value, text::LINE, false)?;
        let halves = text.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.'));
        if halves && !text.contains(char::is_whitespace) {
            return Some(text);
        }
        self.say(field, "It is not an e-mail address. It is left out.");
        None
    }
}

/// Does it stand for nothing?
fn is_nothing(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "null" | "n/a" | "na" | "none" | "nil" | "undefined" | "-" | "string"
    )
}

/// An id, as text: feeds have numbers, UUIDs and anything else.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.trim().chars().filter(|c| !c.is_control()).take(200).collect::<String>())
            .filter(|s| !s.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// Yes or no, as feeds write it.
pub(super) fn known(value: &Value) -> Known {
    match value {
        Value::Bool(b) => Known::from_option(Some(*b)),
        Value::String(s) => match s.trim().to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Known::Yes,
            "no" | "false" | "0" => Known::No,
            _ => Known::NotSaid,
        },
        _ => Known::NotSaid,
    }
}

/// A time of the day, with or without seconds and zone.
pub(super) fn time(value: &Value) -> Option<Time> {
    let text = value.as_str()?.trim();
    let bare = text.split(['+', 'Z', 'z']).next().unwrap_or(text);
    let seconds = bare.parse::<Time>().ok().or_else(|| parse_clock(bare))?;
    Time::new(seconds.hour(), seconds.minute(), 0, 0).ok()
}

pub(super) fn moment(text: &str) -> Option<Instant> {
    text.trim().parse::<jiff::Timestamp>().ok().map(Instant::from)
}

/// The elements of a list; one thing alone counts as a list of one.
pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(all) => all,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// Text without tags, and with the commonest marks written out.
fn without_markup(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let named = tail[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match tail.find('>').filter(|_| named) {
            Some(end) => {
                let tag = tail[1..end].trim_start_matches('/').to_ascii_lowercase();
                if ["br", "p", "li", "div", "h", "ul", "ol", "tr"].iter().any(|t| tag.starts_with(t)) {
                    out.push('\n');
                }
                rest = &tail[end + 1..];
            }
            None => {
                out.push('<');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    for (mark, plain) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&rsquo;", "\u{2019}"),
        ("&pound;", "£"),
        ("&amp;", "&"),
    ] {
        out = out.replace(mark, plain);
    }
    let lines: Vec<&str> = out.lines().map(str::trim).collect();
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    for line in lines {
        if !(line.is_empty() && kept.last().is_none_or(|last| last.is_empty())) {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn markup_is_taken_out_and_sums_stay() {
        assert_eq!(without_markup("<p>Tea &amp; talk</p><p>a < b</p>"), "Tea & talk\n\na < b");
        assert_eq!(without_markup("2 < 3"), "2 < 3");
    }

    #[test]
    fn nothing_is_written_in_many_ways() {
        let mut remarks = Remarks::default();
        for nothing in [json!(null), json!(""), json!("N/A"), json!(" null "), json!("string")] {
            assert_eq!(remarks.text("a", &nothing, 100, false), None, "{nothing}");
        }
        assert!(remarks.0.is_empty(), "nothing is no fault");
        assert_eq!(remarks.age("a", &json!("18")), Some(18));
        assert_eq!(remarks.age("a", &json!(999)), None);
        assert_eq!(time(&json!("09:30:00Z")), Time::new(9, 30, 0, 0).ok());
    }
}
