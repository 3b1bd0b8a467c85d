//! Nobody can work out a hidden count from the totals, even if nothing were rounded.

use kith_domain::disclosure::{Shown, one_way, two_way};
use kith_domain::settings::Settings;
use proptest::prelude::*;

const PRIME: u64 = 1_000_003;

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut base, mut result) = (base % PRIME, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

/// Which unknowns a linear system fixes: after elimination, those whose row has no other
/// unknown. An attacker with exact totals and unlimited patience can do no more, short of
/// guessing.
fn fixed(mut rows: Vec<Vec<u64>>, unknowns: usize) -> Vec<usize> {
    let mut pivots = 0;
    for column in 0..unknowns {
        let Some(pivot) = (pivots..rows.len()).find(|&r| rows[r][column] != 0) else { continue };
        rows.swap(pivots, pivot);
        let inverse = power(rows[pivots][column], PRIME - 2);
        rows[pivots].iter_mut().for_each(|v| *v = *v * inverse % PRIME);
        let by = rows[pivots].clone();
        for (r, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if r != pivots && factor != 0 {
                row.iter_mut().zip(&by).for_each(|(v, p)| *v = (*v + PRIME * PRIME - factor * p) % PRIME);
            }
        }
        pivots += 1;
    }
    let alone = |row: &Vec<u64>| {
        (row.iter().filter(|v| **v != 0).count() == 1).then(|| row.iter().position(|v| *v != 0))
    };
    rows.iter().filter_map(alone).flatten().collect()
}

/// The system of a table with a last row and column of totals: every line adds up.
fn worked_out(hidden: &[Vec<bool>]) -> Vec<usize> {
    let cells: Vec<(usize, usize)> = (0..hidden.len())
        .flat_map(|r| (0..hidden[0].len()).map(move |c| (r, c)))
        .filter(|&(r, c)| hidden[r][c])
        .collect();
    let total = |line: usize, last: usize| if line == last { PRIME - 1 } else { 1 };
    let row = |r: usize| {
        cells.iter().map(|&(rr, c)| if rr == r { total(c, hidden[0].len() - 1) } else { 0 }).collect()
    };
    let column = |c: usize| {
        cells.iter().map(|&(r, cc)| if cc == c { total(r, hidden.len() - 1) } else { 0 }).collect()
    };
    let rows = (0..hidden.len()).map(row).chain((0..hidden[0].len()).map(column)).collect();
    fixed(rows, cells.len())
}

fn hidden(counts: &[Vec<u64>]) -> Vec<Vec<bool>> {
    let t = two_way(counts, &Settings::default());
    let is = |s: &Shown| *s == Shown::Hidden;
    let mut rows: Vec<Vec<bool>> = t.cells.iter().map(|row| row.iter().map(is).collect()).collect();
    rows.iter_mut().zip(&t.rows).for_each(|(row, total)| row.push(is(total)));
    rows.push(t.columns.iter().chain([&t.total]).map(is).collect());
    rows
}

/// The published example: two small cells in a table of four by four.
#[test]
fn a_published_table_keeps_its_two_small_cells() {
    let table = vec![vec![17, 30, 3, 25], vec![29, 23, 24, 22], vec![28, 22, 32, 25], vec![23, 20, 22, 2]];
    let hidden = hidden(&table);
    assert!(hidden[0][2] && hidden[3][3]);
    assert_eq!(worked_out(&hidden), [] as [usize; 0]);
    assert_eq!(hidden.iter().flatten().filter(|h| **h).count(), 4, "one rectangle is enough");
}

#[test]
fn an_attacker_would_have_worked_out_a_single_hidden_cell() {
    let mut only = vec![vec![false; 4]; 4];
    only[1][2] = true;
    assert_eq!(worked_out(&only).len(), 1);
}

proptest! {
    #[test]
    fn no_hidden_count_can_be_worked_out(
        rows in 1usize..5,
        columns in 1usize..6,
        numbers in proptest::collection::vec(prop_oneof![3 => 0u64..8, 3 => 5u64..60], 30),
    ) {
        let table: Vec<Vec<u64>> = numbers.chunks(columns).take(rows).map(<[u64]>::to_vec).collect();
        let hidden = hidden(&table);
        prop_assert_eq!(worked_out(&hidden), [] as [usize; 0]);
        for (row, flags) in table.iter().zip(&hidden) {
            for (n, hidden) in row.iter().zip(flags) {
                prop_assert!(*n >= 5 || *hidden);
            }
        }
    }

    #[test]
    fn what_is_shown_is_rounded_and_near(numbers in proptest::collection::vec(0u64..500, 1..12)) {
        let shown = one_way(&numbers, &Settings::default());
        for (n, cell) in numbers.iter().zip(&shown.cells) {
            if let Shown::About(about) = cell {
                prop_assert!(about % 5 == 0 && about.abs_diff(*n) <= 2 && *n >= 5);
            }
        }
        if numbers.iter().all(|n| *n >= 5) {
            prop_assert!(shown.cells.iter().all(|c| *c != Shown::Hidden), "nothing is hidden for nothing");
        }
    }
}
