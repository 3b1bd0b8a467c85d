//! Where the two engines would differ if nobody took care.

use crate::both;
use crate::place::*;
use kith_domain::link;
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Team;
use kith_domain::time::{Instant, plus_days};
use kith_store::geography::{AreaRow, PostcodeRow};

both! {
    instants_keep_every_microsecond, text_is_ordered_by_its_bytes, nothing_due_comes_last,
    parameters_may_be_null, big_numbers_add_up, fractions_come_back_exactly,
}

async fn instants_keep_every_microsecond(g: Ground) {
    let who = a_person(&g.store, "When").await;
    for at in [1, 999_999, -1, 253_402_300_799_999_999, i64::MAX, i64::MIN] {
        let mut tx = g.store.write().await.unwrap();
        let saved = tx.create(&writing_at(Instant(at)), "x", of(who), &need("x")).await.unwrap();
        tx.commit().await.unwrap();
        let found = g.store.read().await.unwrap().find::<Need>(saved.meta.id).await.unwrap().unwrap();
        assert_eq!(open(who, found).meta.at, Instant(at));
    }
}

/// Neither by a locale of the server nor without regard to case: bytes, everywhere.
async fn text_is_ordered_by_its_bytes(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    for name in ["b", "a b", "a-b", "ab", "a", "Éa", "zz", "_", "10", "9", "ß"] {
        tx.create(&writing(), "team added", of_nobody(), &team(name)).await.unwrap();
    }
    for code in ["M1 1AE", "M1 10A", "m1", "M-1", "É"] {
        let row = AreaRow {
            code: code.into(),
            kind: "x".into(),
            name: code.into(),
            parent: String::new(),
            body: "{}".into(),
        };
        tx.save_area(&row).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    let teams = tx.list_common::<Team>().await.unwrap();
    let keys: Vec<String> = teams.iter().map(|t| kith_domain::record::Record::sort_key(&t.value)).collect();
    let mut sorted = keys.clone();
    sorted.sort();
    assert_eq!(keys, sorted);
    let areas: Vec<String> = tx.list_areas("x").await.unwrap().into_iter().map(|a| a.name).collect();
    assert_eq!(areas, ["M-1", "M1 10A", "M1 1AE", "m1", "É"]);
}

async fn nothing_due_comes_last(g: Ground) {
    let who = a_person(&g.store, "Due").await;
    let mut tx = g.store.write().await.unwrap();
    for (words, days, open) in [("third", None, false), ("second", Some(5), true), ("first", Some(-3), true)]
    {
        let on = plus_days(TODAY, days.unwrap_or(0));
        let status = if open { NeedStatus::Open } else { NeedStatus::Finished { on } };
        let value = Need { status, next: NextDate::new("x", on), ..need(words) };
        tx.create(&writing(), "x", of(who), &value).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    let found = tx.list_linked::<Need>(link::HOLDER_TEAM, holder().team, false, 10).await.unwrap();
    let words: Vec<String> = found.into_iter().map(|n| open(who, n).value.words).collect();
    assert_eq!(words, ["first", "second", "third"]);
    let one = tx.list_linked::<Need>(link::HOLDER_TEAM, holder().team, false, 1).await.unwrap();
    assert_eq!(one.len(), 1);
}

async fn parameters_may_be_null(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    tx.save_draft("a", "b", None, NOW, "c").await.unwrap();
    let mut look = crate::looks::look(kith_domain::id::PersonId(id()), 1);
    (look.person, look.organisation) = (None, None);
    tx.record_looks(holder().organisation.0, &[look]).await.unwrap();
    tx.create(&writing(), "team added", of_nobody(), &team("no due, nobody's")).await.unwrap();
    tx.commit().await.unwrap();
    assert!(kith_store::verify::verify(&g.store, None, None, &mut |_| {}).await.unwrap().is_clean());
}

/// A sum of BIGINT is NUMERIC on PostgreSQL and an integer on SQLite.
async fn big_numbers_add_up(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    for n in 0..3 {
        tx.save_setting(&format!("n{n}"), &"9".repeat(15)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let sum = "SELECT CAST(CAST(SUM(CAST(value AS BIGINT)) AS BIGINT) AS TEXT) FROM setting";
    assert_eq!(g.texts(sum).await, ["2999999999999997"]);
}

async fn fractions_come_back_exactly(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    let rows: Vec<PostcodeRow> =
        [(53.477_412_345_678_91, -2.230_9), (0.1 + 0.2, -0.0), (-90.0, 180.0), (54.0, 1e-12)]
            .into_iter()
            .enumerate()
            .map(|(n, (lat, lon))| PostcodeRow { code: format!("ZZ{n} 1AA"), lat, lon, area: "E1".into() })
            .collect();
    for row in &rows {
        tx.save_postcode(row).await.unwrap();
        tx.save_postcode(row).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    assert_eq!(tx.list_postcodes().await.unwrap(), rows);
    assert_eq!(tx.find_postcode("ZZ1 1AA").await.unwrap().as_ref(), rows.get(1));
    assert_eq!(tx.find_postcode("ZZ9 1AA").await.unwrap(), None);
}
