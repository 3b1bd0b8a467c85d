//! What a use case refused, as a page. Only here are refusals given a status.

use crate::page::Site;
use crate::shell::Fault;
use crate::text::capitalised;
use crate::view::{View, render};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use serde::Serialize;

/// A handler's failure. Made from [`CareError`] by `?`.
#[derive(Debug)]
pub struct Oops(CareError);

impl From<CareError> for Oops {
    fn from(error: CareError) -> Oops {
        Oops(error)
    }
}

impl Oops {
    /// The refusal itself, for a handler that shows it beside its form.
    pub fn into_inner(self) -> CareError {
        self.0
    }

    /// The page for a form made before the session changed.
    pub fn out_of_date(site: &Site) -> Response {
        page(site, StatusCode::CONFLICT, &OUT_OF_DATE)
    }
}

const OUT_OF_DATE: Words = Words {
    heading: "This page is out of date",
    said: "You may have signed out, or signed in again in another window.",
    next: "Go back, load the page again, and send it once more. Nothing was changed.",
};

struct Words {
    heading: &'static str,
    said: &'static str,
    next: &'static str,
}

/// What could not be done, and what to do now.
#[derive(Debug, Serialize)]
pub struct RefusedPage {
    heading: String,
    said: String,
    next: String,
}

impl View for RefusedPage {
    const TEMPLATE: &'static str = "app/refused.html";
    fn title(&self) -> String {
        self.heading.clone()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |said: &str| RefusedPage {
            heading: "We could not do that".into(),
            said: said.into(),
            next: "Go back and try another way.".into(),
        };
        vec![
            ("ordinary", sample("A next date can be at most 28 days ahead.")),
            ("empty", sample("")),
            ("longest", sample(&"The service is full. ".repeat(40))),
            ("difficult", sample("<b>\"quoted\" & 'odd'</b>")),
        ]
    }
}

crate::views! { RefusedPage, super::again::AgainPage }

fn page(site: &Site, status: StatusCode, words: &Words) -> Response {
    let view =
        RefusedPage { heading: words.heading.into(), said: words.said.into(), next: words.next.into() };
    let page = site.page(&HeaderMap::new(), &Uri::from_static("/"));
    render(&page, &view).with_status(status).into_response()
}

/// A page with what could not be done and what to do now.
pub(crate) fn refused_page(
    page: &crate::page::PageContext,
    status: StatusCode,
    heading: &str,
    said: &str,
    next: &str,
) -> Response {
    let view = RefusedPage { heading: heading.into(), said: said.into(), next: next.into() };
    render(page, &view).with_status(status).into_response()
}

impl IntoResponse for Oops {
    fn into_response(self) -> Response {
        let refused = |said: String, status: StatusCode| {
            let mut response = status.into_response();
            response.extensions_mut().insert(Refusal(said));
            response
        };
        match self.0 {
            CareError::Missing => StatusCode::NOT_FOUND.into_response(),
            CareError::SignIn => sign_in(),
            CareError::Forbidden(said) => refused(said, StatusCode::FORBIDDEN),
            error @ CareError::SignInAgain => {
                let mut response = refused(error.to_string(), StatusCode::FORBIDDEN);
                response.extensions_mut().insert(super::again::Wanted);
                response
            }
            CareError::Refused(said) => refused(said, StatusCode::UNPROCESSABLE_ENTITY),
            CareError::Fields(problems) => {
                let said = problems.into_iter().map(|p| p.problem).collect::<Vec<_>>().join(" ");
                refused(said, StatusCode::UNPROCESSABLE_ENTITY)
            }
            error @ (CareError::Conflict { .. } | CareError::OutOfDate) => {
                refused(format!("{}.", capitalised(&error.to_string())), StatusCode::CONFLICT)
            }
            CareError::Fault(fault) => Fault::new(&fault).into_response(),
        }
    }
}

/// To the sign-in page; what was typed is carried on where it can be ([`super::carried`]).
pub(super) fn sign_in() -> Response {
    let mut response = Redirect::to(crate::paths::SIGN_IN).into_response();
    response.extensions_mut().insert(super::carried::SignedOut);
    response
}

/// The words of a refusal, on their way to the layer that knows the site.
#[derive(Clone)]
struct Refusal(String);

/// Puts the words of a refusal on a page.
pub(super) fn dress(
    site: &Site,
    page: Option<crate::page::PageContext>,
    posted: bool,
    response: Response,
) -> Response {
    let Some(Refusal(said)) = response.extensions().get::<Refusal>().cloned() else { return response };
    let status = response.status();
    let heading = match status {
        StatusCode::FORBIDDEN => "This is not open to you here",
        StatusCode::CONFLICT => "Someone else was here first",
        _ => "We could not do that",
    };
    let view = RefusedPage {
        heading: heading.into(),
        said,
        next: match posted {
            true => "Nothing was changed. Go back and look before you send it again.",
            false => "Nothing was changed. Go back, or open another page.",
        }
        .into(),
    };
    let page = page.unwrap_or_else(|| site.page(&HeaderMap::new(), &Uri::from_static("/")));
    render(&page, &view).with_status(status).into_response()
}
