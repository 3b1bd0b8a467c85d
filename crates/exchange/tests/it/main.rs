//! The integration tests of `kith-exchange`, in one binary.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod beside;
mod directory_csv;
mod oruk;
mod place;
mod shared;
mod trafford;
