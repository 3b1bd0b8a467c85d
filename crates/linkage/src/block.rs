//! Which pairs are worth comparing. Comparing everything with everything would take the square of
//! a directory; two that share none of these have next to nothing in common.

use crate::{Listing, forms};
use std::collections::{BTreeMap, BTreeSet};

/// What two of a pair have in common, for which they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// A number of a register.
    Identifier,
    /// The postcode.
    Postcode,
    /// A telephone number.
    Phone,
    /// The host of the web address.
    Web,
    /// The e-mail address.
    Email,
    /// The two rarest words of the name, or its only one.
    RareWords,
    /// The house number and the word after it, or the first two words of the address.
    Door,
    /// The first letters of the name, squeezed, in one postal district.
    Letters,
}

/// Two listings by their places in the list, the lower first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The first.
    pub one: usize,
    /// The second.
    pub other: usize,
    /// What they have in common. Never empty.
    pub shares: BTreeSet<Block>,
}

/// The pairs to compare, and what was too common to compare by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairs {
    /// In the order of their places.
    pub pairs: Vec<Pair>,
    /// Values that more than the allowed number of listings share, with how many: nobody is
    /// compared for these alone. Told, so that nothing is left out silently.
    pub too_common: Vec<(Block, String, usize)>,
}

/// The pairs of a list that share something, where at most `most` listings share it. 60 is a good
/// number: it costs at most 1,770 comparisons a value.
pub fn pairs(listings: &[Listing], most: usize) -> Pairs {
    let words = word_counts(listings);
    let mut blocks: BTreeMap<(Block, String), Vec<usize>> = BTreeMap::new();
    for (at, listing) in listings.iter().enumerate() {
        for key in keys(listing, &words) {
            blocks.entry(key).or_default().push(at);
        }
    }
    let mut found: BTreeMap<(usize, usize), BTreeSet<Block>> = BTreeMap::new();
    let mut too_common = Vec::new();
    for ((block, value), members) in blocks {
        if members.len() > most {
            too_common.push((block, value, members.len()));
            continue;
        }
        for (n, one) in members.iter().enumerate() {
            for other in &members[n + 1..] {
                found.entry((*one, *other)).or_default().insert(block);
            }
        }
    }
    let pairs = found.into_iter().map(|((one, other), shares)| Pair { one, other, shares }).collect();
    Pairs { pairs, too_common }
}

fn word_counts(listings: &[Listing]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for listing in listings {
        for word in forms::name_words(&listing.name).into_iter().collect::<BTreeSet<_>>() {
            *counts.entry(word).or_insert(0) += 1;
        }
    }
    counts
}

fn keys(listing: &Listing, words: &BTreeMap<String, usize>) -> BTreeSet<(Block, String)> {
    let mut keys = BTreeSet::new();
    for (scheme, value) in &listing.identifiers {
        keys.insert((Block::Identifier, format!("{}:{}", forms::plain(scheme), forms::plain(value))));
    }
    let postcode = forms::postcode(&listing.postcode);
    keys.extend(postcode.clone().map(|p| (Block::Postcode, p)));
    keys.extend(listing.phones.iter().filter_map(|p| forms::phone(p)).map(|p| (Block::Phone, p)));
    keys.extend(forms::web(&listing.web).map(|(host, _)| (Block::Web, host)));
    keys.extend(forms::email(&listing.email).map(|(whole, _)| (Block::Email, whole)));
    let address = forms::address_words(&listing.address);
    let house = address.iter().position(|w| w.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(0);
    if let [first, second, ..] = &address[house.min(address.len())..] {
        keys.insert((Block::Door, format!("{first} {second}")));
    }
    let mut name = forms::name_words(&listing.name);
    let letters: String = name.concat().chars().filter(|c| c.is_alphabetic()).take(5).collect();
    if let (Some(postcode), 5) = (&postcode, letters.chars().count()) {
        keys.insert((Block::Letters, format!("{letters} {}", forms::outward(postcode))));
    }
    name.sort_by(|a, b| words.get(a).cmp(&words.get(b)).then_with(|| a.cmp(b)));
    name.dedup();
    name.truncate(2);
    name.sort();
    if !name.is_empty() {
        keys.insert((Block::RareWords, name.join(" ")));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, postcode: &str) -> Listing {
        Listing { name: name.into(), postcode: postcode.into(), ..Listing::default() }
    }

    #[test]
    fn pairs_share_something_and_stand_once() {
        let list =
            [named("Mind in Sale", "M33 1AA"), named("MIND Sale", "m331aa"), named("A choir", "WA1 1AA")];
        let found = pairs(&list, 60);
        assert_eq!(found.pairs.len(), 1);
        assert!(
            found.pairs[0].shares.contains(&Block::Postcode)
                && found.pairs[0].shares.contains(&Block::RareWords)
        );
    }

    #[test]
    fn what_too_many_share_is_told_and_not_compared() {
        let list: Vec<Listing> = (0..5).map(|n| named(&format!("Service {n}"), "M33 1AA")).collect();
        let found = pairs(&list, 4);
        assert!(found.too_common.contains(&(Block::Postcode, "M331AA".into(), 5)));
        assert!(found.pairs.iter().all(|p| !p.shares.contains(&Block::Postcode)));
    }
}
