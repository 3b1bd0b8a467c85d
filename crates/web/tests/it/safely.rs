//! One function guards everything that leaves, and it is asked again when it leaves.
//!
//! - Given each sort of message that there is, when the person has died, has stopped, was never
//!   asked, is pressed by somebody, named somebody who must never know, or it is night, then it
//!   leaves only where this table says so. The table is by hand; a sort of message that is not
//!   in it fails.
//! - Given a message about a person, then the outbox takes it only with the guard's answer for that
//!   address; the sorts that are about nobody are in the list below, each in one place.
//! - Given any message that was really made, then it says nothing about anybody.

use crate::harness::World;
use crate::mail::{take, to_the_garden};
use crate::people::add;
use crate::referral::person_of;
use axum::http::StatusCode;
use kith_domain::contact::{
    AboutNobody, Channel, Cleared, Content, Hours, MayLeave, MustNotKnow, Outgoing, SafeContact, SafeWay, To,
    may_send,
};
use kith_domain::id::PersonId;
use kith_domain::person::{Coercion, Person, Standing, Whereabouts};
use kith_domain::record::{Author, Saved};
use kith_domain::time::Instant;
use kith_store::WriteTx;
use kith_store::outbox::NewMessage;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const ADDRESS: &str = "badger@example.org";

/// How it is with the person when the message is about to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Now {
    Ordinary,
    Died,
    Stopped,
    NotAsked,
    Pressed,
    OurOrganisationMustNotKnow,
    SomebodyMustNotKnow,
    Night,
    AnotherWay,
    Prison,
    SealedAddress,
}

const ALL: [Now; 11] = [
    Now::Ordinary,
    Now::Died,
    Now::Stopped,
    Now::NotAsked,
    Now::Pressed,
    Now::OurOrganisationMustNotKnow,
    Now::SomebodyMustNotKnow,
    Now::Night,
    Now::AnotherWay,
    Now::Prison,
    Now::SealedAddress,
];

/// When each sort of message leaves. Those that are about no plan do not ask about one: they go to
/// whoever asked, or to a worker, and say nothing about anybody.
fn leaves(guard: &str) -> BTreeSet<Now> {
    let all_but = |not: &[Now]| ALL.into_iter().filter(|n| !not.contains(n)).collect();
    match guard {
        // To a team: their own address. Nothing else is needed than that they may be told.
        "link" => all_but(&[Now::Died, Now::Stopped, Now::NotAsked, Now::OurOrganisationMustNotKnow]),
        // To a practice that is known by name only: any doubt keeps it.
        "outside" => {
            all_but(&[Now::Died, Now::Stopped, Now::NotAsked, Now::Pressed, Now::SomebodyMustNotKnow])
        }
        // To the person: by the way they named, in the day, while it reaches nobody but them.
        "themselves" => {
            all_but(&[Now::Died, Now::Stopped, Now::NotAsked, Now::Night, Now::AnotherWay, Now::Prison])
        }
        // To somebody about their own request, of whom there is no plan yet: in the day.
        "themselves, no plan" => all_but(&[Now::Night]),
        // To a carer about a message of theirs of which a plan came since it was written.
        "asker, a plan" => leaves("outside"),
        "asker" | "reminder" | "invitation" | "listing" => ALL.into_iter().collect(),
        other => panic!("{other} is not in the table: say when it may leave"),
    }
}

/// The sorts of message, from the program's own text: the variants of the guard that is stored with
/// each of them.
fn sorts() -> BTreeSet<String> {
    let text = include_str!("../../../care/src/telling_outside/again.rs");
    let body = text.split("enum Guard {").nth(1).and_then(|t| t.split("\n}\n").next()).expect("the guard");
    let name = |line: &str| {
        let word = line.strip_prefix("    ")?.trim_end_matches([',', '{', ' ']);
        word.starts_with(char::is_uppercase).then(|| word.to_lowercase())
    };
    body.lines().filter_map(name).collect()
}

