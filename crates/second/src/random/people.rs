//! A made-up person: their account, record, care team, agreements, supporters and referrals.

use super::{Chance, Shape, all_staff, staff_of};
use crate::words::{Area, Role, purposes_of};
use crate::world::{
    CareTeam, Conflict, Consent, ConsentKind, Event, Gift, Item, Link, PacketEntry, Person, Proxy,
    RecordCase, Referral, ReferralState, SuspendedView, User, World,
};

const CATEGORIES: [&str; 5] =
    ["suicide_risk", "domestic_abuse", "substance_use", "gender_history", "offending"];
const KINDS: [&str; 7] =
    ["note", "goal", "plan_section", "step", "diagnosis", "appointment", "reasonable_adjustment"];
const SAFETY_KINDS: [&str; 3] = ["safety_plan", "risk_alert", "note"];
const CONFLICTS: [&str; 4] = ["relative", "same_household", "former_partner", "friend"];

/// The ways in which a referral can have gone.
const WAYS: [&[ReferralState]; 8] = [
    &[],
    &[ReferralState::Accepted],
    &[ReferralState::Accepted, ReferralState::Active],
    &[ReferralState::Accepted, ReferralState::Active],
    &[ReferralState::Accepted, ReferralState::Completed],
    &[ReferralState::Declined],
    &[ReferralState::Withdrawn],
    &[ReferralState::Accepted, ReferralState::Withdrawn],
];

/// Adds a person and everything around them.
pub(super) fn person(chance: &mut Chance, shape: Shape, world: &mut World, number: u64) {
    let id = format!("P{number}");
    let account = User {
        role: Role::Person,
        org: None,
        partnership: "place".to_owned(),
        person: Some(id.clone()),
        status: chance.percent(3).then(|| "suspended".to_owned()),
    };
    world.users.insert(format!("person{number}"), account);
    let about = about(chance, shape, number);
    world.people.insert(id.clone(), about);
    for at in 0..6 {
        let item = item(chance, shape, world, &id);
        world.items.insert(format!("item{number}{at}"), item);
    }
    workers(chance, shape, world, &id);
    consents(chance, shape, world, &id);
    supporters(chance, shape, world, &id, number);
    for at in 0..2 {
        referral(chance, shape, world, &id, &format!("R{number}{at}"));
    }
    if shape.amendments {
        gifts(chance, shape, world, &id);
        links(chance, shape, world, &id, number);
        records_duty(chance, shape, world, &id, number);
    }
}

fn about(chance: &mut Chance, shape: Shape, number: u64) -> Person {
    let flagged = chance.percent(25);
    let named = shape.amendments && flagged && chance.percent(50);
    let frozen = shape.amendments && chance.percent(50);
    let elsewhere = shape.other_partnerships && chance.percent(3);
    Person {
        partnership: if elsewhere { "elsewhere" } else { "place" }.to_owned(),
        shared_device: chance.percent(30),
        coercion_flag_from: flagged.then(|| chance.ago(60, shape)),
        coercion_flag_to: None,
        coercion_supporters: named.then(|| vec![format!("supporter{number}0")]),
        coercion_view: if frozen { SuspendedView::Frozen } else { SuspendedView::Ended },
        dissent: chance.percent(15),
        suppress_notice: chance.percent(10),
    }
}

