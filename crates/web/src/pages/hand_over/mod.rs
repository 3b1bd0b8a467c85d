//! Handing people over to a colleague, and leave. The colleague says yes or no to each
//! person; until then nothing changes for that person.

mod leave;

use crate::app::routes::NAVIGATING;
use crate::app::{App, For, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule, clean_for_redisplay};
use crate::page::PageContext;
use crate::pages::people::path_of;
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::hand_over::{HandOverPage, NewHandOver, colleagues};
use kith_care::{CareError, Principal};
use kith_domain::hand_over::Taken;
use kith_domain::id::{HandOverId, PersonId, WorkerId};
use kith_domain::record::Record;
use kith_domain::time::Calendar;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

pub use leave::LeaveView;

crate::views! { OfferView, HandOverView, LeaveView }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/hand-over/new", NAVIGATING, Action::HandOver, show_new)
        .post("/hand-over/new", NAVIGATING, Action::HandOver, offer)
        // A hand-over that nobody answers rises to whoever leads the team, in whatever role.
        .get("/hand-over/{hand_over}", For::Workers, Action::View, show)
        .post("/hand-over/{hand_over}/accept", For::Workers, Action::HandOver, accept)
        .post("/hand-over/{hand_over}/decline", For::Workers, Action::HandOver, decline)
        .post("/hand-over/{hand_over}/take-back", For::Workers, Action::HandOver, take_back)
        .get("/my-leave", For::Workers, Action::HandOver, leave::show)
        .post("/my-leave", For::Workers, Action::HandOver, leave::save)
        .post("/my-leave/back", For::Workers, Action::HandOver, leave::back)
}

/// Offering people to a colleague.
#[derive(Debug, Serialize)]
pub struct OfferView {
    people: Vec<OfferRow>,
    pages: Pages,
    colleagues: Vec<Item>,
    accept_by: String,
    form: Filled,
}

/// People on one page: each has fields of their own, and a page stays short.
const PAGE: usize = 30;

/// Where in a long list a page is.
#[derive(Debug, Default, Serialize)]
struct Pages {
    number: usize,
    of: usize,
    before: Option<String>,
    next: Option<String>,
}

impl Pages {
    /// The page with this number, counted from 1, of a list with so many rows.
    fn at(number: usize, rows: usize, base: &str) -> Pages {
        let of = rows.div_ceil(PAGE).max(1);
        let number = number.clamp(1, of);
        let address = |n: usize| format!("{base}?page={n}");
        Pages {
            number,
            of,
            before: (number > 1).then(|| address(number - 1)),
            next: (number < of).then(|| address(number + 1)),
        }
    }

    /// The rows of this page.
    fn only<T>(&self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter().skip((self.number - 1) * PAGE).take(PAGE).collect()
    }
}

