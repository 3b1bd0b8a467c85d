//! Control charts against NHSRplotthedots (050b07d), funnels against FunnelPlotR (9020d49)
//! and PHEindicatormethods (093fd28), and the properties of both.

use crate::vectors::{self, near, number, numbers};
use kith_insight::charts::funnel::{Compat, Kind, Place, expected_at_limits, funnel, share_limits};
use kith_insight::charts::rare::{days_between, occasions_between};
use kith_insight::charts::xmr::{Assurance, Better, Cause, Settings, Variation, chart};
use kith_insight::method::{self, Options};
use kith_insight::rates::interval::{rate, wilson};
use kith_insight::table::Table;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

fn cause(c: Cause) -> &'static str {
    match c {
        Cause::AboveLimit => "Above UCL",
        Cause::BelowLimit => "Below LCL",
        Cause::Rising => "7 Point Trend (Increasing)",
        Cause::Falling => "7 Point Trend (Decreasing)",
        Cause::NearUpper => "2 in 3 Above CL",
        Cause::NearLower => "2 in 3 Below CL",
        Cause::AboveMean => "7 Points Above CL",
        Cause::BelowMean => "7 Points Below CL",
        Cause::Common => "Common Cause",
    }
}

fn variation(v: Variation) -> &'static str {
    match v {
        Variation::Common => "common_cause",
        Variation::Improvement => "special_cause_improvement",
        Variation::Concern => "special_cause_concern",
        Variation::Higher => "special_cause_neutral_high",
        Variation::Lower => "special_cause_neutral_low",
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn settings(case: &Value) -> Settings {
    let days: Vec<Value> = list(&case["x"]);
    let at = |day: &Value| days.iter().position(|d| d == day).unwrap();
    Settings {
        better: match case["improvement_direction"].as_str().unwrap() {
            "increase" => Better::Higher,
            "decrease" => Better::Lower,
            _ => Better::Neither,
        },
        target: case["target"].as_f64(),
        rebase: if case["rebase"].is_null() {
            vec![]
        } else {
            list(&case["rebase"]).iter().map(at).collect()
        },
        fix_after: case["fix_after_n_points"].as_u64().map(|n| n as usize),
        screen: case["screen_outliers"].as_bool().unwrap(),
    }
}

/// Every flag exactly; the one case in which we differ is a series that never moves, where
/// the peer's screening leaves no range and so no limits.
#[test]
fn charts_rules_and_icons_are_those_of_nhsrplotthedots() {
    let Some(cases) = vectors::json("NHSRplotthedots/spc_xmr_cases.json") else { return };
    let cases = cases.as_array().unwrap();
    for case in cases {
        let (id, e) = (case["id"].as_str().unwrap(), &case["expected"]);
        let made = chart(&numbers(&case["y"]), &settings(case)).unwrap();
        let (means, lows, highs) = (numbers(&e["mean"]), numbers(&e["lpl"]), numbers(&e["upl"]));
        for (i, point) in made.points.iter().enumerate() {
            let case = format!("{id} point {i}");
            near(&case, point.mean, means[i], 1e-9);
            match point.limits {
                Some((low, high)) if id != "edge_constant" => {
                    near(&case, low, lows[i], 1e-9);
                    near(&case, high, highs[i], 1e-9);
                }
                limits => assert!(lows[i].is_nan() && limits.is_none_or(|l| l == (50.0, 50.0)), "{case}"),
            }
            assert_eq!(cause(point.cause), list(&e["special_cause_type"])[i], "{case}");
            assert_eq!(variation(point.variation), list(&e["point_type"])[i], "{case}");
        }
        assert_eq!(variation(made.variation), e["variation"], "{id}");
        let assurance = made.assurance.map(|a| match a {
            Assurance::Passes => "consistent_pass",
            Assurance::Fails => "consistent_fail",
            Assurance::HitsAndMisses => "inconsistent",
        });
        assert_eq!(assurance, e["assurance"].as_str(), "{id}");
    }
    assert_eq!(cases.len(), 53);
}

#[test]
fn limits_are_not_fixed_on_too_few_points_and_phases_lie_within() {
    let fixed = Settings { fix_after: Some(11), ..Settings::default() };
    assert!(chart(&[1.0; 20], &fixed).is_err());
    let beyond = Settings { rebase: vec![20], ..Settings::default() };
    assert!(chart(&[1.0; 20], &beyond).is_err());
    assert!(chart(&[], &Settings::default()).is_err());
    let made = chart(&[1.0, 2.0, 1.0, 2.0], &Settings::default()).unwrap();
    assert!(made.notes[0].contains("only a hint"), "{:?}", made.notes);
}

/// By hand: exponential times have their median at ln 2 of their mean; the limits of the G
/// chart are the shares 0.00135 and 0.99865 of the geometric distribution.
#[test]
fn rare_events_have_limits_where_their_chances_say() {
    let made = occasions_between(&[9.0, 11.0, 10.0, 8.0, 12.0, 10.0], Better::Higher).unwrap();
    let p: f64 = 1.0 / 11.0;
    let (low, high) = made.points[0].limits.unwrap();
    near("upper", 1.0 - (1.0 - p).powf(high + 1.0), 1.0 - 0.00135, 1e-9);
    near("centre", 1.0 - (1.0 - p).powf(made.points[0].mean + 1.0), 0.5, 1e-9);
    assert_eq!(low, 0.0);
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let n = if vectors::long() { 200_000 } else { 20_000 };
    let times: Vec<f64> = (0..n).map(|_| -30.0 * rng.random_range(1e-12..1.0f64).ln()).collect();
    let made = days_between(&times, Better::Higher).unwrap();
    let (low, high) = made.points[0].limits.unwrap();
    let outside = times.iter().filter(|t| **t < low || **t > high).count() as f64 / n as f64;
    assert!(outside < 0.006, "{outside}");
    assert!(days_between(&[3.0, -1.0], Better::Higher).is_err());
    let constant = occasions_between(&[0.0, 0.0, 0.0], Better::Higher).unwrap();
    assert_eq!(constant.variation, Variation::Common);
}

fn places(case: &Value) -> Vec<Place> {
    case["input"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| Place {
            name: p["grp"].as_str().unwrap().to_owned(),
            x: number(&p["num"]),
            n: number(&p["den"]),
        })
        .collect()
}

#[test]
fn funnels_are_those_of_funnelplotr() {
    let Some(cases) = vectors::json("FunnelPlotR/funnel_cases.json") else { return };
    for case in cases.as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let kind = match (case["data_type"].as_str().unwrap(), case["sr_method"].as_str().unwrap()) {
            ("SR", "SHMI") => Kind::RatioLog,
            ("SR", _) => Kind::RatioRoot,
            ("PR", _) => Kind::Share,
            _ => Kind::Counts,
        };
        let adjust = case["draw_adjusted"].as_bool().unwrap();
        let made =
            funnel(&places(case), kind, number(&case["trim_by"]), adjust, Compat::FunnelPlotR).unwrap();
        near(&format!("{id} phi"), made.dispersion.phi, number(&case["phi"]), 1e-6);
        near(&format!("{id} between"), made.dispersion.between, number(&case["tau2"]), 1e-6);
        for theirs in case["aggregated"].as_array().unwrap() {
            let name = theirs["group"].as_str().unwrap();
            let ours = made.places.iter().find(|s| s.place.name == name).unwrap();
            let check = |what: &str, ours: f64| {
                near(&format!("{id} {name} {what}"), ours, number(&theirs[what]), 1e-6)
            };
            check("rr", ours.value);
            check("Uzscore", ours.z.unwrap());
            check("LCL95", ours.chance.usual.0);
            check("UCL95", ours.chance.usual.1);
            check("LCL99", ours.chance.far.0);
            check("UCL99", ours.chance.far.1);
            check("OD95LCL", ours.dispersed.usual.0);
            check("OD95UCL", ours.dispersed.usual.1);
            check("OD99LCL", ours.dispersed.far.0);
            check("OD99UCL", ours.dispersed.far.1);
            assert_eq!(ours.outside, number(&theirs["outlier"]) == 1.0, "{id} {name}");
        }
        for row in case["limits_lookup"].as_array().unwrap() {
            let n = number(&row["number_seq"]);
            let chance = kind.chance(n, made.centre, Compat::FunnelPlotR);
            let dispersed = kind.dispersed(n, made.centre, made.dispersion.between, Compat::FunnelPlotR);
            let check =
                |what: &str, ours: f64| near(&format!("{id} at {n} {what}"), ours, number(&row[what]), 1e-6);
            check("ll95", chance.usual.0);
            check("ul95", chance.usual.1);
            check("ll998", chance.far.0);
            check("ul998", chance.far.1);
            check("odll95", dispersed.usual.0);
            check("odul998", dispersed.far.1);
        }
    }
}

