//! What the commands share: where the database is, the clock, words for what went wrong.

use kith_care::Kith;
use kith_domain::time::Instant;
use kith_store::{Database, Durability, Store};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Where the partnership's records are.
#[derive(clap::Args, Clone, Debug)]
pub struct Where {
    /// The folder of the partnership: its SQLite database, keys and messages to send
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// A PostgreSQL database instead of SQLite in the folder: postgres://user@host/name
    #[arg(long, value_name = "URL", env = "KITH_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl Where {
    /// The database that these say.
    pub fn database(&self) -> Database {
        match &self.database {
            Some(url) => Database::Postgres(url.clone()),
            None => Database::Folder(self.data.clone()),
        }
    }

    /// Opens the database.
    ///
    /// # Errors
    /// It cannot be opened, in words.
    pub async fn store(&self, durability: Durability) -> Result<Store, Problem> {
        let store = Store::open_with(&self.database(), durability).await;
        store.map_err(|cause| Problem::new(self.cannot_open(), &cause))
    }

    /// Opens the partnership in the database.
    ///
    /// # Errors
    /// It cannot be opened, or holds none.
    pub async fn kith(&self, durability: Durability) -> Result<Kith, Problem> {
        let store = self.store(durability).await?;
        Kith::open(store).await.map_err(|cause| Problem::new("The partnership could not be opened", &cause))
    }

    fn cannot_open(&self) -> &'static str {
        match self.database {
            Some(_) => "The PostgreSQL database could not be opened. Check the address, and that the server runs",
            None => "The database could not be opened. Check that the folder exists and can be written",
        }
    }
}

/// What went wrong, in words, with its causes for the one who runs the machine.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Problem(String);

impl Problem {
    /// Words, and below them every cause.
    pub fn new(words: impl Into<String>, cause: &dyn std::error::Error) -> Problem {
        let mut text = format!("{}: {cause}", words.into());
        let mut next = cause.source();
        while let Some(cause) = next {
            let words = cause.to_string();
            if !text.ends_with(&words) {
                text = format!("{text}: {words}");
            }
            next = cause.source();
        }
        Problem(text)
    }

    /// Words alone.
    pub fn say(words: impl Into<String>) -> Problem {
        Problem(words.into())
    }
}

/// Prints a problem and gives the exit code of a failure.
pub fn fail(words: &str) -> ExitCode {
    eprintln!("kith: {words}");
    ExitCode::from(2)
}

/// This moment, by the machine's clock. Nothing else in Kith reads it.
#[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
pub fn now() -> Instant {
    jiff::Timestamp::now().into()
}

/// Logs to standard error. `KITH_LOG` sets how much; nothing personal is ever logged.
pub fn start_log() {
    let filter = EnvFilter::try_from_env("KITH_LOG").unwrap_or_else(|_| EnvFilter::new("warn,kith=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
