//! What each move changes.

use crate::id::WorkerId;
use crate::next_date::{NextDate, check_next_date, move_next_date};
use crate::person::Person;
use crate::referral::{
    Answer, Business, Decline, Happened, Offer, Outcome, Party, Question, Referral, Settled, Status,
};
use crate::sending::Checked;
use crate::time::{Day, Instant};

use super::{Move, Mover, Refused, Surroundings};

/// The surroundings, with what is computed from them once.
pub(super) struct Here<'a> {
    pub stamp: Instant,
    pub today: Day,
    pub around: Surroundings<'a>,
}

impl Here<'_> {
    /// Checks a next date that comes with a move.
    fn next(&self, next: &NextDate) -> Result<NextDate, Refused> {
        Ok(check_next_date(&next.what, next.on, self.today, self.around.settings)?)
    }

    /// A next date in place of one that stood before: it has a reason, and a later day
    /// counts until somebody speaks to the person.
    fn moved(&self, r: &Referral, next: &NextDate, why: &str) -> Result<NextDate, Refused> {
        let heard = last_contact(r, self.around.person);
        let (today, settings) = (self.today, self.around.settings);
        Ok(move_next_date(&r.held_next, (&next.what, next.on), why, heard, self.stamp, today, settings)?)
    }
}

/// Changes the referral as the move says.
pub(super) fn make(r: &mut Referral, step: &Move, by: Mover, here: &Here<'_>) -> Result<(), Refused> {
    match step {
        Move::Send(checked) => sent(r, checked, here),
        Move::See => seen(r, here),
        Move::Ask(words) => asked(r, words, here)?,
        Move::Answer(words) => answered(r, words, here)?,
        Move::Accept { worker, next } => accepted(r, *worker, next, here)?,
        Move::Decline(decline) => declined(r, decline, here)?,
        Move::Wait { next } => {
            let new = if r.business == Business::Waiting { "" } else { "Put on the waiting list" };
            r.held_next = here.moved(r, next, next.reason.as_deref().unwrap_or(new))?;
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
            r.held_next = here.moved(r, next, why)?;
            r.status = Status::OnHold;
        }
        Move::Resume { next } => {
            r.held_next = here.moved(r, next, "Going on again")?;
            r.status = Status::InProgress;
        }
        Move::GiveBack { next } => given_back(r, next, here)?,
        Move::SetNext { next, why, spoken } => {
            if *spoken {
                r.spoken_at = Some(here.stamp);
            }
            r.held_next = here.moved(r, next, why)?;
        }
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
    r.question = Some(Question { words, asked_at: here.stamp, answer: None, fact: None });
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

/// The farthest day somebody can be asked to come on.
const FARTHEST_DAYS: i32 = 366;
const TOO_FAR: &str = "That date is too far away. Choose a day within a year";

fn too_far(date: &Offer, here: &Here<'_>) -> bool {
    here.around.calendar.day(date.at) > crate::time::plus_days(here.today, FARTHEST_DAYS)
}

fn offered(r: &mut Referral, dates: &[Offer], next: &NextDate, here: &Here<'_>) -> Result<(), Refused> {
    if dates.is_empty() || dates.iter().any(|d| d.at <= here.around.now) {
        return Err(Refused::Missing("Offer at least one date, and none in the past"));
    }
    if dates.iter().any(|d| too_far(d, here)) {
        return Err(Refused::Missing(TOO_FAR));
    }
    r.held_next = here.moved(r, next, "Dates were offered")?;
    r.offered = dates.to_vec();
    r.none_good = None;
    r.business = Business::DateOffered;
    Ok(())
}

fn agreed(r: &mut Referral, date: &Offer, by: Mover, here: &Here<'_>) -> Result<(), Refused> {
    if date.at <= here.around.now {
        return Err(Refused::Missing("That date has passed"));
    }
    if too_far(date, here) {
        return Err(Refused::Missing(TOO_FAR));
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
    // A date is agreed with the person.
    r.spoken_at = Some(here.stamp);
    r.agreed = Some(date.clone());
    r.none_good = None;
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
    r.spoken_at = Some(here.stamp);
    r.status = Status::InProgress;
    r.business = business;
    r.first_came_at = Some(r.first_came_at.map_or(at, |first| first.min(at)));
    r.could_not_come = 0;
    r.could_not_come_at = None;
    r.agreed = None;
    r.none_good = None;
    Ok(())
}

fn could_not_come(r: &mut Referral, at: Instant, next: &NextDate, here: &Here<'_>) -> Result<(), Refused> {
    happened(at, r, here)?;
    if here.around.person.away_on(here.around.calendar.day(at)) {
        return Err(Refused::Away);
    }
    let day = here.around.calendar.day(at);
    expected_then(r, day, here)?;
    r.missed_on = Some(day);
    // The day has come and gone: this is no move of it, and no contact either.
    let moves = r.held_next.moves_without_contact;
    let moved_at = r.held_next.moved_at;
    r.held_next = NextDate { moves_without_contact: moves, moved_at, ..here.next(next)? };
    r.business = Business::CouldNotCome;
    r.could_not_come = r.could_not_come.saturating_add(1);
    r.could_not_come_at = Some(here.stamp);
    r.agreed = None;
    if r.could_not_come >= 2 {
        r.held_next = tell_them(here);
    }
    Ok(())
}

/// Somebody can only miss a day that was agreed with them, or a day of help that has begun; and a
/// day once.
fn expected_then(r: &Referral, day: Day, here: &Here<'_>) -> Result<(), Refused> {
    let agreed = r.agreed.as_ref().map(|date| here.around.calendar.day(date.at));
    match agreed {
        _ if r.missed_on == Some(day) => Err(Refused::Missing("That day is written down already")),
        Some(agreed) if day < agreed => Err(Refused::Missing("That day is before the one that was agreed")),
        None if r.first_came_at.is_none() => Err(Refused::Missing(
            "No date was agreed with them, so there was none to miss. Offer dates, or ask whoever sent them",
        )),
        _ => Ok(()),
    }
}

fn given_back(r: &mut Referral, next: &NextDate, here: &Here<'_>) -> Result<(), Refused> {
    if r.could_not_come < 2 {
        return Err(Refused::Missing("It is already theirs"));
    }
    r.held_next = here.next(next)?;
    r.spoken_at = Some(here.stamp);
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
    // What went without their agreement is told on its own, by somebody who says so.
    if r.person_may_see() {
        r.told_person = Some(here.stamp);
    }
    Ok(())
}

fn ended(r: &mut Referral, status: Status, by: Party, here: &Here<'_>) {
    r.status = status;
    r.ended_at = Some(here.stamp);
    r.ended_by = Some(by);
    r.agreed = None;
    r.none_good = None;
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

/// When anybody last spoke to the person, about this or anything else.
pub(super) fn last_contact(r: &Referral, person: &Person) -> Option<Instant> {
    r.contact_at().max(person.heard_at)
}

/// Would this end the referral with no help given?
pub(super) fn ends_without_help(step: &Move) -> bool {
    match step {
        Move::Cancel { .. } | Move::Fail { .. } => true,
        Move::End { outcome } => outcome.as_ref().is_none_or(|o| o.happened == Happened::No),
        _ => false,
    }
}

/// The latest moment this referral knows of.
pub(super) fn last_stamp(r: &Referral) -> Instant {
    [r.requested_at, r.seen_at, r.accepted_at, r.could_not_come_at, r.ended_at, r.receiver_moved_at]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(Instant(i64::MIN))
}

fn some_words(words: &str, missing: &'static str) -> Result<String, Refused> {
    let words = words.trim();
    if words.is_empty() { Err(Refused::Missing(missing)) } else { Ok(words.to_owned()) }
}
