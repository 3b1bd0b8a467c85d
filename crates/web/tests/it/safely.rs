//! One function guards everything that leaves, and it is asked again when it leaves.
//!
//! - Given each sort of message that there is, when the person has died, has stopped, was never
//!   asked, is pressed by somebody, named somebody who must never know, or it is night, then it
//!   leaves only where this table says so. The table is by hand; a sort of message that is not
//!   in it fails.
//! - Given each place in the program that makes a message or paper, then it is in the list below
//!   with what guards it; a new one that is not fails.
//! - Given any message that was really made, then it says nothing about anybody.

use crate::harness::World;
use crate::mail::{take, to_the_garden};
use crate::people::add;
use crate::referral::person_of;
use axum::http::StatusCode;
use kith_domain::contact::{Channel, Hours, MustNotKnow, SafeContact, SafeWay};
use kith_domain::id::PersonId;
use kith_domain::person::{Coercion, Person, Standing, Whereabouts};
use kith_domain::record::{Author, Saved};
use kith_domain::time::Instant;
use kith_store::WriteTx;
use kith_store::outbox::NewMessage;
use std::collections::{BTreeMap, BTreeSet};
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

async fn person_now(world: &World, id: PersonId) -> Saved<Person> {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(id).await.unwrap();
    let found = look.person(&about).unwrap();
    look.finish().await.unwrap();
    found
}

async fn put(
    tx: &mut WriteTx,
    world: &World,
    guard: &str,
    about: (Option<PersonId>, Uuid),
    n: usize,
) -> Uuid {
    let (person, id) = (about.0, Uuid::now_v7());
    let (stored, address, channel) = match guard {
        "link" => panic!("a link is made by a referral"),
        "outside" => (r#"{"is":"outside","asked_for":false}"#.to_owned(), "gp@example.org", "email"),
        "themselves" => (r#"{"is":"themselves","hours":null}"#.to_owned(), ADDRESS, "email"),
        "themselves, no plan" => {
            (r#"{"is":"themselves","hours":{"from":9,"until":17}}"#.to_owned(), ADDRESS, "email")
        }
        "asker" => (r#"{"is":"asker"}"#.to_owned(), "carer@example.org", "email"),
        "reminder" => {
            let (worker, day) = (world.aisha.worker, "2027-03-01");
            (format!(r#"{{"is":"reminder","worker":"{worker}","about":"{day}"}}"#), "w@example.org", "email")
        }
        other => panic!("{other}"),
    };
    let message = NewMessage {
        id,
        at: world.now().0,
        person: person.map(|p| p.0),
        channel: channel.into(),
        address: address.into(),
        subject: "There is something to read".into(),
        body: "There is something new for you to read.".into(),
        dedupe: format!("{guard} {n}"),
        guard: Some(stored),
    };
    tx.record_message(&message).await.unwrap();
    id
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
    let mut seen = BTreeSet::from(["link".to_owned(), "invitation".to_owned(), "listing".to_owned()]);
    for guard in ["outside", "themselves", "themselves, no plan", "asker", "reminder"] {
        let wanted = leaves(guard);
        for (n, now) in ALL.into_iter().enumerate() {
            at_night(&world, now);
            let old = person_now(&world, person).await;
            let mut tx = world.kith.store().write().await.unwrap();
            let them = as_it_is(&world, &first, now);
            tx.change(&crate::mine::writing(&world), "as it is now", &old.meta, &them).await.unwrap();
            let about = matches!(guard, "outside" | "themselves").then_some(person);
            put(&mut tx, &world, guard, (about, Uuid::nil()), n).await;
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

/// Where messages and paper are made, and what guards each. A file that makes one and is not here
/// fails, and so does one that is here and makes none any more.
const MADE: [(&str, &str); 12] = [
    ("care/src/coming_in/answer.rs", "address_for_answer"),
    ("care/src/coming_in/ask.rs", "may_send"),
    // To whoever asked for somebody else: an answer to what they sent, which says nothing.
    ("care/src/refused.rs", "Guard::"),
    ("care/src/glass.rs", "may_send"),
    ("care/src/jobs/mod.rs", "Guard::"),
    // To whoever runs an entry of the directory, about that entry: nobody's plan is in it.
    ("care/src/listing/unchecked.rs", "Guard::Listing"),
    ("care/src/mine/print.rs", "Outgoing::print"),
    ("care/src/mine/code.rs", "paper_is_safe"),
    ("care/src/rights/copy.rs", "may_send"),
    ("care/src/telling_outside/back.rs", "may_send"),
    ("care/src/telling_outside/mod.rs", "may_send"),
    ("care/src/workers/invite.rs", "Guard::Invitation"),
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
fn every_place_that_makes_a_message_or_paper_is_known_and_guarded() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut files = Vec::new();
    for folder in ["care/src", "web/src", "kith/src", "post/src"] {
        sources(&root.join(folder), &mut files);
    }
    let known: BTreeMap<&str, &str> = MADE.into_iter().collect();
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let makes = ["NewMessage {", "Outgoing::print(", "make_paper_code(&mut", "record_message("];
        let defines = text.contains("fn make_paper_code");
        if defines || !makes.iter().any(|m| text.contains(m)) {
            continue;
        }
        let name = file.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned();
        let Some(guard) = known.get(name.as_str()) else {
            panic!("{name} makes a message or paper: what guards it?")
        };
        assert!(text.contains(guard), "{name} is no longer guarded by {guard}");
        assert!(!text.contains("guard: None"), "{name}: unknown means not safe");
        found.insert(name);
    }
    let all: BTreeSet<String> = known.keys().map(|k| (*k).to_owned()).collect();
    assert_eq!(found, all);
}
