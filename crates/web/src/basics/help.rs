//! Help now: the numbers of the place with a few words around them.

use serde::Serialize;

use crate::page::PageContext;
use crate::view::{Html, View, render};

/// The crisis help page. The numbers themselves come from the site.
#[derive(Debug, Serialize)]
pub struct HelpPage {}

impl View for HelpPage {
    const TEMPLATE: &'static str = "basics/help.html";

    fn title(&self) -> String {
        "Help now".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("ordinary", HelpPage {})]
    }
}

pub(super) async fn show(page: PageContext) -> Html {
    render(&page, &HelpPage {})
}
