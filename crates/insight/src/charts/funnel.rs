//! Funnels: which of many places differ from the whole by more than their size explains,
//! and, where places differ more than chance in any case, by more than places usually do
//! (over-dispersion).
//!
//! Source: Spiegelhalter, Funnel plots for comparing institutional performance, Statistics
//! in Medicine 24 (2005), and Handling over-dispersion of performance indicators, Quality
//! and Safety in Health Care 14 (2005); the transformations of NHS Digital's SHMI and of
//! the CQC as in FunnelPlotR 0.5 (9020d49, MIT); limits of PHEindicatormethods 2.0.

use crate::error::InsightError;
use crate::linalg::{chi2_quantile, normal_quantile};
use crate::rates::interval::exact_count;

/// The z of 95 % and of 99.8 %, to the digits the published methods use.
const Z95: f64 = 1.959964;
const Z998: f64 = 3.090232;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Observed over expected events, by logarithms (SHMI). Expected is rounded to two
    /// places as there.
    RatioLog,
    /// Observed over expected events, by roots (CQC).
    RatioRoot,
    /// Shares, by arcsines.
    Share,
    /// One count over another, by logarithms.
    Counts,
}

/// Whether to reproduce what another package does where we think it wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compat {
    /// Ours.
    No,
    /// FunnelPlotR 9020d49: limits of counts over counts as if they were shares.
    FunnelPlotR,
}

/// One place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Events, or those who had it.
    pub x: f64,
    /// Expected events, or all.
    pub n: f64,
}

/// Lower and upper limits at 95 % and 99.8 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// 95 %.
    pub usual: (f64, f64),
    /// 99.8 %.
    pub far: (f64, f64),
}

/// How far places differ beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// The mean of squared z scores after taming the tails: 1 by chance alone.
    pub phi: f64,
    /// The variance between places on the transformed scale.
    pub between: f64,
    /// How many places it stands on.
    pub n: usize,
}

/// A place against the funnel.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The place.
    pub place: Place,
    /// Its value.
    pub value: f64,
    /// Its z score before over-dispersion; nothing where it has no logarithm.
    pub z: Option<f64>,
    /// Limits by chance alone.
    pub chance: Limits,
    /// Limits with the variance between places.
    pub dispersed: Limits,
    /// Whether it lies outside the 99.8 % limits that apply.
    pub outside: bool,
}

/// A funnel.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    /// Places in the order given.
    pub places: Vec<Standing>,
    /// The centre line.
    pub centre: f64,
    /// How far places differ beyond chance.
    pub dispersion: Dispersion,
    /// Whether the limits with the variance between places apply.
    pub adjusted: bool,
}

