//! Outlines drawn small: from polygons in degrees to the path data of an SVG that a page
//! can carry without a script or a tile server.
//!
//! Neighbours share borders, and simplifying each by itself would tear them apart. So
//! points are first set on one grid of whole numbers; then the borders are cut where
//! three places meet, and each piece is simplified once, the same for both sides
//! (Douglas and Peucker, 1973). Distances east-west are shrunk by the cosine of the middle
//! latitude, which is right enough for a council's area.

use super::{PlaceArea, PlaceCode, Point};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A point on the drawing, in whole units.
type Spot = (i32, i32);

/// A drawing of places.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Drawing {
    /// Units across: the width of the SVG's view box.
    pub width: u32,
    /// Units down.
    pub height: u32,
    /// One shape a place that has an outline, in the order given.
    pub shapes: Vec<Shape>,
    frame: Option<Frame>,
}

/// One place of a drawing.
#[derive(Clone, PartialEq, Debug)]
pub struct Shape {
    /// The place.
    pub code: PlaceCode,
    /// Its name.
    pub name: String,
    /// SVG path data. Fill it by the even-odd rule, so that holes are holes.
    pub path: String,
    /// Where a label or a mark can stand: the middle of its box.
    pub middle: (i32, i32),
}

/// From degrees to units.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Frame {
    west: f64,
    north: f64,
    /// Units for one degree north.
    scale: f64,
    /// What one degree east is worth of one degree north.
    squeeze: f64,
}

impl Frame {
    fn spot(&self, point: Point) -> (f64, f64) {
        ((point.lon - self.west) * self.squeeze * self.scale, (self.north - point.lat) * self.scale)
    }
}

/// Draws places `width` units wide, leaving out bends of less than `tolerance` units.
/// Trafford's 139 neighbourhoods take 21 kB at 800 and 1.0, and 16 kB at 640 and 1.5.
pub fn draw(areas: &[PlaceArea], width: u32, tolerance: f64) -> Drawing {
    let Some((frame, height)) = frame(areas, width) else { return Drawing { width, ..Drawing::default() } };
    let snap = |p: &Point| {
        let (x, y) = frame.spot(*p);
        (whole(x), whole(y))
    };
    let rings_of = |area: &PlaceArea| -> Vec<Vec<Spot>> {
        let rings = area.outline.iter().flat_map(|o| o.0.iter().flatten());
        rings.map(|ring| tidy(ring.iter().map(snap).collect())).filter(|ring| ring.len() >= 3).collect()
    };
    let drawn: Vec<(&PlaceArea, Vec<Vec<Spot>>)> =
        areas.iter().filter(|a| a.outline.is_some()).map(|a| (a, rings_of(a))).collect();
    let meetings = meetings(drawn.iter().flat_map(|(_, rings)| rings));
    let shapes = drawn
        .iter()
        .map(|(area, rings)| {
            let simple: Vec<Vec<Spot>> =
                rings.iter().map(|ring| simplify_ring(ring, &meetings, tolerance)).collect();
            shape(area, simple, &frame)
        })
        .collect();
    Drawing { width, height, shapes, frame: Some(frame) }
}

impl Drawing {
    /// Where a point stands on the drawing; nothing when it lies outside.
    pub fn spot(&self, point: Point) -> Option<(f64, f64)> {
        let (x, y) = self.frame?.spot(point);
        let inside =
            (0.0..=f64::from(self.width)).contains(&x) && (0.0..=f64::from(self.height)).contains(&y);
        inside.then_some((x, y))
    }
}

/// A whole number of units, kept within what can be drawn at all.
fn whole(units: f64) -> i32 {
    units.round().clamp(-1e7, 1e7) as i32
}

fn frame(areas: &[PlaceArea], width: u32) -> Option<(Frame, u32)> {
    let points =
        || areas.iter().filter_map(|a| a.outline.as_ref()).flat_map(|o| o.0.iter().flatten().flatten());
    let low = points().copied().reduce(|a, b| Point { lat: a.lat.min(b.lat), lon: a.lon.min(b.lon) })?;
    let high = points().copied().reduce(|a, b| Point { lat: a.lat.max(b.lat), lon: a.lon.max(b.lon) })?;
    let squeeze = ((low.lat + high.lat) / 2.0).to_radians().cos().max(0.01);
    let (wide, tall) = ((high.lon - low.lon) * squeeze, high.lat - low.lat);
    if !(wide > 0.0 && tall > 0.0) || width == 0 {
        return None;
    }
    let scale = f64::from(width) / wide;
    Some((Frame { west: low.lon, north: high.lat, scale, squeeze }, (tall * scale).ceil().min(1e6) as u32))
}

