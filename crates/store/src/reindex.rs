//! Making the index anew from the values.
//!
//! The index columns and links of a record are computed from its value by the program. A
//! new version of the program may compute more of them; the rows that are stored then know
//! only the old ones, and [`crate::verify`] says so. This puts them right. Values, versions
//! and the journal stay as they are.

use crate::chain::ChainKind;
use crate::db::Store;
use crate::error::StoreError;
use crate::kinds::index_from_body;
use crate::pending::LINKS_INTO;
use crate::tx::{WriteTx, on};
use crate::verify::{OnProgress, Progress};
use crate::write::Index;
use kith_domain::record::Kind;
use sqlx::{AssertSqlSafe, FromRow, query, query_as};
use uuid::Uuid;

/// The number of the way in which this program computes the index. Raise it whenever an index
/// column or a link of any kind of record is computed differently: the test below says when.
pub const REVISION: u32 = 7;

/// The setting that keeps the number under which the index was computed.
const SETTING: &str = "index_revision";

/// Records in one transaction.
const PAGE: i64 = 200;

#[derive(FromRow)]
struct Stored {
    id: Uuid,
    kind: String,
    person: Option<Uuid>,
    schema: i64,
    entered_in_error: i64,
    area: String,
    sensitivity: i64,
    state: String,
    open: i64,
    due: Option<i64>,
    sort: String,
    body: String,
}

#[derive(FromRow)]
struct LinkRow {
    role: String,
    target: Uuid,
    open: i64,
    due: Option<i64>,
}

/// Was the index computed by another version of the program?
///
/// # Errors
/// The database could not be read.
pub async fn is_due(store: &Store) -> Result<bool, StoreError> {
    Ok(store.read().await?.find_setting(SETTING).await?.as_deref() != Some(&*REVISION.to_string()))
}

