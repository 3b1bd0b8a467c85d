//! An answer that was given already, in another window or by a colleague: said as such, with
//! the way to the request, and nothing to put right.

use crate::form::FormData;
use crate::paths;
use crate::text;
use crate::view::View;
use kith_care::Principal;
use kith_care::referral::answered::{Answer, Answered};
use kith_care::referral::receiver::Request;
use kith_domain::referral::Status;
use kith_domain::time::{Calendar, Day};
use serde::Serialize;

/// It was answered already.
#[derive(Debug, Serialize)]
pub struct AlreadyPage {
    heading: String,
    said: String,
    /// What was typed and did not go, to be copied.
    typed: Vec<String>,
    href: String,
    link: &'static str,
}

const NOTHING_CHANGED: &str = "Nothing was changed just now. Nothing was sent twice.";
/// The fields of an answer in which somebody writes.
const WRITTEN: [&str; 7] = ["words", "question", "said", "why", "what", "place", "better_place"];

impl AlreadyPage {
    /// The page, when this act was done already.
    pub(super) fn of(request: &Request, who: &Principal, act: &str, base: &str) -> Option<AlreadyPage> {
        let r = &request.saved.value;
        if request.no_contact && (act == "ask" || !super::request::without_packet(act)) {
            return Some(AlreadyPage {
                heading: "Do not contact them".to_owned(),
                said: "Nothing more happens with this request, and nothing was sent. You can only end it."
                    .to_owned(),
                typed: Vec::new(),
                href: base.to_owned(),
                link: OPEN,
            });
        }
        let going = matches!(r.status, Status::Accepted | Status::InProgress | Status::OnHold);
        let done = match act {
            "accept" if going || r.status == Status::Completed => "said yes",
            "decline" if r.status == Status::Rejected => "said no",
            "end" | "came" | "start" if r.status == Status::Completed => "said how it ended",
            _ => return None,
        };
        let me = who.worker().ok().map(|(worker, _)| worker);
        let by = r.receiver.worker.filter(|by| Some(*by) != me).map(|by| who.partnership.worker_name(by));
        let who = by.unwrap_or_else(|| "You".to_owned());
        Some(AlreadyPage {
            heading: format!("{who} already {done}"),
            said: NOTHING_CHANGED.into(),
            typed: Vec::new(),
            href: base.to_owned(),
            link: OPEN,
        })
    }

    /// The page where the answer took the request from the team: who answered, and when.
    pub(super) fn gone(
        answered: &Answered,
        (calendar, today): (&Calendar, Day),
        typed: &FormData,
    ) -> AlreadyPage {
        let who = if answered.by_me { "You" } else { answered.by.as_str() };
        let at = answered.at.timestamp().to_zoned(calendar.zone().clone()).time();
        let (on, at) = (text::relative_day(calendar.day(answered.at), today), text::clock(at));
        let (heading, did) = match answered.answer {
            Answer::SaidNo => (format!("It was answered with no, {on}"), "said no"),
            Answer::GaveBack => (format!("It was given back, {on}"), "gave it back"),
        };
        AlreadyPage {
            heading,
            said: format!("{who} {did} at {at}. It is not with you any more. {NOTHING_CHANGED}"),
            typed: written(typed),
            href: paths::INBOX.to_owned(),
            link: "Requests to us",
        }
    }
}

fn written(form: &FormData) -> Vec<String> {
    let written = WRITTEN.iter().filter_map(|name| form.value(name));
    written.map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned).collect()
}

const OPEN: &str = "Open the request";

impl AlreadyPage {
    fn sample(heading: &str, typed: &[&str]) -> AlreadyPage {
        AlreadyPage {
            heading: heading.into(),
            said: NOTHING_CHANGED.into(),
            typed: typed.iter().map(|words| (*words).to_owned()).collect(),
            href: "/inbox/1".into(),
            link: OPEN,
        }
    }
}

impl View for AlreadyPage {
    const TEMPLATE: &'static str = "inbox/already.html";

    fn title(&self) -> String {
        "Answered already".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("ordinary", AlreadyPage::sample("You already said yes", &[])),
            ("gone", AlreadyPage::sample("It was answered with no, today", &["Ring him"])),
            ("longest", {
                let words = "Many words that matter. ".repeat(160);
                AlreadyPage::sample(
                    &format!("{} already said how it ended", "Long name ".repeat(12)),
                    &[&words],
                )
            }),
            ("difficult", AlreadyPage::sample("<b>\"O'Neil\"</b> already said yes", &["<b>\"'&"])),
        ]
    }
}