/// A ring without its closing point, repeated points, and spikes that go out and back.
fn tidy(mut ring: Vec<Spot>) -> Vec<Spot> {
    loop {
        let before = ring.len();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        let n = ring.len();
        if n < 3 {
            return ring;
        }
        let spike = (0..n).find(|i| ring[(i + n - 1) % n] == ring[(i + 1) % n]);
        if let Some(at) = spike {
            ring.remove(at);
        }
        if ring.len() == before {
            return ring;
        }
    }
}

/// The points where borders meet: those with other than two neighbours.
fn meetings<'a>(rings: impl Iterator<Item = &'a Vec<Spot>>) -> BTreeSet<Spot> {
    let mut beside: BTreeMap<Spot, BTreeSet<Spot>> = BTreeMap::new();
    for ring in rings {
        for (i, at) in ring.iter().enumerate() {
            let next = ring[(i + 1) % ring.len()];
            beside.entry(*at).or_default().insert(next);
            beside.entry(next).or_default().insert(*at);
        }
    }
    beside.into_iter().filter(|(_, near)| near.len() != 2).map(|(at, _)| at).collect()
}

/// A ring with each of its pieces simplified. A place so small that nothing would be left
/// stays as it was.
fn simplify_ring(ring: &[Spot], meetings: &BTreeSet<Spot>, tolerance: f64) -> Vec<Spot> {
    let start = match ring.iter().position(|p| meetings.contains(p)) {
        Some(at) => at,
        // An island: both sides begin at the same point.
        None => (0..ring.len()).min_by_key(|i| ring[*i]).unwrap_or(0),
    };
    let mut turned: Vec<Spot> = ring[start..].iter().chain(&ring[..start]).copied().collect();
    turned.push(turned[0]);
    let mut simple: Vec<Spot> = Vec::new();
    let mut from = 0;
    for at in 1..turned.len() {
        if at + 1 == turned.len() || meetings.contains(&turned[at]) {
            let piece = simplify(&turned[from..=at], tolerance);
            simple.extend(&piece[..piece.len() - 1]);
            from = at;
        }
    }
    let simple = tidy(simple);
    if simple.len() >= 3 { simple } else { ring.to_vec() }
}

/// One piece of border, simplified the same from either end.
fn simplify(piece: &[Spot], tolerance: f64) -> Vec<Spot> {
    let backwards: Vec<Spot> = piece.iter().rev().copied().collect();
    if backwards.as_slice() < piece {
        let mut simple = simplify_from(&backwards, tolerance);
        simple.reverse();
        return simple;
    }
    simplify_from(piece, tolerance)
}

fn simplify_from(piece: &[Spot], tolerance: f64) -> Vec<Spot> {
    let last = piece.len() - 1;
    let mut keep = vec![false; piece.len()];
    keep[0] = true;
    keep[last] = true;
    let mut todo = vec![(0, last)];
    while let Some((a, b)) = todo.pop() {
        let far = (a + 1..b)
            .map(|i| (distance(piece[i], piece[a], piece[b]), i))
            .max_by(|x, y| x.0.total_cmp(&y.0).then(piece[y.1].cmp(&piece[x.1])));
        // A closed piece has equal ends, and is always cut at the point furthest away.
        if let Some((_, at)) = far.filter(|(d, _)| *d > tolerance || piece[a] == piece[b]) {
            keep[at] = true;
            todo.extend([(a, at), (at, b)]);
        }
    }
    piece.iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| *p).collect()
}

