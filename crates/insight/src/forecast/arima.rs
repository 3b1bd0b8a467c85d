//! Autoregression and moving averages of differences, with seasons: ARIMA(p,d,q)(P,D,Q)[m].
//!
//! The series is differenced until it stays about a level; what is left is a Gaussian
//! stationary series, whose exact likelihood follows from its autocovariances by Durbin and
//! Levinson's recursion. Weights are searched for as partial autocorrelations, so that every
//! trial is stationary and invertible. No kept Rust library has this with seasons and exact
//! likelihood, so it stands here.
//!
//! Source: Box, Jenkins, Reinsel and Ljung, Time series analysis (2015); Monahan, Biometrika
//! 71 (1984); Hyndman and Khandakar, J Stat Software 27 (2008) for the choice of orders;
//! tested against R forecast 8.20.

use super::baseline::Forecast;
use super::search::least;
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector};

/// The orders of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Orders {
    /// Autoregression, differences, moving average.
    pub plain: (usize, usize, usize),
    /// The same over a cycle.
    pub season: (usize, usize, usize),
    /// The cycle; 1 where there is none.
    pub cycle: usize,
    /// Whether the differences have a mean (a drift of the series).
    pub drift: bool,
}

impl Orders {
    /// The model in R's letters.
    pub fn letters(&self) -> String {
        let (p, d, q) = self.plain;
        let mut text = format!("ARIMA({p},{d},{q})");
        if self.season != (0, 0, 0) {
            let (sp, sd, sq) = self.season;
            text.push_str(&format!("({sp},{sd},{sq})[{}]", self.cycle));
        }
        if self.drift {
            let mean = self.plain.1 + self.season.1 == 0;
            text.push_str(if mean { " with mean" } else { " with drift" });
        }
        text
    }

    fn weights(&self) -> usize {
        self.plain.0 + self.plain.2 + self.season.0 + self.season.2
    }
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Its orders.
    pub orders: Orders,
    /// The log likelihood of the differences.
    pub likelihood: f64,
    /// Akaike's criterion, corrected.
    pub aicc: f64,
    /// The variance of what is new at each point.
    pub variance: f64,
    /// The mean of the differences; nought where there is none.
    pub mean: f64,
    ar: Vec<f64>,
    ma: Vec<f64>,
    series: Vec<f64>,
    differences: Vec<f64>,
}

/// Each less the one `lag` before it.
fn difference(y: &[f64], lag: usize) -> Vec<f64> {
    (lag..y.len()).map(|t| y[t] - y[t - lag]).collect()
}

fn differenced(y: &[f64], orders: &Orders) -> Vec<f64> {
    let mut all = y.to_vec();
    (0..orders.season.1).for_each(|_| all = difference(&all, orders.cycle));
    (0..orders.plain.1).for_each(|_| all = difference(&all, 1));
    all
}

/// Autoregression from partial autocorrelations.
fn stationary(partial: &[f64]) -> Vec<f64> {
    let mut weights: Vec<f64> = Vec::new();
    for r in partial {
        let before = weights.clone();
        (0..before.len()).for_each(|i| weights[i] = before[i] - r * before[before.len() - 1 - i]);
        weights.push(*r);
    }
    weights
}

/// (1 − a1 B − …)(1 − b1 B^m − …) written out, as weights of one autoregression.
fn product(plain: &[f64], season: &[f64], cycle: usize) -> Vec<f64> {
    let mut left = vec![0.0; plain.len() + season.len() * cycle + 1];
    left[0] = 1.0;
    let mut whole = left.clone();
    plain.iter().enumerate().for_each(|(i, w)| left[i + 1] = -w);
    for t in 0..whole.len() {
        let seasons = season.iter().enumerate().filter(|(j, _)| t >= (j + 1) * cycle);
        whole[t] = left[t] - seasons.map(|(j, w)| w * left[t - (j + 1) * cycle]).sum::<f64>();
    }
    whole[1..].iter().map(|w| -w).collect()
}

/// The weights of both polynomials from numbers without bounds. Moving averages are written
/// y = e + b1 e₋₁ + …, so their signs are turned.
fn polynomials(orders: &Orders, free: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut rest = free.iter().map(|x| 0.999 * x.tanh());
    let mut take = |n: usize| stationary(&rest.by_ref().take(n).collect::<Vec<_>>());
    let (ar, ma) = (take(orders.plain.0), take(orders.plain.2));
    let (sar, sma) = (take(orders.season.0), take(orders.season.2));
    let ma = product(&ma, &sma, orders.cycle).into_iter().map(|w| -w).collect();
    (product(&ar, &sar, orders.cycle), ma)
}

