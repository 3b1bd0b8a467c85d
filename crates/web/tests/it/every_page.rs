//! Draws every registered view with every sample, in every theme, signed in and out,
//! and looks for what must never be on a page.

use axum::http::{HeaderMap, Uri};
use kith_web::page::{Appearance, NavItem, PageContext, Site, SiteSettings, Theme, Who};
use kith_web::view::check;
use kith_web::{components_present, registered_views};

fn contexts() -> Vec<PageContext> {
    let site = Site::new(SiteSettings { place: "Brackenford".into(), demo: true, ..SiteSettings::default() });
    let page = |theme, large| {
        let mut page = site.page(&HeaderMap::new(), &Uri::from_static("/today"));
        page.appearance = Appearance { theme, large };
        page
    };
    let who = Who {
        name: "Aisha Rahman-Fitzgerald of the Long Name".into(),
        role: "Navigator".into(),
        organisation: Some("Brackenford Together".into()),
        kind: kith_web::page::WhoKind::Worker,
    };
    let nav =
        vec![NavItem::new("Today", "/today").with_count(3), NavItem::new("People I support", "/people")];
    let mut contexts: Vec<PageContext> = Theme::ALL.into_iter().map(|theme| page(theme, false)).collect();
    contexts.push(page(Theme::Neutral, true).signed_in(who, nav, kith_web::form::csrf::masked("token")));
    contexts
}

#[test]
fn every_view_is_fit_to_be_seen() {
    if !components_present() {
        println!("skipped: the page components are not there; run {}", kith_web::COMPONENTS_COMMAND);
        return;
    }
    let mut wrong = Vec::new();
    for view in registered_views() {
        for page in contexts() {
            let drawn = (view.draw)(&page);
            assert!(!drawn.is_empty(), "{} offers no samples", view.name);
            for name in check::unknown_names(&view, &drawn) {
                wrong.push(format!("{}: {} looks up {name}, which no sample has", view.name, view.template));
            }
            for sample in drawn {
                let problems = match sample.html {
                    Ok(html) => check::problems(&html),
                    Err(error) => vec![error],
                };
                let place = format!("{} ({}, {})", view.name, sample.sample, page.appearance.theme.code());
                wrong.extend(problems.into_iter().map(|problem| format!("{place}: {problem}")));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_people_write_is_never_markup() {
    if !components_present() {
        return;
    }
    for view in registered_views() {
        for sample in (view.draw)(&contexts()[0]) {
            let html = sample.html.expect("the test above reports this");
            assert!(!html.contains("<script>alert"), "{} {}", view.name, sample.sample);
            assert!(!html.contains("<img src=x"), "{} {}", view.name, sample.sample);
        }
    }
}
