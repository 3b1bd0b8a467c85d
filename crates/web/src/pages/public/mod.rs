//! Home, find support, a service, a group, who the partners are: for anybody. And finding
//! support from a person's need, for those who support them.

mod cards;
mod find;
mod home;
mod listing;
mod need;
mod used;

pub use find::FindPage;
pub use home::{HomePage, PartnersPage};
pub use listing::{GroupView, ServiceView};
pub use need::NeedFindPage;

use crate::app::{For, Oops, Routes};
use crate::paths;
use kith_access::Action;
use kith_care::CareError;

crate::views! { HomePage, PartnersPage, FindPage, ServiceView, GroupView, NeedFindPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::HOME, For::Anyone, Action::BrowseDirectory, home::show)
        .get("/partners", For::Anyone, Action::BrowseDirectory, home::partners)
        .get(paths::FIND, For::Anyone, Action::BrowseDirectory, find::show)
        .post(paths::FIND, For::Anyone, Action::BrowseDirectory, find::search)
        .get("/services/{id}", For::Anyone, Action::BrowseDirectory, listing::service)
        .get("/groups/{id}", For::Anyone, Action::BrowseDirectory, listing::group)
        .get("/people/{person}/needs/{need}/find", For::Workers, Action::View, need::show)
        .post("/people/{person}/needs/{need}/find", For::Workers, Action::View, need::search)
        .post("/people/{person}/needs/{need}/unmet", For::Workers, Action::Update, need::unmet)
}

/// An id out of an address; what is not one leads to nothing that is there.
pub(super) fn id<I: std::str::FromStr>(text: &str) -> Result<I, Oops> {
    text.parse().map_err(|_| Oops::from(CareError::Missing))
}
