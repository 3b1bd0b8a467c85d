//! What came, kept as it came: a folder a feed, a file an entry. Beside the text stands what
//! the publisher said about its version, and in which run it came.

use crate::get::FeedError;
use kith_domain::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One answer as it came.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The address that was asked.
    pub url: String,
    /// The text, as it came.
    pub raw: String,
    /// The publisher's name of this version.
    pub etag: Option<String>,
    /// When the publisher says it was changed.
    pub last_modified: Option<String>,
    /// When it was fetched, or last said to be the same.
    pub fetched_at: Instant,
    /// In which run.
    pub run: u64,
}

impl Kept {
    /// The text as JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_str(self.raw.trim_start_matches('\u{feff}')).ok()
    }
}

/// What is remembered of a feed between runs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    /// The number of the run that goes on or was last.
    pub(crate) run: u64,
    /// It ended.
    pub(crate) ended: bool,
    /// For each entry, the last run that saw it, and the runs since that saw the whole list
    /// without it.
    pub(crate) seen: BTreeMap<String, Seen>,
}

/// When an entry was seen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) last: Option<Instant>,
    pub(crate) missed: u32,
}

/// The folder of one feed.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Opens it, or makes it.
    pub(crate) fn open(path: &Path) -> Result<Folder, FeedError> {
        for part in ["pages", "entries"] {
            fs::create_dir_all(path.join(part)).map_err(|e| FeedError::Keep(e.to_string()))?;
        }
        Ok(Folder(path.to_owned()))
    }

    pub(crate) fn state(&self) -> State {
        let text = fs::read_to_string(self.0.join("state.json")).ok();
        text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default()
    }

    pub(crate) fn save_state(&self, state: &State) -> Result<(), FeedError> {
        self.write(&self.0.join("state.json"), state)
    }

    pub(crate) fn page(&self, number: u64) -> Option<Kept> {
        read(&self.0.join(format!("pages/{number}.json")))
    }

    pub(crate) fn save_page(&self, number: u64, kept: &Kept) -> Result<(), FeedError> {
        self.write(&self.0.join(format!("pages/{number}.json")), kept)
    }

    pub(crate) fn entry(&self, id: &str) -> Option<Kept> {
        read(&self.file_of(id))
    }

    pub(crate) fn save_entry(&self, id: &str, kept: &Kept) -> Result<(), FeedError> {
        self.write(&self.file_of(id), kept)
    }

    /// An id may be anything, so its file is named by its hash.
    fn file_of(&self, id: &str) -> PathBuf {
        self.0.join(format!("entries/{}.json", hex::encode(&Sha256::digest(id)[..16])))
    }

    /// Whole or not at all: a run may be broken off at any moment.
    fn write<T: Serialize>(&self, path: &Path, value: &T) -> Result<(), FeedError> {
        let failed = |e: &dyn std::fmt::Display| FeedError::Keep(e.to_string());
        let text = serde_json::to_string(value).map_err(|e| failed(&e))?;
        let half = path.with_extension("half");
        fs::write(&half, text).map_err(|e| failed(&e))?;
        fs::rename(&half, path).map_err(|e| failed(&e))
    }
}

fn read(path: &Path) -> Option<Kept> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}
