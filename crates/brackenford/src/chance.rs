//! Chance, from a seed. Each part of the made-up place draws from a stream of its own,
//! named by a label, so that more people, or one more service, leave everybody else as
//! they were. Only whole-number arithmetic and division: the same on every machine.

use kith_domain::time::Instant;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The seed of the whole place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream with this name and number.
    pub fn stream(self, label: &str, number: u64) -> Chance {
        let hash = Sha256::new()
            .chain_update(self.0.to_be_bytes())
            .chain_update(number.to_be_bytes())
            .chain_update(label.as_bytes())
            .finalize();
        Chance(ChaCha8Rng::from_seed(hash.into()))
    }

    /// The id of the one thing with this name: the same whatever else is made.
    pub fn id(self, label: &str, at: Instant) -> Uuid {
        self.stream(label, 0).id(at)
    }
}

/// One stream of chance.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// A fresh id in the layout of UUID version 7, with the time it stands for.
    pub fn id(&mut self, at: Instant) -> Uuid {
        let millis = u64::try_from(at.0 / 1_000).unwrap_or(0);
        let mut random = [0u8; 10];
        self.0.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A whole number from 0 up to but not including `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // The bias of the remainder is far below one in a million for the numbers used here.
        let n = n.max(1) as u64;
        usize::try_from(self.0.next_u64() % n).unwrap_or(0)
    }

    /// A whole number from `least` to `most`, both included.
    pub fn between(&mut self, least: i32, most: i32) -> i32 {
        let width = usize::try_from(most.saturating_sub(least)).unwrap_or(0);
        least + i32::try_from(self.below(width + 1)).unwrap_or(0)
    }

    /// True in `percent` of a hundred.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent as usize
    }

    /// One of these.
    ///
    /// # Panics
    /// The list is empty, which is a mistake in the lists of this crate.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        assert!(!list.is_empty(), "an empty list has nothing to pick");
        &list[self.below(list.len())]
    }

    /// The place of one weight in the list, drawn in proportion to the weights.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u32 = weights.iter().sum();
        let mut left = self.below(total as usize) as u32;
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// Some of these, in the order of the list, at most `most`.
    pub fn some<'a, T>(&mut self, list: &'a [T], most: usize) -> Vec<&'a T> {
        let mut places: Vec<usize> = (0..list.len()).collect();
        let mut picked = Vec::new();
        for _ in 0..most.min(list.len()) {
            let at = self.below(places.len());
            picked.push(places.swap_remove(at));
        }
        picked.sort_unstable();
        picked.into_iter().map(|at| &list[at]).collect()
    }

    /// A number between 0 and 1.
    pub fn fraction(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Days of a wait: most are short, a few are long, as waits are. The middle is about
    /// `middle`, the longest about six times that.
    pub fn wait(&mut self, middle: u32) -> i32 {
        let tenths = match self.weighted(&[25, 30, 22, 14, 6, 3]) {
            0 => self.between(2, 7),
            1 => self.between(7, 11),
            2 => self.between(11, 17),
            3 => self.between(17, 28),
            4 => self.between(28, 40),
            _ => self.between(40, 60),
        };
        (i32::try_from(middle).unwrap_or(0) * tenths / 10).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let at = Instant(1_700_000_000_000_000);
        assert_eq!(Seed(1).id("a", at), Seed(1).id("a", at));
        assert_ne!(Seed(1).id("a", at), Seed(1).id("b", at));
        assert_ne!(Seed(1).id("a", at), Seed(2).id("a", at));
        assert_eq!(Seed(1).id("a", at).get_version_num(), 7);
    }

    #[test]
    fn draws_stay_in_their_bounds() {
        let mut chance = Seed(3).stream("bounds", 0);
        for _ in 0..2_000 {
            assert!((-2..=3).contains(&chance.between(-2, 3)));
            assert!(chance.weighted(&[0, 1, 0]) == 1);
            assert!((1..=60).contains(&chance.wait(10)));
            assert!((0.0..1.0).contains(&chance.fraction()));
        }
        assert_eq!(chance.some(&[1, 2, 3], 5), [&1, &2, &3]);
    }
}
