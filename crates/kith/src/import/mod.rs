//! `kith import`: a place's own lists. Nothing is written without `--write`.
//!
//! Ends with 0 when everything could be read, and with 1 when rows were refused: the rest
//! is imported all the same.

mod directory;
pub(crate) mod feed;
mod place;

use crate::cli::{Import, Where};
use crate::error::{Answer, CliError};
use crate::open;
use kith_care::Kith;
use kith_care::import::How;
use kith_domain::time::Instant;
use kith_store::db::FILE;
use std::path::Path;

/// Reads lists, and writes them when told to.
///
/// # Errors
/// A file cannot be read, or the database cannot be written.
pub(crate) async fn run(what: Import, now: Instant) -> Result<Answer, CliError> {
    match what {
        Import::Directory(options) => directory::run(&options, now).await,
        Import::Place(options) => place::run(&options, now).await,
    }
}

/// The partnership. A file can be looked at before there is one; to write it, there has
/// to be.
async fn partnership(place: &Where, how: How) -> Result<Option<Kith>, CliError> {
    let there = place.database.is_some() || place.data.join(FILE).exists();
    if there || how == How::Write { Ok(Some(open::kith(place).await?)) } else { Ok(None) }
}

/// What cannot be read, and what to do.
fn unreadable(path: &Path, cause: &dyn std::error::Error) -> CliError {
    CliError::because(format!("{} could not be read.", path.display()), cause)
}

/// What is said when nothing was written.
const DRY: &str = "Nothing was written. Add --write to keep it.";
