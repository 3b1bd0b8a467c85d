//! What decisions cost, for `cargo xtask bench`. It decides and counts; the caller holds
//! the clock.

use crate::action::Action;
use crate::actor::{Actor, Agreement, Standing};
use crate::ask::Ask;
use crate::batch::Batch;
use crate::decide::Decider;
use crate::guarded::Guarded;
use crate::item::{About, Item, Party};
use crate::role::{Purpose, Role};
use crate::scene::facts;
use crate::world::{Involvement, PersonWorld, Span};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::record::{Author, Kind, Label};
use kith_domain::time::Instant;

/// A navigator and their organisation.
struct Scene {
    now: Instant,
    organisation: OrganisationId,
    team: TeamId,
    worker: WorkerId,
    actor: Actor,
    standing: Standing,
}

fn id(n: u128) -> RecordId {
    RecordId(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n))
}

impl Scene {
    fn new() -> Scene {
        let now = Instant(1_800_000_000_000_000);
        let (organisation, team) = (OrganisationId::from(id(1)), TeamId::from(id(2)));
        let worker = WorkerId::from(id(4));
        let agreement = Agreement { areas: Area::ALL.into(), from: Instant(0), until: None };
        Scene {
            now,
            organisation,
            team,
            worker,
            actor: Actor::worker(worker, organisation, Role::Navigator, vec![team], now),
            standing: Standing { agreement: Some(agreement), ..Standing::default() },
        }
    }

    /// A person whom the navigator's team supports.
    fn world(&self, person: PersonId) -> PersonWorld {
        let mut world = PersonWorld::of(person);
        world.involvements.push(Involvement {
            party: Party::Team(self.team),
            organisation: self.organisation,
            span: Span::since(Instant(0)),
        });
        world
    }

    fn item(&self, person: PersonId, kind: Kind, n: u32) -> Item {
        Item {
            person: Some(person),
            id: id(100 + u128::from(n)),
            version: 1,
            kind,
            owner: self.organisation,
            label: Label::of(Area::SIX[n as usize % 6], Sensitivity::S1),
            created_by: Author::Worker { worker: self.worker, organisation: self.organisation },
            created: self.now,
            addressed: Vec::new(),
        }
    }
}

/// Works out facts and decides `times` times, for a navigator and items of the navigator's
/// own organisation; nothing is remembered from one to the next. Returns how many were
/// allowed, so that the work cannot be left out.
pub fn decide_cost(decider: &Decider, times: u32) -> u32 {
    let scene = Scene::new();
    let person = PersonId::from(id(3));
    let world = scene.world(person);
    let ask = Ask::new(Action::View, Purpose::SupportCoordination, scene.now);
    let mut allowed = 0;
    for n in 0..times {
        let item = scene.item(person, Kind::Goal, n);
        let facts = facts(&scene.actor, &scene.standing, &world, About::Item(&item), &ask);
        allowed += u32::from(decider.decide(&facts).allow);
    }
    allowed
}

/// Opens the `rows` guarded records of each of so many pages, as a page does: one batch a
/// page, records of five kinds and six areas, of one person or of a person each. Returns
/// how many were opened.
pub fn page_cost(decider: &Decider, pages: u32, rows: u32, person_each: bool) -> u32 {
    let scene = Scene::new();
    let kinds = [Kind::Need, Kind::Goal, Kind::Step, Kind::Referral, Kind::Note];
    let people: Vec<PersonId> =
        (0..rows).map(|n| PersonId::from(id(if person_each { 10_000 + u128::from(n) } else { 3 }))).collect();
    let worlds: Vec<PersonWorld> = people.iter().map(|person| scene.world(*person)).collect();
    let mut opened = 0;
    for _ in 0..pages {
        let mut batch = Batch::new(decider, &scene.actor, &scene.standing, scene.now);
        let ask = batch.ask(Action::View);
        for ((n, person), world) in (0..rows).zip(&people).zip(&worlds) {
            let item = scene.item(*person, kinds[n as usize % 5], n);
            opened += u32::from(batch.open(world, Guarded::new(item, n), &ask).is_ok());
        }
    }
    opened
}
