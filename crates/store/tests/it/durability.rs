//! An answer leaves only after the disk has it. The test binary runs itself under
//! `strace`, commits a change, prints a marker, and the trace must show a sync of the
//! write-ahead log between the last write to it and the marker. The same check fails when
//! the store is told not to wait for the disk: that is how we know that it sees anything.
//!
//! Where nothing can be traced (no Linux, no `strace`, no right to trace) this proves
//! nothing and says so. `cargo xtask test` installs `strace` on Linux and sets
//! `KITH_MUST_TRACE`: there a proof that did not run is a failure.

use crate::place::*;
use kith_store::{Database, Durability, Store, StoreError};
use std::process::Command;

/// Says to the copy of this test which folder to use and how: its presence makes it the helper.
const TOLD: &str = "KITH_TEST_DURABILITY";
const MARKER: &str = "the change is kept";

/// Says that nothing could be traced, or fails where it has to be.
fn untraced(why: &str) {
    assert!(std::env::var_os("KITH_MUST_TRACE").is_none(), "not proved: {why}");
    println!("skipped: {why}");
}

/// Does nothing unless another test runs it for its trace.
#[test]
fn helper() {
    let Ok(told) = std::env::var(TOLD) else { return };
    let (how, folder) = told.split_once(' ').unwrap();
    let durability = if how == "disk" { Durability::Disk } else { Durability::None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open_with(&Database::Folder(folder.into()), durability).await.unwrap();
        for n in 0..3 {
            let who = a_person(&store, "Kept").await;
            eprintln!("{MARKER} {n}");
            store.looks().record(vec![crate::looks::look(who, n)]).await.unwrap();
            eprintln!("{MARKER} {n} and its look");
        }
        // Closing would copy the log into the file: the trace ends here.
    });
}

/// Writes until a sync fails, and says how that looked from the inside. Does nothing
/// unless another test runs it.
#[test]
fn helper_on_a_failing_disk() {
    let Ok(folder) = std::env::var(TOLD) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&Database::Folder(folder.into())).await.unwrap();
        let failed = store.clone();
        let told = tokio::spawn(async move { failed.disk_failed().await });
        for n in 0..50 {
            let mut tx = store.write().await.unwrap();
            make_person(&mut tx, &format!("{n}")).await;
            match tx.commit().await {
                Ok(()) => eprintln!("kept {n}"),
                Err(error) => {
                    assert!(matches!(error, StoreError::Commit(_)) && error.must_stop(), "{error:?}");
                    eprintln!("not known {n}");
                    break;
                }
            }
        }
        tokio::time::timeout(std::time::Duration::from_secs(5), told)
            .await
            .expect("nobody was told")
            .unwrap();
        assert!(store.write().await.is_err() && store.read().await.is_err(), "nothing goes on");
        assert!(
            store.looks().record(vec![crate::looks::look(kith_domain::id::PersonId(id()), 1)]).await.is_err()
        );
        eprintln!("stopped as promised");
        // As the program does: no tidy close, which would write once more.
        std::mem::forget(store);
    });
}

/// The 30th sync of the log and every one after it fails, as on a disk that is dying.
#[test]
fn a_failed_sync_stops_everything() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync"])
        .args(["-e", "inject=fdatasync,fsync:error=EIO:when=30+"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "durability::helper_on_a_failing_disk", "--nocapture", "--test-threads=1"])
        .env(TOLD, &data)
        .output();
    let Ok(run) = run else {
        untraced("strace is not here, so no disk can be made to fail");
        return;
    };
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    if said.contains("ptrace") {
        untraced("strace may not trace here, so no disk can be made to fail");
        return;
    }
    assert!(run.status.success() && said.contains("stopped as promised"), "{said}");
    // Everything that was answered "kept" is there at the next start.
    let kept = said.lines().filter(|l| l.starts_with("kept ")).count();
    assert!(kept >= 3, "{said}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&Database::Folder(data)).await.unwrap();
        let people = store.read().await.unwrap().list_people_after(None, 100).await.unwrap().len();
        assert!(people == kept || people == kept + 1, "{kept} were kept and {people} are there");
        let report = kith_store::verify::verify(&store, None, None, &mut |_| {}).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.findings);
        store.close().await;
    });
}

