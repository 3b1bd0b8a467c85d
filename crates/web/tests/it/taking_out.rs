//! Words that must not be here.
//!
//! - Given a note of Aisha's that is about somebody else, when she asks Grace to take it out, then
//!   it is held by Grace, and nobody else answers it; Aisha herself cannot;
//! - when Grace agrees, then no page, no earlier version, no packet and nothing in the database
//!   holds the words; the journal says that they were taken out, by whom and why, and verifies;
//!   Aisha is held to telling those who had opened them;
//! - given an inquiry that asks for everything to be kept, then nothing is taken out.

use crate::harness::{Browser, Shown, World};
use crate::mine::writing;
use crate::people::add;
use crate::referral::{person_of, save};
use axum::http::StatusCode;
use kith_domain::id::PersonId;
use kith_domain::person::Person;
use kith_domain::plan::Note;
use kith_domain::record::Saved;
use kith_domain::removal::KeepAll;

const CANARY: &str = "canary-9z4-his-brother-owes-money";

async fn note(browser: &mut Browser, here: &str) -> String {
    let write = format!("{here}/note");
    let page = browser.get(&write).await;
    let shown = browser.submit(&page, &write, &[("words", CANARY), ("contact", "no")]).await;
    shown.is(StatusCode::OK).says(CANARY);
    shown.links(&format!("{here}/notes/")).into_iter().next().expect("the note")
}

async fn asks_grace(world: &World, aisha: &mut Browser, note: &str) -> Shown {
    let page = aisha.get(&format!("{note}/take-out")).await;
    page.is(StatusCode::OK).says(CANARY).says("Grace Mensah").never("Bola Ade");
    let grace = world.grace.worker.to_string();
    let fields = [("why", "wrong_person"), ("words", "Another man of that name"), ("second", grace.as_str())];
    save(aisha, &page, &fields).await
}

async fn asked_of(grace: &mut Browser) -> Option<String> {
    let today = grace.get("/today").await;
    let message = today.links("/people/").into_iter().find(|l| l.contains("/messages/"))?;
    grace.get(&message).await.links("/people/").into_iter().find(|l| l.contains("/taking-out/"))
}

/// Everything that the database holds, as text.
async fn everything(world: &World, person: PersonId, note: &str) -> String {
    let id: uuid::Uuid = note.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = world.kith.store().read().await.unwrap();
    let versions = tx.list_versions::<Note>(kith_domain::id::RecordId(id)).await.unwrap();
    assert!(versions.iter().any(|v| v.value.is_none() && v.removed.is_some()), "it was taken out");
    let looks = tx.list_looks(person, kith_domain::time::Instant(i64::MAX), 10_000).await.unwrap();
    let mut text: String = looks.iter().map(|l| format!("{l:?}")).collect();
    text.extend(tx.list_outbox(10_000).await.unwrap().iter().map(|row| format!("{row:?}")));
    text
}

#[tokio::test]
async fn two_people_take_words_out_and_nothing_shows_them_again() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let (person, here) = (person_of(&page), page.path.clone());
    let note = note(&mut aisha, &here).await;
    // Somebody reads it meanwhile.
    let mut bola = world.worker(world.bola).await;
    bola.get(&here).await.says(CANARY);
    // Guarded in another way: an earlier version that has to go too.
    let marks = aisha.get(&note).await;
    aisha.submit(&marks, &note, &[("level", "private")]).await.is(StatusCode::OK);
    asks_grace(&world, &mut aisha, &note).await.is(StatusCode::OK);
    let again = asks_grace(&world, &mut aisha, &note).await;
    again.is(StatusCode::UNPROCESSABLE_ENTITY).says("Somebody is asked about this already");
    let mut grace = world.worker(world.grace).await;
    let asked = asked_of(&mut grace).await.expect("it is on Grace's Today");
    // Not by whoever asked, nor by a colleague who was not.
    for browser in [&mut aisha, &mut bola] {
        let page = browser.get(&asked).await;
        if page.status == StatusCode::OK {
            save(browser, &page, &[("answer", "yes")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    aisha.get(&here).await.says(CANARY);
    let page = grace.get(&asked).await;
    page.says("Another man of that name").says(CANARY);
    save(&mut grace, &page, &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    save(&mut grace, &page, &[("answer", "yes")]).await.is(StatusCode::OK);

    for browser in [&mut aisha, &mut bola, &mut grace] {
        for path in [here.clone(), note.clone(), format!("{note}/take-out"), asked.clone(), "/today".into()] {
            browser.get(&path).await.never(CANARY);
        }
    }
    aisha.get(&here).await.says("Words were taken out here");
    let mut own = world.person(person).await;
    for path in ["/mine", "/mine/plan", "/mine/looked"] {
        own.get(path).await.never(CANARY);
    }
    assert!(!everything(&world, person, &note).await.contains(CANARY));
    // Whoever had opened it is listed, for telling.
    let today = aisha.get("/today").await;
    let told = today.links("/people/").into_iter().find(|l| l.contains("/messages/")).expect("held by Aisha");
    aisha.get(&told).await.says("Bola Ade").says("it is gone").never(CANARY);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn an_inquiry_keeps_everything() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let (person, here) = (person_of(&page), page.path.clone());
    let note = note(&mut aisha, &here).await;
    asks_grace(&world, &mut aisha, &note).await.is(StatusCode::OK);
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let old: Saved<Person> = look.person(&about).unwrap();
    look.finish().await.unwrap();
    let keep =
        KeepAll { what: "The inquiry, IN-7".into(), by: world.grace.worker, at: world.now(), ended: None };
    let new = Person { keep_all: vec![keep], ..old.value.clone() };
    let mut tx = world.kith.store().write().await.unwrap();
    tx.change(&writing(&world), "changed", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
    let mut grace = world.worker(world.grace).await;
    let asked = asked_of(&mut grace).await.expect("it is on Grace's Today");
    let page = grace.get(&asked).await;
    let refused = save(&mut grace, &page, &[("answer", "yes")]).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("The inquiry, IN-7");
    aisha.get(&here).await.says(CANARY);
    // To say no is always possible.
    let page = grace.get(&asked).await;
    save(&mut grace, &page, &[("answer", "no")]).await.is(StatusCode::OK);
    aisha.get(&here).await.says(CANARY);
    world.assert_nothing_lost().await;
}