/// Autocovariances of a series with these weights and errors of variance one, for lags
/// nought to `lags`: the stationary covariance of the state by doubling, then the
/// autoregression's own recursion.
fn autocovariances(ar: &[f64], ma: &[f64], lags: usize) -> Option<Vec<f64>> {
    let r = ar.len().max(ma.len() + 1);
    let mut step = DMatrix::from_fn(r, r, |i, j| {
        let own = if j == 0 { ar.get(i).copied().unwrap_or(0.0) } else { 0.0 };
        own + if j == i + 1 { 1.0 } else { 0.0 }
    });
    let news = DVector::from_fn(r, |i, _| if i == 0 { 1.0 } else { ma.get(i - 1).copied().unwrap_or(0.0) });
    let transition = step.clone();
    let mut covariance = &news * news.transpose();
    for _ in 0..60 {
        let more = &step * &covariance * step.transpose();
        let size = more.amax();
        covariance += more;
        if size < 1e-14 * covariance.amax() {
            break;
        }
        if !size.is_finite() || size > 1e14 {
            return None;
        }
        step = &step * &step;
    }
    let mut column = covariance.column(0).into_owned();
    let mut gamma = Vec::with_capacity(lags + 1);
    for _ in 0..=lags {
        gamma.push(column[0]);
        column = &transition * column;
    }
    Some(gamma)
}

/// Durbin and Levinson's recursion over rows that share one covariance: for each row what is
/// new at each point, the variance of it, and the weights of the last prediction.
struct Whitened {
    rows: Vec<Vec<f64>>,
    variance: Vec<f64>,
}

fn whiten(gamma: &[f64], rows: &[&[f64]]) -> Option<Whitened> {
    let n = rows[0].len();
    let mut weights: Vec<f64> = Vec::with_capacity(n);
    let mut variance = vec![gamma[0]];
    let mut out: Vec<Vec<f64>> = rows.iter().map(|r| vec![r[0]]).collect();
    for t in 1..n {
        let known: f64 = weights.iter().enumerate().map(|(j, w)| w * gamma[t - 1 - j]).sum();
        let partial = (gamma[t] - known) / variance[t - 1];
        let before = weights.clone();
        (0..before.len()).for_each(|j| weights[j] = before[j] - partial * before[before.len() - 1 - j]);
        weights.push(partial);
        let next = variance[t - 1] * (1.0 - partial * partial);
        if next.is_nan() || next <= 0.0 {
            return None;
        }
        variance.push(next);
        for (row, new) in rows.iter().zip(&mut out) {
            let predicted: f64 = weights.iter().enumerate().map(|(j, w)| w * row[t - 1 - j]).sum();
            new.push(row[t] - predicted);
        }
    }
    Some(Whitened { rows: out, variance })
}

/// Log likelihood, variance and mean at some weights, the last two at their best.
fn likelihood(z: &[f64], orders: &Orders, ar: &[f64], ma: &[f64]) -> Option<(f64, f64, f64)> {
    let gamma = autocovariances(ar, ma, z.len())?;
    let ones = vec![1.0; z.len()];
    let white = whiten(&gamma, &[z, &ones])?;
    let sum = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).zip(&white.variance).map(|((a, b), v)| a * b / v).sum()
    };
    let (new, one) = (&white.rows[0], &white.rows[1]);
    let mean = if orders.drift { sum(new, one) / sum(one, one) } else { 0.0 };
    let left: Vec<f64> = new.iter().zip(one).map(|(a, b)| a - mean * b).collect();
    let n = z.len() as f64;
    let variance = sum(&left, &left) / n;
    let spread: f64 = white.variance.iter().map(|v| v.ln()).sum();
    let value = -0.5 * (n * ((2.0 * std::f64::consts::PI * variance).ln() + 1.0) + spread);
    (variance > 0.0 && value.is_finite()).then_some((value, variance, mean))
}

