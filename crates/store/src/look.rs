//! The access log: what was looked at. One row for each request and person touched.
//!
//! One task in each process writes looks in groups: while one commit is under way the
//! next group gathers, so that many pages share one wait for the disk. A page leaves
//! only after its looks are committed; when they cannot be, the page is refused.
//! Rows are chained by hash for each writer, and the checkpoint covers the heads.

use crate::chain::{ChainKind, Fields, Hash, Head};
use crate::db::Pools;
use crate::dialect;
use crate::disk::Disk;
use crate::error::StoreError;
use crate::pending::batch;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::id::PersonId;
use kith_domain::time::Instant;
use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// How much was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A name or line on a list.
    Listed,
    /// One or more parts were opened.
    Opened,
    /// It was asked for and refused.
    Denied,
    /// Something was changed.
    Changed,
}

impl Outcome {
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Listed => "listed",
            Outcome::Opened => "opened",
            Outcome::Denied => "denied",
            Outcome::Changed => "changed",
        }
    }
}

/// One look, before it has a number.
#[derive(Clone, Debug)]
pub struct Look {
    /// When.
    pub at: Instant,
    /// The request that it belongs to; pages show it as the reference.
    pub request: Uuid,
    /// Who, as canonical JSON of the actor's identity.
    pub who: String,
    /// Acting for which organisation.
    pub organisation: Option<Uuid>,
    /// In which role.
    pub role: String,
    /// At whom; none for looks at no person.
    pub person: Option<PersonId>,
    /// For what purpose.
    pub purpose: String,
    /// The action that was decided.
    pub action: String,
    /// The rule that allowed it, or that refused it.
    pub basis: String,
    /// How much was seen.
    pub outcome: Outcome,
    /// Which parts, in words for the person: "plan, housing".
    pub parts: String,
}

impl Look {
    fn check(&self) -> Result<(), StoreError> {
        refuse_nul(
            [&self.who, &self.role, &self.purpose, &self.action, &self.basis, &self.parts]
                .map(String::as_str),
        )
    }
}

/// One look as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct LookRow {
    /// The process that wrote it.
    pub writer: Uuid,
    /// Its number there.
    pub number: i64,
    /// When, in microseconds UTC.
    pub at: i64,
    /// The request.
    pub request: Uuid,
    /// Who, as JSON.
    pub who: String,
    /// For which organisation.
    pub organisation: Option<Uuid>,
    /// In which role.
    pub role: String,
    /// At whom.
    pub person: Option<Uuid>,
    /// For what.
    pub purpose: String,
    /// The action.
    pub action: String,
    /// The rule.
    pub basis: String,
    /// listed, opened, denied or changed.
    pub outcome: String,
    /// Which parts.
    pub parts: String,
    /// The hash of this row and the one before.
    pub hash: Vec<u8>,
}

impl LookRow {
    /// The hash that this row must have after `previous`.
    pub fn expected_hash(&self, previous: &Hash) -> Hash {
        Fields::new("kith look 1")
            .id(Some(self.writer))
            .number(self.number)
            .number(self.at)
            .id(Some(self.request))
            .field(self.who.as_bytes())
            .id(self.organisation)
            .field(self.role.as_bytes())
            .id(self.person)
            .field(self.purpose.as_bytes())
            .field(self.action.as_bytes())
            .field(self.basis.as_bytes())
            .field(self.outcome.as_bytes())
            .field(self.parts.as_bytes())
            .field(previous)
            .end()
    }
}

/// What to look for among an organisation's looks.
#[derive(Clone, Debug)]
pub struct LookSearch {
    /// Whose workers looked.
    pub organisation: Uuid,
    /// The first moment.
    pub from: Instant,
    /// Only what comes after this one in the order of the list: its moment, writer and number.
    pub before: (Instant, Uuid, i64),
    /// At whom.
    pub person: Option<PersonId>,
    /// The action; all when empty.
    pub action: String,
    /// `in`: let in. `out`: refused. `all`: also names on lists. Anything else: all but those.
    pub outcome: &'static str,
}

type Done = oneshot::Sender<Result<(), String>>;

