//! Finding what may be a worker's today, by the reverse index alone: in one statement for
//! everybody and everything that [`kith_domain::near`] says to look for.

use crate::dialect;
use crate::error::StoreError;
use crate::read::{PersonRecords, ROW_COLUMNS, Row};
use crate::tx::{Tx, on};
use crate::write::day_number;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::link;
use kith_domain::near::Search;
use sqlx::{AssertSqlSafe, query_as};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What was found.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Found {
    /// People, the one with the earliest day first; those with none last.
    pub people: Vec<PersonId>,
    /// What belongs to no person, in the same order.
    pub loose: Vec<RecordId>,
    /// Referrals that ended and are news, the latest due first; no more than a few hundred.
    pub news: Vec<RecordId>,
}

/// The most ended referrals that one worklist reads.
const MOST_ENDED: usize = 200;

/// Searches in one statement. Fewer are filled up by repeating the last, so that there are
/// few prepared statements.
const SIZES: [usize; 3] = [32, 256, 2048];

/// Later than any day: for a search that asks for none, and for what has none.
const ANY_DAY: i64 = i64::MAX;

impl Tx {
    /// Who and what is found by these searches.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_near(&mut self, searches: &BTreeSet<Search>) -> Result<Found, StoreError> {
        let (news, searches): (Vec<Search>, Vec<Search>) =
            searches.iter().partition(|s| s.role == link::NEWS);
        let (closed, open): (Vec<Search>, Vec<Search>) =
            searches.iter().partition(|s| s.closed || s.agreement.is_some());
        // The searches come first and each is one range of the index: a plan that went through
        // the links would read all of them.
        const OPEN: &str = "
            SELECT l.person, MIN(l.due) AS due, CASE WHEN l.person IS NULL THEN l.record END AS record
            FROM searched s CROSS JOIN record_link l
            WHERE l.target = s.target AND l.role = s.role AND l.open = 1
              AND (s.kind = '' OR s.kind = l.kind) AND COALESCE(l.due, 9223372036854775807) <= s.last
              AND (s.unless = '' OR NOT EXISTS
                    (SELECT 1 FROM record_link o WHERE o.record = l.record AND o.role = s.unless))
            GROUP BY l.person, CASE WHEN l.person IS NULL THEN l.record END";
        const CLOSED: &str = "
            SELECT l.person, MIN(l.due) AS due, CASE WHEN l.person IS NULL THEN l.record END AS record
            FROM searched s CROSS JOIN record_link l
            WHERE l.target = s.target AND l.role = s.role AND l.open = 0 AND l.kind = 'person'
              AND s.unless = ''
              AND EXISTS (SELECT 1 FROM record o WHERE o.person = l.person AND o.open = 1)
            GROUP BY l.person, CASE WHEN l.person IS NULL THEN l.record END
            UNION ALL
            SELECT c.person, MIN(c.due) AS due, CASE WHEN c.person IS NULL THEN c.record END AS record
            FROM searched s CROSS JOIN record_link c
            WHERE c.target = s.target AND c.role = s.role AND c.kind = 'consent' AND c.open = 1
              AND s.unless = 'agreement' AND c.due <= s.last
              AND EXISTS (SELECT 1 FROM record_link h
                          WHERE h.record = c.person AND h.role = 'holder_team'
                            AND h.target IN (SELECT t.target FROM searched t WHERE t.unless = 'agreement'))
            GROUP BY c.person, CASE WHEN c.person IS NULL THEN c.record END";
        const NEWS: &str = "
            SELECT l.person, l.due, l.record FROM searched s CROSS JOIN record_link l
            WHERE l.target = s.target AND l.role = s.role AND l.kind = 'referral'";
        let mut rows = self.searched(&open, OPEN).await?;
        rows.extend(self.searched(&closed, CLOSED).await?);
        rows.sort_by_key(|(person, due, record)| (due.unwrap_or(ANY_DAY), *person, *record));
        let mut news = self.searched(&news, NEWS).await?;
        news.sort_by_key(|(_, due, record)| std::cmp::Reverse((*due, *record)));
        let mut news: Vec<RecordId> =
            news.into_iter().filter_map(|(.., record)| record.map(RecordId)).collect();
        news.dedup();
        news.truncate(MOST_ENDED);
        let mut found = Found { news, ..Found::default() };
        let mut seen = BTreeSet::new();
        for (person, _, record) in rows {
            match (person, record) {
                (Some(person), _) if seen.insert(person) => found.people.push(PersonId(person)),
                (None, Some(record)) if seen.insert(record) => found.loose.push(RecordId(record)),
                _ => {}
            }
        }
        Ok(found)
    }

    async fn searched(
        &mut self,
        searches: &[Search],
        select: &str,
    ) -> Result<Vec<(Option<Uuid>, Option<i64>, Option<Uuid>)>, StoreError> {
        let mut found = Vec::new();
        for some in searches.chunks(SIZES[SIZES.len() - 1]) {
            let size = SIZES.into_iter().find(|size| some.len() <= *size).unwrap_or(some.len());
            let values = dialect::values(&self.engine, 5, size);
            let sql = format!("WITH searched (target, role, kind, last, unless) AS ({values}){select}");
            // The text holds nothing but numbered places and fixed conditions.
            found.extend(on!(self, |conn| {
                let mut q = query_as::<_, (Option<Uuid>, Option<i64>, Option<Uuid>)>(AssertSqlSafe(sql));
                for n in 0..size {
                    let s = some[n.min(some.len() - 1)];
                    let last = s.before.or(s.agreement).map_or(ANY_DAY, |before| day_number(before) - 1);
                    let unless = if s.agreement.is_some() { "agreement" } else { s.unless.unwrap_or("") };
                    q = q.bind(s.target).bind(s.role).bind(s.kind.map_or("", |k| k.code()));
                    q = q.bind(last).bind(unless);
                }
                q.fetch_all(conn).await?
            }));
        }
        Ok(found)
    }

    /// These records, of any kinds, still closed. What does not exist is not there.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_records(&mut self, ids: &[RecordId]) -> Result<PersonRecords, StoreError> {
        let mut found = PersonRecords::default();
        for some in ids.chunks(64) {
            let size = [1, 8, 64].into_iter().find(|size| some.len() <= *size).unwrap_or(64);
            let start = format!("SELECT {ROW_COLUMNS} FROM record r WHERE r.id");
            let sql = dialect::with_list(&self.engine, &start, size);
            let rows: Vec<Row> = on!(self, |conn| {
                let mut q = query_as(AssertSqlSafe(sql));
                for n in 0..size {
                    q = q.bind(some[n.min(some.len() - 1)].0);
                }
                q.fetch_all(conn).await?
            });
            rows.into_iter().for_each(|row| found.push(row));
        }
        Ok(found)
    }
}
