//! What finding promises: examples in words, and the shapes that always hold.

use super::*;
use crate::directory::{
    Capacity, Cost, Delivery, Eligibility, GenderPolicy, Known, Location, Rhythm, Serves, ServiceStatus,
    Space,
};
use crate::place::{PlaceCode, Postcode};
use crate::time::plus_days;
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

const HOME: Point = Point { lat: 53.42, lon: -2.32 };

pub(super) fn today() -> Day {
    date(2026, 11, 23)
}

fn service(n: u128, name: &str, need: &str) -> Service {
    let mut s = Service::new(name, OrganisationId(Uuid::from_u128(1000 + n)));
    let need = NeedCode::parse(need).unwrap();
    s.areas = vec![need.area().unwrap()];
    s.needs = vec![need];
    s.checked = Some(date(2026, 11, 1));
    s
}

fn candidate(n: u128, service: Service) -> Candidate {
    Candidate::new(Entry::Service(ServiceId(Uuid::from_u128(n)), Box::new(service)), "Somebody")
}

fn ask(need: &str) -> Query {
    Query {
        need: Some(NeedCode::parse(need).unwrap()),
        from: Origin { point: Some(HOME), ..Origin::default() },
        ..Query::default()
    }
}

pub(super) fn at(lat: f64, lon: f64) -> Vec<Location> {
    vec![Location::At {
        name: None,
        address: "1 Here Street".to_owned(),
        postcode: Postcode::parse("M33 7ZF").ok(),
        point: Point::new(lat, lon).ok(),
        places: Vec::new(),
    }]
}

fn names(results: &Results, candidates: &[Candidate]) -> Vec<String> {
    results.ranked.iter().map(|f| candidates[f.index].name().to_owned()).collect()
}

fn words(found: &Found, kind: ReasonKind) -> Vec<&str> {
    found.reasons.iter().filter(|r| r.kind == kind).map(|r| r.words.as_str()).collect()
}

#[test]
fn a_partnership_that_chose_nothing_has_the_proposed_weights() {
    assert_eq!(Config::of(&crate::settings::Settings::default()), Config::default());
}

