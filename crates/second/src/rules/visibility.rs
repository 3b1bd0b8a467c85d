//! What a denial may show: that access is refused (`forbidden`), or nothing at all (`not_found`).

use crate::decision::Rule;
use crate::facts::Facts;

/// V1 (reliability 3.3): "When the actor has no relationship with the person, or the item is S3,
/// S4, hidden or about a third party, a denial must look exactly like a missing item (not_found).
/// Otherwise forbidden." R02, R05, R06 and R07 say not_found themselves, and so do the scenarios of a
/// role that no panel decision enables. A paper code that no longer works is no sign-in at all.
#[must_use]
pub fn may_show(facts: &Facts, forbids: &[Rule]) -> bool {
    let never = [Rule::R02, Rule::Panel, Rule::R05, Rule::R06, Rule::R07];
    let said_so = forbids.iter().any(|rule| never.contains(rule));
    let secret = facts.thing.sensitivity >= 3 || facts.thing.hidden || facts.thing.third_party;
    facts.ties.relationship() && !secret && !said_so && !facts.sign_in.paper_dead
}
