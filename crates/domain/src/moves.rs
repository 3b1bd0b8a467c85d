//! The referral machine: who may do what in which state.
//!
//! States and actors are those of HL7's SDOH Clinical Care referral task (IG 3.0.0,
//! referral workflow and the state diagram, CC0). What happens inside "accepted" and
//! "in progress" is business status and follows the same table: a business move is
//! legal in the states named in [`who_may`]. An illegal move and a move by the wrong
//! side are different refusals, because the first is about the referral and the second
//! about who you are.

mod by_person;
mod make;
mod whole;

pub use by_person::{date_agreed_by_person, no_date_good, stopped_by_person};
pub use whole::{Whole, parent_status};

use make::{Here, ends_without_help, last_contact, last_stamp, make};

use crate::id::WorkerId;
use crate::next_date::{BadNextDate, NextDate};
use crate::person::Person;
use crate::referral::{Decline, Offer, Outcome, Party, Referral, Status};
use crate::sending::Checked;
use crate::settings::Settings;
use crate::time::{Calendar, Instant};

/// Something a side does with a referral.
#[derive(Clone, Debug)]
pub enum Move {
    /// Send it: exactly what was checked.
    Send(Box<Checked>),
    /// The receiver has seen it.
    See,
    /// The receiver needs to know something first.
    Ask(String),
    /// The sender answers.
    Answer(String),
    /// The receiver says yes.
    Accept {
        /// Who takes it on.
        worker: Option<WorkerId>,
        /// What they do next.
        next: NextDate,
    },
    /// On the waiting list, with the day of the next check-in. For one who is on it
    /// already the next date says why it is moved.
    Wait {
        /// The check-in.
        next: NextDate,
    },
    /// Dates are offered.
    OfferDates {
        /// The dates.
        dates: Vec<Offer>,
        /// When somebody asks which one.
        next: NextDate,
    },
    /// A date is agreed. The sender can agree one of those offered, for the person.
    AgreeDate(Offer),
    /// The person came.
    Came {
        /// When.
        at: Instant,
        /// What happens next.
        next: NextDate,
    },
    /// The person could not come.
    CouldNotCome {
        /// To what was agreed for this moment.
        at: Instant,
        /// What the receiver does next.
        next: NextDate,
    },
    /// Help has started.
    Start {
        /// When.
        at: Instant,
        /// What happens next.
        next: NextDate,
    },
    /// The receiver says no, before any work.
    Decline(Decline),
    /// Taken back, by either side.
    Cancel {
        /// Why.
        why: String,
    },
    /// Paused; the place is kept.
    Hold {
        /// Why.
        why: String,
        /// When somebody looks again.
        next: NextDate,
    },
    /// Going on again.
    Resume {
        /// What happens next.
        next: NextDate,
    },
    /// Ended. Without an outcome it is the sender's to find out.
    End {
        /// Did it happen, did it help.
        outcome: Option<Outcome>,
    },
    /// Ended without what was asked for.
    Fail {
        /// Why.
        why: String,
    },
    /// Did it happen, did it help: asked after it ended.
    Tell(Outcome),
    /// The sender has told the person and chosen a next step.
    Settle {
        /// The next step.
        next: String,
    },
    /// After "could not come" twice, the sender has spoken to the person, and the
    /// receiver goes on.
    GiveBack {
        /// What the receiver does next.
        next: NextDate,
    },
    /// Another next date.
    SetNext {
        /// What is done next, and when.
        next: NextDate,
        /// Why it is moved.
        why: String,
        /// Somebody spoke to the person about it just now.
        spoken: bool,
    },
    /// Written by mistake.
    EnterInError {
        /// Why.
        why: String,
    },
}

/// The kinds of move, for tables and for the buttons of a page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "each is described at the move of the same name")]
pub enum MoveKind {
    Send,
    See,
    Ask,
    Answer,
    Accept,
    Wait,
    OfferDates,
    AgreeDate,
    Came,
    CouldNotCome,
    Start,
    Decline,
    Cancel,
    Hold,
    Resume,
    End,
    Fail,
    Tell,
    Settle,
    GiveBack,
    SetNext,
    EnterInError,
}

