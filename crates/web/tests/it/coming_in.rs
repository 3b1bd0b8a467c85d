//! Asking for help, and what the navigator team does with it.
//!
//! - Given somebody without an account, a carer and a ward, when each asks on their own
//!   page, then each is told who reads it and by when, all three are on the team's Today,
//!   held with a reply-by date, and nothing is lost.
//! - Given a form sent twice, or written twice on one day, then there is one request and
//!   the same confirmation.
//! - Given somebody who is known here, when they ask, then the page is the same as for
//!   somebody who is not.
//! - Given a request, when a navigator takes it up, then there is one person, held by her
//!   with a next date, with their safe way and their words; and the request is closed.
//! - Given a carer whose son does not know, then there is no plan before somebody spoke to
//!   him, the carer's words stay in confidence, and the carer is told only if he agrees.
//! - Given a request that cannot be helped with here, then it is closed with words for the
//!   one who asked, and the email says nothing but that there is an answer.
//! - Given what people and machines put into forms, then each gets a clear message at its
//!   field and keeps what was typed.

#![expect(clippy::unwrap_used, reason = "a journey that cannot go on fails")]

use crate::harness::{Browser, Shown, World, start};
use axum::http::StatusCode;
use kith_domain::contact::MustNotKnow;
use kith_domain::person::{Coercion, Person};

const ME: &str = "/ask-for-help/for-me";
const CARER: &str = "/ask-for-help/for-someone";
const WORKER: &str = "/ask-for-help/as-a-worker";

const BADGER: [(&str, &str); 5] = [
    ("called", "Badger"),
    ("way1-channel", "in_person"),
    ("way1-detail", "Tuesday drop-in, ask Joan"),
    ("paper", "no"),
    ("words", "somewhere dry, and get my money back"),
];
const MAUREEN: [(&str, &str); 5] = [
    ("name", "Maureen"),
    ("contact", "maureen@example.org"),
    ("knows", "no"),
    ("called", "Danny"),
    ("words", "He has stopped opening the door."),
];
const WARD: [(&str, &str); 9] = [
    ("by", "hospital_ward"),
    ("organisation", "Elm Ward"),
    ("name", "Sister Obi"),
    ("contact", "01632 960 777"),
    ("knows", "yes"),
    ("may-be-told", "yes"),
    ("called", "Dee"),
    ("way1-channel", "phone"),
    ("way1-detail", "07700 900 982"),
];

/// The three ways of coming in, with what is written in each.
pub const THREE: [(&str, &[(&str, &str)]); 3] = [(ME, &BADGER), (CARER, &MAUREEN), (WORKER, &WARD)];

