//! A real place, brought in with the maps that come with Kith: eight lists and the
//! nation's files of places. Skipped, and said so, where the open data is not there.

use crate::both;
use crate::ground::{Ground, now, root, shared};
use kith_care::import::How;
use kith_care::import::directory::DirectoryImported;
use kith_care::import::place::Tally;
use kith_domain::directory::Service;
use kith_domain::place::PlaceCode;
use kith_exchange::directory_csv::{Map, Report, read};
use kith_exchange::place::{PlaceDrafts, PlaceImport};
use std::collections::BTreeSet;

both!(trafford_is_brought_in);

/// Each list and how many services it has.
const LISTS: [(&str, usize); 8] = [
    ("trafford_mental_health_services", 59),
    ("gm_jobcentreplus", 26),
    ("gm_libraries", 141),
    ("sports_facilities", 127),
    ("trafford_general_practices", 26),
    ("gm_pharmacies", 631),
    ("trafford_childrens_centres", 2),
    ("gm_probation_offices", 12),
];

fn map(list: &str) -> Map {
    let text = std::fs::read_to_string(root().join(format!("maps/trafford/{list}.toml"))).unwrap();
    Map::parse(&text).unwrap()
}

fn place() -> Option<PlaceDrafts> {
    let mut place = PlaceImport::new([PlaceCode::parse("E08000009").unwrap()]);
    for file in [
        "trafford_postcodes.csv.zst",
        "imd2025_england_lsoa21.csv.zst",
        "lookup_lsoa21_ward24_ltla24_icb24_ruc21.csv.zst",
        "boundaries/trafford_lsoa21_generalised.geojson",
        "boundaries/ward/E08000009.geojson",
    ] {
        place.add(file, shared(&format!("data/place/{file}"))?.as_slice()).unwrap();
    }
    Some(place.finish())
}

/// Brings one list in. `edit` changes its text on the way.
async fn list(
    ground: &Ground,
    name: &str,
    how: How,
    edit: impl Fn(String) -> String,
) -> Option<DirectoryImported> {
    let bytes = shared(&format!("data/directory/trafford/{name}.csv"))?;
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => edit(text).into_bytes(),
        Err(other) => other.into_bytes(),
    };
    let (map, postcodes) = (map(name), ground.kith.postcode_table().await.unwrap());
    let report: Report = read(&bytes, &map, Some(&postcodes), Some(now())).unwrap();
    let drafts: Vec<_> = report.into_drafts().collect();
    let who = ground.operator().await;
    let done = ground.kith.import_directory(&who, &map.source, &drafts, how, |_| {}).await.unwrap();
    println!("{name}: {}", done.text().lines().next().unwrap_or_default());
    Some(done)
}

async fn trafford_is_brought_in(ground: Ground) {
    let Some(drafts) = place() else { return };
    let who = ground.operator().await;
    let new = |new| Tally { new, ..Tally::default() };
    let same = |same| Tally { same, ..Tally::default() };

    let dry = ground.kith.import_place(&who, &drafts, How::Dry, |_| {}).await.unwrap();
    assert!(ground.kith.postcode_table().await.unwrap().is_empty(), "a dry run writes nothing");
    let kept = ground.kith.import_place(&who, &drafts, How::Write, |_| {}).await.unwrap();
    assert_eq!((kept.postcodes, kept.postcodes_nowhere), (new(11_264), 0));
    assert_eq!((kept.neighbourhoods, kept.electoral_wards, kept.districts), (new(139), new(21), new(1)));
    assert_eq!(dry.postcodes, kept.postcodes);
    let again = ground.kith.import_place(&who, &drafts, How::Write, |_| {}).await.unwrap();
    assert_eq!((again.postcodes, again.neighbourhoods), (same(11_264), same(139)));
    assert_eq!((again.electoral_wards, again.districts), (same(21), same(1)));
    assert_eq!(ground.kith.postcode_table().await.unwrap().len(), 11_264);

    for (name, count) in LISTS {
        let Some(dry) = list(&ground, name, How::Dry, |text| text).await else { return };
        assert_eq!((dry.written, dry.services_new.len()), (false, count), "{name}");
    }
    assert_eq!(count(&ground).await, 0, "dry runs write nothing");
    for (name, count) in LISTS {
        let kept = list(&ground, name, How::Write, |text| text).await.unwrap();
        assert_eq!((kept.services_new.len(), kept.services_changed.len()), (count, 0), "{name}");
        assert!(kept.services_gone.is_empty(), "{name}");
    }
    assert_eq!(count(&ground).await, 1_024);
    let versions = versions(&ground).await;
    for (name, count) in LISTS {
        let again = list(&ground, name, How::Write, |text| text).await.unwrap();
        assert_eq!((again.services_same, again.services_changed.len()), (count, 0), "{name}");
        assert!(again.services_new.is_empty() && again.organisations_new.is_empty(), "{name}");
    }
    assert_eq!(self::versions(&ground).await, versions, "importing twice changes nothing");

    let edit = |text: String| text.replace("0161 832 3736", "0161 496 0000");
    let changed = list(&ground, "trafford_mental_health_services", How::Write, edit).await.unwrap();
    assert_eq!((changed.services_changed.len(), changed.services_same), (1, 58));
    assert_eq!(changed.services_changed[0].name, "Mood Swings Network");
    assert_eq!(self::versions(&ground).await.difference(&versions).count(), 1);

    ground.assert_nothing_lost().await;
    let mut tx = ground.kith.store().read().await.unwrap();
    let directory = ground.kith.directory(&mut tx).await.unwrap();
    assert_eq!(directory.services.len(), 1_024);
    let placed = |s: &&Service| s.locations.iter().any(|l| l.point().is_some());
    let count = directory.services.values().map(|s| &s.value).filter(placed).count();
    assert!(count > 400, "{count} have a point: those in Trafford, and those whose list says where");
    let partnership = ground.kith.partnership(&mut tx).await.unwrap();
    let members = partnership.facts.organisations.values().filter(|o| !o.listed_only()).count();
    assert_eq!(members, 1, "listing an organisation makes it no member");
}

async fn count(ground: &Ground) -> usize {
    versions(ground).await.len()
}

/// Every service with its version.
async fn versions(ground: &Ground) -> BTreeSet<(String, u32)> {
    let mut tx = ground.kith.store().read().await.unwrap();
    let all = tx.list_common::<Service>().await.unwrap();
    all.into_iter().map(|s| (s.meta.id.to_string(), s.meta.version)).collect()
}
