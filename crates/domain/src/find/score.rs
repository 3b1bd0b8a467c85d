//! The score: seven parts, each 0 to 1, each with its weight. The parts that the question
//! does not touch are left out for every candidate alike, and the rest share the whole.

use super::text::needs_meant;
use super::view::View;
use super::{Candidate, Config, Part, PartKind, Query};
use crate::area::Area;
use crate::directory::needs::NeedKind;
use crate::directory::{InterestCode, Known, NeedCode, Space};
use crate::time::{Day, days_between};

/// What was asked, with what the words were understood to mean.
pub(super) struct Asked<'a> {
    pub need: Option<&'a NeedCode>,
    pub area: Option<Area>,
    pub interests: &'a [InterestCode],
    /// Needs that the words mean, besides the need asked for.
    pub understood: Vec<NeedCode>,
    /// What the list says about the need, and about each that was understood: looked up once.
    kind: Option<&'static NeedKind>,
    kinds: Vec<Option<&'static NeedKind>>,
}

impl<'a> Asked<'a> {
    pub fn of(query: &'a Query) -> Asked<'a> {
        let mut understood = needs_meant(&query.words);
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
            let best = understood.map(|(n, kind)| need_value(n, *kind, view, config)).max_by(f64::total_cmp);
            best.into_iter().for_each(&mut add);
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

/// The parts that apply, their weights adding up to 1.
#[expect(clippy::too_many_arguments, reason = "one call; a struct would only rename the list")]
pub(super) fn parts(
    query: &Query,
    asked: &Asked<'_>,
    candidate: &Candidate,
    view: &View<'_>,
    fit: f64,
    text: f64,
    metres: Option<f64>,
    config: &Config,
    today: Day,
) -> Vec<Part> {
    let part = |applies: bool, kind, weight, value: f64| {
        applies.then_some(Part { kind, weight, value: value.clamp(0.0, 1.0) })
    };
    let wants_access = !query.adjustments.is_empty() || query.language.is_some();
    let all = [
        part(asked.applies(), PartKind::Need, config.weight_need, fit),
        part(
            !query.words.trim().is_empty(),
            PartKind::Text,
            config.weight_text,
            text / (text + config.text_half),
        ),
        part(
            query.from.point.is_some(),
            PartKind::Travel,
            config.weight_travel,
            travel(view, metres, config),
        ),
        part(
            true,
            PartKind::Availability,
            config.weight_availability,
            availability(query, candidate, view, config, today),
        ),
        part(wants_access, PartKind::Access, config.weight_access, access(query, view)),
        part(true, PartKind::Freshness, config.weight_freshness, freshness(view.checked, today, config)),
        part(true, PartKind::Cost, config.weight_cost, cost(view.cost.free)),
    ];
    let mut parts: Vec<Part> = all.into_iter().flatten().collect();
    let whole: f64 = parts.iter().map(|p| p.weight).sum();
    if whole > 0.0 {
        parts.iter_mut().for_each(|p| p.weight /= whole);
    }
    parts
}

/// exp(-d/scale); what can be had from home is worth at least `travel_remote`; a distance
/// nobody knows is worth as much as two scales away.
fn travel(view: &View<'_>, metres: Option<f64>, config: &Config) -> f64 {
    let there = metres.map_or((-2.0_f64).exp(), |m| (-m / config.travel_scale_m.max(1.0)).exp());
    if view.remote() { there.max(config.travel_remote) } else { there }
}

/// The mean of space, wait and times, as far as the question and the facts reach.
fn availability(query: &Query, candidate: &Candidate, view: &View<'_>, config: &Config, today: Day) -> f64 {
    let space = match view.capacity.space.on(today) {
        Space::Open => 1.0,
        Space::AssessmentFirst => 0.7,
        Space::NotSaid => 0.5,
        Space::WaitingList => 0.4,
        Space::Full { .. } => 0.0,
    };
    let wait = match candidate.wait.filter(|w| w.people >= config.wait_people_min) {
        Some(wait) => 1.0 / (1.0 + f64::from(wait.days_low + wait.days_high) / 2.0 / 28.0),
        None => 0.5,
    };
    let mut values = vec![space, wait];
    if !query.times.is_empty() {
        values.push(match view.open_at(&query.times) {
            Some(true) => 1.0,
            None => 0.5,
            Some(false) => 0.0,
        });
    }
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean over adjustments and language asked for: promised 1, not said 0.4, cannot 0.
fn access(query: &Query, view: &View<'_>) -> f64 {
    const NOT_SAID: f64 = 0.4;
    let mut values: Vec<f64> = query
        .adjustments
        .iter()
        .map(|a| match () {
            () if view.adjustments.contains(a) => 1.0,
            () if view.cannot_adjust.contains(a) => 0.0,
            () => NOT_SAID,
        })
        .collect();
    values.extend(query.language.as_ref().map(|l| if view.speaks(l) { 1.0 } else { NOT_SAID }));
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
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
