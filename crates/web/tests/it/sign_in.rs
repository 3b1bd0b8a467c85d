//! Signing in and out.
//!
//! - Given the made-up place, when somebody chooses Aisha, then they are Aisha until they
//!   sign out.
//! - Given nobody signed in, when a worker's page is asked for, then the sign-in page is
//!   shown.
//! - Given somebody who leaves in a hurry, then their session is over on the server too, the browser
//!   forgets it, and the address of leaving alone ends nothing.
//! - Given a suspended worker with an open session, when they click anything, then they
//!   are nobody.

use crate::harness::World;
use axum::http::StatusCode;
use kith_domain::organisation::Worker;
use kith_domain::record::Author;
use kith_store::Writing;

#[tokio::test]
async fn choosing_a_made_up_worker_signs_in_until_signing_out() {
    let world = World::new().await;
    let mut browser = world.browser();
    let chooser = browser.get("/sign-in").await;
    chooser.is(StatusCode::OK).says("Choose who to be").says("Joan Fisher");
    let key = format!("worker.{}.{}.navigator", world.aisha.worker, world.aisha.organisation);
    browser.submit(&chooser, "/demo/sign-in", &[("user", &key)]).await;
    let help = browser.get("/help").await;
    help.says("Aisha Rahman");
    let before = browser.cookie.clone();
    let out = browser.submit(&help, "/sign-out", &[]).await;
    out.never("Aisha Rahman");
    assert!(browser.cookie.is_none(), "the cookie is taken back");
    // Whoever kept the cookie has nothing: the session is over here, not only there.
    let mut kept = world.browser();
    kept.cookie.clone_from(&before);
    kept.get("/help").await.never("Aisha Rahman");
    browser.get("/help").await.never("Aisha Rahman");
}

#[tokio::test]
async fn leaving_ends_the_session_on_the_server_and_an_address_alone_does_not() {
    let world = World::new().await;
    let mut browser = world.worker(world.aisha).await;
    let kept = browser.clone();
    browser.get("/leave").await.is(StatusCode::OK).says("Aisha Rahman").says("Leave now");
    browser.get("/help").await.says("Aisha Rahman");
    let page = browser.get("/today").await;
    let away = browser.submit(&page, "/leave", &[]).await;
    away.is(StatusCode::OK).says("There is nothing here").never("Aisha");
    assert!(browser.cookie.is_none(), "the cookie is taken back");
    // Somebody who kept the old cookie, or goes back, is nobody.
    let mut kept = kept;
    kept.get("/help").await.never("Aisha Rahman");
    kept.get("/today").await.never("You are signed in").says("Choose who to be");
}

#[tokio::test]
async fn a_form_from_before_signing_in_again_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.worker(world.aisha).await;
    let mut form = browser.fill(&browser.clone().get("/help").await, "/sign-out", &[]);
    for (name, value) in &mut form.fields {
        if name == "_csrf" {
            *value = "from another session".into();
        }
    }
    browser.send_form(&form).await.is(StatusCode::CONFLICT).says("out of date");
    browser.get("/help").await.says("Aisha Rahman");
}

#[tokio::test]
async fn a_suspended_worker_is_nobody_at_the_next_click() {
    let world = World::new().await;
    let mut browser = world.worker(world.aisha).await;
    browser.get("/help").await.says("Aisha Rahman");
    let mut tx = world.kith.store().write().await.unwrap();
    let mut aisha = tx.find_common::<Worker>(world.aisha.worker).await.unwrap().unwrap();
    aisha.value.suspended = Some(world.kith.calendar().day(world.now()));
    let writing = Writing {
        at: world.now(),
        author: Author::Operator,
        recorded_for: None,
        basis: "administration".into(),
    };
    tx.change(&writing, "suspended", &aisha.meta, &aisha.value).await.unwrap();
    tx.commit().await.unwrap();
    browser.get("/help").await.never("Aisha Rahman");
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let world = World::new().await;
    let mut browser = world.worker(world.aisha).await;
    world.set(kith_domain::time::Instant(world.now().0 + 17 * 60 * 1_000_000));
    browser.get("/help").await.never("Aisha Rahman");
}
