//! Outcomes against closed forms worked out by an independent program in Python (the
//! vectors in `outcomes/`), against the thresholds of NHS England's dashboards
//! (nhsengland/MHSDS dc7bf10), and the properties that hold for every input.

use crate::vectors::{self, long, near, number};
use kith_insight::method::{self, Options};
use kith_insight::outcomes::adjust::{Pair, adjust};
use kith_insight::outcomes::bounds;
use kith_insight::outcomes::change::{Reliable, Tally, Went, first_and_latest, went, went_by};
use kith_insight::outcomes::dialog::{self, Answers};
use kith_insight::outcomes::therapies::Course;
use kith_insight::outcomes::tools::{self, Better, REQOL_10_CUT_OFF};
use kith_insight::table::Table;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const CLOSED: f64 = 1e-9;

#[test]
fn dialog_scores_are_those_of_an_independent_program() {
    let Some(cases) = vectors::json("outcomes/dialog.json") else { return };
    for (i, case) in cases.as_array().unwrap().iter().enumerate() {
        let answers: Answers = std::array::from_fn(|q| case["items"][q].as_f64().and_then(dialog::valid));
        let name = format!("case {i}");
        for (score, of) in [(dialog::life(&answers), "qol"), (dialog::help(&answers), "treat")] {
            let theirs = |kind: &str| case[format!("{of}_{kind}")].as_f64().unwrap_or(f64::NAN);
            near(&name, score.strict.unwrap_or(f64::NAN), theirs("mean_strict"), CLOSED);
            near(&name, score.available.unwrap_or(f64::NAN), theirs("mean_available"), CLOSED);
            assert_eq!(score.answered as f64, theirs("n"), "{name}");
        }
        let low: Vec<f64> = dialog::dissatisfied(&answers).iter().map(|&q| q as f64).collect();
        assert_eq!(low, vectors::numbers(&case["dissatisfied_items"]), "{name}");
    }
}

#[test]
fn reliable_change_is_that_of_an_independent_program() {
    let Some(cases) = vectors::json("outcomes/jacobson_truax.json") else { return };
    for (i, case) in cases.as_array().unwrap().iter().enumerate() {
        let [pre, post, sd, r] = ["pre", "post", "sd", "reliability"].map(|k| number(&case[k]));
        let reliable = Reliable::new(sd, r, 0.95).unwrap();
        let name = format!("case {i}");
        near(&name, reliable.error, number(&case["sem"]), CLOSED);
        near(&name, reliable.difference, number(&case["s_diff"]), CLOSED);
        near(&name, reliable.index(pre, post), number(&case["rci"]), CLOSED);
        // The vectors round z to 1.96; ours has all its digits.
        near(&name, reliable.threshold, number(&case["rc_threshold"]), 2e-5);
        let went = reliable.went(Some(pre), Some(post), Better::Higher);
        assert_eq!(went != Went::Alike, case["reliable"].as_bool().unwrap(), "{name}");
    }
}

#[test]
fn talking_therapies_are_counted_as_by_an_independent_program() {
    let Some(cases) = vectors::json("outcomes/nhs_talking_therapies.json") else { return };
    for (i, case) in cases.as_array().unwrap().iter().enumerate() {
        let [phq_first, phq_last, gad_first, gad_last] =
            ["phq9_first", "phq9_last", "gad7_first", "gad7_last"].map(|k| number(&case[k]));
        let course = Course { phq_first, phq_last, gad_first, gad_last };
        for (ours, key) in [
            (course.caseness(), "caseness"),
            (course.recovered(), "recovery"),
            (course.improved(), "reliable_improvement"),
            (course.deteriorated(), "reliable_deterioration"),
            (course.reliably_recovered(), "reliable_recovery"),
            (course.alike(), "no_reliable_change"),
        ] {
            assert_eq!(ours, case[key].as_bool().unwrap(), "case {i}, {key}: {course:?}");
        }
    }
}

