//! Clocks: named rules that make a wait of what happened. Three, published side by side and
//! never mixed.
//!
//! * *Partner wait*: from the day a referral was received to the day the person first came.
//! * *Whole journey*: from the day somebody first asked about a need to the day help first
//!   happened, through whatever doors. A decline does not end it.
//! * *Published community mental health wait*: NHS England's, as coded for the Mental
//!   Health Services statistics. The four-week standard was proposed in 2021 and has not
//!   been adopted; data have been published against it since 2024. Name it so.
//!
//! None pauses, and none starts again: not for hospital, not for "could not come".
//!
//! Source of the third: NHSDigital/mental-health-monthly-statistics (MIT),
//! 4w_waits_prep.py; measures MRS01 to MRS07.

use super::Spell;
use jiff::civil::Date;

/// Days from one day to another; negative when the second comes first.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// How a partner's referral or a whole journey ended without help, as ways of [`Spell`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Help happened: the person came.
    Seen = 1,
    /// The service said no.
    Declined = 2,
    /// Nobody could reach them.
    Lost = 3,
    /// They died.
    Died = 4,
    /// They said no, or ended it themselves, or it ended otherwise.
    Left = 5,
}

impl End {
    /// All ways, in order.
    pub const ALL: [End; 5] = [End::Seen, End::Declined, End::Lost, End::Died, End::Left];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            End::Seen => "seen",
            End::Declined => "declined",
            End::Lost => "lost touch",
            End::Died => "died",
            End::Left => "left",
        }
    }

    /// The end of this word.
    pub fn of(word: &str) -> Option<End> {
        End::ALL.into_iter().find(|e| e.word() == word)
    }
}

/// One referral as the clocks need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// When somebody first asked, if that is known and was earlier.
    pub asked: Option<Date>,
    /// When the service received it.
    pub received: Date,
    /// When the person first came.
    pub came: Option<Date>,
    /// When it ended, and how, if it did before they came.
    pub ended: Option<(Date, End)>,
}

/// The partner wait of one referral on `today`. Nothing when it was received later.
pub fn partner(e: &Episode, today: Date) -> Option<Spell> {
    wait(e.received, e.came, e.ended, today)
}

/// The whole journey of one need: all referrals made for it, and the day the need itself
/// ended without help, if it did. Nothing when nobody had asked by `today`.
pub fn journey(episodes: &[Episode], ended: Option<(Date, End)>, today: Date) -> Option<Spell> {
    let start = episodes.iter().map(|e| e.asked.map_or(e.received, |a| a.min(e.received))).min()?;
    let came = episodes.iter().filter_map(|e| e.came).min();
    wait(start, came, ended, today)
}

/// What happened first, up to today. Whoever came on the day it ended came.
fn wait(start: Date, came: Option<Date>, ended: Option<(Date, End)>, today: Date) -> Option<Spell> {
    let waited = |day: Date| days_between(start, day).max(0) as f64;
    if start > today {
        return None;
    }
    let came = came.filter(|day| *day <= today);
    let ended = ended.filter(|(day, _)| *day <= today);
    Some(match (came, ended) {
        (Some(day), None) => Spell::new(waited(day), End::Seen as usize),
        (Some(day), Some((end, _))) if day <= end => Spell::new(waited(day), End::Seen as usize),
        (_, Some((end, how))) => Spell::new(waited(end), how as usize),
        (None, None) => Spell::new(waited(today), 0),
    })
}

/// The team types whose referrals the published wait counts.
pub const TEAMS: [&str; 9] = ["A05", "A06", "A08", "A09", "A12", "A13", "A16", "C10", "C03"];

/// Referrals of one person at one provider that are so few days apart are one spell.
pub const GAP_DAYS: i64 = 5;

/// From this day a spell needs a meaningful assessment to stop.
pub const TRANSITION: Date = jiff::civil::date(2024, 4, 1);

