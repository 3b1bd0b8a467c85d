//! What a person asked for by right, as something held: with its legal day, and a reminder
//! before it. And who somebody is, where two people have to decide it.

use super::About;
use super::due::Due;
use crate::organisation::Holder;
use crate::record::Saved;
use crate::right::{Right, days};
use crate::supporter::PossibleMatch;
use crate::time::{Calendar, Day};

/// With whoever answers: reminded before the legal day, then on it; and beside that with the
/// second person, while they are asked.
pub(super) fn right(saved: &Saved<Right>, calendar: &Calendar, today: Day) -> Vec<Due> {
    let r = &saved.value;
    if r.ended.is_some() {
        return Vec::new();
    }
    let due = |about, holder, what: &str, on, since| {
        Due::new::<Right>(&saved.meta, about, holder, what, on).since(Some(since))
    };
    let last = r.next_day();
    let remind = days::remind_on(last, r.asked_on);
    let what = if r.said.is_none() { r.kind.first() } else { r.kind.then() };
    let what = format!("{what}: {} at the latest", crate::next_date::words_of(last));
    let on = if today <= remind { remind } else { last };
    let whole = due(About::Right, r.holder, &what, on, r.made_at);
    let second = r.asks_second().map(|s| {
        let at = r.release.as_ref().map_or(s.asked_at, |x| x.asked_at);
        let holder = Holder { lead: Some(s.worker), ..r.holder };
        let what = if s.opened_at.is_none() {
            "Say whether a record may be opened for a copy"
        } else {
            "Say whether a copy may go"
        };
        due(About::RightSecond, holder, what, calendar.plus_working(calendar.day(at), 2), at)
    });
    std::iter::once(whole).chain(second).collect()
}

/// With each of the two who have not said yet what they think.
pub(super) fn possible(saved: &Saved<PossibleMatch>, calendar: &Calendar) -> Vec<Due> {
    let on = calendar.plus_working(calendar.day(saved.meta.created), crate::identity::DAYS);
    let due = |holder: Holder| {
        let what = "Say whether two records are one person";
        Due::new::<PossibleMatch>(&saved.meta, About::Match, holder, what, on).since(Some(saved.meta.created))
    };
    saved.value.waits_for().into_iter().map(due).collect()
}
