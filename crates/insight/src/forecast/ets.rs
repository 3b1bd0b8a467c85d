//! Exponential smoothing in state-space form: a level, perhaps a slope (damped or not),
//! perhaps seasons, each followed a little with each new point; errors added, or in
//! proportion.
//!
//! Where errors and seasons are added, the first states stand in a straight line with the
//! errors, so that the best of them are found by least squares at every trial of the
//! weights, and only the weights are searched for. Others search for the states too.
//!
//! Source: Hyndman, Koehler, Ord and Snyder, Forecasting with exponential smoothing (2008);
//! tested against R forecast 8.20.

use super::baseline::Forecast;
use super::search::least;
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector};

/// How something comes into the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Not at all.
    None,
    /// Added.
    Added,
    /// As a factor.
    Factor,
}

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Whether errors are in proportion to the value.
    pub proportional: bool,
    /// Whether there is a slope, and whether it is damped.
    pub slope: Option<bool>,
    /// The seasons.
    pub season: Part,
}

impl Kind {
    /// A level only.
    pub const LEVEL: Kind = Kind { proportional: false, slope: None, season: Part::None };
    /// A level and a slope (Holt).
    pub const SLOPE: Kind = Kind { slope: Some(false), ..Kind::LEVEL };
    /// A level and a damped slope.
    pub const DAMPED: Kind = Kind { slope: Some(true), ..Kind::LEVEL };
    /// A level, a slope and added seasons (Holt and Winters).
    pub const SEASONS: Kind = Kind { season: Part::Added, ..Kind::SLOPE };
    /// A level, a slope and seasons as factors, errors in proportion.
    pub const FACTORS: Kind = Kind { proportional: true, season: Part::Factor, ..Kind::SLOPE };

    /// Its letters: error, trend, season.
    pub fn letters(&self) -> String {
        let error = if self.proportional { "M" } else { "A" };
        let slope = match self.slope {
            None => "N",
            Some(false) => "A",
            Some(true) => "Ad",
        };
        let season = match self.season {
            Part::None => "N",
            Part::Added => "A",
            Part::Factor => "M",
        };
        format!("ETS({error},{slope},{season})")
    }

    fn seasonal(&self) -> bool {
        self.season != Part::None
    }

    /// Whether the first states stand in a straight line with the errors.
    fn straight(&self) -> bool {
        !self.proportional && self.season != Part::Factor
    }

    /// How many weights there are: alpha, beta, gamma, phi as they apply.
    fn weights(&self) -> usize {
        1 + usize::from(self.slope.is_some())
            + usize::from(self.seasonal())
            + usize::from(self.slope == Some(true))
    }

    /// How many first states are free: of the seasons all but one.
    fn states(&self, cycle: usize) -> usize {
        1 + usize::from(self.slope.is_some()) + if self.seasonal() { cycle - 1 } else { 0 }
    }
}

/// How much each state follows a new point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Of the level.
    pub alpha: f64,
    /// Of the slope.
    pub beta: f64,
    /// Of the seasons.
    pub gamma: f64,
    /// What is left of the slope at each step.
    pub phi: f64,
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Which.
    pub kind: Kind,
    /// The weights.
    pub weights: Weights,
    /// Akaike's criterion, corrected.
    pub aicc: f64,
    /// The variance of errors (of their proportion, where they are in proportion).
    pub variance: f64,
    cycle: usize,
    state: State,
    expected: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
struct State {
    level: f64,
    slope: f64,
    /// The season of the next point first.
    seasons: Vec<f64>,
}

/// The lowest and highest weights, as R has them.
const LOW: f64 = 1e-4;
const DAMPING: (f64, f64) = (0.8, 0.98);

impl State {
    fn expected(&self, kind: Kind, phi: f64) -> (f64, f64) {
        let line = self.level + phi * self.slope;
        match kind.season {
            Part::None => (line, line),
            Part::Added => (line, line + self.seasons[0]),
            Part::Factor => (line, line * self.seasons[0]),
        }
    }

    /// Takes a point in, given the line without its season.
    fn take(&mut self, kind: Kind, w: &Weights, line: f64, y: f64) {
        // The point without its season, which the line and the season are drawn towards.
        let (plain, season) = match kind.season {
            Part::None => (y, 0.0),
            Part::Added => (y - self.seasons[0], y - line),
            Part::Factor => (y / self.seasons[0], y / line),
        };
        self.level = line + w.alpha * (plain - line);
        self.slope = w.phi * self.slope + w.beta * (plain - line);
        if kind.seasonal() {
            let old = self.seasons[0];
            self.seasons[0] = old + w.gamma * (season - old);
            self.seasons.rotate_left(1);
        }
    }
}

