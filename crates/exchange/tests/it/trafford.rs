//! Every Trafford file is imported by its map, and it is told what was refused and why.

use crate::shared;
use jiff::civil::date;
use kith_domain::area::Area;
use kith_domain::directory::{DayHours, Weekday};
use kith_domain::find::{Candidate, Config, Entry, Origin, Query, ReasonKind, Results, rank};
use kith_domain::id::{OrganisationId, ServiceId};
use kith_domain::place::{PlaceCode, Postcode};
use kith_exchange::directory_csv::{self, Counts, Map, Outcome, Report};
use kith_exchange::place::{PlaceImport, PostcodeLookup, PostcodeTable};
use uuid::Uuid;

fn map(name: &str) -> Map {
    let path = shared::root().join(format!("maps/trafford/{name}.toml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Map::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn import(name: &str, postcodes: Option<&PostcodeTable>) -> Option<Report> {
    let bytes = shared::file(&format!("data/directory/trafford/{name}.csv"))?;
    let lookup = postcodes.map(|p| p as &dyn PostcodeLookup);
    let report =
        directory_csv::read(&bytes, &map(name), lookup, None).unwrap_or_else(|e| panic!("{name}: {e}"));
    println!("{}", report.text());
    Some(report)
}

fn trafford_postcodes() -> Option<PostcodeTable> {
    let bytes = shared::file("data/place/trafford_postcodes.csv.zst")?;
    let mut place = PlaceImport::new([PlaceCode::parse("E08000009").unwrap()]);
    place.add("trafford_postcodes.csv.zst", bytes.as_slice()).unwrap();
    Some(PostcodeTable::new(place.finish().postcodes, []))
}

/// Rows, imported, joined, left out, refused.
const EXPECTED: [(&str, [usize; 5]); 8] = [
    ("trafford_mental_health_services", [60, 59, 0, 0, 1]),
    ("gm_jobcentreplus", [26, 26, 0, 0, 0]),
    ("gm_libraries", [141, 141, 0, 0, 0]),
    ("sports_facilities", [314, 127, 105, 82, 0]),
    ("trafford_general_practices", [26, 26, 0, 0, 0]),
    ("gm_pharmacies", [631, 631, 0, 0, 0]),
    ("trafford_childrens_centres", [2, 2, 0, 0, 0]),
    ("gm_probation_offices", [12, 12, 0, 0, 0]),
];

#[test]
fn all_eight_files_are_imported_and_nothing_is_lost() {
    let postcodes = trafford_postcodes();
    for (name, [rows, imported, joined, left_out, refused]) in EXPECTED {
        let map = map(name);
        assert!(map.source.licence.contains("Open Government Licence"), "{name}");
        let Some(report) = import(name, postcodes.as_ref()) else { continue };
        let counts = report.counts();
        let with_remarks = counts.with_remarks;
        assert_eq!(counts, Counts { rows, imported, joined, left_out, refused, with_remarks }, "{name}");
        assert_eq!(report.drafts().count(), imported);
        for draft in report.drafts() {
            let service = draft.preview();
            assert!(!service.name.is_empty() && !draft.organisation.is_empty() && !draft.key.is_empty());
            assert!(
                !service.areas.is_empty() && !service.source.attribution.is_empty(),
                "{name} row {}",
                draft.row
            );
            assert!(service.locations.iter().all(|l| l.postcode().is_some()), "{name} row {}", draft.row);
        }
    }
}

#[test]
fn the_one_wrong_postcode_is_refused_with_what_to_do() {
    let Some(report) = import("trafford_mental_health_services", None) else { return };
    let refusals: Vec<_> = report.refusals().collect();
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].row, refusals[0].column.as_deref()), (50, Some("postcode")));
    assert!(refusals[0].why.contains("WA154 1HF") && !refusals[0].what_to_do.is_empty());
    let json = report.json();
    assert_eq!(json["counts"]["refused"], 1);
    assert!(json["rows"][0]["entry"]["service"].get("organisation").is_none());
}

#[test]
fn opening_hours_become_times() {
    let Some(report) = import("gm_pharmacies", None) else { return };
    let first = report.drafts().next().unwrap().preview();
    assert_eq!(first.opening.week.day(Weekday::Monday).words(), "8:30am to 1pm, then 2pm to 5:30pm");
    assert_eq!(first.opening.week.day(Weekday::Sunday), &DayHours::Closed);
    assert!(first.opening.text.starts_with("Monday: 08:30-13:00,14:00-17:30"));
    let said = |d: &directory_csv::Draft| {
        Weekday::ALL.iter().filter(|day| *d.preview().opening.week.day(**day) != DayHours::NotSaid).count()
    };
    let days: usize = report.drafts().map(said).sum();
    assert!(days >= 631 * 7 - 20, "{days} of {} days could be read", 631 * 7);
}

