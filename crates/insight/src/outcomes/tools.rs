//! Instruments, and by how much an answer has to change before the nation's dashboards
//! call it a change.

use crate::error::InsightError;

/// Which way an instrument gets better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
}

/// An instrument with its national threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tool {
    /// The name that is asked for.
    pub name: &'static str,
    /// Whose dashboard uses the threshold: community mental health for adults, or
    /// children and young people.
    pub setting: &'static str,
    /// The least change that counts, itself included.
    pub least: f64,
    /// Which way is better.
    pub better: Better,
    /// The lowest and the highest answer there can be; others are not answers.
    pub range: (f64, f64),
}

const ADULTS: &str = "community mental health";
const YOUNG: &str = "children and young people";

const fn tool(
    name: &'static str,
    setting: &'static str,
    least: f64,
    better: Better,
    range: (f64, f64),
) -> Tool {
    Tool { name, setting, least, better, range }
}

/// The national thresholds, as the dashboards of NHS England apply them (github.com
/// nhsengland/MHSDS, dc7bf10, MIT). Those for children and young people are rounded there;
/// ranges are of the instruments themselves.
#[rustfmt::skip]
pub const TOOLS: &[Tool] = &[
    tool("DIALOG",     ADULTS,  1.0, Better::Higher, (1.0, 7.0)),
    tool("GBO",        ADULTS,  3.0, Better::Higher, (0.0, 10.0)),
    tool("ReQoL-10",   ADULTS,  5.0, Better::Higher, (0.0, 40.0)),
    tool("PHQ-9",      YOUNG,   6.0, Better::Lower,  (0.0, 27.0)),
    tool("GAD-7",      YOUNG,   4.0, Better::Lower,  (0.0, 21.0)),
    tool("CORE-10",    YOUNG,   5.0, Better::Lower,  (0.0, 40.0)),
    tool("YP-CORE",    YOUNG,   8.0, Better::Lower,  (0.0, 40.0)),
    tool("HoNOSCA",    YOUNG,   2.0, Better::Lower,  (0.0, 52.0)),
    tool("SWEMWBS",    YOUNG,   3.0, Better::Higher, (7.0, 35.0)),
    tool("WEMWBS",     YOUNG,   9.0, Better::Higher, (14.0, 70.0)),
    tool("CGAS",       YOUNG,  11.0, Better::Higher, (1.0, 100.0)),
    tool("ORS",        YOUNG,   6.6, Better::Higher, (0.0, 40.0)),
    tool("CORS",       YOUNG,  10.0, Better::Higher, (0.0, 40.0)),
    tool("SCORE-15",   YOUNG,  10.0, Better::Lower,  (15.0, 75.0)),
];

/// Readings of ReQoL-10 below this are those of people in distress.
pub const REQOL_10_CUT_OFF: f64 = 25.0;

/// The instrument of this name, in any case of letters.
///
/// # Errors
/// There is none; the error names those there are.
pub fn find(name: &str) -> Result<Tool, InsightError> {
    let found = TOOLS.iter().find(|t| t.name.eq_ignore_ascii_case(name)).copied();
    found.ok_or_else(|| {
        let names: Vec<&str> = TOOLS.iter().map(|t| t.name).collect();
        let must = format!("it is one of {}; or give --least and --better", names.join(", "));
        InsightError::option("tool", name, must)
    })
}

impl Tool {
    /// A reading that is an answer of this instrument. DIALOG's 8 in national data is a
    /// code for "not said", not an eighth step, and is dropped like anything else outside.
    pub fn valid(&self, reading: f64) -> Option<f64> {
        Some(reading).filter(|r| (self.range.0..=self.range.1).contains(r))
    }
}
