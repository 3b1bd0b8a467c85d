//! What to choose when costs and effects are not sure: many draws of them, from a model or
//! from a trial resampled, and what one more unit of effect is worth.
//!
//! Source: Briggs, Claxton and Sculpher, Decision modelling for health economic evaluation
//! (2006); Fenwick, Claxton and Sculpher, Health Econ 10 (2001); tested against R dampack
//! and R BCEA given their draws.

use crate::error::InsightError;

/// Draws of cost and effect of each way of helping; draw n of each is of the same world.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// Cost: a row for each way, a place for each draw.
    cost: Vec<Vec<f64>>,
    /// Effect likewise.
    effect: Vec<Vec<f64>>,
}

/// What is known at one worth of a unit of effect.
#[derive(Debug, Clone, PartialEq)]
pub struct At {
    /// What one more unit of effect is worth.
    pub worth: f64,
    /// Mean net benefit of each way: worth times effect, less cost.
    pub benefit: Vec<f64>,
    /// In what share of draws each way is the best; of equals the first given.
    pub chance: Vec<f64>,
    /// What is lost on average by choosing each way, against the best in each draw.
    pub loss: Vec<f64>,
    /// Which way has the greatest mean net benefit.
    pub best: usize,
    /// What perfect knowledge would be worth: the loss of the best.
    pub perfect: f64,
    /// The standard error of that, from the number of draws.
    pub error: f64,
}

impl Draws {
    /// Draws of each way.
    ///
    /// # Errors
    /// There is only one way, or the rows are not of equal length of at least two.
    pub fn new(cost: Vec<Vec<f64>>, effect: Vec<Vec<f64>>) -> Result<Draws, InsightError> {
        let n = cost.first().map_or(0, Vec::len);
        if cost.len() < 2 || cost.len() != effect.len() {
            return Err(InsightError::numbers("There must be two ways of helping or more, each with both."));
        }
        if n < 2 {
            return Err(InsightError::TooFew { what: "Draws", has: n, needs: 2 });
        }
        if cost.iter().chain(&effect).any(|row| row.len() != n) {
            return Err(InsightError::numbers("Every draw needs a cost and an effect of every way."));
        }
        Ok(Draws { cost, effect })
    }

    /// How many draws there are.
    pub fn len(&self) -> usize {
        self.cost[0].len()
    }

    /// Never: there are at least two draws.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Mean cost and mean effect of each way.
    pub fn means(&self) -> Vec<(f64, f64)> {
        let mean = |row: &Vec<f64>| row.iter().sum::<f64>() / row.len() as f64;
        self.cost.iter().map(mean).zip(self.effect.iter().map(mean)).collect()
    }

    /// Everything at one worth.
    pub fn at(&self, worth: f64) -> At {
        let (ways, n) = (self.cost.len(), self.len() as f64);
        let net = |way: usize, draw: usize| worth * self.effect[way][draw] - self.cost[way][draw];
        let benefit: Vec<f64> =
            (0..ways).map(|way| (0..self.len()).map(|draw| net(way, draw)).sum::<f64>() / n).collect();
        let first_best = |of: &dyn Fn(usize) -> f64| {
            (1..ways).fold(0, |best, way| if of(way) > of(best) { way } else { best })
        };
        let best = first_best(&|way| benefit[way]);
        let (mut chance, mut loss) = (vec![0.0; ways], vec![0.0; ways]);
        let mut squares = 0.0;
        for draw in 0..self.len() {
            let winner = first_best(&|way| net(way, draw));
            chance[winner] += 1.0 / n;
            let most = net(winner, draw);
            (0..ways).for_each(|way| loss[way] += (most - net(way, draw)) / n);
            squares += (most - net(best, draw)).powi(2) / n;
        }
        let perfect = loss[best];
        let error = ((squares - perfect * perfect).max(0.0) / (n - 1.0)).sqrt();
        At { worth, benefit, chance, loss, best, perfect, error }
    }
}
