//! Impact against R 4.2.2 (`lm`, `sandwich` 3.0-2, `arima`, `glm`; series made up for the
//! purpose and the Sicily smoking ban of Lopez Bernal and others), against the published
//! panel of bcallaway11/did 71ba8a5 (values worked out from the definition) and against R
//! synthdid 70c1ce3; and the properties that hold for every input.

use crate::vectors::{self, long, near, number, numbers};
use kith_insight::impact::ar::autoregression;
use kith_insight::impact::counts::quasi_poisson;
use kith_insight::impact::groups::{Control, Place, by_age, group_times, overall};
use kith_insight::impact::panel::{Point, two_way};
use kith_insight::impact::sandwich::Errors;
use kith_insight::impact::segments::{self, Shape, interrupted};
use kith_insight::impact::synthetic::{Mix, Panel};
use kith_insight::linalg::{DMatrix, DVector};
use kith_insight::table::Table;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

const CLOSED: f64 = 1e-9;
const GLM: f64 = 1e-7;
const AR: f64 = 1e-3;

struct Case {
    name: String,
    shape: Shape,
    t: Vec<f64>,
    y: Vec<f64>,
    expected: Value,
}

fn cases() -> Option<Vec<Case>> {
    let all = vectors::json("its/segmented_regression_cases.json")?;
    let case = |c: &Value| {
        let seasons = (c["harmonics"] == true).then_some((12.0, 1));
        let column = |name: &str| c["data"].as_array().unwrap().iter().map(|r| number(&r[name])).collect();
        Case {
            name: c["id"].as_str().unwrap().into(),
            shape: Shape { seasons, ..Shape::at(number(&c["t0"])) },
            t: column("t"),
            y: column("y"),
            expected: c.clone(),
        }
    };
    Some(all.as_array().unwrap().iter().map(case).collect())
}

/// The vectors count the bend as time since the change, from nought or from one; our bend
/// counts from nought, which moves the step by one bend.
fn offset(case: &Case) -> f64 {
    let row = case.expected["data"].as_array().unwrap().iter().find(|r| number(&r["D"]) == 1.0).unwrap();
    number(&row["P"])
}

#[test]
fn interrupted_series_are_those_of_r_and_sandwich() {
    let Some(cases) = cases() else { return };
    for case in &cases {
        assert_eq!(offset(case), 0.0, "{}: the bend counts from nought", case.name);
        let ols = &case.expected["ols"];
        for (errors, key) in [
            (Errors::Plain, "se"),
            (Errors::Unequal, "se_hc3"),
            (Errors::Leaning(1), "se_nw_lag1"),
            (Errors::Leaning(3), "se_nw_lag3"),
            (Errors::Leaning(12), "se_nw_lag12"),
        ] {
            let fitted = interrupted(&case.t, &case.y, &case.shape, errors).unwrap();
            let (coefficients, theirs) = (numbers(&ols["coef"]), numbers(&ols[key]));
            for i in 0..theirs.len() {
                near(&case.name, fitted.beta[i], coefficients[i], CLOSED);
                near(&format!("{} {key} {i}", case.name), fitted.error(i), theirs[i], CLOSED);
            }
            near(&case.name, fitted.explained, number(&ols["r2"]), CLOSED);
            near(&case.name, fitted.sigma, number(&ols["sigma"]), CLOSED);
            near(&case.name, fitted.neighbours, number(&ols["dw"]), CLOSED);
        }
    }
}

#[test]
fn errors_that_are_carried_over_are_those_of_r_arima() {
    let Some(cases) = cases() else { return };
    for case in &cases {
        let expected = &case.expected["arma10_ml"];
        let x = segments::design(&case.t, &case.shape);
        let ours = autoregression(&x, &DVector::from_column_slice(&case.y)).unwrap();
        let (coefficients, errors) = (expected["coef"].as_object().unwrap(), numbers(&expected["se"]));
        near(&case.name, ours.likelihood, number(&expected["loglik"]), AR);
        near(&case.name, ours.variance, number(&expected["sigma2"]), AR);
        let order = ["ar1", "intercept", "t", "D", "P"];
        for (i, name) in order.iter().enumerate() {
            let theirs = number(&coefficients[*name]);
            let (value, error) = match i {
                0 => (ours.phi, ours.phi_error),
                i => (ours.line.beta[i - 1], ours.line.error(i - 1)),
            };
            let what = format!("{} {name}", case.name);
            near(&what, value, theirs, AR);
            let at = coefficients.keys().position(|k| k == name);
            // R writes the errors in the order of its coefficients.
            assert!(at.is_some(), "{what}");
            near(&format!("{what} error"), error, errors[i], AR);
        }
    }
}

