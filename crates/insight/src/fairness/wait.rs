//! From being asked for to coming. The median counts those who still wait, and those whose
//! wait ended otherwise up to that day (Kaplan and Meier). What became of everybody by twelve
//! weeks counts each end apart (Aalen and Johansen), because a wait that ended in a no is not
//! one that goes on.

use super::compare::{LEVEL, Share};
use super::end;
use crate::disclosure::curves::{self, Step};
use crate::disclosure::{Policy, Shown};
use crate::waits::curve::{Kind, curve};
use crate::waits::ends::{at, ends};
use crate::waits::{Spell, steps};
use serde::{Deserialize, Serialize};

/// The day by which it is told what became of everybody: twelve weeks.
pub const BY_DAY: f64 = 84.0;

/// How long a group waited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waited {
    /// The median in days with its interval; an end is missing where the curve does not come
    /// down so far.
    pub median: [Option<f64>; 3],
    /// The share who had come by twelve weeks.
    pub came: Option<Share>,
    /// The share whose wait had ended without coming by then, in whatever way.
    pub without: Option<Share>,
    /// The curve of those still waiting, at the days between which enough people left it: the
    /// day and the share.
    pub curve: Vec<(f64, f64)>,
}

/// The waits as the curve of coming sees them: any other end is a wait known only so far.
pub fn until_came(spells: &[Spell]) -> Vec<Spell> {
    spells.iter().map(|s| Spell { end: usize::from(s.end == end::CAME), ..*s }).collect()
}

/// How long these people waited, where enough of them came and both counts are shown.
pub(super) fn waited(spells: &[Spell], asked: Shown, came: Shown, policy: &Policy) -> Option<Waited> {
    asked.number().zip(came.number())?;
    let to_come = until_came(spells);
    let n = to_come.iter().filter(|s| s.end == 1).count() as u64;
    curves::percentile(n, 0.5, policy).ok()?;
    let of = curve(&to_come);
    let median = of.percentile(0.5, LEVEL, Kind::LogLog).map(|day| day.map(f64::round));
    let all: Vec<Spell> =
        spells.iter().map(|s| Spell { end: if s.end > 1 { 2 } else { s.end }, ..*s }).collect();
    let by = ends(&all, 2);
    let known = spells.iter().filter(|s| s.days >= BY_DAY || s.end != 0).count() as u64;
    let share = |way: usize| {
        // Whole percents: a share of people that is finer tells of single ones.
        let point = at(&by[way], BY_DAY)?;
        let (low, high) = point.interval(LEVEL);
        let whole = |x: f64| (100.0 * x).round() / 100.0;
        let enough = policy.least_for_curves <= known && point.share * n as f64 >= 1.0;
        enough.then(|| Share { value: whole(point.share), low: whole(low), high: whole(high) })
    };
    let left: Vec<Step> = steps(&to_come, 1)
        .iter()
        .map(|s| Step { time: s.day, at_risk: s.at_risk as u64, left: (s.all_ended() + s.still) as u64 })
        .collect();
    let shown = curves::curve(&left, policy);
    let point = |at: &usize| (left[*at].time, (100.0 * of.share(left[*at].time)).round() / 100.0);
    Some(Waited { median, came: share(0), without: share(1), curve: shown.iter().map(point).collect() })
}
