//! A person's own pages: one main thing each, plain words, nothing that has to be
//! remembered. And, for whoever helps them, the code and the plan on paper.

mod ask;
mod code;
mod dates;
mod easy;
mod emergency;
mod front;
mod line;
mod paper;
mod plan;
mod referrals;
mod stop;
mod words;

use crate::app::routes::NAVIGATING;
use crate::app::{For, Routes};
use crate::paths;
use kith_access::Action;

pub use ask::AskView;
pub use code::{CodePage, SlipPage};
pub use dates::DatesPage;
pub use easy::EasyPage;
pub use emergency::EmergencyWishPage;
pub use front::FrontPage;
pub use line::LinePage;
pub(crate) use paper::qr_path;
pub use paper::{PaperAskPage, PaperPlanPage, PaperRefusedPage};
pub use plan::PlanPage;
pub use referrals::{ReferralsPage, StopReferralPage};
pub use stop::{StopDonePage, StopPage};
pub use words::WordsPage;

crate::views! {
    FrontPage, PlanPage, LinePage, WordsPage, EmergencyWishPage, ReferralsPage, DatesPage, StopReferralPage, StopPage, StopDonePage, PaperPlanPage,
    PaperRefusedPage, PaperAskPage, EasyPage, CodePage, SlipPage
}

/// The routes of these pages.
pub fn routes() -> Routes {
    let me = For::People;
    Routes::new()
        .get(paths::MINE, me, Action::ViewReferralStatus, front::show)
        .get("/mine/plan", me, Action::View, plan::show)
        .get("/mine/plan/said", me, Action::View, plan::said)
        .get("/mine/plan/print", me, Action::Print, paper::show_mine)
        .post("/mine/plan/print", me, Action::Print, paper::say_safe)
        .get("/mine/plan/{record}/{line}/add", me, Action::Contribute, line::add)
        .post("/mine/plan/{record}/{line}/add", me, Action::Contribute, line::save_add)
        .get("/mine/plan/{record}/{line}/differently", me, Action::Contribute, line::differently)
        .post("/mine/plan/{record}/{line}/differently", me, Action::Contribute, line::save_differently)
        .get("/mine/words", me, Action::Contribute, words::show)
        .post("/mine/words", me, Action::Contribute, words::save)
        .get("/mine/emergency", me, Action::Contribute, emergency::show)
        .post("/mine/emergency", me, Action::Contribute, emergency::save)
        .get("/mine/referrals", me, Action::ViewReferralStatus, referrals::show)
        .get("/mine/referrals/{referral}/dates", me, Action::Contribute, dates::show)
        .post("/mine/referrals/{referral}/dates", me, Action::Contribute, dates::save)
        .post("/mine/referrals/{referral}/dates/none", me, Action::Contribute, dates::save_none)
        .get("/mine/referrals/{referral}/stop", me, Action::StopSharing, referrals::ask_stop)
        .post("/mine/referrals/{referral}/stop", me, Action::StopSharing, referrals::stop)
        .get("/mine/stop", me, Action::StopSharing, stop::show)
        .post("/mine/stop", me, Action::StopSharing, stop::save)
        .get("/mine/stop/{what}", me, Action::StopSharing, stop::done)
        .get("/people/{person}/code", NAVIGATING, Action::Update, code::show)
        .post("/people/{person}/code", NAVIGATING, Action::Update, code::make)
        .get("/people/{person}/plan/print", For::Workers, Action::Print, paper::ask)
        .post("/people/{person}/plan/print", For::Workers, Action::Print, paper::record)
        .get("/people/{person}/plan/print/copy", For::Workers, Action::Print, paper::copy)
}
