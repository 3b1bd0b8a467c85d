//! How the person agreed, as it really was; "not now", which is an answer; and the other
//! reasons for which something may go.

use super::refer::{Line, going};
use super::{Ids, Item, base, on_or_again};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::sharing::{present_choices, read_interpreter, read_present};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::referral::agreement::Writing;
use kith_care::referral::draft::{Agreed, BasisDraft, DecidedBy};
use kith_domain::area::Area;
use kith_domain::consent::{Asked, Decided, Present};
use kith_domain::time::plus_days;
use serde::Serialize;

/// How the person agreed.
#[derive(Debug, Serialize)]
pub struct AgreementPage {
    called: String,
    service: String,
    organisation: String,
    lines: Vec<Line>,
    hows: Vec<Item>,
    areas: Vec<Item>,
    keys: Vec<Item>,
    present: Vec<Item>,
    /// Which packet this page shows.
    shown: String,
    base: String,
    form: Filled,
}

impl View for AgreementPage {
    const TEMPLATE: &'static str = "referral/agreement.html";
    fn title(&self) -> String {
        "How they agreed".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, form: Filled| AgreementPage {
            called: words.into(),
            service: words.into(),
            organisation: words.into(),
            lines: vec![Line::sample(words, None)],
            hows: hows(),
            areas: areas(),
            keys: vec![Item::new("k", if words.is_empty() { "The need" } else { words })],
            present: presents(),
            shown: "0".into(),
            base: "/b".into(),
            form,
        };
        let wrong = Filled::of(
            &crate::form::FormData::from_text("how=shouted"),
            &FormErrors::one("how", "Choose how they were asked."),
        );
        vec![
            ("ordinary", sample("Badger", Filled::with([("how", "read_aloud")]))),
            ("empty", sample("", Filled::blank())),
            ("longest", sample(&"Long words. ".repeat(60), Filled::blank())),
            ("difficult", sample("<b>\"'&", wrong)),
        ]
    }
}

/// Without agreement: who decided, why, and the least that is needed.
#[derive(Debug, Serialize)]
pub struct OtherBasisPage {
    called: String,
    service: String,
    organisation: String,
    bases: Vec<Item>,
    lines: Vec<Line>,
    readers: String,
    /// Which packet this page shows.
    shown: String,
    base: String,
    form: Filled,
}

impl View for OtherBasisPage {
    const TEMPLATE: &'static str = "referral/other_basis.html";
    fn title(&self) -> String {
        "Without their agreement".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, form: Filled| OtherBasisPage {
            called: words.into(),
            service: words.into(),
            organisation: words.into(),
            bases: bases(),
            lines: vec![Line::sample(words, None)],
            readers: "Grace Mensah".into(),
            shown: "0".into(),
            base: "/b".into(),
            form,
        };
        let wrong =
            Filled::of(&crate::form::FormData::from_text("why="), &FormErrors::one("why", "Say why."));
        vec![
            ("ordinary", sample("Badger", Filled::with([("by", "safeguarding")]))),
            ("empty", sample("", Filled::blank())),
            ("longest", sample(&"Long words. ".repeat(60), Filled::blank())),
            ("difficult", sample("<b>\"'&", wrong)),
        ]
    }
}

/// They said not now.
#[derive(Debug, Serialize)]
pub struct NotNowPage {
    called: String,
    service: String,
    need: String,
    base: String,
    form: Filled,
}

impl View for NotNowPage {
    const TEMPLATE: &'static str = "referral/not_now.html";
    fn title(&self) -> String {
        "They said not now".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, form: Filled| NotNowPage {
            called: words.into(),
            service: words.into(),
            need: words.into(),
            base: "/b".into(),
            form,
        };
        let wrong = Filled::of(
            &crate::form::FormData::from_text("until-year=2099"),
            &FormErrors::one("until", "Choose a day up to 23 November 2027."),
        );
        vec![
            ("ordinary", sample("Badger", Filled::blank())),
            ("empty", sample("", Filled::blank())),
            ("longest", sample(&"Long words. ".repeat(60), Filled::blank())),
            ("difficult", sample("<b>\"'&", wrong)),
        ]
    }
}

fn hows() -> Vec<Item> {
    let ways = Asked::ALL.into_iter().filter(|a| *a != Asked::OnScreen);
    ways.map(|a| Item::new(a.code(), text::capitalised(a.title()))).collect()
}

