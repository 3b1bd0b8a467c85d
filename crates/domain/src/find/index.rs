//! A directory of any size, ready to be asked. Everything that a question can be about has a list of
//! the entries it leads to: each word, each need, each interest, each area of life. A question takes
//! the entries on its lists and judges only those, with the rules and in the order of
//! [`rank`](super::rank); what is on none of them is about something else.
//!
//! An entry is put in or taken out at once ([`Index::put`], [`Index::take`]); nothing is built anew.

use super::filter::{self, Facts};
use super::row::{AskedRow, Row, Tables};
use super::score::{Asked, Traits, Weighing};
use super::spelling;
use super::text;
use super::view::View;
use super::{
    Candidate, Config, EntryId, Excluded, Found, Judged, Query, Tier, Tried, by_order, found, spread,
    spread_parts,
};
use crate::area::Area;
use crate::directory::{InterestCode, NeedCode};
use crate::place::Point;
use crate::time::Day;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Places in the index, in rising order.
type List = Vec<u32>;

/// A place with the weight of a word there.
pub(super) type Posting = (u32, f32);

/// Entries of a directory with the lists that lead to them.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: Vec<Option<Candidate>>,
    /// Each entry in numbers, and what those refer to.
    rows: Vec<Option<Row>>,
    tables: Tables,
    places: HashMap<EntryId, u32>,
    free: List,
    /// Each word with the entries that have it, and its weight there.
    words: HashMap<String, Vec<Posting>>,
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
    /// Others of its organisation stand before it, and it was moved behind what is not theirs.
    held_back: bool,
}

/// One entry that is not offered although it is about the question, or was tried.
struct LeftOut {
    place: u32,
    was_tried: bool,
    fit: f64,
    text: f64,
    /// The first letters of its name.
    name: u64,
}

/// The first of what is left out, and how much there is: most of it is never shown and never kept.
struct FirstOut<'a> {
    index: &'a Index,
    wanted: usize,
    count: usize,
    kept: Vec<LeftOut>,
    /// Nothing after these letters can be among the first.
    last: Option<(bool, u64)>,
}

impl<'a> FirstOut<'a> {
    fn new(index: &'a Index, wanted: usize) -> FirstOut<'a> {
        FirstOut { index, wanted, count: 0, kept: Vec::new(), last: None }
    }

    fn push(&mut self, out: LeftOut) {
        self.count += 1;
        if self.wanted == 0 || self.last.is_some_and(|last| (!out.was_tried, out.name) > last) {
            return;
        }
        self.kept.push(out);
        if self.kept.len() >= 2 * self.wanted + 64 {
            let index = self.index;
            let (_, last, _) = self.kept.select_nth_unstable_by(self.wanted - 1, |a, b| index.out(a, b));
            self.last = Some((!last.was_tried, last.name));
            self.kept.truncate(self.wanted);
        }
    }

    fn in_order(mut self) -> Vec<LeftOut> {
        let index = self.index;
        self.kept.sort_by(|a, b| index.out(a, b));
        self.kept.truncate(self.wanted);
        self.kept
    }
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
            self.rows.push(None);
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
            // Whole numbers, far below where a number of 32 bits rounds.
            list.insert(at, (place, weight as f32));
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
        self.rows[place as usize] = Some(self.tables.row(&candidate));
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
                if let Ok(at) = list.binary_search_by_key(&place, |(p, _)| *p) {
                    list.remove(at);
                }
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
        self.rows[place as usize] = None;
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
        let words = spelling::completed(
            &query.words,
            |word| self.words.contains_key(word),
            || self.words.keys().map(String::as_str),
        );
        let asked = Asked::of(query, &words);
        let texts = self.texts(&words);
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
        let (mut offered, mut left_out) = (Vec::new(), FirstOut::new(self, page.excluded));
        let weighing = Weighing::of(query, &asked, config, today);
        let asks = filter::asks(query);
        let mut numbers = AskedRow::of(query, &asked, &self.tables, config, today);
        self.about(query, &asked, &texts, &own).each(|place| {
            let text = texts.score(place);
            let row = self.rows[place as usize].as_ref().expect("every list leads to what is there");
            if !numbers.odd && !row.odd && !own.contains_key(&place) {
                let fit = numbers.fit(row);
                if !numbers.about(row, asks, fit, text) {
                    return;
                }
                let (metres, conflict) = numbers.judge(row);
                if conflict {
                    left_out.push(LeftOut { place, was_tried: false, fit, text, name: row.name });
                    return;
                }
                let score = weighing.score(&weighing.values(fit, text, &numbers.traits(row, metres)));
                let tier = numbers.tier(row);
                offered.push(Scored { place, tier, score, metres, text, fit, held_back: false });
                return;
            }
            let candidate = candidate(place);
            let view = View::of(candidate);
            let fit = asked.fit(&view, config);
            let metres = view.metres_from(query.from.point);
            let facts = Facts { query, candidate, view: &view, metres, today, config };
            let was_tried = !candidate.tried.is_empty() && filter::tried(&facts).is_some();
            let about = filter::not_about(query, &view, fit, text).is_none();
            if was_tried || (about && filter::conflicts(&facts)) {
                left_out.push(LeftOut { place, was_tried, fit, text, name: row.name });
            } else if about {
                let traits = Traits::of(query, candidate, &view, metres, today);
                let score = weighing.score(&weighing.values(fit, text, &traits));
                let tier = view.tier(today);
                offered.push(Scored { place, tier, score, metres, text, fit, held_back: false });
            }
        });
        let (count, out) = (offered.len(), left_out.count);
        let told = |s: Scored| {
            let (candidate, words) = (candidate(s.place), texts.found(s.place));
            let view = View::of(candidate);
            let judged = Judged { fit: s.fit, text: s.text, metres: s.metres, found: &words };
            let facts = Facts { query, candidate, view: &view, metres: s.metres, today, config };
            let found = found(&asked, &weighing, (s.place as usize, candidate), &facts, &judged);
            if s.held_back { found.held_back(candidate) } else { found }
        };
        let ranked = self.first(offered, page.ranked, config).into_iter().map(told).collect();
        let left_out = left_out.in_order();
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
    ) -> Places {
        let mut about = Places::none_of(self.entries.len());
        if !filter::asks(query) {
            self.places.values().for_each(|place| about.add(*place));
            return about;
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
        lists.into_iter().flatten().for_each(|place| about.add(*place));
        texts.places().for_each(|place| about.add(place));
        own.keys().for_each(|place| about.add(*place));
        about
    }

    /// The words of a question with the entries that have them.
    fn texts(&self, words: &str) -> Texts<'_> {
        let asked = text::asked_for(words);
        let mean = text::mean_length(self.length, self.len());
        let empty: &[Posting] = &[];
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
                scores[*place as usize] +=
                    text::bm25(*idf, f64::from(*weight), self.lengths[*place as usize], mean);
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
            by_order(key(a), key(b)).then_with(|| self.by_name(a.place, b.place))
        };
        let enough = (wanted + config.diverse_first).max(64);
        let organisation = |s: &Scored| candidate(s.place).organisation();
        if enough < offered.len() {
            offered.select_nth_unstable_by(enough, order);
            let mut head: Vec<&Scored> = offered[..enough].iter().collect();
            head.sort_by(|a, b| order(a, b));
            let (first, _, _) = spread_parts(head, |s| organisation(s), |s| s.tier, |_| {}, config);
            if first.len() >= config.diverse_first {
                offered.truncate(enough);
            }
        }
        offered.sort_by(order);
        let mut first = spread(offered, organisation, |s| s.tier, |s| s.held_back = true, config);
        first.truncate(wanted);
        first
    }
}

