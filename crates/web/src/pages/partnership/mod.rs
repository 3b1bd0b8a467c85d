//! How the partnership is doing: counts, never names. And for whoever leads a team or a
//! service, what is lost there.

use crate::app::routes::{ADMINISTERING, PARTNERSHIP};
use crate::app::{App, For, Oops, Routes, SignedInWorker};
use crate::page::PageContext;
use crate::paths;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Query, State};
use jiff::civil::Date;
use kith_access::Action;
use kith_care::figures::{Agreed, Figures, Shown};
use kith_care::holding::check::LostThing;
use kith_domain::organisation::WorkRole;
use kith_domain::time::Calendar;
use messages::Mail;
use paged::{LINES, List, Paged};
use serde::Serialize;
use std::collections::BTreeMap;

mod lost;
mod messages;
mod paged;

pub use lost::LostPage;
pub use messages::MessagesPage;

crate::views! { PartnershipPage, LostPage, MessagesPage }

/// Whoever leads a team or a service: they put right what is lost there.
const LEADS: For = For::Roles(&[WorkRole::ServiceLead, WorkRole::TeamLead]);

/// Unmet needs by neighbourhood: a large place has more than fit on a page.
const PLACES: List = List {
    path: paths::PARTNERSHIP,
    name: "places",
    at: "unmet",
    what: "Neighbourhoods",
    more: " The last row counts all of them.",
};

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::PARTNERSHIP, PARTNERSHIP, Action::Aggregate, show)
        .get(paths::LOST, LEADS, Action::ViewLost, lost::show)
        .get(paths::MESSAGES, ADMINISTERING, Action::Administer, messages::show)
        .post("/partnership/messages/all-again", ADMINISTERING, Action::Administer, messages::all_again)
        .post("/partnership/messages/decide", ADMINISTERING, Action::Administer, messages::decide)
}

/// The partnership's page.
#[derive(Debug, Serialize)]
pub struct PartnershipPage {
    period: String,
    counted: String,
    answer: String,
    people: String,
    open: String,
    overdue_total: String,
    kept_moving: String,
    /// Nothing of it for whoever sees counts only.
    lost: Option<Vec<Lost>>,
    waits: Vec<Row>,
    waits_hidden: Vec<String>,
    journeys: Vec<Row>,
    declines: Vec<Row>,
    declines_hidden: Vec<String>,
    declines_total: String,
    areas: Vec<&'static str>,
    unmet: Vec<UnmetRow>,
    unmet_page: Paged,
    /// Neighbourhoods of which nothing may be shown.
    unmet_folded: Vec<String>,
    unmet_columns: Vec<Option<String>>,
    unmet_total: String,
    emergency: Vec<Row>,
    emergency_rate: String,
    overdue: Vec<Row>,
    members: Vec<Member>,
    mail: Mail,
    suppress_under: u16,
    round_to: u16,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    name: String,
    count: String,
    more: String,
}

#[derive(Debug, Clone, Serialize)]
struct UnmetRow {
    place: String,
    cells: Vec<Option<String>>,
    total: Option<String>,
}

impl UnmetRow {
    /// Is there a number in it that may be shown?
    fn says_something(&self) -> bool {
        self.total.is_some() || self.cells.iter().any(Option::is_some)
    }
}

#[derive(Debug, Clone, Serialize)]
struct Lost {
    reference: String,
    kind: String,
    words: &'static str,
    organisation: String,
}

#[derive(Debug, Clone, Serialize)]
struct Member {
    name: String,
    state: &'static str,
    tag: &'static str,
    until: String,
}

