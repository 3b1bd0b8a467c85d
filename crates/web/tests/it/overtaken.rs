//! A server that was asleep.
//!
//! - Given a nightly run that another server has overtaken in the middle, when it goes on, then
//!   none of its writers writes: nobody is told, no link is made anew, no question is asked of
//!   whoever runs a service, nothing is found among looks. The other server writes each of them.

use crate::admin::alter;
use crate::directory::asked_by_mail;
use crate::harness::World;
use crate::mail::{to_the_garden, waiting};
use crate::people::add;
use crate::referral::today;
use axum::http::StatusCode;
use kith_care::jobs::Ran;
use kith_domain::directory::Service;
use kith_domain::listing_question::ListingQuestion;
use kith_domain::organisation::Worker;
use kith_domain::time::plus_days;
use kith_store::lease::Lease;
use uuid::Uuid;

/// Takes the lease of the nightly run, for so many seconds.
async fn lease(world: &World, server: Uuid, seconds: i64) -> Lease {
    let mut tx = world.kith.store().write().await.unwrap();
    let lease = tx.take_lease("daily", server, seconds).await.unwrap().expect("nobody else has it");
    tx.commit().await.unwrap();
    lease
}

/// Something for each of the four writers, on the third day.
async fn much_to_say(world: &World) {
    let mut aisha = world.worker(world.aisha).await;
    alter::<Worker>(world, world.aisha.worker, |w| w.email = Some("aisha@example.org".into())).await;
    // A request that is answered by a link, two working days before its day.
    to_the_garden(world, &mut aisha).await;
    // An entry that nobody checked for long.
    let old = plus_days(today(world), -81);
    alter::<Service>(world, world.larch, |s| s.checked = Some(old)).await;
    // Somebody looked at without a reason, yesterday.
    world.pass_days(2);
    let mut aisha = world.worker(world.aisha).await;
    let tunde = add(&mut aisha, "Tunde Ade").await;
    world.worker(world.bola).await.get(&tunde.path).await.is(StatusCode::OK);
    // Something for today.
    let page = aisha.get("/people/add").await;
    let on = [("called", "Dee"), ("next-day", "27"), ("next-month", "11"), ("next-year", "2026")];
    aisha.submit(&page, "/people/add", &on).await.is(StatusCode::OK);
    world.pass_days(1);
}

/// How many questions were put to whoever runs an entry.
async fn questions(world: &World) -> usize {
    let mut tx = world.kith.store().read().await.unwrap();
    tx.list_common::<ListingQuestion>().await.unwrap().len()
}

async fn gone_through(world: &World) -> Option<String> {
    world.kith.store().read().await.unwrap().find_setting("snooping_done").await.unwrap()
}

#[tokio::test]
async fn a_run_that_was_overtaken_writes_nothing() {
    let world = World::new().await;
    much_to_say(&world).await;
    let before: Vec<String> = waiting(&world).await.into_iter().map(|m| m.dedupe).collect();
    let (asleep, awake) = (Uuid::now_v7(), Uuid::now_v7());
    let old = lease(&world, asleep, 600).await;
    // It sleeps past its time, and another server takes over.
    lease(&world, asleep, 0).await;
    let new = lease(&world, awake, 600).await;
    assert!(new.fence > old.fence);

    let late = world.kith.run_daily_under(&old, world.now()).await.unwrap();
    let Ran { by_link, found, listings, .. } = late;
    assert_eq!((by_link, found, listings), (0, 0, 0));
    let after: Vec<String> = waiting(&world).await.into_iter().map(|m| m.dedupe).collect();
    assert_eq!(after, before, "nobody is told, by reminder or by link");
    assert_eq!((questions(&world).await, gone_through(&world).await), (0, None));

    // The one that took over has all of it to say.
    let ran = world.kith.run_daily_under(&new, world.now()).await.unwrap();
    assert!(ran.told >= 1 && ran.listings >= 1, "{ran:?}");
    assert_eq!((ran.by_link, ran.found), (1, 1), "{ran:?}");
    assert!(questions(&world).await >= 1 && !asked_by_mail(&world).await.is_empty());
    assert!(gone_through(&world).await.is_some());
    let told = waiting(&world).await;
    assert!(told.iter().any(|m| m.address == "aisha@example.org"), "{told:?}");
    // A second time there is nothing left to say.
    let again = world.kith.run_daily_under(&new, world.now()).await.unwrap();
    assert_eq!((again.by_link, again.found, again.listings), (0, 0, 0));
    assert_eq!(waiting(&world).await.len(), told.len());
}
