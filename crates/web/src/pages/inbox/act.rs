//! Answering a request: one page an answer, the same with an account and by a link.

use super::super::referral::{Item, outcome, problems, version};
use super::already::AlreadyPage;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::referral::receiver::Request;
use kith_care::referral::words;
use kith_care::{CareError, Principal};
use kith_domain::id::ReferralId;
use kith_domain::moves::Move;
use kith_domain::next_date::NextDate;
use kith_domain::referral::{Decline, DeclineReason, Offer};
use kith_domain::time::{Day, Instant, plus_days};
use serde::Serialize;

/// One answer.
#[derive(Debug, Serialize)]
pub struct AnswerPage {
    act: String,
    heading: String,
    intro: String,
    button: String,
    called: String,
    service: String,
    by_link: bool,
    wants_next: bool,
    optional_dates: bool,
    dates: Vec<Item>,
    reasons: Vec<Item>,
    latest: String,
    version: u32,
    action: String,
    back: String,
    form: Filled,
}

impl View for AnswerPage {
    const TEMPLATE: &'static str = "inbox/act.html";
    fn title(&self) -> String {
        self.heading.clone()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |act: &str, words: &str, form: Filled| AnswerPage {
            act: act.into(),
            heading: format!("Answer: {act}"),
            intro: words.into(),
            button: "Save".into(),
            called: words.into(),
            service: words.into(),
            by_link: act == "name",
            wants_next: wants_next(act),
            optional_dates: act == "accept",
            dates: vec![Item::new("0", words)],
            reasons: reasons(),
            latest: "21 December".into(),
            version: 1,
            action: "/x".into(),
            back: "/y".into(),
            form,
        };
        let wrong = Filled::of(
            &FormData::from_text("next-year=2099"),
            &FormErrors::one("next", "That is too far away."),
        );
        let mut all: Vec<(&'static str, Self)> = vec![
            ("ordinary", sample("accept", "Badger", Filled::blank())),
            ("empty", sample("ask", "", Filled::blank())),
            ("longest", sample("decline", &"Long words. ".repeat(50), Filled::blank())),
            ("difficult", sample("accept", "<b>\"'&", wrong)),
        ];
        let acts = [
            "wait",
            "offer",
            "agree",
            "came",
            "could-not-come",
            "start",
            "end",
            "tell",
            "pause",
            "go-on",
            "take-back",
            "name",
            "another-day",
        ];
        all.extend(acts.into_iter().map(|act| (act, sample(act, "Badger", Filled::blank()))));
        all
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((referral, act)): Path<(ReferralId, String)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let request = app.kith.request(&who, referral).await?;
    let base = format!("/inbox/{referral}");
    if let Some(view) = AlreadyPage::of(&request, &who, &act, &base) {
        return Ok(render(&page, &view).into_response());
    }
    Ok(match answer_page(&app, &who, &request, &act, &base, None) {
        Some(view) if act != "name" => render(&page, &view).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    })
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((referral, act)): Path<(ReferralId, String)>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    answer(&app, &who, referral, &act, &format!("/inbox/{referral}"), &page, &posted).await
}

/// Reads and makes an answer, for both kinds of receiver.
pub(super) async fn answer(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    act: &str,
    base: &str,
    page: &PageContext,
    posted: &Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let outcome = match steps(app, who, referral, act, &mut read).await {
        Ok(Some(steps)) if read.is_ok() => {
            app.kith.answer_referral(who, referral, version(&posted.data), steps, posted.submission).await
        }
        Ok(_) => Err(CareError::Fields(Vec::new())),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error @ CareError::Missing) => gone(app, who, referral, (page, &posted.data), error).await,
        Err(error) => {
            let errors = problems(error, &read)?;
            let request = match app.kith.request(who, referral).await {
                Ok(request) => request,
                Err(error) => return gone(app, who, referral, (page, &posted.data), error).await,
            };
            if let Some(view) = AlreadyPage::of(&request, who, act, base) {
                return Ok(render(page, &view).with_status(StatusCode::CONFLICT).into_response());
            }
            let form = Filled::of(&posted.data, &errors);
            Ok(match answer_page(app, who, &request, act, base, Some(form)) {
                Some(view) => render(page, &view).into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            })
        }
    }
}

/// A request that is not theirs any more: what their own team answered, with what was typed,
/// or that there is none.
async fn gone(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    (page, typed): (&PageContext, &FormData),
    error: CareError,
) -> Result<Response, Oops> {
    let CareError::Missing = error else { return Err(error.into()) };
    let answered = app.kith.find_answered(who, referral).await?.ok_or(CareError::Missing)?;
    let calendar = app.kith.calendar();
    let view = AlreadyPage::gone(&answered, (calendar, calendar.day(who.now)), typed);
    Ok(render(page, &view).with_status(StatusCode::CONFLICT).into_response())
}

fn wants_next(act: &str) -> bool {
    matches!(
        act,
        "accept" | "wait" | "offer" | "came" | "could-not-come" | "start" | "pause" | "go-on" | "another-day"
    )
}

