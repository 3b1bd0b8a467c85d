//! Making typed text fit to keep.

use unicode_normalization::UnicodeNormalization;

/// What a text field takes.
#[derive(Clone, Copy, Debug)]
pub struct TextRule {
    pub(super) what: &'static str,
    pub(super) max_chars: usize,
    pub(super) lines: bool,
    pub(super) missing: Option<&'static str>,
}

impl TextRule {
    /// One line. `what` completes "Enter ...": "the name they like to be called".
    pub const fn line(what: &'static str) -> TextRule {
        TextRule { what, max_chars: 200, lines: false, missing: None }
    }

    /// Several lines, up to 4,000 characters unless [`TextRule::max`] says otherwise.
    pub const fn lines(what: &'static str) -> TextRule {
        TextRule { what, max_chars: 4_000, lines: true, missing: None }
    }

    /// The largest number of characters.
    pub const fn max(mut self, chars: usize) -> TextRule {
        self.max_chars = chars;
        self
    }

    /// What to say when nothing was entered, if "Enter ..." does not fit.
    pub const fn missing(mut self, message: &'static str) -> TextRule {
        self.missing = Some(message);
        self
    }
}

/// Why a text cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It holds a control character or a letter that arrived broken.
    Unreadable,
    /// It has this many characters, more than allowed.
    TooLong(usize),
}

/// The text as it will be kept: see the module paragraph of [`crate::form`].
pub(super) fn clean(raw: &str, rule: TextRule) -> Result<String, Unfit> {
    // A text far too long is not worth normalising; count it and stop.
    let rough = raw.chars().count();
    if rough > rule.max_chars.saturating_mul(4).saturating_add(1_000) {
        return Err(Unfit::TooLong(rough));
    }
    let text = with_plain_line_ends(raw, rule.lines);
    if text.chars().any(is_unreadable) {
        return Err(Unfit::Unreadable);
    }
    let text: String = without_hidden_marks(&text).nfc().collect();
    let text = text.trim().to_owned();
    match text.chars().count() {
        count if count > rule.max_chars => Err(Unfit::TooLong(count)),
        _ => Ok(text),
    }
}

/// So many characters of a field are shown again: far more than any field takes, so that nobody loses
/// words that they only have to shorten. What is beyond is told ([`super::reader`]).
pub(super) const SHOWN_MAX_CHARS: usize = 60_000;

/// What was typed, fit to show in the field again: without characters that cannot be
/// in a page or that hide or turn around what stands beside them, and cut after [`SHOWN_MAX_CHARS`].
pub fn clean_for_redisplay(raw: &str) -> String {
    // Cut first: what is far too long is not worth looking through.
    let enough = raw.char_indices().nth(2 * SHOWN_MAX_CHARS).map_or(raw.len(), |(at, _)| at);
    let text = with_plain_line_ends(&raw[..enough], true);
    let shown = without_hidden_marks(&text);
    shown.chars().filter(|c| !is_unreadable(*c)).take(SHOWN_MAX_CHARS).collect()
}

fn with_plain_line_ends(raw: &str, lines: bool) -> String {
    let text =
        raw.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    if lines { text } else { text.replace('\n', " ") }
}

fn is_unreadable(c: char) -> bool {
    let is_noncharacter = (c as u32 & 0xFFFE) == 0xFFFE || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    (c.is_control() && c != '\n') || c == '\u{fffd}' || is_noncharacter
}

/// Direction marks and overrides, zero-width spaces, soft hyphens, fillers, tags.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The joiner and non-joiner mean something between letters of some scripts and in
/// emoji; between Latin letters they only hide.
fn without_hidden_marks(text: &str) -> String {
    let kept: Vec<char> = text.chars().filter(|c| !is_hidden(*c)).collect();
    let is_joiner = |c: char| c == '\u{200c}' || c == '\u{200d}';
    let wants_joiner = |c: Option<&char>| c.is_some_and(|c| *c >= '\u{600}' && !is_joiner(*c));
    let mut out = String::with_capacity(text.len());
    for (at, c) in kept.iter().enumerate() {
        let previous = if at == 0 { None } else { kept.get(at - 1) };
        if !is_joiner(*c) || (wants_joiner(previous) && wants_joiner(kept.get(at + 1))) {
            out.push(*c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(raw: &str) -> Result<String, Unfit> {
        clean(raw, TextRule::line("it").max(20))
    }

    #[test]
    fn ordinary_names_of_the_world_are_kept() {
        for name in [
            "O",
            "Li",
            "Nguy\u{1ec5}n",
            "\u{41e}\u{43b}\u{44c}\u{433}\u{430}",
            "O\u{2019}Brien",
            "\u{6a9}\u{6cc}",
            "J\u{f3}zef-\u{141}",
        ] {
            assert_eq!(line(name).as_deref(), Ok(name));
        }
    }

    #[test]
    fn a_persian_non_joiner_and_a_family_emoji_stay() {
        let persian = "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}";
        assert_eq!(line(persian).as_deref(), Ok(persian));
        let family = "\u{1f468}\u{200d}\u{1f469}";
        assert_eq!(line(family).as_deref(), Ok(family));
    }

    #[test]
    fn hidden_marks_go_silently() {
        assert_eq!(line("Bad\u{200c}ger\u{202e}\u{200b}").as_deref(), Ok("Badger"));
        assert_eq!(line("\u{200b}\u{202e} \u{feff}").as_deref(), Ok(""));
    }

    #[test]
    fn control_characters_and_broken_letters_are_refused() {
        for raw in ["a\0b", "a\u{1b}[31m", "a\u{7f}", "a\u{9b}", "a\u{fffd}", "a\u{ffff}"] {
            assert_eq!(line(raw), Err(Unfit::Unreadable), "{raw:?}");
        }
    }

    #[test]
    fn lines_are_kept_only_where_lines_are_asked_for() {
        assert_eq!(line("a\r\nb\tc").as_deref(), Ok("a b c"));
        assert_eq!(clean("a\r\nb\rc", TextRule::lines("it")).as_deref(), Ok("a\nb\nc"));
    }

    #[test]
    fn letters_in_two_parts_become_one() {
        assert_eq!(line("Zoe\u{308}").as_deref(), Ok("Zo\u{eb}"));
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(line(&"\u{e9}".repeat(20)).map(|t| t.chars().count()), Ok(20));
        assert_eq!(line(&"\u{e9}".repeat(21)), Err(Unfit::TooLong(21)));
        assert_eq!(line(&"a".repeat(10_000_000)), Err(Unfit::TooLong(10_000_000)));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_clean_and_stays_clean(raw in any::<String>()) {
            let rule = TextRule::lines("it").max(500);
            if let Ok(text) = clean(&raw, rule) {
                prop_assert!(!text.chars().any(|c| is_unreadable(c) || is_hidden(c)));
                prop_assert!(text.chars().count() <= 500);
                prop_assert_eq!(text.trim(), text.as_str());
                prop_assert_eq!(clean(&text, rule), Ok(text.clone()));
            }
        }

        #[test]
        fn what_is_shown_again_can_be_sent_again(raw in any::<String>()) {
            let shown = clean_for_redisplay(&raw);
            prop_assert_ne!(clean(&shown, TextRule::lines("it").max(100_000)), Err(Unfit::Unreadable));
        }
    }
}
