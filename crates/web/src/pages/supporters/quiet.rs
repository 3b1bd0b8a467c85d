//! The quiet page: somebody close may be pressing the person. Workers only; no words of what
//! was said; nothing of it on any page that a supporter, or somebody at the person's shoulder,
//! could read.

use super::{Item, item, problems};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::Principal;
use kith_domain::id::{PersonId, SupporterId};
use kith_domain::letting_in::{self, LOOK_AGAIN_DAYS};
use kith_domain::time::plus_days;
use serde::Serialize;

/// The quiet page.
#[derive(Debug, Serialize)]
pub struct QuietView {
    path: String,
    called: String,
    since: Option<String>,
    review: Option<String>,
    supporters: Vec<Item>,
    latest: String,
    form: Filled,
}

async fn view(app: &App, who: &Principal, person: PersonId, form: Option<Filled>) -> Result<QuietView, Oops> {
    let data = app.kith.quiet_page(who, person).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let form = form.unwrap_or_else(|| {
        let flag = data.flag.as_ref();
        let named = flag.map(|f| f.supporters.clone()).unwrap_or_default();
        let ids: Vec<String> = named.iter().map(ToString::to_string).collect();
        let view = if flag.is_some_and(|f| f.frozen.is_empty()) { "ended" } else { "frozen" };
        let data = FormData::from_pairs(
            ids.iter().map(|id| ("who", id.as_str())).chain(std::iter::once(("view", view))),
        );
        let mut form = Filled::of(&data, &FormErrors::new());
        form.set_day("review", plus_days(today, 7));
        form
    });
    Ok(QuietView {
        path: format!("/people/{person}"),
        called: data.called,
        since: data.flag.as_ref().map(|f| text::day(calendar.day(f.since), today)),
        review: data.flag.as_ref().and_then(|f| f.review_on).map(|d| text::day_and_relative(d, today)),
        supporters: data.supporters.iter().map(|(id, name)| item(&id.to_string(), name)).collect(),
        latest: text::day(plus_days(today, LOOK_AGAIN_DAYS), today),
        form,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &view(&app, &who, person, None).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let which = read.many("who", "who it may be", |code| code.parse::<SupporterId>().ok());
    let how = read.required_choice("view", "what they go on seeing", |code| match code {
        "frozen" => Some(letting_in::View::Frozen),
        "ended" => Some(letting_in::View::Ended),
        _ => None,
    });
    let review = read.required_day("review", "the day you look again");
    if let (Some(how), Some(review), true) = (how, review, read.is_ok()) {
        match app.kith.press(&who, person, (which, how, review), form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => problems(&mut read, error)?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view(&app, &who, person, Some(filled)).await?).into_response())
}

pub(super) async fn over(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    form: Posted,
) -> Result<Response, Oops> {
    let to = app.kith.unpress(&who, person, form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

impl View for QuietView {
    const TEMPLATE: &'static str = "supporters/quiet.html";
    fn title(&self) -> String {
        "Talk alone".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, n: usize, form| QuietView {
            path: "/people/x".into(),
            called: name.into(),
            since: (n > 1).then(|| "Monday 16 November".into()),
            review: (n > 1).then(|| "next Tuesday".into()),
            supporters: (0..n).map(|i| item(&format!("s{i}"), name)).collect(),
            latest: "21 December".into(),
            form,
        };
        let wrong = FormErrors::one("view", "Choose what they go on seeing.");
        vec![
            ("ordinary", page("Badger", 1, Filled::with([("view", "frozen")]))),
            ("empty", page("Badger", 0, Filled::blank())),
            ("longest", page(&"A long name ".repeat(8), 8, Filled::blank())),
            ("difficult", page("<b>x</b>", 2, Filled::of(&FormData::from_text(""), &wrong))),
        ]
    }
}
