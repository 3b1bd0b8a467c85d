//! Who may read a note: how private it is, what it names, whether it is about somebody else,
//! hidden from the person's own pages, or sealed to named people.
//!
//! Guarding more is easy, for anybody who may add to the note: it is always the safe way.
//! Guarding less says why. What is hidden from the person has a reason and a day on which it
//! is looked at again, at most [`HIDDEN_DAYS`] ahead, and whoever hid it holds that.
//! What is sealed (S4) is for those it names and for nobody else; who names them stands on the
//! list too, so that nothing is sealed that nobody can open again.

use crate::area::{Category, Sensitivity};
use crate::id::WorkerId;
use crate::next_date::words_of;
use crate::organisation::Holder;
use crate::plan::{Note, NoteKind};
use crate::time::{Day, Instant, plus_days};
use serde::{Deserialize, Serialize};

/// Something hidden from the person is looked at again within so many days. Our own number:
/// about a quarter, as for an unmet need; the law asks for a reason each time, not for a rhythm.
pub const HIDDEN_DAYS: i32 = 91;

/// How a note is to be guarded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marks {
    /// How private.
    pub sensitivity: Sensitivity,
    /// What it names, where it is very private.
    pub categories: Vec<Category>,
    /// About somebody other than the person, or said by them in confidence.
    pub third_party: bool,
    /// Not on the person's own pages: why, and when that is looked at again.
    pub hidden: Option<(String, Day)>,
    /// Sealed: who may open it.
    pub allow_list: Vec<WorkerId>,
}

impl Marks {
    /// As a note is guarded now.
    pub fn of(note: &Note) -> Marks {
        let review = |h: &HiddenReview| h.on;
        let hidden = note.hidden.then(|| {
            (
                note.hidden_reason.clone().unwrap_or_default(),
                note.hidden_review.as_ref().map_or(note.on, review),
            )
        });
        Marks {
            sensitivity: sensitivity_of(note),
            categories: note.categories.clone(),
            third_party: note.third_party,
            hidden,
            allow_list: note.allow_list.clone(),
        }
    }
}

/// When what is hidden is looked at again, and by whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HiddenReview {
    /// On which day.
    pub on: Day,
    /// By whom.
    pub holder: Holder,
}

/// Who may read it was changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Marked {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: WorkerId,
    /// It is guarded less than before.
    pub less: bool,
    /// Why, where that was said.
    pub why: Option<String>,
}

/// Why a note cannot be guarded so, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotMarked {
    /// A note is about somebody: never public.
    #[error("Choose how private it is")]
    NoLevel,
    /// Very private and nothing named.
    #[error("Name what it is about. Somebody sees it only where the person agreed to that by name")]
    NoName,
    /// Sealed to nobody, or not to the one who seals it.
    #[error("Name yourself too. Otherwise nobody could open it again")]
    NotMe,
    /// A sealed address is sealed.
    #[error("An address that is sealed stays sealed. Take it back if it was written here by mistake")]
    Address,
    /// Hidden without a reason.
    #[error("Write why they are not shown it. They may ask one day, and so may a court")]
    NoHiddenReason,
    /// Hidden for too long, or until a day that is over.
    #[error("Choose a day from tomorrow up to {}, when somebody looks at this again", words_of(*.latest))]
    Review {
        /// The last day that can be chosen.
        latest: Day,
    },
    /// Guarded less, and nobody says why.
    #[error("Write why more people may read it now")]
    NoWhy,
}

/// How private it is as the access rules see it: a sealed address is sealed whatever else.
fn sensitivity_of(note: &Note) -> Sensitivity {
    if note.kind == NoteKind::SealedAddress { Sensitivity::S4 } else { note.sensitivity }
}

/// Could anybody read it afterwards who could not before? Then somebody says why.
pub fn guards_less(before: &Marks, after: &Marks) -> bool {
    let sealed = before.sensitivity == Sensitivity::S4 && after.sensitivity == Sensitivity::S4;
    let named = before.sensitivity == Sensitivity::S3 && after.sensitivity == Sensitivity::S3;
    after.sensitivity < before.sensitivity
        || (before.hidden.is_some() && after.hidden.is_none())
        || (before.third_party && !after.third_party)
        // An agreement has to name all of them: one fewer is open to more agreements.
        || (named && before.categories.iter().any(|c| !after.categories.contains(c)))
        || (sealed && after.allow_list.iter().any(|w| !before.allow_list.contains(w)))
}

