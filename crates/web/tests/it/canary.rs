//! What must leave no trace.
//!
//! - Given a sealed address, then nobody but those it names and the person meets it on any page
//!   that any link leads to, in a print, in a message, in what is published or in who looked;
//! - given a supporter who presses the person, then nothing that is written afterwards reaches
//!   them by any link of theirs;
//! - given words that two people took out, then nobody meets them again, anywhere;
//! - given a death of which everybody was told, then no list, no worklist, no print and no message
//!   names the person.

use crate::harness::{Browser, World};
use crate::marks::Writer;
use crate::mine::{put, writing};
use crate::people::add;
use crate::referral::{person_of, save};
use axum::http::StatusCode;
use kith_care::Identity;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{PersonId, RecordId, SupporterId};
use kith_domain::person::{Coercion, Person};
use kith_domain::plan::{Note, NoteKind};
use kith_domain::supporter::{Supporter, SupporterKind};
use std::collections::{BTreeSet, VecDeque};
use uuid::Uuid;

/// Pages that one visitor opens.
const MOST: usize = 150;

/// Every page that links lead to from these, and each body and header.
pub(crate) async fn everything_shown(browser: &mut Browser, from: &[&str]) -> Vec<(String, String)> {
    let mut waiting: VecDeque<String> = from.iter().map(|p| (*p).to_owned()).collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut shown = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let leaves = ["/sign-out", "/leave", "/demo"].iter().any(|p| path.starts_with(p));
        if leaves || shown.len() >= MOST || !known.insert(path.clone()) {
            continue;
        }
        let page = browser.get(&path).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        waiting.extend(page.links("/"));
        let headers: String = page.headers.iter().map(|(n, v)| format!("{n}: {v:?}\n")).collect();
        shown.push((path, headers + &page.body));
    }
    shown
}

fn never(shown: &[(String, String)], who: &str, canary: &str) {
    let met: Vec<&String> = shown.iter().filter(|(_, text)| text.contains(canary)).map(|(p, _)| p).collect();
    assert!(met.is_empty(), "{who} met {canary} at {met:?}");
}

/// What waits to be sent, and what is written down of looks.
pub(crate) async fn outside(world: &World, person: PersonId) -> String {
    let mut tx = world.kith.store().read().await.unwrap();
    let looks = tx.list_looks(person, kith_domain::time::Instant(i64::MAX), 10_000).await.unwrap();
    let mut text: String = looks.iter().map(|l| format!("{l:?}")).collect();
    text.extend(tx.list_outbox(10_000).await.unwrap().iter().map(|row| format!("{row:?}")));
    text
}

const STAFF: [&str; 8] =
    ["/today", "/people", "/inbox", "/worried", "/hand-over/new", "/find", "/declines", "/our-services"];

/// Somebody with a plan, written straight into the database.
async fn somebody(world: &World, called: &str) -> PersonId {
    let person = PersonId(Uuid::now_v7());
    let at = world.now();
    let mut tx = world.kith.store().write().await.unwrap();
    let day = world.kith.calendar().day(at);
    let maker = crate::harness::Maker { tx: &mut tx, at };
    Writer { maker, by: world.aisha, person, day }.person(called, "01632 960777").await;
    tx.commit().await.unwrap();
    person
}

fn note(world: &World, words: &str) -> Note {
    Note {
        area: Area::Connection,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        hidden: false,
        hidden_reason: None,
        hidden_review: None,
        third_party: false,
        allow_list: Vec::new(),
        marked: Vec::new(),
        kind: NoteKind::Story,
        words: words.into(),
        on: world.kith.calendar().day(world.now()),
        contact_with: None,
        amends: None,
    }
}

#[tokio::test]
async fn a_sealed_address_is_met_by_nobody_else() {
    let world = World::new().await;
    let person = somebody(&world, "Badger").await;
    let sealed = Note {
        area: Area::Identity,
        kind: NoteKind::SealedAddress,
        sensitivity: Sensitivity::S4,
        allow_list: vec![world.sam.worker],
        ..note(&world, "canary-address-4k1")
    };
    put(&world, person, RecordId(Uuid::now_v7()), &sealed).await;
    let here = format!("/people/{person}");
    let sealed = format!("{here}/sealed");
    let print = format!("{here}/plan/print");
    let from = [&STAFF[..], &[here.as_str(), &sealed, &print]].concat();
    for (who, cast) in [
        ("aisha", world.aisha),
        ("grace", world.grace),
        ("joan", world.joan),
        ("nadia", world.nadia),
        ("tony", world.tony),
    ] {
        let mut browser = world.worker(cast).await;
        never(&everything_shown(&mut browser, &from).await, who, "canary-address-4k1");
    }
    let public = everything_shown(&mut world.browser(), &["/", "/find", "/oruk/v3/services"]).await;
    never(&public, "the public", "canary-address-4k1");
    let mut own = world.person(person).await;
    let paper = everything_shown(&mut own, &["/mine/print", "/mine/looked", "/mine/sharing"]).await;
    never(
        &paper.into_iter().filter(|(p, _)| p.contains("print") || p.contains("looked")).collect::<Vec<_>>(),
        "paper",
        "canary-address-4k1",
    );
    assert!(!outside(&world, person).await.contains("canary-address-4k1"));
    // The test is not blind: those it names do meet it.
    let mut sam = world.worker(world.sam).await;
    let his = everything_shown(&mut sam, &[&sealed]).await;
    assert!(his.iter().any(|(_, text)| text.contains("canary-address-4k1")), "Sam stands on its list");
}

