//! Policies: what is too few, what is rounded, and whom the gate withstands.

use super::Shown;

/// Whether nought may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zeros {
    /// Nought is too few like one and two: showing it would tell that the hidden cells are
    /// not nought, and that nobody of a group is there.
    Hidden,
    /// Nought is shown.
    Shown,
}

/// Whom the gate withstands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attacker {
    /// Someone who sees what is shown, rounded as it is, each margin by itself.
    SeesRounded,
    /// Someone who also knows the exact numbers behind everything that is shown, as an
    /// organisation does that sent them. The stricter of the two.
    KnowsExact,
}

/// A policy of what may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its name.
    pub name: &'static str,
    /// The smallest count that is shown, and the width to which no hidden count may be
    /// narrowed.
    pub least: u64,
    /// Counts are rounded to the nearest multiple of this; 1 rounds nothing.
    pub round_to: u64,
    /// Whether nought may be told.
    pub zeros: Zeros,
    /// Whom the gate withstands.
    pub attacker: Attacker,
    /// Whether a share is hidden when those left over are too few.
    pub protect_rest: bool,
    /// The n of the (n, k) rule.
    pub dominant: usize,
    /// The k of the (n, k) rule, as a share.
    pub dominant_share: f64,
    /// The p of the p % rule, as a share.
    pub p_share: f64,
    /// The fewest people behind a median, a percentile or a curve.
    pub least_for_curves: u64,
}

impl Policy {
    /// NHS England's subnational Mental Health Services statistics: under 5 hidden, nought
    /// too; the rest rounded to 5, margins by themselves.
    ///
    /// Source: NHSDigital/mental-health-monthly-statistics, 1.2.create_views.sql and
    /// LDA_child_v5.py (MIT), which hide primary cells only; the secondary ones are ours.
    pub fn mhsds() -> Policy {
        Policy {
            name: "mhsds",
            least: 5,
            round_to: 5,
            zeros: Zeros::Hidden,
            attacker: Attacker::SeesRounded,
            protect_rest: false,
            dominant: 2,
            dominant_share: 0.9,
            p_share: 0.1,
            least_for_curves: 10,
        }
    }

    /// Under 10 hidden, nought too, nothing rounded: the usual rule of trusted research
    /// environments.
    ///
    /// Source: ACRO 1.0.2, default.yaml.
    pub fn ten() -> Policy {
        Policy {
            name: "ten",
            least: 10,
            round_to: 1,
            attacker: Attacker::KnowsExact,
            protect_rest: true,
            ..Policy::mhsds()
        }
    }

    /// A partnership's own: under `least` hidden, nought too, the rest rounded to
    /// `round_to`, and nothing to be worked out even by a member who knows every number
    /// that is shown exactly.
    pub fn local(least: u64, round_to: u64) -> Policy {
        Policy {
            name: "local",
            least,
            round_to: round_to.max(1),
            attacker: Attacker::KnowsExact,
            protect_rest: true,
            ..Policy::mhsds()
        }
    }

    /// Whether a count is too few to show.
    pub fn too_few(&self, n: u64) -> bool {
        n < self.least && !(n == 0 && self.zeros == Zeros::Shown)
    }

    /// A count that may be shown, rounded; a half goes up.
    pub fn rounded(&self, n: u64) -> Shown {
        match self.round_to {
            0 | 1 => Shown::Exactly(n),
            unit => Shown::About(n.saturating_add(unit / 2) / unit * unit),
        }
    }

    /// What an attacker knows of a cell: the least and the most it can be. `most` stands
    /// for "no end".
    pub(super) fn known(&self, n: u64, hidden: bool, most: f64) -> (f64, f64) {
        if hidden {
            return (if self.zeros == Zeros::Shown { 1.0 } else { 0.0 }, most);
        }
        match (self.attacker, self.rounded(n)) {
            (Attacker::SeesRounded, Shown::About(shown)) => {
                let unit = self.round_to;
                let low = shown.saturating_sub(unit / 2);
                // A rounded 0 is shown only for a true 0.
                if n == 0 { (0.0, 0.0) } else { (low.max(1) as f64, (shown + unit - unit / 2 - 1) as f64) }
            }
            _ => (n as f64, n as f64),
        }
    }

    /// In a sentence, for the page that shows its figures.
    pub fn words(&self) -> String {
        let rounding = match self.round_to {
            0 | 1 => "others are exact".to_owned(),
            unit => format!("others are rounded to the nearest {unit}"),
        };
        let zeros = if self.zeros == Zeros::Hidden { ", nought among them," } else { ", but nought," };
        format!("Counts under {}{zeros} are hidden and {rounding}.", self.least)
    }
}
