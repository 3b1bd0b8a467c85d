//! Who can see what, by organisation.

use super::super::mine::AskView;
use super::side::Side;
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_access::Purpose;
use kith_care::sharing::agreements::{Sent, Standing};
use kith_care::sharing::{OrganisationSharing, SharingPage};
use kith_domain::area::Sensitivity;
use kith_domain::consent::{MadeFor, Power};
use kith_domain::id::{ConsentId, PersonId};
use kith_domain::time::Calendar;
use serde::Serialize;

/// Who can see what.
#[derive(Debug, Serialize)]
pub struct SharingView {
    layout: &'static str,
    back: String,
    own: bool,
    called: Option<String>,
    notice: Option<String>,
    holder: AskView,
    holder_organisation: String,
    organisations: Vec<OrganisationView>,
    give: Option<String>,
    people: String,
}

#[derive(Clone, Debug, Serialize)]
struct OrganisationView {
    name: String,
    open: bool,
    involved: Vec<String>,
    standing: Vec<StandingView>,
    sent: Vec<SentView>,
    would_see: Vec<String>,
    stop: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct StandingView {
    holds: bool,
    areas: String,
    private: bool,
    named: Option<String>,
    adds: bool,
    purposes: String,
    until: String,
    given: String,
    made_for: Option<MadeForView>,
    narrow: Option<String>,
    ends: Option<String>,
    again: Option<String>,
}

/// Somebody decided for the person.
#[derive(Clone, Debug, Serialize)]
struct MadeForView {
    heading: String,
    facts: Vec<(&'static str, String)>,
}

fn made_for_view(made: &MadeFor, again: &str) -> MadeForView {
    let heading = match &made.power {
        Power::Representative { name, .. } => format!("Decided by {name}"),
        Power::BestInterests { decided_by } => format!("Decided in their best interests by {decided_by}"),
    };
    MadeForView {
        heading,
        facts: vec![
            ("The decision", made.decision.clone()),
            ("Why it was not their own", made.found.clone()),
            ("Who was asked", made.consulted.clone()),
            ("The least that is needed", made.least.clone()),
            ("Looked at again", again.to_owned()),
        ],
    }
}

#[derive(Clone, Debug, Serialize)]
struct SentView {
    service: String,
    on: Option<String>,
    call_them: String,
    contact: String,
    lines: Vec<(String, String)>,
    stopped: Option<String>,
    decided: Option<(String, String)>,
}

/// A purpose as the person reads it.
pub(super) fn purpose_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::DirectCare => "for care and treatment",
        Purpose::Referral => "for help that was asked for",
        Purpose::SupportCoordination => "to hold the plan together",
        Purpose::HousingSupport => "for help with housing",
        Purpose::MoneyAdvice => "for help with money",
        Purpose::ActivitySupport => "for sport and activity",
        Purpose::EmploymentSupport | Purpose::WorkplaceAdjustments => "for help with work",
        Purpose::QualityReview => "to see that their service works well",
        Purpose::OwnRecord => "to support you",
        Purpose::Administration => "to keep the records right",
        _ => "for their work here",
    }
}

fn standing_view(s: &Standing, base: &str, calendar: &Calendar, today: Date) -> StandingView {
    let c = &s.consent;
    let areas: Vec<&str> = c.areas.iter().map(|a| a.title()).collect();
    let purposes: Vec<&str> =
        c.purposes.iter().filter_map(|p| Purpose::from_code(p)).map(purpose_words).collect();
    let until = match c.withdrawn {
        Some(at) => format!("Stopped {}.", text::day(calendar.day(at), today)),
        None if !s.holds && c.until < today => format!("Ended {}.", text::day(c.until, today)),
        None => format!("Until {}.", text::day(c.until, today)),
    };
    let given = calendar.day(c.given.at);
    StandingView {
        holds: s.holds,
        areas: text::list(&areas),
        private: c.max_sensitivity >= Sensitivity::S2,
        named: (!c.categories.is_empty()).then(|| {
            let named: Vec<String> = c.categories.iter().map(|c| c.title().to_lowercase()).collect();
            named.join("; ")
        }),
        made_for: c.made_for.as_ref().map(|m| made_for_view(m, &text::day(c.until, today))),
        again: s.look_again.then(|| format!("{base}/ends/{}", s.id)),
        adds: c.contribute,
        purposes: format!("{}.", text::capitalised(&text::list(&purposes))),
        until,
        given: format!("Agreed {}, {}.", c.given.how.title(), text::day(given, today)),
        narrow: s.holds.then(|| format!("{base}/less/{}", s.id)),
        ends: s.ends_soon.then(|| format!("{base}/ends/{}", s.id)),
    }
}

fn sent_view(s: &Sent, calendar: &Calendar, today: Date) -> SentView {
    SentView {
        service: s.service_name.clone(),
        on: s.on.map(|d| text::day(d, today)),
        call_them: s.call_them.clone(),
        contact: s.contact.clone(),
        lines: s.lines.clone(),
        stopped: s.stopped.map(|at| text::day(calendar.day(at), today)),
        decided: s.decided.clone(),
    }
}

