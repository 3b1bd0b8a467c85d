//! Reading records. A person's records come out sealed: only a permit opens them.
//! Records about no person (organisations, workers, services) come out plain.

use crate::error::StoreError;
use crate::kinds::{self, Common, Personal, parse};
use crate::tx::{Tx, on};
use kith_access::{Guarded, Item};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::record::{Author, Kind, Meta, Record, Saved};
use kith_domain::time::{Day, Instant};
use sqlx::{FromRow, query_as, query_scalar};
use std::any::Any;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// One row of the table of current versions.
#[derive(Clone, FromRow)]
pub(crate) struct Row {
    pub id: Uuid,
    pub kind: String,
    pub person: Option<Uuid>,
    pub owner: Uuid,
    pub version: i64,
    pub schema: i64,
    pub at: i64,
    pub created: i64,
    pub author: String,
    pub created_by: String,
    pub recorded_for: Option<String>,
    pub entered_in_error: i64,
    pub body: String,
    /// The value, where it was read already.
    #[sqlx(skip)]
    known: Known,
}

/// A value that a row was read as. A list reads some of its rows twice, for what access needs
/// to know and for itself; parsing the text is most of what reading costs.
#[derive(Clone, Default)]
struct Known(OnceLock<Arc<dyn Any + Send + Sync>>);

/// The columns of [`Row`], for statements whose text is put together.
pub(crate) const ROW_COLUMNS: &str = "r.id, r.kind, r.person, r.owner, r.version, r.schema, r.at, r.created, \
    r.author, r.created_by, r.recorded_for, r.entered_in_error, r.body";

/// The columns of [`Row`], for every statement that reads records.
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.kind, r.person, r.owner, r.version, r.schema, r.at, r.created, r.author, r.created_by, ",
            "r.recorded_for, r.entered_in_error, r.body ",
            $rest
        )
    };
}

impl Row {
    pub(crate) fn kind(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }

    pub(crate) fn meta(&self, kind: Kind) -> Result<Meta, StoreError> {
        let author = parse::<Author>(kind, &self.author)?;
        // Mostly who wrote it last also made it: reading the same text twice is a tenth of a worklist.
        let created_by =
            if self.created_by == self.author { author } else { parse::<Author>(kind, &self.created_by)? };
        Ok(Meta {
            id: RecordId(self.id),
            version: u32::try_from(self.version).unwrap_or(0),
            at: Instant(self.at),
            created: Instant(self.created),
            author,
            created_by,
            recorded_for: self.recorded_for.as_deref().map(|t| parse(kind, t)).transpose()?,
            person: self.person.map(PersonId),
            owner: OrganisationId(self.owner),
            entered_in_error: self.entered_in_error != 0,
        })
    }

    pub(crate) fn saved<T: Record>(&self) -> Result<Saved<T>, StoreError> {
        if let Some(known) = self.known.0.get().and_then(|known| known.downcast_ref::<Saved<T>>()) {
            return Ok(known.clone());
        }
        Ok(Saved { meta: self.meta(T::KIND)?, value: kinds::read(self.schema, &self.body)? })
    }

    /// The same, kept for whoever reads this row next.
    pub(crate) fn known<T: Record>(&self) -> Result<Arc<Saved<T>>, StoreError> {
        let known = self.known.0.get().cloned().and_then(|known| known.downcast::<Saved<T>>().ok());
        if let Some(known) = known {
            return Ok(known);
        }
        let fresh = Arc::new(self.saved::<T>()?);
        // A row is of one kind, so that nobody put another there.
        let _ = self.known.0.set(fresh.clone());
        Ok(fresh)
    }
}

/// Seals a record: what access needs to know stands outside, the value inside.
pub(crate) fn seal<T: Personal>(saved: Saved<T>) -> Guarded<Saved<T>> {
    let item = Item::of_saved(&saved).addressed_to(kinds::addressed(&saved.value));
    Guarded::new(item, saved)
}

