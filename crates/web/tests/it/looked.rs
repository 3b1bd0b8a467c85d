//! Who looked, and why.
//!
//! Given somebody whose plan was looked at twice on a day by one worker for one reason,
//! when they read who looked, then it is one line that opens to each look.
//!
//! Given that they ask why, then whoever leads the one who looked has to answer by a day, on
//! their Today; it rises when it is late; the answer stands on the person's pages in the very
//! words; nobody answers about their own looks.

use crate::harness::World;
use crate::mine::badger;
use axum::http::StatusCode;

#[tokio::test]
async fn the_same_worker_day_and_reason_is_one_line_that_opens() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    for _ in 0..2 {
        aisha.get(&format!("/people/{person}")).await.is(StatusCode::OK);
        world.set(world.now().plus_hours(1));
    }
    let mut own = world.person(person).await;
    let page = own.get("/mine/looked").await;
    page.says("Each look").says("Look further back");
    assert_eq!(page.text().matches("Aisha Rahman , Navigator").count(), 1);
    own.get("/mine/looked?month=2026-11").await.says("Aisha Rahman");
    let before = own.get("/mine/looked?month=2026-10").await;
    before.says("Nobody has looked yet");
    assert!(before.body.contains(r#"value="2026-10" selected"#), "the month that was asked for stays chosen");
    own.get("/mine/looked?month=nonsense").await.says("Aisha Rahman");
}

#[tokio::test]
async fn why_is_owed_by_a_day_rises_and_is_answered_in_words() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    aisha.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    let mut own = world.person(person).await;
    let why = own.get("/mine/looked").await.links("/mine/looked/").remove(0);
    let form = own.get(&why).await;
    let asked = own.submit(&form, &why, &[]).await;
    // Three working days from Tuesday.
    asked.says("Grace Mensah answers by").says("27 November");
    world.assert_nothing_lost().await;
    world.pass_days(17);
    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/today").await.says("A question about looks").never("Badger");
    world.assert_nothing_lost().await;
    let mut grace = world.worker(world.grace).await;
    let link = grace.get("/today").await.links("/looks/").remove(0);
    let mut sam = world.worker(world.sam).await;
    sam.get(&link).await.is(StatusCode::NOT_FOUND);
    let page = grace.get(&link).await;
    let fields = [("outcome", "answered"), ("answer", "Aisha holds your plan.")];
    let to = format!("{link}/decide");
    grace.submit(&page, &to, &fields).await.says("Answered");
    grace.submit(&page, &to, &fields).await.says("Answered");
    let mut own = world.person(person).await;
    own.get("/mine/looked").await.says("Aisha holds your plan.");
}
