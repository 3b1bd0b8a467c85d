//! Messages that wait to leave: content-free, each cleared by the safe-contact function
//! before it was put here and again when it is taken to be sent. At least once, with an
//! id that stays the same.
//!
//! A message is *waiting* until it is *sent*, *stopped* (it may not leave any more) or
//! *dead* (it was tried too often; a person looks at it). When it is over, its text is
//! erased: a link that opens a request does not lie about in the database.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::id::PersonId;
use kith_domain::may_send::MayLeave;
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

/// A message to be kept.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The message's id, the same at each try.
    pub id: Uuid,
    /// When it was put here, in microseconds since 1970 UTC.
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
    /// What is asked again when it is about to leave, as JSON.
    pub guard: Option<String>,
}

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
    /// What is asked again when it is about to leave, as JSON.
    pub guard: Option<String>,
    /// The fence of the run that is sending it now.
    pub taken: Option<i64>,
    /// How often it was tried.
    pub tries: i64,
    /// Not tried again before this moment.
    pub next_try: i64,
    /// What went wrong at the last try.
    pub trouble: Option<String>,
    /// When it was given up.
    pub dead: Option<i64>,
}

/// How many messages wait, and how many were given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCount {
    /// Waiting to leave.
    pub waiting: i64,
    /// When the oldest of them was put here.
    pub oldest: Option<i64>,
    /// Given up.
    pub dead: i64,
}

impl Tx {
    /// The messages that still wait, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_outbox(&mut self, most: u32) -> Result<Vec<OutboxRow>, StoreError> {
        const SQL: &str = "SELECT * FROM outbox WHERE sent IS NULL AND stopped IS NULL AND dead IS NULL
                           ORDER BY at, id LIMIT $1";
        Ok(on!(self, |conn| query_as(SQL).bind(i64::from(most)).fetch_all(conn).await?))
    }

    /// The message that has waited longest among those that are due. Nobody has taken it
    /// by this: see [`WriteTx::take_message`].
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_due_message(&mut self, now: Instant) -> Result<Option<OutboxRow>, StoreError> {
        const SQL: &str = "SELECT * FROM outbox
            WHERE sent IS NULL AND stopped IS NULL AND dead IS NULL AND next_try <= $1
            ORDER BY at, id LIMIT 1";
        Ok(on!(self, |conn| query_as(SQL).bind(now.0).fetch_optional(conn).await?))
    }

    /// A message by the key under which it is told once.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_message(&mut self, dedupe: &str) -> Result<Option<OutboxRow>, StoreError> {
        const SQL: &str = "SELECT * FROM outbox WHERE dedupe = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(dedupe).fetch_optional(conn).await?))
    }

    /// The messages that were given up, the newest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_dead_messages(&mut self, most: u32) -> Result<Vec<OutboxRow>, StoreError> {
        const SQL: &str = "SELECT * FROM outbox WHERE dead IS NOT NULL AND stopped IS NULL AND sent IS NULL
                           ORDER BY dead DESC, id LIMIT $1";
        Ok(on!(self, |conn| query_as(SQL).bind(i64::from(most)).fetch_all(conn).await?))
    }

    /// How many messages wait, since when, and how many were given up.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn count_outbox(&mut self) -> Result<OutboxCount, StoreError> {
        const WAITING: &str = "SELECT COUNT(*), MIN(at) FROM outbox
                               WHERE sent IS NULL AND stopped IS NULL AND dead IS NULL";
        const DEAD: &str =
            "SELECT COUNT(*) FROM outbox WHERE dead IS NOT NULL AND stopped IS NULL AND sent IS NULL";
        let (waiting, oldest): (i64, Option<i64>) =
            on!(self, |conn| query_as(WAITING).fetch_one(conn).await?);
        let (dead,): (i64,) = on!(self, |conn| query_as(DEAD).fetch_one(conn).await?);
        Ok(OutboxCount { waiting, oldest, dead })
    }
}

