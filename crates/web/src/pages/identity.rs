//! Who somebody is: pairs that may be one person, for the two who decide. Reasons, references,
//! whom to ask; nothing of anybody's plan. And undoing a link.

use crate::app::{App, For, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::identity::Pair;
use kith_care::{CareError, Principal};
use kith_domain::id::RecordId;
use kith_domain::supporter::MatchDecision;
use kith_domain::time::Calendar;
use serde::Serialize;

crate::views! { PairsView, PairView }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/identity", For::Workers, Action::ResolveMatch, list)
        .get("/identity/{pair}", For::Workers, Action::ResolveMatch, show)
        .post("/identity/{pair}/say", For::Workers, Action::ResolveMatch, save)
        .post("/identity/{pair}/undo", For::Workers, Action::ResolveMatch, undo)
}

/// The pairs of whoever reads.
#[derive(Debug, Serialize)]
pub struct PairsView {
    open: Vec<Line>,
    done: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    why: String,
    state: String,
}

/// One pair.
#[derive(Debug, Serialize)]
pub struct PairView {
    id: String,
    why: Vec<String>,
    two: Vec<OneView>,
    said: Vec<(String, String)>,
    decided: Option<&'static str>,
    may_say: bool,
    linked: bool,
    undone: Option<(String, String)>,
    since: Vec<String>,
    choices: Vec<Item>,
    form: Filled,
}

#[derive(Clone, Debug, Serialize)]
struct OneView {
    reference: String,
    ask: String,
    phone: Option<String>,
}

fn state(m: &kith_domain::supporter::PossibleMatch) -> &'static str {
    match (m.decided, &m.undone) {
        (None, _) => "To be decided",
        (_, Some(_)) => "Link undone: two people",
        (Some(MatchDecision::Same), None) => "Linked: one person",
        (Some(MatchDecision::Different), None) => "Two people",
    }
}

async fn list(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let all = app.kith.pairs_with_me(&who).await?;
    let line = |m: &kith_domain::record::Saved<kith_domain::supporter::PossibleMatch>| Line {
        href: format!("/identity/{}", m.meta.id),
        why: text::capitalised(&m.value.why.join(", ")),
        state: state(&m.value).to_owned(),
    };
    let of = |open: bool| all.iter().filter(|m| m.value.decided.is_none() == open).map(line).collect();
    Ok(render(&page, &PairsView { open: of(true), done: of(false) }))
}

fn view(found: &Pair, who: &Principal, calendar: &Calendar, form: Filled) -> PairView {
    let m = &found.saved.value;
    let today = calendar.day(who.now);
    let name = |w| who.partnership.worker_name(w);
    let when = |at| text::day(calendar.day(at), today);
    let said = m.said.iter().map(|s| {
        let what = match s.what {
            MatchDecision::Same if s.agreed => "one person, and they agreed to the link",
            MatchDecision::Same => "one person",
            MatchDecision::Different => "two people",
        };
        (format!("{}, {}: {what}", name(s.by), when(s.at)), s.words.clone())
    });
    let one = |o: &kith_care::identity::OneOfTwo| OneView {
        reference: o.reference.clone(),
        ask: format!("{}, {}", o.ask, o.organisation),
        phone: o.phone.clone(),
    };
    PairView {
        id: found.saved.meta.id.to_string(),
        why: m.why.clone(),
        two: found.two.iter().map(one).collect(),
        said: said.collect(),
        decided: m.decided.map(|_| state(m)),
        may_say: m.decided.is_none() && !found.said,
        linked: found.linked,
        undone: m.undone.as_ref().map(|u| (format!("{}, {}", name(u.by), when(u.at)), u.words.clone())),
        since: found
            .since
            .iter()
            .map(|s| format!("{}, reference {}, on the record {}", s.kind, s.item, s.reference))
            .collect(),
        choices: choices(),
        form,
    }
}

fn choices() -> Vec<Item> {
    vec![
        Item::new("agreed", "One person, and they agree that their records are linked"),
        Item::new("same", "One person. I have not asked them")
            .hinted("The other of you two has to say the same"),
        Item::new("different", "Two people").hinted("They are kept apart, and nobody is asked again"),
    ]
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(pair): Path<RecordId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.pair(&who, pair).await?;
    Ok(render(&page, &view(&found, &who, app.kith.calendar(), Filled::blank())))
}

