//! The open data.
//!
//! - Given anybody's program on any site, when it asks for a list, then it gets pages of
//!   everything that is published and nothing that is about a person, and may read it.
//! - Given a filter, then it really filters; given one that cannot be read, then the answer
//!   says so.
//! - Given a question that is posted, then the answer is the same as when it is asked.
//! - Given a place that is kept secret, then no answer says more than the wider area.
//! - Given a list without a licence, then it is not passed on.

#![expect(clippy::unwrap_used, reason = "a journey that cannot go on fails")]

use crate::finding::with_a_group;
use crate::harness::{Maker, Shown, World, start};
use axum::http::{Method, StatusCode};
use kith_domain::area::Area;
use kith_domain::directory::{DayHours, Location, NeedCode, Serves, Service, Source};
use kith_domain::place::PlaceCode;
use serde_json::Value;

fn json(shown: &Shown) -> Value {
    serde_json::from_str(&shown.body).unwrap_or_else(|e| panic!("{e}: {}", shown.body))
}

async fn get(world: &World, path: &str) -> Value {
    let shown = world.browser().once(&Method::GET, &format!("/oruk/v3{path}"), "").await;
    shown.is(StatusCode::OK);
    json(&shown)
}

async fn total(world: &World, question: &str) -> u64 {
    get(world, &format!("/services?{question}")).await["total_items"].as_u64().unwrap()
}

fn names(page: &Value) -> Vec<String> {
    page["contents"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap_or("").to_owned()).collect()
}

/// A refuge whose place is secret, opening hours and an age limit; and an entry of a list
/// that declares no licence.
async fn with_a_refuge(world: &World) -> (String, String) {
    let mut tx = world.kith.store().write().await.unwrap();
    let mut maker = Maker { tx: &mut tx, at: start().plus_days(-2) };
    let mut refuge = Service::new("Lantern refuge", world.tony.organisation);
    refuge.areas = vec![Area::Housing];
    refuge.needs = vec![NeedCode::parse("health-trauma").unwrap()];
    refuge.locations = vec![Location::Confidential {
        area: "in Brackenford".into(),
        place: PlaceCode::parse("E08000009").ok(),
    }];
    refuge.serves = Serves::Anywhere;
    refuge.eligibility.age_min = Some(18);
    refuge.eligibility.age_max = Some(60);
    refuge.opening.week.0[0] = DayHours::parse("09:00-17:00").unwrap();
    let id = maker.put(world.tony.organisation, &refuge).await;
    let mut other = Service::new("Unlicensed list entry", world.tony.organisation);
    other.source = Source { publisher: "Somebody".into(), identifier: Some("1".into()), ..Source::default() };
    let hidden = maker.put(world.tony.organisation, &other).await;
    tx.commit().await.unwrap();
    (id.0.to_string(), hidden.0.to_string())
}

#[tokio::test]
async fn every_list_has_pages_and_every_entry_can_be_asked_for() {
    let world = World::new().await;
    with_a_group(&world).await;
    for root in ["", "/"] {
        assert_eq!(get(&world, root).await["version"], "HSDS-UK-3.0");
    }
    assert_eq!(get(&world, "/openapi.json").await["openapi"], "3.1.0");
    for list in ["services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"] {
        let first = get(&world, &format!("/{list}?per_page=1")).await;
        let all = first["total_items"].as_u64().unwrap();
        assert!(all > 0, "{list}");
        assert_eq!((first["total_pages"].as_u64(), first["size"].as_u64()), (Some(all), Some(1)), "{list}");
        let second = get(&world, &format!("/{list}?per_page=1&page=2")).await;
        if all > 1 {
            assert_ne!(first["contents"][0]["id"], second["contents"][0]["id"], "{list}");
        }
        let id = first["contents"][0]["id"].as_str().unwrap();
        assert_eq!(get(&world, &format!("/{list}/{id}")).await["id"], id, "{list}");
    }
    let mut browser = world.browser();
    for (path, status) in [
        ("/services/00000000-0000-4000-8000-00000000dead", StatusCode::NOT_FOUND),
        ("/services/what", StatusCode::NOT_FOUND),
        ("/nothing", StatusCode::NOT_FOUND),
        ("/services?page=one", StatusCode::BAD_REQUEST),
        ("/services?postcode=QB77+7QB", StatusCode::BAD_REQUEST),
        ("/services?postcode=QB7+7QB", StatusCode::BAD_REQUEST),
    ] {
        let shown = browser.once(&Method::GET, &format!("/oruk/v3{path}"), "").await;
        shown.is(status);
        assert!(json(&shown)["error"].is_string(), "{path}");
        assert_eq!(shown.headers["access-control-allow-origin"], "*", "{path}");
    }
}

