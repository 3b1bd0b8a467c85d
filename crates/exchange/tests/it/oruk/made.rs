//! Services and groups of every kind, made up by proptest.

use jiff::civil::{Date, Time, date};
use kith_domain::area::Area;
use kith_domain::directory::{
    AdjustmentCode, Capacity, Contact, Cost, DayHours, Delivery, Eligibility, Every, GenderPolicy, Group,
    GroupJoining, InterestCode, Joining, Known, Language, Location, NeedCode, Nth, Offer, Opening, Rhythm,
    Serves, Service, ServiceStatus, Space, Span, Week, Weekday, Welcome, WorkKind, WrittenDown, adjustments,
    interests, needs,
};
use kith_domain::id::OrganisationId;
use kith_domain::place::{Outward, PlaceCode, Point, Postcode};
use kith_domain::time::{Instant, plus_days};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use uuid::Uuid;

/// A line of words, none of which stands for nothing.
fn line() -> impl Strategy<Value = String> {
    "[A-Zéßq][a-zü'<&]{4,9}( [a-z£0-9.;-]{2,8}x){0,5}"
}

fn maybe_line() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), line()]
}

fn known() -> impl Strategy<Value = Known> {
    select(vec![Known::Yes, Known::No, Known::NotSaid])
}

fn day() -> impl Strategy<Value = Date> {
    (0..9_000_i32).prop_map(|n| plus_days(date(2005, 1, 1), n))
}

fn clock() -> impl Strategy<Value = Time> {
    (0..24_i8, select(vec![0_i8, 1, 15, 30, 59])).prop_map(|(h, m)| Time::new(h, m, 0, 0).unwrap())
}

/// Stretches of a day that do not touch.
fn hours() -> impl Strategy<Value = DayHours> {
    let open = (0..8_i8, 1..4_i8, any::<bool>()).prop_map(|(from, long, twice)| {
        let at = |hour| Time::new(hour, 30, 0, 0).unwrap();
        let mut spans = vec![Span { from: at(from), to: at(from + long) }];
        if twice {
            spans.push(Span { from: at(from + long + 2), to: at(from + long + 5) });
        }
        DayHours::Open(spans)
    });
    prop_oneof![Just(DayHours::NotSaid), Just(DayHours::Closed), open]
}

fn opening() -> impl Strategy<Value = Opening> {
    (maybe_line(), proptest::array::uniform7(hours()))
        .prop_map(|(text, week)| Opening { text, week: Week(week) })
}

fn code() -> impl Strategy<Value = PlaceCode> {
    "E0[1-9]0000[0-9]{2}".prop_map(|c| PlaceCode::parse(&c).unwrap())
}

fn postcode() -> impl Strategy<Value = Postcode> {
    "[QMS][A-H][1-9] [1-9][ABDEFG]{2}".prop_map(|p| Postcode::parse(&p).unwrap())
}

pub fn location() -> impl Strategy<Value = Location> {
    let point = (500_000..580_000_i32, -40_000..10_000_i32)
        .prop_map(|(lat, lon)| Point::new(f64::from(lat) / 10_000.0, f64::from(lon) / 10_000.0).unwrap());
    let town = prop_oneof![Just(String::new()), line().prop_map(|t| format!(", {t}ton"))];
    let address = (1..99_u8, line(), town).prop_map(|(n, street, town)| format!("{n} {street}{town}"));
    let at = (
        proptest::option::of(line()),
        address,
        proptest::option::of(postcode()),
        proptest::option::of(point),
        proptest::collection::vec(code(), 0..3),
    )
        .prop_map(|(name, address, postcode, point, mut places)| {
            places.dedup();
            Location::At { name, address, postcode, point, places }
        });
    let secret = (line(), proptest::option::of(code()))
        .prop_map(|(area, place)| Location::Confidential { area, place });
    prop_oneof![4 => at, 1 => secret]
}