fn safe() -> SafeContact {
    let way = |channel, detail: &str| SafeWay {
        channel,
        detail: detail.into(),
        voicemail_safe: Some(false),
        hours: Some(Hours { from: 9, until: 17 }),
        shared: false,
        note: None,
    };
    SafeContact {
        asked: Some(Instant(1)),
        ways: vec![way(Channel::Email, ADDRESS)],
        paper_safe: Some(true),
        must_not_know: Vec::new(),
        name_service_ok: false,
    }
}

fn as_it_is(world: &World, them: &Person, now: Now) -> Person {
    let mut p = Person { safe_contact: safe(), ..them.clone() };
    let today = world.kith.calendar().day(world.now());
    let somebody = |organisation| MustNotKnow { who: "His father".into(), organisation, supporter: None };
    match now {
        Now::Ordinary | Now::Night => {}
        Now::Died => {
            p.standing = Standing::Died {
                on: None,
                recorded_at: world.now(),
                recorded_by: Author::Operator,
                before: Box::new(Standing::Open),
                everyone_told: None,
            }
        }
        Now::Stopped => p.standing = Standing::Stopped { on: today },
        Now::NotAsked => p.safe_contact.asked = None,
        Now::Pressed => {
            p.coercion = Some(Coercion {
                since: world.now(),
                supporters: Vec::new(),
                frozen: Vec::new(),
                review_on: None,
                noted_by: None,
            })
        }
        Now::OurOrganisationMustNotKnow => {
            p.safe_contact.must_not_know = vec![somebody(Some(world.garden_org))]
        }
        Now::SomebodyMustNotKnow => p.safe_contact.must_not_know = vec![somebody(None)],
        Now::AnotherWay => p.safe_contact.ways[0].detail = "new@example.org".into(),
        Now::Prison => p.whereabouts = Whereabouts::Prison { since: today, release: None },
        Now::SealedAddress => p.address_sealed = true,
    }
    p
}

pub(crate) async fn person_now(world: &World, id: PersonId) -> Saved<Person> {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(id).await.unwrap();
    let found = look.person(&about).unwrap();
    look.finish().await.unwrap();
    found
}

/// What the guard says of an ordinary day, to put the message there in the first place.
fn cleared(world: &World, at: Instant, them: &Person, guard: &str) -> Cleared {
    let what = match guard {
        "themselves" => Outgoing::notice(Channel::Email, Content::Free, at),
        _ => Outgoing::new(To::Outside, Content::Free, at),
    };
    let settings = kith_domain::settings::Settings::default();
    may_send(them, &what, world.kith.calendar(), &settings).expect("safe in the day")
}

fn message(world: &World, person: Option<PersonId>, dedupe: &str) -> NewMessage {
    NewMessage {
        id: Uuid::now_v7(),
        at: world.now().0,
        person: person.map(|p| p.0),
        channel: "email".into(),
        address: ADDRESS.into(),
        subject: "There is something to read".into(),
        body: "There is something new for you to read.".into(),
        dedupe: dedupe.into(),
        guard: None,
    }
}

