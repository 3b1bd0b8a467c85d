//! Leave of any kind: from when until when, and who covers. Why is nobody's business
//! here. What the one who is away holds passes to their cover by `holding` alone, and the
//! net never loses its lead to leave.

use crate::holding::{NetFalls, PartnershipFacts, net_stands};
use crate::id::WorkerId;
use crate::organisation::{Absence, Worker};
use crate::time::{Day, plus_days};

/// Why leave is not written down, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadLeave {
    /// Nobody with this account.
    #[error("There is no such worker")]
    NoWorker,
    /// It ends before it begins.
    #[error("The last day away comes after the first")]
    Backwards,
    /// It is over already.
    #[error("That leave is over already. Choose a last day from today on")]
    Over,
    /// There is leave on those days already.
    #[error("You have leave on some of those days already. Take that back first")]
    Overlaps,
    /// The cover cannot cover.
    #[error("Choose somebody of your own organisation who is there on those days to cover")]
    NoCover,
    /// The net would fall.
    #[error("{0}")]
    Net(#[from] NetFalls),
    /// Nothing to take back.
    #[error("That leave is not there any more")]
    NoLeave,
}

/// The worker with this leave.
///
/// # Errors
/// The days or the cover cannot be, or the net would fall.
pub fn take_leave(
    facts: &PartnershipFacts,
    worker: WorkerId,
    leave: Absence,
    today: Day,
) -> Result<Worker, BadLeave> {
    let old = facts.workers.get(&worker).ok_or(BadLeave::NoWorker)?;
    if leave.until.is_some_and(|until| until < leave.from) {
        return Err(BadLeave::Backwards);
    }
    if leave.until.is_some_and(|until| until < today) {
        return Err(BadLeave::Over);
    }
    if old.absences.iter().any(|a| overlap(a, &leave)) {
        return Err(BadLeave::Overlaps);
    }
    if leave.cover.is_some_and(|cover| !may_cover(facts, worker, old, cover, &leave, today)) {
        return Err(BadLeave::NoCover);
    }
    let mut after = old.clone();
    after.absences.push(leave);
    stands(facts, worker, after, today)
}

/// The worker is back, or the leave was not taken: what is over stays, what is to come
/// goes.
///
/// # Errors
/// There is no such leave, or the net would fall.
pub fn back(facts: &PartnershipFacts, worker: WorkerId, from: Day, today: Day) -> Result<Worker, BadLeave> {
    let old = facts.workers.get(&worker).ok_or(BadLeave::NoWorker)?;
    let mut after = old.clone();
    let at = after.absences.iter().position(|a| a.from == from).ok_or(BadLeave::NoLeave)?;
    if after.absences[at].from >= today {
        after.absences.remove(at);
    } else {
        after.absences[at].until = Some(plus_days(today, -1));
    }
    stands(facts, worker, after, today)
}

fn stands(facts: &PartnershipFacts, id: WorkerId, after: Worker, today: Day) -> Result<Worker, BadLeave> {
    let mut changed = facts.clone();
    changed.workers.insert(id, after.clone());
    net_stands(&changed, today)?;
    Ok(after)
}

fn overlap(a: &Absence, b: &Absence) -> bool {
    a.until.is_none_or(|until| b.from <= until) && b.until.is_none_or(|until| a.from <= until)
}

/// Somebody else, of an organisation of the same worker, not away on the first day.
fn may_cover(
    facts: &PartnershipFacts,
    worker: WorkerId,
    old: &Worker,
    cover: WorkerId,
    leave: &Absence,
    today: Day,
) -> bool {
    let day = leave.from.max(today);
    let Some(other) = facts.workers.get(&cover).filter(|_| cover != worker) else { return false };
    let shares = other
        .memberships
        .iter()
        .any(|m| m.in_date(day) && old.memberships.iter().any(|own| own.organisation == m.organisation));
    shares && other.active(day) && other.absence(day).is_none()
}
