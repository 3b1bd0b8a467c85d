//! Keeping the members of the partnership: organisations come, renew their agreement, change
//! and go; teams are made, led by somebody else and closed.
//!
//! Each rule gives the record as it will be, or says in words why it cannot be. What may never
//! happen: the net falls, or nobody is left who can look after the place itself.

use crate::area::{Area, Sensitivity};
use crate::holding::PartnershipFacts;
use crate::holding::assign::{NetFalls, net_stands};
use crate::holding::place::keeper;
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::next_date::words_of;
use crate::organisation::{
    AccessReview, Agreement, Organisation, OrganisationKind, OrganisationStatus, Succession, Team, TeamClosed,
};
use crate::panel;
use crate::recipients::decision_of;
use crate::time::{Day, plus_days};
use std::collections::BTreeSet;

/// An agreement holds for at most five years: then somebody reads it again.
pub const LONGEST_AGREEMENT_DAYS: i32 = 5 * 366;
/// A close or a change can be written down at most a year ahead.
const AHEAD_DAYS: i32 = 366;

/// Why a member or a team cannot be kept so, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotKeep {
    /// It is not there any more.
    #[error("That is not there any more. Open the page again")]
    Gone,
    /// No name.
    #[error("Enter the full name and a short name for lists")]
    NoName,
    /// Another has this name.
    #[error("There is already one with that name")]
    Twice,
    /// The agreement says too little.
    #[error("Nothing is shared with them before this is written down: {0}")]
    Lacks(String),
    /// The agreement covers no area.
    #[error("Choose at least one area that the agreement covers")]
    NoArea,
    /// It ends before it begins.
    #[error("The last day comes after the first")]
    Backwards,
    /// It ended before today.
    #[error("The last day is over already. Choose a later day")]
    Over,
    /// It holds for too long.
    #[error("That is too far away. Choose a day up to {}", words_of(*.0))]
    TooFar(Day),
    /// It begins later than the one that holds now ends.
    #[error("The agreement that holds now would stop at once. Write the new one down when it has begun")]
    Gap,
    /// The day is over, or too far ahead.
    #[error("Choose a day from today up to {}", words_of(*.0))]
    NotThen(Day),
    /// Nobody of theirs can be named.
    #[error("Choose somebody who works there")]
    NotTheirs,
    /// The one who takes over does not work then.
    #[error("Choose an organisation and a team that are working on that day to take over")]
    NoSuccessor,
    /// The organisation does not work here.
    #[error("That organisation is not working here, or has no agreement in date")]
    Organisation,
    /// The panel has not agreed to this sort of organisation: the decision.
    #[error(
        "The panel of this place has not agreed to this yet: “{0}”. Put it to the panel first. Until they \
         agree, nobody of this sort joins"
    )]
    Panel(&'static str),
    /// The panel said no to this sort of organisation, or ended its yes.
    #[error("The panel of this place said no to this: “{0}”. A no holds until the panel says otherwise")]
    PanelNo(&'static str),
    /// The number of days in which a team replies.
    #[error("A team replies within 1 to 20 working days")]
    ReplyDays,
    /// The net would fall.
    #[error("{0}")]
    Net(#[from] NetFalls),
    /// The agreement of the net would end too soon.
    #[error("The net holds everybody's plans, so its agreement lasts until {} at least", words_of(*.0))]
    NetShort(Day),
    /// Nobody would be left who looks after the place.
    #[error("Then nobody would be left who looks after the place. Name another administrator first")]
    NobodyKeeps,
}

/// What is said about an organisation that is or becomes a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Details {
    /// Its full name.
    pub name: String,
    /// A short name for lists.
    pub short: String,
    /// What sort it is.
    pub kind: OrganisationKind,
    /// Its ODS code.
    pub ods: Option<String>,
    /// Its number in the register of charities.
    pub charity_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Its workers sign in; if not, it answers by links.
    pub has_accounts: bool,
    /// Its own lead, of those who work there.
    pub lead: Option<WorkerId>,
}

/// What is said about a team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamDetails {
    /// Its name.
    pub name: String,
    /// Its lead, of those who work in its organisation.
    pub lead: Option<WorkerId>,
    /// Holds plans.
    pub navigators: bool,
    /// Where links are sent.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Working days within which it replies.
    pub reply_working_days: u16,
}

