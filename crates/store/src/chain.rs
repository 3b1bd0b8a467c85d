//! The hash chains: one for each person, each organisation, and each writer of looks.
//!
//! A journal entry is a small header and, apart from it, a payload. The header holds a
//! commitment: SHA-256 over a random salt and the bytes as stored. A payload can so be
//! destroyed by the retention process while the chain still verifies. The hash of an
//! entry covers its header and the hash before it.

use crate::dialect;
use crate::error::StoreError;
use crate::tx::{WriteTx, on};
use sha2::{Digest, Sha256};
use sqlx::{query, query_as};
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

/// The heads locked by one transaction, and which of them moved.
#[derive(Default)]
pub(crate) struct Heads(BTreeMap<Uuid, (Head, bool)>);

/// Hashes fields so that no two lists of fields give the same bytes: each is preceded
/// by its length.
pub(crate) struct Fields(Sha256);

impl Fields {
    pub(crate) fn new(what: &str) -> Fields {
        Fields(Sha256::new()).field(what.as_bytes())
    }
    pub(crate) fn field(mut self, bytes: &[u8]) -> Fields {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
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
    /// each other. Call it before reading what the change depends on.
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
        if let Some((head, _)) = self.heads.0.get(&id) {
            return Ok(*head);
        }
        let mut row = dialect::lock_chain(&mut self.tx, id).await?;
        if row.is_none() {
            const SQL: &str = "INSERT INTO chain (id, kind, number, hash) VALUES ($1, $2, 0, $3)
                               ON CONFLICT (id) DO NOTHING";
            on!(self.tx, |conn| query(SQL).bind(id).bind(kind.code()).bind(&START[..]).execute(conn).await?);
            row = dialect::lock_chain(&mut self.tx, id).await?;
        }
        let (number, hash) = row.ok_or(StoreError::Missing)?;
        let head = Head { number, hash: to_hash(&hash)? };
        self.heads.0.insert(id, (head, false));
        Ok(head)
    }

    pub(crate) fn advance(&mut self, id: Uuid, head: Head) {
        self.heads.0.insert(id, (head, true));
    }

    pub(crate) async fn flush_heads(&mut self) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE chain SET number = $2, hash = $3 WHERE id = $1";
        for (id, (head, moved)) in std::mem::take(&mut self.heads.0) {
            if moved {
                let hash = head.hash;
                on!(self.tx, |conn| query(SQL).bind(id).bind(head.number).bind(&hash[..]).execute(conn).await?);
            }
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
