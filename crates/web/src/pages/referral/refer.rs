//! Why a service fits; what goes, line by line; and the same to read aloud.

use super::{Ids, base, on_or_again};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::referral::agreement::{PacketChoice, Writing};
use kith_care::referral::packet::{Choice, From};
use kith_care::referral::start::Starting;
use kith_domain::area::Area;
use kith_domain::asking::MayAsk;
use kith_domain::find::Tone;
use kith_domain::need::NeedStatus;
use serde::Serialize;

/// Can it be asked, and why.
#[derive(Debug, Serialize)]
pub struct StartPage {
    called: String,
    need: String,
    area: String,
    area_code: &'static str,
    service: String,
    organisation: String,
    description: String,
    may: &'static str,
    why: String,
    reasons: Vec<Told>,
    wait: String,
    open: Option<String>,
    /// The page of the need, where it is no longer open and can be opened again.
    again: Option<String>,
    others: Vec<OtherAsked>,
    together: Option<String>,
    draft: bool,
    by_link: bool,
    base: String,
    find: String,
    tell: String,
}

#[derive(Debug, Serialize)]
struct Told {
    tone: &'static str,
    sign: &'static str,
    words: String,
}

#[derive(Debug, Serialize)]
struct OtherAsked {
    href: String,
    service: String,
    state: String,
    tone: &'static str,
}

impl View for StartPage {
    const TEMPLATE: &'static str = "referral/start.html";
    fn title(&self) -> String {
        format!("Ask {}", self.service)
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |may: &'static str, why: &str, n: usize, words: &str| StartPage {
            called: words.into(),
            need: words.into(),
            area: "Money".into(),
            area_code: "money",
            service: words.into(),
            organisation: words.into(),
            description: words.repeat(n),
            may,
            why: why.into(),
            reasons: (0..n).map(|_| Told { tone: "for", sign: "Yes", words: words.into() }).collect(),
            wait: "Half of people waited 3 to 10 days".into(),
            open: (n > 5).then(|| "/people/1/referrals/2".into()),
            again: (n == 0).then(|| "/people/1/needs/2".into()),
            others: (0..n)
                .map(|_| OtherAsked {
                    href: "/x".into(),
                    service: words.into(),
                    state: "Sent".into(),
                    tone: "open",
                })
                .collect(),
            together: (n > 1).then(|| words.to_owned()),
            draft: n > 1,
            by_link: n > 1,
            base: "/people/1/needs/2/refer/3".into(),
            find: "/people/1/needs/2/find".into(),
            tell: "/people/1/tell".into(),
        };
        vec![
            ("ordinary", sample("yes", "", 3, "Benefits advice")),
            ("empty", sample("no", "It is full", 0, "x")),
            ("longest", sample("along", "People just go along", 20, &"A long name of a service. ".repeat(8))),
            ("difficult", sample("no", "<b>no</b>", 1, "<script>\"'&")),
        ]
    }
}

/// What could go, line by line.
#[derive(Debug, Serialize)]
pub struct WhatPage {
    called: String,
    service: String,
    organisation: String,
    groups: Vec<Group>,
    ways: Vec<String>,
    safe_asked: bool,
    why_not: Option<String>,
    base: String,
    person: String,
    form: Filled,
}

#[derive(Debug, Serialize)]
struct Group {
    title: &'static str,
    open: bool,
    lines: Vec<Line>,
}

/// One line as a page shows it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub key: String,
    pub id: String,
    pub heading: String,
    pub words: String,
    pub area: &'static str,
    pub ticked: bool,
    pub why_not: Option<String>,
    pub note: Option<String>,
}

impl Line {
    fn of(at: usize, choice: &Choice, ticked: bool) -> Line {
        Line {
            key: choice.key.clone(),
            id: format!("line-{at}"),
            heading: choice.line.heading.clone(),
            words: choice.line.words.clone(),
            area: match choice.line.area {
                Area::Identity => "About me",
                area => area.title(),
            },
            ticked,
            why_not: choice.why_not.clone(),
            note: choice.note.clone(),
        }
    }

