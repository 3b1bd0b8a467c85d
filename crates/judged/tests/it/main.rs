//! How well the finder finds, held to floors: whoever changes it sees here what that does to people's own
//! questions. The floors are a little below what was measured; `docs/finding.md` has the figures.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "../../../exchange/tests/it/beside.rs"]
mod beside;

use kith_domain::find::Config;
use kith_judged::corpus;
use kith_judged::measure::{Answer, Set, Total, answers};
use kith_judged::rankers::Way;

/// What has to be reached.
struct Floor {
    ndcg: f64,
    held_out: f64,
    nothing: f64,
    wrong: f64,
    /// So much better than the better of the other two ways.
    ahead: f64,
}

#[tokio::test]
async fn brackenford_is_found_well() {
    let set = Set::of(corpus::brackenford().await.unwrap()).unwrap();
    assert!(set.asked.len() >= 70 && set.judgements.len() >= 150);
    holds(&set, &Floor { ndcg: 0.82, held_out: 0.75, nothing: 0.02, wrong: 0.0, ahead: 0.15 });
}

#[tokio::test]
async fn trafford_is_found_well() {
    let Some(shared) = beside::at("") else { return };
    let trafford = corpus::trafford(&shared).unwrap().expect("Trafford's lists are in the open data");
    let set = Set::of(trafford).unwrap();
    assert!(set.asked.len() >= 50 && set.judgements.len() >= 150);
    holds(&set, &Floor { ndcg: 0.82, held_out: 0.75, nothing: 0.0, wrong: 0.01, ahead: 0.12 });
}

fn holds(set: &Set, floor: &Floor) {
    let of = |way| answers(set, way, &Config::default()).unwrap();
    let own: Vec<Answer> = of(Way::Kith);
    let all = Total::of(&own);
    let held = Total::of(own.iter().filter(|a| a.held_out));
    let other = Total::of(&of(Way::Words)).ndcg.max(Total::of(&of(Way::Distance)).ndcg);
    let said = format!("{}: {all:?}, held out {held:?}, others at best {other:.3}", set.corpus.name);
    println!("{said}");
    assert!(all.ndcg >= floor.ndcg && held.ndcg >= floor.held_out, "{said}");
    assert!(all.ndcg >= other + floor.ahead, "{said}");
    assert!(all.nothing <= floor.nothing && all.wrong <= floor.wrong, "{said}");
    let unanswerable: Vec<&str> = own.iter().filter(|a| a.ndcg.is_none()).map(|a| a.id.as_str()).collect();
    assert!(unanswerable.is_empty(), "nothing that was judged answers {unanswerable:?}");
    let unjudged: Vec<&str> =
        set.asked.iter().filter(|a| !set.judgements.has(&a.id)).map(|a| a.id.as_str()).collect();
    assert!(unjudged.is_empty(), "nobody judged {unjudged:?}");
}
