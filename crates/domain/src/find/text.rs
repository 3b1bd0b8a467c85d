//! Words: taking them apart, finding the needs they mean, and a small BM25 over name,
//! tags and description.
//!
//! BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
//! Beyond" (2009), with fields weighted before saturation (BM25F, one length for all),
//! k1 = 1.2 and b = 0.5.

use super::view::View;
use crate::directory::{NeedCode, needs};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const K1: f64 = 1.2;
const B: f64 = 0.5;
const NAME: f64 = 5.0;
const TAGS: f64 = 3.0;
const DESCRIPTION: f64 = 1.0;
/// No more words of one question than this are looked at.
pub(super) const WORDS_MAX: usize = 40;

/// Words that carry no meaning of their own in a question or an entry.
const STOP: &[&str] = &[
    "a",
    "about",
    "all",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "can",
    "do",
    "for",
    "from",
    "get",
    "go",
    "had",
    "has",
    "have",
    "help",
    "how",
    "i",
    "if",
    "in",
    "is",
    "it",
    "like",
    "me",
    "more",
    "my",
    "need",
    "needs",
    "no",
    "not",
    "of",
    "on",
    "or",
    "our",
    "out",
    "please",
    "service",
    "services",
    "so",
    "some",
    "someone",
    "something",
    "support",
    "than",
    "that",
    "the",
    "their",
    "them",
    "there",
    "they",
    "this",
    "to",
    "too",
    "up",
    "want",
    "was",
    "we",
    "what",
    "when",
    "where",
    "who",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// Words that mean something in a phrase ("my money back") and next to nothing alone: an
/// entry that only has one of these is not about what was asked.
const WEAK: &[&str] = &[
    "again", "also", "always", "another", "anyone", "anything", "away", "back", "because", "better", "bit",
    "came", "come", "coming", "could", "day", "did", "die", "down", "each", "else", "even", "ever", "every",
    "feel", "find", "first", "getting", "give", "given", "goes", "going", "good", "got", "here", "into",
    "its", "just", "keep", "kind", "know", "last", "let", "look", "looking", "lot", "lots", "made", "make",
    "many", "maybe", "might", "much", "never", "new", "now", "off", "often", "one", "only", "other", "over",
    "own", "people", "person", "put", "really", "right", "same", "see", "soon", "still", "sure", "take",
    "talk", "tell", "thing", "things", "think", "time", "times", "today", "try", "trying", "under", "use",
    "very", "way", "week", "well", "went", "which", "while", "why", "without", "year", "yes",
];

/// The words to look for in entries: those that mean something alone, or all when none does.
fn looked_for(words: &str) -> Vec<String> {
    let weak: BTreeSet<String> = WEAK.iter().map(|w| stem(w)).collect();
    let asked = words_of(words);
    match asked.iter().any(|w| !weak.contains(w)) {
        true => asked.into_iter().filter(|w| !weak.contains(w)).collect(),
        false => asked,
    }
}

/// The meaningful words of a text, in their plain form, in order.
pub fn words_of(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace(['\u{2019}', '\''], "");
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && w.len() <= 40 && !STOP.contains(w))
        .map(stem)
        .collect()
}

/// Words that no rule of endings brings together.
const SAME: &[(&str, &str)] = &[
    ("cant", "cannot"),
    ("children", "child"),
    ("feet", "foot"),
    ("kids", "child"),
    ("loneliness", "lonely"),
    ("men", "man"),
    ("mens", "man"),
    ("mum", "mother"),
    ("mums", "mother"),
    ("prayer", "pray"),
    ("prayers", "pray"),
    ("teeth", "tooth"),
    ("toothache", "tooth"),
    ("women", "woman"),
    ("womens", "woman"),
];

