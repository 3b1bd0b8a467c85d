//! What may be marked, by whom, and what each mark does: rules in examples, and shapes that always hold.

use super::*;
use crate::id::{PersonId, RecordId};
use crate::need::NeedStatus;
use crate::next_date::NextDate;
use crate::plan::{Asks, GoalStatus, StepStatus};
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

const TODAY: Day = date(2026, 11, 24);

fn worker(n: u128) -> WorkerId {
    RecordId(Uuid::from_u128(n)).into()
}

fn organisation() -> OrganisationId {
    RecordId(Uuid::from_u128(90)).into()
}

fn holder() -> Holder {
    Holder { organisation: organisation(), team: RecordId(Uuid::from_u128(91)).into(), lead: Some(worker(1)) }
}

fn by(n: u128) -> Author {
    Author::Worker { worker: worker(n), organisation: organisation() }
}

fn person() -> Author {
    Author::Person { person: PersonId(Uuid::from_u128(7)) }
}

fn saved<T>(value: T) -> Saved<T> {
    written(value, by(1))
}

fn written<T>(value: T, created_by: Author) -> Saved<T> {
    Saved {
        meta: crate::record::Meta {
            id: RecordId(Uuid::from_u128(5)),
            version: 1,
            at: Instant(1),
            created: Instant(1),
            author: created_by,
            created_by,
            recorded_for: None,
            person: Some(PersonId(Uuid::from_u128(7))),
            owner: organisation(),
            entered_in_error: false,
        },
        value,
    }
}

fn need() -> Need {
    Need {
        area: Area::Housing,
        words: "Somewhere dry".into(),
        code: None,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        raised_at: Instant(1),
        status: NeedStatus::Open,
        holder: holder(),
        next: NextDate::new("Ring", TODAY),
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Guard::default(),
    }
}

fn ended() -> Need {
    Need { status: NeedStatus::Finished { on: TODAY }, ..need() }
}

fn goal() -> Goal {
    Goal {
        area: Area::Housing,
        words: "A garden".into(),
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        status: GoalStatus::Open,
        review_on: None,
        guard: Guard::default(),
    }
}

fn step(owner: StepOwner) -> Step {
    Step {
        area: Area::Housing,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        what: "Ring the landlord".into(),
        need: None,
        goal: None,
        owner,
        by: TODAY,
        asks: Asks::ForInformation,
        accepted: None,
        said_no: None,
        holder: holder(),
        status: StepStatus::Open,
        moves_without_contact: 0,
        guard: Guard::default(),
    }
}

fn section(part: Part) -> PlanSection {
    PlanSection { words: "Tea first".into(), ..PlanSection::new(part, None) }
}

fn marker(by: Author) -> Marker {
    let holder = matches!(by, Author::Worker { .. }).then(holder);
    Marker { by, holder, leads: false, still_read: true }
}

fn plain(sensitivity: Sensitivity) -> Wanted {
    let marks = Marks {
        sensitivity,
        categories: if sensitivity == Sensitivity::S3 { vec![Category::DomesticAbuse] } else { Vec::new() },
        third_party: false,
        hidden: None,
        allow_list: if sensitivity == Sensitivity::S4 { vec![worker(1)] } else { Vec::new() },
    };
    Wanted { marks, wish: None, why: None }
}

fn hidden(harm: &str, days: i32) -> Wanted {
    let wanted = plain(Sensitivity::S1);
    Wanted { marks: Marks { hidden: Some((harm.into(), plus_days(TODAY, days))), ..wanted.marks }, ..wanted }
}

fn of_another(wish: Option<&str>) -> Wanted {
    let wanted = plain(Sensitivity::S1);
    Wanted { marks: Marks { third_party: true, ..wanted.marks }, wish: wish.map(str::to_owned), why: None }
}

fn mark<T: Line>(line: &Saved<T>, wanted: &Wanted, who: Author) -> Result<T, NotGuarded> {
    guarded(line, wanted, &marker(who), (Instant(9), TODAY))
}

fn because(wanted: Wanted, why: &str) -> Wanted {
    Wanted { why: Some(why.into()), ..wanted }
}

#[test]
fn what_was_never_marked_is_stored_as_before() {
    let text = serde_json::to_string(&need()).unwrap();
    assert!(!text.contains("guard"), "{text}");
    let text = serde_json::to_string(&goal()).unwrap();
    assert!(!text.contains("guard") && !text.contains("categories"), "{text}");
    let marked = mark(&saved(goal()), &plain(Sensitivity::S3), by(1)).unwrap();
    let again: Goal = serde_json::from_str(&serde_json::to_string(&marked).unwrap()).unwrap();
    assert_eq!(again, marked);
}

