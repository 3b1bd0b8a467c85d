//! Postcodes, neighbourhoods, electoral wards and outlines.

use super::unreadable;
use crate::cli::ImportPlace;
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_domain::place::PlaceCode;
use kith_exchange::place::{PlaceDrafts, PlaceImport};
use kith_store::Store;
use kith_store::geography::{AreaRow, PostcodeRow};
use serde_json::json;
use std::fs::File;
use std::path::PathBuf;

/// Rows written in one transaction.
const BATCH: usize = 5_000;

/// Reads the files, and keeps what is in them when told to.
///
/// # Errors
/// A file cannot be read or is of no kind that is known, or the database cannot be written.
pub(super) async fn run(options: &ImportPlace) -> Result<Answer, CliError> {
    let drafts = read(options)?;
    if options.how.json {
        say_json(&drafts)?;
    } else {
        say(&drafts);
    }
    if options.how.write {
        let store = open::existing(&options.place).await?;
        write(&store, &drafts).await?;
        store.close().await;
        tracing::info!(areas = drafts.areas.len(), postcodes = drafts.postcodes.len(), "place imported");
    } else if !options.how.json {
        show::line("Nothing was written. Add --write to keep it.");
    }
    Ok(Answer::Fine)
}

fn read(options: &ImportPlace) -> Result<PlaceDrafts, CliError> {
    let files: Vec<&PathBuf> =
        [&options.files, &options.postcodes, &options.imd, &options.lookup, &options.outlines]
            .into_iter()
            .flatten()
            .collect();
    if files.is_empty() {
        return Err(CliError::new(
            "Name the files to read, in any order: postcodes, lookups, deprivation, outlines.",
        ));
    }
    let districts = options
        .district
        .iter()
        .map(|code| {
            PlaceCode::parse(code).map_err(|_| {
                CliError::new(format!(
                    "--district {code} is not the code of a council area, such as E08000009."
                ))
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut import = PlaceImport::new(districts);
    for path in files {
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let file = File::open(path).map_err(|cause| unreadable(path, &cause))?;
        import.add(&name, file).map_err(|cause| unreadable(path, &cause))?;
    }
    Ok(import.finish())
}

fn say(drafts: &PlaceDrafts) {
    for file in &drafts.files {
        show::line(file.text().trim_end());
    }
    for note in &drafts.notes {
        show::line(note);
    }
    show::table(&[
        ("districts, electoral wards and neighbourhoods".into(), show::number(drafts.areas.len() as u64)),
        ("postcodes".into(), show::number(drafts.postcodes.len() as u64)),
    ]);
}

fn say_json(drafts: &PlaceDrafts) -> Result<(), CliError> {
    let files: Vec<_> = drafts
        .files
        .iter()
        .map(|f| {
            json!({
                "file": f.file,
                "kind": f.kind.words(),
                "rows": f.rows,
                "kept": f.kept,
                "passed_over": f.passed_over,
                "not_read": f.not_read.iter().map(|n| json!({ "row": n.row, "why": n.why })).collect::<Vec<_>>(),
            })
        })
        .collect();
    show::json(&json!({
        "files": files,
        "notes": drafts.notes,
        "areas": drafts.areas.len(),
        "postcodes": drafts.postcodes.len(),
    }))
}

async fn write(store: &Store, drafts: &PlaceDrafts) -> Result<(), CliError> {
    let bar = show::bar((drafts.areas.len() + drafts.postcodes.len()) as u64, "Keeping the place");
    for batch in drafts.areas.chunks(BATCH) {
        let mut tx = store.write().await?;
        for area in batch {
            tx.save_area(&AreaRow::of(area)?).await?;
        }
        tx.commit().await?;
        bar.inc(batch.len() as u64);
    }
    for batch in drafts.postcodes.chunks(BATCH) {
        let mut tx = store.write().await?;
        for row in batch.iter().filter_map(PostcodeRow::of) {
            tx.save_postcode(&row).await?;
        }
        tx.commit().await?;
        bar.inc(batch.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}
