//! Taking out words that must not be here: written on the wrong person's record, or held
//! against the law. Two people decide, with a reason, and neither alone.
//!
//! It is done for notes. Afterwards no page, history or packet shows the words, nor a copy made
//! later, nor what was decided about a copy before. That it was done, by whom and why, stands in
//! the journal for good, without them. Nothing is taken out while an inquiry or a court has asked
//! for everything to be kept.

use crate::holding::PartnershipFacts;
use crate::id::RecordId;
use crate::id::{OrganisationId, WorkerId};
use crate::message::Message;
use crate::organisation::{Holder, Membership, WorkRole};
use crate::person::Person;
use crate::plan::Note;
use crate::referral::Referral;
use crate::right::{CopyLine, LineFate, Right};
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

/// What stands where the words were.
pub const GONE: &str = "Words were taken out here.";

/// Why words are taken out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyOut {
    /// They are about somebody else, and were written on this record by mistake.
    WrongPerson,
    /// They are held against the law (UK GDPR, article 17(1)(d)).
    Unlawful,
}

impl WhyOut {
    /// Both.
    pub const ALL: [WhyOut; 2] = [WhyOut::WrongPerson, WhyOut::Unlawful];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            WhyOut::WrongPerson => "wrong_person",
            WhyOut::Unlawful => "unlawful",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            WhyOut::WrongPerson => "It is about somebody else, and was written here by mistake",
            WhyOut::Unlawful => "The law does not let us keep it",
        }
    }
    /// The one with this stored form.
    pub fn from_code(code: &str) -> Option<WhyOut> {
        WhyOut::ALL.into_iter().find(|w| w.code() == code)
    }
}

/// Asked of a second person, on a message of theirs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutAsked {
    /// Why.
    pub why: WhyOut,
    /// Who asks.
    pub by: WorkerId,
}

/// Something asks for everything about somebody to be kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeepAll {
    /// Which inquiry or court, and its reference.
    pub what: String,
    /// Who wrote it down.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// When it ended.
    pub ended: Option<Instant>,
}

/// Why it is not taken out, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotOut {
    /// An inquiry or a court.
    #[error("Nothing is taken out while this asks for everything to be kept: {0}")]
    Kept(String),
    /// No reason.
    #[error("Write why it has to be taken out, without repeating the words themselves")]
    NoWords,
    /// Not somebody who may be the second person.
    #[error("Choose a colleague of the same organisation who leads there, and is not you")]
    NotASecond,
    /// The same person.
    #[error("You asked for this. Somebody else has to agree")]
    YouAsked,
    /// Nobody asked.
    #[error("Nobody asks for this any more")]
    NotAsked,
    /// No name of the inquiry or court.
    #[error("Write which inquiry or court it is, and its reference")]
    NoName,
    /// No such inquiry or court.
    #[error("This ended already")]
    NoKeep,
    /// It is sealed.
    #[error(
        "This is sealed, and cannot be taken out here. Somebody who may open it can make it less private first"
    )]
    Sealed,
}

/// An inquiry or a court asks for everything about them to be kept.
///
/// # Errors
/// It has no name.
pub fn keep_all(person: &Person, what: &str, by: WorkerId, at: Instant) -> Result<Person, NotOut> {
    let what = what.trim();
    if what.is_empty() {
        return Err(NotOut::NoName);
    }
    let mut after = person.clone();
    after.keep_all.push(KeepAll { what: what.to_owned(), by, at, ended: None });
    Ok(after)
}

/// It asks no more.
///
/// # Errors
/// There is none such, or it ended before.
pub fn keep_no_more(person: &Person, which: usize, at: Instant) -> Result<Person, NotOut> {
    let mut after = person.clone();
    match after.keep_all.get_mut(which) {
        Some(keep) if keep.ended.is_none() => keep.ended = Some(at),
        _ => return Err(NotOut::NoKeep),
    }
    Ok(after)
}

/// Days for which an inquiry or court that asks no more is shown to whoever decides about words.
const LATELY_DAYS: i64 = 90;

