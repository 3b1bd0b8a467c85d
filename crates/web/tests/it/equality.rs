//! Questions about fairness.
//!
//! - Given Badger, when he answers, then only he can open it: not his navigator, not his
//!   supporter's page, not a packet; whoever sees figures sees counts, and none under five.
//! - Given "rather not say", "ask me later" and nothing at all, then each is taken as said.
//! - Given that he says no to being counted, then he is in no figure.

use crate::harness::World;
use crate::mine::{badger, id};
use axum::http::StatusCode;
use kith_domain::equality::{Answered, Equality, EqualityAnswer, EqualityQuestion};
use kith_domain::record::Author;
use kith_store::{NewRecord, Writing};

#[tokio::test]
async fn answers_are_the_persons_alone() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let form = own.get("/mine/equality").await;
    form.is(StatusCode::OK).says("Only you can open your answers").says("I would rather not say");
    let wrong = own.submit(&form, "/mine/equality", &[("gender", "own_words")]).await;
    wrong.is(StatusCode::UNPROCESSABLE_ENTITY).says("write it in your own words");
    let fields = [
        ("ethnicity", "black_caribbean"),
        ("ethnicity_words", "Jamaican, from Mill Lane"),
        ("gender", "rather_not_say"),
        ("religion", "later"),
    ];
    let filling = own.fill(&form, "/mine/equality", &fields);
    let saved = own.send_form(&filling).await;
    saved.says("You last saved this").is(StatusCode::OK);
    assert!(saved.body.contains("Jamaican, from Mill Lane"), "what he wrote is there for him");
    assert!(own.send_form(&filling).await.body.contains("Jamaican"), "twice is once");
    for page in
        [format!("/people/{person}"), format!("/people/{person}/story"), "/people".into(), "/today".into()]
    {
        aisha.get(&page).await.never("Jamaican").never("Caribbean").never("quality");
    }
    // Changing it keeps one set of answers.
    let again = own.get("/mine/equality").await;
    own.submit(&again, "/mine/equality", &[("ethnicity_words", "Mine")]).await.is(StatusCode::OK);
    let now = own.get("/mine/equality").await;
    assert!(now.body.contains("value=\"Mine\"") && !now.body.contains("Jamaican"));
    let mut nadia = world.worker(world.nadia).await;
    let figures = nadia.get("/partnership/equality").await;
    figures.is(StatusCode::OK).never("Jamaican").never("Badger").says("too few to show");
    aisha.get("/partnership/equality").await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn figures_count_those_who_may_be_counted() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    // Some small groups in each sum: were all the others nought, a large one would be hidden
    // too, or the noughts could be worked out from it. The last two say no to being counted.
    let groups = [
        ("white_british", 12),
        ("white_irish", 3),
        ("white_other", 3),
        ("black_caribbean", 3),
        ("black_other", 3),
        ("asian_indian", 3),
        ("nothing said", 3),
        ("black_african", 14),
    ];
    let everybody = groups.iter().flat_map(|&(code, n)| std::iter::repeat_n(code, n));
    for (n, code) in everybody.enumerate() {
        let page = crate::people::add(&mut aisha, &format!("Person {n}")).await;
        if code == "nothing said" {
            continue;
        }
        let person = page.path.rsplit('/').next().unwrap().parse().unwrap();
        let mut said = Equality { not_counted: n >= 42, at: Some(world.now()), ..Equality::default() };
        let answer = EqualityAnswer::Chosen(code.into());
        said.answers.insert(EqualityQuestion::Ethnicity, Answered { answer, words: None });
        let author = Author::Person { person };
        let writing = Writing { at: world.now(), author, recorded_for: None, basis: "self".into() };
        let mut tx = world.kith.store().write().await.unwrap();
        let new = NewRecord { id: id(), person: Some(person), owner: world.aisha.organisation };
        tx.create(&writing, "answered", new, &said).await.unwrap();
        tx.commit().await.unwrap();
    }
    let nadia = world.principal(world.nadia).await;
    let figures = world.kith.equality_figures(&nadia).await.unwrap();
    let ethnicity = &figures.answers[0];
    let of = |title: &str| ethnicity.rows.iter().find(|(t, _)| *t == title).unwrap().1.number();
    assert_eq!(of("White: English, Welsh, Scottish, Northern Irish or British"), Some(10));
    assert_eq!(of("Black, Black British, Caribbean or African: African"), Some(10));
    assert_eq!(ethnicity.total.number(), Some(40), "two said no to being counted: 42, not 44");
    for few in ["White: Irish", "Black, Black British, Caribbean or African: Caribbean", "Arab"] {
        assert_eq!(of(few), None, "{few}: under five");
    }
    assert_eq!(ethnicity.missing.number(), None, "three said nothing");
    let old = figures.categories_2001.rows.iter().find(|(t, _)| *t == "Black or Black British: African");
    assert_eq!(old.unwrap().1.number(), Some(10));
}
