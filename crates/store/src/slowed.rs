//! Wrong tries at signing in, and the browsers that are known: kept in the database, so
//! that every server of a place slows the same tries. Keys and cookies are kept as hashes.

use crate::chain::Hash;
use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as, query_scalar};

/// Tries that have something in common: an account on one browser, an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct SlowedRow {
    /// Wrong tries in a row.
    pub tries: i64,
    /// When the last one was.
    pub last: i64,
    /// No try counts before this moment.
    pub until: i64,
}

impl Tx {
    /// The wrong tries under a key.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_slowed(&mut self, key: &Hash) -> Result<Option<SlowedRow>, StoreError> {
        const SQL: &str = "SELECT tries, last, until FROM slowed WHERE key = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(&key[..]).fetch_optional(conn).await?))
    }

    /// Has somebody signed in with this browser before?
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn is_known_device(&mut self, token: &Hash, who: &str) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT 1 FROM device WHERE token = $1 AND who = $2";
        let found: Option<i32> =
            on!(self, |conn| query_scalar(SQL).bind(&token[..]).bind(who).fetch_optional(conn).await?);
        Ok(found.is_some())
    }

    /// Has anybody signed in with this browser before?
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn is_anybodys_device(&mut self, token: &Hash) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT 1 FROM device WHERE token = $1 LIMIT 1";
        let found: Option<i32> =
            on!(self, |conn| query_scalar(SQL).bind(&token[..]).fetch_optional(conn).await?);
        Ok(found.is_some())
    }
}

impl WriteTx {
    /// Keeps what a wrong try changed.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_slowed(&mut self, key: &Hash, row: SlowedRow) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO slowed (key, tries, last, until) VALUES ($1, $2, $3, $4)
            ON CONFLICT (key) DO UPDATE SET tries = excluded.tries, last = excluded.last, until = excluded.until";
        on!(self.tx, |conn| query(SQL)
            .bind(&key[..])
            .bind(row.tries)
            .bind(row.last)
            .bind(row.until)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Forgets the wrong tries under a key.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_slowed(&mut self, key: &Hash) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM slowed WHERE key = $1";
        on!(self.tx, |conn| query(SQL).bind(&key[..]).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Forgets wrong tries whose last was before this moment.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_slowed_before(&mut self, at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM slowed WHERE last < $1";
        on!(self.tx, |conn| query(SQL).bind(at.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Remembers a browser on which somebody signed in.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_device(&mut self, token: &Hash, who: &str, at: Instant) -> Result<(), StoreError> {
        refuse_nul([who])?;
        const SQL: &str = "INSERT INTO device (token, who, created, seen) VALUES ($1, $2, $3, $3)
            ON CONFLICT (token, who) DO UPDATE SET seen = excluded.seen";
        on!(self.tx, |conn| query(SQL)
            .bind(&token[..])
            .bind(who)
            .bind(at.0)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Forgets every browser of somebody: their factors are new.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_devices(&mut self, who: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM device WHERE who = $1";
        on!(self.tx, |conn| query(SQL).bind(who).execute(conn).await?.rows_affected());
        Ok(())
    }
}
