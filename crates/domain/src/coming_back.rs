//! When a referral comes back to the one who asked: the person is told, and a next step
//! is chosen. A next step is a day soon when something is done, or an unmet need: placed,
//! dated, counted, held, and looked at again.

use crate::consent::{Basis, Confirmation, LookedAgain};
use crate::id::ServiceId;
use crate::need::{Need, NeedStatus, SaidNoTo, Unmet, UnmetReason};
use crate::next_date::{BadNextDate, NextDate, check_next_date, counted, move_next_date, words_of};
use crate::person::{Known, Person};
use crate::referral::{BackTo, Referral, Status};
use crate::settings::Settings;
use crate::time::{Day, Instant, plus_days};

/// What is done next about a need.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NextStep {
    /// Something is done on a day soon.
    Date {
        /// What.
        what: String,
        /// On which day.
        on: Day,
    },
    /// Nothing here meets it now.
    Unmet {
        /// Why.
        reason: UnmetReason,
        /// The day it is looked at again.
        review_on: Day,
    },
}

/// Why a next step is not taken, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadStep {
    /// The next date cannot be.
    #[error("{0}")]
    NextDate(#[from] BadNextDate),
    /// The need is no longer open.
    #[error("This need is not open any more")]
    NotOpen,
    /// The day to look again cannot be.
    #[error("Choose a day to look again, from tomorrow up to {}", words_of(*.latest))]
    Review {
        /// The last day that can be chosen.
        latest: Day,
    },
}

/// The need with its next step. A need for which something is tried again is not unmet;
/// one that stays unmet keeps the moment since when it is. `place` is the neighbourhood
/// in which an unmet need is counted. A later day counts as a move, with `why` as its
/// reason, unless somebody spoke to the person (`heard_at`): an unmet need that is put
/// off and off shows too.
///
/// # Errors
/// The need is not open, no reason is given, or the day cannot be.
pub fn goes_on(
    need: &Need,
    step: &NextStep,
    place: Option<&str>,
    (why, heard_at): (&str, Option<Instant>),
    now: Instant,
    today: Day,
    settings: &Settings,
) -> Result<Need, BadStep> {
    let old = match need.status {
        NeedStatus::Open => Some(&need.next),
        // "Not now" is over: this is a first date again.
        NeedStatus::NotNow { .. } => None,
        _ => return Err(BadStep::NotOpen),
    };
    let mut need = Need { status: NeedStatus::Open, follows_help: false, ..need.clone() };
    match step {
        NextStep::Date { what, on } => {
            need.next = match old {
                Some(old) => move_next_date(old, (what, *on), why, heard_at, now, today, settings)?,
                None => check_next_date(what, *on, today, settings)?,
            };
            need.unmet = None;
        }
        NextStep::Unmet { reason, review_on } => {
            let latest = plus_days(today, i32::from(settings.unmet_review_days));
            if *review_on <= today || *review_on > latest {
                return Err(BadStep::Review { latest });
            }
            need.unmet = Some(Unmet {
                since: need.unmet.as_ref().map_or(now, |before| before.since),
                reason: *reason,
                review_on: *review_on,
                place: place.map(str::to_owned),
            });
            let next = NextDate::new("Look again: nothing here meets this need yet", *review_on);
            need.next = match old {
                Some(old) => counted(old, next, reason.title().to_owned(), heard_at, now),
                None => next,
            };
        }
    }
    Ok(need)
}

/// The person said "not now" to help with this need: nobody chases, and on the day
/// somebody asks once.
///
/// # Errors
/// The need is not open, or the day is not from tomorrow up to the place's number of days.
pub fn not_now(need: &Need, until: Day, today: Day, settings: &Settings) -> Result<Need, BadStep> {
    if !matches!(need.status, NeedStatus::Open | NeedStatus::NotNow { .. }) {
        return Err(BadStep::NotOpen);
    }
    let latest = plus_days(today, i32::from(settings.not_now_days));
    if until <= today || until > latest {
        return Err(BadStep::Review { latest });
    }
    Ok(Need { status: NeedStatus::NotNow { until }, ..need.clone() })
}