/// Notes that every index is as this program computes it: for a place that it has just made.
///
/// # Errors
/// The database could not do it.
pub async fn is_done(store: &Store) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    tx.save_setting(SETTING, &REVISION.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes the index anew if it is due. Only when all of it is done is that written down, so
/// that one that was interrupted is due again. Gives back how many records differed; none
/// when it was not due.
///
/// # Errors
/// As [`reindex`].
pub async fn reindex_if_due(store: &Store, progress: OnProgress<'_>) -> Result<Option<u64>, StoreError> {
    if !is_due(store).await? {
        return Ok(None);
    }
    let changed = reindex(store, progress).await?;
    is_done(store).await?;
    Ok(Some(changed))
}

/// Computes every record's index again and writes what differs. Gives back how many
/// records differed. It may run beside other work: each page locks the chains of its
/// records first.
///
/// # Errors
/// A value cannot be read as its kind, or the database could not do it.
pub async fn reindex(store: &Store, progress: OnProgress<'_>) -> Result<u64, StoreError> {
    const IDS: &str = "SELECT id, person, chain FROM record WHERE id > $1 ORDER BY id LIMIT $2";
    const COUNT: &str = "SELECT COUNT(*) FROM record";
    let mut tx = store.read().await?;
    let (total,): (i64,) = on!(tx, |conn| query_as(COUNT).fetch_one(conn).await?);
    drop(tx);
    let (mut after, mut done, mut changed) = (Uuid::nil(), 0, 0);
    loop {
        let mut tx = store.write().await?;
        let page: Vec<(Uuid, Option<Uuid>, Uuid)> =
            on!(tx.tx, |conn| query_as(IDS).bind(after).bind(PAGE).fetch_all(conn).await?);
        let Some((last, ..)) = page.last() else { return Ok(changed) };
        after = *last;
        let chains = |of_person: bool| {
            page.iter()
                .filter(|(_, person, _)| person.is_some() == of_person)
                .map(|p| p.2)
                .collect::<Vec<_>>()
        };
        tx.lock(ChainKind::Person, &chains(true)).await?;
        tx.lock(ChainKind::Organisation, &chains(false)).await?;
        for (id, ..) in &page {
            changed += u64::from(tx.reindex_one(*id).await?);
        }
        tx.commit().await?;
        done += page.len() as u64;
        progress(Progress { stage: "index", done, total: u64::try_from(total).unwrap_or(0).max(done) });
    }
}

impl WriteTx {
    async fn reindex_one(&mut self, id: Uuid) -> Result<bool, StoreError> {
        const ROW: &str =
            "SELECT id, kind, person, schema, entered_in_error, area, sensitivity, state, open, due,
                sort, body FROM record WHERE id = $1";
        const LINKS: &str =
            "SELECT role, target, open, due FROM record_link WHERE record = $1 ORDER BY role, target";
        let row: Stored = on!(self.tx, |conn| query_as(ROW).bind(id).fetch_one(conn).await?);
        let links: Vec<LinkRow> = on!(self.tx, |conn| query_as(LINKS).bind(id).fetch_all(conn).await?);
        let kind = Kind::from_code(&row.kind).ok_or_else(|| {
            StoreError::Damaged(format!("record {id} is of a kind that this program does not know"))
        })?;
        let index = index_from_body(kind, row.schema, &row.body, row.entered_in_error != 0)?;
        if row.agrees(&index) && index.agrees(&links) {
            return Ok(false);
        }
        self.put_index(&row, &index).await?;
        Ok(true)
    }

    async fn put_index(&mut self, row: &Stored, index: &Index) -> Result<(), StoreError> {
        const SET: &str =
            "UPDATE record SET area = $2, sensitivity = $3, state = $4, open = $5, due = $6, sort = $7
                           WHERE id = $1";
        const CLEAR: &str = "DELETE FROM record_link WHERE record = $1";
        on!(self.tx, |conn| {
            let q = query(SET).bind(row.id).bind(index.area).bind(index.sensitivity).bind(index.state);
            q.bind(index.open).bind(index.due).bind(&index.sort).execute(conn).await?.rows_affected()
        });
        on!(self.tx, |conn| query(CLEAR).bind(row.id).execute(conn).await?.rows_affected());
        for (role, target) in &index.links {
            let sql = crate::dialect::insert(&self.tx.engine, LINKS_INTO, 7, 1, "");
            on!(self.tx, |conn| {
                let q = query(AssertSqlSafe(sql)).bind(*target).bind(*role).bind(row.id).bind(&row.kind);
                q.bind(row.person).bind(index.open).bind(index.due).execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }
}

impl Stored {
    fn agrees(&self, index: &Index) -> bool {
        self.area == index.area
            && self.sensitivity == index.sensitivity
            && self.state == index.state
            && self.open == index.open
            && self.due == index.due
            && self.sort == index.sort
    }
}

impl Index {
    fn agrees(&self, links: &[LinkRow]) -> bool {
        self.links.len() == links.len()
            && self.links.iter().zip(links).all(|((role, target), l)| {
                *role == l.role && *target == l.target && l.open == self.open && l.due == self.due
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::newest_schema;
    use sha2::{Digest, Sha256};

    /// What the index of every kept value is, as one number. When this test fails, the index
    /// is computed differently than before: raise [`REVISION`], so that databases that are
    /// there already are put right when they are served, and write the new number here.
    #[test]
    fn an_index_that_is_computed_differently_has_another_revision() {
        let mut all = Sha256::new();
        for kind in Kind::ALL {
            let schema = newest_schema(kind);
            let name = format!("tests/golden/{}_{schema}.json", kind.code());
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
            let text = std::fs::read_to_string(path).expect("every schema has its golden file");
            let values: Vec<serde_json::Value> = serde_json::from_str(&text).expect("a list");
            for value in values {
                let index =
                    index_from_body(kind, schema.into(), &value.to_string(), false).expect("readable");
                let columns =
                    (index.area, index.sensitivity, index.state, index.open, index.due, &index.sort);
                all.update(format!("{columns:?} {:?}", index.links));
            }
        }
        let number = hex::encode(&all.finalize()[..8]);
        assert_eq!((REVISION, number.as_str()), (7, "49aa6614571d8ba3"));
    }
}
