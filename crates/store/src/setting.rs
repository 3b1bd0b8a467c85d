//! Small facts about the database itself.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::record::Kind;
use sqlx::{query, query_as, query_scalar};

/// Set at creation by the generator of the made-up place: opens the chooser of made-up
/// users and refuses real sign-ups.
pub const MADE_UP: &str = "made_up";
/// Raised by each change of the directory, in the change's transaction: whoever keeps a
/// copy in memory compares it in the same snapshot and so never serves an old one.
pub const DIRECTORY_REVISION: &str = "directory_revision";
/// The same for the place, its organisations, teams, workers and what is put to its panel.
pub const PARTNERSHIP_REVISION: &str = "partnership_revision";

/// The numbers to call, as JSON, where the place has its own.
pub const CRISIS: &str = "crisis";
/// The day on which this database was moved to another: it is not served any more.
pub const MOVED: &str = "moved";
/// When messages were last looked through to be sent, by which way, and what went wrong.
pub const MAIL: &str = "mail";

/// The revision that a kind of record raises, if it raises one.
pub(crate) fn revision_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Service | Kind::Group | Kind::Session => Some(DIRECTORY_REVISION),
        Kind::Place
        | Kind::Organisation
        | Kind::Team
        | Kind::Worker
        | Kind::Proposal
        | Kind::ListingQuestion => Some(PARTNERSHIP_REVISION),
        _ => None,
    }
}

impl Tx {
    /// The value of a setting.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT value FROM setting WHERE name = $1";
        Ok(on!(self, |conn| query_scalar(SQL).bind(name).fetch_optional(conn).await?))
    }

    /// The settings whose names begin with this, in the order of their names.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_settings(&mut self, beginning: &str) -> Result<Vec<(String, String)>, StoreError> {
        const SQL: &str = "SELECT name, value FROM setting WHERE name >= $1 AND name < $2 ORDER BY name";
        // No name holds a character behind the last one that can be written.
        let end = format!("{beginning}\u{10FFFF}");
        Ok(on!(self, |conn| query_as(SQL).bind(beginning).bind(&end).fetch_all(conn).await?))
    }

    /// The number of the newest change behind a revision ([`DIRECTORY_REVISION`] or
    /// [`PARTNERSHIP_REVISION`]) in this snapshot.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn revision(&mut self, name: &str) -> Result<i64, StoreError> {
        let text = self.find_setting(name).await?;
        Ok(text.and_then(|t| t.parse().ok()).unwrap_or(0))
    }
}

impl WriteTx {
    /// Sets a setting.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_setting(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        refuse_nul([name, value])?;
        const SQL: &str = "INSERT INTO setting (name, value) VALUES ($1, $2)
                           ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        on!(self.tx, |conn| query(SQL).bind(name).bind(value).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Forgets a setting.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_setting(&mut self, name: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM setting WHERE name = $1";
        on!(self.tx, |conn| query(SQL).bind(name).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Raises the revisions of what this transaction changed.
    pub(crate) async fn flush_revisions(&mut self) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO setting (name, value) VALUES ($1, '1')
            ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)
            RETURNING value";
        for name in std::mem::take(&mut self.revisions) {
            let value: String = on!(self.tx, |conn| query_scalar(SQL).bind(name).fetch_one(conn).await?);
            if name == DIRECTORY_REVISION {
                let revision =
                    value.parse().map_err(|_| StoreError::Refused(format!("{name} is no number")))?;
                self.note_directory_changes(revision).await?;
            }
        }
        Ok(())
    }
}
