//! Slips of spelling: a longer word that no listing has and no need is known by is read as the nearest one
//! that is known. Short words are left alone, because there every word is near another.

use super::text::{phrase_words, words_of};
use strsim::osa_distance;

/// No shorter word, in its plain form, is put right.
const LETTERS: usize = 6;
/// From here on two slips are allowed; a swap of neighbours is one.
const LETTERS_TWO: usize = 9;

/// The words of a question, followed by what its slips may stand for. `has` says whether any listing has a
/// word, and `all` gives every word that listings have.
pub(super) fn completed<'v, All: Iterator<Item = &'v str>>(
    words: &str,
    has: impl Fn(&str) -> bool,
    all: impl Fn() -> All,
) -> String {
    let mut completed = words.to_owned();
    for word in words_of(words).into_iter().take(super::text::WORDS_MAX) {
        let plain = word.len() >= LETTERS && word.bytes().all(|b| b.is_ascii_lowercase());
        if !plain || has(&word) || phrase_words().contains(word.as_str()) {
            continue;
        }
        let known = all().chain(phrase_words().iter().map(String::as_str));
        if let Some((_, meant)) = known.filter_map(|other| Some((slips(&word, other)?, other))).min() {
            completed.push(' ');
            completed.push_str(meant);
        }
    }
    completed
}

/// How many slips lie between two words, while they are few enough. The first letter is seldom wrong.
fn slips(word: &str, other: &str) -> Option<usize> {
    let most = if word.len() >= LETTERS_TWO { 2 } else { 1 };
    let near =
        other.len().abs_diff(word.len()) <= most && other.as_bytes().first() == word.as_bytes().first();
    let slips = near.then(|| osa_distance(word, other))?;
    (slips <= most).then_some(slips)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str, listed: &[&str]) -> String {
        completed(words, |w| listed.contains(&w), || listed.iter().copied())
    }

    #[test]
    fn a_slip_is_read_as_the_word_that_is_known() {
        assert_eq!(read("bailifs at the door", &[]), "bailifs at the door bailiff");
        assert_eq!(read("councelling", &[]), "councelling counsell");
        assert_eq!(read("allotmant", &["allotment"]), "allotmant allotment");
    }

    #[test]
    fn what_is_known_or_short_or_far_from_everything_stays() {
        assert_eq!(read("bailiffs", &[]), "bailiffs");
        assert_eq!(read("horse", &["house"]), "horse", "short words are near too many others");
        assert_eq!(read("kestrel", &["kestrel", "kestral"]), "kestrel");
        assert_eq!(read("xylophone", &[]), "xylophone");
    }
}
