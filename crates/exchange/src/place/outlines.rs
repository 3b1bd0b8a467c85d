//! Outlines from GeoJSON: which place each is, and its rings.

use super::files::PlaceError;
use geojson::{GeoJson, GeometryValue};
use kith_domain::place::{Outline, PlaceCode, PlaceKind, Point};
use std::io::Read;

/// One outline.
#[derive(Debug)]
pub(super) struct OutlineRow {
    pub code: PlaceCode,
    pub name: String,
    pub kind: PlaceKind,
    pub outline: Outline,
}

/// The outlines of a GeoJSON file, each readable or with the reason why not.
pub(super) fn read(name: &str, mut reader: impl Read) -> Result<Vec<Result<OutlineRow, String>>, PlaceError> {
    let mut text = String::new();
    reader.read_to_string(&mut text).map_err(|cause| PlaceError::Read { file: name.to_owned(), cause })?;
    let wrong = |why: String| PlaceError::NotGeoJson { file: name.to_owned(), why };
    let text = text.trim_start_matches('\u{feff}');
    match text.parse::<GeoJson>().map_err(|e| wrong(e.to_string()))? {
        GeoJson::FeatureCollection(all) => Ok(all.features.iter().map(one).collect()),
        GeoJson::Feature(feature) => Ok(vec![one(&feature)]),
        GeoJson::Geometry(_) => Err(wrong("it has shapes, but does not say of which places.".to_owned())),
    }
}

fn one(feature: &geojson::Feature) -> Result<OutlineRow, String> {
    let properties = feature.properties.as_ref().ok_or("it has no properties.")?;
    let text = |key: &str| properties.get(key).and_then(|v| v.as_str()).map(|v| v.trim().to_owned());
    let starting = |start: &str, end: &str| {
        properties
            .keys()
            .find(|k| k.starts_with(start) && k.ends_with(end) && k.len() <= 8)
            .and_then(|k| text(k))
    };
    let published =
        [("LSOA", PlaceKind::Neighbourhood), ("WD", PlaceKind::ElectoralWard), ("LAD", PlaceKind::District)];
    let found = published
        .into_iter()
        .find_map(|(start, kind)| Some((starting(start, "CD")?, starting(start, "NM"), kind)));
    let (code, name, kind) = match found {
        Some(found) => found,
        None => {
            let code = text("area_code").ok_or("it has no code of a place.")?;
            let kind =
                kind_of(&code, text("kind").as_deref()).ok_or("it is not known what kind of place it is.")?;
            (code, text("area_name"), kind)
        }
    };
    let code = PlaceCode::parse(&code).map_err(|e| format!("{e}."))?;
    let geometry = feature.geometry.as_ref().ok_or("it has no shape.")?;
    Ok(OutlineRow {
        name: name.unwrap_or_else(|| code.to_string()),
        outline: outline(&geometry.value)?,
        code,
        kind,
    })
}

/// What kind of place a code names: said beside it, or by the ONS's prefixes.
fn kind_of(code: &str, said: Option<&str>) -> Option<PlaceKind> {
    let kinds = [PlaceKind::Neighbourhood, PlaceKind::ElectoralWard, PlaceKind::District];
    if let Some(kind) = said.and_then(|s| kinds.into_iter().find(|k| k.code() == s)) {
        return Some(kind);
    }
    match code.get(..3)? {
        "E01" | "W01" | "S01" => Some(PlaceKind::Neighbourhood),
        "E05" | "W05" | "S13" => Some(PlaceKind::ElectoralWard),
        "E06" | "E07" | "E08" | "E09" | "W06" | "S12" => Some(PlaceKind::District),
        _ => None,
    }
}

fn outline(shape: &GeometryValue) -> Result<Outline, String> {
    let polygons: Vec<&geojson::PolygonType> = match shape {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().collect(),
        _ => return Err("it is not an area.".to_owned()),
    };
    let point = |position: &geojson::Position| match position.as_slice() {
        [lon, lat, ..] => Point::new(*lat, *lon).map_err(|e| format!("{e}.")),
        _ => Err("a point is incomplete.".to_owned()),
    };
    let ring = |ring: &Vec<geojson::Position>| ring.iter().map(point).collect::<Result<Vec<Point>, String>>();
    let rings = |polygon: &geojson::PolygonType| polygon.iter().map(ring).collect::<Result<Vec<_>, String>>();
    Ok(Outline(polygons.into_iter().map(rings).collect::<Result<_, String>>()?))
}
