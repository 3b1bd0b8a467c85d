//! A person's story: things happen at moments, in the order of time, and each leaves
//! records behind. What would happen after now has not happened, and stays open, as in
//! life. Decisions are the domain's own functions; when one of them refuses, the story
//! is wrong and says so.
//!
//! A story is pure: it reads no clock and writes nothing. Its records are written
//! afterwards, version by version.

pub mod beside;
pub mod fairness;
pub mod life;
pub mod plan;
pub mod referral;
pub mod telling;
pub mod words;

use crate::cast::{Cast, part_of};
use crate::chance::{Chance, Seed};
use crate::directory::Directory;
use crate::geography::Geography;
use crate::names::{Gender, Heritage, Name};
use crate::pen::{BrackenfordError, Pen};
use crate::when::When;
use kith_domain::coming_in::ComingIn;
use kith_domain::consent::Consent;
use kith_domain::equality::Equality;
use kith_domain::hand_over::HandOver;
use kith_domain::id::{NeedId, OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::message::Message;
use kith_domain::need::Need;
use kith_domain::organisation::{Holder, Organisation, Team};
use kith_domain::person::{Known, Person, Whereabouts};
use kith_domain::plan::{Goal, Note, PlanSection, Step, Telling};
use kith_domain::record::{Author, Meta, Record, Saved};
use kith_domain::referral::Referral;
use kith_domain::right::Right;
use kith_domain::settings::Settings;
use kith_domain::supporter::{Involvement, PossibleMatch, Supporter};
use kith_domain::time::{Day, Instant};
use kith_domain::worry::Worry;
use kith_store::{NewRecord, Writing};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// The place around a story.
pub struct Town {
    /// The seed of everything.
    pub seed: Seed,
    /// Today and the calendar.
    pub when: When,
    /// Who acts.
    pub cast: Cast,
    /// What can be found.
    pub directory: Directory,
    /// The ground.
    pub ground: Geography,
    /// The organisations as they are now.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// The teams as they are now.
    pub teams: BTreeMap<TeamId, Team>,
    /// The numbers of the partnership.
    pub settings: Settings,
    /// Nothing unfair is planted: for proofs that none is found then.
    pub fair: bool,
}

impl Town {
    /// Is this one of those who are offered groups less often and wait longer in this town?
    pub fn unfair_to(&self, who: &Who) -> bool {
        !self.fair && who.planted()
    }
}

/// Why a story cannot be: which step, and what the rule said.
pub type Told = Result<(), BrackenfordError>;

macro_rules! values {
    ($($kind:ident),+ $(,)?) => {
        /// A value of any kind that belongs to a story.
        #[derive(Clone, Debug)]
        #[expect(missing_docs, reason = "each is a kind of record of the domain, described there")]
        pub enum Value { $($kind(Box<$kind>),)+ }

        $(impl From<$kind> for Value {
            fn from(value: $kind) -> Value { Value::$kind(Box::new(value)) }
        }
        impl Kept for $kind {
            fn in_value(value: &Value) -> Option<&$kind> {
                match value { Value::$kind(v) => Some(v), _ => None }
            }
        })+

        async fn put(pen: &mut Pen<'_>, metas: &mut BTreeMap<RecordId, Meta>, write: &Write) -> Told {
            match &write.value { $(Value::$kind(v) => put_one(pen, metas, write, &**v).await,)+ }
        }
    };
}

/// A kind of record that a story can hold.
pub trait Kept: Record + Into<Value> {
    /// The value, when it is of this kind.
    fn in_value(value: &Value) -> Option<&Self>;
}

values! {
    Person, Supporter, Involvement, PlanSection, Need, Goal, Step, Referral, Telling, Consent, Note, ComingIn,
    Worry, HandOver, Message, PossibleMatch, Right, Equality,
}

/// One version of one record, ready to be written.
#[derive(Clone, Debug)]
pub struct Write {
    /// Who, when, why.
    pub writing: Writing,
    /// What was done, in words.
    pub action: &'static str,
    /// Which record.
    pub id: RecordId,
    /// About whom.
    pub person: Option<PersonId>,
    /// Whose part of the record.
    pub owner: OrganisationId,
    /// The value.
    pub value: Value,
    /// Taken back as a mistake.
    pub in_error: bool,
}

/// Writes in the order they stand.
///
/// # Errors
/// The database could not do it.
pub async fn write(pen: &mut Pen<'_>, writes: &[Write]) -> Told {
    let mut metas = BTreeMap::new();
    for one in writes {
        put(pen, &mut metas, one).await?;
    }
    Ok(())
}

async fn put_one<T: Record>(
    pen: &mut Pen<'_>,
    metas: &mut BTreeMap<RecordId, Meta>,
    write: &Write,
    value: &T,
) -> Told {
    let saved = match metas.get(&write.id) {
        None => {
            let new = NewRecord { id: write.id, person: write.person, owner: write.owner };
            pen.create(&write.writing, write.action, new, value).await?
        }
        Some(meta) if write.in_error => {
            let old = Saved { meta: meta.clone(), value: value.clone() };
            pen.take_back(&write.writing, &old).await?
        }
        Some(meta) => pen.update(&write.writing, write.action, meta, value).await?,
    };
    metas.insert(write.id, saved.meta);
    Ok(())
}

/// What the generator knows of somebody and no record says.
#[derive(Clone, Debug)]
pub struct Who {
    /// The number of the person, from 0.
    pub number: u32,
    /// Their made-up name.
    pub name: Name,
    /// Their gender.
    pub gender: Gender,
    /// Where the family's names come from. Equality answers have no place in a plan; the
    /// generator keeps this to plant the unfairness that the equity pages must find.
    pub heritage: Heritage,
    /// Their age today.
    pub age: u8,
}

impl Who {
    /// Is this one of those to whom the town is unfair, where it is?
    pub fn planted(&self) -> bool {
        self.gender == Gender::Man && self.heritage.is_black()
    }
}

type Act = Box<dyn FnOnce(&mut Story<'_>) -> Told>;

struct Planned {
    at: Instant,
    turn: u32,
    act: Act,
}
impl PartialEq for Planned {
    fn eq(&self, other: &Planned) -> bool {
        (self.at, self.turn) == (other.at, other.turn)
    }
}
impl Eq for Planned {}
impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Planned) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Planned {
    fn cmp(&self, other: &Planned) -> std::cmp::Ordering {
        (self.at, self.turn).cmp(&(other.at, other.turn))
    }
}

/// A story being told.
pub struct Story<'t> {
    /// The place around it.
    pub town: &'t Town,
    /// Whose it is.
    pub who: Who,
    /// Their id.
    pub id: PersonId,
    /// The chance of this story.
    pub chance: Chance,
    /// The moment that the story has reached.
    pub now: Instant,
    /// Nobody reaches them any more, for now.
    pub unreached: bool,
    items: BTreeMap<RecordId, (u32, Author, Value)>,
    writes: Vec<Write>,
    agenda: BinaryHeap<Reverse<Planned>>,
    turns: u32,
}

