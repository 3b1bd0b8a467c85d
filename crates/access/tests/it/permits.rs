//! Permits and guarded values: what a permit opens, what it never opens, and what a
//! request remembers.

use crate::cases::{Case, DECIDER, NOW, ours, person, record, theirs, worker};
use kith_access::{
    About, Action, Ask, Basis, Batch, Denial, Draft, Extent, Guarded, Permit, PersonWorld, Proof, Role, Span,
    Visibility, Who, WrongPermit,
};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::record::{Author, Kind};

fn permit(case: &Case) -> Result<Permit, Denial> {
    Batch::new(&DECIDER, &case.actor, &case.standing, NOW).permit(&case.world, &case.item, &case.ask)
}

fn involved() -> Case {
    Case::of(Role::Navigator).involved()
}

#[test]
fn a_permit_says_who_what_why_and_for_whom() {
    let permit = permit(&involved()).expect("they support the person");
    let granted = permit.granted();
    assert_eq!(granted.who(), Who::Worker(worker(1)));
    assert_eq!(granted.author(), Author::Worker { worker: worker(1), organisation: ours() });
    assert_eq!(granted.organisation(), Some(ours()));
    assert_eq!(granted.person(), Some(person(1)));
    assert_eq!(granted.basis(), Basis::OwnOrganisation);
    assert_eq!(granted.purpose().code(), "support_coordination");
    assert_eq!((granted.action(), granted.at(), granted.role()), (Action::View, NOW, Role::Navigator));
    assert_eq!((permit.id(), permit.version(), permit.kind()), (record(1), 3, Kind::Goal));
    assert_eq!(permit.owner(), ours());
}

#[test]
fn a_guarded_value_opens_with_the_permit_for_it() {
    let case = involved();
    let guarded = Guarded::new(case.item.clone(), "words");
    assert_eq!(guarded.open(&permit(&case).expect("allowed")), Ok("words"));
}

#[test]
fn a_permit_for_another_item_version_kind_or_person_opens_nothing() {
    let case = involved();
    let good = permit(&case).expect("allowed");
    let other = |change: fn(&mut Case)| Guarded::new(case.clone().with(change).item, "words");
    assert_eq!(other(|c| c.item.version = 4).open(&good), Err(WrongPermit));
    assert_eq!(other(|c| c.item.id = record(2)).open(&good), Err(WrongPermit));
    assert_eq!(other(|c| c.item.kind = Kind::Note).open(&good), Err(WrongPermit));
    assert_eq!(other(|c| c.item.person = Some(person(2))).open(&good), Err(WrongPermit));
}

#[test]
fn a_permit_for_a_name_opens_a_name_and_not_the_record() {
    let case = involved().kind(Kind::Person).label(Area::Identity, Sensitivity::S2).action(Action::SeeName);
    let name = permit(&case).expect("they support the person");
    let part = |extent| Guarded::part(case.item.clone(), extent, "Badger");
    assert_eq!(part(Extent::Name).open(&name), Ok("Badger"));
    for extent in [Extent::Whole, Extent::Status, Extent::Stub, Extent::Packet] {
        assert_eq!(part(extent).open(&name), Err(WrongPermit), "{extent:?}");
    }
    let whole = permit(&case.clone().action(Action::View)).expect("and may view it");
    assert_eq!(part(Extent::Name).open(&whole), Ok("Badger"));
}

#[test]
fn nothing_of_the_content_shows_when_a_guarded_value_is_printed() {
    let guarded = Guarded::new(involved().item, "a very private thing");
    let shown = format!("{guarded:?}");
    assert!(shown.contains("goal"));
    assert!(!shown.contains("private"));
}

#[test]
fn a_refusal_says_no_more_than_it_may() {
    let stranger = permit(&Case::of(Role::Navigator)).expect_err("no relationship");
    assert_eq!(stranger.visibility, Visibility::NotFound);
    assert_eq!(stranger.to_string(), "not_found");
    assert!(!stranger.step_up());
    let one_factor = permit(&involved().with(|c| c.actor.aal = 1)).expect_err("one factor");
    assert_eq!(one_factor.to_string(), "forbidden");
    assert!(one_factor.step_up());
}

#[test]
fn a_missing_record_is_refused_like_a_hidden_one() {
    let case = Case::of_self().with(|c| c.item.label.hidden = true);
    let mut batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    let hidden = batch.permit(&case.world, &case.item, &case.ask).expect_err("hidden");
    let missing = batch.missing(&case.ask);
    assert_eq!(hidden.visibility, missing.visibility);
    assert_eq!(hidden.to_string(), missing.to_string());
    assert_eq!(hidden.obligations, missing.obligations);
    assert_eq!(hidden.break_glass_offered, missing.break_glass_offered);
}

