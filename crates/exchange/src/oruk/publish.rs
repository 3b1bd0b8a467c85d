//! An entry of the directory as Open Referral UK writes it.

use super::terms::{self, Fact, List, Term};
use super::{Object, PROFILE, VERSION, esd, part_id, schedules};
use kith_domain::area::Area;
use kith_domain::directory::{
    AdjustmentCode, Capacity, Contact, Cost, Eligibility, GenderPolicy, Group, GroupJoining, Known, Language,
    Location, NeedCode, Offer, Serves, Service, ServiceStatus, Session, Source, Space, WrittenDown,
};
use kith_domain::id::OrganisationId;
use kith_domain::organisation::Organisation;
use kith_domain::time::{Day, Instant};
use serde_json::{Value, json};
use uuid::Uuid;

/// What an entry is.
#[derive(Clone, Debug)]
pub enum What<'a> {
    /// A service.
    Service(&'a Service),
    /// A group, with the sessions that differ from its rhythm.
    Group(&'a Group, Vec<&'a Session>),
}

/// An entry with what stands around it.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its id.
    pub id: Uuid,
    /// When it was last changed.
    pub modified: Instant,
    /// What it is.
    pub what: What<'a>,
    /// The organisation that runs it, when it is known.
    pub organisation: Option<(OrganisationId, &'a Organisation)>,
}

impl Entry<'_> {
    /// How many places it has.
    pub fn locations(&self) -> usize {
        self.what.common().locations.len()
    }
    /// One of its places.
    pub fn location(&self, number: usize) -> Option<&Location> {
        self.what.common().locations.get(number)
    }
}

/// What the whole feed shares.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    /// The name of the place, for addresses that have no town of their own: the standard
    /// demands one.
    pub place: &'a str,
    /// Today: sessions that are over are not published.
    pub today: Day,
}

/// How much of an entry is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Depth {
    /// Id, name, status and when it changed.
    Minimal,
    /// Without what is nested.
    Flat,
    /// Everything.
    #[default]
    Full,
}

/// What services and groups have in common.
pub(crate) struct Common<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) organisation: OrganisationId,
    pub(crate) areas: &'a [Area],
    pub(crate) needs: &'a [NeedCode],
    pub(crate) keywords: &'a [String],
    pub(crate) status: ServiceStatus,
    pub(crate) locations: &'a [Location],
    pub(crate) contact: &'a Contact,
    pub(crate) eligibility: &'a Eligibility,
    pub(crate) capacity: &'a Capacity,
    pub(crate) adjustments: &'a [AdjustmentCode],
    pub(crate) cannot: &'a [AdjustmentCode],
    pub(crate) languages: &'a [Language],
    pub(crate) cost: &'a Cost,
    pub(crate) source: &'a Source,
    pub(crate) checked: Option<Day>,
}

impl<'a> What<'a> {
    pub(crate) fn common(&self) -> Common<'a> {
        match self {
            What::Service(s) => Common {
                name: &s.name,
                description: &s.description,
                organisation: s.organisation,
                areas: &s.areas,
                needs: &s.needs,
                keywords: &s.keywords,
                status: s.status,
                locations: &s.locations,
                contact: &s.contact,
                eligibility: &s.eligibility,
                capacity: &s.capacity,
                adjustments: &s.adjustments,
                cannot: &s.cannot_adjust,
                languages: &s.languages,
                cost: &s.cost,
                source: &s.source,
                checked: s.checked,
            },
            What::Group(g, _) => Common {
                name: &g.name,
                description: &g.description,
                organisation: g.organisation,
                areas: &g.areas,
                needs: &g.needs,
                keywords: &[],
                status: g.status,
                locations: std::slice::from_ref(&g.location),
                contact: &g.contact,
                eligibility: &g.eligibility,
                capacity: &g.capacity,
                adjustments: &g.adjustments,
                cannot: &g.cannot_adjust,
                languages: &g.languages,
                cost: &g.cost,
                source: &g.source,
                checked: g.checked,
            },
        }
    }
}

/// May this entry be published again? What was written here, yes. What came from
/// somebody else only under a licence that they have declared.
pub fn may_publish(source: &Source) -> bool {
    source.publisher.is_empty() || !source.licence.trim().is_empty()
}

/// The id of the n-th location of an entry.
pub fn location_id(entry: Uuid, number: usize) -> Uuid {
    part_id(entry, "location", number)
}

/// The id of an entry at its n-th location.
pub fn at_location_id(entry: Uuid, number: usize) -> Uuid {
    part_id(entry, "at", number)
}

