//! Messages to the outside, up to the moment somebody carries them.
//!
//! - Given a link that waits to leave, when the person dies, stops, or the request is taken
//!   back, then the link never leaves.
//! - Given somebody who wrote at night, when the round comes, then nothing leaves before the
//!   morning.
//! - Given a closed loop and a person who agrees, when the GP practice has an email address,
//!   then it is told that there is news, and nothing else; without one it is told by hand;
//!   and without a GP nobody is.
//! - Given a closed loop for somebody whom a ward brought in, then the ward is told that there
//!   is news if the person agrees, and nothing at all if not.
//! - Given nobody who carries messages, when the manager looks, then the page says so.
//! - Given a message that could not be delivered, then the manager sees it and decides.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use crate::referral::{Asked, ask, badger, inbox_link, need, person_of, save};
use axum::http::StatusCode;
use kith_care::telling_outside::leaving::{Carrier, Letter, MailWay, Took, Trouble};
use kith_domain::area::Area;
use kith_domain::id::{PersonId, ReferralId};
use kith_domain::referral::{Referral, Status};
use kith_store::outbox::OutboxRow;
use uuid::Uuid;

fn carrier() -> Carrier {
    Carrier { holder: Uuid::from_u128(1), public_url: "https://kith.example".into() }
}

pub(crate) async fn take(world: &World) -> Option<Letter> {
    match world.kith.take_letter(&carrier(), world.now()).await.unwrap() {
        Took::Letter(letter) => Some(*letter),
        Took::Nothing => None,
        Took::Elsewhere => panic!("nobody else carries"),
    }
}

pub(crate) async fn waiting(world: &World) -> Vec<OutboxRow> {
    world.kith.store().read().await.unwrap().list_outbox(100).await.unwrap()
}

/// A request to the garden, which answers by a link.
pub(crate) async fn to_the_garden(world: &World, aisha: &mut Browser) -> (PersonId, Shown) {
    let person = person_of(&add(aisha, "Badger").await);
    let company = need(world, person, Area::Connection, "company").await;
    let base = format!("/people/{person}/needs/{company}/refer/{}", world.garden);
    let sent = ask(aisha, &Asked { person, need: company, base }).await;
    (person, sent)
}

/// The days that a form about somebody's life asks for.
async fn life(aisha: &mut Browser, person: PersonId, change: &str) -> Shown {
    let path = format!("/people/{person}/life");
    let page = aisha.get(&path).await;
    let fields =
        [("change", change), ("on-day", "23"), ("on-month", "11"), ("on-year", "2026"), ("until-day", "")];
    let shown = aisha.submit(&page, &path, &fields).await;
    // A death is asked about once more, with the name.
    if change == "died" { aisha.submit(&shown, &path, &[]).await } else { shown }
}

#[tokio::test]
async fn a_link_leaves_with_the_address_of_the_site_and_nothing_else() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    to_the_garden(&world, &mut aisha).await;
    let letter = take(&world).await.expect("the link");
    assert_eq!((letter.to.as_str(), letter.tries), ("team@example.org", 1));
    assert!(letter.body.contains("https://kith.example/link/"), "{}", letter.body);
    for secret in ["Badger", "company", "Green Hands", "Kith", "Brackenford"] {
        assert!(!letter.body.replace("kith.example", "").contains(secret), "{secret}: {}", letter.body);
    }
    // Taken and not written down: it is taken again, as the same message.
    let again = take(&world).await.expect("once more");
    assert_eq!((again.id, again.tries), (letter.id, 2));
    world.kith.letter_left(&again, world.now()).await.unwrap();
    assert_eq!(take(&world).await, None);
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn after_a_death_nothing_leaves_that_was_waiting() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (person, _) = to_the_garden(&world, &mut aisha).await;
    assert_eq!(waiting(&world).await.len(), 1);
    life(&mut aisha, person, "died").await.is(StatusCode::OK);
    assert_eq!(take(&world).await, None);
}

