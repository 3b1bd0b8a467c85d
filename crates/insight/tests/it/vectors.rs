//! Vectors of other packages, read where they lie: in the folder that `KITH_SHARED` names,
//! or in `../shared` beside the repository. They are not part of the repository, because
//! several have licences of their own; without the folder these tests are counted as skipped.

use crate::beside;
use kith_insight::table::Table;
use serde_json::Value;

/// The text of a file of vectors, where there is open data.
pub fn text(name: &str) -> Option<String> {
    let path = beside::at(&format!("data/analytics/{name}"))?;
    Some(std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

/// A file of vectors as JSON.
pub fn json(name: &str) -> Option<Value> {
    text(name).map(|text| serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// A file of vectors as a table.
pub fn table(name: &str) -> Option<Table> {
    text(name).map(|text| Table::read(&text).unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// A number of a JSON value, whatever way R wrote it.
pub fn number(value: &Value) -> f64 {
    match value {
        Value::Array(one) if one.len() == 1 => number(&one[0]),
        Value::String(text) => match text.as_str() {
            "Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            other => other.parse().unwrap_or(f64::NAN),
        },
        other => other.as_f64().unwrap_or(f64::NAN),
    }
}

/// The numbers of a JSON list.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().map(number).collect(),
        other => vec![number(other)],
    }
}

/// Fails, naming the case, unless two numbers agree to within a relative (or, near
/// nought, absolute) difference. Two values that are both not numbers agree.
#[track_caller]
pub fn near(case: &str, ours: f64, theirs: f64, within: f64) {
    if ours.is_nan() && theirs.is_nan() || ours == theirs {
        return;
    }
    let difference = (ours - theirs).abs();
    assert!(
        difference <= within * theirs.abs().max(1.0),
        "{case}: ours {ours}, theirs {theirs}, apart {difference}"
    );
}

/// Whether the long simulations run (`KITH_LONG=1`).
pub fn long() -> bool {
    std::env::var_os("KITH_LONG").is_some_and(|v| v == "1")
}
