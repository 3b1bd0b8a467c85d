//! What can go wrong when keeping things. Faults carry their cause to the log; nothing
//! here holds the text of a record.

use crate::dialect;
use kith_domain::id::RecordId;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody saved a newer version in the meantime.
    #[error("record {id} is at version {now}, not {expected}")]
    Conflict {
        /// The record.
        id: RecordId,
        /// The version that the change was made on.
        expected: u32,
        /// The version that is stored.
        now: u32,
    },
    /// No record with this id and kind.
    #[error("no such record")]
    Missing,
    /// The database answered with an error.
    #[error("the database could not do it")]
    Database(#[from] sqlx::Error),
    /// The commit failed: whether the change was kept is not known.
    #[error("the database could not finish a change")]
    Commit(#[source] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the tables could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value could not be read as its kind. `kith verify` names it.
    #[error("a stored {kind} could not be read")]
    Unreadable {
        /// The kind that it was to be.
        kind: &'static str,
        /// What the reader said; never the text itself.
        #[source]
        cause: serde_json::Error,
    },
    /// A file beside the database could not be read or written.
    #[error("a file could not be read or written: {0}")]
    File(#[from] std::io::Error),
    /// A backup or checkpoint is not what it says.
    #[error("{0}")]
    Damaged(String),
    /// The operation is refused with a reason for the operator.
    #[error("{0}")]
    Refused(String),
}

impl StoreError {
    /// The disk did not take a write or a sync. What it holds is no longer known: the
    /// process stops, so that the next start reads what is really there. Trying again in
    /// place could answer "kept" to something that was not.
    pub fn must_stop(&self) -> bool {
        match self {
            StoreError::Database(cause) | StoreError::Commit(cause) => dialect::disk_failed(cause),
            _ => false,
        }
    }
}
