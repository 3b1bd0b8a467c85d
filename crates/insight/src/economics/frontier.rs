//! Which ways of helping are worth considering at all: those that no other, and no mixture
//! of others, beats in both cost and effect.
//!
//! Source: Drummond and others, Methods for the economic evaluation of health care
//! programmes (4th edition, 2015), chapter 4; tested against R dampack `calculate_icers`.

use crate::error::InsightError;

/// A way of helping.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// What it costs.
    pub cost: f64,
    /// What is gained.
    pub effect: f64,
}

/// How a choice stands among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// On the frontier.
    Kept,
    /// Another costs no more and helps no less.
    Dominated,
    /// A mixture of two others costs no more and helps more.
    ByMixture,
}

/// A choice with its step from the one before it on the frontier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Which choice, in the order given.
    pub choice: usize,
    /// How it stands.
    pub standing: Standing,
    /// How much more it costs and helps than the one before, on the frontier.
    pub step: Option<(f64, f64)>,
}

impl Placed {
    /// The cost of one more of the effect, against the one before on the frontier.
    pub fn ratio(&self) -> Option<f64> {
        self.step.map(|(cost, effect)| cost / effect)
    }
}

/// Places choices: the frontier first, by cost, then those beaten by a mixture, then
/// those beaten outright, each by cost.
///
/// # Errors
/// A number is not finite, or there is nothing to choose.
pub fn frontier(choices: &[Choice]) -> Result<Vec<Placed>, InsightError> {
    if choices.is_empty() {
        return Err(InsightError::TooFew { what: "Ways of helping", has: 0, needs: 1 });
    }
    if choices.iter().any(|c| !c.cost.is_finite() || !c.effect.is_finite()) {
        return Err(InsightError::numbers("Every way of helping needs a cost and an effect."));
    }
    let mut order: Vec<usize> = (0..choices.len()).collect();
    order.sort_by(|&a, &b| {
        let (x, y) = (&choices[a], &choices[b]);
        x.cost.total_cmp(&y.cost).then(y.effect.total_cmp(&x.effect)).then(a.cmp(&b))
    });
    let (mut kept, mut mixed, mut beaten): (Vec<usize>, Vec<usize>, Vec<usize>) = Default::default();
    let mut most = f64::NEG_INFINITY;
    for i in order {
        if choices[i].effect <= most {
            beaten.push(i);
            continue;
        }
        most = choices[i].effect;
        // The newest is steeper than the step before it, or the one between is no corner.
        while let [.., before, between] = kept[..]
            && slope(choices, before, between) > slope(choices, between, i)
        {
            mixed.push(between);
            kept.pop();
        }
        kept.push(i);
    }
    mixed.sort_by(|&a, &b| choices[a].cost.total_cmp(&choices[b].cost));
    let mut placed: Vec<Placed> = Vec::new();
    for (n, &choice) in kept.iter().enumerate() {
        let step = n.checked_sub(1).map(|before| {
            let from = &choices[kept[before]];
            (choices[choice].cost - from.cost, choices[choice].effect - from.effect)
        });
        placed.push(Placed { choice, standing: Standing::Kept, step });
    }
    let off = |standing| move |choice| Placed { choice, standing, step: None };
    placed.extend(mixed.into_iter().map(off(Standing::ByMixture)));
    placed.extend(beaten.into_iter().map(off(Standing::Dominated)));
    Ok(placed)
}

fn slope(choices: &[Choice], from: usize, to: usize) -> f64 {
    (choices[to].cost - choices[from].cost) / (choices[to].effect - choices[from].effect)
}
