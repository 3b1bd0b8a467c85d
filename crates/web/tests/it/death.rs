//! A death, and a death recorded by mistake.
//!
//! - Given Badger, helped by DebtHelp and looked after by Maureen, his carer, when Aisha writes
//!   down that he died, then DebtHelp's team reads it, whoever holds the plan is to speak to
//!   Maureen, nothing that waited to be sent leaves, and his own pages say no word of it;
//! - when it was a mistake, then what was still to be read is put away, DebtHelp reads that it
//!   was, and his place there is as it was, also one that DebtHelp had ended meanwhile;
//! - whoever helps him without Aisha's knowledge is named to her in nothing;
//! - given a carer who presses him, then nothing names her.

use crate::harness::{Browser, Cast, Shown, World};
use crate::mine::{put, writing};
use crate::referral::{ask, badger, inbox_link, save};
use axum::http::StatusCode;
use kith_domain::area::Area;
use kith_domain::id::{PersonId, RecordId, SupporterId};
use kith_domain::person::{Coercion, Person};
use kith_domain::referral::{End, Referral};
use kith_domain::supporter::{Supporter, SupporterKind};
use kith_store::NewRecord;
use uuid::Uuid;

async fn carer(world: &World, person: PersonId) -> RecordId {
    let value = Supporter {
        name: "Maureen Brown".into(),
        relation: "mother".into(),
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
    let id = RecordId(Uuid::now_v7());
    put(world, person, id, &value).await;
    id
}

/// It is written down that this supporter presses the person.
async fn press(world: &World, person: PersonId, supporter: SupporterId) {
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
    let new = Person { coercion: Some(coercion), ..old.value.clone() };
    let mut tx = world.kith.store().write().await.unwrap();
    tx.change(&writing(world), "changed", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn life(aisha: &mut Browser, person: PersonId, change: &str) -> Shown {
    let path = format!("/people/{person}/life");
    let page = aisha.get(&path).await;
    let shown = aisha.submit(&page, &path, &[("change", change)]).await;
    if change == "died" { aisha.submit(&shown, &path, &[]).await } else { shown }
}

/// Every message on a worker's Today, opened.
async fn to_read(browser: &mut Browser) -> Vec<Shown> {
    let mut pages = Vec::new();
    let today = browser.get("/today").await;
    let mut links: Vec<String> =
        today.links("/people/").into_iter().filter(|l| l.contains("/messages/")).collect();
    links.dedup();
    for link in links {
        pages.push(browser.get(&link).await);
    }
    pages
}

#[tokio::test]
async fn whoever_helped_is_told_and_a_carer_is_looked_after_and_a_mistake_is_taken_back_whole() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await.is(StatusCode::OK);
    carer(&world, asked.person).await;
    let mut dev = world.worker(world.dev).await;
    let request = inbox_link(&dev.get("/inbox").await);
    let accept = dev.get(&format!("{request}/accept")).await;
    save(&mut dev, &accept, &[]).await.is(StatusCode::OK);
    let before = dev.get(&request).await.text();

    life(&mut aisha, asked.person, "died").await.is(StatusCode::OK);
    let read = to_read(&mut dev).await;
    assert_eq!(read.len(), 1, "DebtHelp is told once");
    read[0].is(StatusCode::OK).says("Do not contact them").says("Aisha Rahman tells you more");
    read[0].never("Maureen").never("died");
    let hers = to_read(&mut aisha).await;
    assert_eq!(hers.len(), 2, "whom to tell, and the carer, once each");
    let both = hers.iter().map(Shown::text).collect::<String>();
    assert!(both.contains("Maureen Brown cared for them") && both.contains("in their own right"), "{both}");
    assert!(both.contains("Tell them yourself") && both.contains("DebtHelp"), "{both}");
    let mut own = world.person(asked.person).await;
    let mine = own.get("/mine").await;
    mine.never("They have died").never("Maureen Brown cared");
    world.assert_nothing_lost().await;

    life(&mut aisha, asked.person, "not_died").await.is(StatusCode::OK);
    let read = to_read(&mut dev).await;
    assert_eq!(read.len(), 1, "what was told is put away, and put right");
    read[0].says("That was a mistake, and we are sorry").never("died");
    assert!(to_read(&mut aisha).await.iter().all(|m| !m.text().contains("cared for them")));
    assert_eq!(dev.get(&request).await.text(), before, "his place is as it was");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn somebody_who_presses_the_person_is_not_named() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let maureen = carer(&world, asked.person).await;
    press(&world, asked.person, maureen.into()).await;
    life(&mut aisha, asked.person, "died").await.is(StatusCode::OK);
    assert!(to_read(&mut aisha).await.is_empty());
}

#[tokio::test]
async fn a_service_that_was_asked_is_shown_no_way_to_reach_them_and_can_only_end_it() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await.is(StatusCode::OK);
    let mut joan = world.worker(world.joan).await;
    let request = inbox_link(&joan.get("/inbox").await);
    let accept = joan.get(&format!("{request}/accept")).await;
    accept.is(StatusCode::OK);
    let before = joan.get(&request).await;
    before.says("The safe way to reach them").says("Say yes");

    life(&mut aisha, asked.person, "died").await.is(StatusCode::OK);
    joan.get("/inbox").await.says("do not contact them");
    let page = joan.get(&request).await;
    page.says("Do not ring, write or go there").says("Do not contact them");
    page.never("The safe way to reach them").never("Say yes").never("died").never("get my money back");
    page.never("It waits for your answer");
    // The page that was open all the while, and a forged one.
    let refused = save(&mut joan, &accept, &[]).await;
    refused.is(StatusCode::CONFLICT).says("You can only end it").never("died");
    joan.get(&format!("{request}/accept")).await.says("Do not contact them").never("Badger");
    aisha
        .get(&format!("/people/{}", asked.person))
        .await
        .never("said yes")
        .never("Add a need")
        .never("together</a>");

    // Everybody was told: what was open ends, and is held by nobody.
    life(&mut aisha, asked.person, "everyone_told").await.is(StatusCode::OK);
    assert!(!joan.get("/inbox").await.text().contains("Waiting for your answer"));
    // As with every request that was taken back: it is not theirs to read any more.
    joan.get(&request).await.is(StatusCode::NOT_FOUND).never("died");
    world.assert_nothing_lost().await;
    // A mistake: it is where it was, with all that was sent.
    life(&mut aisha, asked.person, "not_died").await.is(StatusCode::OK);
    assert_eq!(joan.get(&request).await.text(), before.text());
    let again = joan.get(&format!("{request}/accept")).await;
    save(&mut joan, &again, &[]).await.is(StatusCode::OK);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_a_service_ended_after_a_death_that_was_a_mistake_is_theirs_again() {
    // Declined before an answer, and ended after a yes: neither says that it was for the death.
    for (answered, act, fields) in [
        (false, "decline", [("reason", "full"), ("words", "We are sorry.")]),
        (true, "end", [("happened", "no"), ("helped", "not_said")]),
        (true, "take-back", [("why", "They told us"), ("words", "")]),
    ] {
        let world = World::new().await;
        let mut aisha = world.worker(world.aisha).await;
        let asked = badger(&world, &mut aisha, world.benefits_advice).await;
        ask(&mut aisha, &asked).await.is(StatusCode::OK);
        let mut joan = world.worker(world.joan).await;
        let request = inbox_link(&joan.get("/inbox").await);
        if answered {
            let accept = joan.get(&format!("{request}/accept")).await;
            save(&mut joan, &accept, &[]).await.is(StatusCode::OK);
        }
        let before = joan.get(&request).await.text();
        life(&mut aisha, asked.person, "died").await.is(StatusCode::OK);
        let no = joan.get(&format!("{request}/{act}")).await;
        save(&mut joan, &no, &fields).await.is(StatusCode::OK);
        let ended = joan.get(&request).await;
        assert!(ended.status != StatusCode::OK || ended.text() != before, "{act}: it ended");
        world.assert_nothing_lost().await;

        life(&mut aisha, asked.person, "not_died").await.is(StatusCode::OK);
        let after = joan.get(&request).await;
        assert_eq!(after.is(StatusCode::OK).text(), before, "{act}: the place is as it was");
        world.assert_nothing_lost().await;
    }
}

/// DebtHelp asked Larch Court for something, in DebtHelp's own part.
#[tokio::test]
async fn a_death_names_nobody_whom_only_another_organisation_asked() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await.is(StatusCode::OK);
    let mut dev = world.worker(world.dev).await;
    let request = inbox_link(&dev.get("/inbox").await);
    let accept = dev.get(&format!("{request}/accept")).await;
    save(&mut dev, &accept, &[]).await.is(StatusCode::OK);
    asked_by(&world, asked.person, world.dev, world.lena).await;

    life(&mut aisha, asked.person, "died").await.is(StatusCode::OK);
    let hers = to_read(&mut aisha).await;
    let all: String = hers.iter().map(Shown::text).collect();
    assert!(all.contains("DebtHelp"), "{all}");
    let here = format!("/people/{}", asked.person);
    let mut pages = hers;
    for path in [here.clone(), format!("{here}/life"), "/today".into(), "/people".into()] {
        pages.push(aisha.get(&path).await);
    }
    pages.iter().for_each(|page| {
        page.never("Larch Court");
    });
    // Whoever asked them tells them, and they are told not to be in touch.
    let told: String = to_read(&mut dev).await.iter().map(Shown::text).collect();
    assert!(told.contains("Tell them yourself") && told.contains("Larch Court"), "{told}");
    let mut lena = world.worker(world.lena).await;
    let read: String = to_read(&mut lena).await.iter().map(Shown::text).collect();
    assert!(read.contains("Do not contact them") && read.contains("Whoever asked you"), "{read}");
    assert!(!read.contains("DebtHelp advice") && !read.contains("died"), "{read}");
    // Nor when it was a mistake.
    life(&mut aisha, asked.person, "not_died").await.is(StatusCode::OK);
    for page in to_read(&mut aisha).await {
        page.never("Larch Court");
    }
    aisha.get(&here).await.never("Larch Court");
    world.assert_nothing_lost().await;
}

/// A request from one organisation to another, in the part of the one that asks.
async fn asked_by(world: &World, person: PersonId, from: Cast, to: Cast) {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let like = look.all::<Referral>(&about).unwrap().pop().expect("one to write it like");
    look.finish().await.unwrap();
    let end = |c: Cast| End { organisation: c.organisation, team: c.team, worker: Some(c.worker) };
    let value = Referral {
        sender: end(from),
        receiver: end(to),
        service: world.larch,
        service_name: "Larch Court supported housing".into(),
        ..like.value
    };
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id: RecordId(Uuid::now_v7()), person: Some(person), owner: from.organisation };
    tx.create(&writing(world), "made", new, &value).await.unwrap();
    tx.commit().await.unwrap();
}
