//! Older and other shapes, brought into that of HSDS 3: Open Referral UK 1, Outpost, nested
//! HSDS 1 and 2. Names are moved and nothing is judged; [`super::read`] does that.
//!
//! A field is moved only where the newer one is missing. So an entry of any shape can go
//! through here, also one of a feed that changes its shape on the way.

use super::publish::FREE;
use super::terms::{self, Fact, List};
use kith_domain::time::Day;
use serde_json::{Map, Value, json};

/// One page of a list, whatever the publisher calls its parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope {
    /// The entries.
    pub entries: Vec<Value>,
    /// How many there are in all, when it says so.
    pub total: Option<u64>,
    /// How many pages there are, when it says so.
    pub pages: Option<u64>,
}

/// Names under which publishers put the entries of a page.
const ENTRIES: [&str; 8] =
    ["contents", "content", "items", "results", "data", "services", "organizations", "value"];

/// Takes a page apart; nothing when it is no page.
pub fn envelope(page: &Value) -> Option<Envelope> {
    if let Some(entries) = page.as_array() {
        return Some(Envelope { entries: entries.clone(), ..Envelope::default() });
    }
    let object = page.as_object()?;
    let number = |names: &[&str]| names.iter().find_map(|n| whole(object.get(*n)?));
    let (name, entries) =
        ENTRIES.iter().find_map(|n| Some((*n, object.get(*n).filter(|v| !v.is_null())?)))?;
    let inner = match entries {
        Value::Array(entries) => Envelope { entries: entries.clone(), ..Envelope::default() },
        // {"data": {"items": [...]}}
        Value::Object(_) if name == "data" => envelope(entries)?,
        _ => return None,
    };
    Some(Envelope {
        total: number(&["total_items", "totalElements", "total_elements", "total", "totalItems"])
            .or(inner.total),
        pages: number(&["total_pages", "totalPages", "pages"]).or(inner.pages),
        entries: inner.entries,
    })
}

fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The entry in the shape of HSDS 3. `today` tells what is not shown yet or any more.
pub fn to_v3(entry: &Value, today: Option<Day>) -> Value {
    let Some(object) = entry.as_object() else { return entry.clone() };
    let mut out = object.clone();
    rename(&mut out, "_id", "id");
    rename(&mut out, "organisation", "organization");
    rename(&mut out, "min_age", "minimum_age");
    rename(&mut out, "max_age", "maximum_age");
    eligibility(&mut out);
    schedules(&mut out);
    let attributes = attributes(&out);
    if !attributes.is_empty() {
        append(&mut out, "attributes", attributes);
    }
    places(&mut out);
    languages(&mut out);
    costs(&mut out);
    shown(&mut out, today);
    Value::Object(out)
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if object.get(to).is_none_or(Value::is_null)
        && let Some(value) = object.get(from).cloned()
    {
        object.insert(to.to_owned(), value);
    }
}

fn append(object: &mut Map<String, Value>, name: &str, more: Vec<Value>) {
    let mut all = all(object.get(name)).to_vec();
    all.extend(more);
    object.insert(name.to_owned(), Value::Array(all));
}

fn all(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(all)) => all,
        _ => &[],
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().map(str::trim).filter(|t| !t.is_empty())
}

/// v1: `eligibilitys`, with ages in it; HSDS 1: `eligibility`.
fn eligibility(out: &mut Map<String, Value>) {
    let each: Vec<Value> =
        ["eligibilitys", "eligibility"].iter().flat_map(|n| all(out.get(*n)).to_vec()).collect();
    let first = |name: &str| each.iter().find_map(|e| e.get(name).filter(|v| !v.is_null()).cloned());
    for name in ["minimum_age", "maximum_age"] {
        if let (true, Some(age)) = (out.get(name).is_none_or(Value::is_null), first(name)) {
            out.insert(name.to_owned(), age);
        }
    }
    let words: Vec<&str> = each.iter().filter_map(|e| text(e, "eligibility")).collect();
    if out.get("eligibility_description").is_none_or(Value::is_null) && !words.is_empty() {
        out.insert("eligibility_description".into(), words.join("\n").into());
    }
}

/// `regular_schedules` of the entry, and of its places.
fn schedules(out: &mut Map<String, Value>) {
    if !all(out.get("schedules")).is_empty() {
        return;
    }
    let own = all(out.get("regular_schedules")).to_vec();
    let at: Vec<Value> = all(out.get("service_at_locations"))
        .iter()
        .flat_map(|at| all(at.get("regular_schedules")).iter().chain(all(at.get("schedules"))).cloned())
        .collect();
    let lines = if own.is_empty() { at } else { own };
    let moved: Vec<Value> = lines
        .into_iter()
        .map(|mut line| {
            if let Some(object) = line.as_object_mut() {
                rename(object, "weekday", "byday");
                if object.get("byday").is_some_and(|v| !v.is_null())
                    && object.get("freq").is_none_or(Value::is_null)
                {
                    object.insert("freq".into(), "WEEKLY".into());
                }
            }
            line
        })
        .collect();
    if !moved.is_empty() {
        out.insert("schedules".into(), moved.into());
    }
}

/// Lists of codes that older shapes keep in lists of their own.
fn attributes(out: &Map<String, Value>) -> Vec<Value> {
    let mut found = Vec::new();
    for name in ["service_taxonomys", "service_taxonomies", "services_taxonomy"] {
        for link in all(out.get(name)) {
            let term = link.get("taxonomy").filter(|t| t.is_object()).unwrap_or(link);
            found.push(attribute(term));
        }
    }
    for name in ["taxonomies", "send_needs", "suitabilities", "accessibilities"] {
        found.extend(all(out.get(name)).iter().filter(|t| t.is_object()).map(attribute));
    }
    if out.get("needs_referral").and_then(Value::as_bool) == Some(true) {
        found.extend(terms::by_code(List::Joining, "referral").map(|t| json!({ "taxonomy_term": t.json() })));
    }
    found
}

