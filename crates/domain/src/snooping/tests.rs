//! Each rule finds what is planted for it and nothing where nothing is.

use super::*;
use crate::time::plus_days;
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

const DAY: Day = date(2026, 11, 24);

fn worker(n: u128) -> WorkerId {
    WorkerId(Uuid::from_u128(n))
}
fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(1_000 + n))
}
fn org() -> OrganisationId {
    OrganisationId(Uuid::from_u128(9))
}

fn look(w: u128, p: u128, at: Instant) -> Looked {
    Looked {
        at,
        worker: worker(w),
        organisation: org(),
        role: WorkRole::Navigator,
        person: person(p),
        seen: Seen::Opened,
        emergency: false,
        close: false,
        parts: "needs".into(),
    }
}

fn at(hour: i8, minute: i8) -> Instant {
    Calendar::england().moment(DAY, hour, minute)
}

/// Three workers and many people who have nothing in common; each person supported by worker 1.
fn quiet() -> Facts {
    let names = ["Aisha Rahman", "Bola Ade", "Tony Marsh"];
    let looker = |n: usize| Looker { name: names[n].into(), address: None };
    let known = |n: u128| LookedAt {
        names: vec![format!("Someone Family{n}")],
        with: [worker(1)].into(),
        ..LookedAt::default()
    };
    Facts {
        looks: Vec::new(),
        workers: (0..3).map(|n| (worker(n as u128 + 1), looker(n))).collect(),
        works_for: (1..=3).map(|n| (worker(n), [org()].into())).collect(),
        people: (0..400).map(|n| (person(n), known(n))).collect(),
        well_known: BTreeMap::new(),
        settings: Settings::default(),
        calendar: Calendar::england(),
    }
}

fn detectors(facts: &Facts, day: Day) -> Vec<Detector> {
    find(facts, day).into_iter().map(|f| f.detector).collect()
}

fn touch(facts: &mut Facts, p: u128, change: impl FnOnce(&mut LookedAt)) {
    change(facts.people.get_mut(&person(p)).expect("planted"));
}

