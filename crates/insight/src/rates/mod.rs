//! Shares, rates and means, standardised for age where populations differ, and how far
//! groups are apart.
//!
//! Formulas are those that public-health analysts check first, as in PHEindicatormethods;
//! each function names its source. Whoever shows the results passes the counts behind them
//! through [`crate::disclosure`] first.

pub mod command;
pub mod compare;
pub mod interval;
pub mod quantile;
pub mod slope;
pub mod standard;
