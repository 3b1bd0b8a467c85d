//! Every current row against its last entry, and its index against its value.

use super::{Finding, PAGE, Verify, Wrong};
use crate::error::StoreError;
use crate::kinds::index_from_body;
use crate::tx::on;
use crate::write::{Index, is_in_error};
use kith_domain::id::RecordId;
use kith_domain::record::Kind;
use sqlx::{FromRow, query_as};
use uuid::Uuid;

/// A current row beside the last entry, the first entry and the payload.
#[derive(FromRow)]
struct Beside {
    id: Uuid,
    kind: String,
    person: Option<Uuid>,
    owner: Uuid,
    version: i64,
    schema: i64,
    at: i64,
    created: i64,
    author: String,
    created_by: String,
    recorded_for: Option<String>,
    entered_in_error: i64,
    area: String,
    sensitivity: i64,
    state: String,
    open: i64,
    due: Option<i64>,
    sort: String,
    body: String,
    chain: Uuid,
    number: i64,
    last_version: Option<i64>,
    j_kind: Option<String>,
    j_person: Option<Uuid>,
    j_owner: Option<Uuid>,
    j_schema: Option<i64>,
    j_at: Option<i64>,
    j_author: Option<String>,
    j_recorded_for: Option<String>,
    j_action: Option<String>,
    j_chain: Option<Uuid>,
    j_number: Option<i64>,
    j_body: Option<String>,
    f_at: Option<i64>,
    f_author: Option<String>,
}

#[derive(FromRow)]
struct LinkRow {
    target: Uuid,
    role: String,
    record: Uuid,
    kind: String,
    person: Option<Uuid>,
    open: i64,
    due: Option<i64>,
}

impl Verify<'_> {
    pub(super) async fn rows(&mut self) -> Result<(), StoreError> {
        const ROWS: &str = "SELECT r.id, r.kind, r.person, r.owner, r.version, r.schema, r.at, r.created, r.author,
                r.created_by, r.recorded_for, r.entered_in_error, r.area, r.sensitivity, r.state, r.open, r.due,
                r.sort, r.body, r.chain, r.number,
                (SELECT MAX(l.version) FROM journal l WHERE l.record = r.id) AS last_version,
                j.kind AS j_kind, j.person AS j_person, j.owner AS j_owner, j.schema AS j_schema, j.at AS j_at,
                j.author AS j_author, j.recorded_for AS j_recorded_for, j.action AS j_action, j.chain AS j_chain,
                j.number AS j_number, p.body AS j_body, f.at AS f_at, f.author AS f_author
            FROM record r
            LEFT JOIN journal j ON j.record = r.id AND j.version = r.version
            LEFT JOIN payload p ON p.record = r.id AND p.version = r.version
            LEFT JOIN journal f ON f.record = r.id AND f.version = 1
            WHERE r.id > $1 ORDER BY r.id LIMIT $2";
        let total = self.count("SELECT COUNT(*) FROM record").await?;
        let mut after = Uuid::nil();
        loop {
            let page: Vec<Beside> =
                on!(self.tx, |conn| query_as(ROWS).bind(after).bind(PAGE).fetch_all(conn).await?);
            let last = page.last().map_or(Uuid::max(), |row| row.id);
            let links = self.links_between(after, last).await?;
            let mut links = &links[..];
            for row in &page {
                let before = links.partition_point(|l| l.record < row.id);
                self.stray_links(&links[..before]);
                links = &links[before..];
                let own = links.partition_point(|l| l.record == row.id);
                self.row(row, &links[..own]);
                links = &links[own..];
            }
            self.stray_links(links);
            if page.is_empty() {
                return Ok(());
            }
            self.report.records += page.len() as u64;
            self.tell("records", self.report.records, total);
            after = last;
        }
    }

    /// Links of records after one id and up to another, in the order of records.
    async fn links_between(&mut self, after: Uuid, last: Uuid) -> Result<Vec<LinkRow>, StoreError> {
        const SQL: &str = "SELECT target, role, record, kind, person, open, due FROM record_link
            WHERE record > $1 AND record <= $2 ORDER BY record, role, target";
        let links: Vec<LinkRow> =
            on!(self.tx, |conn| query_as(SQL).bind(after).bind(last).fetch_all(conn).await?);
        self.report.links += links.len() as u64;
        Ok(links)
    }

    fn stray_links(&mut self, links: &[LinkRow]) {
        for link in links {
            self.report.found(Finding {
                wrong: Wrong::IndexDiffers,
                chain: None,
                number: None,
                record: Some(RecordId(link.record)),
                words: "a link of a record that does not exist".into(),
            });
        }
    }

    fn row(&mut self, row: &Beside, links: &[LinkRow]) {
        let mut found = |wrong, words: String| {
            self.report.found(Finding {
                wrong,
                chain: Some(row.chain),
                number: Some(row.number),
                record: Some(RecordId(row.id)),
                words,
            });
        };
        match row.last_version {
            None => return found(Wrong::RowWithoutEntry, "a current row has no entry in the journal".into()),
            Some(last) if last != row.version => {
                found(
                    Wrong::RowAltered,
                    format!("the row is at version {} and its last entry at {last}", row.version),
                );
            }
            Some(_) => {}
        }
        let altered = row.altered();
        if !altered.is_empty() && row.j_kind.is_some() {
            found(
                Wrong::RowAltered,
                format!("the row differs from its last entry in: {}", altered.join(", ")),
            );
        }
        let Some(kind) = Kind::from_code(&row.kind) else {
            return found(Wrong::Unreadable, "the row is of a kind that this program does not know".into());
        };
        match index_from_body(kind, row.schema, &row.body, row.entered_in_error != 0) {
            // The cause may quote the text: only the kind is named.
            Err(_) => found(Wrong::Unreadable, format!("the row cannot be read as a {}", kind.code())),
            Ok(index) => {
                let differing = row.differing(&index, links);
                if !differing.is_empty() {
                    let words = format!("the index is not what the value says in: {}", differing.join(", "));
                    found(Wrong::IndexDiffers, words);
                }
            }
        }
    }
}

