//! What a decision costs, for `cargo xtask bench`. It decides and counts; the caller holds
//! the clock.

use crate::action::Action;
use crate::actor::{Actor, Agreement, Standing};
use crate::ask::Ask;
use crate::decide::Decider;
use crate::item::{About, Item, Party};
use crate::role::{Purpose, Role};
use crate::scene::facts;
use crate::world::{Involvement, PersonWorld, Span};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::record::{Author, Kind, Label};
use kith_domain::time::Instant;

/// Works out facts and decides `times` times, for a navigator and items of the navigator's
/// own organisation. Returns how many were allowed, so that the work cannot be left out.
pub fn decide_cost(decider: &Decider, times: u32) -> u32 {
    let id = |n: u128| RecordId(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n));
    let now = Instant(1_800_000_000_000_000);
    let (organisation, team, person) =
        (OrganisationId::from(id(1)), TeamId::from(id(2)), PersonId::from(id(3)));
    let worker = WorkerId::from(id(4));
    let actor = Actor::worker(worker, organisation, Role::Navigator, vec![team], now);
    let standing = Standing {
        agreement: Some(Agreement { areas: Area::ALL.into(), from: Instant(0), until: None }),
        ..Standing::default()
    };
    let mut world = PersonWorld::of(person);
    world.involvements.push(Involvement {
        party: Party::Team(team),
        organisation,
        span: Span::since(Instant(0)),
    });
    let ask = Ask::new(Action::View, Purpose::SupportCoordination, now);
    let mut allowed = 0;
    for n in 0..times {
        let item = Item {
            person: Some(person),
            id: id(100 + u128::from(n)),
            version: 1,
            kind: Kind::Goal,
            owner: organisation,
            label: Label::of(Area::SIX[n as usize % 6], Sensitivity::S1),
            created_by: Author::Worker { worker, organisation },
            created: now,
            addressed: Vec::new(),
        };
        let facts = facts(&actor, &standing, &world, About::Item(&item), &ask);
        allowed += u32::from(decider.decide(&facts).allow);
    }
    allowed
}
