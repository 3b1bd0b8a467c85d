//! A code on paper: asked for, and shown once on a slip to cut out.

use super::paper::qr_path;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kith_care::CareError;
use kith_care::mine::code::Made;
use kith_domain::id::PersonId;
use kith_domain::may_send::NotSafe;
use serde::Serialize;

/// Asking for a code, or why there can be none.
#[derive(Debug, Serialize)]
pub struct CodePage {
    path: String,
    called: String,
    form: Filled,
    not_safe: Option<(String, String)>,
    made_before: bool,
}

/// The slip.
#[derive(Debug, Serialize)]
pub struct SlipPage {
    path: String,
    code: String,
    with_word: bool,
    until: String,
    address: String,
    qr: String,
    qr_size: usize,
}

fn words_of(why: NotSafe) -> (String, String) {
    (why.words, why.what_to_do)
}

async fn asked(
    app: &App,
    who: &kith_care::Principal,
    person: PersonId,
    form: Filled,
    made_before: bool,
) -> Result<CodePage, Oops> {
    let data = app.kith.for_code(who, person).await?;
    Ok(CodePage {
        path: format!("/people/{person}"),
        called: data.called,
        form,
        not_safe: data.not_safe.map(words_of),
        made_before,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &asked(&app, &who, person, Filled::blank(), false).await?).into_response())
}

pub(super) async fn make(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let word = read.optional_text("word", TextRule::line("their word").max(60));
    let again = async |errors: &FormErrors| -> Result<Response, Oops> {
        // The word is theirs: it is never sent back to the page.
        let filled = Filled::of(&FormData::from_text(""), errors);
        Ok(render(&page, &asked(&app, &who, person, filled, false).await?).into_response())
    };
    if !read.is_ok() {
        return again(read.errors()).await;
    }
    match app.kith.give_code(&who, person, word.as_deref(), form.submission).await {
        Ok(Made::Code { code, with_word, until }) => {
            let slip = SlipPage::new(person, code, with_word, text::full_day(until), &page);
            let mut response = render(&page, &slip).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Ok(Made::Before) => {
            Ok(render(&page, &asked(&app, &who, person, Filled::blank(), true).await?).into_response())
        }
        Err(CareError::Fields(problems)) => {
            let mut errors = FormErrors::new();
            for p in problems {
                errors.add(&p.field, p.problem);
            }
            again(&errors).await
        }
        Err(other) => Err(other.into()),
    }
}

impl SlipPage {
    fn new(person: PersonId, code: String, with_word: bool, until: String, page: &PageContext) -> SlipPage {
        let address = format!("{}/code", page.site().settings().public_url.trim_end_matches('/'));
        let (qr_size, qr) = qr_path(&address);
        let short = address.split_once("://").map_or(address.clone(), |(_, rest)| rest.to_owned());
        SlipPage { path: format!("/people/{person}"), code, with_word, until, address: short, qr, qr_size }
    }
}

impl View for CodePage {
    const TEMPLATE: &'static str = "mine/code.html";

    fn title(&self) -> String {
        "A code on paper".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: &str, form, not_safe| CodePage {
            path: "/people/x".into(),
            called: called.into(),
            form,
            not_safe,
            made_before: false,
        };
        let why = ("Paper is not known to be safe for them.".to_owned(), "Ask them.".to_owned());
        let wrong = FormErrors::one("word", "Choose a longer word. It needs at least 4 letters.");
        vec![
            ("ordinary", CodePage { made_before: true, ..page("Badger", Filled::blank(), None) }),
            ("empty", page("Badger", Filled::blank(), Some(why))),
            ("difficult", page("<b>x</b>", Filled::of(&FormData::from_text(""), &wrong), None)),
        ]
    }
}

impl View for SlipPage {
    const TEMPLATE: &'static str = "mine/slip.html";

    fn title(&self) -> String {
        "A code on paper".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let (qr_size, qr) = qr_path("http://localhost:8417/code");
        let page = |with_word| SlipPage {
            path: "/people/x".into(),
            code: "4F7K-9QXM-2B3C".into(),
            with_word,
            until: "1 December 2026".into(),
            address: "localhost:8417/code".into(),
            qr: qr.clone(),
            qr_size,
        };
        vec![("ordinary", page(true)), ("empty", page(false))]
    }
}
