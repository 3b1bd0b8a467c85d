//! View models: one typed value per page, and the function that makes it HTML.
//!
//! A page has one view type. Templates choose nothing; dates, plurals and colours are
//! ready in the view. Each view offers sample values (ordinary, empty, longest,
//! difficult), and a test renders every registered view with every sample and looks
//! for what must never be on a page ([`check`]).

pub mod check;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::form::FormErrors;
use crate::page::PageContext;
use crate::templates::{self, to_value};

/// What a page shows.
pub trait View: Serialize + Sized {
    /// The template, below `crates/web/templates/`.
    const TEMPLATE: &'static str;

    /// The page title. It is kept in the browser's history, so it names no illness
    /// and, on pages of a person, nobody.
    fn title(&self) -> String;

    /// Named values to try the template with: ordinary, empty, longest, difficult.
    fn samples() -> Vec<(&'static str, Self)>;

    /// Errors of the form on the page, if it has one: they make the summary and
    /// put "Error" before the title.
    fn errors(&self) -> Option<&FormErrors> {
        None
    }
}

/// A finished page.
#[derive(Clone, Debug)]
pub struct Html {
    /// The status to answer with.
    pub status: StatusCode,
    /// The whole document.
    pub text: String,
}

impl Html {
    /// The same page with another status.
    pub fn with_status(mut self, status: StatusCode) -> Html {
        self.status = status;
        self
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        (self.status, [(header::CONTENT_TYPE, kind)], self.text).into_response()
    }
}

/// Renders a view. A form with errors answers 422, so that programs can tell; the
/// reader sees the same page. A template that fails is our fault: the reader gets the
/// apology, the log the cause (which names the template, never a value).
pub fn render<V: View>(page: &PageContext, view: &V) -> Html {
    match try_render(page, view) {
        Ok(text) => {
            let failed = view.errors().is_some_and(|errors| !errors.is_empty());
            let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Html { status, text }
        }
        Err(error) => {
            tracing::error!(template = V::TEMPLATE, line = error.line(), kind = ?error.kind(), "page could not be drawn");
            crate::shell::apology_page(page.site(), page.appearance)
        }
    }
}

/// Renders a view or says why not.
pub fn try_render<V: View>(page: &PageContext, view: &V) -> Result<String, minijinja::Error> {
    let errors = view.errors().filter(|errors| !errors.is_empty());
    let context = minijinja::context! {
        site => page.site().template_value(),
        page => page.template_value(),
        title => view.title(),
        errors => to_value(errors),
        view => to_value(view),
    };
    templates::environment().get_template(V::TEMPLATE)?.render(context)
}

/// What the template engine said, down to the first cause.
pub fn explain(error: &minijinja::Error) -> String {
    let mut said = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        said = format!("{said}: {cause}");
        next = cause.source();
    }
    said
}

/// A view that the check over all pages knows.
pub struct Registered {
    /// The type's name, for messages.
    pub name: &'static str,
    /// The template.
    pub template: &'static str,
    /// Draws each sample: its name, its serialised value, the page.
    pub draw: fn(&PageContext) -> Vec<Drawn>,
}

/// One sample, drawn.
pub struct Drawn {
    /// The sample's name.
    pub sample: &'static str,
    /// The view as the template sees it.
    pub value: serde_json::Value,
    /// The page, or what the template engine said.
    pub html: Result<String, String>,
}

/// Makes a view known to the check over all pages. Called by [`views!`](crate::views).
pub fn register<V: View>() -> Registered {
    Registered {
        name: std::any::type_name::<V>(),
        template: V::TEMPLATE,
        draw: |page| {
            V::samples()
                .into_iter()
                .map(|(sample, view)| Drawn {
                    sample,
                    value: serde_json::to_value(&view).unwrap_or_default(),
                    html: try_render(page, &view).map_err(|error| explain(&error)),
                })
                .collect()
        },
    }
}

/// Lists the views of a module: `views! { TodayPage, PersonPage }` makes
/// `pub fn views() -> Vec<Registered>`; add the call to `pages::views()`.
#[macro_export]
macro_rules! views {
    ($($view:ty),* $(,)?) => {
        /// The views of this module, for the check over all pages.
        pub fn views() -> Vec<$crate::view::Registered> {
            vec![$($crate::view::register::<$view>()),*]
        }
    };
}