/// An agreement that can be taken: complete, the right way round, and not over or for ever.
///
/// # Errors
/// What is missing or wrong.
pub fn agreement(agreement: Agreement, today: Day) -> Result<Agreement, CannotKeep> {
    let lacks = agreement.lacks();
    let latest = plus_days(agreement.from.max(today), LONGEST_AGREEMENT_DAYS);
    match () {
        () if !lacks.is_empty() => Err(CannotKeep::Lacks(lacks.join(", "))),
        () if agreement.areas.is_empty() => Err(CannotKeep::NoArea),
        () if agreement.until < agreement.from => Err(CannotKeep::Backwards),
        () if agreement.until < today => Err(CannotKeep::Over),
        () if agreement.from > plus_days(today, AHEAD_DAYS) => {
            Err(CannotKeep::NotThen(plus_days(today, AHEAD_DAYS)))
        }
        () if agreement.until > latest => Err(CannotKeep::TooFar(latest)),
        () => Ok(agreement),
    }
}

/// A new member, with its agreement. Who has access there is looked at from today on.
///
/// # Errors
/// What is missing, or that it is here already.
pub fn joins(
    facts: &PartnershipFacts,
    details: Details,
    signed: Agreement,
    today: Day,
) -> Result<Organisation, CannotKeep> {
    named(facts, None, &details)?;
    let_in(facts, details.kind, today)?;
    let signed = agreement(signed, today)?;
    let since = details.has_accounts.then_some(today);
    Ok(Organisation {
        name: details.name,
        short: details.short,
        kind: details.kind,
        ods: details.ods,
        charity_number: details.charity_number,
        phone: details.phone,
        email: details.email,
        website: details.website,
        agreement: Some(signed),
        status: OrganisationStatus::Active,
        has_accounts: details.has_accounts,
        successors: Vec::new(),
        // Nobody works there yet.
        lead: None,
        access: AccessReview { since, looked: Vec::new() },
    })
}

/// Whoever comes later comes only where this place's own panel has agreed to their sort.
fn let_in(facts: &PartnershipFacts, kind: OrganisationKind, today: Day) -> Result<(), CannotKeep> {
    panel::lets_in(&facts.proposals, kind, today).map_err(|missing| {
        match panel::place_of(&facts.proposals, missing.number, today) {
            panel::Place::No => CannotKeep::PanelNo(missing.title),
            _ => CannotKeep::Panel(missing.title),
        }
    })
}

/// A member goes on while the panel has not spoken, and not after a no.
fn still_let_in(facts: &PartnershipFacts, kind: OrganisationKind, today: Day) -> Result<(), CannotKeep> {
    match let_in(facts, kind, today) {
        Err(CannotKeep::Panel(_)) => Ok(()),
        other => other,
    }
}

fn named(facts: &PartnershipFacts, own: Option<OrganisationId>, details: &Details) -> Result<(), CannotKeep> {
    let same = |a: &str, b: &str| crate::text::fold(a) == crate::text::fold(b);
    if details.name.trim().is_empty() || details.short.trim().is_empty() {
        return Err(CannotKeep::NoName);
    }
    let others = facts.organisations.iter().filter(|(id, _)| Some(**id) != own).map(|(_, o)| o);
    match others.into_iter().any(|o| same(&o.name, &details.name)) {
        true => Err(CannotKeep::Twice),
        false => Ok(()),
    }
}

