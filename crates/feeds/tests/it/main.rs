//! Fetching from a feed that has every fault that real ones have.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod faults;
mod simulator;
