//! Signing in by way of another place. A page of ours says where somebody is about to go, so
//! that nobody is sent away without knowing it; the way back ends in the same session as
//! every other.

use super::{home_for, known_again, with_cookie, with_device};
use crate::app::{Anyone, App, Asking, Oops, Posted};
use crate::cookies::Cookie;
use crate::page::PageContext;
use crate::view::{View, render};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::sign_in::elsewhere::{Back, Came, NOT_RIGHT};
use kith_care::sign_in::session::secret;
use kith_care::{CareError, Principal};
use serde::Serialize;

/// Where somebody is about to go.
#[derive(Debug, Serialize)]
pub struct GoPage {
    name: String,
    href: String,
    /// They are signing out there, not in.
    out: bool,
}

impl View for GoPage {
    const TEMPLATE: &'static str = "sign_in/go.html";

    fn title(&self) -> String {
        if self.out { "You are signed out here".into() } else { "Go on to sign in".into() }
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, out| GoPage {
            name: name.into(),
            href: "https://x.example.org/?a=1&b=2".into(),
            out,
        };
        vec![
            ("ordinary", page("NHS login", false)),
            ("empty", page("N", true)),
            ("longest", page(&"A long name of a place ".repeat(4), true)),
            ("difficult", page("<b>\"A\" & 'B'</b>", false)),
        ]
    }
}

/// It did not work, and what to do.
#[derive(Debug, Serialize)]
pub struct CameBackPage {
    why: String,
}

impl View for CameBackPage {
    const TEMPLATE: &'static str = "sign_in/came_back.html";

    fn title(&self) -> String {
        "You are not signed in".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |why: &str| CameBackPage { why: why.into() };
        vec![
            ("ordinary", page(NOT_RIGHT)),
            ("empty", page("")),
            ("longest", page(&"A long reason in words. ".repeat(12))),
            ("difficult", page("<b>\"A\" & 'B'</b>")),
        ]
    }
}

/// The places: their words in addresses, and their names.
pub(super) fn places(app: &App) -> Vec<(String, String)> {
    app.elsewhere.list().map(|(code, name)| (code.to_owned(), name.to_owned())).collect()
}

fn name_of(app: &App, place: &str) -> String {
    app.elsewhere
        .list()
        .find(|(code, _)| *code == place)
        .map_or_else(String::new, |(_, name)| name.to_owned())
}

fn going(app: &App, page: &PageContext, place: &str, (href, browser): (String, &str)) -> Response {
    let view = GoPage { name: name_of(app, place), href, out: false };
    let mut response = render(page, &view).into_response();
    Cookie::Away.give(&app.site, browser, response.headers_mut());
    response
}

fn here(app: &App) -> String {
    app.site.settings().public_url.clone()
}

pub(super) async fn go(
    State(app): State<App>,
    Asking(visitor): Asking,
    Path(place): Path<String>,
    page: PageContext,
    _form: Posted,
) -> Result<Response, Oops> {
    let browser = secret()?;
    let to = (place.as_str(), here(&app));
    let from = (browser.as_str(), &visitor);
    let href = app.kith.go_elsewhere(&app.elsewhere, (to.0, &to.1), from, app.now()).await?;
    Ok(going(&app, &page, &place, (href, &browser)))
}

pub(super) async fn join(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(place): Path<String>,
    page: PageContext,
    _form: Posted,
) -> Result<Response, Oops> {
    let browser = secret()?;
    let href = app.kith.go_to_join(&app.elsewhere, (&place, &here(&app)), &browser, &who).await?;
    Ok(going(&app, &page, &place, (href, &browser)))
}

pub(super) async fn invitation(
    State(app): State<App>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let typed = |name: &str| form.data.value(name).unwrap_or_default();
    let (place, code, browser) = (typed("place"), typed("code"), secret()?);
    let invited = (code, app.now());
    let href = app.kith.go_with_invitation(&app.elsewhere, (place, &here(&app)), &browser, invited).await?;
    Ok(going(&app, &page, place, (href, &browser)))
}

pub(super) async fn part(
    State(app): State<App>,
    Anyone(who): Anyone,
    Path(place): Path<String>,
    _form: Posted,
) -> Result<Response, Oops> {
    app.kith.part_from(&app.elsewhere, &place, &who).await?;
    Ok(Redirect::to(super::passkey::PATH).into_response())
}

pub(super) async fn back(
    State(app): State<App>,
    Asking(mut visitor): Asking,
    Path(place): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    page: PageContext,
) -> Result<Response, Oops> {
    let said = crate::form::FormData::from_text(&query.unwrap_or_default());
    let text = |name: &str| said.value(name).filter(|v| v.len() <= 4096).unwrap_or_default().to_owned();
    let came = Back {
        code: text("code"),
        state: text("state"),
        issuer: said.value("iss").map(str::to_owned),
        browser: cookie_of(&headers, Cookie::Away.name(&app.site)).unwrap_or_default(),
    };
    let device = known_again(&mut visitor)?;
    let place = (place.as_str(), here(&app));
    let result =
        app.kith.come_from_elsewhere(&app.elsewhere, (place.0, &place.1), &came, &visitor, app.now()).await;
    match result {
        Ok(Came::In(session)) => {
            let to = home_for(&app, &session.cookie).await?;
            Ok(with_device(&app.site, with_cookie(&app.site, &session.cookie, to), device))
        }
        Ok(Came::Joined) => Ok(Redirect::to(super::passkey::PATH).into_response()),
        Err(CareError::Refused(why)) => Ok(render(&page, &CameBackPage { why }).into_response()),
        Err(other) => Err(other.into()),
    }
}

fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let pairs = all.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut found = pairs.filter(|(n, v)| *n == name && v.len() <= 128).map(|(_, v)| v.to_owned());
    found.next()
}

/// The place that a session came from.
pub(super) fn place_of(who: &Principal) -> Option<&str> {
    who.session.as_ref()?.method.strip_prefix("elsewhere:")
}

/// Signed out here; the way to be signed out there too.
pub(super) async fn out(
    State(app): State<App>,
    Path(place): Path<String>,
    page: PageContext,
) -> Result<Response, Oops> {
    match app.kith.sign_out_elsewhere(&app.elsewhere, &place, &here(&app)).await {
        Some((name, href)) => Ok(render(&page, &GoPage { name, href, out: true }).into_response()),
        None => Ok(Redirect::to(crate::paths::HOME).into_response()),
    }
}
