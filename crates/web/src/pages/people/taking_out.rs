//! Taking out words that must not be here: asking a second person, and answering.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::Principal;
use kith_domain::id::{MessageId, PersonId, RecordId, WorkerId};
use kith_domain::removal::WhyOut;
use serde::Serialize;

/// Asking a second person.
#[derive(Debug, Serialize)]
pub struct TakeOutPage {
    back: String,
    action: String,
    called: String,
    words: String,
    reasons: Vec<Item>,
    seconds: Vec<Item>,
    form: Filled,
}

/// What the second person is asked.
#[derive(Debug, Serialize)]
pub struct TakingOutPage {
    back: String,
    action: String,
    called: String,
    why: String,
    asked_by: String,
    words: String,
    /// What asked for everything to be kept until lately.
    kept_until: Vec<String>,
    open: bool,
    answers: Vec<Item>,
    form: Filled,
}

fn reasons() -> Vec<Item> {
    WhyOut::ALL.into_iter().map(|w| Item::new(w.code(), w.title())).collect()
}

fn answers() -> Vec<Item> {
    vec![
        Item::new("yes", "Yes, take the words out")
            .hinted("This cannot be undone. Nobody can bring them back"),
        Item::new("no", "No, they stay"),
    ]
}

impl View for TakeOutPage {
    const TEMPLATE: &'static str = "people/take_out.html";

    fn title(&self) -> String {
        "Take these words out".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize, form| TakeOutPage {
            back: "/people/x/notes/y".into(),
            action: "/people/x/notes/y/take-out".into(),
            called: "Badger".into(),
            words: words.into(),
            reasons: reasons(),
            seconds: (0..n).map(|i| Item::new(i.to_string(), format!("Grace Mensah {i}"))).collect(),
            form,
        };
        let wrong = FormErrors::one("second", "Choose a colleague who leads here.");
        vec![
            ("ordinary", page("He owes his brother money.", 2, Filled::with([("why", "wrong_person")]))),
            ("empty", page("", 0, Filled::blank())),
            ("longest", page(&"Many words. ".repeat(200), 20, Filled::blank())),
            ("difficult", page("<b>x</b>", 1, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

impl View for TakingOutPage {
    const TEMPLATE: &'static str = "people/taking_out.html";

    fn title(&self) -> String {
        "Are these words taken out?".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, open, form| TakingOutPage {
            back: "/people/x".into(),
            action: "/people/x/taking-out/y".into(),
            called: "Badger".into(),
            why: "It is about somebody else. His brother told us.".into(),
            asked_by: "Aisha Rahman".into(),
            words: words.into(),
            kept_until: (!words.is_empty())
                .then(|| "The inquiry, IN-7: until yesterday".to_owned())
                .into_iter()
                .collect(),
            open,
            answers: answers(),
            form,
        };
        let wrong = FormErrors::one("answer", "Choose yes or no.");
        vec![
            ("ordinary", page("He owes his brother money.", true, Filled::blank())),
            ("empty", page("", false, Filled::blank())),
            ("longest", page(&"Many words. ".repeat(200), true, Filled::blank())),
            ("difficult", page("<b>x</b>", true, Filled::of(&FormData::from_text("answer=x"), &wrong))),
        ]
    }
}

async fn load(
    app: &App,
    who: &Principal,
    (person, note): (PersonId, RecordId),
    form: Filled,
) -> Result<TakeOutPage, Oops> {
    let data = app.kith.to_take_out(who, person, note).await?;
    Ok(TakeOutPage {
        back: format!("{}/notes/{note}", path_of(person)),
        action: format!("{}/notes/{note}/take-out", path_of(person)),
        called: data.called.unwrap_or_default(),
        words: data.words,
        reasons: reasons(),
        seconds: data.seconds.into_iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        form,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(of): Path<(PersonId, RecordId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load(&app, &who, of, Filled::blank()).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(of): Path<(PersonId, RecordId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let why = read.required_choice("why", "why", WhyOut::from_code);
    let words = read.required_text("words", TextRule::lines("the reason").max(500));
    let second = read.required_choice("second", "who else decides", |code| code.parse::<WorkerId>().ok());
    if let (Some(why), Some(words), Some(second), true) = (why, words, second, read.is_ok()) {
        match app.kith.ask_take_out(&who, of, (why, second), &words, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &load(&app, &who, of, filled).await?).into_response())
}

async fn load_asked(
    app: &App,
    who: &Principal,
    (person, message): (PersonId, MessageId),
    form: Filled,
) -> Result<TakingOutPage, Oops> {
    let data = app.kith.asked_to_take_out(who, person, message).await?;
    let calendar = app.kith.calendar();
    Ok(TakingOutPage {
        back: path_of(person),
        action: format!("{}/taking-out/{message}", path_of(person)),
        called: data.called.unwrap_or_default(),
        why: data.why,
        asked_by: data.asked_by,
        words: data.words,
        kept_until: data
            .kept_until
            .into_iter()
            .map(|(what, at)| format!("{what}: until {}", text::day(calendar.day(at), calendar.day(who.now))))
            .collect(),
        open: data.open,
        answers: answers(),
        form,
    })
}

pub(super) async fn show_asked(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(of): Path<(PersonId, MessageId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load_asked(&app, &who, of, Filled::blank()).await?).into_response())
}

pub(super) async fn save_asked(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(of): Path<(PersonId, MessageId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let agrees = read.required_choice("answer", "yes or no", |code| match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    if let (Some(agrees), true) = (agrees, read.is_ok()) {
        match app.kith.answer_take_out(&who, of, agrees, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => refused(&mut read, error, "answer")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &load_asked(&app, &who, of, filled).await?).into_response())
}