/// Whether the published wait counts a referral: an adult, a team of the list, no hospital
/// stay in it. Where they live (England or unknown) is the caller's to know.
pub fn in_scope(age: u32, team: &str, hospital: bool) -> bool {
    age >= 18 && TEAMS.contains(&team) && !hospital
}

/// What happened to one person at one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Referrals in scope: the day the request was received, and the day it ended.
    pub referrals: Vec<(Date, Option<Date>)>,
    /// Contacts attended, by a mechanism that counts, with a team of the list.
    pub contacts: Vec<Date>,
    /// Scored outcome measures.
    pub outcomes: Vec<Date>,
    /// Meaningful assessments.
    pub assessments: Vec<Date>,
    /// Agreed care plans, and interventions.
    pub plans: Vec<Date>,
}

/// A spell of the published wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The day the clock started.
    pub start: Date,
    /// The day the spell ended, if it did by the end of the period.
    pub ended: Option<Date>,
    /// The day the clock stopped.
    pub stop: Option<Date>,
    /// The day of the second contact: the older proxy.
    pub second_contact: Option<Date>,
}

impl Published {
    /// Days from start to stop.
    pub fn days(&self) -> Option<i64> {
        self.stop.map(|stop| days_between(self.start, stop))
    }

    /// Days waited at the end of the period, while it is open and has not stopped.
    pub fn still(&self, period_end: Date) -> Option<i64> {
        let waiting = self.stop.is_none() && self.ended.is_none();
        waiting.then(|| days_between(self.start, period_end))
    }

    /// Days waited for a second contact at the end of the period, while it is open.
    pub fn still_for_second(&self, period_end: Date) -> Option<i64> {
        let waiting = self.second_contact.is_none() && self.ended.is_none();
        waiting.then(|| days_between(self.start, period_end))
    }
}

/// The spells of one person at one provider, as known at the end of the period.
pub fn published(history: &History, period_end: Date) -> Vec<Published> {
    merged(&history.referrals, period_end)
        .into_iter()
        .map(|(start, ended)| {
            let until = ended.unwrap_or(period_end);
            let first = |days: &[Date]| days.iter().copied().filter(|d| start <= *d && *d <= until).min();
            let contact = first(&history.contacts);
            let earlier = start < TRANSITION && contact.is_some_and(|day| day < TRANSITION);
            let mut needed = vec![contact, first(&history.outcomes), first(&history.plans)];
            if !earlier {
                needed.push(first(&history.assessments));
            }
            let stop =
                needed.into_iter().collect::<Option<Vec<Date>>>().and_then(|days| days.into_iter().max());
            let mut inside: Vec<Date> =
                history.contacts.iter().copied().filter(|d| start <= *d && *d <= until).collect();
            inside.sort();
            Published { start, ended, stop, second_contact: inside.get(1).copied() }
        })
        .collect()
}

