//! What the second reading of the rule book promises: the published scenarios, each rule by itself,
//! and the shapes that any rule book of this kind must have.

mod amendments;
#[path = "../../../exchange/tests/it/beside.rs"]
mod beside;
mod ceilings;
mod help;
mod matrix;
mod rules;
mod scenarios;
mod shapes;
