//! Time runs out, and the words are still there.
//!
//! - Given a note sent after the session was over, then the page that asks to sign in again
//!   holds what was typed, sealed; one sign-in saves it, once.
//! - Given somebody who signed out in another window, then the same.
//! - Given somebody who signed in again in another window, then one button sends it.
//! - Given somebody else who signs in on the same browser, then they can neither see nor send it.
//! - Given a person who writes for longer than their page waits, then the same.
//! - Given a factor that is not right, then nothing is done, and it is still there.
//! - Given somebody who left in a hurry, then nothing is carried.
//! - Given a long form, then it says for how long it waits.

use crate::harness::{Browser, Cast, Shown, World};
use crate::mine::badger;
use axum::http::StatusCode;
use kith_care::sign_in::session::MadeUpUser;
use kith_domain::time::Instant;

const TYPED: &str = "He likes the garden, & “nothing” else";

fn later(world: &World, minutes: i64) {
    world.set(Instant(world.now().0 + minutes * 60 * Instant::SECOND));
}

/// A note that was begun by Aisha, and the address of its form.
async fn begun(world: &World) -> (Browser, Shown, String) {
    let (mut aisha, person) = badger(world).await;
    let form = format!("/people/{person}/note");
    let page = aisha.get(&form).await;
    (aisha, page, form)
}

async fn story(browser: &mut Browser, form: &str) -> usize {
    let person = form.trim_end_matches("/note");
    browser.get(person).await.text().matches("He likes the garden").count()
}

/// The page that carries a form on: what was typed is in it, and cannot be read in it.
#[track_caller]
fn carried(page: &Shown, form: &str) -> String {
    page.is(StatusCode::FORBIDDEN).says("Sign in again").says("What you wrote is kept");
    page.never("garden");
    format!("{form}?carried=yes")
}

/// Signs in as somebody in another window of the same browser.
async fn in_another_window(world: &World, browser: &mut Browser, cast: Cast) {
    let Cast { worker, organisation, role, .. } = cast;
    let key = MadeUpUser::Worker { worker, organisation, role }.key();
    let page = browser.get("/demo").await;
    let mut chosen = browser.fill(&page, "/demo/sign-in", &[("user", &key)]);
    chosen.action = "/demo/sign-in".into();
    assert_ne!(browser.send_form(&chosen).await.status, StatusCode::FORBIDDEN, "{}", world.now().0);
}

#[tokio::test]
async fn a_note_sent_too_late_waits_for_the_sign_in_and_is_then_saved_once() {
    let world = World::new().await;
    let (mut aisha, page, form) = begun(&world).await;
    later(&world, 17);
    let ask = aisha.submit(&page, &form, &[("words", TYPED)]).await;
    let action = carried(&ask, &form);
    let before = aisha.cookie.clone();
    let go_on = aisha.fill(&ask, &action, &[]);
    aisha.send_form(&go_on).await.is(StatusCode::OK).says("Badger");
    assert_ne!(aisha.cookie, before, "a new session");
    assert_eq!(story(&mut aisha, &form).await, 1);
    // Sent twice from the same page: still once.
    aisha.send_form(&go_on).await;
    assert_eq!(story(&mut aisha, &form).await, 1);
}

#[tokio::test]
async fn signed_out_in_another_window() {
    let world = World::new().await;
    let (mut aisha, page, form) = begun(&world).await;
    let elsewhere = aisha.get("/help").await;
    aisha.submit(&elsewhere, "/sign-out", &[]).await;
    assert_eq!(aisha.cookie, None);
    let ask = aisha.submit(&page, &form, &[("words", TYPED)]).await;
    let action = carried(&ask, &form);
    aisha.submit(&ask, &action, &[]).await.is(StatusCode::OK);
    assert_eq!(story(&mut aisha, &form).await, 1);
}

#[tokio::test]
async fn signed_in_again_in_another_window_needs_one_button() {
    let world = World::new().await;
    let (mut aisha, page, form) = begun(&world).await;
    in_another_window(&world, &mut aisha, world.aisha).await;
    let ask = aisha.submit(&page, &form, &[("words", TYPED)]).await;
    ask.is(StatusCode::CONFLICT).says("Send it now?").says("What you wrote is kept").never("garden");
    assert_eq!(story(&mut aisha, &form).await, 0);
    aisha.submit(&ask, &format!("{form}?carried=yes"), &[]).await.is(StatusCode::OK);
    assert_eq!(story(&mut aisha, &form).await, 1);
}