/// An entry as a service of the standard.
pub fn service(entry: &Entry<'_>, feed: &Feed<'_>, depth: Depth) -> Value {
    let c = entry.what.common();
    let head = Object::with_id(entry.id)
        .set("organization_id", c.organisation.to_string())
        .set("name", c.name)
        .set("status", c.status.published())
        .set("last_modified", entry.modified.timestamp().to_string());
    if depth == Depth::Minimal {
        return head.json();
    }
    let flat = head
        .set("description", c.description)
        .set("url", c.contact.url.as_deref().map_or(Value::Null, Value::from))
        .set("email", c.contact.email.as_deref().map_or(Value::Null, Value::from))
        .set("fees", c.cost.text.as_str())
        .set("minimum_age", c.eligibility.age_min.map_or(Value::Null, Value::from))
        .set("maximum_age", c.eligibility.age_max.map_or(Value::Null, Value::from))
        .set("eligibility_description", c.eligibility.text.as_str())
        .set("application_process", how_to_start(&entry.what))
        .set("assured_date", c.checked.map_or(Value::Null, |d| d.to_string().into()))
        .set("source", source(c.source));
    if depth == Depth::Flat {
        return flat.json();
    }
    let locations: Vec<Value> = (0..c.locations.len()).map(|n| at_location(entry, feed, n, None)).collect();
    let languages = c.languages.iter().enumerate().map(|(n, language)| {
        Object::with_id(part_id(entry.id, "language", n))
            .set("service_id", entry.id.to_string())
            .set("name", language.0.as_str())
            .json()
    });
    flat.set("schedules", schedules::of_entry(entry, feed))
        .set("service_areas", service_areas(entry))
        .set("service_at_locations", locations)
        .set("languages", languages.collect::<Vec<_>>())
        .set("organization", entry.organisation.map_or(Value::Null, |(id, o)| organisation(id, o)))
        .set("cost_options", cost_options(entry, c.cost))
        .set("phones", phones(entry, c.contact))
        .set("attributes", attributes(entry))
        .json()
}

/// An entry at one of its locations; with the entry itself where it is asked for on its
/// own.
pub fn at_location(entry: &Entry<'_>, feed: &Feed<'_>, number: usize, with: Option<Depth>) -> Value {
    let c = entry.what.common();
    let place = c.locations.get(number).map_or(Value::Null, |l| location(entry.id, number, l, feed));
    let object = Object::with_id(at_location_id(entry.id, number))
        .set("service_id", entry.id.to_string())
        .set("location_id", location_id(entry.id, number).to_string())
        .set("location", place);
    match with {
        None => object.json(),
        Some(depth) => {
            // The validator reads this resource by the schema of a service as well.
            let mut whole = service(entry, feed, depth);
            if let Some(fields) = whole.as_object_mut() {
                fields.remove("service_at_locations");
            }
            object.set("name", c.name).set("status", c.status.published()).set("service", whole).json()
        }
    }
}

/// An organisation. Of a member nothing is told but what anybody may know of it.
pub fn organisation(id: OrganisationId, o: &Organisation) -> Value {
    let identifiers = [("GB-CHC", "Charity number", &o.charity_number), ("ODS", "ODS code", &o.ods)];
    let identifiers = identifiers.into_iter().enumerate().filter_map(|(n, (scheme, kind, number))| {
        let number = number.as_deref().filter(|v| !v.trim().is_empty())?;
        let object = Object::with_id(part_id(id.0, "identifier", n))
            .set("organization_id", id.to_string())
            .set("identifier_scheme", scheme)
            .set("identifier_type", kind)
            .set("identifier", number);
        Some(object.json())
    });
    let phone = o.phone.as_deref().map(|number| phone(id.0, 0, number));
    Object::with_id(id.0)
        .set("name", o.name.as_str())
        .set("description", o.kind.title())
        .set("email", o.email.as_deref().map_or(Value::Null, Value::from))
        .set("website", o.website.as_deref().map_or(Value::Null, Value::from))
        .set("phones", phone.into_iter().collect::<Vec<_>>())
        .set("organization_identifiers", identifiers.collect::<Vec<_>>())
        .json()
}

