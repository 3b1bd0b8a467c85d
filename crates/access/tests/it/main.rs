//! The integration tests of `kith-access`, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cases;
mod invariants;
mod parts;
mod permits;
mod policies;
mod properties;
mod readings;
mod refusals;
mod rules;
mod rules_of_passing_on;
mod rules_of_work;
mod scenarios;
mod second;
