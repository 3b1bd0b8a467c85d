//! Bringing in a place's own lists: its spreadsheets of services, and the nation's files
//! of postcodes and neighbourhoods.
//!
//! Reading the files is `exchange`'s work and changes nothing. What comes of it is brought
//! in here, by whoever runs the program, in batches that are each kept whole or not at
//! all. Bringing in the same list again changes only what is different. Nothing is ever
//! deleted: what a list no longer has is told, and a person decides.

pub mod directory;
pub mod place;
pub mod said;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::refusal;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Batch, Proof};
use kith_domain::time::Instant;
use kith_store::WriteTx;
use uuid::Uuid;

/// Seconds for which one batch holds the lease. Each batch takes it again.
const LEASE_SECONDS: i64 = 30;

/// Only look, or keep it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Say what would change; change nothing.
    Dry,
    /// Change it.
    Write,
}

impl Kith {
    /// Whoever runs the program: `kith` on the command line.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn operator(&self, now: Instant) -> Result<Principal, CareError> {
        let mut tx = self.store().read().await?;
        let partnership = self.partnership(&mut tx).await?;
        Ok(Principal::new(Identity::Operator, 2, now, String::new(), Uuid::now_v7(), now, partnership))
    }

    /// May they do this? The answer is the basis, for the journal.
    fn may_import(&self, who: &Principal, action: Action) -> Result<String, CareError> {
        let mut batch = Batch::new(self.decider(), &who.actor, &who.standing, who.now);
        let ask = batch.ask(action);
        match batch.permit_place(&ask) {
            Ok(permit) => Ok(permit.granted().basis().code().to_owned()),
            Err(denial) => Err(refusal(&denial)),
        }
    }
}

/// The right to be the only import that writes, so that two at once cannot double
/// anything. A run that died lets go by itself.
struct Alone<'a> {
    kith: &'a Kith,
    holder: Uuid,
}

impl<'a> Alone<'a> {
    fn new(kith: &'a Kith) -> Alone<'a> {
        Alone { kith, holder: Uuid::now_v7() }
    }

    /// A transaction for one batch.
    async fn begin(&self) -> Result<WriteTx, CareError> {
        let mut tx = self.kith.store().write().await?;
        match tx.take_lease("import", self.holder, LEASE_SECONDS).await? {
            Some(_) => Ok(tx),
            None => Err(CareError::refused(
                "Another import is running. Wait until it has ended; if it was broken off, wait half a minute.",
            )),
        }
    }

    /// Lets the next one in.
    async fn end(self) -> Result<(), CareError> {
        let mut tx = self.kith.store().write().await?;
        tx.take_lease("import", self.holder, 0).await?;
        Ok(tx.commit().await?)
    }
}
