//! Messages that wait to leave: content-free, each cleared by the safe-contact function
//! before it was put here. At least once, with an id that stays the same.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::id::PersonId;
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

/// A message as stored.
#[derive(Clone, Debug, FromRow)]
pub struct OutboxRow {
    /// The message's id, the same at each try.
    pub id: Uuid,
    /// When it was put here.
    pub at: i64,
    /// About whom, so that a death can stop it.
    pub person: Option<Uuid>,
    /// email, sms, print.
    pub channel: String,
    /// Where to.
    pub address: String,
    /// Its subject line.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// Told once: a second message with this key is not kept.
    pub dedupe: String,
    /// When it left.
    pub sent: Option<i64>,
    /// Why it will not leave.
    pub stopped: Option<String>,
}

impl Tx {
    /// The messages that have not left and are not stopped, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_outbox(&mut self, most: u32) -> Result<Vec<OutboxRow>, StoreError> {
        const SQL: &str =
            "SELECT * FROM outbox WHERE sent IS NULL AND stopped IS NULL ORDER BY at, id LIMIT $1";
        Ok(on!(self, |conn| query_as(SQL).bind(i64::from(most)).fetch_all(conn).await?))
    }
}

impl WriteTx {
    /// Puts a message in the outbox; does nothing when its key is there already.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_message(&mut self, m: &OutboxRow) -> Result<(), StoreError> {
        refuse_nul([&m.address, &m.subject, &m.body, &m.dedupe].map(String::as_str))?;
        const SQL: &str = "INSERT INTO outbox (id, at, person, channel, address, subject, body, dedupe)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (dedupe) DO NOTHING";
        on!(self.tx, |conn| {
            query(SQL)
                .bind(m.id)
                .bind(m.at)
                .bind(m.person)
                .bind(&m.channel)
                .bind(&m.address)
                .bind(&m.subject)
                .bind(&m.body)
                .bind(&m.dedupe)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Marks a message as gone.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_sent(&mut self, id: Uuid, at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET sent = $2 WHERE id = $1 AND sent IS NULL";
        on!(self.tx, |conn| query(SQL).bind(id).bind(at.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Stops every message about a person that has not left.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn stop_messages(&mut self, person: PersonId, why: &str) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE outbox SET stopped = $2 WHERE person = $1 AND sent IS NULL AND stopped IS NULL";
        on!(self.tx, |conn| query(SQL).bind(person.0).bind(why).execute(conn).await?.rows_affected());
        Ok(())
    }
}
