//! Finding listings of a directory that may be one and the same: record linkage after
//! Fellegi and Sunter ("A theory for record linkage", Journal of the American Statistical
//! Association 64, 1969), with the weights explained field by field.
//!
//! Pure: no database, no clock, no chance. What comes out is a suggestion for somebody to look
//! at, with its reasons. Nothing here merges anything, and no probability is high enough to.
//!
//! The way: [`Listing`]s are brought to comparable forms ([`Prepared`], [`forms`]); [`pairs`] names the pairs
//! worth comparing (blocking); [`compare`] says, field by field, how far two agree;
//! [`Model::judge`] adds up the evidence. [`estimate`] finds a model's numbers from a list by
//! expectation and maximisation.
//!
//! The same service at two places is not a duplicate, however much else is the same
//! ([`Verdict::another_place`]).

mod block;
mod compare;
mod estimate;
pub mod forms;
mod model;

pub use block::{Block, Pair, Pairs, pairs};
pub use compare::{Field, Frequencies, Level, Prepared, Seen, compare};
pub use estimate::{Estimated, agreement_by_chance, estimate};
pub use model::{Band, Model, Part, Suggestions, Verdict, suggestions};

/// What is compared of one entry of a directory. Whatever is not known is left empty: unknown
/// is evidence for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Its name.
    pub name: String,
    /// The name of its organisation.
    pub organisation: String,
    /// The postal address without the postcode, in one line.
    pub address: String,
    /// The postcode.
    pub postcode: String,
    /// Latitude and longitude in degrees, when known more precisely than by postcode.
    pub point: Option<(f64, f64)>,
    /// Telephone numbers as written.
    pub phones: Vec<String>,
    /// The web address.
    pub web: String,
    /// The e-mail address.
    pub email: String,
    /// Numbers given by a register: scheme and value, such as `("charity", "1234567")`.
    pub identifiers: Vec<(String, String)>,
    /// Codes of what kind of service it is.
    pub kinds: Vec<String>,
}
