//! One request: exactly its packet, how it stands, and what can be done now.

use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kith_care::Principal;
use kith_care::referral::receiver::Request;
use kith_care::referral::words;
use kith_domain::id::ReferralId;
use kith_domain::moves::MoveKind;
use kith_domain::referral::{Business, Status};
use serde::Serialize;

/// One request.
#[derive(Debug, Default, Serialize)]
pub struct RequestPage {
    called: Option<String>,
    contact: Option<String>,
    named: bool,
    stopped: bool,
    no_contact: bool,
    by_link: bool,
    service: String,
    from: String,
    from_team: String,
    from_phone: Option<String>,
    area: String,
    short: String,
    tone: &'static str,
    state: String,
    reply_by: Option<String>,
    late: bool,
    basis: String,
    lines: Vec<(String, String)>,
    hidden_lines: usize,
    question: Option<String>,
    answer: Option<String>,
    given: bool,
    dates: Vec<String>,
    agreed: Option<String>,
    next: Option<String>,
    outcome: Vec<String>,
    outcome_words: Option<String>,
    acts: Vec<Act>,
    more: Vec<Act>,
    seen: bool,
    base: String,
    back: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct Act {
    href: String,
    text: &'static str,
    main: bool,
}

impl View for RequestPage {
    const TEMPLATE: &'static str = "inbox/request.html";
    fn title(&self) -> String {
        "A request to us".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, n: usize, named: bool| RequestPage {
            called: named.then(|| words.into()),
            contact: named.then(|| words.into()),
            named,
            stopped: false,
            no_contact: false,
            by_link: !named,
            service: words.into(),
            from: words.into(),
            from_team: words.into(),
            from_phone: Some("01632 960001".into()),
            area: "Money".into(),
            short: "Sent".into(),
            tone: "open",
            state: words.into(),
            reply_by: Some("Tuesday 1 December".into()),
            late: n > 1,
            basis: "The person agreed".into(),
            lines: (0..n).map(|_| ("What I need help with".into(), words.into())).collect(),
            hidden_lines: n,
            question: (n > 1).then(|| words.into()),
            answer: (n > 1).then(|| words.into()),
            given: n > 2,
            dates: (1..n).map(|_| words.into()).collect(),
            agreed: (n > 1).then(|| words.into()),
            next: (n > 1).then(|| words.into()),
            outcome: (1..n).map(|_| words.into()).collect(),
            outcome_words: (n > 1).then(|| words.into()),
            acts: vec![Act { href: "/x".into(), text: "Say yes", main: true }],
            more: vec![Act { href: "/y".into(), text: "We cannot help", main: false }],
            seen: n > 1,
            base: "/inbox/1".into(),
            back: Some("/inbox".into()),
        };
        vec![
            (
                "stopped",
                RequestPage {
                    stopped: true,
                    called: None,
                    contact: None,
                    ..sample("Benefits advice", 0, true)
                },
            ),
            (
                "no contact",
                RequestPage {
                    no_contact: true,
                    contact: None,
                    state: NO_CONTACT.into(),
                    ..sample("Badger", 0, true)
                },
            ),
            ("ordinary", sample("Badger", 1, true)),
            ("empty", sample("", 0, false)),
            ("longest", sample(&"Many long words about it. ".repeat(12), 10, true)),
            ("difficult", sample("<b>\"'&", 2, false)),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(referral): Path<ReferralId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let request = app.kith.request(&who, referral).await?;
    let base = format!("/inbox/{referral}");
    Ok(render(&page, &request_page(&app, &who, request, base, Some("/inbox".into()))).into_response())
}

pub(super) fn request_page(
    app: &App,
    who: &Principal,
    request: Request,
    base: String,
    back: Option<String>,
) -> RequestPage {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let (acts, mut more) = match request.stopped || request.no_contact {
        true => (Vec::new(), acts_without_packet(&request, &base, back.is_none())),
        false => acts(&request, &base, back.is_none()),
    };
    let r = &request.saved.value;
    if back.is_some() && !request.stopped && !r.status.terminal() {
        let href = format!("{base}/knows");
        more.push(Act { href, text: "I know this person outside work", main: false });
    }
    if back.is_none() && request.named && !r.status.terminal() {
        let href = super::link::SPACE.to_owned();
        more.push(Act { href, text: "Say how much space you have", main: false });
    }
    let state = words::for_receiver(r, today, calendar);
    let goes_on = !request.no_contact;
    let said = goes_on || r.status.terminal();
    let outcome = r.outcome.as_ref();
    RequestPage {
        short: if said { state.short } else { "Do not contact".into() },
        tone: if said { state.tone } else { "attention" },
        state: if said { state.words } else { NO_CONTACT.into() },
        reply_by: (goes_on && r.status == Status::Requested)
            .then(|| format!("{}, {}", text::day(r.reply_by, today), text::relative_day(r.reply_by, today))),
        late: goes_on && r.status == Status::Requested && r.reply_by < today,
        basis: words::basis(&r.basis).into(),
        lines: request.lines.iter().map(|l| (l.heading.clone(), l.words.clone())).collect(),
        hidden_lines: request.hidden_lines,
        question: r.question.as_ref().map(|q| q.words.clone()),
        answer: r.question.as_ref().and_then(|q| q.answer.as_ref()).map(|a| a.words.clone()),
        given: r.question.as_ref().is_some_and(kith_domain::fact::given),
        dates: r.offered.iter().map(|o| words::offer(o, calendar)).collect(),
        agreed: r.agreed.as_ref().map(|o| words::offer(o, calendar)),
        next: (goes_on && matches!(r.status, Status::Accepted | Status::InProgress | Status::OnHold))
            .then(|| format!("{}, {}", r.held_next.what, text::day_and_relative(r.held_next.on, today))),
        outcome: outcome
            .map(|o| vec![words::happened(o.happened).to_owned(), words::helped(o.helped).to_owned()])
            .unwrap_or_default(),
        outcome_words: outcome.and_then(|o| o.words.clone()),
        seen: request.no_contact
            || request.stopped
            || r.seen_at.is_some()
            || r.status != Status::Requested
            || back.is_none(),
        area: r.area.title().into(),
        service: r.service_name.clone(),
        by_link: back.is_none(),
        stopped: request.stopped,
        no_contact: request.no_contact,
        named: request.named,
        called: request.called,
        contact: request.contact,
        from: request.from,
        from_team: request.from_team,
        from_phone: request.from_phone,
        acts,
        more,
        base,
        back,
    }
}

/// Why is not said: whoever asked tells those who may know.
const NO_CONTACT: &str = "Do not contact them. Nothing more happens with this request.";

/// What can be done where only a place in the queue is left.
fn acts_without_packet(request: &Request, base: &str, by_link: bool) -> Vec<Act> {
    let ask = if by_link { ("ask", "Ask the one who sent it") } else { ("fact", "Ask for one fact") };
    let waits = request.saved.value.question.as_ref().is_some_and(|q| q.answer.is_none());
    let all = [
        (MoveKind::Ask, ask.0, ask.1),
        (MoveKind::Decline, "decline", "We cannot help"),
        (MoveKind::End, "end", "It has ended"),
        (MoveKind::Tell, "tell", "Say how it ended"),
        (MoveKind::Cancel, "take-back", "We cannot go on with it"),
    ];
    all.into_iter()
        .filter(|(kind, ..)| request.may.contains(kind) && !(waits && *kind == MoveKind::Ask))
        .map(|(_, act, text)| Act { href: format!("{base}/{act}"), text, main: false })
        .collect()
}

/// May this page answer a request of which only the place is left?
pub(super) fn without_packet(act: &str) -> bool {
    matches!(act, "ask" | "decline" | "end" | "tell" | "take-back")
}

/// What can be done now: the likely thing first, the rest below.
fn acts(request: &Request, base: &str, by_link: bool) -> (Vec<Act>, Vec<Act>) {
    let r = &request.saved.value;
    let may = |kind| request.may.contains(&kind);
    let act = |act: &str, text: &'static str, main: bool| Act { href: format!("{base}/{act}"), text, main };
    let (mut first, mut more) = (Vec::new(), Vec::new());
    let waits = r.question.as_ref().is_some_and(|q| q.answer.is_none());
    match r.status {
        Status::Requested => {
            match (by_link, request.named) {
                (true, false) => first.push(act("name", "We can probably help", true)),
                _ => first.push(act("accept", "Say yes", true)),
            }
            if may(MoveKind::Ask) && !waits {
                more.push(act("ask", "Ask something first", false));
            }
            more.push(act("decline", "We cannot help", false));
            return (first, more);
        }
        Status::Accepted | Status::InProgress if by_link && !request.named => {
            first.push(act("name", "Give your name and the code", true));
            return (first, more);
        }
        Status::Accepted | Status::InProgress => {
            match r.business {
                Business::DateOffered => first.push(act("agree", "A date is agreed", true)),
                Business::DateAgreed => {
                    first.push(act("came", "They came", true));
                    first.push(act("could-not-come", "They could not come", false));
                }
                Business::Came | Business::Started => first.push(act("end", "It has ended", true)),
                _ => first.push(act("offer", "Offer dates", true)),
            }
            let also = [
                (Business::DateOffered, "offer", "Offer other dates"),
                (Business::DateAgreed, "offer", "Offer another date"),
                (Business::Came, "start", "Help has started"),
                (Business::Came, "offer", "Offer another date"),
                (Business::Started, "offer", "Offer another date"),
            ];
            more.extend(
                also.into_iter().filter(|(b, _, _)| *b == r.business).map(|(_, a, t)| act(a, t, false)),
            );
            if may(MoveKind::Wait) && r.business != Business::Waiting {
                more.push(act("wait", "Put them on our waiting list", false));
            }
            if !matches!(r.business, Business::DateAgreed) {
                more.push(act("came", "They came", false));
            }
            if matches!(
                r.business,
                Business::DateOffered | Business::Waiting | Business::None | Business::Seen
            ) {
                more.push(act("agree", "A date is agreed", false));
            }
            more.push(act("another-day", "Choose another day for what you do next", false));
            more.push(act("pause", "Pause it, and keep their place", false));
        }
        Status::OnHold if by_link && !request.named => {
            first.push(act("name", "Give your name and the code", true));
            return (first, more);
        }
        Status::OnHold => {
            first.push(act("go-on", "Go on again", true));
            more.push(act("another-day", "Choose another day for what you do next", false));
        }
        Status::Completed if r.outcome.is_none() => first.push(act("tell", "Say how it ended", true)),
        _ => {}
    }
    if may(MoveKind::Ask) && !waits {
        more.push(act("ask", "Ask them something", false));
        if !by_link {
            more.push(act("fact", "Ask for one fact you cannot go on without", false));
        }
    }
    if may(MoveKind::End) && !first.iter().any(|a| a.href.ends_with("/end")) {
        more.push(act("end", "It has ended", false));
    }
    if may(MoveKind::Cancel) {
        more.push(act("take-back", "We cannot go on with it", false));
    }
    more.dedup_by(|a, b| a.href == b.href);
    (first, more)
}