#[test]
fn counts_are_those_of_r_glm() {
    let Some(cases) = cases() else { return };
    for case in &cases {
        let expected = &case.expected["quasipoisson"];
        let rows = case.expected["data"].as_array().unwrap();
        let column = |f: &dyn Fn(&Value) -> f64| DVector::from_iterator(rows.len(), rows.iter().map(f));
        let offset = column(&|r| number(&r["pop"]).ln());
        let x = segments::design(&case.t, &case.shape);
        let made = quasi_poisson(&x, &column(&|r| number(&r["cnt"])), &offset).unwrap();
        let theirs = (numbers(&expected["coef"]), numbers(&expected["se"]));
        for i in 0..theirs.0.len() {
            near(&case.name, made.line.beta[i], theirs.0[i], GLM);
            near(&case.name, made.line.error(i), theirs.1[i], GLM);
        }
        near(&case.name, made.dispersion, number(&expected["dispersion"]), GLM);
        near(&case.name, made.deviance, number(&expected["deviance"]), GLM);
        near(&case.name, made.line.beta[2].exp(), number(&expected["irr_level"]), GLM);
    }
}

#[test]
fn the_smoking_ban_in_sicily_is_that_of_r_glm() {
    let Some(t) = vectors::table("its/sicily_smoking_ban.csv") else { return };
    let expected = vectors::json("its/sicily_expected.json").unwrap();
    let [y, ban, time, population] = ["aces", "smokban", "time", "stdpop"].map(|c| t.numbers(c).unwrap());
    // Their columns stand in another order: one, ban, time.
    let x = DMatrix::from_fn(t.len(), 3, |i, j| [1.0, ban[i], time[i]][j]);
    let offset = DVector::from_iterator(t.len(), population.iter().map(|p| p.ln()));
    let made = quasi_poisson(&x, &DVector::from_column_slice(&y), &offset).unwrap();
    for i in 0..3 {
        near("coefficient", made.line.beta[i], number(&expected["coef"][i]), GLM);
        near("error", made.line.error(i), number(&expected["se"][i]), GLM);
    }
    // R weighs with the last step but one, and stops a little sooner than ours.
    near("dispersion", made.dispersion, number(&expected["dispersion"]), 1e-5);
    near("ratio", made.line.beta[1].exp(), number(&expected["rr_smokban"]), GLM);
}

fn mpdta() -> Option<Table> {
    vectors::table("did/mpdta.csv")
}

#[test]
fn the_minimum_wage_panel_by_two_way_effects_is_that_of_r() {
    let Some(t) = mpdta() else { return };
    let expected = &vectors::json("did/expected.json").unwrap()["twfe"];
    let counties = t.texts("countyreal").unwrap();
    let mut seen = std::collections::BTreeMap::new();
    let (year, from) = (t.numbers("year").unwrap(), t.numbers("first.treat").unwrap());
    let value = t.numbers("lemp").unwrap();
    let points: Vec<Point> = (0..t.len())
        .map(|r| {
            let next = seen.len();
            let place = *seen.entry(counties[r]).or_insert(next);
            let changed = f64::from(from[r] > 0.0 && year[r] >= from[r]);
            Point { place, time: year[r] as usize - 2003, cluster: place, changed, value: value[r] }
        })
        .collect();
    let made = two_way(&points).unwrap();
    near("difference", made.value, number(&expected["coef"]), CLOSED);
    near("error", made.error, number(&expected["se_cluster_hc1"]), CLOSED);
    assert!(made.error_within < made.error);
    // Nothing depends on the order of rows.
    let mut back = points;
    back.reverse();
    near("in reverse", two_way(&back).unwrap().value, made.value, CLOSED);
}

