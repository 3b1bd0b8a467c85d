//! Random histories: whatever is written, changed, taken back, dropped or refused, what
//! can be read is what a plain model says, and the journal proves it.

use crate::place::*;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::need::Need;
use kith_domain::record::Saved;
use kith_store::StoreError;
use kith_store::verify::verify;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One thing that happens inside a transaction. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Happens {
    Add(u8, String),
    Reword(u8, String),
    TakeBack(u8),
    /// A change made on a version that is no longer the newest.
    Stale(u8),
    Read(u8),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (any::<u8>(), "\\PC{0,12}").prop_map(|(n, t)| Happens::Add(n, t)),
        4 => (any::<u8>(), any::<String>()).prop_map(|(n, t)| Happens::Reword(n, t.replace('\0', ""))),
        1 => any::<u8>().prop_map(Happens::TakeBack),
        1 => any::<u8>().prop_map(Happens::Stale),
        1 => any::<u8>().prop_map(Happens::Read),
    ]
}

/// What must be stored: the words and version of each need, and whether it was taken back.
type Model = BTreeMap<RecordId, (PersonId, Saved<Need>)>;

async fn live(g: &Ground, history: &[(Vec<Happens>, bool)]) {
    let people = [a_person(&g.store, "A").await, a_person(&g.store, "B").await];
    let mut model = Model::new();
    let mut entries = 2;
    for (transaction, kept) in history {
        let mut tx = g.store.write().await.unwrap();
        let mut after = model.clone();
        let mut written = 0;
        for event in transaction {
            let pick = |n: u8| after.values().nth(usize::from(n) % after.len().max(1)).cloned();
            match event {
                Happens::Add(n, words) => {
                    let who = people[usize::from(*n) % 2];
                    let saved = tx.create(&writing(), "added", of(who), &need(words)).await.unwrap();
                    after.insert(saved.meta.id, (who, saved));
                    written += 1;
                }
                Happens::Reword(n, words) => {
                    let Some((who, old)) = pick(*n) else { continue };
                    let value = Need { words: words.clone(), ..old.value.clone() };
                    let saved = tx.change(&writing(), "reworded", &old.meta, &value).await.unwrap();
                    assert_eq!(saved.meta.entered_in_error, old.meta.entered_in_error);
                    after.insert(saved.meta.id, (who, saved));
                    written += 1;
                }
                Happens::TakeBack(n) => {
                    let Some((who, old)) = pick(*n) else { continue };
                    let saved = tx.enter_in_error(&writing(), &old).await.unwrap();
                    after.insert(saved.meta.id, (who, saved));
                    written += 1;
                }
                Happens::Stale(n) => {
                    let Some((_, old)) = pick(*n).filter(|(_, s)| s.meta.version > 1) else { continue };
                    let mut meta = old.meta.clone();
                    meta.version -= 1;
                    let refused = tx.change(&writing(), "reworded", &meta, &old.value).await;
                    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
                }
                Happens::Read(n) => {
                    let Some((who, expected)) = pick(*n) else { continue };
                    let found = tx.find::<Need>(expected.meta.id).await.unwrap().unwrap();
                    assert_eq!(open(who, found), expected);
                }
            }
        }
        if *kept {
            tx.commit().await.unwrap();
            (model, entries) = (after, entries + written);
        }
    }
    let report = verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.entries, report.findings), (entries, vec![]));
    let mut tx = g.store.read().await.unwrap();
    for (id, (who, expected)) in &model {
        let found = tx.find::<Need>(*id).await.unwrap().unwrap();
        assert_eq!(&open(*who, found), expected);
        let versions = tx.list_versions::<Need>(*id).await.unwrap();
        assert_eq!(versions.len(), usize::try_from(expected.meta.version).unwrap());
    }
}

fn histories() -> impl Strategy<Value = Vec<(Vec<Happens>, bool)>> {
    let transaction = (prop::collection::vec(happens(), 0..12), prop::bool::weighted(0.8));
    prop::collection::vec(transaction, 0..8)
}

fn check(cases: u32, ground: impl AsyncFn() -> Option<Ground>) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let result = runner.run(&histories(), |history| {
        runtime.block_on(async {
            if let Some(ground) = ground().await {
                live(&ground, &history).await;
                ground.clear().await;
            }
        });
        Ok(())
    });
    if let Err(why) = result {
        panic!("{why}");
    }
}

#[test]
fn any_history_is_kept_truly_on_sqlite() {
    check(24, async || Some(Ground::sqlite().await));
}

#[test]
fn any_history_is_kept_truly_on_postgres() {
    check(8, Ground::postgres);
}
