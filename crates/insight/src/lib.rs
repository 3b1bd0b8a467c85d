//! Numbers that can be trusted: who waits, who gets in, who gets better.
//!
//! A library in its own right. Numbers go in, and numbers with their uncertainty come
//! out: it does no input or output, reads no clock and draws no chance of its own (where
//! a method needs chance, the seed is an argument and stands in the answer). It knows
//! nothing of people's records; whoever counts people passes what it shows through the
//! gate in [`disclosure`].
//!
//! Every method answers with [`figure::Figure`]s: value, interval with its method and
//! level, how many, how many missing, the method's name and its source. [`method`] is the
//! list of all methods by the name under which `kith insight NAME` runs them; the same
//! functions feed the pages. Each has a page in `docs/measures`.

pub mod charts;
pub mod disclosure;
pub mod economics;
pub mod error;
pub mod fairness;
pub mod figure;
pub mod forecast;
pub mod impact;
pub mod linalg;
pub mod method;
pub mod outcomes;
pub mod rates;
pub mod request;
pub mod table;
pub mod waits;
