//! Emergency access: three pages, four hours, told to the person, looked at by somebody
//! outside the team.
//!
//! Given a clinician who has nothing to do with Badger, at two in the morning,
//! when they open emergency access with a reason and a fresh sign-in,
//! then they read the plan and nothing sealed, a bar with "close now" stands on every page,
//! Badger is told and sees it in who looked, and somebody outside the team has to look at it
//! within 72 hours; what they decide Badger reads.
//!
//! Given a reason that is too short, a wrong name, a sign-in that is not fresh, a role that may
//! not, or somebody close to the person, then nothing opens and nothing is told of anybody.

use crate::harness::{Browser, Filling, Shown, World};
use crate::mine::badger;
use axum::http::StatusCode;
use kith_domain::id::PersonId;

pub(crate) const WORDS: &str = "He was found on the bridge and cannot tell us what he takes";

/// The questions about looks that a page leads to. Every worker's own looks are on every page.
pub fn questions_on(page: &Shown) -> Vec<String> {
    page.links("/looks/").into_iter().filter(|to| !to.starts_with("/looks/mine")).collect()
}

/// Where "close now" posts to.
fn action(page: &Shown) -> String {
    let at = page.body.find("action=\"/emergency/").expect("a bar") + "action=\"".len();
    page.body[at..].split('"').next().expect("an end").to_owned()
}

async fn to_the_third(browser: &mut Browser, person: PersonId, reason: &str, words: &str) -> Shown {
    let page = browser.get(&format!("/people/{person}/emergency")).await;
    let second = browser.submit(&page, "/emergency/reason", &[]).await;
    browser.submit(&second, "/emergency/check", &[("reason", reason), ("words", words)]).await
}

pub(crate) async fn through(browser: &mut Browser, person: PersonId, reason: &str, words: &str) -> Shown {
    let third = to_the_third(browser, person, reason, words).await;
    browser.submit(&third, "/emergency/open", &[]).await
}

#[tokio::test]
async fn opened_told_looked_at_and_answered() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let base = format!("/people/{person}");
    let mut sam = world.worker(world.sam).await;
    sam.get(&base).await.is(StatusCode::NOT_FOUND).says("Emergency access");
    let opened = through(&mut sam, person, "crisis", WORDS).await;
    opened.is(StatusCode::OK).says("Badger").says("Emergency access is open until");
    sam.get("/find").await.says("Close now");
    // Reading is all it opens: no form for a note is shown, and one that is sent without it is refused.
    let note = format!("{base}/note");
    sam.get(&note).await.is(StatusCode::FORBIDDEN).never("<textarea");
    let mut fields = sam.get("/find").await.form("/find");
    fields.retain(|(name, _)| name.starts_with('_'));
    let words = [("words", "Written in an emergency"), ("area", "identity"), ("contact", "no")];
    fields.extend(words.map(|(name, value)| (name.to_owned(), value.to_owned())));
    sam.send_form(&Filling { action: note, fields }).await.is(StatusCode::FORBIDDEN);

    let mut own = world.person(person).await;
    own.get("/mine/words").await.says("opened your plan in an emergency").says("Sam Okafor");
    let looked = own.get("/mine/looked").await;
    looked.says("Why: emergency access").says("they came to us in crisis").says(WORDS);
    world.assert_nothing_lost().await;

    // The trust has nobody outside Sam's team: the net's lead looks at it.
    let mut grace = world.worker(world.grace).await;
    let link = questions_on(&grace.get("/today").await).remove(0);
    let review = grace.get(&link).await;
    review.says(WORDS).says("What was opened").says("name and contact").never("Badger");
    let none = grace.submit(&review, &format!("{link}/decide"), &[("outcome", "right")]).await;
    none.says("Write an answer to the person");
    let asked = grace.submit(&review, &format!("{link}/ask"), &[("words", "Who was with him?")]).await;
    asked.says("They answer by");
    let mine = sam.get(&link).await;
    mine.says("Who was with him?").never("Save how it ends");
    sam.submit(&mine, &format!("{link}/answer"), &[("words", "The ambulance crew")]).await;
    let review = grace.get(&link).await;
    review.says("The ambulance crew");
    let fields = [("outcome", "right"), ("answer", "We looked, and it was right to open it.")];
    grace.submit(&review, &format!("{link}/decide"), &fields).await.says("How it ended");
    assert!(questions_on(&grace.get("/today").await).is_empty());
    own.get("/mine/looked").await.says("We looked, and it was right to open it.");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn it_ends_by_itself_and_can_be_closed_sooner() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let base = format!("/people/{person}");
    let mut sam = world.worker(world.sam).await;
    through(&mut sam, person, "life_at_risk", WORDS).await.says("Badger");
    let page = sam.get("/find").await;
    let close = action(&page);
    sam.submit(&page, &close, &[]).await.never("Close now");
    sam.get(&base).await.is(StatusCode::NOT_FOUND);
    through(&mut sam, person, "life_at_risk", WORDS).await.says("Badger");
    world.set(world.now().plus_hours(4).plus_seconds(5));
    let mut again = world.worker(world.sam).await;
    again.get(&base).await.is(StatusCode::NOT_FOUND).never("Close now");
}

