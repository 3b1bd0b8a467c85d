//! Waits against R survival 3.5-3 and cmprsk 2.2-11 (600 made-up waits), against
//! NHSRwaitinglist 0d85b69 and closed forms of queueing; and the properties of curves.

use crate::vectors::{self, near, number, numbers};
use jiff::civil::Date;
use kith_insight::linalg::DMatrix;
use kith_insight::method::{self, Options};
use kith_insight::table::Table;
use kith_insight::waits::compare::{gray, log_rank};
use kith_insight::waits::cox::{Ties, cox};
use kith_insight::waits::curve::{Kind, curve};
use kith_insight::waits::ends::{at, ends};
use kith_insight::waits::fine_gray::fine_gray;
use kith_insight::waits::list::{self, Compat, Entry, stats};
use kith_insight::waits::queue::{erlang, kingman, little, one_place};
use kith_insight::waits::{Spell, steps};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

/// The 600 waits: status 1 seen, 2 disengaged, 3 died, 0 still waiting.
struct Waits {
    table: Table,
    spells: Vec<Spell>,
}

fn waits() -> Option<(Waits, Value)> {
    let table = vectors::table("survival/waits_synthetic.csv")?;
    let (days, status) = (table.numbers("days").unwrap(), table.numbers("status").unwrap());
    let spells = days.iter().zip(&status).map(|(d, s)| Spell::new(*d, *s as usize)).collect();
    Some((Waits { table, spells }, vectors::json("survival/expected.json")?))
}

impl Waits {
    /// The waits in which a column says this.
    fn of(&self, column: &str, what: &str) -> Vec<Spell> {
        let texts = self.table.texts(column).unwrap();
        (0..self.spells.len()).filter(|&i| texts[i] == Some(what)).map(|i| self.spells[i]).collect()
    }

    fn by_imd(&self) -> Vec<Vec<Spell>> {
        ["1", "2", "3", "4", "5"].map(|q| self.of("imd_quintile", q)).to_vec()
    }
}

/// In the reference "ended" is being seen; the other ends are followed no longer.
fn only_seen(spells: &[Spell]) -> Vec<Spell> {
    spells.iter().map(|s| Spell { end: usize::from(s.end == 1), ..*s }).collect()
}

#[test]
fn curves_percentiles_and_mean_waits_are_those_of_r_survival() {
    let Some((waits, expected)) = waits() else { return };
    let cases = [
        ("km_all_log", waits.spells.clone(), Kind::Log),
        ("km_all_log-log", waits.spells.clone(), Kind::LogLog),
        ("km_all_plain", waits.spells.clone(), Kind::Plain),
        ("km_imd1_log-log", waits.of("imd_quintile", "1"), Kind::LogLog),
        ("km_imd3_log-log", waits.of("imd_quintile", "3"), Kind::LogLog),
        ("km_imd4_log-log", waits.of("imd_quintile", "4"), Kind::LogLog),
        ("km_eth_White_British_log-log", waits.of("ethnicity", "White British"), Kind::LogLog),
        ("km_eth_Asian_log-log", waits.of("ethnicity", "Asian"), Kind::LogLog),
        ("km_eth_Other_log-log", waits.of("ethnicity", "Other"), Kind::LogLog),
    ];
    for (name, spells, kind) in cases {
        let (theirs, ours) = (&expected[name], curve(&only_seen(&spells)));
        let columns = ["time", "n_risk", "surv", "se", "lower", "upper"].map(|c| numbers(&theirs[c]));
        for (i, &day) in columns[0].iter().enumerate() {
            let case = format!("{name} day {day}");
            let (low, high) = ours.interval(day, 0.95, kind);
            near(&case, ours.at_risk(day), columns[1][i], 0.0);
            near(&case, ours.share(day), columns[2][i], 1e-9);
            near(&case, ours.error(day), columns[3][i], 1e-9);
            near(&case, low, columns[4][i], 1e-9);
            near(&case, high, columns[5][i], 1e-9);
        }
        let q = &theirs["quantiles"];
        let columns = ["p", "est", "lower", "upper"].map(|c| numbers(&q[c]));
        for (i, &p) in columns[0].iter().enumerate() {
            for (ours, theirs) in
                ours.percentile(p, 0.95, kind).into_iter().zip([columns[1][i], columns[2][i], columns[3][i]])
            {
                near(&format!("{name} percentile {p}"), ours.unwrap_or(f64::NAN), theirs, 1e-9);
            }
        }
        let (mean, error) = ours.mean_within(84.0);
        near(name, mean, number(&theirs["rmst84"]), 1e-9);
        near(name, error, number(&theirs["rmst84_se"]), 1e-9);
    }
}

