//! The parts of a record: each holds what it says and nothing else.

use crate::cases::{Case, DECIDER, NOW, organisation, ours, referral, team, uuid, worker};
use kith_access::{Action, Actor, Batch, Extent, Guarded, Item, Permit, Role};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::organisation::Holder;
use kith_domain::person::{CameBy, Person};
use kith_domain::plan::{Part, PlanSection};
use kith_domain::record::{Kind, Meta, Record, Saved};
use kith_domain::referral::{Referral, Status};
use serde_json::json;

fn saved<T: Record>(value: T, case: &Case) -> Guarded<Saved<T>> {
    let meta = Meta {
        id: case.item.id,
        version: case.item.version,
        at: NOW,
        created: case.item.created,
        author: case.item.created_by,
        created_by: case.item.created_by,
        recorded_for: None,
        person: case.item.person,
        owner: case.item.owner,
        entered_in_error: false,
    };
    let saved = Saved { meta, value };
    Guarded::new(Item::of_saved(&saved), saved)
}

fn permit(case: &Case, item: &Item) -> Permit {
    Batch::new(&DECIDER, &case.actor, &case.standing, NOW)
        .permit(&case.world, item, &case.ask)
        .expect("the case allows it")
}

fn the_referral() -> Referral {
    let end = |n| json!({ "organisation": organisation(n), "team": team(n), "worker": worker(n) });
    serde_json::from_value(json!({
        "need": uuid(1), "area": "money", "service": uuid(50), "service_name": "Benefits advice",
        "sender": end(2), "receiver": end(1), "parent": null, "status": "requested", "business": "seen",
        "packet": {
            "call_them": "Badger", "contact": "Tuesday drop-in, ask Joan",
            "lines": [
                { "item": uuid(9), "version": 1, "kind": "need", "area": "money", "sensitivity": "s1",
                  "categories": [], "heading": "Need", "words": "get my money back" },
                { "item": uuid(8), "version": 4, "kind": "person", "area": "identity", "sensitivity": "s1",
                  "categories": [], "heading": "Name", "words": "Badger Brock" }
            ]
        },
        "basis": { "agreement": { "consent": uuid(7) } }, "reply_by": "2026-06-17", "offered": [],
        "agreed": null, "question": { "words": "Which benefit?", "asked_at": 0, "answer": null },
        "decline": null, "reason": null, "could_not_come": 0, "could_not_come_at": null, "outcome": null,
        "requested_at": 0, "seen_at": null, "accepted_at": null, "first_came_at": null, "started_at": null,
        "ended_at": null, "ended_by": null,
        "held_next": { "what": "look for the answer", "on": "2026-06-17", "moves_without_contact": 0, "reason": null },
        "told_person": null, "settled": null, "message_back": { "referrer": "not_yet", "gp": "not_yet" }
    }))
    .expect("a referral")
}

#[test]
fn a_receiver_without_a_name_reads_the_packet_without_the_persons() {
    let mut case = Case::of_link().kind(Kind::Referral).action(Action::ViewPacket);
    case.item.id = referral(1).into();
    case.actor = Actor::link_holder(ours(), referral(1), false, NOW);
    let part = saved(the_referral(), &case).without_name();
    assert_eq!(part.extent(), Extent::Packet);
    let permit = permit(&case, part.item());
    let seen = part.open(&permit).expect("the packet");
    let text = serde_json::to_string(&seen.value).expect("a referral");
    assert!(text.contains("get my money back"));
    for secret in ["Badger", "Brock", "Joan", "drop-in"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(saved(the_referral(), &case).open(&permit).is_err(), "and not the whole");
}

#[test]
fn where_a_referral_stands_says_nothing_of_the_packet() {
    let mut case =
        Case::of(Role::Navigator).involved().kind(Kind::Referral).action(Action::ViewReferralStatus);
    case.ask.purpose = Role::Navigator.purpose_for(Action::ViewReferralStatus);
    let part = saved(the_referral(), &case).status();
    let permit = permit(&case, part.item());
    let status = part.open(&permit).expect("the status");
    assert_eq!((status.status, status.service_name.as_str()), (Status::Requested, "Benefits advice"));
    let text = format!("{status:?}");
    for secret in ["Badger", "Joan", "money back", "Which benefit"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn a_name_is_the_name_they_like_to_be_called() {
    let case = Case::of(Role::Navigator).involved().kind(Kind::Person).action(Action::SeeName);
    let holder = Holder { organisation: ours(), team: team(1), lead: Some(worker(1)) };
    let next = kith_domain::next_date::NextDate::new("meet at the drop-in", jiff::civil::date(2026, 6, 16));
    let part = saved(Person::new("Badger".into(), holder, next, CameBy::Met), &case).name();
    let permit = permit(&case, part.item());
    assert_eq!(part.open(&permit), Ok("Badger".to_owned()));
}

#[test]
fn everybody_who_supports_somebody_learns_whom_to_ask_about_the_safety_plan() {
    let case = Case::of(Role::Navigator)
        .involved()
        .kind(Kind::PlanSection)
        .label(Area::Safety, Sensitivity::S3)
        .owned_by(organisation(5))
        .action(Action::SeeStub);
    let mut plan = PlanSection::new(Part::Safety, None);
    plan.words = "ring my brother first".into();
    let part = saved(plan, &case).stub();
    let permit = permit(&case, part.item());
    let stub = part.open(&permit).expect("the stub");
    assert_eq!(stub.ask, organisation(5));
    assert!(!format!("{stub:?}").contains("brother"));
}