/// The moves that an answer stands for; none when something has to be looked at again.
async fn steps(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    act: &str,
    read: &mut Reader<'_>,
) -> Result<Option<Vec<Move>>, CareError> {
    let next = if wants_next(act) {
        let what = read.required_text("what", TextRule::line("what you do next").max(200));
        let on = read.required_day("next", "the day you do it");
        what.zip(on).map(|(what, on)| NextDate::new(named(who, what), on))
    } else {
        None
    };
    let one = |step: Option<Move>| Ok(step.map(|s| vec![s]));
    match act {
        "seen" => Ok(Some(vec![Move::See])),
        "ask" => {
            one(read.required_text("question", TextRule::lines("the question").max(2000)).map(Move::Ask))
        }
        "accept" => {
            let dates = offers(app, read, true);
            let Some(next) = next else { return Ok(None) };
            let mut steps = vec![Move::Accept { worker: None, next: next.clone() }];
            if !dates.is_empty() {
                steps.push(Move::OfferDates { dates, next });
            }
            Ok(Some(steps))
        }
        "wait" => one(next.map(|next| Move::Wait { next })),
        "offer" => {
            let dates = offers(app, read, false);
            one(next.map(|next| Move::OfferDates { dates, next }))
        }
        "agree" => one(agreed(app, who, referral, read).await?.map(Move::AgreeDate)),
        "came" | "start" | "could-not-come" => {
            let at = happened_on(app, who, read);
            one(next.zip(at).map(|(next, at)| match act {
                "came" => Move::Came { at, next },
                "start" => Move::Start { at, next },
                _ => Move::CouldNotCome { at, next },
            }))
        }
        "pause" => {
            let why = read.required_text("why", TextRule::line("why it is paused").max(200));
            one(next.zip(why).map(|(next, why)| Move::Hold { why, next }))
        }
        "go-on" => one(next.map(|next| Move::Resume { next })),
        "another-day" => {
            let why = read.required_text("why", TextRule::line("why the day is moved").max(200));
            let spoken = read.ticked("spoken");
            one(next.zip(why).map(|(next, why)| Move::SetNext { next, why, spoken }))
        }
        "end" => one(outcome(read).map(|o| Move::End { outcome: Some(o) })),
        "tell" => one(outcome(read).map(Move::Tell)),
        "take-back" => one(read
            .required_text("why", TextRule::line("why you cannot go on").max(200))
            .map(|why| Move::Cancel { why })),
        "decline" => {
            let reason = read.required_choice("reason", "a reason", DeclineReason::from_code);
            let words = read
                .required_text("words", TextRule::lines("a few kind words: the person reads them").max(2000));
            let better_place = read.optional_text("better_place", TextRule::line("a better place").max(200));
            one(reason
                .zip(words)
                .map(|(reason, words)| Move::Decline(Decline { reason, words, better_place })))
        }
        _ => Err(CareError::Missing),
    }
}

/// A link holder's own name stands with what they do next.
fn named(who: &Principal, what: String) -> String {
    match &who.identity {
        kith_care::Identity::LinkHolder { name: Some(name), .. } if !what.starts_with(name.as_str()) => {
            format!("{name}: {what}")
        }
        _ => what,
    }
}

/// Up to three dates. `optional`: none at all is an answer too.
fn offers(app: &App, read: &mut Reader<'_>, optional: bool) -> Vec<Offer> {
    let mut dates = Vec::new();
    let mut any = false;
    let place = read.optional_text("place", TextRule::line("the place").max(200));
    let with = read.optional_text("with", TextRule::line("who they meet").max(120));
    for n in 1..=3 {
        let (day, time) = (format!("date{n}"), format!("time{n}"));
        let needed = n == 1 && !optional;
        let given = read.typed(&format!("{day}-day")) || read.typed(&time);
        if !(needed || given) {
            continue;
        }
        any = true;
        let moment = read.required_moment(&day, &time, "the day", app.kith.calendar().zone());
        if let Some(at) = moment {
            dates.push(Offer {
                at: Instant::from(at),
                place: place.clone().unwrap_or_default(),
                with: with.clone(),
            });
        }
    }
    // Asked together with whatever else is wrong, wherever there is a date at all.
    if (!optional || any) && place.is_none() {
        read.problem("place", "Say where it is, or that it is by phone.");
    }
    dates
}

/// One of the dates that were offered, or another one.
async fn agreed(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    read: &mut Reader<'_>,
) -> Result<Option<Offer>, CareError> {
    let which = read.required_choice("which", "which date", |code| Some(code.to_owned()));
    match which.as_deref() {
        Some("other") => Ok(offers(app, read, false).into_iter().next()),
        Some(at) => {
            let request = app.kith.request(who, referral).await?;
            let found = at.parse::<usize>().ok().and_then(|at| request.saved.value.offered.get(at).cloned());
            if found.is_none() {
                read.problem("which", "Choose a date again. The dates have changed.");
            }
            Ok(found)
        }
        None => Ok(None),
    }
}

