//! Writing a record: the new version, its index rows and its journal entry, in one
//! transaction. Nothing is ever deleted here.

use crate::chain::{ChainKind, Fields, Hash, Head, commitment};
use crate::error::StoreError;
use crate::kinds;
use crate::pending::{Current, Entry};
use crate::setting::{DIRECTORY_REVISION, revision_of};
use crate::tx::{WriteTx, on};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::record::{Author, Kind, Meta, Record, Saved};
use kith_domain::time::{Day, Instant};
use sqlx::{query, query_as};
use uuid::Uuid;

/// The action of an entry that takes a record back as a mistake, and the beginning of the
/// action of every later entry of that record. No other action may begin so: readers of the
/// journal know such versions by it.
pub const ENTERED_IN_ERROR: &str = "entered in error";

/// Is a version with this action taken back as a mistake?
pub(crate) fn is_in_error(action: &str) -> bool {
    action.starts_with(ENTERED_IN_ERROR)
}

/// The action as the journal says it.
fn action_in_full(action: &str, entered_in_error: bool) -> String {
    if entered_in_error && !is_in_error(action) {
        format!("{ENTERED_IN_ERROR}; {action}")
    } else {
        action.to_owned()
    }
}

/// The action of an entry that takes the text of an earlier version out of the journal;
/// the number of the version follows.
pub const TAKEN_OUT: &str = "took out the text of version";

/// Who writes, when, and why they may.
#[derive(Clone, Debug)]
pub struct Writing {
    /// The moment of the change.
    pub at: Instant,
    /// Who writes.
    pub author: Author,
    /// Whose words or wish it is, when the author writes for another.
    pub recorded_for: Option<Author>,
    /// The basis on which it was decided (a rule id and, where there is one, a reference).
    pub basis: String,
}

/// Where a new record belongs.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord {
    /// A fresh UUID version 7.
    pub id: RecordId,
    /// Whom it is about, if anybody.
    pub person: Option<PersonId>,
    /// Whose part of the record it is.
    pub owner: OrganisationId,
}

/// The header of a journal entry as it is hashed and stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The chain it belongs to.
    pub chain: Uuid,
    /// Its number in the chain, from 1.
    pub number: i64,
    /// Whom it is about.
    pub person: Option<Uuid>,
    /// The record.
    pub record: Uuid,
    /// The version that it made.
    pub version: i64,
    /// The kind of record.
    pub kind: String,
    /// The number of the stored form.
    pub schema: i64,
    /// What was done, in words.
    pub action: String,
    /// When, in microseconds UTC.
    pub at: i64,
    /// Who, as canonical JSON.
    pub author: String,
    /// For whom, as canonical JSON.
    pub recorded_for: Option<String>,
    /// The owning organisation.
    pub owner: Uuid,
    /// On what basis.
    pub basis: String,
    /// The hash of the entry before.
    pub previous: Hash,
    /// The commitment to the payload.
    pub commitment: Hash,
}

impl Header {
    /// The hash of this entry, which the next entry carries.
    pub fn hash(&self) -> Hash {
        Fields::new("kith journal 1")
            .id(Some(self.chain))
            .number(self.number)
            .id(self.person)
            .id(Some(self.record))
            .number(self.version)
            .field(self.kind.as_bytes())
            .number(self.schema)
            .field(self.action.as_bytes())
            .number(self.at)
            .field(self.author.as_bytes())
            .text(self.recorded_for.as_deref())
            .id(Some(self.owner))
            .field(self.basis.as_bytes())
            .field(&self.previous)
            .field(&self.commitment)
            .end()
    }
}

/// Days since 1970-01-01, the stored form of a day.
pub(crate) fn day_number(day: Day) -> i64 {
    i64::from(kith_domain::time::days_between(jiff::civil::date(1970, 1, 1), day))
}

/// The index columns and links of a record, computed from its value alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub area: &'static str,
    pub sensitivity: i64,
    pub state: &'static str,
    pub open: i64,
    pub due: Option<i64>,
    pub sort: String,
    pub links: Vec<(&'static str, Uuid)>,
}

pub(crate) fn index_of<T: Record>(value: &T, entered_in_error: bool) -> Index {
    let label = value.label();
    // What was taken back as a mistake is found from nowhere.
    let links = if entered_in_error { Vec::new() } else { value.links() };
    let mut links: Vec<_> = links.into_iter().map(|l| (l.role, l.target)).collect();
    links.sort_unstable();
    links.dedup();
    Index {
        area: label.area.code(),
        sensitivity: label.sensitivity.level(),
        state: value.state(),
        open: i64::from(value.open() && !entered_in_error),
        due: value.due().map(day_number),
        sort: value.sort_key(),
        links,
    }
}

