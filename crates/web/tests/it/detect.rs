//! Snooping is found by night.
//!
//! Given a worker who opened the plan of somebody with their own last name and did nothing,
//! when the night has passed, then one question is with the one who looks into it, without
//! the name of anybody; a second run writes nothing more; it is worked in words.
//! Given ordinary work, nothing is found.

use crate::glass::questions_on;
use crate::harness::{Cast, Maker, World, start};
use crate::mine::badger;
use axum::http::StatusCode;
use kith_domain::look_question::LookQuestion;
use kith_domain::organisation::{WorkRole, Worker};
use kith_domain::time::Instant;
use kith_store::look::{Look, Outcome};
use uuid::Uuid;

#[tokio::test]
async fn a_planted_look_is_found_once_and_worked() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;

    let added = crate::people::add(&mut aisha, "Tunde Ade").await;

    let person = added.path.rsplit('/').next().unwrap().to_owned();
    // Bola is in the team, so that the plan opens; nobody asked her to.
    let mut bola = world.worker(world.bola).await;
    bola.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    world.set(start().plus_days(1));
    assert_eq!(night(&world).await, 1);
    world.set(start().plus_days(1).plus_hours(1));
    assert_eq!(night(&world).await, 0, "a day is gone through once");
    // The night broke off before it was written down that the day is done: it is gone through
    // again, finds the same, and writes nothing more, whoever holds the lease now.
    for hours in [2, 30] {
        again(&world).await;
        world.set(start().plus_days(1).plus_hours(hours));
        assert_eq!(night(&world).await, 0, "the same finding is the same question");
        assert_eq!(questions(&world).await, 1);
    }
    // And it was really gone through: another look of that day is found.
    look_of(&world, world.sam, &person, start().plus_hours(3)).await;
    again(&world).await;
    world.set(start().plus_days(1).plus_hours(31));
    assert_eq!(night(&world).await, 1, "what was not found before is");
    assert_eq!(questions(&world).await, 2);
    world.assert_nothing_lost().await;
    let mut nobody = world.worker(world.bola).await;
    assert!(questions_on(&nobody.get("/today").await).is_empty());
    let mut grace = world.worker(world.grace).await;
    let link = questions_on(&grace.get("/today").await).remove(0);
    let page = grace.get(&link).await;
    page.says("same last name").says("It may be chance").never("Tunde");
    let to = format!("{link}/decide");
    grace.submit(&page, &to, &[("outcome", "not_explained")]).await.says("what follows");
    let fields = [("outcome", "not_explained"), ("follows", "Spoke to Bola; her lead follows up.")];
    grace.submit(&page, &to, &fields).await.says("There is no good reason");
}

/// The nightly run, on one server more each time: the one before has let go of the lease, which
/// goes by the clock of the database. Gives back how many questions are new.
async fn night(world: &World) -> u64 {
    let server = Uuid::now_v7();
    let ran = world.kith.run_daily(server, world.now()).await.unwrap();
    assert!(!ran.elsewhere, "it was really run");
    let mut tx = world.kith.store().write().await.unwrap();
    tx.take_lease("daily", server, 0).await.unwrap();
    tx.commit().await.unwrap();
    ran.found
}

/// As if nothing had been gone through yet.
async fn again(world: &World) {
    let mut tx = world.kith.store().write().await.unwrap();
    assert!(tx.find_setting("snooping_done").await.unwrap().is_some(), "it is written down how far it went");
    tx.save_setting("snooping_done", "2026-11-23").await.unwrap();
    tx.commit().await.unwrap();
}

/// How many questions about looks there are.
async fn questions(world: &World) -> usize {
    let mut tx = world.kith.store().read().await.unwrap();
    let mut all = std::collections::BTreeSet::new();
    for cast in [world.grace, world.nadia, world.sam, world.aisha, world.bola] {
        let near: Vec<kith_store::Guarded<kith_domain::record::Saved<LookQuestion>>> =
            tx.list_linked(kith_domain::link::HOLDER_LEAD, cast.worker, false, 100).await.unwrap();
        all.extend(near.into_iter().map(|g| g.item().id));
    }
    all.len()
}

/// A look as the log has it: of somebody whose own plan it says it is.
async fn look_of(world: &World, cast: Cast, person: &str, at: Instant) {
    let who = serde_json::to_string(&kith_care::Identity::Worker {
        worker: cast.worker,
        organisation: cast.organisation,
        role: cast.role,
    });
    let person = person.parse().unwrap();
    let look = Look {
        at,
        request: Uuid::now_v7(),
        who: who.unwrap(),
        organisation: Some(cast.organisation.0),
        role: cast.role.code().into(),
        person: Some(person),
        purpose: "direct_care".into(),
        action: "view".into(),
        basis: "B3".into(),
        outcome: Outcome::Opened,
        parts: "needs".into(),
    };
    // Sam is called like the one who was looked at.
    let mut tx = world.kith.store().write().await.unwrap();
    let mut sam = tx.find_common::<Worker>(cast.worker).await.unwrap().unwrap();
    sam.value.name = "Sam Ade".into();
    tx.change(&crate::mine::writing(world), "married", &sam.meta, &sam.value).await.unwrap();
    tx.record_looks(person.0, &[look]).await.unwrap();
    tx.commit().await.unwrap();
}