fn minimum_wage() -> Option<Vec<Place>> {
    let t = mpdta()?;
    let [year, from, value] = ["year", "first.treat", "lemp"].map(|c| t.numbers(c).unwrap());
    let groups = t.groups(Some("countyreal")).unwrap();
    let place = |(_, rows): (String, Vec<usize>)| {
        let mut values = vec![None; 5];
        rows.iter().for_each(|&r| values[year[r] as usize - 2003] = Some(value[r]));
        Place { from: (from[rows[0]] > 0.0).then(|| from[rows[0]] as usize - 2003), values }
    };
    Some(groups.into_iter().map(place).collect())
}

#[test]
fn effects_of_groups_at_times_are_those_of_the_definition() {
    let Some(places) = minimum_wage() else { return };
    let expected = vectors::json("did/expected.json").unwrap();
    let made = group_times(&places, Control::Never).unwrap();
    for e in expected["att_gt_nevertreated_nocov"].as_array().unwrap() {
        let [group, time] = ["group", "t"].map(|k| number(&e[k]) as usize - 2003);
        let ours = made.iter().find(|g| g.group == group && g.time == time).unwrap();
        let case = format!("{group} at {time}");
        near(&case, ours.effect, number(&e["att"]), CLOSED);
        near(&case, ours.error, number(&e["se_analytic"]), CLOSED);
        assert_eq!((ours.n.0 as f64, ours.n.1 as f64), (number(&e["n_g"]), number(&e["n_c"])));
    }
    // The averages lie within what they are averages of.
    let since: Vec<f64> = made.iter().filter(|g| g.time >= g.group).map(|g| g.effect).collect();
    let all = overall(&places, &made).unwrap();
    assert!(since.iter().any(|e| *e <= all.effect) && since.iter().any(|e| *e >= all.effect));
    let ages = by_age(&places, &made);
    assert!(ages.iter().any(|(age, _)| *age < 0) && ages.iter().any(|(age, _)| *age >= 0));
    let at_start = made.iter().filter(|g| g.group == g.time);
    let size = |g: usize| places.iter().filter(|p| p.from == Some(g)).count() as f64;
    let (sum, n) = at_start.fold((0.0, 0.0), |(s, n), g| (s + size(g.group) * g.effect, n + size(g.group)));
    near("at the start", ages.iter().find(|(a, _)| *a == 0).unwrap().1.effect, sum / n, CLOSED);
    // Places not changed yet are more controls, and the effects do not go far.
    let wider = group_times(&places, Control::NotYet).unwrap();
    for (a, b) in made.iter().zip(&wider) {
        assert!(b.n.1 >= a.n.1 && (a.effect - b.effect).abs() < 0.03, "{a:?} {b:?}");
    }
}

fn california() -> Option<Panel> {
    let text = vectors::text("synthdid/california_prop99.csv")?;
    let t = Table::read(&text.replace(';', ",")).unwrap();
    let (states, years) = (t.groups(Some("State")).unwrap(), t.numbers("Year").unwrap());
    let (values, treated) = (t.numbers("PacksPerCapita").unwrap(), t.numbers("treated").unwrap());
    let ever = |rows: &[usize]| rows.iter().any(|&r| treated[r] > 0.0);
    let (mut changed, mut free): (Vec<_>, Vec<_>) = states.into_iter().partition(|(_, rows)| ever(rows));
    free.append(&mut changed);
    let mut panel = DMatrix::zeros(39, 31);
    for (i, (_, rows)) in free.iter().enumerate() {
        rows.iter().for_each(|&r| panel[(i, years[r] as usize - 1970)] = values[r]);
    }
    Some(Panel::new(panel, 38, 19).unwrap())
}

