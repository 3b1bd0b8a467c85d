//! Long lists: no page grows beyond 60 kB because a worker supports many people.
//!
//! - Given Aisha who holds 70 plans, when she hands people over, then they come page by page, and
//!   a page offers whom she chose on it, or all of them; the hand-over comes page by page too.
//! - Given a team of 600 people with something due today, then no page that anybody comes to by
//!   its links is longer.
//! - Given a place with 800 services that somebody waits for and 200 members more, then the
//!   page of the partnership has them page by page.
//! - Given Bola who is worried about somebody of the team, then the list has his own people, and
//!   whoever he looks for by name; what he wrote stays.

use crate::harness::{Shown, World};
use crate::people::add;
use crate::referral::{person_of, put};
use axum::http::StatusCode;
use kith_domain::area::Area;
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Organisation;
use kith_domain::person::Person;
use kith_domain::referral::Referral;
use kith_domain::supporter::Involvement;
use kith_domain::time::Calendar;
use kith_store::NewRecord;

const MOST_BYTES: usize = 60_000;

#[track_caller]
fn short(page: &Shown) -> &Shown {
    assert!(page.body.len() < MOST_BYTES, "{}: {} bytes", page.path, page.body.len());
    page
}

#[tokio::test]
async fn many_people_are_handed_over_page_by_page() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut last = String::new();
    for n in 1..=70 {
        last = add(&mut aisha, &format!("Robin {n:02}")).await.path;
    }
    let id = last.rsplit('/').next().unwrap();
    let first = aisha.get("/hand-over/new").await;
    short(&first).says("Page 1 of 3").says("Robin 30").never("Robin 31");
    let third = aisha.get("/hand-over/new?page=3").await;
    third.says("Page 3 of 3").says("Robin 61").says("Robin 70").never("Robin 60");
    let to = world.bola.worker.to_string();
    // What was wrong leaves her on the page where she was.
    let wrong = aisha.submit(&third, "/hand-over/new", &[("people", id)]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).says("Page 3 of 3").says("Robin 70");
    let one = aisha.submit(&third, "/hand-over/new", &[("to", &to), ("people", id)]).await;
    one.says("Robin 70").never("Robin 69");
    aisha.submit(&one, &format!("{}/take-back", one.path), &[]).await;
    let all = aisha.submit(&first, "/hand-over/new", &[("to", &to), ("all", "yes")]).await;
    short(&all).says("Page 1 of 3");
    let mut bola = world.worker(world.bola).await;
    let page = bola.get(&all.path).await;
    short(&page).says("Yes, I take them on").says("Page 1 of 3");
    let no = page.links(&format!("{}?no=", all.path)).pop().unwrap();
    short(&bola.get(no.split('#').next().unwrap()).await).says("Why not, in a few words");
    short(&bola.get(&format!("{}?page=3", all.path)).await).says("Page 3 of 3").says("Robin");
    for path in ["/today", "/people", "/worried"] {
        short(&aisha.get(path).await);
    }
}

#[tokio::test]
async fn whoever_is_not_on_the_list_is_found_by_name() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut bola = world.worker(world.bola).await;
    let robin = person_of(&add(&mut aisha, "Robin Marsh").await);
    let involved = Involvement {
        organisation: world.aisha.organisation,
        team: world.aisha.team,
        worker: None,
        role: "Navigators".into(),
        key_worker: false,
        areas: vec![Area::Money],
        from: Calendar::england().day(world.now()),
        until: None,
    };
    put(&world, robin, &involved).await;
    add(&mut aisha, "Jude Hill").await;
    add(&mut bola, "Sandy Brook").await;
    let page = bola.get("/worried").await;
    page.says("Sandy Brook").never("Robin Marsh");
    let typed = [("words", "He does not answer the door"), ("find", "robin"), ("do", "find")];
    let found = bola.submit(&page, "/worried", &typed).await;
    found.says("1 person found").says("Robin Marsh").says("Sandy Brook").never("Jude Hill");
    found.says("He does not answer the door");
    let nobody = bola.submit(&page, "/worried", &[("find", "nobody"), ("do", "find")]).await;
    nobody.says("Nobody whom your team supports is called so").says("Sandy Brook");
    // Whoever was found can be chosen, and stays on the list when something else is wrong.
    let value = found.body.split("Robin Marsh</option>").next().unwrap().rsplit("value=\"").next().unwrap();
    let robin = value.split('"').next().unwrap().to_owned();
    let wrong = bola.submit(&found, "/worried", &[("person", &robin), ("words", ""), ("find", "")]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).says("Robin Marsh");
    let done = [("person", robin.as_str()), ("words", "He does not answer"), ("spoken", "no")];
    bola.submit(&found, "/worried", &done).await.is(StatusCode::OK).says("Robin Marsh");
}

