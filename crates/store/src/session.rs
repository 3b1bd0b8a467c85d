//! Sessions: who is signed in. The cookie's value is never stored, only its hash.

use crate::chain::Hash;
use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

/// A session as stored.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// SHA-256 of the cookie's value.
    pub token: Vec<u8>,
    /// Whose it is: the key of a worker, a person or a referral's link. Every session of
    /// somebody ends together, whatever way each was begun.
    pub whose: String,
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
    /// The way in: password, paper, link, made_up.
    pub method: String,
    /// The partner's program through which somebody acts, if any.
    pub client: Option<String>,
    /// The browser, in words for its owner: "Firefox on Windows".
    pub browser: String,
    /// 1 when others use this phone or computer too.
    pub shared: i64,
    /// When it was ended.
    pub ended: Option<i64>,
}

impl SessionRow {
    /// Its id on a page: half of the hash, which opens nothing.
    pub fn id(&self) -> Uuid {
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(&self.token) {
            *to = *from;
        }
        Uuid::from_bytes(half)
    }
}

/// A session and the newest change behind a revision.
#[derive(FromRow)]
struct WithRevision {
    #[sqlx(flatten)]
    session: SessionRow,
    revision: Option<String>,
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

    /// The number of the newest change behind a revision, and the session of a cookie: every
    /// page asks for both, so they are one statement where there is such a session.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_session_and_revision(
        &mut self,
        token: &Hash,
        revision: &str,
    ) -> Result<(i64, Option<SessionRow>), StoreError> {
        const SQL: &str = "SELECT s.*, (SELECT value FROM setting WHERE name = $2) AS revision
                           FROM session s WHERE s.token = $1";
        let found: Option<WithRevision> =
            on!(self, |conn| query_as(SQL).bind(&token[..]).bind(revision).fetch_optional(conn).await?);
        match found {
            Some(WithRevision { session, revision }) => {
                Ok((revision.and_then(|text| text.parse().ok()).unwrap_or(0), Some(session)))
            }
            None => Ok((self.revision(revision).await?, None)),
        }
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

impl Tx {
    /// The sessions of somebody that were not ended, newest use first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_sessions(&mut self, whose: &str) -> Result<Vec<SessionRow>, StoreError> {
        const SQL: &str =
            "SELECT * FROM session WHERE whose = $1 AND ended IS NULL ORDER BY seen DESC, token";
        Ok(on!(self, |conn| query_as(SQL).bind(whose).fetch_all(conn).await?))
    }
}

impl WriteTx {
    /// Keeps a session, or what changed in it.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_session(&mut self, s: &SessionRow) -> Result<(), StoreError> {
        refuse_nul([&s.whose, &s.actor, &s.method, &s.browser].map(String::as_str))?;
        const SQL: &str = "INSERT INTO session
                (token, whose, account, actor, csrf, created, seen, authenticated, aal, method, client, browser,
                 shared, ended)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (token) DO UPDATE SET actor = excluded.actor, seen = excluded.seen,
                authenticated = excluded.authenticated, aal = excluded.aal, ended = excluded.ended";
        on!(self.tx, |conn| {
            query(SQL)
                .bind(&s.token)
                .bind(&s.whose)
                .bind(s.account)
                .bind(&s.actor)
                .bind(&s.csrf)
                .bind(s.created)
                .bind(s.seen)
                .bind(s.authenticated)
                .bind(s.aal)
                .bind(&s.method)
                .bind(&s.client)
                .bind(&s.browser)
                .bind(s.shared)
                .bind(s.ended)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// A session was used. One that was ended meanwhile stays ended.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn touch_session(&mut self, token: &[u8], at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET seen = $2 WHERE token = $1 AND ended IS NULL";
        on!(self.tx, |conn| query(SQL).bind(token).bind(at.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Ends every session of somebody: they said so, or were stopped, or have a new role,
    /// password or second factor.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn end_sessions_whose(&mut self, whose: &str, at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET ended = $2 WHERE whose = $1 AND ended IS NULL";
        on!(self.tx, |conn| query(SQL).bind(whose).bind(at.0).execute(conn).await?.rows_affected());
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
