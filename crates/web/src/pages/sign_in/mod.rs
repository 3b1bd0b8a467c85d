//! Signing in and out: the chooser of the made-up place, a password with a code, a passkey,
//! a code on paper. Every way ends in the same session cookie.

mod chooser;
mod elsewhere;
mod here;
mod join;
mod paper;
mod passkey;
mod password;

use crate::app::who::SessionCookie;
use crate::app::{Anyone, App, For, Oops, Posted, Routes};
use crate::cookies::Cookie;
use crate::page::Site;
use crate::paths;
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::Identity;
use kith_care::sign_in::{Opened, Visitor};
use kith_domain::organisation::WorkRole;
use uuid::Uuid;

pub use chooser::ChooserPage;
pub use elsewhere::{CameBackPage, GoPage};
pub use here::SignedInPage;
pub use join::{JoinPage, JoinPasswordPage, JoinPhonePage};
pub use paper::PaperPage;
pub use passkey::{NewPasskeyPage, PasskeysPage, UsePasskeyPage};
pub use password::PasswordPage;

crate::views! {
    ChooserPage, SignedInPage, PaperPage, PasswordPage, JoinPage, JoinPasswordPage, JoinPhonePage, UsePasskeyPage,
    PasskeysPage, NewPasskeyPage, GoPage, CameBackPage
}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::SIGN_IN, For::Anyone, Action::BrowseDirectory, password::show)
        .post(paths::SIGN_IN, For::Anyone, Action::BrowseDirectory, password::sign_in)
        .get("/demo", For::Anyone, Action::BrowseDirectory, chooser::show)
        .post("/demo/sign-in", For::Anyone, Action::BrowseDirectory, chooser::sign_in)
        .get(paths::JOIN, For::Anyone, Action::BrowseDirectory, join::show)
        .post(paths::JOIN, For::Anyone, Action::BrowseDirectory, join::code)
        .post("/join/password", For::Anyone, Action::BrowseDirectory, join::password)
        .post("/join/phone", For::Anyone, Action::BrowseDirectory, join::phone)
        .get("/code", For::Anyone, Action::BrowseDirectory, paper::show)
        .post("/code", For::Anyone, Action::BrowseDirectory, paper::sign_in)
        .post("/sign-in/passkey/ask", For::Anyone, Action::BrowseDirectory, passkey::ask)
        .post("/sign-in/passkey", For::Anyone, Action::BrowseDirectory, passkey::sign_in)
        .get(passkey::PATH, For::Anyone, Action::BrowseDirectory, passkey::show)
        .post(passkey::PATH, For::Anyone, Action::BrowseDirectory, passkey::change)
        .get("/passkeys/new", For::Anyone, Action::BrowseDirectory, passkey::show_new)
        .post("/passkeys/new", For::Anyone, Action::BrowseDirectory, passkey::keep)
        .post("/sign-in/elsewhere/{place}", For::Anyone, Action::BrowseDirectory, elsewhere::go)
        .get("/sign-in/from/{place}", For::Anyone, Action::BrowseDirectory, elsewhere::back)
        .get("/signed-out/{place}", For::Anyone, Action::BrowseDirectory, elsewhere::out)
        .post("/passkeys/join/{place}", For::Anyone, Action::BrowseDirectory, elsewhere::join)
        .post("/passkeys/part/{place}", For::Anyone, Action::BrowseDirectory, elsewhere::part)
        .post("/join/elsewhere", For::Anyone, Action::BrowseDirectory, elsewhere::invitation)
        .get(here::PATH, For::Anyone, Action::BrowseDirectory, here::show)
        .post(here::PATH, For::Anyone, Action::BrowseDirectory, here::end)
        .post(paths::SIGN_OUT, For::Anyone, Action::BrowseDirectory, sign_out)
        .post(paths::LEAVE, For::Anyone, Action::BrowseDirectory, leave)
}

/// Where somebody starts.
pub fn home_of(identity: &Identity) -> &'static str {
    match identity {
        Identity::Worker { role, .. } => match role {
            WorkRole::Navigator | WorkRole::TeamLead | WorkRole::ServiceLead => paths::TODAY,
            WorkRole::PartnershipManager | WorkRole::Analyst => paths::PARTNERSHIP,
            WorkRole::OrgAdmin | WorkRole::SystemAdmin => paths::WORKERS,
            WorkRole::IgAuditor => paths::AUDIT,
            WorkRole::PanelMember => "/panel",
            WorkRole::RecordsOfficer => "/rights",
            _ => paths::INBOX,
        },
        Identity::Person { .. } => paths::MINE,
        Identity::Supporter { .. } => "/beside",
        Identity::LinkHolder { .. } => "/link/request",
        Identity::Public | Identity::Job | Identity::Operator => paths::HOME,
    }
}

/// Where whoever has this session starts. Somebody who was stopped starts at the door.
async fn home_for(app: &App, cookie: &str) -> Result<&'static str, Oops> {
    let (Opened::SignedIn(who) | Opened::Nobody(who)) =
        app.kith.principal(Some(cookie), Uuid::now_v7(), app.now()).await?;
    Ok(home_of(&who.identity))
}

/// Goes to a page with a new session cookie.
pub fn with_cookie(site: &Site, cookie: &str, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    Cookie::Session.give(site, cookie, response.headers_mut());
    response
}

/// Gives a browser that has none a cookie to be known by, unless others use it too. The
/// value to set, where it is new.
fn known_again(visitor: &mut Visitor) -> Result<Option<String>, Oops> {
    if visitor.device.is_some() || visitor.shared {
        return Ok(None);
    }
    visitor.device = Some(kith_care::sign_in::session::secret()?);
    Ok(visitor.device.clone())
}

/// With the cookie by which the browser is known again.
fn with_device(site: &Site, mut response: Response, device: Option<String>) -> Response {
    if let Some(device) = device {
        Cookie::Device.give(site, &device, response.headers_mut());
    }
    response
}

/// Leaving in a hurry ends the session here too, so that going back opens nothing. No token is asked
/// for: a page that stood open for a day must still leave. What goes wrong goes to the log, never to the
/// screen of somebody who has to get away.
async fn leave(State(app): State<App>, cookie: Option<Extension<SessionCookie>>) -> Response {
    if let Some(Extension(SessionCookie(cookie))) = cookie
        && let Err(cause) = app.kith.end_session(&cookie, app.now()).await
    {
        tracing::error!(%cause, "a session could not be ended on leaving");
    }
    crate::basics::away_from(&app.site)
}

async fn sign_out(
    State(app): State<App>,
    Anyone(who): Anyone,
    cookie: Option<Extension<SessionCookie>>,
    _form: Posted,
) -> Result<Response, Oops> {
    if let Some(Extension(SessionCookie(cookie))) = cookie {
        app.kith.end_session(&cookie, app.now()).await?;
    }
    // Somebody who came from elsewhere is still signed in there: on a shared computer that matters.
    let to = elsewhere::place_of(&who).map_or_else(|| paths::HOME.to_owned(), |p| format!("/signed-out/{p}"));
    let mut response = Redirect::to(&to).into_response();
    let headers = response.headers_mut();
    Cookie::Session.take_back(&app.site, headers);
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
