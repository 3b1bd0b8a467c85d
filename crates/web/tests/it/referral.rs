//! Asking a service, line by line. The two journeys from end to end are in
//! [`crate::two_journeys`].
//!
//! - Given a form sent twice, a page gone stale, a line changed, a service full or an
//!   agreement lapsed between preview and send, then nothing is doubled, overwritten or
//!   sent.
//! - Given "not now", then nothing is sent and the need is held until the day.
//! - Given services that said no, then an unmet need is placed and dated, both leads see
//!   "too complex", and nobody sees a name.
//! - Given a decline, then the decliner can no longer read the packet.

use crate::harness::{Browser, Cast, Shown, World};
use crate::people::add;
use axum::http::{Method, StatusCode};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::directory::{Capacity, Joining, Service, Space};
use kith_domain::id::{NeedId, PersonId, RecordId, ServiceId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::{Holder, Organisation};
use kith_domain::record::{Author, Saved};
use kith_domain::time::{Day, plus_days};
use kith_store::{Common, NewRecord, Personal, Writing};
use uuid::Uuid;

fn writing(world: &World) -> Writing {
    Writing {
        at: world.now(),
        author: Author::Operator,
        recorded_for: None,
        basis: "own_organisation".into(),
    }
}

pub fn today(world: &World) -> Day {
    world.kith.calendar().day(world.now())
}

/// The id of the person whose page this is.
pub fn person_of(page: &Shown) -> PersonId {
    page.path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("a person's page")
}

/// Writes something about a person straight into the database.
pub async fn put<T: Personal>(world: &World, person: PersonId, value: &T) -> RecordId {
    let id = RecordId(Uuid::now_v7());
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id, person: Some(person), owner: world.aisha.organisation };
    tx.create(&writing(world), "made", new, value).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Changes something about no person.
pub async fn alter<T: Common>(world: &World, id: impl Into<RecordId>, change: impl FnOnce(&mut T)) {
    let mut tx = world.kith.store().write().await.unwrap();
    let old = tx.find_common::<T>(id).await.unwrap().unwrap();
    let mut new = old.value.clone();
    change(&mut new);
    tx.change(&writing(world), "changed", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn need(world: &World, person: PersonId, area: Area, words: &str) -> NeedId {
    let holder = Holder {
        organisation: world.aisha.organisation,
        team: world.aisha.team,
        lead: Some(world.aisha.worker),
    };
    let value = Need {
        area,
        words: words.into(),
        code: None,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        raised_at: world.now(),
        status: NeedStatus::Open,
        holder,
        next: NextDate::new("Find support", plus_days(today(world), 7)),
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    };
    put(world, person, &value).await.into()
}

/// A need as it stands now, as Aisha sees it.
pub async fn need_now(world: &World, person: PersonId, id: NeedId) -> Saved<Need> {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let needs = look.all::<Need>(&about).unwrap();
    look.finish().await.unwrap();
    needs.into_iter().find(|n| n.meta.id == RecordId(id.0)).expect("the need")
}

/// Fills in a page whose form goes to the page's own address.
pub async fn save(browser: &mut Browser, page: &Shown, fields: &[(&str, &str)]) -> Shown {
    let action = page.path.clone();
    browser.submit(page, &action, fields).await
}

/// A day in its three fields.
pub fn day(name: &str, on: Day) -> [(String, String); 3] {
    [
        (format!("{name}-day"), on.day().to_string()),
        (format!("{name}-month"), on.month().to_string()),
        (format!("{name}-year"), on.year().to_string()),
    ]
}

pub fn with<'a>(fields: &[(&'a str, &'a str)], days: &'a [(String, String); 3]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain(days.iter().map(|(n, v)| (n.as_str(), v.as_str()))).collect()
}

pub struct Asked {
    pub person: PersonId,
    pub need: NeedId,
    pub base: String,
}

pub async fn badger(world: &World, aisha: &mut Browser, service: ServiceId) -> Asked {
    let person = person_of(&add(aisha, "Badger").await);
    let need = need(world, person, Area::Money, "get my money back").await;
    Asked { person, need, base: format!("/people/{person}/needs/{need}/refer/{service}") }
}

/// From the service's page to "check and send", with the need alone.
pub async fn up_to_check(aisha: &mut Browser, asked: &Asked) -> Shown {
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    let aloud = save(aisha, &what, &[]).await;
    aloud.is(StatusCode::OK).says("Read it aloud");
    let agreement = aisha.get(&format!("{}/agreement", asked.base)).await;
    let check = save(aisha, &agreement, &[("how", "read_aloud"), ("presence", "alone")]).await;
    check.is(StatusCode::OK).says("Check and send");
    check
}

pub async fn ask(aisha: &mut Browser, asked: &Asked) -> Shown {
    let check = up_to_check(aisha, asked).await;
    save(aisha, &check, &[]).await
}

pub fn inbox_link(inbox: &Shown) -> String {
    inbox
        .links("/inbox/")
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("nothing in the inbox:\n{}", inbox.text()))
}

#[tokio::test]
async fn a_person_without_a_gp_has_no_message_to_one() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    for (act, fields) in [("accept", vec![]), ("end", vec![("happened", "yes"), ("helped", "a_bit")])] {
        let page = joan.get(&format!("{path}/{act}")).await;
        save(&mut joan, &page, &fields).await.is(StatusCode::OK);
    }
    aisha.get(&sent.path).await.says("GP message none");
}