/// The one writer of looks in this process.
#[derive(Clone)]
pub struct LookWriter {
    queue: mpsc::Sender<(Vec<Look>, Done)>,
}

/// How many requests may wait for the log before new ones wait to be queued.
const QUEUE: usize = 1024;
/// The most looks in one commit: beyond about this many a longer commit gains nothing.
const GROUP: usize = 512;

impl LookWriter {
    pub(crate) fn start(pools: Pools, disk: Disk) -> LookWriter {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_groups(pools, disk, waiting));
        LookWriter { queue }
    }

    /// Commits these looks, with those of other requests, and returns when they are on
    /// disk.
    ///
    /// # Errors
    /// They could not be written: the page must not leave.
    pub async fn record(&self, looks: Vec<Look>) -> Result<(), StoreError> {
        if looks.is_empty() {
            return Ok(());
        }
        // Before they join the others: one bad text would refuse the pages of the whole group.
        looks.iter().try_for_each(Look::check)?;
        self.send(looks).await
    }

    /// Returns when everything queued before is on disk.
    pub async fn finish(&self) {
        // An error here means the writer has ended, and with it its queue.
        let _ = self.send(Vec::new()).await;
    }

    async fn send(&self, looks: Vec<Look>) -> Result<(), StoreError> {
        let (done, answer) = oneshot::channel();
        let ended = || StoreError::Refused("the access log cannot be written".into());
        self.queue.send((looks, done)).await.map_err(|_| ended())?;
        match answer.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(StoreError::Refused(why)),
            Err(_) => Err(ended()),
        }
    }
}

async fn write_groups(pools: Pools, disk: Disk, mut waiting: mpsc::Receiver<(Vec<Look>, Done)>) {
    let mut id = [0u8; 16];
    if let Err(error) = getrandom::fill(&mut id) {
        // The queue closes, and with it every page is refused: there is no log.
        tracing::error!(%error, "no randomness from the system, so no access log");
        return;
    }
    let writer = uuid::Builder::from_random_bytes(id).into_uuid();
    let mut head = None;
    while let Some(first) = waiting.recv().await {
        let mut group = vec![first];
        let mut size = group[0].0.len();
        while size < GROUP {
            let Ok(next) = waiting.try_recv() else { break };
            size += next.0.len();
            group.push(next);
        }
        let looks: Vec<&Look> = group.iter().flat_map(|(looks, _)| looks).collect();
        let result = if looks.is_empty() {
            Ok(())
        } else {
            write_group(&pools, &disk, writer, &looks, &mut head).await
        };
        if let Err(error) = &result {
            tracing::error!(%error, cause = ?error, "looks could not be written");
        }
        for (_, done) in group {
            let answer = result.as_ref().copied().map_err(|_| "the access log cannot be written".to_owned());
            // The request may have gone away; its look is written all the same.
            let _ = done.send(answer);
        }
    }
}

/// `head` is where this writer's chain ends, as far as that is known: nobody else writes to it,
/// so that it is read once and not before each group. After a failure it is read again.
async fn write_group(
    pools: &Pools,
    disk: &Disk,
    writer: Uuid,
    looks: &[&Look],
    head: &mut Option<Head>,
) -> Result<(), StoreError> {
    let known = head.take();
    let mut tx = WriteTx::begin(pools, disk).await?;
    if let Some(known) = known {
        tx.knows(ChainKind::Looks, writer, known);
    }
    tx.append_looks(writer, looks).await?;
    let reached = tx.head(ChainKind::Looks, writer).await?;
    tx.commit().await?;
    *head = Some(reached);
    Ok(())
}

