//! Everything a receiver can answer between "yes" and "ended", with an account and by links.
//!
//! - Given Badger on a waiting list, when a date is offered and agreed and he cannot come, and
//!   then cannot come again, then it is Aisha's, who speaks to him and gives it back; and when
//!   help starts and ends, then his words stand with whoever asked.
//! - Given a service that says that it is full until a day, then whoever looks for support is
//!   told so, and from that day on it is asked again.
//! - Given a receiver without an account, when they answer by one link after another, then each
//!   answer is possible, up to "ended"; and they say how much space they have, by the link too.

use crate::harness::{Browser, Shown, World};
use crate::referral::{ask, badger, day, inbox_link, save, today, with};
use axum::http::StatusCode;
use kith_domain::time::{Day, plus_days};

/// One answer of the receiver: the page of this act, filled in and sent, is taken.
async fn answers(browser: &mut Browser, path: &str, act: &str, fields: &[(&str, &str)]) -> Shown {
    let page = browser.get(&format!("{path}/{act}")).await;
    page.is(StatusCode::OK);
    let shown = save(browser, &page, fields).await;
    shown.is(StatusCode::OK);
    shown
}

const WHERE: [(&str, &str); 2] = [("time1", "10:30am"), ("place", "the library")];

/// Joan offers a day, and it is agreed.
async fn agrees(joan: &mut Browser, path: &str, on: Day) {
    let date = day("date1", on);
    answers(joan, path, "offer", &with(&WHERE, &date)).await.says("You offered a date");
    answers(joan, path, "agree", &[("which", "0")]).await.says("A date is agreed");
}

#[tokio::test]
async fn who_could_not_come_twice_is_spoken_to_and_then_helped() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    answers(&mut joan, &path, "accept", &[]).await.says("You said yes");
    answers(&mut joan, &path, "wait", &[]).await.says("They are on your waiting list");
    aisha.get(&sent.path).await.says("They are on the waiting list");
    let mut own = world.person(asked.person).await;
    own.get("/mine/referrals").await.says("You are on their waiting list");

    for time in 1..=2 {
        let date = plus_days(today(&world), 7);
        let mut joan = world.worker(world.joan).await;
        agrees(&mut joan, &path, date).await;
        world.pass_days(8);
        let mut joan = world.worker(world.joan).await;
        // A day that was not the agreed one is refused.
        let page = joan.get(&format!("{path}/could-not-come")).await;
        let early = day("on", plus_days(date, -1));
        save(&mut joan, &page, &with(&[], &early)).await.is(StatusCode::UNPROCESSABLE_ENTITY);
        let on = day("on", date);
        let said = answers(&mut joan, &path, "could-not-come", &with(&[], &on)).await;
        let mut aisha = world.worker(world.aisha).await;
        let theirs = aisha.get(&sent.path).await;
        match time {
            1 => {
                said.says("They could not come. Offer them another date.");
                theirs.says("They could not come. Another date follows.").never("/give-back");
            }
            _ => {
                said.says("They could not come twice");
                theirs.says("They could not come twice. Speak to them").says("I have spoken to them");
                aisha.get("/today").await.says("Came back to you").says("Badger");
            }
        }
        let mut own = world.person(asked.person).await;
        own.get("/mine/referrals").await.says("It did not work out that day. That is all right.");
        world.assert_nothing_lost().await;
    }

    let mut aisha = world.worker(world.aisha).await;
    answers(&mut aisha, &sent.path, "give-back", &[]).await.never("I have spoken to them");
    aisha.get("/today").await.never("could not come");
    let mut joan = world.worker(world.joan).await;
    agrees(&mut joan, &path, plus_days(today(&world), 1)).await;
    world.pass_days(2);
    let mut joan = world.worker(world.joan).await;
    answers(&mut joan, &path, "start", &[]).await.says("Help has started");
    let mut aisha = world.worker(world.aisha).await;
    aisha.get(&sent.path).await.says("Help has started");
    let end = [("happened", "yes"), ("helped", "yes"), ("said", "Got forty quid")];
    answers(&mut joan, &path, "end", &end).await.says("It has ended");
    aisha.get(&sent.path).await.says("It has ended").says("Got forty quid");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn full_until_a_day_is_said_in_the_search_and_over_on_that_day() {
    let world = World::new().await;
    let mut joan = world.worker(world.joan).await;
    let until = plus_days(today(&world), 10);
    let page = joan.get(&format!("/our-services/{}", world.benefits_advice)).await;
    let past = day("until", today(&world));
    let refused = save(&mut joan, &page, &with(&[("space", "full")], &past)).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a day after today");
    let full = day("until", until);
    let words = format!("Full until {}", kith_domain::next_date::words_of(until));
    save(&mut joan, &page, &with(&[("space", "full")], &full)).await.is(StatusCode::OK).says(&words);

    let found = async |fields: &[(&str, &str)]| {
        let mut public = world.browser();
        let page = public.get("/find").await;
        public.submit(&page, "/find", &[&[("need", "money-benefits")], fields].concat()).await
    };
    let service = format!("/services/{}", world.benefits_advice);
    found(&[]).await.says(&words);
    let open = found(&[("has-space", "yes")]).await;
    assert!(open.links(&service).is_empty(), "left out: {}", open.text());
    world.browser().get(&service).await.says(&words);
    // The day before it is full still; on the day itself it may be asked again.
    world.pass_days(9);
    found(&[]).await.says(&words);
    world.pass_days(1);
    let again = found(&[("has-space", "yes")]).await;
    again.never("Full until");
    assert!(!again.links(&service).is_empty(), "offered again: {}", again.text());
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await.is(StatusCode::OK).says("Sent.");
}
