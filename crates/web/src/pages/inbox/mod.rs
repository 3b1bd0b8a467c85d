//! Requests to us: the receiving organisation, with or without an account.

mod act;
mod already;
mod knows;
mod link;
mod list;
mod request;
mod services;

use crate::app::{For, Routes};
use kith_access::Action;

crate::views! {
    list::InboxPage, request::RequestPage, act::AnswerPage, already::AlreadyPage, knows::KnowsPage, link::LandingPage, link::DonePage, services::ServicesPage,
    services::SpacePage,
}

/// The routes of these pages.
pub fn routes() -> Routes {
    let answer = Action::AnswerReferral;
    Routes::new()
        .get("/inbox", For::Workers, Action::View, list::show)
        .get("/inbox/{referral}", For::Workers, Action::View, request::show)
        .get("/inbox/{referral}/knows", For::Workers, answer, knows::show)
        .post("/inbox/{referral}/knows", For::Workers, answer, knows::save)
        .get("/inbox/{referral}/{act}", For::Workers, answer, act::show)
        .post("/inbox/{referral}/{act}", For::Workers, answer, act::save)
        .get("/our-services", For::Workers, Action::BrowseDirectory, services::show)
        .get("/our-services/{service}", For::Workers, Action::SetCapacity, services::one)
        .post("/our-services/{service}", For::Workers, Action::SetCapacity, services::save)
        .get("/link/{token}", For::Anyone, Action::ViewPacket, link::landing)
        .post("/link/{token}", For::Anyone, Action::ViewPacket, link::open)
        .get("/link/request", For::LinkHolders, Action::ViewPacket, link::request)
        .get(link::SPACE, For::LinkHolders, Action::SetCapacity, link::space)
        .post(link::SPACE, For::LinkHolders, Action::SetCapacity, link::save_space)
        .get("/link/request/{act}", For::LinkHolders, answer, link::act)
        .post("/link/request/{act}", For::LinkHolders, answer, link::save)
        .get("/link/done", For::Anyone, Action::BrowseDirectory, link::done)
}
