//! Open data that stands beside the repository, when it does. Every test that reads some looks for it
//! here, in whichever crate: one that has nothing to read passes and cannot be seen, so it is counted.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A file or folder of the open data: below `KITH_SHARED`, or below `../shared` beside the repository;
/// the folder itself without a path. Nothing, and counted, where no such folder is. A folder without the
/// file is a fault: somebody believes that it was read.
pub fn at(path: &str) -> Option<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/NAME is in it");
    let base = std::env::var_os("KITH_SHARED").map_or_else(|| repository.join("../shared"), PathBuf::from);
    if !base.is_dir() {
        skipped(&format!("{} is not there", base.display()));
        return None;
    }
    let full = base.join(path);
    assert!(full.exists(), "{} is not there, and the rest of the open data is", full.display());
    Some(full)
}

/// Says that this test proves nothing, and why; and in a line of the file that `KITH_SKIPPED` names, where
/// `cargo xtask test` reads it.
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    let test = match thread.name() {
        Some(name) if name != "main" => name.to_owned(),
        _ => std::env::var("NEXTEST_TEST_NAME")
            .unwrap_or_else(|_| format!("a test of process {}", std::process::id())),
    };
    println!("skipped: {why}");
    let Some(list) = std::env::var_os("KITH_SKIPPED") else { return };
    let line = format!("{} {test}\t{why}\n", env!("CARGO_PKG_NAME"));
    let list = std::fs::OpenOptions::new().create(true).append(true).open(list);
    list.and_then(|mut list| list.write_all(line.as_bytes())).expect("KITH_SKIPPED names a file to write to");
}
