//! Every sample of every view, served on loopback for the browser checks: pages that are empty, long,
//! difficult or wrong, which a walk through a made-up place would seldom meet.
//!
//! `cargo run -p kith-web --example samples -- 8418`

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use kith_web::page::{NavItem, PageContext, Site, SiteSettings, Who};
use kith_web::view::Registered;
use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).ok_or("say which port of loopback to serve on")?.parse()?;
    let settings = SiteSettings {
        place: "Brackenford".into(),
        demo: true,
        public_url: format!("http://localhost:{port}"),
        ..SiteSettings::default()
    };
    let site = Site::new(settings);
    let samples = axum::Router::new()
        .route("/", get(list))
        .route("/samples/{view}/{sample}", get(sample))
        .with_state(site.clone());
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    axum::serve(listener, kith_web::shell::wrap(site, samples)).await?;
    Ok(())
}

/// Links to all samples. The last sample of a view comes first: it is the most difficult one, and the
/// walk looks at the first of each view in every theme.
async fn list(State(site): State<Site>) -> Html<String> {
    let page = site.page(&axum::http::HeaderMap::new(), &axum::http::Uri::from_static("/"));
    let mut html =
        String::from("<!doctype html><html lang=\"en\"><title>Samples</title><main><h1>Samples</h1>");
    for view in kith_web::registered_views() {
        let name = short(&view);
        for drawn in (view.draw)(&page).iter().rev() {
            let sample = drawn.sample.replace(' ', "-");
            write!(html, "<p><a href=\"/samples/{name}/{sample}\">{name}: {sample}</a></p>")
                .expect("writing to a string cannot fail");
        }
    }
    html.push_str("</main></html>");
    Html(html)
}

/// One sample, as somebody who is signed in sees it.
async fn sample(page: PageContext, Path((view, sample)): Path<(String, String)>) -> Response {
    let who = Who {
        name: "Aisha Rahman".into(),
        role: "Navigator".into(),
        organisation: Some("Brackenford Together".into()),
        kind: kith_web::page::WhoKind::Worker,
    };
    let nav =
        vec![NavItem::new("Today", "/today").with_count(3), NavItem::new("People I support", "/people")];
    let page = page.signed_in(who, nav, kith_web::form::csrf::masked("sample"));
    let Some(view) = kith_web::registered_views().into_iter().find(|known| short(known) == view) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match (view.draw)(&page).into_iter().find(|drawn| drawn.sample.replace(' ', "-") == sample) {
        Some(drawn) => match drawn.html {
            Ok(html) => Html(html).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The feature and the type: two features may each have a `CodePage`.
fn short(view: &Registered) -> String {
    let parts: Vec<&str> = view.name.split("::").collect();
    let feature = parts.iter().position(|part| *part == "pages" || *part == "basics");
    let from = feature.map_or(1, |at| if parts[at] == "pages" { at + 1 } else { at });
    parts.get(from).into_iter().chain(parts.last()).copied().collect::<Vec<_>>().join(".")
}