/// 600 people of Aisha's, all due today, 80 of them with a request at DebtHelp.
async fn a_large_team(world: &World) {
    let mut aisha = world.worker(world.aisha).await;
    let one = person_of(&add(&mut aisha, "Robin").await);
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(one).await.unwrap();
    let person = look.person(&about).unwrap().value;
    look.finish().await.unwrap();
    let today = Calendar::england().day(world.now());
    let mut all = vec![one];
    let mut tx = world.kith.store().write().await.unwrap();
    for n in 1..600 {
        let id = crate::mine::id();
        let next = NextDate::new(format!("Ring about the letters from the housing office, {n}"), today);
        let value = Person { called: format!("Robin of the long name {n:03}"), next, ..person.clone() };
        let new = NewRecord { id, person: Some(id.into()), owner: world.aisha.organisation };
        tx.create(&crate::mine::writing(world), "made", new, &value).await.unwrap();
        all.push(id.into());
    }
    tx.commit().await.unwrap();
    for person in all.into_iter().take(80) {
        crate::mine::with_referral(world, person).await;
    }
}

/// An address without its ids: pages of one kind are looked at once.
fn kind_of(address: &str) -> String {
    let path = address.split('#').next().unwrap_or_default();
    let part = |part: &str| if part.len() >= 32 { "-".to_owned() } else { part.to_owned() };
    path.split(['/', '?', '=']).map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn no_page_of_a_large_team_is_too_long() {
    let world = World::new().await;
    a_large_team(&world).await;
    let mut most = (0, String::new());
    for cast in [world.aisha, world.bola, world.grace, world.nadia, world.joan, world.dev] {
        let mut browser = world.worker(cast).await;
        let mut waiting: Vec<String> =
            ["/help", "/demo", "/worried", "/hand-over/new", "/my-leave", "/declines"]
                .map(str::to_owned)
                .into();
        let mut known = std::collections::BTreeSet::new();
        while let Some(address) = waiting.pop() {
            if known.len() > 150
                || !known.insert(kind_of(&address))
                || address.starts_with("/assets")
                || address.starts_with("/leave")
            {
                continue;
            }
            let page = browser.get(&address).await;
            assert!(!page.status.is_server_error(), "{address}: {}", page.status);
            short(&page);
            most = most.max((page.body.len(), address.clone()));
            waiting.extend(page.links("/"));
        }
        assert!(known.len() > 12, "{:?} found only {} kinds of page", cast.role, known.len());
    }
    println!("the longest of a team of 600: {} bytes, {}", most.0, most.1);
}

/// 800 services that somebody waits for, and 200 members more.
async fn a_large_place(world: &World) {
    let mut aisha = world.worker(world.aisha).await;
    let one = person_of(&add(&mut aisha, "Robin").await);
    crate::mine::with_referral(world, one).await;
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(one).await.unwrap();
    let referral = look.all::<Referral>(&about).unwrap().remove(0).value;
    look.finish().await.unwrap();
    let writing = crate::mine::writing(world);
    let owner = world.aisha.organisation;
    let mut tx = world.kith.store().write().await.unwrap();
    let member = tx.find_common::<Organisation>(world.joan.organisation).await.unwrap().unwrap().value;
    for n in 0..800 {
        let service_name = format!("Supported living with a long name at number {n:03}");
        let value = Referral { service: crate::mine::id().into(), service_name, ..referral.clone() };
        let new = NewRecord { id: crate::mine::id(), person: Some(one), owner };
        tx.create(&writing, "made", new, &value).await.unwrap();
    }
    for n in 0..200 {
        let value = Organisation { name: format!("Neighbours of street {n:03}"), ..member.clone() };
        let new = NewRecord { id: crate::mine::id(), person: None, owner };
        tx.create(&writing, "made", new, &value).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn no_list_of_a_large_place_is_too_long() {
    let world = World::new().await;
    a_large_place(&world).await;
    let mut nadia = world.worker(world.nadia).await;
    let first = nadia.get("/partnership").await;
    short(&first).is(StatusCode::OK).says("Services 1 to 25 of 801.").says("Members 1 to 25 of 208.");
    let next = first.links("/partnership?services=").remove(0);
    let second = nadia.get(next.split('#').next().unwrap()).await;
    short(&second).says("Services 26 to 50 of 801.");
    let names = |page: &Shown| {
        let text = page.text();
        let found = text.split("at number ").skip(1).map(|rest| rest[..3].to_owned());
        found.collect::<std::collections::BTreeSet<_>>()
    };
    assert!(!names(&second).is_empty() && names(&first).is_disjoint(&names(&second)), "other services");
    short(&nadia.get("/partnership?services=33").await).says("Services 801 to 801 of 801.");
    let last = nadia.get("/partnership?members=9").await;
    short(&last).says("Members 201 to 208 of 208.").says("Neighbours of street 199");
}
