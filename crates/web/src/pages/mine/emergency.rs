//! What I want in an emergency: said beforehand, read first by whoever opens my plan then.

use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

/// What I want in an emergency.
#[derive(Debug, Serialize)]
pub struct EmergencyWishPage {
    said: Option<String>,
    form: Filled,
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    let mine = app.kith.my_emergency(&who).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let mut form = Filled::blank();
    let wish = mine.wish.as_ref();
    for (name, value) in
        [("words", wish.and_then(|w| w.words.clone())), ("not_call", wish.and_then(|w| w.not_call.clone()))]
    {
        if let Some(value) = value {
            form.set(name, value);
        }
    }
    if mine.said_no {
        form.set("no", "yes");
    }
    let said = wish.map(|w| text::day_and_relative(calendar.day(w.said_at), today));
    Ok(render(&page, &EmergencyWishPage { said, form }).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.optional_text("words", TextRule::lines("what helps you").max(1500));
    let not_call = read.optional_text("not_call", TextRule::lines("whom not to call").max(500));
    let said_no = read.ticked("no");
    if !read.is_ok() {
        let form = Filled::of(&form.data, read.errors());
        return Ok(render(&page, &EmergencyWishPage { said: None, form }).into_response());
    }
    let to = app.kith.say_emergency(&who, (words, not_call, said_no), form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

impl View for EmergencyWishPage {
    const TEMPLATE: &'static str = "mine/emergency.html";
    fn title(&self) -> String {
        "In an emergency".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |said: Option<&str>, form| EmergencyWishPage { said: said.map(str::to_owned), form };
        let wrong = FormErrors::one("words", "Write less than 1,500 letters.");
        let filled = [("words", "Speak slowly. Ring Dee. Leave the light on."), ("not_call", "My father")];
        vec![
            ("ordinary", page(Some("yesterday"), Filled::with(filled))),
            ("empty", page(None, Filled::blank())),
            (
                "longest",
                page(
                    Some("yesterday"),
                    Filled::with([("words", "Many words. ".repeat(120)), ("no", "yes".into())]),
                ),
            ),
            ("difficult", page(None, Filled::of(&FormData::from_text("words=%3Cb%3E&no=yes"), &wrong))),
        ]
    }
}