#[test]
fn it_is_said_why_something_does_not_stand_higher() {
    let near = |n: u128, lat: f64, space: Space| {
        let mut s = service(n, "Debt advice", "money-debt");
        s.locations = at(lat, -2.32);
        s.capacity.space = space;
        s.cost = Cost { free: Known::Yes, text: String::new() };
        candidate(n, s)
    };
    let full = Space::Full { until: None };
    let all = [near(1, 53.42, Space::Open), near(2, 53.60, Space::Open), near(3, 53.42, full)];
    let query = Query { only_open: false, ..ask("money-debt") };
    let found = rank(&query, &all, &Config::default(), today()).ranked;
    assert_eq!(found.iter().map(|f| f.index).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(found[0].not_higher.is_empty(), "{:?}", found[0].not_higher);
    assert_eq!(found[1].not_higher[0], "it is further away");
    assert_eq!(found[2].not_higher[0], "it is full now");
}

#[test]
fn what_stands_behind_others_of_its_organisation_says_so() {
    let of_one = |n: u128| {
        let mut s = service(n, &format!("Debt advice {n}"), "money-debt");
        s.organisation = OrganisationId(Uuid::from_u128(1));
        candidate(n, s)
    };
    let all: Vec<Candidate> = (1..=3).map(of_one).collect();
    let found = rank(&ask("money-debt"), &all, &Config::default(), today()).ranked;
    let said = |f: &Found| f.not_higher.first().is_some_and(|why| why == "Somebody has other places above");
    assert_eq!(found.iter().map(said).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn three_closed_doors_are_not_offered_again_and_it_is_said_why() {
    let mut homes: Vec<Candidate> = ["A", "B", "C", "D"]
        .iter()
        .enumerate()
        .map(|(n, name)| candidate(n as u128, service(n as u128, name, "housing-supported")))
        .collect();
    homes[0].tried = vec![Tried::Declined { on: date(2026, 11, 3), why: "too complex".to_owned() }];
    homes[1].tried = vec![Tried::Silent { reply_by: date(2026, 11, 17) }];
    homes[2].tried = vec![Tried::Full { on: date(2026, 11, 20) }];
    let results = rank(&ask("housing-supported"), &homes, &Config::default(), today());
    assert_eq!(names(&results, &homes), ["D"]);
    let why: Vec<&str> = results.excluded.iter().map(|e| e.causes[0].words.as_str()).collect();
    assert_eq!(
        why,
        [
            "Not offered again: it said no on Tuesday 3 November 2026. Its reason: too complex.",
            "Not offered again: it did not answer by Tuesday 17 November 2026.",
            "Not offered again for now: it said it was full on Friday 20 November 2026.",
        ]
    );
    assert!(results.excluded.iter().all(Excluded::tried));
}

#[test]
fn a_newer_word_that_there_is_space_opens_the_door_again_and_so_does_time() {
    let mut full = candidate(1, service(1, "C", "housing-supported"));
    full.tried = vec![Tried::Full { on: date(2026, 11, 10) }];
    if let Entry::Service(_, s) = &mut full.entry {
        s.capacity = Capacity { space: Space::Open, ..Capacity::default() };
    }
    full.space_said = Some(date(2026, 11, 9));
    assert!(rank(&ask("housing-supported"), &[full.clone()], &Config::default(), today()).ranked.is_empty());
    full.space_said = Some(date(2026, 11, 12));
    let results = rank(&ask("housing-supported"), &[full], &Config::default(), today());
    assert_eq!(words(&results.ranked[0], ReasonKind::Before), ["It was full on Tuesday 10 November 2026"]);

    let mut declined = candidate(2, service(2, "A", "housing-supported"));
    declined.tried = vec![Tried::Declined { on: plus_days(today(), -181), why: "too complex".to_owned() }];
    assert_eq!(
        rank(&ask("housing-supported"), &[declined.clone()], &Config::default(), today()).ranked.len(),
        1
    );
    declined.tried = vec![Tried::PersonSaidNo { on: plus_days(today(), -999) }];
    assert!(
        rank(&ask("housing-supported"), &[declined.clone()], &Config::default(), today()).ranked.is_empty(),
        "a person's no does not lapse"
    );
    let again = Query { again: true, ..ask("housing-supported") };
    assert_eq!(rank(&again, &[declined], &Config::default(), today()).ranked.len(), 1);
}

#[test]
fn what_nobody_said_keeps_a_service_in_and_is_told() {
    let plain = candidate(1, service(1, "Plain", "money-debt"));
    let query = Query {
        age: Some(44),
        adjustments: vec![AdjustmentCode::parse("adj-private").unwrap()],
        ..ask("money-debt")
    };
    let results = rank(&query, &[plain], &Config::default(), today());
    let found = &results.ranked[0];
    assert_eq!(words(found, ReasonKind::WhoFor), ["Age limits are not said"]);
    assert_eq!(words(found, ReasonKind::Adjustments), ["Has not said about: A private room"]);
    assert_eq!(words(found, ReasonKind::Space), ["Has not said whether there is space"]);
    assert_eq!(words(found, ReasonKind::Distance), ["How far it is, is not known"]);
    assert_eq!(words(found, ReasonKind::Checked), ["Last checked 3 weeks ago"]);
}

#[test]
fn stated_conflicts_leave_it_out() {
    let mut women = service(1, "Women", "connection-company");
    women.eligibility = Eligibility {
        age_max: Some(65),
        gender: GenderPolicy::Women { policy: "All women, trans women included".to_owned() },
        age_min: Some(18),
        ..Eligibility::default()
    };
    let women = [candidate(1, women)];
    let ask = |gender, age| Query { gender, age, ..ask("connection-company") };
    let causes = |q: &Query| {
        rank(q, &women, &Config::default(), today())
            .excluded
            .into_iter()
            .flat_map(|e| e.causes)
            .map(|c| c.words)
            .collect::<Vec<_>>()
    };
    assert_eq!(causes(&ask(Some(Gender::Man), None)), ["It is for women."]);
    assert_eq!(causes(&ask(Some(Gender::Woman), Some(17))), ["It is for people aged 18 to 65."]);
    assert_eq!(causes(&ask(Some(Gender::Woman), Some(66))), ["It is for people aged 18 to 65."]);
    assert!(causes(&ask(Some(Gender::Woman), Some(65))).is_empty());
    assert_eq!(how_far_out(1_000.0), "It is further than asked for: about 2 miles away.");
    let results = rank(&ask(Some(Gender::Other), Some(18)), &women, &Config::default(), today());
    assert!(
        words(&results.ranked[0], ReasonKind::WhoFor).contains(&"For women: All women, trans women included")
    );
}

/// Unknown is not yes: a limit speaks for a service only when it is known that the person is
/// within it.
#[test]
fn a_limit_that_nobody_knows_about_is_no_yes() {
    let mut limits = service(1, "Women", "connection-company");
    limits.eligibility = Eligibility {
        age_min: Some(16),
        gender: GenderPolicy::Women { policy: String::new() },
        ..Eligibility::default()
    };
    let all = [candidate(1, limits)];
    let told = |gender, age| {
        let results =
            rank(&Query { gender, age, ..ask("connection-company") }, &all, &Config::default(), today());
        let of: Vec<_> =
            results.ranked[0].reasons.iter().filter(|r| r.kind == ReasonKind::WhoFor).cloned().collect();
        of.into_iter().map(|r| (r.tone, r.words)).collect::<Vec<_>>()
    };
    let unknown = (Tone::Unknown, "For people aged 16 or over. The age is not known here".to_owned());
    assert_eq!(told(None, None)[0], unknown);
    assert_eq!(told(None, Some(40))[0], (Tone::For, "For people aged 16 or over".to_owned()));
    let women = |gender| told(gender, None)[1].0;
    assert_eq!(women(Some(Gender::Woman)), Tone::For);
    assert_eq!((women(None), women(Some(Gender::Other))), (Tone::Unknown, Tone::Unknown));
}

/// What is said of a service 3 km away when no more than `within_m` was asked for.
fn how_far_out(within_m: f64) -> String {
    let mut s = service(1, "Far", "money-debt");
    s.locations = at(HOME.lat + 0.027, HOME.lon);
    let query = Query { within_m: Some(within_m), ..ask("money-debt") };
    let mut excluded = rank(&query, &[candidate(1, s.clone())], &Config::default(), today()).excluded;
    s.delivery = vec![Delivery::Phone];
    assert_eq!(
        rank(&query, &[candidate(1, s)], &Config::default(), today()).ranked.len(),
        1,
        "by phone it is near"
    );
    excluded.remove(0).causes.remove(0).words
}

#[test]
fn a_large_organisation_leaves_room_on_the_first_page() {
    let mut all: Vec<Candidate> = (0..14)
        .map(|n| {
            let mut s = service(n, &format!("{n:02}"), "money-debt");
            s.organisation = OrganisationId(Uuid::from_u128(if n < 5 { 1 } else { n }));
            s.locations = at(HOME.lat + 0.001 * (1 + n) as f64, HOME.lon);
            candidate(n, s)
        })
        .collect();
    let shown =
        |all: &[Candidate]| names(&rank(&ask("money-debt"), all, &Config::default(), today()), all).join(" ");
    assert_eq!(shown(&all), "00 01 05 06 07 08 09 10 11 12 02 03 04 13");
    all.truncate(7);
    assert_eq!(shown(&all), "00 01 05 06 02 03 04", "nothing is lost when there is little to show");
}

#[test]
fn what_must_suit_the_person_is_checked_only_when_it_is_asked() {
    let mut strict = service(1, "Strict", "money-debt");
    strict.eligibility.substance_use_ok = Known::No;
    strict.eligibility.needs_diagnosis = Known::Yes;
    let all = [candidate(1, strict)];
    let kinds = |q: Query| {
        rank(&q, &all, &Config::default(), today())
            .excluded
            .into_iter()
            .flat_map(|e| e.causes)
            .map(|c| c.kind)
            .collect::<Vec<_>>()
    };
    assert!(kinds(ask("money-debt")).is_empty());
    assert_eq!(kinds(Query { substance_use: true, ..ask("money-debt") }), [CauseKind::SubstanceUse]);
    assert_eq!(kinds(Query { no_diagnosis: true, ..ask("money-debt") }), [CauseKind::Diagnosis]);
    assert_eq!(kinds(Query { kinds: Kinds::Groups, ..ask("money-debt") }), [CauseKind::NotAbout]);
}

#[test]
fn each_part_of_the_score_decides_when_all_else_is_equal() {
    let plain = || service(9, "a", "money-debt");
    let adjustment = AdjustmentCode::parse("adj-private").unwrap();
    let query = Query {
        words: "owe money".to_owned(),
        adjustments: vec![adjustment.clone()],
        language: Some(Language("Urdu".to_owned())),
        times: vec![When {
            day: Weekday::Monday,
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(12, 0, 0, 0),
        }],
        ..ask("money-debt")
    };
    type Change<'a> = &'a dyn Fn(&mut Service);
    let better: [(&str, Change<'_>, Change<'_>); 9] = [
        ("need", &|_| {}, &|s| s.needs = vec![NeedCode::parse("money-budget").unwrap()]),
        ("words", &|s| s.description = "for people who owe".to_owned(), &|_| {}),
        ("travel", &|s| s.locations = at(53.43, -2.32), &|s| s.locations = at(53.44, -2.32)),
        ("remote", &|s| s.delivery = vec![Delivery::HomeVisit], &|s| s.locations = at(53.44, -2.32)),
        ("space", &|s| s.capacity.space = Space::Open, &|s| s.capacity.space = Space::WaitingList),
        ("times", &|s| s.opening.week.0[0] = crate::directory::DayHours::parse("9am-5pm").unwrap(), &|s| {
            s.opening.week.0[0] = crate::directory::DayHours::Closed
        }),
        ("adjustments", &|s| s.adjustments = vec![adjustment.clone()], &|s| {
            s.cannot_adjust = vec![adjustment.clone()]
        }),
        ("language", &|s| s.languages = vec![Language("urdu".to_owned())], &|_| {}),
        ("checked", &|_| {}, &|s| s.checked = Some(date(2025, 11, 1))),
    ];
    for (what, good, bad) in better {
        let (mut a, mut b) = (plain(), plain());
        bad(&mut a);
        good(&mut b);
        b.name = "b".to_owned();
        let all = [candidate(1, a), candidate(2, b)];
        assert_eq!(names(&rank(&query, &all, &Config::default(), today()), &all), ["b", "a"], "{what}");
    }
    let (mut slow, mut quick) = (candidate(1, plain()), candidate(2, plain()));
    slow.wait = Some(MeasuredWait { days_low: 60, days_high: 120, people: 30 });
    quick.wait = Some(MeasuredWait { days_low: 3, days_high: 9, people: 30 });
    let all = [slow, quick];
    assert_eq!(rank(&query, &all, &Config::default(), today()).ranked[0].index, 1, "wait");
    let (mut paid, mut free) = (plain(), plain());
    paid.cost.free = Known::No;
    free.cost.free = Known::Yes;
    let all = [candidate(1, paid), candidate(2, free)];
    assert_eq!(rank(&query, &all, &Config::default(), today()).ranked[0].index, 1, "cost");
}

#[test]
fn where_people_live() {
    let mut here = service(1, "Here", "money-debt");
    here.serves = Serves::Places { places: vec![PlaceCode::parse("E08000009").unwrap()], postcodes: vec![] };
    let here = [candidate(1, here)];
    let mut query = ask("money-debt");
    assert_eq!(
        words(&rank(&query, &here, &Config::default(), today()).ranked[0], ReasonKind::WhoFor),
        ["Serves some places only: check that this is one of them"]
    );
    query.from.places = vec![PlaceCode::parse("E01006075").unwrap(), PlaceCode::parse("E08000009").unwrap()];
    assert_eq!(
        words(&rank(&query, &here, &Config::default(), today()).ranked[0], ReasonKind::WhoFor),
        ["Serves this place"]
    );
    query.from.places = vec![PlaceCode::parse("E08000003").unwrap()];
    assert_eq!(rank(&query, &here, &Config::default(), today()).excluded[0].causes[0].kind, CauseKind::Place);
}

#[test]
fn full_and_closed_stand_last_or_out() {
    let mut full = service(1, "Full", "money-debt");
    full.capacity.space = Space::Full { until: Some(date(2026, 12, 24)) };
    let mut passed = service(2, "Was full", "money-debt");
    passed.capacity.space = Space::Full { until: Some(today()) };
    let mut closed = service(3, "Closed", "money-debt");
    closed.status = ServiceStatus::TemporarilyClosed;
    let near = service(4, "Near", "money-budget");
    let all = [candidate(1, full), candidate(2, passed), candidate(3, closed), candidate(4, near)];
    let results = rank(&ask("money-debt"), &all, &Config::default(), today());
    assert_eq!(names(&results, &all), ["Was full", "Near", "Full", "Closed"]);
    assert_eq!(
        words(&results.ranked[1], ReasonKind::Fits),
        ["Close to what was asked for: Help to manage my money"]
    );
    let open = Query { only_open: true, ..ask("money-debt") };
    let results = rank(&open, &all, &Config::default(), today());
    assert_eq!(results.excluded[0].causes[0].words, "It is full until Thursday 24 December 2026.");
}

#[test]
fn own_words_find_what_is_meant() {
    let debt = candidate(1, service(1, "Brackenford Money Advice", "money-debt"));
    let choir = candidate(2, service(2, "Choir", "connection-interest"));
    let all = [debt, choir];
    let query = Query { words: "there's a bailiff coming".to_owned(), ..Query::default() };
    let results = rank(&query, &all, &Config::default(), today());
    assert_eq!(names(&results, &all), ["Brackenford Money Advice"]);
    assert_eq!(results.understood, [NeedCode::parse("money-debt").unwrap()]);
    assert!(results.excluded[0].not_about());
}

#[test]
fn groups_are_found_by_interest_and_tell_their_next_session() {
    let rhythm = Rhythm::weekly(Weekday::Tuesday, Time::constant(10, 0, 0, 0), 60, date(2026, 1, 1));
    let mut group = Group::new(
        "Allotment crew",
        OrganisationId(Uuid::nil()),
        Location::at("The allotments", None),
        rhythm,
    );
    group.interests = vec![InterestCode::parse("outdoors-gardening-and-allotments").unwrap()];
    let next = group.rhythm.next(&[], today(), 1, &crate::time::Calendar::england()).into_iter().next();
    let all = [
        Candidate::new(Entry::Group(GroupId(Uuid::nil()), Box::new(group), next), "Allotments"),
        candidate(2, service(2, "Choir", "connection-interest")),
    ];
    let query = Query {
        interests: vec![InterestCode::parse("outdoors-gardening-and-allotments").unwrap()],
        times: vec![When {
            day: Weekday::Tuesday,
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(12, 0, 0, 0),
        }],
        ..Query::default()
    };
    let results = rank(&query, &all, &Config::default(), today());
    assert_eq!(names(&results, &all), ["Allotment crew"]);
    assert_eq!(
        words(&results.ranked[0], ReasonKind::Times),
        ["Next: Tuesday 24 November, 10am to 11am", "At a time that was asked for"]
    );
    assert_eq!(words(&results.ranked[0], ReasonKind::Fits), ["Things you like: gardening and allotments"]);
}

#[test]
fn a_wait_is_told_only_from_enough_people() {
    let mut one = candidate(1, service(1, "One", "money-debt"));
    one.wait = Some(MeasuredWait { days_low: 15, days_high: 40, people: 10 });
    let told = |c: &Candidate| {
        let results = rank(&ask("money-debt"), std::slice::from_ref(c), &Config::default(), today());
        words(&results.ranked[0], ReasonKind::Wait).join("")
    };
    assert_eq!(told(&one), "Most people waited 2 to 6 weeks (from 10 people)");
    one.wait = Some(MeasuredWait { days_low: 15, days_high: 40, people: 9 });
    assert_eq!(told(&one), "Fewer than 10 people have waited here, so the wait is not told");
}

#[test]
fn a_secret_address_says_no_more_than_the_area() {
    let mut refuge = service(1, "Refuge", "health-trauma");
    refuge.locations = vec![Location::Confidential { area: "in Brackenford".to_owned(), place: None }];
    let stored = serde_json::to_string(&refuge).unwrap();
    assert!(!stored.contains("postcode\":\"") && !stored.contains("point"), "{stored}");
    assert_eq!(refuge.locations[0].words(), "in Brackenford (the address is kept private for safety)");
}

prop_compose! {
    /// A service with facts of every kind, somewhere within about 20 km or nowhere.
    fn any_service()(
        need in prop::sample::select(vec!["money-debt", "money-budget", "money-food", "housing-keep"]),
        organisation in 0u128..4,
        place in prop::option::of((-0.2f64..0.2, -0.2f64..0.2)),
        status in prop_oneof![6 => Just(ServiceStatus::Active), 1 => prop::sample::select(ServiceStatus::ALL.to_vec())],
        space in prop::sample::select(vec![Space::NotSaid, Space::Open, Space::WaitingList, Space::AssessmentFirst, Space::Full { until: None }]),
        remote in any::<bool>(),
        age_min in prop::option::of(16u8..60),
        checked in prop::option::of(0i32..900),
        free in prop::sample::select(vec![Known::Yes, Known::No, Known::NotSaid]),
        name in "[a-c]{1,2}",
    ) -> Service {
        let mut s = service(0, &name, need);
        s.organisation = OrganisationId(Uuid::from_u128(organisation));
        s.locations = place.map_or_else(Vec::new, |(dy, dx)| at(HOME.lat + dy, HOME.lon + dx));
        s.status = status;
        s.capacity.space = space;
        s.delivery = if remote { vec![Delivery::Phone] } else { Vec::new() };
        s.eligibility.age_min = age_min;
        s.checked = checked.map(|days| plus_days(today(), -days));
        s.cost = Cost { free, text: String::new() };
        s
    }
}

fn any_tried() -> impl Strategy<Value = Vec<Tried>> {
    prop::collection::vec(
        (0i32..400, 0u8..5).prop_map(|(days, kind)| {
            let on = plus_days(today(), -days);
            match kind {
                0 => Tried::Declined { on, why: "too complex".to_owned() },
                1 => Tried::Silent { reply_by: on },
                2 => Tried::Full { on },
                3 => Tried::PersonSaidNo { on },
                _ => Tried::OpenNow { since: on },
            }
        }),
        0..2,
    )
}

pub(super) fn any_candidates() -> impl Strategy<Value = Vec<Candidate>> {
    prop::collection::vec((any_service(), any_tried()), 1..25).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (service, tried))| Candidate { tried, ..candidate(n as u128, service) })
            .collect()
    })
}

