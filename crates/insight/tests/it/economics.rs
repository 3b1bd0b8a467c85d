//! Economics against R dampack (DARTH-git/dampack 0430fee) and R BCEA (giabaio/BCEA
//! f8fadf5) given their draws, against closed forms worked out in Python, and the
//! properties that hold for every input.

use crate::vectors::{self, long, near, number, numbers};
use kith_insight::economics::chance::Draws;
use kith_insight::economics::consequences::{Line, totals};
use kith_insight::economics::frontier::{Choice, Placed, Standing, frontier};
use kith_insight::economics::money::{First, Index, Price, present_value};
use kith_insight::economics::ratio::Means;
use kith_insight::economics::wellby::Change;
use kith_insight::method::{self, Options};
use kith_insight::table::Table;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

const GIVEN_DRAWS: f64 = 1e-9;
/// Of means of draws that are kept with nine digits.
const NINE_DIGITS: f64 = 1e-8;

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Kept => "ND",
        Standing::ByMixture => "ED",
        Standing::Dominated => "D",
    }
}

/// Compares what R dampack `calculate_icers` says with our frontier.
fn same_frontier(choices: &[Choice], theirs: &Value, within: f64) {
    let ours = frontier(choices).unwrap();
    let theirs = theirs.as_array().unwrap();
    let find = |name: &str| ours.iter().find(|p| choices[p.choice].name == name).unwrap();
    for row in theirs {
        let name = row["Strategy"].as_str().unwrap();
        let placed = find(name);
        assert_eq!(word(placed.standing), row["Status"].as_str().unwrap(), "{name}");
        let (cost, effect) = placed.step.unwrap_or((f64::NAN, f64::NAN));
        near(name, cost, number(&row["Inc_Cost"]), within);
        near(name, effect, number(&row["Inc_Effect"]), within);
        near(name, placed.ratio().unwrap_or(f64::NAN), number(&row["ICER"]), within);
    }
    let on = |name: &&Value| name["Status"] == "ND";
    let kept = ours.iter().filter(|p| p.standing == Standing::Kept).map(|p| choices[p.choice].name.as_str());
    assert!(
        kept.eq(theirs.iter().filter(on).map(|r| r["Strategy"].as_str().unwrap())),
        "order of the frontier"
    );
}

#[test]
fn a_hundred_strategies_are_placed_as_by_dampack() {
    let Some(input) = vectors::json("dampack/hund_strat_input.json") else { return };
    let expected = vectors::json("dampack/hund_strat_icers_expected.json").unwrap();
    let choice = |row: &Value| Choice {
        name: row["Strategy"].to_string(),
        cost: number(&row["Cost"]),
        effect: number(&row["QALYs"]),
    };
    let choices: Vec<Choice> = input.as_array().unwrap().iter().map(choice).collect();
    same_frontier(&choices, &expected, GIVEN_DRAWS);
}

/// The draws of dampack's example, a row for each way.
fn psa() -> Option<(Draws, Vec<String>, Value)> {
    let table = vectors::table("dampack/psa_cdiff.csv")?;
    let expected = vectors::json("dampack/psa_cdiff_expected.json")?;
    let names: Vec<String> =
        expected["strategies"].as_array()?.iter().map(|s| s.as_str().unwrap().to_owned()).collect();
    let rows = |of: &str| names.iter().map(|n| table.numbers(&format!("{of}_{n}")).unwrap()).collect();
    Some((Draws::new(rows("cost"), rows("eff")).unwrap(), names, expected))
}

