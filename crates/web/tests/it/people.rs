//! People I support.
//!
//! - Given Aisha at the drop-in, when she adds "Badger" with only a nickname and a safe
//!   way, then his page is there, she holds it with a next date, and nothing is lost.
//! - Given the same form sent twice, then there is one Badger.
//! - Given a next date in 2099, then it is refused in plain words and nothing typed is
//!   lost.
//! - Given a worker of another organisation, when they ask for Badger's page, then it
//!   looks exactly like a page that is not there.
//! - Given a note that says they spoke, then "last in touch" is today.
//! - Given a worker in any role, when they sign in, then where they start and everything
//!   in their menu opens.
//! - Given two navigators with the same details form, then one wins and the other sees
//!   both.

use crate::harness::{Browser, Cast, Shown, World};
use axum::http::StatusCode;
use kith_domain::organisation::WorkRole;

/// Adds somebody by nickname and gives the page that follows.
pub async fn add(browser: &mut Browser, called: &str) -> Shown {
    let page = browser.get("/people/add").await;
    browser
        .submit(
            &page,
            "/people/add",
            &[("called", called), ("safe_way", "Tuesday drop-in, ask Joan"), ("safe_channel", "in_person")],
        )
        .await
}

#[tokio::test]
async fn a_nickname_is_enough() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    page.is(StatusCode::OK).says("Badger").says("Tuesday drop-in, ask Joan").says("Aisha Rahman");
    aisha.get("/people").await.says("Badger");
    aisha.get("/today").await.says("Badger");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_kind_of_safe_way_alone_is_no_safe_way() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/people/add").await;
    for way in ["", "  "] {
        let half = [("called", "Badger"), ("safe_channel", "phone"), ("safe_way", way)];
        let again = aisha.submit(&page, "/people/add", &half).await;
        again.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter the number, address or place");
        assert!(again.body.contains("href=\"#safe_way\""));
    }
    aisha.get("/people").await.never("Badger");
    let other = aisha.submit(&page, "/people/add", &[("called", "Badger"), ("safe_way", "Joan")]).await;
    other.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose what kind of way this is");
}

#[tokio::test]
async fn the_same_form_sent_twice_adds_one_person() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/people/add").await;
    let form = aisha.fill(&page, "/people/add", &[("called", "Badger")]);
    let first = aisha.send_form(&form).await;
    let again = aisha.send_form(&form).await;
    assert_eq!(first.path, again.path);
    let list = aisha.get("/people").await;
    assert_eq!(list.text().matches("Badger").count(), 1);
}

#[tokio::test]
async fn a_next_date_in_2099_is_refused_in_plain_words() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/people/add").await;
    let fields = [("called", "Badger"), ("next-day", "1"), ("next-month", "1"), ("next-year", "2099")];
    let refused = aisha.submit(&page, "/people/add", &fields).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("28 days");
    assert!(
        refused.body.contains("value=\"Badger\"") && refused.body.contains("value=\"2099\""),
        "nothing typed is lost"
    );
    assert!(refused.body.contains("href=\"#next"), "the summary leads to the field");
}

#[tokio::test]
async fn somebody_without_a_relationship_finds_no_page() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let mut lena = world.worker(world.lena).await;
    let refused = lena.get(&page.path).await;
    let missing = lena.get(&format!("/people/{}", uuid::Uuid::now_v7())).await;
    assert_eq!((refused.status, missing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(refused.body, missing.body, "byte for byte");
    // The way on is still there: a menu that leads to pages that open.
    refused.says("We cannot show this page").says("Requests to us").says("People I support");
    refused.never("Sign out");
    world.browser().get("/people/nobody").await.never("Requests to us");
}

#[tokio::test]
async fn a_contact_counts_as_being_in_touch() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let note = aisha.get(&format!("{person}/note")).await;
    let fields = [
        ("words", "Met at the drop-in. He wants somewhere dry."),
        ("contact", "reached"),
        ("channel", "in_person"),
    ];
    let page = aisha.submit(&note, &format!("{person}/note"), &fields).await;
    page.says("He wants somewhere dry").says("In touch");
    aisha.get("/people").await.says("Last in touch today");
}

#[tokio::test]
async fn two_editors_one_wins_and_nothing_is_overwritten() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let action = format!("{person}/details");
    let mut bola = world.worker(world.bola).await;
    let hers = aisha.get(&action).await;
    let his = bola.get(&action).await;
    aisha.submit(&hers, &action, &[("called", "Badger Brown")]).await.says("Badger Brown");
    let merge = bola.submit(&his, &action, &[("called", "Badger Black")]).await;
    merge.is(StatusCode::CONFLICT).says("Two people wrote this at the same time").says("Badger Brown");
    assert!(merge.body.contains("value=\"Badger Black\""), "what he typed is kept");
    aisha.get(&person).await.says("Badger Brown");
    bola.submit(&merge, &action, &[]).await.says("Badger Black");
}

/// Somebody in each role there is: those of the cast, and one more in each role that nobody of it has.
async fn somebody_in_every_role(world: &World) -> Vec<Cast> {
    let mut all =
        vec![world.aisha, world.grace, world.nadia, world.joan, world.dev, world.amir, world.sam, world.tony];
    for role in WorkRole::ALL.iter().copied() {
        if all.iter().all(|cast| cast.role != role) {
            let Cast { organisation, team, .. } = world.aisha;
            all.push(crate::admin::one_more(world, organisation, team, role).await);
        }
    }
    all
}

#[tokio::test]
async fn every_menu_leads_to_pages_that_open() {
    let world = World::new().await;
    for cast in somebody_in_every_role(&world).await {
        let mut browser = world.worker(cast).await;
        let page = browser.get("/help").await;
        let menu = page.body.split("aria-label=\"Main\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        let links = menu.expect("a menu").split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        // Where somebody starts opens too, whether or not their menu names it.
        let who = world.principal(cast).await;
        let home = kith_web::pages::sign_in::home_of(&who.identity);
        for link in links.chain([home]) {
            let opened = browser.get(link).await;
            assert_eq!(opened.status, StatusCode::OK, "{:?}: {link}", cast.role);
        }
    }
}
