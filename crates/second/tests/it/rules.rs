//! Each rule of the rule book by itself: what it lets through and what it stops.

use crate::help::{ask, ask_about, at, days, glass, in_team, is, item, now, user, world};
use kith_second::world::{Client, Conflict, ReferralState};
use kith_second::{Action, Area, Obligation, Request, Role, decide};

#[test]
fn r01_nothing_is_allowed_without_a_basis() {
    is(&world(), &ask("kim", Action::View, "score"), "not_found R01");
    is(&world(), &ask("ruth", Action::View, "budget"), "allow B3");
    is(&world(), &ask("osei", Action::View, "budget"), "forbidden R01");
    is(&world(), &ask("osei", Action::Unknown, "score"), "forbidden R01");
    is(&world(), &ask("osei", Action::View, "nothing"), "not_found Missing");
    is(&world(), &ask("nobody", Action::View, "score"), "not_found Missing");
}

#[test]
fn r02_suspension_agreements_and_other_partnerships_close_everything() {
    let look = ask("osei", Action::View, "score");
    let mut suspended = world();
    suspended.users.get_mut("osei").unwrap().status = Some("suspended".into());
    is(&suspended, &look, "not_found R02");
    let mut closed = world();
    closed.orgs.get_mut("trust").unwrap().status = Some("suspended".into());
    is(&closed, &look, "not_found R02");
    let mut lapsed = world();
    lapsed.orgs.get_mut("trust").unwrap().dsa_to = Some(now());
    is(&lapsed, &look, "not_found R02");
    lapsed.orgs.get_mut("trust").unwrap().dsa_to = Some(now().plus(1));
    is(&lapsed, &look, "allow B3");
    let mut elsewhere = world();
    elsewhere.people.get_mut("ASHA").unwrap().partnership = "elsewhere".into();
    is(&elsewhere, &look, "not_found R02");
    is(&suspended, &ask("osei", Action::BrowseDirectory, ""), "allow Directory");
}

#[test]
fn r03_says_how_well_somebody_must_be_signed_in() {
    let one = |request: Request| Request { aal: 1, ..request };
    let stale = |request: Request| Request { auth_age_s: 301, ..request };
    is(&world(), &one(ask("osei", Action::View, "score")), "forbidden R03");
    is(&world(), &one(ask("asha", Action::View, "goal")), "allow B1");
    is(&world(), &one(ask("asha", Action::View, "score")), "forbidden R03");
    is(&world(), &one(ask("sister", Action::View, "score")), "forbidden R03");
    is(&world(), &stale(ask("osei", Action::View, "score")), "allow B3");
    is(&world(), &stale(ask("osei", Action::Export, "score")), "forbidden R03");
    is(&world(), &stale(ask("asha", Action::Export, "goal")), "forbidden R03");
    let edge = Request { auth_age_s: 300, ..ask("osei", Action::Export, "score") };
    is(&world(), &edge, "allow B3");
}

#[test]
fn stepping_up_is_offered_only_where_it_would_help_and_may_be_said() {
    let offered = |request: &Request| decide(&world(), request).obligations.contains(&Obligation::StepUp);
    let one = |request: Request| Request { aal: 1, ..request };
    assert!(offered(&one(ask("asha", Action::View, "score"))));
    assert!(offered(&one(ask("osei", Action::View, "score"))));
    assert!(!offered(&one(ask("osei", Action::View, "budget"))), "it would not help");
    assert!(!offered(&one(ask("asha", Action::View, "substance"))), "it would say that there is something");
}

#[test]
fn r04_purposes_are_the_roles_own_and_some_are_nobodys() {
    let why = |purpose: &str| Request { purpose: Some(purpose.into()), ..ask("osei", Action::View, "score") };
    is(&world(), &why("safeguarding"), "allow B3");
    is(&world(), &why("support_coordination"), "forbidden R04");
    is(&world(), &why("sanction_decision"), "forbidden R04");
    is(&world(), &Request { purpose: None, ..why("") }, "forbidden R04");
    let mut world = world();
    world.role_purposes.insert("clinician".into(), vec!["direct_care".into(), "insurance".into()]);
    is(&world, &why("insurance"), "forbidden R04");
    is(&world, &why("safeguarding"), "forbidden R04");
}

