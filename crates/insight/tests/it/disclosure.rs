//! Nobody can be worked out: against the vectors of the MHSDS rules, of ACRO and of an
//! independent linear program, and by attacking random tables.

use crate::vectors::{self, near, number, numbers};
use kith_insight::disclosure::additive::grid;
use kith_insight::disclosure::{
    Additive, Attacker, Policy, Shown, Zeros, audit, count, dominated, one_way, percent, two_way,
};
use kith_insight::method;
use kith_insight::table::Table;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn exact(least: u64) -> Policy {
    Policy { attacker: Attacker::KnowsExact, ..Policy::local(least, 1) }
}

fn counts(value: &serde_json::Value) -> Vec<Vec<u64>> {
    let rows = value.as_array().expect("a list of rows");
    rows.iter().map(|row| numbers(row).into_iter().map(|n| n as u64).collect()).collect()
}

/// The cells of a pattern, and the margins after them, which are shown.
fn pattern(value: &serde_json::Value, table: &Additive) -> Vec<bool> {
    let mut hidden: Vec<bool> = counts(value).concat().iter().map(|n| *n == 1).collect();
    hidden.resize(table.values().len(), false);
    hidden
}

/// Our own vectors, made by an independent linear program in Python (scipy).
#[test]
fn the_audit_finds_the_intervals_of_an_independent_program() {
    let Some(cases) = vectors::json("disclosure/sdc_2d.json") else { return };
    let (mut leaking, mut tables) = (0, 0);
    for case in cases.as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let rows = counts(&case["table"]);
        let (table, policy) = (grid(&rows), exact(number(&case["threshold"]) as u64));
        for (mask, audited) in
            [("primary", "primary_only_audit"), ("one_optimal_pattern", "audit_of_pattern")]
        {
            if case[mask].is_null() || case[audited].is_null() {
                continue;
            }
            let hidden = pattern(&case[mask], &table);
            for cell in case[audited].as_array().unwrap() {
                let at = numbers(&cell["cell"]);
                let place = at[0] as usize * rows[0].len() + at[1] as usize;
                let (low, high) = audit::interval(&table, &hidden, &policy, place);
                near(&format!("{id} {mask} {at:?} low"), low, number(&cell["lower"]), 1e-6);
                near(&format!("{id} {mask} {at:?} high"), high, number(&cell["upper"]), 1e-6);
            }
        }
        tables += 1;
        let naive = pattern(&case["primary"], &table);
        leaking += usize::from(!table.leaks(&naive, &policy).is_empty());
        let ours = table.hidden(&policy);
        assert_eq!(table.leaks(&ours, &policy), [], "{id}");
        assert!(naive.iter().zip(&ours).all(|(n, o)| !n || *o), "{id}: what is few is hidden");
        let value = |hidden: &[bool]| -> u64 {
            hidden.iter().zip(table.values()).filter(|(h, _)| **h).map(|(_, n)| n).sum()
        };
        println!(
            "{id}: we hide {} people, the independent program {}",
            value(&ours),
            case["min_total_suppressed_value_le4_secondaries"]
        );
    }
    assert_eq!(leaking, tables, "primary suppression alone leaks in every table");
}

/// NHSDigital/mental-health-monthly-statistics (MIT), 1.2.create_views.sql.
#[test]
fn counts_and_shares_follow_the_rules_of_mhsds() {
    let Some(rounding) = vectors::json("disclosure/mhsds_round5.json") else { return };
    for case in rounding.as_array().unwrap() {
        let n = number(&case["count"]) as u64;
        let theirs = match case["subnational"].as_u64() {
            Some(shown) => Shown::About(shown),
            None => Shown::Hidden,
        };
        assert_eq!(count(n, &Policy::mhsds()), theirs, "{n}");
    }
    let Some(shares) = vectors::json("disclosure/mhsds_proportion.json") else { return };
    for case in shares.as_array().unwrap() {
        let (part, whole) = (number(&case["num"]) as u64, number(&case["den"]) as u64);
        assert_eq!(percent(part, whole, &Policy::mhsds()), case["subnational"].as_u64(), "{part} of {whole}");
    }
}