/// Runs through the points: what was expected of each, and the last state.
fn follow(y: &[f64], kind: Kind, w: &Weights, mut state: State) -> (Vec<f64>, State) {
    let mut expected = Vec::with_capacity(y.len());
    for point in y {
        let (line, value) = state.expected(kind, w.phi);
        expected.push(value);
        state.take(kind, w, line, *point);
    }
    (expected, state)
}

/// The criterion that is made small: n times the logarithm of the squares, and twice the
/// logarithms of what was expected where errors are in proportion.
fn criterion(y: &[f64], expected: &[f64], kind: Kind) -> f64 {
    let n = y.len() as f64;
    let errors = y.iter().zip(expected);
    if !kind.proportional {
        return n * errors.map(|(y, e)| (y - e).powi(2)).sum::<f64>().ln();
    }
    if expected.iter().any(|e| *e <= 0.0) {
        return f64::INFINITY;
    }
    let squares: f64 = errors.map(|(y, e)| (y / e - 1.0).powi(2)).sum();
    n * squares.ln() + 2.0 * expected.iter().map(|e| e.abs().ln()).sum::<f64>()
}

/// The states from a flat list: level, slope, all seasons but the last, which makes their
/// mean nought (or one).
fn unpack(kind: Kind, cycle: usize, free: &[f64]) -> State {
    let mut rest = free.iter().copied();
    let level = rest.next().unwrap_or(0.0);
    let slope = if kind.slope.is_some() { rest.next().unwrap_or(0.0) } else { 0.0 };
    let mut seasons: Vec<f64> = rest.collect();
    if kind.seasonal() {
        let whole = if kind.season == Part::Factor { cycle as f64 } else { 0.0 };
        seasons.push(whole - seasons.iter().sum::<f64>());
    }
    State { level, slope, seasons }
}

/// Weights from numbers without bounds: alpha, then beta below alpha, gamma below one less
/// alpha, and the damping between its bounds.
fn weights(kind: Kind, free: &[f64]) -> Weights {
    let share = |x: f64| 1.0 / (1.0 + (-x).exp());
    let between = |x: f64, low: f64, high: f64| low + (high - low) * share(x);
    let mut rest = free.iter().copied();
    let mut next = || rest.next().unwrap_or(0.0);
    let alpha = between(next(), LOW, 1.0 - LOW);
    let beta = if kind.slope.is_some() { between(next(), LOW, alpha.max(2.0 * LOW)) } else { 0.0 };
    let gamma = if kind.seasonal() { between(next(), LOW, (1.0 - alpha).max(2.0 * LOW)) } else { 0.0 };
    let phi = match kind.slope {
        None => 0.0,
        Some(false) => 1.0,
        Some(true) => between(next(), DAMPING.0, DAMPING.1),
    };
    Weights { alpha, beta, gamma, phi }
}

/// The best first states for some weights, where they stand in a straight line with errors.
fn best_states(y: &[f64], kind: Kind, cycle: usize, w: &Weights) -> Option<Vec<f64>> {
    let k = kind.states(cycle);
    let zero = vec![0.0; y.len()];
    // With y all nought, the errors answer a unit of each first state.
    let mut columns = DMatrix::zeros(y.len(), k);
    for j in 0..k {
        let mut free = vec![0.0; k];
        free[j] = 1.0;
        let (expected, _) = follow(&zero, kind, w, unpack(kind, cycle, &free));
        columns.set_column(j, &DVector::from_vec(expected));
    }
    let (expected, _) = follow(y, kind, w, unpack(kind, cycle, &vec![0.0; k]));
    let errors = DVector::from_iterator(y.len(), y.iter().zip(&expected).map(|(y, e)| y - e));
    let square = columns.transpose() * &columns;
    let solved = square.cholesky()?.solve(&(columns.transpose() * errors));
    Some(solved.iter().copied().collect())
}

/// First states to search from: seasons about a moving mean, a line through the first points
/// without them.
fn first_states(y: &[f64], kind: Kind, cycle: usize) -> Vec<f64> {
    let seasons = match kind.season {
        Part::None => Vec::new(),
        season => super::smoothing::seasons(y, cycle, season == Part::Factor),
    };
    let plain: Vec<f64> = y
        .iter()
        .enumerate()
        .map(|(t, v)| match kind.season {
            Part::None => *v,
            Part::Added => v - seasons[t % cycle],
            Part::Factor => v / seasons[t % cycle],
        })
        .collect();
    let n = plain.len().min((2 * cycle).max(10)) as f64;
    let (mt, my) = ((n + 1.0) / 2.0, plain[..n as usize].iter().sum::<f64>() / n);
    let line = |t: usize, v: f64| ((t as f64 + 1.0 - mt) * (v - my), (t as f64 + 1.0 - mt).powi(2));
    let (top, below) = plain[..n as usize]
        .iter()
        .enumerate()
        .map(|(t, v)| line(t, *v))
        .fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    let slope = top / below;
    let mut free = match kind.slope {
        None => vec![my],
        Some(_) => vec![my - slope * mt, slope],
    };
    free.extend(&seasons[..seasons.len().saturating_sub(1)]);
    free
}

