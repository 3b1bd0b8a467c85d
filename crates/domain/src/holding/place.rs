//! What the place itself owes: agreements that end, the look at who has access, people whose
//! last day is near, and what was put to the lived-experience panel. Nobody's plan is in it.
//!
//! Each is computed from the partnership alone and held like anything else: by a named worker
//! with a date, passing on when they are not there, rising when it is late. A job that tells
//! people finds them here; if none ran, Today would still show them.

use crate::id::{OrganisationId, ProposalId, TeamId, WorkerId};
use crate::listing_question::ListingQuestion;
use crate::next_date::words_of;
use crate::organisation::{Holder, Organisation, OrganisationStatus, WorkRole, Worker};
use crate::panel::{self, Owes};
use crate::record::Kind;
use crate::reviewing::{self, Reviewer};
use crate::time::{Day, Instant, plus_days};

use super::due::{About, Due, HeldNext};
use super::facts::PartnershipFacts;
use super::{Held, RecordRef, held};

/// Days before its end by which an agreement is renewed, so that what is late has time to rise.
const RENEWED_BEFORE_DAYS: i32 = 28;
/// The look at who has access appears this many days before it is due.
const REVIEW_SHOWN_DAYS: i32 = 14;
/// A last day appears this many days before it comes.
const LAST_DAY_SHOWN_DAYS: i32 = 42;

/// Everything the place owes, and who holds it at `now`.
pub fn holding_place(partnership: &PartnershipFacts, now: Instant) -> Vec<Held> {
    let today = partnership.calendar.day(now);
    let agreements = partnership
        .organisations
        .iter()
        .filter_map(|(id, o)| Some((*id, agreement_ends(partnership, o, today)?)))
        .map(|(id, next)| agreement_due(partnership, id, next, today));
    let reviews = partnership
        .organisations
        .keys()
        .flat_map(|id| [Reviewer::Own, Reviewer::Keeper].map(|whose| (*id, whose)))
        .filter_map(|(id, whose)| review_due(partnership, id, whose, today));
    let last_days = partnership
        .workers
        .iter()
        .flat_map(|(id, w)| last_days(partnership, w, today).into_iter().map(|last| (*id, last)))
        .map(|(id, last)| last_day_due(partnership, id, last, today));
    let panel = panel::owed(&partnership.proposals, today)
        .into_iter()
        .map(|(id, owes, on, since)| panel_due(partnership, id, (owes, on, since), today));
    let listings =
        partnership.listing_questions.iter().map(|(id, q)| listing_due(partnership, (id.0, q), today));
    let dues: Vec<Due> = agreements.chain(reviews).chain(last_days).chain(panel).chain(listings).collect();
    dues.into_iter().map(|due| held(partnership, due, now, today)).collect()
}

/// When the agreement of a member that is working ends, if that is to be told by now.
pub fn agreement_ends(partnership: &PartnershipFacts, o: &Organisation, today: Day) -> Option<Day> {
    if o.listed_only() || !matches!(o.status, OrganisationStatus::Active) {
        return None;
    }
    let until = o.agreement.as_ref().map(|a| a.until)?;
    let notice = i32::from(partnership.settings().agreement_notice_days);
    (until <= plus_days(today, notice)).then_some(until)
}

fn agreement_due(partnership: &PartnershipFacts, id: OrganisationId, until: Day, today: Day) -> Due {
    let name = partnership.organisations.get(&id).map_or("an organisation", |o| o.short.as_str());
    let what = match until < today {
        true => format!("The agreement with {name} ended on {}: renew it, or close them", words_of(until)),
        false => format!("Renew the agreement with {name}. It ends on {}", words_of(until)),
    };
    let notice = i32::from(partnership.settings().agreement_notice_days);
    let next = HeldNext { what, on: plus_days(until, -RENEWED_BEFORE_DAYS), at: None };
    let since = plus_days(until, -notice);
    due(
        partnership,
        (Kind::Organisation, id.0),
        About::AgreementEnds,
        keeper_holder(partnership, today),
        next,
        since,
    )
}

