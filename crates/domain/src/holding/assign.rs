//! Giving things to somebody, and what may never happen to the net.

use std::collections::BTreeSet;

use crate::id::WorkerId;
use crate::organisation::Holder;
use crate::time::{Day, plus_days};

use super::facts::PartnershipFacts;

/// Why a holder cannot be given anything, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotHold {
    /// The organisation does not work here (any more).
    #[error("That organisation is not working here at the moment")]
    Organisation,
    /// The team does not belong to it, or stopped.
    #[error("That team is not working at the moment")]
    Team,
    /// A plan is held by navigators.
    #[error("A plan is held by a navigator team")]
    NotNavigators,
    /// The worker is not there.
    #[error("That worker is not in this team at the moment")]
    Worker,
}

/// May this holder be given something today? A plan needs a navigator team.
///
/// # Errors
/// Why not.
pub fn may_hold(
    partnership: &PartnershipFacts,
    holder: &Holder,
    plan: bool,
    today: Day,
) -> Result<(), CannotHold> {
    if !partnership.works(holder.organisation, today) {
        return Err(CannotHold::Organisation);
    }
    let team = partnership.teams.get(&holder.team).filter(|t| t.organisation == holder.organisation);
    let team = team.filter(|t| t.active(today)).ok_or(CannotHold::Team)?;
    if plan && !(team.navigators || team.net) {
        return Err(CannotHold::NotNavigators);
    }
    let Some(lead) = holder.lead else { return Ok(()) };
    let worker = partnership.workers.get(&lead).ok_or(CannotHold::Worker)?;
    if worker.active(today) && worker.member_of(holder.team, today) {
        Ok(())
    } else {
        Err(CannotHold::Worker)
    }
}

/// Why a change is not made: the net would fall.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NetFalls {
    /// Organisation or team of the net would stop.
    #[error("The net cannot stop. Name another organisation and team as the net first")]
    Stops,
    /// Nobody would be there as its lead on this day.
    #[error("On {} the net would have no lead. Name cover first", crate::next_date::words_of(*.0))]
    NoLead(Day),
    /// Nobody else would be there as its second named person on this day.
    #[error("On {} the net would have no second named person. Name cover first", crate::next_date::words_of(*.0))]
    NoSecond(Day),
}

/// Does the net stand, from today on, as far as is known? Asked with the facts as they
/// would be after a change to an organisation, team or worker, before it is made. No
/// partnership starts without a net, and nothing may take it away.
///
/// # Errors
/// What the net would lack, and the first day of it.
pub fn net_stands(after: &PartnershipFacts, today: Day) -> Result<(), NetFalls> {
    for day in days_that_matter(after, today) {
        let place = &after.place;
        let team = after.teams.get(&place.net_team).filter(|t| t.organisation == place.net_organisation);
        let works = after.works(place.net_organisation, day);
        let Some(team) = team.filter(|t| works && t.active(day)) else { return Err(NetFalls::Stops) };
        let acts = |worker| after.acts_for(worker, place.net_organisation, day);
        let lead = team.lead.and_then(acts).ok_or(NetFalls::NoLead(day))?;
        let second = acts(place.net_second);
        if second.is_none_or(|second| second == lead) {
            return Err(NetFalls::NoSecond(day));
        }
    }
    Ok(())
}

/// Today, and every later day on which somebody of the net, or their cover, comes or goes.
fn days_that_matter(facts: &PartnershipFacts, today: Day) -> BTreeSet<Day> {
    let place = &facts.place;
    let team = facts.teams.get(&place.net_team);
    let mut people: BTreeSet<WorkerId> =
        team.and_then(|t| t.lead).into_iter().chain([place.net_second]).collect();
    let covers = people.iter().filter_map(|w| facts.workers.get(w)).flat_map(|w| &w.absences);
    let covers: Vec<WorkerId> = covers.filter_map(|a| a.cover).collect();
    people.extend(covers);
    let mut days = BTreeSet::from([today]);
    days.extend(team.and_then(|t| t.closed).map(|c| c.on));
    for worker in people.iter().filter_map(|w| facts.workers.get(w)) {
        days.extend(worker.left.into_iter().chain(worker.suspended));
        for m in &worker.memberships {
            days.extend(m.until.map(|until| plus_days(until, 1)));
        }
        for a in &worker.absences {
            days.insert(a.from);
            days.extend(a.until.map(|until| plus_days(until, 1)));
        }
    }
    days.split_off(&today)
}
