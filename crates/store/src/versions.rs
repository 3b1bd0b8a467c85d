//! Reading the journal: what a record was at each of its versions, and exactly the
//! versions that a packet names. Each comes out sealed under the label that it carried;
//! opening one is decided under what is in force today as well.

use crate::dialect;
use crate::error::StoreError;
use crate::kinds::{self, Common, Personal, parse};
use crate::read::seal;
use crate::tx::{Tx, on};
use crate::write::{TAKEN_OUT, is_in_error};
use kith_access::Guarded;
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::record::{Author, Kind, Meta, Saved};
use kith_domain::time::Instant;
use sqlx::{AssertSqlSafe, FromRow, query_as};
use uuid::Uuid;

/// One version of a record as the journal has it.
pub struct Version<T> {
    /// Its number.
    pub number: u32,
    /// The number of its entry in the chain: of all that was written about the same person, what
    /// came before has a smaller one, whatever the clocks said.
    pub entry: i64,
    /// When it was written.
    pub at: Instant,
    /// What was done.
    pub action: String,
    /// By whom.
    pub author: Author,
    /// The value; none when its text was taken out of the journal.
    pub value: Option<Guarded<Saved<T>>>,
    /// Why it was taken out, if it was.
    pub removed: Option<String>,
}

impl<T> Version<T> {
    /// The version whose text was taken out, and in whose place this one stands.
    pub fn stands_for(&self) -> Option<u32> {
        self.action.split("; ").find_map(|part| part.strip_prefix(TAKEN_OUT)?.trim().parse().ok())
    }
}

/// One version of a record about the place, which is read plain.
#[derive(Clone, Debug)]
pub struct CommonVersion<T> {
    /// Its number.
    pub number: u32,
    /// When it was written.
    pub at: Instant,
    /// What was done.
    pub action: String,
    /// By whom.
    pub author: Author,
    /// The value; none when its text was taken out of the journal.
    pub value: Option<T>,
}

/// Exactly the versions that were asked for, of whatever kinds, sealed one by one.
#[derive(Default)]
pub struct Versions {
    rows: Vec<VersionRow>,
}

/// How many, never what is in them.
impl std::fmt::Debug for Versions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Versions({})", self.rows.len())
    }
}

impl Versions {
    /// Those of one kind whose text is still there, in the order of their ids.
    ///
    /// # Errors
    /// A stored value could not be read.
    pub fn of<T: Personal>(&self) -> Result<Vec<Guarded<Saved<T>>>, StoreError> {
        let rows = self.rows.iter().filter(|row| row.kind == T::KIND.code());
        rows.filter_map(|row| row.sealed::<T>().transpose()).collect()
    }
}

#[derive(FromRow)]
struct VersionRow {
    number: i64,
    record: Uuid,
    kind: String,
    version: i64,
    schema: i64,
    at: i64,
    action: String,
    author: String,
    recorded_for: Option<String>,
    owner: Uuid,
    person: Option<Uuid>,
    first_at: i64,
    first_author: String,
    body: Option<String>,
    removed: Option<String>,
}

/// An entry with its payload, and who made the record when.
macro_rules! versions {
    ($rest:literal) => {
        concat!(
            "SELECT j.number, j.record, j.kind, j.version, j.schema, j.at, j.action, j.author, j.recorded_for, j.owner, ",
            "j.person, f.at AS first_at, f.author AS first_author, p.body, p.removed FROM journal j ",
            "JOIN journal f ON f.record = j.record AND f.version = 1 ",
            "JOIN payload p ON p.record = j.record AND p.version = j.version ",
            $rest
        )
    };
}

impl Tx {
    /// Every earlier and current version of one record, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_versions<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
    ) -> Result<Vec<Version<T>>, StoreError> {
        const SQL: &str = versions!("WHERE j.record = $1 AND j.kind = $2 ORDER BY j.version");
        let id = id.into().0;
        let rows: Vec<VersionRow> =
            on!(self, |conn| query_as(SQL).bind(id).bind(T::KIND.code()).fetch_all(conn).await?);
        rows.into_iter().map(VersionRow::version).collect()
    }

    /// Every version of a record about the place, oldest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_versions_common<T: Common>(
        &mut self,
        id: impl Into<RecordId>,
    ) -> Result<Vec<CommonVersion<T>>, StoreError> {
        const SQL: &str = versions!("WHERE j.record = $1 AND j.kind = $2 ORDER BY j.version");
        let id = id.into().0;
        let rows: Vec<VersionRow> =
            on!(self, |conn| query_as(SQL).bind(id).bind(T::KIND.code()).fetch_all(conn).await?);
        let plain = |row: VersionRow| {
            Ok(CommonVersion {
                number: u32::try_from(row.version).unwrap_or(0),
                at: Instant(row.at),
                author: parse(T::KIND, &row.author)?,
                value: row.body.as_deref().map(|body| kinds::read(row.schema, body)).transpose()?,
                action: row.action,
            })
        };
        rows.into_iter().map(plain).collect()
    }

    /// One version of a record.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_version<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        version: u32,
    ) -> Result<Option<Guarded<Saved<T>>>, StoreError> {
        let found = self.list_exactly(&[(id.into(), version)]).await?;
        Ok(found.of::<T>()?.pop())
    }

    /// Exactly these versions of these records, of any kinds: a packet. One statement for
    /// each 64. What does not exist is not there.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_exactly(&mut self, wanted: &[(RecordId, u32)]) -> Result<Versions, StoreError> {
        let mut found = Versions::default();
        for some in wanted.chunks(64) {
            // Filled up by repeating the last, so that the prepared statements stay few.
            let size = [1, 8, 64].into_iter().find(|size| some.len() <= *size).unwrap_or(64);
            let values = dialect::values(&self.engine, 2, size);
            let sql = versions!("WHERE (j.record, j.version) IN (").to_owned()
                + &values
                + ") ORDER BY j.record, j.version";
            let rows: Vec<VersionRow> = on!(self, |conn| {
                let mut q = query_as(AssertSqlSafe(sql));
                for n in 0..size {
                    let (id, version) = some[n.min(some.len() - 1)];
                    q = q.bind(id.0).bind(i64::from(version));
                }
                q.fetch_all(conn).await?
            });
            found.rows.extend(rows);
        }
        Ok(found)
    }
}

impl VersionRow {
    fn meta(&self, kind: Kind) -> Result<Meta, StoreError> {
        Ok(Meta {
            id: RecordId(self.record),
            version: u32::try_from(self.version).unwrap_or(0),
            at: Instant(self.at),
            created: Instant(self.first_at),
            author: parse(kind, &self.author)?,
            created_by: parse(kind, &self.first_author)?,
            recorded_for: self.recorded_for.as_deref().map(|t| parse(kind, t)).transpose()?,
            person: self.person.map(PersonId),
            owner: OrganisationId(self.owner),
            entered_in_error: is_in_error(&self.action),
        })
    }

    /// None when its text was taken out.
    fn sealed<T: Personal>(&self) -> Result<Option<Guarded<Saved<T>>>, StoreError> {
        let Some(body) = &self.body else { return Ok(None) };
        let saved = Saved { meta: self.meta(T::KIND)?, value: kinds::read(self.schema, body)? };
        Ok(Some(seal(saved)))
    }

    fn version<T: Personal>(self) -> Result<Version<T>, StoreError> {
        Ok(Version {
            number: u32::try_from(self.version).unwrap_or(0),
            entry: self.number,
            at: Instant(self.at),
            author: parse(T::KIND, &self.author)?,
            value: self.sealed()?,
            action: self.action,
            removed: self.removed,
        })
    }
}
