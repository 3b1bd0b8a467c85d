//! One act of whoever asked: answering, agreeing a date, taking it back, settling how it ended.

use super::sent::{Ids, base};
use super::{Item, problems, version};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::referral::sender::{Sent, Tell};
use kith_care::referral::settle::Settling;
use kith_care::referral::words;
use kith_care::{CareError, Principal};
use kith_domain::coming_back::{NextStep, may_settle};
use kith_domain::id::{PersonId, ReferralId};
use kith_domain::moves::Move;
use kith_domain::need::UnmetReason;
use kith_domain::next_date::NextDate;
use kith_domain::referral::{Happened, Helped, Outcome};
use kith_domain::time::{Day, plus_days};
use serde::Serialize;

/// One thing to do about it.
#[derive(Debug, Serialize)]
pub struct ActPage {
    act: String,
    heading: String,
    intro: Vec<String>,
    quote: Option<String>,
    button: String,
    called: String,
    service: String,
    dates: Vec<Item>,
    reasons: Vec<Item>,
    latest: String,
    latest_review: String,
    has_gp: bool,
    has_referrer: bool,
    gp_by_email: bool,
    referrer_by_email: bool,
    need_open: bool,
    version: u32,
    action: String,
    back: String,
    form: Filled,
}

impl View for ActPage {
    const TEMPLATE: &'static str = "referral/act.html";
    fn title(&self) -> String {
        self.heading.clone()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |act: &str, words: &str, form: Filled| ActPage {
            act: act.into(),
            heading: format!("Do this: {act}"),
            intro: vec![words.into()],
            quote: Some(words.into()),
            button: "Save".into(),
            called: words.into(),
            service: words.into(),
            dates: vec![Item::new("0", words)],
            reasons: unmet_reasons(),
            latest: "21 December".into(),
            latest_review: "21 December".into(),
            has_gp: true,
            has_referrer: true,
            gp_by_email: true,
            referrer_by_email: false,
            need_open: true,
            version: 1,
            action: "/x".into(),
            back: "/y".into(),
            form,
        };
        let wrong = Filled::of(
            &FormData::from_text("next-year=2099"),
            &FormErrors::one("next", "That is too far away."),
        );
        vec![
            ("ordinary", sample("next", "Badger", Filled::with([("choice", "date")]))),
            ("empty", sample("answer", "", Filled::blank())),
            ("longest", sample("outcome", &"Long words. ".repeat(50), Filled::blank())),
            ("difficult", sample("next", "<b>\"'&", wrong)),
            ("take back", sample("take-back", "x", Filled::blank())),
            ("agree", sample("agree", "x", Filled::blank())),
            ("speak", sample("give-back", "x", Filled::blank())),
            ("back", sample("messages-back", "x", Filled::blank())),
            ("not told", sample("not-told", "x", Filled::blank())),
            ("look again", sample("look-again", "x", Filled::blank())),
        ]
    }
}

