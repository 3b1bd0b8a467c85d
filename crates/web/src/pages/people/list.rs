//! People I support: mine by what happens next, then those of my colleagues by name.

use super::path_of;
use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Query, State};
use kith_access::Role;
use kith_care::people::{PersonLine, Whose};
use serde::Serialize;
use std::collections::BTreeMap;

/// People I support.
#[derive(Debug, Serialize)]
pub struct PeoplePage {
    mine: Vec<Row>,
    others: Vec<Row>,
    late: usize,
    may_add: bool,
    team: bool,
    before: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    name: String,
    /// None where this worker may know the name and no more.
    href: Option<String>,
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
            href: (!name.starts_with('<')).then(|| "/people/x".into()),
            next: "ring about the flat".into(),
            when: "tomorrow".into(),
            late: false,
            heard: "3 days ago".into(),
            lead: "Aisha Rahman".into(),
        };
        let page = |mine: Vec<Row>, others: Vec<Row>, team: bool| PeoplePage {
            late: mine.len() / 2,
            mine,
            others,
            may_add: !team,
            before: team.then(|| address(team, 1)),
            next: team.then(|| address(team, 3)),
            team,
        };
        let most = || (0..kith_care::people::PAGE).map(|_| row(&"Name ".repeat(20))).collect::<Vec<_>>();
        vec![
            ("ordinary", page(vec![row("Badger"), row("Marlon")], vec![row("Ann")], false)),
            ("empty", page(Vec::new(), Vec::new(), false)),
            ("longest", page(Vec::new(), most(), true)),
            ("difficult", page(Vec::new(), vec![row("<b>\"X\"</b> & y")], false)),
        ]
    }
}

/// The address of a page of the list.
fn address(team: bool, page: usize) -> String {
    match (team, page) {
        (false, 1) => crate::paths::PEOPLE.into(),
        (false, page) => format!("{}?page={page}", crate::paths::PEOPLE),
        (true, page) => format!("{}?team=yes&page={page}", crate::paths::PEOPLE),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Html, Oops> {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let number = query.get("page").and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, 10_000);
    let whose = if query.contains_key("team") { Whose::TheirTeams } else { Whose::Mine };
    let mut found = app.kith.people_page(&who, whose, number).await?;
    if found.lines.is_empty() && number == 1 && whose == Whose::Mine {
        // Whoever has nobody of their own works through their team.
        found = app.kith.people_page(&who, Whose::TheirTeams, 1).await?;
    }
    let team = found.whose == Whose::TheirTeams;
    let me = who.worker().ok().map(|(me, _)| me);
    let row = |line: PersonLine| {
        let lead = line.lead.filter(|w| Some(*w) != me);
        let next = line.next.as_ref();
        Row {
            name: line.called,
            href: next.map(|_| path_of(line.person)),
            when: next.map(|n| text::relative_day(n.on, today)).unwrap_or_default(),
            late: next.is_some_and(|n| n.on < today),
            next: next.map(|n| text::capitalised(&n.what)).unwrap_or_default(),
            heard: line.heard_at.map_or_else(String::new, |at| text::relative_day(calendar.day(at), today)),
            lead: lead.map(|w| who.partnership.worker_name(w)).unwrap_or_default(),
        }
    };
    // Who is mine comes by the day on which something happens; the others by name.
    let (mut mine, others): (Vec<_>, Vec<_>) =
        found.lines.into_iter().partition(|line| !team && line.lead == me);
    mine.sort_by_key(|line| line.next.as_ref().map(|next| next.on));
    let mine: Vec<Row> = mine.into_iter().map(row).collect();
    let view = PeoplePage {
        late: mine.iter().filter(|r| r.late).count(),
        mine,
        others: others.into_iter().map(row).collect(),
        may_add: matches!(who.actor.role, Role::Navigator | Role::TeamLead),
        team,
        before: (found.page > 1).then(|| address(team, found.page - 1)),
        next: found.more.then(|| address(team, found.page + 1)),
    };
    Ok(render(&page, &view))
}
