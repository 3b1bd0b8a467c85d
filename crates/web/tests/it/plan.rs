//! Making and reviewing a plan.
//!
//! - Given a section written in the person's own words, then it says so, with its history.
//! - Given two editors of one section, when both save, then one wins and the other gets
//!   both texts side by side; saving that keeps every line of both.
//! - Given a draft kept for later, when its writer signs out and in again, then it is
//!   offered with how long ago, can be used, and is gone once it is saved.
//! - Given words that are too long, then they are refused and kept as a draft.
//! - Given a need, when its next date is set to 2099, then it is refused in plain words
//!   with focus on the field and nothing typed is lost; moved with a reason, it moves.
//! - Given "not now" to a need, then nobody asks before the day; met, it keeps the words.
//! - Given a step that asks the trust's clinician, then it stays with its writer until he
//!   says yes; then it is his, and the reason for a moved day stands in the story.
//! - Given a step that asks the clinician, then it is on his Today as asked; his yes names a
//!   day and makes it his; his no gives it back to Aisha with a date, who decides.
//! - Given an adviser with whom nothing is shared, then she is not asked what she could not see.
//! - Given a safety plan kept by the clinician, then the navigator sees that there is one
//!   and whom to ask, and not a word of it.
//! - Given a stale need page, then the change is not made and the page shows both side by side.
//! - Given a need, goal or step in other words, then what was begun is kept, and of two editors the
//!   second finds both texts and loses nothing.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use axum::http::StatusCode;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::{Asked, Consent, ConsentKind, HowGiven};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::record::{Author, Record};
use kith_domain::supporter::Involvement;
use kith_domain::time::{Calendar, plus_days};
use kith_store::{NewRecord, Writing};
use uuid::Uuid;

async fn badger(browser: &mut Browser) -> String {
    add(browser, "Badger").await.path
}

/// Writes a section through its page.
async fn write(browser: &mut Browser, person: &str, slug: &str, fields: &[(&str, &str)]) -> Shown {
    let action = format!("{person}/plan/{slug}");
    let page = browser.get(&action).await;
    browser.submit(&page, &action, fields).await
}

async fn add_need(browser: &mut Browser, person: &str, words: &str) -> Shown {
    let action = format!("{person}/needs/add");
    let page = browser.get(&action).await;
    browser.submit(&page, &action, &[("words", words), ("area", "housing")]).await
}