impl MoveKind {
    /// Does it end a request, or say how it ended? After a death nothing else is done with one.
    pub fn closes(self) -> bool {
        matches!(
            self,
            MoveKind::Decline
                | MoveKind::Cancel
                | MoveKind::End
                | MoveKind::Fail
                | MoveKind::Tell
                | MoveKind::Settle
                | MoveKind::EnterInError
        )
    }

    /// Every kind, once.
    pub const ALL: [MoveKind; 22] = [
        MoveKind::Send,
        MoveKind::See,
        MoveKind::Ask,
        MoveKind::Answer,
        MoveKind::Accept,
        MoveKind::Wait,
        MoveKind::OfferDates,
        MoveKind::AgreeDate,
        MoveKind::Came,
        MoveKind::CouldNotCome,
        MoveKind::Start,
        MoveKind::Decline,
        MoveKind::Cancel,
        MoveKind::Hold,
        MoveKind::Resume,
        MoveKind::End,
        MoveKind::Fail,
        MoveKind::Tell,
        MoveKind::Settle,
        MoveKind::GiveBack,
        MoveKind::SetNext,
        MoveKind::EnterInError,
    ];

    /// What it does, after "you cannot".
    pub fn words(self) -> &'static str {
        match self {
            MoveKind::Send => "send it",
            MoveKind::See => "mark it as seen",
            MoveKind::Ask => "ask a question about it",
            MoveKind::Answer => "answer a question about it",
            MoveKind::Accept => "say yes to it",
            MoveKind::Wait => "put it on the waiting list",
            MoveKind::OfferDates => "offer dates",
            MoveKind::AgreeDate => "agree a date",
            MoveKind::Came => "mark that they came",
            MoveKind::CouldNotCome => "mark that they could not come",
            MoveKind::Start => "mark that help has started",
            MoveKind::Decline => "say no to it",
            MoveKind::Cancel => "take it back",
            MoveKind::Hold => "pause it",
            MoveKind::Resume => "go on with it",
            MoveKind::End => "end it",
            MoveKind::Fail => "end it without help",
            MoveKind::Tell => "say how it ended",
            MoveKind::Settle => "settle it",
            MoveKind::GiveBack => "give it back",
            MoveKind::SetNext => "set its next date",
            MoveKind::EnterInError => "mark it as a mistake",
        }
    }
}

impl Move {
    /// Which kind it is.
    pub fn kind(&self) -> MoveKind {
        match self {
            Move::Send(_) => MoveKind::Send,
            Move::See => MoveKind::See,
            Move::Ask(_) => MoveKind::Ask,
            Move::Answer(_) => MoveKind::Answer,
            Move::Accept { .. } => MoveKind::Accept,
            Move::Wait { .. } => MoveKind::Wait,
            Move::OfferDates { .. } => MoveKind::OfferDates,
            Move::AgreeDate(_) => MoveKind::AgreeDate,
            Move::Came { .. } => MoveKind::Came,
            Move::CouldNotCome { .. } => MoveKind::CouldNotCome,
            Move::Start { .. } => MoveKind::Start,
            Move::Decline(_) => MoveKind::Decline,
            Move::Cancel { .. } => MoveKind::Cancel,
            Move::Hold { .. } => MoveKind::Hold,
            Move::Resume { .. } => MoveKind::Resume,
            Move::End { .. } => MoveKind::End,
            Move::Fail { .. } => MoveKind::Fail,
            Move::Tell(_) => MoveKind::Tell,
            Move::Settle { .. } => MoveKind::Settle,
            Move::GiveBack { .. } => MoveKind::GiveBack,
            Move::SetNext { .. } => MoveKind::SetNext,
            Move::EnterInError { .. } => MoveKind::EnterInError,
        }
    }
}

