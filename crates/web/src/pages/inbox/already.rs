//! An answer that was given already, in another window or by a colleague: said as such, with
//! the way to the request, and nothing to put right.

use crate::view::View;
use kith_care::Principal;
use kith_care::referral::receiver::Request;
use kith_domain::referral::Status;
use serde::Serialize;

/// It was answered already.
#[derive(Debug, Serialize)]
pub struct AlreadyPage {
    heading: String,
    said: &'static str,
    href: String,
}

impl AlreadyPage {
    /// The page, when this act was done already.
    pub(super) fn of(request: &Request, who: &Principal, act: &str, base: &str) -> Option<AlreadyPage> {
        let r = &request.saved.value;
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
            said: "Nothing was changed just now. Nothing was sent twice.",
            href: base.to_owned(),
        })
    }
}

impl View for AlreadyPage {
    const TEMPLATE: &'static str = "inbox/already.html";

    fn title(&self) -> String {
        "Answered already".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |heading: &str| AlreadyPage {
            heading: heading.into(),
            said: "Nothing was changed just now. Nothing was sent twice.",
            href: "/inbox/1".into(),
        };
        vec![
            ("ordinary", sample("You already said yes")),
            ("longest", sample(&format!("{} already said how it ended", "Long name ".repeat(12)))),
            ("difficult", sample("<b>\"O'Neil\"</b> already said yes")),
        ]
    }
}
