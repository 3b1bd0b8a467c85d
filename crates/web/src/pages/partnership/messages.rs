//! Do messages leave? And what became of those that could not be delivered.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::CareError;
use kith_care::telling_outside::standing::{DeadAct, DeadMessage, Leaving, MailStanding};
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;
use uuid::Uuid;

/// How messages stand, in words: for this page and the partnership's.
#[derive(Debug, Default, Serialize)]
pub(super) struct Mail {
    /// Something is wrong: said at the top of the page.
    notice: Option<String>,
    /// What to do about it.
    what_to_do: Option<&'static str>,
    words: String,
    waiting: String,
    oldest: Option<String>,
    dead: u64,
}

impl Mail {
    pub(super) fn new(m: &MailStanding, today: Date, calendar: &Calendar) -> Mail {
        let when = |at: Instant| text::day_and_relative(calendar.day(at), today);
        let (words, notice, what_to_do) = match &m.leaving {
            Leaving::Yes => ("Messages leave by email.".to_owned(), None, None),
            Leaving::IntoFolder => (
                "Messages are written into a folder. Somebody has to carry them from there.".to_owned(),
                None,
                None,
            ),
            Leaving::Stuck(why, since) => {
                let said = format!("No messages are leaving. {why}. This began {}.", when(*since));
                (
                    said.clone(),
                    Some(said),
                    Some(
                        "Tell whoever runs the server. Everything that waits goes by itself when it works again.",
                    ),
                )
            }
            Leaving::Nobody => {
                let said =
                    "No messages are leaving. No way to send them was given to the program.".to_owned();
                (
                    said.clone(),
                    Some(said),
                    Some("Ring or visit instead, and ask whoever runs the server to start it with --mail."),
                )
            }
        };
        Mail {
            notice,
            what_to_do,
            words,
            waiting: match m.waiting {
                0 => "None".into(),
                n => text::thousands(i64::try_from(n).unwrap_or(i64::MAX)),
            },
            oldest: m.oldest.map(when),
            dead: m.dead,
        }
    }

    pub(super) fn sample(n: usize, words: &str) -> Mail {
        Mail {
            notice: (n != 3).then(|| "No messages are leaving. The mail server could not be reached.".into()),
            what_to_do: (n != 3).then_some("Tell whoever runs the server."),
            words: words.into(),
            waiting: n.to_string(),
            oldest: (n > 0).then(|| "yesterday, Monday 23 November".into()),
            dead: n as u64,
        }
    }
}

/// The page of messages.
#[derive(Debug, Serialize)]
pub struct MessagesPage {
    mail: Mail,
    dead: Vec<Dead>,
}

#[derive(Debug, Serialize)]
struct Dead {
    id: String,
    what: &'static str,
    to: String,
    put: String,
    given_up: String,
    why: String,
}

impl View for MessagesPage {
    const TEMPLATE: &'static str = "partnership/messages.html";

    fn title(&self) -> String {
        "Messages".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, words: &str| MessagesPage {
            mail: Mail::sample(n, words),
            dead: (0..n)
                .map(|i| Dead {
                    id: format!("id{i}"),
                    what: "A link for a team",
                    to: words.into(),
                    put: "Monday 23 November".into(),
                    given_up: "today".into(),
                    why: words.into(),
                })
                .collect(),
        };
        vec![
            ("ordinary", page(3, "The mail server says that there is no such address (550)")),
            ("empty", page(0, "")),
            ("longest", page(25, &"A very long reason indeed. ".repeat(6))),
            ("difficult", page(1, "<b>\"A\" & 'B'</b>")),
        ]
    }
}

fn dead(m: &DeadMessage, today: Date, calendar: &Calendar) -> Dead {
    Dead {
        id: m.id.to_string(),
        what: m.what,
        to: m.to.clone(),
        put: text::day(calendar.day(m.put_at), today),
        given_up: text::day(calendar.day(m.given_up_at), today),
        why: m.why.clone(),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let (standing, messages) = app.kith.dead_messages(&who).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let view = MessagesPage {
        mail: Mail::new(&standing, today, calendar),
        dead: messages.iter().map(|m| dead(m, today, calendar)).collect(),
    };
    Ok(render(&page, &view))
}

pub(super) async fn all_again(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    form: Posted,
) -> Result<Response, Oops> {
    let path = app.kith.try_dead_messages_again(&who, form.submission).await?;
    Ok(Redirect::to(&path).into_response())
}

pub(super) async fn decide(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    form: Posted,
) -> Result<Response, Oops> {
    let id = form.data.value("message").and_then(|v| Uuid::try_parse(v).ok()).ok_or(CareError::Missing)?;
    let act = match form.data.value("act") {
        Some("again") => DeadAct::TryAgain,
        Some("drop") => DeadAct::Drop,
        _ => return Err(CareError::Missing.into()),
    };
    let path = app.kith.decide_dead_message(&who, id, act, form.submission).await?;
    Ok(Redirect::to(&path).into_response())
}