fn item(chance: &mut Chance, shape: Shape, world: &World, person: &str) -> Item {
    let org = format!("org{}", chance.below(4));
    let sensitivity = [0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4][usize::try_from(chance.below(12)).unwrap_or(0)];
    let staff = all_staff(world);
    let allow = if sensitivity == 4 { chance.some(&staff, 40) } else { Vec::new() };
    let sealed_area = sensitivity == 4 && chance.percent(80);
    let area = chance.pick(&Area::ALL).copied().unwrap_or(Area::Social);
    let area = if sealed_area { Area::IdentityContact } else { area };
    let kind = if area == Area::Safety { word(chance, &SAFETY_KINDS) } else { word(chance, &KINDS) };
    let category = (sensitivity >= 3 && chance.percent(95)).then(|| word(chance, &CATEGORIES));
    Item {
        person: person.to_owned(),
        kind,
        domain: area,
        sensitivity,
        category,
        categories: Vec::new(),
        hidden_from_portal: chance.percent(10),
        third_party: chance.percent(8),
        allow,
        author: chance.pick(&staff_of(world, &org)).cloned(),
        created: Some(if chance.percent(40) { chance.ago(1, shape) } else { chance.ago(200, shape) }),
        version: if shape.amendments && chance.percent(15) { 2 } else { 1 },
        org,
    }
}

fn word(chance: &mut Chance, words: &[&str]) -> String {
    chance.pick(words).copied().unwrap_or_default().to_owned()
}

fn workers(chance: &mut Chance, shape: Shape, world: &mut World, person: &str) {
    for user in all_staff(world) {
        if chance.percent(45) {
            let from = chance.ago(300, shape);
            let to = chance.end(30, shape).filter(|to| *to > from);
            world.care_team.push(CareTeam { user: user.clone(), person: person.to_owned(), from, to });
        }
        if chance.percent(6) {
            let (from, kind) = (chance.ago(100, shape), word(chance, &CONFLICTS));
            let to = chance.end(15, shape).filter(|to| *to > from);
            world.conflicts.push(Conflict { user, person: person.to_owned(), kind, from, to });
        }
    }
}

fn consents(chance: &mut Chance, shape: Shape, world: &mut World, person: &str) {
    let purposes: Vec<String> = Role::ALL
        .into_iter()
        .filter(|role| role.is_staff())
        .flat_map(|role| purposes_of(role).iter().map(|word| (*word).to_owned()))
        .collect();
    for org in world.orgs.keys().cloned().collect::<Vec<_>>() {
        if !chance.percent(85) {
            continue;
        }
        let from = chance.ago(200, shape);
        let packet = shape.amendments && chance.percent(10);
        let mut named = chance.some(&purposes, 80);
        named.sort_unstable();
        named.dedup();
        world.consents.push(Consent {
            id: format!("C-{person}-{org}"),
            person: person.to_owned(),
            org,
            domains: chance.some(&Area::ALL, 80),
            purposes: named,
            max_sensitivity: [1, 2, 3, 3, 3, 4][usize::try_from(chance.below(6)).unwrap_or(0)],
            categories: chance.some(&CATEGORIES.map(str::to_owned), 50),
            from,
            to: chance.end(10, shape).filter(|to| *to > from),
            withdrawn: chance.percent(15).then(|| chance.ago(30, shape)).filter(|at| *at > from),
            review_by: if shape.amendments { chance.end(5, shape) } else { None },
            kind: if packet { ConsentKind::Packet } else { ConsentKind::Standing },
        });
    }
}

fn supporters(chance: &mut Chance, shape: Shape, world: &mut World, person: &str, number: u64) {
    for at in 0..2 {
        let user = format!("supporter{number}{at}");
        let account = User {
            role: Role::Proxy,
            org: None,
            partnership: "place".to_owned(),
            person: None,
            status: None,
        };
        world.users.insert(user.clone(), account);
        let from = chance.ago(200, shape);
        let items = items_of(world, person);
        let actions = ["view", "view", "view", "contribute", "export", "update"].map(str::to_owned);
        let mut actions = chance.some(&actions, 70);
        actions.dedup();
        world.proxies.push(Proxy {
            user,
            person: person.to_owned(),
            accepted: chance.percent(85),
            domains: chance.some(&Area::ALL, 70),
            actions,
            categories: chance.some(&CATEGORIES.map(str::to_owned), 40),
            from,
            to: chance.end(15, shape).filter(|to| *to > from),
            proof_seen: shape.amendments && chance.percent(10),
            seen: if shape.amendments { chance.some(&items, 50) } else { Vec::new() },
        });
    }
}

