//! Who stands beside the person.
//!
//! - Given that Badger lets his sister in for housing, then he sees first what she would see; she
//!   signs in as herself, sees that and nothing else, and he can see that she looked; given that
//!   he ends it in two taps, then her next click shows nothing, and she can still tell the team;
//! - given that Aisha quietly writes down that somebody presses him, then that supporter's page
//!   stays byte for byte what it was, whatever is written after; a supporter who had not looked
//!   sees nothing; Badger's own pages say nothing of it; it is held until a day;
//! - given an advocate or an attorney for money, then the first sees nothing and the second no
//!   more than money.

use crate::harness::{Browser, Shown, World};
use crate::mine::{badger, id, put, writing};
use axum::http::StatusCode;
use kith_care::Identity;
use kith_domain::area::Area;
use kith_domain::id::{PersonId, RecordId, SupporterId};
use kith_domain::plan::{Part, PlanSection};

async fn part(world: &World, person: PersonId, area: Area, words: &str) -> RecordId {
    let record = id();
    let section = PlanSection { words: words.into(), ..PlanSection::new(Part::Area, Some(area)) };
    put(world, person, record, &section).await;
    record
}

/// Writes a newer version straight into the database.
async fn newer(world: &World, person: PersonId, record: RecordId, words: &str) {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let ask = look.batch.ask(kith_access::Action::View);
    let old = look.one::<PlanSection>(&about, record, &ask).unwrap();
    look.finish().await.unwrap();
    let mut tx = world.kith.store().write().await.unwrap();
    let new = PlanSection { words: words.into(), ..old.value.clone() };
    tx.change(&writing(world), "changed", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
}

/// Badger lets somebody in on his own page.
pub(crate) async fn let_in(own: &mut Browser, name: &str, kind: &str, areas: &str) -> Shown {
    let form = own.get("/mine/supporters/add").await;
    let fields = [("name", name), ("relation", "sister"), ("kind", kind), ("areas", areas)];
    let check = own.submit(&form, "/mine/supporters/add", &fields).await;
    check.is(StatusCode::OK).says("Look before you let them in");
    own.submit(&check, "/mine/supporters/add", &[]).await
}

pub(crate) fn supporter_on(page: &Shown) -> SupporterId {
    let end =
        page.links("/mine/supporters/").into_iter().find(|l| l.ends_with("/end")).expect("a way to end");
    end.trim_start_matches("/mine/supporters/").trim_end_matches("/end").parse().expect("an id")
}

pub(crate) async fn sign_in(world: &World, person: PersonId, supporter: SupporterId) -> Browser {
    let identity = Identity::Supporter { supporter, person };
    let session = world.kith.begin_session(&identity, None, 2, world.now()).await.unwrap();
    Browser { cookie: Some(session.cookie), ..world.browser() }
}

#[tokio::test]
async fn a_supporter_sees_what_they_were_let_into_until_it_is_ended() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    part(&world, person, Area::Housing, "somewhere dry").await;
    part(&world, person, Area::Money, "a debt of 400").await;
    let mut own = world.person(person).await;
    let form = own.get("/mine/supporters/add").await;
    let fields = [("name", "Sana"), ("relation", "my sister"), ("kind", "relative"), ("areas", "housing")];
    let check = own.submit(&form, "/mine/supporters/add", &fields).await;
    check.says("Today Sana would see").says("Housing").never("Money</li>");
    let list = own.submit(&check, "/mine/supporters/add", &[]).await;
    list.says("Sana").says("May see: Housing");
    let supporter = supporter_on(&list);
    let mut sana = sign_in(&world, person, supporter).await;
    let seen = sana.get("/beside").await;
    seen.is(StatusCode::OK).says("somewhere dry").never("400").never("Badger");
    for closed in ["/mine", "/mine/plan", "/today"] {
        sana.get(closed).await.is(StatusCode::NOT_FOUND);
    }
    sana.get(&format!("/people/{person}")).await.is(StatusCode::NOT_FOUND);
    own.get("/mine/looked").await.says("People you let in").says("Sana").says("Housing");

    // Two taps.
    let sure = own.get(&format!("/mine/supporters/{supporter}/end")).await;
    own.submit(&sure, &format!("/mine/supporters/{supporter}/end"), &[]).await.says("sees nothing");
    sana.get("/beside")
        .await
        .is(StatusCode::OK)
        .never("somewhere dry")
        .says("Nothing is shared with you here");
    sana.get("/beside/for-you").await.says("carer’s assessment");
    let form = sana.get("/beside/tell").await;
    let told = sana.submit(&form, "/beside/tell", &[("words", "I am worried about the rent")]).await;
    told.says("Received").never("worried about the rent");
    let mut aisha = world.worker(world.aisha).await;
    let today = aisha.get("/today").await;
    today.says("Read what they wrote");
    let message = today.links(&format!("/people/{person}/messages/")).pop().expect("the words");
    aisha.get(&message).await.says("Sana").says("I am worried about the rent");
    for page in ["/mine", "/mine/words", "/mine/plan", "/mine/sharing"] {
        own.get(page).await.never("worried about the rent");
    }
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_view_is_frozen_at_exactly_what_they_had_seen() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let housing = part(&world, person, Area::Housing, "the old words").await;
    let mut own = world.person(person).await;
    let carl = supporter_on(&let_in(&mut own, "Carl", "carer", "housing").await);
    let mut partner = sign_in(&world, person, carl).await;
    partner.get("/beside").await.says("the old words");
    let before = partner.get("/beside").await;

    let quiet = format!("/people/{person}/quiet");
    let page = aisha.get(&quiet).await;
    page.says("Carl");
    let id = carl.to_string();
    let late = [("who", id.as_str()), ("view", "frozen"), ("review-year", "2099")];
    aisha.submit(&page, &quiet, &late).await.says("Choose a day from tomorrow");
    let saved = aisha.submit(&page, &quiet, &[("who", id.as_str()), ("view", "frozen")]).await;
    saved.is(StatusCode::OK).says("Written down since");
    newer(&world, person, housing, "the new flat in Hope Street").await;
    part(&world, person, Area::Housing, "the key is with Ana").await;
    let after = partner.get("/beside").await;
    assert_eq!(bare(&before), bare(&after), "not a byte tells him");
    let own_list = own.get("/mine/supporters").await;
    own_list.says("Carl").says("May see: Housing");
    for page in ["/mine", "/mine/sharing", "/mine/supporters", "/mine/looked", "/mine/words"] {
        own.get(page).await.never("pressed").never("paused").never("/quiet").never("Look at this again");
    }
    // He can tell the team as before, and a second person who had not looked sees nothing.
    let form = partner.get("/beside/tell").await;
    partner.submit(&form, "/beside/tell", &[("words", "where is he")]).await.says("Received");
    aisha.get("/today").await.says("Look at this again, quietly");
    world.assert_nothing_lost().await;

    // Looking again never releases what came in between; only "it is over" does.
    let page = aisha.get(&quiet).await;
    aisha.submit(&page, &quiet, &[("who", id.as_str()), ("view", "frozen")]).await.says("Written down");
    assert_eq!(bare(&before), bare(&partner.get("/beside").await));
    let page = aisha.get(&quiet).await;
    aisha.submit(&page, &quiet, &[("who", id.as_str()), ("view", "ended")]).await.says("Written down");
    partner.get("/beside").await.never("the old words").never("Hope Street");
    let page = aisha.get(&quiet).await;
    aisha.submit(&page, &format!("{quiet}/over"), &[]).await.is(StatusCode::OK);
    partner.get("/beside").await.says("Hope Street");
    world.assert_nothing_lost().await;
}