/// Fits one kind of model.
///
/// # Errors
/// There are too few points, or values that are not above nought with factors.
pub fn fit(y: &[f64], kind: Kind, cycle: usize) -> Result<Fitted, InsightError> {
    let cycle = if kind.seasonal() { cycle } else { 1 };
    if kind.seasonal() && cycle < 2 {
        return Err(InsightError::option("cycle", cycle, "it is 2 or more for a model with seasons"));
    }
    let parameters = kind.weights() + kind.states(cycle);
    let needs = (parameters + 3).max(if kind.seasonal() { 2 * cycle } else { 0 });
    if y.len() < needs {
        return Err(InsightError::TooFew { what: "Points of the series", has: y.len(), needs });
    }
    if (kind.proportional || kind.season == Part::Factor) && y.iter().any(|v| *v <= 0.0) {
        return Err(InsightError::numbers("A model with factors needs every value above nought."));
    }
    let (w, free) = if kind.straight() { fit_straight(y, kind, cycle) } else { fit_bent(y, kind, cycle) };
    let (expected, state) = follow(y, kind, &w, unpack(kind, cycle, &free));
    let (n, p) = (y.len() as f64, parameters as f64);
    let errors = y.iter().zip(&expected);
    let squares: f64 = match kind.proportional {
        true => errors.map(|(y, e)| (y / e - 1.0).powi(2)).sum(),
        false => errors.map(|(y, e)| (y - e).powi(2)).sum(),
    };
    let value = criterion(y, &expected, kind);
    if !value.is_finite() {
        return Err(InsightError::NotSettled("The smoothing"));
    }
    // The variance of errors is estimated, too: one parameter more.
    let q = p + 1.0;
    let aicc = value + 2.0 * q + 2.0 * q * (q + 1.0) / (n - q - 1.0);
    Ok(Fitted { kind, weights: w, aicc, variance: squares / (n - p), cycle, state, expected })
}

/// Starting points of the search for weights: a slow, a middling and a quick level, the slope
/// hardly or well followed, the damping strong or weak. Models with a slope have more than
/// one hollow.
fn starts(kind: Kind) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = [-3.0, 0.0, 2.0].map(|alpha| vec![alpha]).into();
    let with = |all: Vec<Vec<f64>>, choices: &[f64]| -> Vec<Vec<f64>> {
        let each =
            |x: Vec<f64>| choices.iter().map(move |c| [x.clone(), vec![*c]].concat()).collect::<Vec<_>>();
        all.into_iter().flat_map(each).collect()
    };
    if kind.slope.is_some() {
        // Where seasons are searched for, too, each start costs much: fewer.
        all = with(all, if kind.seasonal() { &[-3.0] } else { &[-4.0, 0.0] });
    }
    if kind.seasonal() {
        all = with(all, &[-3.0]);
    }
    if kind.slope == Some(true) {
        all = with(all, &[-3.0, 4.0]);
    }
    all
}

fn fit_straight(y: &[f64], kind: Kind, cycle: usize) -> (Weights, Vec<f64>) {
    let value = |x: &[f64]| {
        let w = weights(kind, x);
        best_states(y, kind, cycle, &w).map_or(f64::INFINITY, |free| {
            criterion(y, &follow(y, kind, &w, unpack(kind, cycle, &free)).0, kind)
        })
    };
    let k = kind.weights();
    let begin = |x: Vec<f64>| least(&value, &x, &vec![1.0; k]);
    let best = starts(kind).into_iter().map(begin).min_by(|a, b| a.1.total_cmp(&b.1));
    let w = weights(kind, &best.map_or(vec![0.0; k], |b| b.0));
    let free = best_states(y, kind, cycle, &w).unwrap_or_else(|| first_states(y, kind, cycle));
    (w, free)
}

