//! Keeping the directory true.
//!
//! - Given a worker who finds a door shut, when they say so in one tap, then everybody sees it beside
//!   the entry, whoever keeps the directory holds it with a day, and nothing is lost; when it is
//!   settled, then the entry says so, and what was changed can be read.
//! - Given two entries of one service, when the keeper joins them, then the old address answers with
//!   the one that stands and nothing offers the other; when that is taken back, then both are as they
//!   were. Nothing is ever joined by itself.
//! - Given an entry that nobody checked for 80 days, then whoever runs it is asked once, by a link that
//!   opens that entry and nothing else, until they answer; when nobody answers, the keeper has it.
//! - Given an entry, then its own organisation puts it right, nobody else does, and what cannot be is
//!   refused at its field.
//! - Given few people who were asked for at a service, then its page says that they are too few.

use crate::finding::with_a_group;
use crate::harness::{Maker, World, start};
use crate::people::add;
use crate::referral::{Asked, ask, need, person_of};
use axum::http::{Method, StatusCode};
use kith_domain::area::Area;
use kith_domain::directory::{Contact, Group, Service, ServiceStatus};
use kith_domain::id::{GroupId, ServiceId};
use kith_domain::time::plus_days;
use kith_store::outbox::OutboxRow;
use uuid::Uuid;

async fn service(world: &World, id: ServiceId) -> Service {
    let mut tx = world.kith.store().read().await.unwrap();
    tx.find_common::<Service>(id).await.unwrap().expect("the service").value
}

/// Gives a service a telephone, so that it can be put right.
pub(crate) async fn with_phone(world: &World, id: ServiceId, phone: &str) -> Service {
    let mut tx = world.kith.store().write().await.unwrap();
    let saved = tx.find_common::<Service>(id).await.unwrap().unwrap();
    let contact = Contact { phone: Some(phone.into()), ..saved.value.contact.clone() };
    let after = Service { contact, ..saved.value.clone() };
    let writing = kith_store::Writing {
        at: world.now(),
        author: kith_domain::record::Author::Operator,
        recorded_for: None,
        basis: "administration".into(),
    };
    tx.change(&writing, "phone", &saved.meta, &after).await.unwrap();
    tx.commit().await.unwrap();
    after
}