/// The peer's limits of one count over another are those of a share: places that differ by
/// chance alone fall outside them. Ours hold about as many as they say.
#[test]
fn limits_of_counts_over_counts_hold_what_they_say() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let mut poisson = |mean: f64| {
        let (mut x, mut time) = (0.0, 0.0);
        loop {
            time -= rng.random_range(1e-12..1.0f64).ln();
            if time > mean {
                return x;
            }
            x += 1.0;
        }
    };
    let made: Vec<Place> =
        (0..400).map(|i| Place { name: i.to_string(), x: poisson(40.0), n: poisson(200.0) }).collect();
    let outside = |compat: Compat| {
        let made = funnel(&made, Kind::Counts, 0.1, false, compat).unwrap();
        made.places.iter().filter(|s| s.outside).count()
    };
    assert!(outside(Compat::No) <= 6, "{}", outside(Compat::No));
    assert!(outside(Compat::FunnelPlotR) > 150, "{}", outside(Compat::FunnelPlotR));
}

/// PHEindicatormethods, its published tables of limits (theirs by bisection to 1e-7).
#[test]
fn limits_are_those_of_pheindicatormethods() {
    let Some(inputs) = vectors::table("PHEindicatormethods/funnel_prop_inputs.csv") else { return };
    let (x, n) = (inputs.numbers("numerator").unwrap(), inputs.numbers("denominator").unwrap());
    let centre = x.iter().sum::<f64>() / n.iter().sum::<f64>();
    let t = vectors::table("PHEindicatormethods/funnel_prop_outputs.csv").unwrap();
    let columns = [
        "Population",
        "Lower2s0025limit",
        "Upper2s0025limit",
        "Lower3s0001limit",
        "Upper3s0001limit",
        "Baseline",
    ]
    .map(|c| t.numbers(c).unwrap());
    for i in 0..t.len() {
        let ours = share_limits(columns[0][i], centre);
        let pairs = [ours.usual.0, ours.usual.1, ours.far.0, ours.far.1, centre];
        for (k, ours) in pairs.into_iter().enumerate() {
            near(&format!("row {i} column {k}"), ours * 100.0, columns[k + 1][i], 1e-6);
        }
    }
    for (i, theirs) in inputs.texts("significance").unwrap().into_iter().enumerate() {
        let (value, ours) = (x[i] / n[i], share_limits(n[i], centre));
        assert_eq!(Some(significance(value, ours.usual, ours.far)), theirs, "row {i}");
    }
    let t = vectors::table("PHEindicatormethods/funnel_ratio_outputs.csv").unwrap();
    let observed = t.numbers(&t.heading()[0].clone()).unwrap();
    for (i, &observed) in observed.iter().enumerate() {
        let ours = expected_at_limits(observed);
        let column = |name: &str| t.numbers(name).unwrap()[i];
        near("lower 2s", ours.usual.0, column("lower_2s_exp_events"), 1e-6 * 2.0);
        near("upper 2s", ours.usual.1, column("upper_2s_exp_events"), 1e-6 * 2.0);
        near("lower 3s", ours.far.0, column("lower_3s_exp_events"), 1e-6 * 2.0);
        near("upper 3s", ours.far.1, column("upper_3s_exp_events"), 1e-6 * 2.0);
        near("lower ratio", observed / ours.usual.0 * 100.0, column("lower_2s_isr"), 1e-6);
    }
    let t = vectors::table("PHEindicatormethods/funnel_rate_outputs.csv").unwrap();
    let [events, low, high, base] =
        ["Events", "lower_2s_limit", "upper_3s_limit", "baseline"].map(|c| t.numbers(c).unwrap());
    for i in 0..t.len() {
        let ours = expected_at_limits(events[i]);
        near("lower rate", events[i] / ours.usual.0 * base[i], low[i], 1e-6);
        // The peer halves until two ends are 1e-7 apart, which near nought shows in the fourth digit.
        near("upper rate", events[i] / ours.far.1 * base[i], high[i], 5e-5);
    }
}

