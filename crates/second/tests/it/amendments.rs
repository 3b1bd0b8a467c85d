//! The design's amendments to the rule book, each by itself.

use crate::help::{ask, ask_about, days, is, now, user, world};
use kith_second::request::PaperCode;
use kith_second::words::Change;
use kith_second::world::{ConsentKind, Gift, Link, PacketEntry, RecordCase, SuspendedView};
use kith_second::{Action, Area, Obligation, Request, Role, World, decide};

#[test]
fn living_items_get_new_versions_from_those_who_may_contribute() {
    let mut world = world();
    is(&world, &ask("ruth", Action::Update, "goal"), "allow W1");
    is(&world, &ask("asha", Action::Update, "goal"), "allow W1");
    is(&world, &ask("sister", Action::Update, "goal"), "forbidden R01");
    world.proxies[0].actions.push("update".into());
    is(&world, &ask("sister", Action::Update, "goal"), "allow W1");
    is(&world, &ask("osei", Action::Update, "score"), "forbidden R01");
    world.items.get_mut("score").unwrap().kind = "need".into();
    is(&world, &ask("osei", Action::Update, "score"), "allow W1");
    is(&world, &ask("ruth", Action::Update, "score"), "allow W1");
    world.consents.clear();
    is(&world, &ask("ruth", Action::Update, "score"), "forbidden R01");
}

#[test]
fn a_packet_holds_versions() {
    let mut world = world();
    let look = ask("omar", Action::View, "budget");
    world.items.get_mut("budget").unwrap().version = 2;
    is(&world, &look, "forbidden R01");
    is(&world, &Request { version: Some(1), ..look.clone() }, "allow B5");
    world.referrals[0].packet = vec![PacketEntry::Version { item: "budget".into(), version: 2 }];
    is(&world, &look, "allow B5");
}

#[test]
fn packet_consent_is_not_standing_consent_and_best_interests_end_at_review() {
    let mut world = world();
    let look = ask("ruth", Action::View, "score");
    world.consents[0].review_by = Some(now().plus(1));
    is(&world, &look, "allow B4");
    world.consents[0].review_by = Some(now());
    is(&world, &look, "forbidden R01");
    world.consents[0].review_by = None;
    world.consents[0].kind = ConsentKind::Packet;
    is(&world, &look, "forbidden R01");
}

#[test]
fn a_safety_plan_is_a_stub_for_a_navigator_until_the_person_gives_it() {
    let mut world = world();
    is(&world, &ask("ruth", Action::View, "safety"), "not_found R01");
    is(&world, &ask("ruth", Action::ViewStub, "safety"), "allow Stub");
    is(&world, &ask("ruth", Action::ViewStub, "score"), "forbidden R01");
    is(&world, &ask("omar", Action::ViewStub, "safety"), "forbidden R01");
    let gift = Gift { item: "safety".into(), user: "ruth".into(), from: days(-1), to: None };
    world.gifts.push(gift);
    is(&world, &ask("ruth", Action::View, "safety"), "allow Given");
    is(&world, &ask("ruth", Action::Export, "safety"), "not_found W2");
    is(&world, &ask("omar", Action::View, "safety"), "not_found R01");
    world.gifts[0].to = Some(now());
    is(&world, &ask("ruth", Action::View, "safety"), "not_found R01");
}

#[test]
fn nobody_is_given_what_the_person_cannot_see_or_what_is_sealed() {
    let mut world = world();
    let gift = |item: &str| Gift { item: item.into(), user: "ruth".into(), from: days(-1), to: None };
    world.gifts.extend([gift("score"), gift("address")]);
    world.consents.clear();
    is(&world, &ask("ruth", Action::View, "score"), "allow Given");
    is(&world, &ask("ruth", Action::View, "address"), "not_found R06");
    world.items.get_mut("score").unwrap().hidden_from_portal = true;
    is(&world, &ask("ruth", Action::View, "score"), "not_found R01");
}

#[test]
fn the_person_names_the_supporters_who_are_suspended_and_what_they_keep() {
    let mut world = world();
    let look = |item: &str| ask("sister", Action::View, item);
    world.proxies[0].seen = vec!["goal".into()];
    let asha = world.people.get_mut("ASHA").unwrap();
    asha.coercion_flag_from = Some(days(-1));
    asha.coercion_supporters = Some(vec!["brother".into()]);
    is(&world, &look("goal"), "allow B2");
    world.people.get_mut("ASHA").unwrap().coercion_supporters = Some(vec!["sister".into()]);
    is(&world, &look("goal"), "forbidden R08");
    world.people.get_mut("ASHA").unwrap().coercion_view = SuspendedView::Frozen;
    is(&world, &look("goal"), "allow B2");
    is(&world, &look("score"), "forbidden R08");
    is(&world, &ask("sister", Action::Contribute, "goal"), "forbidden R08");
    world.proxies[0].to = Some(now());
    is(&world, &look("goal"), "not_found R08");
}

