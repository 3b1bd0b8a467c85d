//! What Kith publishes, it reads back as it was: every field but those that never leave
//! (the team, who said that there is space) and where the entry comes from.

use super::made::{a_group, a_service};
use super::{around, published, source};
use jiff::civil::{Time, date};
use kith_domain::area::Area;
use kith_domain::directory::{Group, Service, Session, SessionChange, Source};
use kith_domain::id::GroupId;
use kith_exchange::oruk::publish::What;
use kith_exchange::oruk::read::{Imported, OneDay, Remark, read};
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

fn back(json: &Value) -> (Imported, Vec<Remark>) {
    let source = source();
    let read = read(json, &around(&source)).unwrap();
    let remarks = read.remarks.into_iter().filter(|r| r.field != "organization").collect();
    (read.what, remarks)
}

/// What is expected to come back, with the source that the import gives it.
fn expected(what: &Imported, identifier: u128) {
    let from = what.source();
    assert_eq!(from.identifier, Some(Uuid::from_u128(identifier).to_string()));
    assert_eq!(from.publisher, "Lode Council");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_service_comes_back_as_it_was(service in a_service()) {
        let json = published(7, What::Service(&service), None);
        let (what, remarks) = back(&json);
        expected(&what, 7);
        prop_assert_eq!(remarks, vec![], "{}", json);
        let Imported::Service(found) = what else { panic!("a service came back as a group") };
        let found = Service { source: Source::default(), ..*found };
        prop_assert_eq!(found, service, "{}", json);
    }

    #[test]
    fn a_group_comes_back_as_it_was(group in a_group()) {
        let json = published(8, What::Group(&group, Vec::new()), None);
        let (what, remarks) = back(&json);
        expected(&what, 8);
        prop_assert_eq!(remarks, vec![], "{}", json);
        let Imported::Group(found, days) = what else { panic!("a group came back as a service") };
        prop_assert_eq!(days, vec![]);
        let found = Group { source: Source::default(), ..*found };
        prop_assert_eq!(found, group, "{}", json);
    }

    /// Nothing of a secret place is in what is published but its wider area.
    #[test]
    fn a_secret_place_is_published_as_its_area(service in a_service()) {
        let json = published(9, What::Service(&service), None);
        for (n, place) in service.locations.iter().enumerate() {
            if let kith_domain::directory::Location::Confidential { area, .. } = place {
                let out = &json["service_at_locations"][n]["location"];
                prop_assert_eq!(out["description"].as_str(), Some(area.as_str()));
                for field in ["addresses", "latitude", "longitude", "postal_code"] {
                    prop_assert!(out[field].is_null(), "{}", field);
                }
            }
        }
    }
}

#[test]
fn sessions_that_differ_come_back() {
    let place = kith_domain::directory::Location::at("The hall", None);
    let tuesdays = kith_domain::directory::Rhythm::weekly(
        kith_domain::directory::Weekday::Tuesday,
        Time::constant(10, 0, 0, 0),
        90,
        date(2026, 1, 6),
    );
    let group = Group::new("Singers", kith_domain::id::OrganisationId(Uuid::nil()), place, tuesdays);
    let session = |day, change| Session {
        group: GroupId(Uuid::nil()),
        area: Area::Connection,
        day,
        change,
        came: None,
    };
    let off = SessionChange::Cancelled { why: "the hall is shut".into() };
    let special = SessionChange::Special {
        starts: Time::constant(14, 0, 0, 0),
        minutes: 60,
        location: None,
        note: "a walk".into(),
    };
    let past = session(date(2026, 11, 17), off.clone());
    let next = session(date(2026, 12, 1), off.clone());
    let trip = session(date(2026, 12, 3), special.clone());
    let json = published(1, What::Group(&group, vec![&past, &next, &trip]), None);
    let (Imported::Group(_, days), _) = back(&json) else { panic!("a group came back as a service") };
    let one = |day, change| OneDay { day, change };
    assert_eq!(
        days,
        [one(date(2026, 12, 1), off), one(date(2026, 12, 3), special)],
        "what is over is not told"
    );
}
