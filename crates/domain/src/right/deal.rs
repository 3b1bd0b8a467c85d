//! What is done with something a person asked for by right: told that it is there, looked for,
//! each line decided, agreed by a second person, given, answered. Nobody opens a record for
//! it, or lets one go, alone.

use super::{
    CopyLine, LineFate, MoreTime, Release, Right, RightEnded, RightKind, RightOutcome, SaidBack,
    SecondPerson, Went, rule,
};
use crate::holding::PartnershipFacts;
use crate::id::{OrganisationId, RecordId, WorkerId};
use crate::organisation::{Holder, Membership, WorkRole};
use crate::settings::Settings;
use crate::time::{Calendar, Day, Instant};
use jiff::Span;

/// Why it is not done, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotDealt {
    /// It is over.
    #[error("This is finished already")]
    Ended,
    /// No words.
    #[error("Write what you want to tell them. They read these very words")]
    NoWords,
    /// Said before.
    #[error("They were told already")]
    Said,
    /// No more time for this.
    #[error("The law gives no more time for this")]
    NoMoreTime,
    /// More time was said too late.
    #[error("More time has to be said before the last day. That day has passed")]
    TooLate,
    /// Only a copy has a second person.
    #[error("Only a copy needs a second person")]
    NotACopy,
    /// Not somebody who may be the second person.
    #[error("Choose a colleague of the same organisation who works there today, and is not you")]
    NotASecond,
    /// Nobody is asked.
    #[error("Ask a second person first")]
    NoSecond,
    /// Not the second person.
    #[error("Only the second person can say this")]
    NotYou,
    /// The second person decides nothing else.
    #[error("You are the second person here. Somebody else decides about the lines")]
    YouAreSecond,
    /// It may not be opened yet.
    #[error("The second person has not said yet that the record may be opened")]
    NotOpened,
    /// Lines are open.
    #[error("Decide about every line first")]
    LinesOpen,
    /// No word is blacked out.
    #[error("Write the words that are left out, as they stand in the line")]
    NothingLeftOut,
    /// Nothing was asked.
    #[error("Nobody has asked whether it may go")]
    NotAsked,
    /// It may not go yet.
    #[error("The second person has not said yet that it may go")]
    MayNotGo,
    /// It has to be given first.
    #[error("Give them the copy first")]
    NotGiven,
    /// Not an outcome of this.
    #[error("Choose how it ends")]
    NoOutcome,
}

type Dealt = Result<Right, NotDealt>;

fn open(r: &Right) -> Result<(), NotDealt> {
    if r.ended.is_some() { Err(NotDealt::Ended) } else { Ok(()) }
}

/// Whoever is asked to look over a copy does not also answer for it.
fn answers(r: &Right, by: WorkerId) -> Result<(), NotDealt> {
    open(r)?;
    if r.second.as_ref().is_some_and(|s| s.worker == by) { Err(NotDealt::YouAreSecond) } else { Ok(()) }
}

fn said(by: WorkerId, words: &str, now: Instant) -> Result<SaidBack, NotDealt> {
    match words.trim() {
        "" => Err(NotDealt::NoWords),
        words => Ok(SaidBack { by, at: now, words: words.to_owned() }),
    }
}

/// Tells the person that it is there, and what happens next.
///
/// # Errors
/// Why not.
pub fn tell_them(r: &Right, by: WorkerId, words: &str, now: Instant) -> Dealt {
    answers(r, by)?;
    if r.said.is_some() {
        return Err(NotDealt::Said);
    }
    Ok(Right { said: Some(said(by, words, now)?), ..r.clone() })
}

