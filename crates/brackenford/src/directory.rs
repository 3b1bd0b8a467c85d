//! What can be found in Brackenford: eighty services and thirty groups, with hours,
//! rules, adjustments, languages and what was said about space over the months.

mod groups;
mod health;
mod home_money;
mod people_work;

use crate::cast::{BEACON_SHUT, Cast, operator, part_name, parts};
use crate::chance::{Chance, Seed};
use crate::geography::Geography;
use crate::later::{Later, What};
use crate::pen::{BrackenfordError, Pen, by};
use crate::when::When;
use groups::GROUPS;
use jiff::civil::Time;
use kith_domain::area::Area;
use kith_domain::directory::hours::parse_clock;
use kith_domain::directory::{
    AdjustmentCode, Capacity, Contact, Cost, DayHours, Delivery, Eligibility, Every, GenderPolicy, Group,
    GroupJoining, InterestCode, Joining, Known, Language, Location, NeedCode, Nth, Opening, Rhythm, Serves,
    Service, ServiceStatus, Session, SessionChange, Source, Space, Week, Weekday, Welcome, WrittenDown,
};
use kith_domain::id::{GroupId, RecordId, ServiceId};
use kith_domain::place::PostcodeFact;
use kith_domain::record::Author;
use kith_store::NewRecord;

