//! The hash chains: one for each person, each organisation, and each writer of looks.
//!
//! A journal entry is a small header and, apart from it, a payload. The header holds a
//! commitment: SHA-256 over a random salt and the bytes as stored. A payload can so be
//! destroyed by the retention process while the chain still verifies. The hash of an
//! entry covers its header and the hash before it.

use crate::dialect;
use crate::error::StoreError;
use crate::pending::batch;
use crate::tx::{WriteTx, on, raw};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, query, query_as};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Thirty-two bytes of SHA-256.
pub type Hash = [u8; 32];

/// The hash before the first entry of a chain.
pub const START: Hash = [0; 32];

/// What a chain is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChainKind {
    /// One person.
    Person,
    /// One organisation.
    Organisation,
    /// The looks written by one process.
    Looks,
}

impl ChainKind {
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            ChainKind::Person => "person",
            ChainKind::Organisation => "organisation",
            ChainKind::Looks => "looks",
        }
    }
}

/// The newest entry of a chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// How many entries there are.
    pub number: i64,
    /// The hash of the last.
    pub hash: Hash,
}

/// A head that this transaction has locked.
#[derive(Clone, Copy)]
struct Locked {
    head: Head,
    kind: ChainKind,
    moved: bool,
}

/// The heads locked by one transaction.
#[derive(Default)]
pub(crate) struct Heads(BTreeMap<Uuid, Locked>);

/// Hashes fields so that no two lists of fields give the same bytes: each is preceded
/// by its length.
pub(crate) struct Fields(Sha256);

impl Fields {
    pub(crate) fn new(what: &str) -> Fields {
        Fields(Sha256::new()).field(what.as_bytes())
    }
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
    pub(crate) fn field(mut self, bytes: &[u8]) -> Fields {
        self.add(bytes);
        self
    }
    pub(crate) fn number(self, n: i64) -> Fields {
        self.field(&n.to_be_bytes())
    }
    pub(crate) fn id(self, id: Option<Uuid>) -> Fields {
        match id {
            Some(id) => self.field(id.as_bytes()),
            None => self.field(b""),
        }
    }
    pub(crate) fn text(self, text: Option<&str>) -> Fields {
        // None and empty must differ: none is a marker that is not valid text.
        self.field(text.map_or(&b"\xff"[..], str::as_bytes))
    }
    pub(crate) fn end(self) -> Hash {
        self.0.finalize().into()
    }
}

/// The commitment to a payload.
pub fn commitment(salt: &[u8], body: &[u8]) -> Hash {
    Fields::new("kith payload 1").field(salt).field(body).end()
}

impl WriteTx {
    /// Locks chains in the order of their ids, so that two transactions never wait for
    /// each other: persons first, then organisations, each in one call. Call it before
    /// reading what the change depends on.
    ///
    /// # Errors
    /// The database could not lock them in time.
    pub async fn lock(&mut self, kind: ChainKind, ids: &[Uuid]) -> Result<(), StoreError> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            self.head(kind, id).await?;
        }
        Ok(())
    }

    /// The head of a chain, locked; a new chain starts at zero.
    pub(crate) async fn head(&mut self, kind: ChainKind, id: Uuid) -> Result<Head, StoreError> {
        if let Some(at) = self.heads.0.get(&id) {
            return Ok(at.head);
        }
        let head = match dialect::lock_chain(&mut self.tx, kind, id).await? {
            Some((number, hash)) => Head { number, hash: to_hash(&hash)? },
            None => Head { number: 0, hash: START },
        };
        self.heads.0.insert(id, Locked { head, kind, moved: false });
        Ok(head)
    }

    /// Takes a head as it is known, without reading or locking it: only for a chain that nobody
    /// else writes to.
    pub(crate) fn knows(&mut self, kind: ChainKind, id: Uuid, head: Head) {
        self.heads.0.insert(id, Locked { head, kind, moved: false });
    }

    /// Moves a locked head.
    pub(crate) fn advance(&mut self, id: Uuid, head: Head) {
        if let Some(at) = self.heads.0.get_mut(&id) {
            *at = Locked { head, moved: true, ..*at };
        }
    }

    pub(crate) async fn flush_heads(&mut self) -> Result<(), StoreError> {
        const INTO: &str = "INSERT INTO chain (id, kind, number, hash)";
        const MOVE: &str = "ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash";
        let heads = std::mem::take(&mut self.heads.0);
        let moved: Vec<(Uuid, Locked)> = heads.into_iter().filter(|(_, at)| at.moved).collect();
        let mut moved = &moved[..];
        while !moved.is_empty() {
            let (now, later) = moved.split_at(batch(moved.len()));
            moved = later;
            let sql = dialect::insert(&self.tx.engine, INTO, 4, now.len(), MOVE);
            raw!(self.tx, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for (id, at) in now {
                    q = q.bind(*id).bind(at.kind.code()).bind(at.head.number).bind(&at.head.hash[..]);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }
}

impl crate::tx::Tx {
    /// Every chain with its head, in the order of ids.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_chains(&mut self) -> Result<Vec<(Uuid, String, Head)>, StoreError> {
        const SQL: &str = "SELECT id, kind, number, hash FROM chain ORDER BY id";
        let rows: Vec<(Uuid, String, i64, Vec<u8>)> = on!(self, |conn| query_as(SQL).fetch_all(conn).await?);
        rows.into_iter()
            .map(|(id, kind, number, hash)| Ok((id, kind, Head { number, hash: to_hash(&hash)? })))
            .collect()
    }
}

/// Bytes from the database as a hash.
pub(crate) fn to_hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("a stored hash does not have 32 bytes".into()))
}
