//! The referral machine: who may do what in which state.
//!
//! States and actors are those of HL7's SDOH Clinical Care referral task (IG 3.0.0,
//! referral workflow and the state diagram, CC0). What happens inside "accepted" and
//! "in progress" is business status and follows the same table: a business move is
//! legal in the states named in [`who_may`]. An illegal move and a move by the wrong
//! side are different refusals, because the first is about the referral and the second
//! about who you are.

use crate::id::WorkerId;
use crate::next_date::{BadNextDate, NextDate, check_next_date};
use crate::person::Whereabouts;
use crate::referral::{
    Answer, Business, Decline, Happened, Offer, Outcome, Party, Question, Referral, Settled, Status,
};
use crate::sending::Checked;
use crate::settings::Settings;
use crate::time::{Calendar, Day, Instant};

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
    /// On the waiting list, with the day of the next check-in.
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
    /// A new next date, already checked by `next_date::move_next_date`.
    SetNext(NextDate),
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
            Move::SetNext(_) => MoveKind::SetNext,
            Move::EnterInError { .. } => MoveKind::EnterInError,
        }
    }
}

/// Which sides may make this move in this state; nobody when it is illegal. The person
/// is on neither side: by the guide, a person's app never changes the referral itself.
/// A person who stops a referral does so through [`stopped_by_person`].
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
    /// Where the person is.
    pub whereabouts: &'a Whereabouts,
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
    /// In hospital or prison it is never "could not come".
    #[error(
        "They are in hospital or prison. That is never \u{201c}could not come\u{201d}. Pause it: their place is kept"
    )]
    Away,
    /// Not coming is never the only reason to end help.
    #[error(
        "Not coming is never a reason to end help. Offer another date, or pause it. After two times the one who asked takes it up with the person"
    )]
    NotComing,
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
/// count a stay in hospital or prison against the person.
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
    if by.party == Party::Target && referral.business == Business::CouldNotCome && ends_without_help(step) {
        return Err(Refused::NotComing);
    }
    // A clock that was set back never makes a wait negative.
    let stamp = around.now.max(last_stamp(referral));
    let mut r = referral.clone();
    make(&mut r, step, by, &Here { stamp, today: around.calendar.day(around.now), around })?;
    Ok(r)
}

/// The surroundings, with what is computed from them once.
struct Here<'a> {
    stamp: Instant,
    today: Day,
    around: Surroundings<'a>,
}

impl Here<'_> {
    /// Checks a next date that comes with a move.
    fn next(&self, next: &NextDate) -> Result<NextDate, Refused> {
        check_next_date(&next.what, next.on, self.today, self.around.settings)?;
        Ok(next.clone())
    }
}

fn make(r: &mut Referral, step: &Move, by: Mover, here: &Here<'_>) -> Result<(), Refused> {
    match step {
        Move::Send(checked) => sent(r, checked, here),
        Move::See => seen(r, here),
        Move::Ask(words) => asked(r, words, here)?,
        Move::Answer(words) => answered(r, words, here)?,
        Move::Accept { worker, next } => accepted(r, *worker, next, here)?,
        Move::Decline(decline) => declined(r, decline, here)?,
        Move::Wait { next } => {
            r.held_next = here.next(next)?;
            r.business = Business::Waiting;
        }
        Move::OfferDates { dates, next } => offered(r, dates, next, here)?,
        Move::AgreeDate(date) => agreed(r, date, by, here)?,
        Move::Came { at, next } => came(r, *at, next, Business::Came, here)?,
        Move::Start { at, next } => {
            came(r, *at, next, Business::Started, here)?;
            r.started_at = r.started_at.or(Some(*at));
        }
        Move::CouldNotCome { at, next } => could_not_come(r, *at, next, here)?,
        Move::Hold { why, next } => {
            r.reason = Some(some_words(why, "Say why it is paused")?);
            r.held_next = here.next(next)?;
            r.status = Status::OnHold;
        }
        Move::Resume { next } => {
            r.held_next = here.next(next)?;
            r.status = Status::InProgress;
        }
        Move::GiveBack { next } => given_back(r, next, here)?,
        Move::SetNext(next) => r.held_next = here.next(next)?,
        Move::Cancel { why } => cancelled(r, why, by, here)?,
        Move::End { outcome } => {
            r.outcome = outcome.clone();
            ended(r, Status::Completed, by.party, here);
        }
        Move::Fail { why } => {
            r.reason = Some(some_words(why, "Say why it ended without help")?);
            ended(r, Status::Failed, by.party, here);
        }
        Move::EnterInError { why } => {
            r.reason = Some(some_words(why, "Say what the mistake was")?);
            ended(r, Status::EnteredInError, by.party, here);
        }
        Move::Tell(outcome) => told(r, outcome)?,
        Move::Settle { next } => settled(r, next, by, here)?,
    }
    Ok(())
}

