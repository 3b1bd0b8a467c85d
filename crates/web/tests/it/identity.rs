//! Who somebody is.
//!
//! - Given two people entered with one name and one telephone, then a pair is held for two
//!   named people; nobody who adds somebody is told; their navigators see nothing of it.
//! - Given that both say "one person", then the two are linked, and not before; nothing is moved
//!   and nobody sees more than before.
//! - Given something written on each while they were linked, when the link is undone, then each
//!   stands where it was written and is listed to be looked at; both pages are as they were; the
//!   pair is never held again.

use crate::harness::World;
use crate::mine::{id, put};
use axum::http::StatusCode;
use kith_domain::id::PersonId;

pub(crate) async fn two(world: &World, name: &str, phone: &str) -> [PersonId; 2] {
    let mut aisha = world.worker(world.aisha).await;
    let mut found = Vec::new();
    for first in [true, false] {
        let mut page = crate::people::add(&mut aisha, name).await;
        if !first {
            // She added somebody of this name just now herself: she says that it is another.
            page.is(StatusCode::UNPROCESSABLE_ENTITY).says("Is this the same person");
            page = aisha.submit(&page, "/people/add", &[("another", "yes")]).await;
        }
        let person: PersonId = page.path.rsplit('/').next().unwrap().parse().unwrap();
        let action = format!("/people/{person}/details");
        let form = aisha.get(&action).await;
        let saved = aisha.submit(&form, &action, &[("phone", phone)]).await;
        saved.is(StatusCode::OK).never("one person");
        found.push(person);
    }
    [found[0], found[1]]
}

#[tokio::test]
async fn two_named_people_decide_and_undo_and_nothing_is_moved() {
    let world = World::new().await;
    let people = two(&world, "Ana Lagoeiro", "07700 900417").await;
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/identity").await.says("Nothing waits for you here");
    aisha.get("/today").await.never("one person");
    // The lead of the net, and the second named person.
    let mut grace = world.worker(world.grace).await;
    let mut nadia = world.worker(world.nadia).await;
    grace.get("/today").await.says("Who somebody is");
    let at = grace.get("/identity").await.links("/identity/").remove(0);
    let page = grace.get(&at).await;
    page.says("Same phone number").says("Aisha Rahman").never("Lagoeiro").never("900417");
    aisha.get(&at).await.is(StatusCode::NOT_FOUND);
    let say = format!("{at}/say");
    grace.submit(&page, &say, &[("what", "same")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    let once = grace.submit(&page, &say, &[("what", "same"), ("words", "I rang Aisha.")]).await;
    once.is(StatusCode::OK).never("Linked");
    world.assert_nothing_lost().await;
    let page = nadia.get(&at).await;
    let linked = nadia.submit(&page, &say, &[("what", "same"), ("words", "So did I.")]).await;
    linked.says("Linked: one person");

    // Something is written on each while they are linked.
    world.set(world.now().plus_hours(1));
    for person in people {
        put(&world, person, id(), &crate::rights::note(&format!("Only of {person}."), false)).await;
    }
    let story = |person: PersonId| format!("/people/{person}");
    // The sign-ins of an hour ago are over.
    let mut aisha = world.worker(world.aisha).await;
    for (mine, other) in [(people[0], people[1]), (people[1], people[0])] {
        let words = format!("Only of {other}.");
        aisha.get(&story(mine)).await.says(&format!("Only of {mine}.")).never(&words);
    }
    world.set(world.now().plus_hours(1));
    let (mut grace, mut aisha) = (world.worker(world.grace).await, world.worker(world.aisha).await);
    let page = grace.get(&at).await;
    page.says("Written while they were linked").says("A note");
    let undone = grace.submit(&page, &format!("{at}/undo"), &[("words", "They are cousins.")]).await;
    undone.says("Link undone: two people").says("A note");
    for person in people {
        aisha.get(&story(person)).await.says(&format!("Only of {person}."));
    }
    // They are never held as a pair again.
    let action = format!("/people/{}/details", people[0]);
    let form = aisha.get(&action).await;
    aisha.submit(&form, &action, &[("phone", "07700 900 417")]).await.is(StatusCode::OK);
    assert_eq!(grace.get("/identity").await.links("/identity/").len(), 1);
    world.assert_nothing_lost().await;
}
