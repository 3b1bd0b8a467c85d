//! What rises, passes on or is covered is on somebody's Today, and can be opened there.
//!
//! - Given anything that is held, in any of these situations, whatever day it is, then whoever
//!   the nightly job tells finds as many things on their own Today as it says, and every row of
//!   it opens, or names nobody.
//! - Given Joan away with Dev as cover, then the referral that Joan took on is on Dev's Today,
//!   and he answers it; on its leads' when it is late.
//! - Given a worry of Tony's, a volunteer, then the net has it from the first hour, by
//!   reference and team, because the net's lead may not read it.
//! - Given a need that a volunteer's organisation is late with, then the net learns of it, and
//!   where it may not read it, by reference and team, never by name.

use crate::harness::{Cast, World};
use crate::people::add;
use crate::referral::alter;
use axum::http::StatusCode;
use kith_care::today::Thing;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::holding::About;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::{Absence, Holder, Worker};
use kith_domain::record::Author;
use kith_domain::time::{Calendar, Day, plus_days};
use kith_store::{NewRecord, Writing};
use std::collections::BTreeMap;
use uuid::Uuid;

fn today(world: &World) -> Day {
    Calendar::england().day(world.now())
}

fn everybody(world: &World) -> Vec<Cast> {
    vec![
        world.aisha,
        world.bola,
        world.grace,
        world.nadia,
        world.joan,
        world.dev,
        world.amir,
        world.lena,
        world.cole,
        world.sam,
        world.tony,
    ]
}

async fn away(world: &World, who: Cast, cover: Option<Cast>) {
    let absence = Absence { from: today(world), until: None, cover: cover.map(|c| c.worker) };
    alter::<Worker>(world, who.worker, |w| w.absences = vec![absence]).await;
}

/// Every worker has an address of their own, so that the nightly job can tell them.
async fn addresses(world: &World) -> BTreeMap<String, Cast> {
    let mut of = BTreeMap::new();
    for cast in everybody(world) {
        let address = format!("{}@example.org", cast.worker);
        let email = address.clone();
        alter::<Worker>(world, cast.worker, |w| w.email = Some(email)).await;
        of.insert(address, cast);
    }
    of
}

/// Everything on a worker's Today, on all its pages.
async fn things(world: &World, cast: Cast) -> Vec<Thing> {
    let who = world.principal(cast).await;
    let mut things = Vec::new();
    for page in 0.. {
        let today = world.kith.today(&who, page).await.unwrap();
        things.extend(today.groups.into_iter().flat_map(|(_, things)| things));
        if today.more == 0 {
            break;
        }
    }
    things
}

/// What the nightly job says is what Today shows, and every row opens or names nobody.
async fn everybody_finds_what_is_theirs(world: &World) {
    let addresses = addresses(world).await;
    world.kith.run_daily(Uuid::now_v7(), world.now()).await.unwrap();
    let mut tx = world.kith.store().read().await.unwrap();
    let outbox = tx.list_outbox(1000).await.unwrap();
    drop(tx);
    let day = today(world);
    for row in outbox.iter().filter(|row| row.dedupe.ends_with(&day.to_string())) {
        let Some(cast) = addresses.get(&row.address) else { continue };
        let said: usize = row.body.split(' ').next().unwrap().parse().unwrap();
        let theirs = things(world, *cast).await;
        let risen = row.dedupe.starts_with("risen");
        let shown = theirs.iter().filter(|t| match risen {
            true => t.held.risen.is_some_and(|r| r.worker == Some(cast.worker)),
            false => t.held.holder.acts() == Some(cast.worker) && t.held.next.on <= day,
        });
        assert_eq!(shown.count(), said, "{} on {day}: {}", row.dedupe, row.body);
    }
    world.assert_nothing_lost().await;
    for cast in everybody(world) {
        let mut browser = world.worker(cast).await;
        let page = browser.get("/today").await;
        page.is(StatusCode::OK);
        let links = page.links("/people/").into_iter().chain(page.links("/worries/"));
        for link in links.filter(|l| l != "/people/add") {
            browser.get(&link).await.is(StatusCode::OK);
        }
    }
}

