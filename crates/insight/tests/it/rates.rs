//! Rates and inequality against PHEindicatormethods (ukhsa-collaboration, 093fd28; its own
//! published test data) and against closed forms worked out in Python; and the properties
//! of the intervals.

use crate::vectors::{self, near};
use kith_insight::method::{self, Options};
use kith_insight::rates::compare::Two;
use kith_insight::rates::interval::{byar_high, byar_low, mean, rate, wilson};
use kith_insight::rates::quantile::{of_rank, quantiles};
use kith_insight::rates::slope::{Group, Scale, Slope, slope};
use kith_insight::rates::standard::{Band, ESP2013, direct, direct_repeats, expected, ratio};
use kith_insight::table::Table;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const CLOSED: f64 = 1e-9;
const PHE: f64 = 1e-6;

fn phe(name: &str) -> Option<Table> {
    vectors::table(&format!("PHEindicatormethods/{name}.csv"))
}

/// The rows of one area.
fn rows(table: &Table, column: &str, name: &str) -> Vec<usize> {
    let names = table.texts(column).unwrap();
    (0..table.len()).filter(|&i| names[i] == Some(name)).collect()
}

#[test]
fn byar_and_wilson_are_those_of_pheindicatormethods() {
    let Some(t) = phe("byars_wilson") else { return };
    let (x, n) = (t.numbers("x").unwrap(), t.maybe_numbers("n").unwrap());
    let (low, high) = (t.maybe_numbers("lowercl").unwrap(), t.maybe_numbers("uppercl").unwrap());
    let (level, method) = (t.texts("confidence").unwrap(), t.texts("method").unwrap());
    for i in 0..t.len() {
        let level = if level[i] == Some("95%") { 0.95 } else { 0.998 };
        let case = format!("row {i}");
        let (ours_low, ours_high) = match method[i] {
            Some("Wilson") => {
                let e = wilson(x[i], n[i].unwrap(), level).unwrap();
                (Some(e.low), e.high)
            }
            _ => (byar_low(x[i], level), byar_high(x[i], level)),
        };
        assert_eq!(ours_low.is_some(), low[i].is_some(), "{case}");
        near(&case, ours_low.unwrap_or(0.0), low[i].unwrap_or(0.0), CLOSED);
        near(&case, ours_high, high[i].unwrap(), CLOSED);
    }
}

#[test]
fn shares_and_rates_are_those_of_pheindicatormethods() {
    let files = [
        ("proportion_95_998", true),
        ("rate_95_998", false),
        ("proportion_single_ci", true),
        ("rate_grouped", false),
    ];
    for (file, is_share) in files {
        let Some(t) = phe(file) else { return };
        let [x, n, value] = ["Numerator", "Denominator", "value"].map(|c| t.maybe_numbers(c).unwrap());
        let times = t.numbers("multiplier").unwrap();
        let ends = match t.has("lowercl") {
            true => vec![(0.95, "lowercl", "uppercl")],
            false => vec![(0.95, "lower95_0cl", "upper95_0cl"), (0.998, "lower99_8cl", "upper99_8cl")],
        };
        for (level, low, high) in ends {
            let [low, high] = [low, high].map(|c| t.maybe_numbers(c).unwrap());
            for i in 0..t.len() {
                let (Some(x), Some(n)) = (x[i], n[i]) else {
                    assert_eq!(low[i], None);
                    continue;
                };
                let made = if is_share { wilson(x, n, level) } else { rate(x, n, level) };
                let (e, case) = (made.unwrap().times(times[i]), format!("{file} row {i}"));
                near(&case, e.value, value[i].unwrap(), CLOSED);
                near(&case, e.low, low[i].unwrap(), PHE);
                near(&case, e.high, high[i].unwrap(), PHE);
            }
        }
    }
}

