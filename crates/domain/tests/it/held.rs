//! Who holds what, at which moment, and what is lost: one story after another.

use kith_domain::area::{Area, Sensitivity};
use kith_domain::coming_in::{ComingIn, PersonKnows, Sender};
use kith_domain::hand_over::{HandOver, HandedPerson, Taken};
use kith_domain::holding::*;
use kith_domain::id::{OrganisationId, PersonId};
use kith_domain::life;
use kith_domain::lost::{Wrong, kept_moving, lost, lost_loose, overdue};
use kith_domain::need::{Unmet, UnmetReason};
use kith_domain::organisation::{Absence, Holder, OrganisationStatus, Succession, TeamClosed, WorkRole};
use kith_domain::person::{CameBy, Standing, Whereabouts};
use kith_domain::record::{Author, Saved};
use kith_domain::referral::*;
use kith_domain::time::{Day, Instant, plus_days};
use kith_domain::today::{Group, group};
use kith_domain::worry::{Check, Spoken, Worry, close, pass_on};

use crate::world::*;

mod handed;
mod need;
mod rhythm;

struct Story {
    p: PartnershipFacts,
    facts: PersonFacts,
}

impl Story {
    fn new() -> Story {
        Story { p: partnership(), facts: badger(1, morning(TODAY)) }
    }
    /// With a referral to the charity in this state.
    fn with(status: Status) -> Story {
        let mut s = Story::new();
        let now = morning(TODAY);
        s.facts.needs.push(saved(2, Some(id(1)), now, need(now)));
        let mut r = draft(id(2), CHARITY, id(8), vec![line(5, Area::Money, Sensitivity::S2, vec![])], TODAY);
        r.status = status;
        r.requested_at = Some(now);
        if !matches!(status, Status::Draft | Status::Requested) {
            r.accepted_at = Some(now);
        }
        if status.terminal() {
            r.ended_at = Some(now);
        }
        r.receiver.worker = Some(worker_id(21)).filter(|_| r.accepted_at.is_some());
        r.held_next = next(plus_days(TODAY, 3));
        s.facts.referrals.push(saved(3, Some(id(1)), now, r));
        s
    }
    fn referral(&mut self) -> &mut Referral {
        &mut self.facts.referrals[0].value
    }
    /// What is held of the first referral on the morning of a day.
    fn on(&self, day: Day) -> Held {
        let all = holding(&self.p, &self.facts, morning(day));
        let of = all.into_iter().filter(|h| h.what.id == self.facts.referrals[0].meta.id);
        let of: Vec<_> = of.filter(|h| h.about != About::CheckIn).collect();
        assert_eq!(of.len(), 1, "{of:?}");
        of.into_iter().next().unwrap()
    }
    fn plan_on(&self, day: Day) -> Held {
        holding(&self.p, &self.facts, morning(day)).into_iter().find(Held::is_plan).unwrap()
    }
    fn nothing_lost(&self, day: Day) {
        assert_eq!(lost(&self.p, &self.facts, morning(day)), []);
    }
    fn wrongs(&self, day: Day) -> Vec<Wrong> {
        lost(&self.p, &self.facts, morning(day)).into_iter().map(|b| b.wrong).collect()
    }
    fn away(&mut self, worker: u128, cover: Option<u128>) {
        let absence = Absence { from: TODAY, until: None, cover: cover.map(worker_id) };
        self.p.workers.get_mut(&worker_id(worker)).unwrap().absences.push(absence);
    }
}

fn days(n: i32) -> Day {
    plus_days(TODAY, n)
}

#[test]
fn until_reply_by_it_is_the_receivers_and_then_the_senders_by_itself() {
    let mut s = Story::with(Status::Requested);
    s.referral().reply_by = days(4); // Friday
    let h = s.on(days(4));
    assert_eq!((h.about, h.holder.organisation), (About::Reply, organisation_id(CHARITY)));
    assert_eq!(h.holder.lead, Some(worker_id(20)), "nobody is named yet, so the team lead");
    let h = s.on(days(5));
    assert_eq!((h.about, h.holder.lead), (About::NoReply, Some(worker_id(11))));
    assert_eq!(h.next.on, days(7), "the next working day is Monday");
    s.nothing_lost(days(90));
}

