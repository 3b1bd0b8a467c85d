//! The rules, one a function: which looks of a day each asks about, and its words.

use super::{Detector, Facts, Finding, Looked, Seen, surname};
use crate::id::{OrganisationId, PersonId, WorkerId};
use crate::look_question::LookSeen;
use crate::organisation::WorkRole;
use crate::text::bare;
use crate::time::{Day, Instant, plus_days};
use std::collections::{BTreeMap, BTreeSet};

/// Days before the day itself that show what is usual.
pub const USUAL_DAYS: i32 = 28;

/// What one rule finds among the looks of one day.
pub(super) fn find(facts: &Facts, detector: Detector, day: Day) -> Vec<Finding> {
    if detector == Detector::Bulk {
        return bulk(facts, day);
    }
    let mut found: BTreeMap<(WorkerId, OrganisationId), Vec<&Looked>> = BTreeMap::new();
    for look in facts.of_day(day).filter(|l| asks(facts, detector, l)) {
        found.entry((look.worker, look.organisation)).or_default().push(look);
    }
    let finding = |((worker, organisation), looks): ((WorkerId, OrganisationId), Vec<&Looked>)| {
        let people = people_of(looks.iter().copied()).len();
        let explains = explains(facts, detector, people);
        Finding { detector, worker, organisation, day, looks: seen(&looks), explains }
    };
    found.into_iter().map(finding).collect()
}

fn asks(facts: &Facts, detector: Detector, look: &Looked) -> bool {
    let opened = look.seen != Seen::Denied;
    match detector {
        // Also when they were not let in.
        Detector::OwnRecord => own_record(facts, look),
        Detector::SameAddress => opened && !own_record(facts, look) && same_address(facts, look),
        Detector::SameSurname => {
            opened && !own_record(facts, look) && same_surname(facts, look) && !facts.works_with(look)
        }
        Detector::Colleague => opened && colleague(facts, look) && !facts.works_with(look),
        Detector::NoLaterWork => look.seen == Seen::Opened && !look.emergency && !facts.works_with(look),
        Detector::OutsideHours => look.seen == Seen::Opened && outside_hours(facts, look),
        Detector::WellKnown => opened && well_known(facts, look) && !facts.works_with(look),
        Detector::Bulk => false,
        // Their own plan has a rule of its own.
        Detector::Close => !opened && look.close && !own_record(facts, look),
    }
}

fn own_record(facts: &Facts, look: &Looked) -> bool {
    facts.person(look).is_some_and(|p| p.is.contains(&look.worker))
}

fn same_address(facts: &Facts, look: &Looked) -> bool {
    let mine = facts.workers.get(&look.worker).and_then(|w| w.address.as_ref());
    mine.is_some() && mine == facts.person(look).and_then(|p| p.address.as_ref())
}

fn same_surname(facts: &Facts, look: &Looked) -> bool {
    let mine = facts.workers.get(&look.worker).and_then(|w| surname(&w.name));
    let theirs = facts.person(look).map(|p| p.names.iter().filter_map(|n| surname(n)));
    mine.is_some_and(|mine| theirs.is_some_and(|mut all| all.any(|name| name == mine)))
}

/// The plan of somebody who works for the same organisation.
fn colleague(facts: &Facts, look: &Looked) -> bool {
    let here = |w: &WorkerId| {
        *w != look.worker && facts.works_for.get(w).is_some_and(|of| of.contains(&look.organisation))
    };
    facts.person(look).is_some_and(|p| p.is.iter().any(here))
}

/// A night, a weekend or a holiday, for a role that does not work then, when nothing was written
/// within an hour: whoever works late writes something.
fn outside_hours(facts: &Facts, look: &Looked) -> bool {
    let (s, calendar) = (&facts.settings, &facts.calendar);
    if look.emergency || look.role == WorkRole::CrisisWorker {
        return false;
    }
    let hour = calendar.hour(look.at);
    let usual = calendar.is_working(calendar.day(look.at)) && s.work_from <= hour && hour < s.work_until;
    let wrote = |l: &Looked| {
        l.seen == Seen::Changed
            && l.worker == look.worker
            && l.at >= look.at.plus_hours(-1)
            && l.at <= look.at.plus_hours(1)
    };
    !usual && !facts.looks.iter().any(wrote)
}

fn well_known(facts: &Facts, look: &Looked) -> bool {
    let Some(list) = facts.well_known.get(&look.organisation) else { return false };
    let list: BTreeSet<String> = list.iter().map(|n| bare(n)).filter(|n| !n.is_empty()).collect();
    facts.person(look).is_some_and(|p| p.names.iter().any(|n| list.contains(&bare(n))))
}

