//! The ground of Brackenford: 24 neighbourhoods in 8 electoral wards in one district,
//! with outlines that share their edges, and 240 postcodes.
//!
//! None of it can be taken for a real place. The town lies in the North Sea; the codes
//! of its neighbourhoods start with X, which the Office for National Statistics does
//! not use; its postcodes start with Q, which Royal Mail never uses as a first letter.

use crate::chance::Chance;
use kith_domain::place::{Decile, Outline, PlaceArea, PlaceCode, PlaceKind, Point, Postcode, PostcodeFact};

const COLUMNS: usize = 6;
const ROWS: usize = 4;
/// Neighbourhoods of one electoral ward lie beside each other in a row.
const PER_WARD: usize = 3;
/// How many postcodes a neighbourhood has.
const POSTCODES: usize = 10;
/// The south-west corner: open water, about 60 km from any coast.
const CORNER: Point = Point { lat: 53.92, lon: 1.18 };
/// About 900 metres, in degrees of latitude and of longitude at this latitude.
const STEP: (f64, f64) = (0.0081, 0.0137);
/// The year of the English Indices of Deprivation that the deciles imitate.
const DEPRIVATION_YEAR: u16 = 2025;

/// Name and deprivation decile of each neighbourhood, row by row from the south-west. The
/// old mill town along the river (the second row) has the least; the hill has the most.
const NEIGHBOURHOODS: [(&str, u8); COLUMNS * ROWS] = [
    ("Osier Beds", 4),
    ("Lockside", 3),
    ("Saltpan Lane", 5),
    ("Fenny Bottom", 6),
    ("Drovers' Green", 7),
    ("Old Racecourse", 8),
    ("Tanyard", 1),
    ("Weir Street", 1),
    ("Bleachfields", 2),
    ("Market Quarter", 2),
    ("Station Road", 1),
    ("Cindermill", 1),
    ("Fernhollow", 3),
    ("St Aldric's", 2),
    ("Quarry Estate", 1),
    ("Hopeworks", 4),
    ("Lammas Park", 6),
    ("Orchard Rise", 7),
    ("Bracken Hill", 9),
    ("Larkmead", 8),
    ("Upper Mere", 10),
    ("Hazelshaw", 9),
    ("Skylark Farm", 5),
    ("Windover", 6),
];

/// Names of the electoral wards, in the order of their neighbourhoods.
const WARDS: [&str; COLUMNS * ROWS / PER_WARD] =
    ["Riverside", "Racecourse", "Tanyard", "Market", "St Aldric's", "Lammas", "Hill", "Skylark"];

/// The ground of the town.
pub struct Geography {
    /// District, electoral wards and neighbourhoods.
    pub areas: Vec<PlaceArea>,
    /// The neighbourhoods alone, in order.
    pub neighbourhoods: Vec<PlaceArea>,
    /// Every postcode.
    pub postcodes: Vec<PostcodeFact>,
}

impl Geography {
    /// Draws the ground.
    pub fn draw(chance: &mut Chance) -> Geography {
        let lattice = Lattice::draw(chance);
        let district = PlaceArea {
            code: code("X06", 1),
            name: "Brackenford".into(),
            kind: PlaceKind::District,
            within: Vec::new(),
            deprivation: None,
            centre: Some(lattice.middle(0..COLUMNS, 0..ROWS)),
            outline: Some(lattice.outline(0..COLUMNS, 0..ROWS)),
        };
        let wards: Vec<PlaceArea> =
            WARDS.iter().enumerate().map(|(n, name)| ward(&lattice, n, name)).collect();
        let neighbourhoods: Vec<PlaceArea> = NEIGHBOURHOODS
            .iter()
            .enumerate()
            .map(|(n, (name, decile))| neighbourhood(&lattice, n, name, *decile))
            .collect();
        let postcodes = neighbourhoods
            .iter()
            .enumerate()
            .flat_map(|(n, area)| postcodes(chance, &lattice, n, area))
            .collect();
        let mut areas = vec![district];
        areas.extend(wards);
        areas.extend(neighbourhoods.iter().cloned());
        Geography { areas, neighbourhoods, postcodes }
    }

    /// A postcode of the neighbourhood with this name.
    ///
    /// # Panics
    /// There is no such neighbourhood, which is a mistake in the lists of this crate.
    pub fn postcode_in(&self, neighbourhood: &str, number: usize) -> &PostcodeFact {
        let at = NEIGHBOURHOODS
            .iter()
            .position(|(name, _)| *name == neighbourhood)
            .unwrap_or_else(|| panic!("{neighbourhood} is not a neighbourhood of Brackenford"));
        &self.postcodes[at * POSTCODES + number % POSTCODES]
    }

