//! Signing in again, and where somebody is signed in.
//!
//! - Given a form that shares more, sent more than five minutes after signing in, then the
//!   page that asks to sign in again holds what was typed, and one press does it.
//! - Given the same form with a factor that is not right, or of another session, then nothing
//!   is done, and what was typed is still there.
//! - Given a plan to print, then the page asks again, and shows the plan afterwards.
//! - Given every route that needs a fresh sign-in, then none does anything with an old one.
//! - Given two browsers, when one ends the other, then the other is nobody at its next click.
//! - Given a new cookie after signing in again, then the old one opens nothing.

use crate::harness::{Shown, World, unescape};
use crate::mine::badger;
use axum::http::{Method, StatusCode};
use kith_access::Action;
use kith_domain::time::Instant;

const MINUTE: i64 = 60 * Instant::SECOND;

fn later(world: &World, minutes: i64) {
    world.set(Instant(world.now().0 + minutes * MINUTE));
}

/// The form of the page that asks, wherever it stands.
#[track_caller]
fn asked(page: &Shown, address: &str) -> String {
    page.is(StatusCode::FORBIDDEN).says("Sign in again").says("What you wrote is kept");
    let action = format!("{address}?signed-in-again=yes");
    assert!(page.body.contains(&action), "{}", page.body);
    action
}

#[tokio::test]
async fn what_was_typed_waits_for_the_factor_and_is_then_done() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    // Who comes first, on a page of its own.
    let whom = format!("/people/{person}/sharing/give");
    let give = format!("{whom}/{}", world.joan.organisation);
    assert_eq!(aisha.get(&whom).await.links(&give).len(), 1);
    let page = aisha.get(&give).await;
    let fields = [
        ("areas", "money"),
        ("how", "face_to_face"),
        ("presence", "alone"),
        ("words", "They may see “money”, & nothing\nelse <b>"),
    ];
    let check = aisha.submit(&page, &give, &fields).await;
    check.is(StatusCode::OK).says("Look before you share");
    later(&world, 6);
    let ask = aisha.submit(&check, &give, &[]).await;
    let action = asked(&ask, &give);
    // Nothing was shared, and what was typed is in the page.
    aisha.get(&format!("/people/{person}/sharing")).await.never("until");
    let kept = ask.form(&action);
    for (name, value) in fields {
        let held = kept.iter().find(|(n, _)| n == name).map(|(_, v)| v.replace("\r\n", "\n"));
        assert_eq!(held.as_deref(), Some(value), "{name} is kept");
    }
    // A form of another session does nothing.
    let mut foreign = aisha.fill(&ask, &action, &[("_csrf", "of another")]);
    foreign.action.clone_from(&action);
    aisha.send_form(&foreign).await.is(StatusCode::CONFLICT);
    let before = aisha.cookie.clone();
    let done = aisha.submit(&ask, &action, &[]).await;
    done.is(StatusCode::OK).says("DebtHelp");
    assert_ne!(aisha.cookie, before, "a new cookie");
    let mut old = world.browser();
    old.cookie = before;
    old.get("/help").await.never("Aisha Rahman");
    // Fresh now: the next one is not asked.
    let page = aisha.get(&give).await;
    let check = aisha.submit(&page, &give, &fields).await;
    let again = aisha.submit(&check, &give, &[]).await;
    assert_ne!(again.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_that_needs_it_is_shown_afterwards() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    crate::dangers::paper_is_safe(&world, person).await;
    let mut own = world.person(person).await;
    later(&world, 6);
    let ask = own.get("/mine/plan/print?easy=yes").await;
    ask.is(StatusCode::FORBIDDEN).says("Sign in again");
    // The address has two parts: in the page the sign between them is escaped.
    let mut again = own.fill(&ask, "/mine/plan/print?easy=yes&amp;signed-in-again=yes", &[]);
    again.action = unescape(&again.action);
    let shown = own.send_form(&again).await;
    shown.is(StatusCode::OK).says("Badger");
    assert_eq!(shown.path, "/mine/plan/print?easy=yes");
}

#[tokio::test]
async fn no_route_that_needs_a_fresh_sign_in_does_anything_with_an_old_one() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let mut browsers = vec![world.person(person).await];
    for cast in [world.aisha, world.grace, world.nadia, world.sam, world.joan] {
        browsers.push(world.worker(cast).await);
    }
    later(&world, 6);
    let fresh = [
        Action::Export,
        Action::Print,
        Action::Disclose,
        Action::ManageConsent,
        Action::ManageProxy,
        Action::BreakGlass,
        Action::Seal,
    ];
    let routes = kith_web::pages::routes();
    let mut tried = 0;
    for route in routes.declared().iter().filter(|r| r.method == Method::POST && fresh.contains(&r.action)) {
        let path = route.path.replace("{person}", &person.to_string());
        for browser in &mut browsers {
            // Without the token of the form, and with it: neither does it.
            let page = browser.get("/help").await;
            let token = page.form("/sign-out").into_iter().find(|(n, _)| n == "_csrf").unwrap().1;
            let body = format!("_csrf={token}&confirm=yes");
            let answer = browser.once(&Method::POST, &path, &body).await;
            let home = answer.headers.get("location").and_then(|l| l.to_str().ok()) == Some("/sign-in");
            let stayed = answer.status.is_client_error() || home || answer.status == StatusCode::OK;
            assert!(stayed, "{path}: {} {:?}", answer.status, answer.headers);
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried} tries");
}

#[tokio::test]
async fn a_browser_ends_the_others() {
    let world = World::new().await;
    let mut here = world.worker(world.aisha).await;
    let (mut there, mut third) = (world.worker(world.aisha).await, world.worker(world.aisha).await);
    let mut bola = world.worker(world.bola).await;
    let page = here.get("/signed-in").await;
    page.is(StatusCode::OK).says("this one").says("End all but this one");
    let left = here.submit(&page, "/signed-in", &[]).await;
    left.says("this one");
    let ended = [&mut there, &mut third];
    let mut open = 0;
    for browser in ended {
        open += usize::from(browser.get("/help").await.body.contains("Aisha Rahman"));
    }
    assert_eq!(open, 1, "the first button ends one");
    let page = here.get("/signed-in").await;
    let mut all = here.fill(&page, "/signed-in", &[]);
    all.fields.retain(|(name, _)| name != "id");
    here.send_form(&all).await.says("You are signed in nowhere else");
    for browser in [&mut there, &mut third] {
        browser.get("/help").await.never("Aisha Rahman");
    }
    here.get("/help").await.says("Aisha Rahman");
    // Nobody ends somebody else's.
    let theirs = bola.get("/signed-in").await;
    theirs.says("You are signed in nowhere else");
}
