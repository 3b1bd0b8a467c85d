//! A look: one read-only snapshot, permits, guarded reads, and the access log on disk
//! before the page leaves.

use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::plan::needs::usual_sensitivity;
use crate::principal::Principal;
use kith_access::{
    Action, Ask, Batch, Denial, Draft, Granted, Guarded, Item, Obligation, Permit, PersonWorld, Proof,
    Visibility,
};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::holding::PersonFacts;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::person::Person;
use kith_domain::record::{Kind, Saved};
use kith_store::look::{Look, Outcome};
use kith_store::read::PersonRecords;
use kith_store::{Personal, Tx};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What was seen in one request, gathered to one row a person and outcome.
pub struct Seen {
    rows: BTreeMap<(Option<PersonId>, &'static str), Row>,
}

struct Row {
    outcome: Outcome,
    action: String,
    basis: BTreeSet<String>,
    parts: BTreeSet<Cow<'static, str>>,
    purpose: String,
}

impl Seen {
    pub(crate) fn new() -> Seen {
        Seen { rows: BTreeMap::new() }
    }

    fn note(
        &mut self,
        person: Option<PersonId>,
        outcome: Outcome,
        action: Action,
        purpose: &str,
        basis: &str,
        part: impl Into<Cow<'static, str>>,
    ) {
        let row = self.rows.entry((person, outcome.code())).or_insert_with(|| Row {
            outcome,
            action: action.code().to_owned(),
            basis: BTreeSet::new(),
            parts: BTreeSet::new(),
            purpose: purpose.to_owned(),
        });
        row.basis.insert(basis.to_owned());
        row.parts.insert(part.into());
    }

    pub(crate) fn granted(
        &mut self,
        granted: &Granted,
        outcome: Outcome,
        part: impl Into<Cow<'static, str>>,
    ) {
        self.note(
            granted.person(),
            outcome,
            granted.action(),
            granted.purpose().code(),
            granted.basis().code(),
            part,
        );
    }

    pub(crate) fn denied(
        &mut self,
        person: Option<PersonId>,
        purpose: &str,
        denial: &Denial,
        part: &'static str,
    ) {
        let rules: Vec<&str> = denial.rules.iter().map(|r| &**r).collect();
        let basis = if rules.is_empty() { "R01".to_owned() } else { rules.join(" ") };
        self.note(person, Outcome::Denied, denial.action, purpose, &basis, part);
    }

    pub(crate) fn into_looks(self, who: &Principal) -> Result<Vec<Look>, CareError> {
        let identity = serde_json::to_string(&who.identity).map_err(|e| Fault::Broken(e.to_string()))?;
        Ok(self
            .rows
            .into_iter()
            .map(|((person, _), row)| Look {
                at: who.now,
                request: who.request,
                who: identity.clone(),
                organisation: who.actor.organisation.map(|o| o.0),
                role: who.actor.role.code().to_owned(),
                person,
                purpose: row.purpose,
                action: row.action,
                basis: row.basis.into_iter().collect::<Vec<_>>().join(", "),
                outcome: row.outcome,
                parts: row.parts.into_iter().collect::<Vec<_>>().join(", "),
            })
            .collect())
    }
}

/// The word for a kind of record in "who looked".
pub fn part_name(item: &Item) -> &'static str {
    match item.kind {
        Kind::Person => "name and contact",
        Kind::PlanSection => match item.label.area {
            kith_domain::area::Area::Identity => "about me",
            area => area.title(),
        },
        Kind::Need => "needs",
        Kind::Goal => "goals",
        Kind::Step => "steps",
        Kind::Referral => "referrals",
        Kind::Telling => "places you were told about",
        Kind::Consent => "who can see what",
        Kind::Note => "the story so far",
        Kind::Message => "messages",
        Kind::Involvement | Kind::Supporter => "people around you",
        Kind::ComingIn => "your request for help",
        Kind::Worry => "worries",
        Kind::Glass => "emergency access",
        Kind::LookQuestion => "questions about who looked",
        Kind::Right => "what you asked for by right",
        Kind::Equality => "answers about equality",
        Kind::HandOver => "hand-over",
        Kind::PossibleMatch => "identity",
        _ => "other",
    }
}

/// One request that only looks.
pub struct Looking<'a> {
    /// Kith.
    pub kith: &'a Kith,
    /// Who asks.
    pub who: &'a Principal,
    /// The snapshot.
    pub tx: Tx,
    /// The questions of this request.
    pub batch: Batch<'a>,
    seen: Seen,
}

