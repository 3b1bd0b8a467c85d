//! Rules that a longer way round used to get past.
//!
//! - Given a request that was accepted, when somebody posts "tell them, and choose a next
//!   step", then it is refused and the request stands; given one that nobody answered, then
//!   the same step takes it back and ends the agreement that went with it.
//! - Given a waiting list, when the receiver moves the day again, then a reason is asked for,
//!   and twice without speaking to the person shows.
//! - Given a stranger, or a worker close to the person, who posts a change instead of opening
//!   a page, then it is refused, the person sees it under "who looked", and information
//!   governance is told once.
//! - Given thousands of looks, then an old one can still be found and asked about.
//! - Given the net's lead and its second named person who take leave in the same moment, then
//!   the second is refused.
//! - Given a worker who was suspended after the session was read, then the change is refused.
//! - Given sharing without "they may also add", then that organisation reads and adds nothing.
//! - Given an agreement that ends in 30 days, then whoever holds the plan is reminded.

use crate::harness::{Browser, Cast, World};
use crate::people::add;
use crate::referral::{alter, ask, badger, day, inbox_link, person_of, save, today, with};
use axum::http::StatusCode;
use kith_care::hand_over::leave::LeaveChange;
use kith_care::look::About;
use kith_domain::consent::Consent;
use kith_domain::id::{ConsentId, PersonId};
use kith_domain::organisation::{Absence, Worker};
use kith_domain::person::{Conflict, ConflictKind, Person};
use kith_domain::record::{Author, Saved};
use kith_domain::time::plus_days;
use kith_store::look::{Look, Outcome};
use kith_store::outbox::OutboxRow;
use kith_store::{Personal, Writing};
use uuid::Uuid;

/// Everything of a kind about a person, as Aisha sees it, and the world around them.
async fn seen<T: Personal>(world: &World, person: PersonId) -> (Vec<Saved<T>>, About) {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let all = look.all::<T>(&about).unwrap();
    look.finish().await.unwrap();
    (all, about)
}

