//! Where a referral stands, in words: one place for every page that says it.

use crate::telling_outside::LinkMail;
use kith_domain::clock::{Wait, partner_wait};
use kith_domain::consent::{Basis, HowGiven, Present};
use kith_domain::moves::MoveKind;
use kith_domain::next_date::words_of;
use kith_domain::referral::{Business, Happened, Helped, Offer, Party, Referral, Status};
use kith_domain::text::{capitalised, lower};
use kith_domain::time::{Calendar, Day, Instant};

/// A state as pages show it: the words, and the class of its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// In words, one or two sentences.
    pub words: String,
    /// A few words for a list.
    pub short: String,
    /// `open`, `waiting`, `attention`, `done` or `quiet`.
    pub tone: &'static str,
}

fn state(words: impl Into<String>, short: &str, tone: &'static str) -> State {
    State { words: words.into(), short: short.to_owned(), tone }
}

/// How it stands, for the side that asks.
pub fn for_worker(r: &Referral, today: Day, calendar: &Calendar) -> State {
    let them = &r.service_name;
    let asked = r.question.as_ref().is_some_and(|q| q.answer.is_none()) && !r.status.terminal();
    match r.status {
        Status::Draft => state("It has not been sent.", "Not sent", "quiet"),
        _ if asked => {
            state(format!("{them} asked something and waits for an answer."), "A question", "attention")
        }
        Status::Requested if r.reply_by < today => {
            state(format!("{them} did not reply by {}.", words_of(r.reply_by)), "No reply", "attention")
        }
        Status::Requested if r.business == Business::Seen => state(
            format!("Somebody at {them} has read it. They reply by {}.", words_of(r.reply_by)),
            "Read",
            "open",
        ),
        Status::Requested => {
            state(format!("Sent. {them} replies by {}.", words_of(r.reply_by)), "Sent", "open")
        }
        Status::Accepted | Status::InProgress => going_on(r, calendar),
        Status::OnHold => {
            let why = r.reason.clone().unwrap_or_default();
            state(format!("Paused: {why}. The place is kept."), "Paused", "waiting")
        }
        Status::Rejected => {
            let reason = r.decline.as_ref().map_or("no reason given", |d| d.reason.title());
            state(
                format!("{them} said no: {}.", lower(reason)),
                "They said no",
                if r.closed() { "quiet" } else { "attention" },
            )
        }
        Status::Cancelled => {
            state(taken_back(r), "Taken back", if r.closed() { "quiet" } else { "attention" })
        }
        Status::Failed => {
            let why = r.reason.clone().unwrap_or_default();
            state(
                format!("It ended without help: {why}."),
                "Ended without help",
                if r.closed() { "quiet" } else { "attention" },
            )
        }
        Status::Completed if r.outcome.is_none() && !r.closed() => {
            state("It ended, and nobody has said how.", "Ended, not said how", "attention")
        }
        Status::Completed => state("It has ended.", "Ended", "done"),
        Status::EnteredInError => state("It was written by mistake.", "A mistake", "quiet"),
    }
}

fn going_on(r: &Referral, calendar: &Calendar) -> State {
    let them = &r.service_name;
    match r.business {
        _ if r.could_not_come >= 2 => state(
            "They could not come twice. Speak to them about what would help.",
            "Could not come twice",
            "attention",
        ),
        _ if r.none_good.is_some() => state(
            format!("None of the dates was good for them. {}{them} offers others.", would_suit(r)),
            "No date was good",
            "open",
        ),
        Business::None | Business::Seen => state(format!("{them} said yes."), "They said yes", "open"),
        Business::Waiting => {
            state(format!("{them} said yes. They are on the waiting list."), "On the waiting list", "waiting")
        }
        Business::DateOffered => state(format!("{them} offered a date."), "A date was offered", "attention"),
        Business::DateAgreed => {
            let when = r.agreed.as_ref().map(|o| offer(o, calendar)).unwrap_or_default();
            state(format!("A date is agreed: {when}."), "A date is agreed", "open")
        }
        Business::Came => state("They came.", "Came", "open"),
        Business::CouldNotCome => {
            state("They could not come. Another date follows.", "Could not come", "waiting")
        }
        Business::Started => state("Help has started.", "Going on", "open"),
    }
}

