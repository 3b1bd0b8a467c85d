//! PostgreSQL with its own full text and with PostGIS, over a local connection.

use crate::made::{Common, common, service};
use crate::measure::{Done, family_cpu_us, own_cpu_us, run};
use postgres::types::ToSql;
use postgres::{Client, NoTls, Statement};
use std::io::Write;
use std::time::Instant;

type Failed = Box<dyn std::error::Error>;

/// Builds, asks, changes. `server` is the process of the server, whose CPU is counted too.
pub fn measure(
    url: &str,
    server: Option<u32>,
    services: u64,
    questions: u64,
    changes: u64,
) -> Result<Done, Failed> {
    let mut db = Client::connect(url, NoTls)?;
    db.batch_execute(
        "CREATE EXTENSION IF NOT EXISTS postgis;
         DROP TABLE IF EXISTS service;
         CREATE TABLE service (id BIGINT NOT NULL, need TEXT NOT NULL, text TEXT NOT NULL,
             lat FLOAT8 NOT NULL, lon FLOAT8 NOT NULL);",
    )?;
    let began = Instant::now();
    let mut making = std::time::Duration::ZERO;
    let mut copy = db.copy_in("COPY service (id, need, text, lat, lon) FROM STDIN")?;
    for number in 0..services {
        let from = Instant::now();
        let made = service(number);
        let line =
            format!("{number}\t{}\t{}\t{}\t{}\n", made.need, made.text(), made.point.lat, made.point.lon);
        making += from.elapsed();
        copy.write_all(line.as_bytes())?;
    }
    copy.finish()?;
    db.batch_execute(
        "ALTER TABLE service ADD PRIMARY KEY (id);
         ALTER TABLE service ADD COLUMN words tsvector, ADD COLUMN place geography(Point);
         UPDATE service SET words = to_tsvector('simple', text),
             place = ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography;
         CREATE INDEX ON service USING gin (words);
         CREATE INDEX ON service USING gist (place);
         CREATE INDEX ON service (need);",
    )?;
    db.batch_execute("VACUUM (FULL, ANALYZE) service")?;
    let building = began.elapsed() - making;
    let size: i64 = db.query_one("SELECT pg_total_relation_size('service')", &[])?.get(0);
    let prepared: Vec<Common> = (0..questions).map(|n| common(n, services)).collect();
    let say = db.prepare(
        "SELECT id FROM (
             SELECT id, ST_Distance(place, ST_SetSRID(ST_MakePoint($4, $3), 4326)::geography, false) AS metres
             FROM service
             WHERE words @@ plainto_tsquery('simple', $1) AND need = $2
               AND ST_DWithin(place, ST_SetSRID(ST_MakePoint($4, $3), 4326)::geography, $5, false)
         ) near ORDER BY metres, id LIMIT 20",
    )?;
    let before = |server: Option<u32>| server.map_or(0.0, family_cpu_us) + own_cpu_us();
    let mut ask = |n: u64| answer(&mut db, &say, &prepared[n as usize]);
    run(questions.min(200), &mut ask);
    let cpu = before(server);
    let (common_us, answers) = run(questions, &mut ask);
    let common_cpu_us = (before(server) - cpu) / questions as f64;
    let answers: Result<Vec<Vec<u64>>, _> = answers.into_iter().collect();
    let (change_us, changed) = run(changes, |n| -> Result<u64, Failed> {
        let number = (n * 37 % services) as i64;
        let sql = "UPDATE service SET words = to_tsvector('simple', 'zuzuzu ' || text) WHERE id = $1";
        Ok(db.execute(sql, &[&number])?)
    });
    changed.into_iter().collect::<Result<Vec<u64>, _>>()?;
    let version: String = db.query_one("SELECT postgis_full_version()", &[])?.get(0);
    let version = version.split('"').nth(1).unwrap_or_default().to_owned();
    Ok(Done {
        engine: "PostgreSQL + PostGIS".into(),
        build_s: building.as_secs_f64(),
        memory_mb: size as f64 / 1e6,
        common_us,
        common_cpu_us,
        change_us,
        answers: answers?,
        note: format!(
            "PostGIS {version}; over a local connection with a prepared statement; the memory is its table"
        ),
        ..Done::default()
    })
}

fn answer(db: &mut Client, say: &Statement, asked: &Common) -> Result<Vec<u64>, Failed> {
    let words = asked.words.join(" ");
    let given: [&(dyn ToSql + Sync); 5] =
        [&words, &asked.need, &asked.from.lat, &asked.from.lon, &asked.within_m];
    let rows = db.query(say, &given)?;
    Ok(rows.iter().map(|row| row.get::<_, i64>(0) as u64).collect())
}
