//! The published scenarios. They are read from the shared folder (`KITH_SHARED`, or `../shared` beside
//! the repository); where that is absent these tests are counted as skipped.

use crate::beside;
use kith_second::{ScenarioFile, decide};

fn published() -> Option<ScenarioFile> {
    let path = beside::at("data/access_scenarios.json")?;
    let text = std::fs::read_to_string(path).expect("a file that is there can be read");
    Some(ScenarioFile::parse(&text).expect("the published file has the form we read"))
}

#[test]
fn every_published_scenario_is_decided_as_expected() {
    let Some(file) = published() else { return };
    assert!(file.scenarios.len() >= 42, "only {} scenarios were read", file.scenarios.len());
    let mut different = 0;
    for scenario in &file.scenarios {
        let decision = decide(&file.world, &scenario.request);
        for difference in scenario.expect.differences(&decision) {
            different += 1;
            println!("{} {}: {difference} ({})", scenario.id, scenario.title, decision.why());
        }
    }
    assert_eq!(different, 0, "differences are printed above");
    println!("{} scenarios agree", file.scenarios.len());
}

#[test]
fn without_the_decision_of_the_panel_the_same_requests_are_not_found() {
    let Some(mut file) = published() else { return };
    file.world.panel_decisions.clear();
    let mut asked = 0;
    for scenario in &file.scenarios {
        if matches!(scenario.request.actor.as_deref(), Some("coach_dwp_al" | "hr_bakery")) {
            asked += 1;
            let decision = decide(&file.world, &scenario.request);
            assert_eq!(decision.visibility(), Some("not_found"), "{}", scenario.id);
        }
    }
    assert!(asked >= 5);
}

#[test]
fn a_scenario_file_is_written_as_it_was_read() {
    let Some(file) = published() else { return };
    let written = serde_json::to_string(&file).expect("a file can be written");
    let again = ScenarioFile::parse(&written).expect("what was written can be read");
    assert_eq!(file, again);
}

#[test]
fn an_expectation_that_is_not_met_is_named() {
    let Some(mut file) = published() else { return };
    let scenario = &mut file.scenarios[0];
    scenario.expect.decision = "deny".to_owned();
    scenario.expect.visibility = Some("not_found".to_owned());
    let found = scenario.expect.differences(&decide(&file.world, &scenario.request));
    assert_eq!(found, ["decision: expected deny, got allow", "visibility: expected not_found, got seen"]);
}
