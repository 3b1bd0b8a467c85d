//! Sessions: who is signed in. The cookie's value is never stored, only its hash.

use crate::chain::Hash;
use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

/// A session as stored.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// SHA-256 of the cookie's value.
    pub token: Vec<u8>,
    /// The account, unless it came from a code on paper, a link, or the demo's chooser.
    pub account: Option<Uuid>,
    /// The actor, as canonical JSON.
    pub actor: String,
    /// The token that forms carry.
    pub csrf: String,
    /// When it began.
    pub created: i64,
    /// When it was last used (kept to the minute).
    pub seen: i64,
    /// When the last full sign-in was.
    pub authenticated: i64,
    /// 1 or 2 factors.
    pub aal: i64,
    /// When it was ended.
    pub ended: Option<i64>,
}

impl Tx {
    /// The session of a cookie.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_session(&mut self, token: &Hash) -> Result<Option<SessionRow>, StoreError> {
        const SQL: &str = "SELECT * FROM session WHERE token = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(&token[..]).fetch_optional(conn).await?))
    }

    /// Who was signed in, as JSON, and when last, in microseconds UTC.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_last_sessions(&mut self) -> Result<Vec<(String, i64)>, StoreError> {
        const SQL: &str = "SELECT actor, MAX(seen) FROM session GROUP BY actor";
        Ok(on!(self, |conn| query_as(SQL).fetch_all(conn).await?))
    }
}

impl WriteTx {
    /// Keeps a session, or what changed in it.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_session(&mut self, s: &SessionRow) -> Result<(), StoreError> {
        const SQL: &str =
            "INSERT INTO session (token, account, actor, csrf, created, seen, authenticated, aal, ended)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (token) DO UPDATE SET actor = excluded.actor, seen = excluded.seen,
                authenticated = excluded.authenticated, aal = excluded.aal, ended = excluded.ended";
        on!(self.tx, |conn| {
            query(SQL)
                .bind(&s.token)
                .bind(s.account)
                .bind(&s.actor)
                .bind(&s.csrf)
                .bind(s.created)
                .bind(s.seen)
                .bind(s.authenticated)
                .bind(s.aal)
                .bind(s.ended)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Ends a session now.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn end_session(&mut self, token: &Hash, at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET ended = $2 WHERE token = $1 AND ended IS NULL";
        on!(self.tx, |conn| query(SQL).bind(&token[..]).bind(at.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Ends every session of an account: after suspension, or a new role, password or
    /// second factor.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn end_sessions_of(&mut self, account: Uuid, at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET ended = $2 WHERE account = $1 AND ended IS NULL";
        on!(self.tx, |conn| query(SQL).bind(account).bind(at.0).execute(conn).await?.rows_affected());
        Ok(())
    }
}