/// The organisation with other details. Its agreement and whether it works stay.
///
/// # Errors
/// What is missing, or that somebody who works there is not.
pub fn changed(
    facts: &PartnershipFacts,
    id: OrganisationId,
    details: Details,
    today: Day,
) -> Result<Organisation, CannotKeep> {
    let old = facts.organisations.get(&id).ok_or(CannotKeep::Gone)?;
    named(facts, Some(id), &details)?;
    if details.lead.is_some_and(|w| !works_there(facts, w, id, today)) {
        return Err(CannotKeep::NotTheirs);
    }
    // Another decision may stand behind another sort.
    if decision_of(details.kind) != decision_of(old.kind) {
        let_in(facts, details.kind, today)?;
    }
    let since = old.access.since.or(details.has_accounts.then_some(today));
    let new = Organisation {
        name: details.name,
        short: details.short,
        kind: details.kind,
        ods: details.ods,
        charity_number: details.charity_number,
        phone: details.phone,
        email: details.email,
        website: details.website,
        has_accounts: details.has_accounts,
        lead: details.lead,
        access: AccessReview { since, ..old.access.clone() },
        ..old.clone()
    };
    stands(facts, id, new, &[today], today)
}

fn works_there(facts: &PartnershipFacts, worker: WorkerId, id: OrganisationId, day: Day) -> bool {
    facts.workers.get(&worker).is_some_and(|w| w.active(day) && w.works_for(id, day))
}

/// The organisation with this agreement in the place of the one before: a renewal, before or
/// after the old one ended, or the first for one that stood in the directory only.
///
/// # Errors
/// What is missing or wrong in it; that the net or the one who keeps the place would stop.
pub fn renewed(
    facts: &PartnershipFacts,
    id: OrganisationId,
    signed: Agreement,
    today: Day,
) -> Result<Organisation, CannotKeep> {
    let old = facts.organisations.get(&id).ok_or(CannotKeep::Gone)?;
    if matches!(old.status, OrganisationStatus::Closed { .. }) {
        return Err(CannotKeep::Organisation);
    }
    let signed = agreement(signed, today)?;
    // One from the directory comes later like any other; a member goes on unless the panel said no.
    match old.agreement {
        None => let_in(facts, old.kind, today)?,
        Some(_) => still_let_in(facts, old.kind, today)?,
    }
    // The one before would stop at once, and everybody there would be locked out until then.
    if signed.from > today && old.agreement.as_ref().is_some_and(|a| a.in_date(today)) {
        return Err(CannotKeep::Gap);
    }
    if id == facts.place.net_organisation && !signed.in_date(today) {
        return Err(CannotKeep::Net(NetFalls::Stops));
    }
    // It is told of this long before its end: a shorter one would be late the day it is signed.
    let shortest = plus_days(today, facts.settings().agreement_notice_days.into());
    if id == facts.place.net_organisation && signed.until < shortest {
        return Err(CannotKeep::NetShort(shortest));
    }
    let new = Organisation { agreement: Some(signed), ..old.clone() };
    stands(facts, id, new, &[today], today)
}

/// The organisation, closed from a day on, with the team that takes over. With nobody, what it
/// holds comes to whoever holds each plan, and what has no plan to the net.
///
/// # Errors
/// The day, the successor, or that the net or the last administrator would go with it.
pub fn closed(
    facts: &PartnershipFacts,
    id: OrganisationId,
    on: Day,
    successor: Option<(OrganisationId, TeamId)>,
    today: Day,
) -> Result<Organisation, CannotKeep> {
    let old = facts.organisations.get(&id).ok_or(CannotKeep::Gone)?;
    if matches!(old.status, OrganisationStatus::Closed { .. }) {
        return Err(CannotKeep::Gone);
    }
    within(on, today)?;
    let mut successors = old.successors.clone();
    if let Some((organisation, team)) = successor {
        let works = facts.works(organisation, on);
        let known = facts.teams.get(&team).is_some_and(|t| t.organisation == organisation && t.active(on));
        if organisation == id || !works || !known {
            return Err(CannotKeep::NoSuccessor);
        }
        successors.push(Succession { organisation, team, from: on });
    }
    let new = Organisation { status: OrganisationStatus::Closed { on }, successors, ..old.clone() };
    stands(facts, id, new, &[today, on], today)
}

