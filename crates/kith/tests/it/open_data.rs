//! The open data of a served place, under a checker that knows nothing of Kith: the schemas
//! of Open Referral UK 3.0, paging, filters, and that other sites may read it.
//!
//! - Given Brackenford, then nothing fails.
//! - Given Trafford's real services, imported with the maps that come with Kith, then
//!   nothing fails.

use crate::beside;
use crate::browser::Site;
use crate::{fine, text};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The open data beside the repository, and a Python that can check schemas.
fn shared() -> Option<PathBuf> {
    beside::at(CHECKER)?;
    let python = Command::new("python3").args(["-c", "import jsonschema"]).output();
    if !python.is_ok_and(|p| p.status.success()) {
        beside::skipped("there is no python3 with jsonschema");
        return None;
    }
    beside::at("")
}

const CHECKER: &str = "data/directory/conformance/oruk_check.py";

/// Serves, checks, and tells what failed and what was remarked.
fn checked(shared: &Path, data: &str) -> Value {
    let site = Site::serve(&["--data", data]);
    let output = Command::new("python3")
        .arg(shared.join(CHECKER))
        .arg(format!("{}/oruk/v3", site.address()))
        .args(["--json", "--max-details", "40"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let report: Value = serde_json::from_str(&told).unwrap_or_else(|e| panic!("{e}: {told}"));
    assert!(report["checks_ok"].as_u64().unwrap() > 60, "it looked at something: {told}");
    report
}

/// Nothing failed, and nothing is remarked but entries that nobody has assured.
fn assert_passes(report: &Value) {
    assert_eq!(report["fails"], serde_json::json!([]), "{report}");
    let warnings = report["warnings"].as_array().unwrap();
    let others: Vec<&Value> =
        warnings.iter().filter(|w| !w.as_str().unwrap_or_default().contains("no assured_date")).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn brackenford_passes() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    fine(&["demo", "--data", data, "--people", "60"]);
    assert_passes(&checked(&shared, data));
}

#[test]
fn trafford_passes() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = text(&data);
    let example = folder.path().join("place.toml");
    std::fs::write(&example, fine(&["init", "--example"])).unwrap();
    fine(&["init", "--data", data, "--place", text(&example)]);
    let mut brought_in = 0;
    for map in std::fs::read_dir(root().join("maps/trafford")).unwrap() {
        let map = map.unwrap().path();
        let list = map.file_stem().unwrap().to_str().unwrap().to_owned();
        let file = shared.join(format!("data/directory/trafford/{list}.csv"));
        let arguments =
            ["import", "directory", text(&file), "--map", text(&map), "--data", data, "--write", "--json"];
        let output = crate::kith(&arguments);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{list}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        brought_in += report["changes"]["services_new"].as_array().unwrap().len();
    }
    assert_eq!(brought_in, 1_024);
    assert_passes(&checked(&shared, data));
}
