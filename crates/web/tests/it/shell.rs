//! The frame: headers, limits, error pages, assets, appearance, leaving.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::routing::{get, post};
use futures::StreamExt;
use kith_web::form::FormData;
use kith_web::page::{Site, SiteSettings};
use kith_web::{assets, components_present, shell};
use tower::ServiceExt;

fn app_with(settings: SiteSettings) -> Router {
    let features = Router::new()
        .route("/denied", get(|| async { StatusCode::NOT_FOUND }))
        .route("/panic", get(panics))
        .route("/form", post(|form: FormData| async move { format!("{:?}", form.value("a").map(str::len)) }));
    shell::wrap(Site::new(settings), features)
}

async fn panics() -> &'static str {
    panic!("{} lives at 1 Fern Street", "Somebody")
}

fn app() -> Router {
    app_with(SiteSettings { place: "Brackenford".into(), ..SiteSettings::default() })
}

async fn send(app: Router, request: Request<Body>) -> (StatusCode, header::HeaderMap, Bytes) {
    let response: Response<Body> = app.oneshot(request).await.expect("the router never fails");
    let (parts, body) = response.into_parts();
    let mut bytes = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.expect("a body in memory"));
    }
    (parts.status, parts.headers, bytes.into())
}

fn ask(method: Method, path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .expect("the parts of a request are well formed")
}

async fn get_page(path: &str) -> (StatusCode, header::HeaderMap, String) {
    let (status, headers, body) = send(app(), ask(Method::GET, path, "")).await;
    (status, headers, String::from_utf8(body.to_vec()).expect("pages are UTF-8"))
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_we_never_do() {
    for path in ["/help", "/none", "/away", &assets::url("kith.css")] {
        let (_, headers, _) = get_page(path).await;
        let csp = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        for part in ["default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]
        {
            assert!(csp.contains(part), "{path}: {csp}");
        }
        assert!(!csp.contains("unsafe"), "{csp}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "same-origin");
        assert!(headers.contains_key("permissions-policy"));
    }
}

#[tokio::test]
async fn only_assets_are_kept_by_caches() {
    let (_, headers, _) = get_page("/help").await;
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let (status, headers, _) = get_page(&assets::url("kith.css")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    let (status, headers, _) = get_page("/assets/0000000000000000/kith.css").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn what_is_denied_and_what_is_missing_are_the_same_bytes() {
    let (status, denied_headers, denied) = get_page("/denied").await;
    let (_, missing_headers, missing) = get_page("/none/0192d5a0").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(denied, missing);
    assert_eq!(denied_headers, missing_headers);
    if components_present() {
        assert!(denied.contains("We cannot show this page") && denied.contains("call 999 now"));
    }
}

#[tokio::test]
async fn another_method_and_a_panic_have_pages_too() {
    let (status, _, _) = send(app(), ask(Method::DELETE, "/help", "")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let (status, _, body) = get_page("/panic").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!body.contains("Fern Street"), "what a panic says may be about a person");
    assert!(body.contains("The reference is"), "{body}");
}

#[tokio::test]
async fn ten_megabytes_reach_the_field_and_more_get_a_page() {
    let body = format!("a={}", "x".repeat(10 * 1024 * 1024));
    let (status, _, text) = send(app(), ask(Method::POST, "/form", body)).await;
    assert_eq!((status, text.as_ref()), (StatusCode::OK, b"Some(10485760)".as_slice()));

    let body = format!("a={}", "x".repeat(12 * 1024 * 1024));
    let (status, headers, text) = send(app(), ask(Method::POST, "/form", body)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(String::from_utf8_lossy(&text).contains("too much to send"));
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let mut request = ask(Method::POST, "/form", "a=1");
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let (status, _, _) = send(app(), request).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let mut request = ask(Method::POST, "/form", "{}");
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    let (status, _, _) = send(app(), request).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn the_appearance_is_chosen_by_a_plain_form() {
    let (status, headers, _) =
        send(app(), ask(Method::POST, "/appearance", "theme=dark&large=yes&back=%2Fhelp")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers[header::LOCATION], "/help");
    let cookie = headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

    let mut request = ask(Method::GET, "/help", "");
    request.headers_mut().insert(header::COOKIE, cookie.split(';').next().unwrap().parse().unwrap());
    let (_, _, page) = send(app(), request).await;
    let page = String::from_utf8_lossy(&page).into_owned();
    assert!(page.contains("kith-theme-dark kith-large"), "{}", &page[..300]);
}

#[tokio::test]
async fn colours_that_do_not_exist_or_are_not_offered_are_refused() {
    for theme in ["", "plaid", "nhs"] {
        let (status, headers, _) =
            send(app(), ask(Method::POST, "/appearance", format!("theme={theme}"))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{theme}");
        assert!(!headers.contains_key(header::SET_COOKIE));
    }
}

#[tokio::test]
async fn the_address_of_leaving_changes_nothing_and_offers_the_button() {
    let (status, headers, page) = get_page("/leave").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!headers.contains_key(header::SET_COOKIE) && !headers.contains_key("clear-site-data"));
    assert!(page.contains("Leave now"));
    let (_, _, away) = get_page("/away").await;
    assert!(!away.to_lowercase().contains("kith"), "the plain page says nothing about us");
    for outside in ["http://", "https://", "src=", "<script"] {
        assert!(!away.contains(outside), "the plain page asks for nothing: {outside}");
    }
}

#[tokio::test]
async fn where_leaving_ends_elsewhere_the_browser_is_told_so() {
    let settings =
        SiteSettings { leave_to: Some("https://weather.example/uk".into()), ..SiteSettings::default() };
    let (_, headers, _) = send(app_with(settings), ask(Method::GET, "/leave", "")).await;
    let csp = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(csp.contains("form-action 'self' https://weather.example"), "{csp}");
    assert!(csp.contains("default-src 'self';"), "{csp}");
}

#[tokio::test]
async fn the_gallery_is_only_in_a_made_up_place() {
    let (status, _, _) = get_page("/gallery").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let demo = app_with(SiteSettings { demo: true, ..SiteSettings::default() });
    let (status, _, _) = send(demo, ask(Method::GET, "/gallery", "")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn pages_and_assets_are_sent_small() {
    let mut request = ask(Method::GET, "/help", "");
    request.headers_mut().insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
    let (_, headers, _) = send(app(), request).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
}
