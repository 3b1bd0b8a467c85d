//! The index gives the answer that going through everything gives, whatever was put in, changed and
//! taken out before.

use super::tests::{any_candidates, any_query, at, today};
use super::*;
use crate::directory::{Eligibility, Every, GenderPolicy, Known, Location, Rhythm, Space};
use crate::id::GroupId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Two of one group of interests, and one of another.
const INTERESTS: [&str; 3] = ["outdoors-gardening-and-allotments", "outdoors-walking", "music-singing"];

/// The index and what was tried, out of candidates that carry what was tried.
fn index_of(all: &[Candidate]) -> (Index, BTreeMap<EntryId, Vec<Tried>>) {
    let tried = all.iter().filter(|c| !c.tried.is_empty()).map(|c| (c.id(), c.tried.clone())).collect();
    (Index::of(all.iter().map(|c| Candidate { tried: Vec::new(), ..c.clone() })), tried)
}

/// The same answer as [`rank`], as far as the page goes; which place an entry has is the index's own.
fn same(shown: &Shown, whole: &Results, page: Page) -> Result<(), TestCaseError> {
    let found = |f: &Found| Found { index: 0, ..f.clone() };
    let left = |e: &Excluded| Excluded { index: 0, ..e.clone() };
    let ranked: Vec<Found> = whole.ranked.iter().take(page.ranked).map(found).collect();
    prop_assert_eq!(shown.ranked.iter().map(found).collect::<Vec<_>>(), ranked);
    prop_assert_eq!(shown.offered, whole.ranked.len());
    let about: Vec<Excluded> = whole.excluded.iter().filter(|e| !e.not_about()).map(left).collect();
    prop_assert_eq!(shown.left_out, about.len());
    prop_assert_eq!(shown.others, whole.excluded.len() - about.len());
    let first: Vec<Excluded> = about.into_iter().take(page.excluded).collect();
    prop_assert_eq!(shown.excluded.iter().map(left).collect::<Vec<_>>(), first);
    prop_assert_eq!(&shown.understood, &whole.understood);
    Ok(())
}

fn any_page() -> impl Strategy<Value = Page> {
    (0usize..30, 0usize..30).prop_map(|(ranked, excluded)| Page { ranked, excluded })
}

/// Questions that also ask by area, by interest, for groups, or nothing at all.
fn any_question() -> impl Strategy<Value = Query> {
    let areas = prop::option::of(prop::sample::select(Area::SIX.to_vec()));
    let interests = prop::sample::subsequence(INTERESTS.to_vec(), 0..3);
    let kinds = prop::sample::select(vec![Kinds::Both, Kinds::Services, Kinds::Groups]);
    (any_query(), areas, interests, (kinds, any::<bool>()), any_rules()).prop_map(
        |(query, area, interests, (kinds, no_need), rules)| Query {
            need: match (&query.need, no_need) {
                (Some(_), true) => NeedCode::parse("connection-company").ok(),
                (need, _) => need.clone(),
            },
            area,
            interests: interests.iter().filter_map(|i| InterestCode::parse(i).ok()).collect(),
            kinds,
            times: rules.times,
            adjustments: rules.adjustments,
            language: rules.language,
            gender: rules.gender,
            substance_use: rules.substance_use,
            no_diagnosis: rules.no_diagnosis,
            from: Origin { places: rules.from.places, ..query.from.clone() },
            ..query
        },
    )
}

/// What a question may ask besides what it is about.
fn any_rules() -> impl Strategy<Value = Query> {
    let times = prop::collection::vec((0usize..7, 0i8..23), 0..3);
    let adjustments = prop::sample::subsequence(ADJUSTMENTS.to_vec(), 0..4);
    let language = prop::option::of(prop::sample::select(vec!["Urdu", "polish "]));
    let gender = prop::option::of(prop::sample::select(vec![Gender::Woman, Gender::Man, Gender::Other]));
    (times, adjustments, language, gender, any::<bool>(), any::<bool>()).prop_map(
        |(times, adjustments, language, gender, substance_use, no_diagnosis)| Query {
            times: times
                .into_iter()
                .map(|(day, hour)| When {
                    day: Weekday::ALL[day],
                    from: Time::constant(hour, 0, 0, 0),
                    to: Time::constant(hour + 1, 0, 0, 0),
                })
                .collect(),
            adjustments: adjustments.iter().filter_map(|a| AdjustmentCode::parse(a).ok()).collect(),
            language: language.map(|l| Language(l.into())),
            gender,
            substance_use,
            no_diagnosis,
            // Where the person lives: there, somewhere else, or nobody knows.
            from: Origin {
                places: match no_diagnosis {
                    true if substance_use => vec![],
                    elsewhere => {
                        crate::place::PlaceCode::parse(if elsewhere { "E06000002" } else { "E06000001" })
                            .into_iter()
                            .collect()
                    }
                },
                ..Origin::default()
            },
            ..Query::default()
        },
    )
}

