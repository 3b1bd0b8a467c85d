//! The score: seven parts, each 0 to 1, each with its weight. The parts that the question
//! does not touch are left out for every candidate alike, and the rest share the whole.

use super::text::needs_meant;
use super::view::View;
use super::{Candidate, Config, MeasuredWait, Part, PartKind, Query};
use crate::area::Area;
use crate::directory::needs::NeedKind;
use crate::directory::{AdjustmentCode, InterestCode, Known, NeedCode, Space};
use crate::time::{Day, days_between};

/// What was asked, with what the words were understood to mean.
pub(super) struct Asked<'a> {
    pub need: Option<&'a NeedCode>,
    pub area: Option<Area>,
    pub interests: &'a [InterestCode],
    /// Needs that the words mean, besides the need asked for.
    pub understood: Vec<NeedCode>,
    /// What the list says about the need, and about each that was understood: looked up once.
    pub kind: Option<&'static NeedKind>,
    pub kinds: Vec<Option<&'static NeedKind>>,
}

impl<'a> Asked<'a> {
    /// A question, with its words as they are read.
    pub fn of(query: &'a Query, words: &str) -> Asked<'a> {
        let mut understood = needs_meant(words);
        understood.retain(|n| Some(n) != query.need.as_ref());
        let kinds = understood.iter().map(NeedCode::kind).collect();
        let need = query.need.as_ref();
        let kind = need.and_then(NeedCode::kind);
        Asked { need, area: query.area, interests: &query.interests, understood, kind, kinds }
    }

    /// Does the need part apply to this question?
    fn applies(&self) -> bool {
        self.need.is_some()
            || self.area.is_some()
            || !self.interests.is_empty()
            || !self.understood.is_empty()
    }

    /// How well it fits what was asked, 0 to 1: the mean over what was asked, where needs
    /// understood from words count as one question, answered by the best of them.
    pub fn fit(&self, view: &View<'_>, config: &Config) -> f64 {
        let (mut sum, mut values) = (0.0, 0);
        let mut add = |value: f64| {
            sum += value;
            values += 1;
        };
        if let Some(need) = self.need {
            add(need_value(need, self.kind, view, config));
        } else {
            let understood = self.understood.iter().zip(&self.kinds);
            let values = understood.map(|(n, kind)| need_value(n, *kind, view, config));
            best_of(values).into_iter().for_each(&mut add);
            if let Some(area) = self.area {
                add(if view.areas.contains(&area) { 1.0 } else { 0.0 });
            }
        }
        if !self.interests.is_empty() {
            add(interest_value(self.interests, view));
        }
        if values == 0 { 0.0 } else { sum / f64::from(values) }
    }

    /// The needs that count, each with what the list says about it.
    pub fn wanted(&self) -> Vec<(&NeedCode, Option<&'static NeedKind>)> {
        match self.need {
            Some(need) => vec![(need, self.kind)],
            None => self.understood.iter().zip(self.kinds.iter().copied()).collect(),
        }
    }
}

/// Of several needs that words may mean, mostly the best: one of them may be a misreading. What meets more of
/// them goes before what meets fewer ("counselling for a teenager").
pub(super) fn best_of(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut best, mut met, mut all) = (None::<f64>, 0u32, 0u32);
    for value in values {
        best = Some(best.map_or(value, |best| best.max(value)));
        met += u32::from(value >= 1.0);
        all += 1;
    }
    let share = if all > 1 { f64::from(met) / f64::from(all) } else { 1.0 };
    best.map(|best| best * (0.8 + 0.2 * share))
}

/// 1 when it meets the need; less when it meets one that lies near; a little when it
/// states no needs at all but is in that area of life; otherwise 0.
fn need_value(need: &NeedCode, kind: Option<&'static NeedKind>, view: &View<'_>, config: &Config) -> f64 {
    if view.needs.contains(need) {
        return 1.0;
    }
    let Some(kind) = kind else { return 0.0 };
    if view.needs.iter().any(|n| kind.near.contains(&n.as_str())) {
        return config.near_need;
    }
    if view.needs.is_empty() && view.areas.contains(&kind.area) { config.area_only } else { 0.0 }
}

