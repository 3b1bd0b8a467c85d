//! Who can see what: agreements by organisation, what each would see today, giving,
//! narrowing and stopping; and who looked.

pub mod agreements;
pub mod change;
pub mod looked;
pub mod preview;

pub use agreements::{OrganisationSharing, SharingPage};
pub use looked::{Looked, LookedDay, LookedLine, MyLookQuestion};
