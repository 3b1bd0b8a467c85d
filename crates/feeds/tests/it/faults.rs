//! - Given a feed with a fault, when it is fetched, then everything that can be had comes,
//!   what cannot is told, and nothing is taken for gone.
//! - Given a run that was broken off, when it is begun again, then it goes on where it was.
//! - Given a feed that was fetched before, then only what changed is sent.

use crate::simulator::{Behaviour, Simulator};
use kith_domain::time::Instant;
use kith_feeds::{FeedError, Fetched, Getter, Plan, Step, fetch};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

const NOW: Instant = Instant(1_795_000_000_000_000);

fn entries(n: usize) -> Vec<Value> {
    (0..n)
        .map(|n| json!({ "id": format!("s{n}"), "name": format!("Service {n}"), "description": "Tea.", "url": null, "phones": [{ "number": "01632 960000" }] }))
        .collect()
}

fn feed(n: usize) -> Behaviour {
    Behaviour {
        entries: entries(n),
        page_size: 4,
        counts_pages: true,
        shallow: true,
        versions: true,
        kind: "application/json",
        ..Behaviour::default()
    }
}

fn plan(simulator: &Simulator, folder: &Path) -> Plan {
    Plan {
        base: simulator.base.clone(),
        folder: folder.to_owned(),
        at_once: 3,
        per_page: 100,
        pages_max: 50,
        getter: Getter::new(Duration::from_secs(5), 3, Duration::from_millis(5)),
    }
}

fn fetched(simulator: &Simulator, folder: &Path) -> Fetched {
    fetch(&plan(simulator, folder), NOW, &|_| ()).unwrap()
}

/// Everything came, whole, in its order.
fn assert_all(fetched: &Fetched, n: usize) {
    let names: Vec<&str> = fetched.entries.iter().map(|e| e["name"].as_str().unwrap()).collect();
    let expected: Vec<String> = (0..n).map(|n| format!("Service {n}")).collect();
    assert_eq!(names, expected, "{:?}", fetched.notes);
    assert!(fetched.entries.iter().all(|e| e["phones"][0]["number"].is_string()), "each entry is whole");
}

#[test]
fn a_shallow_list_is_filled_from_each_entry() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(feed(10));
    let steps = Mutex::new(Vec::new());
    let done = fetch(&plan(&simulator, folder.path()), NOW, &|s| steps.lock().unwrap().push(s)).unwrap();
    assert_all(&done, 10);
    assert!(done.whole && done.notes.is_empty(), "{:?}", done.notes);
    let steps = steps.into_inner().unwrap();
    assert!(steps.contains(&Step::Page(3, Some(3))) && steps.contains(&Step::Entry(10, 10)));
}

#[test]
fn the_next_time_only_what_changed_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(feed(10));
    assert_eq!(fetched(&simulator, folder.path()).same, 0);
    simulator.change(|b| b.entries[3]["description"] = json!("Tea and cake."));
    let second = fetched(&simulator, folder.path());
    assert_all(&second, 10);
    assert_eq!((second.same, second.entries[3]["description"].as_str()), (9, Some("Tea and cake.")));
}

#[test]
fn one_dead_page_in_the_middle_leaves_a_hole_and_nothing_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(feed(20));
    fetched(&simulator, folder.path());
    for counts in [true, false] {
        simulator.change(|b| (b.dead_page, b.counts_pages) = (Some(3), counts));
        let done = fetched(&simulator, folder.path());
        assert_eq!(done.entries.len(), 16, "what comes after the hole is read");
        assert!(!done.whole && done.missing.is_empty());
        assert!(done.notes.iter().any(|n| n.contains("Page 3 could not be read")), "{:?}", done.notes);
    }
}

