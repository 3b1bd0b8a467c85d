//! The gate for counts of people: the first profile.
//!
//! Counts below five are not shown, the rest are rounded to five, as NHS England does in
//! its subnational Mental Health Services statistics; nought is treated as below five,
//! because showing it would tell which of the hidden cells are not nought. A hidden cell
//! that could be worked out from totals hides others with it (secondary suppression).

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// A count as it may be shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Too few to show, or hidden so that another cannot be worked out.
    Hidden,
    /// Rounded.
    About(u64),
}

impl Shown {
    /// As text.
    pub fn words(self) -> String {
        match self {
            Shown::Hidden => "too few to show".to_owned(),
            Shown::About(n) => format!("about {n}"),
        }
    }
}

/// One count that stands alone.
pub fn count(n: u64, settings: &Settings) -> Shown {
    if n < u64::from(settings.suppress_under) {
        return Shown::Hidden;
    }
    Shown::About(rounded(n, settings))
}

/// To the nearest 5 (or the partnership's number); a half goes up.
fn rounded(n: u64, settings: &Settings) -> u64 {
    let unit = u64::from(settings.round_to);
    n.saturating_add(unit / 2) / unit * unit
}

/// A share in whole percent, or nothing when numerator or denominator is too small, or
/// when what is left over is.
pub fn percent(part: u64, whole: u64, settings: &Settings) -> Option<u64> {
    let least = u64::from(settings.suppress_under);
    let rest = whole.checked_sub(part)?;
    if part < least || whole < least || (rest > 0 && rest < least) {
        return None;
    }
    Some((part * 100 + whole / 2) / whole)
}

/// A one-way table: its cells and their total.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneWay {
    /// The cells, in the order given.
    pub cells: Vec<Shown>,
    /// The total.
    pub total: Shown,
}

