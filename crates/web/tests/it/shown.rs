//! What goes is what was read and looked at, and nothing that says where somebody lives
//! whose address is sealed.
//!
//! - Given an agreement page that is open, when the lines are changed in another window,
//!   then the agreement is not kept for the new lines.
//! - Given the page before sending, when the agreement is changed in another window, then
//!   nothing goes until somebody has looked again.
//! - Given a sealed address that is also a safe way by letter, then no packet says it.

use crate::harness::{Browser, Shown, World};
use crate::referral::{Asked, badger, inbox_link, need, save, up_to_check};
use axum::http::StatusCode;
use kith_domain::area::Area;

/// The form of the page before it is asked, with one line that stands beside the need.
async fn with_a_housing_line(world: &World, aisha: &mut Browser, asked: &Asked) -> Shown {
    need(world, asked.person, Area::Housing, "somewhere dry").await;
    aisha.get(&format!("{}/what", asked.base)).await
}

/// The keys of all lines that can be chosen.
fn keys(page: &Shown) -> Vec<String> {
    let fields = page.body.split("name=\"line\"").skip(1);
    let value = |rest: &str| Some(rest.split_once("value=\"")?.1.split('"').next()?.to_owned());
    fields.filter_map(value).collect()
}

const READ_ALOUD: [(&str, &str); 2] = [("how", "read_aloud"), ("presence", "alone")];

#[tokio::test]
async fn an_agreement_stands_for_the_lines_that_were_shown() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = with_a_housing_line(&world, &mut aisha, &asked).await;
    save(&mut aisha, &what, &[]).await.says("Read it aloud").never("somewhere dry");
    let narrow = aisha.get(&format!("{}/agreement", asked.base)).await;

    // The other window: everything is chosen.
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    let keys = keys(&what);
    assert!(keys.len() > 1, "{keys:?}");
    let lines: Vec<(&str, &str)> = keys.iter().map(|key| ("line", key.as_str())).collect();
    save(&mut aisha, &what, &lines).await.says("Read it aloud").says("somewhere dry");

    let refused = save(&mut aisha, &narrow, &READ_ALOUD).await;
    refused.says("was changed since this page was opened").says("How did they agree?");
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.never("Badger");
    // Nothing was kept: the way to sending leads to asking first.
    let check = aisha.get(&format!("{}/check", asked.base)).await;
    check.says("How did they agree?");
    // What they say to these lines is kept.
    save(&mut aisha, &check, &READ_ALOUD).await.says("Check and send");
}

#[tokio::test]
async fn what_goes_is_what_was_looked_at() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    with_a_housing_line(&world, &mut aisha, &asked).await;
    let check = up_to_check(&mut aisha, &asked).await;

    // The other window: somebody else was there after all.
    let agreement = aisha.get(&format!("{}/agreement", asked.base)).await;
    let fields = [("how", "read_aloud"), ("presence", "somebody"), ("present", "his brother")];
    save(&mut aisha, &agreement, &fields).await.says("his brother");

    let refused = save(&mut aisha, &check, &[]).await;
    refused.says("Nothing was sent").says("his brother");
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.never("Badger");
    save(&mut aisha, &refused, &[]).await;
    let received = inbox_link(&joan.get("/inbox").await);
    joan.get(&received).await.is(StatusCode::OK).says("Badger");
}

#[tokio::test]
async fn a_line_that_was_never_shown_is_not_refused_in_silence() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    save(&mut aisha, &what, &[]).await;
    let page = aisha.get(&format!("{}/agreement", asked.base)).await;
    let fields = [READ_ALOUD[0], READ_ALOUD[1], ("no_line", "somebody made this up")];
    save(&mut aisha, &page, &fields).await.says("was changed since this page was opened");
}

#[tokio::test]
async fn a_sealed_address_is_in_no_packet() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let asked = badger(&world, &mut aisha, world.benefits_advice).await;
    let person = format!("/people/{}", asked.person);
    let safe = aisha.get(&format!("{person}/safe-contact")).await;
    let letter = [("channel_1", "letter"), ("detail_1", "14 Mill Lane, Brackenford")];
    let in_person = [("channel_2", "in_person"), ("detail_2", "Tuesday drop-in, ask Joan"), ("paper", "yes")];
    save(
        &mut aisha,
        &safe,
        &[letter, [in_person[0], in_person[1]], [in_person[2], ("name_ok", "")]].concat(),
    )
    .await;
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    what.says("14 Mill Lane");

    let details = aisha.get(&format!("{person}/details")).await;
    save(&mut aisha, &details, &[("sealed", "yes")]).await.is(StatusCode::OK);
    let what = aisha.get(&format!("{}/what", asked.base)).await;
    what.never("14 Mill Lane");
    assert!(what.body.contains("Tuesday drop-in"), "the way that is left is offered");

    // Typed by hand all the same, it is stopped before anything goes.
    let aloud = save(&mut aisha, &what, &[("contact", "Write to 14, mill lane")]).await;
    aloud.says("Read it aloud");
    let agreement = aisha.get(&format!("{}/agreement", asked.base)).await;
    let check = save(&mut aisha, &agreement, &READ_ALOUD).await;
    check.says("Where they live is sealed");
    save(&mut aisha, &check, &[]).await.says("Where they live is sealed");
    let mut joan = world.worker(world.joan).await;
    joan.get("/inbox").await.never("Badger");

    let what = aisha.get(&format!("{}/what", asked.base)).await;
    save(&mut aisha, &what, &[("contact", "Tuesday drop-in, ask Joan")]).await;
    let agreement = aisha.get(&format!("{}/agreement", asked.base)).await;
    let check = save(&mut aisha, &agreement, &READ_ALOUD).await;
    check.never("Where they live is sealed");
    save(&mut aisha, &check, &[]).await;
    let received = inbox_link(&joan.get("/inbox").await);
    joan.get(&received).await.says("Tuesday drop-in").never("Mill Lane");
}
