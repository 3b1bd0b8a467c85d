//! People I support: by name, with what happens next.

use super::path_of;
use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use kith_access::Role;
use serde::Serialize;

/// People I support.
#[derive(Debug, Serialize)]
pub struct PeoplePage {
    rows: Vec<Row>,
    may_add: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    name: String,
    href: String,
    next: String,
    when: String,
    late: bool,
    heard: String,
    lead: String,
}

impl View for PeoplePage {
    const TEMPLATE: &'static str = "people/list.html";

    fn title(&self) -> String {
        "People I support".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str| Row {
            name: name.into(),
            href: "/people/x".into(),
            next: "ring about the flat".into(),
            when: "tomorrow".into(),
            late: false,
            heard: "3 days ago".into(),
            lead: "Aisha Rahman".into(),
        };
        vec![
            ("ordinary", PeoplePage { rows: vec![row("Badger"), row("Marlon")], may_add: true }),
            ("empty", PeoplePage { rows: Vec::new(), may_add: true }),
            (
                "longest",
                PeoplePage { rows: (0..80).map(|_| row(&"Name ".repeat(20))).collect(), may_add: false },
            ),
            ("difficult", PeoplePage { rows: vec![row("<b>\"X\"</b> & y")], may_add: true }),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let rows = app.kith.list_people(&who).await?.into_iter().map(|line| Row {
        name: line.called,
        href: path_of(line.person),
        next: line.next.as_ref().map(|n| n.what.clone()).unwrap_or_default(),
        when: line.next.as_ref().map(|n| text::relative_day(n.on, today)).unwrap_or_default(),
        late: line.next.as_ref().is_some_and(|n| n.on < today),
        heard: line.heard_at.map_or_else(String::new, |at| text::relative_day(calendar.day(at), today)),
        lead: line.lead.map(|w| who.partnership.worker_name(w)).unwrap_or_default(),
    });
    let may_add = matches!(who.actor.role, Role::Navigator | Role::TeamLead);
    Ok(render(&page, &PeoplePage { rows: rows.collect(), may_add }))
}
