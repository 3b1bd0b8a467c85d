//! Made-up requests: mostly somebody asking for what they might well see, with everything else now
//! and then.

use super::{Chance, Shape};
use crate::matrix::NOW;
use crate::request::{BreakGlass, PaperCode, Request};
use crate::time::{HOUR, MINUTE};
use crate::words::{Action, Area, Change, NEVER_A_PURPOSE, Role, purposes_of};
use crate::world::{Item, PacketEntry, World};

const ACTIONS: [Action; 24] = [
    Action::View,
    Action::View,
    Action::View,
    Action::View,
    Action::View,
    Action::View,
    Action::View,
    Action::View,
    Action::View,
    Action::View,
    Action::Export,
    Action::Export,
    Action::Export,
    Action::Create,
    Action::Create,
    Action::Edit,
    Action::Edit,
    Action::Contribute,
    Action::Delete,
    Action::ViewReferralStatus,
    Action::ManageConsent,
    Action::ManageProxy,
    Action::ViewAudit,
    Action::FindToRefer,
];
const AMENDMENTS: [Action; 7] = [
    Action::Amend,
    Action::Update,
    Action::Update,
    Action::Disclose,
    Action::ViewStub,
    Action::ViewName,
    Action::ViewNext,
];
const CHANGES: [Change; 4] = [Change::Give, Change::Widen, Change::Narrow, Change::Stop];

/// One request in this world.
pub(super) fn request(chance: &mut Chance, world: &World, shape: Shape) -> Request {
    let actor = actor(chance, world);
    let role = actor.as_ref().and_then(|id| world.users.get(id)).map_or(Role::Unknown, |user| user.role);
    let action = action(chance, role, shape);
    let mut request = Request {
        actor,
        action,
        at: NOW.plus(i64::try_from(chance.below(48)).unwrap_or(0) * if shape.edges { 0 } else { HOUR }),
        purpose: purpose(chance, role),
        aal: if chance.percent(94) { 2 } else { 1 },
        auth_age_s: [10, 30, 60, 60, 200, 300, 301, 4000][usize::try_from(chance.below(8)).unwrap_or(0)],
        reason_text: chance.percent(60).then(|| "because of what was agreed".to_owned()),
        ..Request::default()
    };
    target(chance, world, &mut request, role);
    emergency(chance, &mut request, role);
    around(chance, world, shape, &mut request, role);
    request
}

/// Two in three ask as staff.
fn actor(chance: &mut Chance, world: &World) -> Option<String> {
    let (staff, others): (Vec<_>, Vec<_>) = world.users.iter().partition(|(_, user)| user.role.is_staff());
    let from = if chance.percent(67) { staff } else { others };
    chance.pick(&from).map(|(id, _)| (*id).clone())
}

fn action(chance: &mut Chance, role: Role, shape: Shape) -> Action {
    if chance.percent(2) {
        return if chance.percent(50) { Action::Aggregate } else { Action::BrowseDirectory };
    }
    let often = match role {
        Role::Analyst => Some(Action::Aggregate),
        Role::IgAuditor => Some(Action::ViewAudit),
        Role::RecordsOfficer => Some(Action::Disclose),
        Role::LinkHolder => Some(Action::View),
        _ => None,
    };
    match often {
        Some(action) if chance.percent(40) => action,
        _ if shape.amendments && chance.percent(20) => {
            chance.pick(&AMENDMENTS).copied().unwrap_or(Action::Amend)
        }
        _ => chance.pick(&ACTIONS).copied().unwrap_or_default(),
    }
}

fn purpose(chance: &mut Chance, role: Role) -> Option<String> {
    let all: Vec<&str> = Role::ALL.into_iter().flat_map(purposes_of).copied().collect();
    let word = match chance.below(100) {
        0..3 => chance.pick(&NEVER_A_PURPOSE),
        3..6 => chance.pick(&all),
        _ => chance.pick(purposes_of(role)),
    };
    word.map(|word| (*word).to_owned())
}

