//! The share still waiting, day by day (Kaplan and Meier), with percentiles and the mean
//! wait within a horizon.
//!
//! Source: Kaplan and Meier, JASA 53 (1958); Greenwood (1926); Klein and Moeschberger,
//! Survival analysis (2003), 4.2-4.5; tested against R survival 3.5-3.

use super::{Spell, steps};
use crate::linalg::z_of;

/// How the interval of a share is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On the scale of log(-log): ours, because it holds its level in small groups.
    LogLog,
    /// On the scale of log: R's.
    Log,
    /// On the share itself.
    Plain,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::LogLog => "Greenwood, log-log",
            Kind::Log => "Greenwood, log",
            Kind::Plain => "Greenwood, plain",
        }
    }
}

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The day.
    pub day: f64,
    /// Waiting just before it.
    pub at_risk: f64,
    /// Ended on it.
    pub ended: f64,
    /// Known only up to it.
    pub still: f64,
    /// The share still waiting after it.
    pub share: f64,
    /// Greenwood's sum, the variance of the share's logarithm; not a number at nought.
    pub log_variance: f64,
}

/// The curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its points, one for each day on which something happened.
    pub points: Vec<Point>,
    /// How many waits it stands on.
    pub n: usize,
}

/// The curve of waits, every way of ending being an end.
pub fn curve(spells: &[Spell]) -> Curve {
    let ended: Vec<Spell> = spells.iter().map(|s| Spell { end: s.end.min(1), ..*s }).collect();
    let (mut share, mut sum) = (1.0, 0.0);
    let points = steps(&ended, 1)
        .into_iter()
        .map(|step| {
            let (n, d) = (step.at_risk, step.all_ended());
            share *= 1.0 - d / n;
            // When everybody left has ended the logarithm has no variance: 0/0.
            sum += if d > 0.0 { d / (n * (n - d)) } else { 0.0 };
            Point { day: step.day, at_risk: n, ended: d, still: step.still, share, log_variance: sum }
        })
        .collect();
    Curve { points, n: spells.len() }
}

impl Curve {
    /// The point that holds on a day: the last at or before it; nothing before the first.
    pub fn at(&self, day: f64) -> Option<&Point> {
        self.points[..self.points.partition_point(|p| p.day <= day)].last()
    }

    /// The share still waiting after a day.
    pub fn share(&self, day: f64) -> f64 {
        self.at(day).map_or(1.0, |p| p.share)
    }

    /// How many were known to wait on a day.
    pub fn at_risk(&self, day: f64) -> f64 {
        let next = self.points.partition_point(|p| p.day < day);
        self.points.get(next).map_or(0.0, |p| p.at_risk)
    }

    /// The standard error of the share after a day.
    pub fn error(&self, day: f64) -> f64 {
        self.at(day).map_or(0.0, |p| p.share * p.log_variance.sqrt())
    }

    /// The interval of the share after a day.
    pub fn interval(&self, day: f64, level: f64, kind: Kind) -> (f64, f64) {
        self.at(day).map_or((1.0, 1.0), |p| p.interval(level, kind))
    }

    /// The day by which the share `p` has ended (0.5 for the median), with its interval;
    /// nothing where the curve, or its limit, does not come down so far.
    pub fn percentile(&self, p: f64, level: f64, kind: Kind) -> [Option<f64>; 3] {
        let lows = self.points.iter().map(|point| point.interval(level, kind).0);
        let highs = self.points.iter().map(|point| point.interval(level, kind).1);
        let shares = self.points.iter().map(|point| point.share);
        [self.reaches(shares, p), self.reaches(lows, p), self.reaches(highs, p)]
    }

    /// The first day on which a curve is at or below 1 - p. When it lies flat just there,
    /// the middle of the flat, as R does and as a median of even numbers is.
    fn reaches(&self, values: impl Iterator<Item = f64>, p: f64) -> Option<f64> {
        let wanted = 1.0 - p;
        let close = f64::EPSILON.sqrt();
        let values: Vec<f64> = values.collect();
        let first = values.iter().position(|v| *v < wanted + close)?;
        let day = self.points[first].day;
        if (values[first] - wanted).abs() > close {
            return Some(day);
        }
        let next = (first..values.len()).find(|&i| values[i] < wanted - close);
        Some(next.map_or(day, |next| (day + self.points[next].day) / 2.0))
    }

    /// The mean days waited within a horizon, and its standard error: the area under the
    /// curve up to it.
    ///
    /// Source: Royston and Parmar, BMC Medical Research Methodology 13 (2013).
    pub fn mean_within(&self, horizon: f64) -> (f64, f64) {
        let inside: Vec<&Point> = self.points.iter().take_while(|p| p.day < horizon).collect();
        let (mut area, mut variance) = (0.0, 0.0);
        let mut end = horizon;
        for point in inside.iter().rev() {
            area += point.share * (end - point.day);
            end = point.day;
            let left = point.at_risk - point.ended;
            if point.ended > 0.0 && left > 0.0 {
                variance += area * area * point.ended / (point.at_risk * left);
            }
        }
        (area + end, variance.sqrt())
    }
}

impl Point {
    /// The interval of the share.
    pub fn interval(&self, level: f64, kind: Kind) -> (f64, f64) {
        let (s, error, z) = (self.share, self.log_variance.sqrt(), z_of(level));
        if s == 1.0 {
            return (1.0, 1.0);
        }
        let (low, high) = match kind {
            Kind::Plain => (s - z * s * error, s + z * s * error),
            Kind::Log => (s * (-z * error).exp(), s * (z * error).exp()),
            Kind::LogLog => {
                let (middle, half) = ((-s.ln()).ln(), z * error / s.ln());
                ((-(middle - half).exp()).exp(), (-(middle + half).exp()).exp())
            }
        };
        if low.is_nan() {
            return (f64::NAN, f64::NAN);
        }
        (low.max(0.0), high.min(1.0))
    }
}
