//! A stop counts at once, also for whoever is reading at that very moment.
//!
//! - Given a thousand readers at an organisation that the person shares with, each opening the
//!   request or the person's page again and again, when the person stops sharing, then every
//!   answer that began after the stop was acknowledged is without what was shared.
//! - Given the same readers before pages that are kept for a moment, then late ones are found:
//!   the watch is not blind.

use crate::harness::{Browser, World, start};
use crate::marks::{Marked, Writer, mark};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::{Asked, Consent, ConsentKind, HowGiven};
use kith_domain::supporter::Involvement;
use kith_domain::time::{Calendar, plus_days};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Readers at one time.
const READERS: usize = 1_000;

/// What the readers look for: a line of the packet, and a need that is open to them by agreement.
const SHARED: [&str; 2] = ["mk-packet-7qb", "mk-private-7q8"];

/// Joan supports Pat too, and Pat agreed that her organisation sees money and who it is about.
async fn joan_supports_pat(world: &World, marked: &Marked) {
    let (at, mut tx) = (start().plus_days(-1), world.kith.store().write().await.unwrap());
    let day = Calendar::england().day(at);
    let maker = crate::harness::Maker { tx: &mut tx, at };
    let mut w = Writer { maker, by: world.aisha, person: marked.pat, day };
    let agreed = Consent {
        organisation: world.joan.organisation,
        areas: vec![Area::Money, Area::Identity],
        purposes: vec!["money_advice".into()],
        max_sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        contribute: false,
        from: day,
        until: plus_days(day, 100),
        withdrawn: None,
        end_told: None,
        made_for: None,
        kind: ConsentKind::Standing,
        given: HowGiven {
            asked_by: None,
            how: Asked::OnScreen,
            present: String::new(),
            offered_alone: true,
            said_no_to: Vec::new(),
            words: String::new(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at,
        },
    };
    w.put(&agreed).await;
    let involved = Involvement {
        organisation: world.joan.organisation,
        team: world.joan.team,
        worker: Some(world.joan.worker),
        role: "Money adviser".into(),
        key_worker: false,
        areas: vec![Area::Money],
        from: day,
        until: None,
    };
    w.put_of(world.joan, &involved).await;
    tx.commit().await.unwrap();
}

/// What the readers met, as the race went.
#[derive(Default)]
struct Watch {
    stopped: AtomicBool,
    before: AtomicUsize,
    early: AtomicUsize,
    after: AtomicUsize,
    late: AtomicUsize,
}

impl Watch {
    /// Opens the page until one opening began after the stop was acknowledged.
    async fn read(&self, mut browser: Browser, path: String) {
        loop {
            let began_after = self.stopped.load(Ordering::SeqCst);
            let shown = browser.once(&Method::GET, &path, "").await;
            let holds = SHARED.iter().any(|mark| shown.body.contains(mark));
            let counter = match (began_after, holds) {
                (false, true) => &self.early,
                (false, false) => &self.before,
                (true, false) => &self.after,
                (true, true) => &self.late,
            };
            counter.fetch_add(1, Ordering::SeqCst);
            assert!(!shown.status.is_server_error(), "{path}: {}", shown.status);
            if began_after {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// Sends the readers, and the stop into the midst of them.
async fn race(world: &World, marked: &Marked, router: Router) -> Arc<Watch> {
    let joan = world.worker(world.joan).await;
    let mut pat = world.person(marked.pat).await;
    let stop = format!("/mine/sharing/{}/stop", world.joan.organisation);
    let sure = pat.get(&stop).await;
    let filled = pat.fill(sure.is(StatusCode::OK), &stop, &[]);
    let paths = [format!("/inbox/{}", marked.asked), format!("/people/{}", marked.pat)];
    for (path, shared) in paths.iter().zip(SHARED) {
        joan.clone().get(path).await.is(StatusCode::OK).says(shared);
    }
    let watch = Arc::new(Watch::default());
    let readers: Vec<_> = (0..READERS)
        .map(|n| {
            let browser = Browser { router: router.clone(), ..joan.clone() };
            let (watch, path) = (watch.clone(), paths[n % 2].clone());
            tokio::spawn(async move { watch.read(browser, path).await })
        })
        .collect();
    while watch.early.load(Ordering::SeqCst) < READERS / 10 {
        tokio::task::yield_now().await;
    }
    let said = pat.send_form(&filled).await;
    watch.stopped.store(true, Ordering::SeqCst);
    said.is(StatusCode::OK).says("sees nothing new");
    for reader in readers {
        reader.await.unwrap();
    }
    watch
}

async fn prepared() -> (World, Marked) {
    let world = World::new().await;
    let marked = mark(&world).await;
    joan_supports_pat(&world, &marked).await;
    (world, marked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn none_of_a_thousand_readers_meets_what_was_stopped() {
    let (world, marked) = prepared().await;
    let watch = race(&world, &marked, world.router.clone()).await;
    let of = |n: &AtomicUsize| n.load(Ordering::SeqCst);
    println!("{} early, {} between, {} after", of(&watch.early), of(&watch.before), of(&watch.after));
    assert_eq!(of(&watch.late), 0, "answers that began after the stop hold what was shared");
    assert_eq!(of(&watch.after), READERS, "every reader looked once more");
    assert!(of(&watch.early) >= READERS / 10, "nobody was reading when the stop came");
}

type Kept = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Pages that are kept, as a careless proxy or a decision remembered between requests would.
fn keeping(router: Router) -> Router {
    let kept = Kept::default();
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        let (kept, path) = (kept.clone(), request.uri().path().to_owned());
        async move {
            let known = kept.lock().unwrap().get(&path).cloned();
            if let Some(body) = known {
                return body.into_response();
            }
            let (parts, body) = next.run(request).await.into_parts();
            let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec();
            kept.lock().unwrap().entry(path).or_insert_with(|| bytes.clone());
            Response::from_parts(parts, Body::from(bytes))
        }
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_watch_finds_answers_that_come_too_late() {
    let (world, marked) = prepared().await;
    let watch = race(&world, &marked, keeping(world.router.clone())).await;
    assert!(watch.late.load(Ordering::SeqCst) > 0, "the watch is blind");
}
