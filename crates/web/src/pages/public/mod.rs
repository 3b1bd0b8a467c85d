//! Home, find support, a service, a group: for anybody.

use crate::app::Routes;

crate::views! {}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
}
