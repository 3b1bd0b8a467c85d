//! The slope index and the relative index of inequality: how much worse the most deprived
//! of a place are than the least deprived, using everybody in between.
//!
//! Groups stand on a line from 0 to 1 by their share of the people, each at its middle, and
//! a straight line goes through their values, each group weighing as its people.
//!
//! The published way draws 100,000 times from the uncertainty of each value and takes the
//! order statistics, so it answers a little differently every time. The index is a sum of
//! the groups' values (and the relative index a quotient of two sums), so we work out the
//! same distribution: its first four moments, and its quantiles from those (Cornish and
//! Fisher). On a transformed scale the two coefficients are normal together and the index
//! is evaluated over a grid of them. No chance, no seed, the same answer every time.
//!
//! Source: Low and Low, Measuring the gap, J Public Health 26 (2004); PHEindicatormethods
//! 2.0, `phe_sii`; Cornish and Fisher (1938).

use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector, least_squares, normal_quantile, z_of};

/// The scale on which a value's uncertainty is normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As it is: life expectancy, means.
    Plain,
    /// Logarithm: rates.
    Log,
    /// Logit: shares.
    Logit,
}

impl Scale {
    /// To the scale.
    pub fn to(self, x: f64) -> f64 {
        match self {
            Scale::Plain => x,
            Scale::Log => x.ln(),
            Scale::Logit => (x / (1.0 - x)).ln(),
        }
    }

    /// Back from the scale.
    pub fn back(self, y: f64) -> f64 {
        match self {
            Scale::Plain => y,
            Scale::Log => y.exp(),
            Scale::Logit => 1.0 / (1.0 + (-y).exp()),
        }
    }
}

/// One group on the line, the most deprived first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Its people.
    pub people: f64,
    /// Its value.
    pub value: f64,
    /// The standard error of its value on the scale.
    pub error: f64,
}

impl Group {
    /// A group whose uncertainty is known from its 95 % limits.
    pub fn from_limits(people: f64, value: f64, low: f64, high: f64, scale: Scale) -> Group {
        Group { people, value, error: (scale.to(high) - scale.to(low)) / (2.0 * z_of(0.95)) }
    }
}

/// The two indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// The slope index: the least deprived end minus the most deprived end.
    pub sii: f64,
    /// Its lower end.
    pub sii_low: f64,
    /// Its upper end.
    pub sii_high: f64,
    /// The relative index: the least deprived end over the most deprived end.
    pub rii: f64,
    /// Its lower end.
    pub rii_low: f64,
    /// Its upper end.
    pub rii_high: f64,
    /// The value at the most deprived end.
    pub intercept: f64,
}

/// Works out both indices. `fit_on_scale` fits the line on the scale (right when values
/// are near the ends of what they can be); otherwise on the values themselves.
///
/// # Errors
/// Fewer than three groups, nobody in a group, or a value off its scale.
pub fn slope(groups: &[Group], scale: Scale, fit_on_scale: bool, level: f64) -> Result<Slope, InsightError> {
    if groups.len() < 3 {
        return Err(InsightError::TooFew { what: "Groups on the line", has: groups.len(), needs: 3 });
    }
    let bad = groups.iter().any(|g| {
        g.people.is_nan()
            || g.people <= 0.0
            || !scale.to(g.value).is_finite()
            || g.error.is_nan()
            || g.error < 0.0
    });
    if bad {
        return Err(InsightError::numbers(
            "Every group needs people, a value that its scale allows (above nought for rates, between nought and one for shares) and its uncertainty.",
        ));
    }
    let coefficients = coefficients(groups)?;
    match fit_on_scale && scale != Scale::Plain {
        true => Ok(on_scale(groups, &coefficients, scale, level)),
        false => Ok(on_values(groups, &coefficients, scale, level)),
    }
}

/// What each group's value gives to the intercept and to the slope.
fn coefficients(groups: &[Group]) -> Result<Vec<(f64, f64)>, InsightError> {
    let all: f64 = groups.iter().map(|g| g.people).sum();
    let mut before = 0.0;
    let places: Vec<(f64, f64)> = groups
        .iter()
        .map(|g| {
            let share = g.people / all;
            before += share;
            (share, before - share / 2.0)
        })
        .collect();
    let x = DMatrix::from_fn(groups.len(), 2, |r, c| if c == 0 { 1.0 } else { places[r].1 });
    let weights: Vec<f64> = places.iter().map(|(share, _)| *share).collect();
    let mut given = vec![(0.0, 0.0); groups.len()];
    for (i, given) in given.iter_mut().enumerate() {
        let one = DVector::from_fn(groups.len(), |r, _| f64::from(u8::from(r == i)));
        let fit = least_squares(&x, &one, Some(&weights))?;
        *given = (fit.beta[0], fit.beta[1]);
    }
    Ok(given)
}

/// The first four moments of a group's value about its own middle.
struct Moments {
    value: f64,
    cumulants: [f64; 4],
}

/// Cumulants of a value whose uncertainty is normal on the scale, by the trapezium rule
/// over eight standard errors, which is exact to all digits for so smooth a curve.
fn moments(group: &Group, scale: Scale) -> Moments {
    let middle = scale.to(group.value);
    if scale == Scale::Plain || group.error == 0.0 {
        return Moments { value: group.value, cumulants: [group.value, group.error.powi(2), 0.0, 0.0] };
    }
    let steps = 160;
    let points = (0..=steps).map(|i| -8.0 + 16.0 * f64::from(i) / f64::from(steps));
    let weighted: Vec<(f64, f64)> =
        points.map(|z| (scale.back(middle + z * group.error), (-z * z / 2.0).exp())).collect();
    let all: f64 = weighted.iter().map(|(_, w)| w).sum();
    let about = |centre: f64, power: i32| {
        weighted.iter().map(|(y, w)| w * (y - centre).powi(power)).sum::<f64>() / all
    };
    let mean = about(0.0, 1);
    let (two, three, four) = (about(mean, 2), about(mean, 3), about(mean, 4));
    Moments { value: group.value, cumulants: [mean, two, three, four - 3.0 * two * two] }
}