#[test]
fn a_decline_is_the_senders_with_a_working_day_to_tell_the_person() {
    for (status, about) in [
        (Status::Rejected, About::Declined),
        (Status::Cancelled, About::TakenBack),
        (Status::Failed, About::EndedWithoutHelp),
        (Status::Completed, About::EndedWithoutOutcome),
    ] {
        let mut s = Story::with(status);
        s.referral().held_next = next(days(1));
        let h = s.on(TODAY);
        assert_eq!((h.about, h.holder.lead, h.next.on), (about, Some(worker_id(11)), days(1)));
        assert!(h.next.on <= days(28));
        s.referral().settled = Some(Settled { at: morning(TODAY), by: None, next: "Another way".into() });
        assert!(
            !holding(&s.p, &s.facts, morning(TODAY))
                .iter()
                .any(|h| h.what.id == s.facts.referrals[0].meta.id)
        );
    }
}

#[test]
fn could_not_come_twice_is_the_senders() {
    let mut s = Story::with(Status::Accepted);
    s.referral().could_not_come = 1;
    s.referral().could_not_come_at = Some(morning(TODAY));
    assert_eq!(s.on(TODAY).holder.lead, Some(worker_id(21)));
    s.referral().could_not_come = 2;
    let h = s.on(TODAY);
    assert_eq!((h.about, h.holder.lead, h.next.on), (About::CouldNotCome, Some(worker_id(11)), days(1)));
}

#[test]
fn while_a_question_waits_it_is_the_senders_and_the_receiver_is_not_late() {
    let mut s = Story::with(Status::Requested);
    s.referral().question =
        Some(Question { words: "Which bank?".into(), asked_at: morning(TODAY), answer: None, fact: None });
    for day in [0, 30] {
        let h = s.on(days(day));
        assert_eq!((h.about, h.holder.lead, h.next.on), (About::Question, Some(worker_id(11)), days(2)));
    }
}

#[test]
fn what_is_late_rises_by_working_days() {
    let mut s = Story::with(Status::Accepted);
    s.referral().held_next = next(TODAY); // a Monday
    let risen = |day| s.on(days(day)).risen.map(|r| (r.level, r.worker));
    assert_eq!(risen(1), None);
    assert_eq!(risen(2), Some((Level::Team, Some(worker_id(20)))));
    assert_eq!(risen(6), Some((Level::Team, Some(worker_id(20)))), "Sunday: four working days");
    assert_eq!(risen(7), Some((Level::Organisation, Some(worker_id(23)))));
    assert_eq!(risen(14), Some((Level::Partnership, Some(worker_id(0)))));
}

#[test]
fn leave_passes_to_cover_and_without_cover_to_the_team_lead() {
    let mut s = Story::new();
    s.away(11, Some(12));
    let h = s.plan_on(TODAY);
    assert_eq!((h.holder.lead, h.holder.acts()), (Some(worker_id(11)), Some(worker_id(12))));
    s.p.workers.get_mut(&worker_id(12)).unwrap().left = Some(days(3));
    assert_eq!(s.plan_on(days(2)).holder.acts(), Some(worker_id(12)));
    let h = s.plan_on(days(3));
    assert_eq!(h.holder.lead, Some(worker_id(10)));
    assert!(h.passed.contains(&Passed::Away(worker_id(11))));
    s.away(10, None);
    assert_eq!(s.plan_on(days(3)).holder.lead, Some(worker_id(13)), "then the organisation's lead");
    s.away(13, None);
    let h = s.plan_on(days(3));
    assert_eq!(
        (h.holder.organisation, h.holder.lead),
        (organisation_id(NET), Some(worker_id(0))),
        "then the net"
    );
    s.nothing_lost(days(60));
}

#[test]
fn a_cover_from_another_organisation_is_no_cover() {
    let mut s = Story::new();
    s.away(11, Some(21));
    assert_eq!(s.plan_on(TODAY).holder.acts(), Some(worker_id(10)));
}

#[test]
fn a_worker_who_left_or_is_suspended_passes_to_the_team_lead() {
    for leaves in [true, false] {
        let mut s = Story::new();
        let w = s.p.workers.get_mut(&worker_id(11)).unwrap();
        if leaves {
            w.left = Some(days(1))
        } else {
            w.suspended = Some(days(1))
        }
        assert_eq!(s.plan_on(TODAY).holder.lead, Some(worker_id(11)));
        assert_eq!(s.plan_on(days(1)).holder.lead, Some(worker_id(10)));
        s.nothing_lost(days(1));
    }
}

