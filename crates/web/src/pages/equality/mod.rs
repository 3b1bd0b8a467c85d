//! Answers about equality: the person's own page to give, change or keep them back, and the
//! figures, for those who see how the partnership is doing.

mod figures;
mod mine;

use crate::app::routes::PARTNERSHIP;
use crate::app::{For, Routes};
use kith_access::Action;

pub use figures::EqualityFiguresPage;
pub use mine::EqualityPage;

crate::views! { EqualityPage, EqualityFiguresPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/mine/equality", For::People, Action::View, mine::show)
        .post("/mine/equality", For::People, Action::Contribute, mine::save)
        .get("/partnership/equality", PARTNERSHIP, Action::Aggregate, figures::show)
}