fn presents() -> Vec<Item> {
    present_choices().into_iter().map(|(value, text)| Item::new(value, text)).collect()
}

fn areas() -> Vec<Item> {
    Area::SIX
        .into_iter()
        .map(|a| Item::new(a.code(), format!("Anything about {}", a.title().to_lowercase())))
        .collect()
}

fn bases() -> Vec<Item> {
    vec![
        Item {
            hint: "They cannot decide this now. Mental Capacity Act 2005. A clinician, social worker or lead decides.".into(),
            ..Item::new(DecidedBy::BestInterests.code(), "Best interests")
        },
        Item {
            hint: "To keep them or somebody else from harm.".into(),
            ..Item::new(DecidedBy::Safeguarding.code(), "Safeguarding")
        },
        Item {
            hint: "Ring 999 first. A request here is never the way to urgent help.".into(),
            ..Item::new(DecidedBy::LifeAtRisk.code(), "A life is in danger")
        },
    ]
}

pub(super) async fn agreement(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let w = app.kith.writing_referral(&who, ids.0, ids.1, ids.2).await?;
    if !w.kept {
        return Ok(Redirect::to(&format!("{}/what", base(ids))).into_response());
    }
    let form = match &w.draft.basis {
        Some(BasisDraft::Agreed(a)) => filled(a),
        _ => Filled::blank(),
    };
    Ok(render(&page, &agreement_page(ids, w, form)).into_response())
}

/// Which packet the page of this form showed.
fn shown(posted: &Posted) -> &str {
    posted.data.value("packet").unwrap_or_default()
}

/// What was kept, in the form again.
fn filled(a: &Agreed) -> Filled {
    let mut pairs = vec![
        ("how", a.how.code().to_owned()),
        ("said_no", a.no_words.join("\n")),
        ("words", a.words.clone()),
        ("doubt", a.capacity_doubt.clone().unwrap_or_default()),
        ("clinician", a.clinician.clone().unwrap_or_default()),
        ("interpreter", a.interpreter.clone().unwrap_or_default()),
    ];
    match Present::of(&a.present) {
        Present::Nobody => pairs.push(("presence", "alone".into())),
        Present::NotKnown => pairs.push(("presence", "not_known".into())),
        Present::Somebody(who) => pairs.extend([("presence", "somebody".to_owned()), ("present", who)]),
    }
    if a.offered_alone {
        pairs.push(("alone", "yes".into()));
    }
    pairs.extend(a.no_areas.iter().map(|area| ("no_area", area.code().to_owned())));
    pairs.extend(a.no_lines.iter().map(|key| ("no_line", key.clone())));
    Filled::with(pairs)
}

fn agreement_page(ids: Ids, w: Writing, form: Filled) -> AgreementPage {
    let keys = w.draft.keys.iter().zip(&w.draft.lines);
    AgreementPage {
        keys: keys.map(|(key, line)| Item::new(key.clone(), line.heading.clone())).collect(),
        lines: going(&w.draft),
        shown: w.draft.shown(),
        called: w.called,
        service: w.service,
        organisation: w.organisation,
        hows: hows(),
        areas: areas(),
        present: presents(),
        base: base(ids),
        form,
    }
}

pub(super) async fn keep_agreement(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let how = read.required_choice("how", "how they were asked", Asked::from_code);
    let present = read_present(&mut read);
    let interpreter = read_interpreter(&mut read, how);
    let no_areas = read.many("no_area", "what they said no to", Area::from_code);
    let no_lines: Vec<String> = posted.data.values("no_line").map(str::to_owned).collect();
    let said_no =
        read.optional_text("said_no", TextRule::lines("what they said no to").max(1000)).unwrap_or_default();
    let words = read.optional_text("words", TextRule::lines("their own words").max(2000)).unwrap_or_default();
    let doubt = read.optional_text("doubt", TextRule::lines("any doubt").max(1000));
    let clinician =
        read.optional_text("clinician", TextRule::lines("the clinician, and what they said").max(1000));
    let agreed = how.zip(present).filter(|_| read.is_ok()).map(|(how, present)| Agreed {
        how,
        present: present.stored(),
        clinician,
        interpreter,
        offered_alone: read.ticked("alone"),
        no_areas,
        no_lines,
        no_words: said_no.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        words,
        capacity_doubt: doubt,
        at: who.now,
    });
    let outcome = match agreed {
        Some(agreed) => app.kith.keep_agreement(&who, ids, shown(&posted), agreed).await,
        None => Err(kith_care::CareError::Fields(Vec::new())),
    };
    let outcome = outcome.map(|()| format!("{}/check", base(ids)));
    let again = |w, form| agreement_page(ids, w, form);
    on_or_again(&app, &who, ids, &page, (&posted, &read), outcome, again).await
}

