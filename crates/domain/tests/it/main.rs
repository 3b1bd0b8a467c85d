//! What the domain promises, over whole tables and random histories.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod arriving;
mod business;
mod death;
mod guard;
mod held;
mod history;
mod kept;
mod looks;
mod machine;
mod records;
mod sending;
mod tables;
mod world;
mod year;
