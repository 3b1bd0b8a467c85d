//! Further ways in: passkeys, places elsewhere that say who somebody is, what is under way
//! until it is answered, and colleagues who said that a worker is who they say.

use crate::chain::Hash;
use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::time::Instant;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

/// A passkey as stored: only its public half.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PasskeyRow {
    /// The id that the phone or computer gave it.
    pub id: Vec<u8>,
    /// The key of its owner.
    pub whose: String,
    /// As whom it signs in, as canonical JSON.
    pub actor: String,
    /// What its owner calls it.
    pub name: String,
    /// The public key, as COSE (RFC 9052).
    pub cose: Vec<u8>,
    /// How often it has signed; 0 for those that do not count.
    pub counter: i64,
    /// When it was made.
    pub created: i64,
    /// When it was last used.
    pub seen: Option<i64>,
}

/// Who somebody is to another place.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ElsewhereRow {
    /// The place, by the address under which it issues.
    pub issuer: String,
    /// Its name for them.
    pub subject: String,
    /// The key of whoever it is here.
    pub whose: String,
    /// As whom it signs in, as canonical JSON.
    pub actor: String,
    /// When they were joined.
    pub created: i64,
    /// When it was last used.
    pub seen: Option<i64>,
}

/// A colleague who said that a worker is who they say.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct VouchRow {
    /// Who said so.
    pub voucher: Uuid,
    /// How they knew, by its code.
    pub how: String,
    /// When.
    pub at: i64,
}

impl Tx {
    /// The passkey with this id.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_passkey(&mut self, id: &[u8]) -> Result<Option<PasskeyRow>, StoreError> {
        const SQL: &str = "SELECT * FROM passkey WHERE id = $1";
        Ok(on!(self, |conn| query_as(SQL).bind(id).fetch_optional(conn).await?))
    }

    /// Somebody's passkeys, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_passkeys(&mut self, whose: &str) -> Result<Vec<PasskeyRow>, StoreError> {
        const SQL: &str = "SELECT * FROM passkey WHERE whose = $1 ORDER BY created, id";
        Ok(on!(self, |conn| query_as(SQL).bind(whose).fetch_all(conn).await?))
    }

    /// Whom another place's subject is joined to.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_elsewhere(
        &mut self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<ElsewhereRow>, StoreError> {
        if refuse_nul([issuer, subject]).is_err() {
            return Ok(None);
        }
        const SQL: &str = "SELECT * FROM elsewhere WHERE issuer = $1 AND subject = $2";
        Ok(on!(self, |conn| query_as(SQL).bind(issuer).bind(subject).fetch_optional(conn).await?))
    }

    /// The places elsewhere that somebody is joined to, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_elsewhere(&mut self, whose: &str) -> Result<Vec<ElsewhereRow>, StoreError> {
        const SQL: &str = "SELECT * FROM elsewhere WHERE whose = $1 ORDER BY created, issuer, subject";
        Ok(on!(self, |conn| query_as(SQL).bind(whose).fetch_all(conn).await?))
    }

    /// Who has said since a moment that a worker is who they say, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_vouches(
        &mut self,
        worker: Uuid,
        role: &str,
        since: Instant,
    ) -> Result<Vec<VouchRow>, StoreError> {
        const SQL: &str = "SELECT voucher, how, at FROM vouch
                           WHERE worker = $1 AND role = $2 AND at > $3 ORDER BY at, voucher";
        Ok(on!(self, |conn| query_as(SQL).bind(worker).bind(role).bind(since.0).fetch_all(conn).await?))
    }
}

impl WriteTx {
    /// Keeps a new passkey. False when there is one with its id: then nothing changed.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_passkey(&mut self, p: &PasskeyRow) -> Result<bool, StoreError> {
        refuse_nul([&p.whose, &p.actor, &p.name].map(String::as_str))?;
        const SQL: &str = "INSERT INTO passkey (id, whose, actor, name, cose, counter, created, seen)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
        let done = on!(self.tx, |conn| query(SQL)
            .bind(&p.id)
            .bind(&p.whose)
            .bind(&p.actor)
            .bind(&p.name)
            .bind(&p.cose)
            .bind(p.counter)
            .bind(p.created)
            .bind(p.seen)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(done == 1)
    }

