//! Text from outside: tidied once at the edge, then trusted.
//!
//! Control characters are refused rather than dropped, because what is left could mean
//! something else. Marks that turn the direction of writing around are taken out: they
//! can make a page show words in an order nobody wrote. Joiners (U+200C, U+200D) stay,
//! because Urdu, Persian and many other languages are misspelt without them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest one-line text: a name, a heading, a "what happens next".
pub const LINE: usize = 200;
/// The longest text of several lines, in characters.
pub const WORDS: usize = 10_000;

/// Why a text was not taken. Carries nothing of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadText {
    /// Nothing was written.
    #[error("Write something here")]
    Empty,
    /// Longer than the box takes.
    #[error("That is too long. Use at most {0} characters")]
    TooLong(usize),
    /// Contains a control character.
    #[error("That contains a character that cannot be shown. Type it again")]
    Control,
}

/// One line: spaces at the ends and doubled spaces are taken out. A name of one letter
/// or one word is a name.
///
/// # Errors
/// Nothing is left, more than `max` characters, or a control character.
pub fn line(input: &str, max: usize) -> Result<String, BadText> {
    if input.len() > max.saturating_mul(8).saturating_add(1_000) {
        return Err(BadText::TooLong(max));
    }
    let text = clean(input, false)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(text, max)
}

/// Several lines: line ends become `\n`, spaces at the end of the text are taken out.
///
/// # Errors
/// Nothing is left, more than `max` characters, or a control character.
pub fn words(input: &str, max: usize) -> Result<String, BadText> {
    if input.len() > max.saturating_mul(8).saturating_add(1_000) {
        return Err(BadText::TooLong(max));
    }
    let text = clean(&input.replace("\r\n", "\n").replace('\r', "\n"), true)?;
    bounded(text.trim().to_owned(), max)
}

/// The same as [`line`] when something was written, and nothing when it was not.
///
/// # Errors
/// As [`line`], except that an empty text is an answer.
pub fn line_or_none(input: &str, max: usize) -> Result<Option<String>, BadText> {
    match line(input, max) {
        Ok(text) => Ok(Some(text)),
        Err(BadText::Empty) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The same as [`words`] when something was written, and nothing when it was not.
///
/// # Errors
/// As [`words`], except that an empty text is an answer.
pub fn words_or_none(input: &str, max: usize) -> Result<Option<String>, BadText> {
    match words(input, max) {
        Ok(text) => Ok(Some(text)),
        Err(BadText::Empty) => Ok(None),
        Err(other) => Err(other),
    }
}

/// A key for people-facing order and for comparing: compatibility forms and case folded
/// together, spaces collapsed.
pub fn fold(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// For comparing names: folded, without accents and without what stands between letters.
pub fn bare(text: &str) -> String {
    let letters = text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c));
    let spaced: String = letters.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// With a capital at its start.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// With a small letter at its start.
pub fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn clean(input: &str, several: bool) -> Result<String, BadText> {
    let mut out = String::with_capacity(input.len());
    for c in input.nfc() {
        match c {
            '\n' | '\t' if several => out.push(c),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() => return Err(BadText::Control),
            c if turns_direction(c) => {}
            c => out.push(c),
        }
    }
    Ok(out)
}

/// Marks that change direction or cannot be seen at all, joiners excepted.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn bounded(text: String, max: usize) -> Result<String, BadText> {
    if text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200C}' | '\u{200D}')) {
        return Err(BadText::Empty);
    }
    if text.chars().count() > max {
        return Err(BadText::TooLong(max));
    }
    Ok(text)
}

/// Can this be an e-mail address? Only what plainly cannot is refused: the rest, the mail
/// server knows.
pub fn is_email(text: &str) -> bool {
    let halves = text.split_once('@');
    !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && halves.is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_an_address_is_written_to() {
        for good in ["joan@example.org", "a.b+c@x.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["01632 960 000", "joan@example", "joan @example.org", "@example.org", "a@b@c.example", "a@b.c\n"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_name_of_one_letter_is_a_name() {
        assert_eq!(line(" J ", LINE), Ok("J".into()));
        assert_eq!(line("Nguyễn  Thị\tHoa", LINE), Ok("Nguyễn Thị Hoa".into()));
    }

    #[test]
    fn nothing_too_much_and_control_are_refused() {
        assert_eq!(line("\u{200D} \u{FEFF}", LINE), Err(BadText::Empty));
        assert_eq!(line(&"a".repeat(201), LINE), Err(BadText::TooLong(200)));
        assert_eq!(line(&"a".repeat(10_000_000), LINE), Err(BadText::TooLong(200)));
        assert_eq!(line("a\u{0}b", LINE), Err(BadText::Control));
        assert_eq!(words("\u{1b}[2J", WORDS), Err(BadText::Control));
    }

    #[test]
    fn direction_marks_go_and_joiners_stay() {
        assert_eq!(line("a\u{202E}b", LINE), Ok("ab".into()));
        assert_eq!(line("می\u{200C}خواهم", LINE), Ok("می\u{200C}خواهم".into()));
    }

    #[test]
    fn a_name_without_accents_and_marks() {
        assert_eq!(bare("  Siobhán  O’Garavan-Ní "), "siobhan o garavan ni");
        assert_eq!(bare("Nguyễn Thị"), "nguyen thi");
    }

    #[test]
    fn order_does_not_see_case_or_width() {
        assert_eq!(fold("ＡÉ  b"), "aé b");
    }
}