#[tokio::test]
async fn a_section_is_written_in_their_own_words() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = badger(&mut aisha).await;
    let plan = aisha.get(&format!("{person}/plan")).await;
    plan.is(StatusCode::OK).says("Not started").says("Housing").says("My safety plan");
    let saved = write(&mut aisha, &person, "matters", &[("words", "My dog Biscuit"), ("own", "yes")]).await;
    saved.says("“What matters to me” is saved").says("Written");
    let page = aisha.get(&format!("{person}/plan/matters")).await;
    page.says("My dog Biscuit").says("Aisha Rahman, in Badger’s own words");
    let saved = write(
        &mut aisha,
        &person,
        "area/housing",
        &[("going_well", "Dry on Tuesdays"), ("want_different", "Somewhere dry")],
    )
    .await;
    saved.says("“Housing” is saved");
    aisha.get(&person).await.says("Somewhere dry");
    let review = [
        ("words", "All of it"),
        ("day-day", "24"),
        ("day-month", "11"),
        ("day-year", "2026"),
        ("with", "Badger and Joan"),
        ("review-day", "1"),
        ("review-month", "1"),
        ("review-year", "2099"),
    ];
    let refused = write(&mut aisha, &person, "review", &review).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a day from tomorrow up to");
    assert!(refused.body.contains("href=\"#review-day\""), "the summary leads to the day");
    let mut good = review;
    good[7] = ("review-year", "2027");
    let saved = write(&mut aisha, &person, "review", &good).await;
    saved.says("Agreed on Tuesday 24 November 2026 with Badger and Joan. We look at it again on Friday 1 January 2027.");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn two_editors_one_wins_and_the_other_merges() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut bola = world.worker(world.bola).await;
    let person = badger(&mut aisha).await;
    write(&mut aisha, &person, "matters", &[("words", "My dog")]).await;
    let action = format!("{person}/plan/matters");
    let (for_aisha, for_bola) = (aisha.get(&action).await, bola.get(&action).await);
    bola.submit(&for_bola, &action, &[("words", "My dog\nThe canal")]).await.says("is saved");
    let both = aisha.submit(&for_aisha, &action, &[("words", "My dog\nMusic at night")]).await;
    both.is(StatusCode::CONFLICT).says("Two people wrote this").says("Bola Ade").says("The canal");
    both.says("Music at night");
    let stored = aisha.get(&action).await;
    stored.says("The canal").says("You had started writing");
    // What the page offers holds every line of both; saving it puts it on top.
    let merged = aisha.submit(&both, &action, &[]).await;
    merged.says("is saved");
    let page = aisha.get(&action).await;
    page.says("My dog The canal Music at night").never("You had started writing");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_draft_survives_signing_out() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = badger(&mut aisha).await;
    let action = format!("{person}/plan/strengths");
    let kept = write(&mut aisha, &person, "strengths", &[("words", "Fixing bikes"), ("do", "later")]).await;
    kept.says("is kept. Nobody else sees it until you save it").says("Begun, not saved");
    aisha.get(&person).await.never("Fixing bikes");
    world.set(kith_domain::time::Instant(world.now().0 + 600_000_000));
    let mut again = world.worker(world.aisha).await;
    let page = again.get(&action).await;
    page.says("You had started writing, 10 minutes ago").says("Fixing bikes");
    let used = again.get(&format!("{action}?draft=use")).await;
    assert!(used.form(&action).iter().any(|(n, v)| n == "words" && v == "Fixing bikes"));
    again.submit(&used, &action, &[]).await.says("is saved");
    again.get(&action).await.says("Fixing bikes").never("You had started writing");
    // A colleague never sees another's draft.
    write(&mut again, &person, "about_me", &[("words", "Secret so far"), ("do", "later")]).await;
    let mut bola = world.worker(world.bola).await;
    bola.get(&format!("{person}/plan/about_me")).await.never("Secret so far");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_cannot_be_saved_is_kept() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = badger(&mut aisha).await;
    let long = format!("The start of it {}", "word ".repeat(2_100));
    let refused = write(&mut aisha, &person, "matters", &[("words", &long)]).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("can have at most 10,000 characters");
    let page = aisha.get(&format!("{person}/plan/matters")).await;
    page.says("You had started writing").says("The start of it");
    let hidden = write(&mut aisha, &person, "about_me", &[("words", "be\u{0}fore")]).await;
    hidden.is(StatusCode::UNPROCESSABLE_ENTITY).says("hidden character");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_need_moves_with_a_reason_and_never_to_2099() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = badger(&mut aisha).await;
    let need = add_need(&mut aisha, &person, "somewhere dry").await;
    need.is(StatusCode::OK).says("somewhere dry").says("Held by Aisha Rahman").says("Find support");
    let action = format!("{}/change/next", need.path);
    let day = [("next-day", "1"), ("next-month", "1")];
    let far = [day[0], day[1], ("next-year", "2099"), ("what", "Ring the council"), ("reason", "Busy")];
    let refused = aisha.submit(&need, &action, &far).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("That is too far away").says("22 December 2026");
    assert!(refused.body.contains("value=\"Ring the council\""), "nothing typed is lost");
    assert!(refused.body.contains("href=\"#next-day\""), "the summary leads to the day");
    assert!(refused.body.contains("value=\"2099\"") && refused.body.contains("autofocus"));
    let soon =
        [("next-day", "10"), ("next-month", "12"), ("next-year", "2026"), ("what", "Ring"), ("reason", "")];
    aisha.submit(&refused, &action, &soon).await.says("Say why the day is moved");
    let mut with_reason = soon;
    with_reason[4] = ("reason", "They asked for it");
    let moved = aisha.submit(&refused, &action, &with_reason).await;
    moved.is(StatusCode::OK).says("10 December");
    // The first page is stale now: nothing is overwritten.
    let stale = aisha.submit(&need, &format!("{}/change/ended", need.path), &[("how", "no")]).await;
    stale.is(StatusCode::CONFLICT).says("Two people wrote this at the same time").says("They said no");
    stale.says("10 December").says("Saved first: Aisha Rahman, just now");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_need_in_other_words_is_kept_merged_and_saved() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut bola = world.worker(world.bola).await;
    let person = badger(&mut aisha).await;
    let need = add_need(&mut aisha, &person, "somewhere dry").await;
    let action = format!("{}/words", need.path);
    // Begun, kept, offered again, and seen by nobody else.
    let page = aisha.get(&action).await;
    page.is(StatusCode::OK).says("Say the need in other words");
    let kept = aisha.submit(&page, &action, &[("words", "somewhere dry\nand quiet"), ("do", "later")]).await;
    kept.says("What you wrote is kept").says("You began to change it");
    aisha.get(&action).await.says("You had started writing").says("and quiet");
    bola.get(&action).await.never("and quiet");
    // Two editors: Bola saves first, Aisha finds both and loses nothing.
    let (mine, theirs) = (aisha.get(&format!("{action}?draft=use")).await, bola.get(&action).await);
    let saved = bola.submit(&theirs, &action, &[("words", "somewhere dry\nnear the canal")]).await;
    saved.is(StatusCode::OK).says("near the canal");
    let both = aisha.submit(&mine, &action, &[("area", "money")]).await;
    both.is(StatusCode::CONFLICT).says("Two people wrote this").says("Bola Ade").says("near the canal");
    both.says("and quiet").says("Money").says("Housing");
    let merged = aisha.submit(&both, &action, &[]).await;
    merged.is(StatusCode::OK).says("near the canal").says("and quiet");
    aisha.get(&action).await.never("You had started writing");
    // Too long is refused, and kept as a draft.
    let long = "word ".repeat(300);
    let page = aisha.get(&action).await;
    aisha.submit(&page, &action, &[("words", &long)]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    aisha.get(&action).await.says("You had started writing");
    // What has ended is not put in other words.
    let open = aisha.get(&need.path).await;
    aisha.submit(&open, &format!("{}/change/ended", need.path), &[("how", "no")]).await;
    aisha.get(&action).await.says("It is not open for writing now");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn goals_and_steps_merge_too() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut bola = world.worker(world.bola).await;
    let person = badger(&mut aisha).await;
    let add = format!("{person}/goals/add");
    let page = aisha.get(&add).await;
    let plan = aisha.submit(&page, &add, &[("words", "Play in a band"), ("area", "connection")]).await;
    let goal = plan.links(&format!("{person}/goals/")).into_iter().find(|l| !l.ends_with("add")).unwrap();
    let action = format!("{goal}/words");
    let (mine, theirs) = (aisha.get(&action).await, bola.get(&action).await);
    let review = [("review-day", "1"), ("review-month", "3"), ("review-year", "2027")];
    bola.submit(&theirs, &action, &review).await.says("You look at it again on Monday 1 March 2027");
    let both = aisha.submit(&mine, &action, &[("words", "Play the drums in a band")]).await;
    both.is(StatusCode::CONFLICT).says("The day to look again").says("1 3 2027").says("Play the drums");
    // Ending it on a stale page shows what was typed beside how it stands.
    let stale = aisha.get(&goal).await;
    bola.submit(&bola.clone().get(&goal).await, &format!("{goal}/change/let-go"), &[]).await;
    let late = aisha.submit(&stale, &format!("{goal}/change/reached"), &[("words", "First gig")]).await;
    late.is(StatusCode::CONFLICT).says("They let it go").says("First gig");
    let add = format!("{person}/steps/add");
    let page = aisha.get(&add).await;
    let plan = aisha.submit(&page, &add, &[("what", "Ring the shop"), ("area", "connection")]).await;
    let step = plan.links(&format!("{person}/steps/")).into_iter().find(|l| !l.ends_with("add")).unwrap();
    let stale = aisha.get(&step).await;
    let words = format!("{step}/words");
    let page = bola.get(&words).await;
    bola.submit(&page, &words, &[("words", "Ring the drum shop")]).await.says("Ring the drum shop");
    let late = aisha.submit(&stale, &format!("{step}/change/done"), &[("words", "They were kind")]).await;
    late.is(StatusCode::CONFLICT).says("They were kind").says("Bola Ade");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn not_now_is_an_answer_and_met_keeps_the_words() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = badger(&mut aisha).await;
    let need = add_need(&mut aisha, &person, "get my money back").await;
    let path = need.path.clone();
    let until = [("until-day", "1"), ("until-month", "3"), ("until-year", "2027")];
    let later = aisha.submit(&need, &format!("{path}/change/not-now"), &until).await;
    later.is(StatusCode::OK).says("They said not now. Ask once on Monday 1 March 2027");
    world.assert_nothing_lost().await;
    let again = [("what", "Ring"), ("next-day", "1"), ("next-month", "12"), ("next-year", "2026")];
    let open = aisha.submit(&later, &format!("{path}/change/again"), &again).await;
    open.is(StatusCode::OK).says("What happens next");
    let met = aisha.submit(&open, &format!("{path}/change/met"), &[("words", "I got all of it")]).await;
    met.says("Met on Tuesday 24 November 2026").says("I got all of it");
    let goal = aisha.get(&format!("{person}/goals/add")).await;
    let fields = [("words", "Play in a band"), ("area", "connection")];
    let plan = aisha.submit(&goal, &format!("{person}/goals/add"), &fields).await;
    plan.says("Play in a band");
    let link = plan.links(&format!("{person}/goals/")).into_iter().find(|l| !l.ends_with("add")).unwrap();
    let page = aisha.get(&link).await;
    aisha.submit(&page, &format!("{link}/change/reached"), &[("words", "First gig")]).await.says("Reached");
    aisha.get(&link).await.says("First gig");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_happens_next_is_soon() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = badger(&mut aisha).await;
    let action = format!("{person}/next");
    let page = aisha.get(&action).await;
    let far =
        [("next-day", "1"), ("next-month", "1"), ("next-year", "2099"), ("what", "Ring"), ("reason", "x")];
    let refused = aisha.submit(&page, &action, &far).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("That is too far away");
    assert!(refused.body.contains("href=\"#next-day\""));
    let impossible =
        [("next-day", "31"), ("next-month", "2"), ("next-year", "2027"), ("what", "Ring"), ("reason", "x")];
    aisha
        .submit(&page, &action, &impossible)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("February 2027 has 28 days");
    let good = aisha.submit(&page, &action, &[("what", "Meet at the library"), ("reason", "He asked")]).await;
    good.is(StatusCode::OK).says("Meet at the library");
    world.assert_nothing_lost().await;
}