/// A term as an attribute. The number of a service type stands in its id or its address.
fn attribute(term: &Value) -> Value {
    let id =
        term.get("id").map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default();
    let vocabulary = text(term, "vocabulary").unwrap_or_default().to_ascii_lowercase();
    let bare = id.bytes().all(|b| b.is_ascii_digit()) && !id.is_empty();
    let types = vocabulary.contains("esdservice") || vocabulary.contains("englishandwelshservices");
    let code = if bare && types { format!("esdServiceType:{id}") } else { id };
    let mut whole = term.clone();
    if let Some(object) = whole.as_object_mut() {
        object.insert("code".into(), code.into());
        object.remove("id");
    }
    json!({ "taxonomy_term": whole })
}

/// Addresses and points, and what is masked.
fn places(out: &mut Map<String, Value>) {
    if let Some(Value::Array(at)) = out.get_mut("service_at_locations") {
        for place in at.iter_mut().filter_map(|at| at.get_mut("location")) {
            one_place(place);
        }
    }
    if let Some(Value::Array(places)) = out.get_mut("locations") {
        places.iter_mut().for_each(one_place);
    }
}

fn one_place(place: &mut Value) {
    let Some(object) = place.as_object_mut() else { return };
    if object.get("mask_exact_address").and_then(Value::as_bool) == Some(true) {
        let city = object.get("city").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let area = if city.is_empty() { String::new() } else { format!("in {city}") };
        let term = terms::by_code(List::Facts, Fact::PrivatePlace.code()).map(|t| t.json());
        // Nothing else of it goes on from here.
        *place = json!({
            "location_type": "physical",
            "description": area,
            "attributes": [{ "taxonomy_term": term, "value": "yes" }],
        });
        return;
    }
    rename(object, "physical_addresses", "addresses");
    rename(object, "physical_address", "addresses");
    if all(object.get("addresses")).is_empty()
        && (object.contains_key("address_1") || object.contains_key("postal_code"))
    {
        let part = |name: &str| object.get(name).cloned().unwrap_or(Value::Null);
        let address = json!({
            "address_1": part("address_1"), "city": part("city"), "state_province": part("state_province"),
            "postal_code": part("postal_code"), "country": part("country"),
        });
        object.insert("addresses".into(), json!([address]));
    }
    let point = object.get("geometry").and_then(|g| g.get("coordinates")).cloned();
    if let Some([lon, lat]) =
        point.as_ref().and_then(Value::as_array).and_then(|p| p.get(..2)).map(|p| [&p[0], &p[1]])
    {
        for (name, value) in [("latitude", lat), ("longitude", lon)] {
            if object.get(name).is_none_or(Value::is_null) {
                object.insert(name.to_owned(), value.clone());
            }
        }
    }
}

fn languages(out: &mut Map<String, Value>) {
    if let Some(Value::Array(languages)) = out.get_mut("languages") {
        for object in languages.iter_mut().filter_map(Value::as_object_mut) {
            rename(object, "language", "name");
        }
    }
}

/// Outpost says `free: true` and may have no cost at all beside it.
fn costs(out: &mut Map<String, Value>) {
    if let Some(free) = out.get("free").and_then(Value::as_bool)
        && all(out.get("cost_options")).is_empty()
    {
        let option = if free {
            json!({ "option": FREE, "amount": 0 })
        } else {
            json!({ "option": super::publish::NOT_FREE })
        };
        out.insert("cost_options".into(), json!([option]));
    }
}

/// Outpost shows an entry from a day and until a day.
fn shown(out: &mut Map<String, Value>, today: Option<Day>) {
    let Some(today) = today else { return };
    let day = |name: &str| out.get(name)?.as_str()?.get(..10)?.parse::<Day>().ok();
    let early = day("visible_from").is_some_and(|from| today < from);
    let late = day("visible_to").is_some_and(|to| to < today);
    if early || late {
        out.insert("status".into(), "inactive".into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_of_every_kind() {
        for (page, total) in [
            (json!({ "total_items": 7, "contents": [1, 2] }), Some(7)),
            (json!({ "totalElements": "7", "content": [1, 2] }), Some(7)),
            (json!({ "data": { "items": [1, 2] }, "total": 7 }), Some(7)),
            (json!([1, 2]), None),
        ] {
            let found = envelope(&page).unwrap();
            assert_eq!((found.entries.len(), found.total), (2, total), "{page}");
        }
        assert_eq!(envelope(&json!({ "error": "no" })), None);
        assert_eq!(envelope(&json!({ "contents": "what" })), None);
        assert_eq!(envelope(&json!({ "contents": null })), None);
    }

    #[test]
    fn a_masked_address_is_not_carried_on() {
        let entry = json!({ "id": 1, "locations": [{ "mask_exact_address": true, "address_1": "9 Secret Way",
            "city": "Lode", "postal_code": "QB1 1AA", "geometry": { "coordinates": [-1.0, 53.0] } }] });
        let moved = to_v3(&entry, None);
        let text = moved.to_string();
        assert!(!text.contains("Secret") && !text.contains("QB1") && !text.contains("53.0"), "{text}");
        assert_eq!(moved["locations"][0]["description"], "in Lode");
    }
}
