//! What somebody has typed and not yet sent: one draft a form and writer. Beside the drafts
//! stand, for half an hour each, the sealed pages that answered a form.

use crate::error::StoreError;
use crate::tx::{Tx, WriteTx, on};
use crate::write::refuse_nul;
use kith_domain::id::PersonId;
use kith_domain::time::Instant;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

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

impl Tx {
    /// A page that answered a form, kept since after `since`.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_shown_page(
        &mut self,
        owner: &str,
        id: Uuid,
        since: Instant,
    ) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT body FROM draft WHERE who = $1 AND form = $2 AND at > $3";
        Ok(on!(self, |conn| query_scalar(SQL)
            .bind(shown_by(owner))
            .bind(id.to_string())
            .bind(since.0)
            .fetch_optional(conn)
            .await?))
    }
}

/// Pages start with this among the drafts; a writer's own drafts never do.
fn shown_by(owner: &str) -> String {
    format!("page:{owner}")
}

/// Pages that are kept at the same time, about: each is some ten thousand letters.
const MOST_PAGES: i64 = 1000;

impl WriteTx {
    /// Keeps a page that answered a form, and forgets those kept since before `since`, and
    /// the oldest when there are too many.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn save_shown_page(
        &mut self,
        owner: &str,
        id: Uuid,
        sealed: &str,
        at: Instant,
        since: Instant,
    ) -> Result<(), StoreError> {
        const OLD: &str = "DELETE FROM draft WHERE who >= 'page:' AND who < 'page;' AND at <= $1";
        const MANY: &str = "DELETE FROM draft WHERE who >= 'page:' AND who < 'page;' AND at <= (
            SELECT at FROM draft WHERE who >= 'page:' AND who < 'page;' ORDER BY at DESC LIMIT 1 OFFSET $1)";
        on!(self.tx, |conn| query(OLD).bind(since.0).execute(conn).await?.rows_affected());
        on!(self.tx, |conn| query(MANY).bind(MOST_PAGES).execute(conn).await?.rows_affected());
        self.save_draft(&shown_by(owner), &id.to_string(), None, at, sealed).await
    }

    /// Forgets a page.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_shown_page(&mut self, owner: &str, id: Uuid) -> Result<(), StoreError> {
        self.clear_draft(&shown_by(owner), &id.to_string()).await
    }

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

    /// Forgets what anybody had begun in a form, each piece of writing (`form#id`) of it: what it is about is
    /// for fewer people now.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_drafts_of(&mut self, form: &str) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM draft WHERE form = $1 OR substr(form, 1, length($1) + 1) = $1 || '#'";
        on!(self.tx, |conn| query(SQL).bind(form).execute(conn).await?.rows_affected());
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