/// acro 1.0.2 (AI-SDC/ACRO fe729ae): which cells of a crosstab and of a table of means fail.
#[test]
fn what_is_few_or_dominated_is_what_acro_finds() {
    let Some(waits) = vectors::table("survival/waits_synthetic.csv") else { return };
    let theirs = vectors::json("acro/crosstab_on_waits_synthetic.json").unwrap();
    let (ethnicity, event) = (waits.texts("ethnicity").unwrap(), waits.texts("event").unwrap());
    let (imd, days) = (waits.texts("imd_quintile").unwrap(), waits.numbers("days").unwrap());
    let mut cells: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut sums: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
    for i in 0..waits.len() {
        *cells.entry((event[i].unwrap(), ethnicity[i].unwrap())).or_default() += 1;
        sums.entry((imd[i].unwrap(), ethnicity[i].unwrap())).or_default().push(days[i]);
    }
    let suppressed = theirs["ethnicity_x_event"]["suppressed_output"].as_object().unwrap();
    for (event, column) in suppressed {
        for (ethnicity, shown) in column.as_object().unwrap() {
            let n = cells.get(&(event.as_str(), ethnicity.as_str())).copied().unwrap_or(0);
            assert_eq!(Policy::ten().too_few(n), shown.is_null(), "{event} {ethnicity}: {n}");
        }
    }
    let means = theirs["mean_days_ethnicity_x_imd"]["suppressed_output"].as_object().unwrap();
    for (imd, column) in means {
        for (ethnicity, shown) in column.as_object().unwrap() {
            let days = sums.get(&(imd.as_str(), ethnicity.as_str())).cloned().unwrap_or_default();
            assert_eq!(dominated(&days, &Policy::ten()), shown.is_null(), "{imd} {ethnicity}");
        }
    }
}

#[test]
fn one_small_cell_hides_a_second_so_that_the_total_does_not_tell() {
    let table = one_way(&[40, 3, 12, 25], &Policy::local(5, 5));
    assert_eq!(table.cells, [Shown::About(40), Shown::Hidden, Shown::Hidden, Shown::About(25)]);
    assert_eq!(table.total, Shown::About(80));
}

#[test]
fn two_small_cells_that_add_up_to_little_are_not_enough() {
    let kept = one_way(&[40, 3, 4, 25], &Policy::local(5, 5));
    assert_eq!(kept.cells, [Shown::About(40), Shown::Hidden, Shown::Hidden, Shown::About(25)]);
    let more = one_way(&[40, 1, 2, 25], &Policy::local(5, 5));
    assert_eq!(more.cells, [Shown::About(40), Shown::Hidden, Shown::Hidden, Shown::Hidden]);
    let nobody = one_way(&[0, 0, 30, 50], &Policy::local(5, 5));
    assert_eq!(nobody.cells[..2], [Shown::Hidden, Shown::Hidden]);
    assert!(nobody.cells[2..].contains(&Shown::Hidden), "or the total would tell that both are nought");
}

#[test]
fn margins_rounded_by_themselves_protect_without_hiding_more() {
    // True 3: the rounded margin and three rounded cells leave it anything from 0 to 11.
    let table = one_way(&[40, 3, 12, 25], &Policy::mhsds());
    let shown = [Shown::About(40), Shown::Hidden, Shown::About(10), Shown::About(25)];
    assert_eq!(table.cells, shown);
}

#[test]
fn a_group_made_of_groups_does_not_tell_either() {
    let mut table = Additive::new();
    let asian = [12, 3, 20].map(|n| table.cell(n)).to_vec();
    let asian = table.total(asian);
    let black = [15, 9].map(|n| table.cell(n)).to_vec();
    let black = table.total(black);
    table.total(vec![asian, black]);
    let (policy, values) = (exact(5), table.values().to_vec());
    let hidden = table.hidden(&policy);
    assert!(hidden[1] && hidden.iter().filter(|h| **h).count() == 2, "{hidden:?} of {values:?}");
    assert_eq!(table.leaks(&hidden, &policy), []);
}

#[test]
fn the_command_passes_a_table_through_the_gate_and_attacks_another() {
    let table = Table::read("row,count,hidden\nA,40,no\nB,3,yes\nC,12,no\nD,25,no\n").unwrap();
    let options = method::Options::new([("policy", "local")]);
    let gate = method::find("gate").unwrap().answer(&table, &options).unwrap();
    let values: Vec<Option<f64>> = gate.figures.iter().map(|f| f.value).collect();
    assert_eq!(values, [Some(40.0), None, None, Some(25.0), Some(80.0)]);
    let attack = method::find("gate-audit").unwrap().answer(&table, &options).unwrap();
    assert_eq!(attack.figures.len(), 1);
    assert_eq!(attack.figures[0].notes, ["This leaks."]);
    assert_eq!(attack.figures[0].more, [("least".into(), Some(3.0)), ("most".into(), Some(3.0))]);
}

/// Tables in which few, nought and many are all common.
fn tables() -> impl Strategy<Value = Vec<Vec<u64>>> {
    let cell = prop_oneof![2 => Just(0u64), 4 => 1u64..8, 4 => 5u64..60, 1 => 60u64..900];
    (1usize..6, 1usize..6).prop_flat_map(move |(rows, columns)| {
        proptest::collection::vec(proptest::collection::vec(cell.clone(), columns), rows)
    })
}

