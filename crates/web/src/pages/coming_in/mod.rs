//! Asking for help, and what the navigator team does with it.

pub(in crate::pages) mod answer;
mod ask;

pub use answer::RequestPage;
pub(in crate::pages) use ask::worker_words;
pub use ask::{AskPage, SentPage, WhoForPage};

use crate::app::{For, Routes};
use crate::paths;
use kith_access::Action;

crate::views! { WhoForPage, AskPage, SentPage, RequestPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::ASK, For::Anyone, Action::AskForHelp, ask::who_for)
        .get("/ask-for-help/for-me", For::Anyone, Action::AskForHelp, ask::for_me)
        .post("/ask-for-help/for-me", For::Anyone, Action::AskForHelp, ask::send_for_me)
        .get("/ask-for-help/for-someone", For::Anyone, Action::AskForHelp, ask::for_someone)
        .post("/ask-for-help/for-someone", For::Anyone, Action::AskForHelp, ask::send_for_someone)
        .get("/ask-for-help/as-a-worker", For::Anyone, Action::AskForHelp, ask::as_a_worker)
        .post("/ask-for-help/as-a-worker", For::Anyone, Action::AskForHelp, ask::send_as_a_worker)
        .get("/ask-for-help/sent/{id}", For::Anyone, Action::AskForHelp, ask::sent)
        .get("/coming-in/{id}", For::Workers, Action::View, answer::show)
        .post("/coming-in/{id}/take-up", For::Workers, Action::AddPerson, answer::take_up)
        .post("/coming-in/{id}/close", For::Workers, Action::Update, answer::close)
        .post("/coming-in/{id}/told", For::Workers, Action::Update, answer::told)
        .post("/coming-in/{id}/not-told", For::Workers, Action::Update, answer::not_told)
}
