//! How pages look: a plain form that sets a cookie with the theme and text size.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::cookies::Cookie;
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::{Appearance, PageContext, Theme};
use crate::paths;
use crate::view::{Html, View, render};

/// The form with the themes and the text size.
#[derive(Debug, Serialize)]
pub struct AppearancePage {
    /// Values and problems.
    pub form: Filled,
    /// The themes to choose from.
    pub themes: Vec<ThemeChoice>,
    /// Where to go afterwards: a path of ours.
    pub back: String,
}

/// One theme of the form.
#[derive(Debug, Serialize)]
pub struct ThemeChoice {
    /// The stored form.
    pub value: &'static str,
    /// Its name.
    pub text: &'static str,
    /// What it is like.
    pub hint: &'static str,
}

impl AppearancePage {
    fn new(form: Filled, back: &str, nhs_host: bool) -> AppearancePage {
        let themes = Theme::ALL
            .into_iter()
            .filter(|theme| nhs_host || *theme != Theme::Nhs)
            .map(|theme| ThemeChoice { value: theme.code(), text: theme.title(), hint: theme.description() })
            .collect();
        AppearancePage { form, themes, back: path_of_ours(back).to_owned() }
    }
}

impl View for AppearancePage {
    const TEMPLATE: &'static str = "basics/appearance.html";

    fn title(&self) -> String {
        "How pages look".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let filled = |theme: &str| Filled::with([("theme", theme), ("large", "yes")]);
        let wrong = Filled::of(
            &FormData::from_text("theme=plaid"),
            &FormErrors::one("theme", "Choose how pages look again. That answer is not one of the list."),
        );
        vec![
            ("ordinary", AppearancePage::new(filled("neutral"), "/today", false)),
            ("empty", AppearancePage::new(Filled::blank(), "", true)),
            ("difficult", AppearancePage::new(wrong, "//elsewhere.example", true)),
        ]
    }
}

#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    back: String,
}

pub(super) async fn show(page: PageContext, Query(query): Query<Back>) -> Html {
    let mut form = Filled::with([("theme", page.appearance.theme.code())]);
    if page.appearance.large {
        form.set("large", "yes");
    }
    let view = AppearancePage::new(form, &query.back, page.site().settings().nhs_host);
    render(&page, &view)
}

pub(super) async fn save(page: PageContext, form: FormData) -> Response {
    let nhs_host = page.site().settings().nhs_host;
    let mut read = Reader::new(&form);
    let allowed = |theme: &Theme| nhs_host || *theme != Theme::Nhs;
    let theme = read.required_choice("theme", "how pages look", |code| Theme::parse(code).filter(allowed));
    let back = form.value("back").unwrap_or_default();
    let Some(theme) = theme else {
        let view = AppearancePage::new(Filled::of(&form, read.errors()), back, nhs_host);
        return render(&page, &view).into_response();
    };
    let look = Appearance { theme, large: read.ticked("large") };
    let mut response = Redirect::to(path_of_ours(back)).into_response();
    Cookie::Look.give(page.site(), &look.cookie_value(), response.headers_mut());
    response
}

/// The path if it is one of ours, else the front page: never a way to be sent
/// somewhere else.
fn path_of_ours(path: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    if path.starts_with('/') && !path.starts_with("//") && path.chars().all(plain) {
        path
    } else {
        paths::HOME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_paths_are_gone_back_to() {
        assert_eq!(path_of_ours("/people/0192-a/plan"), "/people/0192-a/plan");
        for elsewhere in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "people"]
        {
            assert_eq!(path_of_ours(elsewhere), "/", "{elsewhere}");
        }
    }
}
