//! Which further cells to hide. For a cell that leaks, a linear program looks for the
//! cheapest way in which the table could also have been: one table with the cell higher,
//! one with it lower, together as far apart as the threshold, every other cell that has to
//! move costing by its size. The cells that move are hidden with it, and the audit begins
//! again. At the end, cells that turn out not to be needed are shown after all.
//!
//! Source: the linear heuristic of Kelly, Golden and Assad, Cell suppression: disclosure
//! protection for sensitive tabular data, Networks 22 (1992), with both protections in one
//! program. It is not always the cheapest set; it is always a safe one.

use super::additive::Additive;
use super::audit::{Seen, no_end};
use super::policy::{Policy, Zeros};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Solution, Variable};

/// So many linear programs may be spent on showing again what turns out not to be needed: more
/// would take longer than a page may.
const LOOK_AGAIN: usize = 600;

pub(super) fn hidden(table: &Additive, policy: &Policy) -> Vec<bool> {
    let primary = table.primary(policy);
    let mut hidden = primary.clone();
    let mut seen = Seen::new(table);
    while let Some(leak) = seen.first_leak(table, &hidden, policy) {
        if !hide_with(table, &mut hidden, policy, leak.cell)
            && !hide_beside(table, &mut hidden, policy, leak.cell)
        {
            // Nothing short of everything protects it.
            let all = table.values().iter().zip(&primary);
            return all.map(|(&n, &primary)| primary || may_hide(n, policy)).collect();
        }
    }
    show_again(table, &primary, &mut hidden, (policy, seen));
    hidden
}

/// One of the two tables as it could also have been: how each cell moves, and what the
/// move costs.
struct Other {
    moves: Vec<Vec<(Variable, f64)>>,
    costly: Vec<Option<(Variable, Variable)>>,
}

fn other(problem: &mut Problem, table: &Additive, hidden: &[bool], policy: &Policy) -> Other {
    let most = no_end(table, policy);
    let mut other = Other { moves: Vec::new(), costly: Vec::new() };
    for (i, (&n, &is_hidden)) in table.values().iter().zip(hidden).enumerate() {
        let (x, least) = (n as f64, policy.known(n, true, most).0);
        let (low, high) = table.known(i, is_hidden, policy, most);
        let mut moves = vec![(problem.add_var(0.0, ((low - x).min(0.0), (high - x).max(0.0))), 1.0)];
        let mut costly = None;
        if !is_hidden && may_hide(n, policy) && !table.is_elsewhere(i) {
            let cost = cost(table, i);
            let up = problem.add_var(cost, (0.0, most));
            let down = problem.add_var(cost, (0.0, (x - least + (low - x).min(0.0)).max(0.0)));
            moves.extend([(up, 1.0), (down, -1.0)]);
            costly = Some((up, down));
        }
        other.moves.push(moves);
        other.costly.push(costly);
    }
    for relation in table.relations() {
        let mut sum = LinearExpr::empty();
        for &(variable, sign) in relation.parts.iter().flat_map(|&part| &other.moves[part]) {
            sum.add(variable, sign);
        }
        other.moves[relation.total].iter().for_each(|&(variable, sign)| sum.add(variable, -sign));
        problem.add_constraint(sum, ComparisonOp::Eq, 0.0);
    }
    other
}

/// Where nought is told, every nought is: a reader takes a hidden cell to be at least one.
fn may_hide(n: u64, policy: &Policy) -> bool {
    n > 0 || policy.zeros == Zeros::Hidden
}

/// What hiding a cell costs for each person it moves by: the people in it, and more for
/// totals, which readers need most.
fn cost(table: &Additive, cell: usize) -> f64 {
    let is_total = table.relations().iter().any(|r| r.total == cell);
    // Within the six orders of magnitude that the solver asks for.
    (1.0 + table.values()[cell] as f64).clamp(1.0, 1e4) * if is_total { 20.0 } else { 1.0 }
}

/// Hides what has to be hidden so that `cell` is safe. False when nothing more could be.
fn hide_with(table: &Additive, hidden: &mut [bool], policy: &Policy, cell: usize) -> bool {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let higher = other(&mut problem, table, hidden, policy);
    let lower = other(&mut problem, table, hidden, policy);
    let mut apart = LinearExpr::empty();
    higher.moves[cell].iter().for_each(|&(variable, sign)| apart.add(variable, sign));
    lower.moves[cell].iter().for_each(|&(variable, sign)| apart.add(variable, -sign));
    problem.add_constraint(apart, ComparisonOp::Ge, policy.least as f64);
    let Some(solution) = problem.solve().ok().and_then(|outcome| outcome.into_solution().ok()) else {
        return false;
    };
    let mut more = false;
    for other in [&higher, &lower] {
        for (i, costly) in other.costly.iter().enumerate() {
            if costly.is_some_and(|pair| moved(&solution, pair)) && !hidden[i] {
                hidden[i] = true;
                more = true;
            }
        }
    }
    more
}

/// Hides whatever makes up `cell`, or is made up of it and others: for when no linear program
/// finds anything cheaper. False when there is nothing more beside it.
fn hide_beside(table: &Additive, hidden: &mut [bool], policy: &Policy, cell: usize) -> bool {
    let with = |r: &&super::additive::Relation| r.total == cell || r.parts.contains(&cell);
    let beside = table.relations().iter().filter(with).flat_map(|r| r.parts.iter().chain([&r.total]));
    let mut more = false;
    for &at in beside {
        if !hidden[at] && may_hide(table.values()[at], policy) && !table.is_elsewhere(at) {
            hidden[at] = true;
            more = true;
        }
    }
    more
}

fn moved(solution: &Solution, (up, down): (Variable, Variable)) -> bool {
    solution.var_value(up) > 1e-6 || solution.var_value(down) > 1e-6
}

/// Shows again what turned out not to be needed, the dearest first. A table that was found to
/// fit goes on fitting where it gives the cell a number that would be shown alike, so that few
/// cells have to be looked at anew.
fn show_again(table: &Additive, primary: &[bool], hidden: &mut [bool], (policy, mut seen): (&Policy, Seen)) {
    let most = no_end(table, policy);
    let mut secondary: Vec<usize> = (0..hidden.len()).filter(|&i| hidden[i] && !primary[i]).collect();
    secondary.sort_by(|&a, &b| cost(table, b).total_cmp(&cost(table, a)));
    let mut spent = 0;
    for cell in secondary {
        if spent > LOOK_AGAIN {
            return;
        }
        hidden[cell] = false;
        let mut left = seen.with_known(cell, table.known(cell, false, policy, most));
        let before = left.found();
        let leaks = left.first_leak(table, hidden, policy).is_some();
        spent += left.found() - before;
        if leaks {
            hidden[cell] = true;
            left.found_after(before).for_each(|t| seen.add(t));
        } else {
            seen = left;
        }
    }
}
