//! The nation's files of places, real and made up.

use crate::shared;
use kith_domain::place::outline::draw;
use kith_domain::place::{Decile, PlaceCode, PlaceKind, Postcode};
use kith_exchange::place::{FileKind, PlaceDrafts, PlaceError, PlaceImport};
use proptest::prelude::*;

const TRAFFORD: &str = "E08000009";

fn code(text: &str) -> PlaceCode {
    PlaceCode::parse(text).unwrap()
}

fn real(district: &str, files: &[&str]) -> Option<PlaceDrafts> {
    let mut place = PlaceImport::new([code(district)]);
    for file in files {
        let bytes = shared::file(&format!("data/place/{file}"))?;
        let report = place.add(file, bytes.as_slice()).unwrap_or_else(|e| panic!("{file}: {e}"));
        print!("{}", report.text());
    }
    let drafts = place.finish();
    drafts.notes.iter().for_each(|n| println!("{n}"));
    Some(drafts)
}

#[test]
fn trafford_as_it_is() {
    let Some(drafts) = real(
        TRAFFORD,
        &[
            "boundaries/trafford_lsoa21_generalised.geojson",
            "imd2025_england_lsoa21.csv.zst",
            "trafford_postcodes.csv.zst",
            "lookup_lsoa21_ward24_ltla24_icb24_ruc21.csv.zst",
            "boundaries/ward/E08000009.geojson",
        ],
    ) else {
        return;
    };
    let of = |kind| drafts.areas.iter().filter(|a| a.kind == kind).collect::<Vec<_>>();
    assert_eq!(drafts.postcodes.len(), 11_264);
    assert_eq!(
        (
            of(PlaceKind::Neighbourhood).len(),
            of(PlaceKind::ElectoralWard).len(),
            of(PlaceKind::District).len()
        ),
        (139, 21, 1)
    );
    let decile = |n: u8| {
        of(PlaceKind::Neighbourhood)
            .iter()
            .filter(|a| a.deprivation == Decile::try_from(n).ok().map(|d| (d, 2025)))
            .count()
    };
    assert_eq!((decile(1), decile(10)), (6, 36), "as counted when the data was gathered");
    assert!(
        of(PlaceKind::Neighbourhood)
            .iter()
            .all(|a| a.outline.is_some() && a.centre.is_some() && a.within.len() == 2)
    );
    assert!(of(PlaceKind::ElectoralWard).iter().all(|a| a.outline.is_some() && a.within == [code(TRAFFORD)]));
    let sale = drafts.postcodes.iter().find(|p| p.postcode == Postcode::parse("M33 7ZF").unwrap()).unwrap();
    assert_eq!(sale.places().len(), 3);
    let named = drafts.areas.iter().find(|a| a.code == code("E01034001")).unwrap();
    assert_eq!(named.name, "Old Trafford (Trafford 001H)");
    assert!(drafts.notes.is_empty(), "{:?}", drafts.notes);
}

#[test]
fn a_map_of_trafford_fits_on_a_page() {
    let Some(drafts) = real(TRAFFORD, &["boundaries/lsoa21/E08000009.geojson"]) else { return };
    let size = |width, tolerance| {
        let drawing = draw(&drafts.areas, width, tolerance);
        assert_eq!(drawing.shapes.len(), 139);
        let bytes: usize = drawing.shapes.iter().map(|s| s.path.len()).sum();
        println!("{width} wide, tolerance {tolerance}: {bytes} bytes, {} high", drawing.height);
        bytes
    };
    assert!(size(800, 1.0) < 25_000 && size(640, 1.5) < 17_000);
    assert!(size(400, 1.0) < size(800, 1.0));
    assert!(size(800, 0.0) < 60_000);
}

#[test]
fn postcodes_of_2011_are_never_joined_blindly() {
    let files = ["postcodes_nspl_nov2021_subset.csv.zst", "imd2025_england_lsoa21.csv.zst"];
    let Some(blind) = real("E06000020", &files) else { return };
    assert!(!blind.postcodes.is_empty());
    assert!(blind.postcodes.iter().all(|p| p.neighbourhood.is_none()));
    assert!(blind.notes[0].contains("2011"), "{:?}", blind.notes);
    let Some(joined) = real("E06000020", &[files[0], files[1], "lookup_lsoa11_lsoa21_ltla22.csv.zst"]) else {
        return;
    };
    let placed = joined.postcodes.iter().filter(|p| p.neighbourhood.is_some()).count();
    assert!(
        placed * 10 > joined.postcodes.len() * 8 && placed < joined.postcodes.len(),
        "{placed} of {}",
        joined.postcodes.len()
    );
    assert!(
        joined.areas.iter().filter(|a| a.kind == PlaceKind::Neighbourhood).all(|a| a.deprivation.is_some())
    );
}

