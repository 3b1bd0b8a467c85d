//! Giving, narrowing and stopping what an organisation may go on seeing (rule B4).
//!
//! Stopping and narrowing are always possible, at once, without a reason. Giving stays
//! within the organisation's written agreement, is for named purposes, ends by itself, and
//! reaches what is restricted only by a category that the person named. What is sealed goes
//! to those it names and to nobody else.

use crate::area::{Area, Category, Sensitivity};
use crate::consent::{Consent, ConsentKind, HowGiven, MadeFor, Power};
use crate::id::OrganisationId;
use crate::next_date::words_of;
use crate::organisation::Agreement;
use crate::person::Person;
use crate::record::Saved;
use crate::settings::Settings;
use crate::supporter::Supporter;
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
    /// No purpose, or one that is not that organisation's work.
    #[error("Choose what it is for")]
    NoPurpose,
    /// Restricted things were named, and private ones were not.
    #[error("Very private things go together with private ones. Choose private too, or name none below")]
    NamesWithoutPrivate,
    /// The organisation's agreement stops short of what is restricted, or nobody there may see it.
    #[error("Nobody there may see very private things, so none can be shared with them")]
    NobodyThere,
    /// Who decides for the person has no power over this.
    #[error("{who} has no power to decide about “{}”", .area.title())]
    NoPower {
        /// Who.
        who: String,
        /// About what.
        area: Area,
    },
    /// Who decides for the person has no power now.
    #[error("Nobody has seen a power of theirs that holds today")]
    NoPowerNow,
    /// A decision made for the person lacks something that makes it one.
    #[error("{0}")]
    DecisionLacks(Lacks),
    /// An end that is too far away, or over.
    #[error("Choose a last day from today up to {}", words_of(*.latest))]
    End {
        /// The last day that can be chosen.
        latest: Day,
    },
}

/// What a decision made for the person has to say, and does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum Lacks {
    /// What was decided.
    #[error("Write the one decision that has to be made")]
    Decision,
    /// That they cannot make it.
    #[error("Write how it was found that they cannot decide this now, and by whom")]
    Found,
    /// Who decided.
    #[error("Write who decides, by name and role")]
    Who,
    /// Who was asked.
    #[error("Write who was consulted. The person comes first")]
    Consulted,
    /// The least.
    #[error("Write what is the least that is needed, and why not less")]
    Least,
}

/// Does a decision made for the person say everything that makes it one (Mental Capacity Act
/// 2005, sections 1 to 4)? And is it within the power, where it rests on one?
///
/// # Errors
/// What is missing, or what the power does not reach.
pub fn made_for(
    made: &MadeFor,
    areas: &[Area],
    attorney: Option<&Supporter>,
    now: Instant,
    today: Day,
) -> Result<(), NotShared> {
    let said = |words: &str, lacks| match words.trim().is_empty() {
        true => Err(NotShared::DecisionLacks(lacks)),
        false => Ok(()),
    };
    said(&made.decision, Lacks::Decision)?;
    said(&made.found, Lacks::Found)?;
    said(&made.consulted, Lacks::Consulted)?;
    said(&made.least, Lacks::Least)?;
    match &made.power {
        Power::BestInterests { decided_by } => said(decided_by, Lacks::Who),
        Power::Representative { .. } => {
            let standing = |s: &&Supporter| s.kind.decides() && s.proof.is_some() && s.holds(now, today);
            let attorney = attorney.filter(standing).ok_or(NotShared::NoPowerNow)?;
            match areas.iter().find(|area| !attorney.kind.reaches(**area)) {
                Some(area) => Err(NotShared::NoPower { who: attorney.name.clone(), area: *area }),
                None => Ok(()),
            }
        }
    }
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

/// What is left of an agreement that is made less.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Less {
    /// Which areas.
    pub areas: Vec<Area>,
    /// For which purposes.
    pub purposes: Vec<String>,
    /// Also what is private (S2).
    pub private: bool,
    /// Which restricted things.
    pub categories: Vec<Category>,
    /// Also add to it.
    pub contribute: bool,
    /// The last day.
    pub until: Day,
}

impl Less {
    /// Everything that an agreement has now: what a form for less starts from.
    pub fn nothing(consent: &Consent) -> Less {
        Less {
            areas: consent.areas.clone(),
            purposes: consent.purposes.clone(),
            private: consent.max_sensitivity >= Sensitivity::S2,
            categories: consent.categories.clone(),
            contribute: consent.contribute,
            until: consent.until,
        }
    }
}

