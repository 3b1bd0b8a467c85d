//! Worlds by the hundred thousand: written many to a transaction, read back set-wise by the store's
//! own loader, and decided by both readings of the rule book, the second fed from the plain
//! description alone.

use crate::Failed;
use crate::question;
use crate::readings::Differences;
use crate::records;
use crate::town::Town;
use kith_access::PersonWorld;
use kith_care::{Kith, Partnership};
use kith_domain::id::{PersonId, RecordId};
use kith_second::random::{self, Shape};
use kith_second::request::Request;
use kith_second::world::World;
use kith_second::{Time, matrix, time::DAY};
use kith_store::read::PersonRecords;
use kith_store::{Database, Durability, Store, Tx};

/// People in one statement of the loader, and in one transaction of writes.
const TOGETHER: usize = 500;

/// A question in the form of an address.
pub fn query(value: &impl serde::Serialize) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(value) else { return String::new() };
    let pairs = fields.iter().filter_map(|(name, value)| {
        let text = match value {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let safe: String = text
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || b"-_.".contains(&b) {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect();
        Some(format!("{name}={safe}"))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn midnight(at: Time) -> Time {
    Time(at.0.div_euclid(DAY) * DAY)
}

/// The same world as records can hold it: whole days where Kith keeps days, and as notes what it
/// has no kind for. Both readings are given this.
pub fn as_records_hold_it(world: &mut World) {
    for m in &mut world.care_team {
        (m.from, m.to) = (midnight(m.from), m.to.map(midnight));
    }
    for c in &mut world.consents {
        (c.from, c.to, c.review_by) = (midnight(c.from), c.to.map(midnight), c.review_by.map(midnight));
    }
    for p in &mut world.proxies {
        (p.from, p.to) = (midnight(p.from), p.to.map(midnight));
        p.actions = vec!["view".into(), "contribute".into()];
    }
    world.consents.retain(|c| c.to.is_none_or(|to| c.from < to));
    world.care_team.retain(|m| m.to.is_none_or(|to| m.from < to));
    for item in world.items.values_mut() {
        if !records::carried(item) {
            item.kind = "note".into();
        }
        if item.sensitivity < 3 && item.kind != "safety_plan" && item.kind != "risk_alert" {
            item.category = item.category.take().filter(|_| item.kind == "note");
        }
    }
}

/// One world over the organisations and workers of a town, and what is asked in it.
pub struct Asked {
    /// Its description.
    pub world: World,
    /// The questions.
    pub requests: Vec<Request>,
}

/// Random worlds of one town, all at one moment.
pub fn random_town(seed: u64, people: usize, each: usize) -> Vec<Asked> {
    let made = random::town(seed, Shape::default(), people, each);
    made.into_iter()
        .map(|(mut world, mut requests)| {
            as_records_hold_it(&mut world);
            requests.iter_mut().for_each(|r| r.at = matrix::NOW);
            Asked { world, requests }
        })
        .collect()
}

/// One town of the matrix: the cells of one role and area, each twelve of which share a world.
/// Every world has its own names beside the shared organisations.
pub fn matrix_town(town: usize, step: usize) -> Vec<Asked> {
    let size = matrix::COUNT / matrix_towns();
    let mut worlds: Vec<Asked> = Vec::new();
    let actions = matrix::ACTIONS.len();
    for number in (town * size..(town + 1) * size).step_by(step * actions) {
        let Some(cell) = matrix::cell(number) else { continue };
        let mut world = cell.world();
        as_records_hold_it(&mut world);
        let requests = (number..number + actions).filter_map(matrix::cell).map(|c| c.request()).collect();
        worlds.push(Asked { world, requests });
    }
    worlds
}

/// How many towns the matrix makes: one a role.
pub fn matrix_towns() -> usize {
    kith_second::Role::ALL.len()
}

/// How many worlds and questions, and how they came out.
#[derive(Default)]
pub struct Tally {
    /// Worlds written and read.
    pub worlds: usize,
    /// Differences, and how many decisions were compared.
    pub differences: Differences,
    /// Questions that Kith has no word for.
    pub skipped: usize,
}

/// Writes these worlds into a new database, reads the facts back and compares.
///
/// # Errors
/// The database could not do it.
pub async fn compare(
    database: &Database,
    worlds: &[Asked],
    named: &str,
    tally: &mut Tally,
) -> Result<(), Failed> {
    let store = Store::open_with(database, Durability::None).await?;
    let mut town = write(&store, worlds).await?;
    let kith = Kith::open(store).await?;
    let mut tx = kith.store().read().await?;
    let partnership = kith.partnership(&mut tx).await?;
    for (start, some) in (0..).step_by(TOGETHER).zip(worlds.chunks(TOGETHER)) {
        let mut people: Vec<PersonId> = Vec::new();
        for (n, asked) in some.iter().enumerate() {
            town.enter(start + n);
            people.extend(asked.world.people.keys().map(|name| town.person(name)));
        }
        let loaded = tx.load_worlds(&people, kith.calendar()).await?;
        for (n, asked) in some.iter().enumerate() {
            tally.worlds += 1;
            town.enter(start + n);
            let number = start + n;
            let mut lot = Lot { kith: &kith, partnership: &partnership, town: &mut town, named, number };
            lot.decide(&mut tx, asked, &loaded, tally).await?;
        }
    }
    drop(tx);
    kith.store().close().await;
    Ok(())
}

/// The organisations, teams and workers once, and then every world over them, many to a
/// transaction.
async fn write(store: &Store, worlds: &[Asked]) -> Result<Town, Failed> {
    let mut town = Town::of_one_moment();
    let Some(first) = worlds.first() else { return Ok(town) };
    let referrals = worlds.iter().flat_map(|w| w.world.referrals.iter().cloned()).collect();
    let mut tx = store.write().await?;
    town.write_place(&mut tx, &World { referrals, ..first.world.clone() }, matrix::NOW).await?;
    tx.commit().await?;
    for (start, some) in (0..).step_by(TOGETHER).zip(worlds.chunks(TOGETHER)) {
        let mut tx = store.write().await?;
        for (n, asked) in some.iter().enumerate() {
            town.enter(start + n);
            town.write_people(&mut tx, &asked.world, matrix::NOW).await?;
        }
        tx.commit().await?;
    }
    Ok(town)
}

/// One world about to be asked.
struct Lot<'a> {
    kith: &'a Kith,
    partnership: &'a Partnership,
    town: &'a mut Town,
    named: &'a str,
    number: usize,
}

impl Lot<'_> {
    async fn decide(
        &mut self,
        tx: &mut Tx,
        asked: &Asked,
        loaded: &std::collections::BTreeMap<PersonId, PersonWorld>,
        tally: &mut Tally,
    ) -> Result<(), Failed> {
        let mut kept: Option<(PersonId, PersonWorld, PersonRecords)> = None;
        for (n, request) in asked.requests.iter().enumerate() {
            let Some(ask) = question::ask(self.town, &asked.world, request) else {
                tally.skipped += 1;
                continue;
            };
            let person = question::whose(&asked.world, request).map(|name| self.town.person(name));
            if let Some(id) = person.filter(|id| kept.as_ref().is_none_or(|k| k.0 != *id)) {
                let mut world = loaded.get(&id).cloned().unwrap_or_else(PersonWorld::nobody);
                self.partnership.add_holders(&mut world, ask.now);
                kept = Some((id, world, tx.list_of_person(id).await?));
            }
            let mut facts = match (person, &kept) {
                (Some(_), Some((_, world, _))) => world.clone(),
                _ => PersonWorld::nobody(),
            };
            facts.glass.extend(question::glass(self.town, &asked.world, request));
            let item = match (&request.item, &kept) {
                (Some(name), Some((_, _, records))) => {
                    question::stored_item(records, RecordId(self.town.id("items", name)))?
                }
                _ => None,
            };
            let draft = question::draft(self.town, request);
            let nothing_named = request.action == kith_second::Action::Create && draft.is_none();
            if nothing_named || (request.item.is_some() && item.is_none()) {
                tally.skipped += 1;
                continue;
            }
            let actor = question::actor(self.town, &asked.world, self.partnership, request);
            let mut standing = self.partnership.standing(actor.organisation, ask.now);
            standing.panel = question::panel(&asked.world, request);
            let (item, draft) = (item.as_ref(), draft.as_ref());
            let decision =
                question::decide(self.kith, &actor, &standing, &facts, item, draft, person.is_some(), &ask);
            let name = || format!("{}, world {}, request {n}", self.named, self.number);
            tally.differences.compare(&asked.world, request, &decision, name);
        }
        Ok(())
    }
}