pub(crate) fn canonical<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Unreadable { kind: "value", cause })
}

impl WriteTx {
    /// Writes the first version of a record.
    ///
    /// # Errors
    /// The person is missing, or does not belong to this kind; a text holds NUL; or the
    /// database could not do it. That the id is already taken shows at the commit or at
    /// the next statement.
    pub async fn create<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        new: NewRecord,
        value: &T,
    ) -> Result<Saved<T>, StoreError> {
        kinds::check_person(T::KIND, new.person)?;
        let meta = Meta {
            id: new.id,
            version: 1,
            at: writing.at,
            created: writing.at,
            author: writing.author,
            created_by: writing.author,
            recorded_for: writing.recorded_for,
            person: new.person,
            owner: new.owner,
            entered_in_error: false,
        };
        self.put(writing, action, meta, value).await
    }

    /// Writes a new version over the one that was read.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody saved in between: nothing is overwritten.
    pub async fn change<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        old: &Meta,
        value: &T,
    ) -> Result<Saved<T>, StoreError> {
        let meta = self.next_meta(T::KIND, writing, old).await?;
        self.put(writing, action, meta, value).await
    }

    /// Takes a record back as a mistake. It stays in the journal.
    ///
    /// # Errors
    /// As [`WriteTx::change`].
    pub async fn enter_in_error<T: Record>(
        &mut self,
        writing: &Writing,
        old: &Saved<T>,
    ) -> Result<Saved<T>, StoreError> {
        let mut meta = self.next_meta(T::KIND, writing, &old.meta).await?;
        meta.entered_in_error = true;
        self.put(writing, ENTERED_IN_ERROR, meta, &old.value).await
    }

    /// Takes the text of an earlier version out of the journal: at the end of its
    /// retention, or because it was held wrongly. `value` is what the record says from now
    /// on. The basis of the writing says who decided, which second person agreed, and why;
    /// it stands in the new entry and in place of the text, so that the chain still
    /// verifies and tells what was done.
    ///
    /// # Errors
    /// There is no such version or its text is gone already; or as [`WriteTx::change`].
    pub async fn take_out<T: Record>(
        &mut self,
        writing: &Writing,
        old: &Meta,
        value: &T,
        version: u32,
    ) -> Result<Saved<T>, StoreError> {
        // The salt goes too: with it, a short text could be guessed from its commitment.
        const SQL: &str = "UPDATE payload SET body = NULL, salt = $3, removed = $4
                           WHERE record = $1 AND version = $2 AND body IS NOT NULL";
        if version > old.version {
            return Err(StoreError::Missing);
        }
        let saved = self.change(writing, &format!("{TAKEN_OUT} {version}"), old, value).await?;
        let (id, basis) = (old.id.0, &writing.basis);
        let rows = on!(self.tx, |conn| {
            let q = query(SQL).bind(id).bind(i64::from(version)).bind(&[][..] as &[u8]).bind(basis);
            q.execute(conn).await?.rows_affected()
        });
        if rows == 1 { Ok(saved) } else { Err(StoreError::Missing) }
    }

    async fn next_meta(&mut self, kind: Kind, writing: &Writing, old: &Meta) -> Result<Meta, StoreError> {
        let (chain, of) = chain_of(old);
        self.head(of, chain).await?;
        let (now, stored) = self.stored_version(old.id).await?.ok_or(StoreError::Missing)?;
        if stored != kind.code() {
            return Err(StoreError::Missing);
        }
        if now != i64::from(old.version) {
            let now = u32::try_from(now).unwrap_or(u32::MAX);
            return Err(StoreError::Conflict { id: old.id, expected: old.version, now });
        }
        Ok(Meta {
            version: old.version + 1,
            at: writing.at,
            author: writing.author,
            recorded_for: writing.recorded_for,
            ..old.clone()
        })
    }

    /// The version and kind that are stored, or that this transaction has made.
    async fn stored_version(&mut self, id: RecordId) -> Result<Option<(i64, String)>, StoreError> {
        const SQL: &str = "SELECT version, kind FROM record WHERE id = $1";
        if let Some((version, kind)) = self.tx.pending.version(id.0) {
            return Ok(Some((version, kind.to_owned())));
        }
        Ok(on!(self.tx, |conn| query_as(SQL).bind(id.0).fetch_optional(conn).await?))
    }

    async fn put<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        meta: Meta,
        value: &T,
    ) -> Result<Saved<T>, StoreError> {
        if is_in_error(action) && !meta.entered_in_error {
            return Err(StoreError::Refused(format!(
                "the action \"{ENTERED_IN_ERROR}\" has a function of its own"
            )));
        }
        let texts = Texts::of(writing, &meta, value)?;
        let index = index_of(value, meta.entered_in_error);
        refuse_nul([action, &writing.basis, &index.sort])?;
        let entry = self.entry(writing, action, &meta, (T::KIND, T::SCHEMA), &texts).await?;
        let current = Current {
            kind: T::KIND.code(),
            schema: i64::from(T::SCHEMA),
            author: texts.author,
            created_by: texts.created_by,
            recorded_for: texts.recorded_for,
            index,
            body: texts.body,
            chain: entry.header.chain,
            number: entry.header.number,
            clear: meta.version > 1,
            meta: meta.clone(),
        };
        let raised = revision_of(T::KIND);
        self.revisions.extend(raised);
        if raised == Some(DIRECTORY_REVISION) {
            self.listed.insert(meta.id.0, T::KIND.code());
        }
        self.tx.wait(entry, current).await?;
        Ok(Saved { meta, value: value.clone() })
    }

    async fn entry(
        &mut self,
        writing: &Writing,
        action: &str,
        meta: &Meta,
        (kind, schema): (Kind, u32),
        texts: &Texts,
    ) -> Result<Entry, StoreError> {
        let (chain, of) = chain_of(meta);
        let head = self.head(of, chain).await?;
        let mut salt = [0u8; 16];
        getrandom::fill(&mut salt)
            .map_err(|e| StoreError::Refused(format!("no randomness from the system: {e}")))?;
        let header = Header {
            chain,
            number: head.number + 1,
            person: meta.person.map(|p| p.0),
            record: meta.id.0,
            version: i64::from(meta.version),
            kind: kind.code().to_owned(),
            schema: i64::from(schema),
            action: action_in_full(action, meta.entered_in_error),
            at: meta.at.0,
            author: texts.author.clone(),
            recorded_for: texts.recorded_for.clone(),
            owner: meta.owner.0,
            basis: writing.basis.clone(),
            previous: head.hash,
            commitment: commitment(&salt, texts.body.as_bytes()),
        };
        let hash = header.hash();
        self.advance(chain, Head { number: header.number, hash });
        Ok(Entry { header, hash, salt, body: texts.body.clone() })
    }
}

