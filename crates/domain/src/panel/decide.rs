//! The rules of the panel: putting something to it, answering, deciding, and what follows for
//! who may receive anything here.

use super::{
    Answer, Answered, LEAST_MEMBERS, LONGEST_ANSWER_DAYS, LONGEST_YES_DAYS, Proposal, Put,
    SHORTEST_ANSWER_DAYS, Said, Settled, Sort,
};
use crate::id::{ProposalId, WorkerId};
use crate::next_date::words_of;
use crate::organisation::OrganisationKind;
use crate::recipients::{DECISIONS, Decision, Stand, decision_of};
use crate::record::Record;
use crate::time::{Day, Instant, plus_days};
use std::collections::BTreeMap;

/// Why it cannot be put to the panel so, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotPropose {
    /// A part is empty: the field.
    #[error("Write this in plain words: the panel and everybody else reads it")]
    Empty(&'static str),
    /// The panel has too little or too much time.
    #[error("Choose a day from {} to {}", words_of(*.0), words_of(*.1))]
    AnswerBy(Day, Day),
    /// A yes would hold for too short or too long.
    #[error("Choose a day after the panel's answer, up to {}", words_of(*.0))]
    Until(Day),
    /// There is no such decision.
    #[error("Choose the decision it is about")]
    Decision,
    /// Words beside figures change nobody's way in.
    #[error("Words beside figures are about none of these. Choose “None of these”")]
    NoDecision,
    /// The panel is asked about this already.
    #[error("The panel is asked about this already. Add what you want to say there")]
    Already,
}

/// Why it is not done, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotSettled {
    /// It was decided.
    #[error("This was decided already. Put it to the panel again to change it")]
    Over,
    /// It is not decided yet.
    #[error("This is not decided yet")]
    Open,
    /// Only members answer and decide.
    #[error("Only members of the panel do this")]
    NotMember,
    /// No words.
    #[error("Write your reasons: others read them")]
    NoWords,
    /// Somebody said a veto.
    #[error("Somebody on the panel said a veto. While it stands there is no yes")]
    Veto,
    /// Too few of the panel answered, or too few members.
    #[error("A yes needs an answer from more than half of the panel, and two members at least")]
    TooFew,
    /// No more agree than do not.
    #[error("A yes needs more people who agree than who do not")]
    NoMajority,
    /// A no before the day, without one.
    #[error(
        "Wait for the day on which the panel answers: nobody has said a veto, and more agree than do not"
    )]
    NoReason,
    /// Whoever put it forward does not write down the decision.
    #[error("Ask another member to write this down: you put it forward yourself")]
    Own,
}

fn given(words: &str) -> bool {
    !words.trim().is_empty()
}

/// A new proposal.
///
/// # Errors
/// What is missing or wrong.
pub fn propose(
    put: Put,
    others: &BTreeMap<ProposalId, Proposal>,
    by: WorkerId,
    now: Instant,
    today: Day,
) -> Result<Proposal, CannotPropose> {
    let parts = [
        ("title", &put.title),
        ("who", &put.who),
        ("what", &put.what),
        ("why", &put.why),
        ("wrong", &put.wrong),
    ];
    if let Some((field, _)) = parts.iter().find(|(_, words)| !given(words)) {
        return Err(CannotPropose::Empty(field));
    }
    let (soonest, latest) = (plus_days(today, SHORTEST_ANSWER_DAYS), plus_days(today, LONGEST_ANSWER_DAYS));
    let last = plus_days(today, LONGEST_YES_DAYS);
    let known = |n: u16| DECISIONS.iter().any(|d| d.number == n);
    let asked = |p: &Proposal| p.settled.is_none() && p.decision == put.decision;
    match () {
        () if put.answer_by < soonest || put.answer_by > latest => {
            Err(CannotPropose::AnswerBy(soonest, latest))
        }
        () if put.until <= put.answer_by || put.until > last => Err(CannotPropose::Until(last)),
        () if put.decision.is_some_and(|n| !known(n)) => Err(CannotPropose::Decision),
        () if put.sort == Sort::Figures && put.decision.is_some() => Err(CannotPropose::NoDecision),
        () if put.decision.is_some() && others.values().any(asked) => Err(CannotPropose::Already),
        () => Ok(Proposal {
            title: put.title,
            sort: put.sort,
            decision: put.decision,
            who: put.who,
            what: put.what,
            why: put.why,
            wrong: put.wrong,
            until: put.until,
            answer_by: put.answer_by,
            by,
            made_at: now,
            comments: Vec::new(),
            answers: Vec::new(),
            settled: None,
            ended: None,
            changed: Vec::new(),
        }),
    }
}

fn said(by: WorkerId, at: Instant, words: &str) -> Result<Said, NotSettled> {
    match given(words) {
        true => Ok(Said { by, at, words: words.trim().to_owned() }),
        false => Err(NotSettled::NoWords),
    }
}

/// Something said about it. It stays open to words until it is decided.
///
/// # Errors
/// It was decided, or there are no words.
pub fn comment(p: &Proposal, by: WorkerId, words: &str, now: Instant) -> Result<Proposal, NotSettled> {
    if p.settled.is_some() {
        return Err(NotSettled::Over);
    }
    let mut comments = p.comments.clone();
    comments.push(said(by, now, words)?);
    Ok(Proposal { comments, ..p.clone() })
}