pub(super) fn any_query() -> impl Strategy<Value = Query> {
    let need = prop::option::of(prop::sample::select(vec!["money-debt", "money-food"]));
    let words =
        prop::sample::select(vec!["", "bailiff", "a b", "food bank", "bailif letter", "nowhere to sleep"]);
    (need, words, any::<bool>(), prop::option::of(500f64..20_000.0), prop::option::of(16u8..70)).prop_map(
        |(need, words, only_open, within_m, age)| Query {
            need: need.map(|n| NeedCode::parse(n).unwrap()),
            words: words.to_owned(),
            only_open,
            within_m,
            age,
            ..Query { from: Origin { point: Some(HOME), ..Origin::default() }, ..Query::default() }
        },
    )
}

fn position(results: &Results, id: EntryId) -> Option<usize> {
    results.ranked.iter().position(|f| f.id == id)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn everything_is_offered_with_reasons_or_left_out_with_reasons(all in any_candidates(), query in any_query()) {
        let results = rank(&query, &all, &Config::default(), today());
        let mut seen: Vec<usize> = results.ranked.iter().map(|f| f.index).chain(results.excluded.iter().map(|e| e.index)).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..all.len()).collect::<Vec<_>>());
        for found in &results.ranked {
            prop_assert!(!found.reasons.is_empty() && found.reasons.iter().all(|r| !r.words.is_empty()));
            prop_assert!((0.0..=1.0 + 1e-9).contains(&found.score));
            prop_assert!((found.parts.iter().map(|p| p.weight).sum::<f64>() - 1.0).abs() < 1e-9);
            let mut kinds: Vec<ReasonKind> = found.reasons.iter().map(|r| r.kind).collect();
            let told = kinds.clone();
            kinds.sort();
            prop_assert_eq!(told, kinds, "reasons are told in their order");
        }
        prop_assert!(results.excluded.iter().all(|e| !e.causes.is_empty()));
    }

    #[test]
    fn what_is_left_out_breaks_a_rule_and_what_is_offered_breaks_none(all in any_candidates(), query in any_query()) {
        let results = rank(&query, &all, &Config::default(), today());
        for found in &results.ranked {
            let Entry::Service(_, s) = &all[found.index].entry else { continue };
            prop_assert!(matches!(s.status, ServiceStatus::Active | ServiceStatus::TemporarilyClosed));
            prop_assert!(query.age.is_none_or(|age| s.eligibility.age_min.is_none_or(|min| age >= min)));
            prop_assert!(!query.only_open || s.capacity.space.takes_people(today()));
            let shut = |t: &Tried| matches!(t, Tried::PersonSaidNo { .. } | Tried::OpenNow { .. });
            prop_assert!(!all[found.index].tried.iter().any(shut));
        }
    }

    #[test]
    fn closer_is_never_worse(all in any_candidates(), query in any_query(), which in any::<prop::sample::Index>(), part in 0.0f64..1.0) {
        let which = which.index(all.len());
        let mut closer = all.clone();
        let Entry::Service(_, s) = &mut closer[which].entry else { return Ok(()) };
        let Some(point) = s.locations.first().and_then(Location::point) else { return Ok(()) };
        s.locations = at(HOME.lat + (point.lat - HOME.lat) * part, HOME.lon + (point.lon - HOME.lon) * part);
        let (before, after) = (rank(&query, &all, &Config::default(), today()), rank(&query, &closer, &Config::default(), today()));
        let id = all[which].id();
        if let Some(old) = position(&before, id) {
            let new = position(&after, id);
            prop_assert!(new.is_some_and(|new| new <= old), "{old} became {new:?}");
        }
    }

    #[test]
    fn the_order_does_not_depend_on_the_order_of_the_candidates(all in any_candidates(), query in any_query()) {
        let turned: Vec<Candidate> = all.iter().rev().cloned().collect();
        let ids = |r: Results| r.ranked.iter().map(|f| f.id).collect::<Vec<_>>();
        prop_assert_eq!(ids(rank(&query, &all, &Config::default(), today())), ids(rank(&query, &turned, &Config::default(), today())));
    }

    #[test]
    fn no_organisation_fills_the_first_page_while_others_have_something(all in any_candidates(), query in any_query()) {
        let config = Config::default();
        let results = rank(&query, &all, &config, today());
        let now: Vec<OrganisationId> = results.ranked.iter().filter(|f| f.tier == Tier::Now).map(|f| all[f.index].organisation()).collect();
        for (place, organisation) in now.iter().take(config.diverse_first).enumerate() {
            let before = now[..place].iter().filter(|o| *o == organisation).count();
            if before >= config.per_organisation {
                for other in &now[place + 1..] {
                    let shown = now[..place].iter().filter(|o| *o == other).count();
                    prop_assert!(shown >= config.per_organisation, "another organisation was pushed behind");
                }
            }
        }
        let mut tiers: Vec<Tier> = results.ranked.iter().map(|f| f.tier).collect();
        let told = tiers.clone();
        tiers.sort();
        prop_assert_eq!(told, tiers);
    }
}