/// How it stands, for the side that is asked: "you" is the reader, "they" is the person.
pub fn for_receiver(r: &Referral, today: Day, calendar: &Calendar) -> State {
    let why = || r.reason.as_deref().unwrap_or_default().trim_end_matches('.').to_owned();
    let asked = r.question.as_ref().is_some_and(|q| q.answer.is_none()) && !r.status.terminal();
    match r.status {
        _ if asked => state("You asked something, and wait for the answer.", "You asked", "waiting"),
        Status::Requested if r.reply_by < today => {
            state(format!("It waits for your answer since {}.", words_of(r.reply_by)), "Late", "attention")
        }
        Status::Requested => state("It waits for your answer.", "New", "open"),
        Status::Accepted | Status::InProgress if r.could_not_come < 2 => match r.business {
            _ if r.none_good.is_some() => state(
                format!("None of your dates is good for them. {}Offer others.", would_suit(r)),
                "None of the dates is good",
                "attention",
            ),
            Business::None | Business::Seen => state("You said yes.", "You said yes", "open"),
            Business::Waiting => {
                state("You said yes. They are on your waiting list.", "On your waiting list", "waiting")
            }
            Business::DateOffered => state("You offered a date.", "You offered a date", "waiting"),
            Business::CouldNotCome => {
                state("They could not come. Offer them another date.", "Could not come", "attention")
            }
            _ => going_on(r, calendar),
        },
        Status::Accepted | Status::InProgress => state(
            "They could not come twice. Whoever asked speaks to them about what would help.",
            "Could not come twice",
            "waiting",
        ),
        Status::OnHold => {
            state(format!("You paused it: {}. Their place is kept.", why()), "Paused", "waiting")
        }
        Status::Rejected => {
            let reason = r.decline.as_ref().map_or("no reason given", |d| d.reason.title());
            state(format!("You said no: {}.", lower(reason)), "You said no", "quiet")
        }
        Status::Cancelled => {
            let who = match r.ended_by {
                Some(Party::Target) => "You took it back",
                Some(Party::Person) => return state("The person stopped it.", "They stopped it", "quiet"),
                _ => "Whoever asked took it back",
            };
            state(format!("{who}: {}.", why()), "Taken back", "quiet")
        }
        Status::Failed => {
            state(format!("You ended it without help: {}.", why()), "Ended without help", "quiet")
        }
        Status::Completed if r.outcome.is_none() && !r.closed() => {
            state("It has ended. Say how it ended.", "Ended, not said how", "attention")
        }
        Status::Draft | Status::Completed | Status::EnteredInError => for_worker(r, today, calendar),
    }
}

/// What would suit the person, in their words, as a sentence before others.
fn would_suit(r: &Referral) -> String {
    match r.none_good.as_ref().and_then(|none| none.words.as_deref()) {
        Some(words) => format!("They wrote: \u{201c}{words}\u{201d}. "),
        None => String::new(),
    }
}

fn taken_back(r: &Referral) -> String {
    let who = match r.ended_by {
        Some(Party::Person) => "The person stopped it",
        Some(Party::Target) => "They took it back",
        _ => "You took it back",
    };
    match r.reason.as_deref() {
        Some(why) if r.ended_by != Some(Party::Person) => format!("{who}: {}.", why.trim_end_matches('.')),
        _ => format!("{who}."),
    }
}