/// A one-way table.
pub fn one_way(counts: &[u64], settings: &Settings) -> OneWay {
    let table = two_way(&[counts.to_vec()], settings);
    OneWay { cells: table.cells.into_iter().next().unwrap_or_default(), total: table.total }
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

/// A two-way table. Rows are of equal length; short rows are filled with nought.
pub fn two_way(counts: &[Vec<u64>], settings: &Settings) -> TwoWay {
    let grid = Grid::with_totals(counts);
    let hidden = grid.hidden(settings);
    let shown = |r: usize, c: usize| match hidden[r][c] {
        true => Shown::Hidden,
        false => Shown::About(rounded(grid.cells[r][c], settings)),
    };
    let (rows, columns) = (grid.cells.len() - 1, grid.cells[0].len() - 1);
    TwoWay {
        cells: (0..rows).map(|r| (0..columns).map(|c| shown(r, c)).collect()).collect(),
        rows: (0..rows).map(|r| shown(r, columns)).collect(),
        columns: (0..columns).map(|c| shown(rows, c)).collect(),
        total: shown(rows, columns),
    }
}

/// A table with a last row and a last column of totals, so that every line adds up.
struct Grid {
    cells: Vec<Vec<u64>>,
}

impl Grid {
    fn with_totals(counts: &[Vec<u64>]) -> Grid {
        let width = counts.iter().map(Vec::len).max().unwrap_or(0);
        let mut cells: Vec<Vec<u64>> = counts.to_vec();
        for row in &mut cells {
            row.resize(width, 0);
            row.push(row.iter().sum());
        }
        let totals = (0..=width).map(|c| cells.iter().map(|row| row[c]).sum()).collect();
        cells.push(totals);
        Grid { cells }
    }

    /// Which cells are hidden. A hidden cell can be worked out exactly when, among the
    /// hidden cells, no other path leads from its row to its column; then the cheapest
    /// rectangle through it is hidden with it.
    fn hidden(&self, settings: &Settings) -> Vec<Vec<bool>> {
        let least = u64::from(settings.suppress_under);
        let mut hidden: Vec<Vec<bool>> =
            self.cells.iter().map(|row| row.iter().map(|&n| n < least).collect()).collect();
        while let Some((row, column)) = self.worked_out(&hidden) {
            match self.cheapest_rectangle(&hidden, row, column) {
                Some((r, c)) => {
                    hidden[r][c] = true;
                    hidden[row][c] = true;
                    hidden[r][column] = true;
                }
                None => {
                    // A table of one cell and its totals: all of it is hidden.
                    hidden.iter_mut().for_each(|row| row.fill(true));
                    break;
                }
            }
        }
        hidden
    }

    fn worked_out(&self, hidden: &[Vec<bool>]) -> Option<(usize, usize)> {
        let all = |row: usize| (0..self.cells[0].len()).map(move |column| (row, column));
        (0..self.cells.len()).flat_map(all).find(|&(r, c)| hidden[r][c] && !other_path(hidden, r, c))
    }

    /// The opposite corner of the rectangle that hides the fewest people more.
    fn cheapest_rectangle(&self, hidden: &[Vec<bool>], row: usize, column: usize) -> Option<(usize, usize)> {
        let cost = |r: usize, c: usize| -> u64 {
            let corners = [(row, c), (r, column), (r, c)];
            corners.iter().filter(|&&(r, c)| !hidden[r][c]).map(|&(r, c)| self.cells[r][c] + 1).sum()
        };
        let rows = (0..self.cells.len()).filter(|&r| r != row);
        let corners = rows.flat_map(|r| (0..self.cells[0].len()).map(move |c| (r, c)));
        corners.filter(|&(_, c)| c != column).min_by_key(|&(r, c)| cost(r, c))
    }
}

/// Is there a path from row `row` to column `column` over hidden cells other than this?
fn other_path(hidden: &[Vec<bool>], row: usize, column: usize) -> bool {
    let (mut rows, mut columns) = (vec![false; hidden.len()], vec![false; hidden[0].len()]);
    rows[row] = true;
    loop {
        let mut grew = false;
        for r in 0..hidden.len() {
            for c in 0..hidden[0].len() {
                if hidden[r][c] && (r, c) != (row, column) && rows[r] != columns[c] {
                    rows[r] = true;
                    columns[c] = true;
                    grew = true;
                }
            }
        }
        if columns[column] {
            return true;
        }
        if !grew {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s() -> Settings {
        Settings::default()
    }

    /// NHS England's subnational rounding, as published.
    #[test]
    fn counts_below_five_are_hidden_and_the_rest_rounded_to_five() {
        for n in [0, 1, 3, 4] {
            assert_eq!(count(n, &s()), Shown::Hidden);
        }
        for (n, shown) in [(5, 5), (6, 5), (7, 5), (8, 10), (9, 10), (12, 10), (13, 15), (18, 20), (102, 100)]
        {
            assert_eq!(count(n, &s()), Shown::About(shown), "{n}");
        }
    }

    #[test]
    fn one_small_cell_hides_a_second_so_that_the_total_does_not_tell() {
        let table = one_way(&[40, 3, 12, 25], &s());
        assert_eq!(table.cells, [Shown::About(40), Shown::Hidden, Shown::Hidden, Shown::About(25)]);
        assert_eq!(table.total, Shown::About(80));
    }

    #[test]
    fn two_small_cells_in_one_line_hide_each_other() {
        let table = one_way(&[40, 3, 4, 25], &s());
        assert_eq!(table.cells, [Shown::About(40), Shown::Hidden, Shown::Hidden, Shown::About(25)]);
    }

    #[test]
    fn a_share_that_tells_of_few_is_not_shown() {
        assert_eq!(percent(50, 100, &s()), Some(50));
        assert_eq!(percent(98, 100, &s()), None);
        assert_eq!(percent(100, 100, &s()), Some(100));
        assert_eq!(percent(4, 100, &s()), None);
        assert_eq!(percent(10, 4, &s()), None);
    }
}
