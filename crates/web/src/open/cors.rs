//! Programs of other sites may read the open data, and nothing else of ours.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Where the open data stands.
pub(crate) const PREFIX: &str = "/oruk/v3";

/// Is this path one of the open data?
pub(crate) fn is_open(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers what browsers ask before they let another site read, says on every answer that
/// it may be read, and puts errors into JSON: a program cannot read a page.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    if !is_open(request.uri().path()) {
        return next.run(request).await;
    }
    if *request.method() == Method::OPTIONS {
        return allowed(StatusCode::NO_CONTENT.into_response());
    }
    let response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if failed && !is_json(response.headers()) {
        let words = match status {
            StatusCode::NOT_FOUND => "There is nothing with this address.",
            StatusCode::METHOD_NOT_ALLOWED => "Ask with GET, or POST a list's parameters.",
            _ => "That could not be answered.",
        };
        let body = serde_json::json!({ "error": words }).to_string();
        return allowed((status, [(header::CONTENT_TYPE, "application/json")], body).into_response());
    }
    allowed(response)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json"))
}

fn allowed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type, Accept"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