#[test]
fn an_organisation_that_shuts_passes_to_its_successor_else_to_the_net() {
    let mut s = Story::new();
    let navigators = s.p.organisations.get_mut(&organisation_id(NAVIGATORS)).unwrap();
    navigators.status = OrganisationStatus::Closed { on: days(1) };
    assert_eq!(s.plan_on(days(1)).holder.organisation, organisation_id(NET));
    s.nothing_lost(days(90));
    let navigators = s.p.organisations.get_mut(&organisation_id(NAVIGATORS)).unwrap();
    navigators.successors.push(Succession {
        organisation: organisation_id(TRUST),
        team: team_id(TRUST),
        from: TODAY,
    });
    assert_eq!(s.plan_on(days(1)).holder.organisation, organisation_id(NET), "a plan needs navigators");
    s.p.teams.get_mut(&team_id(TRUST)).unwrap().navigators = true;
    assert_eq!(s.plan_on(days(1)).holder.lead, Some(worker_id(30)));
    s.nothing_lost(days(90));
}

#[test]
fn an_agreement_that_lapses_passes_the_day_after_its_last_day() {
    let mut s = Story::with(Status::Accepted);
    s.p.organisations.get_mut(&organisation_id(CHARITY)).unwrap().agreement = Some(agreement(days(1)));
    assert_eq!(s.on(days(1)).about, About::Help);
    let h = s.on(days(2));
    assert_eq!(
        (h.about, h.holder.lead),
        (About::ReceiverOut, Some(worker_id(11))),
        "back to the one who asked"
    );
    assert_eq!(h.next.on, days(3));
    let charity = s.p.organisations.get_mut(&organisation_id(CHARITY)).unwrap();
    charity.successors.push(Succession {
        organisation: organisation_id(TRUST),
        team: team_id(TRUST),
        from: TODAY,
    });
    assert_eq!(s.on(days(2)).holder.lead, Some(worker_id(30)), "or to its successor");
}

#[test]
fn successors_in_a_circle_end_at_the_net() {
    let mut s = Story::new();
    for (from, to) in [(NAVIGATORS, TRUST), (TRUST, NAVIGATORS)] {
        let o = s.p.organisations.get_mut(&organisation_id(from)).unwrap();
        o.status = OrganisationStatus::Closed { on: TODAY };
        o.successors.push(Succession { organisation: organisation_id(to), team: team_id(to), from: TODAY });
    }
    s.p.teams.get_mut(&team_id(TRUST)).unwrap().navigators = true;
    assert_eq!(s.plan_on(TODAY).holder.organisation, organisation_id(NET));
    s.nothing_lost(TODAY);
}

#[test]
fn a_team_that_stops_passes_to_its_successor_else_to_the_net() {
    let mut s = Story::new();
    s.p.teams.insert(
        team_id(9),
        kith_domain::organisation::Team { lead: Some(worker_id(12)), ..team(NAVIGATORS, None) },
    );
    let close = |s: &mut Story, successor| {
        s.p.teams.get_mut(&team_id(NAVIGATORS)).unwrap().closed = Some(TeamClosed { on: TODAY, successor });
    };
    close(&mut s, None);
    assert_eq!(s.plan_on(TODAY).holder.team, team_id(NET));
    close(&mut s, Some(team_id(9)));
    assert_eq!(
        (s.plan_on(TODAY).holder.team, s.plan_on(TODAY).holder.lead),
        (team_id(9), Some(worker_id(12)))
    );
}

#[test]
fn a_charity_without_accounts_leaves_a_named_person_in_charge() {
    let mut s = Story::with(Status::Accepted);
    s.referral().receiver = end_of(BY_LINK, None);
    let h = s.on(TODAY);
    assert_eq!((h.about, h.holder.lead), (About::Help, Some(worker_id(11))));
    s.nothing_lost(days(60));
}

#[test]
fn a_referral_follows_the_plan_to_the_colleague_who_took_it_on() {
    let mut s = Story::with(Status::Rejected);
    let taken = life::take_on(&s.facts, holder(NAVIGATORS, Some(12)), aisha());
    assert_eq!(taken.needs.len(), 1);
    s.facts.person = taken.person;
    s.facts.needs = taken.needs;
    assert_eq!(s.on(TODAY).holder.lead, Some(worker_id(12)));
    assert!(holding(&s.p, &s.facts, morning(TODAY)).iter().all(|h| h.holder.lead == Some(worker_id(12))));
}

