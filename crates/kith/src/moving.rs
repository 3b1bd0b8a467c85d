//! `kith move`: a partnership from one database to another, of either engine, with a proof
//! that both are equal.

use crate::cli::Move;
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_domain::time::Instant;
use kith_store::db::FILE;
use kith_store::{Database, Store, copy};
use serde_json::json;
use std::path::PathBuf;

/// Moves it.
///
/// # Errors
/// There is nothing to move, the new database is not empty, or the old one changed
/// meanwhile. Then nothing was moved.
pub(crate) async fn run(options: &Move, now: Instant) -> Result<Answer, CliError> {
    let (from, to) = (place(&options.from), place(&options.to));
    if let Database::Folder(folder) = &from
        && !folder.join(FILE).exists()
    {
        return Err(CliError::new(format!("There is no database in {}.", folder.display())));
    }
    let (old, new) = (Store::open(&from).await?, Store::open(&to).await?);
    let bar = show::bar(copy::count_rows(&old).await?, "Moving");
    let (mut before, mut last): (u64, (&str, u64)) = (0, ("", 0));
    let mut progress = |table: &'static str, rows: u64| {
        if table != last.0 {
            before += last.1;
        }
        last = (table, rows);
        bar.set_message(table);
        bar.set_position(before + rows);
    };
    let mark = (!options.keep_serving).then_some(now);
    let moved = copy::move_over(&old, &new, mark, &mut progress).await;
    bar.finish_and_clear();
    if moved.is_ok() {
        open::indexed(&new).await?;
    }
    let engines = (old.engine(), new.engine());
    old.close().await;
    new.close().await;
    let moved = moved?;
    if options.json {
        show::json(&json!({
            "from": engines.0, "to": engines.1, "rows": moved.rows(), "tables": moved.tables,
            "equal": true, "old_closed": mark.is_some(),
        }))?;
        return Ok(Answer::Fine);
    }
    show::line(&format!(
        "Moved from {} to {}, and proven to be equal: {} rows in {} tables.",
        engines.0,
        engines.1,
        show::number(moved.rows()),
        moved.tables.len()
    ));
    if mark.is_some() {
        show::line(
            "The old database is closed: kith serve refuses it. Everybody signs in once more in the new one.",
        );
    } else {
        show::line(
            "The old database can still be served. Never serve both: they could not be put together again.",
        );
    }
    Ok(Answer::Fine)
}

/// A folder, or a PostgreSQL server.
fn place(text: &str) -> Database {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        Database::Postgres(text.to_owned())
    } else {
        Database::Folder(PathBuf::from(text))
    }
}