fn significance(value: f64, usual: (f64, f64), far: (f64, f64)) -> &'static str {
    match value {
        v if v < far.0 => "Low (0.001)",
        v if v > far.1 => "High (0.001)",
        v if v < usual.0 => "Low (0.025)",
        v if v > usual.1 => "High (0.025)",
        _ => "Not significant",
    }
}

/// Whether an interval lies off the centre, as Fingertips colours areas.
#[test]
fn areas_are_coloured_as_pheindicatormethods_does() {
    let Some(t) = vectors::table("PHEindicatormethods/funnel_ratio_inputs.csv") else { return };
    let (observed, expected) = (t.numbers("obs").unwrap(), t.numbers("expected").unwrap());
    let colour = |x: f64, n: f64, centre: f64| {
        let (usual, far) = (rate(x, n, 0.95).unwrap(), rate(x, n, 0.998).unwrap());
        match centre {
            c if c > far.high => "Low (0.001)",
            c if c < far.low => "High (0.001)",
            c if c > usual.high => "Low (0.025)",
            c if c < usual.low => "High (0.025)",
            _ => "Not significant",
        }
    };
    for (i, theirs) in t.texts("significance").unwrap().into_iter().enumerate() {
        assert_eq!(
            Some(colour(observed[i], expected[i], 1.0)),
            theirs,
            "row {i}: {} {}",
            observed[i],
            expected[i]
        );
    }
    let t = vectors::table("PHEindicatormethods/funnel_rate_dsr_inputs.csv").unwrap();
    let (x, n) = (t.numbers("count").unwrap(), t.numbers("pop").unwrap());
    let centre = x.iter().sum::<f64>() / n.iter().sum::<f64>();
    for (i, theirs) in t.texts("crude_per_100000_with_0").unwrap().into_iter().enumerate() {
        assert_eq!(Some(colour(x[i], n[i], centre)), theirs, "row {i}: {} {}", x[i], n[i]);
    }
    assert!(wilson(1.0, 2.0, 0.95).is_ok());
}