/// How it stands, for the person: plain, and never their fault.
pub fn for_person(r: &Referral, today: Day, calendar: &Calendar) -> State {
    let them = &r.service_name;
    match r.status {
        Status::Draft | Status::EnteredInError => state("Nothing has been sent.", "Not sent", "quiet"),
        Status::Requested if r.reply_by < today => state(
            format!("{them} has not answered yet. Your navigator is looking into it."),
            "No answer yet",
            "waiting",
        ),
        Status::Requested => {
            state(format!("We asked {them}. They answer by {}.", words_of(r.reply_by)), "Asked", "open")
        }
        Status::Accepted | Status::InProgress => match r.business {
            _ if r.none_good.is_some() => state(
                format!("You said that none of the dates is good. {them} offers you others."),
                "Other dates follow",
                "waiting",
            ),
            Business::Waiting => {
                state(format!("{them} said yes. You are on their waiting list."), "Waiting", "waiting")
            }
            Business::DateOffered => state(format!("{them} offered you a date."), "A date for you", "open"),
            Business::DateAgreed => {
                let when = r.agreed.as_ref().map(|o| offer(o, calendar)).unwrap_or_default();
                state(format!("You have a date: {when}."), "You have a date", "open")
            }
            Business::CouldNotCome => state(
                "It did not work out that day. That is all right. They offer you another day.",
                "Another day",
                "waiting",
            ),
            Business::Came | Business::Started => {
                state(format!("{them} is helping you."), "Going on", "open")
            }
            Business::None | Business::Seen => state(format!("{them} said yes."), "They said yes", "open"),
        },
        Status::OnHold => state(format!("{them} has paused this. Your place is kept."), "Paused", "waiting"),
        Status::Rejected => state(
            format!("{them} cannot help with this. Your navigator talks with you about what comes next."),
            "They cannot help",
            "quiet",
        ),
        Status::Cancelled if r.ended_by == Some(Party::Person) => {
            state("You stopped this.", "You stopped it", "quiet")
        }
        Status::Cancelled => state("This was taken back.", "Taken back", "quiet"),
        Status::Failed => {
            state("This ended. Your navigator talks with you about what comes next.", "Ended", "quiet")
        }
        Status::Completed => state("This has ended.", "Ended", "done"),
    }
}

/// How long it has been, as a sentence; none when it was not sent.
pub fn wait(r: &Referral, now: Instant, calendar: &Calendar) -> Option<String> {
    let days = |n: u32| match n {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        n => format!("{n} days ago"),
    };
    let over = |n: u32| match n {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    };
    let after = |n: u32| if n == 0 { "on the same day".to_owned() } else { format!("after {}", over(n)) };
    let wait = partner_wait(r, now, calendar);
    let asked = match wait.to_answer {
        Wait::NotStarted => return None,
        Wait::Still(n) => format!("Asked {}. No answer yet.", days(n)),
        Wait::Over(n) => format!("Answered {}.", after(n)),
        Wait::Without(n) => format!("No answer in {}.", over(n)),
    };
    Some(match wait.to_first {
        Wait::Over(n) => format!("{asked} First came {}.", after(n)),
        Wait::Still(n) if r.accepted_at.is_some() => format!("{asked} Waiting to start for {}.", over(n)),
        _ => asked,
    })
}

/// "Read aloud, nobody else present".
pub fn given(given: &HowGiven) -> String {
    let how = match &given.interpreter {
        Some(who) => format!("{} ({who})", capitalised(given.how.title())),
        None => capitalised(given.how.title()),
    };
    match Present::of(&given.present) {
        Present::Nobody => format!("{how}, nobody else present"),
        Present::Somebody(who) => format!("{how}, with {who} present"),
        Present::NotKnown => format!("{how}, not known who else was there"),
    }
}

/// Why it is lawful, in a few words.
pub fn basis(basis: &Basis) -> &'static str {
    match basis {
        Basis::Agreement { .. } => "The person agreed",
        Basis::BestInterests(_) => "Best interests, under the Mental Capacity Act",
        Basis::Safeguarding(_) => "Safeguarding",
        Basis::LifeAtRisk(_) => "A life is in danger",
    }
}

/// "Tuesday 1 December 2026 at 10:30am, the library, with Joan".
pub fn offer(offer: &Offer, calendar: &Calendar) -> String {
    let mut words = moment(offer.at, calendar);
    if !offer.place.trim().is_empty() {
        words.push_str(", ");
        words.push_str(offer.place.trim());
    }
    if let Some(with) = offer.with.as_deref().filter(|w| !w.trim().is_empty()) {
        words.push_str(", with ");
        words.push_str(with.trim());
    }
    words
}

