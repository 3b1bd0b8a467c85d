//! A directory of any size, ready to be asked. Everything that a question can be about has a list of
//! the entries it leads to: each word, each need, each interest, each area of life. A question takes
//! the entries on its lists and judges only those, with the rules and in the order of
//! [`rank`](super::rank); what is on none of them is about something else.
//!
//! An entry is put in or taken out at once ([`Index::put`], [`Index::take`]); nothing is built anew.

use super::filter::{self, Facts};
use super::score::{self, Asked};
use super::text;
use super::view::View;
use super::{
    Candidate, Config, EntryId, Excluded, Found, Judged, Query, Tier, Tried, by_order, found, spread,
    spread_parts,
};
use crate::area::Area;
use crate::directory::{InterestCode, NeedCode};
use crate::time::Day;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Places in the index, in rising order.
type List = Vec<u32>;

/// Entries of a directory with the lists that lead to them.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: Vec<Option<Candidate>>,
    places: HashMap<EntryId, u32>,
    free: List,
    /// Each word with the entries that have it, and its weight there.
    words: HashMap<String, Vec<(u32, f64)>>,
    lengths: Vec<f64>,
    /// The lengths of all documents together. Weights are whole numbers, so this is exact.
    length: f64,
    needs: HashMap<NeedCode, List>,
    interests: HashMap<InterestCode, List>,
    areas: BTreeMap<Area, List>,
    /// Entries of an area that state no need at all.
    needless: BTreeMap<Area, List>,
}

/// The first page of an answer, and how much there is beyond it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Shown {
    /// What to offer, best first: as much as was asked for of what [`rank`](super::rank) gives.
    /// [`Found::index`] is a place for [`Index::at`].
    pub ranked: Vec<Found>,
    /// How much there is to offer.
    pub offered: usize,
    /// What not to offer although it is about the question, and why: what was tried for this
    /// person first, then by name; as much as was asked for.
    pub excluded: Vec<Excluded>,
    /// How much is about the question and not offered.
    pub left_out: usize,
    /// How many entries are about something else.
    pub others: usize,
    /// Needs that were understood from the words.
    pub understood: Vec<NeedCode>,
}

/// How much of an answer is wanted; by itself 100 of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// Of what to offer.
    pub ranked: usize,
    /// Of what not to offer.
    pub excluded: usize,
}

impl Default for Page {
    fn default() -> Page {
        Page { ranked: 100, excluded: 100 }
    }
}

/// One entry that can be offered, while the order is found.
struct Scored {
    place: u32,
    tier: Tier,
    score: f64,
    metres: Option<f64>,
    text: f64,
    fit: f64,
}

/// One entry that is not offered although it is about the question, or was tried.
struct LeftOut {
    place: u32,
    was_tried: bool,
    fit: f64,
    text: f64,
}

impl Index {
    /// An index of these.
    pub fn of(candidates: impl IntoIterator<Item = Candidate>) -> Index {
        let mut index = Index::default();
        for candidate in candidates {
            index.put(candidate);
        }
        index
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The entry at a place of an answer.
    pub fn at(&self, place: usize) -> Option<&Candidate> {
        self.entries.get(place)?.as_ref()
    }

    /// The entry with this id.
    pub fn get(&self, id: EntryId) -> Option<&Candidate> {
        self.at(*self.places.get(&id)? as usize)
    }

    /// Every entry, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &Candidate> {
        self.entries.iter().flatten()
    }

