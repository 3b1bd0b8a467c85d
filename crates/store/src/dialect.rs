//! The few places where the two databases differ, with a sentence each.

use crate::chain::{ChainKind, START};
use crate::db::{Durability, Pools};
use crate::error::StoreError;
use crate::tx::{Engine, Tx};
use sqlx::sqlite::SqliteSynchronous;
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
/// writes later would fail at once if another wrote in between. PostgreSQL sees, after
/// the wait for a head row, what the one before committed, whatever its own default is.
pub(crate) async fn begin_write(pools: &Pools) -> Result<Engine, StoreError> {
    Ok(match pools {
        Pools::Sqlite { write, .. } => Engine::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
        Pools::Postgres(pool) => {
            Engine::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
        }
    })
}

/// The head of a chain, locked until the transaction ends. PostgreSQL locks the row, and
/// must first make it for a new chain: two transactions may begin the same chain at
/// once, and the second waits here. On SQLite the transaction already excludes others.
pub(crate) async fn lock_chain(
    tx: &mut Tx,
    kind: ChainKind,
    id: Uuid,
) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    const READ: &str = "SELECT number, hash FROM chain WHERE id = $1";
    const LOCK: &str = "SELECT number, hash FROM chain WHERE id = $1 FOR UPDATE";
    const MAKE: &str = "INSERT INTO chain (id, kind, number, hash) VALUES ($1, $2, 0, $3)
                        ON CONFLICT (id) DO UPDATE SET number = chain.number RETURNING number, hash";
    tx.count(1);
    let mut made = false;
    let head = match &mut tx.engine {
        Engine::Sqlite(t) => sqlx::query_as(READ).bind(id).fetch_optional(&mut **t).await?,
        Engine::Postgres(t) => match sqlx::query_as(LOCK).bind(id).fetch_optional(&mut **t).await? {
            Some(head) => Some(head),
            None => {
                made = true;
                let make = sqlx::query_as(MAKE).bind(id).bind(kind.code()).bind(&START[..]);
                make.fetch_optional(&mut **t).await?
            }
        },
    };
    tx.count(u32::from(made));
    Ok(head)
}

/// An INSERT of many rows. SQLite looks a numbered parameter up by walking a list, which
/// for a thousand of them costs more than the insert; PostgreSQL has numbered ones only.
pub(crate) fn insert(engine: &Engine, into: &str, columns: usize, rows: usize, tail: &str) -> String {
    let mut sql = String::with_capacity(into.len() + tail.len() + rows * columns * 5 + 16);
    sql.push_str(into);
    sql.push(' ');
    rows_of_parameters(&mut sql, engine, columns, rows);
    sql.push(' ');
    sql.push_str(tail);
    sql
}

/// Rows of values to compare with: `VALUES (...), (...)`.
pub(crate) fn values(engine: &Engine, columns: usize, rows: usize) -> String {
    let mut sql = String::with_capacity(rows * columns * 5 + 16);
    rows_of_parameters(&mut sql, engine, columns, rows);
    sql
}

fn rows_of_parameters(sql: &mut String, engine: &Engine, columns: usize, rows: usize) {
    sql.push_str("VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "" } else { ", " });
        parameters(sql, engine, row * columns, columns);
    }
}

/// A statement that ends with a list of many values: `... WHERE record IN (...)`.
pub(crate) fn with_list(engine: &Engine, start: &str, values: usize) -> String {
    let mut sql = format!("{start} IN ");
    parameters(&mut sql, engine, 0, values);
    sql
}

fn parameters(sql: &mut String, engine: &Engine, before: usize, count: usize) {
    for n in 0..count {
        sql.push(if n == 0 { '(' } else { ',' });
        match engine {
            Engine::Sqlite(_) => sql.push('?'),
            Engine::Postgres(_) => {
                sql.push('$');
                sql.push_str(&(before + n + 1).to_string());
            }
        }
    }
    sql.push(')');
}

/// The lease of a job, so that it cannot be taken before this transaction ends: a job that
/// found it still its own must not commit after another has begun. PostgreSQL locks the
/// row; on SQLite nobody else writes meanwhile.
pub(crate) async fn lock_lease(tx: &mut Tx, name: &str) -> Result<Option<(Uuid, i64, i64)>, StoreError> {
    const READ: &str = "SELECT holder, fence, until FROM lease WHERE name = $1";
    const LOCK: &str = "SELECT holder, fence, until FROM lease WHERE name = $1 FOR SHARE";
    tx.count(1);
    Ok(match &mut tx.engine {
        Engine::Sqlite(t) => sqlx::query_as(READ).bind(name).fetch_optional(&mut **t).await?,
        Engine::Postgres(t) => sqlx::query_as(LOCK).bind(name).fetch_optional(&mut **t).await?,
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
            sqlx::query_as("SELECT 0, seq, record, version FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2")
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

/// A transaction of either engine ends the same way. When the commit itself fails,
/// nobody can say whether it was kept.
pub(crate) async fn commit(engine: Engine) -> Result<(), StoreError> {
    match engine {
        Engine::Sqlite(t) => t.commit().await,
        Engine::Postgres(t) => t.commit().await,
    }
    .map_err(StoreError::Commit)
}

/// SQLite reports that a write or a sync did not reach the disk by the code of
/// input/output errors (10); what is in the file is then not known. PostgreSQL looks
/// after its own disk and stops by itself.
pub(crate) fn disk_failed(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else { return false };
    let sqlite = error.try_downcast_ref::<sqlx::sqlite::SqliteError>();
    sqlite
        .and_then(|e| sqlx::error::DatabaseError::code(e).and_then(|c| c.parse::<i32>().ok()))
        .is_some_and(|c| c & 0xff == 10)
}

/// PostgreSQL numbers journal rows itself and takes a number from outside only when told
/// so in the statement; SQLite takes it as it comes.
pub(crate) fn keeping_numbers(engine: &Engine, numbered: bool) -> &'static str {
    match engine {
        Engine::Postgres(_) if numbered => "OVERRIDING SYSTEM VALUE",
        _ => "",
    }
}

/// A move reads one database to its end while the other waits; PostgreSQL would end the one
/// that waits after a minute.
pub(crate) async fn wait_long(tx: &mut Tx) -> Result<(), StoreError> {
    if let Engine::Postgres(t) = &mut tx.engine {
        sqlx::query("SET LOCAL idle_in_transaction_session_timeout = 0").execute(&mut **t).await?;
    }
    Ok(())
}

/// After rows came in with their numbers, PostgreSQL must be told where to go on.
pub(crate) async fn go_on_numbering(tx: &mut Tx) -> Result<(), StoreError> {
    const SQL: &str =
        "SELECT setval(pg_get_serial_sequence('journal', 'seq'), (SELECT MAX(seq) FROM journal))";
    if let Engine::Postgres(t) = &mut tx.engine {
        let _: Option<i64> = sqlx::query_scalar(SQL).fetch_one(&mut **t).await?;
    }
    Ok(())
}
