//! Leases: which server runs a job now. The database's clock decides, and a fencing
//! number that rises with each holder is checked in the job's own transaction, so that
//! a server that was asleep cannot go on with a job that another has taken.

use crate::dialect;
use crate::error::StoreError;
use crate::tx::{WriteTx, on};
use sqlx::query_as;
use uuid::Uuid;

/// A lease that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub name: String,
    /// Which process.
    pub holder: Uuid,
    /// Higher than every fence before.
    pub fence: i64,
}

impl WriteTx {
    /// Takes or renews the lease of a job for `seconds`. None when another holds it.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn take_lease(
        &mut self,
        name: &str,
        holder: Uuid,
        seconds: i64,
    ) -> Result<Option<Lease>, StoreError> {
        const SQL: &str = "INSERT INTO lease (name, holder, fence, until) VALUES ($1, $2, 1, $3)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
                fence = CASE WHEN lease.holder = excluded.holder THEN lease.fence ELSE lease.fence + 1 END
            WHERE lease.until <= $4 OR lease.holder = excluded.holder
            RETURNING fence";
        let now = dialect::database_clock(&mut self.tx).await?;
        let until = now.saturating_add(seconds.saturating_mul(1_000_000));
        let row: Option<(i64,)> = on!(self.tx, |conn| {
            query_as(SQL).bind(name).bind(holder).bind(until).bind(now).fetch_optional(conn).await?
        });
        Ok(row.map(|(fence,)| Lease { name: name.to_owned(), holder, fence }))
    }

    /// Is this lease still ours? Checked in the transaction of the job's own writes; nobody
    /// else can take it before that transaction ends.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn holds_lease(&mut self, lease: &Lease) -> Result<bool, StoreError> {
        let row = dialect::lock_lease(&mut self.tx, &lease.name).await?;
        let now = dialect::database_clock(&mut self.tx).await?;
        Ok(row.is_some_and(|(holder, fence, until)| {
            holder == lease.holder && fence == lease.fence && until > now
        }))
    }
}