#[test]
fn every_kind_of_line_carries_its_marks_in_its_label() {
    fn holds<T: Line>(line: T) {
        let line = saved(line);
        let very = mark(&line, &plain(Sensitivity::S3), by(1)).unwrap().label();
        assert_eq!(
            (very.sensitivity, &very.categories[..]),
            (Sensitivity::S3, &[Category::DomesticAbuse][..])
        );
        assert!(mark(&line, &hidden("He would be hurt", 9), by(1)).unwrap().label().hidden);
        let label = mark(&line, &of_another(Some("Only for the team")), by(1)).unwrap().label();
        assert!(label.third_party && !label.hidden);
        assert_eq!(label.area, line.value.label().area);
    }
    holds(need());
    holds(goal());
    holds(step(StepOwner::Worker {
        organisation: organisation(),
        team: RecordId(Uuid::from_u128(91)).into(),
        worker: worker(2),
    }));
    holds(section(Part::Matters));
}

#[test]
fn what_has_to_be_done_is_never_sealed_and_its_holder_can_read_it() {
    let sealed = plain(Sensitivity::S4);
    assert_eq!(mark(&saved(need()), &sealed, by(1)), Err(NotGuarded::Held));
    assert_eq!(mark(&saved(step(StepOwner::Person)), &sealed, by(1)), Err(NotGuarded::Held));
    let label = mark(&saved(ended()), &sealed, by(1)).unwrap().label();
    assert_eq!((label.sensitivity, label.allow_list), (Sensitivity::S4, vec![worker(1)]));
    assert!(mark(&saved(goal()), &sealed, by(1)).is_ok());
    assert_eq!(mark(&saved(goal()), &sealed, by(2)), Err(NotMarked::NotMe.into()));
    let unread = Marker { still_read: false, ..marker(by(1)) };
    let high = guarded(&saved(need()), &plain(Sensitivity::S3), &unread, (Instant(9), TODAY));
    assert_eq!(high, Err(NotGuarded::Unread));
    // Nobody is stopped from keeping it off the person's pages: whoever holds it reads it as before.
    assert!(guarded(&saved(need()), &hidden("harm", 9), &unread, (Instant(9), TODAY)).is_ok());
}

#[test]
fn a_safety_plan_stays_very_private_and_the_persons() {
    let plan = saved(section(Part::Safety));
    for level in [Sensitivity::S1, Sensitivity::S2, Sensitivity::S4] {
        assert_eq!(mark(&plan, &because(plain(level), "x"), by(1)), Err(NotGuarded::MustBeFound));
    }
    let mut wanted = hidden("x", 9);
    (wanted.marks.sensitivity, wanted.marks.categories) = (Sensitivity::S3, vec![Category::Suicide]);
    assert_eq!(mark(&plan, &wanted, by(1)), Err(NotGuarded::Theirs));
}

#[test]
fn hiding_needs_serious_harm_and_a_day_and_never_their_own_words() {
    assert_eq!(mark(&saved(need()), &hidden(" ", 5), by(1)), Err(NotGuarded::NoHarm));
    for days in [-1, 0, HIDDEN_DAYS + 1] {
        let no = mark(&saved(need()), &hidden("harm", days), by(1));
        assert!(matches!(no, Err(NotGuarded::Marks(NotMarked::Review { .. }))), "{days}");
    }
    let line = mark(&saved(need()), &hidden(" harm ", HIDDEN_DAYS), by(1)).unwrap();
    let kept = line.guard.hidden.clone().unwrap();
    assert_eq!(kept.harm, "harm");
    assert_eq!(kept.review, HiddenReview { on: plus_days(TODAY, HIDDEN_DAYS), holder: holder() });
    assert_eq!(mark(&saved(step(StepOwner::Person)), &hidden("harm", 9), by(1)), Err(NotGuarded::Theirs));
    let own = saved(PlanSection { by_person: true, ..section(Part::Matters) });
    assert_eq!(mark(&own, &hidden("harm", 9), by(1)), Err(NotGuarded::Theirs));
    assert_eq!(mark(&written(goal(), person()), &hidden("harm", 9), by(1)), Err(NotGuarded::Theirs));
    let of_another = of_another(Some("No"));
    assert_eq!(mark(&own, &of_another, by(1)), Err(NotGuarded::Theirs));
}

#[test]
fn about_somebody_else_says_what_they_want() {
    for wish in [None, Some("  ")] {
        assert_eq!(mark(&saved(need()), &of_another(wish), by(1)), Err(NotGuarded::NoWish));
    }
    let line = saved(mark(&saved(need()), &of_another(Some("Not to him")), by(1)).unwrap());
    assert_eq!(line.value.guard.third_party.as_deref(), Some("Not to him"));
    // What they want can change without the mark changing.
    let other = mark(&line, &of_another(Some("To nobody")), by(1)).unwrap();
    assert_eq!(other.guard.third_party.as_deref(), Some("To nobody"));
    let off = mark(&line, &because(plain(Sensitivity::S1), "They told him"), by(1)).unwrap();
    assert_eq!(off.guard.third_party, None);
}

