//! The person decides.
//!
//! - Given that they stopped sharing, when the service asks for one fact and says why, then the
//!   person finds it, says yes in their own words, and the service knows those words and nothing
//!   else; given that they say no, their place is kept and every other help is still theirs;
//! - given that a fact waits for the person, then nobody else answers for them.

use crate::harness::{Browser, World};
use crate::mine::{badger, referral_now, with_referral};
use axum::http::StatusCode;
use kith_domain::id::PersonId;
use kith_domain::referral::Status;

pub(crate) async fn stop_and_ask(world: &World) -> (Browser, String, PersonId) {
    let (_, person) = badger(world).await;
    let (referral, _) = with_referral(world, person).await;
    let mut own = world.person(person).await;
    let page = own.get("/mine/sharing").await;
    let stop = page.links("/mine/sharing/").into_iter().find(|l| l.ends_with("/stop")).unwrap();
    let sure = own.get(&stop).await;
    own.submit(&sure, &stop, &[]).await.says("sees nothing new");
    let mut joan = world.worker(world.joan).await;
    let path = format!("/inbox/{referral}/fact");
    let form = joan.get(&path).await;
    joan.submit(&form, &path, &[("what", "the year of birth"), ("why", "")])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("why you cannot go on");
    let fields = [("what", "the year of birth"), ("why", "a grant is only for the young")];
    joan.submit(&form, &path, &fields).await.is(StatusCode::OK).never("Badger");
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("asked a question");
    let theirs = format!("/people/{person}/referrals/{referral}");
    let sent = aisha.get(&theirs).await;
    sent.says("ask the person");
    let form = aisha.get(&format!("{theirs}/answer")).await;
    if form.status == StatusCode::OK {
        aisha
            .submit(&form, &format!("{theirs}/answer"), &[("answer", "1999")])
            .await
            .says("theirs to answer");
    }
    world.assert_nothing_lost().await;
    (own, format!("/mine/referrals/{referral}/fact"), person)
}

#[tokio::test]
async fn a_yes_gives_exactly_the_words_that_come_with_it() {
    let world = World::new().await;
    let (mut own, path, _) = stop_and_ask(&world).await;
    let page = own.get("/mine/referrals").await;
    page.says("asks to know one thing: the year of birth");
    let form = own.get(&path).await;
    form.says("a grant is only for the young").says("You can say no");
    own.submit(&form, &path, &[("may", "yes")]).await.says("Write down what they may know");
    let filled = own.fill(&form, &path, &[("may", "yes"), ("words", "Nineteen ninety-nine")]);
    own.send_form(&filled).await.is(StatusCode::OK).never("asks to know one thing");
    own.send_form(&filled).await.is(StatusCode::OK);
    let mut joan = world.worker(world.joan).await;
    let referral = path.trim_start_matches("/mine/referrals/").trim_end_matches("/fact");
    let seen = joan.get(&format!("/inbox/{referral}")).await;
    seen.says("Nineteen ninety-nine").never("Badger").never("Get my money back");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_no_keeps_the_place_and_leaves_every_other_help() {
    let world = World::new().await;
    let (mut own, path, person) = stop_and_ask(&world).await;
    let form = own.get(&path).await;
    own.submit(&form, &path, &[("may", "no")]).await.is(StatusCode::OK);
    let referral: kith_domain::id::ReferralId =
        path.trim_start_matches("/mine/referrals/").trim_end_matches("/fact").parse().unwrap();
    let mut joan = world.worker(world.joan).await;
    joan.get(&format!("/inbox/{referral}")).await.says("stopped sharing");
    assert_eq!(referral_now(&world, person, referral).await.status, Status::Accepted, "the place is kept");
    for help in ["/mine", "/mine/plan", "/mine/referrals", "/mine/words", "/find", "/help", "/ask-for-help"] {
        own.get(help).await.is(StatusCode::OK);
    }
    let mut aisha = world.worker(world.aisha).await;
    aisha.get(&format!("/people/{person}/needs/add")).await.is(StatusCode::OK);
    aisha.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    world.assert_nothing_lost().await;
}
