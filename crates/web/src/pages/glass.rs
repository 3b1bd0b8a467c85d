//! Emergency access in three short pages: what is open already, the reason, and a fresh
//! sign-in. Nothing about anybody stands in an address, and whether somebody is known here is
//! said only when all three are done.

use crate::app::{App, For, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::{GlassBar, PageContext};
use crate::pages::plan::Item;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::glass::{OpenGlass, Whom};
use kith_care::{CareError, Kith, Principal};
use kith_domain::glass::{GlassReason, NotOpened, check_reason};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::nhs_number::NhsNumber;
use kith_domain::organisation::WorkRole;
use kith_domain::time::Calendar;
use serde::Serialize;

/// Roles that open emergency access (rule B7).
const GLASS: For = For::Roles(&[WorkRole::Clinician, WorkRole::SocialWorker, WorkRole::CrisisWorker]);

crate::views! { EmergencyPage, EmergencyReasonPage, EmergencyCheckPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/emergency", GLASS, Action::BreakGlass, begin)
        .get("/people/{person}/emergency", GLASS, Action::BreakGlass, begin_known)
        .post("/emergency/reason", GLASS, Action::BreakGlass, reason)
        .post("/emergency/check", GLASS, Action::BreakGlass, check)
        .post("/emergency/open", GLASS, Action::BreakGlass, open)
        .post("/emergency/{person}/{glass}/close", GLASS, Action::Update, close)
}

/// The bars for what is open.
pub(crate) fn bars(open: &[OpenGlass], calendar: &Calendar) -> Vec<GlassBar> {
    let bar = |g: &OpenGlass| GlassBar {
        plan: format!("/people/{}", g.person),
        close: format!("/emergency/{}/{}/close", g.person, g.glass),
        until: text::clock(g.until.timestamp().to_zoned(calendar.zone().clone()).time()),
    };
    open.iter().map(bar).collect()
}

/// What is carried from page to page.
#[derive(Clone, Debug, Default, Serialize)]
struct Carried {
    person: String,
    name: String,
    day: String,
    month: String,
    year: String,
    nhs: String,
    reason: String,
    words: String,
}

impl Carried {
    fn of(data: &FormData) -> Carried {
        let get = |name: &str| data.value(name).unwrap_or_default().to_owned();
        Carried {
            person: get("person"),
            name: get("name"),
            day: get("birth-day"),
            month: get("birth-month"),
            year: get("birth-year"),
            nhs: get("nhs"),
            reason: get("reason"),
            words: get("words"),
        }
    }
}

/// The first page: why you are here, and what is open already.
#[derive(Debug, Serialize)]
pub struct EmergencyPage {
    person: Option<String>,
    parts: Vec<&'static str>,
    form: Filled,
}

/// The second page: the reason, and what will happen.
#[derive(Debug, Serialize)]
pub struct EmergencyReasonPage {
    carried: Carried,
    reasons: Vec<Item>,
    letters: u16,
    hours: u16,
    review_hours: u16,
    form: Filled,
}

/// The third page: a fresh sign-in.
#[derive(Debug, Serialize)]
pub struct EmergencyCheckPage {
    carried: Carried,
    reason: String,
    hours: u16,
    fresh: bool,
}

async fn begin(page: PageContext) -> Html {
    render(&page, &EmergencyPage { person: None, parts: Vec::new(), form: Filled::blank() })
}

async fn begin_known(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let parts = app.kith.open_already(&who, person).await?.parts;
    Ok(render(&page, &EmergencyPage { person: Some(person.to_string()), parts, form: Filled::blank() }))
}

/// Whom the form is about; problems are at its fields.
fn whom(read: &mut Reader<'_>, carried: &Carried) -> Option<Whom> {
    if let Ok(person) = carried.person.parse::<PersonId>() {
        return Some(Whom::Known(person));
    }
    let name = read.optional_text("name", TextRule::line("their name").max(120));
    let birth = read.optional_day("birth", "the day they were born");
    let nhs = match carried.nhs.trim() {
        "" => None,
        typed => match NhsNumber::parse(typed) {
            Ok(number) => Some(number),
            Err(_) => {
                read.problem("nhs", "Check the NHS number: it has 10 digits.");
                None
            }
        },
    };
    if nhs.is_none() && read.is_ok() && name.is_none() {
        read.problem("name", "Enter their name and the day they were born, or their NHS number.");
    } else if nhs.is_none() && read.is_ok() && birth.is_none() {
        read.problem("birth", "Enter the day they were born, or their NHS number.");
    }
    read.is_ok().then(|| Whom::Named { name: name.unwrap_or_default(), birth, nhs })
}

fn first(page: &PageContext, form: &FormData, errors: &FormErrors, carried: &Carried) -> Response {
    let person = Some(carried.person.clone()).filter(|p| !p.is_empty());
    let view = EmergencyPage { person, parts: Vec::new(), form: Filled::of(form, errors) };
    render(page, &view).into_response()
}

fn second(page: &PageContext, who: &Principal, carried: Carried, form: Filled) -> Response {
    let s = who.partnership.settings();
    let view = EmergencyReasonPage {
        carried,
        reasons: GlassReason::ALL.iter().map(|r| Item::new(r.code(), r.title())).collect(),
        letters: s.glass_letters,
        hours: s.glass_hours,
        review_hours: s.glass_review_hours,
        form,
    };
    render(page, &view).into_response()
}

fn third(page: &PageContext, who: &Principal, carried: Carried) -> Response {
    let view = EmergencyCheckPage {
        reason: GlassReason::from_code(&carried.reason).map_or("", GlassReason::title).to_owned(),
        carried,
        hours: who.partnership.settings().glass_hours,
        fresh: Kith::is_fresh(who),
    };
    render(page, &view).into_response()
}

async fn reason(SignedInWorker(who): SignedInWorker, page: PageContext, form: Posted) -> Response {
    let mut read = Reader::new(&form.data);
    let carried = Carried::of(&form.data);
    match whom(&mut read, &carried) {
        None => first(&page, &form.data, read.errors(), &carried),
        Some(_) => second(&page, &who, carried, Filled::blank()),
    }
}

/// The reason; problems are at its fields.
fn why(read: &mut Reader<'_>, who: &Principal) -> Option<(GlassReason, String)> {
    let reason = read.required_choice("reason", "why you need it", GlassReason::from_code);
    let words = read.required_text("words", TextRule::lines("what is happening").max(2000));
    let (reason, words) = (reason?, words?);
    if let Err(why @ NotOpened::TooShort { .. }) =
        check_reason(reason, &words, false, who.partnership.settings())
    {
        read.problem("words", format!("{why}."));
        return None;
    }
    Some((reason, words))
}

async fn check(SignedInWorker(who): SignedInWorker, page: PageContext, form: Posted) -> Response {
    let mut read = Reader::new(&form.data);
    let carried = Carried::of(&form.data);
    if whom(&mut read, &carried).is_none() {
        return first(&page, &form.data, read.errors(), &carried);
    }
    match why(&mut read, &who) {
        None => second(&page, &who, carried, Filled::of(&form.data, read.errors())),
        Some(_) => third(&page, &who, carried),
    }
}

async fn open(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let carried = Carried::of(&form.data);
    let Some(whom) = whom(&mut read, &carried) else {
        return Ok(first(&page, &form.data, read.errors(), &carried));
    };
    let Some((reason, words)) = why(&mut read, &who) else {
        return Ok(second(&page, &who, carried, Filled::of(&form.data, read.errors())));
    };
    let opened = app.kith.break_glass(&who, &whom, (reason, &words), form.submission).await;
    app.kith.log_refusals(&who).await?;
    Ok(match opened {
        Ok(path) => Redirect::to(&path).into_response(),
        Err(CareError::Fields(problems)) => {
            let mut errors = FormErrors::default();
            for p in &problems {
                errors.add(&p.field, &p.problem);
            }
            let filled = Filled::of(&form.data, &errors);
            match problems.iter().any(|p| p.field == "name") {
                true => first(&page, &form.data, &errors, &carried),
                false => second(&page, &who, carried, filled),
            }
        }
        Err(other) => return Err(other.into()),
    })
}

async fn close(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, glass)): Path<(PersonId, RecordId)>,
    form: Posted,
) -> Result<Response, Oops> {
    let to = app.kith.close_glass(&who, (person, glass), form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

fn sample_carried() -> Carried {
    Carried {
        name: "Marlon Grant".into(),
        reason: "crisis".into(),
        words: "Found on the bridge".into(),
        ..Carried::default()
    }
}

impl View for EmergencyPage {
    const TEMPLATE: &'static str = "glass/begin.html";
    fn title(&self) -> String {
        "Emergency access".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |person: Option<&str>, parts: &[&'static str], form| EmergencyPage {
            person: person.map(str::to_owned),
            parts: parts.to_vec(),
            form,
        };
        let wrong = FormErrors::one("name", "Enter their name and the day they were born.");
        vec![
            ("empty", page(None, &[], Filled::blank())),
            ("ordinary", page(Some("x"), &["name and contact"], Filled::blank())),
            (
                "longest",
                page(
                    Some("x"),
                    &["name and contact", "about me", "needs", "goals", "steps", "referrals"],
                    Filled::blank(),
                ),
            ),
            ("difficult", page(None, &[], Filled::of(&FormData::from_text("name=%3Cb%3E"), &wrong))),
        ]
    }
}

impl View for EmergencyReasonPage {
    const TEMPLATE: &'static str = "glass/reason.html";
    fn title(&self) -> String {
        "Emergency access: the reason".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |carried, form| EmergencyReasonPage {
            carried,
            reasons: GlassReason::ALL.iter().map(|r| Item::new(r.code(), r.title())).collect(),
            letters: 20,
            hours: 4,
            review_hours: 72,
            form,
        };
        let wrong = FormErrors::one("words", "Write a little more: at least 20 letters.");
        let odd = Carried { name: "<b>\"x\"</b>".into(), ..sample_carried() };
        vec![
            ("ordinary", page(sample_carried(), Filled::blank())),
            ("longest", page(sample_carried(), Filled::with([("words", "words ".repeat(300))]))),
            ("difficult", page(odd, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

impl View for EmergencyCheckPage {
    const TEMPLATE: &'static str = "glass/check.html";
    fn title(&self) -> String {
        "Emergency access: open it".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |fresh, carried| EmergencyCheckPage {
            carried,
            reason: "They came to us in crisis".into(),
            hours: 4,
            fresh,
        };
        vec![
            ("ordinary", page(false, sample_carried())),
            ("fresh", page(true, sample_carried())),
            (
                "difficult",
                page(false, Carried { words: "<b>\"x\"</b>\nsecond line".into(), ..sample_carried() }),
            ),
        ]
    }
}
