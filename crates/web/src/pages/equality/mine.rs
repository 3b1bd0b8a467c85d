//! The person's answers about equality. Nothing has to be answered; "rather not say" and "ask
//! me later" are answers; own words are for themselves.

use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_domain::equality::{Answered, Equality, EqualityAnswer, EqualityQuestion};
use serde::Serialize;

/// The page.
#[derive(Debug, Serialize)]
pub struct EqualityPage {
    form: Filled,
    questions: Vec<QuestionView>,
    when: Option<String>,
    place: String,
}

#[derive(Clone, Debug, Serialize)]
struct QuestionView {
    name: &'static str,
    words_name: String,
    asks: &'static str,
    choices: Vec<Item>,
}

const RATHER_NOT: &str = "rather_not_say";
const LATER: &str = "later";
const OWN: &str = "own_words";

fn questions() -> Vec<QuestionView> {
    let of = |q: EqualityQuestion| {
        let choices = q.choices().iter().map(|(code, words)| Item::new(*code, *words));
        let more = [
            Item::new(OWN, "I say it in my own words"),
            Item::new(RATHER_NOT, "I would rather not say"),
            Item::new(LATER, "Ask me later"),
        ];
        QuestionView {
            name: q.code(),
            words_name: format!("{}_words", q.code()),
            asks: q.asks(),
            choices: choices.chain(more).collect(),
        }
    };
    EqualityQuestion::ALL.into_iter().map(of).collect()
}

fn filled(known: Option<&Equality>) -> Filled {
    let mut values: Vec<(String, String)> = Vec::new();
    for (question, answered) in known.into_iter().flat_map(|e| &e.answers) {
        let code = match &answered.answer {
            EqualityAnswer::Chosen(code) => code.clone(),
            EqualityAnswer::OwnWords => OWN.to_owned(),
            EqualityAnswer::RatherNotSay => RATHER_NOT.to_owned(),
            EqualityAnswer::Later => LATER.to_owned(),
        };
        values.push((question.code().to_owned(), code));
        values.extend(answered.words.clone().map(|w| (format!("{}_words", question.code()), w)));
    }
    if known.is_some_and(|e| e.not_counted) {
        values.push(("not_counted".into(), "yes".into()));
    }
    Filled::with(values)
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    let known = app.kith.my_equality(&who).await?.map(|saved| saved.value);
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let when = known.as_ref().and_then(|e| e.at).map(|at| text::day_and_relative(calendar.day(at), today));
    let place = who.partnership.place.value.name.clone();
    let view = EqualityPage { form: filled(known.as_ref()), questions: questions(), when, place };
    Ok(render(&page, &view).into_response())
}

fn read_answers(read: &mut Reader<'_>) -> Equality {
    let mut answers = Equality { not_counted: read.ticked("not_counted"), ..Equality::default() };
    for question in EqualityQuestion::ALL {
        let name = question.code();
        let words = read.optional_text(&format!("{name}_words"), TextRule::line("your own words").max(200));
        let answer = read.optional_choice(name, "one of these", |code| match code {
            RATHER_NOT => Some(EqualityAnswer::RatherNotSay),
            LATER => Some(EqualityAnswer::Later),
            OWN => Some(EqualityAnswer::OwnWords),
            code => question.choice(code).map(|(code, _)| EqualityAnswer::Chosen((*code).to_owned())),
        });
        let answer = answer.or_else(|| words.as_ref().map(|_| EqualityAnswer::OwnWords));
        if let Some(answer) = answer {
            answers.answers.insert(question, Answered { answer, words });
        }
    }
    answers
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let answers = read_answers(&mut read);
    if read.is_ok() {
        match app.kith.save_my_equality(&who, answers, "/mine/equality", form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                problems.iter().for_each(|p| read.problem(&p.field, &p.problem));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let place = who.partnership.place.value.name.clone();
    let form = Filled::of(&form.data, read.errors());
    let view = EqualityPage { form, questions: questions(), when: None, place };
    Ok(render(&page, &view).into_response())
}

impl View for EqualityPage {
    const TEMPLATE: &'static str = "equality/mine.html";
    fn title(&self) -> String {
        "Questions about fairness".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form, when: Option<&str>, place: &str| EqualityPage {
            form,
            questions: questions(),
            when: when.map(str::to_owned),
            place: place.into(),
        };
        let given = Filled::with([
            ("ethnicity", "black_caribbean"),
            ("ethnicity_words", "Jamaican"),
            ("gender", RATHER_NOT),
            ("not_counted", "yes"),
        ]);
        let wrong = FormErrors::one("gender", "Choose one of these, or write it in your own words.");
        let odd = Filled::of(&FormData::from_text("gender=own_words&gender_words=%3Cb%3E"), &wrong);
        vec![
            ("ordinary", page(given, Some("yesterday, Sunday 22 November"), "Brackenford")),
            ("empty", page(Filled::blank(), None, "Our place")),
            ("longest", page(Filled::blank(), None, &"Brackenford-under-Lyne ".repeat(4))),
            ("difficult", page(odd, None, "<b>Brackenford</b>")),
        ]
    }
}
