//! Who looked, in plain words, and a way to ask why.

use super::super::mine::AskView;
use super::page::purpose_words;
use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::Principal;
use kith_care::sharing::{LookedDay, LookedLine, MyLookQuestion};
use kith_domain::look_question::LookCause;
use kith_domain::time::{Calendar, Instant};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most lines on one page, so that it opens on an old telephone.
const MOST_LINES: usize = 100;

/// The most single looks under one line.
const MOST_EACH: usize = 20;

/// Who looked.
#[derive(Debug, Serialize)]
pub struct LookedPage {
    notice: Option<String>,
    asked: Vec<AskedView>,
    days: Vec<DayView>,
    /// Value, words, and whether it was asked for.
    months: Vec<(String, String, bool)>,
    older: Option<String>,
    /// What was given to somebody outside by law: the day, and what.
    given: Vec<(String, String)>,
}

/// The day before which older looks are asked for. Anything else is taken as none.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    before: Option<String>,
    month: Option<String>,
}

/// The day after the last of a month that was asked for: "2026-11".
fn end_of(month: &str) -> Option<Date> {
    let first: Date = format!("{month}-01").parse().ok()?;
    first.checked_add(jiff::Span::new().months(1)).ok()
}

/// A question the person asked, or an emergency opening, and what became of it.
#[derive(Clone, Debug, Serialize)]
struct AskedView {
    what: String,
    words: Option<String>,
    state: String,
    answer: Option<String>,
}

fn asked_view(q: &MyLookQuestion, today: Date) -> AskedView {
    let value = &q.question.value;
    let (what, words) = match &value.cause {
        LookCause::Asked { look, words, .. } => (format!("You asked why: {look}"), words.clone()),
        LookCause::Emergency { reason, words, .. } => (
            format!(
                "{} opened your plan in an emergency, {}. Why: {}",
                value.name,
                text::day(value.day, today),
                reason.title().to_lowercase()
            ),
            Some(words.clone()),
        ),
        LookCause::Found { .. } => ("Somebody looks into a look at your plan".into(), None),
    };
    let state = match &value.decided {
        Some(d) => d.outcome.title().to_owned(),
        None => format!("{} answers by {}", q.reader.name, text::day_and_relative(value.due_on, today)),
    };
    AskedView { what, words, state, answer: value.decided.as_ref().and_then(|d| d.answer.clone()) }
}

#[derive(Clone, Debug, Serialize)]
struct DayView {
    day: String,
    organisations: Vec<OrganisationView>,
}

#[derive(Clone, Debug, Serialize)]
struct OrganisationView {
    name: String,
    lines: Vec<LineView>,
}

#[derive(Clone, Debug, Serialize)]
struct LineView {
    name: String,
    role: String,
    time: String,
    what: String,
    why: Option<String>,
    each: Vec<String>,
    ask: String,
}

fn clock(at: Instant, calendar: &Calendar) -> String {
    text::clock(at.timestamp().to_zoned(calendar.zone().clone()).time())
}

fn what(l: &LookedLine) -> String {
    let parts = text::list(&l.parts);
    match () {
        () if l.denied => "Tried to look, and was not let in".into(),
        () if l.listed_only && l.parts.iter().all(|p| p == "name") => {
            "Saw your name on a list. Opened nothing".into()
        }
        () if l.listed_only => format!("Saw on a list: {parts}. Opened nothing"),
        () if l.changed => format!("Opened and wrote in: {parts}"),
        () => format!("Opened: {parts}"),
    }
}

fn line_view(l: &LookedLine, calendar: &Calendar) -> LineView {
    let (from, to) = (clock(l.from, calendar), clock(l.to, calendar));
    LineView {
        name: l.name.clone(),
        role: l.role.clone(),
        time: if from == to { from } else { format!("{from} to {to}") },
        what: what(l),
        why: match (l.emergency, l.purpose.filter(|_| !l.denied)) {
            (true, _) => Some("Why: emergency access".into()),
            (false, purpose) => purpose.map(|p| format!("Why: {}", purpose_words(p))),
        },
        // One look needs no list of its own.
        each: match l.each.len() {
            0 | 1 => Vec::new(),
            _ => l
                .each
                .iter()
                .take(MOST_EACH)
                .map(|(at, parts)| format!("{}: {}", clock(*at, calendar), text::list(parts)))
                .collect(),
        },
        ask: format!("/mine/looked/{}/why", l.request),
    }
}

