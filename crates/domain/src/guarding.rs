//! Who may read a line of the plan: a need, a goal, a step or a section.
//!
//! The marks are those of a note ([`Marks`]): how private it is, what it names, about somebody
//! else, not on the person's own pages, sealed to named people. A line is different in three
//! ways. It is in the person's words, so they may mark it too. Somebody may hold it and have
//! something to do by a day, so that whoever holds it must be able to read it: what nobody
//! could see would be lost. And it is everybody's who helps, so guarding it less is for whoever
//! wrote it or marked it, for the person, and for whoever leads.
//!
//! What was sent in a request stays with whom it was sent; on every other page the line is as
//! it is marked today ([`stricter`]).

use crate::area::{Area, Category, Sensitivity};
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::marks::{HIDDEN_DAYS, HiddenReview, Marks, NotMarked, guards_less};
use crate::need::Need;
use crate::organisation::Holder;
use crate::plan::{Goal, Part, PlanSection, Step, StepOwner};
use crate::record::{Author, Label, Record, Saved};
use crate::time::{Day, Instant, plus_days};
use serde::{Deserialize, Serialize};

/// What whoever hid a line reads on its day.
pub const LINE_HIDDEN: &str =
    "A line of the plan is not on their own pages. Is there still a reason? Look at it again.";

/// How a line is guarded, beside how private it is and what it names.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Guard {
    /// About somebody other than the person, or said by them in confidence: what that somebody
    /// wants to happen with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party: Option<String>,
    /// Not on the person's own pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hidden>,
    /// Sealed: the only workers who may open it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_list: Vec<WorkerId>,
    /// Each time that who may read it was changed, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<LineMarked>,
}

/// Why a line is not on the person's own pages, and when that is looked at again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hidden {
    /// What serious harm reading it could do.
    pub harm: String,
    /// When that is looked at again, and by whom.
    pub review: HiddenReview,
}

/// Who may read a line was changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LineMarked {
    /// When.
    pub at: Instant,
    /// By whom: a worker, or the person.
    pub by: Author,
    /// It is guarded less than before.
    pub less: bool,
    /// Why, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Guard {
    /// Was nothing ever marked? Then nothing is stored.
    pub fn is_plain(&self) -> bool {
        *self == Guard::default()
    }

    /// The label of a line that is guarded so.
    pub fn label(&self, area: Area, sensitivity: Sensitivity, categories: &[Category]) -> Label {
        Label {
            categories: categories.to_vec(),
            hidden: self.hidden.is_some(),
            third_party: self.third_party.is_some(),
            allow_list: self.allow_list.clone(),
            ..Label::of(area, sensitivity)
        }
    }
}

/// What can be marked on a plan.
pub trait Line: Record {
    /// What it says, as one text.
    fn says(&self) -> String;
    /// How private it is, what it names, and how else it is guarded.
    fn privacy(&self) -> (Sensitivity, &[Category], &Guard);
    /// The same line, guarded so.
    fn guarded_so(&self, sensitivity: Sensitivity, categories: Vec<Category>, guard: Guard) -> Self;
    /// Is it in the person's words, about themselves?
    fn in_their_words(&self) -> bool;
    /// Is it the person's own to do or to say, so that it cannot be kept from them?
    fn is_theirs(&self) -> bool;
    /// Must it be found by whoever helps when it is needed: a safety plan?
    fn must_be_found(&self) -> bool {
        false
    }
    /// Which section of the plan it is, where it is one.
    fn section(&self) -> Option<(Part, Option<Area>)> {
        None
    }
    /// Who has something to do about it now: everybody who must be able to read it.
    fn with(&self) -> Vec<(OrganisationId, TeamId, Option<WorkerId>)> {
        Vec::new()
    }
}

fn party(holder: &Holder) -> (OrganisationId, TeamId, Option<WorkerId>) {
    (holder.organisation, holder.team, holder.lead)
}

impl Line for Need {
    fn says(&self) -> String {
        self.words.clone()
    }
    fn privacy(&self) -> (Sensitivity, &[Category], &Guard) {
        (self.sensitivity, &self.categories, &self.guard)
    }
    fn guarded_so(&self, sensitivity: Sensitivity, categories: Vec<Category>, guard: Guard) -> Need {
        Need { sensitivity, categories, guard, ..self.clone() }
    }
    fn in_their_words(&self) -> bool {
        true
    }
    fn is_theirs(&self) -> bool {
        false
    }
    fn with(&self) -> Vec<(OrganisationId, TeamId, Option<WorkerId>)> {
        self.open().then(|| party(&self.holder)).into_iter().collect()
    }
}

