//! What a change brought about: a benefit cut, a new service, a closure, laid over what was
//! counted before and after, here and elsewhere.
//!
//! No method here proves a cause. Each answers "what would have happened without it" by an
//! assumption that it names: that the trend would have gone on, that two places would have
//! moved alike, that a mixture of other places would have been this one. What can be done
//! is to write the question down before looking ([`plan`]), to try the same where nothing
//! happened (placebo dates and placebo places), and to say how much is left open.

pub mod ar;
pub mod command;
pub mod counts;
pub mod groups;
pub mod panel;
pub mod panel_command;
pub mod plan;
pub mod plan_command;
pub mod sandwich;
pub mod segments;
pub mod synthetic;