#[test]
fn the_command_tells_the_icons_and_who_stands_outside() {
    let mut csv = String::from("when,value\n");
    (0..14).for_each(|i| {
        csv.push_str(&format!("2026-{:02}-01,{}\n", i % 12 + 1, if i < 7 { 20 + i % 3 } else { 40 + i % 3 }))
    });
    let csv = csv.replacen("2026-01-01,4", "2027-01-01,4", 1).replacen("2026-02-01,4", "2027-02-01,4", 1);
    let table = Table::read(&csv).unwrap();
    let options = Options::new([("better", "lower"), ("target", "10")]);
    let answer = method::find("xmr").unwrap().answer(&table, &options).unwrap();
    assert_eq!(answer.notes[..2], ["change for the worse.", "misses the target every time."]);
    let table = Table::read("group,count,of\nA,50,100\nB,48,100\nC,52,100\nD,95,100\n").unwrap();
    let answer = method::find("funnel").unwrap().answer(&table, &Options::new([("adjust", "no")])).unwrap();
    let outside: Vec<usize> = answer.figures.iter().map(|f| f.notes.len()).collect();
    assert_eq!(outside, [0, 0, 0, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Turned upside down, a chart says the same of the other side.
    #[test]
    fn a_chart_upside_down_says_the_same_upside_down(values in proptest::collection::vec(-50i32..50, 1..40), k in 1u8..9) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let over = Settings { better: Better::Higher, ..Settings::default() };
        let under = Settings { better: Better::Lower, ..Settings::default() };
        // Powers of two change no digit.
        let scale = f64::powi(2.0, i32::from(k));
        let turned: Vec<f64> = values.iter().map(|v| -v * scale).collect();
        let (a, b) = (chart(&values, &over).unwrap(), chart(&turned, &under).unwrap());
        for (x, y) in a.points.iter().zip(&b.points) {
            prop_assert_eq!(x.cause.direction(), -y.cause.direction());
            prop_assert_eq!(x.variation, y.variation);
        }
    }

    #[test]
    fn bigger_places_have_narrower_limits_and_order_changes_nothing(x in proptest::collection::vec((1u32..90, 100u32..1000), 3..30), turn in 0usize..30) {
        let made: Vec<Place> = x.iter().enumerate().map(|(i, (x, n))| Place { name: i.to_string(), x: f64::from(*x), n: f64::from(*n) }).collect();
        let mut turned = made.clone();
        turned.rotate_left(turn % made.len());
        for kind in [Kind::Share, Kind::RatioLog, Kind::RatioRoot, Kind::Counts] {
            let (a, b) = (funnel(&made, kind, 0.1, true, Compat::No).unwrap(), funnel(&turned, kind, 0.1, true, Compat::No).unwrap());
            prop_assert!((a.dispersion.between - b.dispersion.between).abs() < 1e-9);
            let widths: Vec<f64> = [50.0, 500.0, 5000.0].iter().map(|n| {
                let l = kind.dispersed(*n, a.centre, a.dispersion.between, Compat::No);
                l.far.1 - l.far.0
            }).collect();
            prop_assert!(widths[0] >= widths[1] && widths[1] >= widths[2], "{kind:?} {widths:?}");
            for s in &a.places {
                prop_assert!(s.dispersed.far.0 <= s.dispersed.usual.0 && s.dispersed.usual.1 <= s.dispersed.far.1);
            }
        }
    }
}