fn policies() -> impl Strategy<Value = Policy> {
    prop_oneof![
        Just(Policy::mhsds()),
        Just(Policy::ten()),
        Just(Policy::local(5, 5)),
        Just(Policy::local(7, 10)),
        Just(Policy { zeros: Zeros::Shown, ..Policy::local(5, 5) }),
    ]
}

fn cases() -> u32 {
    if vectors::long() { 3_000 } else { 60 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    /// Whatever the table and the policy, linear programs over what is shown find no hidden
    /// cell that can be narrowed below the threshold, and nothing small is shown.
    #[test]
    fn an_attack_on_random_tables_finds_nothing(rows in tables(), policy in policies()) {
        let table = grid(&rows);
        let hidden = table.hidden(&policy);
        for (&n, &hidden) in table.values().iter().zip(&hidden) {
            prop_assert!(hidden || !policy.too_few(n));
        }
        prop_assert_eq!(table.leaks(&hidden, &policy), []);
        let shown = two_way(&rows, &policy);
        prop_assert_eq!(shown.cells.len(), rows.len(), "no group is dropped");
        prop_assert!(shown.cells.iter().zip(&rows).all(|(s, r)| s.len() == r.len()));
    }

    /// Without any linear program: what a shown total leaves for the hidden cells of a
    /// one-way table is their sum, so each of at least two can be anything up to it.
    #[test]
    fn hidden_cells_of_one_line_add_up_to_enough(cells in proptest::collection::vec(prop_oneof![3 => 0u64..5, 3 => 5u64..40], 1..9)) {
        let policy = Policy::local(5, 5);
        let shown = one_way(&cells, &policy);
        let hidden: Vec<u64> = cells.iter().zip(&shown.cells).filter(|(_, s)| **s == Shown::Hidden).map(|(n, _)| *n).collect();
        let safe = hidden.is_empty() || shown.total == Shown::Hidden || hidden.len() > 1 && hidden.iter().sum::<u64>() >= 5;
        prop_assert!(safe, "{cells:?} {shown:?}");
    }

    /// Nothing is hidden for nothing.
    #[test]
    fn a_table_without_small_cells_is_shown_whole(rows in proptest::collection::vec(proptest::collection::vec(10u64..500, 3), 1..5), policy in policies()) {
        prop_assert!(grid(&rows).hidden(&policy).iter().all(|hidden| !hidden));
    }

    /// Hiding more never makes a cell easier to work out.
    #[test]
    fn hiding_one_more_never_narrows(rows in tables(), pick in 0usize..1000) {
        let (table, policy) = (grid(&rows), exact(5));
        let hidden = table.primary(&policy);
        let Some(cell) = hidden.iter().position(|h| *h) else { return Ok(()) };
        let before = audit::interval(&table, &hidden, &policy, cell);
        let mut more = hidden;
        let other = pick % more.len();
        more[other] = true;
        let after = audit::interval(&table, &more, &policy, cell);
        prop_assert!(after.0 <= before.0 + 1e-6 && after.1 >= before.1 - 1e-6);
    }

    /// Naive suppression with exact margins leaks wherever a line holds one small cell.
    #[test]
    fn the_attack_finds_the_leak_of_naive_suppression(rows in proptest::collection::vec(proptest::collection::vec(10u64..60, 4), 2..5), small in 0u64..5, at in (0usize..2, 0usize..4)) {
        let mut rows = rows;
        rows[at.0][at.1] = small;
        let (table, policy) = (grid(&rows), exact(5));
        let leaks = table.leaks(&table.primary(&policy), &policy);
        prop_assert_eq!(leaks.len(), 1);
        prop_assert!((leaks[0].low - small as f64).abs() < 1e-6 && (leaks[0].high - small as f64).abs() < 1e-6);
    }
}

/// The largest table of a page: sixty neighbourhoods by six areas of life, most of it small.
#[test]
fn a_large_table_of_small_numbers_passes_the_gate_and_something_is_left() {
    let n = |r: u64, c: u64| {
        (r * 7 + c * 13 + r * c) % 23 * u64::from(!(r + c).is_multiple_of(3))
            / if r.is_multiple_of(4) { 1 } else { 3 }
    };
    let rows: Vec<Vec<u64>> = (0..60).map(|r| (0..6).map(|c| n(r, c)).collect()).collect();
    let (table, policy) = (grid(&rows), Policy::local(5, 5));
    let hidden = table.hidden(&policy);
    assert_eq!(table.leaks(&hidden, &policy), []);
    assert!(hidden.iter().any(|h| !h), "not all is hidden");
}
