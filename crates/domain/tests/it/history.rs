//! Random histories of commands with random clocks.
//!
//! Whatever happens, in whatever order, with a clock that jumps: nothing is ever lost,
//! no referral is in a state that the published machine does not allow, no packet is
//! wider than its basis, and every wait is what the journal of moves says. After sixty
//! days in which no job runs and nobody does anything, still nothing is lost, and every
//! person who is waiting for somebody shows as overdue.

mod commands;
mod town;

use proptest::prelude::*;

use commands::any_history;
use town::Town;

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_ever_lost(history in any_history()) {
        let mut town = Town::new();
        for command in history {
            town.do_it(command);
            town.check();
        }
        town.sixty_days_without_jobs();
    }
}

/// The histories are worth something only if they get everywhere.
#[test]
fn the_histories_reach_every_state_and_every_event() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut reached = std::collections::BTreeMap::new();
    for _ in 0..260 {
        let mut town = Town::new();
        for command in any_history().new_tree(&mut runner).expect("any history").current() {
            town.do_it(command);
            town.check();
        }
        for (event, n) in town.reached() {
            *reached.entry(event).or_insert(0) += n;
        }
    }
    let times = |event: &&&str| reached.get(**event).copied().unwrap_or(0);
    let seldom: Vec<_> = town::EVENTS.iter().filter(|e| times(e) < 3).map(|e| (e, times(&e))).collect();
    assert!(seldom.is_empty(), "reached less than three times: {seldom:?}");
}
