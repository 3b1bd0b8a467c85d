//! Made-up services, and questions about them. The same seed makes the same.
//!
//! Words are made of syllables that no engine's stemmer touches, and are as unevenly common as words are
//! (the n-th most common about 1/n as often as the first). Places lie around four hundred towns.

use jiff::civil::{Date, Time, date};
use kith_domain::directory::{
    AdjustmentCode, Capacity, Cost, DayHours, Delivery, GenderPolicy, Known, Language, Location, NeedCode,
    Serves, Service, Space, Week, Weekday, adjustments, needs,
};
use kith_domain::find::{Candidate, Entry, Gender, MeasuredWait, Origin, Query, When};
use kith_domain::id::{OrganisationId, ServiceId};
use kith_domain::place::{PlaceCode, Point};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use uuid::Uuid;

/// The day of the questions.
pub const TODAY: Date = date(2026, 11, 23);
const WORDS: u64 = 6_000;
const TOWNS: u64 = 400;
const LANGUAGES: [&str; 8] =
    ["Urdu", "Polish", "Romanian", "Arabic", "Punjabi", "Bengali", "Somali", "Ukrainian"];

/// Chance, from a seed.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// One stream of a seed.
    pub fn of(seed: u64, stream: u64) -> Chance {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(stream);
        Chance(chance)
    }
    fn below(&mut self, most: u64) -> u64 {
        self.0.next_u64() % most
    }
    fn part(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
    fn is(&mut self, share: f64) -> bool {
        self.part() < share
    }
    /// A word's place in the list: the common ones far more often.
    fn word(&mut self) -> u64 {
        ((WORDS as f64).powf(self.part()) as u64).min(WORDS - 1)
    }
}

/// A word of three or four syllables.
pub fn word(number: u64) -> String {
    const FIRST: [&str; 14] = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "t", "v", "w", "z"];
    const THEN: [&str; 3] = ["a", "o", "u"];
    let (mut left, mut out) = (number + 5_000, String::new());
    for _ in 0..3 {
        out.push_str(FIRST[(left % 14) as usize]);
        left /= 14;
        out.push_str(THEN[(left % 3) as usize]);
        left /= 3;
    }
    out
}

fn town(number: u64) -> (f64, f64) {
    let mut chance = Chance::of(99, number);
    (50.6 + 4.6 * chance.part(), -3.6 + 4.6 * chance.part())
}

fn near(chance: &mut Chance, degrees: f64) -> Point {
    let (lat, lon) = town(chance.below(TOWNS));
    let spread = |chance: &mut Chance| (chance.part() + chance.part() + chance.part() - 1.5) * degrees;
    let (lat, lon) = (lat + spread(chance), lon + 1.6 * spread(chance));
    Point::new(lat, lon).expect("it lies in England")
}

/// A service as every engine sees it.
pub struct Made {
    /// Its number.
    pub number: u64,
    /// Its need.
    pub need: &'static str,
    /// All of it.
    pub candidate: Candidate,
    /// Where.
    pub point: Point,
}

impl Made {
    /// The words of it, in one text.
    pub fn text(&self) -> String {
        let Entry::Service(_, service) = &self.candidate.entry else { return String::new() };
        format!("{} {} {}", service.name, service.description, self.candidate.organisation_name)
    }
}

/// The service with a number.
pub fn service(number: u64) -> Made {
    let mut c = Chance::of(7, number);
    let words = |c: &mut Chance, n: u64| (0..n).map(|_| word(c.word())).collect::<Vec<_>>().join(" ");
    let organisation = c.below(20_000);
    let mut s = Service::new(words(&mut c, 3), OrganisationId(Uuid::from_u128(u128::from(organisation) + 1)));
    let length = 15 + c.below(40);
    s.description = words(&mut c, length);
    let kind = &needs::ALL[(c.below(needs::ALL.len() as u64)) as usize];
    let point = near(&mut c, 0.12);
    s.needs = vec![NeedCode::parse(kind.code).expect("it is on the list")];
    s.areas = vec![kind.area];
    s.locations = vec![Location::At {
        name: None,
        address: "1 Made Street".into(),
        postcode: None,
        point: Some(point),
        places: Vec::new(),
    }];
    s.delivery = match c.below(10) {
        0 => vec![Delivery::HomeVisit, Delivery::Phone],
        1 => vec![Delivery::InPerson, Delivery::Online],
        _ => vec![Delivery::InPerson],
    };
    s.serves = match c.below(10) {
        0..=5 => Serves::NotSaid,
        6 => Serves::Anywhere,
        _ => Serves::Places { places: vec![district(c.below(60))], postcodes: Vec::new() },
    };
    if c.is(0.5) {
        s.eligibility.age_min = Some([16, 18, 25, 50][c.below(4) as usize]);
    }
    if c.is(0.15) {
        s.eligibility.age_max = Some([25, 65, 80][c.below(3) as usize]);
    }
    s.eligibility.gender = match c.below(20) {
        0 => GenderPolicy::Women { policy: String::new() },
        1 => GenderPolicy::Men { policy: String::new() },
        _ => GenderPolicy::Everyone,
    };
    let known = |c: &mut Chance| [Known::Yes, Known::NotSaid, Known::No][c.below(3) as usize];
    s.eligibility.substance_use_ok = known(&mut c);
    s.eligibility.needs_diagnosis = known(&mut c);
    s.capacity = Capacity {
        space: match c.below(8) {
            0 => Space::Full { until: Some(date(2026, 12, 20)) },
            1 | 2 => Space::WaitingList,
            3 => Space::AssessmentFirst,
            4 => Space::NotSaid,
            _ => Space::Open,
        },
        ..Capacity::default()
    };
    s.adjustments = (0..c.below(6)).map(|_| adjustment(&mut c)).collect();
    s.adjustments.sort();
    s.adjustments.dedup();
    s.languages = (0..c.below(3)).map(|_| Language(LANGUAGES[c.below(8) as usize].into())).collect();
    s.cost = Cost { free: known(&mut c), text: String::new() };
    s.opening.week = week(&mut c);
    s.checked = c.is(0.9).then(|| TODAY.saturating_sub(jiff::Span::new().days(c.below(500) as i64)));
    let id = ServiceId(Uuid::from_u128(u128::from(number) + 1));
    let mut candidate =
        Candidate::new(Entry::Service(id, Box::new(s)), format!("{} {}", word(organisation), "house"));
    if c.is(0.4) {
        let days_low = c.below(60) as u32;
        candidate.wait =
            Some(MeasuredWait { days_low, days_high: days_low + c.below(90) as u32, people: 20 });
    }
    Made { number, need: kind.code, candidate, point }
}

