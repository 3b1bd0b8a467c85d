//! The plan on paper.
//!
//! - Given Badger, whose key worker is named, then the name stands on his page, on his plan for paper and on the
//!   easy one; given that nobody is named, then his page says so.
//! - Given the paper as it comes, then it is A4 in 14 point; when Aisha chooses large letters for this paper, then
//!   it is in 18 point, through writing down the copy to the page that is printed, and no other page changes.
//! - Given Badger at his own screen, who said that paper is safe, then he chooses the same and is not asked again.
//! - Given somebody who reads large letters everywhere, then paper is large, unless this one is not to be.
//! - Given the style sheet for paper, then nothing is smaller than 14 point, and on large paper than 18.

use crate::harness::{Browser, Shown, World};
use crate::mine::badger;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kith_domain::id::PersonId;
use tower::ServiceExt;

const KEY_WORKER: &str = "Winifred Oduya";

/// Large letters are a class of the whole page: with them the paper's measure is 18 point.
fn is_large(page: &Shown) -> bool {
    let html = page.body.split("<html").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
    html.contains("kith-large")
}

async fn names_key_worker(aisha: &mut Browser, person: PersonId) {
    let details = format!("/people/{person}/details");
    let page = aisha.get(&details).await;
    let fields = [("key_name", KEY_WORKER), ("key_organisation", "Community team")];
    aisha.submit(&page, &details, &fields).await.is(StatusCode::OK);
}

#[tokio::test]
async fn the_key_worker_is_named_on_the_page_and_on_paper() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let (here, print) = (format!("/people/{person}"), format!("/people/{person}/plan/print"));
    aisha.get(&here).await.says("Key worker none named");
    aisha.get(&print).await.is(StatusCode::OK).never("Key worker");
    names_key_worker(&mut aisha, person).await;
    let named = format!("Key worker {KEY_WORKER}, Community team");
    aisha.get(&here).await.says(&named);
    aisha.get(&print).await.says(&named);
    aisha.get(&format!("{print}?large=yes")).await.says(&named);
    aisha.get(&format!("{print}?easy=yes")).await.says(&format!("Key worker: {KEY_WORKER}, Community team"));
    let mut own = world.person(person).await;
    own.get("/mine/plan").await.says(&named);
    own.get("/mine/plan/print").await.is(StatusCode::OK).says(&named);
}

#[tokio::test]
async fn a_worker_chooses_large_letters_for_one_paper() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let print = format!("/people/{person}/plan/print");
    let page = aisha.get(&print).await;
    page.says("ordinary letters, 14 point").says("Large letters on this paper");
    assert!(!is_large(&page));
    let large =
        page.links(&print).into_iter().find(|l| l.contains("large")).expect("a link to the large one");
    assert_eq!(large, format!("{print}?large=yes"), "a switch, and nothing about anybody");
    let page = aisha.get(&large).await;
    page.is(StatusCode::OK).says("large letters, 18 point").says("Ordinary letters on this paper");
    assert!(is_large(&page));
    // The copy is written down, and what is printed is still large.
    let copy = aisha.submit(&page, &print, &[]).await;
    copy.is(StatusCode::OK).says("Print this page").says("large letters, 18 point");
    assert!(is_large(&copy) && copy.path.starts_with(&format!("{print}/copy")), "{}", copy.path);
    // Only this paper.
    assert!(!is_large(&aisha.get(&print).await));
    assert!(!is_large(&aisha.get("/today").await));
    // What is not a switch is none.
    assert!(!is_large(&aisha.get(&format!("{print}?large=huge")).await));
    let back = page.links(&print).into_iter().find(|l| l.contains("large=no")).expect("the way back");
    assert!(!is_large(&aisha.get(&back).await));
}

#[tokio::test]
async fn a_person_chooses_at_their_own_screen_and_is_asked_about_paper_once() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let safe = format!("/people/{person}/safe-contact");
    let page = aisha.get(&safe).await;
    aisha.submit(&page, &safe, &[("paper", "no")]).await.is(StatusCode::OK);
    let mut own = world.person(person).await;
    let print = "/mine/plan/print";
    own.get(print).await.says("Is it safe for you to have this on paper?");
    own.get(&format!("{print}?large=yes")).await.says("Is it safe for you to have this on paper?");
    let asked = own.get(print).await;
    let page = own.submit(&asked, print, &[]).await;
    page.says("ordinary letters, 14 point");
    for (choice, words) in [("large=yes", "18 point"), ("easy=yes", "easy to read")] {
        let link = page.links(print).into_iter().find(|l| l.contains(choice)).expect("a choice");
        own.get(&link).await.is(StatusCode::OK).says(words).never("Is it safe for you");
    }
}

#[tokio::test]
async fn large_letters_everywhere_are_large_on_paper_unless_this_one_is_not_to_be() {
    let world = World::new().await;
    let (aisha, person) = badger(&world).await;
    let with_large = async |path: String| {
        let cookies = format!("kith_session={}; kith_look=neutral+large", aisha.cookie.as_deref().unwrap());
        let request = Request::builder().uri(path).header(header::HOST, "localhost:8417");
        let request = request.header(header::COOKIE, cookies).body(Body::empty()).unwrap();
        let response = world.router.clone().oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), 1_000_000).await.unwrap();
        String::from_utf8_lossy(&body).contains("kith-large")
    };
    let print = format!("/people/{person}/plan/print");
    assert!(with_large(print.clone()).await, "as they read everywhere");
    assert!(!with_large(format!("{print}?large=no")).await, "this one for somebody else");
}

/// What the style sheet says about paper. That nothing on a printed page is smaller is looked at in a browser,
/// by the pages stage.
#[test]
fn paper_is_a4_in_14_point_and_large_print_in_18() {
    let css = include_str!("../../assets/print.css");
    assert!(css.contains("@page { size: A4;"));
    let paper: Vec<&str> = css.split("--kith-paper: ").skip(1).filter_map(|r| r.split(';').next()).collect();
    assert_eq!(paper, ["14pt", "18pt"]);
    assert!(css.contains(":root.kith-large, .kith-print-large { --kith-paper: 18pt; }"));
    let fixed: Vec<&str> = css
        .split("font-size: ")
        .skip(1)
        .filter_map(|rest| rest.split([';', '}']).next())
        .filter(|size| !size.contains("var(--kith-paper)") && !size.starts_with("inherit"))
        .collect();
    assert!(fixed.is_empty(), "sizes that do not follow the paper: {fixed:?}");
}