#[test]
fn means_are_those_of_pheindicatormethods() {
    let (Some(inputs), Some(t)) = (phe("mean_inputs"), phe("mean_expected")) else { return };
    let values = inputs.numbers("values").unwrap();
    for (i, area) in t.texts("area").unwrap().into_iter().enumerate() {
        let here: Vec<f64> = rows(&inputs, "area", area.unwrap()).into_iter().map(|r| values[r]).collect();
        for (level, name) in [(0.95, "95_0"), (0.998, "99_8")] {
            let (e, deviation) = mean(&here, level).unwrap();
            near("value", e.value, t.numbers("value").unwrap()[i], CLOSED);
            near("deviation", deviation, t.numbers("stdev").unwrap()[i], CLOSED);
            near("low", e.low, t.numbers(&format!("lower{name}cl")).unwrap()[i], CLOSED);
            near("high", e.high, t.numbers(&format!("upper{name}cl")).unwrap()[i], CLOSED);
        }
    }
}

fn bands(t: &Table, area: Option<&str>, weights: &[f64]) -> Vec<Band> {
    let rows = area.map_or((0..t.len()).collect(), |area| rows(t, "area", area));
    let (events, people) = (t.maybe_numbers("count").unwrap(), t.numbers("pop").unwrap());
    let band = |(&row, &weight): (&usize, &f64)| Band {
        events: events[row].unwrap_or(0.0),
        people: people[row],
        weight,
    };
    rows.iter().zip(weights).map(band).collect()
}

/// The rows testdata_1976 of the published file give 99.8 % limits ten times too large (the
/// 95 % limits beside them are right); we compare with a tenth of them.
#[test]
fn directly_standardised_rates_are_those_of_pheindicatormethods() {
    let Some(t) = phe("dsr_expected") else { return };
    let (areas, nonind) =
        (phe("dsr_isr_inputs_multiarea").unwrap(), phe("dsr_inputs_nonindependent").unwrap());
    let old = phe("dsr_inputs_esp1976").unwrap();
    let (names, statistic) = (t.texts("area").unwrap(), t.texts("statistic").unwrap());
    let [value, low, high, low3, high3] =
        ["value", "lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl"]
            .map(|c| t.maybe_numbers(c).unwrap());
    let mut repeated = 0;
    for i in 0..t.len() {
        let (name, times) =
            (names[i].unwrap(), if statistic[i].unwrap().ends_with("100000") { 1e5 } else { 1e4 });
        let made = |level: f64| {
            match name {
                "testdata_1976" => direct(&bands(&old, None, &old.numbers("esp1976").unwrap()), level),
                _ if name.starts_with("testdata_nonind") => {
                    let by: Vec<Vec<Band>> = ["f1", "f2", "f3", "f4"]
                        .iter()
                        .map(|f| {
                            let area = name;
                            let people = nonind.maybe_numbers(f).unwrap();
                            let mut bands = bands(&nonind, Some(area), &ESP2013);
                            bands
                                .iter_mut()
                                .zip(rows(&nonind, "area", area))
                                .for_each(|(b, r)| b.events = people[r].unwrap_or(0.0));
                            bands
                        })
                        .collect();
                    direct_repeats(&by, level)
                }
                _ => direct(&bands(&areas, Some(name), &ESP2013), level),
            }
            .unwrap()
            .map(|e| e.times(times))
        };
        let (Some(ours), Some(wide)) = (made(0.95), made(0.998)) else {
            assert_eq!(value[i], None, "{name}");
            continue;
        };
        repeated += usize::from(name.starts_with("testdata_nonind"));
        let slip = if name == "testdata_1976" { 10.0 } else { 1.0 };
        near(name, ours.value, value[i].unwrap(), PHE);
        near(name, ours.low, low[i].unwrap(), PHE);
        near(name, ours.high, high[i].unwrap(), PHE);
        near(name, wide.low, low3[i].unwrap() / slip, PHE);
        near(name, wide.high, high3[i].unwrap() / slip, PHE);
    }
    assert_eq!(repeated, 2);
}