/// A note guarded in another way.
///
/// # Errors
/// What is missing.
pub fn marked(
    note: &Note,
    marks: &Marks,
    why: Option<&str>,
    (by, holder): (WorkerId, Holder),
    (now, today): (Instant, Day),
) -> Result<Note, NotMarked> {
    let before = Marks::of(note);
    let less = guards_less(&before, marks);
    let why = why.map(str::trim).filter(|w| !w.is_empty());
    let latest = plus_days(today, HIDDEN_DAYS);
    let kept = marks.hidden == before.hidden;
    match &marks.hidden {
        _ if marks.sensitivity == Sensitivity::S0 => return Err(NotMarked::NoLevel),
        _ if note.kind == NoteKind::SealedAddress && marks.sensitivity < Sensitivity::S4 => {
            return Err(NotMarked::Address);
        }
        _ if marks.sensitivity == Sensitivity::S3 && marks.categories.is_empty() => {
            return Err(NotMarked::NoName);
        }
        _ if marks.sensitivity == Sensitivity::S4 && !marks.allow_list.contains(&by) => {
            return Err(NotMarked::NotMe);
        }
        Some((reason, _)) if reason.trim().is_empty() => return Err(NotMarked::NoHiddenReason),
        Some((_, on)) if !kept && (*on <= today || *on > latest) => return Err(NotMarked::Review { latest }),
        _ if less && why.is_none() => return Err(NotMarked::NoWhy),
        _ => {}
    }
    let restricted = marks.sensitivity >= Sensitivity::S3;
    let mut after = Note {
        sensitivity: marks.sensitivity,
        categories: if restricted { marks.categories.clone() } else { Vec::new() },
        third_party: marks.third_party,
        hidden: marks.hidden.is_some(),
        hidden_reason: marks.hidden.as_ref().map(|(reason, _)| reason.trim().to_owned()),
        allow_list: if marks.sensitivity == Sensitivity::S4 { marks.allow_list.clone() } else { Vec::new() },
        ..note.clone()
    };
    if !kept {
        after.hidden_review = marks.hidden.as_ref().map(|(_, on)| HiddenReview { on: *on, holder });
    }
    after.marked.push(Marked { at: now, by, less, why: why.map(str::to_owned) });
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::Area;
    use crate::consent::{Asked, Consent, ConsentKind, HowGiven};
    use crate::id::RecordId;
    use crate::record::Record;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 24);

    fn worker(n: u128) -> WorkerId {
        RecordId(Uuid::from_u128(n)).into()
    }

    fn holder() -> Holder {
        Holder {
            organisation: RecordId(Uuid::from_u128(90)).into(),
            team: RecordId(Uuid::from_u128(91)).into(),
            lead: Some(worker(1)),
        }
    }

    fn note() -> Note {
        Note {
            area: Area::HealthAndCare,
            sensitivity: Sensitivity::S1,
            categories: Vec::new(),
            hidden: false,
            hidden_reason: None,
            hidden_review: None,
            third_party: false,
            allow_list: Vec::new(),
            marked: Vec::new(),
            kind: NoteKind::Story,
            words: "Met at the library".into(),
            on: TODAY,
            contact_with: None,
            amends: None,
        }
    }

    fn plain(sensitivity: Sensitivity) -> Marks {
        Marks { sensitivity, ..Marks::of(&note()) }
    }

    fn mark(note: &Note, marks: &Marks, why: Option<&str>) -> Result<Note, NotMarked> {
        marked(note, marks, why, (worker(1), holder()), (Instant(7), TODAY))
    }

    #[test]
    fn raising_is_easy_and_lowering_says_why() {
        let named = Marks { categories: vec![Category::Suicide], ..plain(Sensitivity::S3) };
        let up = mark(&note(), &named, None).unwrap();
        assert_eq!(up.sensitivity, Sensitivity::S3);
        assert_eq!(up.marked, [Marked { at: Instant(7), by: worker(1), less: false, why: None }]);
        let down = plain(Sensitivity::S1);
        assert_eq!(mark(&up, &down, None), Err(NotMarked::NoWhy));
        assert_eq!(mark(&up, &down, Some("  ")), Err(NotMarked::NoWhy));
        let lower = mark(&up, &down, Some("It was about the weather")).unwrap();
        assert!(lower.categories.is_empty() && lower.marked[1].less);
        assert_eq!(mark(&note(), &plain(Sensitivity::S3), None), Err(NotMarked::NoName));
        assert_eq!(mark(&note(), &plain(Sensitivity::S0), Some("x")), Err(NotMarked::NoLevel));
    }

    #[test]
    fn a_sealed_note_names_who_seals_it_and_more_names_need_a_why() {
        let list = |n: &[u128]| Marks {
            allow_list: n.iter().map(|n| worker(*n)).collect(),
            ..plain(Sensitivity::S4)
        };
        assert_eq!(mark(&note(), &list(&[]), None), Err(NotMarked::NotMe));
        assert_eq!(mark(&note(), &list(&[2]), None), Err(NotMarked::NotMe));
        let sealed = mark(&note(), &list(&[1, 2]), None).unwrap();
        assert_eq!(sealed.label().allow_list, [worker(1), worker(2)]);
        assert_eq!(mark(&sealed, &list(&[1, 2, 3]), None), Err(NotMarked::NoWhy));
        assert!(mark(&sealed, &list(&[1]), None).is_ok());
        assert_eq!(mark(&sealed, &plain(Sensitivity::S2), None), Err(NotMarked::NoWhy));
        let open = mark(&sealed, &plain(Sensitivity::S2), Some("They told everybody")).unwrap();
        assert!(open.allow_list.is_empty());
        let address = Note { kind: NoteKind::SealedAddress, ..sealed };
        assert_eq!(mark(&address, &plain(Sensitivity::S2), Some("x")), Err(NotMarked::Address));
    }

    #[test]
    fn what_is_hidden_says_why_and_comes_back() {
        let hide = |why: &str, days| Marks {
            hidden: Some((why.into(), plus_days(TODAY, days))),
            ..plain(Sensitivity::S1)
        };
        assert_eq!(mark(&note(), &hide(" ", 5), None), Err(NotMarked::NoHiddenReason));
        for days in [-1, 0, HIDDEN_DAYS + 1] {
            assert!(matches!(mark(&note(), &hide("He asked us", days), None), Err(NotMarked::Review { .. })));
        }
        let hidden = mark(&note(), &hide("His brother told us in confidence", HIDDEN_DAYS), None).unwrap();
        assert!(hidden.label().hidden);
        let review = hidden.hidden_review.clone().unwrap();
        assert_eq!((review.on, review.holder), (plus_days(TODAY, HIDDEN_DAYS), holder()));
        assert_eq!(mark(&hidden, &plain(Sensitivity::S1), None), Err(NotMarked::NoWhy));
        let shown = mark(&hidden, &plain(Sensitivity::S1), Some("He knows now")).unwrap();
        assert!(shown.hidden_reason.is_none() && shown.hidden_review.is_none());
    }

    fn consent(areas: u8, most: i64, categories: u16) -> Consent {
        Consent {
            organisation: RecordId(Uuid::nil()).into(),
            areas: if areas == 0 { vec![Area::Money] } else { vec![Area::HealthAndCare] },
            purposes: Vec::new(),
            max_sensitivity: Sensitivity::from_level(most).unwrap(),
            categories: some_of(categories),
            contribute: false,
            from: TODAY,
            until: TODAY,
            withdrawn: None,
            end_told: None,
            kind: ConsentKind::Standing,
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
            made_for: None,
        }
    }

    fn some_of(bits: u16) -> Vec<Category> {
        Category::ALL.into_iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, c)| c).collect()
    }

    fn any_marks() -> impl Strategy<Value = Marks> {
        let bits = (1i64..5, 0u16..8, any::<bool>(), any::<bool>(), 0u8..8);
        bits.prop_map(|(level, categories, third_party, hidden, list)| Marks {
            sensitivity: Sensitivity::from_level(level).unwrap(),
            categories: some_of(categories),
            third_party,
            hidden: hidden.then(|| ("Because".into(), plus_days(TODAY, 9))),
            allow_list: (0..3u128).filter(|n| list & (1 << n) != 0).map(worker).collect(),
        })
    }

    proptest! {
        /// Without a why, no agreement, no name on a list, no page of theirs and no supporter
        /// comes to see what they could not see before.
        #[test]
        fn nobody_reads_more_without_a_why(
            (first, second) in (any_marks(), any_marks()),
            agreements in prop::collection::vec((0u8..2, 1i64..4, 0u16..8), 6),
        ) {
            let Ok(before) = mark(&note(), &first, Some("because")) else { return Ok(()) };
            let Ok(after) = mark(&before, &second, None) else { return Ok(()) };
            let (b, a) = (before.label(), after.label());
            for (areas, most, categories) in agreements {
                let c = consent(areas, most, categories);
                prop_assert!(
                    !c.covers(a.area, a.sensitivity, &a.categories) || c.covers(b.area, b.sensitivity, &b.categories)
                );
            }
            prop_assert!(a.sensitivity >= b.sensitivity);
            prop_assert!(a.hidden || !b.hidden);
            prop_assert!(a.third_party || !b.third_party);
            if b.sensitivity == Sensitivity::S4 {
                prop_assert!(a.allow_list.iter().all(|w| b.allow_list.contains(w)));
            }
        }
    }
}
