//! What happens next about a need.
//!
//! When a service is asked, the next thing is its reply; from then on the next thing
//! follows what has happened: the service said yes, said no, or has ended. Nothing is
//! written for that: the need says that it follows the help that was asked for
//! ([`Need::follows_help`]), and this works it out from the requests, until somebody
//! writes down something else.
//!
//! The day is never sooner than the one that stands in the need, so that whoever looks
//! for what is late by that day finds it.

use crate::holding::HeldNext;
use crate::id::NeedId;
use crate::need::{Need, NeedStatus};
use crate::record::Saved;
use crate::referral::{Referral, Status};
use crate::time::{Calendar, Day};

/// What happens next about a need, before it is put in words for a reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Following {
    /// What somebody wrote down.
    Written(String),
    /// Nothing here meets it: it is looked at again.
    LookAgain,
    /// They said not now: they are asked once.
    AskOnce,
    /// This service was asked.
    Reply(String),
    /// This service helps.
    Going(String),
    /// This service said no, or took it back, or ended without help.
    CameBack(String, Status),
    /// The help of this service ended.
    Ended(String),
    /// Nothing is left of the help that was asked for.
    Over,
}

/// What happens next about a need, and when. None when nothing does.
///
/// `referrals` are those that the reader may know of; those for other needs are left out
/// here. What is closed and spoken about changes nothing.
pub fn need_next(
    need: &Need,
    id: NeedId,
    referrals: &[Saved<Referral>],
    calendar: &Calendar,
) -> Option<(Following, Day)> {
    let written = need.next.on;
    Some(match (&need.status, &need.unmet) {
        (NeedStatus::NotNow { until }, _) => (Following::AskOnce, *until),
        (NeedStatus::Open, Some(unmet)) => (Following::LookAgain, unmet.review_on),
        (NeedStatus::Open, None) if need.follows_help => {
            let (what, on) = following(id, referrals, calendar).unwrap_or((Following::Over, written));
            (what, on.max(written))
        }
        (NeedStatus::Open, None) => (Following::Written(need.next.what.clone()), written),
        _ => return None,
    })
}

/// What has come back is first, then who has yet to reply, who helps, and what has ended.
fn following(id: NeedId, referrals: &[Saved<Referral>], calendar: &Calendar) -> Option<(Following, Day)> {
    let of_need = referrals.iter().filter(|r| r.value.need == id && !r.meta.entered_in_error);
    let steps = of_need.filter_map(|saved| {
        let r = &saved.value;
        let (name, day) = (r.service_name.clone(), r.held_next.on);
        let (rank, what, on) = match r.status {
            Status::Draft | Status::EnteredInError => return None,
            Status::Requested => (1, Following::Reply(name), r.reply_by),
            Status::Accepted | Status::InProgress | Status::OnHold => {
                (2, Following::Going(name), calendar.plus_working(day, 1))
            }
            status if !r.closed() => (0, Following::CameBack(name, status), day),
            _ if r.ended_as_news() => {
                let ended = calendar.day(r.ended_at?);
                (3, Following::Ended(name), calendar.plus_working(ended, 2))
            }
            _ => return None,
        };
        Some((rank, on, saved.meta.id, what))
    });
    let (_, on, _, what) = steps.min_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)))?;
    // The day to reply may be farther away than a next date can be: the need's own day counts.
    let on = if matches!(what, Following::Reply(_)) { Day::MIN } else { on };
    Some((what, on))
}

impl Following {
    /// In words, for whoever holds the need.
    pub fn for_worker(&self) -> String {
        match self {
            Following::Written(what) => what.clone(),
            Following::LookAgain => "Look again: nothing here meets this need yet".into(),
            Following::AskOnce => "Ask once whether they want help with this now".into(),
            Following::Reply(name) => format!("Look for the reply from {name}"),
            Following::Going(name) => format!("{name} said yes: ask how it goes"),
            Following::CameBack(name, Status::Rejected) => {
                format!("{name} said no: choose what comes next")
            }
            Following::CameBack(name, Status::Completed) => format!("Ask how it ended with {name}"),
            Following::CameBack(name, _) => format!("{name} does not go on: choose what comes next"),
            Following::Ended(name) => format!("{name} has ended: ask whether this need is met"),
            Following::Over => "Ask whether this need is met, and what comes next".into(),
        }
    }

    /// In words, for the person. What came back is told by somebody, never by a page.
    pub fn for_person(&self) -> String {
        match self {
            Following::Written(what) => what.clone(),
            Following::LookAgain => "Nothing here meets this yet. We keep looking".into(),
            Following::AskOnce => "We ask you once more".into(),
            Following::Reply(name) => format!("We wait for the reply from {name}"),
            Following::Going(name) => format!("{name} said yes. We ask you how it goes"),
            Following::Ended(name) => format!("{name} has ended. We ask you whether this is met"),
            Following::CameBack(..) | Following::Over => "We talk with you about what comes next".into(),
        }
    }

    /// As a held thing says it.
    pub fn held(&self, on: Day) -> HeldNext {
        HeldNext { what: self.for_worker(), on, at: None }
    }
}
