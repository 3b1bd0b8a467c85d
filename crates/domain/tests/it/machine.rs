//! The referral machine, exhaustively: every state, every move, every side.

use std::collections::BTreeSet;

use kith_domain::area::{Area, Sensitivity};
use kith_domain::moves::*;
use kith_domain::next_date::{BadNextDate, NextDate};
use kith_domain::person::{Person, Whereabouts};
use kith_domain::referral::*;
use kith_domain::sending::{Sending, check_sending};
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Day, Instant, plus_days};

use crate::tables::{COLUMNS, MOVES, STATE_CHANGES};
use crate::world::*;

pub const PARTIES: [Party; 3] = [Party::Requester, Party::Target, Party::Person];

/// Everything a move needs.
pub struct Bench {
    pub calendar: Calendar,
    pub settings: Settings,
    pub now: Instant,
    /// At home, and spoken to just now.
    pub badger: Person,
}

impl Bench {
    pub fn new() -> Bench {
        let now = morning(TODAY);
        let badger = Person { heard_at: Some(now), ..badger(1, now).person.value };
        Bench { calendar: Calendar::england(), settings: Settings::default(), now, badger }
    }
    pub fn around<'a>(&'a self, person: &'a Person) -> Surroundings<'a> {
        Surroundings { now: self.now, calendar: &self.calendar, settings: &self.settings, person }
    }
    pub fn apply(&self, r: &Referral, step: &Move, party: Party) -> Result<Referral, Refused> {
        apply(r, step, Mover { party, worker: None }, self.around(&self.badger))
    }
    fn at_place(&self, whereabouts: Whereabouts) -> Person {
        Person { whereabouts, ..self.badger.clone() }
    }
    pub fn date(&self) -> Offer {
        Offer { at: self.now.plus_days(3), place: "Library".into(), with: None }
    }
    fn checked(&self) -> kith_domain::sending::Checked {
        let person = badger(1, self.now);
        let need = need(self.now);
        let agreed = consent(id(9), CHARITY, vec![Area::Money], self.now);
        let lines = vec![line(5, Area::Money, Sensitivity::S2, vec![])];
        let referral = draft(id(2), CHARITY, id(8), lines, TODAY);
        let facts = partnership();
        let sending = Sending {
            id: id(9),
            referral: &referral,
            person: &person.person.value,
            need: Some(&need),
            service_shut: None,
            receiver: &facts.organisations[&organisation_id(CHARITY)],
            receiver_team: &facts.teams[&team_id(CHARITY)],
            role_ceiling: None,
            consent: Some((id(8), &agreed)),
            versions: &[(id(5), 1)],
        };
        check_sending(&sending, self.now, &self.calendar, &self.settings).unwrap()
    }
    /// A referral in this state, in which every legal move has what it needs.
    pub fn at(&self, status: Status) -> Referral {
        let mut r = draft(id(2), CHARITY, id(8), vec![line(5, Area::Money, Sensitivity::S2, vec![])], TODAY);
        r.status = status;
        r.requested_at = (status != Status::Draft).then(|| self.now.plus_days(-9));
        r.question = Some(Question {
            words: "Which bank?".into(),
            asked_at: self.now.plus_days(-1),
            answer: None,
            fact: None,
        });
        r.offered = vec![self.date()];
        r.agreed = Some(Offer { at: self.now.plus_days(-1), ..self.date() });
        r.could_not_come = 2;
        r.could_not_come_at = Some(self.now.plus_days(-1));
        r
    }
    pub fn step(&self, kind: MoveKind) -> Move {
        let next = next(plus_days(TODAY, 7));
        let why = || "Because".to_owned();
        let at = self.now.plus_days(-1);
        match kind {
            MoveKind::Send => Move::Send(Box::new(self.checked())),
            MoveKind::See => Move::See,
            MoveKind::Ask => Move::Ask("Which bank?".into()),
            MoveKind::Answer => Move::Answer("The one in Mill Lane".into()),
            MoveKind::Accept => Move::Accept { worker: Some(worker_id(21)), next },
            MoveKind::Wait => Move::Wait { next },
            MoveKind::OfferDates => Move::OfferDates { dates: vec![self.date()], next },
            MoveKind::AgreeDate => Move::AgreeDate(self.date()),
            MoveKind::Came => Move::Came { at, next },
            MoveKind::CouldNotCome => Move::CouldNotCome { at, next },
            MoveKind::Start => Move::Start { at, next },
            MoveKind::Decline => Move::Decline(Decline {
                reason: DeclineReason::TooComplex,
                words: "Sorry, not this time".into(),
                better_place: None,
            }),
            MoveKind::Cancel => Move::Cancel { why: why() },
            MoveKind::Hold => Move::Hold { why: why(), next },
            MoveKind::Resume => Move::Resume { next },
            MoveKind::End => Move::End { outcome: None },
            MoveKind::Fail => Move::Fail { why: why() },
            MoveKind::Tell => Move::Tell(outcome()),
            MoveKind::Settle => Move::Settle { next: "Try the library".into() },
            MoveKind::GiveBack => Move::GiveBack { next },
            MoveKind::SetNext => Move::SetNext { next, why: why(), spoken: false },
            MoveKind::EnterInError => Move::EnterInError { why: why() },
        }
    }
}