#[test]
fn tobacco_in_california_is_that_of_r_synthdid() {
    let Some(panel) = california() else { return };
    let expected = vectors::json("synthdid/expected.json").unwrap();
    let did = panel.effect(Mix::Did);
    near("did", did.effect, number(&expected["did_estimate"]["estimate"]), CLOSED);
    let sdid = panel.effect(Mix::SyntheticDid);
    let theirs = &expected["synthdid_estimate"];
    near("sdid", sdid.effect, number(&theirs["estimate"]), 1e-6);
    let omega: Vec<f64> = theirs["omega"].as_object().unwrap().values().map(number).collect();
    for (i, weight) in omega.iter().enumerate() {
        assert!((sdid.places[i] - weight).abs() < 1e-5, "place {i}: {} {weight}", sdid.places[i]);
    }
    for (t, weight) in numbers(&theirs["lambda"]).iter().enumerate() {
        assert!((sdid.times[t] - weight).abs() < 1e-5, "time {t}: {} {weight}", sdid.times[t]);
    }
    // Abadie's synthetic control of the same panel lies near −19.6 (synthdid's own vignette).
    assert!((panel.effect(Mix::SyntheticControl).effect + 19.6).abs() < 0.2);
    // Theirs draws its placebos; ours takes each place once.
    let placebos = panel.placebos(Mix::Did);
    let mean = placebos.iter().sum::<f64>() / 38.0;
    let error = (placebos.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 37.0).sqrt();
    near("placebo error", error, number(&expected["did_estimate"]["placebo_se_seed1"][0]), 0.15);
}

/// A series of a made-up place: a level, a slope, a step and a bend, with seeded noise.
fn series(
    rng: &mut ChaCha8Rng,
    n: usize,
    from: usize,
    step: f64,
    bend: f64,
    carried: f64,
) -> (Vec<f64>, Vec<f64>) {
    let mut error = 0.0;
    let value = |i: usize, rng: &mut ChaCha8Rng, error: &mut f64| {
        let new = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
        *error = carried * *error + new;
        let after = if i >= from { step + bend * (i - from) as f64 } else { 0.0 };
        20.0 + 0.1 * i as f64 + after + *error
    };
    let y = (0..n).map(|i| value(i, rng, &mut error)).collect();
    ((0..n).map(|i| i as f64).collect(), y)
}

#[test]
fn intervals_of_the_step_hold_the_truth_as_often_as_they_say() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let runs = if long() { 4000 } else { 120 };
    let (mut plain, mut naive, mut carried) = (0, 0, 0);
    let shape = Shape::at(40.0);
    for _ in 0..runs {
        let (t, y) = series(&mut rng, 80, 40, 3.0, 0.05, 0.0);
        let effect = interrupted(&t, &y, &shape, Errors::Plain).unwrap().coefficient(2, 0.95);
        plain += usize::from(effect.ends.0 <= 3.0 && 3.0 <= effect.ends.1);
        let (t, y) = series(&mut rng, 80, 40, 3.0, 0.05, 0.6);
        let effect = interrupted(&t, &y, &shape, Errors::Plain).unwrap().coefficient(2, 0.95);
        naive += usize::from(effect.ends.0 <= 3.0 && 3.0 <= effect.ends.1);
        let x = segments::design(&t, &shape);
        let made = autoregression(&x, &DVector::from_column_slice(&y)).unwrap();
        let effect = made.line.coefficient(2, 0.95);
        carried += usize::from(effect.ends.0 <= 3.0 && 3.0 <= effect.ends.1);
    }
    let share = |held: usize| held as f64 / runs as f64;
    let error = (0.05f64 * 0.95 / runs as f64).sqrt();
    assert!((share(plain) - 0.95).abs() < 4.0 * error, "plain {}", share(plain));
    // Errors that are carried over make plain intervals far too narrow; the model that
    // knows of them mends most of it.
    assert!(share(naive) < 0.85, "naive {}", share(naive));
    assert!(share(carried) > share(naive) + 0.05 && share(carried) > 0.82, "carried {}", share(carried));
}

#[test]
fn false_dates_find_a_step_about_as_often_as_chance_does() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let runs = if long() { 600 } else { 60 };
    let (mut loud, mut tried) = (0, 0);
    for _ in 0..runs {
        let (t, y) = series(&mut rng, 60, 40, 5.0, 0.0, 0.0);
        let all = segments::placebo_dates(&t, &y, &Shape::at(40.0), Errors::Plain, 0.95);
        assert!(all.iter().all(|(at, _)| *at < 40.0));
        tried += all.len();
        loud += all.iter().filter(|(_, e)| e.ends.0 > 0.0 || e.ends.1 < 0.0).count();
    }
    let share = loud as f64 / tried as f64;
    assert!((share - 0.05).abs() < 0.025, "{share} of {tried}");
}

