//! `kith backup` and `kith restore`: everything in one file, and back.

use crate::cli::{Backup, Restore};
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_domain::time::Instant;
use kith_store::copy::{self, Manifest};
use std::path::Path;

/// Writes everything to one file.
///
/// # Errors
/// The file exists, or the database could not be read.
pub(crate) async fn backup(options: &Backup, now: Instant) -> Result<Answer, CliError> {
    if options.out.exists() {
        return Err(CliError::new(format!(
            "{} is there already. Choose a new name: a backup never writes over another.",
            options.out.display()
        )));
    }
    let store = open::existing(&options.place).await?;
    let bar = show::bar(0, "Writing the backup");
    let mut progress = |table: &'static str, rows: u64| {
        bar.set_message(table);
        bar.set_position(rows);
    };
    let manifest = copy::backup(&store, &options.out, now, &mut progress).await;
    bar.finish_and_clear();
    done(&manifest?, options.json, &format!("The backup is in {}.", options.out.display()))?;
    if !options.json {
        let left = copy::left_out().join(", ");
        show::line(&format!("Left out on purpose, so that no ended sign-in comes back: {left}."));
    }
    Ok(Answer::Fine)
}

/// Restores a backup into an empty database.
///
/// # Errors
/// The database is not empty, or the file is damaged.
pub(crate) async fn restore(options: &Restore) -> Result<Answer, CliError> {
    if !Path::new(&options.from).is_file() {
        return Err(CliError::new(format!("There is no backup at {}.", options.from.display())));
    }
    let store = open::store(&options.place).await?;
    let bar = show::bar(0, "Restoring");
    let mut progress = |table: &'static str, rows: u64| {
        bar.set_message(table);
        bar.set_position(rows);
    };
    let manifest = copy::restore(&store, &options.from, &mut progress).await;
    bar.finish_and_clear();
    let manifest = manifest?;
    open::indexed(&store).await?;
    done(&manifest, options.json, "Restored, and proven to be equal to the backup.")?;
    if !options.json {
        show::line(
            "Everybody signs in again. Codes and links that were not used no longer work. Invite those workers again, \
             give new codes on paper, send links again.",
        );
    }
    Ok(Answer::Fine)
}

fn done(manifest: &Manifest, json: bool, words: &str) -> Result<(), CliError> {
    if json {
        return show::json(manifest);
    }
    show::line(words);
    let rows: Vec<(String, String)> = manifest
        .tables
        .iter()
        .filter(|t| t.rows > 0)
        .map(|t| (t.table.clone(), show::number(t.rows)))
        .collect();
    show::table(&rows);
    Ok(())
}
