//! Feeds that the server brings in by itself: `kith serve --feeds DIR`.
//!
//! Each file NAME.toml in the folder is the map of a feed as `kith import directory` takes it, with
//! `from` (where) and `every_hours` (how often) in its `[feed]`. Of several servers one does it at a
//! time, by a lease. A feed that fails is tried again at its next turn, and nothing is taken from
//! one failure but that it failed: entries stay, and what people here corrected stays.

use crate::error::CliError;
use crate::import::feed::bring;
use kith_care::Kith;
use kith_domain::time::Instant;
use kith_exchange::oruk::feed::FeedMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// How often it is looked whether a feed is due.
const LOOK_EVERY: Duration = Duration::from_secs(10 * 60);
/// Seconds for which one server has the feeds to itself.
const LEASE_SECONDS: i64 = 60 * 60;
/// How often that is renewed while a feed is brought in.
const RENEW_EVERY: Duration = Duration::from_secs(10 * 60);

/// A feed, where it is and how often it is brought in.
pub(crate) struct Feed {
    map: FeedMap,
    from: String,
    every: Duration,
}

impl Feed {
    fn setting(&self) -> String {
        let source = self.map.source();
        format!("feed_brought_in:{}:{}", source.publisher, source.name)
    }
}

/// The feeds of a folder, by the names of their files.
///
/// # Errors
/// The folder or a file in it cannot be read, or a feed does not say from where.
pub(crate) fn read(folder: &Path) -> Result<Vec<Feed>, CliError> {
    let failed = |path: &Path, cause: &dyn std::error::Error| {
        CliError::because(format!("{} could not be read.", path.display()), cause)
    };
    let mut files = Vec::new();
    for file in std::fs::read_dir(folder).map_err(|e| failed(folder, &e))? {
        let path = file.map_err(|e| failed(folder, &e))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    files.sort();
    files.iter().map(|path| feed(path, failed)).collect()
}

fn feed(path: &Path, failed: impl Fn(&Path, &dyn std::error::Error) -> CliError) -> Result<Feed, CliError> {
    let wrong = |what: &str| CliError::new(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| failed(path, &e))?;
    let map = FeedMap::parse(&text).ok_or_else(|| wrong("this is no feed: it has no [feed]."))?;
    let map = map.map_err(|e| failed(path, &e))?;
    let from = map.feed.from.clone().filter(|f| f.starts_with("https://") || f.starts_with("http://"));
    let from = from.ok_or_else(|| wrong("say where it is: from = \"https://...\" in [feed]."))?;
    if map.feed.every_hours == 0 {
        return Err(wrong("every_hours has to be 1 or more."));
    }
    let every = Duration::from_secs(u64::from(map.feed.every_hours) * 60 * 60);
    Ok(Feed { map, from, every })
}

/// Brings feeds in when they are due, until it is stopped.
pub(crate) async fn run(kith: Kith, feeds: Vec<Feed>, data: PathBuf) {
    let holder = Uuid::now_v7();
    let mut clock = tokio::time::interval(LOOK_EVERY);
    loop {
        clock.tick().await;
        for feed in &feeds {
            match turn(&kith, feed, &data, holder).await {
                Ok(None) => {}
                Ok(Some(words)) => tracing::info!(feed = %feed.map.source.name, "{words}"),
                Err(error) => {
                    tracing::warn!(feed = %feed.map.source.name, %error, "a feed was not brought in")
                }
            }
        }
    }
}

/// Brings one feed in if it is due and no other server is at it. What came of it, in words without
/// anybody's name.
async fn turn(kith: &Kith, feed: &Feed, data: &Path, holder: Uuid) -> Result<Option<String>, CliError> {
    let now = crate::now();
    let mut tx = kith.store().write().await?;
    let lease = tx.take_lease("feeds", holder, LEASE_SECONDS).await?;
    let last = tx.find_setting(&feed.setting()).await?.and_then(|text| text.parse().ok()).map(Instant);
    let due = last.is_none_or(|at| now.seconds_since(at) >= feed.every.as_secs() as i64);
    tx.commit().await?;
    if lease.is_none() || !due {
        return Ok(None);
    }
    let brought = {
        let mut bringing = std::pin::pin!(bring(kith, &feed.map, &feed.from, data, now));
        let mut renew = tokio::time::interval(RENEW_EVERY);
        loop {
            tokio::select! {
                brought = &mut bringing => break brought,
                _ = renew.tick() => {
                    let mut tx = kith.store().write().await?;
                    tx.take_lease("feeds", holder, LEASE_SECONDS).await?;
                    tx.commit().await?;
                }
            }
        }
    };
    // Also when it failed: it is asked again at its next turn, and not every few minutes.
    let mut tx = kith.store().write().await?;
    tx.save_setting(&feed.setting(), &now.0.to_string()).await?;
    tx.commit().await?;
    let (changes, whole) = brought?;
    Ok(Some(format!(
        "brought in{}: {} new, {} brought up to date, {} as they were",
        if whole { "" } else { ", not all of it" },
        changes.services_new.len(),
        changes.services_changed.len(),
        changes.services_same
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    const SOURCE: &str = "[source]\nname = \"Lode directory\"\npublisher = \"Lode Council\"\n";

    #[test]
    fn a_feed_says_where_it_is_and_how_often() {
        let good =
            format!("{SOURCE}[feed]\nfrom = \"https://directory.example.org/oruk\"\nevery_hours = 6\n");
        let there = folder(&[("lode.toml", &good), ("notes.txt", "not a feed")]);
        let feeds = read(there.path()).unwrap();
        assert_eq!(feeds.len(), 1);
        assert_eq!(
            (feeds[0].from.as_str(), feeds[0].every),
            ("https://directory.example.org/oruk", Duration::from_secs(6 * 3600))
        );
        for bad in [
            "[feed]\n",
            "[feed]\nfrom = \"file:///etc/passwd\"\n",
            "[feed]\nfrom = \"https://x\"\nevery_hours = 0\n",
            "",
        ] {
            let there = folder(&[("bad.toml", &format!("{SOURCE}{bad}"))]);
            assert!(read(there.path()).is_err(), "{bad}");
        }
        assert!(read(Path::new("/no/such/folder")).is_err());
    }
}
