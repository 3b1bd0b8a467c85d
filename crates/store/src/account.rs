//! Accounts: a login name, a password hash, the secret of a code app.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

/// An account as stored. `who` is the canonical JSON of whom it belongs to.
#[derive(Clone, FromRow)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Whose it is, as JSON.
    pub who: String,
    /// The name typed at sign-in, lower case.
    pub login: String,
    /// The password hash in PHC form (argon2id).
    pub password: String,
    /// The secret shared with the code app, if one was set up.
    pub totp: Option<Vec<u8>>,
    /// The last 30-second step whose code was used: a code works once.
    pub totp_step: i64,
    /// Wrong tries in a row.
    pub failed: i64,
    /// No try counts before this moment.
    pub wait_until: i64,
    /// 1 when suspended.
    pub suspended: i64,
    /// When it was made.
    pub created: i64,
}

impl Tx {
    /// The account with this login name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_account(&mut self, login: &str) -> Result<Option<Account>, StoreError> {
        if refuse_nul([login]).is_err() {
            return Ok(None);
        }
        const SQL: &str = "SELECT * FROM account WHERE login = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(login).fetch_optional(conn).await?))
    }
}

impl Tx {
    /// The account with this id.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_account_by_id(&mut self, id: Uuid) -> Result<Option<Account>, StoreError> {
        const SQL: &str = "SELECT * FROM account WHERE id = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(id).fetch_optional(conn).await?))
    }
}

/// An account without its secrets.
#[derive(Clone, Debug, FromRow)]
pub struct AccountLine {
    /// Its id.
    pub id: Uuid,
    /// Whose it is, as JSON.
    pub who: String,
    /// The name typed at sign-in.
    pub login: String,
}

impl Tx {
    /// The account of somebody, by the canonical JSON of who they are.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_account_of(&mut self, who: &str) -> Result<Option<Account>, StoreError> {
        const SQL: &str = "SELECT * FROM account WHERE who = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(who).fetch_optional(conn).await?))
    }

    /// Every account, without its secrets, by login name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_accounts(&mut self) -> Result<Vec<AccountLine>, StoreError> {
        const SQL: &str = "SELECT id, who, login FROM account ORDER BY login";
        Ok(on!(self, |conn| query_as(SQL).fetch_all(conn).await?))
    }
}

impl WriteTx {
    /// Makes or replaces an account.
    ///
    /// # Errors
    /// The login name belongs to another account, or the database could not do it.
    pub async fn save_account(&mut self, a: &Account) -> Result<(), StoreError> {
        refuse_nul([&a.who, &a.login, &a.password].map(String::as_str))?;
        const SQL: &str = "INSERT INTO account
                (id, who, login, password, totp, totp_step, failed, wait_until, suspended, created)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET login = excluded.login, password = excluded.password,
                totp = excluded.totp, totp_step = excluded.totp_step, failed = excluded.failed,
                wait_until = excluded.wait_until, suspended = excluded.suspended";
        on!(self.tx, |conn| {
            query(SQL)
                .bind(a.id)
                .bind(&a.who)
                .bind(&a.login)
                .bind(&a.password)
                .bind(&a.totp)
                .bind(a.totp_step)
                .bind(a.failed)
                .bind(a.wait_until)
                .bind(a.suspended)
                .bind(a.created)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Counts a wrong try and says from when the next one counts.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_wrong_try(&mut self, id: Uuid, wait_until: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE account SET failed = failed + 1, wait_until = $2 WHERE id = $1";
        on!(self.tx, |conn| query(SQL).bind(id).bind(wait_until.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Uses the code of one 30-second step and clears the wrong tries. False when that
    /// step or a later one was used already.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn use_totp_step(&mut self, id: Uuid, step: i64) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE account SET totp_step = $2, failed = 0, wait_until = 0
                           WHERE id = $1 AND totp_step < $2";
        let done = on!(self.tx, |conn| query(SQL).bind(id).bind(step).execute(conn).await?.rows_affected());
        Ok(done == 1)
    }
}