#[tokio::test]
async fn a_nosy_neighbour_is_not_let_in() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let mut sam = world.worker(world.sam).await;
    to_the_third(&mut sam, person, "crisis", "help").await.says("at least 20 letters");
    to_the_third(&mut sam, person, "", WORDS).await.says("Choose why you need it");
    // Nobody of that name: said only at the end, and in the log.
    let page = sam.get("/emergency").await;
    let named = [("name", "Nobody Known"), ("birth-day", "1"), ("birth-month", "2"), ("birth-year", "1980")];
    let second = sam.submit(&page, "/emergency/reason", &named).await;
    let third = sam.submit(&second, "/emergency/check", &[("reason", "crisis"), ("words", WORDS)]).await;
    third.never("Nobody here matches");
    sam.submit(&third, "/emergency/open", &[]).await.says("Nobody here matches exactly");
    // A navigator's role does not open it, and no page of theirs says so.
    let mut bola = world.worker(world.bola).await;
    bola.get(&format!("/people/{person}/emergency"))
        .await
        .is(StatusCode::NOT_FOUND)
        .never("Emergency access");
    // Missing and not open are the same page.
    let missing = sam.get("/people/01900000-0000-7000-8000-000000000000").await;
    let hidden = sam.get(&format!("/people/{person}")).await;
    assert_eq!(missing.text(), hidden.text());
}

/// Names cannot be guessed one after the other: after some that are nobody's, no more are looked for
/// that day, not even the right one; the plan's own address still opens.
#[tokio::test]
async fn names_cannot_be_guessed() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let mut sam = world.worker(world.sam).await;
    let mut last = None;
    for n in 0..6 {
        let page = sam.get("/emergency").await;
        let name = format!("Nobody Known {n}");
        let named =
            [("name", name.as_str()), ("birth-day", "1"), ("birth-month", "2"), ("birth-year", "1980")];
        let second = sam.submit(&page, "/emergency/reason", &named).await;
        let third = sam.submit(&second, "/emergency/check", &[("reason", "crisis"), ("words", WORDS)]).await;
        let answer = sam.submit(&third, "/emergency/open", &[]).await;
        match n {
            0..5 => answer.says("Nobody here matches exactly"),
            _ => answer.says("too many names").says("ring 999").never("Nobody here matches"),
        };
        last = Some(answer);
    }
    last.expect("six were tried");
    through(&mut sam, person, "crisis", WORDS).await.says("Emergency access is open until");
    // Somebody else is not held up by it, and a day later neither is Sam.
    world.set(world.now().plus_days(1).plus_hours(1));
    let mut sam = world.worker(world.sam).await;
    let page = sam.get("/emergency").await;
    let named = [("name", "Nobody At All"), ("birth-day", "1"), ("birth-month", "2"), ("birth-year", "1980")];
    let second = sam.submit(&page, "/emergency/reason", &named).await;
    let third = sam.submit(&second, "/emergency/check", &[("reason", "crisis"), ("words", WORDS)]).await;
    sam.submit(&third, "/emergency/open", &[]).await.says("Nobody here matches exactly");
}

/// What they said beforehand is read first, and their no holds.
#[tokio::test]
async fn what_somebody_wants_in_an_emergency_is_theirs_to_say() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let mut own = world.person(person).await;
    own.get("/mine").await.says("What I want in an emergency");
    let page = own.get("/mine/emergency").await;
    let said = [("words", "Speak slowly. Ring Dee."), ("not_call", "My father")];
    own.submit(&page, "/mine/emergency", &said).await.says("You last said this today").says("Ring Dee.");
    aisha.get(&format!("/people/{person}")).await.says("Do not call in an emergency").says("My father");
    let mut sam = world.worker(world.sam).await;
    through(&mut sam, person, "crisis", WORDS).await.says("Ring Dee.").says("My father");
    let page = sam.get("/find").await;
    let close = action(&page);
    sam.submit(&page, &close, &[]).await;
    let page = own.get("/mine/emergency").await;
    own.submit(&page, "/mine/emergency", &[("no", "yes")]).await;
    through(&mut sam, person, "crisis", WORDS).await.says("They have said no to emergency access");
    through(&mut sam, person, "life_at_risk", WORDS).await.says("Emergency access is open until");
    // Taken back: nothing is left of the words.
    let page = own.get("/mine/emergency").await;
    own.submit(&page, "/mine/emergency", &[("words", ""), ("not_call", "")]).await.never("Ring Dee.");
}

#[tokio::test]
async fn an_old_sign_in_is_asked_for_again_with_the_reason_kept() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let mut sam = world.worker(world.sam).await;
    world.set(world.now().plus_seconds(301));
    let third = to_the_third(&mut sam, person, "crisis", WORDS).await;
    let ask = sam.submit(&third, "/emergency/open", &[]).await;
    ask.is(StatusCode::FORBIDDEN).says("Sign in again").never("Badger");
    sam.get(&format!("/people/{person}")).await.is(StatusCode::NOT_FOUND);
    let opened = sam.submit(&ask, "/emergency/open?signed-in-again=yes", &[]).await;
    opened.is(StatusCode::OK).says("Badger").says("Emergency access is open until");
}

#[tokio::test]
async fn late_it_rises() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let mut sam = world.worker(world.sam).await;
    through(&mut sam, person, "crisis", WORDS).await.says("Badger");
    world.pass_days(20);
    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/today").await.says("A question about looks");
    world.assert_nothing_lost().await;
}