/// How sensitive a thing may be at most, from what was ticked.
fn most(private: bool, categories: &[Category]) -> Result<Sensitivity, NotShared> {
    match (private, categories.is_empty()) {
        (false, true) => Ok(Sensitivity::S1),
        (true, true) => Ok(Sensitivity::S2),
        (true, false) => Ok(Sensitivity::S3),
        (false, false) => Err(NotShared::NamesWithoutPrivate),
    }
}

/// Less of the same: fewer areas or purposes, less that is private, fewer named things, an
/// earlier end, or seeing without adding.
///
/// # Errors
/// It was stopped, nothing is left, or it would be more than before.
pub fn narrowed(consent: &Consent, less: &Less, today: Day) -> Result<Consent, NotShared> {
    if consent.withdrawn.is_some() || consent.until < today {
        return Err(NotShared::Ended);
    }
    if less.areas.is_empty() {
        return Err(NotShared::NoAreas);
    }
    if less.purposes.is_empty() {
        return Err(NotShared::NoPurpose);
    }
    let max_sensitivity = most(less.private, &less.categories)?;
    let more = less.areas.iter().any(|a| !consent.areas.contains(a))
        || less.purposes.iter().any(|p| !consent.purposes.contains(p))
        || less.categories.iter().any(|c| !consent.categories.contains(c))
        || max_sensitivity > consent.max_sensitivity
        || (less.contribute && !consent.contribute);
    if more {
        return Err(NotShared::NotLess);
    }
    if less.until < today || less.until > consent.until {
        return Err(NotShared::End { latest: consent.until });
    }
    Ok(Consent {
        areas: less.areas.clone(),
        purposes: less.purposes.clone(),
        max_sensitivity,
        categories: less.categories.clone(),
        contribute: less.contribute,
        until: less.until,
        ..consent.clone()
    })
}

/// Is a decision made for the person to be looked at again? From a month before its day, and
/// also when its day is over, until somebody did, it was stopped, or it was decided anew.
pub fn to_look_at_again(
    consent: &Consent,
    others: &[Saved<Consent>],
    today: Day,
    settings: &Settings,
) -> bool {
    consent.made_for.is_some()
        && consent.reminder_on(settings) <= today
        && consent.kind == ConsentKind::Standing
        && consent.withdrawn.is_none()
        && consent.end_told.is_none()
        && !others.iter().any(|o| goes_on(consent, &o.value))
}

/// Has the same organisation a later agreement that nobody stopped?
fn goes_on(consent: &Consent, other: &Consent) -> bool {
    other.kind == ConsentKind::Standing
        && other.organisation == consent.organisation
        && other.until > consent.until
        && other.withdrawn.is_none()
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
    consent.kind == ConsentKind::Standing
        && consent.made_for.is_none()
        && consent.holds(now, today)
        && consent.reminder_on(settings) <= today
        && consent.end_told.is_none()
        && !others.iter().any(|o| goes_on(consent, &o.value))
}

/// Somebody spoke to the person about its end, or looked again at a decision made for them.
///
/// # Errors
/// It has ended or was stopped.
pub fn end_told(consent: &Consent, now: Instant, today: Day) -> Result<Consent, NotShared> {
    let again = consent.made_for.is_some() && consent.withdrawn.is_none() && consent.end_told.is_none();
    if !again && !consent.holds(now, today) {
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
    /// For which purposes: some of the organisation's own work.
    pub purposes: Vec<String>,
    /// Also what is private (S2), not only what is ordinary (S1).
    pub private: bool,
    /// Of what is restricted (S3): the things the person named.
    pub categories: Vec<Category>,
    /// Also add to it, not only see it.
    pub contribute: bool,
    /// The last day; of a decision made for them, the day it is looked at again.
    pub until: Day,
    /// How it was given.
    pub given: HowGiven,
    /// Somebody decided for the person.
    pub made_for: Option<MadeFor>,
}

/// What limits sharing with an organisation.
#[derive(Clone, Debug)]
pub struct There<'a> {
    /// Its written agreement.
    pub agreement: Option<&'a Agreement>,
    /// The purposes of its own work.
    pub purposes: &'a [String],
    /// The most that anybody there may see in an area, by the ceiling of their role.
    pub most: &'a [(Area, Sensitivity)],
}

