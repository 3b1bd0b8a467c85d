//! The help I asked for: where each request stands, an honest wait, and "I do not want
//! this help any more".

use super::ask::{AskView, dialled};
use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::CareError;
use kith_care::mine::referrals::MyReferral;
use kith_domain::clock::HonestWait;
use kith_domain::id::ReferralId;
use kith_domain::referral::{Business, Offer, Status};
use kith_domain::time::Calendar;
use serde::Serialize;

/// Where a request stands, in words.
pub(crate) struct Stands {
    pub title: String,
    pub says: String,
    pub tag: &'static str,
}

/// Where a request stands, as the person reads it.
pub(crate) fn state_of(r: &MyReferral, calendar: &Calendar, today: Date) -> Stands {
    let say = |title: &str, tag, says: String| Stands { title: title.into(), says, tag };
    let ask = &r.ask.name;
    if r.answer_coming {
        let says = format!("{ask} talks with you about it by {}.", text::day(r.ask.by, today));
        return say("They have answered", "attention", says);
    }
    match (r.status, r.business) {
        (Status::Requested, Business::Seen) => say("They have seen it", "waiting", answer_by(r, today)),
        (Status::Requested | Status::Draft, _) => say("Sent", "waiting", answer_by(r, today)),
        (Status::Accepted | Status::InProgress, _) if r.none_good => say(
            "Other dates follow",
            "waiting",
            "You said that none of the dates is good. They offer you others. Your place is kept.".into(),
        ),
        (Status::OnHold, _) => say("Paused", "waiting", "Your place is kept.".into()),
        (Status::Accepted | Status::InProgress, Business::DateOffered) => say(
            "They offer you a date",
            "open",
            match r.offered.as_slice() {
                [_] => "Say if this date is good for you. If it is not, they offer another.".into(),
                _ => "Say which date is good for you. If none is, they offer others.".into(),
            },
        ),
        (Status::Accepted | Status::InProgress, Business::DateAgreed) => say(
            "You have a date",
            "open",
            r.agreed.as_ref().map(|o| offer_words(o, calendar, today)).unwrap_or_default(),
        ),
        (Status::Accepted | Status::InProgress, Business::CouldNotCome) => say(
            "You could not come",
            "open",
            "That is all right. Things happen. They offer another date, and your place is kept.".into(),
        ),
        (Status::Accepted, Business::Waiting) => {
            say("They said yes", "open", "You are on their list.".into())
        }
        (Status::Accepted, _) => say("They said yes", "open", String::new()),
        (Status::InProgress, _) => say("It has started", "open", String::new()),
        (Status::Rejected, _) => say(
            "They could not say yes",
            "quiet",
            format!("It is not your fault. {ask} looks for another way with you."),
        ),
        (Status::Cancelled, _) if r.ended_by_me => say("You stopped this", "quiet", String::new()),
        (Status::Cancelled | Status::EnteredInError, _) => say("Taken back", "quiet", String::new()),
        (Status::Failed, _) => say("Ended", "quiet", format!("{ask} looks for another way with you.")),
        (Status::Completed, _) => say("Ended", "done", String::new()),
    }
}

fn answer_by(r: &MyReferral, today: Date) -> String {
    if r.reply_by < today {
        format!("They have not answered in time. {} asks them.", r.ask.name)
    } else {
        format!("They answer by {}.", text::day_and_relative(r.reply_by, today))
    }
}

pub(super) fn offer_words(o: &Offer, calendar: &Calendar, today: Date) -> String {
    let when = o.at.timestamp().to_zoned(calendar.zone().clone());
    let mut words = format!(
        "{}, {}",
        text::capitalised(&text::day_and_relative(when.date(), today)),
        text::clock(when.time())
    );
    if !o.place.is_empty() {
        words.push_str(&format!(", {}", o.place));
    }
    if let Some(with) = &o.with {
        words.push_str(&format!(", with {with}"));
    }
    words
}

/// The honest wait as a sentence. Never a promise.
fn honest_words(wait: &HonestWait) -> String {
    let people = text::plural(i64::try_from(wait.people).unwrap_or(0), "person", "people");
    match wait.to {
        Some(to) if to > wait.from => format!(
            "8 in 10 people waited between {} and {} to go there for the first time. This is from {people}. It is not a promise.",
            text::duration_days(wait.from.into()),
            text::duration_days(to.into()),
        ),
        Some(to) => format!(
            "Most people waited about {} to go there for the first time. This is from {people}. It is not a promise.",
            text::duration_days(to.into())
        ),
        None => format!(
            "A few people waited {}. Many wait longer than we can say yet. This is from {people} who went.",
            text::duration_days(wait.from.into())
        ),
    }
}

/// The help I asked for.
#[derive(Debug, Serialize)]
pub struct ReferralsPage {
    facts: Vec<FactLine>,
    going_on: Vec<ReferralView>,
    over: Vec<ReferralView>,
    ask: Option<AskView>,
}

/// One fact that a service asks for, waiting for a yes or no.
#[derive(Clone, Debug, Serialize)]
struct FactLine {
    service: String,
    what: String,
    href: String,
}

#[derive(Clone, Debug, Serialize)]
struct ReferralView {
    service: String,
    organisation: String,
    area_code: &'static str,
    state: String,
    says: String,
    tag: &'static str,
    sent: Option<String>,
    waited: Option<String>,
    honest: Option<String>,
    waiting: bool,
    offered: Vec<String>,
    /// Where they say which date is good.
    dates: Option<String>,
    no_words: Option<String>,
    outcome: Option<String>,
    ask: AskView,
    phone: Option<(String, String)>,
    meanwhile: Vec<(String, String)>,
    stop: Option<String>,
}