#[tokio::test]
async fn nothing_written_afterwards_reaches_a_supporter_who_presses() {
    let world = World::new().await;
    let person = somebody(&world, "Badger").await;
    let value = Supporter {
        name: "Rick".into(),
        relation: "partner".into(),
        kind: SupporterKind::Carer,
        contact: None,
        areas: vec![Area::Connection],
        categories: Vec::new(),
        agreed_at: Some(world.now()),
        proof: None,
        from: world.kith.calendar().day(world.now()),
        until: None,
        given: None,
        ended: None,
        seen: None,
    };
    let supporter: SupporterId = {
        let id = RecordId(Uuid::now_v7());
        put(&world, person, id, &value).await;
        id.into()
    };
    let sign_in = async || {
        let identity = Identity::Supporter { supporter, person };
        let session = world.kith.begin_session(&identity, None, 2, world.now()).await.unwrap();
        Browser { cookie: Some(session.cookie), ..world.browser() }
    };
    put(&world, person, RecordId(Uuid::now_v7()), &note(&world, "canary-before-7m2")).await;
    let mut rick = sign_in().await;
    let first = everything_shown(&mut rick, &["/beside"]).await;
    let saw_before = first.iter().any(|(_, text)| text.contains("canary-before-7m2"));
    // It is quietly written down; he had seen nothing that is kept.
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let old = look.person(&about).unwrap();
    look.finish().await.unwrap();
    let coercion = Coercion {
        since: world.now(),
        supporters: vec![supporter],
        frozen: Vec::new(),
        review_on: None,
        noted_by: None,
    };
    let mut tx = world.kith.store().write().await.unwrap();
    let new = Person { coercion: Some(coercion), ..old.value.clone() };
    tx.change(&writing(&world), "changed", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
    put(&world, person, RecordId(Uuid::now_v7()), &note(&world, "canary-after-7m3")).await;
    let later = everything_shown(&mut sign_in().await, &["/beside"]).await;
    never(&later, "Rick", "canary-after-7m3");
    never(&later, "Rick", "canary-before-7m2");
    assert!(!outside(&world, person).await.contains("canary-after-7m3"));
    assert!(!later.is_empty() && (saw_before || !first.is_empty()));
}

#[tokio::test]
async fn words_that_were_taken_out_are_met_by_nobody() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let (person, here) = (person_of(&page), page.path.clone());
    let write = format!("{here}/note");
    let page = aisha.get(&write).await;
    let fields = [("words", "canary-taken-2p8"), ("contact", "no"), ("visiting", "yes")];
    let shown = aisha.submit(&page, &write, &fields).await;
    shown.says("Before you visit");
    let note = shown.links(&format!("{here}/notes/")).into_iter().next().expect("the note");
    let before = everything_shown(&mut aisha, &[&here]).await;
    assert!(before.iter().any(|(_, text)| text.contains("canary-taken-2p8")), "the test is not blind");
    let out = format!("{note}/take-out");
    let page = aisha.get(&out).await;
    let grace_id = world.grace.worker.to_string();
    let fields =
        [("why", "unlawful"), ("words", "We had no right to keep this"), ("second", grace_id.as_str())];
    save(&mut aisha, &page, &fields).await.is(StatusCode::OK);
    let mut grace = world.worker(world.grace).await;
    let message = grace.get("/today").await.links("/people/").into_iter().find(|l| l.contains("/messages/"));
    let asked = grace.get(&message.expect("held by Grace")).await;
    let asked =
        asked.links("/people/").into_iter().find(|l| l.contains("/taking-out/")).expect("the question");
    let page = grace.get(&asked).await;
    save(&mut grace, &page, &[("answer", "yes")]).await.is(StatusCode::OK);
    let print = format!("{here}/plan/print");
    let from = [&STAFF[..], &[here.as_str(), &note, &out, &print]].concat();
    for (who, cast) in
        [("aisha", world.aisha), ("grace", world.grace), ("bola", world.bola), ("nadia", world.nadia)]
    {
        let mut browser = world.worker(cast).await;
        never(&everything_shown(&mut browser, &from).await, who, "canary-taken-2p8");
    }
    let mut own = world.person(person).await;
    never(&everything_shown(&mut own, &["/mine", "/mine/looked"]).await, "Badger", "canary-taken-2p8");
    assert!(!outside(&world, person).await.contains("canary-taken-2p8"));
}

#[tokio::test]
async fn after_a_death_of_which_everybody_knows_no_list_names_them() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "canary-name-6d5").await;
    let (person, here) = (person_of(&page), page.path.clone());
    assert!(aisha.get("/people").await.body.contains("canary-name-6d5"), "the test is not blind");
    let life = format!("{here}/life");
    let page = aisha.get(&life).await;
    let sure = aisha.submit(&page, &life, &[("change", "died")]).await;
    aisha.submit(&sure, &life, &[]).await.is(StatusCode::OK);
    let page = aisha.get(&life).await;
    aisha.submit(&page, &life, &[("change", "everyone_told")]).await.is(StatusCode::OK);
    for days in [0, 1, 30, 120] {
        world.pass_days(days);
        world.kith.run_daily(Uuid::now_v7(), world.now()).await.unwrap();
        assert!(!outside(&world, person).await.contains("canary-name-6d5"));
        let mut tx = world.kith.store().read().await.unwrap();
        let waiting = tx.list_outbox(10_000).await.unwrap();
        drop(tx);
        assert!(waiting.iter().all(|row| !format!("{row:?}").contains(&person.to_string())));
        for (who, cast) in [("aisha", world.aisha), ("grace", world.grace), ("bola", world.bola)] {
            let mut browser = world.worker(cast).await;
            for path in ["/today", "/worried", "/hand-over/new", "/inbox"] {
                let shown = browser.get(path).await;
                assert!(!shown.body.contains("canary-name-6d5"), "{who} met a dead person's name at {path}");
            }
        }
        world.assert_nothing_lost().await;
    }
}