fn sent(r: &mut Referral, checked: &Checked, here: &Here<'_>) {
    r.packet = checked.packet().clone();
    r.basis = checked.basis().clone();
    r.reply_by = checked.reply_by();
    r.status = Status::Requested;
    r.requested_at = Some(here.stamp);
    r.held_next = NextDate::new("Reply", r.reply_by);
}

fn seen(r: &mut Referral, here: &Here<'_>) {
    if r.business == Business::None {
        r.business = Business::Seen;
    }
    r.seen_at = r.seen_at.or(Some(here.stamp));
}

fn asked(r: &mut Referral, words: &str, here: &Here<'_>) -> Result<(), Refused> {
    let words = some_words(words, "Write the question")?;
    r.question = Some(Question { words, asked_at: here.stamp, answer: None });
    seen(r, here);
    Ok(())
}

fn answered(r: &mut Referral, words: &str, here: &Here<'_>) -> Result<(), Refused> {
    let question = r.question.as_mut().filter(|q| q.answer.is_none());
    let question = question.ok_or(Refused::Missing("There is no question to answer"))?;
    question.answer = Some(Answer { words: some_words(words, "Write the answer")?, at: here.stamp });
    if r.status == Status::Requested {
        // The time the sender took is not taken from the receiver.
        r.reply_by = r.reply_by.max(here.around.calendar.plus_working(here.today, 2));
        r.held_next = NextDate::new("Reply", r.reply_by);
    }
    Ok(())
}

fn accepted(
    r: &mut Referral,
    worker: Option<WorkerId>,
    next: &NextDate,
    here: &Here<'_>,
) -> Result<(), Refused> {
    r.held_next = here.next(next)?;
    r.status = Status::Accepted;
    r.receiver.worker = worker;
    r.accepted_at = Some(here.stamp);
    seen(r, here);
    Ok(())
}

fn declined(r: &mut Referral, decline: &Decline, here: &Here<'_>) -> Result<(), Refused> {
    some_words(&decline.words, "Write a few kind words: the person will read them")?;
    r.decline = Some(decline.clone());
    ended(r, Status::Rejected, Party::Target, here);
    Ok(())
}

fn offered(r: &mut Referral, dates: &[Offer], next: &NextDate, here: &Here<'_>) -> Result<(), Refused> {
    if dates.is_empty() || dates.iter().any(|d| d.at <= here.around.now) {
        return Err(Refused::Missing("Offer at least one date, and none in the past"));
    }
    r.held_next = here.next(next)?;
    r.offered = dates.to_vec();
    r.business = Business::DateOffered;
    Ok(())
}

fn agreed(r: &mut Referral, date: &Offer, by: Mover, here: &Here<'_>) -> Result<(), Refused> {
    if date.at <= here.around.now {
        return Err(Refused::Missing("That date has passed"));
    }
    if by.party == Party::Requester && !r.offered.contains(date) {
        return Err(Refused::Missing("Choose one of the dates that were offered"));
    }
    // A date that is further off than a next date can be is looked at again before.
    let on = here.around.calendar.day(date.at);
    let latest = crate::next_date::latest(here.today, here.around.settings);
    r.held_next = if on <= latest {
        NextDate::new("See them on the agreed date", on)
    } else {
        NextDate::new("Check that the agreed date still stands, and say something to them", latest)
    };
    r.agreed = Some(date.clone());
    r.offered.clear();
    r.business = Business::DateAgreed;
    Ok(())
}

fn came(
    r: &mut Referral,
    at: Instant,
    next: &NextDate,
    business: Business,
    here: &Here<'_>,
) -> Result<(), Refused> {
    happened(at, r, here)?;
    r.held_next = here.next(next)?;
    r.status = Status::InProgress;
    r.business = business;
    r.first_came_at = Some(r.first_came_at.map_or(at, |first| first.min(at)));
    r.could_not_come = 0;
    r.could_not_come_at = None;
    r.agreed = None;
    Ok(())
}

fn could_not_come(r: &mut Referral, at: Instant, next: &NextDate, here: &Here<'_>) -> Result<(), Refused> {
    happened(at, r, here)?;
    if away_at(here.around.whereabouts, here.around.calendar.day(at)) {
        return Err(Refused::Away);
    }
    r.held_next = here.next(next)?;
    r.business = Business::CouldNotCome;
    r.could_not_come = r.could_not_come.saturating_add(1);
    r.could_not_come_at = Some(here.stamp);
    r.agreed = None;
    if r.could_not_come >= 2 {
        r.held_next = tell_them(here);
    }
    Ok(())
}

fn given_back(r: &mut Referral, next: &NextDate, here: &Here<'_>) -> Result<(), Refused> {
    if r.could_not_come < 2 {
        return Err(Refused::Missing("It is already theirs"));
    }
    r.held_next = here.next(next)?;
    r.could_not_come = 0;
    r.could_not_come_at = None;
    r.business = if r.first_came_at.is_some() { Business::Started } else { Business::Waiting };
    Ok(())
}