    /// A postcode drawn for somebody's home: more people who use support live where there
    /// is less money, as everywhere.
    pub fn home(&self, chance: &mut Chance) -> &PostcodeFact {
        let weights: Vec<u32> = NEIGHBOURHOODS.iter().map(|(_, decile)| 14 - u32::from(*decile)).collect();
        let at = chance.weighted(&weights);
        &self.postcodes[at * POSTCODES + chance.below(POSTCODES)]
    }
}

fn ward(lattice: &Lattice, n: usize, name: &str) -> PlaceArea {
    let (column, row) = (n * PER_WARD % COLUMNS, n * PER_WARD / COLUMNS);
    PlaceArea {
        code: code("X05", n + 1),
        name: name.into(),
        kind: PlaceKind::ElectoralWard,
        within: vec![code("X06", 1)],
        deprivation: None,
        centre: Some(lattice.middle(column..column + PER_WARD, row..row + 1)),
        outline: Some(lattice.outline(column..column + PER_WARD, row..row + 1)),
    }
}

fn neighbourhood(lattice: &Lattice, n: usize, name: &str, decile: u8) -> PlaceArea {
    let (column, row) = (n % COLUMNS, n / COLUMNS);
    PlaceArea {
        code: code("X01", n + 1),
        name: name.into(),
        kind: PlaceKind::Neighbourhood,
        within: vec![code("X05", n / PER_WARD + 1), code("X06", 1)],
        deprivation: Decile::try_from(decile).ok().map(|d| (d, DEPRIVATION_YEAR)),
        centre: Some(lattice.middle(column..column + 1, row..row + 1)),
        outline: Some(lattice.outline(column..column + 1, row..row + 1)),
    }
}

fn code(prefix: &str, n: usize) -> PlaceCode {
    PlaceCode::parse(&format!("{prefix}{n:06}")).expect("a letter and eight digits are a place code")
}

/// The postcodes of one neighbourhood, scattered around its middle.
fn postcodes(chance: &mut Chance, lattice: &Lattice, n: usize, area: &PlaceArea) -> Vec<PostcodeFact> {
    const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
    let (column, row) = (n % COLUMNS, n / COLUMNS);
    (0..POSTCODES)
        .map(|p| {
            let ward = n / PER_WARD + 1;
            let sector = 1 + n % PER_WARD * 3 + p / 4;
            let first = char::from(LETTERS[(p * 7 + n) % LETTERS.len()]);
            let second = char::from(LETTERS[(p * 3 + n * 5) % LETTERS.len()]);
            let text = format!("QB{ward} {sector}{first}{second}");
            PostcodeFact {
                postcode: Postcode::parse(&text).expect("two letters and a digit, a digit and two letters"),
                point: Some(lattice.inside(chance, column, row)),
                neighbourhood: Some(area.code.clone()),
                electoral_ward: area.within.first().cloned(),
                district: area.within.last().cloned(),
            }
        })
        .collect()
}

/// Corners, each moved a little, and the bends between them. Two neighbours share both,
/// so their edges agree to the last digit.
struct Lattice {
    corners: Vec<Point>,
    /// Bends of the edge from each corner to the east, and to the north.
    east: Vec<Point>,
    north: Vec<Point>,
}

impl Lattice {
    fn draw(chance: &mut Chance) -> Lattice {
        let mut moved = |column: usize, row: usize, add: (f64, f64), by: f64| Point {
            lat: round(CORNER.lat + (row as f64 + add.0 + (chance.fraction() - 0.5) * by) * STEP.0),
            lon: round(CORNER.lon + (column as f64 + add.1 + (chance.fraction() - 0.5) * by) * STEP.1),
        };
        let every = (0..=ROWS).flat_map(|row| (0..=COLUMNS).map(move |column| (column, row)));
        let (mut corners, mut east, mut north) = (Vec::new(), Vec::new(), Vec::new());
        for (column, row) in every {
            corners.push(moved(column, row, (0.0, 0.0), 0.5));
            east.push(moved(column, row, (0.0, 0.5), 0.2));
            north.push(moved(column, row, (0.5, 0.0), 0.2));
        }
        Lattice { corners, east, north }
    }