#[tokio::test]
async fn sent_twice_is_sent_once_and_the_back_button_shows_what_was_done() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let check = up_to_check(&mut aisha, &asked).await;
    let form = aisha.fill(&check, &check.path, &[]);
    let first = aisha.send_form(&form).await;
    let again = aisha.send_form(&form).await;
    assert_eq!(first.path, again.path);
    let mut joan = world.worker(world.joan).await;
    assert_eq!(joan.get("/inbox").await.links("/inbox/").len(), 1);
    let start = aisha.get(&asked.base).await;
    start.says("It has been asked already").says("See how it stands");
}

#[tokio::test]
async fn what_changed_between_preview_and_send_is_not_sent() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let check = up_to_check(&mut aisha, &asked).await;
    let form = aisha.fill(&check, &check.path, &[]);

    alter::<Service>(&world, world.benefits_advice, |s| {
        s.capacity = Capacity { space: Space::Full { until: None }, ..Capacity::default() };
    })
    .await;
    aisha.send_form(&form).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("It is full");
    alter::<Service>(&world, world.benefits_advice, |s| s.capacity.space = Space::Open).await;

    alter::<Organisation>(&world, world.joan.organisation, |o| {
        o.agreement.as_mut().unwrap().areas = vec![Area::Housing];
    })
    .await;
    aisha.send_form(&form).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("agreement does not cover");
    alter::<Organisation>(&world, world.joan.organisation, |o| {
        o.agreement.as_mut().unwrap().areas = Area::ALL.to_vec();
    })
    .await;

    // The person stops sharing with them.
    let stop = async |stop: bool| {
        let who = world.principal(world.aisha).await;
        let mut look = world.kith.look(&who).await.unwrap();
        let about = look.about(asked.person).await.unwrap();
        let old = look.person(&about).unwrap();
        look.finish().await.unwrap();
        let mut new = old.value.clone();
        new.stopped_organisations = stop.then_some(world.joan.organisation).into_iter().collect();
        let mut tx = world.kith.store().write().await.unwrap();
        tx.change(&writing(&world), "changed", &old.meta, &new).await.unwrap();
        tx.commit().await.unwrap();
    };
    stop(true).await;
    aisha
        .send_form(&form)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("stopped sharing with this organisation");
    stop(false).await;

    // The words of the need change: what was agreed to is not what would go.
    let old = need_now(&world, asked.person, asked.need).await;
    let new = Need { words: "get my money back, and my flat".into(), ..old.value.clone() };
    let mut tx = world.kith.store().write().await.unwrap();
    tx.change(&writing(&world), "changed", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
    let refused = aisha.send_form(&form).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("has changed since it was shown");
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.says("Nobody is asking");
}