#[test]
fn rows_of_one_sports_site_become_one_entry() {
    let Some(report) = import("sports_facilities", None) else { return };
    let sale = report.drafts().find(|d| d.preview().name == "Sale Leisure Centre").unwrap().preview();
    assert!(
        sale.description.contains("Swimming pools") && sale.keywords.contains(&"Swimming pools".to_owned()),
        "{sale:?}"
    );
    assert!(sale.adjustments.iter().any(|a| a.as_str() == "adj-step-free"));
    assert!(sale.cannot_adjust.is_empty(), "an unticked box is not a no");
    assert_eq!(sale.areas[0], Area::PhysicalHealth);
    for row in &report.rows {
        if let Outcome::Joined { into } = row.outcome {
            assert!(report.drafts().any(|d| d.row == into), "row {} joined a row that is not there", row.row);
        }
    }
}

#[test]
fn a_postcode_list_gives_neighbourhoods_and_points() {
    let Some(postcodes) = trafford_postcodes() else { return };
    let Some(report) = import("trafford_mental_health_services", Some(&postcodes)) else { return };
    let placed = report.drafts().filter(|d| d.preview().locations[0].point().is_some()).count();
    assert!(placed >= 40, "{placed}");
}

/// Every service of the eight files, as a place would have them after the import.
fn candidates(postcodes: &PostcodeTable) -> Option<Vec<Candidate>> {
    let mut all = Vec::new();
    for (name, _) in EXPECTED {
        for draft in import(name, Some(postcodes))?.into_drafts() {
            let n = all.len() as u128;
            let organisation = draft.organisation.clone();
            let id = organisation
                .bytes()
                .fold(7u128, |hash, byte| hash.wrapping_mul(31).wrapping_add(u128::from(byte)));
            let service = draft.into_service(OrganisationId(Uuid::from_u128(id)));
            all.push(Candidate::new(
                Entry::Service(ServiceId(Uuid::from_u128(n)), Box::new(service)),
                organisation,
            ));
        }
    }
    Some(all)
}

#[test]
fn real_services_are_found_in_peoples_own_words() {
    let Some(postcodes) = trafford_postcodes() else { return };
    let Some(all) = candidates(&postcodes) else { return };
    assert_eq!(all.len(), 1_024);
    let today = date(2026, 11, 23);
    let search = |words: &str, postcode: &str| -> Results {
        let fact = postcodes.find(&Postcode::parse(postcode).unwrap()).unwrap();
        let from =
            Origin { point: fact.point, places: fact.places(), outward: Some(fact.postcode.outward()) };
        rank(&Query { words: words.to_owned(), from, ..Query::default() }, &all, &Config::default(), today)
    };
    for (words, postcode, wanted, within) in [
        ("I hear voices", "M32 8AP", "Stretford Hearing Voices", 1),
        ("I look after my mum and need a break as a carer", "M33 7XX", "Trafford Carers Centre", 3),
        ("swimming", "M33 7ZF", "Sale Leisure Centre", 3),
        ("I feel so anxious, is there an anxiety group", "M16 0LN", "Chorlton Anxiety Group", 3),
        ("to register with a doctor", "M33 2RH", "Boundary House Medical Centre", 3),
        ("stop drinking alcohol and drugs", "M32 0FP", "Target Cafe", 1),
        ("my chemist, my tablets have run out", "M33 7ZF", "harmacy", 3),
        ("use a computer", "M41 0NA", "Urmston Library", 3),
        ("find a job", "WA14 4PU", "Altrincham Jobcentre", 2),
        ("my husband hits me, domestic abuse", "M16 0PN", "Trafford Domestic Abuse Service", 1),
    ] {
        let results = search(words, postcode);
        let first: Vec<&str> = results.ranked.iter().take(within).map(|f| all[f.index].name()).collect();
        let shown = results
            .ranked
            .first()
            .map(|f| f.reasons.iter().map(|r| r.words.as_str()).collect::<Vec<_>>().join("; "));
        println!("{words:?}: {first:?}, the first because: {}", shown.unwrap_or_default());
        assert!(first.iter().any(|name| name.contains(wanted)), "{words:?}: {first:?}");
        let checked = |f: &kith_domain::find::Found| f.reasons.iter().any(|r| r.kind == ReasonKind::Checked);
        assert!(results.ranked.iter().all(checked));
    }
}