/// What the request names: an item, a referral, or a person and a part of their record.
fn target(chance: &mut Chance, world: &World, request: &mut Request, role: Role) {
    let own = request.actor.as_ref().and_then(|id| whose(chance, world, id, role));
    let own = own.filter(|_| chance.percent(85));
    let people: Vec<String> = world.people.keys().cloned().collect();
    let Some(person) = own.or_else(|| chance.pick(&people).cloned()) else { return };
    let org = request.actor.as_ref().and_then(|id| world.users.get(id)).and_then(|user| user.org.clone());
    match request.action {
        Action::ViewReferralStatus | Action::ViewName => {
            let of_them = world.referrals.iter().filter(|referral| referral.person == person);
            let ids: Vec<String> = of_them.map(|referral| referral.id.clone()).collect();
            request.referral = chance.pick(&ids).cloned();
        }
        Action::Create => {
            request.person = Some(person);
            request.domain = chance.pick(&Area::ALL).copied();
            request.sensitivity = Some(u8::try_from(chance.below(5)).unwrap_or(1));
            request.target_org = if chance.percent(80) { org } else { Some("org0".to_owned()) };
        }
        Action::ManageConsent | Action::ManageProxy => request.person = Some(person),
        Action::ViewAudit => {
            request.person = chance.percent(70).then_some(person);
            let own = org.filter(|_| chance.percent(80)).unwrap_or_else(|| "org0".to_owned());
            request.target_org = (role != Role::Person).then_some(own);
        }
        Action::FindToRefer => {
            request.person = Some(person);
            request.exact_match = chance.percent(80);
            request.lookups = [0, 3, 9, 10, 11][usize::try_from(chance.below(5)).unwrap_or(0)];
        }
        Action::Aggregate | Action::BrowseDirectory => {
            request.min_cell = Some(u32::try_from(chance.below(12)).unwrap_or(0));
        }
        _ => item(chance, world, request, &person, role, org.as_deref()),
    }
}

/// The person whose record an account is most likely to ask about.
fn whose(chance: &mut Chance, world: &World, user: &str, role: Role) -> Option<String> {
    match role {
        Role::Person => world.users.get(user).and_then(|user| user.person.clone()),
        Role::Proxy => world.proxies.iter().find(|row| row.user == user).map(|row| row.person.clone()),
        Role::LinkHolder => {
            let link = world.links.iter().find(|link| link.user == user)?;
            let referral = world.referrals.iter().find(|referral| referral.id == link.referral)?;
            Some(referral.person.clone())
        }
        Role::RecordsOfficer => {
            world.record_cases.iter().find(|row| row.officer == user).map(|row| row.person.clone())
        }
        _ => {
            let team = world.care_team.iter().filter(|row| row.user == user).map(|row| &row.person);
            let received = world.referrals.iter().filter(|row| row.team.iter().any(|id| id == user));
            let known: Vec<&String> = team.chain(received.map(|row| &row.person)).collect();
            chance.pick(&known).map(|person| (*person).clone())
        }
    }
}

/// An item of that person: one that was shared with the asker, one in the part of their own
/// organisation, one of the kind that is asked for, or any.
fn item(
    chance: &mut Chance,
    world: &World,
    request: &mut Request,
    person: &str,
    role: Role,
    org: Option<&str>,
) {
    let shared = shared_with(world, request.actor.as_deref().unwrap_or_default());
    let theirs: Vec<&String> =
        world.items.iter().filter(|(_, item)| item.person == person).map(|(id, _)| id).collect();
    let stub = request.action == Action::ViewStub;
    let (aim, urgent) = (chance.below(100), role == Role::SafeguardingLead);
    let aimed: Vec<&String> = theirs
        .iter()
        .filter(|id| {
            let item = &world.items[**id];
            match aim {
                _ if stub => item.kind == "safety_plan",
                0..35 => Some(item.org.as_str()) == org,
                35..55 => shared.contains(id),
                55..80 => agreed(world, person, org, item.domain),
                80..95 if urgent => matches!(item.domain, Area::Safety | Area::IdentityContact),
                _ => true,
            }
        })
        .copied()
        .collect();
    let picked = chance.pick(if aimed.is_empty() { &theirs } else { &aimed }).copied();
    request.item = picked.cloned();
    let newest = picked.map_or(1, |id| world.items[id].version);
    if newest > 1 && chance.percent(50) {
        request.version = Some(1);
    }
}

