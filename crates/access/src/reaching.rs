//! Which policies a question can reach at all.
//!
//! Cedar reads every policy that it is given, and most of them ask first for something that
//! is plainly not so: a policy for supporters asks `context.supporter_current` of a
//! navigator. So each policy is asked beforehand which yes-or-no facts it cannot do
//! without, as its own text has them in the outermost `&&` of its conditions, and only those
//! whose needs are met go to Cedar. The others could not be satisfied; leaving them out
//! changes no answer and makes it several times cheaper. Cedar still decides, each time.
//!
//! Sets of policies are kept, never decisions: a set is only which texts to read.

use crate::facts::Facts;
use cedar_policy::{EntityUid, Policy, PolicySet, PolicySetError};
use kith_domain::area::Area;
use kith_domain::record::Kind;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

/// The most policies that one action may have: a set of them is a number of so many bits.
pub(crate) const MOST_POLICIES: usize = 128;
/// The most sets that are kept for one action; then it is begun anew. A few dozen occur.
const MOST_SETS: usize = 512;

/// Facts that decide how a refusal looks and what must follow, whatever the policies name.
const OWN: &[&str] = &[
    "about_person",
    "conflict",
    "fresh",
    "glass",
    "hidden",
    "live",
    "paper_code",
    "relationship",
    "staff",
    "suppress_notice",
    "third_party",
    "two_factors",
];

/// What there is for one action: the policies whose scope reaches it, and what they speak
/// of. The others could not match, and what none of them names cannot change the answer.
pub(crate) struct Reaching {
    pub(crate) action: EntityUid,
    policies: Vec<(Policy, Needs)>,
    /// Which yes-or-no facts they name or this program itself looks at, in the order of
    /// [`Facts::NAMES`].
    pub(crate) matters: Vec<bool>,
    /// The kinds that they compare with. They compare with words written out, and with
    /// nothing else: a test says so.
    pub(crate) kinds: Vec<Kind>,
    /// The areas likewise.
    pub(crate) areas: Vec<Area>,
    sets: RwLock<HashMap<u128, Arc<Picked>>>,
}

/// Some of the policies, ready for Cedar.
pub(crate) struct Picked {
    pub(crate) policies: PolicySet,
    /// Which yes-or-no facts they name, in the order of [`Facts::NAMES`].
    pub(crate) named: Vec<bool>,
}

/// What a policy cannot be satisfied without, by the place in [`Facts::NAMES`].
#[derive(Debug, Default, PartialEq, Eq)]
struct Needs {
    holds: Vec<usize>,
    fails: Vec<usize>,
}

impl Reaching {
    /// Of these policies, at most [`MOST_POLICIES`].
    pub(crate) fn new(action: EntityUid, policies: Vec<Policy>) -> Reaching {
        let text: String = policies.iter().map(|policy| format!("{policy}\n")).collect();
        let matters = Facts::NAMES.iter().zip(named_in(&text));
        let matters = matters.map(|(name, named)| named || OWN.contains(name)).collect();
        let says = |word: &str| text.contains(&format!("\"{word}\""));
        let kinds = Kind::ALL.into_iter().filter(|kind| says(kind.code())).collect();
        let areas = Area::ALL.into_iter().filter(|area| says(area.code())).collect();
        let policies = policies.into_iter().map(|p| (Needs::of(&p), p)).map(|(n, p)| (p, n)).collect();
        Reaching { action, policies, matters, kinds, areas, sets: RwLock::default() }
    }

    /// Every policy of the action.
    #[cfg(test)]
    pub(crate) fn all(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter().map(|(policy, _)| policy)
    }

    /// The policies that may be satisfied when these facts hold.
    pub(crate) fn pick(&self, facts: &Facts) -> Result<Arc<Picked>, Box<PolicySetError>> {
        let holds: Vec<bool> = facts.named().map(|(_, holds)| holds).collect();
        let met = self.policies.iter().map(|(_, needs)| needs.are_met(&holds));
        let which = met.enumerate().fold(0, |set, (n, met)| set | (u128::from(met) << n));
        let found = self.sets.read().unwrap_or_else(PoisonError::into_inner).get(&which).cloned();
        if let Some(found) = found {
            return Ok(found);
        }
        let of_it = self.policies.iter().enumerate().filter(|(n, _)| which >> n & 1 == 1);
        let policies: Vec<Policy> = of_it.map(|(_, (policy, _))| policy.clone()).collect();
        let text: String = policies.iter().map(|policy| format!("{policy}\n")).collect();
        let named = named_in(&text);
        let fresh = Arc::new(Picked { policies: PolicySet::from_policies(policies)?, named });
        let mut sets = self.sets.write().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= MOST_SETS {
            sets.clear();
        }
        sets.insert(which, fresh.clone());
        Ok(fresh)
    }
}

/// Which of the facts a text names, in their order.
fn named_in(text: &str) -> Vec<bool> {
    let words: HashSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    Facts::NAMES.iter().map(|name| words.contains(name)).collect()
}

impl Needs {
    /// As far as the policy says so plainly; what is not understood is needed by nobody.
    fn of(policy: &Policy) -> Needs {
        let mut needs = Needs::default();
        let json = policy.to_json().unwrap_or_default();
        for condition in json["conditions"].as_array().into_iter().flatten() {
            match condition["kind"].as_str() {
                Some("when") => needs.read(&condition["body"], true),
                Some("unless") => needs.read(&condition["body"], false),
                _ => {}
            }
        }
        needs
    }

    /// An expression that must hold, or must not.
    fn read(&mut self, body: &Value, must: bool) {
        let both = if must { "&&" } else { "||" };
        if let Some(inner) = body.get(both) {
            self.read(&inner["left"], must);
            self.read(&inner["right"], must);
        } else if let Some(inner) = body.get("!") {
            self.read(&inner["arg"], !must);
        } else if let Some(inner) = body.get(".")
            && inner["left"]["Var"] == "context"
            && let Some(name) = inner["attr"].as_str()
            && let Some(at) = Facts::NAMES.iter().position(|fact| *fact == name)
        {
            if must { self.holds.push(at) } else { self.fails.push(at) }
        }
    }

    fn are_met(&self, holds: &[bool]) -> bool {
        self.holds.iter().all(|at| holds[*at]) && !self.fails.iter().any(|at| holds[*at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(conditions: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        let text = format!("permit (principal, action, resource) {conditions};");
        let needs = Needs::of(&text.parse().unwrap());
        let names = |of: Vec<usize>| of.into_iter().map(|at| Facts::NAMES[at]).collect();
        (names(needs.holds), names(needs.fails))
    }

    #[test]
    fn a_policy_cannot_do_without_what_stands_in_its_outermost_and() {
        let none = (vec![], vec![]);
        let both = (vec!["staff", "own_part"], vec![]);
        assert_eq!(needs("when { context.staff && context.own_part }"), both);
        assert_eq!(needs("when { context.staff && (context.own_part || context.link) }").0, ["staff"]);
        assert_eq!(needs("when { context.staff || context.own_part }"), none);
        assert_eq!(needs("unless { context.staff || context.link }"), (vec![], vec!["staff", "link"]));
        assert_eq!(needs("unless { context.staff && context.link }"), none);
        assert_eq!(needs("when { !(context.staff || context.link) }"), (vec![], vec!["staff", "link"]));
        assert_eq!(needs("unless { !context.staff }"), (vec!["staff"], vec![]));
        assert_eq!(needs("when { if context.staff then context.link else context.live }"), none);
        assert_eq!(needs("when { context.kind == \"need\" && context.link }").0, ["link"]);
    }
}
