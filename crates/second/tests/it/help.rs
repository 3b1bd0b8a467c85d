//! One small world in which most rules can be shown by changing one thing, and words for asking.
//! Asha is the person; Dr Osei (trust) and Ruth (charity) support her.

use kith_second::request::BreakGlass;
use kith_second::world::{
    CareTeam, Consent, ConsentKind, Event, Item, Org, PacketEntry, Person, Proxy, Referral, ReferralState,
    User, World,
};
use kith_second::{Action, Area, Decision, Request, Role, Time, decide};

pub fn at(text: &str) -> Time {
    Time::parse(text).expect("tests write times properly")
}

pub fn now() -> Time {
    at("2026-06-10T10:00")
}

pub fn days(days: i64) -> Time {
    now().plus(days * 86_400)
}

pub fn org(kind: &str, areas: &[Area]) -> Org {
    Org { kind: kind.into(), dsa: true, dsa_domains: areas.to_vec(), dsa_to: None, status: None }
}

pub fn user(role: Role, org: Option<&str>) -> User {
    User { role, org: org.map(str::to_owned), partnership: "place".into(), person: None, status: None }
}

pub fn item(org: &str, kind: &str, area: Area, sensitivity: u8) -> Item {
    Item {
        person: "ASHA".into(),
        org: org.into(),
        kind: kind.into(),
        domain: area,
        sensitivity,
        category: (sensitivity >= 3).then(|| "substance_use".into()),
        categories: Vec::new(),
        hidden_from_portal: false,
        third_party: false,
        allow: Vec::new(),
        author: None,
        created: None,
        version: 1,
    }
}

pub fn in_team(user: &str) -> CareTeam {
    CareTeam { user: user.into(), person: "ASHA".into(), from: days(-200), to: None }
}

pub fn world() -> World {
    let mut world = World::default();
    let orgs = [("trust", "nhs_mh_trust"), ("charity", "vcse"), ("advice", "debt_advice")];
    for (id, kind) in orgs {
        world.orgs.insert(id.into(), org(kind, &Area::ALL));
    }
    let users = [
        ("osei", Role::Clinician, Some("trust")),
        ("kim", Role::Clinician, Some("trust")),
        ("ruth", Role::Navigator, Some("charity")),
        ("omar", Role::DebtAdviser, Some("advice")),
        ("lead", Role::ServiceLead, Some("trust")),
        ("safe", Role::SafeguardingLead, Some("charity")),
        ("crisis", Role::CrisisWorker, Some("trust")),
        ("auditor", Role::IgAuditor, Some("trust")),
        ("admin", Role::SystemAdmin, Some("trust")),
        ("analyst", Role::Analyst, Some("trust")),
        ("sister", Role::Proxy, None),
    ];
    for (id, role, org) in users {
        world.users.insert(id.into(), user(role, org));
    }
    world.users.insert("asha".into(), User { person: Some("ASHA".into()), ..user(Role::Person, None) });
    world.people.insert("ASHA".into(), Person { partnership: "place".into(), ..Person::default() });
    items(&mut world);
    world.care_team.extend([in_team("osei"), in_team("ruth")]);
    world.consents.push(consent());
    world.proxies.push(supporter());
    world.referrals.push(referral());
    world
}

fn items(world: &mut World) {
    let rows = [
        ("goal", item("charity", "goal", Area::Housing, 1)),
        ("score", item("trust", "dialog_score", Area::HealthSocialCare, 2)),
        ("substance", item("trust", "note", Area::HealthSocialCare, 3)),
        ("safety", item("trust", "safety_plan", Area::Safety, 3)),
        ("budget", item("charity", "budget", Area::Money, 2)),
        ("address", item("trust", "safe_address", Area::IdentityContact, 4)),
    ];
    world.items.extend(rows.map(|(id, item)| (id.to_owned(), item)));
}

pub fn consent() -> Consent {
    Consent {
        id: "C".into(),
        person: "ASHA".into(),
        org: "charity".into(),
        domains: vec![Area::HealthSocialCare, Area::Housing],
        purposes: vec!["support_coordination".into()],
        max_sensitivity: 2,
        categories: Vec::new(),
        from: days(-100),
        to: None,
        withdrawn: None,
        review_by: None,
        kind: ConsentKind::Standing,
    }
}

pub fn supporter() -> Proxy {
    Proxy {
        user: "sister".into(),
        person: "ASHA".into(),
        accepted: true,
        domains: vec![Area::Housing, Area::HealthSocialCare],
        actions: vec!["view".into(), "contribute".into()],
        categories: Vec::new(),
        from: days(-100),
        to: None,
        proof_seen: false,
        seen: Vec::new(),
    }
}

pub fn referral() -> Referral {
    Referral {
        id: "R".into(),
        person: "ASHA".into(),
        from_org: "charity".into(),
        from_team: vec!["ruth".into()],
        to_org: "advice".into(),
        team: vec!["omar".into()],
        sent: days(-10),
        packet: vec![PacketEntry::Item("budget".into())],
        events: vec![Event { at: days(-9), state: ReferralState::Accepted }],
    }
}

/// A request as each of them would make it on an ordinary day.
pub fn ask(actor: &str, action: Action, item: &str) -> Request {
    let purpose = match actor {
        "asha" | "sister" => "own_record",
        "osei" | "kim" | "crisis" => "direct_care",
        "ruth" => "support_coordination",
        "omar" => "money_advice",
        "lead" => "quality_review",
        "safe" => "safeguarding",
        "auditor" => "audit",
        "analyst" => "service_improvement",
        _ => "administration",
    };
    Request {
        actor: Some(actor.into()),
        action,
        at: now(),
        item: (!item.is_empty()).then(|| item.into()),
        purpose: Some(purpose.into()),
        ..Request::default()
    }
}

/// A request about Asha that names no item.
pub fn ask_about(actor: &str, action: Action) -> Request {
    Request { person: Some("ASHA".into()), ..ask(actor, action, "") }
}

pub fn glass(reason: &str) -> Option<BreakGlass> {
    Some(BreakGlass {
        started: now().plus(-600),
        reason: reason.into(),
        text: "Found unwell at home by a neighbour".into(),
        suppress_notice: false,
    })
}

/// `allow B3`, `forbidden R03`, `not_found R05` ...
pub fn said(decision: &Decision) -> String {
    format!("{} {}", decision.visibility().unwrap_or("allow"), decision.why())
}

#[track_caller]
pub fn is(world: &World, request: &Request, expected: &str) {
    assert_eq!(said(&decide(world, request)), expected, "{request:?}");
}
