//! Requests to us: the receiving organisation, with or without an account.

use crate::app::Routes;

crate::views! {}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
}
