//! How good the directory is: entries by part of life and by when they were checked, and for each
//! entry what would make it better. A page at a time; the ones with most to do first.

use super::count;
use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Query, State};
use kith_care::listing::quality::{Fresh, Graded};
use kith_domain::area::Area;
use serde::Serialize;
use std::collections::BTreeMap;

/// Entries on a page.
const SHOWN: usize = 25;

/// The directory, looked at.
#[derive(Debug, Serialize)]
pub struct QualityPage {
    answer: String,
    fresh: Vec<(&'static str, String)>,
    areas: Vec<AreaRow>,
    entries: Vec<Entry>,
    words: String,
    before: Option<String>,
    next: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct AreaRow {
    title: &'static str,
    entries: usize,
    fresh: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Entry {
    name: String,
    organisation: String,
    href: String,
    points: u8,
    fresh: &'static str,
    better: Vec<String>,
}

fn areas(all: &[Graded]) -> Vec<AreaRow> {
    let of = |area: &Area| {
        let here: Vec<&Graded> = all.iter().filter(|g| g.area == *area).collect();
        let fresh = here.iter().filter(|g| g.fresh == Fresh::Lately).count();
        AreaRow { title: area.title(), entries: here.len(), fresh }
    };
    Area::SIX.iter().map(of).collect()
}

fn entry(g: &Graded) -> Entry {
    // What makes the most difference first.
    let mut parts: Vec<_> = g.quality.parts.iter().filter(|p| p.better.is_some()).collect();
    parts.sort_by_key(|p| std::cmp::Reverse(p.aspect.points() - p.points));
    Entry {
        name: g.name.clone(),
        organisation: g.organisation.clone(),
        href: g.about.path(),
        points: g.quality.points(),
        fresh: g.fresh.words(),
        better: parts.iter().take(3).filter_map(|p| p.better.clone()).collect(),
    }
}

fn view(all: &[Graded], number: usize) -> QualityPage {
    let pages = all.len().div_ceil(SHOWN).max(1);
    let number = number.clamp(1, pages);
    let first = (number - 1) * SHOWN;
    let last = (first + SHOWN).min(all.len());
    let mut points: Vec<u8> = all.iter().map(|g| g.quality.points()).collect();
    points.sort_unstable();
    let fresh = |state: Fresh| all.iter().filter(|g| g.fresh == state).count();
    let to = |page: usize| format!("/directory/quality?page={page}");
    QualityPage {
        answer: match points.get(points.len() / 2) {
            None => "The directory is empty.".into(),
            Some(middle) => format!(
                "{} of {} were checked in the last 3 months. Half of them have {middle} points of 100 or more.",
                fresh(Fresh::Lately),
                text::plural(count(all.len()), "entry", "entries"),
            ),
        },
        fresh: Fresh::ALL.map(|state| (state.words(), fresh(state).to_string())).into(),
        areas: areas(all),
        entries: all[first..last].iter().map(entry).collect(),
        words: if all.is_empty() {
            String::new()
        } else {
            format!("Entries {} to {last} of {}.", first + 1, all.len())
        },
        before: (number > 1).then(|| to(number - 1)),
        next: (number < pages).then(|| to(number + 1)),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Html, Oops> {
    let number = query.get("page").and_then(|n| n.parse().ok()).unwrap_or(1);
    let all = app.kith.graded_listings(&who).await?;
    Ok(render(&page, &view(&all, number)))
}

impl View for QualityPage {
    const TEMPLATE: &'static str = "directory/quality.html";
    fn title(&self) -> String {
        "How good the directory is".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| QualityPage {
            answer: "20 of 80 entries were checked in the last 3 months.".into(),
            fresh: Fresh::ALL.map(|state| (state.words(), "20".to_owned())).into(),
            areas: Area::SIX.iter().map(|a| AreaRow { title: a.title(), entries: 12, fresh: 4 }).collect(),
            entries: vec![
                Entry {
                    name: words.into(),
                    organisation: words.into(),
                    href: "/services/1".into(),
                    points: 42,
                    fresh: Fresh::LongAgo.words(),
                    better: vec!["Add a phone number".into(), "Say what it costs, or that it is free".into()],
                };
                n
            ],
            words: "Entries 26 to 50 of 80.".into(),
            before: Some("/directory/quality?page=1".into()),
            next: (n > 1).then(|| "/directory/quality?page=3".into()),
        };
        vec![
            ("ordinary", page("Debt advice", 3)),
            ("empty", view(&[], 1)),
            ("longest", page(&"A long name ".repeat(8), SHOWN)),
            ("difficult", page("<b>\"'&", 1)),
        ]
    }
}
