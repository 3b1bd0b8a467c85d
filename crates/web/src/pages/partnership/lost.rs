//! What is lost at a lead's own organisation: whoever has to put it right sees whom it is
//! about, as far as they may open that person's page.

use super::paged::{List, Paged};
use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::paths;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Query, State};
use kith_care::figures::{LostHere, LostOne};
use serde::Serialize;
use std::collections::BTreeMap;

const LOST: List = List { path: paths::LOST, name: "page", at: "lost", what: "Lost things", more: "" };

/// What is lost here.
#[derive(Debug, Serialize)]
pub struct LostPage {
    organisation: String,
    counted: String,
    answer: String,
    things: Vec<Thing>,
    paged: Paged,
}

#[derive(Debug, Clone, Serialize)]
struct Thing {
    /// The name they like to be called, and their page. None where this lead may not open it.
    name: Option<String>,
    href: Option<String>,
    kind: String,
    words: &'static str,
    reference: String,
}

impl View for LostPage {
    const TEMPLATE: &'static str = "partnership/lost.html";

    fn title(&self) -> String {
        "What is lost here".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let thing = |name: Option<&str>| Thing {
            name: name.map(str::to_owned),
            href: name.map(|_| "/people/x".into()),
            kind: "need".into(),
            words: "nobody named holds it",
            reference: "01900000-0000-7000-8000-000000000000".into(),
        };
        let page = |things: Vec<Thing>, organisation: &str| LostPage {
            organisation: organisation.into(),
            counted: "today at 10:30am".into(),
            answer: answer(things.len()),
            paged: LOST.page(2, things.len() * 3).1,
            things,
        };
        let long = "Name ".repeat(20);
        vec![
            ("ordinary", page(vec![thing(Some("Badger")), thing(None)], "DebtHelp")),
            ("empty", page(Vec::new(), "DebtHelp")),
            ("longest", page(vec![thing(Some(&long)); super::LINES], &long)),
            ("difficult", page(vec![thing(Some("<b>\"X\"</b> & y"))], "<i>'&")),
        ]
    }
}

fn answer(things: usize) -> String {
    match things {
        0 => "Nothing is lost here.".to_owned(),
        1 => "1 thing is lost here. Put it right today.".to_owned(),
        n => format!("{n} things are lost here. Put them right today."),
    }
}

fn line(one: LostOne) -> Thing {
    let (person, name) = one.person.unzip();
    Thing {
        name,
        href: person.map(|id| format!("{}/{id}", paths::PEOPLE)),
        kind: one.thing.kind.replace('_', " "),
        words: one.thing.words,
        reference: one.thing.reference,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Html, Oops> {
    let number = LOST.number(&query);
    let LostHere { counted_at, things, all, page: number } = app.kith.lost_here(&who, number).await?;
    let calendar = app.kith.calendar();
    let local = counted_at.timestamp().to_zoned(calendar.zone().clone());
    let view = LostPage {
        organisation: who.organisation_name.clone().unwrap_or_default(),
        counted: format!(
            "{} at {}",
            text::relative_day(local.date(), calendar.day(who.now)),
            text::clock(local.time())
        ),
        answer: answer(all),
        things: things.into_iter().map(line).collect(),
        paged: LOST.page(number, all).1,
    };
    Ok(render(&page, &view))
}
