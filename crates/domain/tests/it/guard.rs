//! The one function that guards everything that leaves. Unknown means not safe.

use jiff::civil::date;
use kith_domain::contact::*;
use kith_domain::id::{OrganisationId, SupporterId};
use kith_domain::life;
use kith_domain::person::{Coercion, Person, Whereabouts};
use kith_domain::record::Author;
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Instant};
use proptest::prelude::*;

use crate::world::*;

fn person() -> Person {
    badger(1, morning(TODAY)).person.value
}

fn asked(person: &Person, what: &Outgoing) -> Result<Cleared, NotSafe> {
    may_send(person, what, &Calendar::england(), &Settings::default())
}

fn why(person: &Person, what: &Outgoing) -> Why {
    asked(person, what).expect_err("it is not safe").why
}

fn text(content: Content) -> Outgoing {
    Outgoing::notice(Channel::Text, content, morning(TODAY))
}

#[test]
fn a_way_they_named_in_the_day_without_content_is_safe() {
    let cleared = asked(&person(), &text(Content::Free)).unwrap();
    assert_eq!((cleared.channel(), cleared.detail()), (Channel::Text, Some("07700 900123")));
}

#[test]
fn nothing_is_safe_before_anybody_asked() {
    let mut p = person();
    p.safe_contact.asked = None;
    assert_eq!(why(&p, &text(Content::Free)), Why::NotAsked);
    assert_eq!(why(&p, &Outgoing::print(morning(TODAY))), Why::NotAsked);
    assert_eq!(why(&p, &Outgoing::packet_to(organisation_id(CHARITY), morning(TODAY))), Why::NotAsked);
}

#[test]
fn a_number_that_is_known_is_not_a_way_that_is_safe() {
    let mut p = person();
    p.phone = kith_domain::person::Known::Known("0161 496 0000".into());
    p.email = kith_domain::person::Known::Known("badger@example.org".into());
    for channel in [Channel::Phone, Channel::Email, Channel::Through] {
        assert_eq!(why(&p, &Outgoing::notice(channel, Content::Free, morning(TODAY))), Why::NotThisWay);
    }
    assert_eq!(why(&p, &Outgoing::notice(Channel::Letter, Content::Free, morning(TODAY))), Why::Paper);
}

#[test]
fn never_at_night_and_it_says_from_when() {
    let calendar = Calendar::england();
    for (hour, safe) in [(7, false), (8, true), (19, true), (20, false), (23, false), (0, false)] {
        let at = calendar.moment(TODAY, hour, 59);
        let got = asked(&person(), &Outgoing::notice(Channel::Text, Content::Free, at));
        assert_eq!(got.is_ok(), safe, "{hour}");
        if let Err(no) = got {
            let first = no.not_before.unwrap();
            assert!(first > at);
            assert!(asked(&person(), &Outgoing::notice(Channel::Text, Content::Free, first)).is_ok());
        }
    }
}

#[test]
fn their_own_hours_narrow_the_day_and_clock_changes_are_known() {
    let mut p = person();
    p.safe_contact.ways[0].hours = Some(Hours { from: 13, until: 15 });
    let calendar = Calendar::england();
    // 25 October 2026: the clocks go back at 2:00. 13:30 is 13:30.
    let at = calendar.moment(date(2026, 10, 25), 13, 30);
    assert!(asked(&p, &Outgoing::notice(Channel::Text, Content::Free, at)).is_ok());
    assert_eq!(why(&p, &text(Content::Free)), Why::Hours);
}

#[test]
fn a_text_or_an_email_never_says_anything_about_a_person() {
    let mut p = person();
    p.safe_contact.name_service_ok = true;
    p.safe_contact.ways.push(SafeWay { channel: Channel::Email, ..p.safe_contact.ways[0].clone() });
    for channel in [Channel::Text, Channel::Email] {
        assert_eq!(why(&p, &Outgoing::notice(channel, Content::Full, morning(TODAY))), Why::SaysTooMuch);
        assert!(asked(&p, &Outgoing::notice(channel, Content::NamesService, morning(TODAY))).is_ok());
    }
    p.safe_contact.name_service_ok = false;
    assert_eq!(why(&p, &text(Content::NamesService)), Why::SaysTooMuch);
}

#[test]
fn on_a_shared_phone_or_under_pressure_it_says_nothing() {
    let mut shared = person();
    shared.safe_contact.name_service_ok = true;
    shared.safe_contact.ways[0].shared = true;
    assert_eq!(why(&shared, &text(Content::NamesService)), Why::SaysTooMuch);
    let mut pressed = person();
    pressed.safe_contact.name_service_ok = true;
    pressed.coercion = Some(Coercion {
        since: morning(TODAY),
        supporters: vec![],
        frozen: vec![],
        review_on: None,
        noted_by: None,
    });
    assert_eq!(why(&pressed, &text(Content::NamesService)), Why::SaysTooMuch);
    assert!(asked(&pressed, &text(Content::Free)).is_ok());
    let partner: SupporterId = id(77);
    let told = Outgoing::new(To::Supporter(partner), Content::Free, morning(TODAY));
    assert_eq!(why(&pressed, &told), Why::Coercion);
}

