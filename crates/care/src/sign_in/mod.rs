//! Signing in and out. Every way in ends in the same kind of session row: the chooser of
//! made-up users, a password with a code, a passkey, a code on paper, a link to a receiver.
//!
//! A session's cookie is 256 random bits; the database keeps its SHA-256. Times out
//! after 15 minutes idle for workers and 30 for people, and after 10 or 12 hours at most
//! (`reference/reliability.md` 3.6); a place may choose less.

pub mod again;
pub mod code;
pub mod demo;
pub mod elsewhere;
pub mod join;
pub mod passkey;
pub mod password;
pub mod session;
mod slowing;
pub mod totp;
pub mod with_password;

pub use session::{NewSession, Opened, Visitor, waits_minutes};
