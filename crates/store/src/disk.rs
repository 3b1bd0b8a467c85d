//! Whether the disk under SQLite still keeps its promise.
//!
//! After a write or a sync that failed, nobody knows what is in the file: the system may
//! have thrown the unwritten pages away, and a second sync would say that all is well.
//! So nothing is tried again in place. From then on every transaction is refused, and the
//! program, which waits on [`crate::Store::disk_failed`], stops; the next start reads what
//! is really there. PostgreSQL looks after its own disk in the same way.

use crate::error::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// One for each open database: every transaction has it.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    failure: Arc<watch::Sender<bool>>,
    statements: Arc<AtomicU64>,
}

impl Disk {
    pub(crate) fn new() -> Disk {
        Disk { failure: Arc::new(watch::Sender::new(false)), statements: Arc::default() }
    }

    /// Counts statements that were sent.
    pub(crate) fn sent(&self, statements: u32) {
        self.statements.fetch_add(statements.into(), Ordering::Relaxed);
    }

    /// How many statements were sent so far.
    pub(crate) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Looks at an error; when it says that the disk failed, that stays known.
    pub(crate) fn note(&self, error: &StoreError) {
        if error.must_stop() {
            self.failure.send_replace(true);
        }
    }

    /// Refuses once the disk has failed.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if *self.failure.borrow() {
            return Err(StoreError::Refused(
                "the disk failed: Kith must be stopped and started again".into(),
            ));
        }
        Ok(())
    }

    /// Returns when the disk has failed, and not before.
    pub(crate) async fn failed(&self) {
        let mut watched = self.failure.subscribe();
        // The sender is in our own hands, so the wait cannot end otherwise.
        let _ = watched.wait_for(|failed| *failed).await;
    }
}
