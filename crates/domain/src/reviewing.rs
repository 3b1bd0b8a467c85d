//! The access review: who has which place in an organisation is looked at again and again,
//! and each place is confirmed or ended.
//!
//! Whoever looks at everybody's does not look at their own: that is the keeper's. A place that
//! nobody has looked at for the number of days the partnership chose is due; being late, the
//! look rises like anything else.

use crate::holding::PartnershipFacts;
use crate::holding::place::{keeper, keeper_holder, net, seat};
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::organisation::{AccessLooked, AccessReview, Holder, Membership, Organisation, WorkRole};
use crate::time::{Day, plus_days};

/// Who looks at a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reviewer {
    /// The organisation's own lead.
    Own,
    /// Whoever keeps the members: at the places of that lead.
    Keeper,
}

/// A place in an organisation, as it is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// Whose.
    pub worker: WorkerId,
    /// The place.
    pub membership: Membership,
    /// When it was last looked at, and by whom.
    pub looked: Option<(Day, WorkerId)>,
    /// By when somebody looks at it again.
    pub due: Day,
    /// Who does.
    pub whose: Reviewer,
}

/// Why it cannot be confirmed, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotReviewed {
    /// The place is not there any more.
    #[error("That place is not there any more. Open the page again")]
    Gone,
    /// It is their own.
    #[error("Ask a colleague to look at your own access. Nobody confirms their own")]
    Oneself,
    /// It is for the keeper to look at.
    #[error("Whoever keeps the members looks at this one")]
    NotYours,
    /// Nothing was chosen.
    #[error("Choose what is right and what has to end")]
    Nothing,
}

/// Roles in which somebody of the organisation may look at everybody's access, in the order
/// in which they are asked.
const MAY: [WorkRole; 3] = [WorkRole::ServiceLead, WorkRole::TeamLead, WorkRole::OrgAdmin];

/// Who looks at everybody's access in an organisation: its lead, where their role lets them;
/// else who leads a service there, a team, or keeps its accounts. None: the keeper does.
pub fn reviewer(partnership: &PartnershipFacts, id: OrganisationId, day: Day) -> Option<WorkerId> {
    let o = partnership.organisations.get(&id)?;
    let rank = |w: WorkerId| {
        let worker = partnership.workers.get(&w).filter(|w| w.active(day))?;
        let roles = worker.roles(id, day);
        let known = |m: &Membership| m.in_date(day) && partnership.teams.contains_key(&m.team);
        let seated = worker.memberships.iter().any(|m| m.organisation == id && known(m));
        let rank = MAY.iter().position(|r| roles.contains(r)).filter(|_| seated)?;
        Some((o.lead != Some(w), rank, w))
    };
    partnership.workers.keys().filter_map(|w| rank(*w)).min().map(|(.., w)| w)
}

/// Who looks at the places of whoever looks at everybody's: the keeper, or, where that is the
/// same one, the net.
pub(crate) fn second(partnership: &PartnershipFacts, id: OrganisationId, day: Day) -> Holder {
    let first = reviewer(partnership, id, day);
    match keeper(partnership, day) {
        Some(w) if Some(w) != first => keeper_holder(partnership, day),
        _ => other_keeper(partnership, first, day).unwrap_or_else(|| net(partnership)),
    }
}

fn other_keeper(partnership: &PartnershipFacts, first: Option<WorkerId>, day: Day) -> Option<Holder> {
    let others = partnership.workers.keys().filter(|w| Some(**w) != first);
    let mut keeping = others.filter(|w| crate::holding::place::keeps(partnership, **w, day));
    keeping.find_map(|w| seat(partnership, *w, None, day))
}

/// Every place in an organisation whose workers sign in, with the day by which it is looked at.
/// None before its review was begun, or while it does not work.
pub fn lines(partnership: &PartnershipFacts, id: OrganisationId, today: Day) -> Vec<Line> {
    let Some(o) = partnership.organisations.get(&id) else { return Vec::new() };
    let Some(since) = o.access.since.filter(|_| o.has_accounts && o.active(today)) else { return Vec::new() };
    let first = reviewer(partnership, id, today);
    let days = i32::from(partnership.settings().access_review_days);
    let of = |(worker, w): (&WorkerId, &crate::organisation::Worker)| -> Vec<Line> {
        let here = w.memberships.iter().filter(|m| m.organisation == id && m.in_date(today));
        let line = |m: &Membership| {
            let looked = last_look(&o.access, *worker, m);
            // Whoever lets somebody in, or moves them, has looked at it on that day.
            let from = looked.map_or(m.from, |(on, _)| on.max(m.from)).max(since);
            let whose = if Some(*worker) == first { Reviewer::Keeper } else { Reviewer::Own };
            Line { worker: *worker, membership: *m, looked, due: plus_days(from, days), whose }
        };
        here.filter(|_| w.left.is_none_or(|day| today < day)).map(line).collect()
    };
    partnership.workers.iter().flat_map(of).collect()
}

fn last_look(review: &AccessReview, worker: WorkerId, m: &Membership) -> Option<(Day, WorkerId)> {
    let same = |l: &&AccessLooked| (l.worker, l.team, l.role) == (worker, m.team, m.role);
    review.looked.iter().filter(same).map(|l| (l.on, l.by)).max()
}

/// By when somebody looks at the places that are this reviewer's.
pub fn due(partnership: &PartnershipFacts, id: OrganisationId, whose: Reviewer, today: Day) -> Option<Day> {
    let theirs = lines(partnership, id, today).into_iter().filter(|l| l.whose == whose);
    theirs.map(|l| l.due).min()
}

/// The organisation after somebody looked at these places and found them right. What is older
/// than the last look at a place is forgotten here; the journal keeps it.
///
/// # Errors
/// Nothing was chosen, one is not there, is their own, or is the keeper's to look at.
pub fn confirmed(
    partnership: &PartnershipFacts,
    id: OrganisationId,
    places: &[(WorkerId, TeamId, WorkRole)],
    (by, keeps): (WorkerId, bool),
    today: Day,
) -> Result<Organisation, NotReviewed> {
    let old = partnership.organisations.get(&id).ok_or(NotReviewed::Gone)?;
    if places.is_empty() {
        return Err(NotReviewed::Nothing);
    }
    let all = lines(partnership, id, today);
    let mut looked: Vec<AccessLooked> = old.access.looked.clone();
    for place in places {
        may_review(&all, *place, (by, keeps))?;
        let (worker, team, role) = *place;
        looked.retain(|l| (l.worker, l.team, l.role) != *place);
        looked.push(AccessLooked { worker, team, role, on: today, by });
    }
    let there = |l: &AccessLooked| {
        all.iter().any(|x| (x.worker, x.membership.team, x.membership.role) == (l.worker, l.team, l.role))
    };
    looked.retain(there);
    Ok(Organisation { access: AccessReview { looked, ..old.access }, ..old.clone() })
}

/// May this one say that the place is right, or that it ends?
///
/// # Errors
/// It is not there, their own, or the keeper's.
pub fn may_review(
    all: &[Line],
    (worker, team, role): (WorkerId, TeamId, WorkRole),
    (by, keeps): (WorkerId, bool),
) -> Result<(), NotReviewed> {
    let same = |l: &&Line| (l.worker, l.membership.team, l.membership.role) == (worker, team, role);
    let line = all.iter().find(same).ok_or(NotReviewed::Gone)?;
    match line.whose {
        _ if worker == by => Err(NotReviewed::Oneself),
        Reviewer::Keeper if !keeps => Err(NotReviewed::NotYours),
        _ => Ok(()),
    }
}
