//! How a referral stands, for the side that asks; and what this side does, a page each.

use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kith_care::Principal;
use kith_care::referral::sender::{Sent, copy_text};
use kith_care::referral::words;
use kith_domain::coming_back::may_settle;
use kith_domain::consent::{Confirmation, Decided};
use kith_domain::id::{PersonId, ReferralId};
use kith_domain::moves::MoveKind;
use kith_domain::referral::{Referral, Status};
use kith_domain::time::{Calendar, Day};
use serde::Serialize;

/// How it stands.
#[derive(Debug, Default, Serialize)]
pub struct SentPage {
    called: String,
    service: String,
    organisation: String,
    phone: Option<String>,
    state: String,
    short: String,
    tone: &'static str,
    need: String,
    area: String,
    wait: Option<String>,
    next: Option<String>,
    next_on: Option<String>,
    basis: String,
    how: Option<String>,
    said_no: Vec<String>,
    words_given: Option<String>,
    decided: Vec<String>,
    /// The button with which a named decider's word is written down.
    confirm: Option<String>,
    contact: String,
    lines: Vec<(String, String)>,
    story: Vec<Event>,
    question: Option<String>,
    answer: Option<String>,
    decline: Option<String>,
    better_place: Option<String>,
    dates: Vec<String>,
    agreed: Option<String>,
    outcome: Vec<String>,
    outcome_words: Option<String>,
    settled: Option<String>,
    gp: String,
    referrer: String,
    reference: String,
    together: Option<String>,
    acts: Vec<Act>,
    /// With whom it is, for a reader who does nothing about it.
    held_by: Option<String>,
    news: bool,
    link: Option<Link>,
    copy: String,
    ended: bool,
    base: String,
    person: String,
    find: String,
    need_page: String,
}

#[derive(Debug, Default, Serialize)]
struct Event {
    when: String,
    what: String,
    by: String,
}

#[derive(Debug, Default, Serialize)]
struct Act {
    href: String,
    text: String,
    main: bool,
}

#[derive(Debug, Default, Serialize)]
struct Link {
    alive_until: Option<String>,
    mail: String,
    has_code: bool,
    made_up_path: Option<String>,
    phone: Option<String>,
}

impl View for SentPage {
    const TEMPLATE: &'static str = "referral/sent.html";
    fn title(&self) -> String {
        "A request".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, n: usize| SentPage {
            called: words.into(),
            service: words.into(),
            organisation: words.into(),
            phone: Some("01632 960001".into()),
            state: words.into(),
            short: "Sent".into(),
            tone: "open",
            need: words.into(),
            area: "Money".into(),
            wait: (n > 0).then(|| "Asked today. No answer yet.".into()),
            next: (n > 1).then(|| "Tell them, with a next step ready".into()),
            next_on: (n > 1).then(|| "tomorrow, Wednesday 25 November".into()),
            basis: "The person agreed".into(),
            how: Some("Read aloud, nobody else present".into()),
            said_no: (1..n).map(|_| words.into()).collect(),
            words_given: (n > 1).then(|| words.into()),
            decided: (1..n).map(|_| words.into()).collect(),
            confirm: (n > 1).then(|| words.into()),
            contact: words.into(),
            lines: (0..n).map(|_| ("What I need help with".into(), words.into())).collect(),
            story: (0..n)
                .map(|_| Event { when: "Tuesday".into(), what: words.into(), by: "Joan Fisher".into() })
                .collect(),
            question: (n > 1).then(|| words.into()),
            answer: (n > 2).then(|| words.into()),
            decline: (n > 1).then(|| words.into()),
            better_place: (n > 1).then(|| words.into()),
            dates: (1..n).map(|_| words.into()).collect(),
            agreed: (n > 1).then(|| words.into()),
            outcome: (1..n).map(|_| words.into()).collect(),
            outcome_words: (n > 1).then(|| words.into()),
            settled: (n > 1).then(|| words.into()),
            gp: "none: no GP".into(),
            referrer: "none: nobody introduced them".into(),
            reference: "4567 89AB".into(),
            together: (n > 1).then(|| "Taken together: going on.".into()),
            acts: (0..n).map(|at| Act { href: "/x".into(), text: words.into(), main: at == 0 }).collect(),
            held_by: (n == 0).then(|| words.into()),
            news: n > 1,
            link: (n > 1).then(|| Link {
                alive_until: Some("8 December".into()),
                mail: "The email left on Tuesday 24 November 2026 at 10:04am.".into(),
                has_code: n > 2,
                made_up_path: Some("/link/abc".into()),
                phone: Some("01632 960001".into()),
            }),
            copy: words.repeat(n.max(1)),
            ended: n > 2,
            base: "/people/1/referrals/2".into(),
            person: "/people/1".into(),
            find: "/people/1/needs/2/find".into(),
            need_page: "/people/1/needs/2".into(),
        };
        vec![
            ("ordinary", sample("Benefits advice", 1)),
            ("empty", sample("", 0)),
            ("longest", sample(&"Many long words about it. ".repeat(12), 12)),
            ("difficult", sample("<b>\"'&", 2)),
        ]
    }
}

