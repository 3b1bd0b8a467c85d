//! Of the doubles made in real lists, how many are found, and how many that are found are doubles.

use crate::lists::{real, with_doubles};
use kith_linkage::{Band, Frequencies, Model, Prepared, compare, suggestions};
use std::collections::BTreeSet;

/// Seeds that the model's numbers were not looked at with.
const SEEDS: [u64; 5] = [11, 12, 13, 14, 15];

#[test]
fn nearly_all_doubles_are_found_and_nearly_all_that_is_found_are_doubles() {
    let Some(listings) = real() else { return };
    for seed in SEEDS {
        let (all, truth) = with_doubles(&listings, seed);
        let truth: BTreeSet<(usize, usize)> = truth.into_iter().collect();
        let found = suggestions(&Model::default(), &all, 60).pairs;
        let right = found.iter().filter(|(p, _)| truth.contains(&(p.one, p.other))).count();
        let (precision, recall) = (right as f64 / found.len() as f64, right as f64 / truth.len() as f64);
        let sure: Vec<_> = found.iter().filter(|(_, v)| v.band == Band::Suggest).collect();
        let sure_right = sure.iter().filter(|(p, _)| truth.contains(&(p.one, p.other))).count();
        println!(
            "seed {seed}: {} listings, {} doubles; put forward or to look at {}: precision {precision:.3}, \
             recall {recall:.3}; put forward {}: precision {:.3}",
            all.len(),
            truth.len(),
            found.len(),
            sure.len(),
            sure_right as f64 / sure.len() as f64,
        );
        for (pair, verdict) in found.iter().filter(|(p, _)| !truth.contains(&(p.one, p.other))) {
            let line = |at: usize| format!("{} | {} | {}", all[at].name, all[at].address, all[at].postcode);
            println!(
                "  not made by us: {} <> {} {:.3} {:?}",
                line(pair.one),
                line(pair.other),
                verdict.probability,
                verdict.reasons()
            );
        }
        let shown: BTreeSet<_> = found.iter().map(|(p, _)| (p.one, p.other)).collect();
        let prepared: Vec<_> = all.iter().map(Prepared::of).collect();
        let frequencies = Frequencies::of(&prepared);
        for (one, other) in truth.difference(&shown).take(5) {
            let verdict =
                Model::default().judge(&compare(&prepared[*one], &prepared[*other], &frequencies), all.len());
            println!(
                "  missed: {:?} <> {:?} {:.3} {:?}",
                all[*one].name,
                all[*other],
                verdict.probability,
                verdict.reasons()
            );
        }
        assert!(precision >= 0.95, "seed {seed}: precision {precision}");
        assert!(recall >= 0.85, "seed {seed}: recall {recall}");
    }
}
