//! The attack that the gate must withstand. Someone takes everything that is shown, and
//! how it adds up, and asks of each hidden cell: what is the least it can be, and the most?
//! Both are linear programs. A cell whose answers lie closer than the threshold is a leak.
//!
//! Source: Fischetti and Salazar-González, Models and algorithms for optimizing cell
//! suppression in tabular data with linear constraints, JASA 95 (2000); Hundepool and
//! others, Handbook on Statistical Disclosure Control (2010), 4.3.

use super::additive::Additive;
use super::policy::Policy;
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};

/// A hidden cell that can be worked out too closely.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// The cell.
    pub cell: usize,
    /// The least it can be.
    pub low: f64,
    /// The most it can be.
    pub high: f64,
}

/// A number above everything in the table, standing for "no end".
pub(super) fn no_end(table: &Additive, policy: &Policy) -> f64 {
    let largest = table.values().iter().max().copied().unwrap_or(0);
    (largest * 2 + 10 * policy.least + 100) as f64
}

/// The least and the most that a hidden cell can be, to someone who sees the others.
pub fn interval(table: &Additive, hidden: &[bool], policy: &Policy, cell: usize) -> (f64, f64) {
    let known = known(table, hidden, policy);
    let end = |direction| solve(table, &known, cell, direction).map_or(f64::NAN, |values| values[cell]);
    (end(OptimizationDirection::Minimize), end(OptimizationDirection::Maximize))
}

/// Every hidden cell that can be narrowed below the threshold.
pub fn leaks(table: &Additive, hidden: &[bool], policy: &Policy) -> Vec<Leak> {
    let mut seen = Seen::new(table);
    hidden_cells(hidden).filter_map(|cell| seen.leak(table, hidden, policy, cell)).collect()
}

fn hidden_cells(hidden: &[bool]) -> impl Iterator<Item = usize> {
    hidden.iter().enumerate().filter(|(_, h)| **h).map(|(cell, _)| cell)
}

fn known(table: &Additive, hidden: &[bool], policy: &Policy) -> Vec<(f64, f64)> {
    let most = no_end(table, policy);
    hidden.iter().enumerate().map(|(cell, &h)| table.known(cell, h, policy, most)).collect()
}

/// The least and most of each cell over all tables that were found to fit what is shown.
/// Every linear program finds a whole table, which speaks for all its cells; and a table
/// that fits goes on fitting when more is hidden. So most cells need no program of their own.
pub(super) struct Seen {
    ranges: Vec<(f64, f64)>,
    tables: Vec<Vec<f64>>,
}

impl Seen {
    /// Only the true table has been seen.
    pub(super) fn new(table: &Additive) -> Seen {
        let truth: Vec<f64> = table.values().iter().map(|&n| n as f64).collect();
        Seen { ranges: truth.iter().map(|&n| (n, n)).collect(), tables: vec![truth] }
    }

    /// Those of the tables that still fit when a cell is known to lie between these.
    pub(super) fn with_known(&self, cell: usize, (low, high): (f64, f64)) -> Seen {
        let fits = |t: &&Vec<f64>| t[cell] >= low - 1e-6 && t[cell] <= high + 1e-6;
        let mut left = Seen { ranges: Vec::new(), tables: Vec::new() };
        self.tables.iter().filter(fits).for_each(|t| left.add(t));
        left
    }

    /// How many tables were found.
    pub(super) fn found(&self) -> usize {
        self.tables.len()
    }

    /// The tables that were found after so many.
    pub(super) fn found_after(&self, before: usize) -> impl Iterator<Item = &Vec<f64>> {
        self.tables.iter().skip(before)
    }

    /// A table that fits.
    pub(super) fn add(&mut self, values: &[f64]) {
        self.tables.push(values.to_vec());
        if self.ranges.is_empty() {
            self.ranges = values.iter().map(|&n| (n, n)).collect();
        }
        for (range, value) in self.ranges.iter_mut().zip(values) {
            *range = (range.0.min(*value), range.1.max(*value));
        }
    }

    fn width(&self, cell: usize) -> f64 {
        let (low, high) = self.ranges[cell];
        // People come in whole numbers: an attacker rounds the ends inwards.
        (high + 1e-6).floor() - (low - 1e-6).ceil()
    }

    fn leak(&mut self, table: &Additive, hidden: &[bool], policy: &Policy, cell: usize) -> Option<Leak> {
        let least = policy.least as f64;
        if table.is_unseen(cell) || self.width(cell) >= least {
            return None;
        }
        let mut known = known(table, hidden, policy);
        let mut gave_up = false;
        for direction in [OptimizationDirection::Maximize, OptimizationDirection::Minimize] {
            match solve(table, &known, cell, direction) {
                Some(values) => self.add(&values),
                None => gave_up = true,
            }
            if self.width(cell) >= least {
                return None;
            }
        }
        // A solver that gives up has shown nothing: it is asked for any table at all in which the
        // cell is so much larger. If it finds none, the cell counts as a leak.
        let enough = self.ranges[cell].0 + least;
        if gave_up && enough < known[cell].1 {
            known[cell].0 = enough;
            if let Some(values) = solve(table, &known, cell, OptimizationDirection::Minimize) {
                self.add(&values);
            }
            if self.width(cell) >= least {
                return None;
            }
        }
        let (low, high) = self.ranges[cell];
        Some(Leak { cell, low, high })
    }

    /// The first hidden cell that leaks, the smallest counts being looked at first because
    /// they are the likeliest to.
    pub(super) fn first_leak(&mut self, table: &Additive, hidden: &[bool], policy: &Policy) -> Option<Leak> {
        let mut cells: Vec<usize> = hidden_cells(hidden).collect();
        cells.sort_by_key(|&cell| table.values()[cell]);
        cells.into_iter().find_map(|cell| self.leak(table, hidden, policy, cell))
    }
}

/// A table that fits what is known and in which one cell is as small or large as it can be.
/// Cells that are known exactly are numbers, not unknowns, which keeps the program small.
/// The truth itself always fits; nothing only when the solver gives up.
fn solve(
    table: &Additive,
    known: &[(f64, f64)],
    cell: usize,
    direction: OptimizationDirection,
) -> Option<Vec<f64>> {
    let mut problem = Problem::new(direction);
    let unknown: Vec<Option<Variable>> = known
        .iter()
        .enumerate()
        .map(|(i, &(low, high))| {
            (low < high).then(|| problem.add_var(if i == cell { 1.0 } else { 0.0 }, (low, high)))
        })
        .collect();
    for relation in table.relations() {
        let mut sum = LinearExpr::empty();
        let (mut rest, mut any) = (0.0, false);
        let signed = relation.parts.iter().map(|&i| (i, 1.0)).chain([(relation.total, -1.0)]);
        for (i, sign) in signed {
            match unknown[i] {
                Some(variable) => {
                    sum.add(variable, sign);
                    any = true;
                }
                None => rest -= sign * known[i].0,
            }
        }
        if any {
            problem.add_constraint(sum, ComparisonOp::Eq, rest);
        }
    }
    let solution = problem.solve().ok()?.into_solution().ok()?;
    Some(unknown.iter().zip(known).map(|(v, k)| v.map_or(k.0, |v| solution.var_value(v))).collect())
}
