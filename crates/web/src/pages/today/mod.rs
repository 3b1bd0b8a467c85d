//! Today: what is for this worker to do, in the order in which it matters.

use crate::app::routes::ADMINISTERING;
use crate::app::{App, For, Oops, Routes, SignedInWorker};
use crate::page::PageContext;
use crate::pages;
use crate::pages::coming_in::worker_words;
use crate::paths;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Query, State};
use jiff::civil::Date;
use kith_access::Action;
use kith_care::today::{AskedStep, ByReference, Reply, Thing, Today};
use kith_care::{Identity, Principal};
use kith_domain::holding::{About, Held};
use kith_domain::person::CameBy;
use kith_domain::record::Kind;
use kith_domain::referral::{Business, Status};
use kith_domain::time::{Calendar, Instant};
use kith_domain::today::Group;
use serde::{Deserialize, Serialize};

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
    groups: Vec<GroupView>,
    folded: Vec<GroupView>,
    nothing: bool,
    /// Where the people before and after those on this page are, with how many are left.
    before: Option<String>,
    more: Option<Onward>,
}

/// The way to the next page.
#[derive(Debug, Serialize)]
struct Onward {
    href: String,
    people: String,
}

#[derive(Debug, Serialize)]
struct GroupView {
    id: String,
    title: &'static str,
    count: usize,
    rows: Vec<Row>,
}

/// One person, or one thing that belongs to no person, with what is to do by one day.
#[derive(Debug, Clone, Serialize)]
struct Row {
    name: String,
    /// Nowhere for what may not be opened by this worker.
    href: Option<String>,
    things: Vec<Todo>,
    when: String,
    late: bool,
}

/// One thing to do. It has an address of its own where that is not the person's page.
#[derive(Debug, Clone, Serialize)]
struct Todo {
    what: String,
    href: Option<String>,
    moved: bool,
    /// Who has it, where that is somebody else.
    with: Option<String>,
}

impl TodayPage {
    fn new(today: &Today, calendar: &Calendar, who: &Principal) -> TodayPage {
        let now = who.now;
        let day = calendar.day(now);
        let of = |(group, things): &(Group, Vec<Thing>)| {
            let rows = together(things.iter().map(|t| row(t, who, calendar, day)));
            (*group, view(group.title(), things.len(), rows))
        };
        let replies = together(today.replies.iter().map(|r| reply_row(r, calendar, day)));
        let mut all: Vec<(Group, GroupView)> = today.groups.iter().map(of).collect();
        if !today.asks.is_empty() {
            // It is theirs only when they say yes; until then it is with the one who asks.
            let asks = today.asks.iter().map(|a| ask_row(a, day)).collect();
            all.push((Group::NewRequests, view("Asked of you", today.asks.len(), asks)));
            all.sort_by_key(|(group, _)| *group);
        }
        if !replies.is_empty() {
            // What a service answered stands beside what came back.
            all.push((Group::CameBack, view("Replies", today.replies.len(), replies)));
            all.sort_by_key(|(group, view)| (*group, view.title != "Replies"));
        }
        let (folded, groups): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(group, _)| matches!(group, Group::Soon | Group::Later));
        let counts = [
            (count(today, Group::Worries), "worry", "worries"),
            (count(today, Group::OwnWords), "message to read", "messages to read"),
            (count(today, Group::NewRequests), "new request", "new requests"),
            (today.asks.len(), "thing asked of you", "things asked of you"),
            (today.replies.len(), "reply", "replies"),
            (count(today, Group::Today), "thing for today", "things for today"),
            // Each number is that of its heading.
            (count(today, Group::CameBack), "thing that came back", "things that came back"),
            (count(today, Group::Overdue), "thing past its day", "things past their day"),
        ];
        TodayPage {
            day: text::full_day(day),
            summary: summary(&counts),
            nothing: groups.is_empty(),
            groups: numbered(groups),
            folded: folded.into_iter().map(|(_, group)| group).collect(),
            before: (today.page > 0).then(|| page_href(today.page - 1)),
            more: (today.more > 0).then(|| Onward {
                href: page_href(today.page + 1),
                people: text::plural(i64::try_from(today.more).unwrap_or(i64::MAX), "person", "people"),
            }),
        }
    }
}

