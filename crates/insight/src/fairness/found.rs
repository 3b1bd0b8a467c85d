//! Which gaps are more than chance. Each group is compared with everybody else whose group is
//! known: that is the largest other side there is, sees most, and does not depend on whom a reader
//! chooses to compare with. Whoever looks at twenty gaps finds one in twenty that
//! chance made: so each question is one family of comparisons, and Holm's correction keeps the
//! chance of naming any gap wrongly under one in twenty for all of them together.
//!
//! Source: Holm, Scandinavian Journal of Statistics 6 (1979); shares by Fisher's exact test
//! on the counts before rounding, so that rounding is never taken for unfairness; waits by Peto's test (Harrington
//! and Fleming, Biometrika 69 (1982), rho 1).

use super::compare::parts;
use super::table::{Counts, Row};
use super::wait::until_came;
use crate::rates::compare::Two;
use crate::waits::Spell;
use crate::waits::compare::log_rank;
use serde::{Deserialize, Serialize};

/// The chance of naming any gap of a question wrongly, if there is none.
pub const CHANCE: f64 = 0.05;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A service was asked, of those with a need.
    Asked,
    /// A service said yes, of those for whom one was asked.
    Yes,
    /// Came, of those who were told yes.
    Came,
    /// Ended well, of those who came.
    Helped,
    /// Told about a peer group, of those with a need.
    Told,
    /// How long from being asked for to coming.
    Wait,
}

impl Measure {
    /// Every measure: the shares in the order of a row's, then the wait.
    pub const ALL: [Measure; 6] =
        [Measure::Asked, Measure::Yes, Measure::Came, Measure::Helped, Measure::Told, Measure::Wait];

    /// Its name in a file.
    pub fn code(self) -> &'static str {
        match self {
            Measure::Asked => "asked",
            Measure::Yes => "yes",
            Measure::Came => "came",
            Measure::Helped => "helped",
            Measure::Told => "told",
            Measure::Wait => "wait",
        }
    }
}

/// A gap that is more than chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which row.
    pub row: usize,
    /// What differs.
    pub measure: Measure,
    /// Whether this group is worse off than the reference: a smaller share, a longer wait.
    pub worse: bool,
    /// The chance of such a gap if there were none, corrected for how many were looked at.
    pub chance: f64,
}

/// The gaps between a group and everybody else of whom the group is known that are more than
/// chance, and how many were looked at.
pub(super) fn found(rows: &[Row], counts: &[Counts], spells: &[Vec<Spell>]) -> (Vec<Finding>, usize) {
    let mut looks = Vec::new();
    let known: Vec<usize> = (0..rows.len()).filter(|&at| rows[at].group.known).collect();
    for (at, row) in known.iter().map(|&at| (at, &rows[at])) {
        let others = || known.iter().copied().filter(move |&other| other != at);
        let (shown, mine) = (parts(&row.people, row.told), counts[at].parts());
        let theirs: Counts = others().map(|other| counts[other]).sum();
        for (share, measure) in (0..5).zip(Measure::ALL).filter(|(share, _)| shown[*share].is_some()) {
            let ((x1, n1), (x2, n2)) = (mine[share], theirs.parts()[share]);
            let Ok(two) = Two::new(x1, n1, x2, n2) else { continue };
            let worse = x1 / n1 < x2 / n2;
            looks.push(Finding { row: at, measure, worse, chance: two.fisher() });
        }
        if row.waited.is_some() {
            let theirs: Vec<Spell> = others().flat_map(|other| &spells[other]).copied().collect();
            looks.extend(longer(at, &spells[at], &theirs));
        }
    }
    let looked = looks.len();
    (holm(looks), looked)
}

/// Peto's weights: most people are still there early on, and a delay that makes every wait so
/// many times as long shows there. The plain log-rank test weighs the last few who wait as much.
const PETO: f64 = 1.0;

fn longer(row: usize, mine: &[Spell], theirs: &[Spell]) -> Option<Finding> {
    let test = log_rank(&[until_came(mine), until_came(theirs)], PETO).ok()?;
    let worse = test.seen.first()? < test.expected.first()?;
    Some(Finding { row, measure: Measure::Wait, worse, chance: test.chance })
}

/// Holm's correction: the smallest chance times their number, the next times one less, never
/// under the one before; those that stay under the level are findings.
fn holm(mut looks: Vec<Finding>) -> Vec<Finding> {
    looks.sort_by(|a, b| a.chance.total_cmp(&b.chance));
    let (n, mut least) = (looks.len(), 0.0f64);
    for (at, look) in looks.iter_mut().enumerate() {
        least = least.max(look.chance * (n - at) as f64).min(1.0);
        look.chance = least;
    }
    looks.retain(|look| look.chance < CHANCE);
    looks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand, and R 4.2.2: `p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")` is
    /// 0.03, 0.06, 0.06, 0.02.
    #[test]
    fn the_correction_is_holms() {
        let look = |row, chance| Finding { row, measure: Measure::Told, worse: true, chance };
        let found = holm(vec![look(0, 0.01), look(1, 0.04), look(2, 0.03), look(3, 0.005)]);
        let said: Vec<(usize, f64)> = found.iter().map(|f| (f.row, f.chance)).collect();
        assert_eq!(said.len(), 2);
        assert!((said[0].1 - 0.02).abs() < 1e-12 && said[0].0 == 3, "{said:?}");
        assert!((said[1].1 - 0.03).abs() < 1e-12 && said[1].0 == 0, "{said:?}");
    }
}
