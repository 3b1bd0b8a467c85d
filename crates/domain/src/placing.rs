//! A worker's places: a second team, another team from a day on, the last day, coming back.
//!
//! Nobody changes their own place. What somebody holds passes on by `holding` alone, so nothing
//! here can orphan anybody; what it may not do is take the net or the last administrator away.

use crate::holding::PartnershipFacts;
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::joining::{CannotJoin, may_give};
use crate::keeping::{CannotKeep, still_kept};
use crate::organisation::{Membership, WorkRole, Worker};
use crate::time::{Day, plus_days};

/// Why a place cannot be given or ended so, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotPlace {
    /// As in joining.
    #[error("{0}")]
    Join(#[from] CannotJoin),
    /// As in keeping the place.
    #[error("{0}")]
    Keep(#[from] CannotKeep),
    /// They have this place already.
    #[error("They have that role in that team already")]
    Already,
    /// That place is not there any more.
    #[error("That place is not there any more. Open the page again")]
    NoPlace,
}

/// A place: organisation, team, role.
pub type Where = (OrganisationId, TeamId, WorkRole);

/// Who gives it, and as what.
#[derive(Clone, Copy, Debug)]
pub struct Giver {
    /// Who; none for whoever runs the program.
    pub worker: Option<WorkerId>,
    /// In which role.
    pub role: WorkRole,
}

/// How far ahead a place can begin or end.
const AHEAD_DAYS: i32 = 366;

/// The worker with one more place from a day on; in the place of another that ends the day
/// before, if one is named.
///
/// # Errors
/// It is themselves; the place cannot be given; the day; the net or the last administrator
/// would go.
pub fn placed(
    facts: &PartnershipFacts,
    worker: WorkerId,
    instead: Option<(TeamId, WorkRole)>,
    (organisation, team, role): Where,
    from: Day,
    giver: Giver,
    today: Day,
) -> Result<Worker, CannotPlace> {
    let old = another(facts, worker, giver)?;
    if !old.active(today) {
        return Err(CannotJoin::NotHere.into());
    }
    within(from, today)?;
    let here = facts.organisations.get(&organisation).filter(|_| facts.works(organisation, from));
    let here = here.ok_or(CannotJoin::Organisation)?;
    if !here.has_accounts {
        return Err(CannotJoin::LinksOnly.into());
    }
    if !facts.teams.get(&team).is_some_and(|t| t.organisation == organisation && t.active(from)) {
        return Err(CannotJoin::Team.into());
    }
    if !may_give(giver.role, role) {
        return Err(CannotJoin::Role.into());
    }
    let open = |m: &Membership| m.until.is_none_or(|until| from <= until);
    if old.memberships.iter().any(|m| (m.team, m.role) == (team, role) && open(m)) {
        return Err(CannotPlace::Already);
    }
    let mut new = old.clone();
    if let Some(place) = instead {
        end(&mut new, place, plus_days(from, -1), giver)?;
    }
    new.memberships.push(Membership { organisation, team, role, from, until: None });
    stands(facts, worker, new, &[today, from], today)
}

/// The worker whose place ends with this last day.
///
/// # Errors
/// As [`placed`]; the last place is left by leaving.
pub fn ended(
    facts: &PartnershipFacts,
    worker: WorkerId,
    place: (TeamId, WorkRole),
    last: Day,
    giver: Giver,
    today: Day,
) -> Result<Worker, CannotPlace> {
    let mut new = another(facts, worker, giver)?.clone();
    within(last, plus_days(today, -1))?;
    end(&mut new, place, last, giver)?;
    stands(facts, worker, new, &[today, plus_days(last, 1)], today)
}

/// The worker whose place ended yesterday: somebody who looked at who has access said that it
/// ends.
///
/// # Errors
/// It is not there any more, or the net or the last administrator would go.
pub fn last_day_given(
    facts: &PartnershipFacts,
    worker: WorkerId,
    place: (TeamId, WorkRole),
    today: Day,
) -> Result<Worker, CannotPlace> {
    let mut new = facts.workers.get(&worker).ok_or(CannotPlace::NoPlace)?.clone();
    // Whoever looks at access may end any place, whoever gave it.
    let reviewer = Giver { worker: None, role: WorkRole::SystemAdmin };
    end(&mut new, place, plus_days(today, -1), reviewer)?;
    stands(facts, worker, new, &[today], today)
}

/// The worker who leaves: `last` is their last day anywhere here.
///
/// # Errors
/// As [`placed`].
pub fn leaves(
    facts: &PartnershipFacts,
    worker: WorkerId,
    last: Day,
    giver: Giver,
    today: Day,
) -> Result<Worker, CannotPlace> {
    let old = another(facts, worker, giver)?;
    if !old.active(today) {
        return Err(CannotJoin::NotHere.into());
    }
    within(last, plus_days(today, -1))?;
    may_end_all(old, giver, today)?;
    let left = plus_days(last, 1);
    let new = Worker { left: Some(left), ..old.clone() };
    stands(facts, worker, new, &[today, left], today)
}

/// The worker who was to leave and stays: everything is as it was.
///
/// # Errors
/// They are gone already, or were not to leave.
pub fn stays(
    facts: &PartnershipFacts,
    worker: WorkerId,
    giver: Giver,
    today: Day,
) -> Result<Worker, CannotPlace> {
    let old = another(facts, worker, giver)?;
    if old.left.is_none_or(|left| left <= today) {
        return Err(CannotJoin::NotHere.into());
    }
    may_end_all(old, giver, today)?;
    Ok(Worker { left: None, ..old.clone() })
}

/// The worker who left and comes back: what they were is over, and they are given one place.
///
/// # Errors
/// As [`placed`]; or they have not left.
pub fn comes_back(
    facts: &PartnershipFacts,
    worker: WorkerId,
    place: Where,
    giver: Giver,
    today: Day,
) -> Result<Worker, CannotPlace> {
    let old = another(facts, worker, giver)?;
    let left = old.left.filter(|left| *left <= today).ok_or(CannotJoin::NotHere)?;
    let mut back = Worker { left: None, suspended: None, ..old.clone() };
    for m in &mut back.memberships {
        let last = plus_days(left, -1);
        m.until = Some(m.until.map_or(last, |until| until.min(last)));
    }
    back.memberships.retain(|m| m.until.is_none_or(|until| m.from <= until));
    let mut after = facts.clone();
    after.workers.insert(worker, back);
    placed(&after, worker, None, place, today, giver, today)
}

fn another(facts: &PartnershipFacts, worker: WorkerId, giver: Giver) -> Result<&Worker, CannotPlace> {
    if giver.worker == Some(worker) {
        return Err(CannotJoin::Oneself.into());
    }
    Ok(facts.workers.get(&worker).ok_or(CannotJoin::NotHere)?)
}

/// Whoever could not give a role does not take it away.
fn may_end_all(worker: &Worker, giver: Giver, today: Day) -> Result<(), CannotPlace> {
    let all = worker.memberships.iter().filter(|m| m.in_date(today));
    match all.into_iter().all(|m| may_give(giver.role, m.role)) {
        true => Ok(()),
        false => Err(CannotJoin::Role.into()),
    }
}

fn end(
    new: &mut Worker,
    (team, role): (TeamId, WorkRole),
    last: Day,
    giver: Giver,
) -> Result<(), CannotPlace> {
    if !may_give(giver.role, role) {
        return Err(CannotJoin::Role.into());
    }
    let open = |m: &Membership| m.until.is_none_or(|until| last < until);
    let found = new.memberships.iter().position(|m| (m.team, m.role) == (team, role) && open(m));
    let at = found.ok_or(CannotPlace::NoPlace)?;
    match new.memberships[at].from > last {
        // It had not begun.
        true => drop(new.memberships.remove(at)),
        false => new.memberships[at].until = Some(last),
    }
    Ok(())
}

fn within(on: Day, earliest: Day) -> Result<(), CannotPlace> {
    let latest = plus_days(earliest, AHEAD_DAYS);
    match on < earliest || on > latest {
        true => Err(CannotKeep::NotThen(latest).into()),
        false => Ok(()),
    }
}

fn stands(
    facts: &PartnershipFacts,
    worker: WorkerId,
    new: Worker,
    days: &[Day],
    today: Day,
) -> Result<Worker, CannotPlace> {
    let mut after = facts.clone();
    after.workers.insert(worker, new.clone());
    still_kept(facts, &after, days, today)?;
    Ok(new)
}
