//! Another day: the rarer things. Somebody stands beside Badger, somebody presses him, a service that he
//! stopped asks for one fact, emergency access is opened twice, who looked is looked at, and the
//! partnership's manager keeps its members.

use super::forms::PageForm;
use super::scene::{Visitor, send};
use crate::admin::{alter, day_fields, today};
use crate::admin_audit::miriam;
use crate::deciding::stop_and_ask;
use crate::glass::{WORDS, questions_on, through};
use crate::harness::{Browser, Cast, World};
use crate::people::add;
use crate::referral::person_of;
use crate::supporters::{let_in, sign_in, supporter_on};
use kith_domain::organisation::{AccessReview, Organisation, Worker};
use kith_domain::time::plus_days;

/// Who has a part in it.
pub const PARTS: [&str; 8] = [
    "Nadia",
    "Dev",
    "Miriam",
    "Sana",
    "Badger beside Sana",
    "Aisha beside Sana",
    "Sam at night",
    "Grace after the night",
];

pub(super) fn at(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|p| (*p).to_owned()).collect()
}

pub(super) fn visitor(name: &'static str, browser: Browser, from: Vec<String>) -> Visitor {
    Visitor { name, browser, from, more: Vec::new() }
}

/// Makes the scene, and gives everybody who has a part in it.
pub async fn another_day(world: &World) -> Vec<Visitor> {
    let (mut own, fact, person) = stop_and_ask(world).await;
    let sana = supporter_on(&let_in(&mut own, "Sana", "relative", "housing").await);
    let mut aisha = world.worker(world.aisha).await;
    let quiet = format!("/people/{person}/quiet");
    send(&mut aisha, &quiet, &quiet, &[("who", &sana.to_string()), ("view", "frozen")]).await;
    let theirs = format!("/people/{person}{}", fact.trim_start_matches("/mine"));
    let beside = sign_in(world, person, sana).await;
    let of_aisha = at(&[&theirs, &quiet, &format!("/people/{person}/supporters")]);
    let of_badger = at(&["/mine/supporters", &fact]);
    // Before anybody of information governance is here: what is looked at comes to Grace.
    let night = night(world, &mut aisha).await;
    let mut visitors = vec![
        visitor("Sana", beside, at(&["/beside", "/beside/tell"])),
        visitor("Miriam", miriam(world).await, at(&["/audit", "/looks/well-known"])),
    ];
    visitors.extend(night);
    visitors.extend(members(world).await);
    visitors.push(visitor("Badger beside Sana", own, of_badger));
    visitors.push(visitor("Aisha beside Sana", aisha, of_aisha));
    visitors
}

/// Sam opens the plans of two people and is about to open a third; one of the first two is asked about.
async fn night(world: &World, aisha: &mut Browser) -> [Visitor; 2] {
    let mut sam = world.worker(world.sam).await;
    let mut grace = world.worker(world.grace).await;
    let mut asked = None;
    for called in ["Marlon", "Dee"] {
        let person = person_of(&add(aisha, called).await);
        through(&mut sam, person, "crisis", WORDS).await.says(called);
        let link = questions_on(&grace.get("/today").await).into_iter().find(|l| asked.as_ref() != Some(l));
        let link = link.expect("it is to be looked at");
        if asked.is_none() {
            send(&mut grace, &link, &format!("{link}/ask"), &[("words", "Who was with him?")]).await;
            asked = Some(link);
        }
    }
    let third = person_of(&add(aisha, "Wren").await);
    let begin = format!("/people/{third}/emergency");
    let page = sam.get(&begin).await;
    let second = sam.submit(&page, "/emergency/reason", &[]).await;
    let check = [("reason", "crisis"), ("words", WORDS)];
    let last = sam.submit(&second, "/emergency/check", &check).await;
    let more = [PageForm::all(&second), PageForm::all(&last)].concat();
    let asked = asked.expect("the first is asked about");
    let from = at(&[&asked, "/find", "/emergency", &begin]);
    [
        Visitor { name: "Sam at night", browser: sam, from, more },
        visitor("Grace after the night", grace, at(&["/today", "/looks"])),
    ]
}

/// What the partnership's manager keeps, and a lead who looks at who has access.
async fn members(world: &World) -> [Visitor; 2] {
    let debt = world.joan.organisation;
    let now = today(world);
    alter::<Organisation>(world, debt, |o| {
        o.access = AccessReview { since: Some(plus_days(now, -95)), looked: Vec::new() };
        o.lead = Some(world.dev.worker);
    })
    .await;
    for cast in [world.joan, world.dev] {
        alter::<Worker>(world, cast.worker, |w| w.memberships[0].from = plus_days(now, -200)).await;
    }
    let on: Vec<String> =
        day_fields("from", plus_days(now, 5)).iter().map(|(n, v)| format!("{n}={v}")).collect();
    let on = on.join("&");
    let Cast { organisation: larch, .. } = world.lena;
    let from = [
        format!("/organisations/{larch}/close?{on}&successor={}", world.amir.team),
        format!("/teams/{}/close?{on}", world.cole.team),
        format!("/workers/{}/last-day?{on}", world.bola.worker),
        format!("/workers/{}/place", world.bola.worker),
        format!("/organisations/{larch}"),
        format!("/organisations/{debt}/details"),
        format!("/organisations/{debt}/agreement"),
        format!("/organisations/{debt}/teams/add"),
        format!("/teams/{}", world.joan.team),
        "/organisations/add".to_owned(),
        "/partnership/fairness".to_owned(),
    ];
    [
        visitor("Nadia", world.worker(world.nadia).await, from.to_vec()),
        visitor("Dev", world.worker(world.dev).await, vec![format!("/organisations/{debt}/access")]),
    ]
}
