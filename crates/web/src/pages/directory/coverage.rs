//! Where support is and where it is not: a map drawn by the server from outlines that were brought in,
//! with the same numbers in a table beside it, for those who keep the directory.

use super::count;
use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Query, State};
use kith_care::listing::coverage::{Coverage, Covered};
use kith_domain::area::Area;
use serde::Serialize;
use std::collections::BTreeMap;

/// Neighbourhoods on a page.
const SHOWN: usize = 25;

/// The place, with what there is where.
#[derive(Debug, Serialize)]
pub struct CoveragePage {
    answer: String,
    nothing: Vec<&'static str>,
    width: u32,
    height: u32,
    shapes: Vec<Shape>,
    areas: Vec<&'static str>,
    rows: Vec<Row>,
    everywhere: Vec<usize>,
    unmet: String,
    words: String,
    before: Option<String>,
    next: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Shape {
    path: String,
    /// 0 none, 1 few, 2 some, 3 many: how it is filled. The number stands on it as well.
    level: u8,
    all: usize,
    x: i32,
    y: i32,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    name: String,
    there: Vec<usize>,
    all: usize,
    unmet: String,
}

fn level(all: usize) -> u8 {
    match all {
        0 => 0,
        1..=3 => 1,
        4..=9 => 2,
        _ => 3,
    }
}

fn row(c: &Covered) -> Row {
    Row {
        name: c.name.clone(),
        there: c.there.to_vec(),
        all: c.all(),
        unmet: c.unmet.map_or_else(|| "none written down".into(), kith_care::figures::Shown::words),
    }
}

fn view(c: &Coverage, number: usize) -> CoveragePage {
    let all = &c.neighbourhoods;
    let pages = all.len().div_ceil(SHOWN).max(1);
    let number = number.clamp(1, pages);
    let first = (number - 1) * SHOWN;
    let last = (first + SHOWN).min(all.len());
    let empty = all.iter().filter(|n| n.all() == 0).count();
    let to = |page: usize| format!("/directory/coverage?page={page}");
    let there: BTreeMap<&str, usize> = all.iter().map(|n| (n.code.as_str(), n.all())).collect();
    let shape = |s: &kith_domain::place::outline::Shape| {
        let all = there.get(s.code.as_str()).copied().unwrap_or(0);
        Shape { path: s.path.clone(), level: level(all), all, x: s.middle.0, y: s.middle.1 }
    };
    CoveragePage {
        answer: match (all.len(), empty) {
            (0, _) => "No neighbourhoods were brought in yet.".into(),
            (_, 0) => "Something is in every neighbourhood.".into(),
            (n, empty) => format!(
                "Nothing is in {empty} of {}.",
                text::plural(count(n), "neighbourhood", "neighbourhoods")
            ),
        },
        nothing: c.nothing.iter().map(|a| a.title()).collect(),
        width: c.map.width,
        height: c.map.height,
        shapes: c.map.shapes.iter().map(shape).collect(),
        areas: Area::SIX.iter().map(|a| a.title()).collect(),
        rows: all[first..last].iter().map(row).collect(),
        everywhere: c.everywhere.to_vec(),
        unmet: c.unmet.words(),
        words: if all.is_empty() {
            String::new()
        } else {
            format!("Neighbourhoods {} to {last} of {}.", first + 1, all.len())
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
    let found = app.kith.coverage(&who).await?;
    Ok(render(&page, &view(&found, number)))
}

impl View for CoveragePage {
    const TEMPLATE: &'static str = "directory/coverage.html";
    fn title(&self) -> String {
        "Where support is".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize, drawn: usize| CoveragePage {
            answer: "Nothing is in 3 of 24 neighbourhoods.".into(),
            nothing: if n == 1 { vec!["Money"] } else { Vec::new() },
            width: 640,
            height: 480,
            shapes: (0..drawn)
                .map(|at| Shape {
                    path: "M0 0L60 0L60 60L0 60Z".into(),
                    level: (at % 4) as u8,
                    all: at,
                    x: 30,
                    y: 30,
                })
                .collect(),
            areas: Area::SIX.iter().map(|a| a.title()).collect(),
            rows: vec![
                Row { name: words.into(), there: vec![1; 6], all: 6, unmet: "too few to show".into() };
                n
            ],
            everywhere: vec![2; 6],
            unmet: "about 40".into(),
            words: "Neighbourhoods 1 to 25 of 60.".into(),
            before: None,
            next: (n > 1).then(|| "/directory/coverage?page=2".into()),
        };
        vec![
            ("ordinary", page("Mill Lane", 3, 3)),
            ("empty", page("", 0, 0)),
            ("longest", page(&"A long name ".repeat(4), SHOWN, 140)),
            ("difficult", page("<b>\"'&", 1, 1)),
        ]
    }
}
