//! A small made-up partnership for the tests: a net, navigators, a charity, a trust, and
//! a charity without accounts.

use jiff::civil::date;
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::consent::{Asked, Basis, Consent, ConsentKind, HowGiven};
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::holding::{PartnershipFacts, PersonFacts};
use kith_domain::id::*;
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::*;
use kith_domain::person::{CameBy, Person};
use kith_domain::record::{Author, Kind, Meta, Saved};
use kith_domain::referral::*;
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Day, Instant, plus_days};
use uuid::Uuid;

pub const TODAY: Day = date(2026, 11, 23);

/// An id of any kind, from a number.
pub fn id<I: From<RecordId>>(n: u128) -> I {
    RecordId(Uuid::from_u128(n)).into()
}

pub fn organisation_id(n: u128) -> OrganisationId {
    id(0x0100_0000 + n)
}
pub fn team_id(n: u128) -> TeamId {
    id(0x0200_0000 + n)
}
pub fn worker_id(n: u128) -> WorkerId {
    id(0x0300_0000 + n)
}

/// The organisations: 0 the net, 1 navigators, 2 a charity, 3 a trust, 4 by link only.
pub const ORGANISATIONS: u128 = 5;
pub const NET: u128 = 0;
pub const NAVIGATORS: u128 = 1;
pub const CHARITY: u128 = 2;
pub const TRUST: u128 = 3;
pub const BY_LINK: u128 = 4;

/// Ten in the morning of a day.
pub fn morning(day: Day) -> Instant {
    Calendar::england().moment(day, 10, 0)
}

pub fn agreement(until: Day) -> Agreement {
    Agreement {
        reference: "DSA".into(),
        from: date(2020, 1, 1),
        until,
        areas: Area::ALL.to_vec(),
        ceiling: Sensitivity::S3,
        role: ControllerRole::Controller,
        data_protection_contact: "dpo".into(),
        purposes: vec!["Support that the person asked for".into()],
        dpia: "DPIA-1".into(),
        caldicott: "Caldicott Guardian".into(),
    }
}

fn organisation(name: &str, lead: Option<WorkerId>) -> Organisation {
    Organisation {
        name: name.into(),
        short: name.into(),
        kind: OrganisationKind::Charity,
        ods: None,
        charity_number: None,
        phone: None,
        email: None,
        website: None,
        agreement: Some(agreement(date(2060, 1, 1))),
        status: OrganisationStatus::Active,
        has_accounts: true,
        successors: Vec::new(),
        access: Default::default(),
        lead,
    }
}

pub fn team(organisation: u128, lead: Option<WorkerId>) -> Team {
    Team {
        organisation: organisation_id(organisation),
        name: format!("Team {organisation}"),
        lead,
        net: organisation == NET,
        navigators: organisation <= NAVIGATORS,
        closed: None,
        email: None,
        phone: None,
        reply_working_days: 5,
    }
}

pub fn worker(organisation: u128, role: WorkRole) -> Worker {
    Worker {
        name: "W".into(),
        email: None,
        phone: None,
        memberships: vec![Membership {
            organisation: organisation_id(organisation),
            team: team_id(organisation),
            role,
            from: date(2020, 1, 1),
            until: None,
        }],
        absences: Vec::new(),
        suspended: None,
        left: None,
    }
}

/// Each organisation but the last has a team, a team lead (n*10), two workers (+1, +2)
/// and an organisation's lead (+3). The net's second is worker 1.
pub fn partnership() -> PartnershipFacts {
    let role = |org: u128| match org {
        NET | NAVIGATORS => WorkRole::Navigator,
        TRUST => WorkRole::Clinician,
        _ => WorkRole::VcseWorker,
    };
    let named = 0..ORGANISATIONS - 1;
    let workers =
        named.clone().flat_map(|o| (0..4).map(move |w| (worker_id(o * 10 + w), worker(o, role(o)))));
    let mut organisations: std::collections::BTreeMap<_, _> = (0..ORGANISATIONS)
        .map(|o| {
            (organisation_id(o), organisation(&format!("Organisation {o}"), Some(worker_id(o * 10 + 3))))
        })
        .collect();
    let by_link = organisations.get_mut(&organisation_id(BY_LINK)).unwrap();
    by_link.lead = None;
    by_link.has_accounts = false;
    let mut teams: std::collections::BTreeMap<_, _> =
        (0..ORGANISATIONS).map(|o| (team_id(o), team(o, Some(worker_id(o * 10))))).collect();
    teams.get_mut(&team_id(BY_LINK)).unwrap().lead = None;
    PartnershipFacts {
        place: Place {
            name: "Brackenford".into(),
            partnership: Uuid::from_u128(1),
            net_organisation: organisation_id(NET),
            net_team: team_id(NET),
            net_second: worker_id(1),
            demo: true,
            zone: "Europe/London".into(),
            made_at: morning(TODAY),
            keeper: None,
            settings: Settings::default(),
        },
        organisations,
        teams,
        workers: workers.collect(),
        proposals: Default::default(),
        listing_questions: Default::default(),
        calendar: Calendar::england(),
    }
}

/// The navigators' second team.
pub const SECOND: u128 = 9;

