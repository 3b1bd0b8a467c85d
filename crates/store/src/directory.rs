//! What changed in the directory since a revision, so that whoever keeps a copy of it in memory takes in
//! only that.
//!
//! A change of the directory raises its revision and writes, beside it, which entries it changed. The row of
//! the revision is locked from there to the commit, so revisions become visible in their order and none can
//! appear behind one that somebody has seen.

use crate::dialect;
use crate::error::StoreError;
use crate::kinds::Common;
use crate::pending::batch;
use crate::read::{ROW_COLUMNS, Row};
use crate::tx::{Tx, WriteTx, on};
use kith_domain::id::RecordId;
use kith_domain::record::{Kind, Saved};
use sqlx::{AssertSqlSafe, query, query_as};
use uuid::Uuid;

impl Tx {
    /// The entries of the directory that changed after a revision of it, each once; at most `most` and one
    /// more, which says that there are too many to take in one by one.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_directory_changes(
        &mut self,
        after: i64,
        most: u32,
    ) -> Result<Vec<(Kind, RecordId)>, StoreError> {
        const SQL: &str = "SELECT kind, record FROM directory_change WHERE revision > $1 LIMIT $2";
        let rows: Vec<(String, Uuid)> =
            on!(self, |conn| query_as(SQL).bind(after).bind(i64::from(most) + 1).fetch_all(conn).await?);
        let known = |(kind, id): (String, Uuid)| Some((Kind::from_code(&kind)?, RecordId(id)));
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// Those of these records that are there: about no person, of one kind, in no order. What is not there,
    /// or was entered in error, is not among the answers.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_common_of<T: Common>(&mut self, ids: &[RecordId]) -> Result<Vec<Saved<T>>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        let mut ids = ids;
        while !ids.is_empty() {
            let (now, later) = ids.split_at(batch(ids.len()));
            ids = later;
            let start = format!("SELECT {ROW_COLUMNS} FROM record r WHERE r.entered_in_error = 0 AND r.id");
            let sql = dialect::with_list(&self.engine, &start, now.len());
            let rows: Vec<Row> = on!(self, |conn| {
                let mut q = query_as(AssertSqlSafe(sql));
                for id in now {
                    q = q.bind(id.0);
                }
                q.fetch_all(conn).await?
            });
            let of_kind = rows.iter().filter(|row| row.kind == T::KIND.code());
            found.extend(of_kind.map(Row::saved).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }
}

impl WriteTx {
    /// Notes what this transaction changed in the directory, at the revision it has just raised.
    pub(crate) async fn note_directory_changes(&mut self, revision: i64) -> Result<(), StoreError> {
        const INTO: &str = "INSERT INTO directory_change (record, kind, revision)";
        const AGAIN: &str = "ON CONFLICT (record) DO UPDATE SET revision = excluded.revision";
        let changed: Vec<(Uuid, &'static str)> = std::mem::take(&mut self.listed).into_iter().collect();
        let mut changed = changed.as_slice();
        while !changed.is_empty() {
            let (now, later) = changed.split_at(batch(changed.len()));
            changed = later;
            let sql = dialect::insert(&self.tx.engine, INTO, 3, now.len(), AGAIN);
            on!(self.tx, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for (record, kind) in now {
                    q = q.bind(*record).bind(*kind).bind(revision);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }
}
