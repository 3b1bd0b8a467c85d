//! The chains of looks.

use super::{Finding, PAGE, Verify, Walk, Wrong};
use crate::chain::{Head, START, to_hash};
use crate::error::StoreError;
use crate::look::LookRow;
use crate::tx::on;
use sqlx::query_as;

impl Verify<'_> {
    pub(super) async fn looks(&mut self) -> Result<(), StoreError> {
        const SQL: &str =
            "SELECT writer, number, at, request, who, organisation, role, person, purpose, action, basis,
                outcome, parts, hash
            FROM look WHERE (writer, number) > ($1, $2) ORDER BY writer, number LIMIT $3";
        let total = self.count("SELECT COUNT(*) FROM look").await?;
        let mut walk = Walk::new();
        loop {
            let (writer, number) = walk.place();
            let page: Vec<LookRow> = on!(self.tx, |conn| query_as(SQL)
                .bind(writer)
                .bind(number)
                .bind(PAGE)
                .fetch_all(conn)
                .await?);
            if page.is_empty() {
                break;
            }
            for look in &page {
                self.look(&mut walk, look);
            }
            self.report.looks += page.len() as u64;
            self.tell("looks", self.report.looks, total);
        }
        self.end_of_chain(&walk, Wrong::LooksMissing);
        Ok(())
    }

    fn look(&mut self, walk: &mut Walk, look: &LookRow) {
        if walk.chain != Some(look.writer) {
            self.end_of_chain(walk, Wrong::LooksMissing);
            *walk = Walk { chain: Some(look.writer), ..Walk::new() };
        }
        let at = |wrong, words: String| Finding {
            wrong,
            chain: Some(look.writer),
            number: Some(look.number),
            record: None,
            words,
        };
        if look.number != walk.last.number + 1 {
            let words = format!("looks {} to {} are missing", walk.last.number + 1, look.number - 1);
            self.report.found(at(Wrong::LooksMissing, words));
        }
        let stored = to_hash(&look.hash).unwrap_or(START);
        // The hash of a look covers the one before it, so one comparison covers both; after
        // a gap there is nothing to compare with.
        let follows = look.number == walk.last.number + 1;
        let expected = look.expected_hash(&walk.last.hash);
        if follows && expected != stored {
            self.report.found(at(Wrong::LookAltered, "a look, or the one before it, was altered".into()));
        }
        self.compare_with_checkpoint(look.writer, look.number, stored);
        walk.last = Head { number: look.number, hash: stored };
    }
}
