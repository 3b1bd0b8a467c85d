//! Detectors of snooping: pure functions over looks and facts, for the
//! information-governance lead. Each rule finds looks that want an explanation, says in words
//! why it asks, and judges nobody: what it finds becomes a held question
//! ([`crate::look_question`]) that a human works. There is no score of anybody.
//!
//! The rules are those of `reference/reliability.md` 1.1 (DET-1), with the partnership's own
//! numbers. Whoever supports the person by name, or wrote about them in the days around the
//! look, had a reason that shows; those are left out wherever that answers the question.

mod rules;
#[cfg(test)]
mod tests;

use crate::id::{OrganisationId, PersonId, WorkerId};
use crate::look_question::LookSeen;
use crate::organisation::WorkRole;
use crate::settings::Settings;
use crate::text::bare;
use crate::time::{Calendar, Day, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// Their own record.
    OwnRecord,
    /// Somebody with the same last name.
    SameSurname,
    /// Somebody who lives where they do.
    SameAddress,
    /// The plan of a colleague.
    Colleague,
    /// Many people in a short time.
    Bulk,
    /// No work followed.
    NoLaterWork,
    /// At an hour when the role does not work.
    OutsideHours,
    /// Somebody on the lead's list of well-known names.
    WellKnown,
    /// They tried to open the plan of somebody they are close to, and were not let in (R05).
    Close,
}

impl Detector {
    /// Every rule, once.
    pub const ALL: [Detector; 9] = [
        Detector::OwnRecord,
        Detector::SameSurname,
        Detector::SameAddress,
        Detector::Colleague,
        Detector::Bulk,
        Detector::NoLaterWork,
        Detector::OutsideHours,
        Detector::WellKnown,
        Detector::Close,
    ];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Detector::OwnRecord => "own_record",
            Detector::SameSurname => "same_surname",
            Detector::SameAddress => "same_address",
            Detector::Colleague => "colleague",
            Detector::Bulk => "bulk",
            Detector::NoLaterWork => "no_later_work",
            Detector::OutsideHours => "outside_hours",
            Detector::WellKnown => "well_known",
            Detector::Close => "close",
        }
    }
    /// Does it ask whether the two are close to each other (rule R05)?
    pub fn may_be_close(self) -> bool {
        matches!(
            self,
            Detector::OwnRecord | Detector::SameSurname | Detector::SameAddress | Detector::Colleague
        )
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Detector::OwnRecord => "Their own plan",
            Detector::SameSurname => "Somebody with the same last name",
            Detector::SameAddress => "Somebody who lives where they do",
            Detector::Colleague => "The plan of a colleague",
            Detector::Bulk => "Many people in a short time",
            Detector::NoLaterWork => "No work followed",
            Detector::OutsideHours => "Outside the hours of the role",
            Detector::WellKnown => "A well-known name",
            Detector::Close => "Somebody they are close to",
        }
    }
}

/// How much was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seen {
    /// Parts were opened.
    Opened,
    /// Something was written.
    Changed,
    /// It was tried and refused.
    Denied,
}

/// A look of a worker at somebody. Names on lists are none.
#[derive(Clone, PartialEq, Debug)]
pub struct Looked {
    /// When.
    pub at: Instant,
    /// Who.
    pub worker: WorkerId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: WorkRole,
    /// At whom.
    pub person: PersonId,
    /// How much.
    pub seen: Seen,
    /// Under emergency access: that is looked at anyway.
    pub emergency: bool,
    /// Refused because they are close to the person (R05).
    pub close: bool,
    /// Which parts.
    pub parts: String,
}

/// What is known of whoever looked.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Looker {
    /// Their name.
    pub name: String,
    /// Where they live, when they have a plan of their own that says so, for comparing.
    pub address: Option<String>,
}

/// What is known of the one who was looked at.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LookedAt {
    /// Their names, whole.
    pub names: Vec<String>,
    /// Where they live, for comparing.
    pub address: Option<String>,
    /// They work here themselves, as these workers.
    pub is: BTreeSet<WorkerId>,
    /// Who supports them by name.
    pub with: BTreeSet<WorkerId>,
}

/// Everything the rules know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The looks of the days before and of the day itself, in the order of time.
    pub looks: Vec<Looked>,
    /// Those who looked.
    pub workers: BTreeMap<WorkerId, Looker>,
    /// For which organisations each worker works.
    pub works_for: BTreeMap<WorkerId, BTreeSet<OrganisationId>>,
    /// Those who were looked at.
    pub people: BTreeMap<PersonId, LookedAt>,
    /// The well-known names that each organisation's lead keeps.
    pub well_known: BTreeMap<OrganisationId, Vec<String>>,
    /// The numbers of the partnership.
    pub settings: Settings,
    /// Days and hours of the place.
    pub calendar: Calendar,
}

/// What a rule found: one a rule, worker, organisation and day.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// The rule.
    pub detector: Detector,
    /// Who looked.
    pub worker: WorkerId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// On which day.
    pub day: Day,
    /// The looks.
    pub looks: Vec<LookSeen>,
    /// What it found and why it asks, in words that name nobody.
    pub explains: String,
}

/// What the rules find among the looks of one day. Whether work followed a look is known only
/// some days later: the day of that rule is `later_work_days` before.
pub fn find(facts: &Facts, day: Day) -> Vec<Finding> {
    let earlier = crate::time::plus_days(day, -i32::from(facts.settings.later_work_days));
    Detector::ALL
        .into_iter()
        .flat_map(|d| {
            let of = if d == Detector::NoLaterWork { earlier } else { day };
            rules::find(facts, d, of)
        })
        .collect()
}

impl Facts {
    /// Does the looker support the person by name, or did they write about them within some days
    /// of the look?
    fn works_with(&self, look: &Looked) -> bool {
        let days = i64::from(self.settings.later_work_days);
        let near = |l: &Looked| {
            l.seen == Seen::Changed
                && (l.worker, l.person) == (look.worker, look.person)
                && l.at >= look.at.plus_days(-days)
                && l.at <= look.at.plus_days(days)
        };
        self.person(look).is_some_and(|p| p.with.contains(&look.worker)) || self.looks.iter().any(near)
    }

    fn person(&self, look: &Looked) -> Option<&LookedAt> {
        self.people.get(&look.person)
    }

    fn of_day(&self, day: Day) -> impl Iterator<Item = &Looked> {
        let (from, until) = (self.calendar.start(day), self.calendar.end(day));
        self.looks.iter().filter(move |l| from <= l.at && l.at < until)
    }
}

/// The last word of a name, for comparing; none for a name of one word.
fn surname(name: &str) -> Option<String> {
    let name = bare(name);
    let (_, last) = name.rsplit_once(' ')?;
    Some(last.to_owned())
}

/// An address, for comparing: the first line with the postcode. None when either is missing, so
/// that a street or a hostel's town never counts as a home.
pub fn address_key(lines: &[String], postcode: Option<&str>) -> Option<String> {
    let first = lines.iter().map(|l| bare(l)).find(|l| !l.is_empty())?;
    let postcode: String = bare(postcode?).chars().filter(|c| !c.is_whitespace()).collect();
    (!postcode.is_empty()).then(|| format!("{first} {postcode}"))
}