/// Which sides may make this move in this state; nobody when it is illegal. The person
/// is on neither side: by the guide, a person's app never changes the referral itself.
/// What a person says of their own referral is made a move of the asking side, or read by the
/// one who was asked: [`stopped_by_person`], [`date_agreed_by_person`], [`no_date_good`].
pub fn who_may(status: Status, kind: MoveKind) -> &'static [Party] {
    use MoveKind as M;
    use Party::{Requester, Target};
    use Status as S;
    match (kind, status) {
        (M::EnterInError, S::EnteredInError) => &[],
        (M::EnterInError, _) => &[Requester],

        (M::Send, S::Draft) => &[Requester],
        (M::SetNext, S::Draft) => &[Requester],

        (M::See | M::Accept | M::Decline, S::Requested) => &[Target],

        (M::Cancel, S::Requested | S::Accepted | S::InProgress | S::OnHold) => &[Requester, Target],
        (M::Ask, S::Requested | S::Accepted | S::InProgress | S::OnHold) => &[Target],
        (M::Answer, S::Requested | S::Accepted | S::InProgress | S::OnHold) => &[Requester],

        (M::Wait, S::Accepted) => &[Target],
        (M::OfferDates | M::Came | M::CouldNotCome | M::Start, S::Accepted | S::InProgress) => &[Target],
        (M::AgreeDate, S::Accepted | S::InProgress) => &[Requester, Target],
        (M::GiveBack, S::Accepted | S::InProgress) => &[Requester],
        (M::Hold, S::Accepted | S::InProgress) => &[Target],
        (M::Resume, S::OnHold) => &[Target],
        (M::End | M::Fail, S::Accepted | S::InProgress | S::OnHold) => &[Target],
        (M::SetNext, S::Accepted | S::InProgress | S::OnHold) => &[Requester, Target],

        (M::Tell, S::Completed) => &[Requester, Target],
        (M::Settle, S::Rejected | S::Cancelled | S::Failed | S::Completed) => &[Requester],
        (M::SetNext, S::Rejected | S::Cancelled | S::Failed | S::Completed) => &[Requester],
        _ => &[],
    }
}

/// May a receiver with whom the person has stopped sharing make this move? The place in the
/// queue is kept and they see nothing of the person, so that they can ask the one who sent
/// it, say no, or end it; what needs the person in front of them waits.
pub fn without_packet(kind: MoveKind) -> bool {
    matches!(kind, MoveKind::Ask | MoveKind::Decline | MoveKind::Cancel | MoveKind::End | MoveKind::Tell)
}

/// Who makes a move.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mover {
    /// On which side.
    pub party: Party,
    /// Who, if it is a worker with an account.
    pub worker: Option<WorkerId>,
}

/// What a move needs to know besides the referral.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The moment.
    pub now: Instant,
    /// The calendar of the place.
    pub calendar: &'a Calendar,
    /// The numbers of the partnership.
    pub settings: &'a Settings,
    /// The person: where they are and were, and when anybody last spoke to them.
    pub person: &'a Person,
}

/// Why a move is not made, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// Nobody can do this in this state (an interface answers 422).
    #[error("You cannot {} now: {}", .kind.words(), state_words(*.status))]
    Illegal {
        /// What was tried.
        kind: MoveKind,
        /// In which state.
        status: Status,
    },
    /// Only the other side can do this (an interface answers 403).
    #[error("You cannot {}. {}", .kind.words(), other_side(*.kind))]
    WrongParty {
        /// What was tried.
        kind: MoveKind,
        /// By which side.
        party: Party,
    },
    /// Something is missing from the move itself.
    #[error("{0}")]
    Missing(&'static str),
    /// The next date cannot be taken.
    #[error("{0}")]
    NextDate(#[from] BadNextDate),
    /// In hospital or prison it is never "could not come", and never a reason to end
    /// help. The words do not say where: that is the person's to tell.
    #[error(
        "They are or were away then, and could not choose. That is never \u{201c}could not come\u{201d}, and never a reason to end help. Pause it: their place is kept"
    )]
    Away,
    /// Not coming is never the only reason to end help.
    #[error(
        "Not coming is never a reason to end help. Offer another date, or pause it, and speak to them. After two times the one who asked takes it up with the person"
    )]
    NotComing,
    /// The person died. The words do not say so: who may know it is told by whoever holds the
    /// plan.
    #[error(
        "Do not contact them. Nothing more happens with this request: you can only end it. Whoever asked tells you more"
    )]
    Died,
}