impl Index {
    /// The entries that have a word, in its plain form.
    pub(super) fn having(&self, word: &str) -> &[Posting] {
        self.words.get(word).map_or(&[], Vec::as_slice)
    }

    /// The entries that state a need.
    pub(super) fn stating(&self, need: &NeedCode) -> &[u32] {
        self.needs.get(need).map_or(&[], Vec::as_slice)
    }

    /// Every place that holds an entry, in no order.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> {
        self.places.values().copied()
    }

    pub(super) fn id_at(&self, place: usize) -> Option<EntryId> {
        self.at(place).map(Candidate::id)
    }

    /// Metres from a point to the nearest place of an entry; none where it has none, or where one alone
    /// lies more degrees north or south than this.
    pub(super) fn metres(&self, place: u32, from: Point, too_far_north: f64) -> Option<f64> {
        let row = self.rows[place as usize].as_ref()?;
        if row.odd {
            return View::of(self.entries[place as usize].as_ref()?).metres_from(Some(from));
        }
        let to = row.point.filter(|to| (from.lat - to.lat).abs() <= too_far_north)?;
        Some(from.metres_to(to))
    }

    /// What was tried for the person first, then by name.
    fn out(&self, a: &LeftOut, b: &LeftOut) -> Ordering {
        let tried = (!a.was_tried).cmp(&!b.was_tried);
        let names = || self.by_whole_name(a.place, b.place);
        tried.then_with(|| a.name.cmp(&b.name)).then_with(names)
    }

    /// By name, and by id where two share it.
    fn by_name(&self, a: u32, b: u32) -> Ordering {
        let letters = |place: u32| self.rows[place as usize].as_ref().map(|row| row.name);
        letters(a).cmp(&letters(b)).then_with(|| self.by_whole_name(a, b))
    }

    fn by_whole_name(&self, a: u32, b: u32) -> Ordering {
        let entry = |place: u32| self.entries[place as usize].as_ref().map(|c| (c.name(), c.id()));
        entry(a).cmp(&entry(b))
    }
}

/// A set of places, gone through in their order: the rows then lie one behind the other in memory.
struct Places(Vec<u64>);

impl Places {
    fn none_of(entries: usize) -> Places {
        Places(vec![0; entries.div_ceil(64)])
    }

    fn add(&mut self, place: u32) {
        self.0[place as usize / 64] |= 1 << (place % 64);
    }

    fn each(&self, mut tell: impl FnMut(u32)) {
        for (n, word) in self.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                tell(n as u32 * 64 + left.trailing_zeros());
                left &= left - 1;
            }
        }
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
type WordList<'a> = (String, f64, &'a [Posting]);

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
        let has = |list: &[Posting]| list.binary_search_by_key(&place, |(p, _)| *p).is_ok();
        self.lists.iter().filter(|(_, _, list)| has(list)).map(|(word, _, _)| word.clone()).collect()
    }
}