#[test]
fn a_death_leaves_one_thing_to_do_and_a_mistake_gives_everything_back() {
    let mut s = Story::with(Status::Accepted);
    let before = holding(&s.p, &s.facts, morning(TODAY));
    let alive = s.facts.person.value.clone();
    s.facts.person.value = life::died(&alive, Some(TODAY), Author::Public, morning(TODAY), TODAY).unwrap();
    let held = holding(&s.p, &s.facts, morning(TODAY));
    assert_eq!(
        held.iter().map(|h| (h.about, h.holder.lead)).collect::<Vec<_>>(),
        [(About::Death, Some(worker_id(11)))]
    );
    s.nothing_lost(days(60));
    let told = life::everyone_told(&s.facts.person.value, morning(days(1))).unwrap();
    s.facts.person.value = life::not_died(&s.facts.person.value).unwrap();
    assert_eq!(holding(&s.p, &s.facts, morning(TODAY)), before);
    s.facts.person.value = told;
    assert_eq!(holding(&s.p, &s.facts, morning(days(60))), []);
}

#[test]
fn who_stopped_is_not_chased_and_what_is_with_partners_is_taken_back() {
    let mut s = Story::with(Status::Accepted);
    s.facts.person.value = life::stop(&s.facts.person.value, TODAY).unwrap();
    let held = holding(&s.p, &s.facts, morning(TODAY));
    assert_eq!(
        held.iter().map(|h| (h.about, h.holder.lead)).collect::<Vec<_>>(),
        [(About::TakeBack, Some(worker_id(11)))]
    );
    s.referral().status = Status::Cancelled;
    assert_eq!(holding(&s.p, &s.facts, morning(days(60))), []);
    s.nothing_lost(days(60));
}

#[test]
fn not_now_is_quiet_until_the_day() {
    let mut s = Story::with(Status::Accepted);
    let day = days(90);
    s.facts.person.value = life::not_now(&s.facts.person.value, day, TODAY, s.p.settings()).unwrap();
    for h in holding(&s.p, &s.facts, morning(days(60))) {
        match h.about {
            About::Help => assert!(h.overdue(morning(days(60)), days(60)), "what a partner promised goes on"),
            _ => assert_eq!(h.next.on, day, "{:?}", h.about),
        }
    }
    s.nothing_lost(days(60));
}

#[test]
fn a_release_on_a_friday_is_prepared_before_it() {
    let mut s = Story::new();
    let friday = days(11);
    s.facts.person.value.next = next(days(20));
    s.facts.person.value.whereabouts = Whereabouts::Prison { since: days(-30), release: Some(friday) };
    assert_eq!(s.plan_on(TODAY).next.on, days(10));
    let monday = days(14);
    s.facts.person.value.whereabouts = Whereabouts::Prison { since: days(-30), release: Some(monday) };
    assert_eq!(s.plan_on(TODAY).next.on, friday);
}

fn coming_in(at: Instant) -> Saved<ComingIn> {
    let value = ComingIn {
        sender: Sender {
            by: CameBy::Carer,
            name: Some("Maureen".into()),
            organisation: None,
            contact: None,
            knows: PersonKnows::No,
            may_be_told: false,
        },
        called: "Lee".into(),
        safe_contact: safe_contact(),
        words: "He has stopped going out".into(),
        arrived_at: at,
        holder: holder(NAVIGATORS, None),
        reply_by: days(2),
        fingerprint: "x".into(),
        sender_told_at: None,
        outcome_told_at: None,
        not_told_at: None,
        answered: None,
    };
    saved(40, None, at, value)
}

#[test]
fn someone_coming_in_is_held_by_the_navigators_lead_until_somebody_is_named() {
    let s = Story::new();
    let loose = LooseFacts { coming_ins: vec![coming_in(morning(TODAY))], ..LooseFacts::default() };
    let held = holding_loose(&s.p, &loose, morning(TODAY));
    assert_eq!((held[0].about, held[0].holder.lead), (About::ComingIn, Some(worker_id(10))));
    assert_eq!(lost_loose(&s.p, &loose, morning(days(60))), []);
    assert_eq!(
        overdue(&holding_loose(&s.p, &loose, morning(days(60))), morning(days(60)), days(60)).len(),
        1
    );
}

