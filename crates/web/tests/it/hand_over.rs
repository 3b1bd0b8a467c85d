//! Handing people over, and leave.
//!
//! - Given Aisha offers Badger and Marlon to Bola, when Bola says yes to Badger and no to
//!   Marlon, then Badger with his need is Bola's, Marlon stays Aisha's, and nothing is lost.
//! - Given nobody answers by the day, then it rises to Grace, who takes Badger on.
//! - Given Aisha takes it back, then Bola can no longer say yes.
//! - Given Aisha on leave with Bola as cover, then Aisha's people are on Bola's Today.
//! - Given Aisha offers everybody and then has her last day, when Bola says yes, then they are Bola's.
//! - Given Aisha away when the day has passed, then Grace still decides, and takes Badger on.
//! - Given Badger's words that Aisha has not read and help she asked for, when Bola takes him on, then
//!   the words, his answer to a date and whom to ask are Bola's.
//! - Given the net's lead away with nobody left, then the leave is refused in plain words.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use crate::referral::{day, today};
use axum::http::StatusCode;
use kith_domain::id::WorkerId;
use kith_domain::time::plus_days;

/// Offers people to a colleague.
pub async fn offer(browser: &mut Browser, to: WorkerId, people: &[&str]) -> Shown {
    let page = browser.get("/hand-over/new").await;
    let to = to.to_string();
    let mut fields = vec![("to", to.as_str())];
    let ids: Vec<&str> = people.iter().map(|p| p.rsplit('/').next().unwrap()).collect();
    let first = ids.first().map(|id| format!("words-{id}")).unwrap_or_default();
    let told = ids.first().map(|id| format!("told-{id}")).unwrap_or_default();
    if !ids.is_empty() {
        fields.push((&first, "Likes to be rung after lunch"));
        fields.push((&told, "yes"));
    }
    fields.extend(ids.iter().map(|id| ("people", *id)));
    browser.submit(&page, "/hand-over/new", &fields).await
}

/// The form that says yes to this person.
pub fn yes_to(browser: &Browser, page: &Shown, person: &str) -> crate::harness::Filling {
    let id = person.rsplit('/').next().unwrap();
    browser.fill(page, &format!("{}/accept", page.path), &[("person", id)])
}

/// Given an id that is nobody's, or somebody whom Aisha does not support, then nobody is offered.
#[tokio::test]
async fn nobody_else_is_offered() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await.path;
    let nobody = format!("/people/{}", uuid::Uuid::now_v7());
    for people in [vec![&*badger, &*nobody], vec![&*nobody]] {
        let refused = offer(&mut aisha, world.bola.worker, &people).await;
        assert!(refused.status.is_client_error(), "{}: {}", refused.status, refused.text());
    }
    world.worker(world.bola).await.get("/today").await.never("hand-over");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_colleague_answers_each_person() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut bola = world.worker(world.bola).await;
    let badger = add(&mut aisha, "Badger").await.path;
    let marlon = add(&mut aisha, "Marlon").await.path;
    let need = aisha.get(&format!("{badger}/needs/add")).await;
    let need = aisha
        .submit(&need, &format!("{badger}/needs/add"), &[("words", "somewhere dry"), ("area", "housing")])
        .await;
    offer(&mut aisha, world.bola.worker, &[])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("at least one person");
    let offered = offer(&mut aisha, world.bola.worker, &[&badger, &marlon]).await;
    offered.is(StatusCode::OK).says("From Aisha Rahman to Bola Ade").says("Answer by Friday 27 November");
    offered.never("Yes, I take them on");
    bola.get("/today").await.says("hand-over");
    let page = bola.get(&offered.path).await;
    page.says("Badger").says("Marlon").says("Likes to be rung after lunch");
    let no = [("person", marlon.rsplit('/').next().unwrap())];
    let field = format!("why-{}", no[0].1);
    let decline = format!("{}/decline", page.path);
    let saying_no = bola.get(&format!("{}?no={}", page.path, no[0].1)).await;
    let empty = bola.submit(&saying_no, &decline, &[no[0], (&field, "")]).await;
    empty.is(StatusCode::UNPROCESSABLE_ENTITY).says("Say why");
    let yes = yes_to(&bola, &page, &badger);
    let after = bola.send_form(&yes).await;
    after.is(StatusCode::OK).says("Badger Yes");
    assert_eq!(bola.send_form(&yes).await.path, after.path, "sent twice, it is done once");
    world.assert_nothing_lost().await;
    let said = bola.submit(&saying_no, &decline, &[no[0], (&field, "I have no room")]).await;
    said.is(StatusCode::OK).says("Marlon No").says("I have no room");
    bola.get(&badger).await.says("Bola Ade");
    aisha.get(&need.path).await.says("Held by Bola Ade");
    aisha.get(&marlon).await.says("Aisha Rahman");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_nobody_answers_rises_to_the_lead() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut grace = world.worker(world.grace).await;
    let badger = add(&mut aisha, "Badger").await.path;
    let offered = offer(&mut aisha, world.bola.worker, &[&badger]).await;
    grace.get(&offered.path).await.is(StatusCode::OK).never("Yes, I take them on");
    world.pass_days(7);
    let mut grace = world.worker(world.grace).await;
    grace.get("/today").await.says("Decide who takes these people on");
    world.assert_nothing_lost().await;
    let page = grace.get(&offered.path).await;
    page.says("The day has passed");
    let yes = yes_to(&grace, &page, &badger);
    grace.send_form(&yes).await.is(StatusCode::OK).says("Badger Yes");
    grace.get(&badger).await.says("Grace Mensah");
    world.assert_nothing_lost().await;
}

