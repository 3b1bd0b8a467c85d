//! Tests of the pages as a browser would meet them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod admin;
mod admin_audit;
mod again;
mod back;
mod close;
mod closure;
mod coming_in;
mod components;
mod consent;
mod deciding;
mod detect;
mod elsewhere;
mod every_page;
mod finding;
mod glass;
mod ground;
mod hand_over;
mod harness;
mod hostile;
mod kind;
mod looked;
mod mail;
mod marks;
mod mine;
mod partnership;
mod people;
mod plan;
mod referral;
mod risen;
mod rules;
mod sealed;
mod shell;
mod sign_in;
mod situations;
mod statements;
mod supporters;
mod sweep;
mod telling;
mod two_journeys;
mod ways_in;
mod withdrawal;
mod worry;
