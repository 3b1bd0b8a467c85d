//! How many will come, if things go on as they have: forecasts of a series, always beside
//! what the same forecast would have said before and how wrong it would have been; and the
//! need that follows from how many people are exposed to what.
//!
//! A forecast is of numbers of people asking, never of a person. It knows nothing of a
//! change that is not in the series; what a change would do is for [`crate::impact`] and
//! for simulation.

pub mod arima;
pub mod baseline;
pub mod command;
pub mod ets;
pub mod need;
pub mod need_command;
pub mod search;
pub mod smoothing;
pub mod tried;