#[test]
fn r05_a_conflict_closes_everything_and_tells_the_lead() {
    let mut world = world();
    let (user, person) = ("osei".to_owned(), "ASHA".to_owned());
    world.conflicts.push(Conflict { user, person, kind: "friend".into(), from: days(-1), to: None });
    let look = ask("osei", Action::View, "score");
    is(&world, &look, "not_found R05");
    is(&world, &Request { break_glass: glass("life_at_risk"), ..look.clone() }, "not_found R05");
    assert!(decide(&world, &look).obligations.contains(&Obligation::AlertIgLead));
    assert!(!decide(&world, &look).break_glass_offered);
    let count = Request { action: Action::Aggregate, ..look.clone() };
    is(&world, &count, "forbidden R01");
    world.conflicts[0].to = Some(now());
    is(&world, &look, "allow B3");
    world.users.get_mut("osei").unwrap().person = Some("ASHA".into());
    is(&world, &look, "not_found R05");
}

#[test]
fn r06_sealed_items_are_for_those_named_and_for_the_person_alone() {
    let mut world = world();
    let look = ask("osei", Action::View, "address");
    is(&world, &look, "not_found R06");
    world.items.get_mut("address").unwrap().allow = vec!["osei".into(), "ruth".into(), "sister".into()];
    is(&world, &look, "allow AllowList");
    is(&world, &Request { auth_age_s: 301, ..look.clone() }, "not_found R06");
    is(&world, &Request { purpose: Some("referral".into()), ..look.clone() }, "not_found R06");
    is(&world, &ask("osei", Action::Export, "address"), "not_found R06");
    is(&world, &ask("sister", Action::View, "address"), "not_found R06");
    let named = Request { purpose: Some("safeguarding".into()), ..ask("ruth", Action::View, "address") };
    is(&world, &named, "not_found R06");
    is(&world, &ask("asha", Action::View, "address"), "allow B1");
    is(&world, &ask("asha", Action::Export, "address"), "not_found R06");
    is(&world, &Request { auth_age_s: 301, ..ask("asha", Action::View, "address") }, "not_found R06");
    is(&world, &Request { aal: 1, ..ask("asha", Action::View, "address") }, "not_found R03");
    world.people.get_mut("ASHA").unwrap().shared_device = true;
    is(&world, &ask("asha", Action::View, "address"), "not_found R06");
    is(
        &world,
        &Request { break_glass: glass("life_at_risk"), ..ask("kim", Action::View, "address") },
        "not_found R06",
    );
}

#[test]
fn r07_hidden_and_third_party_items_are_not_there_for_the_person() {
    for hide in [true, false] {
        let mut world = world();
        let score = world.items.get_mut("score").unwrap();
        (score.hidden_from_portal, score.third_party) = (hide, !hide);
        is(&world, &ask("asha", Action::View, "score"), "not_found R07");
        is(&world, &ask("asha", Action::Export, "score"), "not_found R07");
        is(&world, &ask("asha", Action::Contribute, "score"), "not_found R07");
        is(&world, &ask("sister", Action::View, "score"), "not_found R07");
        is(&world, &ask("osei", Action::View, "score"), "allow B3");
        is(&world, &ask("osei", Action::Edit, "score"), "not_found R01");
    }
}

#[test]
fn r08_the_coercion_flag_suspends_supporters_and_leaves_the_person() {
    let mut world = world();
    world.people.get_mut("ASHA").unwrap().coercion_flag_from = Some(now());
    is(&world, &ask("sister", Action::View, "goal"), "forbidden R08");
    is(&world, &ask("asha", Action::View, "goal"), "allow B1");
    world.people.get_mut("ASHA").unwrap().coercion_flag_from = Some(now().plus(1));
    is(&world, &ask("sister", Action::View, "goal"), "allow B2");
}

#[test]
fn r09_administrators_and_analysts_see_no_content() {
    let mut world = world();
    world.care_team.extend([in_team("admin"), in_team("analyst")]);
    is(&world, &ask("admin", Action::View, "score"), "forbidden R09");
    is(&world, &ask("analyst", Action::View, "score"), "forbidden R09");
    is(&world, &ask("admin", Action::Aggregate, ""), "not_found R01");
    let counted = |cell, difference| Request {
        min_cell: Some(cell),
        cohort_difference: difference,
        ..ask("analyst", Action::Aggregate, "")
    };
    for (cell, difference, suppressed) in [(4, None, true), (5, None, false), (9, Some(4), true)] {
        let decision = decide(&world, &counted(cell, difference));
        assert!(decision.is_allowed());
        assert_eq!(decision.suppressed, suppressed, "{cell} {difference:?}");
    }
}