#[test]
fn net_benefit_and_acceptability_are_those_of_dampack() {
    let Some((draws, names, expected)) = psa() else { return };
    let means = draws.means();
    let choices: Vec<Choice> = names
        .iter()
        .zip(&means)
        .map(|(name, (cost, effect))| Choice { name: name.clone(), cost: *cost, effect: *effect })
        .collect();
    // The draws are kept with nine digits; differences of their means have fewer.
    same_frontier(&choices, &expected["icers"], 100.0 * NINE_DIGITS);
    for (w, worth) in numbers(&expected["wtp"]).into_iter().enumerate() {
        let at = draws.at(worth);
        for (way, name) in names.iter().enumerate() {
            let case = format!("{name} at {worth}");
            near(&case, at.benefit[way], number(&expected["enmb"][w][way]), NINE_DIGITS);
            near(&case, at.chance[way], number(&expected["ceac"][w][way]), GIVEN_DRAWS);
            assert!(at.loss[way] >= at.perfect - 1e-9, "{case}");
        }
    }
}

#[test]
fn the_vaccine_example_is_that_of_bcea() {
    let Some(input) = vectors::json("BCEA/vaccine_psa_input.json") else { return };
    let expected = vectors::json("BCEA/vaccine_expected.json").unwrap();
    let names = ["Status Quo", "Vaccination"];
    let rows = |of: &str| {
        let all = input[of].as_array().unwrap();
        names.map(|n| all.iter().map(|draw| number(&draw[n])).collect::<Vec<f64>>()).to_vec()
    };
    let draws = Draws::new(rows("c"), rows("e")).unwrap();
    let means = draws.means();
    let (more_cost, more_effect) = (means[1].0 - means[0].0, means[1].1 - means[0].1);
    near("cost", more_cost, number(&expected["delta_c"]), GIVEN_DRAWS);
    near("effect", more_effect, number(&expected["delta_e"]), GIVEN_DRAWS);
    near("ratio", more_cost / more_effect, number(&expected["icer"]), GIVEN_DRAWS);
    for (worth, theirs) in numbers(&expected["k"]).into_iter().zip(numbers(&expected["eib"])) {
        let at = draws.at(worth);
        near("benefit", at.benefit[1] - at.benefit[0], theirs, GIVEN_DRAWS);
    }
}

#[test]
fn later_money_and_wellbeing_are_those_of_an_independent_program() {
    let Some(cases) = vectors::json("economics/discounting.json") else { return };
    for case in cases.as_array().unwrap() {
        let amounts = vec![number(&case["annual"]); number(&case["years"]) as usize];
        assert_eq!(case["first_year_undiscounted"], true);
        let ours = present_value(&amounts, number(&case["rate"]), First::Now).unwrap();
        near("present value", ours, number(&case["pv"]), GIVEN_DRAWS);
        let later = present_value(&amounts, number(&case["rate"]), First::NextYear).unwrap();
        near("a year later", later * (1.0 + number(&case["rate"])), ours, GIVEN_DRAWS);
    }
    for case in vectors::json("economics/wellby.json").unwrap().as_array().unwrap() {
        let [points, people, years] = ["ls_change", "people", "years"].map(|k| number(&case[k]));
        let wellbys = Change::new(points, people, years).unwrap().wellbys(0.0);
        near("wellbys", wellbys, number(&case["wellby"]), GIVEN_DRAWS);
        for (price, key) in [(13_000.0, "central"), (10_000.0, "low"), (16_000.0, "high")] {
            near(key, wellbys * price, number(&case[format!("value_2019_{key}")]), GIVEN_DRAWS);
        }
    }
}

