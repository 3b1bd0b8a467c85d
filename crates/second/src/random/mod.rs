//! Made-up worlds from a seed: organisations, staff, people, supporters, items and everything
//! between them, in proportions that make each rule matter, and requests that ask about them. The
//! same seed gives the same world for ever, so a difference can be named by one number.

mod people;
mod requests;

use crate::matrix::NOW;
use crate::request::Request;
use crate::time::{DAY, HOUR, MINUTE, Time};
use crate::words::{Area, Role};
use crate::world::{Client, Org, PanelDecision, User, World};

/// What a made-up world may hold beyond the published form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The design's amendments: gifts, links, records duty, named supporters, paper codes.
    pub amendments: bool,
    /// Accounts of another partnership; one database is one partnership, so these cannot be stored.
    pub other_partnerships: bool,
    /// Times that fall exactly on the end of a period.
    pub edges: bool,
}

impl Shape {
    /// Everything.
    pub const WHOLE: Shape = Shape { amendments: true, other_partnerships: true, edges: true };
}

/// A world and this many requests in it.
#[must_use]
pub fn sample(seed: u64, shape: Shape, requests: usize) -> (World, Vec<Request>) {
    let mut chance = Chance::new(seed);
    let world = world(&mut chance, shape);
    let requests = (0..requests).map(|_| requests::request(&mut chance, &world, shape)).collect();
    (world, requests)
}

/// Many worlds over the same organisations, staff, programs and decisions of the panel, each with one
/// person of its own, and this many requests in each. For programs that keep all of them in one
/// database: nothing of one person's world stands in another's.
#[must_use]
pub fn town(seed: u64, shape: Shape, people: usize, requests: usize) -> Vec<(World, Vec<Request>)> {
    let mut chance = Chance::new(seed);
    let mut base = World::default();
    orgs(&mut chance, shape, &mut base);
    staff(&mut chance, shape, &mut base);
    clients(&mut chance, &mut base);
    panel(&mut chance, shape, &mut base);
    (0..people as u64)
        .map(|number| {
            let mut world = base.clone();
            people::person(&mut chance, shape, &mut world, number);
            let asked = (0..requests).map(|_| requests::request(&mut chance, &world, shape)).collect();
            (world, asked)
        })
        .collect()
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, fast, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// A sequence that this seed decides.
    #[must_use]
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A whole number below `limit`, which is at least 1. The bias is below one in 2^50.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Whether something that happens so many times in a hundred happens.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these; none of none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.below(from.len() as u64)).expect("an index fits");
        from.get(at)
    }

    /// Each of these, so many times in a hundred.
    pub fn some<T: Clone>(&mut self, from: &[T], percent: u64) -> Vec<T> {
        from.iter().filter(|_| self.percent(percent)).cloned().collect()
    }

    /// A moment up to so many days ago. Without edges it never falls on the whole hour, and
    /// requests always do, so no period ends exactly when somebody asks.
    fn ago(&mut self, days: u64, shape: Shape) -> Time {
        const ENDS: [i64; 7] = [0, 4 * HOUR, DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY];
        if shape.edges && self.percent(10) {
            let end = self.pick(&ENDS).copied().unwrap_or_default();
            return NOW.plus(-end);
        }
        let hours = i64::try_from(self.below(days * 24)).expect("a few thousand hours fit");
        NOW.plus(-hours * HOUR - 37 * MINUTE)
    }

    /// A moment up to so many days from now, never on the whole hour.
    fn ahead(&mut self, days: u64) -> Time {
        let hours = i64::try_from(self.below(days * 24)).expect("a few thousand hours fit");
        NOW.plus(hours * HOUR + 37 * MINUTE)
    }

    /// An end: often none, sometimes past, sometimes still to come.
    fn end(&mut self, past_percent: u64, shape: Shape) -> Option<Time> {
        if self.percent(past_percent) {
            return Some(self.ago(120, shape));
        }
        self.percent(20).then(|| self.ahead(90))
    }
}

