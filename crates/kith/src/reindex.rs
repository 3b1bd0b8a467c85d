//! `kith reindex`: makes anew what records are found by. After an update it happens by itself,
//! when the place is served; this is for doing it before, or again.

use crate::cli::Reindex;
use crate::error::{Answer, CliError};
use crate::{open, show};
use kith_store::reindex::{is_done, reindex};
use serde_json::json;

/// Makes it anew, whether it is due or not.
///
/// # Errors
/// There is no database, a record cannot be read, or the database could not do it.
pub(crate) async fn run(options: &Reindex) -> Result<Answer, CliError> {
    let store = open::existing(&options.place).await?;
    let bar = show::bar(0, "Making the index anew");
    let mut records = 0;
    let changed = reindex(&store, &mut |at| {
        records = at.done;
        bar.set_length(at.total);
        bar.set_position(at.done);
    })
    .await;
    bar.finish_and_clear();
    let changed = changed?;
    is_done(&store).await?;
    store.close().await;
    if options.json {
        show::json(&json!({ "records": records, "changed": changed }))?;
    } else {
        show::line(&format!(
            "{} records were looked at; what {} of them are found by was put right.",
            show::number(records),
            show::number(changed)
        ));
    }
    Ok(Answer::Fine)
}
