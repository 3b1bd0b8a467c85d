//! Open data: the directory at `/oruk/v3`, as Open Referral UK asks for it. Anybody may
//! read it, from any site.
//!
//! Every list answers GET and POST alike. A question about somebody's postcode or trouble
//! is better posted: what stands in an address is written down by every machine on the way.
//! Neither is logged here.

mod cors;
mod openapi;

pub(crate) use cors::{PREFIX, is_open, layer};

use crate::app::{Anyone, App, For, Oops, Routes};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kith_access::Action;
use kith_care::publish::{Asked, Collection, Format, Listed};
use kith_care::{CareError, Principal};
use serde_json::Value;
use uuid::Uuid;

/// Names and values, as often as they come.
type Pairs = Vec<(String, String)>;

macro_rules! lists {
    ($($path:literal, $list:ident, $many:ident, $post:ident, $one:ident;)*) => {
        $(
            async fn $many(State(app): State<App>, Anyone(who): Anyone, query: Asking) -> Result<Response, Oops> {
                list(&app, &who, Collection::$list, query.0).await
            }
            async fn $post(
                State(app): State<App>,
                Anyone(who): Anyone,
                query: Asking,
                headers: HeaderMap,
                body: Bytes,
            ) -> Result<Response, Oops> {
                posted(&app, &who, Collection::$list, query.0, &headers, &body).await
            }
            async fn $one(
                State(app): State<App>,
                Anyone(who): Anyone,
                Path(id): Path<String>,
                query: Asking,
            ) -> Result<Response, Oops> {
                one(&app, &who, Collection::$list, &id, query.0).await
            }
        )*
        /// The routes of the open data.
        pub fn routes() -> Routes {
            Routes::new()
                .get("/oruk/v3", For::Anyone, Action::BrowseDirectory, root)
                .get("/oruk/v3/", For::Anyone, Action::BrowseDirectory, root)
                .get("/oruk/v3/openapi.json", For::Anyone, Action::BrowseDirectory, described)
                $(
                    .get(concat!("/oruk/v3/", $path), For::Anyone, Action::BrowseDirectory, $many)
                    .post(concat!("/oruk/v3/", $path), For::Anyone, Action::BrowseDirectory, $post)
                    .get(concat!("/oruk/v3/", $path, "/{id}"), For::Anyone, Action::BrowseDirectory, $one)
                )*
        }
    };
}
lists! {
    "services", Services, services, services_posted, service;
    "service_at_locations", ServiceAtLocations, places, places_posted, place;
    "organizations", Organizations, organizations, organizations_posted, organization;
    "taxonomies", Taxonomies, taxonomies, taxonomies_posted, taxonomy;
    "taxonomy_terms", TaxonomyTerms, taxonomy_terms, taxonomy_terms_posted, taxonomy_term;
}

/// The parameters of an address. One that cannot be taken apart asks for nothing.
type Asking = Query<Pairs>;

fn base(app: &App) -> String {
    format!("{}{PREFIX}", app.site.settings().public_url.trim_end_matches('/'))
}

async fn root(State(app): State<App>) -> Response {
    json(StatusCode::OK, &kith_care::publish::root(&base(&app)))
}

async fn described(State(app): State<App>) -> Response {
    json(StatusCode::OK, &openapi::document(&base(&app)))
}

async fn posted(
    app: &App,
    who: &Principal,
    what: Collection,
    mut pairs: Pairs,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Oops> {
    match in_body(headers, body) {
        Ok(more) => pairs.extend(more),
        Err(why) => return Ok(refused(why)),
    }
    list(app, who, what, pairs).await
}

async fn list(app: &App, who: &Principal, what: Collection, pairs: Pairs) -> Result<Response, Oops> {
    let asked = match Asked::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()))) {
        Ok(asked) => asked,
        Err(bad) => return Ok(refused(&bad.to_string())),
    };
    match app.kith.published(who, what, &asked).await {
        Ok(listed) => Ok(written(&asked, listed)),
        Err(CareError::Fields(problems)) => {
            let words = problems.into_iter().map(|p| p.problem).collect::<Vec<_>>().join(" ");
            Ok(refused(&words))
        }
        Err(error) => Err(error.into()),
    }
}

async fn one(app: &App, who: &Principal, what: Collection, id: &str, pairs: Pairs) -> Result<Response, Oops> {
    let Ok(id) = id.parse::<Uuid>() else { return Err(CareError::Missing.into()) };
    let depth = match Asked::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()))) {
        Ok(asked) => asked.depth,
        Err(bad) => return Ok(refused(&bad.to_string())),
    };
    Ok(json(StatusCode::OK, &app.kith.published_one(who, what, id, depth).await?))
}

fn written(asked: &Asked, listed: Listed) -> Response {
    match asked.format {
        Format::Json => json(StatusCode::OK, &asked.page.json(listed.total, listed.contents)),
        Format::NdJson => {
            let lines: String = listed.contents.iter().map(|entry| format!("{entry}\n")).collect();
            ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response()
        }
    }
}

/// The parameters in a posted body: a form, or one JSON object.
fn in_body(headers: &HeaderMap, body: &[u8]) -> Result<Pairs, &'static str> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Vec::new());
    }
    if !kind.starts_with("application/json") {
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err("The body is neither a form nor JSON.");
        }
        let form = crate::form::FormData::parse(body).map_err(|_| "The body is not a form.")?;
        return Ok(form.pairs().to_vec());
    }
    let whole: Value = serde_json::from_slice(body).map_err(|_| "The body is not JSON.")?;
    let object = whole.as_object().ok_or("The body is not a JSON object.")?;
    let mut pairs = Vec::new();
    for (name, value) in object {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    return Err("A value of the body is neither text nor number.");
                }
            };
            pairs.push((name.clone(), text));
        }
    }
    Ok(pairs)
}

fn json(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// A question that cannot be answered, and why.
fn refused(why: &str) -> Response {
    json(StatusCode::BAD_REQUEST, &serde_json::json!({ "error": why }))
}