pub(super) async fn act(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, referral, act)): Path<(PersonId, ReferralId, String)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let ids = (person, referral);
    let sent = app.kith.referral_to_change(&who, person, referral).await?;
    match act_page(&app, &who, ids, &act, &sent, None) {
        Some(view) => Ok(render(&page, &view).into_response()),
        None => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

/// The page of one act; none when there is no such act.
fn act_page(
    app: &App,
    who: &Principal,
    ids: Ids,
    act: &str,
    sent: &Sent,
    form: Option<Filled>,
) -> Option<ActPage> {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let settings = &who.partnership.place.value.settings;
    let r = &sent.saved.value;
    let (heading, intro, button): (&str, &str, &str) = match act {
        "next" if !may_settle(r, today) => return None,
        "answer" => (
            "Answer their question",
            "Your answer leaves. Write only what the person agreed to.",
            "Send the answer",
        ),
        "agree" => ("Agree a date", "Ask the person which date suits them.", "Agree this date"),
        "take-back" => ("Take the request back", "They can no longer read it from now on.", "Take it back"),
        "next" => (
            "Tell them, and choose a next step",
            "Speak to them before you choose. Nothing goes to them by text at night.",
            "Save",
        ),
        "give-back" => (
            "I have spoken to them",
            "They could not come twice. Say what would help, and when the service tries again.",
            "Give it back to the service",
        ),
        "outcome" => ("Say how it ended", "Ask the person.", "Save"),
        "not-told" if r.to_be_told() => (
            "Why are they not told?",
            "They are told that it went without their agreement, unless that would put somebody in danger. Until they are told, no page of theirs shows it.",
            "Save why",
        ),
        "look-again" if r.basis.decided().is_some() => (
            "Look again at the decision",
            "Is it still needed? Could they be asked now? If it is not needed any more, take the request back.",
            "Save",
        ),
        "messages-back" => (
            "Messages back",
            "Ask the person whether these may be told. An email says only that there is news, and whom to ring.",
            "Save",
        ),
        _ => return None,
    };
    let form = form.unwrap_or_else(|| starting(act, sent, today, app, who));
    Some(ActPage {
        act: act.to_owned(),
        heading: heading.to_owned(),
        intro: vec![intro.to_owned()],
        quote: match act {
            "answer" => r.question.as_ref().map(|q| q.words.clone()),
            "next" => r.decline.as_ref().map(|d| d.words.clone()),
            _ => None,
        },
        button: button.to_owned(),
        called: sent.called.clone(),
        service: r.service_name.clone(),
        dates: r
            .offered
            .iter()
            .enumerate()
            .map(|(at, o)| Item::new(at.to_string(), words::offer(o, calendar)))
            .collect(),
        reasons: unmet_reasons(),
        latest: text::day(plus_days(today, i32::from(settings.next_date_days)), today),
        latest_review: text::day(plus_days(today, i32::from(settings.unmet_review_days)), today),
        has_gp: sent.has_gp,
        has_referrer: sent.has_referrer,
        gp_by_email: sent.gp_by_email,
        referrer_by_email: sent.referrer_by_email,
        need_open: sent.need.as_ref().is_some_and(|n| kith_domain::record::Record::open(&n.value)),
        version: sent.saved.meta.version,
        action: format!("{}/{act}", base(ids)),
        back: base(ids),
        form,
    })
}

fn starting(act: &str, sent: &Sent, today: Day, app: &App, who: &Principal) -> Filled {
    let calendar = app.kith.calendar();
    let days = i32::from(who.partnership.place.value.settings.unmet_review_days);
    let mut form = Filled::blank();
    match act {
        "next" => {
            form.set("what", "");
            form.set_day("next", calendar.plus_working(today, 2));
            form.set_day("review", plus_days(today, days.min(28)));
        }
        "give-back" => {
            form.set("what", "Offer them another date");
            form.set_day("next", calendar.plus_working(today, 3));
        }
        "look-again" => form.set_day("review", plus_days(today, 28)),
        "agree" if sent.saved.value.offered.len() == 1 => form.set("which", "0"),
        _ => {}
    }
    form
}

fn unmet_reasons() -> Vec<Item> {
    UnmetReason::ALL.into_iter().map(|r| Item::new(r.code(), r.title())).collect()
}

pub(super) async fn do_act(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, referral, act)): Path<(PersonId, ReferralId, String)>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let ids = (person, referral);
    let mut read = Reader::new(&posted.data);
    let outcome = match act.as_str() {
        "confirmed" => app.kith.confirm_decision(&who, ids, posted.submission).await,
        "told" => app.kith.told_about_referral(&who, ids, posted.submission).await,
        "link" => app.kith.send_link_again(&who, person, referral, posted.submission).await,
        "code" => return super::code::code(&app, &who, ids, &page).await,
        "next" => settle(&app, &who, ids, &posted, &mut read).await,
        "not-told" => not_told(&app, &who, ids, &posted, &mut read).await,
        "look-again" => look_again(&app, &who, ids, &posted, &mut read).await,
        "messages-back" => send_back(&app, &who, ids, &posted, &mut read).await,
        _ => step(&app, &who, ids, &act, &posted, &mut read).await,
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            // What the page offers has moved on, perhaps by this very form.
            if let Some(path) = app.kith.answered_before(&who, posted.submission).await? {
                return Ok(Redirect::to(&path).into_response());
            }
            let errors = problems(error, &read)?;
            let sent = app.kith.sent_referral(&who, person, referral).await?;
            let form = Filled::of(&posted.data, &errors);
            match act_page(&app, &who, ids, &act, &sent, Some(form)) {
                Some(view) => Ok(render(&page, &view).into_response()),
                None => Ok(StatusCode::NOT_FOUND.into_response()),
            }
        }
    }
}

fn unread() -> CareError {
    CareError::Fields(Vec::new())
}

