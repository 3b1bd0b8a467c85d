//! Promises of the made-up place: the same seed makes the same place; nobody in it is
//! lost; every situation of the guide is there; the planted unfairness can be found.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod place;
mod stories;

use kith_brackenford::{Made, Recipe, make};
use kith_domain::time::Instant;
use kith_store::{Database, Durability, Store};

/// Monday 23 November 2026, half past ten in Brackenford.
pub fn now() -> Instant {
    let calendar = kith_domain::time::Calendar::england();
    calendar.moment(jiff::civil::date(2026, 11, 23), 10, 30)
}

/// A store in a folder that goes away, and the folder.
pub async fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Folder(folder.path().to_owned());
    (Store::open_with(&database, Durability::None).await.unwrap(), folder)
}

/// Sixty people.
pub async fn made(seed: u64) -> (Made, Store, tempfile::TempDir) {
    let (store, folder) = store().await;
    let made = make(&store, &Recipe { people: 60, seed, now: now() }, |_| ()).await.unwrap();
    (made, store, folder)
}
