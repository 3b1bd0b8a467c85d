//! What a refusal may offer, and to whom: signing in with more, or emergency access.

use crate::cases::{Case, NOW, ours, record, referral};
use kith_access::{Action, Actor, Obligation, ReferralStage, Role, Visibility};
use kith_domain::record::Kind;

fn stale(c: &mut Case) {
    c.actor.signed_in_at = NOW.plus_hours(-1);
}

#[test]
fn whoever_came_with_a_paper_code_is_told_that_signing_in_would_do() {
    let own = Case::of_self().with(|c| c.actor.paper_code = true).decide();
    assert!(!own.allow);
    assert_eq!(own.visibility, Visibility::Forbidden);
    assert!(own.obligations.contains(&Obligation::StepUp), "{own:?}");
}

#[test]
fn emergency_access_is_offered_for_looking_only() {
    let stranger = Case::of(Role::Clinician).decide();
    assert!(!stranger.allow && stranger.break_glass_offered, "{stranger:?}");
    // Signing in again is enough for what leaves; an emergency opens none of it.
    let export = Case::of(Role::Clinician).involved().action(Action::Export).with(stale).decide();
    assert!(!export.allow && !export.break_glass_offered, "{export:?}");
    assert!(export.obligations.contains(&Obligation::StepUp), "{export:?}");
}

#[test]
fn emergency_access_is_offered_to_those_who_may_open_it_only() {
    let one_factor = Case::of(Role::Navigator).involved().with(|c| c.actor.aal = 1).decide();
    assert!(!one_factor.allow && !one_factor.break_glass_offered, "{one_factor:?}");
    assert!(one_factor.obligations.contains(&Obligation::StepUp), "{one_factor:?}");
    let stranger = Case::of(Role::Navigator).decide();
    assert!(!stranger.allow && !stranger.break_glass_offered, "{stranger:?}");
}

#[test]
fn where_nobody_is_asked_about_there_is_nobody_to_hide_but_a_search_says_nothing() {
    let figures = Case::of(Role::Navigator).action(Action::Aggregate).decide_place();
    assert!(!figures.allow);
    assert_eq!(figures.visibility, Visibility::Forbidden);
    for search in [Action::FindToRefer, Action::ViewAudit] {
        let found = Case::of(Role::PeerWorker).action(search).decide_place();
        assert!(!found.allow);
        assert_eq!(found.visibility, Visibility::NotFound, "{search:?}");
    }
}

/// However long the link would live.
#[test]
fn by_the_link_of_a_request_that_has_ended_nothing_is_said_about_space() {
    let at = |stage: ReferralStage| {
        let case = Case::of_link().kind(Kind::Service).action(Action::SetCapacity).owned_by(ours());
        case.with(|c| {
            c.item.person = None;
            c.item.id = record(50);
            c.actor = Actor::link_holder(ours(), referral(1), true, NOW);
            c.world.referrals[0].stage = stage;
        })
    };
    for open in [ReferralStage::Sent, ReferralStage::Accepted] {
        assert!(at(open).allowed(), "{open:?}");
    }
    for over in [ReferralStage::Completed(NOW), ReferralStage::EndedEarly(NOW), ReferralStage::Over(NOW)] {
        assert!(!at(over).allowed(), "{over:?}");
    }
}
