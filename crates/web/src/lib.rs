//! Pages: routes, forms, view models and templates. Only this crate knows HTTP.
//!
//! Pages work without scripts: a link goes somewhere, a form posts. A handler is
//! short: take the form, call a use case, show a view. Nothing about care is decided
//! here.
//!
//! - [`shell`] puts every router into the same frame: security headers, limits, our
//!   own error pages, assets;
//! - [`page`] is what a page knows beside its content: the place, who is signed in,
//!   where they can go, how they like pages to look;
//! - [`view`] turns a typed view model into a page, and checks all of them;
//! - [`form`] reads what people type without losing or trusting it;
//! - [`text`] says days, distances and lists in plain words;
//! - [`basics`] are the pages that belong to no feature: help now, how pages look,
//!   leave, errors.
//!
//! # Adding a page
//!
//! 1. A view model: a `Serialize` struct with [`view::View`], and samples.
//! 2. A template below `templates/` that extends `layout/public.html`, `person.html`,
//!    `staff.html`, `receiver.html` or `partnership.html` and fills `block main`.
//! 3. A handler that takes a [`page::PageContext`] and ends with
//!    [`view::render`]`(&page, &view)`.
//! 4. `views! { MyPage }` in the module, and the module in [`registered_views`].
//!
//! The test over all registered views then draws every sample in every theme and
//! looks for what must never be on a page.

pub mod app;
pub mod assets;
pub mod basics;
#[cfg(test)]
mod contrast;
pub mod cookies;
pub mod crisis;
pub mod form;
pub mod open;
pub mod page;
pub mod pages;
pub mod paths;
pub mod shell;
pub mod templates;
pub mod text;
pub mod view;

pub use assets::{COMPONENTS_COMMAND, components_present};

/// Every view of the program, for the check over all pages. One line a module.
pub fn registered_views() -> Vec<view::Registered> {
    [basics::views(), app::answer::views(), pages::views()].into_iter().flatten().collect()
}