    /// Puts an entry in, in the place of an earlier version of it.
    pub fn put(&mut self, candidate: Candidate) {
        let id = candidate.id();
        self.take(id);
        let place = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            self.lengths.push(0.0);
            u32::try_from(self.entries.len() - 1)
                .expect("a directory has fewer than four thousand million entries")
        });
        let view = View::of(&candidate);
        let document = text::document(&view);
        let length: f64 = document.values().sum();
        for (word, weight) in document {
            let list = self.words.entry(word).or_default();
            let at = list.partition_point(|(p, _)| *p < place);
            list.insert(at, (place, weight));
        }
        view.needs.iter().for_each(|n| insert(self.needs.entry(n.clone()).or_default(), place));
        view.interests.iter().for_each(|i| insert(self.interests.entry(i.clone()).or_default(), place));
        for area in view.areas {
            insert(self.areas.entry(*area).or_default(), place);
            if view.needs.is_empty() {
                insert(self.needless.entry(*area).or_default(), place);
            }
        }
        self.length += length;
        self.lengths[place as usize] = length;
        self.entries[place as usize] = Some(candidate);
        self.places.insert(id, place);
    }

    /// Takes an entry out.
    pub fn take(&mut self, id: EntryId) -> Option<Candidate> {
        let place = self.places.remove(&id)?;
        let candidate = self.entries[place as usize].take()?;
        let view = View::of(&candidate);
        for word in text::document(&view).into_keys() {
            if let Some(list) = self.words.get_mut(&word) {
                list.retain(|(p, _)| *p != place);
                if list.is_empty() {
                    self.words.remove(&word);
                }
            }
        }
        view.needs.iter().for_each(|n| remove(self.needs.get_mut(n), place));
        view.interests.iter().for_each(|i| remove(self.interests.get_mut(i), place));
        for area in view.areas {
            remove(self.areas.get_mut(area), place);
            remove(self.needless.get_mut(area), place);
        }
        self.length -= self.lengths[place as usize];
        self.lengths[place as usize] = 0.0;
        self.free.push(place);
        Some(candidate)
    }

    /// What to offer for a question on a day, the first page of it: the same as
    /// [`rank`](super::rank) over every entry, where `tried` says what was tried for this person.
    pub fn search(
        &self,
        query: &Query,
        tried: &BTreeMap<EntryId, Vec<Tried>>,
        config: &Config,
        today: Day,
        page: Page,
    ) -> Shown {
        let asked = Asked::of(query);
        let texts = self.texts(&query.words);
        // What was tried for this person stands beside the entries of everybody.
        let own: BTreeMap<u32, Candidate> = tried
            .iter()
            .filter_map(|(id, tried)| {
                let place = *self.places.get(id)?;
                let candidate = self.entries[place as usize].clone()?;
                Some((place, Candidate { tried: tried.clone(), ..candidate }))
            })
            .collect();
        let candidate = |place: u32| {
            own.get(&place)
                .or(self.entries[place as usize].as_ref())
                .expect("every list leads to what is there")
        };
        let (mut offered, mut left_out) = (Vec::new(), Vec::new());
        for place in self.about(query, &asked, &texts, &own) {
            let candidate = candidate(place);
            let view = View::of(candidate);
            let (fit, text) = (asked.fit(&view, config), texts.score(place));
            let metres = view.metres_from(query.from.point);
            let facts = Facts { query, candidate, view: &view, metres, today, config };
            let was_tried = !candidate.tried.is_empty() && filter::tried(&facts).is_some();
            let about = filter::not_about(query, &view, fit, text).is_none();
            if was_tried || (about && filter::conflicts(&facts)) {
                left_out.push(LeftOut { place, was_tried, fit, text });
            } else if about {
                let parts = score::parts(query, &asked, candidate, &view, fit, text, metres, config, today);
                let score = parts.iter().map(|p| p.value * p.weight).sum();
                offered.push(Scored { place, tier: view.tier(today), score, metres, text, fit });
            }
        }
        let (count, out) = (offered.len(), left_out.len());
        let told = |s: Scored| {
            let (candidate, words) = (candidate(s.place), texts.found(s.place));
            let view = View::of(candidate);
            let judged = Judged { fit: s.fit, text: s.text, metres: s.metres, found: &words };
            let facts = Facts { query, candidate, view: &view, metres: s.metres, today, config };
            found(&asked, (s.place as usize, candidate), &facts, &judged)
        };
        let ranked = self.first(offered, page.ranked, config).into_iter().map(told).collect();
        let key = |l: &LeftOut| (!l.was_tried, candidate(l.place).name(), candidate(l.place).id());
        if page.excluded < left_out.len() {
            left_out.select_nth_unstable_by(page.excluded, |a, b| key(a).cmp(&key(b)));
            left_out.truncate(page.excluded);
        }
        left_out.sort_by(|a, b| key(a).cmp(&key(b)));
        let excluded = left_out.iter().map(|l| {
            let candidate = candidate(l.place);
            let view = View::of(candidate);
            let metres = view.metres_from(query.from.point);
            let facts = Facts { query, candidate, view: &view, metres, today, config };
            Excluded {
                index: l.place as usize,
                id: candidate.id(),
                causes: filter::causes(&facts, l.fit, l.text),
            }
        });
        Shown {
            ranked,
            offered: count,
            excluded: excluded.collect(),
            left_out: out,
            others: self.len() - count - out,
            understood: asked.understood.clone(),
        }
    }

    /// The places that a question leads to, each once: everything when it says nothing of what it is
    /// about. Some of them may yet be about something else; none that is about it is missing.
    fn about(
        &self,
        query: &Query,
        asked: &Asked<'_>,
        texts: &Texts<'_>,
        own: &BTreeMap<u32, Candidate>,
    ) -> List {
        if !filter::asks(query) {
            return self.places.values().copied().collect();
        }
        let mut lists: Vec<&List> = Vec::new();
        for (need, kind) in asked.wanted() {
            lists.extend(self.needs.get(need));
            let Some(kind) = kind else { continue };
            lists.extend(kind.near.iter().filter_map(|n| self.needs.get(&NeedCode::parse(n).ok()?)));
            lists.extend(self.needless.get(&kind.area));
        }
        if asked.need.is_none() {
            lists.extend(asked.area.and_then(|area| self.areas.get(&area)));
        }
        let groups: BTreeSet<_> = asked.interests.iter().map(InterestCode::group).collect();
        lists.extend(self.interests.iter().filter_map(|(i, list)| {
            (asked.interests.contains(i) || (i.group().is_some() && groups.contains(&i.group())))
                .then_some(list)
        }));
        let mut seen = vec![false; self.entries.len()];
        let mut about = List::new();
        let all = lists.into_iter().flatten().copied().chain(texts.places()).chain(own.keys().copied());
        for place in all {
            if !std::mem::replace(&mut seen[place as usize], true) {
                about.push(place);
            }
        }
        about
    }

    /// The words of a question with the entries that have them.
    fn texts(&self, words: &str) -> Texts<'_> {
        let asked = text::asked_for(words);
        let mean = text::mean_length(self.length, self.len());
        let empty: &[(u32, f64)] = &[];
        let lists: Vec<_> = asked
            .into_iter()
            .map(|word| {
                let list = self.words.get(&word).map_or(empty, Vec::as_slice);
                (word, text::idf(list.len(), self.len()), list)
            })
            .collect();
        let mut scores = vec![0.0; if lists.is_empty() { 0 } else { self.entries.len() }];
        for (_, idf, list) in &lists {
            for (place, weight) in *list {
                scores[*place as usize] += text::bm25(*idf, *weight, self.lengths[*place as usize], mean);
            }
        }
        Texts { lists, scores }
    }

    /// The first of what can be offered, in the order of [`rank`](super::rank). Only as many are put in
    /// order as are needed, unless one organisation has so many that the next must be looked for.
    fn first(&self, mut offered: Vec<Scored>, wanted: usize, config: &Config) -> Vec<Scored> {
        let candidate =
            |place: u32| self.entries[place as usize].as_ref().expect("only what is there was judged");
        let order = |a: &Scored, b: &Scored| -> Ordering {
            let key = |s: &Scored| (s.tier, s.score, s.metres);
            by_order(key(a), key(b)).then_with(|| {
                let (a, b) = (candidate(a.place), candidate(b.place));
                a.name().cmp(b.name()).then_with(|| a.id().cmp(&b.id()))
            })
        };
        let enough = (wanted + config.diverse_first).max(64);
        let organisation = |s: &Scored| candidate(s.place).organisation();
        if enough < offered.len() {
            offered.select_nth_unstable_by(enough, order);
            let mut head: Vec<&Scored> = offered[..enough].iter().collect();
            head.sort_by(|a, b| order(a, b));
            let (first, _, _) = spread_parts(head, |s| organisation(s), |s| s.tier, config);
            if first.len() >= config.diverse_first {
                offered.truncate(enough);
            }
        }
        offered.sort_by(order);
        let mut first = spread(offered, organisation, |s| s.tier, config);
        first.truncate(wanted);
        first
    }
}

fn insert(list: &mut List, place: u32) {
    if let Err(at) = list.binary_search(&place) {
        list.insert(at, place);
    }
}

fn remove(list: Option<&mut List>, place: u32) {
    if let Some(list) = list
        && let Ok(at) = list.binary_search(&place)
    {
        list.remove(at);
    }
}

/// A word, its weight among all entries, and the entries that have it with its weight there.
type WordList<'a> = (String, f64, &'a [(u32, f64)]);

/// The words of one question: each with its weight among all entries and the entries that have it.
struct Texts<'a> {
    lists: Vec<WordList<'a>>,
    scores: Vec<f64>,
}

impl Texts<'_> {
    fn score(&self, place: u32) -> f64 {
        self.scores.get(place as usize).copied().unwrap_or(0.0)
    }

    fn places(&self) -> impl Iterator<Item = u32> {
        self.lists.iter().flat_map(|(_, _, list)| list.iter().map(|(place, _)| *place))
    }

    fn found(&self, place: u32) -> Vec<String> {
        let has = |list: &[(u32, f64)]| list.binary_search_by_key(&place, |(p, _)| *p).is_ok();
        self.lists.iter().filter(|(_, _, list)| has(list)).map(|(word, _, _)| word.clone()).collect()
    }
}
