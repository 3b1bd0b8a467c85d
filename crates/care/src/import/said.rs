//! Whose word each field of an imported entry is: its publisher's, or somebody's here.
//!
//! With each entry stands a fingerprint of what its publisher last said in each field. When
//! the list is brought in again, a field that still has that fingerprint follows the list;
//! one that has another was corrected here, by somebody who asked, and stays.

use kith_domain::directory::{Capacity, Contact, Group, Location, NeedCode, Service, Source};
use kith_domain::id::OrganisationId;
use kith_domain::record::Record;
use kith_domain::time::Day;
use kith_store::Common;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Fields that are nobody's claim, or have a rule of their own.
const NOT_CLAIMED: [&str; 6] = ["organisation", "team", "source", "capacity", "checked", "replaced_by"];

/// What services and groups have in common for an import.
pub(crate) trait Listing: Common + PartialEq {
    /// What is written in the journal the first time.
    const IMPORTED: &'static str;
    /// What is written in the journal after that.
    const AGAIN: &'static str;
    fn name(&self) -> &str;
    fn organisation(&self) -> OrganisationId;
    fn source(&self) -> &Source;
    fn source_mut(&mut self) -> &mut Source;
    fn first_place(&self) -> Option<&Location>;
    fn contact(&self) -> &Contact;
    fn need_codes(&self) -> &[NeedCode];
    /// Does a team here take requests for it?
    fn takes_requests(&self) -> bool;
    /// Takes over what only people here say: the team, and what they said of the space.
    fn said_here(&mut self, old: &Self);

    /// With a fingerprint of each field as it is now: what the publisher says.
    fn with_fingerprints(mut self) -> Self {
        let fields = fields(&self);
        self.source_mut().said = fields
            .iter()
            .filter(|(name, _)| claimed(name))
            .map(|(n, v)| (n.clone(), fingerprint(v)))
            .collect();
        self
    }
}

/// An entry as it is compared with others, to see whether two may be one.
pub(crate) fn compared(entry: &impl Listing, organisation: &str) -> kith_linkage::Listing {
    let contact = entry.contact();
    let mut l = kith_linkage::Listing {
        name: entry.name().to_owned(),
        organisation: organisation.to_owned(),
        phones: contact.phone.iter().cloned().collect(),
        web: contact.url.clone().unwrap_or_default(),
        email: contact.email.clone().unwrap_or_default(),
        kinds: entry.need_codes().iter().map(|n| n.as_str().to_owned()).collect(),
        ..kith_linkage::Listing::default()
    };
    if let Some(Location::At { address, postcode, point, .. }) = entry.first_place() {
        l.address.clone_from(address);
        l.postcode = postcode.as_ref().map(ToString::to_string).unwrap_or_default();
        l.point = point.map(|p| (p.lat, p.lon));
    }
    l
}

fn claimed(name: &str) -> bool {
    !NOT_CLAIMED.contains(&name)
}

fn keep_space(old: &Capacity, new: &mut Capacity) {
    if old.said_by.is_some() {
        *new = old.clone();
    }
}

fn later(old: Option<Day>, new: Option<Day>) -> Option<Day> {
    old.max(new)
}

macro_rules! listing {
    ($kind:ty, $imported:literal, $again:literal, $entry:ident => $place:expr, $also:expr) => {
        impl Listing for $kind {
            const IMPORTED: &'static str = $imported;
            const AGAIN: &'static str = $again;
            fn name(&self) -> &str {
                &self.name
            }
            fn organisation(&self) -> OrganisationId {
                self.organisation
            }
            fn source(&self) -> &Source {
                &self.source
            }
            fn source_mut(&mut self) -> &mut Source {
                &mut self.source
            }
            fn first_place(&self) -> Option<&Location> {
                let $entry = self;
                $place
            }
            fn contact(&self) -> &Contact {
                &self.contact
            }
            fn need_codes(&self) -> &[NeedCode] {
                &self.needs
            }
            fn takes_requests(&self) -> bool {
                self.team.is_some()
            }
            fn said_here(&mut self, old: &Self) {
                self.team = old.team;
                keep_space(&old.capacity, &mut self.capacity);
                self.checked = later(old.checked, self.checked);
                $also(self, old);
            }
        }
    };
}
listing!(Service, "service imported", "service imported again", s => s.locations.first(), |new: &mut Service, old: &Service| {
    // That it is one with another was said here, and stays until somebody here says otherwise.
    new.replaced_by = old.replaced_by;
});
listing!(Group, "group imported", "group imported again", g => Some(&g.location), |_: &mut Group, _: &Group| {});

/// The entry as the list has it now, with what people here have said since; and the fields
/// that were corrected here while the list says otherwise. An entry whose row only moved, or
/// that was only fetched again, is as it was.
pub(crate) fn up_to_date<T: Listing>(old: &T, new: T) -> (T, Vec<String>) {
    let mut fresh = new.with_fingerprints();
    fresh.said_here(old);
    let mut kept = Vec::new();
    let before = fields(old);
    let mut now = fields(&fresh);
    for (name, print) in &old.source().said {
        let Some(value) = before.get(name).filter(|v| claimed(name) && fingerprint(v) != *print) else {
            continue;
        };
        if now.get(name) != Some(value) {
            kept.push(name.replace('_', " "));
            now.insert(name.clone(), value.clone());
        }
    }
    if !kept.is_empty() {
        // Every field is one of an entry of this kind, so together they are one.
        fresh = serde_json::from_value(Value::Object(now)).unwrap_or(fresh);
    }
    let (row, fetched_at) = (old.source().row, old.source().fetched_at);
    let mut as_before = fresh.clone();
    as_before.source_mut().row = row;
    as_before.source_mut().fetched_at = fetched_at;
    if as_before == *old { (as_before, kept) } else { (fresh, kept) }
}

/// The parts of an entry that differ, in words; that it was fetched again is none.
pub(crate) fn differences<T: Listing>(old: &T, new: &T) -> Vec<String> {
    let old = fields(old);
    let new = fields(new);
    let differs = |name: &str, value: &Value| name != "source" && old.get(name) != Some(value);
    new.iter().filter(|(name, value)| differs(name, value)).map(|(name, _)| name.replace('_', " ")).collect()
}

/// Fields of an imported entry that were corrected here, in words.
pub fn corrected_here(source: &Source, entry: &impl Record) -> Vec<String> {
    let fields = fields(entry);
    let other = |(name, print): &(&String, &String)| {
        fields.get(*name).is_some_and(|value| claimed(name) && fingerprint(value) != **print)
    };
    source.said.iter().filter(other).map(|(name, _)| name.replace('_', " ")).collect()
}

fn fields(entry: &impl Record) -> Map<String, Value> {
    match serde_json::to_value(entry) {
        Ok(Value::Object(fields)) => fields,
        // An entry is plain data with text keys; it becomes an object.
        Ok(_) | Err(_) => Map::new(),
    }
}

/// The first eight bytes of the hash of a value: enough to tell whether it was changed.
fn fingerprint(value: &Value) -> String {
    let hash = Sha256::digest(value.to_string());
    hash[..8].iter().map(|b| format!("{b:02x}")).collect()
}