fn fit_bent(y: &[f64], kind: Kind, cycle: usize) -> (Weights, Vec<f64>) {
    let k = kind.weights();
    let first = first_states(y, kind, cycle);
    let scale: Vec<f64> = first.iter().map(|v| (v.abs() * 0.05).max(1e-3)).collect();
    // States are searched in steps of their own size.
    let states =
        |x: &[f64]| -> Vec<f64> { first.iter().zip(x).zip(&scale).map(|((f, x), s)| f + x * s).collect() };
    let value = |x: &[f64]| {
        let w = weights(kind, &x[..k]);
        let state = unpack(kind, cycle, &states(&x[k..]));
        if kind.season == Part::Factor && state.seasons.iter().any(|s| *s <= 0.0) {
            return f64::INFINITY;
        }
        criterion(y, &follow(y, kind, &w, state).0, kind)
    };
    let begin = |mut x: Vec<f64>| {
        x.extend(vec![0.0; first.len()]);
        least(&value, &x, &vec![1.0; k + first.len()])
    };
    let best = starts(kind).into_iter().map(begin).min_by(|a, b| a.1.total_cmp(&b.1));
    let x = best.map_or(vec![0.0; k + first.len()], |b| b.0);
    (weights(kind, &x[..k]), states(&x[k..]))
}

impl Fitted {
    /// Values ahead with their standard deviations: exact where errors are added; where they
    /// are in proportion, from `draws` seeded futures.
    pub fn forecast(&self, ahead: usize, draws: usize, seed: u64) -> Forecast {
        let mut state = self.state.clone();
        let mut mean = Vec::with_capacity(ahead);
        for _ in 0..ahead {
            let (line, value) = state.expected(self.kind, self.weights.phi);
            mean.push(value);
            state.take(self.kind, &self.weights, line, value);
        }
        let deviation = if self.kind.straight() { self.exact(ahead) } else { self.drawn(&mean, draws, seed) };
        Forecast {
            mean,
            deviation,
            model: self.kind.letters(),
            aicc: Some(self.aicc),
            fitted: self.expected.iter().map(|e| Some(*e)).collect(),
        }
    }

    /// An error's part in the value h steps later: alpha, with beta for each step of slope,
    /// and gamma each cycle.
    fn exact(&self, ahead: usize) -> Vec<f64> {
        let w = &self.weights;
        let (mut sum, mut steps, mut damp) = (1.0, 0.0, 1.0);
        let mut deviation = Vec::with_capacity(ahead);
        for h in 1..=ahead {
            deviation.push((self.variance * sum).sqrt());
            damp *= w.phi;
            steps += damp;
            let season = if self.kind.seasonal() && h % self.cycle == 0 { w.gamma } else { 0.0 };
            sum += (w.alpha + w.beta * steps + season).powi(2);
        }
        deviation
    }

    fn drawn(&self, mean: &[f64], draws: usize, seed: u64) -> Vec<f64> {
        let mut chance = Chance::new(seed);
        let mut squares = vec![0.0; mean.len()];
        for _ in 0..draws.max(1) {
            let mut state = self.state.clone();
            for (h, middle) in mean.iter().enumerate() {
                let (line, value) = state.expected(self.kind, self.weights.phi);
                let error = self.variance.sqrt() * chance.normal();
                let y = if self.kind.proportional { value * (1.0 + error) } else { value + error };
                squares[h] += (y - middle).powi(2) / draws.max(1) as f64;
                state.take(self.kind, &self.weights, line, y);
            }
        }
        squares.into_iter().map(f64::sqrt).collect()
    }
}

/// The model with the least corrected criterion among those that R's `ets` tries by default.
///
/// # Errors
/// None could be fitted.
pub fn choose(y: &[f64], cycle: usize) -> Result<Fitted, InsightError> {
    let seasons: &[Part] = if cycle > 1 && y.len() >= 2 * cycle {
        &[Part::None, Part::Added, Part::Factor]
    } else {
        &[Part::None]
    };
    let mut best: Option<Fitted> = None;
    for &season in seasons {
        for slope in [None, Some(false), Some(true)] {
            for proportional in [false, true] {
                // Added errors with factors of seasons are unstable; R leaves them out too.
                if season == Part::Factor && !proportional {
                    continue;
                }
                let Ok(fitted) = fit(y, Kind { proportional, slope, season }, cycle) else { continue };
                if best.as_ref().is_none_or(|b| fitted.aicc < b.aicc) {
                    best = Some(fitted);
                }
            }
        }
    }
    best.ok_or(InsightError::TooFew { what: "Points of the series", has: y.len(), needs: 5 })
}

/// Seeded draws (SplitMix64: Steele, Lea and Flood, 2014), so that a forecast is the same
/// every time and on every machine.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Draws from a seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// A number between nought and one, both left out.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 + 0.5 / (1u64 << 53) as f64
    }

    /// A number of the standard normal distribution.
    pub fn normal(&mut self) -> f64 {
        crate::linalg::normal_quantile(self.uniform())
    }
}