impl Line for Goal {
    fn says(&self) -> String {
        self.words.clone()
    }
    fn privacy(&self) -> (Sensitivity, &[Category], &Guard) {
        (self.sensitivity, &self.categories, &self.guard)
    }
    fn guarded_so(&self, sensitivity: Sensitivity, categories: Vec<Category>, guard: Guard) -> Goal {
        Goal { sensitivity, categories, guard, ..self.clone() }
    }
    fn in_their_words(&self) -> bool {
        true
    }
    fn is_theirs(&self) -> bool {
        false
    }
}

impl Line for Step {
    fn says(&self) -> String {
        self.what.clone()
    }
    fn privacy(&self) -> (Sensitivity, &[Category], &Guard) {
        (self.sensitivity, &self.categories, &self.guard)
    }
    fn guarded_so(&self, sensitivity: Sensitivity, categories: Vec<Category>, guard: Guard) -> Step {
        Step { sensitivity, categories, guard, ..self.clone() }
    }
    fn in_their_words(&self) -> bool {
        self.is_theirs()
    }
    fn is_theirs(&self) -> bool {
        self.owner == StepOwner::Person
    }
    fn with(&self) -> Vec<(OrganisationId, TeamId, Option<WorkerId>)> {
        let asked = match self.owner {
            StepOwner::Person => None,
            StepOwner::Worker { organisation, team, worker } => Some((organisation, team, Some(worker))),
            StepOwner::Team { organisation, team } => Some((organisation, team, None)),
        };
        let all = std::iter::once(party(&self.holder)).chain(asked);
        if self.open() { all.collect() } else { Vec::new() }
    }
}

impl Line for PlanSection {
    fn says(&self) -> String {
        let parts = [&self.words, &self.going_well, &self.want_different];
        let said: Vec<&str> = parts.into_iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
        said.join("\n")
    }
    fn privacy(&self) -> (Sensitivity, &[Category], &Guard) {
        (self.sensitivity, &self.categories, &self.guard)
    }
    fn guarded_so(&self, sensitivity: Sensitivity, categories: Vec<Category>, guard: Guard) -> PlanSection {
        let hidden = guard.hidden.is_some();
        PlanSection { sensitivity, categories, guard, hidden, ..self.clone() }
    }
    fn in_their_words(&self) -> bool {
        self.by_person
    }
    fn is_theirs(&self) -> bool {
        self.by_person || self.must_be_found()
    }
    fn must_be_found(&self) -> bool {
        self.part == Part::Safety
    }
    fn section(&self) -> Option<(Part, Option<Area>)> {
        Some((self.part, self.area))
    }
}

/// As a line is guarded now.
pub fn marks_of<T: Line>(line: &T) -> Marks {
    let (sensitivity, categories, guard) = line.privacy();
    Marks {
        sensitivity,
        categories: categories.to_vec(),
        third_party: guard.third_party.is_some(),
        hidden: guard.hidden.as_ref().map(|h| (h.harm.clone(), h.review.on)),
        allow_list: guard.allow_list.clone(),
    }
}

/// How somebody wants a line to be guarded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The marks.
    pub marks: Marks,
    /// About somebody else: what they want to happen with it.
    pub wish: Option<String>,
    /// Why it is guarded less, where it is.
    pub why: Option<String>,
}

impl Wanted {
    /// The label the line would have.
    pub fn label<T: Line>(&self, line: &T) -> Label {
        let label = line.label();
        let m = &self.marks;
        Label {
            area: label.area,
            sensitivity: m.sensitivity,
            categories: m.categories.clone(),
            hidden: m.hidden.is_some(),
            third_party: m.third_party,
            allow_list: m.allow_list.clone(),
        }
    }
}

/// Who marks a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marker {
    /// The worker or the person.
    pub by: Author,
    /// For a worker: who looks again at what is hidden.
    pub holder: Option<Holder>,
    /// Do they lead the team or the service?
    pub leads: bool,
    /// Could everybody who has something to do about it still read it?
    pub still_read: bool,
}

