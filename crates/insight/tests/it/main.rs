//! The numbers against published tables and other programs, and the properties that hold
//! for every input.

mod charts;
mod disclosure;
mod pages;
mod rates;
mod vectors;
mod waits;
