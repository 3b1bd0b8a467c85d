//! Tests of the pages as a browser would meet them.

mod coming_in;
mod components;
mod every_page;
mod finding;
mod hand_over;
mod harness;
mod mine;
mod partnership;
mod people;
mod referral;
mod plan;
mod shell;
mod sign_in;
mod telling;
mod worry;