impl Beside {
    /// The columns that differ from the entries.
    fn altered(&self) -> Vec<&'static str> {
        let entered = self.j_action.as_deref().is_some_and(is_in_error);
        [
            ("kind", self.j_kind.as_ref() == Some(&self.kind)),
            ("person", self.j_person == self.person),
            ("owner", self.j_owner == Some(self.owner)),
            ("schema", self.j_schema == Some(self.schema)),
            ("at", self.j_at == Some(self.at)),
            ("author", self.j_author.as_ref() == Some(&self.author)),
            ("recorded_for", self.j_recorded_for == self.recorded_for),
            ("chain", self.j_chain == Some(self.chain)),
            ("number", self.j_number == Some(self.number)),
            ("entered_in_error", (self.entered_in_error == 1) == entered),
            ("body", self.j_body.as_ref() == Some(&self.body)),
            ("created", self.f_at == Some(self.created)),
            ("created_by", self.f_author.as_ref() == Some(&self.created_by)),
        ]
        .into_iter()
        .filter_map(|(name, same)| (!same).then_some(name))
        .collect()
    }

    /// The index columns, and the links, that are not what the value says.
    fn differing(&self, index: &Index, links: &[LinkRow]) -> Vec<&'static str> {
        let same_links = index.links.len() == links.len()
            && index.links.iter().zip(links).all(|((role, target), l)| {
                *role == l.role
                    && *target == l.target
                    && l.kind == self.kind
                    && l.person == self.person
                    && l.open == index.open
                    && l.due == index.due
            });
        [
            ("area", index.area == self.area),
            ("sensitivity", index.sensitivity == self.sensitivity),
            ("state", index.state == self.state),
            ("open", index.open == self.open),
            ("due", index.due == self.due),
            ("sort", index.sort == self.sort),
            ("links", same_links),
        ]
        .into_iter()
        .filter_map(|(name, same)| (!same).then_some(name))
        .collect()
    }
}