/// The rows Area1 of the published file leave out the band 5-9, which has no reference.
#[test]
fn indirectly_standardised_ratios_and_rates_are_those_of_pheindicatormethods() {
    let (Some(t), Some(inputs)) = (phe("isr_expected"), phe("isr_inputs_ownref")) else { return };
    let (names, statistic) = (t.texts("area").unwrap(), t.texts("statistic").unwrap());
    let [observed, hoped, value] = ["observed", "expected", "value"].map(|c| t.numbers(c).unwrap());
    let [rate, low, high, low3, high3] =
        ["ref_rate", "lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl"]
            .map(|c| t.maybe_numbers(c).unwrap());
    let [people, r, rn] = ["pop", "refcount", "refpop"].map(|c| inputs.maybe_numbers(c).unwrap());
    for i in 0..t.len() {
        let big = matches!(names[i], Some("testdata_big" | "Area1"));
        let rows = rows(&inputs, "area", if big { "testdata_big" } else { "testdata_small" });
        let reference: Vec<(f64, f64)> = rows.iter().map(|&i| (r[i].unwrap(), rn[i].unwrap())).collect();
        let mut here: Vec<f64> = rows.iter().map(|&i| people[i].unwrap()).collect();
        if names[i] == Some("Area1") {
            here[1] = 0.0;
        }
        let ours = expected(&here, &reference).unwrap();
        near("expected", ours, hoped[i], PHE);
        let times = match statistic[i].unwrap().rsplit(' ').next().unwrap().parse::<f64>().unwrap() {
            times if rate[i].is_none() => times,
            times => {
                let all = reference.iter().fold((0.0, 0.0), |a, r| (a.0 + r.0, a.1 + r.1));
                near("reference rate", all.0 / all.1 * times, rate[i].unwrap(), PHE);
                all.0 / all.1 * times
            }
        };
        for (level, low, high) in [(0.95, low[i], high[i]), (0.998, low3[i], high3[i])] {
            let e = ratio(observed[i], ours, level).unwrap().times(times);
            near("value", e.value, value[i], PHE);
            near("low", e.low, low.unwrap_or(e.low), PHE);
            near("high", e.high, high.unwrap_or(e.high), PHE);
        }
    }
}

#[test]
fn quantiles_are_those_of_pheindicatormethods() {
    let Some(t) = phe("quantiles") else { return };
    let columns = ["Test", "QuantileNm", "GroupSet", "IndSexRef", "ParentCode", "Polarity"]
        .map(|c| t.texts(c).unwrap());
    let [value, theirs, rank, n] =
        ["Value", "QuantileInGrp", "RankinGrp", "RowsInGrp"].map(|c| t.maybe_numbers(c).unwrap());
    let how_many = |i: usize| if columns[1][i] == Some("Quartile") { 4 } else { 10 };
    let mut groups = std::collections::BTreeMap::<_, Vec<usize>>::new();
    for i in 0..t.len() {
        if let (Some(rank), Some(n), Some(_)) = (rank[i], n[i], theirs[i]) {
            assert_eq!(Some(of_rank(rank as usize, n as usize, how_many(i)) as f64), theirs[i], "row {i}");
        }
        // Whole regions are in the file; of the country only some rows are.
        if columns[2][i] != Some("None") {
            groups.entry([0, 3, 4, 5].map(|c| columns[c][i])).or_default().push(i);
        }
    }
    for ([.., polarity], rows) in &groups {
        let values: Vec<Option<f64>> = rows.iter().map(|&i| value[i]).collect();
        let ours =
            quantiles(&values, how_many(rows[0]), matches!(polarity, Some("RAG - Low is good" | "True")));
        for (ours, &row) in ours.iter().zip(rows) {
            assert_eq!(ours.map(|q| q as f64), theirs[row], "row {row}");
        }
    }
    assert!(groups.values().map(Vec::len).sum::<usize>() > 100);
}

fn sii_cases(t: &Table) -> Vec<(String, Vec<usize>)> {
    let (about, area) = (t.texts("TestDescription").unwrap(), t.texts("Area").unwrap());
    let mut cases: Vec<(String, Vec<usize>)> = Vec::new();
    for i in 0..t.len() {
        let name = format!("{} / {}", about[i].unwrap(), area[i].unwrap_or_default());
        match cases.last_mut() {
            Some((last, rows)) if *last == name => rows.push(i),
            _ => cases.push((name, vec![i])),
        }
    }
    cases
}

