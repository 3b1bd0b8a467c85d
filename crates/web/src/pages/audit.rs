//! Who looked, for information governance: a search over the access log of one's own
//! organisation. What is searched for is posted, so that no reference stands in an address.

use crate::app::routes::AUDITING;
use crate::app::{App, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::paths;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kith_access::{Action, Purpose};
use kith_care::Principal;
use kith_care::audit::{Audit, AuditLine, LetIn, Wanted};
use kith_domain::id::WorkerId;
use kith_domain::time::{Calendar, plus_days};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

crate::views! { AuditPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new().get(paths::AUDIT, AUDITING, Action::ViewAudit, show).post(
        paths::AUDIT,
        AUDITING,
        Action::ViewAudit,
        search,
    )
}

/// How many days the empty form goes back.
const USUAL_DAYS: i32 = 7;

/// The search and what it found.
#[derive(Debug, Serialize)]
pub struct AuditPage {
    organisation: String,
    workers: Vec<Item>,
    actions: Vec<Item>,
    let_in: Vec<Item>,
    form: Filled,
    /// How much was found, in words; none before a search.
    answer: Option<String>,
    rows: Vec<Row>,
    /// The hidden fields of the form that asks for the next page.
    more: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    who: String,
    role: String,
    outcome: &'static str,
    tag: &'static str,
    when: String,
    what: String,
    person: Option<String>,
    why: Option<&'static str>,
    basis: String,
    request: String,
}

/// What can be searched for, in the words of the page.
const ACTIONS: [(Action, &str); 22] = [
    (Action::View, "Opened something"),
    (Action::SeeName, "Saw a name"),
    (Action::ViewReferralStatus, "Saw where a referral stands"),
    (Action::ViewAudit, "Searched who looked"),
    (Action::Create, "Wrote something new"),
    (Action::Update, "Changed something"),
    (Action::Edit, "Changed a note of theirs"),
    (Action::Amend, "Added to a note"),
    (Action::TakeBack, "Took back a mistake"),
    (Action::Contribute, "Added somebody's own words"),
    (Action::Seal, "Wrote something sealed"),
    (Action::SendReferral, "Sent a referral"),
    (Action::AnswerReferral, "Answered a referral"),
    (Action::HandOver, "Handed people over, or wrote down leave"),
    (Action::ManageConsent, "Wrote down an agreement to share"),
    (Action::StopSharing, "Stopped sharing"),
    (Action::ManageProxy, "Let a supporter in"),
    (Action::BreakGlass, "Opened emergency access"),
    (Action::Print, "Printed"),
    (Action::Export, "Took something out as a file"),
    (Action::AddPerson, "Added a person"),
    (Action::Administer, "Kept workers, teams or organisations"),
];

fn done(code: &str) -> String {
    let known = ACTIONS.iter().find(|(action, _)| action.code() == code);
    known.map_or_else(|| text::capitalised(&code.replace('_', " ")), |(_, words)| (*words).to_owned())
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::DirectCare | Purpose::SupportCoordination => "supporting them",
        Purpose::Safeguarding => "keeping somebody safe",
        Purpose::Referral => "a referral",
        Purpose::Audit => "looking at who looked",
        Purpose::Administration => "keeping the place",
        _ => "their role",
    }
}

fn let_in_words(let_in: LetIn) -> &'static str {
    match let_in {
        LetIn::Either => "Either, without names on lists",
        LetIn::Lists => "Either, and names on lists",
        LetIn::Yes => "Let in",
        LetIn::No => "Not let in",
    }
}

fn row(line: &AuditLine, calendar: &Calendar, today: Date) -> Row {
    let (outcome, tag) = match line.outcome.as_str() {
        "denied" => ("not let in", "attention"),
        "changed" => ("changed", "done"),
        "listed" => ("on a list", "quiet"),
        _ => ("opened", "open"),
    };
    let at = line.at.timestamp().to_zoned(calendar.zone().clone());
    let parts = if line.parts.is_empty() { String::new() } else { format!(": {}", line.parts) };
    Row {
        who: line.who.clone(),
        role: line.role.clone(),
        outcome,
        tag,
        when: format!("{}, {}", text::day(at.date(), today), text::clock(at.time())),
        what: format!("{}{parts}", done(&line.action)),
        person: line.person.clone(),
        why: line.purpose.map(purpose),
        basis: line.basis.clone(),
        request: line.request.to_string(),
    }
}

impl AuditPage {
    fn new(who: &Principal, workers: &[(WorkerId, String)], form: Filled) -> AuditPage {
        AuditPage {
            organisation: who.organisation_name.clone().unwrap_or_default(),
            workers: workers.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
            actions: ACTIONS.iter().map(|(a, words)| Item::new(a.code(), *words)).collect(),
            let_in: LetIn::ALL.iter().map(|l| Item::new(l.code(), let_in_words(*l))).collect(),
            form,
            answer: None,
            rows: Vec::new(),
            more: None,
        }
    }

