//! Waits, with everybody in them.
//!
//! The mean of finished waits leaves out those who still wait, and those who gave up or
//! were turned away; both mislead, and most where waits are worst. Here a wait is a
//! [`Spell`]: it began, and it ended in some way or goes on. [`curve`] counts how long until
//! any end, [`ends`] counts each way of ending apart (seen, declined, lost touch, died),
//! [`compare`], [`cox`] and [`fine_gray`] set groups side by side, [`clock`] makes spells
//! from what happened, and [`list`] and [`queue`] say what a list needs to shrink.

pub mod clock;
pub mod command;
pub mod compare;
pub mod cox;
pub mod curve;
pub mod ends;
pub mod fine_gray;
pub mod list;
pub mod list_command;
pub mod queue;

/// One wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    /// Days already waited when we began to look: a service that joins half-way knows of
    /// somebody only from then on. Nothing for those seen from the start.
    pub entry: Option<f64>,
    /// Days until it ended, or until today.
    pub days: f64,
    /// How it ended: 0 when it goes on, and 1, 2, ... for the ways of ending.
    pub end: usize,
}

impl Spell {
    /// A wait that was seen from its start.
    pub fn new(days: f64, end: usize) -> Spell {
        Spell { entry: None, days, end }
    }
}

/// What happened on one day of waiting.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The day.
    pub day: f64,
    /// Waits that had begun, were known, and had not ended before it.
    pub at_risk: f64,
    /// How many ended on it, by way of ending; the first of them is way 1.
    pub ended: Vec<f64>,
    /// How many are known only up to it.
    pub still: f64,
}

impl Step {
    /// How many ended on it in any way.
    pub fn all_ended(&self) -> f64 {
        self.ended.iter().sum()
    }
}

/// The days on which something happened, in order. A wait whose entry is not before its
/// end was never seen waiting and is left out.
pub fn steps(spells: &[Spell], ways: usize) -> Vec<Step> {
    let mut known: Vec<&Spell> = spells.iter().filter(|s| s.entry.is_none_or(|e| e < s.days)).collect();
    known.sort_by(|a, b| a.days.total_cmp(&b.days));
    let mut entries: Vec<f64> = known.iter().filter_map(|s| s.entry).collect();
    entries.sort_by(f64::total_cmp);
    let mut steps: Vec<Step> = Vec::new();
    let mut i = 0;
    while i < known.len() {
        let day = known[i].days;
        let same = known[i..].iter().take_while(|s| s.days == day).count();
        let entered = entries.len() - entries.partition_point(|e| *e < day);
        let mut step =
            Step { day, at_risk: (known.len() - i - entered) as f64, ended: vec![0.0; ways], still: 0.0 };
        for spell in &known[i..i + same] {
            match spell.end {
                way if way == 0 || way > ways => step.still += 1.0,
                way => step.ended[way - 1] += 1.0,
            }
        }
        steps.push(step);
        i += same;
    }
    steps
}