/// A word without the endings that say the same: plural, -ing, -ed and a last e.
fn stem(word: &str) -> String {
    if let Some((_, same)) = SAME.iter().find(|(one, _)| *one == word) {
        return (*same).to_owned();
    }
    let mut w = word.to_owned();
    if !w.is_ascii() || w.len() < 4 || w.bytes().any(|b| b.is_ascii_digit()) {
        return w;
    }
    if w.ends_with("ies") && w.len() > 4 {
        w.truncate(w.len() - 3);
        w.push('y');
    } else if w.ends_with('s') && !w.ends_with("ss") && !w.ends_with("us") && !w.ends_with("is") {
        w.truncate(w.len() - 1);
    }
    for ending in ["ing", "ed"] {
        if let Some(start) = w.strip_suffix(ending).filter(|s| s.len() >= 4) {
            w = start.to_owned();
            let bytes = w.as_bytes();
            let double = bytes.len() > 4 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
            if double && !w.ends_with("ll") && !w.ends_with("ss") {
                w.truncate(w.len() - 1);
            }
            break;
        }
    }
    if w.len() > 4 && w.ends_with('e') {
        w.truncate(w.len() - 1);
    }
    w
}

/// The needs that somebody's own words mean: those with a phrase of which every word was
/// said ("owe money" in "I owe a lot of money"). Those found by the longest phrase come
/// first. A label counts as a phrase only when it has two words of its own, because
/// "Moving more" is not what everybody who is moving house means.
pub fn needs_meant(text: &str) -> Vec<NeedCode> {
    let said: BTreeSet<String> = words_of(text).into_iter().take(WORDS_MAX).collect();
    if said.is_empty() {
        return Vec::new();
    }
    let all = PHRASES.iter().filter(|p| p.words.iter().all(|w| said.contains(w)));
    let meant: Vec<&Phrase> = all.collect();
    // "Nowhere to sleep" is not about sleeping badly: a phrase inside a longer one of another need says
    // nothing of its own.
    let inside = |p: &Phrase| {
        meant.iter().any(|m| m.need != p.need && m.words.is_superset(&p.words) && m.words != p.words)
    };
    let mut longest: BTreeMap<&'static str, usize> = BTreeMap::new();
    for phrase in meant.iter().filter(|p| !inside(p)) {
        let length = longest.entry(phrase.need).or_default();
        *length = (*length).max(phrase.words.len());
    }
    let in_order = needs::ALL.iter().filter_map(|n| longest.get(n.code).map(|length| (*length, n.code)));
    let mut meant: Vec<(usize, &'static str)> = in_order.collect();
    meant.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    meant.into_iter().filter_map(|(_, code)| NeedCode::parse(code).ok()).collect()
}

/// A phrase that means a need, in plain forms.
struct Phrase {
    need: &'static str,
    words: BTreeSet<String>,
}

/// Every phrase of the list of needs, taken apart once.
static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let of = |need: &'static needs::NeedKind| {
        let label = Some(words_of(need.label)).filter(|l| l.len() > 1);
        let phrases = need.words.iter().map(|w| words_of(w)).chain(label);
        phrases.map(|words| Phrase { need: need.code, words: words.into_iter().collect() })
    };
    needs::ALL.iter().flat_map(of).filter(|p| !p.words.is_empty()).collect()
});

/// Every word of those phrases.
pub(super) fn phrase_words() -> &'static BTreeSet<String> {
    static WORDS: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| PHRASES.iter().flat_map(|p| p.words.iter().cloned()).collect());
    &WORDS
}

/// BM25 scores of all candidates for the words of one question.
pub(super) struct Scores {
    scores: Vec<f64>,
    found: Vec<Vec<String>>,
}

impl Scores {
    pub fn of(words: &str, documents: &[BTreeMap<String, f64>]) -> Scores {
        let asked = asked_for(words);
        let lengths: Vec<f64> = documents.iter().map(|d| d.values().sum()).collect();
        let mean = mean_length(lengths.iter().sum(), lengths.len());
        let idf: Vec<f64> = asked
            .iter()
            .map(|w| idf(documents.iter().filter(|d| d.contains_key(w)).count(), documents.len()))
            .collect();
        let mut scores = Vec::with_capacity(documents.len());
        let mut found = Vec::with_capacity(documents.len());
        for (document, length) in documents.iter().zip(&lengths) {
            let times = |w: &String| document.get(w).copied().unwrap_or(0.0);
            scores.push(asked.iter().zip(&idf).map(|(w, idf)| bm25(*idf, times(w), *length, mean)).sum());
            found.push(asked.iter().filter(|w| document.contains_key(*w)).cloned().collect());
        }
        Scores { scores, found }
    }