    /// The ring around a block of cells, from its south-west corner against the clock.
    fn outline(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> Outline {
        let mut ring = Vec::new();
        for column in columns.clone() {
            ring.extend([self.corners[at(column, rows.start)], self.east[at(column, rows.start)]]);
        }
        for row in rows.clone() {
            ring.extend([self.corners[at(columns.end, row)], self.north[at(columns.end, row)]]);
        }
        for column in columns.clone().rev() {
            ring.extend([self.corners[at(column + 1, rows.end)], self.east[at(column, rows.end)]]);
        }
        for row in rows.rev() {
            ring.extend([self.corners[at(columns.start, row + 1)], self.north[at(columns.start, row)]]);
        }
        ring.push(ring[0]);
        Outline(vec![vec![ring]])
    }

    fn middle(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> Point {
        let corners = [
            self.corners[at(columns.start, rows.start)],
            self.corners[at(columns.end, rows.start)],
            self.corners[at(columns.start, rows.end)],
            self.corners[at(columns.end, rows.end)],
        ];
        Point {
            lat: round(corners.iter().map(|p| p.lat).sum::<f64>() / 4.0),
            lon: round(corners.iter().map(|p| p.lon).sum::<f64>() / 4.0),
        }
    }

    /// A point well inside one cell.
    fn inside(&self, chance: &mut Chance, column: usize, row: usize) -> Point {
        let middle = self.middle(column..column + 1, row..row + 1);
        let mut by = |step: f64| (chance.fraction() - 0.5) * 0.4 * step;
        Point { lat: round(middle.lat + by(STEP.0)), lon: round(middle.lon + by(STEP.1)) }
    }
}

fn at(column: usize, row: usize) -> usize {
    row * (COLUMNS + 1) + column
}

/// To about a metre.
fn round(degrees: f64) -> f64 {
    (degrees * 100_000.0).round() / 100_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Seed;
    use std::collections::BTreeSet;

    fn ground() -> Geography {
        Geography::draw(&mut Seed(1).stream("geography", 0))
    }

    #[test]
    fn the_counts_are_as_said() {
        let g = ground();
        let of = |kind| g.areas.iter().filter(|a| a.kind == kind).count();
        assert_eq!(of(PlaceKind::Neighbourhood), 24);
        assert_eq!(of(PlaceKind::ElectoralWard), 8);
        assert_eq!(of(PlaceKind::District), 1);
        let codes: BTreeSet<&str> = g.postcodes.iter().map(|p| p.postcode.as_str()).collect();
        assert_eq!(codes.len(), 240, "every postcode once");
    }

    /// Royal Mail's Programmers' Guide: the letters Q, V and X are not used in the first
    /// position of a postcode.
    #[test]
    fn postcodes_and_codes_cannot_be_real() {
        let g = ground();
        assert!(g.postcodes.iter().all(|p| p.postcode.as_str().starts_with("QB")));
        assert!(g.areas.iter().all(|a| a.code.as_str().starts_with('X')));
        let land = |p: Point| !(53.8..54.1).contains(&p.lat) || !(1.1..1.4).contains(&p.lon);
        assert!(!g.postcodes.iter().filter_map(|p| p.point).any(land), "all of it is in the sea");
    }

    #[test]
    fn neighbours_share_their_edges() {
        let g = ground();
        let ring = |n: usize| g.neighbourhoods[n].outline.as_ref().unwrap().0[0][0].clone();
        let shared = |a: usize, b: usize| {
            let theirs = ring(b);
            ring(a)[..8].iter().filter(|p| theirs.contains(p)).count()
        };
        assert_eq!(shared(0, 1), 3, "two corners and the bend between them");
        assert_eq!(shared(0, COLUMNS), 3);
        assert_eq!(shared(0, 2), 0);
        assert!(g.areas.iter().all(|a| {
            let ring = &a.outline.as_ref().unwrap().0[0][0];
            ring.first() == ring.last()
        }));
    }

    #[test]
    fn outlines_run_against_the_clock() {
        for area in &ground().areas {
            let ring = &area.outline.as_ref().unwrap().0[0][0];
            let twice: f64 = ring.windows(2).map(|w| w[0].lon * w[1].lat - w[1].lon * w[0].lat).sum();
            assert!(twice > 0.0, "{}", area.name);
        }
    }

    #[test]
    fn postcodes_lie_in_the_box_of_their_neighbourhood() {
        let g = ground();
        for fact in &g.postcodes {
            let area = g.areas.iter().find(|a| Some(&a.code) == fact.neighbourhood.as_ref()).unwrap();
            let ring = &area.outline.as_ref().unwrap().0[0][0];
            let p = fact.point.unwrap();
            let span = |f: fn(&Point) -> f64| {
                ring.iter().map(f).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)))
            };
            let (south, north) = span(|p| p.lat);
            let (west, east) = span(|p| p.lon);
            assert!(south < p.lat && p.lat < north && west < p.lon && p.lon < east);
        }
    }
}
