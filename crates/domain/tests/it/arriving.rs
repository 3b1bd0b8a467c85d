//! Asking for help: what has to be known, who reads it, and what may be done with it.

use crate::world::{NAVIGATORS, NET, TODAY, id, morning, organisation_id, partnership, team, team_id};
use jiff::civil::date;
use kith_domain::arriving::{self, Asking, Missing, NotNow, WORKERS};
use kith_domain::coming_in::{Answered, ComingIn, PersonKnows};
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Holder;
use kith_domain::person::CameBy;
use kith_domain::record::Record;
use kith_domain::time::plus_days;

fn way(detail: &str) -> SafeWay {
    SafeWay {
        channel: Channel::Phone,
        detail: detail.into(),
        voicemail_safe: None,
        hours: None,
        shared: false,
        note: None,
    }
}

fn asking(by: CameBy) -> Asking {
    let other = by != CameBy::Themselves;
    Asking {
        by,
        name: other.then(|| "Maureen".into()),
        organisation: WORKERS.contains(&by).then(|| "High Street Surgery".into()),
        contact: other.then(|| "01632 960 123".into()),
        knows: if other { PersonKnows::Yes } else { PersonKnows::Themselves },
        may_be_told: true,
        called: "Dee".into(),
        safe_contact: SafeContact { ways: vec![way("07700 900123")], ..SafeContact::default() },
        words: None,
    }
}

fn arrived(asking: Asking) -> ComingIn {
    arriving::arrive(asking, "hash".into(), &partnership(), morning(TODAY)).unwrap()
}

fn holder() -> Holder {
    Holder { organisation: organisation_id(NAVIGATORS), team: team_id(NAVIGATORS), lead: None }
}

#[test]
fn it_is_held_by_a_team_that_holds_plans_and_answered_by_a_day() {
    let came = arrived(asking(CameBy::Themselves));
    let facts = partnership();
    assert!(facts.teams[&came.holder.team].navigators);
    assert_eq!(came.holder, arriving::reading_team(&facts, TODAY));
    assert_eq!(came.reply_by, date(2026, 11, 25), "two working days after Monday");
    assert_eq!(came.due(), Some(came.reply_by));
    // Friday evening is answered by Tuesday.
    assert_eq!(arriving::answer_by(morning(date(2026, 11, 27)), &facts.calendar, 2), date(2026, 12, 1));
}

#[test]
fn the_net_reads_when_no_team_holds_plans_any_more() {
    let mut facts = partnership();
    facts.teams.values_mut().for_each(|t| t.navigators = false);
    let held = arriving::reading_team(&facts, TODAY);
    assert_eq!((held.organisation, held.team), (facts.place.net_organisation, facts.place.net_team));
    // A team of an organisation that stopped reads nothing.
    let mut facts = partnership();
    let gone = organisation_id(NAVIGATORS);
    facts.teams.insert(id(9_000), kith_domain::organisation::Team { navigators: true, ..team(NET, None) });
    facts.organisations.get_mut(&gone).unwrap().agreement = None;
    assert_ne!(arriving::reading_team(&facts, TODAY).organisation, gone);
}

#[test]
fn only_what_is_needed_to_make_contact_is_asked_for() {
    let bare = Asking {
        name: None,
        organisation: None,
        contact: None,
        words: None,
        safe_contact: SafeContact::default(),
        ..asking(CameBy::Carer)
    };
    let missing = |by, knows| {
        let asking = Asking { by, knows, ..bare.clone() };
        arriving::arrive(asking, String::new(), &partnership(), morning(TODAY)).unwrap_err()
    };
    assert_eq!(missing(CameBy::Themselves, PersonKnows::Themselves), [Missing::Way]);
    assert_eq!(missing(CameBy::Carer, PersonKnows::No), [Missing::SenderName, Missing::SenderContact]);
    assert_eq!(
        missing(CameBy::Prison, PersonKnows::Themselves),
        [Missing::SenderName, Missing::SenderOrganisation, Missing::SenderContact, Missing::Knows]
    );
    // A carer need not know how to reach the person.
    let no_way = Asking { safe_contact: SafeContact::default(), ..asking(CameBy::Carer) };
    assert!(arriving::arrive(no_way, String::new(), &partnership(), morning(TODAY)).is_ok());
}

#[test]
fn only_the_person_says_what_is_safe_and_who_is_told() {
    assert!(arrived(asking(CameBy::Themselves)).safe_contact.asked.is_some());
    assert!(!arrived(asking(CameBy::Themselves)).sender.may_be_told, "there is nobody else to tell");
    for by in [CameBy::Carer, CameBy::GpPractice] {
        assert_eq!(arrived(asking(by)).safe_contact.asked, None);
        for knows in [PersonKnows::No, PersonKnows::NotSure] {
            assert!(!arrived(Asking { knows, ..asking(by) }).sender.may_be_told);
        }
        assert!(arrived(asking(by)).sender.may_be_told);
    }
}

#[test]
fn nobody_gets_a_plan_without_knowing() {
    let next = NextDate::new("Meet", plus_days(TODAY, 3));
    let take = |request: &ComingIn, spoken| {
        arriving::take_up(request, "Dee".into(), holder(), next.clone(), spoken, morning(TODAY))
    };
    let secret = arrived(Asking { knows: PersonKnows::No, ..asking(CameBy::Carer) });
    assert_eq!(take(&secret, false), Err(NotNow::NotSpoken));
    let person = take(&secret, true).unwrap();
    assert_eq!(person.heard_at, Some(morning(TODAY)));
    assert_eq!(person.introducer.map(|i| i.may_be_told), Some(false));
    let person = take(&arrived(asking(CameBy::Themselves)), false).unwrap();
    assert!(person.introducer.is_none() && person.heard_at.is_none());
    assert_eq!(person.safe_contact.ways.len(), 1);
}

#[test]
fn it_is_answered_once_and_the_sender_is_told_only_with_agreement() {
    let now = morning(TODAY);
    let new = arrived(Asking { may_be_told: false, ..asking(CameBy::HospitalWard) });
    assert_eq!(arriving::outcome_told(&new, true, now), Err(NotNow::NothingToTell));
    let taken = arriving::taken_up(&new, id(7), now);
    assert!(taken.open() && taken.sender_waits(), "whoever asked is still to be told");
    assert!(!arriving::not_told(&taken, now).unwrap().open(), "the person said no to that");
    assert_eq!(arriving::close(&taken, "No".into(), now), Err(NotNow::Answered));
    assert_eq!(arriving::outcome_told(&taken, false, now), Err(NotNow::NotAgreed));
    // That the ward says they agreed is no reason not to ask them.
    let said = arriving::taken_up(&arrived(asking(CameBy::HospitalWard)), id(7), now);
    assert!(said.sender.may_be_told);
    assert_eq!(arriving::outcome_told(&said, false, now), Err(NotNow::NotAgreed));
    let told = arriving::outcome_told(&taken, true, now).unwrap();
    assert_eq!(told.outcome_told_at, Some(now));
    assert!(!told.open());
    let own = arriving::taken_up(&arrived(asking(CameBy::Themselves)), id(7), now);
    assert!(!own.open(), "nobody else waits");
    let closed = arriving::close(&new, "Ring the ward".into(), now).unwrap();
    assert!(matches!(closed.answered, Some(Answered::Closed { .. })));
    assert!(arriving::outcome_told(&closed, false, now).is_ok(), "general words are for anybody");
}