fn state_words(status: Status) -> &'static str {
    match status {
        Status::Draft => "it has not been sent",
        Status::Requested => "nobody has answered it yet",
        Status::Accepted => "it has been answered with yes",
        Status::Rejected => "it has been answered with no",
        Status::Cancelled => "it was taken back",
        Status::InProgress => "help is going on",
        Status::OnHold => "it is paused",
        Status::Failed | Status::Completed => "it has ended",
        Status::EnteredInError => "it was written by mistake",
    }
}

fn other_side(kind: MoveKind) -> &'static str {
    let target = Status::ALL.into_iter().any(|s| who_may(s, kind).contains(&Party::Target));
    let requester = Status::ALL.into_iter().any(|s| who_may(s, kind).contains(&Party::Requester));
    match (requester, target) {
        (true, false) => "Only the one who asked can",
        (false, true) => "Only the one who was asked can",
        _ => "Only the one who asked or was asked can",
    }
}

/// Makes a move: the referral as it is afterwards.
///
/// # Errors
/// The move is illegal in this state, is the other side's, lacks something, or would
/// count a stay in hospital or prison, or not having come, against the person.
pub fn apply(
    referral: &Referral,
    step: &Move,
    by: Mover,
    around: Surroundings<'_>,
) -> Result<Referral, Refused> {
    let kind = step.kind();
    let may = who_may(referral.status, kind);
    if may.is_empty() {
        return Err(Refused::Illegal { kind, status: referral.status });
    }
    if !may.contains(&by.party) {
        return Err(Refused::WrongParty { kind, party: by.party });
    }
    if around.person.died() && !kind.closes() {
        return Err(Refused::Died);
    }
    if by.party == Party::Target && ends_without_help(step) && !around.person.died() {
        never_for_not_coming(referral, around.person)?;
    }
    // A clock that was set back never makes a wait negative.
    let stamp = around.now.max(last_stamp(referral));
    let mut r = referral.clone();
    make(&mut r, step, by, &Here { stamp, today: around.calendar.day(around.now), around })?;
    if by.party == Party::Target && kind != MoveKind::See {
        // After whatever the person was told, also when the clock was set back since.
        let told = r.told_person.map(|told| Instant(told.0.saturating_add(1)));
        r.receiver_moved_at = Some(stamp).max(told);
    }
    Ok(r)
}

/// Before any work a receiver may say no. After their yes they may not end it without
/// help while the person is in hospital or prison, nor after "could not come" before
/// anybody has spoken to the person about that: whatever was offered in between.
fn never_for_not_coming(r: &Referral, person: &Person) -> Result<(), Refused> {
    if person.whereabouts.away() && r.status != Status::Requested {
        return Err(Refused::Away);
    }
    let spoken =
        last_contact(r, person).is_some_and(|at| r.could_not_come_at.is_some_and(|missed| at > missed));
    if r.could_not_come > 0 && !spoken { Err(Refused::NotComing) } else { Ok(()) }
}

/// Everybody was told of a death: what is open ends, taken back by the side that asked, and nothing
/// is left to settle. Taken back with the death, by the version that was before.
///
/// # Errors
/// It has ended already, or was never sent.
pub fn ended_by_death(referral: &Referral, around: Surroundings<'_>) -> Result<Referral, Refused> {
    let by = Mover { party: Party::Requester, worker: None };
    apply(referral, &Move::Cancel { why: "It is not needed any more".into() }, by, around)
}