/// A new standing agreement.
///
/// # Errors
/// It is wider than the organisation's written agreement, reaches what nobody there may see, is
/// for no purpose of theirs, or never ends.
pub fn given(
    giving: Giving,
    there: &There<'_>,
    today: Day,
    settings: &Settings,
) -> Result<Consent, NotShared> {
    let agreement = there.agreement.filter(|a| a.in_date(today)).ok_or(NotShared::NoAgreement)?;
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
    if giving.purposes.is_empty() || giving.purposes.iter().any(|p| !there.purposes.contains(p)) {
        return Err(NotShared::NoPurpose);
    }
    let wanted = most(giving.private, &giving.categories)?;
    if wanted == Sensitivity::S3 && !names_open(agreement, there, &giving.areas) {
        return Err(NotShared::NobodyThere);
    }
    let latest = Consent::default_end(today, settings);
    if giving.until < today || giving.until > latest {
        return Err(NotShared::End { latest });
    }
    Ok(Consent {
        organisation: giving.organisation,
        areas: giving.areas,
        purposes: giving.purposes,
        max_sensitivity: wanted.min(agreement.ceiling),
        categories: giving.categories,
        contribute: giving.contribute,
        from: today,
        until: giving.until,
        withdrawn: None,
        end_told: None,
        kind: ConsentKind::Standing,
        given: giving.given,
        made_for: giving.made_for,
    })
}

