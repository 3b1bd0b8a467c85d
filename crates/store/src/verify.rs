//! Proving that nothing was altered: `kith verify`.
//!
//! Four passes over one snapshot, each a few hundred rows at a time, so that memory does
//! not grow with the journal: every chain of the journal with its payloads, every current
//! row with its last entry and its links, every chain of looks, and what must not be
//! there. Findings name the chain, the number and the record, never what is in it.
//!
//! **What this can and cannot find.** Whoever alters one thing leaves a trace in another:
//! a payload in the commitment, an entry in its hash, an entry with its hash in the next
//! entry, the last entry in the head of the chain, a row in its last entry. Whoever can
//! write to the database and recomputes all of it, to the head and the row, leaves no
//! trace *inside* the database. Only a checkpoint kept outside ([`crate::checkpoint`])
//! finds that, and only for what was written before it was made.

mod looks;
mod rows;

use crate::chain::{Hash, Head, START, commitment, to_hash};
use crate::checkpoint::{Checkpoint, PublicKey};
use crate::db::Store;
use crate::error::StoreError;
use crate::tx::{Tx, on};
use crate::write::{ENTERED_IN_ERROR, Header, TAKEN_OUT};
use kith_domain::id::RecordId;
use sqlx::{FromRow, query_as};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows read at a time.
const PAGE: i64 = 500;
/// Findings kept with their words; more are only counted.
const MOST: usize = 1_000;

/// What sort of thing is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Wrong {
    /// An entry's header is not what its hash says.
    EntryAltered,
    /// An entry does not follow the one before it.
    ChainBroken,
    /// Entries are missing before this one.
    EntriesMissing,
    /// The chain ends before its head.
    TailCut,
    /// The chain goes on after its head, or ends in another hash.
    HeadDiffers,
    /// An entry stands in a chain that is not its own.
    WrongChain,
    /// A payload is not what its entry committed to.
    PayloadAltered,
    /// An entry has no payload.
    PayloadMissing,
    /// A payload is gone and no later entry says who took it out and why.
    PayloadTakenOutSilently,
    /// A payload without an entry.
    PayloadWithoutEntry,
    /// A current row differs from its last entry.
    RowAltered,
    /// A record of the journal has no current row.
    RowMissing,
    /// A current row has no entry.
    RowWithoutEntry,
    /// The index columns or links of a row are not what its value says.
    IndexDiffers,
    /// A value cannot be read as its kind.
    Unreadable,
    /// A look is not what its hash says, or does not follow the one before it.
    LookAltered,
    /// Looks are missing.
    LooksMissing,
    /// The checkpoint is not a good one: another partnership, root, or signature.
    BadCheckpoint,
    /// What the checkpoint saw is not there, or is different.
    CheckpointDiffers,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What sort of thing.
    pub wrong: Wrong,
    /// In which chain.
    pub chain: Option<Uuid>,
    /// At which number of the chain.
    pub number: Option<i64>,
    /// In which record.
    pub record: Option<RecordId>,
    /// In words, without anything of what is in the record.
    pub words: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.words)?;
        if let Some(chain) = self.chain {
            write!(f, "; chain {chain}")?;
        }
        if let Some(number) = self.number {
            write!(f, ", number {number}")?;
        }
        if let Some(record) = self.record {
            write!(f, "; record {record}")?;
        }
        Ok(())
    }
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// What is being read, in words.
    pub stage: &'static str,
    /// Rows read of it.
    pub done: u64,
    /// Rows there are.
    pub total: u64,
}

/// Called now and then with how far it is.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Chains of the journal.
    pub chains: u64,
    /// Entries of the journal.
    pub entries: u64,
    /// Current rows.
    pub records: u64,
    /// Rows of the reverse index.
    pub links: u64,
    /// Looks.
    pub looks: u64,
    /// Versions whose text was taken out, properly: by whom and why stands in a later
    /// entry.
    pub taken_out: Vec<(RecordId, i64)>,
    /// What is wrong, the first thousand.
    pub findings: Vec<Finding>,
    /// How many things are wrong.
    pub wrong: u64,
    /// The moment of the checkpoint that was compared, if one was.
    pub checkpoint: Option<i64>,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.wrong == 0
    }

    /// What a clean report does and does not prove, in words.
    pub fn proves(&self) -> &'static str {
        if self.checkpoint.is_some() {
            "Nothing that the checkpoint saw was altered or cut. What is newer than the checkpoint is whole in \
             itself; somebody who can write to the database could have rewritten it altogether."
        } else {
            "Everything is whole in itself. Without a checkpoint kept outside, this cannot show whether somebody \
             who can write to the database rewrote it altogether or cut the newest entries with their heads."
        }
    }

    pub(crate) fn found(&mut self, finding: Finding) {
        self.wrong += 1;
        if self.findings.len() < MOST {
            self.findings.push(finding);
        }
    }
}

