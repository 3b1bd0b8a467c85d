//! Tell and go along.
//!
//! - Given Badger told about the breakfast group, when Aisha asks "did you get there?",
//!   "not yet" asks again on a new day, and "yes" with his words closes it; nothing was
//!   sent to anybody.
//! - Given a service of the directory, then its own name is written down.
//! - Given the same form sent twice, then he was told once.

use crate::harness::World;
use crate::people::add;
use axum::http::StatusCode;

#[tokio::test]
async fn told_gone_along_and_asked() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let action = format!("{person}/tell");
    let page = aisha.get(&action).await;
    page.says("Nothing is sent and no name leaves");
    aisha
        .submit(&page, &action, &[])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Say what you told them about");
    let fields = [("name", "Breakfast group"), ("area", "connection"), ("along", "Joan goes too")];
    let form = aisha.fill(&page, &action, &fields);
    let told = aisha.send_form(&form).await;
    told.is(StatusCode::OK)
        .says("Told about Breakfast group")
        .says("Joan goes too")
        .says("Did you get there?");
    let twice = aisha.send_form(&form).await;
    assert_eq!(told.path, twice.path);
    world.pass_days(7);
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("Ask: did you get to Breakfast group?");
    let page = aisha.get(&told.path).await;
    let no_day = aisha.submit(&page, &told.path, &[("outcome", "not_yet")]).await;
    no_day.is(StatusCode::UNPROCESSABLE_ENTITY).says("the day to ask again");
    let day = [("outcome", "not_yet"), ("again-day", "8"), ("again-month", "12"), ("again-year", "2026")];
    let not_yet = aisha.submit(&page, &told.path, &day).await;
    not_yet.is(StatusCode::OK).says("Not yet").says("8 December");
    world.assert_nothing_lost().await;
    let yes = [("outcome", "got_there"), ("words", "Good bacon")];
    let closed = aisha.submit(&not_yet, &told.path, &yes).await;
    closed.is(StatusCode::OK).says("They got there").says("Good bacon").never("Save what they said");
    let again = aisha.submit(&not_yet, &told.path, &yes).await;
    again.says("Good bacon");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn something_of_the_directory_keeps_its_own_name() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let page = aisha.get(&format!("{person}/tell?service={}", world.garden)).await;
    page.says("Green Hands gardening");
    let told = aisha.submit(&page, &format!("{person}/tell"), &[]).await;
    told.is(StatusCode::OK).says("Told about Green Hands gardening");
    let no = aisha.submit(&told, &told.path, &[("outcome", "no_thanks")]).await;
    no.is(StatusCode::OK).says("They said no thanks");
    world.assert_nothing_lost().await;
}
