//! How what is known about a person or a place goes with the share that ends in one way by
//! each day, the other ways competing (Fine and Gray). Those who ended in another way stay
//! in the count with the weight of those who would still be followed.
//!
//! Not for saying why: a column can raise the share that is seen only by lowering the share
//! that is lost. Look at the curves of all ways first.
//!
//! Source: Fine and Gray, JASA 94 (1999); tested against R cmprsk 2.2-11 `crr`, including
//! its robust standard errors.

use super::Spell;
use super::cox::{Fit, Likelihood, centre, maximise};
use crate::error::InsightError;
use crate::linalg::{DMatrix, DVector};

/// A day on which somebody ended in the way of interest.
struct Day {
    day: f64,
    ended: f64,
    /// The share still followed just before it.
    followed: f64,
}

/// Everything about the spells that does not change with the coefficients, in the order of
/// their days.
struct Sorted {
    spells: Vec<Spell>,
    columns: DMatrix<f64>,
    days: Vec<Day>,
    /// For each spell the share still followed just before its own day.
    followed: Vec<f64>,
    way: usize,
}

/// Fits the model for ending in `way`; `columns` has a row for each spell.
///
/// # Errors
/// Delayed entry, nobody who ended in this way, or columns that cannot be told apart.
pub fn fine_gray(spells: &[Spell], columns: &DMatrix<f64>, way: usize) -> Result<Fit, InsightError> {
    if spells.iter().any(|s| s.entry.is_some()) {
        return Err(InsightError::numbers("This model is not made for waits known only from half-way."));
    }
    if spells.len() != columns.nrows() {
        return Err(InsightError::numbers("Every wait needs a row of columns."));
    }
    let sorted = Sorted::new(spells, columns, way);
    if sorted.days.is_empty() {
        return Err(InsightError::TooFew { what: "Waits that ended in this way", has: 0, needs: 1 });
    }
    let mut fit = maximise(columns.ncols(), |beta| sorted.likelihood(beta).0, "The model")?;
    let meat = sorted.meat(&fit.beta);
    fit.covariance = &fit.covariance * meat * &fit.covariance;
    Ok(fit)
}

/// What is needed at each day: the sum of weights, and the weighted mean of the columns.
struct AtDay {
    s0: f64,
    mean: DVector<f64>,
}

impl Sorted {
    fn new(spells: &[Spell], columns: &DMatrix<f64>, way: usize) -> Sorted {
        let mut order: Vec<usize> = (0..spells.len()).collect();
        order.sort_by(|&a, &b| spells[a].days.total_cmp(&spells[b].days));
        let columns = centre(columns);
        let spells: Vec<Spell> = order.iter().map(|&i| spells[i]).collect();
        let columns = DMatrix::from_fn(spells.len(), columns.ncols(), |r, c| columns[(order[r], c)]);
        let n = spells.len();
        let (mut followed, mut days) = (vec![1.0; n], Vec::<Day>::new());
        let (mut share, mut i) = (1.0, 0);
        while i < n {
            let day = spells[i].days;
            let same = spells[i..].iter().take_while(|s| s.days == day).count();
            followed[i..i + same].fill(share);
            let ended = spells[i..i + same].iter().filter(|s| s.end == way).count() as f64;
            if ended > 0.0 {
                days.push(Day { day, ended, followed: share });
            }
            let still = spells[i..i + same].iter().filter(|s| s.end == 0).count() as f64;
            share *= 1.0 - still / (n - i) as f64;
            i += same;
        }
        Sorted { spells, columns, days, followed, way }
    }

    fn row(&self, i: usize) -> DVector<f64> {
        self.columns.row(i).transpose()
    }

    /// Ended in another way, and so still counted with a weight.
    fn competes(&self, i: usize) -> bool {
        self.spells[i].end != 0 && self.spells[i].end != self.way
    }

    fn likelihood(&self, beta: &DVector<f64>) -> (Likelihood, Vec<AtDay>) {
        let p = beta.len();
        let weight: Vec<f64> = (&self.columns * beta).iter().map(|x| x.exp()).collect();
        let (mut likelihood, mut gradient, mut information) = (0.0, DVector::zeros(p), DMatrix::zeros(p, p));
        // Those still waiting leave as days pass; those who ended otherwise come in.
        let mut waiting = Sums::new(p);
        (0..self.spells.len()).for_each(|i| waiting.add(&self.row(i), weight[i]));
        let mut otherwise = Sums::new(p);
        let mut at = Vec::new();
        let mut next = 0;
        for day in &self.days {
            while next < self.spells.len() && self.spells[next].days < day.day {
                waiting.add(&self.row(next), -weight[next]);
                if self.competes(next) {
                    otherwise.add(&self.row(next), weight[next] / self.followed[next]);
                }
                next += 1;
            }
            let s0 = waiting.s0 + day.followed * otherwise.s0;
            let mean = (&waiting.s1 + &otherwise.s1 * day.followed) / s0;
            let second = (&waiting.s2 + &otherwise.s2 * day.followed) / s0;
            likelihood -= day.ended * s0.ln();
            gradient -= &mean * day.ended;
            information += (second - &mean * mean.transpose()) * day.ended;
            at.push(AtDay { s0, mean });
        }
        for i in (0..self.spells.len()).filter(|&i| self.spells[i].end == self.way) {
            likelihood += weight[i].ln();
            gradient += self.row(i);
        }
        ((likelihood, gradient, information), at)
    }