/// Pages are counted from 1 where people see them.
fn page_href(page: usize) -> String {
    match page {
        0 => paths::TODAY.into(),
        page => format!("{}?page={}", paths::TODAY, page + 1),
    }
}

fn view(title: &'static str, count: usize, rows: Vec<Row>) -> GroupView {
    GroupView { id: String::new(), title, count, rows }
}

fn numbered(groups: Vec<(Group, GroupView)>) -> Vec<GroupView> {
    let name = |(n, (_, group)): (usize, (Group, GroupView))| GroupView { id: format!("group-{n}"), ..group };
    groups.into_iter().enumerate().map(name).collect()
}

/// What is to do with one person by one day stands in one row.
fn together(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut joined: Vec<Row> = Vec::new();
    for row in rows {
        let person = row.href.as_ref().is_some_and(|href| href.starts_with(paths::PEOPLE));
        let same = |r: &&mut Row| person && r.href == row.href && r.when == row.when && r.late == row.late;
        match joined.iter_mut().find(same) {
            Some(first) => first.things.extend(row.things),
            None => joined.push(row),
        }
    }
    joined
}

fn count(today: &Today, wanted: Group) -> usize {
    today.groups.iter().filter(|(g, _)| *g == wanted).map(|(_, things)| things.len()).sum()
}

fn summary(counts: &[(usize, &str, &str)]) -> String {
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let some = counts.iter().filter(|(n, ..)| *n > 0);
    let parts: Vec<String> = some.map(|(n, one, many)| text::plural(whole(*n), one, many)).collect();
    match parts.is_empty() {
        true => "Nothing is waiting for you right now.".into(),
        false => format!("You have {}.", text::list(&parts)),
    }
}

fn row(thing: &Thing, who: &Principal, calendar: &Calendar, today: Date) -> Row {
    let now = who.now;
    let held = &thing.held;
    if let Some(by) = &thing.by_reference {
        return reference_row(by, held, now, today);
    }
    let own = href(thing);
    let person = thing.person.filter(|_| thing.sees_plan);
    let page = person.map_or_else(|| own.clone(), |person| format!("{}/{person}", paths::PEOPLE));
    let todo = Todo {
        what: held.next.what.clone(),
        href: (own != page).then_some(own).filter(|own| pages::opens_for(own, &who.identity)),
        moved: held.moves_without_contact >= 2,
        with: thing.with.clone(),
    };
    // What has no page but the person's is not led to where that page does not open, and what a colleague in
    // another role keeps is not led to where this one's pages end.
    let opens = (thing.sees_plan || !matches!(held.what.kind, Kind::Person | Kind::Need | Kind::Consent))
        && pages::opens_for(&page, &who.identity)
        && keeps(held, &who.identity);
    Row {
        name: thing.name.clone().unwrap_or_else(|| match thing.asked {
            Some(asked) => somebody_new(asked, calendar, today),
            None => unnamed(held.what.kind).into(),
        }),
        href: opens.then_some(page),
        things: vec![todo],
        when: when(held.next.on, today),
        late: held.overdue(now, today),
    }
}

/// Whoever keeps the place opens every member; a lead only their own.
fn keeps(held: &Held, who: &Identity) -> bool {
    let own = matches!(who, Identity::Worker { organisation, .. } if held.what.id == (*organisation).into());
    held.what.kind != Kind::Organisation || own || ADMINISTERING.lets_in(who)
}

