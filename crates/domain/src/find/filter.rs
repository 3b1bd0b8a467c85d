//! What leaves a service or group out: only facts that somebody stated and that conflict
//! with the question, and what was tried before.

use super::view::View;
use super::{Candidate, Cause, CauseKind, Config, Gender, Kinds, Query, Tried};
use crate::directory::{GenderPolicy, Known, Serves, ServiceStatus, Space};
use crate::place::how_far;
use crate::time::{Day, days_between};

pub(super) struct Facts<'a> {
    pub query: &'a Query,
    pub candidate: &'a Candidate,
    pub view: &'a View<'a>,
    pub metres: Option<f64>,
    pub today: Day,
    pub config: &'a Config,
}

/// Every reason not to offer it; empty when it can be offered. What is about something
/// else altogether has that one reason, unless it was tried before for this person:
/// that is always said.
pub(super) fn causes(facts: &Facts<'_>, fit: f64, text: f64) -> Vec<Cause> {
    let about = not_about(facts.query, facts.view, fit, text);
    let before = tried(facts);
    if about.is_some() {
        return before.into_iter().chain(about).collect();
    }
    let checks = [full, not_running, age, gender, place, distance, substance_use, diagnosis];
    before.into_iter().chain(checks.into_iter().filter_map(|check| check(facts))).collect()
}

fn cause(kind: CauseKind, words: impl Into<String>) -> Option<Cause> {
    Some(Cause { kind, words: words.into() })
}

fn not_about(query: &Query, view: &View<'_>, fit: f64, text: f64) -> Option<Cause> {
    match query.kinds {
        Kinds::Services if view.is_group => return cause(CauseKind::NotAbout, "This is a group."),
        Kinds::Groups if !view.is_group => return cause(CauseKind::NotAbout, "This is not a group."),
        _ => {}
    }
    let asked = query.need.is_some()
        || query.area.is_some()
        || !query.interests.is_empty()
        || !query.words.trim().is_empty();
    if asked && fit <= 0.0 && text <= 0.0 {
        return cause(CauseKind::NotAbout, "It is about something else.");
    }
    None
}

/// What was tried before, while it still counts. A newer word that there is space undoes
/// "full"; time undoes a decline or a silence; only the person undoes their own no.
pub(super) fn tried(facts: &Facts<'_>) -> Option<Cause> {
    if facts.query.again {
        return None;
    }
    let lately = |on: Day| days_between(on, facts.today) <= facts.config.tried_days;
    let words = facts.candidate.tried.iter().rev().find_map(|t| match t {
        Tried::OpenNow { since } => {
            Some(format!("Already asked, on {}. The answer is awaited or help has started.", date(*since)))
        }
        Tried::PersonSaidNo { on } => {
            Some(format!("Not offered again: the person said no to it on {}.", date(*on)))
        }
        Tried::Declined { on, why } if lately(*on) && why.trim().is_empty() => {
            Some(format!("Not offered again: it said no on {} and gave no reason.", date(*on)))
        }
        Tried::Declined { on, why } if lately(*on) => Some(format!(
            "Not offered again: it said no on {}. Its reason: {}.",
            date(*on),
            why.trim().trim_end_matches('.')
        )),
        Tried::Silent { reply_by } if lately(*reply_by) => {
            Some(format!("Not offered again: it did not answer by {}.", date(*reply_by)))
        }
        Tried::Full { on } if lately(*on) && !says_space_since(facts, *on) => {
            Some(format!("Not offered again for now: it said it was full on {}.", date(*on)))
        }
        _ => None,
    })?;
    cause(CauseKind::Tried, words)
}

fn says_space_since(facts: &Facts<'_>, on: Day) -> bool {
    let says = !matches!(facts.view.capacity.space.on(facts.today), Space::Full { .. } | Space::NotSaid);
    says && facts.candidate.space_said.is_some_and(|said| said > on)
}

