//! An inquiry or a court asks for everything to be kept.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::refused;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::Principal;
use kith_care::people::keep::Keep;
use kith_domain::id::PersonId;
use serde::Serialize;

/// What asks for everything, and a form for more.
#[derive(Debug, Serialize)]
pub struct KeepPage {
    path: String,
    called: String,
    keeps: Vec<Kept>,
    form: Filled,
}

#[derive(Debug, Serialize)]
struct Kept {
    which: usize,
    words: String,
    open: bool,
}

impl View for KeepPage {
    const TEMPLATE: &'static str = "people/keep.html";

    fn title(&self) -> String {
        "Keep everything".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize, form| KeepPage {
            path: "/people/x".into(),
            called: "Badger".into(),
            keeps: (0..n).map(|which| Kept { which, words: words.into(), open: which != 1 }).collect(),
            form,
        };
        let wrong = FormErrors::one("what", "Write which inquiry or court it is.");
        let kept = "The inquiry, IN-7. Written down by Grace Mensah on Monday 16 November";
        vec![
            ("ordinary", page(kept, 2, Filled::blank())),
            ("empty", page("", 0, Filled::blank())),
            ("longest", page(&"Many words. ".repeat(20), 20, Filled::blank())),
            ("difficult", page("<b>x</b>", 1, Filled::of(&FormData::from_text("what=%3Cb%3E"), &wrong))),
        ]
    }
}

async fn load(app: &App, who: &Principal, person: PersonId, form: Filled) -> Result<KeepPage, Oops> {
    let saved = app.kith.person_to_change(who, person).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let day = |at| text::day(calendar.day(at), today);
    let keeps = saved.value.keep_all.iter().enumerate().map(|(which, k)| {
        let ended = k.ended.map(|at| format!(". It ended on {}", day(at))).unwrap_or_default();
        let by = who.partnership.worker_name(k.by);
        let words = format!("{}. Written down by {by} on {}{ended}", k.what, day(k.at));
        Kept { which, words, open: k.ended.is_none() }
    });
    Ok(KeepPage { path: path_of(person), called: saved.value.called.clone(), keeps: keeps.collect(), form })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load(&app, &who, person, Filled::blank()).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let what = match read.optional_number("which", "which one", 0..=1_000) {
        Some(which) => Some(Keep::NoMore(usize::try_from(which).unwrap_or(usize::MAX))),
        None => {
            let rule = TextRule::line("which inquiry or court it is").max(200);
            read.required_text("what", rule).map(Keep::Everything)
        }
    };
    if let (Some(what), true) = (what, read.is_ok()) {
        match app.kith.keep_everything(&who, person, &what, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => refused(&mut read, error, "what")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &load(&app, &who, person, filled).await?).into_response())
}
