//! What a page says first, in words that mislead nobody.
//!
//! - Given a date that was offered and a day on which Aisha rings, then Badger's first page has his
//!   choice first, and says of the other that Aisha does it.
//! - Given a request that nobody has answered, then the need's page says "Sent" and not that
//!   anything goes on.
//! - Given three who come in, then Today tells them apart by who asked, and when.

use crate::coming_in::THREE;
use crate::harness::World;
use crate::referral::{ask, badger, day, inbox_link, save, with};
use axum::http::StatusCode;
use kith_domain::time::plus_days;

#[tokio::test]
async fn what_waits_for_the_person_comes_first() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await;
    let need = aisha.get(&format!("/people/{}/needs/{}", asked.person, asked.need)).await;
    need.says("Benefits advice").says("Sent").never("Going on");

    let mut own = world.person(asked.person).await;
    own.get("/mine").await.says("Aisha Rahman will do this").never("Yours to choose");
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    let yes = joan.get(&format!("{path}/accept")).await;
    let today = world.kith.calendar().day(world.now());
    let soon = day("next", plus_days(today, 3));
    let date = day("date1", plus_days(today, 4));
    let mut fields = with(&[("what", "Ring Badger"), ("time1", "2:30pm"), ("place", "The library")], &soon);
    fields.extend(date.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    save(&mut joan, &yes, &fields).await.is(StatusCode::OK);
    let front = own.get("/mine").await.text();
    let (choice, other) = (front.find("Yours to choose"), front.find("will do this"));
    assert!(choice.is_some() && choice < other, "{front}");
    assert!(
        front.contains("Benefits advice offers you this day") && front.contains("The library"),
        "{front}"
    );
}

#[tokio::test]
async fn those_who_come_in_are_told_apart() {
    let world = World::new().await;
    let mut public = world.browser();
    for (path, fields) in THREE {
        let form = public.get(path).await;
        public.submit(&form, path, fields).await.is(StatusCode::OK);
    }
    let today = world.worker(world.aisha).await.get("/today").await;
    today.says("Somebody new: they asked for themselves, today at");
    today.says("Somebody new: somebody close to them asked, today at");
    today.says("Somebody new: a hospital ward asked, today at");
}

#[tokio::test]
async fn a_date_agreed_without_an_offer_is_asked_for_whole() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    let yes = joan.get(&format!("{path}/accept")).await;
    save(&mut joan, &yes, &[]).await.is(StatusCode::OK);
    let agree = joan.get(&format!("{path}/agree")).await;
    agree.never("Which date?").never("Another date");
    let wrong = save(&mut joan, &agree, &[]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).says("Say where it is, or that it is by phone");
    for field in ["#date1", "#time1", "#place"] {
        assert!(wrong.body.contains(&format!("href=\"{field}")), "{field}: {}", wrong.text());
    }
}