fn district(number: u64) -> PlaceCode {
    PlaceCode::parse(&format!("E0600{number:04}")).expect("it has the shape of a code")
}

fn adjustment(c: &mut Chance) -> AdjustmentCode {
    let all = adjustments::ALL;
    AdjustmentCode::parse(all[c.below(all.len() as u64) as usize].code).expect("it is on the list")
}

/// One of some hundred weeks.
fn week(c: &mut Chance) -> Week {
    let (opens, closes) = (8 + c.below(4) as i8, 15 + c.below(6) as i8);
    let open = format!("{opens}:00-{closes}:00");
    let hours = DayHours::parse(&open).expect("these are hours");
    let days = c.below(128);
    let mut week = Week::default();
    for (n, day) in week.0.iter_mut().enumerate() {
        *day = if days >> n & 1 == 1 { hours.clone() } else { DayHours::Closed };
    }
    if c.is(0.2) { Week::default() } else { week }
}

/// A question that every engine can answer: all of these words, this need, within so many metres; the
/// nearest twenty.
pub struct Common {
    /// The words.
    pub words: Vec<String>,
    /// The need.
    pub need: &'static str,
    /// From where.
    pub from: Point,
    /// No further than this.
    pub within_m: f64,
}

/// The common question with a number. Its words stand in one service, so that there is an answer somewhere.
pub fn common(number: u64, services: u64) -> Common {
    let mut c = Chance::of(11, number);
    let model = service(c.below(services));
    let text = model.text();
    let all: Vec<&str> = text.split(' ').collect();
    let mut words: Vec<String> =
        (0..1 + c.below(2)).map(|_| all[c.below(all.len() as u64) as usize].to_owned()).collect();
    words.sort();
    words.dedup();
    let within_m = [5_000.0, 20_000.0, 60_000.0][c.below(3) as usize];
    Common { words, need: model.need, from: model.point, within_m }
}

/// A full question: a need or words that mean one, more words, a place, a distance, an age, times,
/// adjustments, a language, and rules.
pub fn full(number: u64) -> Query {
    let mut c = Chance::of(13, number);
    let kind = &needs::ALL[(c.below(needs::ALL.len() as u64)) as usize];
    let said = kind.words[c.below(kind.words.len() as u64) as usize];
    let words = format!("{said} {} {}", word(c.word()), word(c.word()));
    let point = near(&mut c, 0.12);
    let from = Time::constant(9 + c.below(8) as i8, 0, 0, 0);
    let day = Weekday::ALL[c.below(7) as usize];
    let to = from.saturating_add(jiff::Span::new().hours(2));
    Query {
        need: c.is(0.3).then(|| NeedCode::parse(kind.code).expect("it is on the list")),
        words,
        from: Origin { point: Some(point), places: vec![district(c.below(60))], outward: None },
        within_m: Some([5_000.0, 20_000.0, 60_000.0][c.below(3) as usize]),
        times: vec![When { day, from, to }],
        adjustments: vec![adjustment(&mut c), adjustment(&mut c)],
        language: Some(Language(LANGUAGES[c.below(8) as usize].into())),
        age: Some(18 + c.below(60) as u8),
        gender: Some(if c.is(0.5) { Gender::Woman } else { Gender::Man }),
        substance_use: c.is(0.3),
        no_diagnosis: c.is(0.3),
        only_open: c.is(0.3),
        ..Query::default()
    }
}