/// The organisation, working again: a close or a pause that was a mistake, or is over.
///
/// # Errors
/// It works.
pub fn opened(facts: &PartnershipFacts, id: OrganisationId) -> Result<Organisation, CannotKeep> {
    let old = facts.organisations.get(&id).ok_or(CannotKeep::Gone)?;
    let from = match old.status {
        OrganisationStatus::Active => return Err(CannotKeep::Gone),
        OrganisationStatus::Suspended { on } | OrganisationStatus::Closed { on } => on,
    };
    // What was to take over when it closed does not any more.
    let successors = old.successors.iter().filter(|s| s.from != from).copied().collect();
    Ok(Organisation { status: OrganisationStatus::Active, successors, ..old.clone() })
}

/// The organisation, paused from today: its people see nothing and hold nothing until it is
/// let back.
///
/// # Errors
/// It does not work, or the net or the last administrator would go with it.
pub fn paused(facts: &PartnershipFacts, id: OrganisationId, today: Day) -> Result<Organisation, CannotKeep> {
    let old = facts.organisations.get(&id).ok_or(CannotKeep::Gone)?;
    if old.status != OrganisationStatus::Active {
        return Err(CannotKeep::Gone);
    }
    let new = Organisation { status: OrganisationStatus::Suspended { on: today }, ..old.clone() };
    stands(facts, id, new, &[today], today)
}

fn within(on: Day, today: Day) -> Result<(), CannotKeep> {
    let latest = plus_days(today, AHEAD_DAYS);
    if on < today || on > latest { Err(CannotKeep::NotThen(latest)) } else { Ok(()) }
}

/// The change, unless the net falls or nobody keeps the place on one of these days.
fn stands(
    facts: &PartnershipFacts,
    id: OrganisationId,
    new: Organisation,
    days: &[Day],
    today: Day,
) -> Result<Organisation, CannotKeep> {
    let mut after = facts.clone();
    after.organisations.insert(id, new.clone());
    still_kept(facts, &after, days, today)?;
    Ok(new)
}

/// Does the net stand, and is somebody there who keeps the place, as before the change?
///
/// # Errors
/// The net would fall, or the last who keeps the place would go.
pub(crate) fn still_kept(
    before: &PartnershipFacts,
    after: &PartnershipFacts,
    days: &[Day],
    today: Day,
) -> Result<(), CannotKeep> {
    for day in days {
        net_stands(after, (*day).max(today))?;
    }
    // A later day on which somebody else's last day has been written down counts as well.
    let goes = days_on_which_somebody_goes(after).into_iter().chain(days.iter().copied());
    let alone = |day: &Day| keeper(after, *day).is_none() && keeper(before, *day).is_some();
    match goes.filter(|day| *day >= today).any(|day| alone(&day)) {
        true => Err(CannotKeep::NobodyKeeps),
        false => Ok(()),
    }
}

fn days_on_which_somebody_goes(facts: &PartnershipFacts) -> BTreeSet<Day> {
    let mut days = BTreeSet::new();
    for w in facts.workers.values() {
        days.extend(w.left.into_iter().chain(w.suspended));
        days.extend(w.memberships.iter().filter_map(|m| m.until).map(|until| plus_days(until, 1)));
    }
    days.extend(facts.organisations.values().filter_map(|o| match o.status {
        OrganisationStatus::Active => None,
        OrganisationStatus::Suspended { on } | OrganisationStatus::Closed { on } => Some(on),
    }));
    days
}