/// Every current record of one person, read in one statement, sealed one by one.
#[derive(Clone, Default)]
pub struct PersonRecords {
    rows: Vec<Row>,
}

/// How many, never what is in them.
impl std::fmt::Debug for PersonRecords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonRecords({})", self.rows.len())
    }
}

impl PersonRecords {
    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    /// The records of one kind that are not entered in error, oldest first.
    ///
    /// # Errors
    /// A stored value could not be read.
    pub fn of<T: Personal>(&self) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        self.rows
            .iter()
            .filter(|row| row.kind == T::KIND.code() && row.entered_in_error == 0)
            .map(|row| Ok(seal(Saved::clone(&*row.known::<T>()?))))
            .collect()
    }

    /// The record of this kind with this id, if it is here and not entered in error. The others
    /// are not read.
    ///
    /// # Errors
    /// The stored value could not be read.
    pub fn one<T: Personal>(&self, id: RecordId) -> Result<Option<Guarded<Saved<T>>>, StoreError> {
        let is_it = |row: &&Row| row.id == id.0 && row.kind == T::KIND.code() && row.entered_in_error == 0;
        self.rows.iter().find(is_it).map(|row| Ok(seal(Saved::clone(&*row.known::<T>()?)))).transpose()
    }

    /// The first of a kind that is not entered in error: the person, of whom there is one.
    ///
    /// # Errors
    /// The stored value could not be read.
    pub fn first<T: Personal>(&self) -> Result<Option<Guarded<Saved<T>>>, StoreError> {
        let is_it = |row: &&Row| row.kind == T::KIND.code() && row.entered_in_error == 0;
        self.rows.iter().find(is_it).map(|row| Ok(seal(Saved::clone(&*row.known::<T>()?)))).transpose()
    }

    /// Adds what other records have of one person.
    pub fn add(&mut self, others: &PersonRecords, person: PersonId) {
        let of_them = others.rows.iter().filter(|row| row.person == Some(person.0));
        self.rows.extend(of_them.cloned());
    }

    /// Is there anything at all about this person?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Tx {
    async fn row(&mut self, id: Uuid, kind: Kind) -> Result<Option<Row>, StoreError> {
        const SQL: &str = columns!("FROM record r WHERE r.id = $1 AND r.kind = $2");
        Ok(on!(self, |conn| query_as(SQL).bind(id).bind(kind.code()).fetch_optional(conn).await?))
    }

    /// A record of a person, sealed; none when there is none with this id and kind.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
    ) -> Result<Option<Guarded<Saved<T>>>, StoreError> {
        let row = self.row(id.into().0, T::KIND).await?;
        row.map(|row| Ok(seal(row.saved::<T>()?))).transpose()
    }

    /// A record about no person.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_common<T: Common>(
        &mut self,
        id: impl Into<RecordId>,
    ) -> Result<Option<Saved<T>>, StoreError> {
        let row = self.row(id.into().0, T::KIND).await?;
        row.map(|row| row.saved::<T>()).transpose()
    }

    /// All records of a kind about no person, in reading order.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_common<T: Common>(&mut self) -> Result<Vec<Saved<T>>, StoreError> {
        const SQL: &str =
            columns!("FROM record r WHERE r.kind = $1 AND r.entered_in_error = 0 ORDER BY r.sort, r.id");
        let rows: Vec<Row> = on!(self, |conn| query_as(SQL).bind(T::KIND.code()).fetch_all(conn).await?);
        rows.iter().map(Row::saved).collect()
    }

    /// Everything about one person.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_of_person(&mut self, person: PersonId) -> Result<PersonRecords, StoreError> {
        const SQL: &str = columns!("FROM record r WHERE r.person = $1 ORDER BY r.created, r.id");
        let rows = on!(self, |conn| query_as(SQL).bind(person.0).fetch_all(conn).await?);
        Ok(PersonRecords { rows })
    }

    /// The records of a kind that can be found from `target` in `role`, due first. With
    /// `open_only`, those about which something is still expected.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_linked<T: Personal>(
        &mut self,
        role: &str,
        target: impl Into<RecordId>,
        open_only: bool,
        most: u32,
    ) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        let rows = self.linked_rows(role, target.into().0, T::KIND, open_only, most).await?;
        rows.iter().map(|row| Ok(seal(row.saved::<T>()?))).collect()
    }

    /// As [`Tx::list_linked`], for records about no person.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_linked_common<T: Common>(
        &mut self,
        role: &str,
        target: impl Into<RecordId>,
        open_only: bool,
        most: u32,
    ) -> Result<Vec<Saved<T>>, StoreError> {
        let rows = self.linked_rows(role, target.into().0, T::KIND, open_only, most).await?;
        rows.iter().map(Row::saved).collect()
    }

    async fn linked_rows(
        &mut self,
        role: &str,
        target: Uuid,
        kind: Kind,
        open_only: bool,
        most: u32,
    ) -> Result<Vec<Row>, StoreError> {
        // The few that are wanted are chosen among the links, which are small and in memory;
        // only those are read. Records taken back as a mistake have no links.
        const SQL: &str = columns!(
            "FROM (SELECT record, due FROM record_link
                   WHERE target = $1 AND role = $2 AND kind = $3 AND open >= $4
                   ORDER BY due NULLS LAST, record LIMIT $5) l
             JOIN record r ON r.id = l.record ORDER BY l.due NULLS LAST, r.created, r.id"
        );
        Ok(on!(self, |conn| {
            query_as(SQL)
                .bind(target)
                .bind(role)
                .bind(kind.code())
                .bind(i64::from(open_only))
                .bind(i64::from(most))
                .fetch_all(conn)
                .await?
        }))
    }

    /// The same for what is still expected, without those that can be found from the same
    /// target in the role `but` too: a list can then show each part of itself without reading
    /// the whole. Links alone say which they are; only what is shown is read.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_linked_without<T: Personal>(
        &mut self,
        (role, target): (&str, RecordId),
        but: &str,
        most: u32,
    ) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        const SQL: &str = columns!(
            "FROM (SELECT l.record, l.due FROM record_link l
                   WHERE l.target = $1 AND l.role = $2 AND l.kind = $3 AND l.open = 1
                     AND NOT EXISTS (SELECT 1 FROM record_link o
                                     WHERE o.target = l.target AND o.role = $4 AND o.record = l.record)
                   ORDER BY l.due NULLS LAST, l.record LIMIT $5) f
             JOIN record r ON r.id = f.record ORDER BY f.due NULLS LAST, r.created, r.id"
        );
        let rows: Vec<Row> = on!(self, |conn| {
            let q = query_as(SQL);
            let q = q.bind(target.0).bind(role).bind(T::KIND.code()).bind(but).bind(i64::from(most));
            q.fetch_all(conn).await?
        });
        rows.iter().map(|row| Ok(seal(row.saved::<T>()?))).collect()
    }

    /// The records of a kind linked to `target` about which nothing is expected any more,
    /// changed since a moment: the newest, at most `most`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_linked_ended<T: Personal>(
        &mut self,
        (role, target): (&str, RecordId),
        since: Instant,
        most: u32,
    ) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        const SQL: &str = columns!(
            "FROM (SELECT s.id FROM record_link l JOIN record s ON s.id = l.record
                   WHERE l.target = $1 AND l.role = $2 AND l.kind = $3 AND l.open = 0 AND s.at >= $4
                   ORDER BY s.at DESC, l.record LIMIT $5) f
             JOIN record r ON r.id = f.id ORDER BY r.at DESC, r.id"
        );
        let rows: Vec<Row> = on!(self, |conn| {
            let q = query_as(SQL);
            let q = q.bind(target.0).bind(role).bind(T::KIND.code()).bind(since.0).bind(i64::from(most));
            q.fetch_all(conn).await?
        });
        rows.iter().map(|row| Ok(seal(row.saved::<T>()?))).collect()
    }

    /// Of how many records of a kind that can be found from `target` in a role something is
    /// still expected: for each of two roles.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn count_linked(
        &mut self,
        target: RecordId,
        kind: Kind,
        roles: [&str; 2],
    ) -> Result<[u64; 2], StoreError> {
        const SQL: &str = "SELECT role, CAST(COUNT(*) AS BIGINT) FROM record_link
            WHERE target = $1 AND role IN ($2, $3) AND kind = $4 AND open = 1 GROUP BY role";
        let rows: Vec<(String, i64)> = on!(self, |conn| query_as(SQL)
            .bind(target.0)
            .bind(roles[0])
            .bind(roles[1])
            .bind(kind.code())
            .fetch_all(conn)
            .await?);
        let of = |wanted: &str| {
            rows.iter().find(|(role, _)| role == wanted).map_or(0, |(_, n)| u64::try_from(*n).unwrap_or(0))
        };
        Ok(roles.map(of))
    }

    /// Every open record of a kind, due first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_open<T: Personal>(&mut self) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        let rows = self.open_rows(T::KIND).await?;
        rows.iter().map(|row| Ok(seal(row.saved::<T>()?))).collect()
    }

    pub(crate) async fn open_rows(&mut self, kind: Kind) -> Result<Vec<Row>, StoreError> {
        const SQL: &str = columns!(
            "FROM record r WHERE r.kind = $1 AND r.open = 1 AND r.entered_in_error = 0
             ORDER BY r.due NULLS LAST, r.created, r.id"
        );
        Ok(on!(self, |conn| query_as(SQL).bind(kind.code()).fetch_all(conn).await?))
    }

    /// Every record of a kind that has no reading order of its own (referrals, needs), in
    /// batches: those after `after`, at most `most`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_kind_after<T: Personal>(
        &mut self,
        after: Option<RecordId>,
        most: u32,
    ) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        const SQL: &str =
            columns!("FROM record r WHERE r.kind = $1 AND r.sort = '' AND r.id > $2 ORDER BY r.id LIMIT $3");
        let after = after.map_or(Uuid::nil(), |r| r.0);
        let rows: Vec<Row> = on!(self, |conn| {
            query_as(SQL).bind(T::KIND.code()).bind(after).bind(i64::from(most)).fetch_all(conn).await?
        });
        rows.iter().map(|row| Ok(seal(row.saved::<T>()?))).collect()
    }

    /// The people with an open record of any kind linked to `target` in `role`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_people_linked(
        &mut self,
        role: &str,
        target: impl Into<RecordId>,
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT DISTINCT person FROM record_link
                           WHERE target = $1 AND role = $2 AND open = 1 AND person IS NOT NULL ORDER BY person";
        let target = target.into().0;
        let ids: Vec<Uuid> =
            on!(self, |conn| query_scalar(SQL).bind(target).bind(role).fetch_all(conn).await?);
        Ok(ids.into_iter().map(PersonId).collect())
    }

    /// The people with a record of one kind linked to `target` in `role`, open or not.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_people_of_kind(
        &mut self,
        role: &str,
        target: impl Into<RecordId>,
        kind: Kind,
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT DISTINCT person FROM record_link
            WHERE target = $1 AND role = $2 AND kind = $3 AND person IS NOT NULL ORDER BY person";
        let target = target.into().0;
        let ids: Vec<Uuid> = on!(self, |conn| query_scalar(SQL)
            .bind(target)
            .bind(role)
            .bind(kind.code())
            .fetch_all(conn)
            .await?);
        Ok(ids.into_iter().map(PersonId).collect())
    }

    /// The people found from any of these links, each once and in reading order. The names
    /// that the order comes from do not leave. A link is a role, a target and, where it
    /// matters, the kind of record; with a kind, what is closed counts too.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_people_in_order(
        &mut self,
        links: &[(&'static str, RecordId, Option<Kind>)],
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT DISTINCT p.sort, p.id FROM record_link l JOIN record p ON p.id = l.person
            WHERE l.target = $1 AND l.role = $2 AND (l.kind = $3 OR ($3 = '' AND l.open = 1))";
        let mut found: std::collections::BTreeSet<(String, Uuid)> = Default::default();
        for (role, target, kind) in links {
            let kind = kind.map_or("", Kind::code);
            let rows: Vec<(String, Uuid)> =
                on!(self, |conn| query_as(SQL).bind(target.0).bind(*role).bind(kind).fetch_all(conn).await?);
            found.extend(rows);
        }
        Ok(found.into_iter().map(|(_, id)| PersonId(id)).collect())
    }

    /// The ids of the records of a kind that are linked to this target in this role, open or
    /// not: by the index alone.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_ids_linked(
        &mut self,
        role: &str,
        target: Uuid,
        kind: Kind,
    ) -> Result<Vec<RecordId>, StoreError> {
        const SQL: &str = "SELECT record FROM record_link WHERE target = $1 AND role = $2 AND kind = $3";
        let ids: Vec<Uuid> = on!(self, |conn| query_scalar(SQL)
            .bind(target)
            .bind(role)
            .bind(kind.code())
            .fetch_all(conn)
            .await?);
        Ok(ids.into_iter().map(RecordId).collect())
    }

    /// The people with this sort key, which is the name they like to be called, folded.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_people_named(
        &mut self,
        sort_key: &str,
        most: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT id FROM record WHERE kind = 'person' AND sort = $1 ORDER BY id LIMIT $2";
        let ids: Vec<Uuid> =
            on!(self, |conn| query_scalar(SQL).bind(sort_key).bind(i64::from(most)).fetch_all(conn).await?);
        Ok(ids.into_iter().map(PersonId).collect())
    }

    /// The people whose own record has this index fact: an NHS number, a telephone, a birthday.
    /// By the index alone, and no more than `most`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_people_sharing(
        &mut self,
        role: &str,
        target: Uuid,
        most: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT person FROM record_link
            WHERE target = $1 AND role = $2 AND kind = 'person' AND person IS NOT NULL ORDER BY person LIMIT $3";
        let ids: Vec<Uuid> = on!(self, |conn| query_scalar(SQL)
            .bind(target)
            .bind(role)
            .bind(i64::from(most))
            .fetch_all(conn)
            .await?);
        Ok(ids.into_iter().map(PersonId).collect())
    }

    /// As [`Tx::list_people_linked`], only those with something due before `day`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_late_linked(
        &mut self,
        role: &str,
        target: impl Into<RecordId>,
        day: Day,
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT DISTINCT person FROM record_link
            WHERE target = $1 AND role = $2 AND open = 1 AND due < $3 AND person IS NOT NULL ORDER BY person";
        let (target, before) = (target.into().0, crate::write::day_number(day));
        let ids: Vec<Uuid> =
            on!(self, |conn| query_scalar(SQL).bind(target).bind(role).bind(before).fetch_all(conn).await?);
        Ok(ids.into_iter().map(PersonId).collect())
    }

    /// Every person there is, in batches: those after `after`, at most `most`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_people_after(
        &mut self,
        after: Option<PersonId>,
        most: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT id FROM record WHERE kind = 'person' AND id > $1 ORDER BY id LIMIT $2";
        let after = after.map_or(Uuid::nil(), |p| p.0);
        let ids: Vec<Uuid> =
            on!(self, |conn| query_scalar(SQL).bind(after).bind(i64::from(most)).fetch_all(conn).await?);
        Ok(ids.into_iter().map(PersonId).collect())
    }
}

/// A day from its stored form.
pub fn day_from_number(n: i64) -> Day {
    kith_domain::time::plus_days(jiff::civil::date(1970, 1, 1), i32::try_from(n).unwrap_or(i32::MAX))
}
