//! Whom to ask, ready for the page.

use crate::text;
use kith_care::mine::Reader;
use serde::Serialize;

/// Somebody to ask, and how to ring them.
#[derive(Clone, Debug, Serialize)]
pub struct AskView {
    /// Their name.
    pub name: String,
    /// Their team, when it is not the name already.
    pub team: Option<String>,
    /// The number as it is dialled, and as it is read.
    pub phone: Option<(String, String)>,
}

impl AskView {
    pub(crate) fn of(reader: &Reader) -> AskView {
        AskView {
            name: reader.name.clone(),
            team: (reader.team != reader.name).then(|| reader.team.clone()).filter(|t| !t.is_empty()),
            phone: reader.phone.as_deref().map(dialled),
        }
    }

    pub(crate) fn sample() -> AskView {
        AskView {
            name: "Aisha Rahman".into(),
            team: Some("Navigators".into()),
            phone: Some(dialled("01632 960001")),
        }
    }
}

/// The number as it is dialled, and as it is read.
pub(crate) fn dialled(number: &str) -> (String, String) {
    let dial: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let read = text::phone(number).map_or_else(|| number.to_owned(), |n| text::phone_grouped(&n));
    (format!("tel:{dial}"), read)
}
