//! People I support, and a person's page.

use crate::app::Routes;

crate::views! {}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
}