fn outcome() -> Outcome {
    Outcome { happened: Happened::Yes, helped: Helped::ABit, words: Some("They were kind".into()) }
}

#[test]
fn every_state_move_and_side_is_as_the_table_says() {
    let bench = Bench::new();
    assert_eq!(MOVES.len(), MoveKind::ALL.len());
    for kind in MoveKind::ALL {
        let (_, row) = MOVES.iter().find(|(name, _)| *name == format!("{kind:?}")).unwrap();
        for (status, cell) in COLUMNS.into_iter().zip(row) {
            for party in PARTIES {
                let may = match (*cell, party) {
                    ("b", Party::Requester | Party::Target)
                    | ("r", Party::Requester)
                    | ("t", Party::Target) => true,
                    ("-" | "r" | "t" | "b", _) => false,
                    other => panic!("{other:?} is not a cell"),
                };
                let done = bench.apply(&bench.at(status), &bench.step(kind), party);
                match (may, *cell, &done) {
                    (true, _, Ok(_)) => {}
                    (false, "-", Err(Refused::Illegal { .. })) => {}
                    (false, "r" | "t" | "b", Err(Refused::WrongParty { .. })) => {}
                    _ => panic!("{kind:?} in {status:?} by {party:?}: {done:?}"),
                }
            }
        }
    }
}

#[test]
fn the_changes_of_state_are_exactly_those_of_the_published_diagram() {
    let bench = Bench::new();
    let mut made = BTreeSet::new();
    for status in Status::ALL {
        for kind in MoveKind::ALL {
            for party in PARTIES {
                if let Ok(after) = bench.apply(&bench.at(status), &bench.step(kind), party)
                    && after.status != status
                {
                    made.insert((status, after.status, party));
                }
            }
        }
    }
    let published: BTreeSet<_> = STATE_CHANGES.iter().copied().collect();
    assert_eq!(made, published);
    assert_eq!(published.len(), STATE_CHANGES.len());
}

#[test]
fn the_two_refusals_say_different_things_in_plain_words() {
    let bench = Bench::new();
    let illegal = bench.apply(&bench.at(Status::Draft), &bench.step(MoveKind::Accept), Party::Target);
    assert_eq!(illegal.unwrap_err().to_string(), "You cannot say yes to it now: it has not been sent");
    let wrong = bench.apply(&bench.at(Status::Requested), &bench.step(MoveKind::Accept), Party::Requester);
    assert_eq!(wrong.unwrap_err().to_string(), "You cannot say yes to it. Only the one who was asked can");
}

