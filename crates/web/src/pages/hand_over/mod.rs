//! Handing people over.

use crate::app::Routes;

crate::views! {}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
}