#[test]
fn groups_are_compared_as_r_survival_and_cmprsk_do() {
    let Some((waits, expected)) = waits() else { return };
    let groups = waits.by_imd();
    let seen: Vec<Vec<Spell>> = groups.iter().map(|g| only_seen(g)).collect();
    let test = log_rank(&seen, 0.0).unwrap();
    near("log-rank", test.statistic, number(&expected["logrank_imd"]["chisq"]), 1e-9);
    for (ours, theirs) in test.expected.iter().zip(numbers(&expected["logrank_imd"]["exp"])) {
        near("expected", *ours, theirs, 1e-9);
    }
    assert_eq!(test.seen, numbers(&expected["logrank_imd"]["obs"]));
    let ethnic: Vec<Vec<Spell>> = ["Asian", "Black", "Mixed", "Other", "White British"]
        .map(|e| only_seen(&waits.of("ethnicity", e)))
        .to_vec();
    near("Peto", log_rank(&ethnic, 1.0).unwrap().statistic, number(&expected["peto_eth"]["chisq"]), 1e-9);
    for way in 1..=3 {
        let test = gray(&groups, way).unwrap();
        near(
            &format!("Gray {way}"),
            test.statistic,
            numbers(&expected["gray_test_imd"]["stat"])[way - 1],
            1e-6,
        );
        near(&format!("Gray {way}"), test.chance, numbers(&expected["gray_test_imd"]["p"])[way - 1], 1e-6);
    }
}

#[test]
fn the_ways_of_ending_are_those_of_cmprsk() {
    let Some((waits, expected)) = waits() else { return };
    let theirs = &expected["aalen_johansen_all"];
    let ours = ends(&waits.spells, 3);
    let days = numbers(&theirs["times"]);
    for (way, points) in ours.iter().enumerate() {
        for (i, &day) in days.iter().enumerate() {
            let point = at(points, day).unwrap();
            near(&format!("way {way} day {day}"), point.share, numbers(&theirs["est"][way])[i], 1e-9);
            near(
                &format!("variance {way} day {day}"),
                point.variance / 1e-4,
                numbers(&theirs["var"][way])[i] / 1e-4,
                1e-6,
            );
        }
    }
}

fn columns(waits: &Waits, with_ethnicity: bool) -> DMatrix<f64> {
    let imd = waits.table.numbers("imd_quintile").unwrap();
    let (ethnicity, age) = (waits.table.texts("ethnicity").unwrap(), waits.table.numbers("age").unwrap());
    let groups: &[&str] = if with_ethnicity { &["Asian", "Black", "Mixed", "Other"] } else { &[] };
    let row = |i: usize| {
        let mut row: Vec<f64> = (2..=5).map(|q| f64::from(u8::from(imd[i] == f64::from(q)))).collect();
        row.extend(groups.iter().map(|g| f64::from(u8::from(ethnicity[i] == Some(g)))));
        row.push(age[i]);
        row
    };
    let rows: Vec<f64> = (0..waits.spells.len()).flat_map(row).collect();
    DMatrix::from_row_slice(waits.spells.len(), 5 + groups.len(), &rows)
}

#[test]
fn the_cox_model_is_that_of_r_survival() {
    let Some((waits, expected)) = waits() else { return };
    let theirs = &expected["cox_efron"];
    let fit = cox(&only_seen(&waits.spells), &columns(&waits, true), Ties::Efron).unwrap();
    for (c, (beta, error)) in numbers(&theirs["coef"]).into_iter().zip(numbers(&theirs["se"])).enumerate() {
        near(&format!("coefficient {c}"), fit.beta[c], beta, 1e-6);
        near(&format!("error {c}"), fit.error(c), error, 1e-6);
    }
    near("likelihood before", fit.likelihood.0, numbers(&theirs["loglik"])[0], 1e-9);
    near("likelihood", fit.likelihood.1, numbers(&theirs["loglik"])[1], 1e-9);
}