/// Somebody else recorded it and forgot the outbox: the question at the moment of leaving
/// stands by itself.
#[tokio::test]
async fn what_is_asked_at_the_moment_of_leaving_needs_nobody_to_remember_the_outbox() {
    for (way, why) in [("the link", "link"), ("the request", "the request is over")] {
        let world = World::new().await;
        let mut aisha = world.worker(world.aisha).await;
        let (person, sent) = to_the_garden(&world, &mut aisha).await;
        let before = waiting(&world).await.remove(0);
        let referral = referral_of(&sent);
        if way == "the link" {
            let mut tx = world.kith.store().write().await.unwrap();
            tx.end_codes(referral.0, "link", world.now()).await.unwrap();
            tx.commit().await.unwrap();
        } else {
            let now = crate::mine::referral_now(&world, person, referral).await;
            let over = Referral { status: Status::Cancelled, ..now };
            crate::mine::alter_referral(&world, person, referral, over).await;
        }
        assert_eq!(waiting(&world).await.len(), 1, "{way}");
        assert_eq!(take(&world).await, None, "{way}");
        let after = message_now(&world, &before.dedupe).await;
        assert!(after.stopped.as_deref().unwrap().contains(why), "{way}: {:?}", after.stopped);
        assert_eq!(after.body, "", "a link that never left does not stay in the database");
    }
}

pub(crate) fn referral_of(sent: &Shown) -> ReferralId {
    ReferralId(sent.path.rsplit('/').next().unwrap().parse().unwrap())
}

async fn message_now(world: &World, dedupe: &str) -> OutboxRow {
    let mut tx = world.kith.store().read().await.unwrap();
    tx.find_message(dedupe).await.unwrap().unwrap()
}

/// Whoever ends a request, and however: the link that has not left never leaves, the one that has
/// says at its first page that it does not work, and who was reading reads no more.
#[tokio::test]
async fn a_request_that_is_over_has_no_link_and_no_message_whoever_ended_it() {
    for way in ["he stops it", "he stops everything", "it is taken back", "everybody was told of a death"] {
        for left in [true, false] {
            let world = World::new().await;
            let mut aisha = world.worker(world.aisha).await;
            let (person, sent) = to_the_garden(&world, &mut aisha).await;
            let before = waiting(&world).await.remove(0);
            let path = sent.links("/link/").remove(0);
            let mut green = world.browser();
            let landing = green.get(&path).await;
            green.submit(&landing, &path, &[]).await.says("company");
            if left {
                let letter = take(&world).await.expect("the link");
                world.kith.letter_left(&letter, world.now()).await.unwrap();
            }
            let mut own = world.person(person).await;
            match way {
                "he stops it" => {
                    let stop = format!("/mine/referrals/{}/stop", referral_of(&sent));
                    let page = own.get(&stop).await;
                    own.submit(&page, &stop, &[]).await.is(StatusCode::OK);
                }
                "he stops everything" => {
                    let page = own.get("/mine/stop").await;
                    let fields = [("stop", "everything"), ("help", "end")];
                    own.submit(&page, "/mine/stop", &fields).await.says("You stopped everything");
                }
                "it is taken back" => {
                    let page = aisha.get(&format!("{}/take-back", sent.path)).await;
                    save(&mut aisha, &page, &[("why", "He found company")]).await.is(StatusCode::OK);
                }
                _ => {
                    life(&mut aisha, person, "died").await.is(StatusCode::OK);
                    life(&mut aisha, person, "everyone_told").await.is(StatusCode::OK);
                }
            }
            let words = format!("{way}, the message had left: {left}");
            green.get(&path).await.says("does not work").never("company");
            green.get("/link/request").await.is(StatusCode::NOT_FOUND).never("company");
            let after = message_now(&world, &before.dedupe).await;
            assert_eq!(after.body, "", "{words}: a link does not stay in the database");
            assert_eq!(after.stopped.is_some(), !left, "{words}");
            assert_eq!(take(&world).await, None, "{words}");
            world.assert_nothing_lost().await;
        }
    }
}

#[tokio::test]
async fn a_message_that_nobody_could_carry_for_two_weeks_is_not_sent() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    to_the_garden(&world, &mut aisha).await;
    world.pass_days(15);
    assert_eq!(take(&world).await, None);
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn nothing_leaves_at_night() {
    let world = World::new().await;
    let night = world.kith.calendar().moment(jiff::civil::date(2026, 11, 24), 23, 30);
    world.set(night);
    let mut public = world.browser();
    let path = "/ask-for-help/for-me";
    let page = public.get(path).await;
    let fields = [
        ("called", "Badger"),
        ("way1-channel", "email"),
        ("way1-detail", "badger@example.org"),
        ("paper", "no"),
        ("words", "somewhere dry"),
    ];
    public.submit(&page, path, &fields).await.is(StatusCode::OK);
    assert_eq!(waiting(&world).await.len(), 1, "it waits for the morning");
    assert_eq!(take(&world).await, None);
    world.set(world.kith.calendar().moment(jiff::civil::date(2026, 11, 25), 9, 0));
    assert_eq!(take(&world).await.expect("in the morning").to, "badger@example.org");
}

