//! What people do with Kith: one small folder a use case.
//!
//! A use case takes who asks ([`Principal`]) and a typed request, loads facts in one
//! snapshot, asks for a permit, lets a pure function of `domain` decide, and writes the
//! change with its journal entry in one transaction ([`change`]). A look reads one
//! snapshot and its access-log rows are on disk before the page leaves ([`look`]).
//! Pages, the API, the command line and jobs all call the same use cases.

pub mod audit;
pub mod beside;
pub mod change;
pub mod coming_in;
pub mod directory;
pub mod equality;
pub mod error;
pub mod fairness;
pub mod figures;
pub mod find;
pub mod glass;
pub mod hand_over;
pub mod holding;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod kith;
pub mod listing;
pub mod look;
pub mod looks;
pub mod looks_kept;
pub mod members;
pub mod mine;
pub mod panel;
pub mod partnership;
pub mod people;
pub mod plan;
pub mod principal;
pub mod publish;
pub mod referral;
mod refused;
pub mod rights;
pub mod sharing;
pub mod shown;
pub mod sign_in;
pub mod supporters;
pub mod telling;
pub mod telling_outside;
pub mod today;
pub mod workers;
pub mod worry;

pub use change::{Begun, Changing};
pub use error::{CareError, FieldProblem};
pub use kith::Kith;
pub use look::Looking;
pub use partnership::Partnership;
pub use principal::{Identity, Principal};