/// Many people opened within some minutes, against what is usual for the worker and the role.
fn bulk(facts: &Facts, day: Day) -> Vec<Finding> {
    let s = &facts.settings;
    let mut found = Vec::new();
    for (worker, organisation) in keys(facts.of_day(day)) {
        let mine = |l: &&Looked| (l.worker, l.organisation) == (worker, organisation);
        let looks: Vec<&Looked> = facts.of_day(day).filter(mine).filter(opened).collect();
        let Some(most) = busiest(&looks, s.bulk_minutes.into()) else { continue };
        let people = people_of(most.iter().copied()).len();
        let role = most[0].role;
        let usual = usual(facts, day, |l| l.worker == worker).max(usual(facts, day, |l| l.role == role));
        if people < usize::from(s.bulk_people) || people < usual.saturating_mul(s.bulk_times.into()) {
            continue;
        }
        let explains = format!(
            "They opened the plans of {people} people within {} minutes. On a usual day it is {usual} at most.",
            s.bulk_minutes
        );
        let looks = seen(&most);
        found.push(Finding { detector: Detector::Bulk, worker, organisation, day, looks, explains });
    }
    found
}

/// The middle of the busiest stretches of each worker's days before, those without a look left out.
fn usual(facts: &Facts, day: Day, of: impl Fn(&Looked) -> bool) -> usize {
    let mut counts: Vec<usize> = Vec::new();
    for back in 1..=USUAL_DAYS {
        let before: Vec<&Looked> =
            facts.of_day(plus_days(day, -back)).filter(|l| of(l)).filter(opened).collect();
        for (worker, organisation) in keys(before.iter().copied()) {
            let theirs: Vec<&Looked> = before
                .iter()
                .copied()
                .filter(|l| (l.worker, l.organisation) == (worker, organisation))
                .collect();
            let most = busiest(&theirs, facts.settings.bulk_minutes.into());
            counts.extend(most.map(|m| people_of(m.into_iter()).len()));
        }
    }
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or(0)
}

/// The looks of the stretch of so many minutes with the most people in it. Looks are in the order
/// of time.
fn busiest<'a>(looks: &[&'a Looked], minutes: i64) -> Option<Vec<&'a Looked>> {
    let end = |from: Instant| from.plus_seconds(minutes * 60);
    let stretch = |first: usize| -> Vec<&'a Looked> {
        let until = end(looks[first].at);
        looks[first..].iter().copied().take_while(|l| l.at <= until).collect()
    };
    (0..looks.len()).map(stretch).max_by_key(|of| people_of(of.iter().copied()).len())
}

fn opened(look: &&Looked) -> bool {
    look.seen != Seen::Denied && !look.emergency
}

fn keys<'a>(looks: impl Iterator<Item = &'a Looked>) -> BTreeSet<(WorkerId, OrganisationId)> {
    looks.map(|l| (l.worker, l.organisation)).collect()
}

fn people_of<'a>(looks: impl Iterator<Item = &'a Looked>) -> BTreeSet<PersonId> {
    looks.map(|l| l.person).collect()
}

fn seen(looks: &[&Looked]) -> Vec<LookSeen> {
    looks.iter().map(|l| LookSeen { person: l.person, at: l.at, parts: l.parts.clone() }).collect()
}

fn explains(facts: &Facts, detector: Detector, people: usize) -> String {
    let s = &facts.settings;
    let whom = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
    match detector {
        Detector::OwnRecord => {
            "They opened, or tried to open, a plan that is their own. People read their own plan at their own \
             pages, not as a worker."
                .into()
        }
        Detector::SameSurname => format!(
            "They opened the plan of {whom} with the same last name as theirs, do not support them by name, and \
             wrote nothing about them. It may be chance."
        ),
        Detector::SameAddress => {
            format!("They opened the plan of {whom} who lives at the address where they live.")
        }
        Detector::Colleague => format!(
            "They opened the plan of {whom} who works for the same organisation, and do not support them by name."
        ),
        Detector::NoLaterWork => format!(
            "They opened the plan of {whom} whom they do not support by name, and wrote nothing about them in {} \
             days.",
            s.later_work_days
        ),
        Detector::OutsideHours => format!(
            "They opened the plan of {whom} outside working days or the hours from {}:00 to {}:00, and wrote \
             nothing within an hour.",
            s.work_from, s.work_until
        ),
        Detector::WellKnown => format!(
            "They opened the plan of {whom} whose name is on your list of well-known names, and do not support \
             them by name."
        ),
        Detector::Close => format!(
            "They tried to open the plan of {whom} to whom they are close, and were not let in. Nothing was shown \
             to them. It may have been by mistake."
        ),
        Detector::Bulk => String::new(),
    }
}