pub(super) type Ids = (PersonId, ReferralId);

pub(super) fn base((person, referral): Ids) -> String {
    format!("/people/{person}/referrals/{referral}")
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let sent = app.kith.sent_referral(&who, ids.0, ids.1).await?;
    Ok(render(&page, &sent_page(&app, &who, ids, sent)).into_response())
}

fn sent_page(app: &App, who: &Principal, ids: Ids, sent: Sent) -> SentPage {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let r = &sent.saved.value;
    let state = words::for_worker(r, today, calendar);
    let decided = r.basis.decided().map(|d| {
        vec![
            format!("Decided by {}", d.decided_by),
            confirmed_words(d, calendar, today),
            format!("Why: {}", d.why),
            format!("The least that is needed: {}", d.least),
            format!("Looked at again on {}", text::day(d.review_on, today)),
        ]
        .into_iter()
        .filter(|line| !line.is_empty())
        .chain(
            d.looked_again.iter().map(|l| format!("{}: {}", text::day(calendar.day(l.at), today), l.words)),
        )
        .chain(r.untold.iter().map(|why| format!("The person is not told. Why: {why}")))
        .collect()
    });
    let given = sent.consent.as_ref().map(|c| &c.value.given);
    let outcome = r
        .outcome
        .as_ref()
        .map(|o| vec![words::happened(o.happened).to_owned(), words::helped(o.helped).to_owned()]);
    SentPage {
        state: state.words,
        short: state.short,
        tone: state.tone,
        acts: if sent.may_change { acts(&sent, ids, today) } else { Vec::new() },
        held_by: (!sent.may_change && kith_domain::record::Record::open(r)).then(|| sent.held_by.clone()),
        wait: words::wait(r, who.now, calendar),
        next: sent.ours.as_ref().map(|n| n.what.clone()),
        next_on: sent.ours.as_ref().map(|n| text::day_and_relative(n.on, today)),
        basis: words::basis(&r.basis).to_owned(),
        how: given.map(words::given),
        said_no: given.map(|g| g.said_no_to.iter().map(|n| n.words.clone()).collect()).unwrap_or_default(),
        words_given: given.map(|g| g.words.clone()).filter(|w| !w.is_empty()),
        decided: decided.unwrap_or_default(),
        confirm: confirm_button(r, who).filter(|_| sent.may_change),
        contact: r.packet.contact.clone(),
        lines: r.packet.lines.iter().map(|l| (l.heading.clone(), l.words.clone())).collect(),
        story: sent
            .story
            .iter()
            .map(|h| Event { when: words::moment(h.at, calendar), what: h.what.clone(), by: h.by.clone() })
            .collect(),
        question: r.question.as_ref().map(|q| q.words.clone()),
        answer: r.question.as_ref().and_then(|q| q.answer.as_ref()).map(|a| a.words.clone()),
        decline: r.decline.as_ref().map(|d| d.words.clone()),
        better_place: r.decline.as_ref().and_then(|d| d.better_place.clone()),
        dates: r.offered.iter().map(|o| words::offer(o, calendar)).collect(),
        agreed: r.agreed.as_ref().map(|o| words::offer(o, calendar)),
        outcome: outcome.unwrap_or_default(),
        outcome_words: r.outcome.as_ref().and_then(|o| o.words.clone()),
        settled: r.settled.as_ref().map(|s| s.next.clone()),
        together: sent.together.map(|w| match w {
            kith_domain::moves::Whole::Stays => "Several services were asked.".to_owned(),
            kith_domain::moves::Whole::Decide => {
                "Every service that was asked has ended without help.".to_owned()
            }
            kith_domain::moves::Whole::Is(s) => {
                format!("Several services were asked. Together: {}.", s.title())
            }
        }),
        news: sent.may_change && ((sent.news && state.tone != "quiet") || r.to_be_told()),
        link: sent.link.as_ref().filter(|_| sent.may_change).map(|l| Link {
            alive_until: l.alive_until.map(|at| text::day(calendar.day(at), today)),
            mail: words::link_mail(&l.mail, calendar),
            has_code: l.has_code,
            made_up_path: l.made_up_path.clone(),
            phone: l.phone.clone(),
        }),
        copy: copy_text(&sent, &app.kith),
        ended: r.status.terminal(),
        base: base(ids),
        person: format!("/people/{}", ids.0),
        find: format!("/people/{}/needs/{}/find", ids.0, r.need),
        need_page: format!("/people/{}/needs/{}", ids.0, r.need),
        need: sent.need.as_ref().map(|n| n.value.words.clone()).unwrap_or_default(),
        area: r.area.title().to_owned(),
        service: r.service_name.clone(),
        called: sent.called.clone(),
        organisation: sent.organisation.clone(),
        phone: sent.phone.clone(),
        gp: sent.gp.clone(),
        referrer: sent.referrer.clone(),
        reference: sent.reference.clone(),
    }
}