    pub(super) fn sample(words: &str, why_not: Option<&str>) -> Line {
        Line {
            key: "k".into(),
            id: format!("line-{}", words.len()),
            heading: "What I need help with".into(),
            words: words.into(),
            area: "Money",
            ticked: why_not.is_none(),
            why_not: why_not.map(str::to_owned),
            note: Some("They said no to this on 3 November 2026".into()),
        }
    }
}

impl View for WhatPage {
    const TEMPLATE: &'static str = "referral/what.html";
    fn title(&self) -> String {
        "What goes to them".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, lines: Vec<Line>, form: Filled| WhatPage {
            called: words.into(),
            service: words.into(),
            organisation: words.into(),
            groups: vec![Group { title: "The need", open: true, lines }],
            ways: vec!["Face to face: Tuesday drop-in, ask Joan".into()],
            safe_asked: words.len() > 3,
            why_not: (words.len() < 3).then(|| "It is full".into()),
            base: "/b".into(),
            person: "/people/1".into(),
            form,
        };
        let long = "My words. ".repeat(300);
        vec![
            ("ordinary", sample("Badger", vec![Line::sample("get my money back", None)], Filled::blank())),
            ("empty", sample("x", Vec::new(), Filled::blank())),
            (
                "longest",
                sample(
                    "Badger",
                    vec![Line::sample(&long, Some("It is more private than they may be sent"))],
                    Filled::with([("contact", long.clone())]),
                ),
            ),
            (
                "difficult",
                sample("<b>", vec![Line::sample("<i>\"'&", None)], {
                    let form = crate::form::FormData::from_text("contact=");
                    Filled::of(&form, &FormErrors::one("contact", "Say how they can be reached safely."))
                }),
            ),
        ]
    }
}

/// What goes, to read out.
#[derive(Debug, Serialize)]
pub struct ReadAloudPage {
    called: String,
    service: String,
    organisation: String,
    readers: String,
    contact: String,
    lines: Vec<Line>,
    base: String,
    need: String,
    /// May this reader write down that they said no, or not now?
    may_say_no: bool,
}

impl View for ReadAloudPage {
    const TEMPLATE: &'static str = "referral/read_aloud.html";
    fn title(&self) -> String {
        "Read it aloud".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, n: usize| ReadAloudPage {
            called: words.into(),
            service: words.into(),
            organisation: words.into(),
            readers: if n == 0 { String::new() } else { words.into() },
            contact: words.into(),
            lines: (0..n).map(|_| Line::sample(words, None)).collect(),
            base: "/b".into(),
            need: "/n".into(),
            may_say_no: n > 0,
        };
        vec![
            ("ordinary", sample("get my money back", 1)),
            ("empty", sample("", 0)),
            ("longest", sample(&"So many words. ".repeat(40), 12)),
            ("difficult", sample("<b>\"'&", 2)),
        ]
    }
}

pub(super) async fn start(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let found = app.kith.start_referral(&who, ids.0, ids.1, ids.2).await?;
    Ok(render(&page, &start_page(ids, found)).into_response())
}

fn start_page(ids: Ids, found: Starting) -> StartPage {
    let (person, need, service) = ids;
    let (may, why) = match &found.may_ask {
        MayAsk::Yes => ("yes", String::new()),
        MayAsk::GoAlong(why) => ("along", why.clone()),
        MayAsk::No(why) => ("no", why.clone()),
    };
    let told = |(tone, words): (Tone, String)| match tone {
        Tone::For => Told { tone: "for", sign: "Yes", words },
        Tone::Against => Told { tone: "against", sign: "No", words },
        Tone::Unknown => Told { tone: "unknown", sign: "Not known", words },
    };
    StartPage {
        called: found.called,
        need: found.need.value.words.clone(),
        area: found.need.value.area.title().into(),
        area_code: found.need.value.area.code(),
        service: found.service,
        organisation: found.organisation,
        description: found.description,
        may,
        why,
        reasons: found.reasons.into_iter().map(told).collect(),
        wait: found.wait,
        again: (!matches!(found.need.value.status, NeedStatus::Open))
            .then(|| format!("/people/{person}/needs/{need}")),
        open: found.open.map(|r| format!("/people/{person}/referrals/{r}")),
        others: found
            .others
            .into_iter()
            .map(|o| OtherAsked {
                href: format!("/people/{person}/referrals/{}", o.referral),
                service: o.service,
                state: o.state.short,
                tone: o.state.tone,
            })
            .collect(),
        together: found.together,
        draft: found.draft,
        by_link: found.by_link,
        base: base(ids),
        find: format!("/people/{person}/needs/{need}/find"),
        tell: format!("/people/{person}/tell?service={service}&need={need}"),
    }
}