/// Sam of the trust works with the person, who agreed that the trust adds to their plan.
pub async fn sam_is_involved(world: &World, person: &str) {
    let person: PersonId = PersonId(Uuid::try_parse(person.rsplit('/').next().unwrap()).unwrap());
    let today = Calendar::england().day(world.now());
    let involved = Involvement {
        organisation: world.sam.organisation,
        team: world.sam.team,
        worker: Some(world.sam.worker),
        role: "Nurse".into(),
        key_worker: true,
        areas: Area::SIX.to_vec(),
        from: today,
        until: None,
    };
    put(world, person, &involved).await;
    put(world, person, &agreed(world, world.sam, &["direct_care"])).await;
}

/// That somebody agreed to all of their plan being seen there, for these purposes.
pub fn agreed(world: &World, by: crate::harness::Cast, purposes: &[&str]) -> Consent {
    let today = Calendar::england().day(world.now());
    Consent {
        organisation: by.organisation,
        areas: Area::ALL.to_vec(),
        purposes: purposes.iter().map(|p| (*p).to_owned()).collect(),
        max_sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        contribute: false,
        from: today,
        until: plus_days(today, 300),
        withdrawn: None,
        end_told: None,
        made_for: None,
        kind: ConsentKind::Standing,
        given: HowGiven {
            asked_by: Some(world.aisha.worker),
            how: Asked::FaceToFace,
            present: String::new(),
            offered_alone: true,
            said_no_to: Vec::new(),
            words: "Fine".into(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at: world.now(),
        },
    }
}

async fn put<T: Record>(world: &World, person: PersonId, value: &T) {
    let writing =
        Writing { at: world.now(), author: Author::Operator, recorded_for: None, basis: "test".into() };
    let mut tx = world.kith.store().write().await.unwrap();
    let new =
        NewRecord { id: RecordId(Uuid::now_v7()), person: Some(person), owner: world.aisha.organisation };
    tx.create(&writing, "made", new, value).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_step_is_somebody_elses_only_when_they_say_yes() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut sam = world.worker(world.sam).await;
    let person = badger(&mut aisha).await;
    sam_is_involved(&world, &person).await;
    let action = format!("{person}/steps/add");
    let page = aisha.get(&action).await;
    page.says("Sam Okafor, Brackenford Mental Health Trust");
    let owner = format!("{}@{}", world.sam.worker, world.sam.team);
    let fields =
        [("what", "Look at the medicine"), ("owner", &owner), ("asks", "asks"), ("area", "physical_health")];
    let plan = aisha.submit(&page, &action, &fields).await;
    plan.is(StatusCode::OK).says("Look at the medicine").says("Asked, no yes yet");
    let step = plan.links(&format!("{person}/steps/")).into_iter().find(|l| !l.ends_with("add")).unwrap();
    aisha.get(&step).await.says("Until they say yes it stays with Aisha Rahman").never("Yes, I will do this");
    let his = sam.get(&step).await;
    his.is(StatusCode::OK).says("This asks you or your team");
    let yes = sam.submit(&his, &format!("{step}/change/accept"), &[]).await;
    yes.is(StatusCode::OK).says("To do").never("This asks you");
    world.assert_nothing_lost().await;
    let page = sam.get(&step).await;
    let to = [("by-day", "15"), ("by-month", "12"), ("by-year", "2026"), ("reason", "The doctor is away")];
    let moved = sam.submit(&page, &format!("{step}/change/move"), &to).await;
    moved.is(StatusCode::OK).says("15 December");
    let done = sam.submit(&moved, &format!("{step}/change/done"), &[("words", "Changed it")]).await;
    done.is(StatusCode::OK);
    let done = if done.text().contains("Done on") {
        done
    } else {
        let fields = [("day-day", "24"), ("day-month", "11"), ("day-year", "2026"), ("words", "Changed it")];
        sam.submit(&moved, &format!("{step}/change/done"), &fields).await
    };
    done.says("Done on Tuesday 24 November 2026. Changed it");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn the_navigator_knows_that_there_is_a_safety_plan_and_whom_to_ask() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut sam = world.worker(world.sam).await;
    let person = badger(&mut aisha).await;
    sam_is_involved(&world, &person).await;
    let own = aisha.get(&format!("{person}/plan/safety")).await;
    own.is(StatusCode::OK).says("Nothing is written here that you can see");
    write(&mut sam, &person, "safety", &[("words", "Ring my sister first")]).await.says("is saved");
    let stub = aisha.get(&format!("{person}/plan/safety")).await;
    stub.says("There is a safety plan").says("Ask Brackenford Mental Health Trust").never("Ring my sister");
    aisha.get(&format!("{person}/plan")).await.says("There is one").never("Ring my sister");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn who_is_asked_sees_it_on_today_and_says_when_or_no() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let mut sam = world.worker(world.sam).await;
    let person = badger(&mut aisha).await;
    sam_is_involved(&world, &person).await;
    let action = format!("{person}/steps/add");
    let owner = format!("{}@{}", world.sam.worker, world.sam.team);
    let ask = async |aisha: &mut Browser, what: &str| {
        let page = aisha.get(&action).await;
        let fields = [("what", what), ("owner", &*owner), ("asks", "asks"), ("area", "physical_health")];
        aisha.submit(&page, &action, &fields).await.is(StatusCode::OK);
    };
    ask(&mut aisha, "Look at the medicine").await;
    let today = sam.get("/today").await;
    today.says("Asked of you").says("Aisha Rahman, Brackenford Together asks you: Look at the medicine");
    let step = today.links(&format!("{person}/steps/")).pop().expect("a way to the step");
    aisha.get("/today").await.never("Asked of you").says("Look at the medicine");
    // Yes, by a day of their own: it is on their list, and no longer on the asker's.
    let his = sam.get(&step).await;
    his.says("I will do it by");
    let far = [("accept_by-day", "1"), ("accept_by-month", "1"), ("accept_by-year", "2099")];
    let refused = sam.submit(&his, &format!("{step}/change/accept"), &far).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY);
    let by = [("accept_by-day", "27"), ("accept_by-month", "11"), ("accept_by-year", "2026")];
    sam.submit(&his, &format!("{step}/change/accept"), &by).await.says("27 November");
    sam.get("/today").await.never("Asked of you").says("Look at the medicine");
    aisha.get("/today").await.never("Look at the medicine");
    world.assert_nothing_lost().await;

    // No, in words: it is the asker's again with a date, and she asks somebody else or herself.
    ask(&mut aisha, "Ring the surgery").await;
    let today = sam.get("/today").await;
    let step = today.links(&format!("{person}/steps/")).into_iter().find(|l| *l != step).expect("the other");
    let his = sam.get(&step).await;
    let empty = sam.submit(&his, &format!("{step}/change/no"), &[("no", "")]).await;
    empty.is(StatusCode::UNPROCESSABLE_ENTITY).says("Say why");
    let no = sam.submit(&his, &format!("{step}/change/no"), &[("no", "I am full until Christmas")]).await;
    no.is(StatusCode::OK).never("Ring the surgery");
    assert_eq!(no.path, "/today");
    let hers = aisha.get("/today").await;
    hers.says("Came back to you").says("They said no: decide who does this: Ring the surgery");
    let page = aisha.get(&step).await;
    page.says("Sam Okafor said no: I am full until Christmas").says("Who does it now?");
    world.assert_nothing_lost().await;
    world.pass_days(40);
    world.assert_nothing_lost().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get(&step).await;
    aisha.submit(&page, &format!("{step}/change/ask"), &[("owner", "me")]).await.never("said no");
    aisha.get("/today").await.never("decide who does this");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn nobody_is_asked_who_could_not_see_it() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = badger(&mut aisha).await;
    let involved = Involvement {
        organisation: world.joan.organisation,
        team: world.joan.team,
        worker: Some(world.joan.worker),
        role: "Money adviser".into(),
        key_worker: false,
        areas: vec![Area::Money],
        from: Calendar::england().day(world.now()),
        until: None,
    };
    put(&world, PersonId(Uuid::try_parse(person.rsplit('/').next().unwrap()).unwrap()), &involved).await;
    let action = format!("{person}/steps/add");
    let page = aisha.get(&action).await;
    let owner = format!("{}@{}", world.joan.worker, world.joan.team);
    let fields = [("what", "Ring about the rent"), ("owner", &*owner), ("asks", "asks"), ("area", "money")];
    let refused = aisha.submit(&page, &action, &fields).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("could not see this").says("Who can see what");
    assert!(refused.body.contains("href=\"#owner\""));
}

