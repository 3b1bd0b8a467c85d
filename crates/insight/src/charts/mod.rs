//! Control charts and funnels: whether a number is more than the usual up and down.
//!
//! A board that reads every rise as success and every fall as failure chases noise. A
//! control chart ([`xmr`]) follows one series through time, [`rare`] does so for events that
//! seldom happen, and a funnel ([`funnel`]) sets many places side by side at one time.

pub mod command;
pub mod funnel;
pub mod rare;
pub mod xmr;