/// More time, once, said with the reason before the last day.
///
/// # Errors
/// Why not.
pub fn more_time(
    r: &Right,
    by: WorkerId,
    words: &str,
    now: Instant,
    (calendar, settings): (&Calendar, &Settings),
) -> Dealt {
    answers(r, by)?;
    let Some(months) = rule(r.kind, settings).more_months.filter(|_| r.more_time.is_none()) else {
        return Err(NotDealt::NoMoreTime);
    };
    if calendar.day(now) > r.answer_by {
        return Err(NotDealt::TooLate);
    }
    let until = r.answer_by.checked_add(Span::new().months(i64::from(months))).unwrap_or(Day::MAX);
    let said = said(by, words, now)?;
    let told = r.said.clone().or_else(|| Some(said.clone()));
    Ok(Right { more_time: Some(MoreTime { said, until }), said: told, ..r.clone() })
}

/// The colleagues who may be the second person: of the same organisation, there today, not the
/// one who answers, and with a place that is theirs to answer for (no volunteers).
pub fn seconds(p: &PartnershipFacts, r: &Right, officer: WorkerId, today: Day) -> Vec<WorkerId> {
    let here = |m: &Membership| {
        m.organisation == r.holder.organisation && m.in_date(today) && m.role != WorkRole::Volunteer
    };
    let may = |id: &WorkerId| {
        *id != officer
            && Some(*id) != r.holder.lead
            && p.workers.get(id).is_some_and(|w| {
                w.active(today) && w.absence(today).is_none() && w.memberships.iter().any(here)
            })
    };
    p.workers.keys().copied().filter(may).collect()
}

/// Asks a second person whether the record may be opened for this copy. Asking another ends
/// what the first one said.
///
/// # Errors
/// Why not.
pub fn ask_second(
    r: &Right,
    officer: WorkerId,
    second: WorkerId,
    p: &PartnershipFacts,
    now: Instant,
) -> Dealt {
    answers(r, officer)?;
    if r.kind != RightKind::Copy {
        return Err(NotDealt::NotACopy);
    }
    if !seconds(p, r, officer, p.calendar.day(now)).contains(&second) {
        return Err(NotDealt::NotASecond);
    }
    let second = Some(SecondPerson { worker: second, asked_at: now, opened_at: None });
    Ok(Right { second, release: None, ..r.clone() })
}

fn second_is(r: &Right, me: WorkerId) -> Result<&SecondPerson, NotDealt> {
    let second = r.second.as_ref().ok_or(NotDealt::NoSecond)?;
    if second.worker == me { Ok(second) } else { Err(NotDealt::NotYou) }
}

/// The second person says that the record may be opened for this.
///
/// # Errors
/// Why not.
pub fn let_open(r: &Right, me: WorkerId, now: Instant) -> Dealt {
    open(r)?;
    let second = SecondPerson { opened_at: Some(now), ..second_is(r, me)?.clone() };
    Ok(Right { second: Some(second), ..r.clone() })
}

/// Decides about one line: a version of a record. What was decided about an older version of
/// it does not count any more, and whatever was agreed about the whole is asked again.
///
/// # Errors
/// Why not.
pub fn decide_line(
    r: &Right,
    by: WorkerId,
    (item, version): (RecordId, u32),
    fate: LineFate,
    now: Instant,
) -> Dealt {
    open(r)?;
    let (second, _) = r.opened().ok_or(NotDealt::NotOpened)?;
    if second == by {
        return Err(NotDealt::YouAreSecond);
    }
    let fate = match fate {
        LineFate::Without { words, why } => {
            let words: Vec<String> =
                words.into_iter().map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
            if words.is_empty() {
                return Err(NotDealt::NothingLeftOut);
            }
            LineFate::Without { words, why }
        }
        fate => fate,
    };
    let mut lines: Vec<CopyLine> = r.lines.iter().filter(|l| l.item != item).cloned().collect();
    lines.push(CopyLine { item, version, fate, by, at: now });
    lines.sort_by_key(|l| l.item);
    Ok(Right { lines, release: None, ..r.clone() })
}

/// Is every one of these lines decided, as it is now?
pub fn all_decided(r: &Right, now_kept: &[(RecordId, u32)]) -> bool {
    now_kept.iter().all(|(item, version)| r.fate_of(*item, *version).is_some())
}