#[test]
fn the_fine_gray_model_is_that_of_cmprsk() {
    let Some((waits, expected)) = waits() else { return };
    let theirs = &expected["fine_gray_seen"];
    let fit = fine_gray(&waits.spells, &columns(&waits, false), 1).unwrap();
    for (c, (beta, error)) in numbers(&theirs["coef"]).into_iter().zip(numbers(&theirs["se"])).enumerate() {
        near(&format!("coefficient {c}"), fit.beta[c], beta, 1e-6);
        near(&format!("error {c}"), fit.error(c), error, 1e-6);
    }
}

/// With nothing competing and nobody lost, Fine and Gray's model is Cox's.
#[test]
fn without_other_ways_fine_gray_is_breslow() {
    let Some((waits, _)) = waits() else { return };
    let spells = only_seen(&waits.spells);
    let all_seen: Vec<Spell> = spells.iter().map(|s| Spell { end: 1, ..*s }).collect();
    let x = columns(&waits, false);
    let (a, b) = (fine_gray(&all_seen, &x, 1).unwrap(), cox(&all_seen, &x, Ties::Breslow).unwrap());
    (0..5).for_each(|c| near("coefficient", a.beta[c], b.beta[c], 1e-8));
}

/// Two services known from different days: whoever joined half-way is at risk only then.
/// By hand: day 2: 1 of 2; day 5: 1 of 2 (B and the one who entered at 3); day 6: 1 of 1.
#[test]
fn those_who_come_into_view_late_count_from_then() {
    let late = Spell { entry: Some(3.0), days: 6.0, end: 1 };
    let spells = [Spell::new(2.0, 1), Spell::new(5.0, 1), late];
    let at_risk: Vec<f64> = steps(&spells, 1).iter().map(|s| s.at_risk).collect();
    assert_eq!(at_risk, [2.0, 2.0, 1.0]);
    near("share", curve(&spells).share(5.0), 0.25, 1e-12);
    // A row split in two at day 3 says the same as the whole.
    let whole = [Spell::new(2.0, 1), Spell::new(5.0, 1), Spell::new(6.0, 0), Spell::new(7.0, 1)];
    let split = [
        Spell::new(2.0, 1),
        Spell::new(5.0, 1),
        Spell::new(6.0, 0),
        Spell::new(3.0, 0),
        Spell { entry: Some(3.0), days: 7.0, end: 1 },
    ];
    let x = |n: usize| DMatrix::from_fn(n, 1, |r, _| [1.0, 0.0, 0.5, 0.2, 0.2][r]);
    for ties in [Ties::Efron, Ties::Breslow] {
        let (a, b) = (cox(&whole, &x(4), ties).unwrap(), cox(&split, &x(5), ties).unwrap());
        near("split", b.beta[0], a.beta[0], 1e-9);
    }
    near("curve", curve(&split).share(5.0), curve(&whole).share(5.0), 1e-12);
}

#[test]
fn when_nobody_was_seen_the_median_is_not_reached_and_nothing_breaks() {
    let still = [Spell::new(0.0, 0), Spell::new(9.0, 0)];
    let made = curve(&still);
    assert_eq!(made.percentile(0.5, 0.95, Kind::LogLog), [None; 3]);
    assert_eq!((made.share(9.0), made.mean_within(5.0)), (1.0, (5.0, 0.0)));
    assert!(cox(&still, &DMatrix::zeros(2, 1), Ties::Efron).is_err());
    assert_eq!(curve(&[]).percentile(0.5, 0.95, Kind::LogLog), [None; 3]);
}

/// NHSRwaitinglist 0d85b69, its scalar functions.
#[test]
fn the_formulas_of_lists_are_those_of_nhsrwaitinglist() {
    let Some(cases) = vectors::json("NHSRwaitinglist/scalar_functions.json") else { return };
    for case in cases.as_array().unwrap() {
        let n = |key: &str| number(&case[key]);
        let queue = list::target_queue(n("demand"), n("target_wait"), n("factor"));
        near("load", list::load(n("demand"), n("capacity")), n("load"), 1e-9);
        near("mean wait", list::target_mean_wait(n("target_wait"), n("factor")), n("target_mean_wait"), 1e-9);
        near("queue", queue, n("target_queue_size"), 1e-9);
        near(
            "relief",
            list::relief_capacity(n("demand"), n("queue_size"), queue, n("time_to_target")),
            n("relief_capacity"),
            1e-9,
        );
        let demand = list::surest_demand(n("demand"), n("num_referrals"), n("cv_demand"), Compat::Nhsr);
        let relief = list::relief_capacity(demand, n("queue_size"), queue, n("time_to_target"));
        near("relief, surest demand", relief, n("relief_capacity_est_demand"), 1e-9);
        near(
            "capacity",
            list::target_capacity(
                n("demand"),
                n("target_wait"),
                n("factor"),
                n("cv_demand"),
                n("cv_capacity"),
            ),
            n("target_capacity"),
            1e-9,
        );
        near("pressure", list::pressure(n("mean_wait"), n("target_wait")), n("pressure"), 1e-9);
    }
}

