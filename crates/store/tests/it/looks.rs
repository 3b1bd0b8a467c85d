//! The access log: a look is on disk before the page leaves, and a page whose look cannot
//! be written does not leave.

use crate::both;
use crate::place::*;
use kith_domain::id::PersonId;
use kith_domain::time::Instant;
use kith_store::look::{Look, Outcome};
use kith_store::verify::verify;

both! { a_look_is_there_before_the_answer, a_log_that_cannot_be_written_refuses, looks_of_a_change_go_with_it }

pub fn look(person: PersonId, n: i64) -> Look {
    Look {
        at: Instant(NOW.0 + n),
        request: id(),
        who: "{\"worker\":\"c1\"}".into(),
        organisation: Some(holder().organisation.0),
        role: "navigator".into(),
        person: Some(person),
        purpose: "support".into(),
        action: "view".into(),
        basis: "B3".into(),
        outcome: Outcome::Opened,
        parts: format!("part {n}"),
    }
}

async fn a_look_is_there_before_the_answer(g: Ground) {
    let who = a_person(&g.store, "Seen").await;
    let mut tasks = Vec::new();
    for page in 0..20 {
        let g = g.clone();
        tasks.push(tokio::spawn(async move {
            let looks = vec![look(who, 2 * page), look(who, 2 * page + 1)];
            let requests: Vec<_> = looks.iter().map(|l| l.request).collect();
            g.store.looks().record(looks).await.unwrap();
            // The answer leaves now: another connection must see the rows.
            let rows = g.store.read().await.unwrap().list_looks(who, Instant(i64::MAX), 100).await.unwrap();
            assert!(requests.iter().all(|r| rows.iter().any(|row| row.request == *r)));
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    g.store.looks().record(Vec::new()).await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    let newest = tx.list_looks(who, Instant(NOW.0 + 30), 3).await.unwrap();
    let at: Vec<i64> = newest.iter().map(|row| row.at - NOW.0).collect();
    assert_eq!(at, [29, 28, 27]);
    assert!(tx.list_looks(PersonId(id()), Instant(i64::MAX), 9).await.unwrap().is_empty());
    drop(tx);
    let report = verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.looks, report.findings), (40, vec![]));
}

async fn a_log_that_cannot_be_written_refuses(g: Ground) {
    let who = PersonId(id());
    g.store.looks().record(vec![look(who, 0)]).await.unwrap();
    g.tamper("ALTER TABLE look RENAME TO away").await;
    assert!(g.store.looks().record(vec![look(who, 1)]).await.is_err());
    g.tamper("ALTER TABLE away RENAME TO look").await;
    // It goes on by itself once the log can be written, with no hole in the chain.
    g.store.looks().record(vec![look(who, 2)]).await.unwrap();
    let report = verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.looks, report.findings), (2, vec![]));
}

async fn looks_of_a_change_go_with_it(g: Ground) {
    let who = a_person(&g.store, "Changed").await;
    let mut tx = g.store.write().await.unwrap();
    tx.record_looks(who.0, &[look(who, 1)]).await.unwrap();
    drop(tx);
    let mut tx = g.store.write().await.unwrap();
    tx.create(&writing(), "need added", of(who), &need("x")).await.unwrap();
    tx.record_looks(who.0, &[Look { outcome: Outcome::Changed, ..look(who, 2) }]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    let rows = tx.list_looks(who, Instant(i64::MAX), 9).await.unwrap();
    assert_eq!(rows.len(), 1, "an undone change leaves no look");
    assert_eq!((rows[0].outcome.as_str(), rows[0].number), ("changed", 1));
    drop(tx);
    let report = verify(&g.store, None, None, &mut |_| {}).await.unwrap();
    assert_eq!((report.looks, report.findings), (1, vec![]));
}