/// Why a line cannot be guarded so, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotGuarded {
    /// As for a note.
    #[error(transparent)]
    Marks(#[from] NotMarked),
    /// Hidden without saying what harm it could do.
    #[error("Write what serious harm it could do to read it. Without that, they see it")]
    NoHarm,
    /// About somebody else, and nobody asked them.
    #[error("Write what the other person wants: what may be said, and to whom")]
    NoWish,
    /// What the person said or does themselves cannot be kept from them.
    #[error("These are their own words, or theirs to do. It cannot be kept from them")]
    Theirs,
    /// Sealed while somebody has something to do about it.
    #[error(
        "Somebody still has to do this, and nobody would see that it is late. End it first, or write what is secret as a sealed note"
    )]
    Held,
    /// So private that whoever has it could not read it.
    #[error(
        "Somebody who has this to do could not read it any more. Let somebody who may read it take it on first"
    )]
    Unread,
    /// A safety plan is neither sealed nor opened up.
    #[error("A safety plan has to be found when it is needed, and by nobody else. It stays very private")]
    MustBeFound,
    /// Guarded less by somebody who may not.
    #[error(
        "Ask whoever wrote it or marked it, the person, or whoever leads here. They can open it to more people"
    )]
    NotYours,
    /// The person marks what is not in their words.
    #[error("These are not your own words. Ask whoever holds your plan")]
    NotOwnWords,
    /// What only a worker can mark.
    #[error("Ask whoever holds your plan to do this with you")]
    WithAWorker,
    /// Nothing is different.
    #[error("It is like that already. Choose what you want to change")]
    Same,
}

/// The marks as they are kept: what does not belong to a level is left out.
fn tidied(marks: &Marks) -> Marks {
    let restricted = marks.sensitivity >= Sensitivity::S3;
    let sealed = marks.sensitivity == Sensitivity::S4;
    Marks {
        categories: if restricted { marks.categories.clone() } else { Vec::new() },
        allow_list: if sealed { marks.allow_list.clone() } else { Vec::new() },
        hidden: marks.hidden.as_ref().map(|(harm, on)| (harm.trim().to_owned(), *on)),
        ..marks.clone()
    }
}

fn said(words: Option<&String>) -> Option<String> {
    words.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty())
}

/// Is guarding less theirs to do: whoever wrote it, whoever marked it last, the person, a lead?
fn may_open_up<T: Line>(line: &Saved<T>, marker: &Marker) -> bool {
    let same = |author: &Author| match (author, &marker.by) {
        (Author::Worker { worker: a, .. }, Author::Worker { worker: b, .. }) => a == b,
        (a, b) => a == b,
    };
    let (_, _, guard) = line.value.privacy();
    let marked_last = guard.marked.last().is_some_and(|m| same(&m.by));
    matches!(marker.by, Author::Person { .. }) || marker.leads || marked_last || same(&line.meta.created_by)
}

/// What the person may do with a line of theirs: more or less private, and what it names.
fn by_the_person<T: Line>(line: &Saved<T>, before: &Marks, after: &Marks) -> Result<(), NotGuarded> {
    let wrote = matches!(line.meta.created_by, Author::Person { .. });
    match () {
        () if !wrote && !line.value.in_their_words() => Err(NotGuarded::NotOwnWords),
        () if after.sensitivity == Sensitivity::S4 || before.sensitivity == Sensitivity::S4 => {
            Err(NotGuarded::WithAWorker)
        }
        () if after.hidden != before.hidden || after.third_party != before.third_party => {
            Err(NotGuarded::WithAWorker)
        }
        () => Ok(()),
    }
}