/// Somebody new, so that one is told from another: who asked, and when.
fn somebody_new((by, at): (CameBy, Instant), calendar: &Calendar, today: Date) -> String {
    let clock = text::clock(at.timestamp().to_zoned(calendar.zone().clone()).time());
    let asked = match by {
        CameBy::Themselves => "they asked for themselves".to_owned(),
        by => format!("{} asked", text::lower(worker_words(by))),
    };
    format!("Somebody new: {asked}, {} at {clock}", text::relative_day(calendar.day(at), today))
}

/// What this worker may not open: the reference, the team and whom to speak to, no name.
fn reference_row(by: &ByReference, held: &Held, now: Instant, today: Date) -> Row {
    let late = held.overdue(now, today);
    let state = if late { "is past its day" } else { "has come to you" };
    let speak = by.with.as_ref().map_or(String::new(), |with| format!(": speak to {with}"));
    let what = format!("{} with {} {state}{speak}", kind_words(held.what.kind), by.team);
    Row {
        name: format!("Reference {}", by.reference),
        href: None,
        things: vec![Todo { what, href: None, moved: held.moves_without_contact >= 2, with: None }],
        when: when(held.next.on, today),
        late,
    }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "A plan",
        Kind::Need => "A need",
        Kind::Step => "A step",
        Kind::Referral => "A referral",
        Kind::Telling => "A promise to ask",
        Kind::Message => "A message to read",
        Kind::Consent => "An agreement that ends",
        Kind::Worry => "A worry",
        Kind::ComingIn => "A request for help",
        Kind::HandOver => "A hand-over",
        Kind::Organisation => "A member of the partnership",
        Kind::Worker => "Your place",
        Kind::LookQuestion => "A question about looks",
        Kind::Proposal => "Something for the panel",
        Kind::ListingQuestion => "Something about the directory",
        Kind::Right => "Asked for by right",
        Kind::PossibleMatch => "Who somebody is",
        _ => "Something",
    }
}

/// Today and tomorrow by name, the week by its days, anything else by how far it is.
fn when(on: Date, today: Date) -> String {
    match text::days_between(today, on) {
        2..=7 => text::day(on, today),
        _ => text::relative_day(on, today),
    }
}

fn unnamed(kind: Kind) -> &'static str {
    match kind {
        Kind::ComingIn => "Somebody new",
        Kind::HandOver => "A hand-over",
        Kind::Worry => "A worry",
        Kind::Organisation => "Keeping the place",
        Kind::Worker => "You",
        Kind::LookQuestion => "A question about looks",
        Kind::Proposal => "The panel",
        Kind::ListingQuestion => "The directory",
        Kind::Right => "Asked for by right",
        Kind::PossibleMatch => "Who somebody is",
        _ => "Somebody",
    }
}

fn href(thing: &Thing) -> String {
    let id = thing.held.what.id;
    match (thing.held.what.kind, thing.person) {
        (Kind::ComingIn, _) => format!("/coming-in/{id}"),
        (Kind::HandOver, _) => format!("/hand-over/{id}"),
        (Kind::Worry, _) => format!("/worries/{id}"),
        (Kind::Organisation, _) if thing.held.about == About::AgreementEnds => {
            format!("{}/{id}/agreement", paths::ORGANISATIONS)
        }
        (Kind::Organisation, _) => format!("{}/{id}/access", paths::ORGANISATIONS),
        (Kind::Worker, _) => "/hand-over/new".into(),
        (Kind::LookQuestion, _) => format!("/looks/{id}"),
        (Kind::Proposal, _) => format!("/panel/{id}"),
        (Kind::ListingQuestion, _) => format!("/directory/questions/{id}"),
        (Kind::Right, _) => format!("/rights/{id}"),
        (Kind::PossibleMatch, _) => format!("/identity/{id}"),
        (Kind::Referral, Some(person)) => format!("{}/{person}/referrals/{id}", paths::PEOPLE),
        (Kind::Step, Some(person)) => format!("{}/{person}/steps/{id}", paths::PEOPLE),
        (Kind::Message, Some(person)) => format!("{}/{person}/messages/{id}", paths::PEOPLE),
        (Kind::Telling, Some(person)) => format!("{}/{person}/tellings/{id}", paths::PEOPLE),
        (_, Some(person)) => format!("{}/{person}", paths::PEOPLE),
        (_, None) => paths::TODAY.into(),
    }
}

