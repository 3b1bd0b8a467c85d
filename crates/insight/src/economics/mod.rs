//! What help costs, who pays, and what is bought with it.
//!
//! The ordinary answer for a partnership is a table of costs and consequences: what each
//! payer spends beside everything that changed, not pressed into one number. Ratios,
//! frontiers and the value of knowing more follow for those who need them.
//!
//! **No price is built in.** Every price comes from whoever asks, with its year and its
//! source, and prices of different years are added only after they have been raised by an
//! index that was given too. Prices age, differ by place, and many are somebody's
//! copyright; a number nobody entered is a number nobody checked.

pub mod chance;
pub mod command;
pub mod consequences;
pub mod frontier;
pub mod money;
pub mod ratio;
pub mod wellby;