#[test]
fn r10_consent_is_no_wider_than_the_agreement_and_the_role() {
    let look = ask("ruth", Action::View, "score");
    let mut world = world();
    is(&world, &look, "allow B4");
    world.orgs.get_mut("charity").unwrap().dsa_domains = vec![Area::Housing];
    is(&world, &look, "forbidden R01");
    let mut wide = crate::help::world();
    wide.consents[0].max_sensitivity = 3;
    wide.consents[0].categories = vec!["substance_use".into()];
    is(&wide, &ask("ruth", Action::View, "substance"), "not_found R01");
    wide.users.get_mut("ruth").unwrap().role = Role::SocialWorker;
    is(&wide, &ask("ruth", Action::View, "substance"), "allow B4");
}

#[test]
fn the_matrix_is_a_further_ceiling() {
    let mut world = world();
    world.items.insert("note".into(), item("charity", "note", Area::Safety, 1));
    is(&world, &ask("ruth", Action::View, "note"), "forbidden R01");
    world.users.get_mut("ruth").unwrap().role = Role::VcseWorker;
    is(&world, &ask("ruth", Action::View, "note"), "forbidden R01");
    world.orgs.get_mut("charity").unwrap().kind = "idva".into();
    is(&world, &ask("ruth", Action::View, "note"), "allow B3");
}

#[test]
fn b1_the_person_sees_contributes_and_decides() {
    for (action, item) in
        [(Action::View, "substance"), (Action::Contribute, "score"), (Action::Export, "substance")]
    {
        is(&world(), &ask("asha", action, item), "allow B1");
    }
    for action in [Action::ManageConsent, Action::ManageProxy, Action::ViewAudit, Action::ViewReferralStatus]
    {
        is(&world(), &ask_about("asha", action), "allow B1");
    }
    is(&world(), &ask("asha", Action::Edit, "goal"), "forbidden R01");
    is(&world(), &Request { aal: 1, ..ask_about("asha", Action::ViewAudit) }, "forbidden R01");
    let mut world = world();
    world.users.get_mut("asha").unwrap().person = Some("SOMEBODY".into());
    is(&world, &ask("asha", Action::View, "goal"), "not_found R01");
}

#[test]
fn b2_a_supporter_sees_what_they_were_given() {
    let mut world = world();
    is(&world, &ask("sister", Action::View, "goal"), "allow B2");
    is(&world, &ask("sister", Action::Contribute, "goal"), "allow B2");
    is(&world, &ask("sister", Action::Export, "goal"), "forbidden R01");
    is(&world, &ask("sister", Action::Edit, "goal"), "forbidden R01");
    is(&world, &ask("sister", Action::View, "budget"), "forbidden R01");
    is(&world, &ask("sister", Action::View, "substance"), "not_found R01");
    world.proxies[0].categories = vec!["substance_use".into()];
    is(&world, &ask("sister", Action::View, "substance"), "allow B2");
    world.proxies[0].to = Some(now());
    is(&world, &ask("sister", Action::View, "goal"), "not_found R01");
    world.proxies[0].to = None;
    world.proxies[0].accepted = false;
    is(&world, &ask("sister", Action::View, "goal"), "not_found R01");
}

#[test]
fn b3_the_own_part_is_open_while_the_relationship_lasts_and_90_days_to_view() {
    let mut world = world();
    let (view, export) = (ask("osei", Action::View, "score"), ask("osei", Action::Export, "score"));
    for (ended, viewed, exported) in [
        (now().plus(1), "allow B3", "allow B3"),
        (now(), "allow B3", "forbidden R01"),
        (days(-90).plus(1), "allow B3", "forbidden R01"),
        (days(-90), "not_found R01", "not_found R01"),
    ] {
        world.care_team[0].to = Some(ended);
        is(&world, &view, viewed);
        is(&world, &export, exported);
    }
    (world.care_team[0].from, world.care_team[0].to) = (days(-1), Some(days(-2)));
    is(&world, &view, "not_found R01");
    is(&world, &ask("lead", Action::View, "score"), "allow B3");
    is(&world, &ask("lead", Action::View, "goal"), "not_found R01");
    is(&world, &ask("lead", Action::Edit, "score"), "not_found R01");
}

