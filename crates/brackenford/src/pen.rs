//! Writing: through the store's own functions only, in transactions of many records, so
//! that the journal is a true history. The digest is over what is written and not over
//! the salts, so the same seed gives the same digest.

use kith_domain::id::RecordId;
use kith_domain::record::{Author, Meta, Record, Saved};
use kith_domain::time::Instant;
use kith_store::{Common, NewRecord, Store, StoreError, WriteTx, Writing};
use sha2::{Digest, Sha256};

/// Why the made-up place could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BrackenfordError {
    /// The database already holds something.
    #[error("this database already holds a partnership; choose an empty folder or database")]
    NotEmpty,
    /// The database could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A rule of the domain said no to a step of a story: a mistake in this crate.
    #[error("a made-up story breaks a rule ({story}): {rule}")]
    Rule {
        /// Which step of which story.
        story: String,
        /// What the rule said.
        rule: String,
    },
    /// A value could not be written as text.
    #[error("a value could not be written down")]
    Value(#[from] serde_json::Error),
}

/// A transaction being filled, and what has been written so far.
pub struct Pen<'a> {
    store: &'a Store,
    tx: Option<WriteTx>,
    digest: Sha256,
    /// How many records there are.
    pub records: u64,
    /// How many versions were written: one journal entry each.
    pub entries: u64,
}

impl<'a> Pen<'a> {
    /// Nothing written yet.
    pub fn new(store: &'a Store) -> Pen<'a> {
        Pen { store, tx: None, digest: Sha256::new(), records: 0, entries: 0 }
    }

    /// The transaction that is being filled.
    ///
    /// # Errors
    /// No transaction could be begun.
    pub async fn tx(&mut self) -> Result<&mut WriteTx, BrackenfordError> {
        if self.tx.is_none() {
            self.tx = Some(self.store.write().await?);
        }
        Ok(self.tx.as_mut().expect("it was begun above"))
    }

    /// Commits what was written since the last time.
    ///
    /// # Errors
    /// The commit failed.
    pub async fn commit(&mut self) -> Result<(), BrackenfordError> {
        if let Some(tx) = self.tx.take() {
            tx.commit().await?;
        }
        Ok(())
    }

    /// The first version of a record.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn create<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        new: NewRecord,
        value: &T,
    ) -> Result<Saved<T>, BrackenfordError> {
        self.note(writing, action, new.id, value)?;
        self.records += 1;
        Ok(self.tx().await?.create(writing, action, new, value).await?)
    }

    /// A new version over the one at hand.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn update<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        old: &Meta,
        value: &T,
    ) -> Result<Saved<T>, BrackenfordError> {
        self.note(writing, action, old.id, value)?;
        Ok(self.tx().await?.change(writing, action, old, value).await?)
    }

    /// Takes a record back as a mistake.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn take_back<T: Record>(
        &mut self,
        writing: &Writing,
        old: &Saved<T>,
    ) -> Result<Saved<T>, BrackenfordError> {
        self.note(writing, "entered in error", old.meta.id, &old.value)?;
        Ok(self.tx().await?.enter_in_error(writing, old).await?)
    }

    /// A new version of a record about no person.
    ///
    /// # Errors
    /// There is no such record, or the database could not do it.
    pub async fn change<T: Common>(
        &mut self,
        writing: &Writing,
        action: &str,
        id: RecordId,
        change: impl FnOnce(&mut T),
    ) -> Result<(), BrackenfordError> {
        let old = self.tx().await?.find_common::<T>(id).await?.ok_or(StoreError::Missing)?;
        let mut value = old.value;
        change(&mut value);
        self.update(writing, action, &old.meta, &value).await?;
        Ok(())
    }

    /// Adds text to the digest that is not a record: the ground, the guide.
    pub fn remember(&mut self, text: &str) {
        self.digest.update(text.as_bytes());
    }

    /// The digest of everything written, as text.
    pub fn digest(&self) -> String {
        hex::encode(self.digest.clone().finalize())
    }

    fn note<T: Record>(
        &mut self,
        writing: &Writing,
        action: &str,
        id: RecordId,
        value: &T,
    ) -> Result<(), BrackenfordError> {
        self.entries += 1;
        let line = serde_json::to_string(&(T::KIND, id, writing.at, writing.author, action, value))?;
        self.digest.update(line.as_bytes());
        Ok(())
    }
}

/// Who writes what when, for a story: the worker, the moment, the reason they may.
pub fn by(author: Author, at: Instant, basis: &str) -> Writing {
    Writing { at, author, recorded_for: None, basis: basis.to_owned() }
}