#[test]
fn sending_sends_exactly_what_was_checked() {
    let bench = Bench::new();
    let mut widened = bench.at(Status::Draft);
    widened.packet.lines.push(line(6, Area::Safety, Sensitivity::S3, vec![]));
    let sent = bench.apply(&widened, &bench.step(MoveKind::Send), Party::Requester).unwrap();
    assert_eq!(&sent.packet, bench.checked().packet());
    assert_eq!(sent.packet.lines.len(), 1);
}

#[test]
fn in_hospital_or_prison_is_never_could_not_come() {
    let bench = Bench::new();
    let since = |days| plus_days(TODAY, days);
    let at = |day: Day| Whereabouts::Hospital { since: day, detained: true, out_of_area: true };
    let step = bench.step(MoveKind::CouldNotCome); // yesterday
    let by = Mover { party: Party::Target, worker: None };
    let done = |p: &Person| apply(&bench.at(Status::Accepted), &step, by, bench.around(p));
    let is = |w: Whereabouts| bench.at_place(w);
    assert_eq!(done(&is(at(since(-1)))), Err(Refused::Away));
    assert_eq!(done(&is(Whereabouts::Prison { since: since(-30), release: None })), Err(Refused::Away));
    assert!(done(&is(at(since(0)))).is_ok(), "they went in after that date");
    assert!(done(&is(Whereabouts::NoFixedAddress)).is_ok());
}

#[test]
fn nobody_misses_a_day_that_was_not_agreed_and_no_day_counts_twice() {
    let bench = Bench::new();
    let miss = |r: &Referral| bench.apply(r, &bench.step(MoveKind::CouldNotCome), Party::Target); // yesterday
    let refused = |r: &Referral| matches!(miss(r), Err(Refused::Missing(_)));
    let agreed = Referral { could_not_come: 0, ..bench.at(Status::Accepted) };
    let once = miss(&agreed).unwrap();
    assert_eq!((once.could_not_come, once.missed_on), (1, Some(plus_days(TODAY, -1))));
    assert!(refused(&once), "pressed twice");
    let offered = bench.apply(&once, &bench.step(MoveKind::OfferDates), Party::Target).unwrap();
    assert!(refused(&Referral { missed_on: None, ..offered }), "offered is not agreed");
    let later = Offer { at: bench.now.plus_days(2), ..bench.date() };
    assert!(refused(&Referral { agreed: Some(later), ..agreed.clone() }), "the agreed day is to come");
    assert!(refused(&Referral { agreed: None, ..agreed.clone() }));
    // Help that has begun goes on without a new agreement for each time.
    let begun = Referral { agreed: None, first_came_at: Some(bench.now.plus_days(-9)), ..agreed };
    assert!(refused(&miss(&begun).unwrap()), "and there, too, a day counts once");
}

#[test]
fn a_date_missed_in_hospital_counts_no_more_after_they_are_out() {
    let bench = Bench::new();
    let by = Mover { party: Party::Target, worker: None };
    let ward = Whereabouts::Hospital { since: plus_days(TODAY, -5), detained: true, out_of_area: false };
    let prison = Whereabouts::Prison { since: plus_days(TODAY, -2), release: None };
    let home = kith_domain::life::is_at(&bench.at_place(ward.clone()), Whereabouts::Home, TODAY).unwrap();
    let step = bench.step(MoveKind::CouldNotCome); // yesterday
    assert_eq!(apply(&bench.at(Status::Accepted), &step, by, bench.around(&home)), Err(Refused::Away));
    let moved = kith_domain::life::is_at(&bench.at_place(ward), prison, TODAY).unwrap();
    let out = kith_domain::life::is_at(&moved, Whereabouts::Home, TODAY).unwrap();
    for days in 0..=5 {
        assert!(out.away_on(plus_days(TODAY, -days)), "{days} days ago");
    }
    assert!(!out.away_on(plus_days(TODAY, -6)) && !out.away_on(plus_days(TODAY, 1)));
}

