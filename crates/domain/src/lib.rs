//! People, plans, needs, referrals and consent: types and decisions, nothing else.
//!
//! Nothing here reads a clock, draws a random number, opens a file or knows a
//! database. Time and configuration are arguments; a decision is a pure function
//! over facts and reads like the paragraph of policy it carries out.

pub mod area;
pub mod directory;
pub mod id;
pub mod place;
pub mod record;
pub mod time;
