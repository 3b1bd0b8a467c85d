//! Pages that answered a form, kept for half an hour for whoever goes back to them. What is
//! kept is sealed by the pages with a key that only the browser has: nothing here can be
//! read, and nothing here decides anything.

use crate::error::CareError;
use crate::kith::Kith;
use kith_domain::time::Instant;
use uuid::Uuid;

/// For how long a page is kept, in minutes.
const KEPT_MINUTES: i64 = 30;

impl Kith {
    /// Keeps a page under its owner's name.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn keep_shown_page(
        &self,
        owner: &str,
        id: Uuid,
        sealed: &str,
        now: Instant,
    ) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        tx.save_shown_page(owner, id, sealed, now, before(now)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets a page that is shown once.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn forget_shown_page(&self, owner: &str, id: Uuid) -> Result<(), CareError> {
        let mut tx = self.store().write().await?;
        tx.clear_shown_page(owner, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A page that is still kept under this owner's name.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn find_shown_page(
        &self,
        owner: &str,
        id: Uuid,
        now: Instant,
    ) -> Result<Option<String>, CareError> {
        let mut tx = self.store().read().await?;
        Ok(tx.find_shown_page(owner, id, before(now)).await?)
    }
}

fn before(now: Instant) -> Instant {
    Instant(now.0 - KEPT_MINUTES * 60 * 1_000_000)
}
