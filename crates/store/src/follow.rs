//! Following the journal by a cursor that cannot skip a late commit.

use crate::dialect;
use crate::error::StoreError;
use crate::tx::Tx;
use kith_domain::id::RecordId;

/// How far a follower has read. Start with the default.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cursor {
    /// The transaction (PostgreSQL; zero on SQLite).
    pub xact: i64,
    /// The row.
    pub seq: i64,
}

/// One step of following: a record reached a version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Followed {
    /// Where it stands.
    pub cursor: Cursor,
    /// The record.
    pub record: RecordId,
    /// The version.
    pub version: i64,
}

impl Tx {
    /// The next journal entries after a cursor, at most `most`. An entry whose
    /// transaction may still have an unfinished neighbour before it waits for it.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_journal_after(
        &mut self,
        cursor: Cursor,
        most: u32,
    ) -> Result<Vec<Followed>, StoreError> {
        let horizon = dialect::safe_horizon(self).await?;
        let rows = dialect::journal_after(self, (cursor.xact, cursor.seq), horizon, i64::from(most)).await?;
        Ok(rows
            .into_iter()
            .map(|(xact, seq, record, version)| Followed {
                cursor: Cursor { xact, seq },
                record: RecordId(record),
                version,
            })
            .collect())
    }
}