pub(super) async fn other_basis(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let w = app.kith.writing_referral(&who, ids.0, ids.1, ids.2).await?;
    if !w.kept {
        return Ok(Redirect::to(&format!("{}/what", base(ids))).into_response());
    }
    let mut form = Filled::blank();
    form.set_day("review", plus_days(app.kith.calendar().day(who.now), 28));
    if let Some(BasisDraft::Decided(by, d)) = &w.draft.basis {
        form.set("by", by.code());
        form.set("decided_by", d.decided_by.clone());
        form.set("why", d.why.clone());
        form.set("least", d.least.clone());
        form.set_day("review", d.review_on);
    }
    Ok(render(&page, &other_page(ids, w, form)).into_response())
}

fn other_page(ids: Ids, w: Writing, form: Filled) -> OtherBasisPage {
    OtherBasisPage {
        lines: going(&w.draft),
        readers: text::list(&w.decision_readers),
        shown: w.draft.shown(),
        called: w.called,
        service: w.service,
        organisation: w.organisation,
        bases: bases(),
        base: base(ids),
        form,
    }
}

pub(super) async fn keep_other_basis(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let by = read.required_choice("by", "why it goes without their agreement", DecidedBy::from_code);
    let decided_by =
        read.required_text("decided_by", TextRule::line("who decided, with their role").max(200));
    let why = read.required_text("why", TextRule::lines("why it was decided").max(2000));
    let least = read.required_text("least", TextRule::lines("the least that is needed").max(2000));
    let review = read.required_day("review", "the day this is looked at again");
    let decided = match (decided_by, why, least, review) {
        (Some(decided_by), Some(why), Some(least), Some(review_on)) if read.is_ok() => Some(Decided {
            decided_by,
            worker: None,
            why,
            least,
            review_on,
            confirmed: None,
            looked_again: Vec::new(),
        }),
        _ => None,
    };
    let outcome = match (by, decided) {
        (Some(by), Some(decided)) => app.kith.keep_decision(&who, ids, shown(&posted), by, decided).await,
        _ => Err(kith_care::CareError::Fields(Vec::new())),
    };
    let outcome = outcome.map(|()| format!("{}/check", base(ids)));
    let again = |w, form| other_page(ids, w, form);
    on_or_again(&app, &who, ids, &page, (&posted, &read), outcome, again).await
}

pub(super) async fn not_now(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let w = app.kith.referral_not_now(&who, ids.0, ids.1, ids.2).await?;
    let mut form = Filled::blank();
    form.set_day("until", plus_days(app.kith.calendar().day(who.now), 28));
    Ok(render(&page, &not_now_page(ids, w, form)).into_response())
}

fn not_now_page(ids: Ids, w: Writing, form: Filled) -> NotNowPage {
    NotNowPage {
        called: w.called,
        service: w.service,
        need: w.need.value.words.clone(),
        base: base(ids),
        form,
    }
}

pub(super) async fn say_not_now(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let until = read.optional_day("until", "the day to ask again");
    let said = read.optional_text("said", TextRule::lines("what they said").max(1000)).unwrap_or_default();
    let outcome = match read.is_ok() {
        true => app.kith.say_not_now(&who, ids, until, &said, posted.submission).await,
        false => Err(kith_care::CareError::Fields(Vec::new())),
    };
    let again = |w, form| not_now_page(ids, w, form);
    on_or_again(&app, &who, ids, &page, (&posted, &read), outcome, again).await
}

/// They said no to this service: nothing goes, and something else is looked for.
pub(super) async fn say_no(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    posted: Posted,
) -> Result<Response, Oops> {
    let path = app.kith.say_no_to_service(&who, ids, posted.submission).await?;
    Ok(Redirect::to(&path).into_response())
}
