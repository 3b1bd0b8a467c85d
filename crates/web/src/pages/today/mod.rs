//! Today: what is for this worker to do, in the order in which it matters.

use crate::app::{App, For, Oops, Routes, SignedInWorker};
use crate::page::PageContext;
use crate::paths;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use jiff::civil::Date;
use kith_access::Action;
use kith_care::today::{Reply, Thing, Today};
use kith_domain::record::Kind;
use kith_domain::referral::Status;
use kith_domain::time::{Calendar, Instant};
use kith_domain::today::Group;
use serde::Serialize;

crate::views! { TodayPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new().get(paths::TODAY, For::Workers, Action::View, show)
}

/// Today.
#[derive(Debug, Serialize)]
pub struct TodayPage {
    day: String,
    summary: String,
    replies: Vec<Row>,
    groups: Vec<GroupView>,
    later: Vec<Row>,
    nothing: bool,
}

#[derive(Debug, Serialize)]
struct GroupView {
    id: String,
    title: &'static str,
    rows: Vec<Row>,
}

/// One line of the list.
#[derive(Debug, Clone, Serialize)]
struct Row {
    name: String,
    href: String,
    what: String,
    when: String,
    late: bool,
    moved: bool,
}

impl TodayPage {
    fn new(today: &Today, calendar: &Calendar, now: Instant) -> TodayPage {
        let day = calendar.day(now);
        let rows = |things: &[Thing]| things.iter().map(|t| row(t, now, day)).collect::<Vec<_>>();
        let mut groups: Vec<GroupView> = Vec::new();
        let mut later = Vec::new();
        for (group, things) in &today.groups {
            match group {
                Group::Later => later = rows(things),
                _ => groups.push(GroupView {
                    id: format!("group-{}", groups.len() + 1),
                    title: group.title(),
                    rows: rows(things),
                }),
            }
        }
        let replies: Vec<Row> = today.replies.iter().map(|r| reply_row(r, calendar, day)).collect();
        let late = groups.iter().flat_map(|g| &g.rows).filter(|r| r.late).count();
        let due = count(&today.groups, Group::Today);
        TodayPage {
            day: text::full_day(day),
            summary: summary(whole(replies.len()), whole(due), whole(late)),
            nothing: replies.is_empty() && groups.is_empty(),
            replies,
            groups,
            later,
        }
    }
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn count(groups: &[(Group, Vec<Thing>)], wanted: Group) -> usize {
    groups.iter().filter(|(g, _)| *g == wanted).map(|(_, things)| things.len()).sum()
}

fn summary(replies: i64, due: i64, late: i64) -> String {
    let mut parts = Vec::new();
    if replies > 0 {
        parts.push(text::plural(replies, "reply", "replies"));
    }
    if due > 0 {
        parts.push(format!("{} for today", text::plural(due, "thing", "things")));
    }
    if late > 0 {
        parts.push(format!("{} past their day", text::plural(late, "thing", "things")));
    }
    match parts.is_empty() {
        true => "Nothing is waiting for you right now.".into(),
        false => format!("You have {}.", text::list(&parts)),
    }
}

fn row(thing: &Thing, now: Instant, today: Date) -> Row {
    let held = &thing.held;
    Row {
        name: thing.name.clone().unwrap_or_else(|| unnamed(held.what.kind).into()),
        href: href(thing),
        what: held.next.what.clone(),
        when: text::relative_day(held.next.on, today),
        late: held.overdue(now, today),
        moved: held.moves_without_contact >= 2,
    }
}

fn unnamed(kind: Kind) -> &'static str {
    match kind {
        Kind::ComingIn => "Somebody new",
        Kind::HandOver => "A hand-over",
        Kind::Worry => "A worry",
        _ => "Somebody",
    }
}

fn href(thing: &Thing) -> String {
    let id = thing.held.what.id;
    match (thing.held.what.kind, thing.person) {
        (Kind::ComingIn, _) => format!("/coming-in/{id}"),
        (Kind::HandOver, _) => format!("/hand-over/{id}"),
        (Kind::Worry, _) => format!("/worries/{id}"),
        (Kind::Referral, Some(person)) => format!("{}/{person}/referrals/{id}", paths::PEOPLE),
        (Kind::Message, Some(person)) => format!("{}/{person}/messages/{id}", paths::PEOPLE),
        (Kind::Telling, Some(person)) => format!("{}/{person}/tellings/{id}", paths::PEOPLE),
        (_, Some(person)) => format!("{}/{person}", paths::PEOPLE),
        (_, None) => paths::TODAY.into(),
    }
}

fn reply_row(reply: &Reply, calendar: &Calendar, today: Date) -> Row {
    let what = match (reply.question, reply.status) {
        (true, _) => format!("{} asked a question", reply.service_name),
        (_, Status::Rejected) => format!("{} said no", reply.service_name),
        (_, Status::Completed) => format!("{} ended", reply.service_name),
        (_, status) if reply.business == kith_domain::referral::Business::None => {
            format!("{}: {}", reply.service_name, status.title().to_lowercase())
        }
        _ => format!("{}: {}", reply.service_name, reply.business.title().to_lowercase()),
    };
    Row {
        name: reply.name.clone(),
        href: format!("{}/{}/referrals/{}", paths::PEOPLE, reply.person, reply.referral),
        what,
        when: text::relative_day(calendar.day(reply.at), today),
        late: false,
        moved: false,
    }
}

impl View for TodayPage {
    const TEMPLATE: &'static str = "today/today.html";

    fn title(&self) -> String {
        "Today".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str, what: &str, late: bool| Row {
            name: name.into(),
            href: "/people/x".into(),
            what: what.into(),
            when: "yesterday".into(),
            late,
            moved: late,
        };
        let page = |replies: Vec<Row>, rows: Vec<Row>| TodayPage {
            day: "Tuesday 24 November 2026".into(),
            summary: "You have 2 replies and 1 thing for today.".into(),
            nothing: replies.is_empty() && rows.is_empty(),
            replies,
            groups: if rows.is_empty() {
                Vec::new()
            } else {
                vec![GroupView { id: "group-1".into(), title: "Past their day", rows }]
            },
            later: Vec::new(),
        };
        vec![
            ("empty", page(Vec::new(), Vec::new())),
            (
                "ordinary",
                page(
                    vec![row("Badger", "Benefits advice: a date was offered", false)],
                    vec![row("Marlon", "ring about the flat", true)],
                ),
            ),
            (
                "longest",
                page(
                    Vec::new(),
                    (0..60).map(|_| row(&"Name ".repeat(12), &"words ".repeat(30), true)).collect(),
                ),
            ),
            ("difficult", page(vec![row("<b>O'Neil</b>", "\"odd\" & <i>", false)], Vec::new())),
        ]
    }
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let today = app.kith.today(&who).await?;
    Ok(render(&page, &TodayPage::new(&today, app.kith.calendar(), who.now)))
}
