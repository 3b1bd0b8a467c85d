//! An organisation that is not there any more.
//!
//! - Given Northgate, whose navigator Ines holds nine people, when it shuts and nobody takes
//!   over, then all nine are on the Today of the lead of the net, each page opens with what
//!   happens next, the story stays closed until the person agrees, and nothing is lost.
//! - When the lead hands one of them to Bola and Bola says yes, then they are Bola's, and what
//!   had to be done for them is too.
//! - Given an agreement that lapsed yesterday, then the same, until it is renewed: then
//!   everything is as it was, because nothing was written.
//! - Given somebody who asked Northgate for help, when it shuts before anybody answered, then the
//!   request is on the net's Today and is taken up there.
//! - Given a step that a worker of another organisation had accepted, when that organisation
//!   shuts, then it is with whoever holds the plan.

use crate::hand_over::{offer, yes_to};
use crate::harness::{Cast, World};
use axum::http::StatusCode;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::coming_in::{ComingIn, PersonKnows, Sender};
use kith_domain::contact::SafeContact;
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::{Holder, Organisation, OrganisationStatus, Team};
use kith_domain::person::{CameBy, Person};
use kith_domain::plan::{Asks, Note, NoteKind, Step, StepOwner, StepStatus};
use kith_domain::record::Author;
use kith_domain::time::{Day, plus_days};
use kith_store::{Common, NewRecord, Personal, Writing};
use uuid::Uuid;

const NINE: [&str; 9] = ["Amara", "Bilal", "Cerys", "Dorota", "Efua", "Fergus", "Gulnara", "Hamza", "Imogen"];

fn writing(world: &World) -> Writing {
    Writing {
        at: world.now(),
        author: Author::Operator,
        recorded_for: None,
        basis: "own_organisation".into(),
    }
}

fn today(world: &World) -> Day {
    world.kith.calendar().day(world.now())
}

async fn put<T: Personal>(world: &World, person: PersonId, owner: OrganisationId, value: &T) -> RecordId {
    let id = RecordId(Uuid::now_v7());
    let mut tx = world.kith.store().write().await.unwrap();
    tx.create(&writing(world), "made", NewRecord { id, person: Some(person), owner }, value).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn alter<T: Common>(world: &World, id: impl Into<RecordId>, change: impl FnOnce(&mut T)) {
    let mut tx = world.kith.store().write().await.unwrap();
    let mut found = tx.find_common::<T>(id).await.unwrap().unwrap();
    change(&mut found.value);
    tx.change(&writing(world), "changed", &found.meta, &found.value).await.unwrap();
    tx.commit().await.unwrap();
}

fn holder(cast: Cast) -> Holder {
    Holder { organisation: cast.organisation, team: cast.team, lead: Some(cast.worker) }
}

/// A person whose plan this worker holds, with a need and a line of their story, all in the
/// part of that worker's organisation.
async fn held_by(world: &World, cast: Cast, called: &str) -> PersonId {
    let id = PersonId(Uuid::now_v7());
    let next = NextDate::new(format!("Ring {called} about the flat"), plus_days(today(world), 2));
    let mut person = Person::new(called.into(), holder(cast), next, CameBy::Met);
    person.heard_at = Some(world.now());
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id: id.into(), person: Some(id), owner: cast.organisation };
    tx.create(&writing(world), "made", new, &person).await.unwrap();
    tx.commit().await.unwrap();
    let need = Need {
        area: Area::Housing,
        words: "A flat of my own".into(),
        code: None,
        sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        raised_at: world.now(),
        status: NeedStatus::Open,
        holder: holder(cast),
        next: NextDate::new("Ask what is free", plus_days(today(world), 5)),
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    };
    put(world, id, cast.organisation, &need).await;
    let note = Note {
        area: Area::Housing,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        hidden: false,
        hidden_reason: None,
        third_party: false,
        allow_list: Vec::new(),
        kind: NoteKind::Story,
        words: "We walked past the old place".into(),
        on: today(world),
        contact_with: None,
        amends: None,
        hidden_review: None,
        marked: Vec::new(),
    };
    put(world, id, cast.organisation, &note).await;
    id
}

/// Another organisation that holds plans: here the trust's team, made one of navigators.
async fn northgate(world: &World) -> Cast {
    alter::<Team>(world, world.sam.team, |t| t.navigators = true).await;
    world.sam
}

async fn nine(world: &World, cast: Cast) -> Vec<PersonId> {
    let mut people = Vec::new();
    for called in NINE {
        people.push(held_by(world, cast, called).await);
    }
    people
}

async fn shut(world: &World, organisation: OrganisationId) {
    let on = today(world);
    alter::<Organisation>(world, organisation, |o| o.status = OrganisationStatus::Closed { on }).await;
}