#[test]
fn what_is_missing_is_counted_only_when_the_whole_list_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(feed(10));
    fetched(&simulator, folder.path());
    simulator.change(|b| drop(b.entries.remove(2)));
    for runs in [1, 2] {
        let done = fetched(&simulator, folder.path());
        assert_eq!(done.missing.len(), 1);
        assert_eq!((done.missing[0].identifier.as_str(), done.missing[0].runs), ("s2", runs));
        assert_eq!(done.missing[0].last_seen, Some(NOW));
    }
    simulator.change(|b| b.entries = entries(10));
    assert!(fetched(&simulator, folder.path()).missing.is_empty());
}

#[test]
fn an_entry_that_fails_keeps_what_came_the_last_time() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(feed(6));
    fetched(&simulator, folder.path());
    simulator.change(|b| b.dead_entry = Some("s4".into()));
    let done = fetched(&simulator, folder.path());
    assert_all(&done, 6);
    assert!(done.notes[0].contains("s4 could not be read") && done.notes[0].contains("the last time"));

    let fresh = tempfile::tempdir().unwrap();
    let done = fetched(&simulator, fresh.path());
    assert!(done.entries[4]["phones"].is_null() && done.entries.len() == 6, "the list's own words are kept");
}

#[test]
fn a_broken_run_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(feed(12));
    let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        // The machine goes off in the middle of the entries.
        let _ = fetch(&plan(&simulator, folder.path()), NOW, &|s| assert!(!matches!(s, Step::Entry(6.., _))));
    }));
    assert!(stopped.is_err());
    simulator.asked();
    let done = fetched(&simulator, folder.path());
    assert_all(&done, 12);
    let asked = simulator.asked();
    assert!(!asked.iter().any(|p| p.contains("/services?page")), "no page is asked for again: {asked:?}");
    let again = asked.iter().filter(|p| p.starts_with("/services/")).count();
    assert!(again <= 9, "entries that came are not asked for again: {again}");
}

#[test]
fn busy_slow_and_out_of_breath_feeds_are_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(Behaviour { busy: 2, slow: 20, ..feed(5) });
    assert_all(&fetched(&simulator, folder.path()), 5);
    let simulator = Simulator::start(Behaviour { html: 2, ..feed(5) });
    let folder = tempfile::tempdir().unwrap();
    assert_all(&fetched(&simulator, folder.path()), 5);
}

#[test]
fn one_that_never_recovers_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(Behaviour { html: 99, ..feed(5) });
    let error = fetch(&plan(&simulator, folder.path()), NOW, &|_| ()).unwrap_err();
    assert_eq!(error, FeedError::NotJson { kind: "text/html".into() });
    let nobody = Plan { base: "http://127.0.0.1:9".into(), ..plan(&simulator, folder.path()) };
    assert!(matches!(fetch(&nobody, NOW, &|_| ()).unwrap_err(), FeedError::Silent(_)));
}

#[test]
fn a_wrong_content_type_and_changing_envelopes_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(Behaviour { kind: "text/plain", changing: true, ..feed(18) });
    let done = fetched(&simulator, folder.path());
    assert_all(&done, 18);
    assert!(done.notes.iter().any(|n| n.contains("text/plain")), "{:?}", done.notes);
}

#[test]
fn without_addresses_for_entries_the_list_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(Behaviour { no_entries: true, shallow: false, ..feed(9) });
    let done = fetched(&simulator, folder.path());
    assert_all(&done, 9);
    assert!(done.notes.iter().any(|n| n.contains("no entries of their own")));
}

#[test]
fn a_feed_that_ignores_the_page_ends() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = Simulator::start(Behaviour { ignores_page: true, counts_pages: false, ..feed(9) });
    let done = fetched(&simulator, folder.path());
    assert_all(&done, 4);
    assert!(done.notes.iter().any(|n| n.contains("repeats")));
}

#[test]
fn numbers_are_ids_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut behaviour = feed(3);
    for (n, entry) in behaviour.entries.iter_mut().enumerate() {
        entry["id"] = json!(n + 4_000);
    }
    assert_all(&fetched(&Simulator::start(behaviour), folder.path()), 3);
}