/// From asking to an end, with a GP practice or without its address.
async fn closed_loop(world: &World, gp: &[(&str, &str)]) -> (Browser, Shown) {
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(world, &mut aisha, world.benefits_advice).await;
    let details = format!("/people/{}/details", asked.person);
    let page = aisha.get(&details).await;
    aisha.submit(&page, &details, gp).await.is(StatusCode::OK);
    let page = to_its_end(world, &mut aisha, &asked).await;
    (aisha, page)
}

/// Asked for, taken up by Joan, started and ended. What whoever asked sees then.
async fn to_its_end(world: &World, aisha: &mut Browser, asked: &Asked) -> Shown {
    let sent = ask(aisha, asked).await;
    sent.is(StatusCode::OK).says("Sent.");
    let mut joan = world.worker(world.joan).await;
    let path = inbox_link(&joan.get("/inbox").await);
    for (act, fields) in [
        ("accept", &[][..]),
        ("start", &[][..]),
        ("end", &[("happened", "yes"), ("helped", "yes"), ("said", "Got forty quid")][..]),
    ] {
        let page = joan.get(&format!("{path}/{act}")).await;
        page.is(StatusCode::OK);
        save(&mut joan, &page, fields).await.is(StatusCode::OK);
    }
    let page = aisha.get(&sent.path).await;
    page.says("Messages back");
    page
}

/// Dee, whom a ward brought in, after a closed loop; what the ward was told until then has left.
async fn brought_in_by_a_ward(world: &World, agreed: &[(&str, &str)]) -> (Browser, Shown) {
    let path = "/ask-for-help/as-a-worker";
    let mut ward = world.browser();
    let page = ward.get(path).await;
    let fields = [
        ("by", "hospital_ward"),
        ("organisation", "Elm Ward"),
        ("name", "Sister Obi"),
        ("contact", "obi@ward.example"),
        ("knows", "yes"),
        ("called", "Dee"),
        ("way1-channel", "phone"),
        ("way1-detail", "07700 900 982"),
    ];
    ward.submit(&page, path, &[&fields[..], agreed].concat()).await.is(StatusCode::OK);
    let mut aisha = world.worker(world.aisha).await;
    let asks = aisha.get("/today").await.links("/coming-in/").remove(0);
    let page = aisha.get(&asks).await;
    let person = aisha.submit(&page, &format!("{asks}/take-up"), &[("spoken", "yes")]).await;
    let person = person_of(person.is(StatusCode::OK));
    // What the ward said of a safe way counts once she was asked herself.
    let safe = format!("/people/{person}/safe-contact");
    let page = aisha.get(&safe).await;
    aisha.submit(&page, &safe, &[("voicemail_1", "no"), ("paper", "yes")]).await.is(StatusCode::OK);
    while let Some(letter) = take(world).await {
        world.kith.letter_left(&letter, world.now()).await.unwrap();
    }
    let money = need(world, person, Area::Money, "get my money back").await;
    let base = format!("/people/{person}/needs/{money}/refer/{}", world.benefits_advice);
    let page = to_its_end(world, &mut aisha, &Asked { person, need: money, base }).await;
    (aisha, page)
}

#[tokio::test]
async fn whoever_introduced_them_is_told_that_there_is_news_when_the_person_agrees() {
    let world = World::new().await;
    let (mut aisha, page) = brought_in_by_a_ward(&world, &[("may-be-told", "yes")]).await;
    page.says("Whoever introduced them not yet: ask the person first");
    assert!(waiting(&world).await.is_empty(), "nothing waits before they were asked");
    let back = aisha.get(&format!("{}/messages-back", page.path)).await;
    back.says("Whoever introduced them").says("They agreed: send them an email");
    let told = save(&mut aisha, &back, &[("referrer", "yes")]).await;
    told.is(StatusCode::OK).says("Whoever introduced them waits to be sent by email");
    let letter = take(&world).await.expect("the message back");
    assert_eq!(letter.to, "obi@ward.example");
    for part in ["Aisha Rahman", "01632 96000", "reference"] {
        assert!(letter.body.contains(part), "{part}: {}", letter.body);
    }
    for secret in ["Dee", "money", "DebtHelp", "Benefits", "forty", "Elm", "Obi"] {
        assert!(!letter.body.contains(secret) && !letter.subject.contains(secret), "{secret}");
    }
    world.kith.letter_left(&letter, world.now()).await.unwrap();
    assert!(waiting(&world).await.is_empty(), "once");
}

