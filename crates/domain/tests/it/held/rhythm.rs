//! What is said to people in a rhythm: while they wait, and before an agreement ends.

use kith_domain::consent::Consent;
use kith_domain::time::Calendar;

use kith_domain::id::WorkerId;

use super::*;

/// Who waits for a first date is told how it stands every 14 days, by the side that asked;
/// the word is said once for everything, and nobody chases who said not now.
#[test]
fn whoever_waits_hears_something_in_a_rhythm() {
    let mut s = Story::with(Status::Accepted);
    s.facts.person.value.heard_at = Some(morning(TODAY));
    let check_in = |s: &Story, day: Day| {
        holding(&s.p, &s.facts, morning(day)).into_iter().find(|h| h.about == About::CheckIn)
    };
    assert_eq!(check_in(&s, days(13)), None);
    let due = check_in(&s, days(14)).unwrap();
    assert_eq!((due.holder.acts(), due.next.on), (Some(worker_id(11)), days(14)));
    assert!(due.next.what.contains("Money advice"));
    let late = check_in(&s, days(30)).unwrap();
    assert!(late.overdue(morning(days(30)), days(30)) && late.risen.is_some());
    s.facts.person.value.heard_at = Some(morning(days(12)));
    assert_eq!(check_in(&s, days(25)), None);
    assert!(check_in(&s, days(26)).is_some());
    s.referral().told_person = Some(morning(days(20)));
    assert_eq!(check_in(&s, days(33)), None);
    s.facts.person.value.standing = Standing::NotNow { until: days(90) };
    assert_eq!(check_in(&s, days(60)), None);
    s.facts.person.value.standing = Standing::Open;
    s.referral().first_came_at = Some(morning(days(21)));
    assert_eq!(check_in(&s, days(60)), None, "help has begun");
}

/// An agreement that goes on is spoken about 30 days before it ends.
#[test]
fn no_agreement_lapses_in_silence() {
    use kith_domain::consent::ConsentKind;
    use kith_domain::sharing::{end_told, stopped};
    let mut s = Story::new();
    let mut agreed = consent(id(9), CHARITY, vec![kith_domain::area::Area::Money], morning(TODAY));
    agreed.until = days(100);
    let packet = saved(51, Some(id(1)), morning(TODAY), agreed.clone());
    agreed.kind = ConsentKind::Standing;
    let standing = saved(50, Some(id(1)), morning(TODAY), agreed.clone());
    s.facts.consents = vec![standing.clone(), packet];
    let ends = |s: &Story, day: Day| -> Vec<Held> {
        let all = holding(&s.p, &s.facts, morning(day)).into_iter();
        all.filter(|h| h.about == About::ConsentEnds).collect()
    };
    assert_eq!(ends(&s, days(69)), []);
    let due = ends(&s, days(70));
    assert_eq!(due.len(), 1, "not the one for a packet");
    assert_eq!(due[0].holder.acts(), Some(worker_id(11)));
    assert!(due[0].next.on <= days(100) && due[0].next.on > days(70));
    assert!(ends(&s, days(95))[0].risen.is_some(), "and it rises");
    assert_eq!(ends(&s, days(101)), [], "it has ended");
    let (day, at) = (days(72), morning(days(72)));
    let told = Saved { value: end_told(&agreed, at, day).unwrap(), ..standing.clone() };
    s.facts.consents = vec![told];
    assert_eq!(ends(&s, days(80)), []);
    let longer = Saved {
        value: Consent { until: days(300), ..agreed.clone() },
        ..saved(52, None, at, agreed.clone())
    };
    s.facts.consents = vec![standing.clone(), longer];
    assert_eq!(ends(&s, days(80)), [], "they agreed to go on");
    s.facts.consents = vec![Saved { value: stopped(&agreed, at).unwrap(), ..standing }];
    assert_eq!(ends(&s, days(80)), [], "they stopped it");
}

/// What finds a worry by its day never finds it late: in summer time the day in UTC may be
/// the one before, and the hour is for `holding` to say.
#[test]
fn a_worry_is_found_no_later_than_it_is_due() {
    use kith_domain::record::Record;
    let calendar = Calendar::england();
    for hours in 0..24 * 7 {
        let at = calendar.moment(jiff::civil::date(2026, 3, 26), 0, 0).plus_hours(hours);
        let check = Check { at, ..check_by(WorkRole::Clinician, 2) };
        let w = Worry { check: Some(check), raised_at: at, ..worry() };
        let here = calendar.day(at);
        let found = w.due().unwrap();
        assert!(found <= here && plus_days(found, 1) >= here, "{found} {here}");
    }
}

