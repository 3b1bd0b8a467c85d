//! One way of looking at services and groups, so that the rules are written once.

use super::{Candidate, Entry, Tier};
use crate::area::Area;
use crate::directory::{
    AdjustmentCode, Capacity, Cost, Delivery, Eligibility, Every, InterestCode, Language, Location, Meeting,
    NeedCode, Opening, Rhythm, Serves, ServiceStatus, Space, Week,
};
use crate::place::Point;
use crate::time::Day;
use jiff::civil::Time;

/// What the rules look at.
pub(super) struct View<'a> {
    pub is_group: bool,
    pub name: &'a str,
    pub organisation_name: &'a str,
    pub description: &'a str,
    pub keywords: &'a [String],
    pub areas: &'a [Area],
    pub needs: &'a [NeedCode],
    pub interests: &'a [InterestCode],
    pub status: ServiceStatus,
    pub locations: &'a [Location],
    pub delivery: &'a [Delivery],
    pub serves: &'a Serves,
    pub eligibility: &'a Eligibility,
    pub capacity: &'a Capacity,
    pub adjustments: &'a [AdjustmentCode],
    pub cannot_adjust: &'a [AdjustmentCode],
    pub languages: &'a [Language],
    pub cost: &'a Cost,
    pub opening: Option<&'a Opening>,
    pub rhythm: Option<&'a Rhythm>,
    pub next: Option<&'a Meeting>,
    pub checked: Option<Day>,
}

impl<'a> View<'a> {
    pub fn of(candidate: &'a Candidate) -> View<'a> {
        let organisation_name = candidate.organisation_name.as_str();
        match &candidate.entry {
            Entry::Service(_, s) => View {
                is_group: false,
                name: &s.name,
                organisation_name,
                description: &s.description,
                keywords: &s.keywords,
                areas: &s.areas,
                needs: &s.needs,
                interests: &[],
                status: s.status,
                locations: &s.locations,
                delivery: &s.delivery,
                serves: &s.serves,
                eligibility: &s.eligibility,
                capacity: &s.capacity,
                adjustments: &s.adjustments,
                cannot_adjust: &s.cannot_adjust,
                languages: &s.languages,
                cost: &s.cost,
                opening: Some(&s.opening),
                rhythm: None,
                next: None,
                checked: s.checked,
            },
            Entry::Group(_, g, next) => View {
                is_group: true,
                name: &g.name,
                organisation_name,
                description: &g.description,
                keywords: &[],
                areas: &g.areas,
                needs: &g.needs,
                interests: &g.interests,
                status: g.status,
                locations: std::slice::from_ref(&g.location),
                delivery: &[],
                serves: &Serves::NotSaid,
                eligibility: &g.eligibility,
                capacity: &g.capacity,
                adjustments: &g.adjustments,
                cannot_adjust: &g.cannot_adjust,
                languages: &g.languages,
                cost: &g.cost,
                opening: None,
                rhythm: Some(&g.rhythm),
                next: next.as_ref(),
                checked: g.checked,
            },
        }
    }

    /// Metres to the nearest place of it, when both ends are known.
    pub fn metres_from(&self, from: Option<Point>) -> Option<f64> {
        let from = from?;
        let points = self.locations.iter().filter_map(Location::point);
        points.map(|p| from.metres_to(p)).min_by(f64::total_cmp)
    }

    /// Does it say that it can help in this language?
    pub fn speaks(&self, language: &Language) -> bool {
        speaks(self.languages, language)
    }

    /// Can it be had without going there?
    pub fn remote(&self) -> bool {
        self.delivery.iter().any(|d| *d != Delivery::InPerson)
    }

    pub fn tier(&self, today: Day) -> Tier {
        tier(self.status, self.capacity.space.on(today))
    }

    /// Open or meeting in any of those parts of the week? `None`: not said.
    pub fn open_at(&self, times: &[super::When]) -> Option<bool> {
        if let Some(rhythm) = self.rhythm {
            return meets_at(rhythm.every, rhythm.starts, times);
        }
        open_at(&self.opening?.week, times)
    }
}

/// Which shelf something stands on.
pub(super) fn tier(status: ServiceStatus, space: Space) -> Tier {
    match (status, space) {
        (ServiceStatus::TemporarilyClosed, _) => Tier::Closed,
        (_, Space::Full { .. }) => Tier::Full,
        _ => Tier::Now,
    }
}

/// Is this language among those?
pub(super) fn speaks(languages: &[Language], language: &Language) -> bool {
    languages.iter().any(|l| l.0.trim().eq_ignore_ascii_case(language.0.trim()))
}

/// Open in any of those parts of the week? `None`: not said.
pub(super) fn open_at(week: &Week, times: &[super::When]) -> Option<bool> {
    let mut all_said = true;
    for time in times {
        match week.open_between(time.day, time.from, time.to) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => all_said = false,
        }
    }
    all_said.then_some(false)
}

/// Does it meet in any of those parts of the week? `None`: it has no rhythm.
pub(super) fn meets_at(every: Every, starts: Time, times: &[super::When]) -> Option<bool> {
    let on = match every {
        Every::Week { on } | Every::TwoWeeks { on } | Every::Month { on, .. } => on,
        Every::Irregular => return None,
    };
    Some(times.iter().any(|t| t.day == on && t.from <= starts && starts < t.to))
}