/// The moment of something that happened on a day: now, or the end of an earlier day.
fn happened_on(app: &App, who: &Principal, read: &mut Reader<'_>) -> Option<Instant> {
    let on = read.required_day("on", "the day")?;
    let today = app.kith.calendar().day(who.now);
    if on > today {
        read.day_problem("on", "That day is in the future. Choose today or an earlier day.");
        return None;
    }
    Some(app.kith.calendar().end(on).min(who.now))
}

pub(super) fn answer_page(
    app: &App,
    who: &Principal,
    request: &Request,
    act: &str,
    base: &str,
    form: Option<Filled>,
) -> Option<AnswerPage> {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let settings = &who.partnership.place.value.settings;
    let r = &request.saved.value;
    let (heading, intro, button) = texts(act)?;
    let narrow = request.stopped || request.no_contact;
    if narrow && !super::request::without_packet(act) || (request.no_contact && act == "ask") {
        return None;
    }
    Some(AnswerPage {
        act: act.to_owned(),
        heading: heading.to_owned(),
        intro: intro.to_owned(),
        button: button.to_owned(),
        called: match request.stopped {
            true => super::list::STOPPED.into(),
            false => request.called.clone().unwrap_or_else(|| "A request".into()),
        },
        service: r.service_name.clone(),
        by_link: base.starts_with("/link"),
        wants_next: wants_next(act),
        optional_dates: act == "accept",
        dates: r
            .offered
            .iter()
            .enumerate()
            .map(|(at, o)| Item::new(at.to_string(), words::offer(o, calendar)))
            .chain(std::iter::once(Item::new("other", "Another date")))
            .collect(),
        reasons: reasons(),
        latest: text::day(plus_days(today, i32::from(settings.next_date_days)), today),
        version: request.saved.meta.version,
        action: format!("{base}/{act}"),
        back: base.to_owned(),
        form: form.unwrap_or_else(|| starting(act, r.offered.len(), today, app)),
    })
}

fn texts(act: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match act {
        "accept" => {
            ("Say yes", "They are told that you can help. You can offer dates at once, or later.", "Say yes")
        }
        "ask" => (
            "Ask something first",
            "The one who asked answers. Until then you are not late.",
            "Send the question",
        ),
        "wait" => (
            "Put them on the waiting list",
            "Somebody says something to them while they wait.",
            "Put them on the list",
        ),
        "offer" => ("Offer dates", "Two or three dates are kinder than one.", "Offer these dates"),
        "agree" => ("A date is agreed", "", "Save the date"),
        "came" => ("They came", "", "Save: they came"),
        "could-not-come" => (
            "They could not come",
            "Offer another date. Check that they are all right. It is never a reason to end help.",
            "Save",
        ),
        "start" => ("Help has started", "", "Save"),
        "end" | "tell" => ("How did it end?", "Ask the person.", "Save"),
        "pause" => ("Pause it", "Their place is kept.", "Pause it"),
        "go-on" => ("Go on again", "", "Go on"),
        "another-day" => (
            "Choose another day",
            "There is always a day when you do something next. Moved twice without speaking to them, it shows.",
            "Save the day",
        ),
        "take-back" => (
            "You cannot go on with it",
            "It goes back to the one who asked, who tells the person.",
            "Give it back",
        ),
        "decline" => (
            "We cannot help",
            "The person will read this. It goes back to the one who asked, and you no longer see the request.",
            "Send the answer",
        ),
        "name" => (
            "We can probably help",
            "Give your own name and the code that you were told by phone. Then you see the person’s name.",
            "Show me the name",
        ),
        _ => return None,
    })
}

fn starting(act: &str, offered: usize, today: Day, app: &App) -> Filled {
    let calendar = app.kith.calendar();
    let mut form = Filled::blank();
    let (what, days) = match act {
        "accept" => ("Get in touch in the safe way", 3),
        "wait" => ("Say how long it still takes", 10),
        "offer" => ("Ask which date suits them", 3),
        "came" => ("See them again", 5),
        "could-not-come" => ("Check they are all right, and offer another date", 2),
        "start" => ("Look at how it goes", 10),
        "pause" => ("Ask whether it can go on", 10),
        "go-on" => ("Get in touch in the safe way", 3),
        "another-day" => ("Say how long it still takes", 5),
        _ => ("", 1),
    };
    if wants_next(act) {
        form.set("what", what);
        form.set_day("next", calendar.plus_working(today, days));
    }
    if matches!(act, "came" | "could-not-come" | "start") {
        form.set_day("on", today);
    }
    if act == "agree" {
        form.set("which", if offered == 0 { "other" } else { "0" });
    }
    form
}

fn reasons() -> Vec<Item> {
    let item = |r: DeclineReason| Item {
        hint: if r.goes_to_both_leads() {
            "The leads on both sides see this answer.".into()
        } else {
            String::new()
        },
        ..Item::new(r.code(), r.title())
    };
    DeclineReason::ALL.into_iter().map(item).collect()
}