fn organisation_view(
    o: &OrganisationSharing,
    base: &str,
    calendar: &Calendar,
    today: Date,
) -> OrganisationView {
    OrganisationView {
        name: o.name.clone(),
        open: o.open,
        involved: o.involved.clone(),
        standing: o.standing.iter().map(|s| standing_view(s, base, calendar, today)).collect(),
        sent: o.sent.iter().map(|s| sent_view(s, calendar, today)).collect(),
        would_see: o.would_see.clone(),
        stop: o.open.then(|| format!("{base}/{}/stop", o.id)),
    }
}

pub(super) fn view_of(side: &Side, data: &SharingPage, calendar: &Calendar) -> SharingView {
    let today = calendar.day(side.who.now);
    let base = side.base();
    SharingView {
        layout: side.layout(),
        back: side.back(),
        own: side.own,
        called: (!side.own).then(|| data.called.clone()),
        notice: None,
        holder: AskView::of(&data.holder),
        holder_organisation: data.holder.organisation.clone(),
        organisations: data
            .organisations
            .iter()
            .map(|o| organisation_view(o, &base, calendar, today))
            .collect(),
        give: data.may_give.then(|| format!("{base}/give")),
        people: side.supporters(),
    }
}

async fn show(app: &App, side: Side, page: &PageContext) -> Result<Html, Oops> {
    let data = app.kith.sharing(&side.who, side.person).await?;
    Ok(render(page, &view_of(&side, &data, app.kith.calendar())))
}

pub(super) async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Html, Oops> {
    show(&app, Side::mine(who)?, &page).await
}

pub(super) async fn theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Html, Oops> {
    show(&app, Side::theirs(who, person), &page).await
}

/// Somebody has spoken with the person about the end of an agreement.
pub(super) async fn told_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, consent)): Path<(PersonId, ConsentId)>,
    form: Posted,
) -> Result<Response, Oops> {
    let base = Side::theirs(who.clone(), person).base();
    let to = app.kith.told_of_end(&who, person, consent, &base, form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

impl View for SharingView {
    const TEMPLATE: &'static str = "sharing/page.html";

    fn title(&self) -> String {
        "Who can see what".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("ordinary", sample("Get my money back", 1, true)),
            ("empty", sample("", 0, true)),
            ("longest", sample(&"Many words that matter. ".repeat(6), 6, false)),
            ("difficult", sample("<b>\"x\" & 'y'</b>", 1, false)),
        ]
    }
}

fn sample(words: &str, n: usize, own: bool) -> SharingView {
    let standing = StandingView {
        holds: true,
        areas: "Money and Housing".into(),
        private: true,
        named: Some("alcohol or drugs".into()),
        made_for: None,
        again: None,
        adds: true,
        purposes: "For help with money.".into(),
        until: "Until Tuesday 24 November 2027.".into(),
        given: "Agreed read aloud, Monday 16 November.".into(),
        narrow: Some("/mine/sharing/less/x".into()),
        ends: Some("/people/x/sharing/ends/x".into()),
    };
    let sent = SentView {
        service: "Benefits advice".into(),
        on: Some("Monday 16 November".into()),
        call_them: "Badger".into(),
        contact: "Tuesday drop-in, ask Joan".into(),
        lines: vec![("What I need".into(), words.into()); n.min(3)],
        stopped: (n > 1).then(|| "today".into()),
        decided: (n > 1).then(|| ("Dr Osei".into(), "it was needed".into())),
    };
    let organisation = OrganisationView {
        name: "DebtHelp".into(),
        open: n == 1,
        involved: vec!["Joan Fisher".into(); n],
        standing: vec![standing; n.min(2)],
        sent: vec![sent; n],
        would_see: vec![words.into(); n.min(1)],
        stop: (n == 1).then(|| "/mine/sharing/x/stop".into()),
    };
    let mut organisations = vec![organisation; n];
    if let Some(first) = organisations.first_mut().filter(|_| n > 1) {
        first.standing.truncate(1);
        first.standing[0].made_for = Some(MadeForView {
            heading: "Decided in their best interests by Dr Osei".into(),
            facts: vec![("The decision", words.into()), ("Who was asked", words.into())],
        });
        first.standing[0].again = Some("/people/x/sharing/ends/x".into());
    }
    SharingView {
        layout: if own { "layout/person.html" } else { "layout/staff.html" },
        back: "/mine".into(),
        own,
        called: (!own).then(|| "Badger".into()),
        notice: (n == 1).then(|| "Saved.".into()),
        holder: AskView::sample(),
        holder_organisation: "Brackenford Together".into(),
        organisations,
        give: Some("/mine/sharing/give".into()),
        people: "/mine/supporters".into(),
    }
}