/// Sets places side by side. `trim` of them at each end are tamed before the dispersion is
/// estimated (0.1); `adjust` uses the dispersion where there is any.
///
/// # Errors
/// Fewer than two places, a denominator that is not positive, or a count below nought (or,
/// of shares, above the whole).
pub fn funnel(
    places: &[Place],
    kind: Kind,
    trim: f64,
    adjust: bool,
    compat: Compat,
) -> Result<Funnel, InsightError> {
    if places.len() < 2 {
        return Err(InsightError::TooFew { what: "Places of the funnel", has: places.len(), needs: 2 });
    }
    if !(0.0..0.5).contains(&trim) {
        return Err(InsightError::option("trim", trim, "it is at least 0 and under 0.5"));
    }
    if let Some(bad) = places.iter().find(|p| p.n <= 0.0 || p.x < 0.0 || (kind == Kind::Share && p.x > p.n)) {
        return Err(InsightError::numbers(format!("{}: {} of {} cannot be.", bad.name, bad.x, bad.n)));
    }
    let values: Vec<f64> = places.iter().map(|p| p.x / p.n).collect();
    let places: Vec<Place> = places.iter().map(|p| Place { n: kind.rounded(p.n), ..p.clone() }).collect();
    if let Some(none) = places.iter().find(|p| p.n <= 0.0) {
        return Err(InsightError::numbers(format!("{}: next to nothing is expected of it.", none.name)));
    }
    let whole = places.iter().map(|p| p.x).sum::<f64>() / places.iter().map(|p| p.n).sum::<f64>();
    let centre = if matches!(kind, Kind::RatioLog | Kind::RatioRoot) { 1.0 } else { whole };
    if centre <= 0.0 {
        return Err(InsightError::numbers("Nothing happened anywhere: there is nothing to compare."));
    }
    let scores: Vec<(f64, f64)> = places.iter().map(|p| kind.score(p, centre)).collect();
    let dispersion = match adjust {
        true => dispersion(&scores, kind, trim),
        false => Dispersion { phi: 0.0, between: 0.0, n: places.len() },
    };
    let adjusted = adjust && dispersion.phi > 1.0 && dispersion.between > 0.0;
    let standing = |((place, (z, _)), value): ((Place, (f64, f64)), f64)| {
        let chance = kind.chance(place.n, centre, compat);
        let dispersed = kind.dispersed(place.n, centre, dispersion.between, compat);
        let limits = if adjusted { dispersed } else { chance };
        let outside = value < limits.far.0 || value > limits.far.1;
        Standing { value, z: z.is_finite().then_some(z), chance, dispersed, outside, place }
    };
    Ok(Funnel {
        places: places.into_iter().zip(scores).zip(values).map(standing).collect(),
        centre,
        dispersion,
        adjusted,
    })
}

impl Kind {
    fn rounded(self, n: f64) -> f64 {
        match self {
            Kind::RatioLog => two_places(n),
            _ => n,
        }
    }

    /// The z score of a place, and its standard error on the transformed scale.
    fn score(self, p: &Place, centre: f64) -> (f64, f64) {
        let (y, target, error) = match self {
            Kind::RatioLog => ((p.x / p.n).ln(), 0.0, 1.0 / p.n.sqrt()),
            Kind::RatioRoot => ((p.x / p.n).sqrt(), 1.0, 0.5 / p.n.sqrt()),
            Kind::Share => ((p.x / p.n).sqrt().asin(), centre.sqrt().asin(), 0.5 / p.n.sqrt()),
            Kind::Counts => {
                let (x, n) = (p.x + 0.5, p.n + 0.5);
                ((x / n).ln(), centre.ln(), (p.x / (x * x) + p.n / (n * n)).sqrt())
            }
        };
        ((y - target) / error, error)
    }

    /// The limits of a place of this size by chance alone.
    pub fn chance(self, n: f64, centre: f64, compat: Compat) -> Limits {
        match self {
            Kind::RatioLog | Kind::RatioRoot => poisson_ratio(n),
            _ => self.dispersed(n, centre, 0.0, compat),
        }
    }

    /// The limits of a place of this size when places differ by `between`.
    pub fn dispersed(self, n: f64, centre: f64, between: f64, compat: Compat) -> Limits {
        let variance = match (self, compat) {
            (Kind::RatioLog, _) => 1.0 / n,
            // The logarithm of x over n varies with both counts; x is about centre times n.
            (Kind::Counts, Compat::No) => 1.0 / (centre * n) + 1.0 / n,
            _ => 0.25 / n,
        };
        let error = (variance + between).sqrt();
        let end = |z: f64| match self {
            Kind::RatioLog => (z * error).exp(),
            Kind::RatioRoot if compat == Compat::No => (1.0 + z * error).max(0.0).powi(2),
            Kind::RatioRoot => 1.0 + z * error,
            Kind::Counts => (centre.ln() + z * error).exp(),
            // Beyond nought and one the sine would turn back.
            Kind::Share => {
                (centre.sqrt().asin() + z * error).clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2)
            }
        };
        Limits { usual: (end(-Z95), end(Z95)), far: (end(-Z998), end(Z998)) }
    }
}