#[test]
fn no_receiver_ends_help_because_somebody_is_in_hospital() {
    let bench = Bench::new();
    let ward = bench.at_place(Whereabouts::Hospital { since: TODAY, detained: false, out_of_area: false });
    let done = |kind, party| {
        let by = Mover { party, worker: None };
        apply(&bench.at(Status::Accepted), &bench.step(kind), by, bench.around(&ward))
    };
    for kind in [MoveKind::Cancel, MoveKind::Fail, MoveKind::End] {
        assert_eq!(done(kind, Party::Target), Err(Refused::Away), "{kind:?}");
    }
    assert!(done(MoveKind::Hold, Party::Target).is_ok(), "their place is kept");
    assert!(done(MoveKind::Cancel, Party::Requester).is_ok(), "the asking side speaks to the person");
    let said = Refused::Away.to_string();
    assert!(!said.contains("hospital") && !said.contains("prison"), "where they are is theirs to tell");
}

#[test]
fn not_coming_is_never_a_reason_for_the_receiver_to_end_help() {
    let bench = Bench::new();
    let mut r = bench.at(Status::Accepted);
    r.could_not_come = 0;
    let r = bench.apply(&r, &bench.step(MoveKind::CouldNotCome), Party::Target).unwrap();
    for kind in [MoveKind::Cancel, MoveKind::Fail, MoveKind::End] {
        assert_eq!(bench.apply(&r, &bench.step(kind), Party::Target), Err(Refused::NotComing), "{kind:?}");
    }
    let helped = Move::End { outcome: Some(outcome()) };
    assert!(bench.apply(&r, &helped, Party::Target).is_ok(), "help that was given may end");
    assert!(bench.apply(&r, &bench.step(MoveKind::Cancel), Party::Requester).is_ok());
    // Another date in between makes it no better.
    let offered = bench.apply(&r, &bench.step(MoveKind::OfferDates), Party::Target).unwrap();
    let silent = bench.apply(&offered, &bench.step(MoveKind::Fail), Party::Target);
    assert_eq!(silent, Err(Refused::NotComing));
    // Somebody spoke to the person about it: then it is no longer not coming alone.
    let heard = Person { heard_at: Some(bench.now.plus_hours(1)), ..bench.badger.clone() };
    let by = Mover { party: Party::Target, worker: None };
    let around = Surroundings { now: bench.now.plus_hours(2), ..bench.around(&heard) };
    assert!(apply(&offered, &bench.step(MoveKind::Fail), by, around).is_ok());
}

/// A receiver's date: moved by whatever move, it has a reason, and a later one counts until
/// somebody speaks to the person.
#[test]
fn no_move_of_a_next_date_hides_that_it_is_kept_moving() {
    let bench = Bench::new();
    let quiet = Person { heard_at: None, ..bench.badger.clone() };
    let by = Mover { party: Party::Target, worker: None };
    let later = |r: &Referral, kind: MoveKind, why: Option<&str>, spoken: bool| {
        let on = plus_days(r.held_next.on, 1);
        let reason = why.map(str::to_owned);
        let next = NextDate { reason: reason.clone(), ..NextDate::new("Ring them", on) };
        let step = match kind {
            MoveKind::Wait => Move::Wait { next },
            MoveKind::OfferDates => Move::OfferDates { dates: vec![bench.date()], next },
            MoveKind::Hold => Move::Hold { why: reason.unwrap_or_default(), next },
            MoveKind::Resume => Move::Resume { next },
            _ => Move::SetNext { next, why: reason.unwrap_or_default(), spoken },
        };
        apply(r, &step, by, bench.around(&quiet))
    };
    let accepted = || Referral { told_person: None, could_not_come: 0, ..bench.at(Status::Accepted) };
    for kind in [MoveKind::Wait, MoveKind::OfferDates, MoveKind::Hold, MoveKind::SetNext] {
        let once = later(&accepted(), kind, Some("Short of staff"), false).unwrap();
        assert!(!once.held_next.kept_moving(), "{kind:?}");
        let again = if kind == MoveKind::Hold { MoveKind::Resume } else { kind };
        let twice = later(&once, again, Some("Still short of staff"), false).unwrap();
        assert!(twice.held_next.kept_moving(), "{kind:?} then {again:?}");
        let spoken = later(&twice, MoveKind::SetNext, Some("They asked"), true);
        assert_eq!(spoken.unwrap().held_next.moves_without_contact, 0, "{kind:?}");
    }
    let waiting = later(&accepted(), MoveKind::Wait, None, false).unwrap();
    let no_reason = Err(Refused::NextDate(BadNextDate::NoReason));
    assert_eq!(later(&waiting, MoveKind::Wait, None, false), no_reason);
    assert_eq!(later(&waiting, MoveKind::SetNext, None, false), no_reason);
}

