//! The bases that change a record: new items, edits and amendments of authored notes, and new versions of
//! living items. A sealed item is not written through any of them: no ceiling here reaches S4.

use super::bases;
use crate::facts::Facts;
use crate::time::DAY;
use crate::words::{Action, Role};

/// W1 (reliability 3.3): "edit only the author within 24 h".
pub const EDIT_SECONDS: i64 = DAY;

/// W1 and its amendment (design 3), for each action that writes.
#[must_use]
pub fn w1(facts: &Facts) -> bool {
    match facts.action {
        Action::Create => create(facts),
        Action::Edit => edit(facts),
        Action::Amend => amend(facts),
        Action::Update => update(facts),
        _ => false,
    }
}

/// W1 (reliability 3.3): "create an item only in the own organisation's part with a current
/// relationship".
#[must_use]
pub fn create(facts: &Facts) -> bool {
    in_own_part(facts)
}

/// W1 (reliability 3.3): "edit only the author within 24 h".
#[must_use]
pub fn edit(facts: &Facts) -> bool {
    let lately =
        facts.thing.created.is_some_and(|created| facts.now.within_seconds_of(created, EDIT_SECONDS));
    amend(facts) && lately
}

/// W1 (reliability 3.3): "afterwards an amendment"; design 3: "`edit` is the author's within 24 h, then
/// amendment".
#[must_use]
pub fn amend(facts: &Facts) -> bool {
    in_own_part(facts) && facts.thing.author.as_ref() == Some(&facts.who.id)
}

/// Design 3: living items: "`update` makes a version, by anyone with a current relationship and
/// contribute rights in that area". Those rights are: the person in their own record (B1), a
/// supporter whose scope has it (B2), a worker in the own part (W1) or under consent (B4).
#[must_use]
pub fn update(facts: &Facts) -> bool {
    let person = facts.ties.is_self && !facts.sealed();
    let supporter = facts.is(Role::Proxy) && facts.ties.supporter.covers;
    facts.living() && (person || supporter || in_own_part(facts) || bases::consented(facts))
}

/// W1: "in the own organisation's part with a current relationship", within what the role may see there.
fn in_own_part(facts: &Facts) -> bool {
    facts.who.staff && facts.own_organisation() && facts.ties.current() && bases::within_own_ceiling(facts)
}