fn page_in(text: Option<&str>) -> usize {
    text.and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// One person who can be offered.
#[derive(Debug, Clone, Serialize)]
struct OfferRow {
    id: String,
    called: String,
    ticked: bool,
    told: bool,
    words: String,
}

impl View for OfferView {
    const TEMPLATE: &'static str = "hand_over/new.html";

    fn title(&self) -> String {
        "Hand people over".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, called: &str, form| OfferView {
            people: (0..n)
                .map(|i| OfferRow {
                    id: format!("p{i}"),
                    called: called.into(),
                    ticked: i == 0,
                    told: i == 0,
                    words: String::new(),
                })
                .collect(),
            pages: Pages::at(2, n * 3, "/hand-over/new"),
            colleagues: vec![Item::new("w1", "Bola Ade, Navigators")],
            accept_by: "Friday 27 November".into(),
            form,
        };
        let wrong = FormErrors::one("people", "Choose at least one person to hand over.");
        vec![
            ("ordinary", page(3, "Badger", Filled::blank())),
            ("empty", page(0, "", Filled::blank())),
            ("longest", page(PAGE, "A very long name that somebody likes", Filled::blank())),
            ("difficult", page(1, "<b>X</b>", Filled::of(&FormData::from_text("to=x"), &wrong))),
        ]
    }
}

/// A hand-over.
#[derive(Debug, Serialize)]
pub struct HandOverView {
    id: String,
    from: String,
    to: String,
    offered: String,
    accept_by: String,
    late: bool,
    taken_back: bool,
    rows: Vec<HandedRow>,
    pages: Pages,
    may_answer: bool,
    may_take_back: bool,
    no: Option<String>,
    form: Filled,
}

/// One person of a hand-over.
#[derive(Debug, Clone, Serialize)]
struct HandedRow {
    id: String,
    href: Option<String>,
    called: String,
    words: String,
    told: bool,
    state: String,
    tag: &'static str,
    said: String,
    waits: bool,
}

impl View for HandOverView {
    const TEMPLATE: &'static str = "hand_over/show.html";

    fn title(&self) -> String {
        "A hand-over".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |called: &str, waits: bool, i: usize| HandedRow {
            id: format!("p{i}"),
            href: waits.then(|| "/people/x".into()),
            called: called.into(),
            words: "Likes to be rung after lunch.".into(),
            told: waits,
            state: if waits { "Waiting".into() } else { "Yes".into() },
            tag: if waits { "waiting" } else { "done" },
            said: if waits { String::new() } else { "today".into() },
            waits,
        };
        let page = |rows: Vec<HandedRow>, taken_back| HandOverView {
            pages: Pages::at(2, rows.len() * 3, "/hand-over/h"),
            id: "h".into(),
            from: "Aisha Rahman".into(),
            to: "Bola Ade".into(),
            offered: "Tuesday 24 November".into(),
            accept_by: "Friday 27 November".into(),
            late: taken_back,
            taken_back,
            rows,
            may_answer: !taken_back,
            may_take_back: !taken_back,
            no: Some("p0".into()),
            form: Filled::blank(),
        };
        vec![
            ("ordinary", page(vec![row("Badger", true, 0), row("Marlon", false, 1)], false)),
            ("empty", page(Vec::new(), true)),
            ("longest", page((0..PAGE).map(|i| row(&"Name ".repeat(6), true, i)).collect(), false)),
            ("difficult", page(vec![row("<b>X</b>", true, 0)], false)),
        ]
    }
}

async fn show_new(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let number = query.get("page").map_or("1", String::as_str);
    let view = offer_view(&app, &who, &FormData::from_pairs([("page", number)]), &FormErrors::new()).await?;
    Ok(render(&page, &view).into_response())
}

async fn offer_view(
    app: &App,
    who: &Principal,
    data: &FormData,
    errors: &FormErrors,
) -> Result<OfferView, CareError> {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let days = u32::from(who.partnership.settings().hand_over_working_days);
    let chosen: Vec<&str> = data.values("people").collect();
    let all = app.kith.people_i_hold(who).await?;
    let pages = Pages::at(page_in(data.value("page")), all.len(), "/hand-over/new");
    let people = pages.only(all).into_iter().map(|p| {
        let id = p.person.to_string();
        OfferRow {
            ticked: chosen.contains(&id.as_str()),
            told: data.value(&format!("told-{id}")).is_some(),
            words: clean_for_redisplay(data.value(&format!("words-{id}")).unwrap_or_default()),
            called: p.called,
            id,
        }
    });
    let item = |c: kith_care::hand_over::Colleague| {
        let (name, team) = (who.partnership.worker_name(c.worker), who.partnership.team_name(c.team));
        Item::new(c.worker.to_string(), format!("{name}, {team}"))
    };
    Ok(OfferView {
        people: people.collect(),
        pages,
        colleagues: colleagues(who)?.into_iter().map(item).collect(),
        accept_by: text::day(calendar.plus_working(today, days), today),
        form: Filled::of(data, errors),
    })
}

async fn offer(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let to = read.required_choice("to", "who takes them on", |code| Uuid::try_parse(code).ok().map(WorkerId));
    let mut chosen = read.many("people", "the people", |code| Uuid::try_parse(code).ok().map(PersonId));
    if read.ticked("all") {
        chosen = app.kith.people_i_hold(&who).await?.into_iter().map(|p| p.person).collect();
    }
    let all_told = read.ticked("all-told");
    let words = TextRule::lines("what to know").max(1000);
    let people = chosen
        .into_iter()
        .map(|person| {
            let note = read.optional_text(&format!("words-{person}"), words).unwrap_or_default();
            (person, note, all_told || read.ticked(&format!("told-{person}")))
        })
        .collect();
    if let (Some(to), true) = (to, read.is_ok()) {
        match app.kith.offer_people(&who, &NewHandOver { to, people }, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "people")?,
        }
    }
    let view = offer_view(&app, &who, &form.data, read.errors()).await?;
    Ok(render(&page, &view).into_response())
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(hand_over): Path<HandOverId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.hand_over(&who, hand_over).await?;
    let no = query.get("no").and_then(|id| Uuid::try_parse(id).ok()).map(PersonId);
    let at = At { page: page_in(query.get("page").map(String::as_str)), no };
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), Filled::blank(), at)).into_response())
}