/// Where the verification stands.
pub(crate) struct Verify<'a> {
    pub(crate) tx: Tx,
    pub(crate) report: Report,
    pub(crate) heads: BTreeMap<Uuid, (String, Head)>,
    pub(crate) seen: BTreeMap<Uuid, Head>,
    progress: OnProgress<'a>,
}

/// Verifies a partnership's database, against a checkpoint if there is one. `key` is the
/// public key as the operator knows it from elsewhere; without it the checkpoint's own
/// is believed, which proves less.
///
/// # Errors
/// The database could not be read. What is wrong in it is in the report.
pub async fn verify(
    store: &Store,
    checkpoint: Option<&Checkpoint>,
    key: Option<&PublicKey>,
    progress: OnProgress<'_>,
) -> Result<Report, StoreError> {
    let mut tx = store.read().await?;
    let mut report = Report::default();
    let mut seen = BTreeMap::new();
    if let Some(checkpoint) = checkpoint {
        report.checkpoint = Some(checkpoint.at.0);
        let partnership = tx.partnership().await?;
        for words in checkpoint.faults(partnership, key) {
            report.found(Finding {
                wrong: Wrong::BadCheckpoint,
                chain: None,
                number: None,
                record: None,
                words,
            });
        }
        seen =
            checkpoint.heads.iter().map(|h| (h.chain, Head { number: h.number, hash: h.hash.0 })).collect();
    }
    let heads = tx.list_chains().await?.into_iter().map(|(id, kind, head)| (id, (kind, head))).collect();
    let mut v = Verify { tx, report, heads, seen, progress };
    v.journal().await?;
    v.taken_out().await?;
    v.rows().await?;
    v.strays().await?;
    v.looks().await?;
    v.empty_chains();
    Ok(v.report)
}

#[derive(FromRow)]
struct EntryRow {
    chain: Uuid,
    number: i64,
    person: Option<Uuid>,
    record: Uuid,
    version: i64,
    kind: String,
    schema: i64,
    action: String,
    at: i64,
    author: String,
    recorded_for: Option<String>,
    owner: Uuid,
    basis: String,
    previous: Vec<u8>,
    commitment: Vec<u8>,
    hash: Vec<u8>,
    salt: Option<Vec<u8>>,
    body: Option<String>,
    removed: Option<String>,
}

/// Where a pass over chains stands.
pub(crate) struct Walk {
    chain: Option<Uuid>,
    last: Head,
}

impl Walk {
    pub(crate) fn new() -> Walk {
        Walk { chain: None, last: Head { number: 0, hash: START } }
    }
    /// The last chain and number read: where the next page starts.
    pub(crate) fn place(&self) -> (Uuid, i64) {
        (self.chain.unwrap_or(Uuid::nil()), if self.chain.is_some() { self.last.number } else { i64::MIN })
    }
}