/// The names in the dashboards carry the setting, and in one case a short form in brackets.
#[test]
fn thresholds_are_those_of_the_national_dashboards() {
    let Some(t) = vectors::table("outcomes/nhse_reliable_change_thresholds.csv") else { return };
    let (names, settings) = (t.texts("tool").unwrap(), t.texts("setting").unwrap());
    let least = t.numbers("min_change").unwrap();
    let (ways, cuts) =
        (t.texts("direction_of_improvement").unwrap(), t.maybe_numbers("clinical_cutoff").unwrap());
    let mut seen = std::collections::BTreeSet::new();
    for i in 0..t.len() {
        let name = names[i].unwrap();
        let name = name.split_once('(').map_or(name, |(_, short)| short.trim_end_matches(')'));
        let tool = tools::find(name).unwrap();
        assert_eq!(tool.least, least[i], "{name}");
        assert_eq!(tool.better == Better::Higher, ways[i] == Some("increase"), "{name}");
        if let Some(cut) = cuts[i] {
            assert_eq!((name, cut), ("ReQoL-10", REQOL_10_CUT_OFF));
        }
        // Goals stand in both settings with one threshold.
        assert!(settings[i] == Some("CMH") || tool.setting == "children and young people" || name == "GBO");
        seen.insert(tool.name);
    }
    assert_eq!(seen.len(), tools::TOOLS.len());
}

/// The dashboards take the change from readings with a NULL as neither better, worse nor
/// alike, so that their three flags do not add up to their denominator. Ours name it.
#[test]
fn somebody_without_a_second_reading_is_unpaired_and_not_alike() {
    let gbo = tools::find("gbo").unwrap();
    assert_eq!(went_by(&gbo, Some(3.0), None), Went::Unpaired);
    assert_eq!(went_by(&gbo, Some(3.0), Some(11.0)), Went::Unpaired, "11 is no answer of 0 to 10");
    assert_eq!(went_by(&gbo, Some(3.0), Some(6.0)), Went::Better, "the threshold itself counts");
    assert_eq!(went_by(&gbo, Some(3.0), Some(5.0)), Went::Alike);
    let dialog = tools::find("DIALOG").unwrap();
    assert_eq!(went_by(&dialog, Some(4.0), Some(8.0)), Went::Unpaired, "8 is a code, not a step");
    let tally = Tally::of([Went::Better, Went::Unpaired, Went::Worse, Went::Alike, Went::Unpaired]);
    assert_eq!((tally.paired(), tally.all()), (3, 5));
}

#[test]
fn readings_are_paired_by_their_days_and_not_by_their_rows() {
    let readings = [(3, Some(5.0)), (1, Some(8.0)), (2, Some(2.0)), (9, None)];
    let valid = |x: f64| Some(x).filter(|x| *x <= 7.0);
    assert_eq!(first_and_latest(&readings, valid), (Some(2.0), Some(5.0)));
    assert_eq!(first_and_latest(&readings[..1], valid), (Some(5.0), None));
    let rows = ["b,2026-03-01,5,X", "a,2026-02-01,1,X", "a,2026-01-01,4,X", "b,2026-01-01,1,X"];
    let ask = |rows: &[&str]| {
        let table = Table::read(&format!("person,when,value,group\n{}\n", rows.join("\n"))).unwrap();
        let options = Options::new([("least", "2")]);
        let answer = method::find("change").unwrap().answer(&table, &options).unwrap();
        answer.figures.iter().map(|f| (f.what.clone(), f.value)).collect::<Vec<_>>()
    };
    let forward = ask(&rows);
    let mut back = rows;
    back.reverse();
    assert_eq!(forward, ask(&back));
    assert!(
        forward.contains(&("better".into(), Some(0.5))) && forward.contains(&("worse".into(), Some(0.5)))
    );
}

