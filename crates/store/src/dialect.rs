//! The few places where the two databases differ, with a sentence each.

use crate::db::{Durability, Pools};
use crate::error::StoreError;
use crate::tx::{Engine, Tx};
use sqlx::sqlite::SqliteSynchronous;
use sqlx::{Postgres, Sqlite, Transaction};
use uuid::Uuid;

/// SQLite waits for the disk at each commit (FULL) unless told not to.
pub(crate) fn sqlite_synchronous(durability: Durability) -> SqliteSynchronous {
    match durability {
        Durability::Disk => SqliteSynchronous::Full,
        Durability::None => SqliteSynchronous::Off,
    }
}

/// A look reads one snapshot. SQLite gives that to any transaction; PostgreSQL must be
/// asked for REPEATABLE READ.
pub(crate) async fn begin_read(pools: &Pools) -> Result<Engine, StoreError> {
    Ok(match pools {
        Pools::Sqlite { read, .. } => Engine::Sqlite(read.begin().await?),
        Pools::Postgres(pool) => {
            Engine::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
        }
    })
}

/// SQLite takes its one write lock at the start: a transaction that reads first and
/// writes later would fail at once if another wrote in between.
pub(crate) async fn begin_write(pools: &Pools) -> Result<Engine, StoreError> {
    Ok(match pools {
        Pools::Sqlite { write, .. } => Engine::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
        Pools::Postgres(pool) => Engine::Postgres(pool.begin().await?),
    })
}

/// PostgreSQL locks the head row; on SQLite the transaction already excludes others.
pub(crate) async fn lock_chain(tx: &mut Tx, id: Uuid) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    Ok(match &mut tx.engine {
        Engine::Sqlite(t) => {
            sqlx::query_as("SELECT number, hash FROM chain WHERE id = $1").bind(id).fetch_optional(&mut **t).await?
        }
        Engine::Postgres(t) => {
            sqlx::query_as("SELECT number, hash FROM chain WHERE id = $1 FOR UPDATE")
                .bind(id)
                .fetch_optional(&mut **t)
                .await?
        }
    })
}

/// The database's own clock in microseconds: leases must not trust a server's clock.
pub(crate) async fn database_clock(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(match &mut tx.engine {
        Engine::Sqlite(t) => {
            sqlx::query_scalar("SELECT CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER)")
                .fetch_one(&mut **t)
                .await?
        }
        Engine::Postgres(t) => {
            sqlx::query_scalar("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)")
                .fetch_one(&mut **t)
                .await?
        }
    })
}

/// The last journal row that a follower may read. PostgreSQL gives out numbers before
/// commit, so rows of transactions still running could appear behind the cursor: only
/// those below the oldest running transaction are safe. SQLite has one writer.
pub(crate) async fn safe_horizon(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(match &mut tx.engine {
        Engine::Sqlite(_) => i64::MAX,
        Engine::Postgres(t) => {
            sqlx::query_scalar("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)")
                .fetch_one(&mut **t)
                .await?
        }
    })
}

/// The journal rows after a cursor, up to the horizon. The cursor is a pair: the
/// transaction and the row. SQLite has no transaction numbers and uses zero.
pub(crate) async fn journal_after(
    tx: &mut Tx,
    (xact, seq): (i64, i64),
    horizon: i64,
    most: i64,
) -> Result<Vec<(i64, i64, Uuid, i64)>, StoreError> {
    Ok(match &mut tx.engine {
        Engine::Sqlite(t) => {
            sqlx::query_as(
                "SELECT 0, seq, record, version FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2",
            )
            .bind(seq)
            .bind(most)
            .fetch_all(&mut **t)
            .await?
        }
        Engine::Postgres(t) => {
            sqlx::query_as(
                "SELECT xact, seq, record, version FROM journal
                 WHERE (xact, seq) > ($1, $2) AND xact < $3 ORDER BY xact, seq LIMIT $4",
            )
            .bind(xact)
            .bind(seq)
            .bind(horizon)
            .bind(most)
            .fetch_all(&mut **t)
            .await?
        }
    })
}

/// The names of the migrations' folders hold the same files; a transaction of either
/// engine ends the same way.
pub(crate) async fn commit(engine: Engine) -> Result<(), StoreError> {
    match engine {
        Engine::Sqlite(t) => commit_one::<Sqlite>(t).await,
        Engine::Postgres(t) => commit_one::<Postgres>(t).await,
    }
}

async fn commit_one<DB: sqlx::Database>(t: Transaction<'static, DB>) -> Result<(), StoreError> {
    t.commit().await?;
    Ok(())
}
