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
    let most = no_end(table, policy);
    let known: Vec<(f64, f64)> =
        table.values().iter().zip(hidden).map(|(&n, &h)| policy.known(n, h, most)).collect();
    (
        solve(table, &known, cell, OptimizationDirection::Minimize),
        solve(table, &known, cell, OptimizationDirection::Maximize),
    )
}

/// Every hidden cell that can be narrowed below the threshold.
pub fn leaks(table: &Additive, hidden: &[bool], policy: &Policy) -> Vec<Leak> {
    hidden_cells(hidden).filter_map(|cell| leak(table, hidden, policy, cell)).collect()
}

/// The first hidden cell that leaks, the smallest counts being looked at first because
/// they are the likeliest to.
pub(super) fn first_leak(table: &Additive, hidden: &[bool], policy: &Policy) -> Option<Leak> {
    let mut cells: Vec<usize> = hidden_cells(hidden).collect();
    cells.sort_by_key(|&cell| table.values()[cell]);
    cells.into_iter().find_map(|cell| leak(table, hidden, policy, cell))
}

fn hidden_cells(hidden: &[bool]) -> impl Iterator<Item = usize> {
    hidden.iter().enumerate().filter(|(_, h)| **h).map(|(cell, _)| cell)
}

fn leak(table: &Additive, hidden: &[bool], policy: &Policy, cell: usize) -> Option<Leak> {
    let (low, high) = interval(table, hidden, policy, cell);
    // People come in whole numbers: an attacker rounds the ends inwards.
    let width = (high + 1e-6).floor() - (low - 1e-6).ceil();
    (width < policy.least as f64).then_some(Leak { cell, low, high })
}

/// The least or most that one cell can be. Cells that are known exactly are numbers, not
/// unknowns, which keeps the program small.
fn solve(table: &Additive, known: &[(f64, f64)], cell: usize, direction: OptimizationDirection) -> f64 {
    let mut problem = Problem::new(direction);
    let unknown: Vec<Option<Variable>> = known
        .iter()
        .enumerate()
        .map(|(i, &(low, high))| {
            (low < high).then(|| problem.add_var(if i == cell { 1.0 } else { 0.0 }, (low, high)))
        })
        .collect();
    let Some(wanted) = unknown[cell] else { return known[cell].0 };
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
    // The truth itself satisfies every relation, so there is always an answer; a solver
    // that gives up is counted as a leak.
    match problem.solve().ok().and_then(|outcome| outcome.into_solution().ok()) {
        Some(solution) => solution.var_value(wanted),
        None => f64::NAN,
    }
}