/// Could anything restricted be opened there in these areas at all?
pub fn names_open(agreement: &Agreement, there: &There<'_>, areas: &[Area]) -> bool {
    agreement.ceiling >= Sensitivity::S3
        && there.most.iter().any(|(area, most)| areas.contains(area) && *most >= Sensitivity::S3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Asked;
    use crate::id::RecordId;
    use crate::organisation::ControllerRole;
    use crate::supporter::SupporterKind;
    use crate::time::plus_days;
    use jiff::civil::date;
    use proptest::prelude::*;
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
            categories: Vec::new(),
            contribute: true,
            until: plus_days(TODAY, 30),
            made_for: None,
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

    fn give(g: Giving, a: Option<&Agreement>) -> Result<Consent, NotShared> {
        let purposes = ["money_advice".to_owned(), "direct_care".to_owned()];
        let most = [(Area::Money, Sensitivity::S2), (Area::HealthAndCare, Sensitivity::S3)];
        let there = There { agreement: a, purposes: &purposes, most: &most };
        given(g, &there, TODAY, &Settings::default())
    }

    fn money_and_housing() -> Consent {
        let both = [Area::Money, Area::Housing];
        give(giving(&both), Some(&agreement(&both))).unwrap()
    }

    fn health_with(categories: &[Category]) -> (Giving, Agreement) {
        let areas = [Area::HealthAndCare];
        let giving = Giving { categories: categories.to_vec(), ..giving(&areas) };
        (giving, Agreement { ceiling: Sensitivity::S3, ..agreement(&areas) })
    }

    #[test]
    fn giving_stays_within_the_written_agreement_and_ends() {
        let only_money = agreement(&[Area::Money]);
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
    fn giving_is_for_a_purpose_of_theirs() {
        let money = agreement(&[Area::Money]);
        for purposes in [vec![], vec!["marketing".to_owned()]] {
            let g = Giving { purposes, ..giving(&[Area::Money]) };
            assert_eq!(give(g, Some(&money)), Err(NotShared::NoPurpose));
        }
    }

    #[test]
    fn what_is_restricted_is_named_or_stays() {
        let (without, agreement) = health_with(&[]);
        assert_eq!(give(without, Some(&agreement)).unwrap().max_sensitivity, Sensitivity::S2);
        let (named, agreement) = health_with(&[Category::SubstanceUse]);
        let consent = give(named.clone(), Some(&agreement)).unwrap();
        assert!(consent.covers(Area::HealthAndCare, Sensitivity::S3, &[Category::SubstanceUse]));
        assert!(!consent.covers(Area::HealthAndCare, Sensitivity::S3, &[Category::Suicide]));
        assert!(!consent.covers(Area::HealthAndCare, Sensitivity::S4, &[Category::SubstanceUse]));
        let ordinary = Giving { private: false, ..named.clone() };
        assert_eq!(give(ordinary, Some(&agreement)), Err(NotShared::NamesWithoutPrivate));
        let low = Agreement { ceiling: Sensitivity::S2, ..agreement.clone() };
        assert_eq!(give(named.clone(), Some(&low)), Err(NotShared::NobodyThere));
        let elsewhere = Giving { areas: vec![Area::Money], ..named };
        let wide = Agreement { areas: vec![Area::Money], ..agreement };
        assert_eq!(give(elsewhere, Some(&wide)), Err(NotShared::NobodyThere));
    }

    fn best_interests() -> MadeFor {
        MadeFor {
            power: Power::BestInterests { decided_by: "Dr Osei, psychiatrist".into() },
            decision: "Whether the trust may see what is said about medicines".into(),
            found: "Dr Osei, on the ward, twice".into(),
            consulted: "Them, their sister, the IMCA".into(),
            least: "Medicines only".into(),
        }
    }

    #[test]
    fn a_decision_made_for_somebody_says_all_of_it() {
        let now = Instant(0);
        let check = |made: &MadeFor| made_for(made, &[Area::Money], None, now, TODAY);
        assert_eq!(check(&best_interests()), Ok(()));
        let empty = |f: fn(&mut MadeFor)| {
            let mut made = best_interests();
            f(&mut made);
            check(&made)
        };
        let lacks = |l| Err(NotShared::DecisionLacks(l));
        assert_eq!(empty(|m| m.decision = " ".into()), lacks(Lacks::Decision));
        assert_eq!(empty(|m| m.found.clear()), lacks(Lacks::Found));
        assert_eq!(empty(|m| m.consulted.clear()), lacks(Lacks::Consulted));
        assert_eq!(empty(|m| m.least.clear()), lacks(Lacks::Least));
        let nobody = Power::BestInterests { decided_by: String::new() };
        assert_eq!(check(&MadeFor { power: nobody, ..best_interests() }), lacks(Lacks::Who));
    }

    #[test]
    fn an_attorney_decides_within_the_power_and_while_it_holds() {
        let attorney = |kind| Supporter {
            name: "Joy".into(),
            relation: "daughter".into(),
            kind,
            contact: None,
            areas: Vec::new(),
            categories: Vec::new(),
            agreed_at: None,
            proof: Some(crate::supporter::Proof {
                what: "Registered power, seal of the court".into(),
                seen_by: RecordId(Uuid::nil()).into(),
                on: TODAY,
            }),
            from: TODAY,
            until: None,
            given: None,
            ended: None,
            seen: None,
        };
        let power = Power::Representative { supporter: RecordId(Uuid::nil()).into(), name: "Joy".into() };
        let made = MadeFor { power, ..best_interests() };
        let check = |s: Option<&Supporter>, area| made_for(&made, &[area], s, Instant(0), TODAY);
        let money = attorney(SupporterKind::AttorneyMoney);
        assert_eq!(check(Some(&money), Area::Money), Ok(()));
        assert!(matches!(check(Some(&money), Area::HealthAndCare), Err(NotShared::NoPower { .. })));
        assert_eq!(check(None, Area::Money), Err(NotShared::NoPowerNow));
        let ended = Supporter { ended: Some(Instant(0)), ..money.clone() };
        assert_eq!(check(Some(&ended), Area::Money), Err(NotShared::NoPowerNow));
        let unseen = Supporter { proof: None, agreed_at: Some(Instant(0)), ..money };
        assert_eq!(check(Some(&unseen), Area::Money), Err(NotShared::NoPowerNow));
        let friend = attorney(SupporterKind::Friend);
        assert_eq!(check(Some(&friend), Area::Money), Err(NotShared::NoPowerNow));
    }

    #[test]
    fn a_decision_made_for_somebody_waits_to_be_looked_at_even_when_it_has_ended() {
        let made = Consent { made_for: Some(best_interests()), ..money_and_housing() };
        let to_look_at_again = |c: &Consent| to_look_at_again(c, &[], TODAY, &Settings::default());
        assert!(to_look_at_again(&made));
        let far = Consent { until: plus_days(TODAY, 31), ..made.clone() };
        assert!(!to_look_at_again(&far));
        assert!(!end_to_tell(&made, &[], Instant(0), made.until, &Settings::default()));
        let looked = end_told(&made, Instant(9), plus_days(made.until, 3)).unwrap();
        assert!(!to_look_at_again(&looked));
        assert_eq!(end_told(&looked, Instant(10), plus_days(made.until, 4)), Err(NotShared::Ended));
        assert!(!to_look_at_again(&stopped(&made, Instant(5)).unwrap()));
        assert!(!to_look_at_again(&money_and_housing()));
    }

    fn less(f: impl Fn(&mut Less)) -> Less {
        let mut less = Less::nothing(&money_and_housing());
        f(&mut less);
        less
    }

    #[test]
    fn narrowing_only_takes_away() {
        let before = money_and_housing();
        let narrow = |l: &Less| narrowed(&before, l, TODAY);
        let one = narrow(&less(|l| l.areas = vec![Area::Money])).unwrap();
        assert_eq!(one.areas, [Area::Money]);
        let seeing = narrow(&less(|l| l.contribute = false)).unwrap();
        assert!(before.contribute && !seeing.contribute);
        assert_eq!(narrowed(&seeing, &less(|_| ()), TODAY), Err(NotShared::NotLess));
        assert_eq!(narrowed(&one, &less(|_| ()), TODAY), Err(NotShared::NotLess));
        let ordinary = narrow(&less(|l| l.private = false)).unwrap();
        assert_eq!(ordinary.max_sensitivity, Sensitivity::S1);
        assert_eq!(narrowed(&ordinary, &less(|_| ()), TODAY), Err(NotShared::NotLess));
        let named = less(|l| l.categories = vec![Category::Suicide]);
        assert_eq!(narrow(&named), Err(NotShared::NotLess));
        assert_eq!(narrow(&less(|l| l.purposes = vec!["direct_care".into()])), Err(NotShared::NotLess));
        assert_eq!(narrow(&less(|l| l.purposes.clear())), Err(NotShared::NoPurpose));
        assert_eq!(narrow(&less(|l| l.areas.clear())), Err(NotShared::NoAreas));
        let longer = less(|l| l.until = plus_days(l.until, 1));
        assert!(matches!(narrow(&longer), Err(NotShared::End { .. })));
    }

    fn some_of<T: Clone>(all: &[T], bits: u16) -> Vec<T> {
        all.iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, x)| x.clone()).collect()
    }

    proptest! {
        /// Whatever is asked for: what comes of narrowing covers nothing that was not covered.
        #[test]
        fn what_is_left_is_part_of_what_was(
            (areas, categories, purposes) in (0u16..64, 0u16..512, 0u16..4),
            (private, contribute, days) in (any::<bool>(), any::<bool>(), -5i32..60),
            (had_areas, had_categories) in (1u16..64, 0u16..512),
        ) {
            let had = Consent {
                areas: some_of(&Area::SIX, had_areas),
                categories: some_of(&Category::ALL, had_categories),
                max_sensitivity: if had_categories == 0 { Sensitivity::S2 } else { Sensitivity::S3 },
                ..money_and_housing()
            };
            let wanted = Less {
                areas: some_of(&Area::SIX, areas),
                purposes: some_of(&["money_advice".to_owned(), "direct_care".to_owned()], purposes),
                private,
                categories: some_of(&Category::ALL, categories),
                contribute,
                until: plus_days(TODAY, days),
            };
            if let Ok(left) = narrowed(&had, &wanted, TODAY) {
                for area in Area::ALL {
                    for category in Category::ALL {
                        for s in [Sensitivity::S1, Sensitivity::S2, Sensitivity::S3, Sensitivity::S4] {
                            prop_assert!(!left.covers(area, s, &[category]) || had.covers(area, s, &[category]));
                        }
                    }
                }
                prop_assert!(left.until <= had.until && (had.contribute || !left.contribute));
                prop_assert!(left.purposes.iter().all(|p| had.purposes.contains(p)));
            }
        }
    }

    #[test]
    fn stopping_counts_from_that_moment_and_once() {
        let now = Instant(5);
        let after = stopped(&money_and_housing(), now).unwrap();
        assert!(!after.holds(now, TODAY) && after.holds(Instant(4), TODAY));
        assert_eq!(stopped(&after, now), Err(NotShared::Ended));
        assert_eq!(narrowed(&after, &Less::nothing(&after), TODAY), Err(NotShared::Ended));
    }
}
