//! Our own page wherever a bare status would be shown.

use std::error::Error;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::basics::{ErrorPage, Problem};
use crate::page::{Appearance, NavItem, Site};
use crate::view::{Html, try_render};

/// Whoever asked, by the key under which their drafts are kept: for the layers around a page.
#[derive(Clone, Debug)]
pub struct Asker(pub String);

/// Where whoever asked can go: kept on a page that says that something went wrong. It is the
/// same for everything they may not know of.
#[derive(Clone, Debug)]
pub struct Menu(pub Vec<NavItem>);

/// A fault of ours. The cause goes to the log under a reference; the reader gets the
/// reference and an apology, never the cause.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What the page and the log share.
    pub reference: String,
}

impl Fault {
    /// Logs the cause and everything below it.
    pub fn new(cause: &(dyn Error + 'static)) -> Fault {
        let fault = Fault { reference: new_reference() };
        let mut causes = vec![cause.to_string()];
        let mut next = cause.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        tracing::error!(reference = fault.reference, cause = causes.join(": "), "a request ended in a fault");
        fault
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Eight letters and digits that are hard to misread, for the phone.
fn new_reference() -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let bytes = uuid::Uuid::new_v4().into_bytes();
    let letters: String = bytes[..8].iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

/// Replaces the body of an error that has no page of its own: bare statuses, and the
/// plain texts with which extractors refuse. JSON and our own pages are left alone.
pub(super) async fn dress(State(site): State<Site>, request: Request, next: Next) -> Response {
    let appearance = Appearance::from_headers(request.headers());
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = next.run(request).await;
    let status = match response.status() {
        // An address that names nothing: the one page for what is not there.
        StatusCode::BAD_REQUEST if looks => StatusCode::NOT_FOUND,
        status => status,
    };
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || has_own_body(response.headers()) {
        return response;
    }
    let reference = response.extensions().get::<Fault>().map(|fault| fault.reference.clone());
    let asker = response.extensions().get::<Asker>().cloned();
    let offered = status == StatusCode::NOT_FOUND
        && response.extensions().get::<crate::app::who::EmergencyOffered>().is_some();
    let menu = response.extensions().get::<Menu>().cloned();
    let mut page = drawn(&site, (appearance, offered, menu), status, reference).into_response();
    asker.map(|asker| page.extensions_mut().insert(asker));
    page
}

fn has_own_body(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| !kind.starts_with("text/plain"))
}

/// The page for a status. It knows nothing of the reader but the colours they chose and where
/// they can always go, so that "there is none" and "not for you" are the same bytes.
pub fn error_page(
    site: &Site,
    appearance: Appearance,
    status: StatusCode,
    reference: Option<String>,
) -> Html {
    drawn(site, (appearance, false, None), status, reference)
}

fn drawn(
    site: &Site,
    (appearance, emergency, menu): (Appearance, bool, Option<Menu>),
    status: StatusCode,
    reference: Option<String>,
) -> Html {
    let mut page = site.page(&HeaderMap::new(), &Uri::from_static("/"));
    page.appearance = appearance;
    page.emergency = emergency;
    // The form to sign out is not on it: its token is another each time.
    page.nav = menu.map(|Menu(nav)| nav).unwrap_or_default();
    let view = ErrorPage::new(Problem::of_status(status), reference);
    match try_render(&page, &view) {
        Ok(text) => Html { status, text },
        // Without page components there is no template to draw with.
        Err(_) => Html { status, text: BARE_APOLOGY.to_owned() },
    }
}

/// The apology for a page that could not be drawn.
pub fn apology_page(site: &Site, appearance: Appearance) -> Html {
    error_page(site, appearance, StatusCode::INTERNAL_SERVER_ERROR, None)
}

const BARE_APOLOGY: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Kith</title></head>\
<body><main><h1>Sorry, something went wrong here</h1><p>This is our fault, not yours. Try again in a few minutes.</p>\
<p>If you need help now, call 111 and choose option 2. If a life is in danger, call 999.</p></main></body></html>\n";
