//! The numbers against published tables and other programs, and the properties that hold
//! for every input.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::needless_range_loop, reason = "a row of a table of vectors is a position in many columns")]

#[path = "../../../exchange/tests/it/beside.rs"]
mod beside;
mod charts;
mod disclosure;
mod economics;
mod fairness;
mod forecast;
mod impact;
mod outcomes;
mod pages;
mod plans;
mod rates;
mod vectors;
mod waits;