/// The page without what is new in every form.
fn bare(page: &Shown) -> String {
    page.text()
}

#[tokio::test]
async fn whoever_had_not_looked_sees_nothing_while_all_are_paused() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    part(&world, person, Area::Housing, "somewhere dry").await;
    let mut own = world.person(person).await;
    let sana = supporter_on(&let_in(&mut own, "Sana", "relative", "housing").await);
    let quiet = format!("/people/{person}/quiet");
    let page = aisha.get(&quiet).await;
    aisha.submit(&page, &quiet, &[("view", "frozen")]).await.says("Written down since");
    let mut browser = sign_in(&world, person, sana).await;
    browser.get("/beside").await.is(StatusCode::OK).never("somewhere dry");
    // Who may not change the record does not see the page.
    let mut joan = world.worker(world.joan).await;
    joan.get(&quiet).await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_advocate_sees_nothing_and_a_power_no_more_than_it_is_for() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    part(&world, person, Area::Money, "a debt of 400").await;
    let base = format!("/people/{person}/supporters");
    let form = aisha.get(&format!("{base}/add")).await;
    let ask = [("how", "face_to_face"), ("presence", "alone")];
    let with = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("name", "Marian"), ("relation", "niece")];
        fields.extend(more);
        fields.extend(ask);
        fields
    };
    let no_paper = with(&[("kind", "attorney_money"), ("areas", "money")]);
    aisha.submit(&form, &format!("{base}/add"), &no_paper).await.says("has to see the paper first");
    let proof = ("proof", "Lasting power of attorney, registered");
    let beyond = with(&[("kind", "attorney_money"), ("areas", "health_and_care"), proof]);
    aisha.submit(&form, &format!("{base}/add"), &beyond).await.says("Their power does not reach");
    let fits = with(&[("kind", "attorney_money"), ("areas", "money"), proof]);
    let check = aisha.submit(&form, &format!("{base}/add"), &fits).await;
    check.says("would see").says("Money");
    aisha.submit(&check, &format!("{base}/add"), &[]).await.says("Lasting power of attorney");
    let advocate = with(&[("kind", "advocate_imha")]);
    let check = aisha.submit(&form, &format!("{base}/add"), &advocate).await;
    check.says("sees nothing here");
    aisha.submit(&check, &format!("{base}/add"), &[]).await.says("Speaks for them. Sees nothing here");
    world.assert_nothing_lost().await;
}
