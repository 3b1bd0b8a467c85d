//! What happens next about a need follows what has happened with the help asked for.

use kith_domain::need::Need;
use kith_domain::need_next::{Following, need_next};
use kith_domain::planning::need_wanted;
use kith_domain::referral::{Decline, DeclineReason};

use super::*;

fn asked(status: Status) -> Story {
    let mut s = Story::with(status);
    s.facts.needs[0].value.follows_help = true;
    s
}

fn held_need(s: &Story, day: Day) -> Held {
    let mut all = holding(&s.p, &s.facts, morning(day)).into_iter();
    all.rfind(|h| h.about == About::Need).expect("a need is held")
}

fn says(s: &Story) -> String {
    held_need(s, TODAY).next.what
}

#[test]
fn the_next_thing_follows_the_answer_of_the_service() {
    assert_eq!(says(&asked(Status::Requested)), "Look for the reply from Money advice");
    for going in [Status::Accepted, Status::InProgress, Status::OnHold] {
        assert_eq!(says(&asked(going)), "Money advice said yes: ask how it goes");
    }
    let mut no = asked(Status::Rejected);
    no.referral().decline =
        Some(Decline { reason: DeclineReason::Full, words: "Full".into(), better_place: None });
    assert_eq!(says(&no), "Money advice said no: choose what comes next");
    assert_eq!(says(&asked(Status::Failed)), "Money advice does not go on: choose what comes next");
    assert_eq!(says(&asked(Status::Completed)), "Ask how it ended with Money advice");
}

#[test]
fn a_good_end_asks_whether_the_need_is_met_and_is_dated_from_then() {
    let mut s = asked(Status::Completed);
    let ended = morning(days(40));
    let r = s.referral();
    r.ended_at = Some(ended);
    r.ended_by = Some(Party::Target);
    r.outcome = Some(Outcome { happened: Happened::Yes, helped: Helped::Yes, words: None });
    let held = held_need(&s, days(40));
    assert_eq!(held.next.what, "Money advice has ended: ask whether this need is met");
    assert!(held.next.on > days(40) && held.next.on <= days(44), "and is not late from its first day");
    s.referral().told_person = Some(ended);
    assert_eq!(says(&s), "Ask whether this need is met, and what comes next");
}

#[test]
fn what_somebody_wrote_down_stands_until_a_service_is_asked() {
    let mut s = Story::with(Status::Accepted);
    let written = s.facts.needs[0].value.next.what.clone();
    assert_eq!(says(&s), written);
    s.facts.needs[0].value.follows_help = true;
    assert_ne!(says(&s), written);
    let again = need_wanted(&s.facts.needs[0].value, next(days(5)));
    s.facts.needs[0].value = again;
    assert_eq!(says(&s), written, "and again from then on");
}

/// What came back is told by somebody, never by a page of the person's own.
#[test]
fn the_person_reads_no_refusal_of_a_need() {
    let next = |status| {
        let s = asked(status);
        let need: &Saved<Need> = &s.facts.needs[0];
        need_next(&need.value, need.id(), &s.facts.referrals, &s.p.calendar).unwrap().0
    };
    for (status, words) in [
        (Status::Requested, "We wait for the reply from Money advice"),
        (Status::Accepted, "Money advice said yes. We ask you how it goes"),
        (Status::Rejected, "We talk with you about what comes next"),
        (Status::Failed, "We talk with you about what comes next"),
    ] {
        assert_eq!(next(status).for_person(), words);
    }
    assert_eq!(next(Status::Rejected), Following::CameBack("Money advice".into(), Status::Rejected));
}

/// Of two services that were asked, what has come back is first, and nothing of another need.
#[test]
fn what_has_come_back_comes_first() {
    let mut s = asked(Status::Accepted);
    let mut second = s.facts.referrals[0].clone();
    second.meta.id = id(77);
    second.value.service_name = "Law centre".into();
    second.value.status = Status::Rejected;
    second.value.ended_at = Some(morning(TODAY));
    s.facts.referrals.push(second);
    assert_eq!(says(&s), "Law centre said no: choose what comes next");
    s.facts.referrals[1].value.need = id(99);
    assert_eq!(says(&s), "Money advice said yes: ask how it goes");
}
