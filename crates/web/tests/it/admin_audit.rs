//! Who looked, for information governance.
//!
//! - Given Aisha, who opened Badger's page, and Amir, who was not let in, when Miriam of Aisha's
//!   organisation searches, then she reads that Aisha looked, when, at what kind of thing and why;
//!   Badger stands there by reference and never by name; Amir's organisation is not hers to read.
//! - Given a search by worker, by what was done, by whether they were let in, by days or by a
//!   person's reference, then only those are there, and a last day before the first is told at its field.
//! - Given more looks than a page holds, then the next page goes on where the first stopped, and
//!   nothing stands on both or on neither.
//! - Given any search, then it is in the access log itself, and the person at whom it was reads that.
//! - Given a navigator, a manager or an administrator, then the page is not there.

use crate::harness::{Browser, Cast, Shown, World};
use crate::people::add;
use axum::http::StatusCode;
use kith_domain::id::{PersonId, RecordId, WorkerId};
use kith_domain::organisation::{Membership, WorkRole, Worker};
use kith_domain::record::Author;
use kith_domain::time::{Day, plus_days};
use kith_store::{NewRecord, Writing};
use uuid::Uuid;

pub(crate) async fn miriam(world: &World) -> Browser {
    let Cast { organisation, team, .. } = world.aisha;
    let from = plus_days(world.kith.calendar().day(world.now()), -10);
    let (id, role) = (Uuid::now_v7(), WorkRole::IgAuditor);
    let worker = Worker {
        name: "Miriam Zaytoun".into(),
        email: None,
        phone: None,
        memberships: vec![Membership { organisation, team, role, from, until: None }],
        absences: Vec::new(),
        suspended: None,
        left: None,
    };
    let writing = Writing {
        at: world.now(),
        author: Author::Operator,
        recorded_for: None,
        basis: "administration".into(),
    };
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id: RecordId(id), person: None, owner: organisation };
    tx.create(&writing, "worker joined", new, &worker).await.unwrap();
    tx.commit().await.unwrap();
    world.worker(Cast { worker: WorkerId(id), organisation, team, role }).await
}

fn fields(name: &str, day: Day) -> [(String, String); 3] {
    [
        (format!("{name}-day"), day.day().to_string()),
        (format!("{name}-month"), day.month().to_string()),
        (format!("{name}-year"), day.year().to_string()),
    ]
}

async fn search(browser: &mut Browser, world: &World, with: &[(&str, &str)]) -> Shown {
    let today = world.kith.calendar().day(world.now());
    let days = fields("from", plus_days(today, -3)).into_iter().chain(fields("until", today));
    let days: Vec<(String, String)> = days.collect();
    let mut all: Vec<(&str, &str)> = days.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    for (name, value) in with {
        all.retain(|(n, _)| n != name);
        all.push((name, value));
    }
    let page = browser.get("/audit").await;
    browser.submit(&page, "/audit", &all).await
}

fn reference(person: PersonId) -> String {
    let text = person.0.simple().to_string().to_uppercase();
    format!("{} {}", &text[24..28], &text[28..])
}

#[tokio::test]
async fn who_looked_is_found_and_never_what_or_at_whom_by_name() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = add(&mut aisha, "Badger").await.path;
    let person: PersonId = path.trim_start_matches("/people/").parse().unwrap();
    aisha.get(&path).await.is(StatusCode::OK);
    let mut amir = world.worker(world.amir).await;
    amir.get(&path).await.is(StatusCode::NOT_FOUND);
    world.worker(world.bola).await.get(&path).await.is(StatusCode::OK);

    let mut miriam = miriam(&world).await;
    miriam.get("/audit").await.is(StatusCode::OK).says("Your search is kept too");
    let all = search(&mut miriam, &world, &[]).await;
    all.is(StatusCode::OK)
        .says("Aisha Rahman")
        .says("Navigator")
        .says("Opened something")
        .says(&reference(person));
    all.never("Badger").never("Amir");

    let of_bola = search(&mut miriam, &world, &[("worker", &world.bola.worker.to_string())]).await;
    of_bola.says("Bola Ade , Navigator");
    assert!(!of_bola.text().contains("Aisha Rahman , Navigator"), "{}", of_bola.text());
    let added = search(&mut miriam, &world, &[("action", "add_person")]).await;
    added.says("Added a person");
    assert!(!added.text().contains("Bola Ade , Navigator"), "{}", added.text());
    search(&mut miriam, &world, &[("let_in", "out"), ("worker", &world.aisha.worker.to_string())])
        .await
        .says("Nobody looked like that");
    search(&mut miriam, &world, &[("person", "0000 0000")]).await.says("Nobody looked like that");
    let long_ago = plus_days(world.kith.calendar().day(world.now()), -30);
    let ended = fields("until", long_ago);
    let ended: Vec<(&str, &str)> = ended.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    search(&mut miriam, &world, &ended).await.says("The last day comes after the first");
}

#[tokio::test]
async fn a_search_is_in_the_log_and_the_person_reads_it() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = add(&mut aisha, "Badger").await.path;
    let person: PersonId = path.trim_start_matches("/people/").parse().unwrap();
    aisha.get(&path).await.is(StatusCode::OK);
    let mut miriam = miriam(&world).await;
    let found = search(&mut miriam, &world, &[("person", &reference(person))]).await;
    found.says("Aisha Rahman , Navigator").says(&reference(person)).never("Badger");
    let again = search(&mut miriam, &world, &[("action", "view_audit")]).await;
    again.says("Miriam Zaytoun , Information governance").says("Searched who looked");
    let mut badger = world.person(person).await;
    badger.get("/mine/looked").await.is(StatusCode::OK).says("Miriam Zaytoun");
    for cast in [world.aisha, world.nadia, world.dev] {
        world.worker(cast).await.get("/audit").await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_long_list_goes_on_where_it_stopped() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = add(&mut aisha, "Badger").await.path;
    for _ in 0..70 {
        aisha.get(&path).await.is(StatusCode::OK);
    }
    let mut miriam = miriam(&world).await;
    let only = [("action", "view"), ("worker", &*world.aisha.worker.to_string())];
    let first = search(&mut miriam, &world, &only).await;
    first.says("50 looks");
    let typed = first.form("/audit");
    assert!(!typed.iter().any(|(name, _)| name == "after"), "a new search begins at the newest");
    let forms = first.body.rsplit("action=\"/audit\"").next().unwrap().to_owned();
    let after = forms.split("name=\"after\" value=\"").nth(1).and_then(|r| r.split('"').next()).unwrap();
    let second = search(&mut miriam, &world, &[only[0], only[1], ("after", after)]).await;
    let requests = |shown: &Shown| -> Vec<String> {
        shown.text().split("request ").skip(1).map(|r| r[..36].to_owned()).collect()
    };
    let (one, two) = (requests(&first), requests(&second));
    assert_eq!(one.len(), 50);
    assert!((20..50).contains(&two.len()), "{}", two.len());
    assert!(two.iter().all(|r| !one.contains(r)), "nothing stands on both");
}