/// A need in the part of this worker's organisation, of a person whose plan others hold.
async fn need_held_by(world: &World, person: PersonId, of: Cast) {
    let value = Need {
        area: Area::Housing,
        words: "somewhere dry".into(),
        code: None,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        raised_at: world.now(),
        status: NeedStatus::Open,
        holder: Holder { organisation: of.organisation, team: of.team, lead: Some(of.worker) },
        next: NextDate::new("Ring about the flat", plus_days(today(world), 1)),
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    };
    let (at, basis) = (world.now(), "own_organisation".into());
    let writing = Writing { at, author: Author::Operator, recorded_for: None, basis };
    let mut tx = world.kith.store().write().await.unwrap();
    let id = RecordId(Uuid::now_v7());
    let new = NewRecord { id, person: Some(person), owner: of.organisation };
    tx.create(&writing, "made", new, &value).await.unwrap();
    tx.commit().await.unwrap();
}

fn id_of(path: &str) -> PersonId {
    path.trim_start_matches("/people/").parse().unwrap()
}

#[tokio::test]
async fn whoever_is_told_finds_it_on_their_today() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await.path;
    add(&mut aisha, "Marlon").await;
    // Another organisation's need of a person whose plan the navigators hold.
    for cast in [world.amir, world.joan, world.sam] {
        need_held_by(&world, id_of(&badger), cast).await;
    }
    let mut tony = world.worker(world.tony).await;
    let page = tony.get("/worried").await;
    let about = [("about", "The man by the hall"), ("words", "Very low today"), ("spoken", "no")];
    tony.submit(&page, "/worried", &about).await.is(StatusCode::OK);
    everybody_finds_what_is_theirs(&world).await;
    away(&world, world.joan, Some(world.dev)).await;
    away(&world, world.amir, None).await;
    away(&world, world.aisha, Some(world.bola)).await;
    everybody_finds_what_is_theirs(&world).await;
    for days in [3, 8, 20, 20] {
        world.pass_days(days);
        everybody_finds_what_is_theirs(&world).await;
    }
}

#[tokio::test]
async fn the_net_learns_of_what_is_late_elsewhere_by_reference() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await.path;
    need_held_by(&world, id_of(&badger), world.tony).await;
    // A need of a volunteer's organisation, whose lead is the volunteer: it rises to the net.
    world.pass_days(60);
    let theirs = things(&world, world.nadia).await;
    let seconds = things(&world, world.grace).await;
    let risen: Vec<&Thing> = theirs
        .iter()
        .chain(&seconds)
        .filter(|t| t.held.about == About::Need && t.held.holder.lead == Some(world.tony.worker))
        .collect();
    assert!(!risen.is_empty());
    for thing in risen.iter().filter(|t| t.by_reference.is_some()) {
        assert_eq!((thing.name.as_ref(), thing.person), (None, None));
    }
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn the_second_person_of_a_worry_has_it_from_the_first_hour() {
    let world = World::new().await;
    let mut tony = world.worker(world.tony).await;
    let page = tony.get("/worried").await;
    let about = [("about", "The man by the hall"), ("words", "Very low today"), ("spoken", "no")];
    let worry = tony.submit(&page, "/worried", &about).await;
    let path = worry.path.split('?').next().unwrap().to_owned();
    let grace = things(&world, world.grace).await;
    let beside = grace.iter().find(|t| t.held.about == About::Worry).expect("the net has it beside him");
    assert_eq!(beside.held.risen.unwrap().worker, Some(world.grace.worker));
    let mut browser = world.worker(world.grace).await;
    let shown = browser.get("/today").await;
    shown.says("Somebody is worried").never("Very low today").never("The man by the hall");
    match &beside.by_reference {
        Some(by) => {
            shown.says(&by.reference).says("St Anne's Hall").says("speak to Tony Marsh");
            browser.get(&path).await.is(StatusCode::NOT_FOUND);
        }
        None => {
            assert!(shown.links("/worries/").contains(&path));
            browser.get(&path).await.is(StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn cover_has_what_was_taken_on_in_any_role() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let badger = add(&mut aisha, "Badger").await.path;
    need_held_by(&world, id_of(&badger), world.joan).await;
    let has = async |cast: Cast| {
        let theirs = things(&world, cast).await;
        theirs
            .iter()
            .filter(|t| t.held.about == About::Need)
            .map(|t| t.by_reference.is_some())
            .collect::<Vec<_>>()
    };
    assert_eq!(has(world.dev).await, Vec::<bool>::new());
    away(&world, world.joan, Some(world.dev)).await;
    assert_eq!(has(world.dev).await, [false], "and he may open it");
    away(&world, world.joan, None).await;
    assert_eq!(has(world.dev).await, [false], "as the team's lead");
}
