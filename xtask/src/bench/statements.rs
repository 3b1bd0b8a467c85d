//! How many statements each row runs: counted in the log of a server that tells every one of them
//! (`sqlx::query=debug`), apart from the measurement of time. BEGIN and COMMIT are not among them.

use super::rows::Row;
use crate::http::Visitor;
use crate::kith::Serving;
use crate::load;
use std::time::Duration;

/// What the server is told to tell.
pub const TELL: &str = "warn,sqlx::query=debug";

/// Statements of one doing of each row, after one that filled the caches.
pub fn count(serving: &Serving, rows: &[Row]) -> Result<Vec<Option<usize>>, String> {
    wait_until_quiet(serving);
    rows.iter().map(|row| of_row(serving, row)).collect()
}

fn of_row(serving: &Serving, row: &Row) -> Result<Option<usize>, String> {
    let mut visitor = Visitor::new(serving.port, Duration::from_secs(60));
    if let Some(user) = row.user {
        load::sign_in(&mut visitor, user)?;
    }
    let mut doing = row.doing.clone();
    // What can be sent once was sent, but for the last.
    let Some(last) = doing.paths.pop() else { return Ok(None) };
    doing.paths = vec![last];
    if doing.ready {
        // The page with the form is opened first and not counted.
        let Ok(form) = doing.filled_in(&mut visitor, (0, super::microseconds_now())) else { return Ok(None) };
        let before = told(serving);
        visitor.post(&form.action, &form.fields).map_err(|cause| cause.to_string())?;
        return Ok(Some(after(serving, before)));
    }
    if doing.form.is_none() {
        doing.once(&mut visitor, (0, 0), &mut 0)?;
    }
    let before = told(serving);
    doing.once(&mut visitor, (1, super::microseconds_now()), &mut 0)?;
    Ok(Some(after(serving, before)))
}

fn after(serving: &Serving, before: usize) -> usize {
    // What is told just before an answer leaves may reach the file just after it.
    std::thread::sleep(Duration::from_millis(60));
    told(serving) - before
}

fn told(serving: &Serving) -> usize {
    serving.said().matches("sqlx::query").count()
}

/// What runs beside the pages at the start (the daily job, waits) ends first.
fn wait_until_quiet(serving: &Serving) {
    let mut before = usize::MAX;
    for _ in 0..600 {
        let now = told(serving);
        if now == before {
            return;
        }
        before = now;
        std::thread::sleep(Duration::from_secs(1));
    }
}
