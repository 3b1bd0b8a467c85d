//! One fact that a service says it cannot go on without: it asks for that fact and says why;
//! the person says yes or no. Saying no takes nobody off a list.

use crate::app::{App, For, Oops, Posted, Routes, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::referral::{problems, version};
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::referral::fact::Asked;
use kith_care::{CareError, Principal};
use kith_domain::id::{PersonId, ReferralId};
use serde::Serialize;

crate::views! { AskFactPage, FactPage }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/inbox/{referral}/fact", For::Workers, Action::AnswerReferral, ask)
        .post("/inbox/{referral}/fact", For::Workers, Action::AnswerReferral, save_ask)
        .get("/mine/referrals/{referral}/fact", For::People, Action::Contribute, mine)
        .post("/mine/referrals/{referral}/fact", For::People, Action::Contribute, save_mine)
        .get("/people/{person}/referrals/{referral}/fact", For::Workers, Action::Update, theirs)
        .post("/people/{person}/referrals/{referral}/fact", For::Workers, Action::Update, save_theirs)
}

/// A service asks for one fact.
#[derive(Debug, Serialize)]
pub struct AskFactPage {
    called: String,
    service: String,
    version: u32,
    action: String,
    back: String,
    form: Filled,
}

/// The person answers.
#[derive(Debug, Serialize)]
pub struct FactPage {
    layout: &'static str,
    own: bool,
    called: Option<String>,
    service: String,
    organisation: String,
    what: String,
    why: String,
    version: u32,
    action: String,
    back: String,
    form: Filled,
}

async fn ask_page(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    form: Filled,
) -> Result<AskFactPage, Oops> {
    let request = app.kith.request(who, referral).await?;
    let r = &request.saved.value;
    let open = r.question.as_ref().is_none_or(|q| q.answer.is_some());
    if !open || !request.may.contains(&kith_domain::moves::MoveKind::Ask) {
        return Err(CareError::Missing.into());
    }
    let called = match request.stopped {
        true => "Someone who has stopped sharing".into(),
        false => request.called.clone().unwrap_or_else(|| "A request".into()),
    };
    Ok(AskFactPage {
        called,
        service: r.service_name.clone(),
        version: request.saved.meta.version,
        action: format!("/inbox/{referral}/fact"),
        back: format!("/inbox/{referral}"),
        form,
    })
}

async fn ask(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(referral): Path<ReferralId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &ask_page(&app, &who, referral, Filled::blank()).await?).into_response())
}

async fn save_ask(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(referral): Path<ReferralId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let what = read.required_text("what", TextRule::line("the one fact you need").max(200));
    let why = read.required_text("why", TextRule::lines("why you cannot go on without it").max(1000));
    let outcome = match (what, why, read.is_ok()) {
        (Some(what), Some(why), true) => {
            let fact = (what.as_str(), why.as_str());
            app.kith.ask_for_fact(&who, referral, version(&form.data), fact, form.submission).await
        }
        _ => Err(CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => {
            if let Some(to) = app.kith.answered_before(&who, form.submission).await? {
                return Ok(Redirect::to(&to).into_response());
            }
            let filled = Filled::of(&form.data, &problems(error, &read)?);
            Ok(render(&page, &ask_page(&app, &who, referral, filled).await?).into_response())
        }
    }
}

/// On whose side the answer is written.
struct Side {
    who: Principal,
    person: PersonId,
    own: bool,
}

impl Side {
    fn back(&self, referral: ReferralId) -> String {
        match self.own {
            true => "/mine/referrals".into(),
            false => format!("/people/{}/referrals/{referral}", self.person),
        }
    }
    fn action(&self, referral: ReferralId) -> String {
        match self.own {
            true => format!("/mine/referrals/{referral}/fact"),
            false => format!("{}/fact", self.back(referral)),
        }
    }
}

async fn show(
    app: &App,
    side: &Side,
    referral: ReferralId,
    page: &PageContext,
    form: Filled,
) -> Result<Response, Oops> {
    let (called, asked) = app.kith.fact_asked(&side.who, side.person, referral).await?;
    let Asked { version, service, organisation, what, why, .. } = asked;
    let view = FactPage {
        layout: if side.own { "layout/person.html" } else { "layout/staff.html" },
        own: side.own,
        called: (!side.own).then_some(called),
        service,
        organisation,
        what,
        why,
        version,
        action: side.action(referral),
        back: side.back(referral),
        form,
    };
    Ok(render(page, &view).into_response())
}

async fn save(
    app: &App,
    side: Side,
    referral: ReferralId,
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let yes = read.required_choice("may", "yes or no", |code| match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let words = read.optional_text("words", TextRule::lines("what they may know").max(1000));
    let outcome = match (yes, read.is_ok()) {
        (Some(yes), true) => {
            let (ids, said) = ((side.person, referral), (yes, words.as_deref()));
            let version = version(&form.data);
            app.kith.answer_fact(&side.who, ids, version, said, &side.back(referral), form.submission).await
        }
        _ => Err(CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => {
            if let Some(to) = app.kith.answered_before(&side.who, form.submission).await? {
                return Ok(Redirect::to(&to).into_response());
            }
            let filled = Filled::of(&form.data, &problems(error, &read)?);
            show(app, &side, referral, page, filled).await
        }
    }
}

async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(referral): Path<ReferralId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let person = who.person()?;
    show(&app, &Side { who, person, own: true }, referral, &page, Filled::blank()).await
}

async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(referral): Path<ReferralId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let person = who.person()?;
    save(&app, Side { who, person, own: true }, referral, &page, &form).await
}

async fn theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, referral)): Path<(PersonId, ReferralId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    show(&app, &Side { who, person, own: false }, referral, &page, Filled::blank()).await
}

async fn save_theirs(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, referral)): Path<(PersonId, ReferralId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, Side { who, person, own: false }, referral, &page, &form).await
}

impl View for AskFactPage {
    const TEMPLATE: &'static str = "fact/ask.html";
    fn title(&self) -> String {
        "Ask for one fact".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: &str, form| AskFactPage {
            called: called.into(),
            service: "Benefits advice".into(),
            version: 3,
            action: "/inbox/x/fact".into(),
            back: "/inbox/x".into(),
            form,
        };
        let wrong = FormErrors::one("why", "Say why you cannot go on without it.");
        vec![
            ("ordinary", page("Badger", Filled::with([("what", "The year they were born")]))),
            ("empty", page("Someone who has stopped sharing", Filled::blank())),
            ("longest", page(&"A long name ".repeat(12), Filled::blank())),
            ("difficult", page("<b>x</b>", Filled::of(&FormData::from_text("what=%3Cb%3E"), &wrong))),
        ]
    }
}

impl View for FactPage {
    const TEMPLATE: &'static str = "fact/answer.html";
    fn title(&self) -> String {
        "They ask for one fact".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |what: &str, own, form| FactPage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            own,
            called: (!own).then(|| "Badger".into()),
            service: "Benefits advice".into(),
            organisation: "DebtHelp".into(),
            what: what.into(),
            why: "A grant is only for people under 25".into(),
            version: 3,
            action: "/mine/referrals/x/fact".into(),
            back: "/mine/referrals".into(),
            form,
        };
        let wrong = FormErrors::one("may", "Choose yes or no.");
        vec![
            ("ordinary", page("The year you were born", true, Filled::blank())),
            ("empty", page("", false, Filled::blank())),
            ("longest", page(&"Many words that matter. ".repeat(8), true, Filled::blank())),
            ("difficult", page("<b>x</b>", true, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}