#[test]
fn a_hand_over_that_is_not_accepted_rises_to_the_team_lead_and_people_stay_held() {
    let s = Story::new();
    let person: PersonId = id(1);
    let value = HandOver {
        from: aisha(),
        to: holder(NAVIGATORS, Some(12)),
        people: vec![HandedPerson {
            person,
            words: "Likes mornings".into(),
            person_told: true,
            taken: Taken::NotYet,
        }],
        offered_at: morning(TODAY),
        accept_by: days(3),
        taken_back_at: None,
    };
    let loose =
        LooseFacts { hand_overs: vec![saved(41, None, morning(TODAY), value)], ..LooseFacts::default() };
    let on = |day| holding_loose(&s.p, &loose, morning(day)).into_iter().next().unwrap();
    assert_eq!((on(days(3)).about, on(days(3)).holder.lead), (About::HandOver, Some(worker_id(12))));
    assert_eq!((on(days(4)).about, on(days(4)).holder.lead), (About::HandOverNotTaken, Some(worker_id(10))));
    assert_eq!(s.plan_on(days(30)).holder.lead, Some(worker_id(11)));
    assert_eq!(lost_loose(&s.p, &loose, morning(days(60))), []);
}

fn worry() -> Worry {
    Worry {
        about: None,
        words: "He said he cannot go on".into(),
        numbers_first_at: morning(TODAY),
        raised_at: morning(TODAY),
        holder: holder(CHARITY, Some(21)),
        raised_as: WorkRole::VcseWorker,
        spoken: None,
        check: None,
        closed: None,
        checked: None,
        concern: None,
    }
}

fn spoken(took_it_on: bool) -> Spoken {
    Spoken {
        name: "Sam".into(),
        organisation: "Crisis team".into(),
        at: morning(TODAY),
        agreed: "Sam rings him at noon".into(),
        took_it_on,
    }
}

fn check_by(role: WorkRole, hours: i64) -> Check {
    Check {
        name: "Sam".into(),
        role,
        organisation: organisation_id(TRUST),
        team: team_id(TRUST),
        worker: Some(worker_id(31)),
        at: morning(TODAY).plus_hours(hours),
    }
}

#[test]
fn a_charity_worker_is_never_the_only_holder_of_someone_in_crisis() {
    let mut s = Story::new();
    s.facts.worries.push(saved(42, Some(id(1)), morning(TODAY), worry()));
    let on =
        |s: &Story, now| holding(&s.p, &s.facts, now).into_iter().find(|h| h.about == About::Worry).unwrap();
    let h = on(&s, morning(TODAY));
    assert_eq!((h.holder.lead, h.risen.unwrap().worker), (Some(worker_id(21)), Some(worker_id(20))));
    let late = morning(TODAY).plus_hours(5);
    assert!(on(&s, late).overdue(late, TODAY));
    assert_eq!(on(&s, late).risen.unwrap().level, Level::Organisation);
    assert_eq!(on(&s, late.plus_hours(24)).risen.unwrap().level, Level::Partnership);
    let passed =
        pass_on(&worry(), spoken(true), check_by(WorkRole::Clinician, 2), morning(TODAY), s.p.settings());
    s.facts.worries[0].value = passed.unwrap();
    assert_eq!(on(&s, morning(TODAY)).holder.lead, Some(worker_id(31)));
    s.nothing_lost(days(60));
    // The trust is not there any more: whoever raised it speaks to somebody else.
    s.p.organisations.get_mut(&organisation_id(TRUST)).unwrap().status =
        OrganisationStatus::Suspended { on: days(1) };
    let h = on(&s, morning(days(1)));
    assert_eq!(h.holder.lead, Some(worker_id(21)));
    assert!(h.next.what.contains("by voice") && h.risen.unwrap().worker.is_some());
}

