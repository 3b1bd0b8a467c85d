//! Forms that were sent. A form carries a submission id; the change that it makes and
//! the row here are one transaction, so that sending it again shows the first answer.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::time::Instant;
use sqlx::{query, query_as};
use uuid::Uuid;

/// What became of a submission.
#[derive(Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It is new: make the change, then record the answer.
    New,
    /// It was made before, by the same person: show this answer.
    Before(String),
    /// The id was used by somebody else: treat the form as out of date.
    Foreign,
}

impl Tx {
    /// Was this form sent before by `who`?
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_submission(&mut self, id: Uuid, who: &str) -> Result<Submitted, StoreError> {
        const SQL: &str = "SELECT who, answer FROM submission WHERE id = $1";
        let row: Option<(String, String)> =
            on!(self, |conn| query_as(SQL).bind(id).fetch_optional(conn).await?);
        Ok(match row {
            None => Submitted::New,
            Some((by, answer)) if by == who => Submitted::Before(answer),
            Some(_) => Submitted::Foreign,
        })
    }
}

impl WriteTx {
    /// Records the answer to a form in the transaction of its change.
    ///
    /// # Errors
    /// The same form is being answered in another transaction, or the database failed.
    pub async fn record_submission(
        &mut self,
        id: Uuid,
        who: &str,
        at: Instant,
        answer: &str,
    ) -> Result<(), StoreError> {
        refuse_nul([who, answer])?;
        const SQL: &str = "INSERT INTO submission (id, at, who, answer) VALUES ($1, $2, $3, $4)";
        on!(self.tx, |conn| query(SQL)
            .bind(id)
            .bind(at.0)
            .bind(who)
            .bind(answer)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }
}
