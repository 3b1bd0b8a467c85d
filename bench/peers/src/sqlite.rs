//! SQLite with FTS5 for the words and R*Tree for the places, box first or words first. The R*Tree keeps
//! numbers of 32 bits, so the box is a little wider than asked for and the distance is worked out exactly.

use crate::made::{Common, common, service};
use crate::measure::{Done, own_cpu_us, run};
use kith_domain::place::Point;
use rusqlite::{Connection, params};
use std::time::Instant;

type Failed = Box<dyn std::error::Error>;

/// In which order the two indexes are used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// The places in the box, and of those what has the words.
    Box,
    /// What has the words, and of those what lies in the box.
    Words,
}

/// Builds, asks, changes.
pub fn measure(services: u64, questions: u64, changes: u64, plan: Plan) -> Result<Done, Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("peers.db");
    let mut db = Connection::open(&path)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -400000;
         CREATE TABLE service (id INTEGER PRIMARY KEY, need TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL);
         CREATE VIRTUAL TABLE words USING fts5 (text, need, content='', contentless_delete=1);
         CREATE VIRTUAL TABLE place USING rtree (id, south, north, west, east);",
    )?;
    let began = Instant::now();
    let mut making = std::time::Duration::ZERO;
    let tx = db.transaction()?;
    for number in 0..services {
        let from = Instant::now();
        let made = service(number);
        let text = made.text();
        making += from.elapsed();
        insert(&tx, number, &text, made.need, made.point)?;
    }
    tx.execute("INSERT INTO words (words) VALUES ('optimize')", [])?;
    tx.commit()?;
    db.execute_batch("CREATE INDEX service_need ON service (need); ANALYZE;")?;
    let building = began.elapsed() - making;
    let prepared: Vec<Common> = (0..questions).map(|n| common(n, services)).collect();
    let ask = |n: u64| answer(&db, &prepared[n as usize], plan);
    run(questions.min(200), ask);
    let cpu = own_cpu_us();
    let (common_us, answers) = run(questions, ask);
    let common_cpu_us = (own_cpu_us() - cpu) / questions as f64;
    let answers: Result<Vec<Vec<u64>>, _> = answers.into_iter().collect();
    let memory_mb = std::fs::metadata(&path)?.len() as f64 / 1e6;
    let (change_us, changed) = run(changes, |n| -> Result<(), Failed> {
        let made = service(n * 37 % services);
        let tx = db.unchecked_transaction()?;
        tx.execute("DELETE FROM words WHERE rowid = ?", params![made.number as i64])?;
        tx.execute("DELETE FROM place WHERE id = ?", params![made.number as i64])?;
        tx.execute("DELETE FROM service WHERE id = ?", params![made.number as i64])?;
        insert(&tx, made.number, &format!("zuzuzu {}", made.text()), made.need, made.point)?;
        Ok(tx.commit()?)
    });
    changed.into_iter().collect::<Result<Vec<()>, _>>()?;
    let name = if plan == Plan::Box { "SQLite, box first" } else { "SQLite, words first" };
    Ok(Done {
        engine: name.into(),
        build_s: building.as_secs_f64(),
        memory_mb,
        common_us,
        common_cpu_us,
        change_us,
        answers: answers?,
        note: "the memory is the size of its file; its cache may hold all of it".into(),
        ..Done::default()
    })
}

fn insert(db: &Connection, number: u64, text: &str, need: &str, point: Point) -> Result<(), Failed> {
    let number = number as i64;
    let mut say = db.prepare_cached("INSERT INTO service VALUES (?, ?, ?, ?)")?;
    say.execute(params![number, need, point.lat, point.lon])?;
    let mut say = db.prepare_cached("INSERT INTO words (rowid, text, need) VALUES (?, ?, ?)")?;
    say.execute(params![number, text, need.replace('-', "")])?;
    let mut say = db.prepare_cached("INSERT INTO place VALUES (?, ?, ?, ?, ?)")?;
    say.execute(params![number, point.lat, point.lat, point.lon, point.lon])?;
    Ok(())
}

fn answer(db: &Connection, asked: &Common, plan: Plan) -> Result<Vec<u64>, Failed> {
    // Unary plus and CROSS JOIN keep SQLite from choosing the other plan.
    const BOX: &str = "SELECT s.id, s.lat, s.lon FROM place p CROSS JOIN service s ON s.id = p.id
        WHERE p.south >= ?1 AND p.north <= ?2 AND p.west >= ?3 AND p.east <= ?4 AND s.need = ?5
          AND s.id IN (SELECT rowid FROM words WHERE words MATCH ?6)";
    const WORDS: &str = "SELECT s.id, s.lat, s.lon FROM words w CROSS JOIN service s ON s.id = w.rowid
        WHERE w.words MATCH ?6 AND s.need = ?5 AND s.lat BETWEEN ?1 AND ?2 AND s.lon BETWEEN ?3 AND ?4";
    let north = asked.within_m / 111_190.0 + 1e-4;
    let east = north / asked.from.lat.to_radians().cos() * 1.02 + 1e-4;
    let from = asked.from;
    let quoted: Vec<String> = asked.words.iter().map(|w| format!("text : \"{w}\"")).collect();
    let matched = format!("{} AND need : \"{}\"", quoted.join(" AND "), asked.need.replace('-', ""));
    let mut say = db.prepare_cached(if plan == Plan::Box { BOX } else { WORDS })?;
    let given =
        params![from.lat - north, from.lat + north, from.lon - east, from.lon + east, asked.need, matched];
    let rows = say
        .query_map(given, |row| Ok((row.get::<_, i64>(0)?, Point { lat: row.get(1)?, lon: row.get(2)? })))?;
    let mut found: Vec<(f64, u64)> = Vec::new();
    for row in rows {
        let (id, point) = row?;
        let metres = from.metres_to(point);
        if metres <= asked.within_m {
            found.push((metres, id as u64));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    found.truncate(20);
    Ok(found.into_iter().map(|(_, id)| id).collect())
}