#[tokio::test]
async fn not_now_is_an_answer_and_2099_is_refused() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let page = aisha.get(&format!("{}/not-now", asked.base)).await;
    let far = save(&mut aisha, &page, &[("until-year", "2099"), ("said", "After Christmas")]).await;
    far.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a day to look again");
    assert!(far.body.contains("After Christmas"), "nothing typed is lost");
    let on = day("until", plus_days(today(&world), 40));
    save(&mut aisha, &far, &with(&[], &on)).await.is(StatusCode::OK).says("Badger");
    let value = need_now(&world, asked.person, asked.need).await.value;
    assert!(matches!(value.status, NeedStatus::NotNow { .. }));
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.never("Badger");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn without_agreement_somebody_named_decides() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    save(&mut aisha, &what, &[]).await;
    let page = aisha.get(&format!("{}/without-agreement", asked.base)).await;
    save(&mut aisha, &page, &[("by", "safeguarding")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Enter who decided");
    let fields = [
        ("by", "safeguarding"),
        ("decided_by", "Grace Mensah, team lead"),
        ("why", "Somebody takes his money"),
        ("least", "The need alone"),
    ];
    let check = save(&mut aisha, &page, &fields).await;
    check.says("Safeguarding").says("Grace Mensah");
    save(&mut aisha, &check, &[]).await.is(StatusCode::OK).says("Decided by Grace Mensah");
}

#[tokio::test]
async fn where_people_just_go_along_no_form_is_shown() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    alter::<Service>(&world, world.benefits_advice, |s| s.joining = vec![Joining::WalkIn]).await;
    let start = aisha.get(&asked.base).await;
    start.says("No request is needed").never("Choose what goes");
    assert!(start.body.contains(&format!("/people/{}/tell?service=", asked.person)));
}

#[tokio::test]
async fn a_question_comes_back_and_its_answer_gives_the_receiver_time() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    let page = joan.get(&format!("{path}/ask")).await;
    save(&mut joan, &page, &[("question", "Which benefit is it?")]).await.says("Which benefit is it?");
    aisha.get(&sent.path).await.says("This is yours again").says("Which benefit is it?");
    let page = aisha.get(&format!("{}/answer", sent.path)).await;
    save(&mut aisha, &page, &[("answer", "The housing part")]).await.says("The housing part");
    joan.get(&path).await.says("The housing part");
}

#[tokio::test]
async fn taken_back_is_gone_for_the_receiver_at_once() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    let stale = joan.get(&format!("{path}/accept")).await;
    let page = aisha.get(&format!("{}/take-back", sent.path)).await;
    save(&mut aisha, &page, &[("why", "He changed his mind")]).await.says("You took it back");
    joan.get(&path).await.is(StatusCode::NOT_FOUND);
    save(&mut joan, &stale, &[]).await.is(StatusCode::NOT_FOUND);
    joan.get("/inbox").await.never("Badger");
}

#[tokio::test]
async fn a_no_to_the_need_takes_back_what_was_asked_or_says_why_not() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await;
    let mut adviser = world.worker(world.joan).await;
    let request = inbox_link(&adviser.get("/inbox").await);
    adviser.get(&request).await.is(StatusCode::OK);
    let need = aisha.get(&format!("/people/{}/needs/{}", asked.person, asked.need)).await;
    let end = format!("{}/change/ended", need.path);
    // Somebody is still being asked: it is not left to itself.
    let silent = aisha.submit(&need, &end, &[("how", "no")]).await;
    silent.is(StatusCode::UNPROCESSABLE_ENTITY).says("Say what happens to what was asked for");
    let done = aisha.submit(&silent, &end, &[("how", "no"), ("asked", "back")]).await;
    done.is(StatusCode::OK).says("They said no on").says("Taken back");
    adviser.get(&request).await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_stale_answer_overwrites_nothing_and_loses_nothing() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    let accept = joan.get(&format!("{path}/accept")).await;
    let question = joan.get(&format!("{path}/ask")).await;
    save(&mut joan, &accept, &[]).await.is(StatusCode::OK);
    let merge = save(&mut joan, &question, &[("question", "Where does he sleep?")]).await;
    merge
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Somebody else changed this")
        .says("Where does he sleep?");
    save(&mut joan, &merge, &[]).await.is(StatusCode::OK).says("Where does he sleep?");
}

pub async fn decline(world: &World, by: Cast, reason: &str) -> Browser {
    let mut browser = world.worker(by).await;
    let path = inbox_link(&browser.get("/inbox").await);
    let page = browser.get(&format!("{path}/decline")).await;
    page.says("The person will read this");
    let fields = [("reason", reason), ("words", "We are sorry, we cannot give enough support here.")];
    let form = browser.fill(&page, &page.path, &fields);
    browser.send_form(&form).await.is(StatusCode::OK);
    // Sent twice, and looked at again: nothing is left to see.
    browser.send_form(&form).await.is(StatusCode::OK);
    browser.get(&path).await.is(StatusCode::NOT_FOUND);
    browser
}

