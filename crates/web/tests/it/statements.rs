//! A page sends a fixed number of statements, however much it shows: what it needs is read
//! set-wise, and a hundred people on a list cost as many trips to the database as one.
//!
//! - Given a person with one need and then with many, then their page, the search from a
//!   need and the plan send as many statements as before.
//! - Given a worker with few people and then with many, then Today and the list of people
//!   read with as many statements; only the rows of "who looked" come in groups.
//! - Given more readers at once than there are connections, then all of them are answered,
//!   whether or not their pages look at anybody.
//! - Given an inbox, then opening one request costs the same whatever else is in it.

use crate::harness::{Browser, World};
use crate::people::add;
use kith_domain::area::Area;

/// Groups in which up to about 40 rows of the access log are written: 16 + 16 + 8, and the
/// one that fewer than nine took.
const GROUPS: u64 = 2;

/// The statements of one opening, after one that filled what is kept in memory.
async fn statements(world: &World, browser: &mut Browser, path: &str) -> u64 {
    browser.get(path).await;
    let before = world.kith.store().statements();
    let shown = browser.get(path).await;
    assert!(shown.status.is_success(), "{path}: {}", shown.status);
    world.kith.store().statements() - before
}

#[tokio::test]
async fn a_persons_pages_cost_the_same_with_many_needs() {
    let world = World::new().await;
    // The waits are worked out beside the first search; here before it, so that nothing runs beside.
    world.kith.work_out_waits(world.now()).await.unwrap();
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let id = person.trim_start_matches("/people/").parse().unwrap();
    let need = crate::referral::need(&world, id, Area::Money, "get my money back").await;
    let pages = [person.clone(), format!("{person}/plan"), format!("{person}/needs/{need}/find")];
    let mut before = Vec::new();
    for page in &pages {
        before.push(statements(&world, &mut aisha, page).await);
    }
    for n in 0..30 {
        crate::referral::need(&world, id, Area::SIX[n % 6], &format!("need number {n}")).await;
    }
    for (page, before) in pages.iter().zip(before) {
        assert_eq!(statements(&world, &mut aisha, page).await, before, "{page}");
    }
}

#[tokio::test]
async fn lists_read_with_the_same_statements_for_many_people() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    add(&mut aisha, "Badger").await;
    let pages = ["/today", "/people"];
    let mut before = Vec::new();
    for page in pages {
        before.push(statements(&world, &mut aisha, page).await);
    }
    for n in 0..39 {
        add(&mut aisha, &format!("Person {n}")).await;
    }
    for (page, before) in pages.into_iter().zip(before) {
        let now = statements(&world, &mut aisha, page).await;
        assert!(now <= before + GROUPS, "{page}: {now} statements with 40 people, {before} with one");
    }
}

#[tokio::test]
async fn pages_stay_within_a_number_of_statements() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let joan = world.worker(world.joan).await;
    let nobody = world.browser();
    // The session with the revision of the partnership, emergency access, the revision again in
    // the snapshot that is decided on, and the two that write the look are among them.
    for (mut browser, page, most) in [
        (aisha.clone(), person.as_str(), 6),
        (aisha.clone(), "/people", 12),
        (aisha.clone(), "/today", 19),
        (joan.clone(), "/inbox", 9),
        (nobody.clone(), "/find", 4),
        (nobody.clone(), "/", 4),
    ] {
        let sent = statements(&world, &mut browser, page).await;
        assert!(sent <= most, "{page} sends {sent} statements, more than {most}");
    }
}

#[tokio::test]
async fn many_at_once_are_all_answered() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let pages = [person.as_str(), "/today", "/people/add", "/find", "/people", "/help"];
    let asked = (0..60).map(|n| {
        let mut browser = aisha.clone();
        let page = pages[n % pages.len()].to_owned();
        async move { browser.get(&page).await.status }
    });
    let answers = tokio::time::timeout(std::time::Duration::from_secs(60), futures::future::join_all(asked));
    for status in answers.await.expect("nobody waits for somebody who waits for them") {
        assert!(status.is_success(), "{status}");
    }
}