/// A new team of an organisation that works.
///
/// # Errors
/// No name, one of the same name, the lead is not theirs, or the organisation does not work.
pub fn team_made(
    facts: &PartnershipFacts,
    organisation: OrganisationId,
    details: TeamDetails,
    today: Day,
) -> Result<Team, CannotKeep> {
    if !facts.works(organisation, today) {
        return Err(CannotKeep::Organisation);
    }
    team_said(facts, organisation, None, &details, today)?;
    Ok(Team {
        organisation,
        name: details.name,
        lead: details.lead,
        net: false,
        navigators: details.navigators,
        closed: None,
        email: details.email,
        phone: details.phone,
        reply_working_days: details.reply_working_days,
    })
}

fn team_said(
    facts: &PartnershipFacts,
    organisation: OrganisationId,
    own: Option<TeamId>,
    details: &TeamDetails,
    today: Day,
) -> Result<(), CannotKeep> {
    if details.name.trim().is_empty() {
        return Err(CannotKeep::NoName);
    }
    let same = |t: &Team| crate::text::fold(&t.name) == crate::text::fold(&details.name);
    let others = facts.teams.iter().filter(|(id, t)| Some(**id) != own && t.organisation == organisation);
    if others.into_iter().any(|(_, t)| t.active(today) && same(t)) {
        return Err(CannotKeep::Twice);
    }
    if !(1..=20).contains(&details.reply_working_days) {
        return Err(CannotKeep::ReplyDays);
    }
    match details.lead {
        Some(lead) if !works_there(facts, lead, organisation, today) => Err(CannotKeep::NotTheirs),
        _ => Ok(()),
    }
}

/// The team with other details.
///
/// # Errors
/// As [`team_made`]; and that the net would lose its lead, or plans would be left with a team
/// that holds none.
pub fn team_changed(
    facts: &PartnershipFacts,
    id: TeamId,
    details: TeamDetails,
    today: Day,
) -> Result<Team, CannotKeep> {
    let old = facts.teams.get(&id).ok_or(CannotKeep::Gone)?;
    team_said(facts, old.organisation, Some(id), &details, today)?;
    let new = Team {
        name: details.name,
        lead: details.lead,
        navigators: details.navigators,
        email: details.email,
        phone: details.phone,
        reply_working_days: details.reply_working_days,
        ..old.clone()
    };
    team_stands(facts, id, new, &[today], today)
}

/// The team, closed from a day on, with the team of the same organisation that takes over.
///
/// # Errors
/// The day, the successor, or that it is the net.
pub fn team_closed(
    facts: &PartnershipFacts,
    id: TeamId,
    on: Day,
    successor: Option<TeamId>,
    today: Day,
) -> Result<Team, CannotKeep> {
    let old = facts.teams.get(&id).filter(|t| t.closed.is_none()).ok_or(CannotKeep::Gone)?;
    within(on, today)?;
    if let Some(next) = successor {
        let found = facts.teams.get(&next).filter(|t| t.organisation == old.organisation && t.active(on));
        if next == id || found.is_none() {
            return Err(CannotKeep::NoSuccessor);
        }
    }
    let new = Team { closed: Some(TeamClosed { on, successor }), ..old.clone() };
    team_stands(facts, id, new, &[today, on], today)
}

fn team_stands(
    facts: &PartnershipFacts,
    id: TeamId,
    new: Team,
    days: &[Day],
    today: Day,
) -> Result<Team, CannotKeep> {
    let mut after = facts.clone();
    after.teams.insert(id, new.clone());
    still_kept(facts, &after, days, today)?;
    Ok(new)
}

/// The most sensitive thing that an agreement can cover: what is sealed is never sent.
pub const CEILINGS: [Sensitivity; 4] = [Sensitivity::S0, Sensitivity::S1, Sensitivity::S2, Sensitivity::S3];

/// The areas that an agreement can cover.
pub fn areas() -> impl Iterator<Item = Area> {
    Area::ALL.iter().copied()
}
