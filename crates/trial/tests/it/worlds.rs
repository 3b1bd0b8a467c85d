//! Some random worlds and some of the matrix through the store: enough to find what is broken in
//! seconds. `cargo xtask access` makes all of it, on both engines.

use kith_store::Database;
use kith_trial::bulk::{self, Asked, Tally};

async fn compare(worlds: &[Asked], named: &str) -> Tally {
    let folder = tempfile::tempdir().unwrap();
    let mut tally = Tally::default();
    let database = Database::Folder(folder.path().to_owned());
    bulk::compare(&database, worlds, named, &mut tally).await.unwrap();
    assert!(tally.differences.found.is_empty(), "{}", tally.differences.report());
    tally
}

#[tokio::test]
async fn both_readings_agree_over_facts_from_the_store() {
    let tally = compare(&bulk::random_town(1, 300, 8), "seed 1").await;
    assert!(tally.differences.compared > 1_000, "{} compared", tally.differences.compared);
}

#[tokio::test]
async fn both_readings_agree_on_some_of_the_matrix_through_the_store() {
    let mut compared = 0;
    for town in [0, 2, 5] {
        let tally = compare(&bulk::matrix_town(town, 29), &format!("role {town}")).await;
        compared += tally.differences.compared;
    }
    assert!(compared > 1_000, "{compared} compared");
}
