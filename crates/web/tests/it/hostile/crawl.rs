//! Going through every page by its links, as one who is signed in would, and collecting
//! every form.

use super::forms::PageForm;
use crate::harness::{Browser, Shown};
use axum::http::Method;
use kith_web::app::routes::Declared;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Pages of one kind that are opened: a list of a hundred people is not read to its end.
const OF_A_KIND: usize = 4;
/// Parts of an address that say what is done and not with what.
const DOINGS: [&str; 5] = ["{act}", "{change}", "{what}", "{part}", "{area}"];

/// The declared routes, to know which page an address is.
pub struct Map {
    declared: Vec<Declared>,
}

impl Map {
    pub fn new() -> Map {
        Map { declared: kith_web::pages::routes().declared().to_vec() }
    }

    /// The route of an address, with what is done spelled out; none when no feature has it.
    pub fn key(&self, method: &Method, address: &str) -> Option<String> {
        let path = address.split(['?', '#']).next()?;
        let there: Vec<&str> = path.split('/').collect();
        let fits = |d: &&Declared| {
            let parts: Vec<&str> = d.path.split('/').collect();
            d.method == *method
                && parts.len() == there.len()
                && parts.iter().zip(&there).all(|(p, t)| p == t || (p.starts_with('{') && !t.is_empty()))
        };
        // The one with the fewest open parts is the one that answers.
        let route = self.declared.iter().filter(fits).min_by_key(|d| d.path.matches('{').count())?;
        let said = route.path.split('/').zip(there);
        Some(said.map(|(p, t)| if DOINGS.contains(&p) { t } else { p }).collect::<Vec<_>>().join("/"))
    }

    /// Every route that takes a form.
    pub fn forms(&self) -> BTreeSet<&'static str> {
        self.declared.iter().filter(|d| d.method == Method::POST).map(|d| d.path).collect()
    }

    /// The route that a key belongs to.
    pub fn route_of(&self, key: &str) -> Option<&'static str> {
        let there: Vec<&str> = key.split('/').collect();
        let fits = |path: &&&str| {
            let parts: Vec<&str> = path.split('/').collect();
            parts.len() == there.len() && parts.iter().zip(&there).all(|(p, t)| p == t || DOINGS.contains(p))
        };
        let forms = self.forms();
        forms
            .iter()
            .filter(fits)
            .min_by_key(|path| DOINGS.iter().filter(|d| path.contains(**d)).count())
            .copied()
    }
}

/// Opens pages from these on, link by link, and gives one form for each route and doing.
pub async fn forms_from(map: &Map, browser: &mut Browser, from: &[String]) -> BTreeMap<String, PageForm> {
    let mut forms = BTreeMap::new();
    crawl(map, browser, from, |page| {
        for form in PageForm::all(page) {
            if let Some(key) = map.key(&Method::POST, &form.action) {
                forms.entry(key).or_insert(form);
            }
        }
    })
    .await;
    forms
}

/// The addresses of the pages that are opened from these on, link by link.
pub async fn addresses_from(map: &Map, browser: &mut Browser, from: &[String]) -> Vec<String> {
    crawl(map, browser, from, |_| ()).await
}

/// Opens pages link by link, shows each to `look`, and gives their addresses.
async fn crawl(
    map: &Map,
    browser: &mut Browser,
    from: &[String],
    mut look: impl FnMut(&Shown),
) -> Vec<String> {
    let mut waiting: VecDeque<String> = from.iter().cloned().collect();
    let mut opened: BTreeMap<String, usize> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut addresses = Vec::new();
    while let Some(address) = waiting.pop_front() {
        let Some(kind) = map.key(&Method::GET, &address) else { continue };
        let times = opened.entry(kind).or_default();
        if !known.insert(address.clone()) || *times >= OF_A_KIND {
            continue;
        }
        *times += 1;
        let page = browser.get(&address).await;
        assert!(!page.status.is_server_error(), "{address}: {}", page.status);
        look(&page);
        waiting.extend(page.links("/"));
        addresses.push(address);
    }
    addresses
}
