//! What whoever visits alone needs to know.
//!
//! - Given a dog that bites, when Aisha writes that down for whoever visits, then it stands first under
//!   Contact with its day, and Badger reads on his own pages what people who visit are told;
//! - when she hides it with a reason and a day, then he does not, and she looks at it again;
//! - after half a year the page asks whether it is still so.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use crate::referral::{day, person_of, today, with};
use axum::http::StatusCode;
use kith_domain::time::plus_days;

async fn write(aisha: &mut Browser, here: &str) -> Shown {
    let path = format!("{here}/note");
    let page = aisha.get(&path).await;
    let fields = [("words", "The dog bites at the gate"), ("contact", "no"), ("visiting", "yes")];
    aisha.submit(&page, &path, &fields).await
}

#[tokio::test]
async fn it_stands_first_and_the_person_reads_it_unless_that_is_dangerous() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let (person, here) = (person_of(&page), page.path.clone());
    let shown = write(&mut aisha, &here).await;
    shown.is(StatusCode::OK).says("Before you visit The dog bites at the gate");
    let mut own = world.person(person).await;
    own.get("/mine/plan").await.says("What people who visit me are told").says("The dog bites at the gate");
    let note = shown.links(&format!("{here}/notes/")).into_iter().next().expect("the note");
    let page = aisha.get(&note).await;
    let on = day("review", plus_days(today(&world), 30));
    let hide = [("hide", "yes"), ("hidden_reason", "He would send it away in anger")];
    aisha.submit(&page, &note, &with(&hide, &on)).await.is(StatusCode::OK);
    let plan = own.get("/mine/plan").await;
    plan.never("The dog bites").never("What people who visit me are told");
    world.pass_days(190);
    let mut aisha = world.worker(world.aisha).await;
    aisha.get(&here).await.says("Ask whether this is still so");
}

#[tokio::test]
async fn it_stands_first_also_when_somebody_was_reached_on_that_visit() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let here = add(&mut aisha, "Badger").await.path.clone();
    for (contact, words) in [("reached", "The third step is broken"), ("tried", "The dog bites at the gate")]
    {
        let path = format!("{here}/note");
        let page = aisha.get(&path).await;
        let fields = [("words", words), ("contact", contact), ("channel", "phone"), ("visiting", "yes")];
        let shown = aisha.submit(&page, &path, &fields).await;
        shown.is(StatusCode::OK).says("Before you visit").says(words);
    }
}
