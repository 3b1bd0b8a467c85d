//! How needs, goals, steps and "tell and go along" go on and end, and how two people's
//! words for one section come together. All of it is the person's to say; nothing here
//! asks for a reason to say no.

use crate::area::{Area, Sensitivity};
use crate::id::{TeamId, WorkerId};
use crate::need::{Need, NeedStatus};
use crate::next_date::{BadNextDate, NextDate, check_day, move_next_date, words_of};
use crate::organisation::Holder;
use crate::plan::{
    Asks, Goal, GoalStatus, Part, Step, StepNo, StepOwner, StepStatus, Telling, TellingOutcome,
};
use crate::record::Record;
use crate::settings::Settings;
use crate::time::{Day, Instant, plus_days};

/// A plan is looked at again within this many days: about a year.
pub const REVIEW_DAYS_MOST: i32 = 366;

/// Why it is not written down, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotPlanned {
    /// It has ended already.
    #[error("This has ended already. Open the person's page to see how")]
    Ended,
    /// A day in the future.
    #[error("That day has not come yet")]
    Future,
    /// A day that cannot be chosen.
    #[error("Choose a day from tomorrow up to {}", words_of(*.latest))]
    Until {
        /// The last day that can be chosen.
        latest: Day,
    },
    /// Somebody else is asked.
    #[error("This step asks somebody else. Only they can say yes to it")]
    NotYours,
    /// No words for the one who asked.
    #[error("Say why, so that the one who asked can find another way")]
    NoWords,
    /// It was not asked of anybody.
    #[error("This step asks nothing of anybody here")]
    AsksNothing,
    /// The next date cannot be taken.
    #[error("{0}")]
    NextDate(#[from] BadNextDate),
}

/// Two people's words for one section, line by line: all of theirs, then the lines that
/// only mine has. A start for whoever puts them together; nothing is left out.
pub fn merge_lines(theirs: &str, mine: &str) -> String {
    let known: std::collections::BTreeSet<&str> = theirs.lines().map(str::trim).collect();
    let only_mine = mine.lines().filter(|line| !known.contains(line.trim()));
    let lines: Vec<&str> = theirs.lines().chain(only_mine).collect();
    lines.join("\n").trim().to_owned()
}

/// How private a need, goal or step is once it belongs to this part of life: never less than it was,
/// because what somebody said does not become less private by being filed elsewhere.
fn sensitivity_in(area: Area, was: Sensitivity) -> Sensitivity {
    Part::Area.usual_label(Some(area)).1.max(was)
}

/// A need in other words, or in another part of life. How it stands does not change.
///
/// # Errors
/// It has ended.
pub fn need_rewritten(
    need: &Need,
    words: String,
    area: Area,
    code: Option<String>,
) -> Result<Need, NotPlanned> {
    going_on(need)?;
    let sensitivity =
        if area == need.area { need.sensitivity } else { sensitivity_in(area, need.sensitivity) };
    Ok(Need { words, area, code, sensitivity, ..need.clone() })
}

/// A goal in other words, in another part of life, or looked at on another day.
///
/// # Errors
/// It has ended, or the day cannot be chosen.
pub fn goal_rewritten(
    goal: &Goal,
    words: String,
    area: Area,
    review_on: Option<Day>,
    today: Day,
) -> Result<Goal, NotPlanned> {
    going_on(goal)?;
    if let Some(on) = review_on.filter(|on| Some(*on) != goal.review_on) {
        check_review(on, today)?;
    }
    let sensitivity =
        if area == goal.area { goal.sensitivity } else { sensitivity_in(area, goal.sensitivity) };
    Ok(Goal { words, area, review_on, sensitivity, ..goal.clone() })
}

/// A step in other words or another part of life. Whoever said yes to it said yes to the words as they
/// were: when somebody else changes them, it asks again.
///
/// # Errors
/// It has ended.
pub fn step_rewritten(step: &Step, what: String, area: Area, by: WorkerId) -> Result<Step, NotPlanned> {
    going_on(step)?;
    let theirs = matches!(step.owner, StepOwner::Worker { worker, .. } if worker == by);
    let accepted = step.accepted.filter(|_| theirs || what == step.what);
    let sensitivity =
        if area == step.area { step.sensitivity } else { sensitivity_in(area, step.sensitivity) };
    Ok(Step { what, area, accepted, sensitivity, ..step.clone() })
}

/// Checks the day on which a plan or a section is looked at again.
///
/// # Errors
/// It has passed, or is more than about a year away.
pub fn check_review(on: Day, today: Day) -> Result<Day, NotPlanned> {
    from_tomorrow(on, today, REVIEW_DAYS_MOST)
}