async fn change_person(world: &World, person: PersonId, change: impl FnOnce(&mut Person)) {
    let (old, _) = seen::<Person>(world, person).await;
    let mut new = old[0].value.clone();
    change(&mut new);
    let writing = Writing {
        at: world.now(),
        author: Author::Operator,
        recorded_for: None,
        basis: "own_organisation".into(),
    };
    let mut tx = world.kith.store().write().await.unwrap();
    tx.change(&writing, "changed", &old[0].meta, &new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn outbox(world: &World) -> Vec<OutboxRow> {
    world.kith.store().read().await.unwrap().list_outbox(100).await.unwrap()
}

#[tokio::test]
async fn an_accepted_request_is_not_settled_as_if_nobody_had_replied() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    world.pass_days(10);
    let mut aisha = world.worker(world.aisha).await;
    let next = format!("{}/next", sent.path);
    let form = aisha.get(&next).await;
    form.is(StatusCode::OK).says("Tell them, and choose a next step");
    let on = day("next", plus_days(today(&world), 3));
    let told = [("told", "Rang him, he says fine"), ("choice", "date"), ("what", "Ask the library")];
    let filled = aisha.fill(&form, &next, &with(&told, &on));
    // Late, and legal: a yes.
    let mut joan = world.worker(world.joan).await;
    let request = inbox_link(&joan.get("/inbox").await);
    let page = joan.get(&format!("{request}/accept")).await;
    save(&mut joan, &page, &[]).await.is(StatusCode::OK);
    aisha.get(&next).await.is(StatusCode::NOT_FOUND);
    let fresh = aisha.fill(&form, &next, &with(&told, &on));
    let mut stale = filled.clone();
    stale.fields.retain(|(name, _)| name != "version");
    for form in [stale, fresh] {
        assert_ne!(aisha.send_form(&form).await.status, StatusCode::OK);
    }
    aisha.get(&sent.path).await.says("They said yes").never("Nobody replied by the day");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_request_nobody_answered_ends_with_its_agreement() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    assert!(seen::<Consent>(&world, asked.person).await.0.iter().all(|c| c.value.withdrawn.is_none()));
    world.pass_days(10);
    let mut aisha = world.worker(world.aisha).await;
    let form = aisha.get(&format!("{}/next", sent.path)).await;
    let on = day("next", plus_days(today(&world), 3));
    let told = [("told", "Rang him"), ("choice", "date"), ("what", "Ask the library")];
    save(&mut aisha, &form, &with(&told, &on)).await.is(StatusCode::OK);
    let consents = seen::<Consent>(&world, asked.person).await.0;
    assert!(!consents.is_empty() && consents.iter().all(|c| c.value.withdrawn.is_some()));
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.never("Badger");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_receiver_moves_a_day_with_a_reason_and_twice_shows() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let request = inbox_link(&joan.get("/inbox").await);
    let accept = joan.get(&format!("{request}/accept")).await;
    save(&mut joan, &accept, &[]).await.is(StatusCode::OK);
    let wait = joan.get(&format!("{request}/wait")).await;
    save(&mut joan, &wait, &[]).await.is(StatusCode::OK);
    // Again, by the old form: no way to put somebody off without a reason.
    let again = joan.get(&format!("{request}/wait")).await;
    let later = day("next", plus_days(today(&world), 20));
    let refused = save(&mut joan, &again, &with(&[], &later)).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Say why the day is moved");
    assert_eq!(world.kith.check(world.now()).await.unwrap().kept_moving, 0);
    let move_to = async |joan: &mut Browser, ahead: i32, fields: &[(&str, &str)]| {
        let page = joan.get(&format!("{request}/another-day")).await;
        let on = day("next", plus_days(today(&world), ahead));
        save(joan, &page, &with(fields, &on)).await
    };
    let silent = move_to(&mut joan, 20, &[]).await;
    silent.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter why the day is moved");
    for ahead in [20, 24] {
        move_to(&mut joan, ahead, &[("why", "We are short of staff")]).await.is(StatusCode::OK);
    }
    assert_eq!(world.kith.check(world.now()).await.unwrap().kept_moving, 1);
    move_to(&mut joan, 26, &[("why", "He is away till then"), ("spoken", "yes")]).await.is(StatusCode::OK);
    assert_eq!(world.kith.check(world.now()).await.unwrap().kept_moving, 0);
}

#[tokio::test]
async fn a_change_that_is_refused_is_in_the_log_and_governance_is_told() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    alter::<Worker>(&world, world.grace.worker, |w| w.email = Some("grace@example.org".into())).await;
    let sister = Conflict { worker: world.bola.worker, kind: ConflictKind::Relative };
    change_person(&world, person, |p| p.conflicts.push(sister)).await;
    // Neither opens a page about Badger: each posts a change and nothing else.
    let post = async |cast: Cast| {
        let mut browser = world.worker(cast).await;
        let page = browser.get("/help").await;
        let token = browser.get("/today").await.form("/sign-out");
        let csrf = token.iter().find(|(name, _)| name == "_csrf").map(|(_, v)| v.clone()).unwrap();
        let action = format!("/people/{person}/sharing/ends/{}", Uuid::now_v7());
        let fields = vec![("_csrf".to_owned(), csrf), ("_submission".to_owned(), Uuid::now_v7().to_string())];
        assert_eq!(page.status, StatusCode::OK);
        let shown = browser.send_form(&crate::harness::Filling { action, fields }).await;
        assert_ne!(shown.status, StatusCode::OK);
        shown.never("Badger");
    };
    post(world.sam).await;
    post(world.bola).await;
    post(world.bola).await;
    let mut own = world.person(person).await;
    let looked = own.get("/mine/looked").await;
    looked.says("Sam Okafor").says("Bola Ade").says("Tried to look, and was not let in");
    // The same by a use case that opens the record: rule R05, and one message a day.
    let bola = world.principal(world.bola).await;
    let left = kith_care::people::life::LifeChange::Left;
    assert!(world.kith.change_life(&bola, person, left, None).await.is_err());
    world.kith.log_refusals(&bola).await.unwrap();
    world.kith.log_refusals(&bola).await.unwrap();
    let alerts: Vec<OutboxRow> =
        outbox(&world).await.into_iter().filter(|m| m.subject.contains("not let in")).collect();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].address, "grace@example.org");
    assert!(!alerts[0].body.contains("Badger") && !alerts[0].body.contains("Bola"));
    // A change that is made leaves no refusal behind.
    let who = world.principal(world.aisha).await;
    let spoken = kith_care::people::life::LifeChange::NotNow(plus_days(today(&world), 9));
    world.kith.change_life(&who, person, spoken, None).await.unwrap();
    world.kith.log_refusals(&who).await.unwrap();
    own.get("/mine/looked").await.never("Aisha Rahman, Navigator, Tried");
}

#[tokio::test]
async fn an_old_look_is_found_however_many_came_after_it() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let look = |cast: Cast, days: i64, outcome: Outcome, request: Uuid| Look {
        at: world.now().plus_days(-days).plus_seconds(-60),
        request,
        who: serde_json::to_string(&kith_care::Identity::Worker {
            worker: cast.worker,
            organisation: cast.organisation,
            role: cast.role,
        })
        .unwrap(),
        organisation: Some(cast.organisation.0),
        role: "navigator".into(),
        person: Some(person),
        purpose: "support_coordination".into(),
        action: "view".into(),
        basis: "care_team".into(),
        outcome,
        parts: "needs".into(),
    };
    let old = Uuid::now_v7();
    let mut looks = vec![look(world.sam, 60, Outcome::Opened, old)];
    for days in 0..50 {
        looks.extend((0..60).map(|_| look(world.aisha, days, Outcome::Opened, Uuid::now_v7())));
        looks.extend((0..60).map(|_| look(world.grace, days, Outcome::Listed, Uuid::now_v7())));
    }
    world.kith.store().looks().record(looks).await.unwrap();
    let mut own = world.person(person).await;
    let mut page = own.get("/mine/looked").await;
    let mut pages = 1;
    page.says("Aisha Rahman").never("Sam Okafor");
    while !page.text().contains("Sam Okafor") {
        let older = page.links("/mine/looked?before=").pop().expect("older looks are to be had");
        page = own.get(&older).await;
        page.is(StatusCode::OK);
        pages += 1;
        assert!(pages < 20);
    }
    own.get(&format!("/mine/looked/{old}/why")).await.is(StatusCode::OK).says("Sam Okafor");
    own.get("/mine/looked?before=rubbish").await.is(StatusCode::OK).says("Aisha Rahman");
}

