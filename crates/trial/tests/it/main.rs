//! The published scenarios both ways and some worlds through the store, on SQLite; the rest runs
//! from `cargo xtask access`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod apart;
mod documents;
mod published;
mod worlds;