fn from_tomorrow(on: Day, today: Day, days: i32) -> Result<Day, NotPlanned> {
    let latest = plus_days(today, days);
    if on <= today || on > latest { Err(NotPlanned::Until { latest }) } else { Ok(on) }
}

fn has_come(on: Day, today: Day) -> Result<Day, NotPlanned> {
    if on > today { Err(NotPlanned::Future) } else { Ok(on) }
}

fn going_on<T: Record>(value: &T) -> Result<(), NotPlanned> {
    if value.open() { Ok(()) } else { Err(NotPlanned::Ended) }
}

/// The need was met, in the person's words.
///
/// # Errors
/// It has ended already, or the day has not come.
pub fn need_met(need: &Need, on: Day, words: Option<String>, today: Day) -> Result<Need, NotPlanned> {
    going_on(need)?;
    let on = has_come(on, today)?;
    Ok(Need { status: NeedStatus::Met { on, words }, unmet: None, ..need.clone() })
}

/// The person said not now to help with it; ask once on the day.
///
/// # Errors
/// It has ended already, or the day cannot be chosen.
pub fn need_not_now(need: &Need, until: Day, today: Day, settings: &Settings) -> Result<Need, NotPlanned> {
    going_on(need)?;
    let until = from_tomorrow(until, today, i32::from(settings.not_now_days))?;
    Ok(Need { status: NeedStatus::NotNow { until }, ..need.clone() })
}

/// The person said no to help with it. No reason is asked.
///
/// # Errors
/// It has ended already.
pub fn need_said_no(need: &Need, today: Day) -> Result<Need, NotPlanned> {
    going_on(need)?;
    Ok(Need { status: NeedStatus::SaidNo { on: today }, unmet: None, ..need.clone() })
}

/// It is over without having been met.
///
/// # Errors
/// It has ended already.
pub fn need_finished(need: &Need, today: Day) -> Result<Need, NotPlanned> {
    going_on(need)?;
    Ok(Need { status: NeedStatus::Finished { on: today }, unmet: None, ..need.clone() })
}

/// They want help with it (again), after "not now", no, or an end.
pub fn need_wanted(need: &Need, next: NextDate) -> Need {
    Need { status: NeedStatus::Open, next, follows_help: false, ..need.clone() }
}

/// They got there.
///
/// # Errors
/// It has ended already.
pub fn goal_reached(goal: &Goal, words: Option<String>, today: Day) -> Result<Goal, NotPlanned> {
    going_on(goal)?;
    Ok(Goal { status: GoalStatus::Reached { on: today, words }, review_on: None, ..goal.clone() })
}

/// They let it go. No reason is asked.
///
/// # Errors
/// It has ended already.
pub fn goal_let_go(goal: &Goal, today: Day) -> Result<Goal, NotPlanned> {
    going_on(goal)?;
    Ok(Goal { status: GoalStatus::LetGo { on: today }, review_on: None, ..goal.clone() })
}

/// They want it again.
pub fn goal_again(goal: &Goal) -> Goal {
    Goal { status: GoalStatus::Open, ..goal.clone() }
}

/// Somebody says yes to a step that asks them or their team: from now on it is theirs.
/// A team's step becomes that worker's, so that it has a name.
///
/// # Errors
/// It has ended, asks nothing, or asks somebody else.
pub fn step_accepted(step: &Step, by: WorkerId, teams: &[TeamId], now: Instant) -> Result<Step, NotPlanned> {
    going_on(step)?;
    let owner = match step.owner {
        StepOwner::Person => return Err(NotPlanned::AsksNothing),
        StepOwner::Worker { worker, .. } if worker == by => step.owner,
        StepOwner::Team { organisation, team } if teams.contains(&team) => {
            StepOwner::Worker { organisation, team, worker: by }
        }
        StepOwner::Worker { .. } | StepOwner::Team { .. } => return Err(NotPlanned::NotYours),
    };
    Ok(Step { owner, accepted: Some(step.accepted.unwrap_or(now)), said_no: None, ..step.clone() })
}

/// Does this step ask this worker, or a team of theirs, who has not answered?
pub fn asks_of(step: &Step, worker: WorkerId, teams: &[TeamId]) -> bool {
    let to_them = match step.owner {
        StepOwner::Person => false,
        StepOwner::Worker { worker: asked, .. } => asked == worker,
        StepOwner::Team { team, .. } => teams.contains(&team),
    };
    to_them && step.open() && step.asks == Asks::Asks && step.accepted.is_none() && step.said_no.is_none()
}

