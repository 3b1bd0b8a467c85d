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
use crate::mail::referral_of;
use crate::referral::{ask, badger, day, inbox_link, save, today, with};
use axum::http::StatusCode;
use kith_domain::organisation::Worker;
use kith_domain::referral::{Referral, Status};
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
    own.get("/mine/referrals").await.says("You are on their list");

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
        own.get("/mine/referrals").await.says("You could not come").says("That is all right. Things happen.");
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
    open.says("Nothing in this list fits")
        .says("Not shown, and why")
        .says("It is full until Friday 4 December 2026");
    world.browser().get(&service).await.says(&words);
    // The day before it is full still; on the day itself it may be asked again.
    world.pass_days(9);
    found(&[]).await.says(&words);
    world.pass_days(1);
    let again = found(&[("has-space", "yes")]).await;
    again.never("Full until").never("It is full").never("Nothing in this list fits");
    assert!(!again.links(&service).is_empty(), "offered again: {}", again.text());
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    ask(&mut aisha, &asked).await.is(StatusCode::OK).says("Sent.");
}

/// The code that the one who asked tells by phone.
pub async fn second_code(aisha: &mut Browser, sent: &Shown) -> String {
    let shown = aisha.submit(sent, &format!("{}/code", sent.path), &[]).await;
    let text = shown.text();
    let code = text.split_whitespace().find(|w| w.len() == 9 && w.as_bytes()[4] == b'-');
    code.expect("a code").to_owned()
}

/// Opens a link, and gives the name and the code.
pub async fn by_the_link(world: &World, link: &str, code: &str) -> Browser {
    let mut green = world.browser();
    let landing = green.get(link).await;
    green.submit(&landing, link, &[]).await.is(StatusCode::OK);
    let name = green.get("/link/request/name").await;
    let shown = save(&mut green, &name, &[("own_name", "Ivy"), ("second", code)]).await;
    shown.is(StatusCode::OK);
    green
}

/// The newest link, as whoever asked sees it in the made-up place.
async fn newest_link(world: &World, sent: &str) -> Option<String> {
    let mut aisha = world.worker(world.aisha).await;
    aisha.get(sent).await.links("/link/").into_iter().next()
}

/// One answer by the newest link: it is taken, and the link is spent.
async fn answers_by_link(world: &World, sent: &str, code: &str, act: &str, fields: &[(&str, &str)]) {
    let link = newest_link(world, sent).await.unwrap_or_else(|| panic!("no link for {act}"));
    let mut green = by_the_link(world, &link, code).await;
    answers(&mut green, "/link/request", act, fields).await.says("Thank you");
    green.get("/link/request").await.is(StatusCode::NOT_FOUND);
    green.get(&link).await.says("does not work");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_link_holder_makes_every_answer_up_to_the_end() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (_, sent) = crate::mail::to_the_garden(&world, &mut aisha).await;
    let code = second_code(&mut aisha, &sent).await;
    let first = day("date1", plus_days(today(&world), 7));
    let second = day("date1", plus_days(today(&world), 14));
    let missed = day("on", plus_days(today(&world), 7));
    let date = |day| with(&WHERE, day);
    let end = [("happened", "yes"), ("helped", "a_bit"), ("said", "I planted beans")];
    // Each answer in turn, how many days pass before it, and how it then stands for whoever asked.
    type Step<'a> = (&'a str, i64, Vec<(&'a str, &'a str)>, &'a str);
    let steps: Vec<Step<'_>> = vec![
        ("ask", 0, vec![("question", "Can he kneel?")], "Can he kneel?"),
        ("accept", 0, vec![], "They said yes"),
        ("wait", 0, vec![], "They are on the waiting list"),
        ("offer", 0, date(&first), "A date was offered"),
        ("agree", 0, vec![("which", "0")], "A date is agreed"),
        ("could-not-come", 8, with(&[], &missed), "They could not come"),
        ("offer", 0, date(&second), "A date was offered"),
        ("agree", 0, vec![("which", "0")], "A date is agreed"),
        ("came", 7, vec![], "They came"),
        ("start", 0, vec![], "Help has started"),
        ("pause", 0, vec![("why", "The garden is under snow")], "Paused: The garden is under snow"),
        ("go-on", 0, vec![], "Going on"),
        ("another-day", 0, vec![("why", "Ivy is away")], "Help has started"),
        ("end", 0, end.to_vec(), "I planted beans"),
    ];
    for (act, days, fields, stands) in &steps {
        world.pass_days(*days);
        answers_by_link(&world, &sent.path, &code, act, fields).await;
        let mut aisha = world.worker(world.aisha).await;
        aisha.get(&sent.path).await.says(stands);
        if *act == "ask" {
            // Until it is answered there is nothing to do for them, and no link.
            assert_eq!(newest_link(&world, &sent.path).await, None);
            answers(&mut aisha, &sent.path, "answer", &[("answer", "Yes, on a mat")]).await;
        }
    }
    assert_eq!(newest_link(&world, &sent.path).await, None, "nothing is left to answer");
}