/// Fits a model of these orders.
///
/// # Errors
/// There are too few points left after differences.
pub fn fit(y: &[f64], orders: Orders) -> Result<Fitted, InsightError> {
    let differences = differenced(y, &orders);
    let parameters = orders.weights() + usize::from(orders.drift) + 1;
    if differences.len() < parameters + 3 {
        let lost = y.len() - differences.len();
        return Err(InsightError::TooFew {
            what: "Points of the series",
            has: y.len(),
            needs: lost + parameters + 3,
        });
    }
    let minus = |x: &[f64]| {
        let (ar, ma) = polynomials(&orders, x);
        likelihood(&differences, &orders, &ar, &ma).map_or(f64::INFINITY, |l| -l.0)
    };
    let k = orders.weights();
    let begin = |start: f64| least(&minus, &vec![start; k], &vec![0.3; k]);
    let tries: &[f64] = if k == 0 { &[0.0] } else { &[0.05, -0.4] };
    let best = tries.iter().map(|s| begin(*s)).min_by(|a, b| a.1.total_cmp(&b.1));
    let free = best.map_or(vec![0.0; k], |b| b.0);
    let (ar, ma) = polynomials(&orders, &free);
    let made = likelihood(&differences, &orders, &ar, &ma);
    let (value, variance, mean) = made.ok_or(InsightError::NotSettled("The autoregression"))?;
    let (n, p) = (differences.len() as f64, parameters as f64);
    let aicc = -2.0 * value + 2.0 * p * n / (n - p - 1.0);
    // As R does, the variance is set right for the number of weights once they are found.
    let variance = variance * n / (n - p + 1.0);
    Ok(Fitted { orders, likelihood: value, aicc, variance, mean, ar, ma, series: y.to_vec(), differences })
}

impl Fitted {
    /// Values ahead with their standard deviations.
    pub fn forecast(&self, ahead: usize) -> Forecast {
        let z: Vec<f64> = self.differences.iter().map(|v| v - self.mean).collect();
        let n = z.len();
        let (news, next) = self.predict(&z, ahead);
        // Differences are added up again, season last taken first.
        let levels = self.levels();
        let mut tail = next.iter().map(|v| v + self.mean).collect::<Vec<f64>>();
        for (lag, before) in levels.iter().rev() {
            let mut whole = before.clone();
            for value in &tail {
                whole.push(value + whole[whole.len() - lag]);
            }
            tail = whole[before.len()..].to_vec();
        }
        let lost = self.series.len() - n;
        let fitted = (0..self.series.len()).map(|t| t.checked_sub(lost).map(|i| self.series[t] - news[i]));
        Forecast {
            mean: tail,
            deviation: self.deviations(ahead),
            model: self.orders.letters(),
            aicc: Some(self.aicc),
            fitted: fitted.collect(),
        }
    }

    /// The series at each stage of differencing, with the lag that led on from it.
    fn levels(&self) -> Vec<(usize, Vec<f64>)> {
        let mut all = Vec::new();
        let mut now = self.series.clone();
        let lags = std::iter::repeat_n(self.orders.cycle, self.orders.season.1)
            .chain(std::iter::repeat_n(1, self.orders.plain.1));
        for lag in lags {
            let next = difference(&now, lag);
            all.push((lag, now));
            now = next;
        }
        all
    }

    /// What was new at each point, and the differences ahead (about their mean): with the
    /// whole past, what is new in the moving averages' own recursion started by the exact one.
    fn predict(&self, z: &[f64], ahead: usize) -> (Vec<f64>, Vec<f64>) {
        let mut longer = z.to_vec();
        let Some(gamma) = autocovariances(&self.ar, &self.ma, z.len() + ahead) else {
            return (z.to_vec(), vec![0.0; ahead]);
        };
        let news = whiten(&gamma, &[z]).map_or(z.to_vec(), |w| w.rows[0].clone());
        // The best prediction of the next is the recursion's own; of a point not known the
        // prediction itself stands in, which is best for all that follow.
        for _ in 0..ahead {
            longer.push(0.0);
            let predicted = whiten(&gamma, &[&longer]).map_or(0.0, |w| -w.rows[0][longer.len() - 1]);
            let last = longer.len() - 1;
            longer[last] = predicted;
        }
        (news, longer[z.len()..].to_vec())
    }

    /// Deviations from the weights of past news in the undifferenced series.
    fn deviations(&self, ahead: usize) -> Vec<f64> {
        let mut ar = self.ar.clone();
        let lags = std::iter::repeat_n(self.orders.cycle, self.orders.season.1)
            .chain(std::iter::repeat_n(1, self.orders.plain.1));
        for lag in lags {
            let mut one = vec![0.0; lag];
            one[lag - 1] = 1.0;
            ar = product(&ar, &one, 1);
        }
        let mut psi = vec![1.0];
        for h in 1..ahead {
            let past: f64 = (0..h).filter_map(|j| ar.get(j).map(|w| w * psi[h - 1 - j])).sum();
            psi.push(past + self.ma.get(h - 1).copied().unwrap_or(0.0));
        }
        let mut sum = 0.0;
        psi.iter()
            .map(|w| {
                sum += w * w;
                (self.variance * sum).sqrt()
            })
            .collect()
    }
}

