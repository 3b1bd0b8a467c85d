//! A code on paper, and the word the person chose to go with it.

use super::with_cookie;
use crate::app::{App, Asking, Oops, Posted};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::paths;
use crate::view::{Html, View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kith_care::CareError;
use serde::Serialize;

/// The page for a code on paper.
#[derive(Debug, Serialize)]
pub struct PaperPage {
    form: Filled,
}

impl View for PaperPage {
    const TEMPLATE: &'static str = "sign_in/paper.html";

    fn title(&self) -> String {
        "Use your code".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let wrong = FormErrors::one("code", "That code does not work. Ask your navigator for a new one.");
        vec![
            ("empty", PaperPage { form: Filled::blank() }),
            ("ordinary", PaperPage { form: Filled::with([("code", "4F7K-9QXM-2B3C")]) }),
            ("difficult", PaperPage { form: Filled::of(&FormData::from_text("code=%3Cb%3E"), &wrong) }),
        ]
    }
}

pub(super) async fn show(page: PageContext) -> Html {
    render(&page, &PaperPage { form: Filled::blank() })
}

pub(super) async fn sign_in(
    State(app): State<App>,
    Asking(visitor): Asking,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let code = read.required_text("code", TextRule::line("the code on your paper").max(40));
    let word = read.optional_text("word", TextRule::line("your word").max(100)).unwrap_or_default();
    let again = |errors: &FormErrors| {
        let kept = FormData::from_pairs([("code", form.data.value("code").unwrap_or_default())]);
        Ok(render(&page, &PaperPage { form: Filled::of(&kept, errors) }).into_response())
    };
    let (Some(code), true) = (code, read.is_ok()) else { return again(read.errors()) };
    let visitor = kith_care::sign_in::Visitor { shared: read.ticked("shared"), ..visitor };
    match app.kith.sign_in_with_paper(&code, &word, &visitor, app.now()).await {
        Ok(session) => Ok(with_cookie(&app.site, &session.cookie, paths::MINE)),
        Err(CareError::Refused(why)) => again(&FormErrors::one("code", why)),
        Err(other) => Err(other.into()),
    }
}