#[test]
fn b3_an_accepted_referral_is_a_relationship() {
    let mut world = world();
    world.items.insert("debt".into(), item("advice", "budget", Area::Money, 2));
    let look = ask("omar", Action::View, "debt");
    is(&world, &look, "allow B3");
    world.referrals[0].events.clear();
    is(&world, &look, "forbidden R01");
    world.referrals[0].team.clear();
    is(&world, &look, "not_found R01");
}

#[test]
fn b4_each_part_of_a_consent_counts() {
    let look = ask("ruth", Action::View, "score");
    is(&world(), &look, "allow B4");
    type Change = fn(&mut kith_second::World);
    let changes: [Change; 8] = [
        |world| world.consents[0].org = "advice".into(),
        |world| world.consents[0].domains = vec![Area::Housing],
        |world| world.consents[0].purposes = vec!["referral".into()],
        |world| world.consents[0].max_sensitivity = 1,
        |world| world.consents[0].from = now().plus(1),
        |world| world.consents[0].to = Some(now()),
        |world| world.consents[0].withdrawn = Some(now()),
        |world| world.consents[0].person = "SOMEBODY".into(),
    ];
    for change in changes {
        let mut world = world();
        change(&mut world);
        is(&world, &look, "forbidden R01");
    }
    let mut left = world();
    left.care_team.retain(|row| row.user != "ruth");
    is(&left, &look, "not_found R01");
}

#[test]
fn b4_what_is_s3_must_be_named() {
    let mut world = world();
    world.users.get_mut("ruth").unwrap().role = Role::SocialWorker;
    let look = ask("ruth", Action::View, "substance");
    world.consents[0].max_sensitivity = 3;
    is(&world, &look, "not_found R01");
    world.consents[0].categories = vec!["offending".into()];
    is(&world, &look, "not_found R01");
    world.consents[0].categories.push("substance_use".into());
    is(&world, &look, "allow B4");
    world.items.get_mut("substance").unwrap().categories = vec!["gender_history".into()];
    is(&world, &look, "not_found R01");
}

#[test]
fn b5_a_packet_is_open_while_the_referral_is() {
    let mut world = world();
    let look = ask("omar", Action::View, "budget");
    is(&world, &look, "allow B5");
    is(&world, &ask("omar", Action::View, "goal"), "forbidden R01");
    world.referrals[0].events.clear();
    is(&world, &look, "allow B5");
    for (state, at, expected) in [
        (ReferralState::Active, days(-1), "allow B5"),
        (ReferralState::Declined, days(-1), "not_found R01"),
        (ReferralState::Withdrawn, days(-1), "not_found R01"),
        (ReferralState::Completed, days(-30).plus(1), "allow B5"),
        (ReferralState::Completed, days(-30), "forbidden R01"),
        (ReferralState::Completed, days(-90), "not_found R01"),
        (ReferralState::Unknown, days(-1), "not_found R01"),
    ] {
        world.referrals[0].sent = days(-200);
        world.referrals[0].events = vec![kith_second::world::Event { at, state }];
        is(&world, &look, expected);
    }
    world.referrals[0].sent = now().plus(1);
    is(&world, &look, "not_found R01");
}

#[test]
fn b5_the_sender_sees_how_it_stands_and_nothing_of_the_receivers() {
    let mut world = world();
    let status =
        |actor: &str| Request { referral: Some("R".into()), ..ask(actor, Action::ViewReferralStatus, "") };
    is(&world, &status("ruth"), "allow B5");
    is(&world, &status("osei"), "forbidden R01");
    is(&world, &status("asha"), "allow B1");
    let other = kith_second::world::Referral {
        id: "OTHER".into(),
        from_team: vec!["safe".into()],
        ..crate::help::referral()
    };
    world.referrals.push(other);
    let of_other = |actor: &str| Request { referral: Some("OTHER".into()), ..status(actor) };
    is(&world, &of_other("ruth"), "forbidden R01");
    is(&world, &of_other("safe"), "allow B5");
    is(&world, &status("safe"), "not_found R01");
    world.items.insert("inside".into(), item("advice", "note", Area::Money, 1));
    is(&world, &ask("ruth", Action::View, "inside"), "forbidden R01");
}

#[test]
fn b6_safeguarding_needs_a_written_reason_and_reaches_safety_and_contact() {
    let world = world();
    let with_reason = |item: &str| Request {
        reason_text: Some("A neighbour heard shouting".into()),
        ..ask("safe", Action::View, item)
    };
    is(&world, &with_reason("safety"), "allow B6");
    assert_eq!(decide(&world, &with_reason("safety")).obligations, [Obligation::NotifyCaldicott].into());
    is(&world, &Request { reason_text: Some("  ".into()), ..with_reason("safety") }, "not_found R01");
    is(&world, &with_reason("score"), "not_found R01");
    is(&world, &with_reason("address"), "not_found R06");
}

