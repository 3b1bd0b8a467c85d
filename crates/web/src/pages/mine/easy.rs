//! The plan as easy read: one short line for each idea, large letters, and a place beside each line
//! for a picture that the person draws or sticks in. No symbols that belong to somebody else.

use super::plan::{PlanBody, sample};
use crate::view::View;
use serde::Serialize;

/// The plan in short lines.
#[derive(Debug, Serialize)]
pub struct EasyPage {
    pub(super) layout: &'static str,
    pub(super) back: String,
    pub(super) called: String,
    pub(super) today: String,
    pub(super) parts: Vec<(String, Vec<String>)>,
    pub(super) people: Vec<(String, String)>,
}

/// Words as short lines: each sentence on its own. A full stop after a letter or two, as in "Dr.",
/// ends nothing.
pub(super) fn short_lines(words: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in words.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
            let ends = word.ends_with(['!', '?', ';']) || (word.ends_with('.') && letters > 2);
            if ends {
                lines.push(std::mem::take(&mut line));
            }
        }
        lines.push(line);
    }
    let line = |l: String| l.trim_end_matches(';').trim().to_owned();
    lines.into_iter().map(line).filter(|l| !l.is_empty()).collect()
}

impl View for EasyPage {
    const TEMPLATE: &'static str = "mine/easy.html";

    fn title(&self) -> String {
        "A plan that is easy to read".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| {
            let body: PlanBody = sample(words, n);
            EasyPage {
                layout: if n == 1 { "layout/staff.html" } else { "layout/person.html" },
                back: "/mine/plan/print".into(),
                called: "Badger".into(),
                today: "24 November 2026".into(),
                parts: body.easy(),
                people: vec![("Navigator".into(), "Aisha Rahman".into()); n],
            }
        };
        vec![
            ("ordinary", page("I want my money back. Ring in the morning.", 1)),
            ("empty", page("", 0)),
            ("longest", page(&"Many words that matter. ".repeat(4), 3)),
            ("difficult", page("<b>\"x\" & 'y'</b>", 1)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::short_lines;
    use proptest::prelude::*;

    #[test]
    fn each_sentence_is_a_line() {
        let lines = short_lines("I like music. I play drums!\nNot at night; ask Dr. Lee first");
        assert_eq!(lines, ["I like music.", "I play drums!", "Not at night", "ask Dr. Lee first"]);
        assert!(short_lines(" \n ; ").is_empty());
    }

    proptest! {
        /// No word is lost, none is added, and the order stays.
        #[test]
        fn every_word_stays(words in "[a-zA-Z.!?; \n]{0,80}") {
            let plain = |t: &str| t.split_whitespace().map(|w| w.trim_end_matches(';').to_owned())
                .filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
            let again = plain(&short_lines(&words).join(" "));
            prop_assert_eq!(again, plain(&words));
        }
    }
}
