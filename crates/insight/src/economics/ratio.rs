//! A ratio of two means that are not sure, such as what it costs until one more person is
//! reliably better.
//!
//! Source: Fieller, J R Stat Soc B 16 (1954); Willan and O'Brien, Health Econ 5 (1996).

use crate::error::InsightError;
use crate::linalg::z_of;

/// A ratio with Fieller's interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The ratio of the means.
    pub value: f64,
    /// Its interval; nothing where the lower mean may be nought, for then the ratio has no
    /// end.
    pub interval: Option<(f64, f64)>,
}

/// Means of cost and effect over people, with the covariance of the means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Means {
    /// Mean cost.
    pub cost: f64,
    /// Mean effect.
    pub effect: f64,
    /// Variance of the mean cost, covariance, variance of the mean effect.
    pub spread: [f64; 3],
}

impl Means {
    /// From (cost, effect) of each person.
    ///
    /// # Errors
    /// There are fewer than two.
    pub fn of(people: &[(f64, f64)]) -> Result<Means, InsightError> {
        let n = people.len() as f64;
        if people.len() < 2 {
            return Err(InsightError::TooFew { what: "People with both", has: people.len(), needs: 2 });
        }
        let cost = people.iter().map(|p| p.0).sum::<f64>() / n;
        let effect = people.iter().map(|p| p.1).sum::<f64>() / n;
        let product = |of: &dyn Fn(&(f64, f64)) -> f64| people.iter().map(of).sum::<f64>() / (n - 1.0) / n;
        let spread = [
            product(&|p| (p.0 - cost).powi(2)),
            product(&|p| (p.0 - cost) * (p.1 - effect)),
            product(&|p| (p.1 - effect).powi(2)),
        ];
        Ok(Means { cost, effect, spread })
    }

    /// How much more than others, who are other people.
    #[must_use]
    pub fn less(&self, other: &Means) -> Means {
        let spread = std::array::from_fn(|i| self.spread[i] + other.spread[i]);
        Means { cost: self.cost - other.cost, effect: self.effect - other.effect, spread }
    }

    /// Cost for one of the effect.
    pub fn ratio(&self, level: f64) -> Ratio {
        let z2 = z_of(level).powi(2);
        let [vc, cov, ve] = self.spread;
        // The ends solve (cost − r effect)² = z² (vc − 2 r cov + r² ve).
        let a = self.effect * self.effect - z2 * ve;
        let b = self.cost * self.effect - z2 * cov;
        let c = self.cost * self.cost - z2 * vc;
        let under = b * b - a * c;
        let interval = (a > 0.0 && under >= 0.0).then(|| ((b - under.sqrt()) / a, (b + under.sqrt()) / a));
        Ratio { value: self.cost / self.effect, interval }
    }
}