#[test]
fn b7_break_glass_is_narrow_short_and_told() {
    let mut world = world();
    let look = Request { break_glass: glass("crisis_presentation"), ..ask("kim", Action::View, "score") };
    is(&world, &look, "allow B7");
    let due = decide(&world, &look).obligations;
    assert_eq!(due, [Obligation::NotifyPerson24h, Obligation::IgReview72h].into());
    let on = |item: &str| Request { item: Some(item.into()), ..look.clone() };
    is(&world, &on("safety"), "allow B7");
    is(&world, &on("substance"), "not_found R01");
    is(&world, &Request { action: Action::Export, ..look.clone() }, "not_found R01");
    is(&world, &Request { auth_age_s: 301, ..look.clone() }, "not_found R01");
    is(&world, &Request { at: look.at.plus(4 * 3600 - 601), ..look.clone() }, "allow B7");
    is(&world, &Request { at: look.at.plus(4 * 3600 - 600), ..look.clone() }, "not_found R01");
    let mut short = look.clone();
    short.break_glass.as_mut().unwrap().text = "Unwell, in a hurry.".into();
    is(&world, &short, "not_found R01");
    short.break_glass.as_mut().unwrap().text.push('!');
    is(&world, &short, "allow B7");
    world.people.get_mut("ASHA").unwrap().dissent = true;
    is(&world, &look, "not_found R01");
    is(&world, &Request { break_glass: glass("life_at_risk"), ..look.clone() }, "allow B7");
    world.users.get_mut("kim").unwrap().role = Role::Navigator;
    let navigator = Request { purpose: Some("safeguarding".into()), ..look };
    is(&world, &navigator, "not_found R01");
}

#[test]
fn b7_is_the_last_basis_and_is_offered_where_it_alone_would_help() {
    let mut world = world();
    is(&world, &Request { break_glass: glass("x"), ..ask("osei", Action::View, "score") }, "allow B3");
    assert!(decide(&world, &ask("kim", Action::View, "score")).break_glass_offered);
    assert!(!decide(&world, &ask("kim", Action::View, "substance")).break_glass_offered);
    assert!(!decide(&world, &ask("omar", Action::View, "score")).break_glass_offered);
    world.people.get_mut("ASHA").unwrap().suppress_notice = true;
    let look = Request { break_glass: glass("x"), ..ask("kim", Action::View, "score") };
    assert_eq!(decide(&world, &look).obligations, [Obligation::IgReview72h].into());
}

#[test]
fn b8_an_auditor_reads_who_looked_in_the_own_organisation_and_no_content() {
    let mut world = world();
    let audit = |org: &str| Request { target_org: Some(org.into()), ..ask("auditor", Action::ViewAudit, "") };
    is(&world, &audit("trust"), "allow B8");
    is(&world, &audit("charity"), "not_found R01");
    world.care_team.push(in_team("auditor"));
    is(&world, &ask("auditor", Action::View, "score"), "forbidden R01");
}

#[test]
fn b9_finding_a_person_needs_an_exact_match_and_has_a_limit() {
    let find = Request { exact_match: true, ..ask_about("omar", Action::FindToRefer) };
    let mut world = world();
    world.referrals.clear();
    is(&world, &find, "allow B9");
    is(&world, &Request { exact_match: false, ..find.clone() }, "not_found R01");
    is(&world, &Request { lookups: 9, ..find.clone() }, "allow B9");
    is(&world, &Request { lookups: 10, ..find.clone() }, "not_found R01");
    world.users.get_mut("omar").unwrap().role = Role::SportCoach;
    is(&world, &Request { purpose: Some("safeguarding".into()), ..find }, "not_found R01");
}

