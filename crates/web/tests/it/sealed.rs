//! Who may read a note.
//!
//! - Given a sealed note, then those it names open it after a fresh sign-in, and nobody else
//!   finds any trace of it: no page, no count, no search, no emergency, no print, no "who looked".
//! - Given a note, then guarding it more is one step, and guarding it less says why.
//! - Given a note that is not on their own pages, then it comes back on its day as a held thing.
//! - Given a note about somebody else, then the person's pages do not know it.

use crate::consent::{involve, note};
use crate::harness::{Browser, Shown, World};
use crate::mine::{badger, id, put};
use crate::referral::{day, today, with};
use axum::http::StatusCode;
use kith_domain::area::Sensitivity;
use kith_domain::id::PersonId;
use kith_domain::plan::{Note, NoteKind};
use kith_domain::time::{Instant, plus_days};

const CANARY: &str = "sealed-bakery-6t";

pub(crate) async fn seal(world: &World, aisha: &mut Browser, person: PersonId, address: bool) -> Shown {
    let page = format!("/people/{person}/sealed");
    let form = aisha.get(&page).await;
    form.is(StatusCode::OK).says("nothing here that names you").says("Bola Ade, Brackenford Together");
    let bola = world.bola.worker.to_string();
    let mut all = vec![("words", CANARY), ("names", bola.as_str())];
    all.extend(address.then_some(("address", "yes")));
    aisha.submit(&form, &page, &all).await
}