fn entries(case: &Value) -> Vec<Entry> {
    let day = |v: &Value| v.as_str().and_then(|t| t.parse::<Date>().ok());
    let (referral, removal) = (case["referral"].as_array().unwrap(), case["removal"].as_array().unwrap());
    referral
        .iter()
        .zip(removal)
        .map(|(r, out)| Entry { referral: day(r).unwrap(), removal: day(out) })
        .collect()
}

/// NHSRwaitinglist 0d85b69, `wl_stats` on whole lists, with its defects.
#[test]
fn whole_lists_are_answered_as_nhsrwaitinglist_does_when_asked_to() {
    let Some(cases) = vectors::json("NHSRwaitinglist/waiting_lists.json") else { return };
    for case in cases.as_array().unwrap() {
        let (id, list, e) = (case["id"].as_str().unwrap(), entries(case), &case["expected_stats"]);
        let target = number(&case["target_wait"]);
        let ours = stats(&list, (None, None), target, Compat::Nhsr).unwrap();
        let pairs = [
            ("mean_demand", ours.demand),
            ("mean_capacity", ours.capacity),
            ("load", ours.load),
            ("count_demand", ours.referrals as f64),
            ("queue_size", ours.queue as f64),
            ("target_queue_size", ours.target_queue),
            ("mean_wait", ours.mean_wait),
            ("cv_arrival", ours.varies_in),
            ("cv_removal", ours.varies_out),
            ("target_capacity", ours.target_capacity.unwrap_or(f64::NAN)),
            ("relief_capacity", ours.relief_capacity.unwrap_or(f64::NAN)),
            ("pressure", ours.pressure),
        ];
        for (key, value) in pairs {
            near(&format!("{id} {key}"), value, number(&e[key]), 1e-9);
        }
        assert_eq!(ours.too_big, e["queue_too_big"].as_bool().unwrap(), "{id}");
        let by_day: Vec<f64> = ours.by_day.iter().map(|n| *n as f64).collect();
        assert_eq!(by_day, numbers(&case["queue_by_day"]), "{id}");
        // Ours, over the same window: the same list, and waits in weeks.
        let window = (None, list.iter().map(|e| e.referral).max());
        let mended = stats(&list, window, target, Compat::No).unwrap();
        assert_eq!((mended.queue, &mended.by_day), (ours.queue, &ours.by_day), "{id}");
        near(&format!("{id} in weeks"), mended.mean_wait * 7.0, ours.mean_wait, 1e-9);
        assert_eq!(mended.referrals + 1, ours.referrals, "{id}: it counts gaps, not referrals");
    }
}

/// Each defect that we found, shown on the smallest list that has it.
#[test]
fn the_defects_of_the_peer_are_mended_and_can_be_reproduced() {
    let d = |text: &str| text.parse::<Date>().unwrap();
    let e = |r: &str, out: Option<&str>| Entry { referral: d(r), removal: out.map(d) };
    // a. The mean wait in days over a target in weeks.
    let list = [e("2024-01-01", None), e("2024-01-01", None), e("2024-01-01", None), e("2024-01-15", None)];
    let window = (None, Some(d("2024-01-15")));
    let (theirs, ours) =
        (stats(&list, window, 4.0, Compat::Nhsr).unwrap(), stats(&list, window, 4.0, Compat::No).unwrap());
    assert_eq!((theirs.mean_wait, theirs.pressure), (10.5, 5.25));
    assert_eq!((ours.mean_wait, ours.pressure), (1.5, 0.75));
    // b. Referred after the window, removed later: a wait of fewer than no days.
    let later = [e("2024-01-01", None), e("2024-01-03", None), e("2024-02-01", Some("2024-02-20"))];
    let window = (None, Some(d("2024-01-10")));
    let (theirs, ours) =
        (stats(&later, window, 4.0, Compat::Nhsr).unwrap(), stats(&later, window, 4.0, Compat::No).unwrap());
    assert!(theirs.mean_wait < 0.0, "{}", theirs.mean_wait);
    near("nine and seven days", ours.mean_wait, 8.0 / 7.0, 1e-12);
    // c. A window that ends before the last referral is answered.
    assert_eq!(ours.queue, 2);
    // d. The order of the rows changes nothing.
    let mut turned = later;
    turned.reverse();
    let turned = stats(&turned, window, 4.0, Compat::No).unwrap();
    assert_eq!(format!("{turned:?}"), format!("{ours:?}"));
    // e. Removals outside the window do not count.
    assert_eq!((theirs.removals, ours.removals), (1, 0));
}

