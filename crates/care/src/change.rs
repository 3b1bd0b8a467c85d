//! A change: lock the person, load facts, ask for a permit, decide, write, commit.
//!
//! The person's head row is locked before anything is read, so that the order of the
//! journal, the versions and the agreements are one order. The looks of a change and the
//! answer to its form are in the change's own transaction.

pub mod loose;

use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Seen, part_name, refused};
use crate::principal::Principal;
use crate::referral::link;
use kith_access::{Action, Ask, Batch, Denial, Draft, Guarded, Item, PersonWorld, Proof};
use kith_domain::area::Sensitivity;
use kith_domain::id::{OrganisationId, PersonId, RecordId, ReferralId};
use kith_domain::person::Person;
use kith_domain::record::{Author, Kind, Record, Saved};
use kith_domain::referral::Referral;
use kith_store::chain::ChainKind;
use kith_store::look::Outcome;
use kith_store::read::PersonRecords;
use kith_store::submission::Submitted;
use kith_store::{NewRecord, Personal, WriteTx, Writing};
use std::any::Any;
use uuid::Uuid;

/// A form that was sent: new, or sent before.
pub enum Begun<'a> {
    /// Sent before: the first answer, to be shown again.
    Before(String),
    /// New: make the change.
    Go(Box<Changing<'a>>),
}

/// One change about one person.
pub struct Changing<'a> {
    /// Kith.
    pub kith: &'a Kith,
    /// Who asks.
    pub who: &'a Principal,
    /// The transaction.
    pub tx: WriteTx,
    /// The questions of this request.
    pub batch: Batch<'a>,
    /// Whom it is about.
    pub person: PersonId,
    /// The world that decisions need.
    pub world: PersonWorld,
    records: PersonRecords,
    seen: Seen,
    submission: Option<Uuid>,
}

impl Kith {
    /// The answer to a form that was sent before by the same person. For a page that cannot
    /// read what was sent because the first time has changed it.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn answered_before(
        &self,
        who: &Principal,
        submission: Option<Uuid>,
    ) -> Result<Option<String>, CareError> {
        let Some(id) = submission else { return Ok(None) };
        let mut tx = self.store().read().await?;
        match tx.find_submission(id, &who.key()).await? {
            Submitted::Before(answer) => Ok(Some(answer)),
            Submitted::New | Submitted::Foreign => Ok(None),
        }
    }

    /// Begins a change about a person. `submission` is the id that the form carried.
    ///
    /// # Errors
    /// The form was somebody else's, or the database could not do it.
    pub async fn change<'a>(
        &'a self,
        who: &'a Principal,
        person: PersonId,
        submission: Option<Uuid>,
    ) -> Result<Begun<'a>, CareError> {
        let mut tx = self.store().write().await?;
        tx.lock(ChainKind::Person, &[person.0]).await?;
        if let Some(id) = submission {
            match tx.find_submission(id, &who.key()).await? {
                Submitted::New => {}
                Submitted::Before(answer) => return Ok(Begun::Before(answer)),
                Submitted::Foreign => return Err(CareError::OutOfDate),
            }
        }
        // The session was read before this transaction: whoever was suspended, or left a
        // team, in between is so for this decision.
        let who = who.as_of(&self.partnership(&mut tx).await?);
        let records = tx.list_of_person(person).await?;
        let world = records.world(person, self.calendar())?;
        let mut about = About { person, world, records };
        self.complete(who, &mut about)?;
        let About { world, records, .. } = about;
        let batch = Batch::new(self.decider(), &who.actor, &who.standing, who.now);
        Ok(Begun::Go(Box::new(Changing {
            kith: self,
            who,
            tx,
            batch,
            person,
            world,
            records,
            seen: Seen::new(),
            submission,
        })))
    }
}

