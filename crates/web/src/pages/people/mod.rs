//! People I support, adding someone, and a person's page.

mod add;
mod adjustments;
mod apart;
mod close;
mod details;
mod disclose;
mod keep;
mod life;
mod list;
mod marks;
mod message;
mod note;
mod person;
mod reference;
mod safe;
mod sealed;
mod story;
mod taking_out;

use crate::app::routes::NAVIGATING;
use crate::app::{For, Routes};
use crate::paths;
use kith_access::Action;

pub use add::AddPage;
pub use adjustments::AdjustmentsPage;
pub use apart::ApartView;
pub use close::ClosePageView;
pub use details::DetailsPage;
pub use disclose::DisclosePage;
pub use keep::KeepPage;
pub use life::{DiedPage, LifePage};
pub use list::PeoplePage;
pub use marks::MarksPage;
pub(crate) use marks::{began, category_items, kept, level_items, read_marks, tags};
pub use message::MessagePage;
pub use note::NotePage;
pub use person::PersonView;
pub use reference::ReferencePage;
pub use safe::SafePage;
pub use sealed::SealedPage;
pub use taking_out::{TakeOutPage, TakingOutPage};

crate::views! {
    PeoplePage, AddPage, AdjustmentsPage, PersonView, DetailsPage, SafePage, NotePage, LifePage, DiedPage,
    MessagePage, ReferencePage, MarksPage, SealedPage, ClosePageView, TakeOutPage, TakingOutPage, KeepPage, ApartView, DisclosePage
}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::PEOPLE, For::Workers, Action::SeeName, list::show)
        .get("/people/add", NAVIGATING, Action::AddPerson, add::show)
        .post("/people/add", NAVIGATING, Action::AddPerson, add::save)
        .get("/reference", For::Workers, Action::View, reference::show)
        .post("/reference", For::Workers, Action::View, reference::find)
        .get("/people/{person}", For::Workers, Action::View, person::show)
        .get("/people/{person}/details", For::Workers, Action::Update, details::show)
        .post("/people/{person}/details", For::Workers, Action::Update, details::save)
        .get("/people/{person}/adjustments", For::Workers, Action::Update, adjustments::show)
        .post("/people/{person}/adjustments", For::Workers, Action::Update, adjustments::save)
        .get("/people/{person}/safe-contact", For::Workers, Action::Update, safe::show)
        .post("/people/{person}/safe-contact", For::Workers, Action::Update, safe::save)
        .get("/people/{person}/note", For::Workers, Action::Create, note::show)
        .post("/people/{person}/note", For::Workers, Action::Create, note::save)
        .get("/people/{person}/notes/{note}", For::Workers, Action::Amend, marks::show)
        .post("/people/{person}/notes/{note}", For::Workers, Action::Amend, marks::save_open)
        .get("/people/{person}/notes/{note}/take-out", For::Workers, Action::Amend, taking_out::show)
        .post("/people/{person}/notes/{note}/take-out", For::Workers, Action::Amend, taking_out::save)
        .get("/people/{person}/taking-out/{message}", For::Workers, Action::View, taking_out::show_asked)
        .post("/people/{person}/taking-out/{message}", For::Workers, Action::Amend, taking_out::save_asked)
        .get("/people/{person}/sealed", For::Workers, Action::View, sealed::show)
        .post("/people/{person}/sealed", For::Workers, Action::Seal, sealed::save)
        .get("/people/{person}/sealed/{note}", For::Workers, Action::View, marks::show_sealed)
        .post("/people/{person}/sealed/{note}", For::Workers, Action::Seal, marks::save_sealed)
        .get("/people/{person}/close", For::Workers, Action::View, close::show)
        .post("/people/{person}/close", For::Workers, Action::StopSharing, close::save)
        .post("/people/{person}/close/{worker}/not", For::Workers, Action::Update, close::save_not)
        .get("/mine/sealed", For::People, Action::View, sealed::mine)
        .get("/people/{person}/life", NAVIGATING, Action::Update, life::show)
        .post("/people/{person}/life", NAVIGATING, Action::Update, life::save)
        .get("/people/{person}/apart", For::Workers, Action::Update, apart::show)
        .post("/people/{person}/apart", For::Workers, Action::Update, apart::save)
        .get("/people/{person}/disclose", For::Workers, Action::Create, disclose::show)
        .post("/people/{person}/disclose", For::Workers, Action::Create, disclose::save)
        .get("/people/{person}/keep", NAVIGATING, Action::Update, keep::show)
        .post("/people/{person}/keep", NAVIGATING, Action::Update, keep::save)
        .get("/people/{person}/messages/{message}", For::Workers, Action::View, message::show)
        .post("/people/{person}/messages/{message}", For::Workers, Action::Update, message::save)
}

/// The path of a person's page.
pub fn path_of(person: impl std::fmt::Display) -> String {
    format!("{}/{person}", paths::PEOPLE)
}
