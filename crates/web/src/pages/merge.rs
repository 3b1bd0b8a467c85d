//! Two people wrote the same thing at the same time: what was saved and what was typed, side
//! by side, field by field. Nothing is overwritten and nothing that was typed is lost.

use crate::form::Filled;
use serde::Serialize;

/// What one wrote and saved, and what the other wrote and could not save yet.
#[derive(Debug, Clone, Serialize)]
pub struct Merge {
    who: String,
    parts: Vec<Both>,
}

/// One field that the two wrote differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Both {
    what: String,
    theirs: String,
    mine: String,
}

/// A field of a form, as its label says it.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    label: &'static str,
    name: &'static str,
    day: bool,
}

impl Field {
    /// Words or choices.
    pub const fn text(label: &'static str, name: &'static str) -> Field {
        Field { label, name, day: false }
    }

    /// A day in its three boxes.
    pub const fn day(label: &'static str, name: &'static str) -> Field {
        Field { label, name, day: true }
    }

    fn said(&self, form: &Filled, word: &impl Fn(&str, &str) -> String) -> String {
        if self.day {
            let boxes = ["day", "month", "year"].map(|part| format!("{}-{part}", self.name));
            let typed: Vec<&str> = boxes.iter().filter_map(|name| form.value(name)).collect();
            return typed.join(" ").trim().to_owned();
        }
        let values = form.all(self.name).iter().filter(|value| !value.is_empty());
        values.map(|value| word(self.name, value)).collect::<Vec<_>>().join(", ")
    }
}

impl Merge {
    /// The fields in which two forms differ. `who` says who saved the first, and when; `word` gives the
    /// words of a code, or the value as it is.
    pub fn between(
        who: String,
        fields: &[Field],
        saved: &Filled,
        typed: &Filled,
        word: impl Fn(&str, &str) -> String,
    ) -> Merge {
        let both =
            fields.iter().map(|field| (field.label, field.said(saved, &word), field.said(typed, &word)));
        Merge::of(who, both)
    }

    /// What is different, in words that are ready.
    pub fn of<'a>(who: String, parts: impl IntoIterator<Item = (&'a str, String, String)>) -> Merge {
        let parts = parts
            .into_iter()
            .map(|(what, theirs, mine)| Both { what: what.to_owned(), theirs, mine })
            .filter(|both| both.theirs.replace("\r\n", "\n").trim() != both.mine.replace("\r\n", "\n").trim())
            .collect();
        Merge { who, parts }
    }

    /// For samples of views.
    pub fn sample() -> Merge {
        let lines = ("The words", "My dog\nThe canal".to_owned(), "My dog\n<b>Music</b> at night".to_owned());
        let empty = ("The day to look again", String::new(), "1 3 2027".to_owned());
        Merge::of("Bola Ade, 2 minutes ago".into(), [lines, empty])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_and_all_of_it() {
        const FIELDS: [Field; 4] = [
            Field::text("Words", "words"),
            Field::text("Parts", "areas"),
            Field::day("Day", "on"),
            Field::text("Same", "same"),
        ];
        let saved = Filled::with([("words", "a"), ("areas", "h"), ("same", "x\ny")]);
        let typed = Filled::with([
            ("words", "b"),
            ("areas", "h"),
            ("areas", "m"),
            ("on-day", "1"),
            ("on-month", "2"),
            ("on-year", "2027"),
            ("same", "x\r\ny"),
        ]);
        let merge = Merge::between("Bola".into(), &FIELDS, &saved, &typed, |_, value| value.to_uppercase());
        let parts: Vec<_> =
            merge.parts.iter().map(|b| (b.what.as_str(), b.theirs.as_str(), b.mine.as_str())).collect();
        assert_eq!(parts, [("Words", "A", "B"), ("Parts", "H", "H, M"), ("Day", "", "1 2 2027")]);
    }
}