/// Asks the second person whether it may go.
///
/// # Errors
/// Why not.
pub fn ask_release(r: &Right, by: WorkerId, now_kept: &[(RecordId, u32)], now: Instant) -> Dealt {
    open(r)?;
    let (second, _) = r.opened().ok_or(NotDealt::NotOpened)?;
    match () {
        () if second == by => Err(NotDealt::YouAreSecond),
        () if !all_decided(r, now_kept) => Err(NotDealt::LinesOpen),
        () => {
            let release = Some(Release { asked_at: now, agreed_at: None, sent_back: None });
            Ok(Right { release, ..r.clone() })
        }
    }
}

/// The second person says that it may go, or what has to change first.
///
/// # Errors
/// Why not.
pub fn answer_release(r: &Right, me: WorkerId, change: Option<&str>, now: Instant) -> Dealt {
    open(r)?;
    second_is(r, me)?;
    let asked = r.release.as_ref().filter(|x| x.agreed_at.is_none() && x.sent_back.is_none());
    let asked = asked.ok_or(NotDealt::NotAsked)?;
    let release = match change {
        None => Release { agreed_at: Some(now), ..asked.clone() },
        Some(words) if words.trim().is_empty() => return Err(NotDealt::NoWords),
        Some(words) => Release { sent_back: Some(words.trim().to_owned()), ..asked.clone() },
    };
    Ok(Right { release: Some(release), ..r.clone() })
}

/// May it leave now: agreed by the second person, and every line as it was read?
///
/// # Errors
/// Why not.
pub fn may_go(r: &Right, now_kept: &[(RecordId, u32)]) -> Result<(), NotDealt> {
    open(r)?;
    let agreed = r.release.as_ref().is_some_and(|x| x.agreed_at.is_some());
    match () {
        () if !agreed => Err(NotDealt::MayNotGo),
        () if !all_decided(r, now_kept) => Err(NotDealt::LinesOpen),
        () => Ok(()),
    }
}

/// Writes down that it went.
///
/// # Errors
/// Why not.
pub fn gave(r: &Right, by: WorkerId, now_kept: &[(RecordId, u32)], now: Instant) -> Dealt {
    answers(r, by)?;
    may_go(r, now_kept)?;
    let of = |stays: bool| {
        let counts = |l: &&CopyLine| matches!(l.fate, LineFate::Stays(_)) == stays;
        u32::try_from(r.lines.iter().filter(counts).count()).unwrap_or(u32::MAX)
    };
    let went = Some(Went { by, at: now, way: r.way, lines: of(false), back: of(true) });
    Ok(Right { went, ..r.clone() })
}

/// Ends it with an answer. A copy is given before it ends as given.
///
/// # Errors
/// Why not.
pub fn end(r: &Right, by: WorkerId, outcome: RightOutcome, answer: &str, now: Instant) -> Dealt {
    answers(r, by)?;
    if !r.kind.outcomes().contains(&outcome) {
        return Err(NotDealt::NoOutcome);
    }
    if outcome == RightOutcome::Given && r.went.is_none() {
        return Err(NotDealt::NotGiven);
    }
    let words = said(by, answer, now)?;
    let ended = RightEnded { by: Some(by), at: now, outcome, answer: Some(words.words) };
    Ok(Right { ended: Some(ended), release: None, ..r.clone() })
}

/// The person takes it back. No reason is asked.
///
/// # Errors
/// It is over.
pub fn take_back(r: &Right, now: Instant) -> Dealt {
    open(r)?;
    let ended = RightEnded { by: None, at: now, outcome: RightOutcome::TakenBack, answer: None };
    Ok(Right { ended: Some(ended), ..r.clone() })
}

