//! Moving a partnership from one database to another, of either engine.
//!
//! Rows stream out of one snapshot into one transaction. It is committed only after the
//! digest of what now stands in the new database is equal to the digest of what stands in
//! the old one *at that moment*: a server that still writes to the old one is found out,
//! and nothing is kept. Then the old one is marked, so that it is not served by mistake:
//! two that go on apart could never be put together again.
//!
//! Unlike a backup, a move takes codes and links along that were not used yet. Sessions
//! stay behind: everybody signs in once more.

use super::tables::{Scope, TABLES, Table};
use super::{Growing, OnRows, Sum, rows};
use crate::db::Store;
use crate::dialect;
use crate::error::StoreError;
use crate::setting::MOVED;
use crate::tx::{Tx, WriteTx, on};
use kith_domain::time::Instant;
use sqlx::{AssertSqlSafe, query, query_as};

/// Rows that go over in one statement.
const AT_ONCE: usize = 64;

/// What was moved, table by table; the same in both databases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moved {
    /// Table by table.
    pub tables: Vec<Sum>,
}

impl Moved {
    /// Rows in all tables together.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|t| t.rows).sum()
    }
}

/// How many rows a move will take over.
///
/// # Errors
/// The database could not be read.
pub async fn count_rows(store: &Store) -> Result<u64, StoreError> {
    let mut tx = store.read().await?;
    let mut all = 0;
    for table in TABLES {
        let sql = format!("SELECT COUNT(*) FROM {}", table.name);
        let (n,): (i64,) = on!(tx, |conn| query_as(AssertSqlSafe(sql)).fetch_one(conn).await?);
        all += n.unsigned_abs();
    }
    Ok(all)
}

/// Moves everything into an empty database and proves that both are equal. `mark` is the
/// moment to write down in the old one; without it the old one stays open to be served.
///
/// # Errors
/// The old one was moved before or holds nothing; the new one is not empty; or the old one
/// changed meanwhile. In each case nothing was kept.
pub async fn move_over(
    from: &Store,
    to: &Store,
    mark: Option<Instant>,
    progress: OnRows<'_>,
) -> Result<Moved, StoreError> {
    let mut source = from.read().await?;
    dialect::wait_long(&mut source).await?;
    if let Some(when) = source.find_setting(MOVED).await? {
        return Err(StoreError::Refused(format!("this database was moved away before, on {when}")));
    }
    if source.partnership().await?.is_none() {
        return Err(StoreError::Refused("there is no partnership in the database to move".into()));
    }
    let mut target = to.write().await?;
    dialect::wait_long(&mut target).await?;
    target.refuse_unless_empty().await?;
    let mut sums = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        sums.push(take_over(&mut source, &mut target, table, progress).await?);
    }
    drop(source);
    dialect::go_on_numbering(&mut target).await?;
    if target.digest(Scope::Move).await? != sums {
        return Err(StoreError::Damaged("what stands in the new database is not what was read".into()));
    }
    // Nobody writes to the old one from here on, where that can be held; the digest says
    // whether somebody did before.
    let mut old = from.write().await?;
    dialect::wait_long(&mut old).await?;
    if old.digest(Scope::Move).await? != sums {
        return Err(StoreError::Refused(
            "somebody wrote to the old database meanwhile. Stop kith serve, then move again".into(),
        ));
    }
    target.commit().await?;
    if let Some(at) = mark {
        old.save_setting(MOVED, &day_of(at)).await?;
        old.commit().await?;
    }
    Ok(Moved { tables: sums })
}

/// The day, for whoever reads the mark.
fn day_of(at: Instant) -> String {
    kith_domain::time::Calendar::england().day(at).to_string()
}

/// Streams one table over.
async fn take_over(
    source: &mut Tx,
    target: &mut WriteTx,
    table: &'static Table,
    progress: OnRows<'_>,
) -> Result<Sum, StoreError> {
    let mut growing = Growing::new(table);
    let mut fault = None;
    let mut row = Vec::with_capacity(table.columns.len());
    let mut waiting = Vec::with_capacity(AT_ONCE);
    on!(source, |conn| {
        let mut stream = query(AssertSqlSafe(table.select(Scope::Move))).fetch(conn);
        while let Some(next) = futures::TryStreamExt::try_next(&mut stream).await? {
            rows::decode(&next, table, &mut row)?;
            growing.add(&row);
            waiting.push(row.clone());
            if waiting.len() == AT_ONCE {
                if let Err(error) = target.insert_rows(table, &waiting).await {
                    fault = Some(error);
                    break;
                }
                waiting.clear();
                progress(table.name, growing.rows);
            }
        }
    });
    if let Some(error) = fault {
        return Err(error);
    }
    target.insert_rows(table, &waiting).await?;
    progress(table.name, growing.rows);
    Ok(growing.end())
}