/// Demand in weeks or in days is the same demand.
#[test]
fn the_uncertainty_of_demand_does_not_depend_on_the_unit_of_time() {
    let weekly = list::surest_demand(14.0, 400.0, 1.0, Compat::No);
    near("ours", list::surest_demand(2.0, 400.0, 1.0, Compat::No) * 7.0, weekly, 1e-12);
    let theirs = list::surest_demand(2.0, 400.0, 1.0, Compat::Nhsr) * 7.0;
    assert!(theirs > weekly * 1.05, "{theirs}");
}

/// Closed forms worked out in Python.
#[test]
fn queues_are_those_of_the_closed_forms() {
    let Some(cases) = vectors::json("queueing/mmc.json") else { return };
    for case in cases.as_array().unwrap() {
        let n = |key: &str| number(&case[key]);
        let made = erlang(n("lam"), n("mu"), n("c") as usize);
        if !case["stable"].as_bool().unwrap() {
            assert!(made.is_err());
            continue;
        }
        let e = made.unwrap();
        let pairs = [
            ("rho", e.load),
            ("p_wait", e.waits),
            ("erlang_b", e.turned_away),
            ("lq", e.queue),
            ("wq", e.wait),
            ("w", e.stay),
            ("l", e.people),
            ("p_wq_gt_1", e.longer_than(1.0)),
        ];
        pairs.iter().for_each(|(key, ours)| near(key, *ours, n(key), 1e-9));
        near("Little", little(n("lam"), e.wait), e.queue, 1e-12);
    }
    for case in vectors::json("queueing/mg1_pollaczek_khinchine.json").unwrap().as_array().unwrap() {
        let n = |key: &str| number(&case[key]);
        let (wait, queue) = one_place(n("lam"), n("es"), n("cv_service")).unwrap();
        near("wq", wait, n("wq"), 1e-9);
        near("lq", queue, n("lq"), 1e-9);
    }
    for case in vectors::json("queueing/gg1_kingman.json").unwrap().as_array().unwrap() {
        let n = |key: &str| number(&case[key]);
        near("wq", kingman(n("lam"), n("es"), n("ca"), n("cs")).unwrap(), n("wq_approx"), 1e-9);
    }
}

#[test]
fn the_command_answers_as_the_functions_do() {
    let table =
        Table::read("days,event,team\n3,seen,A\n5,,A\n8,declined,A\n2,seen,B\n9,lost,B\n,seen,B\n").unwrap();
    let ask = |name: &str, options: &[(&str, &str)]| {
        method::find(name).unwrap().answer(&table, &Options::new(options.iter().copied())).unwrap()
    };
    let curve = ask("wait-curve", &[("by", "team"), ("at", "4")]);
    assert_eq!(curve.figures[0].value, Some(1.0 - 1.0 / 3.0));
    assert_eq!(curve.figures.iter().map(|f| f.missing).max(), Some(1));
    let ends = ask("wait-ends", &[("at", "9")]);
    assert_eq!(ends.figures.len(), 3);
    assert!(ends.figures.iter().map(|f| f.value.unwrap()).sum::<f64>() <= 1.0 + 1e-12);
    let clock = Table::read(
        "received,came,ended,how\n2026-01-01,2026-01-11,,\n2026-01-01,,2026-01-06,declined\n2026-01-21,,,\n",
    )
    .unwrap();
    let answer = method::find("wait-clock")
        .unwrap()
        .answer(&clock, &Options::new([("today", "2026-01-31"), ("at", "28")]))
        .unwrap();
    let found = |what: &str| answer.figures.iter().find(|f| f.what == what).unwrap().value;
    assert_eq!((found("still waiting"), found("seen"), found("declined")), (Some(1.0), Some(1.0), Some(1.0)));
}

