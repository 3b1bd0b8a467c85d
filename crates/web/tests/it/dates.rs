//! The dates that a service offers, answered by the person.
//!
//! - Given two dates that Joan offered, then they are first on Badger's page, each with a button;
//!   when he says that one is good, then it is agreed, once, and Joan and Aisha see it;
//! - when he says that none is good and writes what would suit him, then his place is kept, Joan
//!   reads his words and offers others by a day, and Aisha is told;
//! - given dates that Joan changed since he opened the page, then nothing is agreed, he sees the
//!   new ones, and what he wrote is still there;
//! - given a code alone, then the dates are shown and nothing is agreed with it;
//! - given somebody else, then there is no such page.

use crate::harness::{Browser, Shown, World};
use crate::mine::{badger, referral_now, with_referral};
use crate::people::add;
use crate::referral::{day, person_of, today, with};
use axum::http::StatusCode;
use kith_domain::id::{PersonId, ReferralId};
use kith_domain::referral::{Business, Status};
use kith_domain::time::plus_days;

/// Joan offers dates at 10:30, in so many days each.
async fn joan_offers(world: &World, referral: ReferralId, days: &[i32]) {
    let mut joan = world.worker(world.joan).await;
    let action = format!("/inbox/{referral}/offer");
    let form = joan.get(&action).await;
    let soon = day("next", plus_days(today(world), 2));
    let dates: Vec<_> = days
        .iter()
        .enumerate()
        .map(|(n, days)| {
            (day(&format!("date{}", n + 1), plus_days(today(world), *days)), format!("time{}", n + 1))
        })
        .collect();
    let mut fields = with(&[("what", "Ask which one"), ("place", "The library")], &soon);
    for (date, time) in &dates {
        fields.extend(date.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        fields.push((time.as_str(), "10:30am"));
    }
    joan.submit(&form, &action, &fields).await.is(StatusCode::OK).says("You offered");
}

/// Badger, with two dates that Joan offered him.
pub(crate) async fn offered(world: &World) -> (Browser, PersonId, ReferralId) {
    let (_, person) = badger(world).await;
    let (referral, _) = with_referral(world, person).await;
    joan_offers(world, referral, &[3, 5]).await;
    (world.person(person).await, person, referral)
}

pub(crate) fn dates_of(referral: ReferralId) -> String {
    format!("/mine/referrals/{referral}/dates")
}

/// What Aisha finds on Today, to be read.
pub(crate) async fn notice(aisha: &mut Browser, person: PersonId) -> Shown {
    let today = aisha.get("/today").await;
    today.says("Words waiting to be read");
    let link = today.links(&format!("/people/{person}/messages/")).into_iter().next().expect("a notice");
    aisha.get(&link).await
}

/// The values of the buttons, in the order of the page.
pub(crate) fn buttons(page: &Shown) -> Vec<String> {
    let from_buttons = page.body.split("name=\"date\" value=\"").skip(1);
    from_buttons.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_date_is_agreed_by_its_button() {
    let world = World::new().await;
    let (mut own, person, referral) = offered(&world).await;
    let front = own.get("/mine").await;
    front.says("Yours to choose").says("This date is good").says("None of these is good");
    let text = front.text();
    assert!(text.find("This date is good") < text.rfind("Help I asked for"), "it comes first: {text}");
    let (path, values) = (dates_of(referral), buttons(&front));
    assert_eq!(values.len(), 2, "a button for each date");
    let good = own.fill(&front, &path, &[("date", values[1].as_str())]);
    own.send_form(&good).await.is(StatusCode::OK).says("You have a date").says("29 November");
    // Sent twice it is agreed once; the back button finds what became of it.
    own.send_form(&good).await.is(StatusCode::OK).says("You have a date");
    own.get(&path).await.is(StatusCode::OK).says("No date waits for you").says("29 November");
    own.get("/mine").await.says("29 November").never("Yours to choose");
    let stored = referral_now(&world, person, referral).await;
    assert_eq!((stored.status, stored.business), (Status::Accepted, Business::DateAgreed));
    let mut joan = world.worker(world.joan).await;
    joan.get(&format!("/inbox/{referral}"))
        .await
        .says("A date is agreed: Sunday 29 November")
        .says("They came");
    let mut aisha = world.worker(world.aisha).await;
    let sent = aisha.get(&format!("/people/{person}/referrals/{referral}")).await;
    sent.says("A date agreed").says("the person").says("Sunday 29 November");
    notice(&mut aisha, person).await.says("They said yes to Benefits advice: Sunday 29 November");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn none_is_good_goes_back_with_the_words_and_keeps_the_place() {
    let world = World::new().await;
    let (mut own, person, referral) = offered(&world).await;
    let path = dates_of(referral);
    let page = own.get(&path).await;
    page.says("Which date is good for you?").says("Your place is kept").says("Who reads this");
    let none = own.fill(&page, &format!("{path}/none"), &[("words", "Mornings are hard for me")]);
    let after = own.send_form(&none).await;
    after.is(StatusCode::OK).says("Other dates follow").says("Your place is kept");
    own.send_form(&none).await.is(StatusCode::OK);
    own.get("/mine").await.never("Yours to choose").says("Other dates follow");
    let stored = referral_now(&world, person, referral).await;
    assert_eq!((stored.status, stored.could_not_come), (Status::Accepted, 0), "it is no missed date");
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.says("None of the dates is good");
    let request = joan.get(&format!("/inbox/{referral}")).await;
    request.says("None of your dates is good for them").says("Mornings are hard for me").says("Offer dates");
    let mut aisha = world.worker(world.aisha).await;
    notice(&mut aisha, person).await.says("None of the dates of Benefits advice is good for them");
    world.assert_nothing_lost().await;
    joan_offers(&world, referral, &[9]).await;
    own.get("/mine").await.says("Yours to choose").says("offers you this day").says("This date is not good");
    joan.get(&format!("/inbox/{referral}")).await.never("Mornings are hard for me");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn dates_that_changed_are_shown_again_with_what_was_typed() {
    let world = World::new().await;
    let (mut own, person, referral) = offered(&world).await;
    let path = dates_of(referral);
    let old = own.get(&path).await;
    let first = buttons(&old).remove(0);
    joan_offers(&world, referral, &[9]).await;
    let stale = own.submit(&old, &path, &[("date", &first)]).await;
    stale.is(StatusCode::CONFLICT).says("This has changed").says("3 December");
    assert_eq!(referral_now(&world, person, referral).await.business, Business::DateOffered);
    // Nothing waits any more: what was written is shown to be copied.
    let newest = buttons(&stale).remove(0);
    own.submit(&stale, &path, &[("date", &newest)]).await.says("You have a date");
    let late = own.submit(&old, &format!("{path}/none"), &[("words", "Mornings are hard")]).await;
    late.is(StatusCode::CONFLICT).says("Nothing was sent").says("Mornings are hard").says("You have a date");
    let nothing = own.submit(&old, &path, &[("date", "soon")]).await;
    nothing.is(StatusCode::CONFLICT).says("You have a date");
}

#[tokio::test]
async fn a_code_alone_shows_the_dates_and_agrees_none() {
    let world = World::new().await;
    let (mut own, person, referral) = offered(&world).await;
    let path = dates_of(referral);
    let body = own.get(&path).await;
    let mut aisha = world.worker(world.aisha).await;
    let action = format!("/people/{person}/code");
    let form = aisha.get(&action).await;
    let code = crate::mine::code_on(&aisha.submit(&form, &action, &[]).await);
    let (mut phone, front) = crate::mine::use_code(&world, &code, "").await;
    front.says("Yours to choose").says("The library").never("This date is good");
    phone.get(&path).await.is(StatusCode::FORBIDDEN).says("a new code with a word");
    let value = buttons(&body).remove(0);
    let token =
        phone.get("/mine/stop").await.form("/mine/stop").into_iter().find(|(n, _)| n == "_csrf").unwrap().1;
    let sent = format!("_csrf={token}&date={value}");
    let refused = phone.once(&axum::http::Method::POST, &path, &sent).await;
    refused.is(StatusCode::FORBIDDEN).says("a new code with a word");
    assert_eq!(referral_now(&world, person, referral).await.business, Business::DateOffered);
    // Nobody else finds such a page, and it costs no more statements than the first page.
    let marlon = person_of(&add(&mut aisha, "Marlon").await);
    let mut other = world.person(marlon).await;
    other.get(&path).await.is(StatusCode::NOT_FOUND);
    let cost = async |own: &mut Browser, page: &str| {
        own.get(page).await;
        let before = world.kith.store().statements();
        own.get(page).await.is(StatusCode::OK);
        world.kith.store().statements() - before
    };
    let first = cost(&mut own, "/mine").await;
    let dates = cost(&mut own, &path).await;
    assert!(dates <= first, "{dates} statements, {first} for the first page");
}
