//! Files of the repository, and of the open data beside it.

use crate::beside;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the open data, where there is open data.
pub fn file(path: &str) -> Option<Vec<u8>> {
    beside::at(path).map(|full| std::fs::read(&full).unwrap_or_else(|e| panic!("{}: {e}", full.display())))
}