#[test]
fn who_must_never_know_is_not_told_through_their_organisation() {
    let mut p = person();
    let where_his_sister_works: OrganisationId = organisation_id(CHARITY);
    p.safe_contact.must_not_know.push(MustNotKnow {
        who: "My sister".into(),
        organisation: Some(where_his_sister_works),
        supporter: None,
    });
    assert_eq!(why(&p, &Outgoing::packet_to(where_his_sister_works, morning(TODAY))), Why::MustNotKnow);
    assert!(asked(&p, &Outgoing::packet_to(organisation_id(TRUST), morning(TODAY))).is_ok());
}

#[test]
fn paper_and_voicemail_need_a_yes() {
    let mut p = person();
    assert_eq!(why(&p, &Outgoing::print(morning(TODAY))), Why::Paper);
    p.safe_contact.paper_safe = Some(false);
    assert_eq!(why(&p, &Outgoing::print(morning(TODAY))), Why::Paper);
    p.safe_contact.paper_safe = Some(true);
    assert!(asked(&p, &Outgoing::print(morning(TODAY))).is_ok());
    p.safe_contact.ways[0].channel = Channel::Phone;
    let mut call = Outgoing::notice(Channel::Phone, Content::Free, morning(TODAY));
    assert!(asked(&p, &call).is_ok());
    call.voicemail = true;
    assert_eq!(why(&p, &call), Why::Voicemail);
}

#[test]
fn a_sealed_address_is_never_written_to_and_never_said() {
    let mut p = person();
    p.safe_contact.paper_safe = Some(true);
    p.safe_contact.ways.push(SafeWay { channel: Channel::Letter, ..p.safe_contact.ways[0].clone() });
    let letter = Outgoing::notice(Channel::Letter, Content::Free, morning(TODAY));
    assert!(asked(&p, &letter).is_ok());
    p.address_sealed = true;
    assert_eq!(why(&p, &letter), Why::Sealed);
    let mut packet = Outgoing::packet_to(organisation_id(CHARITY), morning(TODAY));
    assert!(asked(&p, &packet).is_ok());
    packet.says_address = true;
    assert_eq!(why(&p, &packet), Why::Sealed);
}

#[test]
fn in_prison_nothing_reaches_only_them_and_in_hospital_no_letter_does() {
    let mut p = person();
    p.safe_contact.paper_safe = Some(true);
    p.safe_contact.ways.push(SafeWay { channel: Channel::Letter, ..p.safe_contact.ways[0].clone() });
    p.whereabouts = Whereabouts::Prison { since: TODAY, release: None };
    assert_eq!(why(&p, &text(Content::Free)), Why::Away);
    p.whereabouts = Whereabouts::Hospital { since: TODAY, detained: false, out_of_area: false };
    assert!(asked(&p, &text(Content::Free)).is_ok());
    assert_eq!(why(&p, &Outgoing::notice(Channel::Letter, Content::Free, morning(TODAY))), Why::Away);
}

#[test]
fn nobody_chases_who_stopped_and_nothing_goes_to_the_dead() {
    let settings = Settings::default();
    let later = kith_domain::time::plus_days(TODAY, 30);
    let stopped = life::stop(&person(), TODAY).unwrap();
    assert_eq!(why(&stopped, &text(Content::Free)), Why::NotWanted);
    let reply = Outgoing { asked_for: true, ..text(Content::Free) };
    assert!(asked(&stopped, &reply).is_ok(), "an answer to what they asked may go");
    let not_now = life::not_now(&person(), later, TODAY, &settings).unwrap();
    assert_eq!(why(&not_now, &text(Content::Free)), Why::NotWanted);
    assert!(
        asked(&not_now, &Outgoing { at: morning(later), ..text(Content::Free) }).is_ok(),
        "once, on the day"
    );
    let died = life::died(&person(), None, Author::Public, morning(TODAY), TODAY).unwrap();
    assert_eq!(why(&died, &reply), Why::Died);
    assert_eq!(why(&died, &Outgoing::packet_to(organisation_id(CHARITY), morning(TODAY))), Why::Died);
    assert!(asked(&life::not_died(&died).unwrap(), &text(Content::Free)).is_ok());
}

/// A GP practice or an introducer is known by name only: any doubt keeps it from them.
#[test]
fn nothing_goes_outside_while_somebody_unnamed_must_not_know() {
    let out = Outgoing::new(To::Outside, Content::Free, morning(TODAY));
    let mut p = person();
    assert!(asked(&p, &out).is_ok());
    p.safe_contact.must_not_know =
        vec![MustNotKnow { who: "my ex, he works at a surgery".into(), organisation: None, supporter: None }];
    assert_eq!(why(&p, &out), Why::MustNotKnow);
    let mut watched = person();
    watched.coercion = Some(Coercion {
        since: morning(TODAY),
        supporters: vec![],
        frozen: vec![],
        review_on: None,
        noted_by: None,
    });
    assert_eq!(why(&watched, &out), Why::Coercion);
    let died = life::died(&person(), None, Author::Public, morning(TODAY), TODAY).unwrap();
    assert_eq!(why(&died, &out), Why::Died);
}

