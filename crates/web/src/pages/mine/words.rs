//! Say something: what I wrote, whether it was read, and the answer.

use super::ask::AskView;
use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::mine::words::{MyAnswer, MyWordsPage};
use kith_domain::time::Calendar;
use serde::Serialize;

/// Saying something.
#[derive(Debug, Serialize)]
pub struct WordsPage {
    form: Filled,
    ask: AskView,
    by: String,
    before: Vec<WordsView>,
    to_me: Vec<AnswerView>,
}

#[derive(Clone, Debug, Serialize)]
struct WordsView {
    when: String,
    words: String,
    state: String,
    read: bool,
    answers: Vec<AnswerView>,
}

#[derive(Clone, Debug, Serialize)]
struct AnswerView {
    from: String,
    when: String,
    words: String,
}

impl WordsPage {
    fn new(data: MyWordsPage, form: Filled, calendar: &Calendar, today: Date) -> WordsPage {
        let answer = |a: MyAnswer| AnswerView {
            from: a.from,
            when: text::relative_day(calendar.day(a.at), today),
            words: a.words,
        };
        WordsPage {
            form,
            ask: AskView::of(&data.reader),
            by: text::day_and_relative(data.reader.by, today),
            before: data
                .before
                .into_iter()
                .map(|w| WordsView {
                    when: text::capitalised(&text::day_and_relative(calendar.day(w.at), today)),
                    words: w.words,
                    state: match w.read_at {
                        Some(at) => format!(
                            "{} read this {}.",
                            w.reader.name,
                            text::relative_day(calendar.day(at), today)
                        ),
                        None => format!(
                            "Not read yet. {} reads it by {}.",
                            w.reader.name,
                            text::day(w.reader.by, today)
                        ),
                    },
                    read: w.read_at.is_some(),
                    answers: w.answers.into_iter().map(answer).collect(),
                })
                .collect(),
            to_me: data.to_me.into_iter().map(answer).collect(),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.my_words(&who).await?;
    let calendar = app.kith.calendar();
    let view = WordsPage::new(data, Filled::blank(), calendar, calendar.day(who.now));
    Ok(render(&page, &view).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what you want to say").max(4000));
    let (Some(words), true) = (words, read.is_ok()) else {
        let data = app.kith.my_words(&who).await?;
        let calendar = app.kith.calendar();
        let filled = Filled::of(&form.data, read.errors());
        let view = WordsPage::new(data, filled, calendar, calendar.day(who.now));
        return Ok(render(&page, &view).into_response());
    };
    let to = app.kith.say_words(&who, words, "/mine/words", form.submission).await?;
    Ok(Redirect::to(&to).into_response())
}

impl View for WordsPage {
    const TEMPLATE: &'static str = "mine/words.html";

    fn title(&self) -> String {
        "Say something".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize, form| WordsPage {
            form,
            ask: AskView::sample(),
            by: "tomorrow, Wednesday 25 November".into(),
            before: vec![
                WordsView {
                    when: "Yesterday, Monday 23 November".into(),
                    words: words.into(),
                    state: "Aisha read this today.".into(),
                    read: true,
                    answers: vec![AnswerView {
                        from: "Aisha".into(),
                        when: "today".into(),
                        words: words.into()
                    }],
                };
                n
            ],
            to_me: vec![AnswerView { from: "Aisha".into(), when: "today".into(), words: words.into() }; n],
        };
        let wrong = FormErrors::one("words", "Write what you want to say.");
        vec![
            ("ordinary", page("Can we meet on Friday?", 1, Filled::blank())),
            ("empty", page("", 0, Filled::blank())),
            ("longest", page(&"Many words. ".repeat(60), 12, Filled::blank())),
            ("difficult", page("<b>x</b>", 1, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}
