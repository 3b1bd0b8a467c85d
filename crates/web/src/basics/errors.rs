//! What to say when something went wrong: what happened, that it is not the reader's
//! fault, and what they can do.

use axum::http::StatusCode;
use serde::Serialize;

use crate::view::View;

/// The kinds of trouble a reader can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such page, or the reader may not know that there is.
    NotFound,
    /// The address exists, but not for this kind of request.
    WrongMethod,
    /// The form did not come from our own page, or from an old session.
    FormRefused,
    /// More was sent than we take.
    TooLarge,
    /// What was sent could not be read.
    Unreadable,
    /// It took too long.
    TooSlow,
    /// Too many tries.
    TooMany,
    /// A fault of ours.
    Fault,
}

impl Problem {
    /// The trouble that a bare status stands for.
    pub fn of_status(status: StatusCode) -> Problem {
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAUTHORIZED => Problem::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Problem::WrongMethod,
            StatusCode::FORBIDDEN => Problem::FormRefused,
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => {
                Problem::TooSlow
            }
            StatusCode::TOO_MANY_REQUESTS => Problem::TooMany,
            status if status.is_client_error() => Problem::Unreadable,
            _ => Problem::Fault,
        }
    }
}

/// A page about trouble.
#[derive(Debug, Serialize)]
pub struct ErrorPage {
    heading: &'static str,
    /// What happened and what to do, a sentence or two each.
    lines: Vec<&'static str>,
    /// To tell whoever looks after this Kith.
    reference: Option<String>,
}

impl ErrorPage {
    /// The page for a kind of trouble; a reference only where the log has one.
    pub fn new(problem: Problem, reference: Option<String>) -> ErrorPage {
        let (heading, lines): (&'static str, Vec<&'static str>) = match problem {
            Problem::NotFound => (
                "We cannot show this page",
                vec![
                    "It may not exist, it may have moved, or it may not be open to you. We say the same in each of these, to keep people safe.",
                    "If you typed the address, check it. If you followed a link in Kith, tell the person who sent it.",
                    "If somebody’s life may be in danger, call 999 now. The numbers are on this page. Kith is never the way to urgent help.",
                ],
            ),
            Problem::WrongMethod => (
                "This page cannot do that",
                vec!["Nothing was changed. Go back, open the page again and try once more."],
            ),
            Problem::FormRefused => (
                "We could not take that form",
                vec![
                    "It may have been open for a long time, or you may have signed out in another window. Nothing was changed.",
                    "Go back, copy anything you wrote, open the page again and send it.",
                ],
            ),
            Problem::TooLarge => (
                "That was too much to send at once",
                vec![
                    "Nothing was changed. Go back: what you wrote may still be there.",
                    "Make it shorter and send it again. A page of text is fine, a whole book is not.",
                ],
            ),
            Problem::Unreadable => (
                "We could not read what was sent",
                vec!["Nothing was changed. Go back, open the page again and try once more."],
            ),
            Problem::TooSlow => (
                "That took too long",
                vec![
                    "We stopped waiting. What you sent may or may not have been kept.",
                    "Open the page again and look before you send it a second time. Sending the same page twice does it only once.",
                ],
            ),
            Problem::TooMany => (
                "Please wait a little",
                vec![
                    "There were many tries in a short time. Wait 15 minutes and try again. Nothing is lost.",
                ],
            ),
            Problem::Fault => (
                "Sorry, something went wrong here",
                vec![
                    "This is our fault, not yours. Go back: what you wrote may still be there.",
                    "Try again in a few minutes. If it happens again, tell the people who look after this Kith.",
                ],
            ),
        };
        ErrorPage { heading, lines, reference }
    }
}

impl View for ErrorPage {
    const TEMPLATE: &'static str = "basics/error.html";

    fn title(&self) -> String {
        self.heading.into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("not found", ErrorPage::new(Problem::NotFound, None)),
            ("wrong method", ErrorPage::new(Problem::WrongMethod, None)),
            ("form refused", ErrorPage::new(Problem::FormRefused, None)),
            ("too large", ErrorPage::new(Problem::TooLarge, None)),
            ("unreadable", ErrorPage::new(Problem::Unreadable, None)),
            ("too slow", ErrorPage::new(Problem::TooSlow, None)),
            ("too many", ErrorPage::new(Problem::TooMany, None)),
            ("fault", ErrorPage::new(Problem::Fault, Some("7KQ2-91FA".into()))),
        ]
    }
}