#[test]
fn a_control_takes_away_what_came_to_both() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let (t, mut here) = series(&mut rng, 48, 24, 4.0, 0.0, 0.0);
    let (_, mut control) = series(&mut rng, 48, 24, 0.0, 0.0, 0.0);
    // A hard winter reaches both places from the same month on.
    here.iter_mut()
        .chain(&mut control)
        .enumerate()
        .filter(|(i, _)| i % 48 >= 24)
        .for_each(|(_, v)| *v += 10.0);
    let shape = Shape { bend: false, ..Shape::at(24.0) };
    let alone = interrupted(&t, &here, &shape, Errors::Plain).unwrap().coefficient(2, 0.95);
    let both = segments::controlled((&t, &here), (&t, &control), &shape, Errors::Plain).unwrap();
    let effect = both.coefficient(3 + 2, 0.95);
    assert!((alone.value - 14.0).abs() < 2.0 && (effect.value - 4.0).abs() < 2.5, "{alone:?} {effect:?}");
    // The same by subtracting fits made apart.
    let apart = interrupted(&t, &control, &shape, Errors::Plain).unwrap();
    near("apart", effect.value, alone.value - apart.beta[2], 1e-9);
}

#[test]
fn too_short_a_series_is_refused_in_words() {
    let t: Vec<f64> = (0..14).map(f64::from).collect();
    let said = interrupted(&t, &t, &Shape::at(7.0), Errors::Plain).unwrap_err().to_string();
    assert!(said.contains("there are 7, and it needs at least 8"), "{said}");
}

#[test]
fn a_place_that_is_a_mixture_of_others_is_found_and_its_change_with_it() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut panel =
        DMatrix::from_fn(12, 30, |i, t| (i as f64) + (t as f64 * (0.1 + i as f64 / 30.0)).sin() * 5.0);
    panel.iter_mut().for_each(|v| *v += 0.05 * rng.random::<f64>());
    for t in 0..30 {
        let mixture = 0.6 * panel[(2, t)] + 0.4 * panel[(7, t)];
        panel[(11, t)] = mixture + if t >= 20 { 3.0 } else { 0.0 };
    }
    let panel = Panel::new(panel, 11, 20).unwrap();
    // Synthetic difference in differences spreads its weights on purpose, and so follows less
    // closely what is exactly a mixture of two.
    for (mix, within) in [(Mix::SyntheticControl, 0.35), (Mix::SyntheticDid, 1.2)] {
        let found = panel.effect(mix);
        assert!((found.effect - 3.0).abs() < within, "{mix:?}: {}", found.effect);
        assert!((found.places.sum() - 1.0).abs() < 1e-9 && found.places.min() >= 0.0);
    }
    let found = panel.effect(Mix::SyntheticControl);
    assert!((found.places[2] - 0.6).abs() < 0.05 && (found.places[7] - 0.4).abs() < 0.05, "{}", found.places);
}

proptest! {
    /// A value added to every place at a time, or to a place at every time, changes nothing;
    /// a value added to changed points changes the answer by itself.
    #[test]
    fn differences_in_differences_see_only_the_difference(
        seed in any::<u64>(), shift in -5.0f64..5.0, effect in -5.0f64..5.0,
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut points = Vec::new();
        for place in 0..8 {
            for time in 0..6 {
                let changed = f64::from(place < 3 && time >= 3);
                points.push(Point { place, time, cluster: place, changed, value: rng.random::<f64>() });
            }
        }
        let before = two_way(&points).unwrap();
        let moved: Vec<Point> = points.iter().map(|p| {
            let common = shift * p.time as f64 + p.place as f64 * shift * shift;
            Point { value: p.value + common + effect * p.changed, ..*p }
        }).collect();
        let after = two_way(&moved).unwrap();
        prop_assert!((after.value - before.value - effect).abs() < 1e-8);
        prop_assert!((after.error - before.error).abs() < 1e-8);
    }
}