#[test]
fn an_older_index_goes_with_older_neighbourhoods() {
    let Some(drafts) =
        real("E06000020", &["postcodes_nspl_nov2021_subset.csv.zst", "imd2019_england_lsoa11.csv.zst"])
    else {
        return;
    };
    assert!(
        drafts
            .areas
            .iter()
            .filter(|a| a.kind == PlaceKind::Neighbourhood)
            .all(|a| a.deprivation.is_some_and(|(_, year)| year == 2019))
    );
}

fn made_up(files: &[(&str, &str)]) -> PlaceDrafts {
    let mut place = PlaceImport::new([]);
    for (name, text) in files {
        place.add(name, text.as_bytes()).unwrap();
    }
    place.finish()
}

#[test]
fn wrong_rows_are_told_and_the_rest_is_kept() {
    let mut place = PlaceImport::new([code("BRK")]);
    let text = "\u{feff}pcds,lsoa21,ward,laua,lat,long,doterm\nBF1 2AB,N01,W1,BRK,53.1,-2.1,\nnowhere,N01,W1,BRK,53.1,-2.1,\nBF1 2AD,N02,W1,BRK,99.999999,0.000000,\nBF1 2AE,N02,W1,BRK,53.1,-2.1,202001\nBF1 2AF,N09,W9,ELS,53.1,-2.1,\n";
    let report = place.add("list.csv", text.as_bytes()).unwrap().clone();
    assert_eq!((report.kind, report.rows, report.kept, report.passed_over), (FileKind::Postcodes, 5, 2, 2));
    assert_eq!(
        (report.not_read[0].row, report.not_read[0].why.as_str()),
        (3, "that does not look like a postcode, for example M33 7ZF.")
    );
    let drafts = place.finish();
    assert_eq!(drafts.postcodes.len(), 2);
    assert_eq!(drafts.postcodes[1].point, None, "the mark for no grid reference is not a point");
    assert_eq!(drafts.areas.len(), 4);
}

#[test]
fn outlines_say_which_place_they_are_of() {
    let square = r#"{"type":"Polygon","coordinates":[[[-2.3,53.4],[-2.2,53.4],[-2.2,53.5],[-2.3,53.4]]]}"#;
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[
        {{"type":"Feature","properties":{{"LSOA21CD":"E01006074","LSOA21NM":"Trafford 025A","LADCD_ACTIVE":"E08000009"}},"geometry":{square}}},
        {{"type":"Feature","properties":{{"area_code":"BRK-1","area_name":"Mill Side","kind":"neighbourhood"}},"geometry":{square}}},
        {{"type":"Feature","properties":{{"area_code":"XYZ"}},"geometry":{square}}},
        {{"type":"Feature","properties":{{"area_code":"E05015239"}},"geometry":{{"type":"Point","coordinates":[-2,53]}}}}]}}"#
    );
    let drafts = made_up(&[("shapes.geojson", &text)]);
    assert_eq!(drafts.areas.len(), 2);
    assert_eq!(drafts.areas[0].name, "Mill Side");
    assert_eq!(drafts.files[0].not_read.len(), 2);
    assert!(matches!(PlaceImport::new([]).add("x", &b"{nonsense"[..]), Err(PlaceError::NotGeoJson { .. })));
}

#[test]
fn unknown_and_damaged_files_are_refused() {
    let told = PlaceImport::new([]).add("x.csv", &b"a,b\n1,2\n"[..]).unwrap_err().to_string();
    assert_eq!(told, "x.csv is not a file of places that Kith knows. Its columns are: a, b");
    assert!(matches!(
        PlaceImport::new([]).add("x.zst", &[0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3][..]),
        Err(PlaceError::Read { .. })
    ));
    assert!(matches!(PlaceImport::new([]).add("x", &b""[..]), Err(PlaceError::Unknown { .. })));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), head in 0usize..6) {
        let heads = ["", "pcds,lsoa21,lat,long\n", "lsoa21_code,IMD_decile\n", "lsoa11_code,lsoa21_code,change_code\n", "lsoa21_code,ward24_code\n", "{\"type\":\"FeatureCollection\",\"features\":["];
        let mut all = heads[head].as_bytes().to_vec();
        all.extend(bytes);
        let mut place = PlaceImport::new([]);
        if let Ok(report) = place.add("x", all.as_slice()) {
            prop_assert_eq!(report.rows, report.kept + report.passed_over + report.not_read.len());
        }
        let _ = place.finish();
    }
}
