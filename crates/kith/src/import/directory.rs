//! A spreadsheet of services, by its map.

use super::{DRY, partnership, unreadable};
use crate::cli::ImportDirectory;
use crate::error::{Answer, CliError};
use crate::show;
use kith_care::Kith;
use kith_care::import::How;
use kith_care::import::directory::DirectoryImported;
use kith_domain::time::Instant;
use kith_exchange::directory_csv::{Draft, Map, Report, read};
use kith_exchange::oruk::feed::FeedMap;
use kith_exchange::place::PostcodeLookup;

/// Reads a spreadsheet, says what would change, and keeps it when told to.
///
/// # Errors
/// File or map cannot be read, or the database cannot be written.
pub(super) async fn run(options: &ImportDirectory, now: Instant) -> Result<Answer, CliError> {
    let text = std::fs::read_to_string(&options.map).map_err(|cause| unreadable(&options.map, &cause))?;
    if let Some(map) = FeedMap::parse(&text) {
        let map = map.map_err(|cause| unreadable(&options.map, &cause))?;
        return super::feed::run(options, &map, now).await;
    }
    let how = if options.how.write { How::Write } else { How::Dry };
    let kith = partnership(&options.place, how).await?;
    let map = Map::parse(&text).map_err(|cause| unreadable(&options.map, &cause))?;
    let report = report(options, &map, kith.as_ref(), now).await?;
    let changes = match &kith {
        Some(kith) => Some(bring_in(kith, &map, &report, how, now).await?),
        None => None,
    };
    if options.how.json {
        let mut json = report.json();
        json["changes"] = serde_json::json!(changes);
        show::json(&json)?;
    } else {
        show::line(report.text().trim_end());
        if let Some(changes) = &changes {
            show::line(changes.text().trim_end());
        }
        if how == How::Dry {
            show::line(DRY);
        }
    }
    if let Some(kith) = kith {
        kith.store().close().await;
    }
    Ok(if report.counts().refused > 0 { Answer::Found } else { Answer::Fine })
}

/// Reads the file by the map, with the postcodes of the place when there are some.
async fn report(
    options: &ImportDirectory,
    map: &Map,
    kith: Option<&Kith>,
    now: Instant,
) -> Result<Report, CliError> {
    let bytes = std::fs::read(&options.file).map_err(|cause| unreadable(&options.file, &cause))?;
    let postcodes = match kith {
        Some(kith) => Some(kith.postcode_table().await?),
        None => None,
    };
    let known = postcodes.as_ref().filter(|table| !table.is_empty());
    let lookup = known.map(|table| table as &dyn PostcodeLookup);
    read(&bytes, map, lookup, Some(now)).map_err(|cause| unreadable(&options.file, &cause))
}

async fn bring_in(
    kith: &Kith,
    map: &Map,
    report: &Report,
    how: How,
    now: Instant,
) -> Result<DirectoryImported, CliError> {
    let drafts: Vec<Draft> = report.drafts().cloned().collect();
    let who = kith.operator(now).await?;
    let bar = show::bar(drafts.len() as u64, "Bringing services in");
    let done = kith.import_directory(&who, &map.source, &drafts, how, |n| bar.inc(n as u64)).await;
    bar.finish_and_clear();
    Ok(done?)
}