impl WriteTx {
    /// Writes the looks of a change in the change's own transaction. The writer is the
    /// person's own chain of changes, so that the order is the order of the journal.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn record_looks(&mut self, chain: Uuid, looks: &[Look]) -> Result<(), StoreError> {
        looks.iter().try_for_each(Look::check)?;
        let looks: Vec<&Look> = looks.iter().collect();
        self.append_looks(look_chain(chain), &looks).await
    }

    async fn append_looks(&mut self, writer: Uuid, looks: &[&Look]) -> Result<(), StoreError> {
        let mut head = self.head(ChainKind::Looks, writer).await?;
        let mut rows = Vec::with_capacity(looks.len());
        for look in looks {
            let mut row = LookRow {
                writer,
                number: head.number + 1,
                at: look.at.0,
                request: look.request,
                who: look.who.clone(),
                organisation: look.organisation,
                role: look.role.clone(),
                person: look.person.map(|p| p.0),
                purpose: look.purpose.clone(),
                action: look.action.clone(),
                basis: look.basis.clone(),
                outcome: look.outcome.code().to_owned(),
                parts: look.parts.clone(),
                hash: Vec::new(),
            };
            let hash = row.expected_hash(&head.hash);
            row.hash = hash.to_vec();
            head = Head { number: row.number, hash };
            rows.push(row);
        }
        self.insert_looks(&rows).await?;
        self.advance(writer, head);
        Ok(())
    }

    /// A worklist is a look at each person on it: many rows in one statement.
    async fn insert_looks(&mut self, mut rows: &[LookRow]) -> Result<(), StoreError> {
        const INTO: &str = "INSERT INTO look
            (writer, number, at, request, who, organisation, role, person, purpose, action, basis, outcome, parts, hash)";
        while !rows.is_empty() {
            let (now, later) = rows.split_at(batch(rows.len()));
            rows = later;
            let sql = dialect::insert(&self.engine, INTO, 14, now.len(), "");
            on!(self.tx, |conn| {
                let mut q = query(AssertSqlSafe(sql));
                for row in now {
                    q = q
                        .bind(row.writer)
                        .bind(row.number)
                        .bind(row.at)
                        .bind(row.request)
                        .bind(&row.who)
                        .bind(row.organisation)
                        .bind(&row.role)
                        .bind(row.person)
                        .bind(&row.purpose)
                        .bind(&row.action)
                        .bind(&row.basis)
                        .bind(&row.outcome)
                        .bind(&row.parts)
                        .bind(&row.hash);
                }
                q.execute(conn).await?.rows_affected()
            });
        }
        Ok(())
    }
}

/// The chain of looks written together with changes to `chain`: its id with the last
/// bit turned, so that it needs no table of its own and can be told from the outside.
fn look_chain(chain: Uuid) -> Uuid {
    Uuid::from_u128(chain.as_u128() ^ 1)
}

