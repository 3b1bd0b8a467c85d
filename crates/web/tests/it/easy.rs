//! The plan as easy read.
//!
//! - Given Badger, for whom paper is safe, when Aisha prints the easy one, then each sentence stands on
//!   a line of its own, with a place for a picture;
//! - given that nobody knows whether paper is safe, then it is refused, as any paper is.

use crate::harness::World;
use crate::people::add;
use axum::http::StatusCode;

#[tokio::test]
async fn each_sentence_has_its_line_and_paper_has_to_be_safe() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let here = add(&mut aisha, "Badger").await.path;
    let easy = format!("{here}/plan/print?easy=yes");
    let matters = format!("{here}/plan/matters");
    let page = aisha.get(&matters).await;
    let fields = [("words", "My dog is Biscuit. I like music."), ("own", "yes")];
    aisha.submit(&page, &matters, &fields).await.is(StatusCode::OK);
    aisha.get(&easy).await.is(StatusCode::UNPROCESSABLE_ENTITY).never("Biscuit");
    let safe = format!("{here}/safe-contact");
    let page = aisha.get(&safe).await;
    aisha.submit(&page, &safe, &[("paper", "yes")]).await.is(StatusCode::OK);
    let shown = aisha.get(&easy).await;
    shown.is(StatusCode::OK).says("My plan, easy to read");
    let lines: Vec<&str> = shown.body.matches("<span>My dog is Biscuit.</span>").collect();
    assert_eq!(lines.len(), 1, "{}", shown.text());
    assert!(shown.body.contains("<span>I like music.</span>"));
    assert!(shown.body.contains("kith-easy__picture"));
    aisha.get(&format!("{here}/plan/print")).await.says("One that is easy to read");
}