#[test]
fn items_with_the_same_facts_share_one_evaluation_within_a_request() {
    let case = involved();
    let mut batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    for n in 0..50 {
        let item = case.clone().with(|c| c.item.id = record(n)).item;
        assert!(batch.permit(&case.world, &item, &case.ask).is_ok());
    }
    assert_eq!(batch.evaluations(), 1);
    let secret = case.clone().label(Area::Housing, Sensitivity::S3).item;
    assert!(batch.permit(&case.world, &secret, &case.ask).is_err());
    assert_eq!(batch.evaluations(), 2);
}

#[test]
fn a_change_between_two_requests_counts_in_the_second() {
    let mut case = involved();
    assert!(permit(&case).is_ok());
    case.world.involvements[0].span = Span::between(NOW.plus_days(-300), NOW.plus_days(-200));
    assert!(permit(&case).is_err());
}

#[test]
fn a_permit_for_something_new_covers_that_and_nothing_else() {
    let case = involved().kind(Kind::Note).action(Action::Create);
    let draft = Draft { kind: Kind::Note, owner: ours(), label: case.item.label.clone() };
    let mut batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    let permit = batch.permit_new(&case.world, &draft, &case.ask).expect("they support the person");
    assert_eq!(permit.person(), person(1));
    assert!(permit.covers(Kind::Note, ours(), &draft.label));
    assert!(!permit.covers(Kind::Goal, ours(), &draft.label));
    assert!(!permit.covers(Kind::Note, theirs(), &draft.label));
    let secret = kith_domain::record::Label::of(Area::Safety, Sensitivity::S3);
    assert!(!permit.covers(Kind::Note, ours(), &secret));
}

#[test]
fn a_permit_about_a_person_needs_one() {
    let case = involved().action(Action::HandOver);
    let mut batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    assert!(batch.permit_person(&case.world, &case.ask).is_ok());
    assert!(batch.permit_person(&PersonWorld::nobody(), &case.ask).is_err());
}

#[test]
fn a_permit_about_the_place_names_no_person() {
    let case = Case::of(Role::VcseWorker);
    let mut batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    let add = batch.ask(Action::AddPerson);
    let permit = batch.permit_place(&add).expect("those who support people may add one");
    assert_eq!(permit.granted().person(), None);
    let listing = Draft::new(Kind::Service, ours(), Area::Housing, Sensitivity::S0);
    let keep = batch.ask(Action::KeepListing);
    let permit = batch.permit_place_new(&listing, &keep).expect("an organisation lists what it does");
    assert!(permit.covers(Kind::Service, ours()) && !permit.covers(Kind::Service, theirs()));
    let other = Draft::new(Kind::Service, theirs(), Area::Housing, Sensitivity::S0);
    assert!(batch.permit_place_new(&other, &keep).is_err());
}

#[test]
fn opening_in_one_step_gives_the_value_and_its_permit() {
    let case = involved();
    let mut batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    let guarded = Guarded::new(case.item.clone(), "words");
    let (words, permit) = batch.open(&case.world, guarded, &case.ask).expect("allowed");
    assert_eq!((words, permit.version()), ("words", 3));
    // A permit that does not reach the whole item opens nothing, and looks like nothing.
    let name = Ask { action: Action::SeeName, ..case.ask.clone() };
    let guarded = Guarded::new(case.item.clone(), "words");
    let refused = batch.open(&case.world, guarded, &name).expect_err("a name is not the record");
    assert_eq!(refused.visibility, Visibility::NotFound);
}

#[test]
fn the_purpose_comes_from_the_role_and_the_action() {
    let case = Case::of(Role::DebtAdviser);
    let batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    assert_eq!(batch.ask(Action::View).purpose.code(), "money_advice");
    assert_eq!(batch.ask(Action::AnswerReferral).purpose.code(), "referral");
    for role in Role::ALL {
        for action in Action::ALL {
            assert!(
                role.purposes().contains(&role.purpose_for(*action)),
                "{} {}",
                role.code(),
                action.code()
            );
        }
    }
}

#[test]
fn every_reason_code_reads_back() {
    for role in Role::ALL {
        assert_eq!(Role::from_code(role.code()), Some(*role));
        let json = serde_json::to_string(role).expect("a word");
        assert_eq!(json, format!("\"{}\"", role.code()));
    }
    for action in Action::ALL {
        assert_eq!(Action::from_code(action.code()), Some(*action));
    }
    assert_eq!(Role::from_code("police"), None);
}

#[test]
fn a_decision_about_nobody_never_takes_a_person_with_it() {
    let case = involved();
    let mut batch = Batch::new(&DECIDER, &case.actor, &case.standing, NOW);
    let decision = batch.decide(&case.world, About::Nobody, &case.ask);
    assert!(!decision.allow, "viewing is always viewing something");
}
