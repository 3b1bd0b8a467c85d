//! A safeguarding concern.
//!
//! - Given Aisha worried about Badger, when she raises a safeguarding concern, then it says what
//!   he wants, whether he is safe now and who decided, or it is not raised;
//! - given that it is raised, then it is held until she has made it by the council's own route,
//!   and then until the council's day; it cannot be closed before the council answered, and what
//!   she finds when she looks at him is kept meanwhile;
//! - given that the day has passed, then it is on her Today, and rises;
//! - given the council's answer, then it can be closed; somebody who does not hold it found no
//!   page all the while.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use crate::referral::{day, today, with};
use axum::http::StatusCode;
use kith_domain::holding::About;
use kith_domain::time::plus_days;

async fn worry_of_aisha(world: &World, aisha: &mut Browser) -> String {
    let person = add(aisha, "Badger").await.path;
    let id = person.rsplit('/').next().unwrap().to_owned();
    let page = aisha.get("/worried").await;
    let sam = world.sam.worker.to_string();
    let fields = [
        ("person", id.as_str()),
        ("words", "A man from upstairs has his bank card"),
        ("spoken", "took_it_on"),
        ("name", "Sam Okafor"),
        ("place", "The community team"),
        ("time", "9:50am"),
        ("agreed", "He visits at midday"),
        ("checker", sam.as_str()),
        ("check_time", "12:30pm"),
    ];
    let worry = aisha.submit(&page, "/worried", &fields).await;
    worry.is(StatusCode::OK).says("passed on");
    worry.path.split('?').next().unwrap().to_owned()
}

const RAISED: [(&str, &str); 7] = [
    ("concern_about", "adult"),
    ("asked", "said"),
    ("wants", "Canary-wants: I want my card back, and no police"),
    ("safe", "safe"),
    ("safety", "He is at the hostel tonight"),
    ("decided_by", "Grace Mensah"),
    ("why", "Somebody takes his money"),
];

async fn raise(aisha: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Shown {
    let page = aisha.get(path).await;
    aisha.submit(&page, &format!("{path}/change/concern"), fields).await
}

/// What is held about the worry: about what, and by when.
async fn held(world: &World) -> Vec<(About, kith_domain::time::Day)> {
    let who = world.principal(world.sam).await;
    let day = world.kith.today(&who, 0).await.unwrap();
    let things = day.groups.into_iter().flat_map(|(_, things)| things);
    let ours = things.filter(|t| matches!(t.held.about, About::Worry | About::Concern));
    ours.map(|t| (t.held.about, t.held.next.on)).collect()
}

#[tokio::test]
async fn a_concern_is_held_until_the_council_answers() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = worry_of_aisha(&world, &mut aisha).await;
    for missing in 0..RAISED.len() {
        let fields: Vec<(&str, &str)> =
            RAISED.iter().enumerate().map(|(i, (n, v))| (*n, if i == missing { "" } else { v })).collect();
        let refused = raise(&mut aisha, &path, &fields).await;
        refused.is(StatusCode::UNPROCESSABLE_ENTITY);
    }
    aisha.get(&path).await.never("Canary-wants");
    let raised = raise(&mut aisha, &path, &RAISED).await;
    raised
        .is(StatusCode::OK)
        .says("The council does not know yet")
        .says("I want my card back")
        .says("Grace Mensah");
    let mut sam = world.worker(world.sam).await;
    sam.get(&path).await.says("The council does not know yet");
    assert!(held(&world).await.contains(&(About::Concern, today(&world))));
    // Not closed over the council's head; how he is, is kept.
    let page = sam.get(&path).await;
    assert!(!page.body.contains("change/close"), "nothing closes it before the council answered");
    let checked =
        sam.submit(&page, &format!("{path}/change/checked"), &[("words", "He is tired and warm")]).await;
    checked.is(StatusCode::OK).says("He is tired and warm");
    // Whoever tries all the same is told why not.
    let filling = crate::harness::Filling {
        action: format!("{path}/change/close"),
        fields: checked.form(&format!("{path}/change/checked")).into_iter().collect(),
    };
    let mut filling = filling;
    filling.fields.retain(|(n, _)| n != "words");
    filling.fields.push(("words".into(), "Over".into()));
    let refused = sam.send_form(&filling).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("The council has not answered yet");
    // Made by the council's own route, with its day.
    let page = aisha.get(&path).await;
    let council = format!("{path}/change/council");
    let route = [("route", "The adults line, Dot"), ("reference", "SA-1029")];
    for far in [0, 60] {
        let on = day("reply", plus_days(today(&world), far));
        let refused = aisha.submit(&page, &council, &with(&route, &on)).await;
        refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a day from tomorrow");
    }
    let on = plus_days(today(&world), 3);
    let made = aisha.submit(&page, &council, &with(&route, &day("reply", on))).await;
    made.is(StatusCode::OK).says("With the council").says("SA-1029");
    assert_eq!(held(&world).await, [(About::Concern, on)]);
    // Nobody else finds it.
    let mut lena = world.worker(world.lena).await;
    lena.get(&path).await.is(StatusCode::NOT_FOUND).never("Canary-wants");
    world.assert_nothing_lost().await;
    // The day passes: it is asked again, with a new day.
    world.pass_days(4);
    aisha = world.worker(world.aisha).await;
    let late = aisha.get(&path).await;
    late.says("the day has passed");
    let on = plus_days(today(&world), 2);
    let again =
        aisha.submit(&late, &council, &with(&[("route", "Rang again, Dot")], &day("reply", on))).await;
    again.is(StatusCode::OK).says("Rang again").says("SA-1029");
    let answered = aisha
        .submit(&again, &format!("{path}/change/answer"), &[("answer", "They visit him on Monday")])
        .await;
    answered.is(StatusCode::OK).says("The council answered").says("They visit him on Monday");
    assert!(!held(&world).await.iter().any(|(about, _)| *about == About::Concern));
    let mut sam = world.worker(world.sam).await;
    let page = sam.get(&path).await;
    let closed =
        sam.submit(&page, &format!("{path}/change/close"), &[("words", "He has his card back")]).await;
    closed.is(StatusCode::OK).says("He has his card back").says("They visit him on Monday");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_concern_nobody_answers_rises() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let path = worry_of_aisha(&world, &mut aisha).await;
    raise(&mut aisha, &path, &RAISED).await.is(StatusCode::OK);
    world.pass_days(20);
    let late = held(&world).await;
    assert!(late.iter().any(|(about, _)| *about == About::Concern), "still held: {late:?}");
    world.assert_nothing_lost().await;
}
