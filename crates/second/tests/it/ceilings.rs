//! The permission matrix, typed in a second time as the table that it is, and the places where its
//! numbers and words decide.

use crate::help::{ask, days, in_team, is, item, user, world};
use kith_second::ceilings::{may_be_sealed, of_supporter, of_worker};
use kith_second::world::{Client, Gift};
use kith_second::{Action, Area, Request, Role};

/// Areas in the order of the matrix: health, housing, work, physical, social, money, safety,
/// identity. `?` is a number that needs the area in the organisation's agreement.
const TABLE: [(Role, &str); 17] = [
    (Role::Clinician, "3 3 3 3 3 3 3 3"),
    (Role::SocialWorker, "3 3 3 3 3 3 3 3"),
    (Role::CrisisWorker, "3 2 2 3 2 2 3 2"),
    (Role::Navigator, "2 2 2 2 2 2 - 2"),
    (Role::HousingOfficer, "2? 2 - - 2 - - 2"),
    (Role::WorkCoach, "- - 1 - - 1? - -"),
    (Role::DebtAdviser, "- 2 - - - 2 - 2"),
    (Role::VcseWorker, "2 2 2 2 2 2 - 2"),
    (Role::PeerWorker, "1 1 1 1 1 - - 1"),
    (Role::SportCoach, "- - - 1 1 - - -"),
    (Role::EmployerContact, "- - 1 - - - - -"),
    (Role::ServiceLead, "3 3 3 3 3 3 3 3"),
    (Role::SafeguardingLead, "- - - - - - 3 3"),
    (Role::IgAuditor, "- - - - - - - -"),
    (Role::Analyst, "- - - - - - - -"),
    (Role::OrgAdmin, "- - - - - - - -"),
    (Role::SystemAdmin, "- - - - - - - -"),
];

#[test]
fn every_cell_of_the_matrix_is_as_written() {
    for (role, row) in TABLE {
        for (area, cell) in Area::ALL.into_iter().zip(row.split(' ')) {
            let number = cell.trim_end_matches('?').parse::<u8>().ok();
            let without = number.filter(|_| !cell.ends_with('?'));
            assert_eq!(of_worker(role, area, true), number, "{role:?} {area:?}");
            assert_eq!(of_worker(role, area, false), without, "{role:?} {area:?} not agreed");
        }
        assert_eq!(of_worker(role, Area::Unknown, true), None);
    }
}

#[test]
fn only_cells_that_say_four_reach_sealed_items() {
    let four = [Role::Person, Role::Clinician, Role::SocialWorker, Role::VcseWorker, Role::SafeguardingLead];
    for role in Role::ALL {
        for area in Area::ALL {
            let expected = area == Area::IdentityContact && four.contains(&role);
            assert_eq!(may_be_sealed(role, area), expected, "{role:?} {area:?}");
        }
    }
}

#[test]
fn a_supporters_ceiling_is_three_only_in_health_and_safety_and_only_when_named() {
    for area in Area::ALL {
        let three = matches!(area, Area::HealthSocialCare | Area::Safety);
        assert_eq!(of_supporter(area, true), if three { 3 } else { 2 }, "{area:?}");
        assert_eq!(of_supporter(area, false), 2, "{area:?}");
    }
}

#[test]
fn a_packet_is_no_wider_than_the_receivers_agreement_and_ceiling() {
    let look = ask("omar", Action::View, "budget");
    let mut narrow = world();
    narrow.orgs.get_mut("advice").unwrap().dsa_domains = vec![Area::Housing];
    is(&narrow, &look, "forbidden R01");
    let mut high = world();
    high.items.get_mut("budget").unwrap().domain = Area::Social;
    is(&high, &look, "forbidden R01");
}

#[test]
fn an_employer_sees_adjustments_and_nothing_else_of_work() {
    let mut world = world();
    world.users.insert("boss".into(), user(Role::EmployerContact, Some("charity")));
    world.care_team.push(in_team("boss"));
    world.consents[0].domains.push(Area::WorkEducation);
    world.consents[0].purposes.push("workplace_adjustments".into());
    world.panel_decisions.push(kith_second::world::PanelDecision {
        id: "D".into(),
        enables_role: Some(Role::EmployerContact),
        decided: days(-1),
        ended: None,
    });
    let rows = [("change", "reasonable_adjustment"), ("wish", "goal")];
    for (id, kind) in rows {
        world.items.insert(id.into(), item("trust", kind, Area::WorkEducation, 1));
    }
    let look = |item: &str| Request {
        purpose: Some("workplace_adjustments".into()),
        ..ask("boss", Action::View, item)
    };
    is(&world, &look("change"), "allow B4");
    is(&world, &look("wish"), "forbidden R01");
    world.panel_decisions[0].decided = days(1);
    is(&world, &look("change"), "not_found Panel");
}

#[test]
fn a_service_lead_reads_nothing_of_other_organisations() {
    let mut world = world();
    world.care_team.push(in_team("lead"));
    world.consents[0].org = "trust".into();
    world.consents[0].purposes.push("quality_review".into());
    world.referrals[0].to_org = "trust".into();
    world.referrals[0].team = vec!["lead".into()];
    is(&world, &ask("lead", Action::View, "goal"), "forbidden R01");
    is(&world, &ask("lead", Action::View, "budget"), "forbidden R01");
    is(&world, &ask("lead", Action::View, "substance"), "allow B3");
}

#[test]
fn what_is_given_by_name_passes_the_ceiling_and_still_needs_an_agreement() {
    let mut world = world();
    let gift = Gift { item: "safety".into(), user: "omar".into(), from: days(-1), to: None };
    world.gifts.push(gift);
    let look = ask("omar", Action::View, "safety");
    is(&world, &look, "allow Given");
    world.orgs.get_mut("advice").unwrap().dsa_domains.clear();
    is(&world, &look, "allow Given");
    world.orgs.get_mut("advice").unwrap().dsa = false;
    is(&world, &look, "not_found R02");
}

#[test]
fn a_sealed_item_passes_through_a_program_only_by_itself() {
    let mut world = world();
    world.items.get_mut("address").unwrap().allow = vec!["osei".into()];
    let scopes = vec!["identity_contact.read".into()];
    world.clients.insert("bridge".into(), Client { scopes });
    let look = Request { client: Some("bridge".into()), ..ask("osei", Action::View, "address") };
    is(&world, &look, "allow AllowList");
    is(&world, &Request { count: 2, ..look }, "not_found R06");
}
