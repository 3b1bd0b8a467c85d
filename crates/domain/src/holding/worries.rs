//! A worry as something held, by the hour; and the safeguarding concern that came of it, with
//! the council's day.

use super::About;
use super::HeldNext;
use super::due::{Due, fell_to_the_net};
use super::facts::PartnershipFacts;
use crate::organisation::Holder;
use crate::record::Saved;
use crate::time::Day;
use crate::worry::Worry;

/// Whoever took the check on by voice; where nobody of theirs is there any more, it is with the
/// one who raised it again, who speaks to somebody else. Beside it the concern, with the same.
pub(super) fn worry(partnership: &PartnershipFacts, saved: &Saved<Worry>, today: Day) -> Vec<Due> {
    let w = &saved.value;
    if w.closed.is_some() {
        return Vec::new();
    }
    let check = w.check.as_ref().filter(|_| w.passed_on()).map(|check| {
        let holder = Holder { organisation: check.organisation, team: check.team, lead: check.worker };
        (holder, check.at)
    });
    let check = check.filter(|(holder, _)| !fell_to_the_net(partnership, holder, today));
    let hours = i64::from(partnership.settings().worry_hours);
    let (holder, what, at) = match check {
        Some((holder, at)) => (holder, "Check how they are, and say so here", at),
        None => (w.holder, "Speak to somebody by voice who takes it on", w.raised_at.plus_hours(hours)),
    };
    let due = Due::new::<Worry>(&saved.meta, About::Worry, holder, what, partnership.calendar.day(at));
    let next = HeldNext { at: Some(at), ..due.next };
    let whole = Due { next, since: w.raised_at, ..due };
    let concern = concern(partnership, saved, holder);
    // Checked, and the council's answer is to come: only that is open.
    Some(whole).filter(|_| !w.only_concern()).into_iter().chain(concern).collect()
}

/// Made on the day it was decided; then, on the council's day, asked after.
fn concern(partnership: &PartnershipFacts, saved: &Saved<Worry>, holder: Holder) -> Option<Due> {
    let c = saved.value.concern_open()?;
    let (what, on) = match &c.made {
        None => ("Make the safeguarding concern with the council", partnership.calendar.day(c.decided_at)),
        Some(made) => ("Ask the council what it has decided", made.reply_by),
    };
    Some(Due::new::<Worry>(&saved.meta, About::Concern, holder, what, on).since(Some(c.decided_at)))
}