#[tokio::test]
async fn a_link_holder_says_no_with_a_better_place_or_gives_it_back() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (_, sent) = crate::mail::to_the_garden(&world, &mut aisha).await;
    let code = second_code(&mut aisha, &sent).await;
    let no = [
        ("reason", "full"),
        ("words", "We hope you find a garden."),
        ("better_place", "The allotments at Mill Lane"),
    ];
    answers_by_link(&world, &sent.path, &code, "decline", &no).await;
    aisha
        .get(&sent.path)
        .await
        .says("They said no")
        .says("We hope you find")
        .says("The allotments at Mill Lane");
    assert_eq!(newest_link(&world, &sent.path).await, None);

    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (_, sent) = crate::mail::to_the_garden(&world, &mut aisha).await;
    let code = second_code(&mut aisha, &sent).await;
    answers_by_link(&world, &sent.path, &code, "accept", &[]).await;
    answers_by_link(&world, &sent.path, &code, "take-back", &[("why", "The shed burnt down")]).await;
    aisha.get(&sent.path).await.says("They took it back: The shed burnt down");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_link_holder_says_how_much_space_there_is() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (person, sent) = crate::mail::to_the_garden(&world, &mut aisha).await;
    let service = format!("/services/{}", world.garden);
    let link = newest_link(&world, &sent.path).await.expect("a link");
    // Whoever has not said who they are says nothing about the space.
    let mut nobody = world.browser();
    let landing = nobody.get(&link).await;
    nobody.submit(&landing, &link, &[]).await.never("how much space");
    assert_eq!(nobody.get("/link/request/space").await.path, "/link/request/name");
    let code = second_code(&mut aisha, &sent).await;
    let mut green = by_the_link(&world, &link, &code).await;
    green.get("/link/request").await.says("Say how much space you have");
    let page = green.get("/link/request/space").await;
    page.is(StatusCode::OK).says("Green Hands gardening");
    let far = day("until", jiff::civil::date(2099, 1, 1));
    let refused = save(&mut green, &page, &with(&[("space", "full")], &far)).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("at most a year ahead");
    let until = plus_days(today(&world), 10);
    let full = day("until", until);
    let form = green.fill(&page, "/link/request/space", &with(&[("space", "full")], &full));
    for _ in 0..2 {
        assert_eq!(green.send_form(&form).await.is(StatusCode::OK).path, "/link/request");
    }
    let words = format!("Full until {}", kith_domain::next_date::words_of(until));
    world.browser().get(&service).await.says(&words);
    // An ended request says nothing more, were its link alive all the same.
    let before = crate::mine::referral_now(&world, person, referral_of(&sent)).await;
    let over = Referral { status: Status::Cancelled, ..before.clone() };
    crate::mine::alter_referral(&world, person, referral_of(&sent), over).await;
    green.get("/link/request/space").await.is(StatusCode::NOT_FOUND);
    crate::mine::alter_referral(&world, person, referral_of(&sent), before).await;
    // It is no answer: the link still works. When it is dead, nothing is said by it.
    let page = green.get("/link/request/space").await;
    let page_of_it = page.clone();
    let recall = aisha.get(&format!("{}/take-back", sent.path)).await;
    save(&mut aisha, &recall, &[("why", "He found company")]).await;
    green.get("/link/request/space").await.is(StatusCode::NOT_FOUND);
    save(&mut green, &page_of_it, &[("space", "open")]).await.is(StatusCode::NOT_FOUND);
    world.browser().get(&service).await.says(&words);
}

