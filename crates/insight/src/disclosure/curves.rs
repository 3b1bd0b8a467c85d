//! Medians, percentiles and curves. The slowest of nine people is one person: a percentile
//! needs enough people, and enough of them beyond it; a curve is drawn only at points
//! between which enough people left it, and only while enough remain.
//!
//! Source: ACRO 1.0.2 (`survival_safe_threshold` 10); that the shortest and the longest are
//! never shown is the rule of the Handbook on Statistical Disclosure Control, 6.3.

use super::policy::Policy;
use crate::error::InsightError;

/// Whether the percentile `p` (0.5 for the median) of `n` people may be shown.
///
/// # Errors
/// There are too few people, or the percentile is as good as the shortest or longest.
pub fn percentile(n: u64, p: f64, policy: &Policy) -> Result<(), InsightError> {
    if n < policy.least_for_curves {
        return Err(InsightError::TooFew {
            what: "People behind a percentile",
            has: n as usize,
            needs: policy.least_for_curves as usize,
        });
    }
    if (n as f64) * p.min(1.0 - p) < 1.0 {
        return Err(InsightError::numbers(
            "This percentile of so few people is one person. Show the median, or gather a longer period.",
        ));
    }
    Ok(())
}

/// A step of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time of the step.
    pub time: f64,
    /// People still on the curve just before it.
    pub at_risk: u64,
    /// People who left the curve at it, for whatever reason.
    pub left: u64,
}

/// The steps that may be shown, as positions in `steps`: each stands for at least the
/// threshold of people who left since the one before, and enough people remained. What
/// comes after the last one is not shown.
pub fn curve(steps: &[Step], policy: &Policy) -> Vec<usize> {
    let mut shown = Vec::new();
    let mut since = 0;
    for (i, step) in steps.iter().enumerate() {
        if step.at_risk < policy.least_for_curves {
            break;
        }
        since += step.left;
        if since >= policy.least && step.at_risk.saturating_sub(step.left) >= policy.least {
            shown.push(i);
            since = 0;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_of_ten_is_one_person() {
        assert!(percentile(9, 0.5, &Policy::mhsds()).is_err());
        assert!(percentile(10, 0.5, &Policy::mhsds()).is_ok());
        assert!(percentile(10, 0.92, &Policy::mhsds()).is_err());
        assert!(percentile(13, 0.92, &Policy::mhsds()).is_ok());
    }

    #[test]
    fn a_curve_moves_only_when_enough_have_left_and_stops_while_enough_remain() {
        let steps: Vec<Step> = (0..20).map(|i| Step { time: i as f64, at_risk: 30 - i, left: 1 }).collect();
        let shown = curve(&steps, &Policy::mhsds());
        assert_eq!(shown, [4, 9, 14, 19]);
        let few: Vec<Step> = (0..9).map(|i| Step { time: i as f64, at_risk: 9 - i, left: 1 }).collect();
        assert_eq!(curve(&few, &Policy::mhsds()), [] as [usize; 0]);
    }
}
