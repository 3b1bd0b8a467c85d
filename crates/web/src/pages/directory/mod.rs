//! Keeping the directory true: what people say is not right, services that may be one, how good each
//! entry is, putting one right, and the page that whoever runs it opens from the link they were sent.

mod by_link;
mod correct;
mod coverage;
mod days;
mod history;
mod quality;
mod queue;
mod twins;

pub use by_link::{ByLinkPage, ThanksPage};
pub use correct::CorrectPage;
pub use coverage::CoveragePage;
pub use days::DaysPage;
pub use history::HistoryPage;
pub use quality::QualityPage;
pub use queue::{QuestionPage, QueuePage};
pub use twins::{TwinPage, TwinsPage};

use crate::app::{For, Routes};
use kith_access::Action;
use kith_domain::organisation::WorkRole;

crate::views! {
    QueuePage, QuestionPage, TwinsPage, TwinPage, CorrectPage, ByLinkPage, ThanksPage, HistoryPage, QualityPage,
    CoveragePage, DaysPage
}

/// Who keeps every entry of the directory (rule D6).
const KEEPERS: For = For::Roles(&[WorkRole::PartnershipManager]);

/// The routes of these pages.
pub fn routes() -> Routes {
    let (keep, browse) = (Action::KeepListing, Action::BrowseDirectory);
    Routes::new()
        .get("/directory", KEEPERS, keep, queue::show)
        .get("/directory/questions/{question}", KEEPERS, keep, queue::one)
        .post("/directory/questions/{question}/settle", KEEPERS, keep, queue::settle)
        .post("/directory/questions/{question}/move", KEEPERS, keep, queue::another_day)
        .get("/directory/twins", KEEPERS, keep, twins::list)
        .get("/directory/twins/{service}/{other}", KEEPERS, keep, twins::show)
        .post("/directory/twins/{service}/{other}", KEEPERS, keep, twins::say)
        .post("/directory/joined/{question}/undo", KEEPERS, keep, twins::undo)
        .get("/directory/quality", KEEPERS, keep, quality::show)
        .get("/directory/coverage", KEEPERS, Action::Aggregate, coverage::show)
        .post("/services/{service}/not-right", For::Workers, browse, queue::doubt_service)
        .post("/groups/{group}/not-right", For::Workers, browse, queue::doubt_group)
        .get("/services/{service}/history", For::Workers, browse, history::service)
        .get("/groups/{group}/history", For::Workers, browse, history::group)
        .get("/services/{service}/correct", For::Workers, keep, correct::service)
        .post("/services/{service}/correct", For::Workers, keep, correct::save_service)
        .get("/groups/{group}/correct", For::Workers, keep, correct::group)
        .post("/groups/{group}/correct", For::Workers, keep, correct::save_group)
        .get("/groups/{group}/days", For::Workers, keep, days::show)
        .post("/groups/{group}/days/off", For::Workers, keep, days::off)
        .post("/groups/{group}/days/on", For::Workers, keep, days::on)
        .post("/groups/{group}/days/came", For::Workers, keep, days::came)
        .get("/check-listing/{question}/{link}", For::Anyone, browse, by_link::show)
        .post("/check-listing/{question}/{link}", For::Anyone, browse, by_link::answer)
}

/// A number of things, for words.
fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