/// A name on the list of information governance is always looked into, but for who supports them
/// by name; without it nothing is.
#[tokio::test]
async fn a_well_known_name_is_always_looked_into() {
    let world = World::new().await;
    let governs = {
        let mut tx = world.kith.store().write().await.unwrap();
        let mut m = Maker { tx: &mut tx, at: start().plus_days(-30) };
        let cast =
            m.worker("Miriam Oak", world.aisha.organisation, world.aisha.team, WorkRole::IgAuditor).await;
        tx.commit().await.unwrap();
        cast
    };
    let mut aisha = world.worker(world.aisha).await;
    let added = crate::people::add(&mut aisha, "Dana Bright").await;
    let person = added.path.rsplit('/').next().unwrap().to_owned();
    aisha.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    // Bola is in the team, and nobody asked her to.
    let mut bola = world.worker(world.bola).await;
    bola.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    let mut miriam = world.worker(governs).await;
    let page = miriam.get("/looks/well-known").await;
    let to = "/looks/well-known";
    miriam.submit(&page, to, &[("names", "Dana")]).await.says("first and the last name");
    miriam.submit(&page, to, &[("names", "dana  BRIGHT\nZoe Ball")]).await.is(StatusCode::OK);
    miriam.get(to).await.says("Zoe Ball");
    world.worker(world.aisha).await.get(to).await.is(StatusCode::NOT_FOUND);
    world.set(start().plus_days(1));
    assert_eq!(night(&world).await, 1, "Bola's look, and not that of who supports them");
    // Miriam is in the same team as Bola, so somebody outside it looks.
    let mut grace = world.worker(world.grace).await;
    let link = questions_on(&grace.get("/today").await).remove(0);
    grace.get(&link).await.says("a well-known name").never("Dana");
}

/// A try at the plan of somebody one is close to is held for whoever looks into it, also where nobody
/// has an e-mail address; what was tried before it was said is not.
#[tokio::test]
async fn a_try_at_the_plan_of_somebody_close_is_held() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let action = format!("/people/{person}/close");
    let mut bola = world.worker(world.bola).await;
    let form = bola.get(&action).await;
    bola.submit(&form, &action, &[("kind", "relative")]).await.is(StatusCode::OK);
    world.set(start().plus_days(1));
    assert_eq!(night(&world).await, 0, "saying so is no try");
    world.set(start().plus_days(1).plus_hours(1));
    bola = world.worker(world.bola).await;
    bola.get(&format!("/people/{person}")).await.is(StatusCode::NOT_FOUND);
    world.set(start().plus_days(2));
    assert_eq!(night(&world).await, 1);
    assert!(questions_on(&world.worker(world.bola).await.get("/today").await).is_empty());
    let mut grace = world.worker(world.grace).await;
    let link = questions_on(&grace.get("/today").await).remove(0);
    let page = grace.get(&link).await;
    page.says("to whom they are close").says("Nothing was shown to them").never("Badger");
    let fields = [("outcome", "explained"), ("follows", "A slip of the hand.")];
    grace.submit(&page, &format!("{link}/decide"), &fields).await.says("There is a good reason");
}

/// A worker reads at what they looked themselves, by reference, and nobody else's looks.
#[tokio::test]
async fn a_worker_sees_their_own_looks_and_no_others() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    aisha.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    let mine = aisha.get("/looks/mine").await;
    let reference = kith_care::coming_in::reference(person.into());
    mine.says("Today").says(&reference).says("name and contact").never("Badger").never("was not let in");
    let mut tony = world.worker(world.tony).await;
    tony.get("/looks/mine").await.says("You opened nothing").never(&reference);
    // A try that was refused is theirs to read as well.
    tony.get(&format!("/people/{person}")).await.is(StatusCode::NOT_FOUND);
    tony.get("/looks/mine").await.says(&reference).says("not let in");
    let mut bola = world.worker(world.bola).await;
    bola.get("/looks/mine").await.never(&reference);
    aisha.get("/looks/mine?until=2026-11-17").await.says("You opened nothing").never(&reference);
    aisha.get("/looks/mine?until=nonsense").await.says(&reference);
    world.browser().get("/looks/mine").await.never(&reference);
    let mut own = world.person(person).await;
    own.get("/looks/mine").await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ordinary_work_is_not_found() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    aisha.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    world.set(start().plus_days(1));
    assert_eq!(night(&world).await, 0);
    world.set(start().plus_days(20));
    assert_eq!(night(&world).await, 0);
}
