//! Open things that no list would show.
//!
//! Lists and worklists find records by their index columns and links. A row whose index
//! was altered, whose links are gone, whose person is not there or whose value cannot be
//! read is passed over in silence, and whatever it was about is lost. Here such rows are
//! found, by what they are and never by what is in them. That nothing else was altered is
//! for [`crate::verify`] to say.

use crate::error::StoreError;
use crate::kinds::{Personal, index_from_body, is_common};
use crate::read::{PersonRecords, Row, seal};
use crate::tx::{Tx, on};
use crate::write::Index;
use kith_access::Guarded;
use kith_domain::id::{OrganisationId, RecordId};
use kith_domain::record::{Kind, Saved};
use sqlx::{FromRow, query_as};
use uuid::Uuid;

/// Records in one page.
const PAGE: i64 = 500;

/// Why no list shows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum How {
    /// The stored value cannot be read as its kind.
    Unreadable,
    /// Its index columns or links are not what its value says, or its person is not there.
    NotListed,
}

/// A record that no list shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stray {
    /// Which.
    pub id: RecordId,
    /// Of what kind.
    pub kind: Kind,
    /// The organisation whose part of the record it is.
    pub owner: OrganisationId,
    /// Why.
    pub how: How,
}

#[derive(FromRow)]
struct Indexed {
    id: Uuid,
    kind: String,
    owner: Uuid,
    schema: i64,
    open: i64,
    due: Option<i64>,
    body: String,
    person_there: i64,
}

#[derive(FromRow)]
struct LinkRow {
    record: Uuid,
    role: String,
    target: Uuid,
    open: i64,
    due: Option<i64>,
}

impl Indexed {
    /// What is wrong with it, if it is about somebody and something is still open.
    fn stray(&self, links: &[LinkRow]) -> Option<Stray> {
        let kind = Kind::from_code(&self.kind).filter(|kind| !is_common(*kind))?;
        let how = match index_from_body(kind, self.schema, &self.body, false) {
            Err(_) => How::Unreadable,
            Ok(index) if index.open == 1 && !self.listed(kind, &index, links) => How::NotListed,
            Ok(_) => return None,
        };
        Some(Stray { id: RecordId(self.id), kind, owner: OrganisationId(self.owner), how })
    }

    fn listed(&self, kind: Kind, index: &Index, links: &[LinkRow]) -> bool {
        // A request that came in has its person's id before anybody met the person.
        let has_person = self.person_there == 1 || kind == Kind::ComingIn;
        let same = |((role, target), link): (&(&str, Uuid), &LinkRow)| {
            *role == link.role && *target == link.target && link.open == index.open && link.due == index.due
        };
        has_person
            && self.open == index.open
            && self.due == index.due
            && index.links.len() == links.len()
            && index.links.iter().zip(links).all(same)
    }
}

impl Tx {
    /// Every open record about somebody that no list would show. Reads everything, a page
    /// at a time: for the nightly check, not for a page.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_strays(&mut self) -> Result<Vec<Stray>, StoreError> {
        const ROWS: &str = "SELECT r.id, r.kind, r.owner, r.schema, r.open, r.due, r.body,
                CAST(CASE WHEN r.person IS NULL OR p.id IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS person_there
            FROM record r
            LEFT JOIN record p ON p.id = r.person AND p.kind = 'person' AND p.entered_in_error = 0
            WHERE r.id > $1 AND r.entered_in_error = 0 ORDER BY r.id LIMIT $2";
        const LINKS: &str = "SELECT record, role, target, open, due FROM record_link
            WHERE record > $1 AND record <= $2 ORDER BY record, role, target";
        let (mut after, mut strays) = (Uuid::nil(), Vec::new());
        loop {
            let page: Vec<Indexed> =
                on!(self, |conn| query_as(ROWS).bind(after).bind(PAGE).fetch_all(conn).await?);
            let Some(last) = page.last().map(|row| row.id) else { return Ok(strays) };
            let links: Vec<LinkRow> =
                on!(self, |conn| query_as(LINKS).bind(after).bind(last).fetch_all(conn).await?);
            for row in &page {
                let from = links.partition_point(|l| l.record < row.id);
                let to = links.partition_point(|l| l.record <= row.id);
                strays.extend(row.stray(&links[from..to]));
            }
            after = last;
        }
    }

    /// Every open record of a kind that can be read, due first; the others are added to
    /// `strays`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_open_readable<T: Personal>(
        &mut self,
        strays: &mut Vec<Stray>,
    ) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        let rows = self.open_rows(T::KIND).await?;
        let mut read = Vec::with_capacity(rows.len());
        for row in &rows {
            match row.saved::<T>() {
                Ok(saved) => read.push(seal(saved)),
                Err(StoreError::Unreadable { .. } | StoreError::Damaged(_)) => {
                    strays.push(unreadable(row, T::KIND));
                }
                Err(other) => return Err(other),
            }
        }
        Ok(read)
    }
}

fn unreadable(row: &Row, kind: Kind) -> Stray {
    Stray { id: RecordId(row.id), kind, owner: OrganisationId(row.owner), how: How::Unreadable }
}

impl PersonRecords {
    /// The records that can be read, and which cannot.
    pub fn readable(self) -> (PersonRecords, Vec<Stray>) {
        let (mut kept, mut strays) = (PersonRecords::default(), Vec::new());
        for row in self.into_rows() {
            let Some(kind) = row.kind() else { continue };
            let reads = index_from_body(kind, row.schema, &row.body, false).is_ok() && row.meta(kind).is_ok();
            if reads { kept.push(row) } else { strays.push(unreadable(&row, kind)) }
        }
        (kept, strays)
    }
}
