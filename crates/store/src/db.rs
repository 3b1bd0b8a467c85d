//! Opening a database: SQLite in a folder, or PostgreSQL by URL.

use crate::dialect;
use crate::disk::Disk;
use crate::error::StoreError;
use crate::look::LookWriter;
use crate::tx::{Tx, WriteTx};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgPool, SqlitePool};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// Where the records are.
#[derive(Clone, Debug)]
pub enum Database {
    /// A file in this folder, made if it is absent.
    Folder(PathBuf),
    /// A PostgreSQL server.
    Postgres(String),
}

/// When a commit counts as done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// When the disk says that it has it (`synchronous=FULL`).
    Disk,
    /// At once (`synchronous=OFF`): a power cut loses it. Exists so that the test which
    /// watches for the sync can be shown failing, and for making throw-away data.
    None,
}

/// The pools of one engine. SQLite has one writer; readers open read-only.
#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// A partnership's database, open. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) pools: Pools,
    disk: Disk,
    looks: LookWriter,
}

/// Kilobytes of pages that SQLite's one writer keeps, as its pragma wants it.
const WRITER_CACHE: &str = "-16384";
/// The same for each of the readers. There are eight, and the system keeps the file in
/// memory as well: more here would only hold the same pages eight times.
const READER_CACHE: &str = "-4096";

/// A PostgreSQL connection that was not used for so long is asked whether it is still there.
const RESTED: Duration = Duration::from_secs(1);

/// The name of the file in the folder.
pub const FILE: &str = "kith.db";

impl Store {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// The folder cannot be written, the server cannot be reached, or a migration fails.
    pub async fn open(database: &Database) -> Result<Store, StoreError> {
        Store::open_with(database, Durability::Disk).await
    }

    /// As [`Store::open`], choosing how durable SQLite's commits are. Everything but the
    /// test of durability itself uses [`Durability::Disk`].
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(database: &Database, durability: Durability) -> Result<Store, StoreError> {
        let pools = match database {
            Database::Folder(folder) => open_sqlite(folder, durability).await?,
            Database::Postgres(url) => open_postgres(url).await?,
        };
        let disk = Disk::new();
        let looks = LookWriter::start(pools.clone(), disk.clone());
        Ok(Store { pools, disk, looks })
    }

    /// The name of the engine, for reports.
    pub fn engine(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "SQLite",
            Pools::Postgres(_) => "PostgreSQL",
        }
    }

    /// A read-only transaction over one snapshot.
    ///
    /// # Errors
    /// No connection could be had, or the disk has failed.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Tx::begin_read(&self.pools, &self.disk).await
    }

    /// A writing transaction. On SQLite it is the only one until it ends: while it is open,
    /// do not wait for anything else that writes, such as [`LookWriter::record`].
    ///
    /// # Errors
    /// No connection could be had, or the disk has failed.
    pub async fn write(&self) -> Result<WriteTx, StoreError> {
        WriteTx::begin(&self.pools, &self.disk).await
    }

    /// Returns when the disk has failed a write or a sync, and never otherwise. The program
    /// waits for it beside its other work, and stops: see [`StoreError::must_stop`].
    pub async fn disk_failed(&self) {
        self.disk.failed().await;
    }

    /// How many statements were sent to this database since it was opened, BEGIN and
    /// COMMIT apart: a page is meant to send a fixed number, however much it shows.
    pub fn statements(&self) -> u64 {
        self.disk.statements()
    }

    /// The one writer of the access log.
    pub fn looks(&self) -> &LookWriter {
        &self.looks
    }

    /// Closes every connection. Looks not yet committed are committed first.
    pub async fn close(&self) {
        self.looks.finish().await;
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(folder: &Path, durability: Durability) -> Result<Pools, StoreError> {
    let file = folder.join(FILE);
    make_private(folder, &file)?;
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(dialect::sqlite_synchronous(durability))
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256)
        // Rows cross from SQLite's thread to ours by a queue; a longer one means fewer switches.
        .row_buffer_size(512)
        .pragma("cache_size", WRITER_CACHE)
        .pragma("temp_store", "memory")
        // Words that are taken out are written over in the file, and not only unlinked.
        .pragma("secure_delete", "on")
        .pragma("wal_autocheckpoint", "4000");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await?;
    sqlx::migrate!("migrations/sqlite").run(&write).await?;
    let read = SqlitePoolOptions::new()
        .max_connections(8)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(
            options.read_only(true).synchronous(SqliteSynchronous::Full).pragma("cache_size", READER_CACHE),
        )
        .await?;
    Ok(Pools::Sqlite { write, read })
}

/// What is in the folder is nobody else's to read. SQLite gives the files beside the
/// database the same permissions.
fn make_private(folder: &Path, file: &Path) -> Result<(), StoreError> {
    let mut make = std::fs::DirBuilder::new();
    make.recursive(true);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    make.create(folder)?;
    match options.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

async fn open_postgres(url: &str) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("kith")
        .statement_cache_capacity(256)
        // Whatever the server's own settings: a commit that returned is on its disk.
        .options([
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "60s"),
            ("synchronous_commit", "on"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(5))
        // One that was used a moment ago is there; one that rested may have lost its server.
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move {
                if meta.idle_for > RESTED {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    sqlx::migrate!("migrations/postgres").run(&pool).await?;
    Ok(Pools::Postgres(pool))
}
