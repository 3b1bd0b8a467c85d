//! Reading what people type, without losing it and without trusting it.
//!
//! A handler takes a [`FormData`] (the body as an ordered list of names and values),
//! reads it with a [`Reader`], and either has every value it needs or shows the page
//! again with [`Filled`] (what was typed) and [`FormErrors`] (what happened and what
//! to do, each pointing at its field):
//!
//! ```
//! use kith_web::form::{FormData, Reader, TextRule};
//!
//! let form = FormData::from_text("name=Badger&next-day=24&next-month=11&next-year=2026");
//! let mut read = Reader::new(&form);
//! let name = read.required_text("name", TextRule::line("the name they like to be called").max(80));
//! let next = read.required_day("next", "the day you will meet");
//! match (name, next) {
//!     (Some(name), Some(day)) if read.is_ok() => assert_eq!((name.as_str(), day.day()), ("Badger", 24)),
//!     _ => panic!("show the page again with Filled::of(&form, read.errors())"),
//! }
//! ```
//!
//! What is done to every text: line ends become `\n`; NUL and other control
//! characters, and letters that arrived broken, are refused with a message (the
//! field comes back without them, so that sending again works); marks that nobody can
//! see (zero-width spaces, direction overrides, tags) are taken out *silently*,
//! because they come with copying and a message about something invisible would only
//! worry people; then NFC and trimming. Joiners inside words of scripts that need
//! them (Persian, Urdu, Hindi ...) and in emoji stay.

mod clean;
pub mod csrf;
mod data;
mod errors;
pub mod merge;
mod reader;
mod when;

pub(crate) use when::MONTHS;

pub use clean::{TextRule, clean_for_redisplay};
pub use data::{BODY_MAX_BYTES, FormData, FormError};
pub use errors::{FieldError, Filled, FormErrors};
pub use reader::Reader;

/// The name of the hidden field that makes a form do its work once.
pub const SUBMISSION_FIELD: &str = "_submission";

/// The name of the hidden field that proves the form came from our page.
pub const CSRF_FIELD: &str = "_csrf";

/// A new submission id for a form that is being shown.
pub fn new_submission() -> uuid::Uuid {
    uuid::Uuid::new_v4()
}