#[tokio::test]
async fn a_sealed_note_is_there_for_those_it_names_and_for_nobody_else() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let sealed = format!("/people/{person}/sealed");
    let before = world.worker(world.grace).await.get(&sealed).await.text();
    let page = seal(&world, &mut aisha, person, true).await;
    page.is(StatusCode::OK).says(CANARY).says("Who can open it: Aisha Rahman, Bola Ade");
    world.worker(world.bola).await.get(&sealed).await.says(CANARY);
    // A colleague of the same team finds the very same page as before, and the note's own
    // address like one that was never there.
    let mut grace = world.worker(world.grace).await;
    assert_eq!(grace.get(&sealed).await.text(), before);
    let note = page.links(&format!("{sealed}/")).pop().unwrap();
    let gone = grace.get(&note).await;
    let never = grace.get(&format!("{sealed}/{}", id())).await;
    gone.is(StatusCode::NOT_FOUND);
    assert_eq!(gone.body, never.body);
    let other = note.replace("/sealed/", "/notes/");
    assert_eq!(grace.get(&other).await.body, never.body);
    for path in ["", "/plan", "/plan/print", "/sharing", "/note", "/details"] {
        grace.get(&format!("/people/{person}{path}")).await.never(CANARY).never("Sealed address");
        aisha.get(&format!("/people/{person}{path}")).await.never(CANARY);
    }
    // Nobody outside, whatever their role.
    for cast in [world.joan, world.dev, world.sam] {
        world.worker(cast).await.get(&sealed).await.is(StatusCode::NOT_FOUND);
    }
    assert_ne!(world.worker(world.nadia).await.get(&sealed).await.never(CANARY).status, StatusCode::OK);
    // The person, after a fresh sign-in.
    let mut own = world.person(person).await;
    own.get("/mine/sealed").await.says(CANARY).says("Aisha Rahman, Bola Ade, and you");
    for path in ["/mine", "/mine/plan", "/mine/plan/print", "/mine/sharing", "/mine/looked"] {
        own.get(path).await.is(StatusCode::OK).never(CANARY);
    }
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn asking_says_nothing_before_a_fresh_sign_in() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let sealed = format!("/people/{person}/sealed");
    seal(&world, &mut aisha, person, true).await.says(CANARY);
    let grace = world.worker(world.grace).await;
    world.set(Instant(world.now().0 + 400_000_000));
    let nobody = PersonId(id().0);
    for mut browser in [aisha, grace] {
        let here = browser.get(&sealed).await;
        let there = browser.get(&format!("/people/{nobody}/sealed")).await;
        here.never(CANARY);
        assert_eq!(here.status, there.status);
        assert_ne!(here.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn more_names_and_opening_up_say_why() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let page = seal(&world, &mut aisha, person, false).await;
    let note = page.links(&format!("/people/{person}/sealed/")).pop().unwrap();
    let form = aisha.get(&note).await;
    form.is(StatusCode::OK).says(CANARY);
    let (me, bola, grace) =
        (world.aisha.worker.to_string(), world.bola.worker.to_string(), world.grace.worker.to_string());
    let three = [("names", me.as_str()), ("names", bola.as_str()), ("names", grace.as_str())];
    let no = aisha.submit(&form, &note, &three).await;
    no.is(StatusCode::UNPROCESSABLE_ENTITY).says("Write why more people may read it now");
    let why = [&three[..], &[("why", "Grace meets them on Friday")]].concat();
    aisha.submit(&form, &note, &why).await.says("Grace Mensah");
    let mut hers = world.worker(world.grace).await;
    hers.get(&format!("/people/{person}/sealed")).await.says(CANARY);
    // Somebody outside the team cannot be put on it.
    let form = aisha.get(&note).await;
    form.says("Grace meets them on Friday").never("Joan Fisher");
    let joan = world.joan.worker.to_string();
    let outside = [("names", me.as_str()), ("names", joan.as_str()), ("why", "x")];
    aisha.submit(&form, &note, &outside).await.says("Choose from the people listed here");
    // And the one who seals it stays on it.
    let without = [("names", bola.as_str())];
    aisha.submit(&form, &note, &without).await.says("Name yourself too");
    // Opened up: with a reason, it is a note like any other.
    let open = [("level", "ordinary"), ("why", "They told everybody themselves")];
    aisha.submit(&form, &note, &open).await.is(StatusCode::OK).says(CANARY);
    hers.get(&format!("/people/{person}")).await.says(CANARY);
    let mut own = world.person(person).await;
    own.get("/mine/sealed").await.never(CANARY);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn an_organisation_where_somebody_must_not_know_is_never_offered() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    involve(&world, person, world.sam).await;
    let sealed = format!("/people/{person}/sealed");
    aisha.get(&sealed).await.says("Sam Okafor");
    let action = format!("/people/{person}/safe-contact");
    let form = aisha.get(&action).await;
    let trust = world.sam.organisation.to_string();
    let fields = [("must_who_1", "My ex-partner"), ("must_org_1", trust.as_str())];
    aisha.submit(&form, &action, &fields).await.is(StatusCode::OK);
    aisha.get(&sealed).await.is(StatusCode::OK).never("Sam Okafor");
}

/// The note's own page, from the story.
async fn marks_of(aisha: &mut Browser, person: PersonId) -> String {
    let page = aisha.get(&format!("/people/{person}")).await;
    page.links(&format!("/people/{person}/notes/")).pop().expect("a note of ours")
}

#[tokio::test]
async fn guarding_more_is_easy_and_less_says_why() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let new = format!("/people/{person}/note");
    let form = aisha.get(&new).await;
    form.says("How private is it?").never("Very private: only for those");
    let fields = [("words", "guarded-note-3e"), ("level", "private")];
    aisha.submit(&form, &new, &fields).await.says("guarded-note-3e").says("private");
    let action = marks_of(&mut aisha, person).await;
    let form = aisha.get(&action).await;
    let no_name = aisha.submit(&form, &action, &[("level", "very_private")]).await;
    no_name.is(StatusCode::UNPROCESSABLE_ENTITY).says("Name what it is about");
    let open = aisha.submit(&form, &action, &[("level", "ordinary")]).await;
    open.is(StatusCode::UNPROCESSABLE_ENTITY).says("Write why more people may read it now");
    let stale = aisha.get(&action).await;
    let fields = [("level", "very_private"), ("categories", "suicide")];
    // Easy, and beyond what a navigator reads: it has gone for her.
    aisha.submit(&form, &action, &fields).await.is(StatusCode::OK).never("guarded-note-3e");
    aisha.get(&action).await.is(StatusCode::NOT_FOUND);
    let again = aisha.submit(&stale, &action, &[("level", "ordinary"), ("why", "x")]).await;
    again.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_on_their_pages_comes_back_on_its_day() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    put(&world, person, id(), &note(&world, "hidden-note-8s", Sensitivity::S1, &[])).await;
    let action = marks_of(&mut aisha, person).await;
    let form = aisha.get(&action).await;
    let no_reason = aisha.submit(&form, &action, &[("hide", "yes")]).await;
    no_reason.is(StatusCode::UNPROCESSABLE_ENTITY).says("Write why they are not shown it");
    let late = day("review", plus_days(today(&world), 92));
    let hide = [("hide", "yes"), ("hidden_reason", "hidden-why-8s")];
    let too_late = aisha.submit(&form, &action, &with(&hide, &late)).await;
    too_late.is(StatusCode::UNPROCESSABLE_ENTITY).says("when somebody looks at this again");
    let on = day("review", plus_days(today(&world), 20));
    let hidden = aisha.submit(&form, &action, &with(&hide, &on)).await;
    hidden.is(StatusCode::OK).says("not on their own pages");
    world.assert_nothing_lost().await;
    let mut own = world.person(person).await;
    for path in ["/mine", "/mine/plan", "/mine/words", "/mine/sharing", "/mine/looked", "/mine/sealed"] {
        let page = own.get(path).await;
        page.is(StatusCode::OK)
            .never("hidden-note-8s")
            .never("hidden-why-8s")
            .never("not on their own pages");
    }
    world.pass_days(21);
    let mut aisha = world.worker(world.aisha).await;
    let today_page = aisha.get("/today").await;
    let message = today_page.links(&format!("/people/{person}/messages/")).pop().expect("it is held");
    let review = aisha.get(&message).await;
    review.says("A note is not on their own pages").never("hidden-note-8s").never("hidden-why-8s");
    assert_eq!(review.links(&action), std::slice::from_ref(&action));
    let form = aisha.get(&action).await;
    form.says("hidden-note-8s");
    let mut shown = aisha.fill(&form, &action, &[("why", "He knows now")]);
    shown.fields.retain(|(name, _)| name != "hide");
    aisha.send_form(&shown).await.is(StatusCode::OK).never("not on their own pages");
    assert!(aisha.get("/today").await.links(&message).is_empty());
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn somebody_elses_business_is_marked_as_such() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    put(&world, person, id(), &note(&world, "third-note-5q", Sensitivity::S1, &[])).await;
    let action = marks_of(&mut aisha, person).await;
    let form = aisha.get(&action).await;
    aisha.submit(&form, &action, &[("third", "yes")]).await.says("about somebody else");
    let mut own = world.person(person).await;
    own.get("/mine/sharing").await.never("third-note-5q");
    let form = aisha.get(&action).await;
    let mut back = aisha.fill(&form, &action, &[]);
    back.fields.retain(|(name, _)| name != "third");
    aisha.send_form(&back).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("Write why more people");
    let sealed = Note {
        kind: NoteKind::SealedAddress,
        allow_list: vec![world.aisha.worker],
        ..note(&world, "an-address-5q", Sensitivity::S4, &[])
    };
    put(&world, person, id(), &sealed).await;
    let list = aisha.get(&format!("/people/{person}/sealed")).await;
    let address = list.says("an-address-5q").links(&format!("/people/{person}/sealed/")).pop().unwrap();
    let form = aisha.get(&address).await;
    let open = aisha.submit(&form, &address, &[("level", "private"), ("why", "x")]).await;
    open.is(StatusCode::UNPROCESSABLE_ENTITY).says("An address that is sealed stays sealed");
}
