//! Many at once: one person keeps one chain, nobody waits for ever, followers miss nothing.

use crate::both;
use crate::place::*;
use kith_domain::id::PersonId;
use kith_domain::need::Need;
use kith_store::chain::ChainKind;
use kith_store::follow::Cursor;
use kith_store::verify::verify;
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;

both! {
    many_writers_keep_one_chain, two_persons_never_deadlock, followers_read_everything_once,
    readers_see_one_snapshot, many_begin_one_chain,
}

async fn many_writers_keep_one_chain(g: Ground) {
    let who = a_person(&g.store, "Everybody's").await;
    let mut tasks = Vec::new();
    for writer in 0..8 {
        let store = g.store.clone();
        tasks.push(tokio::spawn(async move {
            for n in 0..12 {
                let mut tx = store.write().await.unwrap();
                tx.lock(ChainKind::Person, &[who.0]).await.unwrap();
                tx.create(&writing(), "need added", of(who), &need(&format!("{writer}.{n}"))).await.unwrap();
                tx.commit().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let report = verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.entries, report.chains), (97, 1));
    assert_eq!(report.findings, []);
}

/// Two people, locked by some as (a, b) and by others as (b, a).
async fn two_persons_never_deadlock(g: Ground) {
    let (a, b) = (a_person(&g.store, "A").await, a_person(&g.store, "B").await);
    let work = async {
        let mut tasks = Vec::new();
        for writer in 0..6 {
            let store = g.store.clone();
            let order = if writer % 2 == 0 { [a.0, b.0] } else { [b.0, a.0] };
            tasks.push(tokio::spawn(async move {
                for _ in 0..15 {
                    let mut tx = store.write().await.unwrap();
                    tx.lock(ChainKind::Person, &order).await.unwrap();
                    for id in order {
                        let who = PersonId(id);
                        tx.create(&writing(), "need added", of(who), &need("x")).await.unwrap();
                    }
                    tx.commit().await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), work).await.expect("somebody waits for ever");
    let report = verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.entries, report.findings), (182, vec![]));
}

/// Several transactions that are the first to write to the same chain.
async fn many_begin_one_chain(g: Ground) {
    let mut tasks = Vec::new();
    for n in 0..6 {
        let store = g.store.clone();
        tasks.push(tokio::spawn(async move {
            let mut tx = store.write().await.unwrap();
            tx.create(&writing(), "team added", of_nobody(), &team(&format!("Team {n}"))).await.unwrap();
            tx.commit().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let report = verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.entries, report.chains, report.findings), (6, 1, vec![]));
    assert_eq!(g.store.read().await.unwrap().revision("partnership_revision").await.unwrap(), 6);
}

/// On PostgreSQL a transaction that began first commits last: its rows have lower numbers
/// than rows that a follower has already read past.
async fn followers_read_everything_once(g: Ground) {
    let (slow, quick) = (a_person(&g.store, "Slow").await, a_person(&g.store, "Quick").await);
    let mut cursor = Cursor::default();
    let mut seen = BTreeSet::new();
    let mut expected = BTreeSet::from([slow.0, quick.0]);
    follow_until(&g, &mut cursor, &mut seen, &expected).await;

    let mut held = None;
    if g.is_postgres() {
        let mut tx = g.store.write().await.unwrap();
        let need = tx.create(&writing(), "need added", of(slow), &need("late")).await.unwrap();
        // A read sends the rows: from here the transaction has its number and its rows.
        tx.find::<Need>(need.meta.id).await.unwrap();
        expected.insert(need.meta.id.0);
        held = Some(tx);
    }
    for n in 0..25 {
        expected.insert(a_need(&g.store, quick, &format!("{n}")).await.meta.id.0);
        follow(&g, &mut cursor, &mut seen).await;
    }
    if let Some(tx) = held {
        assert!(seen.len() < expected.len(), "the follower waits for the one that has not finished");
        tx.commit().await.unwrap();
    }
    expected.insert(a_need(&g.store, quick, "last").await.meta.id.0);
    follow_until(&g, &mut cursor, &mut seen, &expected).await;
}

/// A PostgreSQL server counts transactions over all its databases: those of other tests may
/// hold the follower up for a moment, but it must arrive.
async fn follow_until(g: &Ground, cursor: &mut Cursor, seen: &mut BTreeSet<Uuid>, expected: &BTreeSet<Uuid>) {
    for _ in 0..400 {
        follow(g, cursor, seen).await;
        if seen.len() >= expected.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(seen, expected);
}

/// Reads on in small steps and insists that nothing comes twice.
async fn follow(g: &Ground, cursor: &mut Cursor, seen: &mut BTreeSet<Uuid>) {
    loop {
        let page = g.store.read().await.unwrap().list_journal_after(*cursor, 3).await.unwrap();
        let Some(last) = page.last() else { return };
        *cursor = last.cursor;
        for step in page {
            assert!(seen.insert(step.record.0), "{step:?} came twice");
        }
    }
}

async fn readers_see_one_snapshot(g: Ground) {
    let who = a_person(&g.store, "Snap").await;
    let old = a_need(&g.store, who, "then").await;
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.list_of_person(who).await.unwrap().of::<Need>().unwrap().len(), 1);
    reword(&g.store, &old, "now").await.unwrap();
    a_need(&g.store, who, "another").await;
    assert_eq!(tx.list_of_person(who).await.unwrap().of::<Need>().unwrap().len(), 1);
    let found = tx.find::<Need>(old.meta.id).await.unwrap().unwrap();
    assert_eq!(open(who, found).value.words, "then");
    drop(tx);
    assert_eq!(words_of(&g.store, who, old.meta.id).await, "now");
}
