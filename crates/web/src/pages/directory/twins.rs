//! Services that may be one: the list, two beside each other with every reason and its weight, and
//! taking a decision back. Nothing is joined by itself.

use super::super::referral::{Item, problems};
use super::count;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::listing::twins::{TwinAnswer, TwinPage as Two};
use kith_care::{CareError, Principal};
use kith_domain::directory::Service;
use kith_domain::id::{ListingQuestionId, ServiceId};
use kith_domain::listing_question::ListingQuestion;
use serde::Serialize;

/// Decisions on the page at once, the newest.
const DECIDED: usize = 12;

/// Everything that may be one.
#[derive(Debug, Serialize)]
pub struct TwinsPage {
    open: Vec<Line>,
    more: Option<String>,
    decided: Vec<Done>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    one: String,
    other: String,
    likely: bool,
    why: String,
}

#[derive(Clone, Debug, Serialize)]
struct Done {
    what: String,
    how: String,
    when: String,
    words: String,
    undo: Option<String>,
}

/// Two services beside each other.
#[derive(Debug, Serialize)]
pub struct TwinPage {
    action: String,
    likely: String,
    heads: [Head; 2],
    rows: Vec<Row>,
    why: Vec<Reason>,
    decided: Option<String>,
    choices: Vec<Item>,
    form: Filled,
}

#[derive(Clone, Debug, Serialize)]
struct Head {
    name: String,
    href: String,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    label: &'static str,
    one: String,
    other: String,
    same: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Reason {
    words: String,
    weight: &'static str,
    bits: String,
}

/// How much a reason says, in words. A bit doubles or halves the odds.
fn weight(bits: f64) -> &'static str {
    match bits {
        b if b >= 6.0 => "speaks strongly for one service",
        b if b >= 2.0 => "speaks for one service",
        b if b > 0.0 => "speaks a little for one service",
        b if b > -2.0 => "speaks a little for two services",
        b if b > -6.0 => "speaks for two services",
        _ => "speaks strongly for two services",
    }
}

fn likely(probability: f64) -> String {
    match probability {
        p if p >= 0.95 => "They are very likely one service".into(),
        p if p >= 0.7 => "They may be one service".into(),
        _ => "They are likely two services".into(),
    }
}

pub(super) async fn list(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.twins(&who).await?;
    let (calendar, today) = (app.kith.calendar(), app.kith.calendar().day(who.now));
    let name =
        |(name, by): &(String, String)| if by.is_empty() { name.clone() } else { format!("{name}, by {by}") };
    let open = found.open.iter().map(|l| Line {
        href: format!("/directory/twins/{}/{}", l.pair.0, l.pair.1),
        one: name(&l.names[0]),
        other: name(&l.names[1]),
        likely: l.likely,
        why: l.why.iter().take(3).copied().collect::<Vec<_>>().join(". "),
    });
    let done = |(id, q): &(ListingQuestionId, ListingQuestion)| Done {
        what: q.to_do(),
        how: match (&q.undone, &q.settled) {
            (Some(_), _) => "Taken back: they are two".into(),
            (None, Some(s)) => s.outcome.words().to_owned(),
            (None, None) => String::new(),
        },
        when: q.settled.as_ref().map(|s| text::day(calendar.day(s.at), today)).unwrap_or_default(),
        words: q.undone.as_ref().map_or_else(
            || q.settled.as_ref().map(|s| s.words.clone()).unwrap_or_default(),
            |u| u.words.clone(),
        ),
        undo: q.one().map(|_| format!("/directory/joined/{id}/undo")),
    };
    let view = TwinsPage {
        open: open.collect(),
        more: (found.more > 0).then(|| {
            format!("{} more when these are done.", text::plural(count(found.more), "pair", "pairs"))
        }),
        decided: found.decided.iter().take(DECIDED).map(done).collect(),
    };
    Ok(render(&page, &view))
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((service, other)): Path<(ServiceId, ServiceId)>,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.twin(&who, service, other).await?;
    Ok(render(&page, &view(&app, &who, &found, Filled::blank())))
}

fn view(app: &App, who: &Principal, found: &Two, form: Filled) -> TwinPage {
    let today = app.kith.calendar().day(who.now);
    let [(a_id, a, a_by), (b_id, b, b_by)] = &found.two;
    let head = |id: &ServiceId, s: &Service| Head { name: s.name.clone(), href: format!("/services/{id}") };
    let row = |label, one: String, other: String| {
        let same = one == other && !one.is_empty();
        Row { label, one, other, same }
    };
    let text_of = |v: &Option<String>| v.clone().unwrap_or_default();
    let place = |s: &Service| s.locations.iter().map(|l| l.words()).collect::<Vec<_>>().join("; ");
    let from = |s: &Service| match s.source.publisher.is_empty() {
        true => "Written here".to_owned(),
        false => s.source.publisher.clone(),
    };
    let takes = |s: &Service| if s.team.is_some() { "Yes".to_owned() } else { "No".to_owned() };
    let rows = vec![
        row("Name", a.name.clone(), b.name.clone()),
        row("Organisation", a_by.clone(), b_by.clone()),
        row("Where", place(a), place(b)),
        row("Phone", text_of(&a.contact.phone), text_of(&b.contact.phone)),
        row("Email", text_of(&a.contact.email), text_of(&b.contact.email)),
        row("Website", text_of(&a.contact.url), text_of(&b.contact.url)),
        row("What it is", a.description.clone(), b.description.clone()),
        row("From", from(a), from(b)),
        row("Takes requests through Kith", takes(a), takes(b)),
    ];
    let reason = |(words, bits): &(&'static str, f64)| Reason {
        words: (*words).to_owned(),
        weight: weight(*bits),
        bits: format!("{bits:+.1}"),
    };
    let decided = found.decided.as_ref().filter(|(_, q)| q.undone.is_none()).and_then(|(_, q)| {
        let s = q.settled.as_ref()?;
        Some(format!("{}, {}", s.outcome.words(), text::day(app.kith.calendar().day(s.at), today)))
    });
    TwinPage {
        action: format!("/directory/twins/{a_id}/{b_id}"),
        likely: likely(found.probability),
        heads: [head(a_id, a), head(b_id, b)],
        rows,
        why: found.why.iter().map(reason).collect(),
        decided,
        choices: choices(&a.name, &b.name),
        form,
    }
}

