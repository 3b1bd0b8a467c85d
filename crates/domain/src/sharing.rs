//! Giving, narrowing and stopping what an organisation may go on seeing (rule B4).
//!
//! Stopping and narrowing are always possible, at once, without a reason. Giving stays
//! within the organisation's written agreement, ends by itself, and never reaches what is
//! restricted or sealed: such a thing goes to a named worker or not at all.

use crate::area::{Area, Sensitivity};
use crate::consent::{Consent, ConsentKind, HowGiven};
use crate::id::OrganisationId;
use crate::next_date::words_of;
use crate::organisation::Agreement;
use crate::person::Person;
use crate::record::Saved;
use crate::settings::Settings;
use crate::time::{Day, Instant};

/// Why it cannot be shared so, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotShared {
    /// It was stopped before.
    #[error("This was stopped already. Nothing new is seen")]
    Ended,
    /// Narrowing can only take away.
    #[error("This page can only make it less. To share more, start again with “Let somebody see more”")]
    NotLess,
    /// Nothing was chosen.
    #[error("Choose at least one part of your life, or stop it instead")]
    NoAreas,
    /// The organisation has signed no agreement that holds today.
    #[error("They have no agreement to share with at the moment, so nothing can be shared with them")]
    NoAgreement,
    /// What has to be written down about the organisation before anything is shared is not.
    #[error("Nothing can be shared with them yet. In their agreement this is missing: {0}")]
    Lacks(String),
    /// Somebody there must never know.
    #[error("Somebody there must not know. Change that under “Safe contact” first, with the person alone")]
    MustNotKnow,
    /// An area the organisation's agreement does not cover.
    #[error("They may not see “{}”: their agreement does not cover it", .0.title())]
    Beyond(Area),
    /// An end that is too far away, or over.
    #[error("Choose a last day from today up to {}", words_of(*.latest))]
    End {
        /// The last day that can be chosen.
        latest: Day,
    },
}

/// The person stopped it at this moment.
///
/// # Errors
/// It was stopped before.
pub fn stopped(consent: &Consent, now: Instant) -> Result<Consent, NotShared> {
    match consent.withdrawn {
        Some(_) => Err(NotShared::Ended),
        None => Ok(Consent { withdrawn: Some(now), ..consent.clone() }),
    }
}

/// Less of the same: fewer areas, an earlier end, or seeing without adding.
///
/// # Errors
/// It was stopped, nothing is left, or it would be more than before.
pub fn narrowed(
    consent: &Consent,
    areas: &[Area],
    contribute: bool,
    until: Day,
    today: Day,
) -> Result<Consent, NotShared> {
    if consent.withdrawn.is_some() || consent.until < today {
        return Err(NotShared::Ended);
    }
    if areas.is_empty() {
        return Err(NotShared::NoAreas);
    }
    if areas.iter().any(|a| !consent.areas.contains(a)) || (contribute && !consent.contribute) {
        return Err(NotShared::NotLess);
    }
    if until < today || until > consent.until {
        return Err(NotShared::End { latest: consent.until });
    }
    Ok(Consent { areas: areas.to_vec(), contribute, until, ..consent.clone() })
}

/// Is it time to speak to the person about the end of this agreement (design, "The closed
/// loop": a reminder 30 days before, so that nothing lapses silently)? From the reminder's
/// day until it has ended, unless somebody did, or the person has agreed to go on longer
/// with the same organisation.
pub fn end_to_tell(
    consent: &Consent,
    others: &[Saved<Consent>],
    now: Instant,
    today: Day,
    settings: &Settings,
) -> bool {
    let goes_on = |o: &Saved<Consent>| {
        o.value.kind == ConsentKind::Standing
            && o.value.organisation == consent.organisation
            && o.value.until > consent.until
            && o.value.withdrawn.is_none()
    };
    consent.kind == ConsentKind::Standing
        && consent.holds(now, today)
        && consent.reminder_on(settings) <= today
        && consent.end_told.is_none()
        && !others.iter().any(goes_on)
}

/// Somebody spoke to the person about its end.
///
/// # Errors
/// It has ended or was stopped.
pub fn end_told(consent: &Consent, now: Instant, today: Day) -> Result<Consent, NotShared> {
    if !consent.holds(now, today) {
        return Err(NotShared::Ended);
    }
    Ok(Consent { end_told: Some(now), ..consent.clone() })
}

/// May anything about the person be shared with this organisation? Not where somebody is
/// through whom one who must never know could learn of it.
///
/// # Errors
/// Somebody there must not know.
pub fn may_share_with(person: &Person, organisation: OrganisationId) -> Result<(), NotShared> {
    let there = person.safe_contact.must_not_know.iter().any(|m| m.organisation == Some(organisation));
    if there { Err(NotShared::MustNotKnow) } else { Ok(()) }
}

/// What the person lets an organisation go on seeing.
#[derive(Clone, Debug)]
pub struct Giving {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// Which areas.
    pub areas: Vec<Area>,
    /// For which purposes: those of the organisation's own work.
    pub purposes: Vec<String>,
    /// Also what is private (S2), not only what is ordinary (S1).
    pub private: bool,
    /// Also add to it, not only see it.
    pub contribute: bool,
    /// The last day.
    pub until: Day,
    /// How it was given.
    pub given: HowGiven,
}

