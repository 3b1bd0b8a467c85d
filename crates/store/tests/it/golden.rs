//! Values that were once written can be read for ever. `tests/golden/<kind>_<schema>.json`
//! holds a list of values of a kind as they were stored under that schema number; each
//! must be readable, and what the newest schema wrote must come back whole. The files are
//! never rewritten: a form that changes gets `#[serde(default)]` where that says it all, or
//! a new schema number, an upcaster in `kinds.rs`, and a new file.

use kith_domain::record::Kind;
use kith_store::kinds::{newest_schema, restate};
use serde_json::Value;
use std::path::PathBuf;

fn file(kind: Kind, schema: u32) -> PathBuf {
    let name = format!("{}_{schema}.json", kind.code());
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn values(kind: Kind, schema: u32) -> Vec<Value> {
    let path = file(kind, schema);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing: every schema ever released has its file", path.display()));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_value_ever_written_can_be_read() {
    for kind in Kind::ALL {
        for schema in 1..=newest_schema(kind) {
            let all = values(kind, schema);
            assert!(!all.is_empty(), "{kind:?} {schema}");
            for value in all {
                let read = restate(kind, schema, &value.to_string());
                assert!(
                    read.is_ok(),
                    "a {} of schema {schema} can no longer be read: {:?}. Give a new field #[serde(default)], or \
                     raise the schema number and add an upcaster",
                    kind.code(),
                    read.err().map(|e| std::error::Error::source(&e).map(ToString::to_string))
                );
            }
        }
    }
}

#[test]
fn nothing_of_a_value_is_lost_in_reading() {
    for kind in Kind::ALL {
        let schema = newest_schema(kind);
        for value in values(kind, schema) {
            let again: Value =
                serde_json::from_str(&restate(kind, schema, &value.to_string()).unwrap()).unwrap();
            lost(kind, "", &value, &again);
        }
    }
}

/// Every field of `old` stands in `new` with the same value; `new` may have more.
fn lost(kind: Kind, place: &str, old: &Value, new: &Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in old {
                let place = format!("{place}.{name}");
                let now =
                    new.get(name).unwrap_or_else(|| panic!("{}{place} is lost in reading", kind.code()));
                lost(kind, &place, value, now);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            assert_eq!(old.len(), new.len(), "{}{place}", kind.code());
            old.iter().zip(new).for_each(|(old, new)| lost(kind, place, old, new));
        }
        _ => assert_eq!(old, new, "{}{place}", kind.code()),
    }
}

#[test]
fn a_newer_schema_is_refused_and_not_guessed_at() {
    let value = values(Kind::Need, 1).remove(0).to_string();
    assert!(restate(Kind::Need, newest_schema(Kind::Need) + 1, &value).is_err());
    assert!(restate(Kind::Need, 0, &value).is_err());
    assert!(restate(Kind::Referral, 1, &value).is_err(), "a need is not a referral");
}

#[test]
fn no_file_without_a_kind() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = Kind::ALL
            .into_iter()
            .any(|k| (1..=newest_schema(k)).any(|s| name == format!("{}_{s}.json", k.code())));
        assert!(known, "{name} is of no kind and schema that there is");
    }
}
