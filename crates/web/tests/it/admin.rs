//! Keeping the place: members and their agreements, teams, workers' places, who has access.
//!
//! - Given DebtHelp's agreement, which ends in three weeks, then it is on the manager's Today; when
//!   it has ended, then Joan sees nothing; when the manager renews it, then at her next click Joan is
//!   in again.
//! - Given an agreement that ended and that nobody renews, then its lead reads with whom it is, and no
//!   link on their Today is shut to them.
//! - Given an agreement without its impact assessment, then it is not taken, and the page says what is
//!   missing.
//! - Given Aisha, who holds two people, when the manager writes down her last day, then the page first
//!   says how much passes on and to whom, in counts and without a name of anybody supported; she is
//!   signed out; after that day her people are with her lead, and nothing is lost. She stays after all:
//!   everything is hers again.
//! - Given Larch Court, when the manager closes it with Harbour House to take over, then what it held is
//!   with them from that day, and the closing can be taken back.
//! - Given the net, then it cannot be closed, its team neither, and its last administrator cannot leave.
//! - Given who has access at DebtHelp, when Dev confirms Joan and ends a helper's place, then the helper
//!   is out at the next click, nobody confirms their own, and when nobody looks it rises.
//! - Given somebody who keeps one organisation's accounts, then its teams are theirs to keep, and
//!   agreements and other organisations are not there for them.

use crate::harness::{Browser, Cast, Shown, World};
use axum::http::StatusCode;
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::organisation::{AccessReview, Membership, Organisation, WorkRole, Worker};
use kith_domain::record::Author;
use kith_domain::time::{Day, plus_days};
use kith_store::{Common, NewRecord, Writing};
use uuid::Uuid;

pub(crate) fn today(world: &World) -> Day {
    world.kith.calendar().day(world.now())
}

fn writing(world: &World) -> Writing {
    Writing { at: world.now(), author: Author::Operator, recorded_for: None, basis: "administration".into() }
}

pub(crate) async fn alter<T: Common>(
    world: &World,
    id: impl Into<kith_domain::id::RecordId>,
    change: impl FnOnce(&mut T),
) {
    let mut tx = world.kith.store().write().await.unwrap();
    let mut found = tx.find_common::<T>(id).await.unwrap().unwrap();
    change(&mut found.value);
    tx.change(&writing(world), "changed", &found.meta, &found.value).await.unwrap();
    tx.commit().await.unwrap();
}

async fn ends(world: &World, id: OrganisationId, until: Day) {
    alter::<Organisation>(world, id, |o| {
        let agreement = o.agreement.as_mut().expect("a member");
        agreement.from = plus_days(until, -300);
        agreement.until = until;
    })
    .await;
}

pub(crate) async fn one_more(
    world: &World,
    organisation: OrganisationId,
    team: TeamId,
    role: WorkRole,
) -> Cast {
    let id = Uuid::now_v7();
    let worker = Worker {
        name: "Pat Osier".into(),
        email: None,
        phone: None,
        memberships: vec![Membership { organisation, team, role, from: today(world), until: None }],
        absences: Vec::new(),
        suspended: None,
        left: None,
    };
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id: kith_domain::id::RecordId(id), person: None, owner: organisation };
    tx.create(&writing(world), "worker joined", new, &worker).await.unwrap();
    tx.commit().await.unwrap();
    Cast { worker: WorkerId(id), organisation, team, role }
}

pub(crate) fn day_fields(name: &str, day: Day) -> [(String, String); 3] {
    [
        (format!("{name}-day"), day.day().to_string()),
        (format!("{name}-month"), day.month().to_string()),
        (format!("{name}-year"), day.year().to_string()),
    ]
}

async fn send(by: &mut Browser, page: &Shown, action: &str, fields: &[(String, String)]) -> Shown {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    by.submit(page, action, &fields).await
}

async fn add(by: &mut Browser, called: &str) {
    crate::people::add(by, called).await;
}

