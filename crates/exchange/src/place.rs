//! Reading the nation's files of places: postcodes, neighbourhoods, electoral wards,
//! deprivation and outlines.
//!
//! [`PlaceImport`] takes the files one after another, in any order, plain or compressed
//! with zstd, recognises each by its headings, and puts them together at the end. The
//! Office for National Statistics drew neighbourhoods anew in 2021: files that tell of
//! 2011 and of 2021 are never joined blindly, only through the ONS's own lookup.

mod assemble;
mod files;
mod outlines;

pub use assemble::{PlaceDrafts, PlaceImport};
pub use files::{FileKind, FileReport, NotRead, PlaceError, Vintage};

use kith_domain::place::{Outward, Postcode, PostcodeFact};
use std::collections::{BTreeSet, HashMap};

/// Where postcodes can be looked up.
pub trait PostcodeLookup {
    /// What is known of a postcode.
    fn find(&self, postcode: &Postcode) -> Option<&PostcodeFact>;
    /// Are all postcodes with this first half in the list? Only then does one that is
    /// missing say anything.
    fn covers(&self, outward: &Outward) -> bool;
}

/// Postcodes in memory.
#[derive(Debug, Clone, Default)]
pub struct PostcodeTable {
    facts: HashMap<Postcode, PostcodeFact>,
    whole: BTreeSet<Outward>,
}

impl PostcodeTable {
    /// A table of these postcodes. A first half counts as covered when `whole` says so:
    /// a council's list holds only its own side of a postcode district.
    pub fn new(
        facts: impl IntoIterator<Item = PostcodeFact>,
        whole: impl IntoIterator<Item = Outward>,
    ) -> PostcodeTable {
        PostcodeTable {
            facts: facts.into_iter().map(|f| (f.postcode.clone(), f)).collect(),
            whole: whole.into_iter().collect(),
        }
    }
    /// How many postcodes.
    pub fn len(&self) -> usize {
        self.facts.len()
    }
    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }
}

impl PostcodeLookup for PostcodeTable {
    fn find(&self, postcode: &Postcode) -> Option<&PostcodeFact> {
        self.facts.get(postcode)
    }
    fn covers(&self, outward: &Outward) -> bool {
        self.whole.contains(outward)
    }
}