#[tokio::test]
async fn whoever_introduced_them_is_told_nothing_when_the_person_does_not_agree() {
    // Asked now, they say no.
    let world = World::new().await;
    let (mut aisha, page) = brought_in_by_a_ward(&world, &[("may-be-told", "yes")]).await;
    let back = aisha.get(&format!("{}/messages-back", page.path)).await;
    let told = save(&mut aisha, &back, &[("referrer", "said_no")]).await;
    told.says("Whoever introduced them none: the person said no");
    assert!(waiting(&world).await.is_empty());

    // They never agreed to it: nothing is offered, and nothing leaves if it is asked for all the same.
    let world = World::new().await;
    let (mut aisha, page) = brought_in_by_a_ward(&world, &[]).await;
    page.says("Whoever introduced them none: the person did not agree to it");
    let way = format!("{}/messages-back", page.path);
    assert!(page.links(&way).is_empty(), "nothing is offered");
    let back = aisha.get(&way).await;
    back.never("Whoever introduced them");
    save(&mut aisha, &back, &[("referrer", "yes")]).await;
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn the_gp_practice_is_told_that_there_is_news_when_the_person_agrees() {
    let world = World::new().await;
    let gp = [("gp_known", "known"), ("gp", "Elm Surgery"), ("gp_email", "elm@surgery.example")];
    let (mut aisha, page) = closed_loop(&world, &gp).await;
    page.says("not yet: ask the person first");
    let back = aisha.get(&format!("{}/messages-back", page.path)).await;
    back.says("They agreed: send the practice an email");
    let told = save(&mut aisha, &back, &[("gp", "yes")]).await;
    told.is(StatusCode::OK).says("waits to be sent by email").says("none: nobody introduced them");
    let letter = take(&world).await.expect("the message back");
    assert_eq!(letter.to, "elm@surgery.example");
    for part in ["Aisha Rahman", "01632 96000", "reference"] {
        assert!(letter.body.contains(part), "{part}: {}", letter.body);
    }
    for secret in ["Badger", "money", "DebtHelp", "Benefits", "forty"] {
        assert!(!letter.body.contains(secret) && !letter.subject.contains(secret), "{secret}");
    }
    world.kith.letter_left(&letter, world.now()).await.unwrap();
    aisha.get(&page.path).await.says("sent by email on");
}

#[tokio::test]
async fn without_an_address_somebody_tells_the_practice_by_hand() {
    let world = World::new().await;
    let (mut aisha, page) = closed_loop(&world, &[("gp_known", "known"), ("gp", "Elm Surgery")]).await;
    let back = aisha.get(&format!("{}/messages-back", page.path)).await;
    back.never("send the practice an email");
    let told = save(&mut aisha, &back, &[("gp", "by_hand")]).await;
    told.says("by hand: you tell them yourself").says("To copy into another record").says("Got forty quid");
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn without_a_gp_nobody_is_told() {
    let world = World::new().await;
    let (_, page) = closed_loop(&world, &[("gp_known", "none")]).await;
    page.says("none: no GP");
}

#[tokio::test]
async fn the_manager_sees_whether_messages_leave() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    to_the_garden(&world, &mut aisha).await;
    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/partnership").await.says("No messages are leaving").says("Waiting: 1.");
    world.kith.carrying(MailWay::Server, None, world.now()).await.unwrap();
    nadia.get("/partnership").await.says("Messages leave by email").never("No messages are leaving");
    world.kith.carrying(MailWay::Server, Some("The mail server is shut"), world.now()).await.unwrap();
    nadia.get("/partnership").await.says("No messages are leaving. The mail server is shut.");
    world.kith.carrying(MailWay::Server, None, world.now()).await.unwrap();
    world.set(kith_domain::time::Instant(world.now().0 + 31 * 60 * 1_000_000));
    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/partnership").await.says("No messages are leaving");

    // One that could not be delivered.
    let letter = take(&world).await.expect("the link");
    let trouble = Trouble::ForGood("The mail server says that there is no such address (550)".into());
    world.kith.letter_kept(&letter, &trouble, world.now()).await.unwrap();
    let page = nadia.get("/partnership/messages").await;
    page.is(StatusCode::OK).says("A link for a team").says("team@example.org").says("550");
    page.never("/link/").never("Badger");
    let form = "/partnership/messages/decide";
    nadia.submit(&page, form, &[("act", "again")]).await.is(StatusCode::OK).never("A link for a team");
    let again = take(&world).await.expect("tried again");
    assert_eq!((again.id, again.tries), (letter.id, 1));
    world.kith.letter_kept(&again, &trouble, world.now()).await.unwrap();
    let page = nadia.get("/partnership/messages").await;
    nadia.submit(&page, form, &[("act", "drop")]).await.never("A link for a team");
    assert_eq!(take(&world).await, None);
    // Nobody else decides about messages.
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/partnership/messages").await.is(StatusCode::NOT_FOUND);
}

/// Given a request to a charity without accounts, when the day to answer is near, then the
/// charity is told once by a new link, and the page of the request says whether it left.
#[tokio::test]
async fn who_answers_by_a_link_is_reminded_before_the_day() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let (person, sent) = to_the_garden(&world, &mut aisha).await;
    sent.says("The email has not left yet");
    let letter = take(&world).await.expect("the link");
    world.kith.letter_left(&letter, world.now()).await.unwrap();
    aisha.get(&sent.path).await.says("The email left on Tuesday 24 November 2026");
    let run = async || world.kith.run_daily(Uuid::from_u128(7), world.now()).await.unwrap().by_link;
    let links = async || {
        waiting(&world).await.into_iter().filter(|m| m.dedupe.starts_with("link:")).collect::<Vec<_>>()
    };
    assert_eq!(run().await, 0, "too soon");
    let reply_by = crate::referral::today(&world);
    let mut reminded = 0;
    for day in 1..=14 {
        world.pass_days(1);
        reminded += run().await;
        assert_eq!(run().await, 0, "twice on one day, told once");
        if reminded == 1 {
            assert!(day >= 1 && crate::referral::today(&world) > reply_by);
            break;
        }
    }
    assert_eq!(reminded, 1);
    let waiting = links().await;
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].body.contains("It waits for your answer by"), "{}", waiting[0].body);
    for secret in ["Badger", "company", "Green Hands", "Kith"] {
        assert!(!waiting[0].body.contains(secret), "{secret}");
    }
    world.pass_days(1);
    assert_eq!(run().await, 0, "once");
    let mut aisha = world.worker(world.aisha).await;
    aisha.get(&sent.path).await.says("The email has not left yet");
    // After a death nothing is sent.
    life(&mut aisha, person, "died").await;
    assert_eq!(take(&world).await, None);
}