/// The points exactly, the intervals (theirs are simulated) to 5 % as their own tests allow.
#[test]
fn the_slope_of_inequality_is_that_of_pheindicatormethods() {
    let Some(t) = phe("sii_rii") else { return };
    let column = |name: &str| t.maybe_numbers(name).unwrap();
    let (people, value, error, kind) =
        (column("Population"), column("Value"), column("StandardError"), column("ValueType"));
    let confidence = t.texts("Confidence").unwrap();
    let mut compared = (0, 0);
    for (name, rows) in sii_cases(&t) {
        let first = rows[0];
        let Some(theirs) = column("sii")[first] else { continue };
        let scale = [Scale::Plain, Scale::Log, Scale::Logit][kind[first].unwrap() as usize];
        let groups: Vec<Group> = rows
            .iter()
            .map(|&i| Group {
                people: people[i].unwrap(),
                value: value[i].unwrap(),
                error: error[i].unwrap(),
            })
            .collect();
        let times = match &name {
            n if n.contains("x -100") => -100.0,
            n if n.contains("x 100") => 100.0,
            n if n.contains("negative multiplier") => -1.0,
            _ => 1.0,
        };
        let on_scale = name.contains("transform");
        let levels: Vec<f64> = match confidence[first].unwrap() {
            "c(95, 99)" => vec![0.95, 0.99],
            "c(95, 98)" => vec![0.95, 0.98],
            other => vec![if name.contains("98%") && !name.contains("95%") {
                0.98
            } else if name.contains("99%") {
                0.99
            } else {
                other.parse::<f64>().unwrap() / 100.0
            }],
        };
        for (k, level) in levels.iter().enumerate() {
            let ours = slope(&groups, scale, on_scale, *level).unwrap().times(times);
            near(&format!("{name} sii"), ours.sii, theirs, 1e-9);
            if let Some(rii) = column("rii")[first] {
                near(&format!("{name} rii"), ours.rii, rii, 1e-9);
            }
            if let Some(intercept) = column("Intercept")[first] {
                near(&format!("{name} intercept"), ours.intercept, intercept, 1e-9);
            }
            compared.0 += 1;
            let ends = [
                ("sii_lower", ours.sii_low),
                ("sii_upper", ours.sii_high),
                ("rii_lower", ours.rii_low),
                ("rii_upper", ours.rii_high),
            ];
            for (end, ours) in ends {
                if let Some(theirs) = column(&format!("{end}cl_{}", k + 1))[first] {
                    assert!(
                        (ours / theirs - 1.0).abs() < 0.05,
                        "{name} {end} {level}: ours {ours}, theirs {theirs}"
                    );
                    compared.1 += 1;
                }
            }
        }
    }
    assert!(compared.0 >= 25 && compared.1 >= 90, "{compared:?}");
}

/// The moments against a plain simulation of the same distribution.
#[test]
fn the_interval_of_the_slope_is_what_simulation_finds() {
    let values = [
        (900.0, 0.35, 0.11),
        (1100.0, 0.3, 0.1),
        (1000.0, 0.26, 0.12),
        (800.0, 0.2, 0.13),
        (1200.0, 0.17, 0.12),
    ];
    let groups = values.map(|(people, value, error)| Group { people, value, error });
    let ours = slope(&groups, Scale::Logit, false, 0.95).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let draws = if vectors::long() { 200_000 } else { 20_000 };
    let mut drawn: Vec<Slope> = Vec::new();
    for _ in 0..draws {
        let moved = groups.map(|g| {
            let normal = kith_insight::linalg::normal_quantile(rng.random_range(1e-12..1.0));
            Group { value: Scale::Logit.back(Scale::Logit.to(g.value) + g.error * normal), error: 0.0, ..g }
        });
        drawn.push(slope(&moved, Scale::Plain, false, 0.95).unwrap());
    }
    let end = |p: f64, f: fn(&Slope) -> f64| {
        let mut all: Vec<f64> = drawn.iter().map(f).collect();
        all.sort_by(f64::total_cmp);
        all[(all.len() as f64 * p) as usize]
    };
    assert!((end(0.025, |s| s.sii) / ours.sii_low - 1.0).abs() < 0.02);
    assert!((end(0.975, |s| s.sii) / ours.sii_high - 1.0).abs() < 0.03);
    assert!((end(0.025, |s| s.rii) / ours.rii_low - 1.0).abs() < 0.02);
    assert!((end(0.975, |s| s.rii) / ours.rii_high - 1.0).abs() < 0.02);
}

