//! My rights: the public page and its paper form, the person's own pages to ask and to see how
//! it goes, and the pages of those who answer, with the work behind a copy.

mod ask;
mod copy;
mod deal;
mod mine;
mod public;

use crate::app::{For, Routes};
use crate::pages::plan::Item;
use crate::paths;
use kith_access::Action;
use kith_domain::right::{AnswerWay, RightKind};

pub use ask::AskRightPage;
pub use copy::{CopyGoingView, CopyWorkView};
pub use deal::{RightView, RightsListView};
pub use mine::MyRightsPage;
pub use public::{RightsFormPage, RightsPage};

crate::views! { RightsPage, RightsFormPage, MyRightsPage, AskRightPage, RightsListView, RightView, CopyWorkView, CopyGoingView }

/// The routes of these pages.
pub fn routes() -> Routes {
    let (me, staff) = (For::People, For::Workers);
    Routes::new()
        .get(paths::RIGHTS, For::Anyone, Action::BrowseDirectory, public::show)
        .get("/my-rights/form", For::Anyone, Action::BrowseDirectory, public::form)
        .get("/mine/rights", me, Action::View, mine::show)
        .get("/mine/rights/ask/{kind}", me, Action::Contribute, ask::show_mine)
        .post("/mine/rights/ask/{kind}", me, Action::Contribute, ask::save_mine)
        .post("/mine/rights/{right}/back", me, Action::Contribute, mine::take_back)
        .get("/people/{person}/rights", staff, Action::Create, ask::show_for)
        .post("/people/{person}/rights", staff, Action::Create, ask::save_for)
        .get("/rights", staff, Action::View, deal::list)
        .get("/rights/{right}", staff, Action::View, deal::show)
        .post("/rights/{right}/{what}", staff, Action::Update, deal::save)
        .get("/rights/{right}/copy", staff, Action::View, copy::work)
        .post("/rights/{right}/copy/{item}", staff, Action::Update, copy::decide)
        .get("/rights/{right}/copy/paper", staff, Action::Disclose, copy::paper)
        .get("/rights/{right}/copy/file", staff, Action::Disclose, copy::file)
}

/// The ways an answer can come, to choose from.
fn ways() -> Vec<Item> {
    AnswerWay::ALL.iter().map(|w| Item::new(w.code(), w.title())).collect()
}

/// What each right is for, in a sentence.
fn about(kind: RightKind) -> &'static str {
    match kind {
        RightKind::Copy => "Everything a place keeps about you, in plain words. It is free.",
        RightKind::Wrong => {
            "Say what is wrong, or that you see it differently. Your words are kept beside theirs."
        }
        RightKind::CareComplaint => {
            "Something about your care was not right. It never makes your help worse."
        }
        RightKind::DataComplaint => "Your information was used or shared in a way that was not right.",
        RightKind::Advocate => "Someone who is on your side, and is not part of any service. It is free.",
        RightKind::Question => {
            "Who is responsible? Who could be made to hand this over? Ask anything about your information."
        }
    }
}
