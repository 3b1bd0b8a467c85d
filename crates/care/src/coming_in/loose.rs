//! A change about no person yet: lock the chain of the organisation that holds it, then
//! as every other change.

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{Seen, part_name, refusal};
use crate::principal::Principal;
use kith_access::{Action, Batch, PersonWorld, Proof};
use kith_domain::coming_in::ComingIn;
use kith_domain::id::{OrganisationId, RecordId};
use kith_domain::record::Saved;
use kith_store::chain::ChainKind;
use kith_store::look::Outcome;
use kith_store::submission::Submitted;
use kith_store::{NewRecord, WriteTx, Writing};
use uuid::Uuid;

/// A form that was sent: new, or sent before.
pub(super) enum BegunLoose<'a> {
    /// Sent before: the first answer.
    Before(String),
    /// New: make the change.
    Go(Box<Loose<'a>>),
}

/// One change about nobody yet.
pub(super) struct Loose<'a> {
    pub who: &'a Principal,
    pub tx: WriteTx,
    batch: Batch<'a>,
    owner: OrganisationId,
    seen: Seen,
    submission: Option<Uuid>,
}

impl Kith {
    /// Begins a change in an organisation's own part that is about no person yet.
    pub(super) async fn change_loose<'a>(
        &'a self,
        who: &'a Principal,
        owner: OrganisationId,
        submission: Option<Uuid>,
    ) -> Result<BegunLoose<'a>, CareError> {
        let mut tx = self.store().write().await?;
        tx.lock(ChainKind::Organisation, &[owner.0]).await?;
        if let Some(id) = submission {
            match tx.find_submission(id, &who.key()).await? {
                Submitted::New => {}
                Submitted::Before(answer) => return Ok(BegunLoose::Before(answer)),
                Submitted::Foreign => return Err(CareError::OutOfDate),
            }
        }
        let batch = Batch::new(self.decider(), &who.actor, &who.standing, who.now);
        Ok(BegunLoose::Go(Box::new(Loose { who, tx, batch, owner, seen: Seen::new(), submission })))
    }
}

impl Loose<'_> {
    fn writing(&self, basis: &str) -> Writing {
        Writing {
            at: self.who.now,
            author: self.who.actor.author(),
            recorded_for: None,
            basis: basis.to_owned(),
        }
    }

    /// Writes a new request, when this may be asked for.
    pub async fn create(
        &mut self,
        id: RecordId,
        action_word: &str,
        value: &ComingIn,
        action: Action,
    ) -> Result<Saved<ComingIn>, CareError> {
        let ask = self.batch.ask(action);
        let permit = self.batch.permit_place(&ask).map_err(|denial| refusal(&denial))?;
        let writing = self.writing(permit.granted().basis().code());
        let new = NewRecord { id, person: None, owner: self.owner };
        Ok(self.tx.create(&writing, action_word, new, value).await?)
    }

    /// The request with this id, opened for a change.
    pub async fn open(&mut self, id: RecordId) -> Result<Saved<ComingIn>, CareError> {
        let ask = self.batch.ask(Action::Update);
        let Some(guarded) = self.tx.find::<ComingIn>(id).await? else {
            self.batch.missing(&ask);
            return Err(CareError::Missing);
        };
        let part = part_name(guarded.item());
        match self.batch.open(&PersonWorld::nobody(), guarded, &ask) {
            Ok((saved, permit)) => {
                self.seen.granted(permit.granted(), Outcome::Changed, part);
                Ok(saved)
            }
            Err(denial) => Err(refusal(&denial)),
        }
    }

    /// Writes a new version over one that was opened here.
    pub async fn save(
        &mut self,
        action_word: &str,
        old: &Saved<ComingIn>,
        value: &ComingIn,
    ) -> Result<(), CareError> {
        let writing = self.writing("as opened");
        self.tx.change(&writing, action_word, &old.meta, value).await?;
        Ok(())
    }

    /// Records the answer to the form and commits.
    pub async fn finish(mut self: Box<Self>, answer: &str) -> Result<String, CareError> {
        if let Some(id) = self.submission {
            self.tx.record_submission(id, &self.who.key(), self.who.now, answer).await?;
        }
        let looks = std::mem::replace(&mut self.seen, Seen::new()).into_looks(self.who)?;
        self.tx.record_looks(self.owner.0, &looks).await?;
        self.tx.commit().await?;
        Ok(answer.to_owned())
    }
}
