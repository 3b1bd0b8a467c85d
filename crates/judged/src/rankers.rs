//! Three ways of finding: Kith's, the nearest that has one of the words, and words alone by BM25.
//!
//! The other two get everything that needs no list of meanings: the same words without their endings, the
//! same fields with the same weights.

use crate::corpus::Corpus;
use kith_domain::find::{Candidate, Config, Entry, Index, Page, Query, words_of};
use kith_domain::place::Point;
use std::collections::{BTreeMap, BTreeSet};

/// A way of finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Way {
    /// Kith's.
    Kith,
    /// Whatever has one of the words, the nearest first. Without a place: by name.
    Distance,
    /// By BM25 and nothing else.
    Words,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 3] = [Way::Kith, Way::Distance, Way::Words];

    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Way::Kith => "Kith",
            Way::Distance => "nearest with a word",
            Way::Words => "words alone (BM25)",
        }
    }
}

/// A directory made ready for all three.
pub struct Rankers<'a> {
    corpus: &'a Corpus,
    index: Index,
    places: BTreeMap<kith_domain::find::EntryId, usize>,
    documents: Vec<BTreeMap<String, f64>>,
    with: BTreeMap<String, usize>,
    mean: f64,
    config: Config,
}

impl<'a> Rankers<'a> {
    /// Makes a directory ready, to be found in with these weights.
    pub fn new(corpus: &'a Corpus, config: &Config) -> Rankers<'a> {
        let index = Index::of(corpus.candidates.iter().cloned());
        let places = corpus.candidates.iter().enumerate().map(|(n, c)| (c.id(), n)).collect();
        let documents: Vec<BTreeMap<String, f64>> = corpus.candidates.iter().map(document).collect();
        let mut with: BTreeMap<String, usize> = BTreeMap::new();
        for word in documents.iter().flat_map(BTreeMap::keys) {
            *with.entry(word.clone()).or_default() += 1;
        }
        let length: f64 = documents.iter().flat_map(BTreeMap::values).sum();
        let mean = length / documents.len().max(1) as f64;
        Rankers { corpus, index, places, documents, with, mean, config: config.clone() }
    }

    /// The first `most` listings for a question.
    pub fn first(&self, way: Way, query: &Query, most: usize) -> Vec<usize> {
        match way {
            Way::Kith => {
                let page = Page { ranked: most, excluded: 0 };
                let shown = self.index.search(query, &BTreeMap::new(), &self.config, self.corpus.today, page);
                shown.ranked.iter().map(|found| self.places[&found.id]).collect()
            }
            Way::Distance => self.nearest(query, most),
            Way::Words => self.by_words(query, most),
        }
    }

    fn nearest(&self, query: &Query, most: usize) -> Vec<usize> {
        let asked: BTreeSet<String> = words_of(&query.words).into_iter().collect();
        let has = |n: &usize| asked.iter().any(|w| self.documents[*n].contains_key(w));
        let far = |n: &usize| metres(&self.corpus.candidates[*n], query.from.point);
        let mut found: Vec<usize> = (0..self.documents.len()).filter(has).collect();
        found.sort_by(|a, b| {
            let name = |n: &usize| self.corpus.keys[*n].as_str();
            far(a).total_cmp(&far(b)).then_with(|| name(a).cmp(name(b)))
        });
        found.truncate(most);
        found
    }

    fn by_words(&self, query: &Query, most: usize) -> Vec<usize> {
        let asked: BTreeSet<String> = words_of(&query.words).into_iter().collect();
        let mut found: Vec<(f64, usize)> = (0..self.documents.len())
            .map(|n| (asked.iter().map(|w| self.bm25(w, n)).sum::<f64>(), n))
            .filter(|(score, _)| *score > 0.0)
            .collect();
        let name = |n: usize| self.corpus.keys[n].as_str();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| name(a.1).cmp(name(b.1))));
        found.into_iter().map(|(_, n)| n).take(most).collect()
    }

    /// As in Robertson and Zaragoza (2009), k1 = 1.2 and b = 0.5.
    fn bm25(&self, word: &str, n: usize) -> f64 {
        let Some(weight) = self.documents[n].get(word) else { return 0.0 };
        let (with, all) = (self.with[word] as f64, self.documents.len() as f64);
        let idf = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
        let length: f64 = self.documents[n].values().sum();
        idf * weight * 2.2 / (weight + 1.2 * (0.5 + 0.5 * length / self.mean))
    }
}

/// The words of a listing: of its name fivefold, of its keywords, interests and organisation threefold.
fn document(candidate: &Candidate) -> BTreeMap<String, f64> {
    let mut weights = BTreeMap::new();
    let mut add = |text: &str, weight: f64| {
        for word in words_of(text) {
            *weights.entry(word).or_insert(0.0) += weight;
        }
    };
    add(candidate.name(), 5.0);
    add(&candidate.organisation_name, 3.0);
    match &candidate.entry {
        Entry::Service(_, s) => {
            s.keywords.iter().for_each(|k| add(k, 3.0));
            add(&s.description, 1.0);
            add(&s.eligibility.text, 1.0);
        }
        Entry::Group(_, g, _) => {
            g.interests.iter().for_each(|i| add(i.label(), 3.0));
            add(&g.description, 1.0);
            add(&g.eligibility.text, 1.0);
        }
    }
    weights
}

/// Metres to the nearest place of a listing; infinite where either end is not known.
pub fn metres(candidate: &Candidate, from: Option<Point>) -> f64 {
    let Some(from) = from else { return f64::INFINITY };
    let places = match &candidate.entry {
        Entry::Service(_, s) => s.locations.as_slice(),
        Entry::Group(_, g, _) => std::slice::from_ref(&g.location),
    };
    places.iter().filter_map(|l| l.point()).map(|p| from.metres_to(p)).fold(f64::INFINITY, f64::min)
}