#[test]
fn no_price_goes_without_its_year_and_source() {
    let ask = |method: &str, input: &str, options: &[(&str, &str)]| {
        let table = Table::read(input).unwrap();
        method::find(method).unwrap().answer(&table, &Options::new(options.iter().copied()))
    };
    let rows = "option,cost,effect\na,1,1\nb,2,2\n";
    let said = |options: &[(&str, &str)]| ask("cost-frontier", rows, options).unwrap_err().to_string();
    assert!(said(&[("year", "2025")]).contains("none is built in"));
    assert!(said(&[("source", "a book")]).contains("none is built in"));
    assert!(ask("cost-frontier", rows, &[("year", "2025"), ("source", "a book")]).is_ok());
    let said =
        ask("wellby", "what,points,people,years\na,1,1,1\n", &[("year", "2019"), ("source", "a book")]);
    assert!(said.unwrap_err().to_string().contains("none is built in"));
    let lines = "kind,option,payer,what,quantity,price,year,source\ncost,a,NHS,visits,2,10,2023,\n";
    assert!(
        ask("cost-consequences", lines, &[])
            .unwrap_err()
            .to_string()
            .contains("Row 1: Every price needs its source")
    );
    let two = "kind,option,payer,what,quantity,price,year,source\n\
        cost,a,NHS,visits,2,10,2023,book\ncost,a,NHS,visits,1,10,2025,book\n";
    assert!(ask("cost-consequences", two, &[]).unwrap_err().to_string().contains("--index"));
    let answer = ask("cost-consequences", two, &[("index", "2023=100,2025=110")]).unwrap();
    near("raised", answer.figures[0].value.unwrap(), 32.0, GIVEN_DRAWS);
}

#[test]
fn the_ends_of_fieller_solve_his_equation() {
    let people: Vec<(f64, f64)> =
        (0..40).map(|i| (500.0 + f64::from(i * 37 % 101), f64::from(i % 3 % 2))).collect();
    let means = Means::of(&people).unwrap();
    let ratio = means.ratio(0.95);
    let z2 = kith_insight::linalg::z_of(0.95).powi(2);
    let [vc, cov, ve] = means.spread;
    let (low, high) = ratio.interval.unwrap();
    assert!(low < ratio.value && ratio.value < high);
    for r in [low, high] {
        let apart = (means.cost - r * means.effect).powi(2);
        near("Fieller", apart / (z2 * (vc - 2.0 * r * cov + r * r * ve)), 1.0, 1e-9);
    }
    let nobody: Vec<(f64, f64)> = (0..10).map(|i| (f64::from(i), f64::from(i == 0))).collect();
    assert_eq!(Means::of(&nobody).unwrap().ratio(0.95).interval, None, "one of ten may be nobody");
}

#[test]
fn intervals_of_cost_for_each_person_improved_hold_the_truth_as_often_as_they_say() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let runs = if long() { 8000 } else { 800 };
    let mut held = 0;
    for _ in 0..runs {
        let people: Vec<(f64, f64)> = (0..150)
            .map(|_| {
                let improved = f64::from(rng.random::<f64>() < 0.4);
                (800.0 + 600.0 * rng.random::<f64>() - 200.0 * improved, improved)
            })
            .collect();
        let (low, high) = Means::of(&people).unwrap().ratio(0.95).interval.unwrap();
        let truth = (1100.0 - 80.0) / 0.4;
        held += usize::from(low <= truth && truth <= high);
    }
    let share = held as f64 / runs as f64;
    let error = (0.05f64 * 0.95 / runs as f64).sqrt();
    assert!((share - 0.95).abs() < 4.0 * error + 0.005, "95 % intervals hold the truth {share} of the time");
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let choice = (0u32..60, 0u32..60).prop_map(|(cost, effect)| (f64::from(cost), f64::from(effect)));
    prop::collection::vec(choice, 1..12).prop_map(|all| {
        let named = all.into_iter().enumerate();
        named.map(|(i, (cost, effect))| Choice { name: i.to_string(), cost, effect }).collect()
    })
}