/// The nearer number of two places; of two as near, the even one. This is R's rounding, by
/// which SHMI's expected deaths are published.
fn two_places(n: f64) -> f64 {
    let hundreds = n * 100.0;
    let (down, up) = (hundreds.floor() / 100.0, hundreds.ceil() / 100.0);
    let (below, above) = (n - down, up - n);
    let even = hundreds.floor() % 2.0 == 0.0;
    if below < above || (even && below == above) { down } else { up }
}

/// Exact Poisson limits of a ratio against `expected` events.
fn poisson_ratio(expected: f64) -> Limits {
    let ends = |tail: f64| {
        let low = chi2_quantile(tail, 2.0 * expected) / 2.0;
        let high = chi2_quantile(1.0 - tail, 2.0 * (expected + 1.0)) / 2.0;
        (low / expected, high / expected)
    };
    Limits { usual: ends(0.025), far: ends(0.001) }
}

fn dispersion(scores: &[(f64, f64)], kind: Kind, trim: f64) -> Dispersion {
    // A place without events has no logarithm; it cannot speak about dispersion.
    let known: Vec<(f64, f64)> = scores.iter().copied().filter(|(z, _)| z.is_finite()).collect();
    let tamed = if kind == Kind::RatioLog { truncated(&known, trim) } else { winsorised(&known, trim) };
    let n = tamed.len() as f64;
    if tamed.len() < 2 {
        return Dispersion { phi: 0.0, between: 0.0, n: tamed.len() };
    }
    let phi = tamed.iter().map(|(z, _)| z * z).sum::<f64>() / n;
    let (w, w2) = tamed.iter().map(|(_, s)| 1.0 / (s * s)).fold((0.0, 0.0), |(a, b), w| (a + w, b + w * w));
    let between = if n * phi < n - 1.0 { 0.0 } else { ((n * phi - (n - 1.0)) / (w - w2 / w)).max(0.0) };
    Dispersion { phi, between, n: tamed.len() }
}

/// Leaves out the places in the lowest and highest of 1/trim groups by rank.
fn truncated(scores: &[(f64, f64)], trim: f64) -> Vec<(f64, f64)> {
    if trim == 0.0 {
        return scores.to_vec();
    }
    let groups = 1.0 / trim;
    let rank = |z: f64| {
        let below = scores.iter().filter(|s| s.0 < z).count() as f64;
        let same = scores.iter().filter(|s| s.0 == z).count() as f64;
        below + (same + 1.0) / 2.0
    };
    let group = |z: f64| (rank(z) * groups / (scores.len() as f64 + 1.0)).floor();
    scores.iter().copied().filter(|(z, _)| group(*z) > 0.0 && group(*z) < groups - 1.0).collect()
}

/// Draws the lowest and highest scores in to the quantiles of `trim`.
fn winsorised(scores: &[(f64, f64)], trim: f64) -> Vec<(f64, f64)> {
    let mut sorted: Vec<f64> = scores.iter().map(|s| s.0).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |p: f64| crate::waits::list_command::type7(&sorted, p).unwrap_or(f64::NAN);
    let (low, high) = (at(trim), at(1.0 - trim));
    scores.iter().map(|(z, s)| (z.clamp(low, high), *s)).collect()
}

/// Limits of a share among `n` by Wilson's score, at the two tails of Fingertips.
pub fn share_limits(n: f64, centre: f64) -> Limits {
    let ends = |tail: f64| {
        let half = normal_quantile(1.0 - tail) * (centre * (1.0 - centre) / n).sqrt();
        ((centre - half).max(0.0), (centre + half).min(1.0))
    };
    Limits { usual: ends(0.025), far: ends(0.001) }
}

/// How many events are expected where `x` are just at the limit: (lower, upper) of the
/// 95 % and 99.8 % limits. A place that sees `x` lies below the funnel when more than the
/// first are expected of it.
pub fn expected_at_limits(x: f64) -> Limits {
    let ends = |level: f64| {
        let (low, high) = exact_count(x, level);
        (high, low)
    };
    Limits { usual: ends(0.95), far: ends(0.998) }
}
