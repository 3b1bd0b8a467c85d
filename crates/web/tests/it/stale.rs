//! An answer that came too late, to a request that is not with them any more.
//!
//! - Given Joan who said no in one window, when she sends "Say yes" in another, then she is told
//!   that it was answered, and what she wrote is still there.
//! - Given a colleague of her team with the same form open, then they are told who answered.
//! - Given somebody of another organisation, or another day, then there is no such page.

use crate::harness::World;
use crate::referral::{ask, badger, day, inbox_link, save, with};
use axum::http::{Method, StatusCode};
use kith_domain::time::plus_days;

#[tokio::test]
async fn a_stale_answer_is_told_what_became_of_it_and_keeps_the_words() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await;
    let (mut joan, mut dev) = (world.worker(world.joan).await, world.worker(world.dev).await);
    let path = inbox_link(&joan.get("/inbox").await);
    let yes = joan.get(&format!("{path}/accept")).await;
    let devs = dev.get(&format!("{path}/accept")).await;
    let no = joan.get(&format!("{path}/decline")).await;
    let reason = [("reason", "not_what_we_do"), ("words", "We do not help with this here.")];
    save(&mut joan, &no, &reason).await.is(StatusCode::OK);

    let soon = day("next", plus_days(world.kith.calendar().day(world.now()), 5));
    let fields = with(&[("what", "Ring the garden on Tuesday")], &soon);
    let late = save(&mut joan, &yes, &fields).await;
    late.is(StatusCode::CONFLICT).says("It was answered with no, today").says("You said no at");
    late.says("Ring the garden on Tuesday").never("Badger");
    let theirs = save(&mut dev, &devs, &fields).await;
    theirs.is(StatusCode::CONFLICT).says("Joan Fisher said no at").says("Ring the garden on Tuesday");

    // To anybody else there is no such page, and after a day to nobody.
    let mut amir = world.worker(world.amir).await;
    let token = amir.get("/help").await.form("/sign-out").into_iter().find(|(n, _)| n == "_csrf").unwrap().1;
    let body = format!("_csrf={token}&what=Ring&version=1");
    amir.once(&Method::POST, &format!("{path}/accept"), &body).await.is(StatusCode::NOT_FOUND);
    joan.get(&path).await.is(StatusCode::NOT_FOUND);
    world.pass_days(2);
    let mut joan = world.worker(world.joan).await;
    let token = joan.get("/help").await.form("/sign-out").into_iter().find(|(n, _)| n == "_csrf").unwrap().1;
    let body = format!("_csrf={token}&what=Ring&version=1");
    joan.once(&Method::POST, &format!("{path}/accept"), &body).await.is(StatusCode::NOT_FOUND);
}