/// Given something kept for later, when another is added from the same page, kept for later too, or has
/// to be put right, then nothing that was kept is thrown away or overwritten; each is offered until it is
/// used and saved itself.
#[tokio::test]
async fn what_is_kept_is_forgotten_by_nothing_but_its_own_saving() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = crate::people::add(&mut aisha, "Badger").await.path;
    for (kind, field) in [("needs", "words"), ("goals", "words"), ("steps", "what")] {
        let path = format!("{person}/{kind}/add");
        for typed in ["a warm room", "a band to play in"] {
            let page = aisha.get(&path).await;
            aisha.submit(&page, &path, &[(field, typed), ("do", "later")]).await.is(StatusCode::OK);
        }
        let page = aisha.get(&path).await;
        page.says("It begins: “a warm room”").says("It begins: “a band to play in”");
        let mut third = vec![(field, "ring Joan"), ("area", "money"), ("do", "save")];
        if kind == "steps" {
            third.extend([("owner", "me"), ("asks", "asks")]);
        }
        let wrong: Vec<_> = third.iter().filter(|(name, _)| *name != "area").copied().collect();
        aisha.submit(&page, &path, &wrong).await.is(StatusCode::UNPROCESSABLE_ENTITY);
        // The back button leads to the same form, and the same piece of writing.
        aisha.submit(&page, &path, &third).await.is(StatusCode::OK).says("ring Joan");
        let page = aisha.get(&path).await;
        page.says("It begins: “a warm room”").says("It begins: “a band to play in”").never("ring Joan");
        let first = page.links(&format!("{path}?draft=")).into_iter().last().expect("the older one");
        let used = aisha.get(&first).await;
        assert!(used.form(&path).iter().any(|(n, v)| n == field && v == "a warm room"));
        let rest: Vec<_> = third.iter().filter(|(name, _)| *name != field).copied().collect();
        aisha.submit(&used, &path, &rest).await.is(StatusCode::OK).says("a warm room");
        aisha.get(&path).await.says("It begins: “a band to play in”").never("It begins: “a warm room”");
    }
    // A section, and one thing in other words, in the same way.
    let section = format!("{person}/plan/strengths");
    for typed in ["Fixing bikes", "Singing"] {
        write(&mut aisha, &person, "strengths", &[("words", typed), ("do", "later")]).await;
    }
    write(&mut aisha, &person, "strengths", &[("words", "Cooking")]).await.says("is saved");
    aisha.get(&section).await.says("It begins: “Fixing bikes”").says("It begins: “Singing”");
    aisha.get(&format!("{person}/plan")).await.says("Begun, not saved");
}