fn full(facts: &Facts<'_>) -> Option<Cause> {
    let space = facts.view.capacity.space.on(facts.today);
    if !facts.query.only_open || !matches!(space, Space::Full { .. }) {
        return None;
    }
    cause(CauseKind::Full, format!("It is {}.", space.words()))
}

fn not_running(facts: &Facts<'_>) -> Option<Cause> {
    match facts.view.status {
        ServiceStatus::Active | ServiceStatus::TemporarilyClosed => None,
        status => cause(
            CauseKind::NotRunning,
            format!(
                "It {}.",
                match status {
                    ServiceStatus::Inactive => "is not running now",
                    _ => "has ended",
                }
            ),
        ),
    }
}

fn age(facts: &Facts<'_>) -> Option<Cause> {
    let age = facts.query.age?;
    let limits = facts.view.eligibility;
    let too_young = limits.age_min.is_some_and(|min| age < min);
    let too_old = limits.age_max.is_some_and(|max| age > max);
    if !(too_young || too_old) {
        return None;
    }
    cause(CauseKind::Age, format!("It is for people {}.", ages(limits.age_min, limits.age_max)))
}

/// Age limits in words, to stand after "people".
pub(super) fn ages(min: Option<u8>, max: Option<u8>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("aged {min} to {max}"),
        (Some(min), None) => format!("aged {min} or over"),
        (None, Some(max)) => format!("aged {max} or under"),
        (None, None) => "of any age".to_owned(),
    }
}

/// Only a plain conflict. Whoever is neither a woman nor a man is never left out by a
/// rule that does not speak of them: the stated policy is shown instead.
fn gender(facts: &Facts<'_>) -> Option<Cause> {
    match (&facts.view.eligibility.gender, facts.query.gender?) {
        (GenderPolicy::Women { .. }, Gender::Man) => cause(CauseKind::Gender, "It is for women."),
        (GenderPolicy::Men { .. }, Gender::Woman) => cause(CauseKind::Gender, "It is for men."),
        _ => None,
    }
}

/// Serves places the person does not live in. Unknown on either side keeps it in.
fn place(facts: &Facts<'_>) -> Option<Cause> {
    let Serves::Places { places, postcodes } = facts.view.serves else { return None };
    let from = &facts.query.from;
    let by_place = !places.is_empty() && !from.places.is_empty();
    let by_postcode = !postcodes.is_empty() && from.outward.is_some();
    let inside = places.iter().any(|p| from.places.contains(p))
        || from.outward.as_ref().is_some_and(|o| postcodes.contains(o));
    // Where both kinds are given, both have to be known before it can be said "not here".
    let all_known = (places.is_empty() || by_place) && (postcodes.is_empty() || by_postcode);
    if inside || !all_known || !(by_place || by_postcode) {
        return None;
    }
    cause(CauseKind::Place, "It is for people who live somewhere else.")
}

fn distance(facts: &Facts<'_>) -> Option<Cause> {
    let (limit, metres) = (facts.query.within_m?, facts.metres?);
    if metres <= limit || facts.view.remote() {
        return None;
    }
    cause(CauseKind::Distance, format!("It is further than asked for: {}.", how_far(metres)))
}

fn substance_use(facts: &Facts<'_>) -> Option<Cause> {
    let says_no = facts.query.substance_use && facts.view.eligibility.substance_use_ok == Known::No;
    says_no.then_some(())?;
    cause(CauseKind::SubstanceUse, "It does not take people who drink or use drugs.")
}

fn diagnosis(facts: &Facts<'_>) -> Option<Cause> {
    let asks = facts.query.no_diagnosis && facts.view.eligibility.needs_diagnosis == Known::Yes;
    asks.then_some(())?;
    cause(CauseKind::Diagnosis, "It asks for a diagnosis.")
}

pub(super) fn date(day: Day) -> String {
    crate::next_date::words_of(day)
}