#[test]
fn a_supporter_who_may_be_the_one_that_must_not_know_is_handed_nothing() {
    let (partner, sister): (SupporterId, SupporterId) = (id(77), id(78));
    let to = |who| Outgoing {
        asked_for: true,
        ..Outgoing::new(To::Supporter(who), Content::Free, morning(TODAY))
    };
    let mut p = person();
    assert!(asked(&p, &to(partner)).is_ok());
    let mut must = MustNotKnow { who: "him".into(), organisation: None, supporter: None };
    p.safe_contact.must_not_know = vec![must.clone()];
    for who in [partner, sister] {
        assert_eq!(why(&p, &to(who)), Why::MustNotKnow, "nobody knows who it is");
    }
    must.supporter = Some(partner);
    p.safe_contact.must_not_know = vec![must];
    assert_eq!(why(&p, &to(partner)), Why::MustNotKnow);
    assert!(asked(&p, &to(sister)).is_ok(), "it is known who it is, and it is not her");
}

/// Their own word about one paper stands in for what they said of paper, and for nothing else.
#[test]
fn saying_that_this_paper_is_safe_sets_nothing_else_aside() {
    let said = Outgoing::print_said_safe(morning(TODAY));
    let mut p = person();
    for before in [None, Some(false), Some(true)] {
        p.safe_contact.paper_safe = before;
        let cleared = asked(&p, &said).expect("theirs to say");
        assert_eq!(cleared.to(), To::Person);
        assert_eq!(asked(&p, &Outgoing::print(morning(TODAY))).is_ok(), before == Some(true));
    }
    let died = life::died(&p, None, Author::Public, morning(TODAY), TODAY).unwrap();
    assert_eq!(why(&died, &said), Why::Died);
    let mut not_asked = p.clone();
    not_asked.safe_contact.asked = None;
    assert_eq!(why(&not_asked, &said), Why::NotAsked);
    p.address_sealed = true;
    let with_address = Outgoing { says_address: true, ..said };
    assert_eq!(why(&p, &with_address), Why::Sealed);
}

#[test]
fn what_waits_to_be_sent_goes_nowhere_but_where_it_was_cleared() {
    let p = person();
    let cleared = asked(&p, &text(Content::Free)).unwrap();
    let safe = cleared.detail().expect("a number").to_owned();
    assert!(MayLeave::Cleared(&cleared).covers(true, &safe));
    assert!(!MayLeave::Cleared(&cleared).covers(true, "somebody else's"));
    let outside = asked(&p, &Outgoing::new(To::Outside, Content::Free, morning(TODAY))).unwrap();
    assert!(MayLeave::Cleared(&outside).covers(true, "gp@example.org"), "their own way is theirs");
    for sort in [AboutNobody::Reminder, AboutNobody::Asker, AboutNobody::Listing] {
        assert!(MayLeave::AboutNobody(sort).covers(false, "w@example.org"));
        assert!(!MayLeave::AboutNobody(sort).covers(true, "w@example.org"), "never about a person");
    }
}

prop_compose! {
    fn any_outgoing()(
        to in prop_oneof![Just(To::Person), Just(To::Organisation(organisation_id(2))), Just(To::Supporter(id(7))), Just(To::Outside)],
        channel in proptest::sample::select(Channel::ALL.to_vec()),
        content in proptest::sample::select(vec![Content::Free, Content::NamesService, Content::Full]),
        hours in 0i64..400,
        flags in any::<[bool; 5]>(),
    ) -> Outgoing {
        Outgoing {
            to, channel, content,
            at: Instant(morning(TODAY).0).plus_hours(hours),
            paper: flags[0], voicemail: flags[1], says_address: flags[2], asked_for: flags[3],
            paper_safe_now: flags[4],
        }
    }
}

proptest! {
    /// Whatever is asked: of somebody of whom nothing is known, nothing leaves; and
    /// forgetting any answer never makes a thing safe that was not.
    #[test]
    fn knowing_less_never_makes_it_safer(what in any_outgoing(), paper in any::<Option<bool>>(), forget in 0..4u8) {
        let nothing_known = Person::new("B".into(), aisha(), next(TODAY), kith_domain::person::CameBy::Met);
        prop_assert!(asked(&nothing_known, &what).is_err());
        let mut known = person();
        known.safe_contact.paper_safe = paper;
        let mut less = known.clone();
        match forget {
            0 => less.safe_contact.asked = None,
            1 => less.safe_contact.paper_safe = None,
            2 => less.safe_contact.ways.clear(),
            _ => less.safe_contact.name_service_ok = false,
        }
        if asked(&known, &what).is_err() {
            prop_assert!(asked(&less, &what).is_err());
        }
    }
}
