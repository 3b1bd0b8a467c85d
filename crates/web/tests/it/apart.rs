//! People who must not meet.
//!
//! - Given Kerry and Declan, who must not meet, and a time held for Declan at DebtHelp, when Joan
//!   offers Kerry a time on that day, then she is told that the day does not fit, and nothing of
//!   why or of whom; another day is held;
//! - it holds both ways, whoever was written down first; and it ends when it is over;
//! - nobody who does not work with them finds the page.

use crate::harness::{Browser, Cast, Shown, World};
use crate::people::add;
use crate::referral::{Asked, ask, inbox_link, need, person_of, put, save};
use axum::http::StatusCode;
use kith_domain::area::Area;
use kith_domain::id::PersonId;
use kith_domain::supporter::Involvement;
use kith_domain::time::Calendar;

async fn somebody(world: &World, aisha: &mut Browser, called: &str) -> PersonId {
    let person = person_of(&add(aisha, called).await);
    let need = need(world, person, Area::Money, "get my money back").await;
    let base = format!("/people/{person}/needs/{need}/refer/{}", world.benefits_advice);
    ask(aisha, &Asked { person, need, base }).await.is(StatusCode::OK);
    person
}

async fn accepts(joan: &mut Browser, request: &str, (day, time): (&str, &str)) -> Shown {
    let page = joan.get(&format!("{request}/accept")).await;
    let date = [("date1-day", day), ("date1-month", "12"), ("date1-year", "2026"), ("time1", time)];
    save(joan, &page, &[&date[..], &[("place", "the office")]].concat()).await
}

async fn apart(aisha: &mut Browser, one: PersonId, field: (&str, PersonId)) -> Shown {
    let path = format!("/people/{one}/apart");
    let page = aisha.get(&path).await;
    let pressed = if field.0 == "over" { "over" } else { "apart" };
    aisha.submit(&page, &path, &[(field.0, &field.1.to_string()), ("do", pressed)]).await
}

#[tokio::test]
async fn times_that_both_have_already_are_held_by_somebody_until_another_day_is_found() {
    let world = World::new().await;
    let (mut aisha, mut joan) = (world.worker(world.aisha).await, world.worker(world.joan).await);
    let declan = somebody(&world, &mut aisha, "Declan").await;
    let his = inbox_link(&joan.get("/inbox").await);
    accepts(&mut joan, &his, ("1", "10:30am")).await.is(StatusCode::OK);
    let kerry = somebody(&world, &mut aisha, "Kerry").await;
    let hers = joan.get("/inbox").await.links("/inbox/").into_iter().find(|l| *l != his).expect("hers");
    accepts(&mut joan, &hers, ("1", "4:30pm")).await.is(StatusCode::OK);
    apart(&mut aisha, kerry, ("other", declan)).await.is(StatusCode::OK).says("They may meet");
    let today = aisha.get("/today").await;
    let notices = today.links(&format!("/people/{kerry}/messages/"));
    aisha
        .get(notices.first().expect("a notice"))
        .await
        .says("On Tuesday 1 December 2026 somebody whom they must not meet may be in the same place")
        .never("Declan");
    assert!(today.links(&format!("/people/{declan}/messages/")).is_empty());
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn no_time_is_held_for_one_close_to_the_others() {
    for kept_by_the_first in [true, false] {
        let world = World::new().await;
        let mut aisha = world.worker(world.aisha).await;
        let mut joan = world.worker(world.joan).await;
        let declan = somebody(&world, &mut aisha, "Declan").await;
        let his = inbox_link(&joan.get("/inbox").await);
        accepts(&mut joan, &his, ("1", "10:30am")).await.is(StatusCode::OK);
        let kerry = somebody(&world, &mut aisha, "Kerry").await;
        let hers = joan.get("/inbox").await.links("/inbox/").into_iter().find(|l| *l != his).expect("hers");
        let (one, other) = if kept_by_the_first { (declan, kerry) } else { (kerry, declan) };
        let path = format!("/people/{one}/apart");
        let open = aisha.get(&path).await;
        apart(&mut aisha, one, ("other", other)).await.is(StatusCode::OK).says("They may meet");
        // From a page that was open all the while: nobody is kept apart from themselves.
        let themselves = aisha.submit(&open, &path, &[("other", &one.to_string())]).await;
        themselves.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose somebody else");
        // The same words at every hour of that day: the hour of the other is not found by trying.
        for time in ["11:30am", "4:30pm", "8:00am"] {
            let refused = accepts(&mut joan, &hers, ("1", time)).await;
            refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("This day cannot be held for them");
            refused.never("Declan").never("must not meet").never("apart").never("hours");
        }
        accepts(&mut joan, &hers, ("2", "10:30am")).await.is(StatusCode::OK);
        let mut lena = world.worker(world.lena).await;
        lena.get(&format!("/people/{kerry}/apart")).await.is(StatusCode::NOT_FOUND);
        world.assert_nothing_lost().await;
    }
}

#[tokio::test]
async fn when_it_is_over_any_time_is_held() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut joan = world.worker(world.joan).await;
    let declan = somebody(&world, &mut aisha, "Declan").await;
    let his = inbox_link(&joan.get("/inbox").await);
    accepts(&mut joan, &his, ("1", "10:30am")).await.is(StatusCode::OK);
    let kerry = somebody(&world, &mut aisha, "Kerry").await;
    let hers = joan.get("/inbox").await.links("/inbox/").into_iter().find(|l| *l != his).expect("hers");
    apart(&mut aisha, kerry, ("other", declan)).await.is(StatusCode::OK);
    accepts(&mut joan, &hers, ("1", "10:30am")).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    apart(&mut aisha, kerry, ("over", declan)).await.is(StatusCode::OK);
    accepts(&mut joan, &hers, ("1", "10:30am")).await.is(StatusCode::OK);
}

fn with_the_team_of(cast: Cast, world: &World) -> Involvement {
    Involvement {
        organisation: cast.organisation,
        team: cast.team,
        worker: None,
        role: "Navigators".into(),
        key_worker: false,
        areas: vec![Area::Money],
        from: Calendar::england().day(world.now()),
        until: None,
    }
}

#[tokio::test]
async fn whoever_is_not_on_the_list_is_found_by_name() {
    let world = World::new().await;
    let (mut aisha, mut bola) = (world.worker(world.aisha).await, world.worker(world.bola).await);
    let kerry = person_of(&add(&mut aisha, "Kerry").await);
    let sandy = person_of(&add(&mut bola, "Sandy Brook").await);
    put(&world, sandy, &with_the_team_of(world.aisha, &world)).await;
    let path = format!("/people/{kerry}/apart");
    let page = aisha.get(&path).await;
    page.never("Sandy Brook");
    aisha
        .submit(&page, &path, &[("find", "sandy"), ("do", "find")])
        .await
        .says("1 person found")
        .says("Sandy Brook");
    aisha
        .submit(&page, &path, &[("find", "zed"), ("do", "find")])
        .await
        .says("called so")
        .never("Sandy Brook");
    aisha.submit(&page, &path, &[("do", "over")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
}
