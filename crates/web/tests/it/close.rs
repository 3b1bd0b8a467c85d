//! Somebody who works here is close to the person.
//!
//! - Given a worker who holds the plan and knows the person, when they say so, then somebody
//!   named holds it, with everything that was theirs, and they open nothing from then on.
//! - Given a lead who says it of a colleague, then it is the same; given a mistake, then another
//!   takes it back with a reason, and never the one it is about.
//! - Given somebody to whom a request was sent, who sees no plan, when they say it, then a colleague
//!   whom they name goes on with it, and the request is not there for them any more.

use crate::consent::involve;
use crate::harness::World;
use crate::mine::{badger, with_referral};
use crate::referral::need;
use axum::http::StatusCode;
use kith_domain::area::Area;

#[tokio::test]
async fn whoever_knows_them_says_so_and_somebody_named_goes_on() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    need(&world, person, Area::Money, "get my money back").await;
    let page = format!("/people/{person}");
    let action = format!("{page}/close");
    let mut bola = world.worker(world.bola).await;
    bola.get("/today").await.never("Badger");
    let form = aisha.get(&action).await;
    form.is(StatusCode::OK).says("Nobody is in trouble for saying so");
    let nobody = aisha.submit(&form, &action, &[("kind", "relative")]).await;
    nobody.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose who holds the plan from now on");
    let me = world.aisha.worker.to_string();
    let myself = aisha.submit(&form, &action, &[("kind", "relative"), ("taker", &me)]).await;
    myself.is(StatusCode::UNPROCESSABLE_ENTITY);
    let joan = world.joan.worker.to_string();
    let outside = aisha.submit(&form, &action, &[("kind", "relative"), ("taker", &joan)]).await;
    outside.is(StatusCode::UNPROCESSABLE_ENTITY);
    let to = world.bola.worker.to_string();
    let said = aisha.submit(&form, &action, &[("kind", "relative"), ("taker", &to)]).await;
    said.is(StatusCode::OK).never("Badger");
    for path in ["", "/plan", "/sharing", "/sealed", "/close"] {
        aisha.get(&format!("{page}{path}")).await.is(StatusCode::NOT_FOUND);
    }
    aisha.get("/people").await.never("Badger");
    let today = bola.get("/today").await;
    today.says("Badger");
    bola.get(&page).await.is(StatusCode::OK).says("plan held by Bola Ade").says("get my money back");
    let notice = today.links(&format!("{page}/messages/")).pop().expect("told");
    bola.get(&notice).await.says("You hold this plan from now on");
    world.assert_nothing_lost().await;
    // She cannot let herself in again; her lead can, with a reason.
    let back = format!("{action}/{}/not", world.aisha.worker);
    let mut grace = world.worker(world.grace).await;
    let list = grace.get(&action).await;
    list.says("Aisha Rahman").says("is related to them");
    grace.submit(&list, &back, &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("why", "It was another Badger")];
    grace.submit(&list, &back, &fields).await.is(StatusCode::OK).says("Nobody here knows them");
    aisha.get(&page).await.is(StatusCode::OK).says("not close to them after all: It was another Badger");
    let mut own = world.person(person).await;
    own.get("/mine/plan").await.never("It was another Badger");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_lead_says_it_of_a_colleague() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    involve(&world, person, world.sam).await;
    let action = format!("/people/{person}/close");
    let mut sam = world.worker(world.sam).await;
    sam.get(&format!("/people/{person}/sealed")).await.is(StatusCode::FORBIDDEN);
    let form = aisha.get(&action).await;
    form.says("Sam Okafor").says("Bola Ade");
    let joan = world.joan.worker.to_string();
    let not_here = aisha.submit(&form, &action, &[("worker", &joan), ("kind", "friend")]).await;
    not_here.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose from the people listed here");
    let him = world.sam.worker.to_string();
    let said = aisha.submit(&form, &action, &[("worker", &him), ("kind", "friend")]).await;
    said.is(StatusCode::OK).says("Sam Okafor").says("is a friend or neighbour");
    sam.get(&format!("/people/{person}/sealed")).await.is(StatusCode::NOT_FOUND);
    // The plan stays where it is, and nobody outside says anything of anybody.
    aisha.get(&format!("/people/{person}")).await.says("plan held by Aisha Rahman");
    let mut joan = world.worker(world.joan).await;
    joan.get(&action).await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn whoever_is_asked_for_help_says_it_too_and_a_colleague_goes_on() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let (referral, _) = with_referral(&world, person).await;
    let request = format!("/inbox/{referral}");
    let knows = format!("{request}/knows");
    let mut joan = world.worker(world.joan).await;
    assert!(joan.get(&request).await.links(&knows).contains(&knows));
    let form = joan.get(&knows).await;
    form.is(StatusCode::OK).says("Nobody is in trouble for saying so").never("harmed");
    joan.submit(&form, &knows, &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("how you know them");
    let outside = world.aisha.worker.to_string();
    let wrong = joan.submit(&form, &knows, &[("kind", "friend"), ("taker", &outside)]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose somebody from the list");
    joan.get(&request).await.is(StatusCode::OK);
    let dev = world.dev.worker.to_string();
    let said = joan.submit(&form, &knows, &[("kind", "friend"), ("taker", &dev)]).await;
    said.is(StatusCode::OK).never("Badger");
    for path in [request.as_str(), &knows, &format!("{request}/offer")] {
        joan.get(path).await.is(StatusCode::NOT_FOUND);
    }
    joan.get("/inbox").await.never("Badger").never(&request);
    // The colleague has it; somebody of another organisation says nothing of anybody.
    world.worker(world.dev).await.get(&request).await.is(StatusCode::OK).says("Badger");
    world.worker(world.amir).await.get(&knows).await.is(StatusCode::NOT_FOUND);
    // Whoever holds the plan reads that it is so, and can take it back.
    let mut aisha = world.worker(world.aisha).await;
    aisha.get(&format!("/people/{person}/close")).await.says("Joan Fisher").says("is a friend or neighbour");
    world.assert_nothing_lost().await;
}