#[test]
fn widening_needs_a_step_up_and_stopping_does_not() {
    let change = |change, aal, age| Request {
        change: Some(change),
        aal,
        auth_age_s: age,
        ..ask_about("asha", Action::ManageConsent)
    };
    for (asked, aal, age, expected) in [
        (Change::Stop, 1, 9_000, "allow B1"),
        (Change::Narrow, 1, 9_000, "allow B1"),
        (Change::Widen, 2, 300, "allow B1"),
        (Change::Widen, 2, 301, "forbidden R01"),
        (Change::Give, 1, 60, "forbidden R01"),
    ] {
        is(&world(), &change(asked, aal, age), expected);
    }
}

#[test]
fn consent_is_changed_with_the_person_by_those_who_support_them() {
    let mut world = world();
    let change = |actor: &str| Request {
        reason_text: Some("By phone, read aloud, in her words".into()),
        ..ask_about(actor, Action::ManageConsent)
    };
    is(&world, &change("ruth"), "allow OnBehalf");
    is(&world, &Request { reason_text: None, ..change("ruth") }, "forbidden R01");
    is(&world, &Request { auth_age_s: 301, ..change("ruth") }, "forbidden R03");
    is(&world, &change("omar"), "forbidden R01");
    is(&world, &ask_about("ruth", Action::ManageProxy), "forbidden R01");
    world.care_team.clear();
    is(&world, &change("ruth"), "not_found R01");
}

#[test]
fn a_paper_code_opens_a_little_once_for_a_week() {
    let code = |issued, used, word| Some(PaperCode { issued, used, word });
    let with =
        |request: Request, issued, used, word| Request { paper_code: code(issued, used, word), ..request };
    let stop = Request { change: Some(Change::Stop), ..ask_about("asha", Action::ManageConsent) };
    let look = ask("asha", Action::View, "goal");
    is(&world(), &with(stop.clone(), days(-6), false, false), "allow B1");
    is(&world(), &with(ask_about("asha", Action::ViewReferralStatus), days(-6), false, false), "allow B1");
    is(&world(), &with(ask_about("asha", Action::ViewNext), days(-6), false, false), "allow B1");
    is(&world(), &with(look.clone(), days(-6), false, false), "forbidden Levels");
    is(&world(), &with(look.clone(), days(-6), false, true), "allow B1");
    is(&world(), &with(stop.clone(), days(-7), false, false), "not_found Levels");
    is(&world(), &with(stop, days(-6), true, false), "not_found Levels");
    is(&world(), &with(ask("osei", Action::View, "score"), days(-1), false, true), "not_found Levels");
}

fn with_link() -> World {
    let mut world = world();
    world.users.insert("link".into(), user(Role::LinkHolder, Some("advice")));
    let link = Link {
        user: "link".into(),
        referral: "R".into(),
        issued: days(-3),
        answered: None,
        recalled: None,
        can_probably_help: None,
    };
    world.links.push(link);
    world.referrals[0].packet.push(PacketEntry::Item("contact".into()));
    let mut contact = crate::help::item("charity", "name", Area::IdentityContact, 1);
    contact.author = Some("ruth".into());
    world.items.insert("contact".into(), contact);
    world
}

fn by_link(action: Action, item: &str) -> Request {
    Request { purpose: Some("referral".into()), ..ask("link", action, item) }
}

#[test]
fn a_link_opens_its_packet_and_the_name_only_later() {
    let mut world = with_link();
    let name = Request { referral: Some("R".into()), ..by_link(Action::ViewName, "") };
    is(&world, &by_link(Action::View, "budget"), "allow Link");
    is(&world, &by_link(Action::View, "goal"), "not_found R01");
    is(&world, &by_link(Action::Export, "budget"), "not_found R01");
    is(&world, &by_link(Action::View, "contact"), "not_found R01");
    is(&world, &name, "not_found R01");
    world.links[0].can_probably_help = Some(now());
    is(&world, &by_link(Action::View, "contact"), "allow Link");
    is(&world, &name, "allow Link");
}