/// The quantile of a weighted sum of the groups' values.
fn sum_quantile(moments: &[Moments], weights: impl Fn(usize) -> f64, p: f64) -> f64 {
    let mut sum = [0.0; 4];
    for (i, m) in moments.iter().enumerate() {
        let w = weights(i);
        (0..4).for_each(|k| sum[k] += w.powi(k as i32 + 1) * m.cumulants[k]);
    }
    let [mean, variance, third, fourth] = sum;
    if variance <= 0.0 {
        return mean;
    }
    let (z, skew, peak) = (normal_quantile(p), third / variance.powf(1.5), fourth / variance.powi(2));
    let corrected = z + (z * z - 1.0) * skew / 6.0 + (z.powi(3) - 3.0 * z) * peak / 24.0
        - (2.0 * z.powi(3) - 5.0 * z) * skew * skew / 36.0;
    mean + corrected * variance.sqrt()
}

fn on_values(groups: &[Group], given: &[(f64, f64)], scale: Scale, level: f64) -> Slope {
    let moments: Vec<Moments> = groups.iter().map(|g| moments(g, scale)).collect();
    let intercept: f64 = given.iter().zip(&moments).map(|(c, m)| c.0 * m.value).sum();
    let sii: f64 = given.iter().zip(&moments).map(|(c, m)| c.1 * m.value).sum();
    let tail = (1.0 - level) / 2.0;
    // The relative index is below r just when (intercept + slope) - r × intercept is below
    // nought, as long as the intercept is surely positive: Fieller's argument.
    let rii_quantile = |p: f64| {
        let below = |r: f64| sum_quantile(&moments, |i| given[i].0 + given[i].1 - r * given[i].0, p);
        let (mut low, mut high) = (-1e3, 1e3);
        for _ in 0..200 {
            let middle = (low + high) / 2.0;
            if below(middle) > 0.0 { low = middle } else { high = middle }
        }
        (low + high) / 2.0
    };
    let sure = sum_quantile(&moments, |i| given[i].0, 1e-4) > 0.0;
    let rii_end = |p: f64| if sure { rii_quantile(p) } else { f64::NAN };
    Slope {
        sii,
        sii_low: sum_quantile(&moments, |i| given[i].1, tail),
        sii_high: sum_quantile(&moments, |i| given[i].1, 1.0 - tail),
        rii: (intercept + sii) / intercept,
        rii_low: rii_end(tail),
        rii_high: rii_end(1.0 - tail),
        intercept,
    }
}

fn on_scale(groups: &[Group], given: &[(f64, f64)], scale: Scale, level: f64) -> Slope {
    let sum =
        |f: &dyn Fn(&(f64, f64), &Group) -> f64| given.iter().zip(groups).map(|(c, g)| f(c, g)).sum::<f64>();
    let intercept = sum(&|c, g| c.0 * scale.to(g.value));
    let slope = sum(&|c, g| c.1 * scale.to(g.value));
    let (vi, vs) = (sum(&|c, g| (c.0 * g.error).powi(2)), sum(&|c, g| (c.1 * g.error).powi(2)));
    let both = sum(&|c, g| c.0 * c.1 * g.error.powi(2));
    let along = if vi > 0.0 { both / vi } else { 0.0 };
    let left = (vs - along * both).max(0.0).sqrt();
    let points = 300;
    let nodes: Vec<f64> =
        (0..points).map(|i| normal_quantile((f64::from(i) + 0.5) / f64::from(points))).collect();
    let (mut siis, mut riis) = (Vec::new(), Vec::new());
    for u in &nodes {
        let a = intercept + u * vi.sqrt();
        let start = scale.back(a);
        for v in &nodes {
            let end = scale.back(a + slope + along * (a - intercept) + v * left);
            siis.push(end - start);
            riis.push(end / start);
        }
    }
    let (start, end) = (scale.back(intercept), scale.back(intercept + slope));
    let tail = (1.0 - level) / 2.0;
    let ends = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        let at = |p: f64| all[((all.len() as f64 * p).round() as usize).clamp(1, all.len()) - 1];
        (at(tail), at(1.0 - tail))
    };
    let ((sii_low, sii_high), (rii_low, rii_high)) = (ends(siis), ends(riis));
    Slope { sii: end - start, sii_low, sii_high, rii: end / start, rii_low, rii_high, intercept: start }
}

impl Slope {
    /// The same read from the other end, or in another unit: what a negative multiplier
    /// means in the published tool.
    #[must_use]
    pub fn times(self, k: f64) -> Slope {
        let (low, high) = if k < 0.0 { (self.sii_high, self.sii_low) } else { (self.sii_low, self.sii_high) };
        let sii = Slope { sii: self.sii * k, sii_low: low * k, sii_high: high * k, ..self };
        if k >= 0.0 {
            return sii;
        }
        Slope { rii: 1.0 / self.rii, rii_low: 1.0 / self.rii_high, rii_high: 1.0 / self.rii_low, ..sii }
    }
}
