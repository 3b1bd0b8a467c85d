//! The inbox: what waits for an answer first, late ones marked.

use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kith_care::referral::receiver::{Inbox, Row as Request, Shelf};
use kith_care::referral::words;
use kith_domain::time::{Calendar, Day};
use serde::Serialize;

/// Rows shown on the page, shelf after shelf; each says how many more there are.
const ROWS: usize = 140;

/// The inbox.
#[derive(Debug, Serialize)]
pub struct InboxPage {
    organisation: String,
    late: Option<String>,
    shelves: Vec<ShelfView>,
    more: u64,
}

#[derive(Debug, Serialize)]
struct ShelfView {
    title: &'static str,
    rows: Vec<Row>,
    more: u64,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    name: String,
    service: String,
    from: String,
    state: String,
    tone: &'static str,
    when: String,
    late: bool,
}

impl View for InboxPage {
    const TEMPLATE: &'static str = "inbox/list.html";
    fn title(&self) -> String {
        "Requests to us".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, late: bool| Row {
            href: "/inbox/1".into(),
            name: name.into(),
            service: name.into(),
            from: name.into(),
            state: "Sent".into(),
            tone: "open",
            when: "reply by Tuesday 1 December".into(),
            late,
        };
        let shelf = |title, rows: Vec<Row>| ShelfView { title, rows, more: 3 };
        let page = |shelves| InboxPage {
            organisation: "DebtHelp".into(),
            late: Some("1 request is late".into()),
            shelves,
            more: 2,
        };
        vec![
            (
                "ordinary",
                page(vec![shelf("Waiting for your answer", vec![row("Badger", false), row("Marlon", true)])]),
            ),
            ("empty", InboxPage { organisation: String::new(), late: None, shelves: Vec::new(), more: 0 }),
            (
                "longest",
                page(vec![shelf(
                    "Your waiting list",
                    (0..ROWS).map(|_| row("A rather long name to be called by", true)).collect(),
                )]),
            ),
            ("difficult", page(vec![shelf("Going on", vec![row("<b>\"'&", false)])])),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    let Inbox { shelves: mut found, more_new, more_open } = app.kith.inbox(&who).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let late = found
        .get(&Shelf::New)
        .map_or(0, |rows| rows.iter().filter(|r| r.saved.value.reply_by < today).count());
    let mut room = ROWS;
    let mut shelf = |(shelf, rows): (Shelf, Vec<Request>)| {
        let shown = rows.len().min(room);
        room -= shown;
        let unread = if shelf == Shelf::New { more_new } else { 0 };
        ShelfView {
            title: shelf.title(),
            more: (rows.len() - shown) as u64 + unread,
            rows: rows.into_iter().take(shown).map(|r| row(r, today, calendar)).collect(),
        }
    };
    let view = InboxPage {
        organisation: who.organisation_name.clone().unwrap_or_default(),
        late: (late > 0).then(|| {
            let count = text::plural(i64::try_from(late).unwrap_or(i64::MAX), "request is", "requests are");
            format!(
                "{} past the day you were asked to reply by. Those who asked are looking for another way.",
                text::capitalised(&count)
            )
        }),
        shelves: Shelf::ALL
            .into_iter()
            .filter_map(|s| found.remove(&s).map(|rows| shelf((s, rows))))
            .collect(),
        more: more_open,
    };
    Ok(render(&page, &view).into_response())
}

/// Whom a row is about when the person has stopped sharing.
pub(super) const STOPPED: &str = "Someone who has stopped sharing";

fn place_kept(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::New | Shelf::Asked => "their place is kept; you can answer: ask, or say no",
        _ => "their place is kept; you can answer: ask, or end it",
    }
}

fn row(row: Request, today: Day, calendar: &Calendar) -> Row {
    let r = &row.saved.value;
    let state = words::for_receiver(r, today, calendar);
    let shelf = Shelf::of(r);
    let due = r.receiver_due();
    let late = due.is_some_and(|on| on < today);
    let quiet = row.no_contact && !r.status.terminal();
    let when = match (shelf, due, r.agreed.as_ref()) {
        _ if quiet => "do not contact them; whoever asked tells you more".into(),
        _ if row.stopped => place_kept(shelf).into(),
        (Shelf::Dates, _, Some(date)) => words::moment(date.at, calendar),
        (Shelf::New, Some(on), _) => format!("reply by {}", text::day(on, today)),
        (_, Some(on), _) => format!("{}: {}", r.held_next.what, text::day(on, today)),
        (_, None, _) => String::new(),
    };
    Row {
        href: format!("/inbox/{}", row.saved.meta.id),
        name: if row.stopped { STOPPED.into() } else { r.packet.call_them.clone() },
        service: r.service_name.clone(),
        from: row.from,
        state: if quiet { "Do not contact".into() } else { state.short },
        tone: if quiet { "attention" } else { state.tone },
        when,
        late: late && !row.no_contact,
    }
}
