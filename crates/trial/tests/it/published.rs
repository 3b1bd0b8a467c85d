//! - Given the published world written into a real database, when each published request is
//!   decided by both readings and asked for over HTTP, then each is answered as published.
//! - Given no decision of the panel, then the two roles that need one find nothing.
//! - Given an expectation that is wrong, then every way of asking says so: the trial can fail.

use kith_second::Role;
use kith_second::request::ScenarioFile;
use kith_store::{Database, Store};
use kith_trial::scenarios::{self, Held};

const FILE: &str = include_str!("../../../access/tests/data/access_scenarios.json");

async fn run(file: &ScenarioFile) -> Held {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Database::Folder(folder.path().to_owned())).await.unwrap();
    scenarios::run(store, file).await.unwrap()
}

#[tokio::test]
async fn every_published_scenario_holds_at_rule_level_and_over_http() {
    let held = run(&ScenarioFile::parse(FILE).unwrap()).await;
    assert_eq!(held.scenarios, 42);
    assert!(held.differences.is_empty(), "{}", held.differences.join("\n"));
    assert!(held.on_pages >= 1, "no allowed item was met on a page: the look at the pages is blind");
}

#[tokio::test]
async fn without_the_panels_decision_two_roles_find_nothing() {
    let mut file = ScenarioFile::parse(FILE).unwrap();
    file.world.panel_decisions.clear();
    let users = file.world.users.clone();
    let role = |name: &Option<String>| users.get(name.as_deref().unwrap_or_default()).map(|u| u.role);
    file.scenarios
        .retain(|s| matches!(role(&s.request.actor), Some(Role::WorkCoach | Role::EmployerContact)));
    for scenario in &mut file.scenarios {
        scenario.expect.decision = "deny".into();
        scenario.expect.visibility = Some("not_found".into());
    }
    let held = run(&file).await;
    assert_eq!(held.scenarios, 5);
    assert!(held.differences.is_empty(), "{}", held.differences.join("\n"));
}

#[tokio::test]
async fn a_wrong_expectation_is_found_each_way() {
    let mut file = ScenarioFile::parse(FILE).unwrap();
    file.scenarios.retain(|s| s.id == "S04" || s.id == "S18");
    for scenario in &mut file.scenarios {
        let allow = scenario.expect.decision == "allow";
        scenario.expect.decision = if allow { "deny" } else { "allow" }.into();
        scenario.expect.visibility = allow.then(|| "not_found".to_owned());
    }
    let held = run(&file).await;
    for way in ["[second reading]", "[rules]", "[HTTP]"] {
        for id in ["S04", "S18"] {
            let said = held.differences.iter().any(|d| d.starts_with(id) && d.contains(way));
            assert!(said, "{id} {way}: {:?}", held.differences);
        }
    }
}