/// The moves of the machine that this side makes.
async fn step(
    app: &App,
    who: &Principal,
    ids: Ids,
    act: &str,
    posted: &Posted,
    read: &mut Reader<'_>,
) -> Result<String, CareError> {
    let step = match act {
        "answer" => read.required_text("answer", TextRule::lines("the answer").max(2000)).map(Move::Answer),
        "take-back" => read
            .required_text("why", TextRule::line("why you take it back").max(200))
            .map(|why| Move::Cancel { why }),
        "agree" => {
            let which = read.required_choice("which", "a date", |code| code.parse::<usize>().ok());
            let sent = app.kith.sent_referral(who, ids.0, ids.1).await?;
            if sent.saved.value.offered.is_empty() {
                return Err(CareError::OutOfDate);
            }
            let date = which.and_then(|at| sent.saved.value.offered.get(at).cloned());
            if which.is_some() && date.is_none() {
                read.problem("which", "Choose a date again. The dates have changed.");
            }
            date.map(Move::AgreeDate)
        }
        "give-back" => {
            let what = read.required_text("what", TextRule::line("what the service does next").max(200));
            let on = read.required_day("next", "the day of the next try");
            what.zip(on).map(|(what, on)| Move::GiveBack { next: NextDate::new(what, on) })
        }
        "outcome" => outcome(read).map(Move::Tell),
        _ => return Err(CareError::Missing),
    };
    match step {
        Some(step) if read.is_ok() => {
            app.kith.move_referral(who, ids, version(&posted.data), step, posted.submission).await
        }
        _ => Err(unread()),
    }
}

/// Did it happen, did it help, in the person's words.
pub(in crate::pages) fn outcome(read: &mut Reader<'_>) -> Option<Outcome> {
    let happened = read.required_choice("happened", "whether it happened", |code| match code {
        "yes" => Some(Happened::Yes),
        "partly" => Some(Happened::Partly),
        "no" => Some(Happened::No),
        _ => None,
    });
    let helped = read.required_choice("helped", "whether it helped", |code| match code {
        "yes" => Some(Helped::Yes),
        "a_bit" => Some(Helped::ABit),
        "no" => Some(Helped::No),
        "not_said" => Some(Helped::NotSaid),
        _ => None,
    });
    let words = read.optional_text("said", TextRule::lines("their words").max(2000));
    match (happened, helped) {
        (Some(happened), Some(helped)) if read.is_ok() => Some(Outcome { happened, helped, words }),
        _ => None,
    }
}

async fn settle(
    app: &App,
    who: &Principal,
    ids: Ids,
    posted: &Posted,
    read: &mut Reader<'_>,
) -> Result<String, CareError> {
    let told = read.required_text("told", TextRule::lines("how you told them, and what they said").max(1000));
    let choice = read.required_choice("choice", "a next step", |code| {
        matches!(code, "date" | "unmet" | "over").then(|| code.to_owned())
    });
    let step = match choice.as_deref() {
        Some("date") => {
            let what = read.required_text("what", TextRule::line("what happens next").max(200));
            let on = read.required_day("next", "the day it happens");
            what.zip(on).map(|(what, on)| NextStep::Date { what, on })
        }
        Some("unmet") => {
            let reason = read.required_choice("reason", "why nothing meets it", UnmetReason::from_code);
            let on = read.required_day("review", "the day to look again");
            reason.zip(on).map(|(reason, review_on)| NextStep::Unmet { reason, review_on })
        }
        _ => None,
    };
    match told {
        Some(told) if read.is_ok() => {
            let settling = Settling { step, told };
            app.kith.settle_referral(who, ids, version(&posted.data), settling, posted.submission).await
        }
        _ => Err(unread()),
    }
}

async fn not_told(
    app: &App,
    who: &Principal,
    ids: Ids,
    posted: &Posted,
    read: &mut Reader<'_>,
) -> Result<String, CareError> {
    let why = read.required_text("why", TextRule::line("why they are not told").max(300));
    match why {
        Some(why) if read.is_ok() => {
            app.kith.not_told_about_referral(who, ids, &why, posted.submission).await
        }
        _ => Err(unread()),
    }
}

async fn look_again(
    app: &App,
    who: &Principal,
    ids: Ids,
    posted: &Posted,
    read: &mut Reader<'_>,
) -> Result<String, CareError> {
    let words = read.required_text("found", TextRule::lines("what you found").max(1000));
    let next = read.required_day("review", "the next day to look");
    match words.zip(next) {
        Some((words, next)) if read.is_ok() => {
            app.kith.look_again_at_decision(who, ids, (&words, next), posted.submission).await
        }
        _ => Err(unread()),
    }
}

async fn send_back(
    app: &App,
    who: &Principal,
    ids: Ids,
    posted: &Posted,
    read: &mut Reader<'_>,
) -> Result<String, CareError> {
    let tell = |code: &str| match code {
        "yes" => Some(Tell::Yes),
        "said_no" => Some(Tell::SaidNo),
        "by_hand" => Some(Tell::ByHand),
        _ => None,
    };
    let gp = read.optional_choice("gp", "what the GP practice is told", tell);
    let referrer = read.optional_choice("referrer", "what they are told", tell);
    if !read.is_ok() {
        return Err(unread());
    }
    app.kith.send_back(who, ids, (gp, referrer), posted.submission).await
}