/// 0.8 for the first interest shared and up to 1 for all; 0.5 for one of the same group
/// of interests.
fn interest_value(asked: &[InterestCode], view: &View<'_>) -> f64 {
    let shared = asked.iter().filter(|i| view.interests.contains(i)).count();
    if shared > 0 {
        return 0.8 + 0.2 * shared as f64 / asked.len() as f64;
    }
    let same_group =
        |i: &InterestCode| i.group().is_some() && view.interests.iter().any(|v| v.group() == i.group());
    if asked.iter().any(same_group) { 0.5 } else { 0.0 }
}

/// What the score looks at of one entry, besides how it fits and which words it has. The same numbers come
/// out of the entry itself ([`Traits::of`]) and out of the index's row for it.
#[derive(Clone, Copy)]
pub(super) struct Traits {
    pub metres: Option<f64>,
    /// Can it be had without going there?
    pub remote: bool,
    /// As it is today.
    pub space: Space,
    pub wait: Option<MeasuredWait>,
    /// Open at the times asked for? Counts only where some were.
    pub open: Option<bool>,
    /// How many of the adjustments and languages asked for it promises.
    pub promised: u32,
    /// Of how many it has said nothing.
    pub not_said: u32,
    pub checked: Option<Day>,
    pub free: Known,
}

impl Traits {
    pub fn of(
        query: &Query,
        candidate: &Candidate,
        view: &View<'_>,
        metres: Option<f64>,
        today: Day,
    ) -> Traits {
        let promised = query.adjustments.iter().filter(|a| view.adjustments.contains(a)).count();
        let not_said = |a: &&AdjustmentCode| !view.adjustments.contains(a) && !view.cannot_adjust.contains(a);
        let not_said = query.adjustments.iter().filter(not_said).count();
        let speaks = query.language.as_ref().map(|l| view.speaks(l));
        Traits {
            metres,
            remote: view.remote(),
            space: view.capacity.space.on(today),
            wait: candidate.wait,
            open: if query.times.is_empty() { None } else { view.open_at(&query.times) },
            promised: promised as u32 + u32::from(speaks == Some(true)),
            not_said: not_said as u32 + u32::from(speaks == Some(false)),
            checked: view.checked,
            free: view.cost.free,
        }
    }
}

/// Space, wait and times count so many times as much when times are asked for.
const WITH_TIMES: f64 = 2.5;

/// The parts in the order in which they are added up.
const KINDS: [PartKind; 7] = [
    PartKind::Need,
    PartKind::Text,
    PartKind::Travel,
    PartKind::Availability,
    PartKind::Access,
    PartKind::Freshness,
    PartKind::Cost,
];

/// The values of the parts of one entry, each 0 to 1.
pub(super) type Values = [f64; KINDS.len()];

/// What each part weighs for one question: nothing where the question does not touch it, and 1 together.
pub(super) struct Weighing<'a> {
    config: &'a Config,
    today: Day,
    times: bool,
    /// How many adjustments and languages are asked for.
    access: u32,
    weights: [Option<f64>; KINDS.len()],
}