#[test]
fn a_worry_is_not_passed_on_until_a_human_confirmed_by_voice() {
    use kith_domain::worry::NotPassedOn as No;
    let settings = kith_domain::settings::Settings::default();
    let done = |spoken, check| pass_on(&worry(), spoken, check, morning(TODAY), &settings);
    assert_eq!(done(spoken(false), check_by(WorkRole::Clinician, 2)), Err(No::NotByVoice));
    assert_eq!(done(spoken(true), check_by(WorkRole::VcseWorker, 2)), Err(No::NotTheirs));
    assert_eq!(done(spoken(true), check_by(WorkRole::Clinician, 5)), Err(No::NotInHours { hours: 4 }));
    assert_eq!(done(spoken(true), check_by(WorkRole::Clinician, -1)), Err(No::NotInHours { hours: 4 }));
    assert_eq!(
        done(Spoken { name: " ".into(), ..spoken(true) }, check_by(WorkRole::Clinician, 1)),
        Err(No::NoName)
    );
    assert_eq!(close(&worry(), "All well", worker_id(21), morning(TODAY)), Err(No::NobodySpokenTo));
}

/// Each breach, planted as an edited database would show it.
#[test]
fn each_breach_is_named() {
    let of = |plant: &dyn Fn(&mut Story), day: Day| {
        let mut s = Story::new();
        plant(&mut s);
        s.wrongs(day)
    };
    let who: OrganisationId = id(0xdead);
    let holder_of = |s: &mut Story, h: Holder| s.facts.person.value.holder = h;
    type Plant<'a> = (&'a str, &'a dyn Fn(&mut Story), Wrong);
    let planted: &[Plant] = &[
        ("no organisation", &|s| holder_of(s, Holder { organisation: who, ..aisha() }), Wrong::NoHolder),
        ("no team", &|s| holder_of(s, Holder { team: id(0xdead), ..aisha() }), Wrong::NoHolder),
        ("no worker", &|s| holder_of(s, Holder { lead: Some(id(0xdead)), ..aisha() }), Wrong::NoHolder),
        ("not a member", &|s| holder_of(s, holder(NAVIGATORS, Some(21))), Wrong::NotAMember),
        ("no navigator", &|s| holder_of(s, holder(CHARITY, Some(21))), Wrong::NoNavigator),
        ("2099", &|s| s.facts.person.value.next.on = jiff::civil::date(2099, 1, 1), Wrong::NoNextDate),
        (
            "heard in 2099",
            &|s| s.facts.person.value.heard_at = Some(morning(days(20_000))),
            Wrong::NothingSaid,
        ),
        (
            "unmet without review",
            &|s| {
                let mut n = need(morning(TODAY));
                let since = morning(TODAY);
                n.unmet = Some(Unmet { since, reason: UnmetReason::Full, review_on: days(900), place: None });
                s.facts.needs.push(saved(2, Some(id(1)), since, n));
            },
            Wrong::UnmetWithoutReview,
        ),
    ];
    for (name, plant, wrong) in planted {
        assert_eq!(of(plant, TODAY), [*wrong], "{name}");
    }
    let everybody_away = of(&|s| [10, 11, 13, 0, 1, 3].into_iter().for_each(|w| s.away(w, None)), TODAY);
    assert_eq!(everybody_away, [Wrong::AbsentWithoutCover]);
    let net_shut = of(
        &|s| {
            for o in [NET, NAVIGATORS] {
                let status = OrganisationStatus::Closed { on: TODAY };
                s.p.organisations.get_mut(&organisation_id(o)).unwrap().status = status;
            }
        },
        TODAY,
    );
    assert_eq!(net_shut, [Wrong::HolderNotActive]);
    let one_person_net = |s: &mut Story| {
        s.p.place.net_second = worker_id(0);
        s.facts.person.value.holder = holder(NET, Some(0));
        let net = s.p.organisations.get_mut(&organisation_id(NET)).unwrap();
        net.lead = Some(worker_id(0));
    };
    assert_eq!(of(&one_person_net, TODAY), []);
    assert_eq!(of(&one_person_net, days(60)), [Wrong::NoSecondPerson]);
}

#[test]
fn kept_moving_is_counted() {
    let mut s = Story::new();
    s.facts.person.value.next.moves_without_contact = 2;
    let held = holding(&s.p, &s.facts, morning(TODAY));
    assert_eq!(kept_moving(&held).len(), 1);
}

#[test]
fn what_was_written_by_mistake_is_not_held() {
    let mut s = Story::with(Status::Accepted);
    s.facts.needs[0].meta.entered_in_error = true;
    s.facts.referrals[0].meta.entered_in_error = true;
    assert_eq!(holding(&s.p, &s.facts, morning(TODAY)).len(), 1);
}

