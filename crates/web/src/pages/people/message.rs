//! What a person wrote, and an answer to them.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_domain::guarding::LINE_HIDDEN;
use kith_domain::id::{MessageId, PersonId};
use kith_domain::message::MessageKind;
use serde::Serialize;

/// One message.
#[derive(Debug, Serialize)]
pub struct MessagePage {
    path: String,
    action: String,
    called: String,
    when: String,
    words: String,
    own: bool,
    read: bool,
    review: Option<String>,
    /// Who reads it, for one who does not.
    held_by: Option<String>,
    form: Filled,
}

impl View for MessagePage {
    const TEMPLATE: &'static str = "people/message.html";

    fn title(&self) -> String {
        "Words to read".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, form| MessagePage {
            path: "/people/x".into(),
            action: "/people/x/messages/y".into(),
            called: "Badger".into(),
            when: "yesterday".into(),
            words: words.into(),
            own: true,
            read: false,
            review: words.is_empty().then(|| "/people/x/quiet".into()),
            held_by: (words.len() > 1000).then(|| "Aisha Rahman".into()),
            form,
        };
        let wrong = FormErrors::one("answer", "Write less: up to 4,000 characters.");
        vec![
            ("ordinary", page("Can we meet on Friday?", Filled::blank())),
            ("empty", page("", Filled::blank())),
            ("longest", page(&"Many words. ".repeat(300), Filled::blank())),
            ("difficult", page("<b>x</b>", Filled::of(&FormData::from_text("answer=%3Cb%3E"), &wrong))),
        ]
    }
}

async fn load(
    app: &App,
    who: &kith_care::Principal,
    ids: (PersonId, MessageId),
) -> Result<MessagePage, Oops> {
    let found = app.kith.message(who, ids.0, ids.1).await?;
    let calendar = app.kith.calendar();
    let m = &found.message.value;
    Ok(MessagePage {
        path: path_of(ids.0),
        action: format!("{}/messages/{}", path_of(ids.0), ids.1),
        held_by: (!found.may_change).then_some(found.held_by),
        called: found.called,
        when: text::day_and_relative(calendar.day(m.written_at), calendar.day(who.now)),
        words: m.words.clone(),
        own: m.kind == MessageKind::OwnWords,
        read: m.read_at.is_some(),
        review: m.review.then(|| match m.about {
            _ if m.take_out.is_some() => format!("{}/taking-out/{}", path_of(ids.0), ids.1),
            Some(about) if m.words == LINE_HIDDEN => format!("{}/marks/{about}", path_of(ids.0)),
            Some(about) if about != ids.0.into() => format!("{}/notes/{about}", path_of(ids.0)),
            _ => format!("{}/quiet", path_of(ids.0)),
        }),
        form: Filled::blank(),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<(PersonId, MessageId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load(&app, &who, ids).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<(PersonId, MessageId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let answer = read.optional_text("answer", TextRule::lines("your answer").max(4000));
    if !read.is_ok() {
        let mut view = load(&app, &who, ids).await?;
        view.form = Filled::of(&form.data, read.errors());
        return Ok(render(&page, &view).into_response());
    }
    let path = app.kith.read_message(&who, ids.0, ids.1, answer, form.submission).await?;
    Ok(Redirect::to(&path).into_response())
}
