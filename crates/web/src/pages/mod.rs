//! The pages, a module a feature. Each has its routes and its views; both are listed
//! here, so that the inventory of routes and the check over all views see them.

use crate::app::Routes;
use crate::view::Registered;

/// Every route of every feature.
pub fn routes() -> Routes {
    Routes::new()
}

/// Every view of every feature.
pub fn views() -> Vec<Registered> {
    Vec::new()
}