#[test]
fn w1_writing_is_in_the_own_part_by_the_author_for_a_day() {
    let mut world = world();
    let new = |org: &str| Request {
        target_org: Some(org.into()),
        domain: Some(Area::Social),
        ..ask_about("ruth", Action::Create)
    };
    is(&world, &new("charity"), "allow W1");
    is(&world, &new("trust"), "forbidden R01");
    is(&world, &Request { sensitivity: Some(3), ..new("charity") }, "not_found R01");
    let edit = ask("osei", Action::Edit, "score");
    is(&world, &edit, "forbidden R01");
    world.items.get_mut("score").unwrap().author = Some("osei".into());
    is(&world, &edit, "forbidden R01");
    world.items.get_mut("score").unwrap().created = Some(now().plus(1 - 86_400));
    is(&world, &edit, "allow W1");
    world.items.get_mut("score").unwrap().created = Some(now().plus(-86_400));
    is(&world, &edit, "forbidden R01");
    is(&world, &ask("osei", Action::Amend, "score"), "allow W1");
    is(&world, &ask("osei", Action::Delete, "score"), "forbidden W1");
    is(&world, &ask("asha", Action::Delete, "score"), "forbidden W1");
    world.care_team[0].to = Some(now());
    is(&world, &ask("osei", Action::Amend, "score"), "forbidden R01");
}

#[test]
fn w2_export_is_s2_at_most_and_never_many_at_once_alone() {
    let mut world = world();
    is(&world, &ask("osei", Action::Export, "substance"), "not_found W2");
    let many = Request { count: 51, ..ask("osei", Action::Export, "score") };
    is(&world, &many, "forbidden W2");
    is(&world, &Request { count: 50, ..many.clone() }, "allow B3");
    is(&world, &Request { second_approver: true, ..many }, "allow B3");
    world.proxies[0].actions.push("export".into());
    is(&world, &ask("sister", Action::Export, "goal"), "allow B2");
    world.proxies[0].categories = vec!["substance_use".into()];
    is(&world, &ask("sister", Action::Export, "substance"), "not_found W2");
}

#[test]
fn w3_a_program_has_no_more_than_its_scopes_and_its_user() {
    let mut world = world();
    let scopes = vec!["health_social_care.read".into(), "aggregate".into()];
    world.clients.insert("bridge".into(), Client { scopes });
    let through = |request: Request| Request { client: Some("bridge".into()), ..request };
    is(&world, &through(ask("osei", Action::View, "score")), "allow B3");
    is(&world, &through(ask("kim", Action::View, "score")), "not_found R01");
    is(&world, &through(ask("osei", Action::Export, "score")), "forbidden W3");
    is(&world, &through(ask("ruth", Action::View, "goal")), "forbidden W3");
    let nobody = |request: Request| through(Request { actor: None, ..request });
    is(&world, &nobody(ask("osei", Action::View, "score")), "not_found R01");
    is(&world, &nobody(ask("analyst", Action::Aggregate, "")), "allow Aggregate");
    is(&world, &nobody(ask("analyst", Action::BrowseDirectory, "")), "allow Directory");
    let unknown = Request { client: Some("other".into()), ..ask("osei", Action::View, "score") };
    is(&world, &unknown, "forbidden W3");
    is(&world, &Request { actor: None, ..ask("analyst", Action::Aggregate, "") }, "not_found R02");
}

#[test]
fn t1_a_change_counts_for_the_next_request() {
    let mut world = world();
    world.consents[0].withdrawn = Some(at("2026-06-10T12:00"));
    let look = |text: &str| Request { at: at(text), ..ask("ruth", Action::View, "score") };
    is(&world, &look("2026-06-10T11:59:59"), "allow B4");
    is(&world, &look("2026-06-10T12:00:00"), "forbidden R01");
}

#[test]
fn v1_a_denial_is_seen_only_by_those_who_know_the_person_and_only_of_ordinary_items() {
    let mut world = world();
    is(&world, &ask("osei", Action::View, "goal"), "forbidden R01");
    is(&world, &ask("kim", Action::View, "goal"), "not_found R01");
    for (sensitivity, hidden, third) in [(3, false, false), (1, true, false), (1, false, true)] {
        let goal = world.items.get_mut("goal").unwrap();
        (goal.sensitivity, goal.hidden_from_portal, goal.third_party) = (sensitivity, hidden, third);
        is(&world, &ask("osei", Action::View, "goal"), "not_found R01");
    }
}

#[test]
fn an_unknown_role_sees_the_directory_and_nothing_else() {
    let mut world = world();
    world.users.insert("other".into(), user(Role::Unknown, Some("trust")));
    world.care_team.push(in_team("other"));
    is(&world, &ask("other", Action::View, "score"), "forbidden R04");
    is(&world, &ask("other", Action::BrowseDirectory, ""), "allow Directory");
}