/// A person's records in this snapshot, and the world around them.
pub struct About {
    /// Whom.
    pub person: PersonId,
    /// The world that decisions need.
    pub world: PersonWorld,
    pub(crate) records: PersonRecords,
}

impl Kith {
    /// Begins a look.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn look<'a>(&'a self, who: &'a Principal) -> Result<Looking<'a>, CareError> {
        let mut tx = self.store().read().await?;
        let who = who.as_of(&self.partnership(&mut tx).await?);
        let batch = Batch::new(self.decider(), &who.actor, &who.standing, who.now);
        Ok(Looking { kith: self, who, tx, batch, seen: Seen::new() })
    }
}

impl<'a> Looking<'a> {
    /// Everything stored about a person, still closed.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn about(&mut self, person: PersonId) -> Result<About, CareError> {
        let records = self.tx.list_of_person(person).await?;
        let world = records.world(person, self.kith.calendar())?;
        let mut about = About { person, world, records };
        self.kith.complete(self.who, &mut about)?;
        Ok(about)
    }

    /// The world around something that belongs to no person: with whom it is.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn beside(&mut self, id: RecordId) -> Result<PersonWorld, CareError> {
        Ok(self.kith.beside(&mut self.tx, self.who, &[id]).await?.world)
    }

    /// The worlds of several people, for lists.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn worlds(
        &mut self,
        people: &[PersonId],
    ) -> Result<BTreeMap<PersonId, PersonWorld>, CareError> {
        let mut worlds = self.tx.load_worlds(people, self.kith.calendar()).await?;
        for world in worlds.values_mut() {
            self.who.partnership.add_holders(world, self.who.now);
        }
        Ok(worlds)
    }

    /// The worlds of several people with their open records, for worklists.
    ///
    /// # Errors
    /// The database could not be read.
    pub(crate) async fn worlds_and_open(&mut self, people: &[PersonId]) -> Result<Vec<About>, CareError> {
        let found = self.tx.load_worlds_and_open(people, self.kith.calendar()).await?;
        let about = found.into_iter().map(|(person, (mut world, records))| {
            self.who.partnership.add_holders(&mut world, self.who.now);
            About { person, world, records }
        });
        Ok(about.collect())
    }

    /// The person's own record, opened: the gate of every page about a person.
    ///
    /// # Errors
    /// [`CareError::Missing`] when there is none, or none that may be known of;
    /// [`CareError::Forbidden`] when that it exists is no secret.
    pub fn person(&mut self, about: &About) -> Result<Saved<Person>, CareError> {
        let ask = self.batch.ask(Action::View);
        let Some(guarded) = about.records.first::<Person>()? else {
            let denial = self.batch.missing(&ask);
            self.seen.denied(Some(about.person), ask.purpose.code(), &denial, "name and contact");
            return Err(CareError::Missing);
        };
        self.open(&about.world, guarded, &ask)
    }

    /// Every record of a kind about a person that this actor may see. Those they may not
    /// see leave no trace on the page.
    ///
    /// # Errors
    /// A stored value could not be read.
    pub fn all<T: Personal>(&mut self, about: &About) -> Result<Vec<Saved<T>>, CareError> {
        let ask = self.batch.ask(Action::View);
        self.all_for(about, &ask)
    }

    /// As [`Looking::all`], under another question (a reason written down, a referral).
    ///
    /// # Errors
    /// A stored value could not be read.
    pub fn all_for<T: Personal>(&mut self, about: &About, ask: &Ask) -> Result<Vec<Saved<T>>, CareError> {
        let guarded = about.records.of::<T>()?.into_iter().filter(|g| !has_its_own_page(g.item()));
        Ok(guarded.filter_map(|g| self.quietly(&about.world, g, ask, Outcome::Opened)).collect())
    }

    /// What `holding` needs of a person, as far as this actor may see it.
    ///
    /// # Errors
    /// As [`Looking::person`].
    pub fn facts(&mut self, about: &About) -> Result<PersonFacts, CareError> {
        let person = self.person(about)?;
        Ok(PersonFacts {
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
            matches: Vec::new(),
        })
    }

    /// One record by its id.
    ///
    /// # Errors
    /// As [`Looking::person`].
    pub fn one<T: Personal>(
        &mut self,
        about: &About,
        id: impl Into<RecordId>,
        ask: &Ask,
    ) -> Result<Saved<T>, CareError> {
        let id = id.into();
        let found = about.records.one::<T>(id)?;
        match found {
            Some(guarded) => self.open(&about.world, guarded, ask),
            None => {
                let denial = self.batch.missing(ask);
                self.seen.denied(Some(about.person), ask.purpose.code(), &denial, "other");
                Err(CareError::Missing)
            }
        }
    }

    /// Opens a record or says why not; either is logged.
    ///
    /// # Errors
    /// It is refused.
    pub fn open<T>(&mut self, world: &PersonWorld, guarded: Guarded<T>, ask: &Ask) -> Result<T, CareError> {
        let part = part_name(guarded.item());
        let person = guarded.item().person;
        match self.batch.open(world, guarded, ask) {
            Ok((value, permit)) => {
                self.seen.granted(permit.granted(), Outcome::Opened, part);
                Ok(value)
            }
            Err(denial) => {
                self.seen.denied(person, ask.purpose.code(), &denial, part);
                alert(self.who, &denial);
                Err(refusal(&denial))
            }
        }
    }

    /// A record for a list: logged as listed; one that is refused is left out.
    pub fn listed<T>(&mut self, world: &PersonWorld, guarded: Guarded<T>, ask: &Ask) -> Option<T> {
        self.quietly(world, guarded, ask, Outcome::Listed)
    }

    /// Opens a record or leaves it out, logged as this outcome when it opens.
    pub(crate) fn quietly<T>(
        &mut self,
        world: &PersonWorld,
        guarded: Guarded<T>,
        ask: &Ask,
        outcome: Outcome,
    ) -> Option<T> {
        let part = part_name(guarded.item());
        let (value, permit) = self.batch.open(world, guarded, ask).ok()?;
        self.seen.granted(permit.granted(), outcome, part);
        Some(value)
    }

    /// The name that a person likes to be called, for a list: nothing else of their
    /// record. None when it may not be seen.
    pub fn name(&mut self, world: &PersonWorld, guarded: Guarded<Saved<Person>>) -> Option<String> {
        let item = guarded.item().clone();
        let ask = self.batch.ask(Action::SeeName);
        let permit = self.batch.permit(world, &item, &ask).ok()?;
        let part = guarded.name();
        let name = part.open(&permit).ok()?;
        self.seen.granted(permit.granted(), Outcome::Listed, "name");
        Some(name)
    }

    /// A permit for one item without opening it; logged.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit(&mut self, world: &PersonWorld, item: &Item, ask: &Ask) -> Result<Permit, CareError> {
        let part = part_name(item);
        match self.batch.permit(world, item, ask) {
            Ok(permit) => {
                self.seen.granted(permit.granted(), Outcome::Opened, part);
                Ok(permit)
            }
            Err(denial) => {
                self.seen.denied(item.person, ask.purpose.code(), &denial, part);
                alert(self.who, &denial);
                Err(refusal(&denial))
            }
        }
    }

    /// May this action on a person as a whole be done? Decides without logging: for
    /// showing or leaving out a button.
    pub fn may(&mut self, world: &PersonWorld, action: Action) -> bool {
        let ask = self.batch.ask(action);
        self.batch.permit_person(world, &ask).is_ok()
    }

    /// Could this record be opened for this action too, as a form does it
    /// ([`crate::change::Changing::open`])? The same question, decided without logging: for showing or
    /// leaving out the form.
    pub fn may_open<T: Personal>(&mut self, about: &About, id: impl Into<RecordId>, action: Action) -> bool {
        let ask = self.batch.ask(action);
        self.may_open_for::<T>(about, id, &ask)
    }

    /// As [`Looking::may_open`], under another question.
    pub fn may_open_for<T: Personal>(&mut self, about: &About, id: impl Into<RecordId>, ask: &Ask) -> bool {
        // As it is sealed: with whom it is addressed to, who may do more with it than others.
        let stored = about.records.one::<T>(id.into());
        stored.is_ok_and(|g| g.is_some_and(|g| self.batch.permit(&about.world, g.item(), ask).is_ok()))
    }

    /// The parts of life in which this reader may write something new of this kind, as its form does it
    /// ([`crate::change::Changing::create`]): what the form offers. Where there is none the form is refused
    /// here already, and that is logged.
    ///
    /// # Errors
    /// In none.
    pub fn areas_to_add(&mut self, about: &About, kind: Kind) -> Result<Vec<Area>, CareError> {
        let (_, organisation) = self.who.worker()?;
        let ask = self.batch.ask(Action::Create);
        let draft = |area| {
            let sensitivity = match kind {
                Kind::Need | Kind::Goal | Kind::Step => usual_sensitivity(area),
                _ => Sensitivity::S1,
            };
            Draft::new(kind, organisation, area, sensitivity)
        };
        let mut may = Vec::new();
        let mut no = None;
        // Only a note can be about nothing in particular.
        let other = (kind == Kind::Note).then_some(Area::Identity);
        for area in Area::SIX.into_iter().chain(other) {
            match self.batch.permit_new(&about.world, &draft(area), &ask) {
                Ok(_) => may.push(area),
                Err(denial) => no = Some(denial),
            }
        }
        match no.filter(|_| may.is_empty()) {
            None => Ok(may),
            Some(denial) => {
                self.seen.denied(Some(about.person), ask.purpose.code(), &denial, "other");
                alert(self.who, &denial);
                Err(refusal(&denial))
            }
        }
    }

    /// A permit for something about nobody; a refusal is logged.
    ///
    /// # Errors
    /// It is refused.
    pub fn place(&mut self, action: Action) -> Result<(), CareError> {
        let ask = self.batch.ask(action);
        match self.batch.permit_place(&ask) {
            Ok(_) => Ok(()),
            Err(denial) => {
                self.seen.denied(None, ask.purpose.code(), &denial, "other");
                Err(refusal(&denial))
            }
        }
    }

    /// May this action on nobody in particular be done? Decides without logging: for showing
    /// or leaving out a part of a page.
    pub(crate) fn may_place(&mut self, action: Action) -> bool {
        let ask = self.batch.ask(action);
        self.batch.permit_place(&ask).is_ok()
    }

    /// A permit to read the looks of one's own organisation (rule B8): of everybody, or those at
    /// one person. What was asked for stands in the log like any other look.
    ///
    /// # Errors
    /// It is refused.
    pub(crate) fn audit(&mut self, world: Option<&PersonWorld>, asked: String) -> Result<(), CareError> {
        let ask = Ask { own_organisation: true, ..self.batch.ask(Action::ViewAudit) };
        let denial = match world {
            None => match self.batch.permit_place(&ask) {
                Ok(permit) => {
                    self.seen.granted(permit.granted(), Outcome::Opened, asked);
                    return Ok(());
                }
                Err(denial) => denial,
            },
            Some(world) => match self.batch.permit_person(world, &ask) {
                Ok(permit) => {
                    self.seen.granted(permit.granted(), Outcome::Opened, asked);
                    return Ok(());
                }
                Err(denial) => denial,
            },
        };
        let person = world.and_then(|w| w.person);
        self.seen.denied(person, ask.purpose.code(), &denial, "who looked");
        alert(self.who, &denial);
        Err(refusal(&denial))
    }

    /// Ends the snapshot and commits what was seen. The page may leave when this has
    /// returned. Call it on refusals too: denials are logged.
    ///
    /// # Errors
    /// The access log could not be written: the page is refused.
    pub async fn finish(self) -> Result<(), CareError> {
        let Looking { tx, seen, who, kith, .. } = self;
        drop(tx);
        let looks = seen.into_looks(who)?;
        kith.store().looks().record(looks).await?;
        Ok(())
    }

    /// Commits what was seen and hands on the result: for the end of every look.
    ///
    /// # Errors
    /// The result's own, or that the access log could not be written.
    pub async fn finish_with<T>(self, result: Result<T, CareError>) -> Result<T, CareError> {
        self.finish().await?;
        result
    }
}

