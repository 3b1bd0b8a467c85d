//! The judgements: for each question, how well each listing answers it.
//!
//! A line of the file is a question with its listings: `b07 | 3 Debt advice | x Talking therapies`. What
//! stands in no line of its question was judged 0: nothing to do with it.

use crate::JudgedError;
use crate::corpus::Corpus;
use std::collections::{BTreeMap, BTreeSet};

/// How well a listing answers a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grade {
    /// 3: what was asked for, and this person can have it; 2: a good part of it, or all of it less handily;
    /// 1: worth a mention; 0: nothing to do with it.
    Fits(u8),
    /// It says that it is not for this person.
    NotForThem,
}

impl Grade {
    /// The grade as a number: what is not for the person is worth nothing.
    pub fn worth(self) -> u8 {
        match self {
            Grade::Fits(grade) => grade,
            Grade::NotForThem => 0,
        }
    }
}

/// The judgements of one directory, by question and listing.
#[derive(Clone, Debug, Default)]
pub struct Judgements(BTreeMap<String, BTreeMap<String, Grade>>);

impl Judgements {
    /// Reads the file and checks that every listing is one.
    ///
    /// # Errors
    /// A line cannot be read, or tells of a listing that is not there.
    pub fn read(text: &str, corpus: &Corpus) -> Result<Judgements, JudgedError> {
        let known: BTreeSet<&str> = corpus.keys.iter().map(String::as_str).collect();
        let mut all: BTreeMap<String, BTreeMap<String, Grade>> = BTreeMap::new();
        for line in text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
            let mut parts = line.split(" | ");
            let id = parts.next().unwrap_or_default().trim();
            let of = all.entry(id.to_owned()).or_default();
            for part in parts {
                let bad = || JudgedError::File(format!("{id}: \"{part}\" cannot be read"));
                let (grade, key) = part.trim().split_once(' ').ok_or_else(bad)?;
                let grade = match grade {
                    "x" => Grade::NotForThem,
                    "0" | "1" | "2" | "3" => Grade::Fits(grade.parse().map_err(|_| bad())?),
                    _ => return Err(bad()),
                };
                if !known.contains(key) {
                    return Err(JudgedError::File(format!("{id}: there is no listing \"{key}\"")));
                }
                of.insert(key.to_owned(), grade);
            }
        }
        Ok(Judgements(all))
    }

    /// Was this question judged at all?
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// How a listing was judged; none where it has nothing to do with the question.
    pub fn grade(&self, id: &str, key: &str) -> Option<Grade> {
        self.0.get(id)?.get(key).copied()
    }

    /// The grades of a question, best first.
    pub fn best(&self, id: &str) -> Vec<u8> {
        let grades = self.0.get(id).into_iter().flat_map(BTreeMap::values);
        let mut grades: Vec<u8> = grades.map(|g| g.worth()).collect();
        grades.sort_unstable_by(|a, b| b.cmp(a));
        grades
    }

    /// How many listings were judged.
    pub fn len(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