fn items_of(world: &World, person: &str) -> Vec<String> {
    world.items.iter().filter(|(_, item)| item.person == person).map(|(id, _)| id.clone()).collect()
}

fn referral(chance: &mut Chance, shape: Shape, world: &mut World, person: &str, id: &str) {
    let from_org = format!("org{}", chance.below(4));
    let to_org = format!("org{}", chance.below(4));
    let from_team = staff_of(world, &from_org);
    let team = staff_of(world, &to_org);
    let way = chance.pick(&WAYS).copied().unwrap_or_default();
    let mut times: Vec<_> = (0..=way.len()).map(|_| chance.ago(80, shape)).collect();
    times.sort_unstable();
    let events = way.iter().zip(&times[1..]).map(|(state, at)| Event { at: *at, state: *state });
    let packet = chance.some(&items_of(world, person), 60).into_iter().map(|item| {
        let version = world.items.get(&item).map_or(1, |item| item.version);
        if version == 1 { PacketEntry::Item(item) } else { version_of(chance, item, version) }
    });
    let referral = Referral {
        id: id.to_owned(),
        person: person.to_owned(),
        packet: packet.collect(),
        from_team: chance.some(&from_team, 60),
        team: chance.some(&team, 70),
        from_org,
        to_org,
        sent: times[0],
        events: events.collect(),
    };
    world.referrals.push(referral);
}

/// Half of the packets of items with a newer version hold the older one.
fn version_of(chance: &mut Chance, item: String, version: u32) -> PacketEntry {
    PacketEntry::Version { item, version: if chance.percent(50) { 1 } else { version } }
}

fn gifts(chance: &mut Chance, shape: Shape, world: &mut World, person: &str) {
    let (items, staff) = (items_of(world, person), all_staff(world));
    for _ in 0..4 {
        let (Some(item), Some(user)) = (chance.pick(&items), chance.pick(&staff)) else { return };
        let from = chance.ago(90, shape);
        let to = chance.end(20, shape).filter(|to| *to > from);
        world.gifts.push(Gift { item: item.clone(), user: user.clone(), from, to });
    }
}

fn links(chance: &mut Chance, shape: Shape, world: &mut World, person: &str, number: u64) {
    let referrals = world.referrals.iter().filter(|referral| referral.person == person);
    let Some((referral, org)) = referrals.map(|found| (found.id.clone(), found.to_org.clone())).next() else {
        return;
    };
    let user = format!("link{number}");
    let account = User {
        role: Role::LinkHolder,
        org: Some(org),
        partnership: "place".to_owned(),
        person: None,
        status: None,
    };
    world.users.insert(user.clone(), account);
    world.links.push(Link {
        user,
        referral,
        issued: chance.ago(16, shape),
        answered: chance.percent(15).then(|| chance.ago(5, shape)),
        recalled: chance.percent(10).then(|| chance.ago(5, shape)),
        can_probably_help: chance.percent(50).then(|| chance.ago(5, shape)),
    });
}

fn records_duty(chance: &mut Chance, shape: Shape, world: &mut World, person: &str, number: u64) {
    let (org, officer) = (format!("org{}", chance.below(4)), format!("records{number}"));
    let account = User {
        role: Role::RecordsOfficer,
        org: Some(org.clone()),
        partnership: "place".to_owned(),
        person: None,
        status: None,
    };
    world.users.insert(officer.clone(), account);
    let second = if chance.percent(90) { "worker00".to_owned() } else { officer.clone() };
    world.record_cases.push(RecordCase {
        reference: format!("CASE-{number}"),
        org,
        person: person.to_owned(),
        officer,
        purpose: word(chance, purposes_of(Role::RecordsOfficer)),
        approved_by: chance.percent(85).then_some(second),
        from: chance.ago(60, shape),
        to: chance.end(15, shape),
    });
}