/// How a denial is shown, after it was kept for the access log of this request.
pub(crate) fn refused(
    who: &Principal,
    person: Option<PersonId>,
    ask: &Ask,
    denial: &Denial,
    part: &'static str,
) -> CareError {
    let mut seen = Seen::new();
    seen.denied(person, ask.purpose.code(), denial, part);
    match seen.into_looks(who) {
        Ok(looks) => who.refusals.note(looks),
        Err(error) => return error,
    }
    alert(who, denial);
    refusal(denial)
}

/// Somebody tried what information governance is told of (rule R05).
fn alert(who: &Principal, denial: &Denial) {
    if denial.obligations.contains(&Obligation::AlertIg) {
        who.refusals.alert();
    }
}

/// A sealed line of the plan stands with the sealed notes and on no other page, also for those it
/// names.
fn has_its_own_page(item: &Item) -> bool {
    let line = matches!(item.kind, Kind::PlanSection | Kind::Need | Kind::Goal | Kind::Step);
    line && item.label.sensitivity == Sensitivity::S4
}

/// How a denial is shown.
pub(crate) fn refusal(denial: &Denial) -> CareError {
    match denial.visibility {
        Visibility::NotFound => CareError::Missing,
        Visibility::Forbidden if denial.step_up() => CareError::SignInAgain,
        Visibility::Forbidden => CareError::Forbidden(
            "You cannot do this here. Ask the person, or the navigator who holds their plan.".into(),
        ),
    }
}