impl Changing<'_> {
    /// Who writes, when, and on what basis.
    fn writing(&self, basis: &str, recorded_for: Option<Author>) -> Writing {
        Writing { at: self.who.now, author: self.who.actor.author(), recorded_for, basis: basis.to_owned() }
    }

    /// The person's own record, opened for this action.
    ///
    /// # Errors
    /// It is refused or missing.
    pub fn open_person(&mut self, action: Action) -> Result<Saved<Person>, CareError> {
        let id = RecordId(self.person.0);
        self.open::<Person>(id, action)
    }

    /// A record of this person, opened for this action.
    ///
    /// # Errors
    /// It is refused or missing.
    pub fn open<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        action: Action,
    ) -> Result<Saved<T>, CareError> {
        let ask = self.batch.ask(action);
        self.open_for(id, &ask)
    }

    /// As [`Changing::open`], under a question with more to it.
    ///
    /// # Errors
    /// It is refused or missing.
    pub fn open_for<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        ask: &Ask,
    ) -> Result<Saved<T>, CareError> {
        let id = id.into();
        let Some(guarded) = self.records.one::<T>(id)? else {
            let denial = self.batch.missing(ask);
            return Err(self.refuse(ask, &denial, kind_part::<T>()));
        };
        let part = part_name(guarded.item());
        match self.batch.open(&self.world, guarded, ask) {
            Ok((value, permit)) => {
                self.seen.granted(permit.granted(), Outcome::Changed, part);
                Ok(value)
            }
            Err(denial) => Err(self.refuse(ask, &denial, part)),
        }
    }

    /// Which kind of line of the plan a record is, before anything of it is opened.
    ///
    /// # Errors
    /// A stored value could not be read.
    pub(crate) fn line_there(&self, id: RecordId) -> Result<Option<Kind>, CareError> {
        crate::plan::guarding::kind_there(&self.records, id)
    }

    /// Is it sealed? Decides nothing: it says under which question it is opened.
    ///
    /// # Errors
    /// The stored value could not be read.
    pub(crate) fn is_sealed<T: Personal>(&self, id: RecordId) -> Result<bool, CareError> {
        let found = self.records.one::<T>(id)?;
        Ok(found.is_some_and(|g| g.item().label.sensitivity == Sensitivity::S4))
    }

    /// Something was asked for that is not there: the same answer as to what may not be seen.
    ///
    /// # Errors
    /// Always.
    pub(crate) fn nothing_there(&mut self) -> Result<(), CareError> {
        let ask = self.batch.ask(Action::Update);
        let denial = self.batch.missing(&ask);
        Err(self.refuse(&ask, &denial, "other"))
    }

    /// A refusal, kept for the access log: the change is rolled back, that it was tried is
    /// not.
    fn refuse(&self, ask: &Ask, denial: &Denial, part: &'static str) -> CareError {
        refused(self.who, Some(self.person), ask, denial, part)
    }

    /// May this record be opened for this action as well? Decides without logging.
    pub fn may_open<T: Personal>(&mut self, saved: &Saved<T>, action: Action) -> bool {
        let ask = self.batch.ask(action);
        self.batch.permit(&self.world, &Item::of_saved(saved), &ask).is_ok()
    }

    /// Every record of a kind that may be opened for this action.
    ///
    /// # Errors
    /// A stored value could not be read.
    pub fn all<T: Personal>(&mut self, action: Action) -> Result<Vec<Saved<T>>, CareError> {
        let ask = self.batch.ask(action);
        let mut found = Vec::new();
        for guarded in self.records.of::<T>()? {
            if let Ok((value, _)) = self.batch.open(&self.world, guarded, &ask) {
                found.push(value);
            }
        }
        Ok(found)
    }

    /// Every record of a kind, as the program itself reads it to work out who is told: what the
    /// worker who asks may not open counts too, and nothing of it reaches them.
    ///
    /// # Errors
    /// A stored value could not be read.
    pub(crate) fn all_there_are<T: Personal>(&self) -> Result<Vec<Saved<T>>, CareError> {
        let (actor, standing) = Kith::job(self.who.now);
        let mut batch = Batch::new(self.kith.decider(), &actor, &standing, self.who.now);
        let ask = batch.ask(Action::Check);
        let mut found = Vec::new();
        for guarded in self.records.of::<T>()? {
            if let Ok((value, _)) = batch.open(&self.world, guarded, &ask) {
                found.push(value);
            }
        }
        Ok(found)
    }

    /// An earlier version of a record of this person, as the program itself reads it.
    ///
    /// # Errors
    /// It is more private than the program reads.
    pub(crate) fn as_the_program<T: Personal>(
        &self,
        guarded: Guarded<Saved<T>>,
    ) -> Result<Saved<T>, CareError> {
        let (actor, standing) = Kith::job(self.who.now);
        let mut batch = Batch::new(self.kith.decider(), &actor, &standing, self.who.now);
        let ask = batch.ask(Action::Check);
        let opened = batch.open(&self.world, guarded, &ask);
        opened.map(|(value, _)| value).map_err(|denial| crate::look::refusal(&denial))
    }

    /// The id of the form that makes this change.
    pub(crate) fn submission(&self) -> Option<Uuid> {
        self.submission
    }

    /// Is this action on the person as a whole allowed?
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_person(&mut self, ask: &Ask) -> Result<String, CareError> {
        match self.batch.permit_person(&self.world, ask) {
            Ok(permit) => {
                self.seen.granted(permit.granted(), Outcome::Changed, "the whole plan");
                Ok(permit.granted().basis().code().to_owned())
            }
            Err(denial) => Err(self.refuse(ask, &denial, "the whole plan")),
        }
    }

    /// May something be as it is about to be written: a note that is sealed by this change?
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_new(&mut self, draft: &Draft, ask: &Ask) -> Result<(), CareError> {
        match self.batch.permit_new(&self.world, draft, ask) {
            Ok(_) => Ok(()),
            Err(denial) => Err(self.refuse(ask, &denial, "the story so far")),
        }
    }

    /// Is this action about nobody allowed: adding somebody, for example?
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_place(&mut self, action: Action) -> Result<String, CareError> {
        let ask = self.batch.ask(action);
        match self.batch.permit_place(&ask) {
            Ok(permit) => {
                self.seen.granted(permit.granted(), Outcome::Changed, "other");
                Ok(permit.granted().basis().code().to_owned())
            }
            Err(denial) => Err(refused(self.who, None, &ask, &denial, "other")),
        }
    }

    /// Writes a new record of this person under a permit that was had for the whole
    /// change ([`Changing::permit_person`] or [`Changing::permit_place`]).
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn create_permitted<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        action_word: &str,
        owner: OrganisationId,
        value: &T,
        basis: &str,
        recorded_for: Option<Author>,
    ) -> Result<Saved<T>, CareError> {
        let new = NewRecord { id: id.into(), person: Some(self.person), owner };
        let writing = self.writing(basis, recorded_for);
        Ok(self.tx.create(&writing, action_word, new, value).await?)
    }

    /// Makes something new about the person in an organisation's part.
    ///
    /// # Errors
    /// It is refused, or the database could not do it.
    pub async fn create<T: Personal>(
        &mut self,
        action_word: &str,
        owner: OrganisationId,
        value: &T,
        action: Action,
        recorded_for: Option<Author>,
    ) -> Result<Saved<T>, CareError> {
        let id = RecordId(Uuid::now_v7());
        self.create_with_id(id, action_word, owner, value, action, recorded_for).await
    }

    /// As [`Changing::create`], with an id that other records of the same change name.
    ///
    /// # Errors
    /// As [`Changing::create`].
    pub async fn create_with_id<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        action_word: &str,
        owner: OrganisationId,
        value: &T,
        action: Action,
        recorded_for: Option<Author>,
    ) -> Result<Saved<T>, CareError> {
        let ask = self.batch.ask(action);
        self.create_for(id, action_word, owner, value, &ask, recorded_for).await
    }

    /// As [`Changing::create_with_id`], under a question with more to it: a reason
    /// written down, the referral it belongs to.
    ///
    /// # Errors
    /// As [`Changing::create`].
    pub async fn create_for<T: Personal>(
        &mut self,
        id: impl Into<RecordId>,
        action_word: &str,
        owner: OrganisationId,
        value: &T,
        ask: &Ask,
        recorded_for: Option<Author>,
    ) -> Result<Saved<T>, CareError> {
        let draft = Draft::of(value, owner);
        let permit = match self.batch.permit_new(&self.world, &draft, ask) {
            Ok(permit) => permit,
            Err(denial) => return Err(self.refuse(ask, &denial, kind_part::<T>())),
        };
        self.seen.granted(permit.granted(), Outcome::Changed, kind_part::<T>());
        let basis = permit.granted().basis().code().to_owned();
        let new = NewRecord { id: id.into(), person: Some(self.person), owner };
        let writing = self.writing(&basis, recorded_for);
        Ok(self.tx.create(&writing, action_word, new, value).await?)
    }

    /// Writes a new version over one that was opened in this change. With a request that is
    /// over, whoever ended it, end the links to it and what waits to carry one out.
    ///
    /// # Errors
    /// Somebody saved in between, or the database could not do it.
    pub async fn save<T: Personal>(
        &mut self,
        action_word: &str,
        old: &Saved<T>,
        value: &T,
        recorded_for: Option<Author>,
    ) -> Result<Saved<T>, CareError> {
        let writing = self.writing("as opened", recorded_for);
        let saved = self.tx.change(&writing, action_word, &old.meta, value).await?;
        let request = (value as &dyn Any).downcast_ref::<Referral>();
        if request.is_some_and(|r| r.status.terminal()) {
            link::over(self.kith, &mut self.tx, ReferralId(old.meta.id.0), self.who.now).await?;
        }
        Ok(saved)
    }

    /// Checks that the form was made on the version that is stored now. Two editors: one
    /// wins, the other gets a merge page, nothing is overwritten.
    ///
    /// # Errors
    /// [`CareError::Conflict`].
    pub fn expect_version<T>(saved: &Saved<T>, expected: u32) -> Result<(), CareError> {
        if saved.meta.version == expected {
            Ok(())
        } else {
            Err(CareError::Conflict { expected, now: saved.meta.version })
        }
    }

    /// Records the answer to the form and commits. When this returns the change is on
    /// disk; only then may a page say so.
    ///
    /// # Errors
    /// The database could not do it: nothing was kept.
    pub async fn finish(mut self: Box<Self>, answer: &str) -> Result<String, CareError> {
        if let Some(id) = self.submission {
            self.tx.record_submission(id, &self.who.key(), self.who.now, answer).await?;
        }
        let looks = std::mem::replace(&mut self.seen, Seen::new()).into_looks(self.who)?;
        self.tx.record_looks(self.person.0, &looks).await?;
        let tx = self.tx;
        tx.commit().await?;
        self.who.refusals.forget();
        Ok(answer.to_owned())
    }
}

fn kind_part<T: Record>() -> &'static str {
    match T::KIND {
        Kind::Need => "needs",
        Kind::Goal => "goals",
        Kind::Step => "steps",
        Kind::Referral => "referrals",
        Kind::Note => "the story so far",
        Kind::Consent => "who can see what",
        Kind::PlanSection => "about me",
        Kind::Message => "messages",
        _ => "other",
    }
}