/// The same, where the navigators have a second team, with four more workers (14 to 17), of whom
/// the first leads it.
pub fn with_second_team(mut p: PartnershipFacts) -> PartnershipFacts {
    p.teams.insert(team_id(SECOND), team(NAVIGATORS, Some(worker_id(14))));
    for n in 14..18 {
        let mut one = worker(NAVIGATORS, WorkRole::Navigator);
        one.memberships[0].team = team_id(SECOND);
        p.workers.insert(worker_id(n), one);
    }
    p
}

/// Somebody of the navigators' second team.
pub fn second(lead: Option<u128>) -> Holder {
    Holder { team: team_id(SECOND), ..holder(NAVIGATORS, lead) }
}

pub fn saved<T>(n: u128, person: Option<PersonId>, at: Instant, value: T) -> Saved<T> {
    let author = Author::Worker { worker: worker_id(11), organisation: organisation_id(NAVIGATORS) };
    Saved {
        meta: Meta {
            id: id(n),
            version: 1,
            at,
            created: at,
            author,
            created_by: author,
            recorded_for: None,
            person,
            owner: organisation_id(NAVIGATORS),
            entered_in_error: false,
        },
        value,
    }
}

/// Aisha of the navigators.
pub fn aisha() -> Holder {
    holder(NAVIGATORS, Some(11))
}

pub fn holder(organisation: u128, lead: Option<u128>) -> Holder {
    Holder {
        organisation: organisation_id(organisation),
        team: team_id(organisation),
        lead: lead.map(worker_id),
    }
}

pub fn end_of(organisation: u128, worker: Option<u128>) -> End {
    let h = holder(organisation, worker);
    End { organisation: h.organisation, team: h.team, worker: h.lead }
}

pub fn next(day: Day) -> NextDate {
    NextDate::new("Ring them", day)
}

pub fn safe_contact() -> SafeContact {
    SafeContact {
        asked: Some(morning(TODAY)),
        ways: vec![SafeWay {
            channel: Channel::Text,
            detail: "07700 900123".into(),
            voicemail_safe: None,
            hours: None,
            shared: false,
            note: None,
        }],
        paper_safe: None,
        must_not_know: Vec::new(),
        name_service_ok: false,
    }
}

pub fn badger(n: u128, at: Instant) -> PersonFacts {
    let day = Calendar::england().day(at);
    let mut person = Person::new("Badger".into(), aisha(), next(plus_days(day, 7)), CameBy::Met);
    person.safe_contact = safe_contact();
    PersonFacts::new(saved(n, Some(id(n)), at, person))
}

pub fn need(at: Instant) -> Need {
    Need {
        area: Area::Money,
        words: "Get my money back".into(),
        code: None,
        sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        raised_at: at,
        status: NeedStatus::Open,
        holder: aisha(),
        next: next(plus_days(Calendar::england().day(at), 14)),
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    }
}

pub fn line(n: u128, area: Area, sensitivity: Sensitivity, categories: Vec<Category>) -> PacketLine {
    PacketLine {
        item: id(n),
        version: 1,
        kind: Kind::Need,
        area,
        sensitivity,
        categories,
        heading: format!("Line {n}"),
        words: "Words".into(),
    }
}

pub fn draft(
    need: NeedId,
    receiver: u128,
    consent: ConsentId,
    lines: Vec<PacketLine>,
    today: Day,
) -> Referral {
    Referral {
        need,
        area: Area::Money,
        service: id(0x0500_0000),
        service_name: "Money advice".into(),
        sender: end_of(NAVIGATORS, Some(11)),
        receiver: end_of(receiver, None),
        parent: None,
        status: Status::Draft,
        business: Business::None,
        packet: Packet { call_them: "Badger".into(), contact: "Tuesday drop-in, ask Joan".into(), lines },
        basis: Basis::Agreement { consent },
        reply_by: Calendar::england().plus_working(today, 5),
        offered: Vec::new(),
        agreed: None,
        question: None,
        decline: None,
        reason: None,
        could_not_come: 0,
        could_not_come_at: None,
        missed_on: None,
        outcome: None,
        requested_at: None,
        seen_at: None,
        accepted_at: None,
        first_came_at: None,
        started_at: None,
        ended_at: None,
        ended_by: None,
        held_next: next(plus_days(today, 1)),
        told_person: None,
        settled: None,
        spoken_at: None,
        receiver_moved_at: None,
        message_back: MessageBack::default(),
        untold: None,
        kept_on: None,
        none_good: None,
    }
}

pub fn consent(referral: ReferralId, organisation: u128, areas: Vec<Area>, at: Instant) -> Consent {
    let today = Calendar::england().day(at);
    Consent {
        organisation: organisation_id(organisation),
        areas,
        purposes: vec!["referral".into()],
        max_sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        contribute: false,
        from: today,
        until: Consent::default_end(today, &Settings::default()),
        withdrawn: None,
        end_told: None,
        made_for: None,
        kind: ConsentKind::Packet { referral },
        given: HowGiven {
            asked_by: Some(worker_id(11)),
            how: Asked::ReadAloud,
            present: String::new(),
            offered_alone: true,
            said_no_to: Vec::new(),
            words: "Yes, that one".into(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at,
        },
    }
}