/// Our own vectors, worked out in Python (scipy for Fisher and chi-squared).
#[test]
fn two_groups_are_compared_as_an_independent_program_does() {
    let Some(cases) = vectors::json("equity/two_by_two.json") else { return };
    for (i, case) in cases.as_array().unwrap().iter().enumerate() {
        let n = |key: &str| vectors::number(&case[key]);
        let two = Two::new(n("a"), n("a") + n("b"), n("c"), n("c") + n("d")).unwrap();
        let ours = [two.risk_ratio(0.95), two.risk_difference(0.95).ok(), two.odds_ratio(0.95)]
            .map(|e| e.map_or([f64::NAN; 3], |e| [e.value, e.low, e.high]));
        let keys = [
            ["rr", "rr_lo", "rr_hi"],
            ["rd", "rd_newcombe_lo", "rd_newcombe_hi"],
            ["odds", "or_lo", "or_hi"],
        ];
        for (ours, keys) in ours.iter().zip(keys) {
            for (ours, key) in ours.iter().zip(keys) {
                if !case[key].is_null() {
                    near(&format!("case {i} {key}"), *ours, n(key), CLOSED);
                }
            }
        }
        near(&format!("case {i} fisher"), two.fisher(), n("fisher_p"), CLOSED);
        if !case["chi2_p"].is_null() {
            near(&format!("case {i} chi2"), two.chi_squared(), n("chi2_p"), CLOSED);
        }
    }
}

/// At each end of the exact interval, what was seen and what lies beyond it has a chance of
/// one in forty: worked out here from the binomial sums themselves.
#[test]
fn the_ratio_of_rates_leaves_one_in_forty_beyond_each_end() {
    let two = Two { x1: 11.0, n1: 800.0, x2: 21.0, n2: 3011.0 };
    let e = two.rate_ratio(0.95).unwrap();
    near("ratio", e.value, 11.0 / 800.0 / (21.0 / 3011.0), CLOSED);
    let beyond = |ratio: f64, wanted: std::ops::RangeInclusive<i32>| -> f64 {
        let p = ratio * 800.0 / (ratio * 800.0 + 3011.0);
        let ways = |k: i32| (0..k).map(|i| f64::from(32 - i) / f64::from(k - i)).product::<f64>();
        wanted.map(|k| ways(k) * p.powi(k) * (1.0 - p).powi(32 - k)).sum()
    };
    near("above the low end", beyond(e.low, 11..=32), 0.025, CLOSED);
    near("below the high end", beyond(e.high, 0..=11), 0.025, CLOSED);
}

#[test]
fn a_gap_is_told_both_ways_and_against_a_chosen_group() {
    let table = Table::read("group,count,of\nA,30,100\nB,45,100\nC,60,100\n").unwrap();
    let gap = method::find("gap").unwrap();
    let all = gap.answer(&table, &Options::default()).unwrap();
    assert_eq!(all.figures.len(), 6);
    near("A against the rest", all.figures[0].value.unwrap(), 0.3 - 105.0 / 200.0, CLOSED);
    let one = gap.answer(&table, &Options::new([("reference", "B")])).unwrap();
    assert_eq!(one.figures.len(), 4);
    near("C against B", one.figures[3].value.unwrap(), 60.0 / 45.0, CLOSED);
    let said = gap.answer(&table, &Options::new([("reference", "White")])).unwrap_err().to_string();
    assert_eq!(said, "The option reference cannot be \"White\": it is one of A, B, C.");
}

