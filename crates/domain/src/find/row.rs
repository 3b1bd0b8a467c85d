//! What the index keeps of each entry beside the entry itself: a row of small numbers that says all that a
//! question asks of most entries, so that the hundred thousand that are not shown are never touched.
//!
//! What does not fit in a number is kept once in a table and named by its place there: a week of opening
//! hours, a set of places served, a set of languages. A question answers each of those once.

use super::score::{Asked, Traits, best_of};
use super::view::View;
use super::{Candidate, Config, Gender, Kinds, MeasuredWait, Query, Tier};
use crate::area::Area;
use crate::directory::needs::{self, NeedKind};
use crate::directory::{
    AdjustmentCode, GenderPolicy, Known, Language, NeedCode, Rhythm, Serves, ServiceStatus, Space, Week,
    adjustments,
};
use crate::place::Point;
use crate::time::Day;
use std::collections::HashMap;
use std::hash::Hash;

/// One entry in numbers.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Bits in the order of the list of needs.
    needs: u64,
    /// Bits in the order of the list of adjustments.
    adjustments: u64,
    cannot: u64,
    /// Where, when it is in one place.
    pub point: Option<Point>,
    wait: Option<MeasuredWait>,
    checked: Option<Day>,
    space: Space,
    serves: u32,
    languages: u32,
    times: u32,
    areas: u8,
    ages: (Option<u8>, Option<u8>),
    only: Option<Gender>,
    status: ServiceStatus,
    substance_use_ok: Known,
    needs_diagnosis: Known,
    free: Known,
    remote: bool,
    is_group: bool,
    /// It says something that the numbers cannot: it has several places, or codes that left their list.
    pub odd: bool,
    /// The first letters of its name, to compare names by.
    pub name: u64,
}

/// When an entry is open or meets.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Times {
    Week(Week),
    Meets(crate::directory::Every, jiff::civil::Time),
}

impl Times {
    fn of(view: &View<'_>) -> Times {
        match (view.rhythm, view.opening) {
            (Some(Rhythm { every, starts, .. }), _) => Times::Meets(*every, *starts),
            (None, opening) => Times::Week(opening.map(|o| o.week.clone()).unwrap_or_default()),
        }
    }
}

/// Values that many entries share, each kept once.
#[derive(Clone, Debug)]
struct Shared<T> {
    values: Vec<T>,
    places: HashMap<T, u32>,
}