/// Referrals that overlap, or lie at most five days apart, as one.
fn merged(referrals: &[(Date, Option<Date>)], period_end: Date) -> Vec<(Date, Option<Date>)> {
    let mut known: Vec<(Date, Option<Date>)> = referrals
        .iter()
        .filter(|(received, _)| *received <= period_end)
        .map(|(received, ended)| (*received, ended.filter(|day| *day <= period_end)))
        .collect();
    known.sort();
    let mut spells: Vec<(Date, Option<Date>)> = Vec::new();
    for (received, ended) in known {
        match spells.last_mut() {
            Some((_, end)) if end.is_none_or(|end| days_between(end, received) <= GAP_DAYS) => {
                *end = end.zip(ended).map(|(a, b)| a.max(b));
            }
            _ => spells.push((received, ended)),
        }
    }
    spells
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_partner_wait_ends_when_the_person_comes_and_not_when_it_is_accepted() {
        let received = date(2026, 1, 5);
        let open = Episode { asked: None, received, came: None, ended: None };
        assert_eq!(partner(&open, date(2026, 2, 4)), Some(Spell::new(30.0, 0)));
        assert_eq!(partner(&open, date(2026, 1, 4)), None);
        let came = Episode { came: Some(date(2026, 1, 19)), ..open };
        assert_eq!(partner(&came, date(2026, 2, 4)), Some(Spell::new(14.0, 1)));
        let declined = Episode { ended: Some((date(2026, 1, 12), End::Declined)), ..open };
        assert_eq!(partner(&declined, date(2026, 2, 4)), Some(Spell::new(7.0, 2)));
    }

    #[test]
    fn a_journey_goes_on_through_a_decline() {
        let first = Episode {
            asked: Some(date(2025, 12, 1)),
            received: date(2025, 12, 10),
            came: None,
            ended: Some((date(2025, 12, 20), End::Declined)),
        };
        let second =
            Episode { asked: None, received: date(2026, 1, 3), came: Some(date(2026, 1, 30)), ended: None };
        let spell = journey(&[first, second], None, date(2026, 3, 1));
        assert_eq!(spell, Some(Spell::new(60.0, 1)));
        assert_eq!(journey(&[first], None, date(2026, 1, 1)), Some(Spell::new(31.0, 0)));
    }

    fn history() -> History {
        History {
            referrals: vec![(date(2024, 5, 1), None)],
            contacts: vec![date(2024, 5, 20), date(2024, 5, 10)],
            outcomes: vec![date(2024, 5, 10)],
            assessments: vec![date(2024, 5, 15)],
            plans: vec![date(2024, 5, 22)],
        }
    }

    #[test]
    fn the_published_clock_stops_at_the_last_of_four_firsts() {
        let end = date(2024, 9, 30);
        let spell = published(&history(), end)[0];
        assert_eq!((spell.stop, spell.days()), (Some(date(2024, 5, 22)), Some(21)));
        assert_eq!(spell.second_contact, Some(date(2024, 5, 20)));
        for missing in 0..4 {
            let mut h = history();
            match missing {
                0 => h.contacts.clear(),
                1 => h.outcomes.clear(),
                2 => h.assessments.clear(),
                _ => h.plans.clear(),
            }
            let spell = published(&h, end)[0];
            assert_eq!((spell.stop, spell.still(end)), (None, Some(152)), "{missing}");
        }
    }

    #[test]
    fn before_the_transition_an_assessment_is_not_needed_if_contact_came_before_it_too() {
        let mut h = history();
        h.assessments.clear();
        h.referrals = vec![(date(2024, 3, 1), None)];
        h.contacts.push(date(2024, 3, 20));
        assert_eq!(published(&h, date(2024, 9, 30))[0].stop, Some(date(2024, 5, 22)));
        h.contacts = vec![date(2024, 4, 1)];
        assert_eq!(published(&h, date(2024, 9, 30))[0].stop, None, "contact on the day itself is after it");
    }

    #[test]
    fn referrals_five_days_apart_are_one_spell_and_six_are_two() {
        let end = date(2024, 9, 30);
        let spells = |gap: i8| {
            let referrals =
                vec![(date(2024, 5, 1), Some(date(2024, 5, 10))), (date(2024, 5, 10 + gap), None)];
            published(&History { referrals, ..History::default() }, end).len()
        };
        assert_eq!((spells(5), spells(6), spells(0)), (1, 2, 1));
        let inner = vec![(date(2024, 5, 1), None), (date(2024, 6, 1), Some(date(2024, 6, 2)))];
        let spell = published(&History { referrals: inner, ..History::default() }, end);
        assert_eq!((spell.len(), spell[0].ended), (1, None), "one inside another that goes on");
    }

    #[test]
    fn scope_is_that_of_the_published_code() {
        assert!(in_scope(18, "A06", false));
        assert!(!in_scope(17, "A06", false));
        assert!(!in_scope(40, "A14", false));
        assert!(!in_scope(40, "A06", true));
    }
}
