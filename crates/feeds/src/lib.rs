//! Fetching feeds of services as they really are.
//!
//! A feed is read a page at a time; then each entry on its own where the list says less than
//! the entry does, a few at once. What came is kept as it came, with what the publisher said
//! about its version, so that next time only what changed is sent, a run that was broken off
//! goes on where it was, and anybody can look up what was said. No filter of the publisher is
//! relied on: many feeds ignore them.
//!
//! What could not be fetched is told and never taken for gone. An entry counts as missing
//! only in a run that saw the whole list, and that too is only told.
//!
//! This crate speaks HTTP and writes one folder. What the entries mean is `exchange`'s work;
//! what becomes of them, `care`'s.

mod fetch;
mod get;
mod kept;

pub use fetch::{Fetched, Missing, Plan, Step, fetch};
pub use get::{FeedError, Getter};
pub use kept::Kept;