const ADJUSTMENTS: [&str; 4] = ["adj-home", "adj-quiet", "adj-private", "adj-longer"];

/// Drink or drugs, a diagnosis; the week; adjustments, and those it cannot make; languages; gender; places.
type Said = ((Known, Known), &'static str, (Vec<&'static str>, Vec<&'static str>), Vec<&'static str>, u8, u8);

/// Services as they come out of [`any_candidates`], with everything said or not said that rules ask about.
fn any_said() -> impl Strategy<Value = Vec<Candidate>> {
    let known = || prop::sample::select(vec![Known::Yes, Known::No, Known::NotSaid]);
    let week = prop::sample::select(vec!["", "Mon-Fri 9am-5pm", "Sat 10:00-12:00; Sun closed"]);
    let adjustments = || prop::sample::subsequence(ADJUSTMENTS.to_vec(), 0..3);
    let languages = prop::sample::subsequence(vec!["Urdu", "Polish"], 0..3);
    let one = ((known(), known()), week, (adjustments(), adjustments()), languages, 0u8..5, 0u8..3);
    (any_candidates(), prop::collection::vec(one, 25)).prop_map(|(all, said)| {
        let tell = |(candidate, said): (Candidate, Said)| {
            let ((drugs, diagnosis), week, (yes, no), languages, gender, places) = said;
            let Entry::Service(id, mut s) = candidate.entry.clone() else { return candidate };
            let codes = |all: Vec<&str>| all.iter().filter_map(|a| AdjustmentCode::parse(a).ok()).collect();
            s.eligibility.substance_use_ok = drugs;
            s.eligibility.needs_diagnosis = diagnosis;
            s.eligibility.gender = match gender {
                0 => GenderPolicy::Women { policy: String::new() },
                1 => GenderPolicy::Men { policy: String::new() },
                _ => GenderPolicy::Everyone,
            };
            s.opening.week = crate::directory::Week::parse(week).unwrap_or_default();
            (s.adjustments, s.cannot_adjust) = (codes(yes), codes(no));
            s.languages = languages.into_iter().map(|l: &str| Language(l.into())).collect();
            if gender == 4 {
                let places =
                    vec![crate::place::PlaceCode::parse("E06000001").expect("it has the shape of a code")];
                s.serves = crate::directory::Serves::Places { places, postcodes: Vec::new() };
            }
            // One place as it came, none, or a second one.
            match places {
                0 => s.locations.clear(),
                1 => s.locations.extend(at(53.5, -2.3)),
                _ => {}
            }
            Candidate { entry: Entry::Service(id, s), ..candidate }
        };
        all.into_iter().zip(said).map(tell).collect()
    })
}

