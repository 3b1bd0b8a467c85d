//! People, plans, needs, referrals and consent: types and decisions, nothing else.
//!
//! Nothing here reads a clock, draws a random number, opens a file or knows a
//! database. Time and configuration are arguments; a decision is a pure function
//! over facts and reads like the paragraph of policy it carries out.

pub mod area;
pub mod arriving;
pub mod asking;
pub mod clock;
pub mod close;
pub mod coming_back;
pub mod coming_in;
pub mod consent;
pub mod contact;
pub mod directory;
pub mod equality;
pub mod fact;
pub mod find;
pub mod glass;
pub mod hand_over;
pub mod holding;
pub mod id;
pub mod identity;
pub mod joining;
pub mod keeping;
pub mod leave;
pub mod leaving;
pub mod letting_go;
pub mod letting_in;
pub mod life;
pub mod link;
pub mod look_question;
pub mod lost;
pub mod marks;
pub mod matching;
pub mod may_send;
pub mod message;
pub mod moves;
pub mod near;
pub mod need;
pub mod need_next;
pub mod next_date;
pub mod next_thing;
pub mod nhs_number;
pub mod organisation;
pub mod panel;
pub mod person;
pub mod place;
pub mod placing;
pub mod plan;
pub mod planning;
pub mod plausible;
pub mod recipients;
pub mod record;
pub mod referral;
pub mod reviewing;
pub mod right;
pub mod sending;
pub mod settings;
pub mod sharing;
pub mod snooping;
pub mod supporter;
pub mod text;
pub mod time;
pub mod today;
pub mod vouching;
pub mod worry;
