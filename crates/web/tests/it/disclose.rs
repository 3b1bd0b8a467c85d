//! The disclosure register.
//!
//! - Given that a court asked for something about Badger, when Aisha writes it down, then who asked,
//!   by what power, who decided and what went stand in the story, and Badger reads it in who looked;
//! - given that telling him would put somebody in danger, then he does not, nothing on his pages says
//!   so, and it is held until somebody looks again.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use crate::referral::{day, person_of, today, with};
use axum::http::StatusCode;
use kith_domain::time::plus_days;

const GIVEN: [(&str, &str); 6] = [
    ("asked_by", "canary-officer-3w"),
    ("power", "court"),
    ("reference", "Order 7"),
    ("decided_by", "Grace Mensah"),
    ("went", "Whether he lives in the town"),
    ("told", "yes"),
];

async fn disclose(aisha: &mut Browser, here: &str, fields: &[(&str, &str)]) -> Shown {
    let path = format!("{here}/disclose");
    let page = aisha.get(&path).await;
    aisha.submit(&page, &path, fields).await
}

#[tokio::test]
async fn what_was_given_is_written_down_and_the_person_reads_it() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let (person, here) = (person_of(&page), page.path.clone());
    for missing in 0..GIVEN.len() {
        let fields: Vec<(&str, &str)> =
            GIVEN.iter().enumerate().map(|(i, (n, v))| (*n, if i == missing { "" } else { v })).collect();
        disclose(&mut aisha, &here, &fields).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let story = disclose(&mut aisha, &here, &GIVEN).await;
    story.is(StatusCode::OK).says("canary-officer-3w").says("A court ordered it").says("Grace Mensah");
    let mut own = world.person(person).await;
    own.get("/mine/looked").await.says("canary-officer-3w").says("Given to somebody outside");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn where_telling_is_dangerous_it_is_held_and_nothing_hints_at_it() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let (person, here) = (person_of(&page), page.path.clone());
    let mut own = world.person(person).await;
    let on = day("again", plus_days(today(&world), 20));
    let mut fields: Vec<(&str, &str)> = GIVEN[..5].to_vec();
    fields.extend([("told", "not_now"), ("why", "He would hurt her")]);
    disclose(&mut aisha, &here, &with(&fields, &on)).await.is(StatusCode::OK).says("canary-officer-3w");
    let looked = own.get("/mine/looked").await;
    looked.never("canary-officer-3w").never("Given to somebody outside");
    world.pass_days(21);
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("Look at this again, quietly");
    world.assert_nothing_lost().await;
}
