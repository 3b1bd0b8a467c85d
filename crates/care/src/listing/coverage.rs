//! Where support is and where it is not: services and groups by neighbourhood and part of life,
//! beside the needs that nothing meets, with the outlines for a map. Counts of entries are counts of
//! things and are shown as they are; counts of people come through the gate of the partnership's own
//! figures and through no other.
//!
//! A place that is kept secret is counted for nobody's neighbourhood: only for all of the place.

use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::directory::{Location, Serves, ServiceStatus};
use kith_domain::place::outline::{Drawing, draw};
use kith_domain::place::{PlaceArea, PlaceCode, PlaceKind};
use kith_insight::disclosure::Shown;
use kith_store::geography::AreaRow;
use std::collections::{BTreeMap, BTreeSet};

/// How wide the map is drawn, in units, and what bends are left out.
const WIDTH: u32 = 640;
const TOLERANCE: f64 = 1.5;

/// What there is in one neighbourhood.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Its code.
    pub code: PlaceCode,
    /// Its name.
    pub name: String,
    /// Services and groups that are there, by part of life, in the order of [`Area::SIX`].
    pub there: [usize; 6],
    /// People with a need that nothing meets, who live there; none when nobody is written down.
    pub unmet: Option<Shown>,
}

impl Covered {
    /// All that is there. One that helps with several parts of life counts once for each.
    pub fn all(&self) -> usize {
        self.there.iter().sum()
    }
}

/// The whole place.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Every neighbourhood, by name.
    pub neighbourhoods: Vec<Covered>,
    /// Entries for everybody here, wherever they live: by phone, online, at home, or at a place that
    /// is kept secret. By part of life.
    pub everywhere: [usize; 6],
    /// Parts of life for which there is nothing at all.
    pub nothing: Vec<Area>,
    /// The outlines, drawn small; one shape for each neighbourhood that has one.
    pub map: Drawing,
    /// People whose need nothing meets, in all of the place.
    pub unmet: Shown,
}

/// One entry, as far as it matters here.
struct There<'a> {
    areas: &'a [Area],
    locations: Vec<&'a Location>,
    serves: Option<&'a Serves>,
    elsewhere: bool,
}

impl Kith {
    /// What there is where.
    ///
    /// # Errors
    /// It is not theirs to keep, or the database could not be read.
    pub async fn coverage(&self, who: &Principal) -> Result<Coverage, CareError> {
        let mut look = self.look(who).await?;
        if let Err(no) = look.place(Action::KeepListing) {
            return look.finish_with(Err(no)).await;
        }
        let directory = look.kith.directory(&mut look.tx).await?;
        let rows = look.tx.list_areas("neighbourhood").await?;
        look.finish().await?;
        let figures = self.figures(who).await?;
        let mut places: Vec<PlaceArea> = rows.iter().filter_map(place_of).collect();
        places.sort_by(|a, b| (&a.name, a.code.as_str()).cmp(&(&b.name, b.code.as_str())));
        let running = ServiceStatus::Active;
        let services = directory.services.values().filter(|s| s.value.status == running).map(|s| There {
            areas: &s.value.areas,
            locations: s.value.locations.iter().collect(),
            serves: Some(&s.value.serves),
            elsewhere: s.value.delivery.iter().any(|d| *d != kith_domain::directory::Delivery::InPerson),
        });
        let groups = directory.groups.values().filter(|g| g.value.status == running).map(|g| There {
            areas: &g.value.areas,
            locations: vec![&g.value.location],
            serves: None,
            elsewhere: false,
        });
        let (by_place, everywhere) = counted(services.chain(groups), &places);
        let unmet: BTreeMap<&str, Shown> = figures
            .unmet
            .places
            .iter()
            .map(String::as_str)
            .zip(figures.unmet.table.rows.iter().copied())
            .collect();
        let neighbourhoods: Vec<Covered> = places
            .iter()
            .map(|p| Covered {
                code: p.code.clone(),
                name: p.name.clone(),
                there: by_place.get(&p.code).copied().unwrap_or_default(),
                unmet: unmet.get(p.name.as_str()).copied(),
            })
            .collect();
        let nothing = Area::SIX
            .into_iter()
            .enumerate()
            .filter(|(n, _)| everywhere[*n] == 0 && neighbourhoods.iter().all(|c| c.there[*n] == 0));
        Ok(Coverage {
            nothing: nothing.map(|(_, area)| area).collect(),
            everywhere,
            map: draw(&places, WIDTH, TOLERANCE),
            unmet: figures.unmet.table.total,
            neighbourhoods,
        })
    }
}

/// The neighbourhood of a row. One of which no more is known than its name has no outline.
fn place_of(row: &AreaRow) -> Option<PlaceArea> {
    let bare = || {
        let code = PlaceCode::parse(&row.code).ok()?;
        Some(PlaceArea {
            code,
            name: row.name.clone(),
            kind: PlaceKind::Neighbourhood,
            within: Vec::new(),
            deprivation: None,
            centre: None,
            outline: None,
        })
    };
    serde_json::from_str(&row.body).ok().or_else(bare)
}

/// How many entries are in each place, and how many are for everybody.
fn counted<'a>(
    entries: impl Iterator<Item = There<'a>>,
    places: &[PlaceArea],
) -> (BTreeMap<PlaceCode, [usize; 6]>, [usize; 6]) {
    let known: BTreeSet<&PlaceCode> = places.iter().map(|p| &p.code).collect();
    let mut by: BTreeMap<PlaceCode, [usize; 6]> = BTreeMap::new();
    let mut everywhere = [0; 6];
    for entry in entries {
        let mut there: BTreeSet<&PlaceCode> = BTreeSet::new();
        for location in &entry.locations {
            if let Location::At { places, .. } = location {
                there.extend(places.iter().filter(|p| known.contains(p)));
            }
        }
        let secret = entry.locations.iter().any(|l| matches!(l, Location::Confidential { .. }));
        let anywhere = matches!(entry.serves, Some(Serves::Anywhere));
        for (n, area) in Area::SIX.iter().enumerate() {
            if !entry.areas.contains(area) {
                continue;
            }
            for place in &there {
                by.entry((*place).clone()).or_default()[n] += 1;
            }
            if secret || (there.is_empty() && (anywhere || entry.elsewhere)) {
                everywhere[n] += 1;
            }
        }
    }
    (by, everywhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str) -> PlaceArea {
        PlaceArea {
            code: PlaceCode::parse(code).unwrap(),
            name: code.into(),
            kind: PlaceKind::Neighbourhood,
            within: Vec::new(),
            deprivation: None,
            centre: None,
            outline: None,
        }
    }

    #[test]
    fn a_secret_place_is_in_no_neighbourhood() {
        let code = PlaceCode::parse("E01000001").unwrap();
        let open = Location::At {
            name: None,
            address: "1 High Street".into(),
            postcode: None,
            point: None,
            places: vec![code.clone()],
        };
        let secret = Location::Confidential { area: "here".into(), place: Some(code.clone()) };
        let entry = |location| There {
            areas: &[Area::Housing, Area::Money],
            locations: vec![location],
            serves: None,
            elsewhere: false,
        };
        let (by, everywhere) = counted([entry(&open), entry(&secret)].into_iter(), &[place("E01000001")]);
        assert_eq!(by[&code].iter().sum::<usize>(), 2, "the one that is no secret, for both parts of life");
        assert_eq!(everywhere.iter().sum::<usize>(), 2, "the secret one, for everybody");
    }
}
