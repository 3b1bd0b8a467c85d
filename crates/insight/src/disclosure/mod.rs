//! The gate: what may be shown of counts of people, so that nobody can be found in them.
//!
//! A figure about people leaves only through here. A [`policy::Policy`] says what is too
//! few. A count alone passes [`count`], a share [`percent`]; a table passes [`table`] or
//! [`Additive::gate`], which hides further cells until an attacker who solves linear
//! programs over everything that is shown cannot narrow any hidden cell below the
//! policy's threshold ([`audit`]). Totals of money pass [`dominated`], medians and curves
//! [`curves`], and questions asked one after the other the [`ledger`].
//!
//! Nothing here drops a group: a hidden cell stays in its place and says that it is hidden.

pub mod additive;
pub mod audit;
pub mod command;
pub mod curves;
pub mod ledger;
pub mod policy;
mod suppress;

pub use additive::{Additive, OneWay, Relation, TwoWay, one_way, two_way};
pub use policy::{Attacker, Policy, Zeros};

use serde::{Deserialize, Serialize};

/// A count as it may be shown. Why a cell is hidden is not said: whoever knows which cells
/// are few and which only protect them knows more than was meant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Too few to show, or hidden so that another cannot be worked out.
    Hidden,
    /// Rounded.
    About(u64),
    /// As counted, under a policy that does not round.
    Exactly(u64),
}

impl Shown {
    /// As text.
    pub fn words(self) -> String {
        match self {
            Shown::Hidden => "too few to show".to_owned(),
            Shown::About(n) => format!("about {n}"),
            Shown::Exactly(n) => n.to_string(),
        }
    }

    /// The number, where one is shown.
    pub fn number(self) -> Option<u64> {
        match self {
            Shown::Hidden => None,
            Shown::About(n) | Shown::Exactly(n) => Some(n),
        }
    }
}

/// One count that stands alone.
pub fn count(n: u64, policy: &Policy) -> Shown {
    if policy.too_few(n) { Shown::Hidden } else { policy.rounded(n) }
}

/// A share in whole percent; nothing when either part of it is too few: the numerator or
/// the denominator, and under policies that say so also those who are left over.
pub fn percent(part: u64, whole: u64, policy: &Policy) -> Option<u64> {
    let rest = whole.checked_sub(part)?;
    let too_few = part < policy.least || whole < policy.least;
    let rest_too_few = policy.protect_rest && rest > 0 && rest < policy.least;
    if too_few || rest_too_few || whole == 0 {
        return None;
    }
    Some((part * 100 + whole / 2) / whole)
}

/// Whether a few contributors make so much of a total of money (or of days) that the total
/// tells what they contributed: fewer contributors than the threshold, the largest `n`
/// making at least the share `k` (the (n, k) rule), or everybody but the two largest making
/// less than the share `p` of the largest (the p % rule).
///
/// Source: Hundepool and others, Handbook on Statistical Disclosure Control (2010), 4.2;
/// the values of the policies are those of ACRO 1.0.2.
pub fn dominated(contributions: &[f64], policy: &Policy) -> bool {
    let mut sizes: Vec<f64> = contributions.iter().map(|c| c.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let total: f64 = sizes.iter().sum();
    if (sizes.len() as u64) < policy.least {
        return true;
    }
    let top: f64 = sizes.iter().take(policy.dominant).sum();
    let others: f64 = sizes.iter().skip(2).sum();
    total > 0.0 && (top >= policy.dominant_share * total || others < policy.p_share * sizes[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NHS England's subnational rounding, as published.
    #[test]
    fn counts_below_five_are_hidden_and_the_rest_rounded_to_five() {
        for n in [0, 1, 3, 4] {
            assert_eq!(count(n, &Policy::mhsds()), Shown::Hidden);
        }
        for (n, shown) in [(5, 5), (6, 5), (7, 5), (8, 10), (9, 10), (12, 10), (13, 15), (18, 20), (102, 100)]
        {
            assert_eq!(count(n, &Policy::mhsds()), Shown::About(shown), "{n}");
        }
    }

    #[test]
    fn nought_can_be_told_where_the_policy_says_so() {
        let policy = Policy { zeros: Zeros::Shown, ..Policy::mhsds() };
        assert_eq!(count(0, &policy), Shown::About(0));
        assert_eq!(count(1, &policy), Shown::Hidden);
    }

    #[test]
    fn a_share_that_tells_of_few_is_not_shown() {
        let policy = Policy::local(5, 5);
        assert_eq!(percent(50, 100, &policy), Some(50));
        assert_eq!(percent(98, 100, &policy), None);
        assert_eq!(percent(98, 100, &Policy::mhsds()), Some(98), "MHSDS looks at the two parts only");
        assert_eq!(percent(100, 100, &policy), Some(100));
        assert_eq!(percent(4, 100, &policy), None);
        assert_eq!(percent(10, 4, &policy), None);
    }

    #[test]
    fn one_who_makes_nearly_all_of_a_total_is_protected() {
        let policy = Policy::ten();
        let even = [10.0; 12];
        assert!(!dominated(&even, &policy));
        let mut one = even;
        one[0] = 5_000.0;
        assert!(dominated(&one, &policy));
        assert!(dominated(&even[..9], &policy), "fewer than the threshold");
    }
}
