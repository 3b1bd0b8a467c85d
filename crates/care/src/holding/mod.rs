//! Who holds what, worked out from facts: for worklists, the nightly check and figures.
//!
//! Nothing here is stored and nothing has to run: [`kith_domain::holding()`] gives the
//! answer for any moment. The check reads as the program's own job, under its own
//! permit, and hands on references, holders and dates; a page that shows more of a
//! person asks for that page's own reader.

pub mod check;
mod with;

use crate::error::{CareError, Fault};
use crate::kith::Kith;
use kith_access::{Action, Actor, Ask, Batch, Guarded, Item, PersonWorld, Standing};
use kith_domain::area::Sensitivity;
use kith_domain::coming_in::ComingIn;
use kith_domain::hand_over::HandOver;
use kith_domain::holding::{LooseFacts, PersonFacts};
use kith_domain::id::PersonId;
use kith_domain::look_question::LookQuestion;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::time::Instant;
use kith_domain::worry::Worry;
use kith_store::stray::Stray;
use kith_store::{Personal, StoreError, Tx};

/// People or records read in one batch of the check.
const BATCH: u32 = 200;

/// Reads facts as the program itself, for the check and for counts.
pub(crate) struct Checking<'a> {
    batch: Batch<'a>,
    ask: Ask,
}

/// What is sealed is not the program's to read, nor to count. Nobody has anything to do about it:
/// what somebody has to do cannot be sealed ([`kith_domain::guarding`]).
fn is_sealed(item: &Item) -> bool {
    item.label.sensitivity == Sensitivity::S4
}

impl<'a> Checking<'a> {
    pub(crate) fn new(
        kith: &'a Kith,
        actor: &'a Actor,
        standing: &'a Standing,
        now: Instant,
    ) -> Checking<'a> {
        let batch = Batch::new(kith.decider(), actor, standing, now);
        let ask = batch.ask(Action::Check);
        Checking { batch, ask }
    }

    fn open<T>(&mut self, world: &PersonWorld, guarded: Guarded<T>) -> Result<T, CareError> {
        let ask = self.ask.clone();
        self.batch
            .open(world, guarded, &ask)
            .map(|(value, _)| value)
            .map_err(|denial| crate::look::refusal(&denial))
    }

    fn all<T: Personal>(&mut self, about: &crate::look::About) -> Result<Vec<Saved<T>>, CareError> {
        self.open_all(&about.world, about.records.of::<T>()?)
    }

    pub(crate) fn open_all<T>(
        &mut self,
        world: &PersonWorld,
        guarded: Vec<Guarded<T>>,
    ) -> Result<Vec<T>, CareError> {
        guarded.into_iter().filter(|g| !is_sealed(g.item())).map(|g| self.open(world, g)).collect()
    }

    /// The facts of one person; none when there is no such person (a request that came
    /// in, for example, whose id is not a person's yet).
    pub(crate) fn facts(&mut self, about: &crate::look::About) -> Result<Option<PersonFacts>, CareError> {
        let Some(person) = self.all::<Person>(about)?.into_iter().next() else { return Ok(None) };
        Ok(Some(PersonFacts {
            person,
            needs: self.all(about)?,
            steps: self.all(about)?,
            referrals: self.all(about)?,
            tellings: self.all(about)?,
            messages: self.all(about)?,
            worries: self.all(about)?,
            consents: self.all(about)?,
            looks: self.all(about)?,
            rights: self.all(about)?,
            matches: self.all(about)?,
        }))
    }
}

impl Kith {
    /// Goes through everybody and hands each person's open facts to `visit`. Reads in
    /// batches of one snapshot; keeps nothing. What is closed changes no holding. One
    /// record that cannot be read hides no other: those are given back.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn for_everybody(
        &self,
        tx: &mut Tx,
        now: Instant,
        mut visit: impl FnMut(&PersonFacts) + Send,
    ) -> Result<Vec<Stray>, CareError> {
        let mut strays = Vec::new();
        let (actor, standing) = Kith::job(now);
        let mut checking = Checking::new(self, &actor, &standing, now);
        let mut after: Option<PersonId> = None;
        loop {
            let people = tx.list_people_after(after, BATCH).await?;
            let Some(last) = people.last() else { return Ok(strays) };
            after = Some(*last);
            for (person, records) in tx.list_open_of_people(&people).await? {
                let mut about = crate::look::About { person, world: PersonWorld::of(person), records };
                let facts = match checking.facts(&about) {
                    Err(CareError::Fault(Fault::Store(
                        StoreError::Unreadable { .. } | StoreError::Damaged(_),
                    ))) => {
                        let (records, unreadable) = about.records.readable();
                        about.records = records;
                        strays.extend(unreadable);
                        checking.facts(&about)?
                    }
                    facts => facts?,
                };
                if let Some(facts) = facts {
                    visit(&facts);
                }
            }
        }
    }

    /// Goes through every record of a kind, open or not, and hands each to `visit`.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn for_every<T: Personal>(
        &self,
        tx: &mut Tx,
        now: Instant,
        mut visit: impl FnMut(&Saved<T>) + Send,
    ) -> Result<(), CareError> {
        let (actor, standing) = Kith::job(now);
        let mut checking = Checking::new(self, &actor, &standing, now);
        let mut after = None;
        loop {
            let batch = tx.list_kind_after::<T>(after, BATCH).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.item().id);
            for guarded in batch.into_iter().filter(|g| !is_sealed(g.item())) {
                let world = guarded.item().person.map_or_else(PersonWorld::nobody, PersonWorld::of);
                let saved = checking.open(&world, guarded)?;
                if !saved.meta.entered_in_error {
                    visit(&saved);
                }
            }
        }
    }

    /// Open things that belong to no person yet. Those that cannot be read are added to
    /// `strays`.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn loose_facts(
        &self,
        tx: &mut Tx,
        now: Instant,
        strays: &mut Vec<Stray>,
    ) -> Result<LooseFacts, CareError> {
        let (actor, standing) = Kith::job(now);
        let mut checking = Checking::new(self, &actor, &standing, now);
        let nobody = PersonWorld::nobody();
        let coming_ins: Vec<Guarded<Saved<ComingIn>>> = tx.list_open_readable(strays).await?;
        let coming_ins =
            coming_ins.into_iter().map(|g| checking.open(&nobody, g)).collect::<Result<_, _>>()?;
        let hand_overs: Vec<Guarded<Saved<HandOver>>> = tx.list_open_readable(strays).await?;
        let hand_overs =
            hand_overs.into_iter().map(|g| checking.open(&nobody, g)).collect::<Result<_, _>>()?;
        let worries: Vec<Guarded<Saved<Worry>>> = tx.list_open_readable(strays).await?;
        let worries = worries
            .into_iter()
            .filter(|g| g.item().person.is_none())
            .map(|g| checking.open(&nobody, g))
            .collect::<Result<_, _>>()?;
        let looks: Vec<Guarded<Saved<LookQuestion>>> = tx.list_open_readable(strays).await?;
        let looks = looks
            .into_iter()
            .filter(|g| g.item().person.is_none())
            .map(|g| checking.open(&nobody, g))
            .collect::<Result<_, _>>()?;
        Ok(LooseFacts { coming_ins, hand_overs, worries, looks })
    }
}
