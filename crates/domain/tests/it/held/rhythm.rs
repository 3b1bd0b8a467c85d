//! What is said to people in a rhythm: while they wait, and before an agreement ends.

use kith_domain::consent::Consent;
use kith_domain::time::Calendar;

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