fn review_due(
    partnership: &PartnershipFacts,
    id: OrganisationId,
    whose: Reviewer,
    today: Day,
) -> Option<Due> {
    let on = reviewing::due(partnership, id, whose, today)?;
    let shown = plus_days(on, -REVIEW_SHOWN_DAYS);
    if today < shown {
        return None;
    }
    let name = partnership.organisations.get(&id).map_or("an organisation", |o| o.short.as_str());
    let (about, what) = match whose {
        Reviewer::Own => (About::AccessReview, format!("Look at who has access at {name}")),
        Reviewer::Keeper => {
            (About::LeadAccessReview, format!("Look at the access of whoever looks at everybody's at {name}"))
        }
    };
    let holder = match whose {
        Reviewer::Own => reviewing::reviewer(partnership, id, today),
        Reviewer::Keeper => None,
    };
    let holder = holder
        .and_then(|w| seat(partnership, w, Some(id), today))
        .unwrap_or_else(|| reviewing::second(partnership, id, today));
    Some(due(partnership, (Kind::Organisation, id.0), about, holder, HeldNext { what, on, at: None }, shown))
}

/// Days on which somebody is in a team, or here at all, for the last time.
fn last_days(partnership: &PartnershipFacts, w: &Worker, today: Day) -> Vec<(Day, TeamId)> {
    if !w.active(today) {
        return Vec::new();
    }
    let left = w.left.map(|day| plus_days(day, -1));
    let ends = w.memberships.iter().filter(|m| m.in_date(today)).filter_map(|m| {
        let until = m.until.into_iter().chain(left).min()?;
        let working = partnership.works(m.organisation, today);
        (working && until <= plus_days(today, LAST_DAY_SHOWN_DAYS)).then_some((until, m.team))
    });
    // One for each worker: the first of the days. The others follow when it is over.
    ends.min().into_iter().collect()
}

fn last_day_due(partnership: &PartnershipFacts, id: WorkerId, (on, team): (Day, TeamId), today: Day) -> Due {
    let name = partnership.teams.get(&team).map_or("your team", |t| t.name.as_str());
    let what = format!("Your last day in {name} is {}: hand over the people you hold", words_of(on));
    let holder = seat_in(partnership, id, team)
        .or_else(|| seat(partnership, id, None, today))
        .unwrap_or_else(|| net(partnership));
    let since = plus_days(on, -LAST_DAY_SHOWN_DAYS);
    due(partnership, (Kind::Worker, id.0), About::LastDay, holder, HeldNext { what, on, at: None }, since)
}

/// What the panel owes is with its contact; while nobody is on it, with whoever keeps the place.
fn panel_due(
    partnership: &PartnershipFacts,
    id: ProposalId,
    (owes, on, since): (Owes, Day, Option<Instant>),
    today: Day,
) -> Due {
    let title = partnership.proposals.get(&id).map_or("", |p| p.title.as_str());
    let (about, what) = match owes {
        Owes::Answer => (About::PanelAnswer, format!("The panel answers: {title}")),
        Owes::Again => (About::PanelAgain, format!("A yes of the panel ends. Put it to them again: {title}")),
    };
    let contact = panel::contact(partnership, today);
    let holder = contact
        .and_then(|w| panel_seat(partnership, w, today))
        .unwrap_or_else(|| keeper_holder(partnership, today));
    let shown = plus_days(on, -panel::AGAIN_BEFORE_DAYS);
    let due = due(partnership, (Kind::Proposal, id.0), about, holder, HeldNext { what, on, at: None }, shown);
    Due { since: since.unwrap_or(due.since), ..due }
}

/// What somebody said about an entry of the directory is with whoever keeps the directory.
fn listing_due(partnership: &PartnershipFacts, (id, q): (uuid::Uuid, &ListingQuestion), today: Day) -> Due {
    let holder = directory_keeper(partnership, today)
        .and_then(|w| seat(partnership, w, None, today))
        .unwrap_or_else(|| keeper_holder(partnership, today));
    let next = HeldNext { what: q.to_do(), on: q.next.on, at: None };
    let since = partnership.calendar.day(q.raised_at);
    let due = due(partnership, (Kind::ListingQuestion, id), About::Listing, holder, next, since);
    Due { since: q.raised_at, moves: q.next.moves_without_contact, ..due }
}

