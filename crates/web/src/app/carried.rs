//! A form that came after its session was over: what was typed is carried on.
//!
//! Somebody writes for a long time, or signs out in another window, and then presses the
//! button. Nothing is done, and nothing is thrown away either: the answer is the page that
//! asks them to sign in again, by the way they signed in before, and it holds what was
//! typed. Once the factor was right the form does what it would have done.
//!
//! - Whose form it was is proved by the form's own token: it belongs to the session that the
//!   browser had. A form without such a token is sent to the sign-in page, and no more.
//! - What was typed is sealed with the key that only this browser has (`shown.rs`), for its
//!   writer and for the form's address. Nothing is kept with us. Somebody else who signs in
//!   on the same browser can neither read it nor send it.
//! - Whoever signed in again in another window, as the same, only presses a button.

use super::again::{self, AgainPage, Came};
use super::shown::{self, Secret};
use super::who::visitor_of;
use super::{App, Oops};
use crate::cookies::Cookie;
use crate::form::{CSRF_FIELD, Filled, FormData, FormErrors, csrf};
use crate::page::{PageContext, Site, cookie};
use crate::paths;
use crate::view::render;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::{CareError, Principal};
use uuid::Uuid;

/// The query that marks a form which was carried.
pub(super) const MARK: &str = "carried";
/// The field of what was typed, sealed.
const SEALED: &str = "again-sealed";
/// A form with more in it, in bytes as a browser sends it, is none that a page of ours makes.
const LONGEST: usize = 150 * 1024;

/// An answer that means: nobody is signed in, or not in the session that the form is from.
#[derive(Clone)]
pub(super) struct SignedOut;

/// A form that was sealed for whoever sends it: the seal stands in for the session's token.
#[derive(Clone)]
pub(super) struct Unsealed;

/// Where an answer ends a session or begins another, the browser keeps the old cookie under
/// another name. It opens nothing any more; it says whose the forms are that still stand open.
pub(super) fn remember(site: &Site, before: Option<&str>, answer: &mut Response) {
    let Some(before) = before.filter(|value| !value.is_empty()) else { return };
    let start = format!("{}=", Cookie::Session.name(site));
    let new = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|set| set.to_str().ok());
    let changed =
        new.filter_map(|set| set.strip_prefix(&start)?.split(';').next()).any(|value| value != before);
    if !changed {
        return;
    }
    Cookie::Before.give(site, before, answer.headers_mut());
}

/// The sessions that this browser had, newest first.
async fn sessions_before(app: &App, headers: &HeaderMap) -> Result<Vec<Principal>, CareError> {
    let mut all = Vec::new();
    for name in [Cookie::Session, Cookie::Before].map(|c| c.name(&app.site)) {
        if let Some(value) = cookie(headers, name)
            && let Some(who) = app.kith.session_before(value, Uuid::now_v7(), app.now()).await?
        {
            all.push(*who);
        }
    }
    Ok(all)
}

/// For whom, and for which address, something is sealed.
fn seal_of(whose: &str, address: &str) -> Vec<u8> {
    format!("form of {whose} to {address}").into_bytes()
}

/// The page that carries a form on, where the answer means that its session is over.
pub(super) async fn ask(
    app: &App,
    asks: &Principal,
    page: PageContext,
    (headers, address, form): (&HeaderMap, &str, Option<FormData>),
    answer: Response,
) -> Response {
    let (Some(_), Some(form)) = (answer.extensions().get::<SignedOut>(), form) else { return answer };
    let before = match sessions_before(app, headers).await {
        Ok(before) => before,
        Err(error) => return Oops::from(error).into_response(),
    };
    // Nothing is written where somebody signs in, and whoever meets that page again just does it there.
    if [paths::SIGN_IN, "/demo"].iter().any(|page| address.starts_with(page)) {
        return answer;
    }
    let token = form.value(CSRF_FIELD).unwrap_or_default();
    let Some(before) = before.into_iter().find(|who| csrf::matches(token, &who.csrf)) else { return answer };
    if asks.session.is_some() && asks.key() != before.key() {
        return answer;
    }
    let typed: Vec<_> = form
        .pairs()
        .iter()
        .filter(|(n, _)| n != CSRF_FIELD && !n.starts_with(again::OURS))
        .cloned()
        .collect();
    let text = again::encoded(&typed);
    let known = Secret::of(headers, &app.site);
    let new = known.is_none();
    let Some(secret) = known.or_else(Secret::new).filter(|_| text.len() <= LONGEST) else { return answer };
    let address = again::unmarked(address);
    let Some(sealed) = secret.seal(&seal_of(&before.key(), &address), text.into_bytes()) else {
        return answer;
    };
    let status = if asks.session.is_some() { StatusCode::CONFLICT } else { StatusCode::FORBIDDEN };
    let whom = if asks.session.is_some() { asks } else { &before };
    match page_for(app, (whom, asks.session.is_some()), (&address, sealed, Filled::blank())).await {
        Ok(view) => {
            let mut answer = render(&page, &view).with_status(status).into_response();
            if new {
                shown::give(&app.site, secret, &mut answer);
            }
            answer
        }
        Err(error) => Oops::from(error).into_response(),
    }
}