/// From a point to the line between two others, in units.
fn distance(p: Spot, a: Spot, b: Spot) -> f64 {
    let f = |s: Spot| (f64::from(s.0), f64::from(s.1));
    let ((px, py), (ax, ay), (bx, by)) = (f(p), f(a), f(b));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx.hypot(dy);
    if length == 0.0 {
        return (px - ax).hypot(py - ay);
    }
    let along = (((px - ax) * dx + (py - ay) * dy) / (length * length)).clamp(0.0, 1.0);
    (px - ax - along * dx).hypot(py - ay - along * dy)
}

fn shape(area: &PlaceArea, mut rings: Vec<Vec<Spot>>, frame: &Frame) -> Shape {
    if rings.is_empty() {
        // Too small to be seen at this size: a mark stands in, so that no place is missing.
        let at = area.outline.iter().flat_map(|o| o.0.iter().flatten().flatten()).next();
        let (x, y) = at.map_or((0, 0), |p| {
            let (x, y) = frame.spot(*p);
            (whole(x), whole(y))
        });
        rings.push(vec![(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)]);
    }
    let all = || rings.iter().flatten();
    let middle =
        |of: fn(&Spot) -> i32| (all().map(of).min().unwrap_or(0) + all().map(of).max().unwrap_or(0)) / 2;
    Shape {
        code: area.code.clone(),
        name: area.name.clone(),
        path: path(&rings),
        middle: (middle(|s| s.0), middle(|s| s.1)),
    }
}

/// Path data: each ring from a point, then steps, as short as it can be written.
fn path(rings: &[Vec<Spot>]) -> String {
    let mut d = String::new();
    for ring in rings {
        let mut at = ring[0];
        // Writing to a string cannot fail.
        let _ = write!(d, "M{} {}l", at.0, at.1);
        let mut first = true;
        for next in &ring[1..] {
            let (dx, dy) = (next.0 - at.0, next.1 - at.1);
            let before = if first || dx < 0 { "" } else { " " };
            let between = if dy < 0 { "" } else { " " };
            let _ = write!(d, "{before}{dx}{between}{dy}");
            (at, first) = (*next, false);
        }
        d.push('z');
    }
    d
}

#[cfg(test)]
mod tests {
    use super::super::{Outline, PlaceKind};
    use super::*;
    use proptest::prelude::*;

    fn area(code: &str, rings: Vec<Vec<(f64, f64)>>) -> PlaceArea {
        let ring = |r: Vec<(f64, f64)>| r.into_iter().map(|(lon, lat)| Point { lat, lon }).collect();
        PlaceArea {
            code: PlaceCode::parse(code).unwrap(),
            name: code.to_owned(),
            kind: PlaceKind::Neighbourhood,
            within: Vec::new(),
            deprivation: None,
            centre: None,
            outline: Some(Outline(vec![rings.into_iter().map(ring).collect()])),
        }
    }

    /// The rings of a path, as whole points.
    fn rings(path: &str) -> Vec<Vec<Spot>> {
        path.split('M')
            .filter(|p| !p.is_empty())
            .map(|p| {
                let (start, steps) = p.trim_end_matches('z').split_once('l').unwrap();
                let numbers = |t: &str| -> Vec<i32> {
                    t.replace('-', " -").split_whitespace().map(|n| n.parse().unwrap()).collect()
                };
                let mut at = (numbers(start)[0], numbers(start)[1]);
                let mut ring = vec![at];
                for step in numbers(steps).chunks(2) {
                    at = (at.0 + step[0], at.1 + step[1]);
                    ring.push(at);
                }
                ring
            })
            .collect()
    }

