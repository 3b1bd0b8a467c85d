//! How the partnership is doing.
//!
//! - Given Nadia, partnership manager, when she opens the page, then she sees counts
//!   through the gate and nobody's name.
//! - Given fewer than five people, then no count of people is shown.
//! - Given a person whose holder is edited away in the database, then the page and the
//!   check name the reference and the organisation, never the person.
//! - Given the same, when the leads of the organisation that holds it open their list, then
//!   whoever may open the person's page sees the name, and nobody else.
//! - Given an analyst, then the page has counts and no lost list; given a navigator or a
//!   lead, then the page is not there.
//! - Given the nightly job run twice and on two servers, then everybody is told once.
//! - Given something that is lost, when the nightly job runs, then the two people of the net and the
//!   service lead of whoever lost it are told once a day that there is something, and nothing of whom.

use crate::harness::{Cast, Maker, World};
use crate::people::add;
use axum::http::StatusCode;
use kith_domain::id::{PersonId, WorkerId};
use kith_domain::organisation::{WorkRole, Worker};
use kith_domain::record::Author;
use kith_store::Writing;
use uuid::Uuid;

#[tokio::test]
async fn the_manager_sees_counts_and_no_names() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    add(&mut aisha, "Badger").await;
    let mut nadia = world.worker(world.nadia).await;
    let page = nadia.get("/partnership").await;
    page.is(StatusCode::OK).says("Nobody is lost").never("Badger");
    page.says("People with an open plan too few to show");
    aisha.get("/partnership").await.is(StatusCode::NOT_FOUND);
}

/// Plants a holder that does not exist, which cannot be done through Kith. The person of this page.
async fn lose(world: &World, path: &str) -> PersonId {
    let person: PersonId = path.trim_start_matches("/people/").parse().unwrap();
    world.assert_nothing_lost().await;
    let mut tx = world.kith.store().write().await.unwrap();
    let records = tx.list_of_person(person).await.unwrap();
    let sealed = records.of::<kith_domain::person::Person>().unwrap().remove(0);
    let actor = kith_access::Actor::job(world.now());
    let standing = kith_access::Standing::default();
    let mut batch = kith_access::Batch::new(world.kith.decider(), &actor, &standing, world.now());
    let ask = batch.ask(kith_access::Action::Check);
    let world_of = kith_access::PersonWorld::of(person);
    let (mut saved, _) = batch.open(&world_of, sealed, &ask).unwrap();
    saved.value.holder.lead = Some(WorkerId(Uuid::now_v7()));
    let writing =
        Writing { at: world.now(), author: Author::Operator, recorded_for: None, basis: "planted".into() };
    tx.change(&writing, "planted", &saved.meta, &saved.value).await.unwrap();
    tx.commit().await.unwrap();
    person
}

#[tokio::test]
async fn an_analyst_sees_counts_and_no_lost_list() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = add(&mut aisha, "Badger").await.path;
    let person = lose(&world, &path).await;
    let Cast { organisation, team, .. } = world.aisha;
    let ira = crate::admin::one_more(&world, organisation, team, WorkRole::Analyst).await;
    let mut ira = world.worker(ira).await;
    let page = ira.get("/partnership").await;
    page.is(StatusCode::OK).says("People with an open plan").says("Members and agreements");
    page.never("Badger").never(&person.to_string()).never("thing is lost").never("Nobody is lost");
    // Whom the rules give no counts does not find the page either.
    for lead in [world.grace, world.dev] {
        world.worker(lead).await.get("/partnership").await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_lost_thing_is_named_by_reference_only() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = add(&mut aisha, "Badger").await.path;
    let person = lose(&world, &path).await;
    let checked = world.kith.check(world.now()).await.unwrap();
    assert_eq!(checked.lost.len(), 1, "{:?}", checked.lost);
    assert_eq!(checked.lost[0].reference, person.to_string());
    let mut nadia = world.worker(world.nadia).await;
    let page = nadia.get("/partnership").await;
    page.says("1 thing is lost").says(&person.to_string()).says("Brackenford Together").never("Badger");
}

