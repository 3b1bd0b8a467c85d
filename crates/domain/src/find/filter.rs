//! What leaves a service or group out: only facts that somebody stated and that conflict
//! with the question, and what was tried before.

use super::view::View;
use super::{Candidate, Cause, CauseKind, Config, Gender, Kinds, Origin, Query, Tried};
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
    let conflicts = CHECKS.iter().filter(|check| (check.conflicts)(facts));
    before
        .into_iter()
        .chain(conflicts.map(|check| Cause { kind: check.kind, words: (check.words)(facts) }))
        .collect()
}

fn cause(kind: CauseKind, words: impl Into<String>) -> Option<Cause> {
    Some(Cause { kind, words: words.into() })
}

/// Does a stated fact conflict with the question? Nothing is put into words for it.
pub(super) fn conflicts(facts: &Facts<'_>) -> bool {
    CHECKS.iter().any(|check| (check.conflicts)(facts))
}

/// One kind of conflict: whether it is there, and how it is told.
struct Check {
    kind: CauseKind,
    conflicts: fn(&Facts<'_>) -> bool,
    words: fn(&Facts<'_>) -> String,
}

const CHECKS: [Check; 8] = [
    Check {
        kind: CauseKind::Full,
        conflicts: full,
        words: |f| format!("It is {}.", f.view.capacity.space.on(f.today).words()),
    },
    Check {
        kind: CauseKind::NotRunning,
        conflicts: not_running,
        words: |f| match f.view.status {
            ServiceStatus::Inactive => "It is not running now.".into(),
            _ => "It has ended.".into(),
        },
    },
    Check {
        kind: CauseKind::Age,
        conflicts: age,
        words: |f| {
            format!("It is for people {}.", ages(f.view.eligibility.age_min, f.view.eligibility.age_max))
        },
    },
    Check {
        kind: CauseKind::Gender,
        conflicts: gender,
        words: |f| match f.view.eligibility.gender {
            GenderPolicy::Women { .. } => "It is for women.".into(),
            _ => "It is for men.".into(),
        },
    },
    Check {
        kind: CauseKind::Place,
        conflicts: place,
        words: |_| "It is for people who live somewhere else.".into(),
    },
    Check {
        kind: CauseKind::Distance,
        conflicts: distance,
        words: |f| format!("It is further than asked for: {}.", how_far(f.metres.unwrap_or_default())),
    },
    Check {
        kind: CauseKind::SubstanceUse,
        conflicts: substance_use,
        words: |_| "It does not take people who drink or use drugs.".into(),
    },
    Check { kind: CauseKind::Diagnosis, conflicts: diagnosis, words: |_| "It asks for a diagnosis.".into() },
];

pub(super) fn not_about(query: &Query, view: &View<'_>, fit: f64, text: f64) -> Option<Cause> {
    match query.kinds {
        Kinds::Services if view.is_group => return cause(CauseKind::NotAbout, "This is a group."),
        Kinds::Groups if !view.is_group => return cause(CauseKind::NotAbout, "This is not a group."),
        _ => {}
    }
    if asks(query) && fit <= 0.0 && text <= 0.0 {
        return cause(CauseKind::NotAbout, "It is about something else.");
    }
    None
}

/// Does the question say what it is about?
pub(super) fn asks(query: &Query) -> bool {
    query.need.is_some()
        || query.area.is_some()
        || !query.interests.is_empty()
        || !query.words.trim().is_empty()
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

fn full(facts: &Facts<'_>) -> bool {
    facts.query.only_open && matches!(facts.view.capacity.space.on(facts.today), Space::Full { .. })
}

fn not_running(facts: &Facts<'_>) -> bool {
    !matches!(facts.view.status, ServiceStatus::Active | ServiceStatus::TemporarilyClosed)
}

fn age(facts: &Facts<'_>) -> bool {
    let limits = facts.view.eligibility;
    facts.query.age.is_some_and(|age| {
        limits.age_min.is_some_and(|min| age < min) || limits.age_max.is_some_and(|max| age > max)
    })
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
fn gender(facts: &Facts<'_>) -> bool {
    matches!(
        (&facts.view.eligibility.gender, facts.query.gender),
        (GenderPolicy::Women { .. }, Some(Gender::Man)) | (GenderPolicy::Men { .. }, Some(Gender::Woman))
    )
}

/// Serves places the person does not live in. Unknown on either side keeps it in.
fn place(facts: &Facts<'_>) -> bool {
    serves_elsewhere(facts.view.serves, &facts.query.from)
}

pub(super) fn serves_elsewhere(serves: &Serves, from: &Origin) -> bool {
    let Serves::Places { places, postcodes } = serves else { return false };
    let by_place = !places.is_empty() && !from.places.is_empty();
    let by_postcode = !postcodes.is_empty() && from.outward.is_some();
    let inside = places.iter().any(|p| from.places.contains(p))
        || from.outward.as_ref().is_some_and(|o| postcodes.contains(o));
    // Where both kinds are given, both have to be known before it can be said "not here".
    let all_known = (places.is_empty() || by_place) && (postcodes.is_empty() || by_postcode);
    !inside && all_known && (by_place || by_postcode)
}

fn distance(facts: &Facts<'_>) -> bool {
    let further = facts.query.within_m.zip(facts.metres).is_some_and(|(limit, metres)| metres > limit);
    further && !facts.view.remote()
}

fn substance_use(facts: &Facts<'_>) -> bool {
    facts.query.substance_use && facts.view.eligibility.substance_use_ok == Known::No
}

fn diagnosis(facts: &Facts<'_>) -> bool {
    facts.query.no_diagnosis && facts.view.eligibility.needs_diagnosis == Known::Yes
}

pub(super) fn date(day: Day) -> String {
    crate::next_date::words_of(day)
}