#[test]
fn a_link_shows_no_more_than_the_agreement_and_s2() {
    let mut world = with_link();
    world.items.get_mut("budget").unwrap().sensitivity = 3;
    is(&world, &by_link(Action::View, "budget"), "not_found R01");
    world.items.get_mut("budget").unwrap().sensitivity = 2;
    is(&world, &by_link(Action::View, "budget"), "allow Link");
    world.orgs.get_mut("advice").unwrap().dsa_domains = vec![Area::Housing];
    is(&world, &by_link(Action::View, "budget"), "not_found R01");
}

#[test]
fn a_representative_stands_on_the_proof_that_was_seen() {
    let mut world = world();
    world.proxies[0].accepted = false;
    is(&world, &ask("sister", Action::View, "goal"), "not_found R01");
    world.proxies[0].proof_seen = true;
    is(&world, &ask("sister", Action::View, "goal"), "allow B2");
    is(&world, &ask("sister", Action::View, "budget"), "forbidden R01");
}

#[test]
fn a_link_dies() {
    type Change = fn(&mut World);
    let changes: [Change; 6] = [
        |world| world.links[0].issued = days(-14),
        |world| world.links[0].answered = Some(now()),
        |world| world.links[0].recalled = Some(now()),
        |world| world.referrals[0].events[0].state = kith_second::world::ReferralState::Declined,
        |world| world.referrals[0].to_org = "trust".into(),
        |world| world.links[0].user = "another".into(),
    ];
    for change in changes {
        let mut world = with_link();
        change(&mut world);
        is(&world, &by_link(Action::View, "budget"), "not_found R01");
    }
    let mut lapsed = with_link();
    lapsed.orgs.get_mut("advice").unwrap().dsa = false;
    is(&lapsed, &by_link(Action::View, "budget"), "not_found R02");
}

fn with_case() -> World {
    let mut world = world();
    world.users.insert("records".into(), user(Role::RecordsOfficer, Some("trust")));
    world.record_cases.push(RecordCase {
        reference: "CASE-1".into(),
        org: "trust".into(),
        person: "ASHA".into(),
        officer: "records".into(),
        purpose: "subject_access".into(),
        approved_by: Some("lead".into()),
        from: days(-2),
        to: None,
    });
    world
}

fn on_record(action: Action, item: &str) -> Request {
    Request {
        purpose: Some("subject_access".into()),
        case_reference: Some("CASE-1".into()),
        ..ask("records", action, item)
    }
}

#[test]
fn b10_the_records_duty_is_one_person_one_case_two_people() {
    let world = with_case();
    for action in [Action::View, Action::Disclose] {
        is(&world, &on_record(action, "substance"), "allow B10");
    }
    let due = decide(&world, &on_record(Action::Disclose, "score")).obligations;
    assert_eq!(due, [Obligation::TellPerson].into());
    let unsafe_to_tell = Request { suppress_notice: true, ..on_record(Action::Disclose, "score") };
    assert!(decide(&world, &unsafe_to_tell).obligations.is_empty());
    is(&world, &on_record(Action::View, "goal"), "not_found R01");
    is(&world, &on_record(Action::Export, "score"), "not_found R01");
    is(&world, &Request { case_reference: None, ..on_record(Action::View, "score") }, "not_found R01");
    is(&world, &Request { auth_age_s: 301, ..on_record(Action::View, "score") }, "not_found R01");
    let other = Request { purpose: Some("complaint".into()), ..on_record(Action::View, "score") };
    is(&world, &other, "not_found R01");
    type Change = fn(&mut World);
    let changes: [Change; 4] = [
        |world| world.record_cases[0].approved_by = None,
        |world| world.record_cases[0].approved_by = Some("records".into()),
        |world| world.record_cases[0].officer = "another".into(),
        |world| world.record_cases[0].to = Some(now()),
    ];
    for change in changes {
        let mut world = with_case();
        change(&mut world);
        is(&world, &on_record(Action::View, "score"), "not_found R01");
    }
}

#[test]
fn b10_sealed_and_third_party_items_go_to_review() {
    let mut world = with_case();
    world.items.get_mut("score").unwrap().third_party = true;
    is(&world, &on_record(Action::View, "score"), "not_found Review");
    let due = decide(&world, &on_record(Action::View, "score")).obligations;
    assert_eq!(due, [Obligation::HumanReview].into());
    is(&world, &on_record(Action::View, "address"), "not_found R06");
    let due = decide(&world, &on_record(Action::View, "address")).obligations;
    assert_eq!(due, [Obligation::HumanReview].into());
    world.items.get_mut("substance").unwrap().hidden_from_portal = true;
    is(&world, &on_record(Action::View, "substance"), "allow B10");
    is(&world, &on_record(Action::Disclose, "substance"), "not_found Review");
}
