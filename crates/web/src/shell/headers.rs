//! Headers that tell the browser what our pages never do.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::page::Site;

/// What the browser may load, post to and be framed by: only ourselves, nothing
/// written into the page. Where "leave this page" ends elsewhere, a form may be sent
/// on to that one address.
pub fn content_security_policy(site: &Site) -> String {
    let elsewhere = site.settings().leave_to.as_deref().and_then(origin_of).unwrap_or_default();
    let form_action = format!("'self' {elsewhere}");
    format!(
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action {}",
        form_action.trim_end()
    )
}

fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    Some(format!("{scheme}://{host}"))
}

/// Adds the headers to every answer. Only assets may be kept by a cache: everything
/// else may be about a person.
///
/// The referrer policy is `same-origin`: other sites are told nothing, and unlike
/// `no-referrer` it leaves our own forms their `Origin`, which the check of forms
/// needs in browsers that do not send `Sec-Fetch-Site`.
pub(super) async fn add(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, header::CONTENT_SECURITY_POLICY, &content_security_policy(&site));
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    // The open data has said already that other sites may read it.
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    if !headers.contains_key(&policy) {
        set(headers, policy, "same-origin");
    }
    set(
        headers,
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
         magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    );
    if site.is_https() {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        set(headers, header::CACHE_CONTROL, "no-store");
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
