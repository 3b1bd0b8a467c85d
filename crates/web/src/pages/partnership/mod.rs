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

const fn list(name: &'static str, at: &'static str, what: &'static str, more: &'static str) -> List {
    List { path: paths::PARTNERSHIP, name, at, what, more }
}

/// What comes page by page: a large place has more of each than fit on one.
const LOST: List = list("lost", "lost", "Lost things", "");
const SERVICES: List = list("services", "waits", "Services", "");
const PLACES: List = list("places", "unmet", "Neighbourhoods", " The last row counts all of them.");
const LATE: List = list("late", "late", "Organisations", "");
const MEMBERS: List = list("members", "members", "Members", "");

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
    lost_page: Paged,
    waits: Vec<Row>,
    waits_hidden: Vec<String>,
    waits_page: Paged,
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
    overdue_page: Paged,
    members: Vec<Member>,
    members_page: Paged,
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
        query: &BTreeMap<String, String>,
    ) -> PartnershipPage {
        let (first, unmet_page) = PLACES.page(PLACES.number(query), f.unmet.places.len());
        let (late, overdue_page) = LATE.of(query, &f.overdue);
        let (members, members_page) = MEMBERS.of(query, &f.members);
        let (services, waits_page) = SERVICES.of(query, &f.waits);
        let (lost, lost_page) = LOST.of(query, f.lost.as_deref().unwrap_or_default());
        let number = |n: u64| text::thousands(i64::try_from(n).unwrap_or(i64::MAX));
        // A line in which nothing is shown tells nobody anything: its name stands under the table.
        let (hidden_waits, waits): (Vec<_>, Vec<_>) =
            services.iter().partition(|w| w.waiting == Shown::Hidden && w.range.is_none());
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
            lost: f.lost.is_some().then(|| lost.iter().map(lost_line).collect()),
            lost_page,
            waits: waits.into_iter().map(wait_row).collect(),
            journeys: f.journeys.iter().map(journey_row).collect(),
            waits_page,
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
            overdue_page,
            overdue: late
                .iter()
                .map(|(name, n)| Row { name: name.clone(), count: number(*n), more: String::new() })
                .collect(),
            members_page,
            members: members.iter().map(|m| member(m, today)).collect(),
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
            lost: (n != 3).then(|| vec![lost(name); n / 10 * LINES / 2]),
            lost_page: LOST.page(2, n * 40).1,
            waits: (0..n).map(|_| row(name)).collect(),
            waits_hidden: vec![name.to_owned(); n / 2],
            waits_page: SERVICES.page(2, n * 40).1,
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
            overdue_page: LATE.page(2, n * 40).1,
            members_page: MEMBERS.page(2, n * 40).1,
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
            ("longest", page(LINES, "A service with a very long name indeed, in two parts")),
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
    let figures = app.kith.figures(&who).await?;
    let settings = who.partnership.settings();
    let gate = (settings.suppress_under, settings.round_to);
    let calendar = app.kith.calendar();
    Ok(render(&page, &PartnershipPage::new(&figures, calendar, calendar.day(who.now), gate, &query)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_care::figures::{Emergency, TwoWay, Unmet, WaitRow};
    use kith_care::telling_outside::standing::{Leaving, MailStanding};
    use kith_domain::time::Instant;
    use std::collections::BTreeSet;

    /// A place with more of everything than fits on a page.
    fn large() -> Figures {
        let count = Shown::About(15);
        let none = Shown::Hidden;
        let waits = (0..800).map(|n| {
            let waiting = if n < 400 { count } else { none };
            WaitRow { service: format!("Service {n:03}"), waiting, range: None }
        });
        let member = |n| kith_care::figures::Member {
            name: format!("Member {n:03}"),
            until: None,
            state: Agreed::InDate,
        };
        let lost = |n| LostThing {
            reference: format!("reference {n:03}"),
            kind: "need",
            wrong: "no_holder",
            words: "nobody named holds it",
            organisation: "DebtHelp".into(),
            organisation_id: None,
            person: None,
        };
        let unmet = Unmet {
            places: Vec::new(),
            areas: Vec::new(),
            table: TwoWay { cells: Vec::new(), rows: Vec::new(), columns: Vec::new(), total: none },
        };
        Figures {
            from: jiff::civil::date(2025, 11, 24),
            to: jiff::civil::date(2026, 11, 24),
            counted_at: Instant(1_795_424_400_000_000),
            people: count,
            waits: waits.collect(),
            journeys: Vec::new(),
            declines: Vec::new(),
            declines_total: count,
            unmet,
            members: (0..200).map(member).collect(),
            overdue: (0..150).map(|n| (format!("Late {n:03}"), 3)).collect(),
            open: 100,
            late: 450,
            kept_moving: 0,
            lost: Some((0..60).map(lost).collect()),
            emergency: Emergency {
                right: none,
                not_right: none,
                waiting: none,
                all: none,
                per_thousand: None,
            },
            mail: MailStanding { leaving: Leaving::Yes, waiting: 0, oldest: None, dead: 0 },
        }
    }

    /// Every line of every list stands on one of its pages, and none of them is longer.
    #[test]
    fn no_list_is_longer_than_its_page_and_none_loses_a_line() {
        let (figures, calendar) = (large(), Calendar::england());
        let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (list, lines) in [(SERVICES, 800), (LATE, 150), (MEMBERS, 200), (LOST, 60)] {
            for number in 1..=lines / LINES + 2 {
                let query = BTreeMap::from([(list.name.to_owned(), number.to_string())]);
                let page = PartnershipPage::new(&figures, &calendar, figures.to, (5, 5), &query);
                let names: Vec<String> = match list.name {
                    "services" => {
                        let shown = page.waits.iter().map(|r| r.name.clone());
                        shown.chain(page.waits_hidden.iter().cloned()).collect()
                    }
                    "late" => page.overdue.iter().map(|r| r.name.clone()).collect(),
                    "members" => page.members.iter().map(|m| m.name.clone()).collect(),
                    _ => page.lost.iter().flatten().map(|l| l.reference.clone()).collect(),
                };
                assert!((1..=LINES).contains(&names.len()), "{}: {}", list.name, names.len());
                seen.entry(list.name).or_default().extend(names);
            }
            assert_eq!(seen[list.name].len(), lines, "{}", list.name);
        }
    }
}
