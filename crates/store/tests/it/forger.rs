//! What somebody with the source code and the database can do to it.

use crate::place::*;
use kith_domain::id::PersonId;
use kith_domain::need::Need;
use kith_domain::record::Saved;
use kith_store::chain::{Hash, commitment};
use kith_store::write::Header;
use uuid::Uuid;

/// Something worth forging.
pub struct Scene {
    pub g: Ground,
    pub who: PersonId,
    pub need: Saved<Need>,
}

/// A partnership, a person, a need in four versions, another person, and looks.
pub async fn scene(g: Ground) -> Scene {
    let mut tx = g.store.write().await.unwrap();
    tx.create(&writing(), "place made", of_nobody(), &the_place()).await.unwrap();
    tx.create(&writing(), "team added", of_nobody(), &team("Navigators")).await.unwrap();
    tx.commit().await.unwrap();
    let who = a_person(&g.store, "Badger").await;
    a_person(&g.store, "Somebody else").await;
    let mut need = a_need(&g.store, who, "somewhere dry").await;
    for words in ["somewhere warm", "somewhere safe", "somewhere near"] {
        need = reword(&g.store, &need, words).await.unwrap();
    }
    for n in 0..5 {
        g.store.looks().record(vec![crate::looks::look(who, n)]).await.unwrap();
    }
    Scene { g, who, need }
}

pub struct Entry {
    pub header: Header,
    pub salt: Vec<u8>,
    pub body: String,
}

/// An entry of the person's chain, read as the forger reads it.
pub async fn entry(s: &Scene, number: i64) -> Entry {
    let place = format!("chain = {} AND number = {number}", s.g.id(s.who.0));
    let j = async |column: &str| {
        let sql = format!("SELECT CAST({column} AS TEXT) FROM journal WHERE {place}");
        s.g.texts(&sql).await.remove(0)
    };
    let hash = async |column: &str| -> Hash {
        let sql = format!("SELECT {column} FROM journal WHERE {place}");
        s.g.bytes(&sql).await.remove(0).try_into().unwrap()
    };
    let record = if number == 1 { s.who.0 } else { record_at(s, number).await };
    let version: i64 = j("version").await.parse().unwrap();
    let payload = format!("record = {} AND version = {version}", s.g.id(record));
    Entry {
        header: Header {
            chain: s.who.0,
            number,
            person: Some(s.who.0),
            record,
            version,
            kind: j("kind").await,
            schema: j("schema").await.parse().unwrap(),
            action: j("action").await,
            at: j("at").await.parse().unwrap(),
            author: j("author").await,
            recorded_for: None,
            owner: holder().organisation.0,
            basis: j("basis").await,
            previous: hash("previous").await,
            commitment: hash("commitment").await,
        },
        salt: s.g.bytes(&format!("SELECT salt FROM payload WHERE {payload}")).await.remove(0),
        body: s.g.texts(&format!("SELECT body FROM payload WHERE {payload}")).await.remove(0),
    }
}

async fn record_at(s: &Scene, number: i64) -> Uuid {
    let column = if s.g.is_postgres() { "CAST(record AS TEXT)" } else { "hex(record)" };
    let sql = format!("SELECT {column} FROM journal WHERE chain = {} AND number = {number}", s.g.id(s.who.0));
    Uuid::parse_str(&s.g.texts(&sql).await[0]).unwrap()
}

pub async fn put_entry(s: &Scene, e: &Entry) {
    let h = &e.header;
    let raw = |hash: &Hash| s.g.raw(hash);
    s.g.tamper(&format!(
        "UPDATE journal SET basis = '{}', previous = {}, commitment = {}, hash = {} WHERE chain = {} AND number = {}",
        h.basis,
        raw(&h.previous),
        raw(&h.commitment),
        raw(&h.hash()),
        s.g.id(h.chain),
        h.number
    ))
    .await;
    let body = e.body.replace('\'', "''");
    let place = format!("record = {} AND version = {}", s.g.id(h.record), h.version);
    s.g.tamper(&format!("UPDATE payload SET body = '{body}' WHERE {place}")).await;
}

pub async fn insert_entry(s: &Scene, e: &Entry) {
    let h = &e.header;
    s.g.tamper(&format!(
        "INSERT INTO journal (chain, number, person, record, version, kind, schema, action, at, author, recorded_for,
            owner, basis, previous, commitment, hash)
         VALUES ({}, {}, {}, {}, {}, '{}', {}, '{}', {}, '{}', NULL, {}, '{}', {}, {}, {})",
        s.g.id(h.chain),
        h.number,
        s.g.id(h.chain),
        s.g.id(h.record),
        h.version,
        h.kind,
        h.schema,
        h.action,
        h.at,
        h.author,
        s.g.id(h.owner),
        h.basis,
        s.g.raw(&h.previous),
        s.g.raw(&h.commitment),
        s.g.raw(&h.hash())
    ))
    .await;
    s.g.tamper(&format!(
        "INSERT INTO payload (record, version, salt, body) VALUES ({}, {}, {}, '{}')",
        s.g.id(h.record),
        h.version,
        s.g.raw(&e.salt),
        e.body.replace('\'', "''")
    ))
    .await;
}

pub async fn put_head(s: &Scene, number: i64, hash: &Hash) {
    let sql = format!(
        "UPDATE chain SET number = {number}, hash = {} WHERE id = {}",
        s.g.raw(hash),
        s.g.id(s.who.0)
    );
    s.g.tamper(&sql).await;
}

/// Rewrites an old text and recomputes every commitment and hash after it.
pub async fn rewrite_history(s: &Scene, from: &str, to: &str) {
    let last: i64 = s
        .g
        .texts(&format!("SELECT CAST(MAX(number) AS TEXT) FROM journal WHERE chain = {}", s.g.id(s.who.0)))
        .await[0]
        .parse()
        .unwrap();
    let mut previous = entry(s, 2).await.header.hash();
    for number in 3..=last {
        let mut e = entry(s, number).await;
        if e.header.version == 2 {
            e.body = e.body.replace(from, to);
            e.header.commitment = commitment(&e.salt, e.body.as_bytes());
        }
        e.header.previous = previous;
        previous = e.header.hash();
        put_entry(s, &e).await;
    }
}

/// Takes the newest entry away as if it had never been: the row goes back a version.
pub async fn cut(s: &Scene, number: i64, newest: Uuid) {
    let chain = s.g.id(s.who.0);
    let record = if number == 6 { s.g.id(newest) } else { s.g.id(s.need.meta.id.0) };
    let mut sql = vec![
        format!(
            "DELETE FROM payload WHERE record = {record} AND version = (SELECT MAX(version) FROM journal WHERE record = {record})"
        ),
        format!("DELETE FROM journal WHERE chain = {chain} AND number = {number}"),
        format!(
            "UPDATE chain SET number = {0}, hash = (SELECT hash FROM journal WHERE chain = {chain} AND number = {0}) WHERE id = {chain}",
            number - 1
        ),
    ];
    if number == 6 {
        sql.push(format!("DELETE FROM record WHERE id = {record}"));
        sql.push(format!("DELETE FROM record_link WHERE record = {record}"));
    } else {
        sql.push(format!(
            "UPDATE record SET version = 3, number = 4, body = (SELECT body FROM payload WHERE record = {record} AND version = 3)
             WHERE id = {record}"
        ));
    }
    for sql in sql {
        s.g.tamper(&sql).await;
    }
}