impl PartnershipPage {
    fn new(
        f: &Figures,
        calendar: &Calendar,
        today: Date,
        (suppress_under, round_to): (u16, u16),
        places: usize,
    ) -> PartnershipPage {
        let (first, unmet_page) = PLACES.page(places, f.unmet.places.len());
        let number = |n: u64| text::thousands(i64::try_from(n).unwrap_or(i64::MAX));
        // A line in which nothing is shown tells nobody anything: its name stands under the table.
        let (hidden_waits, waits): (Vec<_>, Vec<_>) =
            f.waits.iter().partition(|w| w.waiting == Shown::Hidden && w.range.is_none());
        let (hidden_declines, declines): (Vec<_>, Vec<_>) =
            f.declines.iter().partition(|(_, shown)| *shown == Shown::Hidden);
        PartnershipPage {
            period: format!("{} to {}", text::full_day(f.from), text::full_day(f.to)),
            counted: counted(f, calendar, today),
            answer: answer(f),
            people: f.people.words(),
            open: number(f.open),
            overdue_total: number(f.late),
            kept_moving: number(f.kept_moving),
            lost: f.lost.as_ref().map(|lost| lost.iter().map(lost_line).collect()),
            waits: waits.into_iter().map(wait_row).collect(),
            journeys: f.journeys.iter().map(journey_row).collect(),
            waits_hidden: hidden_waits.into_iter().map(|w| w.service.clone()).collect(),
            declines_hidden: hidden_declines.into_iter().map(|(r, _)| r.title().to_owned()).collect(),
            declines: declines
                .into_iter()
                .map(|(reason, shown)| Row {
                    name: reason.title().into(),
                    count: shown.words(),
                    more: String::new(),
                })
                .collect(),
            declines_total: f.declines_total.words(),
            areas: f.unmet.areas.iter().map(|a| a.title()).collect(),
            unmet: f
                .unmet
                .places
                .iter()
                .enumerate()
                .skip(first)
                .take(LINES)
                .map(|(n, place)| UnmetRow {
                    place: place.clone(),
                    cells: f.unmet.table.cells[n].iter().map(or_dash).collect(),
                    total: or_dash(&f.unmet.table.rows[n]),
                })
                .filter(UnmetRow::says_something)
                .collect(),
            unmet_folded: folded(f, first),
            unmet_page,
            unmet_columns: f.unmet.table.columns.iter().map(or_dash).collect(),
            unmet_total: f.unmet.table.total.words(),
            emergency: emergency_rows(f),
            emergency_rate: emergency_rate(f),
            overdue: f
                .overdue
                .iter()
                .map(|(name, n)| Row { name: name.clone(), count: number(*n), more: String::new() })
                .collect(),
            members: f.members.iter().map(|m| member(m, today)).collect(),
            mail: Mail::new(&f.mail, today, calendar),
            suppress_under,
            round_to,
        }
    }
}

/// A number, or none where it may not be shown: a dash, with one line that says why.
fn or_dash(shown: &Shown) -> Option<String> {
    shown.number().map(|_| shown.words())
}

/// The places of this page in whose row nothing may be shown.
fn folded(f: &Figures, first: usize) -> Vec<String> {
    let table = &f.unmet.table;
    let silent = |n: usize| {
        table.rows[n].number().is_none() && table.cells[n].iter().all(|cell| cell.number().is_none())
    };
    let places = f.unmet.places.iter().enumerate().skip(first).take(LINES);
    places.filter(|(n, _)| silent(*n)).map(|(_, place)| place.clone()).collect()
}

/// People whose plan was opened in an emergency, by how it was judged. None: nobody's was.
fn emergency_rows(f: &Figures) -> Vec<Row> {
    let e = &f.emergency;
    if e.all.number() == Some(0) {
        return Vec::new();
    }
    let row = |name: &str, shown: Shown| Row { name: name.into(), count: shown.words(), more: String::new() };
    vec![
        row("It was right", e.right),
        row("It was not right", e.not_right),
        row("Somebody still looks at it", e.waiting),
        row("All", e.all),
    ]
}

/// The rate, where both numbers it is made of are shown.
fn emergency_rate(f: &Figures) -> String {
    match f.emergency.per_thousand {
        Some(0) | None => "Too few to say how often that is.".into(),
        Some(n) => format!("That is about {n} for each 1,000 people with an open plan."),
    }
}

/// When it was counted, in words.
fn counted(f: &Figures, calendar: &Calendar, today: Date) -> String {
    let local = f.counted_at.timestamp().to_zoned(calendar.zone().clone());
    format!("{} at {}", text::relative_day(local.date(), today), text::clock(local.time()))
}

fn lost_line(l: &LostThing) -> Lost {
    Lost {
        reference: l.reference.clone(),
        kind: l.kind.replace('_', " "),
        words: l.words,
        organisation: l.organisation.clone(),
    }
}

fn answer(f: &Figures) -> String {
    let lost = f.lost.as_ref().map(|lost| match lost.len() {
        0 => "Nobody is lost. ".to_owned(),
        1 => "1 thing is lost. Put it right today. ".to_owned(),
        n => format!("{n} things are lost. Put them right today. "),
    });
    let late = match f.late {
        0 => "Nothing is past its day.".to_owned(),
        1 => "1 thing is past its day.".to_owned(),
        n => format!("{n} things are past their day."),
    };
    format!("{}{late}", lost.unwrap_or_default())
}