#[tokio::test]
async fn an_agreement_that_ends_is_told_and_renewed_before_and_after() {
    let world = World::new().await;
    let debt = world.joan.organisation;
    ends(&world, debt, plus_days(today(&world), 21)).await;
    let mut nadia = world.worker(world.nadia).await;
    let path = format!("/organisations/{debt}/agreement");
    let on_today = nadia.get("/today").await;
    on_today.says("Renew the agreement with");
    assert!(on_today.links(&path).contains(&path));

    ends(&world, debt, plus_days(today(&world), -1)).await;
    let mut joan = world.worker(world.joan).await;
    let ours = format!("/our-services/{}", world.benefits_advice);
    let capacity = joan.get(&ours).await;
    let space = [("space".to_owned(), "open".to_owned())];
    assert_eq!(send(&mut joan, &capacity, &ours, &space).await.status, StatusCode::NOT_FOUND);
    nadia.get("/today").await.says("ended on").says("renew it, or close them");
    nadia.get("/organisations").await.says("agreement ended").says("DebtHelp");

    let page = nadia.get(&path).await;
    let mut fields: Vec<(String, String)> = day_fields("until", plus_days(today(&world), 365)).into();
    fields.push(("dpia".into(), String::new()));
    let refused = send(&mut nadia, &page, &path, &fields).await;
    refused.says("Enter the reference of the impact assessment");
    let mut fields: Vec<(String, String)> = day_fields("until", plus_days(today(&world), 9_000)).into();
    fields.push(("dpia".into(), "DPIA-9".into()));
    send(&mut nadia, &refused, &path, &fields).await.says("That is too far away");
    let page = nadia.get(&path).await;
    let mut fields: Vec<(String, String)> = day_fields("until", plus_days(today(&world), 365)).into();
    fields.push(("dpia".into(), "DPIA-9".into()));
    send(&mut nadia, &page, &path, &fields).await.is(StatusCode::OK).says("DPIA-9").says("agreement until");
    send(&mut joan, &capacity, &ours, &space).await.is(StatusCode::OK);
    nadia.get("/today").await.never("Renew the agreement with DebtHelp");
}

#[tokio::test]
async fn what_has_risen_says_with_whom_it_is_and_leads_nowhere_that_is_shut() {
    let world = World::new().await;
    let debt = world.joan.organisation;
    ends(&world, debt, plus_days(today(&world), -1)).await;
    world.pass_days(20);
    let path = format!("/organisations/{debt}/agreement");
    let nadias = world.worker(world.nadia).await.get("/today").await;
    nadias.says("renew it, or close them").never("with Nadia Khan");
    assert!(nadias.links(&path).contains(&path));
    // Grace leads the organisation: it has risen to her, and Nadia still has it.
    let mut grace = world.worker(world.grace).await;
    let graces = grace.get("/today").await;
    graces.says("renew it, or close them").says("with Nadia Khan");
    assert_eq!(graces.links(&path), Vec::<String>::new());
    for link in graces.links("/").iter().filter(|link| !link.starts_with("/assets/")) {
        grace.get(link).await.is(StatusCode::OK);
    }
}

#[tokio::test]
async fn a_last_day_says_first_what_passes_on_and_to_whom() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    for called in ["Badger", "Marlon"] {
        add(&mut aisha, called).await;
    }
    let mut nadia = world.worker(world.nadia).await;
    let base = format!("/workers/{}", world.aisha.worker);
    let last = plus_days(today(&world), 3);
    let query: Vec<String> = day_fields("from", last).iter().map(|(n, v)| format!("{n}={v}")).collect();
    let path = format!("{base}/last-day");
    let shown = nadia.get(&format!("{path}?{}", query.join("&"))).await;
    shown.is(StatusCode::OK).says("2 plans").says("Grace Mensah").never("Badger").never("Marlon");
    send(&mut nadia, &shown, &path, &[]).await.is(StatusCode::OK).says("Their last day is");
    // Their place has changed: they are signed out, and sign in again.
    aisha.get("/today").await.never("Sign out");
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("Your last day in");

    world.pass_days(4);
    let mut nadia = world.worker(world.nadia).await;
    aisha.get("/people").await.never("Badger");
    world.worker(world.grace).await.get("/today").await.says("Badger").says("Marlon");
    world.assert_nothing_lost().await;
    nadia.get("/workers").await.says("Left").says("Aisha Rahman");

    let back = format!("{base}/place");
    let page = nadia.get(&back).await;
    let place = [
        ("team".to_owned(), world.aisha.team.to_string()),
        ("role".to_owned(), WorkRole::Navigator.code().to_owned()),
    ];
    send(&mut nadia, &page, &back, &place).await.is(StatusCode::OK);
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.is(StatusCode::OK).says("Badger");
}