/// A line guarded in another way.
///
/// # Errors
/// What is missing, or why it cannot be.
pub fn guarded<T: Line>(
    line: &Saved<T>,
    wanted: &Wanted,
    marker: &Marker,
    (now, today): (Instant, Day),
) -> Result<T, NotGuarded> {
    let before = marks_of(&line.value);
    let after = tidied(&wanted.marks);
    let (_, _, guard) = line.value.privacy();
    let wish = said(wanted.wish.as_ref()).filter(|_| after.third_party);
    let why = said(wanted.why.as_ref());
    if after == before && wish == guard.third_party {
        return Err(NotGuarded::Same);
    }
    let person = matches!(marker.by, Author::Person { .. });
    if person {
        by_the_person(line, &before, &after)?;
    }
    let less = guards_less(&before, &after);
    possible(line, &before, &after, marker)?;
    let latest = plus_days(today, HIDDEN_DAYS);
    let kept = after.hidden == before.hidden;
    match &after.hidden {
        Some((harm, _)) if harm.is_empty() => return Err(NotGuarded::NoHarm),
        Some((_, on)) if !kept && (*on <= today || *on > latest) => {
            return Err(NotMarked::Review { latest }.into());
        }
        _ if after.third_party && wish.is_none() => return Err(NotGuarded::NoWish),
        _ if less && !may_open_up(line, marker) => return Err(NotGuarded::NotYours),
        // The person opens up their own words without a reason.
        _ if less && !person && why.is_none() => return Err(NotMarked::NoWhy.into()),
        _ => {}
    }
    let hidden = match (&after.hidden, marker.holder) {
        (Some(_), _) if kept => guard.hidden.clone(),
        (Some((harm, on)), Some(holder)) => {
            Some(Hidden { harm: harm.clone(), review: HiddenReview { on: *on, holder } })
        }
        (Some(_), None) => return Err(NotGuarded::WithAWorker),
        (None, _) => None,
    };
    let mut marked = guard.marked.clone();
    marked.push(LineMarked { at: now, by: marker.by, less, why });
    let guard = Guard { third_party: wish, hidden, allow_list: after.allow_list, marked };
    Ok(line.value.guarded_so(after.sensitivity, after.categories, guard))
}

/// Can it be kept from the person at all: hidden from their pages, or about somebody else? Not
/// what they wrote, said or do themselves.
pub fn may_keep_from_them<T: Line>(line: &Saved<T>) -> bool {
    !matches!(line.meta.created_by, Author::Person { .. }) && !line.value.is_theirs()
}

/// Which marks can stand on this line at all.
fn possible<T: Line>(
    line: &Saved<T>,
    before: &Marks,
    after: &Marks,
    marker: &Marker,
) -> Result<(), NotGuarded> {
    let sealed = after.sensitivity == Sensitivity::S4;
    let me = match marker.by {
        Author::Worker { worker, .. } => Some(worker),
        _ => None,
    };
    let kept_from_them =
        (after.hidden.is_some() && before.hidden.is_none()) || (after.third_party && !before.third_party);
    match () {
        () if after.sensitivity == Sensitivity::S0 => Err(NotMarked::NoLevel.into()),
        () if line.value.must_be_found() && after.sensitivity != Sensitivity::S3 => {
            Err(NotGuarded::MustBeFound)
        }
        () if after.sensitivity == Sensitivity::S3 && after.categories.is_empty() => {
            Err(NotMarked::NoName.into())
        }
        () if kept_from_them && !may_keep_from_them(line) => Err(NotGuarded::Theirs),
        () if sealed && !line.value.with().is_empty() => Err(NotGuarded::Held),
        () if sealed && !me.is_some_and(|me| after.allow_list.contains(&me)) => Err(NotMarked::NotMe.into()),
        () if after.sensitivity > before.sensitivity && !marker.still_read => Err(NotGuarded::Unread),
        () => Ok(()),
    }
}

/// The label of words that were copied from a record at another time, such as a line of a
/// request: whatever of the two guards more.
pub fn stricter(then: &Label, today: &Label) -> Label {
    let mut categories = then.categories.clone();
    categories.extend(today.categories.iter().filter(|c| !then.categories.contains(c)));
    Label {
        area: then.area,
        sensitivity: then.sensitivity.max(today.sensitivity),
        categories,
        hidden: then.hidden || today.hidden,
        third_party: then.third_party || today.third_party,
        allow_list: today.allow_list.clone(),
    }
}

/// May a line with this label go to anybody in a request? What the person does not read
/// themselves they cannot agree to, and what is about somebody else is not theirs to give.
pub fn may_be_asked_with(label: &Label) -> bool {
    !label.hidden && !label.third_party && label.sensitivity < Sensitivity::S4
}

#[cfg(test)]
mod tests;
