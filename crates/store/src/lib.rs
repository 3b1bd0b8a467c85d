//! Keeping records: SQL on SQLite and PostgreSQL, the journal, the access log.
//!
//! `store` decides nothing. It yields people's records as [`Guarded`] values, which only
//! a permit opens; it writes a new version, its journal entry and its index rows in one
//! transaction; and it can prove afterwards that nothing was altered.
//!
//! One SQL text serves both databases. The few real differences live in `dialect`.
//! This is the only crate that contains SQL.

pub mod account;
pub mod chain;
pub mod checkpoint;
pub mod code;
pub mod copy;
pub mod db;
mod dialect;
mod directory;
mod disk;
pub mod draft;
pub mod error;
mod file;
pub mod follow;
pub mod geography;
pub mod kinds;
pub mod lease;
pub mod look;
pub mod near;
pub mod outbox;
mod pending;
pub mod read;
pub mod reindex;
pub mod session;
pub mod setting;
pub mod slowed;
pub mod stray;
pub mod submission;
pub mod tx;
pub mod verify;
pub mod versions;
pub mod ways_in;
pub mod world;
pub mod write;

pub use db::{Database, Durability, Store};
pub use error::StoreError;
pub use kinds::{Common, Personal};
pub use kith_access::Guarded;
pub use tx::{Tx, WriteTx};
pub use write::{NewRecord, Writing};