fn day_view(d: &LookedDay, calendar: &Calendar, today: Date) -> DayView {
    let organisations = d.organisations.iter().map(|(name, lines)| OrganisationView {
        name: name.clone(),
        lines: lines.iter().map(|l| line_view(l, calendar)).collect(),
    });
    DayView {
        day: text::capitalised(&text::day_and_relative(d.day, today)),
        organisations: organisations.collect(),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Query(asked): Query<Asked>,
    page: PageContext,
) -> Result<Html, Oops> {
    let Asked { before, month } = asked;
    let before = before.and_then(|day| day.parse().ok()).or_else(|| end_of(month.as_deref()?));
    let looked = app.kith.who_looked(&who, before).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let mut lines = 0;
    // At least one day, and whole days.
    let fits = |d: &&LookedDay| {
        let first = lines == 0;
        lines += d.organisations.iter().map(|(_, of)| of.len()).sum::<usize>();
        first || lines <= MOST_LINES
    };
    let shown: Vec<&LookedDay> = looked.days.iter().take_while(fits).collect();
    let older = match shown.last() {
        Some(last) if shown.len() < looked.days.len() => Some(last.day),
        _ => looked.older,
    };
    let days = shown.into_iter().map(|d| day_view(d, calendar, today)).collect();
    let older = older.map(|day| format!("/mine/looked?before={day}"));
    let questions = app.kith.my_look_questions(&who).await?;
    let asked = questions.iter().map(|q| asked_view(q, today)).collect();
    let given = looked.given.iter().map(|n| (text::full_day(n.value.on), n.value.words.clone())).collect();
    let months = (0..12)
        .filter_map(|n| today.first_of_month().checked_sub(jiff::Span::new().months(n)).ok())
        .map(|m| (m.strftime("%Y-%m").to_string(), m.strftime("%B %Y").to_string()))
        .map(|(value, words)| {
            let chosen = month.as_deref() == Some(value.as_str());
            (value, words, chosen)
        })
        .collect();
    Ok(render(&page, &LookedPage { notice: None, asked, days, months, older, given }))
}

/// Asking why.
#[derive(Debug, Serialize)]
pub struct WhyPage {
    line: String,
    action: String,
    form: Filled,
    ask: AskView,
    by: String,
    contact: Option<String>,
}

async fn why_page(app: &App, who: &Principal, request: Uuid, form: Filled) -> Result<WhyPage, Oops> {
    let asking = app.kith.asking_why(who, request).await?;
    let (line, reader) = (&asking.line, &asking.reader);
    let today = app.kith.calendar().day(who.now);
    Ok(WhyPage {
        line: format!(
            "{}, {}, {}: {}.",
            line.name,
            asking.organisation,
            text::day(asking.day, today),
            what(line)
        ),
        contact: asking.contact,
        action: format!("/mine/looked/{request}/why"),
        form,
        ask: AskView::of(reader),
        by: text::day_and_relative(reader.by, today),
    })
}

pub(super) async fn why(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(request): Path<Uuid>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &why_page(&app, &who, request, Filled::blank()).await?).into_response())
}

pub(super) async fn ask(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(request): Path<Uuid>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let more = read.optional_text("words", TextRule::lines("what you want to add").max(2000));
    if !read.is_ok() {
        let filled = Filled::of(&form.data, read.errors());
        return Ok(render(&page, &why_page(&app, &who, request, filled).await?).into_response());
    }
    let to = app.kith.ask_why(&who, request, more, "/mine/looked", form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

impl View for LookedPage {
    const TEMPLATE: &'static str = "sharing/looked.html";

    fn title(&self) -> String {
        "Who looked".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let line = |what: &str| LineView {
            name: "Aisha Rahman".into(),
            role: "Navigator".into(),
            time: "10am to 10:30am".into(),
            what: what.into(),
            why: Some("Why: to hold the plan together".into()),
            each: vec!["10am: needs".into(), "10:30am: goals".into()],
            ask: "/mine/looked/x/why".into(),
        };
        let page = |what: &str, n: usize| LookedPage {
            given: vec![("Monday 16 November".into(), what.into()); n.min(4)],
            notice: (n == 1).then(|| "Sent.".into()),
            months: vec![("2026-11".into(), "November 2026".into(), true)],
            asked: vec![
                AskedView {
                    what: "You asked why: Aisha Rahman, Tuesday 24 November: needs".into(),
                    words: Some(what.into()),
                    state: "Grace Mensah answers by Friday".into(),
                    answer: (n > 1).then(|| what.into()),
                };
                n.min(3)
            ],
            days: vec![
                DayView {
                    day: "Today, Tuesday 24 November".into(),
                    organisations: vec![OrganisationView {
                        name: "Brackenford Together".into(),
                        lines: vec![line(what); n.min(2)],
                    }],
                };
                n
            ],
            older: (n > 1).then(|| "/mine/looked?before=2026-10-01".into()),
        };
        vec![
            ("ordinary", page("Opened: name and contact, needs and goals", 1)),
            ("empty", page("", 0)),
            ("longest", page("Opened: name and contact, needs, goals, steps and the story so far", 31)),
            ("difficult", page("<b>\"x\"</b>", 1)),
        ]
    }
}

impl View for WhyPage {
    const TEMPLATE: &'static str = "sharing/why.html";

    fn title(&self) -> String {
        "Ask why".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |line: &str, form| WhyPage {
            line: line.into(),
            action: "/mine/looked/x/why".into(),
            form,
            ask: AskView::sample(),
            by: "tomorrow, Wednesday 25 November".into(),
            contact: Some("data@example.org".into()),
        };
        let wrong = FormErrors::one("words", "Write less: up to 2,000 characters.");
        vec![
            ("ordinary", page("Aisha Rahman, Brackenford Together, today: Opened: needs.", Filled::blank())),
            ("difficult", page("<b>x</b>", Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}
