//! The funnel as one table to the gate: every step of every group, and how they add up over
//! groups, over steps and over the groups of two questions.

use super::compare::{Gap, Share, gaps, shares};
use super::found::{Finding, found};
use super::wait::{Waited, waited};
use super::{Group, Step, Way};
use crate::disclosure::{Additive, Attacker, Policy, Shown};
use crate::waits::Spell;
use serde::{Deserialize, Serialize};

/// One group's figures, as they may be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The group; "everybody" for the last row.
    pub group: Group,
    /// People at each step.
    pub people: [Shown; 5],
    /// People told about a peer group.
    pub told: Shown,
    /// The share of the step before that went on, from the second step; then the share of
    /// people told about a group. From the shown counts.
    pub shares: [Option<Share>; 5],
    /// How long people waited.
    pub waited: Option<Waited>,
    /// The gap of each share to the reference group's; nothing for the reference itself.
    pub gaps: [Option<Gap>; 5],
}

/// The funnel of one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// The groups, in their order; small ones too, with nothing shown.
    pub rows: Vec<Row>,
    /// Everybody.
    pub all: Row,
    /// The group with which the others are compared.
    pub reference: Option<usize>,
    /// Which gaps are more than chance.
    pub findings: Vec<Finding>,
    /// How many comparisons were made to find them.
    pub looked: usize,
}

/// Who adds up to whom, where a question crosses two: the first question's group and the
/// second's of each group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Crossed {
    /// For each group its row and its column.
    pub of: Vec<(usize, usize)>,
}

/// Counts of one group before the gate: people at each step, and told about a group.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    steps: [u64; 5],
    told: u64,
}

impl Counts {
    /// The parts of each share, as of a row's.
    pub(super) fn parts(&self) -> [(f64, f64); 5] {
        let of = |part: u64, whole: u64| (part as f64, whole as f64);
        let s = &self.steps;
        [of(s[1], s[0]), of(s[2], s[1]), of(s[3], s[2]), of(s[4], s[3]), of(self.told, s[0])]
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), |a, b| Counts {
            steps: std::array::from_fn(|s| a.steps[s] + b.steps[s]),
            told: a.told + b.told,
        })
    }
}

/// The cells of one group, as numbers of the table.
struct Cells {
    steps: [usize; 5],
    told: usize,
}

impl Cells {
    /// All of them, the steps first.
    fn each(&self) -> impl Iterator<Item = usize> + use<> {
        self.steps.into_iter().chain([self.told])
    }
}

/// The policy for a funnel. Nobody holds the exact numbers behind a table by what people said
/// of themselves, so that where counts are rounded to at least the threshold the gate
/// withstands a reader; where they are not, it withstands somebody who knows them exactly.
pub fn policy(least: u64, round_to: u64) -> Policy {
    let exact = Policy::local(least, round_to);
    match exact.round_to >= exact.least {
        true => Policy { attacker: Attacker::SeesRounded, ..exact },
        false => exact,
    }
}

/// The funnel of these ways by these groups. `reference` is the code of the group that the
/// others are compared with; the largest known group where it is not one that is shown.
pub fn funnel(
    ways: &[Way],
    groups: &[Group],
    crossed: Option<&Crossed>,
    reference: Option<&str>,
    policy: &Policy,
) -> Funnel {
    let mut counts = vec![Counts::default(); groups.len()];
    let mut spells: Vec<Vec<Spell>> = vec![Vec::new(); groups.len()];
    for way in ways.iter().filter(|w| w.group < groups.len()) {
        let of = &mut counts[way.group];
        let steps = Step::ALL.iter().position(|s| *s == way.furthest).unwrap_or(0);
        of.steps[..=steps].iter_mut().for_each(|n| *n += 1);
        of.told += u64::from(way.told);
        spells[way.group].extend(way.wait);
    }
    let shown = gated(&counts, groups, crossed, policy);
    let everybody: Vec<Spell> = spells.iter().flatten().copied().collect();
    let row = |group: &Group, (people, told): ([Shown; 5], Shown), spells: &[Spell]| Row {
        group: group.clone(),
        people,
        told,
        shares: shares(&people, told),
        waited: waited(spells, people[1], people[3], policy),
        gaps: [None; 5],
    };
    let all_group = Group::new("all", "Everybody", false);
    let all = row(&all_group, shown[groups.len()], &everybody);
    let mut rows: Vec<Row> =
        groups.iter().zip(&shown).zip(&spells).map(|((g, s), w)| row(g, *s, w)).collect();
    let reference = reference_of(&rows, reference);
    if let Some(reference) = reference {
        let of = rows[reference].clone();
        let others = rows.iter_mut().enumerate().filter(|(at, r)| *at != reference && r.group.known);
        others.for_each(|(_, row)| row.gaps = gaps(row, &of));
    }
    let (findings, looked) = found(&rows, &counts, &spells);
    Funnel { rows, all, reference, findings, looked }
}