impl Verify<'_> {
    pub(crate) fn tell(&mut self, stage: &'static str, done: u64, total: u64) {
        (self.progress)(Progress { stage, done, total });
    }

    pub(crate) async fn count(&mut self, sql: &'static str) -> Result<u64, StoreError> {
        let (n,): (i64,) = on!(self.tx, |conn| query_as(sql).fetch_one(conn).await?);
        Ok(u64::try_from(n).unwrap_or(0))
    }

    async fn journal(&mut self) -> Result<(), StoreError> {
        const SQL: &str = "SELECT j.chain, j.number, j.person, j.record, j.version, j.kind, j.schema, j.action, j.at,
                j.author, j.recorded_for, j.owner, j.basis, j.previous, j.commitment, j.hash, p.salt, p.body, p.removed
            FROM journal j LEFT JOIN payload p ON p.record = j.record AND p.version = j.version
            WHERE (j.chain, j.number) > ($1, $2) ORDER BY j.chain, j.number LIMIT $3";
        let total = self.count("SELECT COUNT(*) FROM journal").await?;
        let mut walk = Walk::new();
        loop {
            let (chain, number) = walk.place();
            let page: Vec<EntryRow> = on!(self.tx, |conn| query_as(SQL)
                .bind(chain)
                .bind(number)
                .bind(PAGE)
                .fetch_all(conn)
                .await?);
            if page.is_empty() {
                break;
            }
            for entry in &page {
                self.entry(&mut walk, entry)?;
            }
            self.report.entries += page.len() as u64;
            self.tell("journal", self.report.entries, total);
        }
        self.end_of_chain(&walk, Wrong::TailCut);
        Ok(())
    }

    fn entry(&mut self, walk: &mut Walk, e: &EntryRow) -> Result<(), StoreError> {
        if walk.chain != Some(e.chain) {
            self.end_of_chain(walk, Wrong::TailCut);
            *walk = Walk { chain: Some(e.chain), ..Walk::new() };
            self.report.chains += 1;
        }
        let at = |wrong, words: &str| Finding {
            wrong,
            chain: Some(e.chain),
            number: Some(e.number),
            record: Some(RecordId(e.record)),
            words: words.to_owned(),
        };
        let (Ok(previous), Ok(stored), Ok(promised)) =
            (to_hash(&e.previous), to_hash(&e.hash), to_hash(&e.commitment))
        else {
            self.report.found(at(Wrong::EntryAltered, "an entry holds a hash that is not one"));
            walk.last = Head { number: e.number, hash: START };
            return Ok(());
        };
        let hash = e.header(previous, promised).hash();
        if e.number != walk.last.number + 1 {
            let words = format!("entries {} to {} are missing", walk.last.number + 1, e.number - 1);
            self.report.found(at(Wrong::EntriesMissing, &words));
        } else if previous != walk.last.hash {
            self.report.found(at(Wrong::ChainBroken, "an entry does not follow the one before it"));
        }
        if hash != stored {
            self.report.found(at(Wrong::EntryAltered, "an entry is not what its hash says"));
        }
        if e.chain != e.person.unwrap_or(e.owner) {
            self.report.found(at(Wrong::WrongChain, "an entry stands in a chain that is not its own"));
        }
        match (&e.salt, &e.body, &e.removed) {
            (None, ..) => self.report.found(at(Wrong::PayloadMissing, "the text of an entry is missing")),
            (Some(salt), Some(body), _) if commitment(salt, body.as_bytes()) != promised => {
                self.report
                    .found(at(Wrong::PayloadAltered, "the text of an entry is not what was committed to"));
            }
            (Some(_), None, _) => self.report.taken_out.push((RecordId(e.record), e.version)),
            _ => {}
        }
        self.compare_with_checkpoint(e.chain, e.number, hash);
        walk.last = Head { number: e.number, hash: stored };
        Ok(())
    }

    /// What the checkpoint saw at this place must be what is recomputed here now.
    pub(crate) fn compare_with_checkpoint(&mut self, chain: Uuid, number: i64, hash: Hash) {
        let Some(seen) = self.seen.get(&chain) else { return };
        if seen.number == number && seen.hash != hash {
            self.report.found(Finding {
                wrong: Wrong::CheckpointDiffers,
                chain: Some(chain),
                number: Some(number),
                record: None,
                words: "an entry at or before this one was rewritten since the checkpoint".into(),
            });
        }
    }

    /// At the end of a chain: its head, and what the checkpoint saw of it.
    pub(crate) fn end_of_chain(&mut self, walk: &Walk, cut: Wrong) {
        let Some(chain) = walk.chain else { return };
        let head = self.heads.remove(&chain).map_or(Head { number: 0, hash: START }, |(_, head)| head);
        self.end(chain, walk.last, head, cut);
    }

    fn end(&mut self, chain: Uuid, last: Head, head: Head, cut: Wrong) {
        let mut found = |wrong, number, words: String| {
            self.report.found(Finding {
                wrong,
                chain: Some(chain),
                number: Some(number),
                record: None,
                words,
            });
        };
        if last.number < head.number {
            let words = format!("the chain ends at {} and its head stands at {}", last.number, head.number);
            found(cut, last.number, words);
        } else if last != head {
            let words = "the head of the chain is not its last entry: entries were added or rewritten";
            found(Wrong::HeadDiffers, head.number, words.into());
        }
        if let Some(seen) = self.seen.remove(&chain)
            && seen.number > last.number
        {
            let words = format!(
                "the checkpoint saw entry {} and the chain ends at {}: it was cut",
                seen.number, last.number
            );
            found(Wrong::CheckpointDiffers, last.number, words);
        }
    }

    /// Chains with a head, or in the checkpoint, of which not one entry is left.
    fn empty_chains(&mut self) {
        let none = Head { number: 0, hash: START };
        for (chain, (_, head)) in std::mem::take(&mut self.heads) {
            self.end(chain, none, head, Wrong::TailCut);
        }
        for chain in self.seen.keys().copied().collect::<Vec<_>>() {
            self.end(chain, none, none, Wrong::TailCut);
        }
    }

    /// Text may be taken out only together with a later entry that says so.
    async fn taken_out(&mut self) -> Result<(), StoreError> {
        const SQL: &str = "SELECT j.number, j.chain FROM journal j JOIN payload p ON p.removed = j.basis
            WHERE j.record = $1 AND j.version > $2 AND j.action IN ($3, $4)
              AND p.record = $1 AND p.version = $2";
        for (record, version) in std::mem::take(&mut self.report.taken_out) {
            let action = format!("{TAKEN_OUT} {version}");
            let in_error = format!("{ENTERED_IN_ERROR}; {action}");
            let said: Option<(i64, Uuid)> = on!(self.tx, |conn| {
                query_as(SQL)
                    .bind(record.0)
                    .bind(version)
                    .bind(&action)
                    .bind(&in_error)
                    .fetch_optional(conn)
                    .await?
            });
            match said {
                Some(_) => self.report.taken_out.push((record, version)),
                None => self.report.found(Finding {
                    wrong: Wrong::PayloadTakenOutSilently,
                    chain: None,
                    number: None,
                    record: Some(record),
                    words: format!(
                        "the text of version {version} is gone and no later entry says who took it out"
                    ),
                }),
            }
        }
        Ok(())
    }

    /// What must not be there: records of the journal without a row, payloads without an
    /// entry.
    async fn strays(&mut self) -> Result<(), StoreError> {
        const ROWLESS: &str = "SELECT DISTINCT j.record, j.chain FROM journal j
            WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.id = j.record) ORDER BY j.record LIMIT 1000";
        const ENTRYLESS: &str = "SELECT p.record, p.version FROM payload p
            WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.record = p.record AND j.version = p.version)
            ORDER BY p.record, p.version LIMIT 1000";
        self.tell("what has no place", 0, 2);
        let rowless: Vec<(Uuid, Uuid)> = on!(self.tx, |conn| query_as(ROWLESS).fetch_all(conn).await?);
        for (record, chain) in rowless {
            self.report.found(Finding {
                wrong: Wrong::RowMissing,
                chain: Some(chain),
                number: None,
                record: Some(RecordId(record)),
                words: "a record of the journal has no current row".into(),
            });
        }
        self.tell("what has no place", 1, 2);
        let entryless: Vec<(Uuid, i64)> = on!(self.tx, |conn| query_as(ENTRYLESS).fetch_all(conn).await?);
        for (record, version) in entryless {
            self.report.found(Finding {
                wrong: Wrong::PayloadWithoutEntry,
                chain: None,
                number: None,
                record: Some(RecordId(record)),
                words: format!("the text of version {version} has no entry"),
            });
        }
        self.tell("what has no place", 2, 2);
        Ok(())
    }
}

impl EntryRow {
    fn header(&self, previous: Hash, commitment: Hash) -> Header {
        Header {
            chain: self.chain,
            number: self.number,
            person: self.person,
            record: self.record,
            version: self.version,
            kind: self.kind.clone(),
            schema: self.schema,
            action: self.action.clone(),
            at: self.at,
            author: self.author.clone(),
            recorded_for: self.recorded_for.clone(),
            owner: self.owner,
            basis: self.basis.clone(),
            previous,
            commitment,
        }
    }
}