/// Where it went, or the page again with what was typed.
async fn answer(
    app: &App,
    (who, pair, page): (&Principal, RecordId, &PageContext),
    done: Result<String, CareError>,
    (mut read, form): (Reader<'_>, &FormData),
) -> Result<Response, Oops> {
    match done {
        Ok(to) => return Ok(Redirect::to(&to).into_response()),
        Err(CareError::Fields(problems)) => problems.iter().for_each(|p| read.problem(&p.field, &p.problem)),
        Err(other) => return Err(other.into()),
    }
    let found = app.kith.pair(who, pair).await?;
    let view = view(&found, who, app.kith.calendar(), Filled::of(form, read.errors()));
    Ok(render(page, &view).into_response())
}

/// Nothing was sent to the use case: the problems stand at their fields already.
fn at_fields() -> Result<String, CareError> {
    Err(CareError::Fields(Vec::new()))
}

async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(pair): Path<RecordId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let what = read.required_choice("what", "what you think", |code| match code {
        "agreed" => Some((MatchDecision::Same, true)),
        "same" => Some((MatchDecision::Same, false)),
        "different" => Some((MatchDecision::Different, false)),
        _ => None,
    });
    let words = read.required_text("words", TextRule::lines("how you know").max(1000));
    let done = match what.zip(words).filter(|_| read.is_ok()) {
        Some(((what, agreed), words)) => {
            app.kith.say_who(&who, pair, (what, &words, agreed), form.submission).await
        }
        None => at_fields(),
    };
    answer(&app, (&who, pair, &page), done, (read, &form.data)).await
}

async fn undo(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(pair): Path<RecordId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("how you know").max(1000));
    let done = match words.filter(|_| read.is_ok()) {
        Some(words) => app.kith.undo_link(&who, pair, &words, form.submission).await,
        None => at_fields(),
    };
    answer(&app, (&who, pair, &page), done, (read, &form.data)).await
}

impl View for PairsView {
    const TEMPLATE: &'static str = "identity/list.html";
    fn title(&self) -> String {
        "Who somebody is".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |n: usize| Line {
            href: format!("/identity/{n}"),
            why: "Same name, same birthday".into(),
            state: "To be decided".into(),
        };
        let lines = |n: usize| (0..n).map(line).collect::<Vec<_>>();
        let odd = Line { why: "<b>Same</b>".into(), ..line(1) };
        vec![
            ("ordinary", PairsView { open: lines(2), done: lines(1) }),
            ("empty", PairsView { open: Vec::new(), done: Vec::new() }),
            ("longest", PairsView { open: lines(60), done: lines(40) }),
            ("difficult", PairsView { open: vec![odd], done: Vec::new() }),
        ]
    }
}

impl View for PairView {
    const TEMPLATE: &'static str = "identity/page.html";
    fn title(&self) -> String {
        "Who somebody is".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let one = |reference: &str| OneView {
            reference: reference.into(),
            ask: "Aisha Rahman, Kindred".into(),
            phone: Some("01632 960001".into()),
        };
        let page = |said: usize, words: &str, form| PairView {
            id: "x".into(),
            why: vec!["same name".into(), "same birthday".into()],
            two: vec![one("4567 89AB"), one("CDEF 0123")],
            said: vec![("Gwen Penhurst, yesterday: one person".into(), words.into()); said],
            decided: None,
            may_say: true,
            linked: false,
            undone: None,
            since: Vec::new(),
            choices: choices(),
            form,
        };
        let linked = PairView {
            decided: Some("Linked: one person"),
            may_say: false,
            linked: true,
            since: vec!["A note, reference 1234 5678, on the record 4567 89AB".into(); 3],
            ..page(2, "I asked them both.", Filled::blank())
        };
        let undone = PairView {
            decided: Some("Link undone: two people"),
            linked: false,
            undone: Some(("Ruth Calderwade, today".into(), "They are cousins.".into())),
            ..page(2, "I asked them both.", Filled::blank())
        };
        let undone = PairView { may_say: false, ..undone };
        let wrong = FormErrors::one("words", "Write how you know.");
        let odd = Filled::of(&FormData::from_text("words=%3Cb%3E&what=same"), &wrong);
        vec![
            ("ordinary", page(1, "I asked them both.", Filled::blank())),
            ("empty", page(0, "", Filled::blank())),
            ("linked", linked),
            ("undone", undone),
            ("longest", page(2, &"Many words. ".repeat(80), Filled::blank())),
            ("difficult", page(1, "<b>\"x\"</b>", odd)),
        ]
    }
}
