//! I am worried about someone.
//!
//! - Given Tony, a volunteer, worried about somebody whom Kith does not know, then the
//!   numbers stand first; he holds the worry with a second named person beside him; he
//!   cannot name himself for the check, nor close it; once the trust's clinician took it
//!   on by voice, the clinician sees it, checks and closes it.
//! - Given a check too many hours away, then it is refused at its field.
//! - Given a time that the clocks skip, then it is refused in plain words.
//! - Given Aisha worried about Badger, then the worry stands with Badger.
//! - Given the trust's clinician who owes the next check of Badger, then it is on his Today with
//!   the name and nothing else of the plan; when he is late it is on his lead's too.

use crate::harness::{Browser, Shown, World, start};
use crate::people::add;
use axum::http::StatusCode;
use kith_domain::time::Calendar;

async fn raise(browser: &mut Browser, fields: &[(&str, &str)]) -> Shown {
    let page = browser.get("/worried").await;
    page.says("First, ring somebody").says("Call 999");
    browser.submit(&page, "/worried", fields).await
}

#[tokio::test]
async fn a_volunteer_never_has_it_alone() {
    let world = World::new().await;
    let mut tony = world.worker(world.tony).await;
    let nothing = raise(&mut tony, &[]).await;
    nothing.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter what worries you").says("Say whom it is about");
    let about = [("about", "The man who sleeps by the hall"), ("words", "Very low today"), ("spoken", "no")];
    let worry = raise(&mut tony, &about).await;
    worry
        .is(StatusCode::OK)
        .says("You hold it until somebody takes it on by voice")
        .says("First, ring somebody");
    let path = worry.path.split('?').next().unwrap().to_owned();
    world.assert_nothing_lost().await;
    let held = world.kith.check(world.now()).await.unwrap();
    assert!(held.lost.is_empty());
    tony.get("/worried").await.says("Not passed on");
    // Not himself, and not by closing it.
    let (me, sam) = (world.tony.worker.to_string(), world.sam.worker.to_string());
    let base = [
        ("spoken", "took_it_on"),
        ("name", "Sam Okafor"),
        ("place", "The community team"),
        ("time", "9:50am"),
        ("agreed", "He visits at midday"),
        ("check_time", "12:30pm"),
    ];
    let action = format!("{path}/change/spoken");
    let page = tony.get(&path).await;
    let with = |checker: &'static str, id: &str| {
        let mut all: Vec<(String, String)> = base.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        all.push((checker.into(), id.to_owned()));
        all
    };
    let own = with("checker", &me);
    let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let refused = tony.submit(&page, &action, &own).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("made by a named clinician or manager");
    assert!(refused.body.contains("href=\"#checker\""));
    let closes = tony.fill(&page, &action, &[("words", "He is fine")]);
    let closes = crate::harness::Filling { action: format!("{path}/change/close"), ..closes };
    let not_his = tony.send_form(&closes).await;
    not_his.is(StatusCode::UNPROCESSABLE_ENTITY).says("closed by the clinician or manager");
    // Too late is refused; within hours is passed on.
    let late = with("checker", &sam);
    let mut late: Vec<(&str, &str)> = late.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    late.retain(|(n, _)| *n != "check_time");
    late.push(("check_time", "9pm"));
    let refused = tony.submit(&page, &action, &late).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("within 4 hours");
    assert!(refused.body.contains("href=\"#check_time\""));
    let good = with("checker", &sam);
    let good: Vec<(&str, &str)> = good.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let passed = tony.submit(&page, &action, &good).await;
    passed.is(StatusCode::OK).says("Passed on. The next check").says("Sam Okafor, Clinician");
    world.assert_nothing_lost().await;
    let mut clinician = world.worker(world.sam).await;
    clinician.get("/worried").await.says("Passed on");
    let his = clinician.get(&path).await;
    his.is(StatusCode::OK).says("Very low today");
    let closed =
        clinician.submit(&his, &format!("{path}/change/close"), &[("words", "I saw him. He is safe.")]).await;
    closed.is(StatusCode::OK).says("Closed Sam Okafor").says("I saw him. He is safe.");
    let mut joan = world.worker(world.joan).await;
    joan.get(&path).await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_time_that_the_clocks_skip_is_refused() {
    let world = World::new().await;
    world.set(Calendar::england().moment(jiff::civil::date(2027, 3, 28), 10, 0));
    let mut tony = world.worker(world.tony).await;
    let fields = [
        ("about", "Somebody"),
        ("words", "Worried"),
        ("spoken", "spoke"),
        ("name", "A nurse"),
        ("place", "The ward"),
        ("agreed", "Ring again"),
        ("day-day", "28"),
        ("day-month", "3"),
        ("day-year", "2027"),
        ("time", "1:30am"),
    ];
    let refused = raise(&mut tony, &fields).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#time\""), "{}", refused.text());
    refused.says("clocks");
    assert!(refused.body.contains("1:30am"), "nothing typed is lost");
    assert!(start() < world.now());
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_worry_about_somebody_stands_with_them() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let id = person.rsplit('/').next().unwrap();
    let fields = [("person", id), ("words", "He has not been seen"), ("spoken", "no")];
    let worry = raise(&mut aisha, &fields).await;
    worry.is(StatusCode::OK).says("Badger").says("He has not been seen");
    world.assert_nothing_lost().await;
    let path = worry.path.split('?').next().unwrap().to_owned();
    let mut amir = world.worker(world.amir).await;
    amir.get(&path).await.is(StatusCode::NOT_FOUND);
    let foreign = raise(&mut amir, &fields).await;
    foreign.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_owes_the_next_check_sees_it_on_today_whatever_their_organisation() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let id = person.rsplit('/').next().unwrap();
    let sam = world.sam.worker.to_string();
    let fields = [
        ("person", id),
        ("words", "He has not been seen"),
        ("spoken", "took_it_on"),
        ("name", "Sam Okafor"),
        ("place", "The community team"),
        ("time", "9:50am"),
        ("agreed", "He visits at midday"),
        ("checker", &sam),
        ("check_time", "12:30pm"),
    ];
    let worry = raise(&mut aisha, &fields).await;
    worry.is(StatusCode::OK).says("Passed on. The next check");
    let path = worry.path.split('?').next().unwrap().to_owned();
    let mut clinician = world.worker(world.sam).await;
    let today = clinician.get("/today").await;
    today.says("Somebody is worried").says("Badger").says("Check how they are");
    assert!(today.links("/worries/").contains(&path));
    // That there is somebody he knows by the worry; nothing of the plan is his to open.
    clinician.get(&person).await.is(StatusCode::FORBIDDEN).never("Badger");
    let mut joan = world.worker(world.joan).await;
    joan.get("/today").await.never("Badger");
    // Late: still his, and the partnership has it beside him.
    world.pass_days(3);
    let mut clinician = world.worker(world.sam).await;
    clinician.get("/today").await.says("Check how they are");
    world.assert_nothing_lost().await;
    let page = clinician.get(&path).await;
    let close = format!("{path}/change/close");
    clinician.submit(&page, &close, &[("words", "I saw him. He is safe.")]).await.is(StatusCode::OK);
    clinician.get("/today").await.never("Check how they are");
    world.assert_nothing_lost().await;
}