fn choices(one: &str, other: &str) -> Vec<Item> {
    let hinted = |value, text: String, hint: &str| Item { hint: hint.to_owned(), ..Item::new(value, text) };
    let leads = "The other one leads there from now on. It can be taken back";
    vec![
        hinted("first", format!("One service. The first one stands: {one}"), leads),
        hinted("second", format!("One service. The second one stands: {other}"), leads),
        hinted("places", "One service at two places".into(), "Both stay: people go to one of them"),
        hinted("two", "Two services".into(), "Both stay, and nobody is asked again"),
    ]
}

pub(super) async fn say(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((service, other)): Path<(ServiceId, ServiceId)>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    // As on the page: the lower id is the first.
    let (one, second) = if service <= other { (service, other) } else { (other, service) };
    let words = read.optional_text("words", TextRule::lines("how you know").max(1_000)).unwrap_or_default();
    let what = read.required_choice("what", "what they are", |code| match code {
        "first" => Some(TwinAnswer::One(one)),
        "second" => Some(TwinAnswer::One(second)),
        "places" => Some(TwinAnswer::TwoPlaces),
        "two" => Some(TwinAnswer::Two),
        _ => None,
    });
    let outcome = match what {
        Some(what) if read.is_ok() => {
            app.kith.say_twins(&who, (one, second), (what, &words), posted.submission).await
        }
        _ => Err(CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let errors = problems(error, &read)?;
            let found = app.kith.twin(&who, one, second).await?;
            Ok(render(&page, &view(&app, &who, &found, Filled::of(&posted.data, &errors))).into_response())
        }
    }
}

pub(super) async fn undo(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<ListingQuestionId>,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let words = read.optional_text("words", TextRule::lines("how you know").max(1_000)).unwrap_or_default();
    let words = if words.is_empty() { "They are two services".to_owned() } else { words };
    let path = app.kith.undo_twins(&who, question, &words, posted.submission).await?;
    Ok(Redirect::to(&path).into_response())
}

impl View for TwinsPage {
    const TEMPLATE: &'static str = "directory/twins.html";
    fn title(&self) -> String {
        "Services that may be one".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| TwinsPage {
            open: vec![
                Line {
                    href: "/directory/twins/1/2".into(),
                    one: words.into(),
                    other: words.into(),
                    likely: n == 2,
                    why: "The same name. The same telephone number".into(),
                };
                n
            ],
            more: (n > 2).then(|| "40 pairs more when these are done.".into()),
            decided: vec![
                Done {
                    what: format!("May {words} and {words} be one service?"),
                    how: "They are one service".into(),
                    when: "today".into(),
                    words: words.into(),
                    undo: Some("/directory/joined/1/undo".into()),
                };
                n.min(DECIDED)
            ],
        };
        vec![
            ("ordinary", page("Debt advice", 2)),
            ("empty", page("", 0)),
            ("longest", page(&"A long name ".repeat(6), 24)),
            ("difficult", page("<b>\"'&", 1)),
        ]
    }
}

impl View for TwinPage {
    const TEMPLATE: &'static str = "directory/twin.html";
    fn title(&self) -> String {
        "May these be one service?".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize, form| TwinPage {
            action: "/directory/twins/1/2".into(),
            likely: likely(0.97),
            heads: [1, 2].map(|n| Head { name: words.into(), href: format!("/services/{n}") }),
            rows: vec![Row { label: "Name", one: words.into(), other: words.into(), same: true }; n],
            why: vec![Reason { words: "The same name".into(), weight: weight(6.4), bits: "+6.4".into() }; n],
            decided: (n == 0).then(|| "They are two services, today".into()),
            choices: choices(words, words),
            form,
        };
        let wrong = Filled::of(
            &crate::form::FormData::from_text("words=x"),
            &FormErrors::one("what", "Choose what they are."),
        );
        vec![
            ("ordinary", page("Debt advice", 3, Filled::blank())),
            ("empty", page("A", 0, Filled::blank())),
            ("longest", page(&"A long name ".repeat(20), 9, Filled::blank())),
            ("difficult", page("<b>\"'&", 1, wrong)),
        ]
    }
}