/// What asked for everything to be kept until lately, and when that ended.
pub fn ended_lately(person: &Person, now: Instant) -> Vec<(String, Instant)> {
    let lately = |at: &Instant| now.seconds_since(*at) <= LATELY_DAYS * 24 * 60 * 60;
    let ended = |k: &KeepAll| Some((k.what.clone(), k.ended.filter(lately)?));
    person.keep_all.iter().filter_map(ended).collect()
}

/// Does anything ask for everything about them to be kept?
///
/// # Errors
/// Which.
pub fn may_take_out(person: &Person) -> Result<(), NotOut> {
    match person.keep_all.iter().find(|k| k.ended.is_none()) {
        Some(keep) => Err(NotOut::Kept(keep.what.clone())),
        None => Ok(()),
    }
}

/// Who may be the second person: somebody who leads in this organisation, is there today, and
/// did not ask.
pub fn seconds(
    p: &PartnershipFacts,
    organisation: OrganisationId,
    asks: WorkerId,
    today: Day,
) -> Vec<Holder> {
    let leads = |m: &Membership| {
        m.organisation == organisation
            && m.in_date(today)
            && matches!(m.role, WorkRole::TeamLead | WorkRole::ServiceLead | WorkRole::SafeguardingLead)
    };
    let holder = |(id, m): (WorkerId, &Membership)| Holder { organisation, team: m.team, lead: Some(id) };
    let there =
        p.workers.iter().filter(|(id, w)| **id != asks && w.active(today) && w.absence(today).is_none());
    there.filter_map(|(id, w)| Some(holder((*id, w.memberships.iter().find(|m| leads(m))?)))).collect()
}

/// A second person is asked.
///
/// # Errors
/// Why not.
pub fn ask(
    person: &Person,
    note: &Note,
    (by, second): (WorkerId, &Holder),
    words: &str,
    seconds: &[Holder],
) -> Result<String, NotOut> {
    may_take_out(person)?;
    let words = words.trim();
    match () {
        () if !note.allow_list.is_empty() => Err(NotOut::Sealed),
        () if words.is_empty() => Err(NotOut::NoWords),
        () if second.lead == Some(by) || !seconds.contains(second) => Err(NotOut::NotASecond),
        () => Ok(words.to_owned()),
    }
}

/// May this colleague answer? Whoever was asked by name, and nobody else, while they are `there` today;
/// when they are not, anybody who could be asked now.
///
/// # Errors
/// They may not.
pub fn answers(asked: &Holder, me: WorkerId, there: &[Holder], able: &[Holder]) -> Result<(), NotOut> {
    let among = |all: &[Holder], who: Option<WorkerId>| all.iter().any(|h| h.lead.is_some() && h.lead == who);
    let by_name = asked.lead == Some(me);
    let instead = !among(there, asked.lead) && among(able, Some(me));
    if by_name || instead { Ok(()) } else { Err(NotOut::NotASecond) }
}

/// The second person agrees. Gives back what stands in the journal as the basis.
///
/// # Errors
/// Why not.
pub fn agree(person: &Person, asked: &Message, me: WorkerId) -> Result<String, NotOut> {
    may_take_out(person)?;
    let out = asked.take_out.filter(|_| asked.read_at.is_none()).ok_or(NotOut::NotAsked)?;
    if out.by == me {
        return Err(NotOut::YouAsked);
    }
    Ok(format!("taken out: {}; two people: {}, {me}", out.why.code(), out.by))
}

/// A note without its words, and without what was said about them. That there was one, when and by
/// whom, stays.
pub fn without_words(note: &Note) -> Note {
    let mut after = note.clone();
    after.words = GONE.into();
    after.hidden_reason = note.hidden_reason.as_ref().map(|_| GONE.into());
    after.marked.iter_mut().for_each(|m| m.why = m.why.as_ref().map(|_| GONE.into()));
    after
}

