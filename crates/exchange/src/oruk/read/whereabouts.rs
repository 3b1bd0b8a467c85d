//! Where an entry is and whom it serves, out of a feed. A place that is marked as secret
//! keeps nothing but its wider area, whatever else the feed says of it.

use super::clean::{Remarks, list};
use super::{Around, attributes};
use crate::oruk::publish::{ANYWHERE, FROM_PLACE, PLACE_CODES, POSTCODE_DISTRICT};
use kith_domain::directory::{Delivery, Location, Serves, Service};
use kith_domain::place::{Outward, PlaceCode, Point, Postcode, PostcodeFact};
use kith_domain::text;
use serde_json::Value;

/// How far a published point may be from the middle of its postcode before it is not
/// believed, in metres.
const POINT_OFF_MAX: f64 = 2_000.0;
const ADDRESS_MAX: usize = 300;

pub(super) fn read(entry: &Value, around: &Around<'_>, service: &mut Service, remarks: &mut Remarks) {
    let at = list(&entry["service_at_locations"]).iter().map(|at| &at["location"]);
    let places = at.chain(list(&entry["locations"])).filter(|l| l.is_object());
    for place in places {
        let kind = place["location_type"].as_str().unwrap_or_default();
        if kind.eq_ignore_ascii_case("virtual") {
            if !service.delivery.contains(&Delivery::Online) {
                service.delivery.push(Delivery::Online);
            }
            continue;
        }
        if let Some(found) = location(place, around, remarks)
            && !service.locations.contains(&found)
        {
            service.locations.push(found);
        }
    }
    (service.serves, service.eligibility.text) = serves(&entry["service_areas"], remarks);
}

fn codes(place: &Value) -> Vec<PlaceCode> {
    let known = place["external_identifier_type"].as_str() == Some(PLACE_CODES);
    let text = place["external_identifier"].as_str().filter(|_| known).unwrap_or_default();
    text.split_whitespace().filter_map(|code| PlaceCode::parse(code).ok()).collect()
}

fn location(place: &Value, around: &Around<'_>, remarks: &mut Remarks) -> Option<Location> {
    let mut places = codes(place);
    let address = list(&place["addresses"]).iter().find(|a| a.is_object()).unwrap_or(&Value::Null);
    if attributes::is_private(&place["attributes"]) {
        let area = remarks.text("location", &place["description"], text::LINE, false);
        let city =
            || remarks.text("location", &address["city"], text::LINE, false).map(|c| format!("in {c}"));
        let area = area.or_else(city).unwrap_or_else(|| "somewhere in the area".to_owned());
        return Some(Location::Confidential { area, place: places.pop() });
    }
    let written = [&address["postal_code"], &place["postal_code"]];
    let written = written.into_iter().find_map(|v| remarks.text("postal_code", v, text::LINE, false));
    let postcode = written.and_then(|text| {
        let read = Postcode::parse(&text).ok();
        if read.is_none() {
            remarks.say("postal_code", "It does not have the shape of a postcode. It is left out.");
        }
        read
    });
    let fact = postcode.as_ref().and_then(|p| look_up(p, around, remarks));
    let lines = line(place, address, remarks);
    let point = point(place, fact.as_ref(), remarks);
    for code in fact.map(|f| f.places()).unwrap_or_default() {
        if !places.contains(&code) {
            places.push(code);
        }
    }
    let name = remarks.text("location", &place["name"], text::LINE, false);
    let nothing = lines.is_empty() && postcode.is_none() && point.is_none() && name.is_none();
    (!nothing).then_some(Location::At { name, address: lines, postcode, point, places })
}