/// A reference that was read out is found by the team that asked, by the team that was asked,
/// and by nobody else.
#[tokio::test]
async fn a_reference_is_found_by_whom_it_concerns() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let sent = ask(&mut aisha, &asked).await;
    let id = sent.path.rsplit('/').next().unwrap().to_owned();
    let tail = id[id.len() - 8..].to_uppercase();
    let look = async |browser: &mut Browser, typed: &str| {
        let page = browser.get("/reference").await;
        browser.submit(&page, "/reference", &[("reference", typed)]).await
    };
    let reference = format!("{} {}", &tail[..4], &tail[4..]);
    assert_eq!(look(&mut aisha, &reference).await.path, sent.path);
    let mut joan = world.worker(world.joan).await;
    assert_eq!(look(&mut joan, &reference.to_lowercase()).await.path, format!("/inbox/{id}"));
    let mut amir = world.worker(world.amir).await;
    let nobody = look(&mut amir, &reference).await;
    nobody.is(StatusCode::UNPROCESSABLE_ENTITY).says("Nothing that you can open has this reference");
    let none = look(&mut aisha, "0000 0000").await;
    assert_eq!(
        none.text().contains("Nothing that you can open"),
        nobody.text().contains("Nothing that you can open")
    );
    look(&mut aisha, "the blue one").await.says("Enter 8 letters and numbers");
}