#[test]
fn what_another_organisation_had_to_do_comes_to_whoever_holds_the_plan() {
    use kith_domain::plan::{Asks, Step, StepOwner, StepStatus};
    let mut s = Story::new();
    let step = Step {
        area: kith_domain::area::Area::Money,
        sensitivity: kith_domain::area::Sensitivity::S2,
        what: "Ring the council".into(),
        need: None,
        goal: None,
        owner: StepOwner::Worker {
            organisation: organisation_id(CHARITY),
            team: team_id(CHARITY),
            worker: worker_id(21),
        },
        by: days(5),
        asks: Asks::Asks,
        accepted: Some(morning(TODAY)),
        said_no: None,
        holder: aisha(),
        status: StepStatus::Open,
        moves_without_contact: 0,
        categories: Vec::new(),
        guard: Default::default(),
    };
    s.facts.steps.push(saved(9, Some(id(1)), morning(TODAY), step));
    let with = |s: &Story, day| {
        let held = holding(&s.p, &s.facts, morning(day));
        let step = held.iter().find(|h| h.about == About::Step).expect("the step");
        (step.holder.organisation, step.holder.lead)
    };
    assert_eq!(with(&s, TODAY), (organisation_id(CHARITY), Some(worker_id(21))), "who accepted it");
    s.p.organisations.get_mut(&organisation_id(CHARITY)).unwrap().status =
        OrganisationStatus::Closed { on: days(1) };
    assert_eq!(with(&s, days(1)), (organisation_id(NAVIGATORS), Some(worker_id(11))), "not the net");
    // Said no to: it is back with the one who asked, the next working day.
    let mut no = s.facts.steps[0].clone();
    no.value = kith_domain::planning::step_declined(
        &no.value,
        worker_id(21),
        &[],
        "We shut on Friday",
        morning(TODAY),
    )
    .unwrap();
    let back = holding(&s.p, &PersonFacts { steps: vec![no], ..s.facts.clone() }, morning(TODAY));
    let back = back.iter().find(|h| h.about == About::StepSaidNo).expect("it came back");
    assert_eq!((back.holder.lead, back.next.on), (Some(worker_id(11)), days(1)));
    // The navigators shut as well: the step goes where the plan goes.
    s.p.organisations.get_mut(&organisation_id(NAVIGATORS)).unwrap().status =
        OrganisationStatus::Closed { on: days(2) };
    assert_eq!(with(&s, days(2)).0, s.plan_on(days(2)).holder.organisation);
    s.nothing_lost(days(2));
    // A successor that holds no plans gets neither the plan nor what belongs to it.
    s.p.organisations.get_mut(&organisation_id(NAVIGATORS)).unwrap().successors.push(Succession {
        organisation: organisation_id(TRUST),
        team: team_id(TRUST),
        from: TODAY,
    });
    assert_eq!(with(&s, days(2)).0, organisation_id(NET));
    s.p.teams.get_mut(&team_id(TRUST)).unwrap().navigators = true;
    assert_eq!(with(&s, days(2)).0, organisation_id(TRUST));
    s.nothing_lost(days(90));
}

#[test]
fn a_charity_worker_is_never_the_only_one_with_a_worry() {
    let mut s = Story::new();
    s.facts.worries.push(saved(42, Some(id(1)), morning(TODAY), worry()));
    // The one who raised it works alone: their team and their organisation have no other lead.
    let alone = s.facts.worries[0].value.holder;
    let me = alone.lead.expect("named");
    s.p.teams.get_mut(&alone.team).unwrap().lead = Some(me);
    s.p.organisations.get_mut(&alone.organisation).unwrap().lead = Some(me);
    let held = holding(&s.p, &s.facts, morning(TODAY));
    let held = held.iter().find(|h| h.about == About::Worry).expect("held from the start");
    let second = held.risen.expect("a second named person from the start");
    assert!(second.worker.is_some() && second.worker != held.holder.acts());
    assert_eq!(second.organisation, organisation_id(NET), "of another organisation");
    s.nothing_lost(days(1));
    // With nobody else in the whole partnership it is a breach that the check names.
    s.p.place.net_second = me;
    let net = s.p.place.net_team;
    s.p.teams.get_mut(&net).unwrap().lead = None;
    let wrongs: Vec<_> = lost(&s.p, &s.facts, morning(TODAY)).into_iter().map(|b| b.wrong).collect();
    assert!(wrongs.contains(&Wrong::NoSecondPerson), "{wrongs:?}");
}