    fn found(mut self, found: &Audit, form: &FormData, calendar: &Calendar, today: Date) -> AuditPage {
        let n = i64::try_from(found.lines.len()).unwrap_or(i64::MAX);
        self.answer = Some(match (found.lines.is_empty(), &found.more) {
            (true, Some(_)) => "Nothing yet. There is more to search through".into(),
            (true, None) => "Nobody looked like that in these days".into(),
            (false, _) => text::capitalised(&text::plural(n, "look", "looks")),
        });
        self.rows = found.lines.iter().map(|l| row(l, calendar, today)).collect();
        self.more = found.more.as_ref().map(|after| {
            let typed = form.pairs().iter().filter(|(name, _)| !name.starts_with('_') && name != "after");
            let mut hidden: BTreeMap<String, String> = typed.cloned().collect();
            hidden.insert("after".into(), after.clone());
            hidden
        });
        self
    }
}

impl View for AuditPage {
    const TEMPLATE: &'static str = "audit/audit.html";

    fn title(&self) -> String {
        "Who looked".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |who: &str, outcome, tag| Row {
            who: who.into(),
            role: "Navigator".into(),
            outcome,
            tag,
            when: "Tuesday 24 November, 10:30am".into(),
            what: "Opened something: needs, referrals".into(),
            person: (tag != "quiet").then(|| "4567 89AB".into()),
            why: Some("supporting them"),
            basis: "own_organisation".into(),
            request: "0190d5a8-0000-7000-8000-000000000001".into(),
        };
        let page = |n: usize, name: &str| AuditPage {
            organisation: name.into(),
            workers: (0..n).map(|i| Item::new(format!("w{i}"), name)).collect(),
            actions: ACTIONS.iter().map(|(a, words)| Item::new(a.code(), *words)).collect(),
            let_in: LetIn::ALL.iter().map(|l| Item::new(l.code(), let_in_words(*l))).collect(),
            form: Filled::blank(),
            answer: (n > 0).then(|| "50 looks".into()),
            rows: (0..n).map(|_| row(name, "opened", "open")).collect(),
            more: (n > 10).then(|| BTreeMap::from([("after".to_owned(), "1.2.3".to_owned())])),
        };
        let wrong = FormErrors::one("until", "The last day comes after the first.");
        vec![
            ("ordinary", page(3, "Partnership Office")),
            ("empty", page(0, "")),
            ("longest", page(50, "An organisation or somebody with a very long name")),
            (
                "difficult",
                AuditPage {
                    form: Filled::of(&FormData::from_text("person=%3Cb%3E"), &wrong),
                    rows: vec![row("<b>\"A\" & 'B'</b>", "not let in", "attention")],
                    ..page(1, "<b>\"A\" & 'B'</b>")
                },
            ),
        ]
    }
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    let workers = app.kith.audit_workers(&who).await?;
    let today = app.kith.calendar().day(who.now);
    let days = [("from", plus_days(today, -USUAL_DAYS)), ("until", today)];
    let fields = days.into_iter().flat_map(|(name, day)| {
        [
            (format!("{name}-day"), day.day().to_string()),
            (format!("{name}-month"), day.month().to_string()),
            (format!("{name}-year"), day.year().to_string()),
        ]
    });
    let let_in = ("let_in".to_owned(), LetIn::default().code().to_owned());
    let form = Filled::with(fields.chain([let_in]));
    Ok(render(&page, &AuditPage::new(&who, &workers, form)).into_response())
}

async fn search(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let from = read.required_day("from", "the first day");
    let until = read.required_day("until", "the last day");
    let worker =
        read.optional_choice("worker", "who looked", |code| Uuid::try_parse(code).ok().map(WorkerId));
    let person = read.optional_text("person", TextRule::line("the reference").max(40));
    let action = read.optional_choice("action", "what was done", Action::from_code);
    let known = |code: &str| LetIn::ALL.into_iter().find(|l| l.code() == code);
    let let_in = read.optional_choice("let_in", "whether they were let in", known).unwrap_or_default();
    let after = form.data.value("after").map(str::to_owned);
    let calendar = app.kith.calendar();
    let mut found = None;
    if let (Some(from), Some(until), true) = (from, until, read.is_ok()) {
        let wanted = Wanted { from, until, worker, person, action, let_in, after };
        match app.kith.audit(&who, &wanted).await {
            Ok(audit) => found = Some(audit),
            Err(error) => refused(&mut read, error, "from")?,
        }
    }
    let workers = app.kith.audit_workers(&who).await?;
    let view = AuditPage::new(&who, &workers, Filled::of(&form.data, read.errors()));
    let view = match &found {
        Some(found) => view.found(found, &form.data, calendar, calendar.day(who.now)),
        None => view,
    };
    Ok(render(&page, &view).into_response())
}
