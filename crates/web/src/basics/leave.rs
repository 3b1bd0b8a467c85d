//! Leaving in a hurry: forget what this browser keeps for us and show something plain.
//!
//! The answer asks the browser to clear our cookies, storage and cached pages, and
//! goes to the place's chosen address, or to a page of our own that says nothing. It
//! cannot clear the browser's history, and the help page says so.

use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{Html as Bare, IntoResponse, Redirect, Response};

use crate::page::{APPEARANCE_COOKIE, SESSION_COOKIE, Site};
use crate::paths;

/// The plain page: no name, no colours, nothing to recognise.
#[derive(Debug)]
pub struct AwayPage;

impl AwayPage {
    /// The whole page. It is not drawn from the layout, on purpose.
    pub const HTML: &'static str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>New page</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\n<body><main><h1>New page</h1><p>There is nothing here. You can close this page.</p></main></body>\n</html>\n";
}

pub(super) async fn leave(Extension(site): Extension<Site>) -> Response {
    let to = site.settings().leave_to.as_deref().unwrap_or(paths::AWAY);
    let mut response = Redirect::to(to).into_response();
    let headers = response.headers_mut();
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));
    let secure = if site.is_https() { "; Secure" } else { "" };
    // Over https the session's cookie has the prefix that ties it to this host.
    let prefix = if site.is_https() { "__Host-" } else { "" };
    for name in [format!("{prefix}{SESSION_COOKIE}"), APPEARANCE_COOKIE.to_owned()] {
        let gone = format!("{name}=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly{secure}");
        if let Ok(gone) = HeaderValue::from_str(&gone) {
            headers.append(header::SET_COOKIE, gone);
        }
    }
    response
}

pub(super) async fn away() -> Bare<&'static str> {
    Bare(AwayPage::HTML)
}