/// Where a location is. Of a secret one only the wider area.
fn location(entry: Uuid, number: usize, place: &Location, feed: &Feed<'_>) -> Value {
    let id = location_id(entry, number);
    match place {
        Location::Confidential { area, place } => Object::with_id(id)
            .set("location_type", "physical")
            .set("name", "The address is kept private for safety")
            .set("description", area.as_str())
            .set("external_identifier", place.as_ref().map_or(Value::Null, |p| p.as_str().into()))
            .set("external_identifier_type", place.as_ref().map_or("", |_| PLACE_CODES))
            .set("attributes", vec![fact(id, "location", 0, Fact::PrivatePlace, "yes")])
            .json(),
        Location::At { name, address, postcode, point, places } => {
            let codes: Vec<&str> = places.iter().map(|p| p.as_str()).collect();
            let written = postcode.as_ref().filter(|_| !address.trim().is_empty());
            let addresses = written.map(|postcode| {
                let city = address.rsplit_once(',').map(|(_, last)| last.trim()).filter(|c| !c.is_empty());
                let line = match city {
                    Some(_) => address.rsplit_once(',').map_or(address.as_str(), |(first, _)| first).trim(),
                    None => address.as_str(),
                };
                Object::with_id(part_id(entry, "address", number))
                    .set("location_id", id.to_string())
                    .set("address_1", line)
                    .set("city", city.unwrap_or(feed.place))
                    .set("city_from", city.map_or(FROM_PLACE, |_| ""))
                    .set("state_province", feed.place)
                    .set("postal_code", postcode.as_str())
                    .set("country", "GB")
                    .set("address_type", "physical")
                    .json()
            });
            let alone = postcode.as_ref().filter(|_| addresses.is_none()).map(|p| p.as_str().to_owned());
            let words = if addresses.is_some() { String::new() } else { address.clone() };
            Object::with_id(id)
                .set("location_type", "physical")
                .set("name", name.as_deref().unwrap_or_default())
                .set("description", words)
                .set("postal_code", alone.map_or(Value::Null, Value::from))
                .set("latitude", point.map_or(Value::Null, |p| p.lat.into()))
                .set("longitude", point.map_or(Value::Null, |p| p.lon.into()))
                .set("external_identifier", codes.join(" "))
                .set("external_identifier_type", if codes.is_empty() { "" } else { PLACE_CODES })
                .set("addresses", addresses.into_iter().collect::<Vec<_>>())
                .json()
        }
    }
}

/// What kind of identifier the codes of places are: those of the Office for National
/// Statistics.
pub(crate) const PLACE_CODES: &str = "GSS codes";
/// A town that is only the name of the partnership's place.
pub(crate) const FROM_PLACE: &str = "partnership";
/// The words for a service that is not free.
pub(crate) const NOT_FREE: &str = "There is a charge";
/// The words for a free one.
pub(crate) const FREE: &str = "Free";
/// A service for people wherever they live.
pub(crate) const ANYWHERE: &str = "Anywhere";
/// The kinds of a service area's extent.
pub(crate) const POSTCODE_DISTRICT: &str = "postcode district";

fn service_areas(entry: &Entry<'_>) -> Vec<Value> {
    let What::Service(service) = &entry.what else { return Vec::new() };
    let one = |n: usize, name: &str, extent: &str, kind: &str, uri: Option<String>| {
        Object::with_id(part_id(entry.id, "area", n))
            .set("service_id", entry.id.to_string())
            .set("name", name)
            .set("service_area", name)
            .set("extent", extent)
            .set("extent_type", kind)
            .set("uri", uri.map_or(Value::Null, Value::from))
            .json()
    };
    match &service.serves {
        Serves::NotSaid => Vec::new(),
        Serves::Anywhere => vec![one(0, ANYWHERE, "", "", None)],
        Serves::Places { places, postcodes } => {
            let places = places.iter().enumerate().map(|(n, code)| {
                let code = code.as_str();
                let uri = format!("http://statistics.data.gov.uk/id/statistical-geography/{code}");
                one(n, code, code, PLACE_CODES, Some(uri).filter(|_| is_national(code)))
            });
            let halves = postcodes.iter().enumerate().map(|(n, half)| {
                one(places_len(&service.serves) + n, half.as_str(), half.as_str(), POSTCODE_DISTRICT, None)
            });
            places.chain(halves).collect()
        }
    }
}

fn places_len(serves: &Serves) -> usize {
    if let Serves::Places { places, .. } = serves { places.len() } else { 0 }
}

/// Does it have the shape of a code of the Office for National Statistics?
fn is_national(code: &str) -> bool {
    let letter = code.starts_with(['E', 'W', 'S', 'N', 'K']);
    letter && code.len() == 9 && code[1..].bytes().all(|b| b.is_ascii_digit())
}

