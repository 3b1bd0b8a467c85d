//! The made-up place that is measured: made once, kept, and copied for each run, because measuring
//! changes it.

use super::machine::{self, Cost};
use crate::postgres::Postgres;
use crate::{repo, run};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

/// After so long the place is made again: everything in it would be overdue.
const STALE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What `kith demo --json` said when the place was made, and what it cost.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    /// People.
    pub people: u64,
    /// Records.
    pub records: u64,
    /// Journal entries.
    pub journal_entries: u64,
    /// Seconds by the clock.
    pub seconds: f64,
    /// Megabytes it held at most while it was made.
    #[serde(default)]
    pub most_mb: f64,
}

/// A kept place.
pub struct Kept {
    folder: PathBuf,
    /// How it was made.
    pub made: Made,
}

/// The kept place of so many people; made now when there is none, or an old one.
pub fn kept(kith: &Path, people: u32, again: bool) -> Result<Kept, String> {
    let folder = repo::scratch("bench").map_err(|cause| cause.to_string())?.join(name_for(people)?);
    let note = folder.join("made.json");
    let failed = |cause: std::io::Error| format!("{}: {cause}", folder.display());
    if again || is_stale(&note) {
        let _ = std::fs::remove_dir_all(&folder);
    }
    if !note.exists() {
        let half = folder.with_extension("half");
        let _ = std::fs::remove_dir_all(&half);
        std::fs::create_dir_all(&half).map_err(failed)?;
        println!("making a place of {people} people; it is kept in {}", folder.display());
        let made = make(kith, &half, people)?;
        let text = serde_json::to_vec_pretty(&made).map_err(|cause| cause.to_string())?;
        std::fs::write(half.join("made.json"), text).map_err(failed)?;
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::rename(&half, &folder).map_err(failed)?;
    }
    let text = std::fs::read(&note).map_err(failed)?;
    let made = serde_json::from_slice(&text).map_err(|cause| format!("{}: {cause}", note.display()))?;
    Ok(Kept { folder, made })
}

/// The name says how it is made: another generator or another table makes another place.
fn name_for(people: u32) -> Result<String, String> {
    let mut digest = Sha256::new();
    for file in repo::files()? {
        if file.starts_with("crates/brackenford/src") || file.starts_with("crates/store/migrations") {
            digest.update(std::fs::read(repo::root().join(file)).map_err(|cause| cause.to_string())?);
        }
    }
    Ok(format!("{people}-{}", &hex::encode(digest.finalize())[..12]))
}

fn is_stale(note: &Path) -> bool {
    let made = note.metadata().and_then(|meta| meta.modified());
    made.is_ok_and(|made| SystemTime::now().duration_since(made).is_ok_and(|age| age > STALE))
}

fn make(kith: &Path, folder: &Path, people: u32) -> Result<Made, String> {
    let said = folder.join("demo.json");
    let out = std::fs::File::create(&said).map_err(|cause| cause.to_string())?;
    let mut command = run::tethered(kith, "TERM");
    command.args(["demo", "--json", "--seed", "7", "--people", &people.to_string()]);
    command.arg("--data").arg(folder.join("data"));
    let child = command.stdin(Stdio::null()).stdout(out).spawn().map_err(|cause| cause.to_string())?;
    let (true, cost) = machine::watch(child)? else { return Err("the place could not be made".to_owned()) };
    let text = std::fs::read(&said).map_err(|cause| cause.to_string())?;
    let made: Made = serde_json::from_slice(&text).map_err(|cause| format!("kith demo: {cause}"))?;
    Ok(Made { most_mb: cost.most_mb, ..made })
}

impl Kept {
    /// The place itself.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A copy to measure: a folder of its own below `scratch`.
    pub fn copy_to(&self, scratch: &Path) -> Result<PathBuf, String> {
        let data = scratch.join("data");
        let mut copy = Command::new("cp");
        copy.args(["-r", "--reflink=auto"]).arg(self.folder.join("data")).arg(&data);
        run::capture(&mut copy)?;
        Ok(data)
    }

    /// Megabytes of the embedded database.
    pub fn megabytes(&self) -> f64 {
        let size = |path: PathBuf| path.metadata().map_or(0, |meta| meta.len());
        size(self.folder.join("data").join("kith.db")) as f64 / 1e6
    }

    /// The same place in a PostgreSQL database, by backup and restore: the address, and what the restore
    /// cost. The backup is kept beside the place.
    pub fn restore_to(&self, kith: &Path, postgres: &Postgres) -> Result<(String, Cost), String> {
        let file = self.folder.join("place.backup");
        if !file.exists() {
            let half = file.with_extension("half");
            let _ = std::fs::remove_file(&half);
            let mut command = run::tethered(kith, "TERM");
            command.arg("backup").arg("--data").arg(self.folder.join("data")).arg("--out").arg(&half);
            run::capture(&mut command)?;
            std::fs::rename(&half, &file).map_err(|cause| format!("{}: {cause}", file.display()))?;
        }
        let url = postgres.new_database("bench")?;
        let mut command = run::tethered(kith, "TERM");
        command.args(["restore", "--database", &url, "--from"]).arg(&file);
        command.arg("--data").arg(self.folder.join("data"));
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|cause| format!("kith restore: {cause}"))?;
        let (true, cost) = machine::watch(child)? else { return Err("the restore failed".to_owned()) };
        Ok((url, cost))
    }
}
