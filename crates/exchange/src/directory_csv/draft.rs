//! An entry of the directory that came from a row, or from several.

use super::map::{Field, Map};
use kith_domain::directory::{Location, Service};
use kith_domain::id::OrganisationId;
use kith_domain::text;

/// The longest description, in characters.
pub(super) const DESCRIPTION_MAX: usize = text::WORDS;

/// An entry ready to be imported, before its organisation is known here.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The row it comes from.
    pub row: u32,
    /// The organisation, by name.
    pub organisation: String,
    /// The same for the same entry each time the file is imported: the publisher's
    /// identifier, or else name and postcode.
    pub key: String,
    /// The entry, with the nil organisation until [`Draft::into_service`].
    pub(super) service: Service,
}

impl Draft {
    /// An entry out of something else than a spreadsheet.
    pub fn new(row: u32, organisation: String, key: String, service: Service) -> Draft {
        Draft { row, organisation, key, service }
    }

    /// The entry as it would be.
    pub fn preview(&self) -> &Service {
        &self.service
    }

    /// The entry of an organisation.
    pub fn into_service(self, organisation: OrganisationId) -> Service {
        Service { organisation, ..self.service }
    }

    /// Puts another row of the same entry to this one: lists are put together, the
    /// description gets what is new, and of everything else the first row counts.
    pub(super) fn take_in(&mut self, other: Draft) {
        let (a, b) = (&mut self.service, other.service);
        add_new(&mut a.keywords, b.keywords);
        add_new(&mut a.areas, b.areas);
        add_new(&mut a.needs, b.needs);
        add_new(&mut a.delivery, b.delivery);
        add_new(&mut a.adjustments, b.adjustments);
        add_new(&mut a.cannot_adjust, b.cannot_adjust);
        add_new(&mut a.languages, b.languages);
        add_new(&mut a.joining, b.joining);
        add_new(&mut a.eligibility.not_for, b.eligibility.not_for);
        let promised = a.adjustments.clone();
        a.cannot_adjust.retain(|c| !promised.contains(c));
        let is_new =
            !b.description.is_empty() && !a.description.split("; ").any(|part| part == b.description);
        if is_new && a.description.chars().count() + b.description.chars().count() + 2 <= DESCRIPTION_MAX {
            a.description = [std::mem::take(&mut a.description), b.description]
                .into_iter()
                .filter(|d| !d.is_empty())
                .collect::<Vec<_>>()
                .join("; ");
        }
    }

    /// What makes it the same as another row, in words.
    pub(super) fn key_words(&self, map: &Map) -> String {
        let postcode = self
            .service
            .locations
            .first()
            .and_then(Location::postcode)
            .map_or(String::new(), |p| format!(", {p}"));
        if map.fields.contains_key(&Field::Identifier) {
            format!("identifier {}", self.key)
        } else {
            format!("{}{postcode}", self.service.name)
        }
    }

    /// The entry as JSON, without the organisation's id, which is not known yet.
    pub(super) fn json(&self) -> serde_json::Value {
        // A service is plain data with text keys; it cannot fail to become JSON.
        let mut service = serde_json::to_value(&self.service).unwrap_or_default();
        if let Some(object) = service.as_object_mut() {
            object.remove("organisation");
        }
        serde_json::json!({ "key": self.key, "organisation": self.organisation, "service": service })
    }
}

/// Adds what is not in the list yet.
pub(super) fn add_new<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}
