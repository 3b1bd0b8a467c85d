//! `kith import`: a place's own lists. Nothing is written without `--write`.

mod directory;
mod place;

use crate::cli::Import;
use crate::error::{Answer, CliError};
use kith_domain::time::Instant;
use std::path::Path;

/// Reads lists, and writes them when told to.
///
/// # Errors
/// A file cannot be read, or the database cannot be written.
pub(crate) async fn run(what: Import, now: Instant) -> Result<Answer, CliError> {
    match what {
        Import::Directory(options) => directory::run(&options, now).await,
        Import::Place(options) => place::run(&options).await,
    }
}

/// What cannot be read, and what to do.
fn unreadable(path: &Path, cause: &dyn std::error::Error) -> CliError {
    CliError::because(format!("{} could not be read.", path.display()), cause)
}
