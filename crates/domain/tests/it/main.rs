//! What the domain promises, over whole tables and random histories.

mod guard;
mod held;
mod machine;
mod records;
mod sending;
mod tables;
mod world;
