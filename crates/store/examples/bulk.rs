//! How fast made-up records go in: `cargo run -p kith-store --example bulk -- FOLDER|URL
//! [people] [records each] [people in one transaction]`. Prints records a second and what
//! verifying and copying them takes.

#![expect(clippy::disallowed_methods, reason = "a program that measures how long things take")]

use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Holder;
use kith_domain::person::{CameBy, Person};
use kith_domain::record::Author;
use kith_domain::time::Instant;
use kith_store::{Database, NewRecord, Store, StoreError, Writing, copy, verify};
use std::path::Path;
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), StoreError> {
    let mut args = std::env::args().skip(1);
    let place = args.next().unwrap_or_else(|| "bulk-data".into());
    let mut number = |usual: u64| args.next().and_then(|a| a.parse().ok()).unwrap_or(usual);
    let (people, each, together) = (number(10_000), number(10), number(1_000));
    let database = if place.contains("://") {
        Database::Postgres(place.clone())
    } else {
        Database::Folder(place.clone().into())
    };
    let store = Store::open(&database).await?;
    let begun = std::time::Instant::now();
    let mut statements = 0;
    for first in (0..people).step_by(usize::try_from(together).unwrap_or(1_000)) {
        let mut tx = store.write().await?;
        for n in first..people.min(first + together) {
            person(&mut tx, n, each).await?;
        }
        statements += tx.statements();
        tx.commit().await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let records = people * each;
    let busy = cpu();
    println!(
        "{}: {records} records in {seconds:.2} s: {:.0} a second, {:.0} a second of processor",
        store.engine(),
        records as f64 / seconds,
        records as f64 / busy
    );
    println!("{:.3} statements a record before the heads", f64::from(statements) / records as f64);

    let begun = std::time::Instant::now();
    let report = verify::verify(&store, None, None, &mut |_| {}).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let (before, busy) = (busy, cpu());
    let spent = busy - before;
    println!(
        "verified {} entries, {} wrong, in {seconds:.2} s, {spent:.2} s of processor",
        report.entries, report.wrong
    );

    let file = Path::new(&std::env::temp_dir()).join(format!("bulk-{}.backup", std::process::id()));
    let begun = std::time::Instant::now();
    let manifest = copy::backup(&store, &file, Instant(0), &mut |_, _| {}).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let (rows, bytes, spent) = (manifest.rows(), std::fs::metadata(&file)?.len(), cpu() - busy);
    println!("copied {rows} rows to {bytes} bytes in {seconds:.2} s, {spent:.2} s of processor");
    std::fs::remove_file(&file)?;
    Ok(())
}

/// Seconds of processor that this program has used (Linux; elsewhere none are counted).
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// A person with needs: the shape of most of what a partnership writes.
async fn person(tx: &mut kith_store::WriteTx, n: u64, each: u64) -> Result<(), StoreError> {
    let at = Instant(1_795_424_400_000_000 + i64::try_from(n * 1_000).unwrap_or(0));
    let holder = Holder {
        organisation: OrganisationId(Uuid::from_u128(1)),
        team: TeamId(Uuid::from_u128(2)),
        lead: Some(WorkerId(Uuid::from_u128(100 + u128::from(n % 60)))),
    };
    let author = Author::Worker { worker: WorkerId(Uuid::from_u128(3)), organisation: holder.organisation };
    let writing = Writing { at, author, recorded_for: None, basis: "B3".into() };
    let id = |k: u64| {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&(n * 1_000 + k).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(1_795_424_400_000 + n, &random).into_uuid()
    };
    let who = PersonId(id(0));
    let day = jiff::civil::date(2026, 11, 23);
    let next = NextDate::new("Ring about the flat", day);
    let value = Person::new(format!("Person {n}"), holder, next.clone(), CameBy::Themselves);
    let new = |k| NewRecord { id: RecordId(id(k)), person: Some(who), owner: holder.organisation };
    tx.create(&writing, "person added", new(0), &value).await?;
    for k in 1..each {
        let need = Need {
            area: Area::SIX[usize::try_from(k % 6).unwrap_or(0)],
            words: format!("In their own words, what they want to change, number {k}, at some length."),
            code: None,
            sensitivity: Sensitivity::S1,
            categories: Vec::new(),
            raised_at: at,
            status: NeedStatus::Open,
            holder,
            next: next.clone(),
            unmet: None,
            said_no_to: Vec::new(),
            follows_help: false,
            guard: Default::default(),
        };
        tx.create(&writing, "need added", new(k), &need).await?;
    }
    Ok(())
}