/// What storage keeps of a person's records for finding them.
fn finds(s: &Story, worker: WorkerId, today: Day) -> bool {
    use kith_domain::near::{Entry, near};
    use kith_domain::record::{Link, Record};
    type Kept = (kith_domain::record::Kind, bool, Option<Day>, Vec<Link>);
    fn kept<T: Record>(saved: &Saved<T>) -> Kept {
        (T::KIND, saved.value.open(), saved.value.due(), saved.value.links())
    }
    let f = &s.facts;
    let mut all: Vec<Kept> = vec![kept(&f.person)];
    all.extend(f.needs.iter().map(kept));
    all.extend(f.referrals.iter().map(kept));
    all.extend(f.consents.iter().map(kept));
    let entries: Vec<Entry<'_>> =
        all.iter().map(|k| Entry { kind: k.0, open: k.1, due: k.2, links: &k.3 }).collect();
    near(&s.p, worker, today).iter().any(|search| search.finds_among(&entries))
}

/// A word that is late, of a request that another team sent than the one that holds the plan,
/// is found by the lead to whom it rises, though nothing else of it is late.
#[test]
fn a_late_word_is_found_by_the_lead_of_the_team_that_asked() {
    let mut s = Story::with(Status::Accepted);
    s.referral().sender = end_of(TRUST, Some(31));
    s.referral().held_next = next(days(27));
    s.facts.needs.clear();
    s.facts.person.value.next = next(days(27));
    s.facts.person.value.heard_at = Some(morning(TODAY));
    let day = days(20);
    let all = holding(&s.p, &s.facts, morning(day));
    let late = all.into_iter().find(|h| h.about == About::CheckIn).expect("a word is due");
    let lead = late.risen.and_then(|r| r.worker).expect("and it has risen");
    s.facts.person.value.heard_at = Some(morning(TODAY));
    assert!(finds(&s, lead, day), "{lead} finds {late:?}");
}

/// An agreement that ends is found by the lead to whom it rises, though everything else of
/// the person is in order.
#[test]
fn an_agreement_that_ends_is_found_by_the_lead() {
    use kith_domain::consent::ConsentKind;
    let mut s = Story::new();
    let mut agreed = consent(id(9), CHARITY, vec![Area::Money], morning(TODAY));
    (agreed.until, agreed.kind) = (days(100), ConsentKind::Standing);
    s.facts.consents = vec![saved(50, Some(id(1)), morning(TODAY), agreed)];
    let day = days(85);
    s.facts.person.value.heard_at = Some(morning(day));
    s.facts.person.value.next = next(days(95));
    let all = holding(&s.p, &s.facts, morning(day));
    let late = all.into_iter().find(|h| h.about == About::ConsentEnds).expect("somebody asks them");
    let lead = late.risen.and_then(|r| r.worker).expect("and it has risen");
    assert!(finds(&s, lead, day), "{lead} finds {late:?}");
    s.facts.consents.clear();
    assert!(!finds(&s, lead, day), "and nobody is found for nothing");
}

#[test]
fn silence_becomes_something_to_do_and_rises() {
    let mut s = Story::new();
    s.facts.person.value.heard_at = Some(morning(TODAY));
    let silence = |s: &Story, day| {
        holding(&s.p, &s.facts, morning(day)).into_iter().find(|h| h.about == About::Silence)
    };
    assert_eq!(silence(&s, days(27)), None);
    let h = silence(&s, days(28)).unwrap();
    assert_eq!(
        (h.holder.lead, group(&h, worker_id(11), morning(days(28)), days(28))),
        (Some(worker_id(11)), Some(Group::Silence))
    );
    assert_eq!(silence(&s, days(60)).unwrap().risen.unwrap().level, Level::Partnership);
    s.nothing_lost(days(200));
    s.facts.person.value.standing = Standing::DoorOpen { since: TODAY, again: days(90) };
    assert_eq!(silence(&s, days(60)), None, "nobody chases");
}
