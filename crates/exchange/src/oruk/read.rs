//! An entry as somebody publishes it, in the form of HSDS 3 (Open Referral UK 3), read into
//! the directory's own terms.
//!
//! Nothing in a feed is trusted. A value that cannot be used is left out with a remark; an
//! entry is refused, with the reason, only when it would be wrong or lead people astray. An
//! entry that Kith itself wrote comes back as it was.

mod attributes;
mod clean;
mod when;
mod whereabouts;

pub use when::OneDay;

use crate::directory_csv::SourceMap;
use crate::place::PostcodeLookup;
use clean::{Remarks, id, list};
use jiff::civil::Date;
use kith_domain::directory::{
    Cost, Group, GroupJoining, Known, Language, Location, Service, ServiceStatus, Source, Welcome,
};
use kith_domain::id::OrganisationId;
use kith_domain::text;
use kith_domain::time::Instant;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What surrounds the entries of one feed.
pub struct Around<'a> {
    /// Who publishes it.
    pub source: &'a SourceMap,
    /// When it was fetched.
    pub fetched_at: Option<Instant>,
    /// The day of which it tells.
    pub today: Option<Date>,
    /// Names of organisations by their ids, for entries that give only the id.
    pub organisations: BTreeMap<String, String>,
    /// The postcodes of the place.
    pub postcodes: Option<&'a dyn PostcodeLookup>,
}

/// An entry that can be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The publisher's identifier.
    pub identifier: String,
    /// The organisation, by name.
    pub organisation: String,
    /// What it is, with the nil organisation.
    pub what: Imported,
    /// What was left out or changed.
    pub remarks: Vec<Remark>,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq)]
pub enum Imported {
    /// A service.
    Service(Box<Service>),
    /// A group, and the days on which it is different.
    Group(Box<Group>, Vec<OneDay>),
}

/// A value that was left out or changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Remark {
    /// The field.
    pub field: String,
    /// What was noticed and what became of it.
    pub words: String,
}

/// Why an entry is refused, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{why} {what_to_do}")]
pub struct Refused {
    /// The publisher's identifier, where there is one.
    pub identifier: Option<String>,
    /// Its name, where there is one.
    pub name: Option<String>,
    /// Why.
    pub why: String,
    /// What to do.
    pub what_to_do: String,
}

/// The longest description, in characters.
const DESCRIPTION_MAX: usize = text::WORDS;

/// Reads one entry.
///
/// # Errors
/// It is no object, has no name, or has nothing by which it can be known again.
pub fn read(entry: &Value, around: &Around<'_>) -> Result<Read, Refused> {
    let mut remarks = Remarks::default();
    let given = id(&entry["id"]);
    let refused = |name: Option<String>, why: &str, what_to_do: &str| Refused {
        identifier: given.clone(),
        name,
        why: why.to_owned(),
        what_to_do: what_to_do.to_owned(),
    };
    if !entry.is_object() {
        return Err(refused(None, "It is not an object.", "Ask the publisher to repair the feed."));
    }
    let Some(name) = remarks.text("name", &entry["name"], text::LINE, false) else {
        return Err(refused(None, "It has no name.", "Ask the publisher to name it, or take it out."));
    };
    let said = attributes::read(&entry["attributes"], &mut remarks);
    let organisation = organisation(entry, &name, around, &mut remarks);
    let mut service = Service::new(name, OrganisationId(Uuid::nil()));
    what(entry, &said, &mut service, &mut remarks);
    whereabouts::read(entry, around, &mut service, &mut remarks);
    who_for(entry, &said, &mut service, &mut remarks);
    how(entry, &said, &mut service, &mut remarks);
    let is_group = said.group && service.locations.len() == 1;
    let meets =
        is_group.then(|| when::rhythm(&entry["schedules"], said.closed_on_holidays, &mut remarks)).flatten();
    let identifier = given.clone().unwrap_or_else(|| by_name_and_place(&service));
    service.checked = remarks.day("assured_date", &entry["assured_date"]).or(around.source.published);
    service.source = source(entry, around, &identifier, &mut remarks);
    if said.group && meets.is_none() {
        remarks.say(
            "schedules",
            "It is a group, but nothing says where and when it meets. It is kept as a service.",
        );
    }
    let what = match meets {
        Some((rhythm, days)) => Imported::Group(Box::new(group(service, said, rhythm)), days),
        None => {
            service.opening = when::opening(&entry["schedules"], around.today, &mut remarks);
            Imported::Service(Box::new(service))
        }
    };
    Ok(Read { identifier, organisation, what, remarks: remarks.0 })
}

impl Imported {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Imported::Service(s) => &s.name,
            Imported::Group(g, _) => &g.name,
        }
    }
    /// Where it comes from.
    pub fn source(&self) -> &Source {
        match self {
            Imported::Service(s) => &s.source,
            Imported::Group(g, _) => &g.source,
        }
    }
}