impl ReferralView {
    fn new(r: MyReferral, calendar: &Calendar, today: Date) -> ReferralView {
        let state = state_of(&r, calendar, today);
        ReferralView {
            state: state.title,
            says: state.says,
            tag: state.tag,
            sent: r.sent_on.map(|d| text::day(d, today)),
            waited: r.waited.map(|d| {
                if d == 0 {
                    "Sent today".into()
                } else {
                    format!("You have waited {}", text::duration_days(d.into()))
                }
            }),
            honest: r.honest.as_ref().map(honest_words),
            waiting: r.waited.is_some(),
            offered: r
                .offered
                .iter()
                .filter(|_| r.business == Business::DateOffered)
                .map(|o| offer_words(o, calendar, today))
                .collect(),
            dates: r.may_choose().then(|| super::dates::path(r.id)),
            stop: r.may_stop().then(|| format!("/mine/referrals/{}/stop", r.id)),
            outcome: r.outcome.and_then(|o| o.words),
            no_words: r.no_words,
            ask: AskView::of(&r.ask),
            phone: r.phone.as_deref().map(dialled),
            meanwhile: r.meanwhile,
            service: r.service_name,
            organisation: r.organisation,
            area_code: r.area.code(),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Html, Oops> {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let all = app.kith.my_referrals(&who).await?;
    let ask = all.first().map(|r| AskView::of(&r.ask));
    let (over, going_on): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|r| r.status.terminal() && !r.answer_coming);
    let views = |list: Vec<MyReferral>| {
        list.into_iter().map(|r| ReferralView::new(r, calendar, today)).collect::<Vec<_>>()
    };
    let over = over.into_iter().take(12).collect();
    let asked = app.kith.facts_asked(&who).await?.into_iter();
    let facts = asked.map(|a| FactLine {
        href: format!("/mine/referrals/{}/fact", a.referral),
        service: a.service,
        what: a.what,
    });
    let facts = facts.collect();
    Ok(render(&page, &ReferralsPage { facts, going_on: views(going_on), over: views(over), ask }))
}

impl View for ReferralsPage {
    const TEMPLATE: &'static str = "mine/referrals.html";

    fn title(&self) -> String {
        "Help I asked for".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let fact = |service: &str| FactLine {
            service: service.into(),
            what: "The year you were born".into(),
            href: "/mine/referrals/x/fact".into(),
        };
        let page = |service: &str, n: usize| ReferralsPage {
            facts: vec![fact(service); n / 2],
            going_on: vec![sample(service, n); n],
            over: vec![sample(service, 1); n / 2],
            ask: Some(AskView::sample()),
        };
        vec![
            ("ordinary", page("Benefits advice", 2)),
            ("empty", ReferralsPage { ask: None, ..page("", 0) }),
            ("longest", page(&"A service with a long name ".repeat(5), 12)),
            ("difficult", page("<b>\"x\"</b>", 1)),
        ]
    }
}

fn sample(service: &str, n: usize) -> ReferralView {
    let few = HonestWait { people: 12, still_waiting: 3, from: 9, to: (n > 1).then_some(42) };
    ReferralView {
        service: service.into(),
        organisation: "DebtHelp".into(),
        area_code: "money",
        state: "They offer you a date".into(),
        says: "Say which date is good for you. If none is, they offer others.".into(),
        tag: "open",
        sent: Some("Monday 16 November".into()),
        waited: Some("You have waited 8 days".into()),
        honest: (n > 0).then(|| honest_words(&few)),
        waiting: true,
        offered: vec!["Thursday 26 November, 2:30pm, at the library".into(); n.min(3)],
        dates: (n > 0).then(|| "/mine/referrals/x/dates".into()),
        no_words: (n == 1).then(|| "We are full until spring.".into()),
        outcome: (n == 1).then(|| "They sorted the letters out with me.".into()),
        ask: AskView::sample(),
        phone: Some(dialled("01632 960000")),
        meanwhile: vec![("/groups/x".into(), "Breakfast group".into())],
        stop: Some("/mine/referrals/x/stop".into()),
    }
}

/// "I do not want this help any more": the one question before it ends.
#[derive(Debug, Serialize)]
pub struct StopReferralPage {
    service: String,
    organisation: String,
    action: String,
}

pub(super) async fn ask_stop(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(referral): Path<ReferralId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let all = app.kith.my_referrals(&who).await?;
    let found = all.into_iter().find(|r| r.id == referral && r.may_stop()).ok_or(CareError::Missing)?;
    let action = format!("/mine/referrals/{referral}/stop");
    Ok(render(
        &page,
        &StopReferralPage { service: found.service_name, organisation: found.organisation, action },
    ))
}

pub(super) async fn stop(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(referral): Path<ReferralId>,
    form: Posted,
) -> Result<Response, Oops> {
    let me = who.person()?;
    let to = app.kith.stop_referral(&who, me, referral, "/mine/referrals", form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

impl View for StopReferralPage {
    const TEMPLATE: &'static str = "mine/stop_referral.html";

    fn title(&self) -> String {
        "Stop this help".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |service: &str| StopReferralPage {
            service: service.into(),
            organisation: "DebtHelp".into(),
            action: "/mine/referrals/x/stop".into(),
        };
        vec![("ordinary", page("Benefits advice")), ("difficult", page("<i>\"x\"</i>"))]
    }
}
