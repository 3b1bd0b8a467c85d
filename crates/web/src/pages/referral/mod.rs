//! Asking a service for help with a need: why it fits, exactly what goes, how the person
//! agreed, check, send; and how it stands afterwards.

mod act;
mod agree;
mod check;
mod code;
mod leads;
mod refer;
mod sent;

use crate::app::{App, For, Oops, Posted, Routes};
use crate::form::{Filled, FormErrors, Reader};
use crate::page::PageContext;
use crate::view::{View, render};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::referral::agreement::Writing;
use kith_care::{CareError, Principal};
use kith_domain::id::{NeedId, PersonId, ServiceId};
use kith_domain::organisation::WorkRole;
use serde::Serialize;

pub(in crate::pages) use act::outcome;

crate::views! {
    refer::StartPage, refer::WhatPage, refer::ReadAloudPage, agree::AgreementPage, agree::OtherBasisPage,
    agree::NotNowPage, check::CheckPage, sent::SentPage, act::ActPage, code::CodePage, leads::DeclinesPage,
}

const LEADS: For = For::Roles(&[WorkRole::ServiceLead, WorkRole::TeamLead]);

/// The routes of these pages.
pub fn routes() -> Routes {
    let (to, send) = (For::Workers, Action::SendReferral);
    Routes::new()
        .get("/people/{person}/needs/{need}/refer/{service}", to, send, refer::start)
        .get("/people/{person}/needs/{need}/refer/{service}/what", to, send, refer::what)
        .post("/people/{person}/needs/{need}/refer/{service}/what", to, send, refer::keep_what)
        .get("/people/{person}/needs/{need}/refer/{service}/read-aloud", to, send, refer::read_aloud)
        .get("/people/{person}/needs/{need}/refer/{service}/agreement", to, send, agree::agreement)
        .post("/people/{person}/needs/{need}/refer/{service}/agreement", to, send, agree::keep_agreement)
        .get("/people/{person}/needs/{need}/refer/{service}/without-agreement", to, send, agree::other_basis)
        .post(
            "/people/{person}/needs/{need}/refer/{service}/without-agreement",
            to,
            send,
            agree::keep_other_basis,
        )
        .get("/people/{person}/needs/{need}/refer/{service}/not-now", to, Action::Update, agree::not_now)
        .post("/people/{person}/needs/{need}/refer/{service}/not-now", to, Action::Update, agree::say_not_now)
        .post("/people/{person}/needs/{need}/refer/{service}/no", to, Action::Update, agree::say_no)
        .get("/people/{person}/needs/{need}/refer/{service}/check", to, send, check::check)
        .post("/people/{person}/needs/{need}/refer/{service}/check", to, send, check::send)
        .get("/people/{person}/referrals/{referral}", to, Action::View, sent::show)
        .get("/people/{person}/referrals/{referral}/{act}", to, Action::Update, act::act)
        .post("/people/{person}/referrals/{referral}/{act}", to, Action::Update, act::do_act)
        .get("/declines", LEADS, Action::ViewReferralStatus, leads::show)
        .post("/declines/{person}/{message}/read", LEADS, Action::Update, leads::read)
}

/// The ids in the address of a page of asking.
type Ids = (PersonId, NeedId, ServiceId);

/// The address of the first page of asking; the others follow it.
fn base((person, need, service): Ids) -> String {
    format!("/people/{person}/needs/{need}/refer/{service}")
}

/// One of several, for a form.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Item {
    pub value: String,
    pub text: String,
    pub hint: String,
}

impl Item {
    pub(crate) fn new(value: impl Into<String>, text: impl Into<String>) -> Item {
        Item { value: value.into(), text: text.into(), hint: String::new() }
    }
}

/// The problems of a use case as problems of the form, or a page of their own.
pub(crate) fn problems(error: CareError, read: &Reader<'_>) -> Result<FormErrors, Oops> {
    let mut errors = read.errors().clone();
    match error {
        CareError::Fields(list) => {
            for (at, p) in list.into_iter().enumerate() {
                match p.field.as_str() {
                    "send" => errors.add_at(&format!("send{at}"), "maincontent", p.problem),
                    day @ ("next" | "until" | "review" | "reply_by" | "on" | "date" | "date1") => {
                        errors.add_at(day, &format!("{day}-day"), p.problem);
                    }
                    "lines" => errors.add_at("lines", "maincontent", p.problem),
                    field => errors.add(field, p.problem),
                }
            }
            Ok(errors)
        }
        CareError::Refused(words) => {
            errors.add_at("form", "maincontent", words);
            Ok(errors)
        }
        CareError::Conflict { .. } => {
            errors.add_at(
                "form",
                "maincontent",
                "Somebody else changed this while you were writing. This page shows how it stands now. \
                 What you wrote is still here: check it, then send it again.",
            );
            Ok(errors)
        }
        other => Err(other.into()),
    }
}

/// After a form of asking: on to the next page when it was kept; else the same page again,
/// with what was typed and what to put right.
async fn on_or_again<V: View>(
    app: &App,
    who: &Principal,
    ids: Ids,
    page: &PageContext,
    (posted, read): (&Posted, &Reader<'_>),
    outcome: Result<String, CareError>,
    again: impl FnOnce(Writing, Filled) -> V,
) -> Result<Response, Oops> {
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let errors = problems(error, read)?;
            let writing = app.kith.writing_referral(who, ids.0, ids.1, ids.2).await?;
            Ok(render(page, &again(writing, Filled::of(&posted.data, &errors))).into_response())
        }
    }
}

/// The number of the version that a form was made on.
pub(crate) fn version(form: &crate::form::FormData) -> Option<u32> {
    form.value("version").and_then(|v| v.trim().parse().ok())
}