impl WriteTx {
    /// Puts a message in the outbox, on the guard's answer or as one of the few that it has
    /// nothing to say about; does nothing when its key is there already.
    ///
    /// # Errors
    /// What it may leave on does not cover it, or the database could not do it.
    pub async fn record_message(&mut self, m: &NewMessage, may: MayLeave<'_>) -> Result<(), StoreError> {
        if !may.covers(m.person.is_some(), &m.address) {
            return Err(StoreError::Refused("a message was not cleared for where it goes".into()));
        }
        refuse_nul([&m.address, &m.subject, &m.body, &m.dedupe].map(String::as_str))?;
        const SQL: &str =
            "INSERT INTO outbox (id, at, person, channel, address, subject, body, dedupe, guard)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (dedupe) DO NOTHING";
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
                .bind(&m.guard)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Says whom a waiting message is about, once that is known.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn set_message_person(&mut self, dedupe: &str, person: PersonId) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET person = $2 WHERE dedupe = $1 AND person IS NULL";
        on!(self.tx, |conn| query(SQL).bind(dedupe).bind(person.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Takes a waiting message to be sent by the run with this fence, and counts the try.
    /// False when it does not wait any more.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn take_message(&mut self, id: Uuid, fence: i64) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE outbox SET taken = $2, tries = tries + 1
                           WHERE id = $1 AND sent IS NULL AND stopped IS NULL AND dead IS NULL";
        let done = on!(self.tx, |conn| query(SQL).bind(id).bind(fence).execute(conn).await?.rows_affected());
        Ok(done == 1)
    }

    /// Marks a message as gone and erases its text. True to the end: whoever really sent
    /// it says so, even if another run has taken it meanwhile.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_sent(&mut self, id: Uuid, at: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET sent = $2, taken = NULL, trouble = NULL, dead = NULL, body = ''
                           WHERE id = $1 AND sent IS NULL";
        on!(self.tx, |conn| query(SQL).bind(id).bind(at.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// A try failed: not before `next_try` again. Nothing happens when another run has
    /// taken the message since.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_trouble(
        &mut self,
        id: Uuid,
        fence: i64,
        next_try: Instant,
        trouble: &str,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET taken = NULL, next_try = $3, trouble = $4
                           WHERE id = $1 AND taken = $2 AND sent IS NULL";
        on!(self.tx, |conn| {
            query(SQL)
                .bind(id)
                .bind(fence)
                .bind(next_try.0)
                .bind(trouble)
                .execute(conn)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// A message is given up. Nothing happens when another run has taken it since.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_dead(
        &mut self,
        id: Uuid,
        fence: i64,
        at: Instant,
        trouble: &str,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET taken = NULL, dead = $3, trouble = $4
                           WHERE id = $1 AND taken = $2 AND sent IS NULL";
        on!(self.tx, |conn| {
            query(SQL).bind(id).bind(fence).bind(at.0).bind(trouble).execute(conn).await?.rows_affected()
        });
        Ok(())
    }

    /// Not before this moment, for a reason that is nobody's fault: the hour.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn postpone_message(&mut self, id: Uuid, until: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET next_try = $2 WHERE id = $1 AND sent IS NULL";
        on!(self.tx, |conn| query(SQL).bind(id).bind(until.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// A message may not leave any more; its text is erased.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn stop_message(&mut self, id: Uuid, why: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET stopped = $2, taken = NULL, body = ''
                           WHERE id = $1 AND sent IS NULL AND stopped IS NULL";
        on!(self.tx, |conn| query(SQL).bind(id).bind(why).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Lets a message that was given up wait again, from the first try. False when it is
    /// not one of those.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn revive_message(&mut self, id: Uuid, now: Instant) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE outbox SET dead = NULL, tries = 0, next_try = $2, at = $2
                           WHERE id = $1 AND dead IS NOT NULL AND sent IS NULL AND stopped IS NULL";
        let done = on!(self.tx, |conn| query(SQL).bind(id).bind(now.0).execute(conn).await?.rows_affected());
        Ok(done == 1)
    }

    /// Lets every message that was given up wait again.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn revive_messages(&mut self, now: Instant) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET dead = NULL, tries = 0, next_try = $1, at = $1
                           WHERE dead IS NOT NULL AND sent IS NULL AND stopped IS NULL";
        on!(self.tx, |conn| query(SQL).bind(now.0).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Stops every message about a person that has not left.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn stop_messages(&mut self, person: PersonId, why: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET stopped = $2, body = ''
                           WHERE person = $1 AND sent IS NULL AND stopped IS NULL";
        on!(self.tx, |conn| query(SQL).bind(person.0).bind(why).execute(conn).await?.rows_affected());
        Ok(())
    }
}
