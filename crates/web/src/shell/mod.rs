//! The frame around every router: our assets and basic pages, security headers,
//! limits, and our own page wherever a bare status would be shown.
//!
//! [`wrap`] takes the routes of all features. Inside it a handler can take a
//! [`PageContext`], answer with a bare [`StatusCode`] (the shell makes the page), or
//! with [`Fault`] when something of ours broke.

mod dress;
mod headers;

use std::any::Any;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::TimeoutLayer;

pub(crate) use crate::app::answer::refused_page;
pub use dress::{Asker, Fault, Menu, apology_page, error_page};
pub use headers::content_security_policy;

use crate::form::csrf;
use crate::page::{PageContext, SignedIn, Site, Today};
use crate::{assets, basics};

/// How long a request may take before the reader is told so.
pub const REQUEST_MAX: Duration = Duration::from_secs(30);

/// Puts the routes of the features into the frame. Routes of the basics (help now,
/// appearance, leave) and the assets are added here.
pub fn wrap(site: Site, features: Router) -> Router {
    wrap_with(site, features, |pages| pages, |pages| pages)
}

/// As [`wrap`], with a layer around every page, the basics too: it finds out who asks; and
/// one around every answer that is a page.
pub fn wrap_with(
    site: Site,
    features: Router,
    layer: impl FnOnce(Router) -> Router,
    answers: impl FnOnce(Router) -> Router,
) -> Router {
    let pages = layer(features.merge(basics::routes(&site)))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(middleware::from_fn_with_state(site.clone(), refuse_other_sites))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_MAX))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(middleware::from_fn(crate::open::layer))
        .layer(middleware::from_fn_with_state(site.clone(), dress::dress));
    Router::new()
        .route("/assets/{hash}/{*name}", get(assets::serve))
        .merge(answers(pages))
        .layer(middleware::from_fn_with_state(site.clone(), headers::add))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(Extension(site))
}

/// Nothing that changes something is taken from another site.
async fn refuse_other_sites(State(site): State<Site>, request: Request, next: Next) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A question to the open data changes nothing, however it is sent.
    let changes = !looks && !crate::open::is_open(request.uri().path());
    if changes && csrf::check_origin(request.headers(), &site.settings().public_url).is_err() {
        tracing::warn!(refusal = %csrf::Refused::OtherSite, "form refused");
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// A panic becomes the apology. Its text may hold something about a person, so only a
/// fixed text, never a formatted one, goes to the log.
fn after_panic(payload: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let fixed = payload.downcast_ref::<&'static str>().copied().unwrap_or("(its text is not logged)");
    Fault::new(&std::io::Error::other(format!("panic: {fixed}"))).into_response()
}

impl<S: Send + Sync> FromRequestParts<S> for PageContext {
    type Rejection = StatusCode;

    /// The page context of the request, with whoever a session layer found to be
    /// signed in (a [`SignedIn`] in the request's extensions).
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<PageContext, StatusCode> {
        let site = parts.extensions.get::<Site>().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        let today = parts.extensions.get::<Today>().map(|Today(day)| *day);
        let page = site.page(&parts.headers, &parts.uri).on(today);
        Ok(match parts.extensions.get::<SignedIn>() {
            Some(signed_in) => page
                .signed_in(signed_in.who.clone(), signed_in.nav.clone(), csrf::masked(&signed_in.csrf_token))
                .with_glass(signed_in.glass.clone())
                .waiting(signed_in.waits_minutes),
            None => page,
        })
    }
}