#[tokio::test]
async fn nine_people_of_an_organisation_that_shut_are_with_the_lead_of_the_net() {
    let world = World::new().await;
    let ines = northgate(&world).await;
    let people = nine(&world, ines).await;
    let mut grace = world.worker(world.grace).await;
    let before = grace.get("/today").await;
    NINE.iter().for_each(|called| {
        before.never(called);
    });
    grace.get(&format!("/people/{}", people[0])).await.is(StatusCode::NOT_FOUND);

    shut(&world, ines.organisation).await;
    let today = grace.get("/today").await;
    let list = grace.get("/people").await;
    for (called, person) in NINE.iter().zip(&people) {
        today.says(&format!("Ring {called} about the flat"));
        assert!(today.body.contains(&format!("/people/{person}")), "{called}");
        list.says(called);
        let page = grace.get(&format!("/people/{person}")).await;
        page.is(StatusCode::OK)
            .says(&format!("Ring {called} about the flat"))
            .says("A flat of my own")
            .says("Grace Mensah")
            .never("We walked past the old place");
    }
    world.assert_nothing_lost().await;
    // Sixty days later, with nobody having done anything, still nobody is lost.
    world.pass_days(60);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_passed_on_can_be_given_on_and_the_story_opens_when_the_person_agrees() {
    let world = World::new().await;
    let ines = northgate(&world).await;
    let person = held_by(&world, ines, "Cerys").await;
    shut(&world, ines.organisation).await;
    let mut grace = world.worker(world.grace).await;
    let path = format!("/people/{person}");
    let offered = offer(&mut grace, world.bola.worker, &[&path]).await;
    offered.is(StatusCode::OK).says("Cerys");
    let mut his = world.worker(world.bola).await;
    let page = his.get(&offered.path).await;
    let yes = yes_to(&his, &page, &path);
    his.send_form(&yes).await.is(StatusCode::OK).says("Cerys Yes");
    let page = his.get(&format!("/people/{person}")).await;
    page.is(StatusCode::OK).says("Bola Ade").says("A flat of my own").never("We walked past the old place");
    his.get("/today").await.says("Ring Cerys about the flat");
    grace.get("/today").await.never("Ring Cerys about the flat");

    // They agree that the new organisation reads the rest.
    let give = format!("/people/{person}/sharing/give/{}", world.bola.organisation);
    let form = his.get(&give).await;
    let fields = [
        ("purposes", "support_coordination"),
        ("areas", "housing"),
        ("how", "read_aloud"),
        ("presence", "alone"),
        ("confirm", "yes"),
    ];
    let given = his.submit(&form, &give, &fields).await;
    given.is(StatusCode::OK);
    his.get(&format!("/people/{person}")).await.says("We walked past the old place");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn an_agreement_that_lapsed_passes_on_and_comes_back_when_it_is_renewed() {
    let world = World::new().await;
    let ines = northgate(&world).await;
    let person = held_by(&world, ines, "Dorota").await;
    let until = |day: Day| move |o: &mut Organisation| o.agreement.as_mut().unwrap().until = day;
    alter::<Organisation>(&world, ines.organisation, until(plus_days(today(&world), -1))).await;
    let mut grace = world.worker(world.grace).await;
    grace.get("/today").await.says("Ring Dorota about the flat");
    grace.get(&format!("/people/{person}")).await.is(StatusCode::OK).says("Ring Dorota about the flat");
    world.assert_nothing_lost().await;
    alter::<Organisation>(&world, ines.organisation, until(plus_days(today(&world), 90))).await;
    grace.get("/today").await.never("Dorota");
    grace.get(&format!("/people/{person}")).await.is(StatusCode::NOT_FOUND);
    let mut own = world.worker(ines).await;
    own.get(&format!("/people/{person}")).await.is(StatusCode::OK).says("We walked past the old place");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_step_of_an_organisation_that_shut_is_with_whoever_holds_the_plan() {
    let world = World::new().await;
    let person = held_by(&world, world.aisha, "Efua").await;
    let joan = world.joan;
    let step = Step {
        area: Area::Money,
        sensitivity: Sensitivity::S1,
        what: "Ring the council about the arrears".into(),
        need: None,
        goal: None,
        owner: StepOwner::Worker { organisation: joan.organisation, team: joan.team, worker: joan.worker },
        by: plus_days(today(&world), 1),
        asks: Asks::Asks,
        accepted: Some(world.now()),
        said_no: None,
        holder: holder(world.aisha),
        status: StepStatus::Open,
        moves_without_contact: 0,
        categories: Vec::new(),
        guard: Default::default(),
    };
    put(&world, person, world.aisha.organisation, &step).await;
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.never("Ring the council about the arrears");
    shut(&world, joan.organisation).await;
    aisha.get("/today").await.says("Ring the council about the arrears");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_request_that_nobody_had_answered_is_taken_up_by_the_net() {
    let world = World::new().await;
    let ines = northgate(&world).await;
    // Nobody is named, so that it stays with the team until somebody takes it up.
    let coming = ComingIn {
        sender: Sender {
            by: CameBy::Themselves,
            name: None,
            organisation: None,
            contact: None,
            knows: PersonKnows::Yes,
            may_be_told: true,
        },
        called: "Wren".into(),
        safe_contact: SafeContact::default(),
        words: "Somewhere dry".into(),
        arrived_at: world.now(),
        holder: Holder { lead: None, ..holder(ines) },
        reply_by: plus_days(today(&world), 2),
        fingerprint: "1".into(),
        sender_told_at: None,
        outcome_told_at: None,
        not_told_at: None,
        answered: None,
    };
    let id = RecordId(Uuid::now_v7());
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id, person: None, owner: ines.organisation };
    tx.create(&writing(&world), "asked for help", new, &coming).await.unwrap();
    tx.commit().await.unwrap();
    let mut grace = world.worker(world.grace).await;
    grace.get("/today").await.never(&id.to_string());
    grace.get(&format!("/coming-in/{id}")).await.is(StatusCode::NOT_FOUND);
    shut(&world, ines.organisation).await;
    let today = grace.get("/today").await;
    let path = format!("/coming-in/{id}");
    assert!(today.links("/coming-in/").contains(&path), "{}", today.text());
    let page = grace.get(&path).await;
    page.is(StatusCode::OK).says("Wren");
    let day = [("next-day", "26"), ("next-month", "11"), ("next-year", "2026")];
    let taken = grace.submit(&page, &format!("{path}/take-up"), &day).await;
    taken.is(StatusCode::OK).says("Wren").says("Somewhere dry");
    assert!(grace.get("/today").await.links("/coming-in/").is_empty());
    world.assert_nothing_lost().await;
}
