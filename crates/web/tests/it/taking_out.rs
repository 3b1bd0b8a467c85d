//! Words that must not be here.
//!
//! - Given a note of Aisha's that is about somebody else, when she asks Grace to take it out, then
//!   it is held by Grace, and nobody else answers it; Aisha herself cannot;
//! - when Grace agrees, then no page, no earlier version, no packet and nothing in the database
//!   holds the words; the journal says that they were taken out, by whom and why, and verifies;
//!   Aisha is held to telling those who had opened them;
//! - given an inquiry that asks for everything to be kept, then nothing is taken out.

use crate::harness::{Browser, Cast, Shown, World};
use crate::mine::{with_referral, writing};
use crate::people::add;
use crate::referral::{person_of, put, save};
use axum::http::StatusCode;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::person::Person;
use kith_domain::plan::Note;
use kith_domain::record::{Kind, Saved};
use kith_domain::referral::{Packet, PacketLine, Referral};
use kith_domain::removal::KeepAll;
use kith_domain::right::{AnswerWay, CameAs, CopyLine, LineFate, Right, RightKind, StaysBack};
use kith_domain::supporter::Involvement;
use kith_domain::time::{Calendar, plus_days};
use kith_store::NewRecord;

const CANARY: &str = "canary-9z4-his-brother-owes-money";

async fn note(browser: &mut Browser, here: &str) -> String {
    let write = format!("{here}/note");
    let page = browser.get(&write).await;
    let shown = browser.submit(&page, &write, &[("words", CANARY), ("contact", "no")]).await;
    shown.is(StatusCode::OK).says(CANARY);
    shown.links(&format!("{here}/notes/")).into_iter().next().expect("the note")
}

/// A note in another organisation's part.
async fn written_by(world: &World, cast: Cast, person: PersonId, words: &str) {
    let note = Note { area: Area::Housing, ..crate::consent::note(world, words, Sensitivity::S1, &[]) };
    let mut tx = world.kith.store().write().await.unwrap();
    let id = RecordId(uuid::Uuid::now_v7());
    let new = NewRecord { id, person: Some(person), owner: cast.organisation };
    tx.create(&writing(world), "made", new, &note).await.unwrap();
    tx.commit().await.unwrap();
}

/// The words of the notes that this worker reads, by a look that is written down.
async fn read_by(world: &World, cast: Cast, person: PersonId) -> Vec<String> {
    let who = world.principal(cast).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let notes = look.all::<Note>(&about).unwrap();
    look.finish().await.unwrap();
    notes.into_iter().map(|n| n.value.words).collect()
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

/// Every row of every table, as text: what a backup holds.
async fn everything(world: &World) -> String {
    let ground = tempfile::tempdir().unwrap();
    let path = ground.path().join("all");
    kith_store::copy::backup(world.kith.store(), &path, world.now(), &mut |_, _| {}).await.unwrap();
    String::from_utf8(zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap()).unwrap()
}

/// A packet that holds the words, and a copy in which they would be blacked out.
async fn hold_it_elsewhere(world: &World, person: PersonId, item: RecordId) {
    with_referral(world, person).await;
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let like = look.all::<Referral>(&about).unwrap().pop().expect("one to write it like").value;
    look.finish().await.unwrap();
    let words = CANARY.to_owned();
    let kind = Kind::Note;
    let lines =
        like.packet.lines.iter().map(|l| PacketLine { item, kind, words: words.clone(), ..l.clone() });
    let packet = Packet { lines: lines.collect(), ..like.packet.clone() };
    put(world, person, &Referral { packet, ..like.clone() }).await;
    let today = Calendar::england().day(world.now());
    let blacked = CopyLine {
        item,
        version: 1,
        fate: LineFate::Without { words: vec![words], why: StaysBack::SomebodyElse },
        by: world.grace.worker,
        at: world.now(),
    };
    let copy = Right {
        kind: RightKind::Copy,
        called: "Badger".into(),
        words: None,
        organisation: world.aisha.organisation,
        asked_on: today,
        made_at: world.now(),
        came: CameAs::Said,
        way: AnswerWay::Paper,
        holder: like.sender.into(),
        say_by: None,
        answer_by: plus_days(today, 28),
        said: None,
        more_time: None,
        second: None,
        lines: vec![blacked],
        release: None,
        went: None,
        ended: None,
    };
    put(world, person, &copy).await;
}

#[tokio::test]
async fn two_people_take_words_out_and_nothing_shows_them_again() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let (person, here) = (person_of(&page), page.path.clone());
    let note = note(&mut aisha, &here).await;
    // Somebody reads it meanwhile; somebody of a service reads what their own organisation wrote.
    let mut bola = world.worker(world.bola).await;
    bola.get(&here).await.says(CANARY);
    let involved = Involvement {
        organisation: world.lena.organisation,
        team: world.lena.team,
        worker: None,
        role: "Larch Court".into(),
        key_worker: false,
        areas: vec![Area::Housing],
        from: Calendar::england().day(world.now()),
        until: None,
    };
    put(&world, person, &involved).await;
    let mut lena = world.worker(world.lena).await;
    written_by(&world, world.lena, person, "He came by about the room").await;
    assert_eq!(read_by(&world, world.lena, person).await, ["He came by about the room"]);
    // What a copy would have blacked out of it, and a packet that held it.
    let item = RecordId(note.rsplit('/').next().unwrap().parse().unwrap());
    hold_it_elsewhere(&world, person, item).await;
    assert!(everything(&world).await.matches(CANARY).count() >= 3, "it is in the note, a packet and a copy");
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
    assert!(!everything(&world).await.contains(CANARY));
    let verified = kith_store::verify::verify(world.kith.store(), None, None, &mut |_| {}).await.unwrap();
    assert!(verified.is_clean(), "{verified:?}");
    // Whoever had opened it is listed, for telling; not whoever opened their own organisation's notes only.
    let today = aisha.get("/today").await;
    let told = today.links("/people/").into_iter().find(|l| l.contains("/messages/")).expect("held by Aisha");
    aisha.get(&told).await.says("Bola Ade").says("it is gone").never("Lena").never("Larch").never(CANARY);
    assert!(asked_of(&mut lena).await.is_none());
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