    /// A passkey was used. False when its count has gone past this one meanwhile, or it is
    /// gone: then somebody else has used it.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn use_passkey(&mut self, id: &[u8], counter: i64, at: Instant) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE passkey SET counter = $2, seen = $3
                           WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))";
        let done = on!(self.tx, |conn| query(SQL)
            .bind(id)
            .bind(counter)
            .bind(at.0)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(done == 1)
    }

    /// Gives a passkey another name. Its owner's only.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn rename_passkey(&mut self, id: &[u8], whose: &str, name: &str) -> Result<bool, StoreError> {
        refuse_nul([name])?;
        const SQL: &str = "UPDATE passkey SET name = $3 WHERE id = $1 AND whose = $2";
        let done = on!(self.tx, |conn| query(SQL)
            .bind(id)
            .bind(whose)
            .bind(name)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(done == 1)
    }

    /// Forgets a passkey. Its owner's only.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn remove_passkey(&mut self, id: &[u8], whose: &str) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM passkey WHERE id = $1 AND whose = $2";
        let done = on!(self.tx, |conn| query(SQL).bind(id).bind(whose).execute(conn).await?.rows_affected());
        Ok(done == 1)
    }

    /// Forgets every passkey of somebody: they could not be theirs any more.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_passkeys(&mut self, whose: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM passkey WHERE whose = $1";
        on!(self.tx, |conn| query(SQL).bind(whose).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Joins another place's subject to somebody. False when it is joined already.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_elsewhere(&mut self, e: &ElsewhereRow) -> Result<bool, StoreError> {
        refuse_nul([&e.issuer, &e.subject, &e.whose, &e.actor].map(String::as_str))?;
        const SQL: &str = "INSERT INTO elsewhere (issuer, subject, whose, actor, created, seen)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (issuer, subject) DO NOTHING";
        let done = on!(self.tx, |conn| query(SQL)
            .bind(&e.issuer)
            .bind(&e.subject)
            .bind(&e.whose)
            .bind(&e.actor)
            .bind(e.created)
            .bind(e.seen)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(done == 1)
    }

    /// Somebody came in from another place.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn touch_elsewhere(
        &mut self,
        issuer: &str,
        subject: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE elsewhere SET seen = $3 WHERE issuer = $1 AND subject = $2";
        on!(self.tx, |conn| query(SQL)
            .bind(issuer)
            .bind(subject)
            .bind(at.0)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Parts somebody from a place elsewhere.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn remove_elsewhere(&mut self, issuer: &str, whose: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM elsewhere WHERE issuer = $1 AND whose = $2";
        on!(self.tx, |conn| query(SQL).bind(issuer).bind(whose).execute(conn).await?.rows_affected());
        Ok(())
    }

    /// Keeps what is under way until a moment, and forgets what nobody answered in time.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_waiting(
        &mut self,
        key: &Hash,
        (kind, detail): (&str, &str),
        (now, until): (Instant, Instant),
    ) -> Result<(), StoreError> {
        refuse_nul([kind, detail])?;
        const OLD: &str = "DELETE FROM waiting WHERE expires <= $1";
        on!(self.tx, |conn| query(OLD).bind(now.0).execute(conn).await?.rows_affected());
        const SQL: &str = "INSERT INTO waiting (key, kind, detail, expires) VALUES ($1, $2, $3, $4)";
        on!(self.tx, |conn| query(SQL)
            .bind(&key[..])
            .bind(kind)
            .bind(detail)
            .bind(until.0)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Forgets the oldest of one kind that are under way, beyond the newest `most`. Gives how many.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_waiting_beyond(&mut self, kind: &str, most: i64) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM waiting WHERE key IN
            (SELECT key FROM waiting WHERE kind = $1 ORDER BY expires DESC, key LIMIT 1000 OFFSET $2)";
        Ok(on!(self.tx, |conn| query(SQL).bind(kind).bind(most).execute(conn).await?.rows_affected()))
    }

    /// Takes what is under way: it can be taken once.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn take_waiting(
        &mut self,
        key: &Hash,
        kind: &str,
        now: Instant,
    ) -> Result<Option<String>, StoreError> {
        const FIND: &str = "SELECT detail FROM waiting WHERE key = $1 AND kind = $2 AND expires > $3";
        let found: Option<(String,)> = on!(self.tx, |conn| query_as(FIND)
            .bind(&key[..])
            .bind(kind)
            .bind(now.0)
            .fetch_optional(conn)
            .await?);
        const TAKE: &str = "DELETE FROM waiting WHERE key = $1 AND kind = $2";
        let taken =
            on!(self.tx, |conn| query(TAKE).bind(&key[..]).bind(kind).execute(conn).await?.rows_affected());
        Ok(found.filter(|_| taken == 1).map(|(detail,)| detail))
    }

    /// Keeps that a colleague said so. Said again, the newer counts.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_vouch(&mut self, worker: Uuid, role: &str, v: &VouchRow) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO vouch (worker, role, voucher, how, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (worker, role, voucher) DO UPDATE SET how = excluded.how, at = excluded.at";
        on!(self.tx, |conn| query(SQL)
            .bind(worker)
            .bind(role)
            .bind(v.voucher)
            .bind(&v.how)
            .bind(v.at)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Forgets what colleagues said about a worker: it was used, or is not wanted.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_vouches(&mut self, worker: Uuid) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM vouch WHERE worker = $1";
        on!(self.tx, |conn| query(SQL).bind(worker).execute(conn).await?.rows_affected());
        Ok(())
    }
}
