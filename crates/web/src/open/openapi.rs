//! What can be asked, for programs (OpenAPI 3.1): the lists, their parameters and that a
//! question can be posted. The schemas of what comes back are those of Open Referral UK 3.0.

use kith_care::publish::PROFILE;
use serde_json::{Map, Value, json};

/// Which lists there are, and what can be asked of each beside the page.
const LISTS: &[(&str, &str, &[&str])] = &[
    ("services", "Services, and groups that meet", ENTRY),
    ("service_at_locations", "Services at each of their places", ENTRY),
    ("organizations", "Organisations that run them", ENTRY),
    ("taxonomies", "Lists of codes", &["search", "taxonomy_id"]),
    ("taxonomy_terms", "Codes", &["search", "taxonomy_id", "parent_id", "top_only"]),
];

const ENTRY: &[&str] = &[
    "search",
    "taxonomy_term_id",
    "taxonomy_id",
    "organization_id",
    "modified_after",
    "minimal",
    "full",
    "postcode",
    "proximity",
    "minimum_age",
    "maximum_age",
    "day",
    "start_time",
    "end_time",
];

/// The document. `base` is the address of the feed.
pub(super) fn document(base: &str) -> Value {
    let mut paths = Map::new();
    paths.insert("/".into(), json!({ "get": { "summary": "What this is", "responses": ok() } }));
    for (name, about, own) in LISTS {
        let names: Vec<&str> =
            ["page", "per_page", "format"].into_iter().chain(own.iter().copied()).collect();
        let parameters: Vec<Value> = names.iter().map(|n| parameter(n)).collect();
        let fields: Map<String, Value> = names.iter().map(|n| ((*n).to_owned(), schema(n))).collect();
        let body = json!({ "schema": { "type": "object", "properties": fields } });
        paths.insert(
            format!("/{name}"),
            json!({
                "get": { "summary": about, "parameters": parameters, "responses": ok() },
                "post": {
                    "summary": format!("{about}: the question in the body, so that it stays out of the address"),
                    "requestBody": { "content": {
                        "application/json": body, "application/x-www-form-urlencoded": body } },
                    "responses": ok(),
                },
            }),
        );
        let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } });
        let get = json!({ "summary": "One of them", "parameters": [id], "responses": ok() });
        paths.insert(format!("/{name}/{{id}}"), json!({ "get": get }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Open Referral UK",
            "version": "3.0",
            "description": format!("The schemas are those of {PROFILE}. Parameters are added with AND; one that cannot be read is answered with 400."),
        },
        "servers": [{ "url": base }],
        "paths": paths,
    })
}

fn ok() -> Value {
    json!({ "200": { "description": "Found" }, "400": { "description": "A parameter cannot be read" } })
}

fn parameter(name: &str) -> Value {
    json!({ "name": name, "in": "query", "schema": schema(name) })
}

fn schema(name: &str) -> Value {
    match name {
        "page" | "per_page" => json!({ "type": "integer", "minimum": 1 }),
        "proximity" => json!({ "type": "number", "description": "Metres; 5000 unless said" }),
        "minimum_age" | "maximum_age" => json!({ "type": "number" }),
        "minimal" | "full" | "top_only" => json!({ "type": "boolean" }),
        "modified_after" => json!({ "type": "string", "format": "date-time" }),
        "format" => json!({ "type": "string", "enum": ["json", "ndjson"] }),
        name if name.ends_with("_id") => json!({ "type": "string", "format": "uuid" }),
        _ => json!({ "type": "string" }),
    }
}