fn cost_options(entry: &Entry<'_>, cost: &Cost) -> Vec<Value> {
    let (option, amount) = match cost.free {
        Known::Yes => (FREE, Some(0)),
        Known::No => (NOT_FREE, None),
        Known::NotSaid => return Vec::new(),
    };
    let object = Object::with_id(part_id(entry.id, "cost", 0))
        .set("service_id", entry.id.to_string())
        .set("option", option)
        .set("amount", amount.map_or(Value::Null, Value::from))
        .set("amount_description", cost.text.as_str());
    vec![object.json()]
}

fn phone(owner: Uuid, number: usize, text: &str) -> Value {
    Object::with_id(part_id(owner, "phone", number)).set("number", text).json()
}

fn phones(entry: &Entry<'_>, contact: &Contact) -> Vec<Value> {
    contact.phone.iter().map(|text| phone(entry.id, 0, text)).collect()
}

/// The source as the licence asks for it to be named. The standard has no place for it.
fn source(source: &Source) -> Value {
    if source.publisher.is_empty() {
        return Value::Null;
    }
    let object = Object::default()
        .set("publisher", source.publisher.as_str())
        .set("licence", source.licence.as_str())
        .set("attribution", source.attribution.as_str())
        .set("url", source.url.as_deref().map_or(Value::Null, Value::from));
    object.json()
}

fn how_to_start(what: &What<'_>) -> String {
    match what {
        What::Service(s) => s.joining.iter().map(|j| j.words()).collect::<Vec<_>>().join("; "),
        What::Group(g, _) => g.joining.words().to_owned(),
    }
}

/// Attributes of one thing, numbered as they come.
struct Attributes {
    owner: Uuid,
    kind: &'static str,
    list: Vec<Value>,
    /// The terms that are true of it: all but what was said it cannot be made.
    terms: Vec<&'static Term>,
}

impl Attributes {
    fn add(&mut self, term: Option<&'static Term>, value: &str) {
        if let Some(term) = term {
            if value != CANNOT {
                self.terms.push(term);
            }
            self.list.push(attribute(self.owner, self.kind, self.list.len(), term, value));
        }
    }
    fn fact(&mut self, fact: Fact, value: &str) {
        if !value.trim().is_empty() {
            self.add(terms::by_code(List::Facts, fact.code()), value);
        }
    }
    fn known(&mut self, fact: Fact, known: Known) {
        if known != Known::NotSaid {
            self.fact(fact, known.words());
        }
    }
}

fn attribute(owner: Uuid, kind: &str, number: usize, term: &Term, value: &str) -> Value {
    Object::with_id(part_id(owner, "attribute", number))
        .set("link_id", owner.to_string())
        .set("link_type", kind)
        .set("link_entity", kind)
        .set("taxonomy_term_id", term.id().to_string())
        .set("value", value)
        .set("taxonomy_term", term.json())
        .json()
}

fn fact(owner: Uuid, kind: &str, number: usize, fact: Fact, value: &str) -> Value {
    terms::by_code(List::Facts, fact.code())
        .map_or(Value::Null, |term| attribute(owner, kind, number, term, value))
}

