//! Questions asked one after the other. Two answers that are each safe can tell of one
//! person when they are about nearly the same people: everybody in the town, and everybody
//! but the one who moved in last week. The ledger remembers whom each answered question was
//! about and refuses a new one that comes too near, alone or put together with another.
//!
//! It is a value: whoever keeps it stores it, encrypted, and shares it between servers. It
//! holds pseudonyms, never names, and no answers. It looks at single questions, at two that
//! share nobody, and at what such a pair leaves of a third; more than that takes more
//! questions than a ledger entry's life, and is what the rounding is for.

use super::policy::Policy;
use serde::{Deserialize, Serialize};

/// The people a question was about: pseudonyms, each once, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct People(Vec<u64>);

impl FromIterator<u64> for People {
    fn from_iter<T: IntoIterator<Item = u64>>(people: T) -> People {
        let mut people: Vec<u64> = people.into_iter().collect();
        people.sort_unstable();
        people.dedup();
        People(people)
    }
}

impl People {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many are in both.
    pub fn shared(&self, other: &People) -> usize {
        let (mut a, mut b, mut shared) = (0, 0, 0);
        while let (Some(x), Some(y)) = (self.0.get(a), other.0.get(b)) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    a += 1;
                    b += 1;
                }
            }
        }
        shared
    }

    /// Whether so many people can be that near: sizes that lie further apart settle it.
    fn may_be_near(&self, size: usize, least: usize) -> bool {
        self.len().abs_diff(size) < least
    }

    /// The pseudonyms, in order.
    pub fn pseudonyms(&self) -> &[u64] {
        &self.0
    }

    /// How many are in one and not in the other.
    pub fn apart(&self, other: &People) -> usize {
        self.len() + other.len() - 2 * self.shared(other)
    }

    /// Those of both.
    pub fn with(&self, other: &People) -> People {
        self.0.iter().chain(&other.0).copied().collect()
    }
}

/// A question that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What was asked, in words that name nobody.
    pub question: String,
    /// About whom.
    pub people: People,
}

/// What the ledger says to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// Nothing comes near: it may be answered.
    Answer,
    /// These people were asked about before: it may be answered as it was.
    Again,
    /// An earlier answer, or two of them, would tell about the few who make the difference.
    Refuse {
        /// The earlier questions.
        near: Vec<String>,
        /// How many people make the difference.
        apart: usize,
    },
}

/// The questions answered so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// The questions answered so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether a question about these people may be answered. The threshold is the
    /// policy's fewest people, and never under ten.
    pub fn rule(&self, people: &People, policy: &Policy) -> Ruling {
        let least = policy.least.max(10) as usize;
        let near = |apart: usize| apart > 0 && apart < least;
        if self.entries.iter().any(|e| e.people == *people) {
            return Ruling::Again;
        }
        for e in self.entries.iter().filter(|e| e.people.may_be_near(people.len(), least)) {
            let apart = e.people.apart(people);
            if near(apart) {
                return Ruling::Refuse { near: vec![e.question.clone()], apart };
            }
        }
        for (i, a) in self.entries.iter().enumerate() {
            if let Some((near, apart)) = self.near_in_pairs(i, a, people, (least, near)) {
                return Ruling::Refuse { near, apart };
            }
        }
        Ruling::Answer
    }

    /// Two that share nobody against the new one; and the new one with one that shares
    /// nobody against another.
    fn near_in_pairs(
        &self,
        i: usize,
        a: &Entry,
        people: &People,
        (least, near): (usize, impl Fn(usize) -> bool),
    ) -> Option<(Vec<String>, usize)> {
        // Sizes settle nearly all pairs, so that a long ledger is not slow.
        let sum = a.people.len() + people.len();
        let mut both = None;
        for (j, b) in self.entries.iter().enumerate() {
            if i == j {
                continue;
            }
            let names = || vec![a.question.clone(), b.question.clone()];
            if b.people.may_be_near(sum, least) {
                let both =
                    both.get_or_insert_with(|| (a.people.shared(people) == 0).then(|| a.people.with(people)));
                let apart = both.as_ref().map(|both| both.apart(&b.people));
                if let Some(apart) = apart.filter(|&n| near(n)) {
                    return Some((names(), apart));
                }
            }
            let pair = a.people.len() + b.people.len();
            if j > i && people.may_be_near(pair, least) && a.people.shared(&b.people) == 0 {
                let apart = a.people.with(&b.people).apart(people);
                if near(apart) {
                    return Some((names(), apart));
                }
            }
        }
        None
    }

    /// Remembers a question that was answered, unless these people were asked about before.
    pub fn remember(&mut self, entry: Entry) {
        if !self.entries.iter().any(|e| e.people == entry.people) {
            self.entries.push(entry);
        }
    }

    /// Rules, and remembers the question when it may be answered for the first time.
    pub fn ask(&mut self, question: &str, people: People, policy: &Policy) -> Ruling {
        let ruling = self.rule(&people, policy);
        if ruling == Ruling::Answer {
            self.entries.push(Entry { question: question.to_owned(), people });
        }
        ruling
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(r: std::ops::Range<u64>) -> People {
        r.collect()
    }

    #[test]
    fn everybody_but_one_is_refused_after_everybody() {
        let mut ledger = Ledger::default();
        let policy = Policy::mhsds();
        assert_eq!(ledger.ask("everybody", range(0..100), &policy), Ruling::Answer);
        assert_eq!(ledger.ask("everybody again", range(0..100), &policy), Ruling::Again);
        let refused = Ruling::Refuse { near: vec!["everybody".into()], apart: 1 };
        assert_eq!(ledger.ask("all but one", range(1..100), &policy), refused);
        assert_eq!(ledger.ask("half", range(0..50), &policy), Ruling::Answer);
        assert_eq!(ledger.entries().len(), 2);
    }

    #[test]
    fn two_halves_that_miss_a_few_are_refused() {
        let mut ledger = Ledger::default();
        let policy = Policy::mhsds();
        ledger.ask("everybody", range(0..100), &policy);
        ledger.ask("women", range(0..50), &policy);
        let ruling = ledger.ask("men", range(53..100), &policy);
        assert_eq!(ruling, Ruling::Refuse { near: vec!["women".into(), "everybody".into()], apart: 3 });
    }

    #[test]
    fn a_whole_that_two_parts_nearly_make_is_refused() {
        let mut ledger = Ledger::default();
        let policy = Policy::mhsds();
        ledger.ask("north", range(0..40), &policy);
        ledger.ask("south", range(40..80), &policy);
        let ruling = ledger.ask("both and a few", range(0..84), &policy);
        assert_eq!(ruling, Ruling::Refuse { near: vec!["north".into(), "south".into()], apart: 4 });
    }
}
