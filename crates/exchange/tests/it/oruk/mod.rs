//! Open Referral UK: out and in again, other shapes, and feeds that are broken.

mod hostile;
mod made;
mod round_trip;
mod shapes;

use kith_domain::id::OrganisationId;
use kith_domain::organisation::Organisation;
use kith_domain::time::Instant;
use kith_exchange::directory_csv::SourceMap;
use kith_exchange::oruk::publish::{Depth, Entry, Feed, What, service};
use kith_exchange::oruk::read::Around;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

pub fn source() -> SourceMap {
    SourceMap {
        name: "Lode directory".into(),
        publisher: "Lode Council".into(),
        licence: "Open Government Licence v3.0".into(),
        attribution: "Contains information from Lode Council.".into(),
        url: None,
        published: None,
    }
}

pub fn around(source: &SourceMap) -> Around<'_> {
    Around {
        source,
        fetched_at: None,
        today: Some(jiff::civil::date(2026, 11, 23)),
        organisations: BTreeMap::new(),
        postcodes: None,
    }
}

/// An entry as it is published, through text and back.
pub fn published(id: u128, what: What<'_>, organisation: Option<(OrganisationId, &Organisation)>) -> Value {
    let entry = Entry { id: Uuid::from_u128(id), modified: Instant(0), what, organisation };
    let feed = Feed { place: "Lode", today: jiff::civil::date(2026, 11, 23) };
    let text = service(&entry, &feed, Depth::Full).to_string();
    serde_json::from_str(&text).unwrap()
}
