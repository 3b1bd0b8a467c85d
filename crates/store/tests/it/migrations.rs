//! The two folders of migrations tell the same story, and a backup knows every table.

use crate::place::*;
use std::collections::BTreeSet;
use std::path::Path;

fn names(engine: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn both_folders_hold_the_same_names() {
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

/// `table.column` of every column.
const SQLITE: &str = "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
const POSTGRES: &str = "SELECT CAST(table_name || '.' || column_name AS TEXT) FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";

#[tokio::test]
async fn both_engines_have_the_same_columns() {
    let sqlite = Ground::sqlite().await;
    let here: BTreeSet<String> = sqlite.texts(SQLITE).await.into_iter().collect();
    let Some(postgres) = Ground::postgres().await else { return };
    let mut there: BTreeSet<String> = postgres.texts(POSTGRES).await.into_iter().collect();
    // The number of the transaction: only PostgreSQL needs it, for followers.
    assert!(there.remove("journal.xact"));
    assert_eq!(here, there);
    postgres.clear().await;
}

/// Opening it again changes nothing, and two may open a new database at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_again_is_quiet() {
    for ground in [Some(Ground::sqlite().await), Ground::postgres().await].into_iter().flatten() {
        let who = a_person(&ground.store, "Before").await;
        let (a, b) = tokio::join!(
            kith_store::Store::open(&ground.database),
            kith_store::Store::open(&ground.database)
        );
        for store in [a.unwrap(), b.unwrap()] {
            assert_eq!(store.read().await.unwrap().list_people_after(None, 9).await.unwrap(), [who]);
            store.close().await;
        }
        ground.clear().await;
    }
}

/// A backup holds every column of every table, but for those left out on purpose.
#[tokio::test]
async fn a_backup_knows_every_column() {
    let ground = Ground::sqlite().await;
    let file = ground.file("kith.backup");
    kith_store::copy::backup(&ground.store, &file, NOW, &mut |_, _| {}).await.unwrap();
    let text = zstd::decode_all(&std::fs::read(&file).unwrap()[..]).unwrap();
    let mut held = BTreeSet::new();
    for line in String::from_utf8(text).unwrap().lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(table) = value.get("table") else { continue };
        for column in table["columns"].as_array().unwrap() {
            held.insert(format!("{}.{}", table["name"].as_str().unwrap(), column.as_str().unwrap()));
        }
    }
    let left_out = kith_store::copy::left_out();
    let stored: BTreeSet<String> = ground
        .texts(SQLITE)
        .await
        .into_iter()
        .filter(|name| !left_out.iter().any(|table| name.starts_with(&format!("{table}."))))
        .collect();
    assert_eq!(held, stored);
}