/// Whether a series wanders from its level by more than chance (5 %).
///
/// Source: Kwiatkowski, Phillips, Schmidt and Shin, J Econometrics 54 (1992), short lags.
pub fn wanders(y: &[f64]) -> bool {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let left: Vec<f64> = y.iter().map(|v| v - mean).collect();
    let lags = (4.0 * (n / 100.0).powf(0.25)).floor() as usize;
    let product = |lag: usize| (lag..left.len()).map(|t| left[t] * left[t - lag]).sum::<f64>() / n;
    let spread = product(0)
        + 2.0 * (1..=lags).map(|l| (1.0 - l as f64 / (lags as f64 + 1.0)) * product(l)).sum::<f64>();
    let mut sum = 0.0;
    let squares: f64 = left
        .iter()
        .map(|v| {
            sum += v;
            sum * sum
        })
        .sum();
    squares / (n * n) / spread > 0.463
}

/// How strong the seasons are beside what is left, from nought to one.
fn seasonal_strength(y: &[f64], cycle: usize) -> f64 {
    let seasons = super::smoothing::seasons(y, cycle, false);
    let plain: Vec<f64> = y.iter().enumerate().map(|(t, v)| v - seasons[t % cycle]).collect();
    let smooth = |t: usize| {
        let (from, to) = (t.saturating_sub(cycle / 2), (t + cycle / 2).min(y.len() - 1));
        plain[from..=to].iter().sum::<f64>() / (to - from + 1) as f64
    };
    let rest: Vec<f64> = (0..y.len()).map(|t| plain[t] - smooth(t)).collect();
    let variance = |v: &[f64]| {
        let mean = v.iter().sum::<f64>() / v.len() as f64;
        v.iter().map(|x| (x - mean).powi(2)).sum::<f64>()
    };
    let with: Vec<f64> = (0..y.len()).map(|t| rest[t] + seasons[t % cycle]).collect();
    (1.0 - variance(&rest) / variance(&with)).max(0.0)
}

/// Chooses orders: seasons differenced where they are strong, then until the series stays
/// about a level; weights by steps to neighbours as long as the criterion falls.
///
/// # Errors
/// None could be fitted.
pub fn choose(y: &[f64], cycle: usize) -> Result<Fitted, InsightError> {
    let seasonal = cycle > 1 && y.len() >= 2 * cycle + 5;
    let season_differences = usize::from(seasonal && seasonal_strength(y, cycle) > 0.64);
    let mut left = if season_differences == 1 { difference(y, cycle) } else { y.to_vec() };
    let mut differences = 0;
    while differences < 2 && left.len() > 5 && wanders(&left) {
        left = difference(&left, 1);
        differences += 1;
    }
    let most_season = if seasonal && left.len() >= 3 * cycle { 1 } else { 0 };
    let drift_may = differences + season_differences < 2;
    let make = |p: usize, q: usize, sp: usize, sq: usize, drift: bool| Orders {
        plain: (p, differences, q),
        season: (sp, season_differences, sq),
        cycle: if seasonal { cycle } else { 1 },
        drift: drift && drift_may,
    };
    let s = most_season;
    let mut tried = std::collections::HashSet::new();
    let mut best: Option<Fitted> = None;
    let mut consider = |orders: Orders, best: &mut Option<Fitted>| {
        if !tried.insert(orders) {
            return false;
        }
        let better = fit(y, orders).ok().filter(|f| best.as_ref().is_none_or(|b| f.aicc < b.aicc - 1e-9));
        let is = better.is_some();
        *best = better.or(best.take());
        is
    };
    for (p, q, sp, sq) in [(2, 2, s, s), (0, 0, 0, 0), (1, 0, s, 0), (0, 1, 0, s)] {
        consider(make(p, q, sp, sq, true), &mut best);
        consider(make(p, q, sp, sq, false), &mut best);
    }
    while let Some(now) = best.as_ref().map(|b| b.orders) {
        let ((p, _, q), (sp, _, sq), drift) = (now.plain, now.season, now.drift);
        let up = |x: usize, most: usize| (x + 1).min(most);
        let down = |x: usize| x.saturating_sub(1);
        let neighbours = [
            make(up(p, 3), q, sp, sq, drift),
            make(down(p), q, sp, sq, drift),
            make(p, up(q, 3), sp, sq, drift),
            make(p, down(q), sp, sq, drift),
            make(up(p, 3), up(q, 3), sp, sq, drift),
            make(down(p), down(q), sp, sq, drift),
            make(p, q, up(sp, s), sq, drift),
            make(p, q, down(sp), sq, drift),
            make(p, q, sp, up(sq, s), drift),
            make(p, q, sp, down(sq), drift),
            make(p, q, sp, sq, !drift),
        ];
        if !neighbours.into_iter().any(|orders| consider(orders, &mut best)) {
            break;
        }
    }
    best.ok_or(InsightError::TooFew { what: "Points of the series", has: y.len(), needs: 5 })
}