/// Given somebody who stops half way in adding a need, a goal or a step, or whose form has to be
/// put right, when they come back, then what they had typed is offered; nobody else sees it; and
/// once it is saved it is forgotten.
#[tokio::test]
async fn what_is_begun_and_not_saved_is_offered_again() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = crate::people::add(&mut aisha, "Badger").await.path;
    for (kind, field, typed) in [
        ("needs", "words", "a warm room"),
        ("goals", "words", "play in a band"),
        ("steps", "what", "ring Joan"),
    ] {
        let path = format!("{person}/{kind}/add");
        let page = aisha.get(&path).await;
        let kept = aisha.submit(&page, &path, &[(field, typed), ("do", "later")]).await;
        kept.is(StatusCode::OK).says("is kept. Nobody else sees it until you save it");
        let mut bola = world.worker(world.bola).await;
        bola.get(&path).await.never(typed);
        let again = aisha.get(&path).await;
        again.says("You had started writing").says(&format!("It begins: “{typed}”"));
        let back = aisha.get(&format!("{path}?draft=use")).await;
        assert!(back.body.contains(typed));
        // Something has to be put right: what was typed is kept from then on, too.
        let wrong = aisha.submit(&back, &path, &[(field, &format!("{typed} now")), ("area", "")]).await;
        wrong.is(StatusCode::UNPROCESSABLE_ENTITY);
        aisha.get(&path).await.says(&format!("It begins: “{typed} now”"));
        let saved = aisha.submit(&wrong, &path, &[("area", "money"), ("do", "save")]).await;
        saved.is(StatusCode::OK).says(&format!("{typed} now"));
        aisha.get(&path).await.never("You had started writing").never(typed);
    }
}
