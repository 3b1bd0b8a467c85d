//! Charts as data for the template: where each mark stands. A mark's shape says what it is, and
//! the table under the chart says the same in numbers.

use kith_care::fairness::{Answer, Measure, Row, Share};
use serde::Serialize;

/// The width of a chart's drawing, in its own units; words stand above each bar, so that it can
/// be read at 320 pixels.
const WIDE: f64 = 300.0;
/// The most groups drawn: more would not be read. The table has all.
const MOST: usize = 16;

/// Bars of one length scale, one above the other.
#[derive(Debug, Clone, Serialize)]
pub struct Steps {
    pub bars: Vec<Bar>,
    pub height: usize,
    pub says: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    pub words: String,
    pub text_y: usize,
    pub y: usize,
    pub width: String,
}

/// Points with their intervals, one row a group, and a line for the reference.
#[derive(Debug, Clone, Serialize)]
pub struct Dots {
    pub title: String,
    pub rows: Vec<Dot>,
    pub height: usize,
    pub line: Option<String>,
    pub ends: [String; 2],
    pub says: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Dot {
    pub words: String,
    pub text_y: usize,
    pub y: usize,
    pub x: String,
    pub from: String,
    pub to: String,
    /// The four corners of a diamond, where the gap is more than chance.
    pub diamond: Option<String>,
    pub reference: bool,
}

fn at(share: f64) -> String {
    format!("{:.1}", WIDE * share.clamp(0.0, 1.0))
}

/// Everybody's funnel.
pub fn steps(row: &Row, names: &[&str; 5]) -> Option<Steps> {
    let most = row.people[0].number().filter(|n| *n > 0)? as f64;
    let known = row.people.iter().zip(names).filter_map(|(n, name)| Some((n.number()?, *name)));
    let bars: Vec<Bar> = known
        .enumerate()
        .map(|(i, (n, name))| Bar {
            words: format!("{name}: about {n}"),
            text_y: 14 + i * 40,
            y: 20 + i * 40,
            width: at(n as f64 / most),
        })
        .collect();
    let says = bars.iter().map(|b| b.words.as_str()).collect::<Vec<_>>().join("; ");
    Some(Steps { height: bars.len() * 40 + 4, bars, says })
}

/// One measure of every group that is shown: a share in per cent, or a median in days.
pub fn dots(answer: &Answer, measure: Measure, title: &str) -> Option<Dots> {
    let funnel = &answer.funnel;
    let value = |row: &Row| -> Option<(Share, String)> {
        match Measure::ALL.iter().position(|m| *m == measure).filter(|at| *at < 5) {
            Some(at) => row.shares[at].map(|s| (s, super::per_cent(&s))),
            None => {
                let [middle, low, high] = row.waited.as_ref()?.median;
                let (value, low) = (middle?, low?);
                let share = Share { value, low, high: high.unwrap_or(f64::INFINITY) };
                Some((share, super::days(row.waited.as_ref()?.median)))
            }
        }
    };
    let known: Vec<(usize, &Row, Share, String)> = funnel
        .rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| value(row).map(|(share, words)| (at, row, share, words)))
        .take(MOST)
        .collect();
    if known.is_empty() {
        return None;
    }
    let (most, unit) = match measure {
        Measure::Wait => {
            let far = |s: &Share| if s.high.is_finite() { s.high } else { s.value * 1.5 };
            (known.iter().map(|k| far(&k.2)).fold(1.0, f64::max), " days")
        }
        _ => (1.0, "%"),
    };
    let rows: Vec<Dot> = known
        .iter()
        .enumerate()
        .map(|(i, (row_at, row, share, words))| {
            let (x, y) = (WIDE * (share.value / most).clamp(0.0, 1.0), 28 + i * 42);
            let found = funnel.findings.iter().any(|f| f.row == *row_at && f.measure == measure);
            let diamond =
                format!("{:.1},{} {:.1},{y} {:.1},{} {:.1},{y}", x, y - 7, x + 7.0, x, y + 7, x - 7.0);
            Dot {
                words: format!("{}: {words}", row.group.title),
                text_y: 14 + i * 42,
                y,
                x: format!("{x:.1}"),
                from: at(share.low / most),
                to: at(share.high / most),
                diamond: found.then_some(diamond),
                reference: funnel.reference == Some(*row_at),
            }
        })
        .collect();
    let line = rows.iter().find(|r| r.reference).map(|r| r.x.clone());
    let end = match measure {
        Measure::Wait => format!("{most:.0}{unit}"),
        _ => format!("100{unit}"),
    };
    let says = rows.iter().map(|r| r.words.as_str()).collect::<Vec<_>>().join("; ");
    Some(Dots {
        title: title.to_owned(),
        height: rows.len() * 42 + 28,
        rows,
        line,
        ends: [format!("0{unit}"), end],
        says,
    })
}