async fn page_for(
    app: &App,
    (who, signed_in): (&Principal, bool),
    (address, sealed, form): (&str, String, Filled),
) -> Result<AgainPage, CareError> {
    let by = if signed_in { None } else { app.kith.again_by(who) };
    let options = again::options_of(app, by, who.now).await?;
    let kept = vec![(SEALED.to_owned(), sealed)];
    Ok(AgainPage::carrying(again::marked(address, MARK), (signed_in, by), options, (kept, form)))
}

/// Is it a form that was carried?
pub(super) fn comes_back(request: &Request) -> bool {
    *request.method() == Method::POST && again::has_mark(request.uri(), MARK)
}

/// Opens what was carried, for whoever it is: signed in again meanwhile, or by the factor
/// that comes with it. The form goes on as it was sent.
pub(super) async fn go_on(app: &App, asks: &Principal, page: PageContext, request: Request) -> Came {
    match try_to_go_on(app, asks, page, request).await {
        Ok(came) => came,
        Err(error) => Came::Answer(Box::new(Oops::from(error).into_response())),
    }
}

async fn try_to_go_on(
    app: &App,
    asks: &Principal,
    page: PageContext,
    request: Request,
) -> Result<Came, CareError> {
    let answer = |response: Response| Ok(Came::Answer(Box::new(response)));
    let address =
        again::unmarked(&request.uri().path_and_query().map(ToString::to_string).unwrap_or_default());
    let visitor = visitor_of(app, &request);
    let (parts, body) = request.into_parts();
    let form = match FormData::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(form) => form,
        Err(error) => return answer(error.into_response()),
    };
    let sealed = form.value(SEALED).unwrap_or_default().to_owned();
    let secret = Secret::of(&parts.headers, &app.site);
    let open = |whose: &str| secret.as_ref()?.unseal(&seal_of(whose, &address), &sealed);
    let right = |typed: Vec<u8>, cookie: Option<String>| {
        let mut request = Request::from_parts(parts.clone(), Body::from(typed));
        request.extensions_mut().insert(Unsealed);
        Ok(Came::Right(Box::new(request), cookie))
    };
    if asks.session.is_some() {
        return match open(&asks.key()) {
            Some(typed) => right(typed, None),
            // Somebody else signed in here meanwhile: it is not theirs.
            None => answer(Oops::out_of_date(&app.site)),
        };
    }
    let before = sessions_before(app, &parts.headers).await?;
    let Some((before, typed)) = before.into_iter().find_map(|who| open(&who.key()).map(|typed| (who, typed)))
    else {
        return answer(Redirect::to(crate::paths::SIGN_IN).into_response());
    };
    let tried = match app.kith.again_by(&before) {
        Some(by) => app.kith.begin_again(&before, again::shown(app, by, &form)?, &visitor).await,
        None => Err(CareError::refused("You are not signed in yet. Sign in in another window first.")),
    };
    match tried {
        Ok(session) => right(typed, Some(session.cookie)),
        Err(CareError::Refused(why)) => {
            let by = app.kith.again_by(&before);
            let errors = FormErrors::one(again::field_of(by), why);
            let form = Filled::of(&FormData::from_text(""), &errors);
            let view = page_for(app, (&before, false), (&address, sealed, form)).await?;
            answer(render(&page, &view).into_response())
        }
        Err(other) => Err(other),
    }
}
