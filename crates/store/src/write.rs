//! Writing a record: the new version, its index rows and its journal entry, in one
//! transaction. Nothing is ever deleted here.

use crate::chain::{ChainKind, Fields, Head, Hash, commitment};
use crate::error::StoreError;
use crate::setting::revision_of;
use crate::tx::{WriteTx, on};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::record::{Author, Meta, Record, Saved};
use kith_domain::time::{Day, Instant};
use sqlx::{query, query_as};
use uuid::Uuid;

/// Who writes, when, and why they may.
#[derive(Clone, Debug)]
pub struct Writing {
    /// The moment of the change.
    pub at: Instant,
    /// Who writes.
    pub author: Author,
    /// Whose words or wish it is, when the author writes for another.
    pub recorded_for: Option<Author>,
    /// The basis on which it was decided (a rule id and, where there is one, a reference).
    pub basis: String,
}

/// Where a new record belongs.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord {
    /// A fresh UUID version 7.
    pub id: RecordId,
    /// Whom it is about, if anybody.
    pub person: Option<PersonId>,
    /// Whose part of the record it is.
    pub owner: OrganisationId,
}

/// The header of a journal entry as it is hashed and stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The chain it belongs to.
    pub chain: Uuid,
    /// Its number in the chain, from 1.
    pub number: i64,
    /// Whom it is about.
    pub person: Option<Uuid>,
    /// The record.
    pub record: Uuid,
    /// The version that it made.
    pub version: i64,
    /// The kind of record.
    pub kind: String,
    /// The number of the stored form.
    pub schema: i64,
    /// What was done, in words.
    pub action: String,
    /// When, in microseconds UTC.
    pub at: i64,
    /// Who, as canonical JSON.
    pub author: String,
    /// For whom, as canonical JSON.
    pub recorded_for: Option<String>,
    /// The owning organisation.
    pub owner: Uuid,
    /// On what basis.
    pub basis: String,
    /// The hash of the entry before.
    pub previous: Hash,
    /// The commitment to the payload.
    pub commitment: Hash,
}

impl Header {
    /// The hash of this entry, which the next entry carries.
    pub fn hash(&self) -> Hash {
        Fields::new("kith journal 1")
            .id(Some(self.chain))
            .number(self.number)
            .id(self.person)
            .id(Some(self.record))
            .number(self.version)
            .field(self.kind.as_bytes())
            .number(self.schema)
            .field(self.action.as_bytes())
            .number(self.at)
            .field(self.author.as_bytes())
            .text(self.recorded_for.as_deref())
            .id(Some(self.owner))
            .field(self.basis.as_bytes())
            .field(&self.previous)
            .field(&self.commitment)
            .end()
    }
}

/// Days since 1970-01-01, the stored form of a day.
pub(crate) fn day_number(day: Day) -> i64 {
    i64::from(kith_domain::time::days_between(jiff::civil::date(1970, 1, 1), day))
}

/// The index columns of a record, computed from its value alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub area: &'static str,
    pub sensitivity: i64,
    pub state: &'static str,
    pub open: i64,
    pub due: Option<i64>,
    pub sort: String,
    pub links: Vec<(&'static str, Uuid)>,
}

pub(crate) fn index_of<T: Record>(value: &T, entered_in_error: bool) -> Index {
    let label = value.label();
    let mut links: Vec<_> = value.links().into_iter().map(|l| (l.role, l.target)).collect();
    links.sort_unstable();
    links.dedup();
    Index {
        area: label.area.code(),
        sensitivity: label.sensitivity.level(),
        state: value.state(),
        open: i64::from(value.open() && !entered_in_error),
        due: value.due().map(day_number),
        sort: value.sort_key(),
        links,
    }
}

pub(crate) fn canonical<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Unreadable { kind: "value", cause })
}