/// Exact fractions of a Python program: 923/460, and the F statistic 0.04901106560947983 on
/// 1 and 5 degrees of freedom.
#[test]
fn groups_that_began_apart_are_compared_as_if_they_had_begun_alike() {
    let north = [(12.0, 19.0), (15.0, 20.0), (10.0, 18.0), (14.0, 21.0), (9.0, 16.0)];
    let south = [(20.0, 22.0), (22.0, 25.0), (18.0, 21.0), (24.0, 25.0)];
    let of = |group: usize| move |&(first, latest): &(f64, f64)| Pair { group, first, latest };
    let mut pairs: Vec<Pair> = north.iter().map(of(0)).chain(south.iter().map(of(1))).collect();
    for _ in 0..2 {
        let made = adjust(&pairs, 2, 1, 0.95).unwrap();
        near("difference", made.differences[0].value, 923.0 / 460.0, CLOSED);
        near("error", made.differences[0].error, 1.1950957203163002, CLOSED);
        near("slope", made.slope, 33.0 / 46.0, CLOSED);
        // F on (1, 5) is the square of t on 5: its chance is the two tails of Student's t.
        let t: f64 = 0.04901106560947983f64.sqrt();
        let p = made.slopes_alike.unwrap();
        near("slopes", kith_insight::linalg::t_quantile(1.0 - p / 2.0, 5.0), t, 1e-7);
        pairs.reverse();
    }
    assert!(adjust(&pairs, 2, 2, 0.95).is_err());
    assert!(adjust(&pairs, 3, 0, 0.95).unwrap_err().to_string().contains("two readings"));
}

/// Two groups that began apart and gain nothing from anything: readings fall back towards
/// the middle, so that the bare changes differ, and the adjusted ones do not.
#[test]
fn falling_back_towards_the_middle_is_not_a_difference_between_groups() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut normal = move || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
    let runs = if long() { 4000 } else { 400 };
    let (mut held, mut bare) = (0, 0.0);
    for _ in 0..runs {
        let mut pairs = Vec::new();
        for (group, middle) in [(0, -0.6), (1, 0.6)] {
            for _ in 0..30 {
                let first = middle + normal();
                pairs.push(Pair { group, first, latest: 0.5 * first + 0.8 * normal() });
            }
        }
        let d = adjust(&pairs, 2, 1, 0.95).unwrap().differences[0];
        held += usize::from(d.low <= 0.0 && 0.0 <= d.high);
        let change =
            |g| pairs.iter().filter(|p| p.group == g).map(|p| p.latest - p.first).sum::<f64>() / 30.0;
        bare += (change(0) - change(1)) / runs as f64;
    }
    let share = held as f64 / runs as f64;
    let error = (0.05f64 * 0.95 / runs as f64).sqrt();
    assert!((share - 0.95).abs() < 4.0 * error, "95 % intervals hold nought {share} of the time");
    assert!((bare - 0.6).abs() < 0.06, "the bare changes are apart by {bare}");
}

proptest! {
    /// However the missing are filled in, the share lies within the bounds.
    #[test]
    fn bounds_hold_every_way_of_filling_in(
        known in 0u32..40, had in 0u32..40, missing in 0u32..30, filled in 0u32..30,
    ) {
        let (had, filled) = (had.min(known), filled.min(missing));
        prop_assume!(known + missing > 0);
        let b = bounds::share(f64::from(had), f64::from(known), f64::from(missing), 0.95).unwrap();
        let truth = f64::from(had + filled) / f64::from(known + missing);
        prop_assert!(b.low <= truth + 1e-12 && truth <= b.high + 1e-12);
        prop_assert!(b.low_end <= b.low && b.high <= b.high_end);
        let values = vec![4.0; known as usize];
        let (low, high) = bounds::mean(&values, missing as usize, (1.0, 7.0)).unwrap();
        prop_assert!(1.0 <= low && low <= high && high <= 7.0);
    }

    /// A higher latest reading never turns better into worse, and turning the instrument
    /// over turns the answer over.
    #[test]
    fn better_follows_the_latest_reading(
        first in 0.0f64..10.0, latest in 0.0f64..10.0, more in 0.0f64..5.0, least in 0.1f64..5.0,
    ) {
        let rank = |w: Went| match w { Went::Worse => 0, Went::Alike => 1, _ => 2 };
        let up = |latest: f64| went(Some(first), Some(latest), least, Better::Higher);
        prop_assert!(rank(up(latest)) <= rank(up(latest + more)));
        let down = went(Some(first), Some(latest), least, Better::Lower);
        prop_assert_eq!(2 - rank(up(latest)), rank(down));
    }
}
