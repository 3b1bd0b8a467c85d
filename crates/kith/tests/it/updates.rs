//! After an update, and after an interruption.
//!
//! Given the backup of an older release, when it is restored, then what records are found by is
//! as this program computes it, and nothing is left to do. Given a database whose index another
//! program computed, when it is served, then it is put right by itself. Given `kith init` that
//! is killed at any moment, when it is run once more, then the place begins, or it has begun
//! whole and the words say what to do.

use crate::browser::Site;
use crate::{fine, refused, text};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn releases() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/backups")
}

fn reindexed(data: &str) -> Value {
    serde_json::from_str(&fine(&["reindex", "--data", data, "--json"])).unwrap()
}

/// Runs a statement on the database in this folder.
async fn sql(data: &Path, statement: &'static str) -> u64 {
    use sqlx::Connection;
    let url = format!("sqlite://{}", data.join(kith_store::db::FILE).display());
    let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let rows = sqlx::query(statement).execute(&mut conn).await.unwrap().rows_affected();
    conn.close().await.unwrap();
    rows
}

#[test]
fn the_backup_of_every_release_is_found_by_what_this_program_looks_for() {
    for entry in std::fs::read_dir(releases()).unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let file = entry.unwrap().path();
        fine(&["restore", "--data", text(&data), "--from", text(&file), "--json"]);
        let again = reindexed(text(&data));
        assert_eq!(again["changed"], 0, "{} was restored with its old index", file.display());
        assert!(again["records"].as_u64().unwrap() > 100);
        fine(&["verify", "--data", text(&data)]);
    }
}

#[tokio::test]
async fn serving_puts_right_what_another_program_computed() {
    if !kith_web::components_present() {
        println!("skipped: the page components are absent; run cargo xtask components");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fine(&["demo", "--data", text(&data), "--people", "6", "--json"]);
    assert_eq!(reindexed(text(&data))["changed"], 0);
    let served = async || {
        let site = Site::serve(&["--data", text(&data)]);
        site.stop();
    };
    // The same revision: nothing is looked at, whatever stands there.
    assert!(sql(&data, "UPDATE record SET due = 1 WHERE kind = 'need' AND open = 1").await > 0);
    served().await;
    let due = "UPDATE record SET due = 1 WHERE kind = 'need' AND due = 1";
    let spoiled = sql(&data, due).await;
    assert!(spoiled > 0);
    // Another revision, or none, as in a database of an older release: put right by itself.
    for older in [
        "UPDATE setting SET value = '1' WHERE name = 'index_revision'",
        "DELETE FROM setting WHERE name = 'index_revision'",
    ] {
        sql(&data, "UPDATE record SET due = 1 WHERE kind = 'need' AND open = 1").await;
        assert_eq!(sql(&data, older).await, 1);
        served().await;
        assert_eq!(sql(&data, due).await, 0);
        assert_eq!(reindexed(text(&data))["changed"], 0);
    }
    fine(&["verify", "--data", text(&data)]);
}

#[test]
fn a_beginning_that_was_killed_is_finished_or_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("place.toml");
    std::fs::write(&file, fine(&["init", "--example"])).unwrap();
    let (mut again, mut begun) = (0, 0);
    for n in 0..24_u64 {
        let data = folder.path().join(format!("data{n}"));
        let arguments = ["init", "--data", text(&data), "--place", text(&file)];
        let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(n * 12));
        child.kill().unwrap();
        child.wait().unwrap();
        let second = crate::kith(&arguments);
        if second.status.success() {
            let said = String::from_utf8(second.stdout).unwrap();
            assert!(said.contains("System administrator: lets everybody else in"), "{said}");
            again += 1;
        } else {
            let (status, words) = refused(&arguments);
            assert!(status == 2 && words.contains("has begun already"), "{words}");
            let name = words.split("kith invite \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            let invited = fine(&["invite", name, "--data", text(&data)]);
            assert!(invited.contains("on /join"), "{invited}");
            begun += 1;
        }
        fine(&["verify", "--data", text(&data)]);
    }
    println!("{again} began the second time, {begun} had begun");
    assert!(again > 0 && again + begun == 24);
}
