//! The exhaustive matrix: its numbering, and what holds in every cell.

use kith_second::matrix::{self, Agreement, COUNT, Relationship};
use kith_second::{Action, Area, Role, decide};
use std::collections::BTreeMap;

/// A step that shares no factor with the sizes of the parts, so that a walk meets every value of each.
const STEP: usize = 23;

#[test]
fn the_numbering_is_stable() {
    assert_eq!(COUNT, 492_480);
    let first = matrix::cell(0).expect("there is a first cell");
    assert_eq!(first.to_string(), "0: Person View HealthSocialCare S0 Stranger None");
    let some = matrix::cell(123_456).expect("there are more");
    assert_eq!(some.to_string(), "123456: CrisisWorker View Safety S0 ClosedLately BestInterests");
    let last = matrix::cell(COUNT - 1).expect("there is a last");
    assert_eq!(last.to_string(), "492479: SystemAdmin FindToRefer IdentityContact S4 BreakGlass Dissent");
    assert_eq!(matrix::cell(COUNT), None);
    assert!(matrix::cells().enumerate().all(|(at, cell)| cell.number == at));
}

#[test]
fn what_no_cell_may_allow_is_allowed_in_none() {
    let mut allowed: BTreeMap<Role, usize> = BTreeMap::new();
    for cell in matrix::cells().step_by(STEP) {
        let (world, request) = cell.build();
        let decision = decide(&world, &request);
        if !decision.is_allowed() {
            continue;
        }
        *allowed.entry(cell.role).or_default() += 1;
        let content = cell.action.is_about_an_item();
        assert_ne!(cell.action, Action::Delete, "{cell}");
        assert!(!(content && cell.sensitivity == 4 && cell.action != Action::View), "{cell}");
        assert!(!(content && cell.sensitivity == 4 && cell.area != Area::IdentityContact), "{cell}");
        let worker = cell.role.is_staff();
        assert!(!(worker && cell.relationship == Relationship::Conflict), "{cell}");
        assert!(!(worker && cell.action == Action::Export && cell.sensitivity > 2), "{cell}");
        let idle = matches!(cell.role, Role::Analyst | Role::OrgAdmin | Role::SystemAdmin);
        assert!(!idle, "{cell}");
    }
    let roles: Vec<Role> = allowed.keys().copied().collect();
    assert_eq!(roles, Role::ALL[..16], "every other role is allowed something");
}

#[test]
fn consent_that_has_ended_is_as_none() {
    for cell in matrix::cells().step_by(STEP) {
        if cell.agreement == Agreement::Expired || cell.agreement == Agreement::Withdrawn {
            let none = matrix::Cell { agreement: Agreement::None, ..cell };
            let (ended_world, request) = cell.build();
            let (none_world, _) = none.build();
            assert_eq!(decide(&ended_world, &request), decide(&none_world, &request), "{cell}");
        }
    }
}