impl<T> Default for Shared<T> {
    fn default() -> Shared<T> {
        Shared { values: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Shared<T> {
    fn place(&mut self, value: &T) -> u32 {
        if let Some(place) = self.places.get(value) {
            return *place;
        }
        let place = u32::try_from(self.values.len()).expect("there are fewer values than entries");
        self.values.push(value.clone());
        self.places.insert(value.clone(), place);
        place
    }
}

/// The tables of an index.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    serves: Shared<Serves>,
    languages: Shared<Vec<Language>>,
    times: Shared<Times>,
}

impl Tables {
    /// The row of an entry.
    pub fn row(&mut self, candidate: &Candidate) -> Row {
        let view = View::of(candidate);
        let (needs, all_needs) = bits(view.needs.iter().map(need_bit));
        let (adjustments, all_promised) = bits(view.adjustments.iter().map(adjustment_bit));
        let (cannot, all_cannot) = bits(view.cannot_adjust.iter().map(adjustment_bit));
        let mut points = view.locations.iter().filter_map(|l| l.point());
        let point = points.next();
        Row {
            needs,
            adjustments,
            cannot,
            point,
            wait: candidate.wait,
            checked: view.checked,
            space: view.capacity.space,
            serves: self.serves.place(view.serves),
            languages: self.languages.place(&view.languages.to_vec()),
            times: self.times.place(&Times::of(&view)),
            areas: view.areas.iter().fold(0, |bits, area| bits | area_bit(*area)),
            ages: (view.eligibility.age_min, view.eligibility.age_max),
            only: match view.eligibility.gender {
                GenderPolicy::Women { .. } => Some(Gender::Woman),
                GenderPolicy::Men { .. } => Some(Gender::Man),
                _ => None,
            },
            status: view.status,
            substance_use_ok: view.eligibility.substance_use_ok,
            needs_diagnosis: view.eligibility.needs_diagnosis,
            free: view.cost.free,
            remote: view.remote(),
            is_group: view.is_group,
            odd: points.next().is_some() || !all_needs || !all_promised || !all_cannot,
            name: first_letters(view.name),
        }
    }
}

/// The bits that are known, and whether all are.
fn bits(all: impl Iterator<Item = Option<u32>>) -> (u64, bool) {
    all.fold((0, true), |(bits, whole), bit| match bit {
        Some(bit) => (bits | 1 << bit, whole),
        None => (bits, false),
    })
}

fn need_bit(need: &NeedCode) -> Option<u32> {
    let place = needs::ALL.iter().position(|n| n.code == need.as_str())?;
    u32::try_from(place).ok().filter(|place| *place < 64)
}

fn adjustment_bit(adjustment: &AdjustmentCode) -> Option<u32> {
    let place = adjustments::ALL.iter().position(|a| a.code == adjustment.as_str())?;
    u32::try_from(place).ok().filter(|place| *place < 64)
}

fn area_bit(area: Area) -> u8 {
    Area::SIX.iter().position(|a| *a == area).map_or(0, |place| 1 << place)
}

/// The first eight bytes as a number: where two differ, they order two names as the names themselves do.
fn first_letters(name: &str) -> u64 {
    let mut letters = [0; 8];
    letters.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
    u64::from_be_bytes(letters)
}

/// A question in the same numbers.
pub(super) struct AskedRow<'a> {
    query: &'a Query,
    config: &'a Config,
    today: Day,
    tables: &'a Tables,
    /// The needs that count, as a bit, the bits that lie near it, and its area.
    needs: Vec<(u64, u64, u8)>,
    /// One need was asked for, rather than understood from words.
    one: bool,
    area: Option<u8>,
    adjustments: u64,
    /// What each value of a table answers, once it was asked.
    served: Vec<Option<bool>>,
    spoken: Vec<Option<bool>>,
    open: Vec<Option<Option<bool>>>,
    /// Degrees north or south, and east or west, that are further than asked for.
    too_far_north: f64,
    too_far_east: f64,
    /// The question asks something that rows cannot answer.
    pub odd: bool,
}

impl<'a> AskedRow<'a> {
    pub fn of(
        query: &'a Query,
        asked: &Asked<'_>,
        tables: &'a Tables,
        config: &'a Config,
        today: Day,
    ) -> AskedRow<'a> {
        let wanted = asked.wanted();
        let needs = wanted.iter().map(|(need, kind)| kind_bits(need, *kind));
        let needs: Option<Vec<(u64, u64, u8)>> = needs.collect();
        let adjustments: Vec<Option<u32>> = query.adjustments.iter().map(adjustment_bit).collect();
        let (bits, whole) = bits(adjustments.iter().copied());
        // Asked for twice, an adjustment counts twice.
        let twice = bits.count_ones() as usize != adjustments.len();
        AskedRow {
            odd: !query.interests.is_empty() || needs.is_none() || !whole || twice,
            query,
            config,
            today,
            tables,
            needs: needs.unwrap_or_default(),
            one: asked.need.is_some(),
            area: asked.area.map(area_bit),
            adjustments: bits,
            served: vec![None; tables.serves.values.len()],
            spoken: vec![None; tables.languages.values.len()],
            open: vec![None; tables.times.values.len()],
            // A degree of a great circle is 111,195 metres at the radius that is used.
            too_far_north: query.within_m.map_or(f64::INFINITY, |limit| limit / 111_190.0 + 1e-6),
            too_far_east: too_far_east(query),
        }
    }

    /// How well it fits, as [`Asked::fit`] says it.
    pub fn fit(&self, row: &Row) -> f64 {
        let value = |(bit, near, area): &(u64, u64, u8)| match () {
            () if row.needs & bit != 0 => 1.0,
            () if row.needs & near != 0 => self.config.near_need,
            () if row.needs == 0 && row.areas & area != 0 => self.config.area_only,
            () => 0.0,
        };
        let best =
            if self.one { self.needs.first().map(value) } else { best_of(self.needs.iter().map(value)) };
        let area = if self.one { None } else { self.area };
        let area = area.map(|bit| if row.areas & bit != 0 { 1.0 } else { 0.0 });
        match (best, area) {
            (None, None) => 0.0,
            (Some(one), None) | (None, Some(one)) => one,
            (Some(best), Some(area)) => (best + area) / 2.0,
        }
    }

    /// Is it about what is asked, as [`super::filter::not_about`] says it?
    pub fn about(&self, row: &Row, asks: bool, fit: f64, text: f64) -> bool {
        let kind = match self.query.kinds {
            Kinds::Both => true,
            Kinds::Services => !row.is_group,
            Kinds::Groups => row.is_group,
        };
        kind && !(asks && fit <= 0.0 && text <= 0.0)
    }