pub(super) async fn what(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let w = app.kith.writing_referral(&who, ids.0, ids.1, ids.2).await?;
    let form = Filled::with([("contact", w.draft.contact.clone())]);
    let keys = w.draft.keys.clone();
    Ok(render(&page, &what_page(ids, w, form, &keys)).into_response())
}

pub(super) async fn keep_what(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let keys: Vec<String> = posted.data.values("line").map(str::to_owned).collect();
    let contact = read.required_text("contact", TextRule::line("the safe way to reach them").max(200));
    if keys.is_empty() {
        read.problem("lines", "Choose at least one line, so that they know what is asked.");
    }
    let outcome = match contact {
        Some(contact) if read.is_ok() => {
            app.kith.keep_packet(&who, ids, PacketChoice { keys: keys.clone(), contact }).await
        }
        _ => Err(kith_care::CareError::Fields(Vec::new())),
    };
    let outcome = outcome.map(|()| format!("{}/read-aloud", base(ids)));
    let again = |w, form| what_page(ids, w, form, &keys);
    on_or_again(&app, &who, ids, &page, (&posted, &read), outcome, again).await
}

fn what_page(ids: Ids, w: Writing, form: Filled, keys: &[String]) -> WhatPage {
    let lines: Vec<(From, Line)> = w
        .choices
        .iter()
        .enumerate()
        .map(|(at, c)| (c.from, Line::of(at, c, keys.contains(&c.key) && c.why_not.is_none())))
        .collect();
    let group = |from: From, title: &'static str| {
        let lines: Vec<Line> = lines.iter().filter(|(f, _)| *f == from).map(|(_, l)| l.clone()).collect();
        let open = from != From::Elsewhere || lines.iter().any(|l| l.ticked);
        Group { title, open, lines }
    };
    let groups = vec![
        group(From::Need, "What this is for"),
        group(From::Helps, "What helps them to help"),
        group(From::Area, "More in this part of life"),
        group(From::Elsewhere, "Other parts of life"),
    ];
    WhatPage {
        called: w.called,
        service: w.service,
        organisation: w.organisation,
        groups: groups.into_iter().filter(|g| !g.lines.is_empty()).collect(),
        ways: w.ways,
        safe_asked: w.safe_asked,
        why_not: w.why_not,
        base: base(ids),
        person: format!("/people/{}", ids.0),
        form,
    }
}

pub(super) async fn read_aloud(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let w = app.kith.writing_referral(&who, ids.0, ids.1, ids.2).await?;
    if !w.kept {
        return Ok(Redirect::to(&format!("{}/what", base(ids))).into_response());
    }
    let view = ReadAloudPage {
        called: w.called,
        readers: readers_words(w.readers),
        service: w.service,
        organisation: w.organisation,
        contact: w.draft.contact.clone(),
        lines: going(&w.draft),
        base: base(ids),
        need: format!("/people/{}/needs/{}", ids.0, ids.1),
        may_say_no: w.may_say_no,
    };
    Ok(render(&page, &view).into_response())
}

/// The names of those who would read it: few are said by name, many as a number.
fn readers_words(mut names: Vec<String>) -> String {
    const SAID: usize = 4;
    let others = names.len().saturating_sub(SAID);
    names.truncate(SAID);
    if others > 0 {
        names.push(crate::text::plural(i64::try_from(others).unwrap_or(i64::MAX), "colleague", "colleagues"));
    }
    crate::text::list(&names)
}

/// The lines that go, as they were shown.
pub(super) fn going(draft: &kith_care::referral::draft::ReferDraft) -> Vec<Line> {
    let of = |(at, line): (usize, kith_domain::referral::PacketLine)| Line {
        key: String::new(),
        id: format!("line-{at}"),
        heading: line.heading,
        words: line.words,
        area: line.area.title(),
        ticked: true,
        why_not: None,
        note: None,
    };
    draft.going().into_iter().enumerate().map(of).collect()
}
