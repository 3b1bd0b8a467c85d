//! Another directory: a feed over HTTP, or a file of one.

use super::{DRY, partnership, unreadable};
use crate::cli::ImportDirectory;
use crate::error::{Answer, CliError};
use crate::show;
use kith_care::Kith;
use kith_care::import::How;
use kith_care::import::directory::DirectoryImported;
use kith_domain::time::{Calendar, Instant};
use kith_exchange::directory_csv::SourceMap;
use kith_exchange::oruk::feed::{FeedMap, FeedReport, read_all};
use kith_exchange::oruk::older::envelope;
use kith_exchange::oruk::read::Around;
use kith_exchange::oruk::tables::Tables;
use kith_exchange::place::PostcodeLookup;
use kith_feeds::{Fetched, Getter, Plan, Step, fetch};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The pause before a request is tried a second time.
const PAUSE: Duration = Duration::from_secs(2);

/// Fetches or reads a feed, says what would change, and keeps it when told to.
///
/// # Errors
/// It cannot be fetched or read, or the database cannot be written.
pub(super) async fn run(options: &ImportDirectory, map: &FeedMap, now: Instant) -> Result<Answer, CliError> {
    let how = if options.how.write { How::Write } else { How::Dry };
    let kith = partnership(&options.place, how).await?;
    let fetched = entries(options, map, now).await?;
    let source = map.source();
    let postcodes = match &kith {
        Some(kith) => Some(kith.postcode_table().await?),
        None => None,
    };
    let known = postcodes.as_ref().filter(|table| !table.is_empty());
    let around = Around {
        source: &source,
        fetched_at: Some(now),
        today: Some(kith.as_ref().map_or_else(Calendar::england, |k| k.calendar().clone()).day(now)),
        organisations: fetched.organisations.clone(),
        postcodes: known.map(|table| table as &dyn PostcodeLookup),
    };
    let mut report = read_all(&fetched.entries, &around);
    report.notes.extend(fetched.notes.iter().cloned());
    let changes = match &kith {
        Some(kith) => Some(bring_in(kith, &source, &report, how, now, fetched.whole).await?),
        None => None,
    };
    say(options, &report, &fetched, changes.as_ref(), how)?;
    if let Some(kith) = kith {
        kith.store().close().await;
    }
    Ok(if report.refused.is_empty() && fetched.whole { Answer::Fine } else { Answer::Found })
}

/// The entries, from wherever they are.
async fn entries(options: &ImportDirectory, map: &FeedMap, now: Instant) -> Result<Fetched, CliError> {
    let from = options.file.to_string_lossy().into_owned();
    if from.starts_with("http://") || from.starts_with("https://") {
        return fetched(options, map, &from, now).await;
    }
    let path = options.file.clone();
    let read = tokio::task::spawn_blocking(move || from_file(&path)).await;
    let entries = read.map_err(|cause| CliError::because("The file could not be read.", &cause))??;
    Ok(Fetched { entries, whole: true, ..Fetched::default() })
}

async fn fetched(
    options: &ImportDirectory,
    map: &FeedMap,
    base: &str,
    now: Instant,
) -> Result<Fetched, CliError> {
    let o = &map.feed;
    let plan = Plan {
        base: base.trim_end_matches('/').to_owned(),
        folder: kept_in(&options.place.data, &map.source()),
        at_once: o.at_once,
        per_page: o.per_page,
        pages_max: o.pages_max,
        getter: Getter::new(Duration::from_secs(o.timeout_seconds), o.tries, PAUSE),
    };
    let bar = show::bar(0, "Fetching");
    let shown = bar.clone();
    let work = tokio::task::spawn_blocking(move || {
        let progress = |step| match step {
            Step::Page(number, pages) => {
                shown.set_message("Fetching pages");
                shown.set_length(pages.unwrap_or(number));
                shown.set_position(number);
            }
            Step::Entry(number, all) => {
                shown.set_message("Fetching entries");
                shown.set_length(all as u64);
                shown.set_position(number as u64);
            }
        };
        fetch(&plan, now, &progress)
    });
    let done = work.await;
    bar.finish_and_clear();
    let failed =
        |cause: &dyn std::error::Error| CliError::because(format!("{base} could not be fetched."), cause);
    done.map_err(|cause| failed(&cause))?.map_err(|cause| failed(&cause))
}

/// Where what came is kept: a folder a list, beside the database.
fn kept_in(data: &Path, source: &SourceMap) -> PathBuf {
    let plain = |text: &str| -> String {
        let low = text.to_lowercase();
        let parts = low.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty());
        parts.collect::<Vec<_>>().join("-")
    };
    data.join("feeds").join(format!("{}--{}", plain(&source.publisher), plain(&source.name)))
}