/// "Tuesday 1 December 2026 at 10:30am".
pub fn moment(at: Instant, calendar: &Calendar) -> String {
    let here = at.timestamp().to_zoned(calendar.zone().clone());
    let clock = if here.minute() == 0 { here.strftime("%-I%P") } else { here.strftime("%-I:%M%P") };
    format!("{} at {clock}", here.strftime("%A %-d %B %Y"))
}

/// Whether the message with a link has left, and when.
pub fn link_mail(mail: &LinkMail, calendar: &Calendar) -> String {
    match mail {
        LinkMail::Left(at) => format!("The email left on {}.", moment(*at, calendar)),
        LinkMail::Waits(at) => {
            format!("The email has not left yet. It waits since {}.", moment(*at, calendar))
        }
        LinkMail::GivenUp(at) => format!(
            "The email could not be sent, and was given up on {}. Ring them, or send a new link.",
            moment(*at, calendar)
        ),
        LinkMail::Stopped => "The email did not leave: it was not safe to send it. Ring them.".into(),
        LinkMail::None => "No email was sent: no address is known, or it is not safe. Ring them.".into(),
    }
}

/// Did it help, in words.
pub fn helped(helped: Helped) -> &'static str {
    match helped {
        Helped::Yes => "It helped",
        Helped::ABit => "It helped a bit",
        Helped::No => "It did not help",
        Helped::NotSaid => "They did not say whether it helped",
    }
}

/// Did it happen, in words.
pub fn happened(happened: Happened) -> &'static str {
    match happened {
        Happened::Yes => "What was asked for happened",
        Happened::Partly => "What was asked for happened in part",
        Happened::No => "What was asked for did not happen",
    }
}

/// What the journal calls a move.
pub(crate) fn action_word(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Send => "referral sent",
        MoveKind::See => "referral read",
        MoveKind::Ask => "referral question asked",
        MoveKind::Answer => "referral question answered",
        MoveKind::Accept => "referral accepted",
        MoveKind::Wait => "referral on the waiting list",
        MoveKind::OfferDates => "referral dates offered",
        MoveKind::AgreeDate => "referral date agreed",
        MoveKind::Came => "referral came",
        MoveKind::CouldNotCome => "referral could not come",
        MoveKind::Start => "referral help started",
        MoveKind::Decline => "referral declined",
        MoveKind::Cancel => "referral taken back",
        MoveKind::Hold => "referral paused",
        MoveKind::Resume => "referral going on again",
        MoveKind::End => "referral ended",
        MoveKind::Fail => "referral ended without help",
        MoveKind::Tell => "referral outcome told",
        MoveKind::Settle => "referral settled",
        MoveKind::GiveBack => "referral given back",
        MoveKind::SetNext => "referral next date set",
        MoveKind::EnterInError => "referral a mistake",
    }
}

/// What the story says of a journal entry.
pub fn happening(action: &str) -> String {
    let words = match action {
        "referral sent" => "Sent",
        "referral read" => "Read by the team that was asked",
        "referral question asked" => "They asked something",
        "referral question answered" => "The question was answered",
        "referral accepted" => "They said yes",
        "referral on the waiting list" => "Put on the waiting list",
        "referral dates offered" => "Dates offered",
        "referral date agreed" => "A date agreed",
        "referral decision confirmed" => "Whoever decided confirmed it",
        "referral decision confirmed to us" => "Whoever decided confirmed it to us",
        "referral no date good" => "None of the dates was good",
        "referral came" => "Came",
        "referral could not come" => "Could not come",
        "referral help started" => "Help started",
        "referral declined" => "They said no",
        "referral taken back" => "Taken back",
        "referral paused" => "Paused",
        "referral going on again" => "Going on again",
        "referral ended" => "Ended",
        "referral ended without help" => "Ended without help",
        "referral outcome told" => "How it ended was said",
        "referral settled" => "The person was told, and a next step chosen",
        "referral given back" => "Spoken to them, and given back",
        "referral next date set" => "A new next date",
        "referral person told" => "The person was told",
        "referral person not told" => "Written down why the person is not told",
        "referral decision looked at" => "The decision was looked at again",
        "referral message back" => "Messages back decided",
        other => return capitalised(other.strip_prefix("referral ").unwrap_or(other)),
    };
    words.to_owned()
}