/// Groups with interests, some in an area without a need.
fn any_groups() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (prop::sample::subsequence(INTERESTS.to_vec(), 0..3), "[a-c ]{1,5}", any::<bool>());
    prop::collection::vec(one, 0..8).prop_map(|groups| {
        let group = |(n, (interests, name, needs)): (usize, (Vec<&str>, String, bool))| {
            let rhythm = Rhythm {
                every: Every::Irregular,
                starts: Time::midnight(),
                minutes: 60,
                from: today(),
                until: None,
                closed_on_holidays: false,
                note: String::new(),
            };
            let organisation = OrganisationId(Uuid::from_u128(n as u128 % 3));
            let mut g = Group::new(name, organisation, at(53.4, -2.3).remove(0), rhythm);
            g.interests = interests.iter().filter_map(|i| InterestCode::parse(i).ok()).collect();
            g.areas = vec![Area::Connection];
            g.needs =
                if needs { NeedCode::parse("connection-company").into_iter().collect() } else { Vec::new() };
            Candidate::new(
                Entry::Group(GroupId(Uuid::from_u128(500 + n as u128)), Box::new(g), None),
                "Friends",
            )
        };
        groups.into_iter().enumerate().map(group).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn the_first_page_is_what_going_through_everything_gives(
        services in any_said(), groups in any_groups(), query in any_question(), page in any_page(),
    ) {
        let all: Vec<Candidate> = services.into_iter().chain(groups).collect();
        let (index, tried) = index_of(&all);
        let whole = rank(&query, &all, &Config::default(), today());
        same(&index.search(&query, &tried, &Config::default(), today(), page), &whole, page)?;
    }

    #[test]
    fn what_was_changed_or_taken_out_leaves_nothing_behind(
        before in any_candidates(), after in any_candidates(), gone in any::<prop::sample::Index>(), query in any_question(),
    ) {
        let page = Page { ranked: 50, excluded: 50 };
        let (mut index, _) = index_of(&before);
        let keep: Vec<Candidate> = after.iter().map(|c| Candidate { tried: Vec::new(), ..c.clone() }).collect();
        // What is put in again takes the place of its earlier version; what is not there any more goes.
        let old: Vec<EntryId> = before.iter().map(Candidate::id).filter(|id| keep.iter().all(|c| c.id() != *id)).collect();
        keep.iter().cloned().for_each(|c| index.put(c));
        old.iter().for_each(|id| { index.take(*id); });
        let whole = rank(&query, &keep, &Config::default(), today());
        same(&index.search(&query, &BTreeMap::new(), &Config::default(), today(), page), &whole, page)?;
        // And once more with one taken out.
        let id = keep[gone.index(keep.len())].id();
        prop_assert!(index.take(id).is_some() && index.take(id).is_none() && index.get(id).is_none());
        let rest: Vec<Candidate> = keep.into_iter().filter(|c| c.id() != id).collect();
        prop_assert_eq!(index.len(), rest.len());
        let whole = rank(&query, &rest, &Config::default(), today());
        same(&index.search(&query, &BTreeMap::new(), &Config::default(), today(), page), &whole, page)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_nearest_are_those_that_going_through_everything_gives(
        services in any_said(), words in "[a-c ]{0,3}", with_need in any::<bool>(),
        km in 0.0f64..40.0, most in 0usize..12,
    ) {
        let (index, _) = index_of(&services);
        let from = at(53.42, -2.32)[0].point().expect("it has a point");
        let need = NeedCode::parse("money-debt").expect("on the list");
        let need = with_need.then_some(&need);
        let asked = text::every_word(&words);
        let mut all: Vec<(f64, EntryId)> = services
            .iter()
            .filter(|c| need.is_none_or(|n| View::of(c).needs.contains(n)))
            .filter(|c| asked.iter().all(|w| text::document(&View::of(c)).contains_key(w)))
            .filter_map(|c| Some((View::of(c).metres_from(Some(from))?, c.id())))
            .filter(|(metres, _)| *metres <= km * 1000.0)
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        all.truncate(most);
        let found = index.nearest(&words, need, from, km * 1000.0, most);
        let found: Vec<(f64, EntryId)> =
            found.iter().map(|(place, metres)| (*metres, index.at(*place).expect("it was found").id())).collect();
        prop_assert_eq!(found, all);
    }
}

/// One organisation with more than a page of the best, so that the next has to be looked for.
#[test]
fn one_organisation_does_not_hide_the_others_however_many_it_has() {
    let service = |n: u128, organisation: u128, checked: bool| {
        let mut s = Service::new(format!("Advice {n:04}"), OrganisationId(Uuid::from_u128(organisation)));
        s.needs = vec![NeedCode::parse("money-debt").expect("on the list")];
        s.areas = vec![Area::Money];
        s.eligibility = Eligibility::default();
        s.cost.free = if checked { Known::Yes } else { Known::No };
        s.capacity.space = Space::Open;
        s.locations = Vec::<Location>::new();
        Candidate::new(Entry::Service(ServiceId(Uuid::from_u128(n)), Box::new(s)), "Somebody")
    };
    let many = (0..300).map(|n| service(n, 1, true));
    let others = (0..12).map(|n| service(1_000 + n, 2 + n, false));
    let all: Vec<Candidate> = many.chain(others).collect();
    let query = Query { need: NeedCode::parse("money-debt").ok(), ..Query::default() };
    let page = Page { ranked: 20, excluded: 0 };
    let shown = index_of(&all).0.search(&query, &BTreeMap::new(), &Config::default(), today(), page);
    let whole = rank(&query, &all, &Config::default(), today());
    same(&shown, &whole, page).expect("the same answer");
    let first: std::collections::BTreeSet<_> = shown
        .ranked
        .iter()
        .take(10)
        .filter_map(|f| all.iter().find(|c| c.id() == f.id))
        .map(Candidate::organisation)
        .collect();
    assert_eq!(first.len(), 9, "two of the one with many, and eight others");
}
