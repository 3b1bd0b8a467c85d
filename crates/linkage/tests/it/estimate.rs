//! The numbers of the model come out of the lists again.

use crate::lists::{real, with_doubles};
use kith_linkage::{
    Block, Field, Frequencies, Listing, Model, Prepared, Seen, agreement_by_chance, compare, estimate, pairs,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[test]
fn nothing_is_estimated_from_nothing() {
    assert!(estimate(&Model::default(), &[]).is_none());
}

/// The fields of the pairs of a list that share this.
fn compared(list: &[Listing], prepared: &[Prepared], by: Block) -> Vec<Vec<Seen>> {
    let frequencies = Frequencies::of(prepared);
    let found = pairs(list, 8).pairs.into_iter().filter(|p| p.shares.contains(&by));
    found.map(|p| compare(&prepared[p.one], &prepared[p.other], &frequencies)).collect()
}

fn row(table: &[[f64; 4]; 8], field: Field) -> [f64; 4] {
    table[Field::ALL.iter().position(|f| *f == field).expect("in the list")]
}

#[test]
fn the_estimate_from_real_lists_tells_one_thing_from_two() {
    let Some(listings) = real() else { return };
    let (all, _) = with_doubles(&listings, 3);
    let prepared: Vec<Prepared> = all.iter().map(Prepared::of).collect();
    let frequencies = Frequencies::of(&prepared);
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let drawn = (0..30_000).map(|_| (rng.random_range(0..all.len()), rng.random_range(0..all.len())));
    let u = agreement_by_chance(&prepared, &frequencies, drawn);
    let (different, same) = (0, 3);
    for (by, fields) in
        [(Block::Phone, [Field::Name, Field::Place]), (Block::Postcode, [Field::Name, Field::Phone])]
    {
        let pairs = compared(&all, &prepared, by);
        let found = estimate(&Model { u, ..Model::default() }, &pairs).expect("there are pairs");
        println!(
            "by {by:?}: {} pairs, {:.2} of them one thing, {} rounds",
            pairs.len(),
            found.share,
            found.rounds
        );
        for field in fields {
            let (m, u) = (row(&found.model.m, field), row(&u, field));
            println!(
                "  {field:?}: m {m:.3?} u {u:.4?}, in the model {:.3?}",
                row(&Model::default().m, field)
            );
            assert!(m[same] > 0.4 && m[different] < 0.2, "{field:?}: {m:?}");
            assert!(u[same] < 0.05 && u[different] > 0.8, "{field:?}: {u:?}");
        }
    }
}

#[test]
fn doubles_made_by_rule_are_counted() {
    // Ninety listings that have nothing in common, and each again with another telephone number.
    let one = |n: u32, phone: u32| Listing {
        name: format!("Name{n} Word{n}"),
        postcode: format!("M{} 1AA", 10 + n % 90),
        phones: vec![format!("0161 {:07}", phone)],
        ..Listing::default()
    };
    let list: Vec<Listing> = (0..90).flat_map(|n| [one(n, n), one(n, 5000 + n * 13)]).collect();
    let prepared: Vec<Prepared> = list.iter().map(Prepared::of).collect();
    let found =
        estimate(&Model::default(), &compared(&list, &prepared, Block::Postcode)).expect("there are pairs");
    let phone = row(&found.model.m, Field::Phone);
    assert!(phone[0] > 0.9, "doubles with other numbers are learned: {phone:?}");
}
