//! Opening the database that a command names.

use crate::cli::Where;
use crate::error::CliError;
use crate::show;
use kith_care::Kith;
use kith_store::db::FILE;
use kith_store::reindex::reindex_if_due;
use kith_store::{Database, Store};

/// The database that the options name.
pub(crate) fn database(place: &Where) -> Database {
    match &place.database {
        Some(url) => Database::Postgres(url.clone()),
        None => Database::Folder(place.data.clone()),
    }
}

/// Opens it, and makes it if it is absent.
///
/// # Errors
/// The folder cannot be written, or the server cannot be reached.
pub(crate) async fn store(place: &Where) -> Result<Store, CliError> {
    Ok(Store::open(&database(place)).await?)
}

/// After an update, or over an older backup, makes anew what records are found by, with its
/// progress. It may be stopped: the next start goes on with it.
///
/// # Errors
/// A record cannot be read, or the database could not do it.
pub(crate) async fn indexed(store: &Store) -> Result<Option<u64>, CliError> {
    let bar = show::bar(0, "Making the index anew");
    let mut told = 0;
    let changed = reindex_if_due(store, &mut |at| {
        if told == 0 {
            tracing::info!("the index was computed by another version of Kith: making it anew");
        }
        told = at.done;
        bar.set_length(at.total);
        bar.set_position(at.done);
    })
    .await;
    bar.finish_and_clear();
    let changed = changed?;
    if let Some(changed) = changed.filter(|_| told > 0) {
        tracing::info!(records = told, changed, "the index is as this version of Kith computes it");
    }
    Ok(changed)
}

/// Opens one that has to be there already.
///
/// # Errors
/// There is none in this folder.
pub(crate) async fn existing(place: &Where) -> Result<Store, CliError> {
    must_exist(place)?;
    store(place).await
}

fn must_exist(place: &Where) -> Result<(), CliError> {
    if place.database.is_some() || place.data.join(FILE).exists() {
        return Ok(());
    }
    Err(CliError::new(format!(
        "There is no database in {}. Name its folder with --data, or make one: kith demo --data DIR to try Kith, \
         kith init --data DIR for a real place.",
        place.data.display()
    )))
}

/// Opens the partnership over an existing database.
///
/// # Errors
/// There is no database, or no partnership in it.
pub(crate) async fn kith(place: &Where) -> Result<Kith, CliError> {
    Ok(Kith::open(existing(place).await?).await?)
}
