//! Who acts in Brackenford: organisations, teams and workers, with the absences,
//! closures and lapses that make a place real.

mod lists;

pub use lists::NAVIGATORS;

use crate::chance::Seed;
use crate::later::{Later, What};
use crate::names;
use crate::pen::{BrackenfordError, Pen, by};
use crate::when::When;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::organisation::{
    Absence, AccessReview, Agreement, ControllerRole, Holder, Membership, Organisation, OrganisationKind,
    OrganisationStatus, Place, Succession, Team, TeamClosed, WorkRole, Worker,
};
use kith_domain::record::Author;
use kith_domain::referral::End;
use kith_domain::settings::Settings;
use kith_domain::time::Day;
use kith_store::{NewRecord, Writing};
use lists::{ORGANISATIONS, PARTS, TEAMS, TeamLine, WORKERS};
use std::collections::BTreeMap;

/// How many people one further part of a large place has.
pub const PART_PEOPLE: u32 = 6_000;
/// How many people one team of navigators has.
pub const TEAM_PEOPLE: u32 = 600;
/// How many days ago the Beacon shut.
pub const BEACON_SHUT: i32 = 12;

/// A team with whoever works in it.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its organisation.
    pub organisation: OrganisationId,
    /// The team.
    pub team: TeamId,
    /// Its lead.
    pub lead: Option<WorkerId>,
    /// Who works in it, the lead among them.
    pub workers: Vec<WorkerId>,
}

impl Seat {
    /// Held by one worker of the team; by the team's lead when none is named.
    pub fn holder(&self, lead: Option<WorkerId>) -> Holder {
        Holder { organisation: self.organisation, team: self.team, lead }
    }
    /// As one side of a referral.
    pub fn end(&self, worker: Option<WorkerId>) -> End {
        End { organisation: self.organisation, team: self.team, worker }
    }
    /// Somebody of the team, always the same for the same number.
    pub fn somebody(&self, number: usize) -> Option<WorkerId> {
        if self.workers.is_empty() { self.lead } else { Some(self.workers[number % self.workers.len()]) }
    }
}