impl Funnel {
    /// Shows the gaps to another group, by its code, from what is shown.
    pub fn compare_with(&mut self, code: &str) {
        let wanted = reference_of(&self.rows, Some(code));
        if wanted == self.reference {
            return;
        }
        let Some(of) = wanted.and_then(|at| self.rows.get(at)).cloned() else { return };
        for (at, row) in self.rows.iter_mut().enumerate() {
            let compared = row.group.known && Some(at) != wanted;
            row.gaps = if compared { gaps(row, &of) } else { [None; 5] };
        }
        self.reference = wanted;
    }
}

/// The group that was asked for, if its people are shown; else the largest known one.
fn reference_of(rows: &[Row], wanted: Option<&str>) -> Option<usize> {
    let shown = |r: &Row| r.group.known && r.people[0].number().is_some();
    let asked = rows.iter().position(|r| shown(r) && wanted == Some(r.group.code.as_str()));
    let largest = || {
        let known = rows.iter().enumerate().filter(|(_, r)| shown(r));
        known.max_by_key(|(at, r)| (r.people[0].number(), std::cmp::Reverse(*at))).map(|(at, _)| at)
    };
    asked.or_else(largest)
}

/// Each group's counts as they may be shown, and at the end everybody's.
fn gated(
    counts: &[Counts],
    groups: &[Group],
    crossed: Option<&Crossed>,
    policy: &Policy,
) -> Vec<([Shown; 5], Shown)> {
    let mut table = Additive::new();
    let blurred = policy.attacker == Attacker::SeesRounded;
    let cells: Vec<Cells> = counts.iter().map(|c| add(&mut table, *c, blurred)).collect();
    for (cells, _) in cells.iter().zip(groups).filter(|(_, g)| g.kept_back.is_some()) {
        cells.steps.iter().chain([&cells.told]).for_each(|cell| table.keep_back(*cell));
    }
    let every: Vec<usize> = (0..counts.len()).collect();
    let all = total(&mut table, &cells, &every);
    if blurred {
        // Every table of the same people shows everybody.
        all.each().for_each(|cell| table.shown_elsewhere(cell));
    }
    for side in crossed.map(margins).into_iter().flatten() {
        let sums: Vec<Counts> = side.iter().map(|of| of.iter().map(|&g| counts[g]).sum()).collect();
        let alone = if blurred { alone(&sums, policy) } else { Vec::new() };
        for (at, of) in side.iter().enumerate().filter(|(_, of)| of.len() > 1) {
            let cells = total(&mut table, &cells, of);
            // Whoever asks by one of the two things alone sees these in that table, or does not.
            let Some((people, told)) = alone.get(at) else { continue };
            for (cell, shown) in cells.each().zip(people.iter().chain([told])) {
                match shown {
                    Shown::Hidden => table.keep_back(cell),
                    Shown::About(_) | Shown::Exactly(_) => table.shown_elsewhere(cell),
                }
            }
        }
    }
    let shown = table.gate(policy);
    let of = |c: &Cells| (c.steps.map(|at| shown[at]), shown[c.told]);
    cells.iter().chain([&all]).map(of).collect()
}

/// What a table of these groups alone would show.
fn alone(counts: &[Counts], policy: &Policy) -> Vec<([Shown; 5], Shown)> {
    let groups = vec![Group::new("", "", true); counts.len()];
    gated(counts, &groups, None, policy)
}

/// Which groups make up each row, and which each column, of a crossed question.
fn margins(crossed: &Crossed) -> [Vec<Vec<usize>>; 2] {
    let with = |side: &dyn Fn(&(usize, usize)) -> usize| -> Vec<Vec<usize>> {
        let most = crossed.of.iter().map(side).max().map_or(0, |m| m + 1);
        let of = |n: usize| (0..crossed.of.len()).filter(|at| side(&crossed.of[*at]) == n).collect();
        (0..most).map(of).collect()
    };
    [with(&|of| of.0), with(&|of| of.1)]
}

/// The cells of a group: each step is made of those who went on and those who did not.
fn add(table: &mut Additive, c: Counts, blurred: bool) -> Cells {
    let rest = |table: &mut Additive, n: u64| if blurred { table.unseen(n) } else { table.cell(n) };
    let mut steps = [0; 5];
    steps[4] = table.cell(c.steps[4]);
    for at in (0..4).rev() {
        let stayed = rest(table, c.steps[at] - c.steps[at + 1]);
        steps[at] = table.total(vec![steps[at + 1], stayed]);
    }
    let told = table.cell(c.told);
    let not_told = rest(table, c.steps[0] - c.told);
    table.also(steps[0], vec![told, not_told]);
    Cells { steps, told }
}

/// The cells that these groups make up.
fn total(table: &mut Additive, cells: &[Cells], of: &[usize]) -> Cells {
    let steps = std::array::from_fn(|s| table.total(of.iter().map(|&g| cells[g].steps[s]).collect()));
    let told = table.total(of.iter().map(|&g| cells[g].told).collect());
    Cells { steps, told }
}
