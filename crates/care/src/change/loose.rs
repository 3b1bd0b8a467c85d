//! Changes to what belongs to no person: a hand-over of several people, a worry about
//! somebody whom Kith does not know. The organisation's head row is locked first, as a
//! person's is for a change about them.

use super::Changing;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{Seen, part_name, refused};
use crate::principal::Principal;
use kith_access::{Action, Batch, PersonWorld, Proof};
use kith_domain::id::{OrganisationId, RecordId};
use kith_domain::record::Saved;
use kith_store::chain::ChainKind;
use kith_store::look::Outcome;
use kith_store::submission::Submitted;
use kith_store::{NewRecord, Personal, WriteTx, Writing};
use uuid::Uuid;

/// A form that was sent: new, or sent before.
pub enum BegunLoose<'a> {
    /// Sent before: the first answer, to be shown again.
    Before(String),
    /// New: make the change.
    Go(Box<Loose<'a>>),
}

/// One change about nobody's own record.
pub struct Loose<'a> {
    /// Who asks.
    pub who: &'a Principal,
    /// The transaction.
    pub tx: WriteTx,
    /// The questions of this request.
    pub batch: Batch<'a>,
    organisation: OrganisationId,
    seen: Seen,
    submission: Option<Uuid>,
    kith: &'a Kith,
}

impl Kith {
    /// Begins a change of what belongs to no person, in an organisation's part.
    ///
    /// # Errors
    /// The form was somebody else's, or the database could not do it.
    pub async fn change_beside<'a>(
        &'a self,
        who: &'a Principal,
        organisation: OrganisationId,
        submission: Option<Uuid>,
    ) -> Result<BegunLoose<'a>, CareError> {
        let mut tx = self.store().write().await?;
        tx.lock(ChainKind::Organisation, &[organisation.0]).await?;
        if let Some(id) = submission {
            match tx.find_submission(id, &who.key()).await? {
                Submitted::New => {}
                Submitted::Before(answer) => return Ok(BegunLoose::Before(answer)),
                Submitted::Foreign => return Err(CareError::OutOfDate),
            }
        }
        let who = who.as_of(&self.partnership(&mut tx).await?);
        let batch = Batch::new(self.decider(), &who.actor, &who.standing, who.now);
        let seen = Seen::new();
        Ok(BegunLoose::Go(Box::new(Loose { who, tx, batch, organisation, seen, submission, kith: self })))
    }
}

