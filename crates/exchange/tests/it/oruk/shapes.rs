//! Other shapes than our own.

use super::{around, source};
use crate::shared;
use kith_domain::directory::{DayHours, Delivery, Joining, Known, Location, Service, ServiceStatus};
use kith_exchange::directory_csv::SourceMap;
use kith_exchange::oruk::feed::{FeedMap, FeedReport, read_all};
use kith_exchange::oruk::older::envelope;
use kith_exchange::oruk::read::Imported;
use kith_exchange::oruk::tables::Tables;
use serde_json::{Value, json};

/// Open Referral UK 1, with its plurals.
pub fn version_one() -> Value {
    json!({
        "id": "abc-1", "name": "Debt help", "description": "<p>Free, private &amp; kind.</p>",
        "url": "www.example.org", "email": "nobody", "status": "active",
        "organization": { "id": "o1", "name": "Lode Advice" },
        "eligibilitys": [{ "id": "e", "minimum_age": "18", "maximum_age": 120, "eligibility": "Adults" }],
        "service_taxonomys": [
            { "id": "t", "taxonomy": { "id": "esdServiceType:651", "name": "Debt counselling", "vocabulary": "esdServiceTypes" } },
            { "id": "u", "taxonomy": { "id": "x9", "name": "Money worries" } }
        ],
        "regular_schedules": [
            { "id": "r", "byday": "MO,TU", "opens_at": "09:00:00", "closes_at": "17:00:00" },
            { "id": "s", "weekday": "Friday", "opens_at": "10am", "closes_at": "1pm" }
        ],
        "contacts": [{ "id": "c", "name": "Desk", "phones": [{ "id": "p", "number": "01632 960002" }] }],
        "cost_options": [{ "id": "k", "amount": 0, "option": "free" }],
        "languages": [{ "id": "l", "language": "Urdu" }],
        "service_areas": [{ "id": "a", "service_area": "National" }],
        "service_at_locations": [{ "id": "sl", "location": {
            "id": "loc", "name": "Town hall", "latitude": "53.42", "longitude": "-2.32",
            "physical_addresses": [{ "id": "ad", "address_1": "1 High Street,", "city": "Lode", "postal_code": "qb11aa" }]
        } }]
    })
}

/// Outpost, with numbers for ids.
pub fn outpost() -> Value {
    json!({
        "id": 4181, "name": "Refuge", "description": "Somewhere safe.", "url": null,
        "visible_from": null, "visible_to": "2020-01-01", "min_age": 16, "max_age": null,
        "needs_referral": true, "free": true,
        "locations": [{ "id": 1, "address_1": "9 Secret Way", "city": "Lode", "postal_code": "QB1 1AA",
            "geometry": { "type": "Point", "coordinates": [-2.32, 53.42] }, "mask_exact_address": true }],
        "contacts": [], "organisation": { "id": 7, "name": null },
        "taxonomies": [{ "id": 2, "name": "Clubs and groups", "slug": "clubs" }],
        "regular_schedules": [{ "id": 1, "weekday": "Monday", "opens_at": "10:00", "closes_at": "17:00" }],
        "cost_options": [], "send_needs": [{ "id": 1, "name": "Autism" }]
    })
}

fn services(entries: &[Value]) -> (Vec<Service>, FeedReport) {
    let source = source();
    let report = read_all(entries, &around(&source));
    let services = report.read.iter().map(|r| match &r.what {
        Imported::Service(s) => s.as_ref().clone(),
        Imported::Group(..) => panic!("a group"),
    });
    (services.collect(), report)
}

#[test]
fn open_referral_uk_one() {
    let (services, report) = services(&[version_one()]);
    let s = &services[0];
    assert_eq!(s.description, "Free, private & kind.");
    assert_eq!((s.eligibility.age_min, s.eligibility.age_max), (Some(18), Some(120)));
    assert_eq!(s.needs.iter().map(|n| n.as_str()).collect::<Vec<_>>(), ["money-debt"]);
    assert_eq!(s.keywords, ["Debt counselling", "Money worries"]);
    assert_eq!(s.opening.week.0[1], DayHours::parse("09:00-17:00").unwrap());
    assert_eq!(s.opening.week.0[4], DayHours::parse("10:00-13:00").unwrap());
    assert_eq!((s.contact.phone.as_deref(), s.cost.free), (Some("01632 960002"), Known::Yes));
    assert_eq!(s.contact.url.as_deref(), Some("https://www.example.org"));
    assert_eq!(s.languages[0].0, "Urdu");
    assert_eq!(s.serves, kith_domain::directory::Serves::Anywhere);
    let Location::At { address, postcode, .. } = &s.locations[0] else { panic!("a place") };
    assert_eq!((address.as_str(), postcode.as_ref().unwrap().as_str()), ("1 High Street, Lode", "QB1 1AA"));
    assert_eq!(report.read[0].organisation, "Lode Advice");
    assert!(report.read[0].remarks.iter().any(|r| r.field == "email"), "a wrong address is told");
}