#[tokio::test]
async fn filters_filter() {
    let world = World::new().await;
    with_a_group(&world).await;
    with_a_refuge(&world).await;
    let all = total(&world, "").await;
    assert_eq!(total(&world, "search=lantern+ref").await, 1);
    assert_eq!(total(&world, "search=zzqx").await, 0);
    // The group at 2 Mill Lane is 111 metres north of QB1 1AA.
    assert_eq!(total(&world, "postcode=QB1+1AA&proximity=200").await, 1);
    assert_eq!(total(&world, "postcode=QB1+1AA&proximity=50").await, 0);
    assert_eq!(total(&world, "minimum_age=61").await, all - 1, "all but the refuge");
    assert_eq!(total(&world, "minimum_age=999").await, 0);
    assert_eq!(total(&world, "maximum_age=17").await, all - 1);
    assert_eq!(total(&world, "day=MO&start_time=16:00").await, 1);
    assert_eq!(total(&world, "day=MO&start_time=17:00").await, 0, "shut at five");
    assert_eq!(total(&world, "day=Tuesday&start_time=15:00&end_time=15:10").await, 1, "the singers");
    assert_eq!(total(&world, "modified_after=2099-01-01T00:00:00Z").await, 0);
    assert_eq!(total(&world, "modified_after=2000-01-01").await, all);
    let organisation = world.tony.organisation;
    assert_eq!(total(&world, &format!("organization_id={organisation}")).await, 2);
    let terms = get(&world, "/taxonomy_terms?search=benefits+advice&per_page=500").await;
    let term = terms["contents"][0]["id"].as_str().unwrap();
    let found = get(&world, &format!("/services?taxonomy_term_id={term}")).await;
    assert_eq!(names(&found), ["Benefits advice"]);
    let minimal = get(&world, "/services?minimal=true&per_page=1").await;
    assert!(minimal["contents"][0]["description"].is_null() && minimal["contents"][0]["status"].is_string());
    let shown = world.browser().once(&Method::GET, "/oruk/v3/services?format=ndjson", "").await;
    assert_eq!(shown.body.lines().count() as u64, all);
    assert!(shown.body.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

#[tokio::test]
async fn a_question_may_be_posted_from_any_site() {
    let world = World::new().await;
    with_a_group(&world).await;
    let asked = get(&world, "/services?search=singers").await;
    let mut browser = world.browser();
    let path = "/oruk/v3/services";
    let form = browser.once(&Method::POST, path, "search=singers").await;
    form.is(StatusCode::OK);
    assert_eq!(json(&form), asked);
    let preflight = browser.once(&Method::OPTIONS, path, "").await;
    preflight.is(StatusCode::NO_CONTENT);
    assert!(preflight.headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
    let elsewhere = browser.send_from_elsewhere(path, r#"{"search": "singers", "per_page": 50}"#).await;
    elsewhere.is(StatusCode::OK);
    assert_eq!(json(&elsewhere), asked);
    assert_eq!(elsewhere.headers["access-control-allow-origin"], "*");
    assert_eq!(elsewhere.headers["cross-origin-resource-policy"], "cross-origin");
    browser.send_from_elsewhere("/find", "{}").await.is(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_secret_place_stays_secret_and_what_has_no_licence_stays_here() {
    let world = World::new().await;
    with_a_group(&world).await;
    let (refuge, unlicensed) = with_a_refuge(&world).await;
    let one = get(&world, &format!("/services/{refuge}")).await;
    let place = &one["service_at_locations"][0]["location"];
    assert_eq!(place["description"], "in Brackenford");
    for field in ["latitude", "longitude", "addresses"] {
        assert!(place[field].is_null(), "{field}");
    }
    assert_eq!(total(&world, "postcode=QB1+1AA&proximity=100000&search=lantern").await, 0);
    let everything = get(&world, "/services?per_page=500").await;
    assert!(!names(&everything).contains(&"Unlicensed list entry".to_owned()));
    let shown = world.browser().once(&Method::GET, &format!("/oruk/v3/services/{unlicensed}"), "").await;
    shown.is(StatusCode::NOT_FOUND);
}