#[test]
fn guarding_less_is_for_whoever_wrote_it_marked_it_leads_or_is_the_person() {
    let up = written(mark(&written(need(), by(1)), &plain(Sensitivity::S3), by(2)).unwrap(), by(1));
    let down = because(plain(Sensitivity::S1), "They told everybody");
    assert_eq!(mark(&up, &plain(Sensitivity::S1), by(1)), Err(NotMarked::NoWhy.into()));
    assert_eq!(mark(&up, &down, by(3)), Err(NotGuarded::NotYours));
    for who in [by(1), by(2)] {
        let after = mark(&up, &down, who).unwrap();
        assert!(after.guard.marked.last().unwrap().less && after.categories.is_empty());
    }
    let leads = Marker { leads: true, ..marker(by(3)) };
    assert!(guarded(&up, &down, &leads, (Instant(9), TODAY)).is_ok());
    // The person needs no reason.
    assert!(mark(&up, &plain(Sensitivity::S1), person()).is_ok());
    // More is for everybody who may change the line.
    assert!(mark(&saved(need()), &plain(Sensitivity::S2), by(3)).is_ok());
    assert_eq!(mark(&saved(need()), &plain(Sensitivity::S1), by(1)), Err(NotGuarded::Same));
}

#[test]
fn the_person_marks_their_own_words_and_nothing_else() {
    let theirs = saved(PlanSection { by_person: true, ..section(Part::Matters) });
    assert!(mark(&theirs, &plain(Sensitivity::S2), person()).is_ok());
    assert_eq!(
        mark(&saved(section(Part::Matters)), &plain(Sensitivity::S2), person()),
        Err(NotGuarded::NotOwnWords)
    );
    assert!(mark(&saved(need()), &plain(Sensitivity::S3), person()).is_ok());
    assert_eq!(mark(&saved(need()), &hidden("harm", 9), person()), Err(NotGuarded::WithAWorker));
    assert_eq!(mark(&saved(need()), &of_another(Some("x")), person()), Err(NotGuarded::WithAWorker));
    assert_eq!(mark(&saved(goal()), &plain(Sensitivity::S4), person()), Err(NotGuarded::WithAWorker));
}

#[test]
fn copied_words_are_as_private_as_the_stricter_of_then_and_today() {
    let then = Label::of(Area::Money, Sensitivity::S2);
    let today = Label { hidden: true, ..Label::of(Area::Housing, Sensitivity::S1) };
    let both = stricter(&then, &today);
    assert_eq!((both.area, both.sensitivity, both.hidden), (Area::Money, Sensitivity::S2, true));
    assert_eq!(stricter(&then, &then), then);
    assert!(may_be_asked_with(&then));
    for label in [
        Label { hidden: true, ..then.clone() },
        Label { third_party: true, ..then.clone() },
        Label { sensitivity: Sensitivity::S4, ..then },
    ] {
        assert!(!may_be_asked_with(&label));
    }
}

fn any_wanted() -> impl Strategy<Value = Wanted> {
    let bits = (1i64..5, 0usize..4, any::<bool>(), any::<bool>(), 0u8..8, any::<bool>());
    bits.prop_map(|(level, categories, third_party, hidden, list, why)| Wanted {
        marks: Marks {
            sensitivity: Sensitivity::from_level(level).unwrap(),
            categories: Category::ALL[..categories].to_vec(),
            third_party,
            hidden: hidden.then(|| ("Because".into(), plus_days(TODAY, 9))),
            allow_list: (1..4u128).filter(|n| list & (1 << (n - 1)) != 0).map(worker).collect(),
        },
        wish: third_party.then(|| "Not to him".into()),
        why: why.then(|| "because".into()),
    })
}

proptest! {
    /// Whoever neither wrote it nor marked it, nor leads, makes no line readable to anybody who
    /// could not read it; what has to be done is never sealed; a sealed line opens to whoever
    /// sealed it; and the history only grows.
    #[test]
    fn no_stranger_opens_a_line_up(
        wanted in prop::collection::vec((any_wanted(), 1u128..4), 1..8),
        open in any::<bool>(),
    ) {
        let mut line = saved(if open { need() } else { ended() });
        for (wanted, who) in wanted {
            let before = line.value.label();
            let marks = line.value.guard.marked.clone();
            let Ok(after) = mark(&line, &wanted, by(who)) else { continue };
            let label = after.label();
            prop_assert!(after.guard.marked.starts_with(&marks));
            prop_assert_eq!(after.guard.marked.len(), marks.len() + 1);
            prop_assert!(!open || label.sensitivity < Sensitivity::S4);
            prop_assert!(label.sensitivity < Sensitivity::S4 || label.allow_list.contains(&worker(who)));
            prop_assert_eq!(label.sensitivity == Sensitivity::S4, !label.allow_list.is_empty());
            let stranger = who != 1 && marks.last().is_none_or(|m| m.by != by(who));
            if stranger {
                prop_assert!(label.sensitivity >= before.sensitivity);
                prop_assert!(label.hidden || !before.hidden);
                prop_assert!(label.third_party || !before.third_party);
                if before.sensitivity == Sensitivity::S4 {
                    prop_assert!(label.allow_list.iter().all(|w| before.allow_list.contains(w)));
                }
                if before.sensitivity == Sensitivity::S3 && label.sensitivity == Sensitivity::S3 {
                    prop_assert!(before.categories.iter().all(|c| label.categories.contains(c)));
                }
            }
            line.value = after;
        }
    }
}