    #[test]
    fn a_square_is_four_points() {
        let side: Vec<(f64, f64)> = (0..10).map(|i| (f64::from(i) / 10.0, 0.0)).collect();
        let mut ring = side;
        ring.extend([(1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]);
        let drawing = draw(&[area("A", vec![ring])], 100, 0.5);
        assert_eq!((drawing.width, drawing.height), (100, 101));
        assert_eq!(rings(&drawing.shapes[0].path)[0].len(), 4, "{}", drawing.shapes[0].path);
        assert_eq!(drawing.spot(Point { lat: 0.5, lon: 0.5 }).map(|(x, _)| x.round()), Some(50.0));
        assert_eq!(drawing.spot(Point { lat: 5.0, lon: 0.5 }), None);
    }

    #[test]
    fn an_island_fits_its_hole() {
        let hole = vec![(0.4, 0.4), (0.6, 0.41), (0.59, 0.6), (0.5, 0.55), (0.41, 0.6), (0.4, 0.4)];
        let mut turned = hole[2..].to_vec();
        turned.extend([hole[1], hole[2]]);
        turned.reverse();
        let outer = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
        let drawing = draw(&[area("A", vec![outer, hole]), area("B", vec![turned])], 200, 3.0);
        let set = |r: &Vec<Spot>| r.iter().copied().collect::<BTreeSet<Spot>>();
        assert_eq!(set(&rings(&drawing.shapes[0].path)[1]), set(&rings(&drawing.shapes[1].path)[0]));
    }

    #[test]
    fn nothing_and_next_to_nothing() {
        assert!(draw(&[], 100, 1.0).shapes.is_empty());
        let dot = area("A", vec![vec![(0.5, 0.5), (0.500001, 0.5), (0.5, 0.500001)]]);
        let large = area("B", vec![vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]]);
        let drawing = draw(&[large, dot], 100, 1.0);
        assert_eq!(rings(&drawing.shapes[1].path)[0].len(), 4, "a mark stands in for it");
    }

    prop_compose! {
        /// A patchwork of n by n fields with crooked borders, sharing every border point.
        fn patchwork()(n in 1usize..5, jitter in prop::collection::vec(-0.3f64..0.3, 600)) -> Vec<PlaceArea> {
            const STEPS: usize = 4;
            let across = n * STEPS + 1;
            let at = |x: usize, y: usize| {
                let (jx, jy) = (jitter[(x * 37 + y * 11) % 600], jitter[(x * 17 + y * 53 + 7) % 600]);
                let edge = |v: usize| v == 0 || v == across - 1;
                (x as f64 + if edge(x) { 0.0 } else { jx }, y as f64 + if edge(y) { 0.0 } else { jy })
            };
            let mut areas = Vec::new();
            for row in 0..n {
                for column in 0..n {
                    let (x, y) = (column * STEPS, row * STEPS);
                    let mut ring: Vec<(f64, f64)> = Vec::new();
                    ring.extend((0..STEPS).map(|i| at(x + i, y)));
                    ring.extend((0..STEPS).map(|i| at(x + STEPS, y + i)));
                    ring.extend((0..STEPS).map(|i| at(x + STEPS - i, y + STEPS)));
                    ring.extend((0..STEPS).map(|i| at(x, y + STEPS - i)));
                    ring.rotate_left((row + 2 * column) % STEPS);
                    let scale = |(x, y): (f64, f64)| (x / 100.0, y / 100.0);
                    areas.push(area(&format!("P-{row}-{column}"), vec![ring.into_iter().map(scale).collect()]));
                }
            }
            areas
        }
    }

    proptest! {
        #[test]
        fn borders_stay_shared(areas in patchwork(), tolerance in 0.0f64..8.0) {
            let drawing = draw(&areas, 600, tolerance);
            let mut edges: BTreeMap<(Spot, Spot), usize> = BTreeMap::new();
            for ring in drawing.shapes.iter().flat_map(|s| rings(&s.path)) {
                for (i, a) in ring.iter().enumerate() {
                    let b = ring[(i + 1) % ring.len()];
                    *edges.entry((*a.min(&b), *a.max(&b))).or_insert(0) += 1;
                }
            }
            let (right, bottom) = (drawing.width as i32, drawing.height as i32);
            for ((a, b), used) in edges {
                let along = |u: i32, v: i32, side: i32| (u - side).abs() <= 1 && (v - side).abs() <= 1;
                let outside = along(a.0, b.0, 0) || along(a.0, b.0, right) || along(a.1, b.1, 0) || along(a.1, b.1, bottom);
                prop_assert!(used == 2 || (used == 1 && outside), "a border between {a:?} and {b:?} is used {used} times");
            }
        }

        #[test]
        fn any_outline_can_be_drawn(points in prop::collection::vec((-3.0f64..2.0, 49.0f64..61.0), 0..40), width in 0u32..2000) {
            let drawing = draw(&[area("A", vec![points])], width, 1.0);
            prop_assert!(drawing.shapes.iter().all(|s| s.path.starts_with('M') && s.path.ends_with('z')));
        }
    }
}
