//! Shares and gaps, from the counts that are shown and nothing else. Rounded counts carry
//! their rounding into a share; that is said beside it, and whoever makes the share again
//! from the table finds the same.

use super::table::Row;
use crate::disclosure::Shown;
use crate::rates::compare::Two;
use crate::rates::interval::{Estimate, wilson};
use serde::{Deserialize, Serialize};

/// The level of every interval.
pub const LEVEL: f64 = 0.95;

/// A share with its interval (Wilson, 95 %): between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl From<Estimate> for Share {
    fn from(e: Estimate) -> Share {
        Share { value: e.value, low: e.low, high: e.high }
    }
}

/// A gap to the reference group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// This share less the reference's (Newcombe).
    pub difference: Share,
    /// This share over the reference's (Katz); nothing where a count is nought.
    pub ratio: Option<Share>,
}

/// The parts of each share: of so many so many. From the second step each step of the one
/// before; at the end those told about a group, of everybody.
pub fn parts(people: &[Shown; 5], told: Shown) -> [Option<(f64, f64)>; 5] {
    let of = |part: Shown, whole: Shown| {
        let (x, n) = (part.number()?, whole.number()?);
        // Two roundings can make a part larger than its whole by one step: then it is all.
        (n > 0).then_some((x.min(n) as f64, n as f64))
    };
    [
        of(people[1], people[0]),
        of(people[2], people[1]),
        of(people[3], people[2]),
        of(people[4], people[3]),
        of(told, people[0]),
    ]
}

/// Each share with its interval.
pub(super) fn shares(people: &[Shown; 5], told: Shown) -> [Option<Share>; 5] {
    parts(people, told).map(|parts| parts.and_then(|(x, n)| Some(wilson(x, n, LEVEL).ok()?.into())))
}

/// The gap of each share to the reference group's.
pub(super) fn gaps(row: &Row, reference: &Row) -> [Option<Gap>; 5] {
    let (mine, theirs) = (parts(&row.people, row.told), parts(&reference.people, reference.told));
    std::array::from_fn(|at| {
        let ((x1, n1), (x2, n2)) = (mine[at]?, theirs[at]?);
        let two = Two::new(x1, n1, x2, n2).ok()?;
        let difference = two.risk_difference(LEVEL).ok()?.into();
        Some(Gap { difference, ratio: two.risk_ratio(LEVEL).map(Share::from) })
    })
}