/// The address in one line, without the postcode.
fn line(place: &Value, address: &Value, remarks: &mut Remarks) -> String {
    let mut parts: Vec<String> = Vec::new();
    let town = address["city_from"].as_str() != Some(FROM_PLACE);
    for field in ["attention", "address_1", "address_2", "city"] {
        if field == "city" && !town {
            continue;
        }
        if let Some(part) = remarks.text("address", &address[field], ADDRESS_MAX, false) {
            let part = part.trim_end_matches(',').trim().to_owned();
            // Some repeat the town in the first line.
            let there = parts.iter().any(|p| p == &part || p.rsplit(", ").next() == Some(part.as_str()));
            if !there {
                parts.push(part);
            }
        }
    }
    let line = parts.join(", ");
    if line.is_empty() {
        return remarks.text("location", &place["description"], ADDRESS_MAX, false).unwrap_or_default();
    }
    line.chars().take(ADDRESS_MAX).collect()
}

fn look_up(postcode: &Postcode, around: &Around<'_>, remarks: &mut Remarks) -> Option<PostcodeFact> {
    let table = around.postcodes?;
    let found = table.find(postcode);
    if found.is_none() && table.covers(&postcode.outward()) {
        remarks.say(
            "postal_code",
            "It is not in the list of postcodes in use. It may be new, closed or mistyped.",
        );
    }
    found.cloned()
}

/// The published point, unless it is far from the postcode; otherwise the middle of that.
fn point(place: &Value, fact: Option<&PostcodeFact>, remarks: &mut Remarks) -> Option<Point> {
    let middle = fact.and_then(|f| f.point);
    let lat = remarks.number("latitude", &place["latitude"]);
    let lon = remarks.number("longitude", &place["longitude"]);
    let (Some(lat), Some(lon)) = (lat, lon) else { return middle };
    match Point::new(lat, lon) {
        Ok(point) if !point.in_the_uk() => {
            remarks.say("latitude", "The point is not in the United Kingdom. It is left out.");
            middle
        }
        Ok(point) => match middle {
            Some(middle) if point.metres_to(middle) > POINT_OFF_MAX => {
                remarks.say(
                    "latitude",
                    "The point is far from the postcode. The middle of the postcode is used.",
                );
                Some(middle)
            }
            _ => Some(point),
        },
        Err(why) => {
            remarks.say("latitude", format!("It cannot be: {why}. It is left out."));
            middle
        }
    }
}

/// Whom it serves, and in words what no code says.
fn serves(areas: &Value, remarks: &mut Remarks) -> (Serves, String) {
    let (mut places, mut postcodes, mut words) = (Vec::new(), Vec::new(), Vec::new());
    let mut anywhere = false;
    for area in list(areas).iter().filter(|a| a.is_object()) {
        let kind = area["extent_type"].as_str().unwrap_or_default();
        let extent = area["extent"].as_str().unwrap_or_default();
        let uri = area["uri"].as_str().unwrap_or_default();
        let by_uri = uri.rsplit_once("/statistical-geography/").map(|(_, code)| code);
        let code = if kind == PLACE_CODES { Some(extent) } else { by_uri };
        if let Some(code) = code.and_then(|c| PlaceCode::parse(c).ok()) {
            places.push(code);
        } else if kind == POSTCODE_DISTRICT
            && let Ok(half) = Outward::parse(extent)
        {
            postcodes.push(half);
        } else {
            let names = [&area["name"], &area["service_area"]];
            let name = names.into_iter().find_map(|v| remarks.text("service_areas", v, text::LINE, false));
            match name {
                Some(name) if is_everywhere(&name) => anywhere = true,
                Some(name) if !words.contains(&name) => words.push(name),
                _ => {}
            }
        }
    }
    let text = if words.is_empty() { String::new() } else { format!("Serves: {}", words.join("; ")) };
    let serves = match (anywhere, places.is_empty() && postcodes.is_empty()) {
        (true, _) => Serves::Anywhere,
        (false, false) => Serves::Places { places, postcodes },
        (false, true) => Serves::NotSaid,
    };
    (serves, text)
}

fn is_everywhere(name: &str) -> bool {
    let name = name.to_lowercase();
    name == ANYWHERE.to_lowercase()
        || ["national", "nationwide", "england", "uk", "united kingdom", "anywhere in the uk"]
            .contains(&name.as_str())
}
