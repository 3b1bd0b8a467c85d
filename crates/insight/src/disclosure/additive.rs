//! Tables whose cells add up: rows, columns, neighbourhoods within places, five ethnic
//! groups made of sixteen. A relation says that some cells make up another.

use super::audit::{self, Leak};
use super::policy::Policy;
use super::{Shown, suppress};
use std::collections::BTreeSet;

/// Some cells make up another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The cell that is made up.
    pub total: usize,
    /// Its parts.
    pub parts: Vec<usize>,
}

/// Counts and how they add up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Additive {
    values: Vec<u64>,
    relations: Vec<Relation>,
    /// Cells that stand on no page and need no protection of their own.
    unseen: BTreeSet<usize>,
    /// Cells that are hidden whatever their count.
    kept_back: BTreeSet<usize>,
    /// Cells that another table shows, so that hiding them here protects nobody.
    elsewhere: BTreeSet<usize>,
}

impl Additive {
    /// Nothing yet.
    pub fn new() -> Additive {
        Additive::default()
    }

    /// Adds a cell and gives its number.
    pub fn cell(&mut self, n: u64) -> usize {
        self.values.push(n);
        self.values.len() - 1
    }

    /// Adds a cell that is part of others and stands on no page. It narrows what can be worked
    /// out, and is not protected itself: what a reader takes from two rounded counts is blurred
    /// by both. Only for policies that round to at least their threshold.
    pub fn unseen(&mut self, n: u64) -> usize {
        let cell = self.cell(n);
        self.unseen.insert(cell);
        cell
    }

    /// Hides a cell whatever its count, and protects it like one that is too few.
    pub fn keep_back(&mut self, cell: usize) {
        self.kept_back.insert(cell);
    }

    /// Says that another table shows this cell unless it is too few: hiding it here would
    /// protect no other.
    pub fn shown_elsewhere(&mut self, cell: usize) {
        self.elsewhere.insert(cell);
    }

    /// Whether another table shows a cell.
    pub(super) fn is_elsewhere(&self, cell: usize) -> bool {
        self.elsewhere.contains(&cell)
    }

    /// Whether a cell stands on no page.
    pub(super) fn is_unseen(&self, cell: usize) -> bool {
        self.unseen.contains(&cell)
    }

    /// The least and the most that somebody who sees the page takes a cell to be.
    pub(super) fn known(&self, cell: usize, hidden: bool, policy: &Policy, most: f64) -> (f64, f64) {
        if self.is_unseen(cell) {
            return (0.0, most);
        }
        policy.known(self.values[cell], hidden, most)
    }

    /// Adds the cell that these make up, and gives its number.
    pub fn total(&mut self, parts: Vec<usize>) -> usize {
        let total = self.cell(parts.iter().map(|&i| self.values[i]).sum());
        self.relations.push(Relation { total, parts });
        total
    }

    /// Says that an existing cell is also made up of these. It must add up: a cell that
    /// does not is a mistake of the caller, and is left out rather than believed.
    pub fn also(&mut self, total: usize, parts: Vec<usize>) {
        if parts.iter().map(|&i| self.values[i]).sum::<u64>() == self.values[total] {
            self.relations.push(Relation { total, parts });
        }
    }

    /// The counts.
    pub fn values(&self) -> &[u64] {
        &self.values
    }

    /// How they add up.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// The cells that are too few by themselves.
    pub fn primary(&self, policy: &Policy) -> Vec<bool> {
        let kept = |cell| self.unseen.contains(&cell) || self.kept_back.contains(&cell);
        self.values.iter().enumerate().map(|(cell, &n)| policy.too_few(n) || kept(cell)).collect()
    }

    /// Which cells are hidden: those that are too few, and as little more as was found to
    /// be needed so that the audit finds no leak.
    pub fn hidden(&self, policy: &Policy) -> Vec<bool> {
        suppress::hidden(self, policy)
    }

    /// The cells as they may be shown.
    pub fn gate(&self, policy: &Policy) -> Vec<Shown> {
        let hidden = self.hidden(policy);
        let show = |(&n, hidden): (&u64, bool)| if hidden { Shown::Hidden } else { policy.rounded(n) };
        self.values.iter().zip(hidden).map(show).collect()
    }

    /// What an attacker could work out if these cells were hidden.
    pub fn leaks(&self, hidden: &[bool], policy: &Policy) -> Vec<Leak> {
        audit::leaks(self, hidden, policy)
    }
}

/// A one-way table: its cells and their total.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneWay {
    /// The cells, in the order given.
    pub cells: Vec<Shown>,
    /// The total.
    pub total: Shown,
}

/// A one-way table through the gate.
pub fn one_way(counts: &[u64], policy: &Policy) -> OneWay {
    let mut table = Additive::new();
    let cells: Vec<usize> = counts.iter().map(|&n| table.cell(n)).collect();
    let total = table.total(cells);
    let shown = table.gate(policy);
    OneWay { cells: shown[..total].to_vec(), total: shown[total] }
}

/// A two-way table with its totals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TwoWay {
    /// The cells, row by row.
    pub cells: Vec<Vec<Shown>>,
    /// The total of each row.
    pub rows: Vec<Shown>,
    /// The total of each column.
    pub columns: Vec<Shown>,
    /// The total of all.
    pub total: Shown,
}

/// The cells of a two-way table row by row, then the totals of rows, the totals of columns
/// and the total of all. Short rows are filled with nought.
pub fn grid(counts: &[Vec<u64>]) -> Additive {
    let width = counts.iter().map(Vec::len).max().unwrap_or(0);
    let mut table = Additive::new();
    let at = |r: usize, c: usize| r * width + c;
    counts.iter().for_each(|row| {
        (0..width).for_each(|c| {
            table.cell(row.get(c).copied().unwrap_or(0));
        })
    });
    let rows: Vec<usize> =
        (0..counts.len()).map(|r| table.total((0..width).map(|c| at(r, c)).collect())).collect();
    let columns: Vec<usize> =
        (0..width).map(|c| table.total((0..counts.len()).map(|r| at(r, c)).collect())).collect();
    let all = table.total(rows);
    table.also(all, columns);
    table
}

/// A two-way table through the gate. Short rows are filled with nought.
pub fn two_way(counts: &[Vec<u64>], policy: &Policy) -> TwoWay {
    let width = counts.iter().map(Vec::len).max().unwrap_or(0);
    let shown = grid(counts).gate(policy);
    let (cells, margins) = shown.split_at(counts.len() * width);
    let (rows, margins) = margins.split_at(counts.len());
    let (columns, total) = margins.split_at(width);
    TwoWay {
        cells: (0..counts.len()).map(|r| cells[r * width..(r + 1) * width].to_vec()).collect(),
        rows: rows.to_vec(),
        columns: columns.to_vec(),
        total: total[0],
    }
}