/// The referral after somebody told the person how it stands: everything up to the
/// receiver's last move, whatever the clock says.
pub fn told_the_person(referral: &Referral, now: Instant) -> Referral {
    let told = Some(now).max(referral.told_person).max(referral.receiver_moved_at);
    Referral { told_person: told, untold: None, ..referral.clone() }
}

/// May the asking side tell the person and choose a next step now? It ended, or nobody
/// replied by the day. While a question waits for the asking side, it is not the receiver
/// who is silent; a yes is taken back by a step of its own, with a true reason.
pub fn may_settle(r: &Referral, today: Day) -> bool {
    let asked = r.question.as_ref().is_some_and(|q| q.answer.is_none());
    !r.closed() && (r.status.terminal() || (r.status == Status::Requested && r.reply_by < today && !asked))
}

/// The referral after it was written down why the person is not told that it went without
/// their agreement. None when there is nothing to tell: they agreed, or no reason was given.
pub fn not_told(referral: &Referral, why: &str) -> Option<Referral> {
    let why = why.trim();
    let fits = referral.basis.decided().is_some() && !why.is_empty();
    fits.then(|| Referral { untold: Some(why.to_owned()), told_person: None, ..referral.clone() })
}

/// The referral after the decision to send it without agreement was looked at again: what
/// was found, and the next day to look.
///
/// # Errors
/// The person agreed, or the day is not from tomorrow up to a year ahead.
pub fn looked_again(
    referral: &Referral,
    words: &str,
    next: Day,
    today: Day,
    now: Instant,
) -> Result<Referral, BadStep> {
    let latest = plus_days(today, 366);
    if next <= today || next > latest {
        return Err(BadStep::Review { latest });
    }
    let mut after = referral.clone();
    let decided = match &mut after.basis {
        Basis::BestInterests(d) | Basis::Safeguarding(d) | Basis::LifeAtRisk(d) => d,
        Basis::Agreement { .. } => return Err(BadStep::NotOpen),
    };
    decided.review_on = next;
    decided.looked_again.push(LookedAgain { at: now, words: words.trim().to_owned() });
    Ok(after)
}

/// The referral after whoever is named as the one who decided said that it was so; none when
/// nothing waits for that.
pub fn decision_confirmed(referral: &Referral, now: Instant) -> Option<Referral> {
    let mut after = referral.clone();
    let Basis::BestInterests(decided) = &mut after.basis else { return None };
    match decided.confirmed {
        Some(Confirmation::Waits { .. }) => decided.confirmed = Some(Confirmation::Given { at: now }),
        _ => return None,
    }
    Some(after)
}

/// The need after the person said no to one service: it is not offered again by itself.
pub fn said_no_to(need: &Need, service: ServiceId, today: Day) -> Need {
    let mut after = need.clone();
    after.said_no_to.retain(|no| no.service != service);
    after.said_no_to.push(SaidNoTo { service, on: today });
    after
}

/// Where the message back to the GP practice stands, in words.
pub fn gp_message(person: &Person, referral: &Referral) -> String {
    match (&person.gp, &referral.message_back.gp) {
        (Known::None, _) => "none: no GP".into(),
        (Known::NotYet, BackTo::NotYet) => "none yet: nobody has asked which GP".into(),
        (_, back) => back_words(back, referral.status),
    }
}

/// Where the message back to whoever introduced the person stands, in words.
pub fn referrer_message(person: &Person, referral: &Referral) -> String {
    match (&person.introducer, &referral.message_back.referrer) {
        (None, _) => "none: nobody introduced them".into(),
        (Some(who), BackTo::NotYet) if !who.may_be_told => "none: the person did not agree to it".into(),
        (Some(_), back) => back_words(back, referral.status),
    }
}