/// What a member says; their last word counts. A no has a reason.
///
/// # Errors
/// They are no member, it was decided, or a no has no reason.
pub fn answer(
    p: &Proposal,
    members: &[WorkerId],
    by: WorkerId,
    (answer, why): (Answer, &str),
    now: Instant,
) -> Result<Proposal, NotSettled> {
    match () {
        () if p.settled.is_some() => Err(NotSettled::Over),
        () if !members.contains(&by) => Err(NotSettled::NotMember),
        () if answer != Answer::Agree && !given(why) => Err(NotSettled::NoWords),
        () => {
            let others = p.answers.iter().filter(|a| a.by != by).cloned();
            let mine = Answered { by, at: now, answer, why: why.trim().to_owned() };
            Ok(Proposal { answers: others.chain([mine]).collect(), ..p.clone() })
        }
    }
}

/// Writes down what the panel decided. A yes needs two members, an answer from more than half of
/// them, more who agree than who do not, and no veto. A no needs a veto, or as many who do not
/// agree as who do, or the day to be over: silence is no yes.
///
/// # Errors
/// Why not.
pub fn decide(
    p: &Proposal,
    members: &[WorkerId],
    by: WorkerId,
    (agreed, words): (bool, &str),
    now: Instant,
    today: Day,
) -> Result<Proposal, NotSettled> {
    let count = |answer| p.answers.iter().filter(|a| members.contains(&a.by) && a.answer == answer).count();
    let (agree, not_agree, veto) = (count(Answer::Agree), count(Answer::NotAgree), count(Answer::Veto));
    let answered = agree + not_agree + veto;
    let no_stands = veto > 0 || (answered > 0 && not_agree >= agree) || today > p.answer_by;
    match () {
        () if p.settled.is_some() => Err(NotSettled::Over),
        () if !members.contains(&by) => Err(NotSettled::NotMember),
        () if p.by == by => Err(NotSettled::Own),
        () if !given(words) => Err(NotSettled::NoWords),
        () if agreed && veto > 0 => Err(NotSettled::Veto),
        () if agreed && (members.len() < LEAST_MEMBERS || answered * 2 <= members.len()) => {
            Err(NotSettled::TooFew)
        }
        () if agreed && agree <= not_agree => Err(NotSettled::NoMajority),
        () if !agreed && !no_stands => Err(NotSettled::NoReason),
        () => {
            let n = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let settled = Settled {
                by,
                at: now,
                agreed,
                words: words.trim().to_owned(),
                members: n(members.len()),
                agree: n(agree),
                not_agree: n(not_agree),
                veto: n(veto),
            };
            Ok(Proposal { settled: Some(settled), ..p.clone() })
        }
    }
}

/// The panel ends a yes before its day. It needs one member and a reason: what was let in by
/// several is stopped by one, and several can let it in again.
///
/// # Errors
/// There is no yes that holds, or there is no reason.
pub fn end(
    p: &Proposal,
    members: &[WorkerId],
    by: WorkerId,
    why: &str,
    now: Instant,
) -> Result<Proposal, NotSettled> {
    match () {
        () if !members.contains(&by) => Err(NotSettled::NotMember),
        () if p.ended.is_some() || !p.settled.as_ref().is_some_and(|s| s.agreed) => Err(NotSettled::Over),
        () => Ok(Proposal { ended: Some(said(by, now, why)?), ..p.clone() }),
    }
}

/// Writes what changed because of it: after it was decided, for everybody.
///
/// # Errors
/// It is not decided yet, or there are no words.
pub fn add_change(p: &Proposal, by: WorkerId, words: &str, now: Instant) -> Result<Proposal, NotSettled> {
    if p.settled.is_none() {
        return Err(NotSettled::Open);
    }
    let mut changed = p.changed.clone();
    changed.push(said(by, now, words)?);
    Ok(Proposal { changed, ..p.clone() })
}

/// How a decision of `GOVERNANCE/` stands with this place's own panel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The panel was never asked, or has not answered.
    NotAsked,
    /// It agreed, until this day.
    Agreed(Day),
    /// Its yes was until a day that is over.
    Over,
    /// It said no, or ended its yes.
    No,
}

/// How this place's panel stands to a decision: its newest word.
pub fn place_of(proposals: &BTreeMap<ProposalId, Proposal>, number: u16, today: Day) -> Place {
    let about = proposals.values().filter(|p| p.decision == Some(number) && p.settled.is_some());
    match about.max_by_key(|p| p.settled.as_ref().map(|s| s.at)) {
        None => Place::NotAsked,
        Some(p) if p.holds(today) => Place::Agreed(p.until),
        Some(p) if p.open() => Place::Over,
        Some(_) => Place::No,
    }
}

/// May a new member of this sort be let in today? Kith's own list names a decision that stands,
/// and this place's own panel has agreed to it.
///
/// # Errors
/// The decision that is missing, for the words on the page.
pub fn lets_in(
    proposals: &BTreeMap<ProposalId, Proposal>,
    kind: OrganisationKind,
    today: Day,
) -> Result<(), &'static Decision> {
    let number = decision_of(kind);
    let Some(decision) = DECISIONS.iter().find(|d| d.number == number) else { return Err(&DECISIONS[0]) };
    let agreed = matches!(place_of(proposals, number, today), Place::Agreed(_));
    if decision.stand() == Stand::No || !agreed { Err(decision) } else { Ok(()) }
}