impl Loose<'_> {
    /// The writing of this change, on a basis.
    pub fn writing(&self, basis: &str) -> Writing {
        Writing {
            at: self.who.now,
            author: self.who.actor.author(),
            recorded_for: None,
            basis: basis.to_owned(),
        }
    }

    /// A permit for something that is about nobody; the basis, to be written down.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_place(&mut self, action: Action) -> Result<String, CareError> {
        let ask = self.batch.ask(action);
        let permit = self.batch.permit_place(&ask);
        let permit = permit.map_err(|denial| refused(self.who, None, &ask, &denial, "other"))?;
        self.seen.granted(permit.granted(), Outcome::Changed, "other");
        Ok(permit.granted().basis().code().to_owned())
    }

    /// A permit of whoever reads who looked in their own organisation (rule B8), to keep what the
    /// detectors look for there.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_audit(&mut self) -> Result<(), CareError> {
        let ask = kith_access::Ask { own_organisation: true, ..self.batch.ask(Action::ViewAudit) };
        let permit = self.batch.permit_place(&ask);
        let permit = permit.map_err(|denial| refused(self.who, None, &ask, &denial, "well-known names"))?;
        self.seen.granted(permit.granted(), Outcome::Changed, "well-known names");
        Ok(())
    }

    /// A permit for a new record of the place: a worker.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_place_new(
        &mut self,
        draft: &kith_access::Draft,
        action: Action,
    ) -> Result<String, CareError> {
        let ask = self.batch.ask(action);
        let permit = self.batch.permit_place_new(draft, &ask);
        let permit = permit.map_err(|denial| refused(self.who, None, &ask, &denial, "other"))?;
        self.seen.granted(permit.granted(), Outcome::Changed, "other");
        Ok(permit.granted().basis().code().to_owned())
    }

    /// A permit for one record of the place: a worker's own.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_about_place<T: kith_store::kinds::Common>(
        &mut self,
        saved: &Saved<T>,
        action: Action,
    ) -> Result<String, CareError> {
        let ask = self.batch.ask(action);
        let item = kith_access::Item::of_saved(saved);
        let permit = self.batch.permit(&PersonWorld::nobody(), &item, &ask);
        let permit = permit.map_err(|denial| refused(self.who, None, &ask, &denial, "other"))?;
        self.seen.granted(permit.granted(), Outcome::Changed, "other");
        Ok(permit.granted().basis().code().to_owned())
    }

    /// A permit for an action on somebody as a whole.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_person(&mut self, world: &PersonWorld, action: Action) -> Result<String, CareError> {
        let ask = self.batch.ask(action);
        let permit = self.batch.permit_person(world, &ask);
        let whole = |denial| refused(self.who, world.person, &ask, &denial, "the whole plan");
        let permit = permit.map_err(whole)?;
        self.seen.granted(permit.granted(), Outcome::Changed, "the whole plan");
        Ok(permit.granted().basis().code().to_owned())
    }

    /// A record that belongs to no person, opened for this action.
    ///
    /// # Errors
    /// It is refused or missing.
    pub async fn open<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        action: Action,
    ) -> Result<Saved<T>, CareError> {
        let id = id.into();
        let world = self.kith.beside(&mut self.tx, self.who, &[id]).await?.world;
        open_beside(self.who, &mut self.tx, &mut self.batch, &mut self.seen, (id, &world), action).await
    }

    /// Makes something new that belongs to no person.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn create<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        action_word: &str,
        value: &T,
        basis: &str,
    ) -> Result<Saved<T>, CareError> {
        let new = NewRecord { id: id.into(), person: None, owner: self.organisation };
        Ok(self.tx.create(&self.writing(basis), action_word, new, value).await?)
    }

    /// Writes a new version over one that was opened in this change.
    ///
    /// # Errors
    /// Somebody saved in between, or the database could not do it.
    pub async fn save<T: Personal>(
        &mut self,
        action_word: &str,
        old: &Saved<T>,
        value: &T,
    ) -> Result<Saved<T>, CareError> {
        Ok(self.tx.change(&self.writing("as opened"), action_word, &old.meta, value).await?)
    }

    /// Records the answer to the form and commits.
    ///
    /// # Errors
    /// The database could not do it: nothing was kept.
    pub async fn finish(mut self: Box<Self>, answer: &str) -> Result<String, CareError> {
        if let Some(id) = self.submission {
            self.tx.record_submission(id, &self.who.key(), self.who.now, answer).await?;
        }
        let looks = std::mem::replace(&mut self.seen, Seen::new()).into_looks(self.who)?;
        self.tx.record_looks(self.organisation.0, &looks).await?;
        self.tx.commit().await?;
        self.who.refusals.forget();
        Ok(answer.to_owned())
    }
}

impl Changing<'_> {
    /// A record that belongs to no person, opened within a change about one.
    ///
    /// # Errors
    /// It is refused or missing.
    pub async fn open_beside<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        action: Action,
    ) -> Result<Saved<T>, CareError> {
        let id = id.into();
        let world = self.kith.beside(&mut self.tx, self.who, &[id]).await?.world;
        open_beside(self.who, &mut self.tx, &mut self.batch, &mut self.seen, (id, &world), action).await
    }

    /// Forgets what this actor had typed into a form, because it is saved now.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn clear_draft(&mut self, form: &str) -> Result<(), CareError> {
        Ok(self.tx.clear_draft(&self.who.key(), form).await?)
    }
}

async fn open_beside<T: Personal>(
    who: &Principal,
    tx: &mut WriteTx,
    batch: &mut Batch<'_>,
    seen: &mut Seen,
    (id, world): (RecordId, &PersonWorld),
    action: Action,
) -> Result<Saved<T>, CareError> {
    let ask = batch.ask(action);
    let found = tx.find::<T>(id).await?.filter(|guarded| guarded.item().person.is_none());
    let Some(guarded) = found else {
        let denial = batch.missing(&ask);
        return Err(refused(who, None, &ask, &denial, "other"));
    };
    let part = part_name(guarded.item());
    match batch.open(world, guarded, &ask) {
        Ok((value, permit)) => {
            seen.granted(permit.granted(), Outcome::Changed, part);
            Ok(value)
        }
        Err(denial) => Err(refused(who, None, &ask, &denial, part)),
    }
}
