//! Looks are written together, and before the page leaves.
//!
//! - Given many pages opened in the same moment, then each look is in the database before its own page is
//!   answered, and no look is missing;
//! - and many looks share one commit, so that many pages share one wait for the disk: on SQLite the commits
//!   are counted in the database's own log file.

use crate::harness::{Browser, World};
use crate::people::add;
use crate::referral::person_of;
use axum::http::StatusCode;
use futures::future::join_all;
use kith_domain::id::{PersonId, WorkerId};
use kith_domain::time::Instant;
use kith_store::Database;
use std::path::PathBuf;

/// How many people there are, each opened by three workers in the same moment.
const PEOPLE: usize = 8;

/// How often somebody was looked at by a worker, as another connection reads it.
async fn looks_at(world: &World, person: PersonId, by: WorkerId) -> usize {
    let mut tx = world.kith.store().read().await.unwrap();
    let rows = tx.list_looks(person, Instant(i64::MAX), 500).await.unwrap();
    rows.iter().filter(|row| row.outcome == "opened" && row.who.contains(&by.to_string())).count()
}

/// The log file of the database; none on PostgreSQL.
fn log_file(world: &World) -> Option<PathBuf> {
    match &world.ground.database {
        Database::Folder(folder) => Some(folder.join("kith.db-wal")),
        Database::Postgres(_) => None,
    }
}

/// How many transactions the log file holds (SQLite, "WAL file format"): the frames that end one carry the
/// size of the database after it, the others nothing. Frames of an earlier round have another salt.
fn commits_in(log: &[u8]) -> (Vec<u8>, usize) {
    let word = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().expect("four bytes"));
    let (page, salt) = (word(8) as usize, &log[16..24]);
    let frames = log[32..].chunks_exact(24 + page).take_while(|frame| &frame[8..16] == salt);
    (salt.to_vec(), frames.filter(|frame| frame[4..8] != [0; 4]).count())
}

async fn one_view(world: &World, mut browser: Browser, person: PersonId, by: WorkerId) {
    let before = looks_at(world, person, by).await;
    browser.get(&format!("/people/{person}")).await.is(StatusCode::OK);
    // The page is answered now: whoever reads the database after that finds the look.
    assert_eq!(looks_at(world, person, by).await, before + 1, "the page left before its look");
}

#[tokio::test]
async fn many_pages_share_a_commit_and_none_leaves_before_its_look() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(person_of(&add(&mut aisha, &format!("Badger {n}")).await));
    }
    let mut workers = Vec::new();
    for cast in [world.aisha, world.bola, world.grace] {
        let mut browser = world.worker(cast).await;
        // What a session writes the first time is not counted.
        browser.get("/help").await.is(StatusCode::OK);
        workers.push((browser, cast.worker));
    }
    let read = || log_file(&world).map(|file| commits_in(&std::fs::read(file).expect("a log file")));
    let before = read();
    let pairs = people.iter().flat_map(|person| workers.iter().map(move |(b, by)| (*person, b.clone(), *by)));
    join_all(pairs.map(|(person, browser, by)| one_view(&world, browser, person, by))).await;
    let after = read();
    let looks = PEOPLE * workers.len();
    if let (Some((salt, before)), Some((same, after))) = (before, after) {
        assert_eq!(salt, same, "the log began again, and what was counted is gone");
        let commits = after - before;
        println!("{looks} looks in {commits} commits");
        assert!(commits > 0 && commits * 2 <= looks, "{looks} looks in {commits} commits");
    }
    // One alone waits for nobody.
    let (browser, by) = workers.pop().expect("Grace");
    one_view(&world, browser, people[0], by).await;
}

#[test]
fn a_log_file_is_counted_by_its_last_frames() {
    let frame = |salt: u8, ends: u8| {
        let mut frame = vec![0; 24 + 512];
        frame[7] = ends;
        frame[8..16].fill(salt);
        frame
    };
    let mut log = vec![0; 32];
    log[10] = 2;
    log[16..24].fill(7);
    for (salt, ends) in [(7, 0), (7, 3), (7, 3), (7, 0), (7, 4), (6, 9)] {
        log.extend(frame(salt, ends));
    }
    assert_eq!(commits_in(&log), (vec![7; 8], 3));
}
