//! The pages that belong to no feature: help now, how pages look, leaving in a hurry,
//! and what to say when something goes wrong. All of them work for anybody.

mod appearance;
mod errors;
mod gallery;
mod help;
mod leave;

use axum::Router;
use axum::routing::get;

pub use appearance::AppearancePage;
pub use errors::{ErrorPage, Problem};
pub use gallery::GalleryPage;
pub use help::HelpPage;
pub(crate) use leave::away_from;
pub use leave::{AwayPage, LeavePage};

use crate::page::Site;
use crate::paths;

crate::views! { HelpPage, AppearancePage, ErrorPage, GalleryPage, LeavePage }

/// Routes of these pages. The gallery of components is there only in a made-up place.
pub(crate) fn routes(site: &Site) -> Router {
    let router = Router::new()
        .route(paths::HELP, get(help::show))
        .route(paths::APPEARANCE, get(appearance::show).post(appearance::save))
        .route(paths::LEAVE, get(leave::show))
        .route(paths::AWAY, get(leave::away));
    if site.settings().demo { router.route("/gallery", get(gallery::show)) } else { router }
}
