//! Open Referral UK (the UK profile of HSDS 3), in and out.
//!
//! [`publish`] writes an entry of the directory in that form. The standard has no place
//! for much of what people need before they go anywhere; that travels as coded attributes
//! (the standard's own way to say more, see [`terms`]) and as plain HSDS fields that the
//! UK profile leaves out: telephone numbers, who it is for in words, how to start. A
//! consumer that knows neither loses nothing that it could have understood.
//!
//! [`ask`] reads what a consumer asks of a list, and uses all of it.//!
//! A place that is kept secret is published as its wider area and nothing else. Ids of
//! parts are made from the entry's id and the number of the part, never from an address,
//! so that nobody can find an address out by trying.

pub mod ask;
pub mod esd;
pub mod feed;
pub mod older;
pub mod page;
pub mod publish;
pub mod read;
pub mod schedules;
pub mod tables;
pub mod terms;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The version that is published, as the validator of Open Referral UK reads it.
pub const VERSION: &str = "HSDS-UK-3.0";
/// The profile that is published.
pub const PROFILE: &str = "https://openreferraluk.org/specifications/3.0";

/// An id that is always the same for the same parts: SHA-256 of them, as a UUID of
/// version 8 (RFC 9562, section 5.8).
pub fn stable_id(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"kith directory");
    for part in parts {
        // The length before each part keeps ("ab", "c") apart from ("a", "bc").
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The id of a part of an entry: the number of a location, schedule, phone and so on.
pub(crate) fn part_id(entry: Uuid, what: &str, number: usize) -> Uuid {
    stable_id(&[&entry.to_string(), what, &number.to_string()])
}

/// A JSON object that is written without what is empty: the standard asks publishers to
/// leave out optional fields that have nothing in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object(Map<String, Value>);

impl Object {
    /// With an id.
    pub(crate) fn with_id(id: Uuid) -> Object {
        Object::default().set("id", id.to_string())
    }

    /// With another field, unless there is nothing to say.
    pub(crate) fn set(mut self, name: &str, value: impl Into<Value>) -> Object {
        let value = value.into();
        let empty = match &value {
            Value::Null => true,
            Value::String(s) => s.trim().is_empty(),
            Value::Array(a) => a.is_empty(),
            Value::Object(o) => o.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !empty {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    /// As JSON.
    pub(crate) fn json(self) -> Value {
        Value::Object(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_each_time_and_parts_are_kept_apart() {
        assert_eq!(stable_id(&["a", "b"]), stable_id(&["a", "b"]));
        assert_ne!(stable_id(&["ab", "c"]), stable_id(&["a", "bc"]));
        assert_eq!(stable_id(&["a"]).get_version_num(), 8);
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let object = Object::default().set("a", "").set("b", Vec::<Value>::new()).set("c", false).json();
        assert_eq!(object.to_string(), r#"{"c":false}"#);
    }
}