    pub fn of_index(&self, index: usize) -> f64 {
        self.scores[index]
    }

    /// Which of the words asked for were found, in their plain form.
    pub fn found_in(&self, index: usize) -> &[String] {
        &self.found[index]
    }
}

/// The words of a question that are looked for, each once, in the order of the alphabet.
pub(super) fn asked_for(words: &str) -> Vec<String> {
    let mut asked = looked_for(words);
    asked.truncate(WORDS_MAX);
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// Every word of a question, each once, also those that mean little alone.
pub(super) fn every_word(words: &str) -> Vec<String> {
    let mut asked = words_of(words);
    asked.truncate(WORDS_MAX);
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// The mean length of documents, and 1 at least.
pub(super) fn mean_length(all: f64, documents: usize) -> f64 {
    (all / documents.max(1) as f64).max(1.0)
}

/// What one word adds to a document's score, when the document has it with this weight.
pub(super) fn bm25(idf: f64, weight: f64, length: f64, mean: f64) -> f64 {
    let norm = K1 * (1.0 - B + B * length / mean);
    idf * weight * (K1 + 1.0) / (weight + norm)
}

/// Robertson and Spärck Jones with one added, so that no word counts against an entry.
pub(super) fn idf(with: usize, of: usize) -> f64 {
    let (n, all) = (with as f64, of as f64);
    (1.0 + (all - n + 0.5) / (n + 0.5)).ln()
}

/// The words of an entry with their weights.
pub(super) fn document(view: &View<'_>) -> BTreeMap<String, f64> {
    let mut weights = BTreeMap::new();
    let mut add = |text: &str, weight: f64| {
        for word in words_of(text) {
            *weights.entry(word).or_insert(0.0) += weight;
        }
    };
    add(view.name, NAME);
    view.keywords.iter().for_each(|k| add(k, TAGS));
    // Needs are found by what words mean (`needs_meant`), not by the words of their labels.
    view.interests.iter().for_each(|i| add(i.label(), TAGS));
    add(view.organisation_name, TAGS);
    add(view.description, DESCRIPTION);
    add(&view.eligibility.text, DESCRIPTION);
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Vec<String> {
        needs_meant(text).iter().map(|n| n.as_str().to_owned()).collect()
    }

    #[test]
    fn peoples_own_words_are_understood() {
        assert_eq!(meant("the bailiffs are coming tomorrow"), ["money-debt"]);
        assert_eq!(meant("I owe a lot of money")[0], "money-debt");
        assert_eq!(meant("somewhere dry")[0], "housing-tonight");
        assert_eq!(meant("get my money back")[0], "money-benefits");
        assert_eq!(meant("I'd like to sing in a choir")[0], "connection-interest");
        for not_safe in ["I want to die", "I want to kill myself", "i want to end it all", "suicidal"] {
            assert_eq!(meant(not_safe)[0], "health-crisis", "{not_safe}");
        }
        for afraid in ["my husband hits me", "he hurts me", "I am afraid of my partner", "scared to go home"]
        {
            assert_eq!(meant(afraid)[0], "health-trauma", "{afraid}");
        }
        assert!(meant("xyzzy").is_empty() && meant("").is_empty() && meant("the of and").is_empty());
    }

    #[test]
    fn a_word_that_means_little_alone_finds_nothing() {
        assert_eq!(looked_for("get my money back"), ["money"]);
        assert_eq!(looked_for("somewhere to go during the day"), words_of("somewhere during"));
        assert_eq!(looked_for("back again"), words_of("back again"), "there is nothing else to look for");
    }

    #[test]
    fn endings_that_say_the_same() {
        for (a, b) in [
            ("volunteers", "volunteering"),
            ("swimming", "swim"),
            ("house", "houses"),
            ("debts", "debt"),
            ("groups", "group"),
            ("families", "family"),
            ("benefits", "benefit"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        assert_ne!(stem("bus"), stem("bu"));
        assert_ne!(stem("news"), stem("newer"));
    }

    #[test]
    fn any_text_can_be_taken_apart() {
        assert_eq!(words_of("Ærøskøbing 'n' ١٢٣ \u{202e}abc"), ["ærøskøbing", "n", "١٢٣", "abc"]);
    }
}