/// Whoever is asked says no, or cannot do it after all: it is the holder's again, who decides
/// what happens next.
///
/// # Errors
/// It has ended, asks somebody else, or no words for the one who asked.
pub fn step_declined(
    step: &Step,
    by: WorkerId,
    teams: &[TeamId],
    words: &str,
    now: Instant,
) -> Result<Step, NotPlanned> {
    step_accepted(step, by, teams, now)?;
    let words = words.trim();
    if words.is_empty() {
        return Err(NotPlanned::NoWords);
    }
    let Holder { organisation, team, lead } = step.holder;
    let owner = match lead {
        Some(worker) => StepOwner::Worker { organisation, team, worker },
        None => StepOwner::Team { organisation, team },
    };
    let said_no = Some(StepNo { by, words: words.to_owned(), at: now });
    Ok(Step { owner, accepted: None, said_no, ..step.clone() })
}

/// Somebody else is asked, or the one who asks does it themselves.
///
/// # Errors
/// It has ended.
pub fn step_asked(step: &Step, owner: StepOwner, mine: bool, now: Instant) -> Result<Step, NotPlanned> {
    going_on(step)?;
    Ok(Step { owner, accepted: mine.then_some(now), said_no: None, ..step.clone() })
}

/// It was done.
///
/// # Errors
/// It has ended already, or the day has not come.
pub fn step_done(step: &Step, on: Day, words: Option<String>, today: Day) -> Result<Step, NotPlanned> {
    going_on(step)?;
    let on = has_come(on, today)?;
    Ok(Step { status: StepStatus::Done { on, words }, ..step.clone() })
}

/// It is no longer wanted.
///
/// # Errors
/// It has ended already.
pub fn step_dropped(step: &Step, why: Option<String>, today: Day) -> Result<Step, NotPlanned> {
    going_on(step)?;
    Ok(Step { status: StepStatus::Dropped { on: today, why }, ..step.clone() })
}

/// It gets another day, with a reason. `changed_at` is when the step was last changed.
///
/// # Errors
/// It has ended already, the day cannot be, or there is no reason.
pub fn step_moved(
    step: &Step,
    (by, reason): (Day, &str),
    (changed_at, heard_at): (Instant, Option<Instant>),
    now: Instant,
    today: Day,
    settings: &Settings,
) -> Result<Step, NotPlanned> {
    going_on(step)?;
    let old = NextDate {
        moves_without_contact: step.moves_without_contact,
        moved_at: (step.moves_without_contact > 0).then_some(changed_at),
        ..NextDate::new(step.what.clone(), step.by)
    };
    let next = move_next_date(&old, (&step.what, by), reason, heard_at, now, today, settings)?;
    Ok(Step { by: next.on, moves_without_contact: next.moves_without_contact, ..step.clone() })
}