/// What makes an entry without an id the same each time.
fn by_name_and_place(service: &Service) -> String {
    let place =
        service.locations.first().map(|l| l.postcode().map_or_else(|| l.words(), ToString::to_string));
    text::fold(&format!("{}|{}", service.name, place.unwrap_or_default()))
}

/// The name of the organisation; the entry's own name when nobody says.
fn organisation(entry: &Value, name: &str, around: &Around<'_>, remarks: &mut Remarks) -> String {
    let given = [&entry["organization"], &entry["organisation"]].into_iter().find(|v| !v.is_null());
    let whole = given.map_or(&Value::Null, |o| if o.is_object() { &o["name"] } else { o });
    if let Some(found) = remarks.text("organization", whole, text::LINE, false) {
        return found;
    }
    let by_id = [Some(&entry["organization_id"]), given.map(|o| &o["id"])].into_iter().flatten().find_map(id);
    match by_id.and_then(|id| around.organisations.get(&id).cloned()) {
        Some(found) => found,
        None => {
            remarks.say("organization", "Nobody says who runs it. Its own name is taken.");
            name.to_owned()
        }
    }
}

fn what(entry: &Value, said: &attributes::Said, service: &mut Service, remarks: &mut Remarks) {
    let text_of = |remarks: &mut Remarks, value: &Value| match said.own {
        true => remarks.text("description", value, DESCRIPTION_MAX, true),
        false => remarks.unmarked("description", value, DESCRIPTION_MAX),
    };
    let mut parts: Vec<String> = text_of(remarks, &entry["description"]).into_iter().collect();
    // What the standard keeps apart and people need beside the description.
    let more = [("alert", "Please note"), ("accreditations", "Accreditation"), ("wait_time", "Waiting time")];
    for (field, heading) in more {
        let found = remarks.unmarked(field, &entry[field], text::LINE * 5);
        parts.extend(found.map(|words| format!("{heading}: {words}")));
    }
    if said.joining.is_empty() && !said.group {
        let found = remarks.unmarked("application_process", &entry["application_process"], text::LINE * 5);
        parts.extend(found.map(|words| format!("How to start: {words}")));
    }
    service.description = parts.join("\n");
    if service.description.chars().count() > DESCRIPTION_MAX {
        service.description = service.description.chars().take(DESCRIPTION_MAX).collect();
        remarks.say("description", "It is too long. The rest is left out.");
    }
    service.areas = said.areas.clone();
    service.needs = said.needs.clone();
    service.keywords = said.keywords.clone();
    if !said.own {
        for area in said.needs.iter().filter_map(|n| n.area()) {
            if !service.areas.contains(&area) {
                service.areas.push(area);
            }
        }
    }
    service.adjustments = said.promised.clone();
    service.cannot_adjust = said.cannot.clone();
    service.status = status(entry, remarks);
    service.contact.email = remarks.email("email", &entry["email"]);
    service.contact.url = remarks.url("url", &entry["url"]);
    service.contact.phone = phone(entry, remarks);
}

fn status(entry: &Value, remarks: &mut Remarks) -> ServiceStatus {
    let Some(text) = remarks.text("status", &entry["status"], text::LINE, false) else {
        return ServiceStatus::Active;
    };
    ServiceStatus::from_code(&text).unwrap_or_else(|| {
        remarks.say(
            "status",
            "It is not active, inactive, defunct or temporarily closed. It is kept as not running.",
        );
        ServiceStatus::Inactive
    })
}

/// The first telephone number: of the entry, of a contact, then of the organisation.
fn phone(entry: &Value, remarks: &mut Remarks) -> Option<String> {
    let contacts = list(&entry["contacts"]).iter().flat_map(|c| list(&c["phones"]));
    let whole = list(&entry["organization"]["phones"]).iter();
    let numbers = list(&entry["phones"]).iter().chain(contacts).chain(whole);
    for one in numbers {
        let Some(number) = remarks.text("phones", &one["number"], text::LINE, false) else { continue };
        let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
        let filled = digits.len() >= 3 && digits.iter().any(|d| *d != '0');
        if filled {
            return Some(number);
        }
        remarks.say("phones", "A number stands for nothing. It is left out.");
    }
    None
}