impl<'t> Story<'t> {
    /// A story in which nothing has happened yet.
    pub fn new(town: &'t Town, who: Who, chance: Chance, began: Instant) -> Story<'t> {
        let id = PersonId(town.seed.stream("person", who.number.into()).id(began));
        let (items, writes, agenda) = (BTreeMap::new(), Vec::new(), BinaryHeap::new());
        Story { town, who, id, chance, now: began, unreached: false, items, writes, agenda, turns: 0 }
    }

    /// Plans something for a moment. If that is after now, it has not happened.
    pub fn at(&mut self, at: Instant, act: impl FnOnce(&mut Story<'_>) -> Told + 'static) {
        let at = at.max(self.now);
        if at <= self.town.when.now {
            self.turns += 1;
            self.agenda.push(Reverse(Planned { at, turn: self.turns, act: Box::new(act) }));
        }
    }

    /// Plans something for a working day, `days` from the moment reached.
    pub fn in_days(&mut self, days: i32, act: impl FnOnce(&mut Story<'_>) -> Told + 'static) {
        let at = self.working_moment(days);
        self.at(at, act);
    }

    /// Some minute of the working day that is `days` on; later the same day when 0.
    pub fn working_moment(&mut self, days: i32) -> Instant {
        let calendar = &self.town.when.calendar;
        let day = calendar.plus_working(kith_domain::time::plus_days(self.today(), days), 0);
        let minutes = i64::from(self.chance.between(5, 7 * 60));
        let at = Instant(calendar.moment(day, 9, 0).0 + minutes * 60 * Instant::SECOND);
        at.max(self.now.plus_seconds(60))
    }

    /// Lets everything happen that has happened by now.
    ///
    /// # Errors
    /// A rule refused a step.
    pub fn tell(mut self) -> Result<Vec<Write>, BrackenfordError> {
        while let Some(Reverse(planned)) = self.agenda.pop() {
            self.now = self.now.max(planned.at);
            (planned.act)(&mut self)?;
        }
        Ok(self.writes)
    }

    /// The day that the story has reached.
    pub fn today(&self) -> Day {
        self.town.when.calendar.day(self.now)
    }
    /// The part of a large place where the person lives.
    pub fn part(&self) -> u32 {
        part_of(self.who.number)
    }
    /// The person as they are now in the story.
    ///
    /// # Panics
    /// The story has not made the person yet, which is a mistake in this crate.
    pub fn person(&self) -> &Person {
        self.get(self.id.into()).expect("the person is made first")
    }
    /// Do they live somewhere, as far as the story has come?
    pub fn has_home(&self) -> bool {
        let p = self.person();
        p.whereabouts != Whereabouts::NoFixedAddress && p.address != Known::None
    }
    /// A record of the story.
    pub fn get<T: Kept>(&self, id: RecordId) -> Option<&T> {
        self.items.get(&id).and_then(|(_, _, value)| T::in_value(value))
    }
    /// Its version.
    pub fn version(&self, id: RecordId) -> u32 {
        self.items.get(&id).map_or(0, |(version, _, _)| *version)
    }
    /// Every record of a kind.
    pub fn all<T: Kept>(&self) -> Vec<(RecordId, T)> {
        self.items.iter().filter_map(|(id, (_, _, v))| T::in_value(v).map(|v| (*id, v.clone()))).collect()
    }
    /// The needs that are open.
    pub fn open_needs(&self) -> Vec<(NeedId, Need)> {
        self.all::<Need>().into_iter().filter(|(_, n)| n.open()).map(|(id, n)| (id.into(), n)).collect()
    }
    /// A fresh id of this moment.
    pub fn fresh(&mut self) -> RecordId {
        RecordId(self.chance.id(self.now))
    }

    /// Who holds the plan.
    pub fn holder(&self) -> Holder {
        self.person().holder
    }
    /// The navigator, as an author.
    pub fn navigator(&self) -> Author {
        let holder = self.holder();
        match holder.lead {
            Some(worker) => Author::Worker { worker, organisation: holder.organisation },
            None => Author::Operator,
        }
    }
    /// A worker as an author.
    pub fn worker(&self, worker: WorkerId, organisation: OrganisationId) -> Author {
        Author::Worker { worker, organisation }
    }

    /// Writes the first or next version of a record, by this author.
    pub fn write<T: Kept>(
        &mut self,
        id: impl Into<RecordId>,
        author: Author,
        action: &'static str,
        value: T,
    ) {
        self.write_with(id.into(), author, None, action, value);
    }
    /// The same, by the navigator.
    pub fn by_navigator<T: Kept>(&mut self, id: impl Into<RecordId>, action: &'static str, value: T) {
        let author = self.navigator();
        self.write_with(id.into(), author, None, action, value);
    }
    /// The same, in the person's words.
    pub fn in_their_words<T: Kept>(&mut self, id: impl Into<RecordId>, action: &'static str, value: T) {
        let (author, person) = (self.navigator(), Author::Person { person: self.id });
        self.write_with(id.into(), author, Some(person), action, value);
    }

    fn write_with<T: Kept>(
        &mut self,
        id: RecordId,
        author: Author,
        recorded_for: Option<Author>,
        action: &'static str,
        value: T,
    ) {
        let owner = match author {
            Author::Worker { organisation, .. } | Author::LinkHolder { organisation } => organisation,
            _ => self.town.cast.organisation("kindred"),
        };
        let basis = match author {
            Author::Worker { .. } => "works with the person",
            Author::Person { .. } => "own plan",
            Author::LinkHolder { .. } => "link",
            _ => "set-up",
        };
        let value: Value = value.into();
        let version = self.version(id) + 1;
        self.items.insert(id, (version, author, value.clone()));
        self.writes.push(Write {
            writing: Writing { at: self.now, author, recorded_for, basis: basis.into() },
            action,
            id,
            person: Some(self.id),
            owner,
            value,
            in_error: false,
        });
    }

    /// Takes a record back as a mistake.
    pub fn take_back(&mut self, id: RecordId, author: Author) {
        let Some((_, _, value)) = self.items.remove(&id) else { return };
        let owner = self.town.cast.organisation("kindred");
        let writing =
            Writing { at: self.now, author, recorded_for: None, basis: "works with the person".into() };
        let action = "entered in error";
        self.writes.push(Write { writing, action, id, person: Some(self.id), owner, value, in_error: true });
    }

    /// Changes the person, by the navigator.
    pub fn change_person(&mut self, action: &'static str, change: impl FnOnce(&mut Person)) {
        let mut person = self.person().clone();
        change(&mut person);
        self.by_navigator(self.id, action, person);
    }

    /// What a rule refused, with the step of the story.
    pub fn broken(&self, step: &str, rule: impl std::fmt::Display) -> BrackenfordError {
        let story = format!("person {}, {step}, on {}", self.who.number, self.today());
        BrackenfordError::Rule { story, rule: rule.to_string() }
    }
}
