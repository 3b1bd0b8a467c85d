//! Workers join, and are stopped: who may give which role, and what may not happen.
//!
//! Nobody changes their own place, nobody gives a role that reaches further than their own
//! task, and the net never falls because somebody was stopped.

use crate::holding::assign::{NetFalls, net_stands};
use crate::holding::facts::PartnershipFacts;
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::keeping::{CannotKeep, still_kept};
use crate::organisation::{Membership, WorkRole, Worker};
use crate::time::Day;

/// Days for which an invitation works.
pub const INVITATION_DAYS: i64 = 7;

/// Why somebody cannot join, or cannot be stopped, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotJoin {
    /// The organisation does not work here, or has no agreement in date.
    #[error("That organisation is not working here, or has no agreement in date")]
    Organisation,
    /// The organisation answers by links only.
    #[error("That organisation answers by links. Its workers do not sign in")]
    LinksOnly,
    /// The team does not belong to it, or stopped.
    #[error("That team is not working at the moment")]
    Team,
    /// This role is not this administrator's to give.
    #[error("Ask the partnership's manager to give that role")]
    Role,
    /// Nobody invites or stops themselves.
    #[error("Ask a colleague to do this for you. Nobody changes their own place")]
    Oneself,
    /// The worker does not work here now.
    #[error("They do not work here at the moment")]
    NotHere,
    /// The net would fall.
    #[error("{0}")]
    Net(#[from] NetFalls),
    /// Nobody would be left who looks after the place.
    #[error("Then nobody would be left who looks after the place. Name another administrator first")]
    NobodyKeeps,
}

/// May somebody in this role give that role? An organisation's administrator gives the
/// roles of people who help; those that look across organisations are the manager's to
/// give; another administrator of the system is named by one.
pub fn may_give(giver: WorkRole, role: WorkRole) -> bool {
    let across = matches!(
        role,
        WorkRole::SystemAdmin
            | WorkRole::PartnershipManager
            | WorkRole::Analyst
            | WorkRole::IgAuditor
            | WorkRole::RecordsOfficer
            | WorkRole::SafeguardingLead
            | WorkRole::PanelMember
    );
    match giver {
        WorkRole::SystemAdmin => true,
        WorkRole::PartnershipManager => role != WorkRole::SystemAdmin,
        WorkRole::OrgAdmin => !across,
        _ => false,
    }
}

/// A new worker in one team.
///
/// # Errors
/// Why they cannot join it.
pub fn joins(
    facts: &PartnershipFacts,
    (name, email): (String, Option<String>),
    (organisation, team, role): (OrganisationId, TeamId, WorkRole),
    giver: WorkRole,
    today: Day,
) -> Result<Worker, CannotJoin> {
    let place = facts.organisations.get(&organisation).filter(|_| facts.works(organisation, today));
    let place = place.ok_or(CannotJoin::Organisation)?;
    if !place.has_accounts {
        return Err(CannotJoin::LinksOnly);
    }
    let its_team = facts.teams.get(&team).is_some_and(|t| t.organisation == organisation && t.active(today));
    if !its_team {
        return Err(CannotJoin::Team);
    }
    if !may_give(giver, role) {
        return Err(CannotJoin::Role);
    }
    Ok(Worker {
        name,
        email,
        phone: None,
        memberships: vec![Membership { organisation, team, role, from: today, until: None }],
        absences: Vec::new(),
        suspended: None,
        left: None,
    })
}

/// The worker, stopped from today: they are nobody at their next click, and what they hold
/// passes on by itself.
///
/// # Errors
/// It is themselves, they are not here, or the net would fall.
pub fn stopped(
    facts: &PartnershipFacts,
    worker: WorkerId,
    by: WorkerId,
    today: Day,
) -> Result<Worker, CannotJoin> {
    let old = facts.workers.get(&worker).filter(|w| w.active(today)).ok_or(CannotJoin::NotHere)?;
    if worker == by {
        return Err(CannotJoin::Oneself);
    }
    let new = Worker { suspended: Some(today), ..old.clone() };
    let mut after = facts.clone();
    after.workers.insert(worker, new.clone());
    net_stands(&after, today)?;
    still_kept(facts, &after, &[today], today).map_err(|why| match why {
        CannotKeep::Net(net) => CannotJoin::Net(net),
        _ => CannotJoin::NobodyKeeps,
    })?;
    Ok(new)
}

/// The worker, let back in.
///
/// # Errors
/// It is themselves, or they were not stopped.
pub fn let_back(
    facts: &PartnershipFacts,
    worker: WorkerId,
    by: WorkerId,
    today: Day,
) -> Result<Worker, CannotJoin> {
    let old = facts.workers.get(&worker).ok_or(CannotJoin::NotHere)?;
    if worker == by {
        return Err(CannotJoin::Oneself);
    }
    let gone = old.left.is_some_and(|day| day <= today);
    if gone || old.suspended.is_none() {
        return Err(CannotJoin::NotHere);
    }
    Ok(Worker { suspended: None, ..old.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of roles: nobody gives more than their task, and most give nothing.
    #[test]
    fn no_role_gives_what_reaches_further_than_its_task() {
        for giver in WorkRole::ALL.iter().copied() {
            for role in WorkRole::ALL.iter().copied() {
                let may = may_give(giver, role);
                match giver {
                    WorkRole::SystemAdmin => assert!(may),
                    WorkRole::PartnershipManager => assert_eq!(may, role != WorkRole::SystemAdmin),
                    WorkRole::OrgAdmin => assert!(
                        !may || !matches!(
                            role,
                            WorkRole::SystemAdmin | WorkRole::PartnershipManager | WorkRole::IgAuditor
                        )
                    ),
                    _ => assert!(!may, "{giver:?} gives {role:?}"),
                }
            }
        }
        assert!(may_give(WorkRole::OrgAdmin, WorkRole::Navigator));
        assert!(!may_give(WorkRole::OrgAdmin, WorkRole::RecordsOfficer));
    }
}
