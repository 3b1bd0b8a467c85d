//! Duplicates in real lists with changes that people make, the estimate, and what must hold for any
//! two listings.

mod estimate;
mod lists;
mod perturbed;
mod properties;
