//! Going back, loading again, two windows.
//!
//! - Given a form with something wrong, when it is sent, then the browser ends on an address
//!   that it can open again: it shows what was typed and what was wrong, and sends nothing.
//! - Given what was found, when somebody goes on and comes back, then it is still there.
//! - Given another browser, or the same one signed in as somebody else, or half an hour later,
//!   then that address shows nothing of it.
//! - Given two windows with "Say yes", when the second is sent, then it says that it was said
//!   already, with the way to the request.
//! - Given two windows with "Add someone", when both are sent with one name within some
//!   minutes, then the second asks whether it is the same person.

use crate::harness::{BROWSER, Browser, Shown, World};
use crate::referral::{ask, badger, inbox_link};
use axum::http::{Method, StatusCode, header};

/// Sends a form and gives the address to which the browser is sent on.
async fn sent_on(browser: &mut Browser, page: &Shown, action: &str, fields: &[(&str, &str)]) -> String {
    let filling = browser.fill(page, action, fields);
    let body: Vec<String> =
        filling.fields.iter().map(|(n, v)| format!("{n}={}", v.replace(' ', "+"))).collect();
    let answer = browser.ask(&Method::POST, action, &body.join("&"), BROWSER).await;
    answer.is(StatusCode::SEE_OTHER);
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_was_wrong_is_shown_at_an_address_that_can_be_opened_again() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/people/add").await;
    let typed = [
        ("called", ""),
        ("next_what", "Meet by the canal"),
        ("safe_way", "ask Joan"),
        ("safe_channel", "in_person"),
    ];
    let to = sent_on(&mut aisha, &page, "/people/add", &typed).await;
    assert!(to.starts_with("/people/add?shown=") && !to.contains("canal"), "{to}");
    for _ in 0..2 {
        let again = aisha.ask(&Method::GET, &to, "", BROWSER).await;
        again.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter the name they like to be called");
        assert!(
            again.body.contains("Meet by the canal") && again.body.contains("ask Joan"),
            "as it was typed"
        );
    }
    // Put right on that page, it does its work; and from there the way back still leads to it.
    let again = aisha.ask(&Method::GET, &to, "", BROWSER).await;
    let done = sent_on(&mut aisha, &again, "/people/add", &[("called", "Badger")]).await;
    let twice = aisha.ask(&Method::GET, &to, "", BROWSER).await;
    let same = sent_on(&mut aisha, &twice, "/people/add", &[("called", "Badger")]).await;
    assert_eq!(done, same, "sent again from the page gone back to, it makes nobody else");
}

#[tokio::test]
async fn what_is_kept_is_for_this_browser_and_this_person_and_half_an_hour() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/people/add").await;
    let typed = [("called", ""), ("next_what", "Meet by the canal")];
    let to = sent_on(&mut aisha, &page, "/people/add", &typed).await;
    let form = async |browser: &mut Browser| browser.ask(&Method::GET, &to, "", BROWSER).await;

    let mut elsewhere = world.worker(world.aisha).await;
    form(&mut elsewhere).await.is(StatusCode::OK).never("canal");
    let mut bola = world.worker(world.bola).await;
    bola.pages = aisha.pages.clone();
    form(&mut bola).await.is(StatusCode::OK).never("canal");
    let mut nobody = Browser { cookie: None, pages: aisha.pages.clone(), ..world.worker(world.aisha).await };
    form(&mut nobody).await.is(StatusCode::SEE_OTHER).never("canal");

    form(&mut aisha).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    world.set(kith_domain::time::Instant(world.now().0 + 31 * 60 * 1_000_000));
    let mut later = world.worker(world.aisha).await;
    later.pages = aisha.pages.clone();
    form(&mut later).await.is(StatusCode::OK).never("canal");
}

#[tokio::test]
async fn what_was_found_is_still_there_after_going_on() {
    let world = World::new().await;
    let mut anybody = world.browser();
    let page = anybody.get("/find").await;
    let to = sent_on(&mut anybody, &page, "/find", &[("words", "benefits")]).await;
    assert!(to.starts_with("/find?shown=") && !to.contains("benefits"), "nothing of the question: {to}");
    let found = anybody.ask(&Method::GET, &to, "", BROWSER).await;
    found.is(StatusCode::OK).says("Benefits advice");
    anybody.get(&format!("/services/{}", world.benefits_advice)).await;
    let back = anybody.ask(&Method::GET, &to, "", BROWSER).await;
    assert_eq!(back.body, found.body);
}

#[tokio::test]
async fn a_code_on_paper_is_shown_once() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = crate::people::add(&mut aisha, "Badger").await;
    let safe = format!("{}/safe-contact", person.path);
    let page = aisha.get(&safe).await;
    aisha.submit(&page, &safe, &[("paper", "yes")]).await.is(StatusCode::OK);
    let action = format!("{}/code", person.path);
    let page = aisha.get(&action).await;
    let to = sent_on(&mut aisha, &page, &action, &[]).await;
    let slip = aisha.ask(&Method::GET, &to, "", BROWSER).await;
    slip.is(StatusCode::OK);
    let form = aisha.ask(&Method::GET, &to, "", BROWSER).await;
    form.is(StatusCode::OK);
    assert_ne!(slip.text(), form.text(), "whoever comes back finds the form");
    form.says("A code on paper").never("kith-slip__code");
}

#[tokio::test]
async fn an_answer_without_a_page_of_its_own_says_that_it_is_kept_no_more() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = crate::people::add(&mut aisha, "Badger").await;
    let gone = format!("{}/needs/{}/met?shown={}", person.path, uuid::Uuid::nil(), uuid::Uuid::nil());
    let page = aisha.ask(&Method::GET, &gone, "", BROWSER).await;
    page.is(StatusCode::GONE).says("This page is not kept any more");
}

#[tokio::test]
async fn a_second_window_says_that_it_was_said_already() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await.is(StatusCode::OK);
    let mut joan = world.worker(world.joan).await;
    let inbox = joan.get("/inbox").await;
    let request = inbox_link(&inbox);
    let action = format!("{request}/accept");
    let (first, second) = (joan.get(&action).await, joan.get(&action).await);
    joan.submit(&first, &action, &[]).await.is(StatusCode::OK).says("You said yes");
    let again = joan.submit(&second, &action, &[]).await;
    again.is(StatusCode::CONFLICT).says("You already said yes").says("Nothing was sent twice");
    assert!(again.links("/inbox/").contains(&request));
    joan.get(&action).await.is(StatusCode::OK).says("You already said yes");
}

#[tokio::test]
async fn two_windows_of_add_someone_ask_whether_it_is_the_same_person() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (first, second) = (aisha.get("/people/add").await, aisha.get("/people/add").await);
    let one = aisha.submit(&first, "/people/add", &[("called", "Badger")]).await;
    let asked = aisha.submit(&second, "/people/add", &[("called", "badger ")]).await;
    asked.is(StatusCode::UNPROCESSABLE_ENTITY).says("Is this the same person you added at");
    assert!(asked.links("/people/").contains(&one.path), "with the way to them");
    // "No": a second person of that name.
    let other = aisha.submit(&asked, "/people/add", &[("another", "yes")]).await;
    other.is(StatusCode::OK);
    assert_ne!(other.path, one.path);
    // Another worker is never told whom anybody knows, and later nobody is asked.
    let mut bola = world.worker(world.bola).await;
    crate::people::add(&mut bola, "Badger").await;
    world.set(kith_domain::time::Instant(world.now().0 + 16 * 60 * 1_000_000));
    let mut aisha = world.worker(world.aisha).await;
    crate::people::add(&mut aisha, "Badger").await;
}