/// What is stored as text of one version.
struct Texts {
    body: String,
    author: String,
    created_by: String,
    recorded_for: Option<String>,
}

impl Texts {
    fn of<T: Record>(writing: &Writing, meta: &Meta, value: &T) -> Result<Texts, StoreError> {
        let body = canonical(value)?;
        if holds_nul(&body) {
            return Err(nul());
        }
        Ok(Texts {
            body,
            author: canonical(&writing.author)?,
            created_by: canonical(&meta.created_by)?,
            recorded_for: writing.recorded_for.as_ref().map(canonical).transpose()?,
        })
    }
}

fn nul() -> StoreError {
    StoreError::Refused("a text holds the character NUL, which cannot be kept".into())
}

/// PostgreSQL cannot store NUL in text and SQLite cuts text there: both refuse it here.
pub(crate) fn refuse_nul<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<(), StoreError> {
    if texts.into_iter().any(|text| text.contains('\0')) { Err(nul()) } else { Ok(()) }
}

/// Does JSON text hold an escaped NUL? A backslash that is itself escaped does not count.
fn holds_nul(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        before % 2 == 0
    })
}

/// The chain that a record belongs to: its person's, or its organisation's.
pub(crate) fn chain_of(meta: &Meta) -> (Uuid, ChainKind) {
    match meta.person {
        Some(person) => (person.0, ChainKind::Person),
        None => (meta.owner.0, ChainKind::Organisation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever stands around it, a NUL is seen in the JSON of a text, and nothing
        /// else is taken for one.
        #[test]
        fn a_nul_is_seen_and_nothing_else(text in "[\0\\\\u0\"a]{0,12}") {
            let json = canonical(&text).unwrap();
            prop_assert_eq!(holds_nul(&json), text.contains('\0'));
        }
    }

    #[test]
    fn days_are_numbered_from_1970() {
        assert_eq!(day_number(jiff::civil::date(1970, 1, 2)), 1);
        assert_eq!(day_number(jiff::civil::date(1969, 12, 31)), -1);
        let day = jiff::civil::date(2026, 11, 23);
        assert_eq!(crate::read::day_from_number(day_number(day)), day);
    }
}
