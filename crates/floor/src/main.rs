//! The floor of the measurements: a bare server that answers `/row/N` with one row of an SQLite
//! database and does nothing else. What a page of Kith costs is told as a multiple of what this costs
//! in the same run on the same machine, so that the figure means something on other machines.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use clap::Parser;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// How many rows there are; more than fit in one page of the database.
const ROWS: i64 = 10_000;

/// The least that a page from a database can cost.
#[derive(Parser)]
struct Options {
    /// The database file, made when it is not there
    #[arg(long)]
    database: PathBuf,
    /// The port of loopback
    #[arg(long)]
    port: u16,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let connect = SqliteConnectOptions::new()
        .filename(&options.database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(connect).await?;
    fill(&pool).await?;
    let app = axum::Router::new().route("/", get(ready)).route("/row/{id}", get(row)).with_state(pool);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn fill(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query("CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
        .execute(pool)
        .await?;
    let mut tx = pool.begin().await?;
    for id in 0..ROWS {
        // About as long as a short record of Kith.
        let text = format!("row {id} {}", "words ".repeat(100));
        sqlx::query("INSERT OR IGNORE INTO line (id, text) VALUES ($1, $2)")
            .bind(id)
            .bind(text)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await
}

async fn ready() -> &'static str {
    "ready"
}

async fn row(State(pool): State<SqlitePool>, Path(id): Path<i64>) -> Result<String, StatusCode> {
    let found: Option<(String,)> = sqlx::query_as("SELECT text FROM line WHERE id = $1")
        .bind(id)
        .fetch_optional(&pool)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    found.map(|(text,)| text).ok_or(StatusCode::NOT_FOUND)
}