/// What kind of entry it is, as published.
pub(crate) fn kind_of(what: &What<'_>) -> &'static str {
    match what {
        What::Group(..) => "group",
        What::Service(s) => match s.offer {
            Offer::Support => "service",
            Offer::Volunteering { .. } => "volunteering",
            Offer::Work { .. } => "work",
        },
    }
}

fn offer(offer: &Offer, out: &mut Attributes) {
    match offer {
        Offer::Support => {}
        Offer::Volunteering { hours, from_ward, expenses } => {
            out.fact(Fact::Hours, hours);
            out.known(Fact::FromWard, *from_ward);
            out.known(Fact::Expenses, *expenses);
        }
        Offer::Work { kind, hours, paid } => {
            out.fact(Fact::WorkKind, kind.code());
            out.fact(Fact::Hours, hours);
            out.known(Fact::Paid, *paid);
        }
    }
}

fn attributes(entry: &Entry<'_>) -> Vec<Value> {
    attributes_of(entry).list
}

/// The terms of every list that are true of an entry: those it is published with.
pub(crate) fn terms_of(entry: &Entry<'_>) -> Vec<&'static Term> {
    attributes_of(entry).terms
}

fn attributes_of(entry: &Entry<'_>) -> Attributes {
    let c = entry.what.common();
    let mut out = Attributes { owner: entry.id, kind: "service", list: Vec::new(), terms: Vec::new() };
    out.add(terms::by_code(List::EntryKind, kind_of(&entry.what)), "");
    for area in c.areas {
        out.add(terms::by_code(List::Areas, area.code()), "");
    }
    for need in c.needs {
        out.add(terms::by_code(List::Needs, need.as_str()), "");
    }
    let mut types: Vec<u32> = c.needs.iter().flat_map(|n| esd::of_need(n).map(|t| t.number)).collect();
    types.sort_unstable();
    types.dedup();
    for number in types {
        out.add(terms::by_code(List::ServiceTypes, &number.to_string()), "");
    }
    for word in c.keywords {
        out.fact(Fact::Keyword, word);
    }
    for code in c.adjustments {
        out.add(terms::by_code(List::Adjustments, code.as_str()), PROMISED);
    }
    for code in c.cannot {
        out.add(terms::by_code(List::Adjustments, code.as_str()), CANNOT);
    }
    who_for(c.eligibility, &mut out);
    capacity(c.capacity, &mut out);
    match &entry.what {
        What::Service(s) => {
            for way in &s.delivery {
                out.add(terms::by_code(List::Delivery, way.code()), "");
            }
            for way in &s.joining {
                out.add(terms::by_code(List::Joining, way.code()), "");
            }
            offer(&s.offer, &mut out);
        }
        What::Group(g, _) => group(g, &mut out),
    }
    out
}

/// The values of an adjustment.
pub(crate) const PROMISED: &str = "promised";
/// What was said it cannot be made.
pub(crate) const CANNOT: &str = "cannot";

fn who_for(e: &Eligibility, out: &mut Attributes) {
    let (code, policy) = match &e.gender {
        GenderPolicy::NotSaid => ("", ""),
        GenderPolicy::Everyone => ("everyone", ""),
        GenderPolicy::Women { policy } => ("women", policy.as_str()),
        GenderPolicy::Men { policy } => ("men", policy.as_str()),
        GenderPolicy::Other { policy } => ("other", policy.as_str()),
    };
    out.add(terms::by_code(List::Gender, code), policy);
    out.known(Fact::SubstanceUseOk, e.substance_use_ok);
    out.known(Fact::NeedsDiagnosis, e.needs_diagnosis);
    for phrase in &e.not_for {
        out.fact(Fact::NotFor, phrase);
    }
}

fn capacity(capacity: &Capacity, out: &mut Attributes) {
    let until = match capacity.space {
        Space::Full { until: Some(day) } => day.to_string(),
        _ => String::new(),
    };
    out.add(terms::by_code(List::Space, capacity.space.code()), &until);
    out.fact(Fact::SpaceNote, &capacity.note);
    if let Some(at) = capacity.said_at {
        out.fact(Fact::SpaceSaidAt, &at.timestamp().to_string());
    }
}

fn group(g: &Group, out: &mut Attributes) {
    for interest in &g.interests {
        out.add(terms::by_code(List::Interests, interest.as_str()), "");
    }
    let w = &g.welcome;
    out.fact(Fact::RunBy, &g.run_by);
    out.known(Fact::SomeoneMeetsYou, w.someone_to_meet_you);
    out.fact(Fact::WhoMeetsYou, &w.who_meets_you);
    out.fact(Fact::UsualSize, &w.usual_size.map(|n| n.to_string()).unwrap_or_default());
    out.known(Fact::Quiet, w.quiet);
    out.known(Fact::StepFree, w.step_free);
    out.known(Fact::BringSomeone, w.bring_someone);
    out.known(Fact::JustWatch, w.just_watch);
    out.known(Fact::LeaveAnyTime, w.leave_any_time);
    out.fact(Fact::FirstVisit, &w.text);
    out.fact(Fact::WrittenDown, written_down(g.written_down));
    out.fact(Fact::TellFirst, if g.joining == GroupJoining::TellUsFirst { "yes" } else { "no" });
    out.fact(Fact::ClosedOnHolidays, if g.rhythm.closed_on_holidays { "yes" } else { "no" });
}

/// The published word for what a group writes down.
pub(crate) fn written_down(kind: WrittenDown) -> &'static str {
    match kind {
        WrittenDown::HeadCount => "head-count",
        WrittenDown::Nothing => "nothing",
        WrittenDown::FirstNames => "first-names",
        WrittenDown::NamesIfAgreed => "names-if-agreed",
    }
}

/// What stands at the root of the feed. `base` is its address without a slash at the end.
pub fn root(base: &str) -> Value {
    json!({ "version": VERSION, "profile": PROFILE, "openapi_url": format!("{base}/openapi.json") })
}
