//! Transactions over either engine, and the macro that runs one statement on both.

use crate::chain::Heads;
use crate::db::Pools;
use crate::dialect;
use crate::disk::Disk;
use crate::error::StoreError;
use crate::pending::Pending;
use sqlx::{Postgres, Sqlite, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

/// The transaction of one engine.
pub(crate) enum Engine {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// One body, both engines, nothing else: the parts of `on!` and of the pending rows.
macro_rules! raw {
    ($tx:expr, |$conn:ident| $body:expr) => {{
        $tx.count(1);
        // A failed statement spoils the transaction: were the caller to go on and commit,
        // SQLite would keep half of the change and PostgreSQL none of it.
        let result: Result<_, sqlx::Error> = match &mut $tx.engine {
            $crate::tx::Engine::Sqlite(t) => {
                let $conn = &mut **t;
                async { Ok($body) }.await
            }
            $crate::tx::Engine::Postgres(t) => {
                let $conn = &mut **t;
                async { Ok($body) }.await
            }
        };
        result.map_err(|error| $tx.spoil(error))?
    }};
}
pub(crate) use raw;

/// One body, both engines: `on!(tx, |conn| query(SQL).bind(id).execute(conn).await?.rows_affected())`.
/// Rows that wait to be written are written first, so that every statement sees them.
macro_rules! on {
    ($tx:expr, |$conn:ident| $body:expr) => {{
        $tx.settle().await?;
        $crate::tx::raw!($tx, |$conn| $body)
    }};
}
pub(crate) use on;

/// A transaction: one snapshot, read-only unless it is inside a [`WriteTx`].
pub struct Tx {
    pub(crate) engine: Engine,
    statements: u32,
    pub(crate) pending: Pending,
    failed: bool,
    disk: Disk,
}

impl Tx {
    fn over(engine: Engine, disk: &Disk) -> Tx {
        Tx { engine, statements: 0, pending: Pending::default(), failed: false, disk: disk.clone() }
    }

    pub(crate) async fn begin_read(pools: &Pools, disk: &Disk) -> Result<Tx, StoreError> {
        disk.check()?;
        Ok(Tx::over(dialect::begin_read(pools).await.inspect_err(|e| disk.note(e))?, disk))
    }

    /// Remembers that a statement failed.
    pub(crate) fn spoil(&mut self, error: sqlx::Error) -> StoreError {
        self.failed = true;
        let error = StoreError::from(error);
        self.disk.note(&error);
        error
    }

    /// Counts statements sent, here and for the whole database.
    pub(crate) fn count(&mut self, statements: u32) {
        self.statements += statements;
        self.disk.sent(statements);
    }

    /// How many statements this transaction has run: pages assert a fixed number.
    pub fn statements(&self) -> u32 {
        self.statements
    }
}

/// A transaction that writes. Nothing it did is visible, or kept, before
/// [`WriteTx::commit`] has returned.
pub struct WriteTx {
    pub(crate) tx: Tx,
    pub(crate) heads: Heads,
    pub(crate) revisions: BTreeSet<&'static str>,
    /// Entries of the directory that this transaction changed, with their kind.
    pub(crate) listed: BTreeMap<uuid::Uuid, &'static str>,
}

impl WriteTx {
    pub(crate) async fn begin(pools: &Pools, disk: &Disk) -> Result<WriteTx, StoreError> {
        disk.check()?;
        let engine = dialect::begin_write(pools).await.inspect_err(|e| disk.note(e))?;
        Ok(WriteTx {
            tx: Tx::over(engine, disk),
            heads: Heads::default(),
            revisions: BTreeSet::new(),
            listed: BTreeMap::new(),
        })
    }

    /// Writes what waits, then the new chain heads, and commits. When this returns the
    /// change is on disk. Dropping the transaction instead undoes all of it.
    ///
    /// # Errors
    /// A statement of this transaction failed, before or now: nothing was kept. Or
    /// [`StoreError::Commit`]: whether it was kept is not known, and where
    /// [`StoreError::must_stop`] says so the process ends.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.tx.settle().await?;
        self.flush_revisions().await?;
        self.flush_heads().await?;
        if self.tx.failed {
            return Err(StoreError::Refused(
                "a statement of this change failed, so none of it was kept".into(),
            ));
        }
        let Tx { engine, disk, .. } = self.tx;
        dialect::commit(engine).await.inspect_err(|error| disk.note(error))
    }
}

impl Deref for WriteTx {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}
impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}