proptest! {
    /// Ordinary work, at ordinary hours, with people one supports: nothing is found.
    #[test]
    fn ordinary_work_is_never_found(
        looks in prop::collection::vec((0u128..30, 8i8..18, 0i8..60, any::<bool>()), 0..35)
    ) {
        let mut facts = quiet();
        facts.looks = looks.into_iter().map(|(p, hour, minute, changed)| Looked {
            seen: if changed { Seen::Changed } else { Seen::Opened },
            ..look(1, p, at(hour, minute))
        }).collect();
        facts.looks.sort_by_key(|l| l.at);
        prop_assert_eq!(detectors(&facts, DAY), vec![]);
        prop_assert_eq!(detectors(&facts, plus_days(DAY, 14)), vec![]);
    }

    /// A last name in common is found, whatever its accents and case, unless they work together.
    #[test]
    fn a_last_name_in_common(first in "[A-Z][a-z]{2,8}", hour in 8i8..19, works in any::<bool>(), wrote in any::<bool>()) {
        let mut facts = quiet();
        touch(&mut facts, 5, |p| p.names = vec![format!("{first} ÁDE")]);
        facts.looks = vec![look(2, 5, at(hour, 0))];
        if works {
            touch(&mut facts, 5, |p| { p.with.insert(worker(2)); });
        }
        if wrote {
            facts.looks.push(Looked { seen: Seen::Changed, ..look(2, 5, at(hour, 30)) });
        }
        let wanted = if works || wrote { vec![] } else { vec![Detector::SameSurname] };
        prop_assert_eq!(detectors(&facts, DAY), wanted);
    }

    /// An hour outside those of the role is found, for any minute, unless something was written
    /// within an hour of it or the role is a crisis worker's.
    #[test]
    fn an_hour_outside_those_of_the_role(hour in 0i8..24, minute in 0i8..60, crisis in any::<bool>(), wrote in any::<bool>()) {
        let mut facts = quiet();
        let role = if crisis { WorkRole::CrisisWorker } else { WorkRole::Navigator };
        let seen = look(1, 3, at(hour, minute));
        facts.looks = vec![Looked { role, ..seen.clone() }];
        if wrote {
            facts.looks.push(Looked { seen: Seen::Changed, at: seen.at.plus_seconds(1_800), ..seen });
        }
        let found = detectors(&facts, DAY).contains(&Detector::OutsideHours);
        prop_assert_eq!(found, !(7..20).contains(&hour) && !crisis && !wrote);
    }

    /// Many people at once are found from the number and the times of what is usual on.
    #[test]
    fn many_people_at_once(people in 1u128..120, usual in 0u128..40, minutes in 1i64..200) {
        let mut facts = quiet();
        for back in 1..=5 {
            let start = Calendar::england().moment(plus_days(DAY, -back), 9, 0);
            facts.looks.extend((0..usual).map(|p| look(1, p, start.plus_seconds(p as i64))));
        }
        let spread = minutes * 60 / (people as i64);
        facts.looks.extend((0..people).map(|p| look(1, p, at(10, 0).plus_seconds(p as i64 * spread))));
        facts.looks.sort_by_key(|l| l.at);
        let within = (0..people as i64).filter(|p| p * spread <= 3_600).count() as u128;
        let found = detectors(&facts, DAY).contains(&Detector::Bulk);
        prop_assert_eq!(found, within >= 40 && within >= 3 * usual, "{} within an hour", within);
    }

    /// No work after a look is found on the day the time is over, and never before or after.
    #[test]
    fn no_work_followed(days in 0i32..40, worked_after in prop::option::of(0i64..30), denied in any::<bool>()) {
        let mut facts = quiet();
        let seen = if denied { Seen::Denied } else { Seen::Opened };
        facts.looks = vec![Looked { seen, ..look(3, 7, at(10, 0)) }];
        facts.looks.extend(worked_after.map(|d| Looked { seen: Seen::Changed, ..look(3, 7, at(10, 0).plus_days(d)) }));
        let worked = worked_after.is_some_and(|d| d <= 14);
        let found = detectors(&facts, plus_days(DAY, days)).contains(&Detector::NoLaterWork);
        prop_assert_eq!(found, days == 14 && !worked && !denied);
    }

    /// Their own plan is found, also when they were not let in; somebody else's is not.
    #[test]
    fn their_own_plan(denied in any::<bool>(), own in any::<bool>()) {
        let mut facts = quiet();
        touch(&mut facts, 4, |p| { p.is = [worker(if own { 1 } else { 77 })].into(); });
        let seen = if denied { Seen::Denied } else { Seen::Opened };
        facts.looks = vec![Looked { seen, ..look(1, 4, at(11, 0)) }];
        prop_assert_eq!(detectors(&facts, DAY), if own { vec![Detector::OwnRecord] } else { vec![] });
    }

    /// A colleague's plan is found when both work for the same organisation and one does not
    /// support the other by name.
    #[test]
    fn the_plan_of_a_colleague(same in any::<bool>(), works in any::<bool>()) {
        let mut facts = quiet();
        let other = OrganisationId(Uuid::from_u128(10));
        facts.works_for.insert(worker(3), [if same { org() } else { other }].into());
        touch(&mut facts, 4, |p| { p.is = [worker(3)].into(); });
        if works {
            touch(&mut facts, 4, |p| { p.with.insert(worker(2)); });
        }
        facts.looks = vec![look(2, 4, at(11, 0))];
        prop_assert_eq!(detectors(&facts, DAY), if same && !works { vec![Detector::Colleague] } else { vec![] });
    }

    /// An address in common is found even where they work together; half an address is none.
    #[test]
    fn an_address_in_common(number in 1u8..99, same in any::<bool>()) {
        let mut facts = quiet();
        let key = address_key(&[format!("{number} Mill Lane")], Some("ZZ1 1AA"));
        let other = address_key(&[format!("{number} Mill Road")], Some("zz11aa"));
        facts.workers.get_mut(&worker(1)).expect("there").address = key.clone();
        touch(&mut facts, 4, |p| p.address = if same { key } else { other });
        facts.looks = vec![look(1, 4, at(11, 0))];
        prop_assert_eq!(detectors(&facts, DAY), if same { vec![Detector::SameAddress] } else { vec![] });
        prop_assert_eq!(address_key(&[format!("{number} Mill Lane")], None), None);
    }

    /// A try at the plan of somebody they are close to is found, also where they support them by name;
    /// who was let in, or was refused for another reason, is not.
    #[test]
    fn a_try_at_the_plan_of_somebody_close(denied in any::<bool>(), close in any::<bool>(), own in any::<bool>()) {
        let mut facts = quiet();
        if own {
            touch(&mut facts, 4, |p| { p.is = [worker(1)].into(); });
        }
        let seen = if denied { Seen::Denied } else { Seen::Opened };
        facts.looks = vec![Looked { seen, close: denied && close, ..look(1, 4, at(11, 0)) }];
        let wanted = match (own, denied && close) {
            (true, _) => vec![Detector::OwnRecord],
            (false, true) => vec![Detector::Close],
            (false, false) => vec![],
        };
        prop_assert_eq!(detectors(&facts, DAY), wanted);
    }

    /// A name on the list of the looker's own organisation is found; a part of one is not.
    #[test]
    fn a_well_known_name(exact in any::<bool>(), ours in any::<bool>()) {
        let mut facts = quiet();
        let kept = if ours { org() } else { OrganisationId(Uuid::from_u128(10)) };
        facts.well_known.insert(kept, vec!["Zoë  Bright".into(), " ".into()]);
        touch(&mut facts, 4, |p| p.names = vec![if exact { "zoe bright".into() } else { "Zoe Brightside".into() }]);
        facts.looks = vec![look(2, 4, at(11, 0))];
        prop_assert_eq!(detectors(&facts, DAY), if exact && ours { vec![Detector::WellKnown] } else { vec![] });
    }
}

#[test]
fn what_is_found_names_nobody_and_each_rule_has_its_words() {
    let mut facts = quiet();
    touch(&mut facts, 5, |p| p.names = vec!["Kwame Ade".into()]);
    facts.looks = vec![look(2, 5, at(11, 0)), look(2, 5, at(11, 5))];
    let found = find(&facts, DAY);
    assert_eq!(found.len(), 1, "one a rule, worker and day");
    assert_eq!(found[0].looks.len(), 2);
    assert!(!found[0].explains.contains("Ade") && found[0].explains.contains("1 person"));
    let codes: BTreeSet<&str> = Detector::ALL.iter().map(|d| d.code()).collect();
    assert_eq!(codes.len(), Detector::ALL.len());
}