async fn put(
    tx: &mut WriteTx,
    world: &World,
    guard: &str,
    (person, may): (Option<PersonId>, MayLeave<'_>),
    n: usize,
) {
    let (stored, address) = match guard {
        "link" => panic!("a link is made by a referral"),
        "outside" => (r#"{"is":"outside","asked_for":false}"#.to_owned(), "gp@example.org"),
        "themselves" => (r#"{"is":"themselves","hours":null}"#.to_owned(), ADDRESS),
        "themselves, no plan" => (r#"{"is":"themselves","hours":{"from":9,"until":17}}"#.to_owned(), ADDRESS),
        "asker" | "asker, a plan" => (r#"{"is":"asker"}"#.to_owned(), "carer@example.org"),
        "reminder" => {
            let (worker, day) = (world.aisha.worker, "2027-03-01");
            (format!(r#"{{"is":"reminder","worker":"{worker}","about":"{day}"}}"#), "w@example.org")
        }
        other => panic!("{other}"),
    };
    let (address, guarded) = (address.to_owned(), Some(stored));
    let new = NewMessage { address, guard: guarded, ..message(world, person, &format!("{guard} {n}")) };
    tx.record_message(&new, may).await.unwrap();
}

/// Does the message with this id leave, of what is due? Everything else that was due is cleared.
async fn left(world: &World) -> bool {
    match take(world).await {
        Some(letter) => {
            world.kith.letter_left(&letter, world.now()).await.unwrap();
            assert_eq!(take(world).await, None, "one message at a time");
            true
        }
        None => false,
    }
}

fn at_night(world: &World, now: Now) {
    let calendar = world.kith.calendar();
    let tomorrow = kith_domain::time::plus_days(calendar.day(world.now()), 1);
    let hour = if now == Now::Night { 3 } else { 11 };
    world.set(calendar.moment(tomorrow, hour, 0));
}

#[tokio::test]
async fn every_sort_of_message_leaves_only_when_it_is_safe() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let first = person_now(&world, person).await.value;
    at_night(&world, Now::Ordinary);
    let by_day = world.now();
    let mut seen = BTreeSet::from(["link".to_owned(), "invitation".to_owned(), "listing".to_owned()]);
    for guard in ["outside", "themselves", "themselves, no plan", "asker", "asker, a plan", "reminder"] {
        let wanted = leaves(guard);
        for (n, now) in ALL.into_iter().enumerate() {
            at_night(&world, now);
            let old = person_now(&world, person).await;
            let mut tx = world.kith.store().write().await.unwrap();
            let them = as_it_is(&world, &first, now);
            tx.change(&crate::mine::writing(&world), "as it is now", &old.meta, &them).await.unwrap();
            let about = matches!(guard, "outside" | "themselves" | "asker, a plan").then_some(person);
            let day = cleared(&world, by_day, &as_it_is(&world, &first, Now::Ordinary), guard);
            let may = match about {
                Some(_) => MayLeave::Cleared(&day),
                None => MayLeave::AboutNobody(AboutNobody::Reminder),
            };
            put(&mut tx, &world, guard, (about, may), n).await;
            tx.commit().await.unwrap();
            assert_eq!(left(&world).await, wanted.contains(&now), "{guard}, {now:?}");
            // What waits for the morning leaves in the morning.
            if now == Now::Night && !wanted.contains(&now) {
                world.set(world.now().plus_hours(7));
                assert_eq!(left(&world).await, guard.starts_with("themselves"), "{guard}, in the morning");
            }
        }
        seen.insert(guard.split(',').next().unwrap().to_owned());
    }
    assert_eq!(seen, sorts(), "a sort of message that this test does not know, or one that is gone");
}

#[tokio::test]
async fn a_link_leaves_only_when_it_is_safe() {
    for now in ALL {
        let world = World::new().await;
        let mut aisha = world.worker(world.aisha).await;
        let (person, _) = to_the_garden(&world, &mut aisha).await;
        at_night(&world, now);
        let old = person_now(&world, person).await;
        let mut tx = world.kith.store().write().await.unwrap();
        let them = as_it_is(&world, &old.value, now);
        tx.change(&crate::mine::writing(&world), "as it is now", &old.meta, &them).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(left(&world).await, leaves("link").contains(&now), "{now:?}");
    }
}

/// Paper: the plan, and a code, are put into the person's own hand, and only where paper is safe.
#[tokio::test]
async fn paper_is_made_only_where_it_is_safe() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let first = person_now(&world, person).await.value;
    type Case = (&'static str, fn(&mut Person), bool);
    let cases: [Case; 5] = [
        ("paper is safe", |_| {}, true),
        ("nobody asked", |p| p.safe_contact.asked = None, false),
        ("not asked about paper", |p| p.safe_contact.paper_safe = None, false),
        ("paper is not safe", |p| p.safe_contact.paper_safe = Some(false), false),
        (
            "died",
            |p| {
                p.standing = Standing::Died {
                    on: None,
                    recorded_at: Instant(1),
                    recorded_by: Author::Operator,
                    before: Box::new(Standing::Open),
                    everyone_told: None,
                }
            },
            false,
        ),
    ];
    for (words, change, may) in cases {
        let old = person_now(&world, person).await;
        let mut them = Person { safe_contact: safe(), ..first.clone() };
        change(&mut them);
        let mut tx = world.kith.store().write().await.unwrap();
        tx.change(&crate::mine::writing(&world), "as it is now", &old.meta, &them).await.unwrap();
        tx.commit().await.unwrap();
        // Where the plan may not go on paper, its page says why instead of showing it.
        let printed = if may { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        for (path, made, status) in [
            (format!("/people/{person}/plan/print"), "Write down the copy, then print", printed),
            (format!("/people/{person}/code"), "Make the code", StatusCode::OK),
        ] {
            let page = aisha.get(&path).await;
            assert_eq!(page.status, status, "{words}: {path}");
            let offered = page.body.contains(&format!("action=\"{path}\"")) || page.text().contains(made);
            assert_eq!(offered, may, "{words}: {path}\n{}", page.text());
        }
        // Asked for all the same: nothing is made.
        if !may {
            let token = page_token(&mut aisha).await;
            for path in [format!("/people/{person}/plan/print"), format!("/people/{person}/code")] {
                let body = format!("_csrf={token}&_submission={}", Uuid::now_v7());
                let answer = aisha.once(&axum::http::Method::POST, &path, &body).await;
                assert!(!answer.status.is_redirection(), "{words}: {path} answers {}", answer.status);
                assert!(!answer.body.contains("kith-slip__code"), "{words}: {path} makes a code");
            }
        }
    }
}

async fn page_token(browser: &mut crate::harness::Browser) -> String {
    let page = browser.get("/help").await;
    page.form("/sign-out").into_iter().find(|(n, _)| n == "_csrf").map(|(_, v)| v).expect("a token")
}

/// The messages that no guard of anybody's safety clears, and where each is made. The outbox takes
/// nothing else without the guard's answer, and paper is made of nothing else: the types say so. A
/// new one, or one in another place, fails here.
const ABOUT_NOBODY: [(&str, &str); 5] = [
    ("Asker", "care/src/coming_in/ask.rs"),
    ("Invitation", "care/src/workers/invite.rs"),
    ("Listing", "care/src/listing/unchecked.rs"),
    ("NotLetIn", "care/src/refused.rs"),
    ("Reminder", "care/src/jobs/mod.rs"),
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => sources(&path, into),
            false if path.extension().is_some_and(|e| e == "rs") => into.push(path),
            false => {}
        }
    }
}

#[test]
fn what_no_guard_clears_is_these_five_and_each_in_one_place() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut files = Vec::new();
    for folder in ["care/src", "web/src", "kith/src", "post/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let name = file.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
        for (_, after) in text.match_indices("AboutNobody::").map(|(at, m)| text.split_at(at + m.len())) {
            let sort: String = after.chars().take_while(char::is_ascii_alphabetic).collect();
            found.insert((sort, name.clone()));
        }
    }
    let all: BTreeSet<(String, String)> =
        ABOUT_NOBODY.into_iter().map(|(sort, at)| (sort.to_owned(), at.to_owned())).collect();
    assert_eq!(found, all);
}

#[tokio::test]
async fn the_outbox_takes_nothing_about_a_person_without_the_guards_answer() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    let them = Person { safe_contact: safe(), ..person_now(&world, person).await.value };
    at_night(&world, Now::Ordinary);
    let cleared = cleared(&world, world.now(), &them, "themselves");
    let mut tx = world.kith.store().write().await.unwrap();
    let to = |address: &str| NewMessage { address: address.into(), ..message(&world, Some(person), "x") };
    let nobody = MayLeave::AboutNobody(AboutNobody::Reminder);
    assert!(tx.record_message(&to(ADDRESS), nobody).await.is_err());
    assert!(tx.record_message(&to("else@example.org"), MayLeave::Cleared(&cleared)).await.is_err());
    tx.record_message(&to(ADDRESS), MayLeave::Cleared(&cleared)).await.unwrap();
}