fn back_words(back: &BackTo, status: Status) -> String {
    match back {
        BackTo::NotYet if status.terminal() => "not yet: ask the person first".into(),
        BackTo::NotYet => "not yet: it has not ended".into(),
        BackTo::Sent { .. } => "sent".into(),
        BackTo::Nobody => "none: there is nobody to tell".into(),
        BackTo::SaidNo => "none: the person said no".into(),
        BackTo::ByHand => "by hand: you tell them yourself, with the words below".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::{Area, Sensitivity};
    use crate::id::{OrganisationId, TeamId};
    use crate::organisation::Holder;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 23);

    fn need() -> Need {
        Need {
            area: Area::Housing,
            words: "somewhere with support".into(),
            code: None,
            sensitivity: Sensitivity::S1,
            categories: Vec::new(),
            raised_at: Instant(0),
            status: NeedStatus::Open,
            holder: Holder {
                organisation: OrganisationId(Uuid::nil()),
                team: TeamId(Uuid::nil()),
                lead: None,
            },
            next: NextDate::new("Look", TODAY),
            unmet: None,
            said_no_to: Vec::new(),
            follows_help: false,
            guard: Default::default(),
        }
    }

    fn unmet(on: Day) -> NextStep {
        NextStep::Unmet { reason: UnmetReason::Declined, review_on: on }
    }

    #[test]
    fn a_next_date_in_2099_is_refused_in_plain_words() {
        let step = NextStep::Date { what: "Ring Marlon".into(), on: date(2099, 1, 1) };
        let wrong =
            goes_on(&need(), &step, None, ("Told them", None), Instant(1), TODAY, &Settings::default())
                .unwrap_err();
        assert!(wrong.to_string().starts_with("That is too far away."), "{wrong}");
    }

    #[test]
    fn an_unmet_need_is_placed_dated_and_keeps_since_when() {
        let s = Settings::default();
        let once = goes_on(
            &need(),
            &unmet(date(2026, 12, 14)),
            Some("E0101"),
            ("Told them", None),
            Instant(5),
            TODAY,
            &s,
        )
        .unwrap();
        let twice = goes_on(
            &once,
            &unmet(date(2026, 12, 21)),
            Some("E0101"),
            ("Told them", None),
            Instant(9),
            TODAY,
            &s,
        )
        .unwrap();
        let found = twice.unmet.unwrap();
        assert_eq!((found.since, found.place.as_deref()), (Instant(5), Some("E0101")));
        assert_eq!(twice.next.on, date(2026, 12, 21));
        let again = NextStep::Date { what: "Ask D".into(), on: TODAY };
        assert_eq!(
            goes_on(&once, &again, None, ("Told them", None), Instant(9), TODAY, &s).unwrap().unmet,
            None
        );
    }

    #[test]
    fn putting_an_unmet_need_off_twice_without_contact_shows_and_speaking_clears_it() {
        let s = Settings::default();
        let off = |need: &Need, on, heard: Option<i64>, now| {
            let told = ("They are full", heard.map(Instant));
            goes_on(need, &unmet(on), None, told, Instant(now), TODAY, &s).unwrap()
        };
        let once = off(&need(), date(2026, 12, 1), None, 5);
        let twice = off(&once, date(2026, 12, 8), None, 6);
        assert!(twice.next.kept_moving());
        let spoken = off(&twice, date(2026, 12, 15), Some(9), 9);
        assert_eq!(spoken.next.moves_without_contact, 0);
        let tried = NextStep::Date { what: "Ask D".into(), on: date(2026, 12, 20) };
        let silent = goes_on(&twice, &tried, None, (" ", None), Instant(9), TODAY, &s);
        assert_eq!(silent, Err(BadStep::NextDate(BadNextDate::NoReason)));
        let again = goes_on(&twice, &tried, None, ("D has room", None), Instant(9), TODAY, &s).unwrap();
        assert_eq!(again.next.moves_without_contact, 3);
    }

    proptest! {
        /// Whatever day is typed, a need that goes on has a day to look at it within the
        /// place's number of days, or nothing changes.
        #[test]
        fn a_need_that_goes_on_always_has_a_day_soon(ahead in -400i32..40_000) {
            let s = Settings::default();
            let on = plus_days(TODAY, ahead);
            let date = NextStep::Date { what: "Ring".into(), on };
            for step in [date, unmet(on)] {
                if let Ok(next) = goes_on(&need(), &step, None, ("Told them", None), Instant(1), TODAY, &s) {
                    prop_assert!(next.next.on >= TODAY && next.next.on <= plus_days(TODAY, 28));
                }
            }
            if let Ok(Need { status: NeedStatus::NotNow { until }, .. }) = not_now(&need(), on, TODAY, &s) {
                prop_assert!(until > TODAY && until <= plus_days(TODAY, 366));
            }
        }
    }
}