/// A referral whose packet held the words; none when it held none of them.
pub fn without_line(referral: &Referral, item: RecordId) -> Option<Referral> {
    let held = referral.packet.lines.iter().any(|l| l.item == item && l.words != GONE);
    let mut after = referral.clone();
    for line in after.packet.lines.iter_mut().filter(|l| l.item == item) {
        line.words = GONE.into();
        line.heading = GONE.into();
    }
    held.then_some(after)
}

/// A question about the person's information, without what a copy would have blacked out of an item;
/// none when it held none of that. What was decided about lines that are no more goes with them.
pub fn without_blacked(right: &Right, item: RecordId) -> Option<Right> {
    let holds = |l: &CopyLine| l.item == item && matches!(l.fate, LineFate::Without { .. });
    let mut after = right.clone();
    after.lines.retain(|l| !holds(l));
    (after.lines.len() < right.lines.len()).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use crate::next_date::NextDate;
    use crate::person::CameBy;
    use jiff::civil::date;
    use uuid::Uuid;

    fn worker(n: u128) -> WorkerId {
        RecordId(Uuid::from_u128(n)).into()
    }

    fn person() -> Person {
        let id = |n| RecordId(Uuid::from_u128(n));
        let holder = Holder { organisation: id(1).into(), team: id(2).into(), lead: Some(worker(3)) };
        Person::new("Badger".into(), holder, NextDate::new("Ring", date(2026, 12, 1)), CameBy::Met)
    }

    #[test]
    fn a_second_person_who_left_leaves_nothing_stuck() {
        let lead = |n: u128| {
            let id = |n| RecordId(Uuid::from_u128(n));
            Holder { organisation: id(1).into(), team: id(2).into(), lead: Some(worker(n)) }
        };
        let both = [lead(4), lead(5)];
        assert_eq!(answers(&lead(4), worker(4), &both, &both), Ok(()));
        assert_eq!(answers(&lead(4), worker(5), &both, &both), Err(NotOut::NotASecond), "not of them");
        let left = [lead(5)];
        assert_eq!(answers(&lead(4), worker(5), &left, &left), Ok(()));
        assert_eq!(answers(&lead(4), worker(6), &left, &left), Err(NotOut::NotASecond), "leads nothing");
        assert_eq!(answers(&lead(4), worker(5), &left, &[]), Err(NotOut::NotASecond), "cannot open it");
    }

    #[test]
    fn while_anything_asks_for_everything_nothing_is_taken_out() {
        let p = person();
        assert_eq!(may_take_out(&p), Ok(()));
        assert_eq!(keep_all(&p, "  ", worker(3), Instant(1)), Err(NotOut::NoName));
        let one = keep_all(&p, "The inquiry, IN-7", worker(3), Instant(1)).unwrap();
        let two = keep_all(&one, "The coroner, C-2", worker(3), Instant(2)).unwrap();
        assert_eq!(may_take_out(&one), Err(NotOut::Kept("The inquiry, IN-7".into())));
        let one_left = keep_no_more(&two, 0, Instant(3)).unwrap();
        assert_eq!(may_take_out(&one_left), Err(NotOut::Kept("The coroner, C-2".into())));
        assert_eq!(keep_no_more(&one_left, 0, Instant(4)), Err(NotOut::NoKeep));
        assert_eq!(keep_no_more(&one_left, 2, Instant(4)), Err(NotOut::NoKeep));
        let none = keep_no_more(&one_left, 1, Instant(4)).unwrap();
        assert_eq!(may_take_out(&none), Ok(()));
        // Whoever decides then sees that they ended, for 90 days.
        let day = 24 * 60 * 60 * 1_000_000;
        let both =
            [("The inquiry, IN-7".to_owned(), Instant(3)), ("The coroner, C-2".to_owned(), Instant(4))];
        assert_eq!(ended_lately(&none, Instant(4 + 90 * day)), both);
        assert_eq!(ended_lately(&none, Instant(5 + 91 * day)), []);
        assert_eq!(ended_lately(&one, Instant(5)), []);
    }
}