/// A new standing agreement.
///
/// # Errors
/// It is wider than the organisation's written agreement, or never ends.
pub fn given(
    giving: Giving,
    agreement: Option<&Agreement>,
    today: Day,
    settings: &Settings,
) -> Result<Consent, NotShared> {
    let agreement = agreement.filter(|a| a.in_date(today)).ok_or(NotShared::NoAgreement)?;
    let lacks = agreement.lacks();
    if !lacks.is_empty() {
        return Err(NotShared::Lacks(lacks.join(", ")));
    }
    if giving.areas.is_empty() {
        return Err(NotShared::NoAreas);
    }
    if let Some(area) = giving.areas.iter().find(|a| !agreement.areas.contains(a)) {
        return Err(NotShared::Beyond(*area));
    }
    let latest = Consent::default_end(today, settings);
    if giving.until < today || giving.until > latest {
        return Err(NotShared::End { latest });
    }
    let wanted = if giving.private { Sensitivity::S2 } else { Sensitivity::S1 };
    Ok(Consent {
        organisation: giving.organisation,
        areas: giving.areas,
        purposes: giving.purposes,
        max_sensitivity: wanted.min(agreement.ceiling),
        categories: Vec::new(),
        contribute: giving.contribute,
        from: today,
        until: giving.until,
        withdrawn: None,
        end_told: None,
        kind: ConsentKind::Standing,
        given: giving.given,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Asked;
    use crate::id::RecordId;
    use crate::organisation::ControllerRole;
    use crate::time::plus_days;
    use jiff::civil::date;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 24);

    fn agreement(areas: &[Area]) -> Agreement {
        Agreement {
            reference: "DSA-1".into(),
            from: plus_days(TODAY, -10),
            until: plus_days(TODAY, 10),
            areas: areas.to_vec(),
            ceiling: Sensitivity::S2,
            role: ControllerRole::Controller,
            data_protection_contact: "data@example.org".into(),
            purposes: vec!["Support that the person asked for".into()],
            dpia: "DPIA-1".into(),
            caldicott: "Caldicott Guardian".into(),
        }
    }

    fn giving(areas: &[Area]) -> Giving {
        Giving {
            organisation: RecordId(Uuid::nil()).into(),
            areas: areas.to_vec(),
            purposes: vec!["money_advice".into()],
            private: true,
            contribute: true,
            until: plus_days(TODAY, 30),
            given: HowGiven {
                asked_by: None,
                how: Asked::OnScreen,
                present: String::new(),
                offered_alone: false,
                said_no_to: Vec::new(),
                words: String::new(),
                capacity_doubt: None,
                clinician: None,
                interpreter: None,
                at: Instant(0),
            },
        }
    }

    fn money_and_housing() -> Consent {
        let both = [Area::Money, Area::Housing];
        given(giving(&both), Some(&agreement(&both)), TODAY, &Settings::default()).unwrap()
    }

    #[test]
    fn giving_stays_within_the_written_agreement_and_ends() {
        let only_money = agreement(&[Area::Money]);
        let settings = Settings::default();
        let give = |g: Giving, a: Option<&Agreement>| given(g, a, TODAY, &settings);
        assert!(give(giving(&[Area::Money]), Some(&only_money)).is_ok());
        assert_eq!(give(giving(&[Area::Housing]), Some(&only_money)), Err(NotShared::Beyond(Area::Housing)));
        assert_eq!(give(giving(&[]), Some(&only_money)), Err(NotShared::NoAreas));
        assert_eq!(give(giving(&[Area::Money]), None), Err(NotShared::NoAgreement));
        let lapsed = Agreement { until: plus_days(TODAY, -1), ..only_money.clone() };
        assert_eq!(give(giving(&[Area::Money]), Some(&lapsed)), Err(NotShared::NoAgreement));
        let for_ever = Giving { until: date(2099, 1, 1), ..giving(&[Area::Money]) };
        assert!(matches!(give(for_ever, Some(&only_money)), Err(NotShared::End { .. })));
        let low = Agreement { ceiling: Sensitivity::S1, ..only_money };
        assert_eq!(give(giving(&[Area::Money]), Some(&low)).unwrap().max_sensitivity, Sensitivity::S1);
    }

    #[test]
    fn narrowing_only_takes_away() {
        let before = money_and_housing();
        let less = narrowed(&before, &[Area::Money], true, before.until, TODAY).unwrap();
        assert_eq!(less.areas, [Area::Money]);
        let seeing = narrowed(&before, &[Area::Money], false, before.until, TODAY).unwrap();
        assert!(before.contribute && !seeing.contribute);
        assert_eq!(narrowed(&seeing, &[Area::Money], true, before.until, TODAY), Err(NotShared::NotLess));
        assert_eq!(
            narrowed(&less, &[Area::Money, Area::Housing], true, before.until, TODAY),
            Err(NotShared::NotLess)
        );
        assert_eq!(narrowed(&before, &[], true, before.until, TODAY), Err(NotShared::NoAreas));
        let longer = plus_days(before.until, 1);
        assert!(matches!(narrowed(&before, &[Area::Money], true, longer, TODAY), Err(NotShared::End { .. })));
    }

    #[test]
    fn stopping_counts_from_that_moment_and_once() {
        let now = Instant(5);
        let after = stopped(&money_and_housing(), now).unwrap();
        assert!(!after.holds(now, TODAY) && after.holds(Instant(4), TODAY));
        assert_eq!(stopped(&after, now), Err(NotShared::Ended));
        assert_eq!(narrowed(&after, &[Area::Money], true, TODAY, TODAY), Err(NotShared::Ended));
    }
}