impl Tx {
    /// Who looked at a person, newest first: at most `most` rows before `before`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_looks(
        &mut self,
        person: PersonId,
        before: Instant,
        most: u32,
    ) -> Result<Vec<LookRow>, StoreError> {
        const SQL: &str = "SELECT * FROM look WHERE person = $1 AND at < $2
                           ORDER BY at DESC, writer, number DESC LIMIT $3";
        Ok(on!(self, |conn| {
            query_as(SQL).bind(person.0).bind(before.0).bind(i64::from(most)).fetch_all(conn).await?
        }))
    }

    /// As [`Tx::list_looks`], from a moment on: what was opened, changed or refused, or else
    /// only names on lists, so that the many of the one never crowd out the few of the other.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_looks_between(
        &mut self,
        person: PersonId,
        (from, before): (Instant, Instant),
        listed: bool,
        most: u32,
    ) -> Result<Vec<LookRow>, StoreError> {
        const SQL: &str = "SELECT * FROM look
                           WHERE person = $1 AND at >= $2 AND at < $3
                             AND (CASE WHEN outcome = 'listed' THEN 1 ELSE 0 END) = $4
                           ORDER BY at DESC, writer, number DESC LIMIT $5";
        Ok(on!(self, |conn| {
            query_as(SQL)
                .bind(person.0)
                .bind(from.0)
                .bind(before.0)
                .bind(i64::from(listed))
                .bind(i64::from(most))
                .fetch_all(conn)
                .await?
        }))
    }

    /// The looks of an organisation's own workers, newest first, from just before `before`:
    /// for information governance. What is only a name on a list is found when it is asked for.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn search_looks(&mut self, s: &LookSearch, most: u32) -> Result<Vec<LookRow>, StoreError> {
        if refuse_nul([s.action.as_str()]).is_err() {
            return Ok(Vec::new());
        }
        // Two texts, each along its own index.
        const OF_ALL: &str = "SELECT * FROM look
             WHERE organisation = $1 AND at >= $2 AND at <= $3
               AND (at < $3 OR writer > $4 OR (writer = $4 AND number < $5))
               AND ($6 = '' OR action = $6)
               AND (CASE $7 WHEN 'in' THEN outcome <> 'denied' WHEN 'out' THEN outcome = 'denied'
                            WHEN 'all' THEN 1 = 1 ELSE outcome <> 'listed' END)
             ORDER BY at DESC, writer, number DESC LIMIT $8";
        const OF_PERSON: &str = "SELECT * FROM look
             WHERE organisation = $1 AND at >= $2 AND at <= $3
               AND (at < $3 OR writer > $4 OR (writer = $4 AND number < $5))
               AND ($6 = '' OR action = $6)
               AND (CASE $7 WHEN 'in' THEN outcome <> 'denied' WHEN 'out' THEN outcome = 'denied'
                            WHEN 'all' THEN 1 = 1 ELSE outcome <> 'listed' END)
               AND person = $9
             ORDER BY at DESC, writer, number DESC LIMIT $8";
        let (at, writer, number) = s.before;
        Ok(on!(self, |conn| {
            let q = query_as(if s.person.is_some() { OF_PERSON } else { OF_ALL })
                .bind(s.organisation)
                .bind(s.from.0)
                .bind(at.0)
                .bind(writer)
                .bind(number)
                .bind(&s.action)
                .bind(s.outcome)
                .bind(i64::from(most));
            match s.person {
                Some(person) => q.bind(person.0).fetch_all(conn).await?,
                None => q.fetch_all(conn).await?,
            }
        }))
    }

    /// At whom an organisation's own workers looked between two moments.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_people_looked_at(
        &mut self,
        organisation: Uuid,
        (from, before): (Instant, Instant),
    ) -> Result<Vec<PersonId>, StoreError> {
        const SQL: &str = "SELECT DISTINCT person FROM look
                           WHERE organisation = $1 AND at >= $2 AND at < $3 AND person IS NOT NULL";
        let people: Vec<Uuid> = on!(self, |conn| query_scalar(SQL)
            .bind(organisation)
            .bind(from.0)
            .bind(before.0)
            .fetch_all(conn)
            .await?);
        Ok(people.into_iter().map(PersonId).collect())
    }

    /// Every look at anybody from a moment until another, in the order of time, names on lists left
    /// out: for the detectors.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_looks_at_people(
        &mut self,
        (from, before): (Instant, Instant),
    ) -> Result<Vec<LookRow>, StoreError> {
        const SQL: &str = "SELECT * FROM look
                           WHERE person IS NOT NULL AND at >= $1 AND at < $2 AND outcome <> 'listed'
                           ORDER BY at, writer, number";
        Ok(on!(self, |conn| query_as(SQL).bind(from.0).bind(before.0).fetch_all(conn).await?))
    }

    /// When a request looked at a person.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_look_at(
        &mut self,
        person: PersonId,
        request: Uuid,
    ) -> Result<Option<Instant>, StoreError> {
        const SQL: &str = "SELECT at FROM look WHERE person = $1 AND request = $2 ORDER BY at DESC LIMIT 1";
        let at: Option<i64> =
            on!(self, |conn| query_scalar(SQL).bind(person.0).bind(request).fetch_optional(conn).await?);
        Ok(at.map(Instant))
    }

    /// The looks of one writer after a number, in order: for `kith verify`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_looks_of(
        &mut self,
        writer: Uuid,
        after: i64,
        most: u32,
    ) -> Result<Vec<LookRow>, StoreError> {
        const SQL: &str = "SELECT * FROM look WHERE writer = $1 AND number > $2 ORDER BY number LIMIT $3";
        Ok(on!(self, |conn| {
            query_as(SQL).bind(writer).bind(after).bind(i64::from(most)).fetch_all(conn).await?
        }))
    }
}
