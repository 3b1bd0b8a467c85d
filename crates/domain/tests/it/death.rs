//! What follows a death: whoever was helping is told once, by name; a carer is looked after;
//! nobody of whom somebody is afraid is; and a mistake is told to the same people.

use kith_domain::area::Area;
use kith_domain::contact::MustNotKnow;
use kith_domain::death::{Around, ToRead, as_it_stood, follows, was_a_mistake};
use kith_domain::id::SupporterId;
use kith_domain::life;
use kith_domain::moves::{Move, MoveKind, Mover, Refused, Surroundings, apply, ended_by_death, who_may};
use kith_domain::person::Coercion;
use kith_domain::record::{Author, Saved};
use kith_domain::referral::{Decline, DeclineReason, Party, Referral, Status};
use kith_domain::supporter::{Involvement, Supporter, SupporterKind};
use kith_domain::time::plus_days;

use crate::world::*;

fn referral(n: u128, receiver: u128, status: Status) -> Saved<Referral> {
    let value = draft(id(50), receiver, id(60), Vec::new(), TODAY);
    saved(n, Some(id(1)), morning(TODAY), Referral { status, ..value })
}

fn supporter(n: u128, kind: SupporterKind) -> Saved<Supporter> {
    let value = Supporter {
        name: "Maureen".into(),
        relation: "mother".into(),
        kind,
        contact: None,
        areas: vec![Area::Connection],
        categories: Vec::new(),
        agreed_at: Some(morning(TODAY)),
        proof: None,
        from: TODAY,
        until: None,
        given: None,
        ended: None,
        seen: None,
    };
    saved(n, Some(id(1)), morning(TODAY), value)
}

fn involvement(n: u128, organisation: u128, worker: u128) -> Saved<Involvement> {
    let h = holder(organisation, Some(worker));
    let value = Involvement {
        organisation: h.organisation,
        team: h.team,
        worker: h.lead,
        role: "Visits".into(),
        key_worker: false,
        areas: Vec::new(),
        from: TODAY,
        until: None,
    };
    saved(n, Some(id(1)), morning(TODAY), value)
}

struct Story {
    facts: kith_domain::holding::PersonFacts,
    involved: Vec<Saved<Involvement>>,
    supporters: Vec<Saved<Supporter>>,
}

impl Story {
    fn new() -> Story {
        Story { facts: badger(1, morning(TODAY)), involved: Vec::new(), supporters: Vec::new() }
    }

    fn follows(&self) -> Vec<ToRead> {
        let around = Around {
            person: &self.facts.person.value,
            referrals: &self.facts.referrals,
            involved: &self.involved,
            steps: &self.facts.steps,
            supporters: &self.supporters,
        };
        follows(&partnership(), around, morning(TODAY))
    }
}

#[test]
fn every_team_that_was_helping_is_told_once_and_nobody_else() {
    let mut s = Story::new();
    assert_eq!(s.follows(), [], "whoever holds the plan is told by the plan itself");
    s.facts.referrals = vec![
        referral(2, CHARITY, Status::Accepted),
        referral(3, CHARITY, Status::Requested),
        referral(4, TRUST, Status::Completed),
        referral(5, TRUST, Status::Draft),
    ];
    let told = s.follows();
    assert_eq!(told.len(), 2);
    assert_eq!((told[0].holder, told[0].by), (holder(CHARITY, None), plus_days(TODAY, 2)));
    assert!(told[0].words.starts_with("Do not contact them") && !told[0].words.contains("died"));
    assert_eq!(told[1].holder, aisha());
    assert!(told[1].words.contains("Organisation 2") && !told[1].words.contains("Organisation 3"));
    s.involved = vec![involvement(6, TRUST, 31), involvement(7, CHARITY, 21), involvement(8, NAVIGATORS, 11)];
    let told: Vec<_> = s.follows().iter().map(|t| t.holder).collect();
    assert_eq!(told, [holder(CHARITY, None), holder(TRUST, Some(31)), aisha()]);
    s.involved[0].value.until = Some(plus_days(TODAY, -1));
    assert_eq!(s.follows().len(), 2, "who had stopped helping is not told");
}

#[test]
fn where_nobody_reads_kith_a_human_tells_them() {
    let mut s = Story::new();
    s.facts.referrals = vec![referral(2, BY_LINK, Status::Accepted)];
    let told = s.follows();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].holder, aisha());
    assert!(told[0].words.contains("Organisation 4") && told[0].words.contains("Tell them yourself"));
}

#[test]
fn a_carer_is_looked_after_unless_somebody_is_afraid_of_them() {
    let mut s = Story::new();
    s.supporters = vec![supporter(9, SupporterKind::Carer), supporter(10, SupporterKind::Friend)];
    let told = s.follows();
    assert_eq!(told.len(), 1, "the carer, and not everybody who was let in");
    assert_eq!((told[0].holder, told[0].by), (aisha(), plus_days(TODAY, 7)));
    assert!(told[0].words.starts_with("Maureen cared for them"));
    let carer: SupporterId = id(9);
    let press = |supporters| Coercion {
        since: morning(TODAY),
        supporters,
        frozen: Vec::new(),
        review_on: None,
        noted_by: None,
    };
    for supporters in [vec![carer], Vec::new()] {
        s.facts.person.value.coercion = Some(press(supporters));
        assert_eq!(s.follows(), []);
    }
    s.facts.person.value.coercion = Some(press(vec![id(10)]));
    assert_eq!(s.follows().len(), 1, "the friend is meant");
    s.facts.person.value.coercion = None;
    s.facts.person.value.safe_contact.must_not_know =
        vec![MustNotKnow { who: "Maureen".into(), organisation: None, supporter: Some(carer) }];
    assert_eq!(s.follows(), []);
    s.facts.person.value.safe_contact.must_not_know.clear();
    s.supporters[0].value.ended = Some(morning(plus_days(TODAY, -1)));
    assert_eq!(s.follows(), []);
}

