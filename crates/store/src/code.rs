//! Codes that work once: on paper for a person, in a link for a receiver without an
//! account, in an invitation for a worker. Only their hash is stored.

use crate::chain::Hash;
use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

/// A code as stored.
#[derive(Clone, Debug, FromRow)]
pub struct CodeRow {
    /// SHA-256 of the code.
    pub hash: Vec<u8>,
    /// paper, link, second or invitation.
    pub kind: String,
    /// The person, referral or worker it is for.
    pub subject: Uuid,
    /// What else its use needs, as JSON.
    pub detail: String,
    /// When it was made.
    pub created: i64,
    /// When it stops working.
    pub expires: i64,
    /// When it was used.
    pub used: Option<i64>,
    /// Wrong tries of what belongs with it.
    pub attempts: i64,
}

impl Tx {
    /// The code with this hash, used or not, in date or not.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_code(&mut self, hash: &Hash) -> Result<Option<CodeRow>, StoreError> {
        const SQL: &str = "SELECT * FROM code WHERE hash = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(&hash[..]).fetch_optional(conn).await?))
    }

    /// The codes of a kind for a subject, newest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_codes(&mut self, subject: Uuid, kind: &str) -> Result<Vec<CodeRow>, StoreError> {
        const SQL: &str = "SELECT * FROM code WHERE subject = $1 AND kind = $2 ORDER BY created DESC, hash";
        Ok(on!(self, |conn| query_as(SQL).bind(subject).bind(kind).fetch_all(conn).await?))
    }
}

impl Tx {
    /// The codes of a kind that can still be used, for every subject.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_open_codes(&mut self, kind: &str, now: Instant) -> Result<Vec<CodeRow>, StoreError> {
        const SQL: &str = "SELECT * FROM code WHERE kind = $1 AND used IS NULL AND expires > $2 ORDER BY created DESC, hash";
        Ok(on!(self, |conn| query_as(SQL).bind(kind).bind(now.0).fetch_all(conn).await?))
    }
}

impl WriteTx {
    /// Changes what the use of a code needs.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn set_code_detail(&mut self, hash: &Hash, detail: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE code SET detail = $2 WHERE hash = $1";
        on!(self.tx, |conn| query(SQL).bind(&hash[..]).bind(detail).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Keeps a new code.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_code(&mut self, c: &CodeRow) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO code (hash, kind, subject, detail, created, expires, used, attempts)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on!(self.tx, |conn| {
            query(SQL)
                .bind(&c.hash)
                .bind(&c.kind)
                .bind(c.subject)
                .bind(&c.detail)
                .bind(c.created)
                .bind(c.expires)
                .bind(c.used)
                .bind(c.attempts)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Uses a code. False when it was used before or is out of date: then nothing changed.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn use_code(&mut self, hash: &Hash, at: Instant) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE code SET used = $2 WHERE hash = $1 AND used IS NULL AND expires > $2";
        let done =
            on!(self.tx, |conn| query(SQL).bind(&hash[..]).bind(at.0).execute(conn).await?.rows_affected());
        Ok(done == 1)
    }

    /// Counts a wrong try.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_code_try(&mut self, hash: &Hash) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE code SET attempts = attempts + 1 WHERE hash = $1";
        on!(self.tx, |conn| query(SQL).bind(&hash[..]).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Makes every unused code of a kind for a subject useless from now on.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn end_codes(&mut self, subject: Uuid, kind: &str, at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE code SET expires = $3 WHERE subject = $1 AND kind = $2 AND expires > $3";
        on!(self.tx, |conn| query(SQL)
            .bind(subject)
            .bind(kind)
            .bind(at.0)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }
}