/// What this side can do now, the main thing first.
/// The button with which it is written down that whoever is named did decide it.
fn confirm_button(r: &Referral, who: &Principal) -> Option<String> {
    let d = r.basis.decided().filter(|d| matches!(d.confirmed, Some(Confirmation::Waits { .. })))?;
    let me = who.worker().ok().map(|(worker, _)| worker);
    let name = d.decided_by.split(',').next().unwrap_or_default();
    Some(match d.worker == me {
        true => "Yes, I decided this".into(),
        false => format!("{name} has told me that it was so"),
    })
}

/// Whether whoever is named has said that they decided it; empty where nobody has to.
fn confirmed_words(d: &Decided, calendar: &Calendar, today: Day) -> String {
    match d.confirmed {
        None => String::new(),
        Some(Confirmation::Waits { by }) => {
            let late = if by < today { " That day has passed: ask them today." } else { "" };
            format!("This waits for them to say that it was so, by {}.{late}", text::day(by, today))
        }
        Some(Confirmation::Given { at }) => {
            format!("They said that it was so, on {}", text::day(calendar.day(at), today))
        }
    }
}

fn acts(sent: &Sent, ids: Ids, today: Day) -> Vec<Act> {
    let r = &sent.saved.value;
    let mut acts = Vec::new();
    let mut add = |act: &str, text: &str, main: bool| {
        acts.push(Act { href: format!("{}/{act}", base(ids)), text: text.to_owned(), main });
    };
    if r.to_be_told() {
        add("not-told", "They are not told: write why", false);
    }
    if r.basis.decided().is_some() && !r.status.terminal() {
        add("look-again", "Look again at the decision", false);
    }
    if r.question.as_ref().is_some_and(|q| q.answer.is_none()) && sent.may.contains(&MoveKind::Answer) {
        match r.question.as_ref().is_some_and(kith_domain::fact::waits_for_person) {
            true => add("fact", "They need one fact: ask the person", true),
            false => add("answer", "Answer their question", true),
        }
    }
    if !r.offered.is_empty() && sent.may.contains(&MoveKind::AgreeDate) {
        add("agree", "Agree a date", true);
    }
    if may_settle(r, today) && !(r.status == Status::Completed && r.outcome.is_none()) {
        add("next", "Tell them, and choose a next step", true);
    }
    if r.could_not_come >= 2 && sent.may.contains(&MoveKind::GiveBack) {
        add("give-back", "I have spoken to them", true);
    }
    if r.status == Status::Completed && r.outcome.is_none() {
        add("outcome", "Say how it ended", true);
    }
    if sent.can_send_back && (sent.has_gp || sent.has_referrer) {
        add("messages-back", "Messages back", false);
    }
    if sent.may.contains(&MoveKind::Cancel) {
        add("take-back", "Take it back", false);
    }
    acts
}
