//! Facts that cannot be: each is asked about before it is written down.
//!
//! - Given "in hospital since 1 January 1999", then it is asked whether that is right, and a tick
//!   says yes.
//! - Given "finished" with a day that has not come, then nothing is dropped without a word.
//! - Given a talk in 1990, in a note or a worry, then the year is asked about.
//! - Given a birthday and a guess and "they do not know", then one of them is asked for.
//! - Given an example of a day beside a field, then the form takes that day.

use crate::harness::World;
use crate::mine::badger;
use crate::people::add;
use axum::http::StatusCode;

type Field<'a> = (&'a str, &'a str);

fn day<'a>(name: [&'a str; 3], typed: [&'a str; 3]) -> [Field<'a>; 3] {
    [(name[0], typed[0]), (name[1], typed[1]), (name[2], typed[2])]
}

const DAY: [&str; 3] = ["day-day", "day-month", "day-year"];
const ON: [&str; 3] = ["on-day", "on-month", "on-year"];
const BIRTH: [&str; 3] = ["birth-day", "birth-month", "birth-year"];

#[tokio::test]
async fn a_stay_of_many_years_is_asked_about() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let path = format!("/people/{person}/life");
    let page = aisha.get(&path).await;
    let fields = [vec![("change", "hospital")], day(DAY, ["1", "1", "1999"]).to_vec()].concat();
    let asked = aisha.submit(&page, &path, &fields).await;
    asked.is(StatusCode::UNPROCESSABLE_ENTITY).says("more than a year ago");
    aisha.get(&format!("/people/{person}")).await.never("1999");
    let yes = [fields, vec![("long", "yes")]].concat();
    aisha.submit(&asked, &path, &yes).await.is(StatusCode::OK).says("hospital");
}

#[tokio::test]
async fn a_day_that_would_be_dropped_is_said() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let path = format!("/people/{person}/life");
    let page = aisha.get(&path).await;
    let fields = [vec![("change", "finished")], day(DAY, ["24", "12", "2026"]).to_vec()].concat();
    let said = aisha.submit(&page, &path, &fields).await;
    said.is(StatusCode::UNPROCESSABLE_ENTITY).says("written down from today");
    aisha.submit(&page, &path, &[("change", "finished")]).await.is(StatusCode::OK);
}

#[tokio::test]
async fn a_talk_is_of_this_year() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let path = format!("/people/{person}/note");
    let page = aisha.get(&path).await;
    let spoke = vec![("words", "We spoke"), ("contact", "reached"), ("channel", "phone")];
    let long_ago = [spoke.clone(), day(ON, ["3", "5", "1990"]).to_vec()].concat();
    let asked = aisha.submit(&page, &path, &long_ago).await;
    asked.is(StatusCode::UNPROCESSABLE_ENTITY).says("more than a year ago");
    // The story itself may be as old as it is.
    let story = [vec![("words", "He came to town")], day(ON, ["3", "5", "1990"]).to_vec()].concat();
    aisha.submit(&page, &path, &story).await.is(StatusCode::OK);
    // The example beside the field is a day that the form takes.
    let example = page.text().split("For example, ").nth(1).unwrap().to_owned();
    let parts: Vec<&str> = example.split_whitespace().take(3).collect();
    let taken = [spoke, day(ON, [parts[0], parts[1], parts[2]]).to_vec()].concat();
    aisha.submit(&page, &path, &taken).await.is(StatusCode::OK);

    let page = aisha.get("/worried").await;
    let worry = [
        vec![
            ("about", "Somebody"),
            ("words", "Low"),
            ("spoken", "spoke"),
            ("name", "Sam"),
            ("place", "Team"),
        ],
        vec![("time", "9:50am"), ("agreed", "A visit")],
        day(DAY, ["3", "5", "1990"]).to_vec(),
    ]
    .concat();
    let asked = aisha.submit(&page, "/worried", &worry).await;
    asked.is(StatusCode::UNPROCESSABLE_ENTITY).says("more than a year ago");
}

#[tokio::test]
async fn one_answer_about_a_birthday() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = add(&mut aisha, "Badger").await.path;
    let path = format!("{person}/details");
    let page = aisha.get(&path).await;
    let born = day(BIRTH, ["4", "2", "1984"]).to_vec();
    for more in [vec![("birth_none", "yes")], vec![("age", "40")], vec![("age", "40"), ("birth_none", "yes")]]
    {
        let asked = aisha.submit(&page, &path, &[born.clone(), more].concat()).await;
        asked.is(StatusCode::UNPROCESSABLE_ENTITY).says("Give one answer");
    }
    page.says("For example, 27 3 1984");
    aisha.submit(&page, &path, &born).await.is(StatusCode::OK);
}
