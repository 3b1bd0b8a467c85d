//! Duplicates in real lists with changes that people make, the estimate, and what must hold for any
//! two listings.

#[path = "../../../exchange/tests/it/beside.rs"]
mod beside;
mod estimate;
mod lists;
mod perturbed;
mod properties;