/// Who keeps the directory: the keeper of the place when they manage the partnership, and else the
/// manager who has been there longest. None: nobody manages it.
pub fn directory_keeper(partnership: &PartnershipFacts, day: Day) -> Option<WorkerId> {
    let since = |id: &WorkerId| {
        let w = partnership.workers.get(id).filter(|w| w.active(day))?;
        let managing = |m: &&crate::organisation::Membership| {
            m.role == WorkRole::PartnershipManager
                && m.in_date(day)
                && partnership
                    .organisations
                    .get(&m.organisation)
                    .is_some_and(|o| o.stopped_since(day).is_none())
        };
        w.memberships.iter().filter(managing).map(|m| m.from).min()
    };
    let named = partnership.place.keeper.filter(|w| since(w).is_some());
    let mut all: Vec<_> = partnership.workers.keys().filter_map(|id| Some((since(id)?, *id))).collect();
    all.sort_unstable();
    named.or_else(|| all.first().map(|(_, id)| *id))
}

/// Where a member sits on the panel.
fn panel_seat(partnership: &PartnershipFacts, worker: WorkerId, day: Day) -> Option<Holder> {
    let w = partnership.workers.get(&worker)?;
    let m = w.memberships.iter().find(|m| m.role == WorkRole::PanelMember && m.in_date(day))?;
    Some(Holder { organisation: m.organisation, team: m.team, lead: Some(worker) })
}

fn due(
    partnership: &PartnershipFacts,
    (kind, id): (Kind, uuid::Uuid),
    about: About,
    holder: Holder,
    next: HeldNext,
    since: Day,
) -> Due {
    Due {
        what: RecordRef { kind, id: crate::id::RecordId(id) },
        person: None,
        about,
        holder,
        next,
        since: partnership.calendar.start(since),
        moves: 0,
        needs_navigator: false,
        with_plan: false,
        farthest_days: about.farthest_days(),
    }
}

/// Who keeps the members and their agreements on this day: the one named for it; else the
/// partnership's managers, then the system's administrators, who has been there longest first.
pub fn keeper(partnership: &PartnershipFacts, day: Day) -> Option<WorkerId> {
    let named = partnership.place.keeper.filter(|w| keeps(partnership, *w, day));
    let mut others: Vec<_> = partnership
        .workers
        .iter()
        .filter(|(id, _)| keeps(partnership, **id, day))
        .flat_map(|(id, w)| w.memberships.iter().map(move |m| (m.role == WorkRole::SystemAdmin, m.from, *id)))
        .collect();
    others.sort_unstable();
    named.or_else(|| others.first().map(|(.., id)| *id))
}

/// Does this worker look after the place on this day, in an organisation that works?
pub fn keeps(partnership: &PartnershipFacts, worker: WorkerId, day: Day) -> bool {
    let Some(w) = partnership.workers.get(&worker).filter(|w| w.active(day)) else { return false };
    let works =
        |o: &OrganisationId| partnership.organisations.get(o).is_some_and(|o| o.stopped_since(day).is_none());
    w.memberships.iter().any(|m| {
        m.in_date(day)
            && matches!(m.role, WorkRole::PartnershipManager | WorkRole::SystemAdmin)
            && works(&m.organisation)
    })
}

/// The keeper where they work, or the net.
pub(crate) fn keeper_holder(partnership: &PartnershipFacts, day: Day) -> Holder {
    let keeper = keeper(partnership, day);
    keeper.and_then(|w| seat(partnership, w, None, day)).unwrap_or_else(|| net(partnership))
}

/// The net, with nobody named.
pub(crate) fn net(partnership: &PartnershipFacts) -> Holder {
    let place = &partnership.place;
    Holder { organisation: place.net_organisation, team: place.net_team, lead: None }
}

/// Where this worker works on this day, for holding something: in this organisation, if one is said.
pub(crate) fn seat(
    partnership: &PartnershipFacts,
    worker: WorkerId,
    organisation: Option<OrganisationId>,
    day: Day,
) -> Option<Holder> {
    let w = partnership.workers.get(&worker)?;
    let fits = |o: OrganisationId| organisation.is_none_or(|wanted| wanted == o);
    let known = |team: &TeamId| partnership.teams.contains_key(team);
    let m = w.memberships.iter().find(|m| m.in_date(day) && fits(m.organisation) && known(&m.team))?;
    Some(Holder { organisation: m.organisation, team: m.team, lead: Some(worker) })
}

fn seat_in(partnership: &PartnershipFacts, worker: WorkerId, team: TeamId) -> Option<Holder> {
    let organisation = partnership.teams.get(&team)?.organisation;
    Some(Holder { organisation, team, lead: Some(worker) })
}