/// Which page of a hand-over is shown, and who on it gets a no.
#[derive(Clone, Copy)]
struct At {
    page: usize,
    no: Option<PersonId>,
}

fn view(data: &HandOverPage, who: &Principal, calendar: &Calendar, form: Filled, at: At) -> HandOverView {
    let h = &data.hand_over.value;
    let today = calendar.day(who.now);
    let name = |lead: Option<WorkerId>, team| {
        lead.map_or_else(|| who.partnership.team_name(team), |w| who.partnership.worker_name(w))
    };
    let rows = h.people.iter().map(|p| {
        let (state, tag, said) = match &p.taken {
            Taken::NotYet if h.taken_back_at.is_some() => ("Taken back", "quiet", String::new()),
            Taken::NotYet => ("Waiting", "waiting", String::new()),
            Taken::Accepted { at } => ("Yes", "done", text::relative_day(calendar.day(*at), today)),
            Taken::Declined { at, words } => {
                ("No", "attention", format!("{}: {words}", text::relative_day(calendar.day(*at), today)))
            }
        };
        HandedRow {
            id: p.person.to_string(),
            href: data.names.contains_key(&p.person).then(|| path_of(p.person)),
            called: data.names.get(&p.person).cloned().unwrap_or_else(|| "Somebody you cannot see".into()),
            words: p.words.clone(),
            told: p.person_told,
            state: state.into(),
            tag,
            said,
            waits: p.taken == Taken::NotYet && h.taken_back_at.is_none(),
        }
    });
    // Who waits for an answer comes first.
    let mut rows: Vec<HandedRow> = rows.collect();
    rows.sort_by_key(|row| !row.waits);
    let no = at.no.map(|person| person.to_string());
    // Whoever gets a no is on the page.
    let of_no = no.as_ref().and_then(|id| rows.iter().position(|row| row.id == *id));
    let base = format!("/hand-over/{}", data.hand_over.meta.id);
    let pages = Pages::at(of_no.map_or(at.page, |place| place / PAGE + 1), rows.len(), &base);
    HandOverView {
        id: data.hand_over.meta.id.to_string(),
        from: name(h.from.lead, h.from.team),
        to: name(h.to.lead, h.to.team),
        offered: text::day(calendar.day(h.offered_at), today),
        accept_by: text::day(h.accept_by, today),
        late: h.open() && h.accept_by < today,
        taken_back: h.taken_back_at.is_some(),
        rows: pages.only(rows),
        pages,
        may_answer: data.may_answer,
        may_take_back: data.may_take_back,
        no,
        form,
    }
}

fn person_of(form: &Posted) -> Result<PersonId, CareError> {
    let id = form.data.value("person").and_then(|v| Uuid::try_parse(v).ok());
    id.map(PersonId).ok_or(CareError::Missing)
}

async fn accept(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(hand_over): Path<HandOverId>,
    form: Posted,
) -> Result<Response, Oops> {
    let person = person_of(&form)?;
    let path = app.kith.accept_person(&who, hand_over, person, form.submission).await?;
    Ok(Redirect::to(&path).into_response())
}

async fn decline(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(hand_over): Path<HandOverId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let person = person_of(&form)?;
    let mut read = Reader::new(&form.data);
    let field = format!("why-{person}");
    let why = TextRule::line("why, in a few words").max(300).missing("Say why, so that they can be helped.");
    if let Some(words) = read.required_text(&field, why) {
        match app.kith.decline_person(&who, hand_over, (person, &words), form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, &field)?,
        }
    }
    let data = app.kith.hand_over(&who, hand_over).await?;
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), filled, At { page: 1, no: Some(person) }))
        .into_response())
}

async fn take_back(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(hand_over): Path<HandOverId>,
    form: Posted,
) -> Result<Response, Oops> {
    let path = app.kith.take_back_people(&who, hand_over, form.submission).await?;
    Ok(Redirect::to(&path).into_response())
}