fn cancelled(r: &mut Referral, why: &str, by: Mover, here: &Here<'_>) -> Result<(), Refused> {
    let why = some_words(why, "Say why it is taken back")?;
    ended(r, Status::Cancelled, by.party, here);
    if by.party == Party::Requester {
        // Whoever takes it back knows why; the need keeps its own next date.
        r.settled = Some(Settled { at: here.stamp, by: by.worker, next: why.clone() });
    }
    r.reason = Some(why);
    Ok(())
}

fn told(r: &mut Referral, outcome: &Outcome) -> Result<(), Refused> {
    if r.outcome.is_some() {
        return Err(Refused::Missing("How it ended has been said already"));
    }
    r.outcome = Some(outcome.clone());
    Ok(())
}

fn settled(r: &mut Referral, next: &str, by: Mover, here: &Here<'_>) -> Result<(), Refused> {
    if r.closed() {
        return Err(Refused::Missing("It is settled already"));
    }
    let next = some_words(next, "Say what the next step is")?;
    r.settled = Some(Settled { at: here.stamp, by: by.worker, next });
    r.told_person = Some(here.stamp);
    Ok(())
}

/// The person stops a referral: it is taken back on the asking side, and nothing is left
/// to settle, because they decided it themselves.
///
/// # Errors
/// It has ended already, or was never sent.
pub fn stopped_by_person(referral: &Referral, around: Surroundings<'_>) -> Result<Referral, Refused> {
    let by = Mover { party: Party::Requester, worker: None };
    let step = Move::Cancel { why: "The person stopped it".into() };
    let mut r = apply(referral, &step, by, around)?;
    r.ended_by = Some(Party::Person);
    r.told_person = r.ended_at;
    Ok(r)
}

fn ended(r: &mut Referral, status: Status, by: Party, here: &Here<'_>) {
    r.status = status;
    r.ended_at = Some(here.stamp);
    r.ended_by = Some(by);
    r.agreed = None;
    r.offered.clear();
    r.held_next = tell_them(here);
}

/// "The holder has a working day to tell the person with a next step ready."
fn tell_them(here: &Here<'_>) -> NextDate {
    NextDate::new("Tell them, with a next step ready", here.around.calendar.plus_working(here.today, 1))
}

/// Something said to have happened: after it was sent, and not in the future.
fn happened(at: Instant, r: &Referral, here: &Here<'_>) -> Result<(), Refused> {
    if at > here.around.now {
        return Err(Refused::Missing("That is in the future"));
    }
    if r.requested_at.is_some_and(|sent| at < sent) {
        return Err(Refused::Missing("That is before it was sent"));
    }
    Ok(())
}

fn away_at(whereabouts: &Whereabouts, day: Day) -> bool {
    match whereabouts {
        Whereabouts::Hospital { since, .. } | Whereabouts::Prison { since, .. } => *since <= day,
        _ => false,
    }
}

/// Would this end the referral with no help given?
fn ends_without_help(step: &Move) -> bool {
    match step {
        Move::Cancel { .. } | Move::Fail { .. } => true,
        Move::End { outcome } => outcome.as_ref().is_none_or(|o| o.happened == Happened::No),
        _ => false,
    }
}

/// The latest moment this referral knows of.
fn last_stamp(r: &Referral) -> Instant {
    [r.requested_at, r.seen_at, r.accepted_at, r.could_not_come_at, r.ended_at]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(Instant(i64::MIN))
}

fn some_words(words: &str, missing: &'static str) -> Result<String, Refused> {
    let words = words.trim();
    if words.is_empty() { Err(Refused::Missing(missing)) } else { Ok(words.to_owned()) }
}

/// What the parts say about the whole (one need, several services).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whole {
    /// The parts say nothing; it stays as it is.
    Stays,
    /// The whole is in this state.
    Is(Status),
    /// Every part has ended, some taken back and none with help: somebody decides. A
    /// whole is never silently taken back.
    Decide,
}

/// The state of a parent referral from its children: going on when any child is;
/// completed only when every child has ended and at least one is completed; failed when
/// all failed or were declined (HL7 SDOH workflows, "indirect").
pub fn parent_status(children: &[Status]) -> Whole {
    let parts: Vec<Status> = children.iter().copied().filter(|s| *s != Status::EnteredInError).collect();
    let any = |s: Status| parts.contains(&s);
    if parts.is_empty() {
        return Whole::Stays;
    }
    if parts.iter().all(|s| s.terminal()) {
        return match () {
            () if any(Status::Completed) => Whole::Is(Status::Completed),
            () if any(Status::Cancelled) => Whole::Decide,
            () => Whole::Is(Status::Failed),
        };
    }
    match () {
        () if any(Status::InProgress) || any(Status::Completed) => Whole::Is(Status::InProgress),
        () if any(Status::Accepted) => Whole::Is(Status::Accepted),
        () if any(Status::Requested) => Whole::Is(Status::Requested),
        () if any(Status::OnHold) => Whole::Is(Status::OnHold),
        () => Whole::Stays,
    }
}