/// Fetches a feed and brings it in, without anybody at the keyboard. Gives back what changed, and
/// whether all of the feed came.
///
/// # Errors
/// It could not be fetched, or the database could not be written: what was brought in stays.
pub(crate) async fn bring(
    kith: &Kith,
    map: &FeedMap,
    base: &str,
    data: &Path,
    now: Instant,
) -> Result<(DirectoryImported, bool), CliError> {
    let o = &map.feed;
    let source = map.source();
    let plan = Plan {
        base: base.trim_end_matches('/').to_owned(),
        folder: kept_in(data, &source),
        at_once: o.at_once,
        per_page: o.per_page,
        pages_max: o.pages_max,
        getter: Getter::new(Duration::from_secs(o.timeout_seconds), o.tries, PAUSE),
    };
    let failed =
        |cause: &dyn std::error::Error| CliError::because(format!("{base} could not be fetched."), cause);
    let work = tokio::task::spawn_blocking(move || fetch(&plan, now, &|_| {}));
    let fetched = work.await.map_err(|cause| failed(&cause))?.map_err(|cause| failed(&cause))?;
    let postcodes = kith.postcode_table().await?;
    let (services, groups) = {
        let around = Around {
            source: &source,
            fetched_at: Some(now),
            today: Some(kith.calendar().day(now)),
            organisations: fetched.organisations.clone(),
            postcodes: (!postcodes.is_empty()).then_some(&postcodes as &dyn PostcodeLookup),
        };
        read_all(&fetched.entries, &around).drafts()
    };
    let who = kith.operator(now).await?;
    let first = kith.import_directory(&who, &source, &services, How::Write, |_| {}).await?;
    let second = kith.import_groups(&who, &source, &groups, How::Write, |_| {}).await?;
    Ok((first.and(second), fetched.whole))
}

/// A file of JSON, a line an entry or a page or several; a zip or a folder of tables.
fn from_file(path: &Path) -> Result<Vec<Value>, CliError> {
    let failed = |cause: &dyn std::error::Error| unreadable(path, cause);
    if path.is_dir() {
        let mut tables = Tables::default();
        for file in fs::read_dir(path).map_err(|e| failed(&e))? {
            let file = file.map_err(|e| failed(&e))?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.to_lowercase().ends_with(".csv") {
                tables.add_file(&name, &fs::read(&file).map_err(|e| failed(&e))?).map_err(|e| failed(&e))?;
            }
        }
        return tables.entries().map_err(|e| failed(&e));
    }
    let bytes = fs::read(path).map_err(|e| failed(&e))?;
    if bytes.starts_with(b"PK") {
        return Tables::of_zip(&bytes).and_then(Tables::entries).map_err(|e| failed(&e));
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut entries = Vec::new();
    for value in serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<Value>()
    {
        let value = value.map_err(|e| failed(&e))?;
        match envelope(&value) {
            Some(page) if value.get("id").is_none() => entries.extend(page.entries),
            _ => entries.push(value),
        }
    }
    Ok(entries)
}

async fn bring_in(
    kith: &Kith,
    source: &SourceMap,
    report: &FeedReport,
    how: How,
    now: Instant,
    whole: bool,
) -> Result<DirectoryImported, CliError> {
    let (services, groups) = report.drafts();
    let who = kith.operator(now).await?;
    let bar = show::bar((services.len() + groups.len()) as u64, "Bringing services in");
    let first = kith.import_directory(&who, source, &services, how, |n| bar.inc(n as u64)).await;
    let second = kith.import_groups(&who, source, &groups, how, |n| bar.inc(n as u64)).await;
    bar.finish_and_clear();
    let mut changes = first?.and(second?);
    if !whole {
        // What was not seen is not known to be gone.
        changes.services_gone.clear();
    }
    Ok(changes)
}

fn say(
    options: &ImportDirectory,
    report: &FeedReport,
    fetched: &Fetched,
    changes: Option<&DirectoryImported>,
    how: How,
) -> Result<(), CliError> {
    if options.how.json {
        let mut json = report.json();
        json["changes"] = json!(changes);
        json["whole"] = json!(fetched.whole);
        json["same_as_before"] = json!(fetched.same);
        let missing = fetched.missing.iter().map(|m| json!({ "identifier": m.identifier, "runs": m.runs }));
        json["missing"] = missing.collect();
        return show::json(&json);
    }
    show::line(report.text().trim_end());
    for missing in &fetched.missing {
        let times = if missing.runs == 1 { "once".to_owned() } else { format!("{} times", missing.runs) };
        show::line(&format!("{} was not in the feed, {times} in a row.", missing.identifier));
    }
    if let Some(changes) = changes {
        show::line(changes.text().trim_end());
    }
    if how == How::Dry {
        show::line(DRY);
    }
    Ok(())
}