fn ask_row(ask: &AskedStep, today: Date) -> Row {
    Row {
        name: ask.name.clone().unwrap_or_else(|| "Somebody".into()),
        href: Some(format!("{}/{}/steps/{}", paths::PEOPLE, ask.person, ask.step)),
        things: vec![Todo {
            what: format!("{} asks you: {}", ask.from, ask.what),
            href: None,
            moved: false,
            with: None,
        }],
        when: when(ask.by, today),
        late: ask.by < today,
    }
}

fn reply_row(reply: &Reply, calendar: &Calendar, today: Date) -> Row {
    let what = match (reply.question, reply.status) {
        (true, _) => format!("{} asked a question", reply.service_name),
        (_, Status::Rejected) => format!("{} said no", reply.service_name),
        (_, Status::Completed) => format!("{} ended", reply.service_name),
        (_, status) if matches!(reply.business, Business::None | Business::Seen) => {
            format!("{}: {}", reply.service_name, status.title().to_lowercase())
        }
        _ => format!("{}: {}", reply.service_name, reply.business.title().to_lowercase()),
    };
    let page = format!("{}/{}", paths::PEOPLE, reply.person);
    let todo =
        Todo { what, href: Some(format!("{page}/referrals/{}", reply.referral)), moved: false, with: None };
    Row {
        name: reply.name.clone(),
        href: Some(page),
        things: vec![todo],
        when: text::relative_day(calendar.day(reply.at), today),
        late: false,
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
            href: Some("/people/x".into()),
            things: vec![
                Todo {
                    what: what.into(),
                    href: Some("/people/x/referrals/y".into()),
                    moved: false,
                    with: None,
                },
                Todo {
                    what: what.into(),
                    href: None,
                    moved: late,
                    with: late.then(|| "Nadia Siddiq, Partnership Office".into()),
                },
            ],
            when: "yesterday".into(),
            late,
        };
        let page = |rows: Vec<Row>, folded: Vec<Row>| TodayPage {
            day: "Tuesday 24 November 2026".into(),
            summary: "You have 2 replies and 1 thing for today.".into(),
            nothing: rows.is_empty(),
            groups: if rows.is_empty() {
                Vec::new()
            } else {
                vec![GroupView { id: "group-1".into(), ..view("Past their day", rows.len(), rows) }]
            },
            folded: vec![view("This week", folded.len(), folded)],
            before: None,
            more: None,
        };
        let mut risen = row("Reference 4567 89AB", "A plan with Navigators is past its day", true);
        risen.href = None;
        let long = (0..60).map(|_| row(&"Name ".repeat(12), &"words ".repeat(20), true)).collect();
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
                TodayPage {
                    before: Some("/today".into()),
                    more: Some(Onward { href: "/today?page=3".into(), people: "12 people".into() }),
                    ..page(long, Vec::new())
                },
            ),
            ("by reference", page(vec![risen], Vec::new())),
            ("difficult", page(vec![row("<b>O'Neil</b>", "\"odd\" & <i>", false)], Vec::new())),
        ]
    }
}

/// Which page of a long list.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    page: Option<String>,
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(asked): Query<Asked>,
    page: PageContext,
) -> Result<Html, Oops> {
    let number = asked.page.and_then(|page| page.parse::<usize>().ok()).unwrap_or(1);
    let today = app.kith.today(&who, number.saturating_sub(1)).await?;
    Ok(render(&page, &TodayPage::new(&today, app.kith.calendar(), &who)))
}
