//! The access rules on trial.
//!
//! A whole made-up world in the form of `access_scenarios.json` is written into a real database
//! by ordinary writes ([`town`]), its facts are read back by the store's own loader, and each
//! request is decided three times: by `kith-access` over those facts, by `kith-second` over the
//! plain description, and by the real pages over HTTP with a real session row and a clock that
//! this crate owns ([`pages`]). What differs is printed.
//!
//! For tests only: no other crate depends on this one, so that nothing of it is in the program
//! that people run (`tests/it/apart.rs`).

pub mod bulk;
pub mod pages;
pub mod question;
pub mod records;
pub mod scenarios;
pub mod town;

#[path = "../../access/tests/it/readings.rs"]
pub mod readings;

use std::fmt::Display;

/// Why a trial could not be held, in words. What the rules refuse is never one of these.
#[derive(Debug)]
pub struct Failed(pub String);

impl Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

macro_rules! from {
    ($($error:ty),+) => {$(
        impl From<$error> for Failed {
            fn from(error: $error) -> Failed {
                Failed(error.to_string())
            }
        }
    )+};
}
from!(kith_store::StoreError, kith_care::CareError, serde_json::Error, std::io::Error, &str);
