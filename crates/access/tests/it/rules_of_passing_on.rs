//! The plan passes on when an organisation or a team stops, and the person may stop: what is
//! seen then, and what is not. After [`super::rules`], in the same form.

use crate::cases::*;
use crate::rules::*;
use kith_access::*;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::record::Kind;

use Sensitivity::{S1, S2, S3};

/// A navigator of ours, to whom the plan of a stopped organisation passed, before a need in
/// that organisation's part.
fn passed_on() -> Case {
    Case::of(Role::Navigator).owned_by(theirs()).kind(Kind::Need).label(Area::Housing, S2).with(|c| {
        let to =
            Holder { organisation: ours(), team: Some(team(1)), lead: Some(worker(1)), cover: Vec::new() };
        c.world.passed_on = Some(PassedOn { to, from: [theirs()].into() });
    })
}

#[test]
fn who_holds_the_plan_after_a_closure_sees_what_has_to_be_done_and_not_the_story() {
    assert_eq!(passed_on().decide().basis, Some(Basis::OwnOrganisation));
    for kind in [Kind::Step, Kind::Referral, Kind::Telling, Kind::Message, Kind::Consent] {
        assert!(passed_on().kind(kind).allowed(), "{}", kind.code());
    }
    for kind in [Kind::Note, Kind::Goal, Kind::PlanSection] {
        assert!(!passed_on().kind(kind).allowed(), "{}", kind.code());
        assert!(passed_on().kind(kind).agreed().allowed(), "{}: as far as the person agrees", kind.code());
    }
    assert!(passed_on().kind(Kind::Person).label(Area::Identity, S2).allowed());
    assert!(passed_on().action(Action::Update).allowed());
    assert!(passed_on().action(Action::SeeName).allowed());
    assert!(passed_on().with(|c| c.ask.reason = true).action(Action::ManageConsent).decide_person().allow);
    for changed in [
        passed_on().with(|c| {
            c.actor.teams.clear();
            c.world.passed_on.as_mut().expect("passed").to.lead = Some(worker(2));
        }),
        passed_on().with(|c| c.world.passed_on = None),
        passed_on().with(|c| c.world.passed_on.as_mut().expect("passed").from.clear()),
        passed_on().owned_by(organisation(77)),
        passed_on().label(Area::Housing, S3),
        passed_on().label(Area::Safety, S1),
        passed_on().with(|c| c.world.stopped.extend([ours()])),
        passed_on().with(|c| c.world.stopped_everything = true),
        passed_on().action(Action::Print),
    ] {
        assert!(!changed.allowed(), "{changed:?}");
    }
}

#[test]
fn whoever_holds_the_plan_has_what_an_organisation_that_is_gone_had_to_do_in_it() {
    let gone = |c: &mut Case| c.standing.out.extend([theirs()]);
    let held = || Case::of(Role::Navigator).held().owned_by(theirs()).kind(Kind::Step).label(Area::Money, S2);
    assert!(!held().allowed(), "another organisation's part");
    assert!(held().with(gone).allowed());
    let no_plan = held().involved().with(gone).with(|c| c.world.holder = None);
    assert!(!no_plan.allowed(), "supporting somebody is not holding their plan");
    // Taken on for good: whose plan it is stays readable, whatever becomes of who wrote it down.
    let person = held().kind(Kind::Person).label(Area::Identity, S2);
    assert!(person.allowed() && person.action(Action::Update).allowed());
}

#[test]
fn stopping_an_organisation_or_everything_ends_what_was_agreed_from_the_next_request() {
    let one = |c: &mut Case| c.world.stopped.extend([ours()]);
    let all = |c: &mut Case| c.world.stopped_everything = true;
    let another = |c: &mut Case| c.world.stopped.extend([theirs()]);
    let gift = |c: &mut Case| {
        let span = Span::since(NOW.plus_days(-1));
        let what = Given::Record(c.item.id);
        c.world.gifts.push(Gift { worker: worker(1), organisation: ours(), what, span });
    };
    let shared = || Case::of(Role::DebtAdviser).owned_by(theirs()).label(Area::Money, S2);
    let cases = [
        shared().involved().agreed(),
        shared().with(gift),
        shared().referred(ReferralStage::Sent),
        shared().referred(ReferralStage::Accepted),
    ];
    for case in cases {
        assert!(case.allowed());
        assert!(case.clone().with(another).allowed(), "only that organisation is stopped");
        assert!(!case.clone().with(one).allowed(), "{case:?}");
        assert!(!case.clone().with(all).allowed(), "{case:?}");
    }
    // Their own part is theirs, and a packet that rests on a decision is not the person's to stop.
    assert!(navigator().with(one).allowed());
    let decided = shared().referred(ReferralStage::Sent).with(|c| c.world.referrals[0].agreed = false);
    assert!(decided.clone().with(one).allowed() && decided.with(all).allowed());
}

#[test]
fn a_place_that_is_kept_has_no_name() {
    let place = |stage| {
        Case::of(Role::DebtAdviser)
            .owned_by(theirs())
            .label(Area::Money, S1)
            .referred(stage)
            .with(|c| c.world.stopped.extend([ours()]))
    };
    for stage in [ReferralStage::Sent, ReferralStage::Accepted] {
        let referral = place(stage).kind(Kind::Referral).with(|c| {
            c.item.id = c.world.referrals[0].id.into();
        });
        assert!(referral.clone().action(Action::ViewReferralStatus).allowed(), "{stage:?}");
        assert!(referral.clone().action(Action::AnswerReferral).allowed(), "{stage:?}");
        assert!(!referral.allowed(), "{stage:?}");
        let person = place(stage).kind(Kind::Person).label(Area::Identity, S2);
        assert!(!person.allowed() && !person.clone().action(Action::SeeName).allowed(), "{stage:?}");
        assert!(person.clone().involved().action(Action::SeeName).allowed(), "they help with something else");
        let shared = person.with(|c| c.world.stopped.clear());
        assert!(shared.action(Action::SeeName).allowed(), "{stage:?}");
    }
    // What they wrote themselves while they helped they may read, and not go on writing.
    let own = place(ReferralStage::Accepted).owned_by(ours()).kind(Kind::Note);
    assert!(own.allowed() && !own.action(Action::Create).decide_new().allow);
}

#[test]
fn a_request_of_a_team_that_stopped_is_read_and_answered_by_the_team_that_took_over() {
    let request = || {
        Case::of(Role::Navigator).owned_by(theirs()).kind(Kind::ComingIn).label(Area::Identity, S2).with(
            |c| {
                c.item.person = None;
                c.world = kith_access::PersonWorld::nobody();
                c.item.addressed = vec![Party::Team(team(9))];
                c.standing.out.extend([theirs()]);
                c.standing.passed_teams.insert(team(9), team(1));
            },
        )
    };
    assert!(request().allowed() && request().action(Action::Update).allowed());
    for changed in [
        request().with(|c| c.standing.passed_teams.clear()),
        request().with(|c| c.standing.out.clear()),
        request().with(|c| c.actor.teams = vec![team(2)]),
        request().with(|c| c.item.addressed = vec![Party::Team(team(8))]),
        request().with(|c| c.item.addressed.clear()),
    ] {
        assert!(!changed.allowed(), "{changed:?}");
    }
}