#[tokio::test]
async fn the_lead_of_the_net_and_its_second_cannot_both_go_in_one_moment() {
    let world = World::new().await;
    let from = plus_days(today(&world), 3);
    let leave = LeaveChange::Take(Absence { from, until: Some(plus_days(from, 5)), cover: None });
    // Both sessions were read before either change.
    let (grace, nadia) = (world.principal(world.grace).await, world.principal(world.nadia).await);
    world.kith.change_leave(&grace, leave, None).await.unwrap_err();
    let covered =
        LeaveChange::Take(Absence { from, until: Some(plus_days(from, 5)), cover: Some(world.nadia.worker) });
    let first = world.kith.change_leave(&grace, covered, None).await;
    let second = world.kith.change_leave(&nadia, leave, None).await;
    assert!(first.is_err() || second.is_err(), "somebody else stays as the second named person");
    world.assert_nothing_lost().await;
    // One after the other with what was read before: the second is told so.
    let covered = |who: Cast| LeaveChange::Take(Absence { from, until: None, cover: Some(who.worker) });
    world.kith.change_leave(&grace, covered(world.bola), None).await.unwrap();
    let refused = world.kith.change_leave(&nadia, covered(world.bola), None).await;
    assert!(refused.is_err(), "Bola cannot be both");
}

#[tokio::test]
async fn a_worker_suspended_after_the_session_was_read_changes_nothing() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let who = world.principal(world.aisha).await;
    let on = today(&world);
    alter::<Worker>(&world, world.aisha.worker, |w| w.suspended = Some(on)).await;
    let until = kith_care::people::life::LifeChange::NotNow(plus_days(on, 9));
    assert!(world.kith.change_life(&who, person, until, None).await.is_err());
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    assert!(look.person(&about).is_err());
    look.finish().await.unwrap();
}

#[tokio::test]
async fn seeing_is_not_adding_and_nothing_ends_in_silence() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let give = format!("/people/{person}/sharing/give/{}", world.joan.organisation);
    let until = day("until", plus_days(today(&world), 40));
    let fields = [("areas", "money"), ("how", "read_aloud"), ("presence", "alone"), ("confirm", "yes")];
    let form = aisha.get(&give).await;
    form.says("They may also add to the plan there");
    let shared = aisha.submit(&form, &give, &with(&fields, &until)).await;
    shared.is(StatusCode::OK).says("They may read it, and add nothing");
    assert!(seen::<Person>(&world, person).await.1.world.sharings.iter().all(|s| !s.contribute));
    let mut adds = fields.to_vec();
    adds.push(("contribute", "yes"));
    let form = aisha.get(&give).await;
    let shared = aisha.submit(&form, &give, &with(&adds, &until)).await;
    shared.says("They may also add to the plan there.");
    assert!(seen::<Person>(&world, person).await.1.world.sharings.iter().any(|s| s.contribute));
    // One of the two is made less: seeing alone.
    let consents = seen::<Consent>(&world, person).await.0;
    let adding = consents.iter().find(|c| c.value.contribute).unwrap();
    let less = format!("/people/{person}/sharing/less/{}", adding.id::<ConsentId>());
    let page = aisha.get(&less).await;
    let mut form = aisha.fill(&page, &less, &[]);
    form.fields.retain(|(name, _)| name != "contribute");
    aisha.send_form(&form).await.is(StatusCode::OK).never("They may also add to the plan there.");
    assert!(seen::<Person>(&world, person).await.1.world.sharings.iter().all(|s| !s.contribute));

    // Thirty days before the end it is on Today, and one word settles it.
    aisha.get("/today").await.never("what they agreed to");
    world.pass_days(11);
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("DebtHelp may go on seeing what they agreed to");
    let page = aisha.get(&format!("/people/{person}/sharing")).await;
    page.says("This ends soon");
    for consent in seen::<Consent>(&world, person).await.0 {
        let action = format!("/people/{person}/sharing/ends/{}", consent.id::<ConsentId>());
        let page = aisha.get(&format!("/people/{person}/sharing")).await;
        aisha.submit(&page, &action, &[]).await.is(StatusCode::OK);
    }
    aisha.get("/today").await.never("what they agreed to");
    let mut own = world.person(person).await;
    own.get("/mine/sharing").await.says("They may read it, and add nothing").never("This ends soon");
    world.assert_nothing_lost().await;
}