#[tokio::test]
async fn what_somebody_says_is_seen_held_and_settled() {
    let world = World::new().await;
    // All of it was checked yesterday.
    world.pass_days(1);
    let path = format!("/services/{}", world.benefits_advice);
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get(&path).await;
    page.says("Is something not right here?");
    let tap = format!("{path}/not-right");
    aisha
        .submit(&page, &tap, &[("what", "gone")])
        .await
        .says("It is not there any more. We are finding out.");
    // Again, from another tab: it is one question.
    aisha.submit(&page, &tap, &[("what", "gone")]).await.is(StatusCode::OK);
    world.browser().get(&path).await.says("Somebody who works here told us").never("not-right");
    world.assert_nothing_lost().await;
    aisha.get("/directory").await.is(StatusCode::NOT_FOUND);

    let mut nadia = world.worker(world.nadia).await;
    let today = nadia.get("/today").await;
    today.says("It is not there any more: look at Benefits advice");
    let questions = today.links("/directory/questions/");
    assert_eq!(questions.len(), 1, "one question, one holder");
    nadia
        .get("/directory")
        .await
        .says("It is not there any more: look at Benefits advice")
        .says("Nadia Khan");
    let at = &questions[0];
    let page = nadia.get(at).await;
    page.says("Somebody at Brackenford Together");
    // A day in 2099, and no reason.
    let day = |year: &'static str| [("on-day", "1"), ("on-month", "12"), ("on-year", year)];
    let moved = format!("{at}/move");
    nadia
        .submit(&page, &moved, &[&day("2099")[..], &[("reason", "Later")]].concat())
        .await
        .says("too far away");
    nadia
        .submit(&page, &moved, &day("2026"))
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("why the day is moved");
    nadia
        .submit(&page, &moved, &[&day("2026")[..], &[("reason", "They are away")]].concat())
        .await
        .says("1 December");
    let settle = format!("{at}/settle");
    let other_tab = nadia.get(at).await;
    nadia.submit(&page, &settle, &[("words", "\u{1b}x")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    nadia.submit(&page, &settle, &[("words", "I rang")]).await.says("Choose what you found out");
    nadia.submit(&page, &settle, &[("how", "right"), ("words", "I rang them.")]).await.says("Done lately");
    world.browser().get(&path).await.never("told us").says("Last checked today");
    nadia.get("/today").await.never("look at Benefits advice");
    let again = nadia.submit(&other_tab, &settle, &[("how", "ended")]).await;
    assert!(again.text().contains("settled this already"), "{}", again.text());
    aisha.get(&format!("{path}/history")).await.says("Looked at, because somebody asked").says("checked");
    world.browser().get(&format!("{path}/history")).await.never("Looked at");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_has_ended_says_so_and_a_group_is_kept_alike() {
    let world = World::new().await;
    let group: GroupId = with_a_group(&world).await.into();
    let path = format!("/groups/{group}");
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get(&path).await;
    aisha.submit(&page, &format!("{path}/not-right"), &[("what", "gone")]).await.says("We are finding out");
    let mut nadia = world.worker(world.nadia).await;
    let at = nadia.get("/directory").await.links("/directory/questions/").remove(0);
    let page = nadia.get(&at).await;
    nadia.submit(&page, &format!("{at}/settle"), &[("how", "ended")]).await.says("It has ended");
    let mut tx = world.kith.store().read().await.unwrap();
    let ended = tx.find_common::<Group>(group).await.unwrap().unwrap().value;
    assert_eq!(ended.status, ServiceStatus::Defunct);
    drop(tx);
    world.browser().get(&path).await.says("No next session is known");
    aisha.get(&format!("{path}/history")).await.says("status");
    // Its own people put it right: it runs again.
    let mut tony = world.worker(world.tony).await;
    let page = tony.get(&format!("{path}/correct")).await;
    let other_tab = tony.get(&format!("{path}/correct")).await;
    let fields = [("status", "active"), ("phone", "01632 960077"), ("free", "yes")];
    tony.submit(&page, &format!("{path}/correct"), &fields)
        .await
        .says("01632 960077")
        .never("No next session");
    // Two wrote at once: the later sees what the other wrote before it overwrites anything.
    let theirs = [("status", "active"), ("phone", "01632 960088"), ("free", "yes")];
    let stale = tony.submit(&other_tab, &format!("{path}/correct"), &theirs).await;
    stale
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Somebody else changed this")
        .says("What it says now, where that is not what you wrote: Phone 01632 960077 Change");
    world.browser().get(&path).await.says("01632 960077");
    // A slip in a form does not make it newer than it is.
    let bad = [("status", ""), ("phone", "01632 960088"), ("free", "yes")];
    let slip = tony.submit(&other_tab, &format!("{path}/correct"), &bad).await;
    let still = tony.submit(&slip, &format!("{path}/correct"), &theirs).await;
    still.is(StatusCode::UNPROCESSABLE_ENTITY).says("Phone 01632 960077");
    tony.submit(&still, &format!("{path}/correct"), &theirs).await.says("01632 960088");
}

#[tokio::test]
async fn two_entries_of_one_service_are_joined_by_somebody_and_taken_apart_exactly() {
    let world = World::new().await;
    let first = with_phone(&world, world.benefits_advice, "01632 960123").await;
    let mut tx = world.kith.store().write().await.unwrap();
    let mut double = Service::new("Benefits Advice Ltd", first.organisation);
    double.contact = first.contact.clone();
    double.description = "The same, from another list.".into();
    double.areas = vec![Area::Money];
    let at = start().plus_days(-10);
    let id: ServiceId = Maker { tx: &mut tx, at }.put(first.organisation, &double).await.into();
    tx.commit().await.unwrap();

    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/directory").await.says("1 pair may be one service");
    let list = nadia.get("/directory/twins").await;
    list.says("Benefits Advice Ltd").says("The same telephone number");
    let at = list.links("/directory/twins/").remove(0);
    let page = nadia.get(&at).await;
    page.says("speaks strongly for one service").says("You decide");
    nadia.submit(&page, &at, &[("words", "One phone")]).await.says("Choose what they are");
    // The one that takes requests has to stand.
    let first_stands = at.starts_with(&format!("/directory/twins/{}", world.benefits_advice));
    let (right, wrong) = if first_stands { ("first", "second") } else { ("second", "first") };
    nadia.submit(&page, &at, &[("what", wrong)]).await.says("Let that one stand");
    assert!(service(&world, id).await.replaced_by.is_none());
    let done = nadia.submit(&page, &at, &[("what", right), ("words", "One phone, one door.")]).await;
    done.says("They are one service").says("None wait for you");

    let old = format!("/services/{id}");
    let mut writing = world.worker(world.aisha).await;
    let asked = crate::referral::badger(&world, &mut writing, id).await;
    let answer = world.browser().once(&Method::GET, &old, "").await;
    // For a while only: it can be taken apart again.
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    writing
        .get(&asked.base.replace(&world.benefits_advice.to_string(), &id.to_string()))
        .await
        .is(StatusCode::OK)
        .says("It is one with Benefits advice now");
    let shown = world.browser().get(&old).await;
    assert_eq!(shown.path, format!("/services/{}", world.benefits_advice));
    let mut anybody = world.browser();
    let form = anybody.get("/find").await;
    anybody.submit(&form, "/find", &[("words", "benefits advice")]).await.never("Benefits Advice Ltd");
    // What is said of the old one is said of the one that stands.
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get(&old).await;
    aisha
        .submit(&page, &format!("{}/not-right", shown.path), &[("what", "times")])
        .await
        .says("The times are wrong");

    // Nobody is asked again, and it can be taken back.
    let list = nadia.get("/directory/twins").await;
    let undo =
        list.body.split("action=\"").filter_map(|r| r.split('"').next()).find(|a| a.ends_with("/undo"));
    let undo = undo.expect("it can be taken back").to_owned();
    nadia.submit(&list, &undo, &[("words", "\u{202e}")]).await;
    assert_eq!(service(&world, id).await, double);
    assert_eq!(service(&world, world.benefits_advice).await, first);
    world.browser().get(&old).await.says("The same, from another list");
    // Said to be two: nobody asks any more.
    let page = nadia.get(&at).await;
    nadia
        .submit(&page, &at, &[("what", "two")])
        .await
        .says("They are two services")
        .says("None wait for you");
    let again = nadia.submit(&page, &at, &[("what", right)]).await;
    assert!(service(&world, id).await.replaced_by.is_none(), "{}", again.text());
    world.assert_nothing_lost().await;
    aisha.get("/directory/twins").await.is(StatusCode::NOT_FOUND);
}

/// The messages that ask whether an entry is right.
pub(crate) async fn asked_by_mail(world: &World) -> Vec<OutboxRow> {
    let mut tx = world.kith.store().read().await.unwrap();
    let all = tx.list_outbox(1_000).await.unwrap();
    all.into_iter().filter(|m| m.dedupe.starts_with("listing:")).collect()
}

pub(crate) async fn night(world: &World) -> u64 {
    let server = Uuid::now_v7();
    let ran = world.kith.run_daily(server, world.now()).await.unwrap();
    let mut tx = world.kith.store().write().await.unwrap();
    tx.take_lease("daily", server, 0).await.unwrap();
    tx.commit().await.unwrap();
    ran.listings
}

pub(crate) fn link_in(m: &OutboxRow) -> String {
    let from = m.body.find("/check-listing/").expect("a link");
    m.body[from..].lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_runs_it_is_asked_once_and_answers_without_an_account() {
    let world = World::new().await;
    with_phone(&world, world.benefits_advice, "01632 960123").await;
    assert_eq!(night(&world).await, 0, "all of it was checked today");
    world.pass_days(79);
    assert_eq!(night(&world).await, 0, "not before the day");
    world.pass_days(1);
    let all = night(&world).await;
    assert!(all >= 5, "every service: {all}");
    assert_eq!(night(&world).await, 0, "once");
    let messages = asked_by_mail(&world).await;
    assert_eq!(messages.len() as u64, all);
    let m = messages.iter().find(|m| m.body.contains("Benefits advice")).expect("one about it");
    assert_eq!(m.address, "hello@example.org");
    let link = link_in(m);
    let mut volunteer = world.browser();
    let page = volunteer.get(&link).await;
    page.says("Is this still right?").says("You need no account");
    assert!(page.body.contains("01632 960123"), "it is filled in with what is there");
    volunteer.get(&link).await.says("Is this still right?");
    let before = service(&world, world.benefits_advice).await;
    assert_eq!(
        before.checked,
        Some(crate::referral::today(&world)).map(|d| plus_days(d, -80)),
        "opening changes nothing"
    );
    // Another secret, another entry: nothing.
    let other = link_in(messages.iter().find(|m| !m.body.contains("Benefits advice")).unwrap());
    let (question, secret) = (link.rsplit_once('/').unwrap().0, other.rsplit('/').next().unwrap());
    volunteer
        .get(&format!("{question}/{secret}"))
        .await
        .says("does not work any more")
        .never("Benefits advice");
    volunteer.get("/check-listing/x/y").await.says("does not work any more");
    // What cannot be is refused at its field, and what was typed stays.
    let bad = [("url", "javascript:alert(1)"), ("email", "no"), ("phone", "01632 960999")];
    let again = volunteer.submit(&page, &link, &bad).await;
    again.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter a web address that begins with https://");
    assert!(again.body.contains("01632 960999"));
    assert_eq!(service(&world, world.benefits_advice).await, before);
    // Somebody put it right while the page was open: it is not written over unseen.
    let mut joan = world.worker(world.joan).await;
    let correct = format!("/services/{}/correct", world.benefits_advice);
    let form = joan.get(&correct).await;
    joan.submit(&form, &correct, &[("cost", "Nothing to pay")]).await.says("Nothing to pay");
    let said = [("phone", "01632 960999"), ("times", "Not in August"), ("url", ""), ("email", "")];
    let meanwhile = volunteer.submit(&page, &link, &said).await;
    meanwhile.is(StatusCode::UNPROCESSABLE_ENTITY).says("What does it cost? Nothing to pay");
    let page = meanwhile;
    volunteer.submit(&page, &link, &said).await.says("Thank you");
    let after = service(&world, world.benefits_advice).await;
    assert_eq!(after.contact.phone.as_deref(), Some("01632 960999"));
    assert_eq!(after.checked, Some(crate::referral::today(&world)));
    volunteer.get(&link).await.says("does not work any more");
    volunteer.submit(&page, &link, &said).await.says("does not work any more");
    // The keeper has the others, with a day, and sees what was put right.
    let mut nadia = world.worker(world.nadia).await;
    let queue = nadia.get("/directory").await;
    queue.says("They put it right").says("Find out whether Harbour House supported flats is still right");
    world.assert_nothing_lost().await;
    world.pass_days(22);
    volunteer.get(&other).await.says("does not work any more");
    world.assert_nothing_lost().await;
    let mut aisha = world.worker(world.aisha).await;
    let history = aisha.get(&format!("/services/{}/history", world.benefits_advice)).await;
    history.says("Corrected and checked").says("Whoever runs it, at DebtHelp");
}

#[tokio::test]
async fn its_own_people_put_it_right_and_nobody_else() {
    let world = World::new().await;
    let path = format!("/services/{}/correct", world.benefits_advice);
    let mut joan = world.worker(world.joan).await;
    let page = joan.get(&path).await;
    joan.submit(&page, &path, &[("status", "active"), ("phone", "")]).await.says("People need one of them");
    let fields = [("phone", "01632 960555"), ("about", "Help with benefits.")];
    joan.submit(&page, &path, &fields).await.says("01632 960555").says("Last checked today");
    let mut amir = world.worker(world.amir).await;
    amir.get(&path).await.never("01632 960555");
    assert_eq!(amir.get(&path).await.status, StatusCode::FORBIDDEN);
    let mut nadia = world.worker(world.nadia).await;
    nadia.get(&path).await.is(StatusCode::OK).says("Put it right");
    let quality = nadia.get("/directory/quality").await;
    quality.says("How good the directory is").says("of 100").says("Benefits advice");
}

#[tokio::test]
async fn a_day_is_called_off_and_people_are_counted_never_named() {
    let world = World::new().await;
    let group: GroupId = with_a_group(&world).await.into();
    let path = format!("/groups/{group}/days");
    let mut tony = world.worker(world.tony).await;
    let page = tony.get(&path).await;
    page.is(StatusCode::OK).says("Tuesday 24 November").says("Never who came");
    let off = format!("{path}/off");
    tony.submit(&page, &off, &[("day", "2026-12-15"), ("why", "")]).await.says("why it is not on");
    tony.submit(&page, &off, &[("day", "2099-01-06"), ("why", "x")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY);
    let shown = tony.submit(&page, &off, &[("day", "2026-12-15"), ("why", "The boiler is cold")]).await;
    shown.says("Tuesday 15 December: not on (The boiler is cold)");
    world.browser().get(&format!("/groups/{group}")).await.says("not on (The boiler is cold)").never("/days");
    tony.submit(&shown, &format!("{path}/on"), &[("day", "2026-12-15")]).await.never("boiler");
    let came = format!("{path}/came");
    tony.submit(&page, &came, &[("counted", "2026-11-24"), ("came", "many")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY);
    tony.submit(&page, &came, &[("counted", "2026-11-24"), ("came", "600")]).await.says("up to 500");
    tony.submit(&page, &came, &[("counted", "2026-11-24"), ("came", "9")]).await.says("9 people");
    let mut aisha = world.worker(world.aisha).await;
    aisha.get(&path).await.is(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_came_of_asking_stands_beside_what_they_say_and_few_are_not_shown() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let need = need(&world, person, Area::Money, "get my money back").await;
    let base = format!("/people/{person}/needs/{need}/refer/{}", world.benefits_advice);
    ask(&mut aisha, &Asked { person, need, base }).await;
    world.kith.work_out_used(world.now()).await.unwrap();
    let page = world.browser().get(&format!("/services/{}", world.benefits_advice)).await;
    page.says("What came of asking there").says("too few to say how it went").never("Badger");
    world.browser().get(&format!("/services/{}", world.harbour)).await.never("What came of asking there");
}