fn wait_row(w: &kith_care::figures::WaitRow) -> Row {
    waiting_row(w.service.clone(), w.waiting, w.range)
}

fn journey_row(j: &kith_care::figures::JourneyRow) -> Row {
    waiting_row(j.area.title().into(), j.waiting, j.range)
}

fn waiting_row(name: String, waiting: Shown, range: Option<(u32, Option<u32>)>) -> Row {
    let more = match range {
        Some((from, Some(to))) => {
            format!("{} to {}", text::duration_days(from.into()), text::duration_days(to.into()))
        }
        Some((from, None)) => format!("{} or more", text::duration_days(from.into())),
        None => "too few people to say".into(),
    };
    Row { name, count: waiting.words(), more }
}

fn member(m: &kith_care::figures::Member, today: Date) -> Member {
    let (state, tag) = match m.state {
        Agreed::InDate => ("in date", "done"),
        Agreed::EndsSoon => ("ends soon", "attention"),
        Agreed::Lapsed => ("out of date: nothing is shared", "danger"),
        Agreed::None => ("none: nothing is shared", "danger"),
        Agreed::Shut => ("not working now", "quiet"),
    };
    let until = m.until.map(|d| text::day_and_relative(d, today)).unwrap_or_default();
    Member { name: m.name.clone(), state, tag, until }
}

impl View for PartnershipPage {
    const TEMPLATE: &'static str = "partnership/partnership.html";

    fn title(&self) -> String {
        "How the partnership is doing".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str| Row {
            name: name.into(),
            count: "about 15".into(),
            more: "2 weeks to 6 weeks".into(),
        };
        let lost = |name: &str| Lost {
            reference: "0190-x".into(),
            kind: "need".into(),
            words: "nobody named holds it",
            organisation: name.into(),
        };
        let page = |n: usize, name: &str| PartnershipPage {
            period: "24 November 2025 to 24 November 2026".into(),
            counted: "today at 10:30am".into(),
            answer: "Nobody is lost. 3 things are past their day.".into(),
            people: "about 600".into(),
            open: "1,204".into(),
            overdue_total: "3".into(),
            kept_moving: "2".into(),
            lost: (n != 3).then(|| vec![lost(name); n / 10]),
            waits: (0..n).map(|_| row(name)).collect(),
            waits_hidden: vec![name.to_owned(); n],
            declines_hidden: vec![name.to_owned(); n],
            journeys: (0..n.min(6)).map(|_| row(name)).collect(),
            declines: (0..n).map(|_| row(name)).collect(),
            declines_total: "about 40".into(),
            areas: kith_domain::area::Area::SIX.iter().map(|a| a.title()).collect(),
            unmet: (0..n)
                .map(|_| UnmetRow {
                    place: name.into(),
                    cells: vec![None; 6],
                    total: Some("about 10".into()),
                })
                .collect(),
            unmet_folded: vec![name.to_owned(); n / 2],
            unmet_page: PLACES.page(2, n * 40).1,
            unmet_columns: vec![Some("about 10".into()), None, None, None, None, None],
            unmet_total: "about 60".into(),
            emergency: (0..n.min(4)).map(|_| row(name)).collect(),
            emergency_rate: "That is about 4 for each 1,000 people with an open plan.".into(),
            overdue: (0..n).map(|_| row(name)).collect(),
            members: (0..n)
                .map(|_| Member {
                    name: name.into(),
                    state: "in date",
                    tag: "done",
                    until: "31 March 2027".into(),
                })
                .collect(),
            mail: Mail::sample(n, name),
            suppress_under: 5,
            round_to: 5,
        };
        vec![
            ("ordinary", page(2, "Benefits advice")),
            ("counts only", page(3, "Benefits advice")),
            ("empty", page(0, "")),
            ("longest", page(24, "A service with a very long name indeed, in two parts")),
            ("difficult", page(1, "<b>\"A\" & 'B'</b>")),
        ]
    }
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Html, Oops> {
    let places = query.get("places").and_then(|n| n.parse().ok()).unwrap_or(1);
    let figures = app.kith.figures(&who).await?;
    let settings = who.partnership.settings();
    let gate = (settings.suppress_under, settings.round_to);
    let calendar = app.kith.calendar();
    Ok(render(&page, &PartnershipPage::new(&figures, calendar, calendar.day(who.now), gate, places)))
}
