//! One request of a description, as Kith asks it: who, how signed in, about what, for what; and
//! the decision of `kith-access` over facts that the store loaded.

use crate::Failed;
use crate::readings::{area, instant};
use crate::records::stored_role;
use crate::town::Town;
use kith_access as access;
use kith_access::{About, Actor, Ask, Batch, Decision, Draft, Item, PersonWorld, Scopes, Standing, Who};
use kith_care::{Kith, Partnership};
use kith_domain::area::Sensitivity;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::plan::{Goal, Note, PlanSection, Step};
use kith_domain::record::Kind;
use kith_second::request::Request;
use kith_second::world::World;
use kith_second::{Action, Area, Role};
use kith_store::read::PersonRecords;
use kith_store::{Personal, Tx};

/// What a description says and Kith has no record for: it goes beside the facts, on a session's
/// row or in a setting, and from there to the decision.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Beside {
    /// The role, where no membership can hold it.
    pub role: Option<String>,
    /// The supporter, who has no way in to Kith of their own.
    pub supporter: Option<uuid::Uuid>,
    /// The scopes of the program that acts for the user.
    pub client: Option<Vec<String>>,
    /// Others use this phone or computer.
    #[serde(default)]
    pub shared_device: bool,
}

/// The scopes of a program in Kith's words.
pub fn scopes(words: &[String]) -> Scopes {
    let mut scopes = Scopes::default();
    for scope in words {
        let word = scope.split('.').next().unwrap_or_default();
        let named = serde_json::from_value::<Area>(word.into()).ok().filter(|a| *a != Area::Unknown);
        match (named, scope.rsplit('.').next()) {
            (Some(a), Some("read")) => drop(scopes.read.insert(area(a))),
            (Some(a), Some("write")) => drop(scopes.write.insert(area(a))),
            _ => scopes.aggregate |= scope == "aggregate",
        }
    }
    scopes
}

/// The action in Kith's words; none where Kith has none for it.
pub fn action(of: Action) -> Option<access::Action> {
    match of {
        Action::ViewStub => Some(access::Action::SeeStub),
        Action::ViewName => Some(access::Action::SeeName),
        other => access::Action::from_code(serde_json::to_value(other).ok()?.as_str()?),
    }
}

/// The role in Kith's words.
pub fn role(of: Role) -> Option<access::Role> {
    access::Role::from_code(&of.word())
}

/// Roles that the panel had enabled at the moment of a request.
pub fn panel(world: &World, request: &Request) -> std::collections::BTreeSet<access::Role> {
    let decided = world.panel_decisions.iter().filter(|d| request.at.within(d.decided, d.ended));
    decided.filter_map(|d| role(d.enables_role?)).collect()
}

/// The emergency access that a request says was opened.
pub fn glass(town: &mut Town, world: &World, request: &Request) -> Option<access::Glass> {
    let (glass, name) = (request.break_glass.as_ref()?, request.actor.as_ref()?);
    let organisation = world.users.get(name)?.org.as_deref()?;
    Some(access::Glass {
        worker: town.worker(name),
        organisation: town.organisation(organisation),
        started: instant(glass.started),
        reason: match glass.reason.as_str() {
            "life_at_risk" => access::GlassReason::LifeAtRisk,
            _ => access::GlassReason::CrisisPresentation,
        },
        letters: u32::try_from(glass.text.chars().count()).unwrap_or(u32::MAX),
        // The published form gives one sign-in: the one with which it was opened.
        fresh: request.auth_age_s <= 300 && request.aal >= 2,
    })
}

/// The question itself. None where Kith has no word for the action or the purpose.
pub fn ask(town: &mut Town, world: &World, request: &Request) -> Option<Ask> {
    let purpose = access::Purpose::from_code(request.purpose.as_deref()?)?;
    let mut ask = Ask::new(action(request.action)?, purpose, instant(request.at));
    ask.reason = request.reason_text.as_ref().is_some_and(|t| !t.trim().is_empty());
    ask.exact_match = request.exact_match;
    ask.lookups = request.lookups;
    ask.people = request.count;
    ask.second_approver = request.second_approver;
    ask.referral = request.referral.as_ref().map(|r| town.referral(r));
    let user = request.actor.as_ref().and_then(|name| world.users.get(name));
    ask.own_organisation = request.target_org.is_some() && user.is_some_and(|u| u.org == request.target_org);
    let program = request.client.as_ref().and_then(|name| world.clients.get(name));
    ask.client = request.client.as_ref().map(|_| scopes(program.map_or(&[], |c| &c.scopes)));
    Some(ask)
}

/// Whose record a request is about.
pub fn whose<'a>(world: &'a World, request: &'a Request) -> Option<&'a str> {
    let item = request.item.as_ref().and_then(|i| world.items.get(i));
    let referral = request.referral.as_ref().and_then(|r| world.referrals.iter().find(|x| x.id == *r));
    item.map(|i| i.person.as_str()).or(request.person.as_deref()).or(referral.map(|r| r.person.as_str()))
}

