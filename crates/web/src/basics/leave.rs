//! Leaving in a hurry: forget what this browser keeps for us and show something plain.
//!
//! The answer asks the browser to clear our cookies, storage and cached pages, and
//! goes to the place's chosen address, or to a page of our own that says nothing. It
//! cannot clear the browser's history, and the help page says so. Only a form does it: the
//! session ends on the server too (`pages::sign_in`), and an address alone changes nothing.

use axum::http::HeaderValue;
use axum::response::{Html as Bare, IntoResponse, Redirect, Response};

use crate::cookies::Cookie;
use crate::page::{PageContext, Site};
use crate::paths;
use crate::view::{Html, View, render};

/// The page behind the address `/leave`: the same button, and what it does.
#[derive(Debug, serde::Serialize)]
pub struct LeavePage {}

impl View for LeavePage {
    const TEMPLATE: &'static str = "basics/leave.html";

    fn title(&self) -> String {
        "Leave this page".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("ordinary", LeavePage {})]
    }
}

pub(super) async fn show(page: PageContext) -> Html {
    render(&page, &LeavePage {})
}

/// The plain page: no name, no colours, nothing to recognise.
#[derive(Debug)]
pub struct AwayPage;

impl AwayPage {
    /// The whole page. It is not drawn from the layout, on purpose.
    pub const HTML: &'static str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>New page</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\n<body><main><h1>New page</h1><p>There is nothing here. You can close this page.</p></main></body>\n</html>\n";
}

/// The way out: cookies gone, the browser asked to forget, and something plain to look at.
pub(crate) fn away_from(site: &Site) -> Response {
    let to = site.settings().leave_to.as_deref().unwrap_or(paths::AWAY);
    let mut response = Redirect::to(to).into_response();
    let headers = response.headers_mut();
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));
    for cookie in Cookie::ALL {
        cookie.take_back(site, headers);
    }
    response
}

pub(super) async fn away() -> Bare<&'static str> {
    Bare(AwayPage::HTML)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::SiteSettings;
    use axum::http::header;

    fn left(settings: SiteSettings) -> (String, String, Vec<String>) {
        let answer = away_from(&Site::new(settings));
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        let headers = answer.headers();
        let gone = headers.get_all(header::SET_COOKIE).iter().map(text).collect();
        (text(&headers[header::LOCATION]), text(&headers["clear-site-data"]), gone)
    }

    #[test]
    fn leaving_clears_what_the_browser_keeps() {
        let (to, cleared, _) = left(SiteSettings::default());
        assert_eq!(to, paths::AWAY);
        assert!(["cache", "cookies", "storage"].iter().all(|what| cleared.contains(what)), "{cleared}");
        let public_url = "https://kith.example".into();
        let leave_to = Some("https://weather.example/uk".to_owned());
        let (to, _, gone) = left(SiteSettings { public_url, leave_to, ..SiteSettings::default() });
        assert_eq!(to, "https://weather.example/uk");
        assert!(
            gone.iter().any(|c| c.starts_with("__Host-kith_session=;") && c.contains("Secure")),
            "{gone:?}"
        );
        assert_eq!(gone.len(), Cookie::ALL.len());
    }
}
