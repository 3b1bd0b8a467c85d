//! Asking for help, and what the navigator team does with it.

use crate::app::Routes;

crate::views! {}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
}