/// Who answers: a records officer of the organisation that is asked, else its lead, else the
/// records officer or the lead of the net. A complaint never goes to somebody it may be about:
/// whoever holds the person's plan. An advocate is looked for by whoever holds the plan.
pub fn who_answers(
    p: &PartnershipFacts,
    kind: RightKind,
    organisation: OrganisationId,
    plan: Holder,
    today: Day,
) -> Holder {
    if kind == RightKind::Advocate {
        return plan;
    }
    let not = plan.lead.filter(|_| matches!(kind, RightKind::CareComplaint | RightKind::DataComplaint));
    let place = |worker: WorkerId, organisation, role: Option<WorkRole>| {
        let w = p.workers.get(&worker).filter(|w| w.active(today) && Some(worker) != not)?;
        let fits = |m: &&Membership| {
            m.organisation == organisation && m.in_date(today) && role.is_none_or(|r| m.role == r)
        };
        let m = w.memberships.iter().find(fits)?;
        Some(Holder { organisation, team: m.team, lead: Some(worker) })
    };
    let officer = |organisation| {
        let of = |w: &WorkerId| place(*w, organisation, Some(WorkRole::RecordsOfficer));
        p.workers.keys().find_map(of)
    };
    let net = p.place.net_organisation;
    let lead = |o: OrganisationId| p.organisations.get(&o).and_then(|x| x.lead);
    let net_lead = || p.teams.get(&p.place.net_team).and_then(|t| t.lead);
    officer(organisation)
        .or_else(|| place(lead(organisation)?, organisation, None))
        .or_else(|| officer(net))
        .or_else(|| place(net_lead()?, net, None))
        .or_else(|| place(p.place.net_second, net, None))
        .unwrap_or(Holder { organisation: net, team: p.place.net_team, lead: None })
}

/// A line of a copy as it goes: the words that are left out are blacked out, wherever they
/// stand and however they are written (capitals do not matter).
pub fn without(text: &str, words: &[String]) -> String {
    const BLACK: &str = "[left out]";
    let mut kept = text.to_owned();
    for word in words.iter().filter(|w| !w.is_empty()) {
        let mut rest = kept.as_str();
        let mut done = String::new();
        while let Some((start, end)) = find(rest, word) {
            done.push_str(&rest[..start]);
            done.push_str(BLACK);
            rest = &rest[end..];
        }
        done.push_str(rest);
        kept = done;
    }
    kept
}