/// The manager writes down a worker's last day.
async fn last_day(world: &World, worker: WorkerId, days: i32) {
    let mut nadia = world.worker(world.nadia).await;
    let path = format!("/workers/{worker}/last-day");
    let on = day("from", plus_days(today(world), days));
    let query: Vec<String> = on.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let page = nadia.get(&format!("{path}?{}", query.join("&"))).await;
    nadia.submit(&page, &path, &[]).await.is(StatusCode::OK).says("Their last day is");
}

#[tokio::test]
async fn an_offer_stands_when_the_one_who_made_it_has_left() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await.path;
    let marlon = add(&mut aisha, "Marlon").await.path;
    let offered = offer(&mut aisha, world.bola.worker, &[&badger, &marlon]).await;
    offered.is(StatusCode::OK);
    last_day(&world, world.aisha.worker, 1).await;
    world.pass_days(2);
    aisha.get("/today").await.never("Badger");
    world.assert_nothing_lost().await;
    let mut bola = world.worker(world.bola).await;
    for person in [&badger, &marlon] {
        let page = bola.get(&offered.path).await;
        let yes = yes_to(&bola, &page, person);
        bola.send_form(&yes).await.is(StatusCode::OK);
        bola.get(person).await.says("Bola Ade").never("Grace Mensah");
    }
    bola.get(&offered.path).await.says("Badger Yes").says("Marlon Yes");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn the_lead_decides_though_the_one_who_offered_is_away() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await.path;
    let offered = offer(&mut aisha, world.bola.worker, &[&badger]).await;
    let page = aisha.get("/my-leave").await;
    let (from, until) =
        (day("from", plus_days(today(&world), 1)), day("until", plus_days(today(&world), 20)));
    let days: Vec<(&str, &str)> =
        from.iter().chain(&until).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    aisha.submit(&page, "/my-leave", &days).await.is(StatusCode::OK);
    world.pass_days(7);
    let mut grace = world.worker(world.grace).await;
    let page = grace.get(&offered.path).await;
    page.says("The day has passed");
    let yes = yes_to(&grace, &page, &badger);
    grace.send_form(&yes).await.is(StatusCode::OK).says("Badger Yes");
    grace.get(&badger).await.says("Grace Mensah");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn nothing_of_a_person_stays_with_the_one_before() {
    let world = World::new().await;
    let (mut own, person, referral) = crate::dates::offered(&world).await;
    let page = own.get("/mine/words").await;
    let wrote = own.submit(&page, "/mine/words", &[("words", "Can we meet on Tuesday?")]).await;
    wrote.is(StatusCode::OK);
    own.get("/mine/referrals").await.says("Aisha Rahman");
    let mut aisha = world.worker(world.aisha).await;
    let badger = format!("/people/{person}");
    let offered = offer(&mut aisha, world.bola.worker, &[&badger]).await;
    let mut bola = world.worker(world.bola).await;
    bola.get("/today").await.never("Words waiting to be read");
    let page = bola.get(&offered.path).await;
    let yes = yes_to(&bola, &page, &badger);
    bola.send_form(&yes).await.is(StatusCode::OK);

    crate::dates::notice(&mut bola, person).await.says("Can we meet on Tuesday?");
    aisha.get("/today").await.never("Words waiting to be read");
    own.get("/mine/referrals").await.says("Bola Ade").never("Aisha Rahman");
    let path = crate::dates::dates_of(referral);
    let dates = own.get(&path).await;
    let good = crate::dates::buttons(&dates);
    own.submit(&dates, &path, &[("date", good[0].as_str())]).await.is(StatusCode::OK);
    let links = bola.get("/today").await.links(&format!("/people/{person}/messages/"));
    assert_eq!(links.len(), 2, "their words, and their answer: {links:?}");
    let mut read = Vec::new();
    for link in &links {
        read.push(bola.get(link).await.text());
    }
    assert!(read.iter().any(|text| text.contains("They said yes to")), "{read:?}");
    aisha.get("/today").await.never("Words waiting to be read");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_was_taken_back_cannot_be_accepted() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut bola = world.worker(world.bola).await;
    let badger = add(&mut aisha, "Badger").await.path;
    let offered = offer(&mut aisha, world.bola.worker, &[&badger]).await;
    let open = bola.get(&offered.path).await;
    let yes = yes_to(&bola, &open, &badger);
    let back = aisha.submit(&offered, &format!("{}/take-back", offered.path), &[]).await;
    back.is(StatusCode::OK).says("This was taken back");
    bola.send_form(&yes)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("taken back by the one who offered it");
    aisha.get(&badger).await.says("Aisha Rahman");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn leave_passes_people_to_the_cover() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await.path;
    let page = aisha.get("/my-leave").await;
    let cover = world.bola.worker.to_string();
    let days = [("from-day", "25"), ("from-month", "11"), ("from-year", "2026")];
    let backwards = [("until-day", "20"), ("until-month", "11"), ("until-year", "2026"), ("cover", &cover)];
    let all: Vec<(&str, &str)> = days.into_iter().chain(backwards).collect();
    let refused = aisha.submit(&page, "/my-leave", &all).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("The last day away comes after the first");
    let good = [("until-day", "9"), ("until-month", "12"), ("until-year", "2026"), ("cover", &cover)];
    let all: Vec<(&str, &str)> = days.into_iter().chain(good).collect();
    let saved = aisha.submit(&page, "/my-leave", &all).await;
    saved.is(StatusCode::OK).says("Covered by Bola Ade");
    world.pass_days(7);
    let mut bola = world.worker(world.bola).await;
    bola.get("/today").await.says("Badger");
    bola.get(&badger).await.is(StatusCode::OK).says("Bola Ade");
    world.assert_nothing_lost().await;
    let mut back = world.worker(world.aisha).await;
    let page = back.get("/my-leave").await;
    back.submit(&page, "/my-leave/back", &[]).await.is(StatusCode::OK).never("Covered by");
    back.get(&badger).await.says("Aisha Rahman");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn the_net_never_loses_its_lead_to_leave() {
    let world = World::new().await;
    let mut grace = world.worker(world.grace).await;
    let page = grace.get("/my-leave").await;
    let days = [("from-day", "25"), ("from-month", "11"), ("from-year", "2026")];
    let refused = grace.submit(&page, "/my-leave", &days).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("the net would have no lead");
    world.assert_nothing_lost().await;
}
