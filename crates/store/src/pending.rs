//! Rows that a transaction has decided on and not yet sent to the database.
//!
//! A change writes a journal entry, a payload, the current row and its links. Sent one
//! by one they cost a round trip each; gathered, thousands of records go in with a few
//! statements of many rows. Nobody can tell the difference: every other statement of the
//! transaction, and its commit, sends what waits first (`on!` in [`crate::tx`]).

use crate::chain::Hash;
use crate::dialect;
use crate::error::StoreError;
use crate::tx::{Tx, raw};
use crate::write::{Header, Index};
use kith_domain::record::Meta;
use sqlx::{AssertSqlSafe, query};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The start of every statement that makes links.
pub(crate) const LINKS_INTO: &str = "INSERT INTO record_link (target, role, record, kind, person, open, due)";

/// So many journal entries wait at most.
const MOST: usize = 512;

/// A journal entry with its payload.
pub(crate) struct Entry {
    pub header: Header,
    pub hash: Hash,
    pub salt: [u8; 16],
    pub body: String,
}

/// A current row with its links. The texts of the journal entry are reused.
pub(crate) struct Current {
    pub meta: Meta,
    pub kind: &'static str,
    pub schema: i64,
    pub author: String,
    pub created_by: String,
    pub recorded_for: Option<String>,
    pub index: Index,
    pub body: String,
    pub chain: Uuid,
    pub number: i64,
    /// Earlier links may be stored.
    pub clear: bool,
}

/// What waits, and which versions this transaction has made.
#[derive(Default)]
pub(crate) struct Pending {
    entries: Vec<Entry>,
    /// One row a record: of several versions only the last need reach the table, and
    /// PostgreSQL refuses to touch a row twice in one statement.
    current: BTreeMap<Uuid, Current>,
    versions: HashMap<Uuid, (i64, &'static str)>,
}

impl Pending {
    /// The version of a record that this transaction has made itself, and its kind.
    pub(crate) fn version(&self, record: Uuid) -> Option<(i64, &'static str)> {
        self.versions.get(&record).copied()
    }
}

/// How many rows the next statement takes of those that wait: a few fixed sizes, so that
/// the prepared statements stay few.
pub(crate) fn batch(waiting: usize) -> usize {
    match waiting {
        64.. => 64,
        16.. => 16,
        few => few.min(8),
    }
}

impl Tx {
    /// Lets an entry and its row wait, and sends everything when much has gathered.
    pub(crate) async fn wait(&mut self, entry: Entry, mut current: Current) -> Result<(), StoreError> {
        let id = current.meta.id.0;
        let pending = &mut self.pending;
        pending.versions.insert(id, (entry.header.version, current.kind));
        pending.entries.push(entry);
        if let Some(before) = pending.current.remove(&id) {
            current.clear = before.clear;
        }
        pending.current.insert(id, current);
        if pending.entries.len() >= MOST { self.settle().await } else { Ok(()) }
    }

    /// Sends what waits.
    pub(crate) async fn settle(&mut self) -> Result<(), StoreError> {
        if self.pending.entries.is_empty() {
            return Ok(());
        }
        let entries = std::mem::take(&mut self.pending.entries);
        let current: Vec<Current> = std::mem::take(&mut self.pending.current).into_values().collect();
        self.send_entries(&entries).await?;
        self.send_payloads(&entries).await?;
        self.send_current(&current).await?;
        self.clear_links(&current).await?;
        self.send_links(&current).await
    }

    async fn send_entries(&mut self, mut entries: &[Entry]) -> Result<(), StoreError> {
        const INTO: &str =
            "INSERT INTO journal (chain, number, person, record, version, kind, schema, action, at,
            author, recorded_for, owner, basis, previous, commitment, hash)";
        while !entries.is_empty() {
            let (now, later) = entries.split_at(batch(entries.len()));
            entries = later;
            let sql = dialect::insert(&self.engine, INTO, 16, now.len(), "");
            raw!(self, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for Entry { header: h, hash, .. } in now {
                    q = q
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
                        .bind(&hash[..]);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }

    async fn send_payloads(&mut self, mut entries: &[Entry]) -> Result<(), StoreError> {
        const INTO: &str = "INSERT INTO payload (record, version, salt, body)";
        while !entries.is_empty() {
            let (now, later) = entries.split_at(batch(entries.len()));
            entries = later;
            let sql = dialect::insert(&self.engine, INTO, 4, now.len(), "");
            raw!(self, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for e in now {
                    q = q.bind(e.header.record).bind(e.header.version).bind(&e.salt[..]).bind(&e.body);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }

    async fn send_current(&mut self, mut current: &[Current]) -> Result<(), StoreError> {
        const INTO: &str = "INSERT INTO record (id, kind, person, owner, version, schema, at, created, author,
            created_by, recorded_for, entered_in_error, area, sensitivity, state, open, due, sort, body, chain, number)";
        const NEWER: &str = "ON CONFLICT (id) DO UPDATE SET
            version = excluded.version, schema = excluded.schema, at = excluded.at, author = excluded.author,
            recorded_for = excluded.recorded_for, entered_in_error = excluded.entered_in_error,
            area = excluded.area, sensitivity = excluded.sensitivity, state = excluded.state,
            open = excluded.open, due = excluded.due, sort = excluded.sort, body = excluded.body,
            number = excluded.number";
        while !current.is_empty() {
            let (now, later) = current.split_at(batch(current.len()));
            current = later;
            let sql = dialect::insert(&self.engine, INTO, 21, now.len(), NEWER);
            raw!(self, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for c in now {
                    q = q
                        .bind(c.meta.id.0)
                        .bind(c.kind)
                        .bind(c.meta.person.map(|p| p.0))
                        .bind(c.meta.owner.0)
                        .bind(i64::from(c.meta.version))
                        .bind(c.schema)
                        .bind(c.meta.at.0)
                        .bind(c.meta.created.0)
                        .bind(&c.author)
                        .bind(&c.created_by)
                        .bind(&c.recorded_for)
                        .bind(i64::from(c.meta.entered_in_error))
                        .bind(c.index.area)
                        .bind(c.index.sensitivity)
                        .bind(c.index.state)
                        .bind(c.index.open)
                        .bind(c.index.due)
                        .bind(&c.index.sort)
                        .bind(&c.body)
                        .bind(c.chain)
                        .bind(c.number);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }

    async fn clear_links(&mut self, current: &[Current]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = current.iter().filter(|c| c.clear).map(|c| c.meta.id.0).collect();
        let mut ids = &ids[..];
        while !ids.is_empty() {
            let (now, later) = ids.split_at(batch(ids.len()));
            ids = later;
            let sql = dialect::with_list(&self.engine, "DELETE FROM record_link WHERE record", now.len());
            raw!(self, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for id in now {
                    q = q.bind(*id);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }

    async fn send_links(&mut self, current: &[Current]) -> Result<(), StoreError> {
        let links: Vec<_> = current
            .iter()
            .flat_map(|c| c.index.links.iter().map(move |(role, target)| (c, *role, *target)))
            .collect();
        let mut links = &links[..];
        while !links.is_empty() {
            let (now, later) = links.split_at(batch(links.len()));
            links = later;
            let sql = dialect::insert(&self.engine, LINKS_INTO, 7, now.len(), "");
            raw!(self, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for (c, role, target) in now {
                    q = q
                        .bind(*target)
                        .bind(*role)
                        .bind(c.meta.id.0)
                        .bind(c.kind)
                        .bind(c.meta.person.map(|p| p.0))
                        .bind(c.index.open)
                        .bind(c.index.due);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }
}
