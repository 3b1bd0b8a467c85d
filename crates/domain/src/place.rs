//! Where things are: postcodes, points, neighbourhoods, electoral wards and the words
//! for "how far".
//!
//! A postcode or a point says where a *service* is. Of a person, Kith keeps no more than
//! a postcode and works with the neighbourhood; no page ever draws a home on a map.
//! Distances here are straight lines. Nobody can walk a straight line, so the words for
//! walking allow for the way round.

pub mod outline;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A point on the Earth, WGS 84, in degrees.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east; negative is west.
    pub lon: f64,
}

/// Why a pair of numbers is not a usable point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPoint {
    /// Not a number, or outside the globe.
    #[error("latitude must be between -90 and 90 and longitude between -180 and 180")]
    OffTheGlobe,
    /// 0, 0: what a failed look-up leaves behind.
    #[error("latitude and longitude are both 0, which means that nobody looked them up")]
    NullIsland,
}

impl Point {
    /// A point, when the numbers can be one.
    ///
    /// # Errors
    /// Not finite, outside the globe, or exactly 0, 0 (a known defect of directories).
    pub fn new(lat: f64, lon: f64) -> Result<Point, NotAPoint> {
        if !(lat.abs() <= 90.0 && lon.abs() <= 180.0) {
            return Err(NotAPoint::OffTheGlobe);
        }
        if lat == 0.0 && lon == 0.0 {
            return Err(NotAPoint::NullIsland);
        }
        Ok(Point { lat, lon })
    }

    /// Is the point in or near the United Kingdom? Swapped columns show themselves here.
    pub fn in_the_uk(self) -> bool {
        (49.0..=61.5).contains(&self.lat) && (-9.0..=2.5).contains(&self.lon)
    }

    /// Metres to `other` in a straight line (haversine, mean Earth radius 6,371,008.8 m;
    /// within 0.5 % of the ellipsoid).
    pub fn metres_to(self, other: Point) -> f64 {
        const RADIUS: f64 = 6_371_008.8;
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (b - a) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + a.cos() * b.cos() * half_lon.sin().powi(2);
        2.0 * RADIUS * h.clamp(0.0, 1.0).sqrt().asin()
    }
}

/// A whole postcode, in its written form: `M33 7ZF`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(String);

/// The first half of a postcode: `M33`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Outward(String);

/// The text does not have the shape of a postcode. Carries nothing of the text, which
/// may be where somebody lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that does not look like a postcode, for example M33 7ZF")]
pub struct NotAPostcode;

impl Postcode {
    /// Reads a postcode as people type it: any case, spaces, full stops and dashes
    /// anywhere, and the letter O or I where only a digit can stand. Says nothing about
    /// whether the postcode exists. Shape: Royal Mail's published formats A9, A99, AA9,
    /// AA99, A9A, AA9A and then 9AA without C, I, K, M, O, V; and GIR 0AA.
    ///
    /// # Errors
    /// The text does not have that shape.
    pub fn parse(text: &str) -> Result<Postcode, NotAPostcode> {
        let plain = squeeze(text)?;
        if !(5..=7).contains(&plain.len()) {
            return Err(NotAPostcode);
        }
        let (out, inward) = plain.split_at(plain.len() - 3);
        let inward: Vec<char> = inward.chars().collect();
        let digit = as_digit(inward[0]).ok_or(NotAPostcode)?;
        let letters = |c: char| c.is_ascii_uppercase() && !"CIKMOV".contains(c);
        if !(letters(inward[1]) && letters(inward[2])) {
            return Err(NotAPostcode);
        }
        let out = if out == "GIR" { out.to_owned() } else { Outward::parse(out)?.0 };
        Ok(Postcode(format!("{out} {digit}{}{}", inward[1], inward[2])))
    }

    /// The written form, with one space.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first half.
    pub fn outward(&self) -> Outward {
        Outward(self.0.split(' ').next().unwrap_or_default().to_owned())
    }
}

impl Outward {
    /// Reads the first half of a postcode, as people type it.
    ///
    /// # Errors
    /// The text does not have the shape of one.
    pub fn parse(text: &str) -> Result<Outward, NotAPostcode> {
        let plain = squeeze(text)?;
        let shape: String = plain.chars().map(|c| if c.is_ascii_digit() { '9' } else { 'A' }).collect();
        if ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].contains(&shape.as_str()) {
            Ok(Outward(plain))
        } else {
            Err(NotAPostcode)
        }
    }

    /// The written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letters at the start: the postcode area, such as `M`.
    pub fn area(&self) -> &str {
        self.0
            .trim_end_matches(|c: char| !c.is_ascii_alphabetic())
            .split(|c: char| c.is_ascii_digit())
            .next()
            .unwrap_or_default()
    }
}

