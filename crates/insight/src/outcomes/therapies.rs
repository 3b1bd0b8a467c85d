//! Recovery and reliable improvement as NHS Talking Therapies counts them, from the first
//! and last PHQ-9 and GAD-7. For some conditions the service uses another measure in the
//! place of GAD-7; those are not counted here.
//!
//! Source: NHS England, NHS Talking Therapies manual; the wording of NHS Digital's annual
//! report.

/// From this on somebody is counted as having been ill, of 27.
pub const PHQ_CASE: f64 = 10.0;
/// From this on somebody is counted as having been ill, of 21.
pub const GAD_CASE: f64 = 8.0;
/// A change of so many points on the PHQ-9 is more than chance makes.
pub const PHQ_RELIABLE: f64 = 6.0;
/// A change of so many points on the GAD-7 is more than chance makes.
pub const GAD_RELIABLE: f64 = 4.0;

/// The four readings of one course of therapy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// The first PHQ-9.
    pub phq_first: f64,
    /// The last PHQ-9.
    pub phq_last: f64,
    /// The first GAD-7.
    pub gad_first: f64,
    /// The last GAD-7.
    pub gad_last: f64,
}

impl Course {
    /// At or above either cut-off at the start.
    pub fn caseness(&self) -> bool {
        self.phq_first >= PHQ_CASE || self.gad_first >= GAD_CASE
    }

    /// Began at caseness and ended below both cut-offs.
    pub fn recovered(&self) -> bool {
        self.caseness() && self.phq_last < PHQ_CASE && self.gad_last < GAD_CASE
    }

    /// On each measure: better by enough, worse by enough.
    fn moves(&self) -> [(bool, bool); 2] {
        let by = |gain: f64, least: f64| (gain >= least, -gain >= least);
        [by(self.phq_first - self.phq_last, PHQ_RELIABLE), by(self.gad_first - self.gad_last, GAD_RELIABLE)]
    }

    /// Better on one and worse on neither.
    pub fn improved(&self) -> bool {
        let moves = self.moves();
        moves.iter().any(|m| m.0) && !moves.iter().any(|m| m.1)
    }

    /// Worse on one and better on neither.
    pub fn deteriorated(&self) -> bool {
        let moves = self.moves();
        moves.iter().any(|m| m.1) && !moves.iter().any(|m| m.0)
    }

    /// Recovered, and improved.
    pub fn reliably_recovered(&self) -> bool {
        self.recovered() && self.improved()
    }

    /// Neither improved nor deteriorated; better on one and worse on the other is this.
    pub fn alike(&self) -> bool {
        !self.improved() && !self.deteriorated()
    }
}