/// The interval of the median and of a share hold the truth about as often as they say.
#[test]
fn intervals_of_curves_cover_the_truth() {
    let draws = if vectors::long() { 20_000 } else { 600 };
    let mut rng = ChaCha8Rng::seed_from_u64(92);
    let (mut median, mut share, mut ended) = (0, 0, 0);
    for _ in 0..draws {
        let spells: Vec<Spell> = (0..80)
            .map(|_| {
                let mut exponential = |mean: f64| -mean * rng.random_range(1e-12..1.0f64).ln();
                let (seen, lost, followed) = (exponential(40.0), exponential(120.0), exponential(90.0));
                let days = seen.min(lost).min(followed);
                Spell::new(
                    days,
                    if days == seen {
                        1
                    } else if days == lost {
                        2
                    } else {
                        0
                    },
                )
            })
            .collect();
        // Any end comes at rate 1/40 + 1/120 = 1/30.
        let made = curve(&spells);
        let [_, low, high] = made.percentile(0.5, 0.95, Kind::LogLog);
        let truth = 30.0 * 2f64.ln();
        median += usize::from(low.is_some_and(|l| l <= truth) && high.is_none_or(|h| truth <= h));
        let (low, high) = made.interval(30.0, 0.95, Kind::LogLog);
        share += usize::from(low <= (-1f64).exp() && (-1f64).exp() <= high);
        let truth = 0.75 * (1.0 - (-1f64).exp());
        let point = ends(&spells, 2)[0].iter().rfind(|p| p.day <= 30.0).map(|p| p.interval(0.95));
        ended += usize::from(point.is_some_and(|(low, high)| low <= truth && truth <= high));
    }
    for (what, held) in [("median", median), ("share", share), ("ended", ended)] {
        let held = held as f64 / draws as f64;
        assert!((0.925..=0.985).contains(&held), "{what}: {held}");
    }
}

fn some_spells() -> impl Strategy<Value = Vec<Spell>> {
    let spell = (0u16..60, 0usize..4, proptest::option::weighted(0.2, 0u16..30))
        .prop_map(|(days, end, entry)| Spell { entry: entry.map(f64::from), days: f64::from(days), end });
    proptest::collection::vec(spell, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_share_still_waiting_only_falls_and_order_changes_nothing(spells in some_spells(), turn in 0usize..60) {
        let made = curve(&spells);
        let shares: Vec<f64> = made.points.iter().map(|p| p.share).collect();
        prop_assert!(shares.windows(2).all(|w| w[1] <= w[0] + 1e-15));
        prop_assert!(shares.iter().all(|s| (0.0..=1.0).contains(s)));
        let mut turned = spells.clone();
        turned.rotate_left(turn % spells.len());
        prop_assert_eq!(curve(&turned).points.iter().map(|p| p.share.to_bits()).collect::<Vec<_>>(), shares.iter().map(|s| s.to_bits()).collect::<Vec<_>>());
    }

    /// Whoever has not ended in some way is still waiting: nobody is lost between the curves.
    #[test]
    fn the_ways_of_ending_and_the_waiting_make_everybody(spells in some_spells()) {
        let all = ends(&spells, 3);
        let made = curve(&spells);
        for point in made.points.iter() {
            let ended: f64 = all.iter().map(|way| at(way, point.day).map_or(0.0, |p| p.share)).sum();
            prop_assert!((ended + point.share - 1.0).abs() < 1e-9, "day {}: {ended} and {}", point.day, point.share);
        }
        for way in &all {
            prop_assert!(way.windows(2).all(|w| w[0].share <= w[1].share));
            prop_assert!(way.iter().all(|p| p.variance >= -1e-15));
        }
    }

    #[test]
    fn the_order_of_groups_does_not_change_a_test(spells in some_spells(), split in 1usize..59) {
        let whole: Vec<Spell> = spells.iter().map(|s| Spell { entry: None, ..*s }).collect();
        let (a, b) = whole.split_at(split.min(whole.len()));
        let (one, two) = (vec![a.to_vec(), b.to_vec()], vec![b.to_vec(), a.to_vec()]);
        if let (Ok(x), Ok(y)) = (log_rank(&one, 0.0), log_rank(&two, 0.0)) {
            prop_assert!((x.statistic - y.statistic).abs() < 1e-6 * x.statistic.abs().max(1.0));
        }
        if let (Ok(x), Ok(y)) = (gray(&one, 1), gray(&two, 1)) {
            prop_assert!((x.statistic - y.statistic).abs() < 1e-6 * x.statistic.abs().max(1.0), "{} {}", x.statistic, y.statistic);
        }
    }
}