#[tokio::test]
async fn somebody_who_was_to_leave_stays() {
    let world = World::new().await;
    let mut nadia = world.worker(world.nadia).await;
    let base = format!("/workers/{}", world.bola.worker);
    let last = plus_days(today(&world), 10);
    alter::<Worker>(&world, world.bola.worker, |w| w.left = Some(plus_days(last, 1))).await;
    let page = nadia.get(&base).await;
    page.says("Their last day is");
    let decide = format!("{base}/decide");
    let stays = [("act".to_owned(), "stay".to_owned())];
    send(&mut nadia, &page, &decide, &stays).await.is(StatusCode::OK).never("Their last day is");
}

#[tokio::test]
async fn a_member_closes_and_what_it_holds_passes_on() {
    let world = World::new().await;
    let larch = world.lena.organisation;
    let mut nadia = world.worker(world.nadia).await;
    let path = format!("/organisations/{larch}/close");
    let day = plus_days(today(&world), 5);
    let mut query: Vec<String> = day_fields("from", day).iter().map(|(n, v)| format!("{n}={v}")).collect();
    query.push(format!("successor={}", world.amir.team));
    let shown = nadia.get(&format!("{path}?{}", query.join("&"))).await;
    shown.is(StatusCode::OK).says("Close them");
    send(&mut nadia, &shown, &path, &[]).await.is(StatusCode::OK).says("closes");
    let at = world.principal(world.nadia).await.partnership;
    let o = at.organisation(larch).unwrap().clone();
    assert_eq!(o.successors.last().map(|s| s.team), Some(world.amir.team));
    assert!(o.stopped_since(day).is_some() && o.stopped_since(today(&world)).is_none());

    let page = nadia.get(&format!("/organisations/{larch}")).await;
    let decide = format!("/organisations/{larch}/decide");
    send(&mut nadia, &page, &decide, &[("act".into(), "open".into())]).await.says("agreement until");
    let at = world.principal(world.nadia).await.partnership;
    assert!(at.organisation(larch).unwrap().successors.is_empty());
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn the_net_and_the_last_administrator_stay() {
    let world = World::new().await;
    let net = world.aisha.organisation;
    let mut nadia = world.worker(world.nadia).await;
    let query: Vec<String> =
        day_fields("from", plus_days(today(&world), 5)).iter().map(|(n, v)| format!("{n}={v}")).collect();
    let query = query.join("&");
    nadia.get(&format!("/organisations/{net}/close?{query}")).await.says("The net cannot stop");
    nadia.get(&format!("/teams/{}/close?{query}", world.aisha.team)).await.says("The net cannot stop");
    // Nadia cannot change her own place, and nobody else may take away the last who keeps it.
    nadia.get(&format!("/workers/{}/last-day?{query}", world.nadia.worker)).await.says("Ask a colleague");
    nadia.get(&format!("/workers/{}/last-day?{query}", world.grace.worker)).await.says("the net would have");
}

#[tokio::test]
async fn who_has_access_is_looked_at_and_it_rises_when_nobody_does() {
    let world = World::new().await;
    let debt = world.joan.organisation;
    let helper = one_more(&world, debt, world.joan.team, WorkRole::Volunteer).await;
    alter::<Organisation>(&world, debt, |o| {
        o.access = AccessReview { since: Some(plus_days(today(&world), -95)), looked: Vec::new() };
        o.lead = Some(world.dev.worker);
    })
    .await;
    for cast in [world.joan, world.dev] {
        alter::<Worker>(&world, cast.worker, |w| w.memberships[0].from = plus_days(today(&world), -200))
            .await;
    }
    let path = format!("/organisations/{debt}/access");
    let mut dev = world.worker(world.dev).await;
    let on_today = dev.get("/today").await;
    on_today.says("Look at who has access at");
    assert!(on_today.links(&path).contains(&path));
    let page = dev.get(&path).await;
    page.is(StatusCode::OK).says("Joan Fisher").says("Pat Osier").says("Somebody else looks at this one");
    send(&mut dev, &page, &path, &[]).await.says("Choose what is right and what has to end");

    let mut pat = world.worker(helper).await;
    pat.get("/today").await.is(StatusCode::OK);
    let field = |c: Cast| format!("place-{}_{}_{}", c.worker, c.team, c.role.code());
    let said = [(field(world.joan), "right".to_owned()), (field(helper), "ends".to_owned())];
    send(&mut dev, &page, &path, &said).await.is(StatusCode::OK).says("looked at").never("Pat Osier");
    pat.get("/today").await.never("Sign out");
    dev.get("/today").await.never("Look at who has access at");

    // Nobody confirms their own, also with a form that was made up.
    let own = [(field(world.dev), "right".to_owned())];
    let page = dev.get(&path).await;
    send(&mut dev, &page, &path, &own).await.says("Nobody confirms their own");
    // Dev's own place is the keeper's to look at, and it is late.
    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/today").await.says("Look at the access of whoever looks");
    let page = nadia.get(&path).await;
    send(&mut nadia, &page, &path, &own).await.is(StatusCode::OK);
    nadia.get("/today").await.never("Look at the access of whoever looks");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn an_organisations_own_administrator_keeps_that_and_no_other() {
    let world = World::new().await;
    let debt = world.joan.organisation;
    let admin = one_more(&world, debt, world.joan.team, WorkRole::OrgAdmin).await;
    let mut pat = world.worker(admin).await;
    pat.get(&format!("/organisations/{debt}")).await.is(StatusCode::OK).never("Renew or change");
    pat.get(&format!("/organisations/{debt}/agreement")).await.is(StatusCode::NOT_FOUND);
    pat.get(&format!("/organisations/{}", world.amir.organisation)).await.is(StatusCode::NOT_FOUND);
    pat.get(&format!("/organisations/{}/access", world.amir.organisation)).await.is(StatusCode::NOT_FOUND);
    pat.get(&format!("/teams/{}", world.amir.team)).await.is(StatusCode::NOT_FOUND);
    pat.get(&format!("/workers/{}/last-day", world.amir.worker)).await.is(StatusCode::NOT_FOUND);
    pat.get("/organisations").await.says("DebtHelp").never("Harbour");

    let add = format!("/organisations/{debt}/teams/add");
    let page = pat.get(&add).await;
    let team = [("name".to_owned(), "Evening team".to_owned()), ("reply".to_owned(), "3".to_owned())];
    send(&mut pat, &page, &add, &team).await.is(StatusCode::OK).says("Evening team");
    let page = pat.get(&add).await;
    send(&mut pat, &page, &add, &team).await.says("There is already one with that name");
    world.worker(world.aisha).await.get("/organisations").await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_new_member_comes_with_its_agreement() {
    let world = World::new().await;
    let panel = crate::panel::members(&world).await;
    crate::panel::agrees(&world, &panel, 2).await;
    let mut nadia = world.worker(world.nadia).await;
    let page = nadia.get("/organisations/add").await;
    let said = [
        ("name", "Canal Boat Project"),
        ("short", "Canal"),
        ("kind", "charity"),
        ("answers", "sign-in"),
        ("reference", "DSA-77"),
        ("role", "controller"),
        ("purposes", "Company on the water"),
        ("areas", "connection"),
        ("ceiling", "1"),
        ("dpia", "DPIA-77"),
        ("contact", "Ruth at the office"),
        ("caldicott", "Ruth"),
    ];
    let mut fields: Vec<(String, String)> = said.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    fields.extend(day_fields("from", today(&world)));
    fields.extend(day_fields("until", plus_days(today(&world), 700)));
    let made = send(&mut nadia, &page, "/organisations/add", &fields).await;
    made.is(StatusCode::OK).says("Canal Boat Project").says("DSA-77").says("Add a team");
    let page = nadia.get("/organisations/add").await;
    send(&mut nadia, &page, "/organisations/add", &fields).await.says("There is already one with that name");
    world.assert_nothing_lost().await;
}