async fn ask(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Shown {
    let page = browser.get(path).await;
    browser.submit(&page, path, fields).await
}

/// The one request on this worker's Today.
async fn request(browser: &mut Browser) -> Shown {
    let today = browser.get("/today").await;
    let links = today.links("/coming-in/");
    assert_eq!(links.len(), 1, "{}", today.text());
    browser.get(&links[0]).await
}

#[tokio::test]
async fn three_ways_of_coming_in_arrive_held_and_with_a_day() {
    let world = World::new().await;
    let mut public = world.browser();
    let doors = public.get("/ask-for-help").await;
    for path in [ME, CARER, WORKER] {
        assert!(doors.links(path).len() == 1, "{path}");
    }
    for (path, fields) in THREE {
        let form = public.get(path).await;
        form.is(StatusCode::OK)
            .says("Who reads this")
            .says("Nobody reads it at night")
            .says("Thursday 26 November");
        let sent = public.submit(&form, path, fields).await;
        sent.is(StatusCode::OK)
            .says("Your message has arrived")
            .says("Thursday 26 November")
            .says("Navigators");
        sent.never("Badger").never("Danny").never("Dee");
        assert!(sent.path.starts_with("/ask-for-help/sent/"), "{}", sent.path);
    }
    for cast in [world.aisha, world.bola, world.grace] {
        let today = world.worker(cast).await.get("/today").await;
        assert_eq!(today.links("/coming-in/").len(), 3, "{}", today.text());
    }
    world.assert_nothing_lost().await;
    // Nobody else reads it.
    let mut aisha = world.worker(world.aisha).await;
    let link = aisha.get("/today").await.links("/coming-in/").remove(0);
    world.worker(world.joan).await.get(&link).await.is(StatusCode::NOT_FOUND);
    let mut public = world.browser();
    public.get(&link).await.never("Badger").never("Danny").never("Elm Ward");
    // Nobody answers for a month: it is late and shows, and it is not lost.
    world.pass_days(30);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn sent_twice_it_makes_one_request() {
    let world = World::new().await;
    let mut public = world.browser();
    let page = public.get(ME).await;
    let form = public.fill(&page, ME, &BADGER);
    let first = public.send_form(&form).await;
    let again = public.send_form(&form).await;
    assert_eq!(first.path, again.path);
    // Written once more, in another tab, with other capitals and spaces.
    let mut louder = BADGER;
    louder[0] = ("called", "  BADGER ");
    let other_tab = ask(&mut world.browser(), ME, &louder).await;
    assert_eq!(first.path, other_tab.path);
    // Somebody else with the same name and other words is somebody else.
    let mut other = BADGER;
    other[4] = ("words", "a job");
    assert_ne!(first.path, ask(&mut world.browser(), ME, &other).await.path);
    let mut aisha = world.worker(world.aisha).await;
    assert_eq!(aisha.get("/today").await.links("/coming-in/").len(), 2);
    // The next day the same words are a new request.
    world.pass_days(1);
    assert_ne!(first.path, ask(&mut world.browser(), ME, &BADGER).await.path);
}

#[tokio::test]
async fn it_never_says_whether_somebody_is_known() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    crate::people::add(&mut aisha, "Badger").await;
    let known = ask(&mut world.browser(), ME, &BADGER).await;
    let mut stranger = BADGER;
    stranger[0] = ("called", "Nobody Here");
    let unknown = ask(&mut world.browser(), ME, &stranger).await;
    let plain = |shown: &Shown| {
        let id = shown.path.rsplit('/').next().unwrap().to_owned();
        let mut tail = id[id.len() - 8..].to_uppercase();
        tail.insert(4, ' ');
        shown.body.replace(&id, "").replace(&tail, "")
    };
    assert_eq!(plain(&known), plain(&unknown));
    // Nor does the page of the request, nor taking it up.
    let page = aisha.get(&aisha.clone().get("/today").await.links("/coming-in/")[0]).await;
    page.never("already").never("match");
}

#[tokio::test]
async fn taken_up_it_becomes_one_person() {
    let world = World::new().await;
    ask(&mut world.browser(), ME, &BADGER).await;
    let mut aisha = world.worker(world.aisha).await;
    let page = request(&mut aisha).await;
    page.says("Badger").says("somewhere dry").says("Tuesday drop-in, ask Joan").says("nothing on paper");
    let take = format!("{}/take-up", page.path);
    let too_far = [("next-day", "1"), ("next-month", "1"), ("next-year", "2099")];
    let refused = aisha.submit(&page, &take, &too_far).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("too far away").says("22 December 2026");
    let form =
        aisha.fill(&refused, &take, &[("next-day", "26"), ("next-month", "11"), ("next-year", "2026")]);
    let person = aisha.send_form(&form).await;
    person.is(StatusCode::OK).says("Badger").says("Tuesday drop-in, ask Joan").says("somewhere dry");
    assert_eq!(aisha.send_form(&form).await.path, person.path, "sent twice it takes up once");
    assert!(aisha.get("/today").await.links("/coming-in/").is_empty());
    let closed = aisha.get(&page.path).await;
    closed.says("Taken up");
    assert_eq!(closed.links(&person.path).len(), 1);
    // A colleague with the old page takes nobody up.
    let mut bola = world.worker(world.bola).await;
    let mut stale = form.clone();
    stale.fields.retain(|(name, _)| name != "_csrf" && name != "_submission");
    let fresh = bola.get("/people/add").await.form("/people/add");
    stale.fields.extend(fresh.into_iter().filter(|(name, _)| name.starts_with('_')));
    bola.send_form(&stale).await.is(StatusCode::CONFLICT);
    assert_eq!(aisha.get("/people").await.text().matches("Badger").count(), 1);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_carer_is_heard_and_nobody_gets_a_plan_without_knowing() {
    let world = World::new().await;
    ask(&mut world.browser(), CARER, &MAUREEN).await;
    let mut aisha = world.worker(world.aisha).await;
    let page = request(&mut aisha).await;
    page.says("The person may not know").says("Maureen").says("Not agreed yet").says("None was named");
    let take = format!("{}/take-up", page.path);
    let refused = aisha.submit(&page, &take, &[]).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Speak to them first");
    let person = aisha.submit(&refused, &take, &[("spoken", "yes")]).await;
    person.is(StatusCode::OK).says("Danny");
    // He reads his own pages: what his mother said in confidence is not there.
    let id = person.path.trim_start_matches("/people/").parse().unwrap();
    let mut danny = world.person(id).await;
    danny.get("/mine").await.never("opening the door").never("Maureen");
    danny.get("/mine/plan").await.never("opening the door");
    // She is told only if he agrees.
    let closed = aisha.get(&page.path).await;
    closed.says("Only if Danny agrees");
    let told = format!("{}/told", page.path);
    aisha.submit(&closed, &told, &[]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("Ask the person first");
    // He is asked what is safe: his mother is not who must not know.
    let safe = format!("{}/safe-contact", person.path);
    let form = aisha.get(&safe).await;
    aisha.submit(&form, &safe, &[("channel_1", "phone"), ("detail_1", "07700 900123")]).await;
    let after = aisha.submit(&closed, &told, &[("agreed", "yes")]).await;
    after.is(StatusCode::OK).says("The one who asked was told").says("waits to be sent by email");
    for message in outbox(&world).await {
        assert_eq!(message.address, "maureen@example.org");
        for secret in ["Danny", "door", "Maureen"] {
            assert!(!message.body.contains(secret) && !message.subject.contains(secret), "{message:?}");
        }
    }
    assert_eq!(outbox(&world).await.len(), 2, "it arrived; there is an answer");
}

/// Given a carer's request of which a plan came, when he has died, stopped, is pressed, named
/// somebody who must never know or was asked nothing, then nothing is written to the carer, the
/// page says so, and what waited does not leave.
#[tokio::test]
async fn once_there_is_a_plan_whoever_asked_is_written_to_only_where_it_is_safe() {
    type Change = fn(&mut Person);
    let cases: [(&str, Change, bool); 4] = [
        ("he is asked, and nothing speaks against it", |_| {}, true),
        ("nobody asked him", |p| p.safe_contact.asked = None, false),
        (
            "his mother must never know",
            |p| {
                let who = "My mother".into();
                p.safe_contact.must_not_know = vec![MustNotKnow { who, organisation: None, supporter: None }];
            },
            false,
        ),
        (
            "he is pressed",
            |p| {
                p.coercion = Some(Coercion {
                    since: p.safe_contact.asked.unwrap(),
                    supporters: Vec::new(),
                    frozen: Vec::new(),
                    review_on: None,
                    noted_by: None,
                });
            },
            false,
        ),
    ];
    for (words, change, may) in cases {
        let world = World::new().await;
        ask(&mut world.browser(), CARER, &MAUREEN).await;
        let mut aisha = world.worker(world.aisha).await;
        let page = request(&mut aisha).await;
        let take = format!("{}/take-up", page.path);
        let person = aisha.submit(&page, &take, &[("spoken", "yes")]).await;
        let id = crate::referral::person_of(&person);
        let old = crate::safely::person_now(&world, id).await;
        let mut them = old.value.clone();
        them.safe_contact.asked = Some(world.now());
        change(&mut them);
        let mut tx = world.kith.store().write().await.unwrap();
        tx.change(&crate::mine::writing(&world), "as it is now", &old.meta, &them).await.unwrap();
        tx.commit().await.unwrap();
        let closed = aisha.get(&page.path).await;
        let after = aisha.submit(&closed, &format!("{}/told", page.path), &[("agreed", "yes")]).await;
        after.is(StatusCode::OK).says("The one who asked was told");
        after.says(if may { "waits to be sent by email" } else { "not sent" });
        // It arrived, and there is an answer: both are asked about him.
        let mut left = 0;
        while let Some(letter) = crate::mail::take(&world).await {
            world.kith.letter_left(&letter, world.now()).await.unwrap();
            left += 1;
        }
        assert_eq!(left, if may { 2 } else { 0 }, "{words}");
    }
}

/// A ward says that the person agreed to their being told. She is asked all the same, and may say no.
#[tokio::test]
async fn that_the_sender_says_they_agreed_is_no_agreement() {
    let world = World::new().await;
    ask(&mut world.browser(), WORKER, &WARD).await;
    let mut aisha = world.worker(world.aisha).await;
    let page = request(&mut aisha).await;
    aisha.submit(&page, &format!("{}/take-up", page.path), &[("spoken", "yes")]).await;
    let taken = aisha.get(&page.path).await;
    taken.says("Only if Dee agrees").says("ask all the same").says("They said no: nobody is told");
    let told = format!("{}/told", page.path);
    let refused = aisha.submit(&taken, &told, &[]).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Ask the person first");
    aisha.get(&page.path).await.never("The one who asked was told");
    let no = aisha.submit(&taken, &format!("{}/not-told", page.path), &[]).await;
    no.is(StatusCode::OK).says("The one who asked is not told").says("Dee said no to that");
    assert!(outbox(&world).await.is_empty());
}

async fn outbox(world: &World) -> Vec<kith_store::outbox::OutboxRow> {
    world.kith.store().read().await.unwrap().list_outbox(100).await.unwrap()
}

#[tokio::test]
async fn what_cannot_be_helped_with_is_closed_with_words() {
    let world = World::new().await;
    ask(&mut world.browser(), WORKER, &WARD).await;
    let mut grace = world.worker(world.grace).await;
    let page = request(&mut grace).await;
    page.says("Elm Ward").says("07700 900 982").says("They say that the person agreed. Ask the person");
    let mut bola = world.worker(world.bola).await;
    let open_tab = bola.get(&page.path).await;
    let close = format!("{}/close", page.path);
    grace.submit(&page, &close, &[("words", " ")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    let form = grace.fill(&page, &close, &[("words", "Please ring the duty team.")]);
    let closed = grace.send_form(&form).await;
    closed.is(StatusCode::OK).says("Closed").says("Please ring the duty team.");
    assert_eq!(grace.send_form(&form).await.path, closed.path);
    // The ward gave a phone number: nothing is sent by itself.
    assert!(outbox(&world).await.is_empty());
    world.assert_nothing_lost().await;
    // A colleague whose page is older changes nothing.
    bola.submit(&open_tab, &format!("{}/take-up", page.path), &[]).await.is(StatusCode::CONFLICT);
    let told = grace.submit(&closed, &format!("{}/told", page.path), &[]).await;
    told.is(StatusCode::OK).says("The one who asked was told");
}

#[tokio::test]
async fn what_people_and_machines_type_is_answered_at_its_field() {
    let world = World::new().await;
    let mut public = world.browser();
    let nothing = ask(&mut public, ME, &[]).await;
    nothing.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter the name you like to be called");
    let no_way = ask(&mut public, ME, &[("called", "J")]).await;
    no_way.is(StatusCode::UNPROCESSABLE_ENTITY).says("Tell us one safe way to reach you");
    assert!(no_way.body.contains("href=\"#way1-detail\"") && no_way.body.contains("id=\"way1-detail\""));
    assert!(no_way.body.contains("value=\"J\""), "what was typed is kept");
    let long = "a".repeat(10 * 1024 * 1024);
    let huge = ask(&mut public, ME, &[&BADGER[..4], &[("words", &long)]].concat()).await;
    huge.is(StatusCode::UNPROCESSABLE_ENTITY).says("at most 2,000 characters");
    let control = ask(&mut public, ME, &[&BADGER[1..], &[("called", "Bad\u{1b}ger")]].concat()).await;
    control.is(StatusCode::UNPROCESSABLE_ENTITY).says("hidden character");
    let carer = ask(&mut public, CARER, &[("called", "Danny"), ("knows", "yes")]).await;
    carer
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Tell us your name")
        .says("Tell us how we can answer you");
    let odd = ask(&mut public, WORKER, &[("by", "police"), ("knows", "maybe")]).await;
    odd.is(StatusCode::UNPROCESSABLE_ENTITY).says("not one of the list");
    // One letter, one word, bidi and zero-width marks: a name is a name.
    let marks = [&BADGER[1..], &[("called", "\u{202e}B\u{200b}")]].concat();
    ask(&mut public, ME, &marks).await.is(StatusCode::OK).says("has arrived");
    // A page without its hidden id is asked for again and does nothing.
    let page = public.get(ME).await;
    let mut bare = public.fill(&page, ME, &BADGER);
    bare.fields.retain(|(name, _)| name != "_submission");
    public.send_form(&bare).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    let mut aisha = world.worker(world.aisha).await;
    assert_eq!(aisha.get("/today").await.links("/coming-in/").len(), 1);
    public.get("/ask-for-help/sent/nonsense").await.is(StatusCode::NOT_FOUND);
    public.get("/ask-for-help/sent/0192f0c1-0000-7000-8000-000000000000").await.is(StatusCode::NOT_FOUND);
    assert!(world.now() > start());
}

#[tokio::test]
async fn everything_that_is_missing_is_asked_at_once() {
    let world = World::new().await;
    let mut public = world.browser();
    let me = ask(&mut public, ME, &[]).await;
    me.is(StatusCode::UNPROCESSABLE_ENTITY).says("Enter the name you like to be called");
    assert!(me.body.contains("href=\"#way1-detail\""), "the safe way is asked together: {}", me.text());
    let ward = ask(&mut public, WORKER, &[]).await;
    for field in ["#by", "#organisation", "#name", "#contact", "#knows", "#called"] {
        assert!(ward.body.contains(&format!("href=\"{field}")), "{field}: {}", ward.text());
    }
    // A way that is half there is told once.
    let half = ask(&mut public, ME, &[("way1-channel", "phone")]).await;
    half.says("Enter the number, address or place for this way").never("Tell us one safe way");
}