impl WriteTx {
    /// Writes the first version of a record.
    ///
    /// # Errors
    /// The id is already taken, or the database could not do it.
    pub async fn create<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        new: NewRecord,
        value: &T,
    ) -> Result<Saved<T>, StoreError> {
        let meta = Meta {
            id: new.id,
            version: 1,
            at: writing.at,
            created: writing.at,
            author: writing.author,
            created_by: writing.author,
            recorded_for: writing.recorded_for,
            person: new.person,
            owner: new.owner,
            entered_in_error: false,
        };
        self.put(writing, action, meta, value).await
    }

    /// Writes a new version over the one that was read.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody saved in between: nothing is overwritten.
    pub async fn change<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        old: &Meta,
        value: &T,
    ) -> Result<Saved<T>, StoreError> {
        let meta = self.next_meta(writing, old).await?;
        self.put(writing, action, meta, value).await
    }

    /// Takes a record back as a mistake. It stays in the journal.
    ///
    /// # Errors
    /// As [`WriteTx::change`].
    pub async fn enter_in_error<T: Record>(
        &mut self,
        writing: &Writing,
        old: &Saved<T>,
    ) -> Result<Saved<T>, StoreError> {
        let mut meta = self.next_meta(writing, &old.meta).await?;
        meta.entered_in_error = true;
        self.put(writing, "entered in error", meta, &old.value).await
    }

    async fn next_meta(&mut self, writing: &Writing, old: &Meta) -> Result<Meta, StoreError> {
        const SQL: &str = "SELECT version FROM record WHERE id = $1";
        let (chain, kind) = chain_of(old);
        self.head(kind, chain).await?;
        let id = old.id.0;
        let now: Option<(i64,)> = on!(self.tx, |conn| query_as(SQL).bind(id).fetch_optional(conn).await?);
        let now = now.ok_or(StoreError::Missing)?.0;
        if now != i64::from(old.version) {
            let now = u32::try_from(now).unwrap_or(u32::MAX);
            return Err(StoreError::Conflict { id: old.id, expected: old.version, now });
        }
        Ok(Meta {
            version: old.version + 1,
            at: writing.at,
            author: writing.author,
            recorded_for: writing.recorded_for,
            ..old.clone()
        })
    }

    async fn put<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        meta: Meta,
        value: &T,
    ) -> Result<Saved<T>, StoreError> {
        let body = canonical(value)?;
        let index = index_of(value, meta.entered_in_error);
        let number = self.journal::<T>(writing, action, &meta, &body).await?;
        self.put_row::<T>(&meta, &body, &index, number).await?;
        self.put_links::<T>(&meta, &index).await?;
        self.revisions.extend(revision_of(T::KIND));
        Ok(Saved { meta, value: value.clone() })
    }

    async fn journal<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        meta: &Meta,
        body: &str,
    ) -> Result<i64, StoreError> {
        const ENTRY: &str = "INSERT INTO journal
            (chain, number, person, record, version, kind, schema, action, at, author, recorded_for, owner, basis,
             previous, commitment, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        const PAYLOAD: &str = "INSERT INTO payload (record, version, salt, body) VALUES ($1, $2, $3, $4)";
        let (chain, kind) = chain_of(meta);
        let head = self.head(kind, chain).await?;
        let mut salt = [0u8; 16];
        getrandom::fill(&mut salt).map_err(|e| StoreError::Refused(format!("no randomness from the system: {e}")))?;
        let header = Header {
            chain,
            number: head.number + 1,
            person: meta.person.map(|p| p.0),
            record: meta.id.0,
            version: i64::from(meta.version),
            kind: T::KIND.code().to_owned(),
            schema: i64::from(T::SCHEMA),
            action: if meta.entered_in_error { "entered in error".into() } else { action.to_owned() },
            at: meta.at.0,
            author: canonical(&meta.author)?,
            recorded_for: meta.recorded_for.as_ref().map(canonical).transpose()?,
            owner: meta.owner.0,
            basis: writing.basis.clone(),
            previous: head.hash,
            commitment: commitment(&salt, body.as_bytes()),
        };
        let hash = header.hash();
        let h = &header;
        on!(self.tx, |conn| {
            query(ENTRY)
                .bind(h.chain)
                .bind(h.number)
                .bind(h.person)
                .bind(h.record)
                .bind(h.version)
                .bind(&h.kind)
                .bind(h.schema)
                .bind(&h.action)
                .bind(h.at)
                .bind(&h.author)
                .bind(&h.recorded_for)
                .bind(h.owner)
                .bind(&h.basis)
                .bind(&h.previous[..])
                .bind(&h.commitment[..])
                .bind(&hash[..])
                .execute(conn)
                .await?;
        });
        on!(self.tx, |conn| {
            query(PAYLOAD).bind(h.record).bind(h.version).bind(&salt[..]).bind(body).execute(conn).await?;
        });
        self.advance(chain, Head { number: header.number, hash });
        Ok(header.number)
    }

    async fn put_row<T: Record>(
        &mut self,
        meta: &Meta,
        body: &str,
        index: &Index,
        number: i64,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO record
            (id, kind, person, owner, version, schema, at, created, author, created_by, recorded_for,
             entered_in_error, area, sensitivity, state, open, due, sort, body, chain, number)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
            ON CONFLICT (id) DO UPDATE SET
                version = excluded.version, schema = excluded.schema, at = excluded.at, author = excluded.author,
                recorded_for = excluded.recorded_for, entered_in_error = excluded.entered_in_error,
                area = excluded.area, sensitivity = excluded.sensitivity, state = excluded.state,
                open = excluded.open, due = excluded.due, sort = excluded.sort, body = excluded.body,
                number = excluded.number";
        let (chain, _) = chain_of(meta);
        let author = canonical(&meta.author)?;
        let created_by = canonical(&meta.created_by)?;
        let recorded_for = meta.recorded_for.as_ref().map(canonical).transpose()?;
        on!(self.tx, |conn| {
            query(SQL)
                .bind(meta.id.0)
                .bind(T::KIND.code())
                .bind(meta.person.map(|p| p.0))
                .bind(meta.owner.0)
                .bind(i64::from(meta.version))
                .bind(i64::from(T::SCHEMA))
                .bind(meta.at.0)
                .bind(meta.created.0)
                .bind(&author)
                .bind(&created_by)
                .bind(&recorded_for)
                .bind(i64::from(meta.entered_in_error))
                .bind(index.area)
                .bind(index.sensitivity)
                .bind(index.state)
                .bind(index.open)
                .bind(index.due)
                .bind(&index.sort)
                .bind(body)
                .bind(chain)
                .bind(number)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    async fn put_links<T: Record>(&mut self, meta: &Meta, index: &Index) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM record_link WHERE record = $1";
        const ADD: &str = "INSERT INTO record_link (target, role, record, kind, person, open, due)
                           VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let id = meta.id.0;
        if meta.version > 1 {
            on!(self.tx, |conn| query(CLEAR).bind(id).execute(conn).await?);
        }
        for (role, target) in &index.links {
            on!(self.tx, |conn| {
                query(ADD)
                    .bind(target)
                    .bind(*role)
                    .bind(id)
                    .bind(T::KIND.code())
                    .bind(meta.person.map(|p| p.0))
                    .bind(index.open)
                    .bind(index.due)
                    .execute(conn)
                    .await?;
            });
        }
        Ok(())
    }
}

/// The chain that a record belongs to: its person's, or its organisation's.
pub(crate) fn chain_of(meta: &Meta) -> (Uuid, ChainKind) {
    match meta.person {
        Some(person) => (person.0, ChainKind::Person),
        None => (meta.owner.0, ChainKind::Organisation),
    }
}