/// Who asks, as the partnership in the database knows them, signed in as the request says.
pub fn actor(town: &mut Town, world: &World, partnership: &Partnership, request: &Request) -> Actor {
    let now = instant(request.at);
    let signed_in = now.plus_seconds(-request.auth_age_s);
    let Some(name) = &request.actor else {
        return Actor { who: Who::Client, role: access::Role::Client, ..Actor::public(now) };
    };
    let Some(user) = world.users.get(name) else { return Actor::public(now) };
    let closed = user.status.as_deref().is_some_and(|s| s != "active");
    let mut actor = match user.role {
        Role::Person => {
            let own = user.person.clone().unwrap_or_default();
            let shared = world.people.get(&own).is_some_and(|p| p.shared_device);
            Actor { shared_device: shared, ..Actor::person(town.person(&own), request.aal, signed_in) }
        }
        Role::Proxy => {
            let of = whose(world, request).unwrap_or_default().to_owned();
            Actor::supporter(town.supporter(name, &of), request.aal, signed_in)
        }
        staff => {
            let (worker, organisation) =
                (town.worker(name), town.organisation(user.org.as_deref().unwrap_or_default()));
            let teams = partnership.teams_of(worker, organisation, now);
            let Some(role) = role(staff) else { return Actor::public(now) };
            let mut actor = Actor::worker(worker, organisation, role, teams, signed_in);
            actor.aal = request.aal;
            actor.suspended = !partnership.may_act(worker, organisation, stored_role(staff), now);
            actor
        }
    };
    actor.suspended |= closed;
    actor
}

/// The item with this id among a person's records, as the store seals it.
///
/// # Errors
/// A stored value could not be read.
pub fn stored_item(records: &PersonRecords, id: RecordId) -> Result<Option<Item>, Failed> {
    Ok(one::<Note>(records, id)?.or(one::<Goal>(records, id)?).or(one::<Step>(records, id)?).or(one::<
        PlanSection,
    >(
        records, id,
    )?))
}

/// Only the wanted row is read: a world asks about few of its items.
fn one<T: Personal>(records: &PersonRecords, id: RecordId) -> Result<Option<Item>, Failed> {
    Ok(records.one::<T>(id)?.map(|found| found.item().clone()))
}

/// The decision on one question, over these facts.
#[expect(clippy::too_many_arguments, reason = "everything that a decision depends on, named once")]
pub fn decide(
    kith: &Kith,
    actor: &Actor,
    standing: &Standing,
    facts: &PersonWorld,
    item: Option<&Item>,
    draft: Option<&Draft>,
    whose: bool,
    ask: &Ask,
) -> Decision {
    let mut batch = Batch::new(kith.decider(), actor, standing, ask.now);
    match (item, draft) {
        (Some(item), _) => batch.decide(facts, About::Item(item), ask),
        (None, Some(draft)) => batch.decide(facts, About::New(draft), ask),
        (None, None) if whose => batch.decide(facts, About::Person, ask),
        (None, None) => batch.decide(facts, About::Nobody, ask),
    }
}

/// What is about to be made, for a request that makes something.
pub fn draft(town: &mut Town, request: &Request) -> Option<Draft> {
    if request.action != Action::Create {
        return None;
    }
    let owner = town.organisation(request.target_org.as_deref()?);
    let level = Sensitivity::from_level(i64::from(request.sensitivity.unwrap_or(1)))?;
    Some(Draft::new(Kind::Note, owner, area(request.domain?), level))
}

/// What the store says around a person and of one item, in one snapshot.
pub struct Facts {
    /// The partnership.
    pub partnership: std::sync::Arc<Partnership>,
    /// The person's world.
    pub world: PersonWorld,
    /// The item.
    pub item: Option<Item>,
}

/// Reads them.
///
/// # Errors
/// The database could not be read.
pub async fn load(
    kith: &Kith,
    tx: &mut Tx,
    person: Option<PersonId>,
    item: Option<RecordId>,
    now: kith_domain::time::Instant,
) -> Result<Facts, Failed> {
    let partnership = kith.partnership(tx).await?;
    let Some(person) = person else {
        return Ok(Facts { partnership, world: PersonWorld::nobody(), item: None });
    };
    let mut worlds = tx.load_worlds(&[person], kith.calendar()).await?;
    let mut world = worlds.remove(&person).unwrap_or_else(PersonWorld::nobody);
    partnership.add_holders(&mut world, now);
    let records = tx.list_of_person(person).await?;
    let item = item.map(|id| stored_item(&records, id)).transpose()?.flatten();
    Ok(Facts { partnership, world, item })
}

/// The decision of `kith-access` over facts that the store loaded; none where Kith has no word
/// for what is asked.
///
/// # Errors
/// The database could not be read.
pub async fn decided(
    kith: &Kith,
    town: &mut Town,
    world: &World,
    request: &Request,
) -> Result<Option<Decision>, Failed> {
    let Some(ask) = ask(town, world, request) else { return Ok(None) };
    let person = whose(world, request).map(|name| town.person(name));
    let wanted = request.item.as_ref().map(|name| RecordId(town.id("items", name)));
    let mut tx = kith.store().read().await?;
    let mut facts = load(kith, &mut tx, person, wanted, ask.now).await?;
    if let (Some(item), Some(version)) = (&mut facts.item, request.version) {
        item.version = version;
    }
    facts.world.glass.extend(glass(town, world, request));
    let actor = actor(town, world, &facts.partnership, request);
    let mut standing = facts.partnership.standing(actor.organisation, ask.now);
    standing.panel = panel(world, request);
    if request.item.is_some() && facts.item.is_none() {
        return Ok(None);
    }
    let draft = draft(town, request);
    if request.action == Action::Create && draft.is_none() {
        return Ok(None);
    }
    Ok(Some(decide(
        kith,
        &actor,
        &standing,
        &facts.world,
        facts.item.as_ref(),
        draft.as_ref(),
        person.is_some(),
        &ask,
    )))
}
