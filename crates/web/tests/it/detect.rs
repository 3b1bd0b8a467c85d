//! Snooping is found by night.
//!
//! Given a worker who opened the plan of somebody with their own last name and did nothing,
//! when the night has passed, then one question is with the one who looks into it, without
//! the name of anybody; a second run writes nothing more; it is worked in words.
//! Given ordinary work, nothing is found.

use crate::harness::{World, start};
use crate::mine::badger;
use axum::http::StatusCode;
use uuid::Uuid;

#[tokio::test]
async fn a_planted_look_is_found_once_and_worked() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;

    let added = crate::people::add(&mut aisha, "Tunde Ade").await;

    let person = added.path.rsplit('/').next().unwrap().to_owned();
    // Bola is in the team, so that the plan opens; nobody asked her to.
    let mut bola = world.worker(world.bola).await;
    bola.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    world.set(start().plus_days(1));
    let night = async || world.kith.run_daily(Uuid::now_v7(), world.now()).await.unwrap();
    assert_eq!(night().await.found, 1);
    world.set(start().plus_days(1).plus_hours(1));
    assert_eq!(night().await.found, 0, "a day is gone through once");
    world.assert_nothing_lost().await;
    let mut nobody = world.worker(world.bola).await;
    assert!(nobody.get("/today").await.links("/looks/").is_empty());
    let mut grace = world.worker(world.grace).await;
    let link = grace.get("/today").await.links("/looks/").remove(0);
    let page = grace.get(&link).await;
    page.says("same last name").says("It may be chance").never("Tunde");
    let to = format!("{link}/decide");
    grace.submit(&page, &to, &[("outcome", "not_explained")]).await.says("what follows");
    let fields = [("outcome", "not_explained"), ("follows", "Spoke to Bola; her lead follows up.")];
    grace.submit(&page, &to, &fields).await.says("There is no good reason");
}

#[tokio::test]
async fn ordinary_work_is_not_found() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    aisha.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    world.set(start().plus_days(1));
    assert_eq!(world.kith.run_daily(Uuid::now_v7(), world.now()).await.unwrap().found, 0);
    world.set(start().plus_days(20));
    assert_eq!(world.kith.run_daily(Uuid::now_v7(), world.now()).await.unwrap().found, 0);
}