#[test]
fn moves_that_lack_something_say_what() {
    let bench = Bench::new();
    let refused = |status, step: Move, party| bench.apply(&bench.at(status), &step, party).unwrap_err();
    let n = || next(plus_days(TODAY, 7));
    let late = Move::Accept { worker: None, next: next(jiff::civil::date(2099, 1, 1)) };
    assert!(matches!(refused(Status::Requested, late, Party::Target), Refused::NextDate(_)));
    let future = Move::Came { at: bench.now.plus_hours(1), next: n() };
    assert_eq!(refused(Status::Accepted, future, Party::Target), Refused::Missing("That is in the future"));
    let before = Move::Came { at: bench.now.plus_days(-10), next: n() };
    assert_eq!(
        refused(Status::Accepted, before, Party::Target),
        Refused::Missing("That is before it was sent")
    );
    let other = Offer { at: bench.now.plus_days(4), ..bench.date() };
    let not_offered = refused(Status::Accepted, Move::AgreeDate(other), Party::Requester);
    assert_eq!(not_offered, Refused::Missing("Choose one of the dates that were offered"));
    let silent =
        Move::Decline(Decline { reason: DeclineReason::Full, words: " ".into(), better_place: None });
    assert!(matches!(refused(Status::Requested, silent, Party::Target), Refused::Missing(_)));
    let none = Move::OfferDates { dates: vec![], next: n() };
    assert!(matches!(refused(Status::Accepted, none, Party::Target), Refused::Missing(_)));
}

#[test]
fn the_time_the_sender_takes_to_answer_is_not_taken_from_the_receiver() {
    let bench = Bench::new();
    let mut r = bench.at(Status::Requested);
    r.reply_by = TODAY;
    let answered = bench.apply(&r, &bench.step(MoveKind::Answer), Party::Requester).unwrap();
    assert_eq!(answered.reply_by, bench.calendar.plus_working(TODAY, 2));
    assert!(bench.apply(&answered, &bench.step(MoveKind::Answer), Party::Requester).is_err());
}

#[test]
fn a_clock_that_was_set_back_does_not_make_a_wait_negative() {
    let bench = Bench::new();
    let mut r = bench.at(Status::Requested);
    r.requested_at = Some(bench.now.plus_hours(5));
    let accepted = bench.apply(&r, &bench.step(MoveKind::Accept), Party::Target).unwrap();
    assert_eq!(accepted.accepted_at, r.requested_at);
}

#[test]
fn a_person_stops_a_referral_in_one_step_and_nothing_is_left_to_settle() {
    let bench = Bench::new();
    for status in [Status::Requested, Status::Accepted, Status::InProgress, Status::OnHold] {
        let stopped = stopped_by_person(&bench.at(status), bench.around(&bench.badger)).unwrap();
        assert_eq!((stopped.status, stopped.ended_by), (Status::Cancelled, Some(Party::Person)));
        assert!(stopped.closed());
    }
}