/// Two of the service have its page open: the second sees what the first said, and nothing is
/// overwritten. A tap on the list of services is no different. Whoever may not is refused, and
/// that is in the access log.
#[tokio::test]
async fn two_say_how_much_space_there_is_and_nothing_is_overwritten() {
    let world = World::new().await;
    let (mut joan, mut dev) = (world.worker(world.joan).await, world.worker(world.dev).await);
    let path = format!("/our-services/{}", world.benefits_advice);
    let (hers, his, list) = (joan.get(&path).await, dev.get(&path).await, dev.get("/our-services").await);
    let full = [("space", "full"), ("note", "Back in spring")];
    joan.submit(&hers, &path, &full).await.is(StatusCode::OK).says("Full");
    let merge = dev.submit(&his, &path, &[("space", "waiting_list"), ("note", "")]).await;
    merge.is(StatusCode::CONFLICT).says("Two people wrote this").says("Back in spring").says("Waiting list");
    let tap = dev.submit(&list, &path, &[]).await;
    tap.is(StatusCode::CONFLICT).says("Back in spring");
    dev.get("/our-services").await.says("Full").says("Back in spring");
    // What he decides after he saw it counts.
    let chosen = [("space", "waiting_list"), ("note", "Back in spring")];
    dev.submit(&merge, &path, &chosen).await.is(StatusCode::OK).says("Has a waiting list");
    // Without the number of what was seen, nothing is taken.
    let mut bare = joan.fill(&joan.clone().get(&path).await, &path, &full);
    bare.fields.retain(|(name, _)| name != "version");
    joan.send_form(&bare).await.is(StatusCode::CONFLICT);
    joan.get("/our-services").await.says("Has a waiting list");

    // Suspended since the page was open: refused at the moment of saving.
    let page = joan.get(&path).await;
    let since = today(&world);
    crate::referral::alter::<Worker>(&world, world.joan.worker, |w| w.suspended = Some(since)).await;
    joan.submit(&page, &path, &full).await;
    world.worker(world.dev).await.get("/our-services").await.says("Has a waiting list");
}

#[tokio::test]
async fn whoever_may_not_say_how_much_space_there_is_stands_in_the_log() {
    let world = World::new().await;
    let mut amir = world.worker(world.amir).await;
    let page = amir.get("/our-services").await;
    page.is(StatusCode::OK);
    let token = page.form("/sign-out").into_iter().find(|(n, _)| n == "_csrf").map(|(_, v)| v).unwrap();
    let foreign = format!("/our-services/{}", world.benefits_advice);
    let body = format!("_csrf={token}&_submission={}&space=open&version=1", uuid::Uuid::now_v7());
    let answer = amir.once(&axum::http::Method::POST, &foreign, &body).await;
    answer.is(StatusCode::NOT_FOUND);
    let search = kith_store::look::LookSearch {
        organisation: world.amir.organisation.0,
        from: world.now().plus_days(-1),
        before: (world.now(), uuid::Uuid::max(), 0),
        person: None,
        action: "set_capacity".into(),
        outcome: "out",
    };
    let mut tx = world.kith.store().read().await.unwrap();
    assert_eq!(tx.search_looks(&search, 10).await.unwrap().len(), 1, "what was refused is in the log");
}
