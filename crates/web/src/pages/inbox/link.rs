//! The same for a receiver without an account. Opening the link changes nothing: mail
//! programs open links by themselves. The name is shown only after the reader's own name
//! and the second code.

use super::act::{answer, answer_page};
use super::request::request_page;
use super::services;
use crate::app::who::SessionCookie;
use crate::app::{Anyone, App, Oops, Posted};
use crate::cookies::Cookie;
use crate::form::{Filled, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::referral::version;
use crate::view::{View, render};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::{CareError, Identity, Principal};
use kith_domain::id::ReferralId;
use serde::Serialize;

/// Where they say how much space there is.
pub(super) const SPACE: &str = "/link/request/space";

/// What this is, before anything opens.
#[derive(Debug, Serialize)]
pub struct LandingPage {
    alive: bool,
    organisation: String,
    action: String,
    /// Whom to ring about it: the team that reads what comes in.
    ring: String,
}

impl View for LandingPage {
    const TEMPLATE: &'static str = "inbox/landing.html";
    fn title(&self) -> String {
        "A message for your team".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |alive, words: &str| LandingPage {
            alive,
            organisation: words.into(),
            action: "/link/x".into(),
            ring: "the Navigators on 01632 960001".into(),
        };
        vec![
            ("ordinary", sample(true, "Green Hands")),
            ("empty", sample(false, "")),
            ("longest", sample(true, &"A long name ".repeat(12))),
            ("difficult", sample(true, "<b>\"'&")),
        ]
    }
}

/// An answer was sent.
#[derive(Debug, Serialize)]
pub struct DonePage {
    thanks: &'static str,
}

impl View for DonePage {
    const TEMPLATE: &'static str = "inbox/done.html";
    fn title(&self) -> String {
        "Thank you".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        ["ordinary", "empty", "longest", "difficult"]
            .map(|name| (name, DonePage { thanks: "Thank you" }))
            .into()
    }
}

pub(super) async fn landing(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(token): Path<String>,
    page: PageContext,
) -> Result<Response, Oops> {
    let alive = app.kith.link_is_alive(&token, who.now).await?;
    let organisation = alive.and_then(|(_, o)| who.partnership.organisation_name(o));
    // The token is drawn back into the page only when it is one of ours.
    let action = if alive.is_some() { format!("/link/{token}") } else { String::new() };
    let ring = ring(&app, &who);
    let view =
        LandingPage { alive: alive.is_some(), organisation: organisation.unwrap_or_default(), action, ring };
    Ok(render(&page, &view).into_response())
}

pub(super) async fn open(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(token): Path<String>,
    page: PageContext,
    _form: Posted,
) -> Result<Response, Oops> {
    match app.kith.open_link(&token, who.now).await {
        Ok(session) => {
            let mut response = Redirect::to("/link/request").into_response();
            Cookie::Session.give(&app.site, &session.cookie, response.headers_mut());
            Ok(response)
        }
        Err(CareError::Missing) => {
            let ring = ring(&app, &who);
            let view = LandingPage { alive: false, organisation: String::new(), action: String::new(), ring };
            Ok(render(&page, &view).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The team that reads what comes in, with its number. Nothing about the request.
fn ring(app: &App, who: &Principal) -> String {
    let asked = app.kith.asking(who);
    match asked.phone {
        Some(phone) => format!("the {} on {phone}", asked.team),
        None => format!("the {}, {}", asked.team, asked.organisation),
    }
}

fn referral_of(who: &Principal) -> Result<ReferralId, Oops> {
    match who.identity {
        Identity::LinkHolder { referral, .. } => Ok(referral),
        _ => Err(CareError::Missing.into()),
    }
}

pub(super) async fn request(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
) -> Result<Response, Oops> {
    let request = app.kith.request(&who, referral_of(&who)?).await?;
    Ok(render(&page, &request_page(&app, &who, request, "/link/request".into(), None)).into_response())
}

pub(super) async fn act(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(act): Path<String>,
    page: PageContext,
) -> Result<Response, Oops> {
    let request = app.kith.request(&who, referral_of(&who)?).await?;
    Ok(match answer_page(&app, &who, &request, &act, "/link/request", None) {
        Some(view) => render(&page, &view).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

pub(super) async fn save(
    State(app): State<App>,
    Anyone(who): Anyone,
    Extension(SessionCookie(cookie)): Extension<SessionCookie>,
    Path(act): Path<String>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let referral = referral_of(&who)?;
    if act == "name" {
        return give_name(&app, &who, referral, &cookie, &page, &posted).await;
    }
    // Only a "no" and a question can come from somebody who has not said who they are.
    if unnamed(&who) && !matches!(act.as_str(), "decline" | "ask") {
        return Ok(Redirect::to("/link/request/name").into_response());
    }
    answer(&app, &who, referral, &act, "/link/request", &page, &posted).await
}

/// How much space the service has that the request is to.
pub(super) async fn space(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
) -> Result<Response, Oops> {
    if unnamed(&who) {
        return Ok(Redirect::to("/link/request/name").into_response());
    }
    let service = app.kith.service_by_link(&who).await?;
    let form = services::as_it_is(&app, &who, &service);
    Ok(render(&page, &services::by_link_page(&service, SPACE.into(), form)).into_response())
}

pub(super) async fn save_space(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    if unnamed(&who) {
        return Ok(Redirect::to("/link/request/name").into_response());
    }
    let service = app.kith.service_by_link(&who).await?;
    let mut read = Reader::new(&posted.data);
    let outcome = match services::said(&mut read) {
        Some((space, note)) => {
            let at = (service.id(), version(&posted.data).unwrap_or(0));
            app.kith.set_space(&who, at, space, &note, posted.submission).await
        }
        None => Err(CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            // As it stands now: somebody may have said something since.
            let saved = app.kith.service_by_link(&who).await?;
            let view = services::by_link_page(&saved, SPACE.into(), Filled::blank());
            services::not_saved(&app, &who, &page, (view, &saved), error, (&posted, &read))
        }
    }
}

/// Have they not said who they are yet?
fn unnamed(who: &Principal) -> bool {
    matches!(who.identity, Identity::LinkHolder { name: None, .. })
}

async fn give_name(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    cookie: &str,
    page: &PageContext,
    posted: &Posted,
) -> Result<Response, Oops> {
    // The link has to be alive still, whatever the session says.
    let request = app.kith.request(who, referral).await?;
    let mut read = Reader::new(&posted.data);
    let name = read.required_text("own_name", TextRule::line("your own name").max(120));
    let code = read.required_text("second", TextRule::line("the code").max(40));
    let outcome = match (name, code) {
        (Some(name), Some(code)) if read.is_ok() => {
            app.kith.name_link_holder(cookie, &who.identity, &name, &code, who.now).await.map(|_| ())
        }
        _ => Err(CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/link/request").into_response()),
        Err(error) => {
            let mut errors: FormErrors = read.errors().clone();
            match error {
                CareError::Fields(list) => list.into_iter().for_each(|p| errors.add(&p.field, p.problem)),
                CareError::Missing => {
                    errors.add(
                        "second",
                        "No code has been made yet. Phone the one who asked: they tell it to you.",
                    );
                }
                other => return Err(other.into()),
            }
            let form = Filled::of(&posted.data, &errors);
            Ok(match answer_page(app, who, &request, "name", "/link/request", Some(form)) {
                Some(view) => render(page, &view).into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            })
        }
    }
}

pub(super) async fn done(page: PageContext) -> Response {
    render(&page, &DonePage { thanks: "Thank you" }).into_response()
}