/// The trace of a helper, or none where nothing can be traced.
fn trace(how: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("trace");
    let this = std::env::current_exe().unwrap();
    let run = Command::new("strace")
        .args(["-f", "-y", "-s", "200", "-e", "trace=fsync,fdatasync,write,pwrite64,pwritev", "-o"])
        .arg(&out)
        .arg(this)
        .args(["--exact", "durability::helper", "--nocapture", "--test-threads=1"])
        .env(TOLD, format!("{how} {}", folder.path().join("data").display()))
        .output();
    let traced = run.as_ref().is_ok_and(|o| o.status.success());
    let text = std::fs::read_to_string(&out).unwrap_or_default();
    if !traced || text.is_empty() {
        untraced("strace is not here or may not trace, so nobody can watch the disk");
        return None;
    }
    Some(text)
}

/// Only its owner can read what is in the folder.
#[cfg(unix)]
#[tokio::test]
async fn the_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("deep/data");
    let store = Store::open(&Database::Folder(data.clone())).await.unwrap();
    a_person(&store, "Private").await;
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    let files: Vec<_> = std::fs::read_dir(&data).unwrap().map(Result::unwrap).collect();
    assert!(files.len() >= 2, "the database and its log");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
    store.close().await;
}

/// Before each marker: was there something written to the log, and was it synced after the
/// last such write?
fn synced(trace: &str) -> Vec<bool> {
    let mut answers = Vec::new();
    let (mut written, mut on_disk) = (false, false);
    for line in trace.lines() {
        let of_log = line.contains("kith.db-wal>");
        if line.contains(MARKER) {
            answers.push(written && on_disk);
            (written, on_disk) = (false, false);
        } else if of_log && line.contains("write") {
            (written, on_disk) = (true, false);
        } else if of_log && (line.contains("fdatasync(") || line.contains("fsync(")) {
            on_disk = true;
        }
    }
    answers
}

#[test]
fn a_change_and_a_look_are_on_disk_before_the_answer() {
    let Some(trace) = trace("disk") else { return };
    let answers = synced(&trace);
    assert_eq!(answers, [true; 6], "an answer left before the disk had the change:\n{}", tail(&trace));
}

#[test]
fn the_check_fails_when_nobody_waits_for_the_disk() {
    let Some(trace) = trace("none") else { return };
    let answers = synced(&trace);
    assert_eq!(answers, [false; 6], "the check sees a sync where there is none:\n{}", tail(&trace));
}

fn tail(trace: &str) -> String {
    let lines: Vec<&str> = trace.lines().collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}

/// The reader of traces on a trace that is easy to check by eye.
#[test]
fn the_reader_of_traces_reads() {
    let good = "1 pwrite64(9</d/kith.db-wal>, \"x\", 1, 0) = 1\n1 fdatasync(9</d/kith.db-wal>) = 0\n\
                1 write(2</dev/null>, \"the change is kept 0\\n\", 3) = 3";
    let late = "1 fdatasync(9</d/kith.db-wal>) = 0\n1 pwrite64(9</d/kith.db-wal>, \"x\", 1, 0) = 1\n\
                1 write(2</dev/null>, \"the change is kept 0\\n\", 3) = 3";
    let other = "1 pwrite64(9</d/kith.db-wal>, \"x\", 1, 0) = 1\n1 fsync(8</d/kith.db>) = 0\n\
                 1 write(2</dev/null>, \"the change is kept 0\\n\", 3) = 3";
    assert_eq!((synced(good), synced(late), synced(other)), (vec![true], vec![false], vec![false]));
}
