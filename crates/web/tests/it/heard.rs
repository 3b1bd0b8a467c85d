//! Somebody who has heard nothing for N days.
//!
//! - Given Badger, met today, when Aisha reads Today on the day before the N-th, then nothing says that he
//!   heard nothing; on the N-th day it does, with the number of days in words, and each day after with one more.
//! - Given a note that says they spoke, then he is not there, and the days begin again.
//! - Given a place that chose another N, then that N counts.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use crate::referral::alter;
use axum::http::StatusCode;
use kith_domain::organisation::Place;
use kith_domain::settings::{Numbers, Settings};
use kith_domain::time::plus_days;

const GROUP: &str = "Heard nothing for a while";

/// Today as Aisha reads it in the morning, so many days after the start.
async fn today_after(world: &World, days: i32) -> (Browser, Shown) {
    let start = world.kith.calendar().day(crate::harness::start());
    world.set(world.kith.calendar().moment(plus_days(start, days), 9, 0));
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get("/today").await;
    page.is(StatusCode::OK);
    (aisha, page)
}

/// What stands under the heading of those who heard nothing.
fn group(page: &Shown) -> String {
    let section = page.body.split("<section").find(|s| s.contains(GROUP)).unwrap_or_default();
    let section = section.split("</section>").next().unwrap_or_default().to_owned();
    Shown { body: section, ..page.clone() }.text()
}

/// Badger is in the list after so many days, with as many in words, and was not the day before.
async fn appears_after(world: &World, from: i32, days: i32) {
    let (_, before) = today_after(world, from + days - 1).await;
    before.never(GROUP).never("nobody has for");
    for more in [0, 1, 9] {
        let (_, page) = today_after(world, from + days + more).await;
        let text = group(&page);
        assert!(text.contains("Badger"), "day {}: {}", days + more, page.text());
        let words = format!("Say something to them: nobody has for {} days", days + more);
        assert!(text.contains(&words), "not {words:?} but {text:?}");
    }
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn who_heard_nothing_for_28_days_stands_on_today_from_that_day() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let here = add(&mut aisha, "Badger").await.path;
    appears_after(&world, 0, 28).await;
    // They speak, and it begins again.
    let (mut aisha, _) = today_after(&world, 37).await;
    let note = format!("{here}/note");
    let page = aisha.get(&note).await;
    let spoke = [("words", "Had a long talk"), ("contact", "reached"), ("channel", "in_person")];
    aisha.submit(&page, &note, &spoke).await.is(StatusCode::OK);
    aisha.get("/today").await.never(GROUP);
    appears_after(&world, 37, 28).await;
}

#[tokio::test]
async fn a_place_chooses_after_how_many_days() {
    let world = World::new().await;
    let place = {
        let mut tx = world.kith.store().read().await.unwrap();
        tx.list_common::<Place>().await.unwrap().remove(0).meta.id
    };
    let fourteen =
        Settings::new(Numbers { silent_days: 14, ..Numbers::default() }).expect("a number it may be");
    alter::<Place>(&world, place, |p| p.settings = fourteen).await;
    let mut aisha = world.worker(world.aisha).await;
    add(&mut aisha, "Badger").await;
    appears_after(&world, 0, 14).await;
}