fn eligibility() -> impl Strategy<Value = Eligibility> {
    let gender = (maybe_line(), 0..5_u8).prop_map(|(policy, which)| match which {
        0 => GenderPolicy::NotSaid,
        1 => GenderPolicy::Everyone,
        2 => GenderPolicy::Women { policy },
        3 => GenderPolicy::Men { policy },
        _ => GenderPolicy::Other { policy },
    });
    let ages = (proptest::option::of(0..60_u8), proptest::option::of(60..131_u8));
    (ages, gender, known(), known(), proptest::collection::btree_set(line(), 0..3), maybe_line()).prop_map(
        |((age_min, age_max), gender, substance_use_ok, needs_diagnosis, not_for, text)| Eligibility {
            age_min,
            age_max,
            gender,
            substance_use_ok,
            needs_diagnosis,
            not_for: not_for.into_iter().collect(),
            text,
        },
    )
}

fn capacity() -> impl Strategy<Value = Capacity> {
    let space = proptest::option::of(day()).prop_flat_map(|until| {
        select(vec![
            Space::NotSaid,
            Space::Open,
            Space::WaitingList,
            Space::Full { until },
            Space::AssessmentFirst,
        ])
    });
    (space, maybe_line(), proptest::option::of(0..4_000_000_000_000_000_i64))
        .prop_map(|(space, note, at)| Capacity { space, note, said_at: at.map(Instant), said_by: None })
}

fn contact() -> impl Strategy<Value = Contact> {
    let phone = proptest::option::of("01632 96[0-9]{4}");
    let email = proptest::option::of("[a-z]{2,8}@[a-z]{2,8}\\.org");
    let url = proptest::option::of("https://[a-z]{2,8}\\.example\\.org/[a-z]{0,8}");
    (phone, email, url).prop_map(|(phone, email, url)| Contact { phone, email, url })
}

fn cost() -> impl Strategy<Value = Cost> {
    (known(), maybe_line()).prop_map(|(free, text)| Cost { free, text })
}

fn adjustments_both() -> impl Strategy<Value = (Vec<AdjustmentCode>, Vec<AdjustmentCode>)> {
    let codes: Vec<AdjustmentCode> =
        adjustments::ALL.iter().map(|a| AdjustmentCode::parse(a.code).unwrap()).collect();
    (subsequence(codes, 0..5), 0..5_usize).prop_map(|(all, at)| {
        let at = at.min(all.len());
        (all[..at].to_vec(), all[at..].to_vec())
    })
}

fn needs_some() -> impl Strategy<Value = Vec<NeedCode>> {
    let codes: Vec<NeedCode> = needs::ALL.iter().map(|n| NeedCode::parse(n.code).unwrap()).collect();
    subsequence(codes, 0..5)
}

fn languages() -> impl Strategy<Value = Vec<Language>> {
    proptest::collection::btree_set(line(), 0..3).prop_map(|all| all.into_iter().map(Language).collect())
}

fn serves() -> impl Strategy<Value = Serves> {
    let halves = proptest::collection::btree_set("[QMS][A-H][1-9]", 0..3)
        .prop_map(|all| all.iter().map(|h| Outward::parse(h).unwrap()).collect::<Vec<_>>());
    let some = (proptest::collection::btree_set(code(), 1..3), halves)
        .prop_map(|(places, postcodes)| Serves::Places { places: places.into_iter().collect(), postcodes });
    prop_oneof![Just(Serves::NotSaid), Just(Serves::Anywhere), some]
}

fn offer() -> impl Strategy<Value = Offer> {
    let kind = select(WorkKind::ALL.to_vec());
    (0..4_u8, maybe_line(), known(), known(), kind).prop_map(|(which, hours, a, b, kind)| match which {
        0 | 1 => Offer::Support,
        2 => Offer::Volunteering { hours, from_ward: a, expenses: b },
        _ => Offer::Work { kind, hours, paid: a },
    })
}