/// Whether the person agreed that this organisation sees this area, then or now.
fn agreed(world: &World, person: &str, org: Option<&str>, area: Area) -> bool {
    world
        .consents
        .iter()
        .any(|row| row.person == person && Some(row.org.as_str()) == org && row.domains.contains(&area))
}

/// The items in packets to this worker or link, given to them, or on which they are named.
fn shared_with<'a>(world: &'a World, user: &'a str) -> Vec<&'a String> {
    let link = world.links.iter().find(|link| link.user == user);
    let packets = world.referrals.iter().filter(|row| {
        row.team.iter().any(|id| id == user) || link.is_some_and(|link| link.referral == row.id)
    });
    let lines = packets.flat_map(|row| &row.packet).map(|entry| match entry {
        PacketEntry::Item(item) | PacketEntry::Version { item, .. } => item,
    });
    let given = world.gifts.iter().filter(|gift| gift.user == user).map(|gift| &gift.item);
    let named = |item: &Item| item.allow.iter().any(|id| id == user);
    let sealed = world.items.iter().filter(|(_, item)| named(item)).map(|(id, _)| id);
    lines.chain(given).chain(sealed).collect()
}

fn emergency(chance: &mut Chance, request: &mut Request, role: Role) {
    let may = matches!(role, Role::Clinician | Role::SocialWorker | Role::CrisisWorker);
    if request.action != Action::View || !chance.percent(if may { 40 } else { 10 }) {
        return;
    }
    let minutes = i64::try_from(chance.below(300)).unwrap_or(0);
    let dire = chance.percent(50);
    request.break_glass = Some(BreakGlass {
        // Never on the fourth hour exactly: a minute and a half beyond the whole minute.
        started: request.at.plus(-minutes * MINUTE - 90),
        reason: if dire { "life_at_risk" } else { "crisis_presentation" }.to_owned(),
        text: if chance.percent(85) { "Found unwell by a neighbour at home" } else { "urgent" }.to_owned(),
        suppress_notice: chance.percent(10),
    });
}

fn around(chance: &mut Chance, world: &World, shape: Shape, request: &mut Request, role: Role) {
    if chance.percent(6) {
        let programs: Vec<String> = world.clients.keys().cloned().collect();
        request.client = chance.pick(&programs).cloned();
        if chance.percent(15) {
            request.actor = None;
        }
    }
    if request.action == Action::Export && chance.percent(20) {
        request.count = [2, 50, 51, 400][usize::try_from(chance.below(4)).unwrap_or(0)];
        request.second_approver = chance.percent(50);
    }
    if !shape.amendments {
        return;
    }
    request.change = chance.percent(70).then(|| chance.pick(&CHANGES).copied()).flatten();
    if role == Role::Person && chance.percent(20) {
        let issued = chance.ago(9, shape);
        request.paper_code = Some(PaperCode { issued, used: chance.percent(15), word: chance.percent(50) });
    }
    if role == Role::RecordsOfficer {
        let case = world.record_cases.iter().find(|case| Some(&case.officer) == request.actor.as_ref());
        request.case_reference = case.map(|case| case.reference.clone());
        if let Some(case) = case.filter(|_| chance.percent(80)) {
            request.purpose = Some(case.purpose.clone());
        }
    }
}
