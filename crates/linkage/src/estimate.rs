//! Finding the model's numbers from a list itself, without knowing which pairs are doubles: u from
//! pairs drawn by chance (nearly all of which are two things), m by expectation and maximisation
//! over the pairs that share something (Winkler, "Using the EM algorithm for weight computation in
//! the Fellegi-Sunter model of record linkage", 1988).
//!
//! Pairs that were picked because they agree on one field say nothing about that field: whoever
//! estimates picks by the telephone number for the names and places, and by the postcode for the
//! telephone numbers. Pairs picked by name alone hold the branches of chains, which are two things.

use crate::{Field, Frequencies, Level, Model, Prepared, Seen, compare};

/// Added to every count, so that what was never seen is rare and not impossible.
const SMOOTH: f64 = 0.1;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimated {
    /// The model, with u as given.
    pub model: Model,
    /// The share of the compared pairs that are held to be one thing.
    pub share: f64,
    /// How many rounds it took.
    pub rounds: usize,
}

/// u: how far pairs drawn by chance agree. `drawn` gives places in the list; a pair of a listing
/// with itself is passed over.
pub fn agreement_by_chance(
    listings: &[Prepared],
    frequencies: &Frequencies,
    drawn: impl Iterator<Item = (usize, usize)>,
) -> [[f64; 4]; 8] {
    let mut counts = [[SMOOTH; 4]; 8];
    for (one, other) in drawn.filter(|(one, other)| one != other) {
        let (Some(a), Some(b)) = (listings.get(one), listings.get(other)) else { continue };
        add(&mut counts, &compare(a, b, frequencies), 1.0);
    }
    shares(counts)
}

/// m and the share of doubles among the pairs whose fields were seen, beginning from a model whose
/// other numbers are kept. Stops when nothing moves by more than one in a million, or after 200
/// rounds. `None` without pairs.
pub fn estimate(begin: &Model, pairs: &[Vec<Seen>]) -> Option<Estimated> {
    if pairs.is_empty() {
        return None;
    }
    let (mut m, mut u, mut share) = (begin.m, begin.u, 0.2_f64);
    for round in 1..=200 {
        let (mut ones, mut twos, mut sum) = ([[SMOOTH; 4]; 8], [[SMOOTH; 4]; 8], 0.0);
        for seen in pairs {
            let one = likelihood(&m, seen) * share;
            let two = likelihood(&u, seen) * (1.0 - share);
            let is_one = if one + two > 0.0 { one / (one + two) } else { 0.0 };
            sum += is_one;
            add(&mut ones, seen, is_one);
            add(&mut twos, seen, 1.0 - is_one);
        }
        let (next_m, next_u, next) = (shares(ones), shares(twos), sum / pairs.len() as f64);
        let moved = furthest(&m, &next_m).max(furthest(&u, &next_u)).max((share - next).abs());
        (m, u, share) = (next_m, next_u, next);
        if moved < 1e-6 || round == 200 {
            return Some(Estimated { model: Model { m, ..begin.clone() }, share, rounds: round });
        }
    }
    None
}

fn add(counts: &mut [[f64; 4]; 8], seen: &[Seen], weight: f64) {
    for s in seen {
        if let Some(at) = Level::TELLING.iter().position(|l| *l == s.level) {
            counts[s.field.at()][at] += weight;
        }
    }
}

fn shares(mut counts: [[f64; 4]; 8]) -> [[f64; 4]; 8] {
    for row in &mut counts {
        let all: f64 = row.iter().sum();
        row.iter_mut().for_each(|n| *n /= all);
    }
    counts
}

fn likelihood(table: &[[f64; 4]; 8], seen: &[Seen]) -> f64 {
    let of = |s: &Seen| {
        let at = Level::TELLING.iter().position(|l| *l == s.level)?;
        Some(table[Field::at(s.field)][at])
    };
    seen.iter().filter_map(of).product()
}

fn furthest(a: &[[f64; 4]; 8], b: &[[f64; 4]; 8]) -> f64 {
    a.iter().flatten().zip(b.iter().flatten()).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}