/// Upper case, with the marks people put between the halves taken out.
fn squeeze(text: &str) -> Result<String, NotAPostcode> {
    let mut plain = String::with_capacity(8);
    for c in text.chars() {
        if c.is_whitespace() || matches!(c, '.' | '-' | '\u{200b}' | '\u{feff}') {
            continue;
        }
        if !c.is_ascii_alphanumeric() || plain.len() == 8 {
            return Err(NotAPostcode);
        }
        plain.push(c.to_ascii_uppercase());
    }
    Ok(plain)
}

/// The digit that was meant, where only a digit can stand.
fn as_digit(c: char) -> Option<char> {
    match c {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        c if c.is_ascii_digit() => Some(c),
        _ => None,
    }
}

macro_rules! text_type {
    ($name:ident, $error:ident) => {
        impl FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<$name, $error> {
                $name::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<$name, $error> {
                $name::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
text_type!(Postcode, NotAPostcode);
text_type!(Outward, NotAPostcode);
text_type!(PlaceCode, NotAPlaceCode);

/// The code of a place: an ONS code such as `E01006075`, or one that a partnership made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlaceCode(String);

/// The text is not the code of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a place code is 1 to 20 letters, digits, dashes or underscores")]
pub struct NotAPlaceCode;

impl PlaceCode {
    /// Reads a place code.
    ///
    /// # Errors
    /// Empty, over 20 characters, or other than letters, digits, `-` and `_`.
    pub fn parse(text: &str) -> Result<PlaceCode, NotAPlaceCode> {
        let text = text.trim();
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if (1..=20).contains(&text.len()) && text.chars().all(allowed) {
            Ok(PlaceCode(text.to_owned()))
        } else {
            Err(NotAPlaceCode)
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What kind of place a code names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A neighbourhood of about 1,500 people (ONS: lower layer super output area, LSOA).
    Neighbourhood,
    /// An electoral ward. Never just "ward", which is in a hospital.
    ElectoralWard,
    /// A council's area (ONS: lower tier local authority).
    District,
}

impl PlaceKind {
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            PlaceKind::Neighbourhood => "neighbourhood",
            PlaceKind::ElectoralWard => "electoral_ward",
            PlaceKind::District => "district",
        }
    }
}

/// A tenth of England's neighbourhoods by the Index of Multiple Deprivation: 1 is the
/// most deprived tenth, 10 the least deprived.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Decile(u8);

/// The number is not a decile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a decile is a whole number from 1 to 10")]
pub struct NotADecile;

impl TryFrom<u8> for Decile {
    type Error = NotADecile;
    fn try_from(n: u8) -> Result<Decile, NotADecile> {
        if (1..=10).contains(&n) { Ok(Decile(n)) } else { Err(NotADecile) }
    }
}
impl From<Decile> for u8 {
    fn from(d: Decile) -> u8 {
        d.0
    }
}

/// The edge of a place: polygons, each an outer ring and then its holes.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outline(pub Vec<Vec<Vec<Point>>>);

/// A neighbourhood, electoral ward or district.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceArea {
    /// Its code.
    pub code: PlaceCode,
    /// Its name, as people see it.
    pub name: String,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The places it lies in, the smaller first.
    pub within: Vec<PlaceCode>,
    /// Index of Multiple Deprivation, and the year of the index.
    pub deprivation: Option<(Decile, u16)>,
    /// A point in the middle.
    pub centre: Option<Point>,
    /// Its edge.
    pub outline: Option<Outline>,
}

/// What is known of one postcode.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PostcodeFact {
    /// The postcode.
    pub postcode: Postcode,
    /// Its middle.
    pub point: Option<Point>,
    /// The neighbourhood.
    pub neighbourhood: Option<PlaceCode>,
    /// The electoral ward.
    pub electoral_ward: Option<PlaceCode>,
    /// The council's area.
    pub district: Option<PlaceCode>,
}

impl PostcodeFact {
    /// Every place the postcode lies in, the smallest first.
    pub fn places(&self) -> Vec<PlaceCode> {
        [&self.neighbourhood, &self.electoral_ward, &self.district].into_iter().flatten().cloned().collect()
    }
}

/// How far, in words. Walking is 80 metres a minute and the way round is 1.3 times the
/// straight line; further than half an hour's walk is said in miles.
pub fn how_far(metres: f64) -> String {
    const MINUTE: f64 = 80.0 / 1.3;
    let walk = metres / MINUTE;
    match walk {
        w if w <= 3.0 => "very close by".to_owned(),
        w if w <= 6.0 => "about 5 minutes' walk".to_owned(),
        w if w <= 12.0 => "about 10 minutes' walk".to_owned(),
        w if w <= 17.0 => "about 15 minutes' walk".to_owned(),
        w if w <= 24.0 => "about 20 minutes' walk".to_owned(),
        w if w <= 33.0 => "about half an hour's walk".to_owned(),
        _ => miles(metres),
    }
}

fn miles(metres: f64) -> String {
    let miles = metres / 1609.344;
    match miles {
        m if m < 1.75 => "about a mile and a half away".to_owned(),
        m if m < 10.0 => format!("about {:.0} miles away", m.max(2.0)),
        m => format!("about {:.0} miles away", (m / 5.0).round() * 5.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_are_read_as_people_type_them() {
        for (typed, written) in [
            ("m337zf", "M33 7ZF"),
            (" M33  7ZF ", "M33 7ZF"),
            ("m33-7zf.", "M33 7ZF"),
            ("EC1A1BB", "EC1A 1BB"),
            ("w1a OAX", "W1A 0AX"),
            ("M1 IAE", "M1 1AE"),
            ("gir 0aa", "GIR 0AA"),
            ("B33 8TH", "B33 8TH"),
            ("DN55 1PT", "DN55 1PT"),
        ] {
            assert_eq!(Postcode::parse(typed).map(String::from), Ok(written.to_owned()), "{typed}");
        }
    }

    #[test]
    fn other_text_is_not_a_postcode() {
        for text in [
            "",
            "M33",
            "Sale",
            "M33 7Z",
            "M33 77F",
            "M33 7CF",
            "M333 37ZF",
            "12345",
            "M33 7ZF extra",
            "№33 7ZF",
        ] {
            assert_eq!(Postcode::parse(text), Err(NotAPostcode), "{text}");
        }
    }

    #[test]
    fn halves() {
        let p = Postcode::parse("wa14 4pu").unwrap();
        assert_eq!(p.outward().as_str(), "WA14");
        assert_eq!(p.outward().area(), "WA");
        assert_eq!(Outward::parse("EC1A").unwrap().area(), "EC");
        assert!(Outward::parse("144").is_err());
    }

    /// Manchester Piccadilly to London Euston: 260.4 km by an independent great-circle
    /// calculator; the quarter of a meridian by definition is about 10,007.5 km.
    #[test]
    fn distances() {
        let piccadilly = Point::new(53.4774, -2.2309).unwrap();
        let euston = Point::new(51.5282, -0.1337).unwrap();
        assert!(
            (piccadilly.metres_to(euston) - 259_900.0).abs() < 1_500.0,
            "{}",
            piccadilly.metres_to(euston)
        );
        let pole = Point::new(90.0, 0.0).unwrap();
        let equator = Point::new(0.0, 10.0).unwrap();
        assert!((pole.metres_to(equator) - 10_007_557.0).abs() < 100.0);
        assert_eq!(piccadilly.metres_to(piccadilly), 0.0);
    }

    #[test]
    fn a_failed_look_up_is_not_a_point() {
        assert_eq!(Point::new(0.0, 0.0), Err(NotAPoint::NullIsland));
        assert_eq!(Point::new(f64::NAN, 1.0), Err(NotAPoint::OffTheGlobe));
        assert_eq!(Point::new(53.0, -181.0), Err(NotAPoint::OffTheGlobe));
        assert!(!Point::new(-2.2, 53.4).unwrap().in_the_uk(), "swapped columns");
    }

    #[test]
    fn words_for_how_far() {
        assert_eq!(how_far(100.0), "very close by");
        assert_eq!(how_far(300.0), "about 5 minutes' walk");
        assert_eq!(how_far(620.0), "about 10 minutes' walk");
        assert_eq!(how_far(2_500.0), "about a mile and a half away");
        assert_eq!(how_far(3_300.0), "about 2 miles away");
        assert_eq!(how_far(37_000.0), "about 25 miles away");
    }
}
