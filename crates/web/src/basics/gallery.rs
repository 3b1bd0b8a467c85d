//! Every component and field on one page, to look at in each theme. Only in a made-up
//! place.

use axum::http::StatusCode;
use serde::Serialize;

use crate::form::{Filled, FormData, FormErrors};
use crate::page::PageContext;
use crate::view::{Html, View, render};

/// The components with something in them.
#[derive(Debug, Serialize)]
pub struct GalleryPage {
    /// A form with values and problems.
    pub form: Filled,
    /// The six areas of life.
    pub areas: Vec<AreaName>,
    /// Somebody's own words.
    pub words: String,
}

/// An area as templates know it.
#[derive(Debug, Serialize)]
pub struct AreaName {
    /// `housing`.
    pub code: &'static str,
    /// "Housing".
    pub title: &'static str,
}

impl GalleryPage {
    fn new(form: Filled, words: &str) -> GalleryPage {
        let areas = kith_domain::area::Area::SIX;
        GalleryPage {
            form,
            areas: areas.iter().map(|area| AreaName { code: area.code(), title: area.title() }).collect(),
            words: words.into(),
        }
    }

    fn with_problems() -> GalleryPage {
        let mut errors = FormErrors::one("name", "Enter the name they like to be called.");
        errors.add_at(
            "next",
            "next-month",
            "The month for the next date is a number from 1 to 12, or its name.",
        );
        errors.add("area", "Choose at least one area.");
        let typed = FormData::from_text(
            "note=Somewhere+dry%0Aand+get+my+money+back&next-day=24&next-month=13&next-year=2026&size=small",
        );
        GalleryPage::new(Filled::of(&typed, &errors), "Somewhere dry.\n\nGet my money back.")
    }
}

impl View for GalleryPage {
    const TEMPLATE: &'static str = "basics/gallery.html";

    fn title(&self) -> String {
        "Gallery".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let long = "A very long line without any place to break it: ".to_owned() + &"w".repeat(400);
        vec![
            (
                "ordinary",
                GalleryPage::new(Filled::with([("name", "Badger"), ("area", "housing")]), "Somewhere dry."),
            ),
            ("empty", GalleryPage::new(Filled::blank(), "")),
            (
                "longest",
                GalleryPage::new(Filled::with([("note", long.clone()), ("name", long.clone())]), &long),
            ),
            ("difficult", GalleryPage::with_problems()),
            (
                "markup",
                GalleryPage::new(
                    Filled::with([("name", "\"><script>alert(1)</script>")]),
                    "<img src=x onerror=y>",
                ),
            ),
        ]
    }
}

pub(super) async fn show(page: PageContext) -> Html {
    render(&page, &GalleryPage::with_problems()).with_status(StatusCode::OK)
}
