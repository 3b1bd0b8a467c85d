//! The page behind the link of a reminder: whoever runs a service or a group says in two minutes, on a
//! phone and without an account, whether it is right. The link opens that entry and nothing else.
//! Opening it changes nothing: mail programs open links by themselves.

use super::super::referral::Item;
use super::correct::{SaysNow, costs, errors_of, filled, running, says_now, two_wrote, typed};
use crate::app::{Anyone, App, Oops, Posted};
use crate::form::{Filled, FormErrors};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kith_care::CareError;
use kith_care::listing::unchecked::ByLink;
use kith_domain::id::ListingQuestionId;
use kith_domain::listing_question::Listed;
use serde::Serialize;

/// One entry, for whoever runs it.
#[derive(Debug, Serialize)]
pub struct ByLinkPage {
    name: String,
    action: String,
    until: String,
    version: u32,
    group: bool,
    running: Vec<Item>,
    costs: Vec<Item>,
    /// What somebody else wrote meanwhile, where it differs from what was typed.
    says_now: Vec<SaysNow>,
    form: Filled,
}

/// After the answer, or when the link opens nothing any more.
#[derive(Debug, Serialize)]
pub struct ThanksPage {
    kept: bool,
}

fn view(found: &ByLink, action: String, today: kith_domain::time::Day, form: Filled) -> ByLinkPage {
    ByLinkPage {
        name: found.entry.name().to_owned(),
        action,
        until: text::day(found.until, today),
        version: found.entry.version(),
        group: matches!(found.about, Listed::Group(_)),
        running: running(),
        costs: costs(),
        says_now: Vec::new(),
        form,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path((question, link)): Path<(String, String)>,
    page: PageContext,
) -> Result<Html, Oops> {
    let today = app.kith.calendar().day(who.now);
    match open(&app, &who, &question, &link).await {
        Ok((id, found)) => {
            let form = filled(&found.entry);
            Ok(render(&page, &view(&found, format!("/check-listing/{id}/{link}"), today, form)))
        }
        Err(CareError::Missing) => Ok(render(&page, &ThanksPage { kept: false })),
        Err(other) => Err(other.into()),
    }
}

async fn open(
    app: &App,
    who: &kith_care::Principal,
    question: &str,
    link: &str,
) -> Result<(ListingQuestionId, ByLink), CareError> {
    let id: ListingQuestionId = question.parse().map_err(|_| CareError::Missing)?;
    Ok((id, app.kith.listing_by_link(who, id, link).await?))
}

pub(super) async fn answer(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path((question, link)): Path<(String, String)>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let today = app.kith.calendar().day(who.now);
    let (id, _) = match open(&app, &who, &question, &link).await {
        Ok(found) => found,
        Err(CareError::Missing) => return Ok(render(&page, &ThanksPage { kept: false }).into_response()),
        Err(other) => return Err(other.into()),
    };
    let version = super::super::referral::version(&posted.data);
    let outcome = match typed(&posted.data) {
        Ok(said) => app.kith.answer_by_link(&who, id, &link, (&said, version)).await,
        Err(missing) => Err(missing),
    };
    match outcome {
        Ok(()) => Ok(render(&page, &ThanksPage { kept: true }).into_response()),
        Err(CareError::Missing) => Ok(render(&page, &ThanksPage { kept: false }).into_response()),
        Err(error) => {
            let meanwhile = matches!(error, CareError::Conflict { .. });
            let errors: FormErrors = errors_of(error, &posted.data)?;
            let form = Filled::of(&posted.data, &errors);
            let (_, found) = open(&app, &who, &question, &link).await?;
            let mut view = view(&found, format!("/check-listing/{id}/{link}"), today, form);
            if meanwhile {
                view.says_now = says_now(&posted.data, &found.entry);
            } else {
                view.version = version.unwrap_or(0);
            }
            Ok(render(&page, &view).into_response())
        }
    }
}

impl View for ByLinkPage {
    const TEMPLATE: &'static str = "directory/by_link.html";
    fn title(&self) -> String {
        "Is this still right?".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, group, form| ByLinkPage {
            name: words.into(),
            action: "/check-listing/1/x".into(),
            until: "15 December".into(),
            version: 1,
            group,
            running: running(),
            costs: costs(),
            says_now: Vec::new(),
            form,
        };
        let two =
            ByLinkPage { says_now: two_wrote(), ..page("Tuesday breakfast", true, super::correct::wrong()) };
        vec![
            ("two wrote", two),
            (
                "ordinary",
                page(
                    "Tuesday breakfast",
                    true,
                    Filled::with([("status", "active"), ("phone", "01632 960000")]),
                ),
            ),
            ("empty", page("", false, Filled::blank())),
            ("longest", page(&"A long name ".repeat(16), true, Filled::blank())),
            ("difficult", page("<b>\"'&", false, super::correct::wrong())),
        ]
    }
}

impl View for ThanksPage {
    const TEMPLATE: &'static str = "directory/thanks.html";
    fn title(&self) -> String {
        if self.kept { "Thank you" } else { "This link does not work any more" }.into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("ordinary", ThanksPage { kept: true }),
            ("empty", ThanksPage { kept: false }),
            ("longest", ThanksPage { kept: true }),
            ("difficult", ThanksPage { kept: false }),
        ]
    }
}