/// What the receiver did stays news until the person is told, whatever the asking side does
/// in between and whichever organisation both are of.
#[test]
fn the_senders_own_step_hides_no_news() {
    use kith_domain::coming_back::told_the_person;
    use kith_domain::today::is_news;
    let bench = Bench::new();
    let mut asked = bench.at(Status::Requested);
    asked.receiver = asked.sender;
    let news = |r: &Referral| is_news(&saved(7, None, bench.now, r.clone()));
    let seen = bench.apply(&asked, &bench.step(MoveKind::See), Party::Target).unwrap();
    assert!(!news(&asked) && !news(&seen), "reading it is no news");
    let yes = bench.apply(&seen, &bench.step(MoveKind::Accept), Party::Target).unwrap();
    let dated = bench.apply(&yes, &bench.step(MoveKind::SetNext), Party::Requester).unwrap();
    assert!(news(&yes) && news(&dated));
    let told = told_the_person(&dated, bench.now.plus_hours(-3));
    assert!(!news(&told), "told, whatever the clock says");
    let around = Surroundings { now: bench.now.plus_hours(1), ..bench.around(&bench.badger) };
    let by = Mover { party: Party::Target, worker: None };
    let started = apply(&told, &bench.step(MoveKind::Start), by, around).unwrap();
    assert!(news(&started), "something new");
}

/// A request is settled when it ended, or when nobody replied by the day: never while
/// somebody is helping, and not while the asking side owes an answer.
#[test]
fn only_what_ended_or_was_never_answered_is_settled() {
    use kith_domain::coming_back::may_settle;
    let bench = Bench::new();
    for status in Status::ALL {
        let r = Referral { question: None, reply_by: plus_days(TODAY, -1), ..bench.at(status) };
        let ended = status.terminal() && status != Status::EnteredInError;
        assert_eq!(may_settle(&r, TODAY), ended || status == Status::Requested, "{status:?}");
        let soon = Referral { reply_by: TODAY, ..r.clone() };
        assert_eq!(may_settle(&soon, TODAY), ended, "{status:?}");
        let asked = Referral { question: bench.at(status).question, ..r };
        assert_eq!(may_settle(&asked, TODAY), ended, "{status:?}");
    }
}

/// Leaving, in whoever's words it is written down, lets everybody go.
#[test]
fn whoever_leaves_is_let_go_by_all() {
    use kith_domain::letting_go::let_go;
    let bench = Bench::new();
    let today = bench.calendar.day(bench.now);
    let referrals: Vec<_> =
        Status::ALL.into_iter().zip(1..).map(|(s, n)| saved(n, None, bench.now, bench.at(s))).collect();
    let consents =
        vec![saved(90, None, bench.now, consent(id(9), CHARITY, vec![Area::Money], bench.now.plus_days(-3)))];
    assert!(consents[0].value.holds(bench.now, today));
    let gone = let_go(&referrals, &consents, bench.around(&bench.badger));
    assert_eq!(gone.referrals.len(), 4, "sent, accepted, going on, paused");
    assert!(gone.referrals.iter().all(|(_, r)| r.closed() && r.ended_by == Some(Party::Person)));
    assert!(gone.consents.len() == 1 && !gone.consents[0].1.holds(bench.now, today));
}

/// The rule for one need and several services, over every combination of three parts.
#[test]
fn a_whole_is_what_its_parts_say() {
    for a in Status::ALL {
        for b in Status::ALL {
            for c in Status::ALL {
                let real: Vec<Status> =
                    [a, b, c].into_iter().filter(|s| *s != Status::EnteredInError).collect();
                let ended = real.iter().all(|s| s.terminal());
                let has = |s| real.contains(&s);
                match parent_status(&[a, b, c]) {
                    Whole::Is(Status::Completed) => assert!(ended && has(Status::Completed)),
                    Whole::Is(Status::Failed) => {
                        assert!(real.iter().all(|s| matches!(s, Status::Failed | Status::Rejected)));
                    }
                    Whole::Is(Status::InProgress) => {
                        assert!(!ended && (has(Status::InProgress) || has(Status::Completed)));
                    }
                    Whole::Is(s @ (Status::Accepted | Status::Requested | Status::OnHold)) => {
                        assert!(!ended && has(s) && !has(Status::InProgress));
                    }
                    Whole::Is(other) => panic!("a whole is never {other:?} by itself"),
                    Whole::Decide => assert!(ended && has(Status::Cancelled) && !has(Status::Completed)),
                    Whole::Stays => assert!(real.iter().all(|s| *s == Status::Draft || s.terminal())),
                }
                if ended && has(Status::Completed) {
                    assert_eq!(parent_status(&[a, b, c]), Whole::Is(Status::Completed));
                }
                if !ended && has(Status::InProgress) {
                    assert_eq!(parent_status(&[a, b, c]), Whole::Is(Status::InProgress));
                }
            }
        }
    }
}