/// Where a word begins and ends in a text, capitals or not.
fn find(text: &str, word: &str) -> Option<(usize, usize)> {
    let wanted: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    text.char_indices().find_map(|(start, _)| {
        let mut left = wanted.iter();
        for (at, c) in text[start..].char_indices() {
            for lower in c.to_lowercase() {
                if left.next() != Some(&lower) {
                    return None;
                }
            }
            if left.len() == 0 {
                return Some((start, start + at + c.len_utf8()));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::right::{AnswerWay, CameAs, StaysBack};
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn worker(n: u128) -> WorkerId {
        WorkerId(Uuid::from_u128(n))
    }
    fn item(n: u128) -> RecordId {
        RecordId(Uuid::from_u128(100 + n))
    }

    fn copy() -> Right {
        let organisation = OrganisationId(Uuid::from_u128(9));
        Right {
            kind: RightKind::Copy,
            called: "Badger".into(),
            words: None,
            organisation,
            asked_on: date(2026, 10, 27),
            made_at: Instant(0),
            came: CameAs::Here,
            way: AnswerWay::Paper,
            holder: Holder {
                organisation,
                team: crate::id::TeamId(Uuid::from_u128(8)),
                lead: Some(worker(1)),
            },
            say_by: Some(date(2026, 10, 30)),
            answer_by: date(2026, 11, 27),
            said: None,
            more_time: None,
            second: Some(SecondPerson { worker: worker(2), asked_at: Instant(0), opened_at: None }),
            lines: Vec::new(),
            release: None,
            went: None,
            ended: None,
        }
    }

    proptest! {
        /// Whatever anybody tries in whatever order: a copy goes only after another person than
        /// those who decided agreed to both, with every line decided as it is now.
        #[test]
        fn nobody_opens_or_gives_a_copy_alone(
            tries in proptest::collection::vec((0usize..7, 1u128..4, 0u128..2, 1u32..3), 0..40),
        ) {
            let kept = [(item(0), 1), (item(1), 2)];
            let mut r = copy();
            for (what, who, which, version) in tries {
                let (me, now) = (worker(who), Instant(1));
                let next = match what {
                    0 => tell_them(&r, me, "I have it", now),
                    1 => let_open(&r, me, now),
                    2 => decide_line(&r, me, (item(which), version), LineFate::Goes, now),
                    3 => ask_release(&r, me, &kept, now),
                    4 => answer_release(&r, me, None, now),
                    5 => gave(&r, me, &kept, now),
                    _ => end(&r, me, RightOutcome::Given, "Here it is", now),
                };
                if let Ok(next) = next {
                    prop_assert!(r.open(), "what is over stays over");
                    r = next;
                }
                if !r.lines.is_empty() {
                    prop_assert!(r.second.as_ref().is_some_and(|s| s.opened_at.is_some()));
                    prop_assert!(r.lines.iter().all(|l| l.by != worker(2)));
                }
                if r.went.is_some() {
                    prop_assert!(all_decided(&r, &kept));
                }
                if r.ended.is_some() {
                    prop_assert!(r.went.is_some());
                }
            }
        }

        /// What is blacked out is nowhere in what goes, however it is written.
        #[test]
        fn what_is_left_out_is_gone(text in "[a-zA-Zé .]{0,40}", word in "[a-zA-Zé]{1,4}") {
            let gone = without(&text, std::slice::from_ref(&word));
            let bare = gone.replace("[left out]", "\u{0}").to_lowercase();
            prop_assert!(!bare.contains(&word.to_lowercase()), "{gone}");
        }
    }

    #[test]
    fn a_line_that_changed_is_decided_again() {
        let mut r = let_open(&copy(), worker(2), Instant(1)).unwrap();
        let stays = LineFate::Stays(StaysBack::SomebodyElse);
        r = decide_line(&r, worker(1), (item(0), 1), stays, Instant(2)).unwrap();
        r = ask_release(&r, worker(1), &[(item(0), 1)], Instant(3)).unwrap();
        r = answer_release(&r, worker(2), None, Instant(4)).unwrap();
        assert!(may_go(&r, &[(item(0), 1)]).is_ok());
        assert_eq!(may_go(&r, &[(item(0), 2)]), Err(NotDealt::LinesOpen));
        assert_eq!(gave(&r, worker(1), &[(item(0), 1)], Instant(5)).unwrap().went.unwrap().back, 1);
        let blank = LineFate::Without { words: vec![" ".into()], why: StaysBack::Harm };
        assert_eq!(
            decide_line(&r, worker(1), (item(0), 1), blank, Instant(2)),
            Err(NotDealt::NothingLeftOut)
        );
    }

    #[test]
    fn more_time_is_said_once_and_in_time() {
        let (c, s) = (Calendar::england(), Settings::default());
        let at = |day| c.moment(day, 10, 0);
        let more = |r: &Right, day| more_time(r, worker(1), "There is very much", at(day), (&c, &s));
        let longer = more(&copy(), date(2026, 11, 27)).unwrap();
        assert_eq!((longer.last_day(), longer.said.is_some()), (date(2027, 1, 27), true));
        assert_eq!(more(&longer, date(2026, 11, 27)), Err(NotDealt::NoMoreTime));
        assert_eq!(more(&copy(), date(2026, 11, 28)), Err(NotDealt::TooLate));
        let complaint = Right { kind: RightKind::CareComplaint, ..copy() };
        assert_eq!(more(&complaint, date(2026, 11, 1)), Err(NotDealt::NoMoreTime));
    }
}
