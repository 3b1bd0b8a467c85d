//! The rule book. [`forbids`] holds what stands against a request, [`bases`] what stands for it,
//! [`writing`] the bases that change something, [`visibility`] what a denial may show. This file
//! puts them together.

pub mod bases;
pub mod forbids;
pub mod visibility;
pub mod writing;

use crate::decision::{Basis, Decision, Obligation, Rule};
use crate::facts::Facts;
use std::collections::BTreeSet;

/// One rule: whether it holds of these facts.
type Check = fn(&Facts) -> bool;

/// The reason code with which break-glass overrides the person's dissent (B7).
pub const LIFE_AT_RISK: &str = "life_at_risk";
/// R09 (reliability 3.3): "cells <5 suppressed".
pub const SMALLEST_CELL: u32 = 5;

/// R01 (reliability 3.3): "Default deny. A decision needs one permit basis (B1..B9) and no forbid.
/// Forbids always win; break-glass never beats R02-R10."
#[must_use]
pub fn judge(facts: &Facts) -> Decision {
    let bases = bases::all(facts);
    let forbids = forbids::all(facts);
    let mut decision = match (forbids.first(), bases.first()) {
        (None, Some(basis)) => Decision::allowed(*basis),
        (None, None) => Decision::denied(Rule::R01, visibility::may_show(facts, &forbids)),
        (Some(reason), _) => Decision::denied(*reason, visibility::may_show(facts, &forbids)),
    };
    decision.obligations = obligations(facts, &decision, &forbids);
    decision.suppressed = decision.basis() == Some(Basis::Aggregate) && is_suppressed(facts);
    decision.bases = bases;
    decision
}

/// What must be done besides:
/// R05 "the attempt alerts the IG lead"; B6 "alerts the Caldicott guardian; no person notice when
/// suppress_notice"; B7 "person is told within 24 h unless suppress_notice; IG review within 72 h"
/// (reliability 3.3); B10 "sealed and third-party items go to review; logged and, unless unsafe, told
/// to the person" (design 3).
fn obligations(facts: &Facts, decision: &Decision, forbids: &[Rule]) -> BTreeSet<Obligation> {
    let mut due = BTreeSet::new();
    if forbids.contains(&Rule::R05) {
        due.insert(Obligation::AlertIgLead);
    }
    if forbids.contains(&Rule::Review) {
        due.insert(Obligation::HumanReview);
    }
    match decision.basis() {
        Some(Basis::B6) => {
            due.insert(Obligation::NotifyCaldicott);
        }
        Some(Basis::B7) => {
            due.insert(Obligation::IgReview72h);
            if !facts.suppress_notice {
                due.insert(Obligation::NotifyPerson24h);
            }
        }
        Some(Basis::B10) if !facts.suppress_notice => {
            due.insert(Obligation::TellPerson);
        }
        _ => {}
    }
    due
}

/// R09 (reliability 3.3): "analysts get aggregates with cells <5 suppressed and the rest rounded to 5; a
/// pair of queries whose cohorts differ by <5 people is suppressed too."
fn is_suppressed(facts: &Facts) -> bool {
    let (cell, difference) = facts.cells;
    [cell, difference].into_iter().flatten().any(|people| people < SMALLEST_CELL)
}