pub fn a_service() -> impl Strategy<Value = Service> {
    let first = (
        line(),
        maybe_line(),
        subsequence(Area::SIX.to_vec(), 0..4),
        needs_some(),
        proptest::collection::btree_set(line(), 0..4),
        select(ServiceStatus::ALL.to_vec()),
        proptest::collection::vec(location(), 0..4),
        subsequence(Delivery::ALL.to_vec(), 0..4),
        serves(),
        contact(),
    );
    let second = (
        eligibility(),
        capacity(),
        adjustments_both(),
        languages(),
        cost(),
        opening(),
        subsequence(Joining::ALL.to_vec(), 0..3),
        proptest::option::of(day()),
        offer(),
    );
    (first, second).prop_map(|(a, b)| {
        let mut s = Service::new(a.0, OrganisationId(Uuid::nil()));
        (s.description, s.areas, s.needs) = (a.1, a.2, a.3);
        s.keywords = a.4.into_iter().collect();
        s.status = a.5;
        for place in a.6 {
            if !s.locations.contains(&place) {
                s.locations.push(place);
            }
        }
        (s.delivery, s.serves, s.contact) = (a.7, a.8, a.9);
        (s.eligibility, s.capacity) = (b.0, b.1);
        (s.adjustments, s.cannot_adjust) = b.2;
        (s.languages, s.cost, s.opening, s.joining, s.checked) = (b.3, b.4, b.5, b.6, b.7);
        s.offer = b.8;
        s
    })
}

fn rhythm() -> impl Strategy<Value = Rhythm> {
    let on = select(Weekday::ALL.to_vec());
    let nth = select(vec![Nth::First, Nth::Second, Nth::Third, Nth::Fourth, Nth::Last]);
    let every = (on, nth, 0..4_u8).prop_map(|(on, which, kind)| match kind {
        0 => Every::Week { on },
        1 => Every::TwoWeeks { on },
        2 => Every::Month { which, on },
        _ => Every::Irregular,
    });
    (every, clock(), 1..1_440_u16, day(), proptest::option::of(0..900_i32), any::<bool>(), maybe_line())
        .prop_map(|(every, starts, minutes, from, long, closed_on_holidays, note)| Rhythm {
            every,
            starts,
            minutes,
            from,
            until: long.map(|n| plus_days(from, n)),
            closed_on_holidays,
            note,
        })
}

fn welcome() -> impl Strategy<Value = Welcome> {
    let words = (maybe_line(), proptest::option::of(1..200_u16), maybe_line());
    (proptest::array::uniform6(known()), words).prop_map(|(k, (who_meets_you, usual_size, text))| Welcome {
        someone_to_meet_you: k[0],
        who_meets_you,
        usual_size,
        quiet: k[1],
        step_free: k[2],
        bring_someone: k[3],
        just_watch: k[4],
        leave_any_time: k[5],
        text,
    })
}

pub fn a_group() -> impl Strategy<Value = Group> {
    let codes: Vec<InterestCode> =
        interests::ALL.iter().map(|i| InterestCode::parse(i.code).unwrap()).collect();
    let written = vec![
        WrittenDown::HeadCount,
        WrittenDown::Nothing,
        WrittenDown::FirstNames,
        WrittenDown::NamesIfAgreed,
    ];
    let joining = select(vec![GroupJoining::JustCome, GroupJoining::TellUsFirst]);
    let own =
        (maybe_line(), subsequence(codes, 0..4), rhythm(), welcome(), select(written), joining, location());
    (a_service(), own).prop_map(|(s, own)| {
        let mut g = Group::new(s.name, s.organisation, own.6, own.2);
        (g.run_by, g.interests, g.welcome, g.written_down, g.joining) = (own.0, own.1, own.3, own.4, own.5);
        (g.description, g.areas, g.needs, g.status) = (s.description, s.areas, s.needs, s.status);
        (g.eligibility, g.capacity, g.languages, g.cost) = (s.eligibility, s.capacity, s.languages, s.cost);
        (g.adjustments, g.cannot_adjust) = (s.adjustments, s.cannot_adjust);
        (g.contact, g.checked) = (s.contact, s.checked);
        g
    })
}