    /// The distance, where that may matter; and whether a stated fact conflicts with the question, as
    /// [`super::filter::conflicts`] says it.
    pub fn judge(&mut self, row: &Row) -> (Option<f64>, bool) {
        let query = self.query;
        let conflict = (query.only_open && matches!(row.space.on(self.today), Space::Full { .. }))
            || !matches!(row.status, ServiceStatus::Active | ServiceStatus::TemporarilyClosed)
            || query.age.is_some_and(|age| {
                row.ages.0.is_some_and(|min| age < min) || row.ages.1.is_some_and(|max| age > max)
            })
            || matches!(
                (row.only, query.gender),
                (Some(Gender::Woman), Some(Gender::Man)) | (Some(Gender::Man), Some(Gender::Woman))
            )
            || (query.substance_use && row.substance_use_ok == Known::No)
            || (query.no_diagnosis && row.needs_diagnosis == Known::Yes)
            || self.serves_elsewhere(row.serves);
        if conflict {
            return (None, true);
        }
        let Some((from, to)) = query.from.point.zip(row.point) else { return (None, false) };
        let outside =
            (from.lat - to.lat).abs() > self.too_far_north || (from.lon - to.lon).abs() > self.too_far_east;
        if !row.remote && outside {
            return (None, true);
        }
        let metres = from.metres_to(to);
        let further = query.within_m.is_some_and(|limit| metres > limit);
        (Some(metres), further && !row.remote)
    }

    /// What the score looks at.
    pub fn traits(&mut self, row: &Row, metres: Option<f64>) -> Traits {
        let speaks = self.query.language.is_some().then(|| self.speaks(row.languages));
        let not_said = self.adjustments & !row.adjustments & !row.cannot;
        let promised = self.adjustments & row.adjustments;
        Traits {
            metres,
            remote: row.remote,
            space: row.space.on(self.today),
            wait: row.wait,
            open: if self.query.times.is_empty() { None } else { self.open_at(row.times) },
            promised: promised.count_ones() + u32::from(speaks == Some(true)),
            not_said: not_said.count_ones() + u32::from(speaks == Some(false)),
            checked: row.checked,
            free: row.free,
        }
    }

    /// Which shelf it stands on.
    pub fn tier(&self, row: &Row) -> Tier {
        super::view::tier(row.status, row.space.on(self.today))
    }

    fn serves_elsewhere(&mut self, place: u32) -> bool {
        let (query, tables) = (self.query, self.tables);
        let answer = &mut self.served[place as usize];
        *answer.get_or_insert_with(|| {
            super::filter::serves_elsewhere(&tables.serves.values[place as usize], &query.from)
        })
    }

    fn speaks(&mut self, place: u32) -> bool {
        let (query, tables) = (self.query, self.tables);
        let answer = &mut self.spoken[place as usize];
        *answer.get_or_insert_with(|| {
            let asked = query.language.as_ref();
            asked.is_some_and(|l| super::view::speaks(&tables.languages.values[place as usize], l))
        })
    }

    fn open_at(&mut self, place: u32) -> Option<bool> {
        let (query, tables) = (self.query, self.tables);
        let answer = &mut self.open[place as usize];
        *answer.get_or_insert_with(|| match &tables.times.values[place as usize] {
            Times::Week(week) => super::view::open_at(week, &query.times),
            Times::Meets(every, starts) => super::view::meets_at(*every, *starts, &query.times),
        })
    }
}

/// Degrees of longitude that are certainly further than asked for, for what lies between the latitudes that
/// may be near enough. Near the poles and the date line, and for great distances, none is.
fn too_far_east(query: &Query) -> f64 {
    let (Some(limit), Some(from)) = (query.within_m, query.from.point) else { return f64::INFINITY };
    let degrees = limit / 111_190.0 + 1e-6;
    let furthest = from.lat.abs() + degrees;
    // Two places that are so near lie no further apart in longitude than this over the cosine of the latitude
    // furthest from the equator; the arc exceeds its chord by less than one in a hundred.
    let east = degrees * 1.01 / furthest.to_radians().cos();
    if furthest > 70.0 || degrees > 5.0 || from.lon.abs() + east > 179.0 { f64::INFINITY } else { east }
}

/// A need as its bit, the bits that lie near it, and its area; none for one that left the list.
fn kind_bits(need: &NeedCode, kind: Option<&'static NeedKind>) -> Option<(u64, u64, u8)> {
    let kind = kind?;
    let near = needs::ALL.iter().enumerate().filter(|(_, n)| kind.near.contains(&n.code));
    let (near, all) = bits(near.map(|(place, _)| u32::try_from(place).ok().filter(|place| *place < 64)));
    if !all {
        return None;
    }
    Some((1 << need_bit(need)?, near, area_bit(kind.area)))
}