impl<'a> Weighing<'a> {
    pub fn of(query: &Query, asked: &Asked<'_>, config: &'a Config, today: Day) -> Weighing<'a> {
        let access = query.adjustments.len() as u32 + u32::from(query.language.is_some());
        let part = |applies: bool, weight: f64| applies.then_some(weight);
        let mut weights = [
            part(asked.applies(), config.weight_need),
            part(!query.words.trim().is_empty(), config.weight_text),
            part(query.from.point.is_some(), config.weight_travel),
            // Whoever can only go at some times is helped little by a place that is shut then.
            part(true, config.weight_availability * if query.times.is_empty() { 1.0 } else { WITH_TIMES }),
            part(access > 0, config.weight_access),
            part(true, config.weight_freshness),
            part(true, config.weight_cost),
        ];
        let whole: f64 = weights.iter().flatten().sum();
        if whole > 0.0 {
            weights.iter_mut().flatten().for_each(|weight| *weight /= whole);
        }
        Weighing { config, today, times: !query.times.is_empty(), access, weights }
    }

    /// The value of each part.
    pub fn values(&self, fit: f64, text: f64, traits: &Traits) -> Values {
        let config = self.config;
        let values = [
            fit,
            if self.weights[1].is_some() { text / (text + config.text_half) } else { 0.0 },
            if self.weights[2].is_some() { travel(traits, config) } else { 0.0 },
            self.availability(traits),
            self.promised(traits),
            freshness(traits.checked, self.today, config),
            cost(traits.free),
        ];
        values.map(|value| value.clamp(0.0, 1.0))
    }

    /// The parts together.
    pub fn score(&self, values: &Values) -> f64 {
        let parts = self.weights.iter().zip(values);
        parts.filter_map(|(weight, value)| Some(*value * (*weight)?)).sum()
    }

    /// The parts that apply, their weights adding up to 1.
    pub fn parts(&self, values: &Values) -> Vec<Part> {
        let parts = KINDS.into_iter().zip(self.weights).zip(values);
        parts
            .filter_map(|((kind, weight), value)| Some(Part { kind, value: *value, weight: weight? }))
            .collect()
    }

    /// The mean of space, wait and times, as far as the question and the facts reach.
    fn availability(&self, traits: &Traits) -> f64 {
        let space = match traits.space {
            Space::Open => 1.0,
            Space::AssessmentFirst => 0.7,
            Space::NotSaid => 0.5,
            Space::WaitingList => 0.4,
            Space::Full { .. } => 0.0,
        };
        let wait = match traits.wait.filter(|w| w.people >= self.config.wait_people_min) {
            Some(wait) => 1.0 / (1.0 + f64::from(wait.days_low + wait.days_high) / 2.0 / 28.0),
            None => 0.5,
        };
        if !self.times {
            return (space + wait) / 2.0;
        }
        let open = match traits.open {
            Some(true) => 1.0,
            None => 0.5,
            Some(false) => 0.0,
        };
        (space + wait + 4.0 * open) / 6.0
    }

    /// The mean over adjustments and language asked for: promised 1, not said 0.4, cannot 0.
    fn promised(&self, traits: &Traits) -> f64 {
        const NOT_SAID: f64 = 0.4;
        if self.access == 0 {
            return 0.0;
        }
        (f64::from(traits.promised) + NOT_SAID * f64::from(traits.not_said)) / f64::from(self.access)
    }
}

/// exp(-d/scale); what can be had from home is worth at least `travel_remote`; a distance
/// nobody knows is worth as much as two scales away.
fn travel(traits: &Traits, config: &Config) -> f64 {
    let there = traits.metres.map_or((-2.0_f64).exp(), |m| (-m / config.travel_scale_m.max(1.0)).exp());
    if traits.remote { there.max(config.travel_remote) } else { there }
}

/// 1 when checked within `fresh_days`, then falling evenly to 0.5 at twice that and to 0.1
/// at four times; 0.1 when nobody knows.
pub(super) fn freshness(checked: Option<Day>, today: Day, config: &Config) -> f64 {
    let Some(checked) = checked else { return 0.1 };
    let fresh = f64::from(config.fresh_days.max(1));
    let age = f64::from(days_between(checked, today).max(0)) / fresh;
    match age {
        a if a <= 1.0 => 1.0,
        a if a <= 2.0 => 1.0 - 0.5 * (a - 1.0),
        a if a <= 4.0 => 0.5 - 0.2 * (a - 2.0),
        _ => 0.1,
    }
}

fn cost(free: Known) -> f64 {
    match free {
        Known::Yes => 1.0,
        Known::NotSaid => 0.5,
        Known::No => 0.2,
    }
}