    /// The sum of squares of each spell's influence on the score: what it does itself, and
    /// what its being followed or not does to the weights of the others.
    fn meat(&self, beta: &DVector<f64>) -> DMatrix<f64> {
        let n = self.spells.len();
        let p = beta.len();
        let at = self.likelihood(beta).1;
        let weight: Vec<f64> = (&self.columns * beta).iter().map(|x| x.exp()).collect();
        let hazard: Vec<f64> = self.days.iter().zip(&at).map(|(d, a)| d.ended / a.s0).collect();
        // Running sums over days of hazard, and of hazard times mean; plain for those who
        // wait, and times the followed share for those who ended otherwise.
        let plain = Running::new(p, (0..at.len()).map(|k| (hazard[k], &at[k].mean)));
        let kept = Running::new(p, (0..at.len()).map(|k| (hazard[k] * self.days[k].followed, &at[k].mean)));
        let mut influence: Vec<DVector<f64>> = Vec::with_capacity(n);
        for (i, &weight) in weight.iter().enumerate() {
            let z = self.row(i);
            let until = self.days.partition_point(|d| d.day <= self.spells[i].days);
            let mut own = -(&z * plain.sum[until] - &plain.vector[until]) * weight;
            if self.spells[i].end == self.way {
                own += &z - &at[until - 1].mean;
            }
            if self.competes(i) {
                own -= kept.after(until, &z) * (weight / self.followed[i]);
            }
            influence.push(own);
        }
        self.add_following(&mut influence, &weight, &kept);
        influence.iter().fold(DMatrix::zeros(p, p), |sum, x| sum + x * x.transpose())
    }

    /// Adds what each spell does to the estimate of who is still followed.
    fn add_following(&self, influence: &mut [DVector<f64>], weight: &[f64], kept: &Running) {
        let (n, p) = (self.spells.len(), kept.vector[0].len());
        let (mut per, mut vector) = (0.0, DVector::<f64>::zeros(p));
        let mut drift = DVector::<f64>::zeros(p);
        let mut i = 0;
        while i < n {
            let day = self.spells[i].days;
            let same = self.spells[i..].iter().take_while(|s| s.days == day).count();
            let at_risk = (n - i) as f64;
            let still = self.spells[i..i + same].iter().filter(|s| s.end == 0).count() as f64;
            // In the paper's letters the days s and the ends X_i with s >= u > X_i.
            let until = self.days.partition_point(|d| d.day < day);
            let last = self.days.len();
            let rest = kept.sum[last] - kept.sum[until];
            let rest_vector = &kept.vector[last] - &kept.vector[until];
            // What the weights of the others would lose by one more who is not followed.
            let q = &vector * rest - rest_vector * per;
            drift += &q * (still / (at_risk * at_risk));
            for (spell, own) in self.spells[i..i + same].iter().zip(&mut influence[i..i + same]) {
                if spell.end == 0 {
                    *own += &q / at_risk;
                }
                *own -= &drift;
            }
            for j in (i..i + same).filter(|&j| self.competes(j)) {
                let w = weight[j] / self.followed[j];
                per += w;
                vector += self.row(j) * w;
            }
            i += same;
        }
    }
}

struct Sums {
    s0: f64,
    s1: DVector<f64>,
    s2: DMatrix<f64>,
}

impl Sums {
    fn new(p: usize) -> Sums {
        Sums { s0: 0.0, s1: DVector::zeros(p), s2: DMatrix::zeros(p, p) }
    }

    fn add(&mut self, z: &DVector<f64>, weight: f64) {
        self.s0 += weight;
        self.s1.axpy(weight, z, 1.0);
        self.s2.ger(weight, z, z, 1.0);
    }
}

/// Sums over the first k days, for every k.
struct Running {
    sum: Vec<f64>,
    vector: Vec<DVector<f64>>,
}

impl Running {
    fn new<'a>(p: usize, terms: impl Iterator<Item = (f64, &'a DVector<f64>)>) -> Running {
        let mut running = Running { sum: vec![0.0], vector: vec![DVector::zeros(p)] };
        for (term, mean) in terms {
            let last = running.sum.len() - 1;
            running.sum.push(running.sum[last] + term);
            running.vector.push(&running.vector[last] + mean * term);
        }
        running
    }

    /// The sum over the days after the first `until` of (z - mean) times the term.
    fn after(&self, until: usize, z: &DVector<f64>) -> DVector<f64> {
        let last = self.sum.len() - 1;
        z * (self.sum[last] - self.sum[until]) - (&self.vector[last] - &self.vector[until])
    }
}
