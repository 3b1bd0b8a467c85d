//! Postcodes, neighbourhoods, electoral wards and outlines.

use super::{DRY, partnership, unreadable};
use crate::cli::ImportPlace;
use crate::error::{Answer, CliError};
use crate::show;
use kith_care::Kith;
use kith_care::import::How;
use kith_care::import::place::PlaceImported;
use kith_domain::place::PlaceCode;
use kith_domain::time::Instant;
use kith_exchange::place::{PlaceDrafts, PlaceImport};
use serde_json::json;
use std::fs::File;
use std::path::PathBuf;

/// Reads the files, says what would change, and keeps it when told to.
///
/// # Errors
/// A file cannot be read or is of no kind that is known, or the database cannot be written.
pub(super) async fn run(options: &ImportPlace, now: Instant) -> Result<Answer, CliError> {
    let how = if options.how.write { How::Write } else { How::Dry };
    let kith = partnership(&options.place, how).await?;
    let drafts = read(options)?;
    let changes = match &kith {
        Some(kith) => Some(bring_in(kith, &drafts, how, now).await?),
        None => None,
    };
    if options.how.json {
        say_json(&drafts, changes.as_ref())?;
    } else {
        say(&drafts, changes.as_ref());
        if how == How::Dry {
            show::line(DRY);
        }
    }
    if let Some(kith) = kith {
        kith.store().close().await;
    }
    let refused = drafts.files.iter().any(|file| !file.not_read.is_empty());
    Ok(if refused { Answer::Found } else { Answer::Fine })
}

async fn bring_in(
    kith: &Kith,
    drafts: &PlaceDrafts,
    how: How,
    now: Instant,
) -> Result<PlaceImported, CliError> {
    let who = kith.operator(now).await?;
    let bar = show::bar((drafts.areas.len() + drafts.postcodes.len()) as u64, "Bringing the place in");
    let done = kith.import_place(&who, drafts, how, |n| bar.inc(n as u64)).await;
    bar.finish_and_clear();
    Ok(done?)
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

fn say(drafts: &PlaceDrafts, changes: Option<&PlaceImported>) {
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
    if let Some(changes) = changes {
        show::line(changes.text().trim_end());
    }
}

fn say_json(drafts: &PlaceDrafts, changes: Option<&PlaceImported>) -> Result<(), CliError> {
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
        "changes": changes,
    }))
}