/// A referral with two dates offered: in three days, and in five.
fn with_dates(bench: &Bench) -> Referral {
    let mut r = draft(id(2), CHARITY, id(8), vec![line(5, Area::Money, Sensitivity::S2, vec![])], TODAY);
    r.status = Status::Accepted;
    r.requested_at = Some(bench.now);
    let dates = vec![bench.date(), Offer { at: bench.now.plus_days(5), ..bench.date() }];
    let next = NextDate::new("Ask which one", plus_days(TODAY, 2));
    bench.apply(&r, &Move::OfferDates { dates, next }, Party::Target).unwrap()
}

#[test]
fn the_person_agrees_only_a_date_that_is_offered() {
    let bench = Bench::new();
    let r = with_dates(&bench);
    let agreed = date_agreed_by_person(&r, bench.now.plus_days(5), bench.around(&bench.badger)).unwrap();
    assert_eq!(agreed.business, Business::DateAgreed);
    assert_eq!(agreed.agreed.as_ref().map(|o| o.at), Some(bench.now.plus_days(5)));
    assert_eq!(agreed.held_next.on, plus_days(TODAY, 5));
    assert!(agreed.told_person >= agreed.receiver_moved_at, "they know of what they chose");
    // One that was never offered, one that was answered, one of a request that has ended.
    let other = date_agreed_by_person(&r, bench.now.plus_days(4), bench.around(&bench.badger));
    assert!(matches!(other, Err(Refused::Missing(_))), "{other:?}");
    let again = date_agreed_by_person(&agreed, bench.now.plus_days(3), bench.around(&bench.badger));
    assert!(matches!(again, Err(Refused::Missing(_))), "{again:?}");
    for status in Status::ALL {
        let over = Referral { status, ..r.clone() };
        let may = !who_may(status, MoveKind::AgreeDate).is_empty();
        let good = date_agreed_by_person(&over, bench.now.plus_days(5), bench.around(&bench.badger));
        let none = no_date_good(&over, None, bench.around(&bench.badger));
        assert_eq!((good.is_ok(), none.is_ok()), (may, may), "{status:?}");
    }
}

#[test]
fn no_good_date_is_the_receivers_to_better_and_keeps_the_place() {
    let bench = Bench::new();
    let r = with_dates(&bench);
    let none = no_date_good(&r, Some("  Mornings, please "), bench.around(&bench.badger)).unwrap();
    assert_eq!((none.status, none.business), (Status::Accepted, Business::Seen));
    assert!(none.offered.is_empty() && none.could_not_come == 0);
    assert_eq!(none.none_good.as_ref().and_then(|n| n.words.as_deref()), Some("Mornings, please"));
    assert!(none.held_next.on > TODAY && none.held_next.on <= plus_days(TODAY, 5));
    let twice = no_date_good(&none, None, bench.around(&bench.badger));
    assert!(matches!(twice, Err(Refused::Missing(_))), "{twice:?}");
    // Other dates are an answer to it, and help that had begun goes on.
    let next = NextDate::new("Ask which one", plus_days(TODAY, 2));
    let dates = vec![bench.date()];
    let offered = bench.apply(&none, &Move::OfferDates { dates, next }, Party::Target).unwrap();
    assert_eq!((offered.none_good, offered.business), (None, Business::DateOffered));
    let begun = Referral { first_came_at: Some(bench.now), ..r };
    let none = no_date_good(&begun, None, bench.around(&bench.badger)).unwrap();
    assert_eq!(none.business, Business::Started);
}