#[test]
fn not_known_is_not_nought() {
    let mut csv = String::from("group,count,population,weight\n");
    (0..3).for_each(|i| {
        csv.push_str(&format!("A,{},100,1\n", if i == 1 { String::new() } else { "20".into() }))
    });
    let answer =
        method::find("dsr").unwrap().answer(&Table::read(&csv).unwrap(), &Options::default()).unwrap();
    assert_eq!((answer.figures[0].value, answer.figures[0].missing), (None, 1));
}

/// Intervals hold the truth about as often as they say, over seeded draws.
#[test]
fn intervals_cover_the_truth() {
    let draws = if vectors::long() { 100_000 } else { 4_000 };
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    for (p, n) in [(0.1, 50.0), (0.5, 30.0), (0.03, 400.0)] {
        let mut held = 0;
        for _ in 0..draws {
            let x = (0..n as usize).filter(|_| rng.random_bool(p)).count() as f64;
            let e = wilson(x, n, 0.95).unwrap();
            held += usize::from(e.low <= p && p <= e.high);
        }
        let share = held as f64 / draws as f64;
        assert!((0.92..=0.985).contains(&share), "Wilson {p} {n}: {share}");
    }
    for truth in [2.0, 15.0, 60.0] {
        let mut held = 0;
        for _ in 0..draws {
            let (mut x, mut time) = (0.0, 0.0);
            loop {
                time -= rng.random_range(1e-12..1.0f64).ln();
                if time > truth {
                    break;
                }
                x += 1.0;
            }
            let e = rate(x, 1.0, 0.95).unwrap();
            held += usize::from(e.low <= truth && truth <= e.high);
        }
        let share = held as f64 / draws as f64;
        assert!((0.94..=0.995).contains(&share), "Poisson {truth}: {share}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_share_lies_in_its_interval_and_more_people_narrow_it(x in 0u32..200, more in 0u32..200) {
        let (x, n) = (f64::from(x), f64::from(x + more + 1));
        let e = wilson(x, n, 0.95).unwrap();
        prop_assert!(0.0 <= e.low && e.low <= e.value && e.value <= e.high && e.high <= 1.0);
        let twice = wilson(2.0 * x, 2.0 * n, 0.95).unwrap();
        prop_assert!(twice.high - twice.low < e.high - e.low);
        let surer = wilson(x, n, 0.998).unwrap();
        prop_assert!(surer.low <= e.low && surer.high >= e.high);
    }

    #[test]
    fn the_order_of_bands_and_the_unit_of_weights_change_nothing(
        events in proptest::collection::vec((0u32..50, 100u32..9000, 1u32..100), 2..20),
        turn in 0usize..20,
    ) {
        let bands: Vec<Band> = events.iter().map(|&(x, n, w)| Band { events: f64::from(x), people: f64::from(n), weight: f64::from(w) }).collect();
        let mut turned = bands.clone();
        turned.rotate_left(turn % bands.len());
        turned.iter_mut().for_each(|b| b.weight *= 7.0);
        match (direct(&bands, 0.95).unwrap(), direct(&turned, 0.95).unwrap()) {
            (Some(a), Some(b)) => {
                prop_assert!((a.value - b.value).abs() < 1e-12 && (a.low - b.low).abs() < 1e-12);
                prop_assert!(a.low <= a.value && a.value <= a.high);
            }
            (a, b) => prop_assert_eq!(a.is_some(), b.is_some()),
        }
    }

    #[test]
    fn swapping_two_groups_turns_the_gap_round(a in 1u32..100, b in 1u32..100, c in 1u32..100, d in 1u32..100) {
        let [a, b, c, d] = [a, b, c, d].map(f64::from);
        let one = Two::new(a, a + b, c, c + d).unwrap();
        let other = Two::new(c, c + d, a, a + b).unwrap();
        let (x, y) = (one.risk_ratio(0.95).unwrap(), other.risk_ratio(0.95).unwrap());
        prop_assert!((x.low * y.high - 1.0).abs() < 1e-9);
        let (x, y) = (one.risk_difference(0.95).unwrap(), other.risk_difference(0.95).unwrap());
        prop_assert!((x.low + y.high).abs() < 1e-12);
        prop_assert!((one.fisher() - other.fisher()).abs() < 1e-9);
    }
}
