//! Every record type survives storage as canonical JSON.

use kith_domain::area::Area;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::{Organisation, Place, Team, Worker};
use kith_domain::person::{Birth, Known, NhsNumber, Person, Standing, Whereabouts};
use kith_domain::plan::{Part, PlanSection};
use kith_domain::record::{Author, Record};
use kith_domain::referral::Referral;
use kith_domain::{life, link};

use crate::world::*;

fn round<T: Record + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_value(value).unwrap();
    let back: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(&back, value);
    assert_eq!(serde_json::to_value(&back).unwrap(), json);
    assert_eq!(back.links(), value.links());
}

#[test]
fn records_survive_storage() {
    let facts = partnership();
    round::<Place>(&facts.place);
    facts.organisations.values().for_each(round::<Organisation>);
    facts.teams.values().for_each(round::<Team>);
    facts.workers.values().for_each(round::<Worker>);
    let mut person: Person = badger(1, morning(TODAY)).person.value;
    round(&person);
    person.nhs_number = Known::Known(NhsNumber::parse("999 000 0018").unwrap());
    person.birth = Birth::Guess { years: 40, on: TODAY };
    person.whereabouts = Whereabouts::Prison { since: TODAY, release: Some(TODAY) };
    person = life::not_now(&person, kith_domain::time::plus_days(TODAY, 3), TODAY, facts.settings()).unwrap();
    let died = life::died(&person, Some(TODAY), Author::Public, morning(TODAY), TODAY).unwrap();
    round(&died);
    assert!(matches!(died.standing, Standing::Died { .. }));
    assert_eq!(life::not_died(&died).unwrap(), person);
    round(&need(morning(TODAY)));
    let r: Referral = draft(
        id(2),
        CHARITY,
        id(8),
        vec![line(5, Area::Money, kith_domain::area::Sensitivity::S2, vec![])],
        TODAY,
    );
    round(&r);
    round(&consent(id(9), CHARITY, Area::ALL.to_vec(), morning(TODAY)));
    for part in Part::ALL {
        round(&PlanSection::new(part, (part == Part::Area).then_some(Area::Money)));
    }
    round(&Message {
        kind: MessageKind::OwnWords,
        from: Author::Person { person: id(1) },
        to: MessageTo::Reader { holder: aisha(), read_by: TODAY },
        words: "Can we meet on Tuesday?".into(),
        area: Area::Connection,
        sensitivity: kith_domain::area::Sensitivity::S1,
        about: None,
        written_at: morning(TODAY),
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    });
}

#[test]
fn a_wrong_nhs_number_in_storage_is_not_read() {
    let mut json = serde_json::to_value(badger(1, morning(TODAY)).person.value).unwrap();
    json["nhs_number"] = serde_json::json!({"known": "9434765918"});
    assert!(serde_json::from_value::<Person>(json).is_err());
}

#[test]
fn a_referral_is_found_from_both_sides() {
    let r = draft(id(2), CHARITY, id(8), vec![], TODAY);
    let roles: Vec<_> = r.links().iter().map(|l| l.role).collect();
    for role in [
        link::NEED,
        link::SERVICE,
        link::SENDER_TEAM,
        link::RECEIVER_TEAM,
        link::SENDER_WORKER,
        link::CONSENT,
    ] {
        assert!(roles.contains(&role), "{role}");
    }
}