#[tokio::test]
async fn somebody_else_on_the_same_browser_neither_sees_nor_sends_it() {
    let world = World::new().await;
    let (mut browser, page, form) = begun(&world).await;
    later(&world, 17);
    let ask = browser.submit(&page, &form, &[("words", TYPED)]).await;
    let action = carried(&ask, &form);
    in_another_window(&world, &mut browser, world.bola).await;
    // Neither the page that carries it, nor the form that stood open.
    browser.submit(&ask, &action, &[]).await.is(StatusCode::CONFLICT).says("out of date").never("garden");
    let open = browser.submit(&page, &form, &[("words", TYPED)]).await;
    open.is(StatusCode::CONFLICT).says("out of date").never("again-sealed");
    // Another browser has not the key, and another address is another form.
    let mut other = world.worker(world.aisha).await;
    let stolen = browser.fill(&ask, &action, &[]);
    other.send_form(&stolen).await.is(StatusCode::CONFLICT);
    browser.cookie = other.cookie.clone();
    let mut moved = stolen.clone();
    moved.action = moved.action.replace("/note?", "/sealed?");
    browser.send_form(&moved).await.is(StatusCode::CONFLICT);
    assert_eq!(story(&mut other, &form).await, 0);
    // It is still Aisha's, in this browser.
    browser.send_form(&stolen).await.is(StatusCode::OK);
    assert_eq!(story(&mut browser, &form).await, 1);
}

#[tokio::test]
async fn a_person_who_writes_for_long_loses_nothing() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let page = own.get("/mine/words").await;
    page.says("This page waits 30 minutes");
    later(&world, 32);
    let ask = own.submit(&page, "/mine/words", &[("words", TYPED)]).await;
    let action = carried(&ask, "/mine/words");
    own.submit(&ask, &action, &[]).await.is(StatusCode::OK).says("He likes the garden");
}

#[tokio::test]
async fn a_factor_that_is_not_right_does_nothing_and_it_is_still_there() {
    let world = World::real().await;
    let (_, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let page = own.get("/mine/words").await;
    later(&world, 32);
    let ask = own.submit(&page, "/mine/words", &[("words", TYPED)]).await;
    let action = carried(&ask, "/mine/words");
    let wrong = own.submit(&ask, &action, &[("again-code", "AAAA-AAAA-AAAA"), ("again-word", "")]).await;
    wrong.says("Sign in again").never("garden");
    assert!(wrong.form(&action).iter().any(|(n, v)| n == "again-sealed" && v.len() > 40), "still there");
    world.person(person).await.get("/mine/words").await.never("garden");
    // Signed in by another way in another window: one press.
    own.cookie = world.person(person).await.cookie;
    own.submit(&wrong, &action, &[]).await.says("He likes the garden");
}

#[tokio::test]
async fn without_a_way_of_its_own_the_page_waits_for_a_sign_in_elsewhere() {
    let world = World::real().await;
    let (mut aisha, page, form) = begun(&world).await;
    later(&world, 17);
    let ask = aisha.submit(&page, &form, &[("words", TYPED)]).await;
    let action = carried(&ask, &form);
    let early = aisha.submit(&ask, &action, &[]).await;
    early.says("You are not signed in yet");
    aisha.cookie = world.worker(world.aisha).await.cookie;
    aisha.submit(&early, &action, &[]).await.is(StatusCode::OK);
    assert_eq!(story(&mut aisha, &form).await, 1);
}

#[tokio::test]
async fn whoever_left_in_a_hurry_left_nothing() {
    let world = World::new().await;
    let (mut aisha, page, form) = begun(&world).await;
    aisha.once(&axum::http::Method::POST, "/leave", "").await;
    assert_eq!((&aisha.cookie, &aisha.before, &aisha.pages), (&None, &None, &None));
    let answer = aisha.submit(&page, &form, &[("words", TYPED)]).await;
    assert!(!answer.body.contains("again-sealed") && !answer.body.contains("garden"));
    // Nor does a form without the token of a session carry anything.
    let mut stranger = world.browser();
    let answer = stranger.once(&axum::http::Method::POST, &form, "words=garden").await;
    assert_eq!(answer.headers["location"], "/sign-in");
}

#[tokio::test]
async fn a_long_form_says_for_how_long_it_waits() {
    let world = World::new().await;
    let (mut aisha, page, _) = begun(&world).await;
    page.says("This page waits 15 minutes");
    aisha.get("/help").await.never("This page waits");
}