#[test]
fn outpost_keeps_a_masked_address_masked() {
    let (services, report) = services(&[outpost()]);
    let s = &services[0];
    assert_eq!(report.read[0].identifier, "4181");
    assert_eq!(s.status, ServiceStatus::Inactive, "no longer shown");
    assert_eq!(s.locations, [Location::Confidential { area: "in Lode".into(), place: None }]);
    assert_eq!(s.joining, [Joining::Referral]);
    assert_eq!(s.keywords, ["Clubs and groups", "Autism"]);
    assert!(!format!("{s:?}").contains("Secret"));
}

#[test]
fn a_place_online_is_a_way_and_no_place() {
    let online = json!({ "id": "1", "name": "Chat", "status": "active",
        "service_at_locations": [{ "location": { "location_type": "virtual", "name": "Web" } }] });
    let (services, _) = services(&[online]);
    assert_eq!((services[0].locations.len(), &services[0].delivery[..]), (0, &[Delivery::Online][..]));
}

#[test]
fn without_a_name_or_twice_it_is_refused_with_a_reason() {
    let one = json!({ "id": "1", "name": "Chat" });
    let (services, report) = services(&[one.clone(), one, json!({ "id": "2" }), json!("what")]);
    assert_eq!((services.len(), report.refused.len()), (1, 3));
    assert!(report.text().contains("Its identifier comes twice."));
}

#[test]
fn a_licence_that_nobody_declared_is_told() {
    let source = SourceMap { licence: String::new(), ..source() };
    let report = read_all(&[], &around(&source));
    assert!(report.notes[0].contains("No licence is declared"));
}

#[test]
fn a_map_of_a_feed_is_known_by_its_part() {
    let map =
        FeedMap::parse("[source]\nname = \"a\"\npublisher = \"b\"\n[feed]\nat_once = 2\n").unwrap().unwrap();
    assert_eq!((map.feed.at_once, map.source().licence.as_str()), (2, ""));
    assert!(FeedMap::parse("[source]\nname = \"a\"\n[fields]\nname = \"N\"\n").is_none());
}

#[test]
fn tables_are_put_together() {
    let mut tables = Tables::default();
    for (name, text) in [
        ("services.csv", "id,organization_id,name,description,status\n1,9,Advice,Words\\nmore,active\n"),
        ("organizations.csv", "id,name\n9,Lode Advice\n"),
        ("services_at_location.csv", "id,service_id,location_id\n1,1,5\n"),
        ("locations.csv", "id,name,latitude,longitude\n5,Hall,53.42,-2.32\n"),
        (
            "physical_addresses.csv",
            "id,location_id,address_1,city,postal_code\n1,5,1 High Street,Lode,QB1 1AA\n",
        ),
        (
            "regular_schedules.csv",
            "id,service_id,location_id,weekday,opens_at,closes_at\n1,,5,Monday,9:00am,5:00pm\n",
        ),
        ("phones.csv", "id,service_id,number\n1,1,01632 960003\n"),
        ("readme.txt", "no table"),
    ] {
        tables.add_file(name, text.as_bytes()).unwrap();
    }
    let (services, report) = services(&tables.entries().unwrap());
    let s = &services[0];
    assert_eq!(
        (s.description.as_str(), report.read[0].organisation.as_str()),
        ("Words\nmore", "Lode Advice")
    );
    assert_eq!(s.opening.week.0[0], DayHours::parse("09:00-17:00").unwrap());
    assert_eq!(s.contact.phone.as_deref(), Some("01632 960003"));
    assert_eq!(s.locations[0].words(), "Hall, 1 High Street, Lode, QB1 1AA");
    assert!(Tables::default().entries().is_err());
}

#[test]
fn what_others_publish_is_read_whole() {
    let page = |path: &str| {
        shared::file(path).map(|bytes| envelope(&serde_json::from_slice(&bytes).unwrap()).unwrap())
    };
    if let Some(page) = page("data/directory/conformance/uk3-mocks/Default/service_list.json") {
        let (services, report) = services(&page.entries);
        assert_eq!((services.len(), report.refused.len()), (page.entries.len(), 0));
    }
    if let Some(bytes) = shared::file("data/directory/outpost/bucks_service_single.json") {
        let (services, _) = services(&[serde_json::from_slice(&bytes).unwrap()]);
        assert_eq!(services[0].eligibility.age_max, Some(11));
        assert!(services[0].locations[0].postcode().is_some());
    }
    if let Some(bytes) = shared::file("data/directory/feeds-us/open211_miami_hsds1.1_no211taxonomy.zip") {
        let entries = Tables::of_zip(&bytes).unwrap().entries().unwrap();
        let (services, report) = services(&entries);
        assert_eq!((entries.len(), services.len() + report.refused.len()), (4_089, 4_089));
        assert!(report.refused.is_empty(), "{:?}", &report.refused[..report.refused.len().min(3)]);
        let with_phone = services.iter().filter(|s| s.contact.phone.is_some()).count();
        assert!(with_phone > 3_000, "{with_phone}");
    }
}