#[test]
fn a_mistake_is_told_to_the_same_people_once() {
    let told = [holder(CHARITY, None), holder(TRUST, Some(31)), holder(CHARITY, Some(21))];
    let again = was_a_mistake(&partnership(), &told, morning(TODAY));
    let whom: Vec<_> = again.iter().map(|t| t.holder).collect();
    assert_eq!(whom, [holder(CHARITY, None), holder(TRUST, Some(31))]);
    assert!(again.iter().all(|t| t.words.contains("mistake")));
}

#[test]
fn after_a_death_a_request_can_only_be_ended() {
    let p = partnership();
    let alive = badger(1, morning(TODAY)).person.value;
    let dead = life::died(&alive, None, Author::Public, morning(TODAY), TODAY).unwrap();
    let around =
        Surroundings { now: morning(TODAY), calendar: &p.calendar, settings: p.settings(), person: &dead };
    let target = Mover { party: Party::Target, worker: None };
    let asked = |status| referral(2, CHARITY, status).value;
    for (status, step) in [
        (Status::Requested, Move::See),
        (Status::Requested, Move::Ask("Where does he sleep?".into())),
        (Status::Requested, Move::Accept { worker: None, next: next(plus_days(TODAY, 3)) }),
        (Status::Accepted, Move::Wait { next: next(plus_days(TODAY, 3)) }),
        (Status::Accepted, Move::Came { at: morning(TODAY), next: next(plus_days(TODAY, 3)) }),
    ] {
        assert_eq!(apply(&asked(status), &step, target, around), Err(Refused::Died), "{:?}", step.kind());
    }
    assert!(!Refused::Died.to_string().contains("died"), "why is told by whoever holds the plan");
    let no = Decline { reason: DeclineReason::Full, words: "We are sorry".into(), better_place: None };
    assert!(apply(&asked(Status::Requested), &Move::Decline(no), target, around).is_ok());
    for status in [Status::Requested, Status::Accepted, Status::InProgress, Status::OnHold] {
        let ended = ended_by_death(&asked(status), around).unwrap();
        assert_eq!((ended.status, ended.closed()), (Status::Cancelled, true));
        assert_eq!(ended.ended_by, Some(Party::Requester), "nobody says that the person stopped it");
    }
    // There is a way to end it in every open state, for the side that has it and the side that asked.
    for status in [Status::Requested, Status::Accepted, Status::InProgress, Status::OnHold] {
        for party in [Party::Target, Party::Requester] {
            let ends = |k: &MoveKind| k.closes() && who_may(status, *k).contains(&party);
            assert!(MoveKind::ALL.iter().any(ends), "{party:?} cannot end what is {status:?}");
        }
    }
}

#[test]
fn who_helps_is_named_to_those_only_whose_own_record_says_so() {
    let mut s = Story::new();
    // The charity asked the trust, in its own part; and the trust works with them, in its own.
    let mut asked = referral(2, TRUST, Status::Accepted);
    asked.meta.owner = organisation_id(CHARITY);
    let charity = holder(CHARITY, Some(21));
    asked.value.sender.organisation = charity.organisation;
    (asked.value.sender.team, asked.value.sender.worker) = (charity.team, charity.lead);
    s.facts.referrals = vec![asked];
    let mut works = involvement(3, TRUST, 31);
    works.meta.owner = organisation_id(TRUST);
    s.involved = vec![works];
    let told = s.follows();
    let read = |h: kith_domain::organisation::Holder| -> Vec<&str> {
        let theirs = told.iter().filter(|t| t.holder.organisation == h.organisation);
        theirs.map(|t| t.words.as_str()).collect()
    };
    assert_eq!(read(aisha()), [""; 0], "whoever holds the plan learns of neither");
    assert_eq!(read(charity).len(), 2, "who asked is told, and tells whom they asked");
    assert!(read(charity)[1].contains("Organisation 3"));
    assert_eq!(read(holder(TRUST, None)).len(), 1, "and the trust once");
    assert!(!told.iter().any(|t| t.words.contains("Organisation 2")), "nobody reads of the charity");
}

#[test]
fn what_ended_after_a_mistake_stands_again_and_keeps_what_is_not_its_end() {
    let facts = badger(1, morning(TODAY));
    let (settings, calendar) = (partnership().place.settings, partnership().calendar);
    let now = morning(TODAY).plus_days(1);
    let around = Surroundings { now, calendar: &calendar, settings: &settings, person: &facts.person.value };
    let was = referral(2, CHARITY, Status::Requested).value;
    let by = Mover { party: Party::Target, worker: None };
    let no = Decline { reason: DeclineReason::Full, words: "Sorry".into(), better_place: None };
    let mut ended = apply(&was, &Move::Decline(no), by, around).unwrap();
    assert_eq!(as_it_stood(&ended, &was), Some(was.clone()));
    assert_eq!(as_it_stood(&was, &was), None, "nothing to put back");
    // Words that were taken out meanwhile do not come back with it.
    ended.service_name = "Another name".into();
    let again = as_it_stood(&ended, &was).unwrap();
    assert_eq!((again.status, again.service_name.as_str()), (Status::Requested, "Another name"));
    let theirs = Referral { ended_by: Some(Party::Person), ..ended.clone() };
    assert_eq!(as_it_stood(&theirs, &was), None, "the person ended it");
    let mistake = Referral { status: Status::EnteredInError, ..ended };
    assert_eq!(as_it_stood(&mistake, &was), None, "it was never so");
}