#[tokio::test]
async fn an_unmet_need_is_placed_and_dated() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Marlon").await);
    let home = need(&world, person, Area::Housing, "a home with support").await;
    let base = format!("/people/{person}/needs/{home}/refer/{}", world.harbour);
    let sent = ask(&mut aisha, &Asked { person, need: home, base }).await;
    decline(&world, world.amir, "not_complex_enough").await;
    let page = aisha.get(&format!("{}/next", sent.path)).await;
    let fields = [("told", "By the river."), ("choice", "unmet"), ("reason", "declined")];
    save(&mut aisha, &page, &fields).await.is(StatusCode::OK).says("An unmet need");
    let value = need_now(&world, person, home).await.value;
    let unmet = value.unmet.expect("an unmet need");
    assert!(unmet.place.is_some() && unmet.review_on > today(&world));
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn both_leads_see_too_complex_and_nobody_sees_a_name() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await;
    decline(&world, world.joan, "too_complex").await.get("/declines").await.is(StatusCode::NOT_FOUND);
    for lead in [world.grace, world.dev] {
        let mut lead = world.worker(lead).await;
        let page = lead.get("/declines").await;
        page.is(StatusCode::OK).says("Benefits advice: Too complex for us").never("Badger").never("my money");
        let read = page
            .body
            .split("action=\"")
            .filter_map(|rest| rest.split('"').next())
            .find(|action| action.starts_with("/declines/"))
            .expect("a notice to read")
            .to_owned();
        lead.submit(&page, &read, &[]).await.is(StatusCode::OK).says("Too complex").never("I have read this");
    }
    world.assert_nothing_lost().await;
}

/// Goes through the links of a receiver without an account.
#[tokio::test]
async fn a_link_holder_answers_without_an_account() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let company = need(&world, person, Area::Connection, "Badger wants company").await;
    let base = format!("/people/{person}/needs/{company}/refer/{}", world.garden);
    let asked = Asked { person, need: company, base };
    aisha.get(&asked.base).await.says("by a link in an email");
    let sent = ask(&mut aisha, &asked).await;
    let link = |page: &Shown| page.links("/link/").into_iter().next().expect("the made-up link");
    let first = link(&sent);

    // GET changes nothing, and shows nothing.
    let mut green = world.browser();
    for _ in 0..3 {
        green.get(&first).await.is(StatusCode::OK).says("Green Hands").never("Badger").never("company");
    }
    assert!(green.cookie.is_none());
    let landing = green.get(&first).await;
    let request = green.submit(&landing, &first, &[]).await;
    request.is(StatusCode::OK).says("wants company").says("(name)").never("Badger").never("drop-in");

    // Saying yes needs their own name and the second code.
    let refused = green.once(&Method::GET, "/link/request/accept", "").await;
    refused.never("Badger");
    let name = green.get("/link/request/name").await;
    save(&mut green, &name, &[("own_name", "Ivy"), ("second", "AAAA-AAAA")])
        .await
        .never("Badger")
        .says("code");
    let shown = aisha.submit(&sent, &format!("{}/code", sent.path), &[]).await;
    let code = shown
        .text()
        .split_whitespace()
        .find(|w| w.len() == 9 && w.as_bytes()[4] == b'-')
        .expect("a code")
        .to_owned();
    let named = save(&mut green, &name, &[("own_name", "Ivy"), ("second", &code)]).await;
    named.is(StatusCode::OK).says("Badger").says("drop-in");
    let accept = green.get("/link/request/accept").await;
    let stale = accept.clone();
    save(&mut green, &accept, &[]).await.is(StatusCode::OK).says("Thank you");

    // The link and the session that came by it are dead; the next step has its own.
    green.get("/link/request").await.is(StatusCode::NOT_FOUND).never("Badger");
    save(&mut green, &stale, &[]).await.never("Badger");
    green.get(&first).await.says("does not work");
    let page = aisha.get(&sent.path).await;
    page.says("They said yes").says("Green Hands, by link");
    let second = link(&page);
    assert_ne!(first, second);
    let landing = green.get(&second).await;
    green.submit(&landing, &second, &[]).await.never("Badger").says("Give your name and the code");
    let name = green.get("/link/request/name").await;
    save(&mut green, &name, &[("own_name", "Ivy"), ("second", &code)]).await.says("Badger");

    // A recall ends it; so do 14 days.
    let page = aisha.get(&format!("{}/take-back", sent.path)).await;
    save(&mut aisha, &page, &[("why", "He found company")]).await;
    green.get("/link/request").await.is(StatusCode::NOT_FOUND);
    green.get(&second).await.says("does not work");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_link_is_dead_after_14_days_and_without_an_agreement() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let company = need(&world, person, Area::Connection, "company").await;
    let base = format!("/people/{person}/needs/{company}/refer/{}", world.garden);
    let sent = ask(&mut aisha, &Asked { person, need: company, base }).await;
    let link = sent.links("/link/").into_iter().next().expect("a link");
    let mut green = world.browser();
    let landing = green.get(&link).await;
    green.submit(&landing, &link, &[]).await.says("company");
    let lapsed = plus_days(today(&world), -1);
    alter::<Organisation>(&world, world.garden_org, |o| o.agreement.as_mut().unwrap().until = lapsed).await;
    green.get("/link/request").await.is(StatusCode::NOT_FOUND).never("company");
    let later = plus_days(today(&world), 600);
    alter::<Organisation>(&world, world.garden_org, |o| o.agreement.as_mut().unwrap().until = later).await;
    green.get("/link/request").await.says("company");
    world.pass_days(15);
    green.get(&link).await.says("does not work");
    green.submit(&landing, &link, &[]).await.says("does not work").never("company");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn bad_input_says_what_to_do_and_keeps_what_was_typed() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    let none = save(&mut aisha, &what, &[("line", ""), ("contact", "")]).await;
    none.is(StatusCode::UNPROCESSABLE_ENTITY).says("safe way");
    let check = up_to_check(&mut aisha, &asked).await;
    let far = save(&mut aisha, &check, &[("reply_by-year", "2099")]).await;
    far.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a reply-by day from tomorrow up to");
    assert!(far.body.contains("href=\"#reply_by-day\"") && far.body.contains("value=\"2099\""));
    let missing = save(&mut aisha, &check, &[("reply_by-day", "31"), ("reply_by-month", "2")]).await;
    missing.is(StatusCode::UNPROCESSABLE_ENTITY).says("February");
}