#[tokio::test]
async fn the_holders_leads_see_whom_they_lost() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = add(&mut aisha, "Badger").await.path;
    let Cast { organisation, .. } = world.aisha;
    let mut grace = world.worker(world.grace).await;
    grace.get("/lost").await.is(StatusCode::OK).says("Nothing is lost here").never("Badger");
    let person = lose(&world, &path).await.to_string();
    let ruth = crate::admin::one_more(&world, organisation, world.aisha.team, WorkRole::ServiceLead).await;
    let mut ruth = world.worker(ruth).await;
    for lead in [&mut grace, &mut ruth] {
        let page = lead.get("/lost").await;
        page.says("1 thing is lost here").says("Badger").says(&person).says("Lost");
        assert_eq!(page.links(&path).len(), 1, "the name leads to the page");
        lead.get(&path).await.is(StatusCode::OK).says("Badger");
    }
    // A lead of the same organisation who may not open the plan has the reference and no name.
    let mut tx = world.kith.store().write().await.unwrap();
    let at = world.now().plus_days(-400);
    let desk = Maker { tx: &mut tx, at }.team(organisation, "Front desk", false, false).await;
    tx.commit().await.unwrap();
    let elsewhere = crate::admin::one_more(&world, organisation, desk, WorkRole::TeamLead).await;
    let mut elsewhere = world.worker(elsewhere).await;
    elsewhere.get(&path).await.is(StatusCode::NOT_FOUND);
    elsewhere.get("/lost").await.says("1 thing is lost here").says(&person).never("Badger");
    // Another organisation's lead has neither; nobody else has the page.
    let mut dev = world.worker(world.dev).await;
    dev.get("/lost").await.is(StatusCode::OK).says("Nothing is lost here").never("Badger").never(&person);
    for cast in [world.aisha, world.nadia, world.joan] {
        world.worker(cast).await.get("/lost").await.is(StatusCode::NOT_FOUND);
    }
}

/// What the nightly job told of lost things on this day: to whom, and what it said.
async fn told_of_lost(world: &World) -> Vec<(String, String)> {
    let ran = world.kith.run_daily(Uuid::from_u128(3), world.now()).await.unwrap();
    assert!(!ran.elsewhere);
    let day = kith_domain::time::Calendar::england().day(world.now()).to_string();
    let mut tx = world.kith.store().read().await.unwrap();
    let messages = tx.list_outbox(1_000).await.unwrap();
    let lost = messages.into_iter().filter(|m| m.dedupe.starts_with("lost:") && m.dedupe.ends_with(&day));
    let mut told: Vec<_> = lost.map(|m| (m.address, format!("{} {}", m.subject, m.body))).collect();
    told.sort();
    told
}

#[tokio::test]
async fn the_nightly_check_tells_somebody_of_what_is_lost() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = add(&mut aisha, "Badger").await.path;
    let Cast { organisation, team, .. } = world.aisha;
    let ruth = crate::admin::one_more(&world, organisation, team, WorkRole::ServiceLead).await;
    let address = |cast: Cast| format!("{}@example.org", cast.worker);
    for cast in [world.aisha, world.bola, world.grace, world.nadia, world.joan, world.dev, ruth] {
        let email = address(cast);
        crate::referral::alter::<Worker>(&world, cast.worker, |w| w.email = Some(email)).await;
    }
    assert!(told_of_lost(&world).await.is_empty(), "nothing is lost");
    let person = lose(&world, &path).await.to_string();
    // The net: Grace leads its team, Nadia is its second. Ruth leads the service that lost him.
    let mut whom = [world.grace, world.nadia, ruth].map(address);
    whom.sort();
    for _ in 0..2 {
        for _ in 0..2 {
            let told = told_of_lost(&world).await;
            let to: Vec<&str> = told.iter().map(|(to, _)| to.as_str()).collect();
            assert_eq!(to, whom, "each of them once a day");
            for (_, said) in &told {
                assert!(said.contains("something is lost") && said.contains("1 thing"), "{said}");
                assert!(!said.contains("Badger") && !said.contains(&person), "{said}");
            }
        }
        world.pass_days(1);
    }
}

#[tokio::test]
async fn jobs_tell_once_however_often_they_run() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    add(&mut aisha, "Badger").await;
    let mut tx = world.kith.store().write().await.unwrap();
    let mut worker = tx.find_common::<Worker>(world.aisha.worker).await.unwrap().unwrap();
    worker.value.email = Some("aisha@example.org".into());
    let writing = Writing {
        at: world.now(),
        author: Author::Operator,
        recorded_for: None,
        basis: "administration".into(),
    };
    tx.change(&writing, "address", &worker.meta, &worker.value).await.unwrap();
    tx.commit().await.unwrap();
    world.pass_days(7);
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let first = world.kith.run_daily(one, world.now()).await.unwrap();
    assert!(!first.elsewhere && first.told >= 1);
    let second = world.kith.run_daily(two, world.now()).await.unwrap();
    assert!(second.elsewhere, "another server holds the lease");
    world.kith.run_daily(one, world.now()).await.unwrap();
    let mut tx = world.kith.store().read().await.unwrap();
    let messages = tx.list_outbox(100).await.unwrap();
    assert_eq!(messages.iter().filter(|m| m.address == "aisha@example.org").count(), 1);
    assert!(messages.iter().all(|m| !m.body.contains("Badger") && !m.subject.contains("Badger")));
}