proptest! {
    /// A way is off the frontier exactly when another, or a mixture of two others, costs no
    /// more and helps no less.
    #[test]
    fn the_frontier_is_what_no_mixture_beats(choices in choices()) {
        let placed = frontier(&choices).unwrap();
        prop_assert_eq!(placed.len(), choices.len());
        let kept: Vec<&Placed> = placed.iter().filter(|p| p.standing == Standing::Kept).collect();
        let ratios: Vec<f64> = kept.iter().filter_map(|p| p.ratio()).collect();
        prop_assert!(ratios.windows(2).all(|w| w[0] <= w[1] + 1e-12), "{:?}", ratios);
        for p in &placed {
            let c = &choices[p.choice];
            let beaten_by = |o: &Choice| {
                o.cost <= c.cost && o.effect >= c.effect && (o.cost < c.cost || o.effect > c.effect)
            };
            let beaten = choices.iter().any(beaten_by);
            let mixed = choices.iter().any(|a| choices.iter().any(|b| {
                a.cost < c.cost && c.cost < b.cost && a.effect < c.effect && c.effect < b.effect && {
                    let part = (c.effect - a.effect) / (b.effect - a.effect);
                    a.cost + part * (b.cost - a.cost) < c.cost - 1e-9
                }
            }));
            match p.standing {
                Standing::Kept => prop_assert!(!beaten && !mixed),
                Standing::ByMixture => prop_assert!(mixed && !beaten),
                // Of two that are alike the first given is kept.
                Standing::Dominated => prop_assert!(
                    beaten || choices.iter().any(|o| o.name != c.name && o.cost == c.cost && o.effect == c.effect)
                ),
            }
        }
    }

    /// Chances add up to one, knowing more is never worth less than nothing, and nothing
    /// depends on the order of the draws.
    #[test]
    fn what_is_said_of_draws_hangs_together(
        cost in prop::collection::vec(prop::collection::vec(0.0f64..100.0, 8), 2..5),
        effect in prop::collection::vec(0.0f64..1.0, 40),
        worth in 0.0f64..500.0,
    ) {
        let effects: Vec<Vec<f64>> = (0..cost.len()).map(|way| effect[way * 8..][..8].to_vec()).collect();
        let at = Draws::new(cost.clone(), effects.clone()).unwrap().at(worth);
        prop_assert!((at.chance.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(at.perfect >= -1e-9);
        prop_assert!(at.loss.iter().all(|l| *l >= at.perfect - 1e-9));
        let back = |rows: &[Vec<f64>]| rows.iter().map(|r| r.iter().rev().copied().collect()).collect::<Vec<_>>();
        let again = Draws::new(back(&cost), back(&effects)).unwrap().at(worth);
        prop_assert!((again.perfect - at.perfect).abs() < 1e-9);
        prop_assert!((0..cost.len()).all(|w| (again.benefit[w] - at.benefit[w]).abs() < 1e-9));
    }

    /// What a payer spends is the same however lines are cut, and whatever their order.
    #[test]
    fn totals_do_not_depend_on_how_lines_are_cut(
        lines in prop::collection::vec((0usize..2, 0usize..3, 0.0f64..50.0, 1.0f64..200.0), 1..10),
        part in 0.1f64..0.9,
    ) {
        let line = |&(option, payer, quantity, price): &(usize, usize, f64, f64)| Line {
            option: option.to_string(),
            payer: payer.to_string(),
            quantity: Some(quantity),
            price: Price::new(price, 2025, "a book").unwrap(),
        };
        let whole: Vec<Line> = lines.iter().map(line).collect();
        let cut: Vec<Line> = lines.iter().rev().flat_map(|&(o, p, q, price)| {
            [line(&(o, p, q * part, price)), line(&(o, p, q * (1.0 - part), price))]
        }).collect();
        let flat = Index::parse("2024=90,2025=100,2026=100").unwrap();
        let sum = |lines: &[Line], year| {
            let mut all: Vec<(String, Option<String>, i64)> = totals(lines, year, &flat).unwrap().into_iter()
                .map(|t| (t.option, t.payer, (t.cost * 1e6).round() as i64 / 10)).collect();
            all.sort();
            all
        };
        let close = |a: &[(String, Option<String>, i64)], b: &[(String, Option<String>, i64)]| {
            a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.0 == y.0 && x.1 == y.1 && (x.2 - y.2).abs() <= 1)
        };
        prop_assert!(close(&sum(&whole, 2025), &sum(&cut, 2025)));
        prop_assert!(close(&sum(&whole, 2025), &sum(&whole, 2026)), "a flat index changes nothing");
    }
}