fn who_for(entry: &Value, said: &attributes::Said, service: &mut Service, remarks: &mut Remarks) {
    let e = &mut service.eligibility;
    e.age_min = remarks.age("minimum_age", &entry["minimum_age"]);
    e.age_max = remarks.age("maximum_age", &entry["maximum_age"]);
    if let (Some(min), Some(max)) = (e.age_min, e.age_max)
        && min > max
    {
        remarks.say("minimum_age", "The youngest age is over the oldest. Both are left out.");
        (e.age_min, e.age_max) = (None, None);
    }
    e.gender = said.gender.clone();
    e.substance_use_ok = said.substance_use_ok;
    e.needs_diagnosis = said.needs_diagnosis;
    e.not_for = said.not_for.clone();
    let words = match said.own {
        true => {
            remarks.text("eligibility_description", &entry["eligibility_description"], DESCRIPTION_MAX, true)
        }
        false => {
            remarks.unmarked("eligibility_description", &entry["eligibility_description"], DESCRIPTION_MAX)
        }
    };
    let kept = std::mem::take(&mut e.text);
    e.text = words.into_iter().chain(Some(kept).filter(|k| !k.is_empty())).collect::<Vec<_>>().join("\n");
}

fn how(entry: &Value, said: &attributes::Said, service: &mut Service, remarks: &mut Remarks) {
    service
        .delivery
        .extend(said.delivery.iter().copied().filter(|d| !service.delivery.contains(d)).collect::<Vec<_>>());
    service.joining = said.joining.clone();
    service.offer = said.offer();
    service.capacity = said.capacity.clone();
    service.cost = cost(entry, remarks);
    for one in list(&entry["languages"]) {
        let name = if one.is_object() { &one["name"] } else { one };
        let found = remarks.text("languages", name, 80, false);
        let found = found.or_else(|| remarks.text("languages", &one["code"], 80, false));
        if let Some(language) = found.map(Language)
            && !service.languages.contains(&language)
        {
            service.languages.push(language);
        }
    }
}

fn cost(entry: &Value, remarks: &mut Remarks) -> Cost {
    use crate::oruk::publish::{FREE, NOT_FREE};
    let mut free = Known::NotSaid;
    let mut words: Vec<String> = Vec::new();
    for one in list(&entry["cost_options"]).iter().filter(|v| v.is_object()) {
        let option = remarks.text("cost_options", &one["option"], text::LINE, false).unwrap_or_default();
        let about =
            remarks.text("cost_options", &one["amount_description"], text::LINE, false).unwrap_or_default();
        let amount = remarks.number("cost_options", &one["amount"]);
        let is_free = amount == Some(0.0) || (amount.is_none() && option.eq_ignore_ascii_case(FREE));
        let charged = amount.is_some_and(|a| a > 0.0) || option == NOT_FREE;
        free = match (free, is_free, charged) {
            (_, _, true) => Known::No,
            (Known::NotSaid, true, _) => Known::Yes,
            (before, ..) => before,
        };
        let pounds = amount.filter(|a| *a > 0.0).map(|a| format!("£{a:.2}")).unwrap_or_default();
        let named =
            if option == NOT_FREE || option.eq_ignore_ascii_case(FREE) { String::new() } else { option };
        let line =
            [named, pounds, about].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ");
        words.extend(Some(line).filter(|l| !l.is_empty()));
    }
    let fees = [&entry["fees"], &entry["fees_description"]];
    let fees = fees.into_iter().find_map(|v| remarks.text("fees", v, text::LINE * 5, true));
    Cost { free, text: fees.unwrap_or_else(|| words.join("; ")) }
}

/// Who published it. An entry that was passed on keeps the words its first publisher asks
/// for.
fn source(entry: &Value, around: &Around<'_>, identifier: &str, remarks: &mut Remarks) -> Source {
    let feed = around.source;
    let first = remarks.text("source", &entry["source"]["attribution"], text::LINE * 5, false);
    let attribution = match first {
        Some(first) if !feed.attribution.contains(&first) => format!("{} {first}", feed.attribution),
        _ => feed.attribution.clone(),
    };
    Source {
        publisher: feed.publisher.clone(),
        list: feed.name.clone(),
        licence: feed.licence.clone(),
        attribution: attribution.trim().to_owned(),
        url: feed.url.clone(),
        identifier: Some(identifier.to_owned()),
        row: None,
        fetched_at: around.fetched_at,
        said: BTreeMap::new(),
    }
}

fn group(service: Service, said: attributes::Said, rhythm: kith_domain::directory::Rhythm) -> Group {
    let place = service.locations.into_iter().next().unwrap_or_else(|| Location::at("", None));
    let mut group = Group::new(service.name, service.organisation, place, rhythm);
    group.run_by = said.run_by;
    group.description = service.description;
    group.areas = service.areas;
    group.needs = service.needs;
    group.interests = said.interests;
    group.status = service.status;
    group.welcome = Welcome { ..said.welcome };
    group.eligibility = service.eligibility;
    group.capacity = service.capacity;
    group.adjustments = service.adjustments;
    group.cannot_adjust = service.cannot_adjust;
    group.languages = service.languages;
    group.cost = service.cost;
    group.written_down = said.written_down;
    group.joining = if said.tell_first { GroupJoining::TellUsFirst } else { GroupJoining::JustCome };
    group.contact = service.contact;
    group.source = service.source;
    group.checked = service.checked;
    group
}
