//! What somebody has typed and not yet sent. One draft a form and writer.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::id::PersonId;
use kith_domain::time::Instant;
use sqlx::{query, query_as};

impl Tx {
    /// The draft of a form, and when it was kept.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_draft(
        &mut self,
        who: &str,
        form: &str,
    ) -> Result<Option<(Instant, String)>, StoreError> {
        const SQL: &str = "SELECT at, body FROM draft WHERE who = $1 AND form = $2";
        let row: Option<(i64, String)> =
            on!(self, |conn| query_as(SQL).bind(who).bind(form).fetch_optional(conn).await?);
        Ok(row.map(|(at, body)| (Instant(at), body)))
    }

    /// The forms about a person that this writer has begun, and when each was kept.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn list_drafts(
        &mut self,
        who: &str,
        person: PersonId,
    ) -> Result<Vec<(String, Instant)>, StoreError> {
        const SQL: &str = "SELECT form, at FROM draft WHERE who = $1 AND person = $2 ORDER BY form";
        let rows: Vec<(String, i64)> =
            on!(self, |conn| query_as(SQL).bind(who).bind(person.0).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(form, at)| (form, Instant(at))).collect())
    }
}

impl WriteTx {
    /// Keeps a draft.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_draft(
        &mut self,
        who: &str,
        form: &str,
        person: Option<PersonId>,
        at: Instant,
        body: &str,
    ) -> Result<(), StoreError> {
        refuse_nul([form, body])?;
        const SQL: &str = "INSERT INTO draft (who, form, person, at, body) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (who, form) DO UPDATE SET person = excluded.person, at = excluded.at, body = excluded.body";
        let person = person.map(|p| p.0);
        on!(self.tx, |conn| query(SQL)
            .bind(who)
            .bind(form)
            .bind(person)
            .bind(at.0)
            .bind(body)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(())
    }

    /// Forgets a draft, once it has been sent.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_draft(&mut self, who: &str, form: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM draft WHERE who = $1 AND form = $2";
        on!(self.tx, |conn| query(SQL).bind(who).bind(form).execute(conn).await?.rows_affected());
        Ok(())
    }
}