#[tokio::test]
async fn a_need_that_is_met_is_not_asked_for_from_an_old_tab() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let check = up_to_check(&mut aisha, &asked).await;
    let page = format!("/people/{}/needs/{}", asked.person, asked.need);
    let need = aisha.get(&page).await;
    aisha.submit(&need, &format!("{page}/change/met"), &[]).await.is(StatusCode::OK);
    // The search, the first page of asking, and the last, which was left open.
    let start = aisha.get(&asked.base).await;
    start
        .says("Met on Tuesday 24 November 2026")
        .says("They want help with it again")
        .never("Choose what goes");
    assert!(start.body.contains(&format!("href=\"{page}#again\"")), "{}", start.body);
    aisha.get(&page).await.says("They want help with it again");
    let sent = save(&mut aisha, &check, &[]).await;
    sent.is(StatusCode::UNPROCESSABLE_ENTITY).says("This need is not open any more");
}

#[tokio::test]
async fn a_member_decides_in_their_best_interests_and_says_so() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    save(&mut aisha, &what, &[]).await;
    let page = aisha.get(&format!("{}/without-agreement", asked.base)).await;
    let with_who = |who: &'static str| {
        [
            ("by", "best_interests"),
            ("decided_by", who),
            ("why", "He cannot decide it now"),
            ("least", "The need"),
        ]
    };
    for nobody in ["My cousin Pat", "Aisha Rahman, navigator", "Sam"] {
        let no = save(&mut aisha, &page, &with_who(nobody)).await;
        no.is(StatusCode::UNPROCESSABLE_ENTITY).says("No clinician, social worker or team lead of that name");
    }
    let check = save(&mut aisha, &page, &with_who("grace  mensah, the lead")).await;
    check.says("Grace Mensah, team lead");
    let sent = save(&mut aisha, &check, &[]).await;
    sent.is(StatusCode::OK).says("Decided by Grace Mensah, team lead");
    sent.says("This waits for them to say that it was so, by Thursday 26 November");
    // It is held by her, by that day.
    let mut grace = world.worker(world.grace).await;
    let notices = grace.get("/today").await.links(&format!("/people/{}/messages/", asked.person));
    assert_eq!(notices.len(), 1, "she is told once");
    grace.get(&notices[0]).await.says("You are named as who decided this").says("26 November");
    let own = grace.get(&sent.path).await;
    own.says("Yes, I decided this");
    let done = grace.submit(&own, &format!("{}/confirmed", sent.path), &[]).await;
    done.says("They said that it was so, on")
        .says("Whoever decided confirmed it")
        .never("Yes, I decided this");
    world.assert_nothing_lost().await;
}
