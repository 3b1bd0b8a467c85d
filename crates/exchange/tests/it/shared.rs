//! Open data that stands beside the repository, when it does.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the open data: below `KITH_SHARED`, or below `../shared` beside the
/// repository. Nothing, and a line saying so, when it is not there.
pub fn file(path: &str) -> Option<Vec<u8>> {
    let base = std::env::var_os("KITH_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let full = base.join(path);
    match std::fs::read(&full) {
        Ok(bytes) => Some(bytes),
        Err(_) => {
            println!("skipped: the open data is not there ({path}); set KITH_SHARED to where it is");
            None
        }
    }
}