/// Everybody who acts, by key.
pub struct Cast {
    organisations: BTreeMap<&'static str, OrganisationId>,
    workers: BTreeMap<&'static str, WorkerId>,
    /// By key and part; part 0 is Brackenford itself.
    seats: BTreeMap<(&'static str, u32), Seat>,
    names: BTreeMap<WorkerId, String>,
    /// Who works in a team, by its id.
    members: BTreeMap<TeamId, Seat>,
    /// Each team of navigators with the navigators who hold plans.
    navigators: Vec<(Seat, Vec<WorkerId>)>,
}

impl Cast {
    /// The organisation with this key.
    ///
    /// # Panics
    /// There is none, which is a mistake in the lists of this crate.
    pub fn organisation(&self, key: &str) -> OrganisationId {
        *self.organisations.get(key).unwrap_or_else(|| panic!("no organisation {key}"))
    }
    /// The worker with this key.
    ///
    /// # Panics
    /// There is none, which is a mistake in the lists of this crate.
    pub fn worker(&self, key: &str) -> WorkerId {
        *self.workers.get(key).unwrap_or_else(|| panic!("no worker {key}"))
    }
    /// The team with this key, in this part of the place where it has one there.
    ///
    /// # Panics
    /// There is none, which is a mistake in the lists of this crate.
    pub fn seat(&self, key: &'static str, part: u32) -> &Seat {
        let here = self.seats.get(&(key, part)).or_else(|| self.seats.get(&(key, 0)));
        here.unwrap_or_else(|| panic!("no team {key}"))
    }
    /// The team with this id, where it has one of the lists' teams.
    pub fn team(&self, team: TeamId) -> Option<&Seat> {
        self.members.get(&team)
    }
    /// The name of a worker.
    pub fn name(&self, worker: WorkerId) -> &str {
        self.names.get(&worker).map_or("", String::as_str)
    }
    /// The team of navigators, and the navigator in it, who hold the plan of the person
    /// with this number.
    pub fn navigator(&self, person: u32) -> (&Seat, WorkerId) {
        let (seat, workers) = &self.navigators[(person / TEAM_PEOPLE) as usize % self.navigators.len()];
        (seat, workers[person as usize % workers.len()])
    }
    /// The navigator with this key, in the team of Brackenford itself.
    pub fn navigator_named(&self, key: &str) -> (&Seat, WorkerId) {
        (&self.navigators[0].0, self.worker(key))
    }
}

/// The part of the place where the person with this number lives: 0 is Brackenford.
pub fn part_of(person: u32) -> u32 {
    person / PART_PEOPLE
}

/// How many further parts a place of this many people has.
pub fn parts(people: u32) -> u32 {
    people.saturating_sub(1) / PART_PEOPLE
}

/// Writes the place and everybody who acts in it.
///
/// # Errors
/// The database could not do it.
pub async fn write(
    pen: &mut Pen<'_>,
    seed: Seed,
    when: &When,
    people: u32,
) -> Result<Cast, BrackenfordError> {
    let cast = gather(seed, when, people);
    let writing = operator(when);
    let place = place(&cast, seed, when);
    let net = cast.seat("net", 0);
    let new = |id: uuid::Uuid, owner| NewRecord { id: kith_domain::id::RecordId(id), person: None, owner };
    pen.create(&writing, "place made", new(place.partnership, net.organisation), &place).await?;
    for line in ORGANISATIONS {
        let id = cast.organisation(line.key);
        let value = organisation(&cast, when, line);
        pen.create(&writing, "organisation joined", new(id.0, id), &value).await?;
    }
    for (key, part) in cast.seats.keys() {
        let line = TEAMS.iter().find(|t| t.key == *key).expect("seats are made from the lines");
        let seat = cast.seat(line.key, *part);
        let value = team(&cast, line, *part);
        pen.create(&writing, "team made", new(seat.team.0, seat.organisation), &value).await?;
    }
    for (seat, workers) in cast.navigators.iter().skip(1) {
        let value = Team { lead: workers.first().copied(), ..navigator_team(seat, "Navigators") };
        pen.create(&writing, "team made", new(seat.team.0, seat.organisation), &value).await?;
    }
    write_workers(pen, &cast, when, &writing).await?;
    Ok(cast)
}

/// Set-up is done on the command line.
pub fn operator(when: &When) -> Writing {
    Writing { at: when.start(), author: Author::Operator, recorded_for: None, basis: "set-up".into() }
}

fn gather(seed: Seed, when: &When, people: u32) -> Cast {
    let at = when.start();
    let organisations = ORGANISATIONS
        .iter()
        .map(|o| (o.key, OrganisationId(seed.id(&format!("organisation {}", o.key), at))))
        .collect();
    let workers: BTreeMap<&'static str, WorkerId> =
        WORKERS.iter().map(|w| (w.key, WorkerId(seed.id(&format!("worker {}", w.key), at)))).collect();
    let mut cast = Cast {
        organisations,
        names: WORKERS.iter().map(|w| (workers[w.key], w.name.to_owned())).collect(),
        workers,
        seats: BTreeMap::new(),
        members: BTreeMap::new(),
        navigators: Vec::new(),
    };
    for line in TEAMS {
        let copies = if line.copied && line.key != "navigators" { parts(people) } else { 0 };
        for part in 0..=copies {
            let seat = seat(&mut cast, seed, when, line, part);
            cast.members.insert(seat.team, seat.clone());
            cast.seats.insert((line.key, part), seat);
        }
    }
    let first: Vec<WorkerId> = NAVIGATORS.iter().map(|key| cast.worker(key)).collect();
    cast.navigators.push((cast.seat("navigators", 0).clone(), first));
    for number in 1..people.div_ceil(TEAM_PEOPLE) {
        let team = navigator_seat(&mut cast, seed, when, number);
        cast.navigators.push(team);
    }
    cast
}

fn seat(cast: &mut Cast, seed: Seed, when: &When, line: &TeamLine, part: u32) -> Seat {
    let id = seed.id(&format!("team {} {part}", line.key), when.start());
    let workers: Vec<WorkerId> = if part == 0 {
        WORKERS.iter().filter(|w| w.team == line.key).map(|w| cast.worker(w.key)).collect()
    } else {
        (0..3).map(|n| further_worker(cast, seed, when, &format!("{} {part} {n}", line.key))).collect()
    };
    let lead = match part {
        0 if line.lead.is_empty() => None,
        0 => Some(cast.worker(line.lead)),
        _ => workers.first().copied(),
    };
    Seat { organisation: cast.organisation(line.organisation), team: TeamId(id), lead, workers }
}

fn navigator_seat(cast: &mut Cast, seed: Seed, when: &When, number: u32) -> (Seat, Vec<WorkerId>) {
    let id = TeamId(seed.id(&format!("navigators {number}"), when.start()));
    let workers: Vec<WorkerId> =
        (0..10).map(|n| further_worker(cast, seed, when, &format!("navigator {number} {n}"))).collect();
    let seat = Seat {
        organisation: cast.organisation("kindred"),
        team: id,
        lead: workers.first().copied(),
        workers: workers.clone(),
    };
    (seat, workers)
}

fn further_worker(cast: &mut Cast, seed: Seed, when: &When, label: &str) -> WorkerId {
    let id = WorkerId(seed.id(&format!("worker {label}"), when.start()));
    let mut chance = seed.stream(label, 0);
    let heritage = names::heritage(&mut chance);
    let gender = names::gender(&mut chance);
    cast.names.insert(id, names::draw(&mut chance, heritage, gender).whole());
    id
}

fn place(cast: &Cast, seed: Seed, when: &When) -> Place {
    let net = cast.seat("net", 0);
    Place {
        name: "Brackenford".into(),
        partnership: seed.id("partnership", when.start()),
        net_organisation: net.organisation,
        net_team: net.team,
        net_second: cast.worker("delroy"),
        demo: true,
        zone: "Europe/London".into(),
        made_at: when.start(),
        keeper: Some(cast.worker("nadia")),
        settings: Settings::new(numbers()).expect("17 is within the bounds of the youngest age"),
    }
}

/// Brackenford decided to welcome people from 17, on their way to adult services.
fn numbers() -> kith_domain::settings::Numbers {
    kith_domain::settings::Numbers { youngest: 17, ..Default::default() }
}

fn organisation(cast: &Cast, when: &When, line: &lists::OrganisationLine) -> Organisation {
    let slug: String = line.short.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Organisation {
        name: line.name.into(),
        short: line.short.into(),
        kind: line.kind,
        ods: None,
        charity_number: None,
        // 01632 960000 to 960999 are set aside by Ofcom for stories and never connect.
        phone: Some(format!("01632 960{:03}", line.key.bytes().map(u32::from).sum::<u32>() % 1_000)),
        email: Some(format!("hello@{slug}.example")),
        website: Some(format!("https://{slug}.example")),
        agreement: Some(agreement(when, line)),
        status: OrganisationStatus::Active,
        has_accounts: line.accounts,
        successors: Vec::new(),
        lead: Some(cast.worker(line.lead)),
        access: access(when, line),
    }
}

/// Who has access is looked at in one year's round. DebtHelp's look is three days late, the
/// trust's is in a week.
fn access(when: &When, line: &lists::OrganisationLine) -> AccessReview {
    let days = match line.key {
        "debthelp" => -93,
        "trust" => -83,
        _ => -30,
    };
    AccessReview { since: line.accounts.then(|| when.day(days)), looked: Vec::new() }
}

fn agreement(when: &When, line: &lists::OrganisationLine) -> Agreement {
    let mut areas = match line.kind {
        OrganisationKind::NhsTrust | OrganisationKind::GpPractice | OrganisationKind::Council => {
            Area::ALL.to_vec()
        }
        OrganisationKind::HousingProvider => {
            vec![Area::Housing, Area::Money, Area::Connection, Area::HealthAndCare, Area::Identity]
        }
        OrganisationKind::Advice => vec![Area::Money, Area::Housing, Area::WorkAndLearning, Area::Identity],
        OrganisationKind::EmploymentSupport | OrganisationKind::Learning => {
            vec![Area::WorkAndLearning, Area::Connection, Area::Money, Area::Identity]
        }
        OrganisationKind::Leisure => vec![Area::PhysicalHealth, Area::Connection],
        OrganisationKind::PartnershipOffice => Area::SIX.to_vec(),
        OrganisationKind::Charity => Area::SIX.to_vec(),
        OrganisationKind::Listed => Vec::new(),
    };
    if line.key == "kindred" || line.key == "sorrel" {
        areas = Area::ALL.to_vec();
    }
    let ceiling = match line.key {
        "kindred" | "trust" | "practices" | "council" | "sorrel" | "tidewell" => Sensitivity::S3,
        "leisure" | "plot" | "aldrics" | "college" => Sensitivity::S1,
        _ => Sensitivity::S2,
    };
    let until = match line.key {
        "northside" => when.day(-1),
        "college" => when.day(20),
        _ => when.day(240),
    };
    Agreement {
        reference: format!("BRK-{}", line.key.to_uppercase()),
        from: when.day(-600),
        until,
        areas,
        ceiling,
        role: ControllerRole::Controller,
        data_protection_contact: "Ask the partnership office".into(),
        purposes: vec!["Support that the person asked for".into()],
        dpia: format!("DPIA-{}", line.key.to_uppercase()),
        caldicott: match line.kind {
            OrganisationKind::NhsTrust | OrganisationKind::GpPractice => "Their Caldicott Guardian".into(),
            _ => "Their lead for people's information".into(),
        },
    }
}

fn team(cast: &Cast, line: &TeamLine, part: u32) -> Team {
    let seat = cast.seat(line.key, part);
    let name = match part {
        0 => line.name.to_owned(),
        n => format!("{} – {}", line.name, part_name(n)),
    };
    let email = format!("{}@brackenford.example", line.key.replace('_', "-"));
    Team {
        organisation: seat.organisation,
        name,
        lead: seat.lead,
        net: line.key == "net",
        navigators: line.key == "navigators",
        closed: None,
        email: Some(email),
        phone: None,
        reply_working_days: line.reply_days,
    }
}

fn navigator_team(seat: &Seat, name: &str) -> Team {
    Team {
        organisation: seat.organisation,
        name: name.into(),
        lead: seat.lead,
        net: false,
        navigators: true,
        closed: None,
        email: None,
        phone: None,
        reply_working_days: 2,
    }
}

/// The name of a further part of a large place.
pub fn part_name(part: u32) -> String {
    let name = PARTS[(part as usize - 1) % PARTS.len()];
    match (part as usize - 1) / PARTS.len() {
        0 => name.to_owned(),
        again => format!("{name} {}", again + 1),
    }
}

async fn write_workers(
    pen: &mut Pen<'_>,
    cast: &Cast,
    when: &When,
    writing: &Writing,
) -> Result<(), BrackenfordError> {
    for line in WORKERS {
        let seat = cast.seat(line.team, 0);
        let mut memberships = vec![membership(seat, line.role, when)];
        if line.key == "lakshmi" {
            memberships.push(membership(cast.seat("board_old", 0), line.role, when));
        }
        write_worker(pen, cast, writing, seat.organisation, cast.worker(line.key), memberships).await?;
    }
    let further = cast.seats.iter().filter(|((_, part), _)| *part > 0);
    for ((key, _), seat) in further {
        let role = WORKERS.iter().find(|w| w.team == *key).map_or(WorkRole::VcseWorker, |w| w.role);
        for worker in &seat.workers {
            let membership = vec![membership(seat, role, when)];
            write_worker(pen, cast, writing, seat.organisation, *worker, membership).await?;
        }
    }
    for (seat, workers) in cast.navigators.iter().skip(1) {
        for worker in workers {
            let membership = vec![membership(seat, WorkRole::Navigator, when)];
            write_worker(pen, cast, writing, seat.organisation, *worker, membership).await?;
        }
    }
    Ok(())
}

fn membership(seat: &Seat, role: WorkRole, when: &When) -> Membership {
    Membership { organisation: seat.organisation, team: seat.team, role, from: when.day(-600), until: None }
}

async fn write_worker(
    pen: &mut Pen<'_>,
    cast: &Cast,
    writing: &Writing,
    owner: OrganisationId,
    id: WorkerId,
    memberships: Vec<Membership>,
) -> Result<(), BrackenfordError> {
    let name = cast.name(id).to_owned();
    let slug: String = name
        .to_lowercase()
        .replace(' ', ".")
        .chars()
        .filter(|c| c.is_ascii_lowercase() || *c == '.')
        .collect();
    let value = Worker {
        name,
        email: Some(format!("{slug}@brackenford.example")),
        phone: None,
        memberships,
        absences: Vec::new(),
        suspended: None,
        left: None,
    };
    let new = NewRecord { id: id.into(), person: None, owner };
    pen.create(writing, "worker joined", new, &value).await?;
    Ok(())
}

/// What happened to organisations and workers since: sick leave, a closure, a board
/// that was replaced.
pub fn happenings(cast: &Cast, when: &When) -> Vec<Later> {
    let mut changes = board_replaced(cast, when);
    changes.push(sick_leave(cast, when));
    changes.extend(beacon_shut(cast, when));
    changes
}

/// The integrated care board was replaced on the last 1 April.
fn board_replaced(cast: &Cast, when: &When) -> Vec<Later> {
    let on = when.last_first_of_april();
    let (old, new) = (cast.seat("board_old", 0), cast.seat("board_new", 0));
    let writing = by(Author::Operator, when.at_day(on, 9), "set-up");
    let succession = Succession { organisation: new.organisation, team: new.team, from: on };
    closed(old, writing, on, Some(succession))
}

fn closed(old: &Seat, writing: Writing, on: Day, succession: Option<Succession>) -> Vec<Later> {
    let organisation = What::Organisation(
        old.organisation,
        Box::new(move |o| {
            o.status = OrganisationStatus::Closed { on };
            o.successors = succession.into_iter().collect();
        }),
    );
    let team = What::Team(old.team, Box::new(move |t| t.closed = Some(TeamClosed { on, successor: None })));
    vec![
        Later { writing: writing.clone(), action: "organisation closed", what: organisation },
        Later { writing, action: "team closed", what: team },
    ]
}

/// Gethin has been away for nine weeks; Bryony covers.
fn sick_leave(cast: &Cast, when: &When) -> Later {
    let author = Author::Worker { worker: cast.worker("ruth"), organisation: cast.organisation("kindred") };
    let absence = Absence { from: when.day(-63), until: None, cover: Some(cast.worker("bryony")) };
    Later {
        writing: by(author, when.ago(63, 10), "team lead"),
        action: "leave and cover set",
        what: What::Worker(cast.worker("gethin"), Box::new(move |w| w.absences.push(absence))),
    }
}

/// The Beacon shut twelve days ago. Nobody takes its work over; what it was asked goes
/// back to whoever asked.
fn beacon_shut(cast: &Cast, when: &When) -> Vec<Later> {
    let on = when.day(-BEACON_SHUT);
    let author = Author::Worker { worker: cast.worker("nadia"), organisation: cast.organisation("office") };
    let writing = by(author, when.ago(BEACON_SHUT, 9), "partnership");
    let mut changes = closed(cast.seat("beacon", 0), writing.clone(), on, None);
    let what = What::Worker(cast.worker("trevor"), Box::new(move |w| w.left = Some(on)));
    changes.push(Later { writing, action: "worker left", what });
    changes
}
