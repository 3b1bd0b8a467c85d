//! A stored value in plain lines, for a copy: every field there is, so that nothing is
//! forgotten when a kind grows a field. Ids become names where a name is known, moments become
//! days, and what is empty is left out.

use kith_domain::time::{Calendar, Instant};
use serde_json::Value;
use uuid::Uuid;

/// A line: the words before it, and what it says.
pub type PlainLine = (String, String);

/// Integers above this are moments: microseconds since 1970, after 1973. No number of a record
/// is as large.
const MOMENT: i64 = 100_000_000_000_000;

/// The lines of a value. `name` gives the name behind an id, where there is one to give.
pub fn lines(value: &Value, name: &dyn Fn(Uuid) -> Option<String>, calendar: &Calendar) -> Vec<PlainLine> {
    let mut found = Vec::new();
    walk(value, "", &mut found, &|v| word(v, name, calendar));
    found
}

fn walk(value: &Value, place: &str, found: &mut Vec<PlainLine>, word: &dyn Fn(&Value) -> Option<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let place = match (place.is_empty(), value) {
                    (true, _) => sentence(key),
                    (false, _) => format!("{place}, {}", key.replace('_', " ")),
                };
                walk(value, &place, found, word);
            }
        }
        Value::Array(all) if all.iter().all(|v| !v.is_object() && !v.is_array()) => {
            let words: Vec<String> = all.iter().filter_map(word).collect();
            if !words.is_empty() {
                found.push((place.to_owned(), words.join(", ")));
            }
        }
        Value::Array(all) => {
            for (n, value) in all.iter().enumerate() {
                let place = if all.len() == 1 { place.to_owned() } else { format!("{place} {}", n + 1) };
                walk(value, &place, found, word);
            }
        }
        one => found.extend(word(one).map(|words| (place.to_owned(), words))),
    }
}

fn word(value: &Value, name: &dyn Fn(Uuid) -> Option<String>, calendar: &Calendar) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(n) => match n.as_i64() {
            Some(at) if at > MOMENT => Some(moment(Instant(at), calendar)),
            _ => Some(n.to_string()),
        },
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => match Uuid::parse_str(text) {
            // What an id without a name stands for is a record of its own in the copy.
            Ok(id) => name(id),
            Err(_) => Some(said(text)),
        },
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Stored words such as `could_not_come` are read without their lines; days and sentences stay.
fn said(text: &str) -> String {
    let code = text.contains('_') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if code { text.replace('_', " ") } else { text.to_owned() }
}

fn moment(at: Instant, calendar: &Calendar) -> String {
    let zoned = at.timestamp().to_zoned(calendar.zone().clone());
    format!(
        "{}, {:02}:{:02}",
        kith_domain::next_date::words_of(calendar.day(at)),
        zoned.hour(),
        zoned.minute()
    )
}

fn sentence(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: &Value) -> Vec<(String, String)> {
        let aisha = Uuid::from_u128(7);
        lines(value, &|id| (id == aisha).then(|| "Aisha".to_owned()), &Calendar::england())
    }

    #[test]
    fn every_field_with_something_in_it_is_a_line() {
        let value = json!({
            "what": "See the flat", "by": "2026-11-27", "status": "could_not_come", "note": null, "empty": "",
            "lead": "00000000-0000-0000-0000-000000000007", "need": "00000000-0000-0000-0000-000000000008",
            "at": 1_795_359_600_000_000_i64, "tries": 3, "areas": ["housing", "money"],
            "ways": [{ "detail": "07700 900123", "safe": true }],
        });
        let words: Vec<String> = of(&value).into_iter().map(|(a, b)| format!("{a}: {b}")).collect();
        for line in [
            "What: See the flat",
            "By: 2026-11-27",
            "Status: could not come",
            "Lead: Aisha",
            "Tries: 3",
            "Areas: housing, money",
            "Ways, detail: 07700 900123",
            "Ways, safe: yes",
        ] {
            assert!(words.iter().any(|w| w == line), "{line} in {words:?}");
        }
        assert!(words.iter().any(|w| w.starts_with("At: ") && w.contains("2026")), "{words:?}");
        assert_eq!(words.len(), 9, "what is empty, and an id without a name, is left out: {words:?}");
    }

    #[test]
    fn several_of_a_kind_are_numbered() {
        let value = json!({ "names": [{ "text": "Ann" }, { "text": "Anna" }] });
        assert_eq!(
            of(&value),
            [("Names 1, text".into(), "Ann".into()), ("Names 2, text".into(), "Anna".into())]
        );
    }
}
