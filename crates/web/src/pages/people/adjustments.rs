//! The adjustments somebody needs: from the list, and in their words.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::merge::{began_before, began_with, combined};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::plan::saved_by;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_domain::directory::adjustments;
use kith_domain::id::PersonId;
use kith_domain::person::Person;
use serde::Serialize;

/// The form with the adjustments.
#[derive(Debug, Serialize)]
pub struct AdjustmentsPage {
    path: String,
    called: String,
    version: u32,
    form: Filled,
    adjustments: Vec<Choice>,
    merge: Option<Merge>,
    was: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
}

const NAMES: [&str; 2] = ["words", "adjustments"];

impl AdjustmentsPage {
    fn new(path: String, called: String, version: u32, form: Filled) -> AdjustmentsPage {
        let adjustments = adjustments::ALL.iter().map(|a| Choice { value: a.code, text: a.label }).collect();
        let was = began_with(&form, NAMES);
        AdjustmentsPage { path, called, version, form, adjustments, merge: None, was }
    }
}

impl View for AdjustmentsPage {
    const TEMPLATE: &'static str = "people/adjustments.html";

    fn title(&self) -> String {
        "Adjustments".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form| AdjustmentsPage::new("/people/x".into(), "Badger".into(), 1, form);
        let wrong = FormErrors::one("words", "Write less: up to 1,000 characters.");
        vec![
            ("ordinary", page(Filled::with([("words", "A seat near the door")]))),
            ("empty", page(Filled::blank())),
            ("two editors", AdjustmentsPage { merge: Some(Merge::sample()), ..page(Filled::blank()) }),
            ("difficult", page(Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_to_change(&who, person).await?;
    let form = filled(&saved.value);
    let view = AdjustmentsPage::new(path_of(person), saved.value.called, saved.meta.version, form);
    Ok(render(&page, &view).into_response())
}

fn filled(p: &Person) -> Filled {
    let ticked = p.adjustments.iter().map(|a| ("adjustments".to_owned(), a.clone()));
    let words = ("words".to_owned(), p.adjustment_words.clone().unwrap_or_default());
    Filled::of(&FormData::from_pairs(ticked.chain([words])), &FormErrors::new())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version =
        read.required_number("version", "the version", 1..=1_000_000).and_then(|v| u32::try_from(v).ok());
    let chosen = read
        .many("adjustments", "the adjustments", |code| adjustments::find(code).map(|a| a.code.to_owned()));
    let words = read.optional_text("words", TextRule::lines("what helps").max(1000));
    let again = |errors: &FormErrors, version: u32| {
        let called = form.data.value("called").unwrap_or_default().to_owned();
        let view = AdjustmentsPage {
            was: began_before(&form.data),
            ..AdjustmentsPage::new(path_of(person), called, version, Filled::of(&form.data, errors))
        };
        Ok(render(&page, &view).into_response())
    };
    let (Some(version), true) = (version, read.is_ok()) else {
        return again(read.errors(), version.unwrap_or(1));
    };
    match app.kith.save_adjustments(&who, person, version, chosen, words, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Conflict { now, .. }) => {
            const FIELDS: [Field; 2] = [
                Field::text("What helps, in their words", "words"),
                Field::text("From the list", "adjustments"),
            ];
            let saved = app.kith.person_details(&who, person).await?;
            let theirs = filled(&saved.value);
            let typed = combined(&form.data, &theirs, NAMES);
            let by = saved_by(&saved.meta, &who, &saved.value.called, app.kith.calendar());
            let word = |_: &str, value: &str| adjustments::find(value).map_or(value, |a| a.label).to_owned();
            let merge = Merge::between(by, &FIELDS, &theirs, &typed, word);
            let view = AdjustmentsPage::new(path_of(person), saved.value.called, now, typed);
            let view = AdjustmentsPage { merge: Some(merge), was: began_with(&theirs, NAMES), ..view };
            Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
