//! Where a search starts from: a postcode or a neighbourhood as it was imported.

use crate::error::CareError;
use kith_domain::find::Origin;
use kith_domain::place::{PlaceArea, PlaceCode, Point, Postcode};
use kith_store::Tx;

/// What is said of a postcode that is not in the list. It does not repeat the postcode.
pub(crate) const UNKNOWN: &str =
    "We do not know this postcode here. Check it, or leave it empty and we will look everywhere.";

/// Neighbourhood, electoral ward, district, and no more: a list of parents that never
/// ends would be a mistake in the data.
const MOST_PARENTS: usize = 6;

/// The middle of a postcode and the places around it; none when it is not in the list.
pub(crate) async fn of_postcode(tx: &mut Tx, postcode: &Postcode) -> Result<Option<Origin>, CareError> {
    let Some(row) = tx.find_postcode(postcode.as_str()).await? else { return Ok(None) };
    let (places, _) = around(tx, &row.area).await?;
    Ok(Some(Origin { point: Point::new(row.lat, row.lon).ok(), places, outward: Some(postcode.outward()) }))
}

/// The middle of a neighbourhood and the places around it; none when it is unknown.
pub(super) async fn of_neighbourhood(tx: &mut Tx, code: &str) -> Result<Option<Origin>, CareError> {
    let (places, point) = around(tx, code).await?;
    Ok((!places.is_empty()).then_some(Origin { point, places, outward: None }))
}

/// The place with this code and those it lies in, the smallest first.
async fn around(tx: &mut Tx, code: &str) -> Result<(Vec<PlaceCode>, Option<Point>), CareError> {
    let (mut places, mut point) = (Vec::new(), None);
    let mut next = Some(code.to_owned()).filter(|c| !c.is_empty());
    while let Some(code) = next.take() {
        let Ok(place) = PlaceCode::parse(&code) else { break };
        if places.contains(&place) || places.len() >= MOST_PARENTS {
            break;
        }
        places.push(place);
        let Some(row) = tx.find_area(&code).await? else { break };
        let whole: Option<PlaceArea> = serde_json::from_str(&row.body).ok();
        if let Some(area) = whole {
            point = point.or(area.centre);
            for outer in area.within {
                if !places.contains(&outer) {
                    places.push(outer);
                }
            }
        }
        next = Some(row.parent).filter(|p| !p.is_empty());
    }
    Ok((places, point))
}

/// The neighbourhood in which a postcode lies.
pub(super) async fn neighbourhood_of(tx: &mut Tx, postcode: &str) -> Result<Option<String>, CareError> {
    let Ok(postcode) = Postcode::parse(postcode) else { return Ok(None) };
    Ok(tx.find_postcode(postcode.as_str()).await?.map(|row| row.area).filter(|a| !a.is_empty()))
}