const ORG_KINDS: [&str; 9] =
    ["nhs_mh_trust", "council", "housing", "vcse", "debt_advice", "sports", "dwp", "employer", "idva"];

/// Roles of staff, those with the most to see more often.
const STAFF: [Role; 24] = [
    Role::Clinician,
    Role::Clinician,
    Role::Clinician,
    Role::SocialWorker,
    Role::SocialWorker,
    Role::CrisisWorker,
    Role::CrisisWorker,
    Role::Navigator,
    Role::Navigator,
    Role::Navigator,
    Role::HousingOfficer,
    Role::DebtAdviser,
    Role::VcseWorker,
    Role::VcseWorker,
    Role::PeerWorker,
    Role::SportCoach,
    Role::WorkCoach,
    Role::EmployerContact,
    Role::ServiceLead,
    Role::SafeguardingLead,
    Role::IgAuditor,
    Role::Analyst,
    Role::OrgAdmin,
    Role::SystemAdmin,
];

fn world(chance: &mut Chance, shape: Shape) -> World {
    let mut world = World::default();
    orgs(chance, shape, &mut world);
    staff(chance, shape, &mut world);
    clients(chance, &mut world);
    panel(chance, shape, &mut world);
    for number in 0..3 {
        people::person(chance, shape, &mut world, number);
    }
    world
}

fn orgs(chance: &mut Chance, shape: Shape, world: &mut World) {
    for number in 0..4 {
        let kind = chance.pick(&ORG_KINDS).copied().unwrap_or_default().to_owned();
        let org = Org {
            kind,
            dsa: chance.percent(96),
            dsa_domains: chance.some(&Area::ALL, 80),
            dsa_to: if shape.amendments { chance.end(3, shape) } else { None },
            status: chance.percent(2).then(|| "suspended".to_owned()),
        };
        world.orgs.insert(format!("org{number}"), org);
    }
}

fn staff(chance: &mut Chance, shape: Shape, world: &mut World) {
    for number in 0..14 {
        let role = chance.pick(&STAFF).copied().unwrap_or(Role::Navigator);
        let elsewhere = shape.other_partnerships && chance.percent(3);
        let user = User {
            role,
            org: Some(format!("org{}", chance.below(4))),
            partnership: if elsewhere { "elsewhere" } else { "place" }.to_owned(),
            person: chance.percent(4).then(|| format!("P{}", chance.below(3))),
            status: chance.percent(3).then(|| "suspended".to_owned()),
        };
        world.users.insert(format!("worker{number:02}"), user);
    }
}

fn clients(chance: &mut Chance, world: &mut World) {
    for number in 0..2 {
        let mut scopes = Vec::new();
        for area in Area::ALL {
            let word = serde_json::to_value(area).ok();
            let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
            scopes.extend(chance.some(&[format!("{word}.read"), format!("{word}.write")], 55));
        }
        let others = ["aggregate", "browse_directory", "find_to_refer", "view_referral_status"];
        scopes.extend(chance.some(&others.map(str::to_owned), 50));
        world.clients.insert(format!("program{number}"), Client { scopes });
    }
}

fn panel(chance: &mut Chance, shape: Shape, world: &mut World) {
    for (number, role) in [Role::WorkCoach, Role::EmployerContact].into_iter().enumerate() {
        if chance.percent(80) {
            let decided = if chance.percent(90) { chance.ago(300, shape) } else { chance.ahead(30) };
            let id = format!("D-{number}");
            let decision = PanelDecision { id, enables_role: Some(role), decided, ended: None };
            world.panel_decisions.push(decision);
        }
    }
}

/// The staff of one organisation.
fn staff_of(world: &World, org: &str) -> Vec<String> {
    let works_there = |user: &User| user.role.is_staff() && user.org.as_deref() == Some(org);
    world.users.iter().filter(|(_, user)| works_there(user)).map(|(id, _)| id.clone()).collect()
}

/// All staff.
fn all_staff(world: &World) -> Vec<String> {
    world.users.iter().filter(|(_, user)| user.role.is_staff()).map(|(id, _)| id.clone()).collect()
}