/// A rule or a fact of a service or group.
#[derive(Clone, Copy)]
enum Is {
    From(u8),
    Ages(u8, u8),
    SubstanceOk,
    NoSubstance,
    NeedsDiagnosis,
    NotFor(&'static str),
    Women(&'static str),
    Men(&'static str),
    Speaks(&'static str),
    Adjusts(&'static str),
    Costs(&'static str),
    Secret,
    Small,
    Quiet,
    TellFirst,
}

/// One service of the lists.
#[derive(Clone, Copy)]
struct Line {
    key: &'static str,
    team: &'static str,
    name: &'static str,
    neighbourhood: &'static str,
    needs: &'static str,
    words: &'static str,
    /// o open, w waiting list, f full, a talks first, n not said.
    space: char,
    /// Days that people wait, in the middle.
    wait: u32,
    how: &'static str,
    joining: &'static str,
    hours: &'static str,
    rules: &'static [Is],
}

#[expect(clippy::too_many_arguments, reason = "a row of a table, read across")]
const fn s(
    key: &'static str,
    team: &'static str,
    name: &'static str,
    neighbourhood: &'static str,
    needs: &'static str,
    words: &'static str,
    space: char,
    wait: u32,
) -> Line {
    Line {
        key,
        team,
        name,
        neighbourhood,
        needs,
        words,
        space,
        wait,
        how: "in_person",
        joining: "ask",
        hours: "",
        rules: &[],
    }
}

impl Line {
    const fn joins(self, joining: &'static str) -> Line {
        Line { joining, ..self }
    }
    const fn how(self, how: &'static str) -> Line {
        Line { how, ..self }
    }
    const fn at(self, hours: &'static str) -> Line {
        Line { hours, ..self }
    }
    const fn is(self, rules: &'static [Is]) -> Line {
        Line { rules, ..self }
    }
}

/// One group of the lists.
#[derive(Clone, Copy)]
struct GroupLine {
    key: &'static str,
    team: &'static str,
    name: &'static str,
    neighbourhood: &'static str,
    /// A weekday (or T1, T2: second weeks on Thursday; M1, M3: a Saturday of the month), the start and the minutes.
    rhythm: &'static str,
    interests: &'static str,
    needs: &'static str,
    words: &'static str,
    size: u16,
    meets: &'static str,
    rules: &'static [Is],
}

#[expect(clippy::too_many_arguments, reason = "a row of a table, read across")]
const fn g(
    key: &'static str,
    team: &'static str,
    name: &'static str,
    neighbourhood: &'static str,
    rhythm: &'static str,
    interests: &'static str,
    needs: &'static str,
    words: &'static str,
    size: u16,
    meets: &'static str,
) -> GroupLine {
    GroupLine { key, team, name, neighbourhood, rhythm, interests, needs, words, size, meets, rules: &[] }
}

impl GroupLine {
    const fn is(self, rules: &'static [Is]) -> GroupLine {
        GroupLine { rules, ..self }
    }
}

/// A service as the stories need it.
#[derive(Clone, Debug)]
pub struct ServiceSeat {
    /// The key in the lists.
    pub key: &'static str,
    /// Its id.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// The key of its team.
    pub team: &'static str,
    /// In which part of the place.
    pub part: u32,
    /// The area of life of its first need.
    pub area: Area,
    /// Codes of the needs it meets.
    pub needs: Vec<&'static str>,
    /// Days that people wait, in the middle.
    pub wait: u32,
    /// Can people be referred?
    pub takes_referrals: bool,
    /// Full now.
    pub full: bool,
    /// Women only, men only, or neither.
    pub only: Option<crate::names::Gender>,
    /// Youngest and oldest age.
    pub ages: (u8, u8),
}

/// A group as the stories need it.
#[derive(Clone, Debug)]
pub struct GroupSeat {
    /// The key in the lists.
    pub key: &'static str,
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Codes of the needs it meets.
    pub needs: Vec<&'static str>,
    /// Women only, men only, or neither.
    pub only: Option<crate::names::Gender>,
    /// Youngest and oldest age.
    pub ages: (u8, u8),
    /// For Black men, for people who share a language, or for carers: told about only where it fits.
    pub particular: bool,
}

/// The directory as the stories need it.
pub struct Directory {
    /// The services.
    pub services: Vec<ServiceSeat>,
    /// The groups.
    pub groups: Vec<GroupSeat>,
}

impl Directory {
    /// The service with this key in Brackenford itself.
    ///
    /// # Panics
    /// There is none, which is a mistake in the lists of this crate.
    pub fn service(&self, key: &str) -> &ServiceSeat {
        let found = self.services.iter().find(|s| s.key == key && s.part == 0);
        found.unwrap_or_else(|| panic!("no service {key}"))
    }
    /// The group with this key.
    ///
    /// # Panics
    /// There is none, which is a mistake in the lists of this crate.
    pub fn group(&self, key: &str) -> &GroupSeat {
        self.groups.iter().find(|g| g.key == key).unwrap_or_else(|| panic!("no group {key}"))
    }
}

/// Writes services and groups as they were at the beginning, and gathers what was said
/// about them since.
///
/// # Errors
/// The database could not do it.
pub async fn write(
    pen: &mut Pen<'_>,
    seed: Seed,
    when: &When,
    cast: &Cast,
    ground: &Geography,
    people: u32,
) -> Result<(Directory, Vec<Later>), BrackenfordError> {
    let mut directory = Directory { services: Vec::new(), groups: Vec::new() };
    let mut later = Vec::new();
    let lines = [health::LINES, home_money::LINES, people_work::LINES].concat();
    for part in 0..=parts(people) {
        for line in &lines {
            let seat = service_seat(seed, when, line, part);
            let mut chance = seed.stream(&format!("service {}", line.key), part.into());
            let value = service(cast, when, ground, line, &seat, &mut chance);
            let new = NewRecord { id: seat.id.into(), person: None, owner: value.organisation };
            pen.create(&operator(when), "service listed", new, &value).await?;
            later.extend(said_since(cast, when, line, &seat, &mut chance));
            if line.key == "beacon" {
                later.push(ended(cast, when, &seat));
            }
            directory.services.push(seat);
        }
    }
    for line in GROUPS {
        let seat = group_seat(seed, when, line);
        let mut chance = seed.stream(&format!("group {}", line.key), 0);
        let value = group(cast, when, ground, line, &mut chance);
        let new = NewRecord { id: seat.id.into(), person: None, owner: value.organisation };
        pen.create(&operator(when), "group listed", new, &value).await?;
        later.extend(sessions(seed, cast, when, line, &seat, &value, &mut chance));
        directory.groups.push(seat);
    }
    Ok((directory, later))
}

fn service_seat(seed: Seed, when: &When, line: &Line, part: u32) -> ServiceSeat {
    let name =
        if part == 0 { line.name.to_owned() } else { format!("{} – {}", line.name, part_name(part)) };
    let needs: Vec<&'static str> = line.needs.split(' ').collect();
    ServiceSeat {
        key: line.key,
        id: ServiceId(seed.id(&format!("service {} {part}", line.key), when.start())),
        name,
        team: line.team,
        part,
        area: area_of(needs[0]),
        wait: line.wait,
        takes_referrals: line.joining.contains("referral"),
        full: line.space == 'f',
        only: only(line.rules),
        ages: ages(line.rules),
        needs,
    }
}

fn group_seat(seed: Seed, when: &When, line: &GroupLine) -> GroupSeat {
    GroupSeat {
        key: line.key,
        id: GroupId(seed.id(&format!("group {}", line.key), when.start())),
        name: line.name.to_owned(),
        needs: line.needs.split(' ').collect(),
        only: only(line.rules),
        ages: ages(line.rules),
        particular: line.needs.contains("culture")
            || line.needs.contains("carer")
            || line.needs.contains("lgbt")
            || line.needs.contains("drugs")
            || line.key == "voices_group"
            || line.key == "bipolar",
    }
}

/// The area of life of a need.
pub(crate) fn area_of(need: &str) -> Area {
    kith_domain::directory::needs::find(need).map_or(Area::Connection, |n| n.area)
}

fn only(rules: &[Is]) -> Option<crate::names::Gender> {
    rules.iter().find_map(|r| match r {
        Is::Women(_) => Some(crate::names::Gender::Woman),
        Is::Men(_) => Some(crate::names::Gender::Man),
        _ => None,
    })
}

fn ages(rules: &[Is]) -> (u8, u8) {
    let mut ages = (0, 120);
    for rule in rules {
        match rule {
            Is::From(least) => ages.0 = *least,
            Is::Ages(least, most) => ages = (*least, *most),
            _ => {}
        }
    }
    ages
}

fn codes<T>(list: &str, parse: impl Fn(&str) -> T) -> Vec<T> {
    list.split(' ').filter(|c| !c.is_empty()).map(parse).collect()
}

fn needs(list: &str) -> Vec<NeedCode> {
    codes(list, |c| NeedCode::parse(c).expect("the lists name needs that exist"))
}

fn areas(list: &str) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for need in list.split(' ') {
        let area = area_of(need);
        if !areas.contains(&area) {
            areas.push(area);
        }
    }
    areas
}

fn service(
    cast: &Cast,
    when: &When,
    ground: &Geography,
    line: &Line,
    seat: &ServiceSeat,
    chance: &mut Chance,
) -> Service {
    let team = cast.seat(line.team, seat.part);
    let mut value = Service::new(seat.name.clone(), team.organisation);
    value.team = Some(team.team);
    value.description = line.words.into();
    value.areas = areas(line.needs);
    value.needs = needs(line.needs);
    value.locations = vec![location(ground, line.neighbourhood, line.rules, chance)];
    value.delivery = codes(line.how, |c| Delivery::from_code(c).expect("the lists name ways that exist"));
    value.serves = Serves::Places { places: district(ground), postcodes: Vec::new() };
    value.contact = contact(line.key, line.rules);
    value.eligibility = eligibility(line.rules);
    value.capacity = capacity(cast, when, line, seat, 590);
    value.adjustments = adjustments(line.rules);
    if line.wait > 60 {
        value.cannot_adjust =
            codes("adj-missed-ok", |c| AdjustmentCode::parse(c).expect("it is on the list"))
                .into_iter()
                .filter(|a| !value.adjustments.contains(a))
                .collect();
    }
    value.languages = languages(line.rules);
    value.cost = cost(line.rules);
    value.opening = opening(line.hours);
    value.joining = codes(line.joining, |c| Joining::from_code(c).expect("the lists name ways that exist"));
    value.source = Source::default();
    value.checked = Some(when.day(-590));
    value
}

fn district(ground: &Geography) -> Vec<kith_domain::place::PlaceCode> {
    ground.areas.first().map(|a| a.code.clone()).into_iter().collect()
}

fn location(ground: &Geography, neighbourhood: &str, rules: &[Is], chance: &mut Chance) -> Location {
    if rules.iter().any(|r| matches!(r, Is::Secret)) {
        let place = district(ground).into_iter().next();
        return Location::Confidential { area: "in Brackenford".into(), place };
    }
    let fact: &PostcodeFact = ground.postcode_in(neighbourhood, chance.below(10));
    let street = chance.pick(&[
        "High Street",
        "Mill Lane",
        "Chapel Yard",
        "Station Approach",
        "Weavers' Row",
        "Old Wharf",
    ]);
    Location::At {
        name: None,
        address: format!("{} {street}, {neighbourhood}", chance.between(1, 80)),
        postcode: Some(fact.postcode.clone()),
        point: fact.point,
        places: fact.places(),
    }
}

fn contact(key: &str, rules: &[Is]) -> Contact {
    let secret = rules.iter().any(|r| matches!(r, Is::Secret));
    let number = key.bytes().map(u32::from).sum::<u32>() * 7 % 1_000;
    let slug = key.replace('_', "-");
    Contact {
        phone: Some(format!("01632 960{number:03}")),
        email: (!secret).then(|| format!("{slug}@brackenford.example")),
        url: Some(format!("https://brackenford.example/{slug}")),
    }
}

fn eligibility(rules: &[Is]) -> Eligibility {
    let mut value =
        Eligibility { gender: GenderPolicy::Everyone, needs_diagnosis: Known::No, ..Eligibility::default() };
    for rule in rules {
        match *rule {
            Is::From(least) => value.age_min = Some(least),
            Is::Ages(least, most) => (value.age_min, value.age_max) = (Some(least), Some(most)),
            Is::SubstanceOk => value.substance_use_ok = Known::Yes,
            Is::NoSubstance => value.substance_use_ok = Known::No,
            Is::NeedsDiagnosis => value.needs_diagnosis = Known::Yes,
            Is::NotFor(words) => value.not_for.push(words.into()),
            Is::Women(policy) => value.gender = GenderPolicy::Women { policy: policy.into() },
            Is::Men(policy) => value.gender = GenderPolicy::Men { policy: policy.into() },
            _ => {}
        }
    }
    value
}

fn adjustments(rules: &[Is]) -> Vec<AdjustmentCode> {
    let listed = rules.iter().find_map(|r| match r {
        Is::Adjusts(list) => Some(*list),
        _ => None,
    });
    codes(listed.unwrap_or_default(), |c| {
        AdjustmentCode::parse(c).expect("the lists name adjustments that exist")
    })
}

fn languages(rules: &[Is]) -> Vec<Language> {
    let spoken = rules.iter().find_map(|r| match r {
        Is::Speaks(list) => Some(*list),
        _ => None,
    });
    match spoken {
        Some("British Sign Language") => vec![Language("British Sign Language".into())],
        list => codes(list.unwrap_or_default(), |l| Language(l.to_owned())),
    }
}

fn cost(rules: &[Is]) -> Cost {
    let said = rules.iter().find_map(|r| match r {
        Is::Costs(words) => Some(*words),
        _ => None,
    });
    match said {
        None => Cost { free: Known::Yes, text: String::new() },
        Some(words) => Cost { free: Known::from_option(Some(words.starts_with("free"))), text: words.into() },
    }
}

/// `Mon-Fri 9am-5pm` or `Mon,Wed 10am-3pm` as a week.
fn opening(hours: &str) -> Opening {
    let Some((days, spans)) = hours.split_once(' ') else { return Opening::default() };
    let mut week = Week::default();
    for day in Weekday::ALL {
        week.0[day.index()] = DayHours::Closed;
    }
    for day in days_of(days) {
        week.0[day.index()] = DayHours::parse(spans).expect("the lists name hours that can be read");
    }
    Opening { text: hours.into(), week }
}

fn days_of(text: &str) -> Vec<Weekday> {
    let day = |d: &str| Weekday::parse(d).expect("the lists name days that exist");
    match text.split_once('-') {
        Some((from, to)) => Weekday::ALL
            .into_iter()
            .filter(|d| (day(from).index()..=day(to).index()).contains(&d.index()))
            .collect(),
        None => text.split(',').map(day).collect(),
    }
}

fn capacity(cast: &Cast, when: &When, line: &Line, seat: &ServiceSeat, days_ago: i32) -> Capacity {
    let team = cast.seat(line.team, seat.part);
    let said_by = team.lead.map(|worker| Author::Worker { worker, organisation: team.organisation });
    let space = match line.space {
        'o' => Space::Open,
        'w' => Space::WaitingList,
        'f' => Space::Full { until: Some(when.day(45)) },
        'a' => Space::AssessmentFirst,
        _ => Space::NotSaid,
    };
    Capacity { space, note: String::new(), said_at: Some(when.ago(days_ago, 9)), said_by }
}

/// What a service said about space since, and when it last checked its entry. Most keep
/// it up; some entries have grown old, as in any directory.
fn said_since(cast: &Cast, when: &When, line: &Line, seat: &ServiceSeat, chance: &mut Chance) -> Vec<Later> {
    let team = cast.seat(line.team, seat.part);
    let Some(worker) = team.lead else { return Vec::new() };
    let author = Author::Worker { worker, organisation: team.organisation };
    let last = match chance.weighted(&[50, 30, 12, 8]) {
        0 => chance.between(1, 20),
        1 => chance.between(21, 80),
        2 => chance.between(81, 180),
        _ => chance.between(200, 420),
    };
    let last = if seat.full || line.key == "harbour" || line.key == "larch" { 9 } else { last };
    let change = |days: i32, space: Option<Space>| {
        let said = capacity(cast, when, line, seat, days);
        let said = Capacity { space: space.unwrap_or(said.space), ..said };
        let checked = when.day(-days);
        Later {
            writing: by(author, when.ago(days, 11), "own service"),
            action: "capacity said",
            what: What::Service(
                seat.id,
                Box::new(move |s| {
                    s.capacity = said;
                    s.checked = Some(checked);
                }),
            ),
        }
    };
    let between = chance.between(last + 30, last + 120);
    let other = if line.space == 'o' { Space::WaitingList } else { Space::Open };
    vec![change(between, Some(other)), change(last, None)]
}

/// The service of the charity that shut is ended on the same day.
fn ended(cast: &Cast, when: &When, seat: &ServiceSeat) -> Later {
    let author = Author::Worker { worker: cast.worker("nadia"), organisation: cast.organisation("office") };
    Later {
        writing: by(author, when.ago(BEACON_SHUT, 9), "partnership"),
        action: "service ended",
        what: What::Service(seat.id, Box::new(|s| s.status = ServiceStatus::Defunct)),
    }
}

fn group(cast: &Cast, when: &When, ground: &Geography, line: &GroupLine, chance: &mut Chance) -> Group {
    let team = cast.seat(line.team, 0);
    let has = |f: fn(&Is) -> bool| line.rules.iter().any(f);
    let mut value = Group::new(
        line.name,
        team.organisation,
        location(ground, line.neighbourhood, line.rules, chance),
        rhythm(when, line.rhythm),
    );
    value.team = Some(team.team);
    value.run_by = team.lead.map(|w| format!("with {}", cast.name(w))).unwrap_or_default();
    value.description = line.words.into();
    value.areas = areas(line.needs);
    value.needs = needs(line.needs);
    value.interests =
        codes(line.interests, |c| InterestCode::parse(c).expect("the lists name interests that exist"));
    value.eligibility = Eligibility { substance_use_ok: Known::Yes, ..eligibility(line.rules) };
    value.welcome = Welcome {
        someone_to_meet_you: Known::Yes,
        who_meets_you: line.meets.into(),
        usual_size: Some(line.size),
        quiet: Known::from_option(Some(has(|r| matches!(r, Is::Quiet)))),
        step_free: Known::from_option(Some(chance.percent(75))),
        bring_someone: Known::Yes,
        just_watch: Known::Yes,
        leave_any_time: Known::Yes,
        text: String::new(),
    };
    value.capacity = Capacity { space: Space::Open, said_at: Some(when.ago(590, 9)), ..Capacity::default() };
    value.adjustments =
        codes("adj-companion adj-late-ok", |c| AdjustmentCode::parse(c).expect("they are on the list"));
    value.languages = languages(line.rules);
    value.cost = cost(line.rules);
    value.written_down = WrittenDown::HeadCount;
    value.joining =
        if has(|r| matches!(r, Is::TellFirst)) { GroupJoining::TellUsFirst } else { GroupJoining::JustCome };
    value.contact = contact(line.key, line.rules);
    value.checked = Some(when.day(-chance.between(3, 200)).max(when.day(-590)));
    value
}

/// `Tue 8:30am 150`, `T1 7pm 90` (every second Thursday), `M3 10:30am 120` (the third
/// Saturday of the month).
fn rhythm(when: &When, text: &str) -> Rhythm {
    let parts: Vec<&str> = text.split(' ').collect();
    let every = match parts[0] {
        "T1" | "T2" => Every::TwoWeeks { on: Weekday::Thursday },
        "M1" => Every::Month { which: Nth::First, on: Weekday::Saturday },
        "M3" => Every::Month { which: Nth::Third, on: Weekday::Saturday },
        day => Every::Week { on: Weekday::parse(day).expect("the lists name days that exist") },
    };
    let from = if parts[0] == "T2" { when.day(-583) } else { when.day(-590) };
    let starts: Time = parse_clock(parts[1]).expect("the lists name times that can be read");
    let minutes = parts[2].parse().expect("the lists name minutes");
    Rhythm { every, starts, minutes, from, until: None, closed_on_holidays: true, note: String::new() }
}

/// How many came, these last weeks; one session that will not happen; one special one.
fn sessions(
    seed: Seed,
    cast: &Cast,
    when: &When,
    line: &GroupLine,
    seat: &GroupSeat,
    value: &Group,
    chance: &mut Chance,
) -> Vec<Later> {
    let team = cast.seat(line.team, 0);
    let Some(worker) = team.lead else { return Vec::new() };
    let author = Author::Worker { worker, organisation: team.organisation };
    let mut later = Vec::new();
    let mut add = |day, at, change, came: Option<i32>| {
        let session = Session {
            group: seat.id,
            area: value.main_area(),
            day,
            change,
            came: came.and_then(|n| u16::try_from(n).ok()),
        };
        let id = RecordId(seed.id(&format!("session {} {day}", line.key), at));
        let what = What::Session(id, team.organisation, Box::new(session));
        later.push(Later { writing: by(author, at, "own group"), action: "session written down", what });
    };
    for back in (1..120).rev() {
        let day = when.day(-back);
        if value.rhythm.falls_on(day) && when.calendar.is_working(day) {
            let size = i32::from(line.size);
            add(
                day,
                when.at_day(day, 21),
                SessionChange::AsUsual,
                Some(chance.between(size * 6 / 10, size * 13 / 10)),
            );
        }
    }
    let next: Vec<_> = value.rhythm.next(&[], when.day(1), 3, &when.calendar);
    if let Some(off) = next.get(1).filter(|_| line.key == "choir" || line.key == "walkers") {
        let why = "the hall is being painted".to_owned();
        add(off.day, when.ago(2, 15), SessionChange::Cancelled { why }, None);
    }
    if line.key == "plot_group" {
        let day = when.working(17);
        let special = SessionChange::Special {
            starts: Time::constant(13, 0, 0, 0),
            minutes: 120,
            location: None,
            note: "wreath making, with mince pies".into(),
        };
        add(day, when.ago(5, 12), special, None);
    }
    later
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn eighty_services_and_thirty_groups_with_keys_used_once() {
        let lines = [health::LINES, home_money::LINES, people_work::LINES].concat();
        let keys: BTreeSet<&str> = lines.iter().map(|l| l.key).collect();
        assert_eq!((lines.len(), keys.len()), (80, 80));
        let keys: BTreeSet<&str> = GROUPS.iter().map(|l| l.key).collect();
        assert_eq!((GROUPS.len(), keys.len()), (30, 30));
    }

    #[test]
    fn a_secret_place_has_no_address() {
        let lines = [health::LINES, home_money::LINES, people_work::LINES].concat();
        let secret = |l: &&Line| l.rules.iter().any(|r| matches!(r, Is::Secret));
        assert!(lines.iter().filter(secret).all(|l| l.neighbourhood.is_empty()));
        assert_eq!(lines.iter().filter(secret).count(), 2);
    }

    #[test]
    fn hours_are_read_as_written() {
        let lines = opening("Mon-Fri 9am-5pm").week.lines();
        assert_eq!(lines[0], ("Monday to Friday".to_owned(), "9am to 5pm".to_owned()));
        assert_eq!(opening("Tue,Thu 9am-4pm").week.lines().len(), 5);
        assert!(opening("").week.is_not_said());
    }
}