/// Did they get there? "Not yet" needs a day to ask again.
///
/// # Errors
/// It has ended already, or the day to ask again cannot be.
pub fn telling_answered(
    telling: &Telling,
    outcome: TellingOutcome,
    words: Option<String>,
    again: Option<Day>,
    today: Day,
    settings: &Settings,
) -> Result<Telling, NotPlanned> {
    going_on(telling)?;
    let ask_on = match (outcome, again) {
        (TellingOutcome::NotYet, Some(on)) => check_day(on, today, settings).map(|()| on)?,
        (TellingOutcome::NotYet, None) => {
            return Err(NotPlanned::Until { latest: crate::next_date::latest(today, settings) });
        }
        _ => telling.ask_on,
    };
    let words = words.or_else(|| telling.words.clone());
    Ok(Telling { outcome: Some(outcome), words, ask_on, ..telling.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::OrganisationId;
    use crate::plan::ToldAbout;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 23);

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn holder() -> Holder {
        Holder { organisation: OrganisationId(id(1)), team: TeamId(id(2)), lead: Some(WorkerId(id(3))) }
    }

    fn need() -> Need {
        Need {
            area: Area::Housing,
            words: "somewhere dry".into(),
            code: None,
            sensitivity: Sensitivity::S1,
            categories: Vec::new(),
            raised_at: Instant(0),
            status: NeedStatus::Open,
            holder: holder(),
            next: NextDate::new("Ring", TODAY),
            unmet: None,
            said_no_to: Vec::new(),
            follows_help: false,
            guard: Default::default(),
        }
    }

    fn step(owner: StepOwner) -> Step {
        Step {
            area: Area::Money,
            sensitivity: Sensitivity::S1,
            what: "Ring about the bill".into(),
            need: None,
            goal: None,
            owner,
            by: TODAY,
            asks: Asks::Asks,
            accepted: None,
            said_no: None,
            holder: holder(),
            status: StepStatus::Open,
            moves_without_contact: 0,
            categories: Vec::new(),
            guard: Default::default(),
        }
    }

    #[test]
    fn what_has_ended_does_not_end_again_and_no_is_kept_without_a_reason() {
        let no = need_said_no(&need(), TODAY).unwrap();
        assert!(!no.open());
        assert_eq!(need_met(&no, TODAY, None, TODAY), Err(NotPlanned::Ended));
        assert!(need_wanted(&no, NextDate::new("Ring", TODAY)).open());
    }

    #[test]
    fn not_now_has_a_day_and_stays_open() {
        let s = Settings::default();
        let later = need_not_now(&need(), plus_days(TODAY, 90), TODAY, &s).unwrap();
        assert!(later.open());
        assert_eq!(later.due(), Some(plus_days(TODAY, 90)));
        assert!(need_not_now(&need(), TODAY, TODAY, &s).is_err());
        assert!(need_not_now(&need(), date(2099, 1, 1), TODAY, &s).is_err());
        assert_eq!(need_met(&need(), plus_days(TODAY, 1), None, TODAY), Err(NotPlanned::Future));
    }

    #[test]
    fn seeing_a_step_makes_nobody_responsible_accepting_does() {
        let (org, team, sam) = (OrganisationId(id(7)), TeamId(id(8)), WorkerId(id(9)));
        let theirs = step(StepOwner::Team { organisation: org, team });
        assert_eq!(step_accepted(&theirs, sam, &[], Instant(5)), Err(NotPlanned::NotYours));
        let taken = step_accepted(&theirs, sam, &[team], Instant(5)).unwrap();
        assert_eq!(taken.accepted, Some(Instant(5)));
        assert_eq!(taken.owner, StepOwner::Worker { organisation: org, team, worker: sam });
        let other = WorkerId(id(10));
        assert_eq!(step_accepted(&taken, other, &[team], Instant(6)), Err(NotPlanned::NotYours));
        let own = step(StepOwner::Person);
        assert_eq!(step_accepted(&own, sam, &[team], Instant(5)), Err(NotPlanned::AsksNothing));
    }

    #[test]
    fn saying_no_gives_a_step_back_to_the_one_who_asked() {
        let (org, team, sam) = (OrganisationId(id(7)), TeamId(id(8)), WorkerId(id(9)));
        let asked = step(StepOwner::Worker { organisation: org, team, worker: sam });
        assert!(asks_of(&asked, sam, &[]) && !asks_of(&asked, WorkerId(id(10)), &[team]));
        assert!(asks_of(&step(StepOwner::Team { organisation: org, team }), sam, &[team]));
        assert!(!asks_of(&step(StepOwner::Person), sam, &[team]));
        let no = |words| step_declined(&asked, sam, &[team], words, Instant(5));
        assert_eq!(no("  "), Err(NotPlanned::NoWords));
        let other = step_declined(&asked, WorkerId(id(10)), &[], "I am full", Instant(5));
        assert_eq!(other, Err(NotPlanned::NotYours));
        let back = no("I am full").unwrap();
        let Holder { organisation, team: own, lead } = holder();
        assert_eq!(back.owner, StepOwner::Worker { organisation, team: own, worker: lead.unwrap() });
        assert!(back.accepted.is_none() && back.open() && !asks_of(&back, sam, &[team]));
        assert!(!asks_of(&back, lead.unwrap(), &[]), "it is held as said no to, not asked");
        // After a yes too: what cannot be done after all goes back.
        let yes = step_accepted(&asked, sam, &[], Instant(6)).unwrap();
        assert!(!asks_of(&yes, sam, &[]));
        assert!(step_declined(&yes, sam, &[], "I am ill", Instant(7)).unwrap().accepted.is_none());
        // The one who asked does it themselves, or asks somebody else.
        let mine = step_accepted(&back, lead.unwrap(), &[], Instant(8)).unwrap();
        assert!(mine.said_no.is_none() && mine.accepted == Some(Instant(8)));
        let again = step_asked(&back, asked.owner, false, Instant(9)).unwrap();
        assert!(again.said_no.is_none() && asks_of(&again, sam, &[]));
        let done = step_done(&asked, TODAY, None, TODAY).unwrap();
        assert_eq!(step_asked(&done, asked.owner, false, Instant(9)), Err(NotPlanned::Ended));
    }

    #[test]
    fn a_step_moves_with_a_reason_and_counts_without_contact() {
        let s = Settings::default();
        let first = step(StepOwner::Person);
        let to = |step: &Step, n, why| {
            step_moved(step, (plus_days(TODAY, n), why), (Instant(0), None), Instant(9), TODAY, &s)
        };
        assert_eq!(to(&first, 1, " "), Err(NotPlanned::NextDate(BadNextDate::NoReason)));
        let twice = to(&to(&first, 1, "ill").unwrap(), 2, "no answer").unwrap();
        assert_eq!(twice.moves_without_contact, 2);
        let done = step_done(&first, TODAY, None, TODAY).unwrap();
        assert_eq!(to(&done, 1, "why"), Err(NotPlanned::Ended));
    }

    #[test]
    fn not_yet_needs_a_day_to_ask_again() {
        let s = Settings::default();
        let told = Telling {
            area: Area::Connection,
            need: None,
            about: ToldAbout::Other,
            name: "Breakfast group".into(),
            told_by: WorkerId(id(3)),
            told_at: Instant(0),
            goes_along: None,
            ask_on: TODAY,
            holder: holder(),
            outcome: None,
            words: None,
        };
        let answer = |outcome, again| telling_answered(&told, outcome, None, again, TODAY, &s);
        assert!(answer(TellingOutcome::NotYet, None).is_err());
        assert!(answer(TellingOutcome::NotYet, Some(date(2099, 1, 1))).is_err());
        assert!(answer(TellingOutcome::NotYet, Some(plus_days(TODAY, 7))).unwrap().open());
        assert!(!answer(TellingOutcome::GotThere, None).unwrap().open());
        assert!(!answer(TellingOutcome::NoThanks, None).unwrap().open());
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_when_words_come_together(
            theirs in "([a-d ]{0,5}\n){0,5}", mine in "([a-d ]{0,5}\n){0,5}"
        ) {
            let merged = merge_lines(&theirs, &mine);
            let kept: Vec<&str> = merged.lines().map(str::trim).collect();
            for line in theirs.lines().chain(mine.lines()).map(str::trim).filter(|l| !l.is_empty()) {
                prop_assert!(kept.contains(&line), "{line:?} is not in {merged:?}");
            }
        }

        #[test]
        fn equal_words_stay_as_they_are(words in "[a-d]{1,5}(\n[a-d]{1,5}){0,5}") {
            prop_assert_eq!(merge_lines(&words, &words), words);
        }
    }

    #[test]
    fn other_words_ask_again_whoever_had_said_yes() {
        let (me, other) = (WorkerId(id(3)), WorkerId(id(4)));
        let owner =
            StepOwner::Worker { organisation: OrganisationId(id(1)), team: TeamId(id(2)), worker: me };
        let yes = Step { accepted: Some(Instant(5)), ..step(owner) };
        let same = step_rewritten(&yes, yes.what.clone(), Area::Money, other).unwrap();
        assert_eq!(same.accepted, Some(Instant(5)));
        let asked = step_rewritten(&yes, "Ring twice".into(), Area::Money, other).unwrap();
        assert_eq!(asked.accepted, None);
        let own = step_rewritten(&yes, "Ring twice".into(), Area::Money, me).unwrap();
        assert_eq!(own.accepted, Some(Instant(5)));
        let done = step_done(&yes, TODAY, None, TODAY).unwrap();
        assert_eq!(step_rewritten(&done, "Ring".into(), Area::Money, me), Err(NotPlanned::Ended));
    }

    proptest! {
        /// Filing something under another part of life never makes it less private, and changes nothing
        /// of how it stands.
        #[test]
        fn another_area_is_never_less_private(from in 0..6usize, to in 0..6usize, level in 1..4u8) {
            let was = [Sensitivity::S1, Sensitivity::S2, Sensitivity::S3][usize::from(level - 1)];
            let before = Need { area: Area::SIX[from], sensitivity: was, ..need() };
            let after = need_rewritten(&before, "dry".into(), Area::SIX[to], None).unwrap();
            prop_assert!(after.sensitivity >= before.sensitivity);
            prop_assert_eq!(&after.holder, &before.holder);
            prop_assert_eq!(&after.next, &before.next);
            if from == to {
                prop_assert_eq!(after.sensitivity, before.sensitivity);
            }
        }
    }
}
